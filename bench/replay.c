/* bench-replay: a planner's year, through the core that runs live.
 *
 * The sketch of Malang, calls of the ordinary pattern at 150 a day for a year (about 55,000), 48
 * ambulances, exact road times with traffic by the hour, on one thread. How it grows: ten times the
 * fleet, and ten times calls and fleet. What the policies take. How long one decision takes, from
 * the call's place to the order, travel times included; and 50 x 1,000 jointly. A part of the
 * answers is held to plain queries of the router under metrics made anew: `mismatches` must be 0,
 * and two equal runs must be equal.
 */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "replay/pattern.h"
#include "replay/whatif.h"
#include "serve/live_roads.h"
#include "sigap/assign.h"
#include "sigap/walk.h"
#include "support/cities.h"
#include "support/sheet.h"

enum { AMBULANCES = 48, HOSPITALS = 12, NEEDS = 50, UNITS = 1000 };

typedef struct bench {
    bench_sheet sheet;
    sgp_graph *graph;
    sgp_week_table week;
    sgp_pattern pattern;
    sgp_road_settings roads;
    sgp_unit *units;
    sgp_hospital hospitals[HOSPITALS];
    bench_samples decisions;
} bench;

static void must(sgp_err err, const sgp_fault *fault) {
    if (err == SGP_OK)
        return;
    fprintf(stderr, "bench-replay: %s: %s\n", sgp_err_message(err), fault ? fault->text : "");
    exit(3);
}

static int by_weight(const void *left, const void *right) {
    const sgp_call_place *a = left, *b = right;
    if (a->weight != b->weight)
        return a->weight > b->weight ? -1 : 1;
    return a->point.lon_e7 < b->point.lon_e7 ? -1 : a->point.lon_e7 > b->point.lon_e7;
}

/* Two ambulances at each station, stations where most is called from; hospitals among them. */
static void make_fleet(bench *b) {
    sgp_call_place *places = malloc(b->pattern.n_places * sizeof *places);
    b->units = calloc(10 * AMBULANCES, sizeof *b->units);
    if (!places || !b->units)
        must(SGP_E_MEMORY, NULL);
    memcpy(places, b->pattern.places, b->pattern.n_places * sizeof *places);
    qsort(places, b->pattern.n_places, sizeof *places, by_weight);
    for (uint32_t i = 0; i < 10 * AMBULANCES; i++) {
        sgp_unit *unit = &b->units[i];
        unit->kind = i % 2 ? SGP_UNIT_AMBULANCE_BASIC : SGP_UNIT_AMBULANCE_ADVANCED;
        snprintf(unit->code, sizeof unit->code, "A-%03u", i);
        snprintf(unit->station, sizeof unit->station, "S-%03u", i / 2);
        unit->station_point = places[(i / 2) % b->pattern.n_places].point;
    }
    for (uint32_t i = 0; i < HOSPITALS; i++) {
        snprintf(b->hospitals[i].code, sizeof b->hospitals[i].code, "H-%u", i);
        b->hospitals[i].point = places[3 * i].point;
    }
    free(places);
}

static sgp_week_roads *make_roads(const bench *b) {
    sgp_week_roads_options options = {.week = &b->week, .utc_offset_s = b->pattern.utc_offset_s};
    memcpy(options.profile, b->roads.profile, sizeof options.profile);
    memcpy(options.with_lights, b->roads.with_lights, sizeof options.with_lights);
    memcpy(options.lights, b->roads.lights, sizeof options.lights);
    sgp_week_roads *roads;
    sgp_fault fault = {0};
    must(sgp_week_roads_create(b->graph, &options, &roads, &fault), &fault);
    return roads;
}

static void on_step(void *ctx, sgp_event_kind kind, int64_t ns) {
    if (kind == SGP_EVENT_CALL_PLACED)
        bench_add(ctx, ns);
}

typedef struct played {
    double wall_s, cpu_s;
    sgp_whatif_count count;
    sgp_week_roads_count roads;
    uint64_t hash;
    uint32_t n_incidents;
    double response_p90_min;
} played;

static int by_size(const void *left, const void *right) {
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return a < b ? -1 : a > b;
}

static double response_p90_min(const sgp_run *run) {
    int64_t *ms = malloc((run->n_jobs + 1) * sizeof *ms);
    uint32_t n = 0;
    for (uint32_t j = 0; ms && j < run->n_jobs; j++)
        if (run->jobs[j].at_ms[SGP_ASSIGNMENT_ON_SCENE])
            ms[n++] = run->jobs[j].at_ms[SGP_ASSIGNMENT_ON_SCENE] -
                      run->incidents[run->jobs[j].incident].answered_at_ms;
    if (n)
        qsort(ms, n, sizeof *ms, by_size);
    double p90 = n ? (double)ms[(size_t)n * 9 / 10] / 60000 : 0;
    free(ms);
    return p90;
}

/* One run, its roads made anew: metrics and labels are part of what it takes. */
static played play(bench *b, const sgp_call_list *calls, uint32_t n_units, sgp_policy policy,
                   bench_samples *decisions) {
    sgp_whatif plan = {.graph = b->graph,
                       .units = b->units,
                       .n_units = n_units,
                       .hospitals = b->hospitals,
                       .n_hospitals = HOSPITALS,
                       .calls = calls,
                       .seed = 1,
                       .habits = b->pattern.habits,
                       .timed = decisions ? on_step : NULL,
                       .timed_ctx = decisions};
    sgp_clocks_default(&plan.clocks);
    for (int p = 0; p < SGP_PRIORITIES; p++) {
        plan.clocks.order_without_click[p] = true;
        plan.clocks.policy[p] =
            policy == SGP_POLICY_COVERAGE_AWARE && p <= SGP_P2 ? SGP_POLICY_CLOSEST : policy;
    }
    sgp_run run = {0};
    sgp_fault fault = {0};
    played result = {0};
    int64_t wall_ns = bench_wall_ns(), cpu_ns = bench_cpu_ns();
    plan.roads = make_roads(b);
    must(sgp_whatif_play(&plan, &run, &result.count, &fault), &fault);
    result.wall_s = (double)(bench_wall_ns() - wall_ns) / 1e9;
    result.cpu_s = (double)(bench_cpu_ns() - cpu_ns) / 1e9;
    must(sgp_run_check(&run, &fault), &fault);
    bench_sheet hashed = {0};
    for (uint32_t j = 0; j < run.n_jobs; j++)
        bench_hash(&hashed, run.jobs[j].at_ms, sizeof run.jobs[j].at_ms);
    result.hash = hashed.hash;
    result.n_incidents = run.n_incidents;
    result.roads = sgp_week_roads_counted(plan.roads);
    result.response_p90_min = response_p90_min(&run);
    sgp_week_roads_destroy(plan.roads);
    sgp_run_free(&run);
    return result;
}

/* ---- held to plain queries --------------------------------------------------- */

static sgp_metric *fresh_metric(const bench *b, uint32_t profile, int64_t at_ms) {
    const sgp_graph_parts *parts = sgp_graph_get(b->graph);
    int32_t *weight = malloc(parts->n_arcs * sizeof *weight);
    int64_t minute = (at_ms / 1000 + b->pattern.utc_offset_s) / 60 + 3 * 1440;
    sgp_picture picture = {.profile = profile,
                           .minute_of_week = (int32_t)(minute % SGP_WEEK_MINUTES),
                           .week = &b->week};
    sgp_metric *metric;
    sgp_fault fault = {0};
    if (!weight)
        must(SGP_E_MEMORY, NULL);
    must(sgp_weights_make(b->graph, &picture, weight, &fault), &fault);
    must(sgp_metric_customize(b->graph, weight, 1, &metric), NULL);
    free(weight);
    return metric;
}

/* From one unit to one place by nothing but pairs of snaps. */
static int64_t plain_ms(const bench *b, sgp_query *query, sgp_walker *walker, uint32_t profile,
                        sgp_point from, sgp_point to) {
    sgp_snap_wish wish = {.radius_m = 2000, .profile = profile};
    sgp_walk_options options = sgp_walk_defaults;
    sgp_stand stands[SGP_STANDS_MAX];
    sgp_source source = {0};
    size_t n = 0;
    options.profile = profile;
    must(sgp_graph_snap_wish(b->graph, from, &wish, &source.from, 1, &n), NULL);
    if (n == 0)
        return SGP_UNREACHABLE;
    must(sgp_walker_stands(walker, to, &options, stands, &n), NULL);
    int64_t least = SGP_UNREACHABLE;
    for (size_t s = 0; s < n; s++) {
        int64_t ms;
        must(sgp_query_one_to_one(query, &source, &stands[s].snap, &ms), NULL);
        if (ms >= 0 && (least < 0 || ms + stands[s].walk_ms < least))
            least = ms + stands[s].walk_ms;
    }
    return least;
}

static uint64_t compare(bench *b, const sgp_call_list *calls, uint32_t n_checks) {
    sgp_week_roads *roads = make_roads(b);
    sgp_times times = sgp_week_roads_oracle(roads);
    sgp_walker *walker;
    sgp_start from[AMBULANCES];
    int64_t ms[AMBULANCES];
    sgp_point to[HOSPITALS];
    uint64_t mismatches = 0, random = 5;
    must(sgp_walker_create(b->graph, &walker), NULL);
    for (uint32_t i = 0; i < AMBULANCES; i++)
        must(sgp_week_roads_know(roads, b->units[i].station_point), NULL);
    for (uint32_t i = 0; i < HOSPITALS; i++)
        must(sgp_week_roads_know(roads, to[i] = b->hospitals[i].point), NULL);
    for (uint32_t c = 0; c < n_checks; c++) {
        const sgp_past_call *call = &calls->calls[sgp_random_below(&random, calls->n)];
        sgp_priority priority = c % 2 ? SGP_P1 : SGP_P4;
        uint32_t profile =
            sgp_graph_profile(sgp_graph_get(b->graph), c % 2 ? "ambulance_lights" : "ambulance");
        sgp_metric *metric = fresh_metric(b, profile, call->at_ms);
        sgp_query *query;
        must(sgp_query_create(metric, &query), NULL);
        sgp_week_roads_at(roads, call->at_ms);
        for (uint32_t i = 0; i < AMBULANCES; i++) /* every eighth is somewhere on the road */
            from[i] = (sgp_start){
                .point = i % 8 ? b->units[i].station_point
                               : calls->calls[sgp_random_below(&random, calls->n)].point,
                .unit = i,
                .kind = SGP_UNIT_AMBULANCE_BASIC,
                .priority = priority};
        must(times.many_to_one(times.ctx, from, AMBULANCES, call->point, ms), NULL);
        for (uint32_t i = 0; i < AMBULANCES; i++)
            mismatches += ms[i] != plain_ms(b, query, walker, profile, from[i].point, call->point);
        sgp_start scene = {
            .point = call->point, .kind = SGP_UNIT_AMBULANCE_BASIC, .priority = priority};
        must(times.one_to_many(times.ctx, &scene, to, HOSPITALS, ms), NULL);
        for (uint32_t i = 0; i < HOSPITALS; i++)
            mismatches += ms[i] != plain_ms(b, query, walker, profile, call->point, to[i]);
        sgp_query_destroy(query);
        sgp_metric_destroy(metric);
    }
    sgp_walker_destroy(walker);
    sgp_week_roads_destroy(roads);
    return mismatches;
}

/* ---- jointly ----------------------------------------------------------------- */

static double joint_us(uint32_t cases) {
    static int64_t cost[NEEDS * UNITS];
    uint32_t column[NEEDS];
    size_t bytes = sgp_assign_bytes(NEEDS, UNITS);
    void *memory = malloc(bytes);
    bench_samples samples = {0};
    uint64_t random = 9;
    if (!memory)
        must(SGP_E_MEMORY, NULL);
    for (uint32_t c = 0; c < cases; c++) {
        for (size_t i = 0; i < NEEDS * UNITS; i++)
            cost[i] = (int64_t)sgp_random_below(&random, 3600000);
        sgp_assign_costs costs = {
            .n_rows = NEEDS, .n_columns = UNITS, .stride = UNITS, .cost = cost};
        int64_t total;
        int64_t begun_ns = bench_wall_ns();
        must(sgp_assign(&costs, memory, bytes, column, &total), NULL);
        bench_add(&samples, bench_wall_ns() - begun_ns);
    }
    double us = bench_median_ns(&samples) / 1000;
    bench_forget(&samples);
    free(memory);
    return us;
}

/* ---- the sheet --------------------------------------------------------------- */

static void draw(const bench *b, int32_t demand_permille, sgp_call_list *calls) {
    must(sgp_pattern_draw(&b->pattern, b->graph, 1, demand_permille, calls), NULL);
}

static void tell_growth(bench *b, const sgp_call_list *once, bool tiny) {
    played wide = play(b, once, 10 * AMBULANCES, SGP_POLICY_CLOSEST, NULL);
    bench_put(&b->sheet, "fleet_x10_seconds", wide.wall_s, "the same calls, %d ambulances",
              10 * AMBULANCES);
    bench_put(&b->sheet, "fleet_x10_cpu_seconds", wide.cpu_s, "processor time of it");
    if (tiny)
        return;
    sgp_call_list ten = {0};
    draw(b, 10000, &ten);
    played large = play(b, &ten, 10 * AMBULANCES, SGP_POLICY_CLOSEST, NULL);
    bench_put(&b->sheet, "x10_seconds", large.wall_s, "%u calls, %d ambulances", large.n_incidents,
              10 * AMBULANCES);
    bench_put(&b->sheet, "x10_cpu_seconds", large.cpu_s, "processor time of it");
    sgp_call_list_free(&ten);
}

static void tell_policies(bench *b, const sgp_call_list *calls) {
    for (int p = SGP_POLICY_CLOSEST + 1; p < SGP_POLICIES; p++) {
        char key[40];
        played run = play(b, calls, AMBULANCES, (sgp_policy)p, NULL);
        snprintf(key, sizeof key, "%s_cpu_seconds", sgp_policy_str((sgp_policy)p));
        bench_put(&b->sheet, key, run.cpu_s, "P90 of response %.1f min", run.response_p90_min);
    }
}

static uint64_t measure(bench *b, bool tiny, bool growth) {
    sgp_call_list calls = {0};
    draw(b, 1000, &calls);
    played first = play(b, &calls, AMBULANCES, SGP_POLICY_CLOSEST, NULL);
    bench_samples decisions = {0};
    played again = play(b, &calls, AMBULANCES, SGP_POLICY_CLOSEST, &decisions);
    uint64_t mismatches = compare(b, &calls, tiny ? 4 : 60);
    mismatches += first.hash != again.hash;
    snprintf(b->sheet.title, sizeof b->sheet.title,
             "%u calls in %d days, %d ambulances, policy closest, traffic by hour",
             first.n_incidents, b->pattern.days, AMBULANCES);
    bench_put(&b->sheet, "calls", first.n_incidents, "%llu events",
              (unsigned long long)first.count.events);
    bench_put(&b->sheet, "units", AMBULANCES, "P90 of response %.1f min", first.response_p90_min);
    bench_put(&b->sheet, "seconds", first.wall_s, "one thread; metrics and labels included");
    bench_put(&b->sheet, "cpu_seconds", first.cpu_s, "processor time of it");
    bench_put(&b->sheet, "metrics_seconds", (double)first.roads.metrics_us / 1e6,
              "of it for %llu metrics", (unsigned long long)first.roads.metrics);
    bench_put(&b->sheet, "calls_per_s", first.n_incidents / first.wall_s, "calls a second");
    bench_put(&b->sheet, "decision_median_us", bench_median_ns(&decisions) / 1000,
              "place known -> order decided, road times included");
    bench_put(&b->sheet, "decision_p99_us", bench_share_ns(&decisions, 0.99) / 1000,
              "99th percentile");
    bench_put(&b->sheet, "joint_50x1000_us", joint_us(tiny ? 5 : 301),
              "50 needs x 1,000 units, uniform costs, median");
    tell_policies(b, &calls);
    if (growth)
        tell_growth(b, &calls, tiny);
    bench_put(&b->sheet, "mismatches", (double)mismatches,
              "road times that differ from plain queries, and equal runs that differ");
    b->sheet.hash = first.hash;
    bench_forget(&decisions);
    sgp_call_list_free(&calls);
    return mismatches;
}

int main(int argc, char **argv) {
    static const struct option options[] = {{"json", required_argument, NULL, 'j'},
                                            {"days", required_argument, NULL, 'd'},
                                            {"no-growth", no_argument, NULL, 'g'},
                                            {"tiny", no_argument, NULL, 't'},
                                            {NULL, 0, NULL, 0}};
    const char *json = NULL;
    int days = 365;
    bool tiny = false, growth = true;
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (c == 'j')
            json = optarg;
        else if (c == 'd')
            days = atoi(optarg);
        else if (c == 't')
            tiny = true;
        else if (c == 'g')
            growth = false;
        else
            return 2;
    }
    static bench b;
    bench_city city;
    sgp_fault fault = {0};
    if (days < 1 || days > 366 || !bench_city_make("sketch", "", &city))
        return 3;
    must(sgp_graph_open(city.graph, &b.graph, &fault), &fault);
    must(sgp_week_table_load(SIGAP_SOURCE_DIR "/gis/week.conf", &b.week, &fault), &fault);
    must(sgp_pattern_read(SIGAP_SOURCE_DIR "/engine/replay/scenarios/ordinary-week.conf",
                          &b.pattern, &fault),
         &fault);
    b.pattern.days = tiny ? 4 : days;
    sgp_road_settings_default(&b.roads);
    make_fleet(&b);
    snprintf(b.sheet.data, sizeof b.sheet.data, "malang");
    uint64_t mismatches = measure(&b, tiny, growth);
    bench_print(&b.sheet, stdout);
    FILE *out = json ? fopen(json, "w") : NULL;
    if (json && (!out || !bench_write_json(&b.sheet, out) || fclose(out) != 0)) {
        fprintf(stderr, "bench-replay: %s cannot be written\n", json);
        return 3;
    }
    free(b.units);
    sgp_pattern_free(&b.pattern);
    sgp_graph_close(b.graph);
    return mismatches ? 1 : 0;
}
