#include "gis/crossings.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "gis/pieces.h"
#include "gis/point_grid.h"
#include "gis/trim.h"

/* Ids are given out one after the other: far larger ones are none. */
enum { BETWEEN_LOOKS = 4096, GAP_MAX = 16 * 1024 * 1024 };

typedef struct street_entry {
    uint32_t name;  /* number of the piece + 1; 0 = there is no such street */
    uint32_t first; /* of its crossings, in of_street; those of the next street end them */
} street_entry;

struct sgp_crossings {
    sgp_pieces names;
    sgp_buffer streets;  /* street_entry, by id from 0; and one more once there are crossings */
    sgp_buffer rows;     /* sgp_crossing, in the order of the table */
    uint32_t *of_street; /* numbers of rows, street by street, ascending; NULL = not filed yet */
    uint32_t n_of_street;
    uint32_t filed; /* rows from the last one back */
    sgp_point_grid grid;
};

sgp_err sgp_crossings_create(sgp_crossings **crossings) {
    *crossings = calloc(1, sizeof **crossings);
    return *crossings ? SGP_OK : SGP_E_MEMORY;
}

void sgp_crossings_destroy(sgp_crossings *crossings) {
    if (!crossings)
        return;
    sgp_pieces_free(&crossings->names);
    sgp_buffer_free(&crossings->streets);
    sgp_buffer_free(&crossings->rows);
    sgp_point_grid_free(&crossings->grid);
    free(crossings->of_street);
    free(crossings);
}

uint32_t sgp_crossings_count(const sgp_crossings *crossings) {
    return (uint32_t)(crossings->rows.length / sizeof(sgp_crossing));
}

size_t sgp_crossings_bytes(const sgp_crossings *crossings) {
    return sizeof *crossings + sgp_pieces_size(&crossings->names) + crossings->streets.capacity +
           crossings->rows.capacity + crossings->n_of_street * sizeof(uint32_t) +
           sgp_point_grid_bytes(&crossings->grid);
}

static const sgp_crossing *row_at(const sgp_crossings *crossings, uint32_t number) {
    return (const sgp_crossing *)(const void *)crossings->rows.data + number;
}

static street_entry *street_at(const sgp_crossings *crossings, int32_t id) {
    return (street_entry *)(void *)crossings->streets.data + id;
}

/* Whether there is such a street. */
static bool is_street(const sgp_crossings *crossings, int32_t id) {
    return id > 0 && (size_t)id < crossings->streets.length / sizeof(street_entry) &&
           street_at(crossings, id)->name > 0;
}

/* ---- filing ---------------------------------------------------------------------------- */

sgp_err sgp_crossings_add_street(sgp_crossings *crossings, int32_t id, const char *name) {
    size_t known = crossings->streets.length / sizeof(street_entry);
    street_entry added = {0, 0};
    if (id < 1 || (size_t)id < known || (size_t)id - known > GAP_MAX ||
        sgp_crossings_count(crossings) > 0)
        return SGP_E_CORRUPT;
    sgp_err err = SGP_OK;
    for (; known < (size_t)id && err == SGP_OK; known++)
        err = sgp_buffer_append(&crossings->streets, &added, sizeof added);
    if (err == SGP_OK)
        err = sgp_pieces_add(&crossings->names, name, strlen(name), &added.name);
    added.name++;
    return err == SGP_OK ? sgp_buffer_append(&crossings->streets, &added, sizeof added) : err;
}

sgp_err sgp_crossings_add(sgp_crossings *crossings, const sgp_crossing *crossing) {
    int32_t a = crossing->street_a, b = crossing->street_b;
    if (!is_street(crossings, a) || (b != 0 && !is_street(crossings, b)) ||
        sgp_crossings_count(crossings) >= INT32_MAX / 2)
        return SGP_E_CORRUPT;
    sgp_err err = sgp_buffer_append(&crossings->rows, crossing, sizeof *crossing);
    if (err != SGP_OK)
        return err;
    /* Counted where each list will end; filing goes backwards to where it begins. */
    street_at(crossings, a)->first++;
    crossings->n_of_street++;
    if (b > 0) {
        street_at(crossings, b)->first++;
        crossings->n_of_street++;
    }
    return SGP_OK;
}

static sgp_point point_of(const void *crossings, uint32_t number) {
    return row_at(crossings, number)->point;
}

static sgp_err begin_filing(sgp_crossings *crossings) {
    const street_entry end = {0, 0};
    uint32_t *of_street = malloc(((size_t)crossings->n_of_street + 1) * sizeof *of_street);
    if (!of_street)
        return SGP_E_MEMORY;
    sgp_err err = sgp_buffer_append(&crossings->streets, &end, sizeof end);
    if (err != SGP_OK) {
        free(of_street);
        return err;
    }
    crossings->of_street = of_street;
    sgp_pieces_seal(&crossings->names);
    sgp_trim(&crossings->streets);
    sgp_trim(&crossings->rows);
    for (size_t s = 1; s < crossings->streets.length / sizeof end; s++)
        street_at(crossings, (int32_t)s)->first += street_at(crossings, (int32_t)s - 1)->first;
    sgp_point_grid_begin(&crossings->grid, crossings, point_of, sgp_crossings_count(crossings));
    return SGP_OK;
}

sgp_err sgp_crossings_seal(sgp_crossings *crossings, int64_t budget_us, bool *done) {
    int64_t until_us = sgp_monotonic_us() + budget_us;
    sgp_err err = crossings->of_street ? SGP_OK : begin_filing(crossings);
    uint32_t n = sgp_crossings_count(crossings);
    *done = false;
    while (err == SGP_OK && crossings->filed < n) {
        /* The last first, so that each list ascends. */
        uint32_t number = n - 1 - crossings->filed++;
        const sgp_crossing *row = row_at(crossings, number);
        crossings->of_street[--street_at(crossings, row->street_a)->first] = number;
        if (row->street_b > 0)
            crossings->of_street[--street_at(crossings, row->street_b)->first] = number;
        if (crossings->filed % BETWEEN_LOOKS == 0 && sgp_monotonic_us() >= until_us)
            return SGP_OK;
    }
    return err == SGP_OK ? sgp_point_grid_fill(&crossings->grid, budget_us, done) : err;
}

/* ---- of two streets ---------------------------------------------------------------------- */

typedef struct street_list {
    const uint32_t *numbers;
    uint32_t n;
} street_list;

/* 0 = it is none of the streets. */
static int32_t street_of(const sgp_crossings *crossings, sgp_thing thing) {
    bool may_be = thing.kind == SGP_THING_STREET || thing.kind == SGP_THING_GANG;
    return may_be && is_street(crossings, thing.id) ? thing.id : 0;
}

static street_list list_of(const sgp_crossings *crossings, int32_t id) {
    if (!crossings->of_street)
        return (street_list){NULL, 0};
    uint32_t first = street_at(crossings, id)->first;
    return (street_list){crossings->of_street + first, street_at(crossings, id + 1)->first - first};
}

static size_t limit_of(const sgp_gazetteer_ask *ask) {
    return ask->limit > 0 && ask->limit < SGP_NAME_ROWS_MAX ? (size_t)ask->limit
                                                            : SGP_NAME_ROWS_MAX;
}

/* The streets of one side of the ask, each once, in its order. */
static size_t streets_of(const sgp_crossings *crossings, const sgp_gazetteer_ask *ask, size_t side,
                         int32_t streets[SGP_ASK_THINGS_MAX]) {
    size_t n = 0;
    for (size_t i = 0; i < ask->n_things[side] && i < SGP_ASK_THINGS_MAX; i++) {
        int32_t street = street_of(crossings, ask->things[side][i]);
        bool is_new = street > 0;
        for (size_t k = 0; k < n; k++)
            is_new = is_new && streets[k] != street;
        if (is_new)
            streets[n++] = street;
    }
    return n;
}

static const char *name_of(const sgp_crossings *crossings, int32_t id) {
    return id > 0 ? sgp_pieces_text(&crossings->names, street_at(crossings, id)->name - 1) : "";
}

static sgp_err put_row(const sgp_crossings *crossings, uint32_t number, int32_t first_street,
                       double away_m, sgp_buffer *rows) {
    const sgp_crossing *from = row_at(crossings, number);
    bool turned = first_street != from->street_a;
    int32_t a = turned ? from->street_b : from->street_a;
    int32_t b = turned ? from->street_a : from->street_b;
    const sgp_junction_row row = {.street_a = a,
                                  .street_b = b,
                                  .name_a = name_of(crossings, a),
                                  .name_b = name_of(crossings, b),
                                  .point = from->point,
                                  .arms = from->arms,
                                  .is_roundabout = from->is_roundabout,
                                  .away_m = (int32_t)lround(away_m)};
    return sgp_buffer_append(rows, &row, sizeof row);
}

/* Walks the shorter of the two lists. */
static sgp_err put_pair(const sgp_crossings *crossings, int32_t one, int32_t other, size_t *left,
                        sgp_buffer *rows) {
    street_list list = list_of(crossings, one), shorter = list_of(crossings, other);
    sgp_err err = SGP_OK;
    if (shorter.n < list.n)
        list = shorter;
    for (uint32_t i = 0; i<list.n && * left> 0 && err == SGP_OK; i++) {
        const sgp_crossing *row = row_at(crossings, list.numbers[i]);
        if ((row->street_a != one || row->street_b != other) &&
            (row->street_a != other || row->street_b != one))
            continue;
        err = put_row(crossings, list.numbers[i], one, 0, rows);
        (*left)--;
    }
    return err;
}

sgp_err sgp_crossings_between(const sgp_crossings *crossings, const sgp_gazetteer_ask *ask,
                              sgp_buffer *rows) {
    int32_t streets[2][SGP_ASK_THINGS_MAX];
    size_t n[2] = {streets_of(crossings, ask, 0, streets[0]),
                   streets_of(crossings, ask, 1, streets[1])};
    size_t left = limit_of(ask);
    sgp_err err = SGP_OK;
    for (size_t a = 0; a < n[0]; a++)
        for (size_t b = 0; b < n[1] && err == SGP_OK; b++)
            err = put_pair(crossings, streets[0][a], streets[1][b], &left, rows);
    return err;
}

/* ---- near a point -------------------------------------------------------------------------- */

typedef struct nearby {
    double away_m;
    uint32_t number;
} nearby;

/* The nearest so far, nearest first. */
typedef struct nearest {
    const sgp_crossings *crossings;
    const sgp_gazetteer_ask *ask;
    sgp_point middle;
    size_t n, limit;
    nearby found[SGP_NAME_ROWS_MAX];
} nearest;

static bool is_before(nearby a, nearby b) {
    return a.away_m < b.away_m || (a.away_m == b.away_m && a.number < b.number);
}

static void keep(nearest *kept, nearby one) {
    size_t at = kept->n;
    for (size_t i = 0; i < kept->n; i++)
        if (kept->found[i].number == one.number) {
            if (!is_before(one, kept->found[i]))
                return;
            memmove(kept->found + i, kept->found + i + 1, (--kept->n - i) * sizeof *kept->found);
            at = kept->n;
            break;
        }
    while (at > 0 && is_before(one, kept->found[at - 1]))
        at--;
    if (at == kept->limit)
        return;
    if (kept->n == kept->limit)
        kept->n--;
    memmove(kept->found + at + 1, kept->found + at, (kept->n - at) * sizeof *kept->found);
    kept->found[at] = one;
    kept->n++;
}

/* How far away the next one may be. */
static double reach_of(const nearest *kept) {
    double reach_m = kept->ask->radius_m;
    return kept->n == kept->limit ? fmin(reach_m, kept->found[kept->n - 1].away_m) : reach_m;
}

static double look_at(void *ctx, uint32_t number) {
    nearest *kept = ctx;
    const sgp_crossing *row = row_at(kept->crossings, number);
    double reach_m = reach_of(kept);
    if (row->arms < kept->ask->arms)
        return reach_m;
    double away_m = sgp_distance_m(row->point, kept->middle);
    if (away_m <= reach_m)
        keep(kept, (nearby){away_m, number});
    return reach_of(kept);
}

/* At the junctions of the ask's streets. */
static void look_along(nearest *kept) {
    int32_t streets[SGP_ASK_THINGS_MAX];
    size_t n = streets_of(kept->crossings, kept->ask, 0, streets);
    for (size_t s = 0; s < n; s++) {
        street_list list = list_of(kept->crossings, streets[s]);
        for (uint32_t i = 0; i < list.n; i++)
            (void)look_at(kept, list.numbers[i]);
    }
}

sgp_err sgp_crossings_near(const sgp_crossings *crossings, const sgp_gazetteer_ask *ask,
                           sgp_buffer *rows) {
    nearest kept;
    kept.crossings = crossings;
    kept.ask = ask;
    kept.n = 0;
    kept.limit = limit_of(ask);
    for (size_t p = 0; p < ask->n_points && p < SGP_ASK_POINTS_MAX; p++) {
        kept.middle = ask->points[p];
        if (ask->n_things[0] == 0 || ask->n_points > 1)
            sgp_point_grid_visit(&crossings->grid, kept.middle, ask->radius_m, look_at, &kept);
        else
            look_along(&kept);
    }
    sgp_err err = SGP_OK;
    for (size_t i = 0; i < kept.n && err == SGP_OK; i++)
        err =
            put_row(crossings, kept.found[i].number,
                    row_at(crossings, kept.found[i].number)->street_a, kept.found[i].away_m, rows);
    return err;
}
