/* Minutes of the local week, against dates worked out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "serve/city_time.h"

static int32_t minute(const char *zone, int64_t wall_s) {
    static sgp_city_time time;
    sgp_fault fault = {0};
    if (sgp_city_time_load(zone, &time, &fault) != SGP_OK) {
        print_message("%s\n", fault.text);
        return -1;
    }
    return sgp_city_time_minute(&time, wall_s * 1000);
}

static void test_city_time_fixed_zones(void **state) {
    (void)state;
    /* 2026-11-22 (a Sunday) 17:00 UTC is Monday 00:00 in Jakarta. */
    assert_int_equal(minute("Asia/Jakarta", 1795366800), 0);
    assert_int_equal(minute("Asia/Jakarta", 1795366799), 10079);
    assert_int_equal(minute("Asia/Makassar", 1795366800), 60);
    assert_int_equal(minute("Asia/Jayapura", 1795366800), 120);
    assert_int_equal(minute("UTC", 1795366800), 6 * 1440 + 17 * 60);
    assert_int_equal(minute("UTC", 0), 3 * 1440);
    assert_int_equal(minute("UTC", -60), 3 * 1440 - 1);
}

/* Porto changes on the last Sundays of March and October, at 01:00 UTC. */
static void test_city_time_summer_time(void **state) {
    (void)state;
    if (minute("Europe/Lisbon", 0) < 0)
        skip();
    enum { SUNDAY = 6 * 1440 };
    assert_int_equal(minute("Europe/Lisbon", 1774745999), SUNDAY + 59);  /* 2026-03-29 00:59:59 */
    assert_int_equal(minute("Europe/Lisbon", 1774746000), SUNDAY + 120); /* one second later */
    assert_int_equal(minute("Europe/Lisbon", 1792889999), SUNDAY + 119); /* 2026-10-25 */
    assert_int_equal(minute("Europe/Lisbon", 1792890000), SUNDAY + 60);
}

static void test_city_time_leaves_the_process_alone(void **state) {
    (void)state;
    sgp_city_time zone;
    sgp_fault fault = {0};
    time_t at = 1795366800;
    struct tm local;
    setenv("TZ", "WIT-9", 1);
    tzset();
    if (sgp_city_time_load("Europe/Lisbon", &zone, &fault) == SGP_OK)
        assert_int_equal(zone.n_changes, 120);
    assert_string_equal(getenv("TZ"), "WIT-9");
    assert_int_equal(localtime_r(&at, &local)->tm_hour, 2);
    unsetenv("TZ");
    tzset();
}

static void test_city_time_refuses(void **state) {
    (void)state;
    static const char *const names[] = {"", "../../etc/passwd", "/etc/localtime", "Asia Jakarta",
                                        "Asia/\xc3\xbc"};
    sgp_city_time zone;
    sgp_fault fault = {0};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_int_not_equal(sgp_city_time_load(names[i], &zone, &fault), SGP_OK);
    assert_int_equal(sgp_city_time_load("Asia/Atlantis", &zone, &fault), SGP_E_NOT_FOUND);
    assert_non_null(strstr(fault.text, "Asia/Atlantis"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_city_time_fixed_zones),
        cmocka_unit_test(test_city_time_summer_time),
        cmocka_unit_test(test_city_time_leaves_the_process_alone),
        cmocka_unit_test(test_city_time_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
