/* Deciding by coverage: the policy coverage_aware, and what COVERAGE_SET does. Private to
 * engine/core. */
#ifndef SGP_CORE_COVERAGE_AWARE_H
#define SGP_CORE_COVERAGE_AWARE_H

#include "core/mechanics.h"
#include "sigap/coverage_map.h"

/* The handler of COVERAGE_SET. The map is copied. */
sgp_err sgp_coverage_set(sgp_step *step) SGP_MUST_USE;

/* Adds to policy_ms of each candidate what its leaving costs the city, see coverage_map.h; 0 for a
 * unit that is not free, or counts nowhere, and for all while there is no map. Asks nothing. Cost:
 * the units once, and the zones once for each different station of the candidates. */
sgp_err sgp_coverage_weigh(const sgp_world *world, const sgp_incident_node *incident,
                           int64_t now_ms, const sgp_times *times, sgp_candidate *candidates,
                           uint32_t n) SGP_MUST_USE;

/* The station of the map where a free unit counts; SGP_MAP_STATIONS_MAX = nowhere. */
uint32_t sgp_coverage_station(const sgp_coverage_map *map, const sgp_unit *unit);

#endif
