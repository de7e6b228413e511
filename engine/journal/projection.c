#include "journal/projection.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "journal/journal_reader.h"
#include "journal/projection_tables.h"

enum {
    RECORDS_PER_TRANSACTION = 1000,
    BYTES_PER_TRANSACTION = 8 << 20,
    BACKOFF_FIRST_MS = 100,
    BACKOFF_MAX_MS = 5000,
    IDLE_MS = 1000 /* erasures and journals that nobody wakes us for are looked at this often */
};

struct sgp_projection {
    char *conninfo;
    int wake_fd;
    pthread_t thread;
    _Atomic uint64_t durable_seq, written_seq;
    _Atomic bool away;
    _Atomic int64_t stop_at_us; /* INT64_MAX = go on */

    /* The thread's. */
    sgp_journal_reader *reader;
    sgp_db *db;
    sgp_cursor cursor;
    sgp_row_batch batch;
    sgp_buffer work;
    uint64_t batch_seq;
    uint64_t batch_erasure;
};

static void drain(sgp_projection *projection) {
    uint64_t wakes;
    ssize_t got = read(projection->wake_fd, &wakes, sizeof wakes);
    (void)got;
}

static void wake(sgp_projection *projection) {
    uint64_t one = 1;
    ssize_t put = write(projection->wake_fd, &one, sizeof one);
    (void)put;
}

static int64_t patience_until_us(void *ctx) {
    sgp_projection *projection = ctx;
    drain(projection);
    return atomic_load(&projection->stop_at_us);
}

static bool stopping(sgp_projection *projection) {
    return atomic_load(&projection->stop_at_us) != INT64_MAX;
}

static bool time_is_up(sgp_projection *projection) {
    return sgp_monotonic_us() >= atomic_load(&projection->stop_at_us);
}

/* ---- one transaction ------------------------------------------------------------ */

static sgp_err take_record(void *ctx, uint64_t seq, const uint8_t *record, size_t length) {
    sgp_projection *projection = ctx;
    sgp_row_sink sink = sgp_row_batch_sink(&projection->batch);
    sgp_err err = sgp_record_rows(seq, record, length, &projection->work, &sink);
    if (err)
        return err;
    projection->batch_seq = seq;
    /* Enough for one transaction; the rest comes with the next. */
    return projection->batch.bytes.length >= BYTES_PER_TRANSACTION ? SGP_E_FULL : SGP_OK;
}

static sgp_err take_personal(void *ctx, uint64_t seq, uint64_t call, uint64_t incident,
                             const uint8_t *sealed, size_t length) {
    sgp_projection *projection = ctx;
    sgp_row_sink sink = sgp_row_batch_sink(&projection->batch);
    return sgp_personal_row(seq, call, incident, sealed, length, &projection->work, &sink);
}

static sgp_err take_erasure(void *ctx, uint64_t number, uint64_t incident, uint64_t seq) {
    sgp_projection *projection = ctx;
    projection->batch_erasure = number;
    return sgp_row_batch_erase(&projection->batch, (sgp_erasure){incident, seq});
}

/* Copies what comes after the cursor, so that PostgreSQL's slowness never keeps
 * the journal's log pinned. */
static sgp_err gather(sgp_projection *projection, sgp_fault *fault) {
    sgp_journal_reader *reader = projection->reader;
    sgp_row_batch_clear(&projection->batch);
    projection->batch_seq = projection->cursor.event_seq;
    projection->batch_erasure = projection->cursor.erasure_number;
    sgp_err err = sgp_journal_reader_begin(reader, fault);
    if (err)
        return err;
    err = sgp_journal_reader_events(reader, projection->cursor.event_seq,
                                    projection->cursor.event_seq + RECORDS_PER_TRANSACTION,
                                    take_record, projection, fault);
    if (err == SGP_E_CORRUPT && fault && !*fault->text)
        sgp_fail(fault, err, "event %" PRIu64 " of the journal is no record of this version",
                 projection->batch_seq + 1);
    if (err == SGP_E_FULL)
        err = SGP_OK;
    if (!err)
        err = sgp_journal_reader_personal(reader, projection->cursor.event_seq,
                                          projection->batch_seq, take_personal, projection, fault);
    if (!err)
        err = sgp_journal_reader_erasures(reader, projection->cursor.erasure_number, take_erasure,
                                          projection, fault);
    sgp_journal_reader_end(reader);
    return err;
}

/* Brings PostgreSQL one transaction further. *moved = false: it has everything. */
static sgp_err advance(sgp_projection *projection, bool *moved, sgp_fault *fault) {
    *moved = false;
    sgp_err err = gather(projection, fault);
    if (err)
        return err;
    sgp_cursor after = {projection->batch_seq, projection->batch_erasure};
    if (after.event_seq == projection->cursor.event_seq &&
        after.erasure_number == projection->cursor.erasure_number)
        return SGP_OK;
    err = sgp_tables_write(projection->db, sgp_journal_reader_id(projection->reader),
                           &projection->cursor, &after, &projection->batch, fault);
    if (err)
        return err;
    projection->cursor = after;
    atomic_store(&projection->written_seq, after.event_seq);
    *moved = true;
    return SGP_OK;
}

static sgp_err connect_and_prepare(sgp_projection *projection, sgp_fault *fault) {
    sgp_db_patience patience = {projection->wake_fd, patience_until_us, projection};
    uint64_t last_seq = 0;
    sgp_err err = sgp_db_connect(projection->conninfo, &patience, &projection->db, fault);
    /* Not waiting for PostgreSQL's sync keeps its disk free for the journal's. What a
     * crash of PostgreSQL then takes back, it takes back together with the cursor,
     * which is read again after every connect. */
    if (!err)
        err =
            sgp_db_run(projection->db, NULL, "SET synchronous_commit = off", 0, NULL, NULL, fault);
    if (!err)
        err = sgp_journal_reader_last(projection->reader, &last_seq, NULL, NULL, fault);
    if (!err)
        err = sgp_tables_prepare(projection->db, sgp_journal_reader_id(projection->reader),
                                 last_seq, &projection->cursor, fault);
    if (!err)
        atomic_store(&projection->written_seq, projection->cursor.event_seq);
    return err;
}

/* ---- the thread -------------------------------------------------------------------- */

static void leave(sgp_projection *projection, const char *reason) {
    sgp_db_close(projection->db);
    projection->db = NULL;
    if (!atomic_exchange(&projection->away, true))
        sgp_log(SGP_LOG_WARN, "projection_away", "seq=%" PRIu64 " reason=%s",
                projection->cursor.event_seq, SGP_Q(reason));
}

/* Waits out a back-off; only stopping cuts it short. */
static void back_off(sgp_projection *projection, int64_t wait_ms) {
    int64_t until_us = sgp_monotonic_us() + 1000 * wait_ms;
    for (;;) {
        int64_t stop_at_us = atomic_load(&projection->stop_at_us);
        int64_t end_us = stop_at_us < until_us ? stop_at_us : until_us;
        int64_t left_ms = (end_us - sgp_monotonic_us() + 999) / 1000;
        if (left_ms <= 0)
            return;
        struct pollfd fd = {.fd = projection->wake_fd, .events = POLLIN};
        if (poll(&fd, 1, (int)left_ms) > 0)
            drain(projection);
    }
}

/* Until there is something to do, or PostgreSQL hangs up. */
static void idle(sgp_projection *projection) {
    struct pollfd fds[2] = {{.fd = projection->wake_fd, .events = POLLIN},
                            {.fd = sgp_db_socket(projection->db), .events = POLLIN}};
    if (poll(fds, 2, IDLE_MS) <= 0)
        return;
    if (fds[0].revents)
        drain(projection);
    if (fds[1].revents && !sgp_db_alive(projection->db))
        leave(projection, "PostgreSQL closed the connection");
}

static void *projection_main(void *ctx) {
    sgp_projection *projection = ctx;
    int64_t wait_ms = BACKOFF_FIRST_MS;
    while (!time_is_up(projection)) {
        sgp_fault fault = {0};
        bool moved = false;
        sgp_err err = SGP_OK;
        if (!projection->db)
            err = connect_and_prepare(projection, &fault);
        if (!err)
            err = advance(projection, &moved, &fault);
        if (err) {
            leave(projection, *fault.text ? fault.text : sgp_err_message(err));
            back_off(projection, wait_ms);
            wait_ms = 2 * wait_ms < BACKOFF_MAX_MS ? 2 * wait_ms : BACKOFF_MAX_MS;
            continue;
        }
        wait_ms = BACKOFF_FIRST_MS;
        if (atomic_exchange(&projection->away, false))
            sgp_log(SGP_LOG_INFO, "projection_back", "seq=%" PRIu64, projection->cursor.event_seq);
        if (!moved) {
            if (stopping(projection))
                break;
            idle(projection);
        }
    }
    sgp_db_close(projection->db);
    projection->db = NULL;
    return NULL;
}

static void projection_free(sgp_projection *projection) {
    sgp_journal_reader_close(projection->reader);
    sgp_row_batch_free(&projection->batch);
    sgp_buffer_free(&projection->work);
    if (projection->wake_fd >= 0)
        close(projection->wake_fd);
    free(projection->conninfo);
    free(projection);
}

sgp_err sgp_projection_start(const char *journal_path, const char *conninfo, sgp_projection **out,
                             sgp_fault *fault) {
    sgp_projection *projection = calloc(1, sizeof *projection);
    if (!projection)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory for the projection");
    atomic_store(&projection->stop_at_us, INT64_MAX);
    atomic_store(&projection->away, true);
    projection->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    projection->conninfo = strdup(conninfo);
    sgp_err err = SGP_OK;
    if (projection->wake_fd < 0 || !projection->conninfo)
        err = sgp_fail(fault, SGP_E_MEMORY, "no memory for the projection");
    if (!err)
        err = sgp_journal_reader_open(journal_path, NULL, &projection->reader, fault);
    if (!err && pthread_create(&projection->thread, NULL, projection_main, projection) != 0)
        err = sgp_fail(fault, SGP_E_MEMORY, "cannot start the projection's thread");
    if (err) {
        projection_free(projection);
        return err;
    }
    *out = projection;
    return SGP_OK;
}

void sgp_projection_wake(sgp_projection *projection, uint64_t durable_seq) {
    atomic_store(&projection->durable_seq, durable_seq);
    wake(projection);
}

uint64_t sgp_projection_seq(const sgp_projection *projection, bool *away) {
    if (away)
        *away = atomic_load(&projection->away);
    return atomic_load(&projection->written_seq);
}

void sgp_projection_stop(sgp_projection *projection, int64_t wait_ms) {
    if (!projection)
        return;
    atomic_store(&projection->stop_at_us, sgp_monotonic_us() + 1000 * wait_ms);
    wake(projection);
    pthread_join(projection->thread, NULL);
    projection_free(projection);
}
