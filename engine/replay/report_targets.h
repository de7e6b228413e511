/* How a run stands to the targets that the service measures itself by (clocks.conf).
 *
 *   ring ─ answer ─ place ─ order ─ en_route ─ on_scene ─ leaving ─ hospital ─ free
 *          └──────────────── any two moments, in this order ────────────────┘
 *
 * Moments are those of report_intervals.h: the order is the first one, en_route, on_scene and
 * leaving are of the unit that led, hospital and free of the one that carried (free, where nobody
 * was carried, of the one that led).
 *
 * Which incidents count: those of the target's priorities that have both moments; and, of targets
 * that end on the scene or before, those that waited longer than the target in vain (as
 * report_intervals.h counts them), which are late. Means are of those that have both moments.
 *
 * Pure; thread-safe.
 */
#ifndef SGP_REPLAY_REPORT_TARGETS_H
#define SGP_REPLAY_REPORT_TARGETS_H

#include "replay/report_intervals.h"

typedef struct sgp_target_tally {
    uint32_t n_counted, n_within;
    uint32_t n_timed; /* have both moments */
    double sum_ms;    /* of those */
} sgp_target_tally;

/* When the incident came to it; 0 = it never did, or nobody wrote it down. */
int64_t sgp_moment_ms(const sgp_run *run, uint32_t incident, const sgp_incident_view *view,
                      sgp_moment moment);

/* tallies[run->n_targets]; views[n_incidents] of sgp_incident_views. */
void sgp_target_tallies(const sgp_run *run, const sgp_incident_view *views,
                        sgp_target_tally *tallies);

/* Of what the target asks: the share within it 0..1, or the mean in ms where it is about the mean;
 * NaN where nothing counts. */
double sgp_target_reached(const sgp_target *target, const sgp_target_tally *tally);
/* Is `reached` what the target asks for? */
bool sgp_target_is_met(const sgp_target *target, double reached);

#endif
