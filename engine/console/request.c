#include "console/request_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "apps/narrator.h"

void sgp_request_order(sgp_request *r, uint64_t incident, const char *unit, bool divert) {
    BEGIN(r, order, ORDER_UNIT, order_unit, sigap__v1__order_unit__init);
    r->body.order.incident_id = incident;
    r->body.order.unit_code = KEEP(r->first, unit);
    r->body.order.divert = divert;
}

void sgp_request_stand_down(sgp_request *r, uint64_t assignment, const char *reason) {
    BEGIN(r, stand_down, STAND_DOWN, stand_down, sigap__v1__stand_down__init);
    r->body.stand_down.assignment_id = assignment;
    r->body.stand_down.reason = KEEP(r->third, reason);
}

void sgp_request_close(sgp_request *r, uint64_t incident, Sigap__V1__Outcome outcome) {
    BEGIN(r, close, CLOSE_INCIDENT, close_incident, sigap__v1__close_incident__init);
    r->body.close.incident_id = incident;
    r->body.close.outcome = outcome;
}

void sgp_request_triage(sgp_request *r, uint64_t incident, int priority, const char *complaint,
                        unsigned units) {
    BEGIN(r, triage, TRIAGE, triage, sigap__v1__triage__init);
    r->body.triage.incident_id = incident;
    r->body.triage.priority = (Sigap__V1__Priority)priority;
    r->body.triage.complaint = KEEP(r->third, complaint);
    r->body.triage.units_wanted = units;
}

void sgp_request_duty(sgp_request *r, const char *unit, bool on_duty) {
    BEGIN(r, duty, SET_DUTY, set_duty, sigap__v1__set_duty__init);
    r->body.duty.unit_code = KEEP(r->first, unit);
    r->body.duty.on_duty = on_duty;
}

void sgp_request_answer(sgp_request *r, uint64_t assignment, bool accept, const char *reason) {
    BEGIN(r, answer, ANSWER_ORDER, answer_order, sigap__v1__answer_order__init);
    r->body.answer.assignment_id = assignment;
    r->body.answer.accept = accept;
    r->body.answer.reason = KEEP(r->third, reason);
}

void sgp_request_advance(sgp_request *r, uint64_t assignment, Sigap__V1__AssignmentState state,
                         const char *hospital) {
    BEGIN(r, advance, ADVANCE_ASSIGNMENT, advance_assignment, sigap__v1__advance_assignment__init);
    r->body.advance.assignment_id = assignment;
    r->body.advance.state = state;
    r->body.advance.hospital_code = KEEP(r->third, hospital);
}

void sgp_request_choose(sgp_request *r, uint64_t incident, Sigap__V1__Place *place) {
    BEGIN(r, choose, CHOOSE_PLACE, choose_place, sigap__v1__choose_place__init);
    r->body.choose.incident_id = incident;
    r->body.choose.place = place;
}

void sgp_request_narrow(sgp_request *r, uint64_t call, const char *text) {
    BEGIN(r, narrow, NARROW_PLACE, narrow_place, sigap__v1__narrow_place__init);
    r->body.narrow.call_id = call;
    r->body.narrow.text = KEEP(r->first, text);
}

void sgp_request_link(sgp_request *r, uint64_t call, uint64_t incident) {
    BEGIN(r, link, LINK_CALL, link_call, sigap__v1__link_call__init);
    r->body.link.call_id = call;
    r->body.link.incident_id = incident;
}

void sgp_request_backup(sgp_request *r, uint64_t incident, int kind, unsigned units) {
    BEGIN(r, backup, ASK_BACKUP, ask_backup, sigap__v1__ask_backup__init);
    r->kind = (Sigap__V1__UnitKind)kind;
    r->body.backup.incident_id = incident;
    r->body.backup.kinds = &r->kind;
    r->body.backup.n_kinds = kind != 0;
    r->body.backup.units = units;
    r->body.backup.reason = KEEP(r->third, "");
}

void sgp_request_aid(sgp_request *r, uint64_t incident, bool ended) {
    BEGIN(r, aid, ASK_AID, ask_aid, sigap__v1__ask_aid__init);
    r->body.aid.incident_id = incident;
    r->body.aid.ended = ended;
}

void sgp_request_mass(sgp_request *r, uint64_t incident, unsigned patients) {
    BEGIN(r, mass, DECLARE_MASS_CASUALTY, declare_mass_casualty,
          sigap__v1__declare_mass_casualty__init);
    r->body.mass.incident_id = incident;
    r->body.mass.patients = patients;
}

void sgp_request_alert(sgp_request *r, uint64_t incident, const char *agency, const char *reason) {
    BEGIN(r, alert, ALERT_AGENCY, alert_agency, sigap__v1__alert_agency__init);
    r->body.alert.incident_id = incident;
    r->body.alert.agency = KEEP(r->first, agency);
    r->body.alert.reason = KEEP(r->third, reason);
}

void sgp_request_advise(sgp_request *r, uint64_t incident) {
    BEGIN(r, advise, ASK_RECOMMENDATION, ask_recommendation, sigap__v1__ask_recommendation__init);
    r->body.advise.incident_id = incident;
}

void sgp_request_find(sgp_request *r, const char *text, bool complete) {
    BEGIN(r, find, FIND_PLACE, find_place, sigap__v1__find_place__init);
    r->body.find.text = KEEP(r->first, text);
    r->body.find.complete = complete;
}

void sgp_request_get(sgp_request *r, uint64_t incident) {
    BEGIN(r, get, GET_INCIDENT, get_incident, sigap__v1__get_incident__init);
    r->body.get.incident_id = incident;
}

void sgp_request_call(sgp_request *r, const char *where, Sigap__V1__Point *point, int uncertainty_m,
                      const char *complaint, int priority, const char *number, const char *name,
                      const char *note) {
    BEGIN(r, call, REPORT_CALL, report_call, sigap__v1__report_call__init);
    r->body.call.place_text = KEEP(r->first, where);
    r->body.call.point = point;
    r->body.call.uncertainty_m = uncertainty_m;
    r->body.call.complaint = KEEP(r->third, complaint);
    r->body.call.priority = (Sigap__V1__Priority)priority;
    r->body.call.channel = (char *)"console";
    /* One room for both: a number is short. */
    char *second = KEEP(r->fourth, number);
    r->body.call.caller_number = second;
    size_t used = strlen(second) + 1;
    r->body.call.caller_name = used < sizeof r->fourth
                                   ? keep(r->fourth + used, sizeof r->fourth - used, name)
                                   : r->fourth + used - 1;
    r->body.call.narrative = KEEP(r->second, note);
}

/* ---- in words -------------------------------------------------------------------- */

static const char *unit_of(const sgp_board *board, uint64_t assignment) {
    const Sigap__V1__Assignment *found = sgp_board_assignment(board, assignment);
    return found != NULL ? found->unit_code : "?";
}

static void triage_text(sgp_language language, const Sigap__V1__Triage *triage, char *out,
                        size_t capacity) {
    if (triage->priority != 0)
        snprintf(out, capacity, "%s", sgp_priority_text(language, (int)triage->priority));
    else if (triage->complaint[0] != '\0')
        snprintf(out, capacity, "%s", sgp_complaint_text(language, triage->complaint));
    else
        snprintf(out, capacity, "%u", triage->units_wanted);
}

static char *status_text(sgp_language language, const sgp_board *board, uint64_t assignment,
                         int state, char *out, size_t capacity) {
    return sgp_text_fill(out, capacity, language, SGP_TEXT_CON_DO_STATUS, "unit",
                         unit_of(board, assignment), "state",
                         sgp_assignment_state_text(language, state), NULL);
}

static char *with_incident(sgp_language language, sgp_text key, uint64_t incident, const char *name,
                           const char *value, char *out, size_t capacity) {
    char number[24];
    snprintf(number, sizeof number, "%" PRIu64, incident);
    return sgp_text_fill(out, capacity, language, key, "incident", number, name, value, NULL);
}

char *sgp_request_text(sgp_language language, const sgp_board *board, const Sigap__V1__Frame *frame,
                       char *out, size_t capacity) {
    char text[256], number[24];
    switch (frame->body_case) {
    case SIGAP__V1__FRAME__BODY_REPORT_CALL:
        return sgp_text_fill(out, capacity, language, SGP_TEXT_CON_DO_CALL, "place",
                             sgp_complaint_text(language, frame->report_call->complaint), NULL);
    case SIGAP__V1__FRAME__BODY_CHOOSE_PLACE:
        return with_incident(language, SGP_TEXT_CON_DO_PLACE, frame->choose_place->incident_id,
                             "place", sgp_place_text(frame->choose_place->place, text, sizeof text),
                             out, capacity);
    case SIGAP__V1__FRAME__BODY_NARROW_PLACE: {
        const Sigap__V1__Call *call = sgp_board_call(board, frame->narrow_place->call_id);
        return with_incident(language, SGP_TEXT_CON_DO_NARROW, call != NULL ? call->incident_id : 0,
                             "", "", out, capacity);
    }
    case SIGAP__V1__FRAME__BODY_LINK_CALL:
        snprintf(number, sizeof number, "%" PRIu64, frame->link_call->call_id);
        return with_incident(language, SGP_TEXT_CON_DO_LINK, frame->link_call->incident_id, "call",
                             number, out, capacity);
    case SIGAP__V1__FRAME__BODY_TRIAGE:
        triage_text(language, frame->triage, text, sizeof text);
        return with_incident(language, SGP_TEXT_CON_DO_TRIAGE, frame->triage->incident_id, "what",
                             text, out, capacity);
    case SIGAP__V1__FRAME__BODY_ASK_RECOMMENDATION:
        return with_incident(language, SGP_TEXT_CON_DO_ADVISE,
                             frame->ask_recommendation->incident_id, "", "", out, capacity);
    case SIGAP__V1__FRAME__BODY_ORDER_UNIT:
        return with_incident(language,
                             frame->order_unit->divert         ? SGP_TEXT_CON_DO_DIVERT
                             : frame->order_unit->unit_code[0] ? SGP_TEXT_CON_DO_ORDER
                                                               : SGP_TEXT_CON_DO_ORDER_BEST,
                             frame->order_unit->incident_id, "unit", frame->order_unit->unit_code,
                             out, capacity);
    case SIGAP__V1__FRAME__BODY_STAND_DOWN:
        return sgp_text_fill(out, capacity, language, SGP_TEXT_CON_DO_STAND_DOWN, "unit",
                             unit_of(board, frame->stand_down->assignment_id), NULL);
    case SIGAP__V1__FRAME__BODY_CLOSE_INCIDENT:
        return with_incident(
            language, SGP_TEXT_CON_DO_CLOSE, frame->close_incident->incident_id, "outcome",
            sgp_outcome_text(language, (int)frame->close_incident->outcome), out, capacity);
    case SIGAP__V1__FRAME__BODY_ASK_BACKUP:
        snprintf(number, sizeof number, "%u",
                 frame->ask_backup->units > 0 ? frame->ask_backup->units : 1);
        return with_incident(language, SGP_TEXT_CON_DO_BACKUP, frame->ask_backup->incident_id, "n",
                             number, out, capacity);
    case SIGAP__V1__FRAME__BODY_ASK_AID:
        return with_incident(language, SGP_TEXT_CON_DO_AID, frame->ask_aid->incident_id, "", "",
                             out, capacity);
    case SIGAP__V1__FRAME__BODY_DECLARE_MASS_CASUALTY:
        return with_incident(language, SGP_TEXT_CON_DO_MASS,
                             frame->declare_mass_casualty->incident_id, "", "", out, capacity);
    case SIGAP__V1__FRAME__BODY_SET_DUTY:
        return sgp_text_fill(out, capacity, language,
                             frame->set_duty->on_duty ? SGP_TEXT_CON_DO_DUTY_ON
                                                      : SGP_TEXT_CON_DO_DUTY_OFF,
                             "unit", frame->set_duty->unit_code, NULL);
    case SIGAP__V1__FRAME__BODY_ANSWER_ORDER:
        return status_text(language, board, frame->answer_order->assignment_id,
                           frame->answer_order->accept ? SIGAP__V1__ASSIGNMENT_STATE__ACCEPTED
                                                       : SIGAP__V1__ASSIGNMENT_STATE__DECLINED,
                           out, capacity);
    case SIGAP__V1__FRAME__BODY_ADVANCE_ASSIGNMENT:
        return status_text(language, board, frame->advance_assignment->assignment_id,
                           (int)frame->advance_assignment->state, out, capacity);
    case SIGAP__V1__FRAME__BODY_ALERT_AGENCY:
        return with_incident(language, SGP_TEXT_CON_DO_ALERT, frame->alert_agency->incident_id,
                             "agency", frame->alert_agency->agency, out, capacity);
    default:
        return sgp_request_text_more(language, board, frame, out, capacity);
    }
}
