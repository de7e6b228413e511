/* What a call or incident was, one command for each outcome: prank, silent, ghost, abandoned,
 * information, real. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "apps/apps.h"
#include "apps/decision.h"

#define HELP(name, summary, more)                                                                  \
    "sigap " name " - " summary "\n"                                                               \
    "\n"                                                                                           \
    "USAGE\n"                                                                                      \
    "  sigap " name " INCIDENT...\n"                                                               \
    "  sigap " name " --call CALL...\n"                                                            \
    "\n"                                                                                           \
    "DESCRIPTION\n" more "\n" SGP_HELP_CONNECTION

#define ENDS                                                                                       \
    "  Ends the incidents with this outcome; their calls that have no outcome of their\n"          \
    "  own get it too. Units that have not reached the scene are stood down. With --call\n"        \
    "  only the call is judged, and its incident goes on: one of several callers may\n"            \
    "  have been a prankster. Three pranks, silent or ghost calls from one number within\n"        \
    "  three days mark it as a nuisance for a week (rules in sigap.conf): its calls are\n"         \
    "  shown with a warning and wait behind others of the same priority until somebody\n"          \
    "  confirms them, and are never blocked.\n"                                                    \
    "\n"                                                                                           \
    "OPTIONS\n"                                                                                    \
    "  --call             the numbers are those of calls, not of incidents\n"

static const struct option own[] = {{"call", no_argument, NULL, 'c'}, {0}};

static int judge_call(sgp_options *o, uint64_t id, Sigap__V1__Outcome outcome) {
    Sigap__V1__JudgeCall judge = SIGAP__V1__JUDGE_CALL__INIT;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    char call[24];
    judge.call_id = id;
    judge.outcome = outcome;
    snprintf(call, sizeof call, "%" PRIu64, id);
    request.body_case = SIGAP__V1__FRAME__BODY_JUDGE_CALL;
    request.judge_call = &judge;
    return sgp_decision_do(o, &request,
                           &(sgp_sentence){.key = SGP_TEXT_DONE_JUDGED,
                                           .unit = "",
                                           .call = call,
                                           .outcome = sgp_outcome_text(o->language, (int)outcome)});
}

static int close_incident(sgp_options *o, uint64_t id, Sigap__V1__Outcome outcome) {
    Sigap__V1__CloseIncident message = SIGAP__V1__CLOSE_INCIDENT__INIT;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    message.incident_id = id;
    message.outcome = outcome;
    request.body_case = SIGAP__V1__FRAME__BODY_CLOSE_INCIDENT;
    request.close_incident = &message;
    return sgp_decision_do(o, &request,
                           &(sgp_sentence){.key = SGP_TEXT_DONE_CLOSED,
                                           .unit = "",
                                           .outcome = sgp_outcome_text(o->language, (int)outcome)});
}

/* The calls of an incident that is real after all. */
static int confirm_incident(sgp_options *o, uint64_t id) {
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT, *reply;
    Sigap__V1__GetIncident get = SIGAP__V1__GET_INCIDENT__INIT;
    get.incident_id = id;
    request.body_case = SIGAP__V1__FRAME__BODY_GET_INCIDENT;
    request.get_incident = &get;
    int exit_code = sgp_options_ask(o, &request, SIGAP__V1__FRAME__BODY_INCIDENT_DETAIL, &reply);
    if (exit_code != 0)
        return exit_code;
    for (size_t i = 0; i < reply->incident_detail->n_calls && exit_code == 0; i++)
        exit_code = judge_call(o, reply->incident_detail->calls[i]->id, SIGAP__V1__OUTCOME__REAL);
    sigap__v1__frame__free_unpacked(reply, NULL);
    return exit_code;
}

/* Every number is tried; the first failure is the exit code. */
static int outcome_command(int argc, char **argv, const char *name, const char *help,
                           Sigap__V1__Outcome outcome) {
    sgp_options o;
    sgp_options_init(&o, name, help);
    bool calls = false;
    int exit_code = 0;
    while (sgp_options_next(&o, argc, argv, own) != -1)
        calls = true;
    if (!sgp_decision_count(&o, argc - optind, 1, 1000))
        return o.exit_code;
    for (int i = optind; i < argc; i++) {
        uint64_t id;
        if (!sgp_decision_number(&o, argv[i], calls ? "a call" : "an incident", &id))
            return o.exit_code;
    }
    for (int i = optind; i < argc; i++) {
        uint64_t id;
        if (!sgp_decision_number(&o, argv[i], "an incident", &id))
            return o.exit_code;
        int done = calls                                 ? judge_call(&o, id, outcome)
                   : outcome == SIGAP__V1__OUTCOME__REAL ? confirm_incident(&o, id)
                                                         : close_incident(&o, id, outcome);
        exit_code = exit_code != 0 ? exit_code : done;
    }
    return exit_code;
}

int app_prank(int argc, char **argv) {
    return outcome_command(argc, argv, "prank", HELP("prank", "it was a prank", ENDS),
                           SIGAP__V1__OUTCOME__PRANK);
}

int app_silent(int argc, char **argv) {
    return outcome_command(argc, argv, "silent",
                           HELP("silent", "nobody spoke, and nothing points to distress", ENDS),
                           SIGAP__V1__OUTCOME__SILENT);
}

int app_ghost(int argc, char **argv) {
    return outcome_command(
        argc, argv, "ghost",
        HELP("ghost", "a telephone called by itself, or nothing was there", ENDS),
        SIGAP__V1__OUTCOME__GHOST);
}

int app_abandoned(int argc, char **argv) {
    return outcome_command(argc, argv, "abandoned",
                           HELP("abandoned", "the caller hung up before saying anything", ENDS),
                           SIGAP__V1__OUTCOME__ABANDONED);
}

int app_information(int argc, char **argv) {
    return outcome_command(argc, argv, "information",
                           HELP("information", "the caller only asked or told something", ENDS),
                           SIGAP__V1__OUTCOME__INFORMATION);
}

int app_real(int argc, char **argv) {
    return outcome_command(
        argc, argv, "real",
        HELP("real", "somebody has confirmed the incident or the call",
             "  The calls are noted as real, and an incident that waited behind its equals\n"
             "  because only marked numbers told of it waits no more. Ordering a unit by hand or\n"
             "  triaging it up says the same.\n"
             "\n"
             "OPTIONS\n"
             "  --call             the numbers are those of calls, not of incidents\n"),
        SIGAP__V1__OUTCOME__REAL);
}
