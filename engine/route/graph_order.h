/* Bringing the parts of a graph into elimination order, as they stand in a file.
 *
 * Vertices are renumbered, the arcs of each sorted by (head, edge, old number); arc
 * numbers change with them in the edges, the conditions and the weights. Edges,
 * points, names and everything on foot keep their numbers.
 */
#ifndef SGP_ROUTE_GRAPH_ORDER_H
#define SGP_ROUTE_GRAPH_ORDER_H

#include "route/hierarchy_make.h"

typedef struct sgp_ordered_graph {
    sgp_graph_parts parts; /* what was renumbered is owned, the rest borrowed as it was given */
    sgp_hierarchy hierarchy;
} sgp_ordered_graph;

/* Orders, contracts and renumbers; `parts` have been checked and must outlive the
 * result. Free it with sgp_ordered_graph_free, on error too. Errors as of
 * sgp_order_make and sgp_hierarchy_make. */
sgp_err sgp_ordered_graph_make(const sgp_graph_parts *parts, const sgp_graph_making *making,
                               sgp_ordered_graph *ordered, sgp_fault *fault) SGP_MUST_USE;
void sgp_ordered_graph_free(sgp_ordered_graph *ordered);

#endif
