#include "sigap/coverage_map.h"

#include <stdlib.h>
#include <string.h>

#include "core/coverage_aware.h"
#include "core/place.h"

sgp_coverage_map *sgp_coverage_map_create(void) {
    sgp_coverage_map *map = calloc(1, sizeof *map);
    if (map) {
        map->busy_permille = 300;
        map->ms_per_permille = 6000;
        map->most_ms = 300000;
    }
    return map;
}

/* ---- checks ------------------------------------------------------------------ */

static int by_point(sgp_point a, sgp_point b) {
    if (a.lon_e7 != b.lon_e7)
        return a.lon_e7 < b.lon_e7 ? -1 : 1;
    return (a.lat_e7 > b.lat_e7) - (a.lat_e7 < b.lat_e7);
}

static sgp_err check_stations(const sgp_coverage_map *map, sgp_fault *fault) {
    for (uint32_t s = 0; s < map->n_stations; s++) {
        const sgp_map_station *station = &map->stations[s];
        if (!sgp_point_is_valid(station->point))
            return sgp_fail(fault, SGP_E_RANGE, "station %u of the coverage map is not on earth",
                            s);
        if (s > 0 && by_point(map->stations[s - 1].point, station->point) >= 0)
            return sgp_fail(fault, SGP_E_RANGE,
                            "the stations of the coverage map are out of order at %u", s);
        for (uint32_t z = map->n_zones; z < SGP_MAP_ZONES_MAX; z++)
            if (station->reach[z / 64] >> z % 64 & 1)
                return sgp_fail(fault, SGP_E_RANGE, "station %u reaches a zone that is not there",
                                s);
    }
    return SGP_OK;
}

sgp_err sgp_coverage_map_check(const sgp_coverage_map *map, sgp_fault *fault) {
    if (map->n_zones < 1 || map->n_zones > SGP_MAP_ZONES_MAX ||
        map->n_stations > SGP_MAP_STATIONS_MAX)
        return sgp_fail(fault, SGP_E_RANGE,
                        "a coverage map has 1 to %d zones and at most %d stations, not %u and %u",
                        SGP_MAP_ZONES_MAX, SGP_MAP_STATIONS_MAX, map->n_zones, map->n_stations);
    if (map->busy_permille < 0 || map->busy_permille > SGP_COVERAGE_BUSY_MAX ||
        map->ms_per_permille < 0 || map->ms_per_permille > SGP_MAP_MS_PER_PERMILLE_MAX ||
        map->most_ms < 0 || map->most_ms > SGP_MAP_MOST_MS_MAX)
        return sgp_fail(fault, SGP_E_RANGE, "a figure of the coverage map is out of its range");
    int64_t total = 0;
    for (uint32_t z = 0; z < map->n_zones; z++)
        total += map->weight[z];
    if (total < 1 || total > SGP_COVERAGE_WEIGHT_MAX)
        return sgp_fail(fault, SGP_E_RANGE,
                        "the zones of the coverage map weigh nothing, or too much");
    return check_stations(map, fault);
}

/* ---- filling ----------------------------------------------------------------- */

static int by_station(const void *left, const void *right) {
    return by_point(*(const sgp_point *)left, *(const sgp_point *)right);
}

/* Points ascending, each once; NULL: no memory. */
static sgp_point *sorted_stations(const sgp_map_making *making, size_t *n) {
    sgp_point *sorted = calloc(making->n_stations + 1, sizeof *sorted);
    if (!sorted)
        return NULL;
    memcpy(sorted, making->stations, making->n_stations * sizeof *sorted);
    qsort(sorted, making->n_stations, sizeof *sorted, by_station);
    *n = 0;
    for (size_t i = 0; i < making->n_stations; i++)
        if (*n == 0 || by_point(sorted[*n - 1], sorted[i]) != 0)
            sorted[(*n)++] = sorted[i];
    return sorted;
}

static sgp_err put_weights(sgp_coverage_map *map, const sgp_map_making *making, sgp_fault *fault) {
    uint64_t total = 0;
    for (size_t z = 0; z < making->n_zones; z++) {
        if (making->weight[z] < 0 || making->weight[z] > INT64_MAX / SGP_MAP_ZONES_MAX)
            return sgp_fail(fault, SGP_E_RANGE, "the weight of zone %zu is out of its range", z);
        total += (uint64_t)making->weight[z];
    }
    int shift = 0;
    while (total >> shift > UINT32_MAX)
        shift++;
    memset(map->weight, 0, sizeof map->weight);
    for (size_t z = 0; z < making->n_zones; z++)
        map->weight[z] = (uint32_t)((uint64_t)making->weight[z] >> shift);
    return SGP_OK;
}

/* Which stations reach one zone. from[n_stations] are they; ms[n_stations] is scratch. */
static sgp_err reach_zone(sgp_coverage_map *map, const sgp_map_making *making,
                          const sgp_times *times, size_t zone, const sgp_start *from, int64_t *ms) {
    sgp_err err = times->many_to_one(times->ctx, from, map->n_stations, making->zones[zone], ms);
    for (uint32_t s = 0; s < map->n_stations && !err; s++)
        if (ms[s] >= 0 && ms[s] + making->turnout_ms <= making->target_ms)
            map->stations[s].reach[zone / 64] |= UINT64_C(1) << zone % 64;
    return err;
}

sgp_err sgp_coverage_map_fill(sgp_coverage_map *map, const sgp_map_making *making,
                              const sgp_times *times, size_t *left_out, sgp_fault *fault) {
    if (making->n_zones < 1 || making->n_zones > SGP_MAP_ZONES_MAX)
        return sgp_fail(fault, SGP_E_TOO_LARGE, "a coverage map has 1 to %d zones, not %zu",
                        SGP_MAP_ZONES_MAX, making->n_zones);
    sgp_err err = put_weights(map, making, fault);
    if (err)
        return err;
    size_t n = 0;
    sgp_point *stations = sorted_stations(making, &n);
    sgp_start *from = calloc(n + 1, sizeof *from);
    int64_t *ms = calloc(n + 1, sizeof *ms);
    if (!stations || !from || !ms)
        err = sgp_fail(fault, SGP_E_MEMORY, "no memory for the coverage map");
    size_t kept = n < SGP_MAP_STATIONS_MAX ? n : SGP_MAP_STATIONS_MAX;
    map->n_zones = (uint32_t)making->n_zones;
    map->n_stations = (uint32_t)kept;
    memset(map->stations, 0, sizeof map->stations);
    for (size_t s = 0; s < kept && !err; s++) {
        map->stations[s].point = stations[s];
        from[s] =
            (sgp_start){.point = stations[s], .kind = making->kind, .priority = making->priority};
    }
    for (size_t z = 0; z < making->n_zones && kept > 0 && !err; z++) {
        err = reach_zone(map, making, times, z, from, ms);
        if (err)
            (void)sgp_fail(fault, err, "the times to a zone cannot be asked: %s",
                           sgp_err_message(err));
    }
    if (left_out)
        *left_out = n - kept;
    free(stations);
    free(from);
    free(ms);
    return err ? err : sgp_coverage_map_check(map, fault);
}
