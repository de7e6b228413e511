/* The sketch of Malang Raya: from the readable files in data/ to a made-up city
 * written as an OpenStreetMap extract.
 *
 *     data/NAME.conf ──► sgp_sketch_data          what people know: roads, places, names
 *                       │ sgp_sketch_cells     who is where (GEOS Voronoi)
 *                       │ sgp_net_main         main roads cross and share nodes
 *                       │ sgp_net_fill         local streets and gangs, seeded
 *                       ▼
 *                     sgp_net ──► sgp_osm_sheet ──► .osm.pbf
 *
 * It is a sketch: main roads lie within some hundred metres of the real ones,
 * everything smaller is invented. Coordinates inside are metres east and north
 * of a point in the centre of Malang, in doubles; the same seed and data give
 * the same bytes. Not thread-safe; a program of its own, so that running out of
 * memory simply ends it with a message.
 */
#ifndef SGP_SKETCH_H
#define SGP_SKETCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "route/osm_pbf_write.h"
#include "sigap/error.h"
#include "sigap/geo.h"

/* ---- metres, randomness, memory (sketch_plane.c) -------------------------- */

typedef struct sgp_xy {
    double x, y; /* metres east and north of 112.63, -7.98 */
} sgp_xy;

sgp_xy sgp_xy_from_degrees(double lon, double lat);
sgp_point sgp_xy_point(sgp_xy at);
double sgp_xy_distance(sgp_xy a, sgp_xy b);
/* Nearest point to `p` on the segment a-b, as a fraction of it in 0..1. */
double sgp_xy_project(sgp_xy p, sgp_xy a, sgp_xy b);
sgp_xy sgp_xy_between(sgp_xy a, sgp_xy b, double fraction);
/* True where the open segments cross; *fraction is along a-b. */
bool sgp_xy_cross(sgp_xy a, sgp_xy b, sgp_xy c, sgp_xy d, double *fraction);
bool sgp_xy_inside(sgp_xy p, const sgp_xy *ring, size_t n);

/* splitmix64 (Steele, Lea, Flood 2014): small, and good enough to scatter houses. */
typedef struct sgp_dice {
    uint64_t state;
} sgp_dice;
sgp_dice sgp_dice_of(uint64_t seed, uint64_t stream);
double sgp_dice_unit(sgp_dice *dice); /* 0 <= x < 1 */
double sgp_dice_range(sgp_dice *dice, double low, double high);
uint32_t sgp_dice_below(sgp_dice *dice, uint32_t n); /* n > 0 */

/* Returns memory for `count` items of `size`; ends the program when there is none. */
void *sgp_sketch_memory(void *old, size_t count, size_t size);
char *sgp_sketch_text(const char *format, ...) SGP_PRINTF(1, 2);

/* Room for one more in a growing array with fields list, n_<list>, room_<list>. */
#define SGP_SKETCH_ROOM(list, n, room)                                                             \
    do {                                                                                           \
        if ((n) == (room)) {                                                                       \
            (room) = (room) != 0 ? (room)*2 : 64;                                                  \
            (list) = sgp_sketch_memory((list), (room), sizeof *(list));                            \
        }                                                                                          \
    } while (0)

/* ---- the data (sketch_data.c) ---------------------------------------------- */

typedef struct sgp_sketch_line {
    const char *name;
    sgp_xy *at;
    size_t n;
} sgp_sketch_line;

typedef struct sgp_sketch_road {
    sgp_sketch_line line;
    const char *road_class; /* OSM highway value */
    char *alt;              /* other names, ';' between them; NULL = none */
    bool dual, oneway, ring, bends, ramp;
    int layer;
} sgp_sketch_road;

typedef struct sgp_sketch_village {
    const char *name;
    sgp_xy at;
    double radius_m; /* streets within; 0 = the whole cell */
    const char *themes;
    size_t kecamatan;
    sgp_xy *cell; /* largest ring of its Voronoi cell, set by sgp_sketch_cells */
    size_t n_cell;
} sgp_sketch_village;

typedef struct sgp_sketch_kecamatan {
    const char *name, *of, *kind; /* kind: kelurahan, desa, mixed or place (no level 7 boundary) */
    size_t first_village, n_villages;
} sgp_sketch_kecamatan;

typedef struct sgp_sketch_kind {
    const char *name;
    double size_m;
    bool drive, gate; /* gate: its driveway has one */
    sgp_osm_tag tags[8];
    size_t n_tags;
} sgp_sketch_kind;

typedef struct sgp_sketch_place {
    const char *name, *alt, *short_name, *street, *number; /* NULL = none */
    const sgp_sketch_kind *kind;
    sgp_xy at;
    double building_m;   /* side of its building; set when its driveway is laid */
    double ground_m[2];  /* along its road and away from it; 0 = none, or the park `campus` */
    const char *campus;  /* the park (water.conf) that is its ground */
    sgp_xy along, front; /* unit vectors: along the road it faces, and towards it */
} sgp_sketch_place;

typedef struct sgp_sketch_turn {
    const char *kind, *from, *to;
} sgp_sketch_turn;

typedef struct sgp_sketch_junction {
    const char *name, *roads[2];
    sgp_sketch_turn forbid[4];
    size_t n_forbid;
} sgp_sketch_junction;

/* A housing estate: a ground with a gate, a street in from it, and block streets across. */
typedef struct sgp_sketch_estate {
    const char *name, *alt, *streets, *spine; /* streets: what stands before a block's name */
    sgp_xy at;
    double length_m, depth_m; /* along the main road that it lies at, and away from it */
    bool halves;              /* the two halves of a row are blocks of their own: A1, A2 */
    bool by_place;            /* houses say addr:place, addr:block and a plain number */
    sgp_xy ring[4];   /* set by sgp_net_estates_place; length_m and depth_m are then what fits */
    sgp_xy along, in; /* unit vectors: along the main road, and away from it */
    bool placed;
} sgp_sketch_estate;

/* Kilometre posts along one road, counted in the order in which it is drawn. */
typedef struct sgp_sketch_posts {
    const char *road;
    double first_km; /* at the road's first point */
} sgp_sketch_posts;

/* A kind of thing that stands in every quarter; patterns as everyday.conf tells them. */
typedef struct sgp_sketch_everyday {
    const char *name, *alt, *on, *in;
    int least, most;          /* in each kelurahan or desa */
    double length_m, depth_m; /* 0 = a point */
    sgp_osm_tag tags[4];
    size_t n_tags;
    const char **names;
    size_t n_names;
    size_t drawn; /* so far */
} sgp_sketch_everyday;

typedef struct sgp_sketch_theme {
    const char *key, *before;
    const char **names;
    size_t n_names;
} sgp_sketch_theme;

typedef struct sgp_sketch_data {
    sgp_sketch_road *roads;
    size_t n_roads;
    sgp_sketch_line *outlines; /* Kota Malang, Kota Batu, Kabupaten Malang */
    size_t n_outlines;
    sgp_sketch_kecamatan *kecamatan;
    size_t n_kecamatan;
    sgp_sketch_village *villages;
    size_t n_villages, room_villages;
    sgp_sketch_kind *kinds;
    size_t n_kinds;
    sgp_sketch_place *places;
    size_t n_places;
    sgp_sketch_line *rivers, *railways, *parks;
    size_t n_rivers, n_railways, n_parks;
    sgp_sketch_junction *junctions;
    size_t n_junctions;
    sgp_sketch_theme *themes;
    size_t n_themes;
    const char **again;
    size_t n_again;
    sgp_sketch_estate *estates;
    size_t n_estates;
    sgp_sketch_posts *posts;
    size_t n_posts;
    sgp_sketch_everyday *everyday;
    size_t n_everyday;
    const char **hamlets; /* names of dusun */
    size_t n_hamlets;
    void *files; /* the open libconfig files that own the strings */
} sgp_sketch_data;

/* Reads the .conf files of `folder`. SGP_E_IO, SGP_E_CONFIG (the fault has file and line). */
sgp_err sgp_sketch_data_read(const char *folder, sgp_sketch_data **data,
                             sgp_fault *fault) SGP_MUST_USE;
void sgp_sketch_data_destroy(sgp_sketch_data *data);
/* Writes stations, units and hospitals of data/fleet.conf with coordinates to `path`. */
sgp_err sgp_sketch_fleet_write(const sgp_sketch_data *data, const char *folder, const char *path,
                               sgp_fault *fault) SGP_MUST_USE;

/* ---- the network (sketch_net.c) --------------------------------------------- */

typedef enum sgp_street_kind {
    SGP_STREET_MAIN,
    SGP_STREET_LOCAL,
    SGP_STREET_GANG,
    SGP_STREET_DRIVE
} sgp_street_kind;

typedef struct sgp_street {
    const char *name; /* "" = none */
    const char *alt;
    const char *road_class;
    sgp_street_kind kind;
    bool dual, oneway, ring, dropped;
    int8_t layer;
    uint32_t village; /* UINT32_MAX = a main road */
    uint32_t first, last;
    uint32_t gangs; /* named after it so far */
    uint32_t
        estate; /* 1 + index of the estate that it is a block street or the spine of; 0 = none */
    const char *block; /* of an estate's block street: "C2" */
} sgp_street;

typedef struct sgp_segment {
    uint32_t a, b, street;
    uint32_t before, after; /* in the street's own order; UINT32_MAX at the ends */
} sgp_segment;

typedef struct sgp_net_node {
    sgp_xy at;
    uint32_t same_as; /* its own index, or the node it was merged into */
    enum { SGP_NODE_PLAIN, SGP_NODE_GATE, SGP_NODE_DOOR } mark;
} sgp_net_node;

typedef struct sgp_net_cell {
    uint32_t *list;
    uint32_t n, room;
} sgp_net_cell;

typedef struct sgp_net {
    sgp_net_node *nodes;
    size_t n_nodes, room_nodes;
    sgp_segment *segments;
    size_t n_segments, room_segments;
    sgp_street *streets;
    size_t n_streets, room_streets;
    sgp_net_cell *cells;
    char **names; /* invented names, owned */
    size_t n_names, room_names;
} sgp_net;

#define SGP_NO_INDEX UINT32_MAX

sgp_net *sgp_net_create(void);
void sgp_net_destroy(sgp_net *net);
uint32_t sgp_net_node_add(sgp_net *net, sgp_xy at);
uint32_t sgp_net_root(const sgp_net *net, uint32_t node);
sgp_xy sgp_net_at(const sgp_net *net, uint32_t node);
/* Keeps an allocated name until the net is destroyed; returns it. */
const char *sgp_net_name(sgp_net *net, char *name);
/* An empty street; its name and class must outlive the net. */
uint32_t sgp_net_street_add(sgp_net *net, sgp_street street);
/* One more segment at the end of a street. */
void sgp_net_extend(sgp_net *net, uint32_t street, uint32_t from, uint32_t to);
/* The node at `fraction` of a segment: one of its ends when within `near_m`, else a new one. */
uint32_t sgp_net_split(sgp_net *net, uint32_t segment, double fraction, double near_m);

typedef bool (*sgp_net_wanted)(const sgp_net *net, uint32_t segment, const void *ctx);
typedef struct sgp_net_hit {
    uint32_t segment; /* SGP_NO_INDEX = none */
    double fraction;
    double distance_m;
} sgp_net_hit;
/* Nearest segment within `radius_m`; `wanted` NULL = any. */
sgp_net_hit sgp_net_nearest(const sgp_net *net, sgp_xy at, double radius_m, sgp_net_wanted wanted,
                            const void *ctx);
/* First segment that a-b crosses, counted in *n; segments that end in a-b's node `but` are skipped.
 * The hit's fraction is along the segment, distance_m from a. */
sgp_net_hit sgp_net_crossing(const sgp_net *net, sgp_xy a, sgp_xy b, uint32_t but, size_t *n);

/* Main roads of the data, crossing and ending on each other at shared nodes. */
void sgp_net_main(sgp_net *net, const sgp_sketch_data *data, uint64_t seed);
/* Local streets of every village; needs the cells. (sketch_fill.c) */
void sgp_net_fill(sgp_net *net, const sgp_sketch_data *data, uint64_t seed);
/* Where each estate lies: as large as its main road, rivers and neighbours let it. Before
 * sgp_net_fill, which keeps off it. An estate without room is said on stderr and stays unplaced. */
void sgp_net_estates_place(const sgp_net *net, sgp_sketch_data *data);
/* Their streets; after sgp_net_fill. (sketch_estates.c) */
void sgp_net_estates_draw(sgp_net *net, const sgp_sketch_data *data);
/* Ties what is not connected to the rest, or drops it. (sketch_join.c) */
void sgp_net_join(sgp_net *net);
/* Driveways to the places that have one, then gangs. (sketch_join.c) */
void sgp_net_driveways(sgp_net *net, sgp_sketch_data *data);
void sgp_net_gangs(sgp_net *net, uint64_t seed);

/* ---- the sheet: OSM elements in memory (sketch_sheet.c) ---------------------- */

typedef struct sgp_sheet_node {
    sgp_point point;
    uint32_t first_tag, n_tags;
} sgp_sheet_node;

typedef struct sgp_sheet_way {
    uint32_t first_ref, n_refs, first_tag, n_tags;
    bool road, drivable, oneway, keep_oneway;
} sgp_sheet_way;

typedef struct sgp_sheet_relation {
    uint32_t first_member, n_members, first_tag, n_tags;
} sgp_sheet_relation;

typedef struct sgp_sheet {
    sgp_sheet_node *nodes;
    size_t n_nodes, room_nodes;
    sgp_sheet_way *ways;
    size_t n_ways, room_ways;
    sgp_sheet_relation *relations;
    size_t n_relations, room_relations;
    uint32_t *refs; /* indices of nodes */
    size_t n_refs, room_refs;
    sgp_osm_tag *tags;
    size_t n_tags, room_tags;
    sgp_osm_member *members; /* ids are indices + 1, as in the file */
    size_t n_members, room_members;
    char **texts; /* kept until the sheet is destroyed */
    size_t n_texts, room_texts;
} sgp_sheet;

sgp_sheet *sgp_sheet_create(void);
void sgp_sheet_destroy(sgp_sheet *sheet);
/* Keeps an allocated text until the sheet is destroyed; returns it. */
const char *sgp_sheet_text(sgp_sheet *sheet, char *text);
uint32_t sgp_sheet_node_add(sgp_sheet *sheet, sgp_xy at);
uint32_t sgp_sheet_way_add(sgp_sheet *sheet, const uint32_t *refs, size_t n);
uint32_t sgp_sheet_relation_add(sgp_sheet *sheet);
void sgp_sheet_member(sgp_sheet *sheet, sgp_osm_kind kind, uint32_t index, const char *role);
/* A tag of the element added last of its sort; strings must outlive the sheet.
 * A NULL value adds nothing. Tags of one element must be added in a row. */
void sgp_sheet_node_tag(sgp_sheet *sheet, const char *key, const char *value);
void sgp_sheet_way_tag(sgp_sheet *sheet, const char *key, const char *value);
void sgp_sheet_relation_tag(sgp_sheet *sheet, const char *key, const char *value);
sgp_err sgp_sheet_write(const sgp_sheet *sheet, const char *path, sgp_fault *fault) SGP_MUST_USE;
/* One-way streets that would cut a part of the city off are opened both ways;
 * returns how many drivable nodes are still not strongly connected to the rest. */
size_t sgp_sheet_open_traps(sgp_sheet *sheet);

/* ---- drawing on the sheet ------------------------------------------------------ */

/* Boundaries and place names; also fills in the villages' cells. (sketch_cells.c) */
sgp_err sgp_sketch_cells(sgp_sketch_data *data, sgp_sheet *sheet, sgp_fault *fault) SGP_MUST_USE;
typedef struct sgp_sketch_counts {
    size_t roads, gangs, restrictions, signals, gaps, buildings, addresses, missing_turns;
    size_t road_nodes, trapped; /* on any highway; drivable but cut off */
    size_t estates, estate_houses, rw, rt, hamlets, posts, facilities, entrances;
} sgp_sketch_counts;
/* RW and some RT of the city's kelurahan, and the dusun elsewhere; after the cells.
 * (sketch_districts.c) */
void sgp_sketch_districts(const sgp_sketch_data *data, sgp_sheet *sheet, uint64_t seed,
                          sgp_sketch_counts *counts);
/* Kilometre posts. (sketch_posts.c) */
void sgp_sketch_posts_draw(const sgp_net *net, const sgp_sketch_data *data, sgp_sheet *sheet,
                           sgp_sketch_counts *counts);
/* Streets, carriageways, signals and turn restrictions. (sketch_roads.c) */
void sgp_sketch_roads(const sgp_net *net, const sgp_sketch_data *data, sgp_sheet *sheet,
                      sgp_sketch_counts *counts);
/* Places, houses and addresses, rivers, railway, parks. (sketch_homes.c) */
void sgp_sketch_homes(const sgp_net *net, const sgp_sketch_data *data, sgp_sheet *sheet,
                      uint64_t seed, sgp_sketch_counts *counts);

/* A rectangle round `at`, a closed way; `along` is a unit vector. (sketch_homes.c) */
void sgp_sketch_square(sgp_sheet *sheet, sgp_xy at, sgp_xy along, double length_m, double depth_m);
/* Places: buildings, grounds, entrances. (sketch_places.c) */
void sgp_sketch_places_draw(const sgp_sketch_data *data, sgp_sheet *sheet,
                            sgp_sketch_counts *counts);
/* Mosques, schools, shops; after the roads. (sketch_everyday.c) */
void sgp_sketch_everyday_draw(const sgp_net *net, sgp_sketch_data *data, sgp_sheet *sheet,
                              uint64_t seed, sgp_sketch_counts *counts);

/* Everything: reads the data and writes the extract. */
sgp_err sgp_sketch_make(const char *folder, uint64_t seed, const char *path,
                        sgp_sketch_counts *counts, sgp_fault *fault) SGP_MUST_USE;

/* How far the main roads lie from the points of a camera list that bear their
 * name; prints a line for each road. (sketch_check.c) */
sgp_err sgp_sketch_check(const sgp_sketch_data *data, const char *csv, FILE *out, double *median_m,
                         sgp_fault *fault) SGP_MUST_USE;

#endif
