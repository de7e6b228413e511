/* `sigap replay`: past or made-up calls through the very core that runs live. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apps/apps.h"
#include "apps/options.h"
#include "base/clock.h"
#include "replay/exact.h"
#include "replay/report_journal.h"
#include "replay/whatif.h"
#include "serve/settings.h"

static const char help[] =
    "sigap replay - play calls again: another policy, another fleet, other roads\n"
    "\n"
    "USAGE\n"
    "  sigap replay CALLS.csv --config sigap.conf [--policy P]... [OPTIONS]\n"
    "  sigap replay JOURNAL\n"
    "  sigap replay JOURNAL --config sigap.conf --policy P... [OPTIONS]\n"
    "\n"
    "DESCRIPTION\n"
    "  A journal alone is replayed exactly: every recorded event goes through the core\n"
    "  again with the road times of then, and every effect is compared with what the\n"
    "  journal says it was. Stops at the first difference and says which (exit 1).\n"
    "  Needs nothing but the file, which the engine may be writing.\n"
    "\n"
    "  Calls, or a journal's calls with --policy, are played as what-if.\n"
    "  Plays the calls through the same code that dispatches live, with crews and\n"
    "  callers played by the program, and exact road times of each hour. What history\n"
    "  does not tell (turnout, time on scene, handover) is drawn; every policy meets\n"
    "  the same chance. No engine need run, and nothing is changed anywhere.\n"
    "\n"
    "  CALLS.csv has a first line that names the columns: time, lon, lat and, where\n"
    "  they are known, complaint, priority, scene_s, transport, outcome, id.\n"
    "\n"
    "OPTIONS\n"
    "  --config FILE      the engine's configuration: city, fleet, hospitals, clocks\n"
    "  --graph FILE       another road graph than the configuration's\n"
    "  --policy NAME      closest, closest_with_diversion, joint or coverage_aware;\n"
    "                     again for each one to compare (default: the configuration's)\n"
    "  --clicks           a dispatcher orders where the configuration wants a click;\n"
    "                     without it the best unit is ordered at once for all\n"
    "  --seed N           of what is drawn (default 112)\n"
    "  --json             one object a policy\n"
    "  --language id|en   language of the output (SIGAP_LANGUAGE; default id)\n"
    "  --help             show this\n"
    "\n"
    "EXIT CODES\n"
    "  0 done, 1 the replay differs, 2 usage or input error, 3 environment\n";

enum { OPTION_CONFIG = 256, OPTION_GRAPH, OPTION_POLICY, OPTION_CLICKS, OPTION_SEED };
static const struct option own_options[] = {{"config", required_argument, NULL, OPTION_CONFIG},
                                            {"graph", required_argument, NULL, OPTION_GRAPH},
                                            {"policy", required_argument, NULL, OPTION_POLICY},
                                            {"clicks", no_argument, NULL, OPTION_CLICKS},
                                            {"seed", required_argument, NULL, OPTION_SEED},
                                            {0}};

typedef struct asked {
    sgp_options o;
    const char *config, *graph_path;
    sgp_policy policies[SGP_POLICIES];
    size_t n_policies;
    bool clicks;
    uint64_t seed;
    sgp_settings settings;
    sgp_graph *graph;
    sgp_week_roads *roads;
    sgp_call_list calls;
} asked;

static bool parse_policy(const char *name, sgp_policy *policy) {
    for (int p = 0; p < SGP_POLICIES; p++)
        if (strcmp(name, sgp_policy_str((sgp_policy)p)) == 0) {
            *policy = (sgp_policy)p;
            return true;
        }
    return false;
}

static int read_options(asked *a, int argc, char **argv) {
    a->seed = 112;
    sgp_options_init(&a->o, "replay", help);
    for (int c; (c = sgp_options_next(&a->o, argc, argv, own_options)) != -1;) {
        switch (c) {
        case OPTION_CONFIG:
            a->config = optarg;
            break;
        case OPTION_GRAPH:
            a->graph_path = optarg;
            break;
        case OPTION_POLICY:
            if (a->n_policies == SGP_POLICIES)
                return sgp_usage(&a->o, "there are only %d policies", SGP_POLICIES);
            if (!parse_policy(optarg, &a->policies[a->n_policies++]))
                return sgp_usage(&a->o, "there is no policy \"%s\"", optarg);
            break;
        case OPTION_CLICKS:
            a->clicks = true;
            break;
        case OPTION_SEED:
            if (!sgp_number_parse(optarg, UINT64_MAX, &a->seed))
                return sgp_usage(&a->o, "--seed wants a whole number, not \"%s\"", optarg);
            break;
        }
    }
    if (a->o.ended)
        return a->o.exit_code;
    if (optind != argc - 1)
        return sgp_usage(&a->o, "name one file of calls");
    return 0;
}

/* ---- exact ---------------------------------------------------------------------- */

/* Journals are SQLite files. */
static bool is_journal(const char *path) {
    char head[16] = "";
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    size_t n = fread(head, 1, sizeof head, file);
    fclose(file);
    return n == sizeof head && memcmp(head, "SQLite format 3", sizeof head) == 0;
}

static int print_exact_json(const sgp_exact *exact, bool equal) {
    json_t *json =
        json_pack("{s:b, s:I, s:I, s:I, s:I}", "equal", equal, "events", (json_int_t)exact->events,
                  "with_digest", (json_int_t)exact->with_digest, "refused",
                  (json_int_t)exact->refused, "snapshot_seq", (json_int_t)exact->snapshot_seq);
    if (json && !equal)
        (void)json_object_update_new(
            json, json_pack("{s:I, s:s, s:I, s:s}", "differs_at", (json_int_t)exact->differs_at,
                            "kind", exact->kind, "parent", (json_int_t)exact->parent, "difference",
                            exact->difference));
    return json ? sgp_print_json(json) : 3;
}

static int replay_exactly(asked *a, const char *path, sgp_fault *fault) {
    sgp_exact exact;
    sgp_err err = sgp_exact_replay(path, NULL, NULL, &exact, fault);
    bool found = exact.differs_at != 0;
    if (err && !found)
        return sgp_complain(&a->o, fault);
    if (err)
        fprintf(stderr, "sigap replay: %s\n", fault->text);
    if (a->o.json)
        return print_exact_json(&exact, !err) ? 3 : err != SGP_OK;
    char from[25], until[25];
    sgp_wall_format(exact.first_ms, from);
    sgp_wall_format(exact.last_ms, until);
    bool english = a->o.language == SGP_ENGLISH;
    if (exact.events)
        printf(english ? "%" PRIu64 " events equal (%s to %s), %" PRIu64
                         " of them with a digest of all effects, %" PRIu64 " refused as then\n"
                       : "%" PRIu64 " kejadian sama (%s s.d. %s), %" PRIu64
                         " dengan intisari semua akibat, %" PRIu64 " ditolak seperti dahulu\n",
               exact.events, from, until, exact.with_digest, exact.refused);
    if (exact.snapshot_seq)
        printf(english ? "the world after event %" PRIu64 " equals its snapshot\n"
                       : "keadaan setelah kejadian %" PRIu64 " sama dengan cuplikannya\n",
               exact.snapshot_seq);
    if (err && exact.parent)
        printf(english ? "event %" PRIu64 " was caused by event %" PRIu64 "\n"
                       : "kejadian %" PRIu64 " disebabkan oleh kejadian %" PRIu64 "\n",
               exact.differs_at, exact.parent);
    return err != SGP_OK;
}

static sgp_err open_city(asked *a, sgp_fault *fault) {
    const sgp_road_settings *roads = &a->settings.roads;
    sgp_week_roads_options options = {.week = roads->week,
                                      .utc_offset_s = roads->time.offset_s[roads->time.n_changes]};
    memcpy(options.profile, roads->profile, sizeof options.profile);
    memcpy(options.with_lights, roads->with_lights, sizeof options.with_lights);
    memcpy(options.lights, roads->lights, sizeof options.lights);
    sgp_err err =
        sgp_graph_open(a->graph_path ? a->graph_path : a->settings.graph, &a->graph, fault);
    return err ? err : sgp_week_roads_create(a->graph, &options, &a->roads, fault);
}

/* ---- a first short table ----------------------------------------------------- */

static int by_size(const void *left, const void *right) {
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return a < b ? -1 : a > b;
}

typedef struct summary {
    uint64_t served, reached, within;
    double p50_s, p90_s;
} summary;

static sgp_err summarize(const sgp_run *run, summary *out) {
    int64_t *first = malloc((run->n_incidents + 1) * sizeof *first);
    if (!first)
        return SGP_E_MEMORY;
    *out = (summary){0};
    memset(first, 0, (run->n_incidents + 1) * sizeof *first);
    for (uint32_t j = 0; j < run->n_jobs; j++) {
        int64_t at_ms = run->jobs[j].at_ms[SGP_ASSIGNMENT_ON_SCENE];
        int64_t *least = &first[run->jobs[j].incident];
        if (at_ms && (!*least || at_ms < *least))
            *least = at_ms;
    }
    uint64_t n = 0;
    for (uint32_t i = 0; i < run->n_incidents; i++) {
        const sgp_run_incident *incident = &run->incidents[i];
        out->served += incident->outcome == SGP_OUTCOME_SERVED;
        if (!first[i])
            continue;
        int64_t response_ms = first[i] - incident->answered_at_ms;
        out->within += response_ms <= run->target_ms[incident->priority];
        first[n++] = response_ms;
    }
    out->reached = n;
    qsort(first, n, sizeof *first, by_size);
    if (n) {
        out->p50_s = (double)first[(n - 1) / 2] / 1000;
        out->p90_s = (double)first[(n - 1) * 9 / 10] / 1000;
    }
    free(first);
    return SGP_OK;
}

static int print_run(const asked *a, const sgp_run *run, const sgp_whatif_count *count,
                     double seconds) {
    summary s;
    if (summarize(run, &s) != SGP_OK)
        return 3;
    if (a->o.json) {
        json_t *json = json_pack(
            "{s:s, s:I, s:I, s:I, s:I, s:f, s:f, s:I, s:f}", "policy", run->policy, "calls",
            (json_int_t)run->n_incidents, "served", (json_int_t)s.served, "reached",
            (json_int_t)s.reached, "within_target", (json_int_t)s.within, "response_p50_s", s.p50_s,
            "response_p90_s", s.p90_s, "events", (json_int_t)count->events, "seconds", seconds);
        return json ? sgp_print_json(json) : 3;
    }
    printf("%-24s %8u %8" PRIu64 " %7.1f%% %8.1f %8.1f %10" PRIu64 " %8.2f\n", run->policy,
           run->n_incidents, s.served, s.reached ? 100.0 * (double)s.within / (double)s.reached : 0,
           s.p50_s / 60, s.p90_s / 60, count->events, seconds);
    return 0;
}

static int play_policy(asked *a, const char *name, sgp_fault *fault) {
    sgp_whatif whatif = {.graph = a->graph,
                         .roads = a->roads,
                         .clocks = a->settings.clocks,
                         .units = a->settings.units,
                         .n_units = a->settings.n_units,
                         .hospitals = a->settings.hospitals,
                         .n_hospitals = a->settings.n_hospitals,
                         .calls = &a->calls,
                         .seed = a->seed,
                         .utc_offset_s =
                             a->settings.roads.time.offset_s[a->settings.roads.time.n_changes]};
    sgp_habits_default(&whatif.habits);
    sgp_policy policy;
    if (parse_policy(name, &policy))
        for (int p = 0; p < SGP_PRIORITIES; p++)
            whatif.clocks.policy[p] = policy == SGP_POLICY_COVERAGE_AWARE && p <= SGP_P2
                                          ? SGP_POLICY_CLOSEST /* coverage is for who can wait */
                                          : policy;
    for (int p = 0; p < SGP_PRIORITIES && !a->clicks; p++)
        whatif.clocks.order_without_click[p] = true;
    sgp_run run = {.seed = a->seed};
    snprintf(run.policy, sizeof run.policy, "%s", name);
    sgp_whatif_count count;
    int64_t begun_us = sgp_monotonic_us();
    sgp_err err = sgp_whatif_play(&whatif, &run, &count, fault);
    double seconds = (double)(sgp_monotonic_us() - begun_us) / 1e6;
    if (!err)
        err = sgp_run_check(&run, fault);
    int code = err ? sgp_complain(&a->o, fault) : print_run(a, &run, &count, seconds);
    sgp_run_free(&run);
    return code;
}

/* From CSV, or what a journal tells of its calls. */
static sgp_err read_calls(asked *a, const char *path, sgp_fault *fault) {
    int32_t utc_offset_s = a->settings.roads.time.offset_s[a->settings.roads.time.n_changes];
    if (!is_journal(path))
        return sgp_call_list_read(path, utc_offset_s, &a->calls, fault);
    sgp_journal_span span = {.utc_offset_s = utc_offset_s, .without_candidates = true};
    sgp_run run = {0};
    sgp_err err = sgp_run_from_journal(path, &span, &run, fault);
    if (!err)
        err = sgp_call_list_from_run(&run, &a->calls);
    sgp_run_free(&run);
    return err;
}

static int play_all(asked *a, const char *calls, sgp_fault *fault) {
    sgp_err err = sgp_settings_load(a->config, &a->settings, fault);
    if (!err)
        err = open_city(a, fault);
    if (!err)
        err = read_calls(a, calls, fault);
    if (err)
        return sgp_complain(&a->o, fault);
    if (!a->o.json)
        printf("%-24s %8s %8s %8s %8s %8s %10s %8s\n", "policy", "calls", "served", "target",
               "P50 min", "P90 min", "events", "seconds");
    int code = 0;
    if (a->n_policies == 0)
        code = play_policy(a, "configured", fault);
    for (size_t i = 0; i < a->n_policies && code == 0; i++)
        code = play_policy(a, sgp_policy_str(a->policies[i]), fault);
    return code;
}

int app_replay(int argc, char **argv) {
    static asked a; /* large, and one command runs in a process */
    sgp_fault fault = {0};
    int code = read_options(&a, argc, argv);
    if (code != 0 || a.o.ended)
        return code;
    const char *path = argv[argc - 1];
    if (!a.config && a.n_policies == 0 && is_journal(path))
        return replay_exactly(&a, path, &fault);
    if (!a.config)
        return sgp_usage(&a.o, "--config FILE is missing");
    code = play_all(&a, path, &fault);
    sgp_call_list_free(&a.calls);
    sgp_week_roads_destroy(a.roads);
    sgp_graph_close(a.graph);
    sgp_settings_free(&a.settings);
    return code;
}
