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
