/* Who is free and where: the loop's part of a survey. */
#include <stdlib.h>
#include <string.h>

#include "serve/coverage_survey.h"
#include "sigap/plan.h"

void sgp_coverage_settings_default(sgp_coverage_settings *settings) {
    *settings = (sgp_coverage_settings){.busy_permille = 300,
                                        .ms_per_permille = 6000,
                                        .most_ms = 300000,
                                        .drive_max_ms = 1200000,
                                        .least_gain_ppm = 1000};
    sgp_advice_rules_default(&settings->advice);
    settings->look_ms = 30000;
}

bool sgp_is_ambulance(sgp_unit_kind kind) {
    return kind == SGP_UNIT_AMBULANCE_BASIC || kind == SGP_UNIT_AMBULANCE_ADVANCED;
}

void sgp_survey_ask_free(sgp_survey_ask *ask) {
    free(ask->units);
    free(ask->stations);
    free(ask->busy);
    *ask = (sgp_survey_ask){0};
}

static int by_point(const void *left, const void *right) {
    const sgp_point *a = &((const sgp_survey_station *)left)->point;
    const sgp_point *b = &((const sgp_survey_station *)right)->point;
    if (a->lon_e7 != b->lon_e7)
        return a->lon_e7 < b->lon_e7 ? -1 : 1;
    return (a->lat_e7 > b->lat_e7) - (a->lat_e7 < b->lat_e7);
}

static bool treats(const sgp_unit *unit) {
    return (SGP_KINDS_TREAT >> unit->kind & 1) != 0;
}

/* Stations of units that treat, on duty or not. */
static void gather_stations(const sgp_world *world, sgp_survey_ask *ask) {
    size_t n = 0;
    for (uint32_t i = 0; i < sgp_world_units(world); i++) {
        const sgp_unit *unit = sgp_world_unit(world, i);
        if (!treats(unit))
            continue;
        ask->stations[n].point = unit->station_point;
        memcpy(ask->stations[n++].name, unit->station, sizeof unit->station);
    }
    qsort(ask->stations, n, sizeof *ask->stations, by_point);
    for (size_t i = 0; i < n; i++)
        if (ask->n_stations == 0 ||
            by_point(&ask->stations[ask->n_stations - 1], &ask->stations[i]) != 0)
            ask->stations[ask->n_stations++] = ask->stations[i];
}

static uint32_t own_station(const sgp_survey_ask *ask, const sgp_unit *unit) {
    sgp_survey_station own = {.point = unit->station_point};
    const sgp_survey_station *found =
        bsearch(&own, ask->stations, ask->n_stations, sizeof own, by_point);
    return (uint32_t)(found - ask->stations);
}

/* Where it waits: at the station where it stands or is sent to, or at its own. */
static uint32_t station_of(const sgp_survey_ask *ask, const sgp_unit *unit) {
    bool sent = sgp_post_is_on(&unit->post);
    sgp_point here = sent ? unit->post.point : unit->position;
    if (sent || (!unit->at_station && unit->has_position))
        for (size_t i = 0; i < ask->n_stations; i++)
            if (sgp_distance_m(ask->stations[i].point, here) <= SGP_MAP_AT_STATION_M)
                return (uint32_t)i;
    return own_station(ask, unit);
}

sgp_err sgp_survey_ask_make(const sgp_world *world, const sgp_live_roads *roads,
                            const sgp_coverage_settings *settings, size_t moves_max,
                            sgp_survey_ask *ask) {
    const sgp_clocks *clocks = sgp_world_clocks(world);
    uint32_t n = sgp_world_units(world);
    *ask = (sgp_survey_ask){.settings = *settings,
                            .moves_max = moves_max == 0                     ? SGP_SURVEY_MOVES_USUAL
                                         : moves_max > SGP_SURVEY_MOVES_MAX ? SGP_SURVEY_MOVES_MAX
                                                                            : moves_max,
                            .turnout_ms = clocks->turnout_ms[SGP_UNIT_AMBULANCE_BASIC]};
    ask->units = calloc((size_t)n + 1, sizeof *ask->units);
    ask->stations = calloc((size_t)n + 1, sizeof *ask->stations);
    ask->busy = calloc((size_t)n + 1, sizeof *ask->busy);
    ask->now_ms = sgp_world_now_ms(world);
    if (ask->units == NULL || ask->stations == NULL || ask->busy == NULL) {
        sgp_survey_ask_free(ask);
        return SGP_E_MEMORY;
    }
    if (ask->settings.target_ms == 0)
        ask->settings.target_ms = clocks->target_ms[SGP_P1];
    for (int kind = 1; kind < SGP_UNIT_KINDS; kind++) {
        ask->drive_p1[kind] = sgp_live_roads_drive(roads, (sgp_unit_kind)kind, SGP_P1);
        ask->drive_p4[kind] = sgp_live_roads_drive(roads, (sgp_unit_kind)kind, SGP_P4);
    }
    gather_stations(world, ask);
    for (uint32_t i = 0; i < n; i++) {
        const sgp_unit *unit = sgp_world_unit(world, i);
        if (sgp_is_ambulance(unit->kind) && unit->on_duty && unit->assignment != 0)
            ask->busy[ask->n_busy++] = own_station(ask, unit);
        if (!treats(unit) || !unit->on_duty || unit->assignment != 0 || !unit->has_position)
            continue;
        if (!unit->at_station &&
            sgp_world_now_ms(world) - unit->position_at_ms > clocks->position_max_age_ms) {
            ask->n_stale++;
            continue;
        }
        sgp_survey_unit *free_one = &ask->units[ask->n_units++];
        free_one->index = i;
        memcpy(free_one->code, unit->code, sizeof unit->code);
        free_one->kind = unit->kind;
        free_one->point = unit->at_station ? sgp_unit_base(unit) : unit->position;
        free_one->station = station_of(ask, unit);
        free_one->waiting_turnout_ms = clocks->turnout_ms[unit->kind];
        free_one->turnout_ms = unit->at_station ? free_one->waiting_turnout_ms : 0;
    }
    return SGP_OK;
}
