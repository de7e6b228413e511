/* Other services on an incident: who was alerted, who has acknowledged, and whose time is over.
 *
 * A response plan alerts agencies by itself when the incident has a confirmed place, or when a
 * later change of complaint, priority or alarm level brings one more; a dispatcher alerts any.
 * An alert that is not acknowledged within the agency's time is overdue, which is shown and told;
 * it can still be acknowledged, or be given again. Private to engine/core.
 */
#ifndef SGP_CORE_AGENCIES_H
#define SGP_CORE_AGENCIES_H

#include "core/mechanics.h"

/* The handlers of AGENCY_ALERTED and AGENCY_ANSWERED. */
sgp_err sgp_agency_alerted(sgp_step *step) SGP_MUST_USE;
sgp_err sgp_agency_answered(sgp_step *step) SGP_MUST_USE;

/* Alerts whoever the plan says and who has not been alerted yet. Harmless when repeated. */
sgp_err sgp_agencies_follow_plan(sgp_step *step, sgp_incident_node *incident) SGP_MUST_USE;

/* What is due at the event's time becomes overdue. */
sgp_err sgp_agencies_timer(sgp_step *step) SGP_MUST_USE;

/* Finds world->alert_due_ms anew. To be told when an incident with alerts closes. Walks all open
 * incidents; alerting and answering do so only where the first one due went away. */
void sgp_agencies_find_due(sgp_world *world);

#endif
