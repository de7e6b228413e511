/* How much of each road is driven within a limit.
 *
 * From a vertex that is reached with time to spare every arc is driven as far as the rest
 * lasts; a road may be driven into from both ends, and around the source on its own edge:
 *
 *     o=======>.............<===o        [0, ahead] and [length - back, length]
 *          ahead         back
 *
 * A place at x mm counts as reached when the written time of the part before it,
 * weight * x / length rounded down, fits into the rest; so these stretches hold exactly
 * the places whose travel time is within the limit.
 */
#ifndef SGP_ROUTE_DRIVEN_H
#define SGP_ROUTE_DRIVEN_H

#include "sigap/router.h"

/* Of one edge, in millimetres from either end. */
typedef struct sgp_driven_edge {
    uint32_t ahead, back;
} sgp_driven_edge;

typedef struct sgp_driven {
    const sgp_graph_parts *parts;
    const int32_t *weight;
    sgp_source source;
    sgp_reach *reach; /* [n_reach] within the largest limit */
    size_t n_reach;
    sgp_driven_edge *edges;  /* [n_edges] so far */
    sgp_driven_edge *before; /* [n_edges] at the limit before */
    int64_t limit_ms;        /* so far; -1 at first */
} sgp_driven;

/* One search for all limits up to largest_ms. SGP_E_MEMORY; SGP_E_ARGUMENT and SGP_E_RANGE
 * for the source, as the queries say. */
sgp_err sgp_driven_init(sgp_driven *driven, sgp_query *query, const sgp_source *source,
                        int64_t largest_ms) SGP_MUST_USE;
void sgp_driven_deinit(sgp_driven *driven);

/* A stretch of an edge, from_mm <= to_mm <= length. A result other than SGP_OK ends it all. */
typedef sgp_err (*sgp_driven_visit)(void *context, uint32_t edge, uint32_t from_mm, uint32_t to_mm);

/* Visits what is driven within limit_ms (not less than at the call before) and was not at the
 * call before, by edge number. The stretch around the source comes first and as a whole,
 * whenever it grew. Linear in the reached vertices and the edges. */
sgp_err sgp_driven_grow(sgp_driven *driven, int64_t limit_ms, sgp_driven_visit visit,
                        void *context) SGP_MUST_USE;

#endif
