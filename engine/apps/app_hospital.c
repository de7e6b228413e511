/* Hospitals: how they are, what they tell, and where a patient goes. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "apps/apps.h"
#include "apps/decision.h"
#include "apps/hospital_told.h"
#include "base/clock.h"
#include "sigap/core.h"

/* ---- hospitals --------------------------------------------------------------------- */

static const char hospitals_help[] =
    "sigap hospitals - hospitals with beds and diversions, or who is on the way to them\n"
    "\n"
    "USAGE\n"
    "  sigap hospitals [--json]\n"
    "  sigap hospitals --inbound [CODE] [--json]\n"
    "\n"
    "DESCRIPTION\n"
    "  Free beds are the last count less the patients handed over since, and how old\n"
    "  the count is stands beside it; a count in brackets is too old and decides\n"
    "  nothing. With --inbound: every patient who waits at a hospital, is on the way,\n"
    "  or is meant for it, with the arrival as reckoned now. A user of the role\n"
    "  hospital sees the patients of its own hospital.\n"
    "\n"
    "OPTIONS\n"
    "  --inbound          who is on the way, by hospital and arrival\n"
    "\n" SGP_HELP_CONNECTION "  1 also where there is nothing to show\n";

static int show(const sgp_options *o, sgp_err err, sgp_sheet *sheet, size_t n, sgp_text none) {
    sgp_fault fault = {.code = err};
    if (err != SGP_OK)
        return sgp_complain(o, &fault);
    if (n > 0)
        sgp_sheet_print(sheet, stdout);
    else
        puts(sgp_text_get(o->language, none));
    sgp_sheet_destroy(sheet);
    return n > 0 ? 0 : 1;
}

static int show_inbound(const sgp_options *o, const char *code) {
    Sigap__V1__AskInbound ask = SIGAP__V1__ASK_INBOUND__INIT;
    ask.hospital_code = (char *)code;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT, *reply;
    request.body_case = SIGAP__V1__FRAME__BODY_ASK_INBOUND;
    request.ask_inbound = &ask;
    int exit_code = sgp_options_ask(o, &request, SIGAP__V1__FRAME__BODY_INBOUND_PAGE, &reply);
    if (exit_code != 0)
        return exit_code;
    const Sigap__V1__InboundPage *page = reply->inbound_page;
    if (o->json) {
        exit_code = sgp_print_message_json(&page->base);
        exit_code = exit_code == 0 && page->n_inbound == 0 ? 1 : exit_code;
    } else {
        sgp_sheet *sheet = NULL;
        sgp_err err = sgp_inbound_sheet(o->language, page, sgp_wall_ms(), &sheet);
        exit_code = show(o, err, sheet, page->n_inbound, SGP_TEXT_NO_INBOUND);
    }
    sigap__v1__frame__free_unpacked(reply, NULL);
    return exit_code;
}

static int show_hospitals(const sgp_options *o) {
    Sigap__V1__ListHospitals ask = SIGAP__V1__LIST_HOSPITALS__INIT;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT, *reply;
    request.body_case = SIGAP__V1__FRAME__BODY_LIST_HOSPITALS;
    request.list_hospitals = &ask;
    int exit_code = sgp_options_ask(o, &request, SIGAP__V1__FRAME__BODY_HOSPITAL_PAGE, &reply);
    if (exit_code != 0)
        return exit_code;
    const Sigap__V1__HospitalPage *page = reply->hospital_page;
    if (o->json) {
        exit_code = sgp_print_message_json(&page->base);
        exit_code = exit_code == 0 && page->n_hospitals == 0 ? 1 : exit_code;
    } else {
        sgp_sheet *sheet = NULL;
        sgp_err err = sgp_hospital_sheet(o->language, page->hospitals, page->n_hospitals,
                                         sgp_wall_ms(), &sheet);
        exit_code = show(o, err, sheet, page->n_hospitals, SGP_TEXT_NO_HOSPITALS);
    }
    sigap__v1__frame__free_unpacked(reply, NULL);
    return exit_code;
}

int app_hospitals(int argc, char **argv) {
    static const struct option own[] = {{"inbound", no_argument, NULL, 'i'}, {0}};
    sgp_options o;
    sgp_options_init(&o, "hospitals", hospitals_help);
    bool inbound = false;
    while (sgp_options_next(&o, argc, argv, own) != -1)
        inbound = true;
    if (!sgp_decision_count(&o, argc - optind, 0, inbound ? 1 : 0))
        return o.exit_code;
    const char *code = optind < argc ? argv[optind] : "";
    if (!sgp_option_text(&o, "the hospital", code))
        return o.exit_code;
    return inbound ? show_inbound(&o, code) : show_hospitals(&o);
}

/* ---- hospital ------------------------------------------------------------------------ */

static const char hospital_help[] =
    "sigap hospital - what a hospital tells, and where a patient goes\n"
    "\n"
    "USAGE\n"
    "  sigap hospital [CODE] [--beds N] [--released N]\n"
    "                 [--divert WHOM [--minutes N] [--reason TEXT]] [--version N]\n"
    "  sigap hospital --for ASSIGNMENT [--bring CODE]\n"
    "\n"
    "DESCRIPTION\n"
    "  A hospital tells how many emergency beds are free, which have become free, and\n"
    "  whom it diverts; a user of the role hospital leaves CODE out. Crews on the way\n"
    "  to a hospital that diverts more than before hear what else there is; nobody is\n"
    "  turned round without a person.\n"
    "\n"
    "  With --for: every hospital for the patient of that assignment, by what it\n"
    "  needs, beds that are not spoken for, diversions and road time, the best first;\n"
    "  with --bring the patient goes to that one, whatever is advised.\n"
    "\n"
    "OPTIONS\n"
    "  --beds N           emergency beds that are free now\n"
    "  --released N       beds that have become free since, without a new count\n"
    "  --divert WHOM      open: nobody. all: asks that nobody be brought. closed. Or\n"
    "                     abilities with commas: patients who need one of them\n"
    "                     (trauma, stroke, stemi, obstetric, paediatric, neonatal,\n"
    "                     burn, dialysis, psychiatric, intensive_care, surgery,\n"
    "                     isolation)\n"
    "  --minutes N        the diversion ends by itself after so long\n"
    "  --reason TEXT      why it diverts\n"
    "  --version N        refused where somebody has told something else since\n"
    "                     (`sigap hospitals --json` shows the version)\n"
    "  --for ASSIGNMENT   which hospitals fit its patient\n"
    "  --bring CODE       its patient goes there\n"
    "\n" SGP_HELP_CONNECTION "  1 also where no hospital fits the patient\n";

typedef struct hospital_asked {
    Sigap__V1__TellHospital tell;
    uint64_t patient, minutes;
    const char *bring;
    bool tells;
} hospital_asked;

static bool read_divert(sgp_options *o, const char *text, Sigap__V1__TellHospital *tell) {
    static const struct {
        const char *word;
        Sigap__V1__Diversion diversion;
    } words[] = {{"open", SIGAP__V1__DIVERSION__DIVERSION_OPEN},
                 {"all", SIGAP__V1__DIVERSION__DIVERSION_ALL},
                 {"closed", SIGAP__V1__DIVERSION__DIVERSION_CLOSED}};
    tell->who_case = SIGAP__V1__TELL_HOSPITAL__WHO_DIVERSION;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcasecmp(words[i].word, text) == 0) {
            tell->diversion = words[i].diversion;
            return true;
        }
    char left[256];
    const char *wrong = text;
    tell->diversion = SIGAP__V1__DIVERSION__DIVERSION_SOME;
    if (sgp_abilities_parse(text, &tell->diverts, left, &wrong) && tell->diverts != 0)
        return true;
    o->exit_code = sgp_usage(o, "--divert: '%s' is not open, all, closed or an ability", wrong);
    return false;
}

/* false: end with o->exit_code. */
static bool read_option(sgp_options *o, int c, hospital_asked *asked) {
    uint64_t number = 0;
    const char *wants = NULL;
    asked->tells = asked->tells || (c != 'f' && c != 'g');
    switch (c) {
    case 'b':
        wants = sgp_number_parse(optarg, SGP_BEDS_MAX, &number) ? NULL : "--beds";
        asked->tell.count_case = SIGAP__V1__TELL_HOSPITAL__COUNT_BEDS;
        asked->tell.beds = (int32_t)number;
        break;
    case 'e':
        wants = sgp_number_parse(optarg, SGP_BEDS_MAX, &number) && number ? NULL : "--released";
        asked->tell.released = (int32_t)number;
        break;
    case 'm':
        wants = sgp_number_parse(optarg, 100000, &asked->minutes) && asked->minutes ? NULL
                                                                                    : "--minutes";
        break;
    case 'v':
        wants = sgp_number_parse(optarg, UINT64_MAX, &asked->tell.version) ? NULL : "--version";
        break;
    case 'd':
        return read_divert(o, optarg, &asked->tell);
    case 'f':
        return sgp_decision_number(o, optarg, "an assignment", &asked->patient);
    case 'g':
        asked->bring = optarg;
        return sgp_option_text(o, "--bring", optarg);
    default:
        asked->tell.reason = optarg;
        return sgp_option_text(o, "--reason", optarg);
    }
    if (wants != NULL)
        o->exit_code = sgp_usage(o, "%s is a number, not '%s'", wants, optarg);
    return wants == NULL;
}

/* The sentence over the table, and one below it where nobody fits. */
static int show_advice(const sgp_options *o, const Sigap__V1__HospitalAdvice *advice) {
    bool fits = advice->n_options > 0 && advice->options[0]->unfit == SIGAP__V1__UNFIT__UNFIT_NOT;
    if (o->json) {
        int printed = sgp_print_message_json(&advice->base);
        return printed != 0 ? printed : fits ? 0 : 1;
    }
    char text[1024], incident[24], needs[256], wishes[256];
    snprintf(incident, sizeof incident, "%" PRIu64, advice->incident_id);
    puts(sgp_text_fill(
        text, sizeof text, o->language, SGP_TEXT_HOSPITAL_FOR, "unit", advice->unit_code,
        "incident", incident, "needs",
        sgp_abilities_text(o->language, advice->needs, needs, sizeof needs), "wishes",
        sgp_abilities_text(o->language, advice->wishes, wishes, sizeof wishes), "source",
        sgp_text_get(o->language,
                     advice->by_crew ? SGP_TEXT_NEEDS_BY_CREW : SGP_TEXT_NEEDS_BY_COMPLAINT),
        NULL));
    sgp_sheet *sheet = NULL;
    sgp_err err = sgp_hospital_advice_sheet(o->language, advice, &sheet);
    int exit_code = show(o, err, sheet, advice->n_options, SGP_TEXT_NO_HOSPITALS);
    if (exit_code == 0 && !fits) {
        puts(sgp_text_fill(text, sizeof text, o->language, SGP_TEXT_HOSPITAL_NONE_FITS, "reason",
                           sgp_unfit_text(o->language, (int)advice->options[0]->unfit), NULL));
        exit_code = 1;
    }
    return exit_code;
}

static int ask_for(const sgp_options *o, uint64_t assignment) {
    Sigap__V1__AskHospital ask = SIGAP__V1__ASK_HOSPITAL__INIT;
    ask.assignment_id = assignment;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT, *reply;
    request.body_case = SIGAP__V1__FRAME__BODY_ASK_HOSPITAL;
    request.ask_hospital = &ask;
    int exit_code = sgp_options_ask(o, &request, SIGAP__V1__FRAME__BODY_HOSPITAL_ADVICE, &reply);
    if (exit_code != 0)
        return exit_code;
    exit_code = show_advice(o, reply->hospital_advice);
    sigap__v1__frame__free_unpacked(reply, NULL);
    return exit_code;
}

static int bring(const sgp_options *o, const hospital_asked *asked) {
    Sigap__V1__ChooseHospital choose = SIGAP__V1__CHOOSE_HOSPITAL__INIT;
    choose.assignment_id = asked->patient;
    choose.hospital_code = (char *)asked->bring;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    request.body_case = SIGAP__V1__FRAME__BODY_CHOOSE_HOSPITAL;
    request.choose_hospital = &choose;
    return sgp_decision_do(
        o, &request, &(sgp_sentence){.key = SGP_TEXT_DONE_HOSPITAL_CHOSEN, .place = asked->bring});
}

int app_hospital(int argc, char **argv) {
    static const struct option own[] = {{"beds", required_argument, NULL, 'b'},
                                        {"released", required_argument, NULL, 'e'},
                                        {"divert", required_argument, NULL, 'd'},
                                        {"minutes", required_argument, NULL, 'm'},
                                        {"reason", required_argument, NULL, 'r'},
                                        {"version", required_argument, NULL, 'v'},
                                        {"for", required_argument, NULL, 'f'},
                                        {"bring", required_argument, NULL, 'g'},
                                        {0}};
    sgp_options o;
    sgp_options_init(&o, "hospital", hospital_help);
    hospital_asked asked = {.tell = SIGAP__V1__TELL_HOSPITAL__INIT};
    int c;
    while ((c = sgp_options_next(&o, argc, argv, own)) != -1)
        if (!read_option(&o, c, &asked))
            return o.exit_code;
    if (!sgp_decision_count(&o, argc - optind, 0, asked.patient != 0 ? 0 : 1))
        return o.exit_code;
    if (asked.patient != 0 && asked.tells)
        return sgp_usage(&o, "--for stands alone, or with --bring");
    if (asked.patient != 0)
        return asked.bring != NULL ? bring(&o, &asked) : ask_for(&o, asked.patient);
    if (asked.bring != NULL)
        return sgp_usage(&o, "--bring needs --for ASSIGNMENT");
    if (asked.minutes != 0 && asked.tell.who_case == SIGAP__V1__TELL_HOSPITAL__WHO__NOT_SET)
        return sgp_usage(&o, "--minutes is how long a diversion lasts; --divert is missing");
    if (asked.minutes != 0)
        asked.tell.until_at_ms = sgp_wall_ms() + (int64_t)asked.minutes * 60000;
    if (optind < argc)
        asked.tell.hospital_code = argv[optind];
    if (!sgp_option_text(&o, "the hospital", asked.tell.hospital_code))
        return o.exit_code;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    request.body_case = SIGAP__V1__FRAME__BODY_TELL_HOSPITAL;
    request.tell_hospital = &asked.tell;
    return sgp_decision_do(
        &o, &request,
        &(sgp_sentence){.key = SGP_TEXT_DONE_HOSPITAL_TOLD,
                        .unit = "",
                        .place = optind < argc
                                     ? argv[optind]
                                     : sgp_text_get(o.language, SGP_TEXT_COLUMN_HOSPITAL)});
}

/* ---- patient -------------------------------------------------------------------------- */

static const char patient_help[] =
    "sigap patient - what a unit's patient needs, as its crew sees it\n"
    "\n"
    "USAGE\n"
    "  sigap patient ASSIGNMENT [--needs ABILITY[,ABILITY...]|none] [--colour COLOUR]\n"
    "\n"
    "DESCRIPTION\n"
    "  Takes the place of what the complaint says. On scene and on the way hospitals\n"
    "  are advised anew at once. A green patient needs nothing by its complaint.\n"
    "\n"
    "OPTIONS\n"
    "  --needs LIST       trauma, stroke, stemi, obstetric, paediatric, neonatal,\n"
    "                     burn, dialysis, psychiatric, intensive_care, surgery,\n"
    "                     isolation; none: any hospital will do\n"
    "  --colour COLOUR    of triage at the scene: red, yellow, green, black\n"
    "\n" SGP_HELP_CONNECTION;

static bool read_colour(sgp_options *o, const char *text, Sigap__V1__TellPatient *tell) {
    for (int colour = SGP_COLOUR_RED; colour < SGP_COLOURS; colour++)
        if (strcasecmp(text, sgp_colour_of_triage_str((sgp_colour_of_triage)colour)) == 0) {
            tell->colour = (Sigap__V1__ColourOfTriage)colour;
            return true;
        }
    o->exit_code = sgp_usage(o, "--colour: '%s' is not red, yellow, green or black", text);
    return false;
}

int app_patient(int argc, char **argv) {
    static const struct option own[] = {
        {"needs", required_argument, NULL, 'n'}, {"colour", required_argument, NULL, 'c'}, {0}};
    sgp_options o;
    sgp_options_init(&o, "patient", patient_help);
    Sigap__V1__TellPatient tell = SIGAP__V1__TELL_PATIENT__INIT;
    int c;
    while ((c = sgp_options_next(&o, argc, argv, own)) != -1) {
        char left[256];
        const char *wrong = optarg;
        if (c == 'c') {
            if (!read_colour(&o, optarg, &tell))
                return o.exit_code;
            continue;
        }
        tell.told_case = SIGAP__V1__TELL_PATIENT__TOLD_NEEDS;
        if (!sgp_abilities_parse(optarg, &tell.needs, left, &wrong))
            return sgp_usage(&o, "--needs: '%s' is not an ability of a hospital", wrong);
    }
    if (!sgp_decision_count(&o, argc - optind, 1, 1) ||
        !sgp_decision_number(&o, argv[optind], "an assignment", &tell.assignment_id))
        return o.exit_code;
    if (tell.told_case == SIGAP__V1__TELL_PATIENT__TOLD__NOT_SET && tell.colour == 0)
        return sgp_usage(&o, "--needs or --colour is missing");
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    request.body_case = SIGAP__V1__FRAME__BODY_TELL_PATIENT;
    request.tell_patient = &tell;
    char needs[256] = "", changes[512] = "";
    if (tell.told_case == SIGAP__V1__TELL_PATIENT__TOLD_NEEDS)
        snprintf(changes, sizeof changes, "%s%s",
                 sgp_abilities_text(o.language, tell.needs, needs, sizeof needs),
                 tell.colour ? "; " : "");
    if (tell.colour)
        strncat(changes, sgp_colour_of_triage_text(o.language, (int)tell.colour),
                sizeof changes - strlen(changes) - 1);
    return sgp_decision_do(
        &o, &request,
        &(sgp_sentence){.key = SGP_TEXT_DONE_PATIENT, .unit = "", .changes = changes});
}
