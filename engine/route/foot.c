#include "route/foot.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sigap/walk.h"

int64_t sgp_straight_ms(int64_t mm) {
    return mm * 1000 / SGP_STRAIGHT_MM_PER_S;
}

/* ---- the net ------------------------------------------------------------------- */

/* Incoming arcs by head: a counting sort, ascending by arc within a head. */
static void sort_incoming(sgp_foot_net *net) {
    const sgp_graph_parts *p = net->parts;
    for (uint32_t v = 0; v < p->n_foot_vertices; v++)
        for (uint32_t a = p->foot_first_arc[v]; a < p->foot_first_arc[v + 1]; a++) {
            net->arc_tail[a] = v;
            net->first_in[p->foot_arcs[a].head + 1]++;
        }
    for (uint32_t v = 0; v < p->n_foot_vertices; v++)
        net->first_in[v + 1] += net->first_in[v];
    for (uint32_t a = 0; a < p->n_foot_arcs; a++)
        net->in_arc[net->first_in[p->foot_arcs[a].head]++] = a;
    /* Every start has moved to the next vertex's. */
    memmove(net->first_in + 1, net->first_in, p->n_foot_vertices * sizeof *net->first_in);
    net->first_in[0] = 0;
}

static sgp_err index_arcs(sgp_foot_net *net) {
    const sgp_graph_parts *p = net->parts;
    sgp_placed_item *placed = malloc(((size_t)p->n_foot_arcs + 1) * sizeof *placed);
    if (!placed)
        return SGP_E_MEMORY;
    sgp_box bounds = {p->foot_point[0], p->foot_point[0]};
    for (uint32_t v = 0; v < p->n_foot_vertices; v++)
        sgp_box_include(&bounds, p->foot_point[v]);
    for (uint32_t a = 0; a < p->n_foot_arcs; a++) {
        sgp_point tail = p->foot_point[net->arc_tail[a]];
        placed[a] = (sgp_placed_item){.item = {a, net->arc_tail[a]}, .box = {tail, tail}};
        sgp_box_include(&placed[a].box, p->foot_point[p->foot_arcs[a].head]);
    }
    sgp_err err = sgp_spatial_pack(placed, p->n_foot_arcs, &bounds, &net->spatial);
    free(placed);
    return err;
}

sgp_err sgp_foot_net_init(sgp_foot_net *net, const sgp_graph_parts *parts) {
    *net = (sgp_foot_net){.parts = parts};
    if (parts->n_foot_vertices == 0)
        return SGP_OK;
    size_t n = parts->n_foot_vertices;
    size_t n_arcs = (size_t)parts->n_foot_arcs + 1;
    net->arc_tail = malloc(n_arcs * sizeof *net->arc_tail);
    net->first_in = calloc(n + 1, sizeof *net->first_in);
    net->in_arc = malloc(n_arcs * sizeof *net->in_arc);
    net->reached = calloc(n, sizeof *net->reached);
    net->heap = malloc(n * sizeof *net->heap);
    sgp_err err = SGP_E_MEMORY;
    if (net->arc_tail && net->first_in && net->in_arc && net->reached && net->heap) {
        sort_incoming(net);
        err = index_arcs(net);
    }
    if (err)
        sgp_foot_net_deinit(net);
    return err;
}

void sgp_foot_net_deinit(sgp_foot_net *net) {
    sgp_spatial_free(&net->spatial);
    free(net->arc_tail);
    free(net->first_in);
    free(net->in_arc);
    free(net->reached);
    free(net->heap);
    *net = (sgp_foot_net){0};
}

/* ---- the search ---------------------------------------------------------------- */

/* The written order: quicker first, then the lower number. */
static bool comes_before(const sgp_foot_net *net, uint32_t a, uint32_t b) {
    int32_t a_ms = net->reached[a].ms;
    int32_t b_ms = net->reached[b].ms;
    return a_ms != b_ms ? a_ms < b_ms : a < b;
}

static void put(sgp_foot_net *net, uint32_t i, uint32_t vertex) {
    net->heap[i] = vertex;
    net->reached[vertex].heap_place = i;
}

static void sift_up(sgp_foot_net *net, uint32_t i, uint32_t vertex) {
    for (; i > 0 && comes_before(net, vertex, net->heap[(i - 1) / 2]); i = (i - 1) / 2)
        put(net, i, net->heap[(i - 1) / 2]);
    put(net, i, vertex);
}

static uint32_t take_quickest(sgp_foot_net *net) {
    uint32_t quickest = net->heap[0];
    uint32_t last = net->heap[--net->heap_count];
    uint32_t i = 0;
    for (uint32_t child; (child = 2 * i + 1) < net->heap_count; i = child) {
        if (child + 1 < net->heap_count &&
            comes_before(net, net->heap[child + 1], net->heap[child]))
            child++;
        if (!comes_before(net, net->heap[child], last))
            break;
        put(net, i, net->heap[child]);
    }
    if (net->heap_count > 0)
        put(net, i, last);
    net->reached[quickest].heap_place = SGP_NONE;
    return quickest;
}

static void reach(sgp_foot_net *net, uint32_t vertex, int64_t ms, uint32_t arc, bool is_entry) {
    sgp_foot_reached *r = &net->reached[vertex];
    if (ms > net->limit_ms)
        return;
    if (r->round != net->round) {
        r->round = net->round;
        r->heap_place = net->heap_count++;
    } else if (r->heap_place == SGP_NONE || ms >= r->ms) {
        return; /* settled, or no improvement */
    }
    r->ms = (int32_t)ms;
    r->arc = arc;
    r->is_entry = is_entry;
    sift_up(net, r->heap_place, vertex);
}

/* ---- where the place meets the net ------------------------------------------------ */

static sgp_foot foot_on_arc(const sgp_foot_net *net, uint32_t arc) {
    const sgp_graph_parts *p = net->parts;
    return sgp_foot_on(&net->plane, p->foot_point[net->arc_tail[arc]],
                       p->foot_point[p->foot_arcs[arc].head]);
}

static int64_t arc_mm(const sgp_foot_net *net, uint32_t arc) {
    const sgp_graph_parts *p = net->parts;
    return llround(1000 * sgp_distance_m(p->foot_point[net->arc_tail[arc]],
                                         p->foot_point[p->foot_arcs[arc].head]));
}

/* An entry's arc is walked up to the foot of the place, and from there straight. */
static int64_t entry_mm(const sgp_foot_net *net, uint32_t arc, sgp_foot f) {
    return llround(f.along * (double)arc_mm(net, arc)) + llround(1000 * f.distance_m);
}

static int64_t entry_ms(const sgp_foot_net *net, uint32_t arc, sgp_foot f) {
    int64_t length_mm = arc_mm(net, arc);
    int64_t part_mm = llround(f.along * (double)length_mm);
    int64_t on_way_ms = length_mm > 0 ? net->parts->foot_arcs[arc].ms * part_mm / length_mm : 0;
    return on_way_ms + sgp_straight_ms(llround(1000 * f.distance_m));
}

typedef struct entering {
    sgp_foot_net *net;
    double horizon_m;
    double beside_m; /* negative: enter, do not narrow the horizon */
    bool any;        /* within the horizon */
} entering;

static double look(void *context, const sgp_spatial_item *item) {
    entering *e = context;
    sgp_foot_net *net = e->net;
    sgp_foot f = foot_on_arc(net, item->edge);
    if (f.distance_m > e->horizon_m || net->parts->foot_arcs[item->edge].ms >= SGP_INF)
        return e->horizon_m;
    e->any = true;
    if (e->beside_m >= 0)
        e->horizon_m = fmin(e->horizon_m, f.distance_m + e->beside_m);
    else
        reach(net, item->first_segment, entry_ms(net, item->edge, f), item->edge, true);
    return e->horizon_m;
}

void sgp_foot_net_begin(sgp_foot_net *net, sgp_point place, double direct_m, double beside_m,
                        int32_t limit_ms) {
    if (net->round == UINT32_MAX) { /* rounds are used up: forget them all and start over */
        memset(net->reached, 0, net->parts->n_foot_vertices * sizeof *net->reached);
        net->round = 0;
    }
    net->round++;
    net->heap_count = 0;
    net->limit_ms = limit_ms;
    net->plane = sgp_plane_around(place);
    entering e = {.net = net, .horizon_m = direct_m, .beside_m = beside_m};
    sgp_spatial_search(&net->spatial, &net->plane, e.horizon_m, look, &e);
    e.beside_m = -1;
    if (e.any)
        sgp_spatial_search(&net->spatial, &net->plane, e.horizon_m, look, &e);
}

bool sgp_foot_net_next(sgp_foot_net *net, uint32_t *vertex) {
    if (net->heap_count == 0)
        return false;
    uint32_t v = take_quickest(net);
    for (uint32_t i = net->first_in[v]; i < net->first_in[v + 1]; i++) {
        uint32_t a = net->in_arc[i];
        if (net->parts->foot_arcs[a].ms < SGP_INF)
            reach(net, net->arc_tail[a], (int64_t)net->reached[v].ms + net->parts->foot_arcs[a].ms,
                  a, false);
    }
    *vertex = v;
    return true;
}

/* ---- the way back ------------------------------------------------------------------ */

int64_t sgp_foot_net_mm(const sgp_foot_net *net, uint32_t vertex, size_t *n_points) {
    int64_t mm = 0;
    *n_points = 3; /* the last vertex, the entry, the place */
    for (; !net->reached[vertex].is_entry; (*n_points)++) {
        uint32_t arc = net->reached[vertex].arc;
        mm += arc_mm(net, arc);
        vertex = net->parts->foot_arcs[arc].head;
    }
    uint32_t arc = net->reached[vertex].arc;
    return mm + entry_mm(net, arc, foot_on_arc(net, arc));
}

void sgp_foot_net_points(const sgp_foot_net *net, uint32_t vertex, sgp_point *points) {
    const sgp_graph_parts *p = net->parts;
    for (; !net->reached[vertex].is_entry; vertex = p->foot_arcs[net->reached[vertex].arc].head)
        *points++ = p->foot_point[vertex];
    uint32_t arc = net->reached[vertex].arc;
    *points++ = p->foot_point[vertex];
    *points++ = sgp_point_between(p->foot_point[vertex], p->foot_point[p->foot_arcs[arc].head],
                                  foot_on_arc(net, arc).along);
    *points = net->plane.middle;
}
