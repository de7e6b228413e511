/* Telephone exchanges: what they say becomes events, and rings that somebody claims are answered.
 *
 * Between the line to an exchange (ari_client.h) and the core (core/rings.h). When a line comes up
 * the exchange is asked for its channels, and what happened meanwhile is settled: rings whose
 * channel is gone are over, channels that nobody knows ring, claimed ones are answered. What came
 * since the line is up is left to its events, which the list may not know yet. */
#include <event2/http.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "serve/exchange_parts.h"

enum { SETTLE_AGAIN_S = 2 };

/* ---- from what it says to events ------------------------------------------------ */

static void tell_of(sgp_engine *engine, const char *exchange, const char *channel,
                    sgp_ring_news news, const char *recording) {
    sgp_input *input = sgp_input_create(SGP_EVENT_RING_TOLD);
    if (input == NULL) {
        /* A call that is never over would stay on every screen: the journal knows better. */
        sgp_log(SGP_LOG_ERROR, "out_of_memory", "where=exchanges");
        abort();
    }
    memcpy(input->event.u.ring_told.exchange, exchange, SGP_CODE_BYTES);
    snprintf(input->event.u.ring_told.channel, SGP_CHANNEL_BYTES, "%s", channel);
    input->event.u.ring_told.news = news;
    if (recording != NULL)
        snprintf(input->event.u.ring_told.recording, SGP_NAME_BYTES, "%s", recording);
    sgp_inbox_put(engine, input);
}

void sgp_exchange_tell(sgp_exchange *exchange, const char *channel, sgp_ring_news news,
                       const char *recording) {
    tell_of(exchange->engine, exchange->settings->name, channel, news, recording);
}

static void came(sgp_exchange *exchange, const sgp_ari_channel *channel) {
    sgp_engine *engine = exchange->engine;
    sgp_input *input = sgp_input_create(SGP_EVENT_RING_CAME);
    sgp_event *event = input != NULL ? &input->event : NULL;
    if (event != NULL && channel->number[0] != '\0')
        input->personal.caller_number = strdup(channel->number);
    if (event == NULL || (channel->number[0] != '\0' && input->personal.caller_number == NULL)) {
        sgp_log(SGP_LOG_ERROR, "out_of_memory", "where=exchanges");
        abort();
    }
    memcpy(event->u.ring_came.exchange, exchange->settings->name, SGP_CODE_BYTES);
    memcpy(event->u.ring_came.line, channel->line, SGP_CODE_BYTES);
    memcpy(event->u.ring_came.channel, channel->id, SGP_CHANNEL_BYTES);
    if (!sgp_number_token(engine->number_key, channel->number, event->u.ring_came.number))
        memset(event->u.ring_came.number, 0, SGP_CALLER_TOKEN_BYTES);
    sgp_inbox_put(engine, input);
}

void sgp_exchange_request(sgp_exchange *exchange, enum evhttp_cmd_type method, const char *path,
                          sgp_ari_answer answer, uint64_t tag) {
    if (!sgp_ari_client_ask(exchange->client, method, path, answer, tag))
        sgp_log(SGP_LOG_WARN, "exchange_request_failed", "exchange=%s",
                SGP_Q(exchange->settings->name));
}

void sgp_exchange_request_of(sgp_exchange *exchange, enum evhttp_cmd_type method,
                             const char *channel, const char *what, sgp_ari_answer answer,
                             uint64_t tag) {
    char path[3 * SGP_CHANNEL_BYTES + 480];
    char *escaped = evhttp_uriencode(channel, -1, 0);
    if (escaped == NULL)
        return;
    snprintf(path, sizeof path, "/channels/%s%s", escaped, what);
    free(escaped);
    sgp_exchange_request(exchange, method, path, answer, tag);
}

/* The caller hears that it rings, whatever the dialplan did before. */
static void indicate(sgp_exchange *exchange, const sgp_ari_channel *channel) {
    if (!channel->is_up)
        sgp_exchange_request_of(exchange, EVHTTP_REQ_POST, channel->id, "/ring", NULL, 0);
}

static void recorded_bridge(sgp_exchange *exchange, const sgp_ari_event *event) {
    sgp_id id = sgp_bridge_ring(event->bridge);
    const sgp_ring *ring = id != 0 ? sgp_world_ring(exchange->engine->world, id) : NULL;
    if (ring != NULL && strcmp(ring->exchange, exchange->settings->name) == 0)
        sgp_exchange_tell(exchange, ring->channel, SGP_NEWS_RECORDED, event->recording);
}

static void on_event(void *ctx, const sgp_ari_event *event) {
    sgp_exchange *exchange = ctx;
    const sgp_ari_channel *channel = &event->channel;
    if (event->bridge[0] != '\0') {
        recorded_bridge(exchange, event);
        return;
    }
    if (sgp_is_handset(channel->id)) {
        sgp_handset_event(exchange, event);
        return;
    }
    switch (event->kind) {
    case SGP_ARI_CAME:
        came(exchange, channel);
        indicate(exchange, channel);
        break;
    case SGP_ARI_STATE:
        if (channel->is_up)
            sgp_exchange_tell(exchange, channel->id, SGP_NEWS_ANSWERED, NULL);
        break;
    case SGP_ARI_HELD:
        sgp_exchange_tell(exchange, channel->id, SGP_NEWS_HELD, NULL);
        break;
    case SGP_ARI_RESUMED:
        sgp_exchange_tell(exchange, channel->id, SGP_NEWS_RESUMED, NULL);
        break;
    case SGP_ARI_GONE: {
        /* Both leaving us and being destroyed come; the second says nothing new. */
        const char *name = exchange->settings->name;
        sgp_id id = sgp_world_ring_of(exchange->engine->world, name, channel->id);
        const sgp_ring *ring = sgp_world_ring(exchange->engine->world, id);
        if (ring == NULL || sgp_ring_is_open(ring))
            sgp_exchange_tell(exchange, channel->id, SGP_NEWS_ENDED, NULL);
        break;
    }
    case SGP_ARI_RECORDED:
        sgp_exchange_tell(exchange, channel->id, SGP_NEWS_RECORDED, event->recording);
        break;
    default:
        break;
    }
}

/* ---- answering -------------------------------------------------------------------- */

static void start_recording(sgp_exchange *exchange, const sgp_ring *ring) {
    char what[120];
    snprintf(what, sizeof what, "/record?name=sigap-%llu&format=wav&ifExists=append",
             (unsigned long long)ring->id);
    sgp_exchange_request_of(exchange, EVHTTP_REQ_POST, ring->channel, what, NULL, ring->id);
}

static void on_answered(void *ctx, uint64_t tag, int status, const char *body, size_t length) {
    (void)body;
    (void)length;
    sgp_exchange *exchange = ctx;
    const sgp_ring *ring = sgp_world_ring(exchange->engine->world, tag);
    if (ring == NULL || !sgp_ring_is_open(ring))
        return;
    if (status >= 200 && status < 300) {
        sgp_exchange_tell(exchange, ring->channel, SGP_NEWS_ANSWERED, NULL);
        if (exchange->settings->record && sgp_handset_of(exchange, ring) == NULL)
            start_recording(exchange, ring);
    } else if (status == 404) {
        sgp_exchange_tell(exchange, ring->channel, SGP_NEWS_ENDED, NULL); /* hung up just now */
    } else {
        sgp_log(SGP_LOG_WARN, "ring_not_answered", "ring=%llu exchange=%s status=%d",
                (unsigned long long)tag, SGP_Q(exchange->settings->name), status);
    }
}

static sgp_exchange *find_exchange(sgp_engine *engine, const char *name) {
    for (size_t i = 0; i < engine->settings->n_exchanges; i++)
        if (engine->exchanges != NULL && engine->exchanges[i].client != NULL &&
            strcmp(engine->exchanges[i].settings->name, name) == 0)
            return &engine->exchanges[i];
    return NULL;
}

void sgp_exchange_connect(sgp_exchange *exchange, const sgp_ring *ring) {
    sgp_exchange_request_of(exchange, EVHTTP_REQ_POST, ring->channel, "/answer", on_answered,
                            ring->id);
}

void sgp_exchange_ring_changed(sgp_engine *engine, sgp_id id) {
    const sgp_ring *ring = sgp_world_ring(engine->world, id);
    sgp_exchange *exchange = ring != NULL ? find_exchange(engine, ring->exchange) : NULL;
    if (exchange != NULL && (ring->state == SGP_RING_RINGING || !sgp_ring_is_open(ring)))
        sgp_handset_drop(exchange, id);
}

void sgp_exchange_answer(sgp_engine *engine, sgp_id id) {
    const sgp_ring *ring = sgp_world_ring(engine->world, id);
    sgp_exchange *exchange = ring != NULL ? find_exchange(engine, ring->exchange) : NULL;
    const char *telephone = exchange != NULL ? sgp_handset_of(exchange, ring) : NULL;
    if (ring == NULL || ring->state != SGP_RING_CLAIMED || engine->exchanges == NULL)
        return;
    if (exchange == NULL)
        sgp_log(SGP_LOG_WARN, "ring_not_answered", "ring=%llu reason=%s", (unsigned long long)id,
                SGP_Q("its exchange is not in the configuration any more"));
    else if (telephone != NULL)
        sgp_handset_call(exchange, ring, telephone);
    else
        sgp_exchange_connect(exchange, ring);
}

/* ---- when the line comes up ---------------------------------------------------------- */

/* The channels that the exchange has for us. */
typedef struct roll {
    sgp_exchange *exchange;
    sgp_ari_channel *channels;
    size_t n, capacity;
} roll;

static void note_channel(void *ctx, const sgp_ari_channel *channel) {
    roll *list = ctx;
    /* A handset that rings is in no application yet. */
    if (sgp_is_handset(channel->id)) {
        sgp_handset_found(list->exchange, channel);
        return;
    }
    if (strcmp(channel->application, list->exchange->settings->application) != 0)
        return;
    if (list->n == list->capacity) {
        size_t capacity = list->capacity != 0 ? 2 * list->capacity : 64;
        sgp_ari_channel *grown = realloc(list->channels, capacity * sizeof *grown);
        if (grown == NULL)
            return; /* the rest is learned from its events */
        list->channels = grown;
        list->capacity = capacity;
    }
    list->channels[list->n++] = *channel;
}

static const sgp_ari_channel *find_channel(const roll *list, const char *id) {
    for (size_t i = 0; i < list->n; i++)
        if (strcmp(list->channels[i].id, id) == 0)
            return &list->channels[i];
    return NULL;
}

static void settle_known(const roll *list) {
    sgp_exchange *exchange = list->exchange;
    const sgp_world *world = exchange->engine->world;
    for (sgp_id id = 0; (id = sgp_world_next_ring(world, id)) != 0;) {
        const sgp_ring *ring = sgp_world_ring(world, id);
        if (!sgp_ring_is_open(ring) || id > exchange->seq_at_up ||
            strcmp(ring->exchange, exchange->settings->name) != 0)
            continue;
        const sgp_ari_channel *channel = find_channel(list, ring->channel);
        if (channel == NULL)
            sgp_exchange_tell(exchange, ring->channel, SGP_NEWS_LOST, NULL);
        else if (sgp_handset_of(exchange, ring) != NULL)
            sgp_handset_settle(exchange, ring);
        else if (ring->state == SGP_RING_CLAIMED)
            sgp_exchange_answer(exchange->engine, id);
    }
}

static void on_channels(void *ctx, uint64_t tag, int status, const char *body, size_t length) {
    sgp_exchange *exchange = ctx;
    roll list = {.exchange = exchange};
    sgp_fault fault = {.text = ""};
    if (tag != exchange->seq_at_up)
        return; /* of a line that has been lost since */
    sgp_err err = SGP_E_IO;
    if (status == 200)
        err = sgp_ari_read_channels(body, length, note_channel, &list, &fault);
    if (err != SGP_OK) {
        sgp_log(SGP_LOG_WARN, "exchange_not_settled", "exchange=%s status=%d reason=%s",
                SGP_Q(exchange->settings->name), status, SGP_Q(fault.text));
        const struct timeval pause = {SETTLE_AGAIN_S, 0};
        event_add(exchange->settle, &pause);
    } else {
        settle_known(&list);
        for (size_t i = 0; i < list.n; i++)
            if (sgp_world_ring_of(exchange->engine->world, exchange->settings->name,
                                  list.channels[i].id) == 0) {
                came(exchange, &list.channels[i]);
                indicate(exchange, &list.channels[i]);
            }
    }
    if (list.channels != NULL)
        sodium_memzero(list.channels, list.n * sizeof *list.channels);
    free(list.channels);
}

/* Until it is answered: a ring whose channel is gone would ring for ever. */
static void ask_channels(sgp_exchange *exchange) {
    sgp_handsets_forget(exchange);
    if (!sgp_ari_client_ask(exchange->client, EVHTTP_REQ_GET, "/channels", on_channels,
                            exchange->seq_at_up)) {
        const struct timeval pause = {SETTLE_AGAIN_S, 0};
        event_add(exchange->settle, &pause);
    }
}

static void on_settle(evutil_socket_t fd, short what, void *ctx) {
    (void)fd;
    (void)what;
    ask_channels(ctx);
}

/* ---- here and away ---------------------------------------------------------------------- */

static void fill(const sgp_exchange *exchange, Sigap__V1__Exchange *row) {
    sigap__v1__exchange__init(row);
    row->name = (char *)(uintptr_t)exchange->settings->name;
    row->away = exchange->away;
    row->since_ms = exchange->since_ms;
    row->reason = exchange->away ? exchange->reason : SIGAP__V1__AWAY_REASON__AWAY_OTHER;
    row->fault = (char *)(uintptr_t)exchange->fault;
}

void sgp_exchanges_fill(sgp_engine *engine, sgp_exchange_rows *rows) {
    rows->n = engine->exchanges != NULL ? engine->settings->n_exchanges : 0;
    for (size_t i = 0; i < rows->n; i++) {
        fill(&engine->exchanges[i], &rows->row[i]);
        rows->list[i] = &rows->row[i];
    }
}

static void tell_watchers(sgp_exchange *exchange) {
    sgp_engine *engine = exchange->engine;
    Sigap__V1__Exchange row, *list = &row;
    Sigap__V1__Update update = SIGAP__V1__UPDATE__INIT;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    if (engine->n_watchers == 0)
        return;
    fill(exchange, &row);
    update.event_seq = sgp_world_seq(engine->world);
    update.at_ms = sgp_engine_now_ms(engine);
    update.exchanges = &list;
    update.n_exchanges = 1;
    frame.body_case = SIGAP__V1__FRAME__BODY_UPDATE;
    frame.update = &update;
    sgp_outbox_put(engine, SGP_TO_WATCHERS, 0, &frame);
}

static void on_up(void *ctx) {
    sgp_exchange *exchange = ctx;
    exchange->away = false;
    exchange->since_ms = sgp_engine_now_ms(exchange->engine);
    exchange->fault[0] = '\0';
    exchange->seq_at_up = sgp_world_seq(exchange->engine->world);
    sgp_log(SGP_LOG_INFO, "exchange_here", "exchange=%s", SGP_Q(exchange->settings->name));
    tell_watchers(exchange);
    ask_channels(exchange);
}

static void on_down(void *ctx, Sigap__V1__AwayReason reason, const char *why) {
    sgp_exchange *exchange = ctx;
    event_del(exchange->settle);
    bool was_away = exchange->away && strcmp(exchange->fault, why) == 0;
    if (!exchange->away)
        exchange->since_ms = sgp_engine_now_ms(exchange->engine);
    exchange->away = true;
    exchange->reason = reason;
    snprintf(exchange->fault, sizeof exchange->fault, "%s", why);
    if (was_away)
        return; /* it has been said */
    sgp_log(SGP_LOG_ERROR, "exchange_away", "exchange=%s reason=%s effect=%s",
            SGP_Q(exchange->settings->name), SGP_Q(why), SGP_Q("NO CALL COMES IN BY IT"));
    tell_watchers(exchange);
}

static bool is_configured(const sgp_engine *engine, const char *exchange) {
    for (size_t i = 0; i < engine->settings->n_exchanges; i++)
        if (strcmp(engine->settings->exchanges[i].name, exchange) == 0)
            return true;
    return false;
}

/* Nobody will ever tell how the rings of an exchange that was taken out of the configuration end.
 */
static void lose_rings_of_strangers(sgp_engine *engine) {
    for (sgp_id id = 0; (id = sgp_world_next_ring(engine->world, id)) != 0;) {
        const sgp_ring *ring = sgp_world_ring(engine->world, id);
        if (sgp_ring_is_open(ring) && !is_configured(engine, ring->exchange))
            tell_of(engine, ring->exchange, ring->channel, SGP_NEWS_LOST, NULL);
    }
}

sgp_err sgp_exchanges_start(sgp_engine *engine, sgp_fault *fault) {
    static const sgp_ari_calls calls = {.up = on_up, .down = on_down, .event = on_event};
    size_t n = engine->settings->n_exchanges;
    engine->exchanges = calloc(n + 1, sizeof *engine->exchanges);
    if (engine->exchanges == NULL)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory for exchanges");
    for (size_t i = 0; i < n; i++) {
        sgp_exchange *exchange = &engine->exchanges[i];
        exchange->engine = engine;
        exchange->settings = &engine->settings->exchanges[i];
        exchange->away = true;
        exchange->since_ms = sgp_engine_now_ms(engine);
        exchange->reason = SIGAP__V1__AWAY_REASON__AWAY_CONNECTING;
        snprintf(exchange->fault, sizeof exchange->fault, "connecting");
    }
    for (size_t i = 0; i < n; i++) {
        sgp_exchange *exchange = &engine->exchanges[i];
        exchange->settle = evtimer_new(engine->base, on_settle, exchange);
        if (exchange->settle == NULL)
            return sgp_fail(fault, SGP_E_MEMORY, "no memory for exchanges");
        sgp_err err = sgp_ari_client_create(engine->base, exchange->settings, &calls, exchange,
                                            &exchange->client, fault);
        if (err != SGP_OK)
            return err;
    }
    lose_rings_of_strangers(engine);
    return SGP_OK;
}

void sgp_exchanges_stop(sgp_engine *engine) {
    for (size_t i = 0; engine->exchanges != NULL && i < engine->settings->n_exchanges; i++) {
        sgp_ari_client_destroy(engine->exchanges[i].client);
        engine->exchanges[i].client = NULL;
        if (engine->exchanges[i].settle != NULL)
            event_free(engine->exchanges[i].settle);
        engine->exchanges[i].settle = NULL;
        free(engine->exchanges[i].handsets);
    }
    free(engine->exchanges);
    engine->exchanges = NULL;
}
