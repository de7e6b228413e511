/* Seats of an incident, worked out anew from what the plan and people said. */
#ifndef SGP_SIMULATOR_SEATS_H
#define SGP_SIMULATOR_SEATS_H

#include "sigap/core.h"

/* Whether the fresh assignment's unit has a seat beside everybody who is on the incident or has
 * served it: as many units as possible are seated, and without it one fewer would be. Assignments
 * from `first_fresh` on were ordered in the same step. */
bool sim_has_seat(const sgp_world *world, sgp_id first_fresh, const sgp_assignment *fresh);

/* The seats and who sits on them, for a person. */
void sim_seats_print(const sgp_world *world, sgp_id incident, char *text, size_t bytes);

#endif
