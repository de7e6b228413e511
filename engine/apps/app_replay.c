/* `sigap replay`: past or made-up calls through the very core that runs live. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apps/apps.h"
#include "apps/replay_exact.h"
#include "apps/replay_plan.h"
#include "apps/report_files.h"

static const char help[] =
    "sigap replay - play calls again: another policy, another fleet, other roads\n"
    "\n"
    "USAGE\n"
    "  sigap replay CALLS.csv|SCENARIO.conf --config sigap.conf [OPTIONS]\n"
    "  sigap replay JOURNAL\n"
    "  sigap replay JOURNAL --config sigap.conf --policy P... [OPTIONS]\n"
    "  sigap replay CALLS.csv --fit PATTERN.conf\n"
    "\n"
    "DESCRIPTION\n"
    "  A journal alone is replayed exactly: every recorded event goes through the core\n"
    "  again with the road times of then, and every effect is compared with what the\n"
    "  journal says it was. Stops at the first difference and says which (exit 1).\n"
    "  Needs nothing but the file, which the engine may be writing.\n"
    "\n"
    "  Calls, a scenario, or a journal's calls with --policy, are played as what-if:\n"
    "  through the same code that dispatches live, with crews and callers played by\n"
    "  the program, and exact road times of each hour. What history does not tell\n"
    "  (turnout, time on scene, handover) is drawn; every policy meets the same\n"
    "  chance. No engine need run, and nothing is changed anywhere.\n"
    "\n"
    "  CALLS.csv has a first line that names the columns: time, lon, lat and, where\n"
    "  they are known, complaint, priority, scene_s, transport, outcome, id. Scenarios\n"
    "  of Malang lie in engine/replay/scenarios, where their form is explained.\n"
    "  Rows whose column kind says transfer are patients from hospital to hospital:\n"
    "  columns from and to (codes of the configuration), pick_up, needs; then lon and\n"
    "  lat may be empty.\n"
    "\n"
    "OPTIONS\n"
    "  --config FILE      the engine's configuration: city, fleet, hospitals, clocks\n"
    "  --graph FILE       another road graph than the configuration's\n"
    "  --week-table FILE  traffic by hour (default: the configuration's)\n"
    "  --policy NAME      closest, closest_with_diversion, joint or coverage_aware;\n"
    "                     again for each one to compare (default: the configuration's)\n"
    "  --follow-moves     play each policy a second time with move-up advice followed, by\n"
    "                     the configuration's rule (group coverage, advice_...)\n"
    "  --clicks           a dispatcher orders where the configuration wants a click;\n"
    "                     without it the best unit is ordered at once for all\n"
    "  --seed N           of what is drawn (default 112)\n"
    "  --replications N   so often, with seeds N, N + 1, ... (default 1, at most 1000);\n"
    "                     half-widths are of 95 %; of past calls they tell only of the\n"
    "                     chance in what was not recorded, not of other weeks or years\n"
    "  --demand K         of a scenario: K times the calls (default 1)\n"
    "  --move STATION=LON,LAT   and\n"
    "  --without UNIT     and\n"
    "  --close LON,LAT,METRES   play each policy a second time so changed, to compare:\n"
    "                     a station elsewhere, a unit less, roads around a point closed\n"
    "  --shifts FILE      and so changed: units that FILE names (CSV: unit, from, until;\n"
    "                     times as in the roster's file) are there in these shifts only.\n"
    "                     Without it the configuration's roster holds, if it has one\n"
    "  --fit FILE         write the pattern of the calls (hours, kinds, places) and end\n"
    "  --calls FILE       write the calls of the first replication as CSV\n" SGP_HELP_REPORT_FILES
    "  --json             one object\n"
    "  --language id|en   language of the output (SIGAP_LANGUAGE; default id)\n"
    "  --help             show this\n"
    "\n"
    "EXIT CODES\n"
    "  0 done, 1 the replay differs, 2 usage or input error, 3 environment\n";

enum {
    OPTION_CONFIG = 256,
    OPTION_GRAPH,
    OPTION_WEEK,
    OPTION_POLICY,
    OPTION_CLICKS,
    OPTION_FOLLOW_MOVES,
    OPTION_SEED,
    OPTION_REPLICATIONS,
    OPTION_DEMAND,
    OPTION_MOVE,
    OPTION_WITHOUT,
    OPTION_CLOSE,
    OPTION_SHIFTS,
    OPTION_FIT,
    OPTION_CALLS
};
static const struct option own_options[] = {
    {"config", required_argument, NULL, OPTION_CONFIG},
    {"graph", required_argument, NULL, OPTION_GRAPH},
    {"week-table", required_argument, NULL, OPTION_WEEK},
    {"policy", required_argument, NULL, OPTION_POLICY},
    {"clicks", no_argument, NULL, OPTION_CLICKS},
    {"follow-moves", no_argument, NULL, OPTION_FOLLOW_MOVES},
    {"seed", required_argument, NULL, OPTION_SEED},
    {"replications", required_argument, NULL, OPTION_REPLICATIONS},
    {"demand", required_argument, NULL, OPTION_DEMAND},
    {"move", required_argument, NULL, OPTION_MOVE},
    {"without", required_argument, NULL, OPTION_WITHOUT},
    {"close", required_argument, NULL, OPTION_CLOSE},
    {"shifts", required_argument, NULL, OPTION_SHIFTS},
    {"fit", required_argument, NULL, OPTION_FIT},
    {"calls", required_argument, NULL, OPTION_CALLS},
    SGP_OPTIONS_REPORT_FILES,
    {0}};

typedef struct asked {
    sgp_options o;
    sgp_replay_plan plan;
    const char *fit_path;
    sgp_report_files files;
    uint64_t events;
    double seconds;
} asked;

static int read_option(asked *a, int c) {
    sgp_replay_plan *plan = &a->plan;
    uint64_t number;
    sgp_fault fault = {0};
    sgp_err err = SGP_OK;
    if (sgp_report_files_option(&a->files, c, optarg, &err, &fault))
        return err ? sgp_usage(&a->o, "%s", fault.text) : 0;
    switch (c) {
    case OPTION_CONFIG:
        plan->config = optarg;
        break;
    case OPTION_GRAPH:
        plan->graph_path = optarg;
        break;
    case OPTION_WEEK:
        plan->week_path = optarg;
        break;
    case OPTION_POLICY:
        err = sgp_replay_plan_policy(plan, optarg, &fault);
        break;
    case OPTION_CLICKS:
        plan->clicks = true;
        break;
    case OPTION_FOLLOW_MOVES:
        plan->follow_moves = true;
        break;
    case OPTION_SEED:
        if (!sgp_number_parse(optarg, UINT64_MAX, &plan->seed))
            return sgp_usage(&a->o, "--seed wants a whole number, not \"%s\"", optarg);
        break;
    case OPTION_REPLICATIONS:
        if (!sgp_number_parse(optarg, SGP_REPLICATIONS_MAX, &number) || number == 0)
            return sgp_usage(&a->o, "--replications wants 1 to %d, not \"%s\"",
                             SGP_REPLICATIONS_MAX, optarg);
        plan->replications = (uint32_t)number;
        break;
    case OPTION_DEMAND: {
        char *end;
        double demand = strtod(optarg, &end);
        if (end == optarg || *end || !(demand > 0 && demand <= 1000))
            return sgp_usage(&a->o, "--demand wants a number up to 1000, not \"%s\"", optarg);
        plan->demand_permille = (int32_t)lround(demand * 1000);
        break;
    }
    case OPTION_MOVE:
        err = sgp_replay_plan_move(plan, optarg, &fault);
        break;
    case OPTION_WITHOUT:
        err = sgp_replay_plan_without(plan, optarg, &fault);
        break;
    case OPTION_CLOSE:
        err = sgp_replay_plan_close(plan, optarg, &fault);
        break;
    case OPTION_SHIFTS:
        plan->shifts_path = optarg;
        break;
    case OPTION_FIT:
        a->fit_path = optarg;
        break;
    case OPTION_CALLS:
        plan->calls_path = optarg;
        break;
    }
    return err ? sgp_usage(&a->o, "%s", fault.text) : 0;
}

static int read_options(asked *a, int argc, char **argv) {
    sgp_replay_plan_init(&a->plan);
    sgp_options_init(&a->o, "replay", help);
    int code = 0;
    for (int c; code == 0 && (c = sgp_options_next(&a->o, argc, argv, own_options)) != -1;)
        code = read_option(a, c);
    if (code != 0 || a->o.ended)
        return code ? code : a->o.exit_code;
    if (optind != argc - 1)
        return sgp_usage(&a->o, "name one file: calls, a scenario or a journal");
    a->plan.input = argv[optind];
    return 0;
}

/* ---- playing ---------------------------------------------------------------- */

static sgp_err keep(void *ctx, const sgp_run *run, const sgp_whatif_count *count, double seconds,
                    sgp_fault *fault) {
    asked *a = ctx;
    a->events += count->events;
    a->seconds += seconds;
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r%s %u: %u calls, %.1f s\033[K", run->policy, run->replication,
                run->n_incidents, seconds);
    return sgp_report_files_add(&a->files, run, fault);
}

typedef struct column {
    const char *id, *en, *key;
    sgp_measure measure;
    double unit; /* the measure is divided by it */
} column;

static const column columns[] = {
    {"kejadian", "incidents", "incidents", SGP_MEASURE_INCIDENTS, 1},
    {"terjangkau", "reached", "reached", SGP_MEASURE_REACHED, 1},
    {"P50 menit", "P50 min", "response_p50_min", SGP_MEASURE_P50, 60000},
    {"P90 menit", "P90 min", "response_p90_min", SGP_MEASURE_P90, 60000},
    {"tepat %", "in time %", "in_time_percent", SGP_MEASURE_IN_TIME, 0.01},
    {"sibuk %", "in use %", "use_percent", SGP_MEASURE_USE, 0.01},
    {"dialihkan", "diverted", "diverted", SGP_MEASURE_DIVERTED, 1},
    {"dipindah", "moved", "move_ups", SGP_MEASURE_MOVES, 1},
};
enum { N_COLUMNS = sizeof columns / sizeof columns[0] };

/* Use, diversions and move-ups are told of all incidents together only. */
static bool is_told(const column *c, int priority) {
    return priority == 0 || (c->measure != SGP_MEASURE_USE && c->measure != SGP_MEASURE_DIVERTED &&
                             c->measure != SGP_MEASURE_MOVES);
}

static sgp_cell cell_of(const column *c, int priority) {
    return (sgp_cell){.measure = c->measure,
                      .interval = SGP_INTERVAL_RESPONSE,
                      .grouping = priority ? SGP_GROUP_PRIORITY : SGP_GROUP_ALL,
                      .name = priority ? sgp_priority_str((sgp_priority)priority) : NULL};
}

static void print_estimate(sgp_estimate estimate, double unit) {
    char text[40] = "-";
    if (estimate.n > 0 && !isnan(estimate.mean)) {
        if (isnan(estimate.half_width))
            snprintf(text, sizeof text, "%.1f", estimate.mean / unit);
        else
            snprintf(text, sizeof text, "%.1f±%.1f", estimate.mean / unit,
                     estimate.half_width / unit);
    }
    /* The sign is one column wide and two bytes long. */
    printf(" %*s", 12 + (strstr(text, "±") ? 1 : 0), text);
}

static void print_row(const asked *a, uint32_t policy, int priority, bool differences) {
    printf("%-24s %-4s", a->files.comparison.policies[policy].policy,
           priority ? sgp_priority_str((sgp_priority)priority) : "");
    for (int i = 0; i < N_COLUMNS; i++) {
        if (!is_told(&columns[i], priority))
            continue;
        sgp_cell cell = cell_of(&columns[i], priority);
        print_estimate(differences
                           ? sgp_comparison_difference(&a->files.comparison, policy, 0, &cell)
                           : sgp_comparison_estimate(&a->files.comparison, policy, &cell),
                       columns[i].unit);
    }
    putchar('\n');
}

static void print_tables(const asked *a) {
    bool english = a->o.language == SGP_ENGLISH;
    for (int differences = 0; differences < (a->files.comparison.n_policies > 1 ? 2 : 1);
         differences++) {
        if (differences)
            printf(english ? "\nDifference to %s, call by call the same chance\n"
                           : "\nSelisih terhadap %s, panggilan dan peluang yang sama\n",
                   a->files.comparison.policies[0].policy);
        printf("%-24s %-4s", "", "");
        for (int i = 0; i < N_COLUMNS; i++)
            printf(" %12s", english ? columns[i].en : columns[i].id);
        putchar('\n');
        for (int priority = 0; priority < SGP_PRIORITIES; priority++)
            for (uint32_t p = (uint32_t)differences; p < a->files.comparison.n_policies; p++)
                print_row(a, p, priority, differences);
    }
    if (!a->plan.has_pattern && a->plan.replications > 1)
        puts(english
                 ? "\n± over the same past calls: only the chance in what was not recorded, not "
                   "other weeks or years"
                 : "\n± atas panggilan lalu yang sama: hanya kebetulan dalam hal yang tidak "
                   "tercatat, bukan minggu atau tahun lain");
    printf(english ? "\n%" PRIu64 " events in %.1f s\n" : "\n%" PRIu64 " kejadian dalam %.1f s\n",
           a->events, a->seconds);
}

static void put_estimate(json_t *object, const char *key, sgp_estimate estimate, double unit) {
    if (estimate.n == 0 || isnan(estimate.mean))
        return;
    char name[64];
    json_object_set_new(object, key, json_real(estimate.mean / unit));
    snprintf(name, sizeof name, "%s_half_width", key);
    if (!isnan(estimate.half_width))
        json_object_set_new(object, name, json_real(estimate.half_width / unit));
}

static int print_json(const asked *a) {
    json_t *policies = json_array();
    for (uint32_t p = 0; p < a->files.comparison.n_policies; p++)
        for (int priority = 0; priority < SGP_PRIORITIES; priority++) {
            json_t *row =
                json_pack("{s:s, s:s}", "policy", a->files.comparison.policies[p].policy, "group",
                          priority ? sgp_priority_str((sgp_priority)priority) : "all");
            for (int i = 0; i < N_COLUMNS && row; i++) {
                sgp_cell cell = cell_of(&columns[i], priority);
                char name[64];
                if (!is_told(&columns[i], priority))
                    continue;
                put_estimate(row, columns[i].key,
                             sgp_comparison_estimate(&a->files.comparison, p, &cell),
                             columns[i].unit);
                snprintf(name, sizeof name, "%s_difference", columns[i].key);
                if (p)
                    put_estimate(row, name,
                                 sgp_comparison_difference(&a->files.comparison, p, 0, &cell),
                                 columns[i].unit);
            }
            json_array_append_new(policies, row);
        }
    json_t *json = json_pack("{s:I, s:f, s:b, s:o}", "events", (json_int_t)a->events, "seconds",
                             a->seconds, "past_calls", !a->plan.has_pattern, "rows", policies);
    return json ? sgp_print_json(json) : 3;
}

static int run(asked *a) {
    sgp_fault fault = {0};
    if (!a->plan.config && a->plan.n_policies == 0 && !a->fit_path && sgp_is_journal(a->plan.input))
        return sgp_replay_exactly(&a->o, a->plan.input);
    if (a->fit_path) {
        sgp_err err = sgp_replay_plan_fit(&a->plan, a->fit_path, &fault);
        return err ? sgp_complain(&a->o, &fault) : 0;
    }
    if (!a->plan.config)
        return sgp_usage(&a->o, "--config FILE is missing");
    a->plan.english = a->o.language == SGP_ENGLISH;
    a->plan.covers = a->files.html || a->files.csv_folder;
    sgp_err err = sgp_replay_plan_open(&a->plan, &fault);
    a->files.language = a->o.language;
    if (!err)
        a->files.map = sgp_graph_get(a->plan.graph);
    if (!err)
        err = sgp_replay_plan_play(&a->plan, keep, a, &fault);
    if (!err)
        err = sgp_report_files_finish(&a->files, &fault);
    if (isatty(STDERR_FILENO))
        fputs("\r\033[K", stderr);
    if (err)
        return sgp_complain(&a->o, &fault);
    if (a->o.json)
        return print_json(a);
    if (a->plan.has_pattern && a->plan.pattern.title[0][0])
        printf("%s\n\n", a->plan.pattern.title[a->o.language == SGP_ENGLISH]);
    print_tables(a);
    return 0;
}

int app_replay(int argc, char **argv) {
    asked *a = calloc(1, sizeof *a);
    if (!a)
        return 3;
    int code = read_options(a, argc, argv);
    if (code == 0 && !a->o.ended)
        code = run(a);
    sgp_report_files_free(&a->files);
    sgp_replay_plan_free(&a->plan);
    free(a);
    return code;
}
