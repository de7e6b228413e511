/* From a way to a route: shared by the shortest route and the alternatives to it. */
#ifndef SGP_ROUTE_ROUTE_H
#define SGP_ROUTE_ROUTE_H

#include "route/query.h"

/* How a way begins and ends; the arcs between are those of query->way. */
typedef struct sgp_route_plan {
    int64_t ms; /* without the source's penalty; SGP_UNREACHABLE */
    uint32_t first_arc, last_arc;
    int64_t first_ms, last_ms;
    bool direct; /* first_arc is all of it */
} sgp_route_plan;

/* The labels of both places. */
sgp_err sgp_route_label(sgp_query *query, const sgp_snap *from, const sgp_snap *to) SGP_MUST_USE;

/* The best plan; directly along a common edge where nothing is quicker. */
sgp_err sgp_route_plan_best(sgp_query *query, const sgp_snap *from, const sgp_snap *to,
                            sgp_route_plan *plan) SGP_MUST_USE;

/* The plan of the way that query->way holds. */
sgp_route_plan sgp_route_plan_way(const sgp_query *query, const sgp_snap *from, const sgp_snap *to);

/* The route of a plan, to be freed by the caller. */
sgp_err sgp_route_draw(const sgp_query *query, const sgp_route_plan *plan, const sgp_source *source,
                       const sgp_snap *target, sgp_route *route) SGP_MUST_USE;

#endif
