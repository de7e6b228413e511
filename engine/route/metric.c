#include "route/metric.h"
#include "route/customize.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

uint64_t sgp_metric_next_version(void) {
    /* The only thing that all metrics of a process share: a clock that counts them. */
    static atomic_uint_fast64_t last;
    return atomic_fetch_add(&last, 1) + 1;
}

/* Rows are read all over the place, so large metrics lie on large pages where the system
 * gives them: fewer look-ups of addresses. Only advice; without it all is the same but slower. */
static int32_t *alloc_customized(size_t bytes) {
    const size_t large_page = (size_t)2 << 20;
    bool large = bytes >= large_page;
    size_t alignment = large ? large_page : SGP_METRIC_ALIGNMENT;
    void *memory = NULL;
    if (posix_memalign(&memory, alignment, bytes) != 0)
        return NULL;
    if (large)
        (void)madvise(memory, bytes, MADV_HUGEPAGE);
    return memory;
}

static sgp_err init_metric(sgp_metric *metric, const sgp_graph *graph, bool with_weights) {
    size_t n_arcs = graph->parts.n_arcs;
    size_t bytes = (size_t)graph->hierarchy.n_weights * sizeof *metric->customized;
    bytes = (bytes / SGP_METRIC_ALIGNMENT + 1) * SGP_METRIC_ALIGNMENT;
    *metric = (sgp_metric){
        .graph = graph,
        .own_weight = with_weights ? malloc((n_arcs + 1) * sizeof *metric->own_weight) : NULL,
        .customized = alloc_customized(bytes),
    };
    metric->weight = with_weights ? metric->own_weight : graph->parts.weight;
    if (metric->weight && metric->customized)
        return SGP_OK;
    sgp_metric_deinit(metric);
    return SGP_E_MEMORY;
}

sgp_err sgp_metric_init(sgp_metric *metric, const sgp_graph *graph) {
    return init_metric(metric, graph, true);
}

void sgp_metric_deinit(sgp_metric *metric) {
    free(metric->own_weight);
    free(metric->customized);
    sgp_customizer_destroy(metric->customizer);
    *metric = (sgp_metric){0};
}

sgp_err sgp_metric_check_weights(const sgp_graph *graph, const int32_t *weight) {
    int wrong = 0; /* no way out in between, so that vectors can do it */
    for (uint32_t a = 0; a < graph->parts.n_arcs; a++)
        wrong |= (weight[a] < 0) | (weight[a] > SGP_INF);
    return wrong ? SGP_E_RANGE : SGP_OK;
}

sgp_err sgp_metric_fill(sgp_metric *metric, const int32_t *weight, unsigned threads) {
    const sgp_graph *graph = metric->graph;
    sgp_err err = sgp_metric_check_weights(graph, weight);
    if (!err)
        err = sgp_customizer_renew(graph, threads, &metric->customizer);
    if (err)
        return err;
    memcpy(metric->own_weight, weight, graph->parts.n_arcs * sizeof *weight);
    sgp_customizer_run(metric->customizer, threads, weight, metric->customized);
    metric->version = sgp_metric_next_version();
    return SGP_OK;
}

/* `weight` NULL: those of the graph. */
static sgp_err make_metric(const sgp_graph *graph, const int32_t *weight, unsigned threads,
                           sgp_metric **metric) {
    sgp_metric *made = calloc(1, sizeof *made);
    sgp_customizer *customizer = NULL;
    sgp_err err = made ? init_metric(made, graph, weight != NULL) : SGP_E_MEMORY;
    if (!err)
        err = sgp_customizer_create(graph, threads, NULL, &customizer);
    if (err) {
        sgp_metric_destroy(made);
        return err;
    }
    if (weight)
        memcpy(made->own_weight, weight, graph->parts.n_arcs * sizeof *weight);
    sgp_customizer_run(customizer, threads, made->weight, made->customized);
    sgp_customizer_destroy(customizer);
    made->version = sgp_metric_next_version();
    *metric = made;
    return SGP_OK;
}

sgp_err sgp_metric_customize(const sgp_graph *graph, const int32_t *weight, unsigned threads,
                             sgp_metric **metric) {
    sgp_err err = sgp_metric_check_weights(graph, weight);
    return err ? err : make_metric(graph, weight, threads, metric);
}

sgp_err sgp_metric_create(const sgp_graph *graph, sgp_metric **metric) {
    return make_metric(graph, NULL, 0, metric);
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
