/* What crews were told, until their devices have it.
 *
 * An order, its change, its withdrawal, another hospital and a move-up go out over a line that may
 * break. The world notes the event that told a crew last of each matter, and up to which event the
 * device has it; the shell tells again what lies between, to whatever session the unit has. That a
 * device has an order says nothing of the crew, which accepts or declines it later.
 *
 * Private to engine/core.
 */
#ifndef SGP_CORE_RECEIPTS_H
#define SGP_CORE_RECEIPTS_H

#include "core/core_proto.h"
#include "core/mechanics.h"

/* The handler of ORDER_RECEIVED. */
sgp_err sgp_order_received(sgp_step *step) SGP_MUST_USE;
/* At the end of a step: notes what its effects tell to crews. From edition 3 on. */
sgp_err sgp_receipts_follow(sgp_step *step) SGP_MUST_USE;

bool sgp_put_receipt(Sigap__V1__Receipt **field, const sgp_receipt *receipt);
/* NULL gives all zero. */
void sgp_read_receipt(const Sigap__V1__Receipt *message, sgp_receipt *receipt);

#endif
