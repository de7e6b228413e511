#include "journal/journal_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

static const char schema[] =
    "CREATE TABLE meta(name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE event(seq INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, record BLOB NOT NULL,"
    " chain BLOB NOT NULL);"
    "CREATE TABLE personal(call INTEGER PRIMARY KEY, incident INTEGER NOT NULL,"
    " seq INTEGER NOT NULL, sealed BLOB);"
    "CREATE INDEX personal_by_incident ON personal(incident);"
    "CREATE INDEX personal_by_seq ON personal(seq);"
    "CREATE TABLE incident_key(incident INTEGER PRIMARY KEY, sealed BLOB NOT NULL);"
    "CREATE TABLE erasure(number INTEGER PRIMARY KEY, incident INTEGER NOT NULL,"
    " seq INTEGER NOT NULL, at_ms INTEGER NOT NULL);"
    "CREATE TABLE snapshot(seq INTEGER PRIMARY KEY, bytes BLOB NOT NULL, chain BLOB NOT NULL,"
    " digest BLOB NOT NULL);";

static void digest_numbers(crypto_generichash_state *state, const uint8_t before[SGP_CHAIN_BYTES],
                           uint64_t first, uint64_t second) {
    uint8_t bytes[16];
    for (int i = 0; i < 8; i++) {
        bytes[i] = (uint8_t)(first >> (8 * i));
        bytes[8 + i] = (uint8_t)(second >> (8 * i));
    }
    crypto_generichash_init(state, NULL, 0, SGP_CHAIN_BYTES);
    crypto_generichash_update(state, before, SGP_CHAIN_BYTES);
    crypto_generichash_update(state, bytes, sizeof bytes);
}

void sgp_chain_event(const uint8_t before[SGP_CHAIN_BYTES], uint64_t seq, int64_t at_ms,
                     const uint8_t *record, size_t length, uint8_t chain[SGP_CHAIN_BYTES]) {
    crypto_generichash_state state;
    digest_numbers(&state, before, seq, (uint64_t)at_ms);
    crypto_generichash_update(&state, record, length);
    crypto_generichash_final(&state, chain, SGP_CHAIN_BYTES);
}

void sgp_chain_snapshot(const uint8_t chain[SGP_CHAIN_BYTES], uint64_t seq, const uint8_t *bytes,
                        size_t length, uint8_t digest[SGP_CHAIN_BYTES]) {
    crypto_generichash_state state;
    digest_numbers(&state, chain, seq, length);
    crypto_generichash_update(&state, bytes, length);
    crypto_generichash_final(&state, digest, SGP_CHAIN_BYTES);
}

sgp_err sgp_journal_file_fault(sqlite3 *db, const char *path, const char *doing, sgp_fault *fault) {
    int code = db ? sqlite3_errcode(db) : SQLITE_NOMEM;
    sgp_err err = code == SQLITE_NOMEM                           ? SGP_E_MEMORY
                  : code == SQLITE_CORRUPT                       ? SGP_E_CORRUPT
                  : code == SQLITE_NOTADB                        ? SGP_E_FORMAT
                  : code == SQLITE_BUSY || code == SQLITE_LOCKED ? SGP_E_STATE
                                                                 : SGP_E_IO;
    return sgp_fail(fault, err, "cannot %s the journal %s: %s", doing, path,
                    db ? sqlite3_errmsg(db) : "out of memory");
}

/* SQLite would make the file with mode 0644; its -wal and -shm files take the
 * mode of this one. */
static sgp_err make_private(const char *path, sgp_fault *fault) {
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0)
        close(fd);
    else if (errno != EEXIST)
        return sgp_fail(fault, SGP_E_IO, "cannot make the journal %s: %s", path, strerror(errno));
    return SGP_OK;
}

sgp_err sgp_journal_file_open(const char *path, const char *vfs, bool writable, sqlite3 **db,
                              sgp_fault *fault) {
    sgp_err err = SGP_OK;
    if (writable)
        err = make_private(path, fault);
    else if (access(path, F_OK) != 0)
        err = sgp_fail(fault, SGP_E_NOT_FOUND, "there is no journal %s", path);
    if (err)
        return err;
    sqlite3 *opened = NULL;
    int flags = writable ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
    if (sqlite3_open_v2(path, &opened, flags, vfs) != SQLITE_OK) {
        err = sgp_journal_file_fault(opened, path, "open", fault);
        sqlite3_close(opened);
        return err;
    }
    sqlite3_busy_timeout(opened, SGP_JOURNAL_BUSY_WAIT_MS);
    *db = opened;
    return SGP_OK;
}

static sgp_err number_of(sqlite3 *db, const char *path, const char *sql, int64_t *number,
                         sgp_fault *fault) {
    sqlite3_stmt *statement = NULL;
    sgp_err err = SGP_OK;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK ||
        sqlite3_step(statement) != SQLITE_ROW)
        err = sgp_journal_file_fault(db, path, "read", fault);
    else
        *number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    if (err == SGP_E_FORMAT)
        return sgp_fail(fault, SGP_E_FORMAT, "%s is not a journal of Sigap", path);
    return err;
}

sgp_err sgp_journal_file_check(sqlite3 *db, const char *path, bool *fresh, sgp_fault *fault) {
    int64_t application = 0, version = 0, tables = 0;
    sgp_err err = number_of(db, path, "PRAGMA application_id", &application, fault);
    if (!err)
        err = number_of(db, path, "PRAGMA user_version", &version, fault);
    if (!err)
        err = number_of(db, path, "SELECT count(*) FROM sqlite_master", &tables, fault);
    if (err)
        return err;
    *fresh = application == 0 && version == 0 && tables == 0;
    if (*fresh)
        return SGP_OK;
    if (application != SGP_JOURNAL_APPLICATION)
        return sgp_fail(fault, SGP_E_FORMAT, "%s is another program's SQLite file, not a journal",
                        path);
    if (version != SGP_JOURNAL_VERSION)
        return sgp_fail(fault, SGP_E_VERSION,
                        "the journal %s has version %lld, this program reads version %d", path,
                        (long long)version, SGP_JOURNAL_VERSION);
    return SGP_OK;
}

static bool put_meta(sqlite3_stmt *statement, const char *name, const void *value, size_t length) {
    sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
    sqlite3_bind_blob64(statement, 2, value, length, SQLITE_STATIC);
    bool done = sqlite3_step(statement) == SQLITE_DONE;
    sqlite3_reset(statement);
    return done;
}

sgp_err sgp_journal_file_create(sqlite3 *db, const char *path,
                                const uint8_t journal_id[SGP_JOURNAL_ID_BYTES], const char *commit,
                                const uint8_t *key_check, size_t key_check_length,
                                sgp_fault *fault) {
    char stamps[128], created[32];
    snprintf(stamps, sizeof stamps, "PRAGMA application_id=%d; PRAGMA user_version=%d;",
             SGP_JOURNAL_APPLICATION, SGP_JOURNAL_VERSION);
    sgp_wall_format(sgp_wall_ms(), created);
    sqlite3_stmt *statement = NULL;
    /* One transaction: after a power cut the file is either fresh or complete. */
    bool made = sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK &&
                sqlite3_exec(db, stamps, NULL, NULL, NULL) == SQLITE_OK &&
                sqlite3_exec(db, schema, NULL, NULL, NULL) == SQLITE_OK &&
                sqlite3_prepare_v2(db, "INSERT INTO meta(name, value) VALUES(?, ?)", -1, &statement,
                                   NULL) == SQLITE_OK &&
                put_meta(statement, "journal_id", journal_id, SGP_JOURNAL_ID_BYTES) &&
                put_meta(statement, "commit", commit, strlen(commit)) &&
                put_meta(statement, "created", created, strlen(created)) &&
                put_meta(statement, "key_check", key_check, key_check_length) &&
                sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK;
    sgp_err err = made ? SGP_OK : sgp_journal_file_fault(db, path, "make", fault);
    sqlite3_finalize(statement);
    if (!made)
        sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    return err;
}

sgp_err sgp_journal_file_meta(sqlite3 *db, const char *path, const char *name, void *value,
                              size_t length, sgp_fault *fault) {
    sqlite3_stmt *statement = NULL;
    sgp_err err = SGP_OK;
    if (sqlite3_prepare_v2(db, "SELECT value FROM meta WHERE name = ?", -1, &statement, NULL) !=
        SQLITE_OK) {
        err = sgp_journal_file_fault(db, path, "read", fault);
    } else {
        sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
        int step = sqlite3_step(statement);
        if (step == SQLITE_ROW && sqlite3_column_bytes(statement, 0) == (int)length)
            memcpy(value, sqlite3_column_blob(statement, 0), length);
        else if (step == SQLITE_ROW || step == SQLITE_DONE)
            err = sgp_fail(fault, SGP_E_CORRUPT, "the journal %s has no proper %s in its header",
                           path, name);
        else
            err = sgp_journal_file_fault(db, path, "read", fault);
    }
    sqlite3_finalize(statement);
    return err;
}
