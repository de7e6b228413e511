#include "replay/week_metrics.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

enum { MINUTE_MS = 60000, HOUR_MINUTES = 60 };

struct sgp_week_metrics {
    const sgp_graph *graph;
    const sgp_week_table *week;
    int32_t utc_offset_s;
    sgp_road_spell changes[SGP_ROAD_SPELLS_MAX];
    size_t n_changes;
    int64_t from_ms, until_ms; /* within which the keys of now hold */
    int32_t minute;
    uint64_t in_force;                      /* bit: change */
    sgp_hour_metric *now[SGP_PROFILES_MAX]; /* NULL = not asked for yet */
    sgp_hour_metric **made;
    size_t n_made, capacity;
    sgp_query *query;
    const sgp_metric *used; /* by the query */
    int32_t *weight;        /* [n_arcs] scratch */
    uint16_t *factor;       /* [2 * n_edges] scratch, NULL until there is a change */
    int64_t made_us;
};

sgp_err sgp_week_metrics_create(const sgp_graph *graph, const sgp_week_roads_options *options,
                                sgp_week_metrics **out, sgp_fault *fault) {
    if (options->n_changes > SGP_ROAD_SPELLS_MAX)
        return sgp_fail(fault, SGP_E_FULL, "there are more than %d changes of roads",
                        SGP_ROAD_SPELLS_MAX);
    for (size_t i = 0; i < options->n_changes; i++) {
        const sgp_road_spell *change = &options->changes[i];
        if (change->until_ms <= change->from_ms || change->radius_m < 1 ||
            change->radius_m > 100000 ||
            (change->permille &&
             (change->permille < SGP_FACTOR_LEAST || change->permille > SGP_FACTOR_MOST)))
            return sgp_fail(fault, SGP_E_ARGUMENT, "change %zu of roads makes no sense", i + 1);
    }
    sgp_week_metrics *metrics = calloc(1, sizeof *metrics);
    const sgp_graph_parts *parts = sgp_graph_get(graph);
    if (metrics) {
        metrics->graph = graph;
        metrics->week = options->week;
        metrics->utc_offset_s = options->utc_offset_s;
        metrics->n_changes = options->n_changes;
        for (size_t i = 0; i < options->n_changes; i++)
            metrics->changes[i] = options->changes[i];
        metrics->weight = malloc(((size_t)parts->n_arcs + 1) * sizeof *metrics->weight);
        metrics->factor = options->n_changes
                              ? malloc(((size_t)parts->n_edges + 1) * 2 * sizeof *metrics->factor)
                              : NULL;
    }
    if (!metrics || !metrics->weight || (options->n_changes && !metrics->factor)) {
        sgp_week_metrics_destroy(metrics);
        return sgp_fail(fault, SGP_E_MEMORY, "no memory for the weights of the roads");
    }
    *out = metrics;
    return SGP_OK;
}

void sgp_week_metrics_destroy(sgp_week_metrics *metrics) {
    if (!metrics)
        return;
    sgp_query_destroy(metrics->query);
    for (size_t i = 0; i < metrics->n_made; i++) {
        sgp_labels_destroy(metrics->made[i]->labels);
        sgp_metric_destroy(metrics->made[i]->metric);
        sgp_targets_destroy(metrics->made[i]->targets);
        free(metrics->made[i]->target_place);
        free(metrics->made[i]->target_walk_ms);
        free(metrics->made[i]->between);
        free(metrics->made[i]);
    }
    free(metrics->made);
    free(metrics->weight);
    free(metrics->factor);
    free(metrics);
}

/* ---- which weights hold ---------------------------------------------------- */

static int64_t floor_div(int64_t number, int64_t by) {
    return number / by - (number % by < 0);
}

/* 0 = Monday 00:00 local time. The epoch was a Thursday, three days after a Monday. */
static int32_t minute_of_week(const sgp_week_metrics *metrics, int64_t at_ms) {
    int64_t minute =
        floor_div(at_ms + metrics->utc_offset_s * INT64_C(1000), MINUTE_MS) + 3 * INT64_C(1440);
    return (int32_t)(minute - floor_div(minute, SGP_WEEK_MINUTES) * SGP_WEEK_MINUTES);
}

void sgp_week_metrics_at(sgp_week_metrics *metrics, int64_t now_ms) {
    if (now_ms >= metrics->from_ms && now_ms < metrics->until_ms)
        return;
    const sgp_graph_parts *parts = sgp_graph_get(metrics->graph);
    metrics->minute = minute_of_week(metrics, now_ms);
    /* Without conditions nothing happens within an hour. */
    int32_t step = parts->n_conditions ? 1 : HOUR_MINUTES;
    int64_t begun_ms = floor_div(now_ms, MINUTE_MS) * MINUTE_MS;
    metrics->from_ms = begun_ms - (int64_t)(metrics->minute % step) * MINUTE_MS;
    metrics->until_ms = metrics->from_ms + (int64_t)step * MINUTE_MS;
    metrics->in_force = 0;
    for (size_t i = 0; i < metrics->n_changes; i++) {
        const sgp_road_spell *change = &metrics->changes[i];
        const int64_t edges_ms[2] = {change->from_ms, change->until_ms};
        for (int k = 0; k < 2; k++) {
            if (edges_ms[k] <= now_ms && edges_ms[k] > metrics->from_ms)
                metrics->from_ms = edges_ms[k];
            if (edges_ms[k] > now_ms && edges_ms[k] < metrics->until_ms)
                metrics->until_ms = edges_ms[k];
        }
        if (change->from_ms <= now_ms && now_ms < change->until_ms)
            metrics->in_force |= UINT64_C(1) << i;
    }
    memset(metrics->now, 0, sizeof metrics->now);
}

static bool condition_holds(const sgp_graph_parts *parts, const sgp_condition *condition,
                            int32_t minute) {
    for (uint32_t i = 0; i < condition->n_spans; i++) {
        const sgp_week_span *span = &parts->spans[condition->first_span + i];
        if (minute >= span->from_minute && minute < span->to_minute)
            return true;
    }
    return false;
}

static void make_key(const sgp_week_metrics *metrics, uint32_t profile, uint8_t key[16]) {
    const sgp_graph_parts *parts = sgp_graph_get(metrics->graph);
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, 16);
    crypto_generichash_update(&state, (const uint8_t *)&profile, sizeof profile);
    crypto_generichash_update(&state, (const uint8_t *)&metrics->in_force,
                              sizeof metrics->in_force);
    for (int c = 0; metrics->week && c < SGP_ROAD_CLASSES; c++)
        crypto_generichash_update(
            &state, (const uint8_t *)&metrics->week->permille[c][metrics->minute / HOUR_MINUTES],
            sizeof(uint16_t));
    for (uint32_t i = 0; i < parts->n_conditions; i++)
        if (parts->conditions[i].profiles & 1u << profile &&
            condition_holds(parts, &parts->conditions[i], metrics->minute))
            crypto_generichash_update(&state, (const uint8_t *)&i, sizeof i);
    crypto_generichash_final(&state, key, 16);
}

/* ---- making them ----------------------------------------------------------- */

/* Where changes overlap the heavier counts; closed is the heaviest. */
static void paint_changes(sgp_week_metrics *metrics) {
    const sgp_graph_parts *parts = sgp_graph_get(metrics->graph);
    for (uint32_t e = 0; e < 2 * parts->n_edges; e++)
        metrics->factor[e] = 1000;
    for (size_t i = 0; i < metrics->n_changes; i++) {
        const sgp_road_spell *change = &metrics->changes[i];
        if (!(metrics->in_force & UINT64_C(1) << i))
            continue;
        for (uint32_t e = 0; e < parts->n_edges; e++) {
            const sgp_edge *edge = &parts->edges[e];
            bool within = false;
            for (uint32_t k = 0; k < edge->n_points && !within; k++)
                within = sgp_distance_m(parts->points[edge->first_point + k], change->point) <=
                         change->radius_m;
            uint16_t *factor = &metrics->factor[2 * (size_t)e];
            if (within && factor[0] != 0 &&
                (change->permille == 0 || change->permille > factor[0] || factor[0] == 1000))
                factor[0] = factor[1] = change->permille;
        }
    }
}

static sgp_err make(sgp_week_metrics *metrics, uint32_t profile, sgp_hour_metric *hour) {
    sgp_picture picture = {
        .profile = profile, .minute_of_week = metrics->minute, .week = metrics->week};
    if (metrics->in_force) {
        paint_changes(metrics);
        picture.factor = metrics->factor;
    }
    sgp_err err = sgp_weights_make(metrics->graph, &picture, metrics->weight, NULL);
    if (!err)
        err = sgp_metric_customize(metrics->graph, metrics->weight, 1, &hour->metric);
    if (!err && !metrics->query)
        err = sgp_query_create(hour->metric, &metrics->query);
    return err;
}

static sgp_hour_metric *find(const sgp_week_metrics *metrics, const uint8_t key[16]) {
    for (size_t i = 0; i < metrics->n_made; i++)
        if (memcmp(metrics->made[i]->key, key, 16) == 0)
            return metrics->made[i];
    return NULL;
}

sgp_err sgp_week_metrics_get(sgp_week_metrics *metrics, uint32_t profile, sgp_hour_metric **hour) {
    if (metrics->now[profile]) {
        *hour = metrics->now[profile];
        return SGP_OK;
    }
    uint8_t key[16];
    make_key(metrics, profile, key);
    sgp_hour_metric *found = find(metrics, key);
    if (!found) {
        if (metrics->n_made == metrics->capacity) {
            size_t capacity = metrics->capacity ? 2 * metrics->capacity : 64;
            sgp_hour_metric **made = realloc(metrics->made, capacity * sizeof *made);
            if (!made)
                return SGP_E_MEMORY;
            metrics->made = made;
            metrics->capacity = capacity;
        }
        int64_t begun_us = sgp_monotonic_us();
        found = calloc(1, sizeof *found);
        sgp_err err = found ? make(metrics, profile, found) : SGP_E_MEMORY;
        if (err) {
            if (found)
                sgp_metric_destroy(found->metric);
            free(found);
            return err;
        }
        memcpy(found->key, key, sizeof found->key);
        metrics->made[metrics->n_made++] = found;
        metrics->made_us += sgp_monotonic_us() - begun_us;
    }
    *hour = metrics->now[profile] = found;
    return SGP_OK;
}

sgp_query *sgp_week_metrics_query(sgp_week_metrics *metrics, const sgp_hour_metric *hour) {
    if (metrics->used != hour->metric)
        sgp_query_use(metrics->query, hour->metric);
    metrics->used = hour->metric;
    return metrics->query;
}

void sgp_week_metrics_counted(const sgp_week_metrics *metrics, uint64_t *made, int64_t *us) {
    *made = metrics->n_made;
    *us = metrics->made_us;
}
