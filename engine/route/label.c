#include "route/label.h"

#include <stdlib.h>

enum { PATHS_AT_FIRST = 4, SEEDS_AT_FIRST = 32 };

static void forget(int32_t *ms, uint32_t n) {
    for (uint32_t i = 0; i < n; i++)
        ms[i] = SGP_INF;
}

static int32_t *make_entries(const sgp_label *label) {
    uint32_t entries = label->stride + SGP_LABEL_PADDING;
    int32_t *ms = aligned_alloc(64, entries * sizeof *ms);
    if (ms)
        forget(ms, entries);
    return ms;
}

static sgp_err add_paths(sgp_label *label, uint32_t capacity) {
    sgp_label_path *paths = realloc(label->paths, capacity * sizeof *paths);
    if (!paths)
        return SGP_E_MEMORY;
    label->paths = paths;
    for (; label->path_capacity < capacity; label->path_capacity++) {
        int32_t *ms = make_entries(label);
        if (!ms)
            return SGP_E_MEMORY;
        paths[label->path_capacity] = (sgp_label_path){.ms = ms};
    }
    return SGP_OK;
}

sgp_err sgp_label_init(sgp_label *label, const sgp_hierarchy *hierarchy) {
    *label = (sgp_label){.stride = sgp_label_stride(hierarchy), .minplus = sgp_minplus_best()};
    label->seeds = malloc(SEEDS_AT_FIRST * sizeof *label->seeds);
    label->seed_capacity = SEEDS_AT_FIRST;
    label->front = make_entries(label);
    if (label->seeds && label->front && add_paths(label, PATHS_AT_FIRST) == SGP_OK)
        return SGP_OK;
    sgp_label_deinit(label);
    return SGP_E_MEMORY;
}

void sgp_label_deinit(sgp_label *label) {
    for (uint32_t i = 0; i < label->path_capacity; i++)
        free(label->paths[i].ms);
    free(label->paths);
    free(label->seeds);
    free(label->front);
    *label = (sgp_label){0};
}

void sgp_label_begin(sgp_label *label) {
    label->n_seeds = 0;
}

sgp_err sgp_label_seed(sgp_label *label, uint32_t vertex, int64_t ms) {
    if (ms >= SGP_INF)
        return SGP_OK;
    if (label->n_seeds == label->seed_capacity) {
        uint32_t capacity = 2 * label->seed_capacity;
        sgp_seed *seeds = realloc(label->seeds, capacity * sizeof *seeds);
        if (!seeds)
            return SGP_E_MEMORY;
        label->seeds = seeds;
        label->seed_capacity = capacity;
    }
    uint32_t i = label->n_seeds++;
    for (; i > 0 && label->seeds[i - 1].vertex > vertex; i--)
        label->seeds[i] = label->seeds[i - 1];
    label->seeds[i] = (sgp_seed){vertex, (int32_t)ms};
    return SGP_OK;
}

uint32_t sgp_label_shared(const sgp_hierarchy *h, uint32_t u, uint32_t v) {
    uint32_t low = u < v ? u : v;
    uint32_t high = u < v ? v : u;
    while (low != SGP_NONE && !sgp_label_is_ancestor(h, low, high))
        low = h->parent[low];
    return low == SGP_NONE ? 0 : h->depth[low] + 1u;
}

/* What the path held before lies within its length, and is forgotten. */
static void begin_path(sgp_label *label, sgp_label_path *path, uint32_t vertex, uint32_t length) {
    uint32_t most = path->length > length ? path->length : length;
    forget(path->ms + label->stride - most, most);
    *path = (sgp_label_path){.vertex = vertex, .length = length, .ms = path->ms};
}

/* Makes the paths out of the seeds, each seed's time in its place. */
static sgp_err find_paths(sgp_label *label, const sgp_hierarchy *h) {
    sgp_label_path *path = NULL;
    label->n_paths = 0;
    for (uint32_t i = 0; i < label->n_seeds; i++) {
        const sgp_seed *seed = &label->seeds[i];
        uint32_t depth = h->depth[seed->vertex];
        if (!path || !sgp_label_is_ancestor(h, seed->vertex, path->vertex)) {
            if (label->n_paths == label->path_capacity &&
                add_paths(label, 2 * label->path_capacity) != SGP_OK)
                return SGP_E_MEMORY;
            if (label->n_paths > 0) {
                path = &label->paths[label->n_paths - 1];
                path->shared = sgp_label_shared(h, path->vertex, seed->vertex);
            }
            path = &label->paths[label->n_paths++];
            begin_path(label, path, seed->vertex, depth + 1);
        }
        int32_t *ms = path->ms + label->stride - 1 - depth;
        *ms = seed->ms < *ms ? seed->ms : *ms;
    }
    return SGP_OK;
}

/* ---- going up ------------------------------------------------------------------ */

typedef struct climb {
    const sgp_hierarchy *h;
    const int32_t *weight;
    sgp_label_side side;
    const sgp_minplus *minplus;
    int32_t *root;  /* the root's entry of the array */
    int32_t *front; /* scratch, all SGP_INF before and after */
} climb;

/* A row outside fronts: weights up, then down. */
static void push_row(const climb *c, uint32_t v, int32_t ms) {
    uint32_t row = c->h->row[v];
    uint32_t n = c->h->row_length[v];
    const uint16_t *head = c->h->head_depth + row;
    const int32_t *weight = c->weight + 2 * (size_t)row + (c->side == SGP_LEAVING ? 0 : n);
    for (uint32_t j = 0; j < n; j++) {
        int32_t *entry = c->root - head[j];
        int32_t sum = ms + weight[j];
        *entry = sum < *entry ? sum : *entry;
    }
}

/* Rows row .. row_end - 1 of a front whose first vertex lies at `depth`. Where the boundary
 * is consecutive too, the array serves as it is; else its entries are gathered. */
static void push_front(const climb *c, const sgp_front *f, uint32_t depth, uint32_t row,
                       uint32_t row_end) {
    const int32_t *weight = c->weight + (c->side == SGP_LEAVING ? f->up : f->down);
    const uint16_t *head = c->h->head_depth + f->heads;
    int32_t *own = c->root - depth;
    uint32_t n = f->n_heads;
    if (head[n - 1] + n == depth + 1) {
        c->minplus->push(weight, f->stride, row, row_end, own);
        return;
    }
    uint32_t k = f->n_columns;
    for (uint32_t i = row; i < k; i++)
        c->front[i] = own[i];
    for (uint32_t i = k; i < n; i++)
        c->front[i] = c->root[-(int32_t)head[i]];
    c->minplus->push(weight, f->stride, row, row_end, c->front);
    for (uint32_t i = row; i < k; i++) {
        own[i] = c->front[i];
        c->front[i] = SGP_INF;
    }
    for (uint32_t i = k; i < n; i++) {
        c->root[-(int32_t)head[i]] = c->front[i];
        c->front[i] = SGP_INF;
    }
}

/* The rows of v and of its ancestors, as long as they lie at `least_depth` or deeper. */
static void push_path(const climb *c, uint32_t v, uint32_t least_depth) {
    const sgp_hierarchy *h = c->h;
    for (uint32_t depth = h->depth[v]; v != SGP_NONE && depth >= least_depth;) {
        if (!sgp_in_front(h, v)) {
            int32_t ms = *(c->root - depth);
            if (ms < SGP_INF)
                push_row(c, v, ms);
            v = h->parent[v];
            depth--;
            continue;
        }
        const sgp_front *f = sgp_front_of(h, v);
        uint32_t row = v - f->first_vertex;
        uint32_t left = f->n_columns - row;
        uint32_t rows = depth - least_depth + 1 < left ? depth - least_depth + 1 : left;
        push_front(c, f, depth + row, row, row + rows);
        v = h->parent[v + left - 1];
        depth -= left;
    }
}

void sgp_label_fetch(const sgp_metric *metric, sgp_label_side side, uint32_t vertex) {
    const sgp_hierarchy *h = &metric->graph->hierarchy;
    __builtin_prefetch(h->depth + vertex);
    __builtin_prefetch(h->first_descendant + vertex);
    uint32_t v = vertex;
    for (; v != SGP_NONE && !sgp_in_front(h, v); v = h->parent[v]) {
        uint32_t n = h->row_length[v];
        const int32_t *weight =
            metric->customized + 2 * (size_t)h->row[v] + (side == SGP_LEAVING ? 0 : n);
        __builtin_prefetch(h->head_depth + h->row[v]);
        __builtin_prefetch(weight);
        __builtin_prefetch(weight + n);
    }
    if (v == SGP_NONE)
        return;
    const sgp_front *f = sgp_front_of(h, v);
    __builtin_prefetch(h->head_depth + f->heads);
    __builtin_prefetch(metric->customized + (side == SGP_LEAVING ? f->up : f->down) +
                       (size_t)(v - f->first_vertex) * f->stride);
}

sgp_err sgp_label_make(sgp_label *label, const sgp_metric *metric, sgp_label_side side) {
    const sgp_hierarchy *h = &metric->graph->hierarchy;
    sgp_err err = find_paths(label, h);
    if (err)
        return err;
    climb c = {.h = h,
               .weight = metric->customized,
               .side = side,
               .minplus = label->minplus,
               .front = label->front};
    uint32_t last = label->stride - 1;
    for (uint32_t i = 0; i < label->n_paths; i++) {
        sgp_label_path *path = &label->paths[i];
        c.root = path->ms + last;
        push_path(&c, path->vertex, path->shared);
        for (uint32_t d = 0; d < path->shared; d++) {
            int32_t *next = path[1].ms + last - d;
            *next = path->ms[last - d] < *next ? path->ms[last - d] : *next;
        }
    }
    for (uint32_t i = label->n_paths; i-- > 0;)
        for (uint32_t d = 0; d < label->paths[i].shared; d++)
            label->paths[i].ms[last - d] = label->paths[i + 1].ms[last - d];
    return SGP_OK;
}

int32_t sgp_label_between(const sgp_hierarchy *h, const sgp_label *leaving,
                          const sgp_label *arriving) {
    int32_t best = SGP_INF;
    for (uint32_t i = 0; i < leaving->n_paths; i++)
        for (uint32_t j = 0; j < arriving->n_paths; j++) {
            const sgp_label_path *a = &leaving->paths[i];
            const sgp_label_path *b = &arriving->paths[j];
            uint32_t shared = sgp_label_shared(h, a->vertex, b->vertex);
            uint32_t first = leaving->stride - shared;
            int32_t least = leaving->minplus->least(a->ms + first, b->ms + first, shared);
            best = least < best ? least : best;
        }
    return best;
}
