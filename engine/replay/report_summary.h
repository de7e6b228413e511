/* What is kept of one run for its report: the intervals of every group of incidents, how busy
 * units and stations were, and the response of each call, so that the run itself can be freed.
 *
 * A group is all incidents, or those of one priority, one hour of the local day, one station
 * (that of the unit that came first, or was ordered first where nobody came), one kecamatan or
 * one kelurahan, or those whose patient came to one hospital. Transfers between hospitals are a
 * grouping of their own and in no other but that of hospitals: they have no response. Groups are
 * named by text and not by index, because two policies need not have the same stations.
 *
 * A summary owns its memory; nothing of the run is borrowed. Not thread-safe on one summary.
 */
#ifndef SGP_REPLAY_REPORT_SUMMARY_H
#define SGP_REPLAY_REPORT_SUMMARY_H

#include "replay/outcome.h"
#include "replay/report_calls.h"
#include "replay/report_intervals.h"
#include "replay/report_statistics.h"
#include "replay/report_targets.h"

typedef enum sgp_grouping {
    SGP_GROUP_ALL,
    SGP_GROUP_PRIORITY,
    SGP_GROUP_HOUR,
    SGP_GROUP_STATION,
    SGP_GROUP_KECAMATAN,
    SGP_GROUP_KELURAHAN,
    SGP_GROUP_HOSPITAL, /* that the patient who was carried first was brought to */
    SGP_GROUP_TRANSFER, /* the hospital that a transfer was from */
    SGP_GROUPINGS
} sgp_grouping;
const char *sgp_grouping_str(sgp_grouping grouping); /* "priority" */

typedef struct sgp_group {
    sgp_grouping grouping;
    char name[SGP_NAME_BYTES];   /* "P1", "07", "PSC 119", "Klojen", "Bareng"; "" of all */
    char within[SGP_NAME_BYTES]; /* kecamatan of a kelurahan, kabupaten of a kecamatan; else "" */
    uint32_t n_incidents;
    uint32_t n_reached; /* a unit came to the scene */
    uint32_t n_counted; /* judged against the target: see report_intervals.h */
    uint32_t n_in_time;
    sgp_spread spread[SGP_INTERVALS];
} sgp_group;

typedef struct sgp_unit_use {
    char code[SGP_CODE_BYTES];
    char station[SGP_NAME_BYTES]; /* "" = none */
    sgp_unit_kind kind;
    uint32_t n_jobs;
    int64_t duty_ms;
    int64_t busy_ms; /* ordered -> free, without jobs that were declined or not answered */
    uint32_t moves;
    int64_t moving_ms;
} sgp_unit_use;

typedef struct sgp_call_response { /* of one incident */
    uint64_t key;
    int64_t response_ms; /* -1: nobody came */
    uint8_t priority;
    uint8_t in_time; /* sgp_in_time */
} sgp_call_response;

typedef struct sgp_summary {
    char policy[SGP_CODE_BYTES];
    char scenario[SGP_NAME_BYTES];
    char city[SGP_NAME_BYTES];
    bool is_sketch;
    sgp_run_source source;
    uint32_t replication;
    uint64_t seed;
    int64_t from_ms, until_ms;
    int32_t utc_offset_s;
    int64_t target_ms[SGP_PRIORITIES];

    uint32_t n_targets;
    sgp_target targets[SGP_TARGETS_MAX];
    sgp_target_tally tallies[SGP_TARGETS_MAX];
    sgp_run_coverage *coverage; /* NULL = not looked at */

    uint32_t n_groups;
    sgp_group *groups; /* by grouping, then as a reader expects them: within, name */
    uint32_t n_units;
    sgp_unit_use *units; /* by code */
    uint32_t n_stations;
    sgp_run_station *stations; /* as the run has them */
    uint32_t n_hospitals;
    sgp_run_hospital *hospitals;
    uint32_t *carried_to; /* [n_hospitals] jobs that brought a patient */
    uint32_t n_responses;
    sgp_call_response *responses; /* by key, incidents with equal keys by their order */

    uint32_t outcomes[SGP_OUTCOMES]; /* of incidents that are no transfers */
    sgp_call_week week;              /* of calls */
    uint32_t n_jobs, n_declined, n_timed_out, n_diverted, n_stood_down;
} sgp_summary; /* zero-initialise */

/* Checks the run (sgp_run_check: SGP_E_MISMATCH, with the fault) and summarises it. SGP_E_MEMORY.
 * On error the summary is empty. n log n over incidents and jobs. */
sgp_err sgp_summary_make(const sgp_run *run, sgp_summary *summary, sgp_fault *fault) SGP_MUST_USE;
void sgp_summary_free(sgp_summary *summary);

/* The order of groups, for qsort: by grouping, unnamed last, then within and name. */
int sgp_group_order(const sgp_group *left, const sgp_group *right);
/* NULL: no such group. Logarithmic. */
const sgp_group *sgp_summary_group(const sgp_summary *summary, sgp_grouping grouping,
                                   const char *name, const char *within);

/* Share of the units' duty that they were on jobs, 0..1; NaN without duty. A `station` of NULL
 * means all units; only vehicles that treat patients count. */
double sgp_summary_use(const sgp_summary *summary, const char *station);

/* Does this kind of vehicle treat patients? */
bool sgp_kind_treats(sgp_unit_kind kind);

#endif
