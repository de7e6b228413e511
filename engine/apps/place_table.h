/* Places as people read them: a table of candidates, where a vehicle enters, and how a text was
 * understood. */
#ifndef SGP_APPS_PLACE_TABLE_H
#define SGP_APPS_PLACE_TABLE_H

#include <stdbool.h>
#include <stdio.h>

#include "apps/texts.h"
#include "sigap/v1/intake.pb-c.h"

/* "Ketawanggede, Lowokwaru, Kota Malang"; "" where nothing is known. Returns `out`. */
char *sgp_place_district_text(const Sigap__V1__Place *place, char *out, size_t capacity);

/* "masuk dari Jalan Veteran, 40 m jalan kaki"; "" where no access is known, or where the place
 * lies on that very street. Returns `out`. */
char *sgp_place_access_text(sgp_language language, const Sigap__V1__Place *place, char *out,
                            size_t capacity);

/* One row for each, best first, numbered from 1. On a narrow terminal the districts move under
 * the row, and coordinates are left out. */
void sgp_place_table_print(Sigap__V1__Place *const *places, size_t n, sgp_language language,
                           FILE *out);

/* The words that were not understood, and the names that did nothing for the best candidate, each
 * on a line of their own; nothing where all were of use. */
void sgp_place_left_over_print(const Sigap__V1__PlaceAnswer *answer, sgp_language language,
                               FILE *out);

/* Under each word of the text: what it was written out as, what it was taken for, and what it
 * did for each of the best candidates. Long texts are broken into pieces that fit the line. */
void sgp_place_explain_print(const Sigap__V1__PlaceAnswer *answer, sgp_language language,
                             FILE *out);

#endif
