#include "route/way.h"

#include <assert.h>
#include <stdlib.h>

enum { AT_FIRST = 1024 };

sgp_err sgp_way_init(sgp_way *way, const sgp_hierarchy *hierarchy) {
    *way = (sgp_way){.arc_capacity = AT_FIRST, .hop_capacity = AT_FIRST};
    way->arcs = malloc(AT_FIRST * sizeof *way->arcs);
    way->hops = malloc(AT_FIRST * sizeof *way->hops);
    way->path = malloc((sgp_label_stride(hierarchy) + 1u) * sizeof *way->path);
    if (way->arcs && way->hops && way->path)
        return SGP_OK;
    sgp_way_deinit(way);
    return SGP_E_MEMORY;
}

void sgp_way_deinit(sgp_way *way) {
    free(way->arcs);
    free(way->hops);
    free(way->path);
    *way = (sgp_way){0};
}

static sgp_err add_arc(sgp_way *way, uint32_t arc) {
    if (way->n_arcs == way->arc_capacity) {
        uint32_t *arcs = realloc(way->arcs, 2 * way->arc_capacity * sizeof *arcs);
        if (!arcs)
            return SGP_E_MEMORY;
        way->arcs = arcs;
        way->arc_capacity *= 2;
    }
    way->arcs[way->n_arcs++] = arc;
    return SGP_OK;
}

static sgp_err add_hop(sgp_way *way, uint32_t from, uint32_t to, int32_t ms) {
    if (way->n_hops == way->hop_capacity) {
        sgp_way_hop *hops = realloc(way->hops, 2 * way->hop_capacity * sizeof *hops);
        if (!hops)
            return SGP_E_MEMORY;
        way->hops = hops;
        way->hop_capacity *= 2;
    }
    way->hops[way->n_hops++] = (sgp_way_hop){from, to, ms};
    return SGP_OK;
}

/* ---- taking a hop apart ---------------------------------------------------------- */

/* The arc of the road graph that the hop stands for, SGP_NONE where it is none. */
static uint32_t find_arc(const sgp_metric *metric, const sgp_way_hop *hop) {
    const sgp_graph_parts *p = &metric->graph->parts;
    for (uint32_t a = p->first_arc[hop->from]; a < p->first_arc[hop->from + 1]; a++)
        if (p->arc_head[a] == hop->to && metric->weight[a] == hop->ms)
            return a;
    return SGP_NONE;
}

/* A shortcut that is to be taken apart; `up`: it leads from its lower end. */
typedef struct shortcut {
    const sgp_hierarchy *h;
    const int32_t *customized;
    uint32_t low_depth, high_depth;
    bool up;
    int32_t ms;
} shortcut;

/* v's row outside fronts: at most SGP_SPARSE_HEADS heads, so they are counted rather than
 * searched. False where v lacks either end. *leads: whether the shortcut leads over it. */
static bool try_row(const shortcut *s, uint32_t v, bool *leads, int32_t *first_ms) {
    uint32_t row = s->h->row[v];
    uint32_t n = s->h->row_length[v];
    const uint16_t *head = s->h->head_depth + row;
    uint32_t low = 0, high = 0;
    for (uint32_t j = 0; j < n; j++) {
        low += head[j] > s->low_depth;
        high += head[j] > s->high_depth;
    }
    if (high >= n || head[high] != s->high_depth || head[low] != s->low_depth)
        return false;
    const int32_t *rise = s->customized + 2 * (size_t)row;
    const int32_t *down = rise + n;
    *first_ms = down[s->up ? low : high];
    *leads = *first_ms + rise[s->up ? high : low] == s->ms;
    return true;
}

/* Column of the ancestor at `depth`, SGP_NONE where the front lacks it. */
static uint32_t front_column(const sgp_hierarchy *h, const sgp_front *f, uint32_t depth) {
    sgp_row columns = {.heads = h->head_depth + f->heads, .length = f->n_heads};
    uint32_t deepest = columns.heads[0];
    if (depth <= deepest && deepest - depth < f->n_columns)
        return deepest - depth;
    return sgp_row_find(&columns, depth);
}

/* The rows of v's front from v downwards, two columns of each: *between is the first row's
 * vertex over which the shortcut leads, or stays. False where the front lacks either end. */
static bool try_front(const shortcut *s, uint32_t v, uint32_t *between, int32_t *first_ms) {
    const sgp_front *f = sgp_front_of(s->h, v);
    uint32_t low = front_column(s->h, f, s->low_depth);
    uint32_t high = front_column(s->h, f, s->high_depth);
    if (low == SGP_NONE || high == SGP_NONE)
        return false;
    const int32_t *down = s->customized + f->down + (s->up ? low : high);
    const int32_t *rise = s->customized + f->up + (s->up ? high : low);
    for (uint32_t r = v - f->first_vertex + 1; r-- > 0;)
        if (down[(size_t)r * f->stride] + rise[(size_t)r * f->stride] == s->ms) {
            *between = f->first_vertex + r;
            *first_ms = down[(size_t)r * f->stride];
            return true;
        }
    return true;
}

/* The highest vertex over which a shortcut leads, and what it takes to get there. */
static uint32_t find_between(const sgp_metric *metric, const sgp_way_hop *hop, int32_t *first_ms) {
    const sgp_hierarchy *h = &metric->graph->hierarchy;
    bool up = hop->from < hop->to;
    uint32_t low = up ? hop->from : hop->to;
    shortcut s = {.h = h,
                  .customized = metric->customized,
                  .low_depth = h->depth[low],
                  .high_depth = h->depth[up ? hop->to : hop->from],
                  .up = up,
                  .ms = hop->ms};
    uint32_t end = h->first_descendant[low];
    for (uint32_t v = low; v-- > end;) {
        if (sgp_in_front(h, v)) {
            uint32_t between = SGP_NONE;
            if (!try_front(&s, v, &between, first_ms))
                v = h->first_descendant[v];
            else if (between != SGP_NONE)
                return between;
            else
                v = sgp_front_of(h, v)->first_vertex;
            continue;
        }
        bool leads;
        if (!try_row(&s, v, &leads, first_ms))
            v = h->first_descendant[v];
        else if (leads)
            return v;
    }
    return SGP_NONE;
}

/* What the two hops over this vertex will read first: its arcs, and the rows just below. */
static void prepare(const sgp_metric *metric, uint32_t between) {
    const sgp_hierarchy *h = &metric->graph->hierarchy;
    const sgp_graph_parts *p = &metric->graph->parts;
    uint32_t first = p->first_arc[between];
    __builtin_prefetch(p->arc_head + first);
    __builtin_prefetch(metric->weight + first);
    if (!sgp_in_front(h, between)) {
        uint32_t row = h->row[between];
        __builtin_prefetch(h->head_depth + (row > 16 ? row - 16 : 0));
        __builtin_prefetch(metric->customized + 2 * (size_t)(row > 8 ? row - 8 : 0));
    }
}

static sgp_err take_apart(sgp_way *way, const sgp_metric *metric) {
    sgp_err err = SGP_OK;
    while (way->n_hops > 0 && !err) {
        sgp_way_hop hop = way->hops[--way->n_hops];
        uint32_t arc = find_arc(metric, &hop);
        if (arc != SGP_NONE) {
            err = add_arc(way, arc);
            continue;
        }
        int32_t first_ms = 0;
        uint32_t between = find_between(metric, &hop, &first_ms);
        assert(between != SGP_NONE); /* or the metric is not customized */
        prepare(metric, between);
        err = add_hop(way, between, hop.to, hop.ms - first_ms);
        if (!err)
            err = add_hop(way, hop.from, between, first_ms);
    }
    return err;
}

/* ---- finding the hops ------------------------------------------------------------ */

/* Where the two labels' sum is least. */
typedef struct meeting {
    uint32_t vertex;
    uint32_t place;
    int32_t ms;
    uint32_t leaving, arriving; /* paths that lead there */
} meeting;

static uint32_t ancestor_at(const sgp_hierarchy *h, uint32_t v, uint32_t depth) {
    while (h->depth[v] > depth)
        v = h->parent[v];
    return v;
}

static meeting find_meeting(const sgp_hierarchy *h, const sgp_label *leaving,
                            const sgp_label *arriving) {
    meeting best = {.vertex = SGP_NONE, .ms = SGP_INF};
    for (uint32_t i = 0; i < leaving->n_paths; i++)
        for (uint32_t j = 0; j < arriving->n_paths; j++) {
            const sgp_label_path *a = &leaving->paths[i];
            const sgp_label_path *b = &arriving->paths[j];
            uint32_t shared = sgp_label_shared(h, a->vertex, b->vertex);
            uint32_t at = SGP_NONE;
            for (uint32_t p = leaving->stride - shared; p < leaving->stride; p++)
                if (a->ms[p] + b->ms[p] < best.ms) {
                    best.ms = a->ms[p] + b->ms[p];
                    at = p;
                }
            if (at == SGP_NONE)
                continue;
            best.place = at;
            best.leaving = i;
            best.arriving = j;
        }
    if (best.ms < SGP_INF)
        best.vertex =
            ancestor_at(h, leaving->paths[best.leaving].vertex, leaving->stride - 1 - best.place);
    return best;
}

static bool is_seed(const sgp_label *label, uint32_t vertex, int32_t ms) {
    for (uint32_t i = 0; i < label->n_seeds; i++)
        if (label->seeds[i].vertex == vertex && label->seeds[i].ms == ms)
            return true;
    return false;
}

/* The highest vertex below `vertex` on one of the label's paths from which an up-arc leads to it
 * in just the time that is between them. */
static uint32_t find_below(sgp_way *way, const sgp_metric *metric, const sgp_label *label,
                           sgp_label_side side, uint32_t vertex, int32_t ms, int32_t *below_ms) {
    const sgp_hierarchy *h = &metric->graph->hierarchy;
    uint32_t depth = h->depth[vertex];
    for (uint32_t i = 0; i < label->n_paths; i++) {
        const sgp_label_path *path = &label->paths[i];
        if (!sgp_label_is_ancestor(h, vertex, path->vertex))
            continue;
        uint32_t n = 0;
        for (uint32_t v = path->vertex; v != vertex; v = h->parent[v])
            way->path[n++] = v;
        const int32_t *own = path->ms + label->stride - path->length;
        while (n-- > 0) {
            uint32_t v = way->path[n];
            if (own[n] > ms)
                continue;
            sgp_row row = sgp_row_of(h, v);
            uint32_t column = sgp_row_find(&row, depth);
            uint32_t first = side == SGP_LEAVING ? row.up : row.down;
            if (column != SGP_NONE && own[n] + metric->customized[first + column] == ms) {
                *below_ms = own[n];
                return v;
            }
        }
    }
    return SGP_NONE;
}

/* From the meeting down to a seed. Hops of the leaving side come out last one first, which is
 * how the stack wants them. Returns the seed's vertex. */
static sgp_err trace(sgp_way *way, const sgp_metric *metric, const sgp_label *label,
                     sgp_label_side side, uint32_t vertex, int32_t ms, uint32_t *seed) {
    sgp_err err = SGP_OK;
    while (!err && !is_seed(label, vertex, ms)) {
        int32_t below_ms = 0;
        uint32_t below = find_below(way, metric, label, side, vertex, ms, &below_ms);
        assert(below != SGP_NONE);
        err = side == SGP_LEAVING ? add_hop(way, below, vertex, ms - below_ms)
                                  : add_hop(way, vertex, below, ms - below_ms);
        vertex = below;
        ms = below_ms;
    }
    *seed = vertex;
    return err;
}

static void turn_round(sgp_way_hop *hops, size_t n) {
    for (size_t i = 0; i + 1 < n; i++) {
        sgp_way_hop swap = hops[i];
        hops[i] = hops[--n];
        hops[n] = swap;
    }
}

static sgp_err find_arcs(sgp_way *way, const sgp_metric *metric, const sgp_label *leaving,
                         const sgp_label *arriving, const meeting *m) {
    way->n_arcs = way->n_hops = 0;
    way->ms = m->ms;
    if (m->ms >= SGP_INF)
        return SGP_OK;
    sgp_err err = trace(way, metric, arriving, SGP_ARRIVING, m->vertex,
                        arriving->paths[m->arriving].ms[m->place], &way->last);
    if (err)
        return err;
    turn_round(way->hops, way->n_hops);
    err = trace(way, metric, leaving, SGP_LEAVING, m->vertex,
                leaving->paths[m->leaving].ms[m->place], &way->first);
    return err ? err : take_apart(way, metric);
}

sgp_err sgp_way_find(sgp_way *way, const sgp_metric *metric, const sgp_label *leaving,
                     const sgp_label *arriving) {
    meeting m = find_meeting(&metric->graph->hierarchy, leaving, arriving);
    return find_arcs(way, metric, leaving, arriving, &m);
}

/* The first of the label's paths that holds the vertex; it is there. */
static uint32_t path_over(const sgp_hierarchy *h, const sgp_label *label, uint32_t vertex) {
    uint32_t i = 0;
    while (i < label->n_paths && !sgp_label_is_ancestor(h, vertex, label->paths[i].vertex))
        i++;
    assert(i < label->n_paths);
    return i;
}

sgp_err sgp_way_find_over(sgp_way *way, const sgp_metric *metric, const sgp_label *leaving,
                          const sgp_label *arriving, uint32_t vertex) {
    const sgp_hierarchy *h = &metric->graph->hierarchy;
    meeting m = {.vertex = vertex,
                 .place = leaving->stride - 1 - h->depth[vertex],
                 .leaving = path_over(h, leaving, vertex),
                 .arriving = path_over(h, arriving, vertex)};
    m.ms = leaving->paths[m.leaving].ms[m.place] + arriving->paths[m.arriving].ms[m.place];
    return find_arcs(way, metric, leaving, arriving, &m);
}
