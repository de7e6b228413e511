/* The core's oracle of travel times over the road graph of one city.
 *
 * A point is snapped to the nearest road within SGP_SNAP_RADIUS_M; a point that
 * is further from any road cannot be reached. Units stand still most of the
 * time, so the last snap of each point is kept. Not thread-safe.
 */
#ifndef SGP_SERVE_LIVE_TIMES_H
#define SGP_SERVE_LIVE_TIMES_H

#include "sigap/core.h"
#include "sigap/router.h"

#define SGP_SNAP_RADIUS_M 2000.0

typedef struct sgp_live_times sgp_live_times;

/* `graph` must outlive it. */
sgp_err sgp_live_times_create(const sgp_graph *graph, sgp_live_times **live) SGP_MUST_USE;
void sgp_live_times_destroy(sgp_live_times *live);

/* Borrowed until destroyed. */
sgp_times sgp_live_times_oracle(sgp_live_times *live);
sgp_query *sgp_live_times_query(sgp_live_times *live);

/* Nearest road; false: none within SGP_SNAP_RADIUS_M. */
bool sgp_live_times_snap(sgp_live_times *live, sgp_point point, sgp_snap *snap);

#endif
