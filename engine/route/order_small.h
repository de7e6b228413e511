/* Small pieces: always the vertex with the fewest neighbours next (minimum degree,
 * Tinney & Walker 1967), on bit sets. */
#ifndef SGP_ROUTE_ORDER_SMALL_H
#define SGP_ROUTE_ORDER_SMALL_H

#include "route/order_cut.h"

enum { SGP_ORDER_SMALL = 8 }; /* vertices; at most 64 */

/* Orders a part of at most SGP_ORDER_SMALL vertices. n_outside[v] neighbours of v outside
 * the part, all of which go later. vertex_at[part->n_vertices]. */
void sgp_order_small(const sgp_order_part *part, const uint32_t *n_outside, uint32_t *vertex_at);

#endif
