#include "core/coverage_aware.h"

#include <stdlib.h>
#include <string.h>

#include "core/needs.h"
#include "core/place.h"
#include "sigap/plan.h"

sgp_err sgp_coverage_set(sgp_step *step) {
    sgp_world *world = step->world;
    if (!world->coverage && !(world->coverage = sgp_coverage_map_create()))
        return SGP_E_MEMORY;
    *world->coverage = *step->event->u.coverage.map;
    return SGP_OK;
}

const sgp_coverage_map *sgp_world_coverage_map(const sgp_world *world) {
    return world->coverage;
}

/* ---- where units count ------------------------------------------------------- */

static uint32_t station_at(const sgp_coverage_map *map, sgp_point point) {
    uint32_t low = 0, high = map->n_stations;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        sgp_point here = map->stations[middle].point;
        if (here.lon_e7 < point.lon_e7 ||
            (here.lon_e7 == point.lon_e7 && here.lat_e7 < point.lat_e7))
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < map->n_stations && sgp_point_equal(map->stations[low].point, point);
    return found ? low : SGP_MAP_STATIONS_MAX;
}

/* Too far north or south of each other to be near? Spares most of the reckoning. */
static bool is_on_parallel(sgp_point a, sgp_point b) {
    enum { FAR_E7 = 2 * 90 * SGP_MAP_AT_STATION_M }; /* a metre is 90 of 1e-7 degree */
    int64_t north_e7 = (int64_t)a.lat_e7 - b.lat_e7;
    return north_e7 >= -FAR_E7 && north_e7 <= FAR_E7;
}

uint32_t sgp_coverage_station(const sgp_coverage_map *map, const sgp_unit *unit) {
    /* Moved up to another station, on its way there, or just back at its own. */
    bool sent = sgp_post_is_on(&unit->post);
    sgp_point here = sent ? unit->post.point : unit->position;
    if (sent || (!unit->at_station && unit->has_position))
        for (uint32_t s = 0; s < map->n_stations; s++)
            if (is_on_parallel(map->stations[s].point, here) &&
                sgp_points_within(map->stations[s].point, here, SGP_MAP_AT_STATION_M))
                return s;
    return station_at(map, unit->station_point);
}

static bool counts(const sgp_unit *unit) {
    return unit->on_duty && !unit->assignment && (SGP_KINDS_TREAT >> unit->kind & 1);
}

/* ---- what a station's unit is worth ------------------------------------------- */

/* How many units reach each zone, as bits of a number standing on top of each other: adding a
 * station is a ripple of carries, 64 zones at a time. */
enum { PLANES = 8, WORDS = SGP_MAP_ZONES_MAX / 64 };
_Static_assert(1 << PLANES >= SGP_COVERAGE_DEPTH, "deep enough for what a unit can be worth");

typedef struct reach_count {
    uint64_t bit[PLANES][WORDS];
} reach_count;

/* So many units of one station. At 255 it stays: more change nothing any more. */
static void add_reach(reach_count *count, const uint64_t *reach, uint32_t units, uint32_t words) {
    for (int first = 0; first < PLANES; first++) {
        if (!(units >> first & 1))
            continue;
        for (uint32_t w = 0; w < words; w++) {
            uint64_t carry = reach[w];
            for (int p = first; p < PLANES && carry; p++) {
                uint64_t next = count->bit[p][w] & carry;
                count->bit[p][w] ^= carry;
                carry = next;
            }
            for (int p = 0; p < PLANES && carry; p++)
                count->bit[p][w] |= carry;
        }
    }
}

static uint32_t units_of(const reach_count *count, uint32_t zone) {
    uint32_t units = 0;
    for (int p = 0; p < PLANES; p++)
        units |= (uint32_t)(count->bit[p][zone / 64] >> zone % 64 & 1) << p;
    return units;
}

/* Scratch of one decision. */
typedef struct weighing {
    reach_count count;
    int64_t last[SGP_MAP_ZONES_MAX]; /* what the last unit of a zone adds */
    int64_t total;
    uint32_t units[SGP_MAP_STATIONS_MAX];  /* that count there */
    int64_t cost_ms[SGP_MAP_STATIONS_MAX]; /* -1 = not yet known */
    uint16_t station[SGP_UNITS_MAX];       /* by unit; SGP_MAP_STATIONS_MAX = it counts nowhere */
} weighing;

/* Where each free unit counts, and how many reach each zone. */
static void count_units(const sgp_world *world, const sgp_coverage_map *map, weighing *w) {
    uint32_t words = (map->n_zones + 63) / 64;
    for (uint32_t i = 0; i < world->n_units; i++) {
        const sgp_unit *unit = &world->units[i].view;
        uint32_t station = counts(unit) ? sgp_coverage_station(map, unit) : SGP_MAP_STATIONS_MAX;
        w->station[i] = (uint16_t)station;
        if (station < SGP_MAP_STATIONS_MAX)
            w->units[station] += w->units[station] < (1 << PLANES) - 1;
    }
    for (uint32_t s = 0; s < map->n_stations; s++)
        add_reach(&w->count, map->stations[s].reach, w->units[s], words);
}

/* weight x (1 - q) q^(k - 1) for each zone with k units in reach. */
static void value_zones(const sgp_coverage_map *map, weighing *w) {
    int64_t step[SGP_COVERAGE_DEPTH], busy = SGP_COVERAGE_ONE;
    step[0] = 0;
    for (int k = 1; k < SGP_COVERAGE_DEPTH; k++) {
        int64_t next = busy * map->busy_permille / 1000;
        step[k] = busy - next;
        busy = next;
    }
    w->total = 0;
    for (uint32_t z = 0; z < map->n_zones; z++) {
        w->last[z] = map->weight[z] * step[units_of(&w->count, z)];
        w->total += map->weight[z];
    }
}

/* What one unit less at the station costs: in coverage, and in waiting. */
static int64_t loss_of_station(const sgp_coverage_map *map, const weighing *w, uint32_t station) {
    int64_t loss = 0;
    for (uint32_t word = 0; word < (map->n_zones + 63) / 64; word++)
        for (uint64_t left = map->stations[station].reach[word]; left; left &= left - 1)
            loss += w->last[word * 64 + (uint32_t)__builtin_ctzll(left)];
    return loss;
}

static int64_t cost_of_station(const sgp_coverage_map *map, const weighing *w, uint32_t station) {
    int64_t loss = loss_of_station(map, w, station);
    int64_t cost_ms = loss / w->total * 1000 * map->ms_per_permille / SGP_COVERAGE_ONE;
    return cost_ms < map->most_ms ? cost_ms : map->most_ms;
}

sgp_err sgp_coverage_weigh(const sgp_world *world, const sgp_incident_node *incident,
                           int64_t now_ms, const sgp_times *times, sgp_candidate *candidates,
                           uint32_t n) {
    (void)incident;
    (void)now_ms;
    (void)times;
    const sgp_coverage_map *map = world->coverage;
    if (!map)
        return SGP_OK;
    weighing *w = calloc(1, sizeof *w);
    if (!w)
        return SGP_E_MEMORY;
    count_units(world, map, w);
    value_zones(map, w);
    for (uint32_t s = 0; s < map->n_stations; s++)
        w->cost_ms[s] = -1;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t station = w->station[candidates[i].unit];
        if (station == SGP_MAP_STATIONS_MAX)
            continue;
        if (w->cost_ms[station] < 0)
            w->cost_ms[station] = cost_of_station(map, w, station);
        candidates[i].policy_ms += w->cost_ms[station];
    }
    free(w);
    return SGP_OK;
}

sgp_err sgp_coverage_left(const sgp_world *world, const sgp_coverage_map *map,
                          int32_t *expected_ppm, int32_t *loss_ppm) {
    weighing *w = calloc(1, sizeof *w);
    if (!w)
        return SGP_E_MEMORY;
    count_units(world, map, w);
    value_zones(map, w);
    int64_t covered = 0, busy = SGP_COVERAGE_ONE, sum[SGP_COVERAGE_DEPTH] = {0};
    for (int k = 1; k < SGP_COVERAGE_DEPTH; k++) {
        busy = busy * map->busy_permille / 1000;
        sum[k] = SGP_COVERAGE_ONE - busy;
    }
    for (uint32_t z = 0; z < map->n_zones; z++)
        covered += map->weight[z] * sum[units_of(&w->count, z)];
    *expected_ppm = w->total > 0 ? (int32_t)(covered / w->total * 1000000 / SGP_COVERAGE_ONE) : 0;
    for (uint32_t i = 0; i < world->n_units; i++) {
        uint32_t station = w->station[i];
        loss_ppm[i] = -1;
        if (station < SGP_MAP_STATIONS_MAX && w->total > 0)
            loss_ppm[i] =
                (int32_t)(loss_of_station(map, w, station) / w->total * 1000000 / SGP_COVERAGE_ONE);
    }
    free(w);
    return SGP_OK;
}
