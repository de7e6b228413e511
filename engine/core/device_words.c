#include "core/device_words.h"

#include "core/proto_write.h"

typedef struct device_word {
    sgp_id assignment;
    sgp_assignment_state state;
    int64_t said_at_ms, device_at_ms;
} device_word;

static device_word word_of(const sgp_event *event) {
    if (event->kind == SGP_EVENT_ASSIGNMENT_ADVANCED)
        return (device_word){event->u.advanced.assignment, event->u.advanced.state,
                             event->u.advanced.said_at_ms, event->u.advanced.device_at_ms};
    return (device_word){event->u.answered.assignment,
                         event->u.answered.accepted ? SGP_ASSIGNMENT_ACCEPTED
                                                    : SGP_ASSIGNMENT_DECLINED,
                         event->u.answered.said_at_ms, event->u.answered.device_at_ms};
}

static bool is_passed(const sgp_assignment *on, sgp_assignment_state state) {
    return !sgp_assignment_is_open(on) || state <= on->state ||
           (state == SGP_ASSIGNMENT_DECLINED && on->state != SGP_ASSIGNMENT_ORDERED);
}

/* A state that was passed by was entered then, where that is between its neighbours. One that is
 * over without its work done keeps what it has. */
static void fill_in(sgp_assignment *on, sgp_assignment_state state, int64_t at_ms) {
    if (on->state > SGP_ASSIGNMENT_CLOSED || state > SGP_ASSIGNMENT_CLOSED || on->at_ms[state])
        return;
    for (int i = 1; i <= SGP_ASSIGNMENT_CLOSED; i++)
        if (on->at_ms[i] && (i < (int)state ? on->at_ms[i] > at_ms : on->at_ms[i] < at_ms))
            return;
    on->at_ms[state] = at_ms;
}

sgp_err sgp_device_tells(sgp_step *step, bool *late) {
    device_word word = word_of(step->event);
    *late = false;
    sgp_assignment_node *node =
        word.device_at_ms ? sgp_world_find_assignment(step->world, word.assignment) : NULL;
    if (!node) /* what there is to say of it the handler says */
        return SGP_OK;
    sgp_assignment *on = &node->view;
    int64_t now_ms = step->event->at_ms;
    *late = is_passed(on, word.state);
    if (!*late) {
        bool can_be = word.said_at_ms >= on->at_ms[on->state] && word.said_at_ms <= now_ms;
        step->said_of = on->id;
        step->said_at_ms = can_be ? word.said_at_ms : now_ms;
        step->device_at_ms = word.device_at_ms;
        return SGP_OK;
    }
    step->reply.assignment = on->id;
    step->reply.incident = on->incident;
    if (on->device_at_ms[word.state])
        return SGP_OK; /* the device has told it before */
    on->device_at_ms[word.state] = word.device_at_ms;
    on->arrived_at_ms[word.state] = now_ms;
    on->late |= 1u << word.state;
    fill_in(on, word.state, word.said_at_ms);
    return sgp_touch_assignment(step, node);
}

void sgp_put_device_stamp(Sigap__V1__StateStamp *stamp, const sgp_assignment *assignment,
                          int state) {
    stamp->device_at_ms = assignment->device_at_ms[state];
    stamp->arrived_at_ms = assignment->arrived_at_ms[state];
    stamp->late = assignment->late >> state & 1u;
}

bool sgp_put_late_stamps(Sigap__V1__Assignment *message, const sgp_assignment *assignment) {
    size_t n = 0;
    for (int state = 1; state < SGP_ASSIGNMENT_STATES; state++)
        n += assignment->device_at_ms[state] && !assignment->at_ms[state];
    bool ok = sgp_put_array((void **)&message->late_stamps, n, sizeof *message->late_stamps);
    for (int state = 1; state < SGP_ASSIGNMENT_STATES && ok; state++) {
        if (!assignment->device_at_ms[state] || assignment->at_ms[state])
            continue;
        Sigap__V1__StateStamp *stamp = sgp_message_make(&sigap__v1__state_stamp__descriptor);
        ok = stamp != NULL;
        if (!ok)
            break;
        message->late_stamps[message->n_late_stamps++] = stamp;
        stamp->state = (Sigap__V1__AssignmentState)state;
        sgp_put_device_stamp(stamp, assignment, state);
    }
    return ok;
}

void sgp_read_device_stamp(const Sigap__V1__StateStamp *stamp, sgp_assignment *assignment) {
    assignment->device_at_ms[stamp->state] = stamp->device_at_ms;
    assignment->arrived_at_ms[stamp->state] = stamp->arrived_at_ms;
    if (stamp->late)
        assignment->late |= 1u << stamp->state;
}
