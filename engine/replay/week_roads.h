/* Road times at any hour of a year: the oracle of a what-if.
 *
 * The same exact times as the live engine's (drive over the graph, walk from where a vehicle can
 * stand), from metrics that are kept: hours whose weights are the same share one, so a year needs
 * as many as the week table has different columns, not 8,760.
 *
 *     time ──> minute of week, changes in force ──> key of the weights ──> metric (made once)
 *                                                                           ├─ labels of the known
 *                                                                           │  places
 *                                                                           └─ times between them
 *
 * Known places are those where units stand again and again: stations and hospitals. Their labels
 * are made once for each metric, however many units wait there; a unit that is elsewhere is asked
 * for by a label of its own.
 *
 * A place behind closed roads cannot be reached here; the live engine would look for the open
 * roads around it (serve/open_roads.h).
 *
 * Not thread-safe. `graph` and the week table must outlive it. Memory: one metric for each
 * different hour and profile in use.
 */
#ifndef SGP_REPLAY_WEEK_ROADS_H
#define SGP_REPLAY_WEEK_ROADS_H

#include "sigap/core.h"
#include "sigap/router.h"
#include "sigap/traffic.h"
#include "sigap/walk.h"

enum { SGP_ROAD_SPELLS_MAX = 64 };

/* Roads around a point that are slower, quicker or closed for a while. */
typedef struct sgp_road_spell {
    sgp_point point;
    int32_t radius_m;
    int64_t from_ms, until_ms;
    uint16_t permille; /* of the time; 0 = closed */
} sgp_road_spell;

typedef struct sgp_week_roads_options {
    const sgp_week_table *week; /* NULL = every hour alike */
    int32_t utc_offset_s;
    /* Which profile of the graph each kind of unit drives as (as sgp_road_settings); one that the
     * graph does not have is its first. */
    char profile[SGP_UNIT_KINDS][SGP_PROFILE_BYTES];
    char with_lights[SGP_UNIT_KINDS][SGP_PROFILE_BYTES]; /* "" = as without */
    bool lights[SGP_PRIORITIES];
    const sgp_road_spell *changes; /* copied */
    size_t n_changes;
} sgp_week_roads_options;

typedef struct sgp_week_roads sgp_week_roads;

/* SGP_E_FULL: too many changes; SGP_E_ARGUMENT: one makes no sense; SGP_E_MEMORY. */
sgp_err sgp_week_roads_create(const sgp_graph *graph, const sgp_week_roads_options *options,
                              sgp_week_roads **roads, sgp_fault *fault) SGP_MUST_USE;
void sgp_week_roads_destroy(sgp_week_roads *roads);

/* Units will stand here again and again. */
sgp_err sgp_week_roads_know(sgp_week_roads *roads, sgp_point place) SGP_MUST_USE;

/* What is asked from now on is asked at this time (UTC). Cheap while the roads stay the same. */
void sgp_week_roads_at(sgp_week_roads *roads, int64_t now_ms);

/* Two times with the same number, of one profile, have the same roads: the version of the metric of
 * such a vehicle now. 0: no memory for it. */
uint64_t sgp_week_roads_version(sgp_week_roads *roads, sgp_unit_kind kind, sgp_priority priority);

/* Borrowed until destroyed. */
sgp_times sgp_week_roads_oracle(sgp_week_roads *roads);

/* One journey; its penalty is included. *ms = -1: there is no way. */
sgp_err sgp_week_roads_journey(sgp_week_roads *roads, const sgp_start *from, sgp_point to,
                               int64_t *ms) SGP_MUST_USE;

/* Where a vehicle is on such a journey: the way as points with the time of passing each, and the
 * walk at its end, during which the vehicle stands at the last point. n = 0: there is no way.
 * Borrowed until the roads are destroyed where both ends are known places, else until the next
 * call. */
typedef struct sgp_way_driven {
    const sgp_point *points;
    const int64_t *at_ms; /* [n] ascending from 0 */
    size_t n;
} sgp_way_driven;
sgp_err sgp_week_roads_way(sgp_week_roads *roads, const sgp_start *from, sgp_point to,
                           sgp_way_driven *way) SGP_MUST_USE;
/* The point after so many milliseconds. `way->n` at least 1. */
sgp_point sgp_way_point(const sgp_way_driven *way, int64_t elapsed_ms);

/* For benches: metrics, labels and routes made so far. */
typedef struct sgp_week_roads_count {
    uint64_t metrics, questions, rows, moving_rows, routes;
    int64_t metrics_us;
} sgp_week_roads_count;
sgp_week_roads_count sgp_week_roads_counted(const sgp_week_roads *roads);

#endif
