/* Gates: whether a unit may go to an incident at all, and if not, why.
 *
 *   sgp_gate gate;
 *   sgp_gate_open(&gate, world, incident, now_ms);
 *   for each unit: sgp_gate_check(&gate, unit)
 *
 * These gates need no travel times; two more that do (a unit of the own district is
 * there in time; another gets nearer) are in candidates.c. Private to engine/core.
 */
#ifndef SGP_CORE_GATES_H
#define SGP_CORE_GATES_H

#include "core/needs.h"

/* What joint solving may do with a unit's order that nobody has answered yet (joint.h). */
enum { SGP_GATE_FIXED, SGP_GATE_STAYS /* or is relieved */, SGP_GATE_MOVES };

/* What is the same for all units in one question. */
typedef struct sgp_gate {
    const sgp_world *world;
    const sgp_incident_node *incident;
    int64_t now_ms;
    bool diverts;         /* the policy takes units from less urgent incidents */
    const uint8_t *moves; /* [n_units] of the above, NULL = all fixed; borrowed */
    bool all_who_can;     /* who would be kept back for the sake of a better one goes too */
    uint32_t kinds;       /* of all needs together, to look quickly */
    size_t n_needs;
    sgp_need needs[SGP_NEEDS_MAX]; /* open seats, or one seat for whoever treats patients */
} sgp_gate;

void sgp_gate_open(sgp_gate *gate, const sgp_world *world, const sgp_incident_node *incident,
                   int64_t now_ms);
/* The same for joint solving: the incident's own orders that may move fill no seat, and their units
 * are asked for like free ones; so are those of others that may move. n_needs may be 0. */
void sgp_gate_open_jointly(sgp_gate *gate, const sgp_world *world,
                           const sgp_incident_node *incident, int64_t now_ms, const uint8_t *moves);

/* The first reason in the order in which a dispatcher would give it: on it already, off duty,
 * busy (or soon free, or not to be diverted), wrong kind, skills, refused this incident, its
 * owner, crew hours, no position, position too old. NOT_YET_FREE only where nothing else is
 * against it. */
sgp_exclusion sgp_gate_check(const sgp_gate *gate, const sgp_unit *unit);

/* Whether the unit may be taken from the job that it is on: ordered or on its way to an incident
 * that is less urgent by `rules`, or cleaning up at a hospital. */
bool sgp_gate_may_take(const sgp_gate *gate, const sgp_assignment *on);

/* Whether joint solving may give that job's unit to the gate's incident, or leave it there. */
bool sgp_gate_may_move(const sgp_gate *gate, const sgp_assignment *on);

/* How long until it has left the hospital where it is; -1 = nobody can tell. */
int64_t sgp_gate_hospital_wait_ms(const sgp_world *world, const sgp_assignment *on, int64_t now_ms);

/* Whether the place lies in the unit's own district; true where either is not known. */
bool sgp_gate_is_at_home(const sgp_incident_node *incident, const sgp_unit *unit);

#endif
