/* The kernel for machines with AVX2: eight numbers in a register. Compiled for them
 * (CMakeLists.txt) and only called where the processor says so. */
#include "route/customize_multifrontal.h"

#if defined(__AVX2__)
#include <immintrin.h>

#define LANES 8
typedef __m256i vec;

static inline vec vec_load(const int32_t *from) {
    return _mm256_loadu_si256((const __m256i *)from);
}
static inline void vec_store(int32_t *to, vec v) {
    _mm256_storeu_si256((__m256i *)to, v);
}
static inline vec vec_set(int32_t number) {
    return _mm256_set1_epi32(number);
}
/* All bits of the lanes that the mask names. */
static inline vec lanes_of(uint32_t mask) {
    vec bit = _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128);
    return _mm256_cmpeq_epi32(_mm256_and_si256(vec_set((int32_t)mask), bit), bit);
}
static inline vec or_none(vec v, vec lanes) {
    return _mm256_blendv_epi8(vec_set(SGP_INF), v, lanes);
}
static inline vec half_load_part(const int32_t *from, uint32_t mask) {
    vec lanes = lanes_of(mask);
    return or_none(_mm256_maskload_epi32(from, lanes), lanes);
}
static inline void half_store_part(int32_t *to, uint32_t mask, vec v) {
    _mm256_maskstore_epi32(to, lanes_of(mask), v);
}
static inline vec vec_add(vec a, vec b) {
    return _mm256_add_epi32(a, b);
}
static inline vec vec_min(vec a, vec b) {
    return _mm256_min_epi32(a, b);
}
/* How many lanes of the mask come before each: a prefix sum over bytes, by one
 * multiplication. */
static inline vec lanes_before(uint32_t mask) {
    uint64_t ones = _pdep_u64(mask, UINT64_C(0x0101010101010101));
    uint64_t before = ones * UINT64_C(0x0101010101010101) - ones;
    return _mm256_cvtepu8_epi32(_mm_cvtsi64_si128((int64_t)before));
}
static inline vec vec_expand(const int32_t *from, uint32_t mask) {
    return or_none(_mm256_permutevar8x32_epi32(vec_load(from), lanes_before(mask)), lanes_of(mask));
}

typedef struct half_places {
    vec place, in_high, lanes;
} half_places;

static inline half_places half_index(uint32_t mask, uint32_t first) {
    vec place = _mm256_add_epi32(lanes_before(mask), vec_set((int32_t)first));
    return (half_places){place, _mm256_cmpgt_epi32(place, vec_set(7)), lanes_of(mask)};
}
static inline vec half_pick(vec low, vec high, const half_places *places) {
    vec from_low = _mm256_permutevar8x32_epi32(low, places->place);
    vec from_high = _mm256_permutevar8x32_epi32(high, places->place);
    return or_none(_mm256_blendv_epi8(from_low, from_high, places->in_high), places->lanes);
}

static inline vec half_pick_low(vec low, const half_places *places) {
    return or_none(_mm256_permutevar8x32_epi32(low, places->place), places->lanes);
}

#define half vec
#define half_load vec_load
#define half_store vec_store
#define half_set vec_set
#define half_add vec_add
#define half_min vec_min
#define half_expand vec_expand

#include "route/customize_kernel.h"

const sgp_customize_kernel *sgp_kernel_avx2(void) {
    static const sgp_customize_kernel kernel = {"avx2", kernel_run, kernel_absorb};
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") ? &kernel : NULL;
}
#else
const sgp_customize_kernel *sgp_kernel_avx2(void) {
    return NULL;
}
#endif
