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
static inline vec vec_load_part(const int32_t *from, uint32_t mask) {
    return _mm512_mask_loadu_epi32(vec_set(SGP_INF), (__mmask16)mask, from);
}
static inline void vec_store_part(int32_t *to, uint32_t mask, vec v) {
    _mm512_mask_storeu_epi32(to, (__mmask16)mask, v);
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
