/* overview=simplified: the points of a route that still show on the map it fits.
 *
 * The rule: the route's bounds are fitted into a picture of 2,048 x 1,280 pixels of web
 * mercator (tiles of 256, as OSRM does), at a zoom between 1 and 18. At that zoom a point
 * stays if leaving it out would move the line by 2 pixels or more (Douglas & Peucker 1973);
 * the first and the last point always stay. Points within a pixel of the one before are
 * dropped first, so that the work does not grow with what nobody sees.
 *
 * Pure; thread-safe. Mostly n log n; at most n x what is left.
 */
#ifndef SGP_SERVE_OSRM_SIMPLIFY_H
#define SGP_SERVE_OSRM_SIMPLIFY_H

#include <stdbool.h>
#include <stddef.h>

#include "sigap/error.h"
#include "sigap/geo.h"

/* The points that stay, in place; *n of them. SGP_E_MEMORY: unchanged. */
sgp_err sgp_osrm_simplify(sgp_point *points, size_t *n) SGP_MUST_USE;

/* The zoom at which these bounds fit. */
int sgp_osrm_zoom(sgp_point south_west, sgp_point north_east);

#endif
