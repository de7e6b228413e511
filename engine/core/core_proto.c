/* The present state of things as messages, updates and journal records. */
#include "core/device_words.h"
#include "core/core_proto.h"

#include <assert.h>

#include "core/event_check.h"
#include "core/conversation.h"
#include "core/fleet.h"
#include "core/receipts.h"
#include "core/premises.h"
#include "core/roads.h"
#include "core/proto_read.h"
#include "core/proto_write.h"
#include "core/sign_on.h"
#include "core/world.h"

/* Equal numbers on both sides let enums be cast. */
static_assert((int)SGP_P4 == (int)SIGAP__V1__PRIORITY__P4, "priority");
static_assert((int)SGP_UNIT_RESCUE == (int)SIGAP__V1__UNIT_KIND__RESCUE, "unit kind");
static_assert((int)SGP_UNIT_AT_HOSPITAL == (int)SIGAP__V1__UNIT_STATUS__UNIT_AT_HOSPITAL,
              "unit status");
static_assert((int)SGP_INCIDENT_CLOSED == (int)SIGAP__V1__INCIDENT_STATE__INCIDENT_CLOSED,
              "incident state");
static_assert((int)SGP_ASSIGNMENT_STOOD_DOWN == (int)SIGAP__V1__ASSIGNMENT_STATE__STOOD_DOWN,
              "assignment state");
static_assert((int)SGP_PLACE_PHONE == (int)SIGAP__V1__PLACE_KIND__PHONE, "place kind");
static_assert((int)SGP_PRECISION_WHOLE == (int)SIGAP__V1__PRECISION__PRECISION_WHOLE, "precision");
static_assert((int)SGP_PHONE_FUSED == (int)SIGAP__V1__PHONE_METHOD__PHONE_METHOD_FUSED,
              "phone method");
static_assert((int)SGP_LIKE_OTHER == (int)SIGAP__V1__LIKENESS__LIKE_OTHER, "likeness");
static_assert((int)SGP_ALERT_OVERDUE == (int)SIGAP__V1__ALERT_STATE__ALERT_OVERDUE, "alert state");
static_assert((int)SGP_OUTCOME_REAL == (int)SIGAP__V1__OUTCOME__REAL, "outcome");
static_assert((int)SGP_POLICY_COVERAGE_AWARE == (int)SIGAP__V1__POLICY__COVERAGE_AWARE, "policy");
static_assert((int)SGP_LENT_WHEN_ASKED == (int)SIGAP__V1__LENDING__LENT_WHEN_ASKED, "lending");
static_assert((int)SGP_EXCLUDED_SHIFT_OVER == (int)SIGAP__V1__EXCLUSION__EXCLUDED_SHIFT_OVER,
              "exclusion");

Sigap__V1__Place *sgp_place_to_proto(const sgp_place *place) {
    Sigap__V1__Place *message;
    bool ok = sgp_put_place(&message, place);
    return sgp_message_or_null(message, ok);
}

Sigap__V1__Unit *sgp_unit_to_proto(const sgp_world *world, uint32_t index) {
    const sgp_unit *unit = sgp_world_unit(world, index);
    Sigap__V1__Unit *message = unit ? sgp_message_make(&sigap__v1__unit__descriptor) : NULL;
    if (!message)
        return NULL;
    message->number = index + 1;
    message->on_duty = unit->on_duty;
    message->status = (Sigap__V1__UnitStatus)sgp_world_unit_status(world, index);
    message->position_at_ms = unit->position_at_ms;
    message->at_station = unit->at_station;
    message->assignment_id = unit->assignment;
    message->signed_on_at_ms = unit->signed_on_at_ms;
    message->distress_at_ms = unit->distress_at_ms;
    message->distress_due_ms = unit->distress_due_ms;
    if (unit->assignment) {
        const sgp_assignment *on = sgp_world_assignment(world, unit->assignment);
        message->incident_id = on->incident;
        message->receipt = (Sigap__V1__OrderReceipt)sgp_receipt_state(&on->receipt);
    }
    message->version = unit->version;
    bool ok = sgp_put_unit_basics(message, unit) && sgp_put_post(&message->post, &unit->post) &&
              sgp_put_signed_on(&message->signed_on, unit) && sgp_put_unit_entry(message, unit) &&
              sgp_put_receipt(&message->post_receipt, &unit->post_receipt) &&
              (!unit->has_position || sgp_put_point(&message->position, unit->position));
    return sgp_message_or_null(message, ok);
}

Sigap__V1__Hospital *sgp_hospital_to_proto(const sgp_world *world, uint32_t index) {
    const sgp_hospital *hospital = sgp_world_hospital(world, index);
    Sigap__V1__Hospital *message =
        hospital ? sgp_message_make(&sigap__v1__hospital__descriptor) : NULL;
    bool ok = message && sgp_put_hospital(message, hospital) &&
              sgp_put_hospital_entry(message, hospital) &&
              sgp_put_hospital_state(message, world, index);
    return message ? sgp_message_or_null(message, ok) : NULL;
}

bool sgp_put_nuisance(Sigap__V1__Nuisance **field, const sgp_nuisance *nuisance) {
    if (nuisance->until_ms == 0)
        return true;
    Sigap__V1__Nuisance *message = *field = sgp_message_make(&sigap__v1__nuisance__descriptor);
    if (!message)
        return false;
    message->calls = nuisance->calls;
    message->first_at_ms = nuisance->first_ms;
    message->last_at_ms = nuisance->last_ms;
    message->until_at_ms = nuisance->until_ms;
    message->by_hand = nuisance->by_hand;
    return true;
}

Sigap__V1__Call *sgp_call_to_proto(const sgp_world *world, sgp_id id) {
    const sgp_call *call = sgp_world_call(world, id);
    Sigap__V1__Call *message = call ? sgp_message_make(&sigap__v1__call__descriptor) : NULL;
    if (!message)
        return NULL;
    message->id = id;
    message->incident_id = call->incident;
    message->received_at_ms = call->received_at_ms;
    message->placed_at_ms = call->placed_at_ms;
    message->priority = (Sigap__V1__Priority)call->priority;
    message->looking_up = call->looking_up;
    message->provisional = call->provisional;
    message->texts = call->n_texts;
    message->near_radius_m = call->near_m;
    message->version = call->version;
    size_t n = (size_t)call->n_places;
    message->outcome = (Sigap__V1__Outcome)call->outcome;
    message->has_number = call->has_number;
    message->ring_id = call->ring;
    bool ok = sgp_put_nuisance(&message->nuisance, &call->nuisance) &&
              sgp_put_chat(&message->chat, &call->chat) &&
              sgp_put_text(&message->recording, call->recording) &&
              sgp_put_text(&message->channel, call->channel) &&
              sgp_put_text(&message->complaint, call->complaint) &&
              (!call->has_near || sgp_put_point(&message->near, call->near)) &&
              (!call->phone || sgp_put_phone_fix(&message->phone, call->phone)) &&
              sgp_put_array((void **)&message->places, n, sizeof *message->places);
    if (ok)
        message->n_places = n;
    for (size_t i = 0; i < n && ok; i++)
        ok = sgp_put_place(&message->places[i], &call->places[i]);
    return sgp_message_or_null(message, ok);
}

static bool put_answers(Sigap__V1__Incident *message, const sgp_incident *incident) {
    bool ok = sgp_put_array((void **)&message->answers, incident->n_answers, sizeof(void *));
    for (uint32_t i = 0; i < incident->n_answers && ok; i++) {
        const sgp_answered *said = &incident->answers[i];
        Sigap__V1__AnsweredQuestion *row =
            sgp_message_make(&sigap__v1__answered_question__descriptor);
        message->answers[message->n_answers++] = row;
        ok = row && sgp_put_text(&row->question, said->question) &&
             sgp_put_text(&row->answer, said->answer);
        if (ok)
            row->at_ms = said->at_ms;
    }
    return ok;
}

static bool put_alerts(Sigap__V1__Incident *message, const sgp_incident *incident) {
    bool ok = sgp_put_array((void **)&message->alerts, incident->n_alerts, sizeof(void *));
    for (uint32_t i = 0; i < incident->n_alerts && ok; i++) {
        const sgp_alert *alert = &incident->alerts[i];
        Sigap__V1__Alert *row = sgp_message_make(&sigap__v1__alert__descriptor);
        message->alerts[message->n_alerts++] = row;
        ok = row && sgp_put_text(&row->agency, alert->agency) &&
             sgp_put_text(&row->reason, alert->reason);
        if (!ok)
            break;
        row->state = (Sigap__V1__AlertState)alert->state;
        row->alerted_at_ms = alert->alerted_at_ms;
        row->answer_by_ms = alert->answer_by_ms;
        row->answered_at_ms = alert->answered_at_ms;
    }
    return ok;
}

static bool put_shortfalls(Sigap__V1__Recommendation *message, const sgp_world *world,
                           const sgp_recommendation *recommendation) {
    uint32_t n = recommendation->n_shortfalls;
    bool ok = sgp_put_array((void **)&message->shortfalls, n, sizeof(void *));
    for (uint32_t i = 0; i < n && ok; i++) {
        const sgp_shortfall *shortfall = &recommendation->shortfalls[i];
        Sigap__V1__Shortfall *row = sgp_message_make(&sigap__v1__shortfall__descriptor);
        message->shortfalls[message->n_shortfalls++] = row;
        ok = row != NULL;
        if (!ok)
            break;
        row->kinds = shortfall->kinds;
        row->skills = shortfall->skills;
        row->within_ms = shortfall->within_ms;
        row->best_ms = shortfall->best_ms;
        ok = !shortfall->unit || sgp_put_text(&row->instead_unit_code,
                                              sgp_world_unit(world, shortfall->unit - 1)->code);
    }
    return ok;
}

static bool put_alike(Sigap__V1__Incident *message, const sgp_incident *incident) {
    bool ok = sgp_put_array((void **)&message->alike, incident->n_alike, sizeof(void *));
    for (uint32_t i = 0; i < incident->n_alike && ok; i++) {
        const sgp_alike *alike = &incident->alike[i];
        Sigap__V1__Alike *row = sgp_message_make(&sigap__v1__alike__descriptor);
        message->alike[message->n_alike++] = row;
        ok = row != NULL;
        if (!ok)
            break;
        row->incident_id = alike->incident;
        row->distance_m = alike->distance_m;
        row->apart_ms = alike->apart_ms;
        row->likeness = (Sigap__V1__Likeness)alike->likeness;
        row->dismissed = alike->dismissed;
        row->same_number = alike->same_number;
    }
    return ok;
}

Sigap__V1__Incident *sgp_incident_to_proto(const sgp_world *world, sgp_id id) {
    const sgp_incident *incident = sgp_world_incident(world, id);
    Sigap__V1__Incident *message =
        incident ? sgp_message_make(&sigap__v1__incident__descriptor) : NULL;
    if (!message)
        return NULL;
    message->id = id;
    message->state = (Sigap__V1__IncidentState)incident->state;
    message->priority = (Sigap__V1__Priority)incident->priority;
    message->place_confirmed = incident->place_confirmed;
    message->opened_at_ms = incident->opened_at_ms;
    message->placed_at_ms = incident->placed_at_ms;
    message->first_order_at_ms = incident->first_order_at_ms;
    message->first_on_scene_at_ms = incident->first_on_scene_at_ms;
    message->closed_at_ms = incident->closed_at_ms;
    message->outcome = (Sigap__V1__Outcome)incident->outcome;
    message->calls = incident->n_calls;
    message->first_call_id = incident->first_call;
    message->recommendation_id = incident->last_recommendation;
    message->units_wanted = incident->units_wanted;
    message->alarm = incident->alarm;
    message->suspect = incident->suspect;
    message->notes = incident->n_notes;
    message->taken_at_ms = incident->taken_at_ms;
    if (!put_answers(message, incident) || !put_alerts(message, incident) ||
        !put_alike(message, incident))
        return sgp_message_or_null(message, false);
    message->version = incident->version;
    bool ok = sgp_put_text(&message->complaint, incident->complaint) &&
              sgp_put_text(&message->taken_by, incident->taken_by) &&
              (!incident->has_place || sgp_put_place(&message->place, &incident->place)) &&
              sgp_put_reinforcements(message, incident) &&
              sgp_put_transfer_of(message, world, incident) &&
              sgp_put_array((void **)&message->assignment_ids, incident->n_assignments,
                            sizeof *message->assignment_ids);
    if (ok)
        message->n_assignment_ids = incident->n_assignments;
    for (uint32_t i = 0; i < incident->n_assignments && ok; i++)
        message->assignment_ids[i] = incident->assignments[i];
    return sgp_message_or_null(message, ok);
}

/* States are entered in the order of their numbers, so that is time order. */
static bool put_stamps(Sigap__V1__Assignment *message, const sgp_assignment *assignment) {
    size_t n = 0;
    for (int state = 1; state < SGP_ASSIGNMENT_STATES; state++)
        n += assignment->at_ms[state] != 0;
    if (!sgp_put_array((void **)&message->stamps, n, sizeof *message->stamps))
        return false;
    message->n_stamps = n;
    n = 0;
    for (int state = 1; state < SGP_ASSIGNMENT_STATES; state++) {
        if (!assignment->at_ms[state])
            continue;
        Sigap__V1__StateStamp *stamp = sgp_message_make(&sigap__v1__state_stamp__descriptor);
        if (!stamp)
            return false;
        stamp->state = (Sigap__V1__AssignmentState)state;
        stamp->at_ms = assignment->at_ms[state];
        stamp->by_radio = assignment->by_radio >> state & 1u;
        sgp_put_device_stamp(stamp, assignment, state);
        message->stamps[n++] = stamp;
    }
    return true;
}

Sigap__V1__Assignment *sgp_assignment_to_proto(const sgp_world *world, sgp_id id) {
    const sgp_assignment *assignment = sgp_world_assignment(world, id);
    Sigap__V1__Assignment *message =
        assignment ? sgp_message_make(&sigap__v1__assignment__descriptor) : NULL;
    if (!message)
        return NULL;
    message->id = id;
    message->incident_id = assignment->incident;
    message->unit_number = assignment->unit + 1;
    message->state = (Sigap__V1__AssignmentState)assignment->state;
    message->recommendation_id = assignment->recommendation;
    message->travel_ms = assignment->travel_ms;
    message->by_dispatcher = assignment->by_dispatcher;
    message->welfare_due_ms = assignment->welfare_due_ms;
    message->welfare_alarms = assignment->welfare_alarms;
    message->version = assignment->version;
    const char *hospital = "";
    if (assignment->hospital >= 0)
        hospital = sgp_world_hospital(world, (uint32_t)assignment->hospital)->code;
    bool ok = sgp_put_text(&message->unit_code, sgp_world_unit(world, assignment->unit)->code) &&
              sgp_put_text(&message->hospital_code, hospital) &&
              sgp_put_text(&message->reason, assignment->reason) &&
              put_stamps(message, assignment) && sgp_put_late_stamps(message, assignment) &&
              sgp_put_receipt(&message->receipt, &assignment->receipt) &&
              sgp_put_patient(message, world, assignment);
    return sgp_message_or_null(message, ok);
}

static bool put_candidate(Sigap__V1__Candidate **field, const sgp_world *world,
                          const sgp_candidate *candidate) {
    Sigap__V1__Candidate *message = sgp_message_make(&sigap__v1__candidate__descriptor);
    *field = message;
    if (!message)
        return false;
    message->unit_number = candidate->unit + 1;
    message->travel_ms = candidate->travel_ms;
    message->turnout_ms = candidate->turnout_ms;
    message->wait_ms = candidate->wait_ms;
    message->walk_ms = candidate->walk_ms;
    message->policy_ms = candidate->policy_ms;
    message->from_incident_id = candidate->from;
    message->seat = candidate->seat;
    message->total_ms = candidate->total_ms;
    message->position_age_ms = candidate->position_age_ms;
    message->exclusion = (Sigap__V1__Exclusion)candidate->exclusion;
    message->shift_until_ms = sgp_world_unit(world, candidate->unit)->shift_until_ms;
    return sgp_put_text(&message->unit_code, sgp_world_unit(world, candidate->unit)->code);
}

Sigap__V1__Premise *sgp_premise_to_proto(const sgp_premise *premise) {
    Sigap__V1__Premise *message = sgp_message_make(&sigap__v1__premise__descriptor);
    return message ? sgp_message_or_null(message, sgp_put_premise(message, premise)) : NULL;
}

Sigap__V1__RoadClosure *sgp_road_closure_to_proto(const sgp_road_closure *closure) {
    Sigap__V1__RoadClosure *message = sgp_message_make(&sigap__v1__road_closure__descriptor);
    if (!message)
        return NULL;
    message->id = closure->id;
    message->way = closure->way;
    message->radius_m = closure->radius_m;
    message->from_at_ms = closure->from_ms;
    message->until_at_ms = closure->until_ms;
    message->in_force = closure->in_force;
    bool ok =
        (closure->way || closure->n_parts || sgp_put_point(&message->point, closure->point)) &&
        sgp_put_road_parts(message, closure) && sgp_put_text(&message->reason, closure->reason) &&
        sgp_put_text(&message->closed_by, closure->actor);
    return sgp_message_or_null(message, ok);
}

sgp_err sgp_road_closure_from_proto(const Sigap__V1__RoadClosure *message,
                                    sgp_road_closure *closure, sgp_fault *fault) {
    *closure = (sgp_road_closure){.id = message->id,
                                  .way = message->way,
                                  .radius_m = message->radius_m,
                                  .from_ms = message->from_at_ms,
                                  .until_ms = message->until_at_ms,
                                  .in_force = message->in_force};
    sgp_err err = sgp_read_road_parts(message, closure, fault);
    if (!err && (message->way != 0 || closure->n_parts) && (message->point || message->radius_m))
        err = sgp_fail(fault, SGP_E_ARGUMENT, "a closure names a way or a point, not both");
    if (!err && message->way && closure->n_parts)
        err = sgp_fail(fault, SGP_E_ARGUMENT, "a closure names a way or parts of roads, not both");
    if (!err && !message->way && !closure->n_parts)
        err = sgp_read_point(message->point, &closure->point, "the point to close", fault);
    if (!err)
        err = sgp_read_text(message->reason, closure->reason, sizeof closure->reason, "the reason",
                            fault);
    if (!err)
        err = sgp_read_text(message->closed_by, closure->actor, sizeof closure->actor,
                            "who closed the road", fault);
    return err;
}

Sigap__V1__Recommendation *sgp_recommendation_to_proto(const sgp_world *world,
                                                       const sgp_recommendation *recommendation) {
    Sigap__V1__Recommendation *message = sgp_message_make(&sigap__v1__recommendation__descriptor);
    if (!message)
        return NULL;
    message->id = recommendation->id;
    message->incident_id = recommendation->incident;
    message->at_ms = recommendation->at_ms;
    size_t n = recommendation->n_candidates;
    bool ok = sgp_put_text(&message->policy, recommendation->policy) &&
              put_shortfalls(message, world, recommendation) &&
              sgp_put_array((void **)&message->candidates, n, sizeof *message->candidates);
    if (ok)
        message->n_candidates = n;
    for (size_t i = 0; i < n && ok; i++)
        ok = put_candidate(&message->candidates[i], world, &recommendation->candidates[i]);
    return sgp_message_or_null(message, ok);
}

Sigap__V1__Order *sgp_order_to_proto(const sgp_world *world, sgp_id id) {
    const sgp_assignment_node *node = sgp_world_find_assignment(world, id);
    Sigap__V1__Order *message = node ? sgp_message_make(&sigap__v1__order__descriptor) : NULL;
    if (!message)
        return NULL;
    const sgp_assignment *assignment = &node->view;
    const sgp_incident *incident = sgp_world_incident(world, assignment->incident);
    message->assignment_id = id;
    message->incident_id = assignment->incident;
    message->priority = (Sigap__V1__Priority)incident->priority;
    message->travel_ms = assignment->travel_ms;
    message->ordered_at_ms = assignment->at_ms[SGP_ASSIGNMENT_ORDERED];
    message->answer_by_ms = node->answer_by_ms;
    message->state = (Sigap__V1__AssignmentState)assignment->state;
    message->told_seq = assignment->receipt.told_seq;
    bool ok = sgp_put_text(&message->unit_code, sgp_world_unit(world, assignment->unit)->code) &&
              sgp_put_text(&message->complaint, incident->complaint) &&
              (!incident->has_place ||
               sgp_put_place(&message->place,
                             incident->has_staging ? &incident->staging : &incident->place));
    if (ok && incident->destination) {
        message->destination = sgp_hospital_to_proto(world, incident->destination - 1);
        ok = message->destination != NULL;
    }
    return sgp_message_or_null(message, ok);
}

/* ---- updates and records -------------------------------------------------- */

/* How many effects name each kind of thing, for the arrays of the update. */
typedef struct change_counts {
    size_t things[SGP_THINGS];
    size_t recommendations, advice;
} change_counts;

static bool make_arrays(Sigap__V1__Update *update, const sgp_effects *effects) {
    change_counts counts = {0};
    for (size_t i = 0; i < effects->n; i++) {
        if (effects->items[i].kind == SGP_EFFECT_CHANGED)
            counts.things[effects->items[i].u.changed.thing]++;
        counts.recommendations += effects->items[i].kind == SGP_EFFECT_RECOMMENDED;
        counts.advice += effects->items[i].kind == SGP_EFFECT_HOSPITALS;
    }
    return sgp_put_array((void **)&update->units, counts.things[SGP_THING_UNIT],
                         sizeof *update->units) &&
           sgp_put_array((void **)&update->hospitals, counts.things[SGP_THING_HOSPITAL],
                         sizeof *update->hospitals) &&
           sgp_put_array((void **)&update->calls, counts.things[SGP_THING_CALL],
                         sizeof *update->calls) &&
           sgp_put_array((void **)&update->incidents, counts.things[SGP_THING_INCIDENT],
                         sizeof *update->incidents) &&
           sgp_put_array((void **)&update->assignments, counts.things[SGP_THING_ASSIGNMENT],
                         sizeof *update->assignments) &&
           sgp_put_array((void **)&update->transfers, counts.things[SGP_THING_TRANSFER],
                         sizeof *update->transfers) &&
           sgp_put_array((void **)&update->rings, counts.things[SGP_THING_RING],
                         sizeof *update->rings) &&
           sgp_put_array((void **)&update->recommendations, counts.recommendations,
                         sizeof *update->recommendations) &&
           sgp_put_array((void **)&update->hospital_advice, counts.advice,
                         sizeof *update->hospital_advice);
}

static bool put_changed(Sigap__V1__Update *update, const sgp_world *world, sgp_world_thing thing,
                        sgp_id id) {
    uint32_t index = (uint32_t)(id - 1);
    switch (thing) {
    case SGP_THING_UNIT:
        return (update->units[update->n_units++] = sgp_unit_to_proto(world, index));
    case SGP_THING_HOSPITAL:
        return (update->hospitals[update->n_hospitals++] = sgp_hospital_to_proto(world, index));
    case SGP_THING_CALL:
        return (update->calls[update->n_calls++] = sgp_call_to_proto(world, id));
    case SGP_THING_INCIDENT:
        return (update->incidents[update->n_incidents++] = sgp_incident_to_proto(world, id));
    case SGP_THING_ASSIGNMENT:
        return (update->assignments[update->n_assignments++] = sgp_assignment_to_proto(world, id));
    case SGP_THING_TRANSFER:
        return (update->transfers[update->n_transfers++] =
                    sgp_transfer_to_proto(world, id, update->at_ms));
    case SGP_THING_RING:
        return (update->rings[update->n_rings++] = sgp_ring_to_proto(world, id));
    case SGP_THINGS:
        break;
    }
    return false;
}

Sigap__V1__Update *sgp_effects_to_update(const sgp_world *world, const sgp_event *event,
                                         const sgp_effects *effects) {
    Sigap__V1__Update *update = sgp_message_make(&sigap__v1__update__descriptor);
    if (!update)
        return NULL;
    update->event_seq = event->seq;
    update->at_ms = event->at_ms;
    bool ok = make_arrays(update, effects);
    for (size_t i = 0; i < effects->n && ok; i++) {
        const sgp_effect *effect = &effects->items[i];
        if (effect->kind == SGP_EFFECT_CHANGED)
            ok = put_changed(update, world, effect->u.changed.thing, effect->u.changed.id);
        else if (effect->kind == SGP_EFFECT_RECOMMENDED)
            ok = (update->recommendations[update->n_recommendations++] =
                      sgp_recommendation_to_proto(world, &effect->u.recommended));
        else if (effect->kind == SGP_EFFECT_HOSPITALS)
            ok = (update->hospital_advice[update->n_hospital_advice++] =
                      sgp_hospital_advice_to_proto(world, &effect->u.hospitals));
    }
    return sgp_message_or_null(update, ok);
}

sgp_err sgp_record_encode(const sgp_world *world, const sgp_event *event,
                          const Sigap__V1__RecordedTimes *times, const sgp_effects *effects,
                          sgp_buffer *out) {
    sgp_err err = sgp_event_check(event, NULL);
    if (err)
        return err;
    Sigap__V1__JournalRecord record = SIGAP__V1__JOURNAL_RECORD__INIT;
    record.event = sgp_event_to_proto(event);
    record.changes = sgp_effects_to_update(world, event, effects);
    /* Packing only reads; the field is not const because unpacking fills it. */
    record.times = times && times->n_lengths ? (Sigap__V1__RecordedTimes *)(uintptr_t)times : NULL;
    uint8_t told[SGP_RECORD_DIGEST_BYTES], input[SGP_RECORD_DIGEST_BYTES];
    sgp_effects_digest(world, effects, told);
    record.effects = (ProtobufCBinaryData){sizeof told, told};
    record.input = (ProtobufCBinaryData){sizeof input, input};
    err = SGP_E_MEMORY;
    if (record.event && record.changes)
        err = sgp_input_digest(record.event, record.times, input);
    if (!err)
        err = sgp_message_pack(&record.base, out);
    sgp_message_free(record.event);
    sgp_message_free(record.changes);
    return err;
}
