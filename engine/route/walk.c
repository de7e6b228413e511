/* Where a vehicle can stand for a place, and the walk from there. */
#include "sigap/walk.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "route/foot.h"
#include "route/graph_format.h"

/* Doors that are looked at for one place. More are never needed to fill the stands,
 * unless many roads meet at one point. */
enum { CANDIDATES = 64 };

const sgp_walk_options sgp_walk_defaults = {
    .profile = 0, .radius_m = 2000, .direct_m = 60, .limit_ms = 15 * 60 * 1000};

typedef struct candidate {
    sgp_stand stand;
    uint32_t vertex; /* the foot vertex where the walk begins; SGP_NONE: straight */
    bool chosen;
} candidate;

struct sgp_walker {
    const sgp_graph *graph;
    sgp_foot_net net;
    candidate candidates[CANDIDATES];
    size_t n_candidates;
};

sgp_err sgp_walker_create(const sgp_graph *graph, sgp_walker **walker) {
    sgp_walker *w = calloc(1, sizeof *w);
    if (!w)
        return SGP_E_MEMORY;
    w->graph = graph;
    sgp_err err = sgp_foot_net_init(&w->net, &graph->parts);
    if (err) {
        free(w);
        return err;
    }
    *walker = w;
    return SGP_OK;
}

void sgp_walker_destroy(sgp_walker *walker) {
    if (!walker)
        return;
    sgp_foot_net_deinit(&walker->net);
    free(walker);
}

/* ---- candidates ------------------------------------------------------------------ */

/* The written order of stands: quicker walk, then edge, then offset; straight first. */
static bool comes_before(const candidate *a, const candidate *b) {
    if (a->stand.walk_ms != b->stand.walk_ms)
        return a->stand.walk_ms < b->stand.walk_ms;
    if (a->stand.snap.edge != b->stand.snap.edge)
        return a->stand.snap.edge < b->stand.snap.edge;
    if (a->stand.snap.offset_mm != b->stand.snap.offset_mm)
        return a->stand.snap.offset_mm < b->stand.snap.offset_mm;
    return a->vertex == SGP_NONE && b->vertex != SGP_NONE;
}

/* Keeps the candidates in order; when they are too many, the last goes. */
static void add(sgp_walker *w, const sgp_stand *stand, uint32_t vertex) {
    candidate new = {*stand, vertex, false};
    if (w->n_candidates == CANDIDATES) {
        if (!comes_before(&new, &w->candidates[CANDIDATES - 1]))
            return;
        w->n_candidates--;
    }
    size_t i = w->n_candidates++;
    for (; i > 0 && comes_before(&new, &w->candidates[i - 1]); i--)
        w->candidates[i] = w->candidates[i - 1];
    w->candidates[i] = new;
}

static void add_straight(sgp_walker *w, const sgp_snap *snap) {
    sgp_stand stand = {
        .snap = *snap, .walk_ms = sgp_straight_ms(snap->on_foot_mm), .walk_mm = snap->on_foot_mm};
    add(w, &stand, SGP_NONE);
}

/* Roads from which one walks straight, not further than radius_m. */
static sgp_err add_roads(sgp_walker *w, sgp_point place, const sgp_walk_options *options,
                         double radius_m, size_t most) {
    sgp_snap snaps[SGP_STANDS_MAX];
    size_t n;
    const sgp_snap_wish wish = {.radius_m = radius_m, .profile = options->profile};
    sgp_err err = sgp_graph_snap_wish(w->graph, place, &wish, snaps, most, &n);
    if (err)
        return err;
    for (size_t i = 0; i < n; i++)
        if (snaps[i].on_foot_mm - snaps[0].on_foot_mm <= SGP_BESIDE_M * 1000)
            add_straight(w, &snaps[i]);
    return SGP_OK;
}

static bool may_drive(const sgp_graph_parts *p, uint32_t profile, const sgp_edge *e) {
    const int32_t *weight = p->weight + (size_t)profile * p->n_arcs;
    return (e->main_profiles >> profile & 1) &&
           ((e->forward_arc != SGP_NONE && weight[e->forward_arc] < SGP_INF) ||
            (e->backward_arc != SGP_NONE && weight[e->backward_arc] < SGP_INF));
}

/* First door of a foot vertex or of a later one. */
static uint32_t first_door(const sgp_graph_parts *p, uint32_t vertex) {
    uint32_t low = 0;
    uint32_t high = p->n_foot_doors;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (p->foot_doors[middle].vertex < vertex)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Doors of a vertex where this profile can stand. True: there was one. */
static bool add_doors(sgp_walker *w, sgp_point place, uint32_t profile, uint32_t vertex) {
    const sgp_graph_parts *p = &w->graph->parts;
    bool any = false;
    for (uint32_t d = first_door(p, vertex);
         d < p->n_foot_doors && p->foot_doors[d].vertex == vertex; d++) {
        const sgp_foot_door *door = &p->foot_doors[d];
        if (!may_drive(p, profile, &p->edges[door->edge]))
            continue;
        double straight_mm = 1000 * sgp_distance_m(place, p->foot_point[vertex]);
        size_t n_points;
        sgp_stand stand = {.snap = {.edge = door->edge,
                                    .offset_mm = door->offset_mm,
                                    .road = p->foot_point[vertex],
                                    .on_foot_mm = (int32_t)fmin(round(straight_mm), INT32_MAX)},
                           .walk_ms = w->net.reached[vertex].ms,
                           .walk_mm = sgp_foot_net_mm(&w->net, vertex, &n_points)};
        add(w, &stand, vertex);
        any = true;
    }
    return any;
}

/* Walking times ascend, so the first doors are the ones that are wanted. */
static void add_foot_ways(sgp_walker *w, sgp_point place, const sgp_walk_options *options) {
    int64_t limit_ms = options->limit_ms < SGP_INF ? options->limit_ms : SGP_INF - 1;
    sgp_foot_net_begin(&w->net, place, options->direct_m, SGP_BESIDE_M, (int32_t)limit_ms);
    size_t n_points = 0;
    for (uint32_t vertex; n_points < SGP_STANDS_MAX && sgp_foot_net_next(&w->net, &vertex);)
        n_points += add_doors(w, place, options->profile, vertex);
}

/* ---- choosing ---------------------------------------------------------------------- */

static bool same_place(const sgp_snap *a, const sgp_snap *b) {
    return a->edge == b->edge && a->offset_mm == b->offset_mm;
}

static bool same_point(const sgp_snap *a, const sgp_snap *b) {
    return sgp_point_equal(a->road, b->road);
}

/* Chooses candidates that no chosen one is alike, in order, until there are enough. */
static void choose(sgp_walker *w, bool (*alike)(const sgp_snap *, const sgp_snap *),
                   size_t *n_chosen) {
    for (size_t i = 0; i < w->n_candidates && *n_chosen < SGP_STANDS_MAX; i++) {
        candidate *c = &w->candidates[i];
        bool stands_already = c->chosen;
        for (size_t k = 0; k < w->n_candidates && !stands_already; k++)
            stands_already =
                w->candidates[k].chosen && alike(&w->candidates[k].stand.snap, &c->stand.snap);
        c->chosen |= !stands_already;
        *n_chosen += !stands_already;
    }
}

static bool makes_sense(const sgp_walker *w, const sgp_walk_options *options) {
    return options->profile < w->graph->parts.n_profiles && options->radius_m >= 0 &&
           options->direct_m >= 0 && options->limit_ms >= 0;
}

/* Leaves the chosen candidates, in order. */
static sgp_err find_stands(sgp_walker *w, sgp_point place, const sgp_walk_options *options) {
    if (!makes_sense(w, options))
        return SGP_E_ARGUMENT;
    w->n_candidates = 0;
    sgp_err err = add_roads(w, place, options, options->direct_m, SGP_STANDS_MAX);
    if (err)
        return err;
    add_foot_ways(w, place, options);
    if (w->n_candidates == 0) {
        err = add_roads(w, place, options, options->radius_m, SGP_STANDS_MAX);
        if (err)
            return err;
        w->n_candidates = w->n_candidates > 0 ? 1 : 0;
    }
    size_t n_chosen = 0;
    choose(w, same_point, &n_chosen);
    choose(w, same_place, &n_chosen);
    size_t n = 0;
    for (size_t i = 0; i < w->n_candidates; i++)
        if (w->candidates[i].chosen)
            w->candidates[n++] = w->candidates[i];
    w->n_candidates = n;
    return SGP_OK;
}

sgp_err sgp_walker_stands(sgp_walker *walker, sgp_point place, const sgp_walk_options *options,
                          sgp_stand stands[SGP_STANDS_MAX], size_t *n) {
    sgp_err err = find_stands(walker, place, options);
    if (err)
        return err;
    for (size_t i = 0; i < walker->n_candidates; i++)
        stands[i] = walker->candidates[i].stand;
    *n = walker->n_candidates;
    return SGP_OK;
}

/* Ways on foot as far as they may be quicker than the road that one walks straight from. */
static void add_quicker_way(sgp_walker *w, sgp_point place, const sgp_walk_options *options) {
    double direct_m = options->direct_m;
    int64_t limit_ms = options->limit_ms < SGP_INF ? options->limit_ms : SGP_INF - 1;
    if (w->n_candidates > 0) {
        const sgp_stand *road = &w->candidates[0].stand;
        if (road->walk_ms == 0)
            return; /* the place lies on it */
        direct_m = fmin(direct_m, (double)(road->walk_mm + 2) / 1000);
        limit_ms = road->walk_ms < limit_ms ? road->walk_ms : limit_ms;
    }
    sgp_foot_net_begin(&w->net, place, direct_m, SGP_BESIDE_M, (int32_t)limit_ms);
    for (uint32_t vertex; sgp_foot_net_next(&w->net, &vertex);)
        if (add_doors(w, place, options->profile, vertex))
            return;
}

sgp_err sgp_walker_nearest(sgp_walker *walker, sgp_point place, const sgp_walk_options *options,
                           sgp_stand *stand, bool *found) {
    if (!makes_sense(walker, options))
        return SGP_E_ARGUMENT;
    walker->n_candidates = 0;
    sgp_err err = add_roads(walker, place, options, options->direct_m, 1);
    if (err)
        return err;
    add_quicker_way(walker, place, options);
    if (walker->n_candidates == 0)
        err = add_roads(walker, place, options, options->radius_m, 1);
    *found = walker->n_candidates > 0;
    if (*found)
        *stand = walker->candidates[0].stand;
    return err;
}

int64_t sgp_stands_least(const sgp_stand *stands, size_t n, const int64_t *drive_ms,
                         size_t *which) {
    int64_t least = SGP_UNREACHABLE;
    for (size_t i = 0; i < n; i++) {
        if (drive_ms[i] == SGP_UNREACHABLE)
            continue;
        int64_t ms = drive_ms[i] + stands[i].walk_ms;
        if (least == SGP_UNREACHABLE || ms < least) {
            least = ms;
            *which = i;
        }
    }
    return least;
}

sgp_err sgp_walker_way(sgp_walker *walker, sgp_point place, const sgp_walk_options *options,
                       const sgp_stand *stand, sgp_point **points, size_t *n) {
    sgp_err err = find_stands(walker, place, options);
    if (err)
        return err;
    const candidate *found = NULL;
    for (size_t i = 0; i < walker->n_candidates && !found; i++)
        if (same_place(&walker->candidates[i].stand.snap, &stand->snap) &&
            walker->candidates[i].stand.walk_ms == stand->walk_ms)
            found = &walker->candidates[i];
    if (!found)
        return SGP_E_NOT_FOUND;
    size_t n_points = 2;
    if (found->vertex != SGP_NONE)
        sgp_foot_net_mm(&walker->net, found->vertex, &n_points);
    sgp_point *way = malloc(n_points * sizeof *way);
    if (!way)
        return SGP_E_MEMORY;
    if (found->vertex != SGP_NONE)
        sgp_foot_net_points(&walker->net, found->vertex, way);
    way[0] = found->stand.snap.road;
    way[n_points - 1] = place;
    *points = way;
    *n = n_points;
    return SGP_OK;
}
