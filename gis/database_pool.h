/* A few connections to PostgreSQL on the caller's libevent loop, pipelined.
 *
 * A batch is some executions of prepared statements that are sent together with one Sync and
 * answered together. It goes over the ready connection with the fewest batches on their way;
 * a connection holds any number of them in line. Each connection connects by itself, prepares
 * all statements and executes each once (so that plans are made and tables loaded before
 * anybody waits), and after a failure comes back with back-off. The second and later
 * connections begin when the first is ready.
 *
 *   RESTING -> CONNECTING -> SETTING -> PREPARING -> READY; any failure leads to RESTING.
 *
 * Results are binary. Nothing waits, nothing is logged but going away and coming back. Thread
 * rule: loop thread only.
 */
#ifndef SGP_GIS_DATABASE_POOL_H
#define SGP_GIS_DATABASE_POOL_H

#include <event2/event.h>
#include <libpq-fe.h>
#include <stdbool.h>

#include "sigap/error.h"

enum {
    SGP_POOL_CONNECTIONS_MAX = 8,
    SGP_POOL_STATEMENTS_MAX = 16,
    SGP_POOL_PARAMETERS_MAX = 12,
    SGP_POOL_BATCH_MAX = 25 /* executions in one batch */
};

typedef struct sgp_pool sgp_pool;

typedef struct sgp_pool_statement {
    const char *name, *sql;
    int n_parameters;
    const char *warm_up[SGP_POOL_PARAMETERS_MAX]; /* executed once with these, as text */
} sgp_pool_statement;

typedef struct sgp_pool_spec {
    size_t n_connections;
    const sgp_pool_statement *statements;
    size_t n_statements;
    /* Executed first on every connection with one text parameter, binary result: session
     * settings and what is to be found there. `set_up` looks at the result and returns NULL,
     * or a sentence why this database will not do (copied). */
    const char *set_up_sql, *set_up_parameter;
    const char *(*set_up)(void *ctx, const PGresult *result);
    /* A connection became ready or was lost. */
    void (*changed)(void *ctx);
    void *ctx;
    const char *called; /* in the log: "tiles" -> tiles_away; NULL: the gazetteer */
    int64_t batch_ms;   /* patience with one batch; then its connection counts as lost */
} sgp_pool_spec;

/* `spec` is copied but not what it points to. The first connection begins at once.
 * SGP_E_CONFIG, SGP_E_TOO_LARGE (the setting), SGP_E_MEMORY. */
sgp_err sgp_pool_create(struct event_base *base, const char *conninfo, const sgp_pool_spec *spec,
                        sgp_pool **pool, sgp_fault *fault) SGP_MUST_USE;
/* Batches on their way are answered with SGP_E_DATABASE first; sending from within those answers
 * gets SGP_E_STATE. */
void sgp_pool_destroy(sgp_pool *pool);

size_t sgp_pool_ready(const sgp_pool *pool);      /* connections */
bool sgp_pool_resting(const sgp_pool *pool);      /* none is ready nor on its way */
const char *sgp_pool_fault(const sgp_pool *pool); /* of the last failure; "" since it was ready */

/* One execution. Values are text; NULL = SQL's NULL. Borrowed during sgp_pool_send. */
typedef struct sgp_pool_call {
    size_t statement; /* index */
    const char *values[SGP_POOL_PARAMETERS_MAX];
} sgp_pool_call;

/* err SGP_OK: results[n] in order; they are cleared afterwards but for those that `done` takes by
 * putting NULL in their place. SGP_E_DATABASE, SGP_E_TIMEOUT (the server's statement_timeout
 * or the pool's patience): results NULL. */
typedef void (*sgp_pool_done)(void *ctx, sgp_err err, PGresult **results, size_t n);

/* SGP_E_DATABASE: none is ready; SGP_E_STATE; SGP_E_MEMORY; SGP_E_ARGUMENT: n is 0 or over
 * SGP_POOL_BATCH_MAX. Otherwise `done` is called once, from the loop. */
sgp_err sgp_pool_send(sgp_pool *pool, const sgp_pool_call *calls, size_t n, sgp_pool_done done,
                      void *ctx) SGP_MUST_USE;

#endif
