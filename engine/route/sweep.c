#include "route/sweep.h"

#include <stdlib.h>

sgp_err sgp_sweep_init(sgp_sweep *sweep, const sgp_hierarchy *hierarchy) {
    *sweep = (sgp_sweep){.stride = sgp_label_stride(hierarchy), .minplus = sgp_minplus_best()};
    uint32_t entries = sweep->stride + SGP_LABEL_PADDING;
    sweep->ms = aligned_alloc(64, entries * sizeof *sweep->ms);
    sweep->front = aligned_alloc(64, entries * sizeof *sweep->front);
    sweep->turns = malloc((hierarchy->n_levels + 1u) * sizeof *sweep->turns);
    if (!sweep->ms || !sweep->front || !sweep->turns) {
        sgp_sweep_deinit(sweep);
        return SGP_E_MEMORY;
    }
    for (uint32_t i = 0; i < entries; i++)
        sweep->ms[i] = sweep->front[i] = SGP_INF;
    return SGP_OK;
}

void sgp_sweep_deinit(sgp_sweep *sweep) {
    free(sweep->ms);
    free(sweep->front);
    free(sweep->turns);
    *sweep = (sgp_sweep){0};
}

void sgp_sweep_begin(sgp_sweep *sweep, const sgp_metric *metric, const sgp_label *label,
                     sgp_label_side side) {
    sweep->metric = metric;
    sweep->label = label;
    sweep->side = side;
    sweep->path = SGP_NONE;
}

static const sgp_hierarchy *hierarchy_of(const sgp_sweep *sweep) {
    return &sweep->metric->graph->hierarchy;
}

/* What the label says of v, which lies at `place`. */
static int32_t by_label(const sgp_sweep *sweep, uint32_t v, uint32_t place) {
    const sgp_hierarchy *h = hierarchy_of(sweep);
    for (uint32_t i = sweep->label->n_paths; i-- > 0;)
        if (sgp_label_is_ancestor(h, v, sweep->label->paths[i].vertex))
            return sweep->label->paths[i].ms[place];
    return SGP_INF;
}

static int32_t pull_row(const sgp_sweep *sweep, uint32_t v, int32_t best) {
    const sgp_hierarchy *h = hierarchy_of(sweep);
    uint32_t row = h->row[v];
    uint32_t n = h->row_length[v];
    const uint16_t *head = h->head_depth + row;
    /* A place that is left is reached from above, over downward arcs. */
    const int32_t *weight =
        sweep->metric->customized + 2 * (size_t)row + (sweep->side == SGP_LEAVING ? n : 0);
    const int32_t *root = sweep->ms + sweep->stride - 1;
    for (uint32_t j = 0; j < n; j++) {
        int32_t sum = *(root - head[j]) + weight[j];
        best = sum < best ? sum : best;
    }
    return best;
}

/* n rows of a front from v upwards; v lies at `place`. */
static void pull_front(sgp_sweep *sweep, uint32_t v, uint32_t place, uint32_t n) {
    const sgp_hierarchy *h = hierarchy_of(sweep);
    const sgp_front *f = sgp_front_of(h, v);
    const int32_t *weight =
        sweep->metric->customized + (sweep->side == SGP_LEAVING ? f->down : f->up);
    const uint16_t *head = h->head_depth + f->heads;
    const int32_t *root = sweep->ms + sweep->stride - 1;
    uint32_t row = v - f->first_vertex;
    int32_t *own = sweep->ms + place - row; /* of the front's first vertex */
    for (uint32_t i = 0; i < n; i++)
        own[row + i] = by_label(sweep, v + i, place + i);
    if (head[f->n_heads - 1] + f->n_heads == head[0] + 1u) {
        sweep->minplus->pull(weight, f->stride, row, row + n, own);
        return;
    }
    for (uint32_t i = row; i < f->n_columns; i++)
        sweep->front[i] = own[i];
    for (uint32_t i = f->n_columns; i < f->n_heads; i++)
        sweep->front[i] = *(root - head[i]);
    sweep->minplus->pull(weight, f->stride, row, row + n, sweep->front);
    for (uint32_t i = row; i < row + n; i++)
        own[i] = sweep->front[i];
    for (uint32_t i = row; i < f->n_heads; i++)
        sweep->front[i] = SGP_INF;
}

/* How many rows of the front from v upwards, at most n, are not on the path of `before`. */
static uint32_t own_rows(const sgp_hierarchy *h, uint32_t v, uint32_t n, uint32_t before) {
    uint32_t own = 0;
    while (own < n && !sgp_label_is_ancestor(h, v + own, before))
        own++;
    return own;
}

/* Climbs from v to where its root path joins that of `before`, noting what lies below.
 * Returns how many turns there are, the lowest first. */
static uint32_t climb(sgp_sweep *sweep, uint32_t v, uint32_t before) {
    const sgp_hierarchy *h = hierarchy_of(sweep);
    sgp_sweep_turn *turns = sweep->turns;
    uint32_t n_turns = 0;
    while (v != SGP_NONE && !(before != SGP_NONE && sgp_label_is_ancestor(h, v, before))) {
        uint32_t n = 1;
        if (sgp_in_front(h, v)) {
            const sgp_front *f = sgp_front_of(h, v);
            n = f->first_vertex + f->n_columns - v;
            uint32_t last = v + n - 1;
            if (before != SGP_NONE && sgp_label_is_ancestor(h, last, before))
                n = own_rows(h, v, n, before);
        }
        turns[n_turns++] = (sgp_sweep_turn){v, n};
        v = h->parent[v + n - 1];
    }
    return n_turns;
}

int32_t sgp_sweep_ask(sgp_sweep *sweep, uint32_t vertex) {
    const sgp_hierarchy *h = hierarchy_of(sweep);
    uint32_t place = sweep->stride - 1 - h->depth[vertex];
    uint32_t n_turns = climb(sweep, vertex, sweep->path);
    uint32_t above = place;
    for (uint32_t i = 0; i < n_turns; i++)
        above += sweep->turns[i].n_rows;
    for (uint32_t i = n_turns; i-- > 0;) {
        const sgp_sweep_turn *turn = &sweep->turns[i];
        above -= turn->n_rows;
        if (sgp_in_front(h, turn->vertex))
            pull_front(sweep, turn->vertex, above, turn->n_rows);
        else
            sweep->ms[above] = pull_row(sweep, turn->vertex, by_label(sweep, turn->vertex, above));
    }
    if (n_turns > 0)
        sweep->path = vertex;
    return sweep->ms[place];
}

/* The distances of v, or of the whole front that it is the last of, into `ms`. Returns the
 * lowest vertex. */
static uint32_t visit(sgp_sweep *sweep, uint32_t v) {
    const sgp_hierarchy *h = hierarchy_of(sweep);
    uint32_t first = v;
    if (sgp_in_front(h, v))
        first = sgp_front_of(h, v)->first_vertex;
    uint32_t place = sweep->stride - 1 - h->depth[first];
    if (sgp_in_front(h, v))
        pull_front(sweep, first, place, v - first + 1);
    else
        sweep->ms[place] = pull_row(sweep, v, by_label(sweep, v, place));
    return first;
}

void sgp_sweep_all(sgp_sweep *sweep, int32_t *distance) {
    const sgp_hierarchy *h = hierarchy_of(sweep);
    for (uint32_t v = h->n_vertices; v-- > 0;) {
        uint32_t first = visit(sweep, v);
        const int32_t *ms = sweep->ms + sweep->stride - 1 - h->depth[first];
        for (uint32_t i = 0; i <= v - first; i++)
            distance[first + i] = ms[i];
        v = first;
    }
    sweep->path = SGP_NONE;
}

static bool holds_place(const sgp_sweep *sweep, uint32_t v) {
    for (uint32_t i = 0; i < sweep->label->n_paths; i++)
        if (sgp_label_is_ancestor(hierarchy_of(sweep), v, sweep->label->paths[i].vertex))
            return true;
    return false;
}

/* Is any head of v's row within the limit? */
static bool is_near(const sgp_sweep *sweep, uint32_t v, int32_t limit_ms) {
    const sgp_hierarchy *h = hierarchy_of(sweep);
    sgp_row row = sgp_row_of(h, v);
    const int32_t *root = sweep->ms + sweep->stride - 1;
    int32_t least = SGP_INF;
    for (uint32_t j = 0; j < row.length; j++)
        least = *(root - row.heads[j]) < least ? *(root - row.heads[j]) : least;
    return least <= limit_ms;
}

size_t sgp_sweep_within(sgp_sweep *sweep, int32_t limit_ms, sgp_reach *reach, size_t capacity) {
    const sgp_hierarchy *h = hierarchy_of(sweep);
    size_t n = 0;
    for (uint32_t v = h->n_vertices; v-- > 0;) {
        if (!is_near(sweep, v, limit_ms) && !holds_place(sweep, v)) {
            v = h->first_descendant[v];
            continue;
        }
        uint32_t first = visit(sweep, v);
        const int32_t *ms = sweep->ms + sweep->stride - 1 - h->depth[first];
        for (uint32_t i = v - first + 1; i-- > 0;) {
            if (ms[i] > limit_ms)
                continue;
            if (n < capacity)
                reach[n] = (sgp_reach){first + i, ms[i]};
            n++;
        }
        v = first;
    }
    sweep->path = SGP_NONE;
    for (size_t i = 0, j = n < capacity ? n : capacity; i + 1 < j; i++) {
        sgp_reach swap = reach[i];
        reach[i] = reach[--j];
        reach[j] = swap;
    }
    return n;
}
