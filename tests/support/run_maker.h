/* A made-up run for tests of reports: seeded calls, jobs with every kind of ending, districts.
 * The calls (key, place, time, priority) follow from `seed` alone; what was done about them from
 * `skill` too, so that two runs of one seed are two policies over the same calls. */
#ifndef RUN_MAKER_H
#define RUN_MAKER_H

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "replay/outcome.h"

typedef struct run_made {
    uint64_t seed;
    uint32_t n_incidents;
    uint32_t replication;
    int32_t skill; /* seconds that the policy saves on each journey */
    const char *policy;
    bool transfers; /* every eleventh incident is one */
} run_made;

static inline int64_t made_seconds(uint64_t *state, uint64_t from, uint64_t to) {
    return (int64_t)(from + sgp_random_below(state, to - from + 1)) * 1000 +
           (int64_t)sgp_random_below(state, 1000);
}

static inline void made_places(sgp_run *run) {
    static const char *const kecamatan[] = {"Klojen", "Blimbing", "Lowokwaru", "Sukun",
                                            "Kedungkandang"};
    char name[32];
    uint32_t index;
    for (int i = 0; i < 25; i++) {
        snprintf(name, sizeof name, "Kelurahan %d", i % 23); /* two names occur twice */
        assert(sgp_run_find_district(run, name, kecamatan[i / 5], "Kota Malang", &index) == SGP_OK);
    }
    for (int i = 0; i < 6; i++) {
        snprintf(name, sizeof name, "Pos %d", i);
        sgp_point point = {1126200000 + i * 60000, -79600000 - i * 50000};
        assert(sgp_run_find_station(run, name, point, &index) == SGP_OK);
    }
    for (int i = 0; i < 3; i++) {
        sgp_run_hospital *hospital;
        assert(sgp_run_add_hospital(run, &hospital) == SGP_OK);
        snprintf(hospital->code, sizeof hospital->code, "RS%d", i);
        snprintf(hospital->name, sizeof hospital->name, "Rumah Sakit %d", i);
    }
}

/* One more job; returns when the unit is free. Units may not have two jobs at a time, so a job
 * begins when its unit is free at the earliest. */
static inline int64_t made_job(sgp_run *run, uint64_t *state, uint32_t incident, int64_t from_ms,
                               const run_made *made, int64_t *free_ms, bool refuse) {
    sgp_run_job *job;
    assert(sgp_run_add_job(run, &job) == SGP_OK);
    job->incident = incident;
    job->unit = (uint32_t)sgp_random_below(state, run->n_units);
    int64_t at_ms = from_ms > free_ms[job->unit] ? from_ms : free_ms[job->unit];
    job->at_ms[SGP_ASSIGNMENT_ORDERED] = at_ms;
    uint64_t fate = sgp_random_below(state, 100);
    if (refuse) {
        job->ended = fate < 50 ? SGP_ASSIGNMENT_DECLINED : SGP_ASSIGNMENT_TIMED_OUT;
        at_ms += made_seconds(state, 10, 60);
    } else if (fate < 4) {
        job->ended = SGP_ASSIGNMENT_STOOD_DOWN;
        at_ms += made_seconds(state, 30, 300);
    } else {
        job->at_ms[SGP_ASSIGNMENT_ACCEPTED] = at_ms += made_seconds(state, 5, 30);
        job->at_ms[SGP_ASSIGNMENT_EN_ROUTE] = at_ms += made_seconds(state, 20, 120);
        job->at_ms[SGP_ASSIGNMENT_ON_SCENE] = at_ms +=
            made_seconds(state, 120, 1200) - made->skill * 1000;
        if (fate < 75) {
            job->hospital = (uint32_t)sgp_random_below(state, run->n_hospitals);
            job->at_ms[SGP_ASSIGNMENT_TRANSPORTING] = at_ms += made_seconds(state, 300, 1500);
            job->at_ms[SGP_ASSIGNMENT_AT_HOSPITAL] = at_ms += made_seconds(state, 200, 1500);
            job->at_ms[SGP_ASSIGNMENT_HANDED_OVER] = at_ms += made_seconds(state, 200, 1200);
        }
        job->ended = SGP_ASSIGNMENT_CLOSED;
        at_ms += made_seconds(state, 30, 600);
    }
    job->at_ms[job->ended] = at_ms;
    return free_ms[job->unit] = at_ms;
}

/* Three callers about some incidents: of one only the number is known, one was a prank, and one
 * called an hour later. */
static inline void made_calls(sgp_run *run, uint32_t incident) {
    if (incident % 7)
        return;
    run->incidents[incident].n_calls = 3;
    for (int i = 0; i < 2; i++) {
        sgp_run_call *call;
        assert(sgp_run_add_call(run, &call) == SGP_OK);
        call->incident = incident;
        call->outcome = i ? SGP_OUTCOME_NONE : SGP_OUTCOME_PRANK;
        call->at_ms = i ? run->incidents[incident].answered_at_ms + 3600000 : 0;
    }
}

/* Promised for ten minutes after it fell due, asked for a day before. */
static inline void made_transfer(sgp_run *run, uint32_t incident) {
    sgp_run_transfer *transfer;
    assert(sgp_run_add_transfer(run, &transfer) == SGP_OK);
    transfer->from = incident % run->n_hospitals;
    transfer->to = (incident + 1) % run->n_hospitals;
    transfer->asked_at_ms = run->incidents[incident].answered_at_ms - 86400000;
    transfer->pick_up_at_ms = run->incidents[incident].answered_at_ms + 600000;
    transfer->seat = (sgp_backup){.kinds = 1u << SGP_UNIT_AMBULANCE_ADVANCED,
                                  .skills = 1u << SGP_SKILL_VENTILATOR};
    run->incidents[incident].transfer = run->n_transfers - 1;
    run->incidents[incident].n_calls = 0;
}

static inline void made_incident(sgp_run *run, uint64_t *calls, uint64_t *state, int64_t *at_ms,
                                 const run_made *made, int64_t *free_ms) {
    sgp_run_incident *row;
    assert(sgp_run_add_incident(run, &row) == SGP_OK);
    uint32_t i = run->n_incidents - 1;
    *at_ms += made_seconds(calls, 60, 1100);
    row->id = i + 1;
    row->key = (i * UINT64_C(7919)) % 1000003; /* not in order */
    row->priority = (sgp_priority)(1 + sgp_random_below(calls, 4));
    snprintf(row->complaint, sizeof row->complaint, "%s",
             (const char *[]){"cardiac_arrest", "chest_pain", "fall", "birth"}[row->priority - 1]);
    row->has_point = true;
    row->district = (uint32_t)sgp_random_below(calls, run->n_districts + 2);
    if (row->district >= run->n_districts)
        row->district = SGP_RUN_NONE;
    row->point = (sgp_point){1126000000 + (int32_t)sgp_random_below(calls, 800000),
                             -79900000 + (int32_t)sgp_random_below(calls, 800000)};
    row->n_calls = row->units_wanted = 1;
    row->answered_at_ms = *at_ms;
    row->rang_at_ms = *at_ms - made_seconds(calls, 1, 15);
    row->placed_at_ms = *at_ms + made_seconds(calls, 5, 90);
    snprintf(row->policy, sizeof row->policy, "%s", made->policy);
    uint64_t fate = sgp_random_below(calls, 100);
    int64_t end_ms = row->placed_at_ms + 60000;
    if (fate < 6) {
        row->outcome = fate < 3 ? SGP_OUTCOME_PRANK : SGP_OUTCOME_CANCELLED;
        if (fate == 5) /* in vain */
            end_ms += 3600000;
    } else if (fate > 6) { /* 6: nobody ever goes, it stays open */
        row->outcome = SGP_OUTCOME_SERVED;
        int64_t from_ms = row->placed_at_ms + made_seconds(state, 1, 60);
        if (fate < 15)
            from_ms = made_job(run, state, i, from_ms, made, free_ms, true);
        end_ms = made_job(run, state, i, from_ms, made, free_ms, false);
        if (fate > 95) { /* two units */
            int64_t other_ms = made_job(run, state, i, from_ms, made, free_ms, false);
            end_ms = other_ms > end_ms ? other_ms : end_ms;
        }
    }
    row = &run->incidents[i];
    row->closed_at_ms = row->outcome == SGP_OUTCOME_NONE ? 0 : end_ms;
    if (made->transfers && i % 11 == 5)
        made_transfer(run, i);
    else
        made_calls(run, i);
}

static inline void make_run(sgp_run *run, const run_made *made) {
    *run = (sgp_run){0};
    snprintf(run->policy, sizeof run->policy, "%s", made->policy);
    snprintf(run->scenario, sizeof run->scenario, "made");
    snprintf(run->city, sizeof run->city, "malang");
    run->is_sketch = true;
    run->replication = made->replication;
    run->seed = made->seed;
    run->utc_offset_s = 25200;
    run->from_ms = INT64_C(1767200400000); /* 2026-01-01 00:00 in Malang */
    for (int p = SGP_P1; p < SGP_PRIORITIES; p++)
        run->target_ms[p] = p == SGP_P4 ? 0 : p * 600000;
    made_places(run);
    enum { UNITS = 40 };
    int64_t free_ms[UNITS] = {0};
    for (int u = 0; u < UNITS; u++) {
        sgp_run_unit *unit;
        assert(sgp_run_add_unit(run, &unit) == SGP_OK);
        snprintf(unit->code, sizeof unit->code, "A-%02d", u);
        unit->kind = u % 8 == 7 ? SGP_UNIT_COMMAND_CAR : SGP_UNIT_AMBULANCE_BASIC;
        if (u > 2)
            unit->station = (uint32_t)u % run->n_stations;
    }
    uint64_t calls = made->seed, state = made->seed ^ 0x5bd1e995;
    int64_t at_ms = run->from_ms;
    for (uint32_t i = 0; i < made->n_incidents; i++)
        made_incident(run, &calls, &state, &at_ms, made, free_ms);
    run->until_ms = at_ms + 7200000;
    for (uint32_t u = 0; u < run->n_units; u++)
        run->units[u].duty_ms = run->until_ms - run->from_ms;
}

#endif
