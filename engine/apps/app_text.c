/* `sigap text`: words with a caller's own page. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "apps/apps.h"
#include "apps/call_told.h"
#include "apps/decision.h"
#include "apps/print.h"

enum { TEXT_MAX = 1000 };

static const char help[] =
    "sigap text - words with a caller's own page\n"
    "\n"
    "USAGE\n"
    "  sigap text CALL [TEXT...]\n"
    "\n"
    "DESCRIPTION\n"
    "  With words, writes to the page of that call (`sigap phone CALL` gives its link);\n"
    "  words for a page that is not open yet wait for it. What the caller said until then\n"
    "  counts as read. Words need no quotes.\n"
    "\n"
    "  Without, prints what was said, oldest first, and counts it as read.\n"
    "\n"
    "  The words are sealed under the incident's key and stand in its log (`sigap log`).\n"
    "\n" SGP_HELP_CONNECTION "\n"
    "EXAMPLES\n"
    "  sigap text 12\n"
    "  sigap text 12 Kami baca pesan Anda. Lantai berapa?\n";

static void print_words(sgp_language language, const Sigap__V1__Conversation *told) {
    char clock[16], words[2200], text[2400];
    for (size_t i = 0; i < told->n_messages; i++) {
        const Sigap__V1__CallerMessage *said = told->messages[i];
        sgp_caller_words(language, (int)said->sign, said->text, said->erased, words, sizeof words);
        printf("%s  %-12s %s\n", sgp_clock_text(said->at_ms, clock), said->actor,
               sgp_text_fill(text, sizeof text, language,
                             said->by_caller ? SGP_TEXT_CHAT_FROM : SGP_TEXT_CHAT_TO, "text", words,
                             NULL));
    }
    if (told->n_messages == 0)
        puts(sgp_text_get(language, SGP_TEXT_CHAT_NOTHING));
}

static int show(sgp_options *o, uint64_t call) {
    Sigap__V1__GetConversation get = SIGAP__V1__GET_CONVERSATION__INIT;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT, *reply, *done;
    get.call_id = call;
    request.body_case = SIGAP__V1__FRAME__BODY_GET_CONVERSATION;
    request.get_conversation = &get;
    int exit_code = sgp_options_ask(o, &request, SIGAP__V1__FRAME__BODY_CONVERSATION, &reply);
    if (exit_code != 0)
        return exit_code;
    const Sigap__V1__Conversation *told = reply->conversation;
    if (o->json)
        exit_code = sgp_print_message_json(&told->base);
    else
        print_words(o->language, told);
    if (exit_code == 0 && told->chat != NULL && told->chat->unread > 0) {
        Sigap__V1__ReadMessages read = SIGAP__V1__READ_MESSAGES__INIT;
        Sigap__V1__Frame seen = SIGAP__V1__FRAME__INIT;
        read.call_id = call;
        read.seq = told->chat->last_seq;
        seen.body_case = SIGAP__V1__FRAME__BODY_READ_MESSAGES;
        seen.read_messages = &read;
        exit_code = sgp_options_ask(o, &seen, SIGAP__V1__FRAME__BODY_DONE, &done);
        if (exit_code == 0)
            sigap__v1__frame__free_unpacked(done, NULL);
    }
    sigap__v1__frame__free_unpacked(reply, NULL);
    return exit_code;
}

int app_text(int argc, char **argv) {
    sgp_options o;
    sgp_options_init(&o, "text", help);
    Sigap__V1__SayToCaller say = SIGAP__V1__SAY_TO_CALLER__INIT;
    char text[TEXT_MAX + 1];
    if (!sgp_decision_operands(&o, argc, argv, 1, 1000) ||
        !sgp_decision_number(&o, argv[optind], "a call", &say.call_id))
        return o.exit_code;
    if (argc - optind == 1)
        return show(&o, say.call_id);
    if (!sgp_join_words(&o, argc, argv, optind + 1, "the text", text, sizeof text))
        return o.exit_code;
    say.text = text;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    request.body_case = SIGAP__V1__FRAME__BODY_SAY_TO_CALLER;
    request.say_to_caller = &say;
    return sgp_decision_do(&o, &request, &(sgp_sentence){.key = SGP_TEXT_DONE_TEXT, .unit = ""});
}
