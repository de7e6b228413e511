/* `sigap route`, `sigap table` and `sigap area` as a user meets them: output, exit codes, and
 * what is said about wrong input. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "apps/apps.h"
#include "graph_maker.h"

static char folder[64];
static char graph_path[128], places_path[128], nodes_path[128], out_path[128], fault_path[128];
static char out[65536], fault[65536];

static void read_text(const char *path, char *text) {
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    text[fread(text, 1, 65535, file)] = '\0';
    fclose(file);
}

static void write_text(const char *path, const char *text) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* Runs a sub-command with both outputs caught in `out` and `fault`. */
static int run(int (*command)(int, char **), const char *const *arguments) {
    char *argv[16] = {NULL};
    int argc = 0;
    for (; arguments[argc]; argc++) {
        assert_true(argc < 15);
        argv[argc] = (char *)arguments[argc]; /* getopt moves the pointers, never the texts */
    }
    fflush(stdout);
    fflush(stderr);
    int old_out = dup(1);
    int old_fault = dup(2);
    assert_true(old_out >= 0 && old_fault >= 0);
    FILE *to_out = fopen(out_path, "w");
    FILE *to_fault = fopen(fault_path, "w");
    assert_true(to_out && to_fault);
    dup2(fileno(to_out), 1);
    dup2(fileno(to_fault), 2);
    int code = command(argc, argv);
    fflush(stdout);
    fflush(stderr);
    dup2(old_out, 1);
    dup2(old_fault, 2);
    close(old_out);
    close(old_fault);
    fclose(to_out);
    fclose(to_fault);
    read_text(out_path, out);
    read_text(fault_path, fault);
    return code;
}

#define RUN(command, ...) run(command, (const char *const[]){__VA_ARGS__, NULL})
#define ROUTE(...) RUN(app_route, "route", "--graph", graph_path, __VA_ARGS__)
#define TABLE(...) RUN(app_table, "table", "--graph", graph_path, __VA_ARGS__)

static void test_route_tells_streets(void **state) {
    (void)state;
    assert_int_equal(ROUTE("--language", "en", "-8.6098,41.15001", "-8.609,41.1508"), 0);
    assert_non_null(strstr(out, "SKETCH"));
    assert_non_null(strstr(out, "15.2 s, 156 m"));
    /* The bend behind it is nothing to decide. */
    assert_non_null(strstr(out, "Head east on Rua Direita"));
    assert_non_null(strstr(out, "You have arrived"));
    assert_int_equal(ROUTE("-8.6098,41.15001", "-8.609,41.1508"), 0);
    assert_non_null(strstr(out, "SKETSA"));
    assert_non_null(strstr(out, "Berangkat ke arah timur di Rua Direita"));
    assert_non_null(strstr(out, "Tiba di tujuan"));
}

static void test_route_json_is_geojson(void **state) {
    (void)state;
    assert_int_equal(ROUTE("--json", "-8.6098,41.15001", "-8.609,41.1508"), 0);
    json_t *root = json_loads(out, 0, NULL);
    assert_non_null(root);
    assert_true(json_is_true(json_object_get(root, "sketch")));
    double seconds = json_real_value(json_object_get(root, "duration_s"));
    json_t *line = json_object_get(root, "geometry");
    assert_string_equal(json_string_value(json_object_get(line, "type")), "LineString");
    json_t *points = json_object_get(line, "coordinates");
    json_t *times = json_object_get(root, "at_s");
    assert_int_equal(json_array_size(points), 3);
    assert_int_equal(json_array_size(times), 3);
    assert_true(json_real_value(json_array_get(times, 2)) == seconds);
    assert_int_equal(json_array_size(json_object_get(root, "steps")), 2);
    json_decref(root);
}

static void test_route_by_profile_and_alternatives(void **state) {
    (void)state;
    assert_int_equal(ROUTE("--profile", "ambulance", "-8.6098,41.15001", "-8.609,41.1508"), 0);
    assert_int_equal(ROUTE("--profile", "zeppelin", "-8.6098,41.15001", "-8.609,41.1508"), 2);
    assert_non_null(strstr(fault, "no profile 'zeppelin'; it has ambulance"));
    assert_int_equal(ROUTE("--alternatives", "2", "--json", "-8.6098,41.15001", "-8.609,41.1508"),
                     0);
    json_t *root = json_loads(out, 0, NULL);
    assert_true(json_is_array(json_object_get(root, "alternatives")));
    json_t *step = json_array_get(json_object_get(root, "steps"), 0);
    assert_string_equal(json_string_value(json_object_get(step, "manoeuvre")), "depart");
    assert_true(json_string_length(json_object_get(step, "instruction")) > 5);
    json_decref(root);
    assert_int_equal(ROUTE("--alternatives", "9", "-8.6098,41.15001", "-8.609,41.1508"), 2);
    assert_int_equal(ROUTE("--alternatives", "x", "-8.6098,41.15001", "-8.609,41.1508"), 2);
    assert_int_equal(ROUTE("--alternatives", "1", "--node", "100", "300"), 2);
}

static void test_route_no_way_is_an_answer(void **state) {
    (void)state;
    assert_int_equal(ROUTE("-8.6098,41.15001", "-8.6,41.1605"), 1);
    assert_string_equal(fault, "");
    assert_int_equal(ROUTE("--json", "-8.6098,41.15001", "-8.6,41.1605"), 1);
    json_t *root = json_loads(out, 0, NULL);
    assert_true(json_is_null(json_object_get(root, "duration_s")));
    json_decref(root);
}

static void test_route_by_node(void **state) {
    (void)state;
    assert_int_equal(ROUTE("--node", "--json", "100", "300"), 0);
    json_t *root = json_loads(out, 0, NULL);
    assert_int_equal(json_integer_value(json_object_get(root, "weight")), 19000);
    json_decref(root);
    assert_int_equal(ROUTE("--node", "300", "100"), 1);
    assert_int_equal(ROUTE("--node", "100", "100"), 0);
}

static void test_route_says_what_is_wrong(void **state) {
    (void)state;
    const struct {
        const char *from;
        const char *says;
    } cases[] = {
        {"-8.66,41.15", "4.2 km from the nearest road of testville"},
        {"41.15,-8.61", "are lon and lat swapped? -8.61"},
        {"112.6,-7.9", "km from testville"},
        {"5,91", "latitude is over 90"},
        {"here", "is not lon,lat"},
        {"", "is not lon,lat"},
    };
    char from[64];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        snprintf(from, sizeof from, "%s", cases[i].from);
        assert_int_equal(ROUTE(from, "-8.61,41.15"), 2);
        if (!strstr(fault, cases[i].says))
            fail_msg("'%s' gave: %s", cases[i].from, fault);
        assert_string_equal(out, "");
    }
    assert_int_equal(ROUTE("-8.62,41.15", "-8.61,41.15"), 0);
    assert_int_equal(ROUTE("--node", "999", "100"), 2);
    assert_non_null(strstr(fault, "999"));
    assert_int_equal(ROUTE("--node", "1x", "100"), 2);
    assert_int_equal(ROUTE("1,2"), 2);
    assert_int_equal(ROUTE("--nonsense"), 2);
    assert_int_equal(RUN(app_route, "route", "1,2", "3,4"), 2);
    assert_int_equal(RUN(app_route, "route", "--graph", "/nonexistent", "1,2", "3,4"), 3);
    assert_int_equal(RUN(app_route, "route", "--graph", places_path, "1,2", "3,4"), 2);
    assert_non_null(strstr(fault, "is not a Sigap road graph"));
    assert_int_equal(RUN(app_route, "route", "--help"), 0);
    assert_non_null(strstr(out, "EXIT STATUS"));
}

static void test_table_prints_rows(void **state) {
    (void)state;
    assert_int_equal(TABLE("--sources", places_path, "--targets", places_path), 0);
    assert_string_equal(out, "0.000\t15.199\t-\n-\t0.000\t-\n-\t-\t0.000\n");
    assert_int_equal(TABLE("--sources", places_path, "--targets", places_path, "--json"), 0);
    json_t *root = json_loads(out, 0, NULL);
    json_t *rows = json_object_get(root, "durations");
    assert_int_equal(json_array_size(rows), 3);
    assert_true(json_real_value(json_array_get(json_array_get(rows, 0), 1)) == 15.199);
    assert_true(json_is_null(json_array_get(json_array_get(rows, 1), 0)));
    json_decref(root);
}

static void test_table_by_node_is_in_whole_units(void **state) {
    (void)state;
    assert_int_equal(TABLE("--sources", nodes_path, "--targets", nodes_path, "--node", "--json"),
                     0);
    json_t *root = json_loads(out, 0, NULL);
    json_t *expected = json_loads("{\"weights\": [[0, 19000], [null, 0]]}", 0, NULL);
    assert_true(json_equal(root, expected));
    json_decref(root);
    json_decref(expected);
}

static void test_table_says_which_line_is_wrong(void **state) {
    (void)state;
    assert_int_equal(TABLE("--sources", nodes_path, "--targets", nodes_path), 2);
    assert_non_null(strstr(fault, "line 2"));
    assert_int_equal(TABLE("--sources", nodes_path, "--targets", "/nonexistent", "--node"), 3);
    assert_int_equal(TABLE("--sources", nodes_path), 2);
    assert_int_equal(TABLE("--help"), 0);
    char empty[160];
    snprintf(empty, sizeof empty, "%s/empty", folder);
    write_text(empty, "# nothing\n\n");
    assert_int_equal(TABLE("--sources", empty, "--targets", empty), 2);
    assert_non_null(strstr(fault, "holds no place"));
    char line[400];
    memset(line, '1', sizeof line - 1);
    line[sizeof line - 1] = '\0';
    write_text(empty, line);
    assert_int_equal(TABLE("--sources", empty, "--targets", empty), 2);
    assert_non_null(strstr(fault, "too long"));
    unlink(empty);
}

static void test_area_as_geojson_and_as_text(void **state) {
    (void)state;
    assert_int_equal(RUN(app_area, "area", "--graph", graph_path, "-8.6098,41.15001", "--minutes",
                         "0.1,5", "--json"),
                     0);
    json_t *root = json_loads(out, 0, NULL);
    assert_non_null(root);
    assert_string_equal(json_string_value(json_object_get(root, "type")), "FeatureCollection");
    assert_string_equal(json_string_value(json_object_get(root, "profile")), "ambulance");
    json_t *features = json_object_get(root, "features");
    assert_int_equal(json_array_size(features), 2);
    double square_km[2];
    for (size_t i = 0; i < 2; i++) {
        json_t *feature = json_array_get(features, i);
        json_t *properties = json_object_get(feature, "properties");
        assert_true(json_real_value(json_object_get(properties, "minutes")) == (i ? 5 : 0.1));
        square_km[i] = json_real_value(json_object_get(properties, "square_km"));
        json_t *geometry = json_object_get(feature, "geometry");
        assert_string_equal(json_string_value(json_object_get(geometry, "type")), "MultiPolygon");
        json_t *ring = json_array_get(
            json_array_get(json_array_get(json_object_get(geometry, "coordinates"), 0), 0), 0);
        double lon = json_real_value(json_array_get(ring, 0));
        double lat = json_real_value(json_array_get(ring, 1));
        assert_true(lon > -8.612 && lon < -8.607 && lat > 41.149 && lat < 41.152);
    }
    assert_true(square_km[0] > 0.005 && square_km[1] > square_km[0] && square_km[1] < 0.05);
    json_decref(root);
    assert_int_equal(RUN(app_area, "area", "--graph", graph_path, "-m", "5", "--language", "en",
                         "-8.6098,41.15001"),
                     0);
    assert_non_null(strstr(out, "5 minutes: 0.0"));
    assert_non_null(strstr(out, "SKETCH"));
}

static void test_area_says_what_is_wrong(void **state) {
    (void)state;
    static const char *const minutes[] = {"",    "0",     "-1",   "5,",  "5,5",
                                          "9,5", "1441,", "five", "nan", "5 10"};
    for (size_t i = 0; i < sizeof minutes / sizeof *minutes; i++) {
        assert_int_equal(
            RUN(app_area, "area", "--graph", graph_path, "-8.6098,41.15001", "-m", minutes[i]), 2);
        assert_non_null(strstr(fault, "--minutes takes"));
    }
    assert_int_equal(RUN(app_area, "area", "--graph", graph_path, "-8.6,41.15"), 2);
    assert_non_null(strstr(fault, "--minutes is missing"));
    assert_int_equal(RUN(app_area, "area", "--graph", graph_path, "-m", "5"), 2);
    assert_int_equal(RUN(app_area, "area", "-m", "5", "-8.6,41.15"), 2);
    assert_int_equal(RUN(app_area, "area", "--graph", "/nonexistent", "-m", "5", "-8.6,41.15"), 3);
    assert_int_equal(
        RUN(app_area, "area", "--graph", graph_path, "-m", "5", "-p", "boat", "-8.6098,41.15"), 2);
    assert_non_null(strstr(fault, "no profile 'boat'; it has ambulance"));
    assert_int_equal(RUN(app_area, "area", "--graph", graph_path, "-m", "5", "41.15,-8.61"), 2);
    assert_non_null(strstr(fault, "are lon and lat swapped?"));
    assert_int_equal(RUN(app_area, "area", "--help"), 0);
    assert_non_null(strstr(out, "SYNOPSIS"));
}

/* Weights in the input's own unit are no times, and a motorbike needs no road for
 * ambulances nearby. */
static void test_commands_tell_units_and_profiles_apart(void **state) {
    (void)state;
    char native[160], gang[160], pair[160];
    snprintf(native, sizeof native, "%s/native.sgr", folder);
    snprintf(gang, sizeof gang, "%s/gang.sgr", folder);
    snprintf(pair, sizeof pair, "%s/pair", folder);
    static graph_maker m;
    maker_begin(&m);
    uint32_t a = maker_vertex(&m, -86100000, 411500000, 1);
    uint32_t b = maker_vertex(&m, -86000000, 411500000, 2);
    maker_edge(&m, a, b, 1000, 1000, NULL, 0, 0, "", SGP_EDGE_MAIN);
    maker_finish(&m);
    sgp_fault made = {0};
    sgp_profile weight = {.name = "weight", .native_unit = 1};
    m.parts.profiles = &weight;
    assert_int_equal(sgp_graph_write(native, &m.parts, NULL, &made), SGP_OK);
    assert_int_equal(RUN(app_route, "route", "-g", native, "-8.61,41.15", "-8.6,41.15"), 0);
    assert_non_null(strstr(out, "bobot 1000,"));
    assert_null(strstr(out, "1,0 dtk"));
    assert_int_equal(RUN(app_route, "route", "-g", native, "-j", "-8.61,41.15", "-8.6,41.15"), 0);
    assert_non_null(strstr(out, "\"weight\":1000"));
    assert_null(strstr(out, "duration_s"));
    write_text(pair, "-8.61,41.15\n-8.6,41.15\n");
    assert_int_equal(RUN(app_table, "table", "-g", native, "-s", pair, "-t", pair), 0);
    assert_string_equal(out, "0\t1000\n1000\t0\n");
    assert_int_equal(RUN(app_table, "table", "-g", native, "-s", pair, "-t", pair, "-j"), 0);
    assert_non_null(strstr(out, "\"weights\": [[0,1000]"));
    assert_int_equal(RUN(app_table, "table", "-g", native, "-s", "-", "-t", "-"), 2);
    assert_non_null(strstr(fault, "only one"));
    assert_int_equal(RUN(app_area, "area", "-g", native, "-m", "1", "-8.6075,41.15"), 2);
    assert_non_null(strstr(fault, "are not times"));

    static const sgp_profile two[] = {{.name = "ambulance"}, {.name = "motorbike"}};
    int32_t times[] = {SGP_INF, SGP_INF, 60000, 60000};
    m.parts.profiles = two;
    m.parts.n_profiles = 2;
    m.parts.weight = times;
    m.edges[0].flags = 0;
    m.edges[0].main_profiles = 2;
    assert_int_equal(sgp_graph_write(gang, &m.parts, NULL, &made), SGP_OK);
    assert_int_equal(
        RUN(app_area, "area", "-g", gang, "-m", "1", "-p", "motorbike", "-8.6075,41.15"), 0);
    assert_int_equal(RUN(app_area, "area", "-g", gang, "-m", "1", "-8.6075,41.15"), 2);
    assert_non_null(strstr(fault, "no road is near from which 'ambulance' gets"));
    unlink(native);
    unlink(gang);
    unlink(pair);
}

static int set_up(void **state) {
    (void)state;
    unsetenv("SIGAP_LANGUAGE");
    maker_folder(folder);
    snprintf(graph_path, sizeof graph_path, "%s/city.sgr", folder);
    snprintf(places_path, sizeof places_path, "%s/places", folder);
    snprintf(nodes_path, sizeof nodes_path, "%s/nodes", folder);
    snprintf(out_path, sizeof out_path, "%s/out", folder);
    snprintf(fault_path, sizeof fault_path, "%s/fault", folder);
    write_text(places_path, "-8.6098,41.15001\n\n  # a comment\n-8.609,41.1508\n-8.6,41.1605\n");
    write_text(nodes_path, "# nodes\n100\n300\n");
    static graph_maker m;
    maker_begin(&m);
    uint32_t a = maker_vertex(&m, -86100000, 411500000, 100);
    uint32_t b = maker_vertex(&m, -86090000, 411500000, 200);
    uint32_t c = maker_vertex(&m, -86090000, 411510000, 300);
    uint32_t x = maker_vertex(&m, -86000000, 411600000, 400);
    uint32_t y = maker_vertex(&m, -86000000, 411610000, 500);
    maker_edge(&m, a, b, 10000, 11000, NULL, 0, 0, "Rua Direita", SGP_EDGE_MAIN);
    maker_edge(&m, b, c, 9000, MAKER_NO_ARC, NULL, 0, 0, "", SGP_EDGE_MAIN);
    maker_edge(&m, x, y, 9000, 9000, NULL, 0, 0, "Ilha", SGP_EDGE_MAIN);
    maker_finish(&m);
    m.parts.is_sketch = 1;
    sgp_fault made = {0};
    return sgp_graph_write(graph_path, &m.parts, NULL, &made) != SGP_OK;
}

static int tear_down(void **state) {
    (void)state;
    unlink(graph_path);
    unlink(places_path);
    unlink(nodes_path);
    unlink(out_path);
    unlink(fault_path);
    return rmdir(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_route_tells_streets),
        cmocka_unit_test(test_route_by_profile_and_alternatives),
        cmocka_unit_test(test_route_json_is_geojson),
        cmocka_unit_test(test_route_no_way_is_an_answer),
        cmocka_unit_test(test_route_by_node),
        cmocka_unit_test(test_route_says_what_is_wrong),
        cmocka_unit_test(test_table_prints_rows),
        cmocka_unit_test(test_table_by_node_is_in_whole_units),
        cmocka_unit_test(test_table_says_which_line_is_wrong),
        cmocka_unit_test(test_area_as_geojson_and_as_text),
        cmocka_unit_test(test_area_says_what_is_wrong),
        cmocka_unit_test(test_commands_tell_units_and_profiles_apart),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
