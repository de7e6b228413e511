#include "core/planned.h"

#include <stdlib.h>
#include <string.h>

#include "core/needs.h"

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
    free(world->plan);
    world->plan = copy;
    memcpy(world->plan_digest, digest, sizeof digest);
    return sgp_all_became_available(step);
}

const sgp_response *sgp_planned_response(const sgp_world *world,
                                         const sgp_incident_node *incident) {
    return sgp_plan_response(world->plan, incident->view.complaint, incident->view.priority);
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
    uint32_t n = 0;
    for (uint32_t i = 0; response && i < response->n_seats; i++) {
        const sgp_seat *seat = &world->plan->seats[response->first_seat + i];
        n += seat->alarm <= incident->view.alarm && !seat->if_possible &&
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
