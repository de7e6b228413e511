/* A metric: the weights of one profile, with the arcs sorted both ways. */
#ifndef SGP_ROUTE_METRIC_H
#define SGP_ROUTE_METRIC_H

#include "route/graph_format.h"
#include "sigap/router.h"

/* An arc that is not its edge's own. */
typedef struct sgp_arc_copy {
    uint32_t move; /* as in arc_edge */
    uint32_t arc;
} sgp_arc_copy;

struct sgp_metric {
    const sgp_graph *graph;
    const int32_t *weight; /* [n_arcs] borrowed from the graph */
    uint32_t *arc_tail;    /* [n_arcs] */
    uint32_t *first_in;    /* [n_vertices + 1] incoming arcs of v */
    uint32_t *in_arc;      /* [n_arcs] arc numbers, by head, ascending within a head */
    sgp_arc_copy *copies;  /* [n_copies] by (move, arc) */
    uint32_t n_copies;
};

/* Time for `part_mm` of an arc that takes `weight` for `length_mm`, rounded down. */
static inline int64_t sgp_part_ms(int32_t weight, uint32_t part_mm, uint32_t length_mm) {
    return (int64_t)weight * part_mm / length_mm;
}

/* One way of driving over an edge, as far as the profile allows it. */
static inline bool sgp_arc_usable(const sgp_metric *metric, uint32_t arc) {
    return arc != SGP_NONE && metric->weight[arc] < SGP_INF;
}

#endif
