#include "core/sign_on.h"

#include <stdlib.h>
#include <string.h>

#include "core/effects.h"
#include "core/fleet.h"
#include "core/move_up.h"
#include "sigap/plan.h"

static const int64_t minute_ms = 60000;

#define SKILL(name) (1u << SGP_SKILL_##name)
enum {
    OF_VEHICLE = SKILL(DEFIBRILLATOR) | SKILL(BARIATRIC) | SKILL(ISOLATION) | SKILL(NARROW_WAYS) |
                 SKILL(MASS_CASUALTY),
    OF_PEOPLE = SKILL(PAEDIATRIC) | SKILL(OBSTETRIC) | SKILL(PSYCHIATRIC),
    OF_BOTH = SKILL(ADVANCED_LIFE_SUPPORT) | SKILL(VENTILATOR) | SKILL(NEONATAL) |
              SKILL(EXTRICATION) | SKILL(WATER_RESCUE) | SKILL(HEIGHT_RESCUE) | SKILL(HAZARDOUS)
};
_Static_assert((OF_VEHICLE | OF_PEOPLE | OF_BOTH) == SGP_SKILLS_ALL, "each skill is somebody's");

/* An advanced ambulance need not say what makes it one. */
static uint32_t vehicle_skills(const sgp_unit *unit) {
    return unit->vehicle_skills |
           (unit->kind == SGP_UNIT_AMBULANCE_ADVANCED ? SKILL(ADVANCED_LIFE_SUPPORT) : 0);
}

uint32_t sgp_unit_best_skills(const sgp_unit *unit) {
    return vehicle_skills(unit) | OF_PEOPLE;
}

void sgp_unit_take_crew(const sgp_world *world, sgp_unit *unit) {
    unit->skills = unit->vehicle_skills;
    unit->works_as = 0;
    if (!world->roster || unit->crew.n_members == 0)
        return;
    uint32_t people = 0, vehicle = vehicle_skills(unit);
    for (uint32_t i = 0; i < unit->crew.n_members; i++)
        people |= unit->crew.members[i].skills;
    if (unit->kind == SGP_UNIT_AMBULANCE_ADVANCED && !(people & SKILL(ADVANCED_LIFE_SUPPORT)))
        unit->works_as = SGP_UNIT_AMBULANCE_BASIC;
    unit->skills = (vehicle & OF_VEHICLE) | (people & OF_PEOPLE) | (vehicle & people & OF_BOTH);
}

/* ---- what is planned ----------------------------------------------------------- */

/* How many of the crew are planned for that turn. */
static uint32_t count_planned(const sgp_signed_on *crew, const sgp_turn *turn) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < crew->n_members; i++)
        n += sgp_shift_has(turn->shift, crew->members[i].code);
    return n;
}

/* Which turn a crew signs on for: the one that is, or the one that begins soon. The one that has
 * more of them; of equals the one that begins soon. 0: nobody is planned. */
static int64_t end_of_turn_ms(const sgp_world *world, const sgp_unit *unit) {
    sgp_turn now, soon;
    int64_t at_ms = unit->signed_on_at_ms;
    bool is_now = sgp_world_turn_at(world, unit->code, at_ms, &now);
    bool is_soon = sgp_world_turn_at(world, unit->code, at_ms + SGP_EARLY_MIN * minute_ms, &soon) &&
                   soon.from_ms > at_ms;
    if (is_now && is_soon)
        return count_planned(&unit->crew, &now) > count_planned(&unit->crew, &soon) ? now.until_ms
                                                                                    : soon.until_ms;
    return is_now ? now.until_ms : is_soon ? soon.until_ms : 0;
}

/* Whether a turn is at that time for which all of them are planned. */
static bool are_planned_at(const sgp_world *world, const sgp_unit *unit, int64_t at_ms,
                           sgp_turn *turn) {
    return sgp_world_turn_at(world, unit->code, at_ms, turn) &&
           count_planned(&unit->crew, turn) == unit->crew.n_members;
}

/* With the turns of the same people that follow without a gap; who stayed on after the end and is
 * planned again now is there until that one ends. */
static int64_t planned_end_ms(const sgp_world *world, const sgp_unit *unit, int64_t now_ms) {
    enum { TURNS_ON_END = 8 };
    sgp_turn next;
    int64_t end_ms = end_of_turn_ms(world, unit);
    if (end_ms <= now_ms && are_planned_at(world, unit, now_ms, &next))
        end_ms = next.until_ms;
    for (int i = 1; i < TURNS_ON_END && end_ms && are_planned_at(world, unit, end_ms, &next); i++)
        end_ms = next.until_ms;
    return end_ms;
}

static void take_planned_end(const sgp_world *world, sgp_unit *unit, int64_t now_ms) {
    if (unit->crew.n_members && !unit->crew.until_told)
        unit->shift_until_ms = planned_end_ms(world, unit, now_ms);
}

/* ---- who is missed --------------------------------------------------------------- */

/* Each turn is looked at once, when its crew should long be there; a short one just before it is
 * over. */
static int64_t look_at_ms(const sgp_world *world, const sgp_turn *turn) {
    int64_t look_ms = turn->from_ms + world->clocks.rules.shift_absent_ms;
    return look_ms < turn->until_ms ? look_ms : turn->until_ms - 1;
}

static int64_t due_of(const sgp_world *world, const sgp_unit *unit, int64_t now_ms) {
    sgp_turn turn;
    if ((sgp_world_turn_at(world, unit->code, now_ms, &turn) &&
         turn.from_ms > unit->crew.absence_from_ms) ||
        sgp_world_turn_after(world, unit->code, now_ms, &turn))
        return look_at_ms(world, &turn);
    return INT64_MAX;
}

void sgp_roster_find_due(sgp_world *world, int64_t now_ms) {
    world->roster_due_ms = INT64_MAX;
    if ((!world->roster && !world->n_shifts) || world->clocks.rules.shift_absent_ms == 0)
        return;
    for (uint32_t i = 0; i < world->n_units; i++) {
        int64_t due_ms = due_of(world, &world->units[i].view, now_ms);
        if (due_ms < world->roster_due_ms)
            world->roster_due_ms = due_ms;
    }
}

static sgp_err raise_alarm(sgp_step *step, sgp_unit_node *unit, const sgp_turn *turn) {
    unit->view.crew.absent_until_ms = turn->until_ms;
    sgp_err err = sgp_touch_unit(step, unit);
    sgp_effect *effect = err ? NULL : sgp_effects_add(step->effects, SGP_EFFECT_ALARM);
    if (!effect)
        return SGP_E_MEMORY;
    effect->u.alarm.unit = unit->view.index;
    effect->u.alarm.assignment = 0;
    effect->u.alarm.absent = true;
    return SGP_OK;
}

sgp_err sgp_roster_timer(sgp_step *step) {
    sgp_world *world = step->world;
    int64_t now_ms = step->event->at_ms;
    sgp_err err = SGP_OK;
    if (world->roster_due_ms > now_ms)
        return SGP_OK;
    for (uint32_t i = 0; i < world->n_units && !err; i++) {
        sgp_unit_node *unit = &world->units[i];
        sgp_turn turn;
        if (!sgp_world_turn_at(world, unit->view.code, now_ms, &turn) ||
            turn.from_ms <= unit->view.crew.absence_from_ms || look_at_ms(world, &turn) > now_ms)
            continue;
        unit->view.crew.absence_from_ms = turn.from_ms;
        if (!sgp_unit_is_manned(&unit->view, &turn))
            err = raise_alarm(step, unit, &turn);
    }
    sgp_roster_find_due(world, now_ms);
    return err;
}

/* ---- signing on ------------------------------------------------------------------ */

static bool is_on(const sgp_unit *unit, const char *member) {
    for (uint32_t i = 0; i < unit->crew.n_members; i++)
        if (strcmp(unit->crew.members[i].code, member) == 0)
            return true;
    return false;
}

/* The people of the event, with what the roster knows of them. */
static sgp_err read_crew(sgp_step *step, const sgp_unit *unit, sgp_signed_on *crew) {
    const sgp_world *world = step->world;
    crew->n_members = step->event->u.signed_on.n_members;
    for (uint32_t i = 0; i < crew->n_members; i++) {
        const char *code = step->event->u.signed_on.members[i];
        const sgp_crew_member *known =
            world->roster ? sgp_roster_member(world->roster, code) : NULL;
        if (world->roster && !known)
            return sgp_fail(&step->fault, SGP_E_NOT_FOUND, "the roster knows nobody called %s",
                            code);
        for (uint32_t k = 0; k < world->n_units; k++)
            if (k != unit->index && is_on(&world->units[k].view, code))
                return sgp_fail(&step->fault, SGP_E_STATE,
                                "%s is signed on to %s; sign off there first", code,
                                world->units[k].view.code);
        if (known)
            crew->members[i] = *known;
        else
            memcpy(crew->members[i].code, code, SGP_CODE_BYTES);
    }
    return SGP_OK;
}

static bool are_same_people(const sgp_signed_on *a, const sgp_unit *unit) {
    if (a->n_members != unit->crew.n_members)
        return false;
    for (uint32_t i = 0; i < a->n_members; i++)
        if (!is_on(unit, a->members[i].code))
            return false;
    return true;
}

/* What may not be, before anything is changed. */
static sgp_err check_sign_on(sgp_step *step, const sgp_unit *unit, const sgp_signed_on *crew,
                             bool is_change) {
    int64_t until_ms = step->event->u.signed_on.until_ms, now_ms = step->event->at_ms;
    uint64_t version = step->event->u.signed_on.version;
    if (version && version != unit->crew.version)
        return sgp_fail(&step->fault, SGP_E_STATE,
                        "who is on %s was changed meanwhile; read it again", unit->code);
    if (until_ms &&
        (until_ms <= now_ms || until_ms > now_ms + SGP_SHIFT_HOURS_MAX * 60 * minute_ms))
        return sgp_fail(&step->fault, SGP_E_RANGE,
                        "a shift ends later than now and within %d hours", SGP_SHIFT_HOURS_MAX);
    if (crew->n_members == 0)
        return sgp_fail(&step->fault, SGP_E_STATE,
                        "nobody is signed on to %s by name; who comes on?", unit->code);
    if (is_change && unit->assignment) {
        const sgp_assignment *on = sgp_world_assignment(step->world, unit->assignment);
        return sgp_fail(&step->fault, SGP_E_STATE,
                        "%s is %s for incident %llu; its crew can change afterwards", unit->code,
                        sgp_assignment_state_str(on->state), (unsigned long long)on->incident);
    }
    return SGP_OK;
}

sgp_err sgp_crew_signed_on(sgp_step *step) {
    sgp_world *world = step->world;
    const char *code = step->event->u.signed_on.unit;
    sgp_unit_node *node = sgp_world_find_unit(world, code);
    if (!node)
        return sgp_fail(&step->fault, SGP_E_NOT_FOUND, "no unit is called %s", code);
    sgp_unit *unit = &node->view;
    sgp_signed_on crew = {0};
    sgp_err err = read_crew(step, unit, &crew);
    bool is_change = step->event->u.signed_on.n_members && !are_same_people(&crew, unit);
    if (!err && !is_change)
        crew = unit->crew;
    if (!err)
        err = sgp_unit_check_service(step, unit);
    if (!err)
        err = check_sign_on(step, unit, &crew, is_change);
    if (err)
        return err;
    bool was_on = unit->on_duty;
    if (is_change)
        memcpy(unit->crew.members, crew.members, sizeof crew.members);
    unit->crew.n_members = crew.n_members;
    if (!was_on)
        sgp_unit_go_on_duty(step, unit);
    else if (is_change)
        unit->signed_on_at_ms = step->event->at_ms;
    unit->crew.version = step->event->seq;
    unit->crew.until_told = step->event->u.signed_on.until_ms != 0;
    unit->shift_until_ms = step->event->u.signed_on.until_ms;
    take_planned_end(world, unit, step->event->at_ms);
    sgp_unit_take_crew(world, unit);
    unit->crew.absent_until_ms = 0; /* somebody has come */
    sgp_roster_find_due(world, step->event->at_ms);
    err = sgp_touch_unit(step, node);
    /* Others may be asked again what those before them refused. */
    for (size_t i = 0; i < world->open_incidents && is_change; i++)
        sgp_incident_remove_refused(world->open[i], unit->index);
    if (!err && !unit->assignment)
        err = sgp_unit_became_available(step, unit->index);
    return err;
}

/* Whether those who are on the unit came for that turn, and not for the one before it. */
static bool came_for(const sgp_unit *unit, const sgp_turn *turn) {
    return unit->signed_on_at_ms >= turn->from_ms - SGP_EARLY_MIN * minute_ms ||
           count_planned(&unit->crew, turn) > 0;
}

void sgp_crew_leaves(sgp_step *step, sgp_unit *unit) {
    sgp_turn turn;
    if (sgp_world_turn_at(step->world, unit->code, step->event->at_ms, &turn) &&
        came_for(unit, &turn))
        unit->crew.absence_from_ms = turn.from_ms;
}

void sgp_crew_forget(sgp_step *step, sgp_unit *unit) {
    bool was_named = unit->crew.n_members > 0;
    unit->crew.n_members = 0;
    memset(unit->crew.members, 0, sizeof unit->crew.members);
    unit->crew.until_told = false;
    unit->shift_until_ms = 0;
    if (was_named)
        unit->crew.version = step->event->seq;
    unit->crew.absent_until_ms = 0;
    sgp_unit_take_crew(step->world, unit);
    sgp_roster_find_due(step->world, step->event->at_ms);
}

/* ---- planning --------------------------------------------------------------------- */

/* Skills and ends of shifts follow what is planned now. */
static sgp_err follow_roster(sgp_step *step) {
    sgp_world *world = step->world;
    sgp_err err = SGP_OK;
    for (uint32_t i = 0; i < world->n_units && !err; i++) {
        sgp_unit *unit = &world->units[i].view, before = *unit;
        sgp_turn turn;
        for (uint32_t k = 0; k < unit->crew.n_members; k++) {
            sgp_crew_member *member = &unit->crew.members[k];
            const sgp_crew_member *known =
                world->roster ? sgp_roster_member(world->roster, member->code) : NULL;
            if (known)
                member->skills = known->skills;
        }
        take_planned_end(world, unit, step->event->at_ms);
        sgp_unit_take_crew(world, unit);
        if (!sgp_world_turn_at(world, unit->code, step->event->at_ms, &turn))
            unit->crew.absent_until_ms = 0;
        if (before.shift_until_ms != unit->shift_until_ms || before.skills != unit->skills ||
            before.works_as != unit->works_as ||
            before.crew.absent_until_ms != unit->crew.absent_until_ms ||
            memcmp(before.crew.members, unit->crew.members, sizeof before.crew.members) != 0)
            err = sgp_touch_unit(step, &world->units[i]);
    }
    sgp_roster_find_due(world, step->event->at_ms);
    return err ? err : sgp_all_became_available(step);
}

sgp_err sgp_roster_loaded(sgp_step *step) {
    sgp_world *world = step->world;
    const sgp_roster *told = step->event->u.roster.roster;
    uint8_t digest[SGP_HASH_BYTES];
    sgp_roster_digest(told, digest);
    if (world->roster && memcmp(digest, world->roster_digest, sizeof digest) == 0)
        return SGP_OK;
    sgp_roster *copy = sgp_roster_create(told->n_members, told->n_shifts);
    if (!copy)
        return SGP_E_MEMORY;
    memcpy(copy->name, told->name, sizeof copy->name);
    if (told->n_members)
        memcpy(copy->members, told->members, told->n_members * sizeof *copy->members);
    if (told->n_shifts)
        memcpy(copy->shifts, told->shifts, told->n_shifts * sizeof *copy->shifts);
    free(world->roster);
    world->roster = copy;
    memcpy(world->roster_digest, digest, sizeof digest);
    return follow_roster(step);
}

static uint32_t position_of(const sgp_world *world, sgp_id id) {
    uint32_t at = 0;
    while (at < world->n_shifts && world->shifts[at].id != id)
        at++;
    return at;
}

static void take_out(sgp_world *world, uint32_t at) {
    world->n_shifts--;
    memmove(world->shifts + at, world->shifts + at + 1,
            (world->n_shifts - at) * sizeof *world->shifts);
}

static sgp_err check_version(sgp_step *step, const sgp_shift *known, uint64_t version) {
    if (version == 0 || version == known->version)
        return SGP_OK;
    return sgp_fail(&step->fault, SGP_E_STATE,
                    "shift %llu was changed meanwhile by %s; read it again",
                    (unsigned long long)known->id, known->actor[0] ? known->actor : "the engine");
}

/* Those that are over go when another is set. */
static sgp_err make_room(sgp_step *step) {
    sgp_world *world = step->world;
    uint32_t stay = 0;
    for (uint32_t i = 0; i < world->n_shifts; i++)
        stay += world->shifts[i].until_ms > step->event->at_ms;
    if (stay == SGP_SHIFTS_BY_HAND_MAX)
        return sgp_fail(&step->fault, SGP_E_FULL, "there are already %d shifts set by people",
                        SGP_SHIFTS_BY_HAND_MAX);
    for (uint32_t i = world->n_shifts; i-- > 0;)
        if (world->shifts[i].until_ms <= step->event->at_ms)
            take_out(world, i);
    return SGP_ROOM_U32(world->shifts, world->n_shifts, world->shifts_capacity);
}

static sgp_err check_shift(sgp_step *step, const sgp_shift *told) {
    const sgp_roster *roster = step->world->roster;
    if (!sgp_world_find_unit(step->world, told->unit))
        return sgp_fail(&step->fault, SGP_E_NOT_FOUND, "no unit is called %s", told->unit);
    if (told->until_ms <= step->event->at_ms)
        return sgp_fail(&step->fault, SGP_E_RANGE, "the shift would be over already");
    for (uint32_t i = 0; i < told->n_members && roster; i++)
        if (!sgp_roster_member(roster, told->members[i]))
            return sgp_fail(&step->fault, SGP_E_NOT_FOUND, "the roster knows nobody called %s",
                            told->members[i]);
    return SGP_OK;
}

sgp_err sgp_shift_set(sgp_step *step) {
    sgp_world *world = step->world;
    const sgp_shift *told = step->event->u.shift;
    uint32_t at = position_of(world, told->id);
    sgp_err err = check_shift(step, told);
    if (!err && told->id && at == world->n_shifts)
        err = sgp_fail(&step->fault, SGP_E_NOT_FOUND, "no person has set a shift %llu",
                       (unsigned long long)told->id);
    if (!err && told->id)
        err = check_version(step, &world->shifts[at], told->version);
    if (!err && !told->id && !(err = make_room(step)))
        at = world->n_shifts++;
    if (err)
        return err;
    sgp_shift *shift = &world->shifts[at];
    sgp_id id = told->id ? told->id : step->event->seq;
    *shift = *told;
    shift->id = id;
    shift->version = step->event->seq;
    memcpy(shift->actor, step->event->actor, sizeof shift->actor);
    step->reply.closure = id;
    return follow_roster(step);
}

sgp_err sgp_shift_removed(sgp_step *step) {
    sgp_world *world = step->world;
    sgp_id id = step->event->u.shift_removed.id;
    uint32_t at = position_of(world, id);
    if (at == world->n_shifts)
        return sgp_fail(&step->fault, SGP_E_NOT_FOUND, "no person has set a shift %llu",
                        (unsigned long long)id);
    sgp_err err = check_version(step, &world->shifts[at], step->event->u.shift_removed.version);
    if (err)
        return err;
    take_out(world, at);
    step->reply.closure = id;
    return follow_roster(step);
}
