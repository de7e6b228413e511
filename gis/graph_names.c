#include "gis/graph_names.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gis/place_query.h"
#include "route/line.h"

enum {
    TEXT_BYTES = 2048, /* the context of one name */
    NAME_WORDS = 96,   /* words of one name with its context; more are not searched */
    STOP_STEP = 256,
    FALLBACK_M = 2500
};
#define JUNCTION_REACH_M 300.0
#define FRONT_REACH_M 300.0

typedef struct name_making {
    sgp_graph_names *made;
    const atomic_bool *stop;
    uint32_t *district_words; /* [n_districts] numbers of texts; 0 = not looked at */
    sgp_buffer said; /* uint32_t number << 1 | is_own: the words of all names, name by name */
} name_making;

/* Words with spaces between, in a buffer of fixed size; what does not fit is left out. */
typedef struct word_line {
    size_t length;
    char text[TEXT_BYTES];
} word_line;

static bool has_word(const word_line *line, const char *word, size_t length) {
    for (const char *at = line->text; (at = strstr(at, word)); at++)
        if ((at == line->text || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
            return true;
    return false;
}

/* Each word once. */
static void add_words(word_line *line, const char *words) {
    char word[SGP_WORD_BYTES];
    for (const char *at = words; *at;) {
        size_t length = strcspn(at, " ");
        if (length > 0 && length < sizeof word && line->length + length + 2 <= sizeof line->text) {
            memcpy(word, at, length);
            word[length] = '\0';
            if (!has_word(line, word, length))
                line->length += (size_t)sprintf(line->text + line->length, "%s%s",
                                                line->length ? " " : "", word);
        }
        at += length + (at[length] == ' ');
    }
}

static void add_name(word_line *line, const char *name) {
    char words[256];
    words[0] = '\0';
    sgp_place_name_words(name, words, sizeof words);
    add_words(line, words);
}

/* ---- districts --------------------------------------------------------------------- */

sgp_graph_district sgp_names_district(const sgp_graph_names *n, sgp_point point) {
    const sgp_graph_places *places = &n->parts->places;
    sgp_graph_district district = {0};
    const sgp_graph_district *inside = sgp_graph_district_at(places, point);
    if (inside)
        district = *inside;
    if (district.kelurahan)
        return district;
    /* Where no boundary tells, the districts of the nearest place. */
    sgp_plane plane = sgp_plane_around(point);
    double nearest = FALLBACK_M;
    const sgp_graph_place *near = NULL;
    for (uint32_t i = 0; i < places->n_places; i++) {
        const sgp_graph_place *place = &places->places[i];
        double x, y;
        sgp_to_plane(&plane, place->point, &x, &y);
        if (!place->kelurahan || x * x + y * y > nearest * nearest)
            continue;
        nearest = sqrt(x * x + y * y);
        near = place;
    }
    if (near) {
        district.kelurahan = near->kelurahan;
        district.kecamatan = district.kecamatan ? district.kecamatan : near->kecamatan;
        district.kabupaten = district.kabupaten ? district.kabupaten : near->kabupaten;
    }
    return district;
}

/* The words of a district of the graph, which are the same for every street in it. */
static const char *words_of_district(name_making *m, const sgp_graph_district *district) {
    const sgp_graph_places *places = &m->made->parts->places;
    uint32_t *number = &m->district_words[district - places->districts];
    if (*number == 0) {
        word_line line = {0};
        const uint32_t levels[] = {district->kelurahan, district->kecamatan, district->kabupaten};
        for (int i = 0; i < 3; i++)
            add_name(&line, places->texts + levels[i]);
        if (sgp_osm_strings_add(&m->made->texts, line.text, number) != SGP_OK)
            *number = 0;
    }
    return sgp_names_text(m->made, *number);
}

/* ---- junctions and their streets --------------------------------------------------- */

/* `first` is where the junction's streets begin. */
static sgp_err add_street_of(name_making *m, const sgp_junction *junction, uint32_t first,
                             const char *name) {
    char words[256];
    uint32_t number;
    words[0] = '\0';
    sgp_place_name_words(name, words, sizeof words);
    sgp_err err = sgp_osm_strings_add(&m->made->texts, words, &number);
    if (err != SGP_OK || number == 0)
        return err;
    uint32_t street =
        sgp_streets_nearest_of(&m->made->streets, number, junction->point, JUNCTION_REACH_M);
    /* Two spellings of one name are one street. */
    const uint32_t *met = (const void *)m->made->junction_streets.data;
    for (size_t i = first; i < m->made->junction_streets.length / sizeof *met; i++)
        if (met[i] == street)
            return SGP_OK;
    return street == SGP_NONE
               ? SGP_OK
               : sgp_buffer_append(&m->made->junction_streets, &street, sizeof street);
}

/* The greater roads of a junction first, so that they name it. */
static void order_streets(const sgp_graph_names *n, uint32_t *streets, size_t count) {
    const sgp_graph_street *all = sgp_streets_all(&n->streets);
    for (size_t i = 1; i < count; i++)
        for (size_t k = i; k > 0; k--) {
            const sgp_graph_street *a = &all[streets[k - 1]], *b = &all[streets[k]];
            if (a->road_class < b->road_class ||
                (a->road_class == b->road_class && streets[k - 1] <= streets[k]))
                break;
            uint32_t kept = streets[k];
            streets[k] = streets[k - 1];
            streets[k - 1] = kept;
        }
}

static sgp_err find_junctions(name_making *m) {
    sgp_graph_names *n = m->made;
    sgp_err err = sgp_junctions_find(n->parts, &n->junctions);
    if (err != SGP_OK)
        return err;
    n->junction_first = calloc(n->junctions.n + 1, sizeof *n->junction_first);
    if (!n->junction_first)
        return SGP_E_MEMORY;
    for (size_t j = 0; j < n->junctions.n && err == SGP_OK; j++) {
        const sgp_junction *junction = &n->junctions.items[j];
        if (j % STOP_STEP == 0 && atomic_load(m->stop))
            return SGP_E_TIMEOUT;
        for (uint32_t i = 0; i < junction->n_names && err == SGP_OK; i++)
            err = add_street_of(m, junction, n->junction_first[j],
                                n->parts->names + n->junctions.names[junction->first_name + i]);
        uint32_t first = n->junction_first[j];
        n->junction_first[j + 1] = (uint32_t)(n->junction_streets.length / sizeof(uint32_t));
        order_streets(n, (uint32_t *)(void *)n->junction_streets.data + first,
                      n->junction_first[j + 1] - first);
    }
    return err;
}

static sgp_err list_junctions_of_streets(sgp_graph_names *n) {
    uint32_t n_streets = sgp_streets_count(&n->streets);
    size_t n_links = n->junction_streets.length / sizeof(uint32_t);
    const uint32_t *streets = (const void *)n->junction_streets.data;
    n->street_first = calloc((size_t)n_streets + 2, sizeof *n->street_first);
    n->street_junctions = malloc((n_links + 1) * sizeof *n->street_junctions);
    if (!n->street_first || !n->street_junctions)
        return SGP_E_MEMORY;
    uint32_t *next = n->street_first + 1; /* becomes street_first once all are placed */
    for (size_t i = 0; i < n_links; i++)
        next[streets[i] + 1]++;
    for (uint32_t s = 1; s <= n_streets; s++)
        next[s] += next[s - 1];
    for (uint32_t j = 0; j < n->junctions.n; j++)
        for (uint32_t i = n->junction_first[j]; i < n->junction_first[j + 1]; i++)
            n->street_junctions[next[streets[i]]++] = j;
    return SGP_OK;
}

/* ---- the names --------------------------------------------------------------------- */

/* Notes the words of a name or its context. */
static sgp_err say(name_making *m, const char *words, bool is_own, uint32_t *n_words) {
    char word[SGP_WORD_BYTES];
    sgp_err err = SGP_OK;
    for (const char *at = words; *at && err == SGP_OK && *n_words < NAME_WORDS;) {
        size_t length = strcspn(at, " ");
        if (length > 0 && length < sizeof word) {
            uint32_t number;
            memcpy(word, at, length);
            word[length] = '\0';
            err = sgp_osm_strings_add(&m->made->texts, word, &number);
            number = number << 1 | is_own;
            if (err == SGP_OK)
                err = sgp_buffer_append(&m->said, &number, sizeof number);
            ++*n_words;
        }
        at += length + (at[length] == ' ');
    }
    return err;
}

/* One row for each of the thing's names, which are separated by ';'. */
static sgp_err add_rows(name_making *m, sgp_graph_name row, const char *names,
                        const char *context) {
    sgp_graph_names *n = m->made;
    sgp_err err = sgp_osm_strings_add(&n->texts, context, &row.context);
    char own[TEXT_BYTES];
    for (const char *at = names; *at && err == SGP_OK;) {
        size_t length = strcspn(at, ";");
        size_t kept = length < sizeof own ? length : sizeof own - 1;
        memcpy(own, at, kept);
        own[kept] = '\0';
        at += length + (at[length] == ';');
        row.first_word = (uint32_t)(m->said.length / sizeof(uint32_t));
        row.n_words = 0;
        err = say(m, own, true, &row.n_words);
        if (err == SGP_OK && row.n_words == 0)
            continue;
        if (err == SGP_OK)
            err = say(m, context, false, &row.n_words);
        if (err == SGP_OK)
            err = sgp_osm_strings_add(&n->texts, own, &row.own);
        if (err == SGP_OK)
            err = sgp_buffer_append(&n->names, &row, sizeof row);
    }
    return err;
}

/* As import.sql has it: "gang 5", "mawar gang 5". */
static bool is_gang(const char *words) {
    static const char *const gangs[] = {"gang", "lorong"};
    for (size_t i = 0; i < 2; i++) {
        size_t length = strlen(gangs[i]);
        for (const char *at = words; (at = strstr(at, gangs[i])); at++)
            if ((at == words || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
                return true;
    }
    return false;
}

/* Districts along the street, and for a gang the streets that it meets. */
static void add_street_context(name_making *m, uint32_t number, bool gang, word_line *context) {
    const sgp_graph_names *n = m->made;
    const sgp_graph_street *street = &sgp_streets_all(&n->streets)[number];
    const sgp_street_piece *pieces = sgp_streets_pieces(&n->streets) + street->first_piece;
    const sgp_graph_district *last = NULL;
    for (uint32_t i = 0; i < street->n_pieces; i++)
        for (uint32_t k = 0; k < pieces[i].n_points; k++) {
            const sgp_graph_district *district =
                sgp_graph_district_at(&n->parts->places, pieces[i].points[k]);
            if (district && district != last)
                add_words(context, words_of_district(m, district));
            last = district;
        }
    for (uint32_t i = n->street_first[number]; gang && i < n->street_first[number + 1]; i++) {
        uint32_t j = n->street_junctions[i];
        const uint32_t *met = (const void *)n->junction_streets.data;
        for (uint32_t k = n->junction_first[j]; k < n->junction_first[j + 1]; k++)
            if (met[k] != number)
                add_words(context, sgp_names_text(n, sgp_streets_all(&n->streets)[met[k]].words));
    }
}

/* "Jalan Veteran" is shown as "Jl. Veteran", as import.sql has it. */
static sgp_err short_label(sgp_graph_names *n, const char *name, uint32_t *label) {
    char text[TEXT_BYTES];
    bool is_jalan = strncmp(name, "Jalan ", 6) == 0;
    snprintf(text, sizeof text, "%s%s", is_jalan ? "Jl. " : "", name + (is_jalan ? 6 : 0));
    return sgp_osm_strings_add(&n->texts, text, label);
}

/* What the import knew of a street: other names, context, sort. */
static sgp_err add_known(sgp_graph_names *n, const sgp_graph_place *place, sgp_graph_name *row,
                         word_line *names, word_line *context) {
    const char *texts = n->parts->places.texts;
    const char *others = strchr(texts + place->own, ';');
    size_t length = others ? strlen(others) : 0;
    if (others && names->length + length < sizeof names->text) {
        memcpy(names->text + names->length, others, length + 1);
        names->length += length;
    }
    add_words(context, texts + place->context);
    row->rank = place->rank;
    row->thing.kind = (sgp_thing_kind)place->kind;
    row->district = (sgp_graph_district){place->kelurahan, place->kecamatan, place->kabupaten};
    if (place->reach_m > row->reach_m)
        row->reach_m = place->reach_m;
    return sgp_osm_strings_add(&n->texts, texts + place->sort, &row->sort);
}

/* As import.sql has it. */
static int32_t rank_of(const sgp_graph_street *street, bool gang) {
    if (gang)
        return 5;
    if (street->road_class == SGP_ROAD_CLASSES)
        return 6;
    return street->road_class <= SGP_ROAD_SECONDARY ? 2 : 3;
}

static sgp_err add_street(name_making *m, uint32_t number) {
    sgp_graph_names *n = m->made;
    const sgp_graph_street street = sgp_streets_all(&n->streets)[number];
    const sgp_street_piece *pieces = sgp_streets_pieces(&n->streets) + street.first_piece;
    word_line names = {0}, context = {0};
    snprintf(names.text, sizeof names.text, "%s", sgp_names_text(n, street.words));
    names.length = strlen(names.text);
    bool gang = is_gang(names.text), of_a_road = street.road_class < SGP_ROAD_CLASSES;
    sgp_graph_name row = {
        .thing = {gang ? SGP_THING_GANG : SGP_THING_STREET, (int32_t)number + 1},
        .reach_m = street.length_m / 2,
        .rank = rank_of(&street, gang),
        .point = street.point,
    };
    sgp_err err = short_label(n, sgp_names_text(n, street.name), &row.label);
    if (err == SGP_OK && of_a_road)
        err = sgp_osm_strings_add(&n->texts, sgp_road_class_str(street.road_class), &row.sort);
    for (uint32_t i = 0; i < street.n_pieces && err == SGP_OK; i++)
        if (pieces[i].place != SGP_NONE)
            err = add_known(n, &n->parts->places.places[pieces[i].place], &row, &names, &context);
    if (!row.district.kelurahan)
        row.district = sgp_names_district(n, street.point);
    add_street_context(m, number, gang, &context);
    return err == SGP_OK ? add_rows(m, row, names.text, context.text) : err;
}

static sgp_err find_front(sgp_graph_names *n, const sgp_graph_place *place, int32_t *street) {
    uint32_t words;
    sgp_err err =
        sgp_osm_strings_add(&n->texts, n->parts->places.texts + place->front_street, &words);
    if (err != SGP_OK || words == 0)
        return err;
    uint32_t found = sgp_streets_nearest_of(&n->streets, words, place->front, FRONT_REACH_M);
    *street = found == SGP_NONE ? 0 : (int32_t)found + 1;
    return SGP_OK;
}

static sgp_err add_place(name_making *m, uint32_t number) {
    sgp_graph_names *n = m->made;
    const sgp_graph_places *places = &n->parts->places;
    const sgp_graph_place *place = &places->places[number];
    if (place->kind == 's' || place->kind == 'g')
        return SGP_OK;
    sgp_graph_name row = {
        .thing = {(sgp_thing_kind)place->kind, (int32_t)number + 1},
        .reach_m = place->reach_m,
        .rank = place->rank,
        .point = place->point,
        .district = {place->kelurahan, place->kecamatan, place->kabupaten},
    };
    sgp_err err = sgp_osm_strings_add(&n->texts, places->texts + place->label, &row.label);
    if (err == SGP_OK)
        err = sgp_osm_strings_add(&n->texts, places->texts + place->sort, &row.sort);
    if (err == SGP_OK && place->has_front)
        err = find_front(n, place, &row.front_street);
    return err == SGP_OK
               ? add_rows(m, row, places->texts + place->own, places->texts + place->context)
               : err;
}

static int compare_names(const void *left, const void *right) {
    const sgp_graph_name *a = left, *b = right;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    if (a->thing.kind != b->thing.kind)
        return a->thing.kind < b->thing.kind ? -1 : 1;
    if (a->thing.id != b->thing.id)
        return a->thing.id < b->thing.id ? -1 : 1;
    return (a->first_word > b->first_word) - (a->first_word < b->first_word);
}

static sgp_err add_all(name_making *m) {
    sgp_graph_names *n = m->made;
    sgp_err err = SGP_OK;
    for (uint32_t i = 0; i < sgp_streets_count(&n->streets) && err == SGP_OK; i++) {
        if (i % STOP_STEP == 0 && atomic_load(m->stop))
            return SGP_E_TIMEOUT;
        err = add_street(m, i);
    }
    for (uint32_t i = 0; i < n->parts->places.n_places && err == SGP_OK; i++)
        err = add_place(m, i);
    if (err == SGP_OK && sgp_names_count(n) > 0)
        qsort(n->names.data, sgp_names_count(n), sizeof(sgp_graph_name), compare_names);
    return err;
}

/* ---- all of it ---------------------------------------------------------------------- */

sgp_err sgp_graph_names_make(const sgp_graph_parts *parts, const atomic_bool *stop,
                             sgp_graph_names *names) {
    *names = (sgp_graph_names){.parts = parts};
    name_making m = {.made = names, .stop = stop};
    sgp_err err = sgp_osm_strings_init(&names->texts);
    if (err != SGP_OK)
        return err;
    m.district_words = calloc((size_t)parts->places.n_districts + 1, sizeof *m.district_words);
    err = m.district_words ? SGP_OK : SGP_E_MEMORY;
    if (err == SGP_OK)
        err = sgp_graph_streets_make(parts, &names->texts, stop, &names->streets);
    if (err == SGP_OK)
        err = find_junctions(&m);
    if (err == SGP_OK)
        err = list_junctions_of_streets(names);
    if (err == SGP_OK)
        err = add_all(&m);
    if (err == SGP_OK)
        err = sgp_graph_names_index(names, &m.said, stop);
    sgp_buffer_free(&m.said);
    free(m.district_words);
    if (err != SGP_OK)
        sgp_graph_names_deinit(names);
    return err;
}

void sgp_graph_names_deinit(sgp_graph_names *n) {
    sgp_graph_streets_deinit(&n->streets);
    sgp_junctions_free(&n->junctions);
    sgp_vocabulary_destroy(n->vocabulary);
    sgp_buffer_free(&n->junction_streets);
    sgp_buffer_free(&n->names);
    sgp_buffer_free(&n->name_words);
    free(n->junction_first);
    free(n->street_first);
    free(n->street_junctions);
    free(n->word_first);
    free(n->word_names);
    free(n->by_text);
    sgp_osm_strings_deinit(&n->texts);
    *n = (sgp_graph_names){0};
}
