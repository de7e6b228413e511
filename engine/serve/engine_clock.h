/* The engine's time: wall time that never goes back.
 *
 * Time limits of orders and ages of positions are wall times, because they are
 * journaled and must mean the same after a restart. So whoever sets the machine's
 * clock moves them, and setting it back must neither stop them nor undo anything.
 *
 *   wall ahead of us, or level   now = wall
 *   wall behind us               now goes on at 7/8 of the monotonic rate, until
 *                                the wall, at full rate, has caught up
 *
 * After a jump back of one hour the engine is level again eight hours later; until
 * then its time limits last 8/7 of their length. A jump forward is followed at once:
 * it cannot be told from a machine that slept.
 *
 * Reads no clock itself: the caller gives both readings. Not thread-safe.
 */
#ifndef SGP_SERVE_ENGINE_CLOCK_H
#define SGP_SERVE_ENGINE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

enum { SGP_CLOCK_STEP_MS = 1000 }; /* a wall that moves further than this by itself was set */

typedef struct sgp_engine_clock {
    int64_t now_ms;  /* what was told last */
    int64_t slow_us; /* of a slow millisecond that is not full yet, times 7 */
    int64_t wall_ms; /* the readings of then */
    int64_t monotonic_us;
    bool is_behind; /* the wall was behind us */
} sgp_engine_clock;

/* Begins no earlier than `floor_ms`, the newest time of the journal (0 = none).
 * Returns by how much the wall lies behind it, as a step: negative, or 0 where it
 * does not by more than SGP_CLOCK_STEP_MS. */
int64_t sgp_engine_clock_start(sgp_engine_clock *clock, int64_t floor_ms, int64_t wall_ms,
                               int64_t monotonic_us);

/* Takes both readings and sets now_ms. Returns by how much the wall was set since
 * the last reading, forward positive; 0 within SGP_CLOCK_STEP_MS. */
int64_t sgp_engine_clock_read(sgp_engine_clock *clock, int64_t wall_ms, int64_t monotonic_us);

/* How long to sleep, in real milliseconds, until the engine's time is `at_ms`; 0 = it
 * is. As of the last reading. */
int64_t sgp_engine_clock_wait_ms(const sgp_engine_clock *clock, int64_t at_ms);

/* How far the engine's time is ahead of the wall; 0 where it is level. Adding it
 * turns a client's wall time into the engine's. As of the last reading. */
int64_t sgp_engine_clock_ahead_ms(const sgp_engine_clock *clock);

#endif
