#include "apps/demo_made.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gis/facilities.h"
#include "sigap/graph.h"

enum { SAMPLE_PLACES = 40 }; /* of each kind */

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

static int by_distance(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double to_nearest_station_m(const sgp_demo_city *c, sgp_point point) {
    double nearest_m = INFINITY;
    for (size_t i = 0; i < c->board->units.n; i++) {
        const Sigap__V1__Unit *unit = (const Sigap__V1__Unit *)c->board->units.items[i].message;
        sgp_point station;
        if (unit->station_point == NULL ||
            sgp_point_from_degrees(unit->station_point->lon, unit->station_point->lat, &station) !=
                SGP_OK)
            continue;
        double metres = sgp_distance_m(point, station);
        if (metres < nearest_m)
            nearest_m = metres;
    }
    return nearest_m;
}

/* An extract reaches further than its services: keeps the places that lie within
 * NEAR_M of a station, in their order, or the nearest LEAST where those are fewer. */
static size_t keep_near(const sgp_demo_city *c, sgp_place *places, size_t n) {
    enum { NEAR_M = 4000, LEAST = 12 };
    double distances[3 * SAMPLE_PLACES], sorted[3 * SAMPLE_PLACES];
    for (size_t i = 0; i < n; i++)
        distances[i] = sorted[i] = to_nearest_station_m(c, places[i].point);
    qsort(sorted, n, sizeof sorted[0], by_distance);
    double bound_m = n > LEAST ? sorted[LEAST - 1] : INFINITY;
    if (bound_m < NEAR_M)
        bound_m = NEAR_M;
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (distances[i] <= bound_m)
            places[kept++] = places[i];
    return kept;
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
    enum { KINDS = 3 };
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
        n_places = keep_near(c, places, n_places);
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
