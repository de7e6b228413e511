/* Editions: mends of how the core decides.
 *
 * A journal is stepped again at every restart and must decide as it did. So a mend that changes
 * what is decided holds from an edition on, and the edition stands in the rules: sgp_rules_default
 * gives the newest, a journal carries the one that it was written by, and one of before has 0.
 * A mend that only refuses nonsense, or changes nothing that was ever written down, needs none.
 *
 * Edition 1:
 *   - policy closest_with_diversion takes from one incident no more units in one step than
 *     rules.divert_times allows (policy.c);
 *   - a person's order is taken for the very urgent only (rules.by_hand_for, gates.c);
 *   - a unit that has handed its patient over is news for who waits (mechanics.c), and so are a
 *     unit registered as something else and clocks that order more without a click (step.c);
 *   - a stand-down takes the seat of the unit, not the plan's last one (needs.c);
 *   - a reloaded plan changes how many units its open incidents want (planned.c);
 *   - joint: a neighbour stays at home only for units that can be had, and goes where those go
 *     elsewhere (candidates.c, joint.c); who asks takes part whatever the bounds (joint.c); an
 * order keeps a seat that its unit fits, where there is one (joint_solve.c).
 *
 * Edition 2:
 *   - a hospital that tells its own count alone says when beds are free again; time gives none back
 *     (hospitals.c);
 *   - the digest of a step's effects takes in which agency is alerted of what (effects_digest.c);
 *   - a unit is kept for the first of its transfers that keeps it, also where an earlier one is
 *     served by another unit (transfers.c);
 *   - joint: what an order holds is the seat that its unit fits, so that nobody as urgent loses a
 *     unit to a seat that is open (joint_parties.c);
 *   - a unit that serving frees is offered in the same step to whoever was passed by (settle.c);
 *   - what a person ordered is not taken by the engine in the step that ordered it (gates.c);
 *   - crews hear it when a later call makes their incident more urgent, and each hears its order
 *     once in a step (step.c, mechanics.c);
 *   - a crew in distress is not sent to wait elsewhere (move_up.c), nor taken to another job by a
 *     person (step.c).
 *
 * Edition 3:
 *   - what a crew is told is noted until its device has it (receipts.c).
 *
 * Private to engine/core.
 */
#ifndef SGP_CORE_EDITION_H
#define SGP_CORE_EDITION_H

#include "core/world.h"

static inline bool sgp_edition_holds(const sgp_world *world, int32_t edition) {
    return world->clocks.rules.edition >= edition;
}

/* Whether rules were configured at all. Journals from before there were any told crews nothing when
 * the priority of their incident changed. No setting clears these. */
static inline bool sgp_rules_are_there(const sgp_world *world) {
    const sgp_rules *rules = &world->clocks.rules;
    return rules->edition > 0 || rules->seats_by_kind || rules->aid_after_ms[0] > 0;
}

#endif
