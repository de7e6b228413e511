/* Memory for decoding one block: handed to protobuf-c, bounded, freed at once.
 *
 * A hostile block of a few megabytes can ask protobuf-c for many times its size
 * (millions of empty groups); the bound turns that into an error. Not
 * thread-safe.
 */
#ifndef SGP_ROUTE_OSM_BLOCK_MEMORY_H
#define SGP_ROUTE_OSM_BLOCK_MEMORY_H

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct sgp_osm_block_memory {
    ProtobufCAllocator allocator; /* for protobuf-c; points back here: do not move the struct */
    struct sgp_osm_chunk *newest;
    size_t total, bound; /* bytes */
    bool over_bound;     /* a request was refused for the bound */
    bool out_of_memory;  /* a request was refused by the system */
} sgp_osm_block_memory;

void sgp_osm_block_memory_init(sgp_osm_block_memory *memory, size_t bound);
/* Everything handed out becomes invalid. */
void sgp_osm_block_memory_reset(sgp_osm_block_memory *memory);
void sgp_osm_block_memory_deinit(sgp_osm_block_memory *memory);

#endif
