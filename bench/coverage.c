/* bench-coverage: what it costs to know how a city is covered.
 *
 *   bench-coverage [--units 48,1000] [--stations 40] [--rounds 30] [--json FILE]
 *                  [ny | porto | sketch | FILE.sgr]...
 *
 * For each number of units: a whole survey as the engine makes it on its own thread (minutes to
 * every area, expected coverage, five moves), the same with the core's map, and what coverage_aware
 * adds to one decision. Half of the units wait at their station, half stand at points on roads,
 * drawn from a fixed seed. CPU time of the thread.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "core/policy.h"
#include "serve/coverage_survey.h"
#include "support/cities.h"
#include "support/sheet.h"

enum { SIZES_MAX = 4 };

static _Noreturn void stop(const char *what, const char *why) {
    fprintf(stderr, "bench-coverage: %s: %s\n", what, why);
    exit(3);
}

static void must(sgp_err err, const char *what) {
    if (err != SGP_OK)
        stop(what, sgp_err_message(err));
}

typedef struct asked {
    uint32_t units[SIZES_MAX];
    size_t n_sizes;
    uint32_t stations, rounds;
    FILE *json;
} asked;

typedef struct bench {
    bench_sheet sheet;
    sgp_graph *graph;
    sgp_road_settings settings;
    sgp_live_roads *roads;
    sgp_surveyor *surveyor;
    uint64_t random;
} bench;

static sgp_point road_point(bench *b) {
    const sgp_graph_parts *parts = sgp_graph_get(b->graph);
    for (;;) {
        const sgp_edge *edge = &parts->edges[sgp_random_below(&b->random, parts->n_edges)];
        if (edge->flags & SGP_EDGE_MAIN)
            return parts->points[edge->first_point];
    }
}

static void step(sgp_world *world, sgp_event *event) {
    static const sgp_times nobody = {0};
    sgp_effects effects = {0};
    event->seq = sgp_world_seq(world) + 1;
    event->at_ms = sgp_world_now_ms(world) + 1;
    must(sgp_core_step(world, event, &nobody, &effects), sgp_event_kind_str(event->kind));
    sgp_effects_free(&effects);
}

static sgp_world *make_world(bench *b, uint32_t n_units, uint32_t n_stations) {
    sgp_world *world;
    must(sgp_world_create(&world), "the world");
    sgp_point *stations = calloc(n_stations, sizeof *stations);
    for (uint32_t s = 0; stations && s < n_stations; s++)
        stations[s] = road_point(b);
    for (uint32_t i = 0; stations && i < n_units; i++) {
        sgp_event event = {.kind = SGP_EVENT_UNIT_REGISTERED};
        sgp_unit *unit = &event.u.unit_registered.unit;
        unit->kind = i % 5 ? SGP_UNIT_AMBULANCE_BASIC : SGP_UNIT_MOTORBIKE;
        unit->station_point = stations[i % n_stations];
        snprintf(unit->code, sizeof unit->code, "A%04u", i);
        step(world, &event);
        sgp_event duty = {.kind = SGP_EVENT_UNIT_DUTY, .u.duty = {.on_duty = true}};
        snprintf(duty.u.duty.unit, sizeof duty.u.duty.unit, "A%04u", i);
        step(world, &duty);
        if (i % 2)
            continue;
        sgp_event moved = {.kind = SGP_EVENT_UNIT_POSITION};
        snprintf(moved.u.position.unit, sizeof moved.u.position.unit, "A%04u", i);
        moved.u.position.point = road_point(b);
        moved.u.position.measured_at_ms = sgp_world_now_ms(world) + 1;
        step(world, &moved);
    }
    free(stations);
    return world;
}

/* Surveys of one world; the last one's map goes into it. */
static void measure_surveys(bench *b, sgp_world *world, uint32_t rounds, bool wants_map,
                            bench_samples *samples) {
    sgp_coverage_settings settings;
    sgp_coverage_settings_default(&settings);
    settings.target_ms = 900000;
    for (uint32_t round = 0; round < rounds; round++) {
        sgp_survey_ask ask;
        sgp_survey survey;
        must(sgp_survey_ask_make(world, b->roads, &settings, 0, &ask), "who is free");
        ask.wants_map = wants_map;
        int64_t began_ns = bench_cpu_ns();
        must(sgp_survey_make(b->surveyor, &ask, &survey, NULL), "a survey");
        bench_add(samples, bench_cpu_ns() - began_ns);
        bench_hash(&b->sheet, &survey.expected_ppm, sizeof survey.expected_ppm);
        bench_hash(&b->sheet, &survey.moved_ppm, sizeof survey.moved_ppm);
        if (wants_map && round + 1 == rounds) {
            sgp_event set = {.kind = SGP_EVENT_COVERAGE_SET, .u.coverage = {survey.map}};
            step(world, &set);
        }
        sgp_survey_free(&survey);
        sgp_survey_ask_free(&ask);
    }
}

static void measure_decisions(bench *b, const sgp_world *world, uint32_t rounds,
                              bench_samples *samples) {
    uint32_t n = sgp_world_units(world);
    sgp_candidate *candidates = calloc(n, sizeof *candidates);
    if (!candidates)
        stop("candidates", "no memory");
    sgp_incident_node incident = {0};
    sgp_err (*weigh)(const sgp_world *, const sgp_incident_node *, int64_t, const sgp_times *,
                     sgp_candidate *, uint32_t) =
        sgp_policy_rules_of(SGP_POLICY_COVERAGE_AWARE)->weigh;
    for (uint32_t round = 0; round < rounds; round++) {
        memset(candidates, 0, n * sizeof *candidates);
        for (uint32_t i = 0; i < n; i++)
            candidates[i].unit = i;
        int64_t began_ns = bench_cpu_ns();
        must(weigh(world, &incident, 0, NULL, candidates, n), "coverage_aware");
        bench_add(samples, bench_cpu_ns() - began_ns);
        for (uint32_t i = 0; i < n; i++)
            bench_hash(&b->sheet, &candidates[i].policy_ms, sizeof candidates[i].policy_ms);
    }
    free(candidates);
}

static void measure_fleet(bench *b, uint32_t units, const asked *a) {
    char key[40];
    bench_samples plain = {0}, with_map = {0}, decisions = {0};
    sgp_world *world = make_world(b, units, a->stations);
    measure_surveys(b, world, a->rounds, false, &plain);
    measure_surveys(b, world, a->rounds, true, &with_map);
    measure_decisions(b, world, a->rounds * 10, &decisions);
    snprintf(key, sizeof key, "survey_%u_ms", units);
    bench_put(&b->sheet, key, bench_median_ns(&plain) / 1e6,
              "a survey of %u units and %u stations, five moves advised (median)", units,
              a->stations);
    snprintf(key, sizeof key, "survey_map_%u_ms", units);
    bench_put(&b->sheet, key, bench_median_ns(&with_map) / 1e6,
              "the same with the core's map (median)");
    snprintf(key, sizeof key, "weigh_%u_us", units);
    bench_put(&b->sheet, key, bench_median_ns(&decisions) / 1e3,
              "what coverage_aware adds to a decision, all units free (median)");
    bench_forget(&plain);
    bench_forget(&with_map);
    bench_forget(&decisions);
    sgp_world_destroy(world);
}

static void measure(const char *name, const asked *a) {
    bench_city city;
    if (!bench_city_make(name, "", &city))
        return;
    static bench b;
    memset(&b, 0, sizeof b);
    b.random = 20261122;
    sgp_fault fault = {0};
    if (sgp_graph_open(city.graph, &b.graph, &fault) != SGP_OK)
        stop(city.graph, fault.text);
    sgp_road_settings_default(&b.settings);
    if (sgp_live_roads_create(b.graph, &b.settings, &b.roads, &fault) != SGP_OK)
        stop(city.graph, fault.text);
    int64_t began_ns = bench_cpu_ns();
    if (sgp_surveyor_create(b.roads, &b.surveyor, &fault) != SGP_OK)
        stop(city.graph, fault.text);
    double zones_ms = (double)(bench_cpu_ns() - began_ns) / 1e6;
    const sgp_zones *zones = sgp_surveyor_zones(b.surveyor);
    snprintf(b.sheet.data, sizeof b.sheet.data, "%s", city.name);
    snprintf(b.sheet.title, sizeof b.sheet.title, "%u zones in %u areas", zones->n_zones,
             zones->n_areas);
    bench_put(&b.sheet, "zones_ms", zones_ms, "the city cut into zones, once");
    for (size_t i = 0; i < a->n_sizes; i++)
        measure_fleet(&b, a->units[i], a);
    bench_print(&b.sheet, stdout);
    if (a->json && !bench_write_json(&b.sheet, a->json))
        stop("--json", "cannot be written");
    sgp_surveyor_destroy(b.surveyor);
    sgp_live_roads_destroy(b.roads);
    sgp_graph_close(b.graph);
}

static bool read_sizes(asked *a, char *text) {
    a->n_sizes = 0;
    for (char *part; (part = strsep(&text, ",")) != NULL;) {
        unsigned long units = strtoul(part, NULL, 10);
        if (a->n_sizes == SIZES_MAX || units < 1 || units > SGP_UNITS_MAX)
            return false;
        a->units[a->n_sizes++] = (uint32_t)units;
    }
    return true;
}

int main(int argc, char **argv) {
    static const struct option OPTIONS[] = {{"units", required_argument, NULL, 'u'},
                                            {"stations", required_argument, NULL, 's'},
                                            {"rounds", required_argument, NULL, 'r'},
                                            {"json", required_argument, NULL, 'j'},
                                            {NULL, 0, NULL, 0}};
    asked a = {.units = {48, 1000}, .n_sizes = 2, .stations = 40, .rounds = 30};
    const char *json = NULL;
    for (int option; (option = getopt_long(argc, argv, "", OPTIONS, NULL)) != -1;) {
        if (option == 'u' && !read_sizes(&a, optarg))
            return 2;
        else if (option == 's')
            a.stations = (uint32_t)strtoul(optarg, NULL, 10);
        else if (option == 'r')
            a.rounds = (uint32_t)strtoul(optarg, NULL, 10);
        else if (option == 'j')
            json = optarg;
        else if (option != 'u')
            return 2;
    }
    if (a.stations < 1 || a.stations > SGP_MAP_STATIONS_MAX || a.rounds < 1) {
        fprintf(stderr, "bench-coverage: 1 to %d stations, 1 or more rounds\n",
                SGP_MAP_STATIONS_MAX);
        return 2;
    }
    a.json = json ? fopen(json, "w") : NULL;
    if (json && !a.json)
        stop(json, "cannot be written");
    if (optind == argc)
        measure("sketch", &a);
    for (int i = optind; i < argc; i++)
        measure(argv[i], &a);
    if (a.json)
        fclose(a.json);
    return 0;
}
