/* What a driver sees at a crossing: every road that meets there, which of them may be
 * driven into, and by which one came.
 *
 * A crossing may be several vertices of the graph (see graph.h); its roads are found by
 * the point at which edges end, so expanded and plain crossings look the same. Roads
 * that lie in no profile's main part are not seen. Pure; thread-safe.
 */
#ifndef SGP_ROUTE_CROSSING_H
#define SGP_ROUTE_CROSSING_H

#include "sigap/graph.h"

enum { SGP_CROSSING_ROADS = 16 }; /* more are not told */

typedef struct sgp_crossing_road {
    uint32_t move;    /* edge << 1 | backward: driven away from the crossing */
    uint16_t bearing; /* away from it, degrees, 0..359 */
    bool leaves;      /* one may drive away on it, coming from somewhere */
    bool arrives;     /* one may come along it */
    bool entry;       /* one may drive away on it after the move that one came by */
} sgp_crossing_road;

typedef struct sgp_crossing {
    sgp_point point;
    sgp_crossing_road roads[SGP_CROSSING_ROADS]; /* [n_roads] by bearing, then move */
    size_t n_roads;
    int in, out; /* the roads one came by and leaves by; -1 = none */
} sgp_crossing;

/* The crossing between two moves. `weight` is [n_arcs]: SGP_INF is what one may not use.
 * in = SGP_NONE: the crossing at which `out` begins; out = SGP_NONE: at which `in` ends;
 * not both. Of a turn that depends on how one came (copies of arcs) the freest case is
 * told. About a microsecond; allocates nothing. */
void sgp_crossing_look(const sgp_graph *graph, const int32_t *weight, uint32_t in, uint32_t out,
                       sgp_crossing *crossing);

/* Degrees from north in which a line of points leads from its beginning, judged at
 * 15 m or at its end, since the first metres of a drawn road often lead astray.
 * `step` is 1 or -1: points[0], points[step], ...; 0 where all are equal. */
double sgp_line_bearing(const sgp_point *points, size_t n, int step);

/* Into -180 < x <= 180; right is positive. */
double sgp_turn_between(double before, double after);

#endif
