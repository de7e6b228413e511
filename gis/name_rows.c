#include "gis/name_rows.h"

#include <stdlib.h>
#include <string.h>

#include "gis/pieces.h"

typedef struct stored_row {
    int32_t id, reach_m;
    uint32_t label, sort, own, context, districts; /* pieces */
    uint32_t site;                                 /* + 1; 0 = none */
    float own_weight;
    sgp_point point;
    int16_t rank;
    uint8_t kind;
} stored_row;

/* Of a thing that covers ground. */
typedef struct stored_site {
    sgp_point front, entrance, south_west, north_east;
    int32_t front_street;
    uint32_t front_name; /* piece + 1; 0 = not told */
    bool has_front;
} stored_site;

struct sgp_name_rows {
    sgp_buffer rows, sites;
    sgp_pieces pieces;
};

sgp_err sgp_name_rows_create(sgp_name_rows **rows) {
    *rows = calloc(1, sizeof **rows);
    return *rows ? SGP_OK : SGP_E_MEMORY;
}

void sgp_name_rows_destroy(sgp_name_rows *rows) {
    if (!rows)
        return;
    sgp_buffer_free(&rows->rows);
    sgp_buffer_free(&rows->sites);
    sgp_pieces_free(&rows->pieces);
    free(rows);
}

uint32_t sgp_name_rows_count(const sgp_name_rows *rows) {
    return (uint32_t)(rows->rows.length / sizeof(stored_row));
}

size_t sgp_name_rows_bytes(const sgp_name_rows *rows) {
    return sizeof *rows + rows->rows.capacity + rows->sites.capacity +
           sgp_pieces_size(&rows->pieces);
}

/* ---- adding --------------------------------------------------------------------------- */

static sgp_err add_text(sgp_name_rows *rows, const char *text, uint32_t *piece) {
    return sgp_pieces_add(&rows->pieces, text, strlen(text), piece);
}

static sgp_err add_words(sgp_name_rows *rows, const uint32_t *words, size_t n, uint32_t *piece) {
    return sgp_pieces_add(&rows->pieces, n > 0 ? (const void *)words : "", n * sizeof *words,
                          piece);
}

static sgp_err add_districts(sgp_name_rows *rows, const sgp_name_row *row, uint32_t *piece) {
    uint32_t names[3];
    sgp_err err = add_text(rows, row->kelurahan, &names[0]);
    if (err == SGP_OK)
        err = add_text(rows, row->kecamatan, &names[1]);
    if (err == SGP_OK)
        err = add_text(rows, row->kabupaten, &names[2]);
    return err == SGP_OK ? sgp_pieces_add(&rows->pieces, names, sizeof names, piece) : err;
}

static bool has_site(const sgp_name_row *row) {
    return row->has_front || row->front_street != 0 || row->front_name ||
           !sgp_point_equal(row->entrance, row->point) ||
           !sgp_point_equal(row->south_west, row->point) ||
           !sgp_point_equal(row->north_east, row->point);
}

static sgp_err add_site(sgp_name_rows *rows, const sgp_name_row *row, uint32_t *site) {
    stored_site made = {.front = row->front,
                        .entrance = row->entrance,
                        .south_west = row->south_west,
                        .north_east = row->north_east,
                        .front_street = row->front_street,
                        .has_front = row->has_front};
    sgp_err err = SGP_OK;
    *site = 0;
    if (!has_site(row))
        return SGP_OK;
    if (row->front_name) {
        err = add_text(rows, row->front_name, &made.front_name);
        made.front_name++;
    }
    if (err == SGP_OK)
        err = sgp_buffer_append(&rows->sites, &made, sizeof made);
    *site = (uint32_t)(rows->sites.length / sizeof made);
    return err;
}

sgp_err sgp_name_rows_expect(sgp_name_rows *rows, uint32_t n) {
    enum { PIECE_BYTES = 40 }; /* of a name, seldom more */
    sgp_err err = sgp_buffer_reserve(&rows->rows, (size_t)n * sizeof(stored_row));
    return err == SGP_OK ? sgp_buffer_reserve(&rows->pieces.bytes, (size_t)n * PIECE_BYTES) : err;
}

sgp_err sgp_name_rows_add(sgp_name_rows *rows, const sgp_name_row *row) {
    stored_row made = {.id = row->thing.id,
                       .kind = (uint8_t)row->thing.kind,
                       .reach_m = row->reach_m,
                       .own_weight = row->own_weight,
                       .point = row->point,
                       .rank = (int16_t)row->rank};
    sgp_err err = add_text(rows, row->label, &made.label);
    if (err == SGP_OK)
        err = add_text(rows, row->sort, &made.sort);
    if (err == SGP_OK)
        err = add_words(rows, row->own, row->n_own, &made.own);
    if (err == SGP_OK)
        err = add_words(rows, row->context, row->n_context, &made.context);
    if (err == SGP_OK)
        err = add_districts(rows, row, &made.districts);
    if (err == SGP_OK)
        err = add_site(rows, row, &made.site);
    return err == SGP_OK ? sgp_buffer_append(&rows->rows, &made, sizeof made) : err;
}

/* Gives back the room that was kept for more. */
static void fit(sgp_buffer *buffer) {
    uint8_t *data = buffer->length > 0 ? realloc(buffer->data, buffer->length) : NULL;
    if (!data)
        return;
    buffer->data = data;
    buffer->capacity = buffer->length;
}

void sgp_name_rows_seal(sgp_name_rows *rows) {
    fit(&rows->rows);
    fit(&rows->sites);
    fit(&rows->pieces.bytes);
    sgp_pieces_seal(&rows->pieces);
}

/* ---- reading ---------------------------------------------------------------------------- */

static const stored_row *stored_at(const sgp_name_rows *rows, uint32_t number) {
    return (const stored_row *)(const void *)rows->rows.data + (number - 1);
}

static const uint32_t *words_of(const sgp_name_rows *rows, uint32_t piece, uint16_t *n) {
    size_t bytes;
    const uint32_t *words = sgp_pieces_at(&rows->pieces, piece, &bytes);
    *n = (uint16_t)(bytes / sizeof *words);
    return words;
}

static void read_site(const sgp_name_rows *rows, uint32_t site, sgp_name_row *row) {
    row->entrance = row->south_west = row->north_east = row->point;
    if (site == 0)
        return;
    const stored_site *from = (const stored_site *)(const void *)rows->sites.data + (site - 1);
    row->has_front = from->has_front;
    row->front_street = from->front_street;
    if (from->front_name > 0)
        row->front_name = sgp_pieces_text(&rows->pieces, from->front_name - 1);
    row->front = from->front;
    row->entrance = from->entrance;
    row->south_west = from->south_west;
    row->north_east = from->north_east;
}

sgp_name_row sgp_name_rows_at(const sgp_name_rows *rows, uint32_t number) {
    const stored_row *from = stored_at(rows, number);
    size_t bytes;
    const uint32_t *districts = sgp_pieces_at(&rows->pieces, from->districts, &bytes);
    sgp_name_row row = {.thing = {(sgp_thing_kind)from->kind, from->id},
                        .label = sgp_pieces_text(&rows->pieces, from->label),
                        .sort = sgp_pieces_text(&rows->pieces, from->sort),
                        .own_weight = from->own_weight,
                        .reach_m = from->reach_m,
                        .rank = from->rank,
                        .point = from->point,
                        .kelurahan = sgp_pieces_text(&rows->pieces, districts[0]),
                        .kecamatan = sgp_pieces_text(&rows->pieces, districts[1]),
                        .kabupaten = sgp_pieces_text(&rows->pieces, districts[2])};
    row.own = words_of(rows, from->own, &row.n_own);
    row.context = words_of(rows, from->context, &row.n_context);
    read_site(rows, from->site, &row);
    return row;
}

void sgp_name_rows_read(const sgp_name_rows *rows, const uint32_t *numbers, size_t n,
                        sgp_name_row *read) {
    enum { PIECES_AHEAD = 6, ROWS_AHEAD = 12 };
    const uint32_t *pieces = (const uint32_t *)(const void *)rows->pieces.bytes.data;
    for (size_t i = 0; i < n + ROWS_AHEAD; i++) {
        if (i < n)
            __builtin_prefetch(stored_at(rows, numbers[i]));
        if (i >= PIECES_AHEAD && i - PIECES_AHEAD < n) {
            const stored_row *row = stored_at(rows, numbers[i - PIECES_AHEAD]);
            __builtin_prefetch(pieces + row->own);
            __builtin_prefetch(pieces + row->context);
            __builtin_prefetch(pieces + row->districts);
        }
        if (i >= ROWS_AHEAD)
            read[i - ROWS_AHEAD] = sgp_name_rows_at(rows, numbers[i - ROWS_AHEAD]);
    }
}
