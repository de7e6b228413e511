/* Telephones that ring, from the exchange to a call.
 *
 * A ring stands for one channel of an exchange. It rings for everybody until somebody claims it;
 * two who claim at once are told apart here, since events come one after the other. A claim that
 * the exchange does not connect within rules.ring_claim_ms is void, and it rings for everybody
 * again. Who has it reports the call, which then carries its number and its recording. One that
 * ends before anybody answered is missed: it waits to be called back, until somebody has settled
 * it or the same number rang again and was answered.
 *
 * Rings that are over are kept for rules.ring_keep_h, a bounded number of them; with each that is
 * forgotten the shell is told to destroy the number that it keeps for it. Private to engine/core.
 */
#ifndef SGP_CORE_RINGS_H
#define SGP_CORE_RINGS_H

#include "core/mechanics.h"

sgp_err sgp_ring_came(sgp_step *step) SGP_MUST_USE;
sgp_err sgp_ring_told(sgp_step *step) SGP_MUST_USE;
sgp_err sgp_ring_taken(sgp_step *step) SGP_MUST_USE;
sgp_err sgp_ring_call_back(sgp_step *step) SGP_MUST_USE;
/* Whether the actor of this event may report a call that came by it; 0 = by none, SGP_OK. Changes
 * nothing. */
sgp_err sgp_ring_may_become(sgp_step *step, sgp_id ring) SGP_MUST_USE;
/* It became that call. */
sgp_err sgp_ring_became(sgp_step *step, sgp_id ring, sgp_call_node *call) SGP_MUST_USE;

/* Claims that nobody answered ring again; a few of the rings that are too old are forgotten. */
sgp_err sgp_rings_timer(sgp_step *step) SGP_MUST_USE;
/* When the next of both is due. */
void sgp_rings_find_due(sgp_world *world);

#endif
