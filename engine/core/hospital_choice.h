/* Which hospital a patient goes to where the crew names none. Private to engine/core. */
#ifndef SGP_CORE_HOSPITAL_CHOICE_H
#define SGP_CORE_HOSPITAL_CHOICE_H

#include "core/mechanics.h"

/* The nearest by road from where the unit is, ties by index; -1 when none can be reached. Of a
 * mass-casualty incident the nearest that still has a bed for one more of those on their way or
 * there, counting two beds where nobody told how many there are; when all are full, the nearest.
 * Asks `times` one question. */
sgp_err sgp_hospital_choose(sgp_step *step, const sgp_assignment *assignment,
                            int32_t *hospital) SGP_MUST_USE;

#endif
