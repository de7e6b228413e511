/* Exact travel times and routes on a graph.
 *
 * Three lifetimes: the graph (topology; rare), a metric (weights of one profile
 * and traffic picture; immutable, swapped whole), a query (scratch memory; one
 * for each thread, reused). Today's queries are Dijkstra's algorithm (Dijkstra
 * 1959) with a binary heap, and remain for ever the oracle that faster ones are
 * held to; the interface is the one that they will take over unchanged.
 *
 * Times are int64 milliseconds; SGP_UNREACHABLE (-1) is an answer, not an error.
 * A place on the road is an sgp_snap; partial first and last segments are
 * weight x offset / length, rounded down to the millisecond, so that results are
 * reproducible everywhere.
 */
#ifndef SIGAP_ROUTER_H
#define SIGAP_ROUTER_H

#include "sigap/graph.h"

#define SGP_UNREACHABLE ((int64_t)-1)

/* A point on an edge, from which and to which vehicles travel. */
typedef struct sgp_snap {
    uint32_t edge;
    uint32_t offset_mm; /* along the edge from its first point, 0 .. length_mm */
    sgp_point road;     /* the point on the road */
    int32_t on_foot_mm; /* straight distance from the asked point to `road` */
    uint8_t side;       /* 0 on the road, 1 left, 2 right of the edge's direction */
} sgp_snap;

/* Nearest drivable SGP_EDGE_MAIN edges to `point`, nearest first, at most
 * `capacity`, none further than `radius_m`. *n = 0 where there is none.
 * Distances are in a local equirectangular plane. Allocates nothing. */
sgp_err sgp_graph_snap(const sgp_graph *graph, sgp_point point, double radius_m, sgp_snap *snaps,
                       size_t capacity, size_t *n) SGP_MUST_USE;

typedef struct sgp_metric sgp_metric;

/* The weights stored in the graph file. `graph` must outlive the metric. */
sgp_err sgp_metric_create(const sgp_graph *graph, sgp_metric **metric) SGP_MUST_USE;
void sgp_metric_destroy(sgp_metric *metric);

typedef struct sgp_query sgp_query;

/* `metric` must outlive the query. Not thread-safe: one query for each thread. */
sgp_err sgp_query_create(const sgp_metric *metric, sgp_query **query) SGP_MUST_USE;
void sgp_query_destroy(sgp_query *query);

/* A source: a place, and the time that passes before leaving it (>= 0). */
typedef struct sgp_source {
    sgp_snap from;
    int64_t penalty_ms;
} sgp_source;

/* All of these: SGP_E_ARGUMENT for a snap that is not on the query's graph,
 * SGP_E_RANGE for a penalty below 0 or above 2^61; time_ms is then untouched.
 *
 * time_ms[i] = penalty_ms[i] + travel time from source i to `target`, or
 * SGP_UNREACHABLE; [n_sources]. One backward search. No allocation. */
sgp_err sgp_query_many_to_one(sgp_query *query, const sgp_source *sources, size_t n_sources,
                              const sgp_snap *target, int64_t *time_ms) SGP_MUST_USE;

/* time_ms[i] from `source` (penalty included) to target i; [n_targets]. One forward search. */
sgp_err sgp_query_one_to_many(sgp_query *query, const sgp_source *source, const sgp_snap *targets,
                              size_t n_targets, int64_t *time_ms) SGP_MUST_USE;

/* time_ms[s * n_targets + t]; min(n_sources, n_targets) searches. */
sgp_err sgp_query_matrix(sgp_query *query, const sgp_source *sources, size_t n_sources,
                         const sgp_snap *targets, size_t n_targets, int64_t *time_ms) SGP_MUST_USE;

/* Times between graph vertices by input node number (--node): node ids as in
 * the input file; a node that is a crossing expanded into several vertices stands
 * for all of them. SGP_E_NOT_FOUND names a number that the graph does not have. */
sgp_err sgp_query_matrix_nodes(sgp_query *query, const int64_t *sources, size_t n_sources,
                               const int64_t *targets, size_t n_targets, int64_t *time_ms,
                               sgp_fault *fault) SGP_MUST_USE;

/* One stretch of a route on one road. */
typedef struct sgp_step {
    const char *name; /* borrowed from the graph; "" = no name */
    int64_t duration_ms;
    int64_t length_mm;
    uint32_t first_point; /* into the route's points */
    uint32_t n_points;
    int16_t turn_deg; /* change of heading on entering, -180..180, left negative; 0 at the start */
    uint8_t road_class;
    uint8_t flags; /* SGP_EDGE_ of its first edge */
} sgp_step;

typedef struct sgp_route {
    int64_t duration_ms; /* equals the time that one_to_many gives, to the unit; SGP_UNREACHABLE */
    int64_t length_mm;
    sgp_point *points; /* [n_points] from the source's road point to the target's */
    int64_t *at_ms;    /* [n_points] time of passing each point, 0 at the first; ascending */
    size_t n_points;
    sgp_step *steps; /* [n_steps] consecutive edges of one name are one step */
    size_t n_steps;
} sgp_route;

/* Shortest route. duration_ms includes the source's penalty; at_ms and the steps
 * are the journey alone, so the last at_ms and the sum of the steps are
 * duration_ms - penalty_ms. There are at least two points (equal ones where the
 * journey is nothing); each step begins at the last point of the one before. A
 * journey of nothing has no steps. The time of a turn belongs to the step that it
 * leads into. Where there is no way, duration_ms is SGP_UNREACHABLE and the arrays
 * are empty. SGP_E_ARGUMENT: a place is not on this graph; SGP_E_RANGE: the penalty.
 * The caller frees the arrays with sgp_route_free. */
sgp_err sgp_query_route(sgp_query *query, const sgp_source *source, const sgp_snap *target,
                        sgp_route *route) SGP_MUST_USE;
void sgp_route_free(sgp_route *route);

#endif
