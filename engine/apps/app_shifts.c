/* Crews and their shifts: sign-on, sign-off, shift, shifts. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "apps/apps.h"
#include "apps/clock_option.h"
#include "apps/decision.h"
#include "apps/print.h"
#include "apps/shift_told.h"
#include "base/clock.h"
#include "sigap/roster.h"

static bool wrong(sgp_options *o, int exit_code) {
    o->ended = true;
    o->exit_code = exit_code;
    return false;
}

static bool read_time(sgp_options *o, const char *option, const char *text, int64_t from_ms,
                      int64_t *wall_ms) {
    return sgp_clock_parse(text, from_ms, false, wall_ms) ||
           wrong(o, sgp_usage(o, "%s: '%s' is not a time such as 15:00, +90 or 2026-03-01T15:00",
                              option, text));
}

/* "PRM-014,SPR-003", in pieces of `room`. */
static bool read_crew(sgp_options *o, const char *text, char room[256],
                      char *crew[SGP_CREW_PER_UNIT], size_t *n) {
    char *rest = room;
    *n = 0;
    if (!sgp_option_text(o, "--crew", text))
        return false;
    if (strlen(text) >= 256)
        return wrong(o, sgp_usage(o, "--crew is longer than 255 bytes"));
    strcpy(room, text);
    for (char *word; (word = strtok_r(rest, ", +;", &rest)) != NULL;) {
        if (*n == SGP_CREW_PER_UNIT)
            return wrong(o, sgp_usage(o, "a crew has at most %d people", SGP_CREW_PER_UNIT));
        crew[(*n)++] = word;
    }
    return *n > 0 || wrong(o, sgp_usage(o, "--crew names nobody"));
}

/* ---- sign-on, sign-off --------------------------------------------------------------- */

static const char sign_on_help[] =
    "sigap sign-on - who is on a unit\n"
    "\n"
    "USAGE\n"
    "  sigap sign-on UNIT --crew CODE,... [--until TIME] [--seen VERSION]\n"
    "  sigap sign-on UNIT --until TIME\n"
    "\n"
    "DESCRIPTION\n"
    "  These people are on the unit from now on, and it goes on duty. Codes only, never\n"
    "  names. Where a roster is loaded, what the unit can do follows from them: an\n"
    "  advanced ambulance without a paramedic is sent as a basic one. Nobody is on two\n"
    "  units, and a crew does not change in the middle of a job.\n"
    "\n"
    "  The shift ends as the roster plans it, or at --until. Without --crew who is on the\n"
    "  unit stays on until then.\n"
    "\n"
    "  TIME is 15:00 (the next one), +90 (minutes from now) or 2026-03-01T15:00, in this\n"
    "  machine's time zone.\n"
    "\n"
    "OPTIONS\n"
    "  --crew CODE,...    the people, at most 8\n"
    "  --until TIME       when their shift ends\n"
    "  --seen VERSION     refuse if somebody has signed on or off since this version\n"
    "\n" SGP_HELP_CONNECTION;

int app_sign_on(int argc, char **argv) {
    static const struct option own[] = {{"crew", required_argument, NULL, 'c'},
                                        {"until", required_argument, NULL, 'u'},
                                        {"seen", required_argument, NULL, 's'},
                                        {0}};
    sgp_options o;
    sgp_options_init(&o, "sign-on", sign_on_help);
    Sigap__V1__SignOnCrew ask = SIGAP__V1__SIGN_ON_CREW__INIT;
    char room[256], *crew[SGP_CREW_PER_UNIT];
    int c;
    ask.crew = crew;
    while ((c = sgp_options_next(&o, argc, argv, own)) != -1) {
        if (c == 'c' && !read_crew(&o, optarg, room, crew, &ask.n_crew))
            return o.exit_code;
        if (c == 'u' && !read_time(&o, "--until", optarg, sgp_wall_ms(), &ask.until_at_ms))
            return o.exit_code;
        if (c == 's' && !sgp_number_parse(optarg, UINT64_MAX, &ask.version))
            return sgp_usage(&o, "--seen is the number of a version, not '%s'", optarg);
    }
    if (!sgp_decision_count(&o, argc - optind, 1, 1) ||
        !sgp_option_text(&o, "the unit", argv[optind]))
        return o.exit_code;
    if (ask.n_crew == 0 && ask.until_at_ms == 0)
        return sgp_usage(&o, "who comes on? --crew, or --until for those who are on");
    ask.unit_code = argv[optind];
    char people[256] = "";
    for (size_t i = 0; i < ask.n_crew; i++)
        snprintf(people + strlen(people), sizeof people - strlen(people), "%s%s", i ? ", " : "",
                 crew[i]);
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    request.body_case = SIGAP__V1__FRAME__BODY_SIGN_ON_CREW;
    request.sign_on_crew = &ask;
    return sgp_decision_do(
        &o, &request,
        &(sgp_sentence){.key = ask.n_crew ? SGP_TEXT_DONE_SIGNED_ON : SGP_TEXT_DONE_STAYS_ON,
                        .unit = argv[optind],
                        .changes = people});
}

static const char sign_off_help[] =
    "sigap sign-off - a crew goes home\n"
    "\n"
    "USAGE\n"
    "  sigap sign-off UNIT\n"
    "\n"
    "DESCRIPTION\n"
    "  The unit is off duty and nobody is on it. Not in the middle of a job.\n"
    "\n" SGP_HELP_CONNECTION;

int app_sign_off(int argc, char **argv) {
    sgp_options o;
    sgp_options_init(&o, "sign-off", sign_off_help);
    if (!sgp_decision_operands(&o, argc, argv, 1, 1) ||
        !sgp_option_text(&o, "the unit", argv[optind]))
        return o.exit_code;
    Sigap__V1__SetDuty duty = SIGAP__V1__SET_DUTY__INIT;
    duty.unit_code = argv[optind];
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    request.body_case = SIGAP__V1__FRAME__BODY_SET_DUTY;
    request.set_duty = &duty;
    return sgp_decision_do(&o, &request,
                           &(sgp_sentence){.key = SGP_TEXT_UNIT_OFF_DUTY, .unit = argv[optind]});
}

/* ---- shift ----------------------------------------------------------------------------- */

static const char shift_help[] =
    "sigap shift - plan one shift by hand\n"
    "\n"
    "USAGE\n"
    "  sigap shift UNIT --from TIME --until TIME (--crew CODE,... | --nobody)\n"
    "  sigap shift UNIT --change NUMBER --from TIME --until TIME\n"
    "                   (--crew CODE,... | --nobody) [--seen VERSION]\n"
    "  sigap shift --remove NUMBER [--seen VERSION]\n"
    "\n"
    "DESCRIPTION\n"
    "  Stands before what the roster's file says of the unit for that time, also after\n"
    "  the file is read anew. --nobody: the unit is not manned then. It plans only; the\n"
    "  crew itself signs on.\n"
    "\n"
    "OPTIONS\n"
    "  --from TIME        07:00 (the next one), +90 (minutes from now) or\n"
    "                     2026-03-01T07:00\n"
    "  --until TIME       the same, counted from --from: 15:00 is the next one after it\n"
    "  --crew CODE,...    the people, at most 8\n"
    "  --nobody           the unit is not manned\n"
    "  --change NUMBER    instead of that shift\n"
    "  --remove NUMBER    what the file says holds again\n"
    "  --seen VERSION     refuse if somebody has changed it since this version\n"
    "\n" SGP_HELP_CONNECTION;

enum { FROM = 256, UNTIL, CREW, NOBODY, CHANGE, REMOVE, SEEN };
static const struct option shift_options[] = {
    {"from", required_argument, NULL, FROM},     {"until", required_argument, NULL, UNTIL},
    {"crew", required_argument, NULL, CREW},     {"nobody", no_argument, NULL, NOBODY},
    {"change", required_argument, NULL, CHANGE}, {"remove", required_argument, NULL, REMOVE},
    {"seen", required_argument, NULL, SEEN},     {0}};

typedef struct shift_asked {
    Sigap__V1__PlannedShift shift;
    Sigap__V1__RemoveShift remove;
    const char *from, *until;
    bool nobody;
    char room[256], *crew[SGP_CREW_PER_UNIT];
} shift_asked;

static bool read_shift_option(sgp_options *o, int option, shift_asked *a) {
    switch (option) {
    case FROM:
        a->from = optarg;
        return true;
    case UNTIL:
        a->until = optarg;
        return true;
    case CREW:
        return read_crew(o, optarg, a->room, a->crew, &a->shift.n_crew);
    case NOBODY:
        return a->nobody = true;
    case CHANGE:
        return sgp_decision_number(o, optarg, "a shift", &a->shift.id);
    case REMOVE:
        return sgp_decision_number(o, optarg, "a shift", &a->remove.id);
    default:
        a->shift.version = 0;
        if (!sgp_number_parse(optarg, UINT64_MAX, &a->remove.version))
            return wrong(o, sgp_usage(o, "--seen is the number of a version, not '%s'", optarg));
        a->shift.version = a->remove.version;
        return true;
    }
}

static bool check_shift(sgp_options *o, shift_asked *a) {
    if (a->remove.id != 0)
        return (a->from == NULL && a->until == NULL && !a->nobody && a->shift.n_crew == 0 &&
                a->shift.id == 0) ||
               wrong(o, sgp_usage(o, "only --seen goes with --remove"));
    if (a->from == NULL || a->until == NULL)
        return wrong(o, sgp_usage(o, "from when to when? --from and --until"));
    if (a->nobody == (a->shift.n_crew > 0))
        return wrong(o, sgp_usage(o, "one of --crew and --nobody"));
    return read_time(o, "--from", a->from, sgp_wall_ms(), &a->shift.from_at_ms) &&
           read_time(o, "--until", a->until, a->shift.from_at_ms, &a->shift.until_at_ms);
}

int app_shift(int argc, char **argv) {
    sgp_options o;
    sgp_options_init(&o, "shift", shift_help);
    shift_asked a = {.shift = SIGAP__V1__PLANNED_SHIFT__INIT,
                     .remove = SIGAP__V1__REMOVE_SHIFT__INIT};
    a.shift.crew = a.crew;
    int c;
    while ((c = sgp_options_next(&o, argc, argv, shift_options)) != -1)
        if (!read_shift_option(&o, c, &a))
            return o.exit_code;
    int operands = a.remove.id != 0 ? 0 : 1;
    if (!sgp_decision_count(&o, argc - optind, operands, operands) || !check_shift(&o, &a))
        return o.exit_code;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    if (a.remove.id != 0) {
        request.body_case = SIGAP__V1__FRAME__BODY_REMOVE_SHIFT;
        request.remove_shift = &a.remove;
        return sgp_decision_do(&o, &request,
                               &(sgp_sentence){.key = SGP_TEXT_DONE_SHIFT_REMOVED, .unit = ""});
    }
    if (!sgp_option_text(&o, "the unit", argv[optind]))
        return o.exit_code;
    a.shift.unit_code = argv[optind];
    request.body_case = SIGAP__V1__FRAME__BODY_SET_SHIFT;
    request.set_shift = &a.shift;
    char changes[384];
    sgp_shift_text(o.language, &a.shift, sgp_wall_ms(), changes, sizeof changes);
    return sgp_decision_do(
        &o, &request,
        &(sgp_sentence){.key = SGP_TEXT_DONE_SHIFT_SET, .unit = argv[optind], .changes = changes});
}

/* ---- shifts ----------------------------------------------------------------------------- */

static const char shifts_help[] =
    "sigap shifts - who is on, until when, and who comes next\n"
    "\n"
    "USAGE\n"
    "  sigap shifts [--unit UNIT] [--at TIME] [--json]\n"
    "\n"
    "DESCRIPTION\n"
    "  One line a unit that is manned or planned: who is on it since when and until\n"
    "  when, who is planned now (a number where a person planned it), who comes next,\n"
    "  and in red who is absent, late or past the end of the shift. With --at another\n"
    "  time: who is planned then.\n"
    "\n"
    "OPTIONS\n"
    "  --unit UNIT        only this one\n"
    "  --at TIME          07:00 (the next one), +90 or 2026-03-01T07:00\n"
    "\n" SGP_HELP_CONNECTION "  1 also where nobody is on or planned\n";

static void add_row(const sgp_options *o, sgp_sheet *sheet, const Sigap__V1__ShiftPage *page,
                    const Sigap__V1__ShiftPage__Row *row) {
    char text[384], remark[256];
    const Sigap__V1__SignedOn *on = row->signed_on;
    bool is_named = on != NULL && on->n_crew > 0;
    bool is_wrong = sgp_shift_remark(o->language, page, row, remark, sizeof remark);
    sgp_sheet_cell(sheet, SGP_BOLD, "%s", row->unit_code);
    if (is_named)
        sgp_sheet_cell(sheet, SGP_PLAIN, "%s",
                       sgp_crew_text(on->crew, on->n_crew, text, sizeof text));
    else
        sgp_sheet_cell(sheet, SGP_DIM, "%s",
                       row->on_duty ? sgp_text_get(o->language, SGP_TEXT_CREW_UNNAMED) : "-");
    sgp_sheet_cell(sheet, SGP_PLAIN, "%s",
                   sgp_shift_time(row->signed_on_at_ms, page->at_ms, text, sizeof text));
    sgp_sheet_cell(sheet, SGP_PLAIN, "%s",
                   sgp_shift_time(is_named ? on->until_at_ms : 0, page->at_ms, text, sizeof text));
    sgp_sheet_cell(sheet, row->planned != NULL ? SGP_PLAIN : SGP_DIM, "%s",
                   row->planned == NULL
                       ? "-"
                       : sgp_shift_text(o->language, row->planned, page->at_ms, text, sizeof text));
    sgp_sheet_cell(sheet, SGP_DIM, "%s",
                   row->next == NULL
                       ? "-"
                       : sgp_shift_text(o->language, row->next, page->at_ms, text, sizeof text));
    sgp_sheet_cell(sheet, is_wrong ? SGP_RED : SGP_PLAIN, "%s", remark);
}

static int show(const sgp_options *o, const Sigap__V1__ShiftPage *page) {
    size_t n = 0;
    const char *headers[] = {sgp_text_get(o->language, SGP_TEXT_COLUMN_UNIT),
                             sgp_text_get(o->language, SGP_TEXT_COLUMN_CREW),
                             sgp_text_get(o->language, SGP_TEXT_COLUMN_SINCE),
                             sgp_text_get(o->language, SGP_TEXT_COLUMN_UNTIL),
                             sgp_text_get(o->language, SGP_TEXT_COLUMN_PLANNED),
                             sgp_text_get(o->language, SGP_TEXT_COLUMN_NEXT),
                             sgp_text_get(o->language, SGP_TEXT_COLUMN_REMARK)};
    sgp_sheet *sheet;
    if (sgp_sheet_create(headers, 7, &sheet) != SGP_OK)
        return 3;
    for (size_t i = 0; i < page->n_rows; i++) {
        const Sigap__V1__ShiftPage__Row *row = page->rows[i];
        if (!row->on_duty && row->planned == NULL && row->next == NULL)
            continue;
        add_row(o, sheet, page, row);
        n++;
    }
    if (n > 0)
        sgp_sheet_print(sheet, stdout);
    else
        puts(sgp_text_get(o->language, SGP_TEXT_NO_SHIFTS));
    sgp_sheet_destroy(sheet);
    return n > 0 ? 0 : 1;
}

int app_shifts(int argc, char **argv) {
    static const struct option own[] = {
        {"unit", required_argument, NULL, 'u'}, {"at", required_argument, NULL, 'a'}, {0}};
    sgp_options o;
    sgp_options_init(&o, "shifts", shifts_help);
    Sigap__V1__ListShifts ask = SIGAP__V1__LIST_SHIFTS__INIT;
    int c;
    while ((c = sgp_options_next(&o, argc, argv, own)) != -1) {
        if (c == 'u' && !sgp_option_text(&o, "--unit", ask.unit_code = optarg))
            return o.exit_code;
        if (c == 'a' && !read_time(&o, "--at", optarg, sgp_wall_ms(), &ask.at_ms))
            return o.exit_code;
    }
    if (!sgp_decision_count(&o, argc - optind, 0, 0))
        return o.exit_code;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT, *reply;
    request.body_case = SIGAP__V1__FRAME__BODY_LIST_SHIFTS;
    request.list_shifts = &ask;
    int exit_code = sgp_options_ask(&o, &request, SIGAP__V1__FRAME__BODY_SHIFT_PAGE, &reply);
    if (exit_code != 0)
        return exit_code;
    exit_code =
        o.json ? sgp_print_message_json(&reply->shift_page->base) : show(&o, reply->shift_page);
    sigap__v1__frame__free_unpacked(reply, NULL);
    return exit_code;
}
