/* Stretches of road: streets by name in pieces, between crossings, drawn, and held to a slow way of
 * finding the shortest stretch. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "gis/road_stretch.h"
#include "graph_maker.h"

enum { SIDE = 5, STEP_E7 = 20000 }; /* about 220 m */

static graph_maker maker;

/* A grid whose rows are "Jalan Timur 0" .. 4 and whose columns are "Jl. Utara 0" .. 4; and, five
 * kilometres away, another Jalan Timur 0. */
static const sgp_graph_parts *make_town(void) {
    char name[64];
    maker_begin(&maker);
    for (int row = 0; row < SIDE; row++)
        for (int column = 0; column < SIDE; column++)
            maker_vertex(&maker, 1126300000 + STEP_E7 * column, -79700000 + STEP_E7 * row,
                         100 + 10 * row + column);
    uint32_t far = SIDE * SIDE;
    maker_vertex(&maker, 1126300000 + 500000, -79700000, 900);
    maker_vertex(&maker, 1126300000 + 520000, -79700000, 901);
    for (uint32_t row = 0; row < SIDE; row++)
        for (uint32_t column = 0; column < SIDE; column++) {
            uint32_t here = SIDE * row + column;
            snprintf(name, sizeof name, "Jalan Timur %u", row);
            if (column + 1 < SIDE)
                maker_edge(&maker, here, here + 1, 60000, 60000, NULL, 0, 0, name, SGP_EDGE_MAIN);
            snprintf(name, sizeof name, "Jl. Utara %u", column);
            if (row + 1 < SIDE)
                maker_edge(&maker, here, here + SIDE, 60000, row == 2 ? SGP_INF : 60000, NULL, 0, 0,
                           name, SGP_EDGE_MAIN);
        }
    maker_edge(&maker, far, far + 1, 60000, 60000, NULL, 0, 0, "Jalan Timur 0", SGP_EDGE_MAIN);
    return maker_finish(&maker);
}

static sgp_point at(int column, int row) {
    return (sgp_point){1126300000 + STEP_E7 * column, -79700000 + STEP_E7 * row};
}

static const char *name_of(const sgp_graph_parts *parts, uint32_t edge) {
    return parts->names + parts->edges[edge].name;
}

static void test_road_stretch_by_name(void **state) {
    (void)state;
    const sgp_graph_parts *parts = make_town();
    sgp_stretches found;
    sgp_fault fault = {0};
    /* However it is written; the nearer one first. */
    assert_int_equal(sgp_stretches_of_street(parts, "jl timur 0", "", "", at(0, 0), &found, &fault),
                     SGP_OK);
    assert_int_equal(found.n, 2);
    assert_int_equal(found.items[0].n_edges, SIDE - 1);
    assert_int_equal(found.items[1].n_edges, 1);
    assert_true(found.items[0].whole && found.items[0].away_m < 1);
    assert_true(found.items[1].away_m > 4000);
    for (uint32_t i = 0; i < found.items[0].n_edges; i++)
        assert_string_equal(name_of(parts, found.items[0].edges[i]), "Jalan Timur 0");
    sgp_stretches_clear(&found);
    sgp_point far = {1126300000 + 500000, -79700000};
    assert_int_equal(sgp_stretches_of_street(parts, "Jalan Timur 0", "", "", far, &found, &fault),
                     SGP_OK);
    assert_int_equal(found.items[0].n_edges, 1);
    sgp_stretches_clear(&found);
    assert_int_equal(sgp_stretches_of_street(parts, "Jalan Semeru", "", "", far, &found, &fault),
                     SGP_E_NOT_FOUND);
    assert_int_equal(sgp_stretches_of_street(parts, " . ", "", "", far, &found, &fault),
                     SGP_E_ARGUMENT);
}

static void test_road_stretch_between(void **state) {
    (void)state;
    const sgp_graph_parts *parts = make_town();
    sgp_stretches found;
    sgp_fault fault = {0};
    for (int from = 0; from < SIDE; from++)
        for (int to = 0; to < SIDE; to++) {
            char a[32], b[32];
            snprintf(a, sizeof a, "Jalan Utara %d", from);
            snprintf(b, sizeof b, "utara %d", to);
            sgp_err err =
                sgp_stretches_of_street(parts, "Jalan Timur 3", a, b, at(0, 0), &found, &fault);
            if (from == to) { /* nothing lies between a street and itself */
                assert_int_equal(err, SGP_E_NOT_FOUND);
                continue;
            }
            assert_int_equal(err, SGP_OK);
            assert_int_equal(found.n, 1);
            assert_int_equal(found.items[0].n_edges, abs(from - to));
            int low = from < to ? from : to;
            for (uint32_t i = 0; i < found.items[0].n_edges; i++) {
                const sgp_edge *edge = &parts->edges[found.items[0].edges[i]];
                int column = (parts->points[edge->first_point].lon_e7 - 1126300000) / STEP_E7;
                assert_in_range(column, low, low + abs(from - to) - 1);
            }
            sgp_stretch_part part[16];
            assert_int_equal(sgp_stretch_parts(parts, &found.items[0], part, 16), abs(from - to));
            assert_int_equal(part[0].a / 10, 13);
            assert_int_equal(part[0].b / 10, 13);
            sgp_stretches_clear(&found);
        }
    assert_int_equal(sgp_stretches_of_street(parts, "Jalan Timur 3", "Jalan Utara 1",
                                             "Jalan Timur 4", at(0, 0), &found, &fault),
                     SGP_E_NOT_FOUND);
    assert_int_equal(sgp_stretches_of_street(parts, "Jalan Timur 3", "Jalan Utara 1", "", at(0, 0),
                                             &found, &fault),
                     SGP_E_ARGUMENT);
}

/* In a grid of equal steps the shortest stretch between two crossings has as many edges as their
 * columns and rows differ: the drawn points stand on edges, which belong to it, too. */
static void test_road_stretch_along(void **state) {
    (void)state;
    const sgp_graph_parts *parts = make_town();
    sgp_stretches found;
    sgp_fault fault = {0};
    for (int c0 = 0; c0 + 1 < SIDE; c0++)
        for (int c1 = 0; c1 + 1 < SIDE; c1++)
            for (int r0 = 0; r0 < SIDE; r0++)
                for (int r1 = 0; r1 < SIDE; r1++) {
                    sgp_point drawn[2] = {at(c0, r0), at(c1, r1)};
                    drawn[0].lon_e7 += STEP_E7 / 2;
                    drawn[1].lon_e7 += STEP_E7 / 2;
                    assert_int_equal(sgp_stretches_along(parts, drawn, 2, &found, &fault), SGP_OK);
                    assert_int_equal(found.n, 1);
                    int apart = c0 == c1 ? 0 : abs(c0 - c1) - 1;
                    int edges = c0 == c1 && r0 == r1 ? 1 : 2 + apart + abs(r0 - r1);
                    assert_int_equal(found.items[0].n_edges, edges);
                    sgp_stretches_clear(&found);
                }
    sgp_point one[2] = {at(0, 0), {0, 0}};
    assert_int_equal(sgp_stretches_along(parts, one, 1, &found, &fault), SGP_E_ARGUMENT);
    assert_int_equal(sgp_stretches_along(parts, one, 2, &found, &fault), SGP_E_NOT_FOUND);
    /* The other village does not hang together with this one. */
    sgp_point apart[2] = {at(0, 0), {1126300000 + 510000, -79700000}};
    assert_int_equal(sgp_stretches_along(parts, apart, 2, &found, &fault), SGP_E_NOT_FOUND);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_road_stretch_by_name),
        cmocka_unit_test(test_road_stretch_between),
        cmocka_unit_test(test_road_stretch_along),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
