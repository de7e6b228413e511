/* Call-takers' own telephones: who takes a ring is rung up by the exchange, and the two are joined.
 *
 * A taker with a telephone in the configuration is called when the claim is on disk; the caller
 * hears it ringing until somebody is really there. Once the handset is off the hook the caller is
 * answered, and both are put into a bridge of the exchange, which is recorded. All that would have
 * to survive a restart is in the names: the handset's channel is sigap-handset-RING-N, the bridge
 * sigap-RING; the exchange's list of channels tells the rest.
 *
 *   claimed ──► handset rings ──► off the hook ──► caller answered, both in the bridge
 *                    │ refuses, nobody, fault            │ taker hangs up: the call is over
 *                    ▼                                   │ the handset's line breaks: it is rung
 *              rings for everybody again                 ▼ up again, a few times
 *
 * A caller is never hung up because a handset's line broke. */
#include <event2/http.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "serve/exchange_parts.h"

#define HANDSET "sigap-handset-"
#define BRIDGE "sigap-"

/* Q.850: normal call clearing, the one who hung up wanted to. */
enum { CAUSE_HUNG_UP = 16, TRIES = 3, PATH_BYTES = 480 };

struct sgp_handset {
    sgp_id ring;
    char channel[SGP_CHANNEL_BYTES];
    bool is_up;   /* off the hook */
    bool is_seen; /* since the line came up last */
    int tries;    /* how often its own line broke */
};

/* ---- names and the table --------------------------------------------------------- */

bool sgp_is_handset(const char *channel) {
    return strncmp(channel, HANDSET, sizeof HANDSET - 1) == 0;
}

static sgp_id number_after(const char *text, const char *prefix, char end) {
    size_t length = strlen(prefix);
    char *rest;
    if (strncmp(text, prefix, length) != 0 || text[length] < '1' || text[length] > '9')
        return 0;
    unsigned long long ring = strtoull(text + length, &rest, 10);
    return *rest == end ? ring : 0;
}

sgp_id sgp_bridge_ring(const char *bridge) {
    return number_after(bridge, BRIDGE, '\0');
}

static const sgp_ring *ring_of(const sgp_exchange *exchange, sgp_id id) {
    const sgp_ring *ring = id != 0 ? sgp_world_ring(exchange->engine->world, id) : NULL;
    return ring != NULL && strcmp(ring->exchange, exchange->settings->name) == 0 ? ring : NULL;
}

/* Somebody has it and it is not over. */
static bool has_taker(const sgp_ring *ring) {
    return ring != NULL && sgp_ring_is_open(ring) && ring->state != SGP_RING_RINGING;
}

static sgp_handset *find(const sgp_exchange *exchange, sgp_id ring) {
    for (size_t i = 0; i < exchange->n_handsets; i++)
        if (exchange->handsets[i].ring == ring)
            return &exchange->handsets[i];
    return NULL;
}

static sgp_handset *find_channel(const sgp_exchange *exchange, const char *channel) {
    for (size_t i = 0; i < exchange->n_handsets; i++)
        if (strcmp(exchange->handsets[i].channel, channel) == 0)
            return &exchange->handsets[i];
    return NULL;
}

static sgp_handset *add(sgp_exchange *exchange, sgp_id ring, const char *channel) {
    if (exchange->n_handsets == exchange->handsets_capacity) {
        size_t capacity = exchange->handsets_capacity ? 2 * exchange->handsets_capacity : 16;
        sgp_handset *grown = realloc(exchange->handsets, capacity * sizeof *grown);
        if (grown == NULL) {
            sgp_log(SGP_LOG_ERROR, "out_of_memory", "where=handsets");
            abort();
        }
        exchange->handsets = grown;
        exchange->handsets_capacity = capacity;
    }
    sgp_handset *made = &exchange->handsets[exchange->n_handsets++];
    *made = (sgp_handset){.ring = ring, .is_seen = true};
    snprintf(made->channel, sizeof made->channel, "%s", channel);
    return made;
}

static void forget(sgp_exchange *exchange, sgp_handset *handset) {
    *handset = exchange->handsets[--exchange->n_handsets];
}

void sgp_handsets_forget(sgp_exchange *exchange) {
    for (size_t i = 0; i < exchange->n_handsets; i++)
        exchange->handsets[i].is_seen = false;
}

const char *sgp_handset_of(const sgp_exchange *exchange, const sgp_ring *ring) {
    const sgp_settings *settings = exchange->engine->settings;
    for (size_t i = 0; i < settings->n_users; i++)
        if (strcmp(settings->users[i].name, ring->claimed_by) == 0)
            return settings->users[i].telephone[0] != '\0' ? settings->users[i].telephone : NULL;
    return NULL;
}

/* ---- the bridge -------------------------------------------------------------------- */

static void hang_up(sgp_exchange *exchange, const char *channel) {
    sgp_exchange_request_of(exchange, EVHTTP_REQ_DELETE, channel, "", NULL, 0);
}

static void drop_bridge(sgp_exchange *exchange, sgp_id ring) {
    char path[96];
    snprintf(path, sizeof path, "/bridges/" BRIDGE "%llu", (unsigned long long)ring);
    sgp_exchange_request(exchange, EVHTTP_REQ_DELETE, path, NULL, 0);
}

/* The caller is answered and hears nobody: the handset is rung up again. */
static void on_joined(void *ctx, uint64_t tag, int status, const char *body, size_t length) {
    (void)body;
    (void)length;
    sgp_exchange *exchange = ctx;
    sgp_handset *handset = find(exchange, tag);
    if (handset == NULL || status / 100 == 2)
        return;
    sgp_log(SGP_LOG_ERROR, "handset_not_joined", "ring=%llu exchange=%s status=%d",
            (unsigned long long)tag, SGP_Q(exchange->settings->name), status);
    if (status != 0)
        hang_up(exchange, handset->channel); /* the end of its channel goes on from here */
}

/* Requests are answered one after the other, so each finds what the one before has made. Repeating
 * any of it does no harm. */
static void join(sgp_exchange *exchange, const sgp_ring *ring, const sgp_handset *handset) {
    char path[PATH_BYTES];
    unsigned long long id = ring->id;
    char *caller = evhttp_uriencode(ring->channel, -1, 0);
    if (caller == NULL)
        return;
    sgp_exchange_connect(exchange, ring);
    snprintf(path, sizeof path, "/bridges/" BRIDGE "%llu?type=mixing&name=sigap", id);
    sgp_exchange_request(exchange, EVHTTP_REQ_POST, path, NULL, 0);
    snprintf(path, sizeof path, "/bridges/" BRIDGE "%llu/addChannel?channel=%s,%s", id, caller,
             handset->channel);
    sgp_exchange_request(exchange, EVHTTP_REQ_POST, path, on_joined, ring->id);
    if (exchange->settings->record) {
        snprintf(path, sizeof path,
                 "/bridges/" BRIDGE "%llu/record?name=sigap-%llu&format=wav&ifExists=append", id,
                 id);
        sgp_exchange_request(exchange, EVHTTP_REQ_POST, path, NULL, 0);
    }
    free(caller);
}

/* ---- ringing it up ------------------------------------------------------------------- */

/* As if the taker had given it back: it rings for everybody, at once. */
static void give_back(sgp_exchange *exchange, const sgp_ring *ring) {
    if (ring->state != SGP_RING_CLAIMED)
        return;
    sgp_input *input = sgp_input_create(SGP_EVENT_RING_TAKEN);
    if (input == NULL)
        return; /* the claim runs out by itself */
    input->event.u.ring_taken.ring = ring->id;
    input->event.u.ring_taken.give_back = true;
    memcpy(input->event.actor, ring->claimed_by, sizeof input->event.actor);
    sgp_inbox_put(exchange->engine, input);
}

static void on_rung_up(void *ctx, uint64_t tag, int status, const char *body, size_t length) {
    (void)body;
    (void)length;
    sgp_exchange *exchange = ctx;
    sgp_handset *handset = find(exchange, tag);
    const sgp_ring *ring = ring_of(exchange, tag);
    if (status / 100 == 2 || handset == NULL)
        return;
    sgp_log(SGP_LOG_ERROR, "handset_not_called", "ring=%llu exchange=%s status=%d",
            (unsigned long long)tag, SGP_Q(exchange->settings->name), status);
    forget(exchange, handset);
    if (ring != NULL)
        give_back(exchange, ring);
}

/* The exchange lets it ring as long as the claim holds; 30 s where that is for ever. */
static void ring_up(sgp_exchange *exchange, const sgp_ring *ring, const char *telephone,
                    int tries) {
    char channel[SGP_CHANNEL_BYTES], path[PATH_BYTES];
    int64_t left_ms = ring->claim_until_ms - sgp_engine_now_ms(exchange->engine);
    int seconds = ring->claim_until_ms == 0 ? 30 : left_ms > 1000 ? (int)(left_ms / 1000) : 1;
    char *endpoint = evhttp_uriencode(telephone, -1, 0);
    char *line = evhttp_uriencode(ring->line, -1, 0);
    if (endpoint == NULL || line == NULL) {
        free(endpoint);
        free(line);
        return;
    }
    snprintf(channel, sizeof channel, HANDSET "%llu-%08x", (unsigned long long)ring->id,
             (unsigned)randombytes_random());
    snprintf(path, sizeof path, "?endpoint=%s&app=%s&appArgs=handset&callerId=%s&timeout=%d",
             endpoint, exchange->settings->application, line, seconds);
    free(endpoint);
    free(line);
    add(exchange, ring->id, channel)->tries = tries;
    sgp_exchange_request_of(exchange, EVHTTP_REQ_POST, channel, path, on_rung_up, ring->id);
}

void sgp_handset_call(sgp_exchange *exchange, const sgp_ring *ring, const char *telephone) {
    const sgp_handset *handset = find(exchange, ring->id);
    if (handset == NULL)
        ring_up(exchange, ring, telephone, 0);
    else if (handset->is_up)
        join(exchange, ring, handset);
}

void sgp_handset_drop(sgp_exchange *exchange, sgp_id id) {
    const sgp_ring *ring = ring_of(exchange, id);
    sgp_handset *handset = find(exchange, id);
    if (handset == NULL)
        return;
    char channel[SGP_CHANNEL_BYTES];
    memcpy(channel, handset->channel, sizeof channel);
    forget(exchange, handset);
    hang_up(exchange, channel);
    if (ring == NULL || !sgp_ring_is_open(ring))
        drop_bridge(exchange, id);
}

/* ---- what becomes of it ---------------------------------------------------------------- */

static void picked_up(sgp_exchange *exchange, const char *channel) {
    sgp_id id = number_after(channel, HANDSET, '-');
    const sgp_ring *ring = ring_of(exchange, id);
    sgp_handset *handset = find(exchange, id);
    if (!has_taker(ring) || (handset != NULL && strcmp(handset->channel, channel) != 0)) {
        hang_up(exchange, channel); /* too late, or of a claim that is void */
        return;
    }
    if (handset == NULL)
        handset = add(exchange, id, channel);
    handset->is_up = true;
    join(exchange, ring, handset);
}

static void broke(sgp_exchange *exchange, const sgp_ring *ring, int tries) {
    const char *telephone = sgp_handset_of(exchange, ring);
    sgp_log(SGP_LOG_ERROR, "handset_lost", "ring=%llu exchange=%s tries=%d again=%d",
            (unsigned long long)ring->id, SGP_Q(exchange->settings->name), tries,
            telephone != NULL && tries < TRIES);
    if (telephone != NULL && tries < TRIES)
        ring_up(exchange, ring, telephone, tries);
}

static void ended(sgp_exchange *exchange, const char *channel, int cause) {
    sgp_handset *handset = find_channel(exchange, channel);
    const sgp_ring *ring = handset != NULL ? ring_of(exchange, handset->ring) : NULL;
    if (handset == NULL)
        return; /* we hung up */
    bool was_up = handset->is_up;
    int tries = handset->tries + 1;
    forget(exchange, handset);
    if (!has_taker(ring))
        return;
    if (ring->state == SGP_RING_CLAIMED) {
        give_back(exchange, ring);
    } else if (was_up && cause == CAUSE_HUNG_UP) {
        hang_up(exchange, ring->channel);
        drop_bridge(exchange, ring->id);
    } else {
        broke(exchange, ring, tries);
    }
}

void sgp_handset_event(sgp_exchange *exchange, const sgp_ari_event *event) {
    const char *channel = event->channel.id;
    const sgp_handset *handset = find_channel(exchange, channel);
    const sgp_ring *ring = handset != NULL ? ring_of(exchange, handset->ring) : NULL;
    switch (event->kind) {
    case SGP_ARI_CAME:
        picked_up(exchange, channel);
        break;
    case SGP_ARI_HELD:
    case SGP_ARI_RESUMED:
        if (has_taker(ring))
            sgp_exchange_tell(exchange, ring->channel,
                              event->kind == SGP_ARI_HELD ? SGP_NEWS_HELD : SGP_NEWS_RESUMED, NULL);
        break;
    case SGP_ARI_GONE:
        if (event->is_destroyed)
            ended(exchange, channel, event->cause);
        break;
    default:
        break; /* a handset that is Up enters the application next */
    }
}

/* ---- when the line comes up ----------------------------------------------------------------- */

void sgp_handset_found(sgp_exchange *exchange, const sgp_ari_channel *channel) {
    sgp_id id = number_after(channel->id, HANDSET, '-');
    sgp_handset *handset = find(exchange, id);
    if (!has_taker(ring_of(exchange, id)) ||
        (handset != NULL && strcmp(handset->channel, channel->id) != 0)) {
        hang_up(exchange, channel->id);
        return;
    }
    if (handset == NULL)
        handset = add(exchange, id, channel->id);
    handset->is_seen = true;
    handset->is_up = channel->is_up;
}

void sgp_handset_settle(sgp_exchange *exchange, const sgp_ring *ring) {
    const char *telephone = sgp_handset_of(exchange, ring);
    sgp_handset *handset = find(exchange, ring->id);
    if (handset != NULL && !handset->is_seen) {
        forget(exchange, handset);
        handset = NULL;
    }
    /* Of a caller who was answered before, too: better joined twice than to nobody. */
    if (telephone != NULL && has_taker(ring))
        sgp_handset_call(exchange, ring, telephone);
}
