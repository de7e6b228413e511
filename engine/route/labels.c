/* The labels of a fleet: which slot stands where, and what of it is cached. */
#include "route/ends.h"
#include "route/query.h"
#include "route/sort.h"

#include <assert.h>
#include <stdlib.h>

/* What a slot has in the fleet: a source is left by two arcs at most, so it has at most two
 * columns. */
typedef struct cached {
    uint32_t vertex[2];
    uint8_t n_columns;
    bool is_set;
    bool is_new; /* its label is to be made; it stands in `fresh` */
} cached;

struct sgp_labels {
    const sgp_graph *graph;
    size_t capacity;
    sgp_source *sources; /* [capacity] */
    cached *slots;       /* [capacity] */
    uint32_t *fresh;     /* [capacity] slots that are new */
    size_t n_fresh;
    uint64_t version; /* of the metric that all columns were made with; 0: none */
    sgp_fleet fleet;
    int32_t *ms;                  /* [capacity] of the last call, without penalties */
    uint64_t *keys, *key_scratch; /* [capacity] */
};

sgp_err sgp_labels_create(const sgp_graph *graph, size_t capacity, sgp_labels **labels) {
    if (capacity >= SGP_NONE)
        return SGP_E_ARGUMENT;
    sgp_labels *l = calloc(1, sizeof *l);
    if (!l)
        return SGP_E_MEMORY;
    l->graph = graph;
    l->capacity = capacity;
    l->sources = calloc(capacity + 1, sizeof *l->sources);
    l->slots = calloc(capacity + 1, sizeof *l->slots);
    l->fresh = calloc(capacity + 1, sizeof *l->fresh);
    l->ms = calloc(capacity + 1, sizeof *l->ms);
    l->keys = calloc(capacity + 1, sizeof *l->keys);
    l->key_scratch = calloc(capacity + 1, sizeof *l->key_scratch);
    if (!l->sources || !l->slots || !l->fresh || !l->ms || !l->keys || !l->key_scratch ||
        sgp_fleet_init(&l->fleet, &graph->hierarchy) != SGP_OK) {
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
    free(labels->slots);
    free(labels->fresh);
    free(labels->ms);
    free(labels->keys);
    free(labels->key_scratch);
    sgp_fleet_deinit(&labels->fleet);
    free(labels);
}

static void take_out(sgp_labels *labels, size_t slot) {
    cached *c = &labels->slots[slot];
    for (uint32_t i = 0; i < c->n_columns; i++)
        sgp_fleet_take(&labels->fleet, (uint32_t)slot, c->vertex[i]);
    c->n_columns = 0;
}

sgp_err sgp_labels_set(sgp_labels *labels, size_t slot, const sgp_source *source) {
    assert(slot < labels->capacity);
    sgp_err err = sgp_ends_check_source(labels->graph, source);
    if (err)
        return err;
    take_out(labels, slot);
    labels->sources[slot] = *source;
    labels->slots[slot].is_set = true;
    if (!labels->slots[slot].is_new)
        labels->fresh[labels->n_fresh++] = (uint32_t)slot;
    labels->slots[slot].is_new = true;
    return SGP_OK;
}

void sgp_labels_clear(sgp_labels *labels, size_t slot) {
    assert(slot < labels->capacity);
    take_out(labels, slot);
    labels->slots[slot].is_set = false; /* if it is new, refresh passes it over */
}

static sgp_err make_label(sgp_labels *labels, sgp_query *query, uint32_t slot) {
    sgp_stop stop = {.kind = SGP_STOP_FROM, .snap = &labels->sources[slot].from};
    sgp_err err = sgp_query_label(query, &stop, SGP_LEAVING);
    if (!err)
        err = sgp_fleet_put(&labels->fleet, slot, &query->leaving);
    if (err)
        return err;
    cached *c = &labels->slots[slot];
    c->n_columns = (uint8_t)query->leaving.n_paths;
    assert(c->n_columns <= 2);
    for (uint32_t i = 0; i < c->n_columns; i++)
        c->vertex[i] = query->leaving.paths[i].vertex;
    return SGP_OK;
}

/* Everything is forgotten: all slots that are set are new. */
static void forget_all(sgp_labels *labels) {
    sgp_fleet_clear(&labels->fleet);
    labels->n_fresh = 0;
    for (size_t i = 0; i < labels->capacity; i++) {
        labels->slots[i].n_columns = 0;
        labels->slots[i].is_new = labels->slots[i].is_set;
        if (labels->slots[i].is_set)
            labels->fresh[labels->n_fresh++] = (uint32_t)i;
    }
}

/* One of the vertices by which the slot's source is left, to sort by. */
static uint32_t vertex_of(const sgp_labels *labels, const sgp_query *query, uint32_t slot) {
    sgp_end ends[2];
    int n = sgp_ends_leaving(query->metric, &labels->sources[slot].from, ends);
    return n > 0 ? ends[0].vertex : 0;
}

/* The last `most` of those that are new; the others stay so. */
static sgp_err refresh(sgp_labels *labels, sgp_query *query, size_t most, size_t *made) {
    assert(query->metric->graph == labels->graph);
    if (labels->version != query->metric->version)
        forget_all(labels);
    labels->version = query->metric->version;
    size_t n = 0, left = labels->n_fresh > most ? labels->n_fresh - most : 0;
    for (size_t i = left; i < labels->n_fresh; i++)
        if (labels->slots[labels->fresh[i]].is_set)
            labels->keys[n++] =
                sgp_sort_key(vertex_of(labels, query, labels->fresh[i]), labels->fresh[i]);
        else
            labels->slots[labels->fresh[i]].is_new = false;
    sgp_sort(labels->keys, labels->key_scratch, n);
    *made = 0;
    sgp_err err = SGP_OK;
    for (size_t i = 0; i < n && !err; i++) {
        err = make_label(labels, query, (uint32_t)labels->keys[i]);
        labels->slots[(uint32_t)labels->keys[i]].is_new = false;
    }
    *made = n;
    labels->n_fresh = left;
    if (err)
        labels->version = 0; /* nobody knows what is in: from the start the next time */
    return err;
}

size_t sgp_labels_refresh(sgp_labels *labels, sgp_query *query) {
    size_t made;
    return refresh(labels, query, SIZE_MAX, &made) == SGP_OK ? made : 0;
}

size_t sgp_labels_refresh_some(sgp_labels *labels, sgp_query *query, size_t most) {
    size_t made;
    return refresh(labels, query, most, &made) == SGP_OK ? made : 0;
}

size_t sgp_labels_missing(const sgp_labels *labels) {
    return labels->n_fresh;
}

bool sgp_labels_has(const sgp_labels *labels, size_t slot) {
    assert(slot < labels->capacity);
    return labels->slots[slot].is_set && !labels->slots[slot].is_new;
}

/* labels->ms of all slots. */
static sgp_err ask(sgp_labels *labels, sgp_query *query, const sgp_snap *target) {
    size_t made;
    sgp_stop stop = {.kind = SGP_STOP_TO, .snap = target};
    sgp_err err = sgp_ends_check_snap(labels->graph, target);
    if (!err)
        err = refresh(labels, query, SIZE_MAX, &made);
    if (!err)
        err = sgp_query_label(query, &stop, SGP_ARRIVING);
    if (err)
        return err;
    for (size_t i = 0; i < labels->capacity; i++)
        labels->ms[i] = SGP_INF;
    sgp_fleet_ask(&labels->fleet, &query->arriving, labels->ms);
    return SGP_OK;
}

/* The direct way along a common edge and the penalty come in. */
static int64_t time_of(const sgp_labels *labels, const sgp_query *query, size_t slot,
                       const sgp_snap *target) {
    const sgp_source *source = &labels->sources[slot];
    int64_t ms = labels->ms[slot] < SGP_INF ? labels->ms[slot] : SGP_UNREACHABLE;
    uint32_t arc;
    if (source->from.edge == target->edge && labels->slots[slot].is_set)
        ms = sgp_ends_lesser(ms, sgp_ends_direct(query->metric, &source->from, target, &arc));
    return ms == SGP_UNREACHABLE ? ms : ms + source->penalty_ms;
}

sgp_err sgp_labels_to(sgp_labels *labels, sgp_query *query, const sgp_snap *target,
                      int64_t *time_ms) {
    sgp_err err = ask(labels, query, target);
    for (size_t i = 0; i < labels->capacity && !err; i++)
        time_ms[i] = time_of(labels, query, i, target);
    return err;
}

sgp_err sgp_labels_nearest(sgp_labels *labels, sgp_query *query, const sgp_snap *target, size_t k,
                           int64_t limit_ms, sgp_near *near, size_t *n) {
    sgp_err err = ask(labels, query, target);
    if (err)
        return err;
    size_t count = 0;
    for (size_t i = 0; i < labels->capacity && k > 0; i++) {
        int64_t ms = time_of(labels, query, i, target);
        if (ms == SGP_UNREACHABLE || ms > limit_ms || (count == k && ms >= near[k - 1].ms))
            continue;
        size_t place = count < k ? count++ : k - 1;
        for (; place > 0 && near[place - 1].ms > ms; place--)
            near[place] = near[place - 1];
        near[place] = (sgp_near){i, ms};
    }
    *n = count;
    return SGP_OK;
}
