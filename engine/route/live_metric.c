/* A metric that is replaced while others read it.
 *
 * Two buffers: the current one, which readers take, and a spare one, which the writer
 * fills. A reader counts itself in and then looks whether the buffer is still current; the
 * writer makes the other one current and then looks whether anybody is still counted in.
 * Whatever the interleaving, one of the two sees the other, so a reader that stays counted
 * in never meets a writer.
 *
 * The spare buffer is what was current before, so it lacks the last change as well as the
 * next; or it was prepared and not published, and has one change too many. Either way the
 * buffers differ in the arcs and slots of the last change. Where that was small, those are taken
 * over from the current buffer one by one; where it was a new picture, the spare is made a copy.
 */
#include "route/customize.h"
#include "route/customize_partial.h"
#include "route/metric.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Beyond so many changed arcs full customization is quicker. Measured on New York, one thread,
 * random arcs, a busy machine: 100 take 3.2 ms, 200 take 6.1 ms, 300 take 9.3 ms; all of it,
 * with the copy of the weights, 10 to 12 ms. */
enum { PARTIAL_MOST = 250 };

struct sgp_live_metric {
    const sgp_graph *graph;
    sgp_metric metric[2];
    atomic_uint readers[2];
    atomic_uint current; /* 0 or 1 */
    /* The writer's. */
    sgp_customizer *customizer;
    sgp_partial *partial;
    bool prepared;     /* the spare buffer waits to be published */
    bool spare_is_far; /* the last change was a new picture */
    /* Else: the arcs in which the buffers differ; `partial` knows the slots. */
    uint32_t last_changed[PARTIAL_MOST];
    size_t n_last_changed;
    sgp_changed_arc changed[PARTIAL_MOST]; /* of the change that is being made */
};

sgp_err sgp_live_metric_create(const sgp_graph *graph, const int32_t *weight, unsigned threads,
                               sgp_live_metric **live) {
    sgp_err err = sgp_metric_check_weights(graph, weight);
    if (err)
        return err;
    sgp_live_metric *made = calloc(1, sizeof *made);
    if (!made)
        return SGP_E_MEMORY;
    made->graph = graph;
    err = sgp_metric_init(&made->metric[0], graph);
    if (!err)
        err = sgp_metric_init(&made->metric[1], graph);
    if (!err)
        err = sgp_partial_create(graph, &made->partial);
    if (!err)
        err = sgp_customizer_create(graph, threads, NULL, &made->customizer);
    if (!err) /* the first picture goes where the first replacement would */
        err = sgp_live_metric_replace(made, weight, threads);
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
    sgp_customizer_destroy(live->customizer);
    sgp_partial_destroy(live->partial);
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
static sgp_metric *spare_metric(sgp_live_metric *live) {
    unsigned spare = 1 - atomic_load(&live->current);
    while (atomic_load(&live->readers[spare]) != 0) {
        struct timespec pause = {.tv_nsec = 50000};
        nanosleep(&pause, NULL);
    }
    return &live->metric[spare];
}

void sgp_live_metric_publish(sgp_live_metric *live) {
    unsigned spare = 1 - atomic_load(&live->current);
    assert(live->prepared);
    live->prepared = false;
    live->metric[spare].version = sgp_metric_next_version();
    atomic_store(&live->current, spare);
}

sgp_err sgp_live_metric_prepare(sgp_live_metric *live, const int32_t *weight, unsigned threads) {
    live->prepared = false;
    sgp_err err = sgp_metric_check_weights(live->graph, weight);
    if (!err)
        err = sgp_customizer_renew(live->graph, threads, &live->customizer);
    if (err)
        return err;
    sgp_metric *spare = spare_metric(live);
    memcpy(spare->own_weight, weight, live->graph->parts.n_arcs * sizeof *weight);
    sgp_customizer_run(live->customizer, threads, spare->weight, spare->customized);
    live->spare_is_far = true;
    live->prepared = true;
    return SGP_OK;
}

static void copy_metric(const sgp_graph *graph, const sgp_metric *from, sgp_metric *to) {
    memcpy(to->own_weight, from->weight, graph->parts.n_arcs * sizeof *to->own_weight);
    memcpy(to->customized, from->customized, graph->hierarchy.n_weights * sizeof *to->customized);
}

/* Brings the spare buffer to where the last one is. */
static void catch_up(const sgp_live_metric *live, const sgp_metric *last, sgp_metric *spare) {
    if (live->spare_is_far) {
        copy_metric(live->graph, last, spare);
        return;
    }
    for (size_t i = 0; i < live->n_last_changed; i++)
        spare->own_weight[live->last_changed[i]] = last->weight[live->last_changed[i]];
    size_t n;
    const uint32_t *slots = sgp_partial_slots(live->partial, &n);
    for (size_t i = 0; i < n; i++)
        spare->customized[slots[i]] = last->customized[slots[i]];
}

/* Gives arcs of the spare buffer their new weights and notes what they were; returns how many
 * differ. */
static size_t change_arcs(sgp_live_metric *live, sgp_metric *spare, const sgp_arc_weight *changes,
                          size_t n) {
    size_t n_changed = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t arc = changes[i].arc;
        live->last_changed[i] = arc;
        if (spare->own_weight[arc] == changes[i].weight)
            continue;
        live->changed[n_changed++] = (sgp_changed_arc){arc, spare->own_weight[arc]};
        spare->own_weight[arc] = changes[i].weight;
    }
    live->n_last_changed = n;
    return n_changed;
}

sgp_err sgp_live_metric_prepare_change(sgp_live_metric *live, const sgp_arc_weight *changes,
                                       size_t n) {
    live->prepared = false;
    for (size_t i = 0; i < n; i++) {
        if (changes[i].arc >= live->graph->parts.n_arcs)
            return SGP_E_ARGUMENT;
        if (changes[i].weight < 0 || changes[i].weight > SGP_INF)
            return SGP_E_RANGE;
    }
    sgp_metric *spare = spare_metric(live);
    const sgp_metric *last = &live->metric[atomic_load(&live->current)];
    if (n > PARTIAL_MOST) {
        memcpy(spare->own_weight, last->weight,
               live->graph->parts.n_arcs * sizeof *spare->own_weight);
        for (size_t i = 0; i < n; i++)
            spare->own_weight[changes[i].arc] = changes[i].weight;
        sgp_customizer_run(live->customizer, 1, spare->weight, spare->customized);
        live->spare_is_far = true;
        live->prepared = true;
        return SGP_OK;
    }
    catch_up(live, last, spare);
    size_t n_changed = change_arcs(live, spare, changes, n);
    live->spare_is_far =
        !sgp_partial_run(live->partial, spare->weight, spare->customized, live->changed, n_changed);
    if (live->spare_is_far)
        sgp_customizer_run(live->customizer, 1, spare->weight, spare->customized);
    live->prepared = true;
    return SGP_OK;
}

sgp_err sgp_live_metric_replace(sgp_live_metric *live, const int32_t *weight, unsigned threads) {
    sgp_err err = sgp_live_metric_prepare(live, weight, threads);
    if (!err)
        sgp_live_metric_publish(live);
    return err;
}

sgp_err sgp_live_metric_change(sgp_live_metric *live, const sgp_arc_weight *changes, size_t n) {
    sgp_err err = sgp_live_metric_prepare_change(live, changes, n);
    if (!err)
        sgp_live_metric_publish(live);
    return err;
}
