#include "core/gates.h"

#include <string.h>

#include "core/edition.h"
#include "core/policy.h"
#include "core/sign_on.h"
#include "core/transfers.h"

/* All but the needs. */
static void begin(sgp_gate *gate, const sgp_world *world, const sgp_incident_node *incident,
                  int64_t now_ms, const uint8_t *moves) {
    gate->world = world;
    gate->incident = incident;
    gate->now_ms = now_ms;
    gate->diverts = sgp_policy_rules_of(sgp_policy_for(world, incident))->diverts;
    gate->moves = moves;
    gate->all_who_can = false;
}

static void take_kinds(sgp_gate *gate) {
    gate->kinds = 0;
    for (size_t i = 0; i < gate->n_needs; i++)
        gate->kinds |= gate->needs[i].kinds | gate->needs[i].instead;
}

void sgp_gate_open(sgp_gate *gate, const sgp_world *world, const sgp_incident_node *incident,
                   int64_t now_ms) {
    begin(gate, world, incident, now_ms, NULL);
    gate->n_needs = sgp_incident_needs_or_one(world, incident, gate->needs, SGP_NEEDS_MAX);
    take_kinds(gate);
}

void sgp_gate_open_jointly(sgp_gate *gate, const sgp_world *world,
                           const sgp_incident_node *incident, int64_t now_ms,
                           const uint8_t *moves) {
    begin(gate, world, incident, now_ms, moves);
    gate->n_needs = sgp_incident_needs_without(world, incident, moves, gate->needs, SGP_NEEDS_MAX);
    take_kinds(gate);
}

/* ---- a unit that is on a job ------------------------------------------------ */

/* What is left of its way to the scene; -1 = not known, or not under way. */
static int64_t left_to_scene_ms(const sgp_assignment *on, int64_t now_ms) {
    if (on->state != SGP_ASSIGNMENT_EN_ROUTE || on->travel_ms < 0)
        return -1;
    int64_t left_ms = on->at_ms[SGP_ASSIGNMENT_EN_ROUTE] + on->travel_ms - now_ms;
    return left_ms > 0 ? left_ms : 0;
}

bool sgp_gate_may_take(const sgp_gate *gate, const sgp_assignment *on) {
    const sgp_rules *rules = &gate->world->clocks.rules;
    if (!gate->diverts)
        return false;
    if (on->state == SGP_ASSIGNMENT_HANDED_OVER)
        return true;
    if (on->by_dispatcher && rules->by_hand_for != SGP_PRIORITY_UNKNOWN &&
        gate->incident->view.priority > rules->by_hand_for)
        return false;
    /* Who takes a unit from an arrest on purpose would see it go back there at once. */
    if (on->by_dispatcher && on->id >= gate->world->first_of_step &&
        sgp_edition_holds(gate->world, 2))
        return false;
    const sgp_incident *other = &sgp_world_find_incident(gate->world, on->incident)->view;
    if (on->state > SGP_ASSIGNMENT_EN_ROUTE || other->priority <= gate->incident->view.priority ||
        other->diverted >= (uint32_t)rules->divert_times)
        return false;
    int64_t left_ms = left_to_scene_ms(on, gate->now_ms);
    return left_ms < 0 || left_ms >= rules->divert_keep_ms;
}

int64_t sgp_gate_hospital_wait_ms(const sgp_world *world, const sgp_assignment *on,
                                  int64_t now_ms) {
    const sgp_rules *rules = &world->clocks.rules;
    if (rules->handover_ms == 0 && rules->clear_ms == 0)
        return -1;
    if (on->state == SGP_ASSIGNMENT_HANDED_OVER) {
        int64_t left_ms = on->at_ms[SGP_ASSIGNMENT_HANDED_OVER] + rules->clear_ms - now_ms;
        return left_ms > 0 ? left_ms : 0;
    }
    if (on->state != SGP_ASSIGNMENT_AT_HOSPITAL)
        return -1;
    int64_t left_ms = on->at_ms[SGP_ASSIGNMENT_AT_HOSPITAL] + rules->handover_ms - now_ms;
    return (left_ms > 0 ? left_ms : 0) + rules->clear_ms;
}

bool sgp_gate_may_move(const sgp_gate *gate, const sgp_assignment *on) {
    if (!gate->moves || on->state != SGP_ASSIGNMENT_ORDERED)
        return false;
    return on->incident == gate->incident->view.id ? gate->moves[on->unit] != SGP_GATE_FIXED
                                                   : gate->moves[on->unit] == SGP_GATE_MOVES;
}

/* NOT: it may be taken from its job. */
static sgp_exclusion check_job(const sgp_gate *gate, const sgp_assignment *on) {
    if (sgp_gate_may_move(gate, on))
        return SGP_EXCLUDED_NOT;
    if (on->incident == gate->incident->view.id)
        return SGP_EXCLUDED_ALREADY_ON;
    if (sgp_gate_may_take(gate, on))
        return SGP_EXCLUDED_NOT;
    if (sgp_gate_hospital_wait_ms(gate->world, on, gate->now_ms) >= 0)
        return SGP_EXCLUDED_NOT_YET_FREE;
    if (gate->diverts && on->state <= SGP_ASSIGNMENT_EN_ROUTE &&
        sgp_world_find_incident(gate->world, on->incident)->view.priority >
            gate->incident->view.priority)
        return SGP_EXCLUDED_NOT_DIVERTIBLE;
    return SGP_EXCLUDED_BUSY;
}

/* ---- what it is, whose it is, where it is ------------------------------------ */

static bool fits_some_kind(const sgp_gate *gate, const sgp_unit *unit) {
    return (gate->kinds >> sgp_kind_with_crew(unit) & 1u) != 0;
}

bool sgp_gate_is_at_home(const sgp_incident_node *incident, const sgp_unit *unit) {
    const char *district = incident->view.place.kabupaten;
    return district[0] == '\0' || unit->district[0] == '\0' ||
           strcmp(unit->district, district) == 0;
}

/* Whether its owner lets it go there without being asked. An owner without a district that wants
 * to be asked wants so everywhere. */
static bool owner_agrees(const sgp_gate *gate, const sgp_unit *unit) {
    const sgp_incident *incident = &gate->incident->view;
    if (unit->serves && !(unit->serves >> incident->priority & 1u))
        return false;
    if (unit->lending != SGP_LENT_WHEN_ASKED || incident->aid_asked)
        return true;
    return unit->district[0] != '\0' && sgp_gate_is_at_home(gate->incident, unit);
}

static bool crew_may(const sgp_gate *gate, const sgp_unit *unit) {
    int32_t most_ms = gate->world->clocks.rules.crew_ms[gate->incident->view.priority];
    return most_ms == 0 || unit->signed_on_at_ms == 0 ||
           gate->now_ms - unit->signed_on_at_ms <= most_ms;
}

static sgp_exclusion check_position(const sgp_gate *gate, const sgp_unit *unit,
                                    const sgp_assignment *on) {
    if (unit->at_station)
        return SGP_EXCLUDED_NOT;
    /* Where a hospital stands is known. */
    if (on && on->state >= SGP_ASSIGNMENT_AT_HOSPITAL && on->hospital >= 0)
        return SGP_EXCLUDED_NOT;
    if (!unit->has_position)
        return SGP_EXCLUDED_NO_POSITION;
    sgp_unit_status status = sgp_world_unit_status(gate->world, unit->index);
    int32_t most_ms = gate->world->clocks.rules.position_age_ms[status];
    if (most_ms == 0)
        most_ms = gate->world->clocks.position_max_age_ms;
    return gate->now_ms - unit->position_at_ms > most_ms ? SGP_EXCLUDED_STALE_POSITION
                                                         : SGP_EXCLUDED_NOT;
}

/* Kept for a transfer of its own that is due soon. Life does not wait for one: P1 and P2 take it.
 */
static bool is_kept(const sgp_gate *gate, const sgp_unit *unit) {
    if (gate->incident->view.priority < SGP_P3)
        return false;
    sgp_id id = sgp_transfer_that_keeps(gate->world, unit->index, gate->now_ms);
    return id && id != gate->incident->view.transfer;
}

/* With another crew the vehicle would do. */
static bool is_for_its_crew(const sgp_gate *gate, const sgp_unit *unit) {
    if (unit->crew.n_members == 0)
        return false;
    sgp_unit alone = {.kind = unit->kind, .skills = sgp_unit_best_skills(unit)};
    return sgp_some_need_fits(gate->needs, gate->n_needs, &alone);
}

/* Its crew's shift is over: no more for what can wait for the next one. */
static bool is_over(const sgp_gate *gate, const sgp_unit *unit) {
    return unit->shift_until_ms && unit->shift_until_ms <= gate->now_ms &&
           gate->world->clocks.rules.shift_end_ms && gate->incident->view.priority >= SGP_P3;
}

sgp_exclusion sgp_gate_check(const sgp_gate *gate, const sgp_unit *unit) {
    const sgp_assignment *on = NULL;
    sgp_exclusion job = SGP_EXCLUDED_NOT;
    if (unit->assignment) {
        on = &gate->world->units[unit->index].on->view;
        job = check_job(gate, on);
        if (job != SGP_EXCLUDED_NOT && job != SGP_EXCLUDED_NOT_YET_FREE)
            return job;
    } else if (!unit->on_duty) {
        return SGP_EXCLUDED_OFF_DUTY;
    }
    if (unit->distress_at_ms)
        return SGP_EXCLUDED_DISTRESS;
    if (!fits_some_kind(gate, unit))
        return is_for_its_crew(gate, unit) ? SGP_EXCLUDED_CREW_SKILLS : SGP_EXCLUDED_WRONG_KIND;
    if (!sgp_some_need_fits(gate->needs, gate->n_needs, unit))
        return is_for_its_crew(gate, unit) ? SGP_EXCLUDED_CREW_SKILLS : SGP_EXCLUDED_SKILLS;
    if (sgp_incident_has_refused(gate->incident, unit->index))
        return SGP_EXCLUDED_DECLINED;
    if (!owner_agrees(gate, unit))
        return SGP_EXCLUDED_AGENCY;
    if (!crew_may(gate, unit))
        return SGP_EXCLUDED_CREW_HOURS;
    if (is_over(gate, unit))
        return SGP_EXCLUDED_SHIFT_OVER;
    if (is_kept(gate, unit))
        return SGP_EXCLUDED_PENCILLED_IN;
    sgp_exclusion position = check_position(gate, unit, on);
    return position != SGP_EXCLUDED_NOT ? position : job;
}
