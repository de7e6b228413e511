/* Many runs side by side: policies as columns, replications beneath each.
 *
 *                closest          joint            a measure of a replication is one number
 *   rep 0     summary ──────── summary             (P90 of response of P1 calls, in ms); a column
 *   rep 1     summary ──────── summary             gives a mean with half-width, two columns a
 *   ...              pairs                         paired difference with half-width
 *
 * Runs of different policies with the same replication number must have been played over the
 * same calls and chances; then their difference says what the policy did. A replication that a
 * column lacks is left out of its pairs. A single history (a journal) is a comparison of one
 * column with one row, and has no half-widths.
 *
 * The first policy added is the base that others are compared with. Not thread-safe.
 */
#ifndef SGP_REPLAY_REPORT_COMPARISON_H
#define SGP_REPLAY_REPORT_COMPARISON_H

#include "replay/report_summary.h"

enum { SGP_COMPARED_POLICIES_MAX = 8, SGP_REPLICATIONS_MAX = 1000 };

typedef enum sgp_measure {
    SGP_MEASURE_MEAN, /* of an interval, ms */
    SGP_MEASURE_P50,
    SGP_MEASURE_P90,
    SGP_MEASURE_P95,
    SGP_MEASURE_IN_TIME,   /* share of the counted, 0..1 */
    SGP_MEASURE_INCIDENTS, /* number */
    SGP_MEASURE_REACHED,   /* number */
    SGP_MEASURE_USE,       /* share of duty on jobs, 0..1; of all or a station */
    SGP_MEASURE_DIVERTED,  /* jobs, all only */
    SGP_MEASURE_MOVES,     /* move-ups, all only */
    SGP_MEASURE_TARGET,    /* what sgp_target_reached says of the cell's target; all only */
    SGP_MEASURE_COVERED,   /* share of the time in which a free unit was within the target, 0..1; of
                              all, an hour or a kelurahan, as the next two */
    SGP_MEASURE_UNCOVERED, /* share of the time in which nobody could come, 0..1 */
    SGP_MEASURE_NEAREST,   /* mean time of the nearest free unit, ms */
    SGP_MEASURES
} sgp_measure;

/* What is measured. The texts are borrowed. */
typedef struct sgp_cell {
    sgp_measure measure;
    sgp_interval interval; /* of the first four measures */
    sgp_grouping grouping;
    const char *name, *within; /* as in sgp_group; NULL = "" */
    uint32_t target;           /* of SGP_MEASURE_TARGET: its index */
} sgp_cell;

typedef struct sgp_compared_policy {
    char policy[SGP_CODE_BYTES];
    uint32_t n_runs;
    sgp_summary *runs; /* [n_runs] by replication number */
} sgp_compared_policy;

typedef struct sgp_comparison {
    uint32_t n_policies;
    sgp_compared_policy policies[SGP_COMPARED_POLICIES_MAX]; /* in order of adding */
} sgp_comparison;                                            /* zero-initialise */

/* Takes the summary over (it is zeroed). SGP_E_FULL: too many policies or replications;
 * SGP_E_MISMATCH: this replication of this policy is there already, or the run covers another
 * time than the others; SGP_E_MEMORY. On error the summary stays the caller's. */
sgp_err sgp_comparison_add(sgp_comparison *comparison, sgp_summary *summary,
                           sgp_fault *fault) SGP_MUST_USE;
/* Checks, summarises and adds a run, which stays the caller's. */
sgp_err sgp_comparison_add_run(sgp_comparison *comparison, const sgp_run *run,
                               sgp_fault *fault) SGP_MUST_USE;
void sgp_comparison_free(sgp_comparison *comparison);

/* A group's name alone. */
typedef struct sgp_group_name {
    char name[SGP_NAME_BYTES], within[SGP_NAME_BYTES];
} sgp_group_name;
/* All groups of a grouping that any run has, in reading order; the caller frees *names. */
sgp_err sgp_comparison_groups(const sgp_comparison *comparison, sgp_grouping grouping,
                              sgp_group_name **names, uint32_t *n) SGP_MUST_USE;

/* One run's number; NaN where it says nothing (no such group, nobody was reached). */
double sgp_summary_measure(const sgp_summary *summary, const sgp_cell *cell);

/* Over the replications of a policy. */
sgp_estimate sgp_comparison_estimate(const sgp_comparison *comparison, uint32_t policy,
                                     const sgp_cell *cell);
/* Of `policy` minus `base`, paired by replication. */
sgp_estimate sgp_comparison_difference(const sgp_comparison *comparison, uint32_t policy,
                                       uint32_t base, const sgp_cell *cell);

/* Call by call, `policy` against `base`, over all replications that both have. */
typedef struct sgp_call_pairs {
    uint64_t n;                         /* calls that are in both, of the asked priority */
    uint64_t earlier, later, equal;     /* reached so under `policy`; within one second is equal */
    uint64_t reached_only, missed_only; /* reached under `policy` only; under `base` only */
    uint64_t neither;
    double mean_ms; /* policy - base over those reached in both; NaN without any */
} sgp_call_pairs;
/* SGP_PRIORITY_UNKNOWN: of all priorities. Linear. */
sgp_call_pairs sgp_comparison_calls(const sgp_comparison *comparison, uint32_t policy,
                                    uint32_t base, sgp_priority priority);

#endif
