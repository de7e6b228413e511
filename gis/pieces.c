#include "gis/pieces.h"

#include <stdlib.h>
#include <string.h>

#include "gis/trim.h"

enum { FIRST_SLOTS = 64 };

/* FNV-1a, 64 bits; its high half is the better one. */
static uint32_t hash_of(const uint8_t *bytes, size_t n) {
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < n; i++)
        hash = (hash ^ bytes[i]) * UINT64_C(0x100000001b3);
    return (uint32_t)(hash >> 32);
}

static sgp_piece_part *part_of(sgp_pieces *pieces, uint32_t hash) {
    return &pieces->parts[hash % SGP_PIECE_PARTS];
}

static size_t place_in(const sgp_piece_part *part, uint32_t hash) {
    return (hash / SGP_PIECE_PARTS) & (part->n_slots - 1);
}

/* The slot of these bytes, or the empty one where they would go. */
static uint32_t *slot_of(const sgp_pieces *pieces, const sgp_piece_part *part, uint32_t hash,
                         const void *bytes, size_t n) {
    for (size_t at = place_in(part, hash);; at = (at + 1) & (part->n_slots - 1)) {
        uint32_t *slot = &part->slots[at];
        size_t length;
        if (*slot == 0)
            return slot;
        const void *there = sgp_pieces_at(pieces, *slot - 1, &length);
        if (length == n && memcmp(there, bytes, n) == 0)
            return slot;
    }
}

static sgp_err grow(const sgp_pieces *pieces, sgp_piece_part *part) {
    sgp_piece_part grown = {.n_slots = part->n_slots ? 2 * part->n_slots : FIRST_SLOTS,
                            .n_used = part->n_used};
    grown.slots = calloc(grown.n_slots, sizeof *grown.slots);
    if (!grown.slots)
        return SGP_E_MEMORY;
    for (uint32_t i = 0; i < part->n_slots; i++) {
        size_t n;
        if (part->slots[i] == 0)
            continue;
        const void *bytes = sgp_pieces_at(pieces, part->slots[i] - 1, &n);
        size_t at = place_in(&grown, hash_of(bytes, n));
        while (grown.slots[at] != 0)
            at = (at + 1) & (grown.n_slots - 1);
        grown.slots[at] = part->slots[i];
    }
    free(part->slots);
    *part = grown;
    return SGP_OK;
}

static sgp_err append(sgp_pieces *pieces, const void *bytes, uint32_t n) {
    static const uint8_t zeros[4];
    size_t whole = sizeof n + n + sizeof zeros - n % sizeof zeros;
    if ((pieces->bytes.length + whole) / 4 >= UINT32_MAX)
        return SGP_E_FULL;
    sgp_err err = sgp_buffer_reserve(&pieces->bytes, whole);
    if (err == SGP_OK)
        err = sgp_buffer_append(&pieces->bytes, &n, sizeof n);
    if (err == SGP_OK)
        err = sgp_buffer_append(&pieces->bytes, bytes, n);
    return err == SGP_OK ? sgp_buffer_append(&pieces->bytes, zeros, sizeof zeros - n % sizeof zeros)
                         : err;
}

sgp_err sgp_pieces_add(sgp_pieces *pieces, const void *bytes, size_t n, uint32_t *piece) {
    if (n > UINT32_MAX / 2)
        return SGP_E_FULL;
    uint32_t hash = hash_of(bytes, n);
    sgp_piece_part *part = part_of(pieces, hash);
    if (4 * (part->n_used + 1) > 3 * part->n_slots) {
        sgp_err err = grow(pieces, part);
        if (err != SGP_OK)
            return err;
    }
    uint32_t *slot = slot_of(pieces, part, hash, bytes, n);
    if (*slot == 0) {
        uint32_t number = (uint32_t)(pieces->bytes.length / 4);
        sgp_err err = append(pieces, bytes, (uint32_t)n);
        if (err != SGP_OK)
            return err;
        *slot = number + 1;
        part->n_used++;
    }
    *piece = *slot - 1;
    return SGP_OK;
}

void sgp_pieces_seal(sgp_pieces *pieces) {
    for (size_t i = 0; i < SGP_PIECE_PARTS; i++) {
        free(pieces->parts[i].slots);
        pieces->parts[i] = (sgp_piece_part){0};
    }
    sgp_trim(&pieces->bytes);
}

void sgp_pieces_free(sgp_pieces *pieces) {
    sgp_pieces_seal(pieces);
    sgp_buffer_free(&pieces->bytes);
}

size_t sgp_pieces_size(const sgp_pieces *pieces) {
    size_t size = pieces->bytes.capacity;
    for (size_t i = 0; i < SGP_PIECE_PARTS; i++)
        size += pieces->parts[i].n_slots * sizeof *pieces->parts[i].slots;
    return size;
}
