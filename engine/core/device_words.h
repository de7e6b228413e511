/* What a crew's device tells of its assignment from a queue: whenever there is a line, in the order
 * in which it was so, with the times of its own clock.
 *
 * The time that counts for intervals is the device's where it can be: not before the state that
 * the assignment is in, and not later than now; else the arrival. Both are written down. What comes
 * too late, because somebody else told it by radio or the assignment is over, undoes nothing: it
 * is written down as late, and it tells when a state was entered that was passed by.
 *
 * Private to engine/core.
 */
#ifndef SGP_CORE_DEVICE_WORDS_H
#define SGP_CORE_DEVICE_WORDS_H

#include "core/core_proto.h"
#include "core/mechanics.h"

/* For ORDER_ANSWERED and ASSIGNMENT_ADVANCED: nothing where no device told them. *late: it has been
 * written down, and that was all; else the step knows the time. */
sgp_err sgp_device_tells(sgp_step *step, bool *late) SGP_MUST_USE;

void sgp_put_device_stamp(Sigap__V1__StateStamp *stamp, const sgp_assignment *assignment,
                          int state);
/* Those of states that were not entered. */
bool sgp_put_late_stamps(Sigap__V1__Assignment *message, const sgp_assignment *assignment);
/* Its state is a state. */
void sgp_read_device_stamp(const Sigap__V1__StateStamp *stamp, sgp_assignment *assignment);

#endif
