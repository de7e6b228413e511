#include "support/dijkstra.h"

#include <stdlib.h>

struct dijkstra {
    const sgp_graph_parts *parts;
    int32_t *distance; /* [n_vertices] */
    uint64_t *heap;    /* distance << 32 | vertex; at most one entry an arc */
    size_t n_heap;
};

dijkstra *dijkstra_create(const sgp_graph_parts *parts) {
    dijkstra *search = calloc(1, sizeof *search);
    if (!search)
        return NULL;
    search->parts = parts;
    search->distance = malloc((size_t)parts->n_vertices * sizeof *search->distance);
    search->heap = malloc(((size_t)parts->n_arcs + 1) * sizeof *search->heap);
    if (!search->distance || !search->heap) {
        dijkstra_destroy(search);
        return NULL;
    }
    return search;
}

void dijkstra_destroy(dijkstra *search) {
    if (!search)
        return;
    free(search->distance);
    free(search->heap);
    free(search);
}

static void push(dijkstra *search, uint64_t entry) {
    size_t place = search->n_heap++;
    while (place > 0 && search->heap[(place - 1) / 4] > entry) {
        search->heap[place] = search->heap[(place - 1) / 4];
        place = (place - 1) / 4;
    }
    search->heap[place] = entry;
}

static uint64_t pop(dijkstra *search) {
    uint64_t least = search->heap[0];
    uint64_t last = search->heap[--search->n_heap];
    size_t place = 0;
    for (;;) {
        size_t child = 4 * place + 1;
        if (child >= search->n_heap)
            break;
        size_t end = child + 4 < search->n_heap ? child + 4 : search->n_heap;
        size_t best = child;
        for (size_t c = child + 1; c < end; c++)
            if (search->heap[c] < search->heap[best])
                best = c;
        if (search->heap[best] >= last)
            break;
        search->heap[place] = search->heap[best];
        place = best;
    }
    search->heap[place] = last;
    return least;
}

static void run(dijkstra *search, const int32_t *weight, uint32_t from, uint32_t to) {
    const sgp_graph_parts *p = search->parts;
    for (uint32_t v = 0; v < p->n_vertices; v++)
        search->distance[v] = SGP_INF;
    search->n_heap = 0;
    search->distance[from] = 0;
    push(search, from);
    while (search->n_heap > 0) {
        uint64_t entry = pop(search);
        uint32_t v = (uint32_t)entry;
        int32_t distance = (int32_t)(entry >> 32);
        if (distance > search->distance[v])
            continue; /* an older entry of a vertex that was since reached sooner */
        if (v == to)
            return;
        for (uint32_t a = p->first_arc[v]; a < p->first_arc[v + 1]; a++) {
            int32_t through = distance + weight[a]; /* below 2 SGP_INF, which fits */
            if (through < search->distance[p->arc_head[a]]) {
                search->distance[p->arc_head[a]] = through;
                push(search, (uint64_t)through << 32 | p->arc_head[a]);
            }
        }
    }
}

const int32_t *dijkstra_all(dijkstra *search, const int32_t *weight, uint32_t from) {
    run(search, weight, from, SGP_NONE);
    return search->distance;
}

int32_t dijkstra_pair(dijkstra *search, const int32_t *weight, uint32_t from, uint32_t to) {
    run(search, weight, from, to);
    return search->distance[to];
}
