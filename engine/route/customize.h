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

#include "route/customize_multifrontal.h"

/* The oracle: vertex by vertex, each row gathering from the rows below it, with nothing
 * clever about it. weight[n_arcs] in 0 .. SGP_INF; customized[hierarchy.n_weights].
 * SGP_E_MEMORY. */
sgp_err sgp_customize_scalar(const sgp_graph *graph, const int32_t *weight,
                             int32_t *customized) SGP_MUST_USE;

/* How to go about a graph, from its topology alone; made when it is opened. */
sgp_err sgp_customize_plan_make(const sgp_hierarchy *hierarchy, const sgp_graph_parts *parts,
                                sgp_customize_plan **plan) SGP_MUST_USE;
void sgp_customize_plan_destroy(sgp_customize_plan *plan);

/* The fastest kernel that this machine has. */
const sgp_customize_kernel *sgp_kernel_best(void);

/* Scratch memory for customizing one graph again and again, and how many threads do it.
 * One thread at a time may run it. */
typedef struct sgp_customizer sgp_customizer;

/* `threads` 0 = as many as the machine has; `kernel` NULL = the best. SGP_E_MEMORY. */
sgp_err sgp_customizer_create(const sgp_graph *graph, unsigned threads,
                              const sgp_customize_kernel *kernel,
                              sgp_customizer **customizer) SGP_MUST_USE;
void sgp_customizer_destroy(sgp_customizer *customizer);
/* Makes *customizer one for so many threads, unless it is; NULL is none. SGP_E_MEMORY: as
 * before. */
sgp_err sgp_customizer_renew(const sgp_graph *graph, unsigned threads,
                             sgp_customizer **customizer) SGP_MUST_USE;

/* weight[n_arcs] in 0 .. SGP_INF; customized[hierarchy.n_weights], all of it written. On at
 * most `threads` of those that it was made for, 0 = all. Allocates nothing. Where threads
 * cannot be started it does without. */
void sgp_customizer_run(sgp_customizer *customizer, unsigned threads, const int32_t *weight,
                        int32_t *customized);

#endif
