#include "route/order_small.h"

#include <assert.h>

_Static_assert(SGP_ORDER_SMALL <= 64, "neighbours are bits of one word");

static uint32_t fewest(const uint64_t *neighbours, const uint32_t *outside, uint64_t left) {
    uint32_t best = 64, best_degree = UINT32_MAX;
    for (uint64_t rest = left; rest; rest &= rest - 1) {
        uint32_t v = (uint32_t)__builtin_ctzll(rest);
        uint32_t degree = (uint32_t)__builtin_popcountll(neighbours[v]) + outside[v];
        if (degree < best_degree) {
            best = v;
            best_degree = degree;
        }
    }
    return best;
}

void sgp_order_small(const sgp_order_part *part, const uint32_t *n_outside, uint32_t *vertex_at) {
    uint32_t n = part->n_vertices;
    assert(n <= SGP_ORDER_SMALL);
    uint64_t neighbours[64], left = n == 64 ? UINT64_MAX : (UINT64_C(1) << n) - 1;
    uint32_t outside[64];
    for (uint32_t v = 0; v < n; v++) {
        neighbours[v] = 0;
        outside[v] = n_outside[v];
        for (uint32_t i = part->first[v]; i < part->first[v + 1]; i++)
            neighbours[v] |= UINT64_C(1) << part->neighbour[i];
    }
    for (uint32_t r = 0; r < n; r++) {
        uint32_t v = fewest(neighbours, outside, left);
        vertex_at[r] = v;
        left &= ~(UINT64_C(1) << v);
        for (uint64_t rest = neighbours[v]; rest; rest &= rest - 1) {
            uint32_t w = (uint32_t)__builtin_ctzll(rest);
            neighbours[w] = (neighbours[w] | neighbours[v]) & left & ~(UINT64_C(1) << w);
            /* Which ones they are is not kept; they are mostly the same. */
            if (outside[w] < outside[v])
                outside[w] = outside[v];
        }
    }
}
