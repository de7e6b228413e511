/* Coverage as the dispatch core knows it: which zones each station reaches in time, what the zones
 * weigh, and what a share of the city's coverage is worth in waiting.
 *
 *     zones (zones.h) + road times --sgp_coverage_map_fill--> map --COVERAGE_SET--> the core
 *
 * The shell makes a map whenever the roads have changed and brings it into the core as one event,
 * so a decision by coverage asks no road times of its own, and a replay decides by the map that
 * stood at the time. With it the policy coverage_aware reckons, for each unit that might go, how
 * much expected coverage (coverage.h) its leaving takes away: units that are free count at their
 * station, where they are or go back to; a free unit that stands at another station of the map
 * counts there.
 *
 *     added to a unit's cost = least of most_ms and lost permille x ms_per_permille
 *
 * That an ambulance which is not the nearest may be the better one to send, where that leaves a
 * better covered city: Jagtenberg, Bhulai & van der Mei, "Dynamic ambulance dispatching: is the
 * closest-idle policy always optimal?", Health Care Management Science 20, 2017. Theirs takes the
 * unit with the least marginal coverage of those that are in time; ours weighs it against the
 * minutes, within a bound, so that nobody waits without end for the city's sake.
 *
 * A map is one block without pointers: copying it is one assignment. Unused bytes are zero.
 * Thread-safe as long as nobody writes.
 */
#ifndef SIGAP_COVERAGE_MAP_H
#define SIGAP_COVERAGE_MAP_H

#include "sigap/core.h"
#include "sigap/coverage.h"

enum {
    SGP_MAP_ZONES_MAX = 1024,
    SGP_MAP_STATIONS_MAX = 256,
    SGP_MAP_AT_STATION_M = 150, /* a unit nearer than this stands at the station */
    SGP_MAP_MS_PER_PERMILLE_MAX = 600000,
    SGP_MAP_MOST_MS_MAX = 3600000
};

typedef struct sgp_map_station {
    sgp_point point;
    uint64_t reach[SGP_MAP_ZONES_MAX / 64]; /* bit z: zone z is reached in time */
} sgp_map_station;

typedef struct sgp_coverage_map {
    uint32_t n_zones, n_stations;
    int32_t busy_permille;   /* q of coverage.h */
    int32_t ms_per_permille; /* so much longer may the way be for a permille of coverage kept */
    int32_t most_ms;         /* and never more than this */
    uint32_t weight[SGP_MAP_ZONES_MAX];
    sgp_map_station stations[SGP_MAP_STATIONS_MAX]; /* each point once, ascending by (lon, lat) */
} sgp_coverage_map;

/* Zeroed, with the usual figures: 300 permille busy, 6 s for a permille, at most 5 minutes. Free
 * with free(); NULL: no memory. */
sgp_coverage_map *sgp_coverage_map_create(void);

/* Does it hold together? SGP_E_RANGE with a sentence. */
sgp_err sgp_coverage_map_check(const sgp_coverage_map *map, sgp_fault *fault) SGP_MUST_USE;

/* What a map is made of. */
typedef struct sgp_map_making {
    const sgp_point *zones; /* [n_zones] at most SGP_MAP_ZONES_MAX */
    const int64_t *weight;  /* [n_zones] >= 0; scaled down where the sum is too large */
    size_t n_zones;
    const sgp_point *stations; /* [n_stations] in any order, repeated ones count once */
    size_t n_stations;
    sgp_unit_kind kind; /* whose ways count, driving for this priority */
    sgp_priority priority;
    int64_t turnout_ms;
    int64_t target_ms; /* reached in time: turnout and way together */
} sgp_map_making;

/* Zones, weights and stations of the map, by one question to `times` for each zone, all as unit 0;
 * the figures stay. Stations beyond SGP_MAP_STATIONS_MAX are left out (*left_out; NULL = not
 * wanted). Errors of `times`; SGP_E_TOO_LARGE, SGP_E_RANGE; the map is then undefined. */
sgp_err sgp_coverage_map_fill(sgp_coverage_map *map, const sgp_map_making *making,
                              const sgp_times *times, size_t *left_out,
                              sgp_fault *fault) SGP_MUST_USE;

/* The map in force, NULL: none. Borrowed until the next step. */
const sgp_coverage_map *sgp_world_coverage_map(const sgp_world *world);

/* For people who choose: the city's expected coverage by this map, and what of it goes with each
 * unit (loss_ppm[sgp_world_units]; -1 = it is not free, or counts nowhere). SGP_E_MEMORY. */
sgp_err sgp_coverage_left(const sgp_world *world, const sgp_coverage_map *map,
                          int32_t *expected_ppm, int32_t *loss_ppm) SGP_MUST_USE;

#endif
