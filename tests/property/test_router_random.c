/* Random small graphs against brute force, and snapping against looking at every
 * segment of every edge.
 *
 * The oracle shares no code with the router: it makes every source and target a
 * vertex of its own, joined to the ends of its edge by arcs of the rounded-down
 * part weights, and runs Floyd's algorithm (Floyd 1962) over all of it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "graph_maker.h"
#include "sigap/router.h"

enum { ROUNDS = 5000, PLACES = 6, MOST = 16 + 2 * PLACES };
#define FAR (INT64_MAX / 4)

static graph_maker maker;
static char folder[64];
static char path[128];

/* One random graph with its places and all times by brute force. */
typedef struct trial {
    uint64_t random;
    uint64_t seed;
    bool connectors;
    sgp_graph *graph;
    sgp_metric *metric;
    sgp_query *query;
    sgp_source sources[PLACES];
    sgp_snap targets[PLACES];
    int64_t expected[PLACES][PLACES]; /* without penalties; -1: no way */
} trial;

static int32_t random_weight(uint64_t *random) {
    switch (maker_below(random, 6)) {
    case 0:
        return 0;
    case 1:
        return SGP_INF;
    case 2:
        return SGP_INF - 1;
    default:
        return (int32_t)maker_below(random, 50);
    }
}

static void make_graph(trial *t) {
    uint64_t *r = &t->random;
    maker_begin(&maker);
    uint32_t n = 1 + maker_below(r, 8);
    for (uint32_t v = 0; v < n; v++)
        maker_vertex(&maker, (int32_t)(v * 10000), (int32_t)maker_below(r, 50000), 100 - v / 2);
    /* Doubled node numbers need one place each: an expanded crossing. */
    for (uint32_t v = 1; v < n && t->connectors; v += 2)
        maker.vertex_point[v] = maker.vertex_point[v - 1];
    uint32_t n_edges = 1 + maker_below(r, 3 * n);
    for (uint32_t e = 0; e < n_edges; e++) {
        uint32_t u = maker_below(r, n);
        uint32_t v = maker_below(r, 5) ? maker_below(r, n) : u;
        sgp_point between[40];
        uint32_t n_between = maker_below(r, 8) ? maker_below(r, 4) : maker_below(r, 40);
        for (uint32_t i = 0; i < n_between; i++)
            between[i] = (sgp_point){(int32_t)(100000 + maker_below(r, 60000)),
                                     (int32_t)maker_below(r, 60000)};
        int32_t forward = maker_below(r, 4) ? random_weight(r) : MAKER_NO_ARC;
        int32_t backward = maker_below(r, 3) ? random_weight(r) : MAKER_NO_ARC;
        char name[8];
        snprintf(name, sizeof name, "%c", 'a' + (int)maker_below(r, 3));
        maker_edge(&maker, u, v, forward, backward, between, n_between,
                   maker_below(r, 4) ? 0 : 1 + maker_below(r, 9), name,
                   maker_below(r, 5) ? SGP_EDGE_MAIN : 0);
    }
    /* Copies for drivers who came a certain way run between the crossings' twins. */
    uint32_t n_own = maker.n_arcs;
    for (uint32_t a = 0; a < n_own && t->connectors; a++) {
        for (uint32_t copies = maker_below(r, 4) ? 0 : 1 + maker_below(r, 3); copies > 0;
             copies--) {
            uint32_t tail = maker.arcs[a].tail ^ maker_below(r, 2);
            uint32_t head = maker.arcs[a].head ^ maker_below(r, 2);
            maker_copy(&maker, a, tail < n ? tail : n - 1, head < n ? head : n - 1,
                       random_weight(r));
        }
    }
    for (uint32_t v = 1; v < n && t->connectors; v += 2) {
        if (maker_below(r, 2))
            maker_connector(&maker, v - 1, v, random_weight(r));
        if (maker_below(r, 2))
            maker_connector(&maker, v, v - 1, random_weight(r));
    }
    sgp_fault fault = {0};
    if (sgp_graph_write(path, maker_finish(&maker), NULL, &fault) != SGP_OK ||
        sgp_graph_open(path, &t->graph, &fault) != SGP_OK)
        fail_msg("seed %llu: %s", (unsigned long long)t->seed, fault.text);
    assert_int_equal(sgp_metric_create(t->graph, &t->metric), SGP_OK);
    assert_int_equal(sgp_query_create(t->metric, &t->query), SGP_OK);
}

static sgp_snap random_place(uint64_t *random) {
    uint32_t edge = maker_below(random, maker.n_edges);
    uint32_t length = maker.edges[edge].length_mm;
    uint32_t which = maker_below(random, 5);
    return (sgp_snap){
        .edge = edge,
        .offset_mm = which == 0   ? 0
                     : which == 1 ? length
                                  : maker_below(random, length + 1),
        .road = {-5000 - (int32_t)maker_below(random, 1000), -7},
        .directions = maker_below(random, 2) ? 0 : (uint8_t)maker_below(random, 4),
    };
}

static void lower(int64_t distance[MOST][MOST], uint32_t from, uint32_t to, int64_t ms) {
    if (ms < distance[from][to])
        distance[from][to] = ms;
}

/* Weight of the forward or backward arc of an edge; FAR where there is none. */
static int64_t arc_weight(const sgp_edge *e, bool backward) {
    uint32_t arc = backward ? e->backward_arc : e->forward_arc;
    if (arc == SGP_NONE || maker.weight[arc] == SGP_INF)
        return FAR;
    return maker.weight[arc];
}

static bool may_use(const sgp_snap *snap, bool backward) {
    return snap->directions == 0 || (snap->directions & (backward ? SGP_AGAINST : SGP_ALONG));
}

static void brute_force(trial *t) {
    static int64_t distance[MOST][MOST];
    uint32_t n = maker.n_vertices;
    uint32_t all = n + 2 * PLACES;
    for (uint32_t i = 0; i < all; i++)
        for (uint32_t j = 0; j < all; j++)
            distance[i][j] = i == j ? 0 : FAR;
    for (uint32_t a = 0; a < maker.n_arcs; a++)
        if (maker.arcs[a].weight != SGP_INF)
            lower(distance, maker.arcs[a].tail, maker.arcs[a].head, maker.arcs[a].weight);
    for (uint32_t a = 0; a < maker.n_arcs; a++) {
        if (maker.arcs[a].edge == SGP_NONE || maker.arcs[a].weight == SGP_INF)
            continue;
        uint32_t edge = maker.arcs[a].edge >> 1;
        bool backward = maker.arcs[a].edge & 1;
        int64_t w = maker.arcs[a].weight;
        int64_t length = maker.edges[edge].length_mm;
        for (uint32_t i = 0; i < PLACES; i++) {
            int64_t s = t->sources[i].from.offset_mm;
            int64_t e = t->targets[i].offset_mm;
            if (t->sources[i].from.edge == edge && !maker.arcs[a].is_copy &&
                may_use(&t->sources[i].from, backward))
                lower(distance, n + i, maker.arcs[a].head,
                      w * (backward ? s : length - s) / length);
            if (t->targets[i].edge == edge && may_use(&t->targets[i], backward))
                lower(distance, maker.arcs[a].tail, n + PLACES + i,
                      w * (backward ? length - e : e) / length);
        }
    }
    for (uint32_t i = 0; i < PLACES; i++)
        for (uint32_t j = 0; j < PLACES; j++) {
            if (t->sources[i].from.edge != t->targets[j].edge)
                continue;
            const sgp_edge *edge = &maker.edges[t->targets[j].edge];
            int64_t ahead = (int64_t)t->targets[j].offset_mm - t->sources[i].from.offset_mm;
            for (int back = 0; back < 2; back++, ahead = -ahead)
                if (ahead >= 0 && arc_weight(edge, back) < FAR &&
                    may_use(&t->sources[i].from, back) && may_use(&t->targets[j], back))
                    lower(distance, n + i, n + PLACES + j,
                          arc_weight(edge, back) * ahead / edge->length_mm);
        }
    for (uint32_t k = 0; k < all; k++)
        for (uint32_t i = 0; i < all; i++)
            for (uint32_t j = 0; j < all; j++)
                if (distance[i][k] < FAR && distance[k][j] < FAR)
                    lower(distance, i, j, distance[i][k] + distance[k][j]);
    for (uint32_t i = 0; i < PLACES; i++)
        for (uint32_t j = 0; j < PLACES; j++) {
            int64_t ms = distance[n + i][n + PLACES + j];
            t->expected[i][j] = ms < SGP_INF ? ms : -1;
        }
}

static int64_t with_penalty(const trial *t, uint32_t source, uint32_t target) {
    int64_t ms = t->expected[source][target];
    return ms < 0 ? ms : ms + t->sources[source].penalty_ms;
}

static void check_time(const trial *t, const char *what, uint32_t s, uint32_t e, int64_t ms) {
    if (ms != with_penalty(t, s, e))
        fail_msg("seed %llu: %s from %u to %u: %lld, not %lld", (unsigned long long)t->seed, what,
                 s, e, (long long)ms, (long long)with_penalty(t, s, e));
}

static void check_times(const trial *t) {
    int64_t ms[PLACES * PLACES];
    for (uint32_t j = 0; j < PLACES; j++) {
        assert_int_equal(sgp_query_many_to_one(t->query, t->sources, PLACES, &t->targets[j], ms),
                         SGP_OK);
        for (uint32_t i = 0; i < PLACES; i++)
            check_time(t, "many to one", i, j, ms[i]);
    }
    for (uint32_t i = 0; i < PLACES; i++) {
        assert_int_equal(sgp_query_one_to_many(t->query, &t->sources[i], t->targets, PLACES, ms),
                         SGP_OK);
        for (uint32_t j = 0; j < PLACES; j++)
            check_time(t, "one to many", i, j, ms[j]);
    }
    for (uint32_t i = 0; i < PLACES; i++)
        for (uint32_t j = 0; j < PLACES; j++) {
            assert_int_equal(sgp_query_one_to_one(t->query, &t->sources[i], &t->targets[j], &ms[0]),
                             SGP_OK);
            check_time(t, "one to one", i, j, ms[0]);
        }
    for (uint32_t columns = 1; columns <= PLACES; columns += PLACES - 1)
        for (uint32_t rows = 1; rows <= PLACES; rows += PLACES - 1) {
            assert_int_equal(sgp_query_matrix(t->query, t->sources, rows, t->targets, columns, ms),
                             SGP_OK);
            for (uint32_t i = 0; i < rows; i++)
                for (uint32_t j = 0; j < columns; j++)
                    check_time(t, "matrix", i, j, ms[i * columns + j]);
        }
}

/* A fleet whose units come, move and go, asked in between. */
static void check_labels(trial *t) {
    sgp_labels *labels;
    int64_t ms[PLACES];
    sgp_near near[PLACES];
    uint32_t at[PLACES]; /* which source stands in a slot; PLACES: none */
    assert_int_equal(sgp_labels_create(t->graph, PLACES, &labels), SGP_OK);
    for (uint32_t i = 0; i < PLACES; i++)
        at[i] = PLACES;
    for (uint32_t round = 0; round < 2 * PLACES; round++) {
        uint32_t slot = maker_below(&t->random, PLACES);
        at[slot] = maker_below(&t->random, PLACES + 1);
        if (at[slot] == PLACES)
            sgp_labels_clear(labels, slot);
        else
            assert_int_equal(sgp_labels_set(labels, slot, &t->sources[at[slot]]), SGP_OK);
        uint32_t target = round % PLACES;
        /* Several changes, some of their labels made before the question. */
        if (maker_below(&t->random, 3) == 0)
            continue;
        sgp_labels_refresh_some(labels, t->query, maker_below(&t->random, 4));
        assert_int_equal(sgp_labels_to(labels, t->query, &t->targets[target], ms), SGP_OK);
        assert_int_equal(sgp_labels_refresh(labels, t->query), 0);
        for (uint32_t i = 0; i < PLACES; i++)
            if (at[i] < PLACES)
                check_time(t, "label", at[i], target, ms[i]);
            else
                assert_int_equal(ms[i], SGP_UNREACHABLE);
        size_t k = maker_below(&t->random, PLACES + 1), n, taken = 0;
        int64_t limit_ms = maker_below(&t->random, 3) ? 120 : INT64_MAX;
        assert_int_equal(
            sgp_labels_nearest(labels, t->query, &t->targets[target], k, limit_ms, near, &n),
            SGP_OK);
        for (uint32_t i = 0; i < PLACES; i++) { /* how many are before it? */
            size_t before = 0;
            for (uint32_t j = 0; j < PLACES; j++)
                before += ms[j] >= 0 && (ms[j] < ms[i] || (ms[j] == ms[i] && j < i));
            if (ms[i] < 0 || ms[i] > limit_ms || before >= k)
                continue;
            taken++;
            assert_true(before < n && near[before].slot == i && near[before].ms == ms[i]);
        }
        assert_int_equal(n, taken);
    }
    sgp_labels_destroy(labels);
}

static void check_targets(trial *t) {
    sgp_targets *targets;
    int64_t ms[PLACES];
    assert_int_equal(sgp_targets_create(t->graph, t->targets, PLACES, &targets), SGP_OK);
    for (uint32_t i = 0; i < PLACES; i++) {
        assert_int_equal(sgp_targets_from(targets, t->query, &t->sources[i], ms), SGP_OK);
        for (uint32_t j = 0; j < PLACES; j++)
            check_time(t, "target", i, j, ms[j]);
    }
    sgp_targets_destroy(targets);
}

/* Sum over the route's points of what the arcs between them cost: every pair of
 * vertices passed one after the other must be joined by an arc of just that time,
 * drawn with just those points. Only where no two vertices share a place. */
static void check_arcs_of_route(const trial *t, const sgp_route *r) {
    size_t last = 0;
    uint32_t last_vertex = SGP_NONE;
    for (size_t k = 1; k + 1 < r->n_points; k++) {
        uint32_t v = 0;
        while (v < maker.n_vertices && !sgp_point_equal(maker.vertex_point[v], r->points[k]))
            v++;
        if (v == maker.n_vertices)
            continue;
        bool found = last_vertex == SGP_NONE;
        for (uint32_t a = 0; a < maker.n_arcs && !found; a++) {
            const maker_arc *arc = &maker.arcs[a];
            const sgp_edge *e = &maker.edges[arc->edge >> 1];
            if (arc->tail != last_vertex || arc->head != v ||
                arc->weight != r->at_ms[k] - r->at_ms[last] || e->n_points != k - last + 1)
                continue;
            found = true;
            for (uint32_t i = 0; i < e->n_points; i++) {
                uint32_t place = arc->edge & 1 ? e->n_points - 1 - i : i;
                if (!sgp_point_equal(maker.points[e->first_point + place], r->points[last + i]))
                    found = false;
            }
        }
        if (!found)
            fail_msg("seed %llu: the route takes an arc to vertex %u that does not exist",
                     (unsigned long long)t->seed, v);
        last = k;
        last_vertex = v;
    }
}

static void check_route(const trial *t, uint32_t s, uint32_t e) {
    sgp_route r;
    assert_int_equal(sgp_query_route(t->query, &t->sources[s], &t->targets[e], &r), SGP_OK);
    check_time(t, "route", s, e, r.duration_ms);
    if (r.duration_ms == SGP_UNREACHABLE) {
        assert_int_equal(r.n_points + r.n_steps, 0);
        sgp_route_free(&r);
        return;
    }
    assert_true(r.n_points >= 2);
    assert_true(sgp_point_equal(r.points[0], t->sources[s].from.road));
    assert_true(sgp_point_equal(r.points[r.n_points - 1], t->targets[e].road));
    assert_int_equal(r.at_ms[0], 0);
    assert_int_equal(r.at_ms[r.n_points - 1], t->expected[s][e]);
    for (size_t i = 1; i < r.n_points; i++)
        assert_true(r.at_ms[i - 1] <= r.at_ms[i]);
    int64_t ms = 0;
    int64_t mm = 0;
    for (size_t i = 0; i < r.n_steps; i++) {
        const sgp_step *step = &r.steps[i];
        ms += step->duration_ms;
        mm += step->length_mm;
        assert_true(step->n_points >= 1 && step->first_point + step->n_points <= r.n_points);
        if (i > 0) {
            assert_string_not_equal(step->name, r.steps[i - 1].name);
            assert_int_equal(step->first_point,
                             r.steps[i - 1].first_point + r.steps[i - 1].n_points - 1);
        }
    }
    assert_int_equal(ms, t->expected[s][e]);
    assert_int_equal(mm, r.length_mm);
    if (!t->connectors)
        check_arcs_of_route(t, &r);
    sgp_route_free(&r);
}

/* Node to node, from the same brute force idea over vertices alone. */
static void check_nodes(const trial *t) {
    static int64_t distance[MOST][MOST];
    uint32_t n = maker.n_vertices;
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t j = 0; j < n; j++)
            distance[i][j] = maker.vertex_node[i] == maker.vertex_node[j] && i == j ? 0 : FAR;
    for (uint32_t a = 0; a < maker.n_arcs; a++)
        if (maker.arcs[a].weight != SGP_INF)
            lower(distance, maker.arcs[a].tail, maker.arcs[a].head, maker.arcs[a].weight);
    for (uint32_t k = 0; k < n; k++)
        for (uint32_t i = 0; i < n; i++)
            for (uint32_t j = 0; j < n; j++)
                if (distance[i][k] < FAR && distance[k][j] < FAR)
                    lower(distance, i, j, distance[i][k] + distance[k][j]);
    int64_t nodes[MOST];
    int64_t ms[MOST * MOST];
    sgp_fault fault;
    for (uint32_t v = 0; v < n; v++)
        nodes[v] = maker.vertex_node[v];
    uint32_t rows = 1 + maker_below(&(uint64_t){t->seed * 77 + 5}, n);
    assert_int_equal(sgp_query_matrix_nodes(t->query, nodes, rows, nodes, n, ms, &fault), SGP_OK);
    for (uint32_t round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < (round ? n : rows); i++)
            for (uint32_t j = 0; j < (round ? rows : n); j++) {
                int64_t best = FAR;
                for (uint32_t u = 0; u < n; u++)
                    for (uint32_t v = 0; v < n; v++)
                        if (nodes[u] == nodes[i] && nodes[v] == nodes[j] && distance[u][v] < best)
                            best = distance[u][v];
                assert_int_equal(ms[i * (round ? rows : n) + j], best < SGP_INF ? best : -1);
            }
        assert_int_equal(sgp_query_matrix_nodes(t->query, nodes, n, nodes, rows, ms, &fault),
                         SGP_OK);
    }
}

/* Metres from a point to an edge in a plane around the point. */
static double metres_to_edge(sgp_point p, const sgp_edge *e) {
    double lon = 6371008.8 * acos(-1) / 180 * cos(sgp_lat(p) * acos(-1) / 180);
    double lat = 6371008.8 * acos(-1) / 180;
    double best = INFINITY;
    for (uint32_t i = 0; i + 1 < e->n_points; i++) {
        sgp_point a = maker.points[e->first_point + i];
        sgp_point b = maker.points[e->first_point + i + 1];
        double ax = (sgp_lon(a) - sgp_lon(p)) * lon, ay = (sgp_lat(a) - sgp_lat(p)) * lat;
        double bx = (sgp_lon(b) - sgp_lon(p)) * lon, by = (sgp_lat(b) - sgp_lat(p)) * lat;
        double length = hypot(bx - ax, by - ay);
        double metres = fmin(hypot(ax, ay), hypot(bx, by));
        if (length > 0) {
            double along = -(ax * (bx - ax) + ay * (by - ay)) / length;
            if (along > 0 && along < length)
                metres = fmin(metres, fabs(ax * by - ay * bx) / length);
        }
        best = fmin(best, metres);
    }
    return best;
}

static void check_snaps(const trial *t, uint64_t *random) {
    sgp_point p = {(int32_t)maker_below(random, 180000) - 10000,
                   (int32_t)maker_below(random, 80000) - 10000};
    size_t capacity = 1 + maker_below(random, 6);
    double radius_m = maker_below(random, 3) ? 1500 : 200;
    sgp_snap snaps[6];
    size_t n;
    assert_int_equal(sgp_graph_snap(t->graph, p, radius_m, snaps, capacity, &n), SGP_OK);
    double metres[MAKER_ARCS];
    size_t within = 0;
    for (uint32_t e = 0; e < maker.n_edges; e++) {
        const sgp_edge *edge = &maker.edges[e];
        metres[e] = INFINITY;
        if ((edge->flags & SGP_EDGE_MAIN) &&
            (arc_weight(edge, false) < FAR || arc_weight(edge, true) < FAR))
            metres[e] = metres_to_edge(p, edge);
        within += metres[e] <= radius_m;
    }
    assert_int_equal(n, within < capacity ? within : capacity);
    double worst = n > 0 ? metres[snaps[n - 1].edge] : 0;
    for (size_t i = 0; i < n; i++) {
        assert_true(fabs(metres[snaps[i].edge] - snaps[i].on_foot_mm / 1000.0) < 0.002);
        assert_true(fabs(sgp_distance_m(p, snaps[i].road) - snaps[i].on_foot_mm / 1000.0) < 0.05);
        assert_true(snaps[i].offset_mm <= maker.edges[snaps[i].edge].length_mm);
        if (i > 0)
            assert_true(snaps[i - 1].on_foot_mm <= snaps[i].on_foot_mm);
    }
    for (uint32_t e = 0; e < maker.n_edges && n == capacity; e++) {
        bool listed = false;
        for (size_t i = 0; i < n; i++)
            listed |= snaps[i].edge == e;
        assert_true(listed || metres[e] > worst - 0.002);
    }
}

static void test_router_random_graphs(void **state) {
    (void)state;
    size_t ways = 0;
    for (uint64_t round = 1; round <= ROUNDS; round++) {
        trial t = {.seed = round, .random = round * UINT64_C(0x9e3779b97f4a7c15)};
        t.connectors = round % 2;
        make_graph(&t);
        for (uint32_t i = 0; i < PLACES; i++) {
            t.sources[i].from = random_place(&t.random);
            t.sources[i].penalty_ms = maker_below(&t.random, 2) ? maker_below(&t.random, 100) : 0;
            t.targets[i] = random_place(&t.random);
        }
        brute_force(&t);
        check_times(&t);
        check_labels(&t);
        check_targets(&t);
        check_nodes(&t);
        for (uint32_t i = 0; i < PLACES; i++)
            for (uint32_t j = 0; j < PLACES; j++) {
                check_route(&t, i, j);
                ways += t.expected[i][j] >= 0;
            }
        for (int i = 0; i < 10; i++)
            check_snaps(&t, &t.random);
        sgp_query_destroy(t.query);
        sgp_metric_destroy(t.metric);
        sgp_graph_close(t.graph);
    }
    /* The trials must be of both kinds, or they prove little. */
    size_t all = (size_t)ROUNDS * PLACES * PLACES;
    assert_true(ways > all / 4 && ways < all * 3 / 4);
}

static int set_up(void **state) {
    (void)state;
    maker_folder(folder);
    snprintf(path, sizeof path, "%s/city.sgr", folder);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    unlink(path);
    return rmdir(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_router_random_graphs)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
