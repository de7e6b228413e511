/* Fast customization held to the scalar one, slot by slot. */
#ifndef SGP_TEST_CUSTOMIZE_CHECKS_H
#define SGP_TEST_CUSTOMIZE_CHECKS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "route/customize.h"
#include "route/metric.h"

static inline int32_t *customize_room(const sgp_graph *graph) {
    size_t bytes = ((size_t)graph->hierarchy.n_weights * sizeof(int32_t) / 64 + 1) * 64;
    int32_t *room = aligned_alloc(64, bytes);
    assert_non_null(room);
    memset(room, 0x55, bytes);
    return room;
}

/* Fails with the first slot that differs. */
static inline void customize_compare(const sgp_graph *graph, const int32_t *expected,
                                     const int32_t *found, const char *what, uint64_t seed) {
    for (uint32_t i = 0; i < graph->hierarchy.n_weights; i++)
        if (found[i] != expected[i])
            fail_msg("%s, seed %llu: slot %u of %u is %d, not %d", what, (unsigned long long)seed,
                     i, graph->hierarchy.n_weights, found[i], expected[i]);
}

static inline int32_t *customize_expected(const sgp_graph *graph, const int32_t *weight) {
    int32_t *expected = customize_room(graph);
    assert_int_equal(sgp_customize_scalar(graph, weight, expected), SGP_OK);
    return expected;
}

/* Every kernel of this machine on 1, 2 and 4 threads, each twice with one scratch. */
static inline void customize_check_all(const sgp_graph *graph, const int32_t *weight,
                                       uint64_t seed) {
    const sgp_customize_kernel *kernels[] = {sgp_kernel_portable(), sgp_kernel_avx2(),
                                             sgp_kernel_avx512()};
    int32_t *expected = customize_expected(graph, weight);
    int32_t *found = customize_room(graph);
    for (size_t k = 0; k < 3; k++)
        for (unsigned threads = 1; threads <= 4 && kernels[k]; threads *= 2) {
            char what[64];
            snprintf(what, sizeof what, "%s on %u threads", kernels[k]->name, threads);
            sgp_customizer *customizer;
            assert_int_equal(sgp_customizer_create(graph, threads, kernels[k], &customizer),
                             SGP_OK);
            for (int round = 0; round < 2; round++) {
                memset(found, 0x55, graph->hierarchy.n_weights * sizeof *found);
                sgp_customizer_run(customizer, 0, weight, found);
                customize_compare(graph, expected, found, what, seed);
            }
            sgp_customizer_destroy(customizer);
        }
    free(found);
    free(expected);
}

/* A weight of any kind: nothing, closed, nearly closed, ordinary. */
static inline int32_t customize_weight(uint64_t *random) {
    switch (maker_below(random, 8)) {
    case 0:
        return 0;
    case 1:
        return SGP_INF;
    case 2:
        return SGP_INF - (int32_t)maker_below(random, 3);
    case 3:
        return SGP_INF / 2 + (int32_t)maker_below(random, 3);
    default:
        return (int32_t)maker_below(random, 100000);
    }
}

/* A live metric through `rounds` of small changes and now and then a whole new picture, each
 * compared with scalar customization of what the weights should be. */
static inline void customize_check_changes(const sgp_graph *graph, uint64_t seed, int rounds,
                                           uint32_t most) {
    const sgp_graph_parts *p = sgp_graph_get(graph);
    uint64_t random = seed;
    int32_t *weight = malloc(((size_t)p->n_arcs + 1) * sizeof *weight);
    sgp_arc_weight *changes = malloc(((size_t)most + 1) * sizeof *changes);
    assert_non_null(weight);
    assert_non_null(changes);
    memcpy(weight, p->weight, p->n_arcs * sizeof *weight);
    sgp_live_metric *live;
    assert_int_equal(sgp_live_metric_create(graph, weight, 2, &live), SGP_OK);
    uint64_t version = 0;
    for (int round = 0; round < rounds; round++) {
        if (round % 16 == 15) {
            for (uint32_t a = 0; a < p->n_arcs; a++)
                if (maker_below(&random, 4) == 0)
                    weight[a] = customize_weight(&random);
            assert_int_equal(sgp_live_metric_replace(live, weight, 1 + round % 2), SGP_OK);
        } else {
            uint32_t n = p->n_arcs ? maker_below(&random, most + 1) : 0;
            for (uint32_t i = 0; i < n; i++) {
                uint32_t a = maker_below(&random, p->n_arcs);
                int32_t ordinary = p->weight[a] < 2000000 ? p->weight[a] / 2 : 1000;
                changes[i].arc = a;
                changes[i].weight = maker_below(&random, 3)
                                        ? ordinary + (int32_t)maker_below(&random, 2000)
                                        : customize_weight(&random);
                weight[a] = changes[i].weight;
            }
            assert_int_equal(sgp_live_metric_change(live, changes, n), SGP_OK);
        }
        const sgp_metric *metric = sgp_live_metric_hold(live);
        assert_true(sgp_metric_version(metric) > version);
        version = sgp_metric_version(metric);
        assert_memory_equal(sgp_metric_weights(metric), weight, p->n_arcs * sizeof *weight);
        int32_t *expected = customize_expected(graph, weight);
        customize_compare(graph, expected, metric->customized, "after a change", seed + round);
        free(expected);
        sgp_live_metric_release(live, metric);
    }
    sgp_live_metric_destroy(live);
    free(changes);
    free(weight);
}

#endif
