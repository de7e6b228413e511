/* Joint: the open seats of several incidents filled together, so that together it
 * takes the least time.
 *
 * Rows of the assignment (sigap/assign.h) are seats in the order of urgency, columns
 * are units, and the cost is what a candidate's total is, times the weight of the
 * incident's priority (rules.joint_weight). Beside who waits, every order takes part
 * that nobody has answered yet and that no person gave: its unit may move to where it
 * is worth more, or be relieved by a unit that is there sooner, if all together gain
 * more than rules.joint_gain_ms for each order that moves. Who has accepted moves
 * only by diversion (gates.h). So the seats are solved again on every change and
 * crews are not sent to and fro.
 *
 * Nobody loses an order to an incident of the same priority or a lower one without
 * getting another unit at once. Private to engine/core.
 */
#ifndef SGP_CORE_JOINT_H
#define SGP_CORE_JOINT_H

#include "core/mechanics.h"

enum {
    SGP_JOINT_INCIDENTS_MAX = 64, /* first who asks, then the most urgent */
    SGP_JOINT_SEATS_MAX = 256
};

typedef struct sgp_joint_asker {
    sgp_incident_node *incident; /* wants an order */
    bool noted;                  /* gets a recommendation even if it gets nobody */
    bool left_out;               /* answer: there was no room for it; ask again */
} sgp_joint_asker;

/* Solves, recommends and orders for these incidents, whose policy is joint, and for orders that
 * may move. Whoever gets a unit, loses one or is noted gets a recommendation. An incident from
 * which a unit is diverted notes attention. Asks `times` one question for each incident that
 * takes part, and another where a neighbour or a wide vehicle is needed after all. SGP_E_MEMORY and
 * SGP_E_CORRUPT only. Cost: incidents x units, and sgp_assign. */
sgp_err sgp_joint_serve(sgp_step *step, sgp_joint_asker *askers, size_t n) SGP_MUST_USE;

/* Whether some order could move; then a unit that became free is a reason to solve again. */
bool sgp_joint_some_may_move(const sgp_step *step);

#endif
