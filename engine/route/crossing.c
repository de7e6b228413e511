#include "route/crossing.h"

#include <math.h>

#include "route/graph_format.h"

#define RADIANS (3.14159265358979323846 / 180)
#define LOOK_AHEAD_M 15.0
#define SAME_PLACE_M 0.05

double sgp_turn_between(double before, double after) {
    double turn = remainder(after - before, 360);
    return turn <= -180 ? 180 : turn;
}

static double heading(sgp_point a, double lon_e7, double lat_e7) {
    double east = (lon_e7 - a.lon_e7) * cos(sgp_lat(a) * RADIANS);
    double degrees = atan2(east, lat_e7 - a.lat_e7) / RADIANS;
    return degrees < 0 ? degrees + 360 : degrees;
}

double sgp_line_bearing(const sgp_point *points, size_t n, int step) {
    sgp_point from = points[0];
    double done_m = 0;
    for (size_t i = 1; i < n; i++) {
        sgp_point a = points[(ptrdiff_t)(i - 1) * step];
        sgp_point b = points[(ptrdiff_t)i * step];
        double length_m = sgp_distance_m(a, b);
        bool enough = done_m + length_m >= LOOK_AHEAD_M;
        if (length_m > 0 && (enough || i + 1 == n)) {
            double share = enough ? (LOOK_AHEAD_M - done_m) / length_m : 1;
            return heading(from, a.lon_e7 + share * (b.lon_e7 - a.lon_e7),
                           a.lat_e7 + share * (b.lat_e7 - a.lat_e7));
        }
        done_m += length_m;
    }
    sgp_point last = points[(ptrdiff_t)(n - 1) * step];
    return sgp_point_equal(from, last) ? 0 : heading(from, last.lon_e7, last.lat_e7);
}

typedef struct crossing_search {
    const sgp_graph_parts *parts;
    const int32_t *weight;
    sgp_crossing *crossing;
} crossing_search;

static uint16_t whole_degrees(double degrees) {
    return (uint16_t)((int)lround(degrees) % 360);
}

static bool usable(const crossing_search *s, uint32_t arc) {
    return arc != SGP_NONE && s->weight[arc] < SGP_INF;
}

static uint32_t own_arc(const sgp_graph_parts *p, uint32_t move) {
    const sgp_edge *edge = &p->edges[move >> 1];
    return move & 1 ? edge->backward_arc : edge->forward_arc;
}

static void add_road(crossing_search *s, uint32_t move) {
    sgp_crossing *c = s->crossing;
    const sgp_edge *edge = &s->parts->edges[move >> 1];
    const sgp_point *points = s->parts->points + edge->first_point;
    for (size_t i = 0; i < c->n_roads; i++)
        if (c->roads[i].move == move)
            return;
    if (c->n_roads == SGP_CROSSING_ROADS)
        return;
    bool backward = move & 1;
    double bearing = sgp_line_bearing(points + (backward ? edge->n_points - 1 : 0), edge->n_points,
                                      backward ? -1 : 1);
    sgp_crossing_road road = {
        .move = move,
        .bearing = whole_degrees(bearing),
        .leaves = usable(s, own_arc(s->parts, move)),
        .arrives = usable(s, own_arc(s->parts, move ^ 1)),
    };
    size_t at = c->n_roads++;
    for (; at > 0 && (c->roads[at - 1].bearing > road.bearing ||
                      (c->roads[at - 1].bearing == road.bearing && c->roads[at - 1].move > move));
         at--)
        c->roads[at] = c->roads[at - 1];
    c->roads[at] = road;
}

static double look(void *context, const sgp_spatial_item *item) {
    crossing_search *s = context;
    const sgp_edge *edge = &s->parts->edges[item->edge];
    const sgp_point *points = s->parts->points + edge->first_point;
    if (sgp_point_equal(points[0], s->crossing->point))
        add_road(s, item->edge << 1);
    if (sgp_point_equal(points[edge->n_points - 1], s->crossing->point))
        add_road(s, item->edge << 1 | 1);
    return SAME_PLACE_M;
}

/* A road on which nobody of this profile may come or go is not there for its drivers. */
static void drop_closed(crossing_search *s, uint32_t in, uint32_t out) {
    sgp_crossing *c = s->crossing;
    size_t n = 0;
    for (size_t i = 0; i < c->n_roads; i++) {
        const sgp_crossing_road *road = &c->roads[i];
        if (road->leaves || road->arrives || road->move == out ||
            (in != SGP_NONE && road->move == (in ^ 1)))
            c->roads[n++] = *road;
    }
    c->n_roads = n;
}

static void allow(sgp_crossing *c, uint32_t move) {
    for (size_t i = 0; i < c->n_roads; i++)
        if (c->roads[i].move == move)
            c->roads[i].entry = true;
}

static void mark_entries_from(crossing_search *s, uint32_t vertex) {
    const sgp_graph_parts *p = s->parts;
    for (uint32_t a = p->first_arc[vertex]; a < p->first_arc[vertex + 1]; a++)
        if (p->arc_edge[a] != SGP_NONE && usable(s, a))
            allow(s->crossing, p->arc_edge[a]);
}

/* Roads that lead on from where `in` ends, directly or over one connector. */
static void mark_entries(crossing_search *s, uint32_t in) {
    const sgp_graph_parts *p = s->parts;
    uint32_t arc = own_arc(p, in);
    if (arc == SGP_NONE)
        return;
    uint32_t vertex = p->arc_head[arc];
    mark_entries_from(s, vertex);
    for (uint32_t a = p->first_arc[vertex]; a < p->first_arc[vertex + 1]; a++)
        if (p->arc_edge[a] == SGP_NONE && usable(s, a))
            mark_entries_from(s, p->arc_head[a]);
}

void sgp_crossing_look(const sgp_graph *graph, const int32_t *weight, uint32_t in, uint32_t out,
                       sgp_crossing *crossing) {
    const sgp_graph_parts *p = &graph->parts;
    uint32_t away = out != SGP_NONE ? out : in ^ 1;
    const sgp_edge *edge = &p->edges[away >> 1];
    *crossing = (sgp_crossing){
        .point = p->points[edge->first_point + (away & 1 ? edge->n_points - 1 : 0)],
        .in = -1,
        .out = -1,
    };
    crossing_search s = {p, weight, crossing};
    if (out != SGP_NONE)
        add_road(&s, out);
    if (in != SGP_NONE)
        add_road(&s, in ^ 1);
    sgp_plane plane = sgp_plane_around(crossing->point);
    sgp_spatial_search(&graph->spatial, &plane, SAME_PLACE_M, look, &s);
    drop_closed(&s, in, out);
    if (in != SGP_NONE)
        mark_entries(&s, in);
    for (size_t i = 0; i < crossing->n_roads; i++) {
        sgp_crossing_road *road = &crossing->roads[i];
        if (in == SGP_NONE)
            road->entry = road->leaves;
        if (in != SGP_NONE && road->move == (in ^ 1))
            crossing->in = (int)i;
        if (road->move == out) {
            road->entry = true; /* the route takes it */
            crossing->out = (int)i;
        }
    }
}
