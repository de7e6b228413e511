/* The rows of all names in memory, by their numbers: what a look-up shows of a name and holds
 * against the caller's words, so that names are looked up without a journey to the database.
 *
 * A row is one cache line without its texts; texts, lists of words and triples of districts are
 * kept once (pieces.h), since most names share them, and what only facilities, estates and areas
 * have (footprint, entrance, front) stands apart.
 *
 * Memory: about 80 bytes a name (a made-up province of a million names: 83 MB).
 *
 * Made once, then immutable: any number of threads read it.
 */
#ifndef SGP_GIS_NAME_ROWS_H
#define SGP_GIS_NAME_ROWS_H

#include "gis/gazetteer.h"

typedef struct sgp_name_rows sgp_name_rows;

sgp_err sgp_name_rows_create(sgp_name_rows **rows) SGP_MUST_USE;
void sgp_name_rows_destroy(sgp_name_rows *rows);

/* So many names will come: room is made at once, since growing would copy what is there.
 * SGP_E_MEMORY.
 */
sgp_err sgp_name_rows_expect(sgp_name_rows *rows, uint32_t n) SGP_MUST_USE;
/* The next name, numbers beginning with 1; copied with its texts and words. SGP_E_MEMORY,
 * SGP_E_FULL: the rows are of no use then. */
sgp_err sgp_name_rows_add(sgp_name_rows *rows, const sgp_name_row *row) SGP_MUST_USE;
/* No more come. */
void sgp_name_rows_seal(sgp_name_rows *rows);

uint32_t sgp_name_rows_count(const sgp_name_rows *rows);
size_t sgp_name_rows_bytes(const sgp_name_rows *rows);

/* What was added as this number, 1 .. count. Sealed: its texts and words are there as long as the
 * rows. */
sgp_name_row sgp_name_rows_at(const sgp_name_rows *rows, uint32_t number);
/* The rows of these numbers. What the processor has to wait for in memory, which would be most of
 * the time, it is told some rows before. */
void sgp_name_rows_read(const sgp_name_rows *rows, const uint32_t *numbers, size_t n,
                        sgp_name_row *read);

#endif
