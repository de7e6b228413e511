/* Sorting 64-bit keys by their upper 32 bits, stably, by counting digits (LSD radix sort):
 * a few microseconds for a thousand, and no memory but the caller's. */
#ifndef SGP_ROUTE_SORT_H
#define SGP_ROUTE_SORT_H

#include <stddef.h>
#include <stdint.h>

/* A key and whatever belongs to it. */
static inline uint64_t sgp_sort_key(uint32_t key, uint32_t what) {
    return (uint64_t)key << 32 | what;
}

/* keys[n] rising; scratch[n]. */
void sgp_sort(uint64_t *keys, uint64_t *scratch, size_t n);

#endif
