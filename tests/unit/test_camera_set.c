/* Cameras: what is refused and how it is told; near and along against looking at every one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <math.h>

#include "base/random.h"
#include "serve/camera_set.h"

#define HEAD "id,name,lon,lat,heading,url,owner\n"

static void test_cameras_from_csv(void **state) {
    (void)state;
    sgp_camera_set set;
    sgp_fault fault = {0};
    const char *text = "\xef\xbb\xbfname,ID,lat,lon,url,heading\r\n"
                       "# a remark\r\n"
                       "\"Simpang, utara\",B-2,-7.98,112.63,RTSP://cctv.example:554/b2,359.6\r\n"
                       "Alun-alun,A-1,-7.99,112.64,,\r\n\r\n";
    assert_int_equal(sgp_camera_set_parse("k.csv", text, &set, &fault), SGP_OK);
    assert_int_equal(set.n, 2);
    assert_string_equal(set.cameras[0].id, "A-1"); /* by id */
    assert_int_equal(set.cameras[0].heading_deg, -1);
    assert_string_equal(set.cameras[0].url, "");
    assert_string_equal(set.cameras[1].name, "Simpang, utara");
    assert_int_equal(set.cameras[1].heading_deg, 0);
    assert_int_equal(set.cameras[1].point.lon_e7, 1126300000);
    assert_int_equal(set.cameras[1].point.lat_e7, -79800000);
    sgp_camera_set_free(&set);
    assert_int_equal(sgp_camera_set_parse("k.csv", "id,name,lon,lat\n", &set, &fault), SGP_OK);
    assert_int_equal(set.n, 0);
    sgp_camera_set_free(&set);
}

static void test_cameras_from_geojson(void **state) {
    (void)state;
    sgp_camera_set set;
    sgp_fault fault = {0};
    const char *text =
        "{\"type\": \"FeatureCollection\", \"features\": ["
        "{\"type\": \"Feature\", \"id\": \"F-1\", \"properties\": {\"name\": \"Satu\","
        " \"heading\": 90, \"url\": \"https://cctv.example/1?x=2\", \"maker\": \"other\"},"
        " \"geometry\": {\"type\": \"Point\", \"coordinates\": [112.63, -7.98, 440]}},"
        "{\"type\": \"Feature\", \"properties\": {\"id\": \"F-0\", \"name\": \"Nol\","
        " \"url\": null, \"owner\": \"Dishub\"},"
        " \"geometry\": {\"type\": \"Point\", \"coordinates\": [112.64, -7.99]}}]}";
    assert_int_equal(sgp_camera_set_parse("k.geojson", text, &set, &fault), SGP_OK);
    assert_int_equal(set.n, 2);
    assert_string_equal(set.cameras[0].id, "F-0");
    assert_string_equal(set.cameras[0].owner, "Dishub");
    assert_int_equal(set.cameras[1].heading_deg, 90);
    sgp_camera_set_free(&set);
}

#define POINT(properties, at)                                                                      \
    "{\"features\": [{\"properties\": {" properties                                                \
    "}, \"geometry\": {\"type\": \"Point\", \"coordinates\": " at "}}]}"

static void test_mistakes_name_their_place(void **state) {
    (void)state;
    static const struct {
        const char *name, *text, *told;
    } rows[] = {
        {"k.csv", "", "k.csv: the file is empty"},
        {"k.txt", HEAD, "must end in .csv"},
        {"k.csv", "id,name,lon\n", "k.csv:1: the column lat is missing"},
        {"k.csv", "id,name,lon,lat,heding\n", "k.csv:1: column 5: unknown column \"heding\""},
        {"k.csv", "id,name,lon,lat,id\n", "column 5: id is there twice"},
        {"k.csv", HEAD "a,A,112.6,-7.9,0,\n", "k.csv:2: there are 6 cells for 7 columns"},
        {"k.csv", HEAD "\na,A,112.6,-7.9,north,,\n",
         "k.csv:3: column 5 (heading) \"north\" is not a number"},
        {"k.csv", HEAD "a,A,112.6,-7.9,360,,\n", "k.csv:2: column 5 (heading) must be 0 to 359"},
        {"k.csv", HEAD "a,A,112.6,-7.9,-1,,\n", "column 5 (heading) must be 0 to 359"},
        {"k.csv", HEAD "a,A,,-7.9,,,\n", "column 3 (lon) must be -180 to 180"},
        {"k.csv", HEAD "a,A,-7.9,112.6,,,\n", "column 4 (lat) must be -90 to 90; are lon and lat"},
        {"k.csv", HEAD "a,A,0x10,1,,,\n", "column 3 (lon) \"0x10\" is not a number"},
        {"k.csv", HEAD "a,A,nan,1,,,\n", "column 3 (lon) \"nan\" is not a number"},
        {"k.csv", HEAD "a,A,1e999,1,,,\n", "column 3 (lon) \"1e999\" is not a number"},
        {"k.csv", HEAD ",A,112.6,-7.9,,,\n", "column 1 (id) is missing"},
        {"k.csv", HEAD "a,,112.6,-7.9,,,\n", "column 2 (name) is missing"},
        {"k.csv", HEAD "aaaaaaaaaaaaaaaaaaaaaaaaaaaaa,A,1,1,,,\n", "column 1 (id) has more than"},
        {"k.csv", HEAD "a,A\x01,1,1,,,\n", "column 2 (name) has a control character"},
        {"k.csv", HEAD "a,\"A,1,1,,,\n", "k.csv:2: column 2"},
        {"k.csv", HEAD "a,A,1,1,,javascript:alert(1),\n",
         "k.csv:2: column 6 (url) \"javascript:alert(1)\" is no http://"},
        {"k.csv", HEAD "a,A,1,1,,data:text/html;x,\n", "column 6 (url)"},
        {"k.csv", HEAD "a,A,1,1,,http://a. example/,\n", "cannot have"},
        {"k.csv", HEAD "a,A,1,1,,//a.example/,\n", "column 6 (url)"},
        {"k.csv", HEAD "a,A,1,1,,http://,\n", "names no host"},
        {"k.csv", HEAD "a,A,1,1,,rtsp://user:word@a.example/1,\n", "holds a user or password"},
        {"k.csv", HEAD "a,A,1,1,,http://a.example/<b>,\n", "cannot have"},
        {"k.csv", HEAD "a,A,1,1,,,\nb,B,1,1,,,\na,C,1,1,,,\n", "\"a\" is there twice"},
        {"k.json", "{\n\"features\": [,]}", "k.json:2:"},
        {"k.json", "[]", "no FeatureCollection"},
        {"k.json", "{\"features\": [7]}", "features[0] geometry must be a Point"},
        {"k.json", POINT("\"id\": \"a\"", "[1, 1]"), "features[0] properties.name is missing"},
        {"k.json", POINT("\"id\": 7, \"name\": \"A\"", "[1, 1]"), "properties.id must be a text"},
        {"k.json", POINT("\"id\": \"a\", \"name\": \"A\", \"heading\": \"N\"", "[1, 1]"),
         "properties.heading must be a number"},
        {"k.json", POINT("\"id\": \"a\", \"name\": \"A\"", "[\"1\", 1]"), "geometry (lon) must be"},
        {"k.json", POINT("\"id\": \"a\", \"name\": \"A\", \"url\": \"javascript:x\"", "[1, 1]"),
         "features[0] properties.url \"javascript:x\" is no http://"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sgp_camera_set set;
        sgp_fault fault = {0};
        sgp_err err = sgp_camera_set_parse(rows[i].name, rows[i].text, &set, &fault);
        if (err != SGP_E_CONFIG || strstr(fault.text, rows[i].told) == NULL)
            fail_msg("%s: \"%s\" in place of \"%s\"", rows[i].text, fault.text, rows[i].told);
        assert_int_equal(set.n, 0);
        assert_null(set.cameras);
    }
}

/* ---- near and along, held to looking at every camera ------------------------------------ */

enum { CAMERAS = 300, ROUNDS = 60 };

static sgp_point random_point(uint64_t *seed) {
    return (sgp_point){1126000000 + (int32_t)sgp_random_below(seed, 600000),
                       -80000000 + (int32_t)sgp_random_below(seed, 600000)};
}

static void random_set(uint64_t *seed, sgp_camera_set *set) {
    char *text = malloc(CAMERAS * 80), *at = text;
    assert_non_null(text);
    at += sprintf(at, "id,name,lon,lat,heading\n");
    for (int i = 0; i < CAMERAS; i++) {
        sgp_point point = random_point(seed);
        at += sprintf(at, "K-%03d,K,%.7f,%.7f,", i, sgp_lon(point), sgp_lat(point));
        at += sgp_random_below(seed, 3) == 0
                  ? sprintf(at, "\n")
                  : sprintf(at, "%d\n", (int)sgp_random_below(seed, 360));
    }
    sgp_fault fault = {0};
    assert_int_equal(sgp_camera_set_parse("k.csv", text, set, &fault), SGP_OK);
    assert_int_equal(set->n, CAMERAS);
    free(text);
}

/* By the great circle, on a sphere, without any plane. */
static double oracle_off_deg(const sgp_camera *camera, sgp_point point) {
    const double rad = M_PI / 180;
    double a = sgp_lat(camera->point) * rad, b = sgp_lat(point) * rad;
    double east = (sgp_lon(point) - sgp_lon(camera->point)) * rad;
    double bearing = atan2(sin(east) * cos(b), cos(a) * sin(b) - sin(a) * cos(b) * cos(east));
    double off = fmod(fabs(bearing / rad - camera->heading_deg) + 360, 360);
    return fmin(off, 360 - off);
}

static int view_of(const sgp_camera_set *set, const sgp_camera_found *found) {
    return found->faces_it ? 0 : set->cameras[found->camera].heading_deg < 0 ? 1 : 2;
}

static void check_near(const sgp_camera_set *set, sgp_point point, double within_m) {
    sgp_camera_found found[CAMERAS];
    sgp_err err = SGP_OK;
    size_t n = sgp_camera_set_near(set, point, within_m, found, CAMERAS, &err), expected = 0;
    assert_int_equal(err, SGP_OK);
    for (uint32_t i = 0; i < set->n; i++)
        expected += sgp_distance_m(set->cameras[i].point, point) <= within_m;
    assert_int_equal(n, expected);
    bool seen[CAMERAS] = {false};
    for (size_t i = 0; i < n; i++) {
        const sgp_camera *camera = &set->cameras[found[i].camera];
        assert_false(seen[found[i].camera]);
        seen[found[i].camera] = true;
        assert_true(fabs(found[i].distance_m - sgp_distance_m(camera->point, point)) < 1e-6);
        /* Under a camera every direction will do, and at the very edge both answers. */
        double off = camera->heading_deg < 0 ? 180 : oracle_off_deg(camera, point);
        if (found[i].distance_m > 6 && fabs(off - 60) > 0.5)
            assert_int_equal(found[i].faces_it, off < 60);
        if (i == 0)
            continue;
        int before = view_of(set, &found[i - 1]), now = view_of(set, &found[i]);
        assert_true(before < now ||
                    (before == now && found[i - 1].distance_m <= found[i].distance_m));
    }
    /* Fewer are the first of all. */
    sgp_camera_found few[5];
    size_t n_few = sgp_camera_set_near(set, point, within_m, few, 5, &err);
    assert_int_equal(n_few, n < 5 ? n : 5);
    for (size_t i = 0; i < n_few; i++)
        assert_int_equal(few[i].camera, found[i].camera);
}

/* Where cameras look, far from the edge of 60 degrees. */
static void test_cameras_that_face(void **state) {
    (void)state;
    sgp_camera_set set;
    sgp_fault fault = {0};
    const char *text = "id,name,lon,lat,heading\n"
                       "A,to it from the west,112.620,-7.98,90\n"
                       "B,away from it in the west,112.625,-7.98,270\n"
                       "C,to it from the north,112.630,-7.97,200\n"
                       "D,all around,112.6301,-7.98,\n"
                       "E,over it and away,112.63,-7.98,10\n";
    assert_int_equal(sgp_camera_set_parse("k.csv", text, &set, &fault), SGP_OK);
    sgp_camera_found found[5];
    sgp_err err = SGP_OK;
    const sgp_point here = {1126300000, -79800000};
    assert_int_equal(sgp_camera_set_near(&set, here, 5000, found, 5, &err), 5);
    static const char order[] = "EACDB";
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(set.cameras[found[i].camera].id[0], order[i]);
    sgp_camera_set_free(&set);
}

/* The way in steps of two metres: how near it comes. */
static double sampled_m(const sgp_point *way, size_t n, sgp_point camera) {
    double nearest = INFINITY;
    for (size_t i = 1; i < n; i++) {
        double piece_m = sgp_distance_m(way[i - 1], way[i]);
        int steps = (int)ceil(piece_m / 2) + 1;
        for (int k = 0; k <= steps; k++) {
            double along = (double)k / steps;
            sgp_point at = {(int32_t)lround(way[i - 1].lon_e7 +
                                            along * ((double)way[i].lon_e7 - way[i - 1].lon_e7)),
                            (int32_t)lround(way[i - 1].lat_e7 +
                                            along * ((double)way[i].lat_e7 - way[i - 1].lat_e7))};
            nearest = fmin(nearest, sgp_distance_m(at, camera));
        }
    }
    return nearest;
}

static sgp_point point_on(const sgp_point *way, size_t n, double along_m) {
    for (size_t i = 1; i < n; i++) {
        double piece_m = sgp_distance_m(way[i - 1], way[i]);
        if (along_m <= piece_m || i + 1 == n) {
            double part = piece_m > 0 ? along_m / piece_m : 0;
            return (sgp_point){(int32_t)lround(way[i - 1].lon_e7 +
                                               part * ((double)way[i].lon_e7 - way[i - 1].lon_e7)),
                               (int32_t)lround(way[i - 1].lat_e7 +
                                               part * ((double)way[i].lat_e7 - way[i - 1].lat_e7))};
        }
        along_m -= piece_m;
    }
    return way[0];
}

static void check_along(const sgp_camera_set *set, const sgp_point *way, size_t n_points,
                        double within_m) {
    sgp_camera_found found[CAMERAS];
    sgp_err err = SGP_OK;
    size_t n = sgp_camera_set_along(set, way, n_points, within_m, found, CAMERAS, &err);
    assert_int_equal(err, SGP_OK);
    bool seen[CAMERAS] = {false};
    for (size_t i = 0; i < n; i++) {
        sgp_point camera = set->cameras[found[i].camera].point;
        assert_false(seen[found[i].camera]);
        seen[found[i].camera] = true;
        assert_true(fabs(found[i].distance_m - sampled_m(way, n_points, camera)) < 1.1);
        /* There where it is said to be passed, it is so far away. */
        double there_m = sgp_distance_m(point_on(way, n_points, found[i].along_m), camera);
        assert_true(fabs(there_m - found[i].distance_m) < 0.5);
        assert_true(i == 0 || found[i - 1].along_m <= found[i].along_m);
    }
    for (uint32_t i = 0; i < set->n; i++)
        if (!seen[i])
            assert_true(sampled_m(way, n_points, set->cameras[i].point) > within_m - 0.1);
}

static void test_cameras_near_and_along_at_random(void **state) {
    (void)state;
    uint64_t seed = 20261122;
    sgp_camera_set set;
    random_set(&seed, &set);
    for (int round = 0; round < ROUNDS; round++) {
        check_near(&set, random_point(&seed), 50 + (double)sgp_random_below(&seed, 4000));
        sgp_point way[6];
        size_t n = 2 + (size_t)sgp_random_below(&seed, 5);
        for (size_t i = 0; i < n; i++)
            way[i] = i > 0 && sgp_random_below(&seed, 8) == 0 ? way[i - 1] : random_point(&seed);
        if (round < ROUNDS / 12)
            check_along(&set, way, n, 20 + (double)sgp_random_below(&seed, 400));
    }
    sgp_camera_set_free(&set);
}

static void test_ways_are_bounded(void **state) {
    (void)state;
    sgp_camera_set set;
    sgp_fault fault = {0};
    sgp_camera_found found[1];
    sgp_err err = SGP_OK;
    assert_int_equal(
        sgp_camera_set_parse("k.csv", "id,name,lon,lat\na,A,112.6,-7.9\n", &set, &fault), SGP_OK);
    const sgp_point around[] = {{1126000000, -79000000}, {-600000000, 400000000}};
    assert_int_equal(sgp_camera_set_along(&set, around, 2, 60, found, 1, &err), 0);
    assert_int_equal(err, SGP_E_TOO_LARGE);
    assert_int_equal(sgp_camera_set_along(&set, around, 1, 60, found, 1, &err), 0);
    assert_int_equal(err, SGP_OK);
    const sgp_point still[] = {{1126000000, -79000000}, {1126000000, -79000000}};
    assert_int_equal(sgp_camera_set_along(&set, still, 2, 60, found, 1, &err), 1);
    assert_true(found[0].distance_m < 0.1 && found[0].along_m < 0.1);
    sgp_camera_set_free(&set);
}

/* The sample that the demo shows. */
static void test_cameras_of_the_sketch(void **state) {
    (void)state;
    sgp_camera_set set;
    sgp_fault fault = {0};
    if (sgp_camera_set_read(SIGAP_SOURCE_DIR "/gis/malang/cameras.csv", &set, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    assert_true(set.n > 30);
    sgp_camera_set_free(&set);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cameras_from_csv),
        cmocka_unit_test(test_cameras_from_geojson),
        cmocka_unit_test(test_mistakes_name_their_place),
        cmocka_unit_test(test_cameras_that_face),
        cmocka_unit_test(test_cameras_near_and_along_at_random),
        cmocka_unit_test(test_ways_are_bounded),
        cmocka_unit_test(test_cameras_of_the_sketch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
