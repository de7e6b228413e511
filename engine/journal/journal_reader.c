#include "journal/journal_reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

typedef enum query {
    QUERY_LAST,
    QUERY_CHAIN,
    QUERY_EVENTS,
    QUERY_PERSONAL,
    QUERY_ERASURES,
    QUERY_CALL,
    QUERY_KEY,
    QUERY_SNAPSHOTS,
    QUERIES
} query;

static const char *const query_text[QUERIES] = {
    [QUERY_LAST] = "SELECT seq, at_ms, chain FROM event ORDER BY seq DESC LIMIT 1",
    [QUERY_CHAIN] = "SELECT chain FROM event WHERE seq = ?1",
    [QUERY_EVENTS] = "SELECT seq, at_ms, record, chain FROM event WHERE seq > ?1 AND seq <= ?2"
                     " ORDER BY seq",
    [QUERY_PERSONAL] = "SELECT seq, call, incident, sealed FROM personal WHERE seq > ?1 AND"
                       " seq <= ?2 ORDER BY seq, call",
    [QUERY_ERASURES] = "SELECT number, incident, seq FROM erasure WHERE number > ?1"
                       " ORDER BY number",
    [QUERY_CALL] = "SELECT incident, sealed FROM personal WHERE call = ?1",
    [QUERY_KEY] = "SELECT sealed FROM incident_key WHERE incident = ?1",
    [QUERY_SNAPSHOTS] = "SELECT seq, bytes, chain, digest FROM snapshot ORDER BY seq DESC",
};

struct sgp_journal_reader {
    sqlite3 *db;
    char *path;
    uint8_t id[SGP_JOURNAL_ID_BYTES];
    sqlite3_stmt *statements[QUERIES];
    uint8_t *lent; /* bytes of the last look-up, lent to the caller */
    bool frozen;
};

void sgp_journal_reader_close(sgp_journal_reader *reader) {
    if (!reader)
        return;
    for (int i = 0; i < QUERIES; i++)
        sqlite3_finalize(reader->statements[i]);
    sqlite3_close(reader->db);
    free(reader->lent);
    free(reader->path);
    free(reader);
}

static sgp_err reader_fault(sgp_journal_reader *reader, sgp_fault *fault) {
    return sgp_journal_file_fault(reader->db, reader->path, "read", fault);
}

sgp_err sgp_journal_reader_open(const char *path, const char *vfs, sgp_journal_reader **out,
                                sgp_fault *fault) {
    sgp_journal_reader *reader = calloc(1, sizeof *reader);
    if (!reader || !(reader->path = strdup(path))) {
        free(reader);
        return sgp_fail(fault, SGP_E_MEMORY, "no memory to read the journal");
    }
    bool fresh = false;
    sgp_err err = sgp_journal_file_open(path, vfs, false, &reader->db, fault);
    if (!err)
        err = sgp_journal_file_check(reader->db, path, &fresh, fault);
    if (!err && fresh)
        err = sgp_fail(fault, SGP_E_STATE,
                       "the journal %s is empty: the engine never started on it", path);
    if (!err)
        err = sgp_journal_file_meta(reader->db, path, "journal_id", reader->id, sizeof reader->id,
                                    fault);
    for (int i = 0; !err && i < QUERIES; i++)
        if (sqlite3_prepare_v3(reader->db, query_text[i], -1, SQLITE_PREPARE_PERSISTENT,
                               &reader->statements[i], NULL) != SQLITE_OK)
            err = reader_fault(reader, fault);
    if (err) {
        sgp_journal_reader_close(reader);
        return err;
    }
    *out = reader;
    return SGP_OK;
}

bool sgp_journal_reader_made_by(sgp_journal_reader *reader, const char *commit) {
    char made_by[64];
    sgp_fault ignored = {0};
    size_t length = strlen(commit);
    return length > 0 && length <= sizeof made_by &&
           sgp_journal_file_meta(reader->db, reader->path, "commit", made_by, length, &ignored) ==
               SGP_OK &&
           memcmp(made_by, commit, length) == 0;
}

const uint8_t *sgp_journal_reader_id(const sgp_journal_reader *reader) {
    return reader->id;
}

sgp_err sgp_journal_reader_begin(sgp_journal_reader *reader, sgp_fault *fault) {
    if (sqlite3_exec(reader->db, "BEGIN", NULL, NULL, NULL) != SQLITE_OK)
        return reader_fault(reader, fault);
    reader->frozen = true;
    return SGP_OK;
}

void sgp_journal_reader_end(sgp_journal_reader *reader) {
    if (reader->frozen)
        sqlite3_exec(reader->db, "COMMIT", NULL, NULL, NULL);
    reader->frozen = false;
}

static bool column_chain(sqlite3_stmt *statement, int column, uint8_t chain[SGP_CHAIN_BYTES]) {
    const void *bytes = sqlite3_column_blob(statement, column);
    if (!bytes || sqlite3_column_bytes(statement, column) != SGP_CHAIN_BYTES)
        return false;
    memcpy(chain, bytes, SGP_CHAIN_BYTES);
    return true;
}

static const uint8_t *column_bytes(sqlite3_stmt *statement, int column, size_t *length) {
    /* SQLite asks for blob before bytes, and gives NULL for an empty blob. */
    const uint8_t *bytes = sqlite3_column_blob(statement, column);
    *length = (size_t)sqlite3_column_bytes(statement, column);
    return bytes;
}

sgp_err sgp_journal_reader_last(sgp_journal_reader *reader, uint64_t *seq, int64_t *at_ms,
                                uint8_t chain[SGP_CHAIN_BYTES], sgp_fault *fault) {
    sqlite3_stmt *statement = reader->statements[QUERY_LAST];
    uint8_t found[SGP_CHAIN_BYTES];
    int64_t found_seq = 0, found_at_ms = 0;
    memcpy(found, reader->id, sizeof found);
    sgp_err err = SGP_OK;
    int step = sqlite3_step(statement);
    if (step == SQLITE_ROW) {
        found_seq = sqlite3_column_int64(statement, 0);
        found_at_ms = sqlite3_column_int64(statement, 1);
        if (!column_chain(statement, 2, found))
            err = sgp_fail(fault, SGP_E_CORRUPT, "event %lld of the journal %s has no checksum",
                           (long long)found_seq, reader->path);
    } else if (step != SQLITE_DONE) {
        err = reader_fault(reader, fault);
    }
    sqlite3_reset(statement);
    if (err)
        return err;
    *seq = (uint64_t)found_seq;
    if (at_ms)
        *at_ms = found_at_ms;
    if (chain)
        memcpy(chain, found, sizeof found);
    return SGP_OK;
}

/* The chain after event `seq`, from which the next one is checked. */
static sgp_err chain_at(sgp_journal_reader *reader, uint64_t seq, uint8_t chain[SGP_CHAIN_BYTES],
                        sgp_fault *fault) {
    if (seq == 0) {
        memcpy(chain, reader->id, SGP_CHAIN_BYTES);
        return SGP_OK;
    }
    sqlite3_stmt *statement = reader->statements[QUERY_CHAIN];
    sqlite3_bind_int64(statement, 1, (int64_t)seq);
    sgp_err err = SGP_OK;
    int step = sqlite3_step(statement);
    if (step != SQLITE_ROW && step != SQLITE_DONE)
        err = reader_fault(reader, fault);
    else if (step == SQLITE_DONE || !column_chain(statement, 0, chain))
        err = sgp_fail(fault, SGP_E_CORRUPT, "event %llu is missing in the journal %s",
                       (unsigned long long)seq, reader->path);
    sqlite3_reset(statement);
    return err;
}

sgp_err sgp_journal_reader_events(sgp_journal_reader *reader, uint64_t after_seq, uint64_t upto_seq,
                                  sgp_journal_visit visit, void *ctx, sgp_fault *fault) {
    if (upto_seq > INT64_MAX)
        upto_seq = INT64_MAX;
    if (after_seq >= upto_seq)
        return SGP_OK;
    uint8_t chain[SGP_CHAIN_BYTES], kept[SGP_CHAIN_BYTES];
    sgp_err err = chain_at(reader, after_seq, chain, fault);
    if (err)
        return err;
    sqlite3_stmt *statement = reader->statements[QUERY_EVENTS];
    sqlite3_bind_int64(statement, 1, (int64_t)after_seq);
    sqlite3_bind_int64(statement, 2, (int64_t)upto_seq);
    uint64_t expected = after_seq;
    int step;
    while (!err && (step = sqlite3_step(statement)) != SQLITE_DONE) {
        if (step != SQLITE_ROW) {
            err = reader_fault(reader, fault);
            break;
        }
        uint64_t seq = (uint64_t)sqlite3_column_int64(statement, 0);
        size_t length;
        const uint8_t *record = column_bytes(statement, 2, &length);
        expected++;
        if (seq != expected) {
            err = sgp_fail(fault, SGP_E_CORRUPT, "event %llu is missing in the journal %s",
                           (unsigned long long)expected, reader->path);
            break;
        }
        sgp_chain_event(chain, seq, sqlite3_column_int64(statement, 1), record, length, chain);
        if (!column_chain(statement, 3, kept) || memcmp(kept, chain, sizeof kept) != 0) {
            err = sgp_fail(fault, SGP_E_CORRUPT,
                           "event %llu of the journal %s is damaged: its checksum does not fit",
                           (unsigned long long)seq, reader->path);
            break;
        }
        err = visit(ctx, seq, record, length);
    }
    sqlite3_reset(statement);
    return err;
}

sgp_err sgp_journal_reader_personal(sgp_journal_reader *reader, uint64_t after_seq,
                                    uint64_t upto_seq, sgp_personal_visit visit, void *ctx,
                                    sgp_fault *fault) {
    if (upto_seq > INT64_MAX)
        upto_seq = INT64_MAX;
    if (after_seq >= upto_seq)
        return SGP_OK;
    sqlite3_stmt *statement = reader->statements[QUERY_PERSONAL];
    sqlite3_bind_int64(statement, 1, (int64_t)after_seq);
    sqlite3_bind_int64(statement, 2, (int64_t)upto_seq);
    sgp_err err = SGP_OK;
    int step;
    while (!err && (step = sqlite3_step(statement)) != SQLITE_DONE) {
        if (step != SQLITE_ROW) {
            err = reader_fault(reader, fault);
            break;
        }
        size_t length;
        const uint8_t *sealed = column_bytes(statement, 3, &length);
        err = visit(ctx, (uint64_t)sqlite3_column_int64(statement, 0),
                    (uint64_t)sqlite3_column_int64(statement, 1),
                    (uint64_t)sqlite3_column_int64(statement, 2), sealed, length);
    }
    sqlite3_reset(statement);
    return err;
}

sgp_err sgp_journal_reader_erasures(sgp_journal_reader *reader, uint64_t after_number,
                                    sgp_erasure_visit visit, void *ctx, sgp_fault *fault) {
    sqlite3_stmt *statement = reader->statements[QUERY_ERASURES];
    sqlite3_bind_int64(statement, 1, (int64_t)after_number);
    sgp_err err = SGP_OK;
    int step;
    while (!err && (step = sqlite3_step(statement)) != SQLITE_DONE) {
        if (step != SQLITE_ROW) {
            err = reader_fault(reader, fault);
            break;
        }
        err = visit(ctx, (uint64_t)sqlite3_column_int64(statement, 0),
                    (uint64_t)sqlite3_column_int64(statement, 1),
                    (uint64_t)sqlite3_column_int64(statement, 2));
    }
    sqlite3_reset(statement);
    return err;
}

/* Looks one row up and lends its blob in `column`. */
static sgp_err look_up(sgp_journal_reader *reader, query which, uint64_t id, int column,
                       uint64_t *incident, const uint8_t **sealed, size_t *length,
                       sgp_fault *fault) {
    sqlite3_stmt *statement = reader->statements[which];
    sqlite3_bind_int64(statement, 1, (int64_t)id);
    int step = sqlite3_step(statement);
    sgp_err err = SGP_OK;
    if (step == SQLITE_DONE) {
        err = SGP_E_NOT_FOUND;
    } else if (step != SQLITE_ROW) {
        err = reader_fault(reader, fault);
    } else {
        const uint8_t *bytes = column_bytes(statement, column, length);
        if (incident)
            *incident = (uint64_t)sqlite3_column_int64(statement, 0);
        free(reader->lent);
        reader->lent = malloc(*length ? *length : 1);
        if (!reader->lent)
            err = sgp_fail(fault, SGP_E_MEMORY, "no memory to read the journal");
        else if (*length)
            memcpy(reader->lent, bytes, *length);
        *sealed = reader->lent;
    }
    sqlite3_reset(statement);
    return err;
}

sgp_err sgp_journal_reader_call(sgp_journal_reader *reader, uint64_t call, uint64_t *incident,
                                const uint8_t **sealed, size_t *length, sgp_fault *fault) {
    return look_up(reader, QUERY_CALL, call, 1, incident, sealed, length, fault);
}

sgp_err sgp_journal_reader_key(sgp_journal_reader *reader, uint64_t incident,
                               const uint8_t **sealed, size_t *length, sgp_fault *fault) {
    return look_up(reader, QUERY_KEY, incident, 0, NULL, sealed, length, fault);
}

sgp_err sgp_journal_reader_snapshot(sgp_journal_reader *reader, sgp_journal_visit visit, void *ctx,
                                    uint64_t *seq_out, sgp_fault *fault) {
    sqlite3_stmt *statement = reader->statements[QUERY_SNAPSHOTS];
    sgp_err err = SGP_OK;
    bool handed = false;
    int step;
    while (!handed && (step = sqlite3_step(statement)) != SQLITE_DONE) {
        if (step != SQLITE_ROW) {
            err = reader_fault(reader, fault);
            break;
        }
        uint64_t seq = (uint64_t)sqlite3_column_int64(statement, 0);
        uint8_t chain[SGP_CHAIN_BYTES], kept[SGP_CHAIN_BYTES], digest[SGP_CHAIN_BYTES],
            made[SGP_CHAIN_BYTES];
        err = chain_at(reader, seq, chain, fault);
        if (err)
            break;
        size_t length;
        const uint8_t *bytes = column_bytes(statement, 1, &length);
        sgp_chain_snapshot(chain, seq, bytes, length, made);
        if (!column_chain(statement, 2, kept) || !column_chain(statement, 3, digest) ||
            memcmp(kept, chain, sizeof kept) != 0 || memcmp(made, digest, sizeof made) != 0) {
            sgp_log(SGP_LOG_WARN, "snapshot_damaged", "seq=%llu", (unsigned long long)seq);
            continue;
        }
        handed = true;
        *seq_out = seq;
        err = visit(ctx, seq, bytes, length);
    }
    sqlite3_reset(statement);
    if (!err && !handed) {
        *seq_out = 0;
        err = visit(ctx, 0, NULL, 0);
    }
    return err;
}
