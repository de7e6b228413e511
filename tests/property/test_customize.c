/* Fast customization, full and partial, against the scalar one on small graphs of many
 * shapes, slot by slot. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <unistd.h>

#include "graph_maker.h"
#include "customize_checks.h"

enum { ROUNDS = 400 };

static graph_maker maker;
static char folder[64];
static char path[128];

static void road(uint64_t *random, uint32_t u, uint32_t v) {
    maker_edge(&maker, u, v, maker_below(random, 5) ? customize_weight(random) : MAKER_NO_ARC,
               maker_below(random, 4) ? customize_weight(random) : MAKER_NO_ARC, NULL, 0, 0, "",
               SGP_EDGE_MAIN);
}

typedef enum shape { RANDOM, TANGLED, PATH, STAR, CLIQUE, GRID, PIECES, ALONE, SHAPES } shape;

static void draw(shape what, uint64_t *random) {
    maker_begin(&maker);
    uint32_t n = what == ALONE ? 1 : 2 + maker_below(random, MAKER_VERTICES - 2);
    if (what == CLIQUE)
        n = 2 + maker_below(random, 20);
    if (what == TANGLED)
        n = MAKER_VERTICES;
    uint32_t width = 1 + maker_below(random, 9);
    for (uint32_t v = 0; v < n; v++)
        maker_vertex(&maker, (int32_t)(v % width * 10000 + maker_below(random, 5000)),
                     (int32_t)(v / width * 10000), v);
    switch (what) {
    case PATH:
        for (uint32_t v = 1; v < n; v++)
            road(random, v - 1, v);
        break;
    case STAR:
        for (uint32_t v = 1; v < n; v++)
            road(random, 0, v);
        break;
    case CLIQUE:
        for (uint32_t v = 1; v < n; v++)
            for (uint32_t u = 0; u < v; u++)
                road(random, u, v);
        break;
    case GRID:
        for (uint32_t v = 1; v < n; v++) {
            if (v % width)
                road(random, v - 1, v);
            if (v >= width)
                road(random, v, v - width);
        }
        break;
    case PIECES: /* no road leads from one third to another */
        for (uint32_t e = 0; e < 2 * n; e++) {
            uint32_t u = maker_below(random, n);
            uint32_t v = maker_below(random, n);
            road(random, u, v % 3 == u % 3 ? v : u);
        }
        break;
    default: /* parallel roads and loops among them */
        for (uint32_t e = what == TANGLED ? 250 : maker_below(random, 3 * n); e > 0; e--)
            road(random, maker_below(random, n), maker_below(random, n));
        break;
    }
}

static void test_customize_equals_scalar(void **state) {
    (void)state;
    size_t fronts = 0, sparse = 0;
    for (uint64_t seed = 1; seed <= ROUNDS; seed++) {
        uint64_t random = seed * UINT64_C(0x9e3779b97f4a7c15);
        draw((shape)(seed % SHAPES), &random);
        sgp_graph *graph = NULL;
        sgp_fault fault = {0};
        if (sgp_graph_write(path, maker_finish(&maker), NULL, &fault) != SGP_OK ||
            sgp_graph_open(path, &graph, &fault) != SGP_OK)
            fail_msg("seed %llu: %s", (unsigned long long)seed, fault.text);
        fronts += graph->hierarchy.n_fronts;
        sparse += graph->hierarchy.n_vertices;
        customize_check_all(graph, sgp_graph_get(graph)->weight, seed);
        customize_check_changes(graph, seed, 32, 1 + maker_below(&random, 6));
        sgp_graph_close(graph);
    }
    assert_true(fronts > ROUNDS / 8);
    assert_true(sparse > 10 * ROUNDS);
}

static void test_customize_refuses_what_is_no_weight(void **state) {
    (void)state;
    uint64_t random = 7;
    draw(GRID, &random);
    sgp_graph *graph = NULL;
    sgp_fault fault = {0};
    assert_int_equal(sgp_graph_write(path, maker_finish(&maker), NULL, &fault), SGP_OK);
    assert_int_equal(sgp_graph_open(path, &graph, &fault), SGP_OK);
    int32_t weight[MAKER_ARCS];
    uint32_t n = sgp_graph_get(graph)->n_arcs;
    memcpy(weight, sgp_graph_get(graph)->weight, n * sizeof *weight);
    sgp_metric *metric = NULL;
    sgp_live_metric *live = NULL;
    weight[n - 1] = -1;
    assert_int_equal(sgp_metric_customize(graph, weight, 1, &metric), SGP_E_RANGE);
    assert_int_equal(sgp_live_metric_create(graph, weight, 1, &live), SGP_E_RANGE);
    assert_null(metric);
    assert_null(live);
    weight[n - 1] = 5;
    assert_int_equal(sgp_live_metric_create(graph, weight, 1, &live), SGP_OK);
    const sgp_metric *held = sgp_live_metric_hold(live);
    uint64_t version = sgp_metric_version(held);
    weight[0] = SGP_INF + 1;
    assert_int_equal(sgp_live_metric_replace(live, weight, 1), SGP_E_RANGE);
    assert_int_equal(sgp_live_metric_change(live, &(sgp_arc_weight){0, -1}, 1), SGP_E_RANGE);
    assert_int_equal(sgp_live_metric_change(live, &(sgp_arc_weight){n, 1}, 1), SGP_E_ARGUMENT);
    sgp_live_metric_release(live, held);
    held = sgp_live_metric_hold(live);
    assert_int_equal(sgp_metric_version(held), version);
    sgp_live_metric_release(live, held);
    sgp_live_metric_destroy(live);
    sgp_graph_close(graph);
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
        cmocka_unit_test(test_customize_equals_scalar),
        cmocka_unit_test(test_customize_refuses_what_is_no_weight),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
