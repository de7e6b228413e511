/* A model of the engine's shell around the very same sgp_core_step (DESIGN.md, section 10):
 *
 *   event -> step, recording road times -> record into the open batch -> outbox behind its event
 *   the disk finishes a batch -> durable -> only now what waits behind it is told
 *   crash -> newest snapshot on disk, then each later record stepped again with recorded times
 *
 * with the engine's own clock (serve/engine_clock.h). The disk is memory: a batch is on it whole
 * or not at all, as the journal promises (tests/system/test_powercut.c holds it to that).
 * Deterministic; one thread. */
#ifndef SGP_SIMULATOR_SHELL_H
#define SGP_SIMULATOR_SHELL_H

#include "ledger.h"
#include "serve/engine_clock.h"

typedef struct sim_message {
    uint64_t seq; /* leaves when this event is on disk */
    sgp_effect_kind kind;
    sgp_id assignment, call, incident;
    uint32_t unit;
    char agency[SGP_CODE_BYTES];
} sim_message;

typedef struct sim_record {
    uint8_t *bytes;
    size_t length;
    sgp_err err;
    uint8_t effects[SGP_RECORD_DIGEST_BYTES];
    uint8_t world[32];
} sim_record;

typedef struct sim_shell {
    sim_ledger *ledger;
    sgp_world *world;
    core_oracle roads;
    sgp_engine_clock clock;
    int64_t wall_ms, monotonic_ms;
    sgp_times inner;
    sgp_times_recorder recorder;
    sgp_effects effects;
    sgp_buffer bytes;
    /* the disk */
    sim_record *records; /* [seq - 1] */
    size_t n_records, records_capacity;
    uint64_t durable_seq, submitted_seq;
    uint8_t *snapshot, *older; /* the newest may not be on disk yet; the older one is */
    size_t snapshot_length, older_length;
    uint64_t snapshot_seq, older_seq;
    /* the outbox, and what was told since somebody looked */
    sim_message *outbox;
    size_t n_outbox, outbox_capacity;
    sim_message *heard;
    size_t n_heard, heard_capacity;
    uint64_t events, refused, orders, crashes, recovered, repeated;
} sim_shell;

void sim_shell_init(sim_shell *shell, sim_ledger *ledger, int64_t start_ms);
void sim_shell_free(sim_shell *shell);
/* Does it, fires what is due, and tells what may be told: see `heard`, which is emptied first. */
void sim_shell_do(sim_shell *shell, const sim_deed *deed);

#endif
