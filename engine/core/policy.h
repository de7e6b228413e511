/* Policy: who should go. A policy looks at the world and changes nothing.
 *
 * Mechanics (mechanics.c, settle.c) decide when a recommendation is made and what is
 * done with it; gates.c says who may go, candidates.c what it would take; a policy
 * only ranks. Private to engine/core.
 */
#ifndef SGP_CORE_POLICY_H
#define SGP_CORE_POLICY_H

#include "core/needs.h"

/* One policy: a small difference from "closest". A row of the table in policy.c. */
typedef struct sgp_policy_rules {
    bool diverts; /* units on their way to something less urgent are candidates */
    bool jointly; /* the needs of all incidents with such a policy are solved together */
    /* Adds to policy_ms of the `n` candidates, which may all go and have their travel times;
     * NULL = nothing is added. May ask `times`. SGP_E_MEMORY or SGP_E_CORRUPT end the step,
     * other errors count as nothing added. */
    sgp_err (*weigh)(const sgp_world *world, const sgp_incident_node *incident, int64_t now_ms,
                     const sgp_times *times, sgp_candidate *candidates, uint32_t n);
} sgp_policy_rules;

const sgp_policy_rules *sgp_policy_rules_of(sgp_policy policy);
/* The one that is configured for the incident's priority. */
sgp_policy sgp_policy_for(const sgp_world *world, const sgp_incident_node *incident);

/* Where and as what the unit would start for an incident of that priority: at its
 * station the station, otherwise its position; no penalty. */
sgp_start sgp_policy_start(const sgp_unit *unit, sgp_priority priority);
/* How long until it moves: at its station its kind's turnout time, otherwise none. */
int64_t sgp_policy_turnout_ms(const sgp_world *world, const sgp_unit *unit);

/* By the policy of the incident's priority: all units that may go ranked by total_ms,
 * ties by unit index; then those that will soon be free, likewise; the rest with
 * reasons. Open seats, most important first, each get the best unit that fits and
 * has no seat yet (`seat` of the candidate). Asks `times` one question, none when no
 * unit can go, and what the policy asks beyond; see candidates.h for its errors.
 * The incident must have a place. Ownership of the candidates passes; id is 0. */
sgp_err sgp_policy_recommend(const sgp_world *world, const sgp_incident_node *incident,
                             int64_t now_ms, const sgp_times *times,
                             sgp_recommendation *recommendation) SGP_MUST_USE;

/* The candidate recommended for that seat, from 1; NULL where nobody is. */
const sgp_candidate *sgp_recommended_for(const sgp_recommendation *recommendation, uint32_t seat);

#endif
