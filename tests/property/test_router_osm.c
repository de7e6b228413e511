/* The router on a real city: 1,000 random pairs of places, and 1,000 of nodes
 * through the command `sigap table`, against a Dijkstra of the test's own, which shares nothing
 * with the router but the graph's arrays. It has its own adjacency (a list of arcs for each vertex,
 * made from the edges' own arc numbers and the connectors), its own priority queue (buckets by
 * time), and it splits the edges at the places by adding vertices.
 *
 * Needs the Porto extract under SIGAP_DATA; skipped where it is absent.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "graph_maker.h"
#include "route/osm_graph.h"
#include "sigap/router.h"

/* 40 sources x 25 targets are 1,000 pairs. */
enum { SOURCES = 40, TARGETS = 25, MOVED = 2, ROUTES = 60, BUCKETS = 1 << 16 };

typedef struct road_link {
    uint32_t to;
    int32_t ms;
    uint32_t next; /* of the same vertex, SGP_NONE at the end */
} road_link;

/* The oracle's own picture of the graph. */
typedef struct oracle {
    uint32_t n;
    uint32_t *first;
    road_link *links;
    uint32_t n_links;
    uint32_t capacity;
    int64_t *ms;
} oracle;

typedef struct city {
    sgp_graph *graph;
    sgp_metric *metric;
    sgp_query *query;
    sgp_source sources[SOURCES];
    sgp_snap targets[TARGETS];
} city;

static char folder[64];
static char path[128];
static city porto;

static void add_link(oracle *o, uint32_t from, uint32_t to, int64_t ms) {
    assert_true(o->n_links < o->capacity);
    assert_true(ms >= 0 && ms < SGP_INF);
    o->links[o->n_links] = (road_link){to, (int32_t)ms, o->first[from]};
    o->first[from] = o->n_links++;
}

static bool usable(const sgp_graph_parts *p, uint32_t arc) {
    return arc != SGP_NONE && p->weight[arc] < SGP_INF;
}

static void oracle_make(oracle *o, const city *c) {
    const sgp_graph_parts *p = sgp_graph_get(c->graph);
    o->n = p->n_vertices + SOURCES + TARGETS;
    o->capacity = 2 * p->n_arcs + 2 * SOURCES + SOURCES * TARGETS * 2;
    o->first = malloc(o->n * sizeof *o->first);
    o->links = malloc(o->capacity * sizeof *o->links);
    o->ms = malloc(o->n * sizeof *o->ms);
    uint32_t *tail = malloc(((size_t)p->n_arcs + 1) * sizeof *tail);
    assert_true(o->first && o->links && o->ms && tail);
    for (uint32_t v = 0; v < o->n; v++)
        o->first[v] = SGP_NONE;
    for (uint32_t v = 0; v < p->n_vertices; v++)
        for (uint32_t a = p->first_arc[v]; a < p->first_arc[v + 1]; a++) {
            tail[a] = v;
            if (p->weight[a] < SGP_INF)
                add_link(o, v, p->arc_head[a], p->weight[a]);
        }
    for (uint32_t i = 0; i < SOURCES; i++) {
        const sgp_snap *s = &c->sources[i].from;
        const sgp_edge *e = &p->edges[s->edge];
        int64_t length = e->length_mm;
        uint32_t me = p->n_vertices + i;
        if (usable(p, e->forward_arc))
            add_link(o, me, p->arc_head[e->forward_arc],
                     p->weight[e->forward_arc] * (length - s->offset_mm) / length);
        if (usable(p, e->backward_arc))
            add_link(o, me, p->arc_head[e->backward_arc],
                     (int64_t)p->weight[e->backward_arc] * s->offset_mm / length);
        for (uint32_t j = 0; j < TARGETS; j++) {
            int64_t ahead = (int64_t)c->targets[j].offset_mm - s->offset_mm;
            uint32_t it = p->n_vertices + SOURCES + j;
            if (c->targets[j].edge != s->edge)
                continue;
            if (ahead >= 0 && usable(p, e->forward_arc))
                add_link(o, me, it, p->weight[e->forward_arc] * ahead / length);
            if (ahead <= 0 && usable(p, e->backward_arc))
                add_link(o, me, it, p->weight[e->backward_arc] * -ahead / length);
        }
    }
    for (uint32_t j = 0; j < TARGETS; j++) {
        const sgp_snap *t = &c->targets[j];
        const sgp_edge *e = &p->edges[t->edge];
        int64_t length = e->length_mm;
        uint32_t me = p->n_vertices + SOURCES + j;
        for (uint32_t a = 0; a < p->n_arcs; a++) { /* copies too */
            if (p->arc_edge[a] == SGP_NONE || p->arc_edge[a] >> 1 != t->edge || !usable(p, a))
                continue;
            int64_t driven = p->arc_edge[a] & 1 ? length - t->offset_mm : t->offset_mm;
            add_link(o, tail[a], me, p->weight[a] * driven / length);
        }
    }
    free(tail);
}

static void oracle_free(oracle *o) {
    free(o->first);
    free(o->links);
    free(o->ms);
}

typedef struct bucket {
    uint32_t *vertices;
    size_t n, capacity;
} bucket;

static void bucket_add(bucket *b, uint32_t vertex) {
    if (b->n == b->capacity) {
        b->capacity = b->capacity ? 2 * b->capacity : 16;
        b->vertices = realloc(b->vertices, b->capacity * sizeof *b->vertices);
        assert_non_null(b->vertices);
    }
    b->vertices[b->n++] = vertex;
}

/* All times from `source`. Vertices wait in buckets of 1,024 ms; a vertex that
 * improves waits again, so zero and short arcs are no special case (label
 * correcting within a bucket, as Denardo & Fox 1979). */
static void oracle_run(oracle *o, uint32_t source) {
    static bucket buckets[BUCKETS];
    for (uint32_t v = 0; v < o->n; v++)
        o->ms[v] = INT64_MAX;
    o->ms[source] = 0;
    bucket_add(&buckets[0], source);
    for (uint32_t b = 0; b < BUCKETS; b++) {
        for (size_t i = 0; i < buckets[b].n; i++) {
            uint32_t v = buckets[b].vertices[i];
            if (o->ms[v] >> 10 != b)
                continue; /* it has been in an earlier bucket since, and is done */
            for (uint32_t l = o->first[v]; l != SGP_NONE; l = o->links[l].next) {
                int64_t ms = o->ms[v] + o->links[l].ms;
                uint32_t w = o->links[l].to;
                if (ms >= o->ms[w])
                    continue;
                assert_true(ms >> 10 < BUCKETS);
                o->ms[w] = ms;
                bucket_add(&buckets[ms >> 10], w);
            }
        }
        free(buckets[b].vertices);
        buckets[b] = (bucket){0};
    }
}

static sgp_snap random_place(const sgp_graph *graph, uint64_t *random) {
    const sgp_graph_parts *p = sgp_graph_get(graph);
    for (;;) {
        sgp_point point = {
            p->south_west.lon_e7 + (int32_t)maker_below(random, (uint32_t)(p->north_east.lon_e7 -
                                                                           p->south_west.lon_e7)),
            p->south_west.lat_e7 + (int32_t)maker_below(random, (uint32_t)(p->north_east.lat_e7 -
                                                                           p->south_west.lat_e7))};
        sgp_snap snap;
        size_t n;
        assert_int_equal(sgp_graph_snap(graph, point, 500, &snap, 1, &n), SGP_OK);
        if (n == 1)
            return snap;
    }
}

static void test_router_porto_times_equal_independent_dijkstra(void **state) {
    (void)state;
    assert_non_null(porto.query);
    static int64_t ms[SOURCES * TARGETS];
    static int64_t column[SOURCES];
    assert_int_equal(
        sgp_query_matrix(porto.query, porto.sources, SOURCES, porto.targets, TARGETS, ms), SGP_OK);
    oracle o = {0};
    oracle_make(&o, &porto);
    uint32_t n = sgp_graph_get(porto.graph)->n_vertices;
    size_t ways = 0;
    for (uint32_t i = 0; i < SOURCES; i++) {
        oracle_run(&o, n + i);
        for (uint32_t j = 0; j < TARGETS; j++) {
            int64_t expected = o.ms[n + SOURCES + j];
            int64_t found = ms[i * TARGETS + j];
            ways += found != SGP_UNREACHABLE;
            if (found != (expected == INT64_MAX ? SGP_UNREACHABLE : expected))
                fail_msg("pair %u, %u: %lld, not %lld", i, j, (long long)found,
                         (long long)expected);
        }
    }
    oracle_free(&o);
    /* The other direction of search must say the same, penalties on top. */
    for (uint32_t i = 0; i < SOURCES; i++)
        porto.sources[i].penalty_ms = 1000 * i;
    for (uint32_t j = 0; j < TARGETS; j++) {
        assert_int_equal(
            sgp_query_many_to_one(porto.query, porto.sources, SOURCES, &porto.targets[j], column),
            SGP_OK);
        for (uint32_t i = 0; i < SOURCES; i++) {
            int64_t expected = ms[i * TARGETS + j];
            assert_int_equal(column[i],
                             expected == SGP_UNREACHABLE ? expected : expected + 1000 * i);
        }
    }
    for (uint32_t i = 0; i < SOURCES; i++)
        porto.sources[i].penalty_ms = 0;
    /* Main roads reach each other, by their definition. */
    assert_int_equal(ways, SOURCES * TARGETS);
}

/* Writes the node numbers of `n` random vertices, one a line, and tells them. */
static void random_nodes(const char *file_path, uint64_t *random, int64_t *nodes, uint32_t n) {
    const sgp_graph_parts *p = sgp_graph_get(porto.graph);
    FILE *file = fopen(file_path, "w");
    assert_non_null(file);
    for (uint32_t i = 0; i < n; i++) {
        nodes[i] = p->vertex_node[maker_below(random, p->n_vertices)];
        fprintf(file, "%lld\n", (long long)nodes[i]);
    }
    assert_int_equal(fclose(file), 0);
}

/* The least time from any vertex of one node to any of another: the node's
 * copies are its ways of arriving and leaving. ms[n_vertices] of the best start. */
static void oracle_from_node(oracle *o, int64_t node, int64_t *ms) {
    const sgp_graph_parts *p = sgp_graph_get(porto.graph);
    for (uint32_t v = 0; v < p->n_vertices; v++)
        ms[v] = INT64_MAX;
    for (uint32_t v = 0; v < p->n_vertices; v++) {
        if (p->vertex_node[v] != node)
            continue;
        oracle_run(o, v);
        for (uint32_t w = 0; w < p->n_vertices; w++)
            if (o->ms[w] < ms[w])
                ms[w] = o->ms[w];
    }
}

static void test_router_porto_sigap_table_equals_independent_dijkstra(void **state) {
    (void)state;
    const sgp_graph_parts *p = sgp_graph_get(porto.graph);
    char sources_path[128], targets_path[128], command[1024];
    int64_t sources[SOURCES], targets[TARGETS];
    uint64_t random = 2014;
    snprintf(sources_path, sizeof sources_path, "%s/sources", folder);
    snprintf(targets_path, sizeof targets_path, "%s/targets", folder);
    random_nodes(sources_path, &random, sources, SOURCES);
    random_nodes(targets_path, &random, targets, TARGETS);
    snprintf(command, sizeof command,
             "'%s/bin/sigap' table --graph '%s' --sources '%s' --targets '%s' --node --json",
             SIGAP_BINARY_DIR, path, sources_path, targets_path);
    FILE *output = popen(command, "r");
    assert_non_null(output);
    json_error_t why;
    json_t *answer = json_loadf(output, 0, &why);
    assert_int_equal(pclose(output), 0);
    unlink(sources_path);
    unlink(targets_path);
    json_t *rows = json_object_get(answer, "weights");
    assert_int_equal(json_array_size(rows), SOURCES);

    oracle o = {0};
    oracle_make(&o, &porto);
    int64_t *ms = malloc(p->n_vertices * sizeof *ms);
    assert_non_null(ms);
    size_t ways = 0;
    for (uint32_t i = 0; i < SOURCES; i++) {
        oracle_from_node(&o, sources[i], ms);
        for (uint32_t j = 0; j < TARGETS; j++) {
            int64_t expected = INT64_MAX;
            for (uint32_t v = 0; v < p->n_vertices; v++)
                if (p->vertex_node[v] == targets[j] && ms[v] < expected)
                    expected = ms[v];
            json_t *found = json_array_get(json_array_get(rows, i), j);
            assert_non_null(found);
            ways += json_is_integer(found);
            if (json_is_integer(found) ? json_integer_value(found) != expected
                                       : expected != INT64_MAX)
                fail_msg("nodes %lld to %lld: not %lld", (long long)sources[i],
                         (long long)targets[j], (long long)expected);
        }
    }
    free(ms);
    oracle_free(&o);
    json_decref(answer);
    assert_true(ways > SOURCES * TARGETS * 9 / 10);
}

static void test_router_porto_routes_add_up(void **state) {
    (void)state;
    assert_non_null(porto.query);
    for (uint32_t k = 0; k < ROUTES; k++) {
        const sgp_source *source = &porto.sources[k % SOURCES];
        const sgp_snap *target = &porto.targets[k * 7 % TARGETS];
        int64_t expected;
        sgp_route r;
        assert_int_equal(sgp_query_one_to_many(porto.query, source, target, 1, &expected), SGP_OK);
        assert_int_equal(sgp_query_route(porto.query, source, target, &r), SGP_OK);
        assert_int_equal(r.duration_ms, expected);
        int64_t ms = 0;
        int64_t mm = 0;
        for (size_t i = 0; i < r.n_steps; i++) {
            ms += r.steps[i].duration_ms;
            mm += r.steps[i].length_mm;
        }
        assert_int_equal(ms, expected);
        assert_int_equal(mm, r.length_mm);
        double drawn_m = 0;
        for (size_t i = 1; i < r.n_points; i++) {
            assert_true(r.at_ms[i] >= r.at_ms[i - 1]);
            drawn_m += sgp_distance_m(r.points[i - 1], r.points[i]);
        }
        assert_int_equal(r.at_ms[r.n_points - 1], expected);
        /* What is drawn is as long as what is driven, but for rounding at points. */
        bool exact_ends = target - porto.targets >= MOVED;
        assert_true(!exact_ends || fabs(drawn_m - r.length_mm / 1000.0) < 0.5 + 0.001 * drawn_m);
        sgp_route_free(&r);
    }
}

/* Metres from a point to a line, by looking at every segment. */
static double metres_to_line(sgp_point p, const sgp_point *points, uint32_t n) {
    double scale = 6371008.8 * acos(-1) / 180 * 1e-7;
    double narrow = cos(sgp_lat(p) * acos(-1) / 180);
    double best = INFINITY;
    for (uint32_t i = 0; i + 1 < n; i++) {
        double ax = ((double)points[i].lon_e7 - p.lon_e7) * narrow;
        double ay = (double)points[i].lat_e7 - p.lat_e7;
        double bx = ((double)points[i + 1].lon_e7 - p.lon_e7) * narrow;
        double by = (double)points[i + 1].lat_e7 - p.lat_e7;
        double dx = bx - ax, dy = by - ay, square = dx * dx + dy * dy;
        double along = square > 0 ? -(ax * dx + ay * dy) / square : 0;
        along = fmax(0, fmin(1, along));
        best = fmin(best, hypot(ax + along * dx, ay + along * dy));
    }
    return best * scale;
}

static void test_router_porto_snaps_equal_looking_everywhere(void **state) {
    (void)state;
    assert_non_null(porto.query);
    const sgp_graph_parts *p = sgp_graph_get(porto.graph);
    uint64_t random = 99;
    for (int k = 0; k < 40; k++) {
        sgp_point near = porto.targets[k % TARGETS].road;
        sgp_point point = {near.lon_e7 + (int32_t)maker_below(&random, 40000) - 20000,
                           near.lat_e7 + (int32_t)maker_below(&random, 40000) - 20000};
        sgp_snap snap;
        size_t n;
        assert_int_equal(sgp_graph_snap(porto.graph, point, 1e5, &snap, 1, &n), SGP_OK);
        assert_int_equal(n, 1);
        double best = INFINITY;
        for (uint32_t e = 0; e < p->n_edges; e++) {
            const sgp_edge *edge = &p->edges[e];
            if ((edge->flags & SGP_EDGE_MAIN) &&
                (usable(p, edge->forward_arc) || usable(p, edge->backward_arc)))
                best = fmin(best,
                            metres_to_line(point, p->points + edge->first_point, edge->n_points));
        }
        assert_true(fabs(best - snap.on_foot_mm / 1000.0) < 0.002);
    }
}

static void open_city(const char *extract) {
    sgp_city_id id = {{1}};
    sgp_osm_graph *osm = NULL;
    sgp_fault fault = {0};
    if (sgp_osm_graph_read(extract, &id, "porto", NULL, NULL, &osm, &fault) != SGP_OK ||
        sgp_graph_write(path, sgp_osm_graph_parts(osm), NULL, &fault) != SGP_OK ||
        sgp_graph_open(path, &porto.graph, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    sgp_osm_graph_destroy(osm);
    assert_int_equal(sgp_metric_create(porto.graph, &porto.metric), SGP_OK);
    assert_int_equal(sgp_query_create(porto.metric, &porto.query), SGP_OK);
    uint64_t random = 2016;
    for (uint32_t i = 0; i < SOURCES; i++)
        porto.sources[i] = (sgp_source){.from = random_place(porto.graph, &random)};
    for (uint32_t j = 0; j < TARGETS; j++)
        porto.targets[j] = random_place(porto.graph, &random);
    /* The first MOVED targets share an edge with a source, in both orders. Only their
     * offsets move, so their road points are no longer exact. */
    porto.targets[0] = porto.sources[0].from;
    porto.targets[0].offset_mm /= 2;
    porto.targets[1] = porto.sources[1].from;
    porto.targets[1].offset_mm +=
        (sgp_graph_get(porto.graph)->edges[porto.targets[1].edge].length_mm -
         porto.targets[1].offset_mm) /
        2;
}

static int set_up(void **state) {
    (void)state;
    maker_folder(folder);
    snprintf(path, sizeof path, "%s/city.sgr", folder);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    sgp_query_destroy(porto.query);
    sgp_metric_destroy(porto.metric);
    sgp_graph_close(porto.graph);
    unlink(path);
    return rmdir(folder);
}

static void test_router_porto_is_read(void **state) {
    (void)state;
    char extract[512];
    const char *data = getenv("SIGAP_DATA");
    snprintf(extract, sizeof extract, "%s/osm/porto_portugal.osm.pbf",
             data ? data : SIGAP_SOURCE_DIR "/../shared/data");
    open_city(extract);
}

int main(void) {
    char extract[512];
    const char *data = getenv("SIGAP_DATA");
    snprintf(extract, sizeof extract, "%s/osm/porto_portugal.osm.pbf",
             data ? data : SIGAP_SOURCE_DIR "/../shared/data");
    if (access(extract, R_OK) != 0) {
        printf("skipped: %s is not there\n", extract);
        return 77;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_router_porto_is_read),
        cmocka_unit_test(test_router_porto_times_equal_independent_dijkstra),
        cmocka_unit_test(test_router_porto_sigap_table_equals_independent_dijkstra),
        cmocka_unit_test(test_router_porto_routes_add_up),
        cmocka_unit_test(test_router_porto_snaps_equal_looking_everywhere),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
