#include "core/agencies.h"

#include <stdio.h>
#include <string.h>

#include "core/effects.h"
#include "core/planned.h"

static sgp_alert *alert_of(sgp_incident *incident, const char *agency) {
    for (uint32_t i = 0; i < incident->n_alerts; i++)
        if (strcmp(incident->alerts[i].agency, agency) == 0)
            return &incident->alerts[i];
    return NULL;
}

static sgp_err tell(sgp_step *step, const sgp_incident_node *incident, const char *agency) {
    sgp_effect *effect = sgp_effects_add(step->effects, SGP_EFFECT_ALERT);
    if (!effect)
        return SGP_E_MEMORY;
    effect->u.alert.incident = incident->view.id;
    snprintf(effect->u.alert.agency, sizeof effect->u.alert.agency, "%s", agency);
    return SGP_OK;
}

/* A fresh alert, or the same agency once more. There must be room for a fresh one. */
static sgp_err give(sgp_step *step, sgp_incident_node *incident, const sgp_agency *agency,
                    const char *reason) {
    sgp_incident *view = &incident->view;
    sgp_alert *alert = alert_of(view, agency->code);
    if (!alert) {
        sgp_err err = SGP_ROOM_U32(view->alerts, view->n_alerts, incident->alerts_capacity);
        if (err)
            return err;
        alert = &view->alerts[view->n_alerts++];
    }
    *alert = (sgp_alert){.state = SGP_ALERT_GIVEN,
                         .alerted_at_ms = step->event->at_ms,
                         .answer_by_ms = step->event->at_ms + agency->answer_ms};
    snprintf(alert->agency, sizeof alert->agency, "%s", agency->code);
    snprintf(alert->reason, sizeof alert->reason, "%s", reason);
    if (alert->answer_by_ms < step->world->alert_due_ms)
        step->world->alert_due_ms = alert->answer_by_ms;
    sgp_err err = sgp_touch_incident(step, incident);
    return err ? err : tell(step, incident, agency->code);
}

sgp_err sgp_agencies_follow_plan(sgp_step *step, sgp_incident_node *incident) {
    sgp_incident *view = &incident->view;
    const sgp_response *response = sgp_planned_response(step->world, incident);
    if (!response || view->state == SGP_INCIDENT_CLOSED || !view->place_confirmed)
        return SGP_OK;
    sgp_err err = SGP_OK;
    for (uint32_t i = 0; i < response->n_alerts && !err; i++) {
        const sgp_agency *agency = &step->world->plan->agencies[response->alerts[i].agency];
        if (response->alerts[i].alarm <= view->alarm && !alert_of(view, agency->code) &&
            view->n_alerts < SGP_ALERTS_PER_INCIDENT_MAX)
            err = give(step, incident, agency, "");
    }
    return err;
}

sgp_err sgp_agency_alerted(sgp_step *step) {
    const char *code = step->event->u.alerted.agency;
    sgp_incident_node *incident;
    sgp_err err = sgp_need_open_incident(step, step->event->u.alerted.incident, &incident);
    if (err)
        return err;
    const sgp_agency *agency = sgp_plan_agency(step->world->plan, code);
    if (!agency)
        return sgp_fail(&step->fault, SGP_E_NOT_FOUND, "no agency is called %s", code);
    if (!incident->view.has_place)
        return sgp_fail(&step->fault, SGP_E_STATE,
                        "incident %llu has no place yet; choose one first",
                        (unsigned long long)incident->view.id);
    const sgp_alert *alert = alert_of(&incident->view, code);
    if (alert && (alert->state == SGP_ALERT_GIVEN || alert->state == SGP_ALERT_ACKNOWLEDGED))
        return sgp_fail(&step->fault, SGP_E_STATE, "%s is alerted already: %s", code,
                        sgp_alert_state_str(alert->state));
    if (!alert && incident->view.n_alerts == SGP_ALERTS_PER_INCIDENT_MAX)
        return sgp_fail(&step->fault, SGP_E_FULL, "%d agencies are alerted to incident %llu",
                        SGP_ALERTS_PER_INCIDENT_MAX, (unsigned long long)incident->view.id);
    return give(step, incident, agency, step->event->u.alerted.reason);
}

sgp_err sgp_agency_answered(sgp_step *step) {
    const char *code = step->event->u.agency_answered.agency;
    sgp_incident_node *incident;
    sgp_err err = sgp_need_open_incident(step, step->event->u.agency_answered.incident, &incident);
    if (err)
        return err;
    sgp_alert *alert = alert_of(&incident->view, code);
    if (!alert)
        return sgp_fail(&step->fault, SGP_E_NOT_FOUND, "%s is not alerted to incident %llu", code,
                        (unsigned long long)incident->view.id);
    if (alert->state != SGP_ALERT_GIVEN && alert->state != SGP_ALERT_OVERDUE)
        return sgp_fail(&step->fault, SGP_E_STATE, "%s has answered already: %s", code,
                        sgp_alert_state_str(alert->state));
    alert->state =
        step->event->u.agency_answered.accepted ? SGP_ALERT_ACKNOWLEDGED : SGP_ALERT_DECLINED;
    alert->answered_at_ms = step->event->at_ms;
    bool was_first = alert->answer_by_ms == step->world->alert_due_ms;
    alert->answer_by_ms = 0;
    if (was_first)
        sgp_agencies_find_due(step->world);
    snprintf(alert->reason, sizeof alert->reason, "%s", step->event->u.agency_answered.reason);
    return sgp_touch_incident(step, incident);
}

static int64_t due_ms(const sgp_incident *incident) {
    int64_t first_ms = INT64_MAX;
    for (uint32_t i = 0; i < incident->n_alerts; i++)
        if (incident->alerts[i].state == SGP_ALERT_GIVEN &&
            incident->alerts[i].answer_by_ms < first_ms)
            first_ms = incident->alerts[i].answer_by_ms;
    return first_ms;
}

void sgp_agencies_find_due(sgp_world *world) {
    world->alert_due_ms = INT64_MAX;
    for (size_t i = 0; i < world->open_incidents; i++) {
        int64_t first_ms = due_ms(&world->open[i]->view);
        if (first_ms < world->alert_due_ms)
            world->alert_due_ms = first_ms;
    }
}

sgp_err sgp_agencies_timer(sgp_step *step) {
    sgp_world *world = step->world;
    sgp_err err = SGP_OK;
    if (world->alert_due_ms > step->event->at_ms)
        return SGP_OK;
    for (size_t i = 0; i < world->open_incidents && !err; i++) {
        sgp_incident_node *incident = world->open[i];
        if (due_ms(&incident->view) > step->event->at_ms)
            continue;
        for (uint32_t k = 0; k < incident->view.n_alerts && !err; k++) {
            sgp_alert *alert = &incident->view.alerts[k];
            if (alert->state != SGP_ALERT_GIVEN || alert->answer_by_ms > step->event->at_ms)
                continue;
            alert->state = SGP_ALERT_OVERDUE;
            alert->answer_by_ms = 0;
            err = tell(step, incident, alert->agency);
        }
        if (!err)
            err = sgp_touch_incident(step, incident);
    }
    sgp_agencies_find_due(world);
    return err;
}
