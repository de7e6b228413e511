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

/* The highest vertex over which a shortcut leads, and what it takes to get there. */
static uint32_t find_between(const sgp_metric *metric, const sgp_way_hop *hop, int32_t *first_ms) {
    const sgp_hierarchy *h = &metric->graph->hierarchy;
    bool up = hop->from < hop->to;
    uint32_t low = up ? hop->from : hop->to;
    uint32_t low_depth = h->depth[low];
    uint32_t high_depth = h->depth[up ? hop->to : hop->from];
    uint32_t end = h->first_descendant[low];
    for (uint32_t v = low; v-- > end;) {
        sgp_row row = sgp_row_of(h, v);
        uint32_t to_low = sgp_row_find(&row, low_depth);
        uint32_t to_high = to_low == SGP_NONE ? SGP_NONE : sgp_row_find(&row, high_depth);
        if (to_high == SGP_NONE) {
            v = h->first_descendant[v];
            continue;
        }
        const int32_t *down = metric->customized + row.down;
        const int32_t *rise = metric->customized + row.up;
        *first_ms = down[up ? to_low : to_high];
        if (*first_ms + rise[up ? to_high : to_low] == hop->ms)
            return v;
    }
    return SGP_NONE;
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
