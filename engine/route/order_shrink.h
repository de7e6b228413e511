/* What needs no cutting: dead ends and chains, ordered before everything else.
 *
 * A vertex with at most two neighbours costs nothing to eliminate: its neighbours
 * become joined where they were not. Half of a road graph goes this way. Doing so
 * along a chain from one end would make the elimination tree as deep as the chain is
 * long, so it is done in rounds, and in a round no two neighbours go: a chain loses
 * every other vertex, and the depth grows by one a round (parallel tree contraction,
 * Miller & Reif 1985). Rounds end when they no longer pay: what is then left, such as
 * a long strip of triangles, is better cut in the middle.
 */
#ifndef SGP_ROUTE_ORDER_SHRINK_H
#define SGP_ROUTE_ORDER_SHRINK_H

#include "route/order.h"

/* What is left, with its own numbers. */
typedef struct sgp_order_core {
    uint32_t n_vertices;
    uint32_t *vertex;            /* [n_vertices] number in the graph, ascending */
    uint32_t *first, *neighbour; /* as in sgp_order_graph, in the core's numbers */
    sgp_point *point;
} sgp_order_core;

/* Writes the vertices that go first to vertex_at[0 .. n - core->n_vertices), in order.
 * Linear time and memory. SGP_E_MEMORY; the core may be released whatever the result. */
sgp_err sgp_order_shrink(const sgp_order_graph *graph, uint32_t *vertex_at,
                         sgp_order_core *core) SGP_MUST_USE;
void sgp_order_core_deinit(sgp_order_core *core);

#endif
