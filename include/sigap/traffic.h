/* What the weights of an instant are made of.
 *
 *   weight(arc) = stored weight of the profile
 *               x time of the week (by road class and hour)
 *               x what the fleet's own tracks have taught (by edge, direction, hour)
 *               x the traffic picture (by edge and direction)
 *   and SGP_INF while a condition of the graph or a closure of the picture holds.
 *
 * Factors are in permille of the TIME (1500 = half as long again), multiplied in
 * 64-bit integers, rounded once, at least 1 and at most SGP_INF / 4. Turns
 * (connector arcs) take no factor. Pure; thread-safe for different outputs.
 */
#ifndef SIGAP_TRAFFIC_H
#define SIGAP_TRAFFIC_H

#include "sigap/graph.h"
#include "sigap/learned.h"

/* permille[road class][hour of the local week]; Monday 00:00 is hour 0. */
typedef struct sgp_week_table {
    uint16_t permille[SGP_ROAD_CLASSES][168];
} sgp_week_table;

enum { SGP_FACTOR_LEAST = 100, SGP_FACTOR_MOST = 20000 }; /* permille; bounds of every factor */

typedef struct sgp_picture {
    uint32_t profile;
    int32_t minute_of_week;     /* 0 .. 10079; negative: no time, no conditions */
    const sgp_week_table *week; /* NULL = none */
    const sgp_learned *learned; /* NULL = none */
    const uint16_t *factor;     /* [2 * n_edges] by edge << 1 | backward; 0 = closed; NULL = none */
} sgp_picture;

/* weight[n_arcs]. SGP_E_ARGUMENT: no such profile or minute; SGP_E_RANGE: a factor out of
 * bounds (the fault names the edge). */
sgp_err sgp_weights_make(const sgp_graph *graph, const sgp_picture *picture, int32_t *weight,
                         sgp_fault *fault) SGP_MUST_USE;

/* The next minute of the week, after `minute`, at which a condition of the graph begins or
 * ends, or an hour does where there is a week table; SGP_WEEK_MINUTES + minute when never. */
int32_t sgp_weights_next_change(const sgp_graph *graph, const sgp_picture *picture);

#endif
