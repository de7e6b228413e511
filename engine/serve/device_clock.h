/* What a device's clock says, by the engine's: estimated from when the device says that it sent
 * something and when that came. The way takes its time too, so the least of a session counts; a
 * clock within SGP_DEVICE_CLOCK_GOOD_MS is taken for right. Pure. */
#ifndef SGP_SERVE_DEVICE_CLOCK_H
#define SGP_SERVE_DEVICE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

enum { SGP_DEVICE_CLOCK_GOOD_MS = 2000 };

typedef struct sgp_device_clock { /* all zero: nothing is known */
    bool is_known;
    int64_t least_ms; /* from sending to coming, as the two clocks say */
} sgp_device_clock;

/* Something came now that was sent at that time of the device's clock; 0 or less: it did not say.
 */
static inline void sgp_device_clock_hear(sgp_device_clock *clock, int64_t sent_at_ms,
                                         int64_t now_ms) {
    if (sent_at_ms <= 0 || (clock->is_known && now_ms - sent_at_ms >= clock->least_ms))
        return;
    clock->is_known = true;
    clock->least_ms = now_ms - sent_at_ms;
}

/* What to add to a time of the device's clock. */
static inline int64_t sgp_device_clock_offset_ms(const sgp_device_clock *clock) {
    bool good =
        clock->least_ms <= SGP_DEVICE_CLOCK_GOOD_MS && clock->least_ms >= -SGP_DEVICE_CLOCK_GOOD_MS;
    return good ? 0 : clock->least_ms;
}

#endif
