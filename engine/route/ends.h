/* The two ends of a journey: how a place on an edge meets the graph.
 *
 *        tail                offset_mm              head
 *   ------o=====================*====================o------   forward arc
 *
 * From a place a vehicle leaves over either arc of its edge and is at that
 * arc's head after the rest of it; it arrives over either arc, or a copy of it,
 * from that arc's tail. Two places on one edge may also be joined directly, without
 * passing a vertex. A travel time is the least over these. A snap that names
 * directions leaves and arrives in these only.
 */
#ifndef SGP_ROUTE_ENDS_H
#define SGP_ROUTE_ENDS_H

#include "route/metric.h"

/* One way of leaving or arriving. */
typedef struct sgp_end {
    uint32_t arc;
    uint32_t vertex; /* head of the arc (leaving) or its tail (arriving) */
    int64_t ms;      /* between the place and the vertex */
} sgp_end;

/* Fills ends[2] and returns how many there are, the forward arc first. */
int sgp_ends_leaving(const sgp_metric *metric, const sgp_snap *snap, sgp_end ends[2]);

/* The ways of arriving one after another, since there may be many copies:
 *
 *     sgp_arrivals arrivals = {0};
 *     for (sgp_end end; sgp_arrivals_next(&arrivals, metric, snap, &end);)
 *
 * The forward arc first, then its copies, then the backward one and its copies. */
typedef struct sgp_arrivals {
    uint32_t backward; /* 0, 1, 2: done */
    bool own_is_past;
    uint32_t copy; /* number of the next copy to look at */
} sgp_arrivals;
bool sgp_arrivals_next(sgp_arrivals *arrivals, const sgp_metric *metric, const sgp_snap *snap,
                       sgp_end *end);

/* Where a journey begins or ends: a place that is left, one that is arrived at, or an
 * input node, of which any vertex will do. */
typedef enum sgp_stop_kind { SGP_STOP_FROM, SGP_STOP_TO, SGP_STOP_NODE } sgp_stop_kind;
typedef struct sgp_stop {
    sgp_stop_kind kind;
    const sgp_snap *snap; /* of the first two kinds */
    int64_t node;         /* of the last */
} sgp_stop;

/* Its ends one after another; begin with {0}. */
typedef struct sgp_stop_ends {
    sgp_arrivals arrivals;
    sgp_end leaving[2];
    int n_leaving;
    const uint32_t *vertices;
    uint32_t n_vertices;
    uint32_t next; /* 0: not begun */
} sgp_stop_ends;
bool sgp_stop_next(sgp_stop_ends *ends, const sgp_metric *metric, const sgp_stop *stop,
                   sgp_end *end);

/* Time from `from` to `to` along one arc of their common edge, and that arc; or
 * SGP_UNREACHABLE where they share none that leads the right way. */
int64_t sgp_ends_direct(const sgp_metric *metric, const sgp_snap *from, const sgp_snap *to,
                        uint32_t *arc);

/* May a journey use this direction of the edge here? */
static inline bool sgp_ends_allowed(const sgp_snap *snap, bool backward) {
    return snap->directions == 0 || (snap->directions & (backward ? SGP_AGAINST : SGP_ALONG));
}

/* The lesser of two times, SGP_UNREACHABLE counting as more than any. */
static inline int64_t sgp_ends_lesser(int64_t a, int64_t b) {
    if (a == SGP_UNREACHABLE)
        return b;
    return b == SGP_UNREACHABLE || a <= b ? a : b;
}

/* SGP_E_ARGUMENT for a snap that is not on this graph, SGP_E_RANGE for a penalty
 * below 0 or beyond what sums may hold. */
sgp_err sgp_ends_check_snap(const sgp_graph *graph, const sgp_snap *snap) SGP_MUST_USE;
sgp_err sgp_ends_check_source(const sgp_graph *graph, const sgp_source *source) SGP_MUST_USE;

#endif
