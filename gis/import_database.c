#include "gis/import_parts.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { POLL_MS = 100 };

/* One import at a time in one database; the number only has to be the same everywhere. */
#define IMPORT_LOCK "7310112119"

sgp_err sgp_import_report(const sgp_progress *progress, const char *phase, uint64_t done,
                          uint64_t total, sgp_fault *fault) {
    if (progress && progress->report && progress->report(progress->ctx, phase, done, total) != 0)
        return sgp_fail(fault, SGP_E_TIMEOUT, "cancelled; the former city stays in service");
    return SGP_OK;
}

sgp_err sgp_database_fail(PGconn *connection, const PGresult *result, const char *doing,
                          sgp_fault *fault) {
    const char *message = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    if (!message)
        message = result ? PQresultErrorMessage(result) : PQerrorMessage(connection);
    char line[200];
    snprintf(line, sizeof line, "%s", message && *message ? message : "no reason given");
    for (char *at = line; *at; at++)
        if (*at == '\n')
            *at = at[1] ? ' ' : '\0';
    return sgp_fail(fault, SGP_E_DATABASE, "%s: %s", doing, line);
}

/* The import speaks for itself; "schema does not exist, skipping" would only confuse. */
static void drop_notice(void *ctx, const char *message) {
    (void)ctx;
    (void)message;
}

static void cancel_statement(PGconn *connection) {
    char why[256];
    PGcancel *cancel = PQgetCancel(connection);
    if (cancel) {
        /* If it cannot be cancelled it runs to its end; its work is dropped anyway. */
        (void)PQcancel(cancel, why, sizeof why);
        PQfreeCancel(cancel);
    }
}

sgp_err sgp_import_run(PGconn *connection, const char *sql, const char *phase, uint64_t done,
                       uint64_t total, const sgp_progress *progress, sgp_fault *fault) {
    if (!PQsendQuery(connection, sql))
        return sgp_database_fail(connection, NULL, phase, fault);
    sgp_err err = SGP_OK;
    for (;;) {
        while (PQisBusy(connection)) {
            struct pollfd readable = {.fd = PQsocket(connection), .events = POLLIN};
            if (poll(&readable, 1, POLL_MS) < 0 && errno != EINTR)
                return sgp_fail(fault, SGP_E_IO, "%s: waiting for the database failed: %s", phase,
                                strerror(errno));
            if (!PQconsumeInput(connection))
                return sgp_database_fail(connection, NULL, phase, fault);
            if (err == SGP_OK) {
                err = sgp_import_report(progress, phase, done, total, fault);
                if (err != SGP_OK)
                    cancel_statement(connection);
            }
        }
        PGresult *result = PQgetResult(connection);
        if (!result)
            return err;
        ExecStatusType status = PQresultStatus(result);
        if (err == SGP_OK && status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
            err = sgp_database_fail(connection, result, phase, fault);
        PQclear(result);
    }
}

static sgp_err run(PGconn *connection, const char *sql, const char *doing, sgp_fault *fault) {
    return sgp_import_run(connection, sql, doing, 0, 0, NULL, fault);
}

static sgp_err make_extensions(PGconn *connection, sgp_fault *fault) {
    static const char *const NAMES[] = {"postgis", "unaccent"};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        char sql[80];
        snprintf(sql, sizeof sql, "CREATE EXTENSION IF NOT EXISTS %s", NAMES[i]);
        PGresult *result = PQexec(connection, sql);
        bool made = PQresultStatus(result) == PGRES_COMMAND_OK;
        const char *reason = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
        if (!made)
            sgp_fail(fault, SGP_E_DATABASE,
                     "the database lacks the extension %s and it cannot be made (%.100s): ask its "
                     "administrator to run CREATE EXTENSION %s",
                     NAMES[i], reason ? reason : "connection lost", NAMES[i]);
        PQclear(result);
        if (!made)
            return SGP_E_DATABASE;
    }
    return SGP_OK;
}

sgp_err sgp_import_connect(const char *conninfo, PGconn **connection, sgp_fault *fault) {
    PGconn *made = PQconnectdb(conninfo);
    if (PQstatus(made) != CONNECTION_OK) {
        sgp_err failed = sgp_database_fail(made, NULL, "cannot connect to the database", fault);
        PQfinish(made);
        return failed;
    }
    PQsetNoticeProcessor(made, drop_notice, NULL);
    PQsetClientEncoding(made, "UTF8");
    sgp_err err = make_extensions(made, fault);
    if (err == SGP_OK)
        err = run(made,
                  "CREATE SCHEMA IF NOT EXISTS sigap;"
                  "CREATE TABLE IF NOT EXISTS sigap.city ("
                  " id text PRIMARY KEY, schema text NOT NULL UNIQUE, name text NOT NULL,"
                  " is_sketch boolean NOT NULL, import_version text NOT NULL,"
                  " imported_at timestamptz NOT NULL DEFAULT now(), extract_bytes bigint NOT NULL,"
                  /* bounds of the road graph, 1e-7 degree */
                  " west_e7 int NOT NULL, south_e7 int NOT NULL, east_e7 int NOT NULL,"
                  " north_e7 int NOT NULL,"
                  " names bigint NOT NULL, addresses bigint NOT NULL, facilities bigint NOT NULL,"
                  " areas bigint NOT NULL);"
                  /* One extract may serve under several names; it stays while one needs it. */
                  "CREATE TABLE IF NOT EXISTS sigap.city_use ("
                  " name text, city text REFERENCES sigap.city ON DELETE CASCADE,"
                  " since timestamptz NOT NULL, PRIMARY KEY (name, city))",
                  "preparing the registry of cities", fault);
    if (err == SGP_OK) {
        PGresult *result = PQexec(made, "SELECT pg_try_advisory_lock(" IMPORT_LOCK ")");
        if (PQresultStatus(result) != PGRES_TUPLES_OK)
            err = sgp_database_fail(made, result, "asking for the import lock", fault);
        else if (PQgetvalue(result, 0, 0)[0] != 't')
            err = sgp_fail(fault, SGP_E_STATE,
                           "another import is running in this database: wait for it to end");
        PQclear(result);
    }
    if (err != SGP_OK) {
        PQfinish(made);
        return err;
    }
    *connection = made;
    return SGP_OK;
}

sgp_err sgp_staging_begin(PGconn *connection, sgp_fault *fault) {
    return run(connection,
               "DROP SCHEMA IF EXISTS " SGP_STAGING_SCHEMA " CASCADE;"
               "CREATE SCHEMA " SGP_STAGING_SCHEMA ";"
               "SELECT set_config('search_path', '" SGP_STAGING_SCHEMA
               ", ' || " SGP_EXTENSION_SCHEMAS_SQL ", false);"
               /* Compiling statements that run once costs more than it gains. */
               "SET jit = off",
               "making room for the import", fault);
}

void sgp_staging_drop(PGconn *connection) {
    sgp_err ignored = run(connection, "DROP SCHEMA IF EXISTS " SGP_STAGING_SCHEMA " CASCADE",
                          "clearing up", NULL);
    (void)ignored;
}

/* ---- import.sql ------------------------------------------------------------------- */

static char *read_text_file(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    char *text = NULL;
    if (fseek(file, 0, SEEK_END) == 0) {
        long size = ftell(file);
        if (size >= 0 && size < 1024 * 1024 && fseek(file, 0, SEEK_SET) == 0)
            text = calloc(1, (size_t)size + 1);
        if (text && fread(text, 1, (size_t)size, file) != (size_t)size) {
            free(text);
            text = NULL;
        }
    }
    fclose(file);
    return text;
}

static const char PHASE_MARK[] = "\n-- phase: ";

sgp_err sgp_staging_finish(PGconn *connection, const char *sql_path, const sgp_aliases *aliases,
                           const sgp_graph_parts *graph, const sgp_progress *progress,
                           sgp_fault *fault) {
    char *sql = read_text_file(sql_path);
    if (!sql)
        return sgp_fail(fault, SGP_E_IO, "cannot read %.150s: %s", sql_path, strerror(errno));
    uint64_t total = 0, done = 0;
    for (const char *at = sql; (at = strstr(at, PHASE_MARK)); at++)
        total++;
    sgp_err err = sgp_import_report(progress, "names", 0, total, fault);
    if (err == SGP_OK)
        err = sgp_import_aliases(connection, aliases, fault);
    if (err == SGP_OK)
        err = sgp_import_words(connection, fault);
    if (err == SGP_OK)
        err = sgp_import_junctions(connection, graph, fault);
    char *part = strstr(sql, PHASE_MARK);
    while (part && err == SGP_OK) {
        char phase[40] = "";
        const char *title = part + sizeof PHASE_MARK - 1;
        snprintf(phase, sizeof phase, "%.*s", (int)strcspn(title, "\n"), title);
        char *next = strstr(part + 1, PHASE_MARK);
        if (next)
            *next = '\0';
        err = sgp_import_run(connection, part + 1, phase, done, total, progress, fault);
        done++;
        if (err == SGP_OK)
            err = sgp_import_report(progress, phase, done, total, fault);
        if (next)
            *next = '\n';
        part = next;
    }
    free(sql);
    return err;
}
