/* The reader of the geocoder's test rows: geocoder-tester's form, plainer files, and what it
 * refuses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/place_rows.h"

static sgp_err read_text(const char *text, bench_place_rows *rows, sgp_fault *fault) {
    char path[] = "/tmp/sgp-rows.XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, text, strlen(text)), (ssize_t)strlen(text));
    close(file);
    sgp_err err = bench_place_rows_read(path, rows, fault);
    unlink(path);
    return err;
}

static void test_place_rows_geocoder_tester(void **state) {
    (void)state;
    bench_place_rows rows = {0};
    sgp_fault fault = {SGP_OK, ""};
    assert_int_equal(
        read_text(
            "\xEF\xBB\xBFquery,expected_coordinate,kind,garble,lat,lon,earlier,limit,comment\r\n"
            "\"Jl. \"\"Kawi\"\", 5\",\"-7.97,112.62,40|-7.98,112.63,50\",house,clean,,,"
            "jalan kawi | mas,,\r\n"
            "\r\n"
            "\"two\nlines\",\"-8,112,10\",street,,-8.1,112.1,,3,x",
            &rows, &fault),
        SGP_OK);
    assert_int_equal(rows.n, 2);
    assert_string_equal(rows.list[0].query, "Jl. \"Kawi\", 5");
    assert_int_equal(rows.list[0].n_expected, 2);
    assert_int_equal(rows.list[0].n_earlier, 2);
    assert_string_equal(rows.list[0].earlier[1], "mas");
    assert_int_equal(rows.list[0].limit, 1);
    assert_false(rows.list[0].has_near);
    bool hit;
    sgp_point at = {1126300000, -79800000};
    assert_true(bench_place_miss_m(&rows.list[0], at, &hit) < 0.1);
    assert_true(hit);
    at.lat_e7 -= 10000; /* 111 m */
    assert_in_range((long)bench_place_miss_m(&rows.list[0], at, &hit), 110, 112);
    assert_false(hit);
    assert_string_equal(rows.list[1].query, "two\nlines");
    assert_int_equal(rows.list[1].limit, 3);
    assert_true(rows.list[1].has_near);
    assert_int_equal(rows.list[1].line, 4);
    bench_place_rows_free(&rows);
}

static void test_place_rows_plainer_files(void **state) {
    (void)state;
    bench_place_rows rows = {0};
    sgp_fault fault = {SGP_OK, ""};
    assert_int_equal(
        read_text("query;lat;lon;metres;kind\nRSSA;-7.972;112.632;100;facility\n", &rows, &fault),
        SGP_OK);
    assert_int_equal(read_text("expected_lon\texpected_lat\ttolerance\tquery\n112.6\t-7.9\t5\tx\n",
                               &rows, &fault),
                     SGP_OK);
    assert_int_equal(rows.n, 2);
    assert_int_equal(rows.list[0].expected[0].lat_e7, -79720000);
    assert_string_equal(rows.list[1].kind, "place");
    assert_int_equal(rows.list[1].expected[0].lon_e7, 1126000000);
    bench_place_rows_free(&rows);
}

static void test_place_rows_refusals(void **state) {
    (void)state;
    static const struct {
        const char *text, *says;
    } WRONG[] = {
        {"", "empty"},
        {"text,lat,lon\nx,1,2\n", "no column 'query'"},
        {"query,lat,lon\nx,1,2\n", "metres"},
        {"query,expected_coordinate\nx,\"1,2\"\n", ":2: no expected point"},
        {"query,expected_coordinate\nx,\"1,2,-3\"\n", "no expected point"},
        {"query,expected_coordinate\nx,\"91,2,3\"\n", "no expected point"},
        {"query,expected_coordinate\n,\"1,2,3\"\n", "query is empty"},
        {"query,expected_coordinate,limit\nx,\"1,2,3\",0\n", "limit"},
        {"query,expected_coordinate,lat,lon\nx,\"1,2,3\",1,\n", "to search around"},
    };
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        bench_place_rows rows = {0};
        sgp_fault fault = {SGP_OK, ""};
        assert_int_equal(read_text(WRONG[i].text, &rows, &fault), SGP_E_FORMAT);
        if (!strstr(fault.text, WRONG[i].says))
            fail_msg("'%s' said '%s'", WRONG[i].text, fault.text);
        bench_place_rows_free(&rows);
    }
    bench_place_rows rows = {0};
    sgp_fault fault = {SGP_OK, ""};
    assert_int_equal(bench_place_rows_read("/nonexistent/rows.csv", &rows, &fault), SGP_E_IO);
}

static void test_place_rows_committed(void **state) {
    (void)state;
    static const char *const FILES[] = {"malang_said", "malang_drawn", "jakarta",
                                        "porto",       "monaco",       "oslo"};
    size_t malang = 0, real = 0;
    for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++) {
        char path[512];
        snprintf(path, sizeof path, SIGAP_SOURCE_DIR "/tests/places/%s.csv", FILES[i]);
        bench_place_rows rows = {0};
        sgp_fault fault = {SGP_OK, ""};
        if (bench_place_rows_read(path, &rows, &fault) != SGP_OK)
            fail_msg("%s", fault.text);
        *(i < 2 ? &malang : &real) += rows.n;
        bench_place_rows_free(&rows);
    }
    assert_true(malang >= 400);
    assert_true(real >= 150);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_place_rows_geocoder_tester),
        cmocka_unit_test(test_place_rows_plainer_files),
        cmocka_unit_test(test_place_rows_refusals),
        cmocka_unit_test(test_place_rows_committed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
