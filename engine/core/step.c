/* One event applied: the only way in which a world changes.
 *
 * Each handler first checks, returning with a sentence while nothing has been
 * changed, and then changes. What follows from the changes (recommendations,
 * orders without a click, the next unit) is settled once at the end.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/agencies.h"
#include "core/alike.h"
#include "core/effects.h"
#include "core/candidates.h"
#include "core/conversation.h"
#include "core/coverage_aware.h"
#include "core/desk.h"
#include "core/device_words.h"
#include "core/edition.h"
#include "core/event_check.h"
#include "core/hospital_choice.h"
#include "core/hospitals.h"
#include "core/incident_log.h"
#include "core/mechanics.h"
#include "core/numbers.h"
#include "core/move_up.h"
#include "core/phone.h"
#include "core/place.h"
#include "core/planned.h"
#include "core/policy.h"
#include "core/accounts.h"
#include "core/fleet.h"
#include "core/premises.h"
#include "core/receipts.h"
#include "core/reinforce.h"
#include "core/rings.h"
#include "core/roads.h"
#include "core/script.h"
#include "core/sign_on.h"
#include "core/track.h"
#include "core/transfers.h"
#include "core/welfare.h"

enum {
    /* Candidates of a look-up nearer together mean one place; what may be farther off than that
     * is known by name, but nobody can be sent there. */
    SAME_PLACE_M = 500,
    RIVAL_PERMILLE = 100 /* a candidate this close in confidence is a rival */
};

/* ---- looking things up ---------------------------------------------------- */

static sgp_err need_unit(sgp_step *step, const char *code, sgp_unit_node **unit) {
    *unit = sgp_world_find_unit(step->world, code);
    return *unit ? SGP_OK : sgp_fail(&step->fault, SGP_E_NOT_FOUND, "no unit is called %s", code);
}

static sgp_err need_call(sgp_step *step, sgp_id id, sgp_call_node **call) {
    *call = sgp_world_find_call(step->world, id);
    return *call ? SGP_OK
                 : sgp_fail(&step->fault, SGP_E_NOT_FOUND, "there is no call %llu",
                            (unsigned long long)id);
}

static sgp_err need_open_assignment(sgp_step *step, sgp_id id, sgp_assignment_node **assignment) {
    *assignment = sgp_world_find_assignment(step->world, id);
    if (!*assignment)
        return sgp_fail(&step->fault, SGP_E_NOT_FOUND, "there is no assignment %llu",
                        (unsigned long long)id);
    const sgp_assignment *view = &(*assignment)->view;
    if (!sgp_assignment_is_open(view))
        return sgp_fail(&step->fault, SGP_E_STATE, "assignment %llu of %s is over: %s",
                        (unsigned long long)id, step->world->units[view->unit].view.code,
                        sgp_assignment_state_str(view->state));
    step->reply.assignment = id;
    step->reply.incident = view->incident;
    return SGP_OK;
}

static sgp_err need_place(sgp_step *step, const sgp_incident_node *incident) {
    if (incident->view.has_place)
        return SGP_OK;
    return sgp_fail(&step->fault, SGP_E_STATE, "incident %llu has no place yet; choose one first",
                    (unsigned long long)incident->view.id);
}

/* ---- units and hospitals -------------------------------------------------- */

/* Other clocks may send who was waiting for a click, or could not go. */
static sgp_err configured(sgp_step *step) {
    step->world->clocks = step->event->u.configured;
    sgp_hospitals_find_due(step->world);
    sgp_rings_find_due(step->world);
    sgp_roster_find_due(step->world, step->event->at_ms);
    return sgp_edition_holds(step->world, 1) ? sgp_all_became_available(step) : SGP_OK;
}

static sgp_err unit_registered(sgp_step *step) {
    return sgp_unit_take_entry(step, &step->event->u.unit_registered.unit, false);
}

sgp_err sgp_unit_take_entry(sgp_step *step, const sgp_unit *told, bool by_hand) {
    sgp_world *world = step->world;
    sgp_unit_node *unit = sgp_world_find_unit(world, told->code);
    if (!unit && world->n_units == SGP_UNITS_MAX)
        return sgp_fail(&step->fault, SGP_E_FULL, "there are already %d units", SGP_UNITS_MAX);
    bool is_new = !unit;
    if (is_new && !(unit = sgp_world_add_unit(world, told->code)))
        return SGP_E_MEMORY;
    sgp_unit *known = &unit->view;
    if (!is_new && !by_hand && known->kind == told->kind && strcmp(known->name, told->name) == 0 &&
        strcmp(known->agency, told->agency) == 0 && strcmp(known->station, told->station) == 0 &&
        known->vehicle_skills == told->skills &&
        sgp_point_equal(known->station_point, told->station_point) &&
        strcmp(known->district, told->district) == 0 && known->lending == told->lending &&
        known->serves == told->serves)
        return SGP_OK;
    sgp_entry_stamp(step, by_hand, &known->entry);
    memcpy(known->district, told->district, sizeof known->district);
    known->lending = told->lending;
    known->serves = told->serves;
    known->kind = told->kind;
    known->vehicle_skills = told->skills;
    sgp_unit_take_crew(world, known);
    snprintf(known->name, sizeof known->name, "%s", told->name);
    snprintf(known->agency, sizeof known->agency, "%s", told->agency);
    snprintf(known->station, sizeof known->station, "%s", told->station);
    known->station_point = told->station_point;
    if (known->at_station)
        known->position = sgp_unit_base(known);
    if (is_new)
        sgp_roster_find_due(world, step->event->at_ms);
    sgp_err err = sgp_touch_unit(step, unit);
    /* It may fit a seat now, or be near one, that it was not before. */
    if (!err && known->on_duty && !known->assignment && sgp_edition_holds(world, 1))
        err = sgp_unit_became_available(step, known->index);
    return err;
}

/* Known to be elsewhere: a position fresh enough to trust, away from the station. */
static bool is_known_elsewhere(const sgp_step *step, const sgp_unit *unit) {
    return unit->has_position &&
           step->event->at_ms - unit->position_at_ms <= step->world->clocks.position_max_age_ms &&
           !sgp_points_within(unit->position, unit->station_point, SGP_LEFT_STATION_M);
}

void sgp_unit_go_on_duty(sgp_step *step, sgp_unit *unit) {
    unit->on_duty = true;
    sgp_move_up_forget(unit);
    unit->signed_on_at_ms = step->event->at_ms;
    unit->at_station = !is_known_elsewhere(step, unit);
    if (unit->at_station) {
        unit->has_position = true;
        unit->position = unit->station_point;
        unit->position_at_ms = step->event->at_ms;
    }
}

void sgp_unit_go_off_duty(sgp_unit *unit) {
    unit->on_duty = unit->at_station = false;
    sgp_move_up_forget(unit);
    unit->signed_on_at_ms = 0;
}

static sgp_err unit_duty(sgp_step *step) {
    sgp_world *world = step->world;
    sgp_unit_node *unit;
    sgp_err err = need_unit(step, step->event->u.duty.unit, &unit);
    if (err)
        return err;
    bool on_duty = step->event->u.duty.on_duty;
    if (unit->view.assignment && !on_duty) {
        const sgp_assignment_node *on = sgp_world_find_assignment(world, unit->view.assignment);
        return sgp_fail(&step->fault, SGP_E_STATE, "%s is %s for incident %llu and cannot sign off",
                        unit->view.code, sgp_assignment_state_str(on->view.state),
                        (unsigned long long)on->view.incident);
    }
    if (unit->view.on_duty == on_duty)
        return SGP_OK;
    if (unit->view.distress_at_ms && !on_duty)
        return sgp_fail(&step->fault, SGP_E_STATE,
                        "the crew of %s is in distress; a dispatcher must clear that first",
                        unit->view.code);
    if (on_duty && (err = sgp_unit_check_service(step, &unit->view)))
        return err;
    if (on_duty) {
        sgp_unit_go_on_duty(step, &unit->view);
    } else {
        sgp_crew_leaves(step, &unit->view);
        sgp_unit_go_off_duty(&unit->view);
    }
    sgp_crew_forget(step, &unit->view);
    err = sgp_touch_unit(step, unit);
    if (err || !on_duty)
        return err;
    /* A crew that signs on anew may be asked again what it refused before. */
    for (size_t i = 0; i < world->open_incidents; i++)
        sgp_incident_remove_refused(world->open[i], unit->view.index);
    return sgp_unit_became_available(step, unit->view.index);
}

/* Neither at its station nor known to be anywhere lately. */
static bool is_lost(const sgp_step *step, const sgp_unit *unit) {
    return !unit->at_station &&
           (!unit->has_position ||
            step->event->at_ms - unit->position_at_ms > step->world->clocks.position_max_age_ms);
}

static sgp_err unit_position(sgp_step *step) {
    sgp_unit_node *unit;
    sgp_err err = need_unit(step, step->event->u.position.unit, &unit);
    if (err)
        return err;
    int64_t measured_at_ms = step->event->u.position.measured_at_ms;
    if (measured_at_ms <= 0 || measured_at_ms > step->event->at_ms)
        measured_at_ms = step->event->at_ms;
    /* Reports overtake each other on a bad radio; an older one tells nothing. */
    if (unit->view.has_position && measured_at_ms < unit->view.position_at_ms)
        return SGP_OK;
    return sgp_unit_is_at(step, unit, step->event->u.position.point, measured_at_ms);
}

sgp_err sgp_unit_is_at(sgp_step *step, sgp_unit_node *unit, sgp_point point,
                       int64_t measured_at_ms) {
    sgp_unit *view = &unit->view;
    bool was_lost = is_lost(step, view);
    view->has_position = true;
    view->position = point;
    view->position_at_ms = measured_at_ms;
    sgp_move_up_follow(view, step->event->at_ms);
    if (!sgp_points_within(view->position, sgp_unit_base(view), SGP_LEFT_STATION_M))
        view->at_station = false;
    else if (view->on_duty && !view->assignment &&
             sgp_points_within(view->position, sgp_unit_base(view), SGP_BACK_AT_STATION_M))
        view->at_station = true;
    sgp_err err = sgp_touch_unit(step, unit);
    if (!err && was_lost && !is_lost(step, view) && view->on_duty && !view->assignment)
        err = sgp_unit_became_available(step, view->index);
    return err;
}

/* ---- calls and places ----------------------------------------------------- */

/* A call may make its incident more urgent, never less. What became more urgent
 * is no longer only in the dispatcher's hand, and how crews drive depends on it. */
static sgp_err raise_priority(sgp_step *step, sgp_incident_node *incident, sgp_priority priority,
                              bool *raised) {
    const sgp_world *world = step->world;
    *raised = false;
    /* Even where answers have made it as urgent already: those may be taken back. */
    if (priority < incident->said.priority)
        sgp_script_said(incident, priority, "", false);
    if (priority >= incident->view.priority)
        return SGP_OK;
    uint32_t seats_before = sgp_planned_seats(world, incident);
    incident->view.priority = priority;
    sgp_planned_follow(world, incident, seats_before);
    incident->by_hand = false;
    *raised = true;
    return sgp_edition_holds(world, 2) ? sgp_incident_tell_crews(step, incident) : SGP_OK;
}

sgp_err sgp_incident_open_new(sgp_step *step, const char *complaint, sgp_priority priority,
                              sgp_incident_node **incident) {
    sgp_world *world = step->world;
    *incident = sgp_world_add_incident(world, world->next_incident);
    if (!*incident)
        return SGP_E_MEMORY;
    world->next_incident++;
    sgp_err err = sgp_world_note_open(world, *incident);
    if (err)
        return err;
    sgp_incident *view = &(*incident)->view;
    view->state = SGP_INCIDENT_LOCATING;
    view->priority = priority;
    view->opened_at_ms = step->event->at_ms;
    snprintf(view->complaint, sizeof view->complaint, "%s", complaint);
    view->units_wanted = sgp_planned_seats(world, *incident);
    sgp_script_said(*incident, priority, complaint, false);
    return SGP_OK;
}

/* The point that came with a call. One that is not sure is the place as long as there is no
 * other. */
static sgp_err take_point(sgp_step *step, sgp_call_node *call, sgp_incident_node *incident,
                          bool settled) {
    sgp_place place = step->event->u.call.place;
    if (place.kind == 0)
        place.kind = SGP_PLACE_COORDINATES;
    call->view.placed_at_ms = step->event->at_ms;
    call->view.has_near = true;
    call->view.near = place.point;
    call->view.near_m = place.uncertainty_m;
    sgp_err err = sgp_call_set_places(call, &place, 1);
    if (!err && (settled ? !incident->view.place_confirmed : !incident->view.has_place))
        err = sgp_incident_take_place(step, incident, &place, settled);
    return err;
}

static sgp_err call_received(sgp_step *step) {
    sgp_world *world = step->world;
    const sgp_event *event = step->event;
    sgp_incident_node *incident = NULL;
    if (event->u.call.incident) {
        sgp_err err = sgp_need_open_incident(step, event->u.call.incident, &incident);
        if (err)
            return err;
    } else if (world->open_incidents >= SGP_OPEN_INCIDENTS_MAX) {
        return sgp_fail(&step->fault, SGP_E_FULL, "%d incidents are open", SGP_OPEN_INCIDENTS_MAX);
    }
    if (world->open_calls >= SGP_OPEN_CALLS_MAX)
        return sgp_fail(&step->fault, SGP_E_FULL, "%d calls are open", SGP_OPEN_CALLS_MAX);
    sgp_err err = sgp_ring_may_become(step, event->u.call.ring);
    if (err)
        return err;

    sgp_priority priority = event->u.call.priority;
    if (priority == SGP_PRIORITY_UNKNOWN)
        priority = sgp_plan_priority(world->plan, event->u.call.complaint);
    if (!incident)
        err = sgp_incident_open_new(step, event->u.call.complaint, priority, &incident);
    if (err)
        return err;
    sgp_call_node *call = sgp_world_add_call(world, world->next_call);
    if (!call)
        return SGP_E_MEMORY;
    world->next_call++;
    world->open_calls++;
    call->view.incident = incident->view.id;
    call->view.received_at_ms = event->at_ms;
    call->view.priority = priority;
    snprintf(call->view.channel, sizeof call->view.channel, "%s", event->u.call.channel);
    snprintf(call->view.complaint, sizeof call->view.complaint, "%s", event->u.call.complaint);
    step->reply.call = call->view.id;
    step->reply.incident = incident->view.id;

    bool raised;
    err = raise_priority(step, incident, priority, &raised);
    if (err)
        return err;
    const sgp_response *response = sgp_planned_response(world, incident);
    if (incident->view.complaint[0] == '\0') {
        uint32_t seats_before = sgp_planned_seats(world, incident);
        memcpy(incident->view.complaint, call->view.complaint, sizeof call->view.complaint);
        sgp_script_said(incident, SGP_PRIORITY_UNKNOWN, call->view.complaint, false);
        sgp_planned_follow(world, incident, seats_before);
    }
    err = sgp_incident_add_call(incident, call->view.id);
    bool compare = incident->view.has_place; /* to what the call says more */
    if (!err)
        err = sgp_touch_call(step, call);
    if (!err)
        err = sgp_touch_incident(step, incident);
    if (!err)
        err = sgp_numbers_call(step, call, incident);
    if (!err)
        err = sgp_ring_became(step, event->u.call.ring, call);
    compare = compare || call->view.has_number;
    call->view.n_texts = event->u.call.has_text;
    bool settled = false, was_confirmed = incident->view.place_confirmed;
    if (!err && event->u.call.has_point) {
        settled = !event->u.call.has_text ||
                  event->u.call.place.confidence_permille >= world->clocks.confident_permille;
        err = take_point(step, call, incident, settled);
        raised = raised || (!was_confirmed && incident->view.place_confirmed);
    }
    if (!err && compare)
        err = sgp_alike_follow(step, incident);
    if (!err && event->u.call.has_text && !settled)
        err = sgp_call_look_up(step, call);
    if (!err && raised && incident->view.place_confirmed)
        err = sgp_need_attention(step, incident->view.id, true);
    else if (!err)
        err = sgp_planned_look_again(step, incident, response);
    return err;
}

/* Surely "Kecamatan Klojen", "Jalan Soekarno Hatta" or the cell of a phone, and still kilometres
 * wide: a unit sent to the middle of it comes wrong. */
static bool is_fine(const sgp_world *world, const sgp_place *place) {
    int32_t most_m = place->kind == SGP_PLACE_PHONE ? world->clocks.phone_place_m : SAME_PLACE_M;
    return place->uncertainty_m <= most_m;
}

/* One clear winner: confident, fine enough, and no rival of like confidence somewhere else. */
static bool is_clear(const sgp_world *world, const sgp_place *places, int32_t n) {
    if (places[0].confidence_permille < world->clocks.confident_permille ||
        !is_fine(world, &places[0]))
        return false;
    for (int32_t i = 1; i < n; i++)
        if (places[0].confidence_permille - places[i].confidence_permille <= RIVAL_PERMILLE &&
            !sgp_points_within(places[0].point, places[i].point, SAME_PLACE_M))
            return false;
    return true;
}

static bool is_same_place(const sgp_place *a, const sgp_place *b) {
    return a->kind == b->kind && sgp_point_equal(a->point, b->point) &&
           strcmp(a->label, b->label) == 0;
}

static sgp_err call_placed(sgp_step *step) {
    const sgp_event *event = step->event;
    sgp_call_node *call;
    sgp_err err = need_call(step, event->u.placed.call, &call);
    if (err)
        return err;
    step->reply.call = call->view.id;
    step->reply.incident = call->view.incident;
    if (!call->view.looking_up)
        return sgp_fail(&step->fault, SGP_E_STATE, "call %llu is not being looked up",
                        (unsigned long long)call->view.id);
    int32_t n = event->u.placed.n_places;
    bool provisional = event->u.placed.provisional && !event->u.placed.away;
    call->view.looking_up = provisional;
    call->view.provisional = provisional && n > 0;
    err = sgp_touch_call(step, call);
    if (err)
        return err;
    if (event->u.placed.away || n == 0)
        return sgp_phone_settle(step, call);
    call->view.placed_at_ms = event->at_ms;
    sgp_incident_node *incident = sgp_world_find_incident(step->world, call->view.incident);
    sgp_incident *view = &incident->view;
    bool corrects = call->view.n_places > 0 && view->has_place && !call->phone_placed &&
                    is_same_place(&view->place, &call->view.places[0]);
    err = sgp_call_set_places(call, event->u.placed.places, n);
    if (err)
        return err;
    for (int32_t i = 0; i < n; i++)
        if (call->view.places[i].kind == 0)
            call->view.places[i].kind = SGP_PLACE_COORDINATES;
    err = sgp_phone_join(call);
    if (err)
        return err;
    const sgp_place *best = &call->view.places[0];
    if (view->state == SGP_INCIDENT_CLOSED || view->place_confirmed)
        return SGP_OK;
    /* Clear among what the words found; what the phone told has joined them since. */
    bool confirmed = !provisional && is_clear(step->world, event->u.placed.places, n);
    /* Of several calls the surer one places the incident; but what a call said before does not
     * stand against what it says now. */
    if (!confirmed && view->has_place && !corrects &&
        view->place.confidence_permille >= best->confidence_permille)
        return SGP_OK;
    err = sgp_incident_take_place(step, incident, best, confirmed);
    if (!err && confirmed)
        err = sgp_need_attention(step, view->id, true);
    return err;
}

static sgp_err place_chosen(sgp_step *step) {
    sgp_incident_node *incident;
    sgp_err err = sgp_need_open_incident(step, step->event->u.chosen.incident, &incident);
    if (err)
        return err;
    sgp_place place = step->event->u.chosen.place;
    if (place.kind == 0)
        place.kind = SGP_PLACE_COORDINATES;
    err = sgp_incident_take_place(step, incident, &place, true);
    /* What the road graph's names found needs no second look any more. */
    for (uint32_t i = 0; i < incident->view.n_calls && !err; i++) {
        sgp_call_node *call = sgp_world_find_call(step->world, incident->calls[i]);
        if (!call->view.provisional)
            continue;
        call->view.provisional = call->view.looking_up = false;
        err = sgp_touch_call(step, call);
    }
    return err ? err : sgp_need_attention(step, incident->view.id, true);
}

static sgp_err call_narrowed(sgp_step *step) {
    sgp_call_node *call;
    sgp_incident_node *incident;
    sgp_err err = need_call(step, step->event->u.narrowed.call, &call);
    if (!err)
        err = sgp_need_open_incident(step, call->view.incident, &incident);
    if (err)
        return err;
    if (call->view.n_texts >= SGP_CALL_TEXTS_MAX)
        return sgp_fail(&step->fault, SGP_E_FULL, "call %llu already has %d texts about its place",
                        (unsigned long long)call->view.id, SGP_CALL_TEXTS_MAX);
    step->reply.call = call->view.id;
    call->view.n_texts++;
    call->view.provisional = false; /* of the words of before; these have no answer yet */
    err = sgp_touch_call(step, call);
    return err ? err : sgp_call_look_up(step, call);
}

/* An incident that lost its last call and was reached by nobody was no other one. */
static sgp_err close_if_empty(sgp_step *step, sgp_incident_node *incident) {
    if (incident->view.n_calls || incident->view.transfer)
        return SGP_OK;
    for (uint32_t i = 0; i < incident->view.n_assignments; i++)
        if (sgp_assignment_reached_scene(
                &sgp_world_find_assignment(step->world, incident->view.assignments[i])->view))
            return SGP_OK;
    return sgp_incident_close(step, incident, SGP_OUTCOME_DUPLICATE,
                              "the call belongs to another incident");
}

static sgp_err call_linked(sgp_step *step) {
    sgp_call_node *call;
    sgp_incident_node *from, *to;
    sgp_err err = need_call(step, step->event->u.linked.call, &call);
    if (!err)
        err = sgp_need_open_incident(step, call->view.incident, &from);
    if (!err)
        err = sgp_need_open_incident(step, step->event->u.linked.incident, &to);
    if (err)
        return err;
    step->reply.call = call->view.id;
    if (from == to)
        return sgp_fail(&step->fault, SGP_E_STATE, "call %llu is of incident %llu already",
                        (unsigned long long)call->view.id, (unsigned long long)to->view.id);
    sgp_incident_remove_call(from, call->view.id);
    err = sgp_incident_add_call(to, call->view.id);
    call->view.incident = to->view.id;
    call->phone_placed = false; /* the other incident's place is not this phone's */
    if (!err)
        err = sgp_touch_call(step, call);
    if (!err)
        err = sgp_touch_incident(step, from);
    if (!err)
        err = sgp_touch_incident(step, to);
    if (!err)
        err = sgp_numbers_linked(step, call, from, to);
    bool look = false;
    if (!err)
        err = raise_priority(step, to, call->view.priority, &look);
    if (!err && from->view.has_place && !to->view.place_confirmed &&
        (from->view.place_confirmed || !to->view.has_place)) {
        err = sgp_incident_take_place(step, to, &from->view.place, from->view.place_confirmed);
        look = true;
    }
    if (!err && look && to->view.place_confirmed)
        err = sgp_need_attention(step, to->view.id, true);
    return err ? err : close_if_empty(step, from);
}

/* ---- incidents ------------------------------------------------------------ */

static sgp_err incident_triaged(sgp_step *step) {
    const sgp_event *event = step->event;
    sgp_incident_node *incident;
    sgp_err err = sgp_need_open_incident(step, event->u.triaged.incident, &incident);
    if (err)
        return err;
    sgp_incident *view = &incident->view;
    bool raised = event->u.triaged.priority != SGP_PRIORITY_UNKNOWN &&
                  event->u.triaged.priority < view->priority;
    uint32_t wanted_before = view->units_wanted, alarm_before = view->alarm;
    uint32_t seats_before = sgp_planned_seats(step->world, incident);
    bool other_priority = event->u.triaged.priority != SGP_PRIORITY_UNKNOWN &&
                          event->u.triaged.priority != view->priority;
    if (event->u.triaged.priority != SGP_PRIORITY_UNKNOWN)
        view->priority = event->u.triaged.priority;
    const sgp_response *response = sgp_planned_response(step->world, incident);
    if (event->u.triaged.complaint[0])
        memcpy(view->complaint, event->u.triaged.complaint, sizeof view->complaint);
    if (event->u.triaged.alarm)
        view->alarm = event->u.triaged.alarm;
    sgp_script_said(incident, event->u.triaged.priority, event->u.triaged.complaint, true);
    sgp_planned_follow(step->world, incident, seats_before);
    if (event->u.triaged.units_wanted) {
        view->units_wanted = event->u.triaged.units_wanted;
        view->seats_dropped = view->seats_dropped_of = 0;
    }
    bool more = view->units_wanted > wanted_before || view->alarm > alarm_before;
    err = sgp_touch_incident(step, incident);
    if (!err && (raised || more))
        err = sgp_incident_trust(step, incident);
    if (!err && event->u.triaged.complaint[0])
        err = sgp_alike_follow(step, incident);
    if (raised || more) {
        incident->by_hand = false;
        if (!err && view->place_confirmed)
            err = sgp_need_attention(step, view->id, true);
    } else if (!err) {
        err = sgp_incident_withdraw_surplus(step, incident);
        if (!err)
            err = sgp_planned_look_again(step, incident, response);
    }
    /* How crews drive depends on it. */
    if (!err && other_priority && sgp_rules_are_there(step->world))
        err = sgp_incident_tell_crews(step, incident);
    return err ? err : sgp_incident_settle(step, incident);
}

static sgp_err recommendation_asked(sgp_step *step) {
    sgp_incident_node *incident;
    sgp_err err = sgp_need_open_incident(step, step->event->u.asked.incident, &incident);
    if (!err)
        err = need_place(step, incident);
    return err ? err : sgp_need_attention(step, incident->view.id, false);
}

/* A dispatcher may take a unit from any other incident, whatever the rules, but not from a
 * patient. */
static bool may_be_diverted(const sgp_assignment *on, sgp_id to) {
    return on->incident != to &&
           (on->state <= SGP_ASSIGNMENT_EN_ROUTE || on->state == SGP_ASSIGNMENT_HANDED_OVER);
}

static sgp_err unit_is_free(sgp_step *step, const sgp_unit *unit) {
    if (unit->assignment) {
        const sgp_assignment_node *on = sgp_world_find_assignment(step->world, unit->assignment);
        bool in_distress = unit->distress_at_ms && sgp_edition_holds(step->world, 2);
        if (step->event->u.ordered.divert && !in_distress &&
            may_be_diverted(&on->view, step->event->u.ordered.incident))
            return SGP_OK;
        if (step->event->u.ordered.divert && in_distress)
            return sgp_fail(&step->fault, SGP_E_STATE, "the crew of %s is in distress", unit->code);
        return sgp_fail(&step->fault, SGP_E_STATE, "%s is %s for incident %llu", unit->code,
                        sgp_assignment_state_str(on->view.state),
                        (unsigned long long)on->view.incident);
    }
    if (!unit->on_duty)
        return sgp_fail(&step->fault, SGP_E_STATE, "%s is off duty", unit->code);
    if (unit->distress_at_ms)
        return sgp_fail(&step->fault, SGP_E_STATE, "the crew of %s is in distress", unit->code);
    return SGP_OK;
}

/* The road time of one unit; -1 when it is not known or there is no way. */
static sgp_err travel_of(sgp_step *step, const sgp_incident_node *incident, const sgp_unit *unit,
                         int64_t *travel_ms) {
    *travel_ms = -1;
    if (!unit->at_station && !unit->has_position)
        return SGP_OK;
    sgp_start from = sgp_policy_start(unit, incident->view.priority);
    int64_t answer = -1;
    sgp_err err = step->times->many_to_one(step->times->ctx, &from, 1,
                                           sgp_incident_target(&incident->view), &answer);
    if (err == SGP_E_MEMORY || err == SGP_E_CORRUPT)
        return err;
    if (!err && answer >= 0)
        *travel_ms = answer;
    return SGP_OK;
}

/* The best of a fresh recommendation, which is published with the order. */
static sgp_err choose_best(sgp_step *step, sgp_incident_node *incident, sgp_unit_node **unit,
                           int64_t *travel_ms) {
    sgp_recommendation recommendation;
    sgp_err err = sgp_policy_recommend(step->world, incident, step->event->at_ms, step->times,
                                       &recommendation);
    if (err)
        return err;
    const sgp_candidate *best = NULL;
    for (uint32_t seat = 1; seat <= SGP_NEEDS_MAX && !best; seat++)
        best = sgp_recommended_for(&recommendation, seat);
    if (!best) {
        free(recommendation.candidates);
        return sgp_fail(&step->fault, SGP_E_STATE, "no unit can go to incident %llu now",
                        (unsigned long long)incident->view.id);
    }
    *unit = &step->world->units[best->unit];
    *travel_ms = best->travel_ms;
    return sgp_recommendation_publish(step, incident, &recommendation);
}

static sgp_err unit_ordered(sgp_step *step) {
    const char *code = step->event->u.ordered.unit;
    sgp_incident_node *incident;
    sgp_unit_node *unit = NULL;
    int64_t travel_ms = -1;
    sgp_err err = sgp_need_open_incident(step, step->event->u.ordered.incident, &incident);
    if (!err)
        err = need_place(step, incident);
    if (!err && !sgp_incident_has_room(step->world, incident))
        err = sgp_fail(&step->fault, SGP_E_FULL, "incident %llu has %d units already",
                       (unsigned long long)incident->view.id, SGP_UNITS_PER_INCIDENT_MAX);
    if (!err && code[0]) {
        err = need_unit(step, code, &unit);
        if (!err)
            err = unit_is_free(step, &unit->view);
        if (!err)
            err = travel_of(step, incident, &unit->view, &travel_ms);
    } else if (!err) {
        err = choose_best(step, incident, &unit, &travel_ms);
    }
    if (err)
        return err;
    err = sgp_incident_trust(step, incident);
    if (err)
        return err;
    sgp_incident_remove_refused(incident, unit->view.index);
    sgp_incident_seat_for(step->world, incident, &unit->view);
    if (unit->view.assignment)
        err = sgp_unit_take(step, unit, incident);
    if (err)
        return err;
    sgp_assignment_node *assignment;
    err = sgp_assignment_order(step, incident, unit->view.index, travel_ms, true, &assignment);
    if (err)
        return err;
    step->reply.assignment = assignment->view.id;
    step->reply.recommendation = assignment->view.recommendation;
    return SGP_OK;
}

static sgp_err incident_closed(sgp_step *step) {
    sgp_incident_node *incident;
    sgp_err err = sgp_need_open_incident(step, step->event->u.closed.incident, &incident);
    if (err)
        return err;
    return sgp_incident_close(step, incident, step->event->u.closed.outcome,
                              "the incident is closed");
}

/* ---- assignments ---------------------------------------------------------- */

/* A crew declined or did not answer: it is not asked again, the next one may be. */
static sgp_err refused(sgp_step *step, sgp_assignment_node *assignment, sgp_assignment_state state,
                       const char *reason) {
    sgp_world *world = step->world;
    sgp_incident_node *incident = sgp_world_find_incident(world, assignment->view.incident);
    sgp_err err = sgp_incident_add_refused(incident, assignment->view.unit);
    if (!err && incident->view.state != SGP_INCIDENT_CLOSED) {
        incident->wish = incident->wish || world->clocks.reorder_after_refusal;
        err = sgp_need_attention(step, incident->view.id, world->clocks.reorder_after_refusal);
    }
    if (!err)
        err =
            sgp_assignment_end(step, assignment, state, reason, state == SGP_ASSIGNMENT_TIMED_OUT);
    return err;
}

/* A state that somebody tells of afterwards: not before the one that it follows, and not long ago.
 * A minute ahead is a clock that is not set well. */
static sgp_err take_said(sgp_step *step, const sgp_assignment *on, int64_t said_at_ms,
                         bool for_crew) {
    enum { BACK_MS = 4 * 3600 * 1000, AHEAD_MS = 60 * 1000 };
    int64_t now_ms = step->event->at_ms;
    const char *code = step->world->units[on->unit].view.code;
    if (said_at_ms > now_ms + AHEAD_MS)
        return sgp_fail(&step->fault, SGP_E_RANGE, "what %s did lies in the future", code);
    if (said_at_ms && said_at_ms < now_ms - BACK_MS)
        return sgp_fail(&step->fault, SGP_E_RANGE, "what %s did lies more than 4 hours back", code);
    if (said_at_ms && said_at_ms < on->at_ms[on->state])
        return sgp_fail(&step->fault, SGP_E_RANGE,
                        "%s was %s only %lld s later than the time that is told", code,
                        sgp_assignment_state_str(on->state),
                        (long long)((on->at_ms[on->state] - said_at_ms) / 1000));
    step->said_of = on->id;
    step->said_at_ms = said_at_ms && said_at_ms < now_ms ? said_at_ms : now_ms;
    step->said_for_crew = for_crew;
    return SGP_OK;
}

static sgp_err order_answered(sgp_step *step) {
    sgp_assignment_node *assignment;
    bool late;
    sgp_err err = sgp_device_tells(step, &late);
    if (err || late)
        return err;
    err = need_open_assignment(step, step->event->u.answered.assignment, &assignment);
    if (err)
        return err;
    if (assignment->view.state != SGP_ASSIGNMENT_ORDERED)
        return sgp_fail(&step->fault, SGP_E_STATE, "assignment %llu is answered already: %s",
                        (unsigned long long)assignment->view.id,
                        sgp_assignment_state_str(assignment->view.state));
    if (!step->event->u.answered.device_at_ms)
        err = take_said(step, &assignment->view, step->event->u.answered.said_at_ms,
                        step->event->u.answered.for_crew);
    if (err)
        return err;
    if (!step->event->u.answered.accepted)
        return refused(step, assignment, SGP_ASSIGNMENT_DECLINED, step->event->u.answered.reason);
    return sgp_assignment_enter(step, assignment, SGP_ASSIGNMENT_ACCEPTED);
}

/* On board until a hospital has it. */
static sgp_err carries_nobody(sgp_step *step, const sgp_assignment *on) {
    if (!step->world->clocks.rules.patients_first || on->state < SGP_ASSIGNMENT_TRANSPORTING ||
        on->state > SGP_ASSIGNMENT_AT_HOSPITAL)
        return SGP_OK;
    return sgp_fail(&step->fault, SGP_E_STATE, "%s has a patient: %s; hand the patient over first",
                    step->world->units[on->unit].view.code, sgp_assignment_state_str(on->state));
}

static sgp_err assignment_advanced(sgp_step *step) {
    const char *code = step->event->u.advanced.hospital;
    sgp_assignment_state state = step->event->u.advanced.state;
    sgp_assignment_node *assignment;
    bool late;
    sgp_err err = sgp_device_tells(step, &late);
    if (err || late)
        return err;
    err = need_open_assignment(step, step->event->u.advanced.assignment, &assignment);
    if (err)
        return err;
    sgp_assignment *view = &assignment->view;
    if (state <= view->state)
        return sgp_fail(&step->fault, SGP_E_STATE, "%s is %s already and cannot go back to %s",
                        step->world->units[view->unit].view.code,
                        sgp_assignment_state_str(view->state), sgp_assignment_state_str(state));
    if (state == SGP_ASSIGNMENT_CLOSED && view->state < SGP_ASSIGNMENT_ON_SCENE)
        return sgp_fail(&step->fault, SGP_E_STATE,
                        "%s has not reached the scene; stand it down instead",
                        step->world->units[view->unit].view.code);
    if (state == SGP_ASSIGNMENT_CLOSED && (err = carries_nobody(step, view)))
        return err;
    if (!step->event->u.advanced.device_at_ms)
        err = take_said(step, view, step->event->u.advanced.said_at_ms,
                        step->event->u.advanced.for_crew);
    if (err)
        return err;
    sgp_hospital_advice advice;
    int32_t hospital;
    err = sgp_hospital_settle(step, assignment, state, code, &advice, &hospital);
    if (err)
        return err;
    if (state >= SGP_ASSIGNMENT_TRANSPORTING && state <= SGP_ASSIGNMENT_HANDED_OVER) {
        view->hospital = hospital;
    }
    if (advice.options)
        err = sgp_hospital_publish(step, assignment, &advice);
    /* A crew that goes where it was advised has chosen nothing. */
    if (code[0] && hospital != view->proposed)
        view->hospital_named = true;
    if (!err && state == SGP_ASSIGNMENT_TRANSPORTING && hospital >= 0 && !code[0] &&
        step->world->clocks.rules.hospital_by_need)
        err = sgp_hospital_tell_destination(step, view);
    return err ? err : sgp_assignment_enter(step, assignment, state);
}

static sgp_err assignment_stood_down(sgp_step *step) {
    sgp_assignment_node *assignment;
    sgp_err err = need_open_assignment(step, step->event->u.stood_down.assignment, &assignment);
    if (!err)
        err = carries_nobody(step, &assignment->view);
    if (err)
        return err;
    sgp_incident_node *incident = sgp_world_find_incident(step->world, assignment->view.incident);
    /* The dispatcher has taken the incident in hand; the engine must not send
     * the same unit back in the same moment. */
    incident->by_hand = true;
    incident->wish = false;
    if (incident->view.state != SGP_INCIDENT_CLOSED) {
        sgp_incident_drop_seat(step->world, incident, &assignment->view);
        err = sgp_touch_incident(step, incident);
    }
    if (!err)
        err = sgp_assignment_end(step, assignment, SGP_ASSIGNMENT_STOOD_DOWN,
                                 step->event->u.stood_down.reason, true);
    if (!err && incident->view.state == SGP_INCIDENT_WAITING)
        err = sgp_need_attention(step, incident->view.id, false);
    return err;
}

/* ---- time and graph ------------------------------------------------------- */

/* The order that fell due first; ties by id. */
static sgp_assignment_node *first_due(const sgp_step *step) {
    sgp_assignment_node *first = NULL;
    for (size_t i = 0; i < step->world->n_orders; i++) {
        sgp_assignment_node *node = step->world->orders[i];
        if (node->answer_by_ms > step->event->at_ms)
            continue;
        if (!first || node->answer_by_ms < first->answer_by_ms ||
            (node->answer_by_ms == first->answer_by_ms && node->view.id < first->view.id))
            first = node;
    }
    return first;
}

static sgp_err timer(sgp_step *step) {
    sgp_assignment_node *due;
    sgp_err err = SGP_OK;
    sgp_roads_timer(step);
    err = sgp_agencies_timer(step);
    if (!err)
        err = sgp_hospitals_timer(step);
    if (!err)
        err = sgp_transfers_timer(step);
    if (!err)
        err = sgp_welfare_timer(step);
    if (!err)
        err = sgp_rings_timer(step);
    if (!err)
        err = sgp_roster_timer(step);
    while (!err && (due = first_due(step)))
        err = refused(step, due, SGP_ASSIGNMENT_TIMED_OUT, "no answer in time");
    return err;
}

static sgp_err graph_switched(sgp_step *step) {
    memcpy(step->world->city, step->event->u.switched.city, sizeof step->world->city);
    step->world->metric = step->event->u.switched.metric;
    step->world->n_metrics = 0; /* the marks were of the other graph */
    return sgp_all_became_available(step);
}

/* ---- the step ------------------------------------------------------------- */

static sgp_err apply(sgp_step *step) {
    static sgp_err (*const handlers[SGP_EVENT_KINDS])(sgp_step * step) = {
        [SGP_EVENT_CONFIGURED] = configured,
        [SGP_EVENT_UNIT_REGISTERED] = unit_registered,
        [SGP_EVENT_HOSPITAL_REGISTERED] = sgp_hospital_registered,
        [SGP_EVENT_UNIT_DUTY] = unit_duty,
        [SGP_EVENT_UNIT_POSITION] = unit_position,
        [SGP_EVENT_CALL_RECEIVED] = call_received,
        [SGP_EVENT_CALL_PLACED] = call_placed,
        [SGP_EVENT_PLACE_CHOSEN] = place_chosen,
        [SGP_EVENT_CALL_LINKED] = call_linked,
        [SGP_EVENT_INCIDENT_TRIAGED] = incident_triaged,
        [SGP_EVENT_RECOMMENDATION_ASKED] = recommendation_asked,
        [SGP_EVENT_UNIT_ORDERED] = unit_ordered,
        [SGP_EVENT_ORDER_ANSWERED] = order_answered,
        [SGP_EVENT_ASSIGNMENT_ADVANCED] = assignment_advanced,
        [SGP_EVENT_ASSIGNMENT_STOOD_DOWN] = assignment_stood_down,
        [SGP_EVENT_INCIDENT_CLOSED] = incident_closed,
        [SGP_EVENT_TIMER] = timer,
        [SGP_EVENT_GRAPH_SWITCHED] = graph_switched,
        [SGP_EVENT_METRIC_SWAPPED] = sgp_roads_metric_swapped,
        [SGP_EVENT_ROAD_CLOSED] = sgp_roads_closed,
        [SGP_EVENT_ROAD_OPENED] = sgp_roads_opened,
        [SGP_EVENT_CALL_NARROWED] = call_narrowed,
        [SGP_EVENT_PHONE_POSITION] = sgp_phone_position,
        [SGP_EVENT_LOCATE_ASKED] = sgp_locate_asked,
        [SGP_EVENT_PLANNED] = sgp_planned,
        [SGP_EVENT_QUESTION_ANSWERED] = sgp_question_answered,
        [SGP_EVENT_AGENCY_ALERTED] = sgp_agency_alerted,
        [SGP_EVENT_AGENCY_ANSWERED] = sgp_agency_answered,
        [SGP_EVENT_BACKUP_ASKED] = sgp_backup_asked,
        [SGP_EVENT_AID_ASKED] = sgp_aid_asked,
        [SGP_EVENT_MASS_CASUALTY] = sgp_mass_casualty,
        [SGP_EVENT_COVERAGE_SET] = sgp_coverage_set,
        [SGP_EVENT_ALIKE_DISMISSED] = sgp_alike_dismissed,
        [SGP_EVENT_HOSPITAL_TOLD] = sgp_hospital_was_told,
        [SGP_EVENT_PATIENT_TOLD] = sgp_patient_told,
        [SGP_EVENT_HOSPITAL_ASKED] = sgp_hospital_asked,
        [SGP_EVENT_MOVE_UP_ORDERED] = sgp_move_up_ordered,
        [SGP_EVENT_MOVE_UP_ANSWERED] = sgp_move_up_answered,
        [SGP_EVENT_MOVE_UP_ENDED] = sgp_move_up_ended,
        [SGP_EVENT_HOSPITAL_CHOSEN] = sgp_hospital_chosen,
        [SGP_EVENT_TRANSFER_ASKED] = sgp_transfer_asked,
        [SGP_EVENT_TRANSFER_CHANGED] = sgp_transfer_changed,
        [SGP_EVENT_TRANSFER_CANCELLED] = sgp_transfer_cancelled,
        [SGP_EVENT_CALL_JUDGED] = sgp_call_judged,
        [SGP_EVENT_NUMBER_MARKED] = sgp_number_marked,
        [SGP_EVENT_DISTRESS] = sgp_distress,
        [SGP_EVENT_WELFARE_ANSWERED] = sgp_welfare_answered,
        [SGP_EVENT_NOTE_ADDED] = sgp_note_added,
        [SGP_EVENT_PREMISE_SET] = sgp_premise_set,
        [SGP_EVENT_PREMISE_REMOVED] = sgp_premise_removed,
        [SGP_EVENT_RING_CAME] = sgp_ring_came,
        [SGP_EVENT_RING_TOLD] = sgp_ring_told,
        [SGP_EVENT_RING_TAKEN] = sgp_ring_taken,
        [SGP_EVENT_RING_CALL_BACK] = sgp_ring_call_back,
        [SGP_EVENT_ROSTER_LOADED] = sgp_roster_loaded,
        [SGP_EVENT_CREW_SIGNED_ON] = sgp_crew_signed_on,
        [SGP_EVENT_SHIFT_SET] = sgp_shift_set,
        [SGP_EVENT_SHIFT_REMOVED] = sgp_shift_removed,
        [SGP_EVENT_CALLER_CAME] = sgp_caller_came,
        [SGP_EVENT_MESSAGE_SAID] = sgp_message_said,
        [SGP_EVENT_MESSAGES_READ] = sgp_messages_read,
        [SGP_EVENT_INBOUND_SEEN] = sgp_inbound_seen,
        [SGP_EVENT_INCIDENT_TAKEN] = sgp_incident_taken,
        [SGP_EVENT_DESK_HANDED_OVER] = sgp_desk_handed_over,
        [SGP_EVENT_USER_SET] = sgp_user_set,
        [SGP_EVENT_LOGIN_CODE_MADE] = sgp_login_code_made,
        [SGP_EVENT_DEVICE_ADDED] = sgp_device_added,
        [SGP_EVENT_DEVICES_REMOVED] = sgp_devices_removed,
        [SGP_EVENT_FLEET_SET] = sgp_fleet_set,
        [SGP_EVENT_ORDER_RECEIVED] = sgp_order_received,
        [SGP_EVENT_TRACK_TOLD] = sgp_track_told,
    };
    sgp_err err = handlers[step->event->kind](step);
    if (!err)
        err = sgp_settle_step(step);
    if (!err)
        err = sgp_receipts_follow(step);
    return err ? err : sgp_log_step(step);
}

static int by_thing_then_id(const void *left, const void *right) {
    const sgp_changed_thing *a = left, *b = right;
    if (a->thing != b->thing)
        return a->thing < b->thing ? -1 : 1;
    return a->id < b->id ? -1 : a->id > b->id;
}

static sgp_err tell_changes(sgp_step *step) {
    sgp_world *world = step->world;
    if (world->n_changed > 1)
        qsort(world->changed, world->n_changed, sizeof *world->changed, by_thing_then_id);
    for (size_t i = 0; i < world->n_changed; i++) {
        sgp_effect *effect = sgp_effects_add(step->effects, SGP_EFFECT_CHANGED);
        if (!effect)
            return SGP_E_MEMORY;
        effect->u.changed.thing = world->changed[i].thing;
        effect->u.changed.id = world->changed[i].id;
    }
    return SGP_OK;
}

static sgp_err tell_reply(sgp_effects *effects, const sgp_reply *reply) {
    sgp_effect *effect = sgp_effects_add(effects, SGP_EFFECT_REPLY);
    if (!effect)
        return SGP_E_MEMORY;
    effect->u.reply = *reply;
    return SGP_OK;
}

static bool is_request(const sgp_event *event) {
    static const uint8_t none[16];
    return memcmp(event->request_id, none, sizeof none) != 0;
}

static bool is_fatal(sgp_err err) {
    return err == SGP_E_MEMORY || err == SGP_E_CORRUPT;
}

/* The event happened, or its refusal is remembered: both take its number. */
static void take_number(sgp_world *world, const sgp_event *event) {
    world->seq = event->seq;
    world->now_ms = event->at_ms;
}

static sgp_err refuse(sgp_step *step, sgp_err err, bool remember) {
    sgp_reply reply = {.err = err};
    snprintf(reply.actor, sizeof reply.actor, "%.*s", (int)sizeof reply.actor - 1,
             step->event->actor);
    snprintf(reply.message, sizeof reply.message, "%.*s", (int)sizeof reply.message - 1,
             step->fault.text[0] ? step->fault.text : sgp_err_message(err));
    if (remember && is_request(step->event)) {
        if (sgp_replies_add(&step->world->replies, step->event->request_id, &reply) != SGP_OK)
            return SGP_E_MEMORY;
        take_number(step->world, step->event);
    }
    return tell_reply(step->effects, &reply) != SGP_OK ? SGP_E_MEMORY : err;
}

sgp_err sgp_core_step(sgp_world *world, const sgp_event *event, const sgp_times *times,
                      sgp_effects *effects) {
    assert(world && event && times && effects);
    sgp_step step = {.world = world,
                     .event = event,
                     .times = times,
                     .effects = effects,
                     .told_before = effects->n};
    sgp_reply before;
    if (is_request(event) && sgp_replies_find(&world->replies, event->request_id, &before)) {
        if (!sgp_world_reply(world, event->request_id, event->actor, &before))
            return refuse(&step,
                          sgp_fail(&step.fault, SGP_E_STATE,
                                   "another user's request has this id; use a fresh one"),
                          false);
        return tell_reply(effects, &before) != SGP_OK ? SGP_E_MEMORY : before.err;
    }
    if (event->seq <= world->seq || event->at_ms < world->now_ms)
        return refuse(&step,
                      sgp_fail(&step.fault, SGP_E_ARGUMENT,
                               "event %llu at %lld ms does not follow event %llu at %lld ms",
                               (unsigned long long)event->seq, (long long)event->at_ms,
                               (unsigned long long)world->seq, (long long)world->now_ms),
                      false);
    /* An event that makes no sense cannot be written down, so it is not remembered. */
    sgp_err err = sgp_event_check(event, &step.fault);
    if (err)
        return refuse(&step, err, false);
    world->step++;
    world->first_of_step = world->next_assignment;
    world->n_changed = world->n_attention = world->n_freed = 0;
    err = apply(&step);
    if (is_fatal(err))
        return err;
    if (err)
        return refuse(&step, err, true);
    take_number(world, event);
    sgp_world_forget_closed(world);
    sgp_transfers_forget(world);
    sgp_world_find_timer(world);
    err = tell_changes(&step);
    memcpy(step.reply.actor, event->actor, sizeof step.reply.actor);
    if (!err && is_request(event))
        err = sgp_replies_add(&world->replies, event->request_id, &step.reply);
    if (!err)
        err = tell_reply(effects, &step.reply);
    return err;
}
