#include "serve/tile_cache.h"

#include <stdlib.h>

enum { BUCKETS = 4096 };

typedef struct entry {
    struct entry *next;            /* of its bucket */
    struct entry *older, *younger; /* by when it was asked for last */
    uint64_t key;
    uint8_t *bytes;
    size_t length;
} entry;

struct sgp_tile_cache {
    size_t bytes_max, bytes, count;
    entry *oldest, *youngest;
    entry *buckets[BUCKETS];
};

static uint64_t key_of(const sgp_tile *tile) {
    return (uint64_t)tile->z << 58 | (uint64_t)tile->x << 29 | tile->y;
}

/* Neighbours are asked for together: the multiplication (Knuth's) spreads them. */
static entry **bucket_of(sgp_tile_cache *cache, uint64_t key) {
    return &cache->buckets[key * 0x9E3779B97F4A7C15u >> 52];
}

static size_t cost_of(size_t length) {
    return length + sizeof(entry);
}

static void unlink_age(sgp_tile_cache *cache, entry *e) {
    *(e->older != NULL ? &e->older->younger : &cache->oldest) = e->younger;
    *(e->younger != NULL ? &e->younger->older : &cache->youngest) = e->older;
}

static void link_youngest(sgp_tile_cache *cache, entry *e) {
    e->older = cache->youngest;
    e->younger = NULL;
    *(e->older != NULL ? &e->older->younger : &cache->oldest) = e;
    cache->youngest = e;
}

static void drop(sgp_tile_cache *cache, entry *e) {
    entry **at = bucket_of(cache, e->key);
    while (*at != e)
        at = &(*at)->next;
    *at = e->next;
    unlink_age(cache, e);
    cache->bytes -= cost_of(e->length);
    cache->count--;
    free(e->bytes);
    free(e);
}

static entry *find(sgp_tile_cache *cache, uint64_t key) {
    entry *e = *bucket_of(cache, key);
    while (e != NULL && e->key != key)
        e = e->next;
    return e;
}

sgp_tile_cache *sgp_tile_cache_create(size_t bytes_max) {
    sgp_tile_cache *cache = calloc(1, sizeof *cache);
    if (cache != NULL)
        cache->bytes_max = bytes_max;
    return cache;
}

void sgp_tile_cache_destroy(sgp_tile_cache *cache) {
    if (cache == NULL)
        return;
    while (cache->oldest != NULL)
        drop(cache, cache->oldest);
    free(cache);
}

bool sgp_tile_cache_get(sgp_tile_cache *cache, const sgp_tile *tile, const uint8_t **bytes,
                        size_t *length) {
    entry *e = find(cache, key_of(tile));
    if (e == NULL)
        return false;
    unlink_age(cache, e);
    link_youngest(cache, e);
    *bytes = e->bytes;
    *length = e->length;
    return true;
}

void sgp_tile_cache_put(sgp_tile_cache *cache, const sgp_tile *tile, uint8_t *bytes,
                        size_t length) {
    entry *before = find(cache, key_of(tile));
    if (before != NULL)
        drop(cache, before);
    entry *e = cost_of(length) <= cache->bytes_max ? calloc(1, sizeof *e) : NULL;
    if (e == NULL) {
        free(bytes);
        return;
    }
    while (cache->bytes + cost_of(length) > cache->bytes_max)
        drop(cache, cache->oldest);
    *e = (entry){.key = key_of(tile), .bytes = bytes, .length = length};
    entry **bucket = bucket_of(cache, e->key);
    e->next = *bucket;
    *bucket = e;
    link_youngest(cache, e);
    cache->bytes += cost_of(length);
    cache->count++;
}

size_t sgp_tile_cache_bytes(const sgp_tile_cache *cache) {
    return cache->bytes;
}

size_t sgp_tile_cache_count(const sgp_tile_cache *cache) {
    return cache->count;
}
