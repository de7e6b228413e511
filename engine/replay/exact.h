/* A recorded day through the core again: every event stepped with the road times that were
 * recorded, every effect compared with what the journal says it was. Stops at the first difference
 * and says which.
 *
 *     record n: event, times, changes, digest of the effects
 *                 │      │        └───────────┬───────────┘
 *                 v      v                    v
 *              sgp_core_step ── effects ── the same record? ── no: event n differs, in this field
 *
 * What is compared: the things that changed, field by field, and recommendations with all their
 * candidates; the digests of the input and of all effects in their order (orders, withdrawals, the
 * reply's words), where the journal keeps them; and the world with the newest snapshot.
 *
 * A journal is a promise between equal programs; and since rules change by editions
 * (core/edition.h), one that an older program recorded is equal too. Only the fields that came
 * since then are not in it: of a journal that was made by another commit they are passed over,
 * each until the first record that has it, and named (message_difference.h). Reads beside a
 * running engine.
 */
#ifndef SGP_REPLAY_EXACT_H
#define SGP_REPLAY_EXACT_H

#include "sigap/core.h"

typedef struct sgp_exact {
    uint64_t events;       /* stepped and found equal */
    uint64_t with_digest;  /* of them, with a digest of all their effects */
    uint64_t refused;      /* of them, requests that were refused, as then */
    uint64_t snapshot_seq; /* event whose snapshot the world was equal to, 0 = none */
    int64_t first_ms, last_ms;
    uint64_t differs_at;  /* 0 = nowhere; else that event, */
    char kind[32];        /* its kind, */
    uint64_t parent;      /* the event that caused it, 0 = none, */
    char difference[400]; /* and what differs */
    char later[600];      /* fields that were not recorded then, passed over; "" = none */
} sgp_exact;

/* Called after each event that was found equal; the world and effects are borrowed. A non-zero
 * return stops and is returned. */
typedef sgp_err (*sgp_exact_visit)(void *ctx, const sgp_world *world, const sgp_event *event,
                                   const sgp_effects *effects);

/* Replays the journal at `path`. `visit` may be NULL. SGP_E_MISMATCH: it differs, `exact` and the
 * fault say where; SGP_E_CORRUPT: a record does not fit the journal's chain of checksums or cannot
 * be read, the fault and differs_at name it; SGP_E_NOT_FOUND, SGP_E_FORMAT, SGP_E_VERSION,
 * SGP_E_IO: no journal; SGP_E_MEMORY. */
sgp_err sgp_exact_replay(const char *path, sgp_exact_visit visit, void *ctx, sgp_exact *exact,
                         sgp_fault *fault) SGP_MUST_USE;

#endif
