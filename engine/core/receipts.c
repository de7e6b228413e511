#include "core/receipts.h"

#include "core/edition.h"
#include "core/proto_write.h"

sgp_order_receipt sgp_receipt_state(const sgp_receipt *receipt) {
    return !receipt->told_seq                        ? SGP_RECEIPT_NONE
           : receipt->refused_epoch                  ? SGP_RECEIPT_REFUSED
           : receipt->heard_seq >= receipt->told_seq ? SGP_RECEIPT_RECEIVED
                                                     : SGP_RECEIPT_WAITING;
}

/* Of an assignment that its own crew ended there is nothing left to tell. */
bool sgp_assignment_is_unheard(const sgp_assignment *assignment) {
    sgp_assignment_state state = assignment->state;
    bool withdrawn = state == SGP_ASSIGNMENT_TIMED_OUT || state == SGP_ASSIGNMENT_DIVERTED ||
                     state == SGP_ASSIGNMENT_STOOD_DOWN;
    return assignment->receipt.told_seq > assignment->receipt.heard_seq &&
           (withdrawn || sgp_assignment_is_open(assignment));
}

bool sgp_post_is_unheard(const sgp_unit *unit) {
    return unit->post_receipt.told_seq > unit->post_receipt.heard_seq;
}

/* ---- what a step told --------------------------------------------------------------- */

static void note(sgp_receipt *receipt, uint64_t seq) {
    receipt->told_seq = seq;
    receipt->refused_epoch = 0;
}

static sgp_err note_assignment(sgp_step *step, sgp_id id) {
    sgp_assignment_node *node = sgp_world_find_assignment(step->world, id);
    if (!node || node->view.receipt.told_seq == step->event->seq)
        return SGP_OK;
    note(&node->view.receipt, step->event->seq);
    sgp_err err = sgp_touch_assignment(step, node);
    return err ? err : sgp_touch_unit(step, &step->world->units[node->view.unit]);
}

static sgp_err note_post(sgp_step *step, uint32_t unit) {
    sgp_unit_node *node = &step->world->units[unit];
    note(&node->view.post_receipt, step->event->seq);
    return sgp_touch_unit(step, node);
}

sgp_err sgp_receipts_follow(sgp_step *step) {
    sgp_err err = SGP_OK;
    if (!sgp_edition_holds(step->world, 3))
        return SGP_OK;
    for (size_t i = step->told_before; i < step->effects->n && !err; i++) {
        const sgp_effect *effect = &step->effects->items[i];
        if (effect->kind == SGP_EFFECT_ORDER)
            err = note_assignment(step, effect->u.order.assignment);
        else if (effect->kind == SGP_EFFECT_WITHDRAW)
            err = note_assignment(step, effect->u.withdraw.assignment);
        else if (effect->kind == SGP_EFFECT_DESTINATION)
            err = note_assignment(step, effect->u.destination.assignment);
        else if (effect->kind == SGP_EFFECT_MOVE_UP)
            err = note_post(step, effect->u.move_up.unit);
    }
    return err;
}

/* ---- what a device has --------------------------------------------------------------- */

/* *news: it says something that was not known. */
static sgp_err take(sgp_step *step, sgp_receipt *receipt, bool *news) {
    const sgp_event *event = step->event;
    uint64_t told_seq = event->u.received.told_seq;
    *news = false;
    if (told_seq > receipt->told_seq)
        return sgp_fail(&step->fault, SGP_E_RANGE, "nothing was told at event %llu",
                        (unsigned long long)told_seq);
    if (event->u.received.refused) {
        /* What was refused has been told again in the meantime, perhaps by a newer engine. */
        if (told_seq == receipt->told_seq && told_seq > receipt->heard_seq &&
            receipt->refused_epoch < event->u.received.seen_epoch) {
            receipt->refused_epoch = event->u.received.seen_epoch;
            *news = true;
        }
        return SGP_OK;
    }
    if (told_seq <= receipt->heard_seq)
        return SGP_OK;
    receipt->heard_seq = told_seq;
    receipt->refused_epoch = 0;
    if (!receipt->received_at_ms)
        receipt->received_at_ms = event->at_ms;
    *news = true;
    return SGP_OK;
}

sgp_err sgp_order_received(sgp_step *step) {
    const sgp_event *event = step->event;
    sgp_id id = event->u.received.assignment;
    sgp_unit_node *unit = sgp_world_find_unit(step->world, event->u.received.unit);
    sgp_assignment_node *node = id ? sgp_world_find_assignment(step->world, id) : NULL;
    bool news;
    if (!unit)
        return sgp_fail(&step->fault, SGP_E_NOT_FOUND, "no unit is called %s",
                        event->u.received.unit);
    if (id && (!node || node->view.unit != unit->view.index))
        return sgp_fail(&step->fault, SGP_E_NOT_FOUND, "%s has no assignment %llu", unit->view.code,
                        (unsigned long long)id);
    sgp_err err = take(step, node ? &node->view.receipt : &unit->view.post_receipt, &news);
    if (err)
        return err;
    if (node) {
        step->reply.assignment = id;
        step->reply.incident = node->view.incident;
    }
    if (news && node)
        err = sgp_touch_assignment(step, node);
    return err || !news ? err : sgp_touch_unit(step, unit);
}

/* ---- messages ------------------------------------------------------------------------- */

bool sgp_put_receipt(Sigap__V1__Receipt **field, const sgp_receipt *receipt) {
    if (!receipt->told_seq)
        return true;
    Sigap__V1__Receipt *message = sgp_message_make(&sigap__v1__receipt__descriptor);
    *field = message;
    if (!message)
        return false;
    message->told_seq = receipt->told_seq;
    message->heard_seq = receipt->heard_seq;
    message->received_at_ms = receipt->received_at_ms;
    message->refused_epoch = receipt->refused_epoch;
    return true;
}

void sgp_read_receipt(const Sigap__V1__Receipt *message, sgp_receipt *receipt) {
    *receipt = (sgp_receipt){0};
    if (!message)
        return;
    receipt->told_seq = message->told_seq;
    receipt->heard_seq = message->heard_seq;
    receipt->received_at_ms = message->received_at_ms;
    receipt->refused_epoch = message->refused_epoch;
}
