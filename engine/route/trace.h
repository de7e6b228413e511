/* Where along its points a route passes from one move to the next.
 *
 * A route has points and it has moves (edges as driven); this tells which belong
 * together, so that manoeuvres find their place and points find their OSM node:
 *
 *   moves    |---- 0 ----|------- 1 -------|-- 2 --|
 *   points   *  .    .   *   .     .    .  *   .   *
 *            |           |                 |       |
 *   first_point[0]    first_point[1]  first_point[2]  first_point[3] = n_points - 1
 *
 * Found by laying each edge's points beside the route's, so it asks nothing of the
 * search that made the route. Linear in the number of points.
 */
#ifndef SGP_ROUTE_TRACE_H
#define SGP_ROUTE_TRACE_H

#include "sigap/router.h"

typedef struct sgp_trace {
    size_t n_moves;
    uint32_t *first_point; /* [n_moves + 1] route point at which the move begins */
    /* [n_points] the graph's point (into parts.points) that each route point is. The
     * first and the last lie between two: theirs are the point behind the start and the
     * one ahead of the end, as driven. */
    uint32_t *graph_point;
} sgp_trace;

/* SGP_E_ARGUMENT: points and moves do not belong together, or there is no way.
 * Release with sgp_trace_free. */
sgp_err sgp_trace_make(const sgp_graph *graph, const sgp_route *route,
                       sgp_trace *trace) SGP_MUST_USE;
void sgp_trace_free(sgp_trace *trace);

#endif
