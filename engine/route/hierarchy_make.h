/* Making a hierarchy: from an elimination order to the rows of every vertex.
 *
 * Done once, when a graph file is written. sgp_hierarchy in hierarchy.h is what a
 * reader sees of it; here are its arrays as they grow.
 *
 * Thread rule: no shared state. Cost: about the size of the result, a fraction of
 * a second for a city.
 */
#ifndef SGP_ROUTE_HIERARCHY_MAKE_H
#define SGP_ROUTE_HIERARCHY_MAKE_H

#include "route/hierarchy.h"
#include "route/order.h"

/* Eliminates the vertices of `graph` in the order vertex_at[n_vertices] (number ->
 * vertex), which is first brought into the postorder of its elimination tree that
 * hierarchy.h describes; the tree stays the same. arc_slot is left NULL, since arcs
 * are the caller's. The arrays of `hierarchy` are the caller's, to free with
 * sgp_hierarchy_free. SGP_E_MEMORY; SGP_E_TOO_LARGE where 16 bits do not count the
 * tree's levels or 32 bits the weights; SGP_E_TIMEOUT when cancelled.
 *
 * Method: elimination tree with path compression (Liu 1986); a row is the union of
 * the vertex's own higher neighbours and its children's rows without itself. */
sgp_err sgp_hierarchy_make(const sgp_order_graph *graph, const sgp_graph_making *making,
                           uint32_t *vertex_at, sgp_hierarchy *hierarchy,
                           sgp_fault *fault) SGP_MUST_USE;

/* The rows as elimination makes them, before some become fronts. */
typedef struct sgp_plain_rows {
    uint32_t n_vertices;
    const uint32_t *parent;   /* [n_vertices] */
    const uint16_t *depth;    /* [n_vertices] */
    const uint32_t *row_head; /* [n_vertices] into heads */
    const uint16_t *length;   /* [n_vertices] */
    const uint16_t *heads;
} sgp_plain_rows;

/* Chooses the fronts and gives every row its place: fills row, row_length, head_depth,
 * fronts and n_weights of `hierarchy`. SGP_E_MEMORY, SGP_E_TOO_LARGE; arrays made so far
 * are then in the hierarchy, for its owner to free. */
sgp_err sgp_hierarchy_lay_out(const sgp_plain_rows *rows, sgp_hierarchy *hierarchy) SGP_MUST_USE;

/* Where the arcs first_arc[n_vertices + 1], arc_head of the renumbered graph go. */
sgp_err sgp_hierarchy_place_arcs(sgp_hierarchy *hierarchy, const uint32_t *first_arc,
                                 const uint32_t *arc_head) SGP_MUST_USE;

void sgp_hierarchy_free(sgp_hierarchy *hierarchy);

#endif
