/* The positions of units while they drive to a call or to a hospital, until the drive is
 * over; then the track goes to the roads' worker as a lesson (live_roads.h), without a word of who
 * drove it.
 *
 * A drive is one assignment EN_ROUTE, or TRANSPORTING, as one profile; when any of these changes
 * the drive is over, and perhaps another begins. Positions that do not rise in time are left
 * out, and so is everything beyond the bounds below, counted. Nothing of it is kept across a
 * restart. Not thread-safe; on the loop's thread.
 */
#ifndef SGP_SERVE_UNIT_TRACKS_H
#define SGP_SERVE_UNIT_TRACKS_H

#include "serve/live_roads.h"
#include "sigap/core.h"

enum {
    SGP_TRACK_POINTS_MAX = 4096,    /* of one drive: more than an hour of a position a second */
    SGP_TRACKS_POINTS_MAX = 1 << 18 /* of all drives that are under way: 8 MB */
};

typedef struct sgp_unit_tracks sgp_unit_tracks;

sgp_err sgp_unit_tracks_create(sgp_unit_tracks **tracks) SGP_MUST_USE;
void sgp_unit_tracks_destroy(sgp_unit_tracks *tracks);

/* The world may say something else of the unit now: a drive begins, goes on or is over, and then
 * goes to `roads`. To be called after every step that changed the unit. */
void sgp_unit_tracks_follow(sgp_unit_tracks *tracks, sgp_live_roads *roads, const sgp_world *world,
                            uint32_t unit);
/* The unit was here; heading_deg < 0: not known. Nothing where it does not drive. */
void sgp_unit_tracks_add(sgp_unit_tracks *tracks, uint32_t unit, sgp_point point, int64_t at_ms,
                         double heading_deg);

/* Drops what has been gathered: another city is in service. */
void sgp_unit_tracks_clear(sgp_unit_tracks *tracks);

typedef struct sgp_unit_tracks_count {
    uint64_t points;         /* of the drives under way */
    uint64_t dropped_points; /* since the start: beyond a bound, no memory, another city */
} sgp_unit_tracks_count;
sgp_unit_tracks_count sgp_unit_tracks_counts(const sgp_unit_tracks *tracks);

#endif
