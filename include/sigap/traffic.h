/* What the weights of an instant are made of.
 *
 *   weight(arc) = stored weight of the profile
 *               x time of the week (by road class and hour)
 *               x what the fleet's own tracks have taught (by edge, direction, hour)
 *               x the traffic picture (by edge and direction)
 *   and SGP_INF while a condition of the graph or a closure of the picture holds.
 *
 * Factors are in permille of the TIME (1500 = half as long again). Turns (connector arcs)
 * take no factor; stored SGP_INF stays.
 *
 * Rounding: with w, l, t the three factors (1000 where there is none),
 *
 *   weight = floor((stored x w x l x t + 500,000,000) / 1,000,000,000)
 *
 * exactly, then at least 1 and at most SGP_INF / 4. Where w x l x t is 10^9 to the unit the
 * stored weight is taken as it is, so that a picture that says nothing changes nothing.
 *
 * Tracks are compared with the stored weights, so they have seen the hours that a week table
 * speaks of. To count neither twice, l is what the tracks say over what the table says:
 * their factor divided by the mean of the table over the hours of their bin (permille,
 * rounded half up, at least 100, at most 20000). The table then gives the shape within a
 * bin and the tracks its level. Without a table that mean is 1000.
 *
 * Pure; thread-safe for different outputs.
 */
#ifndef SIGAP_TRAFFIC_H
#define SIGAP_TRAFFIC_H

#include "sigap/graph.h"
#include "sigap/learned.h"

enum { SGP_WEEK_HOURS = 168 };

/* permille[road class][hour of the local week]; Monday 00:00 is hour 0. */
typedef struct sgp_week_table {
    uint16_t permille[SGP_ROAD_CLASSES][SGP_WEEK_HOURS];
} sgp_week_table;

enum { SGP_FACTOR_LEAST = 100, SGP_FACTOR_MOST = 20000 }; /* permille; bounds of every factor */

/* 1000 everywhere. */
void sgp_week_table_plain(sgp_week_table *table);

/* Reads a table as gis/week.conf explains. SGP_E_IO: cannot be read; SGP_E_CONFIG: a mistake in
 * it, the fault says file, line and what was expected. The table is unchanged on error. */
sgp_err sgp_week_table_load(const char *path, sgp_week_table *table, sgp_fault *fault) SGP_MUST_USE;

typedef struct sgp_picture {
    uint32_t profile;
    int32_t minute_of_week;     /* 0 .. 10079; negative: no time: no conditions, and neither week
                                   nor learned counts */
    const sgp_week_table *week; /* NULL = none */
    const sgp_learned *learned; /* NULL = none; of the same graph */
    const uint16_t *factor;     /* [2 * n_edges] by edge << 1 | backward; 0 = closed; NULL = none */
} sgp_picture;

/* weight[n_arcs]. SGP_E_ARGUMENT: no such profile or minute, learned of another graph;
 * SGP_E_RANGE: a factor out of bounds (the fault names the edge, or class and hour). `weight` is
 * undefined after an error. Allocates nothing; 3 to 7 ns an arc, 25 with much learned. */
sgp_err sgp_weights_make(const sgp_graph *graph, const sgp_picture *picture, int32_t *weight,
                         sgp_fault *fault) SGP_MUST_USE;

/* The next minute, after `minute_of_week`, at which a condition of the profile begins or ends,
 * or an hour does where there is a week table, or a bin where there is learned: from minute + 1
 * to minute + SGP_WEEK_MINUTES, so that the next week counts on (10080 = Monday 00:00 again).
 * SGP_WEEK_MINUTES + minute when never or without a time. */
int32_t sgp_weights_next_change(const sgp_graph *graph, const sgp_picture *picture);

#endif
