/* A session's own questions for places: FindPlace, with its autocompletion, and ReversePlace. */
#include <assert.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "serve/engine_parts.h"

/* Whom an answer of the placer belongs to; freed when it comes, or with its session's next
 * letter. */
typedef struct sgp_question {
    sgp_engine *engine;
    uint64_t session;
    uint64_t reply_to;
    uint64_t ticket;
    int64_t asked_us;
    char *text; /* all texts, a line break between them; NULL: no explanation is wanted */
} sgp_question;

static void free_question(sgp_question *asked) {
    if (asked->text != NULL)
        sodium_memzero(asked->text, strlen(asked->text));
    free(asked->text);
    free(asked);
}

/* ---- the answer on the wire ------------------------------------------------------- */

static_assert((int)SGP_WORD_LEFT_OVER == (int)SIGAP__V1__WORD_ROLE__WORD_LEFT_OVER, "role");
static_assert((int)SGP_PHRASE_LANDMARK == (int)SIGAP__V1__PHRASE_ROLE__PHRASE_LANDMARK, "phrase");
static_assert((int)SGP_WANTED_KM_POST == (int)SIGAP__V1__PLACE_WANTED__WANTED_KM_POST, "wanted");
static_assert((int)SGP_RELATION_INTO == (int)SIGAP__V1__PLACE_RELATION__RELATION_INTO, "relation");

/* Everything that a PlaceAnswer borrows while it is encoded. */
typedef struct answer_parts {
    Sigap__V1__PlaceAnswer answer;
    sgp_place places[SGP_PLACES_MAX];
    Sigap__V1__Place *candidates[SGP_PLACES_MAX];
    Sigap__V1__PlaceUnderstood understood;
    Sigap__V1__PlaceWord word[SGP_QUERY_WORDS_MAX], *words[SGP_QUERY_WORDS_MAX];
    Sigap__V1__PlacePhrase phrase[SGP_QUERY_PHRASES_MAX], *phrases[SGP_QUERY_PHRASES_MAX];
    Sigap__V1__PlaceReasons reason[SGP_PLACES_MAX], *reasons[SGP_PLACES_MAX];
    Sigap__V1__PlaceShare share[SGP_PLACES_MAX][SGP_PLACE_SHARES_MAX];
    Sigap__V1__PlaceShare *shares[SGP_PLACES_MAX][SGP_PLACE_SHARES_MAX];
} answer_parts;

static void put_understood(answer_parts *parts, char *text, const sgp_place_query *query) {
    Sigap__V1__PlaceUnderstood *understood = &parts->understood;
    sigap__v1__place_understood__init(understood);
    understood->text = text;
    understood->number = (char *)query->number;
    understood->block = (char *)query->block;
    understood->cut = (uint32_t)query->n_cut;
    understood->words = parts->words;
    for (size_t i = 0; i < query->n_words; i++) {
        const sgp_query_word *from = &query->words[i];
        Sigap__V1__PlaceWord *word = parts->words[i] = &parts->word[i];
        sigap__v1__place_word__init(word);
        word->text = (char *)from->text;
        word->from = from->from;
        word->to = from->to;
        word->role = (Sigap__V1__WordRole)from->role;
        word->phrase = from->phrase == SGP_NO_PHRASE ? 0 : from->phrase + 1u;
        understood->n_words++;
    }
    understood->phrases = parts->phrases;
    for (size_t i = 0; i < query->n_phrases; i++) {
        const sgp_query_phrase *from = &query->phrases[i];
        Sigap__V1__PlacePhrase *phrase = parts->phrases[i] = &parts->phrase[i];
        sigap__v1__place_phrase__init(phrase);
        phrase->role = (Sigap__V1__PhraseRole)from->role;
        phrase->wanted = (Sigap__V1__PlaceWanted)from->wanted;
        phrase->relation = (Sigap__V1__PlaceRelation)from->relation;
        understood->n_phrases++;
    }
    parts->answer.understood = understood;
}

static void put_reasons(answer_parts *parts, const sgp_place_reasons *all, size_t n) {
    parts->answer.reasons = parts->reasons;
    parts->answer.n_reasons = n;
    for (size_t i = 0; i < n; i++) {
        Sigap__V1__PlaceReasons *reasons = parts->reasons[i] = &parts->reason[i];
        sigap__v1__place_reasons__init(reasons);
        reasons->shares = parts->shares[i];
        for (size_t k = 0; k < all[i].n; k++) {
            Sigap__V1__PlaceShare *share = parts->shares[i][k] = &parts->share[i][k];
            sigap__v1__place_share__init(share);
            share->word = all[i].shares[k].word;
            share->read_as = (char *)all[i].shares[k].read_as;
            share->permille = all[i].shares[k].permille;
            reasons->n_shares++;
        }
    }
}

/* `found` NULL: nothing. `text` NULL: without an explanation. */
static void answer_places(sgp_engine *engine, uint64_t session, uint64_t reply_to, bool away,
                          const sgp_place_found *found, char *text, bool superseded) {
    answer_parts *parts = calloc(1, sizeof *parts);
    if (parts == NULL) {
        sgp_outbox_error(engine, session, reply_to, SGP_E_MEMORY, NULL);
        return;
    }
    sigap__v1__place_answer__init(&parts->answer);
    parts->answer.database_away = away;
    parts->answer.superseded = superseded;
    parts->answer.candidates = parts->candidates;
    size_t n = found == NULL ? 0 : found->n < SGP_PLACES_MAX ? found->n : SGP_PLACES_MAX;
    if (n > 0)
        memcpy(parts->places, found->places, n * sizeof *found->places);
    sgp_places_add_access(engine, parts->places, n);
    for (size_t i = 0; i < n; i++) {
        parts->candidates[i] = sgp_place_to_proto(&parts->places[i]);
        if (parts->candidates[i] == NULL)
            break;
        parts->answer.n_candidates++;
    }
    if (found != NULL) {
        parts->answer.from_graph = found->from_graph;
        if (text != NULL && found->query != NULL)
            put_understood(parts, text, found->query);
        if (text != NULL && found->query != NULL && found->reasons != NULL)
            put_reasons(parts, found->reasons, parts->answer.n_candidates);
    }
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_PLACE_ANSWER;
    frame.place_answer = &parts->answer;
    sgp_outbox_answer(engine, session, reply_to, &frame);
    for (size_t i = 0; i < parts->answer.n_candidates; i++)
        protobuf_c_message_free_unpacked(&parts->candidates[i]->base, NULL);
    free(parts);
}

/* ---- asking ----------------------------------------------------------------------- */

static void on_answer(void *ctx, sgp_err err, const sgp_place_found *found) {
    sgp_question *asked = ctx;
    sgp_engine *engine = asked->engine;
    sgp_session *session = sgp_session_find(engine, asked->session);
    if (session != NULL && session->completion == asked)
        session->completion = NULL;
    sgp_measure_add(&engine->measures.place, sgp_monotonic_us() - asked->asked_us);
    if (err == SGP_OK)
        answer_places(engine, asked->session, asked->reply_to, found->from_graph, found,
                      asked->text, false);
    else if (err == SGP_E_DATABASE)
        answer_places(engine, asked->session, asked->reply_to, true, NULL, NULL, false);
    else
        sgp_outbox_error(engine, asked->session, asked->reply_to, err,
                         err == SGP_E_STATE ? "the names of places are not read yet: ask again"
                                            : NULL);
    free_question(asked);
}

static sgp_question *make_question(sgp_session *session, uint64_t reply_to) {
    sgp_question *asked = calloc(1, sizeof *asked);
    if (asked == NULL)
        return NULL;
    asked->engine = session->engine;
    asked->session = session->id;
    asked->reply_to = reply_to;
    asked->asked_us = sgp_monotonic_us();
    return asked;
}

void sgp_find_place_drop(sgp_session *session) {
    sgp_question *asked = session->completion;
    if (asked == NULL)
        return;
    session->completion = NULL;
    sgp_placer_drop(session->engine->placer, asked->ticket);
    /* A client that counts its questions gets one answer for each. */
    answer_places(session->engine, session->id, asked->reply_to, false, NULL, NULL, true);
    free_question(asked);
}

static char *join_texts(const Sigap__V1__FindPlace *query) {
    sgp_buffer all = {0};
    sgp_err err = SGP_OK;
    for (size_t i = 0; i < query->n_earlier && err == SGP_OK; i++) {
        err = sgp_buffer_append(&all, query->earlier[i], strlen(query->earlier[i]));
        if (err == SGP_OK)
            err = sgp_buffer_append(&all, "\n", 1);
    }
    if (err == SGP_OK)
        err = sgp_buffer_append(&all, query->text, strlen(query->text) + 1);
    if (err == SGP_OK)
        return (char *)all.data;
    sgp_buffer_free(&all);
    return NULL;
}

static sgp_err check_texts(const Sigap__V1__FindPlace *query, sgp_fault *fault) {
    if (query->text[strspn(query->text, " \t\r\n")] == '\0')
        return sgp_fail(fault, SGP_E_ARGUMENT, "place is empty: give an address or coordinates");
    size_t bytes = strlen(query->text);
    if (bytes > SGP_PLACE_TEXT_MAX)
        return sgp_fail(fault, SGP_E_ARGUMENT, "text is longer than 1,000 bytes");
    if (query->n_earlier > SGP_FIND_EARLIER_MAX)
        return sgp_fail(fault, SGP_E_ARGUMENT, "there are %zu earlier texts; at most %d are heard",
                        query->n_earlier, SGP_FIND_EARLIER_MAX);
    for (size_t i = 0; i < query->n_earlier; i++)
        bytes += strlen(query->earlier[i]) + 1;
    if (bytes > SGP_PLACE_TEXT_MAX)
        return sgp_fail(fault, SGP_E_ARGUMENT,
                        "text and earlier texts together are longer than 1,000 bytes");
    return SGP_OK;
}

/* Whose neighbourhood is preferred: the question's, the user's, the engine's. */
static sgp_err take_near(const sgp_session *session, const Sigap__V1__FindPlace *query,
                         sgp_jurisdiction *near, sgp_fault *fault) {
    const sgp_settings *settings = session->engine->settings;
    if (query->near_radius_m < 0 || query->near_radius_m > SGP_JURISDICTION_MAX_M)
        return sgp_fail(fault, SGP_E_RANGE, "near_radius_m is not between 0 and %d",
                        SGP_JURISDICTION_MAX_M);
    if (query->near != NULL) {
        if (sgp_point_from_degrees(query->near->lon, query->near->lat, &near->point) != SGP_OK)
            return sgp_fail(fault, SGP_E_RANGE, "near is not a point");
        near->radius_m = query->near_radius_m > 0 ? query->near_radius_m : SGP_NEAR_DEFAULT_M;
    } else {
        *near = session->jurisdiction.radius_m > 0 ? session->jurisdiction : settings->jurisdiction;
    }
    return SGP_OK;
}

/* Letters and digits typed so far; one of UTF-8 counts once. */
static size_t typed_letters(const char *text) {
    size_t n = 0;
    for (const unsigned char *c = (const unsigned char *)text; *c != '\0'; c++) {
        bool letter = (*c >= '0' && *c <= '9') || (*c >= 'A' && *c <= 'Z') ||
                      (*c >= 'a' && *c <= 'z') || *c >= 0xc0;
        n += letter;
    }
    return n;
}

/* Numbers need no names; anything else needs a database or a graph. */
static void answer_alone(sgp_session *session, uint64_t reply_to, const char *text) {
    sgp_fault fault;
    sgp_place place = {.kind = SGP_PLACE_COORDINATES, .confidence_permille = 1000};
    bool is_point = sgp_point_parse(text, &place.point, &fault) == SGP_OK;
    snprintf(place.label, sizeof place.label, "%.6f,%.6f", sgp_lon(place.point),
             sgp_lat(place.point));
    sgp_place_found found = {.places = &place, .n = is_point ? 1 : 0};
    answer_places(session->engine, session->id, reply_to, true, &found, NULL, false);
}

void sgp_find_place(sgp_session *session, uint64_t reply_to, const Sigap__V1__FindPlace *query) {
    sgp_engine *engine = session->engine;
    sgp_fault fault = {0};
    sgp_jurisdiction near = {.radius_m = 0};
    sgp_err err = check_texts(query, &fault);
    if (err == SGP_OK)
        err = take_near(session, query, &near, &fault);
    if (err != SGP_OK) {
        sgp_outbox_error(engine, session->id, reply_to, err, fault.text);
        return;
    }
    sgp_find_place_drop(session);
    if (query->complete && typed_letters(query->text) < 3) {
        answer_places(engine, session->id, reply_to, false, NULL, NULL, false);
        return;
    }
    if (engine->placer == NULL) {
        answer_alone(session, reply_to, query->text);
        return;
    }
    sgp_question *asked = make_question(session, reply_to);
    if (asked != NULL && query->explain && (asked->text = join_texts(query)) == NULL) {
        free_question(asked);
        asked = NULL;
    }
    if (asked == NULL) {
        sgp_outbox_error(engine, session->id, reply_to, SGP_E_MEMORY, NULL);
        return;
    }
    sgp_place_options options = {.earlier = (const char *const *)query->earlier,
                                 .n_earlier = query->n_earlier,
                                 .near = near.radius_m > 0 ? &near.point : NULL,
                                 .near_radius_m = near.radius_m,
                                 .limit = query->limit < SGP_PLACES_MAX ? query->limit : 0,
                                 .complete = query->complete};
    if (query->complete)
        session->completion = asked;
    err = sgp_placer_find(engine->placer, query->text, &options, on_answer, asked, &asked->ticket);
    if (err != SGP_OK)
        on_answer(asked, err, NULL);
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
        answer_places(engine, session->id, reply_to, true, NULL, NULL, false);
        return;
    }
    sgp_question *asked = make_question(session, reply_to);
    if (asked == NULL) {
        sgp_outbox_error(engine, session->id, reply_to, SGP_E_MEMORY, NULL);
        return;
    }
    err = sgp_placer_reverse(engine->placer, point, on_answer, asked);
    if (err != SGP_OK)
        on_answer(asked, err, NULL);
}
