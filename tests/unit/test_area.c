/* Areas: a road and a block that can be worked out by hand, and Porto against the times
 * and distances of every few metres of road. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <geos_c.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "graph_maker.h"
#include "route/osm_graph.h"
#include "sigap/area.h"

enum { KM = 89932 /* 1,000 m on the equator, in units of 1e-7 degree */ };

static graph_maker maker;
static char folder[64];
static char path[128];

typedef struct town {
    sgp_graph *graph;
    sgp_metric *metric;
    sgp_query *query;
} town;

static void open_town(town *t, const sgp_graph_parts *parts) {
    const sgp_graph_making making = {.method = SGP_ORDER_METIS};
    sgp_fault fault = {0};
    if (sgp_graph_write(path, parts, &making, &fault) != SGP_OK ||
        sgp_graph_open(path, &t->graph, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    unlink(path);
    assert_int_equal(sgp_metric_create(t->graph, &t->metric), SGP_OK);
    assert_int_equal(sgp_query_create(t->metric, &t->query), SGP_OK);
}

static void close_town(town *t) {
    sgp_query_destroy(t->query);
    sgp_metric_destroy(t->metric);
    sgp_graph_close(t->graph);
}

static sgp_source source_at(const town *t, int32_t lon_e7, int32_t lat_e7) {
    sgp_source source = {.penalty_ms = 0};
    size_t n;
    assert_int_equal(
        sgp_graph_snap(t->graph, (sgp_point){lon_e7, lat_e7}, 5000, &source.from, 1, &n), SGP_OK);
    assert_int_equal(n, 1);
    return source;
}

/* ---- by hand --------------------------------------------------------------------------
 *
 *   w ---2 km, two-way, 100 s a km---> e ---1 km, one-way, 100 s---> x
 */

static void make_road(town *t) {
    maker_begin(&maker);
    uint32_t w = maker_vertex(&maker, 0, 0, 1);
    uint32_t e = maker_vertex(&maker, 2 * KM, 0, 2);
    uint32_t x = maker_vertex(&maker, 3 * KM, 0, 3);
    maker_edge(&maker, w, e, 200000, 200000, NULL, 0, 2000000, "Jalan Panjang", SGP_EDGE_MAIN);
    maker_edge(&maker, e, x, 100000, MAKER_NO_ARC, NULL, 0, 1000000, "Searah", SGP_EDGE_MAIN);
    open_town(t, maker_finish(&maker));
}

static bool within(const sgp_area_shape *shape, double east_m, double north_m) {
    sgp_point p = {(int32_t)lround(east_m * KM / 1000), (int32_t)lround(north_m * KM / 1000)};
    return sgp_area_contains(shape, p);
}

static void test_area_follows_the_road_as_far_as_it_is_driven(void **state) {
    (void)state;
    town t;
    make_road(&t);
    sgp_source source = source_at(&t, KM / 2, 0);
    source.penalty_ms = 10000;
    const int64_t limits[] = {9999, 10000, 30000, 180000};
    const sgp_area_options options = {.reach_m = 50};
    sgp_area_shape shapes[4];
    sgp_fault fault = {0};
    assert_int_equal(sgp_query_areas(t.query, &source, limits, 4, &options, shapes, &fault),
                     SGP_OK);
    /* Not yet left. */
    assert_true(shapes[0].square_m2 == 0);
    assert_false(within(&shapes[0], 500, 0));
    /* Just leaving: the place itself. */
    assert_true(within(&shapes[1], 500, 0) && within(&shapes[1], 545, 0));
    assert_false(within(&shapes[1], 551, 0));
    assert_true(shapes[1].square_m2 > 0.85 * 3.1416 * 2500 && shapes[1].square_m2 < 3.15 * 2500);
    /* 20 s are 200 m either way, and the reach around the ends. */
    assert_true(within(&shapes[2], 300, 0) && within(&shapes[2], 700, 45));
    assert_true(within(&shapes[2], 745, 0) && within(&shapes[2], 255, 0));
    assert_false(within(&shapes[2], 752, 0));
    assert_false(within(&shapes[2], 248, 0));
    assert_false(within(&shapes[2], 500, 51));
    assert_true(fabs(shapes[2].square_m2 - (400 * 100 + 7000)) < 1200);
    /* 170 s: the west end, and 200 m into the one-way road. */
    assert_true(within(&shapes[3], 0, 0) && within(&shapes[3], 2199, 0));
    assert_false(within(&shapes[3], 2252, 0));
    sgp_area_free(shapes, 4);
    /* From the one-way road nothing leads back. */
    source = source_at(&t, 5 * KM / 2, 0);
    assert_int_equal(sgp_query_areas(t.query, &source, &limits[2], 1, &options, shapes, &fault),
                     SGP_OK);
    assert_true(within(&shapes[0], 2799, 0));
    assert_false(within(&shapes[0], 2440, 0));
    sgp_area_free(shapes, 1);
    /* Nor eastwards, when the vehicle looks west. */
    source = source_at(&t, KM, 0);
    source.from.directions = SGP_AGAINST;
    assert_int_equal(sgp_query_areas(t.query, &source, &limits[2], 1, &options, shapes, &fault),
                     SGP_OK);
    assert_true(within(&shapes[0], 701, 0));
    assert_false(within(&shapes[0], 1060, 0));
    sgp_area_free(shapes, 1);
    close_town(&t);
}

static void test_area_fills_small_holes_only(void **state) {
    (void)state;
    maker_begin(&maker);
    uint32_t corner[4];
    for (int i = 0; i < 4; i++)
        corner[i] = maker_vertex(&maker, i == 1 || i == 2 ? KM / 2 : 0, i > 1 ? KM / 2 : 0, i);
    for (int i = 0; i < 4; i++)
        maker_edge(&maker, corner[i], corner[(i + 1) % 4], 1000, 1000, NULL, 0, 500000, "",
                   SGP_EDGE_MAIN);
    town t;
    open_town(&t, maker_finish(&maker));
    sgp_source source = source_at(&t, 0, 0);
    const int64_t limit_ms = 60000;
    sgp_fault fault = {0};
    /* The block's inside, 500 m less 50 on each side, is 160,000 m2. */
    for (int filled = 0; filled < 2; filled++) {
        const sgp_area_options options = {.reach_m = 50, .hole_m2 = filled ? 161000 : 159000};
        sgp_area_shape shape;
        assert_int_equal(sgp_query_areas(t.query, &source, &limit_ms, 1, &options, &shape, &fault),
                         SGP_OK);
        assert_int_equal(within(&shape, 250, 250), filled);
        assert_true(within(&shape, 250, 0) && within(&shape, 500, 500));
        sgp_area_free(&shape, 1);
    }
    close_town(&t);
}

static void test_area_refuses_what_makes_no_sense(void **state) {
    (void)state;
    town t;
    make_road(&t);
    sgp_source source = source_at(&t, KM, 0);
    const int64_t good[] = {1000};
    const int64_t many[SGP_AREA_LIMITS_MAX + 1] = {0};
    sgp_area_shape shape = {.wkb_length = 77};
    sgp_fault fault = {0};
    assert_int_equal(sgp_query_areas(t.query, &source, (int64_t[]){5, 4}, 2, NULL, &shape, &fault),
                     SGP_E_RANGE);
    assert_int_equal(sgp_query_areas(t.query, &source, (int64_t[]){-1}, 1, NULL, &shape, &fault),
                     SGP_E_RANGE);
    assert_int_equal(
        sgp_query_areas(t.query, &source, many, SGP_AREA_LIMITS_MAX + 1, NULL, &shape, &fault),
        SGP_E_TOO_LARGE);
    const sgp_area_options bad[] = {{.reach_m = 0},
                                    {.reach_m = NAN},
                                    {.reach_m = 6000},
                                    {.reach_m = 50, .hole_m2 = -1},
                                    {.reach_m = 50, .simplify_m = 26},
                                    {.reach_m = 50, .simplify_m = NAN}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(sgp_query_areas(t.query, &source, good, 1, &bad[i], &shape, &fault),
                         SGP_E_ARGUMENT);
    source.from.edge = 99;
    assert_int_equal(sgp_query_areas(t.query, &source, good, 1, NULL, &shape, &fault),
                     SGP_E_ARGUMENT);
    assert_int_equal(shape.wkb_length, 77);
    close_town(&t);
}

/* ---- Porto ------------------------------------------------------------------------------ */

enum { PROBES = 1500, SPACING_MM = 8000 };

/* What a test asks of one shape: parsed once. */
typedef struct parsed {
    GEOSContextHandle_t geos;
    GEOSGeometry *area;
    const GEOSPreparedGeometry *prepared;
} parsed;

static void parse(parsed *shape, GEOSContextHandle_t geos, const sgp_area_shape *from) {
    GEOSWKBReader *reader = GEOSWKBReader_create_r(geos);
    *shape = (parsed){geos, GEOSWKBReader_read_r(geos, reader, from->wkb, from->wkb_length), NULL};
    GEOSWKBReader_destroy_r(geos, reader);
    assert_non_null(shape->area);
    assert_int_equal(GEOSGeomTypeId_r(geos, shape->area), GEOS_MULTIPOLYGON);
    assert_int_equal(GEOSisValid_r(geos, shape->area), 1);
    shape->prepared = GEOSPrepare_r(geos, shape->area);
}

static void release(parsed *shape) {
    GEOSPreparedGeom_destroy_r(shape->geos, shape->prepared);
    GEOSGeom_destroy_r(shape->geos, shape->area);
}

static bool holds(const parsed *shape, double lon, double lat) {
    GEOSGeometry *at = GEOSGeom_createPointFromXY_r(shape->geos, lon, lat);
    bool yes = GEOSPreparedIntersects_r(shape->geos, shape->prepared, at) == 1;
    GEOSGeom_destroy_r(shape->geos, at);
    return yes;
}

/* Every few metres of road, with the time at which each is reached. */
typedef struct sample {
    double lon, lat;
    int64_t ms;
} sample;

/* The place `mm` along an edge. */
static void place_on(const sgp_graph_parts *p, const sgp_edge *e, uint32_t mm, sample *s) {
    const sgp_point *points = p->points + e->first_point;
    double total = 0;
    for (uint32_t i = 1; i < e->n_points; i++)
        total += sgp_distance_m(points[i - 1], points[i]);
    double left = total * mm / e->length_mm;
    uint32_t i = 1;
    for (; i + 1 < e->n_points && left > sgp_distance_m(points[i - 1], points[i]); i++)
        left -= sgp_distance_m(points[i - 1], points[i]);
    double length = sgp_distance_m(points[i - 1], points[i]);
    double share = length > 0 ? fmin(left / length, 1) : 0;
    s->lon = sgp_lon(points[i - 1]) + share * (sgp_lon(points[i]) - sgp_lon(points[i - 1]));
    s->lat = sgp_lat(points[i - 1]) + share * (sgp_lat(points[i]) - sgp_lat(points[i - 1]));
}

/* The times come from the many-target query: each sample is a target of its own. */
static size_t sample_roads(const town *t, const sgp_source *source, int64_t limit_ms,
                           sample **samples) {
    const sgp_graph_parts *p = sgp_graph_get(t->graph);
    size_t n = 0;
    for (uint32_t e = 0; e < p->n_edges; e++)
        n += p->edges[e].length_mm / SPACING_MM + 2;
    sgp_snap *targets = calloc(n, sizeof *targets);
    int64_t *ms = malloc(n * sizeof *ms);
    *samples = malloc(n * sizeof **samples);
    assert_true(targets && ms && *samples);
    n = 0;
    for (uint32_t e = 0; e < p->n_edges; e++) {
        uint32_t last = p->edges[e].length_mm / SPACING_MM + 1;
        for (uint32_t i = 0; i <= last; i++)
            targets[n++] = (sgp_snap){
                .edge = e, .offset_mm = (uint32_t)((uint64_t)p->edges[e].length_mm * i / last)};
    }
    assert_int_equal(sgp_query_one_to_many(t->query, source, targets, n, ms), SGP_OK);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (ms[i] == SGP_UNREACHABLE || ms[i] > limit_ms)
            continue;
        place_on(p, &p->edges[targets[i].edge], targets[i].offset_mm, &(*samples)[kept]);
        (*samples)[kept++].ms = ms[i];
    }
    free(targets);
    free(ms);
    return kept;
}

static double square_degrees_beyond(GEOSContextHandle_t geos, const parsed *small,
                                    const parsed *large) {
    GEOSGeometry *rest = GEOSDifference_r(geos, small->area, large->area);
    double area = 1;
    assert_non_null(rest);
    assert_int_equal(GEOSArea_r(geos, rest, &area), 1);
    GEOSGeom_destroy_r(geos, rest);
    return area;
}

static void check_porto(const town *t, const sgp_area_options *options) {
    enum { N = 3 };
    static const int64_t limits[N] = {90000, 180000, 300000};
    sgp_source source = source_at(t, -86100000, 411500000);
    source.penalty_ms = 5000;
    sgp_area_shape shapes[N];
    parsed shape[N];
    sgp_fault fault = {0};
    if (sgp_query_areas(t->query, &source, limits, N, options, shapes, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    GEOSContextHandle_t geos = GEOS_init_r();
    sample *samples;
    size_t n = sample_roads(t, &source, limits[N - 1], &samples);
    assert_true(n > 5000);
    size_t inside = 0;
    for (int i = 0; i < N; i++) {
        parse(&shape[i], geos, &shapes[i]);
        for (size_t k = 0; k < n; k++) {
            if (samples[k].ms > limits[i])
                continue;
            assert_true(holds(&shape[i], samples[k].lon, samples[k].lat));
            inside++;
        }
        /* 1e-10 square degrees are about one square metre. */
        if (i > 0) {
            assert_true(square_degrees_beyond(geos, &shape[i - 1], &shape[i]) < 1e-10);
            assert_true(shapes[i].square_m2 > shapes[i - 1].square_m2 * 1.2);
        }
    }
    assert_true(inside > n);
    /* Around the roads: near ones are inside, far ones outside. */
    const double degree_m = 6371008.8 * acos(-1) / 180;
    double lon_m = degree_m * cos(41.15 * acos(-1) / 180);
    uint64_t random = 112;
    size_t n_outside = 0;
    for (int k = 0; k < PROBES; k++) {
        const sample *near = &samples[maker_below(&random, (uint32_t)n)];
        double lon = near->lon + ((int32_t)maker_below(&random, 600) - 300) / lon_m;
        double lat = near->lat + ((int32_t)maker_below(&random, 600) - 300) / degree_m;
        double metres[N] = {1e9, 1e9, 1e9};
        for (size_t s = 0; s < n; s++)
            for (int i = 0; i < N; i++)
                if (samples[s].ms <= limits[i])
                    metres[i] = fmin(metres[i], hypot((samples[s].lon - lon) * lon_m,
                                                      (samples[s].lat - lat) * degree_m));
        for (int i = 0; i < N; i++) {
            /* Eight corners a circle leave 92 % of the reach; half the samples' spacing. */
            bool is_in = holds(&shape[i], lon, lat);
            if (metres[i] < 0.92 * options->reach_m - options->simplify_m - 1)
                assert_true(is_in);
            if (metres[i] > options->reach_m + options->simplify_m + SPACING_MM / 2000.0 + 1 &&
                options->hole_m2 == 0) {
                assert_false(is_in);
                n_outside++;
            }
        }
    }
    assert_true(options->hole_m2 > 0 || n_outside > PROBES / 4);
    for (int i = 0; i < N; i++)
        release(&shape[i]);
    GEOS_finish_r(geos);
    free(samples);
    sgp_area_free(shapes, N);
}

static void test_area_porto(void **state) {
    (void)state;
    char extract[512];
    const char *data = getenv("SIGAP_DATA");
    snprintf(extract, sizeof extract, "%s/osm/porto_portugal.osm.pbf",
             data ? data : SIGAP_SOURCE_DIR "/../shared/data");
    if (access(extract, R_OK) != 0) {
        printf("skipped: %s is not there\n", extract);
        skip();
    }
    sgp_osm_graph *osm = NULL;
    sgp_fault fault = {0};
    if (sgp_osm_graph_read(extract, &(sgp_city_id){{1}}, "porto", NULL, NULL, &osm, &fault) !=
        SGP_OK)
        fail_msg("%s", fault.text);
    town t;
    open_town(&t, sgp_osm_graph_parts(osm));
    sgp_osm_graph_destroy(osm);
    check_porto(&t, &sgp_area_defaults);
    check_porto(&t, &(sgp_area_options){.reach_m = 30, .simplify_m = 5});
    close_town(&t);
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
        cmocka_unit_test(test_area_follows_the_road_as_far_as_it_is_driven),
        cmocka_unit_test(test_area_fills_small_holes_only),
        cmocka_unit_test(test_area_refuses_what_makes_no_sense),
        cmocka_unit_test(test_area_porto),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
