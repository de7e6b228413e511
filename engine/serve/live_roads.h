/* The roads of a city as they are now: one live metric for each profile in use.
 *
 *   hour, conditions, week table, learned factors, traffic picture, closures
 *        |  one worker thread makes weights and customizes them into a spare buffer
 *        v
 *   the metric of the profile, swapped whole
 *        |  the loop holds it for a step or a query
 *        v
 *   sgp_query on one picture, from take to release
 *
 * Which vehicles drive as which profile, and at which priorities with lights, is in
 * sgp_road_settings. A profile that the graph does not have is replaced by profile 0,
 * and the log says so.
 *
 * Thread rule: everything here belongs to one thread, that of the loop.
 */
#ifndef SGP_SERVE_LIVE_ROADS_H
#define SGP_SERVE_LIVE_ROADS_H

#include "sigap/core.h"
#include "sigap/router.h"

/* Which profile each kind of unit drives as. */
typedef struct sgp_road_settings {
    char profile[SGP_UNIT_KINDS][SGP_PROFILE_BYTES];
    char with_lights[SGP_UNIT_KINDS][SGP_PROFILE_BYTES]; /* "" = as without */
    bool lights[SGP_PRIORITIES];                         /* who drives with lights */
    /* Further profiles that are kept ready, for routes and tables. */
    char also[SGP_PROFILES_MAX][SGP_PROFILE_BYTES];
    size_t n_also;
} sgp_road_settings;
void sgp_road_settings_default(sgp_road_settings *settings);

typedef struct sgp_live_roads sgp_live_roads;

/* `graph` must outlive it; the settings are copied. SGP_E_MEMORY. */
sgp_err sgp_live_roads_create(const sgp_graph *graph, const sgp_road_settings *settings,
                              sgp_live_roads **roads) SGP_MUST_USE;
/* Everything taken must have been released. NULL is harmless. */
void sgp_live_roads_destroy(sgp_live_roads *roads);

const sgp_graph *sgp_live_roads_graph(const sgp_live_roads *roads);

/* The profile as which such a unit drives for such an incident. */
uint32_t sgp_live_roads_drive(const sgp_live_roads *roads, sgp_unit_kind kind,
                              sgp_priority priority);
/* Whether the graph's profile has a metric here: profile 0, those that units drive as, and
 * those of settings.also. */
bool sgp_live_roads_serves(const sgp_live_roads *roads, uint32_t profile);

/* A query on the profile's newest metric, to be given back with release as often as it was
 * taken. What is taken while it is out shows the same metric. Take it for one step or one
 * request and release it in the same callback: the worker waits for readers of old pictures.
 * A profile that is not served gives profile 0's. Never blocks, never fails, allocates
 * nothing. */
sgp_query *sgp_live_roads_take(sgp_live_roads *roads, uint32_t profile);
void sgp_live_roads_release(sgp_live_roads *roads, uint32_t profile);
/* The metric of the query that is out. */
const sgp_metric *sgp_live_roads_metric(const sgp_live_roads *roads, uint32_t profile);
/* Version of the profile's metric that was taken last; 0 where it is not served. */
uint64_t sgp_live_roads_version(const sgp_live_roads *roads, uint32_t profile);

#endif
