/* The elimination order: a nested dissection of the graph.
 *
 * Cut the graph in two by as few vertices as possible, order the two sides first
 * and the separator last, and so on within each side. The quality of this order
 * decides what everything else costs: a vertex has as many ancestors as there are
 * separator vertices between it and the root.
 *
 * The order depends on the topology alone, never on weights. It is the same for
 * the same graph, whatever the number of threads.
 */
#ifndef SGP_ROUTE_ORDER_H
#define SGP_ROUTE_ORDER_H

#include "sigap/graph.h"

/* A graph to be ordered: neighbours without direction, both ways, no self loops,
 * no doubles, ascending within a vertex. Borrowed. */
typedef struct sgp_order_graph {
    uint32_t n_vertices;
    const uint32_t *first; /* [n_vertices + 1] */
    const uint32_t *neighbour;
    const sgp_point *point; /* [n_vertices] */
} sgp_order_graph;

/* vertex_at[r] = the vertex that is eliminated as number r, [n_vertices]. A
 * dissection order; sgp_hierarchy_make turns it into a postorder of its elimination
 * tree without changing the tree. SGP_E_MEMORY, SGP_E_TIMEOUT when cancelled. */
sgp_err sgp_order_make(const sgp_order_graph *graph, const sgp_graph_making *making,
                       uint32_t *vertex_at, sgp_fault *fault) SGP_MUST_USE;

#endif
