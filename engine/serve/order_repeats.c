/* Orders, changes, withdrawals, destinations and move-ups on their way to crews' devices.
 *
 * What was told and not yet received (core/receipts.h) is told again over whatever session the unit
 * has: at once when it logs in, and else after a time that grows up to a bound. The world knows
 * what is unheard; here stands only when to say it next. Nothing here is kept across a restart:
 * the list is made anew from the world. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "serve/engine_parts.h"

typedef struct unheard {
    uint32_t unit;
    sgp_id assignment; /* 0: its move-up */
    int64_t due_us, wait_us;
} unheard;

struct sgp_order_repeats {
    unheard *list;
    size_t n, capacity;
    uint64_t repeats; /* since the start */
};

/* ---- one matter --------------------------------------------------------------------------- */

/* Without an order of its own a destination would be forgotten when the device starts anew. It goes
 * first, so that who has the order has it too. */
static void tell_open(sgp_engine *engine, sgp_outgoing_kind kind, uint64_t target,
                      const sgp_assignment *on) {
    if (on->state >= SGP_ASSIGNMENT_TRANSPORTING && on->hospital >= 0)
        sgp_tell_destination(engine, kind, target, on->id);
    Sigap__V1__Order *order = sgp_order_to_proto(engine->world, on->id);
    if (order == NULL) {
        sgp_log(SGP_LOG_ERROR, "out_of_memory", "where=order");
        abort();
    }
    order->epoch = engine->epoch;
    order->premises = sgp_premises_of(engine, sgp_world_incident(engine->world, on->incident),
                                      &order->n_premises);
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_ORDER;
    frame.order = order;
    sgp_outbox_put(engine, kind, target, &frame);
    protobuf_c_message_free_unpacked(&order->base, NULL);
}

static void tell_withdrawn(sgp_engine *engine, sgp_outgoing_kind kind, uint64_t target,
                           const sgp_assignment *on) {
    Sigap__V1__OrderWithdrawn withdrawn = SIGAP__V1__ORDER_WITHDRAWN__INIT;
    withdrawn.assignment_id = on->id;
    withdrawn.epoch = engine->epoch;
    withdrawn.told_seq = on->receipt.told_seq;
    withdrawn.reason =
        (char *)(on->reason[0] != '\0' ? on->reason : sgp_assignment_state_str(on->state));
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_ORDER_WITHDRAWN;
    frame.order_withdrawn = &withdrawn;
    sgp_outbox_put(engine, kind, target, &frame);
}

static bool is_open(const sgp_assignment *on) {
    return on->state >= SGP_ASSIGNMENT_ORDERED && on->state <= SGP_ASSIGNMENT_HANDED_OVER;
}

void sgp_tell_order(sgp_engine *engine, sgp_outgoing_kind kind, uint64_t target,
                    sgp_id assignment) {
    const sgp_assignment *on = sgp_world_assignment(engine->world, assignment);
    if (on != NULL && is_open(on))
        tell_open(engine, kind, target, on);
    else if (on != NULL)
        tell_withdrawn(engine, kind, target, on);
}

void sgp_answer_open_orders(sgp_session *session) {
    sgp_engine *engine = session->engine;
    for (sgp_id id = sgp_world_next_assignment(engine->world, 0); id != 0;
         id = sgp_world_next_assignment(engine->world, id)) {
        const sgp_assignment *on = sgp_world_assignment(engine->world, id);
        if (on->unit == session->unit && (is_open(on) || sgp_assignment_is_unheard(on)))
            sgp_tell_order(engine, SGP_TO_SESSION, session->id, id);
    }
}

/* ---- again ---------------------------------------------------------------------------------- */

static sgp_order_repeats *repeats_of(sgp_engine *engine) {
    if (engine->order_repeats == NULL)
        engine->order_repeats = calloc(1, sizeof *engine->order_repeats);
    return engine->order_repeats;
}

static bool is_unheard(const sgp_engine *engine, const unheard *item) {
    if (item->assignment == 0)
        return sgp_post_is_unheard(sgp_world_unit(engine->world, item->unit));
    const sgp_assignment *on = sgp_world_assignment(engine->world, item->assignment);
    return on != NULL && sgp_assignment_is_unheard(on);
}

/* Told just now: next after the shortest time. Where memory lacks, the next login tells it. */
static void add(sgp_engine *engine, uint32_t unit, sgp_id assignment) {
    sgp_order_repeats *r = repeats_of(engine);
    if (r == NULL)
        return;
    unheard item = {.unit = unit,
                    .assignment = assignment,
                    .wait_us = (int64_t)engine->settings->order_repeat_ms * 1000};
    item.due_us = sgp_monotonic_us() + item.wait_us;
    if (!is_unheard(engine, &item))
        return;
    for (size_t i = 0; i < r->n; i++)
        if (r->list[i].unit == unit && r->list[i].assignment == assignment) {
            r->list[i] = item;
            return;
        }
    if (r->n == r->capacity) {
        size_t capacity = r->capacity > 0 ? 2 * r->capacity : 64;
        unheard *list = realloc(r->list, capacity * sizeof *list);
        if (list == NULL)
            return;
        r->list = list;
        r->capacity = capacity;
    }
    r->list[r->n++] = item;
}

void sgp_order_repeats_follow(sgp_engine *engine) {
    for (size_t i = 0; i < engine->effects.n; i++) {
        const sgp_effect *effect = &engine->effects.items[i];
        sgp_id id = effect->kind == SGP_EFFECT_ORDER         ? effect->u.order.assignment
                    : effect->kind == SGP_EFFECT_WITHDRAW    ? effect->u.withdraw.assignment
                    : effect->kind == SGP_EFFECT_DESTINATION ? effect->u.destination.assignment
                                                             : 0;
        const sgp_assignment *on = id != 0 ? sgp_world_assignment(engine->world, id) : NULL;
        if (on != NULL)
            add(engine, on->unit, id);
        else if (effect->kind == SGP_EFFECT_MOVE_UP)
            add(engine, effect->u.move_up.unit, 0);
    }
}

void sgp_order_repeats_recover(sgp_engine *engine) {
    for (sgp_id id = sgp_world_next_assignment(engine->world, 0); id != 0;
         id = sgp_world_next_assignment(engine->world, id))
        add(engine, sgp_world_assignment(engine->world, id)->unit, id);
    for (uint32_t i = 0; i < sgp_world_units(engine->world); i++)
        add(engine, i, 0);
}

static void tell_again(sgp_engine *engine, unheard *item, uint64_t session, int64_t now_us) {
    int64_t most_us = (int64_t)engine->settings->order_repeat_most_ms * 1000;
    item->wait_us = 2 * item->wait_us < most_us ? 2 * item->wait_us : most_us;
    item->due_us = now_us + item->wait_us;
    engine->order_repeats->repeats++;
    if (item->assignment != 0)
        sgp_tell_order(engine, SGP_TO_SESSION, session, item->assignment);
    else
        sgp_tell_move_up(engine, SGP_TO_SESSION, session, item->unit);
}

void sgp_order_repeats_tick(sgp_engine *engine) {
    sgp_order_repeats *r = engine->order_repeats;
    int64_t now_us = sgp_monotonic_us();
    for (size_t i = r != NULL ? r->n : 0; i-- > 0;) {
        unheard *item = &r->list[i];
        if (!is_unheard(engine, item)) {
            *item = r->list[--r->n];
            continue;
        }
        const sgp_session *session = sgp_session_find(engine, engine->crew[item->unit]);
        if (session != NULL && now_us >= item->due_us)
            tell_again(engine, item, session->id, now_us);
    }
}

void sgp_order_repeats_count(const sgp_engine *engine, size_t *waiting, uint64_t *repeats) {
    const sgp_order_repeats *r = engine->order_repeats;
    *waiting = r != NULL ? r->n : 0;
    *repeats = r != NULL ? r->repeats : 0;
}

void sgp_order_repeats_free(sgp_order_repeats *repeats) {
    if (repeats != NULL)
        free(repeats->list);
    free(repeats);
}

/* ---- what devices say ------------------------------------------------------------------------ */

sgp_err sgp_order_received_event(sgp_session *session, const Sigap__V1__OrderReceived *asked,
                                 sgp_event *event, sgp_fault *fault) {
    sgp_engine *engine = session->engine;
    if (!session->is_crew)
        return sgp_fail(fault, SGP_E_PERMISSION,
                        "only the device of a unit's crew can say what it has received");
    const char *unit = sgp_world_unit(engine->world, session->unit)->code;
    event->kind = SGP_EVENT_ORDER_RECEIVED;
    memcpy(event->u.received.unit, unit, sizeof event->u.received.unit);
    event->u.received.assignment = asked->assignment_id;
    event->u.received.told_seq = asked->told_seq;
    event->u.received.epoch = asked->epoch;
    event->u.received.refused = asked->refused;
    event->u.received.seen_epoch = asked->seen_epoch;
    event->u.received.device_at_ms = asked->device_at_ms;
    if (asked->refused) {
        engine->measures.orders_refused++;
        sgp_log(SGP_LOG_WARN, "order_refused_by_device",
                "unit=%s assignment=%llu epoch=%llu seen_epoch=%llu own_epoch=%llu", SGP_Q(unit),
                (unsigned long long)asked->assignment_id, (unsigned long long)asked->epoch,
                (unsigned long long)asked->seen_epoch, (unsigned long long)engine->epoch);
    }
    return SGP_OK;
}
