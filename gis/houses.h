/* House numbers of streets, in memory: the rows of the table `address`, street by street.
 *
 * Memory: 32 bytes a house, 4 a street (a made-up province of 730,000 houses: 27 MB).
 *
 * Added, then sealed, then immutable: any number of threads read it.
 */
#ifndef SGP_GIS_HOUSES_H
#define SGP_GIS_HOUSES_H

#include "base/buffer.h"
#include "gis/gazetteer.h"
#include "gis/shapes.h"

typedef struct sgp_house {
    int32_t street;
    int32_t id;         /* among those of one number the lower comes first */
    int32_t value;      /* the number's digits; >= 0 */
    const char *number; /* as compared: "5a" */
    const char *block;  /* of a housing estate: "c2"; "" = none */
    const char *shown;
    sgp_point point;
} sgp_house;

typedef struct sgp_houses sgp_houses;

sgp_err sgp_houses_create(sgp_houses **houses) SGP_MUST_USE;
void sgp_houses_destroy(sgp_houses *houses);

/* By street, then by value, then by id; copied. SGP_E_CORRUPT: in another order, or of no street;
 * SGP_E_MEMORY, SGP_E_FULL. */
sgp_err sgp_houses_add(sgp_houses *houses, const sgp_house *house) SGP_MUST_USE;
sgp_err sgp_houses_seal(sgp_houses *houses) SGP_MUST_USE;

uint32_t sgp_houses_count(const sgp_houses *houses);
size_t sgp_houses_bytes(const sgp_houses *houses);
/* Where the last one lies that was added; what to go on from. */
void sgp_houses_last(const sgp_houses *houses, int32_t *street, int32_t *value, int32_t *id);

/* The answer to NUMBER (gazetteer.h), sgp_number_row into *rows for each street of things[0], in
 * order. The nearest known number; and those of the same side (parity) below and above, with the
 * point between them along the street's shape. Houses of another block do not count where the
 * street has that block. Of several houses with that number the first, and how far off the others
 * are. SGP_E_MEMORY. */
sgp_err sgp_houses_number(const sgp_houses *houses, const sgp_shapes *shapes,
                          const sgp_gazetteer_ask *ask, sgp_buffer *rows) SGP_MUST_USE;

#endif
