/* Move-up over the wire: dispatchers send free units to wait elsewhere, crews hear it and answer.
 */
#include <string.h>

#include "core/core_proto.h"
#include "serve/engine_parts.h"

static sgp_err take_text(const char *what, const char *from, char *to, size_t capacity,
                         sgp_fault *fault) {
    if (strlen(from) >= capacity)
        return sgp_fail(fault, SGP_E_ARGUMENT, "%s is longer than %zu bytes", what, capacity - 1);
    strcpy(to, from);
    return SGP_OK;
}

/* The station as its units have it, capitals aside. */
static const sgp_unit *unit_at(const sgp_world *world, const char *station) {
    for (uint32_t i = 0; i < sgp_world_units(world); i++) {
        const sgp_unit *unit = sgp_world_unit(world, i);
        if (strcasecmp(unit->station, station) == 0)
            return unit;
    }
    return NULL;
}

sgp_err sgp_move_up_event(sgp_session *session, const Sigap__V1__OrderMoveUp *asked,
                          sgp_event *event, sgp_fault *fault) {
    sgp_engine *engine = session->engine;
    event->kind = SGP_EVENT_MOVE_UP_ORDERED;
    event->u.move_up.again = asked->again;
    sgp_err err = take_text("unit_code", asked->unit_code, event->u.move_up.unit,
                            sizeof event->u.move_up.unit, fault);
    if (err == SGP_OK)
        err = take_text("station", asked->station, event->u.move_up.name,
                        sizeof event->u.move_up.name, fault);
    if (err != SGP_OK)
        return err;
    if (asked->point != NULL) {
        if (sgp_point_from_degrees(asked->point->lon, asked->point->lat, &event->u.move_up.point) !=
            SGP_OK)
            return sgp_fail(fault, SGP_E_RANGE, "%g,%g is not a point on the earth",
                            asked->point->lon, asked->point->lat);
        if (asked->station[0] == '\0')
            snprintf(event->u.move_up.name, sizeof event->u.move_up.name, "%.5f,%.5f",
                     asked->point->lon, asked->point->lat);
    } else {
        const sgp_unit *at = unit_at(engine->world, asked->station);
        if (at == NULL)
            return sgp_fail(fault, SGP_E_NOT_FOUND, "no unit has a station called %s",
                            asked->station);
        event->u.move_up.point = at->station_point;
        memcpy(event->u.move_up.name, at->station, sizeof event->u.move_up.name);
    }
    event->u.move_up.gain_ppm =
        sgp_coverage_advised(engine, event->u.move_up.unit, event->u.move_up.point);
    return SGP_OK;
}

sgp_err sgp_move_up_end_event(const Sigap__V1__EndMoveUp *asked, sgp_event *event,
                              sgp_fault *fault) {
    event->kind = SGP_EVENT_MOVE_UP_ENDED;
    sgp_err err = take_text("unit_code", asked->unit_code, event->u.move_up_end.unit,
                            sizeof event->u.move_up_end.unit, fault);
    return err != SGP_OK ? err
                         : take_text("reason", asked->reason, event->u.move_up_end.reason,
                                     sizeof event->u.move_up_end.reason, fault);
}

sgp_err sgp_move_up_answer_event(sgp_session *session, const Sigap__V1__AnswerMoveUp *asked,
                                 sgp_event *event, sgp_fault *fault) {
    const char *code = asked->unit_code;
    event->kind = SGP_EVENT_MOVE_UP_ANSWERED;
    event->u.move_up_answer.id = asked->move_up_id;
    event->u.move_up_answer.accepted = asked->accept;
    if (session->is_crew) {
        const char *own = sgp_world_unit(session->engine->world, session->unit)->code;
        if (*code != '\0' && strcmp(code, own) != 0)
            return sgp_fail(fault, SGP_E_PERMISSION,
                            "the crew of %s may not speak for another unit", own);
        code = own;
    }
    sgp_err err = take_text("unit_code", code, event->u.move_up_answer.unit,
                            sizeof event->u.move_up_answer.unit, fault);
    return err != SGP_OK ? err
                         : take_text("reason", asked->reason, event->u.move_up_answer.reason,
                                     sizeof event->u.move_up_answer.reason, fault);
}

/* ---- the crew ------------------------------------------------------------------- */

void sgp_tell_move_up(sgp_engine *engine, sgp_outgoing_kind kind, uint64_t target, uint32_t index) {
    Sigap__V1__Unit *unit = sgp_unit_to_proto(engine->world, index);
    if (unit == NULL)
        return; /* the next login tells it */
    Sigap__V1__Post none = SIGAP__V1__POST__INIT;
    Sigap__V1__MoveUpOrder order = SIGAP__V1__MOVE_UP_ORDER__INIT;
    order.unit_code = unit->code;
    order.post = unit->post != NULL ? unit->post : &none;
    order.epoch = engine->epoch;
    order.told_seq = sgp_world_unit(engine->world, index)->post_receipt.told_seq;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_MOVE_UP_ORDER;
    frame.move_up_order = &order;
    sgp_outbox_put(engine, kind, target, &frame);
    protobuf_c_message_free_unpacked(&unit->base, NULL);
}

void sgp_push_move_up(sgp_engine *engine, uint32_t unit) {
    sgp_tell_move_up(engine, SGP_TO_UNIT, unit, unit);
    const sgp_post *post = &sgp_world_unit(engine->world, unit)->post;
    sgp_log(SGP_LOG_INFO, "move_up", "unit=%s state=%s gain_ppm=%d",
            SGP_Q(sgp_world_unit(engine->world, unit)->code), sgp_post_state_str(post->state),
            post->gain_ppm);
}

void sgp_answer_open_move_up(sgp_session *session) {
    const sgp_unit *unit = sgp_world_unit(session->engine->world, session->unit);
    if (sgp_post_is_on(&unit->post) || sgp_post_is_unheard(unit))
        sgp_tell_move_up(session->engine, SGP_TO_SESSION, session->id, unit->index);
}
