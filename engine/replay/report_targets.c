#include "replay/report_targets.h"

#include <math.h>

static int64_t at_of(const sgp_run *run, uint32_t job, sgp_assignment_state state) {
    return job == SGP_RUN_NONE ? 0 : run->jobs[job].at_ms[state];
}

static int64_t free_ms(const sgp_run *run, uint32_t job) {
    if (job == SGP_RUN_NONE || run->jobs[job].ended < SGP_ASSIGNMENT_CLOSED)
        return 0;
    return run->jobs[job].at_ms[run->jobs[job].ended];
}

int64_t sgp_moment_ms(const sgp_run *run, uint32_t incident, const sgp_incident_view *view,
                      sgp_moment moment) {
    const sgp_run_incident *row = &run->incidents[incident];
    switch (moment) {
    case SGP_MOMENT_RING:
        return row->rang_at_ms;
    case SGP_MOMENT_ANSWER:
        return row->answered_at_ms;
    case SGP_MOMENT_PLACE:
        return row->placed_at_ms;
    case SGP_MOMENT_ORDER:
        return at_of(run, view->first_job, SGP_ASSIGNMENT_ORDERED);
    case SGP_MOMENT_EN_ROUTE:
        return at_of(run, view->leading_job, SGP_ASSIGNMENT_EN_ROUTE);
    case SGP_MOMENT_ON_SCENE:
        return at_of(run, view->leading_job, SGP_ASSIGNMENT_ON_SCENE);
    case SGP_MOMENT_LEAVING: {
        int64_t left_ms = at_of(run, view->leading_job, SGP_ASSIGNMENT_TRANSPORTING);
        return left_ms ? left_ms : free_ms(run, view->leading_job);
    }
    case SGP_MOMENT_HOSPITAL:
        return at_of(run, view->carrying_job, SGP_ASSIGNMENT_AT_HOSPITAL);
    case SGP_MOMENT_FREE:
        return free_ms(run,
                       view->carrying_job != SGP_RUN_NONE ? view->carrying_job : view->leading_job);
    default:
        return 0;
    }
}

/* Did somebody wait longer than the target for a moment that never came? */
static bool waited_in_vain(const sgp_run *run, const sgp_run_incident *incident,
                           const sgp_target *target, int64_t from_ms) {
    bool wanted = incident->outcome == SGP_OUTCOME_NONE ||
                  incident->outcome == SGP_OUTCOME_SERVED ||
                  incident->outcome == SGP_OUTCOME_CANCELLED;
    int64_t end_ms = incident->closed_at_ms > 0 ? incident->closed_at_ms : run->until_ms;
    return wanted && target->to <= SGP_MOMENT_ON_SCENE && end_ms - from_ms > target->within_ms;
}

static void count(const sgp_run *run, uint32_t i, const sgp_incident_view *view,
                  const sgp_target *target, sgp_target_tally *tally) {
    int64_t from_ms = sgp_moment_ms(run, i, view, target->from);
    int64_t to_ms = sgp_moment_ms(run, i, view, target->to);
    if (from_ms <= 0 || (to_ms <= 0 && !waited_in_vain(run, &run->incidents[i], target, from_ms)))
        return;
    tally->n_counted++;
    if (to_ms <= 0)
        return;
    int64_t took_ms = to_ms > from_ms ? to_ms - from_ms : 0;
    tally->n_within += took_ms <= target->within_ms;
    tally->n_timed++;
    tally->sum_ms += (double)took_ms;
}

void sgp_target_tallies(const sgp_run *run, const sgp_incident_view *views,
                        sgp_target_tally *tallies) {
    for (uint32_t t = 0; t < run->n_targets; t++) {
        tallies[t] = (sgp_target_tally){0};
        for (uint32_t i = 0; i < run->n_incidents; i++)
            if (run->incidents[i].transfer == SGP_RUN_NONE &&
                run->targets[t].priorities >> run->incidents[i].priority & 1)
                count(run, i, &views[i], &run->targets[t], &tallies[t]);
    }
}

double sgp_target_reached(const sgp_target *target, const sgp_target_tally *tally) {
    if (target->share_permille == 0)
        return tally->n_timed ? tally->sum_ms / tally->n_timed : NAN;
    return tally->n_counted ? (double)tally->n_within / tally->n_counted : NAN;
}

bool sgp_target_is_met(const sgp_target *target, double reached) {
    if (isnan(reached))
        return false;
    return target->share_permille == 0 ? reached <= target->within_ms
                                       : reached * 1000 >= target->share_permille;
}
