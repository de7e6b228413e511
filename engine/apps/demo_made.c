#include "apps/demo_made.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gis/facilities.h"
#include "sigap/graph.h"

enum {
    KINDS = 3,
    SAMPLE_PLACES = 33, /* of each kind */
    TABLE_MOST = 100,   /* the engine's bounds for one table: sources, and targets, */
    TABLE_PAIRS = 2500, /* and pairs of them */
    TABLE_PATIENCE_MS = 60000
};
static_assert(KINDS * SAMPLE_PLACES <= TABLE_MOST, "the times of all places have room");

/* An ambulance of our crews, drawn by the seed, whose station is known. */
static const Sigap__V1__Unit *choose_decliner(const sgp_demo_city *c) {
    const Sigap__V1__Unit *chosen = NULL;
    for (size_t i = 0; i < c->crews->n; i++) {
        const Sigap__V1__Unit *unit =
            sgp_board_unit_by_code(c->board, c->crews->crews[(i + c->seed) % c->crews->n].unit);
        if (unit != NULL && unit->station_point != NULL && chosen == NULL &&
            (unit->kind == SIGAP__V1__UNIT_KIND__AMBULANCE_BASIC ||
             unit->kind == SIGAP__V1__UNIT_KIND__AMBULANCE_ADVANCED))
            chosen = unit;
    }
    if (chosen == NULL)
        return NULL;
    /* Of two at one station the engine recommends the lower number. */
    for (size_t i = 0; i < c->board->units.n; i++) {
        const Sigap__V1__Unit *unit = (const Sigap__V1__Unit *)c->board->units.items[i].message;
        if (unit->number < chosen->number && strcmp(unit->station, chosen->station) == 0)
            chosen = unit;
    }
    return chosen;
}

static int by_time(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Distinct points of the units' stations; borrowed from the board. */
static size_t stations_of(const sgp_board *board, Sigap__V1__Point **stations, size_t capacity) {
    size_t n = 0;
    for (size_t i = 0; i < board->units.n && n < capacity; i++) {
        Sigap__V1__Point *point = ((Sigap__V1__Unit *)board->units.items[i].message)->station_point;
        bool known = point == NULL;
        for (size_t k = 0; k < n && !known; k++)
            known = stations[k]->lon == point->lon && stations[k]->lat == point->lat;
        if (!known)
            stations[n++] = point;
    }
    return n;
}

/* One table: the quickest way from any station to each of these places. */
static sgp_err ask_table(sgp_client *client, Sigap__V1__Point **stations, size_t n_stations,
                         const sgp_place *places, size_t n, int64_t *time_ms, sgp_fault *fault) {
    Sigap__V1__Point points[TABLE_MOST], *targets[TABLE_MOST];
    for (size_t i = 0; i < n; i++) {
        sigap__v1__point__init(&points[i]);
        points[i].lon = sgp_lon(places[i].point);
        points[i].lat = sgp_lat(places[i].point);
        targets[i] = &points[i];
        time_ms[i] = -1;
    }
    Sigap__V1__TableQuery query = SIGAP__V1__TABLE_QUERY__INIT;
    query.sources = stations;
    query.n_sources = n_stations;
    query.targets = targets;
    query.n_targets = n;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT, *reply = NULL;
    request.body_case = SIGAP__V1__FRAME__BODY_TABLE_QUERY;
    request.table_query = &query;
    sgp_err err = sgp_client_request(client, &request, TABLE_PATIENCE_MS, &reply, fault);
    if (err != SGP_OK)
        return err;
    const Sigap__V1__Table *table =
        reply->body_case == SIGAP__V1__FRAME__BODY_TABLE ? reply->table : NULL;
    for (size_t i = 0; table != NULL && i < table->n_duration_ms; i++) {
        int64_t ms = table->duration_ms[i], *best = &time_ms[i % n];
        if (ms >= 0 && (*best < 0 || ms < *best))
            *best = ms;
    }
    sigap__v1__frame__free_unpacked(reply, NULL);
    return SGP_OK;
}

/* The quickest way from any station to each place, as the engine tells; -1: none. */
static sgp_err ask_times(const sgp_demo_city *c, const sgp_place *places, size_t n,
                         int64_t *time_ms, sgp_fault *fault) {
    Sigap__V1__Point *stations[TABLE_MOST];
    size_t n_stations = stations_of(c->board, stations, TABLE_MOST);
    size_t at_once = n_stations > 0 ? TABLE_PAIRS / n_stations : n;
    sgp_client *client = NULL;
    sgp_err err = sgp_options_connect(c->connection, c->connection->token, &client, NULL, fault);
    for (size_t done = 0; err == SGP_OK && done < n; done += at_once) {
        size_t now = n - done < at_once ? n - done : at_once;
        err = ask_table(client, stations, n_stations, places + done, now, time_ms + done, fault);
    }
    sgp_client_close(client);
    return err;
}

/* An extract reaches further than its services: keeps the places within NEAR_MS of
 * a station, in their order, or the nearest LEAST where those are fewer. */
static sgp_err keep_near(const sgp_demo_city *c, sgp_place *places, size_t *n, sgp_fault *fault) {
    enum { NEAR_MS = 8 * 60000, LEAST = 12 };
    int64_t times[TABLE_MOST], sorted[TABLE_MOST];
    sgp_err err = ask_times(c, places, *n, times, fault);
    if (err != SGP_OK)
        return err;
    size_t reachable = 0, kept = 0;
    for (size_t i = 0; i < *n; i++)
        if (times[i] >= 0)
            sorted[reachable++] = times[i];
    qsort(sorted, reachable, sizeof sorted[0], by_time);
    int64_t bound_ms = reachable > LEAST ? sorted[LEAST - 1] : INT64_MAX;
    if (bound_ms < NEAR_MS)
        bound_ms = NEAR_MS;
    for (size_t i = 0; i < *n; i++)
        if (times[i] >= 0 && times[i] <= bound_ms)
            places[kept++] = places[i];
    *n = kept;
    return SGP_OK;
}

/* Names that callers may say, of several kinds in turn. */
sgp_err sgp_demo_generate(const sgp_demo_city *c, sgp_scenario *scenario, sgp_fault *fault) {
    sgp_graph *graph;
    sgp_err err = sgp_graph_open(c->graph_path, &graph, fault);
    if (err != SGP_OK)
        return err;
    sgp_city_id city = sgp_graph_get(graph)->city;
    char name[80];
    snprintf(name, sizeof name, "%s", sgp_graph_get(graph)->name);
    sgp_graph_close(graph);
    sgp_place(*found)[SAMPLE_PLACES] = calloc(KINDS, sizeof *found);
    sgp_place *places = calloc(KINDS * SAMPLE_PLACES, sizeof *places);
    size_t n[KINDS] = {0}, n_places = 0;
    if (found == NULL || places == NULL)
        err = sgp_fail(fault, SGP_E_MEMORY, "no memory for a scenario");
    if (err == SGP_OK)
        err = sgp_addresses_sample(c->conninfo, &city, c->seed, found[0], SAMPLE_PLACES, &n[0],
                                   fault);
    if (err == SGP_OK)
        err = sgp_facilities_read(c->conninfo, &city, "any", c->seed, found[1], SAMPLE_PLACES,
                                  &n[1], fault);
    if (err == SGP_OK)
        err =
            sgp_streets_sample(c->conninfo, &city, c->seed, found[2], SAMPLE_PLACES, &n[2], fault);
    for (size_t i = 0; err == SGP_OK && i < SAMPLE_PLACES; i++)
        for (size_t kind = 0; kind < KINDS; kind++)
            if (i < n[kind])
                places[n_places++] = found[kind][i];
    if (err == SGP_OK)
        err = keep_near(c, places, &n_places, fault);
    const Sigap__V1__Unit *decliner = choose_decliner(c);
    sgp_point station;
    bool has_station = decliner != NULL &&
                       sgp_point_from_degrees(decliner->station_point->lon,
                                              decliner->station_point->lat, &station) == SGP_OK;
    if (err == SGP_OK)
        err = sgp_scenario_generate(places, n_places, has_station ? decliner->code : NULL,
                                    has_station ? &station : NULL, name, c->seed, c->language,
                                    scenario, fault);
    free(found);
    free(places);
    return err;
}
