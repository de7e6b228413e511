#include "serve/order_memory.h"

#include <string.h>

bool sgp_order_word_of(const Sigap__V1__Frame *frame, sgp_order_word *word) {
    switch (frame->body_case) {
    case SIGAP__V1__FRAME__BODY_ORDER:
        *word = (sgp_order_word){frame->order->assignment_id, frame->order->epoch,
                                 frame->order->told_seq};
        break;
    case SIGAP__V1__FRAME__BODY_ORDER_WITHDRAWN:
        *word = (sgp_order_word){frame->order_withdrawn->assignment_id,
                                 frame->order_withdrawn->epoch, frame->order_withdrawn->told_seq};
        break;
    case SIGAP__V1__FRAME__BODY_DESTINATION:
        *word = (sgp_order_word){frame->destination->assignment_id, frame->destination->epoch,
                                 frame->destination->told_seq};
        break;
    case SIGAP__V1__FRAME__BODY_MOVE_UP_ORDER:
        *word = (sgp_order_word){0, frame->move_up_order->epoch, frame->move_up_order->told_seq};
        break;
    default:
        return false;
    }
    return word->told_seq != 0;
}

static uint32_t kind_of(const Sigap__V1__Frame *frame) {
    return frame->body_case == SIGAP__V1__FRAME__BODY_DESTINATION ? 2 : 1;
}

/* The matter moves to the end; a new one takes the place of the oldest where there is no room. */
static uint32_t matter_of(sgp_order_memory *m, uint64_t assignment) {
    uint32_t at = 0;
    while (at < m->n && m->matters[at].assignment != assignment)
        at++;
    bool known = at < m->n;
    if (!known && m->n < SGP_ORDER_MATTERS)
        m->n++;
    else if (!known)
        at = 0;
    uint64_t told_seq = known ? m->matters[at].told_seq : 0;
    uint32_t kinds = known ? m->matters[at].kinds : 0;
    bool has_order = known && m->matters[at].has_order;
    memmove(&m->matters[at], &m->matters[at + 1], (m->n - at - 1) * sizeof m->matters[0]);
    m->matters[m->n - 1].assignment = assignment;
    m->matters[m->n - 1].told_seq = told_seq;
    m->matters[m->n - 1].kinds = kinds;
    m->matters[m->n - 1].has_order = has_order;
    return m->n - 1;
}

sgp_order_heard sgp_order_memory_hear(sgp_order_memory *memory, const Sigap__V1__Frame *frame,
                                      Sigap__V1__OrderReceived *received) {
    sgp_order_word word;
    if (!sgp_order_word_of(frame, &word))
        return SGP_HEARD_NOTHING;
    received->assignment_id = word.assignment;
    received->told_seq = word.told_seq;
    received->epoch = word.epoch;
    if (word.epoch < memory->epoch) {
        received->refused = true;
        received->seen_epoch = memory->epoch;
        return SGP_HEARD_OLD;
    }
    memory->epoch = word.epoch;
    uint32_t at = matter_of(memory, word.assignment);
    uint32_t kind = kind_of(frame);
    bool is_order = frame->body_case != SIGAP__V1__FRAME__BODY_DESTINATION;
    memory->matters[at].has_order |= is_order;
    if (!memory->matters[at].has_order)
        received->told_seq = 0;
    if (word.told_seq < memory->matters[at].told_seq ||
        (word.told_seq == memory->matters[at].told_seq && memory->matters[at].kinds & kind))
        return SGP_HEARD_AGAIN;
    if (word.told_seq > memory->matters[at].told_seq)
        memory->matters[at].kinds = 0;
    memory->matters[at].told_seq = word.told_seq;
    memory->matters[at].kinds |= kind;
    return SGP_HEARD_NEW;
}
