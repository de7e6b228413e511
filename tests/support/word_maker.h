/* Seeded words that look like those of Javanese and Indonesian names, and ways to garble
 * them; for tests and benchmarks of the vocabulary. */
#ifndef SGP_TEST_WORD_MAKER_H
#define SGP_TEST_WORD_MAKER_H

#include <stdio.h>
#include <string.h>

#include "base/random.h"
#include "gis/place_query.h"

static inline const char *word_maker_pick(uint64_t *seed, const char *const *from, size_t n) {
    return from[sgp_random_below(seed, n)];
}

/* Two to four syllables, often with a beginning that many names share. */
static inline void word_maker_make(uint64_t *seed, char word[SGP_WORD_BYTES]) {
    static const char *const HEADS[] = {"karang",  "sumber", "kali",  "wono", "suko",  "kedung",
                                        "tanjung", "pandan", "merjo", "arjo", "tlogo", "banjar"};
    static const char *const ONSETS[] = {"b",  "c",  "d",  "g",  "h",  "j", "k",  "l",  "m",
                                         "n",  "p",  "r",  "s",  "t",  "w", "k",  "s",  "t",
                                         "r",  "l",  "m",  "p",  "b",  "d", "tr", "kr", "pr",
                                         "ny", "ng", "sy", "dj", "tj", "y", "f",  ""};
    static const char *const VOWELS[] = {"a", "a", "a", "i", "u", "e", "o", "i", "u", "o", "oe"};
    static const char *const CODAS[] = {"",  "",  "",  "",  "",  "n", "ng",
                                        "r", "s", "k", "t", "m", "h"};
    size_t n = 2 + sgp_random_below(seed, 3), used = 0;
    word[0] = '\0';
    if (sgp_random_below(seed, 5) == 0) {
        used += (size_t)snprintf(word, SGP_WORD_BYTES, "%s", word_maker_pick(seed, HEADS, 12));
        n -= 1;
    }
    for (size_t i = 0; i < n; i++) {
        const char *onset = word_maker_pick(seed, ONSETS, sizeof ONSETS / sizeof *ONSETS);
        const char *vowel = word_maker_pick(seed, VOWELS, sizeof VOWELS / sizeof *VOWELS);
        const char *coda = word_maker_pick(seed, CODAS, sizeof CODAS / sizeof *CODAS);
        used += (size_t)snprintf(word + used, SGP_WORD_BYTES - used, "%s%s%s", onset, vowel, coda);
    }
}

/* One error of the hand: a letter put in, left out, replaced, or turned about. */
static inline void word_maker_slip(uint64_t *seed, char word[SGP_WORD_BYTES]) {
    size_t n = strlen(word), at = sgp_random_below(seed, n);
    char letter = (char)('a' + sgp_random_below(seed, 26)), kept = word[at];
    switch (sgp_random_below(seed, 4)) {
    case 0:
        if (n + 1 < SGP_WORD_BYTES) {
            memmove(word + at + 1, word + at, n - at + 1);
            word[at] = letter;
        }
        break;
    case 1:
        if (n > 1)
            memmove(word + at, word + at + 1, n - at);
        break;
    case 2:
        word[at] = letter;
        break;
    default:
        if (at + 1 < n) {
            word[at] = word[at + 1];
            word[at + 1] = kept;
        }
    }
}

/* One way of writing a sound for another, where the word has one. */
static inline void word_maker_respell(uint64_t *seed, char word[SGP_WORD_BYTES]) {
    static const char *const SAME[][2] = {{"oe", "u"}, {"u", "oe"},  {"dj", "j"}, {"tj", "c"},
                                          {"c", "tj"}, {"ny", "nj"}, {"o", "u"},  {"e", "i"},
                                          {"p", "f"},  {"a", "o"},   {"h", ""},   {"s", "z"},
                                          {"k", "q"},  {"n", "nn"},  {"o", "a"},  {"y", "j"}};
    for (int tries = 0; tries < 20; tries++) {
        const char *const *same = SAME[sgp_random_below(seed, sizeof SAME / sizeof *SAME)];
        char *at = strstr(word, same[0]);
        size_t from = strlen(same[0]), to = strlen(same[1]), n = strlen(word);
        if (!at || n - from + to + 1 > SGP_WORD_BYTES || n - from + to == 0)
            continue;
        memmove(at + to, at + from, strlen(at + from) + 1);
        memcpy(at, same[1], to);
        return;
    }
}

#endif
