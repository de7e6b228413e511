/* The hierarchy of small graphs that can be eliminated by hand, and what its up-arcs cost
 * against a brute-force search over lower vertices. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "graph_maker.h"
#include "route/hierarchy_make.h"
#include "route/metric.h"

enum { MOST = 48 };

static graph_maker maker;
static char folder[64];
static char path[128];

/* Undirected neighbours of a small graph, from a table of who meets whom. */
static void neighbours(uint32_t n, const uint8_t meets[MOST][MOST], uint32_t *first,
                       uint32_t *list) {
    uint32_t count = 0;
    for (uint32_t v = 0; v < n; v++) {
        first[v] = count;
        for (uint32_t u = 0; u < n; u++)
            if (u != v && (meets[u][v] || meets[v][u]))
                list[count++] = u;
    }
    first[n] = count;
}

/* A path of 5 eliminated from both ends: 0-1-2-3-4, order 0 4 1 3 2. */
static void test_hierarchy_path_by_hand(void **state) {
    (void)state;
    uint8_t meets[MOST][MOST] = {{0}};
    for (int v = 0; v < 4; v++)
        meets[v][v + 1] = 1;
    uint32_t first[MOST + 1], list[MOST * MOST];
    neighbours(5, (const uint8_t(*)[MOST])meets, first, list);
    sgp_order_graph graph = {.n_vertices = 5, .first = first, .neighbour = list};
    uint32_t vertex_at[5] = {0, 4, 1, 3, 2};
    sgp_hierarchy h;
    sgp_fault fault = {0};
    assert_int_equal(sgp_hierarchy_make(&graph, NULL, vertex_at, &h, &fault), SGP_OK);
    /* Two branches of two below the middle, each a run of numbers; of equal branches the
     * one whose top was eliminated last comes last. */
    const uint32_t expected[5] = {0, 1, 4, 3, 2};
    for (int v = 0; v < 5; v++)
        assert_int_equal(vertex_at[v], expected[v]);
    const uint32_t parent[5] = {1, 4, 3, 4, SGP_NONE};
    const uint32_t first_descendant[5] = {0, 0, 2, 2, 0};
    const uint16_t depth[5] = {2, 1, 2, 1, 0};
    for (int v = 0; v < 5; v++) {
        assert_int_equal(h.parent[v], parent[v]);
        assert_int_equal(h.first_descendant[v], first_descendant[v]);
        assert_int_equal(h.depth[v], depth[v]);
        assert_int_equal(h.row_length[v], v == 4 ? 0 : 1);
    }
    assert_int_equal(h.n_levels, 3);
    sgp_hierarchy_free(&h);
}

/* The rows that eliminating vertex after vertex in a table gives. */
static void check_rows(uint32_t n, uint8_t meets[MOST][MOST], const uint32_t *vertex_at,
                       const sgp_hierarchy *h) {
    for (uint32_t v = 0; v < n; v++) {
        uint32_t length = 0;
        uint32_t parent = SGP_NONE;
        for (uint32_t u = n; u-- > v + 1;) {
            if (!meets[vertex_at[v]][vertex_at[u]])
                continue;
            parent = u;
            length++;
            sgp_row row = sgp_row_of(h, v);
            assert_int_not_equal(sgp_row_find(&row, h->depth[u]), SGP_NONE);
            for (uint32_t w = v + 1; w < n; w++)
                if (w != u && meets[vertex_at[v]][vertex_at[w]])
                    meets[vertex_at[u]][vertex_at[w]] = meets[vertex_at[w]][vertex_at[u]] = 1;
        }
        assert_int_equal(h->parent[v], parent);
        if (sgp_in_front(h, v)) /* amalgamation may add heads */
            assert_true(h->row_length[v] >= length);
        else
            assert_int_equal(h->row_length[v], length);
        assert_true(h->first_descendant[v] <= v);
    }
}

static void test_hierarchy_rows_equal_elimination(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 1000; seed++) {
        uint64_t random = seed * UINT64_C(0x9e3779b97f4a7c15);
        uint8_t meets[MOST][MOST] = {{0}};
        uint32_t n = 1 + maker_below(&random, MOST);
        uint32_t density = 1 + maker_below(&random, 6);
        for (uint32_t u = 0; u < n; u++)
            for (uint32_t v = 0; v < u; v++)
                if (maker_below(&random, density) == 0)
                    meets[u][v] = meets[v][u] = 1;
        uint32_t first[MOST + 1], list[MOST * MOST], vertex_at[MOST];
        neighbours(n, (const uint8_t(*)[MOST])meets, first, list);
        for (uint32_t v = 0; v < n; v++)
            vertex_at[v] = v;
        for (uint32_t v = n; v-- > 1;) {
            uint32_t u = maker_below(&random, v + 1);
            uint32_t swap = vertex_at[u];
            vertex_at[u] = vertex_at[v];
            vertex_at[v] = swap;
        }
        sgp_order_graph graph = {.n_vertices = n, .first = first, .neighbour = list};
        sgp_hierarchy h;
        sgp_fault fault = {0};
        assert_int_equal(sgp_hierarchy_make(&graph, NULL, vertex_at, &h, &fault), SGP_OK);
        check_rows(n, meets, vertex_at, &h);
        sgp_hierarchy_free(&h);
    }
}

/* Every slot is the least way between its two ends over vertices below both: Floyd's
 * algorithm over the lower vertices only. */
static void check_slots(const sgp_graph *graph, const sgp_metric *metric) {
    const sgp_graph_parts *p = sgp_graph_get(graph);
    const sgp_hierarchy *h = &graph->hierarchy;
    static int64_t way[MOST][MOST];
    for (uint32_t u = 0; u < p->n_vertices; u++)
        for (uint32_t v = 0; v < p->n_vertices; v++)
            way[u][v] = SGP_INF;
    for (uint32_t v = 0; v < p->n_vertices; v++)
        for (uint32_t a = p->first_arc[v]; a < p->first_arc[v + 1]; a++)
            if (metric->weight[a] < way[v][p->arc_head[a]])
                way[v][p->arc_head[a]] = metric->weight[a];
    for (uint32_t low = 0; low < p->n_vertices; low++) {
        for (uint32_t high = low + 1; high < p->n_vertices; high++) {
            uint32_t up = sgp_hierarchy_slot(h, low, high);
            uint32_t down = sgp_hierarchy_slot(h, high, low);
            assert_int_equal(up == SGP_NONE ? SGP_INF : metric->customized[up], way[low][high]);
            assert_int_equal(down == SGP_NONE ? SGP_INF : metric->customized[down], way[high][low]);
        }
        for (uint32_t u = low + 1; u < p->n_vertices; u++)
            for (uint32_t v = low + 1; v < p->n_vertices; v++)
                if (u != v && way[u][low] + way[low][v] < way[u][v])
                    way[u][v] = way[u][low] + way[low][v];
    }
}

static int32_t some_weight(uint64_t *random) {
    switch (maker_below(random, 6)) {
    case 0:
        return 0;
    case 1:
        return SGP_INF;
    case 2:
        return SGP_INF - (int32_t)maker_below(random, 3);
    default:
        return (int32_t)maker_below(random, 100);
    }
}

static void test_hierarchy_slots_equal_brute_force(void **state) {
    (void)state;
    size_t finite = 0;
    size_t fronts = 0;
    for (uint64_t seed = 1; seed <= 700; seed++) {
        uint64_t random = seed * UINT64_C(0x9e3779b97f4a7c15);
        maker_begin(&maker);
        bool tangled = seed % 4 == 0; /* enough so for fronts */
        uint32_t n = tangled ? MOST : 1 + maker_below(&random, MOST);
        for (uint32_t v = 0; v < n; v++)
            maker_vertex(&maker, (int32_t)maker_below(&random, 50000),
                         (int32_t)maker_below(&random, 50000), v);
        for (uint32_t e = tangled ? 5 * n : maker_below(&random, 3 * n); e > 0; e--)
            maker_edge(&maker, maker_below(&random, n), maker_below(&random, n),
                       maker_below(&random, 4) ? some_weight(&random) : MAKER_NO_ARC,
                       maker_below(&random, 3) ? some_weight(&random) : MAKER_NO_ARC, NULL, 0, 0,
                       "", SGP_EDGE_MAIN);
        sgp_graph *graph = NULL;
        sgp_metric *metric = NULL;
        sgp_fault fault = {0};
        if (sgp_graph_write(path, maker_finish(&maker), NULL, &fault) != SGP_OK ||
            sgp_graph_open(path, &graph, &fault) != SGP_OK)
            fail_msg("seed %llu: %s", (unsigned long long)seed, fault.text);
        assert_int_equal(sgp_metric_create(graph, &metric), SGP_OK);
        check_slots(graph, metric);
        fronts += graph->hierarchy.n_fronts;
        for (uint32_t i = 0; i < graph->hierarchy.n_weights; i++)
            finite += metric->customized[i] < SGP_INF;
        sgp_metric_destroy(metric);
        sgp_graph_close(graph);
    }
    assert_true(finite > 1500);
    assert_true(fronts > 100);
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
        cmocka_unit_test(test_hierarchy_path_by_hand),
        cmocka_unit_test(test_hierarchy_rows_equal_elimination),
        cmocka_unit_test(test_hierarchy_slots_equal_brute_force),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
