#include "route/sweep.h"

#include <stdlib.h>

sgp_err sgp_sweep_init(sgp_sweep *sweep, const sgp_hierarchy *hierarchy) {
    *sweep = (sgp_sweep){.stride = sgp_label_stride(hierarchy), .minplus = sgp_minplus_best()};
    uint32_t entries = sweep->stride + SGP_LABEL_PADDING;
    sweep->ms = aligned_alloc(64, entries * sizeof *sweep->ms);
    sweep->front = aligned_alloc(64, entries * sizeof *sweep->front);
    sweep->by_depth = aligned_alloc(64, entries * sizeof *sweep->by_depth);
    sweep->turns = malloc(SGP_SWEEP_AHEAD * (hierarchy->n_levels + 1ul) * sizeof *sweep->turns);
    if (!sweep->ms || !sweep->front || !sweep->by_depth || !sweep->turns) {
        sgp_sweep_deinit(sweep);
        return SGP_E_MEMORY;
    }
    for (uint32_t i = 0; i < entries; i++)
        sweep->ms[i] = sweep->front[i] = sweep->by_depth[i] = SGP_INF;
    return SGP_OK;
}

void sgp_sweep_deinit(sgp_sweep *sweep) {
    free(sweep->ms);
    free(sweep->front);
    free(sweep->by_depth);
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

/* What the label says of v, which lies at `place`. Its paths rise by their vertices. */
static inline int32_t by_label(const sgp_sweep *sweep, uint32_t v, uint32_t place) {
    const sgp_label *label = sweep->label;
    for (uint32_t i = 0; i < label->n_paths && label->paths[i].vertex <= v; i++)
        if (hierarchy_of(sweep)->first_descendant[v] <= label->paths[i].vertex)
            return label->paths[i].ms[place];
    return SGP_INF;
}

/* The parent comes last: in a sweep over all it has only just been computed. */
static inline int32_t pull_row(const sgp_sweep *sweep, uint32_t v, int32_t best) {
    const sgp_hierarchy *h = hierarchy_of(sweep);
    uint32_t row = h->row[v];
    uint32_t n = h->row_length[v];
    const uint16_t *head = h->head_depth + row;
    /* A place that is left is reached from above, over downward arcs. */
    const int32_t *weight =
        sweep->metric->customized + 2 * (size_t)row + (sweep->side == SGP_LEAVING ? n : 0);
    const int32_t *root = sweep->ms + sweep->stride - 1;
    for (uint32_t j = n; j-- > 0;) {
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

static void fetch_lines(const void *begin, size_t bytes) {
    for (size_t i = 0; i < bytes; i += 64)
        __builtin_prefetch((const char *)begin + i);
}

static void fetch_vertex(const sgp_hierarchy *h, uint32_t v) {
    __builtin_prefetch(h->first_descendant + v);
    __builtin_prefetch(h->parent + v);
    __builtin_prefetch(h->row + v);
    __builtin_prefetch(h->row_length + v);
}

/* A climb from a vertex to where its root path joins that of `before`, which notes what lies
 * below and sends for it. */
typedef struct climb {
    uint32_t v;            /* the next to be noted */
    uint32_t before;       /* or SGP_NONE */
    sgp_sweep_turn *turns; /* the lowest first */
    uint32_t n_turns;
} climb;

/* Notes v, or its front from v on. Returns its highest vertex. */
static uint32_t note_turn(const sgp_sweep *sweep, climb *c) {
    const sgp_hierarchy *h = hierarchy_of(sweep);
    const int32_t *customized = sweep->metric->customized;
    uint32_t v = c->v;
    uint32_t n = 1;
    if (sgp_in_front(h, v)) {
        const sgp_front *f = sgp_front_of(h, v);
        uint32_t row = v - f->first_vertex;
        n = f->n_columns - row;
        if (c->before != SGP_NONE && sgp_label_is_ancestor(h, v + n - 1, c->before))
            n = own_rows(h, v, n, c->before);
        fetch_lines(customized + (sweep->side == SGP_LEAVING ? f->down : f->up) +
                        (size_t)row * f->stride,
                    (size_t)n * f->stride * sizeof *customized);
        fetch_lines(h->head_depth + f->heads + row, f->n_heads * sizeof *h->head_depth);
    } else {
        uint32_t row = h->row[v];
        __builtin_prefetch(h->head_depth + row);
        fetch_lines(customized + 2 * (size_t)row, 2ul * h->row_length[v] * sizeof *customized);
    }
    c->turns[c->n_turns++] = (sgp_sweep_turn){v, n};
    return v + n - 1;
}

/* On to a vertex that may have to come from memory, which is sent for. False: it is done. */
static bool climb_on(const sgp_sweep *sweep, climb *c) {
    const sgp_hierarchy *h = hierarchy_of(sweep);
    while (c->v != SGP_NONE &&
           !(c->before != SGP_NONE && sgp_label_is_ancestor(h, c->v, c->before))) {
        uint32_t highest = note_turn(sweep, c);
        c->v = h->parent[highest];
        if (c->v != SGP_NONE && c->v != highest + 1) {
            fetch_vertex(h, c->v);
            return true;
        }
    }
    return false;
}

/* The turns from the last to the first, so that the vertex's distance comes out. */
static int32_t take_turns(sgp_sweep *sweep, uint32_t vertex, const sgp_sweep_turn *turns,
                          uint32_t n_turns) {
    const sgp_hierarchy *h = hierarchy_of(sweep);
    uint32_t place = sweep->stride - 1 - h->depth[vertex];
    uint32_t above = place;
    for (uint32_t i = 0; i < n_turns; i++)
        above += turns[i].n_rows;
    for (uint32_t i = n_turns; i-- > 0;) {
        above -= turns[i].n_rows;
        if (sgp_in_front(h, turns[i].vertex))
            pull_front(sweep, turns[i].vertex, above, turns[i].n_rows);
        else
            sweep->ms[above] =
                pull_row(sweep, turns[i].vertex, by_label(sweep, turns[i].vertex, above));
    }
    return sweep->ms[place];
}

int32_t sgp_sweep_ask(sgp_sweep *sweep, uint32_t vertex) {
    climb c = {.v = vertex, .before = sweep->path, .turns = sweep->turns};
    while (climb_on(sweep, &c))
        continue;
    if (c.n_turns > 0)
        sweep->path = vertex;
    return take_turns(sweep, vertex, c.turns, c.n_turns);
}

/* All climbs go on in turn, so that each waits for memory while the others climb. */
static void climb_together(const sgp_sweep *sweep, climb *climbs, size_t n) {
    uint8_t busy[SGP_SWEEP_AHEAD];
    size_t n_busy = 0;
    for (size_t i = 0; i < n; i++)
        busy[n_busy++] = (uint8_t)i;
    while (n_busy > 0) {
        size_t left = 0;
        for (size_t i = 0; i < n_busy; i++) {
            busy[left] = busy[i];
            left += climb_on(sweep, &climbs[busy[i]]);
        }
        n_busy = left;
    }
}

void sgp_sweep_ask_many(sgp_sweep *sweep, const uint64_t *keys, size_t n, int32_t *ms) {
    const sgp_hierarchy *h = hierarchy_of(sweep);
    size_t n_levels = h->n_levels + 1ul;
    climb climbs[SGP_SWEEP_AHEAD];
    for (size_t i = n; i > n - (n < SGP_SWEEP_AHEAD ? n : SGP_SWEEP_AHEAD); i--)
        fetch_vertex(h, (uint32_t)(keys[i - 1] >> 32));
    while (n > 0) {
        size_t many = n < SGP_SWEEP_AHEAD ? n : SGP_SWEEP_AHEAD;
        for (size_t i = 0; i < many; i++) {
            /* The root path of each is known when the next is asked for, as is what the array
             * holds of an earlier one. */
            uint32_t v = (uint32_t)(keys[n - 1 - i] >> 32);
            climbs[i] =
                (climb){.v = v, .before = sweep->path, .turns = sweep->turns + i * n_levels};
            sweep->path = v;
            __builtin_prefetch(h->depth + v);
            if (n > SGP_SWEEP_AHEAD + i)
                fetch_vertex(h, (uint32_t)(keys[n - 1 - i - SGP_SWEEP_AHEAD] >> 32));
        }
        climb_together(sweep, climbs, many);
        for (size_t i = 0; i < many; i++)
            ms[n - 1 - i] = take_turns(sweep, (uint32_t)(keys[n - 1 - i] >> 32), climbs[i].turns,
                                       climbs[i].n_turns);
        n -= many;
    }
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

/* The rows of low .. end - 1, outside fronts, of which none may lie below `most`. */
static void pull_rows(sgp_sweep *sweep, uint32_t low, uint32_t end, int32_t most,
                      int32_t *distance) {
    const sgp_hierarchy *h = hierarchy_of(sweep);
    while (end > low) {
        uint32_t row_end = h->row[end - 1] + h->row_length[end - 1];
        /* Vector code reads on behind the rows: the last ones of all are not for it. */
        bool is_last = row_end + SGP_MINPLUS_ROWS_PADDING > h->n_heads ||
                       2ul * row_end + SGP_MINPLUS_ROWS_PADDING > h->n_weights;
        uint32_t first = is_last ? end - 1 : low;
        sgp_minplus_rows rows = {.length = h->row_length + first,
                                 .depth = h->depth + first,
                                 .n = end - first,
                                 .heads_end = h->head_depth + row_end,
                                 .weights_end = sweep->metric->customized + 2 * (size_t)row_end,
                                 .down = sweep->side == SGP_LEAVING};
        const sgp_minplus *minplus = is_last ? sgp_minplus_plain() : sweep->minplus;
        minplus->rows(&rows, most, sweep->by_depth, distance + first);
        end = first;
    }
}

/* The greatest vertex of low .. end - 1 on the label's paths, none of them in a front; or
 * SGP_NONE. */
static uint32_t last_on_path(const sgp_sweep *sweep, uint32_t low, uint32_t end) {
    const sgp_hierarchy *h = hierarchy_of(sweep);
    uint32_t last = SGP_NONE;
    for (uint32_t i = 0; i < sweep->label->n_paths && sweep->label->paths[i].vertex < end; i++) {
        uint32_t v = sweep->label->paths[i].vertex;
        while (h->parent[v] < end && !sgp_in_front(h, v))
            v = h->parent[v];
        if (v >= low && (last == SGP_NONE || v > last))
            last = v;
    }
    return last;
}

/* The label has its say where the vertex is on its paths, which few are. */
static void all_of_rows(sgp_sweep *sweep, uint32_t low, uint32_t end, int32_t *distance) {
    while (end > low) {
        uint32_t on_path = last_on_path(sweep, low, end);
        uint32_t first = on_path == SGP_NONE ? low : on_path + 1;
        pull_rows(sweep, first, end, SGP_INF, distance);
        end = first;
        if (on_path == SGP_NONE)
            continue;
        uint32_t place = sweep->stride - 1 - hierarchy_of(sweep)->depth[on_path];
        pull_rows(sweep, on_path, end, by_label(sweep, on_path, place), distance);
        end = on_path;
    }
}

static void all_of_front(sgp_sweep *sweep, const sgp_front *f, int32_t *distance) {
    uint32_t depth = hierarchy_of(sweep)->depth[f->first_vertex];
    uint32_t place = sweep->stride - 1 - depth;
    pull_front(sweep, f->first_vertex, place, f->n_columns);
    for (uint32_t i = 0; i < f->n_columns; i++)
        distance[f->first_vertex + i] = sweep->by_depth[depth - i] = sweep->ms[place + i];
}

void sgp_sweep_all(sgp_sweep *sweep, int32_t *distance) {
    const sgp_hierarchy *h = hierarchy_of(sweep);
    uint32_t end = h->n_vertices;
    for (uint32_t i = h->n_fronts; i > 0; i--) {
        const sgp_front *f = &h->fronts[i - 1];
        all_of_rows(sweep, f->first_vertex + f->n_columns, end, distance);
        all_of_front(sweep, f, distance);
        end = f->first_vertex;
    }
    all_of_rows(sweep, 0, end, distance);
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
