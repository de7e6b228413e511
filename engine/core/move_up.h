/* Move-up: a unit that is free is sent to wait where it covers the city better.
 *
 *   MOVE_UP_ORDERED ──> ordered ──> accepted ──> there     (MOVE_UP_ANSWERED, positions)
 *                          └──> declined   └──> none: ended, signed off, or on its way to a job
 *
 * Where it waits is kept with the unit (sgp_post). It is free all the while, and a candidate from
 * wherever it is; what covers the city counts it where it goes. Standing there it is "at station"
 * as it would be at its own: its position needs no reports, and it has its turnout. An order for a
 * job leaves the post as it is until the unit is on its way, so that one who declines still waits.
 *
 * The engine only advises; this is always what a person ordered. Private to engine/core.
 */
#ifndef SGP_CORE_MOVE_UP_H
#define SGP_CORE_MOVE_UP_H

#include "core/mechanics.h"

/* The handlers of MOVE_UP_ORDERED, MOVE_UP_ANSWERED and MOVE_UP_ENDED. */
sgp_err sgp_move_up_ordered(sgp_step *step) SGP_MUST_USE;
sgp_err sgp_move_up_answered(sgp_step *step) SGP_MUST_USE;
sgp_err sgp_move_up_ended(sgp_step *step) SGP_MUST_USE;

/* The unit's position is another: it may have come there, or left. Call it before at_station is
 * looked at. */
void sgp_move_up_follow(sgp_unit *unit, int64_t now_ms);
/* Nothing is left of it: it is off duty, or on its way to a job. */
void sgp_move_up_forget(sgp_unit *unit);

#endif
