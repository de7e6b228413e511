#include "replay/report_journal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "journal/journal_reader.h"
#include "replay/id_rows.h"
#include "replay/run_reader.h"
#include "sigap/v1/journal.pb-c.h"

typedef struct reading {
    const sgp_journal_span *span;
    sgp_run *run;
    sgp_run_reader *reader;
    sgp_fault *fault;
    sgp_id_rows followed; /* recommendations: rows of run->jobs, the first that followed it */
    int64_t first_ms, last_ms;
} reading;

/* Texts of the journal were checked when they were written; cut all the same. */
static void copy_text(char *out, size_t capacity, const char *text) {
    snprintf(out, capacity, "%s", text != NULL ? text : "");
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
    sgp_run_reader_event(r->reader, record->event);
    sgp_err err = record->changes != NULL
                      ? sgp_run_reader_changes(r->reader, record->changes, r->last_ms)
                      : SGP_OK;
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
        if (r->span->without_candidates || from->unit_number == 0 ||
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
        if (sgp_run_reader_followed(r->reader, j) != message->id)
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
        uint32_t job = sgp_id_rows_find(&r->followed, message->id);
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
        uint64_t id = sgp_run_reader_followed(r->reader, j);
        if (id != 0 && sgp_id_rows_find(&r->followed, id) == SGP_RUN_NONE)
            err = sgp_id_rows_add(&r->followed, id, j);
    }
    if (err == SGP_OK && r->followed.n > 0)
        err = sgp_journal_reader_events(reader, 0, last, read_candidates, r, r->fault);
    sgp_journal_reader_end(reader);
    return err;
}

sgp_err sgp_run_from_journal(const char *path, const sgp_journal_span *span, sgp_run *run,
                             sgp_fault *fault) {
    if (span->until_ms != 0 && span->until_ms <= span->from_ms)
        return sgp_fail(fault, SGP_E_RANGE, "the time asked for ends before it begins");
    reading r = {.span = span, .run = run, .fault = fault};
    sgp_journal_reader *reader = NULL;
    sgp_err err = sgp_run_reader_create(span, run, &r.reader);
    if (err == SGP_OK)
        err = sgp_journal_reader_open(path, NULL, &reader, fault);
    if (err == SGP_OK)
        err = read_all(&r, reader);
    sgp_journal_reader_close(reader);
    if (err == SGP_OK)
        sgp_run_reader_finish(r.reader, r.first_ms, r.last_ms);
    if (err == SGP_E_MEMORY)
        (void)sgp_fail(fault, err, "no memory for the incidents of the journal");
    sgp_run_reader_destroy(r.reader);
    free(r.followed.rows);
    if (err != SGP_OK)
        sgp_run_free(run);
    return err;
}
