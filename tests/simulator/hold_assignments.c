/* Orders and jobs: who gets one, what ends it, who is taken from it. */
#include "ledger_parts.h"
#include "seats.h"

static void hold_new_assignment(sim_ledger *ledger, const sgp_world *world, const sgp_event *event,
                                const sgp_effects *effects, const sgp_assignment *now) {
    const sgp_incident *incident = sgp_world_incident(world, now->incident);
    const sgp_clocks *clocks = sgp_world_clocks(world);
    /* Taken back by the engine for something more urgent at once; what a person ordered, only
     * before edition 2. */
    bool taken_back = now->state == SGP_ASSIGNMENT_DIVERTED &&
                      !(now->by_dispatcher && clocks->rules.edition >= 2);
    HOLD(ledger, now->state == SGP_ASSIGNMENT_ORDERED || taken_back, SIM_STATE_CHANGED_BY_NOBODY,
         "assignment %llu begins as %s", (ull)now->id, sgp_assignment_state_str(now->state));
    HOLD(ledger, now->at_ms[SGP_ASSIGNMENT_ORDERED] == event->at_ms, SIM_CLOCK_BACKWARDS,
         "assignment %llu was ordered at another time than its event", (ull)now->id);
    HOLD(ledger, sim_effect_for(effects, SGP_EFFECT_ORDER, now->id), SIM_CREW_NOT_TOLD,
         "unit %u does not hear of assignment %llu", now->unit, (ull)now->id);
    HOLD(ledger, incident->state != SGP_INCIDENT_CLOSED, SIM_STATE_CHANGED_BY_NOBODY,
         "unit %u is sent to incident %llu, which is closed", now->unit, (ull)incident->id);
    HOLD(ledger, !now->by_dispatcher || event->kind == SGP_EVENT_UNIT_ORDERED,
         SIM_STATE_CHANGED_BY_NOBODY, "assignment %llu is a person's, but none ordered it",
         (ull)now->id);
    HOLD(ledger,
         !sgp_world_unit(world, now->unit)->distress_at_ms ||
             (now->by_dispatcher && clocks->rules.edition < 2),
         SIM_SENT_IN_DISTRESS, "unit %u, whose crew is in distress, goes to incident %llu",
         now->unit, (ull)now->incident);
    sim_assignment_of(ledger, now->id)->answer_by_ms =
        event->at_ms + clocks->accept_ms[incident->priority];
    if (now->by_dispatcher) {
        sim_add_fact(ledger, (sim_fact){.kind = SIM_FACT_ASKED_ANEW,
                                        .seq = event->seq,
                                        .incident = now->incident,
                                        .unit = now->unit});
        return;
    }
    HOLD(ledger, !sim_has_refused(ledger, now->incident, now->unit), SIM_ASKED_AFTER_REFUSAL,
         "unit %u had refused incident %llu", now->unit, (ull)now->incident);
    const sgp_unit *unit = sgp_world_unit(world, now->unit);
    int32_t most_ms = clocks->position_max_age_ms;
    for (int status = 1; status < SGP_UNIT_STATUSES; status++)
        if (clocks->rules.position_age_ms[status] > most_ms)
            most_ms = clocks->rules.position_age_ms[status];
    const sim_unit *before = &ledger->units[now->unit];
    bool at_hospital = before->assignment && sgp_world_assignment(world, before->assignment) &&
                       sgp_world_assignment(world, before->assignment)->hospital >= 0;
    HOLD(ledger,
         unit->at_station || at_hospital ||
             (unit->has_position && event->at_ms - unit->position_at_ms <= most_ms),
         SIM_SENT_BLINDLY, "unit %u goes to incident %llu from a position of %lld ms ago",
         now->unit, (ull)now->incident,
         unit->has_position ? (long long)(event->at_ms - unit->position_at_ms) : -1);
}

/* Whether this event is a reason for the assignment to come into that state. */
static bool has_reason(const sim_ledger *ledger, const sgp_world *world, const sgp_event *event,
                       const sim_assignment *before, const sgp_assignment *now) {
    const sgp_unit *unit = sgp_world_unit(world, now->unit);
    const sgp_assignment *next = sgp_world_assignment(world, unit->assignment);
    bool taken = next && next->id > now->id && next->at_ms[SGP_ASSIGNMENT_ORDERED] == event->at_ms;
    bool its_answer =
        event->kind == SGP_EVENT_ORDER_ANSWERED && event->u.answered.assignment == now->id;
    bool its_advance =
        event->kind == SGP_EVENT_ASSIGNMENT_ADVANCED && event->u.advanced.assignment == now->id;
    bool incident_closed = sgp_world_incident(world, now->incident)->state == SGP_INCIDENT_CLOSED &&
                           ledger->incidents[now->incident].state != SGP_INCIDENT_CLOSED;
    switch (now->state) {
    case SGP_ASSIGNMENT_ACCEPTED:
        return its_answer && event->u.answered.accepted && before->state == SGP_ASSIGNMENT_ORDERED;
    case SGP_ASSIGNMENT_DECLINED:
        return its_answer && !event->u.answered.accepted && before->state == SGP_ASSIGNMENT_ORDERED;
    case SGP_ASSIGNMENT_TIMED_OUT:
        return event->kind == SGP_EVENT_TIMER && before->state == SGP_ASSIGNMENT_ORDERED &&
               event->at_ms >= before->answer_by_ms;
    case SGP_ASSIGNMENT_EN_ROUTE:
    case SGP_ASSIGNMENT_ON_SCENE:
    case SGP_ASSIGNMENT_TRANSPORTING:
    case SGP_ASSIGNMENT_AT_HOSPITAL:
    case SGP_ASSIGNMENT_HANDED_OVER:
        return its_advance && event->u.advanced.state == now->state && now->state > before->state;
    case SGP_ASSIGNMENT_CLOSED:
        return (its_advance && event->u.advanced.state == now->state &&
                before->state >= SGP_ASSIGNMENT_ON_SCENE) ||
               (taken && now->at_ms[SGP_ASSIGNMENT_HANDED_OVER] &&
                (its_advance || before->state == SGP_ASSIGNMENT_HANDED_OVER));
    case SGP_ASSIGNMENT_DIVERTED:
        return taken && before->state <= SGP_ASSIGNMENT_EN_ROUTE;
    case SGP_ASSIGNMENT_STOOD_DOWN:
        return (event->kind == SGP_EVENT_ASSIGNMENT_STOOD_DOWN &&
                event->u.stood_down.assignment == now->id) ||
               (incident_closed && before->state < SGP_ASSIGNMENT_TRANSPORTING) ||
               before->state == SGP_ASSIGNMENT_ORDERED; /* fewer are needed */
    default:
        return false;
    }
}

static void hold_hospital(sim_ledger *ledger, const sgp_world *world, const sgp_assignment *now,
                          const core_oracle *roads) {
    bool arrives =
        now->state == SGP_ASSIGNMENT_AT_HOSPITAL || now->state == SGP_ASSIGNMENT_HANDED_OVER;
    if (!ledger->patients_first || !arrives || roads->fails || roads->has_wall ||
        sgp_world_hospitals(world) == 0)
        return;
    HOLD(ledger, now->hospital >= 0, SIM_HOSPITAL_NOT_RECORDED,
         "assignment %llu is %s, and nobody wrote down where", (ull)now->id,
         sgp_assignment_state_str(now->state));
}

/* When the state was so that the event tells of this assignment, and who entered it. */
static int64_t said_ms(const sgp_event *event, sgp_id assignment, bool *for_crew) {
    int64_t said = 0;
    *for_crew = false;
    if (event->kind == SGP_EVENT_ORDER_ANSWERED && event->u.answered.assignment == assignment) {
        said = event->u.answered.said_at_ms;
        *for_crew = event->u.answered.for_crew;
    } else if (event->kind == SGP_EVENT_ASSIGNMENT_ADVANCED &&
               event->u.advanced.assignment == assignment) {
        said = event->u.advanced.said_at_ms;
        *for_crew = event->u.advanced.for_crew;
    }
    return said && said < event->at_ms ? said : event->at_ms;
}

static void hold_radio(sim_ledger *ledger, const sgp_event *event, const sim_assignment *before,
                       const sgp_assignment *now) {
    bool for_crew;
    int64_t at_ms = said_ms(event, now->id, &for_crew);
    uint32_t noted = before->by_radio | (uint32_t)for_crew << now->state;
    /* A job that its unit leaves for another one ends in the same step as it was handed over. */
    bool ends_too = event->kind == SGP_EVENT_ASSIGNMENT_ADVANCED &&
                    now->state == SGP_ASSIGNMENT_CLOSED &&
                    event->u.advanced.state != SGP_ASSIGNMENT_CLOSED;
    HOLD(ledger, ends_too || (now->by_radio == noted && now->at_ms[now->state] == at_ms),
         SIM_RADIO_NOT_NOTED, "assignment %llu is %s since %lld ms, and %s", (ull)now->id,
         sgp_assignment_state_str(now->state), (long long)(event->at_ms - now->at_ms[now->state]),
         now->by_radio >> now->state & 1u ? "another entered it" : "its crew told it");
    HOLD(ledger, now->at_ms[now->state] >= before->at_ms[before->state], SIM_CLOCK_BACKWARDS,
         "assignment %llu was %s before it was %s", (ull)now->id,
         sgp_assignment_state_str(now->state), sgp_assignment_state_str(before->state));
}

void sim_hold_assignment(sim_ledger *ledger, const sgp_world *world, const sgp_event *event,
                         const sgp_effects *effects, const core_oracle *roads, sgp_id id) {
    const sgp_assignment *now = sgp_world_assignment(world, id);
    sim_assignment *before = sim_assignment_of(ledger, id);
    if (id >= ledger->n_assignments) {
        hold_new_assignment(ledger, world, event, effects, now);
        return;
    }
    HOLD(ledger, before->incident == now->incident && before->unit == now->unit,
         SIM_STATE_CHANGED_BY_NOBODY, "assignment %llu is of another unit or incident now",
         (ull)id);
    bool for_crew;
    int64_t at_ms = said_ms(event, id, &for_crew);
    for (int state = 1; state < SGP_ASSIGNMENT_STATES; state++)
        HOLD(ledger,
             before->at_ms[state] == now->at_ms[state] ||
                 (state <= (int)now->state && state > (int)before->state &&
                  (now->at_ms[state] == event->at_ms || now->at_ms[state] == at_ms)),
             SIM_CLOCK_BACKWARDS, "assignment %llu has another time for %s now", (ull)id,
             sgp_assignment_state_str(state));
    if (before->state == now->state)
        return;
    hold_radio(ledger, event, before, now);
    HOLD(ledger, sim_is_open(before->state), SIM_STATE_CHANGED_BY_NOBODY,
         "assignment %llu was %s and is %s now", (ull)id, sgp_assignment_state_str(before->state),
         sgp_assignment_state_str(now->state));
    HOLD(ledger,
         !ledger->patients_first || !sim_has_patient(before->state) ||
             now->state == SGP_ASSIGNMENT_AT_HOSPITAL || now->at_ms[SGP_ASSIGNMENT_HANDED_OVER],
         SIM_PATIENT_LEFT_BEHIND, "unit %u was %s with assignment %llu, which is %s now", now->unit,
         sgp_assignment_state_str(before->state), (ull)id, sgp_assignment_state_str(now->state));
    HOLD(ledger, has_reason(ledger, world, event, before, now), SIM_STATE_CHANGED_BY_NOBODY,
         "%s is no reason for assignment %llu to go from %s to %s", sgp_event_kind_str(event->kind),
         (ull)id, sgp_assignment_state_str(before->state), sgp_assignment_state_str(now->state));
    bool must_hear = now->state == SGP_ASSIGNMENT_TIMED_OUT ||
                     now->state == SGP_ASSIGNMENT_DIVERTED ||
                     now->state == SGP_ASSIGNMENT_STOOD_DOWN;
    HOLD(ledger, !must_hear || sim_effect_for(effects, SGP_EFFECT_WITHDRAW, id), SIM_CREW_NOT_TOLD,
         "unit %u does not hear that assignment %llu is %s", now->unit, (ull)id,
         sgp_assignment_state_str(now->state));
    hold_hospital(ledger, world, now, roads);
    if (now->state == SGP_ASSIGNMENT_DECLINED || now->state == SGP_ASSIGNMENT_TIMED_OUT)
        sim_add_fact(ledger, (sim_fact){.kind = SIM_FACT_REFUSED,
                                        .seq = event->seq,
                                        .incident = now->incident,
                                        .unit = now->unit});
}

/* Joint solving moves an order that nobody has answered where its incident gets another unit, or
 * where something more urgent gets one, perhaps from a third incident in between. */
static bool was_exchanged(const sim_ledger *ledger, const sgp_world *world,
                          const sgp_assignment *old) {
    const sgp_incident *incident = sgp_world_incident(world, old->incident);
    if (old->at_ms[SGP_ASSIGNMENT_ACCEPTED] || old->by_dispatcher ||
        sgp_world_clocks(world)->policy[incident->priority] != SGP_POLICY_JOINT)
        return false;
    for (uint32_t i = 0; i < incident->n_assignments; i++)
        if (incident->assignments[i] >= ledger->n_assignments)
            return true;
    for (sgp_id id = ledger->n_assignments; sgp_world_assignment(world, id); id++) {
        const sgp_assignment *fresh = sgp_world_assignment(world, id);
        if (sgp_world_incident(world, fresh->incident)->priority < incident->priority)
            return true;
    }
    return false;
}

void sim_hold_diversion(sim_ledger *ledger, const sgp_world *world, const sgp_event *event,
                        sgp_id id) {
    const sgp_assignment *old = sgp_world_assignment(world, id);
    if (old->state != SGP_ASSIGNMENT_DIVERTED || id >= ledger->n_assignments ||
        ledger->assignments[id].state == SGP_ASSIGNMENT_DIVERTED)
        return;
    const sgp_assignment *next =
        sgp_world_assignment(world, sgp_world_unit(world, old->unit)->assignment);
    HOLD(ledger, next && next->id > id, SIM_DIVERTED_WITHOUT_NEED,
         "unit %u was taken from incident %llu for nothing", old->unit, (ull)old->incident);
    if (!next || (event->kind == SGP_EVENT_UNIT_ORDERED && event->u.ordered.divert) ||
        was_exchanged(ledger, world, old))
        return;
    HOLD(ledger,
         sgp_world_incident(world, next->incident)->priority <
             sgp_world_incident(world, old->incident)->priority,
         SIM_DIVERTED_WITHOUT_NEED, "unit %u was taken from incident %llu for incident %llu",
         old->unit, (ull)old->incident, (ull)next->incident);
}

void sim_hold_jobs(sim_ledger *ledger, const sgp_world *world) {
    uint32_t jobs[SIM_UNITS] = {0};
    for (sgp_id id = 0; (id = sgp_world_next_assignment(world, id));) {
        const sgp_assignment *now = sgp_world_assignment(world, id);
        if (!sim_is_open(now->state) || now->unit >= SIM_UNITS)
            continue;
        const sgp_unit *unit = sgp_world_unit(world, now->unit);
        jobs[now->unit]++;
        HOLD(ledger, jobs[now->unit] == 1, SIM_UNIT_ON_TWO_JOBS,
             "unit %s is on assignment %llu and on another one", unit->code, (ull)id);
        HOLD(ledger, unit->assignment == id && unit->on_duty, SIM_UNIT_ON_TWO_JOBS,
             "unit %s says it is on assignment %llu, but %llu is open too", unit->code,
             (ull)unit->assignment, (ull)id);
        sgp_unit_status status = sgp_world_unit_status(world, now->unit);
        HOLD(ledger,
             !sim_has_patient(now->state) ||
                 (status != SGP_UNIT_AVAILABLE && status != SGP_UNIT_OFF_DUTY),
             SIM_PATIENT_LEFT_BEHIND, "unit %s carries a patient and is shown as %s", unit->code,
             sgp_unit_status_str(status));
    }
}

void sim_hold_seats(sim_ledger *ledger, const sgp_world *world, const sgp_event *event) {
    for (sgp_id id = ledger->n_assignments; sgp_world_assignment(world, id); id++) {
        const sgp_assignment *fresh = sgp_world_assignment(world, id);
        if (fresh->by_dispatcher)
            continue;
        bool has = sim_has_seat(world, ledger->n_assignments, fresh);
        char seats[240] = "";
        if (!has)
            sim_seats_print(world, fresh->incident, seats, sizeof seats);
        HOLD(ledger, has, SIM_TWO_UNITS_ON_ONE_SEAT,
             "unit %u was sent to incident %llu by %s, where every seat that it fits is taken: %s",
             fresh->unit, (ull)fresh->incident, sgp_event_kind_str(event->kind), seats);
    }
}
