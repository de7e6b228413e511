/* How well the free units covered the city while a run went on: minutes to each kelurahan.
 *
 *     every hour, on the half hour:  which ambulances are free, at which stations
 *     zones (zones.h), by weight:    road time from the nearest station with a free one, at that
 *                                    hour's roads, turnout included
 *     ──> of each kelurahan, each hour of the day and all: mean time, share within the target,
 *         share of the time in which nobody at all was free
 *
 * Free units count at their station, where they are or go back to (as coverage_map.h counts them);
 * a unit is free when no order holds it and it is not out of its shift. What is seen is a played
 * run, not a journal, whose shifts are not known hour by hour.
 *
 * Cost: zones x stations for each sample, and one question to the roads for each zone and version
 * of the roads. Not thread-safe.
 */
#ifndef SGP_REPLAY_COVERAGE_HISTORY_H
#define SGP_REPLAY_COVERAGE_HISTORY_H

#include "replay/outcome.h"
#include "replay/week_roads.h"
#include "sigap/zones.h"

/* Times from stations to zones, for each version of the roads; kept from run to run. */
typedef struct sgp_cover_tables sgp_cover_tables;

/* `roads` and `zones` must outlive it. NULL: no memory. */
sgp_cover_tables *sgp_cover_tables_create(sgp_week_roads *roads, const sgp_zones *zones,
                                          int64_t turnout_ms);
void sgp_cover_tables_destroy(sgp_cover_tables *tables);

/* Fills run->coverage. All runs of the same tables have the same stations. The target is that of a
 * P1 (run->target_ms). SGP_E_MEMORY, and errors of the roads. */
sgp_err sgp_run_cover(sgp_run *run, sgp_cover_tables *tables, sgp_fault *fault) SGP_MUST_USE;

#endif
