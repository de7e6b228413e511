/* Customization: what every up-arc of the hierarchy costs under the weights of a metric.
 *
 * An up-arc between v and its ancestor x costs the least of the arcs between them and of
 * all ways v -> w -> x over a vertex w below both (a lower triangle). Rows from the
 * bottom up, each row is final when its vertex is reached (Dibbelt, Strasser & Wagner
 * 2016, section 5). Sums that reach SGP_INF are no way and stay SGP_INF.
 *
 * Thread rule: no shared state; a graph is only read.
 */
#ifndef SGP_ROUTE_CUSTOMIZE_H
#define SGP_ROUTE_CUSTOMIZE_H

#include "route/graph_format.h"

/* The oracle: vertex by vertex, each row gathering from the rows below it, with nothing
 * clever about it. weight[n_arcs] in 0 .. SGP_INF; customized[hierarchy.n_weights].
 * SGP_E_MEMORY. */
sgp_err sgp_customize_scalar(const sgp_graph *graph, const int32_t *weight,
                             int32_t *customized) SGP_MUST_USE;

#endif
