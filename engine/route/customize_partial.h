/* Partial customization: after some arcs have changed, only what depends on them.
 *
 * An up-arc is looked at again only where a way that its weight may rest on has become
 * longer, and takes a new least where one has become shorter; rows from the bottom up, so
 * that all below is final. Where nothing changes nothing goes on. Gives exactly what full
 * customization gives (after Dibbelt, Strasser & Wagner 2016, section 5.3).
 *
 * Thread rule: scratch memory of one writer.
 */
#ifndef SGP_ROUTE_CUSTOMIZE_PARTIAL_H
#define SGP_ROUTE_CUSTOMIZE_PARTIAL_H

#include "route/graph_format.h"

/* An arc whose weight was `before` when `customized` was right. */
typedef struct sgp_changed_arc {
    uint32_t arc;
    int32_t before;
} sgp_changed_arc;

typedef struct sgp_partial sgp_partial;
sgp_err sgp_partial_create(const sgp_graph *graph, sgp_partial **partial) SGP_MUST_USE;
void sgp_partial_destroy(sgp_partial *partial);

/* Brings `customized` up to weight[n_arcs], which differs from what it was made of in the
 * `changes` alone. False: so much depends on them (or so little memory is left) that full
 * customization is quicker; `customized` is then spoilt. */
bool sgp_partial_run(sgp_partial *partial, const int32_t *weight, int32_t *customized,
                     const sgp_changed_arc *changes, size_t n) SGP_MUST_USE;

/* The places in `customized` that the last run, which was not given up, has changed. Good
 * until the next run. */
const uint32_t *sgp_partial_slots(const sgp_partial *partial, size_t *n);

#endif
