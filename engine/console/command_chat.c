/* Commands about callers' pages: words to them, and theirs that were read. */
#include "apps/options.h"
#include "console/chat.h"
#include "console/command_parts.h"

/* The page's call: the one that has words, else the incident's first. 0: it says why. */
static uint64_t take_page(sgp_reader *r) {
    /* Only "#12" names an incident: words may begin with a number, and "3" is a quick answer. */
    if (!sgp_reader_incident(r, WORDS_MAX))
        return 0;
    const Sigap__V1__Call *call = sgp_chat_call(r->model, r->incident);
    if (call != NULL)
        return call->id;
    if (sgp_reader_incident_of(r)->first_call_id == 0)
        sgp_reader_wrong(r, SGP_TEXT_CON_NO_CALL, "", "");
    return sgp_reader_incident_of(r)->first_call_id;
}

static void do_text(sgp_reader *r) {
    uint64_t call = take_page(r), quick = 0;
    if (call == 0)
        return;
    if (r->at >= r->n) {
        sgp_reader_missing(r, SGP_TEXT_CON_WHAT_TEXT);
        return;
    }
    const char *words = sgp_reader_rest(r);
    if (r->n - r->at == 1 && sgp_number_parse(words, SGP_QUICK_ANSWERS, &quick) && quick > 0)
        words = sgp_quick_answer(r->model->language, (unsigned)quick);
    sgp_request_text_caller(r->request, call, words);
    sgp_reader_done(r);
}

static void do_read(sgp_reader *r) {
    char number[24];
    if (!sgp_reader_incident(r, 0) || !sgp_reader_ends(r))
        return;
    const Sigap__V1__Call *call = sgp_chat_call(r->model, r->incident);
    if (call == NULL || call->chat->unread == 0) {
        snprintf(number, sizeof number, "%llu", (unsigned long long)r->incident);
        sgp_reader_wrong(r, SGP_TEXT_CON_NOTHING_UNREAD, "name", number);
        return;
    }
    sgp_request_read_words(r->request, call->id, call->chat->last_seq);
    sgp_reader_done(r);
}

static const sgp_known_command commands[] = {
    {{"pesan", "text"},
     "tulis",
     {"pesan [#N] TEKS|1–6", "text [#N] TEXT|1-6"},
     "-",
     SGP_TEXT_CON_HELP_TEXT,
     do_text},
    {{"baca", "read"}, "", {"baca [N]", "read [N]"}, "I", SGP_TEXT_CON_HELP_READ, do_read},
};

const sgp_known_command *sgp_chat_commands(size_t nth) {
    return nth < N(commands) ? &commands[nth] : sgp_admin_commands(nth - N(commands));
}
