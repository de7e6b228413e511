/* A gazetteer in memory for tests of the resolver: rows that a test writes down, words by
 * the vocabulary that they make, streets as straight lines, everything found by looking at
 * every row.
 *
 * Points are metres east and north of 112.6, -7.98. */
#ifndef SGP_TESTS_FAKE_GAZETTEER_H
#define SGP_TESTS_FAKE_GAZETTEER_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gis/gazetteer.h"

typedef struct fake_row {
    char kind;
    int32_t id;
    const char *name, *where; /* names of its districts, street, estate; the first is the kelurahan,
                                 the second the kecamatan */
    double x, y;              /* of its middle */
    double to_x, to_y;        /* streets: half the line's vector; others: half the footprint */
    int32_t rank;
    int32_t front_street; /* id; 0 = none */
} fake_row;

typedef struct fake_house {
    int32_t street, value;
    const char *number;
    double x, y;
} fake_house;

typedef struct fake_junction {
    int32_t a, b;
    double x, y;
    uint8_t arms;
    bool is_roundabout;
} fake_junction;

typedef struct fake_gazetteer {
    const fake_row *rows;
    size_t n_rows;
    const fake_house *houses;
    size_t n_houses;
    const fake_junction *junctions;
    size_t n_junctions;
    sgp_vocabulary *vocabulary;
    char (*own)[200], (*context)[200];
    uint32_t (*own_ids)[100], (*context_ids)[100];
    char (*where)[2][64];
    int asked; /* asks answered */
} fake_gazetteer;

#define FAKE_LON_M 110109.0 /* metres in a degree at 7.98 south */
#define FAKE_LAT_M 111195.0

static inline sgp_point fake_at(double x, double y) {
    return (sgp_point){(int32_t)lround((112.6 + x / FAKE_LON_M) * 1e7),
                       (int32_t)lround((-7.98 + y / FAKE_LAT_M) * 1e7)};
}

static inline const fake_row *fake_find(const fake_gazetteer *g, sgp_thing thing) {
    bool street = thing.kind == 's' || thing.kind == 'g';
    for (size_t i = 0; i < g->n_rows; i++)
        if (g->rows[i].id == thing.id &&
            (g->rows[i].kind == (char)thing.kind ||
             (street && (g->rows[i].kind == 's' || g->rows[i].kind == 'g'))))
            return &g->rows[i];
    return NULL;
}

static inline bool fake_has(const char *words, const char *word) {
    size_t length = strlen(word);
    for (const char *at = words; (at = strstr(at, word)) != NULL; at += length)
        if ((at == words || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
            return true;
    return false;
}

static inline void fake_begin(fake_gazetteer *g) {
    g->own = calloc(g->n_rows, sizeof *g->own);
    g->context = calloc(g->n_rows, sizeof *g->context);
    g->where = calloc(g->n_rows, sizeof *g->where);
    g->own_ids = calloc(g->n_rows, sizeof *g->own_ids);
    g->context_ids = calloc(g->n_rows, sizeof *g->context_ids);
    if (!g->own_ids || !g->context_ids || !g->own || !g->context || !g->where ||
        sgp_vocabulary_create(&g->vocabulary) != SGP_OK)
        abort();
    for (size_t i = 0; i < g->n_rows; i++) {
        sgp_place_name_words(g->rows[i].name, g->own[i], sizeof g->own[i]);
        char copy[200], *rest = copy;
        snprintf(copy, sizeof copy, "%s", g->rows[i].where);
        size_t n = 0;
        for (char *one; (one = strsep(&rest, ",")) != NULL; n++) {
            char words[100];
            one += strspn(one, " ");
            if (n < 2)
                snprintf(g->where[i][n], sizeof g->where[i][n], "%s", one);
            sgp_place_name_words(one, words, sizeof words);
            size_t used = strlen(g->context[i]);
            snprintf(g->context[i] + used, sizeof g->context[i] - used, "%s%s", used ? " " : "",
                     words);
        }
        char every[420];
        snprintf(every, sizeof every, "%s %s", g->own[i], g->context[i]);
        rest = every;
        for (char *one; (one = strsep(&rest, " ")) != NULL;)
            if (*one && sgp_vocabulary_add(g->vocabulary, one, 1) != SGP_OK)
                abort();
    }
    bool done = false;
    while (!done)
        if (sgp_vocabulary_seal(g->vocabulary, 1000000, &done) != SGP_OK)
            abort();
}

static inline void fake_end(fake_gazetteer *g) {
    sgp_vocabulary_destroy(g->vocabulary);
    free(g->own);
    free(g->context);
    free(g->where);
    free(g->own_ids);
    free(g->context_ids);
}

static inline bool fake_covers(const fake_gazetteer *g, size_t row, const sgp_gazetteer_ask *ask,
                               unsigned word) {
    for (size_t r = 0; r < ask->n_readings; r++) {
        const sgp_reading *reading = &ask->readings[r];
        bool all = word >= reading->first && word < (unsigned)reading->first + reading->n_said;
        for (size_t w = 0; all && w < reading->n_words; w++) {
            const char *text = sgp_vocabulary_word_at(g->vocabulary, reading->words[w]).text;
            all =
                fake_has(g->own[row], text) || (!ask->own_only && fake_has(g->context[row], text));
        }
        if (all)
            return true;
    }
    return false;
}

static inline bool fake_begins(const char *words, const char *prefix) {
    size_t length = strlen(prefix);
    for (const char *at = words; *at; at += strcspn(at, " "), at += strspn(at, " "))
        if (strncmp(at, prefix, length) == 0)
            return true;
    return false;
}

static inline bool fake_wants(const fake_gazetteer *g, size_t row, const sgp_gazetteer_ask *ask,
                              uint32_t required) {
    if (ask->kinds && !strchr(ask->kinds, g->rows[row].kind))
        return false;
    for (unsigned i = 0; i < 32; i++)
        if (required >> i & 1 && !fake_covers(g, row, ask, i))
            return false;
    if (ask->question == SGP_ASK_COMPLETE && !fake_begins(g->own[row], ask->unfinished))
        return false;
    bool near = ask->question != SGP_ASK_NAMES_NEAR;
    for (size_t p = 0; p < ask->n_points && !near; p++)
        near = sgp_distance_m(ask->points[p], fake_at(g->rows[row].x, g->rows[row].y)) <=
               ask->radius_m;
    return near;
}

/* The weight of a word as it stands in the vocabulary. */
static inline float fake_weight(const fake_gazetteer *g, const char *words) {
    char copy[200], *rest = copy;
    float sum = 0;
    snprintf(copy, sizeof copy, "%s", words);
    for (char *one; (one = strsep(&rest, " ")) != NULL;) {
        uint32_t id;
        if (sgp_vocabulary_find(g->vocabulary, one, &id))
            sum += sgp_vocabulary_word_at(g->vocabulary, id).weight;
    }
    return sum;
}

static inline sgp_point fake_nearest_on(const fake_row *street, double x, double y,
                                        double *away_m) {
    double length2 = street->to_x * street->to_x + street->to_y * street->to_y;
    double t = length2 > 0
                   ? ((x - street->x) * street->to_x + (y - street->y) * street->to_y) / length2
                   : 0;
    t = t < -1 ? -1 : t > 1 ? 1 : t;
    double px = street->x + t * street->to_x, py = street->y + t * street->to_y;
    *away_m = hypot(px - x, py - y);
    return fake_at(px, py);
}

static inline sgp_name_row fake_name(const fake_gazetteer *g, size_t i) {
    const fake_row *row = &g->rows[i];
    sgp_name_row name = {.thing = {(sgp_thing_kind)row->kind, row->id},
                         .label = row->name,
                         .own = g->own_ids[i],
                         .context = g->context_ids[i],
                         .sort = "",
                         .own_weight = fake_weight(g, g->own[i]),
                         .reach_m = (int32_t)hypot(row->to_x, row->to_y),
                         .rank = row->rank,
                         .point = fake_at(row->x, row->y),
                         .kelurahan = g->where[i][0],
                         .kecamatan = g->where[i][1],
                         .kabupaten = "Kota Malang",
                         .entrance = fake_at(row->x, row->y)};
    name.n_own = (uint16_t)sgp_vocabulary_words(g->vocabulary, g->own[i], g->own_ids[i], 100);
    name.n_context =
        (uint16_t)sgp_vocabulary_words(g->vocabulary, g->context[i], g->context_ids[i], 100);
    name.south_west = fake_at(row->x - fabs(row->to_x), row->y - fabs(row->to_y));
    name.north_east = fake_at(row->x + fabs(row->to_x), row->y + fabs(row->to_y));
    const fake_row *street = fake_find(g, (sgp_thing){SGP_THING_STREET, row->front_street});
    if (street) {
        double away_m;
        name.has_front = true;
        name.front_street = street->id;
        name.front_name = street->name;
        name.front = fake_nearest_on(street, row->x, row->y, &away_m);
    }
    return name;
}

static inline size_t fake_names(const fake_gazetteer *g, const sgp_gazetteer_ask *ask,
                                sgp_name_row *out) {
    size_t n = 0;
    for (size_t i = 0; i < g->n_rows && n < (size_t)ask->limit; i++)
        if (fake_wants(g, i, ask, ask->required))
            out[n++] = fake_name(g, i);
    /* Nobody has them all: whoever has one of them. */
    for (size_t i = 0; i < g->n_rows && n < (size_t)ask->limit && ask->required && !ask->own_only;
         i++) {
        bool any = false;
        for (unsigned w = 0; w < 32 && !any; w++)
            any = ask->required >> w & 1 && fake_wants(g, i, ask, UINT32_C(1) << w);
        if (any && !fake_wants(g, i, ask, ask->required))
            out[n++] = fake_name(g, i);
    }
    return n;
}

static inline size_t fake_numbers(const fake_gazetteer *g, const sgp_gazetteer_ask *ask,
                                  sgp_number_row *out) {
    for (size_t s = 0; s < ask->n_things[0]; s++) {
        sgp_number_row row = {.street = ask->things[0][s].id, .gap = INT32_MAX};
        const fake_house *low = NULL, *high = NULL;
        for (size_t i = 0; i < g->n_houses; i++) {
            const fake_house *house = &g->houses[i];
            if (house->street != row.street)
                continue;
            int32_t gap = abs(house->value - ask->number_value);
            bool exact = strcmp(house->number, ask->number) == 0;
            if (exact && row.is_exact) {
                row.span_m = (int32_t)sgp_distance_m(row.point, fake_at(house->x, house->y));
                continue;
            }
            if (exact || (!row.is_exact && gap < row.gap)) {
                row.is_exact = exact;
                row.gap = exact ? 0 : gap;
                snprintf(row.shown, sizeof row.shown, "%s", house->number);
                row.point = fake_at(house->x, house->y);
            }
            if ((house->value ^ ask->number_value) & 1)
                continue;
            if (house->value < ask->number_value && (!low || house->value > low->value))
                low = house;
            if (house->value > ask->number_value && (!high || house->value < high->value))
                high = house;
        }
        if (low && high && !row.is_exact) {
            double t = (double)(ask->number_value - low->value) / (high->value - low->value);
            row.is_between = true;
            row.low = low->value;
            row.high = high->value;
            row.between = fake_at(low->x + t * (high->x - low->x), low->y + t * (high->y - low->y));
            row.span_m = (int32_t)hypot(high->x - low->x, high->y - low->y);
        }
        out[s] = row;
    }
    return ask->n_things[0];
}

static inline bool fake_lists(const sgp_gazetteer_ask *ask, int side, int32_t id) {
    for (size_t i = 0; i < ask->n_things[side]; i++)
        if (ask->things[side][i].id == id)
            return true;
    return false;
}

static inline size_t fake_crossings(const fake_gazetteer *g, const sgp_gazetteer_ask *ask,
                                    sgp_junction_row *out) {
    size_t n = 0;
    for (size_t i = 0; i < g->n_junctions; i++) {
        const fake_junction *at = &g->junctions[i];
        double away = 0;
        bool turned = false;
        if (ask->question == SGP_ASK_JUNCTIONS) {
            turned = fake_lists(ask, 0, at->b) && fake_lists(ask, 1, at->a);
            if (!turned && !(fake_lists(ask, 0, at->a) && fake_lists(ask, 1, at->b)))
                continue;
        } else {
            away = sgp_distance_m(ask->points[0], fake_at(at->x, at->y));
            if (away > ask->radius_m || at->arms < ask->arms)
                continue;
        }
        sgp_junction_row row = {.street_a = turned ? at->b : at->a,
                                .street_b = turned ? at->a : at->b,
                                .point = fake_at(at->x, at->y),
                                .arms = at->arms,
                                .is_roundabout = at->is_roundabout,
                                .away_m = (int32_t)away};
        row.name_a = fake_find(g, (sgp_thing){SGP_THING_STREET, row.street_a})->name;
        row.name_b = fake_find(g, (sgp_thing){SGP_THING_STREET, row.street_b})->name;
        size_t k = n++;
        for (; k > 0 && out[k - 1].away_m > row.away_m; k--)
            out[k] = out[k - 1];
        out[k] = row;
    }
    return n;
}

static inline size_t fake_nearest(const fake_gazetteer *g, const sgp_gazetteer_ask *ask,
                                  sgp_nearest_row *out) {
    size_t n = 0;
    for (size_t a = 0; a < ask->n_things[0]; a++)
        for (size_t b = 0; b < ask->n_things[1]; b++) {
            const fake_row *street = fake_find(g, ask->things[0][a]);
            const fake_row *thing = fake_find(g, ask->things[1][b]);
            double away;
            if (!street || !thing)
                continue;
            sgp_point point = fake_nearest_on(street, thing->x, thing->y, &away);
            if (away <= ask->radius_m)
                out[n++] = (sgp_nearest_row){(uint8_t)a, (uint8_t)b, point, (int32_t)away};
        }
    return n;
}

/* The kelurahan of the nearest row. */
static inline sgp_district_row fake_district(const fake_gazetteer *g, sgp_point point) {
    size_t best = 0;
    for (size_t i = 1; i < g->n_rows; i++)
        if (sgp_distance_m(point, fake_at(g->rows[i].x, g->rows[i].y)) <
            sgp_distance_m(point, fake_at(g->rows[best].x, g->rows[best].y)))
            best = i;
    return (sgp_district_row){g->where[best][0], g->where[best][1], "Kota Malang"};
}

enum { FAKE_ROWS = 400 };

/* Answers all asks; the arrays are freed by fake_free. */
static inline void fake_answer(fake_gazetteer *g, const sgp_gazetteer_ask *asks, size_t n,
                               sgp_gazetteer_answer *answers) {
    for (size_t i = 0; i < n; i++) {
        const sgp_gazetteer_ask *ask = &asks[i];
        sgp_gazetteer_answer *answer = &answers[i];
        memset(answer, 0, sizeof *answer);
        g->asked++;
        switch (ask->question) {
        case SGP_ASK_NAMES:
        case SGP_ASK_NAMES_NEAR:
        case SGP_ASK_COMPLETE:
            answer->names = calloc(FAKE_ROWS, sizeof *answer->names);
            answer->n = fake_names(g, ask, (sgp_name_row *)answer->names);
            break;
        case SGP_ASK_NUMBER:
            answer->numbers = calloc(FAKE_ROWS, sizeof *answer->numbers);
            answer->n = fake_numbers(g, ask, (sgp_number_row *)answer->numbers);
            break;
        case SGP_ASK_JUNCTIONS:
        case SGP_ASK_JUNCTIONS_NEAR:
            answer->junctions = calloc(FAKE_ROWS, sizeof *answer->junctions);
            answer->n = fake_crossings(g, ask, (sgp_junction_row *)answer->junctions);
            break;
        case SGP_ASK_NEAREST_ON:
            answer->nearest = calloc(FAKE_ROWS, sizeof *answer->nearest);
            answer->n = fake_nearest(g, ask, (sgp_nearest_row *)answer->nearest);
            break;
        case SGP_ASK_DISTRICTS: {
            sgp_district_row *rows = calloc(FAKE_ROWS, sizeof *rows);
            for (size_t k = 0; k < ask->n_points; k++)
                rows[k] = fake_district(g, ask->points[k]);
            answer->districts = rows;
            answer->n = ask->n_points;
            break;
        }
        case SGP_ASK_KM_POSTS:
        case SGP_ASK_AROUND:
            break;
        }
    }
}

static inline void fake_free(sgp_gazetteer_answer *answers, size_t n) {
    for (size_t i = 0; i < n; i++) {
        free((void *)answers[i].names);
        free((void *)answers[i].numbers);
        free((void *)answers[i].junctions);
        free((void *)answers[i].nearest);
        free((void *)answers[i].districts);
    }
}

#endif
