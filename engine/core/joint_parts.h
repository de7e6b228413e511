/* The parts of joint solving (joint.h): who takes part (joint_parties.c), what goes where
 * (joint_solve.c), and what is told and ordered of it (joint_act.c).
 *
 * Private to joint*.c. All of it lives for one solution, within one step. SGP_E_MEMORY and
 * SGP_E_CORRUPT only.
 */
#ifndef SGP_CORE_JOINT_PARTS_H
#define SGP_CORE_JOINT_PARTS_H

#include "core/candidates.h"
#include "core/gates.h"
#include "core/joint.h"
#include "sigap/assign.h"

/* One incident that takes part. */
typedef struct sgp_joint_party {
    sgp_incident_node *incident;
    bool asks, noted, takes_part;
    uint32_t n_held; /* orders of it that may move */
    sgp_gate gate;   /* its needs: seats that are open, and those that the held orders fill */
    size_t n_seats;
    sgp_candidate *all; /* [n_units], by unit */
    uint32_t first_row;
    uint32_t lost; /* fewer orders than before */
} sgp_joint_party;

/* One seat of a party. */
typedef struct sgp_joint_row {
    uint32_t party, need;
    bool held;
    bool barred;   /* goes along with a seat that nobody can take */
    uint32_t unit; /* answer; SGP_ASSIGN_NOBODY */
} sgp_joint_row;

typedef struct sgp_joint {
    sgp_step *step;
    sgp_world *world;
    uint8_t *moves; /* [n_units] sgp_gate_moves */
    bool *barred;   /* [n_units] its incident has lost enough units: it stays on its job */
    sgp_joint_party *parties;
    size_t n_parties;
    sgp_joint_row *rows;
    uint32_t n_rows;
    uint32_t *goes_to; /* [n_units] party + 1, 0 = none */
} sgp_joint;

/* ---- who takes part (joint_parties.c) ------------------------------------------------ */

/* An order without a click that nobody has answered, older than this step, of an incident that
 * would get the next unit without a click as well. */
bool sgp_joint_may_move(const sgp_step *step, const sgp_assignment_node *order);
/* Fills parties, most urgent first, as many as the bounds allow: first those who ask, then those
 * whose orders may move. Who asks and has no room is marked as left out. */
sgp_err sgp_joint_gather(sgp_joint *j, sgp_joint_asker *askers, size_t n) SGP_MUST_USE;
/* Fills rows: seats by priority; those that an order fills already before those that are open, so
 * that no order is lost to somebody as urgent; then by incident and seat. */
sgp_err sgp_joint_list_rows(sgp_joint *j) SGP_MUST_USE;
/* Whether the unit's order is one of the party's that may move. */
bool sgp_joint_holds(const sgp_joint *j, const sgp_joint_party *p, uint32_t unit);

/* ---- what goes where (joint_solve.c) ------------------------------------------------- */

/* Gives each row its unit, and each unit the party that it goes to. */
sgp_err sgp_joint_solve(sgp_joint *j) SGP_MUST_USE;

/* ---- what is done about it (joint_act.c) --------------------------------------------- */

/* Tells recommendations, withdraws and orders. */
sgp_err sgp_joint_act(sgp_joint *j) SGP_MUST_USE;

#endif
