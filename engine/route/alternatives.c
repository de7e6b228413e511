/* Other ways than the shortest that a driver would call ways.
 *
 * Every common ancestor of the two places is a vertex that a way may turn at, and the labels
 * tell what that way takes (Abraham, Delling, Goldberg & Werneck 2013 take such via vertices
 * out of two search spaces). Those that are not too long are looked at one after another, the
 * quickest first. One is taken if it is new for long enough, and if none of its stretches
 * is a detour; that is asked of every stretch, not only of the one around the vertex, since
 * a way up and down need not be the shortest to its own turning point. */
#include "route/route.h"

#include <stdlib.h>
#include <string.h>

enum {
    LONGER_PERCENT = 25, /* than the shortest */
    SHARED_PERCENT = 80, /* of its own time, with any route before */
    STRETCHES = 4        /* a stretch of one in so many of its length is the shortest */
};

/* A vertex that the way may turn at. */
typedef struct via {
    int32_t ms;
    uint32_t vertex;
} via;

/* Time spent on one road in one direction, or on a turn (above all roads). */
typedef struct spent {
    uint64_t on;
    int64_t ms;
} spent;

/* What is known of the routes that have been taken, and of the way that is looked at. */
typedef struct choice {
    sgp_query *query;
    const sgp_source *source;
    const sgp_snap *target;
    via *vias;
    size_t n_vias;
    spent **taken; /* [n_taken], sorted */
    size_t *n_spent;
    size_t n_taken;
    int64_t *at_ms; /* at each vertex of the way */
    uint32_t *vertex;
    size_t n_vertices, capacity;
} choice;

static int compare_vias(const void *left, const void *right) {
    const via *a = left, *b = right;
    if (a->ms != b->ms)
        return a->ms < b->ms ? -1 : 1;
    return (a->vertex < b->vertex) - (a->vertex > b->vertex);
}

static int compare_spent(const void *left, const void *right) {
    const spent *a = left, *b = right;
    return (a->on > b->on) - (a->on < b->on);
}

/* Common ancestors over which the way is not too long, the quickest first. */
static sgp_err find_vias(choice *c, int64_t most_ms) {
    const sgp_query *q = c->query;
    const sgp_hierarchy *h = &q->metric->graph->hierarchy;
    c->vias = malloc(((size_t)h->n_levels * q->leaving.n_paths + 1) * sizeof *c->vias);
    if (!c->vias)
        return SGP_E_MEMORY;
    for (uint32_t i = 0; i < q->leaving.n_paths; i++) {
        uint32_t next = i + 1 < q->leaving.n_paths ? q->leaving.paths[i + 1].vertex : SGP_NONE;
        for (uint32_t v = q->leaving.paths[i].vertex; v != SGP_NONE; v = h->parent[v]) {
            if (next != SGP_NONE && sgp_label_is_ancestor(h, v, next))
                break; /* from here on the next path has it */
            uint32_t place = q->leaving.stride - 1 - h->depth[v];
            int32_t ms = SGP_INF;
            for (uint32_t j = 0; j < q->arriving.n_paths; j++)
                if (sgp_label_is_ancestor(h, v, q->arriving.paths[j].vertex))
                    ms = q->arriving.paths[j].ms[place];
            ms += q->leaving.paths[i].ms[place];
            if (ms <= most_ms && ms < SGP_INF)
                c->vias[c->n_vias++] = (via){ms, v};
        }
    }
    qsort(c->vias, c->n_vias, sizeof *c->vias, compare_vias);
    return SGP_OK;
}

static spent spent_on(const sgp_metric *metric, uint32_t arc, int64_t ms) {
    uint32_t edge = metric->graph->parts.arc_edge[arc];
    return (spent){edge == SGP_NONE ? (uint64_t)1 << 32 | arc : edge, ms};
}

/* What the plan spends its time on, sorted, a road that is driven twice as one; [*n]. */
static spent *spend(const choice *c, const sgp_route_plan *plan, size_t *n) {
    const sgp_query *q = c->query;
    size_t n_arcs = plan->direct ? 0 : q->way.n_arcs;
    spent *all = malloc((n_arcs + 2) * sizeof *all);
    *n = 0;
    if (!all)
        return NULL;
    size_t count = 0;
    all[count++] = spent_on(q->metric, plan->first_arc, plan->first_ms);
    for (size_t i = 0; i < n_arcs; i++)
        all[count++] = spent_on(q->metric, q->way.arcs[i], q->metric->weight[q->way.arcs[i]]);
    if (!plan->direct)
        all[count++] = spent_on(q->metric, plan->last_arc, plan->last_ms);
    qsort(all, count, sizeof *all, compare_spent);
    for (size_t i = 0; i < count; i++)
        if (*n > 0 && all[*n - 1].on == all[i].on)
            all[*n - 1].ms += all[i].ms;
        else
            all[(*n)++] = all[i];
    return all;
}

static int64_t lesser(int64_t a, int64_t b) {
    return a < b ? a : b;
}

static int64_t shared_ms(const spent *a, size_t n_a, const spent *b, size_t n_b) {
    int64_t ms = 0;
    for (size_t i = 0, j = 0; i < n_a && j < n_b;) {
        if (a[i].on == b[j].on)
            ms += lesser(a[i].ms, b[j].ms);
        bool first = a[i].on <= b[j].on, second = b[j].on <= a[i].on;
        i += first;
        j += second;
    }
    return ms;
}

static bool is_new(const choice *c, const spent *way, size_t n, int64_t ms) {
    for (size_t i = 0; i < c->n_taken; i++)
        if (shared_ms(way, n, c->taken[i], c->n_spent[i]) * 100 > ms * SHARED_PERCENT)
            return false;
    return true;
}

/* The vertices of the way and when they are passed. */
static sgp_err walk_way(choice *c) {
    const sgp_way *way = &c->query->way;
    const sgp_metric *metric = c->query->metric;
    if (way->n_arcs + 1 > c->capacity) {
        size_t capacity = 2 * way->n_arcs + 64;
        uint32_t *vertex = realloc(c->vertex, capacity * sizeof *vertex);
        c->vertex = vertex ? vertex : c->vertex;
        int64_t *at_ms = realloc(c->at_ms, capacity * sizeof *at_ms);
        c->at_ms = at_ms ? at_ms : c->at_ms;
        if (!vertex || !at_ms)
            return SGP_E_MEMORY;
        c->capacity = capacity;
    }
    c->vertex[0] = way->first;
    c->at_ms[0] = 0;
    c->n_vertices = 1;
    for (size_t i = 0; i < way->n_arcs; i++, c->n_vertices++) {
        c->vertex[i + 1] = metric->graph->parts.arc_head[way->arcs[i]];
        c->at_ms[i + 1] = c->at_ms[i] + metric->weight[way->arcs[i]];
    }
    return SGP_OK;
}

/* The last vertex within stretch_ms of vertex i. */
static size_t end_of_stretch(const choice *c, size_t i, size_t from, int64_t stretch_ms) {
    size_t j = from > i ? from : i;
    while (j + 1 < c->n_vertices && c->at_ms[j + 1] - c->at_ms[i] <= stretch_ms)
        j++;
    return j;
}

static bool is_shortest(const choice *c, size_t i, size_t j) {
    return sgp_query_vertices(c->query, c->vertex[i], c->vertex[j]) == c->at_ms[j] - c->at_ms[i];
}

/* Is every stretch of at most stretch_ms a shortest way? Part of a shortest way is one, so the
 * longest stretch from each vertex is enough, and a longer one that passes answers for
 * several. Forgets the labels of the query. */
static bool has_no_detour(const choice *c, int64_t stretch_ms) {
    size_t j = 0, answered = 0; /* stretches that end here or before are shortest */
    for (size_t i = 0; i < c->n_vertices; i++) {
        j = end_of_stretch(c, i, j, stretch_ms);
        if (j <= answered)
            continue;
        size_t further = end_of_stretch(c, i, j, 2 * stretch_ms);
        if (is_shortest(c, i, further))
            answered = further;
        else if (is_shortest(c, i, j))
            answered = j;
        else
            return false;
    }
    return true;
}

/* The plan in query->way becomes one of the routes. */
static sgp_err take(choice *c, const sgp_route_plan *plan, sgp_route *routes) {
    spent *all = spend(c, plan, &c->n_spent[c->n_taken]);
    if (!all)
        return SGP_E_MEMORY;
    c->taken[c->n_taken] = all;
    sgp_err err = sgp_route_draw(c->query, plan, c->source, c->target, &routes[c->n_taken]);
    if (err)
        free(all);
    else
        c->n_taken++;
    return err;
}

static sgp_err consider(choice *c, const via *v, sgp_route *routes) {
    sgp_query *q = c->query;
    sgp_err err = sgp_route_label(q, &c->source->from, c->target);
    if (!err)
        err = sgp_way_find_over(&q->way, q->metric, &q->leaving, &q->arriving, v->vertex);
    if (err)
        return err;
    sgp_route_plan plan = sgp_route_plan_way(q, &c->source->from, c->target);
    size_t n;
    spent *way = spend(c, &plan, &n);
    if (!way)
        return SGP_E_MEMORY;
    bool good = is_new(c, way, n, plan.ms);
    free(way);
    if (!good)
        return SGP_OK;
    err = walk_way(c);
    if (err)
        return err;
    return has_no_detour(c, plan.ms / STRETCHES) ? take(c, &plan, routes) : SGP_OK;
}

static sgp_err choose(choice *c, sgp_route *routes, size_t capacity) {
    sgp_route_plan best;
    sgp_err err = sgp_route_plan_best(c->query, &c->source->from, c->target, &best);
    if (err || best.ms == SGP_UNREACHABLE)
        return err;
    err = take(c, &best, routes);
    if (!err && capacity > 1)
        err = find_vias(c, best.ms + best.ms * LONGER_PERCENT / 100);
    for (size_t i = 0; i < c->n_vias && c->n_taken < capacity && !err; i++)
        err = consider(c, &c->vias[i], routes);
    return err;
}

sgp_err sgp_query_alternatives(sgp_query *query, const sgp_source *source, const sgp_snap *target,
                               sgp_route *routes, size_t capacity, size_t *n) {
    sgp_err err = sgp_ends_check_source(query->metric->graph, source);
    if (!err)
        err = sgp_ends_check_snap(query->metric->graph, target);
    if (err)
        return err;
    choice c = {.query = query, .source = source, .target = target};
    c.taken = calloc(capacity + 1, sizeof(*c.taken));
    c.n_spent = calloc(capacity + 1, sizeof *c.n_spent);
    err = !c.taken || !c.n_spent ? SGP_E_MEMORY
          : capacity > 0         ? choose(&c, routes, capacity)
                                 : SGP_OK;
    for (size_t i = 0; i < c.n_taken; i++) {
        free(c.taken[i]);
        if (err)
            sgp_route_free(&routes[i]);
    }
    if (!err)
        *n = c.n_taken;
    free(c.taken);
    free(c.n_spent);
    free(c.vias);
    free(c.at_ms);
    free(c.vertex);
    return err;
}
