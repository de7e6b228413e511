/* The largest strongly connected part of a graph: the roads from which the rest
 * of the city can be reached and come from.
 *
 * Tarjan (1972), with a stack of our own, because a city is deeper than a
 * thread's stack. Linear time. Thread-safe.
 */
#ifndef SGP_ROUTE_OSM_COMPONENTS_H
#define SGP_ROUTE_OSM_COMPONENTS_H

#include <stdint.h>

#include "sigap/error.h"

/* in_largest[v] = 1 for the vertices of the largest part, else 0; [n_vertices].
 * Of equally large parts the one with the smallest vertex. Arcs of v are
 * arc_head[first_arc[v] .. first_arc[v + 1]), without those whose weight is SGP_INF;
 * weight NULL = all. SGP_E_MEMORY. */
sgp_err sgp_osm_largest_component(uint32_t n_vertices, const uint32_t *first_arc,
                                  const uint32_t *arc_head, const int32_t *weight,
                                  uint8_t *in_largest) SGP_MUST_USE;

#endif
