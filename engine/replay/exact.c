#include "replay/exact.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/version.h"
#include "core/core_proto.h"
#include "journal/journal_reader.h"
#include "replay/message_difference.h"

typedef struct replaying {
    sgp_world *world;
    sgp_effects effects;
    sgp_buffer record;
    sgp_exact *exact;
    sgp_exact_visit visit;
    void *ctx;
    sgp_fault *fault;
    uint64_t snapshot_seq;
    uint8_t snapshot_digest[32];
    sgp_buffer snapshot;   /* as it is stored, of another commit's journal */
    sgp_fields_seen *seen; /* NULL: the journal was made by this very commit */
} replaying;

static void name_event(replaying *r, uint64_t seq, const sgp_event *event) {
    r->exact->differs_at = seq;
    r->exact->parent = event ? event->parent : 0;
    snprintf(r->exact->kind, sizeof r->exact->kind, "%s",
             event ? sgp_event_kind_str(event->kind) : "unreadable");
}

static sgp_err differs(replaying *r, uint64_t seq, const sgp_event *event) {
    name_event(r, seq, event);
    return sgp_fail(r->fault, SGP_E_MISMATCH, "event %llu (%s) differs: %s",
                    (unsigned long long)seq, r->exact->kind, r->exact->difference);
}

#define DIFFERS(r, seq, event, ...)                                                                \
    (snprintf((r)->exact->difference, sizeof(r)->exact->difference, __VA_ARGS__),                  \
     differs(r, seq, event))

/* ---- one record ------------------------------------------------------------ */

static bool message_differs(replaying *r, const ProtobufCMessage *was,
                            const ProtobufCMessage *now) {
    return sgp_message_difference_seen(was, now, r->seen, r->exact->difference,
                                       sizeof r->exact->difference);
}

/* The record as it would be written now is held to the one that was written then. */
static sgp_err compare(replaying *r, uint64_t seq, const sgp_event *event,
                       const Sigap__V1__JournalRecord *was) {
    sgp_buffer_clear(&r->record);
    sgp_err err = sgp_record_encode(r->world, event, was->times, &r->effects, &r->record);
    if (err)
        return sgp_fail(r->fault, err, "event %llu cannot be written again",
                        (unsigned long long)seq);
    Sigap__V1__JournalRecord *now =
        sigap__v1__journal_record__unpack(NULL, r->record.length, r->record.data);
    if (!now)
        return SGP_E_MEMORY;
    static const Sigap__V1__Update nothing = SIGAP__V1__UPDATE__INIT;
    const Sigap__V1__Update *then = was->changes ? was->changes : &nothing;
    err = SGP_OK;
    if (r->seen) {
        sgp_fields_see(r->seen, &then->base);
        sgp_fields_see(r->seen, &was->event->base);
    }
    if (message_differs(r, &then->base, &now->changes->base) ||
        message_differs(r, &was->event->base, &now->event->base))
        err = differs(r, seq, event);
    else if (was->effects.len && (was->effects.len != now->effects.len ||
                                  memcmp(was->effects.data, now->effects.data, now->effects.len)))
        err = DIFFERS(r, seq, event,
                      "the same things changed, but other orders, withdrawals, look-ups or another "
                      "answer were told");
    r->exact->with_digest += was->effects.len > 0;
    sigap__v1__journal_record__free_unpacked(now, NULL);
    return err;
}

static const char *reply_of(const sgp_effects *effects) {
    const sgp_effect *last = effects->n ? &effects->items[effects->n - 1] : NULL;
    return last && last->kind == SGP_EFFECT_REPLY ? last->u.reply.message : "";
}

/* A bit of the event or of its times that has changed since it was stepped, however well the rest
 * of the journal fits. */
static sgp_err check_input(replaying *r, uint64_t seq, const sgp_event *event,
                           const Sigap__V1__JournalRecord *record) {
    uint8_t digest[SGP_RECORD_DIGEST_BYTES];
    if (record->input.len == 0)
        return SGP_OK;
    sgp_err err = sgp_input_digest(record->event, record->times, digest);
    if (err)
        return err;
    if (record->input.len == sizeof digest &&
        memcmp(record->input.data, digest, sizeof digest) == 0)
        return SGP_OK;
    return DIFFERS(r, seq, event,
                   "the event or its road times are not those that were stepped then: a bit of the "
                   "record has changed");
}

static sgp_err step(replaying *r, uint64_t seq, const sgp_event *event,
                    const Sigap__V1__JournalRecord *record) {
    static Sigap__V1__RecordedTimes no_times = SIGAP__V1__RECORDED_TIMES__INIT;
    const Sigap__V1__RecordedTimes *recorded = record->times ? record->times : &no_times;
    sgp_times_player player = {.times = recorded};
    sgp_times times = sgp_times_playing(&player);
    sgp_effects_clear(&r->effects);
    sgp_err answer = sgp_core_step(r->world, event, &times, &r->effects);
    if (answer == SGP_E_MEMORY)
        return answer;
    if (answer == SGP_E_CORRUPT)
        return DIFFERS(r, seq, event,
                       "the core asks for other road times now than were recorded (question %zu of "
                       "%zu)",
                       player.at_length + 1, recorded->n_lengths);
    if (sgp_world_seq(r->world) != seq)
        return DIFFERS(r, seq, event, "it was taken then and is refused now: %s",
                       reply_of(&r->effects));
    if (player.at_length != recorded->n_lengths)
        return DIFFERS(r, seq, event,
                       "the core asks %zu questions for road times now, and asked %zu then",
                       player.at_length, recorded->n_lengths);
    sgp_err err = compare(r, seq, event, record);
    if (!err)
        err = check_input(r, seq, event, record);
    if (err)
        return err;
    r->exact->refused += answer != SGP_OK;
    return r->visit ? r->visit(r->ctx, r->world, event, &r->effects) : SGP_OK;
}

/* The digest is of all that there is now; what an older program kept is compared field by field. */
static sgp_err hold_to_older_snapshot(replaying *r, uint64_t seq, const sgp_event *event) {
    sgp_buffer bytes = {0};
    sgp_err err = sgp_world_save(r->world, &bytes);
    Sigap__V1__Snapshot *now =
        err ? NULL : sigap__v1__snapshot__unpack(NULL, bytes.length, bytes.data);
    Sigap__V1__Snapshot *was =
        sigap__v1__snapshot__unpack(NULL, r->snapshot.length, r->snapshot.data);
    if (!err && (!now || !was))
        err = SGP_E_MEMORY;
    if (!err) {
        sgp_fields_see(r->seen, &was->base);
        if (message_differs(r, &was->base, &now->base))
            err = differs(r, seq, event);
    }
    sigap__v1__snapshot__free_unpacked(now, NULL);
    sigap__v1__snapshot__free_unpacked(was, NULL);
    sgp_buffer_free(&bytes);
    return err;
}

static sgp_err hold_to_snapshot(replaying *r, uint64_t seq, const sgp_event *event) {
    if (!r->snapshot_seq || seq != r->snapshot_seq)
        return SGP_OK;
    uint8_t digest[32];
    sgp_world_digest(r->world, digest);
    bool equal = memcmp(digest, r->snapshot_digest, sizeof digest) == 0;
    if (!equal && r->seen) {
        sgp_err err = hold_to_older_snapshot(r, seq, event);
        if (err)
            return err;
    } else if (!equal)
        return DIFFERS(r, seq, event,
                       "the world after it is not the one that the snapshot of that time holds");
    r->exact->snapshot_seq = seq;
    return SGP_OK;
}

static sgp_err on_record(void *ctx, uint64_t seq, const uint8_t *bytes, size_t length) {
    replaying *r = ctx;
    Sigap__V1__JournalRecord *record = sigap__v1__journal_record__unpack(NULL, length, bytes);
    if (!record || !record->event) {
        if (record)
            sigap__v1__journal_record__free_unpacked(record, NULL);
        name_event(r, seq, NULL);
        return sgp_fail(r->fault, SGP_E_CORRUPT, "record %llu of the journal is not a record",
                        (unsigned long long)seq);
    }
    sgp_event event = {0};
    sgp_fault why = {0};
    sgp_err err = sgp_event_from_proto(record->event, &event, &why);
    if (err) {
        name_event(r, seq, NULL);
        err = sgp_fail(r->fault, SGP_E_CORRUPT, "event %llu of the journal makes no sense: %s",
                       (unsigned long long)seq, why.text);
    } else {
        err = step(r, seq, &event, record);
    }
    if (!err)
        err = hold_to_snapshot(r, seq, &event);
    if (!err) {
        r->exact->events++;
        r->exact->last_ms = event.at_ms;
        r->exact->first_ms = r->exact->first_ms ? r->exact->first_ms : event.at_ms;
    }
    sgp_event_clear(&event);
    sigap__v1__journal_record__free_unpacked(record, NULL);
    return err;
}

/* ---- a journal -------------------------------------------------------------- */

static sgp_err on_snapshot(void *ctx, uint64_t seq, const uint8_t *bytes, size_t length) {
    replaying *r = ctx;
    if (length == 0)
        return SGP_OK;
    sgp_world *world = NULL;
    sgp_err err = sgp_world_load(bytes, length, &world, r->fault);
    if (err)
        return err;
    if (r->seen)
        err = sgp_buffer_append(&r->snapshot, bytes, length);
    r->snapshot_seq = seq;
    sgp_world_digest(world, r->snapshot_digest);
    sgp_world_destroy(world);
    return err;
}

static sgp_err replay(replaying *r, sgp_journal_reader *reader) {
    uint64_t last, snapshot_seq;
    sgp_err err = sgp_journal_reader_begin(reader, r->fault);
    if (err)
        return err;
    err = sgp_journal_reader_last(reader, &last, NULL, NULL, r->fault);
    if (!err)
        err = sgp_journal_reader_snapshot(reader, on_snapshot, r, &snapshot_seq, r->fault);
    if (!err)
        err = sgp_journal_reader_events(reader, 0, last, on_record, r, r->fault);
    sgp_journal_reader_end(reader);
    /* The chain of checksums is looked at before the record is: it is the next one's. */
    if (err == SGP_E_CORRUPT && !r->exact->differs_at)
        name_event(r, r->exact->events + 1, NULL);
    return err;
}

sgp_err sgp_exact_replay(const char *path, sgp_exact_visit visit, void *ctx, sgp_exact *exact,
                         sgp_fault *fault) {
    *exact = (sgp_exact){0};
    replaying r = {.exact = exact, .visit = visit, .ctx = ctx, .fault = fault};
    sgp_journal_reader *reader = NULL;
    sgp_err err = sgp_journal_reader_open(path, NULL, &reader, fault);
    if (err)
        return err;
    err = sgp_world_create(&r.world);
    if (!err && !sgp_journal_reader_made_by(reader, sgp_commit())) {
        r.seen = calloc(1, sizeof *r.seen);
        err = r.seen ? SGP_OK : SGP_E_MEMORY;
    }
    if (!err)
        err = replay(&r, reader);
    if (r.seen)
        memcpy(exact->later, r.seen->names, sizeof exact->later);
    if (err == SGP_E_MEMORY)
        (void)sgp_fail(fault, err, "no memory to replay the journal");
    sgp_journal_reader_close(reader);
    sgp_world_destroy(r.world);
    sgp_effects_free(&r.effects);
    sgp_buffer_free(&r.record);
    sgp_buffer_free(&r.snapshot);
    free(r.seen);
    return err;
}
