/* One WebSocket client of a system test, and what it has heard: frames as they come, the newest of
 * the kind that is wanted, and all pushes in order where they are kept. Include cmocka.h first. */
#ifndef SGP_TEST_SOCKET_EAR_H
#define SGP_TEST_SOCKET_EAR_H

#include "base/ids.h"
#include "engine_child.h"
#include "websocket_client.h"

static engine_child child;
static struct event_base *base;
static SSL_CTX *socket_tls; /* NULL: in the clear */

enum { EAR_PUSHES = 64 };

/* One client and what it has heard. */
typedef struct ear {
    websocket_client *client;
    bool opened, closed;
    int code;
    Sigap__V1__Frame *last; /* the newest frame that was wanted */
    Sigap__V1__Frame__BodyCase wanted;
    char refusal[160]; /* the newest */
    uint64_t order;    /* assignment of the newest one */
    unsigned frames;
    bool keeps; /* what is pushed, in order */
    Sigap__V1__Frame *pushed[EAR_PUSHES];
    size_t n_pushed;
} ear;

static inline void on_opened(websocket_client *client, void *ctx) {
    (void)client;
    ear *e = ctx;
    e->opened = true;
    event_base_loopbreak(base);
}

static inline Sigap__V1__Frame *copy_of(const Sigap__V1__Frame *frame) {
    static uint8_t bytes[1 << 20];
    assert_true(sigap__v1__frame__get_packed_size(frame) <= sizeof bytes);
    size_t n = sigap__v1__frame__pack(frame, bytes);
    return sigap__v1__frame__unpack(NULL, n, bytes);
}

static inline void on_frame(websocket_client *client, const Sigap__V1__Frame *frame, void *ctx) {
    (void)client;
    ear *e = ctx;
    e->frames++;
    if (frame->body_case == SIGAP__V1__FRAME__BODY_ERROR)
        snprintf(e->refusal, sizeof e->refusal, "%s", frame->error->message);
    if (frame->body_case == SIGAP__V1__FRAME__BODY_ORDER)
        e->order = frame->order->assignment_id;
    /* What is only repeated has no number. */
    if (e->keeps && frame->reply_to == 0 && frame->told != 0) {
        assert_true(e->n_pushed < EAR_PUSHES);
        e->pushed[e->n_pushed++] = copy_of(frame);
    }
    if (frame->body_case != e->wanted || e->last != NULL)
        return;
    e->last = copy_of(frame);
    event_base_loopbreak(base);
}

static inline void on_closed(websocket_client *client, int code, void *ctx) {
    (void)client;
    ear *e = ctx;
    e->closed = true;
    e->code = code;
    event_base_loopbreak(base);
}

static const websocket_calls calls = {on_opened, on_frame, on_closed};

/* Turns the loop until *flag, at most a minute: under a sanitizer on a busy machine. */
static inline bool turn_until(const bool *flag) {
    for (int i = 0; i < 6000 && !*flag; i++) {
        struct timeval wait = {0, 10000};
        event_base_loopexit(base, &wait);
        event_base_dispatch(base);
    }
    return *flag;
}

static inline void open_ear(ear *e, const char *path) {
    memset(e, 0, sizeof *e);
    e->client =
        websocket_open(base, "127.0.0.1", (uint16_t)child.http_port, socket_tls, path, &calls, e);
    assert_non_null(e->client);
}

static inline void close_ear(ear *e) {
    websocket_free(e->client);
    if (e->last != NULL)
        sigap__v1__frame__free_unpacked(e->last, NULL);
    for (size_t i = 0; i < e->n_pushed; i++)
        sigap__v1__frame__free_unpacked(e->pushed[i], NULL);
    memset(e, 0, sizeof *e);
}

/* The next frame of that kind; the ear keeps it. */
static inline const Sigap__V1__Frame *hear(ear *e, Sigap__V1__Frame__BodyCase wanted) {
    if (e->last != NULL)
        sigap__v1__frame__free_unpacked(e->last, NULL);
    e->last = NULL;
    e->wanted = wanted;
    for (int i = 0; i < 6000 && e->last == NULL && !e->closed; i++) {
        struct timeval wait = {0, 10000};
        event_base_loopexit(base, &wait);
        event_base_dispatch(base);
    }
    if (e->last == NULL)
        fail_msg("frame %d never came (closed %d, code %d): %s", wanted, e->closed, e->code,
                 e->refusal);
    return e->last;
}

static inline void say(ear *e, Sigap__V1__Frame__BodyCase body, void *message) {
    sgp_uuid id = sgp_uuid_make();
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = body;
    frame.login = message; /* all bodies share the pointer */
    if (sgp_frame_changes_state(body)) {
        frame.id.data = id.bytes;
        frame.id.len = sizeof id.bytes;
    }
    assert_true(websocket_send(e->client, &frame) > 0);
}

static inline void log_in(ear *e, const char *token) {
    Sigap__V1__Login login = SIGAP__V1__LOGIN__INIT;
    login.token = (char *)token;
    login.client = (char *)"test";
    assert_true(turn_until(&e->opened));
    e->wanted = SIGAP__V1__FRAME__BODY_WELCOME;
    say(e, SIGAP__V1__FRAME__BODY_LOGIN, &login);
    hear(e, SIGAP__V1__FRAME__BODY_WELCOME);
}

#endif
