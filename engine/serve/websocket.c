/* WebSocket (RFC 6455): the frames of the TCP protocol, one in each message.
 *
 * GET /v1/socket with an upgrade becomes a session like any other: it logs in with Login, and hears
 * what its role may. A binary message is a Frame; a text message is a Frame as proto-JSON, and who
 * speaks so is answered so. wslay does the framing; libevent's HTTP server hands over its
 * connection, which still owns the wire and is freed with the session. */
#include <event2/buffer.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <wslay/wslay.h>

#include "base/clock.h"
#include "serve/engine_parts.h"
#include "serve/frame.h"
#include "serve/proto_json.h"
#include "serve/websocket_key.h"

struct sgp_websocket {
    struct evhttp_connection *connection; /* NULL: it went by itself */
    wslay_event_context_ptr context;
    bool json;  /* the other side speaks proto-JSON */
    bool asked; /* a ping is out */
    int64_t heard_us;
};

/* ---- the handshake -------------------------------------------------------- */

/* Is `word` one of the words of a comma-separated header? */
static bool header_has(struct evhttp_request *request, const char *name, const char *word) {
    const char *at = evhttp_find_header(evhttp_request_get_input_headers(request), name);
    size_t length = strlen(word);
    while (at != NULL && *at != '\0') {
        at += strspn(at, " \t,");
        size_t n = strcspn(at, ",");
        while (n > 0 && (at[n - 1] == ' ' || at[n - 1] == '\t'))
            n--;
        if (n == length && strncasecmp(at, word, n) == 0)
            return true;
        at += strcspn(at, ",");
    }
    return false;
}

/* NULL: it is a WebSocket's handshake. Else what is wrong with it. */
static const char *refuse_handshake(struct evhttp_request *request,
                                    char accept[SGP_WEBSOCKET_ACCEPT_BYTES]) {
    struct evkeyvalq *headers = evhttp_request_get_input_headers(request);
    const char *version = evhttp_find_header(headers, "Sec-WebSocket-Version");
    if (evhttp_request_get_command(request) != EVHTTP_REQ_GET ||
        !header_has(request, "Upgrade", "websocket") ||
        !header_has(request, "Connection", "upgrade"))
        return "Use a WebSocket";
    if (version == NULL || strcmp(version, "13") != 0)
        return "Use WebSocket version 13";
    if (!sgp_websocket_accept(evhttp_find_header(headers, "Sec-WebSocket-Key"), accept))
        return "Sec-WebSocket-Key is not 16 bytes in base64";
    return NULL;
}

/* ---- what wslay asks for --------------------------------------------------- */

static ssize_t take_bytes(wslay_event_context_ptr context, uint8_t *bytes, size_t length, int flags,
                          void *ctx) {
    (void)flags;
    sgp_session *session = ctx;
    int n = session->closing || session->dead
                ? 0
                : evbuffer_remove(bufferevent_get_input(session->wire), bytes, length);
    if (n > 0)
        return n;
    wslay_event_set_error(context, WSLAY_ERR_WOULDBLOCK);
    return -1;
}

static ssize_t give_bytes(wslay_event_context_ptr context, const uint8_t *bytes, size_t length,
                          int flags, void *ctx) {
    (void)flags;
    sgp_session *session = ctx;
    if (bufferevent_write(session->wire, bytes, length) == 0)
        return (ssize_t)length;
    wslay_event_set_error(context, WSLAY_ERR_CALLBACK_FAILURE);
    return -1;
}

static sgp_err read_frame(sgp_websocket *socket, const struct wslay_event_on_msg_recv_arg *message,
                          Sigap__V1__Frame **frame, sgp_fault *fault) {
    socket->json = message->opcode == WSLAY_TEXT_FRAME;
    if (!socket->json)
        return sgp_frame_decode(message->msg, message->msg_length, frame, fault);
    ProtobufCMessage *read = NULL;
    sgp_err err =
        sgp_message_from_json_text(&sigap__v1__frame__descriptor, (const char *)message->msg,
                                   message->msg_length, &read, fault);
    *frame = (Sigap__V1__Frame *)read;
    return err;
}

static void on_message(wslay_event_context_ptr context,
                       const struct wslay_event_on_msg_recv_arg *message, void *ctx) {
    (void)context;
    sgp_session *session = ctx;
    session->websocket->heard_us = sgp_monotonic_us();
    session->websocket->asked = false;
    if (session->closing || session->dead || wslay_is_ctrl_frame(message->opcode))
        return;
    Sigap__V1__Frame *frame = NULL;
    sgp_fault fault = {0};
    sgp_err err = read_frame(session->websocket, message, &frame, &fault);
    if (err == SGP_OK)
        sgp_request(session, frame);
    else
        sgp_session_refuse(session, err, fault.text);
    if (frame != NULL)
        sigap__v1__frame__free_unpacked(frame, NULL);
}

/* ---- reading and writing --------------------------------------------------- */

/* What wslay has queued goes to the wire, at once: a goodbye would overtake what waits. */
static void flush(sgp_session *session) {
    sgp_websocket *socket = session->websocket;
    if (!session->dead && wslay_event_send(socket->context) != 0)
        sgp_session_kill(session);
}

void sgp_websocket_read(sgp_session *session) {
    sgp_websocket *socket = session->websocket;
    int failed = wslay_event_recv(socket->context);
    flush(session);
    if (session->dead)
        return;
    if (failed != 0)
        sgp_session_kill(session);
    else if (wslay_event_get_close_received(socket->context) ||
             !wslay_event_get_read_enabled(socket->context))
        sgp_session_close(session, "websocket_closed");
}

static char *json_of(const uint8_t *bytes, size_t length, uint64_t seq) {
    Sigap__V1__Frame *frame = sigap__v1__frame__unpack(NULL, length, bytes);
    if (frame == NULL)
        return NULL;
    frame->seq = seq;
    char *text = sgp_message_to_json_text(&frame->base);
    sigap__v1__frame__free_unpacked(frame, NULL);
    return text;
}

void sgp_websocket_send(sgp_session *session, const uint8_t *bytes, size_t length) {
    sgp_websocket *socket = session->websocket;
    uint64_t seq = ++session->seq_out;
    sgp_buffer frame = {0};
    char *text = NULL;
    struct wslay_event_msg message = {0};
    if (socket->json && (text = json_of(bytes, length, seq)) != NULL)
        message = (struct wslay_event_msg){WSLAY_TEXT_FRAME, (uint8_t *)text, strlen(text)};
    else if (!socket->json && sgp_frame_number(seq, bytes, length, &frame) == SGP_OK)
        message = (struct wslay_event_msg){WSLAY_BINARY_FRAME, frame.data, frame.length};
    /* After a goodbye nothing more can be said. */
    if (message.msg != NULL && wslay_event_get_write_enabled(socket->context) &&
        wslay_event_queue_msg(socket->context, &message) == 0)
        flush(session);
    else
        sgp_session_kill(session);
    free(text);
    sgp_buffer_free(&frame);
}

void sgp_websocket_close(sgp_session *session, const char *reason) {
    sgp_websocket *socket = session->websocket;
    if (!wslay_event_get_close_received(socket->context)) {
        wslay_event_queue_close(socket->context, WSLAY_CODE_GOING_AWAY, (const uint8_t *)reason,
                                strlen(reason));
        /* A door shut on what is still coming would take our last words with it: what comes is
         * thrown away until the other side shuts its own. */
        session->lingers = true;
        bufferevent_enable(session->wire, EV_READ);
    }
    flush(session);
}

/* ---- coming, staying and going ---------------------------------------------- */

static void on_gone(struct evhttp_connection *connection, void *ctx) {
    (void)connection;
    sgp_session *session = ctx;
    session->websocket->connection = NULL;
    session->wire = NULL;
    sgp_session_kill(session);
}

void sgp_websocket_free(sgp_session *session) {
    sgp_websocket *socket = session->websocket;
    wslay_event_context_free(socket->context);
    if (socket->connection != NULL) {
        evhttp_connection_set_closecb(socket->connection, NULL, NULL);
        evhttp_connection_free(socket->connection); /* with its wire */
    }
    free(socket);
    session->websocket = NULL;
    session->wire = NULL;
}

static sgp_websocket *make_socket(sgp_session *session, struct evhttp_connection *connection) {
    static const struct wslay_event_callbacks callbacks = {.recv_callback = take_bytes,
                                                           .send_callback = give_bytes,
                                                           .on_msg_recv_callback = on_message};
    sgp_websocket *socket = calloc(1, sizeof *socket);
    if (socket == NULL)
        return NULL;
    if (wslay_event_context_server_init(&socket->context, &callbacks, session) != 0) {
        free(socket);
        return NULL;
    }
    wslay_event_config_set_max_recv_msg_length(socket->context, SGP_FRAME_IN_MAX);
    socket->connection = connection;
    socket->heard_us = sgp_monotonic_us();
    return socket;
}

void sgp_websocket_http(struct evhttp_request *request, void *ctx) {
    sgp_engine *engine = ctx;
    char accept[SGP_WEBSOCKET_ACCEPT_BYTES];
    const char *wrong = refuse_handshake(request, accept);
    struct evkeyvalq *headers = evhttp_request_get_output_headers(request);
    if (wrong != NULL) {
        evhttp_add_header(headers, "Sec-WebSocket-Version", "13");
        evhttp_send_error(request, 426, wrong);
        return;
    }
    struct evhttp_connection *connection = evhttp_request_get_connection(request);
    struct bufferevent *wire = evhttp_connection_get_bufferevent(connection);
    sgp_session *session =
        engine->stopping ? NULL : sgp_session_create(engine, SGP_SESSION_WEBSOCKET, NULL);
    if (session == NULL || (session->websocket = make_socket(session, connection)) == NULL) {
        if (session != NULL)
            sgp_session_kill(session);
        evhttp_send_error(request, 503, "Too many sessions");
        return;
    }
    evhttp_add_header(headers, "Upgrade", "websocket");
    evhttp_add_header(headers, "Connection", "Upgrade");
    evhttp_add_header(headers, "Sec-WebSocket-Accept", accept);
    evhttp_send_reply_start(request, 101, "Switching Protocols");
    evhttp_connection_set_closecb(connection, on_gone, session);
    sgp_listen_tune(bufferevent_getfd(wire));
    bufferevent_set_timeouts(wire, NULL, NULL); /* HTTP's patience is not ours */
    sgp_session_take_wire(session, wire);
    sgp_websocket_read(session); /* what came with the handshake */
}

void sgp_websockets_beat(sgp_engine *engine) {
    int64_t now = sgp_monotonic_us();
    for (size_t slot = 0; slot < engine->sessions_top; slot++) {
        sgp_session *session = engine->sessions[slot];
        if (session == NULL || session->websocket == NULL || session->dead || session->closing ||
            session->paused)
            continue;
        sgp_websocket *socket = session->websocket;
        int64_t silent_ms = (now - socket->heard_us) / 1000;
        if (silent_ms >= SGP_SILENCE_MS) {
            sgp_log(SGP_LOG_INFO, "session_silent", "session=%llu user=%s",
                    (unsigned long long)session->id, SGP_Q(session->user));
            sgp_session_kill(session);
        } else if (silent_ms >= SGP_BEAT_MS && !socket->asked) {
            static const struct wslay_event_msg ping = {WSLAY_PING, NULL, 0};
            socket->asked = wslay_event_queue_msg(socket->context, &ping) == 0;
            flush(session);
        }
    }
}
