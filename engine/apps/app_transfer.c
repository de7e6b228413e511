/* Patients from hospital to hospital: transfer, transfers. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "apps/apps.h"
#include "apps/clock_option.h"
#include "apps/decision.h"
#include "apps/print.h"
#include "base/clock.h"
#include "serve/proto_json.h"
#include "sigap/core.h"
#include "sigap/plan.h"

/* ---- transfer ---------------------------------------------------------------------- */

static const char transfer_help[] =
    "sigap transfer - take a patient from one hospital to another, now or later\n"
    "\n"
    "USAGE\n"
    "  sigap transfer FROM TO [--at TIME] [--return-at TIME] [--unit CODE]\n"
    "                 [--kinds KIND,...] [--skills SKILL,...] [--priority P]\n"
    "                 [--complaint CODE]\n"
    "  sigap transfer --change NUMBER [--at TIME] [--unit CODE | --no-unit]\n"
    "                 [--seen VERSION]\n"
    "  sigap transfer --cancel NUMBER [--reason TEXT] [--seen VERSION]\n"
    "\n"
    "DESCRIPTION\n"
    "  FROM and TO are hospitals. Without --at it is an incident at once. One for\n"
    "  later is nobody's job until it is time to leave: turnout, way by road and a\n"
    "  margin (rules.transfer_margin_min) before the patient is ready. The engine\n"
    "  estimates that again a quarter of an hour before, then opens an incident with\n"
    "  its destination fixed.\n"
    "\n"
    "  A unit may be pencilled in. It stays free, goes to P1 and P2 as ever, is kept\n"
    "  from P3 and P4 within the last rules.transfer_keep_min, and goes first when the\n"
    "  transfer is due. `sigap transfers` shows what speaks against it.\n"
    "\n"
    "  TIME is 14:30 (the next one), +90 (minutes from now) or 2026-03-01T14:30, in\n"
    "  this machine's time zone.\n"
    "\n"
    "OPTIONS\n"
    "  --at TIME          when the patient is ready (default: now)\n"
    "  --return-at TIME   and back from there then: a second transfer\n"
    "  --unit CODE        pencil in this unit\n"
    "  --no-unit          with --change: nobody is pencilled in any more\n"
    "  --kinds KIND,...   any of these (default ambulance_basic,ambulance_advanced)\n"
    "  --skills SKILL,... a crew with all of these\n"
    "  --priority P1..P4  default: by the complaint, P4\n"
    "  --complaint CODE   default: transfer\n"
    "  --change NUMBER    another time or unit for a planned one\n"
    "  --cancel NUMBER    a planned one, or a due one whose patient is not on board\n"
    "  --reason TEXT      why it is cancelled\n"
    "  --seen VERSION     refuse if somebody has changed it since this version\n"
    "\n" SGP_HELP_CONNECTION;

enum {
    AT = 256,
    RETURN_AT,
    UNIT,
    NO_UNIT,
    KINDS,
    SKILLS,
    PRIORITY,
    COMPLAINT,
    CHANGE,
    CANCEL,
    REASON,
    SEEN
};
static const struct option transfer_options[] = {{"at", required_argument, NULL, AT},
                                                 {"return-at", required_argument, NULL, RETURN_AT},
                                                 {"unit", required_argument, NULL, UNIT},
                                                 {"no-unit", no_argument, NULL, NO_UNIT},
                                                 {"kinds", required_argument, NULL, KINDS},
                                                 {"skills", required_argument, NULL, SKILLS},
                                                 {"priority", required_argument, NULL, PRIORITY},
                                                 {"complaint", required_argument, NULL, COMPLAINT},
                                                 {"change", required_argument, NULL, CHANGE},
                                                 {"cancel", required_argument, NULL, CANCEL},
                                                 {"reason", required_argument, NULL, REASON},
                                                 {"seen", required_argument, NULL, SEEN},
                                                 {0}};

/* Everything that the options say, in the messages that they are for. */
typedef struct asked {
    Sigap__V1__AskTransfer ask;
    Sigap__V1__ChangeTransfer change;
    Sigap__V1__CancelTransfer cancel;
    Sigap__V1__UnitKind kinds[SGP_UNIT_KINDS];
    int what;       /* CHANGE, CANCEL, or 0: a new one */
    uint64_t given; /* bit 1 << (option - AT) */
} asked;

static bool wrong(sgp_options *o, int exit_code) {
    o->ended = true;
    o->exit_code = exit_code;
    return false;
}

static bool read_time(sgp_options *o, const char *option, int64_t *wall_ms) {
    return sgp_clock_parse(optarg, sgp_wall_ms(), false, wall_ms) ||
           wrong(o, sgp_usage(o, "%s: '%s' is not a time such as 14:30, +90 or 2026-03-01T14:30",
                              option, optarg));
}

static bool read_option(sgp_options *o, int option, asked *a) {
    a->given |= UINT64_C(1) << (option - AT);
    switch (option) {
    case AT:
        return read_time(o, "--at", &a->ask.pick_up_at_ms);
    case RETURN_AT:
        return read_time(o, "--return-at", &a->ask.return_at_ms);
    case UNIT:
        a->ask.unit_code = optarg;
        return sgp_option_text(o, "--unit", optarg);
    case NO_UNIT:
        return true;
    case KINDS:
        a->ask.n_kinds = 0;
        return sgp_decision_kinds(o, optarg, a->kinds, &a->ask.n_kinds);
    case SKILLS:
        return sgp_decision_skills(o, optarg, &a->ask.skills);
    case PRIORITY:
        a->ask.priority = (Sigap__V1__Priority)sgp_priority_parse(optarg);
        return a->ask.priority != 0 ||
               wrong(o, sgp_usage(o, "--priority is P1, P2, P3 or P4, not '%s'", optarg));
    case COMPLAINT:
        a->ask.complaint = optarg;
        return sgp_option_text(o, "--complaint", optarg);
    case CHANGE:
    case CANCEL:
        if (a->what != 0)
            return wrong(o, sgp_usage(o, "one of --change and --cancel, once"));
        a->what = option;
        return sgp_decision_number(o, optarg, "a transfer", &a->change.transfer_id);
    case REASON:
        a->cancel.reason = optarg;
        return sgp_option_text(o, "--reason", optarg);
    default:
        return sgp_number_parse(optarg, UINT64_MAX, &a->change.version) ||
               wrong(o, sgp_usage(o, "--seen is the number of a version, not '%s'", optarg));
    }
}

/* Options that say nothing for what is asked are mistakes. */
static bool check_options(sgp_options *o, const asked *a) {
    static const struct {
        int what;
        uint64_t may;
    } rows[] = {
        {0, 1u << (AT - AT) | 1u << (RETURN_AT - AT) | 1u << (UNIT - AT) | 1u << (KINDS - AT) |
                1u << (SKILLS - AT) | 1u << (PRIORITY - AT) | 1u << (COMPLAINT - AT)},
        {CHANGE, 1u << (CHANGE - AT) | 1u << (AT - AT) | 1u << (UNIT - AT) | 1u << (NO_UNIT - AT) |
                     1u << (SEEN - AT)},
        {CANCEL, 1u << (CANCEL - AT) | 1u << (REASON - AT) | 1u << (SEEN - AT)},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int option = AT; rows[i].what == a->what && option <= SEEN; option++)
            if (a->given >> (option - AT) & 1u && !(rows[i].may >> (option - AT) & 1u))
                return wrong(o, sgp_usage(o, "--%s does not go with %s",
                                          transfer_options[option - AT].name,
                                          a->what == CHANGE   ? "--change"
                                          : a->what == CANCEL ? "--cancel"
                                                              : "a new transfer"));
    if (a->what == CHANGE && a->given >> (UNIT - AT) & 1u && a->given >> (NO_UNIT - AT) & 1u)
        return wrong(o, sgp_usage(o, "--unit or --no-unit, not both"));
    if (a->what == CHANGE &&
        !(a->given & (1u << (AT - AT) | 1u << (UNIT - AT) | 1u << (NO_UNIT - AT))))
        return wrong(o, sgp_usage(o, "what is to be changed? --at, --unit or --no-unit"));
    return true;
}

static int send_change(sgp_options *o, asked *a) {
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    request.body_case = SIGAP__V1__FRAME__BODY_CHANGE_TRANSFER;
    request.change_transfer = &a->change;
    a->change.pick_up_at_ms = a->ask.pick_up_at_ms;
    a->change.other_unit = (a->given & (1u << (UNIT - AT) | 1u << (NO_UNIT - AT))) != 0;
    a->change.unit_code = a->ask.unit_code;
    return sgp_decision_do(o, &request,
                           &(sgp_sentence){.key = SGP_TEXT_DONE_TRANSFER_CHANGED, .unit = ""});
}

static int send_cancel(sgp_options *o, asked *a) {
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    request.body_case = SIGAP__V1__FRAME__BODY_CANCEL_TRANSFER;
    request.cancel_transfer = &a->cancel;
    a->cancel.transfer_id = a->change.transfer_id;
    a->cancel.version = a->change.version;
    return sgp_decision_do(o, &request,
                           &(sgp_sentence){.key = SGP_TEXT_DONE_TRANSFER_CANCELLED, .unit = ""});
}

static int send_ask(sgp_options *o, asked *a, char **operands) {
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    request.body_case = SIGAP__V1__FRAME__BODY_ASK_TRANSFER;
    request.ask_transfer = &a->ask;
    a->ask.from_code = operands[0];
    a->ask.to_code = operands[1];
    if (!sgp_option_text(o, "the hospital", operands[0]) ||
        !sgp_option_text(o, "the hospital", operands[1]))
        return o->exit_code;
    char changes[512];
    snprintf(changes, sizeof changes, "%s → %s", operands[0], operands[1]);
    return sgp_decision_do(o, &request,
                           &(sgp_sentence){.key = a->ask.pick_up_at_ms
                                                      ? SGP_TEXT_DONE_TRANSFER_PLANNED
                                                      : SGP_TEXT_DONE_TRANSFER,
                                           .unit = "",
                                           .changes = changes});
}

int app_transfer(int argc, char **argv) {
    sgp_options o;
    sgp_options_init(&o, "transfer", transfer_help);
    asked a = {.ask = SIGAP__V1__ASK_TRANSFER__INIT,
               .change = SIGAP__V1__CHANGE_TRANSFER__INIT,
               .cancel = SIGAP__V1__CANCEL_TRANSFER__INIT};
    a.ask.kinds = a.kinds;
    int c;
    while ((c = sgp_options_next(&o, argc, argv, transfer_options)) != -1)
        if (!read_option(&o, c, &a))
            return o.exit_code;
    if (!sgp_decision_count(&o, argc - optind, a.what ? 0 : 2, a.what ? 0 : 2) ||
        !check_options(&o, &a))
        return o.exit_code;
    return a.what == CHANGE   ? send_change(&o, &a)
           : a.what == CANCEL ? send_cancel(&o, &a)
                              : send_ask(&o, &a, argv + optind);
}

/* ---- transfers --------------------------------------------------------------------- */

static const char transfers_help[] =
    "sigap transfers - patients to be taken from hospital to hospital\n"
    "\n"
    "USAGE\n"
    "  sigap transfers [--all] [--json]\n"
    "\n"
    "DESCRIPTION\n"
    "  One line each: number, state, from, to, when the patient is ready, when a unit\n"
    "  must leave at the latest (as estimated), who is pencilled in, the incident once\n"
    "  it is due, and in red what speaks against it.\n"
    "\n"
    "OPTIONS\n"
    "  --all              also those that are over\n"
    "\n" SGP_HELP_CONNECTION "  1 also where there is none\n";

/* "14:30", with the day where it is not today. */
static void short_time(int64_t wall_ms, int64_t now_ms, char out[32]) {
    time_t seconds = (time_t)(wall_ms / 1000), now = (time_t)(now_ms / 1000);
    struct tm parts, today;
    strcpy(out, "-");
    if (wall_ms <= 0 || localtime_r(&seconds, &parts) == NULL || localtime_r(&now, &today) == NULL)
        return;
    bool same = parts.tm_yday == today.tm_yday && parts.tm_year == today.tm_year;
    strftime(out, 32, same ? "%H:%M" : "%d-%m %H:%M", &parts);
}

static void add_row(const sgp_options *o, sgp_sheet *sheet, const Sigap__V1__Transfer *row,
                    int64_t now_ms) {
    char ready[32], leave[32], against[256] = "";
    short_time(row->pick_up_at_ms, now_ms, ready);
    int64_t leave_at_ms = row->pick_up_at_ms - row->lead_ms;
    short_time(leave_at_ms > row->asked_at_ms ? leave_at_ms : row->asked_at_ms, now_ms, leave);
    for (size_t i = 0; i < row->n_conflicts; i++)
        snprintf(against + strlen(against), sizeof against - strlen(against), "%s%s",
                 i > 0 ? ", " : "",
                 sgp_transfer_conflict_text(o->language, (int)row->conflicts[i]));
    bool over = row->state > SIGAP__V1__TRANSFER_STATE__TRANSFER_DUE;
    sgp_sheet_cell(sheet, SGP_BOLD, "%" PRIu64, row->id);
    sgp_sheet_cell(sheet, over ? SGP_DIM : SGP_PLAIN, "%s",
                   sgp_transfer_state_text(o->language, (int)row->state));
    sgp_sheet_cell(sheet, SGP_PLAIN, "%s", sgp_priority_text(o->language, (int)row->priority));
    sgp_sheet_cell(sheet, SGP_PLAIN, "%s", row->from_code);
    sgp_sheet_cell(sheet, SGP_PLAIN, "%s", row->to_code);
    sgp_sheet_cell(sheet, SGP_PLAIN, "%s", ready);
    sgp_sheet_cell(sheet, SGP_PLAIN, "%s", leave);
    sgp_sheet_cell(sheet, SGP_PLAIN, "%s", row->unit_code[0] != '\0' ? row->unit_code : "-");
    if (row->incident_id != 0)
        sgp_sheet_cell(sheet, SGP_PLAIN, "#%" PRIu64, row->incident_id);
    else
        sgp_sheet_cell(sheet, SGP_DIM, "-");
    sgp_sheet_cell(sheet, SGP_RED, "%s", over ? row->reason : against);
}

static int show(sgp_options *o, const Sigap__V1__TransferPage *page) {
    if (o->json) {
        int printed = sgp_print_message_json(&page->base);
        return printed != 0 ? printed : page->n_transfers > 0 ? 0 : 1;
    }
    if (page->n_transfers == 0) {
        puts(sgp_text_get(o->language, SGP_TEXT_NO_TRANSFERS));
        return 1;
    }
    const char *headers[] = {sgp_text_get(o->language, SGP_TEXT_COLUMN_NUMBER),
                             sgp_text_get(o->language, SGP_TEXT_COLUMN_STATE),
                             sgp_text_get(o->language, SGP_TEXT_COLUMN_PRIORITY),
                             sgp_text_get(o->language, SGP_TEXT_COLUMN_FROM),
                             sgp_text_get(o->language, SGP_TEXT_COLUMN_TO),
                             sgp_text_get(o->language, SGP_TEXT_COLUMN_READY),
                             sgp_text_get(o->language, SGP_TEXT_COLUMN_LEAVE_BY),
                             sgp_text_get(o->language, SGP_TEXT_COLUMN_UNIT),
                             sgp_text_get(o->language, SGP_TEXT_COLUMN_INCIDENT),
                             sgp_text_get(o->language, SGP_TEXT_COLUMN_AGAINST)};
    sgp_sheet *sheet;
    if (sgp_sheet_create(headers, 10, &sheet) != SGP_OK)
        return 3;
    for (size_t i = 0; i < page->n_transfers; i++)
        add_row(o, sheet, page->transfers[i], page->now_ms);
    sgp_sheet_print(sheet, stdout);
    sgp_sheet_destroy(sheet);
    return 0;
}

int app_transfers(int argc, char **argv) {
    static const struct option own[] = {{"all", no_argument, NULL, 'a'}, {0}};
    sgp_options o;
    sgp_options_init(&o, "transfers", transfers_help);
    Sigap__V1__ListTransfers ask = SIGAP__V1__LIST_TRANSFERS__INIT;
    ask.limit = 500;
    while (sgp_options_next(&o, argc, argv, own) != -1)
        ask.include_over = true;
    if (!sgp_decision_count(&o, argc - optind, 0, 0))
        return o.exit_code;
    enum { PAGES_MAX = 8 };
    Sigap__V1__Frame *replies[PAGES_MAX];
    Sigap__V1__Transfer *rows[PAGES_MAX * 500];
    Sigap__V1__TransferPage all = SIGAP__V1__TRANSFER_PAGE__INIT;
    all.transfers = rows;
    size_t n = 0;
    int exit_code = 0;
    do {
        Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
        request.body_case = SIGAP__V1__FRAME__BODY_LIST_TRANSFERS;
        request.list_transfers = &ask;
        exit_code =
            sgp_options_ask(&o, &request, SIGAP__V1__FRAME__BODY_TRANSFER_PAGE, &replies[n]);
        if (exit_code != 0)
            break;
        const Sigap__V1__TransferPage *page = replies[n++]->transfer_page;
        for (size_t i = 0; i < page->n_transfers && i < 500; i++)
            rows[all.n_transfers++] = page->transfers[i];
        all.now_ms = page->now_ms;
        ask.after_id = page->next_after_id;
    } while (ask.after_id != 0 && n < PAGES_MAX);
    if (exit_code == 0)
        exit_code = show(&o, &all);
    for (size_t i = 0; i < n; i++)
        sigap__v1__frame__free_unpacked(replies[i], NULL);
    return exit_code;
}
