#include "serve/ari_client.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/dns.h>
#include <event2/keyvalq_struct.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <wslay/wslay.h>

#include "base/clock.h"
#include "serve/websocket_key.h"

enum {
    PAUSE_FIRST_MS = 500,
    PAUSE_MOST_MS = 15000,
    QUIET_MS = 5000, /* then it is asked for a sign of life */
    DEAD_MS = 15000,
    BEAT_MS = 1000,
    ANSWER_S = 10,
    REQUESTS_MAX = 8192, /* waiting for their answers */
    PATH_BYTES = 512
};

/* A request that waits for its answer; libevent forgets it in silence with its connection. */
typedef struct question {
    struct question *next;
    sgp_ari_client *client;
    sgp_ari_answer answer;
    uint64_t tag;
} question;

struct sgp_ari_client {
    struct event_base *base;
    struct evdns_base *dns;
    const sgp_exchange_settings *settings;
    sgp_ari_calls calls;
    void *ctx;
    char login[256]; /* "Basic ..." */

    struct evhttp_connection *events; /* the WebSocket's; NULL: none */
    struct bufferevent *wire;         /* of `events`, once it is a WebSocket */
    wslay_event_context_ptr context;
    char accept[SGP_WEBSOCKET_ACCEPT_BYTES]; /* what the exchange must answer to our key */
    int64_t heard_us;
    bool asked;  /* a ping is out */
    bool ending; /* it is given up at the next beat of the loop */
    Sigap__V1__AwayReason reason;
    char why[160];
    struct event *beat, *again, *end, *take;
    int32_t pause_ms;

    struct evhttp_connection *requests;
    question *questions;
    size_t n_requests;
};

#define AWAY(reason) SIGAP__V1__AWAY_REASON__AWAY_##reason

/* ---- giving up and trying again --------------------------------------------- */

static void connect_events(sgp_ari_client *client);

/* The connection may be in one of its own callbacks, so that it ends a moment later. */
static void give_up(sgp_ari_client *client, Sigap__V1__AwayReason reason, const char *why) {
    if (client->ending)
        return;
    client->ending = true;
    client->reason = reason;
    snprintf(client->why, sizeof client->why, "%s", why);
    event_active(client->end, EV_TIMEOUT, 0);
}

static void drop_events(sgp_ari_client *client) {
    if (client->context != NULL)
        wslay_event_context_free(client->context);
    if (client->events != NULL)
        evhttp_connection_free(client->events); /* with its wire */
    client->context = NULL;
    client->events = NULL;
    client->wire = NULL;
}

static bool forget_question(sgp_ari_client *client, question *asked);

/* Nobody hears an answer any more. */
static void drop_requests(sgp_ari_client *client) {
    if (client->requests != NULL)
        evhttp_connection_free(client->requests);
    client->requests = NULL;
    while (client->questions != NULL)
        (void)forget_question(client, client->questions);
}

/* What broke the one connection has most likely broken the other, which would be noticed only by
 * the next question, that would stay without an answer. */
static void on_end(evutil_socket_t fd, short what, void *ctx) {
    (void)fd;
    (void)what;
    sgp_ari_client *client = ctx;
    drop_events(client);
    drop_requests(client);
    client->ending = false;
    struct timeval pause = {client->pause_ms / 1000, client->pause_ms % 1000 * 1000};
    event_add(client->again, &pause);
    client->pause_ms = client->pause_ms * 2 < PAUSE_MOST_MS ? client->pause_ms * 2 : PAUSE_MOST_MS;
    client->calls.down(client->ctx, client->reason, client->why);
}

static void on_again(evutil_socket_t fd, short what, void *ctx) {
    (void)fd;
    (void)what;
    connect_events(ctx);
}

/* ---- the WebSocket ------------------------------------------------------------ */

static ssize_t take_bytes(wslay_event_context_ptr context, uint8_t *bytes, size_t length, int flags,
                          void *ctx) {
    (void)flags;
    sgp_ari_client *client = ctx;
    int n =
        client->ending ? 0 : evbuffer_remove(bufferevent_get_input(client->wire), bytes, length);
    if (n > 0)
        return n;
    wslay_event_set_error(context, WSLAY_ERR_WOULDBLOCK);
    return -1;
}

static ssize_t give_bytes(wslay_event_context_ptr context, const uint8_t *bytes, size_t length,
                          int flags, void *ctx) {
    (void)flags;
    sgp_ari_client *client = ctx;
    if (bufferevent_write(client->wire, bytes, length) == 0)
        return (ssize_t)length;
    wslay_event_set_error(context, WSLAY_ERR_CALLBACK_FAILURE);
    return -1;
}

static int make_mask(wslay_event_context_ptr context, uint8_t *bytes, size_t length, void *ctx) {
    (void)context;
    (void)ctx;
    randombytes_buf(bytes, length);
    return 0;
}

static void on_message(wslay_event_context_ptr context,
                       const struct wslay_event_on_msg_recv_arg *message, void *ctx) {
    (void)context;
    sgp_ari_client *client = ctx;
    client->heard_us = sgp_monotonic_us();
    client->asked = false;
    if (client->ending || message->opcode != WSLAY_TEXT_FRAME)
        return;
    sgp_ari_event event;
    sgp_fault fault = {.text = ""};
    sgp_err err =
        sgp_ari_read_event((const char *)message->msg, message->msg_length, &event, &fault);
    if (err != SGP_OK)
        sgp_log(SGP_LOG_WARN, "exchange_nonsense", "exchange=%s reason=%s",
                SGP_Q(client->settings->name), SGP_Q(fault.text));
    else if (event.kind == SGP_ARI_REPLACED)
        give_up(client, AWAY(REPLACED), "another program has taken the application's name");
    else if (event.kind != SGP_ARI_OTHER)
        client->calls.event(client->ctx, &event);
    sodium_memzero(&event, sizeof event);
}

static void flush(sgp_ari_client *client) {
    if (client->context != NULL && !client->ending && wslay_event_send(client->context) != 0)
        give_up(client, AWAY(BROKEN), "the line cannot be written to");
}

static void on_read(struct bufferevent *wire, void *ctx) {
    (void)wire;
    sgp_ari_client *client = ctx;
    if (client->ending)
        return;
    if (wslay_event_recv(client->context) != 0)
        give_up(client, AWAY(STRANGE), "the exchange broke the protocol");
    else if (wslay_event_get_close_received(client->context))
        give_up(client, AWAY(BROKEN), "the exchange has closed the line");
    flush(client);
}

static void on_event(struct bufferevent *wire, short what, void *ctx) {
    (void)wire;
    if (what & (BEV_EVENT_EOF | BEV_EVENT_ERROR))
        give_up(ctx, AWAY(BROKEN), "the line broke");
}

static void on_beat(evutil_socket_t fd, short what, void *ctx) {
    (void)fd;
    (void)what;
    static const struct wslay_event_msg ping = {WSLAY_PING, NULL, 0};
    sgp_ari_client *client = ctx;
    int64_t silent_ms = (sgp_monotonic_us() - client->heard_us) / 1000;
    if (client->context == NULL || client->ending)
        return;
    if (silent_ms >= DEAD_MS) {
        give_up(client, AWAY(SILENT), "the exchange gives no sign of life");
    } else if (silent_ms >= QUIET_MS && !client->asked) {
        client->asked = wslay_event_queue_msg(client->context, &ping) == 0;
        flush(client);
    }
}

/* ---- the handshake -------------------------------------------------------------- */

/* libevent is done with the wire only after its own callback. */
static void take_wire(evutil_socket_t fd, short what, void *ctx) {
    (void)fd;
    (void)what;
    static const struct wslay_event_callbacks callbacks = {.recv_callback = take_bytes,
                                                           .send_callback = give_bytes,
                                                           .genmask_callback = make_mask,
                                                           .on_msg_recv_callback = on_message};
    sgp_ari_client *client = ctx;
    int on = 1;
    if (client->events == NULL || client->ending)
        return;
    if (wslay_event_context_client_init(&client->context, &callbacks, client) != 0) {
        client->context = NULL;
        give_up(client, AWAY(OTHER), "no memory");
        return;
    }
    wslay_event_config_set_max_recv_msg_length(client->context, SGP_ARI_EVENT_BYTES);
    client->wire = evhttp_connection_get_bufferevent(client->events);
    client->heard_us = sgp_monotonic_us();
    client->asked = false;
    client->pause_ms = PAUSE_FIRST_MS;
    bufferevent_set_timeouts(client->wire, NULL, NULL); /* HTTP's patience is not ours */
    bufferevent_setcb(client->wire, on_read, NULL, on_event, client);
    bufferevent_enable(client->wire, EV_READ | EV_WRITE);
    setsockopt(bufferevent_getfd(client->wire), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    client->calls.up(client->ctx);
    on_read(client->wire, client); /* what came with the handshake */
}

static void on_upgraded(struct evhttp_request *request, void *ctx) {
    sgp_ari_client *client = ctx;
    int status = request != NULL ? evhttp_request_get_response_code(request) : 0;
    const char *accept =
        status == 101
            ? evhttp_find_header(evhttp_request_get_input_headers(request), "Sec-WebSocket-Accept")
            : NULL;
    char why[80];
    if (accept != NULL && strcmp(accept, client->accept) == 0) {
        event_active(client->take, EV_TIMEOUT, 0);
        return;
    }
    Sigap__V1__AwayReason reason = status == 401 || status == 403 ? AWAY(REFUSED)
                                   : status == 0                  ? AWAY(UNREACHABLE)
                                                                  : AWAY(STRANGE);
    if (status == 401 || status == 403)
        snprintf(why, sizeof why, "the exchange refuses user and password (%d)", status);
    else if (status == 0)
        snprintf(why, sizeof why, "nobody answers at its address");
    else if (status == 101)
        snprintf(why, sizeof why, "what answers is no WebSocket");
    else
        snprintf(why, sizeof why, "the exchange answers with HTTP status %d", status);
    give_up(client, reason, why);
}

static struct evhttp_connection *make_connection(sgp_ari_client *client) {
    const sgp_exchange_settings *s = client->settings;
    struct evhttp_connection *made =
        evhttp_connection_base_new(client->base, client->dns, s->host, s->port);
    if (made != NULL)
        evhttp_connection_set_timeout(made, ANSWER_S);
    return made;
}

static void add_headers(const sgp_ari_client *client, struct evhttp_request *request) {
    struct evkeyvalq *headers = evhttp_request_get_output_headers(request);
    char host[300];
    snprintf(host, sizeof host, "%s:%d", client->settings->host, (int)client->settings->port);
    evhttp_add_header(headers, "Host", host);
    evhttp_add_header(headers, "Authorization", client->login);
}

static void connect_events(sgp_ari_client *client) {
    char key[SGP_WEBSOCKET_KEY_BYTES], path[PATH_BYTES];
    struct evhttp_request *request = NULL;
    client->events = make_connection(client);
    if (client->events != NULL)
        request = evhttp_request_new(on_upgraded, client);
    if (request == NULL) {
        give_up(client, AWAY(OTHER), "no memory");
        return;
    }
    sgp_websocket_key(key);
    (void)sgp_websocket_accept(key, client->accept);
    add_headers(client, request);
    struct evkeyvalq *headers = evhttp_request_get_output_headers(request);
    evhttp_add_header(headers, "Upgrade", "websocket");
    evhttp_add_header(headers, "Connection", "Upgrade");
    evhttp_add_header(headers, "Sec-WebSocket-Version", "13");
    evhttp_add_header(headers, "Sec-WebSocket-Key", key);
    snprintf(path, sizeof path, "%s/events?app=%s", client->settings->path,
             client->settings->application);
    if (evhttp_make_request(client->events, request, EVHTTP_REQ_GET, path) != 0)
        give_up(client, AWAY(OTHER), "the request cannot be made");
}

/* ---- requests --------------------------------------------------------------------- */

/* False: it was none. */
static bool forget_question(sgp_ari_client *client, question *asked) {
    for (question **at = &client->questions; *at != NULL; at = &(*at)->next)
        if (*at == asked) {
            *at = asked->next;
            client->n_requests--;
            free(asked);
            return true;
        }
    return false;
}

static void on_answer(struct evhttp_request *request, void *ctx) {
    question asked = *(question *)ctx;
    (void)forget_question(asked.client, ctx);
    struct evbuffer *body = request != NULL ? evhttp_request_get_input_buffer(request) : NULL;
    size_t length = body != NULL ? evbuffer_get_length(body) : 0;
    const char *bytes = length > 0 ? (const char *)evbuffer_pullup(body, (ev_ssize_t)length) : "";
    int status = request != NULL ? evhttp_request_get_response_code(request) : 0;
    if (asked.answer != NULL)
        asked.answer(asked.client->ctx, asked.tag, status, bytes, length);
}

bool sgp_ari_client_ask(sgp_ari_client *client, enum evhttp_cmd_type method, const char *path,
                        sgp_ari_answer answer, uint64_t tag) {
    char whole[PATH_BYTES];
    int n = snprintf(whole, sizeof whole, "%s%s", client->settings->path, path);
    if (n < 0 || (size_t)n >= sizeof whole || client->n_requests >= REQUESTS_MAX)
        return false;
    if (client->requests == NULL) {
        client->requests = make_connection(client);
        if (client->requests == NULL)
            return false;
        evhttp_connection_set_max_body_size(client->requests, SGP_ARI_ANSWER_BYTES);
    }
    question *asked = malloc(sizeof *asked);
    struct evhttp_request *request = asked != NULL ? evhttp_request_new(on_answer, asked) : NULL;
    if (request == NULL) {
        free(asked);
        return false;
    }
    *asked = (question){client->questions, client, answer, tag};
    client->questions = asked;
    add_headers(client, request);
    if (method == EVHTTP_REQ_POST)
        evhttp_add_header(evhttp_request_get_output_headers(request), "Content-Length", "0");
    client->n_requests++;
    if (evhttp_make_request(client->requests, request, method, whole) == 0)
        return true;
    return !forget_question(client, asked); /* else it has been answered: with nothing */
}

/* ---- life ---------------------------------------------------------------------------- */

sgp_err sgp_ari_client_create(struct event_base *base, const sgp_exchange_settings *settings,
                              const sgp_ari_calls *calls, void *ctx, sgp_ari_client **out,
                              sgp_fault *fault) {
    static const struct timeval second = {BEAT_MS / 1000, 0}, now = {0, 0};
    sgp_ari_client *client = calloc(1, sizeof *client);
    if (client == NULL)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory for an exchange");
    client->base = base;
    client->settings = settings;
    client->calls = *calls;
    client->ctx = ctx;
    client->pause_ms = PAUSE_FIRST_MS;
    client->dns =
        evdns_base_new(base, EVDNS_BASE_INITIALIZE_NAMESERVERS | EVDNS_BASE_DISABLE_WHEN_INACTIVE);
    client->beat = event_new(base, -1, EV_PERSIST, on_beat, client);
    client->again = evtimer_new(base, on_again, client);
    client->end = event_new(base, -1, 0, on_end, client);
    client->take = event_new(base, -1, 0, take_wire, client);
    char plain[160];
    int n = snprintf(plain, sizeof plain, "%s:%s", settings->user, settings->password);
    int m = snprintf(client->login, sizeof client->login, "Basic ");
    EVP_EncodeBlock((unsigned char *)client->login + m, (const unsigned char *)plain, n);
    sodium_memzero(plain, sizeof plain);
    if (client->beat == NULL || client->again == NULL || client->end == NULL ||
        client->take == NULL) {
        sgp_ari_client_destroy(client);
        return sgp_fail(fault, SGP_E_MEMORY, "no memory for an exchange");
    }
    event_add(client->beat, &second);
    event_add(client->again, &now);
    *out = client;
    return SGP_OK;
}

static void free_event(struct event *event) {
    if (event != NULL)
        event_free(event);
}

void sgp_ari_client_destroy(sgp_ari_client *client) {
    if (client == NULL)
        return;
    drop_events(client);
    drop_requests(client);
    free_event(client->beat);
    free_event(client->again);
    free_event(client->end);
    free_event(client->take);
    if (client->dns != NULL)
        evdns_base_free(client->dns, 0);
    sodium_memzero(client, sizeof *client);
    free(client);
}
