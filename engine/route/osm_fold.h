/* Folding: from segments to edges.
 *
 * A node becomes a vertex where roads meet or end, where a barrier stands, where
 * a restriction asks for it, and where the way, and with it perhaps the road's class, name,
 * or any vehicle's directions or speed change; the nodes between two vertices are folded into one
 * edge that keeps their points. An edge is of one way, so that whoever names a way (to close it,
 * or in a traffic picture) means all of its edges and nothing else. A loop is cut in its
 * middle, so that no edge begins and
 * ends at the same vertex.
 *
 *      way 7            way 8                 edges
 *   A──x──x──B──x──C  C──x──D    becomes    A───B───C───D
 *            │                                  │
 *
 * Time over an edge: length / speed, plus what each node costs on arriving at
 * it (signals, gates, humps); the end vertex counts, the start vertex does not.
 *
 * Internal to the import. Not thread-safe.
 */
#ifndef SGP_ROUTE_OSM_FOLD_H
#define SGP_ROUTE_OSM_FOLD_H

#include "route/osm_network.h"

/* What an sgp_edge does not hold. */
typedef struct sgp_osm_edge_ends {
    uint32_t tail, head; /* nodes, in the direction of the forward arc */
} sgp_osm_edge_ends;

/* Something that some vehicles may not use at some hours. */
typedef struct sgp_osm_closed {
    uint32_t what;     /* edge << 1 | backward; later the number of a connector */
    uint32_t vehicles; /* bit p */
    uint32_t hours;    /* by their number in the network */
} sgp_osm_closed;

/* Notes that `what`, the last one in the list or a new one, is closed to vehicle p;
 * hours 0 = never. SGP_E_MEMORY. */
sgp_err sgp_osm_closed_add(sgp_buffer *list, uint32_t what, uint32_t p,
                           uint32_t hours) SGP_MUST_USE;

typedef struct sgp_osm_folded {
    sgp_buffer edges; /* sgp_edge; arcs not yet set, name = number in the names */
    sgp_buffer ends;  /* sgp_osm_edge_ends, one for each edge */
    sgp_buffer
        times; /* int32_t ms, [(edge << 1 | backward) * n_vehicles + p]; SGP_INF = not driven */
    sgp_buffer
        against; /* uint32_t for each edge << 1 | backward; bit p: p drives it against the law */
    sgp_buffer closed;      /* sgp_osm_closed, ascending by what */
    sgp_buffer points;      /* sgp_point */
    sgp_buffer point_nodes; /* int64_t, OSM id of each point */
    /* [n_refs] for each segment its edge << 1 | 1 when the edge's forward
     * direction is against the way's order; SGP_NONE where there is no segment. */
    uint32_t *segment_edge;
    sgp_buffer junctions; /* int64_t, OSM ids, ascending: nodes at which not exactly two segments
                             end, before folding */
} sgp_osm_folded;

/* Folds `network` and sets SGP_OSM_NODE_VERTEX in its node flags.
 * SGP_E_MEMORY, SGP_E_TIMEOUT. Release with deinit whatever the result. */
sgp_err sgp_osm_fold(sgp_osm_network *network, sgp_osm_folded *folded, sgp_osm_meter *meter,
                     sgp_fault *fault) SGP_MUST_USE;
void sgp_osm_folded_deinit(sgp_osm_folded *folded);

#endif
