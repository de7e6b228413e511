#include "replay/report_intervals.h"

const char *sgp_interval_str(sgp_interval interval) {
    static const char *const names[SGP_INTERVALS] = {"answer",   "locate",   "decide", "turnout",
                                                     "travel",   "response", "scene",  "transport",
                                                     "handover", "whole",    "late"};
    return interval >= 0 && interval < SGP_INTERVALS ? names[interval] : "unknown";
}

int sgp_local_hour(const sgp_run *run, int64_t at_ms) {
    int64_t hour = (at_ms / 1000 + run->utc_offset_s) / 3600;
    return (int)(hour % 24);
}

int64_t sgp_job_free_ms(const sgp_run *run, const sgp_run_job *job) {
    bool over = job->ended >= SGP_ASSIGNMENT_CLOSED;
    int64_t free_ms = over ? job->at_ms[job->ended] : run->until_ms;
    free_ms = free_ms > run->until_ms ? run->until_ms : free_ms;
    /* An order may come after the end of the time that is reported. */
    int64_t ordered_ms = job->at_ms[SGP_ASSIGNMENT_ORDERED];
    return free_ms < ordered_ms ? ordered_ms : free_ms;
}

/* -1 where either end is missing, or where the end was before the beginning: a place that came
 * before the answer took no time to find. */
static int64_t between(int64_t from_ms, int64_t to_ms) {
    if (from_ms <= 0 || to_ms <= 0)
        return -1;
    return to_ms > from_ms ? to_ms - from_ms : 0;
}

/* Does `job` come before the row `best` by the time of entering `state`? */
static bool comes_before(const sgp_run *run, uint32_t job, uint32_t best, int state) {
    if (run->jobs[job].at_ms[state] <= 0)
        return false;
    return best == SGP_RUN_NONE || run->jobs[job].at_ms[state] < run->jobs[best].at_ms[state];
}

static bool somebody_was_wanted(sgp_outcome outcome) {
    return outcome == SGP_OUTCOME_NONE || outcome == SGP_OUTCOME_SERVED ||
           outcome == SGP_OUTCOME_CANCELLED;
}

/* Nobody waits for a transfer to be answered. */
static void judge_transfer(const sgp_run *run, const sgp_run_incident *incident,
                           sgp_incident_view *view) {
    int64_t arrived_ms = view->leading_job != SGP_RUN_NONE
                             ? run->jobs[view->leading_job].at_ms[SGP_ASSIGNMENT_ON_SCENE]
                             : 0;
    view->ms[SGP_INTERVAL_RESPONSE] = view->ms[SGP_INTERVAL_LOCATE] = -1;
    view->ms[SGP_INTERVAL_LATE] =
        between(run->transfers[incident->transfer].pick_up_at_ms, arrived_ms);
    view->in_time = SGP_IN_TIME_NOT_COUNTED;
}

static sgp_in_time judge(const sgp_run *run, const sgp_run_incident *incident,
                         int64_t response_ms) {
    int64_t target_ms = run->target_ms[incident->priority];
    if (target_ms <= 0)
        return SGP_IN_TIME_NOT_COUNTED;
    if (response_ms >= 0)
        return response_ms <= target_ms ? SGP_IN_TIME : SGP_TOO_LATE;
    if (!somebody_was_wanted(incident->outcome))
        return SGP_IN_TIME_NOT_COUNTED;
    int64_t end_ms = incident->closed_at_ms > 0 ? incident->closed_at_ms : run->until_ms;
    return end_ms - incident->answered_at_ms > target_ms ? SGP_TOO_LATE : SGP_IN_TIME_NOT_COUNTED;
}

static void fill_intervals(const sgp_run *run, const sgp_run_incident *incident,
                           sgp_incident_view *view) {
    int64_t *ms = view->ms;
    ms[SGP_INTERVAL_ANSWER] = between(incident->rang_at_ms, incident->answered_at_ms);
    ms[SGP_INTERVAL_LOCATE] = between(incident->answered_at_ms, incident->placed_at_ms);
    if (view->first_job != SGP_RUN_NONE)
        ms[SGP_INTERVAL_DECIDE] = between(incident->placed_at_ms,
                                          run->jobs[view->first_job].at_ms[SGP_ASSIGNMENT_ORDERED]);
    if (view->leading_job != SGP_RUN_NONE) {
        const sgp_run_job *job = &run->jobs[view->leading_job];
        const int64_t *at_ms = job->at_ms;
        ms[SGP_INTERVAL_TURNOUT] =
            between(at_ms[SGP_ASSIGNMENT_ORDERED], at_ms[SGP_ASSIGNMENT_EN_ROUTE]);
        ms[SGP_INTERVAL_TRAVEL] =
            between(at_ms[SGP_ASSIGNMENT_EN_ROUTE], at_ms[SGP_ASSIGNMENT_ON_SCENE]);
        ms[SGP_INTERVAL_RESPONSE] =
            between(incident->answered_at_ms, at_ms[SGP_ASSIGNMENT_ON_SCENE]);
        /* Without a patient the scene ends with the job. */
        int64_t left_ms = at_ms[SGP_ASSIGNMENT_TRANSPORTING];
        if (left_ms == 0 && job->ended >= SGP_ASSIGNMENT_CLOSED)
            left_ms = at_ms[job->ended];
        ms[SGP_INTERVAL_SCENE] = between(at_ms[SGP_ASSIGNMENT_ON_SCENE], left_ms);
        if (job->ended >= SGP_ASSIGNMENT_CLOSED)
            ms[SGP_INTERVAL_WHOLE] = between(incident->answered_at_ms, at_ms[job->ended]);
    }
    if (view->carrying_job != SGP_RUN_NONE) {
        const sgp_run_job *job = &run->jobs[view->carrying_job];
        ms[SGP_INTERVAL_TRANSPORT] = between(job->at_ms[SGP_ASSIGNMENT_TRANSPORTING],
                                             job->at_ms[SGP_ASSIGNMENT_AT_HOSPITAL]);
        if (job->ended >= SGP_ASSIGNMENT_CLOSED)
            ms[SGP_INTERVAL_HANDOVER] =
                between(job->at_ms[SGP_ASSIGNMENT_AT_HOSPITAL], job->at_ms[job->ended]);
    }
    view->in_time = judge(run, incident, ms[SGP_INTERVAL_RESPONSE]);
    if (incident->transfer != SGP_RUN_NONE)
        judge_transfer(run, incident, view);
}

void sgp_incident_views(const sgp_run *run, sgp_incident_view *views) {
    for (uint32_t i = 0; i < run->n_incidents; i++) {
        views[i] = (sgp_incident_view){
            .first_job = SGP_RUN_NONE, .leading_job = SGP_RUN_NONE, .carrying_job = SGP_RUN_NONE};
        for (int k = 0; k < SGP_INTERVALS; k++)
            views[i].ms[k] = -1;
    }
    for (uint32_t j = 0; j < run->n_jobs; j++) {
        sgp_incident_view *view = &views[run->jobs[j].incident];
        view->n_jobs++;
        if (comes_before(run, j, view->first_job, SGP_ASSIGNMENT_ORDERED))
            view->first_job = j;
        if (comes_before(run, j, view->leading_job, SGP_ASSIGNMENT_ON_SCENE))
            view->leading_job = j;
        if (comes_before(run, j, view->carrying_job, SGP_ASSIGNMENT_TRANSPORTING))
            view->carrying_job = j;
    }
    for (uint32_t i = 0; i < run->n_incidents; i++)
        fill_intervals(run, &run->incidents[i], &views[i]);
}
