/* What crews' devices tell, as messages of the journal. */
#include <stdlib.h>
#include <string.h>

#include "core/position_batch.h"
#include "core/proto_read.h"
#include "core/proto_write.h"
#include "core/track.h"

static bool put_received(Sigap__V1__Event *message, const sgp_event *event) {
    Sigap__V1__OrderWasReceived *body =
        sgp_message_make(&sigap__v1__order_was_received__descriptor);
    message->body_case = SIGAP__V1__EVENT__BODY_ORDER_RECEIVED;
    message->order_received = body;
    if (!body)
        return false;
    body->assignment_id = event->u.received.assignment;
    body->told_seq = event->u.received.told_seq;
    body->epoch = event->u.received.epoch;
    body->refused = event->u.received.refused;
    body->seen_epoch = event->u.received.seen_epoch;
    body->device_at_ms = event->u.received.device_at_ms;
    return sgp_put_text(&body->unit, event->u.received.unit);
}

static bool put_track(Sigap__V1__Event *message, const sgp_event *event) {
    Sigap__V1__TrackTold *body = sgp_message_make(&sigap__v1__track_told__descriptor);
    message->body_case = SIGAP__V1__EVENT__BODY_TRACK_TOLD;
    message->track_told = body;
    if (!body || !sgp_put_text(&body->unit, event->u.track.unit))
        return false;
    body->batch = sgp_message_make(&sigap__v1__position_batch__descriptor);
    if (!body->batch)
        return false;
    body->batch->stream = event->u.track.stream;
    body->batch->first = event->u.track.first;
    return sgp_batch_put(body->batch, event->u.track.fixes, event->u.track.n);
}

bool sgp_put_device_event(Sigap__V1__Event *message, const sgp_event *event) {
    return event->kind == SGP_EVENT_TRACK_TOLD ? put_track(message, event)
                                               : put_received(message, event);
}

static sgp_err read_track(const Sigap__V1__TrackTold *body, sgp_event *event, sgp_fault *fault) {
    sgp_fix *fixes = calloc(SGP_TRACK_FIXES_MAX, sizeof *fixes);
    if (!fixes)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory for positions");
    uint32_t n = 0;
    sgp_err err = body->batch
                      ? sgp_batch_read(body->batch, fixes, &n, fault)
                      : sgp_fail(fault, SGP_E_ARGUMENT, "the positions of a track are missing");
    if (!err)
        err = sgp_read_text(body->unit, event->u.track.unit, sizeof event->u.track.unit,
                            "the unit's code", fault);
    if (err) {
        free(fixes);
        return err;
    }
    event->kind = SGP_EVENT_TRACK_TOLD;
    event->u.track.stream = body->batch->stream;
    event->u.track.first = body->batch->first;
    event->u.track.n = n;
    event->u.track.fixes = fixes;
    return SGP_OK;
}

sgp_err sgp_read_device_event(const Sigap__V1__Event *message, sgp_event *event, sgp_fault *fault) {
    if (message->body_case == SIGAP__V1__EVENT__BODY_TRACK_TOLD)
        return read_track(message->track_told, event, fault);
    const Sigap__V1__OrderWasReceived *body = message->order_received;
    event->kind = SGP_EVENT_ORDER_RECEIVED;
    event->u.received.assignment = body->assignment_id;
    event->u.received.told_seq = body->told_seq;
    event->u.received.epoch = body->epoch;
    event->u.received.refused = body->refused;
    event->u.received.seen_epoch = body->seen_epoch;
    event->u.received.device_at_ms = body->device_at_ms;
    return sgp_read_text(body->unit, event->u.received.unit, sizeof event->u.received.unit,
                         "the unit's code", fault);
}

static sgp_err check_unit(const char *code, sgp_fault *fault) {
    return code[0] && memchr(code, '\0', SGP_CODE_BYTES)
               ? SGP_OK
               : sgp_fail(fault, SGP_E_ARGUMENT, "the unit's code is missing");
}

static sgp_err check_track(const sgp_event *event, sgp_fault *fault) {
    if (!event->u.track.stream || !event->u.track.first || event->u.track.first > UINT64_MAX / 2)
        return sgp_fail(fault, SGP_E_ARGUMENT, "stream and numbers of positions count from 1");
    if (!event->u.track.n || event->u.track.n > SGP_TRACK_FIXES_MAX)
        return sgp_fail(fault, SGP_E_RANGE, "%u positions in one batch", event->u.track.n);
    for (uint32_t i = 0; i < event->u.track.n; i++) {
        const sgp_fix *fix = &event->u.track.fixes[i];
        const sgp_fix *before = i ? fix - 1 : fix;
        int64_t gap_ms = fix->at_ms - before->at_ms;
        if (fix->at_ms < 0 || fix->at_ms > INT64_MAX / 4 || gap_ms > SGP_BATCH_GAP_MAX_MS ||
            gap_ms < -SGP_BATCH_GAP_MAX_MS)
            return sgp_fail(fault, SGP_E_RANGE, "the time of position %u is wrong", i + 1);
        if (fix->point.lon_e7 < -1800000000 || fix->point.lon_e7 > 1800000000 ||
            fix->point.lat_e7 < -900000000 || fix->point.lat_e7 > 900000000 ||
            fix->accuracy_m < 0 || fix->speed_kmh < -1 || fix->heading_deg < -1)
            return sgp_fail(fault, SGP_E_RANGE, "position %u makes no sense", i + 1);
    }
    return SGP_OK;
}

sgp_err sgp_device_event_check(const sgp_event *event, sgp_fault *fault) {
    sgp_err err = check_unit(
        event->kind == SGP_EVENT_TRACK_TOLD ? event->u.track.unit : event->u.received.unit, fault);
    if (err)
        return err;
    if (event->kind == SGP_EVENT_TRACK_TOLD)
        return check_track(event, fault);
    if (!event->u.received.told_seq)
        return sgp_fail(fault, SGP_E_ARGUMENT, "told_seq is missing: what was received?");
    if (event->u.received.refused && event->u.received.seen_epoch <= event->u.received.epoch)
        return sgp_fail(fault, SGP_E_ARGUMENT,
                        "an order is refused for a higher epoch only; seen_epoch is not higher");
    if (event->u.received.device_at_ms < 0 || event->u.received.device_at_ms > INT64_MAX / 4)
        return sgp_fail(fault, SGP_E_RANGE, "device_at_ms is no time");
    return SGP_OK;
}

void sgp_device_event_clear(sgp_event *event) {
    if (event->kind != SGP_EVENT_TRACK_TOLD)
        return;
    free((void *)(uintptr_t)event->u.track.fixes);
    event->u.track.fixes = NULL;
}
