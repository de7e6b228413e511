/* Which names of the database have which words, in memory.
 *
 * The tables of a city hold, made at its import, for each word and for each square of the map
 * the numbers of the names that have it, and for each name its kind and point. Names are
 * numbered from 1 in order of importance, so a list of numbers that is read from its
 * beginning tells the important ones first, and a search may end when it has enough.
 *
 * Why not the database's full-text index: a look-up asks for up to two dozen sets of words
 * (every cut of "perempatan A B", with and without the words that may be missing), common
 * words have half a million names, and eight callers ask at once. Over a million names one
 * such question costs GIN between 0.2 and 90 ms of a processor; here it takes microseconds, and the
 * rows of the names are in memory too (name_rows.h).
 *
 * Lists are sorted arrays of 32 bits; a search walks the shortest and gallops in the others
 * (Bentley and Yao 1976, "An almost optimal algorithm for unbounded searching"; Demaine,
 * López-Ortiz and Munro 2000 for several lists). A word that many names have has a bit for
 * each name besides, so that one look tells.
 *
 * Memory: 4 bytes for each word of each name, thrice that for common words, 4 for each square that
 * it touches, 10 for the name.
 * Made once, then immutable: any number of threads may search.
 */
#ifndef SGP_GIS_NAME_INDEX_H
#define SGP_GIS_NAME_INDEX_H

#include "gis/gazetteer.h"

/* Of the squares by which names are filed: column and row, floor of degrees / this. */
#define SGP_SQUARE_DEGREES 0.02

typedef struct sgp_name_index sgp_name_index;

sgp_err sgp_name_index_create(sgp_name_index **index) SGP_MUST_USE;
void sgp_name_index_destroy(sgp_name_index *index);

/* Parts as import.sql makes them; all numbers are big-endian int4.
 *   names    16 bytes for each of the next names: kind's letter, longitude and latitude in 1e-7
 *            degrees, how many own words
 *   word     the names that have the word: 2 * number, + 1 where it is the name's own
 *   square   the names that touch the square: 2 * number
 * Names come in order and before the words; words in the order of their ids in the
 * vocabulary; squares in any order before the seal. SGP_E_CORRUPT: not of that form, not
 * ascending, or of names that are not there; SGP_E_MEMORY. */
sgp_err sgp_name_index_add_names(sgp_name_index *index, const void *bytes,
                                 size_t n_bytes) SGP_MUST_USE;
sgp_err sgp_name_index_add_word(sgp_name_index *index, const void *bytes,
                                size_t n_bytes) SGP_MUST_USE;
sgp_err sgp_name_index_add_square(sgp_name_index *index, int32_t column, int32_t row,
                                  const void *bytes, size_t n_bytes) SGP_MUST_USE;
/* SGP_E_MEMORY. */
sgp_err sgp_name_index_seal(sgp_name_index *index) SGP_MUST_USE;

uint32_t sgp_name_index_names(const sgp_name_index *index);
size_t sgp_name_index_bytes(const sgp_name_index *index);

/* The names that answer NAMES, NAMES_NEAR or COMPLETE, best first:
 *   1. those with all required words, at least one of them their own. Where they are more than the
 *      limit, or there is a neighbourhood and the words are not rare: first those that have no
 *      other own words (up to half the limit), then those that have them all as their own (only
 *      they, with own_only and where one word is all; else up to two thirds of the limit), then
 *      the others; of each part those in the squares of the neighbourhood first. By importance;
 *      NAMES_NEAR by distance, those within radius_m alone;
 *   2. where there are none: those with all words but one, where three or more are required;
 *   3. where there are none: those that have one of the two rarest words as their own.
 * Each word counts in its likeliest readings. The work is bounded: of words that are all
 * very common the less important names may not be looked at. Numbers of names into
 * names[limit of the ask; at most 60 where several words are required], their count returned. */
size_t sgp_name_index_find(const sgp_name_index *index, const sgp_vocabulary *vocabulary,
                           const sgp_gazetteer_ask *ask, uint32_t names[SGP_NAME_ROWS_MAX]);

/* Whether there is a name of the wanted kinds that has all required words as its own. */
bool sgp_name_index_is_named(const sgp_name_index *index, const sgp_vocabulary *vocabulary,
                             const sgp_gazetteer_ask *ask);

#endif
