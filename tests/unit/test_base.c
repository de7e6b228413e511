/* Errors, points, ids, buffers, clocks and the log. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/log.h"
#include "base/random.h"
#include "sigap/geo.h"

static void test_error_names_go_both_ways(void **state) {
    (void)state;
    static const sgp_err all[] = {
#define ROW(code, value, name, message) code,
        SGP_ERRORS(ROW)
#undef ROW
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        assert_int_equal(sgp_err_from_str(sgp_err_str(all[i])), all[i]);
    assert_int_equal(sgp_err_from_str("no such error"), SGP_E_FORMAT);
    assert_string_equal(sgp_err_str((sgp_err)99), "UNKNOWN");
    assert_int_equal(sgp_err_exit_code(SGP_OK), 0);
    assert_int_equal(sgp_err_exit_code(SGP_E_FORMAT), 2);
    assert_int_equal(sgp_err_exit_code(SGP_E_DATABASE), 3);
}

static void test_error_fault_is_cut_to_fit(void **state) {
    (void)state;
    char text[600];
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    sgp_fault fault;
    assert_int_equal(sgp_fail(&fault, SGP_E_IO, "%s", text), SGP_E_IO);
    assert_int_equal(strlen(fault.text), sizeof fault.text - 1);
    assert_int_equal(sgp_fail(NULL, SGP_E_IO, "nobody listens"), SGP_E_IO);
}

static void test_geo_parse(void **state) {
    (void)state;
    static const struct {
        const char *text;
        sgp_err err;
        int32_t lon_e7, lat_e7;
        const char *says;
    } rows[] = {
        {"112.6304,-7.9797", SGP_OK, 1126304000, -79797000, NULL},
        {" 112.6304 , -7.9797\n", SGP_OK, 1126304000, -79797000, NULL},
        {"-180,90", SGP_OK, -1800000000, 900000000, NULL},
        {"-7.9797,112.6304", SGP_E_RANGE, 0, 0, "swapped"},
        {"512,0", SGP_E_RANGE, 0, 0, "outside"},
        {"nan,0", SGP_E_RANGE, 0, 0, "outside"},
        {"", SGP_E_FORMAT, 0, 0, "begin with a number"},
        {"112.63", SGP_E_FORMAT, 0, 0, "comma"},
        {"112.63;-7.9", SGP_E_FORMAT, 0, 0, "comma"},
        {"112.63,x", SGP_E_FORMAT, 0, 0, "latitude"},
        {"112.63,-7.9 north", SGP_E_FORMAT, 0, 0, "left over"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        sgp_point point = {0};
        sgp_fault fault = {0};
        assert_int_equal(sgp_point_parse(rows[i].text, &point, &fault), rows[i].err);
        assert_int_equal(point.lon_e7, rows[i].lon_e7);
        assert_int_equal(point.lat_e7, rows[i].lat_e7);
        if (rows[i].says)
            assert_non_null(strstr(fault.text, rows[i].says));
    }
}

static void test_geo_distance(void **state) {
    (void)state;
    sgp_point a, b;
    assert_int_equal(sgp_point_from_degrees(0, 0, &a), SGP_OK);
    assert_int_equal(sgp_point_from_degrees(0, 1, &b), SGP_OK);
    assert_float_equal(sgp_distance_m(a, b), 111195.08, 0.01); /* one degree of the mean sphere */
    assert_int_equal(sgp_point_from_degrees(180, 0, &b), SGP_OK);
    assert_float_equal(sgp_distance_m(a, b), 20015114.4, 1);
    assert_float_equal(sgp_distance_m(a, a), 0, 0);
    assert_int_equal(sgp_point_from_degrees(0, 90.1, &b), SGP_E_RANGE);
}

static void test_ids_are_version_7_and_read_back(void **state) {
    (void)state;
    sgp_uuid a = sgp_uuid_make(), b = sgp_uuid_make(), read;
    char text[37];
    assert_false(sgp_uuid_equal(&a, &b));
    assert_int_equal(a.bytes[6] >> 4, 7);
    assert_int_equal(a.bytes[8] >> 6, 2);
    sgp_uuid_format(&a, text);
    assert_int_equal(sgp_uuid_parse(text, &read), SGP_OK);
    assert_true(sgp_uuid_equal(&a, &read));
    assert_int_equal(sgp_uuid_parse("01932f-too-short", &read), SGP_E_FORMAT);
    text[3] = 'g';
    assert_int_equal(sgp_uuid_parse(text, &read), SGP_E_FORMAT);
    static const sgp_uuid nil;
    assert_true(sgp_uuid_is_nil(&nil));
}

static void test_clock_formats_utc(void **state) {
    (void)state;
    char text[25];
    sgp_wall_format(0, text);
    assert_string_equal(text, "1970-01-01T00:00:00.000Z");
    sgp_wall_format(-1, text);
    assert_string_equal(text, "1969-12-31T23:59:59.999Z");
    sgp_wall_format(1795317334120, text);
    assert_string_equal(text, "2026-11-22T03:15:34.120Z");
}

static void test_buffer_grows(void **state) {
    (void)state;
    sgp_buffer buffer = {0};
    for (int i = 0; i < 1000; i++)
        assert_int_equal(sgp_buffer_append(&buffer, "abc", 3), SGP_OK);
    assert_int_equal(buffer.length, 3000);
    assert_memory_equal(buffer.data + 2997, "abc", 3);
    assert_int_equal(sgp_buffer_reserve(&buffer, SIZE_MAX / 2), SGP_E_MEMORY);
    assert_int_equal(buffer.length, 3000);
    sgp_buffer_free(&buffer);
    assert_null(buffer.data);
}

/* The published first values for seed 1234567. */
static void test_random_is_splitmix64(void **state) {
    (void)state;
    uint64_t seed = 1234567;
    assert_true(sgp_random_next(&seed) == UINT64_C(6457827717110365317));
    assert_true(sgp_random_next(&seed) == UINT64_C(3203168211198807973));
    for (int i = 0; i < 100; i++)
        assert_true(sgp_random_below(&seed, 7) < 7);
}

static void test_log_is_one_line_and_quoted(void **state) {
    (void)state;
    char path[] = "/tmp/sigap-log-XXXXXX";
    int file = mkstemp(path), keep = dup(2);
    assert_true(file >= 0);
    dup2(file, 2);
    sgp_log(SGP_LOG_WARN, "unit_lost", "unit=%s note=%s", "PSC-01", SGP_Q("a \"b\"\nc"));
    sgp_log(SGP_LOG_DEBUG, "not_shown", "x=%d", 1);
    dup2(keep, 2);
    close(keep);
    char line[4096] = {0};
    ssize_t length = pread(file, line, sizeof line - 1, 0);
    close(file);
    unlink(path);
    assert_true(length > 0);
    assert_non_null(
        strstr(line, "level=warn event=unit_lost unit=PSC-01 note=\"a \\\"b\\\" c\"\n"));
    assert_null(strstr(line, "not_shown"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_error_names_go_both_ways),
        cmocka_unit_test(test_error_fault_is_cut_to_fit),
        cmocka_unit_test(test_geo_parse),
        cmocka_unit_test(test_geo_distance),
        cmocka_unit_test(test_ids_are_version_7_and_read_back),
        cmocka_unit_test(test_clock_formats_utc),
        cmocka_unit_test(test_buffer_grows),
        cmocka_unit_test(test_random_is_splitmix64),
        cmocka_unit_test(test_log_is_one_line_and_quoted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
