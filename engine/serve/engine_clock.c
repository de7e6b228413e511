#include "serve/engine_clock.h"

enum { SLOW_RATE = 7, FULL_RATE = 8, US_PER_MS = 1000 };

static int64_t step_of(int64_t moved_ms) {
    return moved_ms > SGP_CLOCK_STEP_MS || moved_ms < -SGP_CLOCK_STEP_MS ? moved_ms : 0;
}

int64_t sgp_engine_clock_start(sgp_engine_clock *clock, int64_t floor_ms, int64_t wall_ms,
                               int64_t monotonic_us) {
    bool is_behind = wall_ms < floor_ms;
    *clock = (sgp_engine_clock){.now_ms = is_behind ? floor_ms : wall_ms,
                                .wall_ms = wall_ms,
                                .monotonic_us = monotonic_us,
                                .is_behind = is_behind};
    return is_behind ? step_of(wall_ms - floor_ms) : 0;
}

int64_t sgp_engine_clock_read(sgp_engine_clock *clock, int64_t wall_ms, int64_t monotonic_us) {
    int64_t passed_us = monotonic_us - clock->monotonic_us;
    int64_t step_ms = step_of(wall_ms - clock->wall_ms - passed_us / US_PER_MS);
    clock->wall_ms = wall_ms;
    clock->monotonic_us = monotonic_us;
    clock->is_behind = wall_ms < clock->now_ms;
    if (!clock->is_behind) {
        clock->now_ms = wall_ms;
        clock->slow_us = 0;
        return step_ms;
    }
    /* What is left of a millisecond is kept: the loop may turn many times within one. */
    clock->slow_us += passed_us * SLOW_RATE;
    clock->now_ms += clock->slow_us / (US_PER_MS * FULL_RATE);
    clock->slow_us %= US_PER_MS * FULL_RATE;
    return step_ms;
}

int64_t sgp_engine_clock_wait_ms(const sgp_engine_clock *clock, int64_t at_ms) {
    int64_t wait_ms = at_ms - clock->now_ms;
    if (wait_ms <= 0)
        return 0;
    /* Rounded up; where the wall catches up in between, it is only sooner. */
    return clock->is_behind ? wait_ms + wait_ms / SLOW_RATE + 1 : wait_ms;
}

int64_t sgp_engine_clock_ahead_ms(const sgp_engine_clock *clock) {
    return clock->is_behind ? clock->now_ms - clock->wall_ms : 0;
}
