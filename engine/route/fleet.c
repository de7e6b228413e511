#include "route/fleet.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { LANES = SGP_MINPLUS_LANES, BLOCKS_AT_FIRST = 16 };

sgp_err sgp_fleet_init(sgp_fleet *fleet, const sgp_hierarchy *hierarchy) {
    *fleet = (sgp_fleet){.hierarchy = hierarchy, .minplus = sgp_minplus_best()};
    size_t n = hierarchy->n_levels + 1u;
    fleet->call_ms = malloc(n * sizeof *fleet->call_ms);
    fleet->call_first = malloc(n * sizeof *fleet->call_first);
    fleet->call_last = malloc(n * sizeof *fleet->call_last);
    if (fleet->call_ms && fleet->call_first && fleet->call_last)
        return SGP_OK;
    sgp_fleet_deinit(fleet);
    return SGP_E_MEMORY;
}

void sgp_fleet_deinit(sgp_fleet *fleet) {
    for (uint32_t i = 0; i < fleet->n_made; i++) {
        free(fleet->blocks[i]->columns);
        free(fleet->blocks[i]);
    }
    free(fleet->blocks);
    free(fleet->call_ms);
    free(fleet->call_first);
    free(fleet->call_last);
    *fleet = (sgp_fleet){0};
}

/* ---- blocks -------------------------------------------------------------------- */

static void span_vertices(sgp_fleet_block *block) {
    block->low = SGP_NONE;
    block->high = 0;
    for (uint32_t i = 0; i < block->n; i++) {
        block->low = block->vertex[i] < block->low ? block->vertex[i] : block->low;
        block->high = block->vertex[i] > block->high ? block->vertex[i] : block->high;
    }
    /* Empty lanes answer too, though nobody listens; they must not widen the span. */
    for (uint32_t i = block->n; i < LANES; i++)
        block->vertex[i] = block->low;
}

static sgp_err make_block(sgp_fleet *fleet) {
    if (fleet->n_made == fleet->capacity) {
        uint32_t capacity = fleet->capacity ? 2 * fleet->capacity : BLOCKS_AT_FIRST;
        sgp_fleet_block **blocks = realloc(fleet->blocks, capacity * sizeof(*blocks));
        if (!blocks)
            return SGP_E_MEMORY;
        fleet->blocks = blocks;
        fleet->capacity = capacity;
    }
    size_t entries = (size_t)fleet->hierarchy->n_levels * LANES;
    sgp_fleet_block *block = aligned_alloc(64, (sizeof *block + 63) / 64 * 64);
    int32_t *columns = aligned_alloc(64, (entries * sizeof *columns + 64) / 64 * 64);
    if (!block || !columns) {
        free(block);
        free(columns);
        return SGP_E_MEMORY;
    }
    for (size_t i = 0; i < entries; i++)
        columns[i] = SGP_INF;
    *block = (sgp_fleet_block){.columns = columns};
    fleet->blocks[fleet->n_made++] = block;
    return SGP_OK;
}

/* An empty block at `place`. */
static sgp_err insert_block(sgp_fleet *fleet, uint32_t place) {
    if (fleet->n_blocks == fleet->n_made && make_block(fleet) != SGP_OK)
        return SGP_E_MEMORY;
    sgp_fleet_block *block = fleet->blocks[fleet->n_blocks];
    memmove(fleet->blocks + place + 1, fleet->blocks + place,
            (fleet->n_blocks - place) * sizeof(*fleet->blocks));
    fleet->blocks[place] = block;
    fleet->n_blocks++;
    block->n = 0;
    return SGP_OK;
}

static void remove_block(sgp_fleet *fleet, uint32_t place) {
    sgp_fleet_block *block = fleet->blocks[place];
    fleet->n_blocks--;
    memmove(fleet->blocks + place, fleet->blocks + place + 1,
            (fleet->n_blocks - place) * sizeof(*fleet->blocks));
    fleet->blocks[fleet->n_blocks] = block;
}

static void copy_column(const sgp_fleet *fleet, const sgp_fleet_block *from, uint32_t i,
                        sgp_fleet_block *to, uint32_t j) {
    uint32_t length = fleet->hierarchy->depth[from->vertex[i]] + 1u;
    for (uint32_t d = 0; d < length; d++)
        to->columns[(size_t)d * LANES + j] = from->columns[(size_t)d * LANES + i];
    to->vertex[j] = from->vertex[i];
    to->slot[j] = from->slot[i];
}

/* Takes lane i out; the last one takes its place. */
static void drop_lane(const sgp_fleet *fleet, sgp_fleet_block *block, uint32_t i) {
    block->n--;
    if (i < block->n)
        copy_column(fleet, block, block->n, block, i);
}

/* The lanes of the greater half of the vertices go into a new block behind. */
static sgp_err split_block(sgp_fleet *fleet, uint32_t place) {
    sgp_err err = insert_block(fleet, place + 1);
    if (err)
        return err;
    sgp_fleet_block *block = fleet->blocks[place];
    sgp_fleet_block *next = fleet->blocks[place + 1];
    while (block->n > LANES / 2) {
        uint32_t greatest = 0;
        for (uint32_t i = 1; i < block->n; i++)
            if (block->vertex[i] > block->vertex[greatest])
                greatest = i;
        copy_column(fleet, block, greatest, next, next->n++);
        drop_lane(fleet, block, greatest);
    }
    span_vertices(block);
    span_vertices(next);
    return SGP_OK;
}

/* The block and the next become one, if they are empty enough to stay so for a while. */
static void maybe_join(sgp_fleet *fleet, uint32_t place) {
    if (place + 1 >= fleet->n_blocks)
        return;
    sgp_fleet_block *block = fleet->blocks[place];
    sgp_fleet_block *next = fleet->blocks[place + 1];
    if (block->n + next->n > LANES * 3 / 4)
        return;
    for (uint32_t i = 0; i < next->n; i++)
        copy_column(fleet, next, i, block, block->n++);
    span_vertices(block);
    remove_block(fleet, place + 1);
}

/* Number of the first block with high >= vertex; n_blocks where there is none. */
static uint32_t find_block(const sgp_fleet *fleet, uint32_t vertex) {
    uint32_t low = 0;
    uint32_t high = fleet->n_blocks;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (fleet->blocks[middle]->high < vertex)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void sgp_fleet_clear(sgp_fleet *fleet) {
    fleet->n_blocks = 0;
}

static sgp_err put_path(sgp_fleet *fleet, uint32_t slot, const sgp_label_path *path,
                        uint32_t stride) {
    uint32_t place = find_block(fleet, path->vertex);
    sgp_err err = SGP_OK;
    if (place == fleet->n_blocks && place > 0 && fleet->blocks[place - 1]->n < LANES)
        place--;
    if (place == fleet->n_blocks)
        err = insert_block(fleet, place);
    else if (fleet->blocks[place]->n == LANES) {
        err = split_block(fleet, place);
        place += !err && fleet->blocks[place]->high < path->vertex;
    }
    if (err)
        return err;
    sgp_fleet_block *block = fleet->blocks[place];
    uint32_t lane = block->n++;
    for (uint32_t d = 0; d < path->length; d++)
        block->columns[(size_t)d * LANES + lane] = path->ms[stride - 1 - d];
    block->vertex[lane] = path->vertex;
    block->slot[lane] = slot;
    span_vertices(block);
    return SGP_OK;
}

sgp_err sgp_fleet_put(sgp_fleet *fleet, uint32_t slot, const sgp_label *label) {
    sgp_err err = SGP_OK;
    for (uint32_t i = 0; i < label->n_paths && !err; i++)
        err = put_path(fleet, slot, &label->paths[i], label->stride);
    return err;
}

void sgp_fleet_take(sgp_fleet *fleet, uint32_t slot, uint32_t vertex) {
    for (uint32_t b = find_block(fleet, vertex); b < fleet->n_blocks; b++) {
        sgp_fleet_block *block = fleet->blocks[b];
        for (uint32_t i = 0; i < block->n; i++) {
            if (block->slot[i] != slot || block->vertex[i] != vertex)
                continue;
            drop_lane(fleet, block, i);
            if (block->n == 0)
                remove_block(fleet, b);
            else
                span_vertices(block);
            maybe_join(fleet, b > 0 ? b - 1 : 0);
            return;
        }
    }
    assert(!"the slot has a column there");
}

/* ---- calls --------------------------------------------------------------------- */

/* The path's entries from the root down, and the vertices of its ancestors' subtrees. */
static void unroll(sgp_fleet *fleet, const sgp_label_path *path, uint32_t stride) {
    const sgp_hierarchy *h = fleet->hierarchy;
    uint32_t v = path->vertex;
    for (uint32_t d = path->length; d-- > 0;) {
        fleet->call_ms[d] = path->ms[stride - 1 - d];
        fleet->call_first[d] = h->first_descendant[v];
        fleet->call_last[d] = v;
        v = h->parent[v];
    }
}

/* Asks all blocks for the entries from `from` on. The depths that a block shares with the
 * path grow from the left up to the path's own vertex, and shrink behind it. */
static void ask_path(sgp_fleet *fleet, const sgp_label_path *path, uint32_t from) {
    sgp_minplus_call call = {fleet->call_ms, fleet->call_first, fleet->call_last};
    uint32_t whole = 0, end = 0;
    uint32_t b = 0;
    for (; b < fleet->n_blocks && fleet->blocks[b]->high < path->vertex; b++) {
        sgp_fleet_block *block = fleet->blocks[b];
        while (whole < path->length && call.first[whole] <= block->low)
            whole++;
        end = whole > end ? whole : end;
        while (end < path->length && call.first[end] <= block->high)
            end++;
        if (end > from)
            fleet->minplus->fleet(block->columns, block->vertex, &call, from,
                                  whole > from ? whole : from, end, block->best);
    }
    whole = end = path->length;
    for (; b < fleet->n_blocks; b++) {
        sgp_fleet_block *block = fleet->blocks[b];
        while (whole > 0 &&
               (call.first[whole - 1] > block->low || call.last[whole - 1] < block->high))
            whole--;
        while (end > whole && call.last[end - 1] < block->low)
            end--;
        if (end > from)
            fleet->minplus->fleet(block->columns, block->vertex, &call, from,
                                  whole > from ? whole : from, end, block->best);
    }
}

void sgp_fleet_ask(sgp_fleet *fleet, const sgp_label *call, int32_t *ms) {
    for (uint32_t b = 0; b < fleet->n_blocks; b++)
        for (uint32_t i = 0; i < LANES; i++)
            fleet->blocks[b]->best[i] = SGP_INF;
    /* The last path says everything about its ancestors, the root among them. Each earlier
     * one adds what it does not share with the next. */
    for (uint32_t i = 0; i < call->n_paths; i++) {
        unroll(fleet, &call->paths[i], call->stride);
        ask_path(fleet, &call->paths[i], call->paths[i].shared);
    }
    for (uint32_t b = 0; b < fleet->n_blocks; b++) {
        const sgp_fleet_block *block = fleet->blocks[b];
        for (uint32_t i = 0; i < block->n; i++)
            if (block->best[i] < ms[block->slot[i]])
                ms[block->slot[i]] = block->best[i];
    }
}
