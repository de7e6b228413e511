/* bench-vocabulary: how long reading a garbled word takes among many, and what else it could
 * cost: the same words in a scan with bit-parallel distances, and in a trie walked with the rows
 * of the plain dynamic programme (two errors), each in the same run.
 *
 *   bench-vocabulary [--words 300000] [--lookups 2000] [--json FILE]
 *
 * All times are CPU time of the thread. The words are made from a fixed seed.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "gis/vocabulary.h"
#include "gis/word_sound.h"
#include "support/sheet.h"
#include "tests/support/word_maker.h"

enum { SLICE_US = 2000, TRIE_ERRORS = 2, WORDS_MAX = 1 << 20 };

static _Noreturn void stop(const char *why) {
    fprintf(stderr, "bench-vocabulary: %s\n", why);
    exit(3);
}

/* ---- the rivals ------------------------------------------------------------------- */

static size_t scan_all(const sgp_vocabulary *vocabulary, const char *word) {
    size_t found = 0, length = strlen(word);
    for (uint32_t id = 0; id < sgp_vocabulary_size(vocabulary); id++) {
        const char *other = sgp_vocabulary_word_at(vocabulary, id).text;
        found += sgp_word_errors(word, length, other, strlen(other)) <= TRIE_ERRORS;
    }
    return found;
}

typedef struct trie_node {
    uint32_t child, sibling; /* 0 = none */
    char letter;
    bool ends;
} trie_node;

typedef struct trie {
    trie_node *nodes;
    size_t n, capacity;
} trie;

static uint32_t trie_child(trie *t, uint32_t parent, char letter) {
    for (uint32_t child = t->nodes[parent].child; child; child = t->nodes[child].sibling)
        if (t->nodes[child].letter == letter)
            return child;
    if (t->n == t->capacity) {
        t->capacity *= 2;
        t->nodes = realloc(t->nodes, t->capacity * sizeof *t->nodes);
        if (!t->nodes)
            stop("no memory left");
    }
    t->nodes[t->n] = (trie_node){0, t->nodes[parent].child, letter, false};
    return t->nodes[parent].child = (uint32_t)t->n++;
}

static void trie_add(trie *t, const char *word) {
    uint32_t node = 0;
    for (; *word; word++)
        node = trie_child(t, node, *word);
    t->nodes[node].ends = true;
}

/* A row of the programme for each node on the way down; the walk turns back where no
 * entry of the row is low enough. */
static size_t trie_walk(const trie *t, uint32_t parent, const char *word, size_t length,
                        const int *two_up, const int *up, char before) {
    size_t found = 0;
    int row[SGP_WORD_BYTES + 1];
    for (uint32_t node = t->nodes[parent].child; node; node = t->nodes[node].sibling) {
        char letter = t->nodes[node].letter;
        row[0] = up[0] + 1;
        int least = row[0];
        for (size_t j = 1; j <= length; j++) {
            int errors = up[j - 1] + (word[j - 1] != letter);
            if (up[j] + 1 < errors)
                errors = up[j] + 1;
            if (row[j - 1] + 1 < errors)
                errors = row[j - 1] + 1;
            if (two_up && j > 1 && word[j - 1] == before && word[j - 2] == letter &&
                two_up[j - 2] + 1 < errors)
                errors = two_up[j - 2] + 1;
            row[j] = errors;
            least = errors < least ? errors : least;
        }
        found += t->nodes[node].ends && row[length] <= TRIE_ERRORS;
        if (least <= TRIE_ERRORS)
            found += trie_walk(t, node, word, length, up, row, letter);
    }
    return found;
}

static size_t trie_search(const trie *t, const char *word) {
    int row[SGP_WORD_BYTES + 1];
    size_t length = strlen(word);
    for (size_t j = 0; j <= length; j++)
        row[j] = (int)j;
    return trie_walk(t, 0, word, length, NULL, row, '\0');
}

/* ---- measuring -------------------------------------------------------------------- */

typedef struct timing {
    bench_sheet sheet;
    bench_samples samples;
    int64_t began_ns;
} timing;

static void begin(timing *t) {
    t->began_ns = bench_cpu_ns();
}

static void end(timing *t) {
    bench_add(&t->samples, bench_cpu_ns() - t->began_ns);
}

/* Puts median and 99th percentile of what was timed since the last time. */
static void put_samples(timing *t, const char *key, const char *what) {
    char name[64];
    snprintf(name, sizeof name, "%s_median_us", key);
    bench_put(&t->sheet, name, bench_median_ns(&t->samples) / 1e3, "%s, median", what);
    snprintf(name, sizeof name, "%s_p99_us", key);
    bench_put(&t->sheet, name, bench_share_ns(&t->samples, 0.99) / 1e3, "%s, p99", what);
    bench_forget(&t->samples);
}

static sgp_vocabulary *make_vocabulary(size_t n, timing *t) {
    sgp_vocabulary *vocabulary;
    uint64_t seed = 2024;
    bool done = false;
    if (sgp_vocabulary_create(&vocabulary) != SGP_OK)
        stop("no memory left");
    int64_t longest_ns = 0, adding_ns = 0;
    while (sgp_vocabulary_size(vocabulary) < n) {
        char word[SGP_WORD_BYTES];
        word_maker_make(&seed, word);
        int32_t count = (int32_t)(1000 / (1 + sgp_random_below(&seed, 1000)));
        begin(t);
        if (sgp_vocabulary_add(vocabulary, word, count) != SGP_OK)
            stop("a word was refused");
        int64_t took_ns = bench_cpu_ns() - t->began_ns;
        adding_ns += took_ns;
        longest_ns = took_ns > longest_ns ? took_ns : longest_ns;
    }
    bench_put(&t->sheet, "add_ms", (double)adding_ns / 1e6, "adding all words");
    bench_put(&t->sheet, "add_longest_us", (double)longest_ns / 1e3, "the longest of these");
    while (!done) {
        begin(t);
        if (sgp_vocabulary_seal(vocabulary, SLICE_US, &done) != SGP_OK)
            stop("no memory left");
        end(t);
    }
    bench_put(&t->sheet, "seal_ms", (double)t->samples.n * bench_median_ns(&t->samples) / 1e6,
              "sealing, in slices");
    bench_put(&t->sheet, "seal_slice_longest_us", bench_share_ns(&t->samples, 1) / 1e3,
              "the longest slice of %d us asked for", SLICE_US);
    bench_forget(&t->samples);
    bench_put(&t->sheet, "memory_mb", (double)sgp_vocabulary_bytes(vocabulary) / 1e6, "memory");
    return vocabulary;
}

static const char *some_word(const sgp_vocabulary *vocabulary, uint64_t *seed) {
    size_t n = sgp_vocabulary_size(vocabulary);
    return sgp_vocabulary_word_at(vocabulary, (uint32_t)sgp_random_below(seed, n)).text;
}

/* A word that nobody knows: garbled by `slips` errors of the hand and `respellings`. */
static void garble(const sgp_vocabulary *vocabulary, uint64_t *seed, int slips, int respellings,
                   char word[SGP_WORD_BYTES]) {
    uint32_t id;
    do {
        strcpy(word, some_word(vocabulary, seed));
        for (int i = 0; i < slips; i++)
            word_maker_slip(seed, word);
        for (int i = 0; i < respellings; i++)
            word_maker_respell(seed, word);
    } while (sgp_vocabulary_find(vocabulary, word, &id));
}

static void time_reading(timing *t, const sgp_vocabulary *vocabulary, size_t n, int slips,
                         int respellings, const char *key, const char *what) {
    uint64_t seed = 77;
    for (size_t i = 0; i < n; i++) {
        char word[SGP_WORD_BYTES];
        sgp_reading readings[SGP_READINGS_MAX];
        if (slips + respellings > 0)
            garble(vocabulary, &seed, slips, respellings, word);
        else
            strcpy(word, some_word(vocabulary, &seed));
        const char *said = word;
        begin(t);
        size_t found = sgp_vocabulary_read(vocabulary, &said, 1, readings, SGP_READINGS_MAX);
        end(t);
        for (size_t k = 0; k < found; k++)
            bench_hash(&t->sheet, &readings[k].words[0], sizeof readings[k].words[0]);
    }
    put_samples(t, key, what);
}

static void time_completing(timing *t, const sgp_vocabulary *vocabulary, size_t n, int slips,
                            const char *key, const char *what) {
    uint64_t seed = 78;
    for (size_t i = 0; i < n; i++) {
        char prefix[SGP_WORD_BYTES];
        uint32_t ids[8];
        if (slips)
            garble(vocabulary, &seed, slips, 0, prefix);
        else
            strcpy(prefix, some_word(vocabulary, &seed));
        prefix[3 + sgp_random_below(&seed, 5)] = '\0';
        begin(t);
        size_t found = sgp_vocabulary_complete(vocabulary, prefix, ids, 8);
        end(t);
        bench_hash(&t->sheet, ids, found * sizeof *ids);
    }
    put_samples(t, key, what);
}

static void time_rivals(timing *t, const sgp_vocabulary *vocabulary, size_t n) {
    trie built = {.n = 1, .capacity = 1024};
    built.nodes = calloc(built.capacity, sizeof *built.nodes);
    if (!built.nodes)
        stop("no memory left");
    for (uint32_t id = 0; id < sgp_vocabulary_size(vocabulary); id++)
        trie_add(&built, sgp_vocabulary_word_at(vocabulary, id).text);
    uint64_t seed = 77;
    char word[SGP_WORD_BYTES];
    for (size_t i = 0; i < n; i++) {
        garble(vocabulary, &seed, 2, 0, word);
        begin(t);
        size_t found = trie_search(&built, word);
        end(t);
        if (i < 5 && found != scan_all(vocabulary, word))
            stop("the trie and the scan do not find the same");
    }
    put_samples(t, "trie", "rival: a trie, two errors, distances only");
    for (size_t i = 0; i < n; i++) {
        garble(vocabulary, &seed, 2, 0, word);
        begin(t);
        size_t found = scan_all(vocabulary, word);
        end(t);
        bench_hash(&t->sheet, &found, sizeof found);
    }
    put_samples(t, "scan", "rival: a scan, two errors, distances only");
    free(built.nodes);
}

int main(int argc, char **argv) {
    static const struct option OPTIONS[] = {{"words", required_argument, NULL, 'w'},
                                            {"lookups", required_argument, NULL, 'l'},
                                            {"json", required_argument, NULL, 'j'},
                                            {NULL, 0, NULL, 0}};
    size_t n_words = 300000, n = 2000;
    const char *json = NULL;
    for (int option; (option = getopt_long(argc, argv, "", OPTIONS, NULL)) != -1;) {
        if (option == 'w')
            n_words = strtoul(optarg, NULL, 10);
        else if (option == 'l')
            n = strtoul(optarg, NULL, 10);
        else if (option == 'j')
            json = optarg;
        else
            return 2;
    }
    if (n_words < 1 || n_words > WORDS_MAX || n < 1) {
        fprintf(stderr, "bench-vocabulary: 1 to %d words, 1 or more look-ups\n", WORDS_MAX);
        return 2;
    }
    static timing t;
    snprintf(t.sheet.data, sizeof t.sheet.data, "vocabulary");
    snprintf(t.sheet.title, sizeof t.sheet.title, "%zu words, %zu look-ups of each kind", n_words,
             n);
    sgp_vocabulary *vocabulary = make_vocabulary(n_words, &t);
    time_reading(&t, vocabulary, n, 0, 0, "known", "a known word");
    time_reading(&t, vocabulary, n, 1, 0, "one_slip", "a word with one typing error");
    time_reading(&t, vocabulary, n, 2, 0, "two_slips", "a word with two typing errors");
    time_reading(&t, vocabulary, n, 0, 1, "respelt", "a word spelt otherwise");
    time_reading(&t, vocabulary, n, 1, 1, "both", "a word spelt otherwise, one typing error");
    time_completing(&t, vocabulary, n, 0, "complete", "three letters or more to go on from");
    time_completing(&t, vocabulary, n, 1, "complete_slip", "the same with an error");
    time_rivals(&t, vocabulary, n < 100 ? n : 100);
    bench_print(&t.sheet, stdout);
    sgp_vocabulary_destroy(vocabulary);
    FILE *out = json ? fopen(json, "w") : NULL;
    if (json && (!out || !bench_write_json(&t.sheet, out)))
        stop("the figures could not be written");
    if (out)
        fclose(out);
    return 0;
}
