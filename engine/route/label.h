/* A label: how far a place is from every ancestor of its vertex, going only up (or, for a
 * place that is arrived at, how far it is from each of them, coming only down).
 *
 * The ancestors of a vertex are its root path. What two root paths share is their
 * beginning, so the travel time between two places is the least sum over the entries
 * that their labels share. Entries lie root last:
 *
 *     ms:   | unused | own, parent, parent's parent, ...          root | padding |
 *                      place(depth of v)                  place(0) = last
 *
 * since a vertex's up-arcs come deepest head first, as do the columns of a front: what is
 * consecutive there is consecutive here. Everything unused is SGP_INF.
 *
 * A place on the road has several seeds: it is left by both arcs of its edge, and arrived at
 * over arcs and their copies. Seeds on one root path share one; others are paths of their own,
 * which join the next one where the trees do:
 *
 *     path 0      o---o---.
 *     path 1          o----o---o-- ... --o root      shared[0] = entries right of the join
 *
 * Paths stand in ascending order of their vertices, so each joins the next one or, sooner,
 * the one before; every entry of every path holds the least over all seeds.
 *
 * Memory grows with the number of paths and is kept. Not thread-safe. Linear in the arcs of
 * the rows on the paths; what paths share is walked once.
 */
#ifndef SGP_ROUTE_LABEL_H
#define SGP_ROUTE_LABEL_H

#include <stdbool.h>

#include "route/hierarchy.h"
#include "route/metric.h"
#include "route/minplus.h"

typedef enum sgp_label_side {
    SGP_LEAVING, /* from the place up: over upward weights */
    SGP_ARRIVING /* down to the place: over downward weights */
} sgp_label_side;

typedef struct sgp_seed {
    uint32_t vertex;
    int32_t ms; /* between the place and the vertex, 0 .. SGP_INF */
} sgp_seed;

typedef struct sgp_label_path {
    uint32_t vertex; /* its lowest */
    uint32_t length; /* entries: depth of the vertex + 1 */
    uint32_t shared; /* so many of them with the next path; of the last: 0 */
    int32_t *ms;     /* [stride + SGP_LABEL_PADDING] */
} sgp_label_path;

typedef struct sgp_label {
    uint32_t n_paths;
    sgp_label_path *paths;
    sgp_seed *seeds;
    uint32_t n_seeds;
    uint32_t path_capacity, seed_capacity;
    uint32_t stride; /* entries of a path's array, a multiple of 16 */
    int32_t *front;  /* [stride + padding] a front's columns, gathered */
    const sgp_minplus *minplus;
} sgp_label;

enum { SGP_LABEL_PADDING = 16 }; /* behind the root, for whole vectors */

/* Entries that an array by place needs in front of its padding. */
static inline uint32_t sgp_label_stride(const sgp_hierarchy *h) {
    return (h->n_levels + 15) / 16 * 16;
}

sgp_err sgp_label_init(sgp_label *label, const sgp_hierarchy *hierarchy) SGP_MUST_USE;
void sgp_label_deinit(sgp_label *label);

/* begin, seed (some), make. Seeds of SGP_INF or more are left out. */
void sgp_label_begin(sgp_label *label);
sgp_err sgp_label_seed(sgp_label *label, uint32_t vertex, int64_t ms) SGP_MUST_USE;
sgp_err sgp_label_make(sgp_label *label, const sgp_metric *metric,
                       sgp_label_side side) SGP_MUST_USE;

/* Sends for what the label of a place at this vertex will read outside fronts, so that the next
 * label's is on its way from memory while one is made. */
void sgp_label_fetch(const sgp_metric *metric, sgp_label_side side, uint32_t vertex);

static inline bool sgp_label_is_ancestor(const sgp_hierarchy *h, uint32_t ancestor, uint32_t v) {
    return h->first_descendant[ancestor] <= v && v <= ancestor;
}

/* How many ancestors (themselves included) u and v share: depth of the lowest + 1. */
uint32_t sgp_label_shared(const sgp_hierarchy *hierarchy, uint32_t u, uint32_t v);

/* Least sum over what the two labels share; SGP_INF = no way. */
int32_t sgp_label_between(const sgp_hierarchy *hierarchy, const sgp_label *leaving,
                          const sgp_label *arriving);

#endif
