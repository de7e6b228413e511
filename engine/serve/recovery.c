/* The world from the journal: newest snapshot, then every later record stepped
 * again with the travel times that were recorded, whatever the graph is now. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "serve/engine_parts.h"

/* Words that an event made superfluous: the engine may have died between the event and their
 * erasure. */
typedef struct erasure {
    bool ring;     /* a ring's number; otherwise a premise note's words */
    bool handover; /* or a hand-over's */
    sgp_id id;
} erasure;

typedef struct recovery {
    sgp_engine *engine;
    sgp_fault *fault;
    uint64_t records;
    erasure *erasures;
    size_t n_erasures, erasures_capacity;
} recovery;

static sgp_err on_snapshot(void *ctx, uint64_t seq, const uint8_t *bytes, size_t length) {
    recovery *r = ctx;
    if (length == 0)
        return SGP_OK;
    sgp_world *world = NULL;
    sgp_err err = sgp_world_load(bytes, length, &world, r->fault);
    if (err != SGP_OK)
        return err;
    if (sgp_world_seq(world) != seq) {
        sgp_world_destroy(world);
        return sgp_fail(r->fault, SGP_E_CORRUPT, "the snapshot of event %llu holds another event",
                        (unsigned long long)seq);
    }
    sgp_world_destroy(r->engine->world);
    r->engine->world = world;
    return SGP_OK;
}

static sgp_err note_erasure(recovery *r, erasure found) {
    if (r->n_erasures == r->erasures_capacity) {
        size_t capacity = r->erasures_capacity ? 2 * r->erasures_capacity : 16;
        erasure *grown = realloc(r->erasures, capacity * sizeof *grown);
        if (grown == NULL)
            return SGP_E_MEMORY;
        r->erasures = grown;
        r->erasures_capacity = capacity;
    }
    r->erasures[r->n_erasures++] = found;
    return SGP_OK;
}

static sgp_err note_erasures(recovery *r, sgp_event_kind kind) {
    const sgp_effects *effects = &r->engine->effects;
    for (size_t i = 0; i < effects->n; i++) {
        const sgp_effect *effect = &effects->items[i];
        erasure found = {0};
        if (effect->kind == SGP_EFFECT_RING_GONE)
            found = (erasure){.ring = true, .id = effect->u.ring.ring};
        else if (effect->kind == SGP_EFFECT_REPLY && kind == SGP_EVENT_PREMISE_REMOVED &&
                 effect->u.reply.err == SGP_OK)
            found = (erasure){.id = effect->u.reply.closure};
        else
            continue;
        if (note_erasure(r, found) != SGP_OK)
            return SGP_E_MEMORY;
    }
    return SGP_OK;
}

static void erase_again(const recovery *r) {
    for (size_t i = 0; i < r->n_erasures; i++) {
        if (r->erasures[i].handover)
            sgp_desk_forget_words(r->engine, r->erasures[i].id);
        else if (r->erasures[i].ring)
            sgp_ring_forget_number(r->engine, r->erasures[i].id);
        else
            sgp_premise_forget_words(r->engine, r->erasures[i].id);
    }
}

static sgp_err step_again(recovery *r, uint64_t seq, const Sigap__V1__JournalRecord *record) {
    static Sigap__V1__RecordedTimes no_times = SIGAP__V1__RECORDED_TIMES__INIT;
    sgp_engine *engine = r->engine;
    sgp_event event;
    sgp_err err = sgp_event_from_proto(record->event, &event, r->fault);
    if (err != SGP_OK)
        return err;
    sgp_times_player player = {.times = record->times != NULL ? record->times : &no_times};
    sgp_times times = sgp_times_playing(&player);
    sgp_effects_clear(&engine->effects);
    sgp_id gone_words =
        event.kind == SGP_EVENT_DESK_HANDED_OVER ? sgp_world_handover_next_gone(engine->world) : 0;
    err = sgp_core_step(engine->world, &event, &times, &engine->effects);
    if (err == SGP_OK)
        sgp_conflicts_note(engine, &event, &engine->effects);
    sgp_event_clear(&event);
    /* A refused request is an ordinary record; losing the thread is not. */
    if (err == SGP_E_MEMORY || err == SGP_E_CORRUPT || sgp_world_seq(engine->world) != seq)
        return sgp_fail(r->fault, err == SGP_E_MEMORY ? err : SGP_E_CORRUPT,
                        "event %llu (%s) cannot be stepped again: %s", (unsigned long long)seq,
                        sgp_event_kind_str(event.kind), sgp_err_message(err));
    if (note_erasures(r, event.kind) != SGP_OK ||
        (gone_words != 0 && err == SGP_OK &&
         note_erasure(r, (erasure){.handover = true, .id = gone_words}) != SGP_OK))
        return sgp_fail(r->fault, SGP_E_MEMORY, "no memory for what is to be erased");
    return SGP_OK;
}

static sgp_err on_record(void *ctx, uint64_t seq, const uint8_t *bytes, size_t length) {
    recovery *r = ctx;
    Sigap__V1__JournalRecord *record = sigap__v1__journal_record__unpack(NULL, length, bytes);
    if (record == NULL || record->event == NULL) {
        if (record != NULL)
            sigap__v1__journal_record__free_unpacked(record, NULL);
        return sgp_fail(r->fault, SGP_E_CORRUPT, "record %llu of the journal is not a record",
                        (unsigned long long)seq);
    }
    sgp_err err = step_again(r, seq, record);
    if (err == SGP_OK && record->changes != NULL)
        for (size_t i = 0; i < record->changes->n_recommendations; i++)
            sgp_recommendation_keep(r->engine, record->changes->recommendations[i]);
    sigap__v1__journal_record__free_unpacked(record, NULL);
    r->records++;
    return err;
}

sgp_err sgp_recover(sgp_engine *engine, sgp_fault *fault) {
    int64_t begun = sgp_monotonic_us();
    sgp_err err = sgp_world_create(&engine->world);
    if (err != SGP_OK)
        return sgp_fail(fault, err, "no memory for the world");
    recovery r = {.engine = engine, .fault = fault};
    err = sgp_journal_recover(engine->journal, on_snapshot, on_record, &r, fault);
    if (err == SGP_OK)
        erase_again(&r);
    free(r.erasures);
    if (err != SGP_OK)
        return err;
    sgp_log(SGP_LOG_INFO, "recovered", "event_seq=%llu records=%llu units=%u ms=%lld",
            (unsigned long long)sgp_world_seq(engine->world), (unsigned long long)r.records,
            sgp_world_units(engine->world), (long long)((sgp_monotonic_us() - begun) / 1000));
    return SGP_OK;
}

/* ---- what the configuration adds ------------------------------------------ */

/* Whether two events say the same: what they are in the journal, so that no field can be
 * forgotten here. */
static bool events_equal(sgp_event a, sgp_event b) {
    sgp_buffer left = {0}, right = {0};
    a.seq = b.seq = 1;
    a.at_ms = b.at_ms = 1;
    bool equal = sgp_event_encode(&a, &left) == SGP_OK && sgp_event_encode(&b, &right) == SGP_OK &&
                 left.length == right.length && memcmp(left.data, right.data, left.length) == 0;
    sgp_buffer_free(&left);
    sgp_buffer_free(&right);
    return equal;
}

static bool clocks_equal(const sgp_clocks *a, const sgp_clocks *b) {
    return events_equal((sgp_event){.kind = SGP_EVENT_CONFIGURED, .u.configured = *a},
                        (sgp_event){.kind = SGP_EVENT_CONFIGURED, .u.configured = *b});
}

static bool units_equal(const sgp_unit *known, const sgp_unit *told) {
    sgp_unit vehicle = *known; /* whoever is on it */
    vehicle.skills = known->vehicle_skills;
    return events_equal(
        (sgp_event){.kind = SGP_EVENT_UNIT_REGISTERED, .u.unit_registered.unit = vehicle},
        (sgp_event){.kind = SGP_EVENT_UNIT_REGISTERED, .u.unit_registered.unit = *told});
}

static const sgp_hospital *find_hospital(const sgp_world *world, const char *code) {
    for (uint32_t i = 0; i < sgp_world_hospitals(world); i++)
        if (strcmp(sgp_world_hospital(world, i)->code, code) == 0)
            return sgp_world_hospital(world, i);
    return NULL;
}

static sgp_input *need_input(sgp_event_kind kind) {
    sgp_input *input = sgp_input_create(kind);
    if (input == NULL)
        abort();
    return input;
}

/* A call that was still being looked up when the engine went down is looked up
 * again; its words are in the journal. Which event asked first the world does not
 * know, so the parent of its CALL_PLACED is 0. */
static void resume_lookups(sgp_engine *engine) {
    for (sgp_id id = sgp_world_next_call(engine->world, 0); id != 0;
         id = sgp_world_next_call(engine->world, id)) {
        if (!sgp_world_call(engine->world, id)->looking_up)
            continue;
        sgp_lookup_add(engine, id, 0);
        sgp_outbox_put(engine, SGP_TO_PLACER, id, NULL);
    }
}

/* A unit that has left the fleet does not stay on duty; one that is on its way
 * finishes first (the core refuses), and signs off at the next start. */
static void sign_off_missing(sgp_engine *engine) {
    const sgp_settings *s = engine->settings;
    for (uint32_t i = 0; i < sgp_world_units(engine->world); i++) {
        const sgp_unit *unit = sgp_world_unit(engine->world, i);
        bool found = !unit->on_duty || unit->entry.by_hand;
        for (size_t k = 0; k < s->n_units && !found; k++)
            found = strcmp(s->units[k].code, unit->code) == 0;
        if (found)
            continue;
        sgp_input *input = need_input(SGP_EVENT_UNIT_DUTY);
        memcpy(input->event.u.duty.unit, unit->code, sizeof unit->code);
        sgp_inbox_put(engine, input);
    }
}

/* What a person changed while an engine ran stands before the configuration. */
static void note_by_hand(const char *what, const char *code, const sgp_entry *entry) {
    sgp_log(SGP_LOG_INFO, "kept_by_hand", "%s=%s actor=%s", what, SGP_Q(code), SGP_Q(entry->actor));
}

void sgp_configure_world(sgp_engine *engine) {
    const sgp_settings *s = engine->settings;
    engine->durable_seq = sgp_journal_durable_seq(engine->journal);
    /* A new world starts with the same defaults, but the journal says so once. */
    sgp_clocks clocks;
    sgp_plans_clocks(engine, &clocks);
    if (sgp_world_seq(engine->world) == 0 ||
        !clocks_equal(sgp_world_clocks(engine->world), &clocks)) {
        sgp_input *input = need_input(SGP_EVENT_CONFIGURED);
        input->event.u.configured = clocks;
        sgp_inbox_put(engine, input);
    }
    sgp_input *planned = sgp_plans_input(engine);
    if (planned != NULL)
        sgp_inbox_put(engine, planned);
    for (size_t i = 0; i < s->n_units; i++) {
        const sgp_unit *known = sgp_world_unit_by_code(engine->world, s->units[i].code);
        if (known != NULL && known->entry.by_hand)
            note_by_hand("unit", known->code, &known->entry);
        if (known != NULL && (known->entry.by_hand || units_equal(known, &s->units[i])))
            continue;
        sgp_input *input = need_input(SGP_EVENT_UNIT_REGISTERED);
        input->event.u.unit_registered.unit = s->units[i];
        sgp_inbox_put(engine, input);
    }
    for (size_t i = 0; i < s->n_hospitals; i++) {
        const sgp_hospital *known = find_hospital(engine->world, s->hospitals[i].code);
        if (known != NULL && known->entry.by_hand) {
            note_by_hand("hospital", known->code, &known->entry);
            continue;
        }
        if (known != NULL && strcmp(known->name, s->hospitals[i].name) == 0 &&
            known->beds == s->hospitals[i].beds && known->abilities == s->hospitals[i].abilities &&
            sgp_point_equal(known->point, s->hospitals[i].point))
            continue;
        sgp_input *input = need_input(SGP_EVENT_HOSPITAL_REGISTERED);
        input->event.u.hospital_registered.hospital = s->hospitals[i];
        sgp_inbox_put(engine, input);
    }
    sign_off_missing(engine);
    /* After the units, and checked before the world was recovered: it can be read. */
    sgp_fault fault = {0};
    sgp_input *roster;
    if (sgp_rosters_input(engine, &roster, &fault) != SGP_OK)
        sgp_log(SGP_LOG_ERROR, "roster", "error=%s", SGP_Q(fault.text));
    else if (roster != NULL)
        sgp_inbox_put(engine, roster);
    sgp_phone_recover(engine);
    resume_lookups(engine);
}
