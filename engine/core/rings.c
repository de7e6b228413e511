#include "core/rings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/effects.h"
#include "core/numbers.h"
#include "core/proto_read.h"

/* The shell waits for the disk with each, so that few are forgotten at a time. */
enum { HOUR_MS = 3600 * 1000, FORGOTTEN_AT_A_TIME = 4 };

bool sgp_ring_is_open(const sgp_ring *ring) {
    return ring->state < SGP_RING_ENDED;
}

bool sgp_ring_wants_call_back(const sgp_ring *ring) {
    return ring->state == SGP_RING_ABANDONED && ring->back != SGP_CALL_BACK_REACHED &&
           ring->back != SGP_CALL_BACK_NOT_NEEDED && ring->back != SGP_CALL_BACK_RANG_AGAIN;
}

/* ---- the table ---------------------------------------------------------------- */

sgp_id sgp_world_ring_of(const sgp_world *world, const char *exchange, const char *channel) {
    for (size_t i = world->rings.n; i-- > 0;) {
        const sgp_ring *ring = &((const sgp_ring_node *)world->rings.nodes[i])->view;
        if (strcmp(ring->channel, channel) == 0 && strcmp(ring->exchange, exchange) == 0)
            return ring->id;
    }
    return 0;
}

/* INT64_MAX: nothing is due for it. */
static int64_t due_of(const sgp_world *world, const sgp_ring *ring) {
    if (ring->state == SGP_RING_CLAIMED && ring->claim_until_ms)
        return ring->claim_until_ms;
    if (!sgp_ring_is_open(ring) && world->clocks.rules.ring_keep_h)
        return ring->ended_at_ms + (int64_t)world->clocks.rules.ring_keep_h * HOUR_MS;
    return INT64_MAX;
}

void sgp_rings_find_due(sgp_world *world) {
    world->ring_due_ms = INT64_MAX;
    for (size_t i = 0; i < world->rings.n; i++) {
        int64_t due_ms = due_of(world, &((const sgp_ring_node *)world->rings.nodes[i])->view);
        if (due_ms < world->ring_due_ms)
            world->ring_due_ms = due_ms;
    }
}

static sgp_err forget(sgp_step *step, sgp_ring_node *node) {
    sgp_effect *effect = sgp_effects_add(step->effects, SGP_EFFECT_RING_GONE);
    if (!effect)
        return SGP_E_MEMORY;
    effect->u.ring.ring = node->view.id;
    sgp_id_table_remove(&step->world->rings, node->view.id);
    free(node);
    return SGP_OK;
}

/* The oldest that is over, before those that somebody must still be called back for; NULL: all are
 * open. */
static sgp_ring_node *oldest_over(const sgp_world *world) {
    sgp_ring_node *missed = NULL;
    for (size_t i = 0; i < world->rings.n; i++) {
        sgp_ring_node *node = world->rings.nodes[i];
        if (sgp_ring_is_open(&node->view))
            continue;
        if (!sgp_ring_wants_call_back(&node->view))
            return node;
        if (!missed)
            missed = node;
    }
    return missed;
}

static sgp_err need_ring(sgp_step *step, sgp_id id, sgp_ring_node **node) {
    *node = sgp_world_find_ring(step->world, id);
    return *node ? SGP_OK
                 : sgp_fail(&step->fault, SGP_E_NOT_FOUND, "there is no ring %llu",
                            (unsigned long long)id);
}

/* Something about its claim or its end is another now. */
static sgp_err changed(sgp_step *step, sgp_ring_node *node) {
    sgp_rings_find_due(step->world);
    return sgp_touch_ring(step, node);
}

/* ---- what the exchange says ----------------------------------------------------- */

sgp_err sgp_ring_came(sgp_step *step) {
    sgp_world *world = step->world;
    const sgp_event *event = step->event;
    sgp_id known =
        sgp_world_ring_of(world, event->u.ring_came.exchange, event->u.ring_came.channel);
    if (known)
        return sgp_fail(&step->fault, SGP_E_STATE, "the channel is ring %llu already",
                        (unsigned long long)known);
    if (world->rings.n >= SGP_RINGS_MAX) {
        sgp_ring_node *oldest = oldest_over(world);
        if (!oldest)
            return sgp_fail(&step->fault, SGP_E_FULL, "%d telephones ring", SGP_RINGS_MAX);
        sgp_err err = forget(step, oldest);
        if (err)
            return err;
    }
    sgp_ring_node *node = sgp_world_add_ring(world, event->seq);
    if (!node)
        return SGP_E_MEMORY;
    sgp_ring *ring = &node->view;
    ring->state = SGP_RING_RINGING;
    ring->rang_at_ms = event->at_ms;
    memcpy(ring->exchange, event->u.ring_came.exchange, sizeof ring->exchange);
    memcpy(ring->line, event->u.ring_came.line, sizeof ring->line);
    memcpy(ring->channel, event->u.ring_came.channel, sizeof ring->channel);
    memcpy(ring->number, event->u.ring_came.number, sizeof ring->number);
    ring->nuisance = sgp_number_nuisance(world, ring->number, event->at_ms);
    return changed(step, node);
}

/* Who hung up before and got through now need not be called back. */
static sgp_err settle_earlier(sgp_step *step, const sgp_ring *answered) {
    sgp_err err = SGP_OK;
    if (sgp_number_is_none(answered->number))
        return SGP_OK;
    for (size_t i = 0; i < step->world->rings.n && !err; i++) {
        sgp_ring_node *node = step->world->rings.nodes[i];
        if (!sgp_ring_wants_call_back(&node->view) ||
            memcmp(node->view.number, answered->number, SGP_CALLER_TOKEN_BYTES) != 0)
            continue;
        node->view.back = SGP_CALL_BACK_RANG_AGAIN;
        node->view.back_at_ms = step->event->at_ms;
        err = sgp_touch_ring(step, node);
    }
    return err;
}

static sgp_err answered(sgp_step *step, sgp_ring_node *node) {
    sgp_ring *ring = &node->view;
    /* One that nobody has claimed is connected to nobody, whatever the exchange has done: it rings
     * on, so that somebody takes it. */
    if (ring->state != SGP_RING_CLAIMED)
        return SGP_OK;
    ring->state = SGP_RING_ANSWERED;
    ring->answered_at_ms = step->event->at_ms;
    ring->claim_until_ms = 0;
    sgp_err err = settle_earlier(step, ring);
    return err ? err : changed(step, node);
}

static sgp_err ended(sgp_step *step, sgp_ring_node *node, bool lost) {
    sgp_ring *ring = &node->view;
    ring->state = ring->answered_at_ms ? SGP_RING_ENDED : SGP_RING_ABANDONED;
    ring->ended_at_ms = step->event->at_ms;
    ring->held_at_ms = ring->claim_until_ms = 0;
    ring->lost = lost;
    return changed(step, node);
}

/* Also when it is over: a recording is finished after its call. */
static sgp_err recorded(sgp_step *step, sgp_ring_node *node) {
    const char *name = step->event->u.ring_told.recording;
    sgp_call_node *call =
        node->view.call ? sgp_world_find_call(step->world, node->view.call) : NULL;
    memcpy(node->view.recording, name, sizeof node->view.recording);
    sgp_err err = sgp_touch_ring(step, node);
    if (!err && call && strcmp(call->view.recording, name) != 0) {
        memcpy(call->view.recording, name, sizeof call->view.recording);
        err = sgp_touch_call(step, call);
    }
    return err;
}

sgp_err sgp_ring_told(sgp_step *step) {
    const sgp_event *event = step->event;
    sgp_id id =
        sgp_world_ring_of(step->world, event->u.ring_told.exchange, event->u.ring_told.channel);
    sgp_ring_node *node = id ? sgp_world_find_ring(step->world, id) : NULL;
    if (!node)
        return sgp_fail(&step->fault, SGP_E_NOT_FOUND, "the channel is no ring's");
    if (event->u.ring_told.news == SGP_NEWS_RECORDED)
        return recorded(step, node);
    if (!sgp_ring_is_open(&node->view))
        return sgp_fail(&step->fault, SGP_E_STATE, "ring %llu is over", (unsigned long long)id);
    switch (event->u.ring_told.news) {
    case SGP_NEWS_ANSWERED:
        return answered(step, node);
    case SGP_NEWS_HELD:
    case SGP_NEWS_RESUMED: {
        bool held = event->u.ring_told.news == SGP_NEWS_HELD;
        if (!node->view.answered_at_ms || held == (node->view.state == SGP_RING_HELD))
            return SGP_OK;
        node->view.state = held ? SGP_RING_HELD : SGP_RING_ANSWERED;
        node->view.held_at_ms = held ? event->at_ms : 0;
        return sgp_touch_ring(step, node);
    }
    default:
        return ended(step, node, event->u.ring_told.news == SGP_NEWS_LOST);
    }
}

/* ---- who takes it ---------------------------------------------------------------- */

static sgp_err tell_to_answer(sgp_step *step, sgp_id ring) {
    sgp_effect *effect = sgp_effects_add(step->effects, SGP_EFFECT_RING_ANSWER);
    if (!effect)
        return SGP_E_MEMORY;
    effect->u.ring.ring = ring;
    return SGP_OK;
}

static sgp_err refuse_claim(sgp_step *step, const sgp_ring *ring) {
    unsigned long long id = ring->id;
    long long seconds = (step->event->at_ms - ring->claimed_at_ms) / 1000;
    switch (ring->state) {
    case SGP_RING_ABANDONED:
        return sgp_fail(&step->fault, SGP_E_STATE,
                        "ring %llu hung up before anybody answered; call back instead", id);
    case SGP_RING_ENDED:
        return sgp_fail(&step->fault, SGP_E_STATE, "ring %llu is over", id);
    default:
        return sgp_fail(&step->fault, SGP_E_STATE, "%s took ring %llu %lld s ago", ring->claimed_by,
                        id, seconds);
    }
}

static sgp_err give_back(sgp_step *step, sgp_ring_node *node) {
    if (node->view.state != SGP_RING_CLAIMED ||
        strcmp(node->view.claimed_by, step->event->actor) != 0)
        return sgp_fail(&step->fault, SGP_E_STATE, "ring %llu is not yours to give back",
                        (unsigned long long)node->view.id);
    node->view.state = SGP_RING_RINGING;
    node->view.claimed_at_ms = node->view.claim_until_ms = 0;
    memset(node->view.claimed_by, 0, sizeof node->view.claimed_by);
    return changed(step, node);
}

sgp_err sgp_ring_taken(sgp_step *step) {
    const sgp_event *event = step->event;
    sgp_ring_node *node;
    sgp_err err = need_ring(step, event->u.ring_taken.ring, &node);
    if (err)
        return err;
    if (event->u.ring_taken.give_back)
        return give_back(step, node);
    sgp_ring *ring = &node->view;
    bool own = strcmp(ring->claimed_by, event->actor) == 0;
    if (ring->state != SGP_RING_RINGING && !(ring->state == SGP_RING_CLAIMED && own))
        return refuse_claim(step, ring);
    int32_t claim_ms = step->world->clocks.rules.ring_claim_ms;
    ring->state = SGP_RING_CLAIMED;
    ring->claimed_at_ms = event->at_ms;
    ring->claim_until_ms = claim_ms ? event->at_ms + claim_ms : 0;
    memcpy(ring->claimed_by, event->actor, sizeof ring->claimed_by);
    err = changed(step, node);
    return err ? err : tell_to_answer(step, ring->id);
}

/* ---- calling back ------------------------------------------------------------------ */

/* Whether another is doing it. */
static bool is_anothers(const sgp_step *step, const sgp_ring *ring) {
    return ring->back == SGP_CALL_BACK_CLAIMED && strcmp(ring->back_by, step->event->actor) != 0 &&
           step->event->at_ms - ring->back_claimed_at_ms < SGP_BACK_CLAIM_MS;
}

static void note_back(const sgp_step *step, sgp_ring *ring, sgp_call_back outcome) {
    ring->back = outcome;
    memcpy(ring->back_by, step->event->actor, sizeof ring->back_by);
    if (outcome == SGP_CALL_BACK_CLAIMED)
        ring->back_claimed_at_ms = step->event->at_ms;
    else
        ring->back_at_ms = step->event->at_ms;
    ring->back_tries += outcome == SGP_CALL_BACK_NO_ANSWER;
}

sgp_err sgp_ring_call_back(sgp_step *step) {
    sgp_ring_node *node;
    sgp_err err = need_ring(step, step->event->u.ring_back.ring, &node);
    if (err)
        return err;
    const sgp_ring *ring = &node->view;
    if (ring->state != SGP_RING_ABANDONED)
        return sgp_fail(&step->fault, SGP_E_STATE, "ring %llu was not missed: it is %s",
                        (unsigned long long)ring->id, sgp_ring_state_str(ring->state));
    if (!sgp_ring_wants_call_back(ring))
        return sgp_fail(&step->fault, SGP_E_STATE, "ring %llu needs no call back: %s %s",
                        (unsigned long long)ring->id, sgp_call_back_str(ring->back), ring->back_by);
    if (is_anothers(step, ring))
        return sgp_fail(&step->fault, SGP_E_STATE, "%s is calling ring %llu back since %lld s",
                        ring->back_by, (unsigned long long)ring->id,
                        (long long)(step->event->at_ms - ring->back_claimed_at_ms) / 1000);
    note_back(step, &node->view, step->event->u.ring_back.outcome);
    return sgp_touch_ring(step, node);
}

/* ---- the call that it becomes -------------------------------------------------------- */

sgp_err sgp_ring_may_become(sgp_step *step, sgp_id id) {
    sgp_ring_node *node;
    sgp_err err = id ? need_ring(step, id, &node) : SGP_OK;
    if (err || !id)
        return err;
    const sgp_ring *ring = &node->view;
    if (ring->call)
        return sgp_fail(&step->fault, SGP_E_STATE, "ring %llu is call %llu already",
                        (unsigned long long)id, (unsigned long long)ring->call);
    if (ring->state == SGP_RING_ABANDONED)
        return is_anothers(step, ring)
                   ? sgp_fail(&step->fault, SGP_E_STATE, "%s is calling ring %llu back",
                              ring->back_by, (unsigned long long)id)
                   : SGP_OK;
    if (ring->state == SGP_RING_RINGING)
        return sgp_fail(&step->fault, SGP_E_STATE, "nobody has taken ring %llu yet",
                        (unsigned long long)id);
    if (strcmp(ring->claimed_by, step->event->actor) != 0)
        return sgp_fail(&step->fault, SGP_E_STATE, "%s took ring %llu", ring->claimed_by,
                        (unsigned long long)id);
    return SGP_OK;
}

sgp_err sgp_ring_became(sgp_step *step, sgp_id id, sgp_call_node *call) {
    sgp_ring_node *node = id ? sgp_world_find_ring(step->world, id) : NULL;
    if (!node)
        return SGP_OK;
    node->view.call = call->view.id;
    call->view.ring = id;
    memcpy(call->view.recording, node->view.recording, sizeof call->view.recording);
    if (sgp_ring_wants_call_back(&node->view))
        note_back(step, &node->view, SGP_CALL_BACK_REACHED);
    return sgp_touch_ring(step, node);
}

/* ---- time ------------------------------------------------------------------------------ */

sgp_err sgp_rings_timer(sgp_step *step) {
    sgp_world *world = step->world;
    sgp_err err = SGP_OK;
    int forgotten = 0;
    if (world->ring_due_ms > step->event->at_ms)
        return SGP_OK;
    for (size_t i = 0; i < world->rings.n && !err;) {
        sgp_ring_node *node = world->rings.nodes[i];
        bool due = due_of(world, &node->view) <= step->event->at_ms;
        if (due && node->view.state == SGP_RING_CLAIMED) {
            node->view.state = SGP_RING_RINGING;
            node->view.claimed_at_ms = node->view.claim_until_ms = 0;
            memset(node->view.claimed_by, 0, sizeof node->view.claimed_by);
            err = sgp_touch_ring(step, node);
        } else if (due && forgotten < FORGOTTEN_AT_A_TIME) {
            forgotten++;
            err = forget(step, node);
            continue; /* the next one has taken its place */
        }
        i++;
    }
    sgp_rings_find_due(world);
    return err;
}
