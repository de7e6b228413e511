/* sigap stations: where stations should be, by optimisation. */
#include "apps/asked_graph.h"
#include "apps/apps.h"
#include "apps/options.h"
#include "apps/place_list.h"
#include "apps/print.h"
#include "apps/replay_plan.h"
#include "apps/station_table.h"
#include "replay/call_spread.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
    "sigap stations - where stations should be\n"
    "\n"
    "USAGE\n"
    "  sigap stations --graph FILE.sgr --stations N [--sites FILE | --sites-of KIND,...]\n"
    "                 [--keep FILE] [--question mclp|mexclp|p-median] [OPTIONS]\n"
    "\n"
    "DESCRIPTION\n"
    "  Chooses N of the possible sites, by exact road times to every part of the city:\n"
    "\n"
    "  mclp      most of the city within --minutes of a station (the default)\n"
    "  mexclp    the same, when each unit is busy --busy of its time: how many of the\n"
    "            --units should stand where\n"
    "  p-median  the least mean time from the nearest station\n"
    "\n"
    "  The city is cut into zones (about 1 km, each in its kelurahan). A zone counts by\n"
    "  its metres of street, or with --calls by the calls that came from it. The answer\n"
    "  is the best there is where the text says so; when the time is up, it says how far\n"
    "  from the best it may be.\n"
    "\n"
    "SITES\n"
    "  --sites FILE        possible sites, a line each: lon,lat[,NAME]\n"
    "  --sites-of KINDS    the places of the graph of these kinds, with commas between:\n"
    "                      hospital, clinic, ambulance_station, fire_station, police ...\n"
    "  --keep FILE         stations that stay, the same lines; N counts them too\n"
    "  --compare FILE      tell what these stations are worth, a line for each unit\n"
    "                      there; up to 8 times\n"
    "\n"
    "OPTIONS\n"
    "  -g, --graph FILE    the road graph, made by 'sigap import'\n"
    "  -n, --stations N    how many stations, 1 to 512\n"
    "  --question NAME     mclp, mexclp or p-median\n"
    "  --minutes M         from order to arrival (default 15; fractions allowed)\n"
    "  --turnout SECONDS   from order to leaving the station, part of --minutes\n"
    "                      (default 60)\n"
    "  --units N           mexclp: units to place (default: as many as stations)\n"
    "  --at-most N         mexclp: units at one station at most\n"
    "  --busy SHARE        mexclp: share of its time that a unit is busy (default 0.3)\n"
    "  --calls FILE        past calls, as 'sigap replay' reads them (CSV with time, lon\n"
    "                      and lat, anonymous or not, or a journal): zones count by them\n"
    "  --profile NAME      whose times count (default: the graph's first profile)\n"
    "  --cell METRES       size of a zone (default 1000)\n"
    "  --zones N           at most so many zones; larger cells where there would be more\n"
    "                      (default 1024)\n"
    "  --time-limit S      seconds for the solver (default 60)\n"
    "  --gap SHARE         be content within this share of the best (default 0)\n"
    "  --json              print JSON\n"
    "  --language id|en    language of the output (SIGAP_LANGUAGE; default id)\n"
    "  --help              show this\n"
    "\n"
    "EXIT CODES\n"
    "  0 done, 1 no such answer (a zone has no way from any site), 2 usage or input\n"
    "  error, 3 a file failed\n"
    "\n"
    "EXAMPLE\n"
    "  sigap stations --graph var/graph/malang.sgr --sites-of clinic,hospital \\\n"
    "                 --stations 10 --minutes 15\n";

enum {
    OPTION_SITES = 256,
    OPTION_SITES_OF,
    OPTION_KEEP,
    OPTION_COMPARE,
    OPTION_QUESTION,
    OPTION_MINUTES,
    OPTION_TURNOUT,
    OPTION_UNITS,
    OPTION_AT_MOST,
    OPTION_BUSY,
    OPTION_CALLS,
    OPTION_PROFILE,
    OPTION_CELL,
    OPTION_ZONES,
    OPTION_TIME_LIMIT,
    OPTION_GAP
};
static const struct option own_options[] = {
    {"graph", required_argument, NULL, 'g'},
    {"stations", required_argument, NULL, 'n'},
    {"sites", required_argument, NULL, OPTION_SITES},
    {"sites-of", required_argument, NULL, OPTION_SITES_OF},
    {"keep", required_argument, NULL, OPTION_KEEP},
    {"compare", required_argument, NULL, OPTION_COMPARE},
    {"question", required_argument, NULL, OPTION_QUESTION},
    {"minutes", required_argument, NULL, OPTION_MINUTES},
    {"turnout", required_argument, NULL, OPTION_TURNOUT},
    {"units", required_argument, NULL, OPTION_UNITS},
    {"at-most", required_argument, NULL, OPTION_AT_MOST},
    {"busy", required_argument, NULL, OPTION_BUSY},
    {"calls", required_argument, NULL, OPTION_CALLS},
    {"profile", required_argument, NULL, OPTION_PROFILE},
    {"cell", required_argument, NULL, OPTION_CELL},
    {"zones", required_argument, NULL, OPTION_ZONES},
    {"time-limit", required_argument, NULL, OPTION_TIME_LIMIT},
    {"gap", required_argument, NULL, OPTION_GAP},
    {0}};

typedef struct asked {
    sgp_options shared;
    const char *graph, *profile, *sites, *sites_of, *keep, *calls;
    const char *compare[SGP_STATION_PLANS_MAX];
    size_t n_compare;
    sgp_siting_question question;
    uint64_t stations, units, at_most, zones_max;
    double minutes, turnout_s, busy, cell_m, time_limit_s, gap;
} asked;

/* ---- options ----------------------------------------------------------------- */

static bool take_double(asked *a, const char *name, double least, double most, double *value) {
    char *end;
    *value = strtod(optarg, &end);
    if (end != optarg && *end == '\0' && *value >= least && *value <= most)
        return true;
    a->shared.exit_code = sgp_usage(&a->shared, "--%s is a number from %g to %g, not '%s'", name,
                                    least, most, optarg);
    a->shared.ended = true;
    return false;
}

static bool take_count(asked *a, const char *name, uint64_t most, uint64_t *value) {
    if (sgp_number_parse(optarg, most, value) && *value > 0)
        return true;
    a->shared.exit_code = sgp_usage(&a->shared, "--%s is a number from 1 to %" PRIu64 ", not '%s'",
                                    name, most, optarg);
    a->shared.ended = true;
    return false;
}

static void take_option(asked *a, int option) {
    switch (option) {
    case 'g':
        a->graph = optarg;
        break;
    case 'n':
        (void)take_count(a, "stations", SGP_SITES_MAX, &a->stations);
        break;
    case OPTION_SITES:
        a->sites = optarg;
        break;
    case OPTION_SITES_OF:
        a->sites_of = optarg;
        break;
    case OPTION_KEEP:
        a->keep = optarg;
        break;
    case OPTION_COMPARE:
        if (a->n_compare == SGP_STATION_PLANS_MAX) {
            a->shared.exit_code =
                sgp_usage(&a->shared, "at most %d files to compare", SGP_STATION_PLANS_MAX);
            a->shared.ended = true;
            break;
        }
        a->compare[a->n_compare++] = optarg;
        break;
    case OPTION_QUESTION:
        if (sgp_siting_question_parse(optarg, &a->question) != SGP_OK) {
            a->shared.exit_code =
                sgp_usage(&a->shared, "--question is mclp, mexclp or p-median, not '%s'", optarg);
            a->shared.ended = true;
        }
        break;
    case OPTION_MINUTES:
        (void)take_double(a, "minutes", 0.1, 1440, &a->minutes);
        break;
    case OPTION_TURNOUT:
        (void)take_double(a, "turnout", 0, 3600, &a->turnout_s);
        break;
    case OPTION_UNITS:
        (void)take_count(a, "units", SGP_COVERAGE_DEPTH, &a->units);
        break;
    case OPTION_AT_MOST:
        (void)take_count(a, "at-most", SGP_COVERAGE_DEPTH, &a->at_most);
        break;
    case OPTION_BUSY:
        (void)take_double(a, "busy", 0, SGP_COVERAGE_BUSY_MAX / 1000.0, &a->busy);
        break;
    case OPTION_CALLS:
        a->calls = optarg;
        break;
    case OPTION_PROFILE:
        a->profile = optarg;
        break;
    case OPTION_CELL:
        (void)take_double(a, "cell", 100, 100000, &a->cell_m);
        break;
    case OPTION_ZONES:
        (void)take_count(a, "zones", SGP_ZONES_MAX, &a->zones_max);
        break;
    case OPTION_TIME_LIMIT:
        (void)take_double(a, "time-limit", 0, 86400, &a->time_limit_s);
        break;
    default:
        (void)take_double(a, "gap", 0, 1, &a->gap);
        break;
    }
}

/* The exit code, or -1: go on. */
static int read_options(int argc, char **argv, asked *a) {
    *a = (asked){.question = SGP_SITING_MCLP,
                 .minutes = 15,
                 .turnout_s = 60,
                 .busy = 0.3,
                 .time_limit_s = 60};
    sgp_options_init(&a->shared, "stations", help);
    for (int c; (c = sgp_options_next(&a->shared, argc, argv, own_options)) != -1;) {
        take_option(a, c);
        if (a->shared.ended)
            break;
    }
    if (a->shared.ended)
        return a->shared.exit_code;
    if (optind < argc)
        return sgp_usage(&a->shared, "no operands are expected, not '%s'", argv[optind]);
    if (!a->graph)
        return sgp_usage(&a->shared, "--graph FILE.sgr is missing");
    if (!a->stations)
        return sgp_usage(&a->shared, "--stations N is missing");
    if (!a->sites && !a->sites_of && !a->keep)
        return sgp_usage(&a->shared, "--sites FILE or --sites-of KINDS is missing");
    return -1;
}

/* ---- sites, zones, times ------------------------------------------------------- */

/* Places of the graph whose kind is one of "hospital,clinic". */
static sgp_err add_kinds(const sgp_graph_parts *parts, const char *kinds, sgp_place_list *list,
                         sgp_fault *fault) {
    char *copy = strdup(kinds), *left = copy, *kind;
    sgp_err err = copy ? SGP_OK : SGP_E_MEMORY;
    while (!err && (kind = strsep(&left, ","))) {
        size_t before = list->n;
        for (uint32_t i = 0; i < parts->places.n_places && !err; i++) {
            const sgp_graph_place *place = &parts->places.places[i];
            if (place->kind == 'f' && strcmp(parts->places.texts + place->sort, kind) == 0)
                err = sgp_place_list_add(list, place->entrance, parts->places.texts + place->label);
        }
        if (!err && list->n == before)
            err = sgp_fail(fault, SGP_E_NOT_FOUND, "the graph has no place of the kind '%.40s'",
                           kind);
    }
    free(copy);
    return err == SGP_E_MEMORY ? sgp_fail(fault, err, "no memory for the sites") : err;
}

/* Sites in this order: those that stay, those that may, those to compare. */
static sgp_err gather_sites(const asked *a, const sgp_graph_parts *parts, sgp_station_plans *plans,
                            sgp_fault *fault) {
    sgp_err err = a->keep ? sgp_place_list_read(&plans->sites, a->keep, fault) : SGP_OK;
    plans->n_keep = plans->sites.n;
    if (!err && a->sites)
        err = sgp_place_list_read(&plans->sites, a->sites, fault);
    if (!err && a->sites_of)
        err = add_kinds(parts, a->sites_of, &plans->sites, fault);
    plans->n_sites = plans->sites.n;
    if (!err && (plans->n_sites == 0 || plans->n_sites > SGP_SITES_MAX))
        err = sgp_fail(fault, SGP_E_TOO_LARGE, "1 to %d sites can be looked at, not %zu",
                       SGP_SITES_MAX, plans->n_sites);
    for (size_t i = 0; i < a->n_compare && !err; i++) {
        plans->compared[i].file = a->compare[i];
        plans->compared[i].first = plans->sites.n;
        err = sgp_place_list_read(&plans->sites, a->compare[i], fault);
        plans->compared[i].n = plans->sites.n - plans->compared[i].first;
        plans->n_compared = i + 1;
    }
    if (!err && plans->sites.n - plans->n_sites > SGP_SITES_MAX)
        err = sgp_fail(fault, SGP_E_TOO_LARGE, "at most %d units can be compared", SGP_SITES_MAX);
    return err;
}

/* Every call counts once. Those that are told roughly lie somewhere in their square. */
static sgp_err weigh_by_calls(const char *path, const sgp_asked_graph *opened, sgp_zones *zones,
                              sgp_fault *fault) {
    enum { SEED = 112, JAKARTA_S = 7 * 3600 }; /* the hour of a call plays no part */
    sgp_call_list told = {0}, calls = {0};
    sgp_err err = sgp_past_calls_read(path, JAKARTA_S, &told, fault);
    if (!err && told.n == 0)
        err = sgp_fail(fault, SGP_E_FORMAT, "%.100s: there is no call in it", path);
    if (!err && (err = sgp_call_list_spread(&told, opened->graph, SEED, &calls)) != SGP_OK)
        err = sgp_fail(fault, err, "%.100s: %s", path, sgp_err_message(err));
    sgp_point *points = calloc(calls.n + 1, sizeof *points);
    int64_t *weight = calloc(calls.n + 1, sizeof *weight);
    if (!err && (!points || !weight))
        err = sgp_fail(fault, SGP_E_MEMORY, "no memory for the calls");
    for (size_t i = 0; i < calls.n && !err; i++) {
        points[i] = calls.calls[i].point;
        weight[i] = 1;
    }
    if (!err)
        sgp_zones_weigh(zones, sgp_graph_get(opened->graph), points, weight, calls.n);
    free(points);
    free(weight);
    sgp_call_list_free(&told);
    sgp_call_list_free(&calls);
    return err;
}

static sgp_err snap(const sgp_asked_graph *opened, sgp_point point, const char *what,
                    sgp_snap *found, sgp_fault *fault) {
    size_t n = 0;
    sgp_snap_wish wish = {.radius_m = 5000, .profile = opened->profile};
    sgp_err err = sgp_graph_snap_wish(opened->graph, point, &wish, found, 1, &n);
    if (!err && n == 0)
        err = sgp_fail(fault, SGP_E_RANGE, "%.6f,%.6f (%.80s) is more than 5 km from any road",
                       sgp_lon(point), sgp_lat(point), what);
    return err;
}

/* Every site to every zone, the turnout included. */
static sgp_err fill_times(const sgp_asked_graph *opened, const asked *a, sgp_station_plans *plans,
                          sgp_fault *fault) {
    size_t n = plans->sites.n, n_zones = plans->zones.n_zones;
    sgp_source *from = calloc(n, sizeof *from);
    sgp_snap *to = calloc(n_zones, sizeof *to);
    plans->ms = calloc(n * n_zones, sizeof *plans->ms);
    plans->weight = calloc(n_zones, sizeof *plans->weight);
    sgp_err err =
        from && to && plans->ms && plans->weight
            ? SGP_OK
            : sgp_fail(fault, SGP_E_MEMORY, "no memory for %zu sites and %zu zones", n, n_zones);
    for (size_t i = 0; i < n && !err; i++) {
        from[i].penalty_ms = (int64_t)(a->turnout_s * 1000 + 0.5);
        err = snap(opened, plans->sites.places[i].point, plans->sites.places[i].rest, &from[i].from,
                   fault);
    }
    for (size_t z = 0; z < n_zones && !err; z++) {
        plans->weight[z] = plans->zones.zones[z].weight;
        err = snap(opened, plans->zones.zones[z].point, "a zone", &to[z], fault);
    }
    if (!err)
        err = sgp_query_matrix(opened->query, from, n, to, n_zones, plans->ms);
    free(from);
    free(to);
    return err;
}

/* ---- solving ------------------------------------------------------------------- */

static volatile sig_atomic_t interrupted;

static void on_signal(int number) {
    (void)number;
    interrupted = 1;
}

/* A terminal shows one line that changes. */
static int tell(void *ctx, const char *phase, uint64_t done, uint64_t total) {
    (void)total;
    if (*(bool *)ctx) {
        fprintf(stderr, "\r\033[K%6.1f s  %s", (double)done / 1000, phase);
        fflush(stderr);
    }
    return interrupted;
}

static sgp_err solve(const asked *a, sgp_station_plans *plans, sgp_fault *fault) {
    sgp_coverage_model *model = &plans->model;
    *model = (sgp_coverage_model){.n_zones = plans->zones.n_zones,
                                  .n_posts = (uint32_t)plans->n_sites,
                                  .weight = plans->weight,
                                  .ms = plans->ms,
                                  .target_ms = (int64_t)(a->minutes * 60000 + 0.5),
                                  .busy_permille = (int32_t)lround(a->busy * 1000)};
    sgp_site_rule *rules = calloc(plans->n_sites, sizeof *rules);
    if (!rules)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory for the sites");
    for (size_t i = 0; i < plans->n_keep; i++)
        rules[i] = SGP_SITE_MUST;
    bool terminal = isatty(STDERR_FILENO);
    sgp_progress progress = {tell, &terminal};
    plans->ask = (sgp_siting_ask){.question = a->question,
                                  .model = model,
                                  .rules = rules,
                                  .stations = (uint32_t)a->stations,
                                  .units = (uint32_t)(a->units ? a->units : a->stations),
                                  .units_per_station = (uint32_t)a->at_most,
                                  .time_limit_ms = (int32_t)(a->time_limit_s * 1000),
                                  .gap = a->gap,
                                  .progress = &progress};
    struct sigaction stop = {.sa_handler = on_signal}, before;
    sigaction(SIGINT, &stop, &before);
    sgp_err err = sgp_siting_solve(&plans->ask, &plans->answer, fault);
    sigaction(SIGINT, &before, NULL);
    if (terminal)
        fputs("\r\033[K", stderr);
    plans->ask.rules = NULL;
    plans->ask.progress = NULL;
    free(rules);
    return err;
}

static sgp_err plan(const asked *a, const sgp_asked_graph *opened, sgp_station_plans *plans,
                    sgp_fault *fault) {
    const sgp_graph_parts *parts = sgp_graph_get(opened->graph);
    sgp_err err = gather_sites(a, parts, plans, fault);
    if (!err)
        err = sgp_zones_make(parts, a->cell_m, (uint32_t)a->zones_max, &plans->zones, fault);
    if (!err && a->calls)
        err = weigh_by_calls(a->calls, opened, &plans->zones, fault);
    if (!err)
        err = fill_times(opened, a, plans, fault);
    if (!err)
        err = solve(a, plans, fault);
    return err ? err : sgp_station_plans_compare(plans, fault);
}

int app_stations(int argc, char **argv) {
    asked a;
    int code = read_options(argc, argv, &a);
    if (code >= 0)
        return code;
    sgp_asked_graph opened;
    code = sgp_asked_graph_open_for("stations", a.graph, a.profile, &opened);
    if (code != 0)
        return code;
    if (sgp_asked_graph_in_units(&opened)) {
        sgp_asked_graph_close(&opened);
        return sgp_usage(&a.shared, "the times of '%s' are not times of day", a.graph);
    }
    sgp_fault fault = {0};
    sgp_station_plans plans = {.parts = sgp_graph_get(opened.graph), .by_calls = a.calls != NULL};
    sgp_err err = plan(&a, &opened, &plans, &fault);
    if (err) {
        fault.code = err;
        code = sgp_complain(&a.shared, &fault);
        if (err == SGP_E_NOT_FOUND && plans.ms)
            code = 1; /* a question that has no answer */
    } else {
        code = a.shared.json ? sgp_station_plans_json(&plans)
                             : sgp_station_plans_print(&plans, a.shared.language);
    }
    sgp_station_plans_free(&plans);
    sgp_asked_graph_close(&opened);
    return code;
}
