/* The streets of a road graph, as callers mean them: edges and ways on foot of one name that touch
 * or run within 150 m of each other are one street, as import.sql has it; a name that comes again
 * in another part of the city is a street of its own.
 *
 * Names are compared by their words (sgp_place_name_words), so "Jalan Ijen" and "Jl. Ijen" are
 * one. A graph's places of kind 's' and 'g' are pieces without length: they bring a street's other
 * names with them, and streets that the map knows from addresses only.
 *
 * Made once, then immutable: any number of threads read it. The graph must outlive it.
 */
#ifndef SGP_GIS_GRAPH_STREETS_H
#define SGP_GIS_GRAPH_STREETS_H

#include <stdatomic.h>

#include "base/buffer.h"
#include "route/osm_strings.h"
#include "sigap/graph.h"

typedef struct sgp_street_piece {
    const sgp_point *points; /* [n_points], 1 for a place */
    uint32_t n_points;
    uint32_t words, name; /* numbers of texts */
    uint32_t place;       /* of the graph; SGP_NONE for a road */
    uint8_t road_class;
    sgp_point south_west, north_east;
} sgp_street_piece;

typedef struct sgp_graph_street {
    uint32_t first_piece, n_pieces;
    uint32_t words, name; /* numbers of texts; the name of its longest piece */
    uint8_t road_class;   /* of that piece; SGP_ROAD_CLASSES: of no road of the graph */
    int32_t length_m;
    sgp_point point; /* on it, as near to its middle as it comes */
    sgp_point south_west, north_east;
} sgp_graph_street;

typedef struct sgp_graph_streets {
    sgp_osm_strings *texts; /* borrowed: where words and names are kept once */
    sgp_buffer pieces;      /* sgp_street_piece, street by street */
    sgp_buffer streets;     /* sgp_graph_street, by number of their words */
    sgp_buffer foot_lines;  /* sgp_point, two for each named way on foot */
    uint32_t *first;        /* [n_words + 1] streets of these words */
    uint32_t n_words;
} sgp_graph_streets;

static inline const sgp_street_piece *sgp_streets_pieces(const sgp_graph_streets *s) {
    return (const void *)s->pieces.data;
}
static inline const sgp_graph_street *sgp_streets_all(const sgp_graph_streets *s) {
    return (const void *)s->streets.data;
}
static inline uint32_t sgp_streets_count(const sgp_graph_streets *s) {
    return (uint32_t)(s->streets.length / sizeof(sgp_graph_street));
}

/* Adds the texts it needs to `texts`. SGP_E_MEMORY; SGP_E_FULL: more text than 4 GiB;
 * SGP_E_TIMEOUT: *stop became true. Release with deinit whatever the result. */
sgp_err sgp_graph_streets_make(const sgp_graph_parts *parts, sgp_osm_strings *texts,
                               const atomic_bool *stop, sgp_graph_streets *streets) SGP_MUST_USE;
void sgp_graph_streets_deinit(sgp_graph_streets *streets);

/* Where a street comes nearest to a point, and how near; `limit_m` or more where it does not come
 * nearer. */
double sgp_street_nearest(const sgp_graph_streets *streets, uint32_t street, sgp_point point,
                          double limit_m, sgp_point *on);
/* The nearest street with these words (a number of texts) within limit_m; SGP_NONE = none. */
uint32_t sgp_streets_nearest_of(const sgp_graph_streets *streets, uint32_t words, sgp_point point,
                                double limit_m);

#endif
