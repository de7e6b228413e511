/* The words of a gazetteer in memory, and how a caller's word is read as one of them.
 *
 * A caller's words are corrected here before the database is asked: by sound (old and new
 * spelling, Javanese a/o), by typing error, and across spaces ("sawo jajar", "soekarnohatta").
 * A word is read as
 *   - itself;
 *   - words with at most one error in writing (from three letters on) or two (from five on);
 *   - words that sound the same (word_sound.h), or with one error in the sound, where the
 *     sound has three letters or more;
 *   - words that sound the same to Javanese ears, a and o being one, where that sound has
 *     four letters or more, or with one error where it has six or more.
 * Of a word that is known itself only those with one error in writing or with the same
 * sound are told besides, with four fifths of their likeness: a slip may make another real
 * word, but seldom does. Likeness below 0.4 is not told. Words written together or apart
 * are read with a likeness of at most 0.96; of a word cut in two one part is as written.
 *
 * Built once for each gazetteer: create, add all words, seal (in slices, so that the
 * engine's loop is never held long). Sealed, it is immutable: any number of threads read it.
 *
 * How words are found: symmetric deletion. Strings with at most k errors between them become
 * equal when each loses at most k letters, so every word is filed under all that it becomes
 * with letters left out, and a look-up tries those of the word said (Bocek, Hunt and
 * Stiller 2007, "Fast similarity search in large dictionaries"; Garbe's SymSpell). What
 * comes out is checked with the exact distance. Beyond 4,096 words to check for one that
 * was said, the rest is not looked at; those with the fewest errors in writing come first.
 *
 * Measured by bench-vocabulary on 300,000 made words (CPU time, medians, two errors): 30 us
 * a word, ranked readings included; a trie walked with the rows of the dynamic programme
 * took 1,700 us and a scan with bit-parallel distances 20,000 us, for the distances alone.
 * A known word takes 6 us. That index takes 130 MB for so many words, nearly all of it
 * four-byte entries; sealing takes a second in all.
 */
#ifndef SGP_GIS_VOCABULARY_H
#define SGP_GIS_VOCABULARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sigap/error.h"

typedef struct sgp_vocabulary sgp_vocabulary;

enum {
    SGP_READINGS_MAX = 8,  /* of one run of words */
    SGP_READING_WORDS = 3, /* a word may stand for up to three, and up to three for one */
};

typedef struct sgp_vocabulary_word {
    const char *text; /* owned by the vocabulary */
    int32_t count;    /* names that have it */
    float weight;     /* 0..1: a rare word says more; 1 / (1 + ln count) */
} sgp_vocabulary_word;

/* One way to read a run of the caller's words as words of the gazetteer. */
typedef struct sgp_reading {
    uint8_t first, n_said; /* the run: words first .. first + n_said - 1 of the phrase */
    uint8_t n_words;       /* words of the gazetteer, 1 .. SGP_READING_WORDS */
    uint32_t words[SGP_READING_WORDS]; /* ids */
    float likeness;                    /* 0..1; 1 = the very words */
} sgp_reading;

sgp_err sgp_vocabulary_create(sgp_vocabulary **vocabulary) SGP_MUST_USE;
void sgp_vocabulary_destroy(sgp_vocabulary *vocabulary);
/* A word (UTF-8, under SGP_WORD_BYTES) and in how many names it stands; a word that comes again
 * adds to its count. SGP_E_MEMORY, SGP_E_ARGUMENT (empty or too long). */
sgp_err sgp_vocabulary_add(sgp_vocabulary *vocabulary, const char *word,
                           int32_t count) SGP_MUST_USE;
/* Makes some of the index, about `budget_us` long; *done when reading may begin. */
sgp_err sgp_vocabulary_seal(sgp_vocabulary *vocabulary, int64_t budget_us, bool *done) SGP_MUST_USE;

size_t sgp_vocabulary_size(const sgp_vocabulary *vocabulary);
/* Bytes that it holds. */
size_t sgp_vocabulary_bytes(const sgp_vocabulary *vocabulary);
sgp_vocabulary_word sgp_vocabulary_word_at(const sgp_vocabulary *vocabulary, uint32_t id);
/* Exact; false where the word is not there. */
bool sgp_vocabulary_find(const sgp_vocabulary *vocabulary, const char *word, uint32_t *id);

/* The words of a text (spaces between), in order: their ids, SGP_NUMERAL set in those that begin
 * with a digit; words that are not there are left out. ids[capacity]; returns how many. */
#define SGP_NUMERAL UINT32_C(0x80000000)
size_t sgp_vocabulary_words(const sgp_vocabulary *vocabulary, const char *text, uint32_t *ids,
                            size_t capacity);

/* All readings of a phrase's words, by `first`, then the best first; at most SGP_READINGS_MAX for
 * each run. readings[capacity]; returns how many. A number is read as itself only. */
size_t sgp_vocabulary_read(const sgp_vocabulary *vocabulary, const char *const *words,
                           size_t n_words, sgp_reading *readings, size_t capacity);
/* How a word that is still being typed may go on: words by count, best first, from
 * the third letter on. ids[capacity]; returns how many. */
size_t sgp_vocabulary_complete(const sgp_vocabulary *vocabulary, const char *prefix, uint32_t *ids,
                               size_t capacity);

#endif
