/* The city's own clock: which minute of its week it is.
 *
 * A zone is read once, into a table of its offsets from UTC; after that this is arithmetic.
 * The C library knows only one zone for a whole process, so reading another one sets TZ for a
 * moment and puts it back: before any thread starts. The Indonesian zones have kept one
 * offset since 1964; they need no zone file and touch nothing.
 */
#ifndef SGP_SERVE_CITY_TIME_H
#define SGP_SERVE_CITY_TIME_H

#include <stddef.h>
#include <stdint.h>

#include "sigap/error.h"

enum { SGP_ZONE_BYTES = 48, SGP_ZONE_CHANGES_MAX = 256 };

typedef struct sgp_city_time {
    char zone[SGP_ZONE_BYTES]; /* "Asia/Jakarta" */
    /* offset_s[0] holds before from_ms[0], offset_s[i + 1] from from_ms[i] on. */
    size_t n_changes;
    int64_t from_ms[SGP_ZONE_CHANGES_MAX];
    int32_t offset_s[SGP_ZONE_CHANGES_MAX + 1];
} sgp_city_time;

/* A zone's name as in the system's zone files, 2020 to 2080. SGP_E_ARGUMENT: not a name;
 * SGP_E_NOT_FOUND: the system has no such zone. The fault says which. */
sgp_err sgp_city_time_load(const char *zone, sgp_city_time *time, sgp_fault *fault) SGP_MUST_USE;

/* Of the zone from UTC. */
int32_t sgp_city_time_offset_s(const sgp_city_time *time, int64_t wall_ms);

/* 0 = Monday 00:00 .. 10079. */
int32_t sgp_city_time_minute(const sgp_city_time *time, int64_t wall_ms);

#endif
