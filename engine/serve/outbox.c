#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "serve/engine_parts.h"
#include "serve/frame.h"

static void put_bytes(sgp_engine *engine, sgp_outgoing_kind kind, uint64_t target,
                      const uint8_t *bytes, size_t length) {
    sgp_outgoing *item = malloc(sizeof *item + length);
    if (item == NULL) {
        /* An order that is not told would be worse than a restart from the journal. */
        sgp_log(SGP_LOG_ERROR, "out_of_memory", "where=outbox");
        abort();
    }
    item->next = NULL;
    item->seq = sgp_world_seq(engine->world);
    item->kind = kind;
    item->target = target;
    item->told = 0;
    item->length = length;
    if (length > 0)
        memcpy(item->bytes, bytes, length);
    *engine->outbox_end = item;
    engine->outbox_newest = item;
    engine->outbox_end = &item->next;
    engine->outbox_bytes += sizeof *item + length;
    sgp_engine_wake(engine);
}

void sgp_outbox_put(sgp_engine *engine, sgp_outgoing_kind kind, uint64_t target,
                    const Sigap__V1__Frame *frame) {
    if (frame == NULL) {
        put_bytes(engine, kind, target, NULL, 0);
        return;
    }
    Sigap__V1__Frame numbered = *frame;
    if (kind == SGP_TO_UNIT)
        numbered.told = sgp_told_next(engine);
    sgp_buffer_clear(&engine->scratch);
    if (sgp_frame_encode(&numbered, &engine->scratch) != SGP_OK) {
        sgp_log(SGP_LOG_ERROR, "out_of_memory", "where=encode");
        abort();
    }
    put_bytes(engine, kind, target, engine->scratch.data, engine->scratch.length);
    sgp_outbox_mark(engine, numbered.told);
}

void sgp_outbox_mark(sgp_engine *engine, uint64_t told) {
    engine->outbox_newest->told = told;
}

void sgp_outbox_answer(sgp_engine *engine, uint64_t session, uint64_t reply_to,
                       Sigap__V1__Frame *frame) {
    frame->reply_to = reply_to;
    sgp_outbox_put(engine, SGP_TO_SESSION, session, frame);
}

void sgp_outbox_error(sgp_engine *engine, uint64_t session, uint64_t reply_to, sgp_err err,
                      const char *text) {
    Sigap__V1__Error error = SIGAP__V1__ERROR__INIT;
    error.code = (char *)sgp_err_str(err);
    error.message = (char *)(text != NULL && *text != '\0' ? text : sgp_err_message(err));
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_ERROR;
    frame.error = &error;
    sgp_outbox_answer(engine, session, reply_to, &frame);
}

void sgp_outbox_reply(sgp_engine *engine, const sgp_input *input, const sgp_reply *reply,
                      bool repeated) {
    if (input->session == 0)
        return;
    if (reply->err != SGP_OK) {
        if (!sgp_conflicts_explain(engine, input, reply))
            sgp_outbox_error(engine, input->session, input->reply_to, reply->err, reply->message);
        return;
    }
    Sigap__V1__Done done = SIGAP__V1__DONE__INIT;
    done.call_id = reply->call;
    done.incident_id = reply->incident;
    done.assignment_id = reply->assignment;
    done.recommendation_id = reply->recommendation;
    done.closure_id = reply->closure;
    done.transfer_id = reply->transfer;
    done.repeated_request = repeated;
    /* A caller or partner is not told of other people's incidents. */
    const sgp_session *session = sgp_session_find(engine, input->session);
    Sigap__V1__Incident *opened = NULL;
    if (input->event.kind == SGP_EVENT_CALL_RECEIVED && session != NULL &&
        sgp_role_hears_callers(session->role))
        opened = sgp_incident_to_proto(engine->world, reply->incident);
    if (opened != NULL) {
        done.alike = opened->alike;
        done.n_alike = opened->n_alike;
    }
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_DONE;
    frame.done = &done;
    sgp_outbox_answer(engine, input->session, input->reply_to, &frame);
    if (opened != NULL)
        sigap__v1__incident__free_unpacked(opened, NULL);
}

static void deliver(sgp_engine *engine, const sgp_outgoing *item) {
    sgp_session *session = NULL;
    switch (item->kind) {
    case SGP_TO_SESSION:
        session = sgp_session_find(engine, item->target);
        if (session != NULL)
            sgp_session_send(session, item->bytes, item->length);
        break;
    case SGP_TO_UNIT:
        assert(item->target < SGP_UNITS_MAX);
        sgp_crew_news_keep(engine->news, (uint32_t)item->target, item->told, engine->clock.now_ms,
                           item->bytes, item->length);
        session = sgp_session_find(engine, engine->crew[item->target]);
        if (session != NULL && item->seq > session->orders_seq)
            sgp_session_send(session, item->bytes, item->length);
        break;
    case SGP_TO_AGENCY:
        for (size_t slot = 0; slot < engine->sessions_top; slot++) {
            session = engine->sessions[slot];
            if (session != NULL && session->agency[0] != '\0' &&
                session->kind != SGP_SESSION_HTTP && item->seq > session->alerts_seq &&
                sgp_agency_target(session->agency) == item->target)
                sgp_session_send(session, item->bytes, item->length);
        }
        break;
    case SGP_TO_RESUME:
        session = sgp_session_find(engine, item->target);
        if (session != NULL)
            sgp_crew_resume(session, item->told, item->bytes, item->length);
        break;
    case SGP_TO_WATCHERS:
    case SGP_TO_HEARERS:
        for (session = engine->watchers; session != NULL; session = session->watch_next)
            if (item->seq > session->watch_seq &&
                (item->kind == SGP_TO_WATCHERS || sgp_role_hears_callers(session->role)))
                sgp_session_send(session, item->bytes, item->length);
        break;
    case SGP_TO_MAPS:
        for (session = engine->watchers; session != NULL; session = session->watch_next)
            if (item->seq > session->watch_seq)
                sgp_session_send_moved(session, item->target, item->bytes, item->length);
        break;
    case SGP_TO_PAGE:
        for (size_t slot = 0; engine->n_pages > 0 && slot < engine->sessions_top; slot++) {
            session = engine->sessions[slot];
            if (session != NULL && session->is_page && session->phone_call == item->target &&
                item->seq > session->page_seq)
                sgp_session_send(session, item->bytes, item->length);
        }
        break;
    case SGP_TO_PLACER:
        sgp_lookup_ask(engine, item->target);
        break;
    case SGP_TO_EXCHANGE:
        sgp_exchange_answer(engine, item->target);
        break;
    }
}

void sgp_outbox_speak(sgp_engine *engine) {
    while (engine->outbox != NULL && engine->outbox->seq <= engine->durable_seq) {
        sgp_outgoing *item = engine->outbox;
        engine->outbox = item->next;
        if (engine->outbox == NULL)
            engine->outbox_end = &engine->outbox;
        engine->outbox_bytes -= sizeof *item + item->length;
        deliver(engine, item);
        free(item);
    }
}

void sgp_outbox_clear(sgp_engine *engine) {
    while (engine->outbox != NULL) {
        sgp_outgoing *item = engine->outbox;
        engine->outbox = item->next;
        free(item);
    }
    engine->outbox_end = &engine->outbox;
    engine->outbox_bytes = 0;
}
