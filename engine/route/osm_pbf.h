/* Reading an OpenStreetMap extract (.osm.pbf), one block after another.
 *
 * An extract is a row of blobs of some 8,000 elements each: nodes first, then
 * ways, then relations. The reader unpacks one blob at a time with protobuf-c
 * and zlib and hands every element to a visitor; memory stays bounded however
 * large the file is. A second read of the same open file skips the blobs that
 * hold nothing the visitor asks for.
 *
 * Caveats: history files and blobs packed with anything but zlib are refused by
 * name. Elements need not be sorted. Not thread-safe.
 */
#ifndef SGP_ROUTE_OSM_PBF_H
#define SGP_ROUTE_OSM_PBF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sigap/error.h"
#include "sigap/geo.h"

typedef enum sgp_osm_kind { SGP_OSM_NODE, SGP_OSM_WAY, SGP_OSM_RELATION } sgp_osm_kind;

typedef struct sgp_osm_tag {
    const char *key; /* UTF-8 */
    const char *value;
} sgp_osm_tag;

typedef struct sgp_osm_tags {
    const sgp_osm_tag *list; /* [count] */
    size_t count;
} sgp_osm_tags;

typedef struct sgp_osm_member {
    sgp_osm_kind kind;
    int64_t id;
    const char *role; /* "" = none */
} sgp_osm_member;

/* The value of `key`, or NULL. Linear: elements have few tags. */
const char *sgp_osm_tag_value(sgp_osm_tags tags, const char *key);

typedef struct sgp_osm_header {
    const char *writing_program; /* "" = not said */
    bool has_bounds;
    sgp_point south_west, north_east;
} sgp_osm_header;

/* What to call for each element; NULL = not wanted. Everything passed is
 * borrowed until the call returns. A call that does not return SGP_OK ends the
 * reading with that error (and should have filled its own fault). */
typedef struct sgp_osm_visitor {
    void *ctx;
    sgp_err (*header)(void *ctx, const sgp_osm_header *header);
    sgp_err (*node)(void *ctx, int64_t id, sgp_point point, sgp_osm_tags tags);
    sgp_err (*way)(void *ctx, int64_t id, const int64_t *refs, size_t n_refs, sgp_osm_tags tags);
    sgp_err (*relation)(void *ctx, int64_t id, const sgp_osm_member *members, size_t n_members,
                        sgp_osm_tags tags);
    /* After each blob: bytes of the file passed so far, and its size. */
    sgp_err (*progress)(void *ctx, uint64_t done, uint64_t total);
} sgp_osm_visitor;

enum {
    SGP_OSM_BLOB_HEADER_MAX = 64 * 1024,
    SGP_OSM_BLOB_MAX = 32 * 1024 * 1024,      /* as stored, and after decompression */
    SGP_OSM_BLOCK_MEMORY = 1024 * 1024 * 1024 /* what one block may need once decoded */
};

typedef struct sgp_osm_file sgp_osm_file;

/* Opens `path` and looks at its first blob. SGP_E_IO: cannot be read (the fault
 * has the system's reason); SGP_E_FORMAT: not an OSM PBF file (the fault shows
 * what it begins with). The path is copied. */
sgp_err sgp_osm_file_open(const char *path, sgp_osm_file **file, sgp_fault *fault) SGP_MUST_USE;

/* Reads the whole file from its beginning; may be repeated.
 * SGP_E_CORRUPT: truncated or damaged (the fault says at which byte);
 * SGP_E_VERSION: needs a feature or compression we do not know (named);
 * SGP_E_TOO_LARGE, SGP_E_MEMORY, SGP_E_IO; or what the visitor returned. */
sgp_err sgp_osm_file_read(sgp_osm_file *file, const sgp_osm_visitor *visitor,
                          sgp_fault *fault) SGP_MUST_USE;

/* Size in bytes when it was opened. */
uint64_t sgp_osm_file_size(const sgp_osm_file *file);

void sgp_osm_file_close(sgp_osm_file *file);

#endif
