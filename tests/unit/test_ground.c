/* The ground in memory without a database: points of a grid against a look at all of them (near the
 * poles and in a single place too), junctions and districts likewise, and what is refused. Against
 * PostGIS itself: test_gazetteer_ground.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "gis/crossings.h"
#include "gis/districts.h"
#include "gis/houses.h"
#include "gis/point_grid.h"
#include "gis/shapes.h"

enum { POINTS = 700, TRIES = 300, STREETS = 30, JUNCTIONS = 900, QUARTERS = 12 };

static uint64_t random_state = 112;

static int32_t below(int64_t n) {
    return (int32_t)sgp_random_below(&random_state, (uint64_t)n);
}

/* Somewhere in a box of that size, which may be no larger than a point. */
static sgp_point point_in(sgp_point corner, int32_t size_e7) {
    return (sgp_point){corner.lon_e7 + below((int64_t)size_e7 + 1),
                       corner.lat_e7 + below((int64_t)size_e7 + 1)};
}

/* ---- the grid ------------------------------------------------------------------------- */

static sgp_point point_at(const void *points, uint32_t number) {
    return ((const sgp_point *)points)[number];
}

/* The nearest, or all within a distance. */
typedef struct seen {
    const sgp_point *points;
    sgp_point middle;
    double limit_m, nearest_m;
    bool nearest_only;
    uint8_t times[POINTS];
} seen;

static double see(void *ctx, uint32_t number) {
    seen *s = ctx;
    assert_in_range(number, 0, POINTS - 1);
    s->times[number]++;
    s->nearest_m = fmin(s->nearest_m, sgp_distance_m(s->middle, s->points[number]));
    return s->nearest_only ? fmin(s->limit_m, s->nearest_m) : s->limit_m;
}

static void check_around(const sgp_point_grid *grid, const sgp_point *points, sgp_point middle,
                         double limit_m) {
    seen all = {points, middle, limit_m, INFINITY, false, {0}};
    seen nearest = {points, middle, limit_m, INFINITY, true, {0}};
    double nearest_m = INFINITY;
    sgp_point_grid_visit(grid, middle, limit_m, see, &all);
    sgp_point_grid_visit(grid, middle, limit_m, see, &nearest);
    for (uint32_t i = 0; i < POINTS; i++) {
        double away_m = sgp_distance_m(middle, points[i]);
        nearest_m = fmin(nearest_m, away_m);
        assert_true(all.times[i] <= 1 && (all.times[i] == 1 || away_m > limit_m));
    }
    if (nearest_m <= limit_m)
        assert_true(nearest.nearest_m == nearest_m);
}

static void test_grid_finds_what_is_around(void **state) {
    (void)state;
    static const struct {
        sgp_point corner;
        int32_t size_e7;
        double limit_m;
    } TOWNS[] = {{{1126000000, -79900000}, 400000, 900},
                 {{1126000000, -79900000}, 0, 10},
                 {{107000000, 599000000}, 2000000, 5000},
                 {{-1000000, -1000000}, 3000000, 20000},
                 {{1790000000, 880000000}, 10000000, 50000},
                 {{-1800000000, -900000000}, 1800000000, 9e6},
                 {{1126000000, -79900000}, 1, 1}};
    static sgp_point points[POINTS];
    for (size_t t = 0; t < sizeof TOWNS / sizeof *TOWNS; t++) {
        sgp_point_grid grid;
        bool done = false;
        int slices = 0;
        for (size_t i = 0; i < POINTS; i++)
            points[i] = point_in(TOWNS[t].corner, TOWNS[t].size_e7);
        sgp_point_grid_begin(&grid, points, point_at, POINTS);
        for (; !done; slices++)
            assert_int_equal(sgp_point_grid_fill(&grid, 0, &done), SGP_OK);
        assert_true(sgp_point_grid_bytes(&grid) >= POINTS * sizeof(uint32_t));
        for (size_t i = 0; i < TRIES; i++) {
            sgp_point middle = point_in(TOWNS[t].corner, TOWNS[t].size_e7);
            middle.lat_e7 += below(3) ? 0 : below(2000001) - 1000000; /* outside too */
            if (abs(middle.lat_e7) <= 900000000)
                check_around(&grid, points, middle, TOWNS[t].limit_m);
        }
        sgp_point_grid_free(&grid);
    }
    sgp_point_grid none;
    bool done;
    sgp_point_grid_begin(&none, NULL, point_at, 0);
    assert_int_equal(sgp_point_grid_fill(&none, 1, &done), SGP_OK);
    assert_true(done);
    sgp_point_grid_visit(&none, points[0], 1e9, see, NULL);
    sgp_point_grid_free(&none);
}

/* ---- junctions ------------------------------------------------------------------------ */

static sgp_crossing crossings_drawn[JUNCTIONS];

static sgp_crossings *draw_crossings(void) {
    const sgp_point corner = {1126000000, -79900000};
    sgp_crossings *made;
    bool done = false;
    assert_int_equal(sgp_crossings_create(&made), SGP_OK);
    for (int32_t street = 1; street <= STREETS; street++) {
        char name[24];
        snprintf(name, sizeof name, "Jalan %d", (int)street % 7);
        assert_int_equal(sgp_crossings_add_street(made, 3 * street, name), SGP_OK);
    }
    for (size_t i = 0; i < JUNCTIONS; i++) {
        sgp_crossing *one = &crossings_drawn[i];
        int32_t a = 1 + below(STREETS), b = 1 + below(STREETS);
        *one = (sgp_crossing){.street_a = 3 * (a < b ? a : b),
                              .street_b = a == b ? 0 : 3 * (a < b ? b : a),
                              .point = point_in(corner, 300000),
                              .arms = (uint8_t)(2 + below(4)),
                              .is_roundabout = below(9) == 0};
        if (i > 0 && below(3) == 0)
            one->point = one[-1].point;
        assert_int_equal(sgp_crossings_add(made, one), SGP_OK);
    }
    while (!done)
        assert_int_equal(sgp_crossings_seal(made, 0, &done), SGP_OK);
    assert_int_equal(sgp_crossings_count(made), JUNCTIONS);
    return made;
}

static bool has_street(const sgp_gazetteer_ask *ask, int32_t street) {
    if (street == 0)
        return false;
    for (size_t i = 0; i < ask->n_things[0]; i++)
        if (ask->things[0][i].kind != SGP_THING_FACILITY && ask->things[0][i].id == street)
            return true;
    return false;
}

/* Every row that is told is the best of those that were not told yet. */
static void check_near(const sgp_crossings *crossings, const sgp_gazetteer_ask *ask) {
    static bool told[JUNCTIONS];
    sgp_buffer rows = {0};
    size_t n = 0;
    memset(told, 0, sizeof told);
    assert_int_equal(sgp_crossings_near(crossings, ask, &rows), SGP_OK);
    const sgp_junction_row *row = (const void *)rows.data;
    for (;; n++) {
        double best_m = INFINITY;
        size_t best = JUNCTIONS;
        for (size_t i = 0; i < JUNCTIONS; i++) {
            const sgp_crossing *one = &crossings_drawn[i];
            double away_m = INFINITY;
            for (size_t p = 0; p < ask->n_points; p++)
                away_m = fmin(away_m, sgp_distance_m(one->point, ask->points[p]));
            bool fits = one->arms >= ask->arms && away_m <= ask->radius_m &&
                        (ask->n_things[0] == 0 || ask->n_points > 1 ||
                         has_street(ask, one->street_a) || has_street(ask, one->street_b));
            if (fits && !told[i] && away_m < best_m) {
                best_m = away_m;
                best = i;
            }
        }
        if (best == JUNCTIONS || n == (size_t)ask->limit)
            break;
        told[best] = true;
        assert_true((n + 1) * sizeof *row <= rows.length);
        assert_true(sgp_point_equal(row[n].point, crossings_drawn[best].point));
        assert_int_equal(row[n].street_a, crossings_drawn[best].street_a);
        assert_int_equal(row[n].street_b, crossings_drawn[best].street_b);
        assert_int_equal(row[n].away_m, lround(best_m));
        char name[24];
        snprintf(name, sizeof name, "Jalan %d", (int)row[n].street_a / 3 % 7);
        assert_string_equal(row[n].name_a, name);
    }
    assert_int_equal(n * sizeof *row, rows.length);
    sgp_buffer_free(&rows);
}

static void test_crossings_near_are_the_nearest(void **state) {
    (void)state;
    sgp_crossings *crossings = draw_crossings();
    for (size_t i = 0; i < TRIES; i++) {
        sgp_gazetteer_ask ask = {.question = SGP_ASK_JUNCTIONS_NEAR,
                                 .limit = 1 + below(40),
                                 .radius_m = below(3000),
                                 .arms = (uint8_t)below(6),
                                 .n_points = (size_t)below(4),
                                 .n_things = {(size_t)below(4)}};
        for (size_t k = 0; k < ask.n_points; k++)
            ask.points[k] = point_in((sgp_point){1126000000, -79900000}, 300000);
        for (size_t k = 0; k < ask.n_things[0]; k++)
            ask.things[0][k] = (sgp_thing){below(5) ? SGP_THING_STREET : SGP_THING_FACILITY,
                                           below(3 * STREETS + 4)};
        check_near(crossings, &ask);
    }
    sgp_crossings_destroy(crossings);
}

static void test_crossings_refuse(void **state) {
    (void)state;
    sgp_crossings *made;
    assert_int_equal(sgp_crossings_create(&made), SGP_OK);
    assert_int_equal(sgp_crossings_add_street(made, 2, "A"), SGP_OK);
    assert_int_equal(sgp_crossings_add_street(made, 2, "B"), SGP_E_CORRUPT);
    assert_int_equal(sgp_crossings_add_street(made, -1, "B"), SGP_E_CORRUPT);
    assert_int_equal(sgp_crossings_add_street(made, INT32_MAX, "B"), SGP_E_CORRUPT);
    sgp_crossing one = {.street_a = 2, .street_b = 0};
    assert_int_equal(sgp_crossings_add(made, &one), SGP_OK);
    one.street_a = 1; /* a gap among the streets */
    assert_int_equal(sgp_crossings_add(made, &one), SGP_E_CORRUPT);
    one = (sgp_crossing){.street_a = 2, .street_b = 3};
    assert_int_equal(sgp_crossings_add(made, &one), SGP_E_CORRUPT);
    assert_int_equal(sgp_crossings_add_street(made, 5, "late"), SGP_E_CORRUPT);
    sgp_crossings_destroy(made);
}

/* ---- districts ------------------------------------------------------------------------ */

/* Boxes, each with a hole: what is in the box and not in the hole. */
static void test_districts_are_those_around(void **state) {
    (void)state;
    sgp_districts *districts;
    int32_t west[QUARTERS], south[QUARTERS], size[QUARTERS];
    assert_int_equal(sgp_districts_create(&districts), SGP_OK);
    for (int i = 0; i < QUARTERS; i++) {
        char name[24];
        snprintf(name, sizeof name, "Kelurahan %c", 'A' + QUARTERS - i);
        west[i] = below(60);
        south[i] = below(60);
        size[i] = 10 + below(30);
        assert_int_equal(sgp_districts_add_border(districts, SGP_DISTRICT_KELURAHAN, name), SGP_OK);
        for (int hole = 0; hole < 2; hole++) {
            double w = west[i] + hole * 3, s = south[i] + hole * 3;
            double e = west[i] + size[i] - hole * 3, n = south[i] + size[i] - hole * 3;
            const sgp_corner ring[] = {{w / 100, s / 100},
                                       {e / 100, s / 100},
                                       {e / 100, n / 100},
                                       {w / 100, n / 100},
                                       {w / 100, s / 100}};
            assert_int_equal(sgp_districts_add_ring(districts, ring, 5), SGP_OK);
        }
    }
    assert_int_equal(sgp_districts_add_place(districts, SGP_PLACE_OF_HAMLET, "Krajan",
                                             (sgp_point){20000000, 20000000}),
                     SGP_OK);
    assert_int_equal(sgp_districts_seal(districts), SGP_OK);
    for (int32_t x = -2; x < 110; x++)
        for (int32_t y = -2; y < 110; y++) {
            int found = -1; /* the last one is the first by name; a border belongs to it */
            for (int i = 0; i < QUARTERS; i++) {
                bool in_box = x >= west[i] && x <= west[i] + size[i] && y >= south[i] &&
                              y <= south[i] + size[i];
                bool in_hole = x > west[i] + 3 && x < west[i] + size[i] - 3 && y > south[i] + 3 &&
                               y < south[i] + size[i] - 3;
                found = in_box && !in_hole ? i : found;
            }
            char name[24] = "";
            if (found >= 0)
                snprintf(name, sizeof name, "Kelurahan %c", 'A' + QUARTERS - found);
            sgp_district_row row = sgp_districts_at(districts, (sgp_point){x * 100000, y * 100000});
            assert_string_equal(row.kelurahan, name);
            assert_string_equal(row.kecamatan, "");
        }
    /* Beside a hamlet; 2.4 and 2.6 km from it. */
    sgp_district_row row = sgp_districts_at(districts, (sgp_point){20000000, 20215000});
    assert_string_equal(row.kelurahan, "Krajan");
    row = sgp_districts_at(districts, (sgp_point){20000000, 20234000});
    assert_string_equal(row.kelurahan, "");
    assert_true(sgp_districts_bytes(districts) > 0);
    sgp_districts_destroy(districts);
}

static void test_districts_refuse(void **state) {
    (void)state;
    const sgp_corner open[] = {{0, 0}, {1, 0}, {1, 1}, {0, 1}};
    sgp_districts *districts;
    assert_int_equal(sgp_districts_create(&districts), SGP_OK);
    assert_int_equal(sgp_districts_add_ring(districts, open, 4), SGP_E_CORRUPT);
    assert_int_equal(sgp_districts_add_border(districts, SGP_DISTRICT_KECAMATAN, "K"), SGP_OK);
    assert_int_equal(sgp_districts_add_ring(districts, open, 4), SGP_E_CORRUPT);
    assert_int_equal(sgp_districts_add_ring(districts, open, 0), SGP_E_CORRUPT);
    assert_int_equal(sgp_districts_seal(districts), SGP_OK);
    assert_string_equal(sgp_districts_at(districts, (sgp_point){0, 0}).kecamatan, "");
    sgp_districts_destroy(districts);
}

/* ---- houses and shapes ------------------------------------------------------------------- */

static void test_houses_and_shapes_refuse(void **state) {
    (void)state;
    sgp_houses *houses;
    assert_int_equal(sgp_houses_create(&houses), SGP_OK);
    sgp_house house = {.street = 2, .id = 7, .value = 5, .number = "5", .block = "", .shown = "5"};
    assert_int_equal(sgp_houses_add(houses, &house), SGP_OK);
    assert_int_equal(sgp_houses_add(houses, &house), SGP_E_CORRUPT);
    house.value = 4;
    assert_int_equal(sgp_houses_add(houses, &house), SGP_E_CORRUPT);
    house = (sgp_house){.street = 1, .id = 8, .value = 9, .number = "", .block = "", .shown = ""};
    assert_int_equal(sgp_houses_add(houses, &house), SGP_E_CORRUPT);
    house.street = INT32_MAX;
    assert_int_equal(sgp_houses_add(houses, &house), SGP_E_CORRUPT);
    house.street = 3;
    house.value = -1;
    assert_int_equal(sgp_houses_add(houses, &house), SGP_E_CORRUPT);
    assert_int_equal(sgp_houses_count(houses), 1);
    sgp_houses_destroy(houses);

    const sgp_corner line[] = {{112.6, -7.9}, {112.61, -7.9}}, nowhere[] = {{900, 0}};
    sgp_shapes *shapes;
    sgp_point point;
    double away_m;
    assert_int_equal(sgp_shapes_create(&shapes), SGP_OK);
    assert_int_equal(sgp_shapes_add_part(shapes, SGP_PART_LINE, line, 2), SGP_E_CORRUPT);
    assert_int_equal(sgp_shapes_add(shapes, (sgp_thing){SGP_THING_STREET, 4}), SGP_OK);
    assert_int_equal(sgp_shapes_add_part(shapes, SGP_PART_LINE, line, 2), SGP_OK);
    assert_int_equal(sgp_shapes_add_part(shapes, SGP_PART_POINT, nowhere, 1), SGP_E_CORRUPT);
    assert_int_equal(sgp_shapes_add(shapes, (sgp_thing){SGP_THING_GANG, 4}), SGP_E_CORRUPT);
    assert_int_equal(sgp_shapes_add(shapes, (sgp_thing){SGP_THING_FACILITY, 1}), SGP_OK);
    assert_int_equal(sgp_shapes_add_part(shapes, SGP_PART_POINT, line, 1), SGP_OK);
    assert_int_equal(sgp_shapes_add(shapes, (sgp_thing){SGP_THING_STREET, 9}), SGP_E_CORRUPT);
    assert_int_equal(sgp_shapes_seal(shapes), SGP_OK);
    const sgp_thing street = {SGP_THING_GANG, 4}, facility = {SGP_THING_FACILITY, 1};
    assert_true(sgp_shapes_nearest(shapes, street, facility, 10, &point, &away_m));
    assert_true(away_m == 0 && point.lon_e7 == 1126000000);
    /* Those that are not there. */
    assert_false(sgp_shapes_nearest(shapes, (sgp_thing){SGP_THING_STREET, 3}, facility, 10, &point,
                                    &away_m));
    assert_false(
        sgp_shapes_nearest(shapes, street, (sgp_thing){SGP_THING_AREA, 1}, 10, &point, &away_m));
    assert_false(sgp_shapes_nearest(shapes, street, (sgp_thing){SGP_THING_FACILITY, 99}, 10, &point,
                                    &away_m));
    assert_false(sgp_shapes_between(shapes, 3, point, point, 0.5, &point));
    sgp_shapes_destroy(shapes);
}

static sgp_err count_part(void *ctx, sgp_part_kind kind, const sgp_corner *corners, size_t n) {
    (void)kind;
    (void)corners;
    *(size_t *)ctx += n;
    return SGP_OK;
}

/* Bytes that PostGIS would not send. */
static void test_wkb_refuses(void **state) {
    (void)state;
    enum { BYTES = 1 + 4 + 4 + 4 + 32 };
    uint8_t bytes[BYTES];
    sgp_wkb_reader *reader;
    size_t corners = 0;
    assert_int_equal(sgp_wkb_reader_create(&reader), SGP_OK);
    /* A line of two points, with SRID 4326. */
    memset(bytes, 0, sizeof bytes);
    bytes[0] = 1;
    bytes[1] = 2;
    bytes[4] = 0x20;
    bytes[5] = 0xe6;
    bytes[6] = 0x10;
    bytes[9] = 2;
    bytes[43] = 0xf0; /* the last latitude is 1 */
    bytes[44] = 0x3f;
    assert_int_equal(sgp_wkb_read(reader, bytes, BYTES, count_part, &corners), SGP_OK);
    assert_int_equal(corners, 2);
    for (size_t n = 0; n < BYTES; n++)
        assert_int_equal(sgp_wkb_read(reader, bytes, n, count_part, &corners), SGP_E_CORRUPT);
    bytes[44] = 0x7f; /* infinite */
    assert_int_equal(sgp_wkb_read(reader, bytes, BYTES, count_part, &corners), SGP_E_CORRUPT);
    for (size_t i = 0; i < 20000; i++) {
        uint8_t noise[BYTES];
        memcpy(noise, bytes, BYTES);
        for (int k = 0; k < 3; k++)
            noise[below(BYTES)] = (uint8_t)below(256);
        sgp_err err = sgp_wkb_read(reader, noise, BYTES, count_part, &corners);
        assert_true(err == SGP_OK || err == SGP_E_CORRUPT);
    }
    sgp_wkb_reader_destroy(reader);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_grid_finds_what_is_around),
        cmocka_unit_test(test_crossings_near_are_the_nearest),
        cmocka_unit_test(test_crossings_refuse),
        cmocka_unit_test(test_districts_are_those_around),
        cmocka_unit_test(test_districts_refuse),
        cmocka_unit_test(test_houses_and_shapes_refuse),
        cmocka_unit_test(test_wkb_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
