/* Events as protobuf and back. */
#include <stdlib.h>
#include <string.h>

#include "core/event_check.h"
#include "core/accounts.h"
#include "core/fleet.h"
#include "core/premises.h"
#include "core/proto_read.h"
#include "core/proto_write.h"
#include "core/sign_on.h"
#include "core/track.h"

/* Makes the body message of one kind; evaluates to false when memory runs out. */
#define MAKE(member, type, number)                                                                 \
    (message->body_case = SIGAP__V1__EVENT__BODY_##number,                                         \
     (message->member = sgp_message_make(&sigap__v1__##type##__descriptor)) != NULL)

static bool put_call_received(Sigap__V1__Event *message, const sgp_event *event) {
    if (!MAKE(call_received, call_received, CALL_RECEIVED))
        return false;
    Sigap__V1__CallReceived *body = message->call_received;
    body->priority = (Sigap__V1__Priority)event->u.call.priority;
    body->has_text = event->u.call.has_text;
    body->incident_id = event->u.call.incident;
    body->ring_id = event->u.call.ring;
    return sgp_put_text(&body->channel, event->u.call.channel) &&
           sgp_put_text(&body->complaint, event->u.call.complaint) &&
           (sgp_number_is_none(event->u.call.number) ||
            sgp_put_bytes(&body->number_token, event->u.call.number, SGP_CALLER_TOKEN_BYTES)) &&
           (!event->u.call.has_point || sgp_put_place(&body->place, &event->u.call.place));
}

static bool put_call_placed(Sigap__V1__Event *message, const sgp_event *event) {
    if (!MAKE(call_placed, call_placed, CALL_PLACED))
        return false;
    Sigap__V1__CallPlaced *body = message->call_placed;
    size_t n = (size_t)event->u.placed.n_places;
    body->call_id = event->u.placed.call;
    body->away = event->u.placed.away;
    body->provisional = event->u.placed.provisional;
    if (!sgp_put_array((void **)&body->places, n, sizeof *body->places))
        return false;
    body->n_places = n;
    for (size_t i = 0; i < n; i++)
        if (!sgp_put_place(&body->places[i], &event->u.placed.places[i]))
            return false;
    return true;
}

static bool put_phone_position(Sigap__V1__Event *message, const sgp_event *event) {
    if (!MAKE(phone_position, phone_position, PHONE_POSITION))
        return false;
    Sigap__V1__PhonePosition *body = message->phone_position;
    body->call_id = event->u.phone.call;
    return sgp_put_phone_fix(&body->fix, &event->u.phone.fix) &&
           (!event->u.phone.by_token ||
            (sgp_put_bytes(&body->token, event->u.phone.token, SGP_HASH_BYTES) &&
             sgp_put_bytes(&body->holder, event->u.phone.holder, SGP_HASH_BYTES)));
}

static bool put_body(Sigap__V1__Event *message, const sgp_event *event) {
    switch (event->kind) {
    case SGP_EVENT_CONFIGURED:
        return MAKE(configured, clocks, CONFIGURED) &&
               sgp_put_clocks(message->configured, &event->u.configured);
    case SGP_EVENT_UNIT_REGISTERED:
        return MAKE(unit_registered, unit, UNIT_REGISTERED) &&
               sgp_put_unit_basics(message->unit_registered, &event->u.unit_registered.unit);
    case SGP_EVENT_HOSPITAL_REGISTERED: {
        sgp_hospital hospital = event->u.hospital_registered.hospital;
        hospital.index = 0; /* not part of the event */
        return MAKE(hospital_registered, hospital, HOSPITAL_REGISTERED) &&
               sgp_put_hospital(message->hospital_registered, &hospital);
    }
    case SGP_EVENT_UNIT_DUTY:
        if (!MAKE(unit_duty, unit_duty, UNIT_DUTY))
            return false;
        message->unit_duty->on_duty = event->u.duty.on_duty;
        return sgp_put_text(&message->unit_duty->unit, event->u.duty.unit);
    case SGP_EVENT_UNIT_POSITION:
        if (!MAKE(unit_position, unit_position, UNIT_POSITION))
            return false;
        message->unit_position->measured_at_ms = event->u.position.measured_at_ms;
        return sgp_put_text(&message->unit_position->unit, event->u.position.unit) &&
               sgp_put_point(&message->unit_position->point, event->u.position.point);
    case SGP_EVENT_CALL_RECEIVED:
        return put_call_received(message, event);
    case SGP_EVENT_CALL_PLACED:
        return put_call_placed(message, event);
    case SGP_EVENT_PLACE_CHOSEN:
        if (!MAKE(place_chosen, place_chosen, PLACE_CHOSEN))
            return false;
        message->place_chosen->incident_id = event->u.chosen.incident;
        return sgp_put_place(&message->place_chosen->place, &event->u.chosen.place);
    case SGP_EVENT_CALL_LINKED:
        if (!MAKE(call_linked, call_linked, CALL_LINKED))
            return false;
        message->call_linked->call_id = event->u.linked.call;
        message->call_linked->incident_id = event->u.linked.incident;
        return true;
    case SGP_EVENT_INCIDENT_TAKEN:
        if (!MAKE(incident_taken, take_incident, INCIDENT_TAKEN))
            return false;
        message->incident_taken->incident_id = event->u.taken.incident;
        message->incident_taken->release = event->u.taken.release;
        message->incident_taken->take_over = event->u.taken.take_over;
        return true;
    case SGP_EVENT_DESK_HANDED_OVER:
        if (!MAKE(desk_handed_over, desk_handed_over, DESK_HANDED_OVER))
            return false;
        message->desk_handed_over->gone = event->u.handed_over.gone;
        return sgp_put_text(&message->desk_handed_over->from, event->u.handed_over.from) &&
               sgp_put_text(&message->desk_handed_over->to, event->u.handed_over.to);
    case SGP_EVENT_NOTE_ADDED:
        if (!MAKE(note_added, note_added, NOTE_ADDED))
            return false;
        message->note_added->incident_id = event->u.noted.incident;
        return true;
    case SGP_EVENT_PREMISE_SET: {
        sgp_premise told = event->u.premise;
        told.actor[0] = '\0'; /* the event's own */
        return MAKE(premise_set, premise, PREMISE_SET) &&
               sgp_put_premise(message->premise_set, &told);
    }
    case SGP_EVENT_PREMISE_REMOVED:
        if (!MAKE(premise_removed, premise_removed, PREMISE_REMOVED))
            return false;
        message->premise_removed->id = event->u.premise.id;
        message->premise_removed->version = event->u.premise.version;
        return true;
    case SGP_EVENT_CALL_JUDGED:
        if (!MAKE(call_judged, call_judged, CALL_JUDGED))
            return false;
        message->call_judged->call_id = event->u.judged.call;
        message->call_judged->outcome = (Sigap__V1__Outcome)event->u.judged.outcome;
        return true;
    case SGP_EVENT_NUMBER_MARKED:
        if (!MAKE(number_marked, number_marked, NUMBER_MARKED))
            return false;
        message->number_marked->call_id = event->u.marked.call;
        message->number_marked->lifted = event->u.marked.lifted;
        message->number_marked->hours = event->u.marked.hours;
        return true;
    case SGP_EVENT_ALIKE_DISMISSED:
        if (!MAKE(alike_dismissed, alike_dismissed, ALIKE_DISMISSED))
            return false;
        message->alike_dismissed->call_id = event->u.dismissed.call;
        message->alike_dismissed->incident_id = event->u.dismissed.incident;
        return true;
    case SGP_EVENT_CALL_NARROWED:
        if (!MAKE(call_narrowed, call_narrowed, CALL_NARROWED))
            return false;
        message->call_narrowed->call_id = event->u.narrowed.call;
        return true;
    case SGP_EVENT_PHONE_POSITION:
        return put_phone_position(message, event);
    case SGP_EVENT_LOCATE_ASKED:
        if (!MAKE(locate_asked, locate_asked, LOCATE_ASKED))
            return false;
        message->locate_asked->call_id = event->u.locate.call;
        message->locate_asked->valid_ms = event->u.locate.valid_ms;
        message->locate_asked->updates_ms = event->u.locate.updates_ms;
        return sgp_put_bytes(&message->locate_asked->token, event->u.locate.token, SGP_HASH_BYTES);
    case SGP_EVENT_CALLER_CAME:
        if (!MAKE(caller_came, caller_came, CALLER_CAME))
            return false;
        message->caller_came->call_id = event->u.came.call;
        return sgp_put_bytes(&message->caller_came->token, event->u.came.token, SGP_HASH_BYTES) &&
               sgp_put_bytes(&message->caller_came->holder, event->u.came.holder, SGP_HASH_BYTES);
    case SGP_EVENT_MESSAGE_SAID:
        if (!MAKE(message_said, message_said, MESSAGE_SAID))
            return false;
        message->message_said->call_id = event->u.message.call;
        message->message_said->sign = event->u.message.sign;
        return !event->u.message.by_caller ||
               (sgp_put_bytes(&message->message_said->token, event->u.message.token,
                              SGP_HASH_BYTES) &&
                sgp_put_bytes(&message->message_said->holder, event->u.message.holder,
                              SGP_HASH_BYTES));
    case SGP_EVENT_MESSAGES_READ:
        if (!MAKE(messages_read, messages_read, MESSAGES_READ))
            return false;
        message->messages_read->call_id = event->u.messages_read.call;
        message->messages_read->seq = event->u.messages_read.seq;
        return true;
    case SGP_EVENT_INBOUND_SEEN:
        if (!MAKE(inbound_seen, inbound_seen, INBOUND_SEEN))
            return false;
        message->inbound_seen->assignment_id = event->u.seen.assignment;
        return sgp_put_text(&message->inbound_seen->hospital, event->u.seen.hospital);
    case SGP_EVENT_INCIDENT_TRIAGED:
        if (!MAKE(incident_triaged, incident_triaged, INCIDENT_TRIAGED))
            return false;
        message->incident_triaged->incident_id = event->u.triaged.incident;
        message->incident_triaged->priority = (Sigap__V1__Priority)event->u.triaged.priority;
        message->incident_triaged->units_wanted = event->u.triaged.units_wanted;
        message->incident_triaged->alarm = event->u.triaged.alarm;
        return sgp_put_text(&message->incident_triaged->complaint, event->u.triaged.complaint);
    case SGP_EVENT_RECOMMENDATION_ASKED:
        if (!MAKE(recommendation_asked, recommendation_asked, RECOMMENDATION_ASKED))
            return false;
        message->recommendation_asked->incident_id = event->u.asked.incident;
        return true;
    case SGP_EVENT_UNIT_ORDERED:
        if (!MAKE(unit_ordered, unit_ordered, UNIT_ORDERED))
            return false;
        message->unit_ordered->incident_id = event->u.ordered.incident;
        message->unit_ordered->divert = event->u.ordered.divert;
        return sgp_put_text(&message->unit_ordered->unit, event->u.ordered.unit);
    case SGP_EVENT_ORDER_ANSWERED:
        if (!MAKE(order_answered, order_answered, ORDER_ANSWERED))
            return false;
        message->order_answered->assignment_id = event->u.answered.assignment;
        message->order_answered->accepted = event->u.answered.accepted;
        message->order_answered->said_at_ms = event->u.answered.said_at_ms;
        message->order_answered->for_crew = event->u.answered.for_crew;
        message->order_answered->device_at_ms = event->u.answered.device_at_ms;
        return sgp_put_text(&message->order_answered->reason, event->u.answered.reason);
    case SGP_EVENT_ASSIGNMENT_ADVANCED:
        if (!MAKE(assignment_advanced, assignment_advanced, ASSIGNMENT_ADVANCED))
            return false;
        message->assignment_advanced->assignment_id = event->u.advanced.assignment;
        message->assignment_advanced->state = (Sigap__V1__AssignmentState)event->u.advanced.state;
        message->assignment_advanced->said_at_ms = event->u.advanced.said_at_ms;
        message->assignment_advanced->for_crew = event->u.advanced.for_crew;
        message->assignment_advanced->device_at_ms = event->u.advanced.device_at_ms;
        return sgp_put_text(&message->assignment_advanced->hospital, event->u.advanced.hospital);
    case SGP_EVENT_ASSIGNMENT_STOOD_DOWN:
        if (!MAKE(assignment_stood_down, assignment_stood_down, ASSIGNMENT_STOOD_DOWN))
            return false;
        message->assignment_stood_down->assignment_id = event->u.stood_down.assignment;
        return sgp_put_text(&message->assignment_stood_down->reason, event->u.stood_down.reason);
    case SGP_EVENT_INCIDENT_CLOSED:
        if (!MAKE(incident_closed, incident_closed, INCIDENT_CLOSED))
            return false;
        message->incident_closed->incident_id = event->u.closed.incident;
        message->incident_closed->outcome = (Sigap__V1__Outcome)event->u.closed.outcome;
        return true;
    case SGP_EVENT_TIMER:
        return MAKE(timer_fired, timer_fired, TIMER_FIRED);
    case SGP_EVENT_GRAPH_SWITCHED:
        if (!MAKE(graph_switched, graph_switched, GRAPH_SWITCHED))
            return false;
        message->graph_switched->metric = event->u.switched.metric;
        return sgp_put_bytes(&message->graph_switched->city, event->u.switched.city,
                             sizeof event->u.switched.city);
    case SGP_EVENT_METRIC_SWAPPED:
        return MAKE(metric_swapped, metric_swapped, METRIC_SWAPPED) &&
               sgp_put_metric_mark(message->metric_swapped, &event->u.swapped);
    case SGP_EVENT_ROAD_CLOSED: {
        sgp_road_closure told = event->u.road_closed;
        told.id = 0; /* not part of the event */
        told.in_force = false;
        told.actor[0] = '\0';
        message->body_case = SIGAP__V1__EVENT__BODY_ROAD_CLOSED;
        return (message->road_closed = sgp_road_closure_to_proto(&told)) != NULL;
    }
    case SGP_EVENT_ROAD_OPENED:
        if (!MAKE(road_opened, road_opened, ROAD_OPENED))
            return false;
        message->road_opened->closure_id = event->u.road_opened.closure;
        message->road_opened->way = event->u.road_opened.way;
        return true;
    case SGP_EVENT_QUESTION_ANSWERED:
        if (!MAKE(question_answered, question_answered, QUESTION_ANSWERED))
            return false;
        message->question_answered->incident_id = event->u.question.incident;
        return sgp_put_text(&message->question_answered->question, event->u.question.question) &&
               sgp_put_text(&message->question_answered->answer, event->u.question.answer);
    case SGP_EVENT_AGENCY_ALERTED:
        if (!MAKE(agency_alerted, agency_alerted, AGENCY_ALERTED))
            return false;
        message->agency_alerted->incident_id = event->u.alerted.incident;
        return sgp_put_text(&message->agency_alerted->agency, event->u.alerted.agency) &&
               sgp_put_text(&message->agency_alerted->reason, event->u.alerted.reason);
    case SGP_EVENT_AGENCY_ANSWERED:
        if (!MAKE(agency_answered, agency_answered, AGENCY_ANSWERED))
            return false;
        message->agency_answered->incident_id = event->u.agency_answered.incident;
        message->agency_answered->accepted = event->u.agency_answered.accepted;
        return sgp_put_text(&message->agency_answered->agency, event->u.agency_answered.agency) &&
               sgp_put_text(&message->agency_answered->reason, event->u.agency_answered.reason);
    case SGP_EVENT_PLANNED:
        message->body_case = SIGAP__V1__EVENT__BODY_PLANNED;
        return (message->planned = sgp_plan_to_proto(event->u.planned.plan)) != NULL;
    case SGP_EVENT_BACKUP_ASKED:
        if (!MAKE(backup_asked, backup_asked, BACKUP_ASKED))
            return false;
        message->backup_asked->incident_id = event->u.backup.incident;
        message->backup_asked->units = event->u.backup.units;
        return sgp_put_backup(&message->backup_asked->seat, &event->u.backup.seat) &&
               sgp_put_text(&message->backup_asked->reason, event->u.backup.reason);
    case SGP_EVENT_AID_ASKED:
        if (!MAKE(aid_asked, aid_asked, AID_ASKED))
            return false;
        message->aid_asked->incident_id = event->u.aid.incident;
        message->aid_asked->asked = event->u.aid.asked;
        return true;
    case SGP_EVENT_MASS_CASUALTY:
        if (!MAKE(mass_casualty, mass_casualty, MASS_CASUALTY))
            return false;
        message->mass_casualty->incident_id = event->u.mass.incident;
        message->mass_casualty->ended = event->u.mass.ended;
        message->mass_casualty->patients = event->u.mass.patients;
        return !event->u.mass.has_staging ||
               sgp_put_place(&message->mass_casualty->staging, &event->u.mass.staging);
    case SGP_EVENT_DISTRESS:
        if (!MAKE(distress, distress, DISTRESS))
            return false;
        message->distress->cleared = event->u.distress.cleared;
        return sgp_put_text(&message->distress->unit, event->u.distress.unit) &&
               sgp_put_text(&message->distress->reason, event->u.distress.reason);
    case SGP_EVENT_WELFARE_ANSWERED:
        if (!MAKE(welfare_answered, welfare_answered, WELFARE_ANSWERED))
            return false;
        message->welfare_answered->assignment_id = event->u.welfare.assignment;
        return true;
    case SGP_EVENT_RING_CAME:
        return MAKE(ring_came, ring_came, RING_CAME) &&
               sgp_put_ring_came(message->ring_came, event);
    case SGP_EVENT_RING_TOLD:
        return MAKE(ring_told, ring_told, RING_TOLD) &&
               sgp_put_ring_told(message->ring_told, event);
    case SGP_EVENT_RING_TAKEN:
        if (!MAKE(ring_taken, take_ring, RING_TAKEN))
            return false;
        message->ring_taken->ring_id = event->u.ring_taken.ring;
        message->ring_taken->give_back = event->u.ring_taken.give_back;
        return true;
    case SGP_EVENT_RING_CALL_BACK:
        if (!MAKE(ring_call_back, call_back, RING_CALL_BACK))
            return false;
        message->ring_call_back->ring_id = event->u.ring_back.ring;
        message->ring_call_back->outcome = (Sigap__V1__CallBackState)event->u.ring_back.outcome;
        return true;
    case SGP_EVENT_TRANSFER_ASKED:
        return MAKE(transfer_asked, ask_transfer, TRANSFER_ASKED) &&
               sgp_put_transfer_asked(message->transfer_asked, event);
    case SGP_EVENT_TRANSFER_CHANGED:
        return MAKE(transfer_changed, change_transfer, TRANSFER_CHANGED) &&
               sgp_put_transfer_changed(message->transfer_changed, event);
    case SGP_EVENT_TRANSFER_CANCELLED:
        return MAKE(transfer_cancelled, cancel_transfer, TRANSFER_CANCELLED) &&
               sgp_put_transfer_cancelled(message->transfer_cancelled, event);
    case SGP_EVENT_COVERAGE_SET:
        message->body_case = SIGAP__V1__EVENT__BODY_COVERAGE_SET;
        message->coverage_set = sgp_coverage_map_to_proto(event->u.coverage.map);
        return message->coverage_set != NULL;
    default:
        return sgp_put_hospital_event(message, event);
    case SGP_EVENT_MOVE_UP_ORDERED:
    case SGP_EVENT_MOVE_UP_ANSWERED:
    case SGP_EVENT_MOVE_UP_ENDED:
        return sgp_put_move_up_event(message, event);
    case SGP_EVENT_ROSTER_LOADED:
    case SGP_EVENT_CREW_SIGNED_ON:
    case SGP_EVENT_SHIFT_SET:
    case SGP_EVENT_SHIFT_REMOVED:
        return sgp_put_roster_event(message, event);
    case SGP_EVENT_USER_SET:
    case SGP_EVENT_LOGIN_CODE_MADE:
    case SGP_EVENT_DEVICE_ADDED:
    case SGP_EVENT_DEVICES_REMOVED:
        return sgp_put_account_event(message, event);
    case SGP_EVENT_FLEET_SET:
        return sgp_put_fleet_event(message, event);
    case SGP_EVENT_ORDER_RECEIVED:
    case SGP_EVENT_TRACK_TOLD:
        return sgp_put_device_event(message, event);
    }
}

Sigap__V1__Event *sgp_event_to_proto(const sgp_event *event) {
    static const uint8_t none[16];
    Sigap__V1__Event *message = sgp_message_make(&sigap__v1__event__descriptor);
    if (!message)
        return NULL;
    message->seq = event->seq;
    message->parent = event->parent;
    message->at_ms = event->at_ms;
    bool ok = sgp_put_text(&message->actor, event->actor) &&
              (memcmp(event->request_id, none, sizeof none) == 0 ||
               sgp_put_bytes(&message->request_id, event->request_id, sizeof none)) &&
              put_body(message, event);
    return sgp_message_or_null(message, ok);
}

sgp_err sgp_event_encode(const sgp_event *event, sgp_buffer *out) {
    sgp_err err = sgp_event_check(event, NULL);
    if (err)
        return err;
    Sigap__V1__Event *message = sgp_event_to_proto(event);
    if (!message)
        return SGP_E_MEMORY;
    err = sgp_message_pack(&message->base, out);
    sgp_message_free(message);
    return err;
}

/* ---- and back ------------------------------------------------------------- */

static sgp_err read_call_received(const Sigap__V1__CallReceived *body, sgp_event *event,
                                  sgp_fault *fault) {
    event->u.call.priority = (sgp_priority)body->priority;
    event->u.call.has_text = body->has_text;
    event->u.call.incident = body->incident_id;
    event->u.call.ring = body->ring_id;
    event->u.call.has_point = body->place != NULL;
    sgp_err err = sgp_read_text(body->channel, event->u.call.channel, sizeof event->u.call.channel,
                                "the channel", fault);
    if (!err)
        err = sgp_read_text(body->complaint, event->u.call.complaint,
                            sizeof event->u.call.complaint, "the complaint", fault);
    if (!err && body->place)
        err = sgp_place_from_proto(body->place, &event->u.call.place, fault);
    if (!err)
        err = sgp_read_number_token(&body->number_token, event->u.call.number, fault);
    return err;
}

static sgp_err read_call_placed(const Sigap__V1__CallPlaced *body, sgp_event *event,
                                sgp_fault *fault) {
    if (body->n_places > SGP_PLACES_MAX)
        return sgp_fail(fault, SGP_E_TOO_LARGE, "%zu candidates of a place; at most %d fit",
                        body->n_places, SGP_PLACES_MAX);
    event->u.placed.call = body->call_id;
    event->u.placed.away = body->away;
    event->u.placed.provisional = body->provisional;
    event->u.placed.n_places = (int32_t)body->n_places;
    sgp_err err = SGP_OK;
    for (size_t i = 0; i < body->n_places && !err; i++)
        err = sgp_place_from_proto(body->places[i], &event->u.placed.places[i], fault);
    return err;
}

static sgp_err read_hash(const ProtobufCBinaryData *bytes, uint8_t hash[SGP_HASH_BYTES],
                         const char *what, sgp_fault *fault) {
    if (bytes->len != SGP_HASH_BYTES)
        return sgp_fail(fault, SGP_E_FORMAT, "%s has %zu bytes, not %d", what, bytes->len,
                        SGP_HASH_BYTES);
    memcpy(hash, bytes->data, SGP_HASH_BYTES);
    return SGP_OK;
}

static sgp_err read_phone_position(const Sigap__V1__PhonePosition *body, sgp_event *event,
                                   sgp_fault *fault) {
    event->u.phone.call = body->call_id;
    event->u.phone.by_token = body->token.len > 0;
    sgp_err err = sgp_read_phone_fix(body->fix, &event->u.phone.fix, fault);
    if (!err && event->u.phone.by_token)
        err = read_hash(&body->token, event->u.phone.token, "the hash of a token", fault);
    if (!err && event->u.phone.by_token)
        err = read_hash(&body->holder, event->u.phone.holder, "the hash of a holder", fault);
    return err;
}

static sgp_err read_body(const Sigap__V1__Event *message, sgp_event *event, sgp_fault *fault) {
    switch (message->body_case) {
    case SIGAP__V1__EVENT__BODY_CONFIGURED:
        event->kind = SGP_EVENT_CONFIGURED;
        return sgp_read_clocks(message->configured, &event->u.configured, fault);
    case SIGAP__V1__EVENT__BODY_UNIT_REGISTERED:
        event->kind = SGP_EVENT_UNIT_REGISTERED;
        return sgp_read_unit(message->unit_registered, &event->u.unit_registered.unit, fault);
    case SIGAP__V1__EVENT__BODY_HOSPITAL_REGISTERED:
        event->kind = SGP_EVENT_HOSPITAL_REGISTERED;
        return sgp_read_hospital(message->hospital_registered,
                                 &event->u.hospital_registered.hospital, fault);
    case SIGAP__V1__EVENT__BODY_UNIT_DUTY:
        event->kind = SGP_EVENT_UNIT_DUTY;
        event->u.duty.on_duty = message->unit_duty->on_duty;
        return sgp_read_text(message->unit_duty->unit, event->u.duty.unit,
                             sizeof event->u.duty.unit, "the unit's code", fault);
    case SIGAP__V1__EVENT__BODY_UNIT_POSITION: {
        event->kind = SGP_EVENT_UNIT_POSITION;
        event->u.position.measured_at_ms = message->unit_position->measured_at_ms;
        sgp_err err = sgp_read_point(message->unit_position->point, &event->u.position.point,
                                     "the position", fault);
        return err ? err
                   : sgp_read_text(message->unit_position->unit, event->u.position.unit,
                                   sizeof event->u.position.unit, "the unit's code", fault);
    }
    case SIGAP__V1__EVENT__BODY_CALL_RECEIVED:
        event->kind = SGP_EVENT_CALL_RECEIVED;
        return read_call_received(message->call_received, event, fault);
    case SIGAP__V1__EVENT__BODY_CALL_PLACED:
        event->kind = SGP_EVENT_CALL_PLACED;
        return read_call_placed(message->call_placed, event, fault);
    case SIGAP__V1__EVENT__BODY_PLACE_CHOSEN:
        event->kind = SGP_EVENT_PLACE_CHOSEN;
        event->u.chosen.incident = message->place_chosen->incident_id;
        if (!message->place_chosen->place)
            return sgp_fail(fault, SGP_E_ARGUMENT, "the chosen place is missing");
        return sgp_place_from_proto(message->place_chosen->place, &event->u.chosen.place, fault);
    case SIGAP__V1__EVENT__BODY_CALL_LINKED:
        event->kind = SGP_EVENT_CALL_LINKED;
        event->u.linked.call = message->call_linked->call_id;
        event->u.linked.incident = message->call_linked->incident_id;
        return SGP_OK;
    case SIGAP__V1__EVENT__BODY_INCIDENT_TAKEN:
        event->kind = SGP_EVENT_INCIDENT_TAKEN;
        event->u.taken.incident = message->incident_taken->incident_id;
        event->u.taken.release = message->incident_taken->release;
        event->u.taken.take_over = message->incident_taken->take_over;
        return SGP_OK;
    case SIGAP__V1__EVENT__BODY_DESK_HANDED_OVER:
        event->kind = SGP_EVENT_DESK_HANDED_OVER;
        return sgp_read_handed_over(message->desk_handed_over, event, fault);
    case SIGAP__V1__EVENT__BODY_NOTE_ADDED:
        event->kind = SGP_EVENT_NOTE_ADDED;
        event->u.noted.incident = message->note_added->incident_id;
        return SGP_OK;
    case SIGAP__V1__EVENT__BODY_PREMISE_SET:
        event->kind = SGP_EVENT_PREMISE_SET;
        return sgp_read_premise(message->premise_set, &event->u.premise, fault);
    case SIGAP__V1__EVENT__BODY_PREMISE_REMOVED:
        event->kind = SGP_EVENT_PREMISE_REMOVED;
        event->u.premise.id = message->premise_removed->id;
        event->u.premise.version = message->premise_removed->version;
        return SGP_OK;
    case SIGAP__V1__EVENT__BODY_CALL_JUDGED:
        event->kind = SGP_EVENT_CALL_JUDGED;
        event->u.judged.call = message->call_judged->call_id;
        event->u.judged.outcome = (sgp_outcome)message->call_judged->outcome;
        return SGP_OK;
    case SIGAP__V1__EVENT__BODY_NUMBER_MARKED:
        event->kind = SGP_EVENT_NUMBER_MARKED;
        event->u.marked.call = message->number_marked->call_id;
        event->u.marked.lifted = message->number_marked->lifted;
        event->u.marked.hours = message->number_marked->hours;
        return SGP_OK;
    case SIGAP__V1__EVENT__BODY_ALIKE_DISMISSED:
        event->kind = SGP_EVENT_ALIKE_DISMISSED;
        event->u.dismissed.call = message->alike_dismissed->call_id;
        event->u.dismissed.incident = message->alike_dismissed->incident_id;
        return SGP_OK;
    case SIGAP__V1__EVENT__BODY_CALL_NARROWED:
        event->kind = SGP_EVENT_CALL_NARROWED;
        event->u.narrowed.call = message->call_narrowed->call_id;
        return SGP_OK;
    case SIGAP__V1__EVENT__BODY_PHONE_POSITION:
        event->kind = SGP_EVENT_PHONE_POSITION;
        return read_phone_position(message->phone_position, event, fault);
    case SIGAP__V1__EVENT__BODY_LOCATE_ASKED:
        event->kind = SGP_EVENT_LOCATE_ASKED;
        event->u.locate.call = message->locate_asked->call_id;
        event->u.locate.valid_ms = message->locate_asked->valid_ms;
        event->u.locate.updates_ms = message->locate_asked->updates_ms;
        return read_hash(&message->locate_asked->token, event->u.locate.token,
                         "the hash of a token", fault);
    case SIGAP__V1__EVENT__BODY_CALLER_CAME: {
        sgp_err err;
        event->kind = SGP_EVENT_CALLER_CAME;
        event->u.came.call = message->caller_came->call_id;
        err = read_hash(&message->caller_came->token, event->u.came.token, "the hash of a token",
                        fault);
        return err ? err
                   : read_hash(&message->caller_came->holder, event->u.came.holder,
                               "the hash of a holder", fault);
    }
    case SIGAP__V1__EVENT__BODY_MESSAGE_SAID: {
        const Sigap__V1__MessageSaid *said = message->message_said;
        sgp_err err;
        event->kind = SGP_EVENT_MESSAGE_SAID;
        event->u.message.call = said->call_id;
        event->u.message.by_caller = said->token.len > 0;
        event->u.message.sign = (sgp_caller_sign)said->sign;
        if (!event->u.message.by_caller)
            return SGP_OK;
        err = read_hash(&said->token, event->u.message.token, "the hash of a token", fault);
        return err ? err
                   : read_hash(&said->holder, event->u.message.holder, "the hash of a holder",
                               fault);
    }
    case SIGAP__V1__EVENT__BODY_MESSAGES_READ:
        event->kind = SGP_EVENT_MESSAGES_READ;
        event->u.messages_read.call = message->messages_read->call_id;
        event->u.messages_read.seq = message->messages_read->seq;
        return SGP_OK;
    case SIGAP__V1__EVENT__BODY_INBOUND_SEEN:
        event->kind = SGP_EVENT_INBOUND_SEEN;
        event->u.seen.assignment = message->inbound_seen->assignment_id;
        return sgp_read_text(message->inbound_seen->hospital, event->u.seen.hospital,
                             sizeof event->u.seen.hospital, "the hospital's code", fault);
    case SIGAP__V1__EVENT__BODY_INCIDENT_TRIAGED:
        event->kind = SGP_EVENT_INCIDENT_TRIAGED;
        event->u.triaged.incident = message->incident_triaged->incident_id;
        event->u.triaged.priority = (sgp_priority)message->incident_triaged->priority;
        event->u.triaged.units_wanted = message->incident_triaged->units_wanted;
        event->u.triaged.alarm = message->incident_triaged->alarm;
        return sgp_read_text(message->incident_triaged->complaint, event->u.triaged.complaint,
                             sizeof event->u.triaged.complaint, "the complaint", fault);
    case SIGAP__V1__EVENT__BODY_RECOMMENDATION_ASKED:
        event->kind = SGP_EVENT_RECOMMENDATION_ASKED;
        event->u.asked.incident = message->recommendation_asked->incident_id;
        return SGP_OK;
    case SIGAP__V1__EVENT__BODY_UNIT_ORDERED:
        event->kind = SGP_EVENT_UNIT_ORDERED;
        event->u.ordered.incident = message->unit_ordered->incident_id;
        event->u.ordered.divert = message->unit_ordered->divert;
        return sgp_read_text(message->unit_ordered->unit, event->u.ordered.unit,
                             sizeof event->u.ordered.unit, "the unit's code", fault);
    case SIGAP__V1__EVENT__BODY_ORDER_ANSWERED:
        event->kind = SGP_EVENT_ORDER_ANSWERED;
        event->u.answered.assignment = message->order_answered->assignment_id;
        event->u.answered.accepted = message->order_answered->accepted;
        event->u.answered.said_at_ms = message->order_answered->said_at_ms;
        event->u.answered.for_crew = message->order_answered->for_crew;
        event->u.answered.device_at_ms = message->order_answered->device_at_ms;
        return sgp_read_text(message->order_answered->reason, event->u.answered.reason,
                             sizeof event->u.answered.reason, "the reason", fault);
    case SIGAP__V1__EVENT__BODY_ASSIGNMENT_ADVANCED:
        event->kind = SGP_EVENT_ASSIGNMENT_ADVANCED;
        event->u.advanced.assignment = message->assignment_advanced->assignment_id;
        event->u.advanced.state = (sgp_assignment_state)message->assignment_advanced->state;
        event->u.advanced.said_at_ms = message->assignment_advanced->said_at_ms;
        event->u.advanced.for_crew = message->assignment_advanced->for_crew;
        event->u.advanced.device_at_ms = message->assignment_advanced->device_at_ms;
        return sgp_read_text(message->assignment_advanced->hospital, event->u.advanced.hospital,
                             sizeof event->u.advanced.hospital, "the hospital's code", fault);
    case SIGAP__V1__EVENT__BODY_ASSIGNMENT_STOOD_DOWN:
        event->kind = SGP_EVENT_ASSIGNMENT_STOOD_DOWN;
        event->u.stood_down.assignment = message->assignment_stood_down->assignment_id;
        return sgp_read_text(message->assignment_stood_down->reason, event->u.stood_down.reason,
                             sizeof event->u.stood_down.reason, "the reason", fault);
    case SIGAP__V1__EVENT__BODY_INCIDENT_CLOSED:
        event->kind = SGP_EVENT_INCIDENT_CLOSED;
        event->u.closed.incident = message->incident_closed->incident_id;
        event->u.closed.outcome = (sgp_outcome)message->incident_closed->outcome;
        return SGP_OK;
    case SIGAP__V1__EVENT__BODY_TIMER_FIRED:
        event->kind = SGP_EVENT_TIMER;
        return SGP_OK;
    case SIGAP__V1__EVENT__BODY_GRAPH_SWITCHED:
        event->kind = SGP_EVENT_GRAPH_SWITCHED;
        event->u.switched.metric = message->graph_switched->metric;
        if (message->graph_switched->city.len != sizeof event->u.switched.city)
            return sgp_fail(fault, SGP_E_FORMAT, "the id of a city has %zu bytes, not %zu",
                            message->graph_switched->city.len, sizeof event->u.switched.city);
        memcpy(event->u.switched.city, message->graph_switched->city.data,
               sizeof event->u.switched.city);
        return SGP_OK;
    case SIGAP__V1__EVENT__BODY_METRIC_SWAPPED:
        event->kind = SGP_EVENT_METRIC_SWAPPED;
        return sgp_read_metric_mark(message->metric_swapped, &event->u.swapped, fault);
    case SIGAP__V1__EVENT__BODY_ROAD_CLOSED:
        event->kind = SGP_EVENT_ROAD_CLOSED;
        return sgp_road_closure_from_proto(message->road_closed, &event->u.road_closed, fault);
    case SIGAP__V1__EVENT__BODY_ROAD_OPENED:
        event->kind = SGP_EVENT_ROAD_OPENED;
        event->u.road_opened.closure = message->road_opened->closure_id;
        event->u.road_opened.way = message->road_opened->way;
        return SGP_OK;
    case SIGAP__V1__EVENT__BODY_QUESTION_ANSWERED: {
        event->kind = SGP_EVENT_QUESTION_ANSWERED;
        event->u.question.incident = message->question_answered->incident_id;
        sgp_err err =
            sgp_read_text(message->question_answered->question, event->u.question.question,
                          sizeof event->u.question.question, "the question", fault);
        return err ? err
                   : sgp_read_text(message->question_answered->answer, event->u.question.answer,
                                   sizeof event->u.question.answer, "the answer", fault);
    }
    case SIGAP__V1__EVENT__BODY_AGENCY_ALERTED: {
        event->kind = SGP_EVENT_AGENCY_ALERTED;
        event->u.alerted.incident = message->agency_alerted->incident_id;
        sgp_err err = sgp_read_text(message->agency_alerted->agency, event->u.alerted.agency,
                                    sizeof event->u.alerted.agency, "the agency", fault);
        return err ? err
                   : sgp_read_text(message->agency_alerted->reason, event->u.alerted.reason,
                                   sizeof event->u.alerted.reason, "the reason", fault);
    }
    case SIGAP__V1__EVENT__BODY_AGENCY_ANSWERED: {
        event->kind = SGP_EVENT_AGENCY_ANSWERED;
        event->u.agency_answered.incident = message->agency_answered->incident_id;
        event->u.agency_answered.accepted = message->agency_answered->accepted;
        sgp_err err =
            sgp_read_text(message->agency_answered->agency, event->u.agency_answered.agency,
                          sizeof event->u.agency_answered.agency, "the agency", fault);
        return err ? err
                   : sgp_read_text(message->agency_answered->reason,
                                   event->u.agency_answered.reason,
                                   sizeof event->u.agency_answered.reason, "the reason", fault);
    }
    case SIGAP__V1__EVENT__BODY_PLANNED: {
        sgp_plan *plan;
        event->kind = SGP_EVENT_PLANNED;
        sgp_err err = sgp_plan_from_proto(message->planned, &plan, fault);
        if (!err)
            event->u.planned.plan = plan;
        return err;
    }
    case SIGAP__V1__EVENT__BODY_DISTRESS: {
        event->kind = SGP_EVENT_DISTRESS;
        event->u.distress.cleared = message->distress->cleared;
        sgp_err err = sgp_read_text(message->distress->unit, event->u.distress.unit,
                                    sizeof event->u.distress.unit, "the unit's code", fault);
        return err ? err
                   : sgp_read_text(message->distress->reason, event->u.distress.reason,
                                   sizeof event->u.distress.reason, "the reason", fault);
    }
    case SIGAP__V1__EVENT__BODY_WELFARE_ANSWERED:
        event->kind = SGP_EVENT_WELFARE_ANSWERED;
        event->u.welfare.assignment = message->welfare_answered->assignment_id;
        return SGP_OK;
    case SIGAP__V1__EVENT__BODY_RING_CAME:
        return sgp_read_ring_came(message->ring_came, event, fault);
    case SIGAP__V1__EVENT__BODY_RING_TOLD:
        return sgp_read_ring_told(message->ring_told, event, fault);
    case SIGAP__V1__EVENT__BODY_RING_TAKEN:
        event->kind = SGP_EVENT_RING_TAKEN;
        event->u.ring_taken.ring = message->ring_taken->ring_id;
        event->u.ring_taken.give_back = message->ring_taken->give_back;
        return SGP_OK;
    case SIGAP__V1__EVENT__BODY_RING_CALL_BACK:
        event->kind = SGP_EVENT_RING_CALL_BACK;
        event->u.ring_back.ring = message->ring_call_back->ring_id;
        event->u.ring_back.outcome = (sgp_call_back)message->ring_call_back->outcome;
        return SGP_OK;
    case SIGAP__V1__EVENT__BODY_TRANSFER_ASKED:
        return sgp_read_transfer_asked(message->transfer_asked, event, fault);
    case SIGAP__V1__EVENT__BODY_TRANSFER_CHANGED:
        return sgp_read_transfer_changed(message->transfer_changed, event, fault);
    case SIGAP__V1__EVENT__BODY_TRANSFER_CANCELLED:
        return sgp_read_transfer_cancelled(message->transfer_cancelled, event, fault);
    case SIGAP__V1__EVENT__BODY_BACKUP_ASKED: {
        event->kind = SGP_EVENT_BACKUP_ASKED;
        event->u.backup.incident = message->backup_asked->incident_id;
        event->u.backup.units = message->backup_asked->units;
        sgp_err err = sgp_read_backup(message->backup_asked->seat, &event->u.backup.seat, fault);
        return err ? err
                   : sgp_read_text(message->backup_asked->reason, event->u.backup.reason,
                                   sizeof event->u.backup.reason, "the reason", fault);
    }
    case SIGAP__V1__EVENT__BODY_AID_ASKED:
        event->kind = SGP_EVENT_AID_ASKED;
        event->u.aid.incident = message->aid_asked->incident_id;
        event->u.aid.asked = message->aid_asked->asked;
        return SGP_OK;
    case SIGAP__V1__EVENT__BODY_MASS_CASUALTY:
        event->kind = SGP_EVENT_MASS_CASUALTY;
        event->u.mass.incident = message->mass_casualty->incident_id;
        event->u.mass.ended = message->mass_casualty->ended;
        event->u.mass.patients = message->mass_casualty->patients;
        event->u.mass.has_staging = message->mass_casualty->staging != NULL;
        return event->u.mass.has_staging ? sgp_place_from_proto(message->mass_casualty->staging,
                                                                &event->u.mass.staging, fault)
                                         : SGP_OK;
    case SIGAP__V1__EVENT__BODY_COVERAGE_SET: {
        sgp_coverage_map *map;
        event->kind = SGP_EVENT_COVERAGE_SET;
        sgp_err err = sgp_coverage_map_from_proto(message->coverage_set, &map, fault);
        if (!err)
            event->u.coverage.map = map;
        return err;
    }
    case SIGAP__V1__EVENT__BODY_ROSTER_LOADED:
    case SIGAP__V1__EVENT__BODY_CREW_SIGNED_ON:
    case SIGAP__V1__EVENT__BODY_SHIFT_SET:
    case SIGAP__V1__EVENT__BODY_SHIFT_REMOVED:
        return sgp_read_roster_event(message, event, fault);
    case SIGAP__V1__EVENT__BODY_USER_SET:
    case SIGAP__V1__EVENT__BODY_LOGIN_CODE_MADE:
    case SIGAP__V1__EVENT__BODY_DEVICE_ADDED:
    case SIGAP__V1__EVENT__BODY_DEVICES_REMOVED:
        return sgp_read_account_event(message, event, fault);
    case SIGAP__V1__EVENT__BODY_FLEET_SET:
        return sgp_read_fleet_event(message, event, fault);
    case SIGAP__V1__EVENT__BODY_ORDER_RECEIVED:
    case SIGAP__V1__EVENT__BODY_TRACK_TOLD:
        return sgp_read_device_event(message, event, fault);
    default:
        return sgp_read_move_up_event(message, event, fault);
    }
}

sgp_err sgp_event_from_proto(const Sigap__V1__Event *message, sgp_event *event, sgp_fault *fault) {
    sgp_event read = {.seq = message->seq, .parent = message->parent, .at_ms = message->at_ms};
    if (message->request_id.len != 0 && message->request_id.len != sizeof read.request_id)
        return sgp_fail(fault, SGP_E_FORMAT, "a request id has %zu bytes, not %zu",
                        message->request_id.len, sizeof read.request_id);
    if (message->request_id.len)
        memcpy(read.request_id, message->request_id.data, sizeof read.request_id);
    sgp_err err = sgp_read_text(message->actor, read.actor, sizeof read.actor, "the actor", fault);
    if (!err)
        err = read_body(message, &read, fault);
    if (!err)
        err = sgp_event_check(&read, fault);
    if (!err)
        *event = read;
    else
        sgp_event_clear(&read);
    return err;
}

void sgp_event_clear(sgp_event *event) {
    /* Borrowed elsewhere, owned here: the event's makers differ, not its readers. */
    if (event->kind == SGP_EVENT_PLANNED) {
        free((void *)(uintptr_t)event->u.planned.plan);
        event->u.planned.plan = NULL;
    } else if (event->kind == SGP_EVENT_COVERAGE_SET) {
        free((void *)(uintptr_t)event->u.coverage.map);
        event->u.coverage.map = NULL;
    }
    sgp_roster_event_clear(event);
    sgp_device_event_clear(event);
}
