/* The statistics of reports: percentiles of what happened, and how sure a mean over replications
 * is.
 *
 * Percentiles are by nearest rank: P90 is the smallest value that at least 90 % of all values do
 * not exceed. It is a time that really occurred, it is exact in integers, and it is what a
 * standard means that says "90 % within 8 minutes".
 *
 * Half-widths are of a two-sided 95 % confidence interval for the mean, by Student's t over
 * replications, which are independent because each draws its own calls and chances. Calls of one
 * replication are not independent (a queue makes neighbours wait together), so no half-width is
 * ever taken over calls. Policies that were played over the same calls are compared by the
 * differences replication by replication, whose half-width is the smaller the more alike both
 * runs are (common random numbers; Law, Simulation Modeling and Analysis, 11.2).
 *
 * Pure; thread-safe.
 */
#ifndef SGP_REPLAY_REPORT_STATISTICS_H
#define SGP_REPLAY_REPORT_STATISTICS_H

#include <stddef.h>
#include <stdint.h>

/* What is said of many times. Zero n: the others mean nothing. */
typedef struct sgp_spread {
    uint32_t n;
    double mean_ms;
    int64_t p50_ms, p90_ms, p95_ms, max_ms;
} sgp_spread;

/* Of an ascending list. Linear. */
sgp_spread sgp_spread_of_sorted(const int64_t *sorted_ms, size_t n);

/* The permille-percentile by nearest rank of an ascending list; n > 0, 0 < permille <= 1000. */
int64_t sgp_percentile(const int64_t *sorted_ms, size_t n, uint32_t permille);

/* A mean over replications. n 0: nothing known; half_width is NaN where n < 2. */
typedef struct sgp_estimate {
    uint32_t n;
    double mean;
    double half_width;
} sgp_estimate;

/* NaN among the values stands for "this replication says nothing" and is left out. */
sgp_estimate sgp_estimate_of(const double *values, size_t n);
/* Of left[i] - right[i]; a pair with a NaN is left out. */
sgp_estimate sgp_estimate_of_differences(const double *left, const double *right, size_t n);

/* P(|T| <= t) of Student's t with whole degrees of freedom, by its finite series (Abramowitz and
 * Stegun, 26.7.3 and 26.7.4); t >= 0, degrees >= 1. */
double sgp_student_within(double t, uint32_t degrees);
/* The t with sgp_student_within(t) = 0.95; 12.706 for one degree. */
double sgp_student_95(uint32_t degrees);

#endif
