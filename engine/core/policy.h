/* Policy: who should go. A policy looks at the world and changes nothing.
 *
 * Mechanics (mechanics.c) decide when a recommendation is made and what is done
 * with it; a policy only ranks. Private to engine/core.
 */
#ifndef SGP_CORE_POLICY_H
#define SGP_CORE_POLICY_H

#include "core/needs.h"

/* Why `unit` cannot go to `incident`, which needs these seats filled, now, before any travel time
 * is asked; SGP_EXCLUDED_NOT when it can. The first reason in the order in which a dispatcher would
 * give it: on it already, off duty, busy, wrong kind, refused this incident, no position, position
 * too old. */
sgp_exclusion sgp_policy_exclusion(const sgp_world *world, const sgp_incident_node *incident,
                                   const sgp_need *needs, size_t n_needs, const sgp_unit *unit,
                                   int64_t now_ms);

/* Where and as what the unit would start for an incident of that priority: at its
 * station the station, otherwise its position; no penalty. */
sgp_start sgp_policy_start(const sgp_unit *unit, sgp_priority priority);
/* How long until it moves: at its station its kind's turnout time, otherwise none. */
int64_t sgp_policy_turnout_ms(const sgp_world *world, const sgp_unit *unit);

/* One policy: a small difference from "closest". A row of the table in policy.c. */
typedef struct sgp_policy_rules {
    bool diverts; /* units on their way to something less urgent are candidates */
    bool jointly; /* the needs of all incidents with such a policy are solved together */
    /* Sets policy_ms of the `n` candidates, which may all go and have their travel times; NULL =
     * nothing is added. May ask `times`. SGP_E_MEMORY or SGP_E_CORRUPT end the step, other
     * errors leave the candidates as they are. */
    sgp_err (*weigh)(const sgp_world *world, const sgp_incident_node *incident, int64_t now_ms,
                     const sgp_times *times, sgp_candidate *candidates, uint32_t n);
} sgp_policy_rules;

const sgp_policy_rules *sgp_policy_rules_of(sgp_policy policy);
/* The one that is configured for the incident's priority. */
sgp_policy sgp_policy_for(const sgp_world *world, const sgp_incident_node *incident);

/* By the policy of the incident's priority: all units ranked by turnout + travel time to the
 * incident's place
 * + what the policy adds, ties by unit index; the rest with reasons. Asks `times` one question,
 * none when no unit can go. An oracle that cannot answer makes every unit unreachable, so that a
 * dispatcher still sees the list; only SGP_E_MEMORY and SGP_E_CORRUPT (a recording that does not
 * fit) end the step. The incident must have a place. Ownership of the candidates passes; id is 0.
 */
sgp_err sgp_policy_recommend(const sgp_world *world, const sgp_incident_node *incident,
                             int64_t now_ms, const sgp_times *times,
                             sgp_recommendation *recommendation) SGP_MUST_USE;

#endif
