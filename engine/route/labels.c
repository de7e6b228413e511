/* Labels of a fleet. */
#include "route/ends.h"
#include "route/query.h"

#include <assert.h>
#include <stdlib.h>

struct sgp_labels {
    const sgp_graph *graph;
    size_t capacity;
    sgp_source *sources;          /* [capacity] */
    const sgp_metric **made_with; /* [capacity] metric of the label; NULL = none */
    bool *is_set;                 /* [capacity] */
    int64_t *time_ms;             /* [capacity] */
};

sgp_err sgp_labels_create(const sgp_graph *graph, size_t capacity, sgp_labels **labels) {
    sgp_labels *l = calloc(1, sizeof *l);
    if (!l)
        return SGP_E_MEMORY;
    l->graph = graph;
    l->capacity = capacity;
    l->sources = calloc(capacity + 1, sizeof *l->sources);
    l->made_with = calloc(capacity + 1, sizeof *l->made_with);
    l->is_set = calloc(capacity + 1, sizeof *l->is_set);
    l->time_ms = calloc(capacity + 1, sizeof *l->time_ms);
    if (!l->sources || !l->made_with || !l->is_set || !l->time_ms) {
        sgp_labels_destroy(l);
        return SGP_E_MEMORY;
    }
    *labels = l;
    return SGP_OK;
}

void sgp_labels_destroy(sgp_labels *labels) {
    if (!labels)
        return;
    free(labels->sources);
    free(labels->made_with);
    free(labels->is_set);
    free(labels->time_ms);
    free(labels);
}

sgp_err sgp_labels_set(sgp_labels *labels, size_t slot, const sgp_source *source) {
    assert(slot < labels->capacity);
    sgp_err err = sgp_ends_check_source(labels->graph, source);
    if (err)
        return err;
    labels->sources[slot] = *source;
    labels->is_set[slot] = true;
    labels->made_with[slot] = NULL;
    return SGP_OK;
}

void sgp_labels_clear(sgp_labels *labels, size_t slot) {
    assert(slot < labels->capacity);
    labels->is_set[slot] = false;
}

size_t sgp_labels_refresh(sgp_labels *labels, sgp_query *query) {
    size_t n = 0;
    for (size_t i = 0; i < labels->capacity; i++) {
        if (!labels->is_set[i] || labels->made_with[i] == query->metric)
            continue;
        labels->made_with[i] = query->metric;
        n++;
    }
    return n;
}

sgp_err sgp_labels_to(sgp_labels *labels, sgp_query *query, const sgp_snap *target,
                      int64_t *time_ms) {
    sgp_err err = sgp_ends_check_snap(query->metric->graph, target);
    sgp_labels_refresh(labels, query);
    for (size_t i = 0; i < labels->capacity && !err; i++) {
        time_ms[i] = SGP_UNREACHABLE;
        if (labels->is_set[i])
            err = sgp_query_many_to_one(query, &labels->sources[i], 1, target, &time_ms[i]);
    }
    return err;
}

sgp_err sgp_labels_nearest(sgp_labels *labels, sgp_query *query, const sgp_snap *target, size_t k,
                           int64_t limit_ms, sgp_near *near, size_t *n) {
    sgp_err err = sgp_labels_to(labels, query, target, labels->time_ms);
    if (err)
        return err;
    size_t count = 0;
    for (size_t i = 0; i < labels->capacity; i++) {
        int64_t ms = labels->time_ms[i];
        if (ms == SGP_UNREACHABLE || ms > limit_ms ||
            (count == k && (k == 0 || ms >= near[k - 1].ms)))
            continue;
        size_t place = count < k ? count++ : k - 1;
        for (; place > 0 && near[place - 1].ms > ms; place--)
            near[place] = near[place - 1];
        near[place] = (sgp_near){i, ms};
    }
    *n = count;
    return SGP_OK;
}
