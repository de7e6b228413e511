/* Areas that are reached within a time, as polygons.
 *
 * Every road that is reached counts for as far as it is driven, and what lies within
 * `reach_m` of it counts too. The union is made with GEOS in metres (local
 * equirectangular plane), holes smaller than `hole_m2` are filled, and lines are simplified
 * to `simplify_m`.
 */
#ifndef SIGAP_AREA_H
#define SIGAP_AREA_H

#include "sigap/router.h"

typedef struct sgp_area_options {
    double reach_m;    /* default 50 */
    double hole_m2;    /* default 10,000 */
    double simplify_m; /* default 10 */
} sgp_area_options;
extern const sgp_area_options sgp_area_defaults;

/* One multi-polygon for each of limit_ms[n] (ascending), all from one search. The result is
 * WKB (EPSG:4326, lon lat), to free with sgp_area_free. SGP_E_MEMORY, SGP_E_TOO_LARGE. */
typedef struct sgp_area_shape {
    unsigned char *wkb;
    size_t wkb_length;
    double square_m2;
} sgp_area_shape;
sgp_err sgp_query_areas(sgp_query *query, const sgp_source *source, const int64_t *limit_ms,
                        size_t n, const sgp_area_options *options, sgp_area_shape *shapes,
                        sgp_fault *fault) SGP_MUST_USE;
void sgp_area_free(sgp_area_shape *shapes, size_t n);

/* Is the point within the shape? For tests and small uses. */
bool sgp_area_contains(const sgp_area_shape *shape, sgp_point point);

#endif
