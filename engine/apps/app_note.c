/* `sigap note`, `sigap log`: what people write down of an incident, and all that happened to it. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "apps/apps.h"
#include "apps/call_told.h"
#include "apps/decision.h"

enum { TEXT_MAX = 2000 };

/* Words from operand `first` on, joined by spaces; false: end with o->exit_code. */
bool sgp_join_words(sgp_options *o, int argc, char **argv, int first, const char *what, char *text,
                    size_t capacity) {
    size_t length = 0;
    text[0] = '\0';
    for (int i = first; i < argc; i++) {
        if (length + strlen(argv[i]) + 2 > capacity) {
            o->exit_code = sgp_usage(o, "%s is longer than %zu bytes", what, capacity - 1);
            return false;
        }
        length += (size_t)snprintf(text + length, capacity - length, "%s%s", i == first ? "" : " ",
                                   argv[i]);
    }
    return sgp_option_text(o, what, text);
}

static const char note_help[] =
    "sigap note - write something down in the log of an incident\n"
    "\n"
    "USAGE\n"
    "  sigap note INCIDENT TEXT...\n"
    "\n"
    "DESCRIPTION\n"
    "  The words stand in the incident's log (`sigap log`) with time and name, and reach\n"
    "  whoever watches and may hear callers. They are sealed under the incident's key,\n"
    "  and nothing that was written is ever changed. Words need no quotes. Closed\n"
    "  incidents take notes too, as long as the engine remembers them.\n"
    "\n" SGP_HELP_CONNECTION "\n"
    "EXAMPLES\n"
    "  sigap note 12 keluarga menunggu di gerbang selatan\n";

int app_note(int argc, char **argv) {
    sgp_options o;
    sgp_options_init(&o, "note", note_help);
    Sigap__V1__AddNote add = SIGAP__V1__ADD_NOTE__INIT;
    char text[TEXT_MAX + 1];
    if (!sgp_decision_operands(&o, argc, argv, 2, 1000) ||
        !sgp_decision_number(&o, argv[optind], "an incident", &add.incident_id) ||
        !sgp_join_words(&o, argc, argv, optind + 1, "the note", text, sizeof text))
        return o.exit_code;
    add.text = text;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    request.body_case = SIGAP__V1__FRAME__BODY_ADD_NOTE;
    request.add_note = &add;
    return sgp_decision_do(&o, &request, &(sgp_sentence){.key = SGP_TEXT_DONE_NOTED, .unit = ""});
}

static const char log_help[] =
    "sigap log - all that happened to an incident, and what people wrote down\n"
    "\n"
    "USAGE\n"
    "  sigap log INCIDENT [--json]\n"
    "\n"
    "DESCRIPTION\n"
    "  One line for each entry, oldest first: when, who (the engine where nobody), and\n"
    "  what. What happened follows from the journal's events and cannot be left out; at\n"
    "  most 300 entries are kept at hand, notes always.\n"
    "\n" SGP_HELP_CONNECTION;

int app_log(int argc, char **argv) {
    sgp_options o;
    sgp_options_init(&o, "log", log_help);
    Sigap__V1__GetLog get = SIGAP__V1__GET_LOG__INIT;
    if (!sgp_decision_operands(&o, argc, argv, 1, 1) ||
        !sgp_decision_number(&o, argv[optind], "an incident", &get.incident_id))
        return o.exit_code;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT, *reply;
    request.body_case = SIGAP__V1__FRAME__BODY_GET_LOG;
    request.get_log = &get;
    int exit_code = sgp_options_ask(&o, &request, SIGAP__V1__FRAME__BODY_LOG, &reply);
    if (exit_code != 0)
        return exit_code;
    if (o.json)
        exit_code = sgp_print_message_json(&reply->log->base);
    for (size_t i = 0; !o.json && i < reply->log->n_entries; i++)
        sgp_log_entry_print(o.language, reply->log->entries[i], stdout);
    sigap__v1__frame__free_unpacked(reply, NULL);
    return exit_code;
}
