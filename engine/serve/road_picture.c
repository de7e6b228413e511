#include "serve/road_picture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double metres_per_e7 = 0.0111195;

/* A picture whose pages arrive, or the last one that was complete. */
typedef struct assembly {
    bool used;
    uint8_t id[16];
    char actor[SGP_CODE_BYTES];
    int64_t page_at_us;
    sgp_picture_taken taken;
    uint16_t *factor; /* [2 * n_edges] */
} assembly;

typedef struct closed_road {
    sgp_id id;
    uint32_t *edges;
    uint32_t n_edges;
} closed_road;

struct sgp_road_picture {
    const sgp_graph_parts *parts;
    uint32_t *by_way;  /* [n_edges] edges in order of their way */
    uint32_t *by_node; /* [n_vertices] vertices in order of their node */
    assembly now, next;
    closed_road *closed; /* by id; those in force */
    uint32_t n_closed;
};

/* ---- finding roads ------------------------------------------------------- */

static int by_way(const void *a, const void *b, void *ctx) {
    const sgp_graph_parts *parts = ctx;
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    int64_t x = parts->edges[left].way, y = parts->edges[right].way;
    if (x != y)
        return x < y ? -1 : 1;
    return left < right ? -1 : left > right;
}

static int by_node(const void *a, const void *b, void *ctx) {
    const sgp_graph_parts *parts = ctx;
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    int64_t x = parts->vertex_node[left], y = parts->vertex_node[right];
    if (x != y)
        return x < y ? -1 : 1;
    return left < right ? -1 : left > right;
}

/* The first place in by_way whose way is not less. */
static uint32_t first_of_way(const sgp_road_picture *p, int64_t way) {
    uint32_t low = 0, high = p->parts->n_edges;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (p->parts->edges[p->by_way[middle]].way < way)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static uint32_t first_of_node(const sgp_road_picture *p, int64_t node) {
    uint32_t low = 0, high = p->parts->n_vertices;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (p->parts->vertex_node[p->by_node[middle]] < node)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Distance from the centre to the segment a-b, in a plane around the centre. */
static double segment_distance_m(sgp_point centre, double shrink, sgp_point a, sgp_point b) {
    double ax = ((double)a.lon_e7 - centre.lon_e7) * shrink * metres_per_e7;
    double ay = ((double)a.lat_e7 - centre.lat_e7) * metres_per_e7;
    double bx = ((double)b.lon_e7 - centre.lon_e7) * shrink * metres_per_e7;
    double by = ((double)b.lat_e7 - centre.lat_e7) * metres_per_e7;
    double dx = bx - ax, dy = by - ay, square = dx * dx + dy * dy;
    double along = square > 0 ? -(ax * dx + ay * dy) / square : 0;
    along = along < 0 ? 0 : along > 1 ? 1 : along;
    return hypot(ax + along * dx, ay + along * dy);
}

static bool is_within(const sgp_graph_parts *parts, const sgp_edge *edge, sgp_point centre,
                      double shrink, double radius_m) {
    const sgp_point *points = &parts->points[edge->first_point];
    /* An edge that begins further away than its length cannot come near. */
    double reach_m = radius_m + edge->length_mm / 1000.0 + 1;
    if (segment_distance_m(centre, shrink, points[0], points[0]) > 1.01 * reach_m)
        return false;
    for (uint32_t i = 1; i < edge->n_points; i++)
        if (segment_distance_m(centre, shrink, points[i - 1], points[i]) <= radius_m)
            return true;
    return false;
}

/* The edges of a stretch from node to node, both ways; some of them twice. */
static uint32_t find_stretch(const sgp_road_picture *p, int64_t from, int64_t to, uint32_t *edges) {
    const sgp_graph_parts *parts = p->parts;
    uint32_t n = 0;
    for (int back = 0; back < 2; back++) {
        int64_t tail = back ? to : from, head = back ? from : to;
        for (uint32_t i = first_of_node(p, tail);
             i < parts->n_vertices && parts->vertex_node[p->by_node[i]] == tail; i++) {
            uint32_t vertex = p->by_node[i];
            for (uint32_t a = parts->first_arc[vertex]; a < parts->first_arc[vertex + 1]; a++) {
                if (parts->arc_edge[a] == SGP_NONE ||
                    parts->vertex_node[parts->arc_head[a]] != head)
                    continue;
                if (edges != NULL)
                    edges[n] = parts->arc_edge[a] >> 1;
                n++;
            }
        }
    }
    return n;
}

static uint32_t find_way(const sgp_road_picture *p, int64_t way, uint32_t *edges) {
    uint32_t n = 0;
    for (uint32_t i = first_of_way(p, way);
         i < p->parts->n_edges && p->parts->edges[p->by_way[i]].way == way; i++, n++)
        if (edges != NULL)
            edges[n] = p->by_way[i];
    return n;
}

/* The edges that a closure closes, into `edges` (NULL: only counted); returns how many. */
static uint32_t find_closed(const sgp_road_picture *p, const sgp_road_closure *closure,
                            uint32_t *edges) {
    const sgp_graph_parts *parts = p->parts;
    uint32_t n = 0;
    if (closure->way != 0)
        return find_way(p, closure->way, edges);
    for (uint32_t i = 0; i < closure->n_parts; i++) {
        sgp_road_part part = closure->parts[i];
        uint32_t *room = edges != NULL ? edges + n : NULL;
        n += part.b != 0 ? find_stretch(p, part.a, part.b, room) : find_way(p, part.a, room);
    }
    if (closure->n_parts > 0)
        return n;
    double shrink = cos(sgp_lat(closure->point) * 3.14159265358979 / 180);
    for (uint32_t e = 0; e < parts->n_edges; e++) {
        if (!is_within(parts, &parts->edges[e], closure->point, shrink, closure->radius_m))
            continue;
        if (edges != NULL)
            edges[n] = e;
        n++;
    }
    return n;
}

/* ---- life ---------------------------------------------------------------- */

sgp_err sgp_road_picture_create(const sgp_graph *graph, sgp_road_picture **out) {
    sgp_road_picture *p = calloc(1, sizeof *p);
    if (p == NULL)
        return SGP_E_MEMORY;
    p->parts = sgp_graph_get(graph);
    uint32_t n_edges = p->parts->n_edges, n_vertices = p->parts->n_vertices;
    p->by_way = malloc((n_edges + 1) * sizeof *p->by_way);
    p->by_node = malloc((n_vertices + 1) * sizeof *p->by_node);
    if (p->by_way == NULL || p->by_node == NULL) {
        sgp_road_picture_destroy(p);
        return SGP_E_MEMORY;
    }
    for (uint32_t e = 0; e < n_edges; e++)
        p->by_way[e] = e;
    for (uint32_t v = 0; v < n_vertices; v++)
        p->by_node[v] = v;
    /* The parts are only read; qsort_r wants a pointer to non-const. */
    void *ctx = (void *)(uintptr_t)p->parts;
    qsort_r(p->by_way, n_edges, sizeof *p->by_way, by_way, ctx);
    qsort_r(p->by_node, n_vertices, sizeof *p->by_node, by_node, ctx);
    *out = p;
    return SGP_OK;
}

static void free_closed(closed_road *closed, uint32_t n) {
    for (uint32_t i = 0; i < n; i++)
        free(closed[i].edges);
    free(closed);
}

void sgp_road_picture_destroy(sgp_road_picture *p) {
    if (p == NULL)
        return;
    free(p->by_way);
    free(p->by_node);
    free(p->now.factor);
    free(p->next.factor);
    free_closed(p->closed, p->n_closed);
    free(p);
}

/* ---- checking a page ----------------------------------------------------- */

static sgp_err check_permille(uint32_t permille, bool may_close, const char *what, size_t nth,
                              sgp_fault *fault) {
    if ((may_close && permille == 0) ||
        (permille >= SGP_FACTOR_LEAST && permille <= SGP_FACTOR_MOST))
        return SGP_OK;
    return sgp_fail(fault, SGP_E_RANGE, "%s %zu: permille %u is not between %d and %d%s", what, nth,
                    permille, SGP_FACTOR_LEAST, SGP_FACTOR_MOST,
                    may_close ? ", nor 0 for a closed road" : "");
}

static sgp_err check_road(const Sigap__V1__RoadFactor *road, size_t nth, sgp_fault *fault) {
    bool by_ends = road->from_node != 0 || road->to_node != 0;
    if (by_ends ? road->way != 0 || road->from_node == 0 || road->to_node == 0 : road->way == 0)
        return sgp_fail(fault, SGP_E_ARGUMENT,
                        "road %zu names neither a way nor a stretch from node to node", nth);
    if ((unsigned)road->direction > SIGAP__V1__ROAD_DIRECTION__BACKWARD)
        return sgp_fail(fault, SGP_E_ARGUMENT, "road %zu: direction %d is unknown", nth,
                        (int)road->direction);
    if (by_ends && road->direction != SIGAP__V1__ROAD_DIRECTION__BOTH_DIRECTIONS)
        return sgp_fail(fault, SGP_E_ARGUMENT,
                        "road %zu: a stretch from node to node has its direction already", nth);
    switch (road->pace_case) {
    case SIGAP__V1__ROAD_FACTOR__PACE_PERMILLE:
        return check_permille(road->permille, true, "road", nth, fault);
    case SIGAP__V1__ROAD_FACTOR__PACE_KMH:
        if (road->kmh > 0 && road->kmh <= 300)
            return SGP_OK;
        return sgp_fail(fault, SGP_E_RANGE, "road %zu: %g km/h is not between 0 and 300", nth,
                        road->kmh);
    default:
        return sgp_fail(fault, SGP_E_ARGUMENT, "road %zu has neither permille nor kmh", nth);
    }
}

static int class_of(const char *name) {
    for (int c = 0; c < SGP_ROAD_CLASSES; c++)
        if (strcmp(sgp_road_class_str((sgp_road_class)c), name) == 0)
            return c;
    return -1;
}

static sgp_err check_page(const Sigap__V1__TrafficPicture *page, sgp_fault *fault) {
    if (page->picture_id.len != 16)
        return sgp_fail(fault, SGP_E_ARGUMENT, "picture_id has %zu bytes, not 16",
                        page->picture_id.len);
    if (page->n_classes > 0 && page->page != 0)
        return sgp_fail(fault, SGP_E_ARGUMENT, "factors of road classes belong on page 0");
    sgp_err err = SGP_OK;
    for (size_t i = 0; i < page->n_classes && err == SGP_OK; i++) {
        if (class_of(page->classes[i]->road_class) < 0)
            return sgp_fail(fault, SGP_E_ARGUMENT, "\"%.40s\" is no class of road",
                            page->classes[i]->road_class);
        err = check_permille(page->classes[i]->permille, false, "class", i, fault);
    }
    for (size_t i = 0; i < page->n_roads && err == SGP_OK; i++)
        err = check_road(page->roads[i], i, fault);
    return err;
}

/* ---- taking a page ------------------------------------------------------- */

/* km/h against what the graph's first profile drives there. */
static uint16_t factor_of(const sgp_road_picture *p, const Sigap__V1__RoadFactor *road,
                          uint32_t move) {
    if (road->pace_case == SIGAP__V1__ROAD_FACTOR__PACE_PERMILLE)
        return (uint16_t)road->permille;
    const sgp_edge *edge = &p->parts->edges[move >> 1];
    uint32_t arc = (move & 1) != 0 ? edge->backward_arc : edge->forward_arc;
    int32_t stored_ms = arc != SGP_NONE ? p->parts->weight[arc] : SGP_INF;
    if (stored_ms <= 0 || stored_ms >= SGP_INF)
        return 1000;
    double now_ms = edge->length_mm * 3.6 / road->kmh;
    double permille = round(now_ms * 1000 / stored_ms);
    return (uint16_t)(permille < SGP_FACTOR_LEAST  ? SGP_FACTOR_LEAST
                      : permille > SGP_FACTOR_MOST ? SGP_FACTOR_MOST
                                                   : permille);
}

static bool apply_way(sgp_road_picture *p, const Sigap__V1__RoadFactor *road) {
    uint32_t i = first_of_way(p, road->way);
    bool found = false;
    for (; i < p->parts->n_edges && p->parts->edges[p->by_way[i]].way == road->way; i++) {
        for (uint32_t backward = 0; backward < 2; backward++) {
            uint32_t move = p->by_way[i] << 1 | backward;
            if (road->direction == (backward ? SIGAP__V1__ROAD_DIRECTION__FORWARD
                                             : SIGAP__V1__ROAD_DIRECTION__BACKWARD))
                continue;
            p->next.factor[move] = factor_of(p, road, move);
        }
        found = true;
    }
    return found;
}

static bool apply_stretch(sgp_road_picture *p, const Sigap__V1__RoadFactor *road) {
    const sgp_graph_parts *parts = p->parts;
    bool found = false;
    for (uint32_t i = first_of_node(p, road->from_node);
         i < parts->n_vertices && parts->vertex_node[p->by_node[i]] == road->from_node; i++) {
        uint32_t vertex = p->by_node[i];
        for (uint32_t a = parts->first_arc[vertex]; a < parts->first_arc[vertex + 1]; a++) {
            uint32_t move = parts->arc_edge[a];
            if (move == SGP_NONE || parts->vertex_node[parts->arc_head[a]] != road->to_node)
                continue;
            p->next.factor[move] = factor_of(p, road, move);
            found = true;
        }
    }
    return found;
}

static sgp_err begin(sgp_road_picture *p, const char *actor, int64_t now_us,
                     const Sigap__V1__TrafficPicture *page, sgp_fault *fault) {
    size_t n = 2 * (size_t)p->parts->n_edges;
    if (page->page != 0)
        return sgp_fail(fault, SGP_E_STATE,
                        "page %u of a picture that has not begun; begin with "
                        "page 0",
                        page->page);
    if (p->next.used && strcmp(p->next.actor, actor) != 0 &&
        now_us - p->next.page_at_us < SGP_PICTURE_PATIENCE_S * INT64_C(1000000))
        return sgp_fail(fault, SGP_E_STATE, "a picture of %s is on its way", p->next.actor);
    if (p->next.factor == NULL && (p->next.factor = malloc((n + 1) * sizeof(uint16_t))) == NULL)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory for the picture");
    uint16_t *factor = p->next.factor;
    p->next = (assembly){.used = true, .factor = factor};
    memcpy(p->next.id, page->picture_id.data, sizeof p->next.id);
    strncpy(p->next.actor, actor, sizeof p->next.actor - 1);
    uint16_t of_class[SGP_ROAD_CLASSES];
    for (int c = 0; c < SGP_ROAD_CLASSES; c++)
        of_class[c] = 1000;
    for (size_t i = 0; i < page->n_classes; i++)
        of_class[class_of(page->classes[i]->road_class)] = (uint16_t)page->classes[i]->permille;
    for (uint32_t e = 0; e < p->parts->n_edges; e++)
        factor[2 * e] = factor[2 * e + 1] = of_class[p->parts->edges[e].road_class];
    return SGP_OK;
}

static bool is_of(const assembly *a, const Sigap__V1__TrafficPicture *page) {
    return a->used && memcmp(a->id, page->picture_id.data, sizeof a->id) == 0;
}

sgp_err sgp_road_picture_take(sgp_road_picture *p, const char *actor, int64_t now_us,
                              const Sigap__V1__TrafficPicture *page, sgp_picture_taken *taken,
                              sgp_fault *fault) {
    sgp_err err = check_page(page, fault);
    if (err != SGP_OK)
        return err;
    const assembly *known = is_of(&p->now, page)    ? &p->now
                            : is_of(&p->next, page) ? &p->next
                                                    : NULL;
    if (known != NULL && page->page < known->taken.pages) {
        *taken = known->taken;
        taken->repeated = true;
        return SGP_OK;
    }
    if (known == &p->now && known != NULL)
        return sgp_fail(fault, SGP_E_STATE, "this picture is complete with %u pages",
                        known->taken.pages);
    if (page->page >= SGP_PICTURE_PAGES_MAX)
        return sgp_fail(fault, SGP_E_FULL, "a picture has at most %d pages", SGP_PICTURE_PAGES_MAX);
    if (known == NULL)
        err = begin(p, actor, now_us, page, fault);
    else if (strcmp(p->next.actor, actor) != 0)
        err = sgp_fail(fault, SGP_E_STATE, "this picture is of %s", p->next.actor);
    else if (page->page != p->next.taken.pages)
        err = sgp_fail(fault, SGP_E_STATE, "page %u came where page %u was due", page->page,
                       p->next.taken.pages);
    if (err != SGP_OK)
        return err;
    p->next.page_at_us = now_us;
    p->next.taken.pages++;
    for (size_t i = 0; i < page->n_roads; i++) {
        const Sigap__V1__RoadFactor *road = page->roads[i];
        if (road->way != 0 ? apply_way(p, road) : apply_stretch(p, road))
            p->next.taken.roads++;
        else
            p->next.taken.unknown++;
    }
    p->next.taken.complete = page->last;
    *taken = p->next.taken;
    if (page->last) {
        assembly before = p->now;
        p->now = p->next;
        p->next = (assembly){.factor = before.factor}; /* its memory serves the next one */
    }
    return SGP_OK;
}

/* ---- closures ------------------------------------------------------------ */

uint32_t sgp_road_picture_count(const sgp_road_picture *p, const sgp_road_closure *closure) {
    return find_closed(p, closure, NULL);
}

uint32_t sgp_road_picture_edges(const sgp_road_picture *p, const sgp_road_closure *closure,
                                uint32_t **edges) {
    uint32_t n = find_closed(p, closure, NULL);
    *edges = malloc((n + 1) * sizeof **edges);
    return *edges == NULL ? 0 : find_closed(p, closure, *edges);
}

bool sgp_road_picture_now(const sgp_road_picture *p, int64_t *at_us, uint64_t *roads,
                          const char **actor) {
    if (!p->now.used)
        return false;
    *at_us = p->now.page_at_us;
    *roads = p->now.taken.roads;
    *actor = p->now.actor;
    return true;
}

/* What was resolved before is taken over from `before`. */
static sgp_err resolve(sgp_road_picture *p, const sgp_road_closure *closure, closed_road *out) {
    for (uint32_t i = 0; i < p->n_closed; i++)
        if (p->closed[i].id == closure->id && p->closed[i].edges != NULL) {
            *out = p->closed[i];
            p->closed[i].edges = NULL;
            return SGP_OK;
        }
    out->id = closure->id;
    out->n_edges = find_closed(p, closure, NULL);
    out->edges = malloc((out->n_edges + 1) * sizeof *out->edges);
    if (out->edges == NULL)
        return SGP_E_MEMORY;
    (void)find_closed(p, closure, out->edges);
    return SGP_OK;
}

static bool is_as_before(const sgp_road_picture *p, const sgp_world *world) {
    uint32_t at = 0;
    for (uint32_t i = 0; i < sgp_world_road_closures(world); i++) {
        const sgp_road_closure *closure = sgp_world_road_closure(world, i);
        if (closure->in_force && (at == p->n_closed || p->closed[at++].id != closure->id))
            return false;
    }
    return at == p->n_closed;
}

sgp_err sgp_road_picture_close(sgp_road_picture *p, const sgp_world *world, bool *changed) {
    *changed = !is_as_before(p, world);
    if (!*changed)
        return SGP_OK;
    uint32_t n = sgp_world_road_closures(world), n_closed = 0;
    closed_road *closed = calloc(n + 1, sizeof *closed);
    if (closed == NULL)
        return SGP_E_MEMORY;
    sgp_err err = SGP_OK;
    for (uint32_t i = 0; i < n && err == SGP_OK; i++) {
        const sgp_road_closure *closure = sgp_world_road_closure(world, i);
        if (closure->in_force)
            err = resolve(p, closure, &closed[n_closed++]);
    }
    /* On an error some are left out; they are resolved anew next time. */
    free_closed(p->closed, p->n_closed);
    p->closed = closed;
    p->n_closed = err == SGP_OK ? n_closed : n_closed - 1;
    return err;
}

sgp_err sgp_road_picture_factors(const sgp_road_picture *p, uint16_t **factor) {
    size_t n = 2 * (size_t)p->parts->n_edges;
    *factor = NULL;
    if (!p->now.used && p->n_closed == 0)
        return SGP_OK;
    uint16_t *made = malloc((n + 1) * sizeof *made);
    if (made == NULL)
        return SGP_E_MEMORY;
    if (p->now.used)
        memcpy(made, p->now.factor, n * sizeof *made);
    else
        for (size_t i = 0; i < n; i++)
            made[i] = 1000;
    for (uint32_t i = 0; i < p->n_closed; i++)
        for (uint32_t k = 0; k < p->closed[i].n_edges; k++) {
            made[2 * p->closed[i].edges[k]] = 0;
            made[2 * p->closed[i].edges[k] + 1] = 0;
        }
    *factor = made;
    return SGP_OK;
}
