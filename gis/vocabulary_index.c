#include "gis/vocabulary_parts.h"

int sgp_filed_errors(filed_by by) {
    return by == FILED_BY_TEXT ? 2 : 1;
}

uint32_t sgp_letters_mask(const char *letters, size_t length) {
    uint32_t mask = 0;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)letters[i];
        mask |= UINT32_C(1) << (c >= 'a' && c <= 'z' ? c - 'a' : 26 + c % 6);
    }
    return mask;
}

/* ---- hashing ----------------------------------------------------------------------
 *
 * The hash of a string is a polynomial in BASE over its bytes, modulo 2^64, so that the hash
 * with letters left out follows from those of its parts. What comes out is mixed, because
 * its low bits depend on the last bytes alone.
 */

#define BASE UINT64_C(0x9e3779b97f4a7c55)

static uint64_t mixed(uint64_t hash, size_t length, filed_by by) {
    hash += (uint64_t)length << 2 | (uint64_t)by;
    hash ^= hash >> 31;
    hash *= UINT64_C(0xbf58476d1ce4e5b9);
    hash ^= hash >> 29;
    hash *= UINT64_C(0x94d049bb133111eb);
    return hash ^ hash >> 32;
}

size_t sgp_spellings(filed_by by, const char *letters, size_t length, int errors,
                     uint64_t hashes[SPELLINGS_MAX], uint8_t letters_fewer[SPELLINGS_MAX]) {
    size_t m = length < FILED_LETTERS ? length : FILED_LETTERS, n = 0;
    uint64_t power[FILED_LETTERS + 1], before[FILED_LETTERS + 1]; /* of letters[0..i) */
    power[0] = 1;
    before[0] = 0;
    for (size_t i = 0; i < m; i++) {
        power[i + 1] = power[i] * BASE;
        before[i + 1] = before[i] * BASE + (unsigned char)letters[i] + 1;
    }
    letters_fewer[n] = 0;
    hashes[n++] = mixed(before[m], m, by);
    /* Of a doubled letter either one may go: the same spelling. */
    for (size_t i = 0; errors >= 1 && m >= 2 && i < m; i++) {
        if (i > 0 && letters[i] == letters[i - 1])
            continue;
        uint64_t after = before[m] - before[i + 1] * power[m - i - 1];
        letters_fewer[n] = 1;
        hashes[n++] = mixed(before[i] * power[m - i - 1] + after, m - 1, by);
    }
    for (size_t i = 0; errors >= 2 && m >= 3 && i + 1 < m; i++) {
        for (size_t k = i + 1; k < m; k++) {
            if (k > i + 1 && letters[k] == letters[k - 1])
                continue;
            uint64_t between = before[k] - before[i + 1] * power[k - i - 1];
            uint64_t after = before[m] - before[k + 1] * power[m - k - 1];
            uint64_t left = before[i] * power[k - i - 1] + between;
            letters_fewer[n] = 2;
            hashes[n++] = mixed(left * power[m - k - 1] + after, m - 2, by);
        }
    }
    return n;
}
