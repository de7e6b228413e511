/* The whole world as one message, and a world from it.
 *
 * Loading trusts nothing: every reference, order and derived number is checked,
 * so that a world from a damaged snapshot is refused instead of stepped. */
#include <stdlib.h>
#include <string.h>

#include "core/accounts.h"
#include "core/agencies.h"
#include "core/conversation.h"
#include "core/event_check.h"
#include "core/fleet.h"
#include "core/hospitals.h"
#include "core/incident_log.h"
#include "core/numbers_proto.h"
#include "core/premises.h"
#include "core/desk_snapshot.h"
#include "core/proto_read.h"
#include "core/proto_write.h"
#include "core/device_words.h"
#include "core/receipts.h"
#include "core/rings_snapshot.h"
#include "core/track.h"
#include "core/transfers_snapshot.h"
#include "core/sign_on.h"
#include "core/welfare.h"
#include "core/world.h"

/* ---- saving --------------------------------------------------------------- */

static bool save_things(const sgp_world *world, Sigap__V1__Snapshot *snapshot) {
    bool ok = sgp_put_array((void **)&snapshot->units, world->n_units, sizeof(void *)) &&
              sgp_put_array((void **)&snapshot->hospitals, world->n_hospitals, sizeof(void *)) &&
              sgp_put_array((void **)&snapshot->calls, world->calls.n, sizeof(void *)) &&
              sgp_put_array((void **)&snapshot->incidents, world->incidents.n, sizeof(void *)) &&
              sgp_put_array((void **)&snapshot->assignments, world->assignments.n, sizeof(void *));
    for (uint32_t i = 0; i < world->n_units && ok; i++)
        ok = (snapshot->units[snapshot->n_units++] = sgp_unit_to_proto(world, i));
    for (uint32_t i = 0; i < world->n_hospitals && ok; i++)
        ok = (snapshot->hospitals[snapshot->n_hospitals++] = sgp_hospital_to_proto(world, i));
    for (size_t i = 0; i < world->calls.n && ok; i++)
        ok = (snapshot->calls[snapshot->n_calls++] = sgp_call_to_proto(world, world->calls.ids[i]));
    for (size_t i = 0; i < world->incidents.n && ok; i++)
        ok = (snapshot->incidents[snapshot->n_incidents++] =
                  sgp_incident_to_proto(world, world->incidents.ids[i]));
    for (size_t i = 0; i < world->assignments.n && ok; i++)
        ok = (snapshot->assignments[snapshot->n_assignments++] =
                  sgp_assignment_to_proto(world, world->assignments.ids[i]));
    return ok;
}

static bool save_reply(Sigap__V1__RememberedReply **field, const sgp_remembered *reply) {
    Sigap__V1__RememberedReply *message =
        sgp_message_make(&sigap__v1__remembered_reply__descriptor);
    *field = message;
    if (!message)
        return false;
    message->call_id = reply->call;
    message->incident_id = reply->incident;
    message->assignment_id = reply->assignment;
    message->recommendation_id = reply->recommendation;
    message->closure_id = reply->closure;
    message->transfer_id = reply->transfer;
    return sgp_put_bytes(&message->request_id, reply->request_id, sizeof reply->request_id) &&
           sgp_put_text(&message->actor, reply->actor) &&
           (!reply->err || sgp_put_text(&message->error_code, sgp_err_str((sgp_err)reply->err))) &&
           (!reply->message || sgp_put_text(&message->message, reply->message));
}

static bool save_replies(const sgp_world *world, Sigap__V1__Snapshot *snapshot) {
    uint32_t n = world->replies.n;
    bool ok = sgp_put_array((void **)&snapshot->replies, n, sizeof(void *));
    for (uint32_t i = 0; i < n && ok; i++)
        ok = save_reply(&snapshot->replies[snapshot->n_replies++],
                        sgp_replies_nth(&world->replies, i));
    return ok;
}

/* What an incident's node keeps beside its view, where that is not plain from it. */
static bool has_memory(const sgp_incident_node *incident) {
    const sgp_said *said = &incident->said;
    return incident->n_log || incident->n_refused || incident->wish || incident->by_hand ||
           incident->trusted || said->priority_by_hand || said->complaint_by_hand ||
           said->priority != incident->view.priority ||
           strcmp(said->complaint, incident->view.complaint) != 0;
}

static bool save_memory(Sigap__V1__IncidentMemory **field, const sgp_incident_node *incident) {
    Sigap__V1__IncidentMemory *message = sgp_message_make(&sigap__v1__incident_memory__descriptor);
    *field = message;
    if (!message)
        return false;
    message->incident_id = incident->view.id;
    message->wish = incident->wish;
    message->by_hand = incident->by_hand;
    message->trusted = incident->trusted;
    if (!sgp_log_save(incident, message))
        return false;
    message->said_priority = (Sigap__V1__Priority)incident->said.priority;
    message->priority_by_hand = incident->said.priority_by_hand;
    message->complaint_by_hand = incident->said.complaint_by_hand;
    if (!sgp_put_text(&message->said_complaint, incident->said.complaint))
        return false;
    if (!sgp_put_array((void **)&message->refused_unit_numbers, incident->n_refused,
                       sizeof(uint32_t)))
        return false;
    for (uint32_t i = 0; i < incident->n_refused; i++)
        message->refused_unit_numbers[message->n_refused_unit_numbers++] = incident->refused[i] + 1;
    return true;
}

static bool save_memories(const sgp_world *world, Sigap__V1__Snapshot *snapshot) {
    size_t n = 0;
    for (size_t i = 0; i < world->incidents.n; i++) {
        const sgp_incident_node *incident = world->incidents.nodes[i];
        n += has_memory(incident);
    }
    bool ok = sgp_put_array((void **)&snapshot->incident_memory, n, sizeof(void *));
    for (size_t i = 0; i < world->incidents.n && ok; i++) {
        const sgp_incident_node *incident = world->incidents.nodes[i];
        if (has_memory(incident))
            ok = save_memory(&snapshot->incident_memory[snapshot->n_incident_memory++], incident);
    }
    return ok;
}

/* What a call's node keeps beside its view. */
static bool has_call_memory(const sgp_call_node *call) {
    return call->phone_placed || call->locate.until_ms != 0 || call->view.has_number ||
           call->n_messages > 0;
}

static bool save_call_memory(Sigap__V1__CallMemory **field, const sgp_call_node *call) {
    Sigap__V1__CallMemory *message = sgp_message_make(&sigap__v1__call_memory__descriptor);
    *field = message;
    if (!message)
        return false;
    message->call_id = call->view.id;
    message->phone_placed = call->phone_placed;
    message->locate_until_ms = call->locate.until_ms;
    message->locate_updates_ms = call->locate.updates_ms;
    if (call->view.has_number &&
        !sgp_put_bytes(&message->number_token, call->number, SGP_CALLER_TOKEN_BYTES))
        return false;
    if (!sgp_save_said(call, message))
        return false;
    return call->locate.until_ms == 0 ||
           (sgp_put_bytes(&message->locate_token, call->locate.token, SGP_HASH_BYTES) &&
            sgp_put_bytes(&message->locate_holder, call->locate.holder, SGP_HASH_BYTES));
}

static bool save_call_memories(const sgp_world *world, Sigap__V1__Snapshot *snapshot) {
    size_t n = 0;
    for (size_t i = 0; i < world->calls.n; i++)
        n += has_call_memory(world->calls.nodes[i]);
    bool ok = sgp_put_array((void **)&snapshot->call_memory, n, sizeof(void *));
    for (size_t i = 0; i < world->calls.n && ok; i++)
        if (has_call_memory(world->calls.nodes[i]))
            ok = save_call_memory(&snapshot->call_memory[snapshot->n_call_memory++],
                                  world->calls.nodes[i]);
    return ok;
}

static bool save_orders(const sgp_world *world, Sigap__V1__Snapshot *snapshot) {
    size_t n = 0;
    for (size_t i = 0; i < world->assignments.n; i++)
        n += ((const sgp_assignment_node *)world->assignments.nodes[i])->view.state ==
             SGP_ASSIGNMENT_ORDERED;
    bool ok = sgp_put_array((void **)&snapshot->open_orders, n, sizeof(void *));
    for (size_t i = 0; i < world->assignments.n && ok; i++) {
        const sgp_assignment_node *node = world->assignments.nodes[i];
        if (node->view.state != SGP_ASSIGNMENT_ORDERED)
            continue;
        Sigap__V1__OpenOrder *order = sgp_message_make(&sigap__v1__open_order__descriptor);
        ok = order != NULL;
        if (!ok)
            break;
        order->assignment_id = node->view.id;
        order->answer_by_ms = node->answer_by_ms;
        snapshot->open_orders[snapshot->n_open_orders++] = order;
    }
    return ok;
}

static bool save_roads(const sgp_world *world, Sigap__V1__Snapshot *snapshot) {
    bool ok = sgp_put_array((void **)&snapshot->road_closures, world->n_closures, sizeof(void *)) &&
              sgp_put_array((void **)&snapshot->metrics, world->n_metrics, sizeof(void *));
    for (uint32_t i = 0; i < world->n_closures && ok; i++)
        ok = (snapshot->road_closures[snapshot->n_road_closures++] =
                  sgp_road_closure_to_proto(&world->closures[i]));
    for (uint32_t i = 0; i < world->n_metrics && ok; i++) {
        Sigap__V1__MetricSwapped *mark = sgp_message_make(&sigap__v1__metric_swapped__descriptor);
        ok = mark != NULL;
        if (!ok)
            break;
        snapshot->metrics[snapshot->n_metrics++] = mark;
        ok = sgp_put_metric_mark(mark, &world->metrics[i]);
    }
    return ok;
}

static bool save_plan(const sgp_world *world, Sigap__V1__Snapshot *snapshot) {
    return !world->plan || (snapshot->plan = sgp_plan_to_proto(world->plan));
}

static bool save_coverage(const sgp_world *world, Sigap__V1__Snapshot *snapshot) {
    return !world->coverage || (snapshot->coverage = sgp_coverage_map_to_proto(world->coverage));
}

static bool save(const sgp_world *world, Sigap__V1__Snapshot *snapshot) {
    snapshot->event_seq = world->seq;
    snapshot->at_ms = world->now_ms;
    snapshot->next_call_id = world->next_call;
    snapshot->next_incident_id = world->next_incident;
    snapshot->next_assignment_id = world->next_assignment;
    snapshot->next_recommendation_id = world->next_recommendation;
    snapshot->metric = world->metric;
    snapshot->clocks = sgp_message_make(&sigap__v1__clocks__descriptor);
    if (!snapshot->clocks || !sgp_put_clocks(snapshot->clocks, &world->clocks) ||
        !sgp_put_bytes(&snapshot->city, world->city, sizeof world->city) ||
        !sgp_put_array((void **)&snapshot->closed_incident_ids, world->n_closed,
                       sizeof *snapshot->closed_incident_ids))
        return false;
    for (size_t i = 0; i < world->n_closed; i++)
        snapshot->closed_incident_ids[snapshot->n_closed_incident_ids++] = world->closed[i];
    return save_things(world, snapshot) && save_memories(world, snapshot) &&
           save_call_memories(world, snapshot) && save_orders(world, snapshot) &&
           save_replies(world, snapshot) && save_roads(world, snapshot) &&
           save_plan(world, snapshot) && save_coverage(world, snapshot) &&
           sgp_save_transfers(world, snapshot) && sgp_save_rings(world, snapshot) &&
           sgp_save_handovers(world, snapshot) && sgp_numbers_save(world, snapshot) &&
           sgp_premises_save(world, snapshot) && sgp_rosters_save(world, snapshot) &&
           sgp_accounts_save(world, snapshot) && sgp_streams_save(world, snapshot);
}

sgp_err sgp_world_save(const sgp_world *world, sgp_buffer *out) {
    Sigap__V1__Snapshot *snapshot = sgp_message_make(&sigap__v1__snapshot__descriptor);
    if (!snapshot)
        return SGP_E_MEMORY;
    sgp_err err = save(world, snapshot) ? sgp_message_pack(&snapshot->base, out) : SGP_E_MEMORY;
    sgp_message_free(snapshot);
    return err;
}

/* ---- loading -------------------------------------------------------------- */

#define DAMAGED(...) sgp_fail(fault, SGP_E_CORRUPT, "the snapshot is damaged: " __VA_ARGS__)

static sgp_err load_unit(const Sigap__V1__Unit *message, sgp_world *world, sgp_fault *fault) {
    sgp_unit read;
    sgp_err err = sgp_read_unit(message, &read, fault);
    if (!err && (world->n_units == SGP_UNITS_MAX || sgp_world_find_unit(world, read.code) ||
                 message->number != world->n_units + 1))
        err = DAMAGED("unit %s stands in a wrong place", read.code);
    if (!err)
        err = sgp_read_post(message->post, &read.post, fault);
    if (!err)
        err = sgp_read_signed_on(message->signed_on, &read, fault);
    if (!err)
        err = sgp_read_unit_entry(message, &read, fault);
    if (!err && message->position) {
        read.has_position = true;
        err = sgp_read_point(message->position, &read.position, "the unit's position", fault);
    }
    if (!err && ((message->distress_at_ms > 0) != (message->distress_due_ms > 0) ||
                 message->distress_at_ms < 0))
        err = DAMAGED("the distress of unit %s is wrong", read.code);
    if (err)
        return err;
    sgp_unit_node *unit = sgp_world_add_unit(world, read.code);
    if (!unit)
        return SGP_E_MEMORY;
    read.index = unit->view.index;
    read.on_duty = message->on_duty;
    read.position_at_ms = message->position_at_ms;
    read.at_station = message->at_station;
    read.assignment = message->assignment_id;
    read.signed_on_at_ms = message->signed_on_at_ms;
    read.distress_at_ms = message->distress_at_ms;
    read.distress_due_ms = message->distress_due_ms;
    sgp_read_receipt(message->post_receipt, &read.post_receipt);
    read.version = message->version;
    unit->view = read;
    return SGP_OK;
}

static sgp_err load_hospital(const Sigap__V1__Hospital *message, sgp_world *world,
                             sgp_fault *fault) {
    sgp_hospital read;
    sgp_err err = sgp_read_hospital(message, &read, fault);
    if (!err &&
        (world->n_hospitals == SGP_HOSPITALS_MAX || sgp_world_find_hospital(world, read.code) ||
         message->number != world->n_hospitals + 1))
        err = DAMAGED("hospital %s stands in a wrong place", read.code);
    if (!err)
        err = sgp_read_hospital_entry(message, &read, fault);
    if (err)
        return err;
    sgp_hospital_node *hospital = sgp_world_add_hospital(world, read.code);
    if (!hospital)
        return SGP_E_MEMORY;
    read.index = hospital->view.index;
    hospital->view = read;
    return sgp_read_hospital_state(message, world, read.index, fault);
}

/* Ids must ascend and stay below the next one to be given. */
static sgp_err check_id(const sgp_id_table *table, sgp_id id, sgp_id next, const char *what,
                        sgp_fault *fault) {
    if (id == 0 || id >= next || (table->n && table->ids[table->n - 1] >= id))
        return DAMAGED("%s %llu stands in a wrong place", what, (unsigned long long)id);
    return SGP_OK;
}

/* Snapshots of before say nothing of it. */
static sgp_err load_said(const Sigap__V1__IncidentMemory *message, sgp_incident_node *incident,
                         sgp_fault *fault) {
    if (!message->said_priority)
        return SGP_OK;
    sgp_err err = sgp_read_number(message->said_priority, SGP_P1, SGP_PRIORITIES - 1,
                                  "the priority as it was said", fault);
    if (!err)
        err = sgp_read_text(message->said_complaint, incident->said.complaint,
                            sizeof incident->said.complaint, "the complaint as it was said", fault);
    incident->said.priority = (sgp_priority)message->said_priority;
    incident->said.priority_by_hand = message->priority_by_hand;
    incident->said.complaint_by_hand = message->complaint_by_hand;
    return err;
}

static sgp_err load_answers(const Sigap__V1__Incident *message, sgp_incident_node *incident,
                            sgp_fault *fault) {
    sgp_incident *view = &incident->view;
    sgp_err err = sgp_read_number((int64_t)message->n_answers, 0, SGP_ANSWERS_PER_INCIDENT_MAX,
                                  "the number of answers", fault);
    for (size_t i = 0; i < message->n_answers && !err; i++) {
        err = SGP_ROOM_U32(view->answers, view->n_answers, incident->answers_capacity);
        if (err)
            break;
        sgp_answered *said = &view->answers[view->n_answers++];
        *said = (sgp_answered){.at_ms = message->answers[i]->at_ms};
        err = sgp_read_text(message->answers[i]->question, said->question, sizeof said->question,
                            "an answered question", fault);
        if (!err)
            err = sgp_read_text(message->answers[i]->answer, said->answer, sizeof said->answer,
                                "an answer", fault);
        if (!err && (!said->question[0] || !said->answer[0]))
            err = DAMAGED("incident %llu has an empty answer", (unsigned long long)view->id);
        for (uint32_t k = 0; k + 1 < view->n_answers && !err; k++)
            if (strcmp(view->answers[k].question, said->question) == 0)
                err = DAMAGED("a question of incident %llu is answered twice",
                              (unsigned long long)view->id);
    }
    return err;
}

static sgp_err load_alerts(const Sigap__V1__Incident *message, sgp_incident_node *incident,
                           sgp_fault *fault) {
    sgp_incident *view = &incident->view;
    sgp_err err = sgp_read_number((int64_t)message->n_alerts, 0, SGP_ALERTS_PER_INCIDENT_MAX,
                                  "the number of alerts", fault);
    for (size_t i = 0; i < message->n_alerts && !err; i++) {
        const Sigap__V1__Alert *row = message->alerts[i];
        err = SGP_ROOM_U32(view->alerts, view->n_alerts, incident->alerts_capacity);
        if (err)
            break;
        sgp_alert *alert = &view->alerts[view->n_alerts++];
        *alert = (sgp_alert){.alerted_at_ms = row->alerted_at_ms,
                             .answer_by_ms = row->answer_by_ms,
                             .answered_at_ms = row->answered_at_ms};
        err = sgp_read_number(row->state, 1, SGP_ALERT_STATES - 1, "the state of an alert", fault);
        if (!err)
            err = sgp_read_text(row->agency, alert->agency, sizeof alert->agency,
                                "an alerted agency", fault);
        if (!err)
            err = sgp_read_text(row->reason, alert->reason, sizeof alert->reason,
                                "the reason of an alert", fault);
        alert->state = (sgp_alert_state)row->state;
        if (!err &&
            (!alert->agency[0] || (alert->state == SGP_ALERT_GIVEN) != (alert->answer_by_ms > 0)))
            err = DAMAGED("an alert of incident %llu is wrong", (unsigned long long)view->id);
        for (uint32_t k = 0; k + 1 < view->n_alerts && !err; k++)
            if (strcmp(view->alerts[k].agency, alert->agency) == 0)
                err = DAMAGED("an agency is alerted twice to incident %llu",
                              (unsigned long long)view->id);
    }
    return err;
}

static sgp_err load_alike(const Sigap__V1__Incident *message, sgp_incident *view,
                          sgp_fault *fault) {
    sgp_err err = sgp_read_number((int64_t)message->n_alike, 0, SGP_ALIKE_MAX,
                                  "the number of incidents alike", fault);
    for (size_t i = 0; i < message->n_alike && !err; i++) {
        const Sigap__V1__Alike *row = message->alike[i];
        err = sgp_read_number(row->likeness, 1, SGP_LIKENESSES - 1, "a likeness", fault);
        if (!err)
            err = sgp_read_number(row->distance_m, -1, INT32_MAX, "a distance", fault);
        if (!err && (row->incident_id == 0 || row->incident_id >= view->id))
            err = DAMAGED("incident %llu is like a later one", (unsigned long long)view->id);
        view->alike[view->n_alike++] = (sgp_alike){.incident = row->incident_id,
                                                   .distance_m = row->distance_m,
                                                   .apart_ms = row->apart_ms,
                                                   .likeness = (sgp_likeness)row->likeness,
                                                   .dismissed = row->dismissed,
                                                   .same_number = row->same_number};
    }
    return err;
}

static sgp_err load_incident(const Sigap__V1__Incident *message, sgp_world *world,
                             sgp_fault *fault) {
    sgp_err err = check_id(&world->incidents, message->id, world->next_incident, "incident", fault);
    if (!err)
        err = sgp_read_number(message->state, 1, SGP_INCIDENT_STATES - 1,
                              "the state of an incident", fault);
    if (!err)
        err = sgp_read_number(message->priority, SGP_P1, SGP_PRIORITIES - 1,
                              "the priority of an incident", fault);
    if (!err)
        err = sgp_read_number(message->outcome, 0, SGP_OUTCOMES - 1, "the outcome of an incident",
                              fault);
    if (!err)
        err = sgp_read_number(message->notes, 0, SGP_NOTES_MAX, "the number of notes", fault);
    if (!err)
        err = sgp_read_number(message->units_wanted, 1, SGP_UNITS_PER_INCIDENT_MAX,
                              "the number of units wanted", fault);
    if (!err)
        err = sgp_read_number(message->alarm, 0, SGP_ALARMS, "the alarm level", fault);
    if (!err)
        err = sgp_read_number((int64_t)message->n_assignment_ids, 0, SGP_UNITS_PER_INCIDENT_MAX,
                              "the number of assignments", fault);
    if (!err && message->place_confirmed && !message->place)
        err = DAMAGED("incident %llu has a confirmed place and none",
                      (unsigned long long)message->id);
    if (err)
        return err;
    sgp_incident_node *incident = sgp_world_add_incident(world, message->id);
    if (!incident)
        return SGP_E_MEMORY;
    sgp_incident *view = &incident->view;
    view->state = (sgp_incident_state)message->state;
    view->priority = (sgp_priority)message->priority;
    view->has_place = message->place != NULL;
    view->place_confirmed = message->place_confirmed;
    view->opened_at_ms = message->opened_at_ms;
    view->placed_at_ms = message->placed_at_ms;
    view->first_order_at_ms = message->first_order_at_ms;
    view->first_on_scene_at_ms = message->first_on_scene_at_ms;
    view->closed_at_ms = message->closed_at_ms;
    view->outcome = (sgp_outcome)message->outcome;
    view->last_recommendation = message->recommendation_id;
    view->units_wanted = message->units_wanted;
    view->alarm = message->alarm ? message->alarm : 1;
    view->suspect = message->suspect;
    view->n_notes = message->notes;
    view->taken_at_ms = message->taken_at_ms;
    view->version = message->version;
    for (size_t i = 0; i < message->n_assignment_ids; i++)
        view->assignments[view->n_assignments++] = message->assignment_ids[i];
    err = sgp_read_text(message->complaint, view->complaint, sizeof view->complaint,
                        "the complaint", fault);
    if (!err)
        err = sgp_read_text(message->taken_by, view->taken_by, sizeof view->taken_by,
                            "who has an incident", fault);
    if (!err && message->place)
        err = sgp_place_from_proto(message->place, &view->place, fault);
    if (!err)
        err = sgp_read_reinforcements(message, view, fault);
    incident->said.priority = view->priority;
    memcpy(incident->said.complaint, view->complaint, sizeof view->complaint);
    if (!err)
        err = sgp_load_transfer_of(message, world, view, fault);
    if (!err)
        err = load_answers(message, incident, fault);
    if (!err)
        err = load_alerts(message, incident, fault);
    if (!err)
        err = load_alike(message, view, fault);
    return err;
}

static sgp_err load_call(const Sigap__V1__Call *message, sgp_world *world, sgp_fault *fault) {
    sgp_err err = check_id(&world->calls, message->id, world->next_call, "call", fault);
    sgp_incident_node *incident = sgp_world_find_incident(world, message->incident_id);
    if (!err && !incident)
        err = DAMAGED("call %llu is of no incident", (unsigned long long)message->id);
    if (!err)
        err = sgp_read_number(message->priority, SGP_P1, SGP_PRIORITIES - 1,
                              "the priority of a call", fault);
    if (!err)
        err = sgp_read_number((int64_t)message->n_places, 0, SGP_PLACES_MAX,
                              "the number of places of a call", fault);
    if (!err)
        err = sgp_read_number(message->texts, 0, SGP_CALL_TEXTS_MAX,
                              "the number of texts of a call", fault);
    if (!err)
        err = sgp_read_number(message->near_radius_m, 0, 1000000, "the radius of a call's position",
                              fault);
    if (!err)
        err =
            sgp_read_number(message->outcome, 0, SGP_OUTCOMES - 1, "the outcome of a call", fault);
    if (err)
        return err;
    sgp_call_node *call = sgp_world_add_call(world, message->id);
    if (!call)
        return SGP_E_MEMORY;
    sgp_call *view = &call->view;
    view->incident = message->incident_id;
    view->received_at_ms = message->received_at_ms;
    view->placed_at_ms = message->placed_at_ms;
    view->priority = (sgp_priority)message->priority;
    view->looking_up = message->looking_up;
    view->provisional = message->provisional;
    view->n_texts = message->texts;
    view->has_near = message->near != NULL;
    view->near_m = message->near_radius_m;
    view->has_number = message->has_number;
    view->outcome = (sgp_outcome)message->outcome;
    view->nuisance = sgp_read_nuisance(message->nuisance);
    view->ring = message->ring_id;
    view->version = message->version;
    err = sgp_read_text(message->recording, view->recording, sizeof view->recording,
                        "the recording of a call", fault);
    if (!err)
        err = sgp_read_text(message->channel, view->channel, sizeof view->channel, "the channel",
                            fault);
    if (!err)
        err = sgp_read_text(message->complaint, view->complaint, sizeof view->complaint,
                            "the complaint", fault);
    if (!err && view->has_near)
        err = sgp_read_point(message->near, &view->near, "the position of a call", fault);
    if (!err)
        err = sgp_read_chat(message->chat, &view->chat, fault);
    if (!err && message->phone) {
        sgp_phone_fix fix;
        err = sgp_read_phone_fix(message->phone, &fix, fault);
        if (!err)
            err = sgp_call_set_phone(call, &fix);
    }
    sgp_place places[SGP_PLACES_MAX];
    for (size_t i = 0; i < message->n_places && !err; i++)
        err = sgp_place_from_proto(message->places[i], &places[i], fault);
    if (!err)
        err = sgp_call_set_places(call, places, (int32_t)message->n_places);
    return err ? err : sgp_incident_add_call(incident, message->id);
}

static bool lists(const sgp_incident_node *incident, sgp_id assignment) {
    for (uint32_t i = 0; incident && i < incident->view.n_assignments; i++)
        if (incident->view.assignments[i] == assignment)
            return true;
    return false;
}

static sgp_err load_assignment(const Sigap__V1__Assignment *message, sgp_world *world,
                               sgp_fault *fault) {
    unsigned long long id = message->id;
    sgp_err err =
        check_id(&world->assignments, message->id, world->next_assignment, "assignment", fault);
    if (!err && !lists(sgp_world_find_incident(world, message->incident_id), message->id))
        err = DAMAGED("assignment %llu is not of its incident", id);
    if (!err && (message->unit_number == 0 || message->unit_number > world->n_units))
        err = DAMAGED("assignment %llu has no unit", id);
    if (!err)
        err = sgp_read_number(message->state, 1, SGP_ASSIGNMENT_STATES - 1,
                              "the state of an assignment", fault);
    if (!err && (message->welfare_due_ms < 0 ||
                 (message->welfare_due_ms && (int)message->state != SGP_ASSIGNMENT_ON_SCENE)))
        err = DAMAGED("assignment %llu is asked whether all is well and not on scene", id);
    const sgp_hospital_node *hospital = NULL;
    if (!err && message->hospital_code[0]) {
        hospital = sgp_world_find_hospital(world, message->hospital_code);
        if (!hospital)
            err = DAMAGED("assignment %llu goes to an unknown hospital", id);
    }
    if (err)
        return err;
    sgp_assignment_node *assignment = sgp_world_add_assignment(world, message->id);
    if (!assignment)
        return SGP_E_MEMORY;
    sgp_assignment *view = &assignment->view;
    view->incident = message->incident_id;
    view->unit = message->unit_number - 1;
    view->state = (sgp_assignment_state)message->state;
    view->recommendation = message->recommendation_id;
    view->travel_ms = message->travel_ms;
    view->by_dispatcher = message->by_dispatcher;
    view->welfare_due_ms = message->welfare_due_ms;
    view->welfare_alarms = message->welfare_alarms;
    view->hospital = hospital ? (int32_t)hospital->view.index : -1;
    view->version = message->version;
    for (size_t i = 0; i < message->n_stamps && !err; i++) {
        err = sgp_read_number(message->stamps[i]->state, 1, SGP_ASSIGNMENT_STATES - 1,
                              "the state of a stamp", fault);
        if (!err)
            view->at_ms[message->stamps[i]->state] = message->stamps[i]->at_ms;
        if (!err && message->stamps[i]->by_radio)
            view->by_radio |= 1u << message->stamps[i]->state;
        if (!err)
            sgp_read_device_stamp(message->stamps[i], view);
    }
    for (size_t i = 0; i < message->n_late_stamps && !err; i++) {
        err = sgp_read_number(message->late_stamps[i]->state, 1, SGP_ASSIGNMENT_STATES - 1,
                              "the state of a late stamp", fault);
        if (!err)
            sgp_read_device_stamp(message->late_stamps[i], view);
    }
    sgp_read_receipt(message->receipt, &view->receipt);
    if (!err)
        err =
            sgp_read_text(message->reason, view->reason, sizeof view->reason, "the reason", fault);
    if (!err)
        err = sgp_read_patient(message, world, view, fault);
    if (!err && sgp_assignment_is_open(view) &&
        world->units[view->unit].view.assignment != view->id)
        err = DAMAGED("assignment %llu is open and its unit is elsewhere", id);
    return err;
}

/* Calls and assignments are all in; now each side must agree with the other. */
static sgp_err check_incidents(const Sigap__V1__Snapshot *snapshot, sgp_world *world,
                               sgp_fault *fault) {
    size_t listed = 0;
    for (size_t i = 0; i < world->incidents.n; i++) {
        const sgp_incident_node *incident = world->incidents.nodes[i];
        unsigned long long id = incident->view.id;
        uint32_t open = 0;
        for (uint32_t k = 0; k < incident->view.n_assignments; k++) {
            const sgp_assignment_node *node =
                sgp_world_find_assignment(world, incident->view.assignments[k]);
            if (!node || node->view.incident != incident->view.id ||
                (k && incident->view.assignments[k - 1] >= incident->view.assignments[k]))
                return DAMAGED("incident %llu names a wrong assignment", id);
            open += sgp_assignment_is_open(&node->view);
        }
        listed += incident->view.n_assignments;
        if (incident->view.n_calls != snapshot->incidents[i]->calls ||
            incident->view.first_call != snapshot->incidents[i]->first_call_id)
            return DAMAGED("incident %llu counts its calls wrongly", id);
        sgp_incident_state state = open > 0                         ? SGP_INCIDENT_ASSIGNED
                                   : incident->view.place_confirmed ? SGP_INCIDENT_WAITING
                                                                    : SGP_INCIDENT_LOCATING;
        if (incident->view.state != SGP_INCIDENT_CLOSED && incident->view.state != state)
            return DAMAGED("incident %llu is in a wrong state", id);
        if (open > 0 && incident->view.state != SGP_INCIDENT_CLOSED && !incident->view.has_place)
            return DAMAGED("incident %llu has units and no place", id);
        if ((incident->view.taken_by[0] != '\0') != (incident->view.taken_at_ms > 0) ||
            incident->view.taken_at_ms < 0 ||
            (incident->view.taken_by[0] && incident->view.state == SGP_INCIDENT_CLOSED))
            return DAMAGED("incident %llu is in wrong hands", id);
    }
    if (listed != world->assignments.n)
        return DAMAGED("assignments are missing");
    for (uint32_t i = 0; i < world->n_units; i++) {
        const sgp_unit *unit = &world->units[i].view;
        sgp_assignment_node *node =
            unit->assignment ? sgp_world_find_assignment(world, unit->assignment) : NULL;
        if (unit->assignment &&
            (!node || node->view.unit != i || !sgp_assignment_is_open(&node->view)))
            return DAMAGED("unit %s is on a wrong assignment", unit->code);
        world->units[i].on = node;
    }
    return SGP_OK;
}

static sgp_err load_closed(const Sigap__V1__Snapshot *snapshot, sgp_world *world,
                           sgp_fault *fault) {
    size_t n_closed = 0;
    for (size_t i = 0; i < world->incidents.n; i++) {
        const sgp_incident_node *incident = world->incidents.nodes[i];
        if (incident->view.state == SGP_INCIDENT_CLOSED) {
            n_closed++;
        } else {
            sgp_err err = sgp_world_note_open(world, world->incidents.nodes[i]);
            if (err)
                return err;
            world->open_calls += incident->view.n_calls;
        }
    }
    if (snapshot->n_closed_incident_ids != n_closed)
        return DAMAGED("closed incidents are miscounted");
    for (size_t i = 0; i < n_closed; i++) {
        sgp_incident_node *incident =
            sgp_world_find_incident(world, snapshot->closed_incident_ids[i]);
        /* `touched` marks what was seen; it is no state and is cleared below. */
        if (!incident || incident->view.state != SGP_INCIDENT_CLOSED || incident->touched)
            return DAMAGED("the order of closed incidents is wrong");
        incident->touched = 1;
        sgp_err err = SGP_ROOM(world->closed, world->n_closed, world->closed_capacity);
        if (err)
            return err;
        world->closed[world->n_closed++] = incident->view.id;
    }
    for (size_t i = 0; i < n_closed; i++)
        sgp_world_find_incident(world, world->closed[i])->touched = 0;
    return SGP_OK;
}

static sgp_err load_memories(const Sigap__V1__Snapshot *snapshot, sgp_world *world,
                             sgp_fault *fault) {
    for (size_t i = 0; i < snapshot->n_incident_memory; i++) {
        const Sigap__V1__IncidentMemory *message = snapshot->incident_memory[i];
        sgp_incident_node *incident = sgp_world_find_incident(world, message->incident_id);
        if (!incident)
            return DAMAGED("something is remembered of no incident");
        incident->wish = message->wish;
        incident->by_hand = message->by_hand;
        incident->trusted = message->trusted;
        sgp_err logged = sgp_log_load(message, incident, fault);
        if (logged)
            return logged;
        sgp_err said = load_said(message, incident, fault);
        if (said)
            return said;
        for (size_t k = 0; k < message->n_refused_unit_numbers; k++) {
            uint32_t number = message->refused_unit_numbers[k];
            if (number == 0 || number > world->n_units)
                return DAMAGED("an unknown unit refused incident %llu",
                               (unsigned long long)message->incident_id);
            sgp_err err = sgp_incident_add_refused(incident, number - 1);
            if (err)
                return err;
        }
    }
    return SGP_OK;
}

static sgp_err load_call_memories(const Sigap__V1__Snapshot *snapshot, sgp_world *world,
                                  sgp_fault *fault) {
    for (size_t i = 0; i < snapshot->n_call_memory; i++) {
        const Sigap__V1__CallMemory *message = snapshot->call_memory[i];
        sgp_call_node *call = sgp_world_find_call(world, message->call_id);
        bool asked = message->locate_until_ms != 0;
        if (!call || (message->phone_placed && !call->view.phone))
            return DAMAGED("something is remembered of no call, or of no phone");
        if (asked &&
            (message->locate_token.len != SGP_HASH_BYTES ||
             message->locate_holder.len != SGP_HASH_BYTES || message->locate_updates_ms < 0))
            return DAMAGED("the token of call %llu is wrong", (unsigned long long)call->view.id);
        call->phone_placed = message->phone_placed;
        sgp_err err = sgp_read_number_token(&message->number_token, call->number, fault);
        if (!err)
            err = sgp_load_said(message, call, fault);
        if (err)
            return err;
        if (!asked)
            continue;
        call->locate.until_ms = message->locate_until_ms;
        call->locate.updates_ms = message->locate_updates_ms;
        memcpy(call->locate.token, message->locate_token.data, SGP_HASH_BYTES);
        memcpy(call->locate.holder, message->locate_holder.data, SGP_HASH_BYTES);
    }
    return SGP_OK;
}

static sgp_err load_orders(const Sigap__V1__Snapshot *snapshot, sgp_world *world,
                           sgp_fault *fault) {
    for (size_t i = 0; i < snapshot->n_open_orders; i++) {
        sgp_assignment_node *node =
            sgp_world_find_assignment(world, snapshot->open_orders[i]->assignment_id);
        if (!node || node->view.state != SGP_ASSIGNMENT_ORDERED || node->answer_by_ms ||
            snapshot->open_orders[i]->answer_by_ms <= 0)
            return DAMAGED("an order that waits for an answer is wrong");
        node->answer_by_ms = snapshot->open_orders[i]->answer_by_ms;
        sgp_err err = sgp_world_note_order(world, node);
        if (err)
            return err;
    }
    for (size_t i = 0; i < world->assignments.n; i++) {
        const sgp_assignment_node *node = world->assignments.nodes[i];
        if (node->view.state == SGP_ASSIGNMENT_ORDERED && !node->answer_by_ms)
            return DAMAGED("assignment %llu waits for an answer without end",
                           (unsigned long long)node->view.id);
    }
    return SGP_OK;
}

static sgp_err load_replies(const Sigap__V1__Snapshot *snapshot, sgp_world *world,
                            sgp_fault *fault) {
    if (snapshot->n_replies > SGP_REQUESTS_KEPT)
        return DAMAGED("too many answers are remembered");
    for (size_t i = 0; i < snapshot->n_replies; i++) {
        const Sigap__V1__RememberedReply *message = snapshot->replies[i];
        sgp_reply reply = {.call = message->call_id,
                           .incident = message->incident_id,
                           .assignment = message->assignment_id,
                           .recommendation = message->recommendation_id,
                           .closure = message->closure_id,
                           .transfer = message->transfer_id},
                  before;
        if (message->request_id.len != 16 ||
            sgp_replies_find(&world->replies, message->request_id.data, &before))
            return DAMAGED("a remembered request id is wrong");
        if (message->error_code[0]) {
            reply.err = sgp_err_from_str(message->error_code);
            if (reply.err == SGP_OK || strcmp(sgp_err_str(reply.err), message->error_code) != 0)
                return DAMAGED("a remembered error is unknown");
        }
        sgp_err err = sgp_read_text(message->message, reply.message, sizeof reply.message,
                                    "a remembered message", fault);
        if (!err)
            err = sgp_read_text(message->actor, reply.actor, sizeof reply.actor,
                                "who asked a remembered request", fault);
        if (!err)
            err = sgp_replies_add(&world->replies, message->request_id.data, &reply);
        if (err)
            return err;
    }
    return SGP_OK;
}

static sgp_err load_roads(const Sigap__V1__Snapshot *snapshot, sgp_world *world, sgp_fault *fault) {
    if (snapshot->n_road_closures > SGP_ROAD_CLOSURES_MAX || snapshot->n_metrics > SGP_METRICS_MAX)
        return DAMAGED("too many roads are closed, or profiles known");
    sgp_id last = 0;
    for (size_t i = 0; i < snapshot->n_road_closures; i++) {
        sgp_event check = {.kind = SGP_EVENT_ROAD_CLOSED, .at_ms = 1};
        sgp_road_closure *closure = &check.u.road_closed;
        sgp_err err = sgp_road_closure_from_proto(snapshot->road_closures[i], closure, fault);
        if (!err)
            err = sgp_event_check(&check, fault);
        if (err)
            return err;
        if (closure->id <= last || closure->id > world->seq)
            return DAMAGED("a road closure has a wrong number");
        last = closure->id;
        err = sgp_world_add_closure(world, closure);
        if (err)
            return err;
    }
    for (size_t i = 0; i < snapshot->n_metrics; i++) {
        sgp_err err =
            sgp_read_metric_mark(snapshot->metrics[i], &world->metrics[world->n_metrics], fault);
        if (err)
            return err;
        if (sgp_world_find_mark(world, world->metrics[world->n_metrics].profile))
            return DAMAGED("a profile is there twice");
        world->n_metrics++;
    }
    return SGP_OK;
}

static sgp_err load_plan(const Sigap__V1__Snapshot *snapshot, sgp_world *world, sgp_fault *fault) {
    sgp_err err =
        snapshot->plan ? sgp_plan_from_proto(snapshot->plan, &world->plan, fault) : SGP_OK;
    if (!err && world->plan)
        sgp_plan_digest(world->plan, world->plan_digest);
    return err;
}

static sgp_err load_coverage(const Sigap__V1__Snapshot *snapshot, sgp_world *world,
                             sgp_fault *fault) {
    return snapshot->coverage
               ? sgp_coverage_map_from_proto(snapshot->coverage, &world->coverage, fault)
               : SGP_OK;
}

static sgp_err load_head(const Sigap__V1__Snapshot *snapshot, sgp_world *world, sgp_fault *fault) {
    if (!snapshot->clocks || snapshot->at_ms < 0 || snapshot->next_call_id == 0 ||
        snapshot->next_incident_id == 0 || snapshot->next_assignment_id == 0 ||
        snapshot->next_recommendation_id == 0)
        return DAMAGED("its head is incomplete");
    if (snapshot->city.len != sizeof world->city)
        return DAMAGED("the id of the city has %zu bytes", snapshot->city.len);
    memcpy(world->city, snapshot->city.data, sizeof world->city);
    world->metric = snapshot->metric;
    world->seq = snapshot->event_seq;
    world->now_ms = snapshot->at_ms;
    world->next_call = snapshot->next_call_id;
    world->next_incident = snapshot->next_incident_id;
    world->next_assignment = snapshot->next_assignment_id;
    world->next_recommendation = snapshot->next_recommendation_id;
    sgp_event check = {.kind = SGP_EVENT_CONFIGURED, .at_ms = 1};
    sgp_err err = sgp_read_clocks(snapshot->clocks, &check.u.configured, fault);
    if (!err)
        err = sgp_event_check(&check, fault);
    world->clocks = check.u.configured;
    return err;
}

static sgp_err load(const Sigap__V1__Snapshot *snapshot, sgp_world *world, sgp_fault *fault) {
    sgp_err err = load_head(snapshot, world, fault);
    if (!err)
        err = load_plan(snapshot, world, fault);
    if (!err)
        err = load_coverage(snapshot, world, fault);
    for (size_t i = 0; i < snapshot->n_units && !err; i++)
        err = load_unit(snapshot->units[i], world, fault);
    for (size_t i = 0; i < snapshot->n_hospitals && !err; i++)
        err = load_hospital(snapshot->hospitals[i], world, fault);
    for (size_t i = 0; i < snapshot->n_incidents && !err; i++)
        err = load_incident(snapshot->incidents[i], world, fault);
    for (size_t i = 0; i < snapshot->n_calls && !err; i++)
        err = load_call(snapshot->calls[i], world, fault);
    for (size_t i = 0; i < snapshot->n_assignments && !err; i++)
        err = load_assignment(snapshot->assignments[i], world, fault);
    if (!err)
        err = check_incidents(snapshot, world, fault);
    if (!err)
        err = load_closed(snapshot, world, fault);
    if (!err)
        err = load_memories(snapshot, world, fault);
    if (!err)
        err = load_call_memories(snapshot, world, fault);
    if (!err)
        err = load_orders(snapshot, world, fault);
    if (!err)
        err = load_replies(snapshot, world, fault);
    if (!err)
        err = load_roads(snapshot, world, fault);
    if (!err)
        err = sgp_load_transfers(snapshot, world, fault);
    if (!err)
        err = sgp_load_rings(snapshot, world, fault);
    if (!err)
        err = sgp_load_handovers(snapshot, world, fault);
    if (!err)
        err = sgp_numbers_load(snapshot, world, fault);
    if (!err)
        err = sgp_premises_load(snapshot, world, fault);
    if (!err)
        err = sgp_rosters_load(snapshot, world, fault);
    if (!err)
        err = sgp_accounts_load(snapshot, world, fault);
    if (!err)
        err = sgp_streams_load(snapshot, world, fault);
    return err;
}

sgp_err sgp_world_load(const uint8_t *bytes, size_t length, sgp_world **world, sgp_fault *fault) {
    Sigap__V1__Snapshot *snapshot = sigap__v1__snapshot__unpack(NULL, length, bytes);
    if (!snapshot)
        return sgp_fail(fault, SGP_E_CORRUPT, "the snapshot of %zu bytes cannot be decoded",
                        length);
    sgp_world *made;
    sgp_err err = sgp_world_create(&made);
    if (err) {
        sgp_message_free(snapshot);
        return err;
    }
    err = load(snapshot, made, fault);
    sgp_message_free(snapshot);
    if (err) {
        sgp_world_destroy(made);
        return err;
    }
    sgp_agencies_find_due(made);
    sgp_welfare_find_due(made);
    sgp_roster_find_due(made, made->now_ms);
    sgp_hospitals_find_due(made);
    sgp_world_find_timer(made);
    *world = made;
    return SGP_OK;
}
