/* How the stations cover the city, told to the core whenever the roads have become others, as the
 * live engine does. */
#include <stdlib.h>
#include <string.h>

#include "core/world.h"
#include "replay/whatif_parts.h"
#include "sigap/coverage_map.h"
#include "sigap/zones.h"

/* Where the plan tells no zones: by streets, not by the calls that are played, since nobody knows
 * those beforehand. */
static sgp_err find_zones(sgp_play *play) {
    const sgp_whatif *plan = play->plan;
    if (plan->n_zones) {
        play->zones = plan->zones;
        play->zone_weight = plan->zone_weight;
        play->n_zones = plan->n_zones;
        return SGP_OK;
    }
    sgp_zones zones = {0};
    sgp_err err =
        sgp_zones_make(sgp_graph_get(plan->graph), 0, SGP_MAP_ZONES_MAX, &zones, play->fault);
    if (err)
        return err;
    play->own_zones = calloc(zones.n_zones + 1, sizeof *play->own_zones);
    play->own_weight = calloc(zones.n_zones + 1, sizeof *play->own_weight);
    if (!play->own_zones || !play->own_weight)
        err = SGP_E_MEMORY;
    for (uint32_t z = 0; z < zones.n_zones && !err; z++) {
        play->own_zones[z] = zones.zones[z].point;
        play->own_weight[z] = zones.zones[z].weight;
    }
    play->zones = play->own_zones;
    play->zone_weight = play->own_weight;
    play->n_zones = err ? 0 : zones.n_zones;
    sgp_zones_free(&zones);
    return err;
}

static sgp_err make_map(sgp_play *play, sgp_coverage_map **made) {
    const sgp_whatif *plan = play->plan;
    sgp_point *stations = malloc((plan->n_units + 1) * sizeof *stations);
    sgp_coverage_map *map = sgp_coverage_map_create();
    size_t n = 0;
    for (size_t i = 0; stations && i < plan->n_units; i++)
        if (plan->units[i].kind == SGP_UNIT_AMBULANCE_BASIC ||
            plan->units[i].kind == SGP_UNIT_AMBULANCE_ADVANCED)
            stations[n++] = plan->units[i].station_point;
    sgp_map_making making = {.zones = play->zones,
                             .weight = play->zone_weight,
                             .n_zones = play->n_zones,
                             .stations = stations,
                             .n_stations = n,
                             .kind = SGP_UNIT_AMBULANCE_BASIC,
                             .priority = SGP_P1,
                             .turnout_ms = plan->clocks.turnout_ms[SGP_UNIT_AMBULANCE_BASIC],
                             .target_ms = plan->clocks.target_ms[SGP_P1]};
    sgp_err err = stations && map ? SGP_OK : SGP_E_MEMORY;
    if (!err && plan->coverage.given) {
        map->busy_permille = plan->coverage.busy_permille;
        map->ms_per_permille = plan->coverage.ms_per_permille;
        map->most_ms = plan->coverage.most_ms;
        making.target_ms = plan->coverage.target_ms ? plan->coverage.target_ms : making.target_ms;
    }
    if (!err)
        err = sgp_coverage_map_fill(map, &making, &play->roads, NULL, play->fault);
    free(stations);
    if (err)
        free(map);
    else
        *made = map;
    return err;
}

static sgp_err map_of(sgp_play *play, uint64_t version, const sgp_coverage_map **map) {
    for (size_t i = 0; i < play->n_maps; i++)
        if (play->maps[i].version == version) {
            *map = play->maps[i].map;
            return SGP_OK;
        }
    sgp_coverage_map *made;
    sgp_err err =
        sgp_room((void **)&play->maps, play->n_maps, &play->maps_capacity, sizeof *play->maps);
    if (!err)
        err = make_map(play, &made);
    if (err)
        return err;
    play->maps[play->n_maps++] = (sgp_played_map){.version = version, .map = made};
    *map = made;
    return SGP_OK;
}

sgp_err sgp_play_cover(sgp_play *play) {
    if (!play->covers)
        return SGP_OK;
    sgp_week_roads_at(play->plan->roads, play->now_ms);
    uint64_t version = sgp_week_roads_version(play->plan->roads, SGP_UNIT_AMBULANCE_BASIC, SGP_P1);
    if (version == 0)
        return SGP_E_MEMORY;
    if (version == play->map_now)
        return SGP_OK;
    const sgp_coverage_map *map;
    sgp_err err = play->zones ? SGP_OK : find_zones(play);
    if (!err)
        err = map_of(play, version, &map);
    if (err)
        return err;
    play->map_now = version;
    sgp_event *event = sgp_play_event(play, SGP_EVENT_COVERAGE_SET);
    event->u.coverage.map = map;
    return sgp_play_step(play, NULL);
}

void sgp_play_free_maps(sgp_play *play) {
    for (size_t i = 0; i < play->n_maps; i++) {
        free(play->maps[i].map);
        free(play->maps[i].weight);
        free(play->maps[i].ms);
    }
    free(play->maps);
    free(play->own_zones);
    free(play->own_weight);
}
