/* The core's oracle of travel times over the live roads of one city.
 *
 * Each unit's label is kept by profile (sgp_labels; slot = unit index), so that a call makes
 * one label of its own and reads all units. The core asks by points; a slot answers only
 * for the point that it was made for, and a unit that stands elsewhere by now gets a new
 * label first. What is answered equals sgp_query_many_to_one, to the millisecond. A place is
 * driven to over its stands (walk.h): the time is the least of drive + walk. Who is behind
 * closed roads, patient or unit, is timed over the open roads around (open_roads.h).
 *
 * A point is snapped to the nearest road of the profile within SGP_SNAP_RADIUS_M; a point
 * that is further from any road cannot be reached. A moving unit whose heading is known
 * starts in the direction in which it drives. Not thread-safe; on the loop's thread.
 */
#ifndef SGP_SERVE_LIVE_TIMES_H
#define SGP_SERVE_LIVE_TIMES_H

#include "serve/live_roads.h"
#include "sigap/core.h"
#include "sigap/walk.h"

#define SGP_SNAP_RADIUS_M 2000.0

/* A heading is believed above this speed: a standing unit's compass says nothing. */
#define SGP_HEADING_FROM_KMH 10.0

typedef struct sgp_live_times sgp_live_times;

/* `roads` must outlive it. */
sgp_err sgp_live_times_create(sgp_live_roads *roads, sgp_live_times **live) SGP_MUST_USE;
void sgp_live_times_destroy(sgp_live_times *live);

/* Borrowed until destroyed. */
sgp_times sgp_live_times_oracle(sgp_live_times *live);

/* A unit stands here now, or drives (0 = north, 90 = east); heading_deg < 0: not known. Makes
 * it ready for the next question; a unit that is never told about is found when asked for.
 * Memory that runs out only makes the next question slower. */
void sgp_live_times_place(sgp_live_times *live, const sgp_unit *unit, sgp_point point,
                          double heading_deg);
/* The unit is off duty: no label is kept for it. */
void sgp_live_times_forget(sgp_live_times *live, const sgp_unit *unit);

/* Makes at most so many of the labels that are missing or of another metric, which the next
 * question would otherwise make first (about 2 us each). True: there are more. */
bool sgp_live_times_freshen(sgp_live_times *live, size_t most);
/* Whether a label is missing under the metric of the last question or freshening. */
bool sgp_live_times_is_behind(const sgp_live_times *live);

/* Nearest road of the profile; false: none within SGP_SNAP_RADIUS_M. Recently asked points
 * are remembered. */
bool sgp_live_times_snap(sgp_live_times *live, uint32_t profile, sgp_point point, sgp_snap *snap);

/* Where a vehicle of the profile can stand for a place, quickest walk first; *n = 0: nowhere.
 * Borrowed until the next call of anything here. */
const sgp_stand *sgp_live_times_stands(sgp_live_times *live, uint32_t profile, sgp_point place,
                                       size_t *n);

/* Labels of all profiles: how many would be used as they are, how many must be remade first
 * (the unit moved or the metric is another), and how many were made since the start. */
typedef struct sgp_label_count {
    uint64_t fresh, stale, made;
} sgp_label_count;
sgp_label_count sgp_live_times_labels(const sgp_live_times *live);

#endif
