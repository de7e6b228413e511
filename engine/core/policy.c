#include "core/policy.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const sgp_policy_rules policies[SGP_POLICIES] = {
    [SGP_POLICY_CLOSEST] = {.diverts = false},
    [SGP_POLICY_CLOSEST_WITH_DIVERSION] = {.diverts = true},
    [SGP_POLICY_JOINT] = {.diverts = true, .jointly = true},
    [SGP_POLICY_COVERAGE_AWARE] = {.diverts = false},
};

const sgp_policy_rules *sgp_policy_rules_of(sgp_policy policy) {
    return &policies[policy];
}

sgp_policy sgp_policy_for(const sgp_world *world, const sgp_incident_node *incident) {
    return world->clocks.policy[incident->view.priority];
}

sgp_exclusion sgp_policy_exclusion(const sgp_world *world, const sgp_incident_node *incident,
                                   const sgp_need *needs, size_t n_needs, const sgp_unit *unit,
                                   int64_t now_ms) {
    if (unit->assignment) {
        const sgp_assignment_node *on = sgp_world_find_assignment(world, unit->assignment);
        return on->view.incident == incident->view.id ? SGP_EXCLUDED_ALREADY_ON : SGP_EXCLUDED_BUSY;
    }
    if (!unit->on_duty)
        return SGP_EXCLUDED_OFF_DUTY;
    if (!sgp_some_need_fits(needs, n_needs, unit))
        return SGP_EXCLUDED_WRONG_KIND;
    if (sgp_incident_has_refused(incident, unit->index))
        return SGP_EXCLUDED_DECLINED;
    if (unit->at_station)
        return SGP_EXCLUDED_NOT;
    if (!unit->has_position)
        return SGP_EXCLUDED_NO_POSITION;
    if (now_ms - unit->position_at_ms > world->clocks.position_max_age_ms)
        return SGP_EXCLUDED_STALE_POSITION;
    return SGP_EXCLUDED_NOT;
}

sgp_start sgp_policy_start(const sgp_unit *unit, sgp_priority priority) {
    bool from_station = unit->at_station || !unit->has_position;
    return (sgp_start){.point = from_station ? unit->station_point : unit->position,
                       .unit = unit->index,
                       .kind = unit->kind,
                       .priority = priority};
}

int64_t sgp_policy_turnout_ms(const sgp_world *world, const sgp_unit *unit) {
    return unit->at_station ? world->clocks.turnout_ms[unit->kind] : 0;
}

static int by_total_then_unit(const void *left, const void *right) {
    const sgp_candidate *a = left, *b = right;
    if (a->total_ms != b->total_ms)
        return a->total_ms < b->total_ms ? -1 : 1;
    return a->unit < b->unit ? -1 : a->unit > b->unit;
}

/* The question in arrays that the oracle wants, for one recommendation. */
typedef struct question {
    sgp_start *from;
    int64_t *answer_ms;
    uint32_t *candidate; /* which candidate each row is */
} question;

static void question_free(question *asked) {
    free(asked->from);
    free(asked->answer_ms);
    free(asked->candidate);
}

static bool question_make(question *asked, uint32_t n) {
    asked->from = malloc(n * sizeof *asked->from);
    asked->answer_ms = malloc(n * sizeof *asked->answer_ms);
    asked->candidate = malloc(n * sizeof *asked->candidate);
    return asked->from && asked->answer_ms && asked->candidate;
}

static sgp_err ask(const sgp_world *world, const sgp_times *times, const sgp_incident *incident,
                   sgp_candidate *candidates, uint32_t n, uint32_t *n_eligible) {
    question asked = {0};
    if (!question_make(&asked, n)) {
        question_free(&asked);
        return SGP_E_MEMORY;
    }
    uint32_t rows = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (candidates[i].exclusion != SGP_EXCLUDED_NOT)
            continue;
        const sgp_unit *unit = &world->units[candidates[i].unit].view;
        asked.from[rows] = sgp_policy_start(unit, incident->priority);
        asked.from[rows].penalty_ms = candidates[i].turnout_ms;
        asked.candidate[rows++] = i;
    }
    sgp_err err = SGP_OK;
    if (rows)
        err = times->many_to_one(times->ctx, asked.from, rows, incident->place.point,
                                 asked.answer_ms);
    bool answered = err == SGP_OK;
    if (err != SGP_E_MEMORY && err != SGP_E_CORRUPT)
        err = SGP_OK;
    *n_eligible = 0;
    for (uint32_t row = 0; row < rows && !err; row++) {
        sgp_candidate *candidate = &candidates[asked.candidate[row]];
        if (!answered || asked.answer_ms[row] < 0) {
            candidate->exclusion = SGP_EXCLUDED_UNREACHABLE;
            continue;
        }
        candidate->total_ms = asked.answer_ms[row];
        candidate->travel_ms = asked.answer_ms[row] - candidate->turnout_ms;
        (*n_eligible)++;
    }
    question_free(&asked);
    return err;
}

/* What the policy adds to each candidate's cost. */
static sgp_err weigh(const sgp_world *world, const sgp_incident_node *incident, sgp_policy policy,
                     int64_t now_ms, const sgp_times *times, sgp_candidate *candidates,
                     uint32_t n) {
    if (!policies[policy].weigh || n == 0)
        return SGP_OK;
    sgp_err err = policies[policy].weigh(world, incident, now_ms, times, candidates, n);
    if (err == SGP_E_MEMORY || err == SGP_E_CORRUPT)
        return err;
    for (uint32_t i = 0; i < n && !err; i++)
        candidates[i].total_ms += candidates[i].policy_ms;
    return SGP_OK;
}

sgp_err sgp_policy_recommend(const sgp_world *world, const sgp_incident_node *incident,
                             int64_t now_ms, const sgp_times *times,
                             sgp_recommendation *recommendation) {
    assert(incident->view.has_place);
    sgp_policy policy = sgp_policy_for(world, incident);
    *recommendation = (sgp_recommendation){.incident = incident->view.id, .at_ms = now_ms};
    snprintf(recommendation->policy, sizeof recommendation->policy, "%s", sgp_policy_str(policy));
    uint32_t n = world->n_units;
    if (n == 0)
        return SGP_OK;
    sgp_candidate *all = malloc(n * sizeof *all);
    sgp_candidate *ranked = malloc(n * sizeof *ranked);
    if (!all || !ranked) {
        free(all);
        free(ranked);
        return SGP_E_MEMORY;
    }
    sgp_need needs[SGP_NEEDS_MAX];
    size_t n_needs = sgp_incident_needs_or_one(world, incident, needs, SGP_NEEDS_MAX);
    for (uint32_t i = 0; i < n; i++) {
        const sgp_unit *unit = &world->units[i].view;
        all[i] = (sgp_candidate){
            .unit = i,
            .travel_ms = -1,
            .turnout_ms = sgp_policy_turnout_ms(world, unit),
            .total_ms = -1,
            .position_age_ms = unit->has_position ? now_ms - unit->position_at_ms : -1,
            .exclusion = sgp_policy_exclusion(world, incident, needs, n_needs, unit, now_ms)};
    }
    uint32_t n_eligible = 0;
    sgp_err err = ask(world, times, &incident->view, all, n, &n_eligible);
    if (err) {
        free(all);
        free(ranked);
        return err;
    }
    uint32_t first = 0, last = n_eligible;
    for (uint32_t i = 0; i < n; i++)
        ranked[all[i].exclusion == SGP_EXCLUDED_NOT ? first++ : last++] = all[i];
    free(all);
    err = weigh(world, incident, policy, now_ms, times, ranked, n_eligible);
    if (err) {
        free(ranked);
        return err;
    }
    qsort(ranked, n_eligible, sizeof *ranked, by_total_then_unit);
    recommendation->n_candidates = n;
    recommendation->candidates = ranked;
    return SGP_OK;
}
