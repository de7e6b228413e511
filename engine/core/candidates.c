#include "core/candidates.h"

#include <assert.h>
#include <stdlib.h>

#include "core/edition.h"
#include "core/policy.h"

sgp_point sgp_incident_target(const sgp_incident *incident) {
    return incident->has_staging ? incident->staging.point : incident->place.point;
}

static bool is_asked(const sgp_candidate *candidate) {
    return candidate->exclusion == SGP_EXCLUDED_NOT ||
           candidate->exclusion == SGP_EXCLUDED_NOT_YET_FREE;
}

static int64_t total_ms(const sgp_candidate *candidate) {
    return candidate->wait_ms + candidate->turnout_ms + candidate->travel_ms + candidate->walk_ms +
           candidate->policy_ms;
}

/* ---- before the question ---------------------------------------------------- */

/* How long people walk from where a unit of that kind must stop. A motorbike goes on. */
static int64_t walk_ms(const sgp_gate *gate, const sgp_unit *unit) {
    const sgp_incident *incident = &gate->incident->view;
    int32_t speed = gate->world->clocks.rules.walk_cm_s;
    if (speed == 0 || incident->has_staging || !incident->place.has_access ||
        unit->kind == SGP_UNIT_MOTORBIKE)
        return 0;
    return (int64_t)incident->place.access_walk_m * 100 * 1000 / speed;
}

/* What a unit that is on a job adds: waiting, the rest of its turnout, the gain that is asked. */
static void consider_job(const sgp_gate *gate, const sgp_unit *unit, sgp_candidate *candidate) {
    const sgp_assignment *on = &gate->world->units[unit->index].on->view;
    if (candidate->exclusion == SGP_EXCLUDED_NOT && on->incident != gate->incident->view.id)
        candidate->from = on->incident;
    if (on->state >= SGP_ASSIGNMENT_AT_HOSPITAL) {
        int64_t wait_ms = sgp_gate_hospital_wait_ms(gate->world, on, gate->now_ms);
        candidate->wait_ms = wait_ms > 0 ? wait_ms : 0;
        candidate->turnout_ms = 0;
        return;
    }
    if (!sgp_gate_may_move(gate, on))
        candidate->policy_ms = gate->world->clocks.rules.divert_gain_ms;
    int64_t gone_ms = gate->now_ms - on->at_ms[SGP_ASSIGNMENT_ORDERED];
    candidate->turnout_ms = candidate->turnout_ms > gone_ms ? candidate->turnout_ms - gone_ms : 0;
}

static sgp_start start_of(const sgp_gate *gate, const sgp_unit *unit) {
    sgp_start start = sgp_policy_start(unit, gate->incident->view.priority);
    if (unit->assignment) {
        const sgp_assignment *on = &gate->world->units[unit->index].on->view;
        if (on->state >= SGP_ASSIGNMENT_AT_HOSPITAL && on->hospital >= 0)
            start.point = gate->world->hospitals[on->hospital].view.point;
    }
    return start;
}

/* ---- the question ----------------------------------------------------------- */

static void take_answers(const sgp_scratch *asked, uint32_t rows, bool answered,
                         sgp_candidate *all) {
    for (uint32_t row = 0; row < rows; row++) {
        sgp_candidate *candidate = &all[asked->row[row]];
        if (!answered || asked->answer_ms[row] < 0) {
            candidate->exclusion = SGP_EXCLUDED_UNREACHABLE;
            candidate->from = 0;
            candidate->policy_ms = 0;
            continue;
        }
        candidate->travel_ms = asked->answer_ms[row] - asked->from[row].penalty_ms;
        candidate->total_ms = total_ms(candidate);
    }
}

static sgp_err ask(const sgp_gate *gate, const sgp_times *times, sgp_candidate *all) {
    sgp_scratch *asked;
    sgp_err err = sgp_world_scratch(gate->world, &asked);
    if (err)
        return err;
    uint32_t rows = 0;
    for (uint32_t i = 0; i < gate->world->n_units; i++) {
        if (!is_asked(&all[i]))
            continue;
        asked->from[rows] = start_of(gate, &gate->world->units[i].view);
        asked->from[rows].penalty_ms = all[i].turnout_ms;
        asked->row[rows++] = i;
    }
    if (rows)
        err = times->many_to_one(times->ctx, asked->from, rows,
                                 sgp_incident_target(&gate->incident->view), asked->answer_ms);
    if (err == SGP_E_MEMORY || err == SGP_E_CORRUPT)
        return err;
    take_answers(asked, rows, err == SGP_OK, all);
    return SGP_OK;
}

/* ---- gates that need times --------------------------------------------------- */

/* Seats in order each take a unit of those that `may_sit` marks, the first that fits; `left` gets
 * the seats that find none. Whoever is kept back for the sake of those units may still go to these:
 * a fire engine nearby is no reason to keep a neighbour's ambulance at home. */
static size_t find_left(const sgp_gate *gate, uint8_t *may_sit, sgp_need *left) {
    size_t n = 0;
    for (size_t k = 0; k < gate->n_needs; k++) {
        uint32_t unit = 0;
        while (unit < gate->world->n_units &&
               !(may_sit[unit] && sgp_need_fits(&gate->needs[k], &gate->world->units[unit].view)))
            unit++;
        if (unit < gate->world->n_units)
            may_sit[unit] = false;
        else
            left[n++] = gate->needs[k];
    }
    return n;
}

/* Whether it need not be taken from people who wait for it. */
static bool can_be_had(const sgp_gate *gate, const sgp_candidate *candidate) {
    return !candidate->from || !sgp_edition_holds(gate->world, 1) ||
           gate->world->units[candidate->unit].on->view.state == SGP_ASSIGNMENT_HANDED_OVER;
}

/* Neighbours that are lent after the district's own stay at home where one of those is there in
 * time for every seat that they could take. */
static void prefer_own(const sgp_gate *gate, uint8_t *may_sit, sgp_candidate *all) {
    int32_t within_ms = gate->world->clocks.rules.aid_after_ms[gate->incident->view.priority];
    bool some_own = false, some_neighbour = false;
    for (uint32_t i = 0; i < gate->world->n_units; i++) {
        const sgp_unit *unit = &gate->world->units[i].view;
        bool at_home = sgp_gate_is_at_home(gate->incident, unit);
        may_sit[i] = all[i].exclusion == SGP_EXCLUDED_NOT && all[i].total_ms <= within_ms &&
                     at_home && can_be_had(gate, &all[i]);
        some_own = some_own || may_sit[i];
        some_neighbour = some_neighbour ||
                         (is_asked(&all[i]) && unit->lending == SGP_LENT_AFTER_OWN && !at_home);
    }
    if (!some_own || !some_neighbour)
        return;
    sgp_need left[SGP_NEEDS_MAX];
    size_t n_left = find_left(gate, may_sit, left);
    for (uint32_t i = 0; i < gate->world->n_units; i++) {
        const sgp_unit *unit = &gate->world->units[i].view;
        if (is_asked(&all[i]) && unit->lending == SGP_LENT_AFTER_OWN &&
            !sgp_gate_is_at_home(gate->incident, unit) && !sgp_some_need_fits(left, n_left, unit))
            all[i].exclusion = SGP_EXCLUDED_NEIGHBOUR;
    }
}

/* Where people would have to walk far, a unit that need not goes. To a seat that none of those can
 * take, whoever can come near goes all the same. */
static void prefer_narrow(const sgp_gate *gate, uint8_t *may_sit, sgp_candidate *all) {
    const sgp_rules *rules = &gate->world->clocks.rules;
    const sgp_incident *incident = &gate->incident->view;
    if (rules->walk_max_m == 0 || incident->has_staging || !incident->place.has_access ||
        incident->place.access_walk_m <= rules->walk_max_m)
        return;
    bool narrow_can = false;
    for (uint32_t i = 0; i < gate->world->n_units; i++) {
        may_sit[i] = all[i].exclusion == SGP_EXCLUDED_NOT &&
                     gate->world->units[i].view.kind == SGP_UNIT_MOTORBIKE;
        narrow_can = narrow_can || may_sit[i];
    }
    if (!narrow_can)
        return;
    sgp_need left[SGP_NEEDS_MAX];
    size_t n_left = find_left(gate, may_sit, left);
    for (uint32_t i = 0; i < gate->world->n_units; i++)
        if (is_asked(&all[i]) && gate->world->units[i].view.kind != SGP_UNIT_MOTORBIKE &&
            !sgp_some_need_fits(left, n_left, &gate->world->units[i].view))
            all[i].exclusion = SGP_EXCLUDED_TOO_WIDE;
}

/* Whose shift is over, or ends soon where the incident can wait. */
static sgp_exclusion end_of_shift(const sgp_gate *gate, const sgp_unit *unit) {
    if (unit->shift_until_ms == 0)
        return SGP_EXCLUDED_NOT;
    if (unit->shift_until_ms <= gate->now_ms)
        return SGP_EXCLUDED_SHIFT_OVER;
    return gate->incident->view.priority >= SGP_P3 &&
                   unit->shift_until_ms - gate->now_ms <= gate->world->clocks.rules.shift_end_ms
               ? SGP_EXCLUDED_SHIFT_ENDS
               : SGP_EXCLUDED_NOT;
}

/* Crews at the end of their shift stay out of it where another fits. To P1 and P2 somebody whose
 * shift is over goes all the same where nobody else is there within the response target: a patient
 * does not pay for a late relief. */
static void prefer_fresh(const sgp_gate *gate, uint8_t *may_sit, sgp_candidate *all) {
    const sgp_clocks *clocks = &gate->world->clocks;
    sgp_priority priority = gate->incident->view.priority;
    int64_t within_ms = priority >= SGP_P3 ? INT64_MAX : clocks->target_ms[priority];
    bool some_fresh = false, some_tired = false;
    if (clocks->rules.shift_end_ms == 0)
        return;
    for (uint32_t i = 0; i < gate->world->n_units; i++) {
        bool is_tired = end_of_shift(gate, &gate->world->units[i].view) != SGP_EXCLUDED_NOT &&
                        is_asked(&all[i]);
        may_sit[i] = all[i].exclusion == SGP_EXCLUDED_NOT && !is_tired &&
                     all[i].total_ms <= within_ms && can_be_had(gate, &all[i]);
        some_fresh = some_fresh || may_sit[i];
        some_tired = some_tired || is_tired;
    }
    if (!some_fresh || !some_tired)
        return;
    sgp_need left[SGP_NEEDS_MAX];
    size_t n_left = find_left(gate, may_sit, left);
    for (uint32_t i = 0; i < gate->world->n_units; i++) {
        const sgp_unit *unit = &gate->world->units[i].view;
        sgp_exclusion why = end_of_shift(gate, unit);
        if (why != SGP_EXCLUDED_NOT && is_asked(&all[i]) && !sgp_some_need_fits(left, n_left, unit))
            all[i].exclusion = why;
    }
}

/* What an excluded unit would have cost says nothing. */
static void clear_excluded(const sgp_gate *gate, sgp_candidate *all) {
    for (uint32_t i = 0; i < gate->world->n_units; i++) {
        if (is_asked(&all[i]))
            continue;
        all[i].total_ms = -1;
        all[i].from = 0;
        all[i].policy_ms = 0;
    }
}

/* Units lie far apart in memory, and when a call comes they are seldom in the cache: the first
 * lines of one that comes soon are fetched while this one is looked at. */
static void fetch_ahead(const sgp_world *world, uint32_t unit) {
    enum { AHEAD = 12, LINE_BYTES = 64 };
    if (unit + AHEAD >= world->n_units)
        return;
    const char *at = (const char *)&world->units[unit + AHEAD].view;
    __builtin_prefetch(at);
    __builtin_prefetch(at + LINE_BYTES);
}

sgp_err sgp_candidates_find(const sgp_gate *gate, const sgp_times *times, sgp_candidate *all) {
    assert(gate->incident->view.has_place);
    for (uint32_t i = 0; i < gate->world->n_units; i++) {
        fetch_ahead(gate->world, i);
        const sgp_unit *unit = &gate->world->units[i].view;
        all[i] = (sgp_candidate){.unit = i,
                                 .travel_ms = -1,
                                 .turnout_ms = sgp_policy_turnout_ms(gate->world, unit),
                                 .total_ms = -1,
                                 .position_age_ms =
                                     unit->has_position ? gate->now_ms - unit->position_at_ms : -1,
                                 .exclusion = sgp_gate_check(gate, unit)};
        if (!is_asked(&all[i]))
            continue;
        all[i].walk_ms = walk_ms(gate, unit);
        if (unit->assignment)
            consider_job(gate, unit, &all[i]);
    }
    sgp_err err = ask(gate, times, all);
    sgp_scratch *scratch;
    if (!err)
        err = sgp_world_scratch(gate->world, &scratch);
    if (err)
        return err;
    if (!gate->all_who_can) {
        prefer_own(gate, scratch->may_sit, all);
        prefer_narrow(gate, scratch->may_sit, all);
        prefer_fresh(gate, scratch->may_sit, all);
    }
    clear_excluded(gate, all);
    return SGP_OK;
}
