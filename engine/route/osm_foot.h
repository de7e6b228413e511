/* The ways that people walk and not every vehicle drives: gangs, steps, paths. Every
 * node of such a way is a vertex, nothing is folded; one arc each way. A node that
 * stops people on foot ends each way that meets there.
 *
 * A vertex that lies on an edge of the road graph, at its ends or within, is a door
 * to that edge; at a crossing there is one for each edge that touches it.
 *
 * Internal to the import. Not thread-safe.
 */
#ifndef SGP_ROUTE_OSM_FOOT_H
#define SGP_ROUTE_OSM_FOOT_H

#include "route/osm_fold.h"

typedef struct sgp_osm_foot {
    sgp_buffer points;   /* sgp_point, one for each vertex */
    uint32_t *first_arc; /* [vertices + 1]; NULL without vertices */
    sgp_buffer arcs;     /* sgp_foot_arc */
    sgp_buffer doors;    /* sgp_foot_door, by (vertex, edge) */
} sgp_osm_foot;

/* After folding. SGP_E_MEMORY. Release with deinit whatever the result. */
sgp_err sgp_osm_foot_make(const sgp_osm_network *network, const sgp_osm_folded *folded,
                          sgp_osm_foot *foot, sgp_fault *fault) SGP_MUST_USE;
void sgp_osm_foot_deinit(sgp_osm_foot *foot);

#endif
