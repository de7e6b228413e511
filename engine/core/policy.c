#include "core/policy.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/candidates.h"
#include "core/coverage_aware.h"
#include "core/edition.h"
#include "core/ranking.h"
#include "core/transfers.h"

static const sgp_policy_rules policies[SGP_POLICIES] = {
    [SGP_POLICY_CLOSEST] = {.diverts = false},
    [SGP_POLICY_CLOSEST_WITH_DIVERSION] = {.diverts = true},
    [SGP_POLICY_JOINT] = {.diverts = true, .jointly = true},
    [SGP_POLICY_COVERAGE_AWARE] = {.diverts = false, .weigh = sgp_coverage_weigh},
};

const sgp_policy_rules *sgp_policy_rules_of(sgp_policy policy) {
    return &policies[policy];
}

sgp_policy sgp_policy_for(const sgp_world *world, const sgp_incident_node *incident) {
    /* Who is pencilled in for a transfer is not solved for. */
    if (sgp_transfer_pencilled(world, incident))
        return SGP_POLICY_CLOSEST;
    return world->clocks.policy[incident->view.priority];
}

sgp_start sgp_policy_start(const sgp_unit *unit, sgp_priority priority) {
    bool from_station = unit->at_station || !unit->has_position;
    return (sgp_start){.point = from_station ? sgp_unit_base(unit) : unit->position,
                       .unit = unit->index,
                       .kind = unit->kind,
                       .priority = priority};
}

int64_t sgp_policy_turnout_ms(const sgp_world *world, const sgp_unit *unit) {
    return unit->at_station ? world->clocks.turnout_ms[unit->kind] : 0;
}

/* What the policy adds to each candidate's cost. `some` has room for all of them. */
static sgp_err weigh(const sgp_gate *gate, sgp_policy policy, const sgp_times *times,
                     sgp_candidate *all, sgp_candidate *some) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < gate->world->n_units; i++)
        if (all[i].exclusion == SGP_EXCLUDED_NOT)
            some[n++] = all[i];
    if (n == 0)
        return SGP_OK;
    for (uint32_t i = 0; i < n; i++)
        some[i].total_ms -= some[i].policy_ms;
    sgp_err err = policies[policy].weigh(gate->world, gate->incident, gate->now_ms, times, some, n);
    for (uint32_t i = 0; i < n; i++) {
        some[i].total_ms += some[i].policy_ms;
        all[some[i].unit] = some[i];
    }
    return err == SGP_E_MEMORY || err == SGP_E_CORRUPT ? err : SGP_OK;
}

/* Whether the seats before take so many units from its incident that it must keep this one. Those
 * who have handed their patient over are missed by nobody. */
static bool is_kept(const sgp_gate *gate, const sgp_candidate *ranked, uint32_t n,
                    const sgp_candidate *candidate) {
    const sgp_world *world = gate->world;
    if (!candidate->from || !sgp_edition_holds(world, 1) ||
        world->units[candidate->unit].on->view.state == SGP_ASSIGNMENT_HANDED_OVER)
        return false;
    uint32_t taken = sgp_world_find_incident(world, candidate->from)->view.diverted;
    for (uint32_t i = 0; i < n; i++)
        taken += ranked[i].seat && ranked[i].from == candidate->from &&
                 world->units[ranked[i].unit].on->view.state != SGP_ASSIGNMENT_HANDED_OVER;
    return taken >= (uint32_t)world->clocks.rules.divert_times;
}

static sgp_candidate *best_for(const sgp_gate *gate, const sgp_need *need, sgp_candidate *ranked,
                               uint32_t n) {
    sgp_candidate *best = NULL;
    int64_t best_ms = 0;
    for (uint32_t i = 0; i < n; i++) {
        /* A seat costs a unit its total or more, so none of the rest can be better. */
        if (best && ranked[i].total_ms >= best_ms)
            break;
        const sgp_unit *unit = &gate->world->units[ranked[i].unit].view;
        int64_t ms = ranked[i].seat ? -1 : sgp_need_cost_ms(need, unit, ranked[i].total_ms);
        if (ms >= 0 && (!best || ms < best_ms) && !is_kept(gate, ranked, n, &ranked[i])) {
            best = &ranked[i];
            best_ms = ms;
        }
    }
    return best;
}

/* Who is pencilled in for a transfer goes, if it may. */
static sgp_candidate *pencilled_for(const sgp_gate *gate, const sgp_need *need,
                                    sgp_candidate *ranked, uint32_t n) {
    uint32_t unit = sgp_transfer_pencilled(gate->world, gate->incident);
    for (uint32_t i = 0; unit && i < n; i++)
        if (ranked[i].unit == unit - 1 && !ranked[i].seat &&
            sgp_need_fits(need, &gate->world->units[unit - 1].view))
            return &ranked[i];
    return NULL;
}

/* Open seats, most important first, each take the best unit that fits. */
static void seat(const sgp_gate *gate, sgp_candidate *ranked, uint32_t n) {
    bool filled[SGP_NEEDS_MAX + 1] = {false}; /* by the number of the incident's seat */
    for (size_t i = 0; i < gate->n_needs; i++) {
        const sgp_need *need = &gate->needs[i];
        if (need->after && !filled[need->after - 1])
            continue;
        sgp_candidate *best = pencilled_for(gate, need, ranked, n);
        if (!best)
            best = best_for(gate, need, ranked, n);
        if (best)
            best->seat = (uint32_t)i + 1;
        filled[need->nth] = best != NULL;
    }
}

static sgp_err rank(const sgp_gate *gate, sgp_policy policy, const sgp_times *times,
                    sgp_candidate *all, sgp_candidate *ranked) {
    sgp_err err = sgp_candidates_find(gate, times, all);
    if (err)
        return err;
    if (policies[policy].weigh)
        err = weigh(gate, policy, times, all, ranked);
    uint32_t n_may_go;
    if (!err)
        err = sgp_candidates_rank(all, gate->world->n_units, ranked, &n_may_go);
    if (err)
        return err;
    seat(gate, ranked, n_may_go);
    return SGP_OK;
}

sgp_err sgp_policy_recommend(const sgp_world *world, const sgp_incident_node *incident,
                             int64_t now_ms, const sgp_times *times,
                             sgp_recommendation *recommendation) {
    sgp_policy policy = sgp_policy_for(world, incident);
    *recommendation = (sgp_recommendation){.incident = incident->view.id, .at_ms = now_ms};
    snprintf(recommendation->policy, sizeof recommendation->policy, "%s", sgp_policy_str(policy));
    uint32_t n = world->n_units;
    if (n == 0)
        return SGP_OK;
    sgp_gate gate;
    sgp_scratch *scratch;
    sgp_gate_open(&gate, world, incident, now_ms);
    sgp_err err = sgp_world_scratch(world, &scratch);
    sgp_candidate *ranked = malloc(n * sizeof *ranked);
    if (!err)
        err = ranked ? rank(&gate, policy, times, scratch->all, ranked) : SGP_E_MEMORY;
    if (err) {
        free(ranked);
        return err;
    }
    recommendation->n_candidates = n;
    recommendation->candidates = ranked;
    return SGP_OK;
}

const sgp_candidate *sgp_recommended_for(const sgp_recommendation *recommendation, uint32_t seat) {
    for (uint32_t i = 0; i < recommendation->n_candidates; i++) {
        const sgp_candidate *candidate = &recommendation->candidates[i];
        if (candidate->exclusion != SGP_EXCLUDED_NOT)
            break;
        if (candidate->seat == seat)
            return candidate;
    }
    return NULL;
}
