/* A PostgreSQL connection for a thread that must be able to stop: libpq in its
 * non-blocking form, but each call here waits until it is done, its time is up,
 * or the owner says stop.
 *
 * One connection belongs to one thread.
 */
#ifndef SGP_PROJECTION_DB_H
#define SGP_PROJECTION_DB_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

#include "sigap/error.h"

typedef struct sgp_db sgp_db;

/* When to give up waiting, monotonic microseconds; asked again whenever `fd`
 * becomes readable (the callee drains it). */
typedef struct sgp_db_patience {
    int fd; /* -1 = none */
    int64_t (*until_us)(void *ctx);
    void *ctx;
} sgp_db_patience;

/* SGP_E_DATABASE with the server's sentence; SGP_E_TIMEOUT. `patience` may be
 * NULL; it is copied. */
sgp_err sgp_db_connect(const char *conninfo, const sgp_db_patience *patience, sgp_db **db,
                       sgp_fault *fault) SGP_MUST_USE;
void sgp_db_close(sgp_db *db);

/* The connection's socket, to notice from a poll that the server went away. */
int sgp_db_socket(const sgp_db *db);
/* Reads what came unasked; false: the connection is dead. */
bool sgp_db_alive(sgp_db *db);

/* Runs one statement with text parameters (NULL = SQL NULL) or, with no
 * parameters, several separated by semicolons. The last result goes to *result
 * (may be NULL), which the caller clears with PQclear. A constant `sql` with
 * `prepared` is prepared once under that name. After an error the connection
 * may be inside a failed transaction: close it. */
sgp_err sgp_db_run(sgp_db *db, const char *prepared, const char *sql, int n_parameters,
                   const char *const *parameters, PGresult **result, sgp_fault *fault) SGP_MUST_USE;

/* Runs a query and visits its rows one by one, without holding them all. */
typedef sgp_err (*sgp_db_visit)(void *ctx, const PGresult *row);
sgp_err sgp_db_each_row(sgp_db *db, const char *sql, sgp_db_visit visit, void *ctx,
                        sgp_fault *fault) SGP_MUST_USE;

#endif
