/* The labels of many places, laid side by side so that one call reads them all.
 *
 * Eight labels make a block, entry by entry:
 *
 *     depth 0   | unit a | unit b | ... | unit h |      the call's entry at this depth is
 *     depth 1   | unit a | unit b | ... | unit h |      added to eight units at once
 *     ...
 *
 * Blocks stand in the order of their vertices, so the units of a block are neighbours in
 * the elimination tree: the ancestors that a call shares with them are the same but for the
 * last few, and those are told by each vertex's number alone (label.h: the subtree of an
 * ancestor is a run of numbers). Within a block the order is free. As in a B-tree, a full
 * block is split in two and two that are nearly empty become one, so a unit that moves
 * costs its own label and little more.
 *
 * A place whose label has several paths has several columns. Its time is the least of them.
 *
 * Not thread-safe. Memory grows with the number of columns and is kept.
 */
#ifndef SGP_ROUTE_FLEET_H
#define SGP_ROUTE_FLEET_H

#include "route/label.h"

typedef struct sgp_fleet_block {
    uint32_t vertex[SGP_MINPLUS_LANES];
    int32_t best[SGP_MINPLUS_LANES];  /* of the last call */
    uint32_t slot[SGP_MINPLUS_LANES]; /* the first n are taken */
    uint32_t n;
    uint32_t low, high; /* the least and the greatest of the vertices */
    int32_t *columns;   /* [n_levels * LANES] */
} sgp_fleet_block;

typedef struct sgp_fleet {
    const sgp_hierarchy *hierarchy;
    sgp_fleet_block **blocks; /* [n_blocks] by vertices; spare ones behind, up to n_made */
    uint32_t n_blocks, n_made, capacity;
    int32_t *call_ms; /* [n_levels] root path of a call, by depth */
    uint32_t *call_first, *call_last;
    const sgp_minplus *minplus;
} sgp_fleet;

sgp_err sgp_fleet_init(sgp_fleet *fleet, const sgp_hierarchy *hierarchy) SGP_MUST_USE;
void sgp_fleet_deinit(sgp_fleet *fleet);

void sgp_fleet_clear(sgp_fleet *fleet);
/* Puts in every path of a label. Quickest in rising order of the vertices. SGP_E_MEMORY:
 * some of the columns may be in. */
sgp_err sgp_fleet_put(sgp_fleet *fleet, uint32_t slot, const sgp_label *label) SGP_MUST_USE;
/* Takes out the column that the slot has at this vertex. */
void sgp_fleet_take(sgp_fleet *fleet, uint32_t slot, uint32_t vertex);

/* ms[slot] = min(ms[slot], time between the slot's place and the label's); slots without
 * columns stay as they are, as do those from which there is no way. */
void sgp_fleet_ask(sgp_fleet *fleet, const sgp_label *call, int32_t *ms);

#endif
