/* Signing on: who is on which unit, what the unit can do with them, and until when.
 *
 * Somebody is on one unit at most. Signing on anew with other people changes the crew, but not in
 * the middle of a job; signing on with nobody new only moves the end of the shift. A unit that goes
 * on duty without naming anybody (UNIT_DUTY) is as it was before there were rosters: no end, and
 * all that it was registered with. Signing off is UNIT_DUTY too.
 *
 * A shift's end never takes a unit from its job: it only keeps new ones away (gates.h,
 * candidates.h). Private to engine/core.
 */
#ifndef SGP_CORE_SIGN_ON_H
#define SGP_CORE_SIGN_ON_H

#include "core/core_proto.h"
#include "core/mechanics.h"
#include "sigap/roster.h"

/* The handlers. */
sgp_err sgp_roster_loaded(sgp_step *step) SGP_MUST_USE;
sgp_err sgp_crew_signed_on(sgp_step *step) SGP_MUST_USE;
sgp_err sgp_shift_set(sgp_step *step) SGP_MUST_USE;
sgp_err sgp_shift_removed(sgp_step *step) SGP_MUST_USE;
/* Raises the alarm for shifts that nobody has come for. */
sgp_err sgp_roster_timer(sgp_step *step) SGP_MUST_USE;

/* Goes on duty where it is, or at its station (step.c). */
void sgp_unit_go_on_duty(sgp_step *step, sgp_unit *unit);
void sgp_unit_go_off_duty(sgp_unit *unit);
/* Before it goes off duty: who leaves in the midst of the shift that he came for has told so, and
 * the alarm has nothing more to say of it. Who goes home when the next shift has begun says nothing
 * of that one. */
void sgp_crew_leaves(sgp_step *step, sgp_unit *unit);
/* The unit goes on or off duty without naming anybody; the caller sets on_duty. */
void sgp_crew_forget(sgp_step *step, sgp_unit *unit);
/* Sets `skills` and `works_as` by the vehicle, its crew and whether there is a roster. */
void sgp_unit_take_crew(const sgp_world *world, sgp_unit *unit);
/* What it can do with the best of crews. */
uint32_t sgp_unit_best_skills(const sgp_unit *unit);
/* Derives roster_due_ms. Walks all units. */
void sgp_roster_find_due(sgp_world *world, int64_t now_ms);

/* false: memory ran out. */
Sigap__V1__Roster *sgp_roster_to_proto(const sgp_roster *roster);
bool sgp_put_shift(Sigap__V1__PlannedShift *message, const sgp_shift *shift);
bool sgp_put_signed_on(Sigap__V1__SignedOn **field, const sgp_unit *unit);
sgp_err sgp_roster_from_proto(const Sigap__V1__Roster *message, sgp_roster **roster,
                              sgp_fault *fault) SGP_MUST_USE;
sgp_err sgp_read_shift(const Sigap__V1__PlannedShift *message, sgp_shift *shift,
                       sgp_fault *fault) SGP_MUST_USE;
/* Absent: nobody ever signed on by name. */
sgp_err sgp_read_signed_on(const Sigap__V1__SignedOn *message, sgp_unit *unit,
                           sgp_fault *fault) SGP_MUST_USE;
/* The bodies of events, as in event_proto.c; false, or SGP_E_FORMAT: it is none of them. */
bool sgp_put_roster_event(Sigap__V1__Event *message, const sgp_event *event);
sgp_err sgp_read_roster_event(const Sigap__V1__Event *message, sgp_event *event,
                              sgp_fault *fault) SGP_MUST_USE;
sgp_err sgp_roster_event_check(const sgp_event *event, sgp_fault *fault) SGP_MUST_USE;
void sgp_roster_event_clear(sgp_event *event);
bool sgp_rosters_save(const sgp_world *world, Sigap__V1__Snapshot *snapshot);
/* After the units. */
sgp_err sgp_rosters_load(const Sigap__V1__Snapshot *snapshot, sgp_world *world,
                         sgp_fault *fault) SGP_MUST_USE;

#endif
