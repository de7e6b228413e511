/* What a caller's phone tells of where it is, by itself (AML) or with a locate-me token.
 * Private to engine/core.
 *
 * A better position takes the place of the former one at the call: a smaller circle, or one
 * measured later that is no larger, or, once the former has grown old, any but a far larger one
 * that the former lies in. The call is then looked up near it, and it stands among the call's
 * candidates. It is the incident's place only where nothing else is:
 *
 *   the incident's place        the phone's position
 *   confirmed by anything else  is kept with the call and told; the place stays
 *   its own, earlier position   improves it, when it has moved or become twice as sure, until
 *                               a crew has reached the scene
 *   none, and no words          is the place, confirmed
 *   none, but words             is the place until they are found for certain, unconfirmed
 *   not confirmed               the surer of the two is, unconfirmed; the other a candidate
 *
 * A circle larger than clocks.phone_place_m, or one measured long ago, places nothing.
 */
#ifndef SGP_CORE_PHONE_H
#define SGP_CORE_PHONE_H

#include "core/mechanics.h"

/* Handlers of SGP_EVENT_PHONE_POSITION and SGP_EVENT_LOCATE_ASKED. */
sgp_err sgp_phone_position(sgp_step *step) SGP_MUST_USE;
sgp_err sgp_locate_asked(sgp_step *step) SGP_MUST_USE;

/* SGP_E_UNAUTHENTICATED where another token is in force, or another phone holds it. And the first
 * holder binds it. */
sgp_err sgp_locate_check_holder(sgp_step *step, const sgp_locate *locate,
                                const uint8_t token[SGP_HASH_BYTES],
                                const uint8_t holder[SGP_HASH_BYTES]) SGP_MUST_USE;
void sgp_locate_use(const sgp_step *step, sgp_locate *locate, const uint8_t holder[SGP_HASH_BYTES]);

/* The call's candidates were replaced: the phone's position joins them again. */
sgp_err sgp_phone_join(sgp_call_node *call) SGP_MUST_USE;
/* The look-up has ended: what the phone told may place the incident where nothing was found. */
sgp_err sgp_phone_settle(sgp_step *step, sgp_call_node *call) SGP_MUST_USE;

#endif
