#include "route/sort.h"

#include <string.h>

enum { FEW = 48, DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS, PASSES = 3 };

static void insert_one_by_one(uint64_t *keys, size_t n) {
    for (size_t i = 1; i < n; i++) {
        uint64_t key = keys[i];
        size_t j = i;
        for (; j > 0 && keys[j - 1] >> 32 > key >> 32; j--)
            keys[j] = keys[j - 1];
        keys[j] = key;
    }
}

void sgp_sort(uint64_t *keys, uint64_t *scratch, size_t n) {
    if (n <= FEW) {
        insert_one_by_one(keys, n);
        return;
    }
    uint32_t count[PASSES][DIGITS];
    memset(count, 0, sizeof count);
    for (size_t i = 0; i < n; i++)
        for (unsigned p = 0; p < PASSES; p++)
            count[p][keys[i] >> (32 + p * DIGIT_BITS) & (DIGITS - 1)]++;
    uint64_t *from = keys, *to = scratch;
    for (unsigned p = 0; p < PASSES; p++) {
        unsigned shift = 32 + p * DIGIT_BITS;
        uint32_t first = 0;
        for (unsigned digit = 0; digit < DIGITS; digit++) {
            uint32_t here = count[p][digit];
            count[p][digit] = first;
            first += here;
        }
        for (size_t i = 0; i < n; i++)
            to[count[p][from[i] >> shift & (DIGITS - 1)]++] = from[i];
        uint64_t *swap = from;
        from = to;
        to = swap;
    }
    if (from != keys)
        memcpy(keys, from, n * sizeof *keys);
}
