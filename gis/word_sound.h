/* How a word sounds, and how likely one word is another one garbled.
 *
 * Callers spell as they hear ("sukarno hata", "brawijoyo", "tjokroaminoto"), hands slip
 * on keys, and maps keep spellings of 1947 and before. Three views of a word serve to
 * find and to judge such words:
 *
 *   the word itself       soekarno
 *   its sound             sukarnu   old spelling read as new, silent letters gone
 *   its broad sound       sakarna   Javanese a and o one as well (Joyo, Jaya)
 *
 * The sound, letter by letter from the left: oe, o, u -> u; e, i -> i; dj -> j; tj -> c;
 * nj, ny -> nj; y before a vowel -> j, not before one -> i, between i and a vowel
 * nothing; w between u and a vowel nothing; ch, ck, q -> k; x -> ks; v, f -> p; z, sy,
 * sj -> s; h nothing elsewhere; doubled letters one; a final k behind three letters or
 * more nothing. A word of which nothing would be left ("h") sounds as written.
 *
 * The cost is a dynamic programme over the letters (optimal string alignment: Damerau
 * 1964, Levenshtein 1966, after Wagner and Fischer 1974) whose steps cost hundredths of
 * an error: another letter 100, one beside it on a QWERTY keyboard 70, one that sounds
 * like it 10 to 60, two letters turned about 80, an h too many or too few 20, the same
 * letter twice 15; old and new spellings of one sound (oe-u, dj-j, tj-c) 5. Another
 * first letter costs 30 more. Likeness = 1 - 1.2 * cost / (100 * letters of the longer
 * word), never above 0.99 for two different words.
 *
 * Words are lower-case UTF-8 below SGP_WORD_BYTES; every step counts bytes, so a letter
 * outside ASCII counts as two. Pure; thread-safe; allocates nothing.
 */
#ifndef SGP_GIS_WORD_SOUND_H
#define SGP_GIS_WORD_SOUND_H

#include <stddef.h>

#include "gis/place_query.h"

enum { SGP_ERROR_COST = 100 }; /* of one whole error */

/* Writes the sound of word[length] (1 to SGP_WORD_BYTES - 1 bytes) with a final '\0', cut
 * at the same bound; returns its length, 1 or more. */
size_t sgp_word_sound(const char *word, size_t length, char sound[SGP_WORD_BYTES]);

/* From a sound to the broad sound; returns its length. */
size_t sgp_word_broad(const char *sound, size_t length, char broad[SGP_WORD_BYTES]);

/* Errors between two words: letters put in, left out, replaced, or turned about with
 * the next one (no place touched twice). Exact. Some 15 instructions a byte of `b`, after
 * Hyyrö 2003 ("A bit-vector algorithm for computing Levenshtein and Damerau edit
 * distances"). */
int sgp_word_errors(const char *a, size_t a_length, const char *b, size_t b_length);

/* What reading `said` as `meant` costs, 0 for equal words. Gives up above `most` and then
 * returns some number above it. Time: the product of the lengths. */
int sgp_word_cost(const char *said, size_t said_length, const char *meant, size_t meant_length,
                  int most);

/* A cost as likeness: 1 (equal) down to 0. */
float sgp_word_likeness(int cost, size_t said_length, size_t meant_length);

#endif
