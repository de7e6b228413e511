/* Writing an OpenStreetMap extract (.osm.pbf): the sketch of a city and the
 * tiny extracts of tests are made with it.
 *
 *     sgp_osm_writer_open("malang.osm.pbf", "sigap-sketch", NULL, NULL, &writer, &fault)
 *     sgp_osm_writer_node(...)       all nodes, ids ascending
 *     sgp_osm_writer_way(...)        then all ways, ids ascending
 *     sgp_osm_writer_relation(...)   then all relations, ids ascending
 *     sgp_osm_writer_finish(writer, &fault)
 *     sgp_osm_writer_destroy(writer)
 *
 * Blocks of 8,000 elements, dense nodes, zlib, no metadata (authors, times);
 * osm2pgsql and osmium read the result. The order of calls is the order in the
 * file, so equal calls give equal bytes. The file appears under its name only
 * when finished; until then it is `path` + ".partial". Not thread-safe.
 */
#ifndef SGP_ROUTE_OSM_PBF_WRITE_H
#define SGP_ROUTE_OSM_PBF_WRITE_H

#include "route/osm_pbf.h"

/* The program that sgp_osm_graph_read takes as the sign of a sketch. */
#define SGP_OSM_SKETCH_PROGRAM "sigap-sketch"

typedef struct sgp_osm_writer sgp_osm_writer;

/* `writing_program` goes into the header. `south_west` and `north_east` are the
 * extract's bounds; both NULL = none are written. Strings and points are copied.
 * SGP_E_IO (the fault has the system's reason), SGP_E_MEMORY. */
sgp_err sgp_osm_writer_open(const char *path, const char *writing_program,
                            const sgp_point *south_west, const sgp_point *north_east,
                            sgp_osm_writer **writer, sgp_fault *fault) SGP_MUST_USE;

/* Each adds one element; everything passed is copied. Tag keys and values are
 * UTF-8 and not NULL; tags may be NULL when n_tags is 0. SGP_E_ARGUMENT: out of
 * order, or more than 2,000 refs; SGP_E_IO, SGP_E_MEMORY. After an error only
 * destroy may follow. */
sgp_err sgp_osm_writer_node(sgp_osm_writer *writer, int64_t id, sgp_point point,
                            const sgp_osm_tag *tags, size_t n_tags, sgp_fault *fault) SGP_MUST_USE;
sgp_err sgp_osm_writer_way(sgp_osm_writer *writer, int64_t id, const int64_t *refs, size_t n_refs,
                           const sgp_osm_tag *tags, size_t n_tags, sgp_fault *fault) SGP_MUST_USE;
sgp_err sgp_osm_writer_relation(sgp_osm_writer *writer, int64_t id, const sgp_osm_member *members,
                                size_t n_members, const sgp_osm_tag *tags, size_t n_tags,
                                sgp_fault *fault) SGP_MUST_USE;

/* Writes what is left, syncs, and gives the file its name. Destroy follows. */
sgp_err sgp_osm_writer_finish(sgp_osm_writer *writer, sgp_fault *fault) SGP_MUST_USE;

/* Removes the partial file unless finished. NULL is harmless. */
void sgp_osm_writer_destroy(sgp_osm_writer *writer);

#endif
