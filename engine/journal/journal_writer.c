/* The journal's writer thread: one transaction and one sync per batch.
 *
 * With synchronous=FULL in WAL mode, COMMIT returns after the log's frames were
 * synced, and other connections see them only then. Checkpoints are made here,
 * after the batch was announced, instead of by SQLite inside COMMIT: they do not
 * delay anybody's answer, and their errors are seen (SQLite's own automatic
 * checkpoint swallows them). A checkpoint syncs the log, copies pages, and syncs
 * the file before the log may be used from its start again.
 */
#include "journal/journal_internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"

static const char *const statement_text[STATEMENTS] = {
    [STATEMENT_BEGIN] = "BEGIN IMMEDIATE",
    [STATEMENT_COMMIT] = "COMMIT",
    [STATEMENT_EVENT] = "INSERT INTO event(seq, at_ms, record, chain) VALUES(?1, ?2, ?3, ?4)",
    [STATEMENT_PERSONAL] =
        "INSERT OR REPLACE INTO personal(call, incident, seq, sealed) VALUES(?1, ?2, ?3, ?4)",
    [STATEMENT_KEY] = "INSERT OR REPLACE INTO incident_key(incident, sealed) VALUES(?1, ?2)",
    [STATEMENT_SNAPSHOT] =
        "INSERT OR REPLACE INTO snapshot(seq, bytes, chain, digest) VALUES(?1, ?2, ?3, ?4)",
    [STATEMENT_SNAPSHOT_DROP] = "DELETE FROM snapshot WHERE seq NOT IN"
                                " (SELECT seq FROM snapshot ORDER BY seq DESC LIMIT ?1)",
    [STATEMENT_ERASE_KEY] = "DELETE FROM incident_key WHERE incident = ?1",
    [STATEMENT_ERASE_PERSONAL] = "UPDATE personal SET sealed = NULL WHERE incident = ?1",
    [STATEMENT_ERASURE] = "INSERT INTO erasure(incident, seq, at_ms) VALUES(?1, ?2, ?3)",
};

/* After a failed write or sync nobody knows what is on disk: the kernel may
 * have dropped the pages and forgotten the error. Reading the file anew is the
 * only way to know, so the process ends and its supervisor starts it again. */
static _Noreturn void give_up(sgp_journal *journal, const char *doing) {
    sgp_log(SGP_LOG_ERROR, "journal_write_failed", "doing=%s path=%s sqlite_code=%d error=%s",
            doing, SGP_Q(journal->path), sqlite3_extended_errcode(journal->db),
            SGP_Q(sqlite3_errmsg(journal->db)));
    abort();
}

static void run(sgp_journal *journal, statement_name name, const char *doing) {
    sqlite3_stmt *statement = journal->statements[name];
    if (sqlite3_step(statement) != SQLITE_DONE)
        give_up(journal, doing);
    sqlite3_reset(statement);
}

static void bind_number(sgp_journal *journal, statement_name name, int position, uint64_t value) {
    sqlite3_bind_int64(journal->statements[name], position, (sqlite3_int64)value);
}

static void bind_bytes(sgp_journal *journal, statement_name name, int position,
                       const uint8_t *bytes, size_t length) {
    /* A NULL pointer would bind SQL's NULL; an empty record is still a record. */
    sqlite3_bind_blob64(journal->statements[name], position, length ? bytes : (const uint8_t *)"",
                        length, SQLITE_STATIC);
}

static void write_item(sgp_journal *journal, const journal_item *item, const uint8_t *bytes) {
    uint8_t digest[SGP_CHAIN_BYTES];
    switch (item->kind) {
    case ITEM_EVENT:
        sgp_chain_event(journal->chain, item->seq, item->at_ms, bytes, item->length,
                        journal->chain);
        bind_number(journal, STATEMENT_EVENT, 1, item->seq);
        bind_number(journal, STATEMENT_EVENT, 2, (uint64_t)item->at_ms);
        bind_bytes(journal, STATEMENT_EVENT, 3, bytes, item->length);
        bind_bytes(journal, STATEMENT_EVENT, 4, journal->chain, SGP_CHAIN_BYTES);
        run(journal, STATEMENT_EVENT, "insert_event");
        break;
    case ITEM_PERSONAL:
        bind_number(journal, STATEMENT_PERSONAL, 1, item->call);
        bind_number(journal, STATEMENT_PERSONAL, 2, item->incident);
        bind_number(journal, STATEMENT_PERSONAL, 3, item->seq);
        bind_bytes(journal, STATEMENT_PERSONAL, 4, bytes, item->length);
        run(journal, STATEMENT_PERSONAL, "insert_personal");
        break;
    case ITEM_KEY:
        bind_number(journal, STATEMENT_KEY, 1, item->incident);
        bind_bytes(journal, STATEMENT_KEY, 2, bytes, item->length);
        run(journal, STATEMENT_KEY, "insert_key");
        break;
    case ITEM_SNAPSHOT:
        sgp_chain_snapshot(journal->chain, item->seq, bytes, item->length, digest);
        bind_number(journal, STATEMENT_SNAPSHOT, 1, item->seq);
        bind_bytes(journal, STATEMENT_SNAPSHOT, 2, bytes, item->length);
        bind_bytes(journal, STATEMENT_SNAPSHOT, 3, journal->chain, SGP_CHAIN_BYTES);
        bind_bytes(journal, STATEMENT_SNAPSHOT, 4, digest, sizeof digest);
        run(journal, STATEMENT_SNAPSHOT, "insert_snapshot");
        bind_number(journal, STATEMENT_SNAPSHOT_DROP, 1, SGP_SNAPSHOTS_KEPT);
        run(journal, STATEMENT_SNAPSHOT_DROP, "drop_snapshots");
        break;
    }
}

static void checkpoint(sgp_journal *journal, int mode, int wait_for_readers_ms) {
    sqlite3_busy_timeout(journal->db, wait_for_readers_ms);
    int code = sqlite3_wal_checkpoint_v2(journal->db, NULL, mode, NULL, NULL);
    sqlite3_busy_timeout(journal->db, SGP_JOURNAL_BUSY_WAIT_MS);
    if (code == SQLITE_BUSY || code == SQLITE_LOCKED) {
        /* A reader is in the way; the log stays whole, and a later batch tries again. */
        return;
    }
    if (code != SQLITE_OK)
        give_up(journal, "checkpoint");
    if (mode == SQLITE_CHECKPOINT_TRUNCATE)
        journal->truncate_wanted = false;
}

static void write_batch(sgp_journal *journal, const journal_batch *batch) {
    int64_t start_us = sgp_monotonic_us();
    run(journal, STATEMENT_BEGIN, "begin");
    for (size_t i = 0; i < batch->n; i++)
        write_item(journal, &batch->items[i], batch->bytes.data + batch->items[i].offset);
    run(journal, STATEMENT_COMMIT, "commit");
    atomic_store(&journal->last_write_us, sgp_monotonic_us() - start_us);
    atomic_store(&journal->last_records, batch->records);
}

static void announce(sgp_journal *journal) {
    uint64_t one = 1;
    ssize_t told = write(journal->event_fd, &one, sizeof one);
    (void)told; /* It can only be full of earlier announcements. */
}

static bool erase(sgp_journal *journal, uint64_t incident) {
    run(journal, STATEMENT_BEGIN, "begin");
    bind_number(journal, STATEMENT_ERASE_KEY, 1, incident);
    run(journal, STATEMENT_ERASE_KEY, "erase_key");
    bool key_found = sqlite3_changes(journal->db) > 0;
    bind_number(journal, STATEMENT_ERASE_PERSONAL, 1, incident);
    run(journal, STATEMENT_ERASE_PERSONAL, "erase_personal");
    bool found = sqlite3_changes(journal->db) > 0;
    if (key_found) { /* Erasing again leaves no second row for the projection. */
        bind_number(journal, STATEMENT_ERASURE, 1, incident);
        bind_number(journal, STATEMENT_ERASURE, 2, atomic_load(&journal->durable_seq));
        bind_number(journal, STATEMENT_ERASURE, 3, (uint64_t)sgp_wall_ms());
        run(journal, STATEMENT_ERASURE, "insert_erasure");
    }
    run(journal, STATEMENT_COMMIT, "commit_erasure");
    /* secure_delete zeroes freed pages of the file; the log's older frames still
     * hold them, so the log is emptied too. */
    journal->truncate_wanted = true;
    checkpoint(journal, SQLITE_CHECKPOINT_TRUNCATE, ERASE_WAIT_MS);
    if (journal->truncate_wanted)
        sgp_log(SGP_LOG_WARN, "journal_log_not_emptied", "incident=%" PRIu64, incident);
    return found || key_found;
}

static int count_frames(void *ctx, sqlite3 *db, const char *database, int frames) {
    (void)db;
    (void)database;
    ((sgp_journal *)ctx)->log_frames = frames;
    return SQLITE_OK;
}

static void tidy(sgp_journal *journal) {
    if (journal->truncate_wanted ||
        journal->log_frames / TRUNCATE_FACTOR > journal->checkpoint_frames)
        checkpoint(journal, SQLITE_CHECKPOINT_TRUNCATE, 0);
    else if (journal->log_frames > journal->checkpoint_frames)
        checkpoint(journal, SQLITE_CHECKPOINT_PASSIVE, 0);
}

static void *writer_main(void *ctx) {
    sgp_journal *journal = ctx;
    pthread_mutex_lock(&journal->mutex);
    for (;;) {
        while (!journal->writing && !journal->erase_incident && !journal->stop)
            pthread_cond_wait(&journal->work, &journal->mutex);
        if (journal->writing) {
            const journal_batch *batch = journal->writing;
            pthread_mutex_unlock(&journal->mutex);
            write_batch(journal, batch);
            if (batch->last_seq)
                atomic_store(&journal->durable_seq, batch->last_seq);
            pthread_mutex_lock(&journal->mutex);
            journal->writing = NULL;
            pthread_cond_broadcast(&journal->done);
            pthread_mutex_unlock(&journal->mutex);
            announce(journal);
            tidy(journal);
            pthread_mutex_lock(&journal->mutex);
        } else if (journal->erase_incident) {
            uint64_t incident = journal->erase_incident;
            pthread_mutex_unlock(&journal->mutex);
            bool found = erase(journal, incident);
            pthread_mutex_lock(&journal->mutex);
            journal->erase_found = found;
            journal->erase_incident = 0;
            pthread_cond_broadcast(&journal->done);
        } else {
            break;
        }
    }
    pthread_mutex_unlock(&journal->mutex);
    return NULL;
}

sgp_err sgp_journal_writer_start(sgp_journal *journal, sgp_fault *fault) {
    for (int i = 0; i < STATEMENTS; i++)
        if (sqlite3_prepare_v3(journal->db, statement_text[i], -1, SQLITE_PREPARE_PERSISTENT,
                               &journal->statements[i], NULL) != SQLITE_OK)
            return sgp_journal_file_fault(journal->db, journal->path, "write", fault);
    sqlite3_wal_autocheckpoint(journal->db, 0);
    sqlite3_wal_hook(journal->db, count_frames, journal);
    if (pthread_create(&journal->thread, NULL, writer_main, journal) != 0)
        return sgp_fail(fault, SGP_E_MEMORY, "cannot start the journal's thread");
    journal->thread_started = true;
    return SGP_OK;
}

void sgp_journal_writer_stop(sgp_journal *journal) {
    if (journal->thread_started) {
        pthread_mutex_lock(&journal->mutex);
        journal->stop = true;
        pthread_cond_broadcast(&journal->work);
        pthread_mutex_unlock(&journal->mutex);
        pthread_join(journal->thread, NULL);
        journal->thread_started = false;
    }
    for (int i = 0; i < STATEMENTS; i++)
        sqlite3_finalize(journal->statements[i]);
}
