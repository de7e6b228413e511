/* A crew's telephone for tests: the device of serve/device.h on a WebSocket that it opens again
 * whenever it is gone or silent, and a crew that accepts each order and goes through its steps.
 * Include cmocka.h first. One thread; the caller turns the loop. */
#ifndef SGP_TEST_CREW_DEVICE_H
#define SGP_TEST_CREW_DEVICE_H

#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "serve/device.h"
#include "websocket_client.h"

enum {
    PHONE_ASSIGNMENTS = 4096,
    PHONE_SILENT_MS = 1500, /* without an answer so long: the line is dead */
    PHONE_PING_MS = 400,
    PHONE_AGAIN_MS = 50
};

typedef struct phone {
    struct event_base *base;
    uint16_t port;
    const char *token;
    char path[128];
    sgp_device *device;
    websocket_client *line; /* NULL: none */
    bool is_open, is_in;    /* logged in */
    bool offline;           /* does not even try */
    uint64_t sent_seq;      /* of the frame under way, 0 = none */
    int64_t heard_ms, pinged_ms, tried_ms;
    /* What the crew saw and did. */
    uint32_t orders[PHONE_ASSIGNMENTS], withdrawals[PHONE_ASSIGNMENTS];
    uint64_t repeats, refused_epochs, errors;
    char last_error[256];
    uint64_t step_of; /* the assignment that it is on, 0 = none */
    Sigap__V1__AssignmentState next;
    uint64_t said;
    int lines;
    /* Of positions, as their device was told. */
    uint64_t accepted, duplicate;
} phone;

static inline int64_t phone_ms(void) {
    return sgp_monotonic_us() / 1000;
}

static inline void phone_fail_if(sgp_err err, const sgp_fault *fault) {
    if (err != SGP_OK)
        fail_msg("%s", fault->text);
}

static inline void phone_hang_up(phone *p) {
    websocket_free(p->line);
    p->line = NULL;
    p->is_open = p->is_in = false;
    p->sent_seq = 0;
    if (p->device != NULL)
        sgp_device_line_broke(p->device);
}

static inline void phone_say(phone *p, Sigap__V1__Frame *frame) {
    sgp_fault fault = {0};
    phone_fail_if(sgp_device_say(p->device, frame, sgp_wall_ms(), &fault), &fault);
    p->said++;
}

static inline void phone_accept(phone *p, uint64_t assignment) {
    Sigap__V1__AnswerOrder answer = SIGAP__V1__ANSWER_ORDER__INIT;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    answer.assignment_id = assignment;
    answer.accept = true;
    frame.body_case = SIGAP__V1__FRAME__BODY_ANSWER_ORDER;
    frame.answer_order = &answer;
    phone_say(p, &frame);
    p->step_of = assignment;
    p->next = SIGAP__V1__ASSIGNMENT_STATE__EN_ROUTE;
}

/* The crew's next step, where it has one: one tap. */
static inline bool phone_step(phone *p) {
    if (p->step_of == 0)
        return false;
    Sigap__V1__AdvanceAssignment advance = SIGAP__V1__ADVANCE_ASSIGNMENT__INIT;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    advance.assignment_id = p->step_of;
    advance.state = p->next;
    frame.body_case = SIGAP__V1__FRAME__BODY_ADVANCE_ASSIGNMENT;
    frame.advance_assignment = &advance;
    phone_say(p, &frame);
    if (p->next == SIGAP__V1__ASSIGNMENT_STATE__EN_ROUTE)
        p->next = SIGAP__V1__ASSIGNMENT_STATE__ON_SCENE;
    else if (p->next == SIGAP__V1__ASSIGNMENT_STATE__ON_SCENE)
        p->next = SIGAP__V1__ASSIGNMENT_STATE__CLOSED; /* treated on the spot */
    else
        p->step_of = 0;
    return true;
}

static inline void phone_hear_push(phone *p, const Sigap__V1__Frame *frame) {
    sgp_order_heard heard;
    sgp_fault fault = {0};
    phone_fail_if(sgp_device_hear(p->device, frame, sgp_wall_ms(), &heard, &fault), &fault);
    p->repeats += heard == SGP_HEARD_AGAIN;
    p->refused_epochs += heard == SGP_HEARD_OLD;
    if (heard != SGP_HEARD_NEW)
        return;
    if (frame->body_case == SIGAP__V1__FRAME__BODY_ORDER &&
        frame->order->assignment_id < PHONE_ASSIGNMENTS) {
        /* Only a first word of an order asks for an answer; a change does not. */
        if (frame->order->state == SIGAP__V1__ASSIGNMENT_STATE__ORDERED) {
            p->orders[frame->order->assignment_id]++;
            phone_accept(p, frame->order->assignment_id);
        }
    } else if (frame->body_case == SIGAP__V1__FRAME__BODY_ORDER_WITHDRAWN &&
               frame->order_withdrawn->assignment_id < PHONE_ASSIGNMENTS) {
        p->withdrawals[frame->order_withdrawn->assignment_id]++;
        if (p->step_of == frame->order_withdrawn->assignment_id)
            p->step_of = 0;
    }
}

static inline void phone_hear_answer(phone *p, const Sigap__V1__Frame *frame) {
    bool is_error = frame->body_case == SIGAP__V1__FRAME__BODY_ERROR, kept;
    sgp_fault fault = {0};
    p->sent_seq = 0;
    if (frame->body_case == SIGAP__V1__FRAME__BODY_POSITIONS_TAKEN) {
        p->accepted += frame->positions_taken->accepted;
        p->duplicate += frame->positions_taken->duplicate;
    }
    phone_fail_if(sgp_device_answered(p->device,
                                      is_error ? sgp_err_from_str(frame->error->code) : SGP_OK,
                                      frame, &kept, &fault),
                  &fault);
    if (is_error && !kept) {
        p->errors++;
        snprintf(p->last_error, sizeof p->last_error, "%s", frame->error->message);
    }
}

static inline void phone_opened(websocket_client *client, void *ctx) {
    phone *p = ctx;
    Sigap__V1__Login login = SIGAP__V1__LOGIN__INIT;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    login.token = (char *)(uintptr_t)p->token;
    login.client = (char *)(uintptr_t) "phone";
    frame.body_case = SIGAP__V1__FRAME__BODY_LOGIN;
    frame.login = &login;
    p->is_open = true;
    p->heard_ms = phone_ms();
    websocket_send(client, &frame);
}

static inline void phone_frame(websocket_client *client, const Sigap__V1__Frame *frame, void *ctx) {
    phone *p = ctx;
    (void)client;
    p->heard_ms = phone_ms();
    if (frame->body_case == SIGAP__V1__FRAME__BODY_WELCOME)
        p->is_in = true;
    else if (frame->reply_to != 0 && frame->reply_to == p->sent_seq)
        phone_hear_answer(p, frame);
    else if (frame->reply_to == 0)
        phone_hear_push(p, frame);
}

static inline void phone_closed(websocket_client *client, int code, void *ctx) {
    phone *p = ctx;
    (void)client;
    (void)code;
    p->is_open = p->is_in = false; /* freed at the next turn */
    p->heard_ms = 0;
}

static inline void phone_connect(phone *p) {
    static const websocket_calls calls = {phone_opened, phone_frame, phone_closed};
    if (phone_ms() - p->tried_ms < PHONE_AGAIN_MS)
        return;
    p->tried_ms = p->heard_ms = phone_ms();
    p->line = websocket_open(p->base, "127.0.0.1", p->port, NULL, "/v1/socket", &calls, p);
    p->lines++;
}

static inline void phone_pump(phone *p) {
    Sigap__V1__Frame *frame = NULL;
    sgp_fault fault = {0};
    if (p->sent_seq != 0)
        return;
    phone_fail_if(sgp_device_next(p->device, sgp_wall_ms(), &frame, &fault), &fault);
    if (frame != NULL) {
        p->sent_seq = websocket_send(p->line, frame);
        sigap__v1__frame__free_unpacked(frame, NULL);
        return;
    }
    if (phone_ms() - p->pinged_ms > PHONE_PING_MS) {
        Sigap__V1__Ping ping = SIGAP__V1__PING__INIT;
        Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
        ping.sent_at_ms = sgp_wall_ms();
        request.body_case = SIGAP__V1__FRAME__BODY_PING;
        request.ping = &ping;
        p->pinged_ms = phone_ms();
        websocket_send(p->line, &request);
    }
}

/* Once round the loop, a few milliseconds at most. */
static inline void phone_turn(phone *p) {
    struct timeval few = {0, 3000};
    event_base_loopexit(p->base, &few);
    event_base_dispatch(p->base);
    if (p->line != NULL && (phone_ms() - p->heard_ms > PHONE_SILENT_MS || p->offline))
        phone_hang_up(p);
    if (p->line == NULL && !p->offline)
        phone_connect(p);
    if (p->is_in)
        phone_pump(p);
}

/* Opens its queue, as it was when the telephone died. */
static inline void phone_start(phone *p) {
    sgp_fault fault = {0};
    phone_fail_if(sgp_device_open(p->path, &p->device, &fault), &fault);
}

static inline void phone_die(phone *p) {
    phone_hang_up(p);
    sgp_device_close(p->device);
    p->device = NULL;
}

#endif
