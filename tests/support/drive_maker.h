/* Drives along routes, as a unit would report them: positions at equal intervals with a
 * seeded error, for tests of the matcher. */
#ifndef SGP_TEST_DRIVE_MAKER_H
#define SGP_TEST_DRIVE_MAKER_H

#include <math.h>
#include <stdlib.h>

#include "base/random.h"
#include "sigap/matcher.h"

typedef struct drive_plan {
    int64_t every_ms;
    double noise_m;     /* standard deviation of the error, both east and north */
    double accuracy_m;  /* as reported */
    uint32_t drop_of_8; /* so many of eight positions are lost */
    bool heading;       /* reported, off by up to 10 degrees */
} drive_plan;

/* Standard normal, by the sum of twelve uniform numbers. */
static inline double drive_normal(uint64_t *seed) {
    double sum = -6;
    for (int i = 0; i < 12; i++)
        sum += (double)(sgp_random_next(seed) >> 11) / 9007199254740992.0;
    return sum;
}

static inline sgp_point drive_moved(sgp_point p, double east_m, double north_m) {
    const double metre = 1e7 / 111195.0;
    return (sgp_point){p.lon_e7 + (int32_t)lround(east_m * metre / cos(sgp_lat(p) * 0.0174532925)),
                       p.lat_e7 + (int32_t)lround(north_m * metre)};
}

static inline double drive_bearing(sgp_point a, sgp_point b) {
    double x = ((double)b.lon_e7 - a.lon_e7) * cos(sgp_lat(a) * 0.0174532925);
    double y = (double)b.lat_e7 - a.lat_e7;
    double deg = atan2(x, y) / 0.0174532925199433;
    return deg < 0 ? deg + 360 : deg;
}

/* Writes at most `capacity` positions (the first and the last of the drive among them) of a drive
 * along `route` that begins at `start_ms`; returns how many. */
static inline size_t drive_make(const sgp_route *route, const drive_plan *plan, int64_t start_ms,
                                uint64_t *seed, sgp_track_point *track, size_t capacity) {
    size_t n = 0, k = 0;
    int64_t whole = route->n_points > 0 ? route->at_ms[route->n_points - 1] : 0;
    for (int64_t next = 0, at = 0; at < whole && n < capacity; next += plan->every_ms) {
        at = next < whole ? next : whole;
        if (sgp_random_below(seed, 8) < plan->drop_of_8 && at > 0 && at < whole)
            continue;
        while (k + 2 < route->n_points && route->at_ms[k + 1] < at)
            k++;
        sgp_point a = route->points[k], b = route->points[k + 1];
        int64_t span = route->at_ms[k + 1] - route->at_ms[k];
        double share = span > 0 ? (double)(at - route->at_ms[k]) / (double)span : 0;
        share = share > 1 ? 1 : share;
        sgp_point here = {(int32_t)lround(a.lon_e7 + share * ((double)b.lon_e7 - a.lon_e7)),
                          (int32_t)lround(a.lat_e7 + share * ((double)b.lat_e7 - a.lat_e7))};
        here = drive_moved(here, plan->noise_m * drive_normal(seed),
                           plan->noise_m * drive_normal(seed));
        double heading = -1;
        if (plan->heading && !sgp_point_equal(a, b))
            heading = fmod(drive_bearing(a, b) + (double)sgp_random_below(seed, 21) + 350, 360);
        track[n++] = (sgp_track_point){here, start_ms + at, plan->accuracy_m, heading};
    }
    return n;
}

/* Length of the longest common subsequence of two lists of moves: what of the drive was
 * found, in order. */
static inline size_t drive_common(const uint32_t *a, size_t n_a, const uint32_t *b, size_t n_b) {
    size_t *row = calloc(n_b + 1, sizeof *row);
    for (size_t i = 0; i < n_a; i++) {
        size_t corner = 0;
        for (size_t j = 1; j <= n_b; j++) {
            size_t above = row[j];
            row[j] = a[i] == b[j - 1] ? corner + 1 : row[j] > row[j - 1] ? row[j] : row[j - 1];
            corner = above;
        }
    }
    size_t common = row[n_b];
    free(row);
    return common;
}

#endif
