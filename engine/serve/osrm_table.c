/* /table: times, and lengths of the fastest ways, between many places. */
#include <math.h>
#include <stdlib.h>

#include "serve/osrm_places.h"

typedef struct table {
    sgp_osrm_work *work;
    uint32_t *from, *to; /* numbers of coordinates */
    size_t n_from, n_to;
    int64_t *ms; /* [n_from * n_to]; SGP_UNREACHABLE */
    int64_t *mm; /* NULL where nobody asks for lengths */
} table;

static uint32_t *list_of(const sgp_osrm_indices *list, size_t n_coordinates, size_t *n) {
    *n = list->all ? n_coordinates : list->n;
    uint32_t *at = calloc(*n, sizeof *at);
    for (size_t i = 0; at && i < *n; i++)
        at[i] = list->all ? (uint32_t)i : list->at[i];
    return at;
}

static bool fill_times(table *t) {
    sgp_source *sources = calloc(t->n_from, sizeof *sources);
    sgp_snap *targets = calloc(t->n_to, sizeof *targets);
    sgp_err err = sources && targets ? SGP_OK : SGP_E_MEMORY;
    for (size_t i = 0; !err && i < t->n_from; i++)
        sources[i].from = t->work->snaps[t->from[i]];
    for (size_t i = 0; !err && i < t->n_to; i++)
        targets[i] = t->work->snaps[t->to[i]];
    if (!err)
        err = sgp_query_matrix(t->work->query, sources, t->n_from, targets, t->n_to, t->ms);
    free(sources);
    free(targets);
    return err ? sgp_osrm_fail(t->work->error, "NoTable", "%s", sgp_err_message(err)) : true;
}

/* Lengths come with the way itself; the time alone does not tell them. */
static bool fill_lengths(table *t) {
    for (size_t i = 0; i < t->n_from; i++) {
        if (!sgp_osrm_is_awaited(t->work))
            return false;
        for (size_t k = 0; k < t->n_to; k++) {
            if (t->ms[i * t->n_to + k] == SGP_UNREACHABLE)
                continue;
            sgp_source source = {.from = t->work->snaps[t->from[i]]};
            sgp_route route = {0};
            sgp_err err =
                sgp_query_route(t->work->query, &source, &t->work->snaps[t->to[k]], &route);
            if (err)
                return sgp_osrm_fail(t->work->error, "NoTable", "%s", sgp_err_message(err));
            t->mm[i * t->n_to + k] = route.length_mm;
            sgp_route_free(&route);
        }
    }
    return true;
}

/* The straight line that stands in for a way that is not there. */
static double straight_m(const table *t, size_t i, size_t k) {
    const sgp_osrm_work *w = t->work;
    if (w->request->fallback_from_input)
        return sgp_distance_m(w->request->coordinates[t->from[i]].point,
                              w->request->coordinates[t->to[k]].point);
    return sgp_distance_m(w->snaps[t->from[i]].road, w->snaps[t->to[k]].road);
}

/* What a huge factor, or hardly any speed, makes of a time is no number, and JSON has none. */
static json_t *number_or_null(double value) {
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *time_cell(const table *t, size_t i, size_t k) {
    const sgp_osrm_request *request = t->work->request;
    int64_t ms = t->ms[i * t->n_to + k];
    if (ms != SGP_UNREACHABLE)
        return number_or_null((double)ms / 1000 * request->scale_factor);
    if (request->fallback_speed > 0)
        return number_or_null(straight_m(t, i, k) / request->fallback_speed *
                              request->scale_factor);
    return json_null();
}

static json_t *length_cell(const table *t, size_t i, size_t k) {
    if (t->ms[i * t->n_to + k] != SGP_UNREACHABLE)
        return json_real((double)t->mm[i * t->n_to + k] / 1000);
    return t->work->request->fallback_speed > 0 ? json_real(straight_m(t, i, k)) : json_null();
}

static json_t *matrix(const table *t, json_t *(*cell)(const table *t, size_t i, size_t k)) {
    json_t *rows = json_array();
    for (size_t i = 0; i < t->n_from; i++) {
        json_t *row = json_array();
        for (size_t k = 0; k < t->n_to; k++)
            json_array_append_new(row, cell(t, i, k));
        json_array_append_new(rows, row);
    }
    return rows;
}

static json_t *fallback_cells(const table *t) {
    json_t *cells = json_array();
    for (size_t i = 0; i < t->n_from; i++)
        for (size_t k = 0; k < t->n_to; k++)
            if (t->ms[i * t->n_to + k] == SGP_UNREACHABLE)
                json_array_append_new(cells, json_pack("[I,I]", (json_int_t)i, (json_int_t)k));
    return cells;
}

static json_t *waypoints(const table *t, const uint32_t *at, size_t n) {
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(list, sgp_osrm_waypoint(t->work, at[i], &t->work->snaps[at[i]]));
    return list;
}

static json_t *tell(const table *t) {
    const sgp_osrm_request *request = t->work->request;
    json_t *answer = json_object();
    if (request->annotations == 0 || request->annotations & SGP_OSRM_DURATION)
        json_object_set_new(answer, "durations", matrix(t, time_cell));
    if (request->annotations & SGP_OSRM_DISTANCE)
        json_object_set_new(answer, "distances", matrix(t, length_cell));
    if (request->fallback_speed > 0)
        json_object_set_new(answer, "fallback_speed_cells", fallback_cells(t));
    if (!request->skip_waypoints) {
        json_object_set_new(answer, "sources", waypoints(t, t->from, t->n_from));
        json_object_set_new(answer, "destinations", waypoints(t, t->to, t->n_to));
    }
    return answer;
}

/* As OSRM does: the number of cells counts, not that of coordinates. */
static bool fits(const table *t) {
    uint64_t most = t->work->city->settings->max_table_size;
    if ((uint64_t)t->n_from * t->n_to <= most * most)
        return true;
    return sgp_osrm_fail(t->work->error, "TooBig",
                         "Too many table coordinates: %zu x %zu, at most %llu cells", t->n_from,
                         t->n_to, (unsigned long long)(most * most));
}

json_t *sgp_osrm_table(sgp_osrm_work *work) {
    const sgp_osrm_request *request = work->request;
    table t = {.work = work};
    t.from = list_of(&request->sources, request->n_coordinates, &t.n_from);
    t.to = list_of(&request->destinations, request->n_coordinates, &t.n_to);
    bool good = t.from && t.to && fits(&t);
    if (good) {
        t.ms = calloc(t.n_from * t.n_to, sizeof *t.ms);
        t.mm = request->annotations & SGP_OSRM_DISTANCE ? calloc(t.n_from * t.n_to, sizeof *t.mm)
                                                        : NULL;
        good = t.ms && (t.mm || !(request->annotations & SGP_OSRM_DISTANCE)) &&
               sgp_osrm_places_find(work) && fill_times(&t) && (!t.mm || fill_lengths(&t));
    }
    sgp_osrm_asked_all(work);
    json_t *answer = good ? tell(&t) : NULL;
    free(t.from);
    free(t.to);
    free(t.ms);
    free(t.mm);
    return answer;
}
