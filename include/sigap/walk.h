/* The last metres on foot: from where a vehicle can stand to a door in a gang.
 *
 * A place has several *stands*: places on roads that the profile may drive, each with
 * the time that a crew walks from there. The first is the nearest road in a straight
 * line (as far as that is a way one may believe: `direct_m`); the others are reached
 * over the graph's ways on foot. A travel time to a place is the least over its stands of
 * drive + walk. Not thread-safe: one walker for each thread.
 */
#ifndef SIGAP_WALK_H
#define SIGAP_WALK_H

#include "sigap/router.h"

enum { SGP_STANDS_MAX = 8 };

typedef struct sgp_stand {
    sgp_snap snap;
    int64_t walk_ms;
    int64_t walk_mm;
} sgp_stand;

typedef struct sgp_walker sgp_walker;
sgp_err sgp_walker_create(const sgp_graph *graph, sgp_walker **walker) SGP_MUST_USE;
void sgp_walker_destroy(sgp_walker *walker);

typedef struct sgp_walk_options {
    uint32_t profile;
    double radius_m;  /* how far to look for a road or a way on foot */
    double direct_m;  /* how far people walk straight, off any way: to a road, to a path */
    int64_t limit_ms; /* longest walk over ways on foot */
} sgp_walk_options;
extern const sgp_walk_options sgp_walk_defaults; /* profile 0, 2 km, 60 m, 15 minutes */

/* Stands of a place, quickest walk first, no stand that another one beats from the same road
 * place; at most SGP_STANDS_MAX. *n = 0: no road near. When no road and no way on foot is within
 * direct_m, the nearest road of all within radius_m stands, walked to in a straight line. */
sgp_err sgp_walker_stands(sgp_walker *walker, sgp_point place, const sgp_walk_options *options,
                          sgp_stand stands[SGP_STANDS_MAX], size_t *n) SGP_MUST_USE;

/* The way on foot from the stand to the place, for the map: points to free(); the first is the
 * stand's road point, the last the place. */
sgp_err sgp_walker_way(sgp_walker *walker, sgp_point place, const sgp_walk_options *options,
                       const sgp_stand *stand, sgp_point **points, size_t *n) SGP_MUST_USE;

#endif
