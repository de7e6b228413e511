/* An extract as somebody with the map in front of him sees it: streets, house numbers, things with
 * names, districts. Made straight from the file with the project's PBF reader, and by nothing
 * that the geocoder uses to look up, so that what it says can be checked by it.
 *
 * Everything is metres on a plane that touches the earth in the middle of the extract (x east,
 * y north). A program's own memory: where there is none, it ends.
 */
#ifndef TESTS_PLACE_MAP_H
#define TESTS_PLACE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sigap/error.h"
#include "sigap/geo.h"

typedef struct spot {
    double x, y;
} spot;

typedef struct map_way {
    int64_t id;
    const char *name, *alt, *class; /* NULL = none */
    uint32_t first_ref, n_refs;     /* into map.refs */
    uint32_t street;                /* MAP_NONE = nameless */
    bool is_roundabout, is_road;    /* a highway */
} map_way;

typedef struct map_street {       /* ways of one name that lie together */
    const char *name, *alt, *key; /* key: as compared, "Jalan" left out */
    const char *class;
    bool is_gang;
    uint32_t *ways;
    size_t n_ways, room_ways;
    double length_m;
    spot middle;                   /* on the street, half-way along the extent */
    double reach_m;                /* from there to its farthest point */
    uint32_t kelurahan, kecamatan; /* of the middle; MAP_NONE = none */
} map_street;

typedef struct map_house {
    const char *number, *block, *street_name; /* block NULL = none */
    spot at;
    uint32_t street; /* MAP_NONE = its street is not drawn */
} map_house;

typedef enum map_kind { MAP_FACILITY, MAP_AREA, MAP_ESTATE, MAP_POST, MAP_CROSSING } map_kind;

typedef struct map_thing {
    map_kind kind;
    const char *name, *key;
    const char *aliases; /* ';' between, NULL = none */
    const char *sort;    /* "hospital", "hamlet", "level" ... */
    const char *street_name, *number, *city;
    const char *distance; /* of a post */
    int level;            /* admin_level, 0 = none */
    spot at;              /* the middle */
    spot low, high;       /* its extent */
    spot (*edges)[2];     /* its outline in any order */
    size_t n_edges, room_edges;
    double area_m2;
} map_thing;

#define MAP_NONE UINT32_MAX

typedef struct map {
    double lon, lat, scale_x; /* of the plane */
    spot low, high;
    int64_t *ids; /* of the nodes, ascending */
    spot *nodes;
    size_t n_nodes, room_nodes;
    uint32_t *refs;
    size_t n_refs, room_refs;
    map_way *ways;
    size_t n_ways, room_ways;
    map_street *streets;
    size_t n_streets, room_streets;
    map_house *houses;
    size_t n_houses, room_houses;
    map_thing *things;
    size_t n_things, room_things;
    uint32_t *node_first, *node_street; /* the named streets at each node */
    char **texts;                       /* owned */
    size_t n_texts, room_texts;
} map;

sgp_err map_read(const char *path, map *m, sgp_fault *fault) SGP_MUST_USE;
void map_free(map *m);

sgp_point map_point(const map *m, spot at);
spot map_spot(const map *m, sgp_point point);
double map_away(spot a, spot b);

/* Lower case without accents, letters and digits with single spaces, Roman numbers in digits,
 * "jalan" and "jl" left out before it: two streets with one key are one to who hears them. */
const char *map_key(map *m, const char *name);
/* "sdn 1 sukoharjo" and "sdn sukoharjo 1". */
bool map_same_words(const char *key, const char *other);
const char *map_text(map *m, const char *format, ...) SGP_PRINTF(2, 3);

bool map_inside(const map_thing *area, spot at);
/* The area of that level around a point, MAP_NONE = none. */
uint32_t map_district(const map *m, spot at, int level);
/* Does the street run through the area? */
bool map_passes(const map *m, const map_street *street, const map_thing *area);
/* The point of a street nearest to `to`; *away_m how far. */
spot map_nearest_on(const map *m, const map_street *street, spot to, double *away_m);
/* The street with a name that is nearest to `to`, gangs among them or not. */
uint32_t map_nearest_street(const map *m, spot to, bool gangs, spot *on, double *away_m);
/* Metres from a point to the thing's outline, 0 within it. */
double map_away_from(const map_thing *thing, spot at);
/* The streets that share the node, list[capacity]. */
size_t map_at_node(const map *m, uint32_t node, uint32_t *list, size_t capacity);

/* Room for one more in a growing array with fields list, n_<list>, room_<list>. */
void *map_room(void *list, size_t n, size_t *room, size_t size);
#define MAP_ADD(m, list)                                                                           \
    ((m)->list = map_room((m)->list, (m)->n_##list, &(m)->room_##list, sizeof *(m)->list),         \
     &(m)->list[(m)->n_##list++])

#endif
