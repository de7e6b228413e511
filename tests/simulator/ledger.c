#include "ledger_parts.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>

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

sim_incident *sim_incident_of(sim_ledger *ledger, sgp_id id) {
    ledger->incidents =
        room(ledger->incidents, id, &ledger->incidents_capacity, sizeof *ledger->incidents);
    return &ledger->incidents[id];
}

sim_assignment *sim_assignment_of(sim_ledger *ledger, sgp_id id) {
    ledger->assignments =
        room(ledger->assignments, id, &ledger->assignments_capacity, sizeof *ledger->assignments);
    return &ledger->assignments[id];
}

sim_call *sim_call_of(sim_ledger *ledger, sgp_id id) {
    ledger->calls = room(ledger->calls, id, &ledger->calls_capacity, sizeof *ledger->calls);
    return &ledger->calls[id];
}

/* ---- facts and words that the holders share ---- */

void sim_add_fact(sim_ledger *ledger, sim_fact fact) {
    ledger->facts =
        room(ledger->facts, ledger->n_facts, &ledger->facts_capacity, sizeof *ledger->facts);
    ledger->facts[ledger->n_facts++] = fact;
}

bool sim_has_refused(const sim_ledger *ledger, sgp_id incident, uint32_t unit) {
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

bool sim_is_open(sgp_assignment_state state) {
    return state >= SGP_ASSIGNMENT_PROPOSED && state <= SGP_ASSIGNMENT_HANDED_OVER;
}

bool sim_has_patient(sgp_assignment_state state) {
    return state == SGP_ASSIGNMENT_TRANSPORTING || state == SGP_ASSIGNMENT_AT_HOSPITAL;
}

const sgp_effect *sim_effect_for(const sgp_effects *effects, sgp_effect_kind kind, sgp_id id) {
    for (size_t i = 0; i < effects->n; i++)
        if (effects->items[i].kind == kind && effects->items[i].u.order.assignment == id)
            return &effects->items[i];
    return NULL;
}

/* ---- around a step ---- */

static bool is_request(const sgp_event *event) {
    static const uint8_t none[16];
    return memcmp(event->request_id, none, sizeof none) != 0;
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
    sim_note_settled(ledger, world, event);
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
            sim_hold_unit(ledger, world, event, effects, (uint32_t)(id - 1));
            if (id <= SIM_UNITS)
                ledger->units[id - 1].thing.was_told = true;
            break;
        case SGP_THING_HOSPITAL:
            sim_hold_beds(ledger, world, (uint32_t)(id - 1));
            break;
        case SGP_THING_TRANSFER:
            sim_hold_transfer(ledger, world, event, id);
            break;
        case SGP_THING_CALL:
            sim_hold_call(ledger, world, event, id);
            sim_call_of(ledger, id)->thing.was_told = true;
            break;
        case SGP_THING_INCIDENT:
            sim_hold_incident(ledger, world, event, effects, id);
            sim_incident_of(ledger, id)->thing.was_told = true;
            break;
        case SGP_THING_ASSIGNMENT:
            sim_hold_assignment(ledger, world, event, effects, roads, id);
            sim_hold_diversion(ledger, world, event, id);
            sim_assignment_of(ledger, id)->thing.was_told = true;
            break;
        default:
            break;
        }
    }
}

static void write_down(sim_ledger *ledger, const sgp_world *world) {
    for (uint32_t i = 0; i < sgp_world_units(world) && i < SIM_UNITS; i++) {
        const sgp_unit *unit = sgp_world_unit(world, i);
        sim_unit *book = &ledger->units[i];
        book->assignment = unit->assignment;
        book->on_duty = unit->on_duty;
        book->at_station = unit->at_station;
        book->has_position = unit->has_position;
        book->position_at_ms = unit->position_at_ms;
        book->in_distress = unit->distress_at_ms != 0;
        book->post = unit->post.state;
        book->post_id = unit->post.id;
    }
    for (sgp_id id = 0; (id = sgp_world_next_incident(world, id));) {
        const sgp_incident *incident = sgp_world_incident(world, id);
        sim_incident *book = sim_incident_of(ledger, id);
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
        sim_assignment *book = sim_assignment_of(ledger, id);
        book->incident = assignment->incident;
        book->unit = assignment->unit;
        book->state = assignment->state;
        book->by_radio = assignment->by_radio;
        memcpy(book->at_ms, assignment->at_ms, sizeof book->at_ms);
        if (id >= ledger->n_assignments)
            ledger->n_assignments = id + 1;
    }
    for (sgp_id id = 0; (id = sgp_world_next_transfer(world, id));)
        if (id < SIM_TRANSFERS)
            ledger->transfers[id] = sgp_world_transfer(world, id)->state;
    for (sgp_id id = 0; (id = sgp_world_next_call(world, id));) {
        sim_call_of(ledger, id)->incident = sgp_world_call(world, id)->incident;
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
        sim_note_beds(ledger, world, event);
        sim_note_brought(ledger, world, event, effects);
        hold_changed(ledger, world, event, effects, roads);
        sim_hold_seats(ledger, world, event);
        sim_hold_kept(ledger, world, event);
        sim_hold_no_idle(ledger, world, event, roads);
        sim_hold_alarms(ledger, world, event, effects);
    }
    sim_hold_numbers(ledger, world, event, err, &effects->items[effects->n - 1].u.reply);
    memcpy(ledger->digest, digest, sizeof digest);
    wrong = numbered ? core_check_event_coding(event) : NULL;
    HOLD(ledger, !wrong, SIM_WORLD_INCONSISTENT, "%s", wrong);
    sim_hold_jobs(ledger, world);
    sim_hold_nothing_lost(ledger, world);
    sim_hold_bounds(ledger, world);
    sim_hold_chosen(ledger, world, event, err);
    wrong = core_check_world(world);
    HOLD(ledger, !wrong, SIM_WORLD_INCONSISTENT, "%s", wrong);
    if (numbered && is_request(event))
        remember_answer(ledger, event, effects);
    if (ledger->steps % SIM_HASHED_EVERY == 0)
        sim_take_hashes(ledger, world);
    write_down(ledger, world);
}

/* ---- turns, telling, crashes, the end ---- */

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
    sim_hold_crews(ledger, world, now_ms);
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
    for (sgp_id id = 1; id < ledger->n_assignments; id++) {
        ledger->assignments[id].thing = (sim_thing){.is_there = false};
        ledger->assignments[id].ask_within_ms = 0;
    }
    memset(ledger->marked_until_ms, 0, sizeof ledger->marked_until_ms);
    for (uint32_t i = 0; i < SIM_UNITS; i++)
        ledger->units[i].alarm_at_ms = sgp_world_now_ms(world);
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
    sim_take_hashes(ledger, world);
}
