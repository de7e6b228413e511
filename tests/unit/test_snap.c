/* Snapping with wishes on a crossing small enough to check by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "graph_maker.h"
#include "sigap/router.h"

/* On the equator, where 1e-7 degree is the same both ways. One block is 111.195 m.
 *
 *                n
 *                |  Utara, drawn northwards, two-way
 *   w --Barat--> o --Timur--> e        Barat two-way, drawn eastwards, a service road
 *                ^                     Timur one-way eastwards; a siren may go against
 *                | Selatan, one-way northwards, closed to sirens' main part
 *                s
 *
 * Far to the east: Tikungan, north for a block, then sharply back to the south-east.
 */
enum { UTARA, TIMUR, SELATAN, BARAT, TIKUNGAN };
enum { AMBULANCE, SIREN };
enum { BLOCK = 10000, FAR_EAST = 100000 };

static graph_maker maker;
static int32_t weights[2 * MAKER_ARCS];
static const sgp_profile profiles[] = {{.name = "ambulance"},
                                       {.name = "ambulance_lights", .lights = 1}};
static char folder[64];
static char path[128];
static sgp_graph *left_hand;
static sgp_graph *right_hand;

static sgp_graph *make_graph(uint8_t drives_left) {
    maker_begin(&maker);
    uint32_t o = maker_vertex(&maker, 0, 0, 1);
    uint32_t n = maker_vertex(&maker, 0, BLOCK, 2);
    uint32_t e = maker_vertex(&maker, BLOCK, 0, 3);
    uint32_t s = maker_vertex(&maker, 0, -BLOCK, 4);
    uint32_t w = maker_vertex(&maker, -BLOCK, 0, 5);
    uint32_t t = maker_vertex(&maker, FAR_EAST, 0, 6);
    uint32_t u = maker_vertex(&maker, FAR_EAST + BLOCK, 0, 7);
    uint8_t main = SGP_EDGE_MAIN;
    sgp_point hairpin = {FAR_EAST, BLOCK};
    maker_edge(&maker, o, n, 1000, 1000, NULL, 0, 0, "Utara", main);
    maker_edge(&maker, o, e, 1000, SGP_INF, NULL, 0, 0, "Timur", main);
    maker_edge(&maker, s, o, 1000, MAKER_NO_ARC, NULL, 0, 0, "Selatan", main);
    maker_edge(&maker, w, o, 1000, 1000, NULL, 0, 0, "Barat", main);
    maker_edge(&maker, t, u, 1000, 1000, &hairpin, 1, 0, "Tikungan", main);
    maker.edges[BARAT].road_class = SGP_ROAD_SERVICE;
    for (uint32_t i = 0; i < maker.n_edges; i++)
        maker.edges[i].main_profiles = i == SELATAN ? 1 : 3;
    sgp_graph_parts parts = *maker_finish(&maker);
    for (uint32_t a = 0; a < parts.n_arcs; a++) {
        weights[a] = parts.weight[a];
        weights[parts.n_arcs + a] = parts.weight[a] == SGP_INF ? 5000 : parts.weight[a];
    }
    parts.n_profiles = 2;
    parts.profiles = profiles;
    parts.weight = weights;
    parts.drives_left = drives_left;
    sgp_graph *graph = NULL;
    sgp_fault fault = {0};
    if (sgp_graph_write(path, &parts, NULL, &fault) != SGP_OK ||
        sgp_graph_open(path, &graph, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    unlink(path);
    return graph;
}

/* What is expected of one answer. */
typedef struct expected_snap {
    uint32_t edge;
    uint8_t directions;
} expected_snap;

static void check(const char *what, const sgp_graph *graph, sgp_point point,
                  const sgp_snap_wish *wish, const expected_snap *expected, size_t n_expected) {
    sgp_snap snaps[8];
    size_t n = 99;
    assert_int_equal(sgp_graph_snap_wish(graph, point, wish, snaps, 8, &n), SGP_OK);
    if (n != n_expected)
        fail_msg("%s: %zu answers, not %zu", what, n, n_expected);
    for (size_t i = 0; i < n; i++)
        if (snaps[i].edge != expected[i].edge || snaps[i].directions != expected[i].directions)
            fail_msg("%s: answer %zu is edge %u, directions %u", what, i, snaps[i].edge,
                     snaps[i].directions);
}

static void test_snap_heading_at_a_crossing(void **state) {
    (void)state;
    const struct {
        const char *what;
        double heading_deg, within_deg;
        uint32_t profile;
        expected_snap expected[4];
        size_t n;
    } cases[] = {
        {"north", 0, 30, AMBULANCE, {{UTARA, SGP_ALONG}, {SELATAN, SGP_ALONG}}, 2},
        {"north, told as -720", -720, 30, AMBULANCE, {{UTARA, SGP_ALONG}, {SELATAN, SGP_ALONG}}, 2},
        {"south: Selatan is one-way", 180, 30, AMBULANCE, {{UTARA, SGP_AGAINST}}, 1},
        {"east", 90, 30, AMBULANCE, {{TIMUR, SGP_ALONG}, {BARAT, SGP_ALONG}}, 2},
        {"west: Timur is one-way", 270, 30, AMBULANCE, {{BARAT, SGP_AGAINST}}, 1},
        {"west with a siren", 270, 30, SIREN, {{TIMUR, SGP_AGAINST}, {BARAT, SGP_AGAINST}}, 2},
        {"north-east, narrowly", 45, 44, AMBULANCE, {{0}}, 0},
        {"north-east, widely",
         45,
         46,
         AMBULANCE,
         {{UTARA, SGP_ALONG}, {TIMUR, SGP_ALONG}, {SELATAN, SGP_ALONG}, {BARAT, SGP_ALONG}},
         4},
        {"any heading",
         45,
         180,
         AMBULANCE,
         {{UTARA, 0}, {TIMUR, SGP_ALONG}, {SELATAN, SGP_ALONG}, {BARAT, 0}},
         4},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sgp_snap_wish wish = {.radius_m = 20,
                              .profile = cases[i].profile,
                              .has_heading = true,
                              .heading_deg = cases[i].heading_deg,
                              .heading_within_deg = cases[i].within_deg};
        check(cases[i].what, left_hand, (sgp_point){0, 0}, &wish, cases[i].expected, cases[i].n);
    }
}

static void test_snap_kerb(void **state) {
    (void)state;
    const sgp_snap_wish wish = {.radius_m = 20, .kerb = true};
    const sgp_point north = {-BLOCK / 2, 90};
    const sgp_point south = {-BLOCK / 2, -90};
    const sgp_point on = {-BLOCK / 2, 0};
    check("left-hand, north", left_hand, north, &wish, &(expected_snap){BARAT, SGP_ALONG}, 1);
    check("left-hand, south", left_hand, south, &wish, &(expected_snap){BARAT, SGP_AGAINST}, 1);
    check("right-hand, north", right_hand, north, &wish, &(expected_snap){BARAT, SGP_AGAINST}, 1);
    check("right-hand, south", right_hand, south, &wish, &(expected_snap){BARAT, SGP_ALONG}, 1);
    check("on the road", left_hand, on, &wish, &(expected_snap){BARAT, 0}, 1);
    /* A one-way road is left on both sides. */
    const sgp_point shops[] = {{BLOCK / 2, 90}, {BLOCK / 2, -90}};
    for (int i = 0; i < 2; i++)
        check("one-way", left_hand, shops[i], &wish, &(expected_snap){TIMUR, SGP_ALONG}, 1);
    /* A siren may use both sides of it, so it has a kerb again. */
    sgp_snap_wish siren = wish;
    siren.profile = SIREN;
    check("siren", left_hand, shops[1], &siren, &(expected_snap){TIMUR, SGP_AGAINST}, 1);
}

static void test_snap_kerb_and_heading_must_agree(void **state) {
    (void)state;
    sgp_snap_wish wish = {
        .radius_m = 20, .kerb = true, .has_heading = true, .heading_within_deg = 20};
    const sgp_point north = {-BLOCK / 2, 90};
    wish.heading_deg = 90;
    check("eastwards", left_hand, north, &wish, &(expected_snap){BARAT, SGP_ALONG}, 1);
    wish.heading_deg = 270;
    check("westwards", left_hand, north, &wish, NULL, 0);
}

static void test_snap_classes_and_profiles(void **state) {
    (void)state;
    const sgp_point point = {-100, 10};
    sgp_snap_wish wish = {.radius_m = 20};
    const expected_snap all[] = {{BARAT, 0}, {UTARA, 0}, {TIMUR, 0}, {SELATAN, 0}};
    check("all", left_hand, point, &wish, all, 4);
    wish.without_classes = 1u << SGP_ROAD_SERVICE;
    check("no service roads", left_hand, point, &wish, all + 1, 3);
    wish.profile = SIREN;
    check("not the siren's main part", left_hand, point, &wish, all + 1, 2);
    wish.without_classes = UINT32_MAX;
    check("no roads at all", left_hand, point, &wish, NULL, 0);
}

static void test_snap_bend(void **state) {
    (void)state;
    sgp_snap snap;
    size_t n;
    /* Ahead of the hairpin, and left of the line of its first arm: still outside. */
    const sgp_point ahead = {FAR_EAST - 10, BLOCK + 100};
    const sgp_snap_wish plain = {.radius_m = 50};
    assert_int_equal(sgp_graph_snap_wish(left_hand, ahead, &plain, &snap, 1, &n), SGP_OK);
    assert_int_equal(n, 1);
    assert_true(sgp_point_equal(snap.road, (sgp_point){FAR_EAST, BLOCK}));
    assert_int_equal(snap.side, 1);
    const sgp_point further = {FAR_EAST + 10, BLOCK + 100};
    assert_int_equal(sgp_graph_snap_wish(left_hand, further, &plain, &snap, 1, &n), SGP_OK);
    assert_int_equal(snap.side, 1);
    /* Inside, right of both arms. */
    const sgp_point inside = {FAR_EAST + 100, BLOCK / 2};
    assert_int_equal(sgp_graph_snap_wish(left_hand, inside, &plain, &snap, 1, &n), SGP_OK);
    assert_int_equal(snap.side, 2);
    /* The heading of the second arm finds it, though the first is nearer. */
    sgp_snap_wish wish = {
        .radius_m = 500, .has_heading = true, .heading_deg = 135, .heading_within_deg = 10};
    assert_int_equal(sgp_graph_snap_wish(left_hand, inside, &wish, &snap, 1, &n), SGP_OK);
    assert_int_equal(snap.edge, TIKUNGAN);
    assert_int_equal(snap.directions, SGP_ALONG);
    assert_true(fabs(snap.on_foot_mm / 1e3 - (BLOCK / 2 - 100) / sqrt(2) * 0.0111195) < 0.01);
    assert_true(snap.offset_mm > 111195);
    wish.heading_deg = 315;
    assert_int_equal(sgp_graph_snap_wish(left_hand, inside, &wish, &snap, 1, &n), SGP_OK);
    assert_int_equal(snap.directions, SGP_AGAINST);
}

static void test_snap_refuses_what_makes_no_sense(void **state) {
    (void)state;
    const sgp_snap_wish bad[] = {
        {.radius_m = -1},
        {.radius_m = NAN},
        {.radius_m = 10, .profile = 2},
        {.radius_m = 10, .has_heading = true, .heading_deg = INFINITY},
        {.radius_m = 10, .has_heading = true, .heading_within_deg = -1},
        {.radius_m = 10, .has_heading = true, .heading_within_deg = 181},
        {.radius_m = 10, .has_heading = true, .heading_within_deg = NAN},
    };
    sgp_snap snap;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        size_t n = 77;
        assert_int_equal(sgp_graph_snap_wish(left_hand, (sgp_point){0, 0}, &bad[i], &snap, 1, &n),
                         SGP_E_ARGUMENT);
        assert_int_equal(n, 77);
    }
    /* Without has_heading its numbers do not matter. */
    const sgp_snap_wish good = {.radius_m = 10, .heading_deg = NAN};
    size_t n;
    assert_int_equal(sgp_graph_snap_wish(left_hand, (sgp_point){0, 0}, &good, &snap, 1, &n),
                     SGP_OK);
    assert_int_equal(n, 1);
    assert_int_equal(snap.edge, UTARA); /* of equally near edges the lowest */
}

static int set_up(void **state) {
    (void)state;
    maker_folder(folder);
    snprintf(path, sizeof path, "%s/city.sgr", folder);
    left_hand = make_graph(1);
    right_hand = make_graph(0);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    sgp_graph_close(left_hand);
    sgp_graph_close(right_hand);
    return rmdir(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_snap_heading_at_a_crossing),
        cmocka_unit_test(test_snap_kerb),
        cmocka_unit_test(test_snap_kerb_and_heading_must_agree),
        cmocka_unit_test(test_snap_classes_and_profiles),
        cmocka_unit_test(test_snap_bend),
        cmocka_unit_test(test_snap_refuses_what_makes_no_sense),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
