/* Places inside the core: nearness in integers. Private to engine/core. */
#ifndef SGP_CORE_PLACE_H
#define SGP_CORE_PLACE_H

#include "sigap/core.h"

/* Whether `a` and `b` are at most `metres` apart, for metres up to 100,000.
 *
 * Decides by integers only, so that every machine decides the same: a flat
 * earth around the two points, the cosine of the latitude by Bhaskara's rational
 * approximation. Wrong by less than 0.4 % of the distance below 70 degrees of
 * latitude; do not use it to measure. */
bool sgp_points_within(sgp_point a, sgp_point b, int32_t metres);

/* The same distance in whole metres, for people to read. */
int32_t sgp_points_distance_m(sgp_point a, sgp_point b);

/* Orders points by how far they are from one: a number that grows with the distance, by the same
 * integers. Metres it is not. */
int64_t sgp_points_far(sgp_point a, sgp_point b);

/* A point inside -180..180, -90..90. */
bool sgp_point_is_valid(sgp_point point);

#endif
