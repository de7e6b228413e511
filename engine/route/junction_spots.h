/* The places where ways of a graph may meet, and the ways that leave each of them.
 *
 * A spot is an OSM node at which edges end, or a vertex of the ways on foot; where both are the
 * same place (a door at an edge's end) they are one spot. A stub is the beginning of a way as
 * seen from a spot. An edge has a stub at each end, and two at a spot on foot that lies in its
 * middle; a named way on foot has one at each of its vertices and for each direction.
 *
 * Internal to junctions.c. Pure.
 */
#ifndef SGP_ROUTE_JUNCTION_SPOTS_H
#define SGP_ROUTE_JUNCTION_SPOTS_H

#include "sigap/graph.h"

enum {
    SGP_STUB_ROUNDABOUT = 1,
    SGP_STUB_ARM = 2,     /* looks like a road of its own: named, or no driveway, ramp, track */
    SGP_STUB_LEAVES = 4,  /* one may drive away from the spot on it */
    SGP_STUB_ARRIVES = 8, /* one may come along it */
    SGP_STUB_DRIVEN = 16, /* the first profile drives it */
    SGP_STUB_FOOT = 32
};

typedef struct sgp_junction_stub {
    uint32_t spot;
    uint32_t other;     /* the spot at its far end */
    uint32_t name;      /* offset, the same for the same text; 0 = none */
    uint32_t edge;      /* SGP_NONE on foot */
    uint32_t length_mm; /* up to `other` */
    sgp_point towards;  /* on it, some 25 m away, or its end */
    uint32_t flags;
} sgp_junction_stub;

typedef struct sgp_junction_spots {
    uint32_t n_spots;
    sgp_point *point; /* [n_spots] */
    sgp_junction_stub *stubs;
    uint32_t *first_stub; /* [n_spots + 1] */
} sgp_junction_spots;

/* SGP_E_MEMORY: nothing to release. */
sgp_err sgp_junction_spots_make(const sgp_graph_parts *parts,
                                sgp_junction_spots *spots) SGP_MUST_USE;
void sgp_junction_spots_free(sgp_junction_spots *spots);

#endif
