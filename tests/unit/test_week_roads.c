/* Road times by the hour, held to plain questions of the router under freshly made metrics. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "road_town.h"
#include "replay/week_roads.h"
#include "sigap/walk.h"

enum { PLACES = 12, ROWS = 40, MONDAY_MS = 4 * 86400000, HOUR_MS = 3600000 };

typedef struct town {
    road_town drawn;
    sgp_week_table week;
    sgp_week_roads_options options;
    sgp_road_spell spell;
    sgp_week_roads *roads;
    sgp_point known[PLACES];
    sgp_walker *walker;
} town;

static int make(void **state) {
    town *t = calloc(1, sizeof *t);
    assert_non_null(t);
    town_draw(&t->drawn);
    sgp_week_table_plain(&t->week);
    for (int c = 0; c < SGP_ROAD_CLASSES; c++)
        for (int h = 0; h < SGP_WEEK_HOURS; h++)
            t->week.permille[c][h] = (uint16_t)(h % 24 == 7 ? 1700 : 1000);
    t->spell = (sgp_road_spell){.point = cross(3, 3),
                                .radius_m = 300,
                                .from_ms = MONDAY_MS + 10 * HOUR_MS + 1000,
                                .until_ms = MONDAY_MS + 11 * HOUR_MS,
                                .permille = 3000};
    t->options = (sgp_week_roads_options){
        .week = &t->week, .changes = &t->spell, .n_changes = 1, .lights[SGP_P1] = true};
    for (int k = 0; k < SGP_UNIT_KINDS; k++) {
        strcpy(t->options.profile[k], k == SGP_UNIT_MOTORBIKE ? "motorbike" : "ambulance");
        strcpy(t->options.with_lights[k], k == SGP_UNIT_MOTORBIKE ? "" : "ambulance_lights");
    }
    sgp_fault fault = {0};
    if (sgp_week_roads_create(t->drawn.graph, &t->options, &t->roads, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    for (int i = 0; i < PLACES; i++) {
        t->known[i] = town_somewhere(&t->drawn);
        assert_int_equal(sgp_week_roads_know(t->roads, t->known[i]), SGP_OK);
    }
    assert_int_equal(sgp_walker_create(t->drawn.graph, &t->walker), SGP_OK);
    *state = t;
    return 0;
}

static int drop(void **state) {
    town *t = *state;
    sgp_walker_destroy(t->walker);
    sgp_week_roads_destroy(t->roads);
    town_drop(&t->drawn);
    free(t);
    return 0;
}

/* The weights of that time, made without anything of week_roads. */
static sgp_metric *fresh_metric(town *t, uint32_t profile, int64_t at_ms) {
    const sgp_graph_parts *parts = sgp_graph_get(t->drawn.graph);
    int32_t *weight = malloc(parts->n_arcs * sizeof *weight);
    uint16_t *factor = malloc(2 * parts->n_edges * sizeof *factor);
    assert_non_null(weight);
    assert_non_null(factor);
    bool in_force = at_ms >= t->spell.from_ms && at_ms < t->spell.until_ms;
    for (uint32_t e = 0; e < parts->n_edges; e++) {
        const sgp_edge *edge = &parts->edges[e];
        bool near = false;
        for (uint32_t k = 0; k < edge->n_points; k++)
            near = near || sgp_distance_m(parts->points[edge->first_point + k], t->spell.point) <=
                               t->spell.radius_m;
        factor[2 * e] = factor[2 * e + 1] = near && in_force ? t->spell.permille : 1000;
    }
    sgp_picture picture = {.profile = profile,
                           .minute_of_week = (int32_t)((at_ms - MONDAY_MS) / 60000 % 10080),
                           .week = &t->week,
                           .factor = factor};
    sgp_metric *metric;
    assert_int_equal(sgp_weights_make(t->drawn.graph, &picture, weight, NULL), SGP_OK);
    assert_int_equal(sgp_metric_customize(t->drawn.graph, weight, 1, &metric), SGP_OK);
    free(weight);
    free(factor);
    return metric;
}

static int64_t plain_ms(town *t, const sgp_start *from, sgp_point to, int64_t at_ms) {
    bool lit = from->priority == SGP_P1 && from->kind != SGP_UNIT_MOTORBIKE;
    uint32_t profile = from->kind == SGP_UNIT_MOTORBIKE ? 2 : lit ? 1 : 0;
    sgp_metric *metric = fresh_metric(t, profile, at_ms);
    sgp_query *query;
    assert_int_equal(sgp_query_create(metric, &query), SGP_OK);
    sgp_snap_wish wish = {.radius_m = 2000, .profile = profile};
    sgp_source source = {.penalty_ms = from->penalty_ms};
    size_t n = 0;
    assert_int_equal(sgp_graph_snap_wish(t->drawn.graph, from->point, &wish, &source.from, 1, &n),
                     SGP_OK);
    assert_int_equal(n, 1);
    sgp_walk_options options = sgp_walk_defaults;
    options.profile = profile;
    sgp_stand stands[SGP_STANDS_MAX];
    assert_int_equal(sgp_walker_stands(t->walker, to, &options, stands, &n), SGP_OK);
    int64_t least_ms = -1;
    for (size_t s = 0; s < n; s++) {
        int64_t ms;
        assert_int_equal(sgp_query_one_to_one(query, &source, &stands[s].snap, &ms), SGP_OK);
        if (ms >= 0 && (least_ms < 0 || ms + stands[s].walk_ms < least_ms))
            least_ms = ms + stands[s].walk_ms;
    }
    sgp_query_destroy(query);
    sgp_metric_destroy(metric);
    return least_ms;
}

static sgp_start some_start(town *t, uint32_t i) {
    static const sgp_unit_kind kinds[] = {SGP_UNIT_AMBULANCE_BASIC, SGP_UNIT_MOTORBIKE};
    return (sgp_start){.point = i % 3 ? t->known[i % PLACES] : town_somewhere(&t->drawn),
                       .penalty_ms = i * 10,
                       .unit = i,
                       .kind = kinds[i % 2],
                       .priority = i % 4 < 2 ? SGP_P1 : SGP_P3};
}

static void test_week_roads_equal_the_router_at_every_hour(void **state) {
    town *t = *state;
    sgp_times times = sgp_week_roads_oracle(t->roads);
    const int64_t at_ms[] = {MONDAY_MS,
                             MONDAY_MS + 7 * HOUR_MS,
                             MONDAY_MS + 8 * HOUR_MS - 1,
                             MONDAY_MS + 10 * HOUR_MS,
                             MONDAY_MS + 10 * HOUR_MS + 2000,
                             MONDAY_MS + 11 * HOUR_MS,
                             MONDAY_MS + INT64_C(7) * 24 * HOUR_MS + 7 * HOUR_MS};
    for (size_t h = 0; h < sizeof at_ms / sizeof at_ms[0]; h++) {
        sgp_start from[ROWS];
        int64_t ms[ROWS];
        sgp_point to = h % 2 ? town_somewhere(&t->drawn) : t->known[h];
        for (uint32_t i = 0; i < ROWS; i++)
            from[i] = some_start(t, i);
        sgp_week_roads_at(t->roads, at_ms[h]);
        assert_int_equal(times.many_to_one(times.ctx, from, ROWS, to, ms), SGP_OK);
        for (uint32_t i = 0; i < ROWS; i++)
            assert_int_equal(ms[i], plain_ms(t, &from[i], to, at_ms[h]));
        sgp_point targets[PLACES];
        memcpy(targets, t->known, sizeof targets);
        assert_int_equal(times.one_to_many(times.ctx, &from[h], targets, PLACES, ms), SGP_OK);
        for (uint32_t i = 0; i < PLACES; i++) {
            int64_t alone_ms;
            assert_int_equal(ms[i], plain_ms(t, &from[h], targets[i], at_ms[h]));
            for (int again = 0; again < 2; again++) {
                assert_int_equal(sgp_week_roads_journey(t->roads, &from[h], targets[i], &alone_ms),
                                 SGP_OK);
                assert_int_equal(alone_ms, ms[i]);
            }
        }
    }
    /* Plain, seven o'clock and the slow hour, each for three profiles. */
    assert_int_equal(sgp_week_roads_counted(t->roads).metrics, 9);
}

/* Along the way the vehicle starts at its start, ends where it stands, and never jumps. */
static void test_week_roads_know_where_a_vehicle_is(void **state) {
    town *t = *state;
    sgp_week_roads_at(t->roads, MONDAY_MS);
    for (uint32_t i = 0; i < 20; i++) {
        sgp_start from = some_start(t, i);
        from.penalty_ms = 0;
        sgp_point to = t->known[(i + 5) % PLACES];
        int64_t ms;
        sgp_way_driven way;
        assert_int_equal(sgp_week_roads_journey(t->roads, &from, to, &ms), SGP_OK);
        assert_int_equal(sgp_week_roads_way(t->roads, &from, to, &way), SGP_OK);
        assert_true(way.n >= 2);
        assert_true(way.at_ms[way.n - 1] <= ms);
        assert_true(sgp_point_equal(sgp_way_point(&way, 0), way.points[0]) || way.at_ms[1] == 0);
        assert_true(sgp_point_equal(sgp_way_point(&way, ms), way.points[way.n - 1]));
        sgp_point before = sgp_way_point(&way, 0);
        for (int64_t at_ms = 0; at_ms <= ms; at_ms += 1000) {
            sgp_point now = sgp_way_point(&way, at_ms);
            assert_true(sgp_distance_m(before, now) < 60);
            before = now;
        }
    }
}

static void test_week_roads_refuse_changes_without_sense(void **state) {
    town *t = *state;
    sgp_fault fault = {0};
    sgp_road_spell odd = t->spell;
    odd.permille = 5;
    sgp_week_roads_options options = t->options;
    options.changes = &odd;
    sgp_week_roads *roads = NULL;
    assert_int_equal(sgp_week_roads_create(t->drawn.graph, &options, &roads, &fault),
                     SGP_E_ARGUMENT);
    assert_non_null(strstr(fault.text, "change 1"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_week_roads_equal_the_router_at_every_hour, make, drop),
        cmocka_unit_test_setup_teardown(test_week_roads_know_where_a_vehicle_is, make, drop),
        cmocka_unit_test_setup_teardown(test_week_roads_refuse_changes_without_sense, make, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
