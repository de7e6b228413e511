#include <openssl/ssl.h>
#include <event2/buffer.h>
#include <event2/bufferevent_ssl.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "serve/engine_parts.h"
#include "serve/frame.h"

enum { SLOT_BITS = 16 };

void sgp_session_kill(sgp_session *session) {
    /* From here on no answer finds the session. */
    sgp_find_place_drop(session);
    if (!session->dead)
        session->engine->n_dead++;
    session->dead = true;
    sgp_engine_wake(session->engine);
}

sgp_session *sgp_session_find(sgp_engine *engine, uint64_t id) {
    uint64_t slot = id & ((1u << SLOT_BITS) - 1);
    if (id == 0 || slot >= SGP_SESSIONS_MAX)
        return NULL;
    sgp_session *session = engine->sessions[slot];
    return session != NULL && session->id == id && !session->dead ? session : NULL;
}

/* ---- reading ------------------------------------------------------------- */

/* A frame that cannot be understood leaves the stream in an unknown place, so
 * the session ends; the engine and all other sessions go on. */
void sgp_session_refuse(sgp_session *session, sgp_err err, const char *text) {
    session->engine->measures.bad_frames++;
    sgp_log(SGP_LOG_WARN, "bad_frame", "session=%llu user=%s code=%s",
            (unsigned long long)session->id, SGP_Q(session->user), sgp_err_str(err));
    sgp_session_error(session, 0, err, text);
    sgp_session_close(session, "bad_frame");
}

/* Handles one frame if a whole one is there. */
static bool read_frame(sgp_session *session) {
    struct evbuffer *input = bufferevent_get_input(session->wire);
    uint8_t start[SGP_FRAME_HEADER_MAX + 1];
    ev_ssize_t n = evbuffer_copyout(input, start, sizeof start);
    size_t header, length;
    sgp_fault fault = {0};
    sgp_err err =
        sgp_frame_peek(start, n > 0 ? (size_t)n : 0, SGP_FRAME_IN_MAX, &header, &length, &fault);
    if (err != SGP_OK) {
        sgp_session_refuse(session, err, fault.text);
        return false;
    }
    if (header == 0 || evbuffer_get_length(input) < header + length)
        return false;
    const uint8_t *bytes = evbuffer_pullup(input, (ev_ssize_t)(header + length));
    Sigap__V1__Frame *frame = NULL;
    err = bytes == NULL ? SGP_E_MEMORY : sgp_frame_decode(bytes + header, length, &frame, &fault);
    evbuffer_drain(input, header + length);
    if (err != SGP_OK) {
        sgp_session_refuse(session, err, fault.text);
        return false;
    }
    sgp_request(session, frame);
    sigap__v1__frame__free_unpacked(frame, NULL);
    return true;
}

static void pause_session(sgp_session *session) {
    session->paused = true;
    session->engine->n_paused++;
    bufferevent_disable(session->wire, EV_READ);
}

static void read_frames(sgp_session *session) {
    while (!session->closing && !session->dead) {
        if (sgp_engine_is_full(session->engine)) {
            pause_session(session);
            return;
        }
        if (session->websocket != NULL) {
            sgp_websocket_read(session);
            return;
        }
        if (!read_frame(session))
            return;
    }
}

static void on_read(struct bufferevent *wire, void *ctx) {
    sgp_session *session = ctx;
    struct evbuffer *input = bufferevent_get_input(wire);
    session->quiet = 0;
    if (session->closing)
        evbuffer_drain(input, evbuffer_get_length(input));
    else
        read_frames(session);
}

static void on_written(struct bufferevent *wire, void *ctx) {
    sgp_session *session = ctx;
    sgp_backlog_pump(session);
    if (session->backlog != NULL || evbuffer_get_length(bufferevent_get_output(wire)) > 0)
        return;
    if (session->watch_seq <= session->engine->durable_seq)
        session->picture_bytes = 0; /* it left with this event, and all of it is out */
    if (session->closing && !session->lingers)
        sgp_session_kill(session);
}

static void on_event(struct bufferevent *wire, short what, void *ctx) {
    (void)wire;
    sgp_session *session = ctx;
    if (what & (BEV_EVENT_EOF | BEV_EVENT_ERROR))
        sgp_session_kill(session);
}

static void on_deadline(evutil_socket_t fd, short what, void *ctx) {
    (void)fd;
    (void)what;
    sgp_session *session = ctx;
    if (session->closing) {
        sgp_session_kill(session);
        return;
    }
    sgp_session_error(session, 0, SGP_E_TIMEOUT, "no login in time");
    sgp_session_close(session, "no_login");
}

void sgp_sessions_resume(sgp_engine *engine) {
    for (size_t slot = 0;
         engine->n_paused > 0 && slot < engine->sessions_top && !sgp_engine_is_full(engine);
         slot++) {
        sgp_session *session = engine->sessions[slot];
        if (session == NULL || !session->paused || session->closing || session->dead)
            continue;
        session->paused = false;
        engine->n_paused--;
        bufferevent_enable(session->wire, EV_READ);
        read_frames(session);
    }
}

/* ---- last words --------------------------------------------------------- */

void sgp_session_error(sgp_session *session, uint64_t reply_to, sgp_err err, const char *text) {
    Sigap__V1__Error error = SIGAP__V1__ERROR__INIT;
    error.code = (char *)sgp_err_str(err);
    error.message = (char *)text;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.reply_to = reply_to;
    frame.body_case = SIGAP__V1__FRAME__BODY_ERROR;
    frame.error = &error;
    sgp_buffer bytes = {0};
    if (sgp_frame_encode(&frame, &bytes) == SGP_OK)
        sgp_session_send(session, bytes.data, bytes.length);
    sgp_buffer_free(&bytes);
}

void sgp_session_set_deadline(sgp_session *session, int64_t ms) {
    if (session->deadline == NULL)
        return;
    if (ms == 0) {
        event_del(session->deadline);
        return;
    }
    struct timeval wait = {ms / 1000, (ms % 1000) * 1000};
    event_add(session->deadline, &wait);
}

void sgp_session_close(sgp_session *session, const char *reason) {
    if (session->closing || session->dead || session->kind == SGP_SESSION_HTTP)
        return;
    session->closing = true;
    sgp_log(SGP_LOG_INFO, "session_closing", "session=%llu user=%s reason=%s",
            (unsigned long long)session->id, SGP_Q(session->user), reason);
    sgp_session_set_deadline(session, SGP_CLOSE_MS);
    sgp_backlog_flush(session);
    if (session->websocket != NULL)
        sgp_websocket_close(session, reason);
    else
        bufferevent_disable(session->wire, EV_READ);
    if (!session->dead)
        on_written(session->wire, session);
}

/* ---- half-open lines ------------------------------------------------------- */

enum { PULSE_PINGS = 3 };

void sgp_session_pulse(sgp_session *session) {
    int64_t now = sgp_monotonic_us();
    bool soon = now - session->pinged_us <= SGP_PULSE_MS * INT64_C(1000);
    session->pulse = !soon ? 1 : session->pulse < PULSE_PINGS ? session->pulse + 1 : PULSE_PINGS;
    session->pinged_us = now;
}

void sgp_sessions_beat(sgp_engine *engine) {
    for (size_t slot = 0; slot < engine->sessions_top; slot++) {
        sgp_session *session = engine->sessions[slot];
        if (session == NULL || session->wire == NULL || session->websocket != NULL ||
            session->dead || session->closing || session->paused || session->pulse < PULSE_PINGS ||
            ++session->quiet < SGP_PULSE_TICKS)
            continue;
        sgp_log(SGP_LOG_INFO, "session_silent", "session=%llu user=%s",
                (unsigned long long)session->id, SGP_Q(session->user));
        sgp_session_kill(session);
    }
}

/* ---- coming and going ---------------------------------------------------- */

bool sgp_sessions_have_room(const sgp_engine *engine, sgp_session_kind kind) {
    uint32_t from_network = 0, strangers = 0;
    for (size_t slot = 0; slot < engine->sessions_top; slot++) {
        const sgp_session *session = engine->sessions[slot];
        if (session == NULL || session->kind == SGP_SESSION_UNIX)
            continue;
        from_network++;
        if (session->kind != SGP_SESSION_HTTP && !session->logged_in)
            strangers++;
    }
    if (kind != SGP_SESSION_UNIX && from_network >= SGP_SESSIONS_MAX - SGP_SESSIONS_LOCAL)
        return false;
    bool is_stranger = kind == SGP_SESSION_TLS || kind == SGP_SESSION_WEBSOCKET;
    if (is_stranger && strangers >= SGP_STRANGERS_MAX)
        return false;
    return engine->n_sessions < SGP_SESSIONS_MAX;
}

void sgp_session_take_wire(sgp_session *session, struct bufferevent *wire) {
    session->wire = wire;
    bufferevent_setcb(wire, on_read, on_written, on_event, session);
    bufferevent_setwatermark(wire, EV_READ, 0, SGP_SESSION_INPUT_MAX);
    bufferevent_setwatermark(wire, EV_WRITE, SGP_WIRE_AHEAD / 2, 0);
    bufferevent_enable(wire, EV_READ | EV_WRITE);
}

sgp_session *sgp_session_create(sgp_engine *engine, sgp_session_kind kind,
                                struct bufferevent *wire) {
    if (!sgp_sessions_have_room(engine, kind))
        return NULL;
    size_t slot = 0;
    while (engine->sessions[slot] != NULL)
        slot++;
    sgp_session *session = calloc(1, sizeof *session);
    if (session == NULL)
        return NULL;
    session->id = ++engine->session_generation << SLOT_BITS | slot;
    session->engine = engine;
    session->kind = kind;
    if (kind != SGP_SESSION_HTTP) {
        session->deadline = event_new(engine->base, -1, 0, on_deadline, session);
        if (session->deadline == NULL) {
            free(session);
            return NULL;
        }
    }
    if (kind == SGP_SESSION_UNIX) {
        /* Whoever may open the private socket owns the engine's files too. */
        session->role = SIGAP__V1__ROLE__ADMIN;
        strcpy(session->user, "local");
        session->since_ms = sgp_engine_now_ms(engine);
    }
    if (wire != NULL)
        sgp_session_take_wire(session, wire);
    if (kind == SGP_SESSION_TLS || kind == SGP_SESSION_WEBSOCKET)
        sgp_session_set_deadline(session, SGP_LOGIN_MS);
    engine->sessions[slot] = session;
    engine->n_sessions++;
    if (slot >= engine->sessions_top)
        engine->sessions_top = (uint32_t)slot + 1;
    return session;
}

void sgp_session_bind(sgp_session *session, const sgp_user *user, uint32_t unit) {
    sgp_engine *engine = session->engine;
    if (session->is_crew && engine->crew[session->unit] == session->id)
        engine->crew[session->unit] = 0;
    session->logged_in = true;
    session->role = user->role;
    strcpy(session->user, user->name);
    session->since_ms = sgp_engine_now_ms(engine);
    session->desk = (sgp_session_desk){0};
    session->is_crew = user->role == SIGAP__V1__ROLE__CREW;
    session->unit = unit;
    session->jurisdiction = user->jurisdiction;
    memcpy(session->agency, user->agency, sizeof session->agency);
    memcpy(session->hospital, user->hospital, sizeof session->hospital);
    session->device = user->device;
    session->alerts_seq = sgp_world_seq(engine->world);
    sgp_session_set_deadline(session, 0);
    /* An HTTP request speaks for its unit but hears no orders. */
    if (!session->is_crew || session->kind == SGP_SESSION_HTTP)
        return;
    session->orders_seq = sgp_world_seq(engine->world);
    sgp_session *before = sgp_session_find(engine, engine->crew[unit]);
    engine->crew[unit] = session->id;
    if (before != NULL && before != session) {
        sgp_session_error(before, 0, SGP_E_STATE, "another device has logged in for this unit");
        sgp_session_close(before, "taken_over");
    }
}

void sgp_session_watch(sgp_session *session) {
    sgp_engine *engine = session->engine;
    if (session->watching)
        return;
    session->watching = true;
    engine->n_watchers++;
    session->watch_next = engine->watchers;
    session->watch_link = &engine->watchers;
    if (engine->watchers != NULL)
        engine->watchers->watch_link = &session->watch_next;
    engine->watchers = session;
}

static void free_session(sgp_session *session) {
    sgp_engine *engine = session->engine;
    if (session->is_crew && engine->crew[session->unit] == session->id)
        engine->crew[session->unit] = 0;
    if (session->watching) {
        engine->n_watchers--;
        *session->watch_link = session->watch_next;
        if (session->watch_next != NULL)
            session->watch_next->watch_link = session->watch_link;
    }
    sgp_backlog_free(session);
    sgp_page_forget(session);
    if (session->deadline != NULL)
        event_free(session->deadline);
    if (session->paused)
        engine->n_paused--;
    if (session->websocket != NULL)
        sgp_websocket_free(session);
    if (session->wire != NULL) {
        SSL *ssl =
            session->kind == SGP_SESSION_TLS ? bufferevent_openssl_get_ssl(session->wire) : NULL;
        if (ssl != NULL) {
            /* Says goodbye without waiting for the other side's. */
            SSL_set_shutdown(ssl, SSL_RECEIVED_SHUTDOWN);
            SSL_shutdown(ssl);
        }
        bufferevent_free(session->wire);
    }
    engine->sessions[session->id & ((1u << SLOT_BITS) - 1)] = NULL;
    while (engine->sessions_top > 0 && engine->sessions[engine->sessions_top - 1] == NULL)
        engine->sessions_top--;
    engine->n_sessions--;
    engine->n_dead--;
    free(session);
}

void sgp_sessions_bury(sgp_engine *engine) {
    for (size_t slot = engine->sessions_top; engine->n_dead > 0 && slot-- > 0;)
        if (engine->sessions[slot] != NULL && engine->sessions[slot]->dead)
            free_session(engine->sessions[slot]);
}
