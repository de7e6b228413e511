#include "console/chat.h"

#include <inttypes.h>
#include <string.h>

#include "apps/call_told.h"
#include "apps/print.h"
#include "console/page.h"
#include "console/screen.h"

enum { LEFT = 2, WORDS_MOST = 12, QUICK_COLUMNS = 60 };

const char *sgp_quick_answer(sgp_language language, unsigned nth) {
    return sgp_text_get(language, (sgp_text)(SGP_TEXT_QUICK_1 + (nth - 1) % SGP_QUICK_ANSWERS));
}

static const Sigap__V1__Call *nth_call(const sgp_model *model, size_t nth) {
    const Sigap__V1__Call *call =
        (const Sigap__V1__Call *)model->narrator.board.calls.items[nth].message;
    const Sigap__V1__Incident *incident =
        call->chat != NULL ? sgp_board_incident(&model->narrator.board, call->incident_id) : NULL;
    return incident != NULL && incident->state != SIGAP__V1__INCIDENT_STATE__INCIDENT_CLOSED ? call
                                                                                             : NULL;
}

void sgp_chat_hear(sgp_model *model, const Sigap__V1__Update *update) {
    for (size_t i = 0; i < update->n_caller_messages; i++) {
        const Sigap__V1__CallerMessage *said = update->caller_messages[i];
        if (!said->by_caller)
            continue;
        sgp_heard_words *room = &model->heard[model->n_heard++ % SGP_HEARD_MAX];
        room->call = said->call_id;
        sgp_caller_words(model->language, (int)said->sign, said->text, false, room->text,
                         sizeof room->text);
    }
}

void sgp_chat_look(sgp_model *model) {
    uint64_t newest = model->newest_word;
    int64_t oldest_ms = 0;
    model->n_unread = 0;
    model->unread_call = 0;
    for (size_t i = 0; i < model->narrator.board.calls.n; i++) {
        const Sigap__V1__Call *call = nth_call(model, i);
        if (call == NULL || call->chat->unread == 0)
            continue;
        model->n_unread += call->chat->unread;
        if (model->unread_call == 0 || call->chat->last_at_ms < oldest_ms) {
            model->unread_call = call->id;
            oldest_ms = call->chat->last_at_ms;
        }
        if (call->chat->last_seq > model->newest_word)
            model->newest_word = call->chat->last_seq;
    }
    if (model->newest_word > newest)
        model->bells += model->narrator.caught_up;
}

const Sigap__V1__Call *sgp_chat_call(const sgp_model *model, uint64_t incident) {
    const Sigap__V1__Call *found = NULL;
    for (size_t i = 0; i < model->narrator.board.calls.n; i++) {
        const Sigap__V1__Call *call = nth_call(model, i);
        if (call == NULL || call->incident_id != incident)
            continue;
        if (found == NULL || (call->chat->unread > 0 && found->chat->unread == 0))
            found = call;
    }
    return found;
}

uint64_t sgp_chat_newest(const sgp_model *model, uint64_t incident) {
    uint64_t newest = 0;
    for (size_t i = 0; i < model->narrator.board.calls.n; i++) {
        const Sigap__V1__Call *call = nth_call(model, i);
        if (call != NULL && call->incident_id == incident && call->chat->last_seq > newest)
            newest = call->chat->last_seq;
    }
    return newest;
}

bool sgp_chat_text(const sgp_model *model, char *out, size_t capacity) {
    char n[24], incident[24], time[24];
    const Sigap__V1__Call *call = sgp_board_call(&model->narrator.board, model->unread_call);
    if (model->n_unread == 0 || call == NULL || call->chat == NULL)
        return false;
    const char *text = sgp_text_get(model->language, SGP_TEXT_CHAT_UNREAD_TEXT);
    for (size_t i = 0; i < model->n_heard && i < SGP_HEARD_MAX; i++) {
        const sgp_heard_words *one = &model->heard[(model->n_heard - 1 - i) % SGP_HEARD_MAX];
        if (one->call == call->id) {
            text = one->text;
            break;
        }
    }
    snprintf(n, sizeof n, "%zu", model->n_unread);
    snprintf(incident, sizeof incident, "%" PRIu64, call->incident_id);
    sgp_text_fill(out, capacity, model->language, SGP_TEXT_CHAT_TOP, "n", n, "incident", incident,
                  "time", sgp_short_time(model->now_ms - call->chat->last_at_ms, time, sizeof time),
                  "text", text, NULL);
    return true;
}

/* ---- the dossier ------------------------------------------------------------------ */

static bool is_word(const Sigap__V1__LogEntry *entry) {
    return strcmp(entry->event, "MESSAGE_SAID") == 0;
}

void sgp_page_chat(sgp_page *p, const Sigap__V1__Incident *incident) {
    const Sigap__V1__Log *log = p->dossier != NULL ? sgp_dossier_log(p->dossier) : NULL;
    const Sigap__V1__Call *call = sgp_chat_call(p->model, incident->id);
    char text[2600], n[24];
    size_t words = 0, told = 0;
    for (size_t i = 0; log != NULL && i < log->n_entries; i++)
        words += is_word(log->entries[i]);
    if (call == NULL && words == 0)
        return;
    snprintf(n, sizeof n, "%u", call != NULL ? call->chat->unread : 0);
    sgp_page_line(
        p, 0, SGP_INK_BOLD,
        sgp_text_fill(text, sizeof text, p->language, SGP_TEXT_CHAT_HEADING, "n", n, NULL));
    for (size_t i = 0; log != NULL && i < log->n_entries; i++) {
        const Sigap__V1__LogEntry *entry = log->entries[i];
        char clock[16], said[2200];
        if (!is_word(entry) || words - told++ > WORDS_MOST)
            continue;
        sgp_log_words(p->language, entry, said, sizeof said);
        snprintf(text, sizeof text, "%s  %s", sgp_clock_text(entry->at_ms, clock), said);
        sgp_page_lines(p, LEFT, entry->by_caller ? SGP_INK_CYAN | SGP_INK_BOLD : SGP_INK_PLAIN,
                       text);
    }
    for (unsigned i = 1; call != NULL && i <= SGP_QUICK_ANSWERS; i++) {
        char line[256];
        snprintf(line, sizeof line, "%u %s", i, sgp_quick_answer(p->language, i));
        sgp_page_line(p, LEFT, SGP_INK_DIM, line);
    }
}
