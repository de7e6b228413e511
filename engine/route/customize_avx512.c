/* The kernel for machines with AVX-512: sixteen numbers in a register. Compiled for
 * them (CMakeLists.txt) and only called where the processor says so. */
#include "route/customize_multifrontal.h"

#if defined(__AVX512F__) && defined(__AVX512VL__)
#include <immintrin.h>

#define LANES 16
typedef __m512i vec;

static inline vec vec_load(const int32_t *from) {
    return _mm512_loadu_si512(from);
}
static inline void vec_store(int32_t *to, vec v) {
    _mm512_storeu_si512(to, v);
}
static inline vec vec_set(int32_t number) {
    return _mm512_set1_epi32(number);
}
static inline vec vec_add(vec a, vec b) {
    return _mm512_add_epi32(a, b);
}
static inline vec vec_min(vec a, vec b) {
    return _mm512_min_epi32(a, b);
}
static inline vec vec_expand(const int32_t *from, uint32_t mask) {
    return _mm512_mask_expand_epi32(vec_set(SGP_INF), (__mmask16)mask, vec_load(from));
}

typedef __m256i half;

static inline half half_load(const int32_t *from) {
    return _mm256_loadu_si256((const __m256i *)from);
}
static inline void half_store(int32_t *to, half row) {
    _mm256_storeu_si256((__m256i *)to, row);
}
static inline half half_set(int32_t number) {
    return _mm256_set1_epi32(number);
}
static inline half half_add(half a, half b) {
    return _mm256_add_epi32(a, b);
}
static inline half half_min(half a, half b) {
    return _mm256_min_epi32(a, b);
}
static inline half half_load_part(const int32_t *from, uint32_t mask) {
    return _mm256_mask_loadu_epi32(half_set(SGP_INF), (__mmask8)mask, from);
}
static inline void half_store_part(int32_t *to, uint32_t mask, half row) {
    _mm256_mask_storeu_epi32(to, (__mmask8)mask, row);
}
static inline half half_expand(const int32_t *from, uint32_t mask) {
    return _mm256_mask_expand_epi32(half_set(SGP_INF), (__mmask8)mask, half_load(from));
}

typedef struct half_places {
    half place;
    __mmask8 lanes;
} half_places;

static inline half_places half_index(uint32_t mask, uint32_t first) {
    half numbers = half_add(_mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7), half_set((int32_t)first));
    return (half_places){_mm256_maskz_expand_epi32((__mmask8)mask, numbers), (__mmask8)mask};
}
static inline half half_pick(half low, half high, const half_places *places) {
    half picked = _mm256_permutex2var_epi32(low, places->place, high);
    return _mm256_mask_mov_epi32(half_set(SGP_INF), places->lanes, picked);
}
static inline half half_pick_low(half low, const half_places *places) {
    return _mm256_mask_permutexvar_epi32(half_set(SGP_INF), places->lanes, places->place, low);
}

#include "route/customize_kernel.h"

const sgp_customize_kernel *sgp_kernel_avx512(void) {
    static const sgp_customize_kernel kernel = {"avx512", kernel_run, kernel_absorb};
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") ? &kernel : NULL;
}
#else
const sgp_customize_kernel *sgp_kernel_avx512(void) {
    return NULL;
}
#endif
