/* Areas that are reached within a time, as polygons.
 *
 * Every road that is reached counts for as far as it is driven, from either end and around
 * the source, to the millimetre; what lies within `reach_m` of such a stretch is the area.
 * The union is made with GEOS in metres, in a local equirectangular plane around the source
 * (a city's size; 100 km from it lengths east to west are off by about 1 %). Holes smaller
 * than `hole_m2` are filled, and the outline is simplified to `simplify_m`, its topology
 * kept. So with the defaults every place on a reached road lies well inside, and nothing
 * further than reach_m + simplify_m from all of them does, filled holes apart. The area of a
 * longer limit holds that of a shorter one.
 */
#ifndef SIGAP_AREA_H
#define SIGAP_AREA_H

#include "sigap/router.h"

typedef struct sgp_area_options {
    double reach_m;    /* default 50; 1 .. 5,000 */
    double hole_m2;    /* default 10,000; 0 = fill none */
    double simplify_m; /* default 10; 0 = not at all; at most half of reach_m */
} sgp_area_options;
extern const sgp_area_options sgp_area_defaults;

enum { SGP_AREA_LIMITS_MAX = 32 };

/* One multi-polygon for each of limit_ms[n] (ascending), all from one search. The result is
 * WKB (EPSG:4326, lon lat), to free with sgp_area_free. `options` NULL = the defaults. A
 * limit below the source's penalty gives an empty multi-polygon; otherwise the source's own
 * place is always within. The query's metric decides; the times are those of sgp_query_reach.
 * SGP_E_ARGUMENT: the source is not on the graph, or an option makes no sense; SGP_E_RANGE:
 * limits below 0 or out of order, or the penalty; SGP_E_TOO_LARGE: more than
 * SGP_AREA_LIMITS_MAX limits; SGP_E_MEMORY; SGP_E_STATE: GEOS failed (the fault has its
 * words). The shapes are then untouched. Not thread-safe: it uses the query's memory. */
typedef struct sgp_area_shape {
    unsigned char *wkb;
    size_t wkb_length;
    double square_m2;
} sgp_area_shape;
sgp_err sgp_query_areas(sgp_query *query, const sgp_source *source, const int64_t *limit_ms,
                        size_t n, const sgp_area_options *options, sgp_area_shape *shapes,
                        sgp_fault *fault) SGP_MUST_USE;
void sgp_area_free(sgp_area_shape *shapes, size_t n);

/* Is the point within the shape, its outline included? Reads the whole shape: for tests and
 * small uses. */
bool sgp_area_contains(const sgp_area_shape *shape, sgp_point point);

#endif
