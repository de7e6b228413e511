#include "route/metric.h"

#include <stdlib.h>

static int compare_copies(const void *left, const void *right) {
    const sgp_arc_copy *a = left;
    const sgp_arc_copy *b = right;
    if (a->move != b->move)
        return a->move < b->move ? -1 : 1;
    return (a->arc > b->arc) - (a->arc < b->arc);
}

static bool is_copy(const sgp_graph_parts *p, uint32_t arc) {
    if (p->arc_edge[arc] == SGP_NONE)
        return false;
    const sgp_edge *edge = &p->edges[p->arc_edge[arc] >> 1];
    return (p->arc_edge[arc] & 1 ? edge->backward_arc : edge->forward_arc) != arc;
}

static sgp_err find_copies(sgp_metric *m) {
    const sgp_graph_parts *p = &m->graph->parts;
    uint32_t n = 0;
    for (uint32_t a = 0; a < p->n_arcs; a++)
        n += is_copy(p, a);
    m->copies = malloc(((size_t)n + 1) * sizeof *m->copies);
    if (!m->copies)
        return SGP_E_MEMORY;
    for (uint32_t a = 0; a < p->n_arcs; a++)
        if (is_copy(p, a))
            m->copies[m->n_copies++] = (sgp_arc_copy){p->arc_edge[a], a};
    qsort(m->copies, n, sizeof *m->copies, compare_copies);
    return SGP_OK;
}

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
    if (!m->arc_tail || !m->in_arc || !m->first_in || find_copies(m) != SGP_OK) {
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
    free(metric->copies);
    free(metric);
}
