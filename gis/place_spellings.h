/* What callers' and the map's words are: abbreviations and misspellings written out, initials and
 * numbers joined, and what each word can mean in a place. Private to the place_*.c sources.
 */
#ifndef SGP_GIS_PLACE_SPELLINGS_H
#define SGP_GIS_PLACE_SPELLINGS_H

#include "gis/place_lexicon.h"
#include "gis/place_words.h"

typedef struct sgp_spelt {
    char text[SGP_WORD_BYTES];
    uint16_t from, to;
    uint8_t gap; /* before it, as of tokens */
    uint8_t sense;
    int32_t value;
} sgp_spelt;

/* Spells tokens[n] out into words[capacity]; `text` is what they were cut from. Returns how many
 * words there are; tokens that do not fit are counted in *n_cut. */
size_t sgp_place_spell(const char *text, sgp_token *tokens, size_t n, sgp_spelt *words,
                       size_t capacity, size_t *n_cut);

#endif
