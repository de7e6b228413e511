#include "place_lists.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "place_kinds.h"

/* ---- recipes ------------------------------------------------------------------------ */

static char *trim(char *text) {
    text += strspn(text, " \t");
    size_t n = strlen(text);
    while (n > 0 && isspace((unsigned char)text[n - 1]))
        text[--n] = '\0';
    return text;
}

/* Cuts `text` at the first `sign`; the rest, or NULL. */
static char *cut(char *text, char sign) {
    char *at = strchr(text, sign);
    if (!at)
        return NULL;
    *at = '\0';
    trim(text);
    return trim(at + 1);
}

static const map_thing *find_thing(const map *m, const char *name, int level, bool estate) {
    for (size_t i = 0; i < m->n_things; i++) {
        const map_thing *thing = &m->things[i];
        bool fits = level > 0 ? thing->level == level
                    : estate  ? thing->kind == MAP_ESTATE
                              : thing->kind != MAP_AREA || thing->n_edges == 0;
        if (fits && strcmp(thing->name, name) == 0)
            return thing;
    }
    return NULL;
}

/* NAME, or NAME @ DISTRICT; the longest where there are several. */
static uint32_t find_street(const map *m, char *text) {
    const char *district = cut(text, '@');
    uint32_t best = MAP_NONE;
    for (uint32_t i = 0; i < m->n_streets; i++) {
        const map_street *street = &m->streets[i];
        if (strcmp(street->name, trim(text)) != 0)
            continue;
        bool fits = !district;
        for (size_t k = 0; district && !fits && k < m->n_things; k++)
            fits = (m->things[k].level == 7 || m->things[k].level == 6) &&
                   strcmp(m->things[k].name, district) == 0 && map_passes(m, street, &m->things[k]);
        if (fits && (best == MAP_NONE || street->length_m > m->streets[best].length_m))
            best = i;
    }
    return best;
}

typedef bool (*thing_truth)(const map *m, const map_thing *thing, truth *t);

static bool recipe_thing(const map *m, const char *what, const map_thing *thing, truth *t) {
    static const struct {
        const char *what;
        int east, north;
    } SIDES[] = {{"north", 0, 1}, {"south", 0, -1}, {"east", 1, 0}, {"west", -1, 0}};
    if (!thing)
        return false;
    for (size_t i = 0; i < 4; i++)
        if (strcmp(what, SIDES[i].what) == 0) {
            *t = truth_side(thing, SIDES[i].east, SIDES[i].north);
            return true;
        }
    if (strcmp(what, "front") == 0)
        return truth_in_front(m, thing, t);
    if (strcmp(what, "across") == 0)
        return truth_across(m, thing, t);
    if (strcmp(what, "behind") == 0)
        return truth_behind(m, thing, t);
    *t = strcmp(what, "beside") == 0 ? truth_beside(thing)
         : strcmp(what, "near") == 0 ? truth_near(thing)
                                     : truth_thing(thing);
    return true;
}

static bool recipe_block(const map *m, char *name, truth *t) {
    char *number = cut(name, '#');
    const map_thing *estate = find_thing(m, name, 0, true);
    char *house = number ? cut(number, '/') : NULL;
    for (size_t i = 0; estate && house && i < m->n_houses; i++) {
        const map_house *one = &m->houses[i];
        char whole[40];
        snprintf(whole, sizeof whole, "%s/%s", number, house);
        bool same = one->block ? strcmp(one->block, number) == 0 && strcmp(one->number, house) == 0
                               : strcmp(one->number, whole) == 0;
        if (same && map_inside(estate, one->at)) {
            *t = (truth){one->at, 30};
            return true;
        }
    }
    return false;
}

static bool recipe_house(const map *m, char *name, truth *t) {
    char *number = cut(name, '#');
    uint32_t street = number ? find_street(m, name) : MAP_NONE;
    if (street == MAP_NONE)
        return false;
    int value = atoi(number);
    return truth_house(m, street, value, t) || truth_house_between(m, street, value, t) ||
           truth_house_beyond(m, street, value, t);
}

static bool recipe_streets(const map *m, const char *what, char *name, truth *t) {
    char *more = cut(name, '&');
    uint32_t one = find_street(m, name), other = more ? find_street(m, more) : MAP_NONE;
    int arms;
    if (one == MAP_NONE)
        return false;
    if (strcmp(what, "junction") == 0)
        return other != MAP_NONE && truth_junction(m, one, other, t, &arms);
    *t = truth_street(&m->streets[one]);
    return true;
}

/* "front Sarinah Malang", "junction Jalan Kawi & Jalan Ijen", "house Jalan Kawi # 24" ... */
static bool follow_recipe(const map *m, char *recipe, truth *t) {
    char *metres = cut(recipe, '~'), *name = cut(recipe, ' ');
    const char *what = recipe;
    bool done = false;
    if (!name)
        return false;
    if (strcmp(what, "street") == 0 || strcmp(what, "junction") == 0)
        done = recipe_streets(m, what, name, t);
    else if (strcmp(what, "house") == 0)
        done = recipe_house(m, name, t);
    else if (strcmp(what, "block") == 0)
        done = recipe_block(m, name, t);
    else if (strcmp(what, "kelurahan") == 0 || strcmp(what, "kecamatan") == 0) {
        const map_thing *area = find_thing(m, name, strcmp(what, "kecamatan") == 0 ? 6 : 7, false);
        *t = area ? truth_district(area) : *t;
        done = area != NULL;
    } else if (strcmp(what, "estate") == 0) {
        const map_thing *estate = find_thing(m, name, 0, true);
        done = recipe_thing(m, "place", estate, t);
    } else if (strcmp(what, "between") == 0) {
        char *other = cut(name, '&');
        const map_thing *a = find_thing(m, name, 0, false);
        const map_thing *b = other ? find_thing(m, other, 0, false) : NULL;
        done = a && b;
        if (done)
            *t = truth_between(a, b);
    } else if (strcmp(what, "on") == 0) {
        char *landmark = cut(name, '&');
        const map_thing *thing = landmark ? find_thing(m, landmark, 0, false) : NULL;
        uint32_t street = find_street(m, name);
        done = thing && street != MAP_NONE && truth_on_street(m, thing, &m->streets[street], t);
    } else {
        done = recipe_thing(m, what, find_thing(m, name, 0, false), t);
    }
    if (done && metres)
        t->metres = atof(metres);
    return done;
}

/* ---- what people wrote ------------------------------------------------------------------ */

sgp_err lists_said(drawing *d, const char *path, sgp_fault *fault) {
    FILE *file = fopen(path, "r");
    if (!file)
        return sgp_fail(fault, SGP_E_IO, "%s: %s", path, strerror(errno));
    char line[1024];
    sgp_err err = SGP_OK;
    for (size_t n = 1; fgets(line, sizeof line, file); n++) {
        char *text = trim(line), *rest = text;
        if (!*text || *text == '#')
            continue;
        char none[] = "", *fields[5] = {none, none, none, none, none};
        for (size_t i = 0; i < 5 && rest; i++)
            fields[i] = trim(strsep(&rest, "|"));
        drawn_row row = {.n_truths = 1};
        snprintf(row.comment, sizeof row.comment, "%s", fields[3]);
        snprintf(row.earlier, sizeof row.earlier, "%s", fields[4]);
        for (char *at = row.earlier; *at; at++)
            *at = *at == ';' ? '|' : *at;
        /* The text as it was written: one word to this program. */
        snprintf(row.said.before, sizeof row.said.before, "%s", fields[0]);
        if (strlen(fields[0]) < sizeof row.said.before &&
            follow_recipe(d->m, fields[3], &row.truths[0])) {
            drawing_write(d, fields[1], fields[2], &row);
            continue;
        }
        /* All of them are told, so that they can be mended at once. */
        fprintf(stderr, "place_cases: %s:%zu: the map has not: %s\n", path, n, row.comment);
        err = sgp_fail(fault, SGP_E_FORMAT, "%s: not all rows could be written", path);
    }
    fclose(file);
    return err;
}

/* ---- lists of real names ------------------------------------------------------------------- */

/* One line of a CSV file into fields[]; fields with quotes may hold commas. */
static size_t split(char *line, char *fields[], size_t most) {
    size_t n = 0;
    line[strcspn(line, "\r\n")] = '\0';
    while (line && n < most) {
        if (*line == '"') {
            fields[n++] = ++line;
            line += strcspn(line, "\"");
            if (*line)
                *line++ = '\0';
            line = *line == ',' ? line + 1 : NULL;
        } else {
            fields[n++] = strsep(&line, ",");
        }
    }
    return n;
}

typedef struct named_code {
    char code[16], name[48];
} named_code;

static size_t read_districts(const char *path, named_code list[64]) {
    FILE *file = fopen(path, "r");
    char line[512], *fields[4];
    size_t n = 0;
    while (file && n < 64 && fgets(line, sizeof line, file))
        if (split(line, fields, 4) >= 3) {
            snprintf(list[n].code, sizeof list[n].code, "%.15s", fields[0]);
            snprintf(list[n++].name, sizeof list[n].name, "%.47s", fields[2]);
        }
    if (file)
        fclose(file);
    return n;
}

/* The map's own middle of that village: what is under test is the geocoder, not how well the
 * sketch was drawn. NULL: the map has none of that name in that kecamatan. */
static const map_thing *village_of(const map *m, const char *key, const char *kecamatan) {
    const map_thing *best = NULL;
    for (size_t i = 0; i < m->n_things; i++) {
        const map_thing *thing = &m->things[i];
        if (thing->kind != MAP_AREA || thing->level == 5 || thing->level == 6 ||
            strcmp(thing->sort, "hamlet") == 0 || strcmp(thing->key, key) != 0)
            continue;
        uint32_t around = map_district(m, thing->at, 6);
        if (around != MAP_NONE && strcmp(m->things[around].name, kecamatan) == 0 &&
            (!best || thing->n_edges > 0))
            best = thing;
    }
    return best;
}

static sgp_err villages(drawing *d, const char *data, sgp_fault *fault) {
    static const garble GARBLED[] = {GARBLE_CLEAN,   GARBLE_TYPING, GARBLE_ABBREVIATION,
                                     GARBLE_HEARING, GARBLE_CLEAN,  GARBLE_CHATTER};
    char path[512], line[512], *fields[4];
    named_code districts[64];
    snprintf(path, sizeof path, "%s/malang/idn-area-data_districts_malangraya.csv", data);
    size_t n_districts = read_districts(path, districts), all = 0, had = 0;
    snprintf(path, sizeof path, "%s/malang/idn-area-data_villages_malangraya.csv", data);
    FILE *file = fopen(path, "r");
    if (!file)
        return sgp_fail(fault, SGP_E_IO, "%s: %s", path, strerror(errno));
    while (fgets(line, sizeof line, file)) {
        if (split(line, fields, 4) < 3 || !isdigit((unsigned char)*fields[0]))
            continue;
        all++;
        const char *kecamatan = "";
        for (size_t i = 0; i < n_districts; i++)
            if (strcmp(districts[i].code, fields[1]) == 0)
                kecamatan = districts[i].name;
        const map_thing *village = village_of(d->m, map_key(d->m, fields[2]), kecamatan);
        if (!village)
            continue;
        had++;
        drawn_row row = {.n_truths = 1};
        bool city = fields[0][9] == '1';
        said_add(&row.said, SAID_MARKER, city ? "Kelurahan" : "Desa");
        said_add(&row.said, SAID_NAME, fields[2]);
        said_add(&row.said, SAID_DISTRICT, draw_chance(d, 50) ? "," : "Kecamatan");
        said_add(&row.said, SAID_DISTRICT, kecamatan);
        row.truths[0] = truth_district(village);
        garble g = GARBLED[draw_below(d, 6)];
        said plain = row.said;
        if (!said_garble(&row.said, g, &d->random)) {
            row.said = plain;
            g = GARBLE_CLEAN;
        }
        drawing_write(d, "village", garble_str(g), &row);
    }
    fclose(file);
    fprintf(stderr, "place_cases: of %zu villages the map has %zu\n", all, had);
    return SGP_OK;
}

/* The street of "JL. Merdeka Utara Arah Timur": its name or one of its others, else MAP_NONE. */
static uint32_t street_of_camera(const map *m, const char *key) {
    uint32_t best = MAP_NONE;
    size_t longest = 0;
    for (uint32_t i = 0; i < m->n_streets; i++) {
        const map_street *street = &m->streets[i];
        char names[700], *rest = names;
        snprintf(names, sizeof names, "%s;%s", street->name, street->alt ? street->alt : "");
        for (char *one; (one = strsep(&rest, ";")) != NULL;) {
            char own[256];
            size_t n = 0;
            for (const char *at = one; *at && n < sizeof own - 1; at++)
                if (*at != '.')
                    own[n++] = (char)tolower((unsigned char)*at);
            own[n] = '\0';
            const char *name = strncmp(own, "jalan ", 6) == 0 ? own + 6 : own;
            n = strlen(name);
            if (n > longest && n >= 4 && strncmp(key, name, n) == 0 &&
                (key[n] == ' ' || key[n] == '\0')) {
                longest = n;
                best = i;
            }
        }
    }
    return best;
}

static sgp_err cameras(drawing *d, const char *data, sgp_fault *fault) {
    char path[512], line[1024], *fields[6];
    size_t all = 0, had = 0;
    snprintf(path, sizeof path, "%s/malang/cctv_points.csv", data);
    FILE *file = fopen(path, "r");
    if (!file)
        return sgp_fail(fault, SGP_E_IO, "%s: %s", path, strerror(errno));
    while (fgets(line, sizeof line, file)) {
        sgp_point point;
        if (split(line, fields, 6) < 5 || !isdigit((unsigned char)fields[3][1]) ||
            sgp_point_from_degrees(atof(fields[4]), atof(fields[3]), &point) != SGP_OK)
            continue;
        all++;
        uint32_t which = street_of_camera(d->m, map_key(d->m, fields[0]));
        if (which == MAP_NONE)
            continue;
        double away;
        const map_street *street = &d->m->streets[which];
        spot on = map_nearest_on(d->m, street, map_spot(d->m, point), &away);
        /* A street of that name elsewhere in the sketch is not the camera's. */
        if (away > 600)
            continue;
        had++;
        drawn_row row = {.n_truths = 1};
        said_add(&row.said, SAID_NAME, fields[0]);
        /* A camera's name says its street, so that the whole of it is right. */
        row.truths[0] = (truth){on, fmax(100, street->reach_m + map_away(on, street->middle))};
        drawing_write(d, "camera", "clean", &row);
    }
    fclose(file);
    fprintf(stderr, "place_cases: of %zu cameras the map has the street of %zu\n", all, had);
    return SGP_OK;
}

sgp_err lists_hidden(drawing *d, const char *data, sgp_fault *fault) {
    sgp_err err = villages(d, data, fault);
    return err != SGP_OK ? err : cameras(d, data, fault);
}
