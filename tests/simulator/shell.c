#include "shell.h"

#include <assert.h>
#include <stdlib.h>

static void *more(void *items, size_t n, size_t *capacity, size_t bytes) {
    if (n < *capacity)
        return items;
    *capacity = *capacity ? 2 * *capacity : 64;
    items = realloc(items, *capacity * bytes);
    assert(items);
    return items;
}

static void make_world(sim_shell *shell) {
    sgp_err err = sgp_world_create(&shell->world);
    assert(err == SGP_OK);
}

void sim_shell_init(sim_shell *shell, sim_ledger *ledger, int64_t start_ms) {
    *shell = (sim_shell){.ledger = ledger, .wall_ms = start_ms};
    make_world(shell);
    sgp_engine_clock_start(&shell->clock, 0, start_ms, 0);
}

static void forget_records(sim_shell *shell, size_t kept) {
    while (shell->n_records > kept)
        free(shell->records[--shell->n_records].bytes);
}

void sim_shell_free(sim_shell *shell) {
    forget_records(shell, 0);
    free(shell->records);
    free(shell->snapshot);
    free(shell->older);
    free(shell->outbox);
    free(shell->heard);
    sgp_times_recorder_free(&shell->recorder);
    sgp_effects_free(&shell->effects);
    sgp_buffer_free(&shell->bytes);
    sgp_world_destroy(shell->world);
}

/* ---- one event ---------------------------------------------------------------- */

static void keep_record(sim_shell *shell, const sgp_event *event, sgp_err err) {
    Sigap__V1__RecordedTimes times;
    sgp_times_recorder_to_proto(&shell->recorder, &times);
    sgp_buffer_clear(&shell->bytes);
    if (sgp_record_encode(shell->world, event, &times, &shell->effects, &shell->bytes) != SGP_OK) {
        sim_break(shell->ledger, SIM_WORLD_INCONSISTENT, "event %llu cannot be encoded",
                  (unsigned long long)event->seq);
        return;
    }
    shell->records =
        more(shell->records, shell->n_records, &shell->records_capacity, sizeof *shell->records);
    sim_record *record = &shell->records[shell->n_records++];
    assert(shell->n_records == event->seq);
    *record = (sim_record){.bytes = malloc(shell->bytes.length), .length = shell->bytes.length};
    assert(record->bytes);
    memcpy(record->bytes, shell->bytes.data, record->length);
    record->err = err;
    sgp_effects_digest(shell->world, &shell->effects, record->effects);
    memcpy(record->world, shell->ledger->digest, sizeof record->world);
}

static void put(sim_shell *shell, const sim_message *message) {
    shell->outbox =
        more(shell->outbox, shell->n_outbox, &shell->outbox_capacity, sizeof *shell->outbox);
    shell->outbox[shell->n_outbox++] = *message;
}

static void queue_effects(sim_shell *shell) {
    for (size_t i = 0; i < shell->effects.n; i++) {
        const sgp_effect *effect = &shell->effects.items[i];
        sim_message message = {.seq = sgp_world_seq(shell->world), .kind = effect->kind};
        switch (effect->kind) {
        case SGP_EFFECT_ORDER:
        case SGP_EFFECT_WITHDRAW:
            message.assignment = effect->u.order.assignment;
            message.unit = sgp_world_assignment(shell->world, message.assignment)->unit;
            shell->orders += effect->kind == SGP_EFFECT_ORDER;
            break;
        case SGP_EFFECT_FIND_PLACE:
            message.call = effect->u.find_place.call;
            break;
        case SGP_EFFECT_MOVE_UP:
            message.unit = effect->u.move_up.unit;
            break;
        case SGP_EFFECT_ALERT:
            message.incident = effect->u.alert.incident;
            memcpy(message.agency, effect->u.alert.agency, sizeof message.agency);
            break;
        default:
            continue;
        }
        put(shell, &message);
    }
}

static void step(sim_shell *shell, const sgp_event *told) {
    sgp_event event = *told;
    event.seq = sgp_world_seq(shell->world) + 1;
    event.at_ms = shell->clock.now_ms;
    shell->inner = core_times(&shell->roads);
    shell->recorder.inner = &shell->inner;
    sgp_times_recorder_clear(&shell->recorder);
    sgp_effects_clear(&shell->effects);
    sgp_times times = sgp_times_recording(&shell->recorder);
    sim_ledger_before(shell->ledger, shell->world, &event);
    sgp_err err = sgp_core_step(shell->world, &event, &times, &shell->effects);
    shell->events++;
    shell->refused += err != SGP_OK;
    sim_ledger_after(shell->ledger, shell->world, &event, err, &shell->effects, &shell->roads);
    if (shell->ledger->broken != SIM_N_INVARIANTS)
        return;
    if (sgp_world_seq(shell->world) == event.seq)
        keep_record(shell, &event, err);
    queue_effects(shell);
}

/* ---- the disk ------------------------------------------------------------------- */

static void keep_snapshot(sim_shell *shell) {
    sgp_buffer_clear(&shell->bytes);
    sgp_err err = sgp_world_save(shell->world, &shell->bytes);
    assert(err == SGP_OK);
    if (shell->snapshot && shell->snapshot_seq <= shell->durable_seq) {
        free(shell->older);
        shell->older = shell->snapshot;
        shell->older_length = shell->snapshot_length;
        shell->older_seq = shell->snapshot_seq;
    } else {
        free(shell->snapshot);
    }
    shell->snapshot_length = shell->bytes.length;
    shell->snapshot = malloc(shell->snapshot_length + 1);
    assert(shell->snapshot);
    memcpy(shell->snapshot, shell->bytes.data, shell->snapshot_length);
    shell->snapshot_seq = sgp_world_seq(shell->world);
}

static void finish_batch(sim_shell *shell) {
    shell->durable_seq = shell->submitted_seq;
    shell->submitted_seq = shell->n_records;
}

static void hear(sim_shell *shell, const sim_message *message) {
    sim_ledger_told(shell->ledger, message->seq, shell->durable_seq);
    if (message->kind == SGP_EFFECT_ORDER)
        sim_ledger_told_order(shell->ledger, shell->world, message->assignment);
    shell->heard = more(shell->heard, shell->n_heard, &shell->heard_capacity, sizeof *shell->heard);
    shell->heard[shell->n_heard++] = *message;
}

static void speak(sim_shell *shell) {
    size_t n = 0;
    while (n < shell->n_outbox && shell->outbox[n].seq <= shell->durable_seq)
        hear(shell, &shell->outbox[n++]);
    shell->n_outbox -= n;
    if (n > 0)
        memmove(shell->outbox, shell->outbox + n, shell->n_outbox * sizeof *shell->outbox);
}

/* ---- crash and recovery ----------------------------------------------------------- */

static void load_snapshot(sim_shell *shell, uint64_t kept) {
    bool newest = shell->snapshot && shell->snapshot_seq <= kept;
    if (!newest && shell->snapshot) { /* its batch never reached the disk */
        free(shell->snapshot);
        shell->snapshot = shell->older;
        shell->snapshot_length = shell->older_length;
        shell->snapshot_seq = shell->older_seq;
        shell->older = NULL;
    }
    sgp_world_destroy(shell->world);
    shell->world = NULL;
    if (!shell->snapshot) {
        make_world(shell);
        return;
    }
    sgp_fault fault = {0};
    sgp_err err = sgp_world_load(shell->snapshot, shell->snapshot_length, &shell->world, &fault);
    if (err != SGP_OK) {
        sim_break(shell->ledger, SIM_RECOVERY_DIFFERS, "the snapshot of event %llu: %s",
                  (unsigned long long)shell->snapshot_seq, fault.text);
        make_world(shell);
    }
}

static void step_again(sim_shell *shell, uint64_t seq) {
    static Sigap__V1__RecordedTimes no_times = SIGAP__V1__RECORDED_TIMES__INIT;
    const sim_record *kept = &shell->records[seq - 1];
    const char *wrong = NULL;
    sgp_fault fault = {0};
    sgp_event event = {.kind = SGP_EVENT_TIMER};
    Sigap__V1__JournalRecord *record =
        sigap__v1__journal_record__unpack(NULL, kept->length, kept->bytes);
    if (!record || sgp_event_from_proto(record->event, &event, &fault) != SGP_OK) {
        wrong = "cannot be read";
    } else {
        sgp_times_player player = {.times = record->times ? record->times : &no_times};
        sgp_times times = sgp_times_playing(&player);
        sgp_effects_clear(&shell->effects);
        sgp_err err = sgp_core_step(shell->world, &event, &times, &shell->effects);
        uint8_t effects[SGP_RECORD_DIGEST_BYTES], world[32];
        sgp_effects_digest(shell->world, &shell->effects, effects);
        sgp_world_digest(shell->world, world);
        wrong = err != kept->err                                      ? "ends otherwise"
                : memcmp(effects, kept->effects, sizeof effects) != 0 ? "has other effects"
                : memcmp(world, kept->world, sizeof world) != 0       ? "makes another world"
                : player.at_ms != player.times->n_ms                  ? "asks fewer road times"
                : sgp_world_seq(shell->world) != seq                  ? "takes another number"
                                                                      : NULL;
    }
    if (wrong)
        sim_break(shell->ledger, SIM_RECOVERY_DIFFERS, "event %llu (%s), stepped again, %s %s",
                  (unsigned long long)seq, sgp_event_kind_str(event.kind), wrong, fault.text);
    sgp_event_clear(&event);
    if (record)
        sigap__v1__journal_record__free_unpacked(record, NULL);
    shell->recovered++;
}

static void crash(sim_shell *shell, bool keep_batch) {
    uint64_t kept = keep_batch ? shell->submitted_seq : shell->durable_seq;
    shell->crashes++;
    shell->n_outbox = 0;
    forget_records(shell, kept);
    load_snapshot(shell, kept);
    for (uint64_t seq = sgp_world_seq(shell->world) + 1;
         seq <= kept && shell->ledger->broken == SIM_N_INVARIANTS; seq++)
        step_again(shell, seq);
    if (shell->ledger->broken != SIM_N_INVARIANTS)
        return;
    uint8_t world[32];
    sgp_world_digest(shell->world, world);
    if (kept && memcmp(world, shell->records[kept - 1].world, sizeof world) != 0) {
        sim_break(shell->ledger, SIM_RECOVERY_DIFFERS,
                  "after event %llu, from the snapshot of event %llu, the world is another one",
                  (unsigned long long)kept, (unsigned long long)shell->snapshot_seq);
        return;
    }
    shell->durable_seq = shell->submitted_seq = kept;
    sgp_engine_clock_start(&shell->clock, sgp_world_now_ms(shell->world), shell->wall_ms,
                           shell->monotonic_ms * 1000);
    sim_ledger_recovered(shell->ledger, shell->world);
    /* What was being looked up is asked for again. */
    for (sgp_id id = 0; (id = sgp_world_next_call(shell->world, id));)
        if (sgp_world_call(shell->world, id)->looking_up)
            put(shell, &(sim_message){.seq = kept, .kind = SGP_EFFECT_FIND_PLACE, .call = id});
}

/* ---- the turn ---------------------------------------------------------------------- */

static void fire_timers(sim_shell *shell) {
    for (int i = 0; i < 2 && shell->ledger->broken == SIM_N_INVARIANTS &&
                    sgp_world_next_timer_ms(shell->world) <= shell->clock.now_ms;
         i++)
        step(shell, &(sgp_event){.kind = SGP_EVENT_TIMER});
}

void sim_shell_do(sim_shell *shell, const sim_deed *deed) {
    shell->n_heard = 0;
    shell->wall_ms += deed->pass_ms;
    shell->monotonic_ms += deed->pass_ms;
    if (deed->kind == SIM_CLOCK)
        shell->wall_ms += deed->set_ms;
    sgp_engine_clock_read(&shell->clock, shell->wall_ms, shell->monotonic_ms * 1000);
    switch (deed->kind) {
    case SIM_EVENT:
        step(shell, &deed->event);
        break;
    case SIM_WRITTEN:
        finish_batch(shell);
        break;
    case SIM_SNAPSHOT:
        keep_snapshot(shell);
        break;
    case SIM_CRASH:
        crash(shell, deed->keep);
        break;
    case SIM_ROADS:
        shell->roads.fails = deed->fails;
        shell->roads.has_wall = deed->has_wall;
        shell->roads.wall_m = deed->wall_m;
        break;
    case SIM_CLOCK:
        break;
    }
    fire_timers(shell);
    if (shell->ledger->broken != SIM_N_INVARIANTS)
        return;
    sim_ledger_turn(shell->ledger, shell->world, shell->clock.now_ms);
    speak(shell);
}
