/* The roads of a city as they are now: one live metric for each profile in use.
 *
 *   traffic pictures, closures          road_picture.h, on the loop
 *        |  one array of factors
 *        v
 *   hour, conditions, week table, learned factors and these: the weights of now
 *        |  road_worker.h, a thread of its own, customizes them into a spare buffer
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

#include "serve/city_time.h"
#include "serve/road_picture.h"
#include "serve/road_worker.h"
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
    sgp_city_time time;
    sgp_week_table *week;    /* owned (malloc); NULL = every hour alike */
    char *learned_folder;    /* owned (malloc); NULL = nothing learned */
    int64_t (*now_ms)(void); /* NULL = the system's wall clock; for tests */
} sgp_road_settings;
/* Kinds, lights and the time of Jakarta as sigap.conf.example says. */
void sgp_road_settings_default(sgp_road_settings *settings);
void sgp_road_settings_free(sgp_road_settings *settings);

typedef struct sgp_live_roads sgp_live_roads;

/* Makes all metrics and starts the worker. Graph and settings must outlive it. */
sgp_err sgp_live_roads_create(const sgp_graph *graph, const sgp_road_settings *settings,
                              sgp_live_roads **roads, sgp_fault *fault) SGP_MUST_USE;
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
/* Takes and releases every profile that is served: a step sees one metric of each from its
 * first question to its last, and all of them made of one picture. */
void sgp_live_roads_hold(sgp_live_roads *roads);
void sgp_live_roads_let_go(sgp_live_roads *roads);
/* The profile's live metric itself, for another thread that has a query of its own: it holds
 * and releases it as router.h says. NULL: not served. Borrowed until destroyed. */
sgp_live_metric *sgp_live_roads_live(const sgp_live_roads *roads, uint32_t profile);
/* The metric of the query that is out. */
const sgp_metric *sgp_live_roads_metric(const sgp_live_roads *roads, uint32_t profile);
/* About the metric with that version, 0 = the newest; false: not served, or long ago. */
bool sgp_live_roads_facts(const sgp_live_roads *roads, uint32_t profile, uint64_t version,
                          sgp_road_facts *facts);

/* One page of a traffic picture (road_picture.h); the last one sends it on its way. */
sgp_err sgp_live_roads_page(sgp_live_roads *roads, const char *actor,
                            const Sigap__V1__TrafficPicture *page, sgp_picture_taken *taken,
                            sgp_fault *fault) SGP_MUST_USE;
/* What is closed in the world is closed on the roads from the next metric on. */
void sgp_live_roads_close(sgp_live_roads *roads, const sgp_world *world);
const sgp_road_picture *sgp_live_roads_picture(const sgp_live_roads *roads);
/* One drive as this profile, to learn from (unit_tracks.h); ownership passes (malloc). Dropped
 * where nothing is learned. */
void sgp_live_roads_teach(sgp_live_roads *roads, uint32_t profile, sgp_track_point *track,
                          size_t n);
/* Reads anew what was learned: to be called once these roads are in service and those before them,
 * which taught the same files, are destroyed. */
void sgp_live_roads_read_learned(sgp_live_roads *roads);
/* False: nothing is learned. */
bool sgp_live_roads_lessons(const sgp_live_roads *roads, sgp_teach_count *count);
/* Blocks until what was told before is in service; for tests and benches. */
void sgp_live_roads_settle(sgp_live_roads *roads);

#endif
