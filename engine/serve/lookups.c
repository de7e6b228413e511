/* Texts of calls that wait for a place.
 *
 * While the database is away a call keeps looking_up, a dispatcher may place it
 * by hand, and the text is asked for again once the database is back; a place
 * that a person has settled by then stands. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "serve/engine_parts.h"

/* Whom an answer of the placer belongs to; owned by the question. */
typedef struct question {
    sgp_engine *engine;
    sgp_id call; /* 0: asked by a session */
    uint64_t session;
    uint64_t reply_to;
} question;

static void destroy_lookup(sgp_lookup *lookup) {
    sodium_memzero(lookup->text, strlen(lookup->text));
    free(lookup->text);
    free(lookup);
}

static sgp_lookup *find_lookup(sgp_engine *engine, sgp_id call) {
    for (sgp_lookup *lookup = engine->lookups; lookup != NULL; lookup = lookup->next)
        if (lookup->call == call)
            return lookup;
    return NULL;
}

static void remove_lookup(sgp_engine *engine, sgp_id call) {
    for (sgp_lookup **at = &engine->lookups; *at != NULL; at = &(*at)->next)
        if ((*at)->call == call) {
            sgp_lookup *lookup = *at;
            *at = lookup->next;
            destroy_lookup(lookup);
            return;
        }
}

void sgp_lookup_add(sgp_engine *engine, sgp_id call, uint64_t cause, const char *text) {
    sgp_lookup *lookup = calloc(1, sizeof *lookup);
    if (lookup != NULL && (lookup->text = strdup(text)) == NULL) {
        free(lookup);
        lookup = NULL;
    }
    if (lookup == NULL) {
        sgp_log(SGP_LOG_ERROR, "out_of_memory", "where=lookup");
        abort();
    }
    lookup->call = call;
    lookup->cause = cause;
    lookup->next = engine->lookups;
    engine->lookups = lookup;
}

void sgp_lookups_clear(sgp_engine *engine) {
    while (engine->lookups != NULL) {
        sgp_lookup *lookup = engine->lookups;
        engine->lookups = lookup->next;
        destroy_lookup(lookup);
    }
}

/* Ends the look-up. */
static void queue_placed(sgp_engine *engine, const sgp_lookup *lookup, bool away,
                         const sgp_place *places, size_t n) {
    sgp_input *input = sgp_input_create(SGP_EVENT_CALL_PLACED);
    if (input == NULL)
        return; /* the call stays looking up and is asked for again */
    input->event.parent = lookup->cause;
    input->event.u.placed.call = lookup->call;
    input->event.u.placed.away = away;
    if (n > SGP_PLACES_MAX)
        n = SGP_PLACES_MAX;
    input->event.u.placed.n_places = (int32_t)n;
    if (n > 0)
        memcpy(input->event.u.placed.places, places, n * sizeof *places);
    remove_lookup(engine, lookup->call);
    sgp_inbox_put(engine, input);
}

static void on_call_answer(void *ctx, sgp_err err, const sgp_place_found *found) {
    question asked = *(question *)ctx;
    free(ctx);
    sgp_lookup *lookup = find_lookup(asked.engine, asked.call);
    if (lookup == NULL)
        return;
    lookup->asked = false;
    if (err == SGP_OK)
        queue_placed(asked.engine, lookup, false, found->places, found->n);
    else if (err == SGP_E_ARGUMENT)
        queue_placed(asked.engine, lookup, false, NULL, 0);
    /* Otherwise the database is away or busy: the tick asks again. */
}

/* A call that is forgotten or settled needs no place any more. */
static bool is_wanted(const sgp_engine *engine, sgp_id id) {
    const sgp_call *call = sgp_world_call(engine->world, id);
    return call != NULL && call->looking_up;
}

/* False when the placer takes no more now. The look-up may be gone afterwards. */
static bool ask_placer(sgp_engine *engine, sgp_lookup *lookup) {
    sgp_id call = lookup->call;
    if (engine->placer == NULL) {
        /* There is no database to wait for: a person must place the call, unless
         * the text is a pair of numbers. */
        sgp_place place = {.kind = SGP_PLACE_COORDINATES, .confidence_permille = 1000};
        sgp_fault fault;
        bool is_point = sgp_point_parse(lookup->text, &place.point, &fault) == SGP_OK &&
                        sgp_point_check(engine, sgp_lon(place.point), sgp_lat(place.point),
                                        &place.point, &fault) == SGP_OK;
        snprintf(place.label, sizeof place.label, "%.6f,%.6f", sgp_lon(place.point),
                 sgp_lat(place.point));
        queue_placed(engine, lookup, !is_point, &place, is_point ? 1 : 0);
        return true;
    }
    question *asked = calloc(1, sizeof *asked);
    if (asked == NULL)
        return false;
    asked->engine = engine;
    asked->call = call;
    lookup->asked = true;
    sgp_err err = sgp_placer_find(engine->placer, lookup->text, NULL, on_call_answer, asked, NULL);
    if (err != SGP_OK)
        on_call_answer(asked, err, NULL);
    return err == SGP_OK || err == SGP_E_ARGUMENT;
}

void sgp_lookup_ask(sgp_engine *engine, sgp_id call) {
    sgp_lookup *lookup = find_lookup(engine, call);
    if (lookup == NULL || lookup->asked)
        return;
    if (is_wanted(engine, call))
        (void)ask_placer(engine, lookup);
    else
        remove_lookup(engine, call);
}

void sgp_lookups_retry(sgp_engine *engine) {
    /* While the database is away for days, the texts of calls that are long over
     * must not pile up. */
    for (sgp_lookup **at = &engine->lookups; *at != NULL;) {
        sgp_lookup *lookup = *at;
        if (lookup->asked || is_wanted(engine, lookup->call)) {
            at = &lookup->next;
        } else {
            *at = lookup->next;
            destroy_lookup(lookup);
        }
    }
    bool takes_more = engine->placer != NULL && !sgp_placer_away(engine->placer);
    sgp_lookup *next;
    for (sgp_lookup *lookup = engine->lookups; lookup != NULL && takes_more; lookup = next) {
        next = lookup->next;
        if (!lookup->asked)
            takes_more = ask_placer(engine, lookup);
    }
}

/* ---- a session's own questions ------------------------------------------- */

static void answer_places(sgp_engine *engine, uint64_t session, uint64_t reply_to, bool away,
                          const sgp_place *places, size_t n) {
    Sigap__V1__PlaceAnswer answer = SIGAP__V1__PLACE_ANSWER__INIT;
    Sigap__V1__Place *candidates[64];
    answer.database_away = away;
    answer.candidates = candidates;
    for (size_t i = 0; i < n && i < sizeof candidates / sizeof candidates[0]; i++) {
        candidates[i] = sgp_place_to_proto(&places[i]);
        if (candidates[i] == NULL)
            break;
        answer.n_candidates++;
    }
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_PLACE_ANSWER;
    frame.place_answer = &answer;
    sgp_outbox_answer(engine, session, reply_to, &frame);
    for (size_t i = 0; i < answer.n_candidates; i++)
        protobuf_c_message_free_unpacked(&candidates[i]->base, NULL);
}

static void on_session_answer(void *ctx, sgp_err err, const sgp_place_found *found) {
    question asked = *(question *)ctx;
    free(ctx);
    if (err == SGP_OK || err == SGP_E_DATABASE)
        answer_places(asked.engine, asked.session, asked.reply_to, err != SGP_OK,
                      err == SGP_OK ? found->places : NULL, err == SGP_OK ? found->n : 0);
    else
        sgp_outbox_error(asked.engine, asked.session, asked.reply_to, err, NULL);
}

static question *make_question(sgp_session *session, uint64_t reply_to) {
    question *asked = calloc(1, sizeof *asked);
    if (asked == NULL) {
        sgp_outbox_error(session->engine, session->id, reply_to, SGP_E_MEMORY, NULL);
        return NULL;
    }
    asked->engine = session->engine;
    asked->session = session->id;
    asked->reply_to = reply_to;
    return asked;
}

void sgp_find_place(sgp_session *session, uint64_t reply_to, const Sigap__V1__FindPlace *query) {
    sgp_engine *engine = session->engine;
    sgp_fault fault = {0};
    sgp_point near;
    if (query->text[strspn(query->text, " \t\r\n")] == '\0') {
        sgp_outbox_error(engine, session->id, reply_to, SGP_E_ARGUMENT,
                         "place is empty: give an address or coordinates");
        return;
    }
    if (strlen(query->text) > 1000) {
        sgp_outbox_error(engine, session->id, reply_to, SGP_E_ARGUMENT,
                         "text is longer than 1,000 bytes");
        return;
    }
    if (query->near != NULL) {
        sgp_err err = sgp_point_from_degrees(query->near->lon, query->near->lat, &near);
        if (err != SGP_OK) {
            sgp_outbox_error(engine, session->id, reply_to, err, "near is not a point");
            return;
        }
    }
    if (engine->placer == NULL) {
        sgp_place place = {.kind = SGP_PLACE_COORDINATES, .confidence_permille = 1000};
        bool is_point = sgp_point_parse(query->text, &place.point, &fault) == SGP_OK;
        snprintf(place.label, sizeof place.label, "%.6f,%.6f", sgp_lon(place.point),
                 sgp_lat(place.point));
        answer_places(engine, session->id, reply_to, true, &place, is_point ? 1 : 0);
        return;
    }
    question *asked = make_question(session, reply_to);
    if (asked == NULL)
        return;
    sgp_place_options options = {.near = query->near != NULL ? &near : NULL, .limit = query->limit};
    sgp_err err =
        sgp_placer_find(engine->placer, query->text, &options, on_session_answer, asked, NULL);
    if (err != SGP_OK)
        on_session_answer(asked, err, NULL);
}

void sgp_reverse_place(sgp_session *session, uint64_t reply_to,
                       const Sigap__V1__ReversePlace *query) {
    sgp_engine *engine = session->engine;
    sgp_fault fault = {0};
    sgp_point point;
    sgp_err err = query->point == NULL ? sgp_fail(&fault, SGP_E_ARGUMENT, "the point is missing")
                                       : sgp_point_check(engine, query->point->lon,
                                                         query->point->lat, &point, &fault);
    if (err != SGP_OK) {
        sgp_outbox_error(engine, session->id, reply_to, err, fault.text);
        return;
    }
    if (engine->placer == NULL) {
        answer_places(engine, session->id, reply_to, true, NULL, 0);
        return;
    }
    question *asked = make_question(session, reply_to);
    if (asked == NULL)
        return;
    err = sgp_placer_reverse(engine->placer, point, on_session_answer, asked);
    if (err != SGP_OK)
        on_session_answer(asked, err, NULL);
}
