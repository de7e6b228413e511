/* From the rows of a run to the intervals of each incident.
 *
 *   ring ──answer── answered ──locate── placed ──decide── first order
 *                                                            ⋮ (refusals, diversions)
 *          order ──turnout── en route ──travel── on scene ──scene── leaving ──transport──
 *          hospital ──handover── free            of the unit that leads
 *
 *   response = answered -> on scene.   whole = answered -> the leading unit is free again.
 *
 * The unit that leads is the one that came to the scene first; among equals the one ordered
 * first. Where nobody came, no interval behind the first order is told. Transport and handover
 * are of the job that carried a patient first, which need not be the leading one.
 *
 * A transfer between hospitals was promised for an hour and has no response. It is judged by how
 * late its unit was: late = pick-up as promised -> on scene, 0 where it was there before. No target
 * of responses is asked of it.
 *
 * Which incidents count for "within target": each that was reached, and each that was not
 * reached but waited longer than the target while somebody was wanted (it is still open when the
 * run ends, or was cancelled or closed as served after the target had passed). Pranks, ghosts,
 * silent calls, information and duplicates that nobody reached count nowhere. An incident that
 * was cancelled within the target, or opened within it before the run's end, says nothing.
 *
 * Pure; thread-safe.
 */
#ifndef SGP_REPLAY_REPORT_INTERVALS_H
#define SGP_REPLAY_REPORT_INTERVALS_H

#include "replay/outcome.h"

typedef enum sgp_interval {
    SGP_INTERVAL_ANSWER,
    SGP_INTERVAL_LOCATE,
    SGP_INTERVAL_DECIDE,
    SGP_INTERVAL_TURNOUT,
    SGP_INTERVAL_TRAVEL,
    SGP_INTERVAL_RESPONSE,
    SGP_INTERVAL_SCENE,
    SGP_INTERVAL_TRANSPORT,
    SGP_INTERVAL_HANDOVER,
    SGP_INTERVAL_WHOLE,
    SGP_INTERVAL_LATE, /* of transfers alone */
    SGP_INTERVALS
} sgp_interval;
const char *sgp_interval_str(sgp_interval interval); /* "response", for columns of tables */

typedef enum sgp_in_time {
    SGP_IN_TIME_NOT_COUNTED, /* or no target is known */
    SGP_IN_TIME,
    SGP_TOO_LATE
} sgp_in_time;

typedef struct sgp_incident_view {
    uint32_t n_jobs;
    uint32_t first_job;        /* ordered first; SGP_RUN_NONE: nobody was ordered */
    uint32_t leading_job;      /* came first; SGP_RUN_NONE: nobody came */
    uint32_t carrying_job;     /* carried first; SGP_RUN_NONE: nobody was carried */
    int64_t ms[SGP_INTERVALS]; /* -1: not known, or it never came to that */
    sgp_in_time in_time;
} sgp_incident_view;

/* views[n_incidents]; the run has been checked (sgp_run_check). Linear. */
void sgp_incident_views(const sgp_run *run, sgp_incident_view *views);

/* Hour of the local day, 0..23. */
int sgp_local_hour(const sgp_run *run, int64_t at_ms);

/* When the unit was free of this job again, at the latest when the run ends. */
int64_t sgp_job_free_ms(const sgp_run *run, const sgp_run_job *job);

#endif
