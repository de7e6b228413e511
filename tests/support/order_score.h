/* How good an elimination order is, by doing the elimination the plain way: each
 * vertex hands its higher neighbours to the lowest of them (George & Liu 1981;
 * symbolic Cholesky factorization). Shared by test_order and bench-order. */
#ifndef SGP_TEST_ORDER_SCORE_H
#define SGP_TEST_ORDER_SCORE_H

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "route/order.h"

typedef struct order_score {
    uint32_t levels;    /* depth of the deepest vertex, the root counted as 1 */
    double mean_depth;  /* of all vertices, the root counted as 1 */
    uint64_t up_arcs;   /* sum of up-degrees */
    uint64_t triangles; /* sum of d * (d - 1) / 2: what a customization costs */
    uint32_t largest_degree;
} order_score;

static inline int order_score_compare(const void *left, const void *right) {
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

/* False: vertex_at is no permutation (or no memory). */
static inline bool order_score_of(const sgp_order_graph *graph, const uint32_t *vertex_at,
                                  order_score *score) {
    uint32_t n = graph->n_vertices;
    memset(score, 0, sizeof *score);
    if (n == 0)
        return true;
    uint32_t *rank = malloc((size_t)n * sizeof *rank);
    uint32_t *depth = malloc((size_t)n * sizeof *depth);
    uint32_t *parent = malloc((size_t)n * sizeof *parent);
    uint32_t **heads = calloc(n, sizeof *heads); /* ascending ranks */
    uint32_t *n_heads = calloc(n, sizeof *n_heads);
    bool good = rank && depth && parent && heads && n_heads;
    if (good)
        memset(rank, 0xff, (size_t)n * sizeof *rank);
    for (uint32_t r = 0; good && r < n; r++) {
        good = vertex_at[r] < n && rank[vertex_at[r]] == UINT32_MAX;
        if (good)
            rank[vertex_at[r]] = r;
    }
    /* A vertex's heads: its higher neighbours and those of the children that hand on. */
    uint32_t *first_child = good ? malloc(2 * (size_t)n * sizeof *first_child) : NULL;
    uint32_t *list = good ? malloc((size_t)n * sizeof *list) : NULL;
    uint32_t *seen = good ? malloc((size_t)n * sizeof *seen) : NULL;
    good = good && first_child && list && seen;
    uint32_t *next_child = good ? first_child + n : NULL;
    if (good) {
        memset(first_child, 0xff, 2 * (size_t)n * sizeof *first_child);
        memset(seen, 0xff, (size_t)n * sizeof *seen);
    }
    for (uint32_t r = 0; good && r < n; r++) {
        uint32_t v = vertex_at[r], count = 0;
        seen[r] = r;
        for (uint32_t i = graph->first[v]; i < graph->first[v + 1]; i++) {
            uint32_t head = rank[graph->neighbour[i]];
            if (head > r && seen[head] != r)
                seen[head] = r, list[count++] = head;
        }
        for (uint32_t c = first_child[r]; c != UINT32_MAX; c = next_child[c]) {
            for (uint32_t i = 0; i < n_heads[c]; i++)
                if (seen[heads[c][i]] != r)
                    seen[heads[c][i]] = r, list[count++] = heads[c][i];
            free(heads[c]);
            heads[c] = NULL;
        }
        qsort(list, count, sizeof *list, order_score_compare);
        parent[r] = count ? list[0] : UINT32_MAX;
        if (count > 0) {
            next_child[r] = first_child[list[0]];
            first_child[list[0]] = r;
            heads[r] = malloc(count * sizeof **heads);
            good = heads[r] != NULL;
            if (good)
                memcpy(heads[r], list, count * sizeof **heads);
        }
        n_heads[r] = count;
        score->up_arcs += count;
        score->triangles += (uint64_t)count * (count ? count - 1 : 0) / 2;
        if (count > score->largest_degree)
            score->largest_degree = count;
    }
    uint64_t sum = 0;
    for (uint32_t r = n; good && r-- > 0;) {
        depth[r] = parent[r] == UINT32_MAX ? 1 : depth[parent[r]] + 1;
        sum += depth[r];
        if (depth[r] > score->levels)
            score->levels = depth[r];
    }
    score->mean_depth = (double)sum / n;
    for (uint32_t r = 0; heads && r < n; r++)
        free(heads[r]);
    free(rank);
    free(depth);
    free(parent);
    free(heads);
    free(n_heads);
    free(first_child);
    free(list);
    free(seen);
    return good;
}

#endif
