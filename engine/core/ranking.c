#include "core/ranking.h"

#include <stdlib.h>
#include <string.h>

enum { DIGIT_BITS = 8, DIGITS = 1 << DIGIT_BITS, FEW = 24 };

typedef struct ranked_key {
    uint64_t total; /* with the sign bit turned, so that it sorts as a number without sign */
    uint32_t unit;
} ranked_key;

static ranked_key key_of(const sgp_candidate *candidate, uint32_t unit) {
    return (ranked_key){(uint64_t)candidate->total_ms ^ UINT64_C(1) << 63, unit};
}

static void sort_few(ranked_key *keys, uint32_t n) {
    for (uint32_t i = 1; i < n; i++) {
        ranked_key key = keys[i];
        uint32_t at = i;
        for (; at > 0 && keys[at - 1].total > key.total; at--)
            keys[at] = keys[at - 1];
        keys[at] = key;
    }
}

/* By digits from the least on, each pass stable; digits that are the same in all keys need no
 * pass, which leaves three for times of a few hours. The result is in `keys`. */
static void sort_many(ranked_key *keys, ranked_key *other, uint32_t n) {
    uint64_t differs = 0;
    ranked_key *from = keys, *to = other;
    for (uint32_t i = 1; i < n; i++)
        differs |= keys[i].total ^ keys[0].total;
    for (int shift = 0; shift < 64; shift += DIGIT_BITS) {
        if (!(differs >> shift & (DIGITS - 1)))
            continue;
        uint32_t at[DIGITS] = {0}, sum = 0;
        for (uint32_t i = 0; i < n; i++)
            at[from[i].total >> shift & (DIGITS - 1)]++;
        for (int digit = 0; digit < DIGITS; digit++) {
            uint32_t count = at[digit];
            at[digit] = sum;
            sum += count;
        }
        for (uint32_t i = 0; i < n; i++)
            to[at[from[i].total >> shift & (DIGITS - 1)]++] = from[i];
        ranked_key *read = from;
        from = to;
        to = read;
    }
    if (from != keys)
        memcpy(keys, from, n * sizeof *keys);
}

static void sort(ranked_key *keys, ranked_key *other, uint32_t n) {
    if (n <= FEW)
        sort_few(keys, n);
    else
        sort_many(keys, other, n);
}

sgp_err sgp_candidates_rank(const sgp_candidate *all, uint32_t n, sgp_candidate *ranked,
                            uint32_t *n_may_go) {
    ranked_key *keys = malloc((2 * (size_t)n + 1) * sizeof *keys);
    if (!keys)
        return SGP_E_MEMORY;
    uint32_t may_go = 0, soon = 0, written = 0;
    for (uint32_t i = 0; i < n; i++)
        if (all[i].exclusion == SGP_EXCLUDED_NOT)
            keys[may_go++] = key_of(&all[i], i);
    for (uint32_t i = 0; i < n; i++)
        if (all[i].exclusion == SGP_EXCLUDED_NOT_YET_FREE)
            keys[may_go + soon++] = key_of(&all[i], i);
    sort(keys, keys + n, may_go);
    sort(keys + may_go, keys + n, soon);
    for (; written < may_go + soon; written++)
        ranked[written] = all[keys[written].unit];
    for (uint32_t i = 0; i < n; i++)
        if (all[i].exclusion != SGP_EXCLUDED_NOT && all[i].exclusion != SGP_EXCLUDED_NOT_YET_FREE)
            ranked[written++] = all[i];
    free(keys);
    *n_may_go = may_go;
    return SGP_OK;
}
