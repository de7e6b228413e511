#include "websocket_client.h"

#include <event2/buffer.h>
#include <event2/bufferevent_ssl.h>
#include <event2/http.h>
#include <event2/http_struct.h>
#include <event2/keyvalq_struct.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <wslay/wslay.h>

#include "base/buffer.h"
#include "serve/frame.h"
#include "serve/proto_json.h"

struct websocket_client {
    struct evhttp_connection *connection;
    struct bufferevent *wire;
    struct event *upgraded; /* takes the wire in the next turn */
    wslay_event_context_ptr context;
    websocket_calls calls;
    void *ctx;
    bool json, is_open, closed;
    int goodbye;
    uint64_t seq, out, in;
};

static void end(websocket_client *client, int code) {
    if (client->closed)
        return;
    client->closed = true;
    client->is_open = false;
    if (client->calls.closed)
        client->calls.closed(client, code, client->ctx);
}

/* ---- wslay ------------------------------------------------------------------ */

static ssize_t take_bytes(wslay_event_context_ptr context, uint8_t *bytes, size_t length, int flags,
                          void *ctx) {
    (void)flags;
    websocket_client *client = ctx;
    int n =
        client->closed ? 0 : evbuffer_remove(bufferevent_get_input(client->wire), bytes, length);
    if (n > 0) {
        client->in += (uint64_t)n;
        return n;
    }
    wslay_event_set_error(context, WSLAY_ERR_WOULDBLOCK);
    return -1;
}

static ssize_t give_bytes(wslay_event_context_ptr context, const uint8_t *bytes, size_t length,
                          int flags, void *ctx) {
    (void)flags;
    websocket_client *client = ctx;
    client->out += length;
    if (bufferevent_write(client->wire, bytes, length) == 0)
        return (ssize_t)length;
    wslay_event_set_error(context, WSLAY_ERR_CALLBACK_FAILURE);
    return -1;
}

static int make_mask(wslay_event_context_ptr context, uint8_t *bytes, size_t length, void *ctx) {
    (void)context;
    (void)ctx;
    return RAND_bytes(bytes, (int)length) == 1 ? 0 : -1;
}

static void on_message(wslay_event_context_ptr context,
                       const struct wslay_event_on_msg_recv_arg *message, void *ctx) {
    (void)context;
    websocket_client *client = ctx;
    if (message->opcode == WSLAY_CONNECTION_CLOSE)
        client->goodbye = message->status_code;
    if (client->closed || wslay_is_ctrl_frame(message->opcode))
        return;
    Sigap__V1__Frame *frame = NULL;
    ProtobufCMessage *read = NULL;
    sgp_fault fault;
    if (message->opcode == WSLAY_BINARY_FRAME) {
        if (sgp_frame_decode(message->msg, message->msg_length, &frame, &fault) != SGP_OK)
            abort();
    } else {
        if (sgp_message_from_json_text(&sigap__v1__frame__descriptor, (const char *)message->msg,
                                       message->msg_length, &read, &fault) != SGP_OK)
            abort();
        frame = (Sigap__V1__Frame *)read;
    }
    if (client->calls.frame)
        client->calls.frame(client, frame, client->ctx);
    sigap__v1__frame__free_unpacked(frame, NULL);
}

/* ---- the wire ---------------------------------------------------------------- */

static void on_read(struct bufferevent *wire, void *ctx) {
    (void)wire;
    websocket_client *client = ctx;
    if (client->closed)
        return;
    int failed = wslay_event_recv(client->context);
    if (!failed && !client->closed)
        failed = wslay_event_send(client->context);
    if (failed || wslay_event_get_close_received(client->context))
        end(client, client->goodbye);
}

static void on_event(struct bufferevent *wire, short what, void *ctx) {
    (void)wire;
    websocket_client *client = ctx;
    if (what & (BEV_EVENT_EOF | BEV_EVENT_ERROR))
        end(client, client->goodbye);
}

static void on_answer(struct evhttp_request *request, void *ctx) {
    static const struct wslay_event_callbacks callbacks = {.recv_callback = take_bytes,
                                                           .send_callback = give_bytes,
                                                           .genmask_callback = make_mask,
                                                           .on_msg_recv_callback = on_message};
    websocket_client *client = ctx;
    int status = request ? evhttp_request_get_response_code(request) : 0;
    if (status != 101) {
        end(client, status);
        return;
    }
    if (wslay_event_context_client_init(&client->context, &callbacks, client) != 0)
        abort();
    client->is_open = true;
    client->wire = evhttp_connection_get_bufferevent(client->connection);
    if (client->calls.opened)
        client->calls.opened(client, client->ctx);
}

/* libevent is done with the wire only after its own callback. */
static void take_wire(evutil_socket_t fd, short what, void *ctx) {
    (void)fd;
    (void)what;
    websocket_client *client = ctx;
    bufferevent_set_timeouts(client->wire, NULL, NULL);
    bufferevent_setcb(client->wire, on_read, NULL, on_event, client);
    bufferevent_enable(client->wire, EV_READ | EV_WRITE);
    int on = 1;
    setsockopt(bufferevent_getfd(client->wire), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    on_read(client->wire, client);
}

static void on_upgraded(struct evhttp_request *request, void *ctx) {
    websocket_client *client = ctx;
    on_answer(request, client);
    const struct timeval now = {0, 0};
    if (!client->is_open)
        return;
    client->upgraded =
        evtimer_new(evhttp_connection_get_base(client->connection), take_wire, client);
    event_add(client->upgraded, &now);
}

websocket_client *websocket_open(struct event_base *base, const char *host, uint16_t port,
                                 SSL_CTX *tls, const char *path, const websocket_calls *calls,
                                 void *ctx) {
    websocket_client *client = calloc(1, sizeof *client);
    if (!client)
        return NULL;
    client->calls = *calls;
    client->ctx = ctx;
    struct bufferevent *wire = NULL;
    if (tls) {
        wire = bufferevent_openssl_socket_new(base, -1, SSL_new(tls), BUFFEREVENT_SSL_CONNECTING,
                                              BEV_OPT_CLOSE_ON_FREE);
        bufferevent_openssl_set_allow_dirty_shutdown(wire, 1);
    }
    client->connection = evhttp_connection_base_bufferevent_new(base, NULL, wire, host, port);
    struct evhttp_request *request = evhttp_request_new(on_upgraded, client);
    struct evkeyvalq *headers = evhttp_request_get_output_headers(request);
    uint8_t sixteen[16];
    char key[32];
    RAND_bytes(sixteen, sizeof sixteen);
    EVP_EncodeBlock((unsigned char *)key, sixteen, sizeof sixteen);
    evhttp_add_header(headers, "Host", host);
    evhttp_add_header(headers, "Upgrade", "websocket");
    evhttp_add_header(headers, "Connection", "Upgrade");
    evhttp_add_header(headers, "Sec-WebSocket-Version", "13");
    evhttp_add_header(headers, "Sec-WebSocket-Key", key);
    evhttp_make_request(client->connection, request, EVHTTP_REQ_GET, path);
    return client;
}

void websocket_send_bytes(websocket_client *client, uint8_t opcode, const void *bytes,
                          size_t length) {
    struct wslay_event_msg message = {opcode, bytes, length};
    if (client->is_open && wslay_event_queue_msg(client->context, &message) == 0)
        wslay_event_send(client->context);
}

uint64_t websocket_send(websocket_client *client, const Sigap__V1__Frame *frame) {
    Sigap__V1__Frame numbered = *frame;
    if (!client->is_open)
        return 0;
    numbered.seq = ++client->seq;
    if (client->json) {
        char *text = sgp_message_to_json_text(&numbered.base);
        websocket_send_bytes(client, WSLAY_TEXT_FRAME, text, strlen(text));
        free(text);
    } else {
        sgp_buffer bytes = {0};
        if (sgp_frame_encode(&numbered, &bytes) != SGP_OK)
            abort();
        websocket_send_bytes(client, WSLAY_BINARY_FRAME, bytes.data, bytes.length);
        sgp_buffer_free(&bytes);
    }
    return client->seq;
}

void websocket_set_json(websocket_client *client, bool json) {
    client->json = json;
}

void websocket_pause(websocket_client *client, bool paused) {
    if (paused)
        bufferevent_disable(client->wire, EV_READ);
    else
        bufferevent_enable(client->wire, EV_READ);
}

void websocket_bytes(const websocket_client *client, uint64_t *out, uint64_t *in) {
    *out = client->out;
    *in = client->in;
}

int websocket_fd(const websocket_client *client) {
    return client->wire ? bufferevent_getfd(client->wire) : -1;
}

void websocket_free(websocket_client *client) {
    if (!client)
        return;
    client->closed = true;
    if (client->upgraded)
        event_free(client->upgraded);
    if (client->context)
        wslay_event_context_free(client->context);
    evhttp_connection_free(client->connection);
    free(client);
}
