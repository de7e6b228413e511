/* A pattern from past calls: shares counted, nothing smoothed but what is too rare to count. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "replay/pattern.h"

enum { RARE = 200 }; /* kinds with fewer calls have no curve of their own */

static int64_t local_s(const sgp_pattern *p, int64_t at_ms) {
    return at_ms / 1000 + p->utc_offset_s;
}

static int hour_of_week(const sgp_pattern *p, int64_t at_ms) {
    return (int)((local_s(p, at_ms) / 3600 + 72) % SGP_WEEK_HOURS);
}

/* How often each hour of the week was lived through between the first and the last call. */
static void count_hours(const sgp_call_list *calls, const sgp_pattern *p, int64_t lived[]) {
    int64_t first = local_s(p, calls->calls[0].at_ms) / 3600;
    int64_t last = local_s(p, calls->calls[calls->n - 1].at_ms) / 3600;
    for (int h = 0; h < SGP_WEEK_HOURS; h++)
        lived[h] = 0;
    for (int64_t hour = first; hour <= last; hour++)
        lived[(hour + 72) % SGP_WEEK_HOURS]++;
}

static void fit_hours(const sgp_call_list *calls, sgp_pattern *p) {
    int64_t lived[SGP_WEEK_HOURS], seen[SGP_WEEK_HOURS] = {0};
    count_hours(calls, p, lived);
    for (size_t i = 0; i < calls->n; i++)
        seen[hour_of_week(p, calls->calls[i].at_ms)]++;
    double per_hour[SGP_WEEK_HOURS], sum = 0;
    int known = 0;
    for (int h = 0; h < SGP_WEEK_HOURS; h++) {
        per_hour[h] = lived[h] ? (double)seen[h] / (double)lived[h] : 0;
        sum += per_hour[h];
        known += lived[h] > 0;
    }
    double mean = sum / known;
    for (int h = 0; h < SGP_WEEK_HOURS; h++)
        p->hour_permille[h] =
            (uint16_t)fmin(20000, lived[h] ? round(1000 * per_hour[h] / mean) : 1000);
    p->calls_per_day_milli = (int32_t)lround(mean * 24 * 1000);
}

static sgp_err fit_kinds(const sgp_call_list *calls, sgp_pattern *p, sgp_fault *fault) {
    int64_t all[24] = {0};
    int64_t(*seen)[24] = calloc(SGP_PATTERN_KINDS_MAX, sizeof *seen);
    if (!seen)
        return SGP_E_MEMORY;
    p->n_kinds = 0;
    for (size_t i = 0; i < calls->n; i++) {
        const sgp_past_call *call = &calls->calls[i];
        uint32_t k = 0;
        while (k < p->n_kinds && (strcmp(p->kinds[k].complaint, call->complaint) != 0 ||
                                  p->kinds[k].priority != call->priority))
            k++;
        if (k == SGP_PATTERN_KINDS_MAX) {
            free(seen);
            return sgp_fail(fault, SGP_E_FULL, "there are more than %d kinds of calls",
                            SGP_PATTERN_KINDS_MAX);
        }
        if (k == p->n_kinds) {
            p->kinds[p->n_kinds++] =
                (sgp_call_kind){.priority = call->priority,
                                .on_roads = strcmp(call->complaint, "traffic_accident") == 0};
            memcpy(p->kinds[k].complaint, call->complaint, sizeof call->complaint);
        }
        p->kinds[k].weight++;
        int hour = hour_of_week(p, call->at_ms) % 24;
        seen[k][hour]++;
        all[hour]++;
    }
    /* Of the calls of an hour, the share of this kind, over its share of all. */
    for (uint32_t k = 0; k < p->n_kinds; k++)
        for (int h = 0; h < 24; h++) {
            double share = (double)p->kinds[k].weight / (double)calls->n;
            double curve = all[h] ? (double)seen[k][h] / (double)all[h] / share : 1;
            p->kinds[k].day_permille[h] =
                (uint16_t)(p->kinds[k].weight < RARE ? 1000 : fmin(20000, round(1000 * curve)));
        }
    free(seen);
    return SGP_OK;
}

typedef struct cell {
    int64_t column, row;
} cell;

static int by_cell(const void *left, const void *right) {
    const cell *a = left, *b = right;
    if (a->row != b->row)
        return a->row < b->row ? -1 : 1;
    return a->column < b->column ? -1 : a->column > b->column;
}

static sgp_err fit_places(const sgp_call_list *calls, int32_t cell_m, sgp_pattern *p,
                          sgp_fault *fault) {
    cell *cells = malloc(calls->n * sizeof *cells);
    if (!cells)
        return SGP_E_MEMORY;
    double lat = sgp_lat(calls->calls[0].point);
    double high = cell_m / 0.0111195, wide = high / cos(lat * 3.14159265358979323846 / 180);
    for (size_t i = 0; i < calls->n; i++)
        cells[i] = (cell){(int64_t)floor(calls->calls[i].point.lon_e7 / wide),
                          (int64_t)floor(calls->calls[i].point.lat_e7 / high)};
    qsort(cells, calls->n, sizeof *cells, by_cell);
    uint32_t n = 0;
    for (size_t i = 0; i < calls->n; i++)
        n += i == 0 || by_cell(&cells[i], &cells[i - 1]) != 0;
    if (n > SGP_PATTERN_PLACES_MAX) {
        free(cells);
        return sgp_fail(fault, SGP_E_FULL,
                        "the calls lie in %u squares, a pattern holds %d; take larger ones", n,
                        SGP_PATTERN_PLACES_MAX);
    }
    sgp_call_place *places = calloc(n, sizeof *places);
    if (!places) {
        free(cells);
        return SGP_E_MEMORY;
    }
    n = 0;
    for (size_t i = 0; i < calls->n; i++) {
        if (i == 0 || by_cell(&cells[i], &cells[i - 1]) != 0) {
            sgp_call_place *place = &places[n++];
            place->point.lon_e7 = (int32_t)lround(((double)cells[i].column + 0.5) * wide);
            place->point.lat_e7 = (int32_t)lround(((double)cells[i].row + 0.5) * high);
            place->radius_m = cell_m / 2;
        }
        places[n - 1].weight++;
    }
    free(cells);
    free(p->places);
    p->places = places;
    p->n_places = n;
    return SGP_OK;
}

static bool finds_nobody(const sgp_past_call *call) {
    return call->outcome == SGP_OUTCOME_PRANK || call->outcome == SGP_OUTCOME_GHOST;
}

static bool is_served(const sgp_past_call *call) {
    return call->outcome == SGP_OUTCOME_NONE || call->outcome == SGP_OUTCOME_SERVED;
}

/* Durations on scene of those of `wanted`, where enough tell them. `ms` has room for all calls. */
static void fit_scene(const sgp_call_list *calls, bool (*wanted)(const sgp_past_call *call),
                      int32_t *ms, sgp_duration *duration) {
    uint64_t n = 0;
    for (size_t i = 0; i < calls->n; i++)
        if (calls->calls[i].scene_ms >= 0 && wanted(&calls->calls[i]))
            ms[n++] = calls->calls[i].scene_ms;
    if (n >= SGP_PATTERN_MEASURED)
        sgp_duration_fit(duration, ms, n);
}

/* Of those that tell an outcome, the share of each. */
static void fit_outcomes(const sgp_call_list *calls, sgp_habits *habits) {
    int64_t seen[SGP_OUTCOMES] = {0}, told = 0;
    for (size_t i = 0; i < calls->n; i++)
        if (calls->calls[i].outcome != SGP_OUTCOME_NONE) {
            seen[calls->calls[i].outcome]++;
            told++;
        }
    if (told < SGP_PATTERN_MEASURED)
        return;
    for (int i = SGP_OUTCOME_SERVED + 1; i < SGP_OUTCOMES; i++)
        habits->outcome_permille[i] = (int32_t)(seen[i] * 1000 / told);
}

static void fit_transport(const sgp_call_list *calls, sgp_habits *habits) {
    int64_t carried = 0, told = 0;
    for (size_t i = 0; i < calls->n; i++)
        if (is_served(&calls->calls[i]) && calls->calls[i].transport >= 0) {
            carried += calls->calls[i].transport;
            told++;
        }
    if (told >= SGP_PATTERN_MEASURED)
        habits->transport_permille = (int32_t)((carried * 1000 + told / 2) / told);
}

static sgp_err fit_habits(const sgp_call_list *calls, sgp_habits *habits) {
    int32_t *ms = malloc(calls->n * sizeof *ms);
    if (!ms)
        return SGP_E_MEMORY;
    fit_scene(calls, is_served, ms, &habits->scene);
    fit_scene(calls, finds_nobody, ms, &habits->look);
    free(ms);
    fit_outcomes(calls, habits);
    fit_transport(calls, habits);
    return SGP_OK;
}

sgp_err sgp_pattern_fit(const sgp_call_list *calls, int32_t cell_m, sgp_pattern *pattern,
                        sgp_fault *fault) {
    if (calls->n == 0 || cell_m < 10)
        return sgp_fail(fault, SGP_E_ARGUMENT,
                        "a pattern wants calls, and squares of 10 m or more");
    fit_hours(calls, pattern);
    sgp_err err = fit_kinds(calls, pattern, fault);
    /* Surges name their kind by number, and the kinds are others now. */
    for (uint32_t i = 0; i < pattern->n_surges; i++)
        pattern->surges[i].kind = SGP_NONE;
    if (!err)
        err = fit_habits(calls, &pattern->habits);
    return err ? err : fit_places(calls, cell_m, pattern, fault);
}
