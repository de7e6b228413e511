/* Snapping, times and routes on a neighbourhood small enough to check by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "graph_maker.h"
#include "sigap/router.h"

/* All on the equator, where 1e-7 degree is the same both ways. One block is
 * 0.001 degree, 111.195 m; lengths are set to 100 m to make times round.
 *
 *      c --Gang II--> d      Gang II is one-way
 *      |              |
 *   Jalan Tepi    Jalan Timur
 *      |              |
 *      a --Jalan Raya-- b --Jalan Raya-- e     island: x --- y
 *
 * b's crossing is expanded: b1 is reached from a, b2 from d and e; turning from
 * a towards d costs 4,000; d -> a costs nothing.
 */
enum { A, B1, B2, C, D, E, X, Y };
enum { RAYA_WEST, RAYA_EAST, TEPI, TIMUR, GANG, LOOP, ISLAND, CLOSED };
enum { BLOCK = 10000, LENGTH = 100000 };

static graph_maker maker;
static char folder[64];
static char path[128];
static sgp_graph *graph;
static sgp_metric *metric;
static sgp_query *query;

static void make_neighbourhood(void) {
    maker_begin(&maker);
    maker_vertex(&maker, 0, 0, 100);
    maker_vertex(&maker, BLOCK, 0, 200);
    maker_vertex(&maker, BLOCK, 0, 200);
    maker_vertex(&maker, 0, BLOCK, 300);
    maker_vertex(&maker, BLOCK, BLOCK, 400);
    maker_vertex(&maker, 2 * BLOCK, 0, 500);
    maker_vertex(&maker, 0, 5 * BLOCK, 600);
    maker_vertex(&maker, BLOCK, 5 * BLOCK, 700);
    uint8_t main = SGP_EDGE_MAIN;
    sgp_point bend = {3 * BLOCK, BLOCK / 2};
    /* Both arcs of Jalan Raya west: a -> b1 and b2 -> a. */
    uint32_t west =
        maker_edge(&maker, A, B1, 10000, MAKER_NO_ARC, NULL, 0, LENGTH, "Jalan Raya", main);
    maker_add_arc(&maker, B2, A, west << 1 | 1, 12000);
    uint32_t east =
        maker_edge(&maker, B1, E, 10000, MAKER_NO_ARC, NULL, 0, LENGTH, "Jalan Raya", main);
    maker_add_arc(&maker, E, B2, east << 1 | 1, 10000);
    maker_edge(&maker, A, C, 20000, 20000, NULL, 0, LENGTH, "Jalan Tepi", main);
    /* d -> b2, and b2 -> d; b1 reaches b2 by the turn's connector. */
    maker_edge(&maker, D, B2, 10000, 10000, NULL, 0, LENGTH, "Jalan Timur", main);
    maker_edge(&maker, C, D, 5001, MAKER_NO_ARC, NULL, 0, LENGTH, "Gang II", main);
    maker_edge(&maker, E, E, 7, 0, &bend, 1, LENGTH, "Bundaran", main | SGP_EDGE_ROUNDABOUT);
    maker_edge(&maker, X, Y, 1000, 1000, NULL, 0, LENGTH, "Pulau", 0);
    maker_edge(&maker, A, B1, SGP_INF, MAKER_NO_ARC, NULL, 0, LENGTH, "Tutup", main);
    maker_connector(&maker, B1, B2, 4000);
    sgp_fault fault = {0};
    if (sgp_graph_write(path, maker_finish(&maker), NULL, &fault) != SGP_OK ||
        sgp_graph_open(path, &graph, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    assert_int_equal(sgp_metric_create(graph, &metric), SGP_OK);
    assert_int_equal(sgp_query_create(metric, &query), SGP_OK);
}

static sgp_snap at(uint32_t edge, uint32_t offset_mm) {
    const sgp_graph_parts *p = sgp_graph_get(graph);
    sgp_point first = p->points[p->edges[edge].first_point];
    sgp_point last = p->points[p->edges[edge].first_point + p->edges[edge].n_points - 1];
    int32_t share = (int32_t)(offset_mm / (LENGTH / 100));
    return (sgp_snap){.edge = edge,
                      .offset_mm = offset_mm,
                      .road = {first.lon_e7 + (last.lon_e7 - first.lon_e7) / 100 * share,
                               first.lat_e7 + (last.lat_e7 - first.lat_e7) / 100 * share}};
}

static int64_t travel(sgp_snap from, sgp_snap to) {
    sgp_source source = {.from = from};
    int64_t forward, backward;
    assert_int_equal(sgp_query_one_to_many(query, &source, &to, 1, &forward), SGP_OK);
    assert_int_equal(sgp_query_many_to_one(query, &source, 1, &to, &backward), SGP_OK);
    assert_int_equal(forward, backward);
    return forward;
}

static void test_router_times_by_hand(void **state) {
    (void)state;
    const struct {
        const char *what;
        uint32_t from, from_mm, to, to_mm;
        int64_t ms;
    } cases[] = {
        {"same edge, forward", RAYA_WEST, 20000, RAYA_WEST, 70000, 5000},
        {"same edge, backward", RAYA_WEST, 70000, RAYA_WEST, 20000, 6000},
        {"same place", RAYA_WEST, 50000, RAYA_WEST, 50000, 0},
        {"over the crossing", RAYA_WEST, 50000, RAYA_EAST, 50000, 10000},
        {"back over the crossing", RAYA_EAST, 50000, RAYA_WEST, 50000, 11000},
        {"a turn that costs", RAYA_WEST, 50000, TIMUR, 50000, 5000 + 4000 + 5000},
        {"a turn that does not", TIMUR, 50000, RAYA_WEST, 50000, 5000 + 6000},
        {"one-way, forward", GANG, 10000, GANG, 90000, 4000},
        {"one-way, against: around the block", GANG, 90000, GANG, 10000,
         500 + 10000 + 12000 + 20000 + 500},
        {"parts are rounded down", GANG, 0, GANG, 33333, 1666},
        {"to the island", RAYA_WEST, 0, ISLAND, 0, SGP_UNREACHABLE},
        {"from the island", ISLAND, 0, RAYA_WEST, 0, SGP_UNREACHABLE},
        {"on the island", ISLAND, 0, ISLAND, LENGTH, 1000},
        {"to a closed road", RAYA_WEST, 0, CLOSED, 50000, SGP_UNREACHABLE},
        {"on a closed road", CLOSED, 0, CLOSED, 50000, SGP_UNREACHABLE},
        {"a loop, the free way around", LOOP, 10000, LOOP, 90000, 0},
        {"both ends of a loop", LOOP, 0, LOOP, LENGTH, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t ms = travel(at(cases[i].from, cases[i].from_mm), at(cases[i].to, cases[i].to_mm));
        if (ms != cases[i].ms)
            fail_msg("%s: %lld, not %lld", cases[i].what, (long long)ms, (long long)cases[i].ms);
    }
}

static void test_router_penalty_is_added(void **state) {
    (void)state;
    sgp_source sources[3] = {{at(RAYA_WEST, 0), 0}, {at(RAYA_WEST, 0), 60000}, {at(ISLAND, 0), 5}};
    sgp_snap target = at(RAYA_WEST, LENGTH);
    int64_t ms[3];
    assert_int_equal(sgp_query_many_to_one(query, sources, 3, &target, ms), SGP_OK);
    assert_int_equal(ms[0], 10000);
    assert_int_equal(ms[1], 70000);
    assert_int_equal(ms[2], SGP_UNREACHABLE);
    sgp_route route;
    assert_int_equal(sgp_query_route(query, &sources[1], &target, &route), SGP_OK);
    assert_int_equal(route.duration_ms, 70000);
    assert_int_equal(route.at_ms[0], 0);
    assert_int_equal(route.at_ms[route.n_points - 1], 10000);
    sgp_route_free(&route);
}

static void test_router_bad_places_are_refused(void **state) {
    (void)state;
    int64_t ms = 77;
    sgp_source good = {.from = at(RAYA_WEST, 0)};
    sgp_snap target = at(RAYA_EAST, 0);
    sgp_snap off = target;
    off.edge = sgp_graph_get(graph)->n_edges;
    assert_int_equal(sgp_query_one_to_many(query, &good, &off, 1, &ms), SGP_E_ARGUMENT);
    off = target;
    off.offset_mm = LENGTH + 1;
    assert_int_equal(sgp_query_many_to_one(query, &good, 1, &off, &ms), SGP_E_ARGUMENT);
    sgp_source bad = good;
    bad.penalty_ms = -1;
    assert_int_equal(sgp_query_matrix(query, &bad, 1, &target, 1, &ms), SGP_E_RANGE);
    sgp_route route;
    assert_int_equal(sgp_query_route(query, &bad, &target, &route), SGP_E_RANGE);
    assert_int_equal(sgp_query_route(query, &good, &off, &route), SGP_E_ARGUMENT);
    assert_int_equal(ms, 77);
    assert_int_equal(sgp_query_many_to_one(query, NULL, 0, &target, &ms), SGP_OK);
}

static void test_router_nodes(void **state) {
    (void)state;
    int64_t nodes[] = {100, 200, 300, 400, 500, 600};
    int64_t ms[36];
    sgp_fault fault = {0};
    assert_int_equal(sgp_query_matrix_nodes(query, nodes, 6, nodes, 6, ms, &fault), SGP_OK);
    for (int i = 0; i < 6; i++)
        assert_int_equal(ms[7 * i], 0);
    assert_int_equal(ms[1], 10000);     /* a to b */
    assert_int_equal(ms[6], 12000);     /* b to a */
    assert_int_equal(ms[3], 24000);     /* a to d, over the turn at b */
    assert_int_equal(ms[6 + 3], 10000); /* b to d: no turn to make */
    assert_int_equal(ms[12 + 3], 5001); /* c to d */
    assert_int_equal(ms[5], SGP_UNREACHABLE);
    int64_t column[6];
    assert_int_equal(sgp_query_matrix_nodes(query, nodes, 6, nodes, 1, column, &fault), SGP_OK);
    for (int i = 0; i < 6; i++)
        assert_int_equal(column[i], ms[6 * i]);
    int64_t unknown = 999;
    assert_int_equal(sgp_query_matrix_nodes(query, nodes, 6, &unknown, 1, ms, &fault),
                     SGP_E_NOT_FOUND);
    assert_non_null(strstr(fault.text, "999"));
}

static void test_router_route_has_points_times_and_steps(void **state) {
    (void)state;
    sgp_source source = {.from = at(GANG, 90000)};
    sgp_snap target = at(GANG, 10000);
    sgp_route r;
    assert_int_equal(sgp_query_route(query, &source, &target, &r), SGP_OK);
    assert_int_equal(r.duration_ms, 43000);
    assert_int_equal(r.length_mm, 10000 + 3 * LENGTH + 10000);
    static const sgp_point points[] = {{9000, BLOCK}, {BLOCK, BLOCK}, {BLOCK, 0},
                                       {0, 0},        {0, BLOCK},     {1000, BLOCK}};
    static const int64_t at_ms[] = {0, 500, 10500, 22500, 42500, 43000};
    assert_int_equal(r.n_points, 6);
    assert_memory_equal(r.points, points, sizeof points);
    assert_memory_equal(r.at_ms, at_ms, sizeof at_ms);
    static const struct {
        const char *name;
        int64_t ms;
        int turn;
        uint32_t first, n;
    } steps[] = {{"Gang II", 500, 0, 0, 2},
                 {"Jalan Timur", 10000, 90, 1, 2},
                 {"Jalan Raya", 12000, 90, 2, 2},
                 {"Jalan Tepi", 20000, 90, 3, 2},
                 {"Gang II", 500, 90, 4, 2}};
    assert_int_equal(r.n_steps, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_string_equal(r.steps[i].name, steps[i].name);
        assert_int_equal(r.steps[i].duration_ms, steps[i].ms);
        assert_int_equal(r.steps[i].turn_deg, steps[i].turn);
        assert_int_equal(r.steps[i].first_point, steps[i].first);
        assert_int_equal(r.steps[i].n_points, steps[i].n);
    }
    sgp_route_free(&r);
}

static void test_router_route_joins_one_name_and_counts_the_turn(void **state) {
    (void)state;
    sgp_source source = {.from = at(RAYA_WEST, 50000)};
    sgp_snap target = at(RAYA_EAST, 50000);
    sgp_route r;
    assert_int_equal(sgp_query_route(query, &source, &target, &r), SGP_OK);
    assert_int_equal(r.n_steps, 1);
    assert_int_equal(r.steps[0].length_mm, LENGTH);
    assert_int_equal(r.steps[0].n_points, r.n_points);
    sgp_route_free(&r);
    target = at(TIMUR, 50000);
    assert_int_equal(sgp_query_route(query, &source, &target, &r), SGP_OK);
    assert_int_equal(r.duration_ms, 14000);
    assert_int_equal(r.n_steps, 2);
    assert_int_equal(r.steps[1].duration_ms,
                     9000); /* the turn belongs to the street it leads into */
    assert_int_equal(r.steps[1].turn_deg, -90);
    sgp_route_free(&r);
}

static void test_router_route_nothing_and_nowhere(void **state) {
    (void)state;
    sgp_source source = {.from = at(RAYA_WEST, 50000)};
    sgp_snap target = source.from;
    sgp_route r;
    assert_int_equal(sgp_query_route(query, &source, &target, &r), SGP_OK);
    assert_int_equal(r.duration_ms, 0);
    assert_int_equal(r.n_points, 2);
    assert_int_equal(r.n_steps, 0);
    sgp_route_free(&r);
    target = at(ISLAND, 0);
    assert_int_equal(sgp_query_route(query, &source, &target, &r), SGP_OK);
    assert_int_equal(r.duration_ms, SGP_UNREACHABLE);
    assert_int_equal(r.n_points, 0);
    assert_int_equal(r.n_steps, 0);
    assert_null(r.points);
    sgp_route_free(&r);
    sgp_route_free(NULL);
}

static void test_router_snap_finds_road_offset_and_side(void **state) {
    (void)state;
    sgp_snap snaps[8];
    size_t n;
    /* A little north of Jalan Raya west, a quarter along. */
    sgp_point point = {2500, 90};
    assert_int_equal(sgp_graph_snap(graph, point, 1000, snaps, 8, &n), SGP_OK);
    assert_true(n >= 3);
    assert_int_equal(snaps[0].edge, RAYA_WEST);
    assert_int_equal(snaps[0].offset_mm, 25000);
    assert_int_equal(snaps[0].on_foot_mm, 1001);
    assert_int_equal(snaps[0].side, 1);
    assert_int_equal(snaps[0].road.lon_e7, 2500);
    assert_int_equal(snaps[0].road.lat_e7, 0);
    for (size_t i = 1; i < n; i++)
        assert_true(snaps[i - 1].on_foot_mm <= snaps[i].on_foot_mm);
    for (size_t i = 0; i < n; i++)
        assert_true(snaps[i].edge != ISLAND && snaps[i].edge != CLOSED);
    point.lat_e7 = -90;
    assert_int_equal(sgp_graph_snap(graph, point, 1000, snaps, 1, &n), SGP_OK);
    assert_int_equal(snaps[0].side, 2);
    point.lat_e7 = 0;
    assert_int_equal(sgp_graph_snap(graph, point, 0, snaps, 1, &n), SGP_OK);
    assert_int_equal(n, 1);
    assert_int_equal(snaps[0].side, 0);
    assert_int_equal(snaps[0].on_foot_mm, 0);
    /* Beyond the east end: the end itself. */
    point = (sgp_point){-5000, -5000};
    assert_int_equal(sgp_graph_snap(graph, point, 1000, snaps, 1, &n), SGP_OK);
    assert_int_equal(snaps[0].offset_mm, 0);
}

static void test_router_snap_keeps_to_the_radius(void **state) {
    (void)state;
    sgp_snap snap;
    size_t n;
    sgp_point point = {2500, -10000}; /* 111.195 m south of the road */
    assert_int_equal(sgp_graph_snap(graph, point, 111.0, &snap, 1, &n), SGP_OK);
    assert_int_equal(n, 0);
    assert_int_equal(sgp_graph_snap(graph, point, 111.3, &snap, 1, &n), SGP_OK);
    assert_int_equal(n, 1);
    assert_int_equal(sgp_graph_snap(graph, point, 111.3, &snap, 0, &n), SGP_OK);
    assert_int_equal(n, 0);
    assert_int_equal(sgp_graph_snap(graph, point, -1, &snap, 1, &n), SGP_E_ARGUMENT);
    /* The far side of the earth is no crash. */
    point = (sgp_point){1800000000, 900000000};
    assert_int_equal(sgp_graph_snap(graph, point, 1e12, &snap, 1, &n), SGP_OK);
}

static int set_up(void **state) {
    (void)state;
    maker_folder(folder);
    snprintf(path, sizeof path, "%s/city.sgr", folder);
    make_neighbourhood();
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    sgp_query_destroy(query);
    sgp_metric_destroy(metric);
    sgp_graph_close(graph);
    unlink(path);
    return rmdir(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_router_times_by_hand),
        cmocka_unit_test(test_router_penalty_is_added),
        cmocka_unit_test(test_router_bad_places_are_refused),
        cmocka_unit_test(test_router_nodes),
        cmocka_unit_test(test_router_route_has_points_times_and_steps),
        cmocka_unit_test(test_router_route_joins_one_name_and_counts_the_turn),
        cmocka_unit_test(test_router_route_nothing_and_nowhere),
        cmocka_unit_test(test_router_snap_finds_road_offset_and_side),
        cmocka_unit_test(test_router_snap_keeps_to_the_radius),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
