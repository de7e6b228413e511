/* How a vehicle gets from one place to the next along a track: the fastest way by the stored
 * weights of a profile, with its length, found by a search that ends as soon as every place
 * that was asked for is reached or ways grow longer than the step can have been.
 *
 * A way is one number, its key: time in the upper 32 bits, millimetres in the lower. Keys
 * add up and compare as such, so of two ways that take equally long the shorter one is
 * found, exactly, by Dijkstra's algorithm (Dijkstra 1959) with a binary heap whose
 * outdated entries are thrown away when they come up.
 *
 * Ways leave an edge by its own arc and arrive by that or its copies, as all journeys do.
 * Allocates only at creation. Not thread-safe.
 */
#ifndef SGP_ROUTE_MATCH_SEARCH_H
#define SGP_ROUTE_MATCH_SEARCH_H

#include <stdbool.h>

#include "sigap/graph.h"

#define SGP_NO_WAY UINT64_MAX

static inline uint64_t sgp_way_key(uint32_t ms, uint32_t mm) {
    return (uint64_t)ms << 32 | mm;
}
static inline uint32_t sgp_way_mm(uint64_t key) {
    return (uint32_t)key;
}

typedef struct sgp_match_vertex {
    uint64_t key;
    uint32_t round;  /* of the search that reached it */
    uint32_t parent; /* arc by which, SGP_NONE at the start */
    uint32_t first;  /* first move of the way, SGP_NONE where it has none yet */
    uint32_t last;   /* last move of the way */
    uint32_t wanted; /* set of targets in which it is */
    uint32_t settled;
} sgp_match_vertex;

typedef struct sgp_match_entry {
    uint64_t key;
    uint32_t vertex;
} sgp_match_entry;

typedef struct sgp_match_copy {
    uint32_t move, arc;
} sgp_match_copy;

typedef struct sgp_match_search {
    const sgp_graph_parts *parts;
    const int32_t *weight;  /* of the profile */
    uint32_t *arc_mm;       /* [n_arcs] length; 0 of a turn */
    uint32_t *arc_tail;     /* [n_arcs] */
    sgp_match_copy *copies; /* [n_copies] by (move, arc) */
    uint32_t n_copies;
    sgp_match_vertex *vertices; /* [n_vertices] */
    sgp_match_entry *heap;      /* [n_arcs + 1] */
    uint32_t n_heap;
    uint32_t round, targets; /* numbers of the present search and set of targets */
    uint32_t n_wanted;
} sgp_match_search;

sgp_err sgp_match_search_init(sgp_match_search *search, const sgp_graph *graph) SGP_MUST_USE;
void sgp_match_search_deinit(sgp_match_search *search);
void sgp_match_search_profile(sgp_match_search *search, uint32_t profile);

/* The arc of a move that starts journeys; SGP_NONE where the profile may not use it. */
uint32_t sgp_match_own_arc(const sgp_match_search *search, uint32_t move);

/* The arcs by which a move can be entered: begin with *at = 0; SGP_NONE after the last. */
uint32_t sgp_match_next_arrival(const sgp_match_search *search, uint32_t move, uint32_t *at);

/* Key of the first `mm` of an arc; the time rounded down. */
uint64_t sgp_match_part(const sgp_match_search *search, uint32_t arc, uint32_t mm);

/* A new set of targets, then the moves in it. */
void sgp_match_search_begin(sgp_match_search *search);
void sgp_match_search_want(sgp_match_search *search, uint32_t move);

/* Searches from `vertex`; no way is followed beyond a vertex to which it is longer than
 * `most_mm`. The set of targets stays for the next run. */
void sgp_match_search_run(sgp_match_search *search, uint32_t vertex, uint32_t most_mm);

/* A way from the start of a search to a place. */
typedef struct sgp_way {
    uint64_t key;     /* SGP_NO_WAY = there is none */
    uint32_t arrival; /* arc by which it enters the move that it ends on */
    uint32_t first;   /* first move, that which it ends on where it has no other */
    bool turns_last;  /* a U-turn leads onto the move that it ends on */
} sgp_way;

/* The way to the place `driven_mm` along a wanted move. */
sgp_way sgp_match_search_to(const sgp_match_search *search, uint32_t move, uint32_t driven_mm);

/* The moves of the way to the vertex before `arrival`, last first; false at the start. */
bool sgp_match_search_back(const sgp_match_search *search, uint32_t *vertex, uint32_t *move);

#endif
