/* Rows about things with names, and about places in relation to them. */
#include <ctype.h>
#include <math.h>
#include <string.h>

#include "place_kinds.h"

static const map_thing *some_thing(drawing *d, map_kind kind) {
    const map_thing *thing = &d->m->things[draw_below(d, d->m->n_things)];
    return thing->kind == kind && strlen(thing->key) >= 4 ? thing : NULL;
}

static bool says_nothing(const map_thing *thing) {
    return strcmp(thing->sort, "building") == 0 || strchr(thing->name, ';') != NULL;
}

static void comment(drawn_row *row, const char *what, const map_thing *thing) {
    snprintf(row->comment, sizeof row->comment, "%s%s", what, thing->name);
}

bool draw_facility(drawing *d, drawn_row *row) {
    const map_thing *thing = some_thing(d, MAP_FACILITY);
    if (!thing || says_nothing(thing) || !drawing_say_thing(d, &row->said, thing))
        return false;
    row->truths[0] = truth_thing(thing);
    comment(row, "", thing);
    return true;
}

static bool only_one(const drawing *d, const map_thing *thing) {
    for (size_t i = 0; i < d->m->n_things; i++)
        if (&d->m->things[i] != thing && map_same_words(d->m->things[i].key, thing->key) &&
            map_away(d->m->things[i].at, thing->at) > 100)
            return false;
    return true;
}

bool draw_facility_abroad(drawing *d, drawn_row *row) {
    const map_thing *thing = some_thing(d, MAP_FACILITY);
    uint32_t first;
    if (!thing || says_nothing(thing) || !only_one(d, thing) || strlen(thing->key) < 6 ||
        strpbrk(thing->key, "0123456789") || drawing_streets_named(d, thing->key, &first) > 0)
        return false;
    said_add(&row->said, SAID_NAME, thing->name);
    row->truths[0] = truth_thing(thing);
    comment(row, "", thing);
    return true;
}

/* One of its other names, which nothing else has. */
bool draw_alias(drawing *d, drawn_row *row) {
    const map_thing *thing = some_thing(d, MAP_FACILITY);
    if (!thing || !thing->aliases)
        return false;
    char copy[600], *list[12], *rest = copy;
    size_t n = 0;
    snprintf(copy, sizeof copy, "%s", thing->aliases);
    for (char *one; n < 12 && (one = strsep(&rest, ";")) != NULL;)
        list[n++] = one;
    const char *alias = list[draw_below(d, n)], *key = map_key(d->m, alias);
    uint32_t first;
    if (drawing_streets_named(d, key, &first) > 0)
        return false;
    for (size_t i = 0; i < d->m->n_things; i++) {
        const map_thing *other = &d->m->things[i];
        if (other != thing && map_away(other->at, thing->at) > 100 &&
            (map_same_words(other->key, key) || (other->aliases && strstr(other->aliases, alias))))
            return false;
    }
    said_add(&row->said, SAID_NAME, alias);
    row->truths[0] = truth_thing(thing);
    comment(row, "", thing);
    return true;
}

/* "Indomaret Jalan Veteran": one of several of a name, told by its street. */
bool draw_facility_on(drawing *d, drawn_row *row) {
    const map *m = d->m;
    const map_thing *thing = some_thing(d, MAP_FACILITY);
    uint32_t street, first;
    spot front;
    if (!thing || says_nothing(thing) || only_one(d, thing) ||
        !truth_faces(m, thing, &street, &front) ||
        drawing_streets_named(d, m->streets[street].key, &first) != 1 ||
        strstr(thing->key, m->streets[street].key))
        return false;
    for (size_t i = 0; i < m->n_things; i++) {
        const map_thing *other = &m->things[i];
        double away;
        if (other == thing || !map_same_words(other->key, thing->key))
            continue;
        (void)map_nearest_on(m, &m->streets[street], other->at, &away);
        if (away < 250)
            return false;
    }
    said_add(&row->said, SAID_NAME, thing->name);
    said_street(&row->said, m->streets[street].name);
    row->truths[0] = truth_thing(thing);
    snprintf(row->comment, sizeof row->comment, "%s at %s", thing->name, m->streets[street].name);
    return true;
}

/* ---- relations ------------------------------------------------------------------------ */

/* A landmark that callers speak of, by its name or one of its others. */
static const map_thing *say_landmark(drawing *d, said *s) {
    const map_thing *thing = some_thing(d, MAP_FACILITY);
    if (!thing || says_nothing(thing) || !only_one(d, thing))
        return NULL;
    uint32_t first;
    if (drawing_streets_named(d, thing->key, &first) > 0)
        return NULL;
    drawn_row alias = {0};
    if (thing->aliases && draw_chance(d, 40)) {
        char copy[600];
        snprintf(copy, sizeof copy, "%s", thing->aliases);
        copy[strcspn(copy, ";")] = '\0';
        const char *key = map_key(d->m, copy);
        bool own = drawing_streets_named(d, key, &first) == 0;
        for (size_t i = 0; own && i < d->m->n_things; i++) {
            const map_thing *other = &d->m->things[i];
            own = other == thing || (!map_same_words(other->key, key) &&
                                     !(other->aliases && strstr(other->aliases, copy)));
        }
        if (own)
            said_add(&alias.said, SAID_NAME, copy);
    }
    if (alias.said.n == 0)
        said_add(&alias.said, SAID_NAME, thing->name);
    for (size_t i = 0; i < alias.said.n; i++)
        said_add(s, SAID_NAME, alias.said.words[i].text);
    return thing;
}

typedef bool (*truth_by_street)(const map *m, const map_thing *thing, truth *t);

static bool relation_row(drawing *d, drawn_row *row, const char *word, truth_by_street find) {
    said_add(&row->said, SAID_RELATION, word);
    const map_thing *thing = say_landmark(d, &row->said);
    if (!thing || !find(d->m, thing, &row->truths[0]))
        return false;
    snprintf(row->comment, sizeof row->comment, "%s: %s", word, thing->name);
    return true;
}

bool draw_in_front(drawing *d, drawn_row *row) {
    return relation_row(d, row, "depan", truth_in_front);
}

bool draw_across(drawing *d, drawn_row *row) {
    return relation_row(d, row, "seberang", truth_across);
}

bool draw_behind(drawing *d, drawn_row *row) {
    return relation_row(d, row, "belakang", truth_behind);
}

static bool at_side(const map *m, const map_thing *thing, truth *t) {
    (void)m;
    *t = truth_beside(thing);
    return true;
}

bool draw_beside(drawing *d, drawn_row *row) {
    return relation_row(d, row, "sebelah", at_side);
}

static bool close_to(const map *m, const map_thing *thing, truth *t) {
    (void)m;
    *t = truth_near(thing);
    return true;
}

bool draw_near(drawing *d, drawn_row *row) {
    return relation_row(d, row, "dekat", close_to);
}

bool draw_side(drawing *d, drawn_row *row) {
    static const struct {
        const char *word;
        int east, north;
    } SIDES[] = {{"utara", 0, 1}, {"selatan", 0, -1}, {"timur", 1, 0}, {"barat", -1, 0}};
    size_t side = draw_below(d, 4);
    if (draw_chance(d, 40))
        said_add(&row->said, SAID_MARKER, "sebelah");
    said_add(&row->said, SAID_RELATION, SIDES[side].word);
    const map_thing *thing = say_landmark(d, &row->said);
    if (!thing)
        return false;
    row->truths[0] = truth_side(thing, SIDES[side].east, SIDES[side].north);
    snprintf(row->comment, sizeof row->comment, "%s of %s", SIDES[side].word, thing->name);
    return true;
}

bool draw_between(drawing *d, drawn_row *row) {
    said_add(&row->said, SAID_RELATION, "antara");
    const map_thing *one = say_landmark(d, &row->said);
    if (!one)
        return false;
    said_add(&row->said, SAID_RELATION, "dan");
    for (int tries = 0; tries < 300; tries++) {
        said more = row->said;
        const map_thing *other = say_landmark(d, &more);
        if (!other || other == one || map_away(one->at, other->at) > 500 ||
            map_away(one->at, other->at) < 80)
            continue;
        row->said = more;
        row->truths[0] = truth_between(one, other);
        snprintf(row->comment, sizeof row->comment, "%s and %s", one->name, other->name);
        return true;
    }
    return false;
}

/* "Jalan Soekarno Hatta depan Politeknik": the street, at the landmark. */
bool draw_street_landmark(drawing *d, drawn_row *row) {
    uint32_t street, first;
    spot front;
    said landmark = {0};
    const map_thing *thing = say_landmark(d, &landmark);
    if (!thing || !truth_faces(d->m, thing, &street, &front))
        return false;
    const map_street *of = &d->m->streets[street];
    if (of->reach_m < 200 || drawing_streets_named(d, of->key, &first) != 1 ||
        !truth_on_street(d->m, thing, of, &row->truths[0]))
        return false;
    static const char *const WORDS[] = {"depan", "dekat", "sebelah", "depan"};
    bool after = draw_chance(d, 25);
    const char *word = WORDS[draw_below(d, 4)];
    if (!after)
        said_street(&row->said, of->name);
    said_add(&row->said, SAID_RELATION, word);
    for (size_t i = 0; i < landmark.n; i++)
        said_add(&row->said, SAID_NAME, landmark.words[i].text);
    if (after)
        said_street(&row->said, of->name);
    snprintf(row->comment, sizeof row->comment, "%s, %s %s", of->name, word, thing->name);
    return true;
}

/* ---- crossings with a name of their own --------------------------------------------------- */

bool draw_junction_named(drawing *d, drawn_row *row) {
    const map_thing *thing = some_thing(d, MAP_CROSSING);
    if (!thing || !only_one(d, thing))
        return false;
    const char *name = thing->name;
    static const struct {
        const char *written, *also;
    } WAYS[] = {{"Simpang Empat ", "perempatan"}, {"Simpang Tiga ", "pertigaan"}};
    for (size_t i = 0; i < 2; i++) {
        size_t n = strlen(WAYS[i].written);
        if (strncmp(name, WAYS[i].written, n) == 0 && draw_chance(d, 60)) {
            said_add(&row->said, SAID_RELATION, WAYS[i].also);
            name += n;
        }
    }
    said_add(&row->said, SAID_NAME, name);
    row->truths[0] = (truth){thing->at, 80};
    comment(row, "", thing);
    return true;
}
