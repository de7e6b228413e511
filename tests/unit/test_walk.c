/* The last metres on foot: a gang worked out by hand, and random ways on foot against
 * brute force over all of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "graph_maker.h"
#include "sigap/walk.h"

enum { BLOCK = 10000 /* 111.195 m on the equator */, PROFILES = 2, ROUNDS = 3000, PLACES = 12 };

static graph_maker maker;
static int32_t weights[PROFILES * MAKER_ARCS];
static const sgp_profile profiles[PROFILES] = {{.name = "ambulance"}, {.name = "motorbike"}};
static char folder[64];
static char path[128];

static sgp_graph *finish(const sgp_graph_parts *parts) {
    sgp_graph *graph = NULL;
    sgp_fault fault = {0};
    if (sgp_graph_write(path, parts, NULL, &fault) != SGP_OK ||
        sgp_graph_open(path, &graph, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    unlink(path);
    return graph;
}

/* ---- by hand ---------------------------------------------------------------------
 *
 *   Jalan Atas    c----------d        3 blocks north of Jalan Bawah
 *                      |
 *                      * 2            the gang, from Jalan Bawah (vertex 0, a third along)
 *                      |              to Jalan Atas (vertex 3), a block between vertices,
 *                      * 1            down 100,000 ms a block and up 80,000
 *                      |
 *   Jalan Bawah   a----+-----b
 */
enum { BAWAH, ATAS };

static sgp_graph *make_gang(void) {
    maker_begin(&maker);
    uint32_t a = maker_vertex(&maker, 0, 0, 1);
    uint32_t b = maker_vertex(&maker, 3 * BLOCK, 0, 2);
    uint32_t c = maker_vertex(&maker, 0, 3 * BLOCK, 3);
    uint32_t d = maker_vertex(&maker, 3 * BLOCK, 3 * BLOCK, 4);
    maker_edge(&maker, a, b, 30000, 30000, NULL, 0, 300000, "Jalan Bawah", SGP_EDGE_MAIN);
    maker_edge(&maker, c, d, 30000, 30000, NULL, 0, 300000, "Jalan Atas", SGP_EDGE_MAIN);
    for (int32_t i = 0; i < 4; i++)
        maker_foot_vertex(&maker, BLOCK, i * BLOCK);
    for (uint32_t i = 0; i < 3; i++)
        maker_foot_way(&maker, i, i + 1, 80000, 100000);
    maker_foot_door(&maker, 0, BAWAH, 100000);
    maker_foot_door(&maker, 3, ATAS, 100000);
    return finish(maker_finish(&maker));
}

static void test_walk_in_a_gang(void **state) {
    (void)state;
    sgp_graph *graph = make_gang();
    sgp_walker *walker = NULL;
    assert_int_equal(sgp_walker_create(graph, &walker), SGP_OK);
    /* A door 900 units (10.0076 m) east of the gang, half a block above vertex 1. */
    sgp_point place = {BLOCK + 900, BLOCK + BLOCK / 2};
    sgp_stand stands[SGP_STANDS_MAX];
    size_t n = 99;
    assert_int_equal(sgp_walker_stands(walker, place, &sgp_walk_defaults, stands, &n), SGP_OK);
    assert_int_equal(n, 2);
    const int64_t straight_ms = 10008 * 1000 / SGP_STRAIGHT_MM_PER_S;
    assert_int_equal(stands[0].snap.edge, BAWAH);
    assert_int_equal(stands[0].snap.offset_mm, 100000);
    assert_true(llabs(stands[0].walk_ms - (120000 + straight_ms)) <= 2);
    assert_true(llabs(stands[0].walk_mm - (166793 + 10008)) <= 3);
    assert_int_equal(stands[1].snap.edge, ATAS);
    assert_true(llabs(stands[1].walk_ms - (150000 + straight_ms)) <= 2);
    assert_true(sgp_point_equal(stands[1].snap.road, (sgp_point){BLOCK, 3 * BLOCK}));
    sgp_point *points = NULL;
    assert_int_equal(sgp_walker_way(walker, place, &sgp_walk_defaults, &stands[0], &points, &n),
                     SGP_OK);
    const sgp_point expected[] = {{BLOCK, 0}, {BLOCK, BLOCK}, {BLOCK, BLOCK + BLOCK / 2}, place};
    assert_int_equal(n, 4);
    assert_memory_equal(points, expected, sizeof expected);
    free(points);
    stands[0].walk_ms++;
    assert_int_equal(sgp_walker_way(walker, place, &sgp_walk_defaults, &stands[0], &points, &n),
                     SGP_E_NOT_FOUND);
    /* Less patience leaves one stand. */
    sgp_walk_options options = sgp_walk_defaults;
    options.limit_ms = 140000;
    assert_int_equal(sgp_walker_stands(walker, place, &options, stands, &n), SGP_OK);
    assert_int_equal(n, 1);
    /* With none at all the nearest road must do, in a straight line. */
    options.limit_ms = 1000;
    assert_int_equal(sgp_walker_stands(walker, place, &options, stands, &n), SGP_OK);
    assert_int_equal(n, 1);
    assert_int_equal(stands[0].snap.edge, BAWAH);
    assert_true(llabs(stands[0].walk_mm - 166793) <= 1);
    assert_int_equal(stands[0].walk_ms, stands[0].walk_mm * 1000 / SGP_STRAIGHT_MM_PER_S);
    options.radius_m = 100;
    assert_int_equal(sgp_walker_stands(walker, place, &options, stands, &n), SGP_OK);
    assert_int_equal(n, 0);
    sgp_walker_destroy(walker);
    sgp_graph_close(graph);
}

static void test_walk_straight_from_the_road(void **state) {
    (void)state;
    sgp_graph *graph = make_gang();
    sgp_walker *walker = NULL;
    assert_int_equal(sgp_walker_create(graph, &walker), SGP_OK);
    sgp_stand stands[SGP_STANDS_MAX];
    size_t n;
    /* Twenty metres off Jalan Bawah, too far from the gang. */
    sgp_point place = {2 * BLOCK, 1800};
    assert_int_equal(sgp_walker_stands(walker, place, &sgp_walk_defaults, stands, &n), SGP_OK);
    assert_int_equal(n, 1);
    assert_int_equal(stands[0].snap.edge, BAWAH);
    assert_int_equal(stands[0].snap.offset_mm, 200000);
    assert_int_equal(stands[0].walk_mm, 20015);
    assert_int_equal(stands[0].walk_ms, 18195);
    sgp_point *points = NULL;
    assert_int_equal(sgp_walker_way(walker, place, &sgp_walk_defaults, &stands[0], &points, &n),
                     SGP_OK);
    assert_int_equal(n, 2);
    assert_true(sgp_point_equal(points[0], stands[0].snap.road));
    assert_true(sgp_point_equal(points[1], place));
    free(points);
    /* Beside the gang's mouth: straight, and over the gang from both ends. */
    place = (sgp_point){BLOCK + 100, 900};
    assert_int_equal(sgp_walker_stands(walker, place, &sgp_walk_defaults, stands, &n), SGP_OK);
    assert_int_equal(n, 3);
    for (size_t i = 1; i < n; i++)
        assert_true(stands[i - 1].walk_ms <= stands[i].walk_ms);
    sgp_walker_destroy(walker);
    sgp_walker_destroy(NULL);
    sgp_graph_close(graph);
}

static void test_walk_refuses_what_makes_no_sense(void **state) {
    (void)state;
    sgp_graph *graph = make_gang();
    sgp_walker *walker = NULL;
    assert_int_equal(sgp_walker_create(graph, &walker), SGP_OK);
    const sgp_walk_options bad[] = {{.profile = 1, .radius_m = 1},
                                    {.radius_m = -1},
                                    {.radius_m = NAN},
                                    {.direct_m = -1},
                                    {.direct_m = NAN},
                                    {.limit_ms = -1}};
    sgp_stand stands[SGP_STANDS_MAX];
    size_t n = 77;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(sgp_walker_stands(walker, (sgp_point){0, 0}, &bad[i], stands, &n),
                         SGP_E_ARGUMENT);
    assert_int_equal(
        sgp_walker_stands(walker, (sgp_point){0, 900000001}, &sgp_walk_defaults, stands, &n),
        SGP_E_ARGUMENT);
    assert_int_equal(n, 77);
    sgp_walker_destroy(walker);
    sgp_graph_close(graph);
}

static void test_walk_least_of_drive_and_walk(void **state) {
    (void)state;
    const sgp_stand stands[] = {{.walk_ms = 10}, {.walk_ms = 20}, {.walk_ms = 30}};
    size_t which = 99;
    assert_int_equal(sgp_stands_least(stands, 3, (int64_t[]){100, 90, 70}, &which), 100);
    assert_int_equal(which, 2);
    assert_int_equal(sgp_stands_least(stands, 3, (int64_t[]){100, 90, 80}, &which), 110);
    assert_int_equal(which, 0);
    assert_int_equal(sgp_stands_least(stands, 3, (int64_t[]){-1, 90, -1}, &which), 110);
    assert_int_equal(which, 1);
    assert_int_equal(sgp_stands_least(stands, 2, (int64_t[]){-1, -1}, &which), SGP_UNREACHABLE);
    assert_int_equal(which, 1);
}

/* ---- against brute force ------------------------------------------------------------ */

#define FAR (INT64_MAX / 4)

static sgp_graph *random_graph(uint64_t *r) {
    maker_begin(&maker);
    uint32_t n = 2 + maker_below(r, 6);
    for (uint32_t v = 0; v < n; v++)
        /* No two at one place: an edge of no length has no offsets to compare. */
        maker_vertex(&maker, (int32_t)(5 * v + maker_below(r, 5)) * 500,
                     (int32_t)maker_below(r, 40) * 500, v);
    for (uint32_t e = 1 + maker_below(r, 8); e > 0; e--) {
        uint32_t u = maker_below(r, n);
        uint32_t number = maker_edge(&maker, u, (u + 1 + maker_below(r, n - 1)) % n, 1000,
                                     maker_below(r, 2) ? 1000 : MAKER_NO_ARC, NULL, 0, 0, "", 0);
        sgp_edge *edge = &maker.edges[number];
        edge->main_profiles = (uint16_t)(maker_below(r, 3) ? 3 : maker_below(r, 4));
        edge->flags = edge->main_profiles & SGP_EDGE_MAIN;
    }
    uint32_t n_foot = maker_below(r, 24);
    for (uint32_t v = 0; v < n_foot; v++)
        maker_foot_vertex(&maker, (int32_t)maker_below(r, 40) * 500,
                          (int32_t)maker_below(r, 40) * 500);
    for (uint32_t i = n_foot ? maker_below(r, 3 * n_foot) : 0; i > 0; i--)
        maker_foot_way(&maker, maker_below(r, n_foot), maker_below(r, n_foot),
                       maker_below(r, 9) ? (int32_t)maker_below(r, 90000) : SGP_INF,
                       maker_below(r, 5) ? (int32_t)maker_below(r, 90000) : MAKER_NO_ARC);
    for (uint32_t i = n_foot ? maker_below(r, n_foot) : 0; i > 0; i--) {
        uint32_t edge = maker_below(r, maker.n_edges);
        maker_foot_door(&maker, maker_below(r, n_foot), edge,
                        maker_below(r, maker.edges[edge].length_mm + 1));
    }
    sgp_graph_parts parts = *maker_finish(&maker);
    for (uint32_t i = 0; i < PROFILES * parts.n_arcs; i++)
        weights[i] = maker_below(r, 5) ? 1000 : SGP_INF;
    parts.n_profiles = PROFILES;
    parts.profiles = profiles;
    parts.weight = weights;
    return finish(&parts);
}

/* Metres from a place to a segment, and how far along it comes closest. */
static double metres_to(sgp_point place, sgp_point a, sgp_point b, double *along) {
    const double degree_m = 6371008.8 * acos(-1) / 180;
    double x = degree_m * cos(sgp_lat(place) * acos(-1) / 180);
    double ax = (sgp_lon(a) - sgp_lon(place)) * x, ay = (sgp_lat(a) - sgp_lat(place)) * degree_m;
    double bx = (sgp_lon(b) - sgp_lon(place)) * x, by = (sgp_lat(b) - sgp_lat(place)) * degree_m;
    double square = (bx - ax) * (bx - ax) + (by - ay) * (by - ay);
    *along = square > 0 ? -(ax * (bx - ax) + ay * (by - ay)) / square : 0;
    *along = fmin(fmax(*along, 0), 1);
    return hypot(ax + *along * (bx - ax), ay + *along * (by - ay));
}

/* Walking times from every foot vertex to the place, by relaxing all arcs until nothing
 * changes (Bellman 1958). */
static void walk_everywhere(const sgp_graph_parts *p, sgp_point place, double direct_m,
                            int64_t ms[MAKER_FOOT_VERTICES]) {
    double nearest = INFINITY;
    for (int pass = 0; pass < 2; pass++)
        for (uint32_t v = 0; v < p->n_foot_vertices; v++) {
            ms[v] = pass == 0 ? FAR : ms[v];
            for (uint32_t a = p->foot_first_arc[v]; a < p->foot_first_arc[v + 1]; a++) {
                sgp_point head = p->foot_point[p->foot_arcs[a].head];
                double along;
                double metres = metres_to(place, p->foot_point[v], head, &along);
                if (p->foot_arcs[a].ms >= SGP_INF || metres > direct_m)
                    continue;
                int64_t length_mm = llround(1000 * sgp_distance_m(p->foot_point[v], head));
                int64_t part_mm = llround(along * (double)length_mm);
                int64_t enter = llround(metres * 1000) * 1000 / SGP_STRAIGHT_MM_PER_S +
                                (length_mm ? p->foot_arcs[a].ms * part_mm / length_mm : 0);
                if (pass == 0)
                    nearest = fmin(nearest, metres);
                else if (metres <= nearest + SGP_BESIDE_M && enter < ms[v])
                    ms[v] = enter;
            }
        }
    for (bool changed = true; changed;) {
        changed = false;
        for (uint32_t v = 0; v < p->n_foot_vertices; v++)
            for (uint32_t a = p->foot_first_arc[v]; a < p->foot_first_arc[v + 1]; a++) {
                int64_t on = ms[p->foot_arcs[a].head] + p->foot_arcs[a].ms;
                if (p->foot_arcs[a].ms < SGP_INF && on < ms[v]) {
                    ms[v] = on;
                    changed = true;
                }
            }
    }
}

typedef struct oracle_stand {
    uint32_t edge, offset_mm;
    sgp_point road;
    int64_t ms;
} oracle_stand;

static bool may_drive(const sgp_graph_parts *p, uint32_t profile, const sgp_edge *e) {
    const int32_t *w = p->weight + profile * p->n_arcs;
    return (e->main_profiles >> profile & 1) &&
           ((e->forward_arc != SGP_NONE && w[e->forward_arc] < SGP_INF) ||
            (e->backward_arc != SGP_NONE && w[e->backward_arc] < SGP_INF));
}

/* Every stand there is. */
static size_t all_stands(const sgp_graph_parts *p, sgp_point place, const sgp_walk_options *options,
                         oracle_stand *all) {
    size_t n = 0;
    for (int far = 0; far < 2 && n == 0; far++) {
        double nearest = 1e9;
        uint32_t nearest_edge = 0;
        for (int pass = 0; pass < 2; pass++)
            for (uint32_t i = 0; i < p->n_edges; i++) {
                const sgp_edge *e = &p->edges[i];
                sgp_point a = p->points[e->first_point];
                sgp_point b = p->points[e->first_point + 1];
                double along;
                double metres = metres_to(place, a, b, &along);
                sgp_point road = {(int32_t)lround(a.lon_e7 + along * (b.lon_e7 - a.lon_e7)),
                                  (int32_t)lround(a.lat_e7 + along * (b.lat_e7 - a.lat_e7))};
                if (!may_drive(p, options->profile, e) ||
                    metres > (far ? options->radius_m : options->direct_m))
                    continue;
                if (pass == 0 && llround(metres * 1000) < llround(nearest * 1000)) {
                    nearest = metres;
                    nearest_edge = i;
                }
                if (pass == 1 &&
                    (far ? i == nearest_edge
                         : llround(1000 * metres) - llround(1000 * nearest) <= SGP_BESIDE_M * 1000))
                    all[n++] = (oracle_stand){i, (uint32_t)llround(along * e->length_mm), road,
                                              (int64_t)(metres * 1e6 / SGP_STRAIGHT_MM_PER_S)};
            }
        if (far)
            break;
        int64_t ms[MAKER_FOOT_VERTICES];
        walk_everywhere(p, place, options->direct_m, ms);
        for (uint32_t d = 0; d < p->n_foot_doors; d++) {
            const sgp_foot_door *door = &p->foot_doors[d];
            if (ms[door->vertex] <= options->limit_ms &&
                may_drive(p, options->profile, &p->edges[door->edge]))
                all[n++] = (oracle_stand){door->edge, door->offset_mm, p->foot_point[door->vertex],
                                          ms[door->vertex]};
        }
    }
    return n;
}

static size_t n_full, n_walked, n_straight, n_none;

/* Rounding may differ by a millisecond a part and by a millimetre. */
enum { SLACK_MS = 4, SLACK_MM = 2 };

static void check_stands(const sgp_graph_parts *p, sgp_point place, const sgp_walk_options *options,
                         const sgp_stand *stands, size_t n) {
    static oracle_stand all[MAKER_ARCS + MAKER_FOOT_DOORS];
    size_t n_all = all_stands(p, place, options, all);
    assert_true(n <= SGP_STANDS_MAX);
    assert_true((n == 0) == (n_all == 0));
    for (size_t i = 0; i < n; i++) {
        /* Each is one that exists, and at its least time. */
        bool exists = false;
        for (size_t k = 0; k < n_all; k++) {
            int64_t off_mm = llabs((int64_t)all[k].offset_mm - stands[i].snap.offset_mm);
            if (all[k].edge != stands[i].snap.edge)
                continue;
            exists |= off_mm <= SLACK_MM && llabs(all[k].ms - stands[i].walk_ms) <= SLACK_MS;
            assert_true(off_mm > 0 || all[k].ms >= stands[i].walk_ms - SLACK_MS);
        }
        assert_true(exists);
        if (i > 0)
            assert_true(stands[i - 1].walk_ms <= stands[i].walk_ms);
        for (size_t k = 0; k < i; k++)
            assert_false(stands[k].snap.edge == stands[i].snap.edge &&
                         stands[k].snap.offset_mm == stands[i].snap.offset_mm);
    }
    /* None is missing but those that are slower than all, or, where there are too many, a
     * second road at a point that stands already. */
    bool shares_a_point = false;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < i; k++)
            shares_a_point |= sgp_point_equal(stands[i].snap.road, stands[k].snap.road);
    for (size_t k = 0; k < n_all; k++) {
        bool there = false;
        bool point_stands = false;
        for (size_t i = 0; i < n; i++) {
            there |= all[k].edge == stands[i].snap.edge &&
                     llabs((int64_t)all[k].offset_mm - stands[i].snap.offset_mm) <= SLACK_MM;
            point_stands |= sgp_distance_m(stands[i].snap.road, all[k].road) < 0.02;
        }
        if (!there &&
            !(n == SGP_STANDS_MAX &&
              (point_stands || (!shares_a_point && all[k].ms >= stands[n - 1].walk_ms - SLACK_MS))))
            fail_msg("a stand on edge %u is missing: %lld ms", all[k].edge, (long long)all[k].ms);
    }
    n_full += n == SGP_STANDS_MAX;
    n_none += n == 0;
}

static void check_way(sgp_walker *walker, sgp_point place, const sgp_walk_options *options,
                      const sgp_stand *stand) {
    sgp_point *points = NULL;
    size_t n = 0;
    assert_int_equal(sgp_walker_way(walker, place, options, stand, &points, &n), SGP_OK);
    assert_true(n >= 2);
    assert_true(sgp_point_equal(points[0], stand->snap.road));
    assert_true(sgp_point_equal(points[n - 1], place));
    double metres = 0;
    for (size_t i = 1; i < n; i++)
        metres += sgp_distance_m(points[i - 1], points[i]);
    assert_true(fabs(metres - stand->walk_mm / 1000.0) < 0.1);
    n_walked += n > 2;
    n_straight += n == 2;
    free(points);
}

static void check_nearest(sgp_walker *walker, sgp_point place, const sgp_walk_options *options,
                          const sgp_stand *stands, size_t n) {
    sgp_stand nearest;
    bool found = n == 0;
    assert_int_equal(sgp_walker_nearest(walker, place, options, &nearest, &found), SGP_OK);
    assert_int_equal(found, n > 0);
    if (found)
        assert_int_equal(nearest.walk_ms, stands[0].walk_ms);
}

static void test_walk_equals_brute_force(void **state) {
    (void)state;
    for (uint64_t round = 1; round <= ROUNDS; round++) {
        uint64_t r = round * UINT64_C(0x9e3779b97f4a7c15);
        sgp_graph *graph = random_graph(&r);
        sgp_walker *walker = NULL;
        assert_int_equal(sgp_walker_create(graph, &walker), SGP_OK);
        for (int i = 0; i < PLACES; i++) {
            sgp_point place = {(int32_t)maker_below(&r, 24000) - 2000,
                               (int32_t)maker_below(&r, 24000) - 2000};
            sgp_walk_options options = {.profile = maker_below(&r, PROFILES),
                                        .radius_m = maker_below(&r, 2) ? 2000 : 90.7,
                                        .direct_m = maker_below(&r, 2) ? 60 : 20.3,
                                        .limit_ms = maker_below(&r, 2) ? 900000 : 60000};
            sgp_stand stands[SGP_STANDS_MAX];
            size_t n;
            assert_int_equal(sgp_walker_stands(walker, place, &options, stands, &n), SGP_OK);
            check_stands(sgp_graph_get(graph), place, &options, stands, n);
            check_nearest(walker, place, &options, stands, n);
            for (size_t k = 0; k < n; k++)
                check_way(walker, place, &options, &stands[k]);
        }
        sgp_walker_destroy(walker);
        sgp_graph_close(graph);
    }
    assert_true(n_full > ROUNDS / 20);
    assert_true(n_walked > ROUNDS && n_straight > ROUNDS && n_none > ROUNDS / 10);
}

static int set_up(void **state) {
    (void)state;
    maker_folder(folder);
    snprintf(path, sizeof path, "%s/city.sgr", folder);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    return rmdir(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_walk_in_a_gang),
        cmocka_unit_test(test_walk_straight_from_the_road),
        cmocka_unit_test(test_walk_refuses_what_makes_no_sense),
        cmocka_unit_test(test_walk_least_of_drive_and_walk),
        cmocka_unit_test(test_walk_equals_brute_force),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
