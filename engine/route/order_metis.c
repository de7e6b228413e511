#include "route/order_metis.h"

#include <stdlib.h>
#include <string.h>

#include <metis.h>

_Static_assert(sizeof(idx_t) == sizeof(uint32_t), "METIS was built with 32-bit numbers");

/* METIS wants arrays that it may write to. */
static idx_t *copy_of(const uint32_t *numbers, size_t n) {
    idx_t *copy = malloc((n ? n : 1) * sizeof *copy);
    if (copy && n)
        memcpy(copy, numbers, n * sizeof *copy);
    return copy;
}

static sgp_err order(idx_t n, idx_t *first, idx_t *neighbour, idx_t *vertex_at, idx_t *rank,
                     sgp_fault *fault) {
    idx_t options[METIS_NOPTIONS];
    METIS_SetDefaultOptions(options);
    options[METIS_OPTION_NUMBERING] = 0;
    options[METIS_OPTION_SEED] = 1;
    switch (METIS_NodeND(&n, first, neighbour, NULL, options, vertex_at, rank)) {
    case METIS_OK:
        return SGP_OK;
    case METIS_ERROR_MEMORY:
        return sgp_fail(fault, SGP_E_MEMORY, "no memory left to order %d vertices", (int)n);
    default:
        return sgp_fail(fault, SGP_E_ARGUMENT, "METIS could not order %d vertices", (int)n);
    }
}

sgp_err sgp_order_by_metis(const sgp_order_graph *graph, uint32_t *vertex_at, sgp_fault *fault) {
    uint32_t n = graph->n_vertices, n_neighbours = graph->first[n];
    if (n_neighbours == 0) { /* METIS does not take a graph without edges */
        for (uint32_t v = 0; v < n; v++)
            vertex_at[v] = v;
        return SGP_OK;
    }
    if (n >= INT32_MAX || n_neighbours > INT32_MAX)
        return sgp_fail(fault, SGP_E_TOO_LARGE, "METIS orders at most 2147483647 neighbours");
    idx_t *first = copy_of(graph->first, (size_t)n + 1);
    idx_t *neighbour = copy_of(graph->neighbour, n_neighbours);
    idx_t *permutation = malloc(2 * (size_t)n * sizeof *permutation);
    sgp_err err;
    if (first && neighbour && permutation)
        err = order((idx_t)n, first, neighbour, permutation, permutation + n, fault);
    else
        err = sgp_fail(fault, SGP_E_MEMORY, "no memory left to order %u vertices", (unsigned)n);
    for (uint32_t v = 0; err == SGP_OK && v < n; v++)
        vertex_at[v] = (uint32_t)permutation[v];
    free(first);
    free(neighbour);
    free(permutation);
    return err;
}
