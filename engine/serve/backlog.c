/* What a session has not taken yet.
 *
 * A frame goes to the wire at once while little waits there. Behind a full wire it waits in the
 * session's backlog, frame by frame, so that what is too much can be taken out again between two
 * frames. A slow reader loses in a written order (DESIGN.md, 10):
 *
 *   1. map updates (moves.c): when the backlog is empty again, the units that moved meanwhile are
 *      told once, as they are then; nothing else is left out;
 *   2. its session: beyond SGP_SESSION_OUTPUT_MAX the backlog is thrown away, and it is told why.
 *
 * So no order is ever missing between two frames that were heard: a crew that is cut off comes back
 * and resumes (resume.c). */
#include <event2/buffer.h>
#include <stdlib.h>
#include <string.h>

#include "serve/engine_parts.h"
#include "serve/frame.h"

static size_t on_the_wire(const sgp_session *session) {
    return evbuffer_get_length(bufferevent_get_output(session->wire));
}

size_t sgp_backlog_waiting(const sgp_session *session) {
    return session->wire == NULL ? 0 : on_the_wire(session) + session->backlog_bytes;
}

static void write_now(sgp_session *session, const uint8_t *bytes, size_t length) {
    if (session->websocket != NULL) {
        sgp_websocket_send(session, bytes, length);
        return;
    }
    sgp_buffer framed = {0};
    if (sgp_frame_append(++session->seq_out, bytes, length, &framed) != SGP_OK ||
        bufferevent_write(session->wire, framed.data, framed.length) != 0)
        sgp_session_kill(session);
    sgp_buffer_free(&framed);
}

static void drop_first(sgp_session *session) {
    sgp_unsent *first = session->backlog;
    session->backlog = first->next;
    if (session->backlog == NULL)
        session->backlog_last = NULL;
    session->backlog_bytes -= sizeof *first + first->length;
    free(first);
}

static void forget_frames(sgp_session *session) {
    while (session->backlog != NULL)
        drop_first(session);
}

void sgp_backlog_free(sgp_session *session) {
    forget_frames(session);
}

/* Its place is free for who reads; it may come back at once. */
static void cut_off(sgp_session *session) {
    session->engine->measures.cut_off++;
    sgp_log(SGP_LOG_WARN, "slow_reader", "session=%llu user=%s waiting_bytes=%zu",
            (unsigned long long)session->id, SGP_Q(session->user), sgp_backlog_waiting(session));
    forget_frames(session);
    Sigap__V1__Error error = SIGAP__V1__ERROR__INIT;
    error.code = (char *)sgp_err_str(SGP_E_FULL);
    error.message = (char *)"you read too slowly; log in again";
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_ERROR;
    frame.error = &error;
    sgp_buffer bytes = {0};
    if (sgp_frame_encode(&frame, &bytes) == SGP_OK)
        write_now(session, bytes.data, bytes.length);
    sgp_buffer_free(&bytes);
    sgp_session_close(session, "slow_reader");
    sgp_session_set_deadline(session, SGP_CUT_OFF_MS);
}

static void put_off(sgp_session *session, const uint8_t *bytes, size_t length) {
    sgp_unsent *unsent = malloc(sizeof *unsent + length);
    if (unsent == NULL) {
        sgp_session_kill(session);
        return;
    }
    unsent->next = NULL;
    unsent->length = length;
    memcpy(unsent->bytes, bytes, length);
    if (session->backlog_last != NULL)
        session->backlog_last->next = unsent;
    else
        session->backlog = unsent;
    session->backlog_last = unsent;
    session->backlog_bytes += sizeof *unsent + length;
    if (session->backlog_bytes > SGP_SESSION_OUTPUT_MAX + session->picture_bytes)
        cut_off(session);
}

void sgp_session_send(sgp_session *session, const uint8_t *bytes, size_t length) {
    if (session->dead)
        return;
    if (session->kind == SGP_SESSION_HTTP)
        sgp_http_answer(session, bytes, length);
    else if (session->closing && session->websocket != NULL)
        return; /* after a goodbye nothing more can be said */
    else if (session->backlog == NULL &&
             (session->closing || on_the_wire(session) < SGP_WIRE_AHEAD))
        write_now(session, bytes, length);
    else if (!session->closing)
        put_off(session, bytes, length);
}

void sgp_session_send_moved(sgp_session *session, uint64_t since, const uint8_t *bytes,
                            size_t length) {
    bool slow = session->misses_moves || session->backlog != NULL ||
                (session->wire != NULL && on_the_wire(session) >= SGP_WIRE_AHEAD);
    if (!slow) {
        sgp_session_send(session, bytes, length);
        return;
    }
    if (!session->misses_moves)
        session->missed_since = since;
    session->misses_moves = true;
    session->engine->measures.map_updates_dropped++;
}

/* The units that moved meanwhile, as they are now. */
static void tell_moved(sgp_session *session) {
    session->misses_moves = false;
    if (session->watching && !session->closing)
        sgp_moves_answer(session, session->missed_since);
}

void sgp_backlog_pump(sgp_session *session) {
    while (session->backlog != NULL && !session->dead && on_the_wire(session) < SGP_WIRE_AHEAD) {
        write_now(session, session->backlog->bytes, session->backlog->length);
        drop_first(session);
    }
    if (session->backlog == NULL && session->misses_moves && !session->dead)
        tell_moved(session);
}

void sgp_backlog_flush(sgp_session *session) {
    while (session->backlog != NULL && !session->dead) {
        write_now(session, session->backlog->bytes, session->backlog->length);
        drop_first(session);
    }
}
