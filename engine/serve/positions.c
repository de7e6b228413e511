/* Positions of units in batches: a frame becomes an event, and the event an answer that says of
 * each position what became of it. The core judges them (core/track.h). */
#include <stdlib.h>
#include <string.h>

#include "core/position_batch.h"
#include "serve/engine_parts.h"

void sgp_input_forget_fixes(sgp_input *input) {
    if (input->event.kind == SGP_EVENT_TRACK_TOLD)
        free((void *)(uintptr_t)input->event.u.track.fixes);
}

/* Where the unit is headed for by its newest position, where it moves. */
static double heading_of(const sgp_fix *last) {
    return last->speed_kmh > SGP_HEADING_FROM_KMH && last->heading_deg >= 0 ? last->heading_deg
                                                                            : -1;
}

/* The positions get the engine's times; one that is said to be before 1970 is no time at all. */
static void set_clock(sgp_fix *fixes, uint32_t n, int64_t offset_ms) {
    for (uint32_t i = 0; i < n; i++) {
        fixes[i].at_ms += offset_ms;
        if (fixes[i].at_ms < 0)
            fixes[i].at_ms = 0;
    }
}

sgp_err sgp_track_input(const char *unit, uint32_t stream, uint64_t first, const sgp_fix *fixes,
                        uint32_t n, int64_t offset_ms, sgp_input **out, sgp_fault *fault) {
    sgp_input *input = sgp_input_create(SGP_EVENT_TRACK_TOLD);
    sgp_fix *copy = malloc(n * sizeof *copy);
    if (input == NULL || copy == NULL) {
        free(copy);
        sgp_input_destroy(input);
        return sgp_fail(fault, SGP_E_MEMORY, "no memory for positions");
    }
    memcpy(copy, fixes, n * sizeof *copy);
    set_clock(copy, n, offset_ms);
    snprintf(input->event.u.track.unit, sizeof input->event.u.track.unit, "%s", unit);
    input->event.u.track.stream = stream;
    input->event.u.track.first = first;
    input->event.u.track.n = n;
    input->event.u.track.fixes = copy;
    input->heading_deg = heading_of(&copy[n - 1]);
    input->clock_ms = offset_ms;
    *out = input;
    return SGP_OK;
}

/* The unit that a batch speaks for: a crew's own, or the one that is named. */
static sgp_err unit_of(const sgp_session *session, const char *named, const char **code,
                       sgp_fault *fault) {
    *code = named;
    if (session->is_crew) {
        *code = sgp_world_unit(session->engine->world, session->unit)->code;
        if (*named != '\0' && strcmp(named, *code) != 0)
            return sgp_fail(fault, SGP_E_PERMISSION,
                            "the crew of %s may not speak for another unit", *code);
    }
    if (sgp_world_unit_by_code(session->engine->world, *code) == NULL)
        return sgp_fail(fault, SGP_E_NOT_FOUND, "no unit is called %.24s", *code);
    return SGP_OK;
}

void sgp_position_batch(sgp_session *session, uint64_t reply_to,
                        const Sigap__V1__PositionBatch *batch) {
    sgp_engine *engine = session->engine;
    sgp_fix fixes[SGP_TRACK_FIXES_MAX];
    uint32_t n = 0;
    const char *unit;
    sgp_input *input = NULL;
    sgp_fault fault = {0};
    sgp_err err = sgp_batch_read(batch, fixes, &n, &fault);
    if (err == SGP_OK)
        err = unit_of(session, batch->unit_code, &unit, &fault);
    if (err == SGP_OK && batch->age_ms > INT64_MAX / 4)
        err = sgp_fail(&fault, SGP_E_RANGE, "age_ms is no age");
    if (err == SGP_OK) {
        int64_t sent_at_ms = fixes[n - 1].at_ms + (int64_t)batch->age_ms;
        sgp_device_clock_hear(&session->device_clock, batch->age_ms > 0 ? sent_at_ms : 0,
                              sgp_engine_now_ms(engine));
        err = sgp_track_input(unit, batch->stream, batch->first, fixes, n,
                              sgp_device_clock_offset_ms(&session->device_clock), &input, &fault);
    }
    if (err != SGP_OK) {
        sgp_outbox_error(engine, session->id, reply_to, err, fault.text);
        return;
    }
    memcpy(input->event.actor, session->user, sizeof input->event.actor);
    input->session = session->id;
    input->reply_to = reply_to;
    sgp_inbox_put(engine, input);
}

static const sgp_effect *track_of(const sgp_engine *engine) {
    for (size_t i = 0; i < engine->effects.n; i++)
        if (engine->effects.items[i].kind == SGP_EFFECT_TRACK)
            return &engine->effects.items[i];
    return NULL;
}

bool sgp_positions_answer(sgp_engine *engine, const sgp_input *input) {
    const sgp_effect *done = track_of(engine);
    if (done == NULL)
        return false;
    const uint32_t *counts = done->u.track.counts;
    Sigap__V1__PositionsTaken taken = SIGAP__V1__POSITIONS_TAKEN__INIT;
    taken.up_to = done->u.track.up_to;
    taken.accepted = counts[SGP_FIX_GOOD] + counts[SGP_FIX_LATE];
    taken.late = counts[SGP_FIX_LATE];
    taken.moved = done->u.track.moved;
    taken.duplicate = counts[SGP_FIX_DUPLICATE];
    taken.future = counts[SGP_FIX_FUTURE];
    taken.ancient = counts[SGP_FIX_ANCIENT];
    taken.out_of_order = counts[SGP_FIX_OUT_OF_ORDER];
    taken.inaccurate = counts[SGP_FIX_INACCURATE];
    taken.jump = counts[SGP_FIX_JUMP];
    taken.clock_ms = input->clock_ms;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_POSITIONS_TAKEN;
    frame.positions_taken = &taken;
    sgp_outbox_answer(engine, input->session, input->reply_to, &frame);
    return true;
}

void sgp_positions_follow(sgp_engine *engine, const sgp_event *event) {
    const sgp_effect *done = track_of(engine);
    if (done == NULL)
        return;
    for (int i = 0; i < SGP_FIX_VERDICTS; i++)
        engine->measures.fixes[i] += done->u.track.counts[i];
    const sgp_fix *fixes = event->u.track.fixes;
    for (uint32_t i = 0; i < event->u.track.n && engine->tracks != NULL; i++)
        if (done->u.track.kept[i / 8] >> i % 8 & 1)
            sgp_unit_tracks_add(engine->tracks, done->u.track.unit, fixes[i].point, fixes[i].at_ms,
                                heading_of(&fixes[i]));
    if (done->u.track.moved)
        sgp_arrival_follow(engine, done->u.track.unit);
}
