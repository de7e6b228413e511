#include "support/place_asker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "route/graph_format.h"

enum { READY_S = 600, IN_FLIGHT_MAX = 64 };

struct bench_asker {
    struct event_base *base;
    sgp_placer *placer;
    sgp_graph *graph;
};

/* One look-up on its way. */
typedef struct flight {
    struct bench_round *round;
    const bench_place_row *row;
    int64_t asked_ns;
} flight;

typedef struct bench_round {
    bench_asker *asker;
    const bench_asking *asking;
    const bench_place_row *rows;
    size_t n, next, done;
    flight flights[IN_FLIGHT_MAX];
    bench_place_answer answer; /* large, so not on the stack of each answer */
} bench_round;

static void must(sgp_err err, const sgp_fault *fault, const char *what) {
    if (err == SGP_OK)
        return;
    fprintf(stderr, "bench-place: %s: %s\n", what,
            fault && *fault->text ? fault->text : sgp_err_message(err));
    exit(3);
}

/* ---- what was understood, for people ---------------------------------------------- */

static void tell_query(const sgp_place_query *query, char *text, size_t capacity) {
    size_t n = 0;
    text[0] = '\0';
    for (size_t i = 0; query && i < query->n_words && n < capacity; i++) {
        const sgp_query_word *word = &query->words[i];
        n += (size_t)snprintf(text + n, capacity - n, "%s%s:%.2s", i > 0 ? " " : "", word->text,
                              sgp_word_role_str(word->role));
        if (word->phrase != SGP_NO_PHRASE && n < capacity)
            n += (size_t)snprintf(text + n, capacity - n, "%d", word->phrase);
    }
}

static void tell_reasons(const sgp_place_query *query, const sgp_place_reasons *reasons, char *text,
                         size_t capacity) {
    size_t n = 0;
    text[0] = '\0';
    for (uint8_t i = 0; query && i < reasons->n && n < capacity; i++) {
        const sgp_place_share *share = &reasons->shares[i];
        const char *word = share->word < query->n_words ? query->words[share->word].text : "?";
        n += (size_t)snprintf(text + n, capacity - n, "%s%s%s%s%+d", i > 0 ? " " : "", word,
                              share->read_as[0] ? ">" : "", share->read_as, share->permille);
    }
}

/* ---- asking -------------------------------------------------------------------------- */

static void ask_next(flight *f);

static void take(void *ctx, sgp_err err, const sgp_place_found *found) {
    flight *f = ctx;
    bench_round *r = f->round;
    bench_place_answer *answer = &r->answer;
    *answer = (bench_place_answer){.err = err, .ns = bench_wall_ns() - f->asked_ns};
    if (err == SGP_OK) {
        answer->n = found->n < SGP_PLACES_MAX ? found->n : SGP_PLACES_MAX;
        answer->from_graph = found->from_graph;
        if (answer->n > 0)
            memcpy(answer->places, found->places, answer->n * sizeof *answer->places);
        if (r->asking->explain) {
            tell_query(found->query, answer->heard, sizeof answer->heard);
            for (size_t i = 0; found->reasons && i < answer->n; i++)
                tell_reasons(found->query, &found->reasons[i], answer->why[i],
                             sizeof answer->why[i]);
        }
    }
    r->asking->answered(r->asking->ctx, f->row, answer);
    r->done++;
    if (r->done == r->n)
        event_base_loopbreak(r->asker->base);
    else
        ask_next(f);
}

static void ask_next(flight *f) {
    bench_round *r = f->round;
    if (r->next == r->n)
        return;
    f->row = &r->rows[r->next++];
    sgp_place_options options = {.earlier = (const char *const *)f->row->earlier,
                                 .n_earlier = f->row->n_earlier,
                                 .near = f->row->has_near ? &f->row->near : NULL,
                                 .complete = r->asking->complete};
    f->asked_ns = bench_wall_ns();
    sgp_err err = sgp_placer_find(r->asker->placer, f->row->query, &options, take, f, NULL);
    if (err != SGP_OK) { /* a text that is refused is a row without an answer */
        static const sgp_place_found NOTHING = {0};
        take(f, err, &NOTHING);
    }
}

void bench_asker_ask(bench_asker *asker, const bench_place_row *rows, size_t n,
                     const bench_asking *asking) {
    bench_round *r = calloc(1, sizeof *r);
    if (!r)
        abort();
    r->asker = asker;
    r->asking = asking;
    r->rows = rows;
    r->n = n;
    size_t in_flight = asking->in_flight ? asking->in_flight : 1;
    for (size_t i = 0; i < in_flight && i < IN_FLIGHT_MAX && i < n; i++) {
        r->flights[i].round = r;
        ask_next(&r->flights[i]);
    }
    while (r->done < r->n)
        if (event_base_dispatch(asker->base) != 0) {
            fprintf(stderr, "bench-place: the placer has nothing more to wait for\n");
            exit(3);
        }
    free(r);
}

/* ---- making it ready ------------------------------------------------------------------- */

static void stop_waiting(evutil_socket_t socket, short what, void *ctx) {
    (void)socket;
    (void)what;
    event_base_loopbreak(((bench_asker *)ctx)->base);
}

static void notice(void *ctx, const bench_place_row *row, const bench_place_answer *answer) {
    (void)row;
    *(bool *)ctx = answer->err == SGP_OK && !answer->from_graph;
}

static void wait_until_ready(bench_asker *asker) {
    char text[] = "jalan";
    const bench_place_row row = {.query = text, .limit = 1};
    int64_t until = bench_wall_ns() + READY_S * (int64_t)1000000000;
    bool ready = false;
    while (!ready && bench_wall_ns() < until) {
        const struct timeval pause = {0, 50000};
        event_base_once(asker->base, -1, EV_TIMEOUT, stop_waiting, asker, &pause);
        event_base_dispatch(asker->base);
        if (sgp_placer_away(asker->placer) ||
            (asker->graph && !sgp_placer_graph_ready(asker->placer)))
            continue;
        bench_asking asking = {.answered = notice, .ctx = &ready};
        bench_asker_ask(asker, &row, 1, &asking);
    }
    if (!ready) {
        fprintf(stderr, "bench-place: the placer is not ready after %d s: %s\n", READY_S,
                sgp_placer_fault(asker->placer));
        exit(3);
    }
}

bench_asker *bench_asker_create(const char *conninfo, const sgp_city_id *city,
                                const char *graph_path) {
    bench_asker *asker = calloc(1, sizeof *asker);
    sgp_fault fault = {SGP_OK, ""};
    if (!asker || !(asker->base = event_base_new()))
        abort();
    must(sgp_placer_create(asker->base, conninfo, city, &asker->placer, &fault), &fault, "placer");
    if (graph_path) {
        must(sgp_graph_open(graph_path, &asker->graph, &fault), &fault, "graph");
        const sgp_graph_parts *parts = sgp_graph_get(asker->graph);
        sgp_placer_set_bounds(asker->placer, parts->south_west, parts->north_east);
        must(sgp_placer_set_graph(asker->placer, asker->graph), NULL, "graph of the placer");
    }
    wait_until_ready(asker);
    return asker;
}

void bench_asker_destroy(bench_asker *asker) {
    if (!asker)
        return;
    sgp_placer_destroy(asker->placer);
    sgp_graph_close(asker->graph);
    event_base_free(asker->base);
    free(asker);
}
