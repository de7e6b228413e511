#include "route/driven.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "route/ends.h"
#include "route/query.h"

sgp_err sgp_driven_init(sgp_driven *driven, sgp_query *query, const sgp_source *source,
                        int64_t largest_ms) {
    const sgp_graph_parts *p = sgp_graph_get(sgp_metric_graph(query->metric));
    *driven = (sgp_driven){
        .parts = p, .weight = sgp_metric_weights(query->metric), .source = *source, .limit_ms = -1};
    driven->reach = malloc(((size_t)p->n_vertices + 1) * sizeof *driven->reach);
    driven->edges = calloc((size_t)p->n_edges + 1, sizeof *driven->edges);
    driven->before = calloc((size_t)p->n_edges + 1, sizeof *driven->before);
    sgp_err err = SGP_E_MEMORY;
    if (driven->reach && driven->edges && driven->before)
        err = sgp_query_reach(query, source, largest_ms, driven->reach, p->n_vertices,
                              &driven->n_reach);
    if (err)
        sgp_driven_deinit(driven);
    return err;
}

void sgp_driven_deinit(sgp_driven *driven) {
    free(driven->reach);
    free(driven->edges);
    free(driven->before);
    *driven = (sgp_driven){0};
}

/* How far one comes along an edge in `rest_ms`: the largest x, at most the length, with
 * weight * x / length <= rest_ms when rounded down. */
static uint32_t driven_mm(const sgp_driven *d, uint32_t arc, const sgp_edge *e, int64_t rest_ms) {
    if (arc == SGP_NONE || d->weight[arc] >= SGP_INF || rest_ms < 0)
        return 0;
    if (rest_ms >= d->weight[arc])
        return e->length_mm;
    return (uint32_t)(((rest_ms + 1) * e->length_mm - 1) / d->weight[arc]);
}

static void drive_from(sgp_driven *d, uint32_t vertex, int64_t rest_ms) {
    const sgp_graph_parts *p = d->parts;
    for (uint32_t a = p->first_arc[vertex]; a < p->first_arc[vertex + 1]; a++) {
        if (p->arc_edge[a] == SGP_NONE)
            continue;
        uint32_t edge = p->arc_edge[a] >> 1;
        uint32_t mm = driven_mm(d, a, &p->edges[edge], rest_ms);
        uint32_t *most = p->arc_edge[a] & 1 ? &d->edges[edge].back : &d->edges[edge].ahead;
        *most = mm > *most ? mm : *most;
    }
}

/* The stretch around the source, on its own edge. */
static void around_source(const sgp_driven *d, int64_t limit_ms, uint32_t *from_mm,
                          uint32_t *to_mm) {
    const sgp_snap *at = &d->source.from;
    const sgp_edge *e = &d->parts->edges[at->edge];
    int64_t rest_ms = limit_ms - d->source.penalty_ms;
    uint32_t ahead = sgp_ends_allowed(at, false) ? driven_mm(d, e->forward_arc, e, rest_ms) : 0;
    uint32_t back = sgp_ends_allowed(at, true) ? driven_mm(d, e->backward_arc, e, rest_ms) : 0;
    *to_mm = e->length_mm - at->offset_mm < ahead ? e->length_mm : at->offset_mm + ahead;
    *from_mm = at->offset_mm < back ? 0 : at->offset_mm - back;
}

static sgp_err visit_source(const sgp_driven *d, int64_t limit_ms, sgp_driven_visit visit,
                            void *context) {
    uint32_t from_mm, to_mm;
    if (limit_ms < d->source.penalty_ms)
        return SGP_OK;
    around_source(d, limit_ms, &from_mm, &to_mm);
    if (d->limit_ms >= d->source.penalty_ms) {
        uint32_t old_from_mm, old_to_mm;
        around_source(d, d->limit_ms, &old_from_mm, &old_to_mm);
        if (from_mm == old_from_mm && to_mm == old_to_mm)
            return SGP_OK;
    }
    return visit(context, d->source.from.edge, from_mm, to_mm);
}

/* What an edge has gained. */
static sgp_err visit_edge(const sgp_driven *d, uint32_t edge, sgp_driven_visit visit,
                          void *context) {
    uint32_t length = d->parts->edges[edge].length_mm;
    sgp_driven_edge was = d->before[edge];
    sgp_driven_edge is = d->edges[edge];
    if ((is.ahead == was.ahead && is.back == was.back) || was.ahead >= length - was.back)
        return SGP_OK;
    /* Between what was driven from both ends before, [low, high] is left to gain. */
    uint32_t low = was.ahead;
    uint32_t high = length - was.back;
    uint32_t ahead_end = is.ahead < high ? is.ahead : high;
    uint32_t back_start = length - is.back > low ? length - is.back : low;
    if (ahead_end >= back_start)
        return visit(context, edge, low, high);
    sgp_err err = ahead_end > low ? visit(context, edge, low, ahead_end) : SGP_OK;
    if (!err && back_start < high)
        err = visit(context, edge, back_start, high);
    return err;
}

sgp_err sgp_driven_grow(sgp_driven *driven, int64_t limit_ms, sgp_driven_visit visit,
                        void *context) {
    assert(limit_ms >= driven->limit_ms);
    for (size_t i = 0; i < driven->n_reach; i++)
        if (driven->reach[i].ms <= limit_ms)
            drive_from(driven, driven->reach[i].vertex, limit_ms - driven->reach[i].ms);
    sgp_err err = visit_source(driven, limit_ms, visit, context);
    for (uint32_t edge = 0; edge < driven->parts->n_edges && !err; edge++)
        err = visit_edge(driven, edge, visit, context);
    memcpy(driven->before, driven->edges, driven->parts->n_edges * sizeof *driven->edges);
    driven->limit_ms = limit_ms;
    return err;
}
