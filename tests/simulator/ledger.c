#include "ledger.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>

#include "seats.h"
#include "sigap/plan.h"

const char *sim_invariant_name(sim_invariant which) {
    static const char *const names[] = {
#define X(name, sentence) #name,
        SIM_INVARIANTS(X)
#undef X
    };
    return which < SIM_N_INVARIANTS ? names[which] : "NONE";
}

const char *sim_invariant_sentence(sim_invariant which) {
    static const char *const sentences[] = {
#define X(name, sentence) sentence,
        SIM_INVARIANTS(X)
#undef X
    };
    return which < SIM_N_INVARIANTS ? sentences[which] : "";
}

void sim_break(sim_ledger *ledger, sim_invariant which, const char *format, ...) {
    if (ledger->broken != SIM_N_INVARIANTS)
        return;
    ledger->broken = which;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(ledger->detail, sizeof ledger->detail, format, arguments);
    va_end(arguments);
}

#define HOLD(ledger, holds, ...)                                                                   \
    do {                                                                                           \
        (ledger)->checks++;                                                                        \
        if (!(holds))                                                                              \
            sim_break((ledger), __VA_ARGS__);                                                      \
    } while (0)

typedef unsigned long long ull; /* for printf */

static void *room(void *items, size_t n, size_t *capacity, size_t bytes) {
    if (n < *capacity)
        return items;
    size_t grown = *capacity ? *capacity : 64;
    while (grown <= n)
        grown *= 2;
    items = realloc(items, grown * bytes);
    assert(items);
    memset((char *)items + *capacity * bytes, 0, (grown - *capacity) * bytes);
    *capacity = grown;
    return items;
}

void sim_ledger_init(sim_ledger *ledger) {
    memset(ledger, 0, sizeof *ledger);
    ledger->broken = SIM_N_INVARIANTS;
    ledger->n_incidents = ledger->n_assignments = ledger->n_calls = 1;
}

void sim_ledger_free(sim_ledger *ledger) {
    free(ledger->incidents);
    free(ledger->assignments);
    free(ledger->calls);
    free(ledger->facts);
    free(ledger->answered);
    free(ledger->told);
}

static sim_incident *incident_of(sim_ledger *ledger, sgp_id id) {
    ledger->incidents =
        room(ledger->incidents, id, &ledger->incidents_capacity, sizeof *ledger->incidents);
    return &ledger->incidents[id];
}

static sim_assignment *assignment_of(sim_ledger *ledger, sgp_id id) {
    ledger->assignments =
        room(ledger->assignments, id, &ledger->assignments_capacity, sizeof *ledger->assignments);
    return &ledger->assignments[id];
}

static sim_call *call_of(sim_ledger *ledger, sgp_id id) {
    ledger->calls = room(ledger->calls, id, &ledger->calls_capacity, sizeof *ledger->calls);
    return &ledger->calls[id];
}

/* ---- facts -------------------------------------------------------------------- */

static void add_fact(sim_ledger *ledger, sim_fact fact) {
    ledger->facts =
        room(ledger->facts, ledger->n_facts, &ledger->facts_capacity, sizeof *ledger->facts);
    ledger->facts[ledger->n_facts++] = fact;
}

static bool has_refused(const sim_ledger *ledger, sgp_id incident, uint32_t unit) {
    for (size_t i = ledger->n_facts; i-- > 0;) {
        const sim_fact *fact = &ledger->facts[i];
        if (fact->unit != unit)
            continue;
        if (fact->kind == SIM_FACT_REFUSED && fact->incident == incident)
            return true;
        if (fact->kind == SIM_FACT_ASKED_ANEW && (!fact->incident || fact->incident == incident))
            return false;
    }
    return false;
}

/* The point that a person chose last; NULL: nobody did. */
static const sgp_point *chosen_point(const sim_ledger *ledger, sgp_id incident) {
    for (size_t i = ledger->n_facts; i-- > 0;)
        if (ledger->facts[i].kind == SIM_FACT_CHOSEN && ledger->facts[i].incident == incident)
            return &ledger->facts[i].point;
    return NULL;
}

/* ---- hashes of views -------------------------------------------------------------- */

static uint64_t mix(uint64_t hash, const void *bytes, size_t n) {
    const uint8_t *at = bytes;
    for (; n >= 8; n -= 8, at += 8) {
        uint64_t word;
        memcpy(&word, at, 8);
        hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
        hash ^= hash >> 29;
    }
    for (; n > 0; n--, at++)
        hash = (hash ^ *at) * UINT64_C(0x100000001b3);
    return hash;
}

static uint64_t hash_call(const sgp_call *call) {
    sgp_call copy = *call;
    copy.places = NULL;
    copy.phone = NULL;
    uint64_t hash = mix(1, &copy, sizeof copy);
    hash = mix(hash, call->places, (size_t)call->n_places * sizeof *call->places);
    return call->phone ? mix(hash, call->phone, sizeof *call->phone) : hash;
}

static uint64_t hash_incident(const sgp_incident *incident) {
    sgp_incident copy = *incident;
    copy.answers = NULL;
    copy.alerts = NULL;
    uint64_t hash = mix(1, &copy, sizeof copy);
    hash = mix(hash, incident->answers, incident->n_answers * sizeof *incident->answers);
    return mix(hash, incident->alerts, incident->n_alerts * sizeof *incident->alerts);
}

static void hold_hash(sim_ledger *ledger, sim_thing *thing, uint64_t hash, const char *what,
                      sgp_id id) {
    HOLD(ledger, !thing->is_there || thing->was_told || thing->hash == hash, SIM_CHANGED_IN_SILENCE,
         "%s %llu changed within the last %d events and nobody was told", what, (ull)id,
         SIM_HASHED_EVERY);
    *thing = (sim_thing){.hash = hash, .is_there = true};
}

static void take_hashes(sim_ledger *ledger, const sgp_world *world) {
    for (uint32_t i = 0; i < sgp_world_units(world) && i < SIM_UNITS; i++) {
        const sgp_unit *unit = sgp_world_unit(world, i);
        hold_hash(ledger, &ledger->units[i].thing, mix(1, unit, sizeof *unit), "unit", i);
    }
    for (sgp_id id = 0; (id = sgp_world_next_call(world, id));)
        hold_hash(ledger, &call_of(ledger, id)->thing, hash_call(sgp_world_call(world, id)), "call",
                  id);
    for (sgp_id id = 0; (id = sgp_world_next_incident(world, id));)
        hold_hash(ledger, &incident_of(ledger, id)->thing,
                  hash_incident(sgp_world_incident(world, id)), "incident", id);
    for (sgp_id id = 0; (id = sgp_world_next_assignment(world, id));)
        hold_hash(ledger, &assignment_of(ledger, id)->thing,
                  mix(1, sgp_world_assignment(world, id), sizeof(sgp_assignment)), "assignment",
                  id);
}

/* ---- words of our own ---------------------------------------------------------------- */

static bool is_open(sgp_assignment_state state) {
    return state >= SGP_ASSIGNMENT_PROPOSED && state <= SGP_ASSIGNMENT_HANDED_OVER;
}

static bool has_patient(sgp_assignment_state state) {
    return state == SGP_ASSIGNMENT_TRANSPORTING || state == SGP_ASSIGNMENT_AT_HOSPITAL;
}

static const sgp_effect *effect_for(const sgp_effects *effects, sgp_effect_kind kind, sgp_id id) {
    for (size_t i = 0; i < effects->n; i++)
        if (effects->items[i].kind == kind && effects->items[i].u.order.assignment == id)
            return &effects->items[i];
    return NULL;
}

static bool is_request(const sgp_event *event) {
    static const uint8_t none[16];
    return memcmp(event->request_id, none, sizeof none) != 0;
}

/* ---- before a step ---------------------------------------------------------------------- */

/* The place of the call's incident, where it is confirmed and not a phone's. */
static void note_settled(sim_ledger *ledger, const sgp_world *world, const sgp_event *event) {
    ledger->settled_incident = 0;
    const sgp_call *call =
        event->kind == SGP_EVENT_PHONE_POSITION ? sgp_world_call(world, event->u.phone.call) : NULL;
    const sgp_incident *is = call ? sgp_world_incident(world, call->incident) : NULL;
    if (!is || !is->place_confirmed || is->place.kind == SGP_PLACE_PHONE)
        return;
    ledger->settled_incident = is->id;
    ledger->settled = is->place;
}

void sim_ledger_before(sim_ledger *ledger, const sgp_world *world, const sgp_event *event) {
    ledger->repeated = false;
    for (size_t i = is_request(event) ? ledger->n_answered : 0; i-- > 0 && !ledger->repeated;)
        if (memcmp(ledger->answered[i].id, event->request_id, 16) == 0) {
            ledger->repeated = true;
            ledger->before = ledger->answered[i];
        }
    if (ledger->steps == 0)
        sgp_world_digest(world, ledger->digest);
    ledger->patients_first = sgp_world_clocks(world)->rules.patients_first;
    note_settled(ledger, world, event);
}

/* ---- one assignment ------------------------------------------------------------------------ */

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
    HOLD(ledger, effect_for(effects, SGP_EFFECT_ORDER, now->id), SIM_CREW_NOT_TOLD,
         "unit %u does not hear of assignment %llu", now->unit, (ull)now->id);
    HOLD(ledger, incident->state != SGP_INCIDENT_CLOSED, SIM_STATE_CHANGED_BY_NOBODY,
         "unit %u is sent to incident %llu, which is closed", now->unit, (ull)incident->id);
    HOLD(ledger, !now->by_dispatcher || event->kind == SGP_EVENT_UNIT_ORDERED,
         SIM_STATE_CHANGED_BY_NOBODY, "assignment %llu is a person's, but none ordered it",
         (ull)now->id);
    assignment_of(ledger, now->id)->answer_by_ms =
        event->at_ms + clocks->accept_ms[incident->priority];
    if (now->by_dispatcher) {
        add_fact(ledger, (sim_fact){.kind = SIM_FACT_ASKED_ANEW,
                                    .seq = event->seq,
                                    .incident = now->incident,
                                    .unit = now->unit});
        return;
    }
    HOLD(ledger, !has_refused(ledger, now->incident, now->unit), SIM_ASKED_AFTER_REFUSAL,
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

static void hold_assignment(sim_ledger *ledger, const sgp_world *world, const sgp_event *event,
                            const sgp_effects *effects, const core_oracle *roads, sgp_id id) {
    const sgp_assignment *now = sgp_world_assignment(world, id);
    sim_assignment *before = assignment_of(ledger, id);
    if (id >= ledger->n_assignments) {
        hold_new_assignment(ledger, world, event, effects, now);
        return;
    }
    HOLD(ledger, before->incident == now->incident && before->unit == now->unit,
         SIM_STATE_CHANGED_BY_NOBODY, "assignment %llu is of another unit or incident now",
         (ull)id);
    for (int state = 1; state < SGP_ASSIGNMENT_STATES; state++)
        HOLD(ledger,
             before->at_ms[state] == now->at_ms[state] ||
                 (state <= (int)now->state && state > (int)before->state &&
                  now->at_ms[state] == event->at_ms),
             SIM_CLOCK_BACKWARDS, "assignment %llu has another time for %s now", (ull)id,
             sgp_assignment_state_str(state));
    if (before->state == now->state)
        return;
    HOLD(ledger, is_open(before->state), SIM_STATE_CHANGED_BY_NOBODY,
         "assignment %llu was %s and is %s now", (ull)id, sgp_assignment_state_str(before->state),
         sgp_assignment_state_str(now->state));
    HOLD(ledger,
         !ledger->patients_first || !has_patient(before->state) ||
             now->state == SGP_ASSIGNMENT_AT_HOSPITAL || now->at_ms[SGP_ASSIGNMENT_HANDED_OVER],
         SIM_PATIENT_LEFT_BEHIND, "unit %u was %s with assignment %llu, which is %s now", now->unit,
         sgp_assignment_state_str(before->state), (ull)id, sgp_assignment_state_str(now->state));
    HOLD(ledger, has_reason(ledger, world, event, before, now), SIM_STATE_CHANGED_BY_NOBODY,
         "%s is no reason for assignment %llu to go from %s to %s", sgp_event_kind_str(event->kind),
         (ull)id, sgp_assignment_state_str(before->state), sgp_assignment_state_str(now->state));
    bool must_hear = now->state == SGP_ASSIGNMENT_TIMED_OUT ||
                     now->state == SGP_ASSIGNMENT_DIVERTED ||
                     now->state == SGP_ASSIGNMENT_STOOD_DOWN;
    HOLD(ledger, !must_hear || effect_for(effects, SGP_EFFECT_WITHDRAW, id), SIM_CREW_NOT_TOLD,
         "unit %u does not hear that assignment %llu is %s", now->unit, (ull)id,
         sgp_assignment_state_str(now->state));
    hold_hospital(ledger, world, now, roads);
    if (now->state == SGP_ASSIGNMENT_DECLINED || now->state == SGP_ASSIGNMENT_TIMED_OUT)
        add_fact(ledger, (sim_fact){.kind = SIM_FACT_REFUSED,
                                    .seq = event->seq,
                                    .incident = now->incident,
                                    .unit = now->unit});
}

/* ---- diversions ------------------------------------------------------------------------------ */

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

static void hold_diversion(sim_ledger *ledger, const sgp_world *world, const sgp_event *event,
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

/* ---- incidents, calls, units -------------------------------------------------------------------
 */

static void hold_incident(sim_ledger *ledger, const sgp_world *world, const sgp_event *event,
                          const sgp_effects *effects, sgp_id id) {
    const sgp_incident *now = sgp_world_incident(world, id);
    sim_incident *before = incident_of(ledger, id);
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
            open += is_open(state) && !(state >= SGP_ASSIGNMENT_TRANSPORTING);
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
                 effect_for(effects, SGP_EFFECT_ORDER, on->id),
             SIM_CREW_NOT_TOLD, "unit %u does not hear where incident %llu is now", on->unit,
             (ull)id);
        HOLD(ledger,
             !under_way || now->priority == before->priority ||
                 sgp_world_clocks(world)->rules.edition == 0 ||
                 (sgp_world_clocks(world)->rules.edition == 1 &&
                  event->kind != SGP_EVENT_INCIDENT_TRIAGED) ||
                 effect_for(effects, SGP_EFFECT_ORDER, on->id),
             SIM_CREW_NOT_TOLD, "unit %u does not hear how urgent incident %llu is now", on->unit,
             (ull)id);
    }
}

static void hold_call(sim_ledger *ledger, const sgp_world *world, const sgp_event *event,
                      sgp_id id) {
    const sgp_call *now = sgp_world_call(world, id);
    const sim_call *before = call_of(ledger, id);
    HOLD(ledger,
         id >= ledger->n_calls
             ? event->kind == SGP_EVENT_CALL_RECEIVED
             : before->incident == now->incident || event->kind == SGP_EVENT_CALL_LINKED,
         SIM_STATE_CHANGED_BY_NOBODY, "call %llu came to incident %llu by %s", (ull)id,
         (ull)now->incident, sgp_event_kind_str(event->kind));
}

static void hold_unit(sim_ledger *ledger, const sgp_world *world, const sgp_event *event,
                      uint32_t index) {
    if (index >= SIM_UNITS)
        return;
    const sgp_unit *now = sgp_world_unit(world, index);
    const sim_unit *before = &ledger->units[index];
    HOLD(ledger, !now->has_position || now->position_at_ms <= event->at_ms, SIM_CLOCK_BACKWARDS,
         "unit %s was somewhere in the future", now->code);
    HOLD(ledger, !before->has_position || now->position_at_ms >= before->position_at_ms,
         SIM_POSITION_WENT_BACK, "unit %s has a position older than before", now->code);
    HOLD(ledger,
         now->on_duty == before->on_duty ||
             (event->kind == SGP_EVENT_UNIT_DUTY && strcmp(event->u.duty.unit, now->code) == 0),
         SIM_STATE_CHANGED_BY_NOBODY, "unit %s signed %s by %s", now->code,
         now->on_duty ? "on" : "off", sgp_event_kind_str(event->kind));
    if (now->on_duty && !before->on_duty)
        add_fact(ledger, (sim_fact){.kind = SIM_FACT_ASKED_ANEW, .seq = event->seq, .unit = index});
}

/* ---- hospitals and transfers ------------------------------------------------------- */

static void note_beds(sim_ledger *ledger, const sgp_world *world, const sgp_event *event) {
    if (event->kind != SGP_EVENT_HOSPITAL_TOLD)
        return;
    const sgp_hospital *hospital =
        sgp_world_hospital_by_code(world, event->u.hospital_told.hospital);
    sim_fact fact = {.kind = SIM_FACT_BEDS_TOLD,
                     .seq = event->seq,
                     .at_ms = event->at_ms,
                     .unit = hospital->index,
                     .beds = event->u.hospital_told.beds};
    if (event->u.hospital_told.has_beds)
        add_fact(ledger, fact);
    fact.kind = SIM_FACT_BEDS_RELEASED;
    fact.beds = event->u.hospital_told.released;
    if (fact.beds > 0)
        add_fact(ledger, fact);
}

/* Patients whom this event brought: handed over, or free again without having said so. */
static void note_brought(sim_ledger *ledger, const sgp_world *world, const sgp_event *event,
                         const sgp_effects *effects) {
    if (!sgp_world_clocks(world)->rules.hospital_by_need)
        return;
    for (size_t i = 0; i < effects->n; i++) {
        const sgp_effect *effect = &effects->items[i];
        if (effect->kind != SGP_EFFECT_CHANGED || effect->u.changed.thing != SGP_THING_ASSIGNMENT ||
            effect->u.changed.id >= ledger->n_assignments)
            continue;
        const sgp_assignment *now = sgp_world_assignment(world, effect->u.changed.id);
        sgp_assignment_state before = ledger->assignments[now->id].state;
        bool handed_over = now->at_ms[SGP_ASSIGNMENT_HANDED_OVER] &&
                           !ledger->assignments[now->id].at_ms[SGP_ASSIGNMENT_HANDED_OVER];
        bool left = now->state == SGP_ASSIGNMENT_CLOSED && has_patient(before);
        if (now->hospital >= 0 && (handed_over || left))
            add_fact(ledger, (sim_fact){.kind = SIM_FACT_BED_TAKEN,
                                        .seq = event->seq,
                                        .at_ms = event->at_ms,
                                        .unit = (uint32_t)now->hospital});
    }
}

/* Counted anew from what was told and who was brought since. */
static void hold_beds(sim_ledger *ledger, const sgp_world *world, uint32_t index) {
    int32_t told = -1, taken = 0, free_beds = sgp_world_free_beds(world, index);
    for (size_t i = 0; i < ledger->n_facts; i++) {
        const sim_fact *fact = &ledger->facts[i];
        if (fact->kind < SIM_FACT_BEDS_TOLD || fact->unit != index)
            continue;
        if (fact->kind == SIM_FACT_BEDS_TOLD) {
            told = fact->beds;
            taken = 0;
        } else {
            taken += fact->kind == SIM_FACT_BED_TAKEN ? 1 : -fact->beds;
            if (taken < 0) /* more than we knew of: what it has now, only a new count tells */
                told = -1;
            taken = taken < 0 ? 0 : taken;
            /* Before edition 2 one that was taken so long ago counted as free by itself. */
            const sgp_rules *rules = &sgp_world_clocks(world)->rules;
            if (rules->edition < 2 && rules->bed_stay_ms &&
                sgp_world_now_ms(world) - fact->at_ms >= rules->bed_stay_ms)
                return;
        }
    }
    if (told < 0 || sgp_world_beds_are_stale(world, index))
        return;
    HOLD(ledger, free_beds == (told > taken ? told - taken : 0), SIM_BEDS_MISCOUNTED,
         "hospital %s told of %d beds, %d were taken since, and %d are free",
         sgp_world_hospital(world, index)->code, (int)told, (int)taken, (int)free_beds);
}

static void hold_transfer(sim_ledger *ledger, const sgp_world *world, const sgp_event *event,
                          sgp_id id) {
    const sgp_transfer *now = sgp_world_transfer(world, id);
    if (!now || id >= SIM_TRANSFERS)
        return;
    sgp_transfer_state before = ledger->transfers[id];
    const sgp_incident *incident = sgp_world_incident(world, now->incident);
    HOLD(ledger, now->state >= before, SIM_TRANSFER_FORGOTTEN, "transfer %llu was %s and is %s",
         (ull)id, sgp_transfer_state_str(before), sgp_transfer_state_str(now->state));
    HOLD(ledger, now->state != SGP_TRANSFER_PLANNED || !now->incident, SIM_TRANSFER_FORGOTTEN,
         "transfer %llu is planned, and somebody's job already", (ull)id);
    HOLD(ledger,
         now->state != SGP_TRANSFER_DUE || (incident && incident->state != SGP_INCIDENT_CLOSED),
         SIM_TRANSFER_FORGOTTEN, "transfer %llu is due and has no open incident", (ull)id);
    HOLD(ledger,
         now->state != SGP_TRANSFER_CANCELLED || before == SGP_TRANSFER_CANCELLED ||
             event->kind == SGP_EVENT_TRANSFER_CANCELLED || now->outward,
         SIM_TRANSFER_FORGOTTEN, "transfer %llu was cancelled by nobody", (ull)id);
}

static void hold_changed(sim_ledger *ledger, const sgp_world *world, const sgp_event *event,
                         const sgp_effects *effects, const core_oracle *roads) {
    for (size_t i = 0; i < effects->n; i++) {
        const sgp_effect *effect = &effects->items[i];
        if (effect->kind != SGP_EFFECT_CHANGED)
            continue;
        sgp_id id = effect->u.changed.id;
        switch (effect->u.changed.thing) {
        case SGP_THING_UNIT:
            hold_unit(ledger, world, event, (uint32_t)(id - 1));
            if (id <= SIM_UNITS)
                ledger->units[id - 1].thing.was_told = true;
            break;
        case SGP_THING_HOSPITAL:
            hold_beds(ledger, world, (uint32_t)(id - 1));
            break;
        case SGP_THING_TRANSFER:
            hold_transfer(ledger, world, event, id);
            break;
        case SGP_THING_CALL:
            hold_call(ledger, world, event, id);
            call_of(ledger, id)->thing.was_told = true;
            break;
        case SGP_THING_INCIDENT:
            hold_incident(ledger, world, event, effects, id);
            incident_of(ledger, id)->thing.was_told = true;
            break;
        case SGP_THING_ASSIGNMENT:
            hold_assignment(ledger, world, event, effects, roads, id);
            hold_diversion(ledger, world, event, id);
            assignment_of(ledger, id)->thing.was_told = true;
            break;
        default:
            break;
        }
    }
}

/* ---- everything, after each step
 * ------------------------------------------------------------------ */

static void hold_jobs(sim_ledger *ledger, const sgp_world *world) {
    uint32_t jobs[SIM_UNITS] = {0};
    for (sgp_id id = 0; (id = sgp_world_next_assignment(world, id));) {
        const sgp_assignment *now = sgp_world_assignment(world, id);
        if (!is_open(now->state) || now->unit >= SIM_UNITS)
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
             !has_patient(now->state) ||
                 (status != SGP_UNIT_AVAILABLE && status != SGP_UNIT_OFF_DUTY),
             SIM_PATIENT_LEFT_BEHIND, "unit %s carries a patient and is shown as %s", unit->code,
             sgp_unit_status_str(status));
    }
}

static void hold_nothing_lost(sim_ledger *ledger, const sgp_world *world) {
    sgp_id present = 0, closed = 0;
    for (sgp_id id = 0; (id = sgp_world_next_incident(world, id)); present++)
        closed += sgp_world_incident(world, id)->state == SGP_INCIDENT_CLOSED;
    sgp_id known = ledger->n_incidents - 1;
    if (present < known)
        for (sgp_id id = 1; id < ledger->n_incidents; id++)
            HOLD(ledger,
                 sgp_world_incident(world, id) ||
                     (ledger->incidents[id].state == SGP_INCIDENT_CLOSED &&
                      closed >= SGP_CLOSED_KEPT),
                 SIM_INCIDENT_FORGOTTEN, "incident %llu is gone", (ull)id);
    for (sgp_id id = 1; id < ledger->n_calls; id++) {
        const sgp_call *call = sgp_world_call(world, id);
        HOLD(ledger, call || !sgp_world_incident(world, ledger->calls[id].incident),
             SIM_INCIDENT_FORGOTTEN, "call %llu is gone", (ull)id);
    }
    HOLD(ledger, closed <= SGP_CLOSED_KEPT + SIM_UNITS, SIM_BOUND_BROKEN,
         "%llu closed incidents are kept", (ull)closed);
}

static void hold_bounds(sim_ledger *ledger, const sgp_world *world) {
    for (uint32_t i = 0; i < sgp_world_hospitals(world); i++) {
        const sgp_hospital *hospital = sgp_world_hospital(world, i);
        HOLD(ledger, hospital->beds >= 0, SIM_BEDS_NEGATIVE, "hospital %s has %d beds",
             hospital->code, (int)hospital->beds);
    }
    for (sgp_id id = 0; (id = sgp_world_next_incident(world, id));) {
        const sgp_incident *incident = sgp_world_incident(world, id);
        HOLD(ledger,
             incident->n_assignments <= SGP_UNITS_PER_INCIDENT_MAX &&
                 incident->n_backup <= SGP_BACKUP_MAX &&
                 incident->n_answers <= SGP_ANSWERS_PER_INCIDENT_MAX &&
                 incident->n_alerts <= SGP_ALERTS_PER_INCIDENT_MAX && incident->units_wanted >= 1 &&
                 incident->units_wanted <= SGP_UNITS_PER_INCIDENT_MAX,
             SIM_BOUND_BROKEN, "incident %llu is over a bound", (ull)id);
    }
    for (sgp_id id = 0; (id = sgp_world_next_call(world, id));) {
        const sgp_call *call = sgp_world_call(world, id);
        HOLD(ledger, call->n_places <= SGP_PLACES_MAX && call->n_texts <= SGP_CALL_TEXTS_MAX,
             SIM_BOUND_BROKEN, "call %llu is over a bound", (ull)id);
    }
}

static void hold_chosen(sim_ledger *ledger, const sgp_world *world, const sgp_event *event,
                        sgp_err err) {
    if (event->kind == SGP_EVENT_PLACE_CHOSEN && !err)
        add_fact(ledger, (sim_fact){.kind = SIM_FACT_CHOSEN,
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

/* ---- units that are kept for transfers --------------------------------------------- */

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
static void hold_kept(sim_ledger *ledger, const sgp_world *world, const sgp_event *event) {
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

/* ---- nobody waits beside an idle unit
 * ----------------------------------------------------------------- */

/* A unit of which nothing whatever says that it may not go. */
static bool is_idle(const sgp_world *world, const sgp_unit *unit) {
    return unit->on_duty && !unit->assignment && unit->at_station &&
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

static void hold_no_idle(sim_ledger *ledger, const sgp_world *world, const sgp_event *event,
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
            bool freed =
                (job && !(relieved && clocks->rules.edition < 2)) || !ledger->units[i].on_duty;
            int32_t hours_ms = clocks->rules.crew_ms[incident->priority];
            bool tired = hours_ms && event->at_ms - unit->signed_on_at_ms > hours_ms;
            HOLD(ledger,
                 !(turned || freed) || !is_idle(world, unit) || tired ||
                     has_refused(ledger, id, i) || is_kept(world, incident, i, event->at_ms),
                 SIM_INCIDENT_FORGOTTEN, "incident %llu waits while unit %s stands idle", (ull)id,
                 unit->code);
        }
    }
}

/* ---- seats
 * --------------------------------------------------------------------------------------------- */

static void hold_seats(sim_ledger *ledger, const sgp_world *world, const sgp_event *event) {
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

/* ---- after a step
 * -------------------------------------------------------------------------------------- */

static void write_down(sim_ledger *ledger, const sgp_world *world) {
    for (uint32_t i = 0; i < sgp_world_units(world) && i < SIM_UNITS; i++) {
        const sgp_unit *unit = sgp_world_unit(world, i);
        sim_unit *book = &ledger->units[i];
        book->assignment = unit->assignment;
        book->on_duty = unit->on_duty;
        book->at_station = unit->at_station;
        book->has_position = unit->has_position;
        book->position_at_ms = unit->position_at_ms;
    }
    for (sgp_id id = 0; (id = sgp_world_next_incident(world, id));) {
        const sgp_incident *incident = sgp_world_incident(world, id);
        sim_incident *book = incident_of(ledger, id);
        book->state = incident->state;
        book->outcome = incident->outcome;
        book->confirmed = incident->place_confirmed;
        book->priority = incident->priority;
        book->point = incident->place.point;
        if (id >= ledger->n_incidents)
            ledger->n_incidents = id + 1;
    }
    for (sgp_id id = 0; (id = sgp_world_next_assignment(world, id));) {
        const sgp_assignment *assignment = sgp_world_assignment(world, id);
        sim_assignment *book = assignment_of(ledger, id);
        book->incident = assignment->incident;
        book->unit = assignment->unit;
        book->state = assignment->state;
        memcpy(book->at_ms, assignment->at_ms, sizeof book->at_ms);
        if (id >= ledger->n_assignments)
            ledger->n_assignments = id + 1;
    }
    for (sgp_id id = 0; (id = sgp_world_next_transfer(world, id));)
        if (id < SIM_TRANSFERS)
            ledger->transfers[id] = sgp_world_transfer(world, id)->state;
    for (sgp_id id = 0; (id = sgp_world_next_call(world, id));) {
        call_of(ledger, id)->incident = sgp_world_call(world, id)->incident;
        if (id >= ledger->n_calls)
            ledger->n_calls = id + 1;
    }
    ledger->seq = sgp_world_seq(world);
    ledger->now_ms = sgp_world_now_ms(world);
}

static bool replies_equal(const sgp_reply *a, const sgp_reply *b) {
    return a->err == b->err && a->call == b->call && a->incident == b->incident &&
           a->assignment == b->assignment && a->recommendation == b->recommendation &&
           a->closure == b->closure && strcmp(a->message, b->message) == 0;
}

static void hold_repeated(sim_ledger *ledger, const sgp_world *world, const sgp_event *event,
                          sgp_err err, const sgp_effects *effects) {
    uint8_t digest[32];
    const sgp_reply *reply = &effects->items[effects->n - 1].u.reply;
    sgp_world_digest(world, digest);
    HOLD(ledger,
         memcmp(digest, ledger->digest, sizeof digest) == 0 && effects->n == 1 &&
             sgp_world_seq(world) == ledger->seq,
         SIM_REQUEST_DONE_TWICE, "%s came twice with one request id and was done twice",
         sgp_event_kind_str(event->kind));
    if (strcmp(event->actor, ledger->before.actor) != 0)
        HOLD(ledger, err == SGP_E_STATE, SIM_REQUEST_DONE_TWICE, "%s heard what %s was answered",
             event->actor, ledger->before.actor);
    else
        HOLD(ledger, replies_equal(reply, &ledger->before.reply), SIM_REQUEST_DONE_TWICE,
             "%s came twice with one request id and heard something else",
             sgp_event_kind_str(event->kind));
}

static void remember_answer(sim_ledger *ledger, const sgp_event *event,
                            const sgp_effects *effects) {
    ledger->answered = room(ledger->answered, ledger->n_answered, &ledger->answered_capacity,
                            sizeof *ledger->answered);
    sim_answered *answered = &ledger->answered[ledger->n_answered++];
    answered->seq = event->seq;
    memcpy(answered->id, event->request_id, sizeof answered->id);
    memcpy(answered->actor, event->actor, sizeof answered->actor);
    answered->reply = effects->items[effects->n - 1].u.reply;
}

void sim_ledger_after(sim_ledger *ledger, const sgp_world *world, const sgp_event *event,
                      sgp_err err, const sgp_effects *effects, const core_oracle *roads) {
    ledger->steps++;
    const char *wrong = core_check_effects(world, effects);
    HOLD(ledger, !wrong, SIM_WORLD_INCONSISTENT, "%s", wrong);
    if (wrong)
        return;
    HOLD(ledger, err == effects->items[effects->n - 1].u.reply.err, SIM_WORLD_INCONSISTENT,
         "the reply tells another error");
    if (ledger->repeated) {
        hold_repeated(ledger, world, event, err, effects);
        return;
    }
    bool numbered = sgp_world_seq(world) == event->seq;
    HOLD(ledger, numbered || (err && sgp_world_seq(world) == ledger->seq), SIM_CLOCK_BACKWARDS,
         "event %llu left the world at number %llu", (ull)event->seq, (ull)sgp_world_seq(world));
    HOLD(ledger, event->at_ms >= ledger->now_ms && sgp_world_now_ms(world) >= ledger->now_ms,
         SIM_CLOCK_BACKWARDS, "event %llu is %lld ms before the one before it", (ull)event->seq,
         (long long)(ledger->now_ms - event->at_ms));
    uint8_t digest[32];
    sgp_world_digest(world, digest);
    if (err) {
        HOLD(ledger,
             effects->n == 1 && (numbered || memcmp(digest, ledger->digest, sizeof digest) == 0),
             SIM_REFUSAL_CHANGED_SOMETHING, "%s was refused and changed something",
             sgp_event_kind_str(event->kind));
    } else {
        if (event->kind == SGP_EVENT_ASSIGNMENT_STOOD_DOWN)
            ledger->incidents[sgp_world_assignment(world, event->u.stood_down.assignment)->incident]
                .in_hand = true;
        note_beds(ledger, world, event);
        note_brought(ledger, world, event, effects);
        hold_changed(ledger, world, event, effects, roads);
        hold_seats(ledger, world, event);
        hold_kept(ledger, world, event);
        hold_no_idle(ledger, world, event, roads);
    }
    memcpy(ledger->digest, digest, sizeof digest);
    wrong = numbered ? core_check_event_coding(event) : NULL;
    HOLD(ledger, !wrong, SIM_WORLD_INCONSISTENT, "%s", wrong);
    hold_jobs(ledger, world);
    hold_nothing_lost(ledger, world);
    hold_bounds(ledger, world);
    hold_chosen(ledger, world, event, err);
    wrong = core_check_world(world);
    HOLD(ledger, !wrong, SIM_WORLD_INCONSISTENT, "%s", wrong);
    if (numbered && is_request(event))
        remember_answer(ledger, event, effects);
    if (ledger->steps % SIM_HASHED_EVERY == 0)
        take_hashes(ledger, world);
    write_down(ledger, world);
}

/* ---- turns, telling, crashes, the end
 * ------------------------------------------------------------------- */

void sim_ledger_turn(sim_ledger *ledger, const sgp_world *world, int64_t now_ms) {
    for (sgp_id id = 0; (id = sgp_world_next_assignment(world, id));) {
        const sgp_assignment *on = sgp_world_assignment(world, id);
        HOLD(ledger,
             on->state != SGP_ASSIGNMENT_ORDERED || ledger->assignments[id].answer_by_ms > now_ms,
             SIM_ORDER_NEVER_ANSWERED, "unit %u was to answer assignment %llu %lld ms ago",
             on->unit, (ull)id, (long long)(now_ms - ledger->assignments[id].answer_by_ms));
    }
    for (sgp_id id = 0; (id = sgp_world_next_incident(world, id));) {
        const sgp_incident *incident = sgp_world_incident(world, id);
        for (uint32_t i = 0; i < incident->n_alerts && incident->state != SGP_INCIDENT_CLOSED; i++)
            HOLD(ledger,
                 incident->alerts[i].state != SGP_ALERT_GIVEN ||
                     incident->alerts[i].answer_by_ms > now_ms,
                 SIM_ALERT_NEVER_ANSWERED, "%s was to answer for incident %llu",
                 incident->alerts[i].agency, (ull)id);
    }
    for (sgp_id id = 0; (id = sgp_world_next_transfer(world, id));) {
        const sgp_transfer *transfer = sgp_world_transfer(world, id);
        HOLD(ledger, transfer->state != SGP_TRANSFER_PLANNED || transfer->pick_up_at_ms > now_ms,
             SIM_TRANSFER_FORGOTTEN, "transfer %llu is not due, and the patient waits for %lld ms",
             (ull)id, (long long)(now_ms - transfer->pick_up_at_ms));
    }
    for (uint32_t i = 0; i < sgp_world_road_closures(world); i++) {
        const sgp_road_closure *closure = sgp_world_road_closure(world, i);
        HOLD(ledger,
             (!closure->until_ms || closure->until_ms > now_ms) &&
                 (closure->in_force || closure->from_ms > now_ms),
             SIM_CLOSURE_NEVER_ENDS, "closure %llu is not as its times say", (ull)closure->id);
    }
}

void sim_ledger_told(sim_ledger *ledger, uint64_t seq, uint64_t on_disk) {
    HOLD(ledger, seq <= on_disk, SIM_TOLD_BEFORE_WRITTEN,
         "something of event %llu was told when the disk had %llu", (ull)seq, (ull)on_disk);
}

void sim_ledger_told_order(sim_ledger *ledger, const sgp_world *world, sgp_id assignment) {
    const sgp_assignment *on = sgp_world_assignment(world, assignment);
    ledger->told = room(ledger->told, ledger->n_told, &ledger->told_capacity, sizeof *ledger->told);
    ledger->told[ledger->n_told++] = (sim_told){assignment, on->incident, on->unit};
}

void sim_ledger_recovered(sim_ledger *ledger, const sgp_world *world) {
    uint64_t seq = sgp_world_seq(world);
    while (ledger->n_facts && ledger->facts[ledger->n_facts - 1].seq > seq)
        ledger->n_facts--;
    while (ledger->n_answered && ledger->answered[ledger->n_answered - 1].seq > seq)
        ledger->n_answered--;
    for (size_t i = 0; i < ledger->n_told; i++) {
        const sim_told *told = &ledger->told[i];
        const sgp_assignment *on = sgp_world_assignment(world, told->assignment);
        HOLD(ledger, on && on->incident == told->incident && on->unit == told->unit,
             SIM_TOLD_AND_LOST, "unit %u was told assignment %llu, which the engine does not know",
             told->unit, (ull)told->assignment);
    }
    memset(ledger->units, 0, sizeof ledger->units);
    memset(ledger->transfers, 0, sizeof ledger->transfers);
    for (sgp_id id = 1; id < ledger->n_incidents; id++)
        ledger->incidents[id].thing = (sim_thing){.is_there = false};
    for (sgp_id id = 1; id < ledger->n_assignments; id++)
        ledger->assignments[id].thing = (sim_thing){.is_there = false};
    for (sgp_id id = 1; id < ledger->n_calls; id++)
        ledger->calls[id].thing = (sim_thing){.is_there = false};
    ledger->n_incidents = ledger->n_assignments = ledger->n_calls = 1;
    sgp_world_digest(world, ledger->digest);
    write_down(ledger, world);
}

void sim_ledger_end(sim_ledger *ledger, const sgp_world *world) {
    for (sgp_id id = 0; (id = sgp_world_next_call(world, id));) {
        const sgp_incident *incident =
            sgp_world_incident(world, sgp_world_call(world, id)->incident);
        HOLD(ledger,
             incident && incident->state == SGP_INCIDENT_CLOSED &&
                 incident->outcome != SGP_OUTCOME_NONE,
             SIM_CALL_WITHOUT_OUTCOME, "call %llu of incident %llu (%s) has no outcome at night",
             (ull)id, (ull)(incident ? incident->id : 0),
             incident ? sgp_incident_state_str(incident->state) : "gone");
    }
    for (uint32_t i = 0; i < sgp_world_units(world); i++) {
        const sgp_unit *unit = sgp_world_unit(world, i);
        HOLD(ledger, !unit->assignment, SIM_ORDER_NEVER_ANSWERED,
             "unit %s is still on assignment %llu at night", unit->code, (ull)unit->assignment);
    }
    HOLD(ledger, sgp_world_next_timer_ms(world) > sgp_world_now_ms(world), SIM_ORDER_NEVER_ANSWERED,
         "a clock that has run out is still due at night");
    take_hashes(ledger, world);
}
