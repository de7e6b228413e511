#include "gis/gazetteer_database.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "gis/gazetteer_load.h"

enum {
    SEAL_US = 2000, /* of putting in order between two turns of the loop */
    ROUNDS_MAX = 64,
    PATIENCE_MS = 2000
};
_Static_assert((int)SGP_ASKS_MAX <= (int)SGP_POOL_BATCH_MAX, "a round fits in one batch");

/* An ask about names: which of the round's numbers are its answer. */
typedef struct asked_names {
    size_t first, n;
} asked_names;

/* Asks that are answered together: nearly all from memory, those of the server by one call each. */
typedef struct round {
    struct round *next;
    sgp_gazetteer_database *gazetteer;
    uint64_t ticket;
    sgp_gazetteer_done done; /* NULL: dropped */
    void *ctx;
    size_t n, n_sent;
    uint8_t sent[SGP_ASKS_MAX];      /* which ask each call is of */
    PGresult *results[SGP_ASKS_MAX]; /* NULL: none yet, or none needed */
    uint32_t *numbers;
    asked_names names[SGP_ASKS_MAX];
    sgp_gazetteer_ask asks[];
} round;

typedef enum loading { LOADING_NOT_BEGUN, LOADING_PAGES, LOADING_SEALING, LOADING_DONE } loading;

struct sgp_gazetteer_database {
    sgp_pool *pool;
    char city_id[33], city_name[64];
    bool has_bounds;
    sgp_point south_west, north_east;

    loading loading;
    sgp_gazetteer_memory memory;
    struct event *seal_timer;

    round *rounds; /* on their way */
    size_t n_rounds;
    uint64_t last_ticket;

    sgp_gazetteer_changed changed;
    void *ctx;
    sgp_gazetteer_state told; /* the state that was told last */
    bool closing, answering;
    char fault[sizeof((sgp_fault *)NULL)->text];
};

static void load_page(sgp_gazetteer_database *gazetteer);

/* ---- state ---------------------------------------------------------------------------- */

sgp_gazetteer_state sgp_gazetteer_database_state(const sgp_gazetteer_database *gazetteer) {
    if (!gazetteer->pool || gazetteer->closing)
        return SGP_GAZETTEER_AWAY;
    if (sgp_pool_ready(gazetteer->pool) > 0 && gazetteer->loading == LOADING_DONE)
        return SGP_GAZETTEER_READY;
    return sgp_pool_resting(gazetteer->pool) ? SGP_GAZETTEER_AWAY : SGP_GAZETTEER_CONNECTING;
}

static void tell_state(sgp_gazetteer_database *gazetteer) {
    sgp_gazetteer_state now = sgp_gazetteer_database_state(gazetteer);
    if (now == gazetteer->told)
        return;
    gazetteer->told = now;
    if (gazetteer->changed && !gazetteer->closing)
        gazetteer->changed(gazetteer->ctx, now);
}

static void on_pool_changed(void *ctx) {
    sgp_gazetteer_database *gazetteer = ctx;
    if (!gazetteer->pool || gazetteer->closing)
        return; /* within its making or its end */
    if (sgp_pool_ready(gazetteer->pool) > 0 && gazetteer->loading == LOADING_NOT_BEGUN)
        load_page(gazetteer);
    tell_state(gazetteer);
}

static const char *on_set_up(void *ctx, const PGresult *result) {
    sgp_gazetteer_database *gazetteer = ctx;
    if (PQntuples(result) == 0) {
        snprintf(gazetteer->fault, sizeof gazetteer->fault,
                 "the database does not hold the city %s: import its extract", gazetteer->city_id);
        return gazetteer->fault;
    }
    snprintf(gazetteer->city_name, sizeof gazetteer->city_name, "%s",
             PQgetvalue(result, 0, SGP_SET_UP_NAME));
    gazetteer->south_west.lon_e7 = sgp_result_number(result, 0, SGP_SET_UP_WEST);
    gazetteer->south_west.lat_e7 = sgp_result_number(result, 0, SGP_SET_UP_SOUTH);
    gazetteer->north_east.lon_e7 = sgp_result_number(result, 0, SGP_SET_UP_EAST);
    gazetteer->north_east.lat_e7 = sgp_result_number(result, 0, SGP_SET_UP_NORTH);
    gazetteer->has_bounds = true;
    return NULL;
}

/* ---- what is kept in memory --------------------------------------------------------------- */

static void call_soon(struct event *timer) {
    const struct timeval now = {0, 0};
    evtimer_add(timer, &now);
}

/* What was loaded is of no use; the next connection that comes begins anew. */
static void forget_memory(sgp_gazetteer_database *gazetteer) {
    sgp_gazetteer_memory_free(&gazetteer->memory);
    gazetteer->loading = LOADING_NOT_BEGUN;
}

static void on_page(void *ctx, sgp_err err, PGresult **results, size_t n) {
    sgp_gazetteer_database *gazetteer = ctx;
    if (gazetteer->closing)
        return;
    bool came = err == SGP_OK && n == 1;
    if (came)
        err = sgp_gazetteer_memory_take(&gazetteer->memory, results[0]);
    if (!came || err != SGP_OK) {
        forget_memory(gazetteer);
        if (came)
            snprintf(gazetteer->fault, sizeof gazetteer->fault, "%s",
                     err == SGP_E_CORRUPT
                         ? "the names in the database are not as the import makes them: "
                           "import the extract again"
                         : "no memory left for the names of the city");
        else if (sgp_pool_ready(gazetteer->pool) > 0) /* a lost one begins again by itself */
            load_page(gazetteer);
    } else if (gazetteer->memory.stage < SGP_LOAD_STAGES) {
        load_page(gazetteer);
    } else {
        gazetteer->loading = LOADING_SEALING;
        call_soon(gazetteer->seal_timer);
    }
    tell_state(gazetteer);
}

/* Asks for the next page, or for the first. */
static void load_page(sgp_gazetteer_database *gazetteer) {
    sgp_pool_call call;
    sgp_err err = SGP_OK;
    if (gazetteer->loading == LOADING_NOT_BEGUN)
        err = sgp_gazetteer_memory_begin(&gazetteer->memory);
    gazetteer->loading = LOADING_PAGES;
    if (err != SGP_OK || !sgp_gazetteer_memory_call(&gazetteer->memory, &call) ||
        sgp_pool_send(gazetteer->pool, &call, 1, on_page, gazetteer) != SGP_OK)
        forget_memory(gazetteer);
}

static void on_seal(evutil_socket_t fd, short what, void *arg) {
    sgp_gazetteer_database *gazetteer = arg;
    (void)fd;
    (void)what;
    bool done = false;
    if (sgp_gazetteer_memory_seal(&gazetteer->memory, SEAL_US, &done) != SGP_OK || !done) {
        call_soon(gazetteer->seal_timer);
        return;
    }
    gazetteer->loading = LOADING_DONE;
    const sgp_gazetteer_memory *memory = &gazetteer->memory;
    sgp_log(SGP_LOG_INFO, "gazetteer_loaded",
            "names=%u words=%zu index_kilobytes=%zu rows_kilobytes=%zu words_kilobytes=%zu"
            " ground_kilobytes=%zu",
            (unsigned)sgp_name_index_names(memory->index), sgp_vocabulary_size(memory->vocabulary),
            sgp_name_index_bytes(memory->index) / 1024, sgp_name_rows_bytes(memory->rows) / 1024,
            sgp_vocabulary_bytes(memory->vocabulary) / 1024,
            sgp_ground_bytes(&memory->ground) / 1024);
    tell_state(gazetteer);
}

/* ---- rounds -------------------------------------------------------------------------------- */

static void free_round(round *old) {
    for (size_t i = 0; i < old->n; i++)
        PQclear(old->results[i]);
    free(old->numbers);
    free(old);
}

static void forget_round(round *old) {
    round **at = &old->gazetteer->rounds;
    while (*at != old)
        at = &(*at)->next;
    *at = old->next;
    old->gazetteer->n_rounds--;
    free_round(old);
}

/* The rows of the names that were found. */
static sgp_err read_names(const round *now, size_t which, sgp_gazetteer_answer *answer,
                          void **memory) {
    const sgp_name_rows *rows = now->gazetteer->memory.rows;
    const uint32_t *numbers = now->numbers + now->names[which].first;
    size_t n = now->names[which].n;
    sgp_name_row *read = malloc((n + 1) * sizeof *read);
    if (!read)
        return SGP_E_MEMORY;
    sgp_name_rows_read(rows, numbers, n, read);
    *memory = read;
    *answer = (sgp_gazetteer_answer){.names = read, .n = n};
    return SGP_OK;
}

static sgp_err read_answer(const round *now, size_t which, sgp_gazetteer_answer *answer,
                           void **memory) {
    const sgp_gazetteer_ask *ask = &now->asks[which];
    if (sgp_asks_names(ask->question))
        return read_names(now, which, answer, memory);
    if (sgp_asks_server(ask->question))
        return sgp_rows_read(now->results[which], answer, memory);
    return sgp_ground_answer(&now->gazetteer->memory.ground, ask, answer, memory);
}

static sgp_err read_answers(const round *now, sgp_gazetteer_answer *answers, void **memory) {
    sgp_err err = SGP_OK;
    for (size_t i = 0; i < now->n && err == SGP_OK; i++)
        err = read_answer(now, i, &answers[i], &memory[i]);
    return err;
}

static void answer_round(const round *now, sgp_err err) {
    sgp_gazetteer_answer answers[SGP_ASKS_MAX];
    void *memory[SGP_ASKS_MAX] = {NULL};
    if (!now->done)
        return;
    if (err == SGP_OK)
        err = read_answers(now, answers, memory);
    bool within = now->gazetteer->answering;
    now->gazetteer->answering = true;
    now->done(now->ctx, err, err == SGP_OK ? answers : NULL, err == SGP_OK ? now->n : 0);
    now->gazetteer->answering = within;
    for (size_t i = 0; i < now->n; i++)
        free(memory[i]);
}

static void on_round(void *ctx, sgp_err err, PGresult **results, size_t n) {
    round *now = ctx;
    /* Fewer results than calls would be a server that breaks the protocol. */
    if (err == SGP_OK && n != now->n_sent)
        err = SGP_E_DATABASE;
    for (size_t i = 0; err == SGP_OK && i < now->n_sent; i++) {
        now->results[now->sent[i]] = results[i];
        results[i] = NULL;
    }
    answer_round(now, err);
    forget_round(now);
}

/* Finds in memory which names answer. */
static sgp_err find_names(const sgp_gazetteer_database *gazetteer, round *now) {
    size_t n = 0, capacity = 0;
    for (size_t i = 0; i < now->n; i++)
        capacity += sgp_asks_names(now->asks[i].question) ? SGP_NAME_ROWS_MAX : 0;
    if (capacity == 0)
        return SGP_OK;
    now->numbers = malloc(capacity * sizeof *now->numbers);
    if (!now->numbers)
        return SGP_E_MEMORY;
    for (size_t i = 0; i < now->n; i++) {
        if (!sgp_asks_names(now->asks[i].question))
            continue;
        now->names[i].first = n;
        now->names[i].n = sgp_name_index_find(gazetteer->memory.index, gazetteer->memory.vocabulary,
                                              &now->asks[i], now->numbers + n);
        n += now->names[i].n;
    }
    return SGP_OK;
}

/* Asks the server what only it knows; n_sent 0: it is not needed. */
static sgp_err send_round(round *now) {
    sgp_pool_call calls[SGP_ASKS_MAX];
    sgp_ask_call made[SGP_ASKS_MAX];
    for (size_t i = 0; i < now->n; i++)
        if (sgp_ask_call_make(&now->asks[i], &made[i])) {
            calls[now->n_sent] = made[i].call;
            now->sent[now->n_sent++] = (uint8_t)i;
        }
    return now->n_sent > 0 ? sgp_pool_send(now->gazetteer->pool, calls, now->n_sent, on_round, now)
                           : SGP_OK;
}

static round *make_round(sgp_gazetteer_database *gazetteer, const sgp_gazetteer_ask *asks, size_t n,
                         sgp_gazetteer_done done, void *ctx) {
    round *made = malloc(sizeof *made + n * sizeof *asks);
    if (!made)
        return NULL;
    *made = (round){.gazetteer = gazetteer, .done = done, .ctx = ctx, .n = n};
    memcpy(made->asks, asks, n * sizeof *asks);
    return made;
}

/* Waits for the server's answer. */
static void add_round(round *added, uint64_t *ticket) {
    sgp_gazetteer_database *gazetteer = added->gazetteer;
    added->ticket = ++gazetteer->last_ticket;
    added->next = gazetteer->rounds;
    gazetteer->rounds = added;
    gazetteer->n_rounds++;
    if (ticket)
        *ticket = added->ticket;
}

static sgp_err ask(void *self, const sgp_gazetteer_ask *asks, size_t n, sgp_gazetteer_done done,
                   void *ctx, uint64_t *ticket) {
    sgp_gazetteer_database *gazetteer = self;
    if (gazetteer->closing)
        return SGP_E_STATE;
    if (n == 0 || n > SGP_ASKS_MAX)
        return SGP_E_ARGUMENT;
    if (sgp_gazetteer_database_state(gazetteer) != SGP_GAZETTEER_READY)
        return SGP_E_DATABASE;
    if (gazetteer->n_rounds >= ROUNDS_MAX)
        return SGP_E_FULL;
    round *made = make_round(gazetteer, asks, n, done, ctx);
    if (!made)
        return SGP_E_MEMORY;
    sgp_err err = find_names(gazetteer, made);
    if (err == SGP_OK)
        err = send_round(made);
    if (err != SGP_OK) {
        free_round(made);
        return err;
    }
    if (made->n_sent > 0) {
        add_round(made, ticket);
        /* These are the caller's, for as long as this call. */
        for (size_t i = 0; i < n; i++) {
            made->asks[i].readings = NULL;
            made->asks[i].unfinished = made->asks[i].kinds = NULL;
        }
        return SGP_OK;
    }
    if (ticket)
        *ticket = 0;
    answer_round(made, SGP_OK);
    free_round(made);
    return SGP_OK;
}

static void drop(void *self, uint64_t ticket) {
    sgp_gazetteer_database *gazetteer = self;
    for (round *now = gazetteer->rounds; now; now = now->next)
        if (now->ticket == ticket)
            now->done = NULL;
}

/* ---- the interface ------------------------------------------------------------------------ */

static const sgp_vocabulary *vocabulary_of(const void *self) {
    const sgp_gazetteer_database *gazetteer = self;
    return gazetteer->loading == LOADING_DONE ? gazetteer->memory.vocabulary : NULL;
}

static bool is_named(const void *self, const sgp_gazetteer_ask *ask) {
    const sgp_gazetteer_memory *memory = &((const sgp_gazetteer_database *)self)->memory;
    return sgp_name_index_is_named(memory->index, memory->vocabulary, ask);
}

static const char *city_name_of(const void *self) {
    return ((const sgp_gazetteer_database *)self)->city_name;
}

sgp_gazetteer sgp_gazetteer_database_interface(sgp_gazetteer_database *gazetteer) {
    return (sgp_gazetteer){.self = gazetteer,
                           .vocabulary = vocabulary_of,
                           .city_name = city_name_of,
                           .ask = ask,
                           .drop = drop,
                           .is_named = is_named};
}

const char *sgp_gazetteer_database_fault(const sgp_gazetteer_database *gazetteer) {
    const char *fault = gazetteer->pool ? sgp_pool_fault(gazetteer->pool) : "";
    return *fault || gazetteer->loading != LOADING_NOT_BEGUN ? fault : gazetteer->fault;
}

bool sgp_gazetteer_database_bounds(const sgp_gazetteer_database *gazetteer, sgp_point *south_west,
                                   sgp_point *north_east) {
    *south_west = gazetteer->south_west;
    *north_east = gazetteer->north_east;
    return gazetteer->has_bounds;
}

sgp_err sgp_gazetteer_database_create(struct event_base *base, const char *conninfo,
                                      const sgp_city_id *city, sgp_gazetteer_changed changed,
                                      void *ctx, sgp_gazetteer_database **gazetteer,
                                      sgp_fault *fault) {
    sgp_gazetteer_database *made = calloc(1, sizeof *made);
    if (!made)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory left");
    sgp_city_id_format(city, made->city_id);
    made->changed = changed;
    made->ctx = ctx;
    made->told = SGP_GAZETTEER_CONNECTING;
    made->seal_timer = evtimer_new(base, on_seal, made);
    const sgp_pool_spec spec = {.n_connections = SGP_GAZETTEER_CONNECTIONS,
                                .statements = SGP_GAZETTEER_STATEMENTS,
                                .n_statements = SGP_GAZETTEER_STATEMENTS_N,
                                .set_up_sql = SGP_GAZETTEER_SET_UP,
                                .set_up_parameter = made->city_id,
                                .set_up = on_set_up,
                                .changed = on_pool_changed,
                                .ctx = made,
                                .batch_ms = PATIENCE_MS};
    sgp_err err = made->seal_timer ? sgp_pool_create(base, conninfo, &spec, &made->pool, fault)
                                   : sgp_fail(fault, SGP_E_MEMORY, "no memory left");
    if (err != SGP_OK) {
        sgp_gazetteer_database_destroy(made);
        return err;
    }
    *gazetteer = made;
    return SGP_OK;
}

void sgp_gazetteer_database_destroy(sgp_gazetteer_database *gazetteer) {
    if (!gazetteer)
        return;
    assert(!gazetteer->answering && "an answer must not destroy its gazetteer");
    gazetteer->closing = true;
    sgp_pool_destroy(gazetteer->pool); /* answers all rounds that are on their way */
    while (gazetteer->rounds) {
        answer_round(gazetteer->rounds, SGP_E_DATABASE);
        forget_round(gazetteer->rounds);
    }
    if (gazetteer->seal_timer)
        event_free(gazetteer->seal_timer);
    sgp_gazetteer_memory_free(&gazetteer->memory);
    free(gazetteer);
}
