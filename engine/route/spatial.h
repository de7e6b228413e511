/* Where the roads are: a static R-tree over pieces of the edges' geometry.
 *
 * An item is a run of at most SGP_SPATIAL_RUN segments of one edge that is in some
 * profile's main part. (Others may index what they like: an item is two numbers, and
 * the tree reads its box alone.) Items are sorted along a Hilbert curve and packed, 16 to a node,
 * level upon level (Kamel & Faloutsos 1993), so a node's children follow from its number alone and
 * the file holds no pointers that could lead astray:
 *
 *   boxes:  [level 0: one for each item] [level 1: ceil(n/16)] ... [root]
 *   children of box j of level k+1: boxes 16j .. 16j+15 of level k
 *
 * Caveat: a city that straddles the 180th meridian finds only its own side.
 */
#ifndef SGP_ROUTE_SPATIAL_H
#define SGP_ROUTE_SPATIAL_H

#include <stdbool.h>

#include "route/line.h"
#include "sigap/graph.h"

enum {
    SGP_SPATIAL_FANOUT = 16,
    SGP_SPATIAL_RUN = 16,
    SGP_SPATIAL_LEVELS = 9 /* 16^8 is 2^32: no index of 32-bit numbers is taller */
};

typedef struct sgp_box {
    sgp_point low, high;
} sgp_box;

typedef struct sgp_spatial_item {
    uint32_t edge;
    uint32_t first_segment; /* segment s joins points s and s + 1 of the edge */
} sgp_spatial_item;

typedef struct sgp_spatial {
    const sgp_spatial_item *items; /* [n_items] */
    const sgp_box *boxes;          /* [n_boxes] */
    uint32_t n_items;
    uint32_t n_boxes;
    uint32_t n_levels;
    uint32_t level_first[SGP_SPATIAL_LEVELS]; /* number of each level's first box */
    uint32_t level_count[SGP_SPATIAL_LEVELS];
} sgp_spatial;

/* Fills the level table for n items; the arrays stay as they are. */
void sgp_spatial_shape(sgp_spatial *spatial, uint32_t n_items);

/* Builds the index over the edges of `parts` that are in some profile's main part.
 * The arrays are the caller's, to free with sgp_spatial_free. SGP_E_MEMORY,
 * SGP_E_TOO_LARGE. */
sgp_err sgp_spatial_build(const sgp_graph_parts *parts, sgp_spatial *spatial) SGP_MUST_USE;

/* An item on its way into the tree. */
typedef struct sgp_placed_item {
    sgp_spatial_item item;
    sgp_box box;
    uint32_t curve; /* position of its box's centre on the Hilbert curve; filled by the packing */
} sgp_placed_item;

/* Packs any n items, whose boxes lie within `bounds`, into a tree. Sorts `placed` (the
 * caller keeps ownership). Ties on the curve go by (edge, first_segment). */
sgp_err sgp_spatial_pack(sgp_placed_item *placed, uint64_t n, const sgp_box *bounds,
                         sgp_spatial *spatial) SGP_MUST_USE;
void sgp_spatial_free(sgp_spatial *spatial);

static inline void sgp_box_include(sgp_box *box, sgp_point p) {
    box->low.lon_e7 = p.lon_e7 < box->low.lon_e7 ? p.lon_e7 : box->low.lon_e7;
    box->low.lat_e7 = p.lat_e7 < box->low.lat_e7 ? p.lat_e7 : box->low.lat_e7;
    box->high.lon_e7 = p.lon_e7 > box->high.lon_e7 ? p.lon_e7 : box->high.lon_e7;
    box->high.lat_e7 = p.lat_e7 > box->high.lat_e7 ? p.lat_e7 : box->high.lat_e7;
}

/* Looks into one item and returns the distance beyond which nothing matters any more. */
typedef double (*sgp_spatial_look)(void *context, const sgp_spatial_item *item);

/* Shows `look` the items in whose boxes something may lie within the horizon of the
 * plane's middle, nearer boxes first (Roussopoulos, Kelley & Vincent 1995: depth first,
 * leaving out what is further than the worst answer so far). Allocates nothing. */
void sgp_spatial_search(const sgp_spatial *spatial, const sgp_plane *plane, double horizon_m,
                        sgp_spatial_look look, void *context);

/* Segments in the run of an item. */
static inline uint32_t sgp_spatial_run(const sgp_edge *edge, uint32_t first_segment) {
    uint32_t left = edge->n_points - 1 - first_segment;
    return left < SGP_SPATIAL_RUN ? left : SGP_SPATIAL_RUN;
}

#endif
