/* The road network as the extract holds it, before anything is folded: drivable
 * ways, their nodes, and the turn restrictions between them.
 *
 * Nodes and ways are known by their position in the arrays here. A segment is
 * the stretch between two consecutive nodes of a way; segment p goes from
 * refs[p] to refs[p + 1], so the last ref of a way begins no segment.
 *
 * Internal to the import. Not thread-safe.
 */
#ifndef SGP_ROUTE_OSM_NETWORK_H
#define SGP_ROUTE_OSM_NETWORK_H

#include "base/buffer.h"
#include "route/osm_graph.h"
#include "route/osm_pbf.h"
#include "route/osm_roads.h"
#include "route/osm_strings.h"

/* The entries of a buffer that holds `type`. */
#define SGP_OSM_LIST(type, buffer) ((type *)(void *)(buffer).data)
#define SGP_OSM_COUNT(type, buffer) ((buffer).length / sizeof(type))

typedef struct sgp_osm_way {
    int64_t id;
    uint32_t first_ref, n_refs; /* consecutive equal nodes are dropped; n_refs >= 2 */
    uint32_t name;              /* number in the names */
    uint8_t road_class, flags;
} sgp_osm_way;

/* A way that people walk and not every vehicle drives. */
typedef struct sgp_osm_foot_way {
    uint32_t first_ref, n_refs;
    uint32_t m_h;
    uint32_t name; /* number in the names */
} sgp_osm_foot_way;

enum {
    SGP_OSM_NODE_PRESENT = 1, /* the extract has it; clipped extracts lack some */
    SGP_OSM_NODE_BLOCKS = 2,  /* every vehicle */
    SGP_OSM_NODE_GATE = 4,
    SGP_OSM_NODE_FORCED = 8,   /* must become a vertex: a restriction speaks of it */
    SGP_OSM_NODE_VERTEX = 16,  /* set by folding */
    SGP_OSM_NODE_SORTS = 32,   /* blocks some vehicles, lets others pass */
    SGP_OSM_NODE_NO_FEET = 64, /* stops people on foot */
    SGP_OSM_NODE_SIGNALS = 128,
    SGP_OSM_NODE_HOURS = 256 /* nobody passes at some hours */
};

typedef enum sgp_osm_role { SGP_OSM_FROM, SGP_OSM_VIA, SGP_OSM_TO } sgp_osm_role;

typedef struct sgp_osm_rule_member {
    int64_t id;
    uint8_t role; /* sgp_osm_role */
    bool is_node;
} sgp_osm_rule_member;

/* One turn restriction relation, members not yet looked up. */
typedef struct sgp_osm_rule {
    int64_t relation;
    uint32_t first_member, n_members;
    uint32_t no, only; /* bit p: binds vehicle p, as no_* or as only_* */
    uint16_t hours;    /* at which it binds; 0 = always */
} sgp_osm_rule;

/* Why a restriction was left out; counted and logged in total. */
#define SGP_OSM_IGNORED(X)                                                                         \
    X(EXEMPT, "exempt")                                                                            \
    X(CONDITIONAL, "conditional")                                                                  \
    X(OTHER_VEHICLES, "other_vehicles")                                                            \
    X(MALFORMED, "malformed")                                                                      \
    X(NOT_DRIVEN, "way_not_driven")                                                                \
    X(NOT_CONNECTED, "not_connected")                                                              \
    X(AMBIGUOUS, "ambiguous")
typedef enum sgp_osm_ignored {
#define SGP_OSM_IGNORED_ENUM(name, text) SGP_OSM_IGNORED_##name,
    SGP_OSM_IGNORED(SGP_OSM_IGNORED_ENUM)
#undef SGP_OSM_IGNORED_ENUM
        SGP_OSM_IGNORED_REASONS
} sgp_osm_ignored;

/* Hours of the week, each set of them once. */
typedef struct sgp_osm_hours_row {
    uint32_t first_span, n_spans;
} sgp_osm_hours_row;

typedef struct sgp_osm_network {
    const sgp_profiles *profiles;
    uint32_t n_vehicles;  /* of them */
    sgp_buffer ways;      /* sgp_osm_way, ascending first_ref */
    sgp_buffer drives;    /* sgp_osm_drive, n_vehicles for each way */
    sgp_buffer foot_ways; /* sgp_osm_foot_way */
    uint32_t *refs;       /* [n_refs] positions in the node arrays */
    uint32_t n_refs;
    uint32_t n_nodes;
    int64_t *node_ids; /* [n_nodes] ascending, and so on for the other columns */
    sgp_point *node_points;
    uint16_t *node_flags;
    uint32_t *node_spot;     /* 0 = nothing there, else 1 + the number of its row in spots */
    sgp_buffer spots;        /* sgp_osm_spot, n_vehicles for each row */
    sgp_buffer rules;        /* sgp_osm_rule */
    sgp_buffer rule_members; /* sgp_osm_rule_member */
    sgp_osm_strings names;
    sgp_osm_counts counts;
    uint64_t ignored[SGP_OSM_IGNORED_REASONS];
    sgp_buffer hours;                           /* sgp_osm_hours_row, numbered from 1 */
    sgp_buffer spans;                           /* sgp_week_span */
    uint64_t hours_read[SGP_OSM_HOURS_REASONS]; /* tags by what became of them */
    uint64_t holidays;                          /* of them, that said something of holidays */
    bool is_sketch;
    bool drives_left;
} sgp_osm_network;

/* Hands `progress` on at most ten times a second. */
typedef struct sgp_osm_meter {
    const sgp_progress *progress; /* NULL = silent */
    const char *phase;
    int64_t told_us;
} sgp_osm_meter;
/* SGP_E_TIMEOUT with a sentence when the user cancels. */
sgp_err sgp_osm_meter_tell(sgp_osm_meter *meter, uint64_t done, uint64_t total,
                           sgp_fault *fault) SGP_MUST_USE;

/* Reads `path` in two passes: ways with restrictions, then nodes. Errors as
 * sgp_osm_graph_read. `profiles` must outlive the network, which may be released with deinit
 * whatever the result. */
sgp_err sgp_osm_network_read(sgp_osm_network *network, const char *path,
                             const sgp_profiles *profiles, const sgp_progress *progress,
                             sgp_fault *fault) SGP_MUST_USE;
void sgp_osm_network_deinit(sgp_osm_network *network);

/* Position of a node by OSM id, or SGP_NONE. */
uint32_t sgp_osm_network_node(const sgp_osm_network *network, int64_t id);

/* The way that holds segment or ref `p`. */
const sgp_osm_way *sgp_osm_network_way_at(const sgp_osm_network *network, uint32_t p);

/* What a way is to the vehicles; [n_vehicles]. */
const sgp_osm_drive *sgp_osm_network_drives(const sgp_osm_network *network, const sgp_osm_way *way);

/* What stands at a node, to the vehicles; [n_vehicles], or NULL for nothing. */
const sgp_osm_spot *sgp_osm_network_spots(const sgp_osm_network *network, uint32_t node);

/* The number of these hours, kept once; 0 where no minute is set. SGP_E_MEMORY, SGP_E_FULL:
 * more different hours than 16 bits count. */
sgp_err sgp_osm_network_hours(sgp_osm_network *network, const sgp_osm_week *week,
                              uint16_t *number) SGP_MUST_USE;

/* Whether refs[p], refs[p + 1] make a segment: within one way, both nodes present. */
bool sgp_osm_network_is_segment(const sgp_osm_network *network, const sgp_osm_way *way, uint32_t p);

#endif
