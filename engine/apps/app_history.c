/* `sigap history`, `sigap nuisance`: what was heard from a number or place before, and which
 * numbers are marked. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "apps/apps.h"
#include "apps/call_told.h"
#include "apps/decision.h"

/* ---- history ---------------------------------------------------------------------- */

static const char history_help[] =
    "sigap history - earlier calls from the same number and at the same place\n"
    "\n"
    "USAGE\n"
    "  sigap history --call CALL [--within METRES]\n"
    "  sigap history INCIDENT [--within METRES]\n"
    "\n"
    "DESCRIPTION\n"
    "  Lists the latest calls from the number of CALL (or of the incident's first call)\n"
    "  with what came of them, and the incidents within METRES of its place (100), open\n"
    "  and closed, as far back as the engine remembers. Numbers are remembered by a\n"
    "  keyed token, for 90 days (rules.number_keep_days in sigap.conf).\n"
    "\n"
    "OPTIONS\n"
    "  --call CALL        of this call\n"
    "  --within METRES    how far off the same place may be, at most 2,000\n"
    "\n" SGP_HELP_CONNECTION "  1 also where nothing was heard before\n";

int app_history(int argc, char **argv) {
    static const struct option own[] = {
        {"call", required_argument, NULL, 'c'}, {"within", required_argument, NULL, 'w'}, {0}};
    sgp_options o;
    sgp_options_init(&o, "history", history_help);
    Sigap__V1__GetHistory get = SIGAP__V1__GET_HISTORY__INIT;
    uint64_t within = 0;
    int c;
    while ((c = sgp_options_next(&o, argc, argv, own)) != -1) {
        if (c == 'c' && (!sgp_number_parse(optarg, UINT64_MAX, &get.call_id) || get.call_id == 0))
            return sgp_usage(&o, "'%s' is not the number of a call", optarg);
        if (c == 'w' && (!sgp_number_parse(optarg, 2000, &within) || within == 0))
            return sgp_usage(&o, "--within is a number of metres from 1 to 2,000, not '%s'",
                             optarg);
    }
    get.within_m = (int32_t)within;
    if (!sgp_decision_count(&o, argc - optind, get.call_id != 0 ? 0 : 1, get.call_id != 0 ? 0 : 1))
        return o.exit_code;
    if (get.call_id == 0 && !sgp_decision_number(&o, argv[optind], "an incident", &get.incident_id))
        return o.exit_code;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT, *reply;
    request.body_case = SIGAP__V1__FRAME__BODY_GET_HISTORY;
    request.get_history = &get;
    int exit_code = sgp_options_ask(&o, &request, SIGAP__V1__FRAME__BODY_HISTORY, &reply);
    if (exit_code != 0)
        return exit_code;
    const Sigap__V1__History *history = reply->history;
    exit_code = history->n_same_number + history->n_same_place > 0 ? 0 : 1;
    if (o.json)
        sgp_print_message_json(&history->base);
    else if (exit_code != 0)
        puts(sgp_text_get(o.language, SGP_TEXT_HISTORY_NONE));
    else
        sgp_history_print(o.language, history, 100, stdout);
    sigap__v1__frame__free_unpacked(reply, NULL);
    return exit_code;
}

/* ---- nuisance --------------------------------------------------------------------- */

static const char nuisance_help[] =
    "sigap nuisance - numbers that are marked because of pranks\n"
    "\n"
    "USAGE\n"
    "  sigap nuisance\n"
    "  sigap nuisance CALL [--days N]\n"
    "  sigap nuisance CALL --lift\n"
    "\n"
    "DESCRIPTION\n"
    "  Without a call: which numbers are marked, by whom, until when and why. With one:\n"
    "  marks the number that CALL came from, or lifts its mark. Numbers are marked by\n"
    "  themselves too (`sigap prank --help`); what was before a mark was lifted does not\n"
    "  mark again. A marked number is answered like any other: its calls carry a\n"
    "  warning, and an incident of which only such numbers tell waits behind others of\n"
    "  the same priority until somebody confirms it (`sigap real`).\n"
    "\n"
    "OPTIONS\n"
    "  --days N           how long, at most 3,650 (default: as the rules say, 7)\n"
    "  --lift             take the mark away\n"
    "\n" SGP_HELP_CONNECTION "  1 also where no number is marked\n";

static int list_marked(const sgp_options *o) {
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT, *reply;
    Sigap__V1__ListMarkedNumbers list = SIGAP__V1__LIST_MARKED_NUMBERS__INIT;
    request.body_case = SIGAP__V1__FRAME__BODY_LIST_MARKED_NUMBERS;
    request.list_marked_numbers = &list;
    int exit_code = sgp_options_ask(o, &request, SIGAP__V1__FRAME__BODY_MARKED_NUMBER_PAGE, &reply);
    if (exit_code != 0)
        return exit_code;
    const Sigap__V1__MarkedNumberPage *page = reply->marked_number_page;
    exit_code = page->n_numbers > 0 ? 0 : 1;
    if (o->json)
        sgp_print_message_json(&page->base);
    else if (page->n_numbers == 0)
        puts(sgp_text_get(o->language, SGP_TEXT_NUISANCE_NONE));
    for (size_t i = 0; !o->json && i < page->n_numbers; i++)
        sgp_marked_print(o->language, page->numbers[i], stdout);
    sigap__v1__frame__free_unpacked(reply, NULL);
    return exit_code;
}

int app_nuisance(int argc, char **argv) {
    static const struct option own[] = {
        {"days", required_argument, NULL, 'd'}, {"lift", no_argument, NULL, 'l'}, {0}};
    sgp_options o;
    sgp_options_init(&o, "nuisance", nuisance_help);
    Sigap__V1__MarkNumber mark = SIGAP__V1__MARK_NUMBER__INIT;
    uint64_t days = 0;
    int c;
    while ((c = sgp_options_next(&o, argc, argv, own)) != -1) {
        if (c == 'd' && (!sgp_number_parse(optarg, 3650, &days) || days == 0))
            return sgp_usage(&o, "--days is a number from 1 to 3,650, not '%s'", optarg);
        mark.lift = mark.lift || c == 'l';
    }
    if (!sgp_decision_count(&o, argc - optind, 0, 1))
        return o.exit_code;
    if (optind == argc && (mark.lift || days))
        return sgp_usage(&o, "which call? --days and --lift need one");
    if (mark.lift && days)
        return sgp_usage(&o, "--days or --lift, not both");
    if (optind == argc)
        return list_marked(&o);
    if (!sgp_decision_number(&o, argv[optind], "a call", &mark.call_id))
        return o.exit_code;
    mark.hours = (int32_t)days * 24;
    char call[24];
    snprintf(call, sizeof call, "%" PRIu64, mark.call_id);
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    request.body_case = SIGAP__V1__FRAME__BODY_MARK_NUMBER;
    request.mark_number = &mark;
    return sgp_decision_do(
        &o, &request,
        &(sgp_sentence){.key = mark.lift ? SGP_TEXT_DONE_LIFTED : SGP_TEXT_DONE_MARKED,
                        .unit = "",
                        .call = call});
}
