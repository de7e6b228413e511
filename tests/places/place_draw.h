/* Rows of a test set drawn from a map: names, ways to say them, and slips, all by a seed. */
#ifndef TESTS_PLACE_DRAW_H
#define TESTS_PLACE_DRAW_H

#include <stdio.h>

#include "place_garble.h"
#include "place_map.h"
#include "place_truth.h"

typedef struct drawn_row {
    said said;
    char earlier[200]; /* "" = none */
    truth truths[4];
    size_t n_truths;
    bool has_near;
    spot near;
    int limit; /* 0 = 1 */
    char comment[160];
} drawn_row;

typedef struct drawing {
    map *m;
    uint64_t random;
    const char **keys; /* every name of the map without spaces, sorted, each once */
    size_t n_keys, room_keys;
    uint32_t *streets; /* that a row may be about */
    size_t n_streets, room_streets;
    const char **asked; /* texts of the rows so far: none is asked twice */
    size_t n_asked, room_asked;
    FILE *out;
    size_t n_rows;
} drawing;

/* Needs no closing but drawing_free. `out` gets the line of columns. */
void drawing_begin(drawing *d, map *m, uint64_t seed, FILE *out);
void drawing_free(drawing *d);

void drawing_write(drawing *d, const char *kind, const char *garbled, const drawn_row *row);

/* A name garbled so that another name of the map is as near is no question that somebody
 * with the map could answer. `before`, `after`: keys without spaces. */
bool drawing_still_clear(const drawing *d, const char *before, const char *after);

/* How many streets have this key; the first of them. */
size_t drawing_streets_named(const drawing *d, const char *key, uint32_t *first);
/* Adds "Jalan Mawar" and, where there are several or at will, a district that tells it from the
 * others. False: no district does. */
bool drawing_say_street(drawing *d, said *s, const map_street *street, int district_percent);
/* The same for things: by kelurahan or kecamatan. */
bool drawing_say_thing(drawing *d, said *s, const map_thing *thing);

typedef bool (*draw_function)(drawing *d, drawn_row *row);
typedef struct draw_plan {
    const char *kind;
    draw_function draw;
    int rows;
    const char *garbles; /* letters: c t 2 h d a m j o x, as in garble's order; drawn in turn */
} draw_plan;

/* Draws all rows of the plans; says on stderr what could not be drawn. */
void drawing_follow(drawing *d, const draw_plan *plans, size_t n_plans);

extern const draw_plan draw_malang[];
extern const size_t n_draw_malang;
extern const draw_plan draw_streets[]; /* streets only: Jakarta */
extern const size_t n_draw_streets;
extern const draw_plan draw_typing[]; /* street names with one or two typing errors */
extern const size_t n_draw_typing;
extern const draw_plan draw_abroad[]; /* streets, numbers, junctions, things of any country */
extern const size_t n_draw_abroad;

#endif
