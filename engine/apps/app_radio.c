/* What a crew says over the radio: its status, and that it is in danger. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "apps/apps.h"
#include "apps/clock_option.h"
#include "apps/decision.h"
#include "apps/print.h"
#include "base/clock.h"
#include "sigap/core.h"

/* ---- the words ---------------------------------------------------------------------- */

typedef enum radio_deed {
    RADIO_ANSWER,  /* accepts or declines its order */
    RADIO_ADVANCE, /* a state of its assignment */
    RADIO_PLACE,   /* where it is */
    RADIO_STATION, /* at its station */
    RADIO_DUTY,
    RADIO_WELL
} radio_deed;

typedef struct radio_word {
    const char *english, *indonesian;
    radio_deed deed;
    int number; /* the state, or 1 = yes */
} radio_word;

static const radio_word words[] = {
    {"accept", "terima", RADIO_ANSWER, 1},
    {"decline", "tolak", RADIO_ANSWER, 0},
    {"en-route", "berangkat", RADIO_ADVANCE, SGP_ASSIGNMENT_EN_ROUTE},
    {"on-scene", "tiba", RADIO_ADVANCE, SGP_ASSIGNMENT_ON_SCENE},
    {"transporting", "membawa", RADIO_ADVANCE, SGP_ASSIGNMENT_TRANSPORTING},
    {"at-hospital", "di-rs", RADIO_ADVANCE, SGP_ASSIGNMENT_AT_HOSPITAL},
    {"handed-over", "serah-terima", RADIO_ADVANCE, SGP_ASSIGNMENT_HANDED_OVER},
    {"free", "bebas", RADIO_ADVANCE, SGP_ASSIGNMENT_CLOSED},
    {"at", "posisi", RADIO_PLACE, 0},
    {"at-station", "di-pangkalan", RADIO_STATION, 0},
    {"well", "aman", RADIO_WELL, 0},
    {"on", "masuk", RADIO_DUTY, 1},
    {"off", "lepas", RADIO_DUTY, 0},
};

static const radio_word *find_word(const char *text) {
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasecmp(words[i].english, text) == 0 || strcasecmp(words[i].indonesian, text) == 0)
            return &words[i];
    return NULL;
}

/* ---- status ------------------------------------------------------------------------- */

static const char radio_help[] =
    "sigap status UNIT - enter what a crew says over the radio\n"
    "\n"
    "USAGE\n"
    "  sigap status                               is the engine well (see sigap status --help)\n"
    "  sigap status UNIT STATUS [--said TIME] [--hospital CODE] [--reason TEXT]\n"
    "  sigap status UNIT at --place PLACE [--said TIME]\n"
    "\n"
    "STATUS (English, Indonesian)\n"
    "  accept, terima             it takes its order\n"
    "  decline, tolak             it does not, for --reason\n"
    "  en-route, berangkat        it has left\n"
    "  on-scene, tiba             it is there\n"
    "  transporting, membawa      with the patient to --hospital\n"
    "  at-hospital, di-rs         it is at --hospital\n"
    "  handed-over, serah-terima  the hospital has the patient\n"
    "  free, bebas                the job is done\n"
    "  at, posisi                 where it is: lon,lat or a place in words\n"
    "  at-station, di-pangkalan   back at its station\n"
    "  well, aman                 all is well with the crew\n"
    "  on, masuk; off, lepas      signs on, signs off\n"
    "\n"
    "DESCRIPTION\n"
    "  For crews without a device, and for what a crew forgot to press. States may be\n"
    "  skipped, never taken back. The engine keeps who entered each state.\n"
    "\n"
    "OPTIONS\n"
    "  --said TIME        when it was so: 14:05, -5 (minutes ago) or 2026-03-01T14:05;\n"
    "                     at most 4 hours back, not before what the crew did before\n"
    "  --hospital CODE    with transporting and at-hospital; otherwise the engine chooses\n"
    "  --place PLACE      with at\n"
    "  --reason TEXT      with decline\n"
    "\n" SGP_HELP_CONNECTION;

typedef struct radio {
    sgp_options o;
    const radio_word *word;
    const char *unit_code, *hospital, *place, *reason;
    int64_t said_at_ms;
    Sigap__V1__Frame *units; /* the page that the unit is on */
    const Sigap__V1__Unit *unit;
} radio;

enum { SAID = 256, HOSPITAL, PLACE, REASON };
static const struct option radio_options[] = {{"said", required_argument, NULL, SAID},
                                              {"hospital", required_argument, NULL, HOSPITAL},
                                              {"place", required_argument, NULL, PLACE},
                                              {"reason", required_argument, NULL, REASON},
                                              {0}};

static bool wrong(radio *r, int exit_code) {
    r->o.ended = true;
    r->o.exit_code = exit_code;
    return false;
}

static bool read_option(radio *r, int option) {
    if (option == SAID)
        return sgp_clock_parse(optarg, sgp_wall_ms(), true, &r->said_at_ms) ||
               wrong(r, sgp_usage(&r->o, "--said: '%s' is not a time such as 14:05 or -5", optarg));
    if (!sgp_option_text(&r->o, radio_options[option - SAID].name, optarg))
        return false;
    if (option == HOSPITAL)
        r->hospital = optarg;
    else if (option == PLACE)
        r->place = optarg;
    else
        r->reason = optarg;
    return true;
}

static bool check(radio *r, const char *status) {
    r->word = find_word(status);
    if (r->word == NULL)
        return wrong(r, sgp_usage(&r->o, "there is no status '%s'", status));
    int state = r->word->deed == RADIO_ADVANCE ? r->word->number : 0;
    if (r->hospital != NULL && state != SGP_ASSIGNMENT_TRANSPORTING &&
        state != SGP_ASSIGNMENT_AT_HOSPITAL && state != SGP_ASSIGNMENT_HANDED_OVER)
        return wrong(r, sgp_usage(&r->o, "--hospital does not go with %s", status));
    if ((r->place != NULL) != (r->word->deed == RADIO_PLACE))
        return wrong(r, sgp_usage(&r->o, "--place goes with the status at, and only with that"));
    if (r->reason != NULL && (r->word->deed != RADIO_ANSWER || r->word->number))
        return wrong(r, sgp_usage(&r->o, "--reason does not go with %s", status));
    if (r->said_at_ms != 0 && (r->word->deed == RADIO_DUTY || r->word->deed == RADIO_WELL))
        return wrong(r, sgp_usage(&r->o, "--said does not go with %s", status));
    return true;
}

/* What the engine knows of the unit: its job, its station. */
static bool find_unit(radio *r) {
    Sigap__V1__ListUnits ask = SIGAP__V1__LIST_UNITS__INIT;
    ask.limit = 1000;
    do {
        Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
        request.body_case = SIGAP__V1__FRAME__BODY_LIST_UNITS;
        request.list_units = &ask;
        int exit_code =
            sgp_options_ask(&r->o, &request, SIGAP__V1__FRAME__BODY_UNIT_PAGE, &r->units);
        if (exit_code != 0)
            return wrong(r, exit_code);
        const Sigap__V1__UnitPage *page = r->units->unit_page;
        for (size_t i = 0; i < page->n_units; i++)
            if (strcmp(page->units[i]->code, r->unit_code) == 0) {
                r->unit = page->units[i];
                return true;
            }
        ask.after_number = page->next_after_number;
        sigap__v1__frame__free_unpacked(r->units, NULL);
        r->units = NULL;
    } while (ask.after_number != 0);
    sgp_fault fault = {0};
    (void)sgp_fail(&fault, SGP_E_NOT_FOUND, "no unit is called %s", r->unit_code);
    return wrong(r, sgp_complain(&r->o, &fault));
}

static bool find_job(radio *r) {
    if (r->unit->assignment_id != 0)
        return true;
    sgp_fault fault = {0};
    (void)sgp_fail(&fault, SGP_E_STATE, "%s is on no incident", r->unit_code);
    return wrong(r, sgp_complain(&r->o, &fault));
}

/* Coordinates, or what the engine finds for the words. */
static bool find_place(radio *r, Sigap__V1__Point *point) {
    sgp_fault fault = {0};
    sgp_point parsed;
    if (sgp_looks_like_point(r->place)) {
        if (sgp_point_parse(r->place, &parsed, &fault) != SGP_OK)
            return wrong(r, sgp_complain(&r->o, &fault));
        point->lon = sgp_lon(parsed);
        point->lat = sgp_lat(parsed);
        return true;
    }
    Sigap__V1__FindPlace find = SIGAP__V1__FIND_PLACE__INIT;
    find.text = (char *)r->place;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT, *reply;
    request.body_case = SIGAP__V1__FRAME__BODY_FIND_PLACE;
    request.find_place = &find;
    int exit_code = sgp_options_ask(&r->o, &request, SIGAP__V1__FRAME__BODY_PLACE_ANSWER, &reply);
    if (exit_code != 0)
        return wrong(r, exit_code);
    bool found =
        reply->place_answer->n_candidates > 0 && reply->place_answer->candidates[0]->point != NULL;
    if (found) {
        point->lon = reply->place_answer->candidates[0]->point->lon;
        point->lat = reply->place_answer->candidates[0]->point->lat;
    }
    sigap__v1__frame__free_unpacked(reply, NULL);
    if (found)
        return true;
    (void)sgp_fail(&fault, SGP_E_NOT_FOUND, "no place is found for '%s'", r->place);
    return wrong(r, sgp_complain(&r->o, &fault));
}

/* The status in words of the language. */
static int send(radio *r, Sigap__V1__Frame__BodyCase body, void *message) {
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    request.body_case = body;
    request.ping = message; /* all members of the union are pointers */
    const char *status = r->o.language == SGP_ENGLISH ? r->word->english : r->word->indonesian;
    return sgp_decision_do(
        &r->o, &request,
        &(sgp_sentence){.key = SGP_TEXT_DONE_RADIO, .unit = r->unit_code, .changes = status});
}

static int send_position(radio *r, Sigap__V1__Point *point) {
    Sigap__V1__ReportPosition position = SIGAP__V1__REPORT_POSITION__INIT;
    position.unit_code = (char *)r->unit_code;
    position.point = point;
    position.measured_at_ms = r->said_at_ms;
    return send(r, SIGAP__V1__FRAME__BODY_REPORT_POSITION, &position);
}

static int send_answer(radio *r) {
    Sigap__V1__AnswerOrder answer = SIGAP__V1__ANSWER_ORDER__INIT;
    answer.assignment_id = r->unit->assignment_id;
    answer.accept = r->word->number;
    answer.reason = (char *)(r->reason != NULL ? r->reason : "");
    answer.said_at_ms = r->said_at_ms;
    return send(r, SIGAP__V1__FRAME__BODY_ANSWER_ORDER, &answer);
}

static int send_state(radio *r) {
    Sigap__V1__AdvanceAssignment advance = SIGAP__V1__ADVANCE_ASSIGNMENT__INIT;
    advance.assignment_id = r->unit->assignment_id;
    advance.state = (Sigap__V1__AssignmentState)r->word->number;
    advance.hospital_code = (char *)(r->hospital != NULL ? r->hospital : "");
    advance.said_at_ms = r->said_at_ms;
    return send(r, SIGAP__V1__FRAME__BODY_ADVANCE_ASSIGNMENT, &advance);
}

static int send_duty(radio *r) {
    Sigap__V1__SetDuty duty = SIGAP__V1__SET_DUTY__INIT;
    duty.unit_code = (char *)r->unit_code;
    duty.on_duty = r->word->number;
    return send(r, SIGAP__V1__FRAME__BODY_SET_DUTY, &duty);
}

static int send_well(radio *r) {
    Sigap__V1__AnswerWelfare answer = SIGAP__V1__ANSWER_WELFARE__INIT;
    answer.unit_code = (char *)r->unit_code;
    return send(r, SIGAP__V1__FRAME__BODY_ANSWER_WELFARE, &answer);
}

static int enter(radio *r) {
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    bool has_job = r->word->deed == RADIO_ANSWER || r->word->deed == RADIO_ADVANCE;
    if (has_job && !find_job(r))
        return r->o.exit_code;
    switch (r->word->deed) {
    case RADIO_ANSWER:
        return send_answer(r);
    case RADIO_ADVANCE:
        return send_state(r);
    case RADIO_PLACE:
        return find_place(r, &point) ? send_position(r, &point) : r->o.exit_code;
    case RADIO_STATION:
        return send_position(r, r->unit->station_point);
    case RADIO_DUTY:
        return send_duty(r);
    case RADIO_WELL:
        return send_well(r);
    }
    return 2;
}

int app_radio(int argc, char **argv) {
    radio r = {0};
    sgp_options_init(&r.o, "status", radio_help);
    int c;
    while ((c = sgp_options_next(&r.o, argc, argv, radio_options)) != -1)
        if (!read_option(&r, c))
            return r.o.exit_code;
    if (!sgp_decision_count(&r.o, argc - optind, 2, 2))
        return r.o.exit_code;
    r.unit_code = argv[optind];
    if (!sgp_option_text(&r.o, "the unit", r.unit_code) || !check(&r, argv[optind + 1]) ||
        !find_unit(&r))
        return r.o.exit_code;
    int exit_code = enter(&r);
    sigap__v1__frame__free_unpacked(r.units, NULL);
    return exit_code;
}

/* ---- distress ----------------------------------------------------------------------- */

static const char distress_help[] =
    "sigap distress - a crew calls for help for itself\n"
    "\n"
    "USAGE\n"
    "  sigap distress UNIT [--reason TEXT]\n"
    "  sigap distress UNIT --clear --reason TEXT\n"
    "\n"
    "DESCRIPTION\n"
    "  The alarm is raised at once and again every minute, `sigap units` shows it, and\n"
    "  the unit gets no job until a dispatcher has cleared it with a reason. It\n"
    "  survives everything but that. A crew presses its button; this command is for\n"
    "  who hears it on the radio.\n"
    "\n"
    "OPTIONS\n"
    "  --clear            the crew is safe; dispatchers only\n"
    "  --reason TEXT      what happened, or how it is known that the crew is safe\n"
    "\n" SGP_HELP_CONNECTION;

int app_distress(int argc, char **argv) {
    static const struct option own[] = {
        {"clear", no_argument, NULL, 'c'}, {"reason", required_argument, NULL, 'r'}, {0}};
    sgp_options o;
    sgp_options_init(&o, "distress", distress_help);
    const char *reason = "";
    bool clears = false;
    int c;
    while ((c = sgp_options_next(&o, argc, argv, own)) != -1) {
        clears = clears || c == 'c';
        if (c == 'r' && !sgp_option_text(&o, "--reason", optarg))
            return o.exit_code;
        if (c == 'r')
            reason = optarg;
    }
    if (!sgp_decision_count(&o, argc - optind, 1, 1) ||
        !sgp_option_text(&o, "the unit", argv[optind]))
        return o.exit_code;
    Sigap__V1__RaiseDistress raise = SIGAP__V1__RAISE_DISTRESS__INIT;
    Sigap__V1__ClearDistress clear = SIGAP__V1__CLEAR_DISTRESS__INIT;
    raise.unit_code = clear.unit_code = argv[optind];
    raise.reason = clear.reason = (char *)reason;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    if (clears) {
        request.body_case = SIGAP__V1__FRAME__BODY_CLEAR_DISTRESS;
        request.clear_distress = &clear;
    } else {
        request.body_case = SIGAP__V1__FRAME__BODY_RAISE_DISTRESS;
        request.raise_distress = &raise;
    }
    return sgp_decision_do(
        &o, &request,
        &(sgp_sentence){.key = clears ? SGP_TEXT_DISTRESS_CLEARED : SGP_TEXT_DISTRESS_RAISED,
                        .unit = argv[optind]});
}
