/* From turn restriction relations to bans (see osm_expand.h).
 *
 * With a via node, no_* bans the turn from each `from` to each `to`; only_* bans
 * every other way of leaving the node, turning back included. With via ways,
 * no_* bans the whole drive from, via, to; only_* binds those who came from `from`
 * and have entered the via ways: they may leave them, at their end or before, by
 * nothing but `to`. (Whoever has not entered them may take another way.)
 *
 * A restriction is left out, and counted by reason, where a member is not driven
 * in the direction meant, does not touch the next one, or passes through the via
 * node without being split there, so that two readings are possible. Only
 * no_u_turn from a way to itself is clear then: it bans turning back on both sides.
 *
 * Internal to the import. Not thread-safe.
 */
#ifndef SGP_ROUTE_OSM_TURNS_H
#define SGP_ROUTE_OSM_TURNS_H

#include "route/osm_expand.h"

/* Before folding: sets SGP_OSM_NODE_FORCED where restrictions need a vertex. SGP_E_MEMORY. */
sgp_err sgp_osm_turns_force_vertices(sgp_osm_network *network, sgp_fault *fault) SGP_MUST_USE;

/* After folding. Counts and logs what was left out. SGP_E_MEMORY. Release with
 * sgp_osm_bans_deinit whatever the result. */
sgp_err sgp_osm_turns_find_bans(sgp_osm_network *network, const sgp_osm_folded *folded,
                                sgp_osm_bans *bans, sgp_fault *fault) SGP_MUST_USE;
void sgp_osm_bans_deinit(sgp_osm_bans *bans);

#endif
