/* The shortest way itself, as arcs of the road graph.
 *
 * Two labels tell where the way turns from going up to coming down. From there the
 * up-arcs are found again, by what they must add up to, and each is taken apart: it
 * stands for an arc of the road graph, or for two shortcuts over a lower vertex that is a
 * neighbour of both its ends, and so on down.
 *
 * The lower neighbours of a vertex make a connected piece of the tree right below it (the
 * row subtrees of sparse Cholesky factorization, Liu 1990), so those that two ends
 * share are found by walking the numbers below the lower end downwards, skipping the
 * subtree of every vertex that lacks either. Outside fronts the masks of hierarchy.h tell
 * that without a look at the rows.
 *
 * What makes it quick is that memory need not be waited for: hops are taken apart first come,
 * first served, so what a hop will read is fetched while those before it are taken apart.
 *
 * Which of several shortest ways is found: the least sum at the deepest common ancestor;
 * up-arcs from the highest vertex; of an up-arc, the arc of the graph with the lowest
 * number, else the highest vertex between. Nothing depends on threads or on earlier
 * questions.
 */
#ifndef SGP_ROUTE_WAY_H
#define SGP_ROUTE_WAY_H

#include "route/label.h"

enum { SGP_WAY_MEMORY = 1 << 14 }; /* half a megabyte for each query */

/* One up-arc or shortcut that is part of the way. What has been taken apart stays in its place
 * and names its halves, so that a hop never moves and the way is a list through all of them. */
typedef struct sgp_way_hop {
    uint32_t from, to;
    int32_t ms;
    uint32_t next;    /* the hop that follows, SGP_NONE at the end */
    uint32_t made_of; /* an arc of the graph, or the first of two hops, side by side */
    uint16_t column;  /* of the higher end: place in the lower one's row, or column of its front */
    bool is_arc;
} sgp_way_hop;

/* A vertex on the way down through the subtree of a shortcut's lower end, and which heads of
 * its children the two ends are, as bits of parent_mask. */
typedef struct sgp_way_rung {
    uint32_t vertex;
    uint32_t low, high;
} sgp_way_rung;

/* What was found of a shortcut whose lower end lies in a front. These are few, part of most ways,
 * and dear: two columns of a front are read, a line of the cache for each entry. So the last ones
 * are remembered, each in the place that its ends tell. */
typedef struct sgp_way_memory {
    uint64_t version; /* of the metric; 0: nothing is remembered here */
    uint32_t from, to;
    uint32_t between;
    int32_t ms, first_ms; /* of the shortcut; until `between` */
    uint16_t low, high;   /* columns of the ends, of `between` */
} sgp_way_memory;

typedef struct sgp_way {
    uint32_t *arcs; /* [n_arcs] in driving order */
    size_t n_arcs, arc_capacity;
    sgp_way_hop *hops; /* in the order in which they were found */
    size_t n_hops, hop_capacity;
    uint32_t first_hop;
    sgp_way_memory *memory; /* [SGP_WAY_MEMORY]; the same whatever it holds, only sooner */
    uint32_t *path;         /* [n_levels] vertices by place, of the path that is traced */
    sgp_way_rung *rungs;    /* [n_levels] from a shortcut's lower end downwards */
    uint32_t first, last;   /* the vertices where the way begins and ends */
    int32_t ms;             /* between the two places; SGP_INF: there is no way */
} sgp_way;

sgp_err sgp_way_init(sgp_way *way, const sgp_hierarchy *hierarchy) SGP_MUST_USE;
void sgp_way_deinit(sgp_way *way);

/* Between the places of the two labels. SGP_E_MEMORY: nothing is known then. */
sgp_err sgp_way_find(sgp_way *way, const sgp_metric *metric, const sgp_label *leaving,
                     const sgp_label *arriving) SGP_MUST_USE;

/* The shortest of the ways that turn from up to down at `vertex`, a common ancestor of the
 * labels' places: not the shortest at all. */
sgp_err sgp_way_find_over(sgp_way *way, const sgp_metric *metric, const sgp_label *leaving,
                          const sgp_label *arriving, uint32_t vertex) SGP_MUST_USE;

#endif
