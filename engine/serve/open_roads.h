/* The open roads nearest to a place: for places and units behind closed roads.
 *
 * A road is closed by a person, a restriction by the hour or a locked gate; whoever is on it,
 * or in a side street behind it, is not out of the world. An ambulance drives to where roads
 * are open and the crew walks on, or is let through by those who closed the road. So such a place
 * is timed from several open roads around it: drive + the straight line at walking speed, which
 * errs on the slow side for a vehicle that is let through.
 *
 * Not thread-safe: scratch memory of one asker.
 */
#ifndef SGP_SERVE_OPEN_ROADS_H
#define SGP_SERVE_OPEN_ROADS_H

#include "sigap/walk.h"

enum {
    SGP_OPEN_ROADS = 16,       /* so many are enough to find one outside a closed street */
    SGP_OPEN_ROADS_SEEN = 2048 /* nearest roads that are looked at, open or not */
};

typedef struct sgp_open_roads {
    sgp_snap *seen; /* [SGP_OPEN_ROADS_SEEN] */
    sgp_stand stands[SGP_OPEN_ROADS];
    size_t n;
} sgp_open_roads;

sgp_err sgp_open_roads_init(sgp_open_roads *open) SGP_MUST_USE;
void sgp_open_roads_deinit(sgp_open_roads *open);

/* Fills stands with the nearest roads of the profile that the metric lets drive in a direction
 * of theirs, nearest first, none further than radius_m. n = 0 where there is none. */
void sgp_open_roads_find(sgp_open_roads *open, const sgp_metric *metric, uint32_t profile,
                         sgp_point place, double radius_m);

#endif
