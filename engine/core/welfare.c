#include "core/welfare.h"

#include "core/effects.h"

enum { DISTRESS_AGAIN_MS = 60 * 1000 };

static int64_t due_of(const sgp_unit_node *unit) {
    int64_t due_ms = unit->view.distress_due_ms ? unit->view.distress_due_ms : INT64_MAX;
    if (unit->on && unit->on->view.welfare_due_ms && unit->on->view.welfare_due_ms < due_ms)
        due_ms = unit->on->view.welfare_due_ms;
    return due_ms;
}

void sgp_welfare_find_due(sgp_world *world) {
    world->welfare_due_ms = INT64_MAX;
    for (uint32_t i = 0; i < world->n_units; i++) {
        int64_t due_ms = due_of(&world->units[i]);
        if (due_ms < world->welfare_due_ms)
            world->welfare_due_ms = due_ms;
    }
}

/* The other crews at the place. */
static bool is_alone(const sgp_world *world, const sgp_incident *incident, sgp_id assignment) {
    for (uint32_t i = 0; i < incident->n_assignments; i++) {
        const sgp_assignment *other = sgp_world_assignment(world, incident->assignments[i]);
        if (other->id != assignment && other->state == SGP_ASSIGNMENT_ON_SCENE)
            return false;
    }
    return true;
}

static void take_shorter(int32_t ms, int32_t *interval_ms) {
    if (ms && (!*interval_ms || ms < *interval_ms))
        *interval_ms = ms;
}

/* 0 = the crew is not asked. */
static int32_t interval_of(const sgp_world *world, const sgp_assignment *on) {
    const sgp_rules *rules = &world->clocks.rules;
    const sgp_incident *incident = sgp_world_incident(world, on->incident);
    int32_t interval_ms = rules->welfare_ms[incident->priority];
    if (world->units[on->unit].view.kind == SGP_UNIT_MOTORBIKE && is_alone(world, incident, on->id))
        take_shorter(rules->welfare_alone_ms, &interval_ms);
    if (sgp_complaint_is_dangerous(incident->complaint))
        take_shorter(rules->welfare_danger_ms, &interval_ms);
    return interval_ms;
}

/* `due_ms` 0: no more. */
static void set_due(sgp_world *world, sgp_assignment *on, int64_t due_ms) {
    int64_t before_ms = on->welfare_due_ms;
    on->welfare_due_ms = due_ms;
    if (due_ms && due_ms < world->welfare_due_ms)
        world->welfare_due_ms = due_ms;
    else if (before_ms && before_ms == world->welfare_due_ms)
        sgp_welfare_find_due(world);
}

void sgp_welfare_follow(sgp_step *step, sgp_assignment_node *assignment) {
    sgp_assignment *on = &assignment->view;
    int32_t interval_ms = on->state == SGP_ASSIGNMENT_ON_SCENE ? interval_of(step->world, on) : 0;
    on->welfare_alarms = 0;
    if (interval_ms || on->welfare_due_ms)
        set_due(step->world, on, interval_ms ? on->at_ms[on->state] + interval_ms : 0);
}

static sgp_err alarm(sgp_step *step, uint32_t unit, sgp_id assignment) {
    sgp_effect *effect = sgp_effects_add(step->effects, SGP_EFFECT_ALARM);
    if (!effect)
        return SGP_E_MEMORY;
    effect->u.alarm.unit = unit;
    effect->u.alarm.assignment = assignment;
    return SGP_OK;
}

/* ---- events ------------------------------------------------------------------ */

sgp_err sgp_distress(sgp_step *step) {
    const char *code = step->event->u.distress.unit;
    sgp_world *world = step->world;
    int64_t now_ms = step->event->at_ms;
    sgp_unit_node *unit = sgp_world_find_unit(world, code);
    if (!unit)
        return sgp_fail(&step->fault, SGP_E_NOT_FOUND, "no unit is called %s", code);
    if (step->event->u.distress.cleared) {
        if (!unit->view.distress_at_ms)
            return sgp_fail(&step->fault, SGP_E_STATE, "the crew of %s is not in distress", code);
        unit->view.distress_at_ms = unit->view.distress_due_ms = 0;
        sgp_welfare_find_due(world);
        sgp_err err = sgp_touch_unit(step, unit);
        if (!err && unit->view.on_duty && !unit->view.assignment)
            err = sgp_unit_became_available(step, unit->view.index);
        return err;
    }
    /* Pressed again it is the same distress, told again. */
    if (!unit->view.distress_at_ms)
        unit->view.distress_at_ms = now_ms;
    unit->view.distress_due_ms = now_ms + DISTRESS_AGAIN_MS;
    sgp_welfare_find_due(world);
    if (unit->on) {
        step->reply.assignment = unit->on->view.id;
        step->reply.incident = unit->on->view.incident;
    }
    sgp_err err = sgp_touch_unit(step, unit);
    return err ? err : alarm(step, unit->view.index, 0);
}

sgp_err sgp_welfare_answered(sgp_step *step) {
    sgp_id id = step->event->u.welfare.assignment;
    sgp_assignment_node *assignment = sgp_world_find_assignment(step->world, id);
    if (!assignment)
        return sgp_fail(&step->fault, SGP_E_NOT_FOUND, "there is no assignment %llu",
                        (unsigned long long)id);
    sgp_assignment *on = &assignment->view;
    if (on->state != SGP_ASSIGNMENT_ON_SCENE)
        return sgp_fail(&step->fault, SGP_E_STATE, "%s is not on scene: %s",
                        step->world->units[on->unit].view.code,
                        sgp_assignment_state_str(on->state));
    step->reply.assignment = id;
    step->reply.incident = on->incident;
    int32_t interval_ms = interval_of(step->world, on);
    on->welfare_alarms = 0;
    set_due(step->world, on, interval_ms ? step->event->at_ms + interval_ms : 0);
    return sgp_touch_assignment(step, assignment);
}

static sgp_err ask_crew(sgp_step *step, sgp_assignment_node *assignment) {
    sgp_assignment *on = &assignment->view;
    int32_t again_ms = step->world->clocks.rules.welfare_again_ms;
    on->welfare_alarms++;
    on->welfare_due_ms = again_ms ? step->event->at_ms + again_ms : 0;
    sgp_err err = sgp_touch_assignment(step, assignment);
    return err ? err : alarm(step, on->unit, on->id);
}

sgp_err sgp_welfare_timer(sgp_step *step) {
    sgp_world *world = step->world;
    int64_t now_ms = step->event->at_ms;
    sgp_err err = SGP_OK;
    if (world->welfare_due_ms > now_ms)
        return SGP_OK;
    for (uint32_t i = 0; i < world->n_units && !err; i++) {
        sgp_unit_node *unit = &world->units[i];
        if (unit->view.distress_due_ms && unit->view.distress_due_ms <= now_ms) {
            unit->view.distress_due_ms = now_ms + DISTRESS_AGAIN_MS;
            err = sgp_touch_unit(step, unit);
            if (!err)
                err = alarm(step, i, 0);
        }
        if (!err && unit->on && unit->on->view.welfare_due_ms &&
            unit->on->view.welfare_due_ms <= now_ms)
            err = ask_crew(step, unit->on);
    }
    sgp_welfare_find_due(world);
    return err;
}
