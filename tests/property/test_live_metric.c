/* A metric that is replaced and changed while others read it: nobody ever sees half of two
 * pictures. Meant for the thread sanitizer, and true without it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#include "graph_maker.h"
#include "customize_checks.h"

enum { READERS = 3, PICTURES = 300, SIDE = 8 };

static graph_maker maker;
static char folder[64];
static char path[128];
static sgp_graph *graph;
static sgp_live_metric *live;
static atomic_bool done;

/* All weights of picture k are k times those of the file, so that all up-arcs are, too. */
static int32_t *unit; /* customized weights of the file's */

static uint64_t read_once(void) {
    const sgp_graph_parts *p = sgp_graph_get(graph);
    const sgp_metric *metric = sgp_live_metric_hold(live);
    int32_t times = metric->weight[0] / p->weight[0];
    for (uint32_t a = 0; a < p->n_arcs; a++)
        assert(metric->weight[a] == times * p->weight[a]);
    for (uint32_t i = 0; i < graph->hierarchy.n_weights; i++)
        assert(metric->customized[i] == (unit[i] == SGP_INF ? SGP_INF : times * unit[i]));
    uint64_t version = sgp_metric_version(metric);
    sgp_live_metric_release(live, metric);
    return version;
}

static void *read_on(void *context) {
    uint64_t last = 0;
    uint64_t *seen = context;
    do {
        uint64_t version = read_once();
        assert(version >= last); /* no reader goes back in time */
        *seen += version != last;
        last = version;
    } while (!atomic_load(&done));
    return NULL;
}

static void test_live_metric_is_always_whole(void **state) {
    (void)state;
    const sgp_graph_parts *p = sgp_graph_get(graph);
    int32_t weight[MAKER_ARCS];
    static sgp_arc_weight changes[MAKER_ARCS];
    assert_int_equal(sgp_live_metric_create(graph, p->weight, 1, &live), SGP_OK);
    unit = customize_expected(graph, p->weight);
    pthread_t threads[READERS];
    uint64_t seen[READERS] = {0};
    for (int i = 0; i < READERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, read_on, &seen[i]), 0);
    for (int32_t k = 2; k < PICTURES; k++) {
        for (uint32_t a = 0; a < p->n_arcs; a++) {
            weight[a] = k * p->weight[a];
            changes[a] = (sgp_arc_weight){a, weight[a]};
        }
        /* Some are made ready and then dropped: nobody ever sees them. */
        sgp_arc_weight astray[2] = {{0, 7}, {(uint32_t)k % p->n_arcs, 8}};
        if (k % 5 == 0)
            assert_int_equal(sgp_live_metric_prepare_change(live, astray, 2), SGP_OK);
        if (k % 7 == 0)
            assert_int_equal(sgp_live_metric_prepare(live, p->weight, 1), SGP_OK);
        if (k % 3 == 0)
            assert_int_equal(sgp_live_metric_replace(live, weight, 1 + (unsigned)k % 2), SGP_OK);
        else
            assert_int_equal(sgp_live_metric_change(live, changes, p->n_arcs), SGP_OK);
    }
    atomic_store(&done, true);
    for (int i = 0; i < READERS; i++) {
        pthread_join(threads[i], NULL);
        assert_true(seen[i] >= 1);
    }
    sgp_live_metric_destroy(live);
    free(unit);
}

static int set_up(void **state) {
    (void)state;
    maker_folder(folder);
    snprintf(path, sizeof path, "%s/city.sgr", folder);
    maker_begin(&maker);
    uint64_t random = 1;
    for (uint32_t v = 0; v < SIDE * SIDE; v++)
        maker_vertex(&maker, (int32_t)(v % SIDE * 10000), (int32_t)(v / SIDE * 10000), v);
    /* Few enough two-way roads that all arcs together still are a partial change. */
    for (uint32_t v = 1; v < SIDE * SIDE; v++) {
        if (v % SIDE)
            maker_edge(&maker, v - 1, v, 1 + (int32_t)maker_below(&random, 100), MAKER_NO_ARC, NULL,
                       0, 0, "", SGP_EDGE_MAIN);
        if (v >= SIDE)
            maker_edge(&maker, v, v - SIDE, 1 + (int32_t)maker_below(&random, 100), MAKER_NO_ARC,
                       NULL, 0, 0, "", SGP_EDGE_MAIN);
    }
    sgp_fault fault;
    return sgp_graph_write(path, maker_finish(&maker), NULL, &fault) != SGP_OK ||
           sgp_graph_open(path, &graph, &fault) != SGP_OK;
}

static int tear_down(void **state) {
    (void)state;
    sgp_graph_close(graph);
    unlink(path);
    return rmdir(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_live_metric_is_always_whole)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
