#include "place_map.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "route/osm_pbf.h"

enum { METRES_A_DEGREE = 111195, TOGETHER_M = 150 };

void *map_room(void *list, size_t n, size_t *room, size_t size) {
    if (n < *room)
        return list;
    *room = *room ? *room * 2 : 16;
    list = realloc(list, *room * size);
    if (!list)
        abort();
    return list;
}

static void *zeros(size_t n, size_t size) {
    void *list = calloc(n + 1, size);
    if (!list)
        abort();
    return list;
}

const char *map_text(map *m, const char *format, ...) {
    va_list args;
    va_start(args, format);
    char *text = NULL;
    if (vasprintf(&text, format, args) < 0)
        abort();
    va_end(args);
    *MAP_ADD(m, texts) = text;
    return text;
}

static const char *keep(map *m, const char *text) {
    return text && *text ? map_text(m, "%s", text) : NULL;
}

/* A Roman number up to XX, which is said as the number is; 0 = none. */
static int roman(const char *word) {
    static const char *const ROMAN[] = {"",    "i",    "ii",  "iii",  "iv",    "v",   "vi",
                                        "vii", "viii", "ix",  "x",    "xi",    "xii", "xiii",
                                        "xiv", "xv",   "xvi", "xvii", "xviii", "xix", "xx"};
    for (int i = 1; i <= 20; i++)
        if (strcmp(word, ROMAN[i]) == 0)
            return i;
    return 0;
}

/* The letter of a Latin letter with an accent (U+00C0 to U+017F); '\0' = it is none. */
static char plain_letter(const unsigned char *at) {
    static const char LATIN[] = "aaaaaaaceeeeiiiidnooooo ouuuuy saaaaaaaceeeeiiiidnooooo ouuuuy y";
    if (at[0] != 0xC3 || at[1] < 0x80 || at[1] > 0xBF)
        return '\0';
    char letter = LATIN[at[1] - 0x80];
    return letter == ' ' ? '\0' : letter;
}

const char *map_key(map *m, const char *name) {
    char key[300], made[300];
    size_t n = 0, length = 0;
    for (const char *at = name; *at && n < sizeof key - 2; at++) {
        unsigned char c = (unsigned char)*at;
        char letter = plain_letter((const unsigned char *)at);
        if (c == '\'' || c == '.')
            continue;
        if (letter != '\0') {
            key[n++] = letter;
            at++;
        } else if (isalnum(c) || c >= 0x80) {
            key[n++] = (char)tolower(c);
        } else if (n > 0 && key[n - 1] != ' ') {
            key[n++] = ' ';
        }
    }
    while (n > 0 && key[n - 1] == ' ')
        n--;
    key[n] = '\0';
    char *rest = key;
    made[0] = '\0';
    for (char *word; (word = strsep(&rest, " ")) != NULL;) {
        bool first = length == 0;
        if (first && rest && (strcmp(word, "jalan") == 0 || strcmp(word, "jl") == 0))
            continue;
        int number = first ? 0 : roman(word);
        length += (size_t)(number > 0 ? snprintf(made + length, sizeof made - length, " %d", number)
                                      : snprintf(made + length, sizeof made - length, "%s%s",
                                                 first ? "" : " ", word));
    }
    return map_text(m, "%s", made);
}

static int by_word_text(const void *left, const void *right) {
    return strcmp(*(char *const *)left, *(char *const *)right);
}

static void words_in_order(const char *key, char *sorted, size_t capacity) {
    char copy[300], *words[32], *rest = copy;
    size_t n = 0, length = 0;
    snprintf(copy, sizeof copy, "%s", key);
    for (char *word; n < 32 && (word = strsep(&rest, " ")) != NULL;)
        words[n++] = word;
    qsort(words, n, sizeof *words, by_word_text);
    sorted[0] = '\0';
    for (size_t i = 0; i < n; i++)
        length += (size_t)snprintf(sorted + length, capacity - length, "%s ", words[i]);
}

bool map_same_words(const char *key, const char *other) {
    char a[340], b[340];
    if (strlen(key) != strlen(other))
        return false;
    words_in_order(key, a, sizeof a);
    words_in_order(other, b, sizeof b);
    return strcmp(a, b) == 0;
}

sgp_point map_point(const map *m, spot at) {
    sgp_point point = {0, 0};
    if (sgp_point_from_degrees(m->lon + at.x / m->scale_x, m->lat + at.y / METRES_A_DEGREE,
                               &point) != SGP_OK)
        abort();
    return point;
}

spot map_spot(const map *m, sgp_point point) {
    return (spot){(sgp_lon(point) - m->lon) * m->scale_x,
                  (sgp_lat(point) - m->lat) * METRES_A_DEGREE};
}

double map_away(spot a, spot b) {
    return hypot(a.x - b.x, a.y - b.y);
}

/* ---- reading ------------------------------------------------------------------- */

typedef struct member_ring { /* a relation's outline is put together once all ways are known */
    uint32_t thing;
    int64_t way;
} member_ring;

typedef struct reading {
    map *m;
    sgp_fault *fault;
    member_ring *members;
    size_t n_members, room_members;
} reading;

static const char *aliases_of(map *m, sgp_osm_tags tags) {
    static const char *const KEYS[] = {"alt_name", "short_name", "old_name",     "loc_name",
                                       "name:id",  "name:en",    "official_name"};
    char all[600] = "";
    const char *name = sgp_osm_tag_value(tags, "name");
    for (size_t i = 0; i < sizeof KEYS / sizeof *KEYS; i++) {
        const char *value = sgp_osm_tag_value(tags, KEYS[i]);
        if (value && strcmp(value, name) != 0 && strlen(all) + strlen(value) + 2 < sizeof all) {
            strcat(all, *all ? ";" : "");
            strcat(all, value);
        }
    }
    return keep(m, all);
}

static const char *sort_of(sgp_osm_tags tags) {
    static const char *const KEYS[] = {"amenity",  "healthcare", "shop",    "tourism", "leisure",
                                       "railway",  "aeroway",    "office",  "natural", "historic",
                                       "man_made", "emergency",  "building"};
    for (size_t i = 0; i < sizeof KEYS / sizeof *KEYS; i++) {
        const char *value = sgp_osm_tag_value(tags, KEYS[i]);
        if (value)
            return strcmp(value, "yes") == 0 ? KEYS[i] : value;
    }
    return NULL;
}

static void take_house(map *m, spot at, sgp_osm_tags tags) {
    const char *number = sgp_osm_tag_value(tags, "addr:housenumber");
    const char *street = sgp_osm_tag_value(tags, "addr:street");
    const char *place = sgp_osm_tag_value(tags, "addr:place");
    if (!number || !(street || place))
        return;
    map_house *house = MAP_ADD(m, houses);
    *house = (map_house){.number = keep(m, number),
                         .block = keep(m, sgp_osm_tag_value(tags, "addr:block")),
                         .street_name = keep(m, street ? street : place),
                         .at = at,
                         .street = MAP_NONE};
}

/* A thing with a name, or NULL. */
static map_thing *take_thing(map *m, spot at, sgp_osm_tags tags, bool is_ground) {
    const char *name = sgp_osm_tag_value(tags, "name"),
               *highway = sgp_osm_tag_value(tags, "highway");
    const char *place = sgp_osm_tag_value(tags, "place"), *sort = sort_of(tags);
    const char *boundary = sgp_osm_tag_value(tags, "boundary");
    const char *level = sgp_osm_tag_value(tags, "admin_level");
    const char *landuse = sgp_osm_tag_value(tags, "landuse");
    if (!name)
        return NULL;
    map_kind kind;
    if (boundary && strcmp(boundary, "administrative") == 0 && level && is_ground)
        kind = MAP_AREA, sort = "level";
    else if (highway && strcmp(highway, "milestone") == 0)
        kind = MAP_POST, sort = "post";
    else if (highway || sgp_osm_tag_value(tags, "junction"))
        kind = MAP_CROSSING, sort = "crossing";
    else if (place && !sort)
        kind = MAP_AREA, sort = place;
    else if (landuse && strcmp(landuse, "residential") == 0 && is_ground)
        kind = MAP_ESTATE, sort = "estate";
    else if (sort)
        kind = MAP_FACILITY;
    else
        return NULL;
    map_thing *thing = MAP_ADD(m, things);
    *thing = (map_thing){.kind = kind, .at = at, .low = at, .high = at};
    thing->name = keep(m, name);
    thing->key = map_key(m, name);
    thing->aliases = aliases_of(m, tags);
    thing->sort = keep(m, sort);
    thing->street_name = keep(m, sgp_osm_tag_value(tags, "addr:street"));
    thing->number = keep(m, sgp_osm_tag_value(tags, "addr:housenumber"));
    thing->city = keep(m, sgp_osm_tag_value(tags, "operator"));
    thing->distance = keep(m, sgp_osm_tag_value(tags, "distance"));
    thing->level = kind == MAP_AREA && level && is_ground ? atoi(level) : 0;
    return thing;
}

static sgp_err on_node(void *ctx, int64_t id, sgp_point point, sgp_osm_tags tags) {
    map *m = ((reading *)ctx)->m;
    if (m->n_nodes == 0) {
        m->lon = sgp_lon(point);
        m->lat = sgp_lat(point);
        m->scale_x = METRES_A_DEGREE * cos(m->lat * 3.14159265358979 / 180.0);
    }
    size_t room = m->room_nodes;
    m->ids = map_room(m->ids, m->n_nodes, &room, sizeof *m->ids);
    spot *at = MAP_ADD(m, nodes);
    *at = map_spot(m, point);
    m->ids[m->n_nodes - 1] = id;
    spot here = *at;
    if (tags.count > 0) {
        take_house(m, here, tags);
        (void)take_thing(m, here, tags, false);
    }
    return SGP_OK;
}

static uint32_t node_index(const map *m, int64_t id) {
    size_t low = 0, high = m->n_nodes;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (m->ids[middle] < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < m->n_nodes && m->ids[low] == id ? (uint32_t)low : MAP_NONE;
}

static void add_edges(const map *m, map_thing *thing, const map_way *way) {
    for (uint32_t i = 1; i < way->n_refs; i++) {
        spot(*edge)[2] = MAP_ADD(thing, edges);
        (*edge)[0] = m->nodes[m->refs[way->first_ref + i - 1]];
        (*edge)[1] = m->nodes[m->refs[way->first_ref + i]];
    }
}

/* Extent and middle of an outline; the middle is that of the ground itself, by its edges' moments
 * (Bashein and Detmer 1994) where they make a ring, else of a raster of points within it. */
static void measure_ground(map_thing *thing) {
    if (thing->n_edges == 0)
        return;
    thing->low = thing->high = thing->edges[0][0];
    for (size_t i = 0; i < thing->n_edges; i++) {
        spot p = thing->edges[i][0];
        thing->low = (spot){fmin(thing->low.x, p.x), fmin(thing->low.y, p.y)};
        thing->high = (spot){fmax(thing->high.x, p.x), fmax(thing->high.y, p.y)};
    }
    enum { SIDE = 48 };
    double sum_x = 0, sum_y = 0;
    size_t n = 0;
    double dx = (thing->high.x - thing->low.x) / SIDE, dy = (thing->high.y - thing->low.y) / SIDE;
    for (int i = 0; i < SIDE; i++)
        for (int k = 0; k < SIDE; k++) {
            spot at = {thing->low.x + (i + 0.5) * dx, thing->low.y + (k + 0.5) * dy};
            if (map_inside(thing, at)) {
                sum_x += at.x;
                sum_y += at.y;
                n++;
            }
        }
    if (n > 0)
        thing->at = (spot){sum_x / (double)n, sum_y / (double)n};
    else
        thing->at = (spot){(thing->low.x + thing->high.x) / 2, (thing->low.y + thing->high.y) / 2};
    thing->area_m2 = (double)n * dx * dy;
}

static void take_ground(map *m, const map_way *way, sgp_osm_tags tags) {
    map_thing outline = {0};
    add_edges(m, &outline, way);
    measure_ground(&outline);
    take_house(m, outline.at, tags);
    map_thing *thing = take_thing(m, outline.at, tags, true);
    if (!thing) {
        free(outline.edges);
        return;
    }
    thing->edges = outline.edges;
    thing->n_edges = outline.n_edges;
    thing->room_edges = outline.room_edges;
    thing->low = outline.low;
    thing->high = outline.high;
    thing->area_m2 = outline.area_m2;
}

static sgp_err on_way(void *ctx, int64_t id, const int64_t *refs, size_t n_refs,
                      sgp_osm_tags tags) {
    map *m = ((reading *)ctx)->m;
    const char *highway = sgp_osm_tag_value(tags, "highway");
    const char *name = sgp_osm_tag_value(tags, "name"), *area = sgp_osm_tag_value(tags, "area");
    const char *junction = sgp_osm_tag_value(tags, "junction");
    map_way *way = MAP_ADD(m, ways);
    *way = (map_way){.id = id, .first_ref = (uint32_t)m->n_refs, .street = MAP_NONE};
    for (size_t i = 0; i < n_refs; i++) {
        uint32_t node = node_index(m, refs[i]);
        if (node != MAP_NONE)
            *MAP_ADD(m, refs) = node;
    }
    way->n_refs = (uint32_t)m->n_refs - way->first_ref;
    way->is_road = highway && !(area && strcmp(area, "yes") == 0) && way->n_refs >= 2;
    if (way->is_road) {
        way->class = keep(m, highway);
        way->is_roundabout = junction && strcmp(junction, "roundabout") == 0;
        way->name = keep(m, name);
        way->alt = name ? aliases_of(m, tags) : NULL;
    } else if (n_refs > 3 && refs[0] == refs[n_refs - 1] && tags.count > 0 && !highway) {
        take_ground(m, way, tags);
    }
    return SGP_OK;
}

static sgp_err on_relation(void *ctx, int64_t id, const sgp_osm_member *members, size_t n_members,
                           sgp_osm_tags tags) {
    reading *r = ctx;
    (void)id;
    const char *type = sgp_osm_tag_value(tags, "type");
    if (!type || (strcmp(type, "boundary") != 0 && strcmp(type, "multipolygon") != 0))
        return SGP_OK;
    map_thing *thing = take_thing(r->m, (spot){0, 0}, tags, true);
    for (size_t i = 0; thing && i < n_members; i++)
        if (members[i].kind == SGP_OSM_WAY)
            *MAP_ADD(r, members) = (member_ring){(uint32_t)(r->m->n_things - 1), members[i].id};
    return SGP_OK;
}

static int by_way_id(const void *left, const void *right) {
    const map_way *a = left, *b = right;
    return (a->id > b->id) - (a->id < b->id);
}

static void close_relations(reading *r) {
    map *m = r->m;
    qsort(m->ways, m->n_ways, sizeof *m->ways, by_way_id);
    for (size_t i = 0; i < r->n_members; i++) {
        map_way wanted = {.id = r->members[i].way};
        const map_way *way = bsearch(&wanted, m->ways, m->n_ways, sizeof *m->ways, by_way_id);
        if (way)
            add_edges(m, &m->things[r->members[i].thing], way);
    }
    size_t kept = 0;
    for (size_t i = 0; i < m->n_things; i++) {
        map_thing *thing = &m->things[i];
        if (thing->n_edges > 0 && thing->area_m2 <= 0)
            measure_ground(thing);
        /* A relation of which the extract has no way. */
        if (thing->n_edges == 0 && thing->at.x == 0 && thing->at.y == 0 && kept > 0)
            continue;
        m->things[kept++] = *thing;
    }
    m->n_things = kept;
}

/* ---- districts ----------------------------------------------------------------- */

bool map_inside(const map_thing *area, spot at) {
    if (at.x < area->low.x || at.x > area->high.x || at.y < area->low.y || at.y > area->high.y)
        return false;
    bool inside = false;
    for (size_t i = 0; i < area->n_edges; i++) {
        spot a = area->edges[i][0], b = area->edges[i][1];
        if ((a.y > at.y) != (b.y > at.y) && at.x < a.x + (at.y - a.y) / (b.y - a.y) * (b.x - a.x))
            inside = !inside;
    }
    return inside;
}

uint32_t map_district(const map *m, spot at, int level) {
    for (uint32_t i = 0; i < m->n_things; i++)
        if (m->things[i].level == level && map_inside(&m->things[i], at))
            return i;
    return MAP_NONE;
}

bool map_passes(const map *m, const map_street *street, const map_thing *area) {
    for (size_t w = 0; w < street->n_ways; w++) {
        const map_way *way = &m->ways[street->ways[w]];
        for (uint32_t i = 0; i < way->n_refs; i++)
            if (map_inside(area, m->nodes[m->refs[way->first_ref + i]]))
                return true;
    }
    return false;
}

/* ---- streets --------------------------------------------------------------------- */

static spot on_segment(spot a, spot b, spot p) {
    double dx = b.x - a.x, dy = b.y - a.y, square = dx * dx + dy * dy;
    double t = square > 0 ? ((p.x - a.x) * dx + (p.y - a.y) * dy) / square : 0;
    t = t < 0 ? 0 : t > 1 ? 1 : t;
    return (spot){a.x + t * dx, a.y + t * dy};
}

static spot nearest_on_way(const map *m, const map_way *way, spot to, double *away_m) {
    spot best = m->nodes[m->refs[way->first_ref]];
    *away_m = map_away(best, to);
    for (uint32_t i = 1; i < way->n_refs; i++) {
        spot on = on_segment(m->nodes[m->refs[way->first_ref + i - 1]],
                             m->nodes[m->refs[way->first_ref + i]], to);
        if (map_away(on, to) < *away_m) {
            *away_m = map_away(on, to);
            best = on;
        }
    }
    return best;
}

spot map_nearest_on(const map *m, const map_street *street, spot to, double *away_m) {
    spot best = to;
    *away_m = HUGE_VAL;
    for (size_t w = 0; w < street->n_ways; w++) {
        double away;
        spot on = nearest_on_way(m, &m->ways[street->ways[w]], to, &away);
        if (away < *away_m) {
            *away_m = away;
            best = on;
        }
    }
    return best;
}

uint32_t map_nearest_street(const map *m, spot to, bool gangs, spot *on, double *away_m) {
    uint32_t best = MAP_NONE;
    *away_m = HUGE_VAL;
    for (uint32_t s = 0; s < m->n_streets; s++) {
        const map_street *street = &m->streets[s];
        if ((street->is_gang && !gangs) || map_away(street->middle, to) - street->reach_m > *away_m)
            continue;
        double away;
        spot at = map_nearest_on(m, street, to, &away);
        if (away < *away_m) {
            *away_m = away;
            *on = at;
            best = s;
        }
    }
    return best;
}

double map_away_from(const map_thing *thing, spot at) {
    if (thing->n_edges == 0)
        return map_away(thing->at, at);
    if (map_inside(thing, at))
        return 0;
    double least = HUGE_VAL;
    for (size_t i = 0; i < thing->n_edges; i++)
        least = fmin(least, map_away(at, on_segment(thing->edges[i][0], thing->edges[i][1], at)));
    return least;
}

static int by_key(const void *left, const void *right) {
    const map_way *const *a = left, *const *b = right;
    int order = strcmp((*a)->name, (*b)->name);
    return order != 0 ? order : ((*a)->id > (*b)->id) - ((*a)->id < (*b)->id);
}

static double gap_of(const map *m, const map_way *a, const map_way *b) {
    double least = HUGE_VAL;
    for (uint32_t i = 0; i < a->n_refs && least > 0; i++) {
        double away;
        (void)nearest_on_way(m, b, m->nodes[m->refs[a->first_ref + i]], &away);
        least = fmin(least, away);
    }
    for (uint32_t i = 0; i < b->n_refs && least > 0; i++) {
        double away;
        (void)nearest_on_way(m, a, m->nodes[m->refs[b->first_ref + i]], &away);
        least = fmin(least, away);
    }
    return least;
}

static void measure_street(map *m, map_street *street) {
    spot low = {HUGE_VAL, HUGE_VAL}, high = {-HUGE_VAL, -HUGE_VAL};
    for (size_t w = 0; w < street->n_ways; w++) {
        const map_way *way = &m->ways[street->ways[w]];
        for (uint32_t i = 0; i < way->n_refs; i++) {
            spot p = m->nodes[m->refs[way->first_ref + i]];
            low = (spot){fmin(low.x, p.x), fmin(low.y, p.y)};
            high = (spot){fmax(high.x, p.x), fmax(high.y, p.y)};
            if (i > 0)
                street->length_m += map_away(p, m->nodes[m->refs[way->first_ref + i - 1]]);
        }
    }
    double away;
    street->middle =
        map_nearest_on(m, street, (spot){(low.x + high.x) / 2, (low.y + high.y) / 2}, &away);
    for (size_t w = 0; w < street->n_ways; w++) {
        const map_way *way = &m->ways[street->ways[w]];
        for (uint32_t i = 0; i < way->n_refs; i++)
            street->reach_m = fmax(street->reach_m,
                                   map_away(street->middle, m->nodes[m->refs[way->first_ref + i]]));
    }
    street->kelurahan = map_district(m, street->middle, 7);
    street->kecamatan = map_district(m, street->middle, 6);
}

/* Ways named alike, begin .. end of the sorted list, into streets. */
static void gather(map *m, map_way **list, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (list[i]->street != MAP_NONE)
            continue;
        uint32_t index = (uint32_t)m->n_streets;
        map_street *street = MAP_ADD(m, streets);
        *street = (map_street){.name = list[i]->name, .class = list[i]->class};
        street->key = map_key(m, street->name);
        street->is_gang = strstr(street->name, "Gang ") || strstr(street->name, "Gg");
        list[i]->street = index;
        *MAP_ADD(street, ways) = (uint32_t)(list[i] - m->ways);
        for (size_t done = 0; done < street->n_ways; done++)
            for (size_t k = 0; k < n; k++)
                if (list[k]->street == MAP_NONE &&
                    gap_of(m, &m->ways[street->ways[done]], list[k]) <= TOGETHER_M) {
                    list[k]->street = index;
                    *MAP_ADD(street, ways) = (uint32_t)(list[k] - m->ways);
                }
        for (size_t w = 0; w < street->n_ways && !street->alt; w++)
            street->alt = m->ways[street->ways[w]].alt;
        measure_street(m, street);
    }
}

static void gather_streets(map *m) {
    map_way **list = zeros(m->n_ways, sizeof *list);
    size_t n = 0;
    for (size_t i = 0; i < m->n_ways; i++)
        if (m->ways[i].is_road && m->ways[i].name)
            list[n++] = &m->ways[i];
    qsort(list, n, sizeof *list, by_key);
    for (size_t i = 0; i < n;) {
        size_t end = i + 1;
        while (end < n && strcmp(list[end]->name, list[i]->name) == 0)
            end++;
        gather(m, list + i, end - i);
        i = end;
    }
    free(list);
}

static int by_street_name(const void *left, const void *right) {
    const map_street *a = left, *b = right;
    return strcmp(a->name, b->name);
}

static void give_houses(map *m) {
    for (size_t i = 0; i < m->n_houses; i++) {
        map_house *house = &m->houses[i];
        map_street wanted = {.name = house->street_name};
        const map_street *found =
            bsearch(&wanted, m->streets, m->n_streets, sizeof wanted, by_street_name);
        if (!found)
            continue;
        while (found > m->streets && strcmp(found[-1].name, found->name) == 0)
            found--;
        double least = 700;
        for (; found < m->streets + m->n_streets && strcmp(found->name, house->street_name) == 0;
             found++) {
            double away;
            (void)map_nearest_on(m, found, house->at, &away);
            if (away < least) {
                least = away;
                house->street = (uint32_t)(found - m->streets);
            }
        }
    }
}

/* ---- nodes ------------------------------------------------------------------------ */

static void index_nodes(map *m) {
    m->node_first = zeros(m->n_nodes + 1, sizeof *m->node_first);
    for (size_t w = 0; w < m->n_ways; w++)
        for (uint32_t i = 0; m->ways[w].street != MAP_NONE && i < m->ways[w].n_refs; i++)
            m->node_first[m->refs[m->ways[w].first_ref + i] + 1]++;
    for (size_t i = 0; i < m->n_nodes; i++)
        m->node_first[i + 1] += m->node_first[i];
    m->node_street = zeros(m->node_first[m->n_nodes], sizeof *m->node_street);
    uint32_t *next = zeros(m->n_nodes, sizeof *next);
    for (size_t w = 0; w < m->n_ways; w++)
        for (uint32_t i = 0; m->ways[w].street != MAP_NONE && i < m->ways[w].n_refs; i++) {
            uint32_t node = m->refs[m->ways[w].first_ref + i];
            m->node_street[m->node_first[node] + next[node]++] = m->ways[w].street;
        }
    free(next);
}

size_t map_at_node(const map *m, uint32_t node, uint32_t *list, size_t capacity) {
    size_t n = 0;
    for (uint32_t i = m->node_first[node]; i < m->node_first[node + 1]; i++) {
        bool known = false;
        for (size_t k = 0; k < n; k++)
            known = known || list[k] == m->node_street[i];
        if (!known && n < capacity)
            list[n++] = m->node_street[i];
    }
    return n;
}

/* ---- all ---------------------------------------------------------------------------- */

sgp_err map_read(const char *path, map *m, sgp_fault *fault) {
    *m = (map){0};
    reading r = {.m = m, .fault = fault};
    sgp_osm_file *file = NULL;
    sgp_err err = sgp_osm_file_open(path, &file, fault);
    if (err != SGP_OK)
        return err;
    /* Nodes come first in a file, and their ids ascend, as in all that is read here. */
    sgp_osm_visitor visitor = {.ctx = &r, .node = on_node, .way = on_way, .relation = on_relation};
    err = sgp_osm_file_read(file, &visitor, fault);
    sgp_osm_file_close(file);
    for (size_t i = 1; err == SGP_OK && i < m->n_nodes; i++)
        if (m->ids[i] <= m->ids[i - 1])
            err = sgp_fail(fault, SGP_E_FORMAT, "%s: its nodes are not sorted", path);
    if (err == SGP_OK) {
        close_relations(&r);
        gather_streets(m);
        give_houses(m);
        index_nodes(m);
    }
    free(r.members);
    return err;
}

void map_free(map *m) {
    for (size_t i = 0; i < m->n_things; i++)
        free(m->things[i].edges);
    for (size_t i = 0; i < m->n_streets; i++)
        free(m->streets[i].ways);
    for (size_t i = 0; i < m->n_texts; i++)
        free(m->texts[i]);
    free(m->texts);
    free(m->ids);
    free(m->nodes);
    free(m->refs);
    free(m->ways);
    free(m->streets);
    free(m->houses);
    free(m->things);
    free(m->node_first);
    free(m->node_street);
    *m = (map){0};
}
