#include "core/planned.h"

#include <stdlib.h>
#include <string.h>

#include "core/edition.h"
#include "core/needs.h"

/* What open incidents want follows the other plan, as it follows another complaint; who is not
 * needed any more is called off by the rules for that. `seats_before` is by place in the list. */
static sgp_err follow_reload(sgp_step *step, const uint32_t *seats_before, size_t n) {
    sgp_world *world = step->world;
    sgp_err err = SGP_OK;
    /* An incident may close meanwhile: the others move up, so from the end. */
    for (size_t i = n; i-- > 0 && !err;) {
        sgp_incident_node *incident = world->open[i];
        uint32_t wanted_before = incident->view.units_wanted;
        bool had_dropped = incident->view.seats_dropped != 0;
        incident->view.seats_dropped = incident->view.seats_dropped_of = 0;
        sgp_planned_follow(world, incident, seats_before[i]);
        if (incident->view.units_wanted == wanted_before && !had_dropped)
            continue;
        err = sgp_touch_incident(step, incident);
        if (!err)
            err = sgp_incident_withdraw_surplus(step, incident);
        if (!err)
            err = sgp_incident_settle(step, incident);
    }
    return err;
}

sgp_err sgp_planned(sgp_step *step) {
    sgp_world *world = step->world;
    uint8_t digest[SGP_HASH_BYTES];
    sgp_plan_digest(step->event->u.planned.plan, digest);
    if (world->plan && memcmp(digest, world->plan_digest, sizeof digest) == 0)
        return SGP_OK;
    sgp_plan *copy = sgp_plan_create();
    if (!copy)
        return SGP_E_MEMORY;
    *copy = *step->event->u.planned.plan;
    size_t n = sgp_edition_holds(world, 1) ? world->open_incidents : 0;
    uint32_t *seats_before = malloc((n + 1) * sizeof *seats_before);
    if (!seats_before) {
        free(copy);
        return SGP_E_MEMORY;
    }
    for (size_t i = 0; i < n; i++)
        seats_before[i] = sgp_planned_seats(world, world->open[i]);
    free(world->plan);
    world->plan = copy;
    memcpy(world->plan_digest, digest, sizeof digest);
    sgp_err err = follow_reload(step, seats_before, n);
    free(seats_before);
    return err ? err : sgp_all_became_available(step);
}

const sgp_response *sgp_planned_response(const sgp_world *world,
                                         const sgp_incident_node *incident) {
    if (incident->view.transfer)
        return NULL;
    return sgp_plan_response(world->plan, incident->view.complaint, incident->view.priority);
}

uint32_t sgp_planned_dropped(const sgp_world *world, const sgp_incident_node *incident) {
    uint32_t of = incident->view.seats_dropped_of;
    const sgp_response *response = of ? sgp_planned_response(world, incident) : NULL;
    return response && of == (uint32_t)(response - world->plan->responses) + 1
               ? incident->view.seats_dropped
               : 0;
}

uint32_t sgp_planned_seats(const sgp_world *world, const sgp_incident_node *incident) {
    const sgp_response *response = sgp_planned_response(world, incident);
    uint32_t n = 0;
    for (uint32_t i = 0; response && i < response->n_seats; i++) {
        const sgp_seat *seat = &world->plan->seats[response->first_seat + i];
        n += seat->alarm <= incident->view.alarm && !seat->if_possible;
    }
    return n ? n : 1;
}

/* Seats that nobody waits for once a crew that was there has gone: of those that treat nobody, or
 * go along with another. Who wants three ambulances has patients for three. */
static uint32_t seats_that_may_lapse(const sgp_world *world, const sgp_incident_node *incident) {
    const sgp_response *response = sgp_planned_response(world, incident);
    uint32_t n = 0, dropped = sgp_planned_dropped(world, incident);
    for (uint32_t i = 0; response && i < response->n_seats; i++) {
        const sgp_seat *seat = &world->plan->seats[response->first_seat + i];
        n += seat->alarm <= incident->view.alarm && !seat->if_possible && !(dropped >> i & 1u) &&
             ((seat->kinds & sgp_kinds_that_treat) == 0 || seat->with != 0);
    }
    return n;
}

uint32_t sgp_planned_must_serve(const sgp_world *world, const sgp_incident_node *incident) {
    uint32_t wanted = incident->view.units_wanted;
    uint32_t may_lapse = seats_that_may_lapse(world, incident);
    if (incident->view.alarm > 1)
        return wanted;
    return wanted > may_lapse ? wanted - may_lapse : 1;
}

void sgp_planned_follow(const sgp_world *world, sgp_incident_node *incident,
                        uint32_t seats_before) {
    int64_t wanted = (int64_t)incident->view.units_wanted +
                     (int64_t)sgp_planned_seats(world, incident) - (int64_t)seats_before;
    if (wanted < 1)
        wanted = 1;
    if (wanted > SGP_UNITS_PER_INCIDENT_MAX)
        wanted = SGP_UNITS_PER_INCIDENT_MAX;
    incident->view.units_wanted = (uint32_t)wanted;
}

sgp_err sgp_planned_look_again(sgp_step *step, const sgp_incident_node *incident,
                               const sgp_response *before) {
    sgp_need need;
    if (sgp_planned_response(step->world, incident) == before ||
        incident->view.state == SGP_INCIDENT_CLOSED || !incident->view.place_confirmed ||
        sgp_incident_needs(step->world, incident, &need, 1) == 0)
        return SGP_OK;
    return sgp_need_attention(step, incident->view.id, true);
}
