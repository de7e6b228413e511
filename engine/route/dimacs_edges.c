#include "route/dimacs_edges.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

/* ---- pairs ------------------------------------------------------------------------ */

/* One stretch of road: its arcs from `tail` to `head` and back. */
typedef struct pair {
    uint32_t tail, head;
    uint32_t there, back; /* arcs; `back` is SGP_NONE where there is none */
} pair;

typedef struct sorted_arc {
    uint32_t low, high; /* its ends, low <= high */
    int32_t weight;
    uint32_t arc;
    bool falls; /* from high to low */
} sorted_arc;

static int compare_arcs(const void *left, const void *right) {
    const sorted_arc *a = left;
    const sorted_arc *b = right;
    if (a->low != b->low)
        return a->low < b->low ? -1 : 1;
    if (a->high != b->high)
        return a->high < b->high ? -1 : 1;
    if (a->falls != b->falls)
        return a->falls ? 1 : -1;
    if (a->weight != b->weight)
        return a->weight < b->weight ? -1 : 1;
    return (a->arc > b->arc) - (a->arc < b->arc);
}

static void put_pair(pair *pairs, uint32_t *n, const sorted_arc *there, const sorted_arc *back) {
    const sorted_arc *first = there ? there : back;
    bool falls = first->falls;
    pairs[(*n)++] = (pair){falls ? first->high : first->low, falls ? first->low : first->high,
                           first->arc, there && back ? back->arc : SGP_NONE};
}

/* Pairs rising arcs [r, r_end) with falling ones [r_end, f_end), all between the same two
 * vertices, each side ascending by weight. Paired arcs are marked by arc = SGP_NONE. */
static void pair_between(sorted_arc *sorted, uint32_t r, uint32_t r_end, uint32_t f_end,
                         pair *pairs, uint32_t *n) {
    uint32_t f = r_end;
    for (uint32_t i = r, j = f; i < r_end && j < f_end;) {
        if (sorted[i].weight == sorted[j].weight) {
            put_pair(pairs, n, &sorted[i], &sorted[j]);
            sorted[i++].arc = sorted[j++].arc = SGP_NONE;
        } else if (sorted[i].weight < sorted[j].weight) {
            i++;
        } else {
            j++;
        }
    }
    for (;;) {
        while (r < r_end && sorted[r].arc == SGP_NONE)
            r++;
        while (f < f_end && sorted[f].arc == SGP_NONE)
            f++;
        if (r == r_end && f == f_end)
            return;
        put_pair(pairs, n, r < r_end ? &sorted[r] : NULL, f < f_end ? &sorted[f] : NULL);
        r += r < r_end;
        f += f < f_end;
    }
}

/* pairs[n_arcs]; returns how many there are. `sorted` is scratch. */
static uint32_t pair_arcs(const sgp_dimacs_arcs *arcs, sorted_arc *sorted, pair *pairs) {
    for (uint32_t v = 0; v < arcs->n_vertices; v++) {
        for (uint32_t a = arcs->first_arc[v]; a < arcs->first_arc[v + 1]; a++) {
            uint32_t head = arcs->arc_head[a];
            sorted[a] = (sorted_arc){v < head ? v : head, v < head ? head : v, arcs->weight[a], a,
                                     head < v};
        }
    }
    qsort(sorted, arcs->n_arcs, sizeof *sorted, compare_arcs);
    uint32_t n = 0;
    for (uint32_t begin = 0, end; begin < arcs->n_arcs; begin = end) {
        uint32_t middle = begin;
        for (end = begin; end < arcs->n_arcs && sorted[end].low == sorted[begin].low &&
                          sorted[end].high == sorted[begin].high;
             end++)
            middle += !sorted[end].falls;
        pair_between(sorted, begin, middle, end, pairs, &n);
    }
    return n;
}

/* ---- trails ----------------------------------------------------------------------- */

typedef struct trails {
    const sgp_dimacs_arcs *arcs;
    const pair *pairs;
    uint32_t n_pairs;
    uint32_t *first;  /* [n_vertices + 1] pairs at each vertex: at[first[v] .. first[v + 1]) */
    uint32_t *at;     /* a pair is listed at its tail, and at its head if it leads back */
    uint32_t *next;   /* [n_vertices] where to look on */
    uint8_t *is_done; /* [n_pairs] */
    uint32_t *arc_edge;
    sgp_buffer *edges, *points;
    sgp_fault *fault;
} trails;

static void list_pairs(trails *t) {
    uint32_t n = t->arcs->n_vertices;
    for (uint32_t p = 0; p < t->n_pairs; p++) {
        t->first[t->pairs[p].tail]++;
        if (t->pairs[p].back != SGP_NONE && t->pairs[p].head != t->pairs[p].tail)
            t->first[t->pairs[p].head]++;
    }
    for (uint32_t v = 0, sum = 0; v <= n; v++) {
        sum += v < n ? t->first[v] : 0;
        t->first[v] = sum; /* the end of v's list; filling moves it to the beginning */
    }
    for (uint32_t p = t->n_pairs; p-- > 0;) {
        t->at[--t->first[t->pairs[p].tail]] = p;
        if (t->pairs[p].back != SGP_NONE && t->pairs[p].head != t->pairs[p].tail)
            t->at[--t->first[t->pairs[p].head]] = p;
    }
    for (uint32_t v = 0; v < n; v++)
        t->next[v] = t->first[v];
}

/* A pair at v that no trail has used, or SGP_NONE. */
static uint32_t unused_at(trails *t, uint32_t v) {
    while (t->next[v] < t->first[v + 1]) {
        uint32_t p = t->at[t->next[v]];
        if (!t->is_done[p])
            return p;
        t->next[v]++;
    }
    return SGP_NONE;
}

static sgp_err put_edge(trails *t, const pair *p, bool reversed) {
    sgp_point from = t->arcs->vertex_point[p->tail], to = t->arcs->vertex_point[p->head];
    double length_mm = sgp_distance_m(from, to) * 1000;
    if (length_mm > UINT32_MAX - 1)
        return sgp_fail(t->fault, SGP_E_RANGE,
                        "an arc from node %u to node %u would be %.0f km long; the "
                        "coordinates belong to another graph",
                        p->tail + 1, p->head + 1, length_mm / 1e6);
    uint32_t number = (uint32_t)(t->edges->length / sizeof(sgp_edge));
    sgp_edge edge = {
        .first_point = (uint32_t)(t->points->length / sizeof(sgp_point)) - 1,
        .n_points = 2,
        .length_mm = length_mm < 1 ? 1 : (uint32_t)lround(length_mm),
        .forward_arc = reversed ? p->back : p->there,
        .backward_arc = reversed ? p->there : p->back,
    };
    t->arc_edge[edge.forward_arc] = number << 1;
    if (edge.backward_arc != SGP_NONE)
        t->arc_edge[edge.backward_arc] = number << 1 | 1;
    sgp_err err = sgp_buffer_append(t->points, reversed ? &from : &to, sizeof from);
    if (err == SGP_OK)
        err = sgp_buffer_append(t->edges, &edge, sizeof edge);
    return err;
}

static sgp_err walk_from(trails *t, uint32_t v) {
    uint32_t p = unused_at(t, v);
    if (p == SGP_NONE)
        return SGP_OK;
    sgp_err err = sgp_buffer_append(t->points, &t->arcs->vertex_point[v], sizeof(sgp_point));
    for (; err == SGP_OK && p != SGP_NONE; p = unused_at(t, v)) {
        bool reversed = t->pairs[p].tail != v;
        t->is_done[p] = 1;
        err = put_edge(t, &t->pairs[p], reversed);
        v = reversed ? t->pairs[p].tail : t->pairs[p].head;
    }
    return err;
}

static sgp_err walk_all(trails *t) {
    sgp_err err = SGP_OK;
    list_pairs(t);
    /* Every odd vertex ends a trail; begun there, trails end at odd vertices too. */
    for (uint32_t v = 0; err == SGP_OK && v < t->arcs->n_vertices; v++) {
        uint32_t left = 0;
        for (uint32_t i = t->first[v]; i < t->first[v + 1]; i++)
            left += !t->is_done[t->at[i]];
        if (left % 2 == 1)
            err = walk_from(t, v);
    }
    for (uint32_t v = 0; err == SGP_OK && v < t->arcs->n_vertices; v++)
        while (err == SGP_OK && unused_at(t, v) != SGP_NONE)
            err = walk_from(t, v);
    return err;
}

sgp_err sgp_dimacs_make_edges(const sgp_dimacs_arcs *arcs, uint32_t *arc_edge, sgp_buffer *edges,
                              sgp_buffer *points, sgp_fault *fault) {
    size_t n = arcs->n_vertices, n_arcs = arcs->n_arcs;
    sorted_arc *sorted = malloc((n_arcs + 1) * sizeof *sorted);
    pair *pairs = malloc((n_arcs + 1) * sizeof *pairs);
    trails t = {.arcs = arcs,
                .pairs = pairs,
                .first = calloc(n + 1, sizeof(uint32_t)),
                .at = malloc((n_arcs + 1) * sizeof(uint32_t)),
                .next = malloc((n + 1) * sizeof(uint32_t)),
                .is_done = calloc(n_arcs + 1, 1),
                .arc_edge = arc_edge,
                .edges = edges,
                .points = points,
                .fault = fault};
    sgp_err err = SGP_E_MEMORY;
    if (sorted && pairs && t.first && t.at && t.next && t.is_done) {
        t.n_pairs = pair_arcs(arcs, sorted, pairs);
        err = walk_all(&t);
    }
    if (err == SGP_E_MEMORY)
        err = sgp_fail(fault, SGP_E_MEMORY, "no memory left to pair %zu arcs", n_arcs);
    free(sorted);
    free(pairs);
    free(t.first);
    free(t.at);
    free(t.next);
    free(t.is_done);
    return err;
}
