/* Requests for more: backup and mass casualty become events. */
#include <string.h>

#include "serve/engine_parts.h"

/* A crew speaks for the incident that it is on. */
static sgp_err own_incident(const sgp_session *session, sgp_id *incident, sgp_fault *fault) {
    if (!session->is_crew)
        return SGP_OK;
    const sgp_world *world = session->engine->world;
    const sgp_unit *unit = sgp_world_unit(world, session->unit);
    const sgp_assignment *on = sgp_world_assignment(world, unit->assignment);
    if (on == NULL)
        return sgp_fail(fault, SGP_E_STATE, "%s is on no incident", unit->code);
    if (*incident != 0 && *incident != on->incident)
        return sgp_fail(fault, SGP_E_PERMISSION, "%s is not on incident %llu", unit->code,
                        (unsigned long long)*incident);
    *incident = on->incident;
    return SGP_OK;
}

sgp_err sgp_backup_event(sgp_session *session, const Sigap__V1__AskBackup *asked, sgp_event *event,
                         sgp_fault *fault) {
    event->kind = SGP_EVENT_BACKUP_ASKED;
    event->u.backup.incident = asked->incident_id;
    event->u.backup.units = asked->units ? asked->units : 1;
    event->u.backup.seat.skills = asked->skills;
    for (size_t i = 0; i < asked->n_kinds; i++) {
        if ((int)asked->kinds[i] < SGP_UNIT_AMBULANCE_BASIC ||
            (int)asked->kinds[i] >= SGP_UNIT_KINDS)
            return sgp_fail(fault, SGP_E_RANGE, "%d is no kind of unit", (int)asked->kinds[i]);
        event->u.backup.seat.kinds |= 1u << asked->kinds[i];
    }
    if (asked->n_kinds == 0)
        return sgp_fail(fault, SGP_E_ARGUMENT, "kinds is empty: which kinds of unit are needed?");
    if (strlen(asked->reason) >= sizeof event->u.backup.reason)
        return sgp_fail(fault, SGP_E_ARGUMENT, "reason is longer than %zu bytes",
                        sizeof event->u.backup.reason - 1);
    strcpy(event->u.backup.reason, asked->reason);
    return own_incident(session, &event->u.backup.incident, fault);
}

sgp_err sgp_mass_casualty_event(sgp_session *session, const Sigap__V1__DeclareMassCasualty *asked,
                                sgp_event *event, sgp_fault *fault) {
    event->kind = SGP_EVENT_MASS_CASUALTY;
    event->u.mass.incident = asked->incident_id;
    event->u.mass.ended = asked->ended;
    event->u.mass.patients = asked->patients;
    if (asked->staging == NULL)
        return SGP_OK;
    sgp_place *staging = &event->u.mass.staging;
    event->u.mass.has_staging = true;
    staging->kind = SGP_PLACE_COORDINATES;
    staging->confidence_permille = 1000;
    snprintf(staging->label, sizeof staging->label, "%.6f,%.6f", asked->staging->lon,
             asked->staging->lat);
    return sgp_point_check(session->engine, asked->staging->lon, asked->staging->lat,
                           &staging->point, fault);
}
