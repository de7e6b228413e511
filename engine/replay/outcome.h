/* What became of the calls of one run: a plain table in memory, the same for a replay of a
 * policy and for what really happened according to a journal.
 *
 * Who fills it: the replay (one run for each policy and replication) and the reader of journals.
 * Who reads it: tables, CSV and the report (report_*.h). It knows neither the core's world nor a
 * file, so that a run can be reported long after the world that made it is gone.
 *
 *     run ── incidents ──< jobs >── units ── stations
 *              │  │  └──< calls └── hospital
 *              │  └─< candidates of the recommendation that the first order followed
 *              └── district
 *
 * An incident is one row of a report. A job is one assignment (one unit on one incident), so two
 * units on one incident are two jobs, and a diverted unit leaves one job and begins another.
 *
 * Times are int64 milliseconds UTC epoch, 0 = it never came to that (as in the core). Where one
 * list names a row of another it is by index, SGP_RUN_NONE = none. Points are lon, lat.
 *
 * Lists grow by the sgp_run_add_ functions; a row that these return may be filled in later and is
 * borrowed until the next add to the same list. Not thread-safe on one run.
 */
#ifndef SGP_REPLAY_OUTCOME_H
#define SGP_REPLAY_OUTCOME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sigap/plan.h"

#define SGP_RUN_NONE UINT32_MAX

/* One unit on one incident, from order to whatever ended it. */
typedef struct sgp_run_job {
    uint32_t incident;
    uint32_t unit;
    uint32_t hospital; /* SGP_RUN_NONE: nobody was carried */
    uint32_t rank;     /* 0 = the best of its recommendation; SGP_RUN_NONE: not known */
    bool by_dispatcher;
    sgp_assignment_state ended;           /* last state: CLOSED, DIVERTED, STOOD_DOWN, ... */
    int64_t told_ms;                      /* travel time told with the order, -1 = not known */
    int64_t at_ms[SGP_ASSIGNMENT_STATES]; /* as sgp_assignment.at_ms; ended: at_ms[ended] */
} sgp_run_job;

typedef struct sgp_run_candidate {
    uint32_t unit;
    sgp_exclusion exclusion;
    int64_t travel_ms;  /* -1 unreachable or not asked */
    int64_t turnout_ms; /* with it, what else passes before it leaves */
    int64_t total_ms;   /* what ranked; -1 when excluded */
} sgp_run_candidate;

typedef struct sgp_run_incident {
    /* The same call has the same key in every run of a comparison, so that policies are compared
     * call by call. A journal's: the incident's id. */
    uint64_t key;
    sgp_id id;
    sgp_priority priority; /* the last one */
    char complaint[SGP_CODE_BYTES];
    sgp_outcome outcome; /* SGP_OUTCOME_NONE: still open when the run ended */
    bool has_point;
    sgp_point point;
    uint32_t district;
    uint32_t transfer; /* it is this one, which nobody called for; SGP_RUN_NONE = it is none */
    uint32_t n_calls;
    uint32_t units_wanted;
    int64_t rang_at_ms; /* 0: not known apart from answering */
    int64_t answered_at_ms;
    int64_t placed_at_ms;
    int64_t closed_at_ms;
    char policy[SGP_CODE_BYTES];            /* of the recommendation followed first; "" = none */
    uint32_t first_candidate, n_candidates; /* best first; n 0 where they were not kept */
    uint32_t n_may_go;                      /* candidates not excluded, kept or not */
} sgp_run_incident;

/* Somebody who called about an incident. Not all need be here: the others of its n_calls are known
 * by their number alone, and are taken for what the incident was, at its time. */
typedef struct sgp_run_call {
    uint32_t incident;
    int64_t at_ms;       /* when it was received; 0 = with its incident */
    sgp_outcome outcome; /* its own; SGP_OUTCOME_NONE: as its incident */
} sgp_run_call;

/* A patient taken from hospital to hospital: what was asked for. Answered, of its incident, is when
 * it fell due. */
typedef struct sgp_run_transfer {
    uint32_t from, to; /* hospitals */
    int64_t asked_at_ms, pick_up_at_ms;
    sgp_backup seat; /* which unit may take him */
} sgp_run_transfer;

typedef struct sgp_run_unit {
    sgp_unit_kind kind;
    char code[SGP_CODE_BYTES];
    char agency[SGP_NAME_BYTES];
    uint32_t station;
    int64_t duty_ms;   /* on duty within the run */
    uint32_t moves;    /* move-ups made */
    int64_t moving_ms; /* spent on them */
} sgp_run_unit;

/* A spell in which a unit was not there: out of its shift. */
typedef struct sgp_run_away {
    uint32_t unit;
    int64_t from_ms, until_ms;
} sgp_run_away;

typedef struct sgp_run_station {
    char name[SGP_NAME_BYTES];
    sgp_point point;
} sgp_run_station;

typedef struct sgp_run_hospital {
    char code[SGP_CODE_BYTES];
    char name[SGP_NAME_BYTES];
    sgp_point point;
} sgp_run_hospital;

typedef struct sgp_run_district {
    char kelurahan[SGP_NAME_BYTES];
    char kecamatan[SGP_NAME_BYTES];
    char kabupaten[SGP_NAME_BYTES];
} sgp_run_district;

/* How well free units covered a part of the city, or an hour of the day (coverage_history.h). */
typedef struct sgp_covered {
    bool known;
    double within;  /* share of the time, 0..1, in which one could be there within the target */
    double none;    /* and in which nobody could come at all */
    double mean_ms; /* of the nearest, when somebody could come; -1 = never */
} sgp_covered;

typedef struct sgp_covered_area {
    sgp_run_district district;
    sgp_covered covered;
} sgp_covered_area;

typedef struct sgp_run_coverage {
    uint32_t n_areas;
    sgp_covered_area *areas; /* as zones.h has them */
    sgp_covered hours[24], all;
} sgp_run_coverage;
/* NULL is harmless. */
void sgp_run_coverage_free(sgp_run_coverage *coverage);
/* NULL: no memory, or there was none. */
sgp_run_coverage *sgp_run_coverage_copy(const sgp_run_coverage *coverage);

/* Where the calls of a run are from: what a half-width over its replications says depends on it. */
typedef enum sgp_run_source {
    SGP_RUN_REAL,       /* a journal: what really happened */
    SGP_RUN_PAST_CALLS, /* played: the same calls in every replication */
    SGP_RUN_DRAWN_CALLS /* played: other calls of one pattern in every replication */
} sgp_run_source;

typedef struct sgp_run {
    char policy[SGP_CODE_BYTES]; /* column of a comparison: "joint"; "live" from a journal */
    char scenario[SGP_NAME_BYTES];
    char city[SGP_NAME_BYTES];
    bool is_sketch; /* the city is a drawn sketch, which every report says */
    sgp_run_source source;
    uint32_t replication;
    uint64_t seed;
    int64_t from_ms, until_ms;         /* what it covers */
    int32_t utc_offset_s;              /* local time, for hours of the day; Malang 25200 */
    int64_t target_ms[SGP_PRIORITIES]; /* of response, answer -> on scene; 0 = none */

    uint32_t n_targets; /* by what else the service measures itself; of its plan */
    sgp_target targets[SGP_TARGETS_MAX];
    sgp_run_coverage *coverage; /* NULL = not looked at */

    uint32_t n_incidents, n_jobs, n_candidates, n_units, n_stations, n_hospitals, n_districts,
        n_calls, n_transfers, n_away;
    sgp_run_incident *incidents; /* in order of answering */
    sgp_run_job *jobs;           /* in order of ordering */
    sgp_run_candidate *candidates;
    sgp_run_unit *units;
    sgp_run_station *stations;
    sgp_run_hospital *hospitals;
    sgp_run_district *districts;
    sgp_run_call *calls;
    sgp_run_transfer *transfers;
    sgp_run_away *away;    /* in order of beginning */
    uint32_t capacity[10]; /* of the lists, in the order above; private */
} sgp_run;                 /* zero-initialise */

/* Each adds one zeroed row (indices SGP_RUN_NONE, told_ms -1) and stores where it is. SGP_E_MEMORY:
 * unchanged. */
sgp_err sgp_run_add_incident(sgp_run *run, sgp_run_incident **row) SGP_MUST_USE;
sgp_err sgp_run_add_job(sgp_run *run, sgp_run_job **row) SGP_MUST_USE;
sgp_err sgp_run_add_candidate(sgp_run *run, sgp_run_candidate **row) SGP_MUST_USE;
sgp_err sgp_run_add_call(sgp_run *run, sgp_run_call **row) SGP_MUST_USE;
sgp_err sgp_run_add_transfer(sgp_run *run, sgp_run_transfer **row) SGP_MUST_USE;
sgp_err sgp_run_add_away(sgp_run *run, sgp_run_away **row) SGP_MUST_USE;
sgp_err sgp_run_add_unit(sgp_run *run, sgp_run_unit **row) SGP_MUST_USE;
sgp_err sgp_run_add_hospital(sgp_run *run, sgp_run_hospital **row) SGP_MUST_USE;
/* These find an equal row first: a station by its name, a district by its three names. */
sgp_err sgp_run_find_station(sgp_run *run, const char *name, sgp_point point,
                             uint32_t *index) SGP_MUST_USE;
sgp_err sgp_run_find_district(sgp_run *run, const char *kelurahan, const char *kecamatan,
                              const char *kabupaten, uint32_t *index) SGP_MUST_USE;

/* Forgets incidents, jobs, candidates, calls and transfers and keeps the memory, units and places,
 * for the next replication. */
void sgp_run_clear_calls(sgp_run *run);
void sgp_run_free(sgp_run *run);

/* Does every index point into its list, are incidents in order of answering, does no clock go
 * backwards within a job, and is no unit on two jobs at a time? The fault names the first row
 * that is wrong (SGP_E_MISMATCH). Cost: n log n over jobs. */
sgp_err sgp_run_check(const sgp_run *run, sgp_fault *fault) SGP_MUST_USE;

#endif
