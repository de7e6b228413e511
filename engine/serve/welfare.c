/* Crews that may be in danger: what they and dispatchers say becomes events; alarms go out. */
#include <string.h>

#include "serve/engine_parts.h"

static sgp_err take_reason(const char *reason, char out[SGP_NAME_BYTES], sgp_fault *fault) {
    if (strlen(reason) >= SGP_NAME_BYTES)
        return sgp_fail(fault, SGP_E_ARGUMENT, "reason is longer than %d bytes",
                        SGP_NAME_BYTES - 1);
    strcpy(out, reason);
    return SGP_OK;
}

sgp_err sgp_welfare_event(const sgp_engine *engine, const Sigap__V1__Frame *frame, const char *code,
                          sgp_event *event, sgp_fault *fault) {
    const sgp_unit *unit = sgp_world_unit_by_code(engine->world, code);
    if (unit == NULL)
        return sgp_fail(fault, SGP_E_NOT_FOUND, "no unit is called %s", code);
    if (frame->body_case == SIGAP__V1__FRAME__BODY_ANSWER_WELFARE) {
        event->kind = SGP_EVENT_WELFARE_ANSWERED;
        event->u.welfare.assignment = unit->assignment;
        return unit->assignment != 0 ? SGP_OK
                                     : sgp_fail(fault, SGP_E_STATE, "%s is on no incident", code);
    }
    event->kind = SGP_EVENT_DISTRESS;
    strcpy(event->u.distress.unit, unit->code);
    if (frame->body_case == SIGAP__V1__FRAME__BODY_RAISE_DISTRESS)
        return take_reason(frame->raise_distress->reason, event->u.distress.reason, fault);
    event->u.distress.cleared = true;
    if (frame->clear_distress->reason[0] == '\0')
        return sgp_fail(fault, SGP_E_ARGUMENT, "why is the distress over? a reason is needed");
    return take_reason(frame->clear_distress->reason, event->u.distress.reason, fault);
}

/* The unit that the event is about; NULL: about none, or nothing that its crew has to know. */
static const char *told_unit(const sgp_event *event) {
    switch (event->kind) {
    case SGP_EVENT_DISTRESS:
        return event->u.distress.unit;
    case SGP_EVENT_UNIT_DUTY:
        return event->u.duty.unit;
    case SGP_EVENT_CREW_SIGNED_ON:
        return event->u.signed_on.unit;
    default:
        return NULL;
    }
}

void sgp_push_own_unit(sgp_engine *engine, const sgp_event *event, const sgp_input *input) {
    const char *code = told_unit(event);
    const sgp_unit *unit = code != NULL ? sgp_world_unit_by_code(engine->world, code) : NULL;
    if (unit == NULL ||
        (input != NULL && input->session != 0 && input->session == engine->crew[unit->index]))
        return;
    Sigap__V1__Unit *message = sgp_unit_to_proto(engine->world, unit->index);
    if (message == NULL)
        return;
    Sigap__V1__Update update = SIGAP__V1__UPDATE__INIT;
    update.event_seq = event->seq;
    update.at_ms = event->at_ms;
    update.units = &message;
    update.n_units = 1;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_UPDATE;
    frame.update = &update;
    sgp_outbox_put(engine, SGP_TO_UNIT, unit->index, &frame);
    sigap__v1__unit__free_unpacked(message, NULL);
}

void sgp_push_alarm(sgp_engine *engine, uint32_t index, sgp_id assignment) {
    const sgp_unit *unit = sgp_world_unit(engine->world, index);
    const sgp_assignment *on = sgp_world_assignment(engine->world, unit->assignment);
    sgp_log(SGP_LOG_WARN, assignment == 0 ? "distress" : "crew_does_not_answer",
            "unit=%s incident=%llu", SGP_Q(unit->code),
            (unsigned long long)(on != NULL ? on->incident : 0));
    if (assignment == 0 || on == NULL)
        return;
    Sigap__V1__WelfareCheck check = SIGAP__V1__WELFARE_CHECK__INIT;
    check.assignment_id = assignment;
    check.alarms = on->welfare_alarms;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_WELFARE_CHECK;
    frame.welfare_check = &check;
    sgp_outbox_put(engine, SGP_TO_UNIT, index, &frame);
}
