#include "serve/live_times.h"

#include <stdlib.h>

enum { KEPT = 16384 }; /* snaps; a power of two */

typedef struct kept_snap {
    sgp_point point;
    bool used, found;
    sgp_snap snap;
} kept_snap;

struct sgp_live_times {
    const sgp_graph *graph;
    sgp_metric *metric;
    sgp_query *query;
    kept_snap *kept; /* [KEPT], by a hash of the point; a newer point takes the place */
    sgp_source *sources;
    sgp_snap *targets;
    int64_t *answers;
    size_t *origin; /* which asked point each source or target stands for */
    size_t capacity;
};

sgp_err sgp_live_times_create(const sgp_graph *graph, sgp_live_times **out) {
    sgp_live_times *live = calloc(1, sizeof *live);
    if (live == NULL)
        return SGP_E_MEMORY;
    live->graph = graph;
    live->kept = calloc(KEPT, sizeof *live->kept);
    sgp_err err = live->kept == NULL ? SGP_E_MEMORY : sgp_metric_create(graph, &live->metric);
    if (err == SGP_OK)
        err = sgp_query_create(live->metric, &live->query);
    if (err != SGP_OK) {
        sgp_live_times_destroy(live);
        return err;
    }
    *out = live;
    return SGP_OK;
}

void sgp_live_times_destroy(sgp_live_times *live) {
    if (live == NULL)
        return;
    sgp_query_destroy(live->query);
    sgp_metric_destroy(live->metric);
    free(live->kept);
    free(live->sources);
    free(live->targets);
    free(live->answers);
    free(live->origin);
    free(live);
}

sgp_query *sgp_live_times_query(sgp_live_times *live) {
    return live->query;
}

bool sgp_live_times_snap(sgp_live_times *live, sgp_point point, sgp_snap *snap) {
    uint64_t mixed = ((uint64_t)(uint32_t)point.lon_e7 << 32 | (uint32_t)point.lat_e7) *
                     UINT64_C(0x9e3779b97f4a7c15);
    kept_snap *kept = &live->kept[mixed >> 50]; /* the top 14 bits: KEPT places */
    if (!kept->used || !sgp_point_equal(kept->point, point)) {
        size_t n = 0;
        kept->point = point;
        kept->used = true;
        sgp_err err = sgp_graph_snap(live->graph, point, SGP_SNAP_RADIUS_M, &kept->snap, 1, &n);
        kept->found = err == SGP_OK && n > 0;
    }
    if (kept->found)
        *snap = kept->snap;
    return kept->found;
}

static sgp_err make_room(sgp_live_times *live, size_t n) {
    if (n <= live->capacity)
        return SGP_OK;
    sgp_source *sources = realloc(live->sources, n * sizeof *sources);
    if (sources != NULL)
        live->sources = sources;
    sgp_snap *targets = realloc(live->targets, n * sizeof *targets);
    if (targets != NULL)
        live->targets = targets;
    int64_t *answers = realloc(live->answers, n * sizeof *answers);
    if (answers != NULL)
        live->answers = answers;
    size_t *origin = realloc(live->origin, n * sizeof *origin);
    if (origin != NULL)
        live->origin = origin;
    if (sources == NULL || targets == NULL || answers == NULL || origin == NULL)
        return SGP_E_MEMORY;
    live->capacity = n;
    return SGP_OK;
}

static void spread_answers(const sgp_live_times *live, size_t asked, int64_t *ms, size_t n) {
    for (size_t i = 0; i < n; i++)
        ms[i] = SGP_UNREACHABLE;
    for (size_t k = 0; k < asked; k++)
        ms[live->origin[k]] = live->answers[k];
}

static sgp_err many_to_one(void *ctx, const sgp_point *from, const int64_t *penalty_ms, size_t n,
                           sgp_point to, int64_t *ms) {
    sgp_live_times *live = ctx;
    sgp_err err = make_room(live, n);
    if (err != SGP_OK)
        return err;
    sgp_snap target;
    size_t asked = 0;
    if (sgp_live_times_snap(live, to, &target))
        for (size_t i = 0; i < n; i++)
            if (sgp_live_times_snap(live, from[i], &live->sources[asked].from)) {
                live->sources[asked].penalty_ms = penalty_ms != NULL ? penalty_ms[i] : 0;
                live->origin[asked++] = i;
            }
    if (asked > 0)
        err = sgp_query_many_to_one(live->query, live->sources, asked, &target, live->answers);
    if (err == SGP_OK)
        spread_answers(live, asked, ms, n);
    return err;
}

static sgp_err one_to_many(void *ctx, sgp_point from, const sgp_point *to, size_t n, int64_t *ms) {
    sgp_live_times *live = ctx;
    sgp_err err = make_room(live, n);
    if (err != SGP_OK)
        return err;
    sgp_source source = {.penalty_ms = 0};
    size_t asked = 0;
    if (sgp_live_times_snap(live, from, &source.from))
        for (size_t i = 0; i < n; i++)
            if (sgp_live_times_snap(live, to[i], &live->targets[asked]))
                live->origin[asked++] = i;
    if (asked > 0)
        err = sgp_query_one_to_many(live->query, &source, live->targets, asked, live->answers);
    if (err == SGP_OK)
        spread_answers(live, asked, ms, n);
    return err;
}

sgp_times sgp_live_times_oracle(sgp_live_times *live) {
    return (sgp_times){live, many_to_one, one_to_many};
}
