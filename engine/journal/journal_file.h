/* The journal's SQLite file: its tables, its version, and its chain of checksums.
 *
 * Tables
 *   meta          name -> value: journal_id (16 random bytes), commit, created_at_ms, key_check
 *   event         seq, at_ms, record, chain
 *   personal      call, incident, seq of the event it came with, sealed texts (NULL = erased)
 *   incident_key  incident, its key sealed under the master key; the row goes when it is erased
 *   erasure       number, incident, seq of the newest event then, at_ms
 *   snapshot      seq, bytes, chain of that event, digest of the row; the newest two are kept
 *
 * SQLite's pages carry no checksums, so each event carries the BLAKE2b-128 of
 * the previous event's chain and of itself. Event 0, which nobody wrote, has the
 * journal's id as its chain, so events cannot be moved between journals.
 */
#ifndef SGP_JOURNAL_FILE_H
#define SGP_JOURNAL_FILE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "journal/sealed.h"
#include "sigap/error.h"

enum {
    SGP_CHAIN_BYTES = 16,
    SGP_JOURNAL_APPLICATION = 0x53475031, /* "SGP1" in PRAGMA application_id */
    SGP_JOURNAL_VERSION = 1,              /* PRAGMA user_version */
    SGP_SNAPSHOTS_KEPT = 2,
    SGP_JOURNAL_BUSY_WAIT_MS = 10000 /* for somebody else's write to the file */
};

/* chain of (seq, at_ms, record) after `before`; `chain` may be `before`. */
void sgp_chain_event(const uint8_t before[SGP_CHAIN_BYTES], uint64_t seq, int64_t at_ms,
                     const uint8_t *record, size_t length, uint8_t chain[SGP_CHAIN_BYTES]);
/* Digest of a snapshot row. */
void sgp_chain_snapshot(const uint8_t chain[SGP_CHAIN_BYTES], uint64_t seq, const uint8_t *bytes,
                        size_t length, uint8_t digest[SGP_CHAIN_BYTES]);

/* Opens `path` with the vfs (NULL = the system's). `writable`: makes an absent
 * file with mode 0600, WAL, no automatic checkpoints. Close with sqlite3_close. */
sgp_err sgp_journal_file_open(const char *path, const char *vfs, bool writable, sqlite3 **db,
                              sgp_fault *fault) SGP_MUST_USE;

/* Is it ours? *fresh = nothing was ever written to it. SGP_E_FORMAT: another
 * program's file or no SQLite file; SGP_E_VERSION; SGP_E_CORRUPT; SGP_E_IO. */
sgp_err sgp_journal_file_check(sqlite3 *db, const char *path, bool *fresh,
                               sgp_fault *fault) SGP_MUST_USE;

/* Makes the tables and meta rows in one synced transaction. */
sgp_err sgp_journal_file_create(sqlite3 *db, const char *path,
                                const uint8_t journal_id[SGP_JOURNAL_ID_BYTES], const char *commit,
                                const uint8_t *key_check, size_t key_check_length,
                                sgp_fault *fault) SGP_MUST_USE;

/* Copies a meta value of exactly `length` bytes; SGP_E_CORRUPT otherwise. */
sgp_err sgp_journal_file_meta(sqlite3 *db, const char *path, const char *name, void *value,
                              size_t length, sgp_fault *fault) SGP_MUST_USE;

/* Turns SQLite's last error into ours, with a sentence: "cannot <doing> the journal <path>: ...".
 */
sgp_err sgp_journal_file_fault(sqlite3 *db, const char *path, const char *doing, sgp_fault *fault);

#endif
