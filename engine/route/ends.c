#include "route/ends.h"

int sgp_ends_leaving(const sgp_metric *metric, const sgp_snap *snap, sgp_end ends[2]) {
    const sgp_graph_parts *p = &metric->graph->parts;
    const sgp_edge *e = &p->edges[snap->edge];
    int n = 0;
    if (sgp_arc_usable(metric, e->forward_arc))
        ends[n++] = (sgp_end){
            .arc = e->forward_arc,
            .vertex = p->arc_head[e->forward_arc],
            .ms = sgp_part_ms(metric->weight[e->forward_arc], e->length_mm - snap->offset_mm,
                              e->length_mm),
        };
    if (sgp_arc_usable(metric, e->backward_arc))
        ends[n++] = (sgp_end){
            .arc = e->backward_arc,
            .vertex = p->arc_head[e->backward_arc],
            .ms = sgp_part_ms(metric->weight[e->backward_arc], snap->offset_mm, e->length_mm),
        };
    return n;
}

int sgp_ends_arriving(const sgp_metric *metric, const sgp_snap *snap, sgp_end ends[2]) {
    const sgp_edge *e = &metric->graph->parts.edges[snap->edge];
    int n = 0;
    if (sgp_arc_usable(metric, e->forward_arc))
        ends[n++] = (sgp_end){
            .arc = e->forward_arc,
            .vertex = metric->arc_tail[e->forward_arc],
            .ms = sgp_part_ms(metric->weight[e->forward_arc], snap->offset_mm, e->length_mm),
        };
    if (sgp_arc_usable(metric, e->backward_arc))
        ends[n++] = (sgp_end){
            .arc = e->backward_arc,
            .vertex = metric->arc_tail[e->backward_arc],
            .ms = sgp_part_ms(metric->weight[e->backward_arc], e->length_mm - snap->offset_mm,
                              e->length_mm),
        };
    return n;
}

int64_t sgp_ends_direct(const sgp_metric *metric, const sgp_snap *from, const sgp_snap *to,
                        uint32_t *arc) {
    if (from->edge != to->edge)
        return SGP_UNREACHABLE;
    const sgp_edge *e = &metric->graph->parts.edges[from->edge];
    int64_t best = SGP_UNREACHABLE;
    if (sgp_arc_usable(metric, e->forward_arc) && from->offset_mm <= to->offset_mm) {
        *arc = e->forward_arc;
        best = sgp_part_ms(metric->weight[*arc], to->offset_mm - from->offset_mm, e->length_mm);
    }
    if (sgp_arc_usable(metric, e->backward_arc) && from->offset_mm >= to->offset_mm) {
        int64_t back = sgp_part_ms(metric->weight[e->backward_arc], from->offset_mm - to->offset_mm,
                                   e->length_mm);
        if (best == SGP_UNREACHABLE || back < best) {
            *arc = e->backward_arc;
            best = back;
        }
    }
    return best;
}

sgp_err sgp_ends_check_snap(const sgp_metric *metric, const sgp_snap *snap) {
    const sgp_graph_parts *p = &metric->graph->parts;
    if (snap->edge >= p->n_edges || snap->offset_mm > p->edges[snap->edge].length_mm)
        return SGP_E_ARGUMENT;
    return SGP_OK;
}

sgp_err sgp_ends_check_source(const sgp_metric *metric, const sgp_source *source) {
    /* The longest path has fewer than 2^32 arcs of less than 2^30 each, so with
     * penalties up to 2^61 no sum can leave 63 bits. */
    if (source->penalty_ms < 0 || source->penalty_ms > INT64_C(1) << 61)
        return SGP_E_RANGE;
    return sgp_ends_check_snap(metric, &source->from);
}
