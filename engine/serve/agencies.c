/* Other services: their alerts go to their own sessions, and their answers come back.
 *
 * A user of the role partner may belong to an agency; its sessions then hear of the agency's
 * alerts, at login of those that still wait, and answer for it. Dispatchers answer for any. */
#include <string.h>

#include "serve/engine_parts.h"

uint64_t sgp_agency_target(const char *code) {
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */
    for (; *code != '\0'; code++)
        hash = (hash ^ (uint8_t)*code) * UINT64_C(1099511628211);
    return hash;
}

static const sgp_alert *alert_of(const sgp_incident *incident, const char *agency) {
    for (uint32_t i = 0; incident != NULL && i < incident->n_alerts; i++)
        if (strcmp(incident->alerts[i].agency, agency) == 0)
            return &incident->alerts[i];
    return NULL;
}

static void tell(sgp_engine *engine, sgp_outgoing_kind kind, uint64_t target,
                 const sgp_incident *incident, const sgp_alert *alert) {
    Sigap__V1__AgencyAlert message = SIGAP__V1__AGENCY_ALERT__INIT;
    message.incident_id = incident->id;
    message.agency = (char *)alert->agency;
    message.state = (Sigap__V1__AlertState)alert->state;
    message.priority = (Sigap__V1__Priority)incident->priority;
    message.complaint = (char *)incident->complaint;
    message.alerted_at_ms = alert->alerted_at_ms;
    message.answer_by_ms = alert->answer_by_ms;
    message.reason = (char *)alert->reason;
    if (incident->has_place)
        message.place = sgp_place_to_proto(&incident->place);
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_AGENCY_ALERT;
    frame.agency_alert = &message;
    sgp_outbox_put(engine, kind, target, &frame);
    if (message.place != NULL)
        sigap__v1__place__free_unpacked(message.place, NULL);
}

void sgp_push_alert(sgp_engine *engine, sgp_id id, const char *agency) {
    const sgp_incident *incident = sgp_world_incident(engine->world, id);
    const sgp_alert *alert = alert_of(incident, agency);
    if (alert == NULL)
        return;
    tell(engine, SGP_TO_AGENCY, sgp_agency_target(agency), incident, alert);
    sgp_log(alert->state == SGP_ALERT_OVERDUE ? SGP_LOG_WARN : SGP_LOG_INFO, "alert",
            "agency=%s incident=%llu state=%s", SGP_Q(agency), (unsigned long long)id,
            sgp_alert_state_str(alert->state));
}

void sgp_answer_open_alerts(sgp_session *session) {
    sgp_engine *engine = session->engine;
    for (sgp_id id = sgp_world_next_incident(engine->world, 0); id != 0;
         id = sgp_world_next_incident(engine->world, id)) {
        const sgp_incident *incident = sgp_world_incident(engine->world, id);
        const sgp_alert *alert = alert_of(incident, session->agency);
        if (alert != NULL && incident->state != SGP_INCIDENT_CLOSED &&
            (alert->state == SGP_ALERT_GIVEN || alert->state == SGP_ALERT_OVERDUE))
            tell(engine, SGP_TO_SESSION, session->id, incident, alert);
    }
}

sgp_err sgp_answer_alert_event(sgp_session *session, const Sigap__V1__AnswerAlert *asked,
                               sgp_event *event, sgp_fault *fault) {
    const char *agency = asked->agency;
    event->kind = SGP_EVENT_AGENCY_ANSWERED;
    if (session->role == SIGAP__V1__ROLE__PARTNER) {
        if (session->agency[0] == '\0')
            return sgp_fail(fault, SGP_E_PERMISSION, "%s belongs to no agency", session->user);
        if (*agency != '\0' && strcmp(agency, session->agency) != 0)
            return sgp_fail(fault, SGP_E_PERMISSION, "%s may not answer for another agency",
                            session->user);
        agency = session->agency;
    }
    if (strlen(agency) >= SGP_CODE_BYTES || strlen(asked->reason) >= SGP_NAME_BYTES)
        return sgp_fail(fault, SGP_E_ARGUMENT, "agency or reason is too long");
    event->u.agency_answered.incident = asked->incident_id;
    event->u.agency_answered.accepted = asked->accept;
    strcpy(event->u.agency_answered.agency, agency);
    strcpy(event->u.agency_answered.reason, asked->reason);
    return SGP_OK;
}
