/* The log of an incident: what happened to it, when, and who did it, in order.
 *
 * Entries follow from events: what people and the placer did (by the event's kind), and every state
 * that one of its assignments entered, also where nobody did anything (ordered without a click, not
 * answered in time). A note (NOTE_ADDED) is an entry whose words the shell keeps sealed under the
 * number of its event. Logging decides nothing and tells nobody, so it needs no rule; a world from
 * a snapshot of before simply has no entries of the time before.
 *
 * Bounds: SGP_NOTES_MAX notes, and SGP_LOG_MAX entries of which the oldest that is no note goes.
 * Private to engine/core.
 */
#ifndef SGP_CORE_INCIDENT_LOG_H
#define SGP_CORE_INCIDENT_LOG_H

#include "core/core_proto.h"
#include "core/mechanics.h"

/* The handler of NOTE_ADDED. */
sgp_err sgp_note_added(sgp_step *step) SGP_MUST_USE;

/* One of the incidents of DESK_HANDED_OVER. */
sgp_err sgp_log_handed_over(sgp_step *step, sgp_incident_node *incident) SGP_MUST_USE;

/* At the end of a step that was not refused. */
sgp_err sgp_log_step(sgp_step *step) SGP_MUST_USE;

/* false: memory ran out. */
bool sgp_log_save(const sgp_incident_node *incident, Sigap__V1__IncidentMemory *message);
sgp_err sgp_log_load(const Sigap__V1__IncidentMemory *message, sgp_incident_node *incident,
                     sgp_fault *fault) SGP_MUST_USE;

#endif
