/* How a road graph lies in its file, NAME.sgr.
 *
 *   +--------------------+ 0
 *   | header, 2048 bytes |  magic, version, byte order, file size, two checksums,
 *   |                    |  city, bounds, section table
 *   +--------------------+ 2048
 *   | section 0          |  every section begins at the next multiple of 64
 *   | zero padding       |
 *   | section 1 ...      |
 *   +--------------------+ file size
 *
 * Both checksums are BLAKE2b-256 (RFC 7693) by libsodium: one over the header
 * (with its own field zero), one over everything after it. The layout follows
 * from the counts alone, so a reader computes where each section must be and
 * refuses anything else. Numbers are in the byte order of the machine that
 * wrote the file; the other order is refused.
 *
 * Caveat: the file is mapped. Replacing it by rename is safe, as
 * sgp_graph_write does; cutting it short in place while it is open is not.
 */
#ifndef SGP_ROUTE_GRAPH_FORMAT_H
#define SGP_ROUTE_GRAPH_FORMAT_H

#include <stdbool.h>

#include "sigap/graph.h"
#include "route/hierarchy.h"
#include "route/spatial.h"

/* Like PNG's: a byte with the top bit, and line ends that a text transfer would spoil. */
#define SGP_GRAPH_MAGIC "\x89SGR\r\n\x1a\n"
enum {
    SGP_GRAPH_VERSION = 5,
    SGP_GRAPH_HEADER_BYTES = 2048,
    SGP_GRAPH_ALIGNMENT = 64,
    SGP_GRAPH_BYTE_ORDER = 0x01020304,
    SGP_GRAPH_HASH_BYTES = 32
};

/* name, type of one element. The order is the order in the file. */
#define SGP_GRAPH_SECTIONS(X)                                                                      \
    X(VERTEX_POINT, sgp_point)                                                                     \
    X(VERTEX_NODE, int64_t)                                                                        \
    X(NODE_ORDER, uint32_t) /* vertices by (node id, vertex), to look nodes up */                  \
    X(FIRST_ARC, uint32_t)                                                                         \
    X(ARC_HEAD, uint32_t)                                                                          \
    X(ARC_EDGE, uint32_t)                                                                          \
    X(WEIGHT, int32_t)                                                                             \
    X(EDGES, sgp_edge)                                                                             \
    X(POINTS, sgp_point)                                                                           \
    X(NAMES, char)                                                                                 \
    X(PROFILES, sgp_profile)                                                                       \
    X(POINT_NODE, int64_t)                                                                         \
    X(CONDITIONS, sgp_condition)                                                                   \
    X(SPANS, sgp_week_span)                                                                        \
    X(FOOT_POINT, sgp_point)                                                                       \
    X(FOOT_FIRST_ARC, uint32_t)                                                                    \
    X(FOOT_ARCS, sgp_foot_arc)                                                                     \
    X(FOOT_DOORS, sgp_foot_door)                                                                   \
    X(PLACES, sgp_graph_place) /* see sigap/graph_places.h */                                      \
    X(PLACE_TEXTS, char)                                                                           \
    X(DISTRICTS, sgp_graph_district)                                                               \
    X(DISTRICT_FIRST_SPAN, uint32_t)                                                               \
    X(DISTRICT_SPANS, sgp_district_span)                                                           \
    X(INDEX_ITEMS, sgp_spatial_item)                                                               \
    X(INDEX_BOXES, sgp_box)                                                                        \
    X(PARENT, uint32_t) /* from here on the hierarchy; see hierarchy.h */                          \
    X(FIRST_DESCENDANT, uint32_t)                                                                  \
    X(DEPTH, uint16_t)                                                                             \
    X(ROW, uint32_t)                                                                               \
    X(ROW_LENGTH, uint16_t)                                                                        \
    X(PARENT_MASK, uint16_t)                                                                       \
    X(HEAD_DEPTH, uint16_t)                                                                        \
    X(FRONTS, sgp_front)                                                                           \
    X(ARC_SLOT, uint32_t)

typedef enum sgp_graph_section {
#define SGP_SECTION_ENUM(name, type) SGP_SECTION_##name,
    SGP_GRAPH_SECTIONS(SGP_SECTION_ENUM)
#undef SGP_SECTION_ENUM
        SGP_GRAPH_N_SECTIONS
} sgp_graph_section;

typedef struct sgp_file_section {
    uint64_t offset; /* in bytes from the start of the file, a multiple of 64 */
    uint64_t count;  /* elements */
    uint32_t element_bytes;
    uint32_t kind; /* sgp_graph_section */
} sgp_file_section;

typedef struct sgp_file_header {
    uint8_t magic[8];
    uint32_t version;
    uint32_t byte_order;
    uint64_t file_bytes;
    uint8_t header_hash[SGP_GRAPH_HASH_BYTES]; /* of the header bytes, this field zero */
    uint8_t body_hash[SGP_GRAPH_HASH_BYTES];   /* of the bytes after the header */
    sgp_city_id city;
    char name[64];
    int64_t created_ms;
    sgp_point south_west, north_east;
    uint8_t is_sketch, drives_left, reserved[2];
    uint32_t n_levels; /* of the hierarchy */
    int32_t district_south_e7;
    uint32_t district_row_e7;
    uint32_t n_sections;
    sgp_file_section sections[SGP_GRAPH_N_SECTIONS];
} sgp_file_header;

_Static_assert(sizeof(sgp_file_header) <= SGP_GRAPH_HEADER_BYTES, "the header outgrew its place");
_Static_assert(sizeof(sgp_edge) == 40 && sizeof(sgp_point) == 8 && sizeof(sgp_profile) == 40 &&
                   sizeof(sgp_graph_place) == 80 && sizeof(sgp_graph_district) == 12,
               "written to files as they are");

/* Size in bytes of one element of `section`. */
uint32_t sgp_section_element_bytes(sgp_graph_section section);

/* Gives every section of `header` its offset from the counts that it holds, and
 * returns the file size; 0 where the counts are absurd. */
uint64_t sgp_graph_layout(sgp_file_header *header);

/* An arc that is not its edge's own. */
typedef struct sgp_arc_copy {
    uint32_t move; /* as in arc_edge */
    uint32_t arc;
} sgp_arc_copy;

/* Every so many arcs it is noted whose they are; see sgp_arc_tail. */
enum { SGP_TAIL_STEP = 16 };

/* A graph file, opened. */
struct sgp_graph {
    sgp_graph_parts parts; /* arrays point into the mapping */
    const uint32_t *node_order;
    sgp_spatial spatial;
    sgp_hierarchy hierarchy;
    void *mapping;
    size_t mapping_bytes;
    /* What is quicker made than read. */
    uint32_t *tail_hint;  /* [n_arcs / SGP_TAIL_STEP + 1] tail of every 16th arc */
    sgp_arc_copy *copies; /* [n_copies] by (move, arc) */
    uint32_t n_copies;
    struct sgp_customize_plan *plan; /* customize.h */
};

/* The vertex that arc `arc` leaves. Reads a handful of neighbouring numbers: shorter
 * than an array of tails by 4 bytes an arc. */
static inline uint32_t sgp_arc_tail(const sgp_graph *graph, uint32_t arc) {
    const uint32_t *first_arc = graph->parts.first_arc;
    uint32_t v = graph->tail_hint[arc / SGP_TAIL_STEP];
    while (first_arc[v + 1] <= arc)
        v++;
    return v;
}

/* Checks everything that a reader of the parts relies on: indices in range,
 * offsets ascending, arcs and edges agreeing about each other, points inside
 * the bounds. Returns SGP_OK or `code` with a sentence. */
sgp_err sgp_graph_check(const sgp_graph_parts *parts, sgp_err code, sgp_fault *fault) SGP_MUST_USE;
/* The same of its places alone; sgp_graph_check includes it. */
sgp_err sgp_graph_places_check(const sgp_graph_places *places, sgp_err code,
                               sgp_fault *fault) SGP_MUST_USE;

/* Checks the hierarchy of a file whose parts have been checked, and counts its weights
 * (n_weights). SGP_E_CORRUPT with a sentence. Linear. */
sgp_err sgp_hierarchy_check(sgp_hierarchy *hierarchy, const sgp_graph_parts *parts,
                            sgp_fault *fault) SGP_MUST_USE;

/* The vertices of an input node: *first .. *first + return value in
 * graph->node_order; 0 where the graph has no such node. Logarithmic. */
uint32_t sgp_graph_node_vertices(const sgp_graph *graph, int64_t node, const uint32_t **first);

#endif
