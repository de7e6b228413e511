/* Two clocks that must not be mixed: wall time stamps records, monotonic time
 * measures intervals. Thread-safe. */
#ifndef SGP_BASE_CLOCK_H
#define SGP_BASE_CLOCK_H
#include <stdint.h>

/* Milliseconds since 1970-01-01 UTC. */
int64_t sgp_wall_ms(void);
/* Microseconds of a clock that never goes back; its zero means nothing. */
int64_t sgp_monotonic_us(void);
/* "2026-11-22T03:15:34.120Z" into text[25]. */
void sgp_wall_format(int64_t wall_ms, char text[25]);
#endif
