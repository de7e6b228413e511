/* What hospitals tell, the beds that patients take, and units that wait there too long. Private to
 * engine/core. Beds and alarms follow `rules`: a journal of before has none of them. */
#ifndef SGP_CORE_HOSPITALS_H
#define SGP_CORE_HOSPITALS_H

#include "core/mechanics.h"

sgp_err sgp_hospital_registered(sgp_step *step) SGP_MUST_USE;
sgp_err sgp_hospital_was_told(sgp_step *step) SGP_MUST_USE;

/* A hospital says that it knows of a patient who is meant for it. */
sgp_err sgp_inbound_seen(sgp_step *step) SGP_MUST_USE;

/* An assignment has left the state `before`: a handover takes a bed; at a hospital the clock of
 * the wait begins, and ends with whatever follows. */
sgp_err sgp_hospitals_follow(sgp_step *step, sgp_assignment_node *assignment,
                             sgp_assignment_state before) SGP_MUST_USE;

/* Diversions that are over, beds that count as free again, units that still wait. */
sgp_err sgp_hospitals_timer(sgp_step *step) SGP_MUST_USE;
/* Recomputes hospital_due_ms: walks all units and hospitals. */
void sgp_hospitals_find_due(sgp_world *world);

#endif
