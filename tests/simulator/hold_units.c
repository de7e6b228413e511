/* Units and their crews: on duty, in distress, on scene, sent to wait elsewhere. */
#include "ledger_parts.h"

/* Whether the event is about the unit of that code. */
static bool is_about(const char *unit, const sgp_unit *now) {
    return strcmp(unit, now->code) == 0;
}

/* ---- where it is sent to wait ------------------------------------------------------ */

static bool moves_post(const sgp_event *event, const sim_unit *before, const sgp_unit *now) {
    sgp_post_state state = now->post.state;
    bool same = now->post.id == before->post_id;
    switch (event->kind) {
    case SGP_EVENT_MOVE_UP_ORDERED:
        return is_about(event->u.move_up.unit, now) && state == SGP_POST_ORDERED && !same;
    case SGP_EVENT_MOVE_UP_ANSWERED:
        return is_about(event->u.move_up_answer.unit, now) && same &&
               before->post == SGP_POST_ORDERED &&
               state == (event->u.move_up_answer.accepted ? SGP_POST_ACCEPTED : SGP_POST_DECLINED);
    case SGP_EVENT_UNIT_POSITION:
        return is_about(event->u.position.unit, now) && same &&
               (state == SGP_POST_THERE || state == SGP_POST_ACCEPTED) && !before->assignment;
    case SGP_EVENT_MOVE_UP_ENDED:
        return is_about(event->u.move_up_end.unit, now) && state == SGP_POST_NONE;
    case SGP_EVENT_UNIT_DUTY:
        return is_about(event->u.duty.unit, now) && state == SGP_POST_NONE;
    case SGP_EVENT_ASSIGNMENT_ADVANCED: /* on its way to a job */
        return state == SGP_POST_NONE;
    default:
        return false;
    }
}

static void hold_post(sim_ledger *ledger, const sgp_world *world, const sgp_event *event,
                      const sgp_effects *effects, const sim_unit *before, const sgp_unit *now) {
    if (before->post == now->post.state && before->post_id == now->post.id)
        return;
    HOLD(ledger, moves_post(event, before, now), SIM_MOVE_UP_LOST,
         "move-up %llu of unit %s was %s and is %s by %s", (ull)before->post_id, now->code,
         sgp_post_state_str(before->post), sgp_post_state_str(now->post.state),
         sgp_event_kind_str(event->kind));
    bool must_hear =
        event->kind == SGP_EVENT_MOVE_UP_ORDERED || event->kind == SGP_EVENT_MOVE_UP_ENDED;
    bool hears = false;
    for (size_t i = 0; i < effects->n; i++)
        hears = hears || (effects->items[i].kind == SGP_EFFECT_MOVE_UP &&
                          effects->items[i].u.move_up.unit == now->index);
    HOLD(ledger, hears || !must_hear, SIM_CREW_NOT_TOLD,
         "unit %s does not hear where it is to wait", now->code);
    HOLD(ledger,
         event->kind != SGP_EVENT_MOVE_UP_ORDERED || !now->distress_at_ms ||
             sgp_world_clocks(world)->rules.edition < 2,
         SIM_SENT_IN_DISTRESS, "unit %s, whose crew is in distress, is to wait elsewhere",
         now->code);
}

/* ---- one unit ------------------------------------------------------------------------ */

void sim_hold_unit(sim_ledger *ledger, const sgp_world *world, const sgp_event *event,
                   const sgp_effects *effects, uint32_t index) {
    if (index >= SIM_UNITS)
        return;
    const sgp_unit *now = sgp_world_unit(world, index);
    const sim_unit *before = &ledger->units[index];
    HOLD(ledger, !now->has_position || now->position_at_ms <= event->at_ms, SIM_CLOCK_BACKWARDS,
         "unit %s was somewhere in the future", now->code);
    HOLD(ledger, !before->has_position || now->position_at_ms >= before->position_at_ms,
         SIM_POSITION_WENT_BACK, "unit %s has a position older than before", now->code);
    HOLD(ledger,
         now->on_duty == before->on_duty ||
             (event->kind == SGP_EVENT_UNIT_DUTY && is_about(event->u.duty.unit, now)),
         SIM_STATE_CHANGED_BY_NOBODY, "unit %s signed %s by %s", now->code,
         now->on_duty ? "on" : "off", sgp_event_kind_str(event->kind));
    bool in_distress = now->distress_at_ms != 0;
    HOLD(ledger,
         in_distress == before->in_distress ||
             (event->kind == SGP_EVENT_DISTRESS && is_about(event->u.distress.unit, now) &&
              event->u.distress.cleared == !in_distress),
         SIM_DISTRESS_FORGOTTEN, "the crew of %s is %s distress by %s", now->code,
         in_distress ? "in" : "out of", sgp_event_kind_str(event->kind));
    HOLD(ledger, !in_distress || now->on_duty || !before->on_duty, SIM_DISTRESS_FORGOTTEN,
         "unit %s signed off in distress", now->code);
    hold_post(ledger, world, event, effects, before, now);
    if (now->on_duty && !before->on_duty)
        sim_add_fact(ledger,
                     (sim_fact){.kind = SIM_FACT_ASKED_ANEW, .seq = event->seq, .unit = index});
}

/* ---- alarms ---------------------------------------------------------------------------- */

/* From here on the crew is to be asked within what its priority says; what is dangerous only makes
 * it sooner. */
static void hear_crew(sim_ledger *ledger, const sgp_world *world, sgp_id id, int64_t at_ms) {
    const sgp_assignment *on = sgp_world_assignment(world, id);
    sim_assignment *book = sim_assignment_of(ledger, id);
    book->heard_ms = at_ms;
    book->ask_within_ms = sgp_world_clocks(world)
                              ->rules.welfare_ms[sgp_world_incident(world, on->incident)->priority];
}

void sim_hold_alarms(sim_ledger *ledger, const sgp_world *world, const sgp_event *event,
                     const sgp_effects *effects) {
    for (sgp_id id = 0; (id = sgp_world_next_assignment(world, id));) {
        const sgp_assignment *on = sgp_world_assignment(world, id);
        bool was =
            id < ledger->n_assignments && ledger->assignments[id].state == SGP_ASSIGNMENT_ON_SCENE;
        if (on->state == SGP_ASSIGNMENT_ON_SCENE && !was)
            hear_crew(ledger, world, id, on->at_ms[SGP_ASSIGNMENT_ON_SCENE]);
    }
    if (event->kind == SGP_EVENT_WELFARE_ANSWERED)
        hear_crew(ledger, world, event->u.welfare.assignment, event->at_ms);
    for (size_t i = 0; i < effects->n; i++) {
        const sgp_effect *effect = &effects->items[i];
        if (effect->kind != SGP_EFFECT_ALARM || effect->u.alarm.unit >= SIM_UNITS)
            continue;
        const sgp_unit *unit = sgp_world_unit(world, effect->u.alarm.unit);
        sgp_id id = effect->u.alarm.assignment;
        const sgp_assignment *on = id ? sgp_world_assignment(world, id) : NULL;
        HOLD(ledger, id ? on && on->unit == unit->index : unit->distress_at_ms != 0,
             SIM_WORLD_INCONSISTENT, "an alarm of unit %s is about nothing", unit->code);
        if (!id) {
            ledger->units[unit->index].alarm_at_ms = event->at_ms;
        } else if (on) {
            sim_assignment *book = sim_assignment_of(ledger, id);
            book->heard_ms = event->at_ms;
            book->ask_within_ms = sgp_world_clocks(world)->rules.welfare_again_ms;
        }
    }
}

void sim_hold_crews(sim_ledger *ledger, const sgp_world *world, int64_t now_ms) {
    enum { AGAIN_MS = 60 * 1000 };
    for (uint32_t i = 0; i < sgp_world_units(world) && i < SIM_UNITS; i++)
        HOLD(ledger,
             !sgp_world_unit(world, i)->distress_at_ms ||
                 ledger->units[i].alarm_at_ms + AGAIN_MS > now_ms,
             SIM_DISTRESS_FORGOTTEN, "the crew of %s is in distress, told last %lld ms ago",
             sgp_world_unit(world, i)->code, (long long)(now_ms - ledger->units[i].alarm_at_ms));
    for (sgp_id id = 0; (id = sgp_world_next_assignment(world, id));) {
        const sim_assignment *book = &ledger->assignments[id];
        HOLD(ledger,
             sgp_world_assignment(world, id)->state != SGP_ASSIGNMENT_ON_SCENE ||
                 !book->ask_within_ms || book->heard_ms + book->ask_within_ms > now_ms,
             SIM_CREW_NOT_ASKED, "the crew of assignment %llu was heard %lld ms ago", (ull)id,
             (long long)(now_ms - book->heard_ms));
    }
}
