#include "core/move_up.h"

#include <stdio.h>
#include <string.h>

#include "core/edition.h"
#include "core/effects.h"
#include "core/place.h"

bool sgp_post_is_on(const sgp_post *post) {
    return post->state >= SGP_POST_ORDERED && post->state <= SGP_POST_THERE;
}

sgp_point sgp_unit_base(const sgp_unit *unit) {
    return unit->post.state == SGP_POST_THERE ? unit->post.point : unit->station_point;
}

static sgp_err tell_crew(sgp_step *step, const sgp_unit *unit) {
    sgp_effect *effect = sgp_effects_add(step->effects, SGP_EFFECT_MOVE_UP);
    if (!effect)
        return SGP_E_MEMORY;
    effect->u.move_up.unit = unit->index;
    return SGP_OK;
}

static sgp_err need_unit(sgp_step *step, const char *code, sgp_unit_node **unit) {
    *unit = sgp_world_find_unit(step->world, code);
    return *unit ? SGP_OK : sgp_fail(&step->fault, SGP_E_NOT_FOUND, "no unit is called %s", code);
}

/* Where it is, as far as anybody knows, is near enough. */
static bool stands_at(const sgp_unit *unit, sgp_point point) {
    sgp_point here = unit->at_station ? sgp_unit_base(unit) : unit->position;
    return (unit->at_station || unit->has_position) &&
           sgp_points_within(here, point, SGP_BACK_AT_STATION_M);
}

sgp_err sgp_move_up_ordered(sgp_step *step) {
    const sgp_event *event = step->event;
    sgp_unit_node *node;
    sgp_err err = need_unit(step, event->u.move_up.unit, &node);
    if (err)
        return err;
    sgp_unit *unit = &node->view;
    if (!unit->on_duty)
        return sgp_fail(&step->fault, SGP_E_STATE, "%s is off duty", unit->code);
    if (unit->assignment)
        return sgp_fail(&step->fault, SGP_E_STATE, "%s is %s for incident %llu", unit->code,
                        sgp_assignment_state_str(node->on->view.state),
                        (unsigned long long)node->on->view.incident);
    if (unit->distress_at_ms && sgp_edition_holds(step->world, 2))
        return sgp_fail(&step->fault, SGP_E_STATE, "the crew of %s is in distress", unit->code);
    if (sgp_post_is_on(&unit->post) && !event->u.move_up.again)
        return sgp_fail(&step->fault, SGP_E_STATE, "%s is sent to %s already", unit->code,
                        unit->post.name);
    if (stands_at(unit, event->u.move_up.point))
        return sgp_fail(&step->fault, SGP_E_STATE, "%s stands there already", unit->code);
    bool stood_elsewhere = unit->post.state == SGP_POST_THERE;
    unit->post = (sgp_post){.state = SGP_POST_ORDERED,
                            .id = event->seq,
                            .point = event->u.move_up.point,
                            .ordered_at_ms = event->at_ms,
                            .gain_ppm = event->u.move_up.gain_ppm};
    memcpy(unit->post.name, event->u.move_up.name, sizeof unit->post.name);
    /* It stands where it stood, but that is no station of its any more. */
    if (stood_elsewhere)
        unit->at_station = false;
    err = sgp_touch_unit(step, node);
    return err ? err : tell_crew(step, unit);
}

sgp_err sgp_move_up_answered(sgp_step *step) {
    const sgp_event *event = step->event;
    sgp_unit_node *node;
    sgp_err err = need_unit(step, event->u.move_up_answer.unit, &node);
    if (err)
        return err;
    sgp_post *post = &node->view.post;
    if (post->id != event->u.move_up_answer.id || !sgp_post_is_on(post))
        return sgp_fail(&step->fault, SGP_E_NOT_FOUND, "%s is not sent anywhere by move-up %llu",
                        node->view.code, (unsigned long long)event->u.move_up_answer.id);
    if (post->state != SGP_POST_ORDERED)
        return sgp_fail(&step->fault, SGP_E_STATE, "move-up %llu is answered already: %s",
                        (unsigned long long)post->id, sgp_post_state_str(post->state));
    post->state = event->u.move_up_answer.accepted ? SGP_POST_ACCEPTED : SGP_POST_DECLINED;
    memcpy(post->reason, event->u.move_up_answer.reason, sizeof post->reason);
    return sgp_touch_unit(step, node);
}

sgp_err sgp_move_up_ended(sgp_step *step) {
    sgp_unit_node *node;
    sgp_err err = need_unit(step, step->event->u.move_up_end.unit, &node);
    if (err)
        return err;
    if (!sgp_post_is_on(&node->view.post))
        return sgp_fail(&step->fault, SGP_E_STATE, "%s is not sent anywhere", node->view.code);
    sgp_move_up_forget(&node->view);
    memcpy(node->view.post.reason, step->event->u.move_up_end.reason,
           sizeof node->view.post.reason);
    err = sgp_touch_unit(step, node);
    return err ? err : tell_crew(step, &node->view);
}

void sgp_move_up_follow(sgp_unit *unit, int64_t now_ms) {
    sgp_post *post = &unit->post;
    if (!sgp_post_is_on(post) || !unit->on_duty || unit->assignment)
        return;
    if (post->state != SGP_POST_THERE &&
        sgp_points_within(unit->position, post->point, SGP_BACK_AT_STATION_M)) {
        post->state = SGP_POST_THERE;
        post->there_at_ms = now_ms;
    } else if (post->state == SGP_POST_THERE &&
               !sgp_points_within(unit->position, post->point, SGP_LEFT_STATION_M)) {
        post->state = SGP_POST_ACCEPTED;
    }
}

void sgp_move_up_forget(sgp_unit *unit) {
    if (unit->post.state == SGP_POST_THERE)
        unit->at_station = false;
    unit->post = (sgp_post){.state = SGP_POST_NONE};
}
