/* Zones of a small made city: nothing is lost, everything is in its area, and a point finds
 * the zone that a plain search finds. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "graph_maker.h"
#include "sigap/zones.h"

enum { SIDE = 8, STEP_E7 = 20000 }; /* crossings 222 m apart */

/* Texts of two kelurahan of one kecamatan, and a sliver without kabupaten. */
static const char texts[] = "\0Oro-oro Dowo\0Kauman\0Klojen\0Kota Malang\0Batu";
enum { ORO = 1, KAUMAN = 14, KLOJEN = 21, KOTA = 28, BATU = 40 };
static const sgp_graph_district districts[] = {
    {KAUMAN, KLOJEN, KOTA}, {ORO, KLOJEN, 0}, {ORO, KLOJEN, KOTA}, {0, BATU, 0}};

static graph_maker maker;
static sgp_graph_parts parts;
static sgp_district_span spans[] = {{0, 0}, {0, 2}, {0, 1}};
static const uint32_t first_span[] = {0, 1, 3};

static uint32_t at(uint32_t column, uint32_t row) {
    return row * SIDE + column;
}

/* A grid whose south is Kauman and whose north is Oro-oro Dowo, its east a sliver; a motorway,
 * a street that no vehicle reaches, and a gang. */
static void draw(void) {
    maker_begin(&maker);
    for (int32_t i = 0; i < SIDE * SIDE; i++)
        maker_vertex(&maker, 1126000000 + i % SIDE * STEP_E7, -79700000 + i / SIDE * STEP_E7, i);
    for (uint32_t i = 0; i < SIDE * SIDE; i++) {
        if (i % SIDE < SIDE - 1)
            maker_edge(&maker, i, i + 1, 20000, 20000, NULL, 0, 0, "Jalan", SGP_EDGE_MAIN);
        if (i / SIDE < SIDE - 1)
            maker_edge(&maker, i, i + SIDE, 20000, 20000, NULL, 0, 0, "Jalan", SGP_EDGE_MAIN);
    }
    uint32_t motorway =
        maker_edge(&maker, at(0, 0), at(7, 7), 9000, 9000, NULL, 0, 0, "Tol", SGP_EDGE_MAIN);
    maker.edges[motorway].road_class = SGP_ROAD_MOTORWAY;
    uint32_t a = maker_foot_vertex(&maker, 1126000000 + 3000, -79700000 + 3000);
    uint32_t b = maker_foot_vertex(&maker, 1126000000 + 9000, -79700000 + 3000);
    maker_foot_way(&maker, a, b, 40000, 40000);
    parts = *maker_finish(&maker);
    spans[0].from_lon_e7 = spans[1].from_lon_e7 = 1125900000;
    spans[2].from_lon_e7 = 1126000000 + 5 * STEP_E7 + 1;
    parts.places = (sgp_graph_places){.texts_length = sizeof texts,
                                      .texts = texts,
                                      .n_districts = 4,
                                      .districts = districts,
                                      .south_e7 = -79700000 - STEP_E7,
                                      .row_e7 = 4 * STEP_E7 + STEP_E7 / 2,
                                      .n_rows = 2,
                                      .first_span = first_span,
                                      .n_spans = 3,
                                      .spans = spans};
}

static double street_m(void) {
    double metres = sgp_distance_m(parts.foot_point[0], parts.foot_point[1]);
    for (uint32_t e = 0; e < parts.n_edges; e++)
        if (parts.edges[e].road_class != SGP_ROAD_MOTORWAY)
            metres += parts.edges[e].length_mm / 1000.0;
    return metres;
}

static void check(const sgp_zones *zones) {
    int64_t weight = 0;
    for (uint32_t z = 0; z < zones->n_zones; z++) {
        const sgp_zone *zone = &zones->zones[z];
        assert_true(zone->weight > 0);
        weight += zone->weight;
        assert_int_equal(sgp_zones_find(zones, &parts, zone->point), z);
        assert_in_range(zone->area, 0, zones->n_areas - 1);
        assert_true(z >= zones->areas[zone->area].first_zone &&
                    z < zones->areas[zone->area].first_zone + zones->areas[zone->area].n_zones);
        bool on_road = false; /* the middle of a street */
        for (uint32_t e = 0; e < parts.n_edges && !on_road; e++) {
            const sgp_point *p = parts.points + parts.edges[e].first_point;
            on_road = (p[0].lon_e7 + (int64_t)p[1].lon_e7) / 2 == zone->point.lon_e7 &&
                      (p[0].lat_e7 + (int64_t)p[1].lat_e7) / 2 == zone->point.lat_e7;
        }
        assert_true(on_road);
    }
    assert_int_equal(weight, zones->weight);
    assert_true(fabs((double)weight - street_m()) <= zones->n_zones + 1.0);
    weight = 0;
    for (uint32_t a = 0; a < zones->n_areas; a++)
        weight += zones->areas[a].weight;
    assert_int_equal(weight, zones->weight);
}

static void test_zones_hold_every_street(void **state) {
    (void)state;
    draw();
    static const double cells[] = {100, 250, 500, 1000, 50000};
    uint32_t before = UINT32_MAX;
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        sgp_zones zones;
        assert_int_equal(sgp_zones_make(&parts, cells[i], 0, &zones, NULL), SGP_OK);
        check(&zones);
        assert_true(zones.n_zones <= before);
        before = zones.n_zones;
        sgp_zones_free(&zones);
    }
    assert_int_equal(before, 2); /* one zone for each area that has streets */
}

static void test_zones_areas(void **state) {
    (void)state;
    draw();
    sgp_zones zones;
    assert_int_equal(sgp_zones_make(&parts, 0, 0, &zones, NULL), SGP_OK);
    assert_int_equal(zones.n_areas, 2); /* the sliver is the kelurahan that it belongs to */
    assert_string_equal(sgp_zone_area_name(&zones.areas[0]), "Kauman");
    assert_string_equal(sgp_zone_area_name(&zones.areas[1]), "Oro-oro Dowo");
    assert_string_equal(zones.areas[1].kabupaten, "Kota Malang");
    sgp_point sliver = {1126000000 + 7 * STEP_E7, -79700000 + 7 * STEP_E7};
    assert_int_equal(zones.zones[sgp_zones_find(&zones, &parts, sliver)].area, 1);
    sgp_point south = {1126000000, -79700000};
    assert_int_equal(zones.zones[sgp_zones_find(&zones, &parts, south)].area, 0);
    sgp_point nowhere = {1126060000, -79490000}; /* no district: the nearest zone of all */
    uint32_t found = sgp_zones_find(&zones, &parts, nowhere);
    for (uint32_t z = 0; z < zones.n_zones; z++)
        assert_true(sgp_distance_m(nowhere, zones.zones[found].point) <=
                    sgp_distance_m(nowhere, zones.zones[z].point) + 1);
    sgp_zones_free(&zones);
}

static void test_zones_bounds(void **state) {
    (void)state;
    draw();
    sgp_zones zones;
    sgp_fault fault;
    for (uint32_t most = 2; most < 30; most++) {
        assert_int_equal(sgp_zones_make(&parts, 100, most, &zones, NULL), SGP_OK);
        assert_in_range(zones.n_zones, 2, most);
        check(&zones);
        sgp_zones_free(&zones);
    }
    assert_int_equal(sgp_zones_make(&parts, 100, 1, &zones, &fault), SGP_E_TOO_LARGE);
    assert_int_equal(sgp_zones_make(&parts, 99, 0, &zones, &fault), SGP_E_RANGE);
    assert_int_equal(sgp_zones_make(&parts, NAN, 0, &zones, &fault), SGP_E_RANGE);
    assert_int_equal(sgp_zones_make(&parts, 0, SGP_ZONES_MAX + 1, &zones, &fault), SGP_E_RANGE);
    for (uint32_t e = 0; e < maker.n_edges; e++)
        maker.edges[e].road_class = SGP_ROAD_MOTORWAY;
    assert_int_equal(sgp_zones_make(&parts, 0, 0, &zones, &fault), SGP_E_NOT_FOUND);
    assert_non_null(strstr(fault.text, "no streets"));
}

/* Without districts the city is one area; streets that nobody reaches go to the nearest zone. */
static void test_zones_plain_graph(void **state) {
    (void)state;
    draw();
    parts.places = (sgp_graph_places){0};
    for (uint32_t e = 0; e < maker.n_edges; e++)
        if (parts.points[parts.edges[e].first_point].lon_e7 > 1126000000 + 5 * STEP_E7)
            maker.edges[e].flags = 0;
    sgp_zones zones;
    assert_int_equal(sgp_zones_make(&parts, 300, 0, &zones, NULL), SGP_OK);
    assert_int_equal(zones.n_areas, 1);
    assert_string_equal(sgp_zone_area_name(&zones.areas[0]), "");
    check(&zones);
    for (uint32_t z = 0; z < zones.n_zones; z++)
        assert_true(zones.zones[z].point.lon_e7 <= 1126000000 + 6 * STEP_E7);
    sgp_zones_free(&zones);
}

static void test_zones_weigh(void **state) {
    (void)state;
    draw();
    sgp_zones zones;
    assert_int_equal(sgp_zones_make(&parts, 300, 0, &zones, NULL), SGP_OK);
    uint64_t random = 11;
    enum { CALLS = 500 };
    static sgp_point calls[CALLS];
    static int64_t weight[CALLS], by_zone[SGP_ZONES_USUAL_MAX];
    int64_t sum = 0;
    for (int i = 0; i < CALLS; i++) {
        calls[i].lon_e7 = 1126000000 + (int32_t)maker_below(&random, SIDE * STEP_E7);
        calls[i].lat_e7 = -79700000 + (int32_t)maker_below(&random, SIDE * STEP_E7);
        weight[i] = (int64_t)maker_below(&random, 5);
        by_zone[sgp_zones_find(&zones, &parts, calls[i])] += weight[i];
        sum += weight[i];
    }
    sgp_zones_weigh(&zones, &parts, calls, weight, CALLS);
    assert_int_equal(zones.weight, sum);
    for (uint32_t z = 0; z < zones.n_zones; z++)
        assert_int_equal(zones.zones[z].weight, by_zone[z]);
    sgp_zones_weigh(&zones, &parts, calls, NULL, CALLS);
    assert_int_equal(zones.weight, CALLS);
    assert_int_equal(zones.areas[0].weight + zones.areas[1].weight, CALLS);
    sgp_zones_free(&zones);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_zones_hold_every_street),
        cmocka_unit_test(test_zones_areas),
        cmocka_unit_test(test_zones_bounds),
        cmocka_unit_test(test_zones_plain_graph),
        cmocka_unit_test(test_zones_weigh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
