/* Incidents and calls: where they are, how urgent, and how they end. */
#include "ledger_parts.h"

/* The place of the call's incident, where it is confirmed and not a phone's. */
void sim_note_settled(sim_ledger *ledger, const sgp_world *world, const sgp_event *event) {
    ledger->settled_incident = 0;
    const sgp_call *call =
        event->kind == SGP_EVENT_PHONE_POSITION ? sgp_world_call(world, event->u.phone.call) : NULL;
    const sgp_incident *is = call ? sgp_world_incident(world, call->incident) : NULL;
    if (!is || !is->place_confirmed || is->place.kind == SGP_PLACE_PHONE)
        return;
    ledger->settled_incident = is->id;
    ledger->settled = is->place;
}

void sim_hold_incident(sim_ledger *ledger, const sgp_world *world, const sgp_event *event,
                       const sgp_effects *effects, sgp_id id) {
    const sgp_incident *now = sgp_world_incident(world, id);
    sim_incident *before = sim_incident_of(ledger, id);
    if (id >= ledger->n_incidents) {
        *before = (sim_incident){.state = 0};
        HOLD(ledger,
             (event->kind == SGP_EVENT_CALL_RECEIVED || now->transfer) &&
                 now->opened_at_ms == event->at_ms,
             SIM_STATE_CHANGED_BY_NOBODY, "incident %llu began without a call", (ull)id);
        return;
    }
    HOLD(ledger, before->state != SGP_INCIDENT_CLOSED || now->state == SGP_INCIDENT_CLOSED,
         SIM_STATE_CHANGED_BY_NOBODY, "incident %llu was closed and is %s", (ull)id,
         sgp_incident_state_str(now->state));
    if (now->state == SGP_INCIDENT_CLOSED && before->state != SGP_INCIDENT_CLOSED) {
        uint32_t served = 0, open = 0;
        for (uint32_t i = 0; i < now->n_assignments; i++) {
            sgp_assignment_state state = sgp_world_assignment(world, now->assignments[i])->state;
            served += state == SGP_ASSIGNMENT_CLOSED;
            open += sim_is_open(state) && !(state >= SGP_ASSIGNMENT_TRANSPORTING);
        }
        HOLD(ledger, now->outcome != SGP_OUTCOME_NONE, SIM_CALL_WITHOUT_OUTCOME,
             "incident %llu closed without an outcome", (ull)id);
        HOLD(ledger, open == 0, SIM_INCIDENT_FORGOTTEN,
             "incident %llu closed while %u units are on their way or there", (ull)id, open);
        bool cancelled = event->kind == SGP_EVENT_TRANSFER_CANCELLED;
        bool by_person = event->kind == SGP_EVENT_INCIDENT_CLOSED;
        HOLD(ledger,
             by_person ? now->outcome == event->u.closed.outcome
                       : now->outcome == SGP_OUTCOME_DUPLICATE || served > 0 || cancelled,
             SIM_INCIDENT_FORGOTTEN, "incident %llu closed as %s, and %u units served it", (ull)id,
             sgp_outcome_str(now->outcome), served);
        HOLD(ledger, by_person || now->outcome != SGP_OUTCOME_DUPLICATE || now->n_calls == 0,
             SIM_INCIDENT_FORGOTTEN, "incident %llu closed as a duplicate with calls of its own",
             (ull)id);
    }
    /* Where it is and how urgent it is decide how crews drive. */
    for (uint32_t i = 0; i < now->n_assignments; i++) {
        const sgp_assignment *on = sgp_world_assignment(world, now->assignments[i]);
        bool under_way =
            on->state >= SGP_ASSIGNMENT_ORDERED && on->state <= SGP_ASSIGNMENT_EN_ROUTE;
        HOLD(ledger,
             !under_way || sgp_point_equal(now->place.point, before->point) ||
                 sim_effect_for(effects, SGP_EFFECT_ORDER, on->id),
             SIM_CREW_NOT_TOLD, "unit %u does not hear where incident %llu is now", on->unit,
             (ull)id);
        HOLD(ledger,
             !under_way || now->priority == before->priority ||
                 sgp_world_clocks(world)->rules.edition == 0 ||
                 (sgp_world_clocks(world)->rules.edition == 1 &&
                  event->kind != SGP_EVENT_INCIDENT_TRIAGED) ||
                 sim_effect_for(effects, SGP_EFFECT_ORDER, on->id),
             SIM_CREW_NOT_TOLD, "unit %u does not hear how urgent incident %llu is now", on->unit,
             (ull)id);
    }
}

void sim_hold_call(sim_ledger *ledger, const sgp_world *world, const sgp_event *event, sgp_id id) {
    const sgp_call *now = sgp_world_call(world, id);
    const sim_call *before = sim_call_of(ledger, id);
    HOLD(ledger,
         id >= ledger->n_calls
             ? event->kind == SGP_EVENT_CALL_RECEIVED
             : before->incident == now->incident || event->kind == SGP_EVENT_CALL_LINKED,
         SIM_STATE_CHANGED_BY_NOBODY, "call %llu came to incident %llu by %s", (ull)id,
         (ull)now->incident, sgp_event_kind_str(event->kind));
}

/* The point that a person chose last; NULL: nobody did. */
static const sgp_point *chosen_point(const sim_ledger *ledger, sgp_id incident) {
    for (size_t i = ledger->n_facts; i-- > 0;)
        if (ledger->facts[i].kind == SIM_FACT_CHOSEN && ledger->facts[i].incident == incident)
            return &ledger->facts[i].point;
    return NULL;
}

void sim_hold_chosen(sim_ledger *ledger, const sgp_world *world, const sgp_event *event,
                     sgp_err err) {
    if (event->kind == SGP_EVENT_PLACE_CHOSEN && !err)
        sim_add_fact(ledger, (sim_fact){.kind = SIM_FACT_CHOSEN,
                                        .seq = event->seq,
                                        .incident = event->u.chosen.incident,
                                        .unit = UINT32_MAX,
                                        .point = event->u.chosen.place.point});
    for (sgp_id id = 0; (id = sgp_world_next_incident(world, id));) {
        const sgp_incident *incident = sgp_world_incident(world, id);
        if (incident->state == SGP_INCIDENT_CLOSED)
            continue;
        const sgp_point *chosen = chosen_point(ledger, id);
        HOLD(ledger,
             !chosen ||
                 (incident->place_confirmed && sgp_point_equal(incident->place.point, *chosen)),
             SIM_CHOSEN_PLACE_MOVED, "incident %llu is not where a person said", (ull)id);
    }
    const sgp_incident *settled =
        ledger->settled_incident ? sgp_world_incident(world, ledger->settled_incident) : NULL;
    HOLD(ledger,
         !settled || (settled->place.kind == ledger->settled.kind &&
                      sgp_point_equal(settled->place.point, ledger->settled.point)),
         SIM_CHOSEN_PLACE_MOVED, "a phone moved incident %llu, which it had not placed",
         (ull)ledger->settled_incident);
}

/* ---- numbers that are a nuisance -------------------------------------------------------- */

void sim_hold_numbers(sim_ledger *ledger, const sgp_world *world, const sgp_event *event,
                      sgp_err err, const sgp_reply *reply) {
    if (event->kind == SGP_EVENT_NUMBER_MARKED && !err) {
        const sgp_number *number = sgp_world_number_of(world, event->u.marked.call);
        int64_t hours = event->u.marked.hours ? event->u.marked.hours
                                              : sgp_world_clocks(world)->rules.nuisance_mark_h;
        if (number && number->token[0] < SIM_NUMBERS)
            ledger->marked_until_ms[number->token[0]] =
                event->u.marked.lifted ? 0 : event->at_ms + hours * 3600 * 1000;
        return;
    }
    if (event->kind != SGP_EVENT_CALL_RECEIVED)
        return;
    uint8_t token = event->u.call.number[0];
    HOLD(ledger, !err || event->u.call.incident || err == SGP_E_FULL || err == SGP_E_ARGUMENT,
         SIM_NUISANCE_BLOCKED, "a call of number %u was refused: %s", token, reply->message);
    const sgp_call *call = err ? NULL : sgp_world_call(world, reply->call);
    if (!call || !token || token >= SIM_NUMBERS || !sgp_world_clocks(world)->rules.number_keep_h)
        return;
    HOLD(ledger,
         ledger->marked_until_ms[token] <= event->at_ms ||
             call->nuisance.until_ms >= ledger->marked_until_ms[token],
         SIM_NUISANCE_BLOCKED, "number %u is marked, and its call %llu does not warn", token,
         (ull)call->id);
    HOLD(ledger, !call->nuisance.until_ms || call->nuisance.until_ms > event->at_ms,
         SIM_NUISANCE_BLOCKED, "call %llu warns of a mark that has ended", (ull)call->id);
}
