#include "route/ends.h"

int sgp_ends_leaving(const sgp_metric *metric, const sgp_snap *snap, sgp_end ends[2]) {
    const sgp_graph_parts *p = &metric->graph->parts;
    const sgp_edge *e = &p->edges[snap->edge];
    int n = 0;
    if (sgp_ends_allowed(snap, false) && sgp_arc_usable(metric, e->forward_arc))
        ends[n++] = (sgp_end){
            .arc = e->forward_arc,
            .vertex = p->arc_head[e->forward_arc],
            .ms = sgp_part_ms(metric->weight[e->forward_arc], e->length_mm - snap->offset_mm,
                              e->length_mm),
        };
    if (sgp_ends_allowed(snap, true) && sgp_arc_usable(metric, e->backward_arc))
        ends[n++] = (sgp_end){
            .arc = e->backward_arc,
            .vertex = p->arc_head[e->backward_arc],
            .ms = sgp_part_ms(metric->weight[e->backward_arc], snap->offset_mm, e->length_mm),
        };
    return n;
}

/* Number of the first copy of `move` or of a later one. */
static uint32_t first_copy(const sgp_metric *metric, uint32_t move) {
    uint32_t low = 0;
    uint32_t high = metric->graph->n_copies;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (metric->graph->copies[middle].move < move)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool sgp_arrivals_next(sgp_arrivals *arrivals, const sgp_metric *metric, const sgp_snap *snap,
                       sgp_end *end) {
    const sgp_edge *e = &metric->graph->parts.edges[snap->edge];
    while (arrivals->backward < 2) {
        bool backward = arrivals->backward == 1;
        uint32_t move = snap->edge << 1 | (backward ? 1 : 0);
        uint32_t arc = SGP_NONE;
        if (!arrivals->own_is_past) {
            arc = backward ? e->backward_arc : e->forward_arc;
            arrivals->own_is_past = true;
            arrivals->copy = first_copy(metric, move);
        } else if (arrivals->copy < metric->graph->n_copies &&
                   metric->graph->copies[arrivals->copy].move == move) {
            arc = metric->graph->copies[arrivals->copy++].arc;
        } else {
            arrivals->backward++;
            arrivals->own_is_past = false;
        }
        if (!sgp_ends_allowed(snap, backward) || !sgp_arc_usable(metric, arc))
            continue;
        uint32_t driven_mm = backward ? e->length_mm - snap->offset_mm : snap->offset_mm;
        *end = (sgp_end){
            .arc = arc,
            .vertex = sgp_arc_tail(metric->graph, arc),
            .ms = sgp_part_ms(metric->weight[arc], driven_mm, e->length_mm),
        };
        return true;
    }
    return false;
}

bool sgp_stop_next(sgp_stop_ends *ends, const sgp_metric *metric, const sgp_stop *stop,
                   sgp_end *end) {
    bool begins = ends->next == 0;
    uint32_t i = ends->next++;
    switch (stop->kind) {
    case SGP_STOP_FROM:
        if (begins)
            ends->n_leaving = sgp_ends_leaving(metric, stop->snap, ends->leaving);
        if (i >= (uint32_t)ends->n_leaving)
            return false;
        *end = ends->leaving[i];
        return true;
    case SGP_STOP_TO:
        return sgp_arrivals_next(&ends->arrivals, metric, stop->snap, end);
    case SGP_STOP_NODE:
        if (begins)
            ends->n_vertices = sgp_graph_node_vertices(metric->graph, stop->node, &ends->vertices);
        if (i >= ends->n_vertices)
            return false;
        *end = (sgp_end){.arc = SGP_NONE, .vertex = ends->vertices[i]};
        return true;
    }
    return false;
}

int64_t sgp_ends_direct(const sgp_metric *metric, const sgp_snap *from, const sgp_snap *to,
                        uint32_t *arc) {
    if (from->edge != to->edge)
        return SGP_UNREACHABLE;
    const sgp_edge *e = &metric->graph->parts.edges[from->edge];
    int64_t best = SGP_UNREACHABLE;
    for (int backward = 0; backward < 2; backward++) {
        uint32_t own = backward ? e->backward_arc : e->forward_arc;
        int64_t ahead_mm = (int64_t)to->offset_mm - from->offset_mm;
        ahead_mm = backward ? -ahead_mm : ahead_mm;
        if (ahead_mm < 0 || !sgp_arc_usable(metric, own) || !sgp_ends_allowed(from, backward) ||
            !sgp_ends_allowed(to, backward))
            continue;
        int64_t ms = sgp_part_ms(metric->weight[own], (uint32_t)ahead_mm, e->length_mm);
        if (best == SGP_UNREACHABLE || ms < best) {
            *arc = own;
            best = ms;
        }
    }
    return best;
}

sgp_err sgp_ends_check_snap(const sgp_graph *graph, const sgp_snap *snap) {
    const sgp_graph_parts *p = &graph->parts;
    if (snap->edge >= p->n_edges || snap->offset_mm > p->edges[snap->edge].length_mm ||
        snap->directions > (SGP_ALONG | SGP_AGAINST))
        return SGP_E_ARGUMENT;
    return SGP_OK;
}

sgp_err sgp_ends_check_source(const sgp_graph *graph, const sgp_source *source) {
    /* The longest path has fewer than 2^32 arcs of less than 2^30 each, so with
     * penalties up to 2^61 no sum can leave 63 bits. */
    if (source->penalty_ms < 0 || source->penalty_ms > INT64_C(1) << 61)
        return SGP_E_RANGE;
    return sgp_ends_check_snap(graph, &source->from);
}
