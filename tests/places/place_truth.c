#include "place_truth.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FACES_M = 150, CLEARLY_M = 15, NODES = 64 };

double truth_half_extent(const map_thing *thing) {
    return (thing->high.x - thing->low.x + thing->high.y - thing->low.y) / 4;
}

truth truth_street(const map_street *street) {
    return (truth){street->middle, fmax(60, street->reach_m)};
}

truth truth_thing(const map_thing *thing) {
    return (truth){thing->at, 50 + truth_half_extent(thing)};
}

truth truth_district(const map_thing *thing) {
    double radius = sqrt(thing->area_m2 / 3.14159265);
    if (thing->n_edges == 0)
        radius = strcmp(thing->sort, "hamlet") == 0 ? 400 : 600;
    return (truth){thing->at, fmax(300, radius)};
}

/* ---- junctions -------------------------------------------------------------------- */

static bool runs_through(const map *m, uint32_t node, uint32_t street) {
    uint32_t list[16];
    size_t n = map_at_node(m, node, list, 16);
    for (size_t i = 0; i < n; i++)
        if (list[i] == street)
            return true;
    return false;
}

/* Ways that leave a node, nameless ones too. */
static int arms_at(const map *m, uint32_t node) {
    int arms = 0;
    for (size_t w = 0; w < m->n_ways; w++) {
        const map_way *way = &m->ways[w];
        for (uint32_t i = 0; way->is_road && i < way->n_refs; i++)
            if (m->refs[way->first_ref + i] == node)
                arms += (i > 0) + (i + 1 < way->n_refs);
    }
    return arms;
}

bool truth_junction(const map *m, uint32_t a, uint32_t b, truth *t, int *arms) {
    uint32_t nodes[NODES];
    size_t n = 0;
    spot sum = {0, 0};
    const map_street *street = &m->streets[a];
    for (size_t w = 0; w < street->n_ways; w++) {
        const map_way *way = &m->ways[street->ways[w]];
        for (uint32_t i = 0; i < way->n_refs && n < NODES; i++) {
            uint32_t node = m->refs[way->first_ref + i];
            bool known = false;
            for (size_t k = 0; k < n; k++)
                known = known || nodes[k] == node;
            if (!known && runs_through(m, node, b)) {
                nodes[n++] = node;
                sum = (spot){sum.x + m->nodes[node].x, sum.y + m->nodes[node].y};
            }
        }
    }
    if (n == 0)
        return false;
    *t = (truth){{sum.x / (double)n, sum.y / (double)n}, 50};
    double spread = 0;
    for (size_t i = 0; i < n; i++)
        spread = fmax(spread, map_away(t->at, m->nodes[nodes[i]]));
    *arms = n == 1 ? arms_at(m, nodes[0]) : 0;
    t->metres += spread;
    return spread <= 60;
}

/* ---- beside things ------------------------------------------------------------------ */

static bool same_name(const map_street *street, const char *name) {
    return name && strcmp(street->name, name) == 0;
}

bool truth_faces(const map *m, const map_thing *thing, uint32_t *street, spot *front) {
    double least = HUGE_VAL, second = HUGE_VAL;
    *street = MAP_NONE;
    for (uint32_t s = 0; s < m->n_streets; s++) {
        const map_street *one = &m->streets[s];
        bool own = same_name(one, thing->street_name);
        if ((one->is_gang && !own) || map_away(one->middle, thing->at) > one->reach_m + 400)
            continue;
        double away;
        spot on = map_nearest_on(m, one, thing->at, &away);
        away = map_away_from(thing, on);
        if (own && away <= FACES_M) {
            *street = s;
            *front = on;
            return true;
        }
        if (away < least) {
            second = least;
            least = away;
            *street = s;
            *front = on;
        } else if (away < second) {
            second = away;
        }
    }
    return least <= FACES_M && second >= least + CLEARLY_M;
}

static spot beyond(spot from, spot to, double metres) {
    double length = fmax(1, map_away(from, to));
    return (spot){to.x + (to.x - from.x) / length * metres,
                  to.y + (to.y - from.y) / length * metres};
}

static double close_by(const map_thing *thing) {
    return 50 + truth_half_extent(thing) / 2;
}

bool truth_in_front(const map *m, const map_thing *thing, truth *t) {
    uint32_t street;
    t->metres = close_by(thing);
    return truth_faces(m, thing, &street, &t->at);
}

bool truth_across(const map *m, const map_thing *thing, truth *t) {
    uint32_t street;
    spot front;
    if (!truth_faces(m, thing, &street, &front))
        return false;
    *t = (truth){beyond(thing->at, front, 20), close_by(thing)};
    return true;
}

bool truth_behind(const map *m, const map_thing *thing, truth *t) {
    uint32_t street;
    spot front;
    if (!truth_faces(m, thing, &street, &front))
        return false;
    *t = (truth){beyond(front, thing->at, truth_half_extent(thing) + 20), close_by(thing)};
    return true;
}

truth truth_beside(const map_thing *thing) {
    return (truth){thing->at, 50 + truth_half_extent(thing)};
}

truth truth_near(const map_thing *thing) {
    return (truth){thing->at, 150 + truth_half_extent(thing)};
}

truth truth_side(const map_thing *thing, int east, int north) {
    spot at = {thing->at.x + east * ((thing->high.x - thing->low.x) / 2 + 30),
               thing->at.y + north * ((thing->high.y - thing->low.y) / 2 + 30)};
    return (truth){at, 60 + truth_half_extent(thing) / 2};
}

truth truth_between(const map_thing *a, const map_thing *b) {
    return (truth){{(a->at.x + b->at.x) / 2, (a->at.y + b->at.y) / 2},
                   fmax(60, map_away(a->at, b->at) / 3)};
}

bool truth_on_street(const map *m, const map_thing *thing, const map_street *street, truth *t) {
    double away;
    *t = (truth){map_nearest_on(m, street, thing->at, &away), 75};
    return away <= truth_half_extent(thing) + 120;
}

/* ---- house numbers -------------------------------------------------------------------- */

/* -1: not a plain number. */
static int plain(const char *number) {
    int value = 0;
    for (const char *at = number; *at; at++) {
        if (!isdigit((unsigned char)*at) || value > 9999)
            return -1;
        value = value * 10 + (*at - '0');
    }
    return *number ? value : -1;
}

bool truth_house(const map *m, uint32_t street, int number, truth *t) {
    int found = 0;
    for (size_t i = 0; i < m->n_houses; i++)
        if (m->houses[i].street == street && atoi(m->houses[i].number) == number) {
            found += plain(m->houses[i].number) == number ? 1 : 2;
            *t = (truth){m->houses[i].at, 40};
        }
    return found == 1;
}

typedef struct sides {
    const map_house *lower, *higher;
    bool there;
} sides;

static sides around(const map *m, uint32_t street, int number) {
    sides s = {NULL, NULL, false};
    for (size_t i = 0; i < m->n_houses; i++) {
        const map_house *house = &m->houses[i];
        int value = house->street == street ? atoi(house->number) : -1;
        s.there = s.there || value == number;
        if (value <= 0 || value % 2 != number % 2)
            continue;
        if (value < number && (!s.lower || value > atoi(s.lower->number)))
            s.lower = house;
        if (value > number && (!s.higher || value < atoi(s.higher->number)))
            s.higher = house;
    }
    return s;
}

bool truth_house_between(const map *m, uint32_t street, int number, truth *t) {
    sides s = around(m, street, number);
    if (s.there || !s.lower || !s.higher)
        return false;
    double low = atoi(s.lower->number), high = atoi(s.higher->number);
    double apart = map_away(s.lower->at, s.higher->at), share = (number - low) / (high - low);
    spot a = s.lower->at, b = s.higher->at;
    *t = (truth){{a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share}, fmax(40, apart / 2)};
    /* Two of one number would make the neighbours doubtful. */
    truth ignored;
    return apart <= 250 && truth_house(m, street, (int)low, &ignored) &&
           truth_house(m, street, (int)high, &ignored);
}

bool truth_house_beyond(const map *m, uint32_t street, int number, truth *t) {
    sides s = around(m, street, number);
    if (s.there || s.higher || !s.lower)
        return false;
    *t = (truth){s.lower->at, 60 + 10 * (number - atoi(s.lower->number))};
    truth ignored;
    return truth_house(m, street, atoi(s.lower->number), &ignored);
}
