/* The words of a text while they are being spelt out. Private to place_spellings.c (words, titles,
 * initials) and place_numerals.c (digits, number words, Roman numerals).
 *
 * Each sgp_add_ function takes what it knows of the next tokens, adds their words and returns true,
 * or returns false and leaves all as it was.
 */
#ifndef SGP_GIS_PLACE_SPELLER_H
#define SGP_GIS_PLACE_SPELLER_H

#include "gis/place_spellings.h"

typedef struct sgp_speller {
    const char *text;
    const sgp_token *tokens;
    size_t n, at; /* tokens, and the next of them */
    sgp_spelt *words;
    size_t capacity, n_words, n_cut;
    size_t n_known; /* tokens below have been looked up */
    const sgp_lexeme *lexemes[SGP_TOKENS_MAX];
    bool goes_on[SGP_TOKENS_MAX]; /* lines of several tokens begin with it */
} sgp_speller;

/* ---- place_spellings.c ---- */

bool sgp_is_letter_alone(const sgp_token *token);
bool sgp_is_one_of(const char *word, const char *const *list); /* the list ends with NULL */
/* Letters of "jl" in "jlveteran"; 0 = the word is one. */
size_t sgp_fused_prefix(const char *word);
/* The line of the tables for the i-th token alone; goes_on[i] is known from then on. */
const sgp_lexeme *sgp_speller_lexeme(sgp_speller *s, size_t i);
const sgp_spelt *sgp_speller_last(const sgp_speller *s); /* NULL at the beginning */
bool sgp_speller_last_is(const sgp_speller *s, sgp_sense sense);
/* Where a number is meant, in words or in Roman numerals: behind gang, no, rt ... */
bool sgp_speller_number_is_due(const sgp_speller *s);
/* One word of the next tokens; NULL where there is no room (they are counted as cut). */
sgp_spelt *sgp_speller_add(sgp_speller *s, size_t tokens, const char *text, sgp_sense sense,
                           int32_t value);

/* ---- place_numerals.c ---- */

bool sgp_add_count(sgp_speller *s);
int32_t sgp_roman_value(const char *word); /* 1 .. 20, 0 = it is none */
bool sgp_add_roman(sgp_speller *s);
void sgp_add_digits(sgp_speller *s);
bool sgp_add_bis(sgp_speller *s);
bool sgp_add_plate(sgp_speller *s);
bool sgp_add_letter_of_number(sgp_speller *s);
bool sgp_add_joined_number(sgp_speller *s);
bool sgp_add_code(sgp_speller *s);

#endif
