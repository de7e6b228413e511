/* Transfers as messages and back. */
#include "core/proto_read.h"
#include "core/proto_write.h"
#include "core/transfers.h"
#include "core/transfers_snapshot.h"

#include <assert.h>

static_assert((int)SGP_TRANSFER_CANCELLED == (int)SIGAP__V1__TRANSFER_STATE__TRANSFER_CANCELLED,
              "transfer state");
static_assert((int)SGP_CONFLICT_LATE == (int)SIGAP__V1__TRANSFER_CONFLICT__CONFLICT_LATE,
              "transfer conflict");

/* ---- writing --------------------------------------------------------------- */

static bool put_conflicts(Sigap__V1__Transfer *message, uint32_t conflicts) {
    if (!conflicts)
        return true;
    if (!sgp_put_array((void **)&message->conflicts, SGP_CONFLICTS, sizeof *message->conflicts))
        return false;
    for (int i = 0; i < SGP_CONFLICTS; i++)
        if (conflicts >> i & 1u)
            message->conflicts[message->n_conflicts++] = (Sigap__V1__TransferConflict)i;
    return true;
}

Sigap__V1__Transfer *sgp_transfer_to_proto(const sgp_world *world, sgp_id id, int64_t now_ms) {
    const sgp_transfer *transfer = sgp_world_transfer(world, id);
    Sigap__V1__Transfer *message =
        transfer ? sgp_message_make(&sigap__v1__transfer__descriptor) : NULL;
    if (!message)
        return NULL;
    message->id = id;
    message->state = (Sigap__V1__TransferState)transfer->state;
    message->pick_up_at_ms = transfer->pick_up_at_ms;
    message->priority = (Sigap__V1__Priority)transfer->priority;
    message->outward_id = transfer->outward;
    message->incident_id = transfer->incident;
    message->asked_at_ms = transfer->asked_at_ms;
    message->ended_at_ms = transfer->ended_at_ms;
    message->lead_ms = transfer->lead_ms;
    message->ride_ms = transfer->ride_ms;
    message->look_at_ms = transfer->look_at_ms;
    message->version = transfer->version;
    const sgp_unit *unit = transfer->unit ? sgp_world_unit(world, transfer->unit - 1) : NULL;
    bool ok = sgp_put_text(&message->from_code, sgp_world_hospital(world, transfer->from)->code) &&
              sgp_put_text(&message->to_code, sgp_world_hospital(world, transfer->to)->code) &&
              sgp_put_text(&message->complaint, transfer->complaint) &&
              sgp_put_backup(&message->seat, &transfer->seat) &&
              sgp_put_text(&message->unit_code, unit ? unit->code : "") &&
              sgp_put_text(&message->reason, transfer->reason) &&
              put_conflicts(message, sgp_transfer_conflicts(world, transfer, now_ms));
    return sgp_message_or_null(message, ok);
}

bool sgp_put_transfer_of(Sigap__V1__Incident *message, const sgp_world *world,
                         const sgp_incident *incident) {
    if (!incident->transfer)
        return true;
    message->transfer_id = incident->transfer;
    return sgp_put_text(&message->destination_code,
                        sgp_world_hospital(world, incident->destination - 1)->code) &&
           sgp_put_backup(&message->transfer_seat, &incident->transfer_seat);
}

bool sgp_put_transfer_asked(Sigap__V1__AskTransfer *message, const sgp_event *event) {
    message->pick_up_at_ms = event->u.transfer_asked.pick_up_at_ms;
    message->return_at_ms = event->u.transfer_asked.return_at_ms;
    message->priority = (Sigap__V1__Priority)event->u.transfer_asked.priority;
    message->skills = event->u.transfer_asked.seat.skills;
    return sgp_put_text(&message->from_code, event->u.transfer_asked.from) &&
           sgp_put_text(&message->to_code, event->u.transfer_asked.to) &&
           sgp_put_text(&message->complaint, event->u.transfer_asked.complaint) &&
           sgp_put_text(&message->unit_code, event->u.transfer_asked.unit) &&
           sgp_put_kinds(&message->kinds, &message->n_kinds, event->u.transfer_asked.seat.kinds);
}

bool sgp_put_transfer_changed(Sigap__V1__ChangeTransfer *message, const sgp_event *event) {
    message->transfer_id = event->u.transfer_changed.transfer;
    message->version = event->u.transfer_changed.version;
    message->pick_up_at_ms = event->u.transfer_changed.pick_up_at_ms;
    message->other_unit = event->u.transfer_changed.other_unit;
    return sgp_put_text(&message->unit_code, event->u.transfer_changed.unit);
}

bool sgp_put_transfer_cancelled(Sigap__V1__CancelTransfer *message, const sgp_event *event) {
    message->transfer_id = event->u.transfer_cancelled.transfer;
    message->version = event->u.transfer_cancelled.version;
    return sgp_put_text(&message->reason, event->u.transfer_cancelled.reason);
}

bool sgp_save_transfers(const sgp_world *world, Sigap__V1__Snapshot *snapshot) {
    snapshot->next_transfer_id = world->next_transfer;
    bool ok = sgp_put_array((void **)&snapshot->transfers, world->transfers.n, sizeof(void *));
    for (size_t i = 0; i < world->transfers.n && ok; i++)
        ok = (snapshot->transfers[snapshot->n_transfers++] =
                  sgp_transfer_to_proto(world, world->transfers.ids[i], world->now_ms));
    return ok;
}

/* ---- reading events ---------------------------------------------------------- */

sgp_err sgp_read_transfer_asked(const Sigap__V1__AskTransfer *message, sgp_event *event,
                                sgp_fault *fault) {
    event->kind = SGP_EVENT_TRANSFER_ASKED;
    event->u.transfer_asked.pick_up_at_ms = message->pick_up_at_ms;
    event->u.transfer_asked.return_at_ms = message->return_at_ms;
    event->u.transfer_asked.priority = (sgp_priority)message->priority;
    event->u.transfer_asked.seat.skills = message->skills;
    sgp_err err = sgp_read_text(message->from_code, event->u.transfer_asked.from,
                                sizeof event->u.transfer_asked.from,
                                "the hospital that the patient is in", fault);
    if (!err)
        err = sgp_read_text(message->to_code, event->u.transfer_asked.to,
                            sizeof event->u.transfer_asked.to, "the hospital to go to", fault);
    if (!err)
        err = sgp_read_text(message->complaint, event->u.transfer_asked.complaint,
                            sizeof event->u.transfer_asked.complaint, "the complaint", fault);
    if (!err)
        err = sgp_read_text(message->unit_code, event->u.transfer_asked.unit,
                            sizeof event->u.transfer_asked.unit, "the unit's code", fault);
    return err ? err
               : sgp_read_kinds(message->kinds, message->n_kinds,
                                &event->u.transfer_asked.seat.kinds, fault);
}

sgp_err sgp_read_transfer_changed(const Sigap__V1__ChangeTransfer *message, sgp_event *event,
                                  sgp_fault *fault) {
    event->kind = SGP_EVENT_TRANSFER_CHANGED;
    event->u.transfer_changed.transfer = message->transfer_id;
    event->u.transfer_changed.version = message->version;
    event->u.transfer_changed.pick_up_at_ms = message->pick_up_at_ms;
    event->u.transfer_changed.other_unit = message->other_unit;
    return sgp_read_text(message->unit_code, event->u.transfer_changed.unit,
                         sizeof event->u.transfer_changed.unit, "the unit's code", fault);
}

sgp_err sgp_read_transfer_cancelled(const Sigap__V1__CancelTransfer *message, sgp_event *event,
                                    sgp_fault *fault) {
    event->kind = SGP_EVENT_TRANSFER_CANCELLED;
    event->u.transfer_cancelled.transfer = message->transfer_id;
    event->u.transfer_cancelled.version = message->version;
    return sgp_read_text(message->reason, event->u.transfer_cancelled.reason,
                         sizeof event->u.transfer_cancelled.reason, "the reason", fault);
}

/* ---- loading ----------------------------------------------------------------- */

#define DAMAGED(...) sgp_fail(fault, SGP_E_CORRUPT, "the snapshot is damaged: " __VA_ARGS__)

sgp_err sgp_load_transfer_of(const Sigap__V1__Incident *message, const sgp_world *world,
                             sgp_incident *incident, sgp_fault *fault) {
    if (!message->transfer_id)
        return SGP_OK;
    const sgp_hospital_node *hospital = sgp_world_find_hospital(world, message->destination_code);
    if (!hospital)
        return DAMAGED("incident %llu goes to an unknown hospital",
                       (unsigned long long)message->id);
    incident->transfer = message->transfer_id;
    incident->destination = hospital->view.index + 1;
    sgp_err err = sgp_read_backup(message->transfer_seat, &incident->transfer_seat, fault);
    if (!err && !incident->transfer_seat.kinds)
        err = DAMAGED("transfer %llu fits no unit", (unsigned long long)message->transfer_id);
    return err;
}

static sgp_err load_parties(const Sigap__V1__Transfer *message, const sgp_world *world,
                            sgp_transfer *view, sgp_fault *fault) {
    const sgp_hospital_node *from = sgp_world_find_hospital(world, message->from_code);
    const sgp_hospital_node *to = sgp_world_find_hospital(world, message->to_code);
    const sgp_unit_node *unit = NULL;
    if (!from || !to || from == to)
        return DAMAGED("transfer %llu is between unknown hospitals",
                       (unsigned long long)message->id);
    if (message->unit_code[0] && !(unit = sgp_world_find_unit(world, message->unit_code)))
        return DAMAGED("transfer %llu has an unknown unit", (unsigned long long)message->id);
    view->from = from->view.index;
    view->to = to->view.index;
    view->unit = unit ? unit->view.index + 1 : 0;
    return SGP_OK;
}

/* Its incident must say the same of it. */
static sgp_err check_state(const sgp_world *world, const sgp_transfer *view, sgp_fault *fault) {
    const sgp_incident_node *incident = sgp_world_find_incident(world, view->incident);
    bool is_open = incident && incident->view.state != SGP_INCIDENT_CLOSED &&
                   incident->view.transfer == view->id;
    bool is_right = view->state == SGP_TRANSFER_PLANNED
                        ? view->incident == 0 && view->look_at_ms > 0
                    : view->state == SGP_TRANSFER_DUE ? is_open
                                                      : !is_open && view->ended_at_ms > 0;
    return is_right ? SGP_OK
                    : DAMAGED("transfer %llu is in a wrong state", (unsigned long long)view->id);
}

static sgp_err load_transfer(const Sigap__V1__Transfer *message, sgp_world *world,
                             sgp_fault *fault) {
    sgp_id last = world->transfers.n ? world->transfers.ids[world->transfers.n - 1] : 0;
    if (message->id <= last || message->id >= world->next_transfer)
        return DAMAGED("transfer %llu stands in a wrong place", (unsigned long long)message->id);
    sgp_err err = sgp_read_number(message->state, 1, SGP_TRANSFER_STATES - 1,
                                  "the state of a transfer", fault);
    if (!err)
        err = sgp_read_number(message->priority, SGP_P1, SGP_PRIORITIES - 1,
                              "the priority of a transfer", fault);
    if (!err)
        err = sgp_read_number(message->pick_up_at_ms, 1, INT64_MAX / 4, "the time of a transfer",
                              fault);
    if (!err)
        err = sgp_read_number(message->lead_ms, 0, INT64_MAX / 4, "the lead of a transfer", fault);
    if (err)
        return err;
    sgp_transfer_node *node = sgp_world_add_transfer(world, message->id);
    if (!node)
        return SGP_E_MEMORY;
    sgp_transfer *view = &node->view;
    view->state = (sgp_transfer_state)message->state;
    view->pick_up_at_ms = message->pick_up_at_ms;
    view->priority = (sgp_priority)message->priority;
    view->outward = message->outward_id;
    view->incident = message->incident_id;
    view->asked_at_ms = message->asked_at_ms;
    view->ended_at_ms = message->ended_at_ms;
    view->lead_ms = message->lead_ms;
    view->ride_ms = message->ride_ms;
    view->look_at_ms = message->look_at_ms;
    view->version = message->version;
    err = load_parties(message, world, view, fault);
    if (!err)
        err = sgp_read_backup(message->seat, &view->seat, fault);
    if (!err)
        err = sgp_read_text(message->complaint, view->complaint, sizeof view->complaint,
                            "the complaint of a transfer", fault);
    if (!err)
        err =
            sgp_read_text(message->reason, view->reason, sizeof view->reason, "the reason", fault);
    return err ? err : check_state(world, view, fault);
}

sgp_err sgp_load_transfers(const Sigap__V1__Snapshot *snapshot, sgp_world *world,
                           sgp_fault *fault) {
    if (snapshot->next_transfer_id)
        world->next_transfer = snapshot->next_transfer_id;
    sgp_err err = sgp_read_number((int64_t)snapshot->n_transfers, 0,
                                  SGP_TRANSFERS_MAX + SGP_TRANSFERS_KEPT + 2,
                                  "the number of transfers", fault);
    for (size_t i = 0; i < snapshot->n_transfers && !err; i++)
        err = load_transfer(snapshot->transfers[i], world, fault);
    for (size_t i = 0; i < world->incidents.n && !err; i++) {
        const sgp_incident *incident = &((sgp_incident_node *)world->incidents.nodes[i])->view;
        const sgp_transfer *of = sgp_world_transfer(world, incident->transfer);
        if (incident->transfer && incident->state != SGP_INCIDENT_CLOSED &&
            (!of || of->incident != incident->id))
            err = DAMAGED("the transfer of incident %llu is missing",
                          (unsigned long long)incident->id);
    }
    sgp_transfers_find(world);
    return err;
}
