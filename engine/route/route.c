/* A route: the arcs of the shortest way (way.h), laid end to end as points, times and steps. */
#include "route/ends.h"
#include "route/line.h"
#include "route/query.h"
#include "route/route.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A stretch driven on one edge. Offsets are from the edge's first point; the
 * way leads backward where from_mm > to_mm, or by the arc where they are equal. */
typedef struct route_piece {
    uint32_t arc;
    uint32_t from_mm, to_mm;
    int64_t wait_ms; /* turns and waits before it begins */
    int64_t ms;
} route_piece;

/* A route under construction. */
typedef struct drawing {
    const sgp_metric *metric;
    sgp_route *route;
    size_t point_capacity;
    int64_t clock_ms;
} drawing;

/* Of the stop's ends at `vertex` the one that takes least, the first of equals. */
static sgp_end end_at(const sgp_query *query, const sgp_stop *stop, uint32_t vertex) {
    sgp_end best = {.arc = SGP_NONE};
    sgp_stop_ends it = {0};
    for (sgp_end end; sgp_stop_next(&it, query->metric, stop, &end);)
        if (end.vertex == vertex && (best.arc == SGP_NONE || end.ms < best.ms))
            best = end;
    assert(best.arc != SGP_NONE);
    return best;
}

sgp_err sgp_route_label(sgp_query *query, const sgp_snap *from, const sgp_snap *to) {
    sgp_stop begin = {.kind = SGP_STOP_FROM, .snap = from};
    sgp_stop finish = {.kind = SGP_STOP_TO, .snap = to};
    sgp_err err = sgp_query_label(query, &begin, SGP_LEAVING);
    return err ? err : sgp_query_label(query, &finish, SGP_ARRIVING);
}

sgp_route_plan sgp_route_plan_way(const sgp_query *query, const sgp_snap *from,
                                  const sgp_snap *to) {
    if (query->way.ms >= SGP_INF)
        return (sgp_route_plan){.ms = SGP_UNREACHABLE};
    sgp_end first =
        end_at(query, &(sgp_stop){.kind = SGP_STOP_FROM, .snap = from}, query->way.first);
    sgp_end last = end_at(query, &(sgp_stop){.kind = SGP_STOP_TO, .snap = to}, query->way.last);
    return (sgp_route_plan){.ms = query->way.ms,
                            .first_arc = first.arc,
                            .last_arc = last.arc,
                            .first_ms = first.ms,
                            .last_ms = last.ms};
}

sgp_err sgp_route_plan_best(sgp_query *query, const sgp_snap *from, const sgp_snap *to,
                            sgp_route_plan *plan) {
    sgp_err err = sgp_route_label(query, from, to);
    if (!err)
        err = sgp_way_find(&query->way, query->metric, &query->leaving, &query->arriving);
    if (err)
        return err;
    uint32_t arc;
    int64_t direct_ms = sgp_ends_direct(query->metric, from, to, &arc);
    int64_t way_ms = query->way.ms < SGP_INF ? query->way.ms : SGP_UNREACHABLE;
    if (direct_ms != SGP_UNREACHABLE && sgp_ends_lesser(direct_ms, way_ms) == direct_ms)
        *plan = (sgp_route_plan){
            .ms = direct_ms, .first_arc = arc, .first_ms = direct_ms, .direct = true};
    else
        *plan = sgp_route_plan_way(query, from, to);
    return SGP_OK;
}

static void add_point(drawing *d, sgp_point point, int64_t at_ms) {
    sgp_route *r = d->route;
    assert(r->n_points < d->point_capacity);
    r->points[r->n_points] = point;
    r->at_ms[r->n_points++] = at_ms;
}

/* A point on the way; one that repeats the last is left out. */
static void pass_point(drawing *d, sgp_point point, int64_t at_ms) {
    if (!sgp_point_equal(d->route->points[d->route->n_points - 1], point))
        add_point(d, point, at_ms);
}

/* Length of a segment on the plane, in metres; great circles are ten times as dear. */
static double flat_m(const sgp_plane *plane, sgp_point a, sgp_point b) {
    double east = ((double)b.lon_e7 - a.lon_e7) * plane->lon_scale;
    double north = ((double)b.lat_e7 - a.lat_e7) * plane->lat_scale;
    return sqrt(east * east + north * north);
}

/* The points inside a whole edge, in driving order. Only the shares of its time depend on the
 * measure, so a local plane does. */
static void draw_whole(drawing *d, const sgp_edge *edge, const route_piece *piece) {
    const sgp_point *points = d->metric->graph->parts.points + edge->first_point;
    sgp_plane plane = sgp_plane_around(points[0]);
    double total_m = 0;
    for (uint32_t i = 1; i < edge->n_points; i++)
        total_m += flat_m(&plane, points[i - 1], points[i]);
    bool forward = piece->from_mm < piece->to_mm;
    double driven_m = 0;
    for (uint32_t i = 1; i + 1 < edge->n_points; i++) {
        uint32_t here = forward ? i : edge->n_points - 1 - i;
        driven_m += flat_m(&plane, points[forward ? here - 1 : here + 1], points[here]);
        uint32_t mm = sgp_line_offset_mm(edge->length_mm, driven_m, total_m);
        pass_point(d, points[here], d->clock_ms + piece->ms * mm / edge->length_mm);
    }
}

/* The points strictly inside a part of an edge, in driving order: which these are must be told
 * by the measure that places are snapped by. */
static void draw_part(drawing *d, const sgp_edge *edge, const route_piece *piece) {
    const sgp_point *points = d->metric->graph->parts.points + edge->first_point;
    bool forward = piece->from_mm < piece->to_mm;
    uint32_t low = forward ? piece->from_mm : piece->to_mm;
    uint32_t high = forward ? piece->to_mm : piece->from_mm;
    uint32_t driven_mm = high - low;
    double total_m = sgp_line_metres(points, edge->n_points);
    double before_m = forward ? 0 : total_m;
    for (uint32_t i = 1; i + 1 < edge->n_points && driven_mm > 0; i++) {
        uint32_t here = forward ? i : edge->n_points - 1 - i;
        uint32_t last = forward ? here - 1 : here + 1;
        double segment_m = sgp_distance_m(points[last], points[here]);
        before_m += forward ? segment_m : -segment_m;
        uint32_t mm = sgp_line_offset_mm(edge->length_mm, before_m, total_m);
        if (mm <= low || mm >= high)
            continue;
        uint32_t since_mm = forward ? mm - low : high - mm;
        pass_point(d, points[here], d->clock_ms + piece->ms * since_mm / driven_mm);
    }
}

static void draw_inside(drawing *d, const sgp_edge *edge, const route_piece *piece) {
    uint32_t driven_mm = piece->from_mm < piece->to_mm ? piece->to_mm - piece->from_mm
                                                       : piece->from_mm - piece->to_mm;
    if (edge->n_points > 2 && driven_mm == edge->length_mm)
        draw_whole(d, edge, piece);
    else if (edge->n_points > 2)
        draw_part(d, edge, piece);
}

/* Heading from a to b, degrees clockwise from north; false where a equals b. */
static bool heading_deg(sgp_point a, sgp_point b, double *heading) {
    if (sgp_point_equal(a, b))
        return false;
    double radians = 3.14159265358979323846 / 180;
    double east = ((double)b.lon_e7 - a.lon_e7) * cos(sgp_lat(a) * radians);
    double north = (double)b.lat_e7 - a.lat_e7;
    *heading = atan2(east, north) / radians;
    return true;
}

static int16_t turn_at(const sgp_route *r, uint32_t point) {
    double before, after;
    if (point == 0 || point + 1 >= r->n_points ||
        !heading_deg(r->points[point - 1], r->points[point], &before) ||
        !heading_deg(r->points[point], r->points[point + 1], &after))
        return 0;
    double turn = after - before;
    turn += turn <= -180 ? 360 : turn > 180 ? -360 : 0;
    return (int16_t)lround(turn);
}

static void enter_step(drawing *d, uint32_t edge_number, const sgp_edge *edge) {
    sgp_route *r = d->route;
    const char *name = sgp_graph_edge_name(d->metric->graph, edge_number);
    const char *before = r->n_steps > 0 ? r->steps[r->n_steps - 1].name : NULL;
    if (before && (before == name || strcmp(before, name) == 0))
        return;
    r->steps[r->n_steps++] = (sgp_step){
        .name = name,
        .first_point = r->n_steps > 0 ? (uint32_t)r->n_points - 1 : 0,
        .road_class = edge->road_class,
        .flags = edge->flags,
    };
}

static void draw_piece(drawing *d, const route_piece *piece, const sgp_point *end) {
    const sgp_graph_parts *p = &d->metric->graph->parts;
    uint32_t edge_number = p->arc_edge[piece->arc] >> 1;
    const sgp_edge *edge = &p->edges[edge_number];
    d->route->moves[d->route->n_moves++] = p->arc_edge[piece->arc];
    /* A place at the very end of its edge gives a piece of nothing, which is no step. */
    if (piece->from_mm != piece->to_mm || piece->ms + piece->wait_ms > 0) {
        enter_step(d, edge_number, edge);
        uint32_t mm = piece->from_mm < piece->to_mm ? piece->to_mm - piece->from_mm
                                                    : piece->from_mm - piece->to_mm;
        sgp_step *step = &d->route->steps[d->route->n_steps - 1];
        step->duration_ms += piece->wait_ms + piece->ms;
        step->length_mm += mm;
        d->route->length_mm += mm;
        d->clock_ms += piece->wait_ms;
        draw_inside(d, edge, piece);
        d->clock_ms += piece->ms;
    }
    if (end)
        add_point(d, *end, d->clock_ms);
    else
        pass_point(d, p->vertex_point[p->arc_head[piece->arc]], d->clock_ms);
    if (d->route->n_steps > 0) {
        sgp_step *step = &d->route->steps[d->route->n_steps - 1];
        step->n_points = (uint32_t)d->route->n_points - step->first_point;
    }
}

static route_piece whole_arc(const sgp_metric *metric, uint32_t arc, int64_t wait_ms) {
    const sgp_graph_parts *p = &metric->graph->parts;
    uint32_t length_mm = p->edges[p->arc_edge[arc] >> 1].length_mm;
    bool backward = p->arc_edge[arc] & 1;
    return (route_piece){
        .arc = arc,
        .from_mm = backward ? length_mm : 0,
        .to_mm = backward ? 0 : length_mm,
        .wait_ms = wait_ms,
        .ms = metric->weight[arc],
    };
}

/* Draws everything; the arrays have been made large enough. */
static void draw_plan(drawing *d, const sgp_query *query, const sgp_route_plan *plan,
                      uint32_t n_between, const sgp_snap *from, const sgp_snap *to) {
    const sgp_graph_parts *p = &query->metric->graph->parts;
    add_point(d, from->road, 0);
    route_piece first = whole_arc(query->metric, plan->first_arc, 0);
    first.from_mm = from->offset_mm;
    first.ms = plan->first_ms;
    if (plan->direct) {
        first.to_mm = to->offset_mm;
        draw_piece(d, &first, &to->road);
        return;
    }
    draw_piece(d, &first, NULL);
    int64_t wait_ms = 0; /* connector arcs have no road: their cost waits for the next piece */
    for (uint32_t i = 0; i < n_between; i++) {
        uint32_t arc = query->way.arcs[i];
        if (p->arc_edge[arc] == SGP_NONE) {
            wait_ms += query->metric->weight[arc];
            continue;
        }
        route_piece middle = whole_arc(query->metric, arc, wait_ms);
        draw_piece(d, &middle, NULL);
        wait_ms = 0;
    }
    route_piece last = whole_arc(query->metric, plan->last_arc, wait_ms);
    last.to_mm = to->offset_mm;
    last.ms = plan->last_ms;
    draw_piece(d, &last, &to->road);
}

enum { ARCS_AHEAD = 12 };

/* What is drawn of an arc lies far from what is drawn of the next: begin to fetch it. */
static void fetch_edge(const sgp_graph_parts *p, uint32_t arc) {
    uint32_t move = p->arc_edge[arc];
    if (move == SGP_NONE)
        return;
    const sgp_edge *edge = &p->edges[move >> 1];
    __builtin_prefetch(edge); /* its first half; the rest is read only where a step begins */
    __builtin_prefetch(&p->vertex_point[p->arc_head[arc]]);
}

/* Room for every point of every edge on the way, and one step and one move for each. */
static sgp_err make_room(drawing *d, const sgp_query *query, const sgp_route_plan *plan,
                         uint32_t n_between) {
    const sgp_graph_parts *p = &query->metric->graph->parts;
    size_t points = 2 + (size_t)p->edges[p->arc_edge[plan->first_arc] >> 1].n_points;
    size_t steps = 2 + (size_t)n_between;
    if (!plan->direct)
        points += p->edges[p->arc_edge[plan->last_arc] >> 1].n_points;
    for (uint32_t i = 0; i < n_between; i++) {
        uint32_t arc = query->way.arcs[i];
        if (i + ARCS_AHEAD < n_between)
            fetch_edge(p, query->way.arcs[i + ARCS_AHEAD]);
        if (p->arc_edge[arc] != SGP_NONE)
            points += p->edges[p->arc_edge[arc] >> 1].n_points;
    }
    sgp_route *r = d->route;
    r->points = malloc(points * sizeof *r->points);
    r->at_ms = malloc(points * sizeof *r->at_ms);
    r->steps = malloc(steps * sizeof *r->steps);
    r->moves = malloc(steps * sizeof *r->moves);
    d->point_capacity = points;
    if (r->points && r->at_ms && r->steps && r->moves)
        return SGP_OK;
    sgp_route_free(r);
    return SGP_E_MEMORY;
}

sgp_err sgp_route_draw(const sgp_query *query, const sgp_route_plan *plan, const sgp_source *source,
                       const sgp_snap *target, sgp_route *route) {
    sgp_route made = {.duration_ms = SGP_UNREACHABLE};
    if (plan->ms != SGP_UNREACHABLE) {
        drawing d = {.metric = query->metric, .route = &made};
        uint32_t n_between = plan->direct ? 0 : (uint32_t)query->way.n_arcs;
        sgp_err err = make_room(&d, query, plan, n_between);
        if (err)
            return err;
        draw_plan(&d, query, plan, n_between, &source->from, target);
        assert(d.clock_ms == plan->ms);
        made.duration_ms = plan->ms + source->penalty_ms;
        for (size_t i = 0; i < made.n_steps; i++)
            made.steps[i].turn_deg = turn_at(&made, made.steps[i].first_point);
    }
    *route = made;
    return SGP_OK;
}

sgp_err sgp_query_route(sgp_query *query, const sgp_source *source, const sgp_snap *target,
                        sgp_route *route) {
    sgp_route_plan plan;
    sgp_err err = sgp_ends_check_source(query->metric->graph, source);
    if (!err)
        err = sgp_ends_check_snap(query->metric->graph, target);
    if (!err)
        err = sgp_route_plan_best(query, &source->from, target, &plan);
    return err ? err : sgp_route_draw(query, &plan, source, target, route);
}

void sgp_route_free(sgp_route *route) {
    if (!route)
        return;
    free(route->points);
    free(route->at_ms);
    free(route->steps);
    free(route->moves);
    *route = (sgp_route){.duration_ms = SGP_UNREACHABLE};
}
