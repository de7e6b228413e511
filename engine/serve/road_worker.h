/* Makes the metrics of the live roads, on a thread of its own.
 *
 * What the weights of an instant are made of: the profile's stored weights, the hour (week
 * table, conditions of the graph), what the fleet's tracks taught, the traffic picture, and
 * closures. The last two come in as one array of factors, given by the loop; the newest one
 * counts. The worker looks again at every full minute, when it is given factors, and when it
 * is told to. It makes all weights anew, compares them with those in service, and swaps:
 * nothing when nothing changed, some arcs by partial customization, otherwise a whole new
 * metric in the spare buffer. All profiles are made for one instant and swapped as one set; if
 * one of them fails, none is swapped. Readers are never kept waiting for the work.
 *
 * Where learning is on, the worker also teaches the drives that it is given (road_lessons.h), one
 * at a time and only while no weights are due.
 *
 * Thread rule: all functions may be called from any one thread at a time; the metrics
 * themselves have their own rule (router.h).
 */
#ifndef SGP_SERVE_ROAD_WORKER_H
#define SGP_SERVE_ROAD_WORKER_H

#include "serve/city_time.h"
#include "serve/road_lessons.h"
#include "sigap/router.h"
#include "sigap/traffic.h"

/* Up to so many changed arcs a metric is changed instead of made anew (ROUTE.md, point 8). */
enum { SGP_ROAD_CHANGES_MAX = 100 };
/* Tracks that wait for the worker; beyond, they are dropped and counted. */
enum { SGP_TRACKS_WAITING_MAX = 256 };
/* What was learned comes into service with the next weights, after so long at the latest. */
enum { SGP_LEARNED_WAITS_MS = 3600 * 1000 };

typedef struct sgp_road_worker_options {
    const sgp_graph *graph;        /* must outlive the worker */
    bool serves[SGP_PROFILES_MAX]; /* the profiles that get a metric; profile 0 always */
    const sgp_city_time *time;     /* borrowed; NULL = the hour does not matter */
    const sgp_week_table *week;    /* borrowed; NULL = none */
    const char *learned_folder;    /* PROFILE.sqlite in it; NULL or "" = none */
    int64_t (*now_ms)(void);       /* wall clock; NULL = the system's */
} sgp_road_worker_options;

typedef struct sgp_road_worker sgp_road_worker;

/* Makes the first metrics before it returns, then starts the thread. The fault names a learned
 * file that cannot be read. */
sgp_err sgp_road_worker_create(const sgp_road_worker_options *options, sgp_road_worker **worker,
                               sgp_fault *fault) SGP_MUST_USE;
/* Waits for the metrics that are being made, a second or two for a city, teaches what waits and
 * saves it. Everything held must have been released. NULL is harmless. */
void sgp_road_worker_destroy(sgp_road_worker *worker);

/* NULL where the profile is not served. Borrowed. */
sgp_live_metric *sgp_road_worker_metric(const sgp_road_worker *worker, uint32_t profile);

/* Holds the metrics of all profiles (NULL where one is not served), all of one set: what the
 * worker makes of one picture comes into service at once. Release each with
 * sgp_live_metric_release. Waits for a swap that is just happening, microseconds. */
void sgp_road_worker_hold(sgp_road_worker *worker, const sgp_metric *metrics[SGP_PROFILES_MAX]);

/* From now on with these factors (traffic.h: permille by edge << 1 | backward, 0 = closed);
 * NULL = as stored. Ownership passes (malloc). What was given before and not used yet is
 * dropped. Returns a number that grows; see done below. */
uint64_t sgp_road_worker_give(sgp_road_worker *worker, uint16_t *factor);
/* Looks at the clock now; for tests. Returns such a number. */
uint64_t sgp_road_worker_look(sgp_road_worker *worker);
/* Waits until everything up to that number is in service. */
void sgp_road_worker_wait(sgp_road_worker *worker, uint64_t number);

/* One drive as this profile, to learn from where learning is switched on. Ownership passes
 * (malloc). Beyond SGP_TRACKS_WAITING_MAX it is dropped and counted. */
void sgp_road_worker_teach(sgp_road_worker *worker, uint32_t profile, sgp_track_point *track,
                           size_t n);
/* Reads the learned files anew: another worker wrote to them since this one began. */
void sgp_road_worker_read_learned(sgp_road_worker *worker);

typedef struct sgp_teach_count {
    sgp_lesson_count lessons;
    uint64_t dropped; /* tracks that found no room */
    uint64_t waiting;
} sgp_teach_count;
/* False: nothing is learned here. */
bool sgp_road_worker_lessons(sgp_road_worker *worker, sgp_teach_count *count);

/* About the metric in service, or about an earlier one of the last few. */
typedef struct sgp_road_facts {
    uint64_t version;      /* sgp_metric_version */
    uint8_t weights[16];   /* BLAKE2b of the weights */
    int64_t swapped_at_us; /* monotonic */
    int64_t customize_us;  /* weights and customization */
    uint32_t changed;      /* arcs that differed from the metric before; n_arcs for the first */
    uint64_t swaps;        /* since the start, this one included */
} sgp_road_facts;
/* `version` 0: the newest. False: unknown by now. */
bool sgp_road_worker_facts(sgp_road_worker *worker, uint32_t profile, uint64_t version,
                           sgp_road_facts *facts);

#endif
