#include "serve/open_roads.h"

#include <stdlib.h>

sgp_err sgp_open_roads_init(sgp_open_roads *open) {
    open->n = 0;
    open->seen = malloc(SGP_OPEN_ROADS_SEEN * sizeof *open->seen);
    return open->seen != NULL ? SGP_OK : SGP_E_MEMORY;
}

void sgp_open_roads_deinit(sgp_open_roads *open) {
    free(open->seen);
    open->seen = NULL;
}

static bool is_open(const sgp_graph_parts *parts, const int32_t *weight, uint32_t edge) {
    uint32_t forward = parts->edges[edge].forward_arc, backward = parts->edges[edge].backward_arc;
    return (forward != SGP_NONE && weight[forward] < SGP_INF) ||
           (backward != SGP_NONE && weight[backward] < SGP_INF);
}

void sgp_open_roads_find(sgp_open_roads *open, const sgp_metric *metric, uint32_t profile,
                         sgp_point place, double radius_m) {
    const sgp_graph *graph = sgp_metric_graph(metric);
    const sgp_graph_parts *parts = sgp_graph_get(graph);
    const int32_t *weight = sgp_metric_weights(metric);
    sgp_snap_wish wish = {.radius_m = radius_m, .profile = profile};
    /* Few roads first: a search for many costs more, and mostly a few will do. */
    for (size_t capacity = 64; capacity <= SGP_OPEN_ROADS_SEEN; capacity *= 32) {
        size_t seen = 0;
        open->n = 0;
        if (sgp_graph_snap_wish(graph, place, &wish, open->seen, capacity, &seen) != SGP_OK)
            return;
        for (size_t i = 0; i < seen && open->n < SGP_OPEN_ROADS; i++)
            if (is_open(parts, weight, open->seen[i].edge)) {
                int64_t walk_mm = open->seen[i].on_foot_mm;
                open->stands[open->n++] =
                    (sgp_stand){.snap = open->seen[i],
                                .walk_ms = walk_mm * 1000 / SGP_STRAIGHT_MM_PER_S,
                                .walk_mm = walk_mm};
            }
        if (open->n == SGP_OPEN_ROADS || seen < capacity)
            return;
    }
}
