/* Points and distances on the earth.
 *
 * A point is WGS 84 longitude and latitude in units of 1e-7 degree (OSM's own
 * resolution, about 1 cm), longitude first, so that everything that decides
 * works on integers and equal inputs give equal decisions on every machine.
 * Text and wires carry decimal degrees. Pure; thread-safe.
 */
#ifndef SIGAP_GEO_H
#define SIGAP_GEO_H

#include <stdbool.h>
#include <stdint.h>

#include "sigap/error.h"

typedef struct sgp_point {
    int32_t lon_e7; /* -1800000000 .. 1800000000 */
    int32_t lat_e7; /*  -900000000 ..  900000000 */
} sgp_point;

/* Nearest representable point; out-of-range or non-finite degrees give SGP_E_RANGE. */
sgp_err sgp_point_from_degrees(double lon, double lat, sgp_point *point) SGP_MUST_USE;

static inline double sgp_lon(sgp_point p) {
    return (double)p.lon_e7 / 1e7;
}
static inline double sgp_lat(sgp_point p) {
    return (double)p.lat_e7 / 1e7;
}
static inline bool sgp_point_equal(sgp_point a, sgp_point b) {
    return a.lon_e7 == b.lon_e7 && a.lat_e7 == b.lat_e7;
}

/* Great-circle distance in metres (haversine, mean earth radius 6371008.8 m). */
double sgp_distance_m(sgp_point a, sgp_point b);

/* "lon,lat" in decimal degrees, spaces allowed around numbers. On failure the
 * fault names the text and says which part is wrong. */
sgp_err sgp_point_parse(const char *text, sgp_point *point, sgp_fault *fault) SGP_MUST_USE;

#endif
