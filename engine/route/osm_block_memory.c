#include "route/osm_block_memory.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>

enum { CHUNK_BYTES = 256 * 1024 };

typedef struct sgp_osm_chunk {
    struct sgp_osm_chunk *older;
    size_t used, size;
    alignas(max_align_t) uint8_t bytes[];
} sgp_osm_chunk;

static void *take(void *ctx, size_t size) {
    sgp_osm_block_memory *memory = ctx;
    if (size > memory->bound) {
        memory->over_bound = true;
        return NULL;
    }
    size = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    sgp_osm_chunk *chunk = memory->newest;
    if (!chunk || chunk->size - chunk->used < size) {
        size_t chunk_size = size > CHUNK_BYTES ? size : CHUNK_BYTES;
        if (chunk_size > memory->bound - memory->total) {
            memory->over_bound = true;
            return NULL;
        }
        chunk = malloc(sizeof *chunk + chunk_size);
        if (!chunk) {
            memory->out_of_memory = true;
            return NULL;
        }
        *chunk = (sgp_osm_chunk){.older = memory->newest, .size = chunk_size};
        memory->newest = chunk;
        memory->total += chunk_size;
    }
    void *bytes = chunk->bytes + chunk->used;
    chunk->used += size;
    return bytes;
}

/* Single pieces are not given back: the whole block is, by reset. */
static void keep(void *ctx, void *bytes) {
    (void)ctx;
    (void)bytes;
}

void sgp_osm_block_memory_init(sgp_osm_block_memory *memory, size_t bound) {
    *memory = (sgp_osm_block_memory){.bound = bound};
    memory->allocator = (ProtobufCAllocator){take, keep, memory};
}

void sgp_osm_block_memory_reset(sgp_osm_block_memory *memory) {
    sgp_osm_chunk *chunk = memory->newest;
    while (chunk) {
        sgp_osm_chunk *older = chunk->older;
        free(chunk);
        chunk = older;
    }
    memory->newest = NULL;
    memory->total = 0;
    memory->over_bound = memory->out_of_memory = false;
}

void sgp_osm_block_memory_deinit(sgp_osm_block_memory *memory) {
    sgp_osm_block_memory_reset(memory);
}
