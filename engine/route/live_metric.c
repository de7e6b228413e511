/* A metric that is replaced while others read it.
 *
 * Two buffers: the current one, which readers take, and a spare one, which the writer
 * fills. A reader counts itself in and then looks whether the buffer is still current; the
 * writer makes the other one current and then looks whether anybody is still counted in.
 * Whatever the interleaving, one of the two sees the other, so a reader that stays counted
 * in never meets a writer.
 */
#include "route/metric.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct sgp_live_metric {
    sgp_metric metric[2];
    atomic_uint readers[2];
    atomic_uint current; /* 0 or 1 */
    int32_t *wanted;     /* [n_arcs] writer's: weights of the next metric */
};

sgp_err sgp_live_metric_create(const sgp_graph *graph, const int32_t *weight, unsigned threads,
                               sgp_live_metric **live) {
    sgp_live_metric *made = calloc(1, sizeof *made);
    if (!made)
        return SGP_E_MEMORY;
    sgp_err err = sgp_metric_init(&made->metric[0], graph);
    if (!err)
        err = sgp_metric_init(&made->metric[1], graph);
    made->wanted = malloc(((size_t)graph->parts.n_arcs + 1) * sizeof *made->wanted);
    if (!err && !made->wanted)
        err = SGP_E_MEMORY;
    if (!err)
        err = sgp_metric_fill(&made->metric[0], weight, threads);
    if (err) {
        sgp_live_metric_destroy(made);
        return err;
    }
    *live = made;
    return SGP_OK;
}

void sgp_live_metric_destroy(sgp_live_metric *live) {
    if (!live)
        return;
    assert(atomic_load(&live->readers[0]) == 0 && atomic_load(&live->readers[1]) == 0);
    sgp_metric_deinit(&live->metric[0]);
    sgp_metric_deinit(&live->metric[1]);
    free(live->wanted);
    free(live);
}

const sgp_metric *sgp_live_metric_hold(sgp_live_metric *live) {
    for (;;) {
        unsigned current = atomic_load(&live->current);
        atomic_fetch_add(&live->readers[current], 1);
        if (atomic_load(&live->current) == current)
            return &live->metric[current];
        atomic_fetch_sub(&live->readers[current], 1); /* it was replaced just now: again */
    }
}

void sgp_live_metric_release(sgp_live_metric *live, const sgp_metric *metric) {
    assert(metric == &live->metric[0] || metric == &live->metric[1]);
    unsigned before = atomic_fetch_sub(&live->readers[metric - live->metric], 1);
    assert(before > 0);
    (void)before;
}

/* The buffer that nobody reads, as soon as that is so. */
static unsigned spare_buffer(sgp_live_metric *live) {
    unsigned spare = 1 - atomic_load(&live->current);
    while (atomic_load(&live->readers[spare]) != 0) {
        struct timespec pause = {.tv_nsec = 50000};
        nanosleep(&pause, NULL);
    }
    return spare;
}

sgp_err sgp_live_metric_replace(sgp_live_metric *live, const int32_t *weight, unsigned threads) {
    unsigned spare = spare_buffer(live);
    sgp_err err = sgp_metric_fill(&live->metric[spare], weight, threads);
    if (!err)
        atomic_store(&live->current, spare);
    return err;
}

sgp_err sgp_live_metric_change(sgp_live_metric *live, const sgp_arc_weight *changes, size_t n) {
    const sgp_metric *last = &live->metric[atomic_load(&live->current)];
    uint32_t n_arcs = last->graph->parts.n_arcs;
    memcpy(live->wanted, last->weight, n_arcs * sizeof *live->wanted);
    for (size_t i = 0; i < n; i++) {
        if (changes[i].arc >= n_arcs)
            return SGP_E_ARGUMENT;
        live->wanted[changes[i].arc] = changes[i].weight;
    }
    return sgp_live_metric_replace(live, live->wanted, 1);
}
