#include "route/trace.h"

#include <stdlib.h>

typedef struct tracing {
    const sgp_graph_parts *parts;
    const sgp_route *route;
    sgp_trace *trace;
    uint32_t at; /* route point that has been reached */
} tracing;

/* Number in parts->points of the i-th point of a move, as driven. */
static uint32_t point_of(const sgp_graph_parts *p, uint32_t move, uint32_t i) {
    const sgp_edge *edge = &p->edges[move >> 1];
    return edge->first_point + (move & 1 ? edge->n_points - 1 - i : i);
}

static uint32_t points_in(const sgp_graph_parts *p, uint32_t move) {
    return p->edges[move >> 1].n_points;
}

/* Steps on to the next route point where the graph's point is that one; a point that
 * repeats the last was left out of the route. */
static bool pass(tracing *t, uint32_t graph_point) {
    const sgp_route *r = t->route;
    sgp_point point = t->parts->points[graph_point];
    if (sgp_point_equal(r->points[t->at], point)) {
        t->trace->graph_point[t->at] = graph_point;
        return true;
    }
    if (t->at + 1 >= r->n_points || !sgp_point_equal(r->points[t->at + 1], point))
        return false;
    t->trace->graph_point[++t->at] = graph_point;
    return true;
}

/* The points of a move from the i-th to the last. */
static bool pass_rest(tracing *t, uint32_t move, uint32_t i) {
    for (; i < points_in(t->parts, move); i++)
        if (!pass(t, point_of(t->parts, move, i)))
            return false;
    return true;
}

/* The route begins within its first move: the earliest point of the edge from which all
 * others follow. */
static bool pass_first(tracing *t, uint32_t move) {
    for (uint32_t i = 1; i < points_in(t->parts, move); i++) {
        t->at = 0;
        if (pass_rest(t, move, i)) {
            t->trace->graph_point[0] = point_of(t->parts, move, i - 1);
            return true;
        }
    }
    return false;
}

/* The route ends within its last move, of which it has passed i - 1 points. */
static bool pass_last(tracing *t, uint32_t move, uint32_t i) {
    uint32_t last = (uint32_t)t->route->n_points - 1;
    while (i + 1 < points_in(t->parts, move) && t->at + 1 < last &&
           pass(t, point_of(t->parts, move, i)))
        i++;
    if (t->at + 1 < last)
        return false;
    t->at = last;
    t->trace->graph_point[last] = point_of(t->parts, move, i);
    return true;
}

/* The segment of the only move on which the route begins; nothing between is told by
 * points, so the one that is least of a detour over the start. */
static uint32_t nearest_segment(const tracing *t, uint32_t move) {
    uint32_t best = 0;
    double least_m = -1;
    for (uint32_t i = 0; i + 1 < points_in(t->parts, move); i++) {
        sgp_point a = t->parts->points[point_of(t->parts, move, i)];
        sgp_point b = t->parts->points[point_of(t->parts, move, i + 1)];
        sgp_point start = t->route->points[0];
        double detour_m =
            sgp_distance_m(a, start) + sgp_distance_m(start, b) - sgp_distance_m(a, b);
        if (least_m < 0 || detour_m < least_m) {
            least_m = detour_m;
            best = i;
        }
    }
    return best;
}

static bool pass_only(tracing *t, uint32_t move) {
    uint32_t first = nearest_segment(t, move);
    if (t->route->n_points > 2) /* the points between tell it for sure */
        for (first = 0; first + 2 < points_in(t->parts, move); first++)
            if (sgp_point_equal(t->parts->points[point_of(t->parts, move, first + 1)],
                                t->route->points[1]))
                break;
    t->at = 0;
    t->trace->graph_point[0] = point_of(t->parts, move, first);
    return pass_last(t, move, first + 1);
}

static bool lay(tracing *t) {
    const sgp_route *r = t->route;
    if (r->n_moves == 1)
        return pass_only(t, r->moves[0]);
    if (!pass_first(t, r->moves[0]))
        return false;
    for (size_t m = 1; m + 1 < r->n_moves; m++) {
        t->trace->first_point[m] = t->at;
        if (!pass_rest(t, r->moves[m], 0))
            return false;
    }
    t->trace->first_point[r->n_moves - 1] = t->at;
    return pass_last(t, r->moves[r->n_moves - 1], 1);
}

sgp_err sgp_trace_make(const sgp_graph *graph, const sgp_route *route, sgp_trace *out) {
    const sgp_graph_parts *parts = sgp_graph_get(graph);
    if (route->n_points < 2 || route->n_moves == 0)
        return SGP_E_ARGUMENT;
    for (size_t m = 0; m < route->n_moves; m++)
        if (route->moves[m] >> 1 >= parts->n_edges)
            return SGP_E_ARGUMENT;
    sgp_trace trace = {.n_moves = route->n_moves};
    trace.first_point = calloc(route->n_moves + 1, sizeof *trace.first_point);
    trace.graph_point = calloc(route->n_points, sizeof *trace.graph_point);
    if (!trace.first_point || !trace.graph_point) {
        sgp_trace_free(&trace);
        return SGP_E_MEMORY;
    }
    tracing t = {.parts = parts, .route = route, .trace = &trace};
    if (!lay(&t)) {
        sgp_trace_free(&trace);
        return SGP_E_ARGUMENT;
    }
    trace.first_point[route->n_moves] = (uint32_t)route->n_points - 1;
    *out = trace;
    return SGP_OK;
}

void sgp_trace_free(sgp_trace *trace) {
    free(trace->first_point);
    free(trace->graph_point);
    *trace = (sgp_trace){0};
}
