/* Candidates: every unit with what it would take to be at an incident, or why it
 * may not go.
 *
 * The gates are asked first, then `times` one question with a row for every unit
 * that may go or will soon be free. Private to engine/core.
 */
#ifndef SGP_CORE_CANDIDATES_H
#define SGP_CORE_CANDIDATES_H

#include "core/gates.h"

/* Fills all[n_units], by unit index: times where it may go, the reason where not. total_ms is
 * the sum of waiting, turnout, travel and walking; a unit that would have to be taken from
 * another incident has the gain that a diversion must bring in policy_ms. An oracle that cannot
 * answer makes every unit unreachable, so that a dispatcher still sees the list; only
 * SGP_E_MEMORY and SGP_E_CORRUPT (a recording that does not fit) are returned.
 * The incident must have a place. Cost: units x (gates + one row of the question). */
sgp_err sgp_candidates_find(const sgp_gate *gate, const sgp_times *times,
                            sgp_candidate *all) SGP_MUST_USE;

/* Where the incident's units drive to: its staging point, or its place. */
sgp_point sgp_incident_target(const sgp_incident *incident);

#endif
