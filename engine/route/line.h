/* Places along an edge: offsets in millimetres from its first point.
 *
 * The edge's length_mm is the measure that travel times are split by. Offsets of
 * the points between are the great-circle lengths up to them, scaled so that the
 * last point lies at length_mm exactly. Pure.
 */
#ifndef SGP_ROUTE_LINE_H
#define SGP_ROUTE_LINE_H

#include <math.h>

#include "sigap/graph.h"

/* Metres east and north of a middle point: the local equirectangular plane in which
 * everything near a place is measured. */
typedef struct sgp_plane {
    sgp_point middle;
    double lon_scale, lat_scale; /* metres for one unit of 1e-7 degree */
} sgp_plane;

static inline sgp_plane sgp_plane_around(sgp_point middle) {
    const double pi = 3.14159265358979323846;
    const double metres = 6371008.8 * pi / 180.0 / 1e7;
    return (sgp_plane){middle, metres * cos(sgp_lat(middle) * pi / 180), metres};
}

static inline void sgp_to_plane(const sgp_plane *plane, sgp_point p, double *x, double *y) {
    *x = ((double)p.lon_e7 - plane->middle.lon_e7) * plane->lon_scale;
    *y = ((double)p.lat_e7 - plane->middle.lat_e7) * plane->lat_scale;
}

/* Where a segment comes closest to the plane's middle. */
typedef struct sgp_foot {
    double distance_m;
    double along; /* 0..1 of the segment */
} sgp_foot;

static inline sgp_foot sgp_foot_on(const sgp_plane *plane, sgp_point a, sgp_point b) {
    double ax, ay, bx, by;
    sgp_to_plane(plane, a, &ax, &ay);
    sgp_to_plane(plane, b, &bx, &by);
    double dx = bx - ax;
    double dy = by - ay;
    double square = dx * dx + dy * dy;
    double along = square > 0 ? -(ax * dx + ay * dy) / square : 0;
    along = along < 0 ? 0 : along > 1 ? 1 : along;
    double x = ax + along * dx;
    double y = ay + along * dy;
    return (sgp_foot){.distance_m = sqrt(x * x + y * y), .along = along};
}

/* The point that lies `along` (0..1) between a and b. */
static inline sgp_point sgp_point_between(sgp_point a, sgp_point b, double along) {
    return (sgp_point){(int32_t)lround(a.lon_e7 + along * ((double)b.lon_e7 - a.lon_e7)),
                       (int32_t)lround(a.lat_e7 + along * ((double)b.lat_e7 - a.lat_e7))};
}

/* Length of a line of n points in metres. */
static inline double sgp_line_metres(const sgp_point *points, uint32_t n) {
    double metres = 0;
    for (uint32_t i = 1; i < n; i++)
        metres += sgp_distance_m(points[i - 1], points[i]);
    return metres;
}

/* Offset of the place `before_m` along a line of `total_m` that stands for `length_mm`. */
static inline uint32_t sgp_line_offset_mm(uint32_t length_mm, double before_m, double total_m) {
    if (!(before_m > 0) || !(total_m > 0))
        return 0;
    double offset = round((double)length_mm * (before_m / total_m));
    return offset < (double)length_mm ? (uint32_t)offset : length_mm;
}

#endif
