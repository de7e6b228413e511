/* Roads that are closed for a while, and which weights decide: state that the core keeps for
 * the shell and never uses itself. Handlers of step.c. Private to engine/core.
 */
#ifndef SGP_CORE_ROADS_H
#define SGP_CORE_ROADS_H

#include "core/mechanics.h"

sgp_err sgp_roads_metric_swapped(sgp_step *step) SGP_MUST_USE;
sgp_err sgp_roads_closed(sgp_step *step) SGP_MUST_USE;
sgp_err sgp_roads_opened(sgp_step *step) SGP_MUST_USE;
/* What has begun comes into force, what has ended is forgotten. */
void sgp_roads_timer(sgp_step *step);

#endif
