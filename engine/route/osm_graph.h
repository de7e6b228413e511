/* From an OpenStreetMap extract (.osm.pbf) to the parts of a road graph.
 *
 * Reads the extract with protobuf-c (osm_pbf.h), keeps what cars may drive,
 * folds chains of degree 2, expands the crossings that carry turn restrictions,
 * gives each arc its time for the ambulance profile, and marks the edges of the
 * largest strongly connected part as SGP_EDGE_MAIN.
 */
#ifndef SGP_ROUTE_OSM_GRAPH_H
#define SGP_ROUTE_OSM_GRAPH_H

#include "sigap/graph.h"

/* What the import tells while it runs. `done` and `total` are bytes of the
 * extract or steps; called from the calling thread at most ten times a second
 * and once at the end of each phase. Return non-zero to cancel (Ctrl-C). */
typedef struct sgp_progress {
    int (*report)(void *ctx, const char *phase, uint64_t done, uint64_t total);
    void *ctx;
} sgp_progress;

/* Parts in memory that own their arrays. */
typedef struct sgp_osm_graph sgp_osm_graph;

typedef struct sgp_osm_counts {
    uint64_t nodes, ways, relations; /* in the extract */
    uint64_t car_ways, restrictions; /* kept */
    uint64_t restrictions_ignored;   /* could not be used; each reason logged in total */
    uint64_t junctions;              /* distinct OSM nodes that became vertices */
    uint64_t expanded;               /* of these, expanded into movements */
    uint64_t missing_nodes;          /* way nodes absent from the extract (clipped) */
} sgp_osm_counts;

/* Reads `path`. SGP_E_IO, SGP_E_FORMAT ("not an OSM PBF file: it begins with
 * '<!DOCTYPE html'"), SGP_E_CORRUPT (truncated at byte N), SGP_E_NOT_FOUND (no
 * road in it), SGP_E_TIMEOUT when cancelled. Memory is bounded: about 16 bytes
 * a node of drivable ways plus one block; the fault says when it is not enough.
 * `name` is the city's. city id and created_ms are set by the caller beforehand. */
sgp_err sgp_osm_graph_read(const char *path, const sgp_city_id *city, const char *name,
                           const sgp_progress *progress, sgp_osm_graph **graph,
                           sgp_fault *fault) SGP_MUST_USE;
const sgp_graph_parts *sgp_osm_graph_parts(const sgp_osm_graph *graph);
const sgp_osm_counts *sgp_osm_graph_counts(const sgp_osm_graph *graph);
void sgp_osm_graph_destroy(sgp_osm_graph *graph);

#endif
