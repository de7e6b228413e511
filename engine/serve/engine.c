#include <assert.h>
#include <limits.h>
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/version.h"
#include "core/proto_write.h"
#include "gis/import.h"
#include "serve/engine_parts.h"
#include "serve/wall.h"

/* ---- one event through the core ------------------------------------------ */

void sgp_measure_add(sgp_measure *measure, int64_t us) {
    measure->count++;
    measure->sum_us += us;
    measure->last_us = us;
    if (us > measure->max_us)
        measure->max_us = us;
}

/* Nothing that was promised may be lost, so there is no way to go on. */
static void give_up(const char *what, sgp_err err) {
    sgp_log(SGP_LOG_ERROR, "giving_up", "what=%s code=%s", what, sgp_err_str(err));
    abort();
}

static const sgp_effect *find_effect(const sgp_effects *effects, sgp_effect_kind kind) {
    for (size_t i = 0; i < effects->n; i++)
        if (effects->items[i].kind == kind)
            return &effects->items[i];
    return NULL;
}

static const char *or_empty(const char *text) {
    return text != NULL ? text : "";
}

/* What a call's caller said, as it is to be kept now: all of it anew, or one text more about
 * the place. `before` keeps what `personal` borrows. False: nothing. */
static bool gather_personal(sgp_engine *engine, const sgp_event *event, const sgp_input *input,
                            sgp_personal *personal, sgp_personal_copy *before) {
    const sgp_effect *reply = find_effect(&engine->effects, SGP_EFFECT_REPLY);
    if (input == NULL || reply == NULL || reply->u.reply.err != SGP_OK)
        return false;
    const sgp_personal_copy *said = &input->personal;
    if (sgp_rings_personal(event, input, personal) || sgp_desk_personal(event, input, personal))
        return true;
    personal->call = reply->u.reply.call;
    personal->incident = reply->u.reply.incident;
    if (sgp_notes_personal(event, &reply->u.reply, input, personal) ||
        sgp_messages_personal(event, &reply->u.reply, input, personal))
        return true;
    if (event->kind == SGP_EVENT_CALL_RECEIVED) {
        personal->caller_number = or_empty(said->caller_number);
        personal->caller_name = or_empty(said->caller_name);
        personal->place_text = or_empty(said->place_text);
        personal->narrative = or_empty(said->narrative);
        return true;
    }
    if (event->kind != SGP_EVENT_CALL_NARROWED)
        return false;
    personal->incident = sgp_world_call(engine->world, personal->call)->incident;
    bool erased = false;
    sgp_err err = sgp_journal_personal(engine->journal, personal->call, before, &erased);
    if (err == SGP_E_MEMORY || err == SGP_E_IO)
        give_up("words", err);
    if (err != SGP_OK && err != SGP_E_NOT_FOUND)
        sgp_log(SGP_LOG_ERROR, "words_unread", "call=%llu code=%s",
                (unsigned long long)personal->call, sgp_err_str(err));
    personal->caller_number = or_empty(before->caller_number);
    personal->caller_name = or_empty(before->caller_name);
    personal->place_text = or_empty(before->place_text);
    personal->narrative = or_empty(before->narrative);
    for (size_t i = 0; i < before->n_later; i++)
        personal->later_place_texts[personal->n_later++] = before->later_place_texts[i];
    if (personal->n_later < SGP_LATER_TEXTS_MAX) /* the core sees to it */
        personal->later_place_texts[personal->n_later++] = or_empty(said->place_text);
    return true;
}

/* Journals the event just stepped. What the caller said is sealed beside it. */
static void keep_record(sgp_engine *engine, const sgp_event *event, const sgp_input *input) {
    Sigap__V1__RecordedTimes times = SIGAP__V1__RECORDED_TIMES__INIT;
    sgp_times_recorder_to_proto(&engine->recorder, &times);
    sgp_buffer_clear(&engine->record);
    sgp_err err =
        sgp_record_encode(engine->world, event, &times, &engine->effects, &engine->record);
    if (err != SGP_OK)
        give_up("record", err);

    sgp_personal personal = {0};
    sgp_personal_copy before = {0};
    bool has_personal = gather_personal(engine, event, input, &personal, &before);
    for (int attempt = 0; attempt < 2; attempt++) {
        err = sgp_journal_append(engine->journal, event->seq, event->at_ms, engine->record.data,
                                 engine->record.length, has_personal ? &personal : NULL);
        if (err != SGP_E_FULL)
            break;
        /* The disk is slower than the calls: waiting for it is the back-pressure. */
        sgp_journal_flush(engine->journal);
    }
    sgp_personal_free(&before);
    if (err != SGP_OK)
        give_up("append", err);
}

static void push_order(sgp_engine *engine, sgp_id assignment) {
    const sgp_assignment *a = sgp_world_assignment(engine->world, assignment);
    sgp_tell_order(engine, SGP_TO_UNIT, a->unit, assignment);
    sgp_log(SGP_LOG_INFO, "order", "unit=%s incident=%llu assignment=%llu travel_ms=%lld",
            SGP_Q(sgp_world_unit(engine->world, a->unit)->code), (unsigned long long)a->incident,
            (unsigned long long)assignment, (long long)a->travel_ms);
}

static void push_withdrawal(sgp_engine *engine, sgp_id assignment) {
    const sgp_assignment *a = sgp_world_assignment(engine->world, assignment);
    if (a != NULL)
        sgp_tell_order(engine, SGP_TO_UNIT, a->unit, assignment);
}

/* The only unit of which the event tells something, where it did nothing but move it; NULL: it did
 * more. */
static const sgp_unit *moved_unit(const sgp_engine *engine, const sgp_event *event) {
    const sgp_unit *moved = NULL;
    if (event->kind != SGP_EVENT_UNIT_POSITION && event->kind != SGP_EVENT_TRACK_TOLD)
        return NULL;
    for (size_t i = 0; i < engine->effects.n; i++) {
        const sgp_effect *effect = &engine->effects.items[i];
        if (effect->kind == SGP_EFFECT_REPLY || effect->kind == SGP_EFFECT_TRACK)
            continue;
        if (effect->kind != SGP_EFFECT_CHANGED || effect->u.changed.thing != SGP_THING_UNIT ||
            moved != NULL)
            return NULL;
        moved = sgp_world_unit(engine->world, (uint32_t)(effect->u.changed.id - 1));
    }
    return moved;
}

static void push_update(sgp_engine *engine, const sgp_event *event) {
    if (engine->n_watchers == 0)
        return;
    const sgp_unit *moved = moved_unit(engine, event);
    if (moved != NULL) {
        sgp_moves_note(engine, moved->index);
        return;
    }
    Sigap__V1__Update *update = sgp_effects_to_update(engine->world, event, &engine->effects);
    if (update == NULL)
        give_up("update", SGP_E_MEMORY);
    if (event->actor[0] != '\0' && (!sgp_put_text(&update->actor, event->actor) ||
                                    !sgp_put_text(&update->event, sgp_event_kind_str(event->kind))))
        give_up("update", SGP_E_MEMORY);
    if (update->n_units + update->n_calls + update->n_incidents + update->n_assignments +
            update->n_recommendations + update->n_hospitals + update->n_hospital_advice +
            update->n_transfers + update->n_rings >
        0) {
        Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
        frame.body_case = SIGAP__V1__FRAME__BODY_UPDATE;
        frame.update = update;
        sgp_outbox_put(engine, SGP_TO_WATCHERS, 0, &frame);
    }
    protobuf_c_message_free_unpacked(&update->base, NULL);
}

/* A recommendation that was asked for answers its request. */
static void answer_request(sgp_engine *engine, const sgp_input *input, const sgp_reply *reply) {
    const sgp_effect *made = find_effect(&engine->effects, SGP_EFFECT_RECOMMENDED);
    if (input->event.kind == SGP_EVENT_HOSPITAL_ASKED && reply->err == SGP_OK)
        return; /* by the hospitals themselves */
    if (input->event.kind == SGP_EVENT_CALLER_CAME) {
        sgp_page_came(engine, input, reply);
        return;
    }
    if (sgp_accounts_answer(engine, input, reply))
        return;
    if (input->event.kind == SGP_EVENT_TRACK_TOLD && sgp_positions_answer(engine, input))
        return;
    if (input->event.kind == SGP_EVENT_LOCATE_ASKED && reply->err == SGP_OK) {
        sgp_phone_tell_token(engine, input, reply);
        return;
    }
    if (input->event.kind != SGP_EVENT_RECOMMENDATION_ASKED || reply->err != SGP_OK ||
        made == NULL) {
        sgp_outbox_reply(engine, input, reply, false);
        return;
    }
    Sigap__V1__Recommendation *recommendation =
        sgp_recommendation_to_proto(engine->world, &made->u.recommended);
    if (recommendation == NULL)
        give_up("recommendation", SGP_E_MEMORY);
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_RECOMMENDATION;
    frame.recommendation = recommendation;
    sgp_outbox_answer(engine, input->session, input->reply_to, &frame);
    protobuf_c_message_free_unpacked(&recommendation->base, NULL);
}

/* The unit's label is made ready for the next call from where it stands now. */
static void follow_unit(sgp_engine *engine, const sgp_effect *effect, const sgp_event *event,
                        const sgp_input *input) {
    const sgp_unit *unit = sgp_world_unit(engine->world, (uint32_t)(effect->u.changed.id - 1));
    if (!unit->on_duty) {
        sgp_live_times_forget(engine->city->live, unit);
        return;
    }
    if (!unit->at_station && !unit->has_position)
        return;
    bool reported =
        (event->kind == SGP_EVENT_UNIT_POSITION || event->kind == SGP_EVENT_TRACK_TOLD) &&
        input != NULL && !unit->at_station;
    sgp_live_times_place(engine->city->live, unit,
                         unit->at_station ? sgp_unit_base(unit) : unit->position,
                         reported ? input->heading_deg : -1);
}

/* Where learning is on, what the unit drives is gathered until it has arrived. */
static void gather_track(sgp_engine *engine, const sgp_effect *effect, const sgp_event *event,
                         const sgp_input *input) {
    if (engine->tracks == NULL)
        return;
    const sgp_unit *unit = sgp_world_unit(engine->world, (uint32_t)(effect->u.changed.id - 1));
    sgp_unit_tracks_follow(engine->tracks, engine->city->roads, engine->world, unit->index);
    if (event->kind == SGP_EVENT_UNIT_POSITION && strcmp(event->u.position.unit, unit->code) == 0)
        sgp_unit_tracks_add(engine->tracks, unit->index, event->u.position.point,
                            event->u.position.measured_at_ms,
                            input != NULL ? input->heading_deg : -1);
}

/* Everything here is queued behind the event; nothing is told yet. */
static void obey_effects(sgp_engine *engine, const sgp_event *event, const sgp_input *input) {
    const sgp_effect *done = find_effect(&engine->effects, SGP_EFFECT_REPLY);
    if (input != NULL && input->personal.place_text != NULL && done != NULL &&
        done->u.reply.err == SGP_OK)
        sgp_push_words(engine, done->u.reply.call);
    for (size_t i = 0; i < engine->effects.n; i++) {
        const sgp_effect *effect = &engine->effects.items[i];
        switch (effect->kind) {
        case SGP_EFFECT_REPLY:
            if (event->kind == SGP_EVENT_NOTE_ADDED && effect->u.reply.err == SGP_OK)
                sgp_push_note(engine, event, input);
            if (event->kind == SGP_EVENT_MESSAGE_SAID && effect->u.reply.err == SGP_OK)
                sgp_push_message(engine, event, &effect->u.reply, input);
            if (event->kind == SGP_EVENT_DESK_HANDED_OVER && effect->u.reply.err == SGP_OK)
                sgp_push_handover(engine, event, input);
            if (effect->u.reply.err == SGP_OK)
                sgp_push_own_unit(engine, event, input);
            if (event->kind == SGP_EVENT_PREMISE_REMOVED && effect->u.reply.err == SGP_OK)
                sgp_premise_forget_words(engine, effect->u.reply.closure);
            if (event->kind == SGP_EVENT_RING_CAME && effect->u.reply.err == SGP_OK)
                sgp_log(SGP_LOG_INFO, "ring", "ring=%llu exchange=%s line=%s",
                        (unsigned long long)event->seq, SGP_Q(event->u.ring_came.exchange),
                        SGP_Q(event->u.ring_came.line));
            if (event->kind == SGP_EVENT_CALL_RECEIVED && effect->u.reply.err == SGP_OK)
                sgp_log(SGP_LOG_INFO, "call", "call=%llu incident=%llu actor=%s",
                        (unsigned long long)effect->u.reply.call,
                        (unsigned long long)effect->u.reply.incident, SGP_Q(event->actor));
            if (event->kind == SGP_EVENT_CALL_RECEIVED && effect->u.reply.err == SGP_OK &&
                input != NULL)
                sgp_phone_call_received(engine, effect->u.reply.call, event->seq,
                                        input->personal.caller_number);
            if (input != NULL && input->session != 0)
                answer_request(engine, input, &effect->u.reply);
            break;
        case SGP_EFFECT_CHANGED: /* told in the update below */
            if (effect->u.changed.thing == SGP_THING_UNIT) {
                follow_unit(engine, effect, event, input);
                gather_track(engine, effect, event, input);
            }
            break;
        case SGP_EFFECT_RECOMMENDED: {
            Sigap__V1__Recommendation *made =
                sgp_recommendation_to_proto(engine->world, &effect->u.recommended);
            if (made == NULL)
                give_up("recommendation", SGP_E_MEMORY);
            sgp_recommendation_keep(engine, made);
            protobuf_c_message_free_unpacked(&made->base, NULL);
            break;
        }
        case SGP_EFFECT_ORDER:
            push_order(engine, effect->u.order.assignment);
            break;
        case SGP_EFFECT_WITHDRAW:
            push_withdrawal(engine, effect->u.withdraw.assignment);
            break;
        case SGP_EFFECT_ALERT:
            sgp_push_alert(engine, effect->u.alert.incident, effect->u.alert.agency);
            break;
        case SGP_EFFECT_HOSPITALS:
            sgp_push_hospitals(engine, &effect->u.hospitals, input);
            break;
        case SGP_EFFECT_DESTINATION:
            sgp_push_destination(engine, effect->u.destination.assignment);
            break;
        case SGP_EFFECT_ALARM:
            if (effect->u.alarm.absent)
                sgp_log_absence(engine, effect->u.alarm.unit);
            else
                sgp_push_alarm(engine, effect->u.alarm.unit, effect->u.alarm.assignment);
            break;
        case SGP_EFFECT_OFFLOAD:
            sgp_push_offload(engine, effect->u.offload.assignment);
            break;
        case SGP_EFFECT_MOVE_UP:
            sgp_push_move_up(engine, effect->u.move_up.unit);
            break;
        case SGP_EFFECT_TRACK: /* answers its request; follows below */
            break;
        case SGP_EFFECT_RING_ANSWER:
            sgp_outbox_put(engine, SGP_TO_EXCHANGE, effect->u.ring.ring, NULL);
            break;
        case SGP_EFFECT_RING_GONE:
            sgp_ring_forget_number(engine, effect->u.ring.ring);
            break;
        case SGP_EFFECT_FIND_PLACE:
            sgp_lookup_add(engine, effect->u.find_place.call, event->seq);
            sgp_outbox_put(engine, SGP_TO_PLACER, effect->u.find_place.call, NULL);
            break;
        }
    }
    sgp_accounts_follow(engine, event, input);
    sgp_order_repeats_follow(engine);
    if (event->kind == SGP_EVENT_TRACK_TOLD)
        sgp_positions_follow(engine, event);
    if (done != NULL && done->u.reply.err == SGP_OK)
        sgp_fleet_follow(engine, event);
    push_update(engine, event);
    sgp_pages_follow(engine);
    for (size_t i = 0; i < engine->effects.n; i++)
        if (engine->effects.items[i].kind == SGP_EFFECT_CHANGED &&
            engine->effects.items[i].u.changed.thing == SGP_THING_RING) {
            sgp_push_ring(engine, engine->effects.items[i].u.changed.id, event->at_ms);
            sgp_exchange_ring_changed(engine, engine->effects.items[i].u.changed.id);
        }
    const sgp_unit *moved = event->kind == SGP_EVENT_UNIT_POSITION
                                ? sgp_world_unit_by_code(engine->world, event->u.position.unit)
                                : NULL;
    if (moved != NULL)
        sgp_arrival_follow(engine, moved->index);
}

/* The journal has all candidates; what is told and kept in memory, and so what a repeated request
 * hears, is the best of them. With thousands of units each would else go to every screen. */
static void shorten_recommendations(sgp_effects *effects) {
    for (size_t i = 0; i < effects->n; i++)
        if (effects->items[i].kind == SGP_EFFECT_RECOMMENDED &&
            effects->items[i].u.recommended.n_candidates > SGP_CANDIDATES_KEPT)
            effects->items[i].u.recommended.n_candidates = SGP_CANDIDATES_KEPT;
}

/* Steps, journals and queues the consequences of one event, while the roads are held. */
static void step_held(sgp_engine *engine, sgp_event *event, const sgp_input *input) {
    event->seq = sgp_world_seq(engine->world) + 1;
    sgp_effects_clear(&engine->effects);
    sgp_times_recorder_clear(&engine->recorder);
    sgp_times live = sgp_live_times_oracle(engine->city->live);
    engine->recorder.inner = &live;
    sgp_times times = sgp_times_recording(&engine->recorder);

    /* A new note takes the places of those that have expired: nobody would know of them again. */
    if (event->kind == SGP_EVENT_PREMISE_SET)
        sgp_premises_forget_expired(engine, event->at_ms, event->u.premise.id);

    sgp_id gone_words =
        event->kind == SGP_EVENT_DESK_HANDED_OVER ? sgp_world_handover_next_gone(engine->world) : 0;
    int64_t begun = sgp_monotonic_us();
    sgp_err err = sgp_core_step(engine->world, event, &times, &engine->effects);
    int64_t taken = sgp_monotonic_us() - begun;
    engine->recorder.inner = NULL;
    if (err == SGP_E_MEMORY || err == SGP_E_CORRUPT)
        give_up("step", err);
    if (find_effect(&engine->effects, SGP_EFFECT_RECOMMENDED) != NULL)
        sgp_measure_add(&engine->measures.decide, taken);
    engine->measures.events++;
    if (err != SGP_OK) {
        engine->measures.refused++;
        sgp_log(SGP_LOG_INFO, "event_refused", "kind=%s code=%s actor=%s",
                sgp_event_kind_str(event->kind), sgp_err_str(err), SGP_Q(event->actor));
    }
    /* A refused event that left no trace has no number and is not journaled. */
    if (sgp_world_seq(engine->world) == event->seq)
        keep_record(engine, event, input);
    shorten_recommendations(&engine->effects);
    obey_effects(engine, event, input);
    sgp_wall_follow(engine, event);
    if (gone_words != 0 && err == SGP_OK)
        sgp_desk_forget_words(engine, gone_words);
}

/* Before the first step that sees a new metric the journal says which weights decide from
 * here on. What a profile's mark says already (after a restart) is not said again. */
static void note_metrics(sgp_engine *engine, int64_t at_ms) {
    sgp_city *city = engine->city;
    const sgp_graph_parts *parts = sgp_graph_get(city->graph);
    for (uint32_t p = 0; p < parts->n_profiles; p++) {
        if (!sgp_live_roads_serves(city->roads, p))
            continue;
        uint64_t version = sgp_metric_version(sgp_live_roads_metric(city->roads, p));
        const sgp_metric_mark *mark = sgp_world_metric_mark(engine->world, parts->profiles[p].name);
        sgp_road_facts facts;
        if ((mark != NULL && version == city->noted[p]) ||
            !sgp_live_roads_facts(city->roads, p, version, &facts))
            continue;
        city->noted[p] = version;
        if (mark != NULL && memcmp(mark->weights, facts.weights, sizeof facts.weights) == 0)
            continue;
        sgp_event event = {.kind = SGP_EVENT_METRIC_SWAPPED, .at_ms = at_ms};
        memcpy(event.u.swapped.profile, parts->profiles[p].name, SGP_PROFILE_BYTES);
        memcpy(event.u.swapped.weights, facts.weights, sizeof facts.weights);
        step_held(engine, &event, NULL);
    }
}

/* `input` is NULL for the engine's own clock. */
static void step_event(sgp_engine *engine, sgp_event *event, const sgp_input *input) {
    sgp_live_roads *roads = engine->city->roads;
    sgp_live_roads_hold(roads);
    if (event->kind != SGP_EVENT_GRAPH_SWITCHED) /* which forgets the marks of before */
        note_metrics(engine, event->at_ms);
    step_held(engine, event, input);
    sgp_live_roads_let_go(roads);
    if (event->kind == SGP_EVENT_ROAD_CLOSED || event->kind == SGP_EVENT_ROAD_OPENED ||
        event->kind == SGP_EVENT_TIMER || event->kind == SGP_EVENT_GRAPH_SWITCHED)
        sgp_traffic_follow(engine);
}

/* ---- the loop turn ------------------------------------------------------- */

static void log_step(int64_t step_ms) {
    if (step_ms != 0)
        sgp_log(SGP_LOG_WARN, "clock_stepped", "by_ms=%lld", (long long)step_ms);
}

int64_t sgp_engine_now_ms(sgp_engine *engine) {
    int64_t step_ms = sgp_engine_clock_read(&engine->clock, sgp_wall_ms(), sgp_monotonic_us());
    log_step(step_ms);
    return engine->clock.now_ms;
}

static void take_batch(sgp_engine *engine, int64_t now_ms) {
    for (int i = 0; i < SGP_BATCH_MAX; i++) {
        sgp_input *input = sgp_inbox_take(engine);
        if (input == NULL)
            return;
        sgp_reply kept;
        if (!sodium_is_zero(input->event.request_id, sizeof input->event.request_id) &&
            sgp_world_reply(engine->world, input->event.request_id, input->event.actor, &kept)) {
            sgp_answer_again(engine, input, &kept);
        } else if (!sgp_lookup_is_stale(engine, &input->event) &&
                   !sgp_conflicts_refuse(engine, input)) {
            input->event.at_ms = now_ms;
            if (input->city != NULL) {
                sgp_city_enter(engine, input->city);
                input->city = NULL;
            }
            step_event(engine, &input->event, input);
            sgp_conflicts_note(engine, &input->event, &engine->effects);
            sgp_desk_follow(engine, input);
            if (input->plans != NULL)
                sgp_plans_follow(engine, input);
        }
        sgp_input_destroy(input);
    }
}

static void fire_timers(sgp_engine *engine, int64_t now_ms) {
    /* One TIMER fires everything due; a second pass catches what that made due. */
    for (int i = 0; i < 2 && sgp_world_next_timer_ms(engine->world) <= now_ms; i++) {
        sgp_event event = {.kind = SGP_EVENT_TIMER, .at_ms = now_ms};
        step_event(engine, &event, NULL);
    }
}

static void keep_snapshot(sgp_engine *engine) {
    sgp_buffer_clear(&engine->record);
    sgp_err err = sgp_world_save(engine->world, &engine->record);
    if (err == SGP_OK)
        err = sgp_journal_snapshot(engine->journal, sgp_world_seq(engine->world),
                                   engine->record.data, engine->record.length);
    if (err == SGP_OK)
        engine->snapshot_seq = sgp_world_seq(engine->world);
    else /* the records are all there; only recovery takes longer */
        sgp_log(SGP_LOG_WARN, "snapshot_failed", "code=%s", sgp_err_str(err));
}

static void keep_snapshot_if_due(sgp_engine *engine) {
    if (sgp_world_seq(engine->world) - engine->snapshot_seq < engine->settings->snapshot_every)
        return;
    sgp_premises_forget_expired(engine, sgp_world_now_ms(engine->world), 0);
    keep_snapshot(engine);
}

/* Draining the journal's fd must precede submitting: the writer may finish in
 * between, and then the fd stays readable and brings the next turn. */
static void sync_journal(sgp_engine *engine) {
    uint64_t durable = sgp_journal_durable_seq(engine->journal);
    if (durable != engine->durable_seq) {
        int64_t write_us = 0;
        uint32_t records = 0;
        sgp_journal_last_batch(engine->journal, &write_us, &records);
        sgp_measure_add(&engine->measures.sync, write_us);
        engine->durable_seq = durable;
        if (engine->projection != NULL)
            sgp_projection_wake(engine->projection, durable);
    }
    (void)sgp_journal_submit(engine->journal);
}

static void arm_timer(sgp_engine *engine) {
    int64_t next_ms = sgp_world_next_timer_ms(engine->world);
    if (next_ms == INT64_MAX || engine->stopping) {
        event_del(engine->timer);
        return;
    }
    (void)sgp_engine_now_ms(engine);
    int64_t wait_ms = sgp_engine_clock_wait_ms(&engine->clock, next_ms);
    if (wait_ms > 60000)
        wait_ms = 60000; /* looks again, in case the wall clock is set */
    struct timeval wait = {wait_ms / 1000, (wait_ms % 1000) * 1000};
    event_add(engine->timer, &wait);
}

/* Labels of units that have moved, made while nothing else waits, so that the next call need not:
 * this event has the lowest priority, and few are made at a time. */
static void on_idle(evutil_socket_t fd, short what, void *ctx) {
    (void)fd;
    (void)what;
    enum { LABELS_AT_A_TIME = 64 }; /* some tenth of a millisecond */
    sgp_engine *engine = ctx;
    if (!engine->stopping && sgp_live_times_freshen(engine->city->live, LABELS_AT_A_TIME))
        event_active(engine->idle, EV_TIMEOUT, 0);
}

static void loop_turn(sgp_engine *engine) {
    int64_t begun = sgp_monotonic_us();
    if (!engine->stopping) {
        int64_t now_ms = sgp_engine_now_ms(engine);
        take_batch(engine, now_ms);
        fire_timers(engine, now_ms);
        keep_snapshot_if_due(engine);
    }
    sync_journal(engine);
    sgp_outbox_speak(engine);
    arm_timer(engine);
    sgp_sessions_bury(engine);
    if (engine->stopping) {
        if (engine->n_sessions == 0)
            event_base_loopbreak(engine->base);
    } else {
        sgp_sessions_resume(engine);
        if (sgp_live_times_is_behind(engine->city->live))
            event_active(engine->idle, EV_TIMEOUT, 0);
        if (engine->inputs != NULL)
            sgp_engine_wake(engine);
    }
    sgp_measure_add(&engine->measures.turn, sgp_monotonic_us() - begun);
}

static void on_turn(evutil_socket_t fd, short what, void *ctx) {
    (void)fd;
    (void)what;
    loop_turn(ctx);
}

void sgp_engine_wake(sgp_engine *engine) {
    event_active(engine->turn, EV_TIMEOUT, 0);
}

bool sgp_engine_database_away(const sgp_engine *engine) {
    bool away = engine->projection == NULL;
    if (engine->projection != NULL)
        (void)sgp_projection_seq(engine->projection, &away);
    return away || engine->placer == NULL || sgp_placer_away(engine->placer);
}

bool sgp_engine_is_full(const sgp_engine *engine) {
    return engine->n_inputs >= SGP_INPUTS_MAX || engine->outbox_bytes >= SGP_OUTBOX_BYTES_MAX;
}

/* Once a second: what no event announces. */
static void on_tick(evutil_socket_t fd, short what, void *ctx) {
    (void)fd;
    (void)what;
    sgp_engine *engine = ctx;
    if (engine->settings->database[0] != '\0') {
        bool away = sgp_engine_database_away(engine);
        if (away != engine->database_was_away)
            sgp_log(away ? SGP_LOG_WARN : SGP_LOG_INFO, away ? "database_away" : "database_back",
                    "placer=%s",
                    SGP_Q(engine->placer != NULL ? sgp_placer_fault(engine->placer) : ""));
        engine->database_was_away = away;
    }
    sgp_lookups_retry(engine);
    sgp_crew_news_age(engine->news, sgp_engine_now_ms(engine));
    sgp_caller_numbers_tick(engine->numbers, sgp_engine_now_ms(engine));
    sgp_listen_again(engine);
    sgp_websockets_beat(engine);
    sgp_sessions_beat(engine);
    sgp_coverage_tick(engine);
    sgp_arrivals_tick(engine);
    sgp_pages_tick(engine);
    sgp_wall_tick(engine);
    sgp_tiles_tick(engine);
    sgp_order_repeats_tick(engine);
    sgp_desk_tick(engine);
    sgp_desk_report_tick(engine);
    event_active(engine->idle, EV_TIMEOUT, 0); /* roads may have become others */
    sgp_engine_wake(engine);
}

static void on_signal(evutil_socket_t number, short what, void *ctx) {
    (void)what;
    sgp_engine *engine = ctx;
    sgp_log(SGP_LOG_INFO, "stopping", "signal=%d", (int)number);
    engine->stopping = true;
    event_base_loopbreak(engine->base);
}

/* ---- life ---------------------------------------------------------------- */

static sgp_err open_journal(sgp_engine *engine, sgp_fault *fault) {
    sgp_journal_options options = {.path = engine->settings->journal,
                                   .key_file = engine->settings->key_file,
                                   .commit = sgp_commit()};
    sgp_err err = sgp_journal_open(&options, &engine->journal, fault);
    if (err == SGP_OK) {
        engine->epoch = sgp_journal_epoch(engine->journal);
        sgp_journal_derive_key(engine->journal, "caller numbers", engine->number_key);
        sgp_journal_derive_key(engine->journal, "login codes", engine->code_key);
    }
    return err;
}

/* A database of another city is refused; one that is away is waited for. */
static sgp_err open_database(sgp_engine *engine, sgp_fault *fault) {
    const char *conninfo = engine->settings->database;
    const sgp_graph_parts *parts = sgp_graph_get(engine->city->graph);
    if (*conninfo == '\0') {
        sgp_log(SGP_LOG_WARN, "no_database", "effect=%s",
                SGP_Q("calls are placed by coordinates and the road graph's names only"));
        sgp_err made = sgp_placer_create(engine->base, "", &parts->city, &engine->placer, fault);
        if (made == SGP_OK)
            sgp_city_tell_placer(engine);
        return made;
    }
    sgp_fault why = {0};
    sgp_err err = sgp_city_check(conninfo, parts, &why);
    if (err == SGP_E_MISMATCH) {
        if (fault != NULL)
            *fault = why;
        return err;
    }
    if (err != SGP_OK) {
        engine->database_was_away = true;
        sgp_log(SGP_LOG_WARN, "database_away", "at=start reason=%s", SGP_Q(why.text));
    }
    err = sgp_placer_create(engine->base, conninfo, &parts->city, &engine->placer, fault);
    if (err == SGP_OK)
        sgp_city_tell_placer(engine);
    if (err == SGP_OK)
        err = sgp_projection_start(engine->settings->journal, conninfo, &engine->projection, fault);
    return err;
}

enum { LAST_PRIORITY = 2 }; /* of 0, 1, 2; what stands for 1 is served first */

static sgp_err make_events(sgp_engine *engine) {
    struct event_base *base = engine->base;
    engine->turn = event_new(base, -1, 0, on_turn, engine);
    engine->timer = event_new(base, -1, 0, on_turn, engine);
    engine->tick = event_new(base, -1, EV_PERSIST, on_tick, engine);
    engine->idle = event_new(base, -1, 0, on_idle, engine);
    engine->journal_ready =
        event_new(base, sgp_journal_fd(engine->journal), EV_READ | EV_PERSIST, on_turn, engine);
    engine->on_term = evsignal_new(base, SIGTERM, on_signal, engine);
    engine->on_int = evsignal_new(base, SIGINT, on_signal, engine);
    if (!engine->turn || !engine->timer || !engine->tick || !engine->idle ||
        !engine->journal_ready || !engine->on_term || !engine->on_int ||
        event_priority_set(engine->idle, LAST_PRIORITY) != 0)
        return SGP_E_MEMORY;
    struct timeval second = {1, 0};
    event_add(engine->tick, &second);
    event_add(engine->journal_ready, NULL);
    event_add(engine->on_term, NULL);
    event_add(engine->on_int, NULL);
    return SGP_OK;
}

/* Does everything that waits, and sees it onto the disk. */
static void settle(sgp_engine *engine) {
    while (engine->inputs != NULL)
        take_batch(engine, sgp_engine_now_ms(engine));
    sgp_journal_flush(engine->journal);
    sync_journal(engine);
}

static sgp_err start(sgp_engine *engine, sgp_fault *fault) {
    sgp_err err = sgp_city_open(engine->settings, &engine->city, fault);
    if (err == SGP_OK && engine->settings->roads.learned_folder != NULL &&
        *engine->settings->roads.learned_folder != '\0' &&
        sgp_unit_tracks_create(&engine->tracks) != SGP_OK)
        err = sgp_fail(fault, SGP_E_MEMORY, "no memory for the tracks of units");
    if (err == SGP_OK)
        err = open_journal(engine, fault);
    if (err == SGP_OK)
        err = sgp_plans_start(engine, fault);
    if (err == SGP_OK)
        err = sgp_rosters_check(engine->settings, fault);
    if (err == SGP_OK)
        err = sgp_recover(engine, fault);
    if (err != SGP_OK)
        return err;
    log_step(sgp_engine_clock_start(&engine->clock, sgp_world_now_ms(engine->world), sgp_wall_ms(),
                                    sgp_monotonic_us()));
    sgp_premises_forget_expired(engine, engine->clock.now_ms, 0);
    engine->snapshot_seq = sgp_world_seq(engine->world);
    if (sgp_crew_news_create(SGP_UNITS_MAX, sgp_told_upto(engine), &engine->news) != SGP_OK)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory for what crews are told");
    engine->base = event_base_new();
    /* All events but the idle one get the middle one. */
    if (engine->base == NULL || event_base_priority_init(engine->base, LAST_PRIORITY + 1) != 0 ||
        make_events(engine) != SGP_OK)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory for the event loop");
    err = open_database(engine, fault);
    if (err != SGP_OK)
        return err;
    /* Crews may log in as soon as we listen, so their units come first. */
    sgp_configure_world(engine);
    sgp_cameras_start(engine);
    sgp_traffic_follow(engine);
    settle(engine);
    err = sgp_wall_start(engine, fault);
    if (err == SGP_OK)
        err = sgp_listen_start(engine, fault);
    sgp_order_repeats_recover(engine);
    if (err == SGP_OK)
        err = sgp_http_start(engine, fault);
    if (err == SGP_OK)
        err = sgp_exchanges_start(engine, fault);
    return err;
}

sgp_err sgp_engine_create(const sgp_settings *settings, sgp_engine **out, sgp_fault *fault) {
    if (sodium_init() < 0)
        return sgp_fail(fault, SGP_E_CRYPTO, "libsodium cannot start");
    sgp_engine *engine = calloc(1, sizeof *engine);
    if (engine == NULL)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory for the engine");
    engine->settings = settings;
    engine->started_at_ms = sgp_wall_ms();
    engine->inputs_end = &engine->inputs;
    engine->outbox_end = &engine->outbox;
    engine->numbers =
        sodium_init() >= 0 ? sgp_caller_numbers_create(settings->phone_held_ms) : NULL;
    sgp_err err = engine->numbers != NULL
                      ? start(engine, fault)
                      : sgp_fail(fault, SGP_E_MEMORY, "no memory for callers' numbers");
    if (err != SGP_OK) {
        sgp_engine_destroy(engine);
        return err;
    }
    *out = engine;
    return SGP_OK;
}

/* Everything taken is done, kept and told, as far as the others still listen. */
static void stop(sgp_engine *engine) {
    sgp_listen_stop(engine);
    sgp_exchanges_stop(engine);
    sgp_city_switch_cancel(engine);
    for (size_t slot = 0; slot < engine->sessions_top; slot++)
        if (engine->sessions[slot] != NULL && engine->sessions[slot]->wire != NULL)
            bufferevent_disable(engine->sessions[slot]->wire, EV_READ);
    settle(engine);
    if (sgp_world_seq(engine->world) != engine->snapshot_seq) {
        keep_snapshot(engine);
        settle(engine);
    }
    sgp_outbox_speak(engine);
    for (size_t slot = 0; slot < engine->sessions_top; slot++)
        if (engine->sessions[slot] != NULL && !engine->sessions[slot]->dead)
            sgp_session_close(engine->sessions[slot], "engine_stops");
    /* The last words leave within a bounded time. */
    struct timeval wait = {0, SGP_STOP_SESSIONS_MS * 1000};
    event_base_loopexit(engine->base, &wait);
    if (engine->n_sessions > 0)
        event_base_dispatch(engine->base);
    sgp_projection_stop(engine->projection, SGP_STOP_PROJECTION_MS);
    engine->projection = NULL;
    sgp_log(SGP_LOG_INFO, "stopped", "event_seq=%llu durable_seq=%llu",
            (unsigned long long)sgp_world_seq(engine->world),
            (unsigned long long)engine->durable_seq);
}

void sgp_engine_run(sgp_engine *engine) {
    const sgp_graph_parts *parts = sgp_graph_get(engine->city->graph);
    sgp_log(
        SGP_LOG_INFO, "ready",
        "version=%s commit=%s city=%s sketch=%d units=%u hospitals=%u event_seq=%llu epoch=%llu "
        "pid=%d",
        sgp_version(), sgp_commit(), SGP_Q(parts->name), parts->is_sketch,
        sgp_world_units(engine->world), sgp_world_hospitals(engine->world),
        (unsigned long long)sgp_world_seq(engine->world), (unsigned long long)engine->epoch,
        (int)getpid());
    sgp_engine_wake(engine);
    event_base_dispatch(engine->base);
    stop(engine);
}

static void free_event(struct event *event) {
    if (event != NULL)
        event_free(event);
}

void sgp_engine_destroy(sgp_engine *engine) {
    if (engine == NULL)
        return;
    if (engine->base != NULL) {
        sgp_listen_stop(engine);
        sgp_http_stop(engine);
        sgp_exchanges_stop(engine);
        sgp_coverage_stop(engine);
        for (size_t slot = 0; slot < engine->sessions_top; slot++)
            if (engine->sessions[slot] != NULL)
                sgp_session_kill(engine->sessions[slot]);
        sgp_sessions_bury(engine);
        sgp_city_switch_cancel(engine);
        sgp_placer_destroy(engine->placer);
    }
    if (engine->projection != NULL)
        sgp_projection_stop(engine->projection, 0);
    free(engine->conflicts);
    sgp_wall_stop(engine);
    sgp_order_repeats_free(engine->order_repeats);
    free(engine->desk);
    sgp_journal_close(engine->journal);
    for (sgp_input *input; (input = sgp_inbox_take(engine)) != NULL;)
        sgp_input_destroy(input);
    sgp_outbox_clear(engine);
    sgp_lookups_clear(engine);
    sgp_caller_numbers_destroy(engine->numbers);
    sgp_crew_news_destroy(engine->news);
    for (size_t i = 0; i < SGP_RECOMMENDATIONS_KEPT; i++)
        free(engine->recommendations[i].bytes);
    free_event(engine->turn);
    free_event(engine->timer);
    free_event(engine->tick);
    free_event(engine->idle);
    free_event(engine->moves);
    free_event(engine->journal_ready);
    free_event(engine->on_term);
    free_event(engine->on_int);
    if (engine->base != NULL)
        event_base_free(engine->base);
    SSL_CTX_free(engine->tls);
    sgp_effects_free(&engine->effects);
    sgp_times_recorder_free(&engine->recorder);
    sgp_buffer_free(&engine->record);
    sgp_buffer_free(&engine->scratch);
    sgp_world_destroy(engine->world);
    sgp_unit_tracks_destroy(engine->tracks);
    sgp_cameras_stop(engine);
    sgp_loaded_plan_clear(&engine->plans);
    sgp_city_close(engine->city);
    free(engine);
}
