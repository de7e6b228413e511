/* From edges and forbidden moves to vertices and arcs.
 *
 * A *move* is an edge driven in one direction: edge << 1 | backward, the same
 * number as arc_edge in the graph. A *ban* is a row of two or more moves that
 * must not be driven one right after another.
 *
 * A ban binds vehicles: those that obey it have SGP_INF on the turn, those that may
 * pass it (lights and siren) pay for it once, however many bans the turn breaks;
 * a turn that nobody may make has no arc.
 *
 * Crossings that no ban speaks of stay one vertex. At the others each way of
 * arriving and each way of leaving gets a vertex of its own, joined by connector
 * arcs wherever somebody may turn:
 *
 *      arrive a ─► (in a) ───► (out x) ─► leave x
 *                      ╲   ╱
 *                       ╳            no arc from (in b) to (out y): b,y is banned
 *                      ╱   ╲
 *      arrive b ─► (in b)      (out y) ─► leave y
 *
 * A ban of three or more moves (a restriction with via ways) needs memory of how
 * one came: its middle moves are doubled, once for drivers who came along the
 * ban's beginning and once for all others. Which copy a turn leads to is decided
 * by the automaton of Aho and Corasick (1975) over the bans, so that bans may
 * overlap freely. The others' copy is the edge's own arc, to which positions are
 * snapped: a trip that begins on a via way is not bound by that restriction.
 *
 * A ban that binds at some hours leaves its turn as it is and closes it at those hours
 * for those who obey; so does a gate that is locked then, for all who go through it.
 *
 * U-turns at expanded crossings are allowed unless banned, as they are at plain
 * ones. A node that blocks every vehicle becomes a dead end for each road that meets
 * there; one that blocks some is expanded, and those may only turn round.
 *
 * Internal to the import. Not thread-safe.
 */
#ifndef SGP_ROUTE_OSM_EXPAND_H
#define SGP_ROUTE_OSM_EXPAND_H

#include "route/osm_fold.h"

typedef struct sgp_osm_ban {
    uint32_t n_moves;  /* at least 2 */
    uint32_t vehicles; /* bit p: binds vehicle p */
    uint32_t hours;    /* at which it binds; 0 = always */
} sgp_osm_ban;

typedef struct sgp_osm_bans {
    sgp_buffer moves; /* uint32_t, of one ban after another */
    sgp_buffer list;  /* sgp_osm_ban */
} sgp_osm_bans;

/* What the vehicles need for a move; [n_vehicles], SGP_INF = not driven. */
static inline const int32_t *sgp_osm_move_times(const sgp_osm_network *network,
                                                const sgp_osm_folded *folded, uint32_t move) {
    return SGP_OSM_LIST(const int32_t, folded->times) + (size_t)move * network->n_vehicles;
}
static inline uint32_t sgp_osm_move_tail(const sgp_osm_folded *folded, uint32_t move) {
    const sgp_osm_edge_ends *ends = &SGP_OSM_LIST(const sgp_osm_edge_ends, folded->ends)[move >> 1];
    return move & 1 ? ends->head : ends->tail;
}
static inline uint32_t sgp_osm_move_head(const sgp_osm_folded *folded, uint32_t move) {
    return sgp_osm_move_tail(folded, move ^ 1);
}

/* Whether any vehicle makes the move. */
bool sgp_osm_move_exists(const sgp_osm_network *network, const sgp_osm_folded *folded,
                         uint32_t move);

typedef struct sgp_osm_arc {
    uint32_t tail, head; /* vertices */
    uint32_t move;       /* SGP_NONE for a connector */
} sgp_osm_arc;

typedef struct sgp_osm_expanded {
    sgp_buffer vertex_nodes; /* uint32_t, node position of each vertex */
    sgp_buffer arcs;         /* sgp_osm_arc; the own arcs of edges first, then copies, connectors */
    size_t n_own_arcs;       /* the first so many are the edges' own, in the order of moves */
    sgp_buffer closed_turns; /* sgp_osm_closed, by connectors in their order from 0 */
    sgp_buffer turn_times;   /* int32_t ms, n_vehicles for each connector; SGP_INF = may not turn */
} sgp_osm_expanded;

/* Every ban's moves exist and follow one another. Adds to counts.junctions and
 * counts.expanded. SGP_E_MEMORY, SGP_E_TOO_LARGE. Release with deinit whatever
 * the result. */
sgp_err sgp_osm_expand(sgp_osm_network *network, const sgp_osm_folded *folded,
                       const sgp_osm_bans *bans, sgp_osm_expanded *expanded,
                       sgp_fault *fault) SGP_MUST_USE;
void sgp_osm_expanded_deinit(sgp_osm_expanded *expanded);

#endif
