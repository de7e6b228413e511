#include "replay/report_journal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/core_proto.h"
#include "journal/journal_reader.h"
#include "sigap/v1/journal.pb-c.h"

/* A growing list of rows that are found by id. New ids are the greatest so far, so that a row
 * nearly always goes to the end. */
typedef struct found {
    uint64_t id;
    uint32_t row;
} found;
typedef struct index_by_id {
    found *rows;
    uint32_t n, capacity;
} index_by_id;

/* A unit's duty while the journal is read. */
typedef struct duty {
    bool on;
    int64_t since_ms;
} duty;

typedef struct reading {
    sgp_journal_span span;
    sgp_run *run;
    sgp_fault *fault;
    index_by_id incidents; /* rows of run->incidents */
    index_by_id jobs;      /* rows of run->jobs */
    index_by_id calls;     /* rows of run->calls */
    index_by_id transfers; /* rows of run->transfers */
    index_by_id followed;  /* recommendations: rows of run->jobs, the first that followed it */
    uint64_t *followed_by; /* [run->n_jobs] recommendation of each job */
    uint32_t jobs_capacity;
    duty *duties; /* [run->n_units] */
    uint32_t duties_capacity;
    int64_t first_ms, last_ms;
} reading;

static uint32_t position(const index_by_id *index, uint64_t id) {
    uint32_t low = 0, high = index->n;
    if (high > 0 && index->rows[high - 1].id < id)
        return high;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (index->rows[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static uint32_t find_row(const index_by_id *index, uint64_t id) {
    uint32_t at = position(index, id);
    return at < index->n && index->rows[at].id == id ? index->rows[at].row : SGP_RUN_NONE;
}

static sgp_err add_row(index_by_id *index, uint64_t id, uint32_t row) {
    if (index->n == index->capacity) {
        uint32_t capacity = index->capacity == 0 ? 256 : index->capacity * 2;
        found *rows = realloc(index->rows, capacity * sizeof *rows);
        if (rows == NULL)
            return SGP_E_MEMORY;
        index->rows = rows;
        index->capacity = capacity;
    }
    uint32_t at = position(index, id);
    memmove(&index->rows[at + 1], &index->rows[at], (index->n - at) * sizeof *index->rows);
    index->rows[at] = (found){id, row};
    index->n++;
    return SGP_OK;
}

/* Texts of the journal were checked when they were written; cut all the same. */
static void copy_text(char *out, size_t capacity, const char *text) {
    snprintf(out, capacity, "%s", text != NULL ? text : "");
}

static bool read_point(const Sigap__V1__Point *message, sgp_point *point) {
    return message != NULL && sgp_point_from_degrees(message->lon, message->lat, point) == SGP_OK;
}

/* ---- units ---------------------------------------------------------------- */

/* The part of [from, to) that lies in the asked span. */
static int64_t within_span(const reading *r, int64_t from_ms, int64_t to_ms) {
    int64_t low_ms = r->span.from_ms, high_ms = r->span.until_ms;
    from_ms = from_ms < low_ms ? low_ms : from_ms;
    to_ms = high_ms > 0 && to_ms > high_ms ? high_ms : to_ms;
    return to_ms > from_ms ? to_ms - from_ms : 0;
}

static sgp_err grow_duties(reading *r, uint32_t n) {
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

static sgp_err read_unit(reading *r, const Sigap__V1__Unit *message, int64_t at_ms) {
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

static sgp_err read_hospital(reading *r, const Sigap__V1__Hospital *message) {
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

static bool asked_for(const reading *r, int64_t opened_at_ms) {
    return opened_at_ms >= r->span.from_ms &&
           (r->span.until_ms == 0 || opened_at_ms < r->span.until_ms);
}

static sgp_err read_incident(reading *r, const Sigap__V1__Incident *message) {
    if (!asked_for(r, message->opened_at_ms))
        return SGP_OK;
    uint32_t row = find_row(&r->incidents, message->id);
    sgp_run_incident *incident;
    if (row == SGP_RUN_NONE) {
        sgp_err err = add_row(&r->incidents, message->id, r->run->n_incidents);
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
static sgp_err read_transfer(reading *r, const Sigap__V1__Transfer *message) {
    uint32_t incident = find_row(&r->incidents, message->incident_id);
    uint32_t from = hospital_of(r->run, message->from_code);
    uint32_t to = hospital_of(r->run, message->to_code), row = find_row(&r->transfers, message->id);
    if (incident == SGP_RUN_NONE || from == SGP_RUN_NONE || to == SGP_RUN_NONE)
        return SGP_OK;
    if (row == SGP_RUN_NONE) {
        row = r->run->n_transfers;
        sgp_run_transfer *added;
        sgp_err err = add_row(&r->transfers, message->id, row);
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
static sgp_err read_call(reading *r, const Sigap__V1__Call *message) {
    uint32_t incident = find_row(&r->incidents, message->incident_id);
    uint32_t row = find_row(&r->calls, message->id);
    if (incident == SGP_RUN_NONE || (int)message->outcome < SGP_OUTCOME_NONE ||
        (int)message->outcome >= SGP_OUTCOMES)
        return SGP_OK; /* of another time */
    if (row == SGP_RUN_NONE) {
        row = r->run->n_calls;
        sgp_run_call *added;
        sgp_err err = add_row(&r->calls, message->id, row);
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

static sgp_err new_job(reading *r, uint64_t id, sgp_run_job **job) {
    uint32_t row = r->run->n_jobs;
    if (row == r->jobs_capacity) {
        uint32_t capacity = row == 0 ? 256 : row * 2;
        uint64_t *more = realloc(r->followed_by, capacity * sizeof *more);
        if (more == NULL)
            return SGP_E_MEMORY;
        r->followed_by = more;
        r->jobs_capacity = capacity;
    }
    sgp_err err = add_row(&r->jobs, id, row);
    return err != SGP_OK ? err : sgp_run_add_job(r->run, job);
}

static sgp_err read_assignment(reading *r, const Sigap__V1__Assignment *message) {
    uint32_t incident = find_row(&r->incidents, message->incident_id);
    if (incident == SGP_RUN_NONE || message->unit_number == 0 ||
        message->state < SIGAP__V1__ASSIGNMENT_STATE__ORDERED ||
        (int)message->state >= SGP_ASSIGNMENT_STATES)
        return SGP_OK; /* of another time, or proposed and never ordered */
    uint32_t row = find_row(&r->jobs, message->id);
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

static sgp_err read_changes(reading *r, const Sigap__V1__JournalRecord *record) {
    const Sigap__V1__Update *changes = record->changes;
    int64_t at_ms = record->event->at_ms;
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

/* Those of the last plan count: it is by what the service measures itself now. */
static void read_targets(reading *r, const Sigap__V1__Event *event) {
    sgp_plan *plan = NULL;
    sgp_fault unread = {0};
    if (event->body_case != SIGAP__V1__EVENT__BODY_PLANNED ||
        sgp_plan_from_proto(event->planned, &plan, &unread) != SGP_OK)
        return; /* an exact replay says what is wrong with it; incidents can be told all the same */
    r->run->n_targets = plan->n_targets;
    memcpy(r->run->targets, plan->targets, sizeof plan->targets);
    free(plan);
}

static sgp_err read_record(void *ctx, uint64_t seq, const uint8_t *bytes, size_t length) {
    reading *r = ctx;
    Sigap__V1__JournalRecord *record = sigap__v1__journal_record__unpack(NULL, length, bytes);
    if (record == NULL || record->event == NULL) {
        protobuf_c_message_free_unpacked(record ? &record->base : NULL, NULL);
        return sgp_fail(r->fault, SGP_E_CORRUPT, "event %" PRIu64 " of the journal is no record",
                        seq);
    }
    r->last_ms = record->event->at_ms;
    if (r->first_ms == 0)
        r->first_ms = r->last_ms;
    if (record->event->body_case == SIGAP__V1__EVENT__BODY_CONFIGURED) {
        const Sigap__V1__Clocks *clocks = record->event->configured;
        for (size_t p = 0; p < clocks->n_target_ms && p < SGP_PRIORITIES; p++)
            r->run->target_ms[p] = clocks->target_ms[p];
    }
    read_targets(r, record->event);
    sgp_err err = record->changes != NULL ? read_changes(r, record) : SGP_OK;
    if (err == SGP_E_CORRUPT)
        err =
            sgp_fail(r->fault, err, "event %" PRIu64 " names a unit or hospital out of range", seq);
    sigap__v1__journal_record__free_unpacked(record, NULL);
    return err;
}

/* ---- candidates ----------------------------------------------------------- */

/* The recommendation that the first order of an incident followed, into the run. */
static sgp_err keep_candidates(reading *r, const Sigap__V1__Recommendation *message,
                               sgp_run_incident *incident) {
    copy_text(incident->policy, sizeof incident->policy, message->policy);
    incident->n_may_go = 0;
    incident->first_candidate = r->run->n_candidates;
    incident->n_candidates = 0;
    for (size_t i = 0; i < message->n_candidates; i++) {
        const Sigap__V1__Candidate *from = message->candidates[i];
        bool may_go = from->exclusion == SIGAP__V1__EXCLUSION__NOT_EXCLUDED;
        incident->n_may_go += may_go;
        if (r->span.without_candidates || from->unit_number == 0 ||
            from->unit_number > r->run->n_units)
            continue;
        sgp_run_candidate *row;
        sgp_err err = sgp_run_add_candidate(r->run, &row);
        if (err != SGP_OK)
            return err;
        incident->n_candidates++;
        *row = (sgp_run_candidate){.unit = from->unit_number - 1,
                                   .exclusion = (sgp_exclusion)from->exclusion,
                                   .travel_ms = from->travel_ms,
                                   .turnout_ms = from->turnout_ms,
                                   .total_ms = from->total_ms};
    }
    return SGP_OK;
}

static void rank_jobs(reading *r, const Sigap__V1__Recommendation *message, uint32_t first_job) {
    for (uint32_t j = first_job; j < r->run->n_jobs; j++) {
        if (r->followed_by[j] != message->id)
            continue;
        for (size_t i = 0; i < message->n_candidates; i++) {
            if (message->candidates[i]->unit_number == r->run->jobs[j].unit + 1 &&
                message->candidates[i]->exclusion == SIGAP__V1__EXCLUSION__NOT_EXCLUDED)
                r->run->jobs[j].rank = (uint32_t)i;
        }
        /* Assignments of one recommendation follow each other closely. */
        if (j > first_job + SGP_UNITS_PER_INCIDENT_MAX)
            break;
    }
}

static sgp_err read_candidates(void *ctx, uint64_t seq, const uint8_t *bytes, size_t length) {
    (void)seq;
    reading *r = ctx;
    Sigap__V1__JournalRecord *record = sigap__v1__journal_record__unpack(NULL, length, bytes);
    sgp_err err = SGP_OK;
    size_t n = record != NULL && record->changes != NULL ? record->changes->n_recommendations : 0;
    for (size_t i = 0; i < n && err == SGP_OK; i++) {
        const Sigap__V1__Recommendation *message = record->changes->recommendations[i];
        uint32_t job = find_row(&r->followed, message->id);
        if (job == SGP_RUN_NONE)
            continue;
        rank_jobs(r, message, job);
        sgp_run_incident *incident = &r->run->incidents[r->run->jobs[job].incident];
        if (incident->policy[0] == '\0')
            err = keep_candidates(r, message, incident);
    }
    protobuf_c_message_free_unpacked(record ? &record->base : NULL, NULL);
    return err;
}

/* ---- the run -------------------------------------------------------------- */

static sgp_err read_all(reading *r, sgp_journal_reader *reader) {
    uint64_t last;
    sgp_err err = sgp_journal_reader_begin(reader, r->fault);
    if (err == SGP_OK)
        err = sgp_journal_reader_last(reader, &last, NULL, NULL, r->fault);
    if (err == SGP_OK)
        err = sgp_journal_reader_events(reader, 0, last, read_record, r, r->fault);
    for (uint32_t j = 0; err == SGP_OK && j < r->run->n_jobs; j++) {
        if (r->followed_by[j] != 0 && find_row(&r->followed, r->followed_by[j]) == SGP_RUN_NONE)
            err = add_row(&r->followed, r->followed_by[j], j);
    }
    if (err == SGP_OK && r->followed.n > 0)
        err = sgp_journal_reader_events(reader, 0, last, read_candidates, r, r->fault);
    sgp_journal_reader_end(reader);
    return err;
}

static void finish_run(reading *r) {
    sgp_run *run = r->run;
    run->from_ms = r->span.from_ms > r->first_ms ? r->span.from_ms : r->first_ms;
    run->until_ms =
        r->span.until_ms > 0 && r->span.until_ms < r->last_ms ? r->span.until_ms : r->last_ms;
    run->utc_offset_s = r->span.utc_offset_s;
    snprintf(run->policy, sizeof run->policy, "live");
    for (uint32_t u = 0; u < run->n_units; u++) {
        if (r->duties[u].on)
            run->units[u].duty_ms += within_span(r, r->duties[u].since_ms, run->until_ms);
    }
}

sgp_err sgp_run_from_journal(const char *path, const sgp_journal_span *span, sgp_run *run,
                             sgp_fault *fault) {
    if (span->until_ms != 0 && span->until_ms <= span->from_ms)
        return sgp_fail(fault, SGP_E_RANGE, "the time asked for ends before it begins");
    reading r = {.span = *span, .run = run, .fault = fault};
    sgp_journal_reader *reader = NULL;
    sgp_err err = sgp_journal_reader_open(path, NULL, &reader, fault);
    if (err == SGP_OK)
        err = read_all(&r, reader);
    sgp_journal_reader_close(reader);
    if (err == SGP_OK)
        finish_run(&r);
    if (err == SGP_E_MEMORY)
        (void)sgp_fail(fault, err, "no memory for the incidents of the journal");
    free(r.incidents.rows);
    free(r.jobs.rows);
    free(r.calls.rows);
    free(r.transfers.rows);
    free(r.followed.rows);
    free(r.followed_by);
    free(r.duties);
    if (err != SGP_OK)
        sgp_run_free(run);
    return err;
}
