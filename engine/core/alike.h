/* Duplicates: which running incidents a newer one may be the same as.
 *
 * Several people call about one accident, and each call makes an incident of its own until a
 * person says otherwise. So an incident that has a place, however unsure, is compared with every
 * open one: near in place (or called about from the same telephone), its latest call not long ago, and how the complaints go together. What
 * is near stays with the newer incident as an offer with its reason, and a person links the call
 * (CALL_LINKED) or says that it is another one (ALIKE_DISMISSED), after which it is not offered
 * again. Nothing is held back for an offer: sending two ambulances to one accident is put right by
 * linking, sending none is not.
 *
 * Offers follow the places: when a place, or a complaint, changes, the incident is compared anew,
 * as the newer one and as the older one; when an incident closes, nobody is offered it any more.
 * Off unless rules.alike_ms is set. A comparison walks all open incidents, in integers.
 * Private to engine/core.
 */
#ifndef SGP_CORE_ALIKE_H
#define SGP_CORE_ALIKE_H

#include "core/mechanics.h"

/* The handler of ALIKE_DISMISSED. */
sgp_err sgp_alike_dismissed(sgp_step *step) SGP_MUST_USE;

/* Compares an open incident, whose place or complaint is new, with all others. */
sgp_err sgp_alike_follow(sgp_step *step, sgp_incident_node *incident) SGP_MUST_USE;

/* The incident has closed: it is taken from the offers of those that are open. */
sgp_err sgp_alike_forget(sgp_step *step, const sgp_incident_node *incident) SGP_MUST_USE;

/* How two complaints go together. */
sgp_likeness sgp_complaints_likeness(const char *left, const char *right);

#endif
