#include "dijkstra.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Counting sort of the arcs by head: count, sum so that first_in[v] is v's end, then
 * fill from the back, which leaves first_in[v] at v's beginning. */
static sgp_err find_incoming(dijkstra *search) {
    const sgp_graph_parts *p = &search->metric->graph->parts;
    search->first_in = calloc((size_t)p->n_vertices + 1, sizeof *search->first_in);
    search->in_arc = malloc(((size_t)p->n_arcs + 1) * sizeof *search->in_arc);
    if (!search->first_in || !search->in_arc)
        return SGP_E_MEMORY;
    for (uint32_t a = 0; a < p->n_arcs; a++)
        search->first_in[p->arc_head[a]]++;
    for (uint32_t v = 1; v < p->n_vertices; v++)
        search->first_in[v] += search->first_in[v - 1];
    search->first_in[p->n_vertices] = p->n_arcs;
    for (uint32_t a = p->n_arcs; a-- > 0;)
        search->in_arc[--search->first_in[p->arc_head[a]]] = a;
    return SGP_OK;
}

sgp_err dijkstra_init(dijkstra *search, const sgp_metric *metric) {
    size_t n = metric->graph->parts.n_vertices;
    *search = (dijkstra){.metric = metric};
    search->reached = calloc(n, sizeof *search->reached);
    search->heap = malloc(n * sizeof *search->heap);
    if (search->reached && search->heap && find_incoming(search) == SGP_OK)
        return SGP_OK;
    dijkstra_deinit(search);
    return SGP_E_MEMORY;
}

void dijkstra_deinit(dijkstra *search) {
    free(search->reached);
    free(search->heap);
    free(search->first_in);
    free(search->in_arc);
    *search = (dijkstra){0};
}

void dijkstra_begin(dijkstra *search) {
    if (search->round == UINT32_MAX) { /* rounds are used up: forget them all and start over */
        memset(search->reached, 0,
               search->metric->graph->parts.n_vertices * sizeof *search->reached);
        search->round = 0;
    }
    search->round++;
    search->heap_count = 0;
    search->n_wanted = 0;
}

static void place(dijkstra *s, uint32_t i, dijkstra_heap_entry entry) {
    s->heap[i] = entry;
    s->reached[entry.vertex].heap_place = i;
}

static void sift_up(dijkstra *s, uint32_t i, dijkstra_heap_entry entry) {
    while (i > 0) {
        uint32_t parent = (i - 1) / 2;
        if (s->heap[parent].key <= entry.key)
            break;
        place(s, i, s->heap[parent]);
        i = parent;
    }
    place(s, i, entry);
}

static dijkstra_heap_entry take_least(dijkstra *s) {
    dijkstra_heap_entry least = s->heap[0];
    dijkstra_heap_entry last = s->heap[--s->heap_count];
    uint32_t i = 0;
    for (;;) {
        uint32_t child = 2 * i + 1;
        if (child >= s->heap_count)
            break;
        if (child + 1 < s->heap_count && s->heap[child + 1].key < s->heap[child].key)
            child++;
        if (s->heap[child].key >= last.key)
            break;
        place(s, i, s->heap[child]);
        i = child;
    }
    if (s->heap_count > 0)
        place(s, i, last);
    s->reached[least.vertex].heap_place = SGP_NONE;
    return least;
}

void dijkstra_seed(dijkstra *search, uint32_t vertex, int64_t distance, uint32_t parent) {
    dijkstra_reached *r = &search->reached[vertex];
    if (distance >= SGP_INF)
        return;
    if (r->round != search->round) {
        r->round = search->round;
        r->heap_place = search->heap_count++;
    } else if (r->heap_place == SGP_NONE || distance >= r->distance) {
        return; /* settled, or no improvement */
    }
    r->distance = distance;
    r->parent = parent;
    sift_up(search, r->heap_place, (dijkstra_heap_entry){distance, vertex});
}

void dijkstra_want(dijkstra *search, uint32_t vertex) {
    if (search->reached[vertex].wanted == search->round)
        return;
    search->reached[vertex].wanted = search->round;
    search->n_wanted++;
}

/* A count that never comes down to nothing. */
void dijkstra_want_all(dijkstra *search) {
    search->n_wanted = UINT32_MAX;
}

void dijkstra_run(dijkstra *search, dijkstra_direction direction) {
    const sgp_metric *m = search->metric;
    const sgp_graph_parts *p = &m->graph->parts;
    while (search->heap_count > 0 && search->n_wanted > 0) {
        dijkstra_heap_entry least = take_least(search);
        uint32_t v = least.vertex;
        if (search->reached[v].wanted == search->round) {
            search->reached[v].wanted = 0;
            search->n_wanted--;
        }
        if (direction == DIJKSTRA_FORWARD) {
            for (uint32_t a = p->first_arc[v]; a < p->first_arc[v + 1]; a++)
                if (m->weight[a] < SGP_INF)
                    dijkstra_seed(search, p->arc_head[a], least.key + m->weight[a], a);
        } else {
            for (uint32_t i = search->first_in[v]; i < search->first_in[v + 1]; i++) {
                uint32_t a = search->in_arc[i];
                if (m->weight[a] < SGP_INF)
                    dijkstra_seed(search, sgp_arc_tail(m->graph, a), least.key + m->weight[a], a);
            }
        }
    }
}

int64_t dijkstra_distance(const dijkstra *search, uint32_t vertex) {
    const dijkstra_reached *r = &search->reached[vertex];
    if (r->round != search->round)
        return SGP_UNREACHABLE;
    /* Reached but not settled would be a vertex that nobody wanted. */
    assert(r->heap_place == SGP_NONE);
    return r->distance;
}
