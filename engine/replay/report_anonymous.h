/* Calls that may be handed on: time and place rounded until every row is like others.
 *
 * What is guaranteed. Let a row's traits be: the square that it lies in, the days and the hours
 * that it fell into, and its priority, all as published. Then
 *
 *   1. every published row has the same traits as at least k - 1 other published rows;
 *   2. those rows (it included) come from at least k different places: squares of 100 m, so that
 *      neither one person who calls often nor one house makes up a class;
 *   3. the same holds of the whole row but its complaint: how it ended, whether somebody was
 *      carried, and how long it took are told only as far as at least k rows of the class, from k
 *      different places, say the very same (anonymous_details.h); durations in steps of 5 minutes
 *      at the finest, cut at two hours;
 *   4. a complaint is published only where at least `diverse` different complaints occur among the
 *      rows that say the same but for it, otherwise it is empty for the whole class;
 *   5. what cannot be brought to that is left out, and counted.
 *
 * Besides, nothing else is told (no id, unit, station, hospital, number, name or word); rows are
 * ordered by what is published alone; and nothing depends on chance, so that exporting twice cannot
 * be averaged over.
 *
 * What is not guaranteed. This is k-anonymity with a floor of diversity, not differential privacy.
 * Two exports of overlapping data, or of growing data, may tell more together than each alone: hand
 * on each stretch of time once. That somebody called at all is told of a class as a whole. Who
 * knows all callers of a class but one can subtract them.
 *
 * What it costs: of a made-up year of Malang (54,973 calls, k = 5) 99 % are published, 92 % with
 * complaint, 61 % with outcome, 12 % with a duration, and those that tell one are the ones whose
 * like is common. The quantiles of all durations are in a fitted pattern (`sigap replay --fit`).
 *
 * How. Each call climbs a written ladder of roundings, from 500 m and one hour of one day to 16 km
 * and a whole day of a quarter of a year; on each rung the calls that are still there are put into
 * classes, and a class that fulfils 1 and 2 is published as it is. So busy places stay fine and
 * quiet ones become coarse (local recoding; Sweeney 2002; diversity after Machanavajjhala et al.
 * 2007). Cost: n log n on each of the rungs.
 *
 * The columns are those of call_list.h (time, lon, lat, complaint, priority, scene_s, transport,
 * outcome), so that the file can be replayed: time is the beginning of the rounded hours on the
 * first of the rounded days, lon and lat the middle of the square. Beside them stand how wide the
 * rounding is: days, hours, square_m, and round_s for durations; and response_s, transport_s. A
 * replay puts each call somewhere within its rounding (call_spread.h).
 */
#ifndef SGP_REPLAY_REPORT_ANONYMOUS_H
#define SGP_REPLAY_REPORT_ANONYMOUS_H

#include <stdio.h>

#include "replay/outcome.h"

enum { SGP_ANONYMOUS_K_MAX = 1000, SGP_ANONYMOUS_RUNGS = 10 };

typedef struct sgp_anonymous_options {
    uint32_t k;       /* 2 .. SGP_ANONYMOUS_K_MAX; 0 = 5 */
    uint32_t diverse; /* complaints, 2 .. k; 0 = 3, or k where that is less */
} sgp_anonymous_options;

typedef struct sgp_anonymous_count {
    uint32_t n_calls;     /* of the run */
    uint32_t n_published; /* rows written */
    uint32_t n_without_place;
    uint32_t n_left_out; /* could not be brought to the guarantee */
    uint32_t n_complaints_withheld;
    uint32_t n_durations_told;             /* rows that tell any */
    uint32_t by_rung[SGP_ANONYMOUS_RUNGS]; /* published rows by how they were rounded */
} sgp_anonymous_count;

/* One rounding of the ladder. */
typedef struct sgp_rounding {
    int32_t square_m, hours, days;
} sgp_rounding;
const sgp_rounding *sgp_anonymous_ladder(void); /* [SGP_ANONYMOUS_RUNGS], finest first */

/* SGP_E_RANGE: k or diverse; SGP_E_MEMORY, SGP_E_IO. The run has been checked. */
sgp_err sgp_anonymous_calls(const sgp_run *run, const sgp_anonymous_options *options, FILE *out,
                            sgp_anonymous_count *count, sgp_fault *fault) SGP_MUST_USE;

#endif
