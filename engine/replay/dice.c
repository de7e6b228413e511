#include "replay/dice.h"

#include <stdlib.h>

#include "base/random.h"

const int32_t sgp_quantile_permille[SGP_QUANTILES] = {0, 250, 500, 750, 900, 990, 1000};

uint64_t sgp_draw(uint64_t seed, uint64_t key, sgp_purpose purpose, uint64_t nth) {
    /* Each part goes through the mixer before the next comes in, so that neighbours in any of
     * them have nothing in common. */
    uint64_t state = seed;
    state = sgp_random_next(&state) ^ key;
    state = sgp_random_next(&state) ^ ((uint64_t)purpose << 32 | (nth & UINT32_MAX));
    return sgp_random_next(&state);
}

int sgp_draw_permille(uint64_t bits, int32_t permille) {
    return (int32_t)(bits % 1000) < permille;
}

int32_t sgp_duration_draw(const sgp_duration *duration, uint64_t bits) {
    int64_t share = (int64_t)(bits % 1000000); /* millionths */
    int i = 1;
    while (share >= sgp_quantile_permille[i] * INT64_C(1000))
        i++;
    int64_t from = sgp_quantile_permille[i - 1] * INT64_C(1000);
    int64_t width = sgp_quantile_permille[i] * INT64_C(1000) - from;
    int64_t low = duration->ms[i - 1], high = duration->ms[i];
    return (int32_t)(low + (high - low) * (share - from) / width);
}

static int by_size(const void *left, const void *right) {
    int32_t a = *(const int32_t *)left, b = *(const int32_t *)right;
    return a < b ? -1 : a > b;
}

void sgp_duration_fit(sgp_duration *duration, int32_t *ms, uint64_t n) {
    if (n == 0)
        return;
    qsort(ms, n, sizeof *ms, by_size);
    for (int i = 0; i < SGP_QUANTILES; i++)
        duration->ms[i] = ms[(n - 1) * (uint64_t)sgp_quantile_permille[i] / 1000];
}
