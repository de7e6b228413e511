/* The road graph: a topology mapped read-only from one file, NAME.sgr.
 *
 * The graph is a general directed graph. Vertices stand for OSM nodes where
 * roads meet (chains of degree 2 within a way are folded into one edge); a crossing at which
 * turns matter is expanded into several vertices, one for each way of arriving
 * or leaving, joined by connector arcs that carry the turn's cost, so that a
 * forbidden turn simply has no arc (Geisberger & Vetter 2011 call this the
 * edge-expanded form; we expand only the crossings that need it, see ROUTE.md
 * point 6 in the design). Every algorithm may therefore treat the graph as if
 * turns did not exist.
 *
 * An edge is one stretch of road between two vertices, with its geometry; it
 * has at most one arc of its own in each direction. Where a restriction spans
 * several roads there are copies of an arc besides, for drivers who came in a way
 * that binds them; a copy names the edge in arc_edge, the edge does not name the
 * copy. Journeys begin on an edge's own arcs and end on those or their copies.
 *
 * Weights are int32 milliseconds (DIMACS graphs: the file's own unit), never
 * negative. SGP_INF marks what the profile may not use. A way whose weights sum
 * to SGP_INF or more (12 days) counts as no way.
 *
 * Profiles (ambulance, ambulance_lights, motorbike, ...) share one topology: an
 * arc or a turn that only some may use has SGP_INF in the others' weights.
 *
 * In a file the vertices stand in elimination order: every vertex comes before
 * its parent in the elimination tree, a subtree is a run of consecutive numbers,
 * and the arcs of a vertex are sorted by head. sgp_graph_write brings parts into
 * that order; a reader finds input nodes by vertex_node.
 *
 * Thread rule: a graph is immutable once opened; any number of threads read it.
 * Arrays in sgp_graph_parts of an opened graph are borrowed until it is closed.
 */
#ifndef SIGAP_GRAPH_H
#define SIGAP_GRAPH_H

#include <stddef.h>
#include <stdint.h>

#include "sigap/error.h"
#include "sigap/geo.h"
#include "sigap/graph_places.h"
#include "sigap/progress.h"

#define SGP_INF 0x3fffffff
#define SGP_NONE UINT32_MAX

/* Names one import: the same id stands in the graph file and in PostGIS. */
typedef struct sgp_city_id {
    uint8_t bytes[16];
} sgp_city_id;

/* Lower-case hex into text[33]. */
void sgp_city_id_format(const sgp_city_id *id, char text[33]);

typedef enum sgp_road_class {
    SGP_ROAD_MOTORWAY,
    SGP_ROAD_TRUNK,
    SGP_ROAD_PRIMARY,
    SGP_ROAD_SECONDARY,
    SGP_ROAD_TERTIARY,
    SGP_ROAD_UNCLASSIFIED,
    SGP_ROAD_RESIDENTIAL,
    SGP_ROAD_LIVING_STREET,
    SGP_ROAD_SERVICE,
    SGP_ROAD_TRACK,
    SGP_ROAD_CONNECTOR, /* ferries and the like that cars board */
    SGP_ROAD_CLASSES
} sgp_road_class;
const char *sgp_road_class_str(sgp_road_class road_class);

enum {
    SGP_EDGE_MAIN = 1,       /* main_profiles has bit 0: reached from, and leading to, the rest */
    SGP_EDGE_ROUNDABOUT = 2, /* part of a roundabout */
    SGP_EDGE_LINK = 4,       /* a ramp or slip road */
    SGP_EDGE_RESTRICTED =
        8 /* private or gated: last or first stretch only (costed, not forbidden) */
};

typedef struct sgp_edge {
    uint32_t first_point; /* into points; in the direction of the forward arc */
    uint32_t n_points;    /* at least 2; first and last are the end vertices' points */
    uint32_t length_mm;   /* sum of the great-circle lengths between points, at least 1 */
    uint32_t name;        /* byte offset into names, 0 = no name (names[0] is '\0') */
    uint32_t forward_arc; /* its own; SGP_NONE where the profile set knows no such arc */
    uint32_t backward_arc;
    int64_t way;            /* OSM way id; an edge is of one way */
    uint8_t road_class;     /* sgp_road_class */
    uint8_t flags;          /* SGP_EDGE_ */
    uint16_t main_profiles; /* bit p: in the largest strongly connected part of profile p */
} sgp_edge;

/* Whose weights the graph carries. Profile 0 is the one meant where none is named. */
enum { SGP_PROFILES_MAX = 16 };
typedef struct sgp_profile {
    char name[32];       /* "ambulance"; "weight" in a DIMACS graph */
    uint8_t lights;      /* 1: lights and siren */
    uint8_t native_unit; /* 1: the input file's own unit instead of milliseconds */
    uint16_t width_cm;   /* of the vehicle; 0 = does not matter */
    uint32_t reserved;
} sgp_profile;

/* Hours of a local week: minutes since Monday 00:00, from <= t < to, to <= 10080.
 * A span over midnight of Sunday is two spans. */
typedef struct sgp_week_span {
    uint16_t from_minute, to_minute;
} sgp_week_span;
#define SGP_WEEK_MINUTES 10080

/* An arc that some profiles may not use at some hours: a restriction by time, a
 * gate that is locked at night. `weight` holds what counts outside these hours. */
typedef struct sgp_condition {
    uint32_t arc;
    uint32_t profiles; /* bit p: holds for profile p */
    uint32_t first_span, n_spans;
} sgp_condition;

/* What only people on foot may use: gangs, steps, paths, unfolded; one arc each way. */
typedef struct sgp_foot_arc {
    uint32_t head;
    int32_t ms;
    uint32_t name; /* byte offset into names, 0 = no name; both directions have the same */
} sgp_foot_arc;
/* Where a foot vertex lies on a road that a vehicle may drive. */
typedef struct sgp_foot_door {
    uint32_t vertex; /* foot vertex; doors are sorted by (vertex, edge) */
    uint32_t edge;   /* of the road graph */
    uint32_t offset_mm;
} sgp_foot_door;

/* Everything a graph is made of, as plain arrays; see graph_format.h in
 * engine/route for how they lie in the file. */
typedef struct sgp_graph_parts {
    sgp_city_id city;
    char name[64];     /* city name, e.g. "malang" */
    uint8_t is_sketch; /* 1: a drawn sketch, say so wherever it is shown */
    uint8_t drives_left;
    int64_t created_ms;
    sgp_point south_west, north_east; /* bounds of all edge points */

    uint32_t n_vertices;
    const sgp_point *vertex_point; /* [n_vertices] */
    const int64_t *vertex_node;    /* [n_vertices] OSM node id; expanded vertices repeat it */
    const uint32_t
        *first_arc; /* [n_vertices + 1] outgoing arcs of v: first_arc[v] .. first_arc[v+1] */

    uint32_t n_arcs;
    const uint32_t *arc_head; /* [n_arcs] */
    const uint32_t
        *arc_edge; /* [n_arcs] edge << 1 | backward; SGP_NONE for a connector (turn) arc */

    uint32_t n_profiles;         /* 1 .. SGP_PROFILES_MAX */
    const sgp_profile *profiles; /* [n_profiles] */
    const int32_t *weight;       /* [n_profiles * n_arcs], profile by profile; SGP_INF = closed */

    uint32_t n_edges;
    const sgp_edge *edges; /* [n_edges] */
    uint32_t n_points;
    const sgp_point *points;   /* [n_points] */
    uint32_t n_point_nodes;    /* n_points, or 0 where the graph does not keep them */
    const int64_t *point_node; /* OSM node of each point; 0 = none */
    uint32_t names_length;
    const char *names; /* UTF-8, each ends in '\0'; names[0] == '\0' */

    uint32_t n_conditions;
    const sgp_condition *conditions; /* sorted by arc */
    uint32_t n_spans;
    const sgp_week_span *spans;

    uint32_t n_foot_vertices;       /* 0: the graph has no ways on foot */
    const sgp_point *foot_point;    /* [n_foot_vertices] */
    const uint32_t *foot_first_arc; /* [n_foot_vertices + 1]; [0] when there are none */
    uint32_t n_foot_arcs;
    const sgp_foot_arc *foot_arcs; /* [n_foot_arcs]; straight from vertex to vertex */
    uint32_t n_foot_doors;
    const sgp_foot_door *foot_doors;

    sgp_graph_places places; /* all zero where the graph has none */
} sgp_graph_parts;

typedef struct sgp_graph sgp_graph;

/* Number of the profile of that name, or SGP_NONE. */
uint32_t sgp_graph_profile(const sgp_graph_parts *parts, const char *name);

typedef enum sgp_order_method {
    SGP_ORDER_INERTIAL_FLOW, /* best queries; seconds for a city, tens of seconds for a province */
    SGP_ORDER_METIS          /* quick and coarser */
} sgp_order_method;

typedef struct sgp_graph_making {
    sgp_order_method method;
    unsigned threads;             /* 0 = as many as the machine has */
    const sgp_progress *progress; /* NULL = silent */
} sgp_graph_making;

/* Orders the vertices, contracts the graph, and writes the parts with the
 * hierarchy, a spatial index over the edges of any profile's main part, and
 * checksums, to `path` by way of a temporary file beside it and rename, synced,
 * so that readers see the old file or the new one, never half. The vertices of
 * the parts may come in any order. Checks the parts (heads in range, offsets
 * ascending, ...) and refuses with SGP_E_ARGUMENT. `making` NULL = all defaults.
 * SGP_E_TIMEOUT when `progress` cancels; the old file is then untouched. */
sgp_err sgp_graph_write(const char *path, const sgp_graph_parts *parts,
                        const sgp_graph_making *making, sgp_fault *fault) SGP_MUST_USE;

/* Puts these places into a graph file in the stead of those that it has, by way of a temporary
 * file beside it, as sgp_graph_write does. Errors of opening; SGP_E_ARGUMENT: the places do not
 * hold together. Cost: the file is read and written once. */
sgp_err sgp_graph_put_places(const char *path, const sgp_graph_places *places,
                             sgp_fault *fault) SGP_MUST_USE;

/* Maps a file. SGP_E_IO: cannot be read; SGP_E_FORMAT: not a graph file;
 * SGP_E_VERSION: made by another version (the fault says which and what to do);
 * SGP_E_CORRUPT: truncated or a checksum differs. Under 1 s for a city. */
sgp_err sgp_graph_open(const char *path, sgp_graph **graph, sgp_fault *fault) SGP_MUST_USE;
void sgp_graph_close(sgp_graph *graph);

/* Borrowed until close. */
const sgp_graph_parts *sgp_graph_get(const sgp_graph *graph);

/* Name of an edge's road, "" where it has none. Borrowed. */
const char *sgp_graph_edge_name(const sgp_graph *graph, uint32_t edge);

#endif
