/* Stretches of road as people speak of them: a street by its name, the part of it between two
 * crossing streets, or what lies along the roads from point to point.
 *
 * Works on the road graph alone. A street is all edges whose names read the same once both are
 * normalised (place_query.h: "Jl. Semeru", "jalan semeru"), in pieces that lie together: ends in
 * the same or neighbouring squares of about 165 m, so that a street stays one across a square or a
 * roundabout, and streets of the same name in two villages are two. Where one roadway of a street
 * is meant, the edges of the same name within 40 m beside it are, too: a dual carriageway has two.
 *
 * Directions do not matter here: what is closed is closed both ways. From junction to junction is
 * the smallest piece there is.
 *
 * Cost: one pass over all edges with a cheap test (some milliseconds for a city), then what is near
 * the street. Allocates; thread-safe, the graph is only read.
 */
#ifndef SGP_GIS_ROAD_STRETCH_H
#define SGP_GIS_ROAD_STRETCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sigap/graph.h"

enum { SGP_STRETCHES_MAX = 8, SGP_STRETCH_POINTS_MAX = 32, SGP_STRETCH_SNAP_M = 250 };

typedef struct sgp_stretch {
    uint32_t *edges; /* [n_edges], ascending */
    uint32_t n_edges;
    bool whole;         /* the whole of the street there */
    uint32_t name;      /* offset into the graph's names */
    sgp_point middle;   /* on the road */
    uint64_t length_mm; /* of all edges, both roadways */
    double away_m;      /* from where the asker looks */
} sgp_stretch;

typedef struct sgp_stretches {
    sgp_stretch items[SGP_STRETCHES_MAX]; /* nearest first */
    size_t n;
} sgp_stretches;

/* The streets of that name, nearest to `near` first. With `from` and `to` (both or neither, ""
 * otherwise) only what lies between them, where a street of that name crosses.
 * SGP_E_NOT_FOUND: no such street, or it does not cross; SGP_E_ARGUMENT: a name says nothing. */
sgp_err sgp_stretches_of_street(const sgp_graph_parts *parts, const char *street, const char *from,
                                const char *to, sgp_point near, sgp_stretches *found,
                                sgp_fault *fault) SGP_MUST_USE;

/* What lies along the roads from each of the points to the next; one stretch. Roads of the same
 * name are preferred to a shorter way over others by three to one.
 * SGP_E_ARGUMENT: fewer than two or too many points; SGP_E_NOT_FOUND: a point is further than
 * SGP_STRETCH_SNAP_M from any road, or two do not hang together nearby. */
sgp_err sgp_stretches_along(const sgp_graph_parts *parts, const sgp_point *points, size_t n,
                            sgp_stretches *found, sgp_fault *fault) SGP_MUST_USE;

void sgp_stretches_clear(sgp_stretches *stretches);

/* A way (b = 0) or a stretch between two junctions, by their OSM nodes. */
typedef struct sgp_stretch_part {
    int64_t a, b;
} sgp_stretch_part;
/* The stretch as ways where it is whole, else as pairs of nodes; at most `capacity`. How many there
 * are. */
size_t sgp_stretch_parts(const sgp_graph_parts *parts, const sgp_stretch *stretch,
                         sgp_stretch_part *out, size_t capacity);
/* The edge's ends, as OSM nodes; false: no vehicle drives it. */
bool sgp_edge_ends(const sgp_graph_parts *parts, uint32_t edge, int64_t *from, int64_t *to);
/* Straight pieces of the edges' geometry, two points each, at most `capacity` points; thinned where
 * there are more. How many points. */
size_t sgp_edges_line(const sgp_graph_parts *parts, const uint32_t *edges, uint32_t n_edges,
                      sgp_point *out, size_t capacity);

#endif
