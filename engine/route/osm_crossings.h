/* What turns cost: the arms of each crossing, the kind of a turn, whether it crosses
 * anybody's way.
 *
 * An *arm* is an edge where it leaves a crossing; it has the number of the move that
 * leaves along it, whether or not anybody makes that move. Headings are taken to the
 * point of the road 15 m away, so that the rounding of kerbs does not matter.
 *
 * Where people drive on the left, a right turn goes across: it crosses those who come
 * towards it. It does so only if there is a flow of traffic, from some arm to another,
 * that has to meet it; out of one one-way street into another there often is none, and
 * the turn costs no more than one to the near side.
 *
 * Internal to the import. Not thread-safe.
 */
#ifndef SGP_ROUTE_OSM_CROSSINGS_H
#define SGP_ROUTE_OSM_CROSSINGS_H

#include "route/osm_fold.h"

/* More roads meet nowhere on earth; every way in is joined to every way out, so that a
 * drawing of a thousand at one node would ask for hours. Such a crossing has no costs. */
enum { SGP_OSM_ARMS_MAX = 128 };

typedef enum sgp_osm_turn_kind {
    SGP_OSM_STRAIGHT,
    SGP_OSM_NEAR,
    SGP_OSM_ACROSS,
    SGP_OSM_SHARP,
    SGP_OSM_TURN_BACK
} sgp_osm_turn_kind;

typedef struct sgp_osm_crossings {
    const sgp_osm_network *network;
    const sgp_osm_folded *folded;
    uint32_t *first_arm; /* [n_nodes + 1] into arms */
    uint32_t *arms;      /* by the node that they leave */
    uint8_t *costed;     /* [n_nodes] 1: a crossing at which every kind of turn has its cost */
} sgp_osm_crossings;

/* After folding. SGP_E_MEMORY. Release with deinit whatever the result. */
sgp_err sgp_osm_crossings_make(const sgp_osm_network *network, const sgp_osm_folded *folded,
                               sgp_osm_crossings *crossings, sgp_fault *fault) SGP_MUST_USE;
void sgp_osm_crossings_deinit(sgp_osm_crossings *crossings);

/* The kind of the turn from move `from` to move `to`, which leaves where `from` arrives. */
sgp_osm_turn_kind sgp_osm_crossings_turn(const sgp_osm_crossings *crossings, uint32_t from,
                                         uint32_t to);

/* What such a turn costs a vehicle. */
int32_t sgp_osm_turn_kind_ms(sgp_osm_turn_kind kind, const sgp_vehicle *vehicle);

#endif
