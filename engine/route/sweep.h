/* A sweep: true distances between a place and many vertices, from the roots down.
 *
 * A label knows how far its place is from its own ancestors, going only up. Any other way
 * goes over a common ancestor, so the distance of a vertex v is
 *
 *     the least of: what the label says, if v is an ancestor of the place
 *                   up-arc weight + distance of its head, over v's up-arcs
 *
 * and all heads are ancestors of v: with the distances of v's root path in an array by
 * place (label.h) that is one gather over a few cache lines (as PHAST does it, Delling et
 * al. 2011, restricted to what is asked for). Asked in falling order of the vertices,
 * nothing is computed twice: only what v's root path does not share with the one before.
 *
 * Scratch memory of one query; allocates at creation alone. Not thread-safe.
 */
#ifndef SGP_ROUTE_SWEEP_H
#define SGP_ROUTE_SWEEP_H

#include "route/label.h"

/* So many questions are looked at before the first of them is answered, so that what they
 * read is on its way from memory. */
enum { SGP_SWEEP_AHEAD = 16 };

/* One vertex of the path that is to be computed, or the first rows of a front. */
typedef struct sgp_sweep_turn {
    uint32_t vertex;
    uint32_t n_rows; /* in a front: so many, upwards from the vertex; else 1 */
} sgp_sweep_turn;

typedef struct sgp_sweep {
    const sgp_metric *metric;
    const sgp_label *label;
    sgp_label_side side;
    uint32_t path; /* the vertex whose root path `ms` holds; SGP_NONE at first */
    uint32_t stride;
    int32_t *ms;       /* [stride + SGP_LABEL_PADDING] by place */
    int32_t *front;    /* scratch likewise, all SGP_INF in between */
    int32_t *by_depth; /* [stride] the root path likewise, but the root first; of sgp_sweep_all */
    sgp_sweep_turn *turns; /* [SGP_SWEEP_AHEAD * n_levels] */
    const sgp_minplus *minplus;
} sgp_sweep;

sgp_err sgp_sweep_init(sgp_sweep *sweep, const sgp_hierarchy *hierarchy) SGP_MUST_USE;
void sgp_sweep_deinit(sgp_sweep *sweep);

/* Distances from a place that is left, or to one that is arrived at, as `label` was made. The
 * label must stay as it is until the last question. */
void sgp_sweep_begin(sgp_sweep *sweep, const sgp_metric *metric, const sgp_label *label,
                     sgp_label_side side);

/* Distance of one vertex, SGP_INF = no way. Any order will do; falling is quickest. */
int32_t sgp_sweep_ask(sgp_sweep *sweep, uint32_t vertex);

/* The same for n vertices, the upper halves of keys[n] (sort.h), which rise; ms[n]. */
void sgp_sweep_ask_many(sgp_sweep *sweep, const uint64_t *keys, size_t n, int32_t *ms);

/* distance[n_vertices] of all. */
void sgp_sweep_all(sgp_sweep *sweep, int32_t *distance);

/* Every vertex within limit_ms (below SGP_INF), rising; at most `capacity` are written.
 * Returns how many there are. A subtree is left out when neither its root nor any of the
 * root's heads lies within the limit and the place is not in it: nothing else leads into
 * it. */
size_t sgp_sweep_within(sgp_sweep *sweep, int32_t limit_ms, sgp_reach *reach, size_t capacity);

#endif
