#include "replay/report_calls.h"

#include <stdlib.h>
#include <string.h>

const sgp_outcome sgp_call_sorts[SGP_CALL_SORTS] = {
    SGP_OUTCOME_REAL,      SGP_OUTCOME_DUPLICATE, SGP_OUTCOME_INFORMATION,
    SGP_OUTCOME_PRANK,     SGP_OUTCOME_GHOST,     SGP_OUTCOME_SILENT,
    SGP_OUTCOME_ABANDONED, SGP_OUTCOME_CANCELLED, SGP_OUTCOME_NONE};

bool sgp_outcome_is_false(sgp_outcome outcome) {
    return outcome == SGP_OUTCOME_PRANK || outcome == SGP_OUTCOME_GHOST ||
           outcome == SGP_OUTCOME_SILENT || outcome == SGP_OUTCOME_ABANDONED;
}

static sgp_outcome shown(sgp_outcome own, sgp_outcome of_incident) {
    sgp_outcome outcome = own != SGP_OUTCOME_NONE ? own : of_incident;
    return outcome == SGP_OUTCOME_SERVED ? SGP_OUTCOME_REAL : outcome;
}

static void count(const sgp_run *run, int64_t at_ms, sgp_outcome outcome, uint32_t n,
                  sgp_call_week *week) {
    enum { HOUR_MS = 3600000, DAYS = SGP_WEEK_DAYS, HOURS = SGP_DAY_HOURS };
    int64_t hours = (at_ms + run->utc_offset_s * INT64_C(1000)) / HOUR_MS;
    /* The first of January 1970 was a Thursday. */
    week->n[outcome][(hours / HOURS + 3) % DAYS][hours % HOURS] += n;
}

sgp_err sgp_call_week_make(const sgp_run *run, sgp_call_week *week) {
    uint32_t *listed = calloc(run->n_incidents + 1, sizeof *listed);
    memset(week, 0, sizeof *week);
    if (!listed)
        return SGP_E_MEMORY;
    for (uint32_t i = 0; i < run->n_calls; i++) {
        const sgp_run_call *call = &run->calls[i];
        const sgp_run_incident *incident = &run->incidents[call->incident];
        listed[call->incident]++;
        count(run, call->at_ms ? call->at_ms : incident->answered_at_ms,
              shown(call->outcome, incident->outcome), 1, week);
    }
    for (uint32_t i = 0; i < run->n_incidents; i++) {
        const sgp_run_incident *incident = &run->incidents[i];
        if (incident->n_calls > listed[i])
            count(run, incident->answered_at_ms, shown(SGP_OUTCOME_NONE, incident->outcome),
                  incident->n_calls - listed[i], week);
    }
    free(listed);
    return SGP_OK;
}

void sgp_calls_of_incidents(const sgp_run *run, uint32_t (*of)[SGP_OUTCOMES]) {
    memset(of, 0, run->n_incidents * sizeof *of);
    for (uint32_t i = 0; i < run->n_calls; i++) {
        const sgp_run_call *call = &run->calls[i];
        of[call->incident][shown(call->outcome, run->incidents[call->incident].outcome)]++;
    }
    for (uint32_t i = 0; i < run->n_incidents; i++) {
        uint32_t listed = 0;
        for (int o = 0; o < SGP_OUTCOMES; o++)
            listed += of[i][o];
        if (run->incidents[i].n_calls > listed)
            of[i][shown(SGP_OUTCOME_NONE, run->incidents[i].outcome)] +=
                run->incidents[i].n_calls - listed;
    }
}

uint64_t sgp_call_week_count(const sgp_call_week *week, sgp_outcome outcome, int day, int hour) {
    bool all_days = day == SGP_WEEK_DAYS, all_hours = hour == SGP_DAY_HOURS;
    uint64_t n = 0;
    for (int d = all_days ? 0 : day; d < (all_days ? SGP_WEEK_DAYS : day + 1); d++)
        for (int h = all_hours ? 0 : hour; h < (all_hours ? SGP_DAY_HOURS : hour + 1); h++)
            n += week->n[outcome][d][h];
    return n;
}

uint64_t sgp_call_week_all(const sgp_call_week *week, bool only_false, int day, int hour) {
    uint64_t n = 0;
    for (int o = 0; o < SGP_OUTCOMES; o++)
        if (!only_false || sgp_outcome_is_false((sgp_outcome)o))
            n += sgp_call_week_count(week, (sgp_outcome)o, day, hour);
    return n;
}
