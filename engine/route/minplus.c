#include "route/minplus.h"
#include "sigap/graph.h"

#if defined(__x86_64__)
#include <immintrin.h>
#define SGP_MINPLUS_AVX2 1
#endif

static inline int32_t lesser(int32_t a, int32_t b) {
    return a < b ? a : b;
}

/* ---- plain C ------------------------------------------------------------------- */

static void push_plain(const int32_t *weight, uint32_t stride, uint32_t row, uint32_t row_end,
                       int32_t *ms) {
    for (uint32_t r = row; r < row_end; r++) {
        const int32_t *w = weight + (size_t)r * stride;
        for (uint32_t c = r + 1; c < stride; c++)
            ms[c] = lesser(ms[c], ms[r] + w[c]);
    }
}

static void pull_plain(const int32_t *weight, uint32_t stride, uint32_t row, uint32_t row_end,
                       int32_t *ms) {
    for (uint32_t r = row_end; r-- > row;) {
        const int32_t *w = weight + (size_t)r * stride;
        int32_t best = ms[r];
        for (uint32_t c = r + 1; c < stride; c++)
            best = lesser(best, ms[c] + w[c]);
        ms[r] = best;
    }
}

static void rows_plain(const sgp_minplus_rows *rows, int32_t most, int32_t *ms, int32_t *distance) {
    const uint16_t *head = rows->heads_end;
    const int32_t *weight = rows->weights_end;
    for (uint32_t i = rows->n; i-- > 0;) {
        uint32_t n = rows->length[i];
        head -= n;
        weight -= 2 * n;
        const int32_t *w = weight + (rows->down ? n : 0);
        int32_t best = most;
        for (uint32_t j = 0; j < n; j++)
            best = lesser(best, ms[head[j]] + w[j]);
        distance[i] = ms[rows->depth[i]] = best;
    }
}

static int32_t least_plain(const int32_t *a, const int32_t *b, uint32_t n) {
    int32_t best = 2 * SGP_INF;
    for (uint32_t i = 0; i < n; i++)
        best = lesser(best, a[i] + b[i]);
    return best;
}

static void fleet_plain(const int32_t *columns, const uint32_t *vertex,
                        const sgp_minplus_call *call, uint32_t from, uint32_t whole, uint32_t end,
                        int32_t *best) {
    for (uint32_t i = 0; i < SGP_MINPLUS_LANES; i++)
        for (uint32_t d = from; d < end; d++)
            if (d < whole || (call->first[d] <= vertex[i] && vertex[i] <= call->last[d]))
                best[i] = lesser(best[i], columns[(size_t)d * SGP_MINPLUS_LANES + i] + call->ms[d]);
}

static const sgp_minplus plain = {"plain",    push_plain,  pull_plain,
                                  rows_plain, least_plain, fleet_plain};

const sgp_minplus *sgp_minplus_plain(void) {
    return &plain;
}

/* ---- AVX2 ---------------------------------------------------------------------- */

#if SGP_MINPLUS_AVX2
#define AVX2 __attribute__((target("avx2")))
#define LOAD(p) _mm256_loadu_si256((const __m256i *)(p))
#define STORE(p, v) _mm256_storeu_si256((__m256i *)(p), v)

/* Lane i: all ones where i < n. */
static inline AVX2 __m256i first_lanes(uint32_t n) {
    return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)n), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}

/* Lane i: the least of v_i. */
static inline AVX2 __m128i least_of_four(__m256i v0, __m256i v1, __m256i v2, __m256i v3) {
    __m256i a = _mm256_min_epi32(_mm256_unpacklo_epi32(v0, v1), _mm256_unpackhi_epi32(v0, v1));
    __m256i b = _mm256_min_epi32(_mm256_unpacklo_epi32(v2, v3), _mm256_unpackhi_epi32(v2, v3));
    __m256i c = _mm256_min_epi32(_mm256_unpacklo_epi64(a, b), _mm256_unpackhi_epi64(a, b));
    return _mm_min_epi32(_mm256_castsi256_si128(c), _mm256_extracti128_si256(c, 1));
}

/* Four rows at a time: the triangle between them one by one, the columns behind it in
 * vectors, each loaded and stored once for four rows. */
static AVX2 void push_avx2(const int32_t *weight, uint32_t stride, uint32_t row, uint32_t row_end,
                           int32_t *ms) {
    uint32_t r = row;
    for (; r + 4 <= row_end; r += 4) {
        const int32_t *w0 = weight + (size_t)r * stride;
        const int32_t *w1 = w0 + stride, *w2 = w1 + stride, *w3 = w2 + stride;
        int32_t d0 = ms[r];
        int32_t d1 = lesser(ms[r + 1], d0 + w0[r + 1]);
        int32_t d2 = lesser(lesser(ms[r + 2], d0 + w0[r + 2]), d1 + w1[r + 2]);
        int32_t d3 =
            lesser(lesser(ms[r + 3], d0 + w0[r + 3]), lesser(d1 + w1[r + 3], d2 + w2[r + 3]));
        ms[r + 1] = d1;
        ms[r + 2] = d2;
        ms[r + 3] = d3;
        __m256i v0 = _mm256_set1_epi32(d0), v1 = _mm256_set1_epi32(d1);
        __m256i v2 = _mm256_set1_epi32(d2), v3 = _mm256_set1_epi32(d3);
        for (uint32_t c = (r + 4) & ~7u; c < stride; c += 8) {
            __m256i a = _mm256_min_epi32(_mm256_add_epi32(v0, LOAD(w0 + c)),
                                         _mm256_add_epi32(v1, LOAD(w1 + c)));
            __m256i b = _mm256_min_epi32(_mm256_add_epi32(v2, LOAD(w2 + c)),
                                         _mm256_add_epi32(v3, LOAD(w3 + c)));
            STORE(ms + c, _mm256_min_epi32(LOAD(ms + c), _mm256_min_epi32(a, b)));
        }
    }
    for (; r < row_end; r++) {
        const int32_t *w = weight + (size_t)r * stride;
        __m256i v = _mm256_set1_epi32(ms[r]);
        for (uint32_t c = (r + 1) & ~7u; c < stride; c += 8)
            STORE(ms + c, _mm256_min_epi32(LOAD(ms + c), _mm256_add_epi32(v, LOAD(w + c))));
    }
}

/* Four rows at a time likewise. Where the vectors take in columns of the four rows
 * themselves, they read what is not final yet: no less than it, so no harm is done. */
static AVX2 void pull_avx2(const int32_t *weight, uint32_t stride, uint32_t row, uint32_t row_end,
                           int32_t *ms) {
    uint32_t end = row_end;
    while (end > row) {
        uint32_t n = end - row < 4 ? end - row : 4;
        uint32_t r = end - n;
        const int32_t *w0 = weight + (size_t)r * stride;
        const int32_t *w1 = n > 1 ? w0 + stride : w0;
        const int32_t *w2 = n > 2 ? w1 + stride : w0;
        const int32_t *w3 = n > 3 ? w2 + stride : w0;
        __m256i v0 = _mm256_set1_epi32(2 * SGP_INF), v1 = v0, v2 = v0, v3 = v0;
        for (uint32_t c = (r + n) & ~7u; c < stride; c += 8) {
            __m256i m = LOAD(ms + c);
            v0 = _mm256_min_epi32(v0, _mm256_add_epi32(m, LOAD(w0 + c)));
            v1 = _mm256_min_epi32(v1, _mm256_add_epi32(m, LOAD(w1 + c)));
            v2 = _mm256_min_epi32(v2, _mm256_add_epi32(m, LOAD(w2 + c)));
            v3 = _mm256_min_epi32(v3, _mm256_add_epi32(m, LOAD(w3 + c)));
        }
        int32_t least[4];
        _mm_storeu_si128((__m128i *)least, least_of_four(v0, v1, v2, v3));
        for (uint32_t i = n; i-- > 0;) {
            const int32_t *w = weight + (size_t)(r + i) * stride;
            int32_t best = lesser(ms[r + i], least[i]);
            for (uint32_t j = i + 1; j < n; j++)
                best = lesser(best, ms[r + j] + w[r + j]);
            ms[r + i] = best;
        }
        end = r;
    }
}

/* Zeros, then SGP_INF: from entry 4 - n on, n entries that count are followed by some that
 * do not. */
static const int32_t beyond[8] = {0, 0, 0, 0, SGP_INF, SGP_INF, SGP_INF, SGP_INF};

/* Sums of the first n <= 4 heads and weights; those of others are SGP_INF or more. A weight is
 * at most SGP_INF, which has all its bits set, so "or" does. */
static inline AVX2 __m128i four_sums(const uint16_t *head, const int32_t *weight, uint32_t n,
                                     const int32_t *ms) {
    __m128i from = _mm_setr_epi32(ms[head[0]], ms[head[1]], ms[head[2]], ms[head[3]]);
    __m128i by = _mm_or_si128(_mm_loadu_si128((const __m128i *)weight),
                              _mm_loadu_si128((const __m128i *)(beyond + 4 - n)));
    return _mm_add_epi32(from, by);
}

/* How far ahead rows are sent for: they are read backwards, and met only once. */
static inline void fetch_before(const void *p, uintptr_t bytes) {
    __builtin_prefetch((const void *)((uintptr_t)p - bytes));
}

/* Nearly all rows have up to five heads, which take the same way whatever their number, as a
 * branch that cannot be foreseen costs more than sums that do not count. The parent comes last,
 * outside the vector: it has only just been computed. */
static AVX2 void rows_avx2(const sgp_minplus_rows *rows, int32_t most, int32_t *ms,
                           int32_t *distance) {
    const uint16_t *head = rows->heads_end;
    const int32_t *weight = rows->weights_end;
    for (uint32_t i = rows->n; i-- > 0;) {
        uint32_t n = rows->length[i];
        head -= n;
        weight -= 2 * n;
        fetch_before(head, 320);
        fetch_before(weight, 640);
        int32_t best = most;
        if (n > 0) {
            const int32_t *w = weight + (rows->down ? n : 0);
            __m128i v = four_sums(head + 1, w + 1, n < 5 ? n - 1 : 4, ms);
            for (uint32_t j = 5; j < n; j += 4)
                v = _mm_min_epi32(v, four_sums(head + j, w + j, n - j < 4 ? n - j : 4, ms));
            v = _mm_min_epi32(v, _mm_shuffle_epi32(v, 0x4e));
            v = _mm_min_epi32(v, _mm_shuffle_epi32(v, 0xb1));
            best = lesser(lesser(best, _mm_cvtsi128_si32(v)), ms[head[0]] + w[0]);
        }
        distance[i] = ms[rows->depth[i]] = best;
    }
}

static AVX2 int32_t least_avx2(const int32_t *a, const int32_t *b, uint32_t n) {
    __m256i none = _mm256_set1_epi32(2 * SGP_INF);
    __m256i best = none;
    uint32_t i = 0;
    for (; i + 8 <= n; i += 8)
        best = _mm256_min_epi32(best, _mm256_add_epi32(LOAD(a + i), LOAD(b + i)));
    if (i < n) {
        __m256i lanes = first_lanes(n - i);
        __m256i sum = _mm256_add_epi32(_mm256_maskload_epi32(a + i, lanes),
                                       _mm256_maskload_epi32(b + i, lanes));
        best = _mm256_min_epi32(best, _mm256_blendv_epi8(none, sum, lanes));
    }
    __m128i half = _mm_min_epi32(_mm256_castsi256_si128(best), _mm256_extracti128_si256(best, 1));
    half = _mm_min_epi32(half, _mm_shuffle_epi32(half, 0x4e));
    half = _mm_min_epi32(half, _mm_shuffle_epi32(half, 0xb1));
    return _mm_cvtsi128_si32(half);
}

static AVX2 void fleet_avx2(const int32_t *columns, const uint32_t *vertex,
                            const sgp_minplus_call *call, uint32_t from, uint32_t whole,
                            uint32_t end, int32_t *best) {
    __m256i even = LOAD(best);
    __m256i odd = even;
    uint32_t d = from;
    for (; d + 2 <= whole; d += 2) {
        even = _mm256_min_epi32(
            even, _mm256_add_epi32(LOAD(columns + 8 * (size_t)d), _mm256_set1_epi32(call->ms[d])));
        odd = _mm256_min_epi32(odd, _mm256_add_epi32(LOAD(columns + 8 * (size_t)d + 8),
                                                     _mm256_set1_epi32(call->ms[d + 1])));
    }
    if (d < whole) {
        even = _mm256_min_epi32(
            even, _mm256_add_epi32(LOAD(columns + 8 * (size_t)d), _mm256_set1_epi32(call->ms[d])));
        d++;
    }
    /* Vertex numbers are below 2^31 (the graph's check says so), so signed comparisons do. */
    __m256i vertices = LOAD(vertex);
    __m256i none = _mm256_set1_epi32(2 * SGP_INF);
    for (; d < end; d++) {
        __m256i outside =
            _mm256_or_si256(_mm256_cmpgt_epi32(_mm256_set1_epi32((int)call->first[d]), vertices),
                            _mm256_cmpgt_epi32(vertices, _mm256_set1_epi32((int)call->last[d])));
        __m256i sum =
            _mm256_add_epi32(LOAD(columns + 8 * (size_t)d), _mm256_set1_epi32(call->ms[d]));
        odd = _mm256_min_epi32(odd, _mm256_blendv_epi8(sum, none, outside));
    }
    STORE(best, _mm256_min_epi32(even, odd));
}

static const sgp_minplus avx2 = {"avx2", push_avx2, pull_avx2, rows_avx2, least_avx2, fleet_avx2};
#endif

const sgp_minplus *sgp_minplus_best(void) {
#if SGP_MINPLUS_AVX2
    if (__builtin_cpu_supports("avx2"))
        return &avx2;
#endif
    return &plain;
}
