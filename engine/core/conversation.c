#include "core/conversation.h"

#include <string.h>

#include "core/phone.h"
#include "core/proto_read.h"
#include "core/proto_write.h"

enum { PAGE_LEAST_MS = 10 * 60 * 1000 }; /* that a page may be opened again, whatever the setting */

/* ---- who may ------------------------------------------------------------------- */

static sgp_err need_call(sgp_step *step, sgp_id id, sgp_call_node **call) {
    *call = sgp_world_find_call(step->world, id);
    if (!*call)
        return sgp_fail(&step->fault, SGP_E_NOT_FOUND, "there is no call %llu",
                        (unsigned long long)id);
    step->reply.call = id;
    step->reply.incident = (*call)->view.incident;
    return SGP_OK;
}

static sgp_err need_open(sgp_step *step, const sgp_call_node *call) {
    const sgp_incident_node *incident = sgp_world_find_incident(step->world, call->view.incident);
    if (incident->view.state != SGP_INCIDENT_CLOSED)
        return SGP_OK;
    return sgp_fail(&step->fault, SGP_E_STATE, "incident %llu is closed",
                    (unsigned long long)incident->view.id);
}

void sgp_page_goes_on(sgp_call_node *call, int64_t now_ms) {
    int32_t more_ms =
        call->locate.updates_ms > PAGE_LEAST_MS ? call->locate.updates_ms : PAGE_LEAST_MS;
    if (call->view.chat.opened_at_ms && call->locate.until_ms < now_ms + more_ms)
        call->locate.until_ms = now_ms + more_ms;
}

/* ---- events -------------------------------------------------------------------- */

/* Who is not the holder hears nothing, not even that the incident is closed. */
sgp_err sgp_caller_came(sgp_step *step) {
    const sgp_event *event = step->event;
    sgp_call_node *call;
    sgp_err err = need_call(step, event->u.came.call, &call);
    if (!err)
        err =
            sgp_locate_check_holder(step, &call->locate, event->u.came.token, event->u.came.holder);
    if (!err)
        err = need_open(step, call);
    if (!err && event->at_ms > call->locate.until_ms)
        err = sgp_fail(&step->fault, SGP_E_UNAUTHENTICATED, "the token has expired");
    if (err)
        return err;
    sgp_locate_use(step, &call->locate, event->u.came.holder);
    bool first = !call->view.chat.opened_at_ms;
    if (first)
        call->view.chat.opened_at_ms = event->at_ms;
    sgp_page_goes_on(call, event->at_ms);
    return first ? sgp_touch_call(step, call) : SGP_OK;
}

static sgp_err keep(sgp_call_node *call, const sgp_message *message) {
    if (call->n_messages == SGP_MESSAGES_MAX) {
        call->n_messages--;
        memmove(call->messages, call->messages + 1, call->n_messages * sizeof *call->messages);
    }
    sgp_err err = SGP_ROOM_U32(call->messages, call->n_messages, call->messages_capacity);
    if (!err)
        call->messages[call->n_messages++] = *message;
    return err;
}

/* How many of the caller's that are remembered stand behind what was read. */
static uint32_t count_unread(const sgp_call_node *call) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < call->n_messages; i++)
        n += call->messages[i].by_caller && call->messages[i].seq > call->view.chat.read_seq;
    return n;
}

sgp_err sgp_message_said(sgp_step *step) {
    const sgp_event *event = step->event;
    sgp_call_node *call;
    sgp_err err = need_call(step, event->u.message.call, &call);
    if (!err && event->u.message.by_caller)
        err = sgp_locate_check_holder(step, &call->locate, event->u.message.token,
                                      event->u.message.holder);
    if (!err && event->u.message.by_caller && !call->view.chat.opened_at_ms)
        err = sgp_fail(&step->fault, SGP_E_STATE, "the page of call %llu was not opened",
                       (unsigned long long)call->view.id);
    if (!err)
        err = need_open(step, call);
    if (!err && !call->locate.until_ms)
        err = sgp_fail(&step->fault, SGP_E_STATE, "call %llu has no link: give it one first",
                       (unsigned long long)call->view.id);
    if (err)
        return err;
    sgp_message message = {.seq = event->seq,
                           .at_ms = event->at_ms,
                           .incident = call->view.incident,
                           .by_caller = event->u.message.by_caller,
                           .sign = event->u.message.sign};
    memcpy(message.actor, event->actor, sizeof message.actor);
    err = keep(call, &message);
    if (err)
        return err;
    sgp_chat *chat = &call->view.chat;
    chat->last_seq = event->seq;
    chat->last_at_ms = event->at_ms;
    if (message.by_caller)
        sgp_page_goes_on(call, event->at_ms);
    else
        chat->read_seq = event->seq; /* who answers has read */
    if (message.by_caller && message.sign)
        chat->last_sign = message.sign;
    chat->messages = call->n_messages;
    chat->unread = count_unread(call);
    return sgp_touch_call(step, call);
}

sgp_err sgp_messages_read(sgp_step *step) {
    const sgp_event *event = step->event;
    sgp_call_node *call;
    sgp_err err = need_call(step, event->u.messages_read.call, &call);
    if (err)
        return err;
    sgp_chat *chat = &call->view.chat;
    if (event->u.messages_read.seq > chat->last_seq)
        return sgp_fail(&step->fault, SGP_E_RANGE, "call %llu has no message %llu",
                        (unsigned long long)call->view.id,
                        (unsigned long long)event->u.messages_read.seq);
    if (event->u.messages_read.seq <= chat->read_seq)
        return SGP_OK;
    chat->read_seq = event->u.messages_read.seq;
    chat->unread = count_unread(call);
    return sgp_touch_call(step, call);
}

uint32_t sgp_world_messages(const sgp_world *world, sgp_id call, const sgp_message **messages) {
    const sgp_call_node *node = sgp_world_find_call(world, call);
    *messages = node ? node->messages : NULL;
    return node ? node->n_messages : 0;
}

bool sgp_world_has_link(const sgp_world *world, sgp_id call) {
    const sgp_call_node *node = sgp_world_find_call(world, call);
    return node && node->locate.until_ms != 0;
}

/* ---- protos -------------------------------------------------------------------- */

bool sgp_put_chat(Sigap__V1__Chat **field, const sgp_chat *chat) {
    if (!chat->opened_at_ms && !chat->last_seq)
        return true;
    Sigap__V1__Chat *message = sgp_message_make(&sigap__v1__chat__descriptor);
    *field = message;
    if (!message)
        return false;
    message->opened_at_ms = chat->opened_at_ms;
    message->messages = chat->messages;
    message->unread = chat->unread;
    message->last_seq = chat->last_seq;
    message->last_at_ms = chat->last_at_ms;
    message->read_seq = chat->read_seq;
    message->last_sign = chat->last_sign;
    return true;
}

sgp_err sgp_read_chat(const Sigap__V1__Chat *message, sgp_chat *chat, sgp_fault *fault) {
    *chat = (sgp_chat){.opened_at_ms = 0};
    if (!message)
        return SGP_OK;
    sgp_err err = sgp_read_number(message->messages, 0, SGP_MESSAGES_MAX,
                                  "the number of messages of a call", fault);
    if (!err)
        err = sgp_read_number(message->unread, 0, message->messages,
                              "the number of unread messages of a call", fault);
    if (!err)
        err = sgp_read_number(message->last_sign, 0, SGP_SIGNS - 1, "a caller's sign", fault);
    if (err)
        return err;
    *chat = (sgp_chat){.opened_at_ms = message->opened_at_ms,
                       .messages = message->messages,
                       .unread = message->unread,
                       .last_seq = message->last_seq,
                       .last_at_ms = message->last_at_ms,
                       .read_seq = message->read_seq,
                       .last_sign = (sgp_caller_sign)message->last_sign};
    return SGP_OK;
}

bool sgp_save_said(const sgp_call_node *call, Sigap__V1__CallMemory *message) {
    bool ok = sgp_put_array((void **)&message->said, call->n_messages, sizeof(void *));
    for (uint32_t i = 0; i < call->n_messages && ok; i++) {
        const sgp_message *said = &call->messages[i];
        Sigap__V1__SaidMessage *row = sgp_message_make(&sigap__v1__said_message__descriptor);
        message->said[message->n_said++] = row;
        ok = row && sgp_put_text(&row->actor, said->actor);
        if (!ok)
            break;
        row->seq = said->seq;
        row->at_ms = said->at_ms;
        row->by_caller = said->by_caller;
        row->sign = said->sign;
        row->incident_id = said->incident;
    }
    return ok;
}

sgp_err sgp_load_said(const Sigap__V1__CallMemory *message, sgp_call_node *call, sgp_fault *fault) {
    sgp_err err = sgp_read_number((int64_t)message->n_said, call->view.chat.messages,
                                  call->view.chat.messages, "the messages of a call", fault);
    uint64_t before = 0;
    for (size_t i = 0; i < message->n_said && !err; i++) {
        const Sigap__V1__SaidMessage *row = message->said[i];
        sgp_message said = {.seq = row->seq,
                            .at_ms = row->at_ms,
                            .incident = row->incident_id,
                            .by_caller = row->by_caller,
                            .sign = (sgp_caller_sign)row->sign};
        err = sgp_read_number(row->sign, 0, SGP_SIGNS - 1, "a caller's sign", fault);
        if (!err)
            err = sgp_read_text(row->actor, said.actor, sizeof said.actor, "who said it", fault);
        if (!err && said.seq <= before)
            err = sgp_fail(fault, SGP_E_CORRUPT,
                           "the snapshot is damaged: messages are out of order");
        before = said.seq;
        if (!err)
            err = keep(call, &said);
    }
    return err;
}
