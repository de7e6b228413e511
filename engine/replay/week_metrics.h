/* The metrics of a week: which weights hold at a time, each made once.
 *
 * Weights that are the same have the same key: the profile, the hour's column of the week table,
 * which conditions of the graph hold, and which changes are in force. Private to week_roads.
 */
#ifndef SGP_REPLAY_WEEK_METRICS_H
#define SGP_REPLAY_WEEK_METRICS_H

#include "replay/week_roads.h"

#define SGP_TIME_NOT_ASKED INT32_MIN

typedef struct sgp_hour_metric {
    uint8_t key[16];
    sgp_metric *metric;
    /* What week_roads keeps with it. */
    sgp_labels *labels; /* of known places 0 .. n_labels - 1 */
    uint32_t n_labels;
    sgp_targets *targets; /* the stands of known places 0 .. n_target_places - 1 */
    uint32_t *target_place;
    int64_t *target_walk_ms; /* [n_targets] */
    uint32_t n_targets, n_target_places;
    int32_t *between; /* [n_between^2] times between known places, or SGP_TIME_NOT_ASKED */
    uint32_t n_between;
} sgp_hour_metric;

typedef struct sgp_week_metrics sgp_week_metrics;

sgp_err sgp_week_metrics_create(const sgp_graph *graph, const sgp_week_roads_options *options,
                                sgp_week_metrics **metrics, sgp_fault *fault) SGP_MUST_USE;
void sgp_week_metrics_destroy(sgp_week_metrics *metrics);

void sgp_week_metrics_at(sgp_week_metrics *metrics, int64_t now_ms);
/* The profile's metric of that time; borrowed until destroyed. */
sgp_err sgp_week_metrics_get(sgp_week_metrics *metrics, uint32_t profile,
                             sgp_hour_metric **hour) SGP_MUST_USE;
/* The one query, using this metric. */
sgp_query *sgp_week_metrics_query(sgp_week_metrics *metrics, const sgp_hour_metric *hour);

/* How many were made, and how long that took. */
void sgp_week_metrics_counted(const sgp_week_metrics *metrics, uint64_t *made, int64_t *us);

#endif
