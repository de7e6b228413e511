/* Telephone numbers, each known by a keyed token only: what came from them, and which are a
 * nuisance.
 *
 * The shell hashes a caller's number under a key of the installation; the core never sees the
 * number. For each token it keeps the last SGP_NUMBER_CALLS calls with their outcomes, as long as
 * rules.number_keep_h says, so that earlier calls can be shown. A number from which
 * rules.nuisance_count pranks, silent or ghost calls came within rules.nuisance_window_h is marked
 * for rules.nuisance_mark_h; a dispatcher may set and lift a mark. A mark warns, and while nobody
 * has confirmed an incident of which only marked numbers tell, it is served after its equals
 * (sgp_incident_compare). It never keeps a call from being taken or a unit from being sent.
 *
 * Where rules.judge_calls is set, every call gets an outcome of its own: with its incident, where
 * nobody has said another one before (CALL_JUDGED).
 *
 * Bounds: SGP_CALLER_NUMBERS_MAX numbers; over it the one that was silent longest goes, marked ones
 * last. What is too old goes once an hour of the events' time. Private to engine/core.
 */
#ifndef SGP_CORE_NUMBERS_H
#define SGP_CORE_NUMBERS_H

#include "core/mechanics.h"

/* The handlers of CALL_JUDGED and NUMBER_MARKED. */
sgp_err sgp_call_judged(sgp_step *step) SGP_MUST_USE;
sgp_err sgp_number_marked(sgp_step *step) SGP_MUST_USE;

/* A call came, and is in its incident's list: its number is noted, and warns where it is marked. */
sgp_err sgp_numbers_call(sgp_step *step, sgp_call_node *call,
                         sgp_incident_node *incident) SGP_MUST_USE;
/* The call now belongs to `to`, which had calls before. */
sgp_err sgp_numbers_linked(sgp_step *step, sgp_call_node *call, sgp_incident_node *from,
                           sgp_incident_node *to) SGP_MUST_USE;
/* The incident closes: its calls that have no outcome get one. */
sgp_err sgp_numbers_closing(sgp_step *step, const sgp_incident_node *incident) SGP_MUST_USE;
/* A person acted for the incident: it is as good as any other from here on. */
sgp_err sgp_incident_trust(sgp_step *step, sgp_incident_node *incident) SGP_MUST_USE;

/* The token of its first call, for comparing incidents; zero: none. Kept by the functions above
 * and after loading. */
void sgp_incident_find_number(const sgp_world *world, sgp_incident_node *incident);

/* In order of their tokens; NULL: unknown. Zero is never known. */
sgp_number *sgp_numbers_find(const sgp_world *world, const uint8_t token[SGP_CALLER_TOKEN_BYTES]);
/* How a number is marked now; all zero where it is not, or not known. */
sgp_nuisance sgp_number_nuisance(const sgp_world *world,
                                 const uint8_t token[SGP_CALLER_TOKEN_BYTES], int64_t now_ms);
/* A new one; NULL: memory ran out. Its token must be unknown. */
sgp_number *sgp_numbers_add(sgp_world *world, const uint8_t token[SGP_CALLER_TOKEN_BYTES]);
void sgp_numbers_free(sgp_world *world);

#endif
