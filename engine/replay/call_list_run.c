/* What a run tells of its calls, to play them again. */
#include <stdlib.h>
#include <string.h>

#include "replay/call_list.h"

/* The job that reached the scene of each incident first; SGP_RUN_NONE = none did. */
static uint32_t *first_jobs(const sgp_run *run) {
    uint32_t *first = malloc(((size_t)run->n_incidents + 1) * sizeof *first);
    if (!first)
        return NULL;
    for (uint32_t i = 0; i < run->n_incidents; i++)
        first[i] = SGP_RUN_NONE;
    for (uint32_t j = 0; j < run->n_jobs; j++) {
        const sgp_run_job *job = &run->jobs[j];
        int64_t at_ms = job->at_ms[SGP_ASSIGNMENT_ON_SCENE];
        uint32_t *known = &first[job->incident];
        if (at_ms &&
            (*known == SGP_RUN_NONE || at_ms < run->jobs[*known].at_ms[SGP_ASSIGNMENT_ON_SCENE]))
            *known = j;
    }
    return first;
}

static void take_job(const sgp_run_job *job, sgp_past_call *call) {
    const int64_t *at_ms = job->at_ms;
    int64_t left_ms = at_ms[SGP_ASSIGNMENT_TRANSPORTING] ? at_ms[SGP_ASSIGNMENT_TRANSPORTING]
                                                         : at_ms[SGP_ASSIGNMENT_CLOSED];
    if (left_ms > at_ms[SGP_ASSIGNMENT_ON_SCENE]) {
        call->scene_ms = (int32_t)(left_ms - at_ms[SGP_ASSIGNMENT_ON_SCENE]);
        call->transport = at_ms[SGP_ASSIGNMENT_TRANSPORTING] != 0;
    }
}

sgp_err sgp_call_list_from_run(const sgp_run *run, sgp_call_list *list) {
    uint32_t *first = first_jobs(run);
    sgp_err err = first ? SGP_OK : SGP_E_MEMORY;
    for (uint32_t i = 0; i < run->n_incidents && !err; i++) {
        const sgp_run_incident *incident = &run->incidents[i];
        if (!incident->has_point)
            continue;
        sgp_past_call call = {
            .key = incident->key,
            .at_ms = incident->answered_at_ms,
            .point = incident->point,
            .priority = incident->priority,
            .scene_ms = -1,
            .transport = -1,
            .outcome = (uint8_t)(incident->outcome ? incident->outcome : SGP_OUTCOME_SERVED)};
        memcpy(call.complaint, incident->complaint, sizeof call.complaint);
        if (first[i] != SGP_RUN_NONE)
            take_job(&run->jobs[first[i]], &call);
        err = sgp_call_list_add(list, &call);
    }
    free(first);
    if (!err)
        sgp_call_list_sort(list);
    return err;
}
