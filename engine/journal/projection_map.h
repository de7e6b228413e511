/* A map from (table, row key) to two numbers, for the projection's latest rows
 * and verify's digests. Open addressing; grows; order of insertion is kept. Not
 * thread-safe. */
#ifndef SGP_PROJECTION_MAP_H
#define SGP_PROJECTION_MAP_H

#include "journal/projection_rows.h"

typedef struct sgp_row_entry {
    sgp_row_key key;
    uint64_t value[2];
    uint32_t table;
    bool gone;   /* removed; its place is kept for the key to come back */
    bool marked; /* free for the map's user */
} sgp_row_entry;

typedef struct sgp_row_map {
    sgp_row_entry *entries; /* [n], in order of insertion */
    size_t n, capacity;
    uint32_t *slots; /* [n_slots], entry + 1, 0 = empty */
    size_t n_slots;
} sgp_row_map; /* zero-initialise */

/* The entry of a key, gone or not; NULL: never put. Borrowed until the next put. */
sgp_row_entry *sgp_row_map_find(const sgp_row_map *map, sgp_table table, sgp_row_key key);
/* Puts or replaces. SGP_E_MEMORY: unchanged. */
sgp_err sgp_row_map_put(sgp_row_map *map, sgp_table table, sgp_row_key key,
                        const uint64_t value[2]) SGP_MUST_USE;
/* Removes rows (owner, n), (owner, n + 1), ... up to the first that is not there. */
void sgp_row_map_cut_list(sgp_row_map *map, sgp_table table, uint64_t owner, uint64_t n);
/* Empties it and keeps the memory. */
void sgp_row_map_clear(sgp_row_map *map);
void sgp_row_map_free(sgp_row_map *map);

#endif
