/* The engine's time when somebody sets the machine's clock. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "serve/engine_clock.h"

enum { HOUR_MS = 3600000 };
static const int64_t T = 1795000000000; /* some day */

static void test_engine_clock_follows_the_wall(void **state) {
    (void)state;
    sgp_engine_clock clock;
    assert_int_equal(sgp_engine_clock_start(&clock, T - 5000, T, 77), 0);
    assert_int_equal(clock.now_ms, T);
    assert_int_equal(sgp_engine_clock_read(&clock, T + 10, 10077), 0);
    assert_int_equal(clock.now_ms, T + 10);
    assert_int_equal(sgp_engine_clock_ahead_ms(&clock), 0);
    assert_int_equal(sgp_engine_clock_wait_ms(&clock, T + 2010), 2000);
    assert_int_equal(sgp_engine_clock_wait_ms(&clock, T), 0);
    /* Within a second it was only made more exact. */
    assert_int_equal(sgp_engine_clock_read(&clock, T + 910, 10077), 0);
    assert_int_equal(clock.now_ms, T + 910);
}

static void test_engine_clock_goes_on_after_a_jump(void **state) {
    (void)state;
    sgp_engine_clock clock;
    sgp_engine_clock_start(&clock, 0, T, 0);
    /* Forward: followed, and said once. */
    assert_int_equal(sgp_engine_clock_read(&clock, T + HOUR_MS, 0), HOUR_MS);
    assert_int_equal(clock.now_ms, T + HOUR_MS);
    assert_int_equal(sgp_engine_clock_read(&clock, T + HOUR_MS + 1, 1000), 0);
    /* Back: said once, and time goes on. */
    assert_int_equal(sgp_engine_clock_read(&clock, T + 1, 1000), -HOUR_MS);
    assert_int_equal(clock.now_ms, T + HOUR_MS + 1);
    assert_int_equal(sgp_engine_clock_read(&clock, T + 8001, 8001000), 0);
    assert_int_equal(clock.now_ms, T + HOUR_MS + 1 + 7000);
    assert_int_equal(sgp_engine_clock_ahead_ms(&clock), HOUR_MS - 1000);
}

static void test_engine_clock_converges(void **state) {
    (void)state;
    sgp_engine_clock clock;
    sgp_engine_clock_start(&clock, 0, T + HOUR_MS, 0);
    int64_t before = clock.now_ms, level_at_ms = 0;
    for (int64_t ms = 0; ms <= 9 * (int64_t)HOUR_MS; ms += 250) {
        int64_t step = sgp_engine_clock_read(&clock, T + ms, ms * 1000);
        assert_int_equal(step, ms == 0 ? -HOUR_MS : 0);
        assert_true(clock.now_ms >= before);
        assert_true(clock.now_ms <= before + 251);
        before = clock.now_ms;
        if (level_at_ms == 0 && sgp_engine_clock_ahead_ms(&clock) == 0)
            level_at_ms = ms;
    }
    assert_in_range(level_at_ms, 8 * (int64_t)HOUR_MS - 2000, 8 * (int64_t)HOUR_MS + 2000);
    assert_int_equal(clock.now_ms, T + 9 * (int64_t)HOUR_MS);
}

/* A loop that turns every 100 us must not lose its time to rounding. */
static void test_engine_clock_keeps_fractions(void **state) {
    (void)state;
    sgp_engine_clock clock;
    sgp_engine_clock_start(&clock, T + HOUR_MS, T, 0);
    for (int64_t us = 100; us <= 800000; us += 100)
        sgp_engine_clock_read(&clock, T + us / 1000, us);
    assert_int_equal(clock.now_ms, T + HOUR_MS + 700);
}

static void test_engine_clock_starts_behind_its_journal(void **state) {
    (void)state;
    sgp_engine_clock clock;
    assert_int_equal(sgp_engine_clock_start(&clock, T + HOUR_MS, T, 5), -HOUR_MS);
    assert_int_equal(clock.now_ms, T + HOUR_MS);
    assert_int_equal(sgp_engine_clock_ahead_ms(&clock), HOUR_MS);
    assert_int_equal(sgp_engine_clock_start(&clock, T + 900, T, 5), 0);
}

/* The loop's timer: after the wait, and never much later, the time is there. */
static void test_engine_clock_waits_long_enough(void **state) {
    (void)state;
    for (int64_t wait_ms = 1; wait_ms < 30000; wait_ms += 7) {
        sgp_engine_clock clock;
        sgp_engine_clock_start(&clock, T + HOUR_MS, T, 0);
        int64_t due_ms = T + HOUR_MS + wait_ms;
        int64_t sleep_ms = sgp_engine_clock_wait_ms(&clock, due_ms);
        sgp_engine_clock_read(&clock, T + sleep_ms, sleep_ms * 1000);
        assert_true(clock.now_ms >= due_ms);
        assert_true(clock.now_ms <= due_ms + 1);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_engine_clock_follows_the_wall),
        cmocka_unit_test(test_engine_clock_goes_on_after_a_jump),
        cmocka_unit_test(test_engine_clock_converges),
        cmocka_unit_test(test_engine_clock_keeps_fractions),
        cmocka_unit_test(test_engine_clock_starts_behind_its_journal),
        cmocka_unit_test(test_engine_clock_waits_long_enough),
    };
    return cmocka_run_group_tests_name("engine_clock", tests, NULL, NULL);
}
