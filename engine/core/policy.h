/* Policy: who should go. A policy looks at the world and changes nothing.
 *
 * Mechanics (mechanics.c) decide when a recommendation is made and what is done
 * with it; a policy only ranks. Private to engine/core.
 */
#ifndef SGP_CORE_POLICY_H
#define SGP_CORE_POLICY_H

#include "core/world.h"

/* Why `unit` cannot go to `incident` now, before any travel time is asked;
 * SGP_EXCLUDED_NOT when it can. The first reason in the order in which a
 * dispatcher would give it: on it already, off duty, busy, wrong kind, refused
 * this incident, no position, position too old. */
sgp_exclusion sgp_policy_exclusion(const sgp_world *world, const sgp_incident_node *incident,
                                   const sgp_unit *unit, int64_t now_ms);

/* Where and as what the unit would start for an incident of that priority: at its
 * station the station, otherwise its position; no penalty. */
sgp_start sgp_policy_start(const sgp_unit *unit, sgp_priority priority);
/* How long until it moves: at its station its kind's turnout time, otherwise none. */
int64_t sgp_policy_turnout_ms(const sgp_world *world, const sgp_unit *unit);

/* "closest": all units ranked by turnout + travel time to the incident's place,
 * ties by unit index; the rest with reasons. Asks `times` one question, none
 * when no unit can go. An oracle that cannot answer makes every unit
 * unreachable, so that a dispatcher still sees the list; only SGP_E_MEMORY and
 * SGP_E_CORRUPT (a recording that does not fit) end the step.
 * The incident must have a place. Ownership of the candidates passes; id is 0. */
sgp_err sgp_policy_closest(const sgp_world *world, const sgp_incident_node *incident,
                           int64_t now_ms, const sgp_times *times,
                           sgp_recommendation *recommendation) SGP_MUST_USE;

#endif
