/* The kernel for machines with AVX-512: a row of a frame is one register. Compiled for
 * them (CMakeLists.txt) and only called where the processor says so. */
#include "route/customize_multifrontal.h"

#if defined(__AVX512F__)
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

typedef struct row16_places {
    vec place;
    __mmask16 lanes;
} row16_places;

/* n numbers into lanes 1 .. n. Reads nothing before them, which may just have been stored. */
static inline vec row16_load_up(const int32_t *up, uint32_t n) {
    __mmask16 lanes = (__mmask16)((1u << n) - 1);
    vec row = _mm512_maskz_loadu_epi32(lanes, up);
    return _mm512_mask_alignr_epi32(vec_set(SGP_INF), (__mmask16)(lanes << 1), row, row, 15);
}
static inline void row16_store_up(int32_t *up, uint32_t n, vec row) {
    vec from_first = _mm512_alignr_epi32(row, row, 1);
    _mm512_mask_storeu_epi32(up, (__mmask16)((1u << n) - 1), from_first);
}
static inline void row16_store_from_1(int32_t *to, vec row) {
    vec_store(to, _mm512_alignr_epi32(row, row, 1));
}
static inline row16_places row16_index(uint32_t mask) {
    vec from_1 = _mm512_setr_epi32(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0);
    __mmask16 lanes = (__mmask16)mask;
    return (row16_places){_mm512_maskz_expand_epi32(lanes, from_1), lanes};
}
static inline vec row16_pick(vec row, const row16_places *places) {
    return _mm512_mask_permutexvar_epi32(vec_set(SGP_INF), places->lanes, places->place, row);
}

#include "route/customize_kernel.h"

const sgp_customize_kernel *sgp_kernel_avx512(void) {
    static const sgp_customize_kernel kernel = {"avx512", kernel_run, kernel_absorb};
    return __builtin_cpu_supports("avx512f") ? &kernel : NULL;
}
#else
const sgp_customize_kernel *sgp_kernel_avx512(void) {
    return NULL;
}
#endif
