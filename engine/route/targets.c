/* The labels of places that are gone to again and again. */
#include "route/ends.h"
#include "route/query.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct sgp_targets {
    const sgp_graph *graph;
    sgp_snap *snaps; /* [n] */
    size_t n;
    uint64_t version; /* of the metric that the columns were made with; 0: none */
    sgp_fleet fleet;  /* each target's arriving label */
    int32_t *ms;      /* [n] of the last question, without its penalty */
};

sgp_err sgp_targets_create(const sgp_graph *graph, const sgp_snap *snaps, size_t n,
                           sgp_targets **made) {
    if (n >= SGP_NONE)
        return SGP_E_ARGUMENT;
    for (size_t i = 0; i < n; i++) {
        sgp_err err = sgp_ends_check_snap(graph, &snaps[i]);
        if (err)
            return err;
    }
    sgp_targets *targets = calloc(1, sizeof *targets);
    if (!targets)
        return SGP_E_MEMORY;
    targets->graph = graph;
    targets->n = n;
    targets->snaps = calloc(n + 1, sizeof *targets->snaps);
    targets->ms = calloc(n + 1, sizeof *targets->ms);
    if (!targets->snaps || !targets->ms ||
        sgp_fleet_init(&targets->fleet, &graph->hierarchy) != SGP_OK) {
        sgp_targets_destroy(targets);
        return SGP_E_MEMORY;
    }
    for (size_t i = 0; i < n; i++)
        targets->snaps[i] = snaps[i];
    *made = targets;
    return SGP_OK;
}

void sgp_targets_destroy(sgp_targets *targets) {
    if (!targets)
        return;
    free(targets->snaps);
    free(targets->ms);
    sgp_fleet_deinit(&targets->fleet);
    free(targets);
}

static sgp_err refresh(sgp_targets *targets, sgp_query *query) {
    assert(query->metric->graph == targets->graph);
    if (targets->version == query->metric->version)
        return SGP_OK;
    targets->version = 0; /* nobody knows what is in, should this fail */
    sgp_fleet_clear(&targets->fleet);
    for (size_t i = 0; i < targets->n; i++) {
        sgp_stop stop = {.kind = SGP_STOP_TO, .snap = &targets->snaps[i]};
        sgp_err err = sgp_query_label(query, &stop, SGP_ARRIVING);
        if (!err)
            err = sgp_fleet_put(&targets->fleet, (uint32_t)i, &query->arriving);
        if (err)
            return err;
    }
    targets->version = query->metric->version;
    return SGP_OK;
}

sgp_err sgp_targets_from(sgp_targets *targets, sgp_query *query, const sgp_source *source,
                         int64_t *time_ms) {
    sgp_stop stop = {.kind = SGP_STOP_FROM, .snap = &source->from};
    sgp_err err = sgp_ends_check_source(targets->graph, source);
    if (!err)
        err = refresh(targets, query);
    if (!err)
        err = sgp_query_label(query, &stop, SGP_LEAVING);
    if (err)
        return err;
    for (size_t i = 0; i < targets->n; i++)
        targets->ms[i] = SGP_INF;
    sgp_fleet_ask(&targets->fleet, &query->leaving, targets->ms);
    for (size_t i = 0; i < targets->n; i++) {
        int64_t ms = targets->ms[i] < SGP_INF ? targets->ms[i] : SGP_UNREACHABLE;
        uint32_t arc;
        if (source->from.edge == targets->snaps[i].edge)
            ms = sgp_ends_lesser(
                ms, sgp_ends_direct(query->metric, &source->from, &targets->snaps[i], &arc));
        time_ms[i] = ms == SGP_UNREACHABLE ? ms : ms + source->penalty_ms;
    }
    return SGP_OK;
}
