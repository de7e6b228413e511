/* The response plan at work: what PLANNED does, and how many units an incident wants by it.
 * Private to engine/core. */
#ifndef SGP_CORE_PLANNED_H
#define SGP_CORE_PLANNED_H

#include "core/mechanics.h"

/* The handler of PLANNED. The plan is copied. Incidents that are open want as many more or fewer
 * units as the new plan says; which kinds, and what waits, is looked at anew by it. */
sgp_err sgp_planned(sgp_step *step) SGP_MUST_USE;

/* What the plan has for the incident as it is now; NULL: nothing. */
const sgp_response *sgp_planned_response(const sgp_world *world, const sgp_incident_node *incident);

/* The seats of that response that a stand-down took away: bit 1u << place. */
uint32_t sgp_planned_dropped(const sgp_world *world, const sgp_incident_node *incident);

/* How many units the plan makes an incident want by its complaint, priority and alarm level; at
 * least 1. */
uint32_t sgp_planned_seats(const sgp_world *world, const sgp_incident_node *incident);

/* How many must have served it before it can end by itself: seats of the plan that treat nobody
 * (a fire engine), or go along with another, lapse when a crew that was there has gone and nobody
 * could take them, unless somebody raised the alarm. */
uint32_t sgp_planned_must_serve(const sgp_world *world, const sgp_incident_node *incident);

/* After a change of one of them: as many more or fewer are wanted as the plan says; what a
 * dispatcher has added or taken away stays so. */
void sgp_planned_follow(const sgp_world *world, sgp_incident_node *incident, uint32_t seats_before);

/* After a change that may want other kinds of units than before, though not more of them: what is
 * missing now is looked at at the end of the step. Nothing where the plan's response is `before`
 * as it was. */
sgp_err sgp_planned_look_again(sgp_step *step, const sgp_incident_node *incident,
                               const sgp_response *before) SGP_MUST_USE;

#endif
