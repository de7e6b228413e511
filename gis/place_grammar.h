/* The grammar of one text: which words belong together and what they are to each other.
 * Private to the place_*.c sources. */
#ifndef SGP_GIS_PLACE_GRAMMAR_H
#define SGP_GIS_PLACE_GRAMMAR_H

#include "gis/place_spellings.h"

/* Makes a query of one text's words (at most SGP_QUERY_WORDS_MAX). */
void sgp_place_parse_words(const sgp_spelt *words, size_t n, sgp_place_query *query);

#endif
