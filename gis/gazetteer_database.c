#include "gis/gazetteer_database.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gis/gazetteer_parts.h"

enum {
    WORDS_PAGE = 1000,
    SEAL_US = 2000, /* of work on the vocabulary between two turns of the loop */
    ROUNDS_MAX = 64,
    PATIENCE_MS = 2000
};
_Static_assert((int)SGP_ASKS_MAX <= (int)SGP_POOL_BATCH_MAX, "a round fits in one batch");

/* Asks that go out together. */
typedef struct round {
    struct round *next;
    sgp_gazetteer_database *gazetteer;
    uint64_t ticket;
    sgp_gazetteer_done done; /* NULL: dropped */
    void *ctx;
    size_t n;
    sgp_ask_need needs[SGP_ASKS_MAX];
    PGresult *results[SGP_ASKS_MAX]; /* NULL: none yet, or none needed */
    /* What goes out next: which ask each call is of. */
    size_t n_sent;
    uint8_t sent[SGP_ASKS_MAX];
    sgp_ask_call *second; /* n, to be asked where the first had no rows; NULL = none */
    sgp_gazetteer_ask asks[];
} round;

typedef enum loading { LOADING_NOT_BEGUN, LOADING_WORDS, LOADING_SEALING, LOADING_DONE } loading;

struct sgp_gazetteer_database {
    sgp_pool *pool;
    char city_id[33], city_name[64];
    bool has_bounds;
    sgp_point south_west, north_east;

    loading loading;
    sgp_vocabulary *vocabulary;
    int32_t *own_counts; /* by the vocabulary's numbers */
    size_t own_capacity;
    char last_word[256];
    struct event *seal_timer;

    round *rounds; /* on their way */
    size_t n_rounds;
    uint64_t last_ticket;
    struct event *empty_timer; /* answers rounds that need no statement */

    sgp_gazetteer_changed changed;
    void *ctx;
    sgp_gazetteer_state told; /* the state that was told last */
    bool closing, answering;
    char fault[sizeof((sgp_fault *)NULL)->text];
};

static void load_words(sgp_gazetteer_database *gazetteer);

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
        load_words(gazetteer);
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

/* ---- the vocabulary ---------------------------------------------------------------------- */

static void call_soon(struct event *timer) {
    const struct timeval now = {0, 0};
    evtimer_add(timer, &now);
}

/* What was loaded is of no use; the next connection that comes begins anew. */
static void forget_words(sgp_gazetteer_database *gazetteer) {
    sgp_vocabulary_destroy(gazetteer->vocabulary);
    gazetteer->vocabulary = NULL;
    gazetteer->last_word[0] = '\0';
    gazetteer->loading = LOADING_NOT_BEGUN;
}

static bool add_word(sgp_gazetteer_database *gazetteer, const PGresult *page, int row) {
    const char *word = PQgetvalue(page, row, 0);
    size_t before = sgp_vocabulary_size(gazetteer->vocabulary);
    if (before == gazetteer->own_capacity) {
        size_t capacity = before ? 2 * before : WORDS_PAGE;
        int32_t *counts = realloc(gazetteer->own_counts, capacity * sizeof *counts);
        if (!counts)
            return false;
        gazetteer->own_counts = counts;
        gazetteer->own_capacity = capacity;
    }
    sgp_err err = sgp_vocabulary_add(gazetteer->vocabulary, word, sgp_result_number(page, row, 1));
    /* A word of more bytes than a caller's can have is never said. */
    if (err == SGP_E_ARGUMENT || err == SGP_E_FULL)
        return true;
    if (err == SGP_OK && sgp_vocabulary_size(gazetteer->vocabulary) > before)
        gazetteer->own_counts[before] = sgp_result_number(page, row, 2);
    return err == SGP_OK;
}

static void on_words(void *ctx, sgp_err err, PGresult **results, size_t n) {
    sgp_gazetteer_database *gazetteer = ctx;
    if (gazetteer->closing)
        return;
    int rows = err == SGP_OK && n == 1 ? PQntuples(results[0]) : 0;
    bool kept = err == SGP_OK;
    for (int row = 0; row < rows && kept; row++)
        kept = add_word(gazetteer, results[0], row);
    if (!kept) {
        forget_words(gazetteer);
        /* Lost connections begin again by themselves. */
        if (sgp_pool_ready(gazetteer->pool) > 0)
            load_words(gazetteer);
    } else if (rows == WORDS_PAGE) {
        snprintf(gazetteer->last_word, sizeof gazetteer->last_word, "%.*s",
                 (int)sizeof gazetteer->last_word - 1, PQgetvalue(results[0], rows - 1, 0));
        load_words(gazetteer);
    } else {
        gazetteer->loading = LOADING_SEALING;
        call_soon(gazetteer->seal_timer);
    }
    tell_state(gazetteer);
}

/* Asks for the next page. */
static void load_words(sgp_gazetteer_database *gazetteer) {
    char rows[16];
    snprintf(rows, sizeof rows, "%d", WORDS_PAGE);
    sgp_pool_call call = {SGP_STATEMENT_WORDS, {gazetteer->last_word, rows}};
    if ((!gazetteer->vocabulary && sgp_vocabulary_create(&gazetteer->vocabulary) != SGP_OK) ||
        sgp_pool_send(gazetteer->pool, &call, 1, on_words, gazetteer) != SGP_OK)
        forget_words(gazetteer);
    else
        gazetteer->loading = LOADING_WORDS;
}

static void on_seal(evutil_socket_t fd, short what, void *arg) {
    sgp_gazetteer_database *gazetteer = arg;
    (void)fd;
    (void)what;
    bool done = false;
    if (sgp_vocabulary_seal(gazetteer->vocabulary, SEAL_US, &done) != SGP_OK || !done) {
        call_soon(gazetteer->seal_timer);
        return;
    }
    gazetteer->loading = LOADING_DONE;
    tell_state(gazetteer);
}

/* ---- rounds -------------------------------------------------------------------------------- */

static void free_round(round *old) {
    for (size_t i = 0; i < old->n; i++) {
        PQclear(old->results[i]);
        if (old->second)
            sgp_ask_call_free(&old->second[i]);
    }
    free(old->second);
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

static void answer_round(round *now, sgp_err err) {
    sgp_gazetteer_answer answers[SGP_ASKS_MAX];
    void *memory[SGP_ASKS_MAX] = {NULL};
    for (size_t i = 0; i < now->n && err == SGP_OK && now->done; i++)
        err = sgp_rows_read(&now->asks[i], now->results[i], now->gazetteer->vocabulary, &answers[i],
                            &memory[i]);
    if (now->done) {
        now->gazetteer->answering = true;
        now->done(now->ctx, err, err == SGP_OK ? answers : NULL, err == SGP_OK ? now->n : 0);
        now->gazetteer->answering = false;
    }
    for (size_t i = 0; i < now->n; i++)
        free(memory[i]);
    forget_round(now);
}

static void on_round(void *ctx, sgp_err err, PGresult **results, size_t n);

/* Sends the second call of those asks whose first one had no rows. False: none has. */
static bool send_second(round *now, sgp_err *err) {
    sgp_pool_call calls[SGP_ASKS_MAX];
    now->n_sent = 0;
    for (size_t i = 0; i < now->n; i++) {
        if (now->needs[i] != SGP_ASK_MAY_NEED_SECOND || PQntuples(now->results[i]) > 0)
            continue;
        now->needs[i] = SGP_ASK_NEEDS_FIRST;
        calls[now->n_sent] = now->second[i].call;
        now->sent[now->n_sent++] = (uint8_t)i;
    }
    if (now->n_sent == 0)
        return false;
    *err = sgp_pool_send(now->gazetteer->pool, calls, now->n_sent, on_round, now);
    return *err == SGP_OK;
}

static void on_round(void *ctx, sgp_err err, PGresult **results, size_t n) {
    round *now = ctx;
    /* Fewer results than calls would be a server that breaks the protocol. */
    if (err == SGP_OK && n != now->n_sent)
        err = SGP_E_DATABASE;
    for (size_t i = 0; err == SGP_OK && i < n; i++) {
        PQclear(now->results[now->sent[i]]);
        now->results[now->sent[i]] = results[i];
        results[i] = NULL;
    }
    if (err == SGP_OK && now->done && send_second(now, &err))
        return;
    answer_round(now, err);
}

/* Rounds of which no ask needs a statement. */
static void on_empty(evutil_socket_t fd, short what, void *arg) {
    sgp_gazetteer_database *gazetteer = arg;
    (void)fd;
    (void)what;
    for (round *now = gazetteer->rounds, *next; now; now = next) {
        next = now->next;
        if (now->n_sent == 0) {
            answer_round(now, SGP_OK);
            next = gazetteer->rounds; /* the answer may have changed the list */
        }
    }
}

static sgp_err send_round(sgp_gazetteer_database *gazetteer, round *now) {
    sgp_ask_call *first = calloc(now->n, sizeof *first);
    sgp_pool_call calls[SGP_ASKS_MAX];
    sgp_own_counts own = {gazetteer->own_counts, sgp_vocabulary_size(gazetteer->vocabulary)};
    now->second = calloc(now->n, sizeof *now->second);
    sgp_err err = first && now->second ? SGP_OK : SGP_E_MEMORY;
    for (size_t i = 0; err == SGP_OK && i < now->n; i++) {
        now->needs[i] = sgp_ask_call_make(&now->asks[i], gazetteer->vocabulary, own, &first[i],
                                          &now->second[i]);
        if (sgp_ask_call_failed(&first[i]) || sgp_ask_call_failed(&now->second[i]))
            err = SGP_E_MEMORY;
        if (now->needs[i] != SGP_ASK_NEEDS_NOTHING) {
            calls[now->n_sent] = first[i].call;
            now->sent[now->n_sent++] = (uint8_t)i;
        }
        /* These are the caller's, for as long as this call. */
        now->asks[i].readings = NULL;
        now->asks[i].unfinished = now->asks[i].kinds = NULL;
    }
    if (err == SGP_OK && now->n_sent > 0)
        err = sgp_pool_send(gazetteer->pool, calls, now->n_sent, on_round, now);
    else if (err == SGP_OK)
        call_soon(gazetteer->empty_timer);
    for (size_t i = 0; first && i < now->n; i++)
        sgp_ask_call_free(&first[i]);
    free(first);
    return err;
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
    round *made = calloc(1, sizeof *made + n * sizeof *asks);
    if (!made)
        return SGP_E_MEMORY;
    made->gazetteer = gazetteer;
    made->ticket = ++gazetteer->last_ticket;
    made->done = done;
    made->ctx = ctx;
    made->n = n;
    memcpy(made->asks, asks, n * sizeof *asks);
    sgp_err err = send_round(gazetteer, made);
    if (err != SGP_OK) {
        free_round(made);
        return err;
    }
    made->next = gazetteer->rounds;
    gazetteer->rounds = made;
    gazetteer->n_rounds++;
    if (ticket)
        *ticket = made->ticket;
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
    return gazetteer->loading == LOADING_DONE ? gazetteer->vocabulary : NULL;
}

static const char *city_name_of(const void *self) {
    return ((const sgp_gazetteer_database *)self)->city_name;
}

sgp_gazetteer sgp_gazetteer_database_interface(sgp_gazetteer_database *gazetteer) {
    return (sgp_gazetteer){.self = gazetteer,
                           .vocabulary = vocabulary_of,
                           .city_name = city_name_of,
                           .ask = ask,
                           .drop = drop};
}

const char *sgp_gazetteer_database_fault(const sgp_gazetteer_database *gazetteer) {
    return gazetteer->pool ? sgp_pool_fault(gazetteer->pool) : "";
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
    made->empty_timer = evtimer_new(base, on_empty, made);
    const sgp_pool_spec spec = {.n_connections = SGP_GAZETTEER_CONNECTIONS,
                                .statements = SGP_GAZETTEER_STATEMENTS,
                                .n_statements = SGP_GAZETTEER_STATEMENTS_N,
                                .set_up_sql = SGP_GAZETTEER_SET_UP,
                                .set_up_parameter = made->city_id,
                                .set_up = on_set_up,
                                .changed = on_pool_changed,
                                .ctx = made,
                                .batch_ms = PATIENCE_MS};
    sgp_err err = made->seal_timer && made->empty_timer
                      ? sgp_pool_create(base, conninfo, &spec, &made->pool, fault)
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
    while (gazetteer->rounds)
        answer_round(gazetteer->rounds, SGP_E_DATABASE);
    if (gazetteer->seal_timer)
        event_free(gazetteer->seal_timer);
    if (gazetteer->empty_timer)
        event_free(gazetteer->empty_timer);
    sgp_vocabulary_destroy(gazetteer->vocabulary);
    free(gazetteer->own_counts);
    free(gazetteer);
}
