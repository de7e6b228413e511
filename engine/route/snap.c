/* From a point to the roads near it: a depth-first search down the R-tree,
 * nearest box first, that leaves out every box further away than the worst
 * answer so far (Roussopoulos, Kelley & Vincent 1995). */
#include "sigap/router.h"
#include "route/graph_format.h"
#include "route/line.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#define METRES_PER_E7 (6371008.8 * 3.14159265358979323846 / 180.0 / 1e7)
#define FURTHEST_M 2000000.0 /* on_foot_mm must fit 32 bits, and the plane must stay a plane */

/* Where on a run of segments the point comes closest. */
typedef struct foot {
    double distance_m;
    double along; /* 0..1 of its segment */
    uint32_t segment;
} foot;

typedef struct snap_search {
    const sgp_graph *graph;
    sgp_point point;
    double lon_scale, lat_scale; /* metres for one unit */
    double radius_m;
    sgp_snap *snaps; /* offset_mm holds the segment until the end */
    size_t capacity;
    size_t n;
} snap_search;

/* A box of the tree that is still to be looked into. */
typedef struct waiting_box {
    double distance_m;
    uint32_t level, index;
} waiting_box;

/* Metres east and north of the searched point. */
static void to_plane(const snap_search *s, sgp_point p, double *x, double *y) {
    *x = ((double)p.lon_e7 - s->point.lon_e7) * s->lon_scale;
    *y = ((double)p.lat_e7 - s->point.lat_e7) * s->lat_scale;
}

static double box_distance_m(const snap_search *s, const sgp_box *box) {
    double x_low, y_low, x_high, y_high;
    to_plane(s, box->low, &x_low, &y_low);
    to_plane(s, box->high, &x_high, &y_high);
    double x = x_low > 0 ? x_low : x_high < 0 ? -x_high : 0;
    double y = y_low > 0 ? y_low : y_high < 0 ? -y_high : 0;
    return sqrt(x * x + y * y);
}

static foot foot_on_segment(const snap_search *s, const sgp_point *points, uint32_t segment) {
    double ax, ay, bx, by;
    to_plane(s, points[segment], &ax, &ay);
    to_plane(s, points[segment + 1], &bx, &by);
    double dx = bx - ax;
    double dy = by - ay;
    double square = dx * dx + dy * dy;
    double along = square > 0 ? -(ax * dx + ay * dy) / square : 0;
    along = along < 0 ? 0 : along > 1 ? 1 : along;
    double x = ax + along * dx;
    double y = ay + along * dy;
    return (foot){.distance_m = sqrt(x * x + y * y), .along = along, .segment = segment};
}

static int64_t millimetres(double metres) {
    return llround(metres * 1000);
}

static bool is_drivable(const sgp_graph_parts *parts, const sgp_edge *edge) {
    return (edge->forward_arc != SGP_NONE && parts->weight[edge->forward_arc] < SGP_INF) ||
           (edge->backward_arc != SGP_NONE && parts->weight[edge->backward_arc] < SGP_INF);
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

static void look_at_item(snap_search *s, const sgp_spatial_item *item) {
    const sgp_graph_parts *parts = &s->graph->parts;
    const sgp_edge *edge = &parts->edges[item->edge];
    if (!is_drivable(parts, edge))
        return;
    const sgp_point *points = parts->points + edge->first_point;
    foot best = foot_on_segment(s, points, item->first_segment);
    uint32_t run = sgp_spatial_run(edge, item->first_segment);
    for (uint32_t i = 1; i < run; i++) {
        foot here = foot_on_segment(s, points, item->first_segment + i);
        if (millimetres(here.distance_m) < millimetres(best.distance_m))
            best = here;
    }
    if (best.distance_m > s->radius_m)
        return;
    sgp_snap candidate = {
        .edge = item->edge,
        .offset_mm = best.segment,
        .on_foot_mm = (int32_t)millimetres(best.distance_m),
    };
    keep(s, &candidate);
}

/* The distance beyond which nothing can become an answer any more. A
 * millimetre is added because answers are compared in whole millimetres. */
static double horizon_m(const snap_search *s) {
    if (s->n < s->capacity)
        return s->radius_m;
    return s->snaps[s->n - 1].on_foot_mm / 1000.0 + 0.001;
}

static void search_tree(snap_search *s) {
    const sgp_spatial *spatial = &s->graph->spatial;
    waiting_box stack[SGP_SPATIAL_LEVELS * SGP_SPATIAL_FANOUT + 1];
    size_t depth = 0;
    stack[depth++] = (waiting_box){0, spatial->n_levels - 1, 0};
    while (depth > 0) {
        waiting_box box = stack[--depth];
        if (box.distance_m > horizon_m(s))
            continue;
        if (box.level == 0) {
            look_at_item(s, &spatial->items[box.index]);
            continue;
        }
        uint32_t level = box.level - 1;
        uint32_t end = (box.index + 1) * SGP_SPATIAL_FANOUT;
        if (end > spatial->level_count[level])
            end = spatial->level_count[level];
        size_t bottom = depth;
        for (uint32_t i = box.index * SGP_SPATIAL_FANOUT; i < end; i++) {
            const sgp_box *child = &spatial->boxes[spatial->level_first[level] + i];
            waiting_box waiting = {box_distance_m(s, child), level, i};
            if (waiting.distance_m > horizon_m(s))
                continue;
            assert(depth < sizeof stack / sizeof *stack);
            size_t place = depth++;
            for (; place > bottom && stack[place - 1].distance_m < waiting.distance_m; place--)
                stack[place] = stack[place - 1];
            stack[place] = waiting; /* the nearest lies on top */
        }
    }
}

/* Turns (edge, segment) into the full answer. */
static void complete(const snap_search *s, sgp_snap *snap) {
    const sgp_graph_parts *parts = &s->graph->parts;
    const sgp_edge *edge = &parts->edges[snap->edge];
    const sgp_point *points = parts->points + edge->first_point;
    uint32_t segment = snap->offset_mm;
    foot f = foot_on_segment(s, points, segment);
    sgp_point a = points[segment];
    sgp_point b = points[segment + 1];
    snap->road.lon_e7 = (int32_t)lround(a.lon_e7 + f.along * ((double)b.lon_e7 - a.lon_e7));
    snap->road.lat_e7 = (int32_t)lround(a.lat_e7 + f.along * ((double)b.lat_e7 - a.lat_e7));
    double before = sgp_line_metres(points, segment + 1) + f.along * sgp_distance_m(a, b);
    snap->offset_mm =
        sgp_line_offset_mm(edge->length_mm, before, sgp_line_metres(points, edge->n_points));
    double ax, ay, bx, by;
    to_plane(s, a, &ax, &ay);
    to_plane(s, b, &bx, &by);
    double cross = (bx - ax) * -ay - (by - ay) * -ax; /* positive: the point lies left */
    snap->side = snap->on_foot_mm == 0 || cross == 0 ? 0 : cross > 0 ? 1 : 2;
}

sgp_err sgp_graph_snap(const sgp_graph *graph, sgp_point point, double radius_m, sgp_snap *snaps,
                       size_t capacity, size_t *n) {
    if (!(radius_m >= 0) || point.lat_e7 < -900000000 || point.lat_e7 > 900000000)
        return SGP_E_ARGUMENT;
    *n = 0;
    if (capacity == 0 || graph->spatial.n_items == 0)
        return SGP_OK;
    snap_search s = {
        .graph = graph,
        .point = point,
        .lon_scale = METRES_PER_E7 * cos(sgp_lat(point) * 3.14159265358979323846 / 180),
        .lat_scale = METRES_PER_E7,
        .radius_m = radius_m < FURTHEST_M ? radius_m : FURTHEST_M,
        .snaps = snaps,
        .capacity = capacity,
    };
    search_tree(&s);
    for (size_t i = 0; i < s.n; i++)
        complete(&s, &snaps[i]);
    *n = s.n;
    return SGP_OK;
}
