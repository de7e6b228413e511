/* Shortfalls: the seats of an incident that nobody of the wanted kind can take in time, by codes
 * from which a sentence is made ("no advanced ambulance within 20 minutes"). Private to
 * engine/core. */
#ifndef SGP_CORE_SHORTFALLS_H
#define SGP_CORE_SHORTFALLS_H

#include "core/world.h"

/* Fills the shortfalls of a recommendation that has its candidates and their seats. Of equal seats
 * only the first that is short is named. */
void sgp_shortfalls_find(const sgp_world *world, const sgp_incident_node *incident,
                         sgp_recommendation *recommendation);

#endif
