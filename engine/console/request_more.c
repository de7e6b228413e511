#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "console/request_parts.h"

/* ---- crews ------------------------------------------------------------------------------- */

void sgp_request_said(sgp_request *r, int64_t said_at_ms) {
    if (r->frame.body_case == SIGAP__V1__FRAME__BODY_ANSWER_ORDER)
        r->body.answer.said_at_ms = said_at_ms;
    else if (r->frame.body_case == SIGAP__V1__FRAME__BODY_ADVANCE_ASSIGNMENT)
        r->body.advance.said_at_ms = said_at_ms;
}

void sgp_request_well(sgp_request *r, const char *unit) {
    BEGIN(r, well, ANSWER_WELFARE, answer_welfare, sigap__v1__answer_welfare__init);
    r->body.well.unit_code = KEEP(r->first, unit);
}

void sgp_request_distress(sgp_request *r, const char *unit, const char *reason) {
    BEGIN(r, distress, RAISE_DISTRESS, raise_distress, sigap__v1__raise_distress__init);
    r->body.distress.unit_code = KEEP(r->first, unit);
    r->body.distress.reason = KEEP(r->third, reason);
}

void sgp_request_safe(sgp_request *r, const char *unit, const char *reason) {
    BEGIN(r, clear, CLEAR_DISTRESS, clear_distress, sigap__v1__clear_distress__init);
    r->body.clear.unit_code = KEEP(r->first, unit);
    r->body.clear.reason = KEEP(r->third, reason);
}

void sgp_request_move_up(sgp_request *r, const char *unit, const char *station) {
    BEGIN(r, move_up, ORDER_MOVE_UP, order_move_up, sigap__v1__order_move_up__init);
    r->body.move_up.unit_code = KEEP(r->first, unit);
    r->body.move_up.station = KEEP(r->fourth, station);
}

void sgp_request_end_move_up(sgp_request *r, const char *unit, const char *reason) {
    BEGIN(r, end_move_up, END_MOVE_UP, end_move_up, sigap__v1__end_move_up__init);
    r->body.end_move_up.unit_code = KEEP(r->first, unit);
    r->body.end_move_up.reason = KEEP(r->third, reason);
}

void sgp_request_answer_move_up(sgp_request *r, const char *unit, uint64_t move_up, bool accept) {
    BEGIN(r, answer_move_up, ANSWER_MOVE_UP, answer_move_up, sigap__v1__answer_move_up__init);
    r->body.answer_move_up.unit_code = KEEP(r->first, unit);
    r->body.answer_move_up.move_up_id = move_up;
    r->body.answer_move_up.accept = accept;
}

/* ---- calls and incidents -------------------------------------------------------------------- */

void sgp_request_alarm(sgp_request *r, uint64_t incident, unsigned alarm) {
    sgp_request_triage(r, incident, 0, "", 0);
    r->body.triage.alarm = alarm;
}

void sgp_request_judge(sgp_request *r, uint64_t call, Sigap__V1__Outcome outcome) {
    BEGIN(r, judge, JUDGE_CALL, judge_call, sigap__v1__judge_call__init);
    r->body.judge.call_id = call;
    r->body.judge.outcome = outcome;
}

void sgp_request_mark(sgp_request *r, uint64_t call, bool lift, int hours) {
    BEGIN(r, mark, MARK_NUMBER, mark_number, sigap__v1__mark_number__init);
    r->body.mark.call_id = call;
    r->body.mark.lift = lift;
    r->body.mark.hours = hours;
}

void sgp_request_dismiss(sgp_request *r, uint64_t call, uint64_t incident) {
    BEGIN(r, dismiss, DISMISS_ALIKE, dismiss_alike, sigap__v1__dismiss_alike__init);
    r->body.dismiss.call_id = call;
    r->body.dismiss.incident_id = incident;
}

void sgp_request_answer_question(sgp_request *r, uint64_t incident, const char *question,
                                 const char *answer) {
    BEGIN(r, answer_question, ANSWER_QUESTION, answer_question, sigap__v1__answer_question__init);
    r->body.answer_question.incident_id = incident;
    r->body.answer_question.question = KEEP(r->first, question);
    r->body.answer_question.answer = KEEP(r->second, answer);
}

void sgp_request_answer_alert(sgp_request *r, uint64_t incident, const char *agency, bool accept,
                              const char *reason) {
    BEGIN(r, answer_alert, ANSWER_ALERT, answer_alert, sigap__v1__answer_alert__init);
    r->body.answer_alert.incident_id = incident;
    r->body.answer_alert.agency = KEEP(r->first, agency);
    r->body.answer_alert.accept = accept;
    r->body.answer_alert.reason = KEEP(r->third, reason);
}

void sgp_request_note(sgp_request *r, uint64_t incident, const char *text) {
    BEGIN(r, note, ADD_NOTE, add_note, sigap__v1__add_note__init);
    r->body.note.incident_id = incident;
    r->body.note.text = KEEP(r->first, text);
}

void sgp_request_premise(sgp_request *r, uint64_t incident, int kind, const char *text) {
    BEGIN(r, premise, SET_PREMISE, set_premise, sigap__v1__set_premise__init);
    r->body.premise.incident_id = incident;
    r->body.premise.kind = (Sigap__V1__PremiseKind)kind;
    r->body.premise.text = KEEP(r->first, text);
}

void sgp_request_no_premise(sgp_request *r, uint64_t id, uint64_t version) {
    BEGIN(r, no_premise, REMOVE_PREMISE, remove_premise, sigap__v1__remove_premise__init);
    r->body.no_premise.id = id;
    r->body.no_premise.version = version;
}

void sgp_request_locate(sgp_request *r, uint64_t call) {
    BEGIN(r, locate, LOCATE_CALL, locate_call, sigap__v1__locate_call__init);
    r->body.locate.call_id = call;
}

void sgp_request_text_caller(sgp_request *r, uint64_t call, const char *text) {
    BEGIN(r, text_caller, SAY_TO_CALLER, say_to_caller, sigap__v1__say_to_caller__init);
    r->body.text_caller.call_id = call;
    r->body.text_caller.text = KEEP(r->first, text);
}

void sgp_request_read_words(sgp_request *r, uint64_t call, uint64_t seq) {
    BEGIN(r, read_words, READ_MESSAGES, read_messages, sigap__v1__read_messages__init);
    r->body.read_words.call_id = call;
    r->body.read_words.seq = seq;
}

void sgp_request_take(sgp_request *r, uint64_t ring, bool give_back) {
    BEGIN(r, take, TAKE_RING, take_ring, sigap__v1__take_ring__init);
    r->body.take.ring_id = ring;
    r->body.take.give_back = give_back;
}

void sgp_request_call_back(sgp_request *r, uint64_t ring, int outcome) {
    BEGIN(r, call_back, CALL_BACK, call_back, sigap__v1__call_back__init);
    r->body.call_back.ring_id = ring;
    r->body.call_back.outcome = (Sigap__V1__CallBackState)outcome;
}

/* ---- hospitals ------------------------------------------------------------------------------- */

void sgp_request_hospital(sgp_request *r, const char *hospital, uint64_t version,
                          const char *reason) {
    BEGIN(r, hospital, TELL_HOSPITAL, tell_hospital, sigap__v1__tell_hospital__init);
    r->body.hospital.hospital_code = KEEP(r->first, hospital);
    r->body.hospital.version = version;
    r->body.hospital.reason = KEEP(r->third, reason);
}

void sgp_request_patient(sgp_request *r, uint64_t assignment, int colour, bool told,
                         uint32_t needs) {
    BEGIN(r, patient, TELL_PATIENT, tell_patient, sigap__v1__tell_patient__init);
    r->body.patient.assignment_id = assignment;
    r->body.patient.colour = (Sigap__V1__ColourOfTriage)colour;
    if (told) {
        r->body.patient.told_case = SIGAP__V1__TELL_PATIENT__TOLD_NEEDS;
        r->body.patient.needs = needs;
    }
}

void sgp_request_ask_hospital(sgp_request *r, uint64_t assignment) {
    BEGIN(r, ask_hospital, ASK_HOSPITAL, ask_hospital, sigap__v1__ask_hospital__init);
    r->body.ask_hospital.assignment_id = assignment;
}

void sgp_request_choose_hospital(sgp_request *r, uint64_t assignment, const char *hospital) {
    BEGIN(r, choose_hospital, CHOOSE_HOSPITAL, choose_hospital, sigap__v1__choose_hospital__init);
    r->body.choose_hospital.assignment_id = assignment;
    r->body.choose_hospital.hospital_code = KEEP(r->first, hospital);
}

void sgp_request_transfer(sgp_request *r, const char *from, const char *to, int64_t at_ms,
                          const char *unit) {
    BEGIN(r, transfer, ASK_TRANSFER, ask_transfer, sigap__v1__ask_transfer__init);
    r->body.transfer.from_code = KEEP(r->first, from);
    r->body.transfer.to_code = KEEP(r->second, to);
    r->body.transfer.pick_up_at_ms = at_ms;
    r->body.transfer.unit_code = KEEP(r->third, unit);
}

void sgp_request_change_transfer(sgp_request *r, uint64_t id, uint64_t version, int64_t at_ms,
                                 bool other_unit, const char *unit) {
    BEGIN(r, change_transfer, CHANGE_TRANSFER, change_transfer, sigap__v1__change_transfer__init);
    r->body.change_transfer.transfer_id = id;
    r->body.change_transfer.version = version;
    r->body.change_transfer.pick_up_at_ms = at_ms;
    r->body.change_transfer.other_unit = other_unit;
    r->body.change_transfer.unit_code = KEEP(r->first, unit);
}

void sgp_request_cancel_transfer(sgp_request *r, uint64_t id, uint64_t version,
                                 const char *reason) {
    BEGIN(r, cancel_transfer, CANCEL_TRANSFER, cancel_transfer, sigap__v1__cancel_transfer__init);
    r->body.cancel_transfer.transfer_id = id;
    r->body.cancel_transfer.version = version;
    r->body.cancel_transfer.reason = KEEP(r->third, reason);
}

/* ---- the city ---------------------------------------------------------------------------------
 */

void sgp_request_close_road(sgp_request *r, int64_t way, double lon, double lat, int radius_m,
                            const char *reason) {
    BEGIN(r, close_road, CLOSE_ROAD, close_road, sigap__v1__close_road__init);
    sigap__v1__road_closure__init(&r->closure);
    sigap__v1__point__init(&r->point);
    r->closure.way = way;
    if (way == 0) {
        r->point.lon = lon;
        r->point.lat = lat;
        r->closure.point = &r->point;
        r->closure.radius_m = radius_m;
    }
    r->closure.reason = KEEP(r->third, reason);
    r->body.close_road.closure = &r->closure;
}

void sgp_request_open_road(sgp_request *r, uint64_t closure, int64_t way) {
    BEGIN(r, open_road, OPEN_ROAD, open_road, sigap__v1__open_road__init);
    r->body.open_road.closure_id = closure;
    r->body.open_road.way = way;
}

void sgp_request_hold(sgp_request *r, uint64_t incident, bool release) {
    BEGIN(r, hold, TAKE_INCIDENT, take_incident, sigap__v1__take_incident__init);
    r->body.hold.incident_id = incident;
    r->body.hold.release = release;
    r->body.hold.take_over = !release;
}

void sgp_request_hand_over(sgp_request *r, const char *to, const char *note) {
    BEGIN(r, hand_over, HAND_OVER, hand_over, sigap__v1__hand_over__init);
    r->body.hand_over.to = KEEP(r->third, to);
    r->body.hand_over.note = KEEP(r->first, note);
}

void sgp_request_reload(sgp_request *r) {
    BEGIN(r, reload, RELOAD, reload, sigap__v1__reload__init);
}

void sgp_request_city(sgp_request *r) {
    BEGIN(r, city, SWITCH_CITY, switch_city, sigap__v1__switch_city__init);
}

/* ---- in words ----------------------------------------------------------------------------------
 */

static char *about_unit(sgp_language language, sgp_text key, const char *unit, const char *what,
                        char *out, size_t capacity) {
    return sgp_text_fill(out, capacity, language, key, "unit", unit, "what", what, NULL);
}

static char *about_number(sgp_language language, sgp_text key, uint64_t number, const char *what,
                          char *out, size_t capacity) {
    char text[24];
    snprintf(text, sizeof text, "%" PRIu64, number);
    return sgp_text_fill(out, capacity, language, key, "number", text, "what", what, NULL);
}

static const char *unit_of(const sgp_board *board, uint64_t assignment) {
    const Sigap__V1__Assignment *found = sgp_board_assignment(board, assignment);
    return found != NULL ? found->unit_code : "?";
}

char *sgp_request_text_more(sgp_language language, const sgp_board *board,
                            const Sigap__V1__Frame *frame, char *out, size_t capacity) {
    switch (frame->body_case) {
    case SIGAP__V1__FRAME__BODY_ANSWER_WELFARE:
        return about_unit(language, SGP_TEXT_CON_DO_WELL, frame->answer_welfare->unit_code, "", out,
                          capacity);
    case SIGAP__V1__FRAME__BODY_RAISE_DISTRESS:
        return about_unit(language, SGP_TEXT_CON_DO_DISTRESS, frame->raise_distress->unit_code, "",
                          out, capacity);
    case SIGAP__V1__FRAME__BODY_CLEAR_DISTRESS:
        return about_unit(language, SGP_TEXT_CON_DO_SAFE, frame->clear_distress->unit_code, "", out,
                          capacity);
    case SIGAP__V1__FRAME__BODY_ORDER_MOVE_UP:
        return about_unit(language, SGP_TEXT_CON_DO_MOVE_UP, frame->order_move_up->unit_code,
                          frame->order_move_up->station, out, capacity);
    case SIGAP__V1__FRAME__BODY_END_MOVE_UP:
    case SIGAP__V1__FRAME__BODY_ANSWER_MOVE_UP:
        return about_unit(language, SGP_TEXT_CON_DO_MOVE_UP_END,
                          frame->body_case == SIGAP__V1__FRAME__BODY_END_MOVE_UP
                              ? frame->end_move_up->unit_code
                              : frame->answer_move_up->unit_code,
                          "", out, capacity);
    case SIGAP__V1__FRAME__BODY_JUDGE_CALL:
        return about_number(language, SGP_TEXT_CON_DO_JUDGE, frame->judge_call->call_id,
                            sgp_outcome_text(language, (int)frame->judge_call->outcome), out,
                            capacity);
    case SIGAP__V1__FRAME__BODY_MARK_NUMBER:
        return about_number(
            language, frame->mark_number->lift ? SGP_TEXT_CON_DO_UNMARK : SGP_TEXT_CON_DO_MARK,
            frame->mark_number->call_id, "", out, capacity);
    case SIGAP__V1__FRAME__BODY_DISMISS_ALIKE:
        return about_number(language, SGP_TEXT_CON_DO_DISMISS, frame->dismiss_alike->incident_id,
                            "", out, capacity);
    case SIGAP__V1__FRAME__BODY_ANSWER_QUESTION:
        return about_number(language, SGP_TEXT_CON_DO_ANSWER, frame->answer_question->incident_id,
                            frame->answer_question->answer, out, capacity);
    case SIGAP__V1__FRAME__BODY_ANSWER_ALERT:
        return about_number(language, SGP_TEXT_CON_DO_REPLY, frame->answer_alert->incident_id,
                            frame->answer_alert->agency, out, capacity);
    case SIGAP__V1__FRAME__BODY_SAY_TO_CALLER:
        return about_number(language, SGP_TEXT_CON_DO_TEXT, frame->say_to_caller->call_id, "", out,
                            capacity);
    case SIGAP__V1__FRAME__BODY_READ_MESSAGES:
        return about_number(language, SGP_TEXT_CON_DO_READ, frame->read_messages->call_id, "", out,
                            capacity);
    case SIGAP__V1__FRAME__BODY_ADD_NOTE:
        return about_number(language, SGP_TEXT_CON_DO_NOTE, frame->add_note->incident_id, "", out,
                            capacity);
    case SIGAP__V1__FRAME__BODY_SET_PREMISE:
        return about_number(language, SGP_TEXT_CON_DO_PREMISE, frame->set_premise->incident_id, "",
                            out, capacity);
    case SIGAP__V1__FRAME__BODY_REMOVE_PREMISE:
        return about_number(language, SGP_TEXT_CON_DO_NO_PREMISE, frame->remove_premise->id, "",
                            out, capacity);
    case SIGAP__V1__FRAME__BODY_LOCATE_CALL:
        return about_number(language, SGP_TEXT_CON_DO_LOCATE, frame->locate_call->call_id, "", out,
                            capacity);
    case SIGAP__V1__FRAME__BODY_TAKE_RING:
        return about_number(language,
                            frame->take_ring->give_back ? SGP_TEXT_CON_DO_GIVE_BACK
                                                        : SGP_TEXT_CON_DO_TAKE,
                            frame->take_ring->ring_id, "", out, capacity);
    case SIGAP__V1__FRAME__BODY_TAKE_INCIDENT:
        return about_number(language,
                            frame->take_incident->release ? SGP_TEXT_CON_DO_RELEASE
                                                          : SGP_TEXT_CON_DO_HOLD,
                            frame->take_incident->incident_id, "", out, capacity);
    case SIGAP__V1__FRAME__BODY_HAND_OVER:
        return sgp_text_fill(out, capacity, language, SGP_TEXT_CON_DO_HAND_OVER, NULL);
    case SIGAP__V1__FRAME__BODY_CALL_BACK:
        return about_number(language, SGP_TEXT_CON_DO_CALL_BACK, frame->call_back->ring_id, "", out,
                            capacity);
    case SIGAP__V1__FRAME__BODY_TELL_HOSPITAL:
        return about_unit(language, SGP_TEXT_CON_DO_HOSPITAL, frame->tell_hospital->hospital_code,
                          "", out, capacity);
    case SIGAP__V1__FRAME__BODY_TELL_PATIENT:
        return about_unit(language, SGP_TEXT_CON_DO_PATIENT,
                          unit_of(board, frame->tell_patient->assignment_id), "", out, capacity);
    case SIGAP__V1__FRAME__BODY_ASK_HOSPITAL:
        return about_unit(language, SGP_TEXT_CON_DO_ASK_HOSPITAL,
                          unit_of(board, frame->ask_hospital->assignment_id), "", out, capacity);
    case SIGAP__V1__FRAME__BODY_CHOOSE_HOSPITAL:
        return about_unit(language, SGP_TEXT_CON_DO_BRING,
                          unit_of(board, frame->choose_hospital->assignment_id),
                          frame->choose_hospital->hospital_code, out, capacity);
    case SIGAP__V1__FRAME__BODY_ASK_TRANSFER:
        return about_unit(language, SGP_TEXT_CON_DO_TRANSFER, frame->ask_transfer->from_code,
                          frame->ask_transfer->to_code, out, capacity);
    case SIGAP__V1__FRAME__BODY_CHANGE_TRANSFER:
        return about_number(language, SGP_TEXT_CON_DO_CHANGE_TRANSFER,
                            frame->change_transfer->transfer_id, "", out, capacity);
    case SIGAP__V1__FRAME__BODY_CANCEL_TRANSFER:
        return about_number(language, SGP_TEXT_CON_DO_CANCEL_TRANSFER,
                            frame->cancel_transfer->transfer_id, "", out, capacity);
    case SIGAP__V1__FRAME__BODY_CLOSE_ROAD:
        return sgp_text_fill(out, capacity, language, SGP_TEXT_CON_DO_CLOSE_ROAD, NULL);
    case SIGAP__V1__FRAME__BODY_OPEN_ROAD:
        return sgp_text_fill(out, capacity, language, SGP_TEXT_CON_DO_OPEN_ROAD, NULL);
    case SIGAP__V1__FRAME__BODY_RELOAD:
        return sgp_text_fill(out, capacity, language, SGP_TEXT_CON_DO_RELOAD, NULL);
    default:
        return sgp_request_text_admin(language, frame, out, capacity) != NULL
                   ? out
                   : sgp_text_fill(out, capacity, language, SGP_TEXT_CON_DO_OTHER, NULL);
    }
}
