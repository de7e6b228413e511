#include "route/osm_strings.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sigap/graph.h"

enum { FIRST_SLOTS = 1024 };

/* FNV-1a (Fowler, Noll, Vo). */
static uint32_t hash_text(const char *text, size_t length) {
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (uint8_t)text[i]) * 16777619u;
    return hash;
}

static void place(sgp_osm_strings *strings, uint32_t number) {
    const char *text = sgp_osm_strings_text(strings, number);
    uint32_t mask = strings->n_slots - 1;
    uint32_t slot = hash_text(text, strlen(text)) & mask;
    while (strings->slots[slot] != SGP_NONE)
        slot = (slot + 1) & mask;
    strings->slots[slot] = number;
}

/* Appends without looking whether the text is there already. */
static sgp_err append(sgp_osm_strings *strings, const char *text, size_t length) {
    if (strings->bytes.length + length + 1 > UINT32_MAX)
        return SGP_E_FULL;
    uint32_t offset = (uint32_t)strings->bytes.length;
    sgp_err err = sgp_buffer_reserve(&strings->bytes, length + 1);
    if (err == SGP_OK)
        err = sgp_buffer_append(&strings->offsets, &offset, sizeof offset);
    if (err == SGP_OK)
        err = sgp_buffer_append(&strings->bytes, text, length + 1);
    if (err == SGP_OK)
        place(strings, strings->count++);
    return err;
}

sgp_err sgp_osm_strings_init(sgp_osm_strings *strings) {
    *strings = (sgp_osm_strings){.n_slots = FIRST_SLOTS};
    strings->slots = malloc(FIRST_SLOTS * sizeof *strings->slots);
    if (!strings->slots)
        return SGP_E_MEMORY;
    memset(strings->slots, 0xff, FIRST_SLOTS * sizeof *strings->slots);
    sgp_err err = append(strings, "", 0);
    if (err != SGP_OK)
        sgp_osm_strings_deinit(strings);
    return err;
}

void sgp_osm_strings_deinit(sgp_osm_strings *strings) {
    sgp_buffer_free(&strings->bytes);
    sgp_buffer_free(&strings->offsets);
    free(strings->slots);
    *strings = (sgp_osm_strings){0};
}

sgp_err sgp_osm_strings_add(sgp_osm_strings *strings, const char *text, uint32_t *number) {
    size_t length = strlen(text);
    uint32_t mask = strings->n_slots - 1;
    for (uint32_t slot = hash_text(text, length) & mask; strings->slots[slot] != SGP_NONE;
         slot = (slot + 1) & mask) {
        if (strcmp(sgp_osm_strings_text(strings, strings->slots[slot]), text) == 0) {
            *number = strings->slots[slot];
            return SGP_OK;
        }
    }
    if (strings->count >= strings->n_slots / 2) {
        uint32_t n_slots = strings->n_slots * 2;
        uint32_t *slots = realloc(strings->slots, (size_t)n_slots * sizeof *slots);
        if (!slots)
            return SGP_E_MEMORY;
        strings->slots = slots;
        strings->n_slots = n_slots;
        memset(slots, 0xff, (size_t)n_slots * sizeof *slots);
        for (uint32_t i = 0; i < strings->count; i++)
            place(strings, i);
    }
    sgp_err err = append(strings, text, length);
    if (err == SGP_OK)
        *number = strings->count - 1;
    return err;
}

void sgp_osm_strings_clear(sgp_osm_strings *strings) {
    sgp_buffer_clear(&strings->bytes);
    sgp_buffer_clear(&strings->offsets);
    memset(strings->slots, 0xff, (size_t)strings->n_slots * sizeof *strings->slots);
    strings->count = 0;
    /* Cannot fail: the buffers held this text before and keep their capacity. */
    sgp_err err = append(strings, "", 0);
    assert(err == SGP_OK);
    (void)err;
}
