#include "route/match_search.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static int compare_copies(const void *left, const void *right) {
    const sgp_match_copy *a = left, *b = right;
    if (a->move != b->move)
        return a->move < b->move ? -1 : 1;
    return (a->arc > b->arc) - (a->arc < b->arc);
}

static uint32_t edges_arc(const sgp_graph_parts *parts, uint32_t move) {
    const sgp_edge *edge = &parts->edges[move >> 1];
    return move & 1 ? edge->backward_arc : edge->forward_arc;
}

static bool is_copy(const sgp_graph_parts *parts, uint32_t arc) {
    return parts->arc_edge[arc] != SGP_NONE && edges_arc(parts, parts->arc_edge[arc]) != arc;
}

static sgp_err find_copies(sgp_match_search *s) {
    const sgp_graph_parts *p = s->parts;
    uint32_t n = 0;
    for (uint32_t a = 0; a < p->n_arcs; a++)
        n += is_copy(p, a);
    s->copies = malloc(((size_t)n + 1) * sizeof *s->copies);
    if (!s->copies)
        return SGP_E_MEMORY;
    for (uint32_t a = 0; a < p->n_arcs; a++)
        if (is_copy(p, a))
            s->copies[s->n_copies++] = (sgp_match_copy){p->arc_edge[a], a};
    qsort(s->copies, n, sizeof *s->copies, compare_copies);
    return SGP_OK;
}

sgp_err sgp_match_search_init(sgp_match_search *search, const sgp_graph *graph) {
    const sgp_graph_parts *p = sgp_graph_get(graph);
    *search = (sgp_match_search){.parts = p, .weight = p->weight};
    search->arc_mm = malloc(((size_t)p->n_arcs + 1) * sizeof *search->arc_mm);
    search->arc_tail = malloc(((size_t)p->n_arcs + 1) * sizeof *search->arc_tail);
    search->vertices = calloc((size_t)p->n_vertices + 1, sizeof *search->vertices);
    search->heap = malloc(((size_t)p->n_arcs + 1) * sizeof *search->heap);
    if (!search->arc_mm || !search->arc_tail || !search->vertices || !search->heap ||
        find_copies(search) != SGP_OK) {
        sgp_match_search_deinit(search);
        return SGP_E_MEMORY;
    }
    for (uint32_t v = 0; v < p->n_vertices; v++)
        for (uint32_t a = p->first_arc[v]; a < p->first_arc[v + 1]; a++) {
            search->arc_tail[a] = v;
            uint32_t move = p->arc_edge[a];
            search->arc_mm[a] = move == SGP_NONE ? 0 : p->edges[move >> 1].length_mm;
        }
    return SGP_OK;
}

void sgp_match_search_deinit(sgp_match_search *search) {
    free(search->arc_mm);
    free(search->arc_tail);
    free(search->copies);
    free(search->vertices);
    free(search->heap);
    *search = (sgp_match_search){0};
}

void sgp_match_search_profile(sgp_match_search *search, uint32_t profile) {
    search->weight = search->parts->weight + (size_t)profile * search->parts->n_arcs;
}

static bool usable(const sgp_match_search *s, uint32_t arc) {
    return arc != SGP_NONE && s->weight[arc] < SGP_INF;
}

uint32_t sgp_match_own_arc(const sgp_match_search *search, uint32_t move) {
    uint32_t arc = edges_arc(search->parts, move);
    return usable(search, arc) ? arc : SGP_NONE;
}

static uint32_t first_copy(const sgp_match_search *s, uint32_t move) {
    uint32_t low = 0, high = s->n_copies;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (s->copies[middle].move < move)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

uint32_t sgp_match_next_arrival(const sgp_match_search *search, uint32_t move, uint32_t *at) {
    if (*at == 0) { /* *at is then the number of the next copy + 1 */
        *at = 1 + first_copy(search, move);
        uint32_t own = sgp_match_own_arc(search, move);
        if (own != SGP_NONE)
            return own;
    }
    for (; *at - 1 < search->n_copies && search->copies[*at - 1].move == move; ++*at)
        if (usable(search, search->copies[*at - 1].arc))
            return search->copies[(*at)++ - 1].arc;
    return SGP_NONE;
}

uint64_t sgp_match_part(const sgp_match_search *search, uint32_t arc, uint32_t mm) {
    uint32_t length = search->arc_mm[arc];
    return sgp_way_key((uint32_t)((uint64_t)search->weight[arc] * mm / length), mm);
}

/* ---- the search --------------------------------------------------------------- */

void sgp_match_search_begin(sgp_match_search *search) {
    if (search->targets == UINT32_MAX || search->round > UINT32_MAX - 1024) {
        memset(search->vertices, 0, search->parts->n_vertices * sizeof *search->vertices);
        search->targets = search->round = 0;
    }
    search->targets++;
    search->n_wanted = 0;
}

void sgp_match_search_want(sgp_match_search *search, uint32_t move) {
    uint32_t at = 0, arc;
    while ((arc = sgp_match_next_arrival(search, move, &at)) != SGP_NONE) {
        sgp_match_vertex *vertex = &search->vertices[search->arc_tail[arc]];
        search->n_wanted += vertex->wanted != search->targets;
        vertex->wanted = search->targets;
    }
}

static void push(sgp_match_search *s, uint64_t key, uint32_t vertex) {
    uint32_t i = s->n_heap++;
    while (i > 0 && s->heap[(i - 1) / 2].key > key) {
        s->heap[i] = s->heap[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    s->heap[i] = (sgp_match_entry){key, vertex};
}

static sgp_match_entry pop(sgp_match_search *s) {
    sgp_match_entry least = s->heap[0];
    sgp_match_entry last = s->heap[--s->n_heap];
    uint32_t i = 0;
    for (uint32_t child; (child = 2 * i + 1) < s->n_heap; i = child) {
        if (child + 1 < s->n_heap && s->heap[child + 1].key < s->heap[child].key)
            child++;
        if (s->heap[child].key >= last.key)
            break;
        s->heap[i] = s->heap[child];
    }
    s->heap[i] = last;
    return least;
}

/* Each arc is followed once at most, so the heap never holds more than n_arcs + 1. */
static void reach(sgp_match_search *s, uint32_t vertex, uint64_t key, uint32_t parent) {
    sgp_match_vertex *v = &s->vertices[vertex];
    if (v->round == s->round && v->key <= key)
        return;
    v->round = s->round;
    v->key = key;
    v->parent = parent;
    v->first = v->last = SGP_NONE;
    if (parent != SGP_NONE) {
        const sgp_match_vertex *before = &s->vertices[s->arc_tail[parent]];
        uint32_t move = s->parts->arc_edge[parent];
        v->first = before->first != SGP_NONE ? before->first : move;
        v->last = move != SGP_NONE ? move : before->last;
    }
    push(s, key, vertex);
}

/* Whether a way can go on without either half of its key running over: one of SGP_INF or more, or
 * of more than 4,000 km, is no way. */
static bool fits(uint64_t key, int32_t weight, uint32_t mm) {
    return (key >> 32) + (uint32_t)weight < SGP_INF && mm <= UINT32_MAX - sgp_way_mm(key);
}

void sgp_match_search_run(sgp_match_search *search, uint32_t vertex, uint32_t most_mm) {
    const sgp_graph_parts *p = search->parts;
    uint32_t wanted = search->n_wanted;
    search->round++;
    search->n_heap = 0;
    reach(search, vertex, 0, SGP_NONE);
    while (search->n_heap > 0 && wanted > 0) {
        sgp_match_entry least = pop(search);
        sgp_match_vertex *v = &search->vertices[least.vertex];
        if (v->key != least.key || v->settled == search->round)
            continue; /* outdated */
        v->settled = search->round;
        wanted -= v->wanted == search->targets;
        if (sgp_way_mm(least.key) > most_mm)
            continue;
        for (uint32_t a = p->first_arc[least.vertex]; a < p->first_arc[least.vertex + 1]; a++)
            if (search->weight[a] < SGP_INF &&
                fits(least.key, search->weight[a], search->arc_mm[a]))
                reach(search, p->arc_head[a],
                      least.key + sgp_way_key((uint32_t)search->weight[a], search->arc_mm[a]), a);
    }
}

sgp_way sgp_match_search_to(const sgp_match_search *search, uint32_t move, uint32_t driven_mm) {
    sgp_way best = {.key = SGP_NO_WAY};
    uint32_t at = 0, arc;
    while ((arc = sgp_match_next_arrival(search, move, &at)) != SGP_NONE) {
        const sgp_match_vertex *tail = &search->vertices[search->arc_tail[arc]];
        if (tail->settled != search->round)
            continue;
        uint64_t key = tail->key + sgp_match_part(search, arc, driven_mm);
        if (key < best.key && fits(tail->key, 0, driven_mm))
            best = (sgp_way){key, arc, tail->first != SGP_NONE ? tail->first : move,
                             tail->last == (move ^ 1)};
    }
    return best;
}

bool sgp_match_search_back(const sgp_match_search *search, uint32_t *vertex, uint32_t *move) {
    for (;;) {
        const sgp_match_vertex *v = &search->vertices[*vertex];
        assert(v->settled == search->round);
        if (v->parent == SGP_NONE)
            return false;
        *vertex = search->arc_tail[v->parent];
        *move = search->parts->arc_edge[v->parent];
        if (*move != SGP_NONE)
            return true;
    }
}
