#include "place_draw.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"

/* ---- the names of the map --------------------------------------------------------- */

static void add_key(drawing *d, const char *name) {
    char key[200];
    size_t n = 0;
    for (const char *at = map_key(d->m, name); *at && n < sizeof key - 1; at++)
        if (*at != ' ')
            key[n++] = *at;
    key[n] = '\0';
    *(const char **)MAP_ADD(d, keys) = map_text(d->m, "%s", key);
}

static int by_text(const void *left, const void *right) {
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static void add_aliases(drawing *d, const char *aliases) {
    char copy[600];
    snprintf(copy, sizeof copy, "%s", aliases ? aliases : "");
    char *rest = copy;
    for (char *one; (one = strsep(&rest, ";")) != NULL;)
        if (*one)
            add_key(d, one);
}

void drawing_begin(drawing *d, map *m, uint64_t seed, FILE *out) {
    *d = (drawing){.m = m, .random = seed, .out = out};
    for (uint32_t i = 0; i < m->n_streets; i++) {
        add_key(d, m->streets[i].name);
        add_aliases(d, m->streets[i].alt);
        /* A block's street is asked for with its estate. */
        bool block =
            strncmp(m->streets[i].key, "blok ", 5) == 0 || strcmp(m->streets[i].key, "gang") == 0;
        if (!m->streets[i].is_gang && !block && strlen(m->streets[i].key) >= 4)
            *MAP_ADD(d, streets) = i;
    }
    for (size_t i = 0; i < m->n_things; i++) {
        add_key(d, m->things[i].name);
        add_aliases(d, m->things[i].aliases);
    }
    qsort(d->keys, d->n_keys, sizeof *d->keys, by_text);
    size_t kept = 0;
    for (size_t i = 0; i < d->n_keys; i++)
        if (kept == 0 || strcmp(d->keys[kept - 1], d->keys[i]) != 0)
            d->keys[kept++] = d->keys[i];
    d->n_keys = kept;
    fprintf(out, "query,expected_coordinate,kind,garble,lat,lon,earlier,limit,comment\n");
}

void drawing_free(drawing *d) {
    free(d->keys);
    free(d->streets);
    free(d->asked);
    *d = (drawing){0};
}

bool drawing_still_clear(const drawing *d, const char *before, const char *after) {
    if (strcmp(before, after) == 0)
        return true;
    size_t own = letters_apart(before, after), length = strlen(after);
    for (size_t i = 0; i < d->n_keys; i++) {
        size_t n = strlen(d->keys[i]);
        if ((n > length ? n - length : length - n) <= own && strcmp(d->keys[i], before) != 0 &&
            letters_apart(d->keys[i], after) <= own)
            return false;
    }
    return true;
}

size_t drawing_streets_named(const drawing *d, const char *key, uint32_t *first) {
    size_t n = 0;
    for (uint32_t i = 0; i < d->m->n_streets; i++)
        if (strcmp(d->m->streets[i].key, key) == 0) {
            *first = n == 0 ? i : *first;
            n++;
        }
    return n;
}

/* ---- saying names ------------------------------------------------------------------- */

static void say_district(drawing *d, said *s, const map_thing *area) {
    if (sgp_random_below(&d->random, 2) == 0)
        said_add(s, SAID_DISTRICT, ",");
    if (sgp_random_below(&d->random, 3) == 0)
        said_add(s, SAID_MARKER, area->level == 7 ? "Kelurahan" : "Kecamatan");
    said_add(s, SAID_DISTRICT, area->name);
}

static bool tells_street(const drawing *d, const map_street *street, const map_thing *area) {
    for (size_t i = 0; i < d->m->n_streets; i++) {
        const map_street *other = &d->m->streets[i];
        if (other != street && strcmp(other->key, street->key) == 0 &&
            map_passes(d->m, other, area))
            return false;
    }
    return true;
}

bool drawing_say_street(drawing *d, said *s, const map_street *street, int district_percent) {
    uint32_t first;
    said_street(s, street->name);
    bool needed = drawing_streets_named(d, street->key, &first) > 1;
    if (!needed && (int)sgp_random_below(&d->random, 100) >= district_percent)
        return true;
    uint32_t levels[] = {street->kelurahan, street->kecamatan};
    for (int i = 0; i < 2; i++)
        if (levels[i] != MAP_NONE && tells_street(d, street, &d->m->things[levels[i]])) {
            say_district(d, s, &d->m->things[levels[i]]);
            return true;
        }
    return !needed;
}

bool drawing_say_thing(drawing *d, said *s, const map_thing *thing) {
    const map *m = d->m;
    said_add(s, SAID_NAME, thing->name);
    bool needed = false;
    for (size_t i = 0; i < m->n_things; i++)
        needed =
            needed || (&m->things[i] != thing && map_same_words(m->things[i].key, thing->key) &&
                       map_away(m->things[i].at, thing->at) > 100);
    if (!needed)
        return true;
    for (int level = 7; level >= 6; level--) {
        uint32_t area = map_district(m, thing->at, level);
        bool tells = area != MAP_NONE;
        for (size_t i = 0; tells && i < m->n_things; i++)
            tells = &m->things[i] == thing || !map_same_words(m->things[i].key, thing->key) ||
                    !map_inside(&m->things[area], m->things[i].at);
        if (tells) {
            say_district(d, s, &m->things[area]);
            return true;
        }
    }
    return false;
}

/* ---- rows ----------------------------------------------------------------------------- */

static void write_field(FILE *out, const char *text) {
    if (!strpbrk(text, ",\"\n")) {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (; *text; text++) {
        if (*text == '"')
            fputc('"', out);
        fputc(*text, out);
    }
    fputc('"', out);
}

void drawing_write(drawing *d, const char *kind, const char *garbled, const drawn_row *row) {
    char text[SAID_TEXT];
    said_text(&row->said, text);
    write_field(d->out, text);
    fputs(",\"", d->out);
    for (size_t i = 0; i < row->n_truths; i++) {
        sgp_point point = map_point(d->m, row->truths[i].at);
        fprintf(d->out, "%s%.6f,%.6f,%.0f", i > 0 ? "|" : "", sgp_lat(point), sgp_lon(point),
                row->truths[i].metres);
    }
    fprintf(d->out, "\",%s,%s,", kind, garbled);
    if (row->has_near) {
        sgp_point near = map_point(d->m, row->near);
        fprintf(d->out, "%.5f,%.5f,", sgp_lat(near), sgp_lon(near));
    } else {
        fputs(",,", d->out);
    }
    write_field(d->out, row->earlier);
    if (row->limit > 1)
        fprintf(d->out, ",%d,", row->limit);
    else
        fputs(",,", d->out);
    write_field(d->out, row->comment);
    fputc('\n', d->out);
    d->n_rows++;
}

static garble garble_of(char letter) {
    const char *letters = "ct2hdamjox", *at = strchr(letters, letter);
    return at ? (garble)(at - letters) : GARBLE_CLEAN;
}

/* The name as it was said, as the map's keys are written, without spaces. */
static void core_of(const drawing *d, const said *s, char core[SAID_TEXT]) {
    char words[SAID_TEXT] = "";
    size_t n = 0, length = 0;
    for (size_t i = 0; i < s->n; i++)
        if (s->words[i].part == SAID_NAME)
            length += (size_t)snprintf(words + length, sizeof words - length, "%s%s",
                                       length > 0 ? " " : "", s->words[i].text);
    for (const char *at = map_key(d->m, words); *at && n < SAID_TEXT - 1; at++)
        if (*at != ' ')
            core[n++] = *at;
    core[n] = '\0';
}

static bool is_key(const char *joined, const char *key) {
    for (; *key; key++)
        if (*key != ' ' && *joined++ != *key)
            return false;
    return *joined == '\0';
}

/* With the marker left out, "Jalan Sumbersari" would be the kelurahan as well. */
static bool bare_name_is_one(const drawing *d, const said *s, const char *name) {
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++)
        if (s->words[i].part == SAID_NUMBER || s->words[i].part == SAID_RELATION)
            return true;
    for (size_t i = 0; i < d->m->n_streets; i++)
        n += is_key(name, d->m->streets[i].key);
    for (size_t i = 0; i < d->m->n_things; i++)
        n += is_key(name, d->m->things[i].key);
    return n <= 1;
}

static bool is_new(drawing *d, const drawn_row *row) {
    char text[SAID_TEXT];
    said_text(&row->said, text);
    for (size_t i = 0; i < d->n_asked; i++)
        if (strcmp(d->asked[i], text) == 0 && !*row->earlier)
            return false;
    *(const char **)MAP_ADD(d, asked) = map_text(d->m, "%s", text);
    return true;
}

static bool draw_row(drawing *d, const draw_plan *plan, garble g, drawn_row *row) {
    *row = (drawn_row){.n_truths = 1};
    if (!plan->draw(d, row))
        return false;
    char before[SAID_TEXT], after[SAID_TEXT];
    core_of(d, &row->said, before);
    /* Two slips in a short name leave too little of it. */
    if (g == GARBLE_TYPING_TWICE && strlen(before) < 7)
        return false;
    if (!said_garble(&row->said, g, &d->random))
        return false;
    core_of(d, &row->said, after);
    if (g == GARBLE_MISSING && !bare_name_is_one(d, &row->said, before))
        return false;
    bool slips = g == GARBLE_TYPING || g == GARBLE_TYPING_TWICE || g == GARBLE_HEARING ||
                 g == GARBLE_DIALECT;
    return (!slips || drawing_still_clear(d, before, after)) && is_new(d, row);
}

void drawing_follow(drawing *d, const draw_plan *plans, size_t n_plans) {
    enum { TRIES = 600 };
    for (size_t p = 0; p < n_plans; p++) {
        size_t n_garbles = strlen(plans[p].garbles);
        int missing = 0;
        for (int i = 0; i < plans[p].rows; i++) {
            garble g = garble_of(plans[p].garbles[(size_t)i % n_garbles]);
            drawn_row row;
            int tries = 0;
            while (tries < TRIES && !draw_row(d, &plans[p], g, &row))
                tries++;
            if (tries < TRIES)
                drawing_write(d, plans[p].kind, garble_str(g), &row);
            else
                missing++;
        }
        if (missing > 0)
            fprintf(stderr, "place_cases: %d rows of kind %s could not be drawn\n", missing,
                    plans[p].kind);
    }
}
