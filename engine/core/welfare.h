/* Crews that may be in danger: asked on scene whether all is well, and calls for help for
 * themselves.
 *
 * The clock of a crew runs from its arrival on scene and anew from each answer; leaving the scene
 * ends it. Distress stands until a dispatcher clears it with a reason. Both raise the alarm again
 * as long as nobody acts. Private to engine/core.
 */
#ifndef SGP_CORE_WELFARE_H
#define SGP_CORE_WELFARE_H

#include "core/mechanics.h"

sgp_err sgp_distress(sgp_step *step) SGP_MUST_USE;
sgp_err sgp_welfare_answered(sgp_step *step) SGP_MUST_USE;
/* Raises what has fallen due. */
sgp_err sgp_welfare_timer(sgp_step *step) SGP_MUST_USE;
/* The assignment has entered its state. */
void sgp_welfare_follow(sgp_step *step, sgp_assignment_node *assignment);
/* Derives welfare_due_ms. Walks all units. */
void sgp_welfare_find_due(sgp_world *world);

#endif
