#include "core/desk.h"

#include <string.h>

#include "core/desk_snapshot.h"
#include "core/incident_log.h"
#include "core/proto_read.h"
#include "core/proto_write.h"
#include "core/rings.h"

/* ---- one incident ------------------------------------------------------------- */

static void give(sgp_incident *incident, const char *to, int64_t at_ms) {
    memset(incident->taken_by, 0, sizeof incident->taken_by);
    memcpy(incident->taken_by, to, strlen(to));
    incident->taken_at_ms = to[0] ? at_ms : 0;
}

static sgp_err refuse_anothers(sgp_step *step, const sgp_incident *incident) {
    return sgp_fail(&step->fault, SGP_E_STATE, "%s has incident %llu since %lld s",
                    incident->taken_by, (unsigned long long)incident->id,
                    (long long)(step->event->at_ms - incident->taken_at_ms) / 1000);
}

sgp_err sgp_incident_taken(sgp_step *step) {
    const sgp_event *event = step->event;
    sgp_incident_node *node;
    sgp_err err = sgp_need_open_incident(step, event->u.taken.incident, &node);
    if (err)
        return err;
    sgp_incident *incident = &node->view;
    bool own = strcmp(incident->taken_by, event->actor) == 0;
    if (event->u.taken.release && !incident->taken_by[0])
        return sgp_fail(&step->fault, SGP_E_STATE, "nobody has incident %llu",
                        (unsigned long long)incident->id);
    if (!own && incident->taken_by[0] && (event->u.taken.release || !event->u.taken.take_over))
        return refuse_anothers(step, incident);
    if (own && !event->u.taken.release)
        return SGP_OK; /* has it already, since before */
    memcpy(step->taken_from, incident->taken_by, sizeof step->taken_from);
    if (own)
        memset(step->taken_from, 0, sizeof step->taken_from);
    give(incident, event->u.taken.release ? "" : event->actor, event->at_ms);
    return sgp_touch_incident(step, node);
}

/* ---- all that somebody has ------------------------------------------------------ */

static sgp_err hand_incidents(sgp_step *step, sgp_handover *handover) {
    sgp_world *world = step->world;
    sgp_err err = SGP_OK;
    for (size_t i = 0; i < world->open_incidents && !err; i++) {
        sgp_incident_node *node = world->open[i];
        if (strcmp(node->view.taken_by, handover->from) != 0)
            continue;
        give(&node->view, handover->to, step->event->at_ms);
        handover->incidents++;
        err = sgp_touch_incident(step, node);
        if (!err)
            err = sgp_log_handed_over(step, node);
    }
    return err;
}

/* Whom he talks to stays his where nobody takes over: the talk goes on. */
static bool hand_talk(sgp_ring *ring, const sgp_handover *handover) {
    bool talks = (ring->state == SGP_RING_ANSWERED || ring->state == SGP_RING_HELD) && !ring->call;
    bool claimed = ring->state == SGP_RING_CLAIMED;
    if ((!talks && !claimed) || strcmp(ring->claimed_by, handover->from) != 0 ||
        (talks && !handover->to[0]))
        return false;
    memcpy(ring->claimed_by, handover->to, sizeof ring->claimed_by);
    if (!handover->to[0]) {
        ring->state = SGP_RING_RINGING;
        ring->claimed_at_ms = ring->claim_until_ms = 0;
    }
    return true;
}

static bool hand_call_back(sgp_ring *ring, const sgp_handover *handover) {
    if (ring->back != SGP_CALL_BACK_CLAIMED || strcmp(ring->back_by, handover->from) != 0)
        return false;
    if (!handover->to[0] && ring->back_tries) {
        ring->back = SGP_CALL_BACK_NO_ANSWER; /* as before; who tried stays told */
        return true;
    }
    memcpy(ring->back_by, handover->to, sizeof ring->back_by);
    if (!handover->to[0]) {
        ring->back = SGP_CALL_BACK_NONE;
        ring->back_claimed_at_ms = 0;
    }
    return true;
}

static sgp_err hand_rings(sgp_step *step, sgp_handover *handover) {
    sgp_world *world = step->world;
    sgp_err err = SGP_OK;
    for (size_t i = 0; i < world->rings.n && !err; i++) {
        sgp_ring_node *node = world->rings.nodes[i];
        if (!hand_talk(&node->view, handover) && !hand_call_back(&node->view, handover))
            continue;
        handover->rings++;
        err = sgp_touch_ring(step, node);
    }
    if (handover->rings)
        sgp_rings_find_due(world);
    return err;
}

sgp_err sgp_desk_handed_over(sgp_step *step) {
    sgp_world *world = step->world;
    sgp_handover handover = {.id = step->event->seq,
                             .at_ms = step->event->at_ms,
                             .gone = step->event->u.handed_over.gone};
    memcpy(handover.from, step->event->u.handed_over.from, sizeof handover.from);
    memcpy(handover.to, step->event->u.handed_over.to, sizeof handover.to);
    sgp_err err = hand_incidents(step, &handover);
    if (!err)
        err = hand_rings(step, &handover);
    if (err)
        return err;
    if (world->n_handovers == SGP_HANDOVERS_KEPT)
        memmove(world->handovers, world->handovers + 1,
                --world->n_handovers * sizeof *world->handovers);
    world->handovers[world->n_handovers++] = handover;
    return SGP_OK;
}

/* ---- reading ---------------------------------------------------------------------- */

uint32_t sgp_world_handovers(const sgp_world *world) {
    return world->n_handovers;
}

const sgp_handover *sgp_world_handover(const sgp_world *world, uint32_t nth) {
    return nth < world->n_handovers ? &world->handovers[nth] : NULL;
}

sgp_id sgp_world_handover_next_gone(const sgp_world *world) {
    return world->n_handovers == SGP_HANDOVERS_KEPT ? world->handovers[0].id : 0;
}

/* ---- messages ---------------------------------------------------------------------- */

sgp_err sgp_read_handed_over(const Sigap__V1__DeskHandedOver *message, sgp_event *event,
                             sgp_fault *fault) {
    event->u.handed_over.gone = message->gone;
    sgp_err err = sgp_read_text(message->from, event->u.handed_over.from,
                                sizeof event->u.handed_over.from, "who hands over", fault);
    return err ? err
               : sgp_read_text(message->to, event->u.handed_over.to, sizeof event->u.handed_over.to,
                               "who takes over", fault);
}

bool sgp_save_handovers(const sgp_world *world, Sigap__V1__Snapshot *snapshot) {
    bool ok = sgp_put_array((void **)&snapshot->handovers, world->n_handovers, sizeof(void *));
    for (uint32_t i = 0; i < world->n_handovers && ok; i++) {
        const sgp_handover *handover = &world->handovers[i];
        Sigap__V1__DeskHandover *row = sgp_message_make(&sigap__v1__desk_handover__descriptor);
        snapshot->handovers[snapshot->n_handovers++] = row;
        ok =
            row && sgp_put_text(&row->from, handover->from) && sgp_put_text(&row->to, handover->to);
        if (!ok)
            break;
        row->id = handover->id;
        row->at_ms = handover->at_ms;
        row->gone = handover->gone;
        row->incidents = handover->incidents;
        row->rings = handover->rings;
    }
    return ok;
}

sgp_err sgp_load_handovers(const Sigap__V1__Snapshot *snapshot, sgp_world *world,
                           sgp_fault *fault) {
    sgp_id last = 0;
    sgp_err err = sgp_read_number((int64_t)snapshot->n_handovers, 0, SGP_HANDOVERS_KEPT,
                                  "the number of hand-overs", fault);
    for (size_t i = 0; i < snapshot->n_handovers && !err; i++) {
        const Sigap__V1__DeskHandover *row = snapshot->handovers[i];
        sgp_handover handover = {.id = row->id,
                                 .at_ms = row->at_ms,
                                 .gone = row->gone,
                                 .incidents = row->incidents,
                                 .rings = row->rings};
        err =
            sgp_read_text(row->from, handover.from, sizeof handover.from, "who handed over", fault);
        if (!err)
            err = sgp_read_text(row->to, handover.to, sizeof handover.to, "who took over", fault);
        if (!err && (row->id <= last || row->id > world->seq || !handover.from[0]))
            err = sgp_fail(fault, SGP_E_CORRUPT, "the snapshot is damaged: a hand-over is wrong");
        last = row->id;
        if (!err)
            world->handovers[world->n_handovers++] = handover;
    }
    return err;
}
