/* Times of a command line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <cmocka.h>

#include "apps/clock_option.h"

/* 2026-03-10 10:00:30 in Malang. */
static const int64_t now_ms = INT64_C(1773111630000);

static void test_clock_option_rows(void **state) {
    (void)state;
    enum { MINUTE = 60000 };
    static const int64_t on_the_hour = INT64_C(1773111600000), day = INT64_C(86400000);
    const struct {
        const char *text;
        bool past, is_time;
        int64_t wall_ms;
    } rows[] = {
        {"14:30", false, true, on_the_hour + 270 * MINUTE},
        {"09:00", false, true, on_the_hour + day - 60 * MINUTE}, /* tomorrow's */
        {"09:00", true, true, on_the_hour - 60 * MINUTE},
        {"14:30", true, true, on_the_hour - day + 270 * MINUTE}, /* yesterday's */
        {"10:00", true, true, on_the_hour},
        {"+90", false, true, now_ms + 90 * MINUTE},
        {"-5", true, true, now_ms - 5 * MINUTE},
        {"-5", false, false, 0},
        {"2026-03-10T10:01", false, true, on_the_hour + MINUTE},
        {"2026-03-11 10:00", false, true, on_the_hour + day},
        {"2026-02-30 10:00", false, false, 0},
        {"25:00", false, false, 0},
        {"12:60", false, false, 0},
        {"12:3x", false, false, 0},
        {"+", false, false, 0},
        {"+9999999999999", false, false, 0},
        {"noon", false, false, 0},
        {"", false, false, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t wall_ms = 0;
        if (sgp_clock_parse(rows[i].text, now_ms, rows[i].past, &wall_ms) != rows[i].is_time)
            fail_msg("'%s'", rows[i].text);
        if (rows[i].is_time && wall_ms != rows[i].wall_ms)
            fail_msg("'%s': %lld, not %lld", rows[i].text, (long long)wall_ms,
                     (long long)rows[i].wall_ms);
    }
}

int main(void) {
    setenv("TZ", "WIB-7", 1);
    tzset();
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_clock_option_rows)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
