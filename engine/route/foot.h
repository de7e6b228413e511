/* Ways on foot: where a place meets them, and how long it takes from everywhere near.
 *
 * The search runs from the place outward but walks every arc against its direction,
 * since a crew goes from its vehicle to the place: begin -> next, next, ... with walking
 * times ascending (Dijkstra 1959). Each vertex then knows the arc by which one goes on
 * towards the place.
 *
 *     vehicle --> door vertex --arc--> vertex --arc--+ entry
 *                                                    |  straight, off any way
 *                                                  place
 *
 * Allocates at creation only. Not thread-safe: scratch memory of one walker.
 */
#ifndef SGP_ROUTE_FOOT_H
#define SGP_ROUTE_FOOT_H

#include "route/spatial.h"

typedef struct sgp_foot_reached {
    int32_t ms;          /* from here to the place */
    uint32_t round;      /* of the search that reached it; other values: not reached */
    uint32_t heap_place; /* SGP_NONE once settled */
    uint32_t arc;        /* by which one goes on */
    uint8_t is_entry;    /* the arc is left on its way, at the foot of the place */
} sgp_foot_reached;

typedef struct sgp_foot_net {
    const sgp_graph_parts *parts;
    sgp_spatial spatial; /* item: edge = arc, first_segment = its tail */
    uint32_t *arc_tail;  /* [n_foot_arcs] */
    uint32_t *first_in;  /* [n_foot_vertices + 1] */
    uint32_t *in_arc;    /* [n_foot_arcs] by head */
    sgp_foot_reached *reached;
    uint32_t *heap; /* vertices, the quickest first */
    uint32_t heap_count;
    uint32_t round;
    int32_t limit_ms;
    sgp_plane plane; /* around the place */
} sgp_foot_net;

/* Where parts has no ways on foot, nothing is ever reached. SGP_E_MEMORY. */
sgp_err sgp_foot_net_init(sgp_foot_net *net, const sgp_graph_parts *parts) SGP_MUST_USE;
void sgp_foot_net_deinit(sgp_foot_net *net);

/* Starts a search: the place is entered from the nearest way on foot and from those at
 * most `beside_m` further, none beyond `direct_m`. */
void sgp_foot_net_begin(sgp_foot_net *net, sgp_point place, double direct_m, double beside_m,
                        int32_t limit_ms);
/* The next vertex, in order of walking time; false: no more within the limit. */
bool sgp_foot_net_next(sgp_foot_net *net, uint32_t *vertex);

/* Of a vertex that next gave: the way from it to the place. Length in millimetres, and
 * number of points between the vertex (first) and the place (last), both included. */
int64_t sgp_foot_net_mm(const sgp_foot_net *net, uint32_t vertex, size_t *n_points);
/* These points, into points[n_points]. */
void sgp_foot_net_points(const sgp_foot_net *net, uint32_t vertex, sgp_point *points);

/* Walking time off any way, rounded down to the millisecond. */
int64_t sgp_straight_ms(int64_t mm);

#endif
