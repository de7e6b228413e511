/* The journal: the engine's one truth, on SQLite (WAL, synchronous=FULL).
 *
 * The loop appends records of one turn to an open batch and submits it; the
 * journal's own thread writes the batch in one transaction with one sync while
 * the loop goes on filling the next. Only when sgp_journal_durable_seq has
 * reached an event may anybody be told of it. A failed write or sync ends the
 * process (abort after a log line): the supervisor restarts it from the journal.
 *
 * Persons: each record may carry personal fields (a caller's number, name,
 * words). They are sealed (XChaCha20-Poly1305, libsodium) under a random key of
 * their incident, which is itself sealed under the deployment's master key file.
 * Erasing the incident's key erases the person from the journal, PostgreSQL and
 * every backup that was made without the table incident_key, as backups must be.
 *
 * Thread rule: all functions from the loop's thread, except
 * sgp_journal_reader_*, which open their own connection and may live on another.
 */
#ifndef SGP_JOURNAL_H
#define SGP_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sigap/error.h"

typedef struct sgp_journal sgp_journal;

typedef struct sgp_journal_options {
    const char *path;     /* SQLite file; made when absent, mode 0600 */
    const char *key_file; /* 32 random bytes, mode 0600; made when absent and the journal is new */
    const char *commit;   /* recorded in the header of a new journal */
    const char *vfs;      /* NULL = the system's; tests pass theirs */
    size_t batch_bytes_max; /* of the open batch; 0 = 16 MiB; SGP_E_FULL beyond */
    int checkpoint_frames;  /* of the write-ahead log, 4 KiB each; 0 = 1000 */
    bool never_sync;        /* for the power-cut test alone: it must fail with this */
} sgp_journal_options;

enum { SGP_LATER_TEXTS_MAX = 16 };

/* Personal fields of one call; empty strings for none. Borrowed by append. They replace what
 * was kept of the call before. */
typedef struct sgp_personal {
    uint64_t call;
    uint64_t incident; /* whose key seals it */
    const char *caller_number, *caller_name, *place_text, *narrative;
    /* What was said about the place after place_text, oldest first. */
    const char *later_place_texts[SGP_LATER_TEXTS_MAX];
    size_t n_later;
} sgp_personal;

/* Opens and checks; SGP_E_CORRUPT, SGP_E_VERSION, SGP_E_FORMAT (not a journal),
 * SGP_E_CRYPTO (wrong key file), SGP_E_IO, SGP_E_STATE (another process has it open). */
sgp_err sgp_journal_open(const sgp_journal_options *options, sgp_journal **journal,
                         sgp_fault *fault) SGP_MUST_USE;
/* Waits for submitted batches, then closes. NULL is harmless. */
void sgp_journal_close(sgp_journal *journal);

/* A number that rises with every opening of this journal, and is on disk: which engine is the newer
 * one. At least the seconds since 1970, so that a copy from a backup is not behind either. */
uint64_t sgp_journal_epoch(const sgp_journal *journal);

/* Recovery, before the first append: the newest snapshot (length 0: none), then
 * each later record in order of seq. `record` is bytes of sigap.v1.JournalRecord,
 * borrowed during the call; a non-zero return stops and is returned. */
typedef sgp_err (*sgp_journal_visit)(void *ctx, uint64_t seq, const uint8_t *record, size_t length);
sgp_err sgp_journal_recover(sgp_journal *journal,
                            sgp_err (*snapshot)(void *ctx, uint64_t seq, const uint8_t *bytes,
                                                size_t length),
                            sgp_journal_visit visit, void *ctx, sgp_fault *fault) SGP_MUST_USE;

/* Newest event appended, durable or not; 0 = none. The next append takes one more. */
uint64_t sgp_journal_last_seq(const sgp_journal *journal);

/* Adds one record to the open batch. `seq` must be one more than the one before
 * (SGP_E_STATE); SGP_E_FULL: the batch is full, submit and come back (an empty one
 * takes a record of any size); SGP_E_MEMORY,
 * SGP_E_CRYPTO, SGP_E_IO: nothing was added. Copies everything. `personal` may be NULL.
 * About a microsecond, five with personal fields. */
sgp_err sgp_journal_append(sgp_journal *journal, uint64_t seq, int64_t at_ms, const uint8_t *record,
                           size_t length, const sgp_personal *personal) SGP_MUST_USE;
/* Adds a snapshot of the world after event `seq`, which must be the last appended
 * (SGP_E_STATE), to the open batch. Its bytes do not count against batch_bytes_max. */
sgp_err sgp_journal_snapshot(sgp_journal *journal, uint64_t seq, const uint8_t *bytes,
                             size_t length) SGP_MUST_USE;
/* Hands the open batch to the writer if it is idle; otherwise it waits for the
 * next call. Returns true if a batch was handed over. */
bool sgp_journal_submit(sgp_journal *journal);
/* Becomes readable when a batch has become durable; the loop watches it. */
int sgp_journal_fd(const sgp_journal *journal);
/* Drains the fd and returns the newest event that is on disk. */
uint64_t sgp_journal_durable_seq(sgp_journal *journal);
/* Blocks until everything appended is on disk (shutdown, tools, tests). */
void sgp_journal_flush(sgp_journal *journal);
/* Microseconds that the last finished batch took on the writer's thread, and its records. */
void sgp_journal_last_batch(const sgp_journal *journal, int64_t *write_us, uint32_t *records);

/* Personal fields of a call. strings are allocated together; free with
 * sgp_personal_free. SGP_E_NOT_FOUND: none kept, or erased (*erased = true).
 * Also finds records that are not durable yet. */
typedef struct sgp_personal_copy {
    char *caller_number, *caller_name, *place_text, *narrative;
    char *later_place_texts[SGP_LATER_TEXTS_MAX];
    size_t n_later;
} sgp_personal_copy;
sgp_err sgp_journal_personal(sgp_journal *journal, uint64_t call, sgp_personal_copy *copy,
                             bool *erased) SGP_MUST_USE;
void sgp_personal_free(sgp_personal_copy *copy);
/* A key of this installation for one purpose, the same at every start: from the master key and the
 * journal's id (BLAKE2b). Whoever has the master key has it too. */
void sgp_journal_derive_key(const sgp_journal *journal, const char *purpose, uint8_t key[32]);

/* Destroys the key of an incident's personal fields, and the sealed fields with
 * it; flushes first, and is synced and overwritten in file and log before it
 * returns (while a reader holds the log for more than half a second, the log follows later). Doing
 * it again is harmless. SGP_E_NOT_FOUND: the incident has none. */
sgp_err sgp_journal_erase(sgp_journal *journal, uint64_t incident) SGP_MUST_USE;

#endif
