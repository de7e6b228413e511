/* Nobody waits beside a unit that could go, and nobody is sent who is kept for something. */
#include "ledger_parts.h"
#include "sigap/plan.h"

/* Whether the unit is pencilled in for a transfer that is due within the time that the rules keep
 * it, or that waits for it. */
static bool is_kept_for(const sgp_world *world, const sgp_transfer *transfer, uint32_t unit,
                        int64_t now_ms) {
    if (transfer->unit != unit + 1)
        return false;
    if (transfer->state == SGP_TRANSFER_PLANNED)
        return transfer->pick_up_at_ms - transfer->lead_ms <=
               now_ms + sgp_world_clocks(world)->rules.transfer_keep_ms;
    const sgp_incident *incident = sgp_world_incident(world, transfer->incident);
    return transfer->state == SGP_TRANSFER_DUE && incident->state == SGP_INCIDENT_WAITING;
}

static bool is_kept(const sgp_world *world, const sgp_incident *incident, uint32_t unit,
                    int64_t now_ms) {
    bool urgent = incident->priority <= SGP_P2;
    for (sgp_id id = 0; !urgent && (id = sgp_world_next_transfer(world, id));)
        if (is_kept_for(world, sgp_world_transfer(world, id), unit, now_ms))
            return true;
    return false;
}

/* Of those that are due, only what waited before the step and after it; in between one may have got
 * a unit and lost it again. */
void sim_hold_kept(sim_ledger *ledger, const sgp_world *world, const sgp_event *event) {
    for (sgp_id id = ledger->n_assignments; sgp_world_assignment(world, id); id++) {
        const sgp_assignment *fresh = sgp_world_assignment(world, id);
        const sgp_incident *incident = sgp_world_incident(world, fresh->incident);
        if (fresh->by_dispatcher || incident->priority <= SGP_P2 || incident->transfer ||
            sgp_world_clocks(world)->rules.edition < 2)
            continue;
        for (sgp_id next = 0; (next = sgp_world_next_transfer(world, next));) {
            const sgp_transfer *transfer = sgp_world_transfer(world, next);
            const sgp_incident *due = sgp_world_incident(world, transfer->incident);
            bool waited = due && due->id < ledger->n_incidents &&
                          ledger->incidents[due->id].state == SGP_INCIDENT_WAITING;
            for (uint32_t i = 0; due && i < due->n_assignments; i++)
                waited = waited && due->assignments[i] < ledger->n_assignments;
            HOLD(ledger,
                 (transfer->state == SGP_TRANSFER_DUE && !waited) ||
                     !is_kept_for(world, transfer, fresh->unit, event->at_ms),
                 SIM_TRANSFER_ROBBED, "unit %u goes to incident %llu and not to transfer %llu",
                 fresh->unit, (ull)incident->id, (ull)transfer->id);
        }
    }
}

/* A unit of which nothing whatever says that it may not go. */
static bool is_idle(const sgp_world *world, const sgp_unit *unit) {
    return unit->on_duty && !unit->assignment && unit->at_station && !unit->distress_at_ms &&
           (unit->kind == SGP_UNIT_AMBULANCE_BASIC || unit->kind == SGP_UNIT_AMBULANCE_ADVANCED) &&
           unit->serves == 0 && unit->lending == SGP_LENT_FREELY &&
           sgp_world_unit_status(world, unit->index) == SGP_UNIT_AVAILABLE;
}

/* An incident to which the engine sends any ambulance by itself, and to which nobody goes. */
static bool waits_by_itself(const sim_ledger *ledger, const sgp_world *world,
                            const sgp_incident *incident) {
    const sgp_clocks *clocks = sgp_world_clocks(world);
    if (incident->state != SGP_INCIDENT_WAITING || !incident->place_confirmed ||
        !clocks->order_without_click[incident->priority] || incident->mass_casualty ||
        incident->n_backup || incident->transfer || ledger->incidents[incident->id].in_hand ||
        sgp_plan_response(sgp_world_plan(world), incident->complaint, incident->priority))
        return false;
    for (uint32_t i = 0; i < incident->n_assignments; i++)
        if (sgp_world_assignment(world, incident->assignments[i])->state == SGP_ASSIGNMENT_CLOSED)
            return false;
    return true;
}

/* It began to wait in this very step, or more urgently. */
static bool has_turned(const sim_ledger *ledger, const sgp_incident *incident) {
    const sim_incident *before = &ledger->incidents[incident->id];
    if (incident->id >= ledger->n_incidents || !before->confirmed ||
        incident->priority < before->priority)
        return true;
    return before->state == SGP_INCIDENT_ASSIGNED;
}

void sim_hold_no_idle(sim_ledger *ledger, const sgp_world *world, const sgp_event *event,
                      const core_oracle *roads) {
    const sgp_clocks *clocks = sgp_world_clocks(world);
    bool refused = event->kind == SGP_EVENT_ORDER_ANSWERED || event->kind == SGP_EVENT_TIMER;
    if (roads->fails || roads->has_wall || event->kind == SGP_EVENT_CONFIGURED ||
        event->kind == SGP_EVENT_RECOMMENDATION_ASKED || event->kind == SGP_EVENT_UNIT_REGISTERED ||
        event->kind == SGP_EVENT_ASSIGNMENT_STOOD_DOWN ||
        (refused && !clocks->reorder_after_refusal))
        return;
    for (sgp_id id = 0; (id = sgp_world_next_incident(world, id));) {
        const sgp_incident *incident = sgp_world_incident(world, id);
        if (incident->state != SGP_INCIDENT_WAITING || !waits_by_itself(ledger, world, incident))
            continue;
        bool turned = has_turned(ledger, incident);
        for (uint32_t i = 0; i < sgp_world_units(world) && i < SIM_UNITS; i++) {
            const sgp_unit *unit = sgp_world_unit(world, i);
            sgp_id job = ledger->units[i].assignment;
            bool relieved = job && sgp_world_assignment(world, job) &&
                            sgp_world_assignment(world, job)->state == SGP_ASSIGNMENT_STOOD_DOWN;
            /* Before edition 2 who was relieved was not offered at once. */
            bool freed = (job && !(relieved && clocks->rules.edition < 2)) ||
                         !ledger->units[i].on_duty || ledger->units[i].in_distress;
            int32_t hours_ms = clocks->rules.crew_ms[incident->priority];
            bool tired = hours_ms && event->at_ms - unit->signed_on_at_ms > hours_ms;
            HOLD(ledger,
                 !(turned || freed) || !is_idle(world, unit) || tired ||
                     sim_has_refused(ledger, id, i) || is_kept(world, incident, i, event->at_ms),
                 SIM_INCIDENT_FORGOTTEN, "incident %llu waits while unit %s stands idle", (ull)id,
                 unit->code);
        }
    }
}
