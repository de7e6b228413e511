/* How the stations of a what-if cover the city, for policies that ask. */
#include <stdlib.h>

#include "replay/whatif_parts.h"
#include "sigap/zones.h"

static bool some_policy_asks(const sgp_clocks *clocks) {
    for (int p = SGP_P1; p < SGP_PRIORITIES; p++)
        if (clocks->policy[p] == SGP_POLICY_COVERAGE_AWARE)
            return true;
    return false;
}

/* By streets, not by the calls that are played: nobody knows those beforehand. */
static sgp_err fill(const sgp_play *play, const sgp_zones *zones, sgp_coverage_map *map,
                    sgp_fault *fault) {
    const sgp_whatif *plan = play->plan;
    sgp_point *points = calloc(zones->n_zones, sizeof *points);
    int64_t *weight = calloc(zones->n_zones, sizeof *weight);
    sgp_point *stations = calloc(plan->n_units + 1, sizeof *stations);
    sgp_err err = points && weight && stations ? SGP_OK : SGP_E_MEMORY;
    for (uint32_t z = 0; z < zones->n_zones && !err; z++) {
        points[z] = zones->zones[z].point;
        weight[z] = zones->zones[z].weight;
    }
    for (size_t i = 0; i < plan->n_units && !err; i++)
        stations[i] = plan->units[i].station_point;
    sgp_map_making making = {.zones = points,
                             .weight = weight,
                             .n_zones = zones->n_zones,
                             .stations = stations,
                             .n_stations = plan->n_units,
                             .kind = SGP_UNIT_AMBULANCE_BASIC,
                             .priority = SGP_P1,
                             .turnout_ms = plan->clocks.turnout_ms[SGP_UNIT_AMBULANCE_BASIC],
                             .target_ms = plan->clocks.target_ms[SGP_P1]};
    if (!err)
        err = sgp_coverage_map_fill(map, &making, &play->roads, NULL, fault);
    free(points);
    free(weight);
    free(stations);
    return err;
}

sgp_err sgp_play_set_coverage(sgp_play *play) {
    if (!some_policy_asks(&play->plan->clocks))
        return SGP_OK;
    sgp_zones zones = {0};
    sgp_coverage_map *map = sgp_coverage_map_create();
    sgp_err err = map ? sgp_zones_make(sgp_graph_get(play->plan->graph), 0, SGP_MAP_ZONES_MAX,
                                       &zones, play->fault)
                      : SGP_E_MEMORY;
    sgp_week_roads_at(play->plan->roads, play->now_ms);
    if (!err)
        err = fill(play, &zones, map, play->fault);
    if (!err) {
        sgp_event *event = sgp_play_event(play, SGP_EVENT_COVERAGE_SET);
        event->u.coverage.map = map;
        err = sgp_play_step(play, NULL);
        event->u.coverage.map = NULL;
    }
    sgp_zones_free(&zones);
    free(map);
    return err;
}
