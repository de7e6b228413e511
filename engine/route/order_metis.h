/* The quick order: METIS's multilevel nested dissection (Karypis & Kumar 1998).
 *
 * A few seconds for a million vertices, without coordinates; its separators are
 * larger than those of inertial flow, so everything after it is slower.
 *
 * Caveat: METIS draws its random numbers from rand(3), which it seeds itself. Two
 * orders made at the same time in one process may therefore differ from what either
 * gives alone (both are valid).
 */
#ifndef SGP_ROUTE_ORDER_METIS_H
#define SGP_ROUTE_ORDER_METIS_H

#include "route/order.h"

/* As sgp_order_make. SGP_E_TOO_LARGE: more than 2^31 neighbours. */
sgp_err sgp_order_by_metis(const sgp_order_graph *graph, uint32_t *vertex_at,
                           sgp_fault *fault) SGP_MUST_USE;

#endif
