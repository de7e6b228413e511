/* Coverage of a run against looking at every unit, hour and zone. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "road_town.h"
#include "base/random.h"
#include "replay/coverage_history.h"

enum { UNITS = 6, STATIONS = 3, DAYS = 3, JOBS = 60, TURNOUT_MS = 60000, HOUR_MS = 3600000 };
static const int64_t begun_ms = INT64_C(1767571200000); /* Monday 2026-01-05 00:00 UTC */

static void make_run(sgp_run *run) {
    *run = (sgp_run){.from_ms = begun_ms,
                     .until_ms = begun_ms + DAYS * INT64_C(86400000),
                     .utc_offset_s = 7 * 3600,
                     .target_ms = {[SGP_P1] = 180000}};
    for (uint32_t s = 0; s < STATIONS; s++) {
        uint32_t index;
        char name[8] = {'S', (char)('0' + s)};
        assert_int_equal(
            sgp_run_find_station(run, name, cross(3 * (int32_t)s, 2 * (int32_t)s), &index), SGP_OK);
    }
    for (uint32_t u = 0; u < UNITS; u++) {
        sgp_run_unit *unit;
        assert_int_equal(sgp_run_add_unit(run, &unit), SGP_OK);
        unit->kind = u == 5 ? SGP_UNIT_MOTORBIKE : SGP_UNIT_AMBULANCE_BASIC;
        unit->station = u % STATIONS;
    }
    uint64_t random = 5;
    int64_t free_ms[UNITS] = {0};
    for (uint32_t j = 0; j < JOBS; j++) {
        sgp_run_incident *incident;
        sgp_run_job *job;
        int64_t at_ms = begun_ms + j * (DAYS * INT64_C(86400000) / JOBS);
        assert_int_equal(sgp_run_add_incident(run, &incident), SGP_OK);
        incident->answered_at_ms = at_ms;
        uint32_t unit = (uint32_t)sgp_random_below(&random, UNITS), tried = 0;
        while (free_ms[unit] > at_ms && tried++ < UNITS)
            unit = (unit + 1) % UNITS;
        if (free_ms[unit] > at_ms)
            continue; /* nobody is free for it */
        assert_int_equal(sgp_run_add_job(run, &job), SGP_OK);
        job->incident = j;
        job->unit = unit;
        job->ended = SGP_ASSIGNMENT_CLOSED;
        job->at_ms[SGP_ASSIGNMENT_ORDERED] = at_ms;
        job->at_ms[SGP_ASSIGNMENT_CLOSED] = free_ms[job->unit] =
            at_ms + (int64_t)sgp_random_below(&random, 8 * HOUR_MS);
    }
}

static bool is_free(const sgp_run *run, uint32_t unit, int64_t at_ms) {
    for (uint32_t j = 0; j < run->n_jobs; j++)
        if (run->jobs[j].unit == unit && run->jobs[j].at_ms[SGP_ASSIGNMENT_ORDERED] <= at_ms &&
            at_ms < run->jobs[j].at_ms[SGP_ASSIGNMENT_CLOSED])
            return false;
    return run->units[unit].kind != SGP_UNIT_MOTORBIKE;
}

typedef struct looked {
    double all, within, none, reached, ms;
} looked;

static void look(const sgp_run *run, sgp_week_roads *roads, const sgp_zone *zone, int64_t at_ms,
                 looked *sum) {
    int64_t nearest_ms = -1;
    sgp_week_roads_at(roads, at_ms);
    for (uint32_t u = 0; u < UNITS; u++) {
        sgp_start from = {.point = run->stations[run->units[u].station].point,
                          .penalty_ms = TURNOUT_MS,
                          .kind = SGP_UNIT_AMBULANCE_BASIC,
                          .priority = SGP_P1};
        int64_t ms;
        if (!is_free(run, u, at_ms))
            continue;
        assert_int_equal(sgp_week_roads_journey(roads, &from, zone->point, &ms), SGP_OK);
        if (ms >= 0 && (nearest_ms < 0 || ms < nearest_ms))
            nearest_ms = ms;
    }
    sum->all += (double)zone->weight;
    sum->none += nearest_ms < 0 ? (double)zone->weight : 0;
    sum->reached += nearest_ms < 0 ? 0 : (double)zone->weight;
    sum->ms += nearest_ms < 0 ? 0 : (double)zone->weight * (double)nearest_ms;
    sum->within +=
        nearest_ms >= 0 && nearest_ms <= run->target_ms[SGP_P1] ? (double)zone->weight : 0;
}

static void same(const looked *sum, const sgp_covered *told) {
    assert_true(told->known);
    assert_true(fabs(told->within - sum->within / sum->all) < 1e-9);
    assert_true(fabs(told->none - sum->none / sum->all) < 1e-9);
    if (sum->reached > 0)
        assert_true(fabs(told->mean_ms - sum->ms / sum->reached) < 1e-6);
}

static void test_coverage_history_equals_looking_at_all(void **state) {
    (void)state;
    static road_town town;
    town_draw(&town);
    sgp_week_roads_options options = {.utc_offset_s = 7 * 3600};
    for (int k = 0; k < SGP_UNIT_KINDS; k++)
        strcpy(options.profile[k], "ambulance");
    const sgp_road_spell slow = {.point = cross(3, 2),
                                 .radius_m = 2000,
                                 .from_ms = begun_ms + 30 * INT64_C(3600000),
                                 .until_ms = begun_ms + 40 * INT64_C(3600000),
                                 .permille = 2500};
    options.changes = &slow;
    options.n_changes = 1;
    sgp_week_roads *roads;
    sgp_zones zones;
    sgp_fault fault = {0};
    if (sgp_week_roads_create(town.graph, &options, &roads, &fault) != SGP_OK ||
        sgp_zones_make(sgp_graph_get(town.graph), 400, 0, &zones, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    assert_true(zones.n_zones > 4);
    sgp_run run;
    make_run(&run);
    if (sgp_run_check(&run, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    sgp_cover_tables *tables = sgp_cover_tables_create(roads, &zones, TURNOUT_MS);
    assert_non_null(tables);
    if (sgp_run_cover(&run, tables, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    looked all = {0}, hours[24] = {{0}};
    for (int64_t at_ms = begun_ms + HOUR_MS / 2; at_ms < run.until_ms; at_ms += HOUR_MS)
        for (uint32_t z = 0; z < zones.n_zones; z++) {
            look(&run, roads, &zones.zones[z], at_ms, &all);
            look(&run, roads, &zones.zones[z], at_ms, &hours[(at_ms / HOUR_MS + 7) % 24]);
        }
    same(&all, &run.coverage->all);
    for (int h = 0; h < 24; h++)
        same(&hours[h], &run.coverage->hours[h]);
    assert_int_equal(run.coverage->n_areas, zones.n_areas);
    /* The chances are such that all of it occurs. */
    assert_true(run.coverage->all.within > 0.05 && run.coverage->all.within < 0.95);
    /* And the next replication forgets it. */
    sgp_run_clear_calls(&run);
    assert_null(run.coverage);
    sgp_run_free(&run);
    sgp_cover_tables_destroy(tables);
    sgp_zones_free(&zones);
    sgp_week_roads_destroy(roads);
    town_drop(&town);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_coverage_history_equals_looking_at_all)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
