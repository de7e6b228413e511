/* The last metres on foot: from where a vehicle can stand to a door in a gang.
 *
 * A place has several *stands*: places on roads that the profile may drive, each with
 * the time that a crew walks from there. One walks
 *
 *   - straight to the place from the nearest road, and from roads at most
 *     SGP_BESIDE_M further (the other carriageway, the other street at a corner);
 *   - over the graph's ways on foot, from where these meet a road, and straight for the
 *     rest; the place is entered from the nearest way on foot and from those at most
 *     SGP_BESIDE_M further.
 *
 * Nobody walks further than `direct_m` straight, since there would be houses, walls and
 * rivers in between; only where that leaves no stand at all is the nearest road of all
 * taken, in a straight line. Off any way people walk SGP_STRAIGHT_MM_PER_S (1.4 m/s is
 * usual on a pavement; gates, yards and looking for the door take their share). Times are
 * rounded down to the millisecond; part of a way on foot takes its ms x part / length.
 *
 * A travel time to a place is the least over its stands of drive + walk:
 *
 *     sgp_stand stands[SGP_STANDS_MAX];
 *     sgp_snap targets[SGP_STANDS_MAX];
 *     int64_t drive_ms[SGP_STANDS_MAX];
 *     size_t n, which;
 *     sgp_walker_stands(walker, place, &sgp_walk_defaults, stands, &n);
 *     for (size_t i = 0; i < n; i++)
 *         targets[i] = stands[i].snap;
 *     sgp_query_one_to_many(query, &unit, targets, n, drive_ms);
 *     int64_t ms = sgp_stands_least(stands, n, drive_ms, &which);
 *
 * (many units: sgp_query_matrix, whose row of a unit is its drive_ms, or
 * sgp_labels_to for one stand after the other).
 *
 * Not thread-safe: one walker for each thread.
 */
#ifndef SIGAP_WALK_H
#define SIGAP_WALK_H

#include "sigap/router.h"

enum { SGP_STANDS_MAX = 8 };
#define SGP_STRAIGHT_MM_PER_S 1100
#define SGP_BESIDE_M 15.0

typedef struct sgp_stand {
    sgp_snap snap; /* directions 0: on either side of the road */
    int64_t walk_ms;
    int64_t walk_mm;
} sgp_stand;

typedef struct sgp_walker sgp_walker;
/* Indexes the graph's ways on foot in memory (about 50 bytes for each arc); `graph` must
 * outlive the walker. SGP_E_MEMORY. */
sgp_err sgp_walker_create(const sgp_graph *graph, sgp_walker **walker) SGP_MUST_USE;
void sgp_walker_destroy(sgp_walker *walker);

typedef struct sgp_walk_options {
    uint32_t profile;
    double radius_m;  /* how far to look for the nearest road of all */
    double direct_m;  /* how far people walk straight, off any way: to a road, to a path */
    int64_t limit_ms; /* longest walk over ways on foot */
} sgp_walk_options;
extern const sgp_walk_options sgp_walk_defaults; /* profile 0, 2 km, 60 m, 15 minutes */

/* Stands of a place, quickest walk first (then by edge and offset), none twice at the same
 * offset of an edge; at most SGP_STANDS_MAX. Where there are more, stands at different
 * points go before a second road at the same point, and then the quicker walk counts.
 * *n = 0: no road near. No allocation. SGP_E_ARGUMENT for options or a place that make no
 * sense. */
sgp_err sgp_walker_stands(sgp_walker *walker, sgp_point place, const sgp_walk_options *options,
                          sgp_stand stands[SGP_STANDS_MAX], size_t *n) SGP_MUST_USE;

/* The stand with the quickest walk alone, several times as quick: its walk_ms is that of the first
 * stand; of equal ones it may be another. *found false: no road near. Errors as above. */
sgp_err sgp_walker_nearest(sgp_walker *walker, sgp_point place, const sgp_walk_options *options,
                           sgp_stand *stand, bool *found) SGP_MUST_USE;

/* Least of drive_ms[n] + walk, and which stand that is (the first of equals); where no stand
 * is reached (all drive_ms SGP_UNREACHABLE) SGP_UNREACHABLE, and *which stays as it was. */
int64_t sgp_stands_least(const sgp_stand *stands, size_t n, const int64_t *drive_ms, size_t *which);

/* The way on foot from the stand to the place, for the map: points to free(); the first is the
 * stand's road point, the last the place. `stand` is one that sgp_walker_stands gave for the
 * same place and options; else SGP_E_NOT_FOUND. SGP_E_MEMORY. */
sgp_err sgp_walker_way(sgp_walker *walker, sgp_point place, const sgp_walk_options *options,
                       const sgp_stand *stand, sgp_point **points, size_t *n) SGP_MUST_USE;

#endif
