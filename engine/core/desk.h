/* Who has what in hand at a desk, and handing it over.
 *
 * A person takes an incident and has it until it is closed, released, taken over by another, or
 * handed over. It forbids nothing: whoever must act acts, and everybody sees who has it. That it
 * survives a restart is why it is state of the world; who is at work at all, and what he looks at,
 * is the shell's and forgotten with it. The core knows no lines: that somebody's was lost too long
 * is told to it as a hand-over to nobody (`gone`).
 *
 * A hand-over moves all incidents that somebody has, and what he has of telephones: whom he talks
 * to and has not written down yet, what he took and the exchange has not connected, and whom he is
 * calling back. To nobody: the telephones that nobody is connected to ring again or wait again.
 * Decides nothing about units, so it needs no rule. Private to engine/core.
 */
#ifndef SGP_CORE_DESK_H
#define SGP_CORE_DESK_H

#include "core/mechanics.h"

sgp_err sgp_incident_taken(sgp_step *step) SGP_MUST_USE;
sgp_err sgp_desk_handed_over(sgp_step *step) SGP_MUST_USE;

#endif
