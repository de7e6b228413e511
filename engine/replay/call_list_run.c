/* What a run tells of its calls, to play them again. */
#include <stdlib.h>
#include <string.h>

#include "replay/call_list.h"

/* Is `job` a better witness of the scene than `known`: it carried the patient, or, where that is
 * the same of both, it came first? A motorbike that came before the ambulance carries nobody. */
static bool tells_more(const sgp_run_job *job, const sgp_run_job *known) {
    bool carried = job->at_ms[SGP_ASSIGNMENT_TRANSPORTING] != 0;
    if (carried != (known->at_ms[SGP_ASSIGNMENT_TRANSPORTING] != 0))
        return carried;
    return job->at_ms[SGP_ASSIGNMENT_ON_SCENE] < known->at_ms[SGP_ASSIGNMENT_ON_SCENE];
}

/* The job that tells of the scene of each incident; SGP_RUN_NONE = nobody came. */
static uint32_t *telling_jobs(const sgp_run *run) {
    uint32_t *telling = malloc(((size_t)run->n_incidents + 1) * sizeof *telling);
    if (!telling)
        return NULL;
    for (uint32_t i = 0; i < run->n_incidents; i++)
        telling[i] = SGP_RUN_NONE;
    for (uint32_t j = 0; j < run->n_jobs; j++) {
        const sgp_run_job *job = &run->jobs[j];
        uint32_t *known = &telling[job->incident];
        if (job->at_ms[SGP_ASSIGNMENT_ON_SCENE] &&
            (*known == SGP_RUN_NONE || tells_more(job, &run->jobs[*known])))
            *known = j;
    }
    return telling;
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

/* As it was asked for, and not as it fell due: that is for the core to find out again. */
static sgp_err add_transfer(const sgp_run *run, const sgp_run_incident *incident,
                            sgp_past_call *call, sgp_call_list *list) {
    const sgp_run_transfer *asked = &run->transfers[incident->transfer];
    sgp_past_transfer transfer = {.pick_up_at_ms = asked->pick_up_at_ms, .seat = asked->seat};
    memcpy(transfer.from, run->hospitals[asked->from].code, sizeof transfer.from);
    memcpy(transfer.to, run->hospitals[asked->to].code, sizeof transfer.to);
    call->at_ms = asked->asked_at_ms;
    call->outcome = SGP_OUTCOME_SERVED;
    call->transport = 1;
    if (transfer.pick_up_at_ms <= call->at_ms)
        transfer.pick_up_at_ms = 0; /* at once */
    return sgp_call_list_add_transfer(list, call, &transfer);
}

sgp_err sgp_call_list_from_run(const sgp_run *run, sgp_call_list *list) {
    uint32_t *telling = telling_jobs(run);
    sgp_err err = telling ? SGP_OK : SGP_E_MEMORY;
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
        if (telling[i] != SGP_RUN_NONE)
            take_job(&run->jobs[telling[i]], &call);
        err = incident->transfer == SGP_RUN_NONE ? sgp_call_list_add(list, &call)
                                                 : add_transfer(run, incident, &call, list);
    }
    free(telling);
    if (!err)
        sgp_call_list_sort(list);
    return err;
}
