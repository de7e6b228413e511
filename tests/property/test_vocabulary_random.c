/* Reading a word against looking at every word of the vocabulary: on random words and garbled
 * ones, the same readings in the same order with the same likeness.
 *
 * The oracle keeps the whole matrix of the plain dynamic programme for the number of errors,
 * and states the rules of vocabulary.h once more; it shares with the vocabulary only the
 * sounds and the cost of a word for another, whose giving-up is tested here too.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <limits.h>
#include <stdlib.h>

#include "gis/vocabulary.h"
#include "gis/word_sound.h"
#include "word_maker.h"

enum { ROUNDS = 12, WORDS = 3000, LOOKUPS = 250, PREFIXES = 100, PAIRS = 200000 };

/* How often each way of being read was met: a test that meets none proves nothing. */
static size_t n_known, n_unknown, n_nothing, n_full, n_by_broad_only, n_by_sound_only;

static size_t least_of(size_t a, size_t b) {
    return a < b ? a : b;
}

static int plain_errors(const char *a, const char *b) {
    static int rows[SGP_WORD_BYTES + 1][SGP_WORD_BYTES + 1];
    size_t n = strlen(a), m = strlen(b);
    for (size_t i = 0; i <= n; i++)
        for (size_t j = 0; j <= m; j++) {
            int errors = i == 0 ? (int)j : j == 0 ? (int)i : INT_MAX;
            if (i > 0 && j > 0) {
                errors = rows[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
                if (rows[i - 1][j] + 1 < errors)
                    errors = rows[i - 1][j] + 1;
                if (rows[i][j - 1] + 1 < errors)
                    errors = rows[i][j - 1] + 1;
            }
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                rows[i - 2][j - 2] + 1 < errors)
                errors = rows[i - 2][j - 2] + 1;
            rows[i][j] = errors;
        }
    return rows[n][m];
}

typedef struct known_word {
    char text[SGP_WORD_BYTES], sound[SGP_WORD_BYTES], broad[SGP_WORD_BYTES];
    int32_t count;
} known_word;

static known_word words[WORDS];
static size_t n_words;
static sgp_vocabulary *vocabulary;

static void hear(const char *text, known_word *word) {
    strcpy(word->text, text);
    size_t length = sgp_word_sound(text, strlen(text), word->sound);
    sgp_word_broad(word->sound, length, word->broad);
}

static void make_words(uint64_t *seed) {
    n_words = 0;
    assert_int_equal(sgp_vocabulary_create(&vocabulary), SGP_OK);
    for (size_t i = 0; i < WORDS; i++) {
        char text[SGP_WORD_BYTES];
        uint32_t id;
        word_maker_make(seed, text);
        /* Near ones of words that are there make rivals. */
        if (i > 100 && sgp_random_below(seed, 3) == 0) {
            strcpy(text, words[sgp_random_below(seed, n_words)].text);
            word_maker_slip(seed, text);
        } else if (i > 100 && sgp_random_below(seed, 4) == 0) {
            strcpy(text, words[sgp_random_below(seed, n_words)].text);
            word_maker_respell(seed, text);
        }
        if (sgp_vocabulary_find(vocabulary, text, &id))
            continue;
        hear(text, &words[n_words]);
        words[n_words].count = (int32_t)sgp_random_below(seed, 50);
        assert_int_equal(sgp_vocabulary_add(vocabulary, text, words[n_words].count), SGP_OK);
        n_words++;
    }
    bool done = false;
    while (!done)
        assert_int_equal(sgp_vocabulary_seal(vocabulary, 0, &done), SGP_OK);
}

typedef struct expected {
    uint32_t word;
    float likeness;
} expected;

static int compare_expected(const void *left, const void *right) {
    const expected *a = left, *b = right;
    if (a->likeness != b->likeness)
        return a->likeness > b->likeness ? -1 : 1;
    if (words[a->word].count != words[b->word].count)
        return words[a->word].count > words[b->word].count ? -1 : 1;
    return a->word < b->word ? -1 : 1;
}

/* The rules: by text, by sound, by broad sound; a known word's rivals count for less. */
static size_t scan(const char *text, expected found[WORDS]) {
    known_word said;
    size_t n = 0;
    uint32_t id;
    hear(text, &said);
    bool known = sgp_vocabulary_find(vocabulary, text, &id);
    size_t length = strlen(text), sound = strlen(said.sound), broad = strlen(said.broad);
    int by_text = length < 3 ? 0 : length < 5 || known ? 1 : 2;
    int by_sound = known || sound < 3 ? 0 : 1;
    int by_broad = broad < 4 ? -1 : known || broad < 6 ? 0 : 1;
    for (size_t i = 0; i < n_words; i++) {
        bool text_like = plain_errors(text, words[i].text) <= by_text;
        bool sound_like = plain_errors(said.sound, words[i].sound) <= by_sound;
        bool broad_like = plain_errors(said.broad, words[i].broad) <= by_broad;
        if (!text_like && !sound_like && !broad_like)
            continue;
        int cost = sgp_word_cost(text, length, words[i].text, strlen(words[i].text), INT_MAX - 1);
        float likeness = sgp_word_likeness(cost, length, strlen(words[i].text));
        if (known && cost > 0)
            likeness *= 0.8f;
        if (likeness < 0.4f)
            continue;
        found[n++] = (expected){(uint32_t)i, likeness};
        n_by_sound_only += sound_like && !text_like;
        n_by_broad_only += broad_like && !sound_like && !text_like;
    }
    qsort(found, n, sizeof *found, compare_expected);
    n_known += known;
    n_unknown += !known;
    n_nothing += n == 0;
    n_full += n > SGP_READINGS_MAX;
    return least_of(n, SGP_READINGS_MAX);
}

static void check_reading(uint64_t *seed) {
    static expected wanted[WORDS];
    sgp_reading all[SGP_READINGS_MAX];
    char text[SGP_WORD_BYTES];
    strcpy(text, words[sgp_random_below(seed, n_words)].text);
    for (uint64_t slips = sgp_random_below(seed, 4); slips > 0; slips--)
        if (sgp_random_below(seed, 2))
            word_maker_slip(seed, text);
        else
            word_maker_respell(seed, text);
    size_t n_wanted = scan(text, wanted);
    const char *said = text;
    size_t n = sgp_vocabulary_read(vocabulary, &said, 1, all, SGP_READINGS_MAX), alone = 0;
    size_t cuts = 0;
    for (size_t i = 0; i < n; i++)
        cuts += all[i].n_words == 2;
    for (size_t i = 0; i < n; i++) {
        if (all[i].n_words != 1)
            continue;
        assert_true(alone < n_wanted);
        if (all[i].words[0] != wanted[alone].word || all[i].likeness != wanted[alone].likeness)
            fail_msg("%s is read as %s by %.4f, by scanning as %s by %.4f", text,
                     words[all[i].words[0]].text, (double)all[i].likeness,
                     words[wanted[alone].word].text, (double)wanted[alone].likeness);
        alone++;
    }
    assert_int_equal(alone, least_of(n_wanted, SGP_READINGS_MAX - cuts));
}

static void test_vocabulary_reads_like_a_scan(void **state) {
    (void)state;
    for (uint64_t round = 1; round <= ROUNDS; round++) {
        uint64_t seed = round * 7919;
        make_words(&seed);
        for (size_t i = 0; i < LOOKUPS; i++)
            check_reading(&seed);
        sgp_vocabulary_destroy(vocabulary);
    }
    print_message("known %zu, unknown %zu, nothing %zu, more than told %zu, by sound alone %zu, "
                  "by broad sound alone %zu\n",
                  n_known, n_unknown, n_nothing, n_full, n_by_sound_only, n_by_broad_only);
    assert_true(n_known > 100 && n_unknown > 100 && n_nothing > 10 && n_full > 10 &&
                n_by_sound_only > 100 && n_by_broad_only > 100);
}

/* Written so, then sounding so, then with one error behind the third letter; in each
 * those of most names first. */
static int completion_class(const char *prefix, const char *sound, const known_word *word) {
    size_t n = strlen(prefix);
    if (strncmp(word->text, prefix, n) == 0)
        return 0;
    if (strlen(sound) >= 2 && strncmp(word->sound, sound, strlen(sound)) == 0)
        return 1;
    if (strncmp(word->text, prefix, 3) != 0)
        return 3;
    for (size_t length = n - 1; length <= n + 1; length++) {
        char begin[SGP_WORD_BYTES + 1];
        snprintf(begin, sizeof begin, "%.*s", (int)length, word->text);
        if (strlen(begin) == length && plain_errors(prefix, begin) <= 1)
            return 2;
    }
    return 3;
}

static void check_completion(uint64_t *seed) {
    char prefix[SGP_WORD_BYTES], sound[SGP_WORD_BYTES];
    strcpy(prefix, words[sgp_random_below(seed, n_words)].text);
    if (sgp_random_below(seed, 2))
        word_maker_slip(seed, prefix);
    prefix[least_of(strlen(prefix), 3 + sgp_random_below(seed, 8))] = '\0';
    size_t length = strlen(prefix);
    if (length < 3)
        return;
    sgp_word_sound(prefix, length - (prefix[length - 1] == 'y'), sound);
    uint32_t ids[8];
    size_t n = sgp_vocabulary_complete(vocabulary, prefix, ids, 8), at = 0;
    static bool taken[WORDS];
    memset(taken, 0, sizeof taken);
    for (int class = 0; class < 3; class ++) {
        for (;;) {
            size_t best = n_words;
            for (size_t i = 0; i < n_words; i++)
                if (!taken[i] && completion_class(prefix, sound, &words[i]) == class &&
                    (best == n_words || words[i].count > words[best].count))
                    best = i;
            if (best == n_words || at == 8)
                break;
            taken[best] = true;
            assert_true(at < n);
            if (ids[at] != best)
                fail_msg("%s goes on as %s, not as %s", prefix, words[ids[at]].text,
                         words[best].text);
            at++;
        }
    }
    assert_int_equal(at, n);
}

static void test_vocabulary_completes_like_a_scan(void **state) {
    (void)state;
    for (uint64_t round = 1; round <= 3; round++) {
        uint64_t seed = round * 104729;
        make_words(&seed);
        for (size_t i = 0; i < PREFIXES; i++)
            check_completion(&seed);
        sgp_vocabulary_destroy(vocabulary);
    }
}

/* Words of any bytes, so that letters outside the alphabet are met too. */
static void make_bytes(uint64_t *seed, char word[SGP_WORD_BYTES]) {
    size_t n = 1 + sgp_random_below(seed, sgp_random_below(seed, 2) ? 8 : SGP_WORD_BYTES - 1);
    for (size_t i = 0; i < n; i++)
        word[i] = sgp_random_below(seed, 4) ? (char)('a' + sgp_random_below(seed, 4))
                                            : (char)(1 + sgp_random_below(seed, 255));
    word[n] = '\0';
}

static void test_word_errors_like_the_whole_matrix(void **state) {
    (void)state;
    uint64_t seed = 31;
    for (size_t i = 0; i < PAIRS; i++) {
        char a[SGP_WORD_BYTES], b[SGP_WORD_BYTES];
        make_bytes(&seed, a);
        if (sgp_random_below(&seed, 2)) {
            strcpy(b, a);
            for (uint64_t slips = sgp_random_below(&seed, 5); slips > 0; slips--)
                word_maker_slip(&seed, b);
        } else {
            make_bytes(&seed, b);
        }
        if (sgp_word_errors(a, strlen(a), b, strlen(b)) != plain_errors(a, b))
            fail_msg("pair %zu", i);
        /* Giving up early never changes a cost that is low enough. */
        int cost = sgp_word_cost(a, strlen(a), b, strlen(b), INT_MAX - 1);
        int most = (int)sgp_random_below(&seed, 500);
        int limited = sgp_word_cost(a, strlen(a), b, strlen(b), most);
        assert_true(cost <= most ? limited == cost : limited > most);
        assert_int_equal(cost == 0, strcmp(a, b) == 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_word_errors_like_the_whole_matrix),
        cmocka_unit_test(test_vocabulary_reads_like_a_scan),
        cmocka_unit_test(test_vocabulary_completes_like_a_scan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
