/* `sigap coverage`: minutes to every kelurahan as units stand now, and which moves would help. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apps/apps.h"
#include "apps/options.h"
#include "apps/print.h"
#include "serve/proto_json.h"

static const char help[] =
    "sigap coverage - how the free units cover the city\n"
    "\n"
    "USAGE\n"
    "  sigap coverage [--all] [--in NAME] [--moves N] [--json]\n"
    "\n"
    "DESCRIPTION\n"
    "  For every kelurahan (or kecamatan, where the map has no more): how long the\n"
    "  nearest free unit would take, turnout included, on average over its streets and\n"
    "  to its furthest part; how much of it is reached in time; and which unit is\n"
    "  nearest. The worst first; without --all the 15 worst.\n"
    "\n"
    "  Then which free ambulances would better wait elsewhere, and what each move adds\n"
    "  to the expected coverage of the city (MEXCLP: a second unit in reach counts as\n"
    "  much as the first one is busy). Nothing is ordered: a dispatcher decides.\n"
    "  Where coverage has fallen, the engine tells the best moves by itself to whoever\n"
    "  watches (sigap watch); what stands of them is shown last.\n"
    "\n"
    "  A place counts by its metres of street, not by people.\n"
    "\n"
    "OPTIONS\n"
    "  --all              every kelurahan\n"
    "  --in NAME          only of this kecamatan, kabupaten or kota\n"
    "  --moves N          advise at most N moves, 1 to 20 (default 5)\n"
    "\n" SGP_HELP_CONNECTION;

enum { OPTION_ALL = 256, OPTION_IN, OPTION_MOVES, WORST = 15, MOVES_MAX = 20 };
static const struct option own_options[] = {{"all", no_argument, NULL, OPTION_ALL},
                                            {"in", required_argument, NULL, OPTION_IN},
                                            {"moves", required_argument, NULL, OPTION_MOVES},
                                            {0}};

/* Worst first: least within the target, then the longest way. */
static int by_need(const void *left, const void *right) {
    const Sigap__V1__AreaCoverage *a = *(Sigap__V1__AreaCoverage *const *)left;
    const Sigap__V1__AreaCoverage *b = *(Sigap__V1__AreaCoverage *const *)right;
    if (a->within_ppm != b->within_ppm)
        return a->within_ppm < b->within_ppm ? -1 : 1;
    int64_t a_ms = a->mean_ms < 0 ? INT64_MAX : a->mean_ms;
    int64_t b_ms = b->mean_ms < 0 ? INT64_MAX : b->mean_ms;
    return (a_ms < b_ms) - (a_ms > b_ms);
}

static bool is_in(const Sigap__V1__AreaCoverage *area, const char *name) {
    return name == NULL || strcasecmp(area->kecamatan, name) == 0 ||
           strcasecmp(area->kabupaten, name) == 0;
}

static void add_minutes(sgp_sheet *sheet, int64_t ms, int64_t target_ms) {
    if (ms < 0)
        sgp_sheet_cell(sheet, SGP_RED, "-");
    else
        sgp_sheet_cell(sheet, ms > target_ms ? SGP_YELLOW : SGP_PLAIN, "%.1f", (double)ms / 60000);
}

static sgp_err print_areas(const sgp_options *o, const Sigap__V1__Coverage *coverage,
                           const char *in, size_t most) {
    char within[64], minutes[24];
    snprintf(minutes, sizeof minutes, "%g", (double)coverage->target_ms / 60000);
    sgp_text_fill(within, sizeof within, o->language, SGP_TEXT_COLUMN_WITHIN, "minutes", minutes,
                  NULL);
    const char *headers[] = {sgp_text_get(o->language, SGP_TEXT_COLUMN_KELURAHAN),
                             sgp_text_get(o->language, SGP_TEXT_COLUMN_DISTRICT),
                             sgp_text_get(o->language, SGP_TEXT_COLUMN_MEAN_MINUTES),
                             sgp_text_get(o->language, SGP_TEXT_COLUMN_WORST_MINUTES),
                             within,
                             sgp_text_get(o->language, SGP_TEXT_COLUMN_UNIT)};
    sgp_sheet *sheet = NULL;
    sgp_err err = sgp_sheet_create(headers, 6, &sheet);
    size_t shown = 0;
    for (size_t i = 0; i < coverage->n_areas && shown < most && err == SGP_OK; i++) {
        const Sigap__V1__AreaCoverage *area = coverage->areas[i];
        if (!is_in(area, in))
            continue;
        shown++;
        sgp_sheet_cell(sheet, SGP_BOLD, "%s", *area->kelurahan != '\0' ? area->kelurahan : "-");
        sgp_sheet_cell(sheet, SGP_PLAIN, "%s%s%s", area->kecamatan,
                       *area->kecamatan != '\0' && *area->kabupaten != '\0' ? ", " : "",
                       area->kabupaten);
        add_minutes(sheet, area->mean_ms, coverage->target_ms);
        add_minutes(sheet, area->worst_ms, coverage->target_ms);
        sgp_sheet_cell(sheet, area->within_ppm < 500000 ? SGP_RED : SGP_PLAIN, "%.0f %%",
                       area->within_ppm / 1e4);
        sgp_sheet_cell(sheet, SGP_PLAIN, "%s", *area->unit_code != '\0' ? area->unit_code : "-");
    }
    if (err == SGP_OK && shown > 0)
        sgp_sheet_print(sheet, stdout);
    else if (err == SGP_OK)
        puts(sgp_text_get(o->language, SGP_TEXT_NOTHING_FOUND));
    sgp_sheet_destroy(sheet);
    return err;
}

static void print_summary(const sgp_options *o, const Sigap__V1__Coverage *coverage) {
    char text[512], units[24], stale[24], minutes[24], reached[24], expected[24];
    snprintf(units, sizeof units, "%u", coverage->free_units);
    snprintf(stale, sizeof stale, "%u", coverage->stale_units);
    snprintf(minutes, sizeof minutes, "%g", (double)coverage->target_ms / 60000);
    snprintf(reached, sizeof reached, "%.1f", coverage->reached_ppm / 1e4);
    snprintf(expected, sizeof expected, "%.1f", coverage->expected_ppm / 1e4);
    puts(sgp_text_fill(text, sizeof text, o->language, SGP_TEXT_COVERAGE_NOW, "units", units,
                       "minutes", minutes, "reached", reached, "expected", expected, NULL));
    if (coverage->stale_units > 0)
        puts(sgp_text_fill(text, sizeof text, o->language, SGP_TEXT_COVERAGE_STALE, "units", stale,
                           NULL));
}

static void print_moves(const sgp_options *o, const Sigap__V1__Coverage *coverage) {
    char text[1024], minutes[24], gain[24], after[24];
    for (size_t i = 0; i < coverage->n_moves; i++) {
        const Sigap__V1__MoveUp *move = coverage->moves[i];
        snprintf(minutes, sizeof minutes, "%.0f", (double)move->drive_ms / 60000);
        snprintf(gain, sizeof gain, "%.2f", move->gain_ppm / 1e4);
        puts(sgp_text_fill(text, sizeof text, o->language, SGP_TEXT_COVERAGE_MOVE, "unit",
                           move->unit_code, "from", move->from_station, "to", move->to_station,
                           "minutes", minutes, "gain", gain, NULL));
    }
    snprintf(after, sizeof after, "%.1f", coverage->moved_ppm / 1e4);
    puts(coverage->n_moves > 0 ? sgp_text_fill(text, sizeof text, o->language,
                                               SGP_TEXT_COVERAGE_AFTER, "expected", after, NULL)
                               : sgp_text_get(o->language, SGP_TEXT_COVERAGE_NO_MOVE));
}

/* What was told unasked, and stands. */
static void print_told(const sgp_options *o, const Sigap__V1__Coverage *coverage) {
    char text[1024], ago[32], gain[24];
    for (size_t i = 0; i < coverage->n_told; i++) {
        const Sigap__V1__MoveUpAdvice *told = coverage->told[i];
        if (told->move == NULL)
            continue;
        sgp_duration_text(o->language, coverage->at_ms - told->told_at_ms, ago, sizeof ago);
        snprintf(gain, sizeof gain, "%.1f", told->move->gain_ppm / 1e4);
        puts(sgp_text_fill(text, sizeof text, o->language, SGP_TEXT_COVERAGE_TOLD, "time", ago,
                           "unit", told->move->unit_code, "from", told->move->from_station, "to",
                           told->move->to_station, "gain", gain, NULL));
    }
}

static int print_all(const sgp_options *o, Sigap__V1__Coverage *coverage, const char *in,
                     size_t most) {
    qsort(coverage->areas, coverage->n_areas, sizeof(Sigap__V1__AreaCoverage *), by_need);
    sgp_err err = print_areas(o, coverage, in, most);
    if (err != SGP_OK) {
        sgp_fault fault;
        (void)sgp_fail(&fault, err, "%s", sgp_err_message(err));
        return sgp_complain(o, &fault);
    }
    putchar('\n');
    print_summary(o, coverage);
    print_moves(o, coverage);
    print_told(o, coverage);
    return 0;
}

int app_coverage(int argc, char **argv) {
    sgp_options o;
    sgp_options_init(&o, "coverage", help);
    const char *in = NULL;
    size_t most = WORST;
    uint64_t moves = 0;
    int c;
    while ((c = sgp_options_next(&o, argc, argv, own_options)) != -1) {
        if (c == OPTION_ALL)
            most = SIZE_MAX;
        else if (c == OPTION_IN)
            in = optarg;
        else if (!sgp_number_parse(optarg, MOVES_MAX, &moves) || moves == 0)
            return sgp_usage(&o, "--moves is a number from 1 to %d, not '%s'", MOVES_MAX, optarg);
    }
    if (o.ended)
        return o.exit_code;
    if (optind < argc)
        return sgp_usage(&o, "no operands are expected, not '%s'", argv[optind]);
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT, *reply = NULL;
    Sigap__V1__AskCoverage ask = SIGAP__V1__ASK_COVERAGE__INIT;
    ask.moves = (uint32_t)moves;
    request.body_case = SIGAP__V1__FRAME__BODY_ASK_COVERAGE;
    request.ask_coverage = &ask;
    int code = sgp_options_ask(&o, &request, SIGAP__V1__FRAME__BODY_COVERAGE, &reply);
    if (code != 0)
        return code;
    code = o.json ? sgp_print_message_json(&reply->coverage->base)
                  : print_all(&o, reply->coverage, in, in != NULL ? SIZE_MAX : most);
    sigap__v1__frame__free_unpacked(reply, NULL);
    return code;
}
