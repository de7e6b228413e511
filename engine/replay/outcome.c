#include "replay/outcome.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { INCIDENTS, JOBS, CANDIDATES, UNITS, STATIONS, HOSPITALS, DISTRICTS, CALLS, TRANSFERS, AWAY };

/* Makes room for one more row of `size` bytes behind the n of *list. */
static sgp_err add_row(sgp_run *run, int which, void *list, uint32_t *n, size_t size, void **row) {
    void *rows;
    memcpy(&rows, list, sizeof rows);
    if (*n == run->capacity[which]) {
        if (*n > UINT32_MAX / 4)
            return SGP_E_MEMORY;
        uint32_t capacity = *n < 16 ? 32 : *n * 2;
        void *more = realloc(rows, capacity * size);
        if (more == NULL)
            return SGP_E_MEMORY;
        memcpy(list, &more, sizeof more);
        run->capacity[which] = capacity;
        rows = more;
    }
    *row = (char *)rows + (size_t)*n * size;
    memset(*row, 0, size);
    (*n)++;
    return SGP_OK;
}

sgp_err sgp_run_add_incident(sgp_run *run, sgp_run_incident **row) {
    void *made;
    sgp_err err =
        add_row(run, INCIDENTS, &run->incidents, &run->n_incidents, sizeof *run->incidents, &made);
    if (err != SGP_OK)
        return err;
    *row = made;
    (*row)->district = (*row)->transfer = SGP_RUN_NONE;
    return SGP_OK;
}

sgp_err sgp_run_add_job(sgp_run *run, sgp_run_job **row) {
    void *made;
    sgp_err err = add_row(run, JOBS, &run->jobs, &run->n_jobs, sizeof *run->jobs, &made);
    if (err != SGP_OK)
        return err;
    *row = made;
    (*row)->incident = (*row)->unit = (*row)->hospital = (*row)->rank = SGP_RUN_NONE;
    (*row)->told_ms = -1;
    return SGP_OK;
}

sgp_err sgp_run_add_candidate(sgp_run *run, sgp_run_candidate **row) {
    void *made;
    sgp_err err = add_row(run, CANDIDATES, &run->candidates, &run->n_candidates,
                          sizeof *run->candidates, &made);
    if (err != SGP_OK)
        return err;
    *row = made;
    (*row)->unit = SGP_RUN_NONE;
    return SGP_OK;
}

sgp_err sgp_run_add_call(sgp_run *run, sgp_run_call **row) {
    void *made;
    sgp_err err = add_row(run, CALLS, &run->calls, &run->n_calls, sizeof *run->calls, &made);
    if (err != SGP_OK)
        return err;
    *row = made;
    (*row)->incident = SGP_RUN_NONE;
    return SGP_OK;
}

sgp_err sgp_run_add_transfer(sgp_run *run, sgp_run_transfer **row) {
    void *made;
    sgp_err err =
        add_row(run, TRANSFERS, &run->transfers, &run->n_transfers, sizeof *run->transfers, &made);
    if (err != SGP_OK)
        return err;
    *row = made;
    (*row)->from = (*row)->to = SGP_RUN_NONE;
    return SGP_OK;
}

sgp_err sgp_run_add_away(sgp_run *run, sgp_run_away **row) {
    void *made;
    sgp_err err = add_row(run, AWAY, &run->away, &run->n_away, sizeof *run->away, &made);
    if (err != SGP_OK)
        return err;
    *row = made;
    (*row)->unit = SGP_RUN_NONE;
    return SGP_OK;
}

sgp_err sgp_run_add_unit(sgp_run *run, sgp_run_unit **row) {
    void *made;
    sgp_err err = add_row(run, UNITS, &run->units, &run->n_units, sizeof *run->units, &made);
    if (err != SGP_OK)
        return err;
    *row = made;
    (*row)->station = SGP_RUN_NONE;
    return SGP_OK;
}

sgp_err sgp_run_add_hospital(sgp_run *run, sgp_run_hospital **row) {
    void *made;
    sgp_err err =
        add_row(run, HOSPITALS, &run->hospitals, &run->n_hospitals, sizeof *run->hospitals, &made);
    if (err == SGP_OK)
        *row = made;
    return err;
}

/* Copies a name, cut at the end of a character. */
static void copy_name(char out[SGP_NAME_BYTES], const char *name) {
    size_t length = strlen(name);
    if (length >= SGP_NAME_BYTES) {
        length = SGP_NAME_BYTES - 1;
        while (length > 0 && ((unsigned char)name[length] & 0xc0) == 0x80)
            length--;
    }
    memcpy(out, name, length);
    out[length] = '\0';
}

sgp_err sgp_run_find_station(sgp_run *run, const char *name, sgp_point point, uint32_t *index) {
    char cut[SGP_NAME_BYTES];
    copy_name(cut, name);
    for (uint32_t i = 0; i < run->n_stations; i++) {
        if (strcmp(run->stations[i].name, cut) == 0) {
            *index = i;
            return SGP_OK;
        }
    }
    void *made;
    sgp_err err =
        add_row(run, STATIONS, &run->stations, &run->n_stations, sizeof *run->stations, &made);
    if (err != SGP_OK)
        return err;
    sgp_run_station *station = made;
    memcpy(station->name, cut, sizeof cut);
    station->point = point;
    *index = run->n_stations - 1;
    return SGP_OK;
}

sgp_err sgp_run_find_district(sgp_run *run, const char *kelurahan, const char *kecamatan,
                              const char *kabupaten, uint32_t *index) {
    sgp_run_district wanted = {0};
    copy_name(wanted.kelurahan, kelurahan);
    copy_name(wanted.kecamatan, kecamatan);
    copy_name(wanted.kabupaten, kabupaten);
    for (uint32_t i = 0; i < run->n_districts; i++) {
        const sgp_run_district *d = &run->districts[i];
        if (strcmp(d->kelurahan, wanted.kelurahan) == 0 &&
            strcmp(d->kecamatan, wanted.kecamatan) == 0 &&
            strcmp(d->kabupaten, wanted.kabupaten) == 0) {
            *index = i;
            return SGP_OK;
        }
    }
    void *made;
    sgp_err err =
        add_row(run, DISTRICTS, &run->districts, &run->n_districts, sizeof *run->districts, &made);
    if (err != SGP_OK)
        return err;
    memcpy(made, &wanted, sizeof wanted);
    *index = run->n_districts - 1;
    return SGP_OK;
}

void sgp_run_coverage_free(sgp_run_coverage *coverage) {
    if (coverage)
        free(coverage->areas);
    free(coverage);
}

sgp_run_coverage *sgp_run_coverage_copy(const sgp_run_coverage *coverage) {
    sgp_run_coverage *copy = coverage ? malloc(sizeof *copy) : NULL;
    if (!copy)
        return NULL;
    *copy = *coverage;
    copy->areas = malloc((coverage->n_areas + 1) * sizeof *copy->areas);
    if (!copy->areas) {
        free(copy);
        return NULL;
    }
    memcpy(copy->areas, coverage->areas, coverage->n_areas * sizeof *copy->areas);
    return copy;
}

void sgp_run_clear_calls(sgp_run *run) {
    run->n_incidents = run->n_jobs = run->n_candidates = run->n_calls = run->n_transfers = 0;
    run->n_away = 0;
    sgp_run_coverage_free(run->coverage);
    run->coverage = NULL;
}

void sgp_run_free(sgp_run *run) {
    free(run->incidents);
    free(run->jobs);
    free(run->candidates);
    free(run->units);
    free(run->stations);
    free(run->hospitals);
    free(run->districts);
    free(run->calls);
    free(run->transfers);
    free(run->away);
    sgp_run_coverage_free(run->coverage);
    *run = (sgp_run){0};
}

/* ---- checking ------------------------------------------------------------- */

static bool names_row(uint32_t index, uint32_t n, bool may_be_none) {
    return index < n || (may_be_none && index == SGP_RUN_NONE);
}

static sgp_err check_incident(const sgp_run *run, uint32_t i, sgp_fault *fault) {
    const sgp_run_incident *row = &run->incidents[i];
    const char *wrong = NULL;
    if (!names_row(row->district, run->n_districts, true))
        wrong = "names a district that the run has not";
    else if (!names_row(row->transfer, run->n_transfers, true))
        wrong = "names a transfer that the run has not";
    else if ((uint64_t)row->first_candidate + row->n_candidates > run->n_candidates)
        wrong = "names candidates that the run has not";
    else if (row->priority < SGP_PRIORITY_UNKNOWN || row->priority >= SGP_PRIORITIES)
        wrong = "has no such priority";
    else if (row->outcome < SGP_OUTCOME_NONE || row->outcome >= SGP_OUTCOMES)
        wrong = "has no such outcome";
    else if (row->answered_at_ms <= 0)
        wrong = "was never answered";
    else if (row->rang_at_ms > row->answered_at_ms)
        wrong = "rang after it was answered";
    else if (i > 0 && row->answered_at_ms < run->incidents[i - 1].answered_at_ms)
        wrong = "was answered before the one before it";
    if (wrong == NULL)
        return SGP_OK;
    return sgp_fail(fault, SGP_E_MISMATCH, "incident %" PRIu64 " (row %" PRIu32 ") %s", row->id, i,
                    wrong);
}

/* When the unit is free again; an open job lasts for ever. */
static int64_t job_end_ms(const sgp_run_job *job) {
    switch (job->ended) {
    case SGP_ASSIGNMENT_CLOSED:
    case SGP_ASSIGNMENT_DECLINED:
    case SGP_ASSIGNMENT_TIMED_OUT:
    case SGP_ASSIGNMENT_DIVERTED:
    case SGP_ASSIGNMENT_STOOD_DOWN:
        return job->at_ms[job->ended];
    default:
        return INT64_MAX;
    }
}

static sgp_err check_job(const sgp_run *run, uint32_t i, sgp_fault *fault) {
    const sgp_run_job *job = &run->jobs[i];
    const char *wrong = NULL;
    if (!names_row(job->incident, run->n_incidents, false))
        wrong = "names an incident that the run has not";
    else if (!names_row(job->unit, run->n_units, false))
        wrong = "names a unit that the run has not";
    else if (!names_row(job->hospital, run->n_hospitals, true))
        wrong = "names a hospital that the run has not";
    else if (job->ended < SGP_ASSIGNMENT_ORDERED || job->ended >= SGP_ASSIGNMENT_STATES)
        wrong = "has no such last state";
    else if (job->at_ms[SGP_ASSIGNMENT_ORDERED] <= 0 || job->at_ms[job->ended] <= 0)
        wrong = "has no time of being ordered or of its last state";
    int64_t before_ms = 0;
    for (int state = SGP_ASSIGNMENT_ORDERED; wrong == NULL && state <= SGP_ASSIGNMENT_CLOSED;
         state++) {
        if (job->at_ms[state] == 0)
            continue;
        if (job->at_ms[state] < before_ms)
            wrong = "goes backwards in time";
        before_ms = job->at_ms[state];
    }
    if (wrong == NULL && job->at_ms[job->ended] < before_ms)
        wrong = "ends before it began";
    if (wrong == NULL)
        return SGP_OK;
    return sgp_fail(fault, SGP_E_MISMATCH, "job %" PRIu32 " %s", i, wrong);
}

static int by_unit_and_time(const void *left, const void *right) {
    const sgp_run_job *a = *(const sgp_run_job *const *)left;
    const sgp_run_job *b = *(const sgp_run_job *const *)right;
    int64_t from_a = a->at_ms[SGP_ASSIGNMENT_ORDERED], from_b = b->at_ms[SGP_ASSIGNMENT_ORDERED];
    if (a->unit != b->unit)
        return a->unit < b->unit ? -1 : 1;
    if (from_a != from_b)
        return from_a < from_b ? -1 : 1;
    int64_t end_a = job_end_ms(a), end_b = job_end_ms(b);
    return end_a < end_b ? -1 : end_a > end_b;
}

static sgp_err check_overlaps(const sgp_run *run, sgp_fault *fault) {
    if (run->n_jobs == 0)
        return SGP_OK;
    const sgp_run_job **order = malloc(run->n_jobs * sizeof *order);
    if (order == NULL)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory to check %" PRIu32 " jobs", run->n_jobs);
    for (uint32_t i = 0; i < run->n_jobs; i++)
        order[i] = &run->jobs[i];
    qsort(order, run->n_jobs, sizeof *order, by_unit_and_time);
    sgp_err err = SGP_OK;
    for (uint32_t i = 1; i < run->n_jobs && err == SGP_OK; i++) {
        const sgp_run_job *before = order[i - 1], *job = order[i];
        if (before->unit == job->unit && job_end_ms(before) > job->at_ms[SGP_ASSIGNMENT_ORDERED])
            err = sgp_fail(fault, SGP_E_MISMATCH,
                           "unit %s is on incidents %" PRIu64 " and %" PRIu64 " at a time",
                           run->units[job->unit].code, run->incidents[before->incident].id,
                           run->incidents[job->incident].id);
    }
    free(order);
    return err;
}

sgp_err sgp_run_check(const sgp_run *run, sgp_fault *fault) {
    for (uint32_t i = 0; i < run->n_units; i++) {
        if (!names_row(run->units[i].station, run->n_stations, true))
            return sgp_fail(fault, SGP_E_MISMATCH, "unit %s names a station that the run has not",
                            run->units[i].code);
    }
    for (uint32_t i = 0; i < run->n_transfers; i++)
        if (run->transfers[i].from >= run->n_hospitals || run->transfers[i].to >= run->n_hospitals)
            return sgp_fail(fault, SGP_E_MISMATCH,
                            "transfer %" PRIu32 " names a hospital that the run has not", i);
    for (uint32_t i = 0; i < run->n_incidents; i++) {
        sgp_err err = check_incident(run, i, fault);
        if (err != SGP_OK)
            return err;
    }
    for (uint32_t i = 0; i < run->n_candidates; i++) {
        if (run->candidates[i].unit >= run->n_units)
            return sgp_fail(fault, SGP_E_MISMATCH,
                            "candidate %" PRIu32 " names a unit that the run has not", i);
    }
    for (uint32_t i = 0; i < run->n_calls; i++) {
        const sgp_run_call *call = &run->calls[i];
        if (!names_row(call->incident, run->n_incidents, false) ||
            call->outcome < SGP_OUTCOME_NONE || call->outcome >= SGP_OUTCOMES || call->at_ms < 0)
            return sgp_fail(fault, SGP_E_MISMATCH,
                            "call %" PRIu32 " names an incident or outcome that there is not", i);
    }
    for (uint32_t i = 0; i < run->n_jobs; i++) {
        sgp_err err = check_job(run, i, fault);
        if (err != SGP_OK)
            return err;
    }
    return check_overlaps(run, fault);
}
