#include "core/mechanics.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "core/agencies.h"
#include "core/alike.h"
#include "core/edition.h"
#include "core/effects.h"
#include "core/hospitals.h"
#include "core/move_up.h"
#include "core/needs.h"
#include "core/numbers.h"
#include "core/place.h"
#include "core/transfers.h"
#include "core/welfare.h"

/* ---- what changed --------------------------------------------------------- */

/* The first change of a thing in a step notes it and makes a new version. */
static sgp_err touch(sgp_step *step, uint64_t *touched, uint64_t *version, sgp_world_thing thing,
                     sgp_id id) {
    sgp_world *world = step->world;
    if (*touched == world->step)
        return SGP_OK;
    sgp_err err = SGP_ROOM(world->changed, world->n_changed, world->changed_capacity);
    if (err)
        return err;
    *touched = world->step;
    if (version)
        (*version)++;
    world->changed[world->n_changed++] = (sgp_changed_thing){thing, id};
    return SGP_OK;
}

sgp_err sgp_touch_unit(sgp_step *step, sgp_unit_node *unit) {
    return touch(step, &unit->touched, &unit->view.version, SGP_THING_UNIT,
                 (sgp_id)unit->view.index + 1);
}

sgp_err sgp_touch_hospital(sgp_step *step, sgp_hospital_node *hospital) {
    return touch(step, &hospital->touched, &hospital->view.version, SGP_THING_HOSPITAL,
                 (sgp_id)hospital->view.index + 1);
}

sgp_err sgp_touch_call(sgp_step *step, sgp_call_node *call) {
    return touch(step, &call->touched, &call->view.version, SGP_THING_CALL, call->view.id);
}

sgp_err sgp_touch_incident(sgp_step *step, sgp_incident_node *incident) {
    return touch(step, &incident->touched, &incident->view.version, SGP_THING_INCIDENT,
                 incident->view.id);
}

sgp_err sgp_touch_assignment(sgp_step *step, sgp_assignment_node *assignment) {
    return touch(step, &assignment->touched, &assignment->view.version, SGP_THING_ASSIGNMENT,
                 assignment->view.id);
}

sgp_err sgp_touch_transfer(sgp_step *step, sgp_transfer_node *transfer) {
    return touch(step, &transfer->touched, &transfer->view.version, SGP_THING_TRANSFER,
                 transfer->view.id);
}

sgp_err sgp_touch_ring(sgp_step *step, sgp_ring_node *ring) {
    return touch(step, &ring->touched, &ring->view.version, SGP_THING_RING, ring->view.id);
}

sgp_err sgp_need_attention(sgp_step *step, sgp_id incident, bool may_order) {
    sgp_world *world = step->world;
    for (size_t i = 0; i < world->n_attention; i++)
        if (world->attention[i].incident == incident) {
            world->attention[i].may_order = world->attention[i].may_order && may_order;
            return SGP_OK;
        }
    sgp_err err = SGP_ROOM(world->attention, world->n_attention, world->attention_capacity);
    if (!err)
        world->attention[world->n_attention++] = (sgp_attention){incident, may_order};
    return err;
}

sgp_err sgp_unit_became_available(sgp_step *step, uint32_t unit) {
    sgp_world *world = step->world;
    sgp_err err = SGP_ROOM(world->freed, world->n_freed, world->freed_capacity);
    if (!err)
        world->freed[world->n_freed++] = unit;
    return err;
}

sgp_err sgp_all_became_available(sgp_step *step) {
    sgp_err err = SGP_OK;
    for (uint32_t i = 0; i < step->world->n_units && !err; i++)
        if (step->world->units[i].view.on_duty && !step->world->units[i].view.assignment)
            err = sgp_unit_became_available(step, i);
    return err;
}

sgp_err sgp_need_open_incident(sgp_step *step, sgp_id id, sgp_incident_node **incident) {
    *incident = sgp_world_find_incident(step->world, id);
    if (!*incident)
        return sgp_fail(&step->fault, SGP_E_NOT_FOUND, "there is no incident %llu",
                        (unsigned long long)id);
    if ((*incident)->view.state == SGP_INCIDENT_CLOSED)
        return sgp_fail(&step->fault, SGP_E_STATE, "incident %llu is closed",
                        (unsigned long long)id);
    step->reply.incident = id;
    return SGP_OK;
}

/* ---- incidents ------------------------------------------------------------ */

static sgp_assignment_node *assignment_of(const sgp_world *world, const sgp_incident_node *incident,
                                          uint32_t nth) {
    return sgp_world_find_assignment(world, incident->view.assignments[nth]);
}

uint32_t sgp_incident_open(const sgp_world *world, const sgp_incident_node *incident) {
    uint32_t open = 0;
    for (uint32_t i = 0; i < incident->view.n_assignments; i++)
        open += sgp_assignment_is_open(&assignment_of(world, incident, i)->view);
    return open;
}

uint32_t sgp_incident_served(const sgp_world *world, const sgp_incident_node *incident) {
    uint32_t served = 0;
    for (uint32_t i = 0; i < incident->view.n_assignments; i++)
        served += assignment_of(world, incident, i)->view.state == SGP_ASSIGNMENT_CLOSED;
    return served;
}

/* The order goes out as it is when the step is over, so once is enough. */
static bool is_told(const sgp_effects *effects, sgp_id assignment) {
    for (size_t i = 0; i < effects->n; i++)
        if (effects->items[i].kind == SGP_EFFECT_ORDER &&
            effects->items[i].u.order.assignment == assignment)
            return true;
    return false;
}

static sgp_err tell_order(sgp_step *step, sgp_id assignment) {
    if (sgp_edition_holds(step->world, 2) && is_told(step->effects, assignment))
        return SGP_OK;
    sgp_effect *effect = sgp_effects_add(step->effects, SGP_EFFECT_ORDER);
    if (!effect)
        return SGP_E_MEMORY;
    effect->u.order.assignment = assignment;
    return SGP_OK;
}

sgp_err sgp_call_look_up(sgp_step *step, sgp_call_node *call) {
    call->view.looking_up = true;
    sgp_effect *effect = sgp_effects_add(step->effects, SGP_EFFECT_FIND_PLACE);
    if (!effect)
        return SGP_E_MEMORY;
    effect->u.find_place.call = call->view.id;
    return SGP_OK;
}

sgp_err sgp_incident_take_place(sgp_step *step, sgp_incident_node *incident, const sgp_place *place,
                                bool confirmed) {
    sgp_err err = sgp_touch_incident(step, incident);
    incident->view.place = *place;
    incident->view.has_place = true;
    incident->view.place_confirmed = confirmed;
    /* Whatever placed it before, what a phone tells later must not touch this place. */
    for (uint32_t i = 0; i < incident->view.n_calls; i++)
        sgp_world_find_call(step->world, incident->calls[i])->phone_placed = false;
    if (!incident->view.placed_at_ms)
        incident->view.placed_at_ms = step->event->at_ms;
    if (!err)
        err = sgp_incident_tell_crews(step, incident);
    if (!err)
        err = sgp_alike_follow(step, incident);
    if (!err)
        err = sgp_incident_settle(step, incident);
    return err;
}

sgp_err sgp_incident_tell_crews(sgp_step *step, const sgp_incident_node *incident) {
    sgp_err err = SGP_OK;
    for (uint32_t i = 0; i < incident->view.n_assignments && !err; i++) {
        const sgp_assignment *assignment = &assignment_of(step->world, incident, i)->view;
        if (assignment->state >= SGP_ASSIGNMENT_ORDERED &&
            assignment->state <= SGP_ASSIGNMENT_EN_ROUTE)
            err = tell_order(step, assignment->id);
    }
    return err;
}

sgp_err sgp_incident_withdraw_surplus(sgp_step *step, sgp_incident_node *incident) {
    sgp_err err = SGP_OK;
    if (!step->world->clocks.rules.withdraw_surplus)
        return SGP_OK;
    for (uint32_t i = incident->view.n_assignments; i-- > 0 && !err;) {
        sgp_assignment_node *assignment = assignment_of(step->world, incident, i);
        if (assignment->view.state == SGP_ASSIGNMENT_ORDERED &&
            sgp_assignment_is_surplus(step->world, incident, assignment->view.id))
            err = sgp_assignment_end(step, assignment, SGP_ASSIGNMENT_STOOD_DOWN,
                                     "fewer units are needed", true);
    }
    return err;
}

sgp_err sgp_incident_close(sgp_step *step, sgp_incident_node *incident, sgp_outcome outcome,
                           const char *reason) {
    sgp_world *world = step->world;
    assert(incident->view.state != SGP_INCIDENT_CLOSED);
    sgp_err err = SGP_ROOM(world->closed, world->n_closed, world->closed_capacity);
    if (!err)
        err = sgp_touch_incident(step, incident);
    if (err)
        return err;
    world->closed[world->n_closed++] = incident->view.id;
    incident->view.state = SGP_INCIDENT_CLOSED;
    incident->view.outcome = outcome;
    incident->view.closed_at_ms = step->event->at_ms;
    incident->wish = false;
    /* What is over is in nobody's hands. */
    memset(incident->view.taken_by, 0, sizeof incident->view.taken_by);
    incident->view.taken_at_ms = 0;
    sgp_world_note_closed(world, incident);
    if (incident->view.n_alerts)
        sgp_agencies_find_due(world);
    err = sgp_alike_forget(step, incident);
    if (!err)
        err = sgp_numbers_closing(step, incident);
    world->open_calls -= incident->view.n_calls;
    for (uint32_t i = 0; i < incident->view.n_assignments && !err; i++) {
        sgp_assignment_node *assignment = assignment_of(world, incident, i);
        if (sgp_assignment_is_open(&assignment->view) &&
            assignment->view.state < SGP_ASSIGNMENT_TRANSPORTING)
            err = sgp_assignment_end(step, assignment, SGP_ASSIGNMENT_STOOD_DOWN, reason, true);
    }
    return err ? err : sgp_transfer_incident_closed(step, incident);
}

sgp_err sgp_incident_settle(sgp_step *step, sgp_incident_node *incident) {
    if (incident->view.state == SGP_INCIDENT_CLOSED)
        return SGP_OK;
    uint32_t open = sgp_incident_open(step->world, incident);
    if (open == 0 && sgp_incident_is_served(step->world, incident))
        return sgp_incident_close(step, incident, SGP_OUTCOME_SERVED, "");
    sgp_incident_state state = open > 0                         ? SGP_INCIDENT_ASSIGNED
                               : incident->view.place_confirmed ? SGP_INCIDENT_WAITING
                                                                : SGP_INCIDENT_LOCATING;
    if (state == incident->view.state)
        return SGP_OK;
    incident->view.state = state;
    return sgp_touch_incident(step, incident);
}

/* ---- assignments ---------------------------------------------------------- */

/* The oldest assignment that may make room for another: ended before the scene. */
static sgp_id expendable(const sgp_world *world, const sgp_incident_node *incident) {
    for (uint32_t i = 0; i < incident->view.n_assignments; i++) {
        const sgp_assignment_node *node = assignment_of(world, incident, i);
        if (!sgp_assignment_is_open(&node->view) && !sgp_assignment_reached_scene(&node->view) &&
            node->touched != world->step)
            return node->view.id;
    }
    return 0;
}

bool sgp_incident_has_room(const sgp_world *world, const sgp_incident_node *incident) {
    return incident->view.n_assignments < SGP_UNITS_PER_INCIDENT_MAX ||
           expendable(world, incident) != 0;
}

sgp_err sgp_assignment_order(sgp_step *step, sgp_incident_node *incident, uint32_t unit,
                             int64_t travel_ms, bool by_dispatcher,
                             sgp_assignment_node **assignment) {
    sgp_world *world = step->world;
    sgp_unit_node *ordered = &world->units[unit];
    assert(!ordered->view.assignment && ordered->view.on_duty);
    if (incident->view.n_assignments == SGP_UNITS_PER_INCIDENT_MAX)
        sgp_world_forget_assignment(world, expendable(world, incident));
    sgp_assignment_node *node = sgp_world_add_assignment(world, world->next_assignment);
    if (!node)
        return SGP_E_MEMORY;
    int64_t now_ms = step->event->at_ms;
    sgp_id id = world->next_assignment++;
    node->view.incident = incident->view.id;
    node->view.unit = unit;
    node->view.state = SGP_ASSIGNMENT_ORDERED;
    node->view.at_ms[SGP_ASSIGNMENT_ORDERED] = now_ms;
    node->view.recommendation = incident->view.last_recommendation;
    node->view.travel_ms = travel_ms;
    node->view.by_dispatcher = by_dispatcher;
    node->answer_by_ms = now_ms + world->clocks.accept_ms[incident->view.priority];
    incident->view.assignments[incident->view.n_assignments++] = id;
    if (!incident->view.first_order_at_ms)
        incident->view.first_order_at_ms = now_ms;
    incident->wish = false;
    ordered->view.assignment = id;
    ordered->on = node;
    sgp_err err = sgp_world_note_order(world, node);
    if (!err)
        err = sgp_touch_assignment(step, node);
    if (!err)
        err = sgp_touch_unit(step, ordered);
    if (!err)
        err = sgp_touch_incident(step, incident);
    if (!err)
        err = tell_order(step, id);
    if (!err)
        err = sgp_incident_settle(step, incident);
    *assignment = node;
    return err;
}

sgp_err sgp_assignment_enter(sgp_step *step, sgp_assignment_node *assignment,
                             sgp_assignment_state state) {
    sgp_world *world = step->world;
    sgp_unit_node *unit = &world->units[assignment->view.unit];
    sgp_incident_node *incident = sgp_world_find_incident(world, assignment->view.incident);
    if (assignment->view.state == SGP_ASSIGNMENT_ORDERED)
        sgp_world_note_answer(world, assignment);
    sgp_assignment_state before = assignment->view.state;
    assignment->view.state = state;
    bool is_said = step->said_of == assignment->view.id;
    int64_t at_ms = is_said ? step->said_at_ms : step->event->at_ms;
    assignment->view.at_ms[state] = at_ms;
    assignment->view.by_radio |= (uint32_t)(is_said && step->said_for_crew) << state;
    if (is_said && step->device_at_ms) {
        assignment->view.device_at_ms[state] = step->device_at_ms;
        assignment->view.arrived_at_ms[state] = step->event->at_ms;
    }
    assignment->answer_by_ms = 0;
    sgp_err err = sgp_touch_assignment(step, assignment);
    if (!err)
        err = sgp_hospitals_follow(step, assignment, before);
    sgp_welfare_follow(step, assignment);
    if (!err)
        err = sgp_touch_unit(step, unit);
    if (state >= SGP_ASSIGNMENT_EN_ROUTE && state <= SGP_ASSIGNMENT_CLOSED) {
        unit->view.at_station = false;
        sgp_move_up_forget(&unit->view);
    }
    if (!err && state >= SGP_ASSIGNMENT_ON_SCENE && state <= SGP_ASSIGNMENT_CLOSED &&
        !incident->view.first_on_scene_at_ms) {
        incident->view.first_on_scene_at_ms = at_ms;
        err = sgp_touch_incident(step, incident);
    }
    /* It is not free yet, but policies that divert may send it from here. */
    if (!err && state == SGP_ASSIGNMENT_HANDED_OVER && sgp_edition_holds(world, 1))
        err = sgp_unit_became_available(step, unit->view.index);
    if (err || sgp_assignment_is_open(&assignment->view))
        return err;
    unit->view.assignment = 0;
    unit->on = NULL;
    /* An ambulance of the hospital that it has just carried to is at home. */
    int64_t left_at_ms = assignment->view.at_ms[SGP_ASSIGNMENT_EN_ROUTE];
    if (left_at_ms && unit->view.position_at_ms >= left_at_ms &&
        sgp_points_within(unit->view.position, unit->view.station_point, SGP_BACK_AT_STATION_M))
        unit->view.at_station = true;
    err = sgp_unit_became_available(step, unit->view.index);
    if (!err)
        err = sgp_incident_settle(step, incident);
    return err;
}

sgp_err sgp_assignment_end(sgp_step *step, sgp_assignment_node *assignment,
                           sgp_assignment_state state, const char *reason, bool withdraw) {
    assert(sgp_assignment_is_open(&assignment->view));
    snprintf(assignment->view.reason, sizeof assignment->view.reason, "%s", reason);
    if (withdraw) {
        sgp_effect *effect = sgp_effects_add(step->effects, SGP_EFFECT_WITHDRAW);
        if (!effect)
            return SGP_E_MEMORY;
        effect->u.withdraw.assignment = assignment->view.id;
    }
    return sgp_assignment_enter(step, assignment, state);
}

sgp_err sgp_unit_take(sgp_step *step, sgp_unit_node *unit, const sgp_incident_node *incident) {
    sgp_world *world = step->world;
    sgp_assignment_node *on = sgp_world_find_assignment(world, unit->view.assignment);
    if (on->view.state == SGP_ASSIGNMENT_HANDED_OVER)
        return sgp_assignment_enter(step, on, SGP_ASSIGNMENT_CLOSED);
    assert(on->view.state <= SGP_ASSIGNMENT_EN_ROUTE);
    sgp_incident_node *from = sgp_world_find_incident(world, on->view.incident);
    char reason[SGP_NAME_BYTES];
    snprintf(reason, sizeof reason, "needed for incident %llu (%s)",
             (unsigned long long)incident->view.id, sgp_priority_str(incident->view.priority));
    /* Somebody had decided that it gets a unit, so it gets the next one without a click. */
    from->view.diverted++;
    from->wish = true;
    sgp_err err = sgp_touch_incident(step, from);
    if (!err)
        err = sgp_need_attention(step, from->view.id, true);
    return err ? err : sgp_assignment_end(step, on, SGP_ASSIGNMENT_DIVERTED, reason, true);
}
