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
#ifndef SGP_TEST_DIJKSTRA_H
#define SGP_TEST_DIJKSTRA_H

#include "route/metric.h"

typedef enum dijkstra_direction { DIJKSTRA_FORWARD, DIJKSTRA_BACKWARD } dijkstra_direction;

typedef struct dijkstra_reached {
    int64_t distance;
    uint32_t round;      /* of the search that reached it; other values: not reached */
    uint32_t heap_place; /* SGP_NONE once settled */
    uint32_t parent;     /* arc by which it was reached, or what the seed gave */
    uint32_t wanted;     /* round in which it is still wanted, else 0 */
} dijkstra_reached;

typedef struct dijkstra_heap_entry {
    int64_t key;
    uint32_t vertex;
} dijkstra_heap_entry;

typedef struct dijkstra {
    const sgp_metric *metric;
    dijkstra_reached *reached; /* [n_vertices] */
    dijkstra_heap_entry *heap; /* [n_vertices]; free for other use after a run */
    uint32_t *first_in;        /* [n_vertices + 1] incoming arcs of v */
    uint32_t *in_arc;          /* [n_arcs] arc numbers, by head, ascending within a head */
    uint32_t heap_count;
    uint32_t round;
    uint32_t n_wanted;
} dijkstra;

sgp_err dijkstra_init(dijkstra *search, const sgp_metric *metric) SGP_MUST_USE;
void dijkstra_deinit(dijkstra *search);

void dijkstra_begin(dijkstra *search);
/* The search starts at `vertex` with `distance` >= 0; of several, the least counts. */
void dijkstra_seed(dijkstra *search, uint32_t vertex, int64_t distance, uint32_t parent);
void dijkstra_want(dijkstra *search, uint32_t vertex);
/* Everything that can be reached is wanted. */
void dijkstra_want_all(dijkstra *search);
void dijkstra_run(dijkstra *search, dijkstra_direction direction);

/* Distance of a wanted vertex after the run, or SGP_UNREACHABLE. */
int64_t dijkstra_distance(const dijkstra *search, uint32_t vertex);

#endif
