/* What calls turned out to be: how many were real, and how many prank, ghost, silent, abandoned,
 * information or duplicate, by day of the week and hour of the local day.
 *
 * Calls are counted, not incidents: one incident may have been told by three people, of whom one
 * was a prank. A call that was judged by itself is what it was judged to be; any other is what its
 * incident was. An incident that was served was real.
 *
 *     sgp_call_week_make ── one run ──> sgp_call_week (kept in the summary) ──> CSV, table, plot
 *
 * Hour and day are those of the call itself, where it is known apart from its incident.
 * Thread-safe on different runs.
 */
#ifndef SGP_REPLAY_REPORT_CALLS_H
#define SGP_REPLAY_REPORT_CALLS_H

#include "replay/outcome.h"

enum { SGP_WEEK_DAYS = 7, SGP_DAY_HOURS = 24 };

/* n[outcome][day][hour]; day 0 is Monday. SERVED is counted as REAL, and NONE is still open. */
typedef struct sgp_call_week {
    uint32_t n[SGP_OUTCOMES][SGP_WEEK_DAYS][SGP_DAY_HOURS];
} sgp_call_week;

/* In the order in which reports show them; each outcome but SERVED once. */
enum { SGP_CALL_SORTS = SGP_OUTCOMES - 1 };
extern const sgp_outcome sgp_call_sorts[SGP_CALL_SORTS];
/* Somebody who never needed help: prank, ghost, silent, abandoned. */
bool sgp_outcome_is_false(sgp_outcome outcome);

/* SGP_E_MEMORY. Linear in calls and incidents. */
sgp_err sgp_call_week_make(const sgp_run *run, sgp_call_week *week) SGP_MUST_USE;
/* of[incident][outcome]: how many of its calls were that; all n_incidents rows are written. */
void sgp_calls_of_incidents(const sgp_run *run, uint32_t (*of)[SGP_OUTCOMES]);

/* How many, of one day (SGP_WEEK_DAYS = all) and one hour (SGP_DAY_HOURS = all). */
uint64_t sgp_call_week_count(const sgp_call_week *week, sgp_outcome outcome, int day, int hour);
/* And of all outcomes; those that are `only_false`. */
uint64_t sgp_call_week_all(const sgp_call_week *week, bool only_false, int day, int hour);

#endif
