/* Dijkstra's algorithm (Dijkstra 1959) with an indexed binary heap (Williams
 * 1964), forward along the arcs or backward against them.
 *
 *   begin -> seed (some) -> want (some) -> run -> distance
 *
 * A run ends as soon as every wanted vertex is settled, or when nothing is left
 * to settle; either way the distances of wanted vertices are final. A distance of
 * SGP_INF or more counts as no way. Allocates
 * only at creation. Not thread-safe: scratch memory of one query.
 */
#ifndef SGP_ROUTE_SEARCH_H
#define SGP_ROUTE_SEARCH_H

#include "route/metric.h"

typedef enum sgp_direction { SGP_FORWARD, SGP_BACKWARD } sgp_direction;

typedef struct sgp_reached {
    int64_t distance;
    uint32_t round;      /* of the search that reached it; other values: not reached */
    uint32_t heap_place; /* SGP_NONE once settled */
    uint32_t parent;     /* arc by which it was reached, or what the seed gave */
    uint32_t wanted;     /* round in which it is still wanted, else 0 */
} sgp_reached;

typedef struct sgp_heap_entry {
    int64_t key;
    uint32_t vertex;
} sgp_heap_entry;

typedef struct sgp_search {
    const sgp_metric *metric;
    sgp_reached *reached; /* [n_vertices] */
    sgp_heap_entry *heap; /* [n_vertices]; free for other use after a run */
    uint32_t *first_in;   /* [n_vertices + 1] incoming arcs of v */
    uint32_t *in_arc;     /* [n_arcs] arc numbers, by head, ascending within a head */
    uint32_t heap_count;
    uint32_t round;
    uint32_t n_wanted;
} sgp_search;

sgp_err sgp_search_init(sgp_search *search, const sgp_metric *metric) SGP_MUST_USE;
void sgp_search_deinit(sgp_search *search);

void sgp_search_begin(sgp_search *search);
/* The search starts at `vertex` with `distance` >= 0; of several, the least counts. */
void sgp_search_seed(sgp_search *search, uint32_t vertex, int64_t distance, uint32_t parent);
void sgp_search_want(sgp_search *search, uint32_t vertex);
/* Everything that can be reached is wanted. */
void sgp_search_want_all(sgp_search *search);
void sgp_search_run(sgp_search *search, sgp_direction direction);

/* Distance of a wanted vertex after the run, or SGP_UNREACHABLE. */
int64_t sgp_search_distance(const sgp_search *search, uint32_t vertex);

#endif
