/* Nested dissection: cut the graph, then each piece, and so on; separators last.
 *
 * Pieces are independent of each other and each knows its place in the order, so they
 * are worked on by several threads from one list; the result does not depend on their
 * number. Of large pieces the directions of order_cut.h are tried by different threads.
 * Small pieces are ordered by fewest neighbours first.
 */
#ifndef SGP_ROUTE_ORDER_DISSECT_H
#define SGP_ROUTE_ORDER_DISSECT_H

#include "route/order_shrink.h"

/* Writes the core's vertices, by their numbers in the graph, to vertex_at[0 ..
 * core->n_vertices). threads 0 = as many as the machine has; the calling thread is one of
 * them, and the one that calls `tell` (may be NULL) with vertices done; false from it
 * cancels. SGP_E_MEMORY, SGP_E_TIMEOUT (cancelled). */
sgp_err sgp_order_dissect(const sgp_order_core *core, unsigned threads, uint32_t *vertex_at,
                          bool (*tell)(void *ctx, uint64_t done), void *ctx) SGP_MUST_USE;

#endif
