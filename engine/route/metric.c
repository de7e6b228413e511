#include "route/metric.h"

#include <stdlib.h>

sgp_err sgp_metric_create(const sgp_graph *graph, sgp_metric **metric) {
    const sgp_graph_parts *p = &graph->parts;
    sgp_metric *m = calloc(1, sizeof *m);
    if (!m)
        return SGP_E_MEMORY;
    m->graph = graph;
    m->weight = p->weight;
    m->arc_tail = malloc(((size_t)p->n_arcs + 1) * sizeof *m->arc_tail);
    m->in_arc = malloc(((size_t)p->n_arcs + 1) * sizeof *m->in_arc);
    m->first_in = calloc((size_t)p->n_vertices + 1, sizeof *m->first_in);
    if (!m->arc_tail || !m->in_arc || !m->first_in) {
        sgp_metric_destroy(m);
        return SGP_E_MEMORY;
    }
    for (uint32_t v = 0; v < p->n_vertices; v++)
        for (uint32_t a = p->first_arc[v]; a < p->first_arc[v + 1]; a++)
            m->arc_tail[a] = v;
    /* Counting sort by head: count, sum so that first_in[v] is v's end, then
     * fill from the back, which leaves first_in[v] at v's beginning. */
    for (uint32_t a = 0; a < p->n_arcs; a++)
        m->first_in[p->arc_head[a]]++;
    for (uint32_t v = 1; v < p->n_vertices; v++)
        m->first_in[v] += m->first_in[v - 1];
    m->first_in[p->n_vertices] = p->n_arcs;
    for (uint32_t a = p->n_arcs; a-- > 0;)
        m->in_arc[--m->first_in[p->arc_head[a]]] = a;
    *metric = m;
    return SGP_OK;
}

void sgp_metric_destroy(sgp_metric *metric) {
    if (!metric)
        return;
    free(metric->arc_tail);
    free(metric->in_arc);
    free(metric->first_in);
    free(metric);
}
