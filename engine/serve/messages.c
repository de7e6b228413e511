/* Words between the control room and a caller's own page (core/conversation.h).
 *
 * The core keeps that there are words, and whose; the words stand in the journal, sealed under the
 * key of the incident that the call belonged to then, so that erasing the incident erases them.
 * They are kept as the personal fields of a call that cannot be: its number is the event's, with a
 * high bit. The control room hears who said what; the caller never hears a name. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "serve/engine_parts.h"

enum {
    MESSAGE_BYTES = 1000,
    WORDS_AT_ONCE = 12, /* of one page; from then on one in three seconds */
    WORD_EVERY_US = 3000000,
    SHARES_AT_ONCE = 20, /* positions, and openings of the page; from then on one a second */
    SHARE_EVERY_US = 1000000
};
#define MESSAGE_BIT (UINT64_C(1) << 59)

/* ---- how often -------------------------------------------------------------------- */

/* Anybody may have got hold of a link: what comes by it must not fill the journal. Calls that share
 * a place in the table count anew with each other. */
static bool is_too_often(sgp_pace *pace, sgp_id call, int32_t at_once, int64_t every_us) {
    int64_t now_us = sgp_monotonic_us();
    if (pace->call != call)
        *pace = (sgp_pace){.call = call, .since_us = now_us};
    int64_t forgets = (now_us - pace->since_us) / every_us;
    pace->since_us += forgets * every_us;
    pace->sent = forgets >= pace->sent ? 0 : pace->sent - (int32_t)forgets;
    if (pace->sent >= at_once)
        return true;
    pace->sent++;
    return false;
}

bool sgp_phone_shares_too_often(sgp_engine *engine, sgp_id call) {
    return is_too_often(&engine->shares[call % SGP_SHARERS], call, SHARES_AT_ONCE, SHARE_EVERY_US);
}

/* ---- frame -> event ---------------------------------------------------------------- */

static sgp_err keep_words(const char *text, sgp_input *input, sgp_fault *fault) {
    if (strlen(text) > MESSAGE_BYTES)
        return sgp_fail(fault, SGP_E_ARGUMENT, "text is longer than %d bytes", MESSAGE_BYTES);
    input->personal.narrative = strdup(text);
    return input->personal.narrative != NULL ? SGP_OK : sgp_fail(fault, SGP_E_MEMORY, "no memory");
}

static bool is_blank(const char *text) {
    return text[strspn(text, " \t\r\n")] == '\0';
}

static sgp_err say_to_desk(sgp_session *session, const Sigap__V1__SayToDesk *asked,
                           sgp_input *input, sgp_fault *fault) {
    sgp_engine *engine = session->engine;
    if ((unsigned)asked->sign >= SGP_SIGNS)
        return sgp_fail(fault, SGP_E_RANGE, "the sign is unknown");
    if (is_blank(asked->text) && asked->sign == SIGAP__V1__CALLER_SIGN__SIGN_NONE)
        return sgp_fail(fault, SGP_E_ARGUMENT, "nothing is said: give a text or a sign");
    if (is_too_often(&engine->words[session->phone_call % SGP_SHARERS], session->phone_call,
                     WORDS_AT_ONCE, WORD_EVERY_US))
        return sgp_fail(fault, SGP_E_FULL, "messages come faster than one in three seconds");
    input->event.u.message.call = session->phone_call;
    input->event.u.message.by_caller = true;
    input->event.u.message.sign = (sgp_caller_sign)asked->sign;
    memcpy(input->event.u.message.token, session->phone_token, SGP_HASH_BYTES);
    memcpy(input->event.u.message.holder, session->phone_holder, SGP_HASH_BYTES);
    return keep_words(asked->text, input, fault);
}

sgp_err sgp_message_event(sgp_session *session, const Sigap__V1__Frame *frame, sgp_input *input,
                          sgp_fault *fault) {
    if (frame->body_case == SIGAP__V1__FRAME__BODY_READ_MESSAGES) {
        input->event.kind = SGP_EVENT_MESSAGES_READ;
        input->event.u.messages_read.call = frame->read_messages->call_id;
        input->event.u.messages_read.seq = frame->read_messages->seq;
        return SGP_OK;
    }
    input->event.kind = SGP_EVENT_MESSAGE_SAID;
    if (frame->body_case == SIGAP__V1__FRAME__BODY_SAY_TO_DESK)
        return say_to_desk(session, frame->say_to_desk, input, fault);
    input->event.u.message.call = frame->say_to_caller->call_id;
    if (is_blank(frame->say_to_caller->text))
        return sgp_fail(fault, SGP_E_ARGUMENT, "text is empty");
    return keep_words(frame->say_to_caller->text, input, fault);
}

bool sgp_messages_personal(const sgp_event *event, const sgp_reply *reply, const sgp_input *input,
                           sgp_personal *personal) {
    if (event->kind != SGP_EVENT_MESSAGE_SAID || input->personal.narrative == NULL)
        return false;
    personal->call = MESSAGE_BIT | event->seq;
    personal->incident = reply->incident;
    personal->narrative = input->personal.narrative;
    return true;
}

/* ---- telling ----------------------------------------------------------------------- */

void sgp_push_message(sgp_engine *engine, const sgp_event *event, const sgp_reply *reply,
                      const sgp_input *input) {
    if (input == NULL || input->personal.narrative == NULL)
        return;
    Sigap__V1__CallerMessage message = SIGAP__V1__CALLER_MESSAGE__INIT, *list = &message;
    message.seq = event->seq;
    message.at_ms = event->at_ms;
    message.by_caller = event->u.message.by_caller;
    message.sign = (Sigap__V1__CallerSign)event->u.message.sign;
    message.text = input->personal.narrative;
    message.call_id = reply->call;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_CALLER_MESSAGE;
    frame.caller_message = &message;
    if (engine->n_pages > 0)
        sgp_outbox_put(engine, SGP_TO_PAGE, reply->call, &frame);
    if (engine->n_watchers == 0)
        return;
    message.incident_id = reply->incident;
    message.actor = (char *)(uintptr_t)event->actor;
    Sigap__V1__Update update = SIGAP__V1__UPDATE__INIT;
    update.event_seq = event->seq;
    update.at_ms = event->at_ms;
    update.caller_messages = &list;
    update.n_caller_messages = 1;
    frame.body_case = SIGAP__V1__FRAME__BODY_UPDATE;
    frame.update = &update;
    sgp_outbox_put(engine, SGP_TO_HEARERS, 0, &frame);
}

/* ---- reading ----------------------------------------------------------------------- */

sgp_err sgp_message_words(sgp_engine *engine, uint64_t seq, sgp_personal_copy *copy, bool *erased) {
    *erased = false;
    return sgp_journal_personal(engine->journal, MESSAGE_BIT | seq, copy, erased);
}

/* The words of one call with what each borrows, newest last. */
typedef struct words_of_call {
    uint32_t n;
    Sigap__V1__CallerMessage row[SGP_MESSAGES_MAX], *list[SGP_MESSAGES_MAX];
    sgp_personal_copy copy[SGP_MESSAGES_MAX];
} words_of_call;

static void gather(sgp_engine *engine, sgp_id call, bool to_caller, words_of_call *words) {
    const sgp_message *from;
    words->n = sgp_world_messages(engine->world, call, &from);
    for (uint32_t i = 0; i < words->n; i++) {
        Sigap__V1__CallerMessage *row = &words->row[i];
        bool erased;
        sigap__v1__caller_message__init(row);
        row->seq = from[i].seq;
        row->at_ms = from[i].at_ms;
        row->by_caller = from[i].by_caller;
        row->sign = (Sigap__V1__CallerSign)from[i].sign;
        row->call_id = call;
        if (sgp_message_words(engine, from[i].seq, &words->copy[i], &erased) == SGP_OK)
            row->text = words->copy[i].narrative;
        row->erased = erased;
        if (!to_caller) {
            row->incident_id = from[i].incident;
            row->actor = (char *)(uintptr_t)from[i].actor;
        }
        words->list[i] = row;
    }
}

void sgp_answer_conversation(sgp_session *session, uint64_t reply_to, sgp_id named) {
    sgp_engine *engine = session->engine;
    sgp_id id = session->phone_call != 0 ? session->phone_call : named;
    const sgp_call *call = sgp_world_call(engine->world, id);
    /* Each question opens up to 200 seals. At login it is told unasked. */
    if (session->is_page && reply_to != 0 && sgp_phone_shares_too_often(engine, id)) {
        sgp_outbox_error(engine, session->id, reply_to, SGP_E_FULL, "asked too often");
        return;
    }
    words_of_call *words = call != NULL ? calloc(1, sizeof *words) : NULL;
    if (words == NULL) {
        sgp_fault fault;
        sgp_err err = call != NULL ? sgp_fail(&fault, SGP_E_MEMORY, "no memory for the words")
                                   : sgp_fail(&fault, SGP_E_NOT_FOUND, "there is no call %llu",
                                              (unsigned long long)id);
        sgp_outbox_error(engine, session->id, reply_to, err, fault.text);
        return;
    }
    bool to_caller = session->phone_call != 0;
    gather(engine, id, to_caller, words);
    Sigap__V1__Conversation told = SIGAP__V1__CONVERSATION__INIT;
    Sigap__V1__Chat chat = SIGAP__V1__CHAT__INIT;
    const sgp_incident *incident = sgp_world_incident(engine->world, call->incident);
    told.call_id = id;
    told.messages = words->list;
    told.n_messages = words->n;
    told.ended = incident == NULL || incident->state == SGP_INCIDENT_CLOSED;
    if (!to_caller) {
        told.incident_id = call->incident;
        told.has_link = sgp_world_has_link(engine->world, id);
        chat.opened_at_ms = call->chat.opened_at_ms;
        chat.messages = call->chat.messages;
        chat.unread = call->chat.unread;
        chat.last_seq = call->chat.last_seq;
        chat.last_at_ms = call->chat.last_at_ms;
        chat.read_seq = call->chat.read_seq;
        chat.last_sign = call->chat.last_sign;
        told.chat = &chat;
    }
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_CONVERSATION;
    frame.conversation = &told;
    sgp_outbox_answer(engine, session->id, reply_to, &frame);
    for (uint32_t i = 0; i < words->n; i++)
        sgp_personal_free(&words->copy[i]);
    free(words);
}
