/* The elimination order: valid on every shape, the same whatever the threads, and
 * good where it is known how good an order can be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "order_score.h"
#include "route/order.h"

/* ---- graphs made edge by edge ------------------------------------------------------ */

typedef struct made {
    uint32_t n_vertices, n_edges;
    uint32_t (*ends)[2];
    uint32_t *first, *neighbour;
    sgp_point *point;
    sgp_order_graph graph;
} made;

static void made_begin(made *m, uint32_t n_vertices, uint32_t most_edges) {
    *m = (made){.n_vertices = n_vertices};
    m->ends = malloc(((size_t)most_edges + 1) * sizeof *m->ends);
    m->point = calloc((size_t)n_vertices + 1, sizeof *m->point);
    assert_non_null(m->ends);
    assert_non_null(m->point);
}

static void made_join(made *m, uint32_t a, uint32_t b) {
    m->ends[m->n_edges][0] = a;
    m->ends[m->n_edges++][1] = b;
}

/* Rows sorted, self loops and doubles dropped, as sgp_order_graph wants them. */
static void made_finish(made *m) {
    size_t n = m->n_vertices;
    m->first = calloc(n + 2, sizeof *m->first);
    m->neighbour = malloc((2 * (size_t)m->n_edges + 1) * sizeof *m->neighbour);
    uint32_t *filled = calloc(n + 2, sizeof *filled);
    assert_true(m->first && m->neighbour && filled);
    for (uint32_t e = 0; e < m->n_edges; e++)
        filled[m->ends[e][0] + 1]++, filled[m->ends[e][1] + 1]++;
    for (size_t v = 0; v < n; v++)
        filled[v + 1] += filled[v];
    for (uint32_t e = 0; e < m->n_edges; e++) {
        m->neighbour[filled[m->ends[e][0]]++] = m->ends[e][1];
        m->neighbour[filled[m->ends[e][1]]++] = m->ends[e][0];
    }
    uint32_t written = 0, begin = 0;
    for (uint32_t v = 0; v < n; v++) {
        uint32_t end = filled[v], last = UINT32_MAX;
        qsort(m->neighbour + begin, end - begin, sizeof *m->neighbour, order_score_compare);
        m->first[v] = written;
        for (uint32_t i = begin; i < end; i++) {
            uint32_t head = m->neighbour[i];
            if (head != v && head != last)
                m->neighbour[written++] = last = head;
        }
        begin = end;
    }
    m->first[n] = written;
    free(filled);
    m->graph = (sgp_order_graph){m->n_vertices, m->first, m->neighbour, m->point};
}

static void made_free(made *m) {
    free(m->ends);
    free(m->point);
    free(m->first);
    free(m->neighbour);
}

/* The vertices of a width x height grid, in shuffled numbers if `seed`. */
static void made_grid(made *m, uint32_t width, uint32_t height, uint64_t seed) {
    uint32_t n = width * height;
    made_begin(m, n, 2 * n);
    uint32_t *number = malloc((size_t)n * sizeof *number);
    assert_non_null(number);
    for (uint32_t v = 0; v < n; v++)
        number[v] = v;
    for (uint32_t v = n; seed && v > 1; v--) {
        uint32_t other = (uint32_t)(sgp_random_next(&seed) % v);
        uint32_t kept = number[v - 1];
        number[v - 1] = number[other];
        number[other] = kept;
    }
    for (uint32_t y = 0; y < height; y++) {
        for (uint32_t x = 0; x < width; x++) {
            uint32_t v = number[y * width + x];
            m->point[v] = (sgp_point){(int32_t)(x * 1000), (int32_t)(y * 1000)};
            if (x + 1 < width)
                made_join(m, v, number[y * width + x + 1]);
            if (y + 1 < height)
                made_join(m, v, number[(y + 1) * width + x]);
        }
    }
    free(number);
    made_finish(m);
}

/* ---- checks ------------------------------------------------------------------------ */

static const sgp_order_method methods[] = {SGP_ORDER_INERTIAL_FLOW, SGP_ORDER_METIS};
enum { N_METHODS = sizeof methods / sizeof methods[0] };

static order_score score_with(const made *m, sgp_order_method method, unsigned threads) {
    uint32_t *vertex_at = malloc(((size_t)m->n_vertices + 1) * sizeof *vertex_at);
    assert_non_null(vertex_at);
    sgp_graph_making making = {.method = method, .threads = threads};
    sgp_fault fault = {SGP_OK, ""};
    assert_int_equal(sgp_order_make(&m->graph, &making, vertex_at, &fault), SGP_OK);
    order_score score;
    assert_true(order_score_of(&m->graph, vertex_at, &score));
    free(vertex_at);
    return score;
}

/* ---- shapes ------------------------------------------------------------------------ */

static void test_order_of_nothing_and_of_one(void **state) {
    (void)state;
    for (uint32_t n = 0; n < 3; n++) {
        made m;
        made_begin(&m, n, 0);
        made_finish(&m);
        for (int i = 0; i < N_METHODS; i++)
            assert_int_equal(score_with(&m, methods[i], 1).levels, n > 0);
        made_free(&m);
    }
}

static void test_order_of_a_star_and_a_ring(void **state) {
    (void)state;
    made m;
    made_begin(&m, 100, 100);
    for (uint32_t v = 1; v < 100; v++)
        made_join(&m, 0, v);
    made_finish(&m);
    assert_int_equal(score_with(&m, SGP_ORDER_INERTIAL_FLOW, 1).levels, 2);
    for (int i = 0; i < N_METHODS; i++)
        assert_true(score_with(&m, methods[i], 1).levels <= 100);
    made_free(&m);

    made_begin(&m, 1000, 1000);
    for (uint32_t v = 0; v < 1000; v++)
        made_join(&m, v, (v + 1) % 1000);
    made_finish(&m);
    assert_true(score_with(&m, SGP_ORDER_INERTIAL_FLOW, 1).levels <= 30);
    made_free(&m);
}

static void test_order_of_everything_joined(void **state) {
    (void)state;
    made m;
    made_begin(&m, 40, 40 * 40);
    for (uint32_t a = 0; a < 40; a++)
        for (uint32_t b = 0; b < 40; b++)
            made_join(&m, a, b);
    made_finish(&m);
    for (int i = 0; i < N_METHODS; i++)
        assert_int_equal(score_with(&m, methods[i], 1).levels, 40);
    made_free(&m);
}

static void test_order_of_random_graphs_in_pieces(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        uint64_t random = seed;
        uint32_t n = 1 + (uint32_t)(sgp_random_next(&random) % 400);
        uint32_t n_edges = (uint32_t)(sgp_random_next(&random) % (2 * n));
        made m;
        made_begin(&m, n, n_edges);
        for (uint32_t v = 0; v < n; v++) {
            /* Every fourth seed puts all vertices on one point, every fourth on a line. */
            int32_t x = seed % 4 == 0 ? 7 : (int32_t)(sgp_random_next(&random) % 100000);
            int32_t y = seed % 4 <= 1 ? 7 : (int32_t)(sgp_random_next(&random) % 100000);
            m.point[v] = (sgp_point){x, y};
        }
        for (uint32_t e = 0; e < n_edges; e++)
            made_join(&m, (uint32_t)(sgp_random_next(&random) % n),
                      (uint32_t)(sgp_random_next(&random) % n));
        made_finish(&m);
        for (int i = 0; i < N_METHODS; i++)
            score_with(&m, methods[i], 1 + (unsigned)(seed % 3));
        made_free(&m);
    }
}

/* Large and thin: a stack that follows them would overflow, a row after row
 * elimination would be as deep as they are long. */
static void test_order_of_long_shapes_is_shallow(void **state) {
    (void)state;
    enum { N = 1000000 };
    made m;
    made_begin(&m, N, N);
    for (uint32_t v = 0; v + 1 < N; v++)
        made_join(&m, v, v + 1);
    made_finish(&m);
    assert_true(score_with(&m, SGP_ORDER_INERTIAL_FLOW, 2).levels <= 40);
    made_free(&m);

    made_begin(&m, N / 10, N / 10);
    for (uint32_t v = 1; v < N / 10; v++)
        made_join(&m, v, v / 2); /* a tree */
    made_finish(&m);
    assert_true(score_with(&m, SGP_ORDER_INERTIAL_FLOW, 2).levels <= 40);
    made_free(&m);

    made_begin(&m, N / 10, N / 10);
    for (uint32_t v = 1; v < N / 10; v++)
        made_join(&m, 0, v); /* a star: one vertex has all the others as neighbours */
    made_finish(&m);
    assert_int_equal(score_with(&m, SGP_ORDER_INERTIAL_FLOW, 2).levels, 2);
    made_free(&m);

    made_begin(&m, N / 10, N / 5);
    for (uint32_t v = 2; v < N / 10; v++) {
        made_join(&m, 0, v);
        made_join(&m, 1, v); /* two vertices with all the others between them */
    }
    made_finish(&m);
    assert_int_equal(score_with(&m, SGP_ORDER_INERTIAL_FLOW, 2).levels, 3);
    made_free(&m);

    made_begin(&m, N / 50, N / 20); /* a strip of triangles, all vertices at one point */
    for (uint32_t v = 2; v < N / 50; v++) {
        made_join(&m, v, v - 1);
        made_join(&m, v, v - 2);
    }
    made_finish(&m);
    order_score score = score_with(&m, SGP_ORDER_INERTIAL_FLOW, 2);
    assert_true(score.levels <= 100);
    made_free(&m);
}

static void test_order_of_something_dense(void **state) {
    (void)state;
    made m;
    made_begin(&m, 300, 300 * 299 / 2); /* a clique with tails, all at one point */
    for (uint32_t a = 0; a < 200; a++)
        for (uint32_t b = 0; b < a; b++)
            made_join(&m, a, b);
    for (uint32_t v = 200; v < 300; v++)
        made_join(&m, v, v % 7);
    made_finish(&m);
    for (int i = 0; i < N_METHODS; i++)
        assert_in_range(score_with(&m, methods[i], 2).levels, 200, 201);
    made_free(&m);
}

/* ---- quality ------------------------------------------------------------------------ */

/* How many vertices of the end of the order have to go until the rest falls apart. */
static uint32_t root_separator(const made *m, const uint32_t *vertex_at) {
    uint32_t n = m->n_vertices, taken = 0, largest = n;
    uint8_t *is_taken = calloc(n, 1);
    uint32_t *seen = calloc(n, sizeof *seen), *queue = malloc(n * sizeof *queue);
    assert_true(is_taken && seen && queue);
    while (largest == n - taken) {
        is_taken[vertex_at[n - 1 - taken++]] = 1;
        largest = 0;
        for (uint32_t root = 0; root < n; root++) {
            if (is_taken[root] || seen[root] == taken)
                continue;
            uint32_t n_queue = 0;
            queue[n_queue++] = root;
            seen[root] = taken;
            for (uint32_t i = 0; i < n_queue; i++) {
                for (uint32_t j = m->first[queue[i]]; j < m->first[queue[i] + 1]; j++) {
                    uint32_t w = m->neighbour[j];
                    if (!is_taken[w] && seen[w] != taken)
                        seen[w] = taken, queue[n_queue++] = w;
                }
            }
            largest = n_queue > largest ? n_queue : largest;
        }
    }
    free(is_taken);
    free(seen);
    free(queue);
    return taken;
}

/* A k x k grid has no separator much below k, and George's dissection is 3k deep. */
static void test_order_of_grids_is_good(void **state) {
    (void)state;
    for (uint32_t k = 8; k <= 64; k *= 2) {
        made m;
        made_grid(&m, k, k, k);
        uint32_t *vertex_at = malloc(m.n_vertices * sizeof *vertex_at);
        assert_non_null(vertex_at);
        sgp_graph_making making = {.threads = 2};
        assert_int_equal(sgp_order_make(&m.graph, &making, vertex_at, NULL), SGP_OK);
        order_score score;
        assert_true(order_score_of(&m.graph, vertex_at, &score));
        assert_in_range(score.levels, k, 7 * k / 2 + 4);
        assert_in_range(root_separator(&m, vertex_at), k / 4, k + k / 8 + 1);
        assert_true(score.mean_depth <= 1.05 * score_with(&m, SGP_ORDER_METIS, 1).mean_depth);
        free(vertex_at);
        made_free(&m);
    }
    /* Long and narrow: across, not along. */
    made m;
    made_grid(&m, 400, 5, 1);
    assert_true(score_with(&m, SGP_ORDER_INERTIAL_FLOW, 2).levels <= 55);
    made_free(&m);
}

static void test_order_does_not_depend_on_threads(void **state) {
    (void)state;
    uint64_t random = 11;
    made m;
    enum { SIDE = 90, N = SIDE * SIDE };
    made_begin(&m, N, 2 * N);
    for (uint32_t v = 0; v < N; v++) {
        m.point[v] = (sgp_point){(int32_t)(v % SIDE * 1000 + sgp_random_next(&random) % 900),
                                 (int32_t)(v / SIDE * 1000 + sgp_random_next(&random) % 900)};
        if (v % SIDE + 1 < SIDE && sgp_random_next(&random) % 8 > 0)
            made_join(&m, v, v + 1);
        if (v / SIDE + 1 < SIDE && sgp_random_next(&random) % 8 > 0)
            made_join(&m, v, v + SIDE);
    }
    made_finish(&m);
    uint32_t *orders[4];
    static const unsigned threads[4] = {1, 2, 4, 0};
    for (int i = 0; i < 4; i++) {
        orders[i] = malloc(N * sizeof **orders);
        assert_non_null(orders[i]);
        sgp_graph_making making = {.threads = threads[i]};
        assert_int_equal(sgp_order_make(&m.graph, &making, orders[i], NULL), SGP_OK);
        assert_memory_equal(orders[i], orders[0], N * sizeof **orders);
    }
    order_score score;
    assert_true(order_score_of(&m.graph, orders[0], &score));
    for (int i = 0; i < 4; i++)
        free(orders[i]);
    made_free(&m);
}

/* ---- cancelling --------------------------------------------------------------------- */

static int cancel_at_once(void *ctx, const char *phase, uint64_t done, uint64_t total) {
    assert_non_null(phase);
    assert_true(done <= total);
    ++*(int *)ctx;
    return 1;
}

static int cancel_later(void *ctx, const char *phase, uint64_t done, uint64_t total) {
    (void)phase;
    assert_true(done <= total);
    return ++*(int *)ctx >= 2;
}

/* In the middle of the work of several threads: nothing may be lost or left running. */
static void test_order_is_cancelled_in_the_middle(void **state) {
    (void)state;
    made m;
    made_grid(&m, 100, 100, 5);
    uint32_t *vertex_at = malloc(m.n_vertices * sizeof *vertex_at);
    assert_non_null(vertex_at);
    int calls = 0;
    sgp_progress progress = {cancel_later, &calls};
    sgp_graph_making making = {.threads = 3, .progress = &progress};
    sgp_fault fault = {SGP_OK, ""};
    assert_int_equal(sgp_order_make(&m.graph, &making, vertex_at, &fault), SGP_E_TIMEOUT);
    assert_int_equal(calls, 2);
    free(vertex_at);
    made_free(&m);
}

static void test_order_is_cancelled(void **state) {
    (void)state;
    made m;
    made_grid(&m, 30, 30, 0);
    for (int i = 0; i < N_METHODS; i++) {
        int calls = 0;
        sgp_progress progress = {cancel_at_once, &calls};
        sgp_graph_making making = {.method = methods[i], .progress = &progress};
        sgp_fault fault = {SGP_OK, ""};
        uint32_t vertex_at[900];
        assert_int_equal(sgp_order_make(&m.graph, &making, vertex_at, &fault), SGP_E_TIMEOUT);
        assert_true(calls >= 1);
        assert_non_null(strstr(fault.text, "cancelled"));
    }
    made_free(&m);
}

/* The name of a test, with * as in a shell, runs that one alone. */
int main(int argc, char **argv) {
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order_of_nothing_and_of_one),
        cmocka_unit_test(test_order_of_a_star_and_a_ring),
        cmocka_unit_test(test_order_of_everything_joined),
        cmocka_unit_test(test_order_of_random_graphs_in_pieces),
        cmocka_unit_test(test_order_of_long_shapes_is_shallow),
        cmocka_unit_test(test_order_of_something_dense),
        cmocka_unit_test(test_order_of_grids_is_good),
        cmocka_unit_test(test_order_does_not_depend_on_threads),
        cmocka_unit_test(test_order_is_cancelled),
        cmocka_unit_test(test_order_is_cancelled_in_the_middle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
