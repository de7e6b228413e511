/* Exact travel times and routes on a graph.
 *
 * Three lifetimes: the graph (topology; rare), a metric (weights of one profile
 * and traffic picture; immutable, swapped whole), a query (scratch memory; one
 * for each thread, reused).
 *
 * Method: customizable contraction hierarchies (Dibbelt, Strasser & Wagner 2016)
 * with elimination-tree queries. A place's *label* is its distance to, or from,
 * every ancestor in the elimination tree, indexed by depth; the ancestors that two
 * vertices share are the common beginning of their root paths, so a travel time is
 * one min-plus over two short arrays. Every time equals what Dijkstra's algorithm
 * gives on the same graph, to the unit.
 *
 * Times are int64 milliseconds; SGP_UNREACHABLE (-1) is an answer, not an error.
 * A place on the road is an sgp_snap; partial first and last segments are
 * weight x offset / length, rounded down to the millisecond, so that results are
 * reproducible everywhere. A journey that takes SGP_INF or more (12 days), its penalty
 * apart, is no way.
 */
#ifndef SIGAP_ROUTER_H
#define SIGAP_ROUTER_H

#include <stdbool.h>

#include "sigap/graph.h"

#define SGP_UNREACHABLE ((int64_t)-1)

/* ---- places on the road ---------------------------------------------------- */

enum { SGP_ALONG = 1, SGP_AGAINST = 2 }; /* an edge's forward and backward arc */

/* A point on an edge, from which and to which vehicles travel. */
typedef struct sgp_snap {
    uint32_t edge;
    uint32_t offset_mm; /* along the edge from its first point, 0 .. length_mm */
    sgp_point road;     /* the point on the road */
    int32_t on_foot_mm; /* straight distance from the asked point to `road` */
    uint8_t side;       /* 0 on the road, 1 left, 2 right of the edge's direction */
    uint8_t directions; /* SGP_ALONG | SGP_AGAINST that a journey may use here; 0 = both */
} sgp_snap;

/* Which roads will do. All zero (radius apart): any road of profile 0, any direction. */
typedef struct sgp_snap_wish {
    double radius_m;
    uint32_t profile;          /* only edges of this profile's main part */
    bool has_heading;          /* only directions within heading_within_deg of heading_deg */
    double heading_deg;        /* 0 = north, 90 = east */
    double heading_within_deg; /* 0..180 */
    bool kerb; /* only the direction that has the point on its own kerb side; a road driven one
                * way only serves both its kerbs, and a point on the road has no side */
    uint32_t without_classes; /* bit c: not roads of sgp_road_class c */
} sgp_snap_wish;

/* Nearest edges to `point` that fulfil the wish, nearest first, at most `capacity`,
 * none further than the radius; of equally near ones the lower edge number first.
 * Heading and kerb are asked of each segment: the answer is the nearest place of an
 * edge where they fit, so a bend is met at the arm that fits. Only directions that
 * the profile's stored weights allow count. *n = 0 where there is none. Distances are
 * in a local equirectangular plane. Allocates nothing. SGP_E_ARGUMENT for a wish that
 * makes no sense (negative radius, unknown profile). */
sgp_err sgp_graph_snap_wish(const sgp_graph *graph, sgp_point point, const sgp_snap_wish *wish,
                            sgp_snap *snaps, size_t capacity, size_t *n) SGP_MUST_USE;

/* The same with the plain wish. */
sgp_err sgp_graph_snap(const sgp_graph *graph, sgp_point point, double radius_m, sgp_snap *snaps,
                       size_t capacity, size_t *n) SGP_MUST_USE;

/* ---- metrics ---------------------------------------------------------------- */

typedef struct sgp_metric sgp_metric;

/* Customizes the stored weights of profile 0. `graph` must outlive the metric. */
sgp_err sgp_metric_create(const sgp_graph *graph, sgp_metric **metric) SGP_MUST_USE;
/* Customizes weight[n_arcs] (copied; 0 .. SGP_INF, else SGP_E_RANGE) on `threads` threads
 * (0 = as many as the machine has). The result does not depend on their number. */
sgp_err sgp_metric_customize(const sgp_graph *graph, const int32_t *weight, unsigned threads,
                             sgp_metric **metric) SGP_MUST_USE;
void sgp_metric_destroy(sgp_metric *metric);

const sgp_graph *sgp_metric_graph(const sgp_metric *metric);
const int32_t *sgp_metric_weights(const sgp_metric *metric); /* [n_arcs] as given; borrowed */
/* Unique in the process and rising: two metrics with one version are one and the same. */
uint64_t sgp_metric_version(const sgp_metric *metric);

/* A metric that is replaced while others read it: one writer thread, any number of
 * readers. A reader holds one whole metric from hold to release, whatever the writer does
 * meanwhile; nobody ever sees half of an old picture and half of a new one. */
typedef struct sgp_live_metric sgp_live_metric;
sgp_err sgp_live_metric_create(const sgp_graph *graph, const int32_t *weight, unsigned threads,
                               sgp_live_metric **live) SGP_MUST_USE;
/* Nobody may hold a metric any more. */
void sgp_live_metric_destroy(sgp_live_metric *live);
/* Never blocks. */
const sgp_metric *sgp_live_metric_hold(sgp_live_metric *live);
void sgp_live_metric_release(sgp_live_metric *live, const sgp_metric *metric);
/* Writer: a new picture for all arcs, customized into a spare buffer, then swapped.
 * Blocks while a reader still holds the metric before the last. */
sgp_err sgp_live_metric_replace(sgp_live_metric *live, const int32_t *weight,
                                unsigned threads) SGP_MUST_USE;
/* Writer: some arcs only, by partial customization where that is quicker. */
typedef struct sgp_arc_weight {
    uint32_t arc;
    int32_t weight;
} sgp_arc_weight;
sgp_err sgp_live_metric_change(sgp_live_metric *live, const sgp_arc_weight *changes,
                               size_t n) SGP_MUST_USE;
/* Writer: replace and change in two steps, so that several live metrics can be swapped as one set:
 * prepare does all the work in the spare buffer, of which no reader sees anything until
 * publish, which does none and never blocks. What was prepared and not published is dropped by the
 * next preparation. */
sgp_err sgp_live_metric_prepare(sgp_live_metric *live, const int32_t *weight,
                                unsigned threads) SGP_MUST_USE;
sgp_err sgp_live_metric_prepare_change(sgp_live_metric *live, const sgp_arc_weight *changes,
                                       size_t n) SGP_MUST_USE;
void sgp_live_metric_publish(sgp_live_metric *live);

/* ---- queries ---------------------------------------------------------------- */

typedef struct sgp_query sgp_query;

/* `metric` must outlive the query or its use. Not thread-safe: one query for each thread. */
sgp_err sgp_query_create(const sgp_metric *metric, sgp_query **query) SGP_MUST_USE;
void sgp_query_destroy(sgp_query *query);
/* From now on with this metric of the same graph. No allocation; never fails. */
void sgp_query_use(sgp_query *query, const sgp_metric *metric);

/* A source: a place, and the time that passes before leaving it (>= 0). */
typedef struct sgp_source {
    sgp_snap from;
    int64_t penalty_ms;
} sgp_source;

/* All of these: SGP_E_ARGUMENT for a snap that is not on the query's graph,
 * SGP_E_RANGE for a penalty below 0 or above 2^61; time_ms is then untouched.
 *
 * time_ms[i] = penalty_ms[i] + travel time from source i to `target`, or
 * SGP_UNREACHABLE; [n_sources]. One shared sweep over the sources' root paths.
 * Allocates only to grow its scratch when n_sources is larger than ever before. */
sgp_err sgp_query_many_to_one(sgp_query *query, const sgp_source *sources, size_t n_sources,
                              const sgp_snap *target, int64_t *time_ms) SGP_MUST_USE;

/* time_ms[i] from `source` (penalty included) to target i; [n_targets]. */
sgp_err sgp_query_one_to_many(sgp_query *query, const sgp_source *source, const sgp_snap *targets,
                              size_t n_targets, int64_t *time_ms) SGP_MUST_USE;

/* One pair, penalty included; by two labels, no allocation. */
sgp_err sgp_query_one_to_one(sgp_query *query, const sgp_source *source, const sgp_snap *target,
                             int64_t *time_ms) SGP_MUST_USE;

/* time_ms[s * n_targets + t]. */
sgp_err sgp_query_matrix(sgp_query *query, const sgp_source *sources, size_t n_sources,
                         const sgp_snap *targets, size_t n_targets, int64_t *time_ms) SGP_MUST_USE;

/* Times between graph vertices by input node number (--node): node ids as in
 * the input file; a node that is a crossing expanded into several vertices stands
 * for all of them. SGP_E_NOT_FOUND names a number that the graph does not have. */
sgp_err sgp_query_matrix_nodes(sgp_query *query, const int64_t *sources, size_t n_sources,
                               const int64_t *targets, size_t n_targets, int64_t *time_ms,
                               sgp_fault *fault) SGP_MUST_USE;

/* Between vertices, for those who embed the graph: weight sums, SGP_INF = no way.
 * A vertex out of range is a bug of the caller (assertion). No allocation. */
int32_t sgp_query_vertices(sgp_query *query, uint32_t from, uint32_t to);
/* distance[n_vertices] from one vertex, or from a place (penalty included); SGP_INF = no way,
 * or one that takes SGP_INF or more. */
void sgp_query_from_vertex(sgp_query *query, uint32_t from, int32_t *distance);
sgp_err sgp_query_from_place(sgp_query *query, const sgp_source *source,
                             int32_t *distance) SGP_MUST_USE;

/* Isochrone: every vertex that is reached within limit_ms (penalty included), ascending by
 * number. *n = how many there are; at most `capacity` are written. Subtrees that cannot hold
 * any are never entered. See area.h for areas. */
typedef struct sgp_reach {
    uint32_t vertex;
    int32_t ms;
} sgp_reach;
sgp_err sgp_query_reach(sgp_query *query, const sgp_source *source, int64_t limit_ms,
                        sgp_reach *reach, size_t capacity, size_t *n) SGP_MUST_USE;

/* ---- labels of a fleet -------------------------------------------------------
 *
 * Sources that are asked about again and again (units) keep their labels, so that a
 * call makes one label of its own and reads all units: 1,000 units in microseconds.
 * A label is made when first asked for after its source moved or the metric changed.
 * Not thread-safe. */
typedef struct sgp_labels sgp_labels;
sgp_err sgp_labels_create(const sgp_graph *graph, size_t capacity,
                          sgp_labels **labels) SGP_MUST_USE;
void sgp_labels_destroy(sgp_labels *labels);
/* Slot < capacity. SGP_E_ARGUMENT, SGP_E_RANGE as above; the slot then stays as it was. */
sgp_err sgp_labels_set(sgp_labels *labels, size_t slot, const sgp_source *source) SGP_MUST_USE;
void sgp_labels_clear(sgp_labels *labels, size_t slot);
/* Makes what is missing or of another metric; the queries below do it too. Returns how many. */
size_t sgp_labels_refresh(sgp_labels *labels, sgp_query *query);
/* The same for at most so many, between questions; the rest is made by later calls. */
size_t sgp_labels_refresh_some(sgp_labels *labels, sgp_query *query, size_t most);
/* How many are missing at most, under the metric of the last refresh; and whether this one is
 * there (under that metric). */
size_t sgp_labels_missing(const sgp_labels *labels);
bool sgp_labels_has(const sgp_labels *labels, size_t slot);
/* time_ms[capacity]: as many_to_one; SGP_UNREACHABLE for cleared slots. */
sgp_err sgp_labels_to(sgp_labels *labels, sgp_query *query, const sgp_snap *target,
                      int64_t *time_ms) SGP_MUST_USE;
/* The k nearest slots with time <= limit_ms, by (time, slot). *n <= k. */
typedef struct sgp_near {
    size_t slot;
    int64_t ms;
} sgp_near;
sgp_err sgp_labels_nearest(sgp_labels *labels, sgp_query *query, const sgp_snap *target, size_t k,
                           int64_t limit_ms, sgp_near *near, size_t *n) SGP_MUST_USE;

/* The same the other way: places that are gone to again and again (hospitals, the middles of
 * zones) keep the labels of arriving there, so that a question makes one label of its own.
 * The labels are made when first asked under a metric. `graph` must outlive it. Not thread-safe. */
typedef struct sgp_targets sgp_targets;
/* Copies the snaps. SGP_E_ARGUMENT: one is not on the graph. */
sgp_err sgp_targets_create(const sgp_graph *graph, const sgp_snap *targets, size_t n,
                           sgp_targets **made) SGP_MUST_USE;
void sgp_targets_destroy(sgp_targets *targets);
/* time_ms[n]: as one_to_many. */
sgp_err sgp_targets_from(sgp_targets *targets, sgp_query *query, const sgp_source *source,
                         int64_t *time_ms) SGP_MUST_USE;

/* ---- routes ------------------------------------------------------------------ */

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
    uint32_t *moves; /* [n_moves] edge << 1 | backward, as driven; at least 1 unless unreachable */
    size_t n_moves;  /* the first and the last are driven in part, perhaps nothing of them */
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

/* The shortest route and up to capacity - 1 others that a driver would call different:
 * at most 25 % longer, sharing at most 80 % of their time with any route before, and
 * shortest on every stretch of a quarter of their own length (Abraham, Delling,
 * Goldberg & Werneck 2013, via vertices). Best first. *n = 0 where there is no way.
 * Free each. */
sgp_err sgp_query_alternatives(sgp_query *query, const sgp_source *source, const sgp_snap *target,
                               sgp_route *routes, size_t capacity, size_t *n) SGP_MUST_USE;

#endif
