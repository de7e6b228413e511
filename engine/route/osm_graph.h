/* From an OpenStreetMap extract (.osm.pbf) to the parts of a road graph.
 *
 * Reads the extract with protobuf-c (osm_pbf.h), keeps what any vehicle of the
 * profiles may drive, folds chains of degree 2, expands the crossings at which turns
 * matter, gives each arc its time for each vehicle, and marks the edges of each
 * vehicle's largest strongly connected part.
 *
 * The way through the code: osm_network.c (what the extract holds) -> osm_fold.c
 * (edges) -> osm_turns.c (what is banned) -> osm_expand.c (vertices and arcs) ->
 * osm_graph.c (the parts). What tags mean is in osm_roads.c and osm_speeds.c, the
 * figures in profiles.conf (profile.h).
 *
 * Times: length / mean speed, plus what nodes cost on arriving at them (signals,
 * gates, humps, ...; the end vertex counts, the start does not), plus what turns cost.
 *
 * An edge's forward_arc and backward_arc are its own arcs. Edges on the via ways of
 * a restriction have copies of them besides (same arc_edge, same weight, same OSM
 * nodes) that only a drive from the restriction's `from` enters. A trip that begins
 * on a via way begins on the edge's own arc and is not bound by that restriction; a
 * trip that ends there may come along the copy too, so queries arrive over every arc
 * with that arc_edge (ends.h).
 */
#ifndef SGP_ROUTE_OSM_GRAPH_H
#define SGP_ROUTE_OSM_GRAPH_H

#include "route/profile.h"
#include "sigap/graph.h"

/* Parts in memory that own their arrays. */
typedef struct sgp_osm_graph sgp_osm_graph;

typedef struct sgp_osm_counts {
    uint64_t nodes, ways, relations; /* in the extract */
    uint64_t car_ways, restrictions; /* kept */
    uint64_t hours, hours_unread;    /* conditional tags and opening hours; each reason logged */
    uint64_t foot_ways;              /* ways on foot that not every vehicle drives */
    uint64_t restrictions_ignored;   /* could not be used; each reason logged in total */
    uint64_t junctions;              /* distinct OSM nodes that became vertices */
    uint64_t expanded;               /* of these, expanded into movements */
    uint64_t missing_nodes;          /* way nodes absent from the extract (clipped) */
} sgp_osm_counts;

/* Reads `path`. SGP_E_IO, SGP_E_FORMAT ("not an OSM PBF file: it begins with
 * '<!DOCTYPE html'"), SGP_E_CORRUPT (truncated at byte N), SGP_E_NOT_FOUND (no
 * road in it), SGP_E_TIMEOUT when cancelled. Memory is bounded: about 16 bytes
 * a node of drivable ways plus one block; the fault says when it is not enough.
 * `name` is the city's, cut to fit. created_ms is the time of the call. `profiles`
 * are needed during the call only; NULL = the built-in ones. */
sgp_err sgp_osm_graph_read(const char *path, const sgp_city_id *city, const char *name,
                           const sgp_profiles *profiles, const sgp_progress *progress,
                           sgp_osm_graph **graph, sgp_fault *fault) SGP_MUST_USE;
const sgp_graph_parts *sgp_osm_graph_parts(const sgp_osm_graph *graph);
const sgp_osm_counts *sgp_osm_graph_counts(const sgp_osm_graph *graph);
void sgp_osm_graph_destroy(sgp_osm_graph *graph);

/* For tests that hold the topology against another program's (osm2pgsql --slim):
 * OSM ids, ascending, of the nodes at which not exactly two stretches of drivable
 * road end, before anything is folded. Borrowed from the graph; [*n]. */
const int64_t *sgp_osm_graph_junctions(const sgp_osm_graph *graph, size_t *n);

/* One way that the import keeps, with its nodes as in the extract (consecutive
 * repetitions dropped, missing nodes still named). km_h are the first vehicle's, 0
 * where it does not drive. Borrowed until the call returns. A result other than SGP_OK ends the
 * reading. */
typedef sgp_err (*sgp_osm_road_visit)(void *ctx, int64_t way, const int64_t *nodes, size_t n_nodes,
                                      uint8_t forward_km_h, uint8_t backward_km_h);

/* Reads `path` and visits every way that sgp_osm_graph_read would keep for the
 * built-in profiles, in the order of the file. Errors as sgp_osm_graph_read. */
sgp_err sgp_osm_roads_each(const char *path, sgp_osm_road_visit visit, void *ctx,
                           sgp_fault *fault) SGP_MUST_USE;

#endif
