#include "replay/run_reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/core_proto.h"
#include "replay/id_rows.h"

/* A unit's duty while the journal is read. */
typedef struct duty {
    bool on;
    int64_t since_ms;
} duty;

struct sgp_run_reader {
    sgp_journal_span span;
    sgp_run *run;
    sgp_id_rows incidents; /* rows of run->incidents */
    sgp_id_rows jobs;      /* rows of run->jobs */
    sgp_id_rows calls;     /* rows of run->calls */
    sgp_id_rows transfers; /* rows of run->transfers */
    uint64_t *followed_by; /* [run->n_jobs] recommendation of each job */
    uint32_t jobs_capacity;
    duty *duties; /* [run->n_units] */
    uint32_t duties_capacity;
};

/* Texts of the journal were checked when they were written; cut all the same. */
static void copy_text(char *out, size_t capacity, const char *text) {
    snprintf(out, capacity, "%s", text != NULL ? text : "");
}

static bool read_point(const Sigap__V1__Point *message, sgp_point *point) {
    return message != NULL && sgp_point_from_degrees(message->lon, message->lat, point) == SGP_OK;
}

/* ---- units ---------------------------------------------------------------- */

/* The part of [from, to) that lies in the asked span. */
static int64_t within_span(const sgp_run_reader *r, int64_t from_ms, int64_t to_ms) {
    int64_t low_ms = r->span.from_ms, high_ms = r->span.until_ms;
    from_ms = from_ms < low_ms ? low_ms : from_ms;
    to_ms = high_ms > 0 && to_ms > high_ms ? high_ms : to_ms;
    return to_ms > from_ms ? to_ms - from_ms : 0;
}

static sgp_err grow_duties(sgp_run_reader *r, uint32_t n) {
    if (n <= r->duties_capacity)
        return SGP_OK;
    duty *more = realloc(r->duties, n * 2 * sizeof *more);
    if (more == NULL)
        return SGP_E_MEMORY;
    memset(more + r->duties_capacity, 0, (n * 2 - r->duties_capacity) * sizeof *more);
    r->duties = more;
    r->duties_capacity = n * 2;
    return SGP_OK;
}

static sgp_err read_unit(sgp_run_reader *r, const Sigap__V1__Unit *message, int64_t at_ms) {
    if (message->number == 0 || message->number > SGP_UNITS_MAX)
        return SGP_E_CORRUPT;
    sgp_err err = grow_duties(r, message->number);
    while (err == SGP_OK && r->run->n_units < message->number) {
        sgp_run_unit *added;
        err = sgp_run_add_unit(r->run, &added);
    }
    if (err != SGP_OK)
        return err;
    uint32_t index = message->number - 1;
    sgp_run_unit *unit = &r->run->units[index];
    copy_text(unit->code, sizeof unit->code, message->code);
    copy_text(unit->agency, sizeof unit->agency, message->agency);
    unit->kind = (sgp_unit_kind)message->kind;
    unit->station = SGP_RUN_NONE;
    sgp_point point = {0};
    if (message->station[0] != '\0') {
        read_point(message->station_point, &point);
        err = sgp_run_find_station(r->run, message->station, point, &unit->station);
    }
    duty *d = &r->duties[index];
    if (d->on && !message->on_duty)
        unit->duty_ms += within_span(r, d->since_ms, at_ms);
    if (!d->on && message->on_duty)
        d->since_ms = at_ms;
    d->on = message->on_duty;
    return err;
}

static sgp_err read_hospital(sgp_run_reader *r, const Sigap__V1__Hospital *message) {
    if (message->number == 0 || message->number > SGP_HOSPITALS_MAX)
        return SGP_E_CORRUPT;
    while (r->run->n_hospitals < message->number) {
        sgp_run_hospital *added;
        sgp_err err = sgp_run_add_hospital(r->run, &added);
        if (err != SGP_OK)
            return err;
    }
    sgp_run_hospital *hospital = &r->run->hospitals[message->number - 1];
    copy_text(hospital->code, sizeof hospital->code, message->code);
    copy_text(hospital->name, sizeof hospital->name, message->name);
    read_point(message->point, &hospital->point);
    return SGP_OK;
}

static uint32_t hospital_of(const sgp_run *run, const char *code) {
    for (uint32_t i = 0; code[0] != '\0' && i < run->n_hospitals; i++) {
        if (strcmp(run->hospitals[i].code, code) == 0)
            return i;
    }
    return SGP_RUN_NONE;
}

/* ---- incidents and jobs --------------------------------------------------- */

static bool asked_for(const sgp_run_reader *r, int64_t opened_at_ms) {
    return opened_at_ms >= r->span.from_ms &&
           (r->span.until_ms == 0 || opened_at_ms < r->span.until_ms);
}

static sgp_err read_incident(sgp_run_reader *r, const Sigap__V1__Incident *message) {
    if (!asked_for(r, message->opened_at_ms))
        return SGP_OK;
    uint32_t row = sgp_id_rows_find(&r->incidents, message->id);
    sgp_run_incident *incident;
    if (row == SGP_RUN_NONE) {
        sgp_err err = sgp_id_rows_add(&r->incidents, message->id, r->run->n_incidents);
        if (err == SGP_OK)
            err = sgp_run_add_incident(r->run, &incident);
        if (err != SGP_OK)
            return err;
    } else {
        incident = &r->run->incidents[row];
    }
    incident->id = incident->key = message->id;
    incident->priority = (sgp_priority)message->priority;
    copy_text(incident->complaint, sizeof incident->complaint, message->complaint);
    incident->outcome = (sgp_outcome)message->outcome;
    incident->n_calls = message->calls;
    incident->units_wanted = message->units_wanted;
    incident->answered_at_ms = message->opened_at_ms;
    incident->placed_at_ms = message->placed_at_ms;
    incident->closed_at_ms = message->closed_at_ms;
    const Sigap__V1__Place *place = message->place;
    incident->has_point = place != NULL && read_point(place->point, &incident->point);
    incident->district = SGP_RUN_NONE;
    if (place != NULL && (place->kelurahan[0] != '\0' || place->kecamatan[0] != '\0'))
        return sgp_run_find_district(r->run, place->kelurahan, place->kecamatan, place->kabupaten,
                                     &incident->district);
    return SGP_OK;
}

/* Of the incidents that are reported; one that never fell due is nobody's job. */
static sgp_err read_transfer(sgp_run_reader *r, const Sigap__V1__Transfer *message) {
    uint32_t incident = sgp_id_rows_find(&r->incidents, message->incident_id);
    uint32_t from = hospital_of(r->run, message->from_code);
    uint32_t to = hospital_of(r->run, message->to_code),
             row = sgp_id_rows_find(&r->transfers, message->id);
    if (incident == SGP_RUN_NONE || from == SGP_RUN_NONE || to == SGP_RUN_NONE)
        return SGP_OK;
    if (row == SGP_RUN_NONE) {
        row = r->run->n_transfers;
        sgp_run_transfer *added;
        sgp_err err = sgp_id_rows_add(&r->transfers, message->id, row);
        if (err == SGP_OK)
            err = sgp_run_add_transfer(r->run, &added);
        if (err != SGP_OK)
            return err;
    }
    r->run->transfers[row] = (sgp_run_transfer){.from = from,
                                                .to = to,
                                                .asked_at_ms = message->asked_at_ms,
                                                .pick_up_at_ms = message->pick_up_at_ms};
    const Sigap__V1__Backup *seat = message->seat;
    for (size_t k = 0; seat != NULL && k < seat->n_kinds; k++)
        if (seat->kinds[k] > 0 && (int)seat->kinds[k] < SGP_UNIT_KINDS)
            r->run->transfers[row].seat.kinds |= 1u << seat->kinds[k];
    r->run->transfers[row].seat.skills = seat != NULL ? seat->skills : 0;
    r->run->incidents[incident].transfer = row;
    return SGP_OK;
}

/* It may be linked to another incident later, and judged later still. */
static sgp_err read_call(sgp_run_reader *r, const Sigap__V1__Call *message) {
    uint32_t incident = sgp_id_rows_find(&r->incidents, message->incident_id);
    uint32_t row = sgp_id_rows_find(&r->calls, message->id);
    if (incident == SGP_RUN_NONE || (int)message->outcome < SGP_OUTCOME_NONE ||
        (int)message->outcome >= SGP_OUTCOMES)
        return SGP_OK; /* of another time */
    if (row == SGP_RUN_NONE) {
        row = r->run->n_calls;
        sgp_run_call *added;
        sgp_err err = sgp_id_rows_add(&r->calls, message->id, row);
        if (err == SGP_OK)
            err = sgp_run_add_call(r->run, &added);
        if (err != SGP_OK)
            return err;
    }
    r->run->calls[row] = (sgp_run_call){.incident = incident,
                                        .at_ms = message->received_at_ms,
                                        .outcome = (sgp_outcome)message->outcome};
    return SGP_OK;
}

static sgp_err new_job(sgp_run_reader *r, uint64_t id, sgp_run_job **job) {
    uint32_t row = r->run->n_jobs;
    if (row == r->jobs_capacity) {
        uint32_t capacity = row == 0 ? 256 : row * 2;
        uint64_t *more = realloc(r->followed_by, capacity * sizeof *more);
        if (more == NULL)
            return SGP_E_MEMORY;
        r->followed_by = more;
        r->jobs_capacity = capacity;
    }
    sgp_err err = sgp_id_rows_add(&r->jobs, id, row);
    return err != SGP_OK ? err : sgp_run_add_job(r->run, job);
}

static sgp_err read_assignment(sgp_run_reader *r, const Sigap__V1__Assignment *message) {
    uint32_t incident = sgp_id_rows_find(&r->incidents, message->incident_id);
    if (incident == SGP_RUN_NONE || message->unit_number == 0 ||
        message->state < SIGAP__V1__ASSIGNMENT_STATE__ORDERED ||
        (int)message->state >= SGP_ASSIGNMENT_STATES)
        return SGP_OK; /* of another time, or proposed and never ordered */
    uint32_t row = sgp_id_rows_find(&r->jobs, message->id);
    sgp_run_job *job;
    if (row == SGP_RUN_NONE) {
        sgp_err err = new_job(r, message->id, &job);
        if (err != SGP_OK)
            return err;
        row = r->run->n_jobs - 1;
    }
    job = &r->run->jobs[row];
    job->incident = incident;
    job->unit = message->unit_number - 1;
    job->hospital = hospital_of(r->run, message->hospital_code);
    job->by_dispatcher = message->by_dispatcher;
    job->ended = (sgp_assignment_state)message->state;
    job->told_ms = message->travel_ms;
    r->followed_by[row] = message->recommendation_id;
    for (size_t i = 0; i < message->n_stamps; i++) {
        const Sigap__V1__StateStamp *stamp = message->stamps[i];
        if ((int)stamp->state > 0 && (int)stamp->state < SGP_ASSIGNMENT_STATES)
            job->at_ms[stamp->state] = stamp->at_ms;
    }
    return SGP_OK;
}

/* Those of the last plan count: it is by what the service measures itself now. */
static void read_targets(sgp_run_reader *r, const Sigap__V1__Event *event) {
    sgp_plan *plan = NULL;
    sgp_fault unread = {0};
    if (event->body_case != SIGAP__V1__EVENT__BODY_PLANNED ||
        sgp_plan_from_proto(event->planned, &plan, &unread) != SGP_OK)
        return; /* an exact replay says what is wrong with it; incidents can be told all the same */
    r->run->n_targets = plan->n_targets;
    memcpy(r->run->targets, plan->targets, sizeof plan->targets);
    free(plan);
}

/* ---- what happened -------------------------------------------------------- */

sgp_err sgp_run_reader_changes(sgp_run_reader *r, const Sigap__V1__Update *changes, int64_t at_ms) {
    sgp_err err = SGP_OK;
    for (size_t i = 0; err == SGP_OK && i < changes->n_units; i++)
        err = read_unit(r, changes->units[i], at_ms);
    for (size_t i = 0; err == SGP_OK && i < changes->n_hospitals; i++)
        err = read_hospital(r, changes->hospitals[i]);
    for (size_t i = 0; err == SGP_OK && i < changes->n_incidents; i++)
        err = read_incident(r, changes->incidents[i]);
    for (size_t i = 0; err == SGP_OK && i < changes->n_transfers; i++)
        err = read_transfer(r, changes->transfers[i]);
    for (size_t i = 0; err == SGP_OK && i < changes->n_calls; i++)
        err = read_call(r, changes->calls[i]);
    for (size_t i = 0; err == SGP_OK && i < changes->n_assignments; i++)
        err = read_assignment(r, changes->assignments[i]);
    return err;
}

void sgp_run_reader_event(sgp_run_reader *r, const Sigap__V1__Event *event) {
    if (event->body_case == SIGAP__V1__EVENT__BODY_CONFIGURED) {
        const Sigap__V1__Clocks *clocks = event->configured;
        for (size_t p = 0; p < clocks->n_target_ms && p < SGP_PRIORITIES; p++)
            r->run->target_ms[p] = clocks->target_ms[p];
    }
    read_targets(r, event);
}

uint64_t sgp_run_reader_followed(const sgp_run_reader *r, uint32_t job) {
    return r->followed_by[job];
}

void sgp_run_reader_finish(sgp_run_reader *r, int64_t first_ms, int64_t last_ms) {
    sgp_run *run = r->run;
    run->from_ms = r->span.from_ms > first_ms ? r->span.from_ms : first_ms;
    run->until_ms = r->span.until_ms > 0 && r->span.until_ms < last_ms ? r->span.until_ms : last_ms;
    run->utc_offset_s = r->span.utc_offset_s;
    snprintf(run->policy, sizeof run->policy, "live");
    for (uint32_t u = 0; u < run->n_units; u++) {
        if (!r->duties[u].on)
            continue;
        run->units[u].duty_ms += within_span(r, r->duties[u].since_ms, run->until_ms);
        r->duties[u].since_ms = run->until_ms; /* so that a second end adds only what came since */
    }
}

/* ---- life ------------------------------------------------------------------ */

sgp_err sgp_run_reader_create(const sgp_journal_span *span, sgp_run *run, sgp_run_reader **reader) {
    *reader = calloc(1, sizeof **reader);
    if (*reader == NULL)
        return SGP_E_MEMORY;
    (*reader)->span = *span;
    (*reader)->run = run;
    return SGP_OK;
}

void sgp_run_reader_destroy(sgp_run_reader *r) {
    if (r == NULL)
        return;
    free(r->incidents.rows);
    free(r->jobs.rows);
    free(r->calls.rows);
    free(r->transfers.rows);
    free(r->followed_by);
    free(r->duties);
    free(r);
}
