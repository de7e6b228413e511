/* The kernel for any machine: eight numbers at a time in plain C. */
#include <stdint.h>

#include "sigap/graph.h"

#define LANES 8

typedef struct vec {
    int32_t lane[LANES];
} vec;

static inline vec vec_load(const int32_t *from) {
    vec v;
    for (int i = 0; i < LANES; i++)
        v.lane[i] = from[i];
    return v;
}

static inline void vec_store(int32_t *to, vec v) {
    for (int i = 0; i < LANES; i++)
        to[i] = v.lane[i];
}

static inline vec half_load_part(const int32_t *from, uint32_t mask) {
    vec v;
    for (int i = 0; i < LANES; i++)
        v.lane[i] = mask >> i & 1 ? from[i] : SGP_INF;
    return v;
}

static inline void half_store_part(int32_t *to, uint32_t mask, vec v) {
    for (int i = 0; i < LANES; i++)
        if (mask >> i & 1)
            to[i] = v.lane[i];
}

static inline vec vec_set(int32_t number) {
    vec v;
    for (int i = 0; i < LANES; i++)
        v.lane[i] = number;
    return v;
}

static inline vec vec_add(vec a, vec b) {
    for (int i = 0; i < LANES; i++)
        a.lane[i] += b.lane[i];
    return a;
}

static inline vec vec_min(vec a, vec b) {
    for (int i = 0; i < LANES; i++)
        a.lane[i] = a.lane[i] < b.lane[i] ? a.lane[i] : b.lane[i];
    return a;
}

static inline vec vec_expand(const int32_t *from, uint32_t mask) {
    vec v;
    for (int i = 0; i < LANES; i++)
        v.lane[i] = mask >> i & 1 ? *from++ : SGP_INF;
    return v;
}

typedef struct half_places {
    uint32_t mask, first;
} half_places;

static inline half_places half_index(uint32_t mask, uint32_t first) {
    return (half_places){mask, first};
}

static inline vec half_pick(vec low, vec high, const half_places *places) {
    vec v;
    uint32_t next = places->first;
    for (int i = 0; i < LANES; i++) {
        v.lane[i] = SGP_INF;
        if (places->mask >> i & 1) {
            v.lane[i] = next < LANES ? low.lane[next] : high.lane[next - LANES];
            next++;
        }
    }
    return v;
}

static inline vec half_pick_low(vec low, const half_places *places) {
    return half_pick(low, low, places);
}

#define half vec
#define half_load vec_load
#define half_store vec_store
#define half_set vec_set
#define half_add vec_add
#define half_min vec_min
#define half_expand vec_expand

#include "route/customize_kernel.h"

const sgp_customize_kernel *sgp_kernel_portable(void) {
    static const sgp_customize_kernel kernel = {"portable", kernel_run, kernel_absorb};
    return &kernel;
}
