/* Roads that are closed for a while, and which weights decide: state that the core keeps for
 * the shell and never uses itself. Handlers of step.c. Private to engine/core.
 */
#ifndef SGP_CORE_ROADS_H
#define SGP_CORE_ROADS_H

#include "core/core_proto.h"
#include "core/mechanics.h"

sgp_err sgp_roads_metric_swapped(sgp_step *step) SGP_MUST_USE;
sgp_err sgp_roads_closed(sgp_step *step) SGP_MUST_USE;
sgp_err sgp_roads_opened(sgp_step *step) SGP_MUST_USE;
/* What has begun comes into force, what has ended is forgotten. */
void sgp_roads_timer(sgp_step *step);

/* The parts of roads that a closure names, within its message. */
bool sgp_put_road_parts(Sigap__V1__RoadClosure *message, const sgp_road_closure *closure);
sgp_err sgp_read_road_parts(const Sigap__V1__RoadClosure *message, sgp_road_closure *closure,
                            sgp_fault *fault) SGP_MUST_USE;

#endif
