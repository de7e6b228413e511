#include "serve/device.h"

#include <inttypes.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/ids.h"
#include "core/position_batch.h"

struct sgp_device {
    sqlite3 *db;
    sgp_order_memory orders;
    uint32_t stream;
    int64_t word;      /* under way: its row, 0 = none */
    uint64_t fixes_to; /* under way: positions up to this number, 0 = none */
};

static const char tables[] =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
    "CREATE TABLE IF NOT EXISTS memory(name TEXT PRIMARY KEY, value BLOB NOT NULL);"
    /* `what` keeps an acknowledgement from standing there twice */
    "CREATE TABLE IF NOT EXISTS word(number INTEGER PRIMARY KEY AUTOINCREMENT,"
    " urgent INTEGER NOT NULL, what TEXT UNIQUE, frame BLOB NOT NULL);"
    "CREATE TABLE IF NOT EXISTS fix(number INTEGER PRIMARY KEY AUTOINCREMENT, lon INTEGER,"
    " lat INTEGER, at_ms INTEGER, accuracy INTEGER, speed INTEGER, heading INTEGER);";

static sgp_err db_fault(sgp_device *device, sgp_fault *fault) {
    return sgp_fail(fault, SGP_E_IO, "the device's queue: %s", sqlite3_errmsg(device->db));
}

static sgp_err run(sgp_device *device, const char *sql, sgp_fault *fault) {
    return sqlite3_exec(device->db, sql, NULL, NULL, NULL) == SQLITE_OK ? SGP_OK
                                                                        : db_fault(device, fault);
}

/* NULL: the fault says why. */
static sqlite3_stmt *prepare(sgp_device *device, const char *sql) {
    sqlite3_stmt *statement = NULL;
    return sqlite3_prepare_v2(device->db, sql, -1, &statement, NULL) == SQLITE_OK ? statement
                                                                                  : NULL;
}

/* Runs a statement that gives no rows. */
static sgp_err finish(sgp_device *device, sqlite3_stmt *statement, sgp_fault *fault) {
    bool done = statement != NULL && sqlite3_step(statement) == SQLITE_DONE;
    sgp_err err = done ? SGP_OK : db_fault(device, fault);
    sqlite3_finalize(statement);
    return err;
}

/* What was begun is written, or none of it. */
static sgp_err end_of(sgp_device *device, sgp_err err, sgp_fault *fault) {
    if (err == SGP_OK)
        err = run(device, "COMMIT", fault);
    if (err != SGP_OK)
        sqlite3_exec(device->db, "ROLLBACK", NULL, NULL, NULL);
    return err;
}

/* ---- what is remembered ------------------------------------------------------------------- */

static sgp_err remember(sgp_device *device, const char *name, const void *value, size_t length,
                        sgp_fault *fault) {
    sqlite3_stmt *s = prepare(device, "INSERT OR REPLACE INTO memory VALUES(?1, ?2)");
    sqlite3_bind_text(s, 1, name, -1, SQLITE_STATIC);
    sqlite3_bind_blob64(s, 2, value, length, SQLITE_STATIC);
    return finish(device, s, fault);
}

/* false: nothing, or of another program. */
static bool recall(sgp_device *device, const char *name, void *value, size_t length) {
    sqlite3_stmt *s = prepare(device, "SELECT value FROM memory WHERE name = ?1");
    sqlite3_bind_text(s, 1, name, -1, SQLITE_STATIC);
    bool there =
        s != NULL && sqlite3_step(s) == SQLITE_ROW && sqlite3_column_bytes(s, 0) == (int)length;
    if (there)
        memcpy(value, sqlite3_column_blob(s, 0), length);
    sqlite3_finalize(s);
    return there;
}

sgp_err sgp_device_open(const char *path, sgp_device **out, sgp_fault *fault) {
    if (sodium_init() < 0)
        return sgp_fail(fault, SGP_E_CRYPTO, "libsodium does not start");
    sgp_device *device = calloc(1, sizeof *device);
    if (device == NULL)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory for the device's queue");
    sgp_err err = sqlite3_open(path != NULL ? path : ":memory:", &device->db) == SQLITE_OK
                      ? run(device, tables, fault)
                      : db_fault(device, fault);
    if (err == SGP_OK)
        (void)recall(device, "orders", &device->orders, sizeof device->orders);
    if (err == SGP_OK && !recall(device, "stream", &device->stream, sizeof device->stream)) {
        device->stream = 1 + randombytes_uniform(UINT32_MAX - 1);
        err = remember(device, "stream", &device->stream, sizeof device->stream, fault);
    }
    if (err != SGP_OK) {
        sgp_device_close(device);
        return err;
    }
    *out = device;
    return SGP_OK;
}

void sgp_device_close(sgp_device *device) {
    if (device == NULL)
        return;
    sqlite3_close(device->db);
    free(device);
}

const sgp_order_memory *sgp_device_orders(const sgp_device *device) {
    return &device->orders;
}

/* ---- into the queue ------------------------------------------------------------------------ */

static sgp_err put_word(sgp_device *device, Sigap__V1__Frame *frame, bool urgent, const char *what,
                        sgp_fault *fault) {
    sgp_uuid id = sgp_uuid_make();
    frame->id.data = id.bytes;
    frame->id.len = sizeof id.bytes;
    size_t length = sigap__v1__frame__get_packed_size(frame);
    uint8_t *bytes = malloc(length + 1);
    if (bytes == NULL)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory for what is said");
    sigap__v1__frame__pack(frame, bytes);
    frame->id = (ProtobufCBinaryData){0};
    sqlite3_stmt *s =
        prepare(device, "INSERT OR IGNORE INTO word(urgent, what, frame) VALUES(?1, ?2, ?3)");
    sqlite3_bind_int(s, 1, urgent);
    if (what != NULL)
        sqlite3_bind_text(s, 2, what, -1, SQLITE_STATIC);
    sqlite3_bind_blob64(s, 3, bytes, length, SQLITE_STATIC);
    sgp_err err = finish(device, s, fault);
    free(bytes);
    return err;
}

/* What was heard and that it is to be acknowledged are written as one. */
static sgp_err keep_heard(sgp_device *device, Sigap__V1__OrderReceived *received,
                          sgp_fault *fault) {
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    char what[80];
    frame.body_case = SIGAP__V1__FRAME__BODY_ORDER_RECEIVED;
    frame.order_received = received;
    snprintf(what, sizeof what, "%" PRIu64 " %" PRIu64 " %d", received->assignment_id,
             received->told_seq, received->refused);
    sgp_err err = run(device, "BEGIN", fault);
    if (err == SGP_OK)
        err = remember(device, "orders", &device->orders, sizeof device->orders, fault);
    if (err == SGP_OK && received->told_seq != 0)
        err = put_word(device, &frame, true, what, fault);
    return end_of(device, err, fault);
}

sgp_err sgp_device_hear(sgp_device *device, const Sigap__V1__Frame *frame, int64_t now_ms,
                        sgp_order_heard *heard, sgp_fault *fault) {
    Sigap__V1__OrderReceived received = SIGAP__V1__ORDER_RECEIVED__INIT;
    *heard = sgp_order_memory_hear(&device->orders, frame, &received);
    if (*heard == SGP_HEARD_NOTHING)
        return SGP_OK;
    received.device_at_ms = now_ms;
    return keep_heard(device, &received, fault);
}

sgp_err sgp_device_say(sgp_device *device, Sigap__V1__Frame *said, int64_t now_ms,
                       sgp_fault *fault) {
    if (said->body_case == SIGAP__V1__FRAME__BODY_ANSWER_ORDER)
        said->answer_order->device_at_ms = now_ms;
    else if (said->body_case == SIGAP__V1__FRAME__BODY_ADVANCE_ASSIGNMENT)
        said->advance_assignment->device_at_ms = now_ms;
    return put_word(device, said, false, NULL, fault);
}

sgp_err sgp_device_was_at(sgp_device *device, const sgp_fix *fixes, uint32_t n, sgp_fault *fault) {
    sgp_err err = run(device, "BEGIN", fault);
    sqlite3_stmt *s = prepare(device, "INSERT INTO fix(lon, lat, at_ms, accuracy, speed, heading)"
                                      " VALUES(?1, ?2, ?3, ?4, ?5, ?6)");
    for (uint32_t i = 0; i < n && err == SGP_OK; i++) {
        sqlite3_bind_int(s, 1, fixes[i].point.lon_e7);
        sqlite3_bind_int(s, 2, fixes[i].point.lat_e7);
        sqlite3_bind_int64(s, 3, fixes[i].at_ms);
        sqlite3_bind_int(s, 4, fixes[i].accuracy_m);
        sqlite3_bind_int(s, 5, fixes[i].speed_kmh);
        sqlite3_bind_int(s, 6, fixes[i].heading_deg);
        if (s == NULL || sqlite3_step(s) != SQLITE_DONE)
            err = db_fault(device, fault);
        sqlite3_reset(s);
    }
    sqlite3_finalize(s);
    return end_of(device, err, fault);
}

/* ---- and out of it -------------------------------------------------------------------------- */

static sgp_err next_word(sgp_device *device, int64_t now_ms, Sigap__V1__Frame **frame,
                         sgp_fault *fault) {
    sqlite3_stmt *s =
        prepare(device, "SELECT number, frame FROM word ORDER BY urgent DESC, number LIMIT 1");
    if (s == NULL)
        return db_fault(device, fault);
    if (sqlite3_step(s) == SQLITE_ROW) {
        device->word = sqlite3_column_int64(s, 0);
        *frame = sigap__v1__frame__unpack(NULL, (size_t)sqlite3_column_bytes(s, 1),
                                          sqlite3_column_blob(s, 1));
    }
    sqlite3_finalize(s);
    if (device->word != 0 && *frame == NULL)
        return sgp_fail(fault, SGP_E_CORRUPT, "the device's queue is damaged");
    if (*frame != NULL && (*frame)->body_case == SIGAP__V1__FRAME__BODY_ANSWER_ORDER)
        (*frame)->answer_order->sent_at_ms = now_ms;
    else if (*frame != NULL && (*frame)->body_case == SIGAP__V1__FRAME__BODY_ADVANCE_ASSIGNMENT)
        (*frame)->advance_assignment->sent_at_ms = now_ms;
    return SGP_OK;
}

/* The oldest that follow each other without a gap that a batch cannot hold. */
static uint32_t read_fixes(sqlite3_stmt *s, sgp_fix *fixes, uint64_t *first) {
    uint32_t n = 0;
    while (n < SGP_TRACK_FIXES_MAX && sqlite3_step(s) == SQLITE_ROW) {
        uint64_t number = (uint64_t)sqlite3_column_int64(s, 0);
        int64_t at_ms = sqlite3_column_int64(s, 3);
        int64_t gap_ms = n > 0 ? at_ms - fixes[n - 1].at_ms : 0;
        if (n > 0 && (number != *first + n || gap_ms > SGP_BATCH_GAP_MAX_MS ||
                      gap_ms < -SGP_BATCH_GAP_MAX_MS))
            break;
        if (n == 0)
            *first = number;
        fixes[n++] = (sgp_fix){.point = {sqlite3_column_int(s, 1), sqlite3_column_int(s, 2)},
                               .at_ms = at_ms,
                               .accuracy_m = sqlite3_column_int(s, 4),
                               .speed_kmh = (int16_t)sqlite3_column_int(s, 5),
                               .heading_deg = (int16_t)sqlite3_column_int(s, 6)};
    }
    return n;
}

static sgp_err next_batch(sgp_device *device, int64_t now_ms, Sigap__V1__Frame **out,
                          sgp_fault *fault) {
    sgp_fix fixes[SGP_TRACK_FIXES_MAX];
    uint64_t first = 0;
    sqlite3_stmt *s = prepare(device, "SELECT * FROM fix ORDER BY number LIMIT 500");
    if (s == NULL)
        return db_fault(device, fault);
    uint32_t n = read_fixes(s, fixes, &first);
    sqlite3_finalize(s);
    if (n == 0)
        return SGP_OK;
    Sigap__V1__Frame *frame = malloc(sizeof *frame);
    Sigap__V1__PositionBatch *batch = malloc(sizeof *batch);
    if (frame == NULL || batch == NULL) {
        free(frame);
        free(batch);
        return sgp_fail(fault, SGP_E_MEMORY, "no memory for positions");
    }
    sigap__v1__frame__init(frame);
    sigap__v1__position_batch__init(batch);
    frame->body_case = SIGAP__V1__FRAME__BODY_POSITION_BATCH;
    frame->position_batch = batch;
    batch->stream = device->stream;
    batch->first = first;
    batch->age_ms = now_ms > fixes[n - 1].at_ms ? (uint64_t)(now_ms - fixes[n - 1].at_ms) : 1;
    if (!sgp_batch_put(batch, fixes, n)) {
        sigap__v1__frame__free_unpacked(frame, NULL);
        return sgp_fail(fault, SGP_E_MEMORY, "no memory for positions");
    }
    device->fixes_to = first + n - 1;
    *out = frame;
    return SGP_OK;
}

sgp_err sgp_device_next(sgp_device *device, int64_t now_ms, Sigap__V1__Frame **frame,
                        sgp_fault *fault) {
    *frame = NULL;
    if (device->word != 0 || device->fixes_to != 0)
        return SGP_OK;
    sgp_err err = next_word(device, now_ms, frame, fault);
    return err != SGP_OK || *frame != NULL ? err : next_batch(device, now_ms, frame, fault);
}

static bool may_be_mended(sgp_err err) {
    return err == SGP_E_FULL || err == SGP_E_MEMORY || err == SGP_E_DATABASE ||
           err == SGP_E_NETWORK || err == SGP_E_IO || err == SGP_E_TIMEOUT ||
           err == SGP_E_UNAUTHENTICATED;
}

sgp_err sgp_device_answered(sgp_device *device, sgp_err answer, const Sigap__V1__Frame *reply,
                            bool *kept, sgp_fault *fault) {
    sqlite3_stmt *s = NULL;
    uint64_t fixes_to = device->fixes_to;
    int64_t word = device->word;
    sgp_device_line_broke(device);
    *kept = may_be_mended(answer);
    if (*kept || (word == 0 && fixes_to == 0))
        return SGP_OK;
    if (word != 0) {
        s = prepare(device, "DELETE FROM word WHERE number = ?1");
        sqlite3_bind_int64(s, 1, word);
    } else {
        bool told = answer == SGP_OK && reply->body_case == SIGAP__V1__FRAME__BODY_POSITIONS_TAKEN;
        s = prepare(device, "DELETE FROM fix WHERE number <= ?1");
        sqlite3_bind_int64(s, 1, (int64_t)(told ? reply->positions_taken->up_to : fixes_to));
    }
    return finish(device, s, fault);
}

void sgp_device_line_broke(sgp_device *device) {
    device->word = 0;
    device->fixes_to = 0;
}

static uint64_t count(sgp_device *device, const char *sql) {
    sqlite3_stmt *s = prepare(device, sql);
    uint64_t n =
        s != NULL && sqlite3_step(s) == SQLITE_ROW ? (uint64_t)sqlite3_column_int64(s, 0) : 0;
    sqlite3_finalize(s);
    return n;
}

sgp_device_waiting sgp_device_waits(sgp_device *device) {
    return (sgp_device_waiting){count(device, "SELECT count(*) FROM word"),
                                count(device, "SELECT count(*) FROM fix")};
}
