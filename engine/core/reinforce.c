#include "core/reinforce.h"

#include "core/planned.h"
#include "core/script.h"

/* Whoever reinforces has decided that more is needed: what a dispatcher held in hand is released,
 * and who is asked for goes without another click. */
static sgp_err look_again(sgp_step *step, sgp_incident_node *incident, bool order) {
    sgp_err err = sgp_touch_incident(step, incident);
    if (order)
        incident->wish = true;
    if (!err && incident->view.place_confirmed)
        err = sgp_need_attention(step, incident->view.id, true);
    return err;
}

sgp_err sgp_backup_asked(sgp_step *step) {
    const sgp_event *event = step->event;
    sgp_incident_node *incident;
    sgp_err err = sgp_need_open_incident(step, event->u.backup.incident, &incident);
    if (err)
        return err;
    sgp_incident *view = &incident->view;
    if (view->n_backup + event->u.backup.units > SGP_BACKUP_MAX)
        return sgp_fail(&step->fault, SGP_E_FULL,
                        "incident %llu has %u seats beyond its plan; at most %d are possible",
                        (unsigned long long)view->id, view->n_backup, SGP_BACKUP_MAX);
    for (uint32_t i = 0; i < event->u.backup.units; i++)
        view->backup[view->n_backup++] = event->u.backup.seat;
    return look_again(step, incident, true);
}

sgp_err sgp_aid_asked(sgp_step *step) {
    sgp_incident_node *incident;
    sgp_err err = sgp_need_open_incident(step, step->event->u.aid.incident, &incident);
    if (err || incident->view.aid_asked == step->event->u.aid.asked)
        return err;
    incident->view.aid_asked = step->event->u.aid.asked;
    if (!incident->view.aid_asked)
        return sgp_touch_incident(step, incident);
    return look_again(step, incident, false);
}

static sgp_err end_mass_casualty(sgp_step *step, sgp_incident_node *incident) {
    sgp_incident *view = &incident->view;
    if (!view->mass_casualty)
        return sgp_fail(&step->fault, SGP_E_STATE, "incident %llu is no mass-casualty incident",
                        (unsigned long long)view->id);
    bool had_staging = view->has_staging;
    view->mass_casualty = view->has_staging = false;
    view->patients = 0;
    sgp_err err = sgp_touch_incident(step, incident);
    if (!err)
        err = sgp_incident_withdraw_surplus(step, incident);
    if (!err && had_staging)
        err = sgp_incident_tell_crews(step, incident);
    return err ? err : sgp_incident_settle(step, incident);
}

sgp_err sgp_mass_casualty(sgp_step *step) {
    const sgp_event *event = step->event;
    sgp_incident_node *incident;
    sgp_err err = sgp_need_open_incident(step, event->u.mass.incident, &incident);
    if (err)
        return err;
    if (event->u.mass.ended)
        return end_mass_casualty(step, incident);
    sgp_incident *view = &incident->view;
    bool raised = view->priority > SGP_P1;
    view->mass_casualty = true;
    if (event->u.mass.patients)
        view->patients = event->u.mass.patients;
    uint32_t seats_before = sgp_planned_seats(step->world, incident);
    view->priority = SGP_P1;
    /* A person said so: no answer to a question makes it less. */
    sgp_script_said(incident, SGP_P1, "", true);
    sgp_planned_follow(step->world, incident, seats_before);
    incident->by_hand = false;
    if (event->u.mass.has_staging) {
        view->has_staging = true;
        view->staging = event->u.mass.staging;
        if (view->staging.kind == 0)
            view->staging.kind = SGP_PLACE_COORDINATES;
    }
    if (event->u.mass.has_staging || raised)
        err = sgp_incident_tell_crews(step, incident);
    return err ? err : look_again(step, incident, false);
}
