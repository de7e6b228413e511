/* What a call-taker was told, and other services: answer, alert. */
#include <stdio.h>
#include <string.h>

#include "apps/apps.h"
#include "apps/decision.h"

/* ---- answer ------------------------------------------------------------------------ */

static const char answer_help[] =
    "sigap answer - note what a caller answers to a question of the script\n"
    "\n"
    "USAGE\n"
    "  sigap answer INCIDENT QUESTION [ANSWER]\n"
    "\n"
    "DESCRIPTION\n"
    "  QUESTION and ANSWER are codes, as `sigap guide COMPLAINT` shows them. Answers\n"
    "  raise or lower the priority and may tell what the complaint really is; what a\n"
    "  person has set they only raise. Without ANSWER the one given is taken back.\n"
    "\n" SGP_HELP_CONNECTION;

int app_answer(int argc, char **argv) {
    sgp_options o;
    sgp_options_init(&o, "answer", answer_help);
    Sigap__V1__AnswerQuestion ask = SIGAP__V1__ANSWER_QUESTION__INIT;
    if (!sgp_decision_operands(&o, argc, argv, 2, 3) ||
        !sgp_decision_number(&o, argv[optind], "an incident", &ask.incident_id) ||
        !sgp_option_text(&o, "the question", argv[optind + 1]))
        return o.exit_code;
    ask.question = argv[optind + 1];
    if (optind + 2 < argc) {
        ask.answer = argv[optind + 2];
        if (!sgp_option_text(&o, "the answer", ask.answer))
            return o.exit_code;
    }
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    request.body_case = SIGAP__V1__FRAME__BODY_ANSWER_QUESTION;
    request.answer_question = &ask;
    return sgp_decision_do(&o, &request,
                           &(sgp_sentence){.key = SGP_TEXT_DONE_ANSWERED, .unit = ""});
}

/* ---- alert ------------------------------------------------------------------------- */

static const char alert_help[] =
    "sigap alert - call another service to an incident, or note its answer\n"
    "\n"
    "USAGE\n"
    "  sigap alert INCIDENT AGENCY [--reason TEXT]\n"
    "  sigap alert INCIDENT AGENCY --acknowledged | --declined [--reason TEXT]\n"
    "\n"
    "DESCRIPTION\n"
    "  AGENCY is a code of the response plans (DAMKAR). It hears of the alert where it\n"
    "  is logged in; elsewhere somebody rings it. An alert that is not acknowledged in\n"
    "  the agency's time is overdue, and can be given again. The plan alerts some\n"
    "  agencies by itself.\n"
    "\n"
    "OPTIONS\n"
    "  --acknowledged     the agency has said yes\n"
    "  --declined         it has said no\n"
    "  --reason TEXT      why, or what it said\n"
    "\n" SGP_HELP_CONNECTION;

int app_alert(int argc, char **argv) {
    static const struct option own[] = {{"acknowledged", no_argument, NULL, 'y'},
                                        {"declined", no_argument, NULL, 'n'},
                                        {"reason", required_argument, NULL, 'r'},
                                        {0}};
    sgp_options o;
    sgp_options_init(&o, "alert", alert_help);
    const char *reason = "";
    int answer = 0, c;
    while ((c = sgp_options_next(&o, argc, argv, own)) != -1) {
        if (c == 'r' && !sgp_option_text(&o, "--reason", optarg))
            return o.exit_code;
        if (c == 'r')
            reason = optarg;
        else if (answer != 0 && answer != c)
            return sgp_usage(&o, "--acknowledged or --declined, not both");
        else
            answer = c;
    }
    uint64_t incident = 0;
    if (!sgp_decision_count(&o, argc - optind, 2, 2) ||
        !sgp_decision_number(&o, argv[optind], "an incident", &incident) ||
        !sgp_option_text(&o, "the agency", argv[optind + 1]))
        return o.exit_code;
    Sigap__V1__AlertAgency alert = SIGAP__V1__ALERT_AGENCY__INIT;
    Sigap__V1__AnswerAlert answered = SIGAP__V1__ANSWER_ALERT__INIT;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    sgp_sentence said = {.key = SGP_TEXT_DONE_ALERTED, .unit = "", .changes = argv[optind + 1]};
    alert.incident_id = answered.incident_id = incident;
    alert.agency = answered.agency = argv[optind + 1];
    alert.reason = answered.reason = (char *)reason;
    if (answer == 0) {
        request.body_case = SIGAP__V1__FRAME__BODY_ALERT_AGENCY;
        request.alert_agency = &alert;
    } else {
        answered.accept = answer == 'y';
        request.body_case = SIGAP__V1__FRAME__BODY_ANSWER_ALERT;
        request.answer_alert = &answered;
        said.key = answered.accept ? SGP_TEXT_DONE_ALERT_YES : SGP_TEXT_DONE_ALERT_NO;
    }
    return sgp_decision_do(&o, &request, &said);
}
