/* What a caller said, taken apart: words, house number, or a point.
 *
 * A light Indonesian normaliser, the same for callers' texts and for the names
 * of an import, so that both sides of the search speak one language: lower
 * case, no punctuation, "Jl/Jln/Jalan" dropped, "Gg" -> "gang", "R.S./Rumah
 * Sakit" -> "rs", "Kel/Kec/Kab" dropped, RT/RW and postal codes left out of
 * callers' texts. Accents are folded by the database (unaccent), which this
 * module leaves alone; bytes that are not UTF-8 are dropped.
 *
 * Pure; thread-safe; allocates nothing.
 */
#ifndef SGP_GIS_PLACE_TEXT_H
#define SGP_GIS_PLACE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gis/place_query.h"
#include "sigap/error.h"

enum {
    SGP_PLACE_WORDS_MAX = 24,  /* words beyond are not looked at */
    SGP_PLACE_WORD_BYTES = 64, /* longer words are cut, with the '\0' */
    SGP_PLACE_NUMBER_BYTES = 16
};

typedef struct sgp_place_text {
    bool is_point;        /* the text is two numbers; nothing else is set */
    double first, second; /* degrees in the order written */

    bool says_street;   /* it said Jl., Gang or the like */
    bool says_district; /* it began with Kel., Kecamatan or the like */
    bool is_relative;   /* "depan X", "dekat X": near X, not at it */

    /* House number, lower case without spaces ("5a"); "" = none. Its digits are
     * also an optional word, because "SMA 3" and "Jl. 17 Agustus" are names. */
    char number[SGP_PLACE_NUMBER_BYTES];
    int32_t number_value;   /* leading digits, -1 = none */
    bool number_is_certain; /* "No. 5": a house number and nothing else */

    size_t n_words;
    char words[SGP_PLACE_WORDS_MAX][SGP_PLACE_WORD_BYTES];
    bool optional[SGP_PLACE_WORDS_MAX]; /* missing it costs nothing if an address has it */
} sgp_place_text;

/* SGP_E_ARGUMENT: empty, blank, or over SGP_PLACE_TEXT_MAX bytes. A text without
 * a single letter or digit is SGP_OK with n_words 0. */
sgp_err sgp_place_text_parse(const char *text, sgp_place_text *parsed) SGP_MUST_USE;

/* The words of a name on the map, joined by single spaces, into words[capacity]
 * (cut at a word's end where it does not fit). Returns the number of words. */
size_t sgp_place_text_name(const char *name, char *words, size_t capacity);

/* A house number as compared: lower case, no spaces, at most the first of a
 * range ("12-14" -> "12"), into number[SGP_PLACE_NUMBER_BYTES]. Returns its
 * leading digits as a number, -1 where it has none. */
int32_t sgp_place_text_number(const char *text, char *number);

#endif
