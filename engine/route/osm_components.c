#include "route/osm_components.h"

#include <stdlib.h>
#include <string.h>

#include "sigap/graph.h"

/* The search's columns, one entry for each vertex. */
typedef struct search {
    uint32_t *number;    /* order of discovery; SGP_NONE = not yet seen */
    uint32_t *lowest;    /* the smallest number known to be reachable, as Tarjan defines it */
    uint32_t *next_arc;  /* where to go on at this vertex */
    uint32_t *path;      /* vertices being searched, root first */
    uint32_t *open;      /* seen vertices whose part is not closed yet */
    uint32_t *component; /* SGP_NONE while open */
    uint32_t n_path, n_open, n_seen, n_components;
} search;

static void enter(search *s, const uint32_t *first_arc, uint32_t v) {
    s->number[v] = s->lowest[v] = s->n_seen++;
    s->next_arc[v] = first_arc[v];
    s->path[s->n_path++] = v;
    s->open[s->n_open++] = v;
}

static void search_from(search *s, uint32_t root, const uint32_t *first_arc,
                        const uint32_t *arc_head, const int32_t *weight) {
    enter(s, first_arc, root);
    while (s->n_path > 0) {
        uint32_t v = s->path[s->n_path - 1];
        if (s->next_arc[v] < first_arc[v + 1]) {
            uint32_t arc = s->next_arc[v]++, head = arc_head[arc];
            if (weight && weight[arc] >= SGP_INF)
                continue;
            if (s->number[head] == SGP_NONE)
                enter(s, first_arc, head);
            else if (s->component[head] == SGP_NONE && s->number[head] < s->lowest[v])
                s->lowest[v] = s->number[head];
            continue;
        }
        s->n_path--;
        if (s->n_path > 0 && s->lowest[v] < s->lowest[s->path[s->n_path - 1]])
            s->lowest[s->path[s->n_path - 1]] = s->lowest[v];
        if (s->lowest[v] != s->number[v])
            continue;
        /* v is the first vertex of its part: all that was opened since belongs to it. */
        uint32_t member;
        do {
            member = s->open[--s->n_open];
            s->component[member] = s->n_components;
        } while (member != v);
        s->n_components++;
    }
}

sgp_err sgp_osm_largest_component(uint32_t n_vertices, const uint32_t *first_arc,
                                  const uint32_t *arc_head, const int32_t *weight,
                                  uint8_t *in_largest) {
    memset(in_largest, 0, n_vertices);
    if (n_vertices == 0)
        return SGP_OK;
    size_t n = n_vertices;
    uint32_t *columns = malloc(6 * n * sizeof *columns);
    uint32_t *sizes = calloc(n, sizeof *sizes);
    if (!columns || !sizes) {
        free(columns);
        free(sizes);
        return SGP_E_MEMORY;
    }
    search s = {columns,
                columns + n,
                columns + 2 * n,
                columns + 3 * n,
                columns + 4 * n,
                columns + 5 * n,
                0,
                0,
                0,
                0};
    memset(s.number, 0xff, n * sizeof *s.number);
    memset(s.component, 0xff, n * sizeof *s.component);
    for (uint32_t v = 0; v < n_vertices; v++) {
        if (s.number[v] == SGP_NONE)
            search_from(&s, v, first_arc, arc_head, weight);
    }
    for (uint32_t v = 0; v < n_vertices; v++)
        sizes[s.component[v]]++;
    uint32_t largest = s.component[0];
    for (uint32_t v = 0; v < n_vertices; v++) {
        if (sizes[s.component[v]] > sizes[largest])
            largest = s.component[v];
    }
    for (uint32_t v = 0; v < n_vertices; v++)
        in_largest[v] = s.component[v] == largest;
    free(columns);
    free(sizes);
    return SGP_OK;
}
