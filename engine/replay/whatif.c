/* The loop of a what-if, callers and dispatchers. */
#include <assert.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/move_advice.h"
#include "replay/whatif_parts.h"

void sgp_habits_default(sgp_habits *habits) {
    enum { SECOND = 1000 };
#define SECONDS(a, b, c, d, e, f, g)                                                               \
    {{(a)*SECOND, (b)*SECOND, (c)*SECOND, (d)*SECOND, (e)*SECOND, (f)*SECOND, (g)*SECOND}}
    *habits = (sgp_habits){
        .locate = SECONDS(10, 30, 45, 70, 110, 240, 420),
        .click = SECONDS(4, 10, 16, 28, 50, 110, 180),
        .answer = SECONDS(2, 5, 8, 12, 17, 25, 28),
        .turnout = SECONDS(15, 40, 55, 75, 105, 170, 240),
        .scene = SECONDS(240, 660, 960, 1320, 1800, 2900, 4200),
        .offload = SECONDS(180, 540, 840, 1260, 1860, 3300, 5400),
        .tidy = SECONDS(60, 240, 420, 660, 960, 1700, 2700),
        .look = SECONDS(60, 150, 240, 360, 540, 900, 1200),
        .travel_factor = {{1000, 1000, 1000, 1000, 1000, 1000, 1000}},
        .transport_permille = 720,
    };
#undef SECONDS
}

/* ---- acts ------------------------------------------------------------------ */

static bool comes_before(const sgp_act *a, const sgp_act *b) {
    return a->at_ms != b->at_ms ? a->at_ms < b->at_ms : a->order < b->order;
}

sgp_err sgp_play_plan(sgp_play *play, int64_t at_ms, sgp_act_kind kind, uint32_t index,
                      uint32_t turn) {
    if (play->n_acts == play->acts_capacity) {
        size_t capacity = play->acts_capacity ? 2 * play->acts_capacity : 256;
        sgp_act *acts = realloc(play->acts, capacity * sizeof *acts);
        if (!acts)
            return SGP_E_MEMORY;
        play->acts = acts;
        play->acts_capacity = capacity;
    }
    sgp_act act = {at_ms, play->n_acts_planned++, kind, index, turn};
    size_t at = play->n_acts++;
    while (at > 0 && comes_before(&act, &play->acts[(at - 1) / 2])) {
        play->acts[at] = play->acts[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    play->acts[at] = act;
    return SGP_OK;
}

static sgp_act take_first(sgp_play *play) {
    sgp_act first = play->acts[0], last = play->acts[--play->n_acts];
    size_t at = 0;
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= play->n_acts)
            break;
        if (child + 1 < play->n_acts && comes_before(&play->acts[child + 1], &play->acts[child]))
            child++;
        if (!comes_before(&play->acts[child], &last))
            break;
        play->acts[at] = play->acts[child];
        at = child;
    }
    if (play->n_acts)
        play->acts[at] = last;
    return first;
}

/* ---- stepping the core ------------------------------------------------------ */

/* How much of an event's body a kind has; the rest of a CALL_PLACED are places that are not there.
 */
static size_t body_bytes(sgp_event_kind kind) {
    const sgp_event *event = NULL;
    switch (kind) {
    case SGP_EVENT_UNIT_POSITION:
        return sizeof event->u.position;
    case SGP_EVENT_CALL_RECEIVED:
        return sizeof event->u.call;
    case SGP_EVENT_CALL_PLACED:
        return offsetof(sgp_event, u.placed.places[1]) - offsetof(sgp_event, u);
    case SGP_EVENT_UNIT_ORDERED:
        return sizeof event->u.ordered;
    case SGP_EVENT_ORDER_ANSWERED:
        return sizeof event->u.answered;
    case SGP_EVENT_ASSIGNMENT_ADVANCED:
        return sizeof event->u.advanced;
    case SGP_EVENT_INCIDENT_CLOSED:
        return sizeof event->u.closed;
    case SGP_EVENT_TIMER:
        return 0;
    default:
        return sizeof event->u;
    }
}

sgp_event *sgp_play_event(sgp_play *play, sgp_event_kind kind) {
    sgp_event *event = &play->event;
    memset(&event->u, 0, body_bytes(kind));
    event->kind = kind;
    event->seq = play->seq + 1;
    event->parent = 0;
    event->at_ms = play->now_ms;
    return event;
}

/* A recommendation that waits for a dispatcher. */
static sgp_err hear_recommendation(sgp_play *play, const sgp_recommendation *told) {
    uint32_t row = (uint32_t)(told->incident - 1);
    sgp_played_call *call = &play->calls[row];
    const sgp_incident *incident = sgp_world_incident(play->world, told->incident);
    play->count->recommendations++;
    if (call->click_comes || play->plan->clocks.order_without_click[incident->priority] ||
        incident->state != SGP_INCIDENT_WAITING || told->n_candidates == 0 ||
        told->candidates[0].exclusion != SGP_EXCLUDED_NOT)
        return SGP_OK;
    uint64_t bits =
        sgp_draw(play->plan->seed, call->past->key, SGP_DRAW_CLICK, incident->n_assignments);
    call->click_comes = true;
    return sgp_play_plan(play, play->now_ms + sgp_duration_draw(&play->plan->habits.click, bits),
                         SGP_ACT_CLICK, row, 0);
}

static sgp_err obey(sgp_play *play) {
    sgp_err err = sgp_play_adopt(play);
    for (size_t i = 0; i < play->effects.n && !err; i++) {
        const sgp_effect *effect = &play->effects.items[i];
        if (effect->kind == SGP_EFFECT_ORDER)
            err = sgp_play_crew_ordered(play, effect->u.order.assignment);
        else if (effect->kind == SGP_EFFECT_WITHDRAW)
            err = sgp_play_crew_withdrawn(play, effect->u.withdraw.assignment);
        else if (effect->kind == SGP_EFFECT_RECOMMENDED)
            err = hear_recommendation(play, &effect->u.recommended);
    }
    return err ? err : sgp_play_note_changes(play);
}

static sgp_err keep_record(sgp_play *play) {
    Sigap__V1__RecordedTimes times = SIGAP__V1__RECORDED_TIMES__INIT;
    sgp_times_recorder_to_proto(&play->recorder, &times);
    sgp_buffer_clear(&play->recorded);
    sgp_err err =
        sgp_record_encode(play->world, &play->event, &times, &play->effects, &play->recorded);
    sgp_times_recorder_clear(&play->recorder);
    return err ? err
               : play->plan->record(play->plan->record_ctx, &play->event, play->recorded.data,
                                    play->recorded.length);
}

static int64_t now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

sgp_err sgp_play_step(sgp_play *play, sgp_err *answer) {
    sgp_week_roads_at(play->plan->roads, play->now_ms);
    sgp_effects_clear(&play->effects);
    int64_t begun_ns = play->plan->timed ? now_ns() : 0;
    sgp_err err = sgp_core_step(play->world, &play->event, &play->times, &play->effects);
    if (play->plan->timed)
        play->plan->timed(play->plan->timed_ctx, play->event.kind, now_ns() - begun_ns);
    play->count->events++;
    if (answer)
        *answer = err;
    if (err == SGP_E_MEMORY || err == SGP_E_CORRUPT || (err && !answer)) {
        const char *why = play->effects.n ? play->effects.items[play->effects.n - 1].u.reply.message
                                          : sgp_err_message(err);
        return sgp_fail(play->fault, err == SGP_E_MEMORY ? err : SGP_E_MISMATCH,
                        "event %llu (%s) was refused: %s", (unsigned long long)play->event.seq,
                        sgp_event_kind_str(play->event.kind), why);
    }
    if (err) {
        play->count->refused++;
        sgp_times_recorder_clear(&play->recorder);
        return SGP_OK;
    }
    play->seq = play->event.seq;
    if (play->plan->record)
        err = keep_record(play);
    return err ? err : obey(play);
}

/* ---- callers and dispatchers ------------------------------------------------ */

sgp_outcome sgp_play_outcome(const sgp_play *play, const sgp_past_call *past) {
    const sgp_whatif *plan = play->plan;
    if (past->outcome != SGP_OUTCOME_NONE)
        return (sgp_outcome)past->outcome;
    int32_t share = (int32_t)(sgp_draw(plan->seed, past->key, SGP_DRAW_OUTCOME, 0) % 1000);
    for (int i = SGP_OUTCOME_SERVED + 1; i < SGP_OUTCOMES; i++) {
        if (share < plan->habits.outcome_permille[i])
            return (sgp_outcome)i;
        share -= plan->habits.outcome_permille[i];
    }
    return SGP_OUTCOME_SERVED;
}

static sgp_err ring(sgp_play *play, uint32_t index) {
    const sgp_past_call *past = &play->plan->calls->calls[index];
    if (past->transfer)
        return sgp_play_ask_transfer(play, index);
    play->ringing = index;
    sgp_event *event = sgp_play_event(play, SGP_EVENT_CALL_RECEIVED);
    strcpy(event->u.call.channel, "112");
    memcpy(event->u.call.complaint, past->complaint, sizeof past->complaint);
    event->u.call.priority = past->priority;
    event->u.call.has_text = true;
    sgp_err err = sgp_play_step(play, NULL);
    if (err)
        return err;
    const sgp_reply *reply = &play->effects.items[play->effects.n - 1].u.reply;
    assert(reply->incident == play->run->n_incidents);
    uint32_t row = (uint32_t)(reply->incident - 1);
    play->calls[row].call = reply->call;
    uint64_t bits = sgp_draw(play->plan->seed, past->key, SGP_DRAW_LOCATE, 0);
    return sgp_play_plan(play, play->now_ms + sgp_duration_draw(&play->plan->habits.locate, bits),
                         SGP_ACT_PLACED, row, 0);
}

/* What the call-taker hears to be no emergency goes no further. */
static bool is_heard_to_be_nothing(sgp_outcome outcome) {
    return outcome != SGP_OUTCOME_SERVED && outcome != SGP_OUTCOME_PRANK &&
           outcome != SGP_OUTCOME_GHOST;
}

/* As the live engine names it: whose units are at home there decides who may go. */
static void name_district(const sgp_play *play, sgp_place *place) {
    const sgp_graph_places *names = &sgp_graph_get(play->plan->graph)->places;
    const sgp_graph_district *inside = sgp_graph_district_at(names, place->point);
    if (!inside)
        return;
    snprintf(place->kelurahan, sizeof place->kelurahan, "%s", names->texts + inside->kelurahan);
    snprintf(place->kecamatan, sizeof place->kecamatan, "%s", names->texts + inside->kecamatan);
    snprintf(place->kabupaten, sizeof place->kabupaten, "%s", names->texts + inside->kabupaten);
}

static sgp_err placed(sgp_play *play, uint32_t row) {
    const sgp_played_call *call = &play->calls[row];
    sgp_event *event;
    if (is_heard_to_be_nothing(call->outcome)) {
        event = sgp_play_event(play, SGP_EVENT_INCIDENT_CLOSED);
        event->u.closed.incident = (sgp_id)row + 1;
        event->u.closed.outcome = call->outcome;
        return sgp_play_step(play, NULL);
    }
    sgp_err err = sgp_play_cover(play);
    if (!err)
        err = sgp_play_report_positions(play, play->run->incidents[row].priority);
    if (err)
        return err;
    event = sgp_play_event(play, SGP_EVENT_CALL_PLACED);
    event->u.placed.call = call->call;
    event->u.placed.n_places = 1;
    event->u.placed.places[0].kind = SGP_PLACE_ADDRESS;
    event->u.placed.places[0].point = call->past->point;
    event->u.placed.places[0].confidence_permille = 1000;
    event->u.placed.places[0].uncertainty_m = 10;
    name_district(play, &event->u.placed.places[0]);
    return sgp_play_step(play, NULL);
}

static sgp_err click(sgp_play *play, uint32_t row) {
    sgp_id id = (sgp_id)row + 1;
    play->calls[row].click_comes = false;
    const sgp_incident *incident = sgp_world_incident(play->world, id);
    if (!incident || incident->state != SGP_INCIDENT_WAITING)
        return SGP_OK;
    sgp_err err = sgp_play_report_positions(play, incident->priority);
    if (err)
        return err;
    sgp_event *event = sgp_play_event(play, SGP_EVENT_UNIT_ORDERED);
    event->u.ordered.incident = id;
    sgp_err answer; /* nobody can go: the core recommends anew when somebody is free */
    return sgp_play_step(play, &answer);
}

/* ---- a run ------------------------------------------------------------------ */

/* Configuration, hospitals, units. */
static sgp_err found_world(sgp_play *play) {
    const sgp_whatif *plan = play->plan;
    sgp_event *event = sgp_play_event(play, SGP_EVENT_CONFIGURED);
    event->u.configured = plan->clocks;
    /* Nobody changes shift here, so nobody is ever too long on duty either. */
    memset(event->u.configured.rules.crew_ms, 0, sizeof event->u.configured.rules.crew_ms);
    /* Nobody is there to answer, and it decides nothing. */
    memset(event->u.configured.rules.welfare_ms, 0, sizeof event->u.configured.rules.welfare_ms);
    event->u.configured.rules.welfare_alone_ms = event->u.configured.rules.welfare_danger_ms = 0;
    event->u.configured.rules.shift_absent_ms = 0;
    sgp_err err = sgp_play_step(play, NULL);
    if (!err && plan->plan) {
        event = sgp_play_event(play, SGP_EVENT_PLANNED);
        event->u.planned.plan = plan->plan;
        err = sgp_play_step(play, NULL);
    }
    for (size_t i = 0; i < plan->n_hospitals && !err; i++) {
        event = sgp_play_event(play, SGP_EVENT_HOSPITAL_REGISTERED);
        event->u.hospital_registered.hospital = plan->hospitals[i];
        err = sgp_week_roads_know(plan->roads, plan->hospitals[i].point);
        if (!err)
            err = sgp_play_step(play, NULL);
    }
    for (size_t i = 0; i < plan->n_units && !err; i++) {
        event = sgp_play_event(play, SGP_EVENT_UNIT_REGISTERED);
        event->u.unit_registered.unit = plan->units[i];
        err = sgp_week_roads_know(plan->roads, plan->units[i].station_point);
        if (!err)
            err = sgp_play_step(play, NULL);
        if (!err)
            play->crews[i].at = plan->units[i].station_point;
    }
    return err ? err : sgp_play_begin_shifts(play);
}

static sgp_err act(sgp_play *play) {
    sgp_act next = take_first(play);
    play->now_ms = next.at_ms;
    switch ((sgp_act_kind)next.kind) {
    case SGP_ACT_PLACED:
        return placed(play, next.index);
    case SGP_ACT_CLICK:
        return click(play, next.index);
    case SGP_ACT_CREW:
        return play->crews[next.index].turn == next.turn ? sgp_play_crew_next(play, next.index)
                                                         : SGP_OK;
    }
    return SGP_OK;
}

static sgp_err fire_timers(sgp_play *play, int64_t due_ms) {
    play->now_ms = due_ms > play->now_ms ? due_ms : play->now_ms;
    /* A transfer may fall due, and be served by whoever covers the city least. */
    sgp_err err = play->n_asked ? sgp_play_cover(play) : SGP_OK;
    if (!err)
        err = sgp_play_report_positions(play, SGP_P1);
    if (err)
        return err;
    sgp_play_event(play, SGP_EVENT_TIMER);
    err = sgp_play_step(play, NULL);
    if (!err && sgp_world_next_timer_ms(play->world) <= play->now_ms)
        err = sgp_fail(play->fault, SGP_E_MISMATCH, "a timer that has fired is still due");
    return err;
}

/* For the next shift, at most two days after the last call: nobody else can come. */
static bool somebody_waits(const sgp_play *play) {
    enum { LONGEST_MS = 48 * 3600 * 1000 };
    const sgp_call_list *list = play->plan->calls;
    return play->waiting && list->n &&
           play->shift_ms - list->calls[list->n - 1].at_ms <= LONGEST_MS;
}

static sgp_err play_all(sgp_play *play) {
    const sgp_call_list *list = play->plan->calls;
    sgp_err err = SGP_OK;
    for (size_t next = 0; !err;) {
        int64_t ring_ms = next < list->n ? list->calls[next].at_ms : INT64_MAX;
        int64_t act_ms = play->n_acts ? play->acts[0].at_ms : INT64_MAX;
        int64_t timer_ms = sgp_world_next_timer_ms(play->world);
        int64_t first_ms = ring_ms < act_ms ? ring_ms : act_ms;
        first_ms = timer_ms < first_ms ? timer_ms : first_ms;
        if (play->shift_ms <= first_ms && (first_ms != INT64_MAX || somebody_waits(play))) {
            play->now_ms = play->shift_ms > play->now_ms ? play->shift_ms : play->now_ms;
            err = sgp_play_change_shifts(play);
            continue;
        }
        if (ring_ms == INT64_MAX && act_ms == INT64_MAX && timer_ms == INT64_MAX)
            break;
        if (timer_ms <= ring_ms && timer_ms <= act_ms) {
            err = fire_timers(play, timer_ms);
        } else if (act_ms <= ring_ms) {
            err = act(play);
        } else {
            play->now_ms = ring_ms;
            err = ring(play, (uint32_t)next++);
        }
        if (!err)
            err = sgp_play_look_at_moves(play);
        if (!err && play->some_due)
            err = sgp_play_change_shifts(play);
    }
    return err;
}

static void play_free(sgp_play *play) {
    sgp_play_free_maps(play);
    sgp_effects_free(&play->effects);
    sgp_times_recorder_free(&play->recorder);
    sgp_buffer_free(&play->recorded);
    sgp_world_destroy(play->world);
    free(play->acts);
    for (size_t i = 0; play->crews && i < play->plan->n_units; i++) {
        free(play->crews[i].way_points);
        free(play->crews[i].way_at_ms);
    }
    free(play->crews);
    free(play->calls);
    free(play->asked);
    free(play->advice);
    free(play->job_of);
    free(play->district_of);
}

static bool some_policy_diverts(const sgp_clocks *clocks) {
    for (int p = 0; p < SGP_PRIORITIES; p++)
        if (clocks->policy[p] != SGP_POLICY_CLOSEST &&
            clocks->policy[p] != SGP_POLICY_COVERAGE_AWARE)
            return true;
    return false;
}

sgp_err sgp_whatif_play(const sgp_whatif *whatif, sgp_run *run, sgp_whatif_count *count,
                        sgp_fault *fault) {
    *count = (sgp_whatif_count){0};
    sgp_play play = {.plan = whatif, .run = run, .count = count, .fault = fault};
    play.diverts = some_policy_diverts(&whatif->clocks);
    for (int p = 0; p < SGP_PRIORITIES; p++)
        play.covers = play.covers || whatif->clocks.policy[p] == SGP_POLICY_COVERAGE_AWARE;
    play.roads = play.times = sgp_week_roads_oracle(whatif->roads);
    play.recorder.inner = &play.roads;
    if (whatif->record)
        play.times = sgp_times_recording(&play.recorder);
    play.now_ms = whatif->calls->n ? whatif->calls->calls[0].at_ms : 1;
    play.crews = calloc(whatif->n_units + 1, sizeof *play.crews);
    play.calls = calloc(whatif->calls->n + 1, sizeof *play.calls);
    if (whatif->follow_moves) {
        play.covers = true;
        play.advice = calloc(1, sizeof *play.advice);
    }
    play.asked = calloc(whatif->calls->n_transfers + 1, sizeof *play.asked);
    sgp_err err = play.crews && play.calls && play.asked && (play.advice || !whatif->follow_moves)
                      ? sgp_world_create(&play.world)
                      : SGP_E_MEMORY;
    if (!err)
        err = found_world(&play);
    if (!err)
        err = sgp_play_open_run(&play);
    if (!err)
        err = play_all(&play);
    if (!err)
        err = sgp_play_close_run(&play);
    play_free(&play);
    if (err == SGP_E_MEMORY)
        (void)sgp_fail(fault, err, "no memory to play the calls");
    return err;
}
