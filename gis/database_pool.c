#include "gis/database_pool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"

enum { CONNECT_MS = 5000, BACK_OFF_FIRST_MS = 200, BACK_OFF_LAST_MS = 5000, CONNINFO_BYTES = 1024 };

typedef enum stage {
    STAGE_IDLE, /* not begun: the first one is not ready yet */
    STAGE_RESTING,
    STAGE_CONNECTING,
    STAGE_SETTING,
    STAGE_PREPARING,
    STAGE_READY
} stage;

/* What is on its way over one connection, oldest first. */
typedef struct batch {
    struct batch *next;
    size_t n, n_results; /* results expected; taken */
    sgp_err err;         /* of the first result that was none */
    int64_t deadline_us;
    sgp_pool_done done; /* NULL: the connection's own setting up */
    void *ctx;
    PGresult *results[];
} batch;

typedef struct connection {
    sgp_pool *pool;
    stage stage;
    PGconn *pg;
    struct event *socket_event; /* NULL = none */
    short watching;
    struct event *timer; /* end of the rest, or of patience */
    int failures;        /* in a row */
    bool broken;         /* something could not be sent: the timer gives it up */
    batch *first, **end;
    size_t n_batches;
} connection;

struct sgp_pool {
    struct event_base *base;
    char conninfo[CONNINFO_BYTES];
    sgp_pool_spec spec;
    connection connections[SGP_POOL_CONNECTIONS_MAX];
    sgp_fault fault;
    bool is_away; /* said so in the log */
    bool closing;
};

static void start_connecting(connection *c);
static void set_patience(connection *c);

/* ---- batches --------------------------------------------------------------------- */

static batch *add_batch(connection *c, size_t n, sgp_pool_done done, void *ctx) {
    batch *made = calloc(1, sizeof *made + n * sizeof(PGresult *));
    if (!made)
        return NULL;
    made->n = n;
    made->done = done;
    made->ctx = ctx;
    made->deadline_us = sgp_monotonic_us() + c->pool->spec.batch_ms * 1000;
    *c->end = made;
    c->end = &made->next;
    c->n_batches++;
    return made;
}

static batch *take_batch(connection *c) {
    batch *taken = c->first;
    c->first = taken->next;
    if (!c->first)
        c->end = &c->first;
    c->n_batches--;
    return taken;
}

static void free_batch(batch *old) {
    for (size_t i = 0; i < old->n_results; i++)
        PQclear(old->results[i]);
    free(old);
}

static void finish_batch(batch *old, sgp_err err) {
    if (err == SGP_OK)
        err = old->err;
    if (old->done)
        old->done(old->ctx, err, err == SGP_OK ? old->results : NULL,
                  err == SGP_OK ? old->n_results : 0);
    free_batch(old);
}

/* ---- failures -------------------------------------------------------------------- */

static void set_timer(struct event *timer, int64_t ms) {
    struct timeval when = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};
    evtimer_add(timer, &when);
}

static int64_t back_off_ms(int failures) {
    int64_t ms = BACK_OFF_FIRST_MS;
    for (int i = 1; i < failures && ms < BACK_OFF_LAST_MS; i++)
        ms *= 2;
    return ms < BACK_OFF_LAST_MS ? ms : BACK_OFF_LAST_MS;
}

static void forget_socket(connection *c) {
    if (c->socket_event)
        event_free(c->socket_event);
    c->socket_event = NULL;
}

static void close_connection(connection *c) {
    forget_socket(c);
    if (c->pg)
        PQfinish(c->pg);
    c->pg = NULL;
}

static void log_change(const sgp_pool *pool, sgp_log_level level, const char *what,
                       const char *reason) {
    char event[48];
    snprintf(event, sizeof event, "%s_%s", pool->spec.called ? pool->spec.called : "gazetteer",
             what);
    sgp_log(level, event, "connections=%zu reason=%s", sgp_pool_ready(pool), SGP_Q(reason));
}

/* Gives the connection up, answers its batches, and tries again after a rest. */
static void lose(connection *c, const char *reason, sgp_err err) {
    sgp_pool *pool = c->pool;
    /* The reason may be the connection's own text, so it is copied before that goes. */
    char line[200];
    snprintf(line, sizeof line, "%s", reason && *reason ? reason : "connection lost");
    line[strcspn(line, "\n")] = '\0';
    close_connection(c);
    c->stage = STAGE_RESTING;
    c->broken = false;
    c->failures++;
    if (sgp_pool_ready(pool) == 0 && (!pool->is_away || strcmp(line, pool->fault.text) != 0))
        log_change(pool, SGP_LOG_WARN, "away", line);
    pool->is_away = pool->is_away || sgp_pool_ready(pool) == 0;
    sgp_fail(&pool->fault, SGP_E_DATABASE, "%s", line);
    set_timer(c->timer, back_off_ms(c->failures));
    /* Only those that are there now: an answer may send new ones elsewhere. */
    batch *old = c->first;
    c->first = NULL;
    c->end = &c->first;
    c->n_batches = 0;
    pool->spec.changed(pool->spec.ctx);
    while (old) {
        batch *next = old->next;
        finish_batch(old, err);
        old = next;
    }
}

static bool has_state(const PGresult *result, const char *sqlstate) {
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    return state && strcmp(state, sqlstate) == 0;
}

/* ---- stages ------------------------------------------------------------------------ */

static void fail_sending(connection *c) {
    lose(c, PQerrorMessage(c->pg), SGP_E_DATABASE);
}

static void send_set_up(connection *c) {
    const char *values[] = {c->pool->spec.set_up_parameter};
    c->stage = STAGE_SETTING;
    if (!PQenterPipelineMode(c->pg) || !add_batch(c, 1, NULL, NULL) ||
        !PQsendQueryParams(c->pg, c->pool->spec.set_up_sql, 1, NULL, values, NULL, NULL, 1) ||
        !PQpipelineSync(c->pg))
        fail_sending(c);
}

static void send_preparing(connection *c) {
    const sgp_pool_spec *spec = &c->pool->spec;
    c->stage = STAGE_PREPARING;
    bool sent = add_batch(c, 2 * spec->n_statements, NULL, NULL) != NULL;
    for (size_t i = 0; sent && i < spec->n_statements; i++) {
        const sgp_pool_statement *statement = &spec->statements[i];
        sent = PQsendPrepare(c->pg, statement->name, statement->sql, 0, NULL) &&
               PQsendQueryPrepared(c->pg, statement->name, statement->n_parameters,
                                   statement->warm_up, NULL, NULL, 1);
    }
    if (!sent || !PQpipelineSync(c->pg))
        fail_sending(c);
}

static void become_ready(connection *c) {
    sgp_pool *pool = c->pool;
    c->stage = STAGE_READY;
    c->failures = 0;
    evtimer_del(c->timer);
    if (pool->is_away)
        log_change(pool, SGP_LOG_INFO, "back", "");
    pool->is_away = false;
    pool->fault.text[0] = '\0';
    for (size_t i = 0; i < pool->spec.n_connections; i++)
        if (pool->connections[i].stage == STAGE_IDLE)
            start_connecting(&pool->connections[i]);
    pool->spec.changed(pool->spec.ctx);
}

/* The setting up of a connection has been answered: on to the next stage. */
static void go_on(connection *c, const batch *answered) {
    const sgp_pool_spec *spec = &c->pool->spec;
    const char *fault =
        c->stage == STAGE_SETTING ? spec->set_up(spec->ctx, answered->results[0]) : NULL;
    if (fault)
        lose(c, fault, SGP_E_DATABASE);
    else if (c->stage == STAGE_SETTING)
        send_preparing(c);
    else
        become_ready(c);
}

/* ---- the socket ---------------------------------------------------------------------- */

static void on_socket(evutil_socket_t fd, short what, void *arg);

static void watch_socket(connection *c, short what) {
    /* While connecting libpq may change the socket between two steps. */
    if (c->socket_event && c->watching == what && c->stage != STAGE_CONNECTING)
        return;
    forget_socket(c);
    c->watching = what;
    c->socket_event =
        event_new(c->pool->base, PQsocket(c->pg), (short)(what | EV_PERSIST), on_socket, c);
    if (!c->socket_event || event_add(c->socket_event, NULL) != 0)
        lose(c, "the event loop takes no more sockets", SGP_E_DATABASE);
}

/* Sends what libpq still holds back; asks to be told when more can be sent. */
static void flush_socket(connection *c) {
    if (!c->pg || c->stage == STAGE_CONNECTING)
        return;
    int left = PQflush(c->pg);
    if (left < 0)
        lose(c, PQerrorMessage(c->pg), SGP_E_DATABASE);
    else
        watch_socket(c, (short)(EV_READ | (left > 0 ? EV_WRITE : 0)));
}

static void go_on_connecting(connection *c) {
    switch (PQconnectPoll(c->pg)) {
    case PGRES_POLLING_READING:
        watch_socket(c, EV_READ);
        break;
    case PGRES_POLLING_WRITING:
        watch_socket(c, EV_WRITE);
        break;
    case PGRES_POLLING_OK:
        PQsetnonblocking(c->pg, 1);
        send_set_up(c);
        flush_socket(c);
        break;
    default:
        lose(c, PQerrorMessage(c->pg), SGP_E_DATABASE);
    }
}

/* All of a batch has been answered. */
static void end_batch(connection *c) {
    batch *answered = take_batch(c);
    if (answered->done) {
        set_patience(c);
        finish_batch(answered, SGP_OK);
    } else {
        go_on(c, answered);
        free_batch(answered);
        flush_socket(c);
    }
}

/* A result that is no rows. The server's own statement_timeout leaves the connection
 * good; anything else means that the city is gone or that the server shuts down. */
static void take_failure(connection *c, const PGresult *result) {
    if (PQresultStatus(result) == PGRES_PIPELINE_ABORTED)
        return;
    if (has_state(result, "57014") && c->first->done) {
        c->first->err = SGP_E_TIMEOUT;
        return;
    }
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    /* Without its registry the database holds no city: the same in better words. */
    if (has_state(result, "42P01") && c->stage == STAGE_SETTING)
        message = "the database holds no city yet: import an extract";
    lose(c, message ? message : PQerrorMessage(c->pg), SGP_E_DATABASE);
}

/* Takes every result that is there. The connection may be lost on the way. */
static void take_results(connection *c) {
    /* One NULL lies between two results of a batch; a second one says that no more was sent. */
    for (int nothing = 0; c->pg && c->first && nothing < 2 && !PQisBusy(c->pg);) {
        PGresult *result = PQgetResult(c->pg);
        nothing = result ? 0 : nothing + 1;
        if (!result)
            continue;
        batch *now = c->first;
        switch (PQresultStatus(result)) {
        case PGRES_PIPELINE_SYNC:
            PQclear(result);
            end_batch(c);
            break;
        case PGRES_TUPLES_OK:
        case PGRES_COMMAND_OK:
            if (now->n_results < now->n)
                now->results[now->n_results++] = result;
            else
                PQclear(result);
            break;
        default:
            take_failure(c, result);
            PQclear(result);
        }
    }
}

static void on_socket(evutil_socket_t fd, short what, void *arg) {
    connection *c = arg;
    (void)fd;
    if (c->stage == STAGE_CONNECTING) {
        go_on_connecting(c);
        return;
    }
    if (what & EV_WRITE)
        flush_socket(c);
    if (!c->pg || !(what & EV_READ))
        return;
    if (!PQconsumeInput(c->pg)) {
        lose(c, PQerrorMessage(c->pg), SGP_E_DATABASE);
        return;
    }
    take_results(c);
    /* A server that shuts down says so while nobody asks anything. */
    if (c->pg && PQstatus(c->pg) == CONNECTION_BAD)
        lose(c, PQerrorMessage(c->pg), SGP_E_DATABASE);
}

static void drop_notice(void *ctx, const char *message) {
    (void)ctx;
    (void)message;
}

static void start_connecting(connection *c) {
    c->pg = PQconnectStart(c->pool->conninfo);
    if (!c->pg || PQstatus(c->pg) == CONNECTION_BAD) {
        lose(c, c->pg ? PQerrorMessage(c->pg) : "no memory left", SGP_E_DATABASE);
        return;
    }
    PQsetNoticeProcessor(c->pg, drop_notice, NULL);
    c->stage = STAGE_CONNECTING;
    set_timer(c->timer, CONNECT_MS);
    /* libpq: behave as if the last poll had asked for writing. */
    watch_socket(c, EV_WRITE);
}

/* Of a ready connection the timer watches over the oldest batch. */
static void set_patience(connection *c) {
    if (c->stage != STAGE_READY)
        return;
    if (!c->first) {
        evtimer_del(c->timer);
        return;
    }
    int64_t left_ms = (c->first->deadline_us - sgp_monotonic_us()) / 1000;
    set_timer(c->timer, left_ms > 0 ? left_ms : 1);
}

static void on_timer(evutil_socket_t fd, short what, void *arg) {
    connection *c = arg;
    (void)fd;
    (void)what;
    if (c->stage == STAGE_RESTING)
        start_connecting(c);
    else if (c->stage != STAGE_READY)
        lose(c, "the database did not let us in within 5 seconds", SGP_E_DATABASE);
    else if (c->broken)
        lose(c, c->pg ? PQerrorMessage(c->pg) : NULL, SGP_E_DATABASE);
    else if (c->first && c->first->deadline_us <= sgp_monotonic_us() + 1000)
        /* A server that is silent for that long will not speak again. */
        lose(c, "the database did not answer in time", SGP_E_TIMEOUT);
    else
        set_patience(c);
}

/* ---- sending --------------------------------------------------------------------------- */

static connection *least_busy(sgp_pool *pool) {
    connection *best = NULL;
    for (size_t i = 0; i < pool->spec.n_connections; i++) {
        connection *c = &pool->connections[i];
        if (c->stage == STAGE_READY && (!best || c->n_batches < best->n_batches))
            best = c;
    }
    return best;
}

sgp_err sgp_pool_send(sgp_pool *pool, const sgp_pool_call *calls, size_t n, sgp_pool_done done,
                      void *ctx) {
    connection *c = least_busy(pool);
    if (n == 0 || n > SGP_POOL_BATCH_MAX)
        return SGP_E_ARGUMENT;
    if (pool->closing)
        return SGP_E_STATE;
    if (!c)
        return SGP_E_DATABASE;
    batch *made = add_batch(c, n, done, ctx);
    if (!made)
        return SGP_E_MEMORY;
    bool sent = true;
    for (size_t i = 0; sent && i < n; i++) {
        const sgp_pool_statement *statement = &pool->spec.statements[calls[i].statement];
        sent = PQsendQueryPrepared(c->pg, statement->name, statement->n_parameters, calls[i].values,
                                   NULL, NULL, 1);
    }
    int left = sent && PQpipelineSync(c->pg) ? PQflush(c->pg) : -1;
    /* The answer never comes from within the asking, so a failure waits for the timer. */
    c->broken = c->broken || left < 0;
    if (c->broken)
        set_timer(c->timer, 0);
    else
        set_patience(c);
    if (left > 0)
        watch_socket(c, EV_READ | EV_WRITE);
    return SGP_OK;
}

/* ---- life ------------------------------------------------------------------------------ */

size_t sgp_pool_ready(const sgp_pool *pool) {
    size_t ready = 0;
    for (size_t i = 0; i < pool->spec.n_connections; i++)
        ready += pool->connections[i].stage == STAGE_READY;
    return ready;
}

bool sgp_pool_resting(const sgp_pool *pool) {
    for (size_t i = 0; i < pool->spec.n_connections; i++)
        if (pool->connections[i].stage > STAGE_RESTING)
            return false;
    return true;
}

const char *sgp_pool_fault(const sgp_pool *pool) {
    return pool->fault.text;
}

static sgp_err check_conninfo(const char *conninfo, sgp_fault *fault) {
    if (strlen(conninfo) >= CONNINFO_BYTES)
        return sgp_fail(fault, SGP_E_TOO_LARGE, "the database setting is longer than %d bytes",
                        CONNINFO_BYTES - 1);
    char *message = NULL;
    PQconninfoOption *options = PQconninfoParse(conninfo, &message);
    if (!options) {
        sgp_fail(fault, SGP_E_CONFIG, "the database setting cannot be read: %.150s",
                 message ? message : "no memory left");
        PQfreemem(message);
        return SGP_E_CONFIG;
    }
    PQconninfoFree(options);
    return SGP_OK;
}

sgp_err sgp_pool_create(struct event_base *base, const char *conninfo, const sgp_pool_spec *spec,
                        sgp_pool **pool, sgp_fault *fault) {
    sgp_err err = check_conninfo(conninfo, fault);
    if (err != SGP_OK)
        return err;
    sgp_pool *made = calloc(1, sizeof *made);
    if (!made)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory left");
    made->base = base;
    made->spec = *spec;
    memcpy(made->conninfo, conninfo, strlen(conninfo) + 1);
    for (size_t i = 0; i < spec->n_connections; i++) {
        connection *c = &made->connections[i];
        c->pool = made;
        c->end = &c->first;
        c->timer = evtimer_new(base, on_timer, c);
        if (!c->timer) {
            sgp_pool_destroy(made);
            return sgp_fail(fault, SGP_E_MEMORY, "no memory left");
        }
    }
    *pool = made;
    start_connecting(&made->connections[0]);
    return SGP_OK;
}

void sgp_pool_destroy(sgp_pool *pool) {
    if (!pool)
        return;
    pool->closing = true;
    for (size_t i = 0; i < pool->spec.n_connections; i++) {
        connection *c = &pool->connections[i];
        close_connection(c);
        while (c->first)
            finish_batch(take_batch(c), SGP_E_DATABASE);
        if (c->timer)
            event_free(c->timer);
    }
    free(pool);
}
