/* A frame becomes an event for the core, or is answered by reading.
 *
 * In this order: is it a request at all, has somebody logged in, may the role
 * say it, does it carry an id where it changes state, does it speak for the
 * right unit, are its texts and numbers within bounds. What the core alone can
 * judge (does the incident exist, is the order open) it judges itself. */
#include <math.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/ids.h"
#include "serve/client.h"
#include "serve/engine_parts.h"
#include "serve/wall.h"

enum {
    PLACE_TEXT_BYTES = 1000,
    CALLER_NUMBER_BYTES = 64,
    CALLER_NAME_BYTES = 200,
    NARRATIVE_BYTES = 8000,
    TOKEN_BYTES = 512,
    COARSE_PERMILLE = 200
};

/* ---- points -------------------------------------------------------------- */

static const double city_margin_m = 5000;

static bool is_in_city(const sgp_graph_parts *parts, double lon, double lat) {
    double lat_margin = city_margin_m / 111195.0;
    double shrink = cos(lat * 3.14159265358979 / 180);
    double lon_margin = lat_margin / (shrink > 0.01 ? shrink : 0.01);
    return lon >= sgp_lon(parts->south_west) - lon_margin &&
           lon <= sgp_lon(parts->north_east) + lon_margin &&
           lat >= sgp_lat(parts->south_west) - lat_margin &&
           lat <= sgp_lat(parts->north_east) + lat_margin;
}

/* Looks at every corner of every road: only for the sentence about a wrong point. */
static double nearest_road_km(const sgp_graph_parts *parts, sgp_point point) {
    double shrink = cos(sgp_lat(point) * 3.14159265358979 / 180);
    double best = INFINITY;
    sgp_point nearest = point;
    for (uint32_t i = 0; i < parts->n_points; i++) {
        double dx = ((double)parts->points[i].lon_e7 - point.lon_e7) * shrink;
        double dy = (double)parts->points[i].lat_e7 - point.lat_e7;
        double square = dx * dx + dy * dy;
        if (square < best) {
            best = square;
            nearest = parts->points[i];
        }
    }
    return sgp_distance_m(point, nearest) / 1000;
}

sgp_err sgp_point_check(const sgp_engine *engine, double lon, double lat, sgp_point *point,
                        sgp_fault *fault) {
    const sgp_graph_parts *parts = sgp_graph_get(engine->city->graph);
    const char *hint = is_in_city(parts, lat, lon) ? "; are lon and lat swapped?" : "";
    if (sgp_point_from_degrees(lon, lat, point) != SGP_OK)
        return sgp_fail(fault, SGP_E_RANGE, "%g,%g is not a point on the earth%s", lon, lat, hint);
    sgp_snap snap;
    if (is_in_city(parts, lon, lat) && sgp_live_times_snap(engine->city->live, 0, *point, &snap))
        return SGP_OK;
    double km = nearest_road_km(parts, *point);
    return sgp_fail(fault, SGP_E_RANGE, "%.2f,%.2f is %.*f km from the nearest road of %s%s", lon,
                    lat, km < 10 ? 1 : 0, km, parts->name, hint);
}

/* ---- texts --------------------------------------------------------------- */

static sgp_err take_code(const char *what, const char *text, char *out, size_t capacity,
                         sgp_fault *fault) {
    if (strlen(text) >= capacity)
        return sgp_fail(fault, SGP_E_ARGUMENT, "%s is longer than %zu bytes", what, capacity - 1);
    memcpy(out, text, strlen(text) + 1);
    return SGP_OK;
}

static sgp_err keep_text(const char *what, const char *text, size_t limit, char **out,
                         sgp_fault *fault) {
    if (strlen(text) > limit)
        return sgp_fail(fault, SGP_E_ARGUMENT, "%s is longer than %zu bytes", what, limit);
    *out = *text != '\0' ? strdup(text) : NULL;
    return *text != '\0' && *out == NULL ? sgp_fail(fault, SGP_E_MEMORY, "no memory") : SGP_OK;
}

static bool is_blank(const char *text) {
    return text[strspn(text, " \t\r\n")] == '\0';
}

/* ---- state-changing requests: frame -> event ------------------------------ */

static sgp_err call_event(sgp_session *session, const Sigap__V1__ReportCall *asked,
                          sgp_input *input, sgp_fault *fault) {
    sgp_event *event = &input->event;
    event->kind = SGP_EVENT_CALL_RECEIVED;
    /* Who can say nothing may still have a phone that tells where it is. */
    if (is_blank(asked->place_text) && asked->point == NULL && is_blank(asked->caller_number) &&
        asked->ring_id == 0)
        return sgp_fail(fault, SGP_E_ARGUMENT, "place is empty: give an address or coordinates");
    /* Whose incident it is a call-taker judges; anybody else could place and raise
     * incidents that are not his. */
    if (asked->incident_id != 0 && !sgp_role_hears_callers(session->role))
        return sgp_fail(fault, SGP_E_PERMISSION,
                        "the role %s may not join a call to an incident; incident_id must be 0",
                        sgp_role_str(session->role));
    const sgp_ring *ring = sgp_world_ring(session->engine->world, asked->ring_id);
    const char *channel = *asked->channel != '\0'                     ? asked->channel
                          : ring != NULL && ring->line[0] != '\0'     ? ring->line
                          : session->role == SIGAP__V1__ROLE__CALLER  ? "112"
                          : session->role == SIGAP__V1__ROLE__PARTNER ? "partner"
                                                                      : "console";
    sgp_err err =
        take_code("channel", channel, event->u.call.channel, sizeof event->u.call.channel, fault);
    if (err == SGP_OK)
        err = take_code("complaint", asked->complaint, event->u.call.complaint,
                        sizeof event->u.call.complaint, fault);
    if (err == SGP_OK)
        err = keep_text("place_text", asked->place_text, PLACE_TEXT_BYTES,
                        &input->personal.place_text, fault);
    if (err == SGP_OK)
        err = keep_text("caller_number", asked->caller_number, CALLER_NUMBER_BYTES,
                        &input->personal.caller_number, fault);
    if (err == SGP_OK)
        err = keep_text("caller_name", asked->caller_name, CALLER_NAME_BYTES,
                        &input->personal.caller_name, fault);
    if (err == SGP_OK)
        err = keep_text("narrative", asked->narrative, NARRATIVE_BYTES, &input->personal.narrative,
                        fault);
    if (err != SGP_OK)
        return err;
    event->u.call.priority = (sgp_priority)asked->priority;
    event->u.call.incident = asked->incident_id;
    event->u.call.has_text = !is_blank(asked->place_text);
    if (!sgp_number_token(session->engine->number_key, asked->caller_number, event->u.call.number))
        memset(event->u.call.number, 0, SGP_CALLER_TOKEN_BYTES);
    if (asked->ring_id != 0)
        err = sgp_ring_call(session, asked->ring_id, input, fault);
    if (err != SGP_OK || asked->point == NULL)
        return err;

    sgp_place *place = &event->u.call.place;
    err = sgp_point_check(session->engine, asked->point->lon, asked->point->lat, &place->point,
                          fault);
    if (err == SGP_OK && (asked->uncertainty_m < 0 || asked->uncertainty_m > 100000))
        err = sgp_fail(fault, SGP_E_RANGE, "uncertainty_m is not between 0 and 100,000");
    if (err != SGP_OK)
        return err;
    event->u.call.has_point = true;
    place->kind = SGP_PLACE_COORDINATES;
    place->uncertainty_m = asked->uncertainty_m;
    /* A coarse point says where to look for the words; it does not beat them. */
    bool is_coarse = event->u.call.has_text && asked->uncertainty_m >= SGP_COARSE_FROM_M;
    place->confidence_permille = is_coarse ? COARSE_PERMILLE : 1000;
    snprintf(place->label, sizeof place->label, "%.6f,%.6f", asked->point->lon, asked->point->lat);
    if (!is_coarse)
        sgp_places_add_access(session->engine, place, 1);
    return SGP_OK;
}

static sgp_err narrow_event(const Sigap__V1__NarrowPlace *asked, sgp_input *input,
                            sgp_fault *fault) {
    input->event.kind = SGP_EVENT_CALL_NARROWED;
    input->event.u.narrowed.call = asked->call_id;
    if (is_blank(asked->text))
        return sgp_fail(fault, SGP_E_ARGUMENT, "text is empty: what does the caller say?");
    return keep_text("text", asked->text, PLACE_TEXT_BYTES, &input->personal.place_text, fault);
}

static sgp_err choose_event(sgp_session *session, const Sigap__V1__ChoosePlace *asked,
                            sgp_event *event, sgp_fault *fault) {
    event->kind = SGP_EVENT_PLACE_CHOSEN;
    event->u.chosen.incident = asked->incident_id;
    if (asked->place == NULL || asked->place->point == NULL)
        return sgp_fail(fault, SGP_E_ARGUMENT, "the place has no point");
    sgp_err err = sgp_place_from_proto(asked->place, &event->u.chosen.place, fault);
    if (err == SGP_OK)
        err = sgp_point_check(session->engine, asked->place->point->lon, asked->place->point->lat,
                              &event->u.chosen.place.point, fault);
    if (err == SGP_OK)
        sgp_places_add_access(session->engine, &event->u.chosen.place, 1);
    return err;
}

/* The unit that a request speaks for: a crew's own, or the one that is named. */
static sgp_err take_unit(const sgp_session *session, const char *named, char code[SGP_CODE_BYTES],
                         sgp_fault *fault) {
    if (session->is_crew) {
        const char *own = sgp_world_unit(session->engine->world, session->unit)->code;
        if (*named != '\0' && strcmp(named, own) != 0)
            return sgp_fail(fault, SGP_E_PERMISSION,
                            "the crew of %s may not speak for another unit", own);
        named = own;
    }
    if (*named == '\0')
        return sgp_fail(fault, SGP_E_ARGUMENT, "unit_code is empty");
    return take_code("unit_code", named, code, SGP_CODE_BYTES, fault);
}

static sgp_err check_own(const sgp_session *session, sgp_id assignment, sgp_fault *fault) {
    if (!session->is_crew)
        return SGP_OK;
    const sgp_assignment *known = sgp_world_assignment(session->engine->world, assignment);
    /* It must be there now: the next event of the queue may make it, for another unit. */
    if (known == NULL)
        return sgp_fail(fault, SGP_E_NOT_FOUND, "there is no assignment %llu",
                        (unsigned long long)assignment);
    if (known->unit == session->unit)
        return SGP_OK;
    return sgp_fail(fault, SGP_E_PERMISSION, "assignment %llu belongs to another unit",
                    (unsigned long long)assignment);
}

/* A heading below walking speed is a compass's guess. */
static sgp_err read_motion(const Sigap__V1__Motion *motion, double *heading_deg, sgp_fault *fault) {
    if (motion == NULL)
        return SGP_OK;
    if (!(motion->heading_deg >= 0 && motion->heading_deg <= 360))
        return sgp_fail(fault, SGP_E_RANGE, "heading_deg %g is not between 0 and 360",
                        motion->heading_deg);
    if (!(motion->speed_kmh >= 0 && motion->speed_kmh <= 1000))
        return sgp_fail(fault, SGP_E_RANGE, "speed_kmh %g is not between 0 and 1,000",
                        motion->speed_kmh);
    if (motion->speed_kmh > SGP_HEADING_FROM_KMH)
        *heading_deg = motion->heading_deg;
    return SGP_OK;
}

static sgp_err position_event(sgp_session *session, const Sigap__V1__ReportPosition *asked,
                              sgp_input *input, sgp_fault *fault) {
    sgp_event *event = &input->event;
    event->kind = SGP_EVENT_UNIT_POSITION;
    if (asked->point == NULL)
        return sgp_fail(fault, SGP_E_ARGUMENT, "the point is missing");
    sgp_err err = take_unit(session, asked->unit_code, event->u.position.unit, fault);
    /* An ambulance may drive out of the city; only nonsense is refused. */
    if (err == SGP_OK && sgp_point_from_degrees(asked->point->lon, asked->point->lat,
                                                &event->u.position.point) != SGP_OK)
        err = sgp_fail(fault, SGP_E_RANGE, "%g,%g is not a point on the earth", asked->point->lon,
                       asked->point->lat);
    int64_t now_ms = sgp_engine_now_ms(session->engine);
    /* Where our clock was set back, the world is ahead of the clocks of devices; their
     * positions must not look older than they are. */
    int64_t ahead_ms = sgp_engine_clock_ahead_ms(&session->engine->clock);
    int64_t measured_at_ms = asked->measured_at_ms > 0 ? asked->measured_at_ms : now_ms;
    if (measured_at_ms < now_ms)
        measured_at_ms = now_ms - measured_at_ms > ahead_ms ? measured_at_ms + ahead_ms : now_ms;
    if (measured_at_ms > now_ms + 60000)
        err =
            err != SGP_OK ? err : sgp_fail(fault, SGP_E_RANGE, "measured_at_ms lies in the future");
    event->u.position.measured_at_ms = measured_at_ms;
    return err != SGP_OK ? err : read_motion(asked->motion, &input->heading_deg, fault);
}

/* A device of the crew tells what it kept: when it was so, by our clock, and by its own. */
static void take_device_time(sgp_session *session, int64_t device_at_ms, int64_t sent_at_ms,
                             int64_t *said_at_ms, int64_t *event_device_at_ms) {
    int64_t now_ms = sgp_engine_now_ms(session->engine);
    if (!session->is_crew || device_at_ms <= 0 || device_at_ms > INT64_MAX / 4)
        return;
    sgp_device_clock_hear(&session->device_clock, sent_at_ms, now_ms);
    *event_device_at_ms = device_at_ms;
    *said_at_ms = device_at_ms + sgp_device_clock_offset_ms(&session->device_clock);
    if (*said_at_ms < 0 || *said_at_ms > INT64_MAX / 4)
        *said_at_ms = 0;
}

static sgp_err advance_event(sgp_session *session, const Sigap__V1__AdvanceAssignment *asked,
                             sgp_event *event, sgp_fault *fault) {
    event->kind = SGP_EVENT_ASSIGNMENT_ADVANCED;
    event->u.advanced.assignment = asked->assignment_id;
    event->u.advanced.state = (sgp_assignment_state)asked->state;
    event->u.advanced.said_at_ms = asked->said_at_ms;
    event->u.advanced.for_crew = !session->is_crew;
    take_device_time(session, asked->device_at_ms, asked->sent_at_ms, &event->u.advanced.said_at_ms,
                     &event->u.advanced.device_at_ms);
    sgp_err err = check_own(session, asked->assignment_id, fault);
    if (err == SGP_OK)
        err = take_code("hospital_code", asked->hospital_code, event->u.advanced.hospital,
                        sizeof event->u.advanced.hospital, fault);
    return err;
}

static sgp_err welfare_event(sgp_session *session, const Sigap__V1__Frame *frame, const char *named,
                             sgp_event *event, sgp_fault *fault) {
    char code[SGP_CODE_BYTES];
    sgp_err err = take_unit(session, named, code, fault);
    return err ? err : sgp_welfare_event(session->engine, frame, code, event, fault);
}

/* Fills the input from a state-changing frame. */
static sgp_err fill_input(sgp_session *session, const Sigap__V1__Frame *frame, sgp_input *input,
                          sgp_fault *fault) {
    sgp_event *event = &input->event;
    sgp_err err = SGP_OK;
    switch (frame->body_case) {
    case SIGAP__V1__FRAME__BODY_REPORT_CALL:
        return call_event(session, frame->report_call, input, fault);
    case SIGAP__V1__FRAME__BODY_CHOOSE_PLACE:
        input->seen_version = frame->choose_place->version;
        return choose_event(session, frame->choose_place, event, fault);
    case SIGAP__V1__FRAME__BODY_LINK_CALL:
        event->kind = SGP_EVENT_CALL_LINKED;
        event->u.linked.call = frame->link_call->call_id;
        event->u.linked.incident = frame->link_call->incident_id;
        return SGP_OK;
    case SIGAP__V1__FRAME__BODY_SAY_TO_DESK:
    case SIGAP__V1__FRAME__BODY_SAY_TO_CALLER:
    case SIGAP__V1__FRAME__BODY_READ_MESSAGES:
        return sgp_message_event(session, frame, input, fault);
    case SIGAP__V1__FRAME__BODY_SEE_INBOUND:
        return sgp_see_inbound_event(session, frame->see_inbound, event, fault);
    case SIGAP__V1__FRAME__BODY_TELL_PATIENT_CARD:
        return sgp_patient_card_event(session, frame->tell_patient_card, input, fault);
    case SIGAP__V1__FRAME__BODY_ADD_NOTE:
        return sgp_note_event(frame->add_note, input, fault);
    case SIGAP__V1__FRAME__BODY_SET_PREMISE:
        return sgp_premise_event(session, frame->set_premise, input, fault);
    case SIGAP__V1__FRAME__BODY_REMOVE_PREMISE:
        sgp_remove_premise_event(frame->remove_premise, event);
        return SGP_OK;
    case SIGAP__V1__FRAME__BODY_JUDGE_CALL:
        event->kind = SGP_EVENT_CALL_JUDGED;
        event->u.judged.call = frame->judge_call->call_id;
        event->u.judged.outcome = (sgp_outcome)frame->judge_call->outcome;
        return SGP_OK;
    case SIGAP__V1__FRAME__BODY_MARK_NUMBER:
        event->kind = SGP_EVENT_NUMBER_MARKED;
        event->u.marked.call = frame->mark_number->call_id;
        event->u.marked.lifted = frame->mark_number->lift;
        event->u.marked.hours = frame->mark_number->hours;
        return SGP_OK;
    case SIGAP__V1__FRAME__BODY_DISMISS_ALIKE:
        event->kind = SGP_EVENT_ALIKE_DISMISSED;
        event->u.dismissed.call = frame->dismiss_alike->call_id;
        event->u.dismissed.incident = frame->dismiss_alike->incident_id;
        return SGP_OK;
    case SIGAP__V1__FRAME__BODY_NARROW_PLACE:
        return narrow_event(frame->narrow_place, input, fault);
    case SIGAP__V1__FRAME__BODY_TRIAGE:
        event->kind = SGP_EVENT_INCIDENT_TRIAGED;
        input->seen_version = frame->triage->version;
        event->u.triaged.incident = frame->triage->incident_id;
        event->u.triaged.priority = (sgp_priority)frame->triage->priority;
        event->u.triaged.units_wanted = frame->triage->units_wanted;
        event->u.triaged.alarm = frame->triage->alarm;
        return take_code("complaint", frame->triage->complaint, event->u.triaged.complaint,
                         sizeof event->u.triaged.complaint, fault);
    case SIGAP__V1__FRAME__BODY_ASK_RECOMMENDATION:
        event->kind = SGP_EVENT_RECOMMENDATION_ASKED;
        event->u.asked.incident = frame->ask_recommendation->incident_id;
        return SGP_OK;
    case SIGAP__V1__FRAME__BODY_ORDER_UNIT:
        event->kind = SGP_EVENT_UNIT_ORDERED;
        input->seen_version = frame->order_unit->version;
        event->u.ordered.incident = frame->order_unit->incident_id;
        event->u.ordered.divert = frame->order_unit->divert;
        return take_code("unit_code", frame->order_unit->unit_code, event->u.ordered.unit,
                         sizeof event->u.ordered.unit, fault);
    case SIGAP__V1__FRAME__BODY_STAND_DOWN:
        event->kind = SGP_EVENT_ASSIGNMENT_STOOD_DOWN;
        event->u.stood_down.assignment = frame->stand_down->assignment_id;
        return take_code("reason", frame->stand_down->reason, event->u.stood_down.reason,
                         sizeof event->u.stood_down.reason, fault);
    case SIGAP__V1__FRAME__BODY_ASK_BACKUP:
        return sgp_backup_event(session, frame->ask_backup, event, fault);
    case SIGAP__V1__FRAME__BODY_ASK_AID:
        event->kind = SGP_EVENT_AID_ASKED;
        event->u.aid.incident = frame->ask_aid->incident_id;
        event->u.aid.asked = !frame->ask_aid->ended;
        return SGP_OK;
    case SIGAP__V1__FRAME__BODY_DECLARE_MASS_CASUALTY:
        return sgp_mass_casualty_event(session, frame->declare_mass_casualty, event, fault);
    case SIGAP__V1__FRAME__BODY_CLOSE_INCIDENT:
        event->kind = SGP_EVENT_INCIDENT_CLOSED;
        input->seen_version = frame->close_incident->version;
        event->u.closed.incident = frame->close_incident->incident_id;
        event->u.closed.outcome = (sgp_outcome)frame->close_incident->outcome;
        return SGP_OK;
    case SIGAP__V1__FRAME__BODY_SET_DUTY:
        event->kind = SGP_EVENT_UNIT_DUTY;
        event->u.duty.on_duty = frame->set_duty->on_duty;
        return take_unit(session, frame->set_duty->unit_code, event->u.duty.unit, fault);
    case SIGAP__V1__FRAME__BODY_REPORT_POSITION:
        return position_event(session, frame->report_position, input, fault);
    case SIGAP__V1__FRAME__BODY_ORDER_RECEIVED:
        return sgp_order_received_event(session, frame->order_received, event, fault);
    case SIGAP__V1__FRAME__BODY_ANSWER_ORDER:
        event->kind = SGP_EVENT_ORDER_ANSWERED;
        event->u.answered.assignment = frame->answer_order->assignment_id;
        event->u.answered.accepted = frame->answer_order->accept;
        event->u.answered.said_at_ms = frame->answer_order->said_at_ms;
        event->u.answered.for_crew = !session->is_crew;
        take_device_time(session, frame->answer_order->device_at_ms,
                         frame->answer_order->sent_at_ms, &event->u.answered.said_at_ms,
                         &event->u.answered.device_at_ms);
        err = check_own(session, frame->answer_order->assignment_id, fault);
        if (err == SGP_OK)
            err = take_code("reason", frame->answer_order->reason, event->u.answered.reason,
                            sizeof event->u.answered.reason, fault);
        return err;
    case SIGAP__V1__FRAME__BODY_ADVANCE_ASSIGNMENT:
        return advance_event(session, frame->advance_assignment, event, fault);
    case SIGAP__V1__FRAME__BODY_CLOSE_ROAD:
        return sgp_traffic_close_event(session, frame->close_road, event, fault);
    case SIGAP__V1__FRAME__BODY_OPEN_ROAD:
        return sgp_traffic_open_event(frame->open_road, event, fault);
    case SIGAP__V1__FRAME__BODY_ANSWER_QUESTION:
        event->kind = SGP_EVENT_QUESTION_ANSWERED;
        event->u.question.incident = frame->answer_question->incident_id;
        err = take_code("question", frame->answer_question->question, event->u.question.question,
                        sizeof event->u.question.question, fault);
        return err ? err
                   : take_code("answer", frame->answer_question->answer, event->u.question.answer,
                               sizeof event->u.question.answer, fault);
    case SIGAP__V1__FRAME__BODY_ALERT_AGENCY:
        event->kind = SGP_EVENT_AGENCY_ALERTED;
        event->u.alerted.incident = frame->alert_agency->incident_id;
        err = take_code("agency", frame->alert_agency->agency, event->u.alerted.agency,
                        sizeof event->u.alerted.agency, fault);
        return err ? err
                   : take_code("reason", frame->alert_agency->reason, event->u.alerted.reason,
                               sizeof event->u.alerted.reason, fault);
    case SIGAP__V1__FRAME__BODY_ANSWER_ALERT:
        return sgp_answer_alert_event(session, frame->answer_alert, event, fault);
    case SIGAP__V1__FRAME__BODY_RAISE_DISTRESS:
        return welfare_event(session, frame, frame->raise_distress->unit_code, event, fault);
    case SIGAP__V1__FRAME__BODY_CLEAR_DISTRESS:
        return welfare_event(session, frame, frame->clear_distress->unit_code, event, fault);
    case SIGAP__V1__FRAME__BODY_ANSWER_WELFARE:
        return welfare_event(session, frame, frame->answer_welfare->unit_code, event, fault);
    case SIGAP__V1__FRAME__BODY_SIGN_ON_CREW: {
        char code[SGP_CODE_BYTES];
        err = take_unit(session, frame->sign_on_crew->unit_code, code, fault);
        return err ? err : sgp_roster_event(frame, code, event, fault);
    }
    case SIGAP__V1__FRAME__BODY_SET_SHIFT:
    case SIGAP__V1__FRAME__BODY_REMOVE_SHIFT:
        return sgp_roster_event(frame, "", event, fault);
    case SIGAP__V1__FRAME__BODY_TAKE_RING:
    case SIGAP__V1__FRAME__BODY_CALL_BACK:
        sgp_ring_event(frame, event);
        return SGP_OK;
    case SIGAP__V1__FRAME__BODY_ASK_TRANSFER:
    case SIGAP__V1__FRAME__BODY_CHANGE_TRANSFER:
    case SIGAP__V1__FRAME__BODY_CANCEL_TRANSFER:
        return sgp_transfer_event(frame, event, fault);
    case SIGAP__V1__FRAME__BODY_SET_USER:
        return sgp_user_event(session, frame->set_user, event, fault);
    case SIGAP__V1__FRAME__BODY_ASK_LOGIN_CODE:
        return sgp_login_code_event(session, frame->ask_login_code, input, fault);
    case SIGAP__V1__FRAME__BODY_SET_FLEET:
        return sgp_fleet_event(session, frame->set_fleet, event, fault);
    case SIGAP__V1__FRAME__BODY_SET_SERVICE:
        return sgp_service_event(frame->set_service, event, fault);
    case SIGAP__V1__FRAME__BODY_REMOVE_DEVICES:
        return sgp_devices_event(session, frame->remove_devices, event, fault);
    case SIGAP__V1__FRAME__BODY_TAKE_INCIDENT:
    case SIGAP__V1__FRAME__BODY_HAND_OVER:
        return sgp_desk_event(session, frame, input, fault);
    case SIGAP__V1__FRAME__BODY_RELOAD:
        return sgp_plans_reload_event(session, input, fault);
    case SIGAP__V1__FRAME__BODY_TELL_HOSPITAL:
        return sgp_tell_hospital_event(session, frame->tell_hospital, event, fault);
    case SIGAP__V1__FRAME__BODY_TELL_PATIENT:
        return sgp_tell_patient_event(session, frame->tell_patient, event, fault);
    case SIGAP__V1__FRAME__BODY_ASK_HOSPITAL:
        event->kind = SGP_EVENT_HOSPITAL_ASKED;
        return sgp_patient_of(session, frame->ask_hospital->assignment_id,
                              &event->u.hospital_choice.assignment, fault);
    case SIGAP__V1__FRAME__BODY_CHOOSE_HOSPITAL:
        event->kind = SGP_EVENT_HOSPITAL_CHOSEN;
        err = sgp_patient_of(session, frame->choose_hospital->assignment_id,
                             &event->u.hospital_choice.assignment, fault);
        return err ? err
                   : take_code("hospital_code", frame->choose_hospital->hospital_code,
                               event->u.hospital_choice.hospital,
                               sizeof event->u.hospital_choice.hospital, fault);
    case SIGAP__V1__FRAME__BODY_ORDER_MOVE_UP:
        return sgp_move_up_event(session, frame->order_move_up, event, fault);
    case SIGAP__V1__FRAME__BODY_END_MOVE_UP:
        return sgp_move_up_end_event(frame->end_move_up, event, fault);
    case SIGAP__V1__FRAME__BODY_ANSWER_MOVE_UP:
        return sgp_move_up_answer_event(session, frame->answer_move_up, event, fault);
    default:
        return sgp_fail(fault, SGP_E_ARGUMENT, "unknown message");
    }
}

static void queue_event(sgp_session *session, const Sigap__V1__Frame *frame) {
    sgp_engine *engine = session->engine;
    sgp_fault fault = {0};
    sgp_reply kept;
    /* What was answered before is not judged again: the city may be another by now,
     * and the assignment forgotten. */
    if (sgp_world_reply(engine->world, frame->id.data, session->user, &kept)) {
        sgp_input asked = {.session = session->id, .reply_to = frame->seq};
        if (frame->body_case == SIGAP__V1__FRAME__BODY_ASK_RECOMMENDATION)
            asked.event.kind = SGP_EVENT_RECOMMENDATION_ASKED;
        sgp_answer_again(engine, &asked, &kept);
        return;
    }
    sgp_input *input = sgp_input_create(0);
    sgp_err err = input == NULL ? sgp_fail(&fault, SGP_E_MEMORY, "no memory for the request")
                                : fill_input(session, frame, input, &fault);
    if (err != SGP_OK) {
        if (err == SGP_E_PERMISSION) {
            engine->measures.denied++;
            sgp_log(SGP_LOG_WARN, "denied", "user=%s role=%s message=%s", SGP_Q(session->user),
                    sgp_role_str(session->role), sgp_body_str(frame->body_case));
        }
        sgp_outbox_error(engine, session->id, frame->seq, err, fault.text);
        sgp_input_destroy(input);
        return;
    }
    memcpy(input->event.request_id, frame->id.data, sizeof input->event.request_id);
    memcpy(input->event.actor, session->user, sizeof input->event.actor);
    input->session = session->id;
    input->reply_to = frame->seq;
    input->seen_seq = frame->seen_seq;
    session->acted_ms = sgp_engine_now_ms(engine);
    sgp_inbox_put(engine, input);
}

/* ---- logging in ---------------------------------------------------------- */

void sgp_welcome(sgp_session *session, uint64_t reply_to, const char *token) {
    sgp_engine *engine = session->engine;
    const sgp_graph_parts *parts = sgp_graph_get(engine->city->graph);
    char city_id[33];
    sgp_city_id_format(&parts->city, city_id);
    Sigap__V1__Welcome answer = SIGAP__V1__WELCOME__INIT;
    answer.user = session->user;
    answer.role = session->role;
    answer.token = (char *)token;
    if (session->is_crew) {
        answer.unit_code = (char *)sgp_world_unit(engine->world, session->unit)->code;
        /* Where its unit stands: a crew may not list units. */
        answer.unit = sgp_unit_to_proto(engine->world, session->unit);
    }
    answer.engine_version = (char *)SIGAP_VERSION;
    answer.city = (char *)parts->name;
    answer.city_is_sketch = parts->is_sketch;
    answer.city_id = city_id;
    answer.now_ms = sgp_engine_now_ms(engine);
    answer.event_seq = sgp_world_seq(engine->world);
    answer.epoch = engine->epoch;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_WELCOME;
    frame.welcome = &answer;
    sgp_outbox_answer(engine, session->id, reply_to, &frame);
    if (answer.unit != NULL)
        sigap__v1__unit__free_unpacked(answer.unit, NULL);
}

static void refuse_login(sgp_session *session, uint64_t reply_to, sgp_err err, const char *text) {
    session->engine->measures.denied++;
    sgp_log(SGP_LOG_WARN, "login_refused", "session=%llu code=%s", (unsigned long long)session->id,
            sgp_err_str(err));
    sgp_session_error(session, reply_to, err, text);
    /* The second until the door closes slows down guessing. */
    session->lingers = true;
    sgp_session_close(session, "login_refused");
}

void sgp_session_enter(sgp_session *session, const sgp_user *user, uint64_t reply_to,
                       const Sigap__V1__Login *login, const char *token) {
    sgp_engine *engine = session->engine;
    const sgp_unit *unit = NULL;
    if (user->unit[0] != '\0') {
        unit = sgp_world_unit_by_code(engine->world, user->unit);
        if (unit == NULL) {
            refuse_login(session, reply_to, SGP_E_STATE, "the crew's unit is not known yet");
            return;
        }
    }
    sgp_page_forget(session);
    sgp_session_bind(session, user, unit != NULL ? unit->index : 0);
    sgp_log(SGP_LOG_INFO, "login", "session=%llu user=%s role=%s client=%s",
            (unsigned long long)session->id, SGP_Q(user->name), sgp_role_str(user->role),
            SGP_Q(login->client));
    sgp_welcome(session, reply_to, token);
    if (session->is_crew)
        sgp_crew_look(session, login);
    if (session->agency[0] != '\0' && session->kind != SGP_SESSION_HTTP)
        sgp_answer_open_alerts(session);
}

static void log_in(sgp_session *session, const Sigap__V1__Frame *frame) {
    sgp_fault fault = {0};
    sgp_user user;
    if (frame->login->code[0] != '\0') {
        sgp_err err = sgp_login_by_code(session, frame, &fault);
        if (err != SGP_OK)
            refuse_login(session, frame->seq, err, fault.text);
        return;
    }
    bool is_known = strlen(frame->login->token) <= TOKEN_BYTES &&
                    sgp_engine_user(session->engine, frame->login->token, &user);
    if (!is_known && sgp_page_log_in(session, frame, &fault))
        return;
    if (!is_known) {
        refuse_login(session, frame->seq, fault.text[0] ? fault.code : SGP_E_UNAUTHENTICATED,
                     fault.text[0] ? fault.text : "the token is unknown");
        return;
    }
    sgp_session_enter(session, &user, frame->seq, frame->login, "");
}

/* ---- the door ------------------------------------------------------------ */

static void answer_pong(sgp_session *session, uint64_t reply_to) {
    Sigap__V1__Pong pong = SIGAP__V1__PONG__INIT;
    pong.now_ms = sgp_engine_now_ms(session->engine);
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_PONG;
    frame.pong = &pong;
    sgp_outbox_answer(session->engine, session->id, reply_to, &frame);
}

static void answer_read(sgp_session *session, const Sigap__V1__Frame *frame) {
    switch (frame->body_case) {
    case SIGAP__V1__FRAME__BODY_PING:
        sgp_session_pulse(session);
        sgp_device_clock_hear(&session->device_clock, frame->ping->sent_at_ms,
                              sgp_engine_now_ms(session->engine));
        answer_pong(session, frame->seq);
        break;
    case SIGAP__V1__FRAME__BODY_GET_STATUS:
        sgp_answer_status(session, frame->seq);
        break;
    case SIGAP__V1__FRAME__BODY_FIND_PLACE:
        sgp_find_place(session, frame->seq, frame->find_place);
        break;
    case SIGAP__V1__FRAME__BODY_REVERSE_PLACE:
        sgp_reverse_place(session, frame->seq, frame->reverse_place);
        break;
    case SIGAP__V1__FRAME__BODY_LIST_INCIDENTS:
        sgp_answer_incidents(session, frame->seq, frame->list_incidents);
        break;
    case SIGAP__V1__FRAME__BODY_LIST_UNITS:
        sgp_answer_units(session, frame->seq, frame->list_units);
        break;
    case SIGAP__V1__FRAME__BODY_LIST_HOSPITALS:
        sgp_answer_hospitals(session, frame->seq);
        break;
    case SIGAP__V1__FRAME__BODY_GET_INCIDENT:
        sgp_answer_incident(session, frame->seq, frame->get_incident->incident_id);
        break;
    case SIGAP__V1__FRAME__BODY_LIST_MARKED_NUMBERS:
        sgp_answer_marked_numbers(session, frame->seq);
        break;
    case SIGAP__V1__FRAME__BODY_GET_CONVERSATION:
        sgp_answer_conversation(session, frame->seq, frame->get_conversation->call_id);
        break;
    case SIGAP__V1__FRAME__BODY_ASK_HANDOVERS:
        sgp_answer_handovers(session, frame->seq, frame->ask_handovers);
        break;
    case SIGAP__V1__FRAME__BODY_ASK_PATIENT_CARDS:
        sgp_answer_patient_cards(session, frame->seq, frame->ask_patient_cards);
        break;
    case SIGAP__V1__FRAME__BODY_GET_LOG:
        sgp_answer_log(session, frame->seq, frame->get_log->incident_id);
        break;
    case SIGAP__V1__FRAME__BODY_LIST_PREMISES:
        sgp_answer_premises(session, frame->seq, frame->list_premises);
        break;
    case SIGAP__V1__FRAME__BODY_GET_HISTORY:
        sgp_answer_history(session, frame->seq, frame->get_history);
        break;
    case SIGAP__V1__FRAME__BODY_LIST_ORDERS:
        sgp_answer_orders(session, frame->seq);
        break;
    case SIGAP__V1__FRAME__BODY_WATCH:
        sgp_answer_watch(session, frame->seq);
        break;
    case SIGAP__V1__FRAME__BODY_ASK_INBOUND:
        sgp_answer_inbound(session, frame->seq, frame->ask_inbound);
        break;
    case SIGAP__V1__FRAME__BODY_ASK_COVERAGE:
        sgp_answer_coverage(session, frame->seq, frame->ask_coverage);
        break;
    case SIGAP__V1__FRAME__BODY_ASK_COVERAGE_LEFT:
        sgp_answer_coverage_left(session, frame->seq);
        break;
    case SIGAP__V1__FRAME__BODY_ROUTE_QUERY:
        sgp_answer_route(session, frame->seq, frame->route_query);
        break;
    case SIGAP__V1__FRAME__BODY_TABLE_QUERY:
        sgp_answer_table(session, frame->seq, frame->table_query);
        break;
    case SIGAP__V1__FRAME__BODY_FIND_CAMERAS:
        sgp_answer_cameras(session, frame->seq, frame->find_cameras);
        break;
    case SIGAP__V1__FRAME__BODY_LIST_ROAD_CLOSURES:
        sgp_answer_closures(session, frame->seq, frame->list_road_closures);
        break;
    case SIGAP__V1__FRAME__BODY_LIST_COMPLAINTS:
        sgp_answer_complaints(session, frame->seq, frame->list_complaints);
        break;
    case SIGAP__V1__FRAME__BODY_LIST_TRANSFERS:
        sgp_answer_transfers(session, frame->seq, frame->list_transfers);
        break;
    case SIGAP__V1__FRAME__BODY_LIST_SHIFTS:
        sgp_answer_shifts(session, frame->seq, frame->list_shifts);
        break;
    case SIGAP__V1__FRAME__BODY_FIND_STRETCH:
        sgp_answer_stretches(session, frame->seq, frame->find_stretch);
        break;
    case SIGAP__V1__FRAME__BODY_LIST_USERS:
        sgp_answer_users(session, frame->seq, frame->list_users);
        break;
    case SIGAP__V1__FRAME__BODY_LIST_DESK_HANDOVERS:
        sgp_answer_desk_handovers(session, frame->seq, frame->list_desk_handovers);
        break;
    case SIGAP__V1__FRAME__BODY_TELL_DESK:
        sgp_desk_told(session, frame->tell_desk);
        answer_pong(session, frame->seq);
        break;
    case SIGAP__V1__FRAME__BODY_WATCH_DESK:
        sgp_answer_watch_desk(session, frame->seq, frame->watch_desk);
        break;
    case SIGAP__V1__FRAME__BODY_LIST_RINGS:
        sgp_answer_rings(session, frame->seq, frame->list_rings);
        break;
    case SIGAP__V1__FRAME__BODY_GET_RING:
        sgp_answer_ring(session, frame->seq, frame->get_ring);
        break;
    case SIGAP__V1__FRAME__BODY_GET_GUIDE:
        sgp_answer_guide(session, frame->seq, frame->get_guide);
        break;
    case SIGAP__V1__FRAME__BODY_ASK_FIGURES:
        sgp_answer_figures(session, frame->seq, frame->ask_figures);
        break;
    case SIGAP__V1__FRAME__BODY_ASK_PAST:
        sgp_answer_past(session, frame->seq, frame->ask_past);
        break;
    case SIGAP__V1__FRAME__BODY_ASK_DISTRICTS:
        sgp_answer_districts(session, frame->seq);
        break;
    case SIGAP__V1__FRAME__BODY_LIST_REPORTS:
        sgp_answer_reports(session, frame->seq);
        break;
    case SIGAP__V1__FRAME__BODY_OPEN_REPORT:
        sgp_open_report(session, frame->seq, frame->open_report);
        break;
    default:
        sgp_outbox_error(session->engine, session->id, frame->seq, SGP_E_ARGUMENT,
                         "unknown message");
        break;
    }
}

/* Everything that is checked before the content matters. */
static sgp_err check_door(sgp_session *session, const Sigap__V1__Frame *frame, sgp_fault *fault) {
    Sigap__V1__Frame__BodyCase body = frame->body_case;
    if (!sgp_body_is_request(body))
        return sgp_fail(fault, SGP_E_ARGUMENT, "unknown message");
    if (!sgp_role_may(session->role, body)) {
        if (session->role == SIGAP__V1__ROLE__ROLE_UNKNOWN)
            return sgp_fail(fault, SGP_E_UNAUTHENTICATED, "log in before sending %s",
                            sgp_body_str(body));
        return sgp_fail(fault, SGP_E_PERMISSION, "the role %s may not send %s",
                        sgp_role_str(session->role), sgp_body_str(body));
    }
    sgp_err err = sgp_phone_check_door(session, body, fault);
    if (err == SGP_OK)
        err = sgp_page_check_door(session, body, fault);
    if (err != SGP_OK)
        return err;
    bool has_id = frame->id.len == 16 && !sodium_is_zero(frame->id.data, 16);
    if (sgp_frame_changes_state(body) && !has_id)
        return sgp_fail(fault, SGP_E_ARGUMENT,
                        "%s changes state and so needs an id of 16 bytes (UUIDv7)",
                        sgp_body_str(body));
    return SGP_OK;
}

void sgp_request(sgp_session *session, const Sigap__V1__Frame *frame) {
    sgp_engine *engine = session->engine;
    sgp_fault fault = {0};
    engine->measures.requests++;
    sgp_err err = check_door(session, frame, &fault);
    if (err != SGP_OK) {
        if (err != SGP_E_ARGUMENT) {
            engine->measures.denied++;
            sgp_log(SGP_LOG_WARN, "denied", "user=%s role=%s message=%s code=%s",
                    SGP_Q(session->user), sgp_role_str(session->role),
                    sgp_body_str(frame->body_case), sgp_err_str(err));
        }
        sgp_outbox_error(engine, session->id, frame->seq, err, fault.text);
    } else if (frame->body_case == SIGAP__V1__FRAME__BODY_LOGIN) {
        log_in(session, frame);
    } else if (frame->body_case == SIGAP__V1__FRAME__BODY_SWITCH_CITY) {
        sgp_city_switch(session, frame->seq, frame->id.data);
    } else if (frame->body_case == SIGAP__V1__FRAME__BODY_POSITION_BATCH) {
        sgp_position_batch(session, frame->seq, frame->position_batch);
    } else if (frame->body_case == SIGAP__V1__FRAME__BODY_TRAFFIC_PICTURE) {
        sgp_traffic_page(session, frame->seq, frame->traffic_picture);
    } else if (sgp_phone_request(session, frame)) {
        /* answered, or queued */
    } else if (sgp_frame_changes_state(frame->body_case)) {
        queue_event(session, frame);
    } else {
        answer_read(session, frame);
    }
}
