/* Every kind of question held to Dijkstra's algorithm: on random graphs that are tangled enough
 * for fronts, and on New York (DIMACS) and Porto where SIGAP_DATA has them; on fresh metrics,
 * after new weights for all arcs, and after changes of some. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "graph_maker.h"
#include "route/dimacs.h"
#include "route/minplus.h"
#include "route/osm_graph.h"
#include "router_oracle.h"

enum { ROUNDS = 1000, PLACES = 12, CHANGES = 40, CITY_SOURCES = 40, CITY_TARGETS = 1000 };

static graph_maker maker;
static char folder[64];
static char path[128];
static size_t pairs, others;

static void write_and_open(const sgp_graph_parts *parts, sgp_order_method method,
                           sgp_graph **graph) {
    sgp_fault fault = {0};
    sgp_graph_making making = {.method = method};
    if (sgp_graph_write(path, parts, &making, &fault) != SGP_OK ||
        sgp_graph_open(path, graph, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
}

/* Weights as they come with a traffic picture: most a little more, some closed. */
static int32_t *other_weights(const sgp_graph_parts *p, uint64_t *random) {
    int32_t *weight = malloc((p->n_arcs + 1) * sizeof *weight);
    assert_non_null(weight);
    for (uint32_t a = 0; a < p->n_arcs; a++) {
        int32_t w = p->weight[a] < SGP_INF / 4 ? p->weight[a] : 1000;
        weight[a] = maker_below(random, 50) == 0
                        ? SGP_INF
                        : w + (int32_t)maker_below(random, (uint32_t)w + 1);
    }
    return weight;
}

/* A graph's own weights, then others, then single changes. */
static void check_graph(sgp_graph *graph, uint32_t n_sources, uint32_t n_targets, uint32_t n_routes,
                        uint64_t *random) {
    const sgp_graph_parts *p = sgp_graph_get(graph);
    sgp_live_metric *live;
    sgp_query *query;
    assert_int_equal(sgp_live_metric_create(graph, p->weight, 2, &live), SGP_OK);
    const sgp_metric *metric = sgp_live_metric_hold(live);
    assert_int_equal(sgp_query_create(metric, &query), SGP_OK);
    router_oracle_check(metric, query, n_sources, n_targets, random, &pairs);
    router_oracle_routes(metric, query, n_routes, random, &others);
    sgp_live_metric_release(live, metric);

    int32_t *weight = other_weights(p, random);
    assert_int_equal(sgp_live_metric_replace(live, weight, 2), SGP_OK);
    metric = sgp_live_metric_hold(live);
    sgp_query_use(query, metric);
    router_oracle_check(metric, query, n_sources / 4 + 1, n_targets, random, &pairs);
    sgp_live_metric_release(live, metric);

    sgp_arc_weight changes[CHANGES];
    uint32_t n_changes = p->n_arcs > 0 ? CHANGES : 0;
    for (uint32_t i = 0; i < n_changes; i++) {
        uint32_t arc = maker_below(random, p->n_arcs);
        int32_t w = maker_below(random, 3) ? (int32_t)maker_below(random, 100) : SGP_INF;
        changes[i] = (sgp_arc_weight){arc, w};
    }
    assert_int_equal(sgp_live_metric_change(live, changes, n_changes), SGP_OK);
    metric = sgp_live_metric_hold(live);
    sgp_query_use(query, metric);
    router_oracle_check(metric, query, n_sources / 4 + 1, n_targets, random, &pairs);
    router_oracle_routes(metric, query, n_routes / 4 + 1, random, &others);
    sgp_live_metric_release(live, metric);
    free(weight);
    sgp_query_destroy(query);
    sgp_live_metric_destroy(live);
}

static int32_t random_weight(uint64_t *random) {
    uint32_t which = maker_below(random, 20);
    return which == 0   ? SGP_INF
           : which == 1 ? SGP_INF - 1 - (int32_t)maker_below(random, 5)
           : which < 4  ? 0
                        : (int32_t)maker_below(random, 100);
}

static void make_graph(uint64_t *random) {
    maker_begin(&maker);
    uint32_t n = 1 + maker_below(random, MAKER_VERTICES);
    for (uint32_t v = 0; v < n; v++)
        maker_vertex(&maker, (int32_t)maker_below(random, 90000),
                     (int32_t)maker_below(random, 90000), 100 + v);
    bool tangled = maker_below(random, 3) == 0; /* enough so for fronts */
    uint32_t n_edges = tangled ? MAKER_ARCS / 2 : 1 + maker_below(random, 3 * n + 1);
    uint32_t islands = tangled ? 1 : 1 + maker_below(random, 3);
    for (uint32_t e = 0; e < n_edges; e++) {
        uint32_t u = maker_below(random, n);
        uint32_t v =
            u % islands + islands * maker_below(random, (n - u % islands - 1) / islands + 1);
        int32_t forward = maker_below(random, 5) ? random_weight(random) : MAKER_NO_ARC;
        int32_t backward = maker_below(random, 4) ? random_weight(random) : MAKER_NO_ARC;
        maker_edge(&maker, u, v, forward, backward, NULL, 0, 1 + maker_below(random, 999), "x",
                   SGP_EDGE_MAIN);
    }
}

static void test_router_pairs_random_graphs(void **state) {
    (void)state;
    size_t fronts = 0;
    for (uint64_t round = 1; round <= ROUNDS; round++) {
        uint64_t random = round * UINT64_C(0x9e3779b97f4a7c15);
        make_graph(&random);
        sgp_graph *graph;
        write_and_open(maker_finish(&maker), round % 2 ? SGP_ORDER_METIS : SGP_ORDER_INERTIAL_FLOW,
                       &graph);
        fronts += graph->hierarchy.n_fronts;
        check_graph(graph, PLACES, PLACES, 4, &random);
        sgp_graph_close(graph);
    }
    assert_true(fronts > ROUNDS / 4); /* or the blocks were not tried */
}

static const char *data_file(char text[512], const char *name) {
    const char *data = getenv("SIGAP_DATA");
    snprintf(text, 512, "%s/%s", data ? data : SIGAP_SOURCE_DIR "/../shared/data", name);
    return access(text, R_OK) == 0 ? text : NULL;
}

static void check_city(sgp_graph *graph, uint64_t seed) {
    size_t before = pairs, others_before = others;
    check_graph(graph, CITY_SOURCES, CITY_TARGETS, 40, &seed);
    assert_true(pairs - before >= 100000);
    assert_true(others > others_before);
    printf("%s: %zu pairs, %zu alternatives\n", sgp_graph_get(graph)->name, pairs - before,
           others - others_before);
    sgp_graph_close(graph);
}

static void test_router_pairs_new_york(void **state) {
    (void)state;
    char arcs[512], coords[512];
    sgp_dimacs_graph *file;
    sgp_graph *graph;
    sgp_fault fault = {0};
    if (!data_file(arcs, "graphs/USA-road-t.NY.gr.gz") ||
        !data_file(coords, "graphs/USA-road-d.NY.co.gz"))
        skip();
    if (sgp_dimacs_read(arcs, coords, "ny", NULL, &file, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    write_and_open(sgp_dimacs_parts(file), SGP_ORDER_METIS, &graph);
    sgp_dimacs_destroy(file);
    check_city(graph, 112);
}

static void test_router_pairs_porto(void **state) {
    (void)state;
    char extract[512];
    sgp_osm_graph *osm;
    sgp_graph *graph;
    sgp_fault fault = {0};
    if (!data_file(extract, "osm/porto_portugal.osm.pbf"))
        skip();
    if (sgp_osm_graph_read(extract, &(sgp_city_id){{1}}, "porto", NULL, NULL, &osm, &fault) !=
        SGP_OK)
        fail_msg("%s", fault.text);
    write_and_open(sgp_osm_graph_parts(osm), SGP_ORDER_METIS, &graph);
    sgp_osm_graph_destroy(osm);
    check_city(graph, 119);
}

/* Both kinds of kernels, on rows of every length and alignment. */
static void test_router_pairs_kernels_agree(void **state) {
    (void)state;
    enum { MOST = 96 };
    static int32_t weight[MOST * MOST], one[MOST + 16], two[MOST + 16];
    const sgp_minplus *plain = sgp_minplus_plain(), *best = sgp_minplus_best();
    uint64_t random = 4711;
    for (uint32_t round = 0; round < 3000; round++) {
        uint32_t n = 1 + maker_below(&random, MOST - 8);
        uint32_t stride = (n + 7) / 8 * 8;
        uint32_t k = 1 + maker_below(&random, n);
        for (uint32_t r = 0; r < k; r++)
            for (uint32_t c = 0; c < stride; c++)
                weight[r * stride + c] = c <= r || c >= n ? SGP_INF : random_weight(&random);
        for (int pull = 0; pull < 2; pull++) {
            for (uint32_t c = 0; c < stride; c++)
                one[c] = two[c] = c < n ? random_weight(&random) : SGP_INF;
            uint32_t row = maker_below(&random, k);
            uint32_t end = row + 1 + maker_below(&random, k - row);
            (pull ? plain->pull : plain->push)(weight, stride, row, end, one);
            (pull ? best->pull : best->push)(weight, stride, row, end, two);
            assert_memory_equal(one, two, stride * sizeof *one);
        }
        uint32_t from = maker_below(&random, n);
        assert_int_equal(plain->least(one + from, weight + from, n - from),
                         best->least(one + from, weight + from, n - from));
    }
}

/* Rows of 0 to 15 heads, one behind the other, met from the last to the first. */
static void test_router_pairs_row_kernels_agree(void **state) {
    (void)state;
    enum { MOST = 64, LEVELS = 40, ENTRIES = MOST * 15 + SGP_MINPLUS_ROWS_PADDING };
    static uint16_t length[MOST], depth[MOST], head[ENTRIES];
    static int32_t weight[2 * ENTRIES];
    const sgp_minplus *plain = sgp_minplus_plain(), *best = sgp_minplus_best();
    uint64_t random = 4712;
    for (uint32_t round = 0; round < 3000; round++) {
        uint32_t n = 1 + maker_below(&random, MOST), n_heads = 0;
        int32_t one[2][LEVELS], two[2][MOST];
        for (uint32_t i = 0; i < n; i++) {
            length[i] = (uint16_t)(maker_below(&random, 4) ? maker_below(&random, 5)
                                                           : maker_below(&random, 16));
            depth[i] = (uint16_t)maker_below(&random, LEVELS);
            n_heads += length[i];
        }
        for (uint32_t i = 0; i < ENTRIES; i++) {
            head[i] = (uint16_t)maker_below(&random, LEVELS);
            weight[2 * i] = random_weight(&random);
            weight[2 * i + 1] = random_weight(&random);
        }
        for (uint32_t d = 0; d < LEVELS; d++)
            one[0][d] = one[1][d] = random_weight(&random);
        sgp_minplus_rows rows = {.length = length,
                                 .depth = depth,
                                 .n = n,
                                 .heads_end = head + n_heads,
                                 .weights_end = weight + 2 * n_heads,
                                 .down = round % 2 == 1};
        int32_t most = round % 3 ? SGP_INF : random_weight(&random);
        plain->rows(&rows, most, one[0], two[0]);
        best->rows(&rows, most, one[1], two[1]);
        assert_memory_equal(one[0], one[1], sizeof one[0]);
        assert_memory_equal(two[0], two[1], n * sizeof two[0][0]);
    }
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
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_router_pairs_kernels_agree),
        cmocka_unit_test(test_router_pairs_row_kernels_agree),
        cmocka_unit_test(test_router_pairs_random_graphs),
        cmocka_unit_test(test_router_pairs_porto),
        cmocka_unit_test(test_router_pairs_new_york),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
