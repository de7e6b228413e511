/* A set of texts, each stored once and known by a number and a byte offset.
 *
 * Text 0 is the empty one, at offset 0: the string table of a PBF block and the
 * names of a road graph both ask for that. Not thread-safe.
 */
#ifndef SGP_ROUTE_OSM_STRINGS_H
#define SGP_ROUTE_OSM_STRINGS_H

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

typedef struct sgp_osm_strings {
    sgp_buffer bytes;   /* the texts one after another, each ended by a zero */
    sgp_buffer offsets; /* uint32_t for each text */
    uint32_t *slots;    /* open-addressed hash of text numbers; SGP_NONE = free */
    uint32_t n_slots;   /* a power of two */
    uint32_t count;
} sgp_osm_strings;

/* SGP_E_MEMORY: nothing to release. */
sgp_err sgp_osm_strings_init(sgp_osm_strings *strings) SGP_MUST_USE;
void sgp_osm_strings_deinit(sgp_osm_strings *strings);

/* The number of `text`, added if new. SGP_E_MEMORY, SGP_E_FULL (4 GiB of text). */
sgp_err sgp_osm_strings_add(sgp_osm_strings *strings, const char *text,
                            uint32_t *number) SGP_MUST_USE;

/* Back to holding only the empty text; keeps the memory. */
void sgp_osm_strings_clear(sgp_osm_strings *strings);

static inline uint32_t sgp_osm_strings_offset(const sgp_osm_strings *strings, uint32_t number) {
    return ((const uint32_t *)(const void *)strings->offsets.data)[number];
}

/* Borrowed until the next add. */
static inline const char *sgp_osm_strings_text(const sgp_osm_strings *strings, uint32_t number) {
    return (const char *)strings->bytes.data + sgp_osm_strings_offset(strings, number);
}

#endif
