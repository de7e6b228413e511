/* Points that stand in a text, and what is near a point; private to gis/.
 *
 * A text may hold a phone's own message (AML), a Plus Code or coordinates in any form. Which
 * of two numbers is the latitude, and which cell a short Plus Code means, depends on the
 * city. Pure; allocates nothing (but for links, coordinates.h). */
#ifndef SGP_GIS_PLACER_POSITION_H
#define SGP_GIS_PLACER_POSITION_H

#include "gis/gazetteer.h"
#include "gis/plus_code.h"
#include "sigap/core.h"

typedef struct sgp_position {
    sgp_place_kind kind; /* COORDINATES, PLUS_CODE, PHONE */
    sgp_point points[2]; /* readings, the likelier first; none of a short Plus Code yet */
    size_t n_points;
    int32_t radius_m;
    char code[SGP_PLUS_CODE_BYTES]; /* of a Plus Code */
    bool is_short;                  /* … whose place is said beside it, or is the city */
    size_t begin, end;              /* bytes of the text; what is around may say where */
} sgp_position;

/* False: the text holds none. */
bool sgp_position_find(const char *text, sgp_position *position);
/* Whether anything else than the position was said: a letter or a digit. */
bool sgp_position_has_more(const char *text, const sgp_position *position);
/* The cell that a short Plus Code means, seen from the reference. */
bool sgp_position_recover(sgp_position *position, sgp_point reference);
/* The place of it, with what lies around: districts and around may be NULL. */
void sgp_position_place(const sgp_position *position, sgp_point point,
                        const sgp_gazetteer_answer *districts, const sgp_gazetteer_answer *around,
                        sgp_place *place);

/* The nearest house number and street of a point, or its district: places[2]; returns how many. */
size_t sgp_reverse_places(sgp_point point, const sgp_gazetteer_answer *districts,
                          const sgp_gazetteer_answer *around, sgp_place *places);

#endif
