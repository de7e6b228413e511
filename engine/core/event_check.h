/* Checks of an event by itself, before the world is asked. Private to engine/core. */
#ifndef SGP_CORE_EVENT_CHECK_H
#define SGP_CORE_EVENT_CHECK_H

#include "sigap/core.h"

/* Every enum known, every text ended within its array, every number in range.
 * SGP_E_RANGE, SGP_E_ARGUMENT or SGP_E_TOO_LARGE with a sentence naming the field. */
sgp_err sgp_event_check(const sgp_event *event, sgp_fault *fault) SGP_MUST_USE;

#endif
