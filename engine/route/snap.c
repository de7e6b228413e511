/* From a point to the roads near it that fulfil a wish.
 *
 * The wish is asked of every segment, not of the whole edge: on a bending road the
 * answer is the nearest place where the vehicle's heading fits, and at a corner the
 * arm that fits wins over the one that is as near. */
#include "sigap/router.h"
#include "route/graph_format.h"
#include "route/line.h"

#include <math.h>

#define FURTHEST_M 2000000.0 /* on_foot_mm must fit 32 bits, and the plane must stay a plane */

enum { BOTH = SGP_ALONG | SGP_AGAINST };
enum { SIDE_ON, SIDE_LEFT, SIDE_RIGHT }; /* as in sgp_snap */

typedef struct snap_search {
    const sgp_graph *graph;
    const sgp_snap_wish *wish;
    const int32_t *weight; /* the stored ones of the wish's profile */
    bool is_limited;       /* the wish asks for a direction */
    sgp_plane plane;
    double radius_m;
    sgp_snap *snaps; /* offset_mm holds the segment until the end */
    size_t capacity;
    size_t n;
} snap_search;

static int64_t millimetres(double metres) {
    return llround(metres * 1000);
}

/* Directions that the profile may drive at all. */
static uint8_t drivable(const snap_search *s, const sgp_edge *edge) {
    uint8_t directions = 0;
    if (edge->forward_arc != SGP_NONE && s->weight[edge->forward_arc] < SGP_INF)
        directions |= SGP_ALONG;
    if (edge->backward_arc != SGP_NONE && s->weight[edge->backward_arc] < SGP_INF)
        directions |= SGP_AGAINST;
    return directions;
}

/* More than 0: c lies to the left of the way from a to b. */
static double turn(const sgp_plane *plane, sgp_point a, sgp_point b, sgp_point c) {
    double ax, ay, bx, by, cx, cy;
    sgp_to_plane(plane, a, &ax, &ay);
    sgp_to_plane(plane, b, &bx, &by);
    sgp_to_plane(plane, c, &cx, &cy);
    return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
}

/* On which side of the edge the searched point lies, seen from the foot `f` on
 * `segment`. Where a bend is what comes closest, the line of one arm alone may tell the
 * wrong side: left of a bend to the left is what lies left of both arms, left of a bend
 * to the right what lies left of either. */
static uint8_t side_of(const snap_search *s, const sgp_edge *edge, uint32_t segment, sgp_foot f) {
    if (millimetres(f.distance_m) == 0)
        return SIDE_ON;
    const sgp_point *points = s->graph->parts.points + edge->first_point;
    sgp_point here = s->plane.middle;
    uint32_t bend = segment + (f.along >= 1 ? 1 : 0);
    double left = turn(&s->plane, points[segment], points[segment + 1], here);
    if ((f.along <= 0 || f.along >= 1) && bend > 0 && bend + 1 < edge->n_points) {
        double in = turn(&s->plane, points[bend - 1], points[bend], here);
        double out = turn(&s->plane, points[bend], points[bend + 1], here);
        double bends = turn(&s->plane, points[bend - 1], points[bend], points[bend + 1]);
        if (bends != 0)
            left = bends > 0 ? fmin(in, out) : fmax(in, out);
    }
    return left == 0 ? SIDE_ON : left > 0 ? SIDE_LEFT : SIDE_RIGHT;
}

/* Directions of a segment that lead the way the wish says. */
static uint8_t heading_fits(const snap_search *s, sgp_point a, sgp_point b) {
    double ax, ay, bx, by;
    sgp_to_plane(&s->plane, a, &ax, &ay);
    sgp_to_plane(&s->plane, b, &bx, &by);
    if (ax == bx && ay == by)
        return 0; /* a segment of no length leads nowhere */
    double along_deg = atan2(bx - ax, by - ay) * 180 / 3.14159265358979323846;
    double off_deg = fabs(remainder(s->wish->heading_deg - along_deg, 360));
    uint8_t fits = 0;
    if (off_deg <= s->wish->heading_within_deg)
        fits |= SGP_ALONG;
    if (180 - off_deg <= s->wish->heading_within_deg)
        fits |= SGP_AGAINST;
    return fits;
}

/* Of the drivable directions of a segment those that fulfil the wish. A road that is
 * driven one way only serves both its kerbs, and who stands on the road has none. */
static uint8_t wished(const snap_search *s, const sgp_edge *edge, uint32_t segment, sgp_foot f,
                      uint8_t directions) {
    const sgp_point *points = s->graph->parts.points + edge->first_point;
    uint8_t left = directions;
    if (s->wish->has_heading)
        left &= heading_fits(s, points[segment], points[segment + 1]);
    if (s->wish->kerb && left != 0 && directions == BOTH) {
        uint8_t side = side_of(s, edge, segment, f);
        bool along = side == (s->graph->parts.drives_left ? SIDE_LEFT : SIDE_RIGHT);
        if (side != SIDE_ON)
            left &= along ? SGP_ALONG : SGP_AGAINST;
    }
    return left;
}

/* The written order of answers: nearer first, then the lower edge number, and
 * on one edge the earlier segment. */
static bool comes_before(const sgp_snap *a, const sgp_snap *b) {
    if (a->on_foot_mm != b->on_foot_mm)
        return a->on_foot_mm < b->on_foot_mm;
    if (a->edge != b->edge)
        return a->edge < b->edge;
    return a->offset_mm < b->offset_mm;
}

/* Puts a candidate in its place among the answers; an edge appears once. */
static void keep(snap_search *s, const sgp_snap *candidate) {
    size_t end = s->n;
    for (size_t i = 0; i < s->n; i++) {
        if (s->snaps[i].edge != candidate->edge)
            continue;
        if (!comes_before(candidate, &s->snaps[i]))
            return;
        end = i; /* the better place on this edge takes over */
        break;
    }
    if (end == s->n) {
        if (s->n < s->capacity)
            s->n++;
        else if (comes_before(candidate, &s->snaps[s->n - 1]))
            end = s->n - 1;
        else
            return;
    }
    while (end > 0 && comes_before(candidate, &s->snaps[end - 1])) {
        s->snaps[end] = s->snaps[end - 1];
        end--;
    }
    s->snaps[end] = *candidate;
}

static void look_at_run(snap_search *s, const sgp_spatial_item *item) {
    const sgp_graph_parts *parts = &s->graph->parts;
    const sgp_edge *edge = &parts->edges[item->edge];
    uint8_t directions = drivable(s, edge);
    if (directions == 0 || !(edge->main_profiles >> s->wish->profile & 1) ||
        s->wish->without_classes >> edge->road_class & 1)
        return;
    const sgp_point *points = parts->points + edge->first_point;
    uint32_t end = item->first_segment + sgp_spatial_run(edge, item->first_segment);
    sgp_snap best = {.edge = SGP_NONE};
    for (uint32_t segment = item->first_segment; segment < end; segment++) {
        sgp_foot f = sgp_foot_on(&s->plane, points[segment], points[segment + 1]);
        if (f.distance_m > s->radius_m ||
            (best.edge != SGP_NONE && millimetres(f.distance_m) >= best.on_foot_mm))
            continue;
        uint8_t left = s->is_limited ? wished(s, edge, segment, f, directions) : BOTH;
        if (left != 0)
            best = (sgp_snap){.edge = item->edge,
                              .offset_mm = segment,
                              .on_foot_mm = (int32_t)millimetres(f.distance_m),
                              .directions = left == BOTH ? 0 : left};
    }
    if (best.edge != SGP_NONE)
        keep(s, &best);
}

/* Returns the distance beyond which nothing can become an answer any more. A
 * millimetre is added because answers are compared in whole millimetres. */
static double look(void *context, const sgp_spatial_item *item) {
    snap_search *s = context;
    look_at_run(s, item);
    if (s->n < s->capacity)
        return s->radius_m;
    double worst_m = s->snaps[s->n - 1].on_foot_mm / 1000.0 + 0.001;
    return worst_m < s->radius_m ? worst_m : s->radius_m;
}

/* Turns (edge, segment) into the full answer. */
static void complete(const snap_search *s, sgp_snap *snap) {
    const sgp_graph_parts *parts = &s->graph->parts;
    const sgp_edge *edge = &parts->edges[snap->edge];
    const sgp_point *points = parts->points + edge->first_point;
    uint32_t segment = snap->offset_mm;
    sgp_point a = points[segment];
    sgp_point b = points[segment + 1];
    sgp_foot f = sgp_foot_on(&s->plane, a, b);
    snap->road = sgp_point_between(a, b, f.along);
    double before = sgp_line_metres(points, segment + 1) + f.along * sgp_distance_m(a, b);
    snap->offset_mm =
        sgp_line_offset_mm(edge->length_mm, before, sgp_line_metres(points, edge->n_points));
    snap->side = side_of(s, edge, segment, f);
}

static bool makes_sense(const sgp_graph *graph, sgp_point point, const sgp_snap_wish *wish) {
    return wish->radius_m >= 0 && point.lat_e7 >= -900000000 && point.lat_e7 <= 900000000 &&
           wish->profile < graph->parts.n_profiles &&
           (!wish->has_heading || (isfinite(wish->heading_deg) && wish->heading_within_deg >= 0 &&
                                   wish->heading_within_deg <= 180));
}

sgp_err sgp_graph_snap_wish(const sgp_graph *graph, sgp_point point, const sgp_snap_wish *wish,
                            sgp_snap *snaps, size_t capacity, size_t *n) {
    if (!makes_sense(graph, point, wish))
        return SGP_E_ARGUMENT;
    *n = 0;
    if (capacity == 0)
        return SGP_OK;
    const sgp_graph_parts *parts = &graph->parts;
    snap_search s = {
        .graph = graph,
        .wish = wish,
        .weight = parts->weight + (size_t)wish->profile * parts->n_arcs,
        .is_limited = wish->has_heading || wish->kerb,
        .plane = sgp_plane_around(point),
        .radius_m = wish->radius_m < FURTHEST_M ? wish->radius_m : FURTHEST_M,
        .snaps = snaps,
        .capacity = capacity,
    };
    sgp_spatial_search(&graph->spatial, &s.plane, s.radius_m, look, &s);
    for (size_t i = 0; i < s.n; i++)
        complete(&s, &snaps[i]);
    *n = s.n;
    return SGP_OK;
}

sgp_err sgp_graph_snap(const sgp_graph *graph, sgp_point point, double radius_m, sgp_snap *snaps,
                       size_t capacity, size_t *n) {
    const sgp_snap_wish plain = {.radius_m = radius_m};
    return sgp_graph_snap_wish(graph, point, &plain, snaps, capacity, n);
}
