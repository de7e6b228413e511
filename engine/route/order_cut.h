/* Cutting a part of the graph in two by few vertices.
 *
 * Inertial flow (Schild & Sommer 2015): look at the map from one direction, take the
 * first and the last vertices as sources and targets, and find the fewest vertices
 * that separate them: a maximum flow in which each vertex carries at most one unit.
 * From there both sides are grown as in FlowCutter (Hamann & Strasser 2018; together:
 * Gottesbueren, Hamann, Uhl & Wagner 2019): the smaller side takes over all that it
 * reaches, and one vertex of the separator besides; if that opens a way to the other
 * side, the flow grows by one. So one run passes through the best separators of every
 * balance, from lopsided and small to even and large.
 *
 * Deviations: separators of vertices are found directly, not edge cuts on an expanded
 * graph; which of them is best is told by the depth of the elimination tree that can
 * be expected under it (order_cut.c, cost_of).
 *
 * Every vertex has two ports, where flow enters and where it leaves:
 *
 *            +---- v ----+             free: in -> out may be used
 *    u  ---> | in    out | --->  w     taken: only back, in -> out of the one before it
 *            +-----------+             on its path, out -> in
 *
 * Seen from the targets the same holds with in and out, before and after exchanged;
 * the code says near and far port, and is written once for both sides.
 */
#ifndef SGP_ROUTE_ORDER_CUT_H
#define SGP_ROUTE_ORDER_CUT_H

#include <pthread.h>
#include <stdbool.h>

#include "sigap/geo.h"

enum { SGP_ORDER_DIRECTIONS = 8 };

/* A connected piece of the graph; neighbours within it only, in its own numbers. */
typedef struct sgp_order_part {
    uint32_t n_vertices;
    const uint32_t *first, *neighbour;
    const sgp_point *point;
} sgp_order_part;

enum { SGP_ORDER_SIDE_A, SGP_ORDER_SIDE_B, SGP_ORDER_SEPARATOR };

/* The best separator so far of one part. Threads that try different directions share
 * it; which one wins does not depend on who comes first. */
typedef struct sgp_order_contest {
    pthread_mutex_t lock;
    bool has_one;
    double cost;
    int direction;
    uint8_t *side_of; /* [n_vertices] SGP_ORDER_SIDE_A, _B or SGP_ORDER_SEPARATOR; the caller's */
} sgp_order_contest;

/* Scratch of one thread; grows as needed. Zero-initialise. */
typedef struct sgp_order_cutter {
    uint32_t capacity; /* vertices */
    void *memory;
    bool (*goes_on)(void *ctx); /* asked now and then; false = stop early */
    void *ctx;
} sgp_order_cutter;

void sgp_order_cutter_deinit(sgp_order_cutter *cutter);

/* Where a direction sees a point: numbers ascend along it. `lon_scale` is 1024 times the
 * cosine of the latitude. */
int64_t sgp_order_position(sgp_point point, int direction, int64_t lon_scale);
int64_t sgp_order_lon_scale(const sgp_point *points, uint32_t n);

/* Tries one direction, and enters what it finds into the contest. Parts of at least two
 * vertices. SGP_E_MEMORY. */
sgp_err sgp_order_cut(sgp_order_cutter *cutter, const sgp_order_part *part, int direction,
                      sgp_order_contest *contest) SGP_MUST_USE;

#endif
