/* Positions of units in batches, by devices that number them (sigap/fix.h).
 *
 * Each is judged in the step, so that a replay judges as the day did. The newest good one moves the
 * unit as any position does; the others are the unit's track, which the journal keeps. Of each
 * unit the latest SGP_STREAMS_PER_UNIT devices are remembered.
 *
 * Private to engine/core.
 */
#ifndef SGP_CORE_TRACK_H
#define SGP_CORE_TRACK_H

#include "core/core_proto.h"
#include "core/mechanics.h"

/* The handler of TRACK_TOLD. */
sgp_err sgp_track_told(sgp_step *step) SGP_MUST_USE;
/* The unit was there at that time, which is not before its last one (step.c). */
sgp_err sgp_unit_is_at(sgp_step *step, sgp_unit_node *unit, sgp_point point,
                       int64_t measured_at_ms) SGP_MUST_USE;

bool sgp_streams_save(const sgp_world *world, Sigap__V1__Snapshot *snapshot);
/* After the units are there. */
sgp_err sgp_streams_load(const Sigap__V1__Snapshot *snapshot, sgp_world *world,
                         sgp_fault *fault) SGP_MUST_USE;

/* The bodies of ORDER_RECEIVED and TRACK_TOLD (device_proto.c). */
bool sgp_put_device_event(Sigap__V1__Event *message, const sgp_event *event);
sgp_err sgp_read_device_event(const Sigap__V1__Event *message, sgp_event *event,
                              sgp_fault *fault) SGP_MUST_USE;
sgp_err sgp_device_event_check(const sgp_event *event, sgp_fault *fault) SGP_MUST_USE;
/* Frees what the event owns, where it is one of these. */
void sgp_device_event_clear(sgp_event *event);

#endif
