/* From arcs to edges: every arc is paired with one arc of the opposite direction
 * where there is one, and edges that follow each other share their point.
 *
 * Of several parallel arcs those of equal weight are paired first, then the rest,
 * lighter ones first, so that the result follows from the arcs alone.
 *
 * Edges are laid along trails that use each edge once: the end of one is the
 * beginning of the next and stands in `points` only once. A graph with 2k vertices
 * of odd degree needs k trails (Euler 1736), so about n_edges + k points instead of
 * 2 n_edges. Arcs without an opposite one are walked in their own direction only.
 */
#ifndef SGP_ROUTE_DIMACS_EDGES_H
#define SGP_ROUTE_DIMACS_EDGES_H

#include "base/buffer.h"
#include "sigap/graph.h"

/* Arcs of v are first_arc[v] .. first_arc[v + 1]. */
typedef struct sgp_dimacs_arcs {
    uint32_t n_vertices, n_arcs;
    const uint32_t *first_arc, *arc_head;
    const int32_t *weight;
    const sgp_point *vertex_point;
} sgp_dimacs_arcs;

/* Appends sgp_edge to `edges` and sgp_point to `points`, and fills arc_edge[n_arcs] as
 * sgp_graph_parts has it. Edges have their points, arcs and length; the rest is zero.
 * O(arcs log arcs). SGP_E_MEMORY, SGP_E_RANGE (an edge longer than 4,294 km; vertices
 * are named by their numbers, from 1). */
sgp_err sgp_dimacs_make_edges(const sgp_dimacs_arcs *arcs, uint32_t *arc_edge, sgp_buffer *edges,
                              sgp_buffer *points, sgp_fault *fault) SGP_MUST_USE;

#endif
