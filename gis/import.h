/* `sigap import`: one OSM extract becomes a pair, PostGIS schema + graph file,
 * with the same city id.
 *
 * City id = BLAKE2b-128 of the extract's bytes, the profiles, the aliases and the import's version,
 * so that importing the same file again finds its work done. osm2pgsql (flex style
 * gis/osm2pgsql.lua) fills the schema city_<hex id>; the graph is written beside
 * the old file and renamed last, after the schema is complete and registered in
 * sigap.city. Whatever fails before that leaves the former city in service.
 */
#ifndef SGP_GIS_IMPORT_H
#define SGP_GIS_IMPORT_H

#include "route/osm_graph.h"
#include "sigap/graph.h"

typedef struct sgp_import_options {
    const char *extract;   /* FILE.osm.pbf */
    const char *name;      /* city name; NULL = from the file's name */
    const char *graph_dir; /* var/graph */
    const char *conninfo;  /* PostgreSQL */
    const char *style; /* flex style file, import.sql beside it, perhaps profiles.conf; NULL = gis/
                          of the source */
    const char *aliases; /* NULL = aliases.conf beside the style file, or else of the source */
    bool force;          /* import again what is already there */
    bool graph_only;     /* no PostGIS (benchmarks, tests) */
    const char *turns;   /* instead of what profiles.conf says (see there); NULL = as it says */
    int memory_mb;       /* cache for osm2pgsql; 0 = 512 */
    sgp_order_method order;
    unsigned threads; /* to order with; 0 = as many as the machine has */
    sgp_progress progress;
} sgp_import_options;

typedef struct sgp_import_result {
    sgp_city_id city;
    char graph_path[512];
    bool already_there;
    bool is_sketch; /* say so wherever the city is shown */
    sgp_osm_counts counts;
    uint32_t vertices, arcs, edges;
    uint64_t names, addresses, places, areas; /* rows in PostGIS */
    int64_t graph_ms, database_ms;
    int64_t peak_memory_kb, child_peak_memory_kb; /* this process, osm2pgsql */
} sgp_import_result;

sgp_err sgp_import(const sgp_import_options *options, sgp_import_result *result,
                   sgp_fault *fault) SGP_MUST_USE;

/* Does the database hold the city of this id? SGP_E_MISMATCH with a sentence
 * naming both when not. Blocking; for start-up and tools. */
sgp_err sgp_city_check(const char *conninfo, const sgp_graph_parts *graph,
                       sgp_fault *fault) SGP_MUST_USE;

#endif
