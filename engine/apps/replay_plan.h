/* What `sigap replay` is to play: the city and fleet of a configuration, calls from wherever they
 * come, policies, and what is changed for the second time.
 *
 *     for each replication: the calls
 *         for each policy: as it is, with move-up advice followed where that is wanted, and where
 *                          something is changed, changed
 *             one run, handed on and forgotten
 */
#ifndef SGP_APPS_REPLAY_PLAN_H
#define SGP_APPS_REPLAY_PLAN_H

#include "plans/plan_file.h"
#include "plans/roster_file.h"
#include "replay/coverage_history.h"
#include "replay/pattern.h"
#include "replay/whatif.h"
#include "serve/settings.h"

enum { SGP_REPLAY_CHANGES_MAX = 32 };

typedef struct sgp_station_move {
    char station[SGP_NAME_BYTES];
    sgp_point point;
} sgp_station_move;

typedef struct sgp_replay_plan {
    /* Asked for; texts are borrowed. */
    const char *input, *config, *graph_path, *week_path, *calls_path;
    sgp_policy policies[SGP_POLICIES];
    uint32_t n_policies;
    bool clicks;
    bool follow_moves; /* each policy a second time, with move-up advice followed */
    bool covers;  /* coverage is looked at */
    bool english; /* the scenario's title in reports */
    uint64_t seed;
    uint32_t replications;
    int32_t demand_permille;
    sgp_station_move moves[SGP_REPLAY_CHANGES_MAX];
    uint32_t n_moves;
    char without[SGP_REPLAY_CHANGES_MAX][SGP_CODE_BYTES];
    uint32_t n_without;
    sgp_road_spell closed[SGP_REPLAY_CHANGES_MAX];
    uint32_t n_closed;
    const char *shifts_path; /* who is there when, changed; NULL = as it is */

    /* Made of it. */
    sgp_settings settings;
    sgp_loaded_plan plans;
    sgp_graph *graph;
    sgp_week_table *week;
    sgp_pattern pattern;
    bool has_pattern;
    sgp_call_list told;       /* past calls as they are told */
    sgp_call_list calls;      /* of the replication */
    sgp_week_roads *roads[2]; /* as they are, changed */
    sgp_unit *units;          /* the changed fleet */
    size_t n_units;
    sgp_roster *roster[2]; /* as it is, changed; NULL = everybody is there all the time */
    sgp_point *zones;
    int64_t *zone_weight;
    size_t n_zones;
    sgp_zones cover_zones;      /* where coverage is looked at, weighed by the calls */
    sgp_cover_tables *cover[2]; /* as the roads */
} sgp_replay_plan;

void sgp_replay_plan_init(sgp_replay_plan *plan);
void sgp_replay_plan_free(sgp_replay_plan *plan);

/* Options as texts; the fault says what is wrong with one. */
sgp_err sgp_replay_plan_policy(sgp_replay_plan *plan, const char *name,
                               sgp_fault *fault) SGP_MUST_USE;
sgp_err sgp_replay_plan_move(sgp_replay_plan *plan, const char *text,
                             sgp_fault *fault) SGP_MUST_USE;
sgp_err sgp_replay_plan_without(sgp_replay_plan *plan, const char *unit,
                                sgp_fault *fault) SGP_MUST_USE;
sgp_err sgp_replay_plan_close(sgp_replay_plan *plan, const char *text,
                              sgp_fault *fault) SGP_MUST_USE;

/* Reads and opens everything. */
sgp_err sgp_replay_plan_open(sgp_replay_plan *plan, sgp_fault *fault) SGP_MUST_USE;

/* Plays all of it; each run is borrowed during the call and has been checked. */
typedef sgp_err (*sgp_replay_taker)(void *ctx, const sgp_run *run, const sgp_whatif_count *count,
                                    double seconds, sgp_fault *fault);
sgp_err sgp_replay_plan_play(sgp_replay_plan *plan, sgp_replay_taker take, void *ctx,
                             sgp_fault *fault) SGP_MUST_USE;

/* Past calls from CSV, or what a journal tells of its own. Errors as of sgp_call_list_read and
 * sgp_run_from_journal. */
sgp_err sgp_past_calls_read(const char *path, int32_t utc_offset_s, sgp_call_list *calls,
                            sgp_fault *fault) SGP_MUST_USE;

/* The pattern of the calls of `input`, CSV or journal, into a file. */
sgp_err sgp_replay_plan_fit(sgp_replay_plan *plan, const char *path, sgp_fault *fault) SGP_MUST_USE;

#endif
