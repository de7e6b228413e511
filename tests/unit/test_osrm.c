/* The OSRM-compatible service: URLs, the polyline format, simplified lines, and whole
 * answers on a neighbourhood that can be worked out by hand. */
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
#include "serve/osrm.h"
#include "serve/osrm_polyline.h"
#include "serve/osrm_simplify.h"

/* ---- the polyline format ------------------------------------------------------------ */

/* The example of the format's documentation. */
static void test_polyline_documented_example(void **state) {
    (void)state;
    const sgp_point points[] = {
        {-1202000000, 385000000}, {-1209500000, 407000000}, {-1264530000, 432520000}};
    static const char text[] = "_p~iF~ps|U_ulLnnqC_mqNvxq`@";
    sgp_buffer out = {0};
    assert_int_equal(sgp_polyline_encode(points, 3, SGP_POLYLINE_5, &out), SGP_OK);
    assert_int_equal(out.length, strlen(text));
    assert_memory_equal(out.data, text, out.length);
    sgp_buffer_free(&out);
    sgp_point back[4];
    size_t n = 0;
    assert_int_equal(sgp_polyline_decode(text, strlen(text), SGP_POLYLINE_5, back, 4, &n), SGP_OK);
    assert_int_equal(n, 3);
    for (int i = 0; i < 3; i++)
        assert_true(sgp_point_equal(points[i], back[i]));
    assert_int_equal(sgp_polyline_decode(text, strlen(text), SGP_POLYLINE_5, back, 2, &n),
                     SGP_E_TOO_LARGE);
    assert_int_equal(sgp_polyline_decode(text, strlen(text) - 1, SGP_POLYLINE_5, back, 4, &n),
                     SGP_E_FORMAT);
    assert_int_equal(sgp_polyline_decode("\x20\x20", 2, SGP_POLYLINE_5, back, 4, &n), SGP_E_FORMAT);
    assert_int_equal(sgp_polyline_decode("~~~~~~~~~~", 10, SGP_POLYLINE_5, back, 4, &n),
                     SGP_E_FORMAT);
}

static void test_polyline_round_trip(void **state) {
    (void)state;
    uint64_t seed = 5;
    for (int round = 0; round < 2000; round++) {
        int unit = round % 2 ? SGP_POLYLINE_5 : SGP_POLYLINE_6;
        sgp_point points[8], back[8];
        for (int i = 0; i < 8; i++) {
            int32_t lon = (int32_t)maker_below(&seed, 3600000001u) - 1800000000;
            int32_t lat = (int32_t)maker_below(&seed, 1800000001u) - 900000000;
            points[i] = (sgp_point){lon / unit * unit, lat / unit * unit};
        }
        sgp_buffer text = {0};
        size_t n = 0;
        assert_int_equal(sgp_polyline_encode(points, 8, unit, &text), SGP_OK);
        assert_int_equal(
            sgp_polyline_decode((const char *)text.data, text.length, unit, back, 8, &n), SGP_OK);
        assert_int_equal(n, 8);
        assert_memory_equal(points, back, sizeof points);
        sgp_buffer_free(&text);
    }
}

/* ---- simplifying ----------------------------------------------------------------------- */

static void test_simplify_drops_what_does_not_show(void **state) {
    (void)state;
    sgp_point straight[101];
    for (int i = 0; i <= 100; i++)
        straight[i] = (sgp_point){1126000000 + 10000 * i, -79000000 + 10000 * i};
    size_t n = 101;
    assert_int_equal(sgp_osrm_simplify(straight, &n), SGP_OK);
    assert_int_equal(n, 2);
    assert_int_equal(straight[1].lon_e7, 1127000000);
    sgp_point corner[] = {
        {1126000000, -79000000}, {1126100000, -79000000}, {1126100000, -79100000}};
    n = 3;
    assert_int_equal(sgp_osrm_simplify(corner, &n), SGP_OK);
    assert_int_equal(n, 3);
    /* A closed ring keeps its far side; a point repeated stays a line of two. */
    sgp_point ring[] = {{0, 0}, {10000, 0}, {10000, 10000}, {0, 10000}, {0, 0}};
    n = 5;
    assert_int_equal(sgp_osrm_simplify(ring, &n), SGP_OK);
    assert_int_equal(n, 5);
    sgp_point same[] = {{5, 5}, {5, 5}, {5, 5}};
    n = 3;
    assert_int_equal(sgp_osrm_simplify(same, &n), SGP_OK);
    assert_int_equal(n, 2);
    assert_int_equal(sgp_osrm_zoom((sgp_point){0, 0}, (sgp_point){1, 1}), 18);
    assert_int_equal(
        sgp_osrm_zoom((sgp_point){-1800000000, -800000000}, (sgp_point){1800000000, 800000000}), 2);
}

/* Whatever is left out lies within two pixels of what stays. */
static void test_simplify_stays_near(void **state) {
    (void)state;
    enum { N = 400 };
    uint64_t seed = 11;
    for (int round = 0; round < 50; round++) {
        sgp_point all[N], kept[N];
        all[0] = (sgp_point){1126000000, -79000000};
        for (int i = 1; i < N; i++)
            all[i] = (sgp_point){all[i - 1].lon_e7 + (int32_t)maker_below(&seed, 4000) - 1500,
                                 all[i - 1].lat_e7 + (int32_t)maker_below(&seed, 4000) - 1500};
        memcpy(kept, all, sizeof all);
        size_t n = N;
        assert_int_equal(sgp_osrm_simplify(kept, &n), SGP_OK);
        sgp_point low = all[0], high = all[0];
        for (int i = 1; i < N; i++) {
            low.lon_e7 = all[i].lon_e7 < low.lon_e7 ? all[i].lon_e7 : low.lon_e7;
            low.lat_e7 = all[i].lat_e7 < low.lat_e7 ? all[i].lat_e7 : low.lat_e7;
            high.lon_e7 = all[i].lon_e7 > high.lon_e7 ? all[i].lon_e7 : high.lon_e7;
            high.lat_e7 = all[i].lat_e7 > high.lat_e7 ? all[i].lat_e7 : high.lat_e7;
        }
        /* A pixel at this zoom, in degrees of longitude; latitude is a little less here. */
        double pixel_e7 = 360e7 / (256.0 * (1 << sgp_osrm_zoom(low, high)));
        size_t k = 0;
        for (int i = 0; i < N; i++) {
            if (k + 1 < n && sgp_point_equal(all[i], kept[k + 1]))
                k++;
            double dx = kept[k + 1 < n ? k + 1 : k].lon_e7 - kept[k].lon_e7;
            double dy = kept[k + 1 < n ? k + 1 : k].lat_e7 - kept[k].lat_e7;
            double ex = all[i].lon_e7 - kept[k].lon_e7, ey = all[i].lat_e7 - kept[k].lat_e7;
            double square = dx * dx + dy * dy;
            double along = square > 0 ? (ex * dx + ey * dy) / square : 0;
            along = along < 0 ? 0 : along > 1 ? 1 : along;
            assert_true(hypot(ex - along * dx, ey - along * dy) <= 3.1 * pixel_e7);
        }
        assert_true(sgp_point_equal(kept[n - 1], all[N - 1]));
    }
}

/* ---- URLs ------------------------------------------------------------------------------------ */

#define R "/route/v1/driving/112.63,-7.97;112.64,-7.96"
#define T "/table/v1/driving/112.63,-7.97;112.64,-7.96"
#define N1 "/nearest/v1/driving/112.63,-7.97"
#define MA "/match/v1/driving/112.63,-7.97;112.64,-7.96"

static void test_url_codes(void **state) {
    (void)state;
    static const struct {
        const char *uri, *code;
    } cases[] = {
        {R, NULL},
        {R ".json", NULL},
        {R "?steps=true&overview=full&geometries=polyline6&annotations=true", NULL},
        {R "?annotations=duration,nodes,speed&alternatives=2&continue_straight=default", NULL},
        {R "?hints=;&bearings=90,20;&radiuses=unlimited;49.5&approaches=curb;opposite", NULL},
        {R "?exclude=motorway,ferry&snapping=any&skip_waypoints=true&generate_hints=false", NULL},
        {R "?waypoints=0;1", NULL},
        {"/route/v1/car/112.63,-7.97;112.64,-7.96;112.65,-7.95?waypoints=0;2", NULL},
        {"/route/v1/driving/polyline(_p~iF~ps%7CU_ulLnnqC)?overview=false", NULL},
        {"/route/v1/driving/polyline6(_izlhA~rlgdF_%7BgeC~ywl@)", NULL},
        {"/route/v1/driving/112.63%2C-7.97%3B112.64%2C-7.96", NULL},
        {T "?sources=0&destinations=all&annotations=duration,distance", NULL},
        {T "?fallback_speed=10.5&fallback_coordinate=snapped&scale_factor=1.2", NULL},
        {N1 "?number=3&bearings=0,20", NULL},
        {MA "?timestamps=1;2&gaps=ignore&tidy=true&radiuses=5;5&steps=true", NULL},

        {"/route", "InvalidUrl"},
        {"/route/v1/driving", "InvalidUrl"},
        {"/route/v1//1,2;3,4", "InvalidUrl"},
        {"/route/x1/driving/1,2;3,4", "InvalidUrl"},
        {R "%00", "InvalidUrl"},
        {"/route/v2/driving/1,2;3,4", "InvalidVersion"},
        {"/fly/v1/driving/1,2;3,4", "InvalidService"},
        {"/trip/v1/driving/1,2;3,4", "NotImplemented"},
        {"/tile/v1/driving/tile(1310,3166,13).mvt", "NotImplemented"},
        {R ".flatbuffers", "NotImplemented"},
        {R ".xml", "InvalidQuery"},
        {"/route/v1/driving/112.63;-7.97", "InvalidQuery"},
        {"/route/v1/driving/112.63,-7.97;", "InvalidQuery"},
        {"/route/v1/driving/a,b;c,d", "InvalidQuery"},
        {"/route/v1/driving/nan,0;0,inf", "InvalidQuery"},
        {"/route/v1/driving/polyline()", "InvalidQuery"},
        {"/route/v1/driving/polyline(_p~iF~ps", "InvalidQuery"},
        {"/route/v1/driving/1e400,2;3,4", "InvalidQuery"},
        {"/route/v1/driving/181,2;3,4", "InvalidValue"},
        {"/route/v1/driving/1,91;3,4", "InvalidValue"},
        {"/route/v1/driving/1,2", "InvalidOptions"},
        {"/nearest/v1/driving/1,2;3,4", "InvalidOptions"},
        {R "?", "InvalidQuery"},
        {R "?steps", "InvalidQuery"},
        {R "?steps=yes", "InvalidQuery"},
        {R "?steps=true&", "InvalidQuery"},
        {R "?steps=true;false", "InvalidQuery"},
        {R "?nonsense=1", "InvalidQuery"},
        {R "?number=3", "InvalidQuery"},
        {R "?sources=0", "InvalidQuery"},
        {T "?steps=true", "InvalidQuery"},
        {T "?annotations=nodes", "InvalidQuery"},
        {T "?annotations=true", "InvalidQuery"},
        {R "?bearings=90,20", "InvalidOptions"},
        {R "?bearings=90,20;;", "InvalidOptions"},
        {R "?bearings=361,20;", "InvalidOptions"},
        {R "?bearings=90,181;", "InvalidOptions"},
        {R "?bearings=90;", "InvalidQuery"},
        {R "?radiuses=-1;", "InvalidOptions"},
        {R "?radiuses=1;2;3", "InvalidOptions"},
        {R "?radiuses=far;", "InvalidQuery"},
        {R "?approaches=left;", "InvalidQuery"},
        {R "?hints=*;", "InvalidQuery"},
        {R "?exclude=toll", "InvalidValue"},
        {R "?exclude=", "InvalidQuery"},
        {R "?waypoints=0", "InvalidValue"},
        {R "?waypoints=1;0", "InvalidValue"},
        {R "?waypoints=0;2", "InvalidOptions"},
        {T "?sources=2", "InvalidOptions"},
        {T "?sources=0;0;0", "InvalidOptions"},
        {T "?sources=", "InvalidQuery"},
        {T "?fallback_speed=0", "InvalidOptions"},
        {T "?scale_factor=-1", "InvalidOptions"},
        {N1 "?number=0", "InvalidOptions"},
        {N1 "?number=-1", "InvalidQuery"},
        {MA "?timestamps=2;1", "InvalidValue"},
        {MA "?timestamps=1", "InvalidOptions"},
        {MA "?timestamps=;", "InvalidQuery"},
        {MA "?timestamps=1;", "InvalidQuery"},
        {MA "?gaps=maybe", "InvalidQuery"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        sgp_osrm_request request;
        sgp_osrm_error error;
        bool good = sgp_osrm_url_parse(cases[i].uri, &request, &error);
        if (good != (cases[i].code == NULL) || (!good && strcmp(error.code, cases[i].code) != 0))
            fail_msg("%s gave %s: %s", cases[i].uri, good ? "Ok" : error.code, error.message);
        if (!good)
            assert_true(error.message[0] != '\0');
        sgp_osrm_request_free(&request);
    }
    assert_true(sgp_osrm_url_is("/route/v1/x"));
    assert_false(sgp_osrm_url_is("/v1/request"));
    assert_false(sgp_osrm_url_is("/tiles/1/2/3.mvt"));
    assert_false(sgp_osrm_url_is("/healthz"));
}

static void test_url_values(void **state) {
    (void)state;
    sgp_osrm_request q;
    sgp_osrm_error error;
    assert_true(sgp_osrm_url_parse("/route/v1/motorbike/112.6325847,-7.97;polyline?", &q, &error) ==
                false);
    assert_true(sgp_osrm_url_parse("/route/v1/motorbike/112.6325847,-7.97;112.64,-7.96.json"
                                   "?bearings=;90,20&radiuses=7.5;unlimited&alternatives=true"
                                   "&annotations=speed&steps=true&steps=false&hints=abc_-;",
                                   &q, &error));
    assert_string_equal(q.profile, "motorbike");
    assert_int_equal(q.n_coordinates, 2);
    assert_int_equal(q.coordinates[0].point.lon_e7, 1126325847);
    assert_int_equal(q.coordinates[1].point.lat_e7, -79600000);
    assert_false(q.coordinates[0].has_bearing);
    assert_int_equal(q.coordinates[1].bearing, 90);
    assert_int_equal(q.coordinates[1].bearing_range, 20);
    assert_true(q.coordinates[0].radius_m == 7.5 && isinf(q.coordinates[1].radius_m));
    assert_int_equal(strncmp(q.coordinates[0].hint, "abc_-;", 6), 0);
    assert_null(q.coordinates[1].hint);
    assert_int_equal(q.alternatives, 1);
    assert_int_equal(q.annotations, SGP_OSRM_SPEED);
    assert_false(q.steps);
    sgp_osrm_request_free(&q);
    assert_true(
        sgp_osrm_url_parse("/route/v1/car/polyline(_p~iF~ps%7CU_ulLnnqC_mqNvxq%60@)", &q, &error));
    assert_int_equal(q.n_coordinates, 3);
    assert_int_equal(q.coordinates[2].point.lat_e7, 432520000);
    sgp_osrm_request_free(&q);
}

static void test_url_is_bounded(void **state) {
    (void)state;
    static char uri[SGP_OSRM_URL_MAX + 64];
    sgp_osrm_request q;
    sgp_osrm_error error;
    size_t n = (size_t)snprintf(uri, sizeof uri, "/table/v1/car/1,2");
    while (n < SGP_OSRM_URL_MAX + 8)
        n += (size_t)snprintf(uri + n, sizeof uri - n, ";1,2");
    assert_false(sgp_osrm_url_parse(uri, &q, &error));
    assert_string_equal(error.code, "TooBig");
    uri[SGP_OSRM_URL_MAX - 400] = '\0';
    *strrchr(uri, ';') = '\0';
    assert_false(sgp_osrm_url_parse(uri, &q, &error)); /* 16,000 coordinates */
    assert_string_equal(error.code, "TooBig");
    uri[SGP_OSRM_COORDINATES_MAX * 4] = '\0';
    *strrchr(uri, ';') = '\0';
    assert_true(sgp_osrm_url_parse(uri, &q, &error));
    sgp_osrm_request_free(&q);
}

/* ---- answers ------------------------------------------------------------------------------------
 * *
 *
 *   6 ── 7 ── 8     each edge 0.005 degrees; rows named Jalan Timur 0..2, columns
 *   3 ── 4 ── 5     Jalan Utara 0..2. 50 s an edge. An island far away in the north.
 *   0 ── 1 ── 2     5 -> 8 is one-way. Node numbers are 100 + vertex.
 */
enum { STEP = 50000, WEST = 1126300000, SOUTH = -79700000 };

static graph_maker maker;
static char folder[64], path[128];
static sgp_graph *graph;
static sgp_metric *metric;
static sgp_query *query;
static sgp_osrm_settings settings;
static uint32_t asked_without;
static int held; /* taken and not yet given back */

static sgp_query *give_query(void *ctx, uint32_t profile, uint32_t without_classes) {
    (void)ctx;
    assert_int_equal(profile, 0);
    asked_without = without_classes;
    assert_int_equal(held++, 0);
    return query;
}

static void take_back(void *ctx, uint32_t profile, uint32_t without_classes) {
    (void)ctx;
    assert_int_equal(profile, 0);
    assert_int_equal(without_classes, asked_without);
    assert_int_equal(--held, 0);
}

static int begin(void **state) {
    (void)state;
    static int64_t nodes[MAKER_POINTS];
    maker_begin(&maker);
    for (int v = 0; v < 9; v++)
        maker_vertex(&maker, WEST + STEP * (v % 3), SOUTH + STEP * (v / 3), 100 + v);
    for (uint32_t v = 0; v < 9; v++) {
        char name[32];
        snprintf(name, sizeof name, "Jalan Timur %u", v / 3);
        if (v % 3 < 2)
            maker_edge(&maker, v, v + 1, 50000, 50000, NULL, 0, 0, name, SGP_EDGE_MAIN);
        snprintf(name, sizeof name, "Jalan Utara %u", v % 3);
        if (v < 6)
            maker_edge(&maker, v, v + 3, 50000, v == 5 ? MAKER_NO_ARC : 50000, NULL, 0, 0, name,
                       SGP_EDGE_MAIN);
    }
    uint32_t x = maker_vertex(&maker, WEST, SOUTH + 10 * STEP, 900);
    uint32_t y = maker_vertex(&maker, WEST + STEP, SOUTH + 10 * STEP, 901);
    maker_edge(&maker, x, y, 50000, 50000, NULL, 0, 0, "Jalan Pulau", SGP_EDGE_MAIN);
    sgp_graph_parts parts = *maker_finish(&maker);
    for (uint32_t e = 0; e < maker.n_edges; e++)
        for (uint32_t i = 0; i < maker.edges[e].n_points; i++)
            for (uint32_t v = 0; v < maker.n_vertices; v++)
                if (sgp_point_equal(maker.vertex_point[v],
                                    maker.points[maker.edges[e].first_point + i]))
                    nodes[maker.edges[e].first_point + i] = maker.vertex_node[v];
    parts.point_node = nodes;
    parts.n_point_nodes = parts.n_points;
    maker_folder(folder);
    snprintf(path, sizeof path, "%s/osrm.sgr", folder);
    sgp_fault fault = {0};
    if (sgp_graph_write(path, &parts, NULL, &fault) || sgp_graph_open(path, &graph, &fault) ||
        sgp_metric_create(graph, &metric) || sgp_query_create(metric, &query)) {
        fprintf(stderr, "%s\n", fault.text);
        return 1;
    }
    sgp_osrm_settings_default(&settings);
    return 0;
}

static int end(void **state) {
    (void)state;
    sgp_query_destroy(query);
    sgp_metric_destroy(metric);
    sgp_graph_close(graph);
    unlink(path);
    rmdir(folder);
    return 0;
}

/* The parsed answer, to be released; its code must be that. */
static json_t *ask(const char *code, const char *format, ...) SGP_PRINTF(2, 3);
static json_t *ask(const char *code, const char *format, ...) {
    char uri[4096];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(uri, sizeof uri, format, arguments);
    va_end(arguments);
    sgp_osrm_city city = {graph, &settings, give_query, take_back, NULL, NULL};
    int status = 0;
    char *text = sgp_osrm_answer(&city, uri, &status);
    assert_non_null(text);
    assert_int_equal(held, 0); /* given back, and once */
    json_t *answer = json_loads(text, 0, NULL);
    assert_non_null(answer);
    const char *got = json_string_value(json_object_get(answer, "code"));
    if (!got || strcmp(got, code) != 0)
        fail_msg("%s gave %s", uri, text);
    assert_int_equal(status, strcmp(code, "Ok") == 0 ? 200 : 400);
    free(text);
    return answer;
}

/* Parts of edges are whole milliseconds, rounded down. */
#define IS(value, expected) (fabs((value) - (expected)) < 0.01)

/* The value at a path such as "routes.0.legs.1.steps". */
static json_t *at(json_t *value, const char *where) {
    char copy[128], *rest = copy;
    snprintf(copy, sizeof copy, "%s", where);
    for (char *key; value && (key = strtok_r(rest, ".", &rest));)
        value = json_is_array(value) ? json_array_get(value, (size_t)atoi(key))
                                     : json_object_get(value, key);
    return value;
}

static double number_at(json_t *answer, const char *where) {
    json_t *value = at(answer, where);
    if (!json_is_number(value))
        fail_msg("no number at %s in %s", where, json_dumps(answer, 0));
    return json_number_value(value);
}

static const char *text_at(json_t *answer, const char *where) {
    const char *text = json_string_value(at(answer, where));
    if (!text)
        fail_msg("no text at %s in %s", where, json_dumps(answer, 0));
    return text;
}

static size_t size_at(json_t *answer, const char *where) {
    json_t *value = at(answer, where);
    if (!json_is_array(value))
        fail_msg("no array at %s in %s", where, json_dumps(answer, 0));
    return json_array_size(value);
}

/* From the middle of 0-1 to the middle of 1-4, and on to the middle of 4-5. */
#define AB "112.6325,-7.9701;112.6349,-7.9675"
#define ABC AB ";112.6375,-7.9649"

static void test_route_fields(void **state) {
    (void)state;
    json_t *a = ask("Ok", "/route/v1/driving/" AB "?steps=true&annotations=true&overview=full"
                          "&geometries=geojson");
    assert_int_equal(size_at(a, "routes"), 1);
    assert_true(IS(number_at(a, "routes.0.duration"), 50));
    assert_true(IS(number_at(a, "routes.0.weight"), 50));
    assert_string_equal(text_at(a, "routes.0.weight_name"), "duration");
    assert_true(fabs(number_at(a, "routes.0.distance") - 553.5) < 2);
    assert_int_equal(size_at(a, "routes.0.geometry.coordinates"), 3);
    assert_string_equal(text_at(a, "routes.0.geometry.type"), "LineString");
    assert_int_equal(size_at(a, "waypoints"), 2);
    assert_string_equal(text_at(a, "waypoints.0.name"), "Jalan Timur 0");
    assert_true(fabs(number_at(a, "waypoints.0.distance") - 11.1) < 0.2);
    assert_true(fabs(number_at(a, "waypoints.0.location.0") - 112.6325) < 1e-6);
    assert_true(strlen(text_at(a, "waypoints.0.hint")) > 20);

    assert_int_equal(size_at(a, "routes.0.legs"), 1);
    assert_string_equal(text_at(a, "routes.0.legs.0.summary"), "Jalan Timur 0, Jalan Utara 1");
    assert_int_equal(size_at(a, "routes.0.legs.0.steps"), 3);
    assert_string_equal(text_at(a, "routes.0.legs.0.steps.0.maneuver.type"), "depart");
    assert_true(number_at(a, "routes.0.legs.0.steps.0.maneuver.bearing_after") == 90);
    assert_string_equal(text_at(a, "routes.0.legs.0.steps.0.mode"), "driving");
    assert_string_equal(text_at(a, "routes.0.legs.0.steps.0.driving_side"), "left");
    assert_true(number_at(a, "routes.0.legs.0.steps.0.intersections.0.out") == 0);
    assert_null(at(a, "routes.0.legs.0.steps.0.intersections.0.in"));
    assert_string_equal(text_at(a, "routes.0.legs.0.steps.1.maneuver.type"), "turn");
    assert_string_equal(text_at(a, "routes.0.legs.0.steps.1.maneuver.modifier"), "left");
    assert_string_equal(text_at(a, "routes.0.legs.0.steps.1.name"), "Jalan Utara 1");
    /* At crossing 1: north, east, west; one came from the west and leaves northward. */
    assert_int_equal(size_at(a, "routes.0.legs.0.steps.1.intersections.0.bearings"), 3);
    assert_true(number_at(a, "routes.0.legs.0.steps.1.intersections.0.in") == 2);
    assert_true(number_at(a, "routes.0.legs.0.steps.1.intersections.0.out") == 0);
    assert_true(json_is_true(at(a, "routes.0.legs.0.steps.1.intersections.0.entry.1")));
    assert_string_equal(text_at(a, "routes.0.legs.0.steps.2.maneuver.type"), "arrive");
    assert_string_equal(text_at(a, "routes.0.legs.0.steps.2.maneuver.modifier"), "left");
    assert_true(number_at(a, "routes.0.legs.0.steps.2.distance") == 0);
    assert_null(at(a, "routes.0.legs.0.steps.2.intersections.0.out"));

    assert_int_equal(size_at(a, "routes.0.legs.0.annotation.distance"), 2);
    assert_int_equal(size_at(a, "routes.0.legs.0.annotation.nodes"), 3);
    assert_true(number_at(a, "routes.0.legs.0.annotation.nodes.0") == 100);
    assert_true(number_at(a, "routes.0.legs.0.annotation.nodes.1") == 101);
    assert_true(number_at(a, "routes.0.legs.0.annotation.nodes.2") == 104);
    assert_true(IS(number_at(a, "routes.0.legs.0.annotation.duration.0"), 25));
    assert_true(fabs(number_at(a, "routes.0.legs.0.annotation.speed.0") - 11) < 0.3);
    assert_true(number_at(a, "routes.0.legs.0.annotation.datasources.1") == 0);
    json_decref(a);
}

static void test_route_options(void **state) {
    (void)state;
    json_t *a = ask("Ok", "/route/v1/ambulance/" AB "?overview=false&skip_waypoints=true");
    assert_null(at(a, "routes.0.geometry"));
    assert_null(at(a, "waypoints"));
    assert_int_equal(size_at(a, "routes.0.legs.0.steps"), 0);
    assert_string_equal(text_at(a, "routes.0.legs.0.summary"), "");
    assert_null(at(a, "routes.0.legs.0.annotation"));
    json_decref(a);
    a = ask("Ok", "/route/v1/car/" AB "?generate_hints=false");
    assert_null(at(a, "waypoints.0.hint"));
    sgp_point points[8];
    size_t n;
    const char *line = text_at(a, "routes.0.geometry");
    assert_int_equal(sgp_polyline_decode(line, strlen(line), SGP_POLYLINE_5, points, 8, &n),
                     SGP_OK);
    assert_int_equal(n, 3);
    assert_int_equal(points[1].lon_e7, WEST + STEP);
    json_decref(a);

    /* Bearings choose the road and the direction. */
    a = ask("Ok", "/route/v1/car/112.6325,-7.97;112.6375,-7.97?bearings=270,30;");
    assert_true(number_at(a, "routes.0.duration") > 51);
    json_decref(a);
    a = ask("NoSegment", "/route/v1/car/112.6325,-7.97;112.6375,-7.97?bearings=45,10;");
    json_decref(a);
    /* Keeping left, one has a place south of the road at the kerb when driving west. */
    a = ask("Ok", "/route/v1/car/112.6325,-7.97;112.6375,-7.9702?approaches=;curb");
    double curb = number_at(a, "routes.0.duration");
    json_decref(a);
    a = ask("Ok", "/route/v1/car/112.6325,-7.97;112.6375,-7.9702?approaches=;opposite");
    double opposite = number_at(a, "routes.0.duration");
    json_decref(a);
    assert_true(IS(opposite, 50) && curb > 51);
    json_decref(ask("NoSegment", "/route/v1/car/112.6325,-7.9705;112.6375,-7.97?radiuses=10;"));
    json_decref(ask("Ok", "/route/v1/car/112.6325,-7.9705;112.6375,-7.97?radiuses=100;"));
    json_decref(ask("NoSegment", "/route/v1/car/113.9,-7.97;112.6375,-7.97"));
    json_decref(ask("Ok", "/route/v1/car/113.9,-7.97;112.6375,-7.97?radiuses=unlimited;"));
    json_decref(ask("NoRoute", "/route/v1/car/112.6325,-7.97;112.6325,-7.92"));
    json_decref(ask("InvalidValue", "/route/v1/zeppelin/" AB));
    asked_without = 0;
    json_decref(ask("Ok", "/route/v1/car/" AB "?exclude=motorway"));
    assert_int_equal(asked_without, 1u << SGP_ROAD_MOTORWAY);
    a = ask("Ok", "/route/v1/car/" AB "?alternatives=3");
    assert_true(size_at(a, "routes") >= 1);
    json_decref(a);
    settings.max_route_size = 2;
    json_decref(ask("TooBig", "/route/v1/car/" ABC));
    settings.max_route_size = 500;
    json_decref(ask("TooBig", "/route/v1/car/" AB "?alternatives=4"));
}

static void test_route_over_waypoints(void **state) {
    (void)state;
    json_t *a = ask("Ok", "/route/v1/car/" ABC "?steps=true&annotations=nodes,distance");
    assert_int_equal(size_at(a, "routes.0.legs"), 2);
    assert_true(IS(number_at(a, "routes.0.duration"), 100));
    assert_string_equal(text_at(a, "routes.0.legs.1.steps.0.maneuver.type"), "depart");
    json_decref(a);
    /* The one between is no waypoint: one leg, and nobody arrives there. */
    a = ask("Ok", "/route/v1/car/" ABC "?steps=true&annotations=nodes,distance&waypoints=0;2");
    assert_int_equal(size_at(a, "routes.0.legs"), 1);
    assert_int_equal(size_at(a, "waypoints"), 2);
    assert_true(IS(number_at(a, "routes.0.legs.0.duration"), 100));
    json_t *steps = at(a, "routes.0.legs.0.steps");
    double sum = 0;
    for (size_t i = 0; i < json_array_size(steps); i++) {
        const char *type = text_at(json_array_get(steps, i), "maneuver.type");
        assert_int_equal(strcmp(type, "depart") == 0, i == 0);
        assert_int_equal(strcmp(type, "arrive") == 0, i + 1 == json_array_size(steps));
        sum += number_at(json_array_get(steps, i), "duration");
    }
    assert_true(IS(sum, 100));
    assert_int_equal(size_at(a, "routes.0.legs.0.annotation.nodes"),
                     size_at(a, "routes.0.legs.0.annotation.distance") + 1);
    json_decref(a);
    /* Every segment of the full line has its annotation, wherever the waypoints lie: on
     * crossings, beside one another, twice at the same place. */
    static const char *const places[] = {"112.63,-7.97",    "112.635,-7.97",  "112.635,-7.965",
                                         "112.6325,-7.97",  "112.635,-7.965", "112.635,-7.965",
                                         "112.6374,-7.965", "112.64,-7.96",   "112.64,-7.96"};
    enum { PLACES = sizeof places / sizeof places[0] };
    for (int i = 0; i < PLACES * PLACES * PLACES; i++) {
        a = ask("Ok",
                "/route/v1/car/%s;%s;%s?overview=full&geometries=geojson&steps=true"
                "&annotations=distance&continue_straight=false",
                places[i % PLACES], places[i / PLACES % PLACES], places[i / PLACES / PLACES]);
        size_t segments = size_at(a, "routes.0.legs.0.annotation.distance") +
                          size_at(a, "routes.0.legs.1.annotation.distance");
        assert_int_equal(size_at(a, "routes.0.geometry.coordinates"), segments + 1);
        size_t in_steps = 0;
        for (size_t leg = 0; leg < 2; leg++) {
            json_t *list = at(a, leg ? "routes.0.legs.1.steps" : "routes.0.legs.0.steps");
            for (size_t s = 0; s + 1 < json_array_size(list); s++)
                in_steps += size_at(json_array_get(list, s), "geometry.coordinates") - 1;
        }
        assert_int_equal(in_steps, segments);
        json_decref(a);
    }
    /* Out to a place and back: going straight on costs a way around. */
    static const char back[] = "/route/v1/car/112.6325,-7.97;112.6349,-7.9675;112.6325,-7.97";
    a = ask("Ok", "%s?continue_straight=false", back);
    assert_true(IS(number_at(a, "routes.0.duration"), 100));
    json_decref(a);
    a = ask("Ok", "%s", back);
    double straight = number_at(a, "routes.0.duration");
    json_decref(a);
    assert_true(straight > 101);
    a = ask("Ok", "%s?continue_straight=true", back);
    assert_true(number_at(a, "routes.0.duration") == straight);
    json_decref(a);
}

static bool nobody_waits(void *ctx) {
    ++*(int *)ctx;
    return true;
}

static void test_answers_are_given_up(void **state) {
    (void)state;
    static const char *const uris[] = {"/route/v1/car/" ABC "?steps=true",
                                       "/table/v1/car/" ABC "?annotations=distance",
                                       "/match/v1/car/" ABC};
    for (size_t i = 0; i < sizeof uris / sizeof uris[0]; i++) {
        int asked = 0, status = 0;
        sgp_osrm_city city = {graph, &settings, give_query, take_back, &asked, nobody_waits};
        char *text = sgp_osrm_answer(&city, uris[i], &status);
        assert_int_equal(status, 500);
        assert_int_equal(asked, 1);
        assert_int_equal(held, 0);
        free(text);
    }
}

static void test_hints_are_used_and_distrusted(void **state) {
    (void)state;
    json_t *a = ask("Ok", "/nearest/v1/car/112.6325,-7.9701?number=2");
    char second[128];
    assert_int_equal(size_at(a, "waypoints"), 2);
    snprintf(second, sizeof second, "%s", text_at(a, "waypoints.1.hint"));
    char other[64];
    snprintf(other, sizeof other, "%s", text_at(a, "waypoints.1.name"));
    assert_int_equal(size_at(a, "waypoints.0.nodes"), 2);
    assert_true(number_at(a, "waypoints.0.nodes.0") == 100);
    json_decref(a);
    /* The hint of the second nearest road leads there again... */
    a = ask("Ok", "/nearest/v1/car/112.6325,-7.9701?hints=%s", second);
    assert_string_equal(text_at(a, "waypoints.0.name"), other);
    json_decref(a);
    /* ...but not from another coordinate, nor when it is broken. */
    a = ask("Ok", "/nearest/v1/car/112.6326,-7.9701?hints=%s", second);
    assert_string_equal(text_at(a, "waypoints.0.name"), "Jalan Timur 0");
    json_decref(a);
    second[5] = second[5] == 'A' ? 'B' : 'A';
    a = ask("Ok", "/nearest/v1/car/112.6325,-7.9701?hints=%s", second);
    assert_string_equal(text_at(a, "waypoints.0.name"), "Jalan Timur 0");
    json_decref(a);
    json_decref(ask("TooBig", "/nearest/v1/car/112.6325,-7.9701?number=101"));
    json_decref(ask("NoSegment", "/nearest/v1/car/10,10"));
}

static void test_table_fields(void **state) {
    (void)state;
    json_t *a = ask("Ok", "/table/v1/car/" ABC);
    assert_int_equal(size_at(a, "durations"), 3);
    assert_true(IS(number_at(a, "durations.0.1"), 50) && IS(number_at(a, "durations.0.2"), 100));
    assert_true(number_at(a, "durations.1.1") == 0);
    assert_null(at(a, "distances"));
    assert_int_equal(size_at(a, "sources"), 3);
    assert_string_equal(text_at(a, "destinations.1.name"), "Jalan Utara 1");
    json_decref(a);
    a = ask("Ok",
            "/table/v1/car/" ABC "?sources=2;0&destinations=1&annotations=distance&scale_factor=2");
    assert_null(at(a, "durations"));
    assert_int_equal(size_at(a, "distances"), 2);
    assert_int_equal(size_at(a, "distances.0"), 1);
    json_t *r = ask("Ok", "/route/v1/car/" AB);
    assert_true(number_at(a, "distances.1.0") == number_at(r, "routes.0.distance"));
    json_decref(r);
    json_decref(a);
    a = ask("Ok", "/table/v1/car/" AB "?annotations=duration,distance&scale_factor=2");
    assert_true(IS(number_at(a, "durations.0.1"), 100));
    assert_int_equal(size_at(a, "distances"), 2);
    json_decref(a);

    /* The island: no way, or a line in its stead. */
    static const char island[] = "/table/v1/car/112.6325,-7.97;112.6325,-7.92";
    a = ask("Ok", "%s?annotations=duration,distance", island);
    assert_true(json_is_null(at(a, "durations.0.1")));
    assert_true(json_is_null(at(a, "distances.0.1")));
    json_decref(a);
    a = ask("Ok", "%s?annotations=duration,distance&fallback_speed=10", island);
    assert_true(fabs(number_at(a, "distances.0.1") - 5560) < 20);
    assert_true(fabs(number_at(a, "durations.0.1") - 556) < 2);
    assert_int_equal(size_at(a, "fallback_speed_cells"), 2);
    assert_true(number_at(a, "fallback_speed_cells.0.1") == 1);
    json_decref(a);
    /* What is no number any more is null, and every row stays whole. */
    a = ask("Ok", "%s?fallback_speed=1e-300&scale_factor=1e308", island);
    assert_int_equal(size_at(a, "durations.0"), 2);
    assert_true(number_at(a, "durations.0.0") == 0);
    assert_true(json_is_null(at(a, "durations.0.1")));
    json_decref(a);
    a = ask("Ok", "/table/v1/car/" AB "?scale_factor=1e308");
    assert_int_equal(size_at(a, "durations.0"), 2);
    assert_true(json_is_null(at(a, "durations.0.1")));
    json_decref(a);
    settings.max_table_size = 1;
    json_decref(ask("TooBig", "/table/v1/car/" AB));
    json_decref(ask("Ok", "/table/v1/car/" AB "?sources=0&destinations=1"));
    settings.max_table_size = 100;
    json_decref(ask("NoSegment", "/table/v1/car/" AB ";10,10"));
}

static void test_match_fields(void **state) {
    (void)state;
    /* Along Jalan Timur 0, around the corner at 1, and up Jalan Utara 1. */
    static const char track[] = "112.6310,-7.97003;112.6330,-7.96998;112.6345,-7.97002;"
                                "112.63502,-7.9680;112.63498,-7.9660";
    json_t *a = ask("Ok", "/match/v1/car/%s?steps=true&overview=full&geometries=geojson", track);
    assert_int_equal(size_at(a, "matchings"), 1);
    assert_int_equal(size_at(a, "tracepoints"), 5);
    assert_int_equal(size_at(a, "matchings.0.legs"), 4);
    assert_true(number_at(a, "matchings.0.confidence") > 0.5);
    assert_true(fabs(number_at(a, "matchings.0.distance") - 885) < 20);
    assert_string_equal(text_at(a, "tracepoints.4.name"), "Jalan Utara 1");
    assert_true(number_at(a, "tracepoints.4.waypoint_index") == 4);
    assert_true(number_at(a, "tracepoints.4.matchings_index") == 0);
    assert_true(number_at(a, "tracepoints.4.alternatives_count") >= 0);
    assert_string_equal(text_at(a, "matchings.0.legs.2.steps.1.maneuver.type"), "turn");
    double whole = number_at(a, "matchings.0.duration");
    json_decref(a);
    a = ask("Ok", "/match/v1/car/%s?waypoints=0;4&timestamps=10;30;45;70;90&radiuses=5;5;5;5;5",
            track);
    assert_int_equal(size_at(a, "matchings.0.legs"), 1);
    assert_true(json_is_null(at(a, "tracepoints.2.waypoint_index")));
    assert_true(number_at(a, "tracepoints.4.waypoint_index") == 1);
    assert_true(fabs(number_at(a, "matchings.0.duration") - whole) < 0.01);
    json_decref(a);
    /* A silence splits the track unless it is to be ignored. */
    a = ask("Ok", "/match/v1/car/%s?timestamps=10;30;45;7000;7020", track);
    assert_int_equal(size_at(a, "matchings"), 2);
    assert_true(number_at(a, "tracepoints.4.matchings_index") == 1);
    json_decref(a);
    a = ask("Ok", "/match/v1/car/%s?timestamps=10;30;45;7000;7020&gaps=ignore", track);
    assert_int_equal(size_at(a, "matchings"), 1);
    json_decref(a);
    json_decref(ask("NoMatch", "/match/v1/car/10,10;10.001,10"));
    json_decref(ask("TooBig", "/match/v1/car/%s?radiuses=unlimited;;;;", track));
    settings.max_match_size = 4;
    json_decref(ask("TooBig", "/match/v1/car/%s", track));
    settings.max_match_size = 100;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_polyline_documented_example),
        cmocka_unit_test(test_polyline_round_trip),
        cmocka_unit_test(test_simplify_drops_what_does_not_show),
        cmocka_unit_test(test_simplify_stays_near),
        cmocka_unit_test(test_url_codes),
        cmocka_unit_test(test_url_values),
        cmocka_unit_test(test_url_is_bounded),
        cmocka_unit_test(test_route_fields),
        cmocka_unit_test(test_route_options),
        cmocka_unit_test(test_route_over_waypoints),
        cmocka_unit_test(test_answers_are_given_up),
        cmocka_unit_test(test_hints_are_used_and_distrusted),
        cmocka_unit_test(test_table_fields),
        cmocka_unit_test(test_match_fields),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
