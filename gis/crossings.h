/* Where streets meet, in memory: the rows of the table `junction`, one for each pair of streets.
 *
 * They are filed by their streets (a list for each) and by where they are (point_grid.h), so that
 * the junctions of two streets and those around a point are found without a journey to the
 * database; over a million names each such question cost it milliseconds of a processor.
 *
 * Memory: 34 bytes a junction, 8 a street and its name once (a made-up province of 1.4 million:
 * 62 MB).
 *
 * Added, then sealed in slices, then immutable: any number of threads read it.
 */
#ifndef SGP_GIS_CROSSINGS_H
#define SGP_GIS_CROSSINGS_H

#include "base/buffer.h"
#include "gis/gazetteer.h"

typedef struct sgp_crossing {
    int32_t street_a, street_b; /* > 0; street_b 0: the others have no name */
    sgp_point point;
    uint8_t arms;
    bool is_roundabout;
} sgp_crossing;

typedef struct sgp_crossings sgp_crossings;

sgp_err sgp_crossings_create(sgp_crossings **crossings) SGP_MUST_USE;
void sgp_crossings_destroy(sgp_crossings *crossings);

/* All streets, ids ascending, before the first crossing. SGP_E_CORRUPT: another order;
 * SGP_E_MEMORY, SGP_E_FULL. */
sgp_err sgp_crossings_add_street(sgp_crossings *crossings, int32_t street,
                                 const char *name) SGP_MUST_USE;
/* In the order of the table. SGP_E_CORRUPT: of a street that does not exist; SGP_E_MEMORY. */
sgp_err sgp_crossings_add(sgp_crossings *crossings, const sgp_crossing *crossing) SGP_MUST_USE;
/* Goes on filing for about so long; *done: they may be asked. SGP_E_MEMORY. */
sgp_err sgp_crossings_seal(sgp_crossings *crossings, int64_t budget_us, bool *done) SGP_MUST_USE;

uint32_t sgp_crossings_count(const sgp_crossings *crossings);
size_t sgp_crossings_bytes(const sgp_crossings *crossings);

/* The answers to JUNCTIONS and JUNCTIONS_NEAR (gazetteer.h): sgp_junction_row into *rows, whose
 * texts are there as long as the crossings. JUNCTIONS: by the order of things[0], then of
 * things[1], then of the table; a thing that comes twice counts once. JUNCTIONS_NEAR: nearest
 * first, then by the order of the table; of the streets of things[0] alone where there are any and
 * one point. At most the ask's limit, or SGP_NAME_ROWS_MAX. SGP_E_MEMORY. */
sgp_err sgp_crossings_between(const sgp_crossings *crossings, const sgp_gazetteer_ask *ask,
                              sgp_buffer *rows) SGP_MUST_USE;
sgp_err sgp_crossings_near(const sgp_crossings *crossings, const sgp_gazetteer_ask *ask,
                           sgp_buffer *rows) SGP_MUST_USE;

#endif
