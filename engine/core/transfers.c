#include "core/transfers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/edition.h"
#include "core/needs.h"
#include "core/policy.h"

enum {
    MINUTE_MS = 60 * 1000,
    LOOK_BEFORE_MS = 15 * MINUTE_MS,  /* the last look before it is due */
    LEAD_UNKNOWN_MS = 30 * MINUTE_MS, /* where no unit's way is known */
    SOON_MS = 60 * MINUTE_MS,         /* within which conflicts of today are told */
    FURTHEST_DAYS = 366
};
static const int64_t DAY_MS = INT64_C(24) * 60 * MINUTE_MS;

static const uint32_t any_ambulance =
    1u << SGP_UNIT_AMBULANCE_BASIC | 1u << SGP_UNIT_AMBULANCE_ADVANCED;

static bool is_over(const sgp_transfer *transfer) {
    return transfer->state > SGP_TRANSFER_DUE;
}

int64_t sgp_transfer_due_ms(const sgp_transfer *transfer) {
    return transfer->pick_up_at_ms - transfer->lead_ms;
}

static bool fits(const sgp_transfer *transfer, const sgp_unit *unit) {
    sgp_need need = {.kinds = transfer->seat.kinds, .skills = transfer->seat.skills};
    return sgp_need_fits(&need, unit);
}

/* ---- what is derived ------------------------------------------------------- */

void sgp_transfers_find(sgp_world *world) {
    for (uint32_t i = 0; i < world->n_units; i++)
        world->units[i].pencilled = 0;
    world->transfer_look_ms = INT64_MAX;
    world->n_transfers_over = 0;
    for (size_t i = 0; i < world->transfers.n; i++) {
        const sgp_transfer *view = &((const sgp_transfer_node *)world->transfers.nodes[i])->view;
        world->n_transfers_over += is_over(view);
        if (view->state == SGP_TRANSFER_PLANNED && view->look_at_ms < world->transfer_look_ms)
            world->transfer_look_ms = view->look_at_ms;
        if (is_over(view) || !view->unit)
            continue;
        sgp_id *next = &world->units[view->unit - 1].pencilled;
        if (!*next || sgp_transfer_due_ms(view) <
                          sgp_transfer_due_ms(&sgp_world_find_transfer(world, *next)->view))
            *next = view->id;
    }
}

void sgp_transfers_forget(sgp_world *world) {
    for (size_t i = 0; world->n_transfers_over > SGP_TRANSFERS_KEPT && i < world->transfers.n;) {
        sgp_transfer_node *node = world->transfers.nodes[i];
        if (!is_over(&node->view) || node->touched == world->step) {
            i++;
            continue;
        }
        sgp_id_table_remove(&world->transfers, node->view.id);
        free(node);
        world->n_transfers_over--;
    }
}

static bool keeps(const sgp_world *world, const sgp_transfer *transfer, int64_t now_ms) {
    if (transfer->state == SGP_TRANSFER_PLANNED)
        return sgp_transfer_due_ms(transfer) - now_ms <= world->clocks.rules.transfer_keep_ms;
    return transfer->state == SGP_TRANSFER_DUE &&
           sgp_world_find_incident(world, transfer->incident)->view.state == SGP_INCIDENT_WAITING;
}

sgp_id sgp_transfer_that_keeps(const sgp_world *world, uint32_t unit, int64_t now_ms) {
    sgp_id next = world->units[unit].pencilled;
    if (!next)
        return 0;
    if (!sgp_edition_holds(world, 2))
        return keeps(world, &sgp_world_find_transfer(world, next)->view, now_ms) ? next : 0;
    const sgp_transfer *first = NULL;
    for (size_t i = 0; i < world->transfers.n; i++) {
        const sgp_transfer *view = &((const sgp_transfer_node *)world->transfers.nodes[i])->view;
        if (view->unit == unit + 1 && keeps(world, view, now_ms) &&
            (!first || sgp_transfer_due_ms(view) < sgp_transfer_due_ms(first)))
            first = view;
    }
    return first ? first->id : 0;
}

uint32_t sgp_transfer_pencilled(const sgp_world *world, const sgp_incident_node *incident) {
    if (!incident->view.transfer)
        return 0;
    const sgp_transfer_node *node = sgp_world_find_transfer(world, incident->view.transfer);
    return node ? node->view.unit : 0;
}

/* ---- how long it takes ------------------------------------------------------ */

/* Asked for: every unit that fits, or only the one that is pencilled in; those on duty if there
 * are any. */
static uint32_t list_fitting(const sgp_world *world, const sgp_transfer *transfer, bool on_duty,
                             uint32_t *units) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < world->n_units; i++) {
        const sgp_unit *unit = &world->units[i].view;
        if ((transfer->unit ? transfer->unit == i + 1 : fits(transfer, unit)) &&
            (!on_duty || unit->on_duty))
            units[n++] = i;
    }
    return n;
}

/* From its station; right before it is due from where it is. Who has a job may be anywhere by
 * then, and is asked for from its station too. */
static sgp_start start_of(const sgp_unit *unit, const sgp_transfer *transfer, bool soon) {
    sgp_start from = sgp_policy_start(unit, transfer->priority);
    if (!soon || !unit->on_duty || unit->assignment)
        from.point = unit->station_point;
    return from;
}

static bool is_fatal(sgp_err err) {
    return err == SGP_E_MEMORY || err == SGP_E_CORRUPT;
}

/* The quickest of them, and who it is. */
static sgp_err find_lead(sgp_step *step, const sgp_transfer *transfer, bool soon, int64_t *lead_ms,
                         uint32_t *unit) {
    sgp_world *world = step->world;
    sgp_scratch *scratch;
    sgp_err err = sgp_world_scratch(world, &scratch);
    if (err)
        return err;
    uint32_t n = list_fitting(world, transfer, true, scratch->row);
    if (n == 0)
        n = list_fitting(world, transfer, false, scratch->row);
    *lead_ms = -1;
    if (n == 0)
        return SGP_OK;
    for (uint32_t i = 0; i < n; i++)
        scratch->from[i] = start_of(&world->units[scratch->row[i]].view, transfer, soon);
    err = step->times->many_to_one(step->times->ctx, scratch->from, n,
                                   world->hospitals[transfer->from].view.point, scratch->answer_ms);
    for (uint32_t i = 0; i < n && !err; i++) {
        int64_t ms = scratch->answer_ms[i];
        if (ms < 0)
            continue;
        ms += world->clocks.turnout_ms[scratch->from[i].kind];
        if (*lead_ms < 0 || ms < *lead_ms) {
            *lead_ms = ms;
            *unit = scratch->row[i];
        }
    }
    return is_fatal(err) ? err : SGP_OK;
}

static sgp_err find_ride(sgp_step *step, const sgp_transfer *transfer, uint32_t unit,
                         int64_t *ride_ms) {
    const sgp_world *world = step->world;
    *ride_ms = -1;
    sgp_start from = {.point = world->hospitals[transfer->from].view.point,
                      .unit = unit,
                      .kind = world->units[unit].view.kind,
                      .priority = transfer->priority};
    sgp_err err = step->times->one_to_many(step->times->ctx, &from,
                                           &world->hospitals[transfer->to].view.point, 1, ride_ms);
    return is_fatal(err) ? err : SGP_OK;
}

static sgp_err estimate(sgp_step *step, sgp_transfer_node *node, bool soon) {
    sgp_transfer *view = &node->view;
    int64_t lead_ms, ride_ms = -1;
    uint32_t unit = 0;
    sgp_err err = find_lead(step, view, soon, &lead_ms, &unit);
    if (!err && lead_ms >= 0)
        err = find_ride(step, view, unit, &ride_ms);
    if (err)
        return err;
    view->lead_ms =
        (lead_ms >= 0 ? lead_ms : LEAD_UNKNOWN_MS) + step->world->clocks.rules.transfer_margin_ms;
    if (ride_ms >= 0)
        view->ride_ms = ride_ms;
    return sgp_touch_transfer(step, node);
}

/* ---- from plan to incident --------------------------------------------------- */

static sgp_place place_of(const sgp_hospital *hospital) {
    sgp_place place = {.kind = SGP_PLACE_FACILITY,
                       .point = hospital->point,
                       .confidence_permille = 1000,
                       .precision = SGP_PRECISION_EXACT};
    snprintf(place.label, sizeof place.label, "%s", hospital->name);
    return place;
}

static sgp_err open_due(sgp_step *step, sgp_transfer_node *node) {
    sgp_world *world = step->world;
    sgp_transfer *view = &node->view;
    sgp_incident_node *incident;
    sgp_err err = sgp_incident_open_new(step, view->complaint, view->priority, &incident);
    if (err)
        return err;
    incident->view.transfer = view->id;
    incident->view.destination = view->to + 1;
    incident->view.transfer_seat = view->seat;
    incident->view.units_wanted = 1;
    view->state = SGP_TRANSFER_DUE;
    view->incident = incident->view.id;
    view->look_at_ms = 0;
    sgp_place place = place_of(&world->hospitals[view->from].view);
    err = sgp_incident_take_place(step, incident, &place, true);
    if (!err)
        err = sgp_touch_transfer(step, node);
    return err ? err : sgp_need_attention(step, view->incident, true);
}

/* Opens it, or says when it is looked at next. */
static sgp_err schedule(sgp_step *step, sgp_transfer_node *node) {
    int64_t now_ms = step->event->at_ms, due_ms = sgp_transfer_due_ms(&node->view);
    if (due_ms <= now_ms + MINUTE_MS) {
        if (step->world->open_incidents < SGP_OPEN_INCIDENTS_MAX)
            return open_due(step, node);
        due_ms = now_ms + MINUTE_MS; /* there is no room; it is not forgotten */
    }
    node->view.look_at_ms = due_ms - LOOK_BEFORE_MS > now_ms ? due_ms - LOOK_BEFORE_MS : due_ms;
    return SGP_OK;
}

sgp_err sgp_transfers_timer(sgp_step *step) {
    sgp_world *world = step->world;
    sgp_err err = SGP_OK;
    if (world->transfer_look_ms > step->event->at_ms)
        return SGP_OK;
    for (size_t i = 0; i < world->transfers.n && !err; i++) {
        sgp_transfer_node *node = world->transfers.nodes[i];
        if (node->view.state != SGP_TRANSFER_PLANNED || node->view.look_at_ms > step->event->at_ms)
            continue;
        err = estimate(step, node, true);
        if (!err)
            err = schedule(step, node);
    }
    sgp_transfers_find(world);
    return err;
}

/* ---- asking, changing, cancelling ------------------------------------------- */

static sgp_err need_hospital(sgp_step *step, const char *code, uint32_t *index) {
    const sgp_hospital_node *node = sgp_world_find_hospital(step->world, code);
    if (!node)
        return sgp_fail(&step->fault, SGP_E_NOT_FOUND, "no hospital is called %s", code);
    *index = node->view.index;
    return SGP_OK;
}

/* Who is to be pencilled in; "" is nobody. */
static sgp_err need_fitting(sgp_step *step, const sgp_transfer *transfer, const char *code,
                            uint32_t *unit) {
    *unit = 0;
    if (!code[0])
        return SGP_OK;
    const sgp_unit_node *node = sgp_world_find_unit(step->world, code);
    if (!node)
        return sgp_fail(&step->fault, SGP_E_NOT_FOUND, "no unit is called %s", code);
    if (!fits(transfer, &node->view))
        return sgp_fail(&step->fault, SGP_E_STATE,
                        "%s is not of the kind, or lacks the skills, that the transfer needs",
                        code);
    *unit = node->view.index + 1;
    return SGP_OK;
}

static sgp_err check_time(sgp_step *step, int64_t at_ms) {
    if (at_ms < step->event->at_ms - MINUTE_MS)
        return sgp_fail(&step->fault, SGP_E_RANGE,
                        "the time of the transfer lies in the past; without one it is at once");
    if (at_ms > step->event->at_ms + FURTHEST_DAYS * DAY_MS)
        return sgp_fail(&step->fault, SGP_E_RANGE, "the transfer lies more than a year ahead");
    return SGP_OK;
}

static sgp_err check_room(sgp_step *step, uint32_t more) {
    const sgp_world *world = step->world;
    if (world->transfers.n - world->n_transfers_over + more > SGP_TRANSFERS_MAX)
        return sgp_fail(&step->fault, SGP_E_FULL, "%d transfers are planned or under way",
                        SGP_TRANSFERS_MAX);
    if (world->open_incidents >= SGP_OPEN_INCIDENTS_MAX)
        return sgp_fail(&step->fault, SGP_E_FULL, "%d incidents are open", SGP_OPEN_INCIDENTS_MAX);
    return SGP_OK;
}

/* Everything but times and id. */
static sgp_err read_asked(sgp_step *step, sgp_transfer *asked) {
    const sgp_event *event = step->event;
    const char *complaint = event->u.transfer_asked.complaint;
    sgp_err err = need_hospital(step, event->u.transfer_asked.from, &asked->from);
    if (!err)
        err = need_hospital(step, event->u.transfer_asked.to, &asked->to);
    if (!err && asked->from == asked->to)
        err = sgp_fail(&step->fault, SGP_E_ARGUMENT, "the patient is in %s already",
                       event->u.transfer_asked.to);
    snprintf(asked->complaint, sizeof asked->complaint, "%s",
             complaint[0] ? complaint : "transfer");
    asked->priority = event->u.transfer_asked.priority;
    if (asked->priority == SGP_PRIORITY_UNKNOWN)
        asked->priority = sgp_plan_priority(step->world->plan, asked->complaint);
    asked->seat = event->u.transfer_asked.seat;
    if (!asked->seat.kinds)
        asked->seat.kinds = any_ambulance;
    return err ? err : need_fitting(step, asked, event->u.transfer_asked.unit, &asked->unit);
}

static sgp_err add(sgp_step *step, const sgp_transfer *asked, sgp_transfer_node **node) {
    sgp_world *world = step->world;
    *node = sgp_world_add_transfer(world, world->next_transfer);
    if (!*node)
        return SGP_E_MEMORY;
    sgp_transfer *view = &(*node)->view;
    *view = *asked;
    view->id = world->next_transfer++;
    view->state = SGP_TRANSFER_PLANNED;
    view->asked_at_ms = step->event->at_ms;
    view->ride_ms = -1;
    sgp_err err = estimate(step, *node, false);
    return err ? err : schedule(step, *node);
}

sgp_err sgp_transfer_asked(sgp_step *step) {
    const sgp_event *event = step->event;
    sgp_transfer asked = {.pick_up_at_ms = event->u.transfer_asked.pick_up_at_ms};
    int64_t return_at_ms = event->u.transfer_asked.return_at_ms;
    if (!asked.pick_up_at_ms)
        asked.pick_up_at_ms = event->at_ms;
    sgp_err err = check_time(step, asked.pick_up_at_ms);
    if (!err && return_at_ms)
        err = check_time(step, return_at_ms);
    if (!err && return_at_ms && return_at_ms <= asked.pick_up_at_ms)
        err = sgp_fail(&step->fault, SGP_E_RANGE, "the way back begins before the way there");
    if (!err)
        err = check_room(step, return_at_ms ? 2 : 1);
    if (!err)
        err = read_asked(step, &asked);
    if (err)
        return err;
    sgp_transfer_node *node, *back;
    err = add(step, &asked, &node);
    if (err)
        return err;
    step->reply.transfer = node->view.id;
    step->reply.incident = node->view.incident;
    if (return_at_ms) {
        asked.outward = node->view.id;
        asked.pick_up_at_ms = return_at_ms;
        uint32_t from = asked.from;
        asked.from = asked.to;
        asked.to = from;
        err = add(step, &asked, &back);
    }
    sgp_transfers_find(step->world);
    return err;
}

/* One that is not over, as the asker has seen it. */
static sgp_err need_transfer(sgp_step *step, sgp_id id, uint64_t version,
                             sgp_transfer_node **node) {
    unsigned long long number = id;
    *node = sgp_world_find_transfer(step->world, id);
    if (!*node)
        return sgp_fail(&step->fault, SGP_E_NOT_FOUND, "there is no transfer %llu", number);
    const sgp_transfer *view = &(*node)->view;
    if (is_over(view))
        return sgp_fail(&step->fault, SGP_E_STATE, "transfer %llu is over: %s", number,
                        sgp_transfer_state_str(view->state));
    if (version && version != view->version)
        return sgp_fail(&step->fault, SGP_E_STATE,
                        "transfer %llu was changed meanwhile (version %llu, not %llu); look again",
                        number, (unsigned long long)view->version, (unsigned long long)version);
    step->reply.transfer = id;
    step->reply.incident = view->incident;
    return SGP_OK;
}

sgp_err sgp_transfer_changed(sgp_step *step) {
    const sgp_event *event = step->event;
    int64_t pick_up_at_ms = event->u.transfer_changed.pick_up_at_ms;
    uint32_t unit = 0;
    sgp_transfer_node *node;
    sgp_err err = need_transfer(step, event->u.transfer_changed.transfer,
                                event->u.transfer_changed.version, &node);
    if (err)
        return err;
    sgp_transfer *view = &node->view;
    if (view->state == SGP_TRANSFER_DUE)
        return sgp_fail(&step->fault, SGP_E_STATE,
                        "transfer %llu is due; order a unit to incident %llu",
                        (unsigned long long)view->id, (unsigned long long)view->incident);
    if (pick_up_at_ms)
        err = check_time(step, pick_up_at_ms);
    if (!err && event->u.transfer_changed.other_unit)
        err = need_fitting(step, view, event->u.transfer_changed.unit, &unit);
    if (err)
        return err;
    if (pick_up_at_ms)
        view->pick_up_at_ms = pick_up_at_ms;
    if (event->u.transfer_changed.other_unit)
        view->unit = unit;
    err = estimate(step, node, false);
    if (!err)
        err = schedule(step, node);
    step->reply.incident = view->incident;
    sgp_transfers_find(step->world);
    return err;
}

static sgp_err end(sgp_step *step, sgp_transfer_node *node, sgp_transfer_state state,
                   const char *reason) {
    node->view.state = state;
    node->view.ended_at_ms = step->event->at_ms;
    node->view.look_at_ms = 0;
    snprintf(node->view.reason, sizeof node->view.reason, "%s", reason);
    return sgp_touch_transfer(step, node);
}

/* Who never got there needs no way back. */
static sgp_err cancel_back(sgp_step *step, sgp_id outward) {
    sgp_err err = SGP_OK;
    for (size_t i = 0; i < step->world->transfers.n && !err; i++) {
        sgp_transfer_node *node = step->world->transfers.nodes[i];
        if (node->view.outward == outward && node->view.state == SGP_TRANSFER_PLANNED)
            err = end(step, node, SGP_TRANSFER_CANCELLED, "the way there was not made");
    }
    return err;
}

/* The patient is on board, or was. */
static bool is_taken(const sgp_world *world, const sgp_incident_node *incident) {
    for (uint32_t i = 0; i < incident->view.n_assignments; i++) {
        const sgp_assignment *on =
            &sgp_world_find_assignment(world, incident->view.assignments[i])->view;
        for (int state = SGP_ASSIGNMENT_TRANSPORTING; state <= SGP_ASSIGNMENT_HANDED_OVER; state++)
            if (on->at_ms[state])
                return true;
    }
    return false;
}

sgp_err sgp_transfer_cancelled(sgp_step *step) {
    const char *reason = step->event->u.transfer_cancelled.reason;
    sgp_transfer_node *node;
    sgp_err err = need_transfer(step, step->event->u.transfer_cancelled.transfer,
                                step->event->u.transfer_cancelled.version, &node);
    if (err)
        return err;
    if (node->view.state == SGP_TRANSFER_DUE) {
        sgp_incident_node *incident = sgp_world_find_incident(step->world, node->view.incident);
        if (is_taken(step->world, incident))
            return sgp_fail(&step->fault, SGP_E_STATE, "the patient of transfer %llu is on the way",
                            (unsigned long long)node->view.id);
        err =
            sgp_incident_close(step, incident, SGP_OUTCOME_CANCELLED, "the transfer is cancelled");
        snprintf(node->view.reason, sizeof node->view.reason, "%s", reason);
        return err;
    }
    err = end(step, node, SGP_TRANSFER_CANCELLED, reason);
    if (!err)
        err = cancel_back(step, node->view.id);
    sgp_transfers_find(step->world);
    return err;
}

sgp_err sgp_transfer_incident_closed(sgp_step *step, const sgp_incident_node *incident) {
    sgp_transfer_node *node = sgp_world_find_transfer(step->world, incident->view.transfer);
    if (!node)
        return SGP_OK;
    bool taken = is_taken(step->world, incident);
    sgp_err err = end(step, node, taken ? SGP_TRANSFER_DONE : SGP_TRANSFER_UNDONE, "");
    if (!err && !taken)
        err = cancel_back(step, node->view.id);
    sgp_transfers_find(step->world);
    return err;
}

/* ---- what speaks against it -------------------------------------------------- */

static int64_t ends_ms(const sgp_world *world, const sgp_transfer *transfer) {
    const sgp_rules *rules = &world->clocks.rules;
    int64_t ride_ms = transfer->ride_ms >= 0 ? transfer->ride_ms : LEAD_UNKNOWN_MS;
    return transfer->pick_up_at_ms + ride_ms + rules->handover_ms + rules->clear_ms;
}

static bool overlaps(const sgp_world *world, const sgp_transfer *transfer) {
    for (size_t i = 0; i < world->transfers.n; i++) {
        const sgp_transfer *other = &((const sgp_transfer_node *)world->transfers.nodes[i])->view;
        if (other->id != transfer->id && other->unit == transfer->unit && !is_over(other) &&
            sgp_transfer_due_ms(other) < ends_ms(world, transfer) &&
            sgp_transfer_due_ms(transfer) < ends_ms(world, other))
            return true;
    }
    return false;
}

static uint32_t unit_conflicts(const sgp_world *world, const sgp_transfer *transfer,
                               int64_t now_ms) {
    const sgp_unit *unit = &world->units[transfer->unit - 1].view;
    bool soon = sgp_transfer_due_ms(transfer) - now_ms <= SOON_MS;
    const sgp_assignment_node *on = world->units[transfer->unit - 1].on;
    bool busy = on && (!transfer->incident || on->view.incident != transfer->incident);
    return (uint32_t)(soon && !unit->on_duty) << SGP_CONFLICT_OFF_DUTY |
           (uint32_t)(soon && busy) << SGP_CONFLICT_BUSY |
           (uint32_t)overlaps(world, transfer) << SGP_CONFLICT_OVERLAP |
           (uint32_t)!fits(transfer, unit) << SGP_CONFLICT_UNFIT;
}

uint32_t sgp_transfer_conflicts(const sgp_world *world, const sgp_transfer *transfer,
                                int64_t now_ms) {
    if (is_over(transfer))
        return 0;
    uint32_t found = transfer->unit ? unit_conflicts(world, transfer, now_ms) : 0;
    const sgp_incident_node *incident = sgp_world_find_incident(world, transfer->incident);
    /* Who asks for one at once cannot expect a unit at once. */
    int64_t earliest_ms = transfer->asked_at_ms + transfer->lead_ms;
    if (now_ms > transfer->pick_up_at_ms && now_ms > earliest_ms &&
        (!incident || !incident->view.first_on_scene_at_ms))
        found |= 1u << SGP_CONFLICT_LATE;
    return found;
}
