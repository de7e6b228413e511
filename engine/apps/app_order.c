/* A dispatcher's decisions, each one request and one line: order, stand-down,
 * close, locate, triage, link, duty, switch; and status. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "apps/apps.h"
#include "apps/decision.h"
#include "apps/narrator.h"
#include "apps/options.h"
#include "apps/print.h"
#include "apps/ring_told.h"
#include "sigap/core.h"
#include "sigap/plan.h"

/* ---- order ------------------------------------------------------------------------ */

static const char order_help[] =
    "sigap order - send a unit to an incident\n"
    "\n"
    "USAGE\n"
    "  sigap order INCIDENT [UNIT] [--divert]\n"
    "\n"
    "DESCRIPTION\n"
    "  Orders UNIT, or without one the best of a fresh recommendation. What was\n"
    "  recommended and what was sent are both kept.\n"
    "\n"
    "OPTIONS\n"
    "  --divert           take UNIT from the incident that it is on: on its way there,\n"
    "                     or at the hospital once its patient is handed over. That\n"
    "                     incident gets the next unit.\n"
    "\n" SGP_HELP_CONNECTION;

int app_order(int argc, char **argv) {
    static const struct option own[] = {{"divert", no_argument, NULL, 'd'}, {0}};
    sgp_options o;
    sgp_options_init(&o, "order", order_help);
    Sigap__V1__OrderUnit order = SIGAP__V1__ORDER_UNIT__INIT;
    while (sgp_options_next(&o, argc, argv, own) != -1)
        order.divert = true;
    if (!sgp_decision_count(&o, argc - optind, 1, 2) ||
        !sgp_decision_number(&o, argv[optind], "an incident", &order.incident_id))
        return o.exit_code;
    if (optind + 1 < argc) {
        order.unit_code = argv[optind + 1];
        if (!sgp_option_text(&o, "the unit", order.unit_code))
            return o.exit_code;
    }
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    request.body_case = SIGAP__V1__FRAME__BODY_ORDER_UNIT;
    request.order_unit = &order;
    return sgp_decision_do(&o, &request,
                           &(sgp_sentence){.key = SGP_TEXT_DONE_ORDERED,
                                           .unit = optind + 1 < argc ? argv[optind + 1] : NULL});
}

/* ---- stand-down ------------------------------------------------------------------- */

static const char stand_down_help[] =
    "sigap stand-down - call a unit off\n"
    "\n"
    "USAGE\n"
    "  sigap stand-down ASSIGNMENT [REASON...]\n"
    "\n"
    "DESCRIPTION\n"
    "  Ends an assignment (`sigap incidents --json` shows their numbers; `order`\n"
    "  prints it). The crew is told at once and is free again.\n"
    "\n" SGP_HELP_CONNECTION;

int app_stand_down(int argc, char **argv) {
    sgp_options o;
    sgp_options_init(&o, "stand-down", stand_down_help);
    Sigap__V1__StandDown stand_down = SIGAP__V1__STAND_DOWN__INIT;
    if (!sgp_decision_operands(&o, argc, argv, 1, 32) ||
        !sgp_decision_number(&o, argv[optind], "an assignment", &stand_down.assignment_id))
        return o.exit_code;
    char reason[SGP_NAME_BYTES] = "";
    size_t length = 0;
    for (int i = optind + 1; i < argc; i++) {
        size_t more = strlen(argv[i]);
        if (length + more + 2 > sizeof reason)
            return sgp_usage(&o, "the reason is longer than %d bytes", SGP_NAME_BYTES - 1);
        if (length > 0)
            reason[length++] = ' ';
        memcpy(reason + length, argv[i], more + 1);
        length += more;
    }
    if (!sgp_option_text(&o, "the reason", reason))
        return o.exit_code;
    stand_down.reason = reason;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    request.body_case = SIGAP__V1__FRAME__BODY_STAND_DOWN;
    request.stand_down = &stand_down;
    return sgp_decision_do(&o, &request, &(sgp_sentence){.key = SGP_TEXT_DONE_STOOD_DOWN});
}

/* ---- close ------------------------------------------------------------------------ */

static const char close_help[] =
    "sigap close - end an incident that needs nobody any more\n"
    "\n"
    "USAGE\n"
    "  sigap close INCIDENT --outcome OUTCOME\n"
    "\n"
    "DESCRIPTION\n"
    "  Units that are still on their way are stood down.\n"
    "\n"
    "OPTIONS\n"
    "  --outcome OUTCOME  served, cancelled, duplicate, prank, silent, ghost,\n"
    "                     abandoned or information\n"
    "\n" SGP_HELP_CONNECTION;

int app_close(int argc, char **argv) {
    static const struct option own[] = {{"outcome", required_argument, NULL, 'o'}, {0}};
    static const struct {
        const char *name;
        Sigap__V1__Outcome outcome;
    } outcomes[] = {
        {"served", SIGAP__V1__OUTCOME__SERVED},
        {"cancelled", SIGAP__V1__OUTCOME__CANCELLED},
        {"prank", SIGAP__V1__OUTCOME__PRANK},
        {"duplicate", SIGAP__V1__OUTCOME__DUPLICATE},
        {"silent", SIGAP__V1__OUTCOME__SILENT},
        {"ghost", SIGAP__V1__OUTCOME__GHOST},
        {"information", SIGAP__V1__OUTCOME__INFORMATION},
        {"abandoned", SIGAP__V1__OUTCOME__ABANDONED},
    };
    sgp_options o;
    sgp_options_init(&o, "close", close_help);
    Sigap__V1__CloseIncident close_incident = SIGAP__V1__CLOSE_INCIDENT__INIT;
    while (sgp_options_next(&o, argc, argv, own) != -1) {
        for (size_t i = 0; i < sizeof outcomes / sizeof outcomes[0]; i++)
            if (strcmp(outcomes[i].name, optarg) == 0)
                close_incident.outcome = outcomes[i].outcome;
        if (close_incident.outcome == SIGAP__V1__OUTCOME__OUTCOME_NONE)
            return sgp_usage(&o, "there is no outcome '%s'", optarg);
    }
    if (o.ended)
        return o.exit_code;
    if (argc - optind != 1)
        return sgp_usage(&o, "which incident? One number is expected");
    if (close_incident.outcome == SIGAP__V1__OUTCOME__OUTCOME_NONE)
        return sgp_usage(&o, "how did it end? --outcome is missing");
    if (!sgp_decision_number(&o, argv[optind], "an incident", &close_incident.incident_id))
        return o.exit_code;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    request.body_case = SIGAP__V1__FRAME__BODY_CLOSE_INCIDENT;
    request.close_incident = &close_incident;
    /* Closing may stand units down; the sentence speaks of the incident only. */
    return sgp_decision_do(
        &o, &request,
        &(sgp_sentence){.key = SGP_TEXT_DONE_CLOSED,
                        .unit = "",
                        .outcome = sgp_outcome_text(o.language, (int)close_incident.outcome)});
}

/* ---- locate ----------------------------------------------------------------------- */

static const char locate_help[] =
    "sigap locate - settle where an incident is\n"
    "\n"
    "USAGE\n"
    "  sigap locate INCIDENT --at LON,LAT\n"
    "  sigap locate INCIDENT --at TEXT [--choice N]\n"
    "  sigap locate INCIDENT --choice N [--call CALL]\n"
    "\n"
    "DESCRIPTION\n"
    "  With a text, its candidates are looked up as `sigap place` shows them and the\n"
    "  N-th is chosen. Without --at the N-th candidate of the incident's call is\n"
    "  chosen, as `sigap call` and `sigap incidents INCIDENT` number them. The engine\n"
    "  then recommends units anew, and crews under way hear of the new place.\n"
    "\n"
    "OPTIONS\n"
    "  --at PLACE         coordinates or text\n"
    "  --choice N         which candidate (default 1)\n"
    "  --call CALL        whose candidates (default: the first call that has any)\n"
    "\n" SGP_HELP_CONNECTION "  1 also where the text was not found\n";

/* The N-th candidate of the text, as a reply that the caller frees; exit code otherwise. */
static int look_up(const sgp_options *o, const char *text, uint64_t choice,
                   Sigap__V1__Frame **reply) {
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    Sigap__V1__FindPlace find = SIGAP__V1__FIND_PLACE__INIT;
    find.text = (char *)text;
    request.body_case = SIGAP__V1__FRAME__BODY_FIND_PLACE;
    request.find_place = &find;
    int exit_code = sgp_options_ask(o, &request, SIGAP__V1__FRAME__BODY_PLACE_ANSWER, reply);
    if (exit_code != 0)
        return exit_code;
    if (choice <= (*reply)->place_answer->n_candidates)
        return 0;
    bool away = (*reply)->place_answer->database_away;
    fprintf(stderr, "sigap locate: %s\n",
            sgp_text_get(o->language, away ? SGP_TEXT_DATABASE_AWAY : SGP_TEXT_NOTHING_FOUND));
    sigap__v1__frame__free_unpacked(*reply, NULL);
    return away ? 3 : 1;
}

/* The N-th candidate of the incident's call, borrowed from *reply; NULL: *exit_code says why. */
static Sigap__V1__Place *choose_candidate(const sgp_options *o, uint64_t incident, uint64_t call,
                                          uint64_t choice, Sigap__V1__Frame **reply,
                                          int *exit_code) {
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    Sigap__V1__GetIncident ask = SIGAP__V1__GET_INCIDENT__INIT;
    ask.incident_id = incident;
    request.body_case = SIGAP__V1__FRAME__BODY_GET_INCIDENT;
    request.get_incident = &ask;
    *exit_code = sgp_options_ask(o, &request, SIGAP__V1__FRAME__BODY_INCIDENT_DETAIL, reply);
    if (*exit_code != 0)
        return NULL;
    const Sigap__V1__IncidentDetail *detail = (*reply)->incident_detail;
    for (size_t i = 0; i < detail->n_calls; i++) {
        const Sigap__V1__Call *one = detail->calls[i];
        if (call != 0 ? one->id != call : one->n_places == 0)
            continue;
        if (choice <= one->n_places)
            return one->places[choice - 1];
        break;
    }
    fprintf(stderr, "sigap locate: incident %" PRIu64 " has no candidate %" PRIu64 "\n", incident,
            choice);
    *exit_code = 1;
    return NULL;
}

int app_locate(int argc, char **argv) {
    static const struct option own[] = {{"at", required_argument, NULL, 'a'},
                                        {"choice", required_argument, NULL, 'n'},
                                        {"call", required_argument, NULL, 'c'},
                                        {0}};
    sgp_options o;
    sgp_options_init(&o, "locate", locate_help);
    const char *at = NULL;
    uint64_t choice = 1, call = 0;
    bool chooses = false;
    int c;
    while ((c = sgp_options_next(&o, argc, argv, own)) != -1) {
        chooses = chooses || c == 'n';
        if (c == 'a')
            at = optarg;
        else if (c == 'c' && (!sgp_number_parse(optarg, UINT64_MAX, &call) || call == 0))
            return sgp_usage(&o, "'%s' is not the number of a call", optarg);
        else if (c == 'c')
            continue;
        else if (!sgp_number_parse(optarg, SGP_PLACES_MAX, &choice) || choice == 0)
            return sgp_usage(&o, "--choice is a number from 1 to %d, not '%s'", SGP_PLACES_MAX,
                             optarg);
    }
    Sigap__V1__ChoosePlace choose = SIGAP__V1__CHOOSE_PLACE__INIT;
    if (o.ended)
        return o.exit_code;
    if (at != NULL && !sgp_option_text(&o, "--at", at))
        return o.exit_code;
    if (argc - optind != 1 || (at == NULL && !chooses))
        return sgp_usage(&o, "an incident's number and --at or --choice are expected");
    if (!sgp_decision_number(&o, argv[optind], "an incident", &choose.incident_id))
        return o.exit_code;
    Sigap__V1__Place place = SIGAP__V1__PLACE__INIT;
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    Sigap__V1__Frame *found = NULL;
    if (at == NULL) {
        int exit_code = 0;
        choose.place = choose_candidate(&o, choose.incident_id, call, choice, &found, &exit_code);
        if (choose.place == NULL) {
            if (found != NULL)
                sigap__v1__frame__free_unpacked(found, NULL);
            return exit_code;
        }
    } else if (sgp_looks_like_point(at)) {
        sgp_fault fault = {0};
        sgp_point parsed;
        if (sgp_point_parse(at, &parsed, &fault) != SGP_OK)
            return sgp_complain(&o, &fault);
        point.lon = sgp_lon(parsed);
        point.lat = sgp_lat(parsed);
        place.kind = SIGAP__V1__PLACE_KIND__COORDINATES;
        place.point = &point;
        place.confidence_permille = 1000;
        choose.place = &place;
    } else {
        int exit_code = look_up(&o, at, choice, &found);
        if (exit_code != 0)
            return exit_code;
        choose.place = found->place_answer->candidates[choice - 1];
    }
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    request.body_case = SIGAP__V1__FRAME__BODY_CHOOSE_PLACE;
    request.choose_place = &choose;
    char text[256];
    int exit_code =
        sgp_decision_do(&o, &request,
                        &(sgp_sentence){.key = SGP_TEXT_DONE_LOCATED,
                                        .unit = "",
                                        .place = sgp_place_text(choose.place, text, sizeof text)});
    if (found != NULL)
        sigap__v1__frame__free_unpacked(found, NULL);
    return exit_code;
}

/* ---- triage ----------------------------------------------------------------------- */

static const char triage_help[] =
    "sigap triage - change priority, complaint or number of units\n"
    "\n"
    "USAGE\n"
    "  sigap triage INCIDENT [--priority P1..P4] [--complaint CODE] [--units N] [--alarm N]\n"
    "\n"
    "DESCRIPTION\n"
    "  What is not named stays. More units wanted are recommended at once.\n"
    "\n"
    "OPTIONS\n"
    "  --priority P       P1 red, P2 yellow, P3 green, P4 white\n"
    "  --complaint CODE   coded chief complaint\n"
    "  --units N          how many units should be on it\n"
    "  --alarm N          alarm level of its response plan, 1 to 4\n"
    "\n" SGP_HELP_CONNECTION;

int app_triage(int argc, char **argv) {
    static const struct option own[] = {{"priority", required_argument, NULL, 'p'},
                                        {"complaint", required_argument, NULL, 'c'},
                                        {"units", required_argument, NULL, 'u'},
                                        {"alarm", required_argument, NULL, 'a'},
                                        {0}};
    sgp_options o;
    sgp_options_init(&o, "triage", triage_help);
    Sigap__V1__Triage triage = SIGAP__V1__TRIAGE__INIT;
    uint64_t units = 0;
    bool any = false;
    int c;
    while ((c = sgp_options_next(&o, argc, argv, own)) != -1) {
        any = true;
        if (c == 'p') {
            triage.priority = (Sigap__V1__Priority)sgp_priority_parse(optarg);
            if (triage.priority == SIGAP__V1__PRIORITY__PRIORITY_UNKNOWN)
                return sgp_usage(&o, "--priority is P1, P2, P3 or P4, not '%s'", optarg);
        } else if (c == 'c') {
            triage.complaint = optarg;
            if (!sgp_option_text(&o, "--complaint", optarg))
                return o.exit_code;
        } else if (c == 'a') {
            uint64_t alarm;
            if (!sgp_number_parse(optarg, SGP_ALARMS, &alarm) || alarm == 0)
                return sgp_usage(&o, "--alarm is a level from 1 to %d, not '%s'", SGP_ALARMS,
                                 optarg);
            triage.alarm = (uint32_t)alarm;
        } else if (!sgp_number_parse(optarg, SGP_UNITS_PER_INCIDENT_MAX, &units) || units == 0) {
            return sgp_usage(&o, "--units is a number from 1 to %d, not '%s'",
                             SGP_UNITS_PER_INCIDENT_MAX, optarg);
        }
    }
    if (o.ended)
        return o.exit_code;
    if (argc - optind != 1 || !any)
        return sgp_usage(&o, "an incident's number and what to change are expected");
    if (!sgp_decision_number(&o, argv[optind], "an incident", &triage.incident_id))
        return o.exit_code;
    triage.units_wanted = (uint32_t)units;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    request.body_case = SIGAP__V1__FRAME__BODY_TRIAGE;
    request.triage = &triage;
    char changes[256] = "", wanted[64] = "", count[24];
    snprintf(count, sizeof count, "%" PRIu64, units);
    if (units != 0)
        sgp_text_fill(wanted, sizeof wanted, o.language, SGP_TEXT_UNITS_WANTED, "units", count,
                      NULL);
    const char *priority = triage.priority == SIGAP__V1__PRIORITY__PRIORITY_UNKNOWN
                               ? ""
                               : sgp_priority_text(o.language, (int)triage.priority);
    const char *complaint =
        triage.complaint[0] == '\0' ? "" : sgp_complaint_text(o.language, triage.complaint);
    bool more = priority[0] != '\0' && complaint[0] != '\0';
    bool last = wanted[0] != '\0' && (priority[0] != '\0' || complaint[0] != '\0');
    snprintf(changes, sizeof changes, "%s%s%s%s%s", priority, more ? ", " : "", complaint,
             last ? ", " : "", wanted);
    if (triage.alarm) {
        char level[24], alarm[64];
        snprintf(level, sizeof level, "%u", triage.alarm);
        sgp_text_fill(alarm, sizeof alarm, o.language, SGP_TEXT_ALARM_LEVEL, "level", level, NULL);
        snprintf(changes + strlen(changes), sizeof changes - strlen(changes), "%s%s",
                 changes[0] ? ", " : "", alarm);
    }
    return sgp_decision_do(
        &o, &request,
        &(sgp_sentence){.key = SGP_TEXT_DONE_TRIAGED, .unit = "", .changes = changes});
}

/* ---- link, duty, switch ------------------------------------------------------------ */

static const char link_help[] =
    "sigap link - say that a call belongs to another incident\n"
    "\n"
    "USAGE\n"
    "  sigap link CALL INCIDENT\n"
    "  sigap link --not CALL INCIDENT\n"
    "\n"
    "DESCRIPTION\n"
    "  For the second caller about the same accident. The call's own incident, when\n"
    "  nothing else belongs to it, is closed as a duplicate, and its units that have\n"
    "  not reached the scene are stood down.\n"
    "\n"
    "  The engine offers what may be the same: near in place, called about not long ago,\n"
    "  with the complaint compared (`sigap call`, `incidents` and `watch` show it). It\n"
    "  never links by itself.\n"
    "\n"
    "OPTIONS\n"
    "  --not              it is another incident: it is not offered any more\n"
    "\n" SGP_HELP_CONNECTION;

int app_link(int argc, char **argv) {
    sgp_options o;
    static const struct option own[] = {{"not", no_argument, NULL, 'n'}, {0}};
    sgp_options_init(&o, "link", link_help);
    Sigap__V1__LinkCall link_call = SIGAP__V1__LINK_CALL__INIT;
    bool is_other = false;
    while (sgp_options_next(&o, argc, argv, own) != -1)
        is_other = true;
    if (!sgp_decision_count(&o, argc - optind, 2, 2) ||
        !sgp_decision_number(&o, argv[optind], "a call", &link_call.call_id) ||
        !sgp_decision_number(&o, argv[optind + 1], "an incident", &link_call.incident_id))
        return o.exit_code;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    request.body_case = SIGAP__V1__FRAME__BODY_LINK_CALL;
    request.link_call = &link_call;
    char call[24], incident[24];
    snprintf(call, sizeof call, "%" PRIu64, link_call.call_id);
    snprintf(incident, sizeof incident, "%" PRIu64, link_call.incident_id);
    if (is_other) {
        Sigap__V1__DismissAlike dismiss = SIGAP__V1__DISMISS_ALIKE__INIT;
        dismiss.call_id = link_call.call_id;
        dismiss.incident_id = link_call.incident_id;
        request.body_case = SIGAP__V1__FRAME__BODY_DISMISS_ALIKE;
        request.dismiss_alike = &dismiss;
        return sgp_decision_do(
            &o, &request,
            &(sgp_sentence){
                .key = SGP_TEXT_DONE_NOT_ALIKE, .unit = "", .call = call, .changes = incident});
    }
    return sgp_decision_do(&o, &request,
                           &(sgp_sentence){.key = SGP_TEXT_DONE_LINKED, .unit = "", .call = call});
}

static const char duty_help[] =
    "sigap duty - sign a unit on or off\n"
    "\n"
    "USAGE\n"
    "  sigap duty UNIT on|off\n"
    "\n"
    "DESCRIPTION\n"
    "  A unit signs on at its station. One with an open assignment cannot sign off.\n"
    "\n" SGP_HELP_CONNECTION;

int app_duty(int argc, char **argv) {
    sgp_options o;
    sgp_options_init(&o, "duty", duty_help);
    if (!sgp_decision_operands(&o, argc, argv, 2, 2))
        return o.exit_code;
    bool on = strcmp(argv[optind + 1], "on") == 0;
    if (!on && strcmp(argv[optind + 1], "off") != 0)
        return sgp_usage(&o, "duty is on or off, not '%s'", argv[optind + 1]);
    Sigap__V1__SetDuty set_duty = SIGAP__V1__SET_DUTY__INIT;
    set_duty.unit_code = argv[optind];
    if (!sgp_option_text(&o, "the unit", set_duty.unit_code))
        return o.exit_code;
    set_duty.on_duty = on;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    request.body_case = SIGAP__V1__FRAME__BODY_SET_DUTY;
    request.set_duty = &set_duty;
    return sgp_decision_do(
        &o, &request,
        &(sgp_sentence){.key = on ? SGP_TEXT_UNIT_ON_DUTY : SGP_TEXT_UNIT_OFF_DUTY,
                        .unit = set_duty.unit_code});
}

static const char switch_help[] =
    "sigap switch - let the engine open the newest import\n"
    "\n"
    "USAGE\n"
    "  sigap switch\n"
    "\n"
    "DESCRIPTION\n"
    "  After `sigap import` the running engine still uses the pair of road graph and\n"
    "  database that it opened. This tells it to open the new pair; where that fails\n"
    "  the old one stays in service and the reason is printed.\n"
    "\n" SGP_HELP_CONNECTION;

int app_switch(int argc, char **argv) {
    sgp_options o;
    sgp_options_init(&o, "switch", switch_help);
    if (!sgp_decision_operands(&o, argc, argv, 0, 0))
        return o.exit_code;
    Sigap__V1__SwitchCity switch_city = SIGAP__V1__SWITCH_CITY__INIT;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    request.body_case = SIGAP__V1__FRAME__BODY_SWITCH_CITY;
    request.switch_city = &switch_city;
    return sgp_decision_do(&o, &request,
                           &(sgp_sentence){.key = SGP_TEXT_DONE_SWITCHED, .unit = ""});
}

static const char reload_help[] =
    "sigap reload - let the engine read its response plans and clocks anew\n"
    "\n"
    "USAGE\n"
    "  sigap reload\n"
    "\n"
    "DESCRIPTION\n"
    "  Complaints, response plans, question scripts, instructions and clocks come from\n"
    "  the folder that sigap.conf names as plans, and the group clocks from sigap.conf\n"
    "  itself. A mistake in them is printed with its file and line, and then nothing\n"
    "  has changed. Incidents that are open keep how many units they want. The roster's\n"
    "  files (`sigap shifts`) are read anew too.\n"
    "\n" SGP_HELP_CONNECTION;

int app_reload(int argc, char **argv) {
    sgp_options o;
    sgp_options_init(&o, "reload", reload_help);
    if (!sgp_decision_operands(&o, argc, argv, 0, 0))
        return o.exit_code;
    Sigap__V1__Reload reload = SIGAP__V1__RELOAD__INIT;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    request.body_case = SIGAP__V1__FRAME__BODY_RELOAD;
    request.reload = &reload;
    return sgp_decision_do(&o, &request,
                           &(sgp_sentence){.key = SGP_TEXT_DONE_RELOADED, .unit = ""});
}

/* ---- status ------------------------------------------------------------------------ */

static const char status_help[] =
    "sigap status - is the engine well, and which city does it serve\n"
    "\n"
    "USAGE\n"
    "  sigap status [--json]\n"
    "  sigap status UNIT STATUS …     enter what a crew says over the radio; see\n"
    "                                 sigap status UNIT --help\n"
    "\n" SGP_HELP_CONNECTION;

int app_status(int argc, char **argv) {
    sgp_options o;
    /* With a unit's code it is about that one. */
    if (argc > 1 && argv[1][0] != '-')
        return app_radio(argc, argv);
    sgp_options_init(&o, "status", status_help);
    if (!sgp_decision_operands(&o, argc, argv, 0, 0))
        return o.exit_code;
    Sigap__V1__GetStatus get_status = SIGAP__V1__GET_STATUS__INIT;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT, *reply;
    request.body_case = SIGAP__V1__FRAME__BODY_GET_STATUS;
    request.get_status = &get_status;
    int exit_code = sgp_options_ask(&o, &request, SIGAP__V1__FRAME__BODY_STATUS, &reply);
    if (exit_code != 0)
        return exit_code;
    const Sigap__V1__Status *status = reply->status;
    if (o.json) {
        exit_code = sgp_print_message_json(&status->base);
    } else {
        char city[192], sessions[16], since[16], seq[24], projected[24], behind[24], text[512];
        snprintf(city, sizeof city, "%s%s%s%s", status->city, status->city_is_sketch ? " (" : "",
                 status->city_is_sketch ? sgp_text_get(o.language, SGP_TEXT_SKETCH) : "",
                 status->city_is_sketch ? ")" : "");
        snprintf(sessions, sizeof sessions, "%u", status->sessions);
        sgp_clock_text(status->started_at_ms, since);
        puts(sgp_text_fill(text, sizeof text, o.language, SGP_TEXT_STATUS_LINE, "version",
                           status->engine_version, "city", city, "sessions", sessions, "since",
                           since, NULL));
        snprintf(seq, sizeof seq, "%" PRIu64, status->event_seq);
        snprintf(projected, sizeof projected, "%" PRIu64, status->projected_seq);
        snprintf(behind, sizeof behind, "%" PRIu64,
                 status->event_seq > status->projected_seq
                     ? status->event_seq - status->projected_seq
                     : 0);
        puts(sgp_text_fill(text, sizeof text, o.language, SGP_TEXT_STATUS_JOURNAL, "seq", seq,
                           "projected", projected, "behind", behind, NULL));
        if (status->no_database)
            puts(sgp_text_get(o.language, SGP_TEXT_STATUS_NO_DATABASE));
        else if (status->database_away)
            puts(sgp_text_get(o.language, SGP_TEXT_STATUS_AWAY));
        for (size_t i = 0; i < status->n_exchanges; i++)
            puts(sgp_exchange_text(o.language, status->exchanges[i], text, sizeof text));
    }
    sigap__v1__frame__free_unpacked(reply, NULL);
    return exit_code;
}
