#include "journal/projection_db.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

enum {
    CONNECT_WAIT_US = 5000000,
    STATEMENT_WAIT_US = 60000000, /* a dead network must not hang the thread for ever */
    PREPARED_MAX = 32
};

struct sgp_db {
    PGconn *connection;
    sgp_db_patience patience;
    const char *prepared[PREPARED_MAX]; /* names, by address of constants */
    int n_prepared;
};

static void ignore_notice(void *ctx, const PGresult *result) {
    (void)ctx;
    (void)result;
}

static sgp_err db_fault(const sgp_db *db, const PGresult *result, sgp_fault *fault) {
    const char *text = result ? PQresultErrorMessage(result) : PQerrorMessage(db->connection);
    while (*text == ' ' || *text == '\n')
        text++;
    size_t length = strcspn(text, "\n");
    if (!length)
        return sgp_fail(fault, SGP_E_DATABASE, "PostgreSQL closed the connection");
    return sgp_fail(fault, SGP_E_DATABASE, "PostgreSQL: %.*s", (int)length, text);
}

/* Waits until the socket is ready for `events`. */
static sgp_err wait_ready(sgp_db *db, short events, int64_t until_us, sgp_fault *fault) {
    for (;;) {
        int64_t limit_us = until_us;
        if (db->patience.until_us) {
            int64_t owner_us = db->patience.until_us(db->patience.ctx);
            if (owner_us < limit_us)
                limit_us = owner_us;
        }
        int64_t left_ms = (limit_us - sgp_monotonic_us() + 999) / 1000;
        if (left_ms <= 0)
            return sgp_fail(fault, SGP_E_TIMEOUT, "PostgreSQL did not answer in time");
        struct pollfd fds[2] = {{.fd = PQsocket(db->connection), .events = events},
                                {.fd = db->patience.fd, .events = POLLIN}};
        if (fds[0].fd < 0)
            return db_fault(db, NULL, fault);
        poll(fds, 2, left_ms > 1000 ? 1000 : (int)left_ms);
        if (fds[0].revents)
            return SGP_OK;
    }
}

sgp_err sgp_db_connect(const char *conninfo, const sgp_db_patience *patience, sgp_db **out,
                       sgp_fault *fault) {
    sgp_db *db = calloc(1, sizeof *db);
    if (!db)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory to connect to PostgreSQL");
    db->patience = patience ? *patience : (sgp_db_patience){.fd = -1};
    db->connection = PQconnectStart(conninfo);
    sgp_err err = SGP_OK;
    if (!db->connection || PQstatus(db->connection) == CONNECTION_BAD)
        err = db->connection ? db_fault(db, NULL, fault) : SGP_E_MEMORY;
    int64_t until_us = sgp_monotonic_us() + CONNECT_WAIT_US;
    PostgresPollingStatusType state = PGRES_POLLING_WRITING;
    while (!err && state != PGRES_POLLING_OK) {
        err = wait_ready(db, state == PGRES_POLLING_READING ? POLLIN : POLLOUT, until_us, fault);
        if (err)
            break;
        state = PQconnectPoll(db->connection);
        if (state == PGRES_POLLING_FAILED)
            err = db_fault(db, NULL, fault);
    }
    if (!err) {
        PQsetNoticeReceiver(db->connection, ignore_notice, NULL);
        if (PQsetnonblocking(db->connection, 1) != 0)
            err = db_fault(db, NULL, fault);
    }
    if (!err)
        err = sgp_db_run(db, NULL,
                         "SET client_encoding = 'UTF8'; SET bytea_output = 'hex';"
                         "SET statement_timeout = '50s'; SET extra_float_digits = 1",
                         0, NULL, NULL, fault);
    if (err) {
        sgp_db_close(db);
        return err;
    }
    *out = db;
    return SGP_OK;
}

void sgp_db_close(sgp_db *db) {
    if (!db)
        return;
    PQfinish(db->connection);
    free(db);
}

int sgp_db_socket(const sgp_db *db) {
    return PQsocket(db->connection);
}

bool sgp_db_alive(sgp_db *db) {
    return PQconsumeInput(db->connection) && PQstatus(db->connection) == CONNECTION_OK;
}

static sgp_err send_all(sgp_db *db, int64_t until_us, sgp_fault *fault) {
    for (;;) {
        int left = PQflush(db->connection);
        if (left == 0)
            return SGP_OK;
        if (left < 0)
            return db_fault(db, NULL, fault);
        sgp_err err = wait_ready(db, POLLIN | POLLOUT, until_us, fault);
        if (err)
            return err;
        /* Reading while writing, or both sides could wait for each other. */
        if (!PQconsumeInput(db->connection))
            return db_fault(db, NULL, fault);
    }
}

/* The next result; NULL after the last. */
static sgp_err next_result(sgp_db *db, int64_t until_us, PGresult **result, sgp_fault *fault) {
    while (PQisBusy(db->connection)) {
        sgp_err err = wait_ready(db, POLLIN, until_us, fault);
        if (err)
            return err;
        if (!PQconsumeInput(db->connection))
            return db_fault(db, NULL, fault);
    }
    *result = PQgetResult(db->connection);
    return SGP_OK;
}

static bool succeeded(const PGresult *result) {
    ExecStatusType status = PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_SINGLE_TUPLE;
}

static sgp_err collect(sgp_db *db, PGresult **out, sgp_fault *fault) {
    int64_t until_us = sgp_monotonic_us() + STATEMENT_WAIT_US;
    PGresult *last = NULL, *result = NULL;
    sgp_err err = send_all(db, until_us, fault);
    while (!err && !(err = next_result(db, until_us, &result, fault)) && result) {
        PQclear(last);
        last = result;
        if (!succeeded(result))
            err = db_fault(db, result, fault);
    }
    if (!err && !last)
        err = db_fault(db, NULL, fault);
    if (err || !out)
        PQclear(last);
    else
        *out = last;
    return err;
}

static sgp_err prepare_once(sgp_db *db, const char *name, const char *sql, sgp_fault *fault) {
    for (int i = 0; i < db->n_prepared; i++)
        if (strcmp(db->prepared[i], name) == 0)
            return SGP_OK;
    if (db->n_prepared == PREPARED_MAX)
        return sgp_fail(fault, SGP_E_FULL, "too many prepared statements");
    if (!PQsendPrepare(db->connection, name, sql, 0, NULL))
        return db_fault(db, NULL, fault);
    sgp_err err = collect(db, NULL, fault);
    if (!err)
        db->prepared[db->n_prepared++] = name;
    return err;
}

sgp_err sgp_db_run(sgp_db *db, const char *prepared, const char *sql, int n_parameters,
                   const char *const *parameters, PGresult **result, sgp_fault *fault) {
    int sent;
    if (prepared) {
        sgp_err err = prepare_once(db, prepared, sql, fault);
        if (err)
            return err;
        sent =
            PQsendQueryPrepared(db->connection, prepared, n_parameters, parameters, NULL, NULL, 0);
    } else if (n_parameters) {
        sent =
            PQsendQueryParams(db->connection, sql, n_parameters, NULL, parameters, NULL, NULL, 0);
    } else {
        sent = PQsendQuery(db->connection, sql);
    }
    if (!sent)
        return db_fault(db, NULL, fault);
    return collect(db, result, fault);
}

sgp_err sgp_db_each_row(sgp_db *db, const char *sql, sgp_db_visit visit, void *ctx,
                        sgp_fault *fault) {
    int64_t until_us = sgp_monotonic_us() + STATEMENT_WAIT_US;
    if (!PQsendQuery(db->connection, sql) || !PQsetSingleRowMode(db->connection))
        return db_fault(db, NULL, fault);
    PGresult *result = NULL;
    sgp_err err = send_all(db, until_us, fault);
    while (!err &&
           !(err = next_result(db, sgp_monotonic_us() + STATEMENT_WAIT_US, &result, fault)) &&
           result) {
        if (!succeeded(result))
            err = db_fault(db, result, fault);
        else if (PQntuples(result))
            err = visit(ctx, result);
        PQclear(result);
    }
    return err;
}
