#include "route/metric.h"
#include "route/customize.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

uint64_t sgp_metric_next_version(void) {
    /* The only thing that all metrics of a process share: a clock that counts them. */
    static atomic_uint_fast64_t last;
    return atomic_fetch_add(&last, 1) + 1;
}

sgp_err sgp_metric_init(sgp_metric *metric, const sgp_graph *graph) {
    size_t bytes = (size_t)graph->hierarchy.n_weights * sizeof *metric->customized;
    bytes = (bytes / SGP_METRIC_ALIGNMENT + 1) * SGP_METRIC_ALIGNMENT;
    *metric = (sgp_metric){
        .graph = graph,
        .weight = malloc(((size_t)graph->parts.n_arcs + 1) * sizeof *metric->weight),
        .customized = aligned_alloc(SGP_METRIC_ALIGNMENT, bytes),
    };
    if (metric->weight && metric->customized)
        return SGP_OK;
    sgp_metric_deinit(metric);
    return SGP_E_MEMORY;
}

void sgp_metric_deinit(sgp_metric *metric) {
    free(metric->weight);
    free(metric->customized);
    *metric = (sgp_metric){0};
}

sgp_err sgp_metric_fill(sgp_metric *metric, const int32_t *weight, unsigned threads) {
    uint32_t n_arcs = metric->graph->parts.n_arcs;
    for (uint32_t a = 0; a < n_arcs; a++)
        if (weight[a] < 0 || weight[a] > SGP_INF)
            return SGP_E_RANGE;
    memcpy(metric->weight, weight, n_arcs * sizeof *weight);
    metric->version = sgp_metric_next_version();
    (void)threads;
    return sgp_customize_scalar(metric->graph, metric->weight, metric->customized);
}

sgp_err sgp_metric_customize(const sgp_graph *graph, const int32_t *weight, unsigned threads,
                             sgp_metric **metric) {
    sgp_metric *made = calloc(1, sizeof *made);
    sgp_err err = made ? sgp_metric_init(made, graph) : SGP_E_MEMORY;
    if (!err)
        err = sgp_metric_fill(made, weight, threads);
    if (err) {
        sgp_metric_destroy(made);
        return err;
    }
    *metric = made;
    return SGP_OK;
}

sgp_err sgp_metric_create(const sgp_graph *graph, sgp_metric **metric) {
    return sgp_metric_customize(graph, graph->parts.weight, 0, metric);
}

void sgp_metric_destroy(sgp_metric *metric) {
    if (!metric)
        return;
    sgp_metric_deinit(metric);
    free(metric);
}

const sgp_graph *sgp_metric_graph(const sgp_metric *metric) {
    return metric->graph;
}

const int32_t *sgp_metric_weights(const sgp_metric *metric) {
    return metric->weight;
}

uint64_t sgp_metric_version(const sgp_metric *metric) {
    return metric->version;
}
