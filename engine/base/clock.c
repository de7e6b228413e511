#include "base/clock.h"

#include <stdio.h>
#include <time.h>

int64_t sgp_wall_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t sgp_monotonic_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void sgp_wall_format(int64_t wall_ms, char text[25]) {
    time_t seconds = (time_t)(wall_ms / 1000);
    int ms = (int)(wall_ms % 1000);
    if (ms < 0) {
        ms += 1000;
        seconds -= 1;
    }
    struct tm utc;
    gmtime_r(&seconds, &utc);
    size_t used = strftime(text, 25, "%Y-%m-%dT%H:%M:%S", &utc);
    snprintf(text + used, 25 - used, ".%03uZ", (unsigned)ms % 1000);
}
