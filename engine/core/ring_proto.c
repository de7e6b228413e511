/* Rings as messages and back. */
#include <assert.h>

#include "core/proto_read.h"
#include "core/proto_write.h"
#include "core/rings.h"
#include "core/rings_snapshot.h"

static_assert((int)SGP_RING_ABANDONED == (int)SIGAP__V1__RING_STATE__RING_ABANDONED, "ring state");
static_assert((int)SGP_NEWS_RECORDED == (int)SIGAP__V1__RING_NEWS__NEWS_RECORDED, "ring news");
static_assert((int)SGP_CALL_BACK_RANG_AGAIN ==
                  (int)SIGAP__V1__CALL_BACK_STATE__CALL_BACK_RANG_AGAIN,
              "call back");

/* ---- writing --------------------------------------------------------------- */

Sigap__V1__Ring *sgp_ring_to_proto(const sgp_world *world, sgp_id id) {
    const sgp_ring *ring = sgp_world_ring(world, id);
    Sigap__V1__Ring *message = ring ? sgp_message_make(&sigap__v1__ring__descriptor) : NULL;
    if (!message)
        return NULL;
    message->id = id;
    message->state = (Sigap__V1__RingState)ring->state;
    message->has_number = !sgp_number_is_none(ring->number);
    message->rang_at_ms = ring->rang_at_ms;
    message->claimed_at_ms = ring->claimed_at_ms;
    message->claim_until_ms = ring->claim_until_ms;
    message->answered_at_ms = ring->answered_at_ms;
    message->held_at_ms = ring->held_at_ms;
    message->ended_at_ms = ring->ended_at_ms;
    message->lost = ring->lost;
    message->call_id = ring->call;
    message->back_state = (Sigap__V1__CallBackState)ring->back;
    message->back_claimed_at_ms = ring->back_claimed_at_ms;
    message->back_at_ms = ring->back_at_ms;
    message->back_tries = ring->back_tries;
    message->version = ring->version;
    bool ok = sgp_put_text(&message->exchange, ring->exchange) &&
              sgp_put_text(&message->line, ring->line) &&
              sgp_put_text(&message->channel, ring->channel) &&
              sgp_put_nuisance(&message->nuisance, &ring->nuisance) &&
              sgp_put_text(&message->claimed_by, ring->claimed_by) &&
              sgp_put_text(&message->recording, ring->recording) &&
              sgp_put_text(&message->back_by, ring->back_by);
    return sgp_message_or_null(message, ok);
}

Sigap__V1__PhoneFix *sgp_phone_fix_to_proto(const sgp_phone_fix *fix) {
    Sigap__V1__PhoneFix *message = NULL;
    bool ok = sgp_put_phone_fix(&message, fix);
    return message ? sgp_message_or_null(message, ok) : NULL;
}

bool sgp_put_ring_came(Sigap__V1__RingCame *message, const sgp_event *event) {
    return sgp_put_text(&message->exchange, event->u.ring_came.exchange) &&
           sgp_put_text(&message->line, event->u.ring_came.line) &&
           sgp_put_text(&message->channel, event->u.ring_came.channel) &&
           (sgp_number_is_none(event->u.ring_came.number) ||
            sgp_put_bytes(&message->number_token, event->u.ring_came.number,
                          SGP_CALLER_TOKEN_BYTES));
}

bool sgp_put_ring_told(Sigap__V1__RingTold *message, const sgp_event *event) {
    message->news = (Sigap__V1__RingNews)event->u.ring_told.news;
    return sgp_put_text(&message->exchange, event->u.ring_told.exchange) &&
           sgp_put_text(&message->channel, event->u.ring_told.channel) &&
           sgp_put_text(&message->recording, event->u.ring_told.recording);
}

bool sgp_save_rings(const sgp_world *world, Sigap__V1__Snapshot *snapshot) {
    bool ok = sgp_put_array((void **)&snapshot->rings, world->rings.n, sizeof(void *));
    for (size_t i = 0; i < world->rings.n && ok; i++) {
        const sgp_ring *ring = &((const sgp_ring_node *)world->rings.nodes[i])->view;
        Sigap__V1__RingMemory *row = sgp_message_make(&sigap__v1__ring_memory__descriptor);
        snapshot->rings[snapshot->n_rings++] = row;
        ok = row && (row->ring = sgp_ring_to_proto(world, ring->id)) &&
             (sgp_number_is_none(ring->number) ||
              sgp_put_bytes(&row->number_token, ring->number, SGP_CALLER_TOKEN_BYTES));
    }
    return ok;
}

/* ---- reading events ---------------------------------------------------------- */

sgp_err sgp_read_ring_came(const Sigap__V1__RingCame *message, sgp_event *event, sgp_fault *fault) {
    event->kind = SGP_EVENT_RING_CAME;
    sgp_err err = sgp_read_text(message->exchange, event->u.ring_came.exchange,
                                sizeof event->u.ring_came.exchange, "the exchange", fault);
    if (!err)
        err = sgp_read_text(message->line, event->u.ring_came.line, sizeof event->u.ring_came.line,
                            "the line", fault);
    if (!err)
        err = sgp_read_text(message->channel, event->u.ring_came.channel,
                            sizeof event->u.ring_came.channel, "the channel", fault);
    return err ? err
               : sgp_read_number_token(&message->number_token, event->u.ring_came.number, fault);
}

sgp_err sgp_read_ring_told(const Sigap__V1__RingTold *message, sgp_event *event, sgp_fault *fault) {
    event->kind = SGP_EVENT_RING_TOLD;
    event->u.ring_told.news = (sgp_ring_news)message->news;
    sgp_err err = sgp_read_text(message->exchange, event->u.ring_told.exchange,
                                sizeof event->u.ring_told.exchange, "the exchange", fault);
    if (!err)
        err = sgp_read_text(message->channel, event->u.ring_told.channel,
                            sizeof event->u.ring_told.channel, "the channel", fault);
    return err ? err
               : sgp_read_text(message->recording, event->u.ring_told.recording,
                               sizeof event->u.ring_told.recording, "the recording", fault);
}

sgp_nuisance sgp_read_nuisance(const Sigap__V1__Nuisance *message) {
    return message ? (sgp_nuisance){.calls = message->calls,
                                    .first_ms = message->first_at_ms,
                                    .last_ms = message->last_at_ms,
                                    .until_ms = message->until_at_ms,
                                    .by_hand = message->by_hand}
                   : (sgp_nuisance){0};
}

/* ---- loading ----------------------------------------------------------------- */

#define DAMAGED(...) sgp_fail(fault, SGP_E_CORRUPT, "the snapshot is damaged: " __VA_ARGS__)

static sgp_err check_ring(const Sigap__V1__Ring *message, const sgp_world *world,
                          sgp_fault *fault) {
    sgp_id last = world->rings.n ? world->rings.ids[world->rings.n - 1] : 0;
    if (!message || message->id <= last || message->id > world->seq)
        return DAMAGED("ring %llu stands in a wrong place",
                       message ? (unsigned long long)message->id : 0);
    sgp_err err =
        sgp_read_number(message->state, 1, SGP_RING_STATES - 1, "the state of a ring", fault);
    if (!err)
        err = sgp_read_number(message->back_state, 0, SGP_CALL_BACKS - 1,
                              "how far a call back has come", fault);
    const int64_t times_ms[] = {message->rang_at_ms,         message->claimed_at_ms,
                                message->claim_until_ms,     message->answered_at_ms,
                                message->held_at_ms,         message->ended_at_ms,
                                message->back_claimed_at_ms, message->back_at_ms};
    for (size_t i = 0; i < sizeof times_ms / sizeof *times_ms && !err; i++)
        err = sgp_read_number(times_ms[i], i == 0, INT64_MAX / 4, "a time of a ring", fault);
    bool is_over = message->state >= SIGAP__V1__RING_STATE__RING_ENDED;
    bool is_answered = message->state == SIGAP__V1__RING_STATE__RING_ANSWERED ||
                       message->state == SIGAP__V1__RING_STATE__RING_HELD ||
                       message->state == SIGAP__V1__RING_STATE__RING_ENDED;
    bool is_claimed = message->state == SIGAP__V1__RING_STATE__RING_CLAIMED;
    if (!err &&
        (is_over != (message->ended_at_ms > 0) || is_answered != (message->answered_at_ms > 0) ||
         (is_claimed && message->claimed_by[0] == '\0')))
        err = DAMAGED("ring %llu is in a wrong state", (unsigned long long)message->id);
    return err;
}

static sgp_err load_texts(const Sigap__V1__Ring *message, sgp_ring *ring, sgp_fault *fault) {
    struct {
        const char *from;
        char *to;
        size_t bytes;
        const char *what;
    } rows[] = {{message->exchange, ring->exchange, sizeof ring->exchange, "the exchange"},
                {message->line, ring->line, sizeof ring->line, "the line"},
                {message->channel, ring->channel, sizeof ring->channel, "the channel"},
                {message->claimed_by, ring->claimed_by, sizeof ring->claimed_by, "who has a ring"},
                {message->recording, ring->recording, sizeof ring->recording, "the recording"},
                {message->back_by, ring->back_by, sizeof ring->back_by, "who calls back"}};
    sgp_err err = SGP_OK;
    for (size_t i = 0; i < sizeof rows / sizeof *rows && !err; i++)
        err = sgp_read_text(rows[i].from, rows[i].to, rows[i].bytes, rows[i].what, fault);
    return err;
}

static sgp_err load_ring(const Sigap__V1__RingMemory *row, sgp_world *world, sgp_fault *fault) {
    const Sigap__V1__Ring *message = row->ring;
    sgp_err err = check_ring(message, world, fault);
    if (err)
        return err;
    if (sgp_world_ring_of(world, message->exchange, message->channel))
        return DAMAGED("ring %llu has the channel of another", (unsigned long long)message->id);
    sgp_ring_node *node = sgp_world_add_ring(world, message->id);
    if (!node)
        return SGP_E_MEMORY;
    sgp_ring *ring = &node->view;
    ring->state = (sgp_ring_state)message->state;
    ring->nuisance = sgp_read_nuisance(message->nuisance);
    ring->rang_at_ms = message->rang_at_ms;
    ring->claimed_at_ms = message->claimed_at_ms;
    ring->claim_until_ms = message->claim_until_ms;
    ring->answered_at_ms = message->answered_at_ms;
    ring->held_at_ms = message->held_at_ms;
    ring->ended_at_ms = message->ended_at_ms;
    ring->lost = message->lost;
    ring->call = message->call_id;
    ring->back = (sgp_call_back)message->back_state;
    ring->back_claimed_at_ms = message->back_claimed_at_ms;
    ring->back_at_ms = message->back_at_ms;
    ring->back_tries = message->back_tries;
    ring->version = message->version;
    err = load_texts(message, ring, fault);
    return err ? err : sgp_read_number_token(&row->number_token, ring->number, fault);
}

sgp_err sgp_load_rings(const Sigap__V1__Snapshot *snapshot, sgp_world *world, sgp_fault *fault) {
    sgp_err err =
        sgp_read_number((int64_t)snapshot->n_rings, 0, SGP_RINGS_MAX, "the number of rings", fault);
    for (size_t i = 0; i < snapshot->n_rings && !err; i++)
        err = load_ring(snapshot->rings[i], world, fault);
    sgp_rings_find_due(world);
    return err;
}
