/* Tiles in memory, packed as they are sent; over a bound of bytes the ones that were not asked
 * for the longest go. Thread rule: one thread. */
#ifndef SGP_SERVE_TILE_CACHE_H
#define SGP_SERVE_TILE_CACHE_H

#include "gis/tile_source.h"

typedef struct sgp_tile_cache sgp_tile_cache;

/* NULL: no memory. `bytes_max` counts what each tile costs besides its bytes too. */
sgp_tile_cache *sgp_tile_cache_create(size_t bytes_max);
void sgp_tile_cache_destroy(sgp_tile_cache *cache);

/* True: it is there. `bytes` is borrowed until the next put; length 0 is an empty tile. O(1). */
bool sgp_tile_cache_get(sgp_tile_cache *cache, const sgp_tile *tile, const uint8_t **bytes,
                        size_t *length);

/* Takes `bytes`, made by malloc (NULL where length is 0), and frees them in time: at once, where
 * they alone are over the bound or no memory is left. Replaces what was there. O(1) but for
 * those that go. */
void sgp_tile_cache_put(sgp_tile_cache *cache, const sgp_tile *tile, uint8_t *bytes, size_t length);

size_t sgp_tile_cache_bytes(const sgp_tile_cache *cache);
size_t sgp_tile_cache_count(const sgp_tile_cache *cache);

#endif
