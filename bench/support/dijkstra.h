/* Dijkstra's algorithm (Dijkstra 1959), as quick as it gets without anything being
 * prepared: a heap of four children with lazy deletion, distance and vertex in one 64-bit
 * key, on the graph's own arcs. The measure that the hierarchy is held to, in time and in results.
 */
#ifndef BENCH_SUPPORT_DIJKSTRA_H
#define BENCH_SUPPORT_DIJKSTRA_H

#include "sigap/graph.h"

typedef struct dijkstra dijkstra;

/* NULL: no memory. `parts` must outlive it. */
dijkstra *dijkstra_create(const sgp_graph_parts *parts);
void dijkstra_destroy(dijkstra *search);

/* distance[n_vertices] from one vertex, SGP_INF = no way; borrowed until the next search. */
const int32_t *dijkstra_all(dijkstra *search, const int32_t *weight, uint32_t from);
/* One pair; ends where the target is settled. */
int32_t dijkstra_pair(dijkstra *search, const int32_t *weight, uint32_t from, uint32_t to);

#endif
