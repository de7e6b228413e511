/* Calls that wait for a place.
 *
 * A call is looked up with all that was said about it: the words of the earlier calls of its
 * incident, its own first words, and what was added later (NarrowPlace). The words stay sealed
 * in the journal and are read for each look-up.
 *
 * While the database is away the names of the road graph place the call provisionally: the
 * call keeps looking_up, a dispatcher may settle the place by hand, and the words are asked for
 * again once the database is back, unless a person has settled it by then. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "serve/engine_parts.h"

static_assert((int)SGP_LATER_TEXTS_MAX + 1 >= (int)SGP_CALL_TEXTS_MAX, "all texts are kept");

static sgp_lookup **find_lookup(sgp_engine *engine, sgp_id call) {
    sgp_lookup **at = &engine->lookups;
    while (*at != NULL && (*at)->call != call)
        at = &(*at)->next;
    return at;
}

/* No answer comes any more for what was asked. */
static void stop_asking(sgp_engine *engine, sgp_lookup *lookup) {
    if (lookup->asked)
        sgp_placer_drop(engine->placer, lookup->ticket);
    lookup->asked = false;
}

static void remove_lookup(sgp_engine *engine, sgp_lookup **at) {
    sgp_lookup *lookup = *at;
    stop_asking(engine, lookup);
    *at = lookup->next;
    free(lookup);
}

void sgp_lookup_add(sgp_engine *engine, sgp_id call, uint64_t cause) {
    sgp_lookup *lookup = *find_lookup(engine, call);
    if (lookup == NULL) {
        lookup = calloc(1, sizeof *lookup);
        if (lookup == NULL) {
            sgp_log(SGP_LOG_ERROR, "out_of_memory", "where=lookup");
            abort();
        }
        lookup->engine = engine;
        lookup->call = call;
        lookup->next = engine->lookups;
        engine->lookups = lookup;
    }
    stop_asking(engine, lookup);
    lookup->cause = cause;
    lookup->graph_answered = false;
}

void sgp_lookups_clear(sgp_engine *engine) {
    while (engine->lookups != NULL)
        remove_lookup(engine, &engine->lookups);
}

bool sgp_lookup_is_stale(sgp_engine *engine, const sgp_event *event) {
    if (event->kind != SGP_EVENT_CALL_PLACED)
        return false;
    const sgp_lookup *lookup = *find_lookup(engine, event->u.placed.call);
    return lookup != NULL && lookup->cause != event->parent;
}

/* ---- what was said -------------------------------------------------------------- */

enum { CALLS_HEARD = 4 }; /* earlier calls of the incident whose words are asked for too */

typedef struct conversation {
    sgp_personal_copy said[CALLS_HEARD + 1];
    size_t n_said;
    const char *texts[SGP_FIND_EARLIER_MAX + 1]; /* oldest first, borrowed from `said` */
    size_t n;
} conversation;

static void forget_conversation(conversation *talk) {
    for (size_t i = 0; i < talk->n_said; i++)
        sgp_personal_free(&talk->said[i]);
}

static bool is_blank(const char *text) {
    return text[strspn(text, " \t\r\n")] == '\0';
}

/* The newest texts go first until the bound is met; then they are put in order. */
static void take_texts(conversation *talk, size_t nth, size_t *bytes) {
    const sgp_personal_copy *said = &talk->said[nth];
    for (size_t i = said->n_later + 1; i-- > 0;) {
        const char *text = i > 0 ? said->later_place_texts[i - 1] : said->place_text;
        size_t length = strlen(text) + 1;
        if (is_blank(text) || talk->n > SGP_FIND_EARLIER_MAX ||
            *bytes + length > SGP_PLACE_TEXT_MAX + 1)
            continue;
        talk->texts[talk->n++] = text;
        *bytes += length;
    }
}

static void turn_round(conversation *talk) {
    for (size_t i = 0; i < talk->n / 2; i++) {
        const char *text = talk->texts[i];
        talk->texts[i] = talk->texts[talk->n - 1 - i];
        talk->texts[talk->n - 1 - i] = text;
    }
}

/* SGP_OK also where nothing is there any more, because the caller was erased. */
static sgp_err hear(sgp_engine *engine, sgp_id call, conversation *talk) {
    bool erased = false;
    memset(&talk->said[talk->n_said], 0, sizeof talk->said[0]);
    sgp_err err = sgp_journal_personal(engine->journal, call, &talk->said[talk->n_said], &erased);
    if (err == SGP_OK)
        talk->n_said++;
    return err == SGP_E_NOT_FOUND ? SGP_OK : err;
}

static sgp_err gather(sgp_engine *engine, const sgp_call *call, conversation *talk) {
    sgp_id earlier[CALLS_HEARD];
    size_t n_earlier = 0, bytes = 0;
    for (sgp_id id = sgp_world_next_call_of(engine->world, call->incident, 0);
         id != 0 && id < call->id; id = sgp_world_next_call_of(engine->world, call->incident, id))
        if (sgp_world_call(engine->world, id)->n_texts > 0)
            earlier[n_earlier++ % CALLS_HEARD] = id;
    sgp_err err = hear(engine, call->id, talk);
    for (size_t i = 0; i < n_earlier && i < CALLS_HEARD && err == SGP_OK; i++)
        err = hear(engine, earlier[(n_earlier - 1 - i) % CALLS_HEARD], talk);
    for (size_t i = 0; i < talk->n_said && err == SGP_OK; i++)
        take_texts(talk, i, &bytes);
    turn_round(talk);
    return err;
}

/* ---- asking --------------------------------------------------------------------- */

static void queue_placed(sgp_engine *engine, const sgp_lookup *lookup, bool away, bool provisional,
                         const sgp_place *places, size_t n) {
    sgp_input *input = sgp_input_create(SGP_EVENT_CALL_PLACED);
    if (input == NULL)
        return; /* the call stays looking up and is asked for again */
    input->event.parent = lookup->cause;
    input->event.u.placed.call = lookup->call;
    input->event.u.placed.away = away;
    input->event.u.placed.provisional = provisional;
    if (n > SGP_PLACES_MAX)
        n = SGP_PLACES_MAX;
    input->event.u.placed.n_places = (int32_t)n;
    if (n > 0)
        memcpy(input->event.u.placed.places, places, n * sizeof *places);
    sgp_places_add_access(engine, input->event.u.placed.places, n);
    if (!provisional)
        remove_lookup(engine, find_lookup(engine, lookup->call));
    sgp_inbox_put(engine, input);
}

static void on_answer(void *ctx, sgp_err err, const sgp_place_found *found) {
    sgp_lookup *lookup = ctx;
    sgp_engine *engine = lookup->engine;
    bool has_database = engine->settings->database[0] != '\0'; /* that will come back */
    lookup->asked = false;
    if (err == SGP_OK && found->from_graph && has_database) {
        /* Told once; the database is asked when it is back. */
        bool told = lookup->graph_answered;
        lookup->graph_answered = true;
        if (!told && found->n > 0)
            queue_placed(engine, lookup, false, true, found->places, found->n);
    } else if (err == SGP_OK) {
        queue_placed(engine, lookup, false, false, found->places, found->n);
    } else if (err == SGP_E_ARGUMENT) {
        queue_placed(engine, lookup, false, false, NULL, 0);
    } else if (err == SGP_E_DATABASE && !has_database) {
        queue_placed(engine, lookup, true, false, NULL, 0);
    } else if (err == SGP_E_DATABASE) {
        lookup->graph_answered = true; /* it knows no more the second time */
    }
    /* Otherwise the placer is busy: the tick asks again. */
}

/* A call that is forgotten or settled needs no place any more. */
static bool is_wanted(const sgp_engine *engine, sgp_id id) {
    const sgp_call *call = sgp_world_call(engine->world, id);
    return call != NULL && call->looking_up;
}

/* There is no database to wait for: a person must place the call, unless the text is a
 * pair of numbers. */
static void place_alone(sgp_engine *engine, const sgp_lookup *lookup, const char *text) {
    sgp_place place = {.kind = SGP_PLACE_COORDINATES, .confidence_permille = 1000};
    sgp_fault fault;
    bool is_point = sgp_point_parse(text, &place.point, &fault) == SGP_OK &&
                    sgp_point_check(engine, sgp_lon(place.point), sgp_lat(place.point),
                                    &place.point, &fault) == SGP_OK;
    snprintf(place.label, sizeof place.label, "%.6f,%.6f", sgp_lon(place.point),
             sgp_lat(place.point));
    queue_placed(engine, lookup, !is_point, false, &place, is_point ? 1 : 0);
}

/* Prefers the neighbourhood that the call itself names, else that of the whole engine. What a
 * caller names lies around him, however well his phone knows where he stands: within the circle
 * of a good fix alone there would be nothing to prefer. */
static void set_near(const sgp_engine *engine, const sgp_call *call, sgp_place_options *options) {
    enum { AROUND_M = 500 };
    if (call->has_near) {
        options->near = &call->near;
        options->near_radius_m = call->near_m > AROUND_M ? call->near_m : AROUND_M;
    } else if (engine->settings->jurisdiction.radius_m > 0) {
        options->near = &engine->settings->jurisdiction.point;
        options->near_radius_m = engine->settings->jurisdiction.radius_m;
    }
}

/* False when the placer takes no more now. The look-up may be gone afterwards. */
static bool ask_placer(sgp_engine *engine, sgp_lookup *lookup) {
    const sgp_call *call = sgp_world_call(engine->world, lookup->call);
    conversation talk = {.n = 0};
    sgp_err err = gather(engine, call, &talk);
    if (err != SGP_OK) {
        sgp_log(SGP_LOG_ERROR, "words_unread", "call=%llu code=%s",
                (unsigned long long)lookup->call, sgp_err_str(err));
        /* Asking again would not help, and a person can place the call. */
        if (err == SGP_E_CRYPTO || err == SGP_E_CORRUPT)
            queue_placed(engine, lookup, true, false, NULL, 0);
        err = SGP_OK; /* the other calls' words may be readable */
    } else if (talk.n == 0) {
        queue_placed(engine, lookup, false, false, NULL, 0); /* erased: nothing to look for */
    } else if (engine->placer == NULL) {
        place_alone(engine, lookup, talk.texts[talk.n - 1]);
    } else {
        sgp_place_options options = {.earlier = talk.texts, .n_earlier = talk.n - 1};
        set_near(engine, call, &options);
        lookup->asked = true;
        err = sgp_placer_find(engine->placer, talk.texts[talk.n - 1], &options, on_answer, lookup,
                              &lookup->ticket);
        if (err != SGP_OK)
            on_answer(lookup, err, NULL);
    }
    forget_conversation(&talk);
    return err == SGP_OK || err == SGP_E_ARGUMENT;
}

void sgp_lookup_ask(sgp_engine *engine, sgp_id call) {
    sgp_lookup **at = find_lookup(engine, call);
    if (*at == NULL || (*at)->asked)
        return;
    if (is_wanted(engine, call))
        (void)ask_placer(engine, *at);
    else
        remove_lookup(engine, at);
}

void sgp_lookups_retry(sgp_engine *engine) {
    /* While the database is away for days, calls that are long over must not pile up. */
    for (sgp_lookup **at = &engine->lookups; *at != NULL;) {
        if ((*at)->asked || is_wanted(engine, (*at)->call))
            at = &(*at)->next;
        else
            remove_lookup(engine, at);
    }
    bool takes_more = engine->placer != NULL;
    bool away = !takes_more || sgp_placer_away(engine->placer);
    sgp_lookup *next;
    for (sgp_lookup *lookup = engine->lookups; lookup != NULL && takes_more; lookup = next) {
        next = lookup->next;
        if (!lookup->asked && !(away && lookup->graph_answered))
            takes_more = ask_placer(engine, lookup);
    }
}
