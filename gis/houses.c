#include "gis/houses.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "gis/pieces.h"
#include "gis/trim.h"

/* Numbers of rows are given out one after the other: far larger ones are none. */
enum { GAP_MAX = 16 * 1024 * 1024 };

typedef struct house {
    int32_t id, value;
    uint32_t number, block, shown; /* of the pieces */
    sgp_point point;
} house;

struct sgp_houses {
    sgp_pieces texts;
    sgp_buffer list;  /* house */
    sgp_buffer first; /* uint32_t for each street from 0, and one more: where its houses begin */
    int32_t last_street;
};

sgp_err sgp_houses_create(sgp_houses **houses) {
    *houses = calloc(1, sizeof **houses);
    return *houses ? SGP_OK : SGP_E_MEMORY;
}

void sgp_houses_destroy(sgp_houses *houses) {
    if (!houses)
        return;
    sgp_pieces_free(&houses->texts);
    sgp_buffer_free(&houses->list);
    sgp_buffer_free(&houses->first);
    free(houses);
}

uint32_t sgp_houses_count(const sgp_houses *houses) {
    return (uint32_t)(houses->list.length / sizeof(house));
}

size_t sgp_houses_bytes(const sgp_houses *houses) {
    return sizeof *houses + sgp_pieces_size(&houses->texts) + houses->list.capacity +
           houses->first.capacity;
}

static const house *house_at(const sgp_houses *houses, uint32_t number) {
    return (const house *)(const void *)houses->list.data + number;
}

void sgp_houses_last(const sgp_houses *houses, int32_t *street, int32_t *value, int32_t *id) {
    uint32_t n = sgp_houses_count(houses);
    *street = houses->last_street;
    *value = n > 0 ? house_at(houses, n - 1)->value : -1;
    *id = n > 0 ? house_at(houses, n - 1)->id : 0;
}

/* ---- adding --------------------------------------------------------------------------- */

static bool comes_after(const sgp_houses *houses, const sgp_house *added) {
    int32_t street, value, id;
    sgp_houses_last(houses, &street, &value, &id);
    if (added->street != street)
        return added->street > street && added->street - street <= GAP_MAX;
    return added->value > value || (added->value == value && added->id > id);
}

/* Up to this street and no farther, its houses begin here. */
static sgp_err begin_streets(sgp_houses *houses, int32_t street) {
    const uint32_t begin = sgp_houses_count(houses);
    sgp_err err = SGP_OK;
    for (size_t known = houses->first.length / sizeof begin;
         known <= (size_t)street && err == SGP_OK; known++)
        err = sgp_buffer_append(&houses->first, &begin, sizeof begin);
    return err;
}

static sgp_err add_text(sgp_houses *houses, const char *text, uint32_t *piece) {
    return sgp_pieces_add(&houses->texts, text, strlen(text), piece);
}

sgp_err sgp_houses_add(sgp_houses *houses, const sgp_house *added) {
    house row = {.id = added->id, .value = added->value, .point = added->point};
    if (added->street < 1 || added->value < 0 || !comes_after(houses, added))
        return SGP_E_CORRUPT;
    if (sgp_houses_count(houses) >= INT32_MAX)
        return SGP_E_FULL;
    sgp_err err = begin_streets(houses, added->street);
    if (err == SGP_OK)
        err = add_text(houses, added->number, &row.number);
    if (err == SGP_OK)
        err = add_text(houses, added->block, &row.block);
    if (err == SGP_OK)
        err = add_text(houses, added->shown, &row.shown);
    if (err == SGP_OK)
        err = sgp_buffer_append(&houses->list, &row, sizeof row);
    houses->last_street = added->street;
    return err;
}

sgp_err sgp_houses_seal(sgp_houses *houses) {
    sgp_err err = begin_streets(houses, houses->last_street + 1);
    sgp_pieces_seal(&houses->texts);
    sgp_trim(&houses->list);
    sgp_trim(&houses->first);
    return err;
}

/* ---- asking --------------------------------------------------------------------------- */

/* The houses of a street that count. */
typedef struct row_of_houses {
    const sgp_houses *houses;
    uint32_t from, to;
    const char *block; /* NULL = of any */
} row_of_houses;

static bool counts(const row_of_houses *row, const house *one) {
    return !row->block || strcmp(sgp_pieces_text(&row->houses->texts, one->block), row->block) == 0;
}

static row_of_houses houses_of(const sgp_houses *houses, sgp_thing street, const char *block) {
    const uint32_t *first = (const uint32_t *)(const void *)houses->first.data;
    bool is_street = street.kind == SGP_THING_STREET || street.kind == SGP_THING_GANG;
    row_of_houses row = {.houses = houses, .block = block};
    if (!is_street || street.id < 1 ||
        (size_t)street.id + 1 >= houses->first.length / sizeof *first)
        return row;
    row.from = first[street.id];
    row.to = first[street.id + 1];
    bool is_known = false;
    for (uint32_t i = row.from; i < row.to; i++)
        is_known = is_known || counts(&row, house_at(houses, i));
    if (!is_known)
        row.block = NULL;
    return row;
}

/* The first whose value is not below. */
static uint32_t first_from(const row_of_houses *row, int32_t value) {
    uint32_t low = row->from, high = row->to;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (house_at(row->houses, middle)->value < value)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The highest value below, whether of any parity (-1) or of that one; of one value the first. */
static const house *below(const row_of_houses *row, int32_t value, int parity) {
    const house *found = NULL;
    for (uint32_t i = first_from(row, value); i-- > row->from;) {
        const house *one = house_at(row->houses, i);
        if (found && one->value != found->value)
            break;
        if ((parity < 0 || one->value % 2 == parity) && counts(row, one))
            found = one;
    }
    return found;
}

static const house *above(const row_of_houses *row, int32_t value, int parity) {
    for (uint32_t i = first_from(row, value); i < row->to; i++) {
        const house *one = house_at(row->houses, i);
        if (one->value > value && (parity < 0 || one->value % 2 == parity) && counts(row, one))
            return one;
    }
    return NULL;
}

static void show(const sgp_houses *houses, const house *one, int32_t asked, sgp_number_row *row) {
    const char *shown = sgp_pieces_text(&houses->texts, one->shown);
    size_t length = strlen(shown);
    if (length >= sizeof row->shown) {
        length = sizeof row->shown - 1;
        while (length > 0 && ((unsigned char)shown[length] & 0xc0) == 0x80)
            length--;
    }
    memcpy(row->shown, shown, length);
    row->gap = abs(one->value - asked);
    row->point = one->point;
}

/* Whether the street has that very number; how far off the others are. */
static bool find_exact(const row_of_houses *all, const sgp_gazetteer_ask *ask,
                       sgp_number_row *row) {
    const house *exact = NULL;
    double span_m = 0;
    for (uint32_t i = first_from(all, ask->number_value); i < all->to; i++) {
        const house *one = house_at(all->houses, i);
        if (one->value != ask->number_value)
            break;
        if (!counts(all, one) ||
            strcmp(sgp_pieces_text(&all->houses->texts, one->number), ask->number) != 0)
            continue;
        if (!exact)
            exact = one;
        span_m = fmax(span_m, sgp_distance_m(exact->point, one->point));
    }
    if (!exact)
        return false;
    row->is_exact = true;
    show(all->houses, exact, ask->number_value, row);
    row->span_m = (int32_t)lround(span_m);
    return true;
}

static void find_near(const row_of_houses *all, const sgp_shapes *shapes,
                      const sgp_gazetteer_ask *ask, sgp_number_row *row) {
    int32_t value = ask->number_value;
    /* The number itself, with another letter, is the nearest. */
    const house *nearest = below(all, value < INT32_MAX ? value + 1 : value, -1);
    const house *next = above(all, value, -1);
    if (!nearest ||
        (next && (next->value - value < value - nearest->value ||
                  (next->value - value == value - nearest->value && next->id < nearest->id))))
        nearest = next;
    if (nearest)
        show(all->houses, nearest, value, row);
    const house *low = below(all, value, value % 2), *high = above(all, value, value % 2);
    row->low = low ? low->value : 0;
    row->high = high ? high->value : 0;
    if (!low || !high)
        return;
    row->span_m = (int32_t)lround(sgp_distance_m(low->point, high->point));
    row->is_between = sgp_shapes_between(
        shapes, row->street, low->point, high->point,
        ((double)value - low->value) / ((double)high->value - low->value), &row->between);
}

sgp_err sgp_houses_number(const sgp_houses *houses, const sgp_shapes *shapes,
                          const sgp_gazetteer_ask *ask, sgp_buffer *rows) {
    sgp_err err = SGP_OK;
    for (size_t i = 0; i < ask->n_things[0] && ask->number_value >= 0 && err == SGP_OK; i++) {
        sgp_number_row row = {.street = ask->things[0][i].id};
        row_of_houses all = houses_of(houses, ask->things[0][i], ask->block);
        if (!find_exact(&all, ask, &row))
            find_near(&all, shapes, ask, &row);
        err = sgp_buffer_append(rows, &row, sizeof row);
    }
    return err;
}
