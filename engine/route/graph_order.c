#include "route/graph_order.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* The neighbours of every vertex, without direction, as the order wants them. */
typedef struct neighbours {
    uint32_t *first;
    uint32_t *list;
} neighbours;

static int compare_numbers(const void *left, const void *right) {
    uint32_t a = *(const uint32_t *)left;
    uint32_t b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

/* Both ends of every arc are counted, listed, then sorted and thinned out in place. */
static sgp_err find_neighbours(const sgp_graph_parts *p, neighbours *made) {
    made->first = calloc((size_t)p->n_vertices + 2, sizeof *made->first);
    made->list = malloc((2 * (size_t)p->n_arcs + 1) * sizeof *made->list);
    if (!made->first || !made->list || p->n_arcs > UINT32_MAX / 2)
        return SGP_E_MEMORY;
    uint32_t *first = made->first + 1; /* first[v] moves from v's beginning to its end */
    for (uint32_t v = 0; v < p->n_vertices; v++)
        for (uint32_t a = p->first_arc[v]; a < p->first_arc[v + 1]; a++) {
            first[v]++;
            first[p->arc_head[a]]++;
        }
    uint32_t sum = 0;
    for (uint32_t v = 0; v < p->n_vertices; v++) {
        uint32_t count = first[v];
        first[v] = sum;
        sum += count;
    }
    for (uint32_t v = 0; v < p->n_vertices; v++)
        for (uint32_t a = p->first_arc[v]; a < p->first_arc[v + 1]; a++) {
            made->list[first[v]++] = p->arc_head[a];
            made->list[first[p->arc_head[a]]++] = v;
        }
    uint32_t n = 0, from = 0;
    for (uint32_t v = 0; v < p->n_vertices; v++) {
        uint32_t to = first[v];
        qsort(made->list + from, to - from, sizeof *made->list, compare_numbers);
        uint32_t begin = n;
        for (uint32_t i = from; i < to; i++)
            if (made->list[i] != v && (n == begin || made->list[n - 1] != made->list[i]))
                made->list[n++] = made->list[i];
        made->first[v] = begin; /* the place of the vertex before, which is done with */
        from = to;
    }
    made->first[p->n_vertices] = n;
    return SGP_OK;
}

/* What an arc is sorted by. */
typedef struct arc_place {
    uint32_t head, edge, old;
} arc_place;

static int compare_arcs(const void *left, const void *right) {
    const arc_place *a = left;
    const arc_place *b = right;
    if (a->head != b->head)
        return a->head < b->head ? -1 : 1;
    if (a->edge != b->edge)
        return a->edge < b->edge ? -1 : 1;
    return (a->old > b->old) - (a->old < b->old);
}

typedef struct renumbering {
    const sgp_graph_parts *in;
    const uint32_t *vertex_at; /* new number -> old vertex */
    uint32_t *number;          /* old vertex -> new number */
    uint32_t *new_arc;         /* old arc -> new arc */
    arc_place *arcs;           /* new arc -> old */
    sgp_point *vertex_point;
    int64_t *vertex_node;
    uint32_t *first_arc, *arc_head, *arc_edge;
    int32_t *weight;
    sgp_edge *edges;
    sgp_condition *conditions;
} renumbering;

static sgp_err make_room(renumbering *r) {
    const sgp_graph_parts *p = r->in;
    size_t n = p->n_vertices, m = (size_t)p->n_arcs + 1;
    r->number = malloc(n * sizeof *r->number);
    r->new_arc = malloc(m * sizeof *r->new_arc);
    r->arcs = malloc(m * sizeof *r->arcs);
    r->vertex_point = malloc(n * sizeof *r->vertex_point);
    r->vertex_node = malloc(n * sizeof *r->vertex_node);
    r->first_arc = malloc((n + 1) * sizeof *r->first_arc);
    r->arc_head = malloc(m * sizeof *r->arc_head);
    r->arc_edge = malloc(m * sizeof *r->arc_edge);
    r->weight = malloc(m * p->n_profiles * sizeof *r->weight);
    r->edges = malloc(((size_t)p->n_edges + 1) * sizeof *r->edges);
    r->conditions = malloc(((size_t)p->n_conditions + 1) * sizeof *r->conditions);
    return r->number && r->new_arc && r->arcs && r->vertex_point && r->vertex_node &&
                   r->first_arc && r->arc_head && r->arc_edge && r->weight && r->edges &&
                   r->conditions
               ? SGP_OK
               : SGP_E_MEMORY;
}

static void renumber_arcs(renumbering *r) {
    const sgp_graph_parts *p = r->in;
    for (uint32_t v = 0; v < p->n_vertices; v++)
        r->number[r->vertex_at[v]] = v;
    uint32_t n = 0;
    for (uint32_t v = 0; v < p->n_vertices; v++) {
        uint32_t old = r->vertex_at[v];
        r->vertex_point[v] = p->vertex_point[old];
        r->vertex_node[v] = p->vertex_node[old];
        r->first_arc[v] = n;
        for (uint32_t a = p->first_arc[old]; a < p->first_arc[old + 1]; a++)
            r->arcs[n++] = (arc_place){r->number[p->arc_head[a]], p->arc_edge[a], a};
        qsort(r->arcs + r->first_arc[v], n - r->first_arc[v], sizeof *r->arcs, compare_arcs);
    }
    r->first_arc[p->n_vertices] = n;
    for (uint32_t a = 0; a < n; a++) {
        r->arc_head[a] = r->arcs[a].head;
        r->arc_edge[a] = r->arcs[a].edge;
        r->new_arc[r->arcs[a].old] = a;
        for (uint32_t i = 0; i < p->n_profiles; i++)
            r->weight[(size_t)i * n + a] = p->weight[(size_t)i * n + r->arcs[a].old];
    }
}

static int compare_conditions(const void *left, const void *right) {
    const sgp_condition *a = left;
    const sgp_condition *b = right;
    if (a->arc != b->arc)
        return a->arc < b->arc ? -1 : 1;
    if (a->first_span != b->first_span)
        return a->first_span < b->first_span ? -1 : 1;
    return (a->profiles > b->profiles) - (a->profiles < b->profiles);
}

static uint32_t new_arc_or_none(const renumbering *r, uint32_t arc) {
    return arc == SGP_NONE ? SGP_NONE : r->new_arc[arc];
}

static void renumber_users_of_arcs(renumbering *r) {
    const sgp_graph_parts *p = r->in;
    for (uint32_t e = 0; e < p->n_edges; e++) {
        r->edges[e] = p->edges[e];
        r->edges[e].forward_arc = new_arc_or_none(r, p->edges[e].forward_arc);
        r->edges[e].backward_arc = new_arc_or_none(r, p->edges[e].backward_arc);
    }
    for (uint32_t i = 0; i < p->n_conditions; i++) {
        r->conditions[i] = p->conditions[i];
        r->conditions[i].arc = r->new_arc[p->conditions[i].arc];
    }
    qsort(r->conditions, p->n_conditions, sizeof *r->conditions, compare_conditions);
}

static sgp_err renumber(const sgp_graph_parts *in, const uint32_t *vertex_at,
                        sgp_graph_parts *out) {
    renumbering r = {.in = in, .vertex_at = vertex_at};
    *out = *in;
    sgp_err err = make_room(&r);
    if (!err) {
        renumber_arcs(&r);
        renumber_users_of_arcs(&r);
    }
    out->vertex_point = r.vertex_point;
    out->vertex_node = r.vertex_node;
    out->first_arc = r.first_arc;
    out->arc_head = r.arc_head;
    out->arc_edge = r.arc_edge;
    out->weight = r.weight;
    out->edges = r.edges;
    out->conditions = r.conditions;
    free(r.number);
    free(r.new_arc);
    free(r.arcs);
    return err;
}

sgp_err sgp_ordered_graph_make(const sgp_graph_parts *parts, const sgp_graph_making *making,
                               sgp_ordered_graph *ordered, sgp_fault *fault) {
    *ordered = (sgp_ordered_graph){0};
    neighbours near = {0};
    uint32_t *vertex_at = malloc((size_t)parts->n_vertices * sizeof *vertex_at);
    sgp_err err = vertex_at ? find_neighbours(parts, &near) : SGP_E_MEMORY;
    sgp_order_graph graph = {
        .n_vertices = parts->n_vertices,
        .first = near.first,
        .neighbour = near.list,
        .point = parts->vertex_point,
    };
    bool told = false;
    if (!err) {
        err = sgp_order_make(&graph, making, vertex_at, fault);
        if (!err)
            err = sgp_hierarchy_make(&graph, making, vertex_at, &ordered->hierarchy, fault);
        told = err != SGP_OK;
    }
    free(near.first);
    free(near.list);
    if (!err)
        err = renumber(parts, vertex_at, &ordered->parts);
    if (!err)
        err = sgp_hierarchy_place_arcs(&ordered->hierarchy, ordered->parts.first_arc,
                                       ordered->parts.arc_head);
    free(vertex_at);
    return err && !told ? sgp_fail(fault, err, "no memory to order the roads") : err;
}

void sgp_ordered_graph_free(sgp_ordered_graph *ordered) {
    const void *const arrays[] = {ordered->parts.vertex_point, ordered->parts.vertex_node,
                                  ordered->parts.first_arc,    ordered->parts.arc_head,
                                  ordered->parts.arc_edge,     ordered->parts.weight,
                                  ordered->parts.edges,        ordered->parts.conditions};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        free((void *)(uintptr_t)arrays[i]);
    sgp_hierarchy_free(&ordered->hierarchy);
    *ordered = (sgp_ordered_graph){0};
}
