/* A metric: the weights of all arcs under one profile and traffic picture, and what the
 * hierarchy's up-arcs cost under them. What depends on topology alone belongs to the
 * graph (graph_format.h, hierarchy.h), so that metrics stay small. */
#ifndef SGP_ROUTE_METRIC_H
#define SGP_ROUTE_METRIC_H

#include "route/graph_format.h"
#include "sigap/router.h"

enum { SGP_METRIC_ALIGNMENT = 64 };

struct sgp_metric {
    const sgp_graph *graph;
    const int32_t *weight; /* [n_arcs] as given: its own copy, or the graph's where they are that */
    int32_t *own_weight;   /* [n_arcs]; NULL where the graph's serve */
    int32_t *customized;   /* [hierarchy.n_weights], on a 64-byte boundary; see hierarchy.h */
    uint64_t version;
    struct sgp_customizer *customizer; /* scratch of sgp_metric_fill, for the next time; or NULL */
};

/* Memory for a metric of `graph` with weights of its own, its contents unset. */
sgp_err sgp_metric_init(sgp_metric *metric, const sgp_graph *graph) SGP_MUST_USE;
void sgp_metric_deinit(sgp_metric *metric);
/* Takes the weights and customizes them, under a new version. SGP_E_RANGE, SGP_E_MEMORY: the
 * metric is as before. `threads` as in sgp_metric_customize. */
sgp_err sgp_metric_fill(sgp_metric *metric, const int32_t *weight, unsigned threads) SGP_MUST_USE;
/* SGP_E_RANGE where one of the weights is none. */
sgp_err sgp_metric_check_weights(const sgp_graph *graph, const int32_t *weight) SGP_MUST_USE;
uint64_t sgp_metric_next_version(void);

/* Time for `part_mm` of an arc that takes `weight` for `length_mm`, rounded down. */
static inline int64_t sgp_part_ms(int32_t weight, uint32_t part_mm, uint32_t length_mm) {
    return (int64_t)weight * part_mm / length_mm;
}

/* One way of driving over an edge, as far as the profile allows it. */
static inline bool sgp_arc_usable(const sgp_metric *metric, uint32_t arc) {
    return arc != SGP_NONE && metric->weight[arc] < SGP_INF;
}

#endif
