#include "journal/projection_map.h"

#include <stdlib.h>
#include <string.h>

/* A mixer with full avalanche (Stafford's variant 13 of the finalizer of
 * SplitMix64), because ids are small and close together. */
static uint64_t mix(uint64_t x) {
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

static size_t slot_of(const sgp_row_map *map, uint32_t table, sgp_row_key key) {
    size_t slot = (size_t)mix(mix(key.first * SGP_TABLES + table) + key.second);
    for (;; slot++) {
        slot &= map->n_slots - 1;
        uint32_t number = map->slots[slot];
        if (!number)
            return slot;
        const sgp_row_entry *entry = &map->entries[number - 1];
        if (entry->table == table && entry->key.first == key.first &&
            entry->key.second == key.second)
            return slot;
    }
}

sgp_row_entry *sgp_row_map_find(const sgp_row_map *map, sgp_table table, sgp_row_key key) {
    if (!map->n_slots)
        return NULL;
    uint32_t number = map->slots[slot_of(map, table, key)];
    return number ? &map->entries[number - 1] : NULL;
}

static sgp_err make_room(sgp_row_map *map) {
    if (map->n == map->capacity) {
        size_t capacity = map->capacity ? 2 * map->capacity : 256;
        sgp_row_entry *entries = realloc(map->entries, capacity * sizeof *entries);
        if (!entries || capacity >= UINT32_MAX)
            return SGP_E_MEMORY;
        map->entries = entries;
        map->capacity = capacity;
    }
    if (2 * (map->n + 1) > map->n_slots) {
        size_t n_slots = map->n_slots ? 2 * map->n_slots : 1024;
        uint32_t *slots = calloc(n_slots, sizeof *slots);
        if (!slots)
            return SGP_E_MEMORY;
        free(map->slots);
        map->slots = slots;
        map->n_slots = n_slots;
        for (size_t i = 0; i < map->n; i++)
            slots[slot_of(map, map->entries[i].table, map->entries[i].key)] = (uint32_t)i + 1;
    }
    return SGP_OK;
}

sgp_err sgp_row_map_put(sgp_row_map *map, sgp_table table, sgp_row_key key,
                        const uint64_t value[2]) {
    sgp_row_entry *entry = sgp_row_map_find(map, table, key);
    if (!entry) {
        sgp_err err = make_room(map);
        if (err)
            return err;
        entry = &map->entries[map->n++];
        *entry = (sgp_row_entry){.key = key, .table = table};
        map->slots[slot_of(map, table, key)] = (uint32_t)map->n;
    }
    entry->gone = false;
    memcpy(entry->value, value, sizeof entry->value);
    return SGP_OK;
}

void sgp_row_map_cut_list(sgp_row_map *map, sgp_table table, uint64_t owner, uint64_t n) {
    sgp_row_entry *entry;
    for (; (entry = sgp_row_map_find(map, table, (sgp_row_key){owner, n})) && !entry->gone; n++)
        entry->gone = true;
}

void sgp_row_map_clear(sgp_row_map *map) {
    map->n = 0;
    if (map->n_slots)
        memset(map->slots, 0, map->n_slots * sizeof *map->slots);
}

void sgp_row_map_free(sgp_row_map *map) {
    free(map->entries);
    free(map->slots);
    *map = (sgp_row_map){0};
}
