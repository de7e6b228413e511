/* What the holders of invariants share, and who holds what. Private to ledger.c and hold_*.c. */
#ifndef SGP_SIMULATOR_LEDGER_PARTS_H
#define SGP_SIMULATOR_LEDGER_PARTS_H

#include "ledger.h"

#define HOLD(ledger, holds, ...)                                                                   \
    do {                                                                                           \
        (ledger)->checks++;                                                                        \
        if (!(holds))                                                                              \
            sim_break((ledger), __VA_ARGS__);                                                      \
    } while (0)

typedef unsigned long long ull; /* for printf */

/* The ledger's own copies, made on first sight. */
sim_incident *sim_incident_of(sim_ledger *ledger, sgp_id id);
sim_assignment *sim_assignment_of(sim_ledger *ledger, sgp_id id);
sim_call *sim_call_of(sim_ledger *ledger, sgp_id id);

/* Facts. */
void sim_add_fact(sim_ledger *ledger, sim_fact fact);
bool sim_has_refused(const sim_ledger *ledger, sgp_id incident, uint32_t unit);

/* Words of our own. */
bool sim_is_open(sgp_assignment_state state);
bool sim_has_patient(sgp_assignment_state state);
const sgp_effect *sim_effect_for(const sgp_effects *effects, sgp_effect_kind kind, sgp_id id);

/* Of one thing that was told as changed. */
void sim_hold_assignment(sim_ledger *ledger, const sgp_world *world, const sgp_event *event,
                         const sgp_effects *effects, const core_oracle *roads, sgp_id id);
void sim_hold_diversion(sim_ledger *ledger, const sgp_world *world, const sgp_event *event,
                        sgp_id id);
void sim_hold_incident(sim_ledger *ledger, const sgp_world *world, const sgp_event *event,
                       const sgp_effects *effects, sgp_id id);
void sim_hold_call(sim_ledger *ledger, const sgp_world *world, const sgp_event *event, sgp_id id);
void sim_hold_unit(sim_ledger *ledger, const sgp_world *world, const sgp_event *event,
                   const sgp_effects *effects, uint32_t index);
void sim_hold_beds(sim_ledger *ledger, const sgp_world *world, uint32_t index);
void sim_hold_transfer(sim_ledger *ledger, const sgp_world *world, const sgp_event *event,
                       sgp_id id);

/* Before a step, and after it before anything is held. */
void sim_note_settled(sim_ledger *ledger, const sgp_world *world, const sgp_event *event);
void sim_note_beds(sim_ledger *ledger, const sgp_world *world, const sgp_event *event);
void sim_note_brought(sim_ledger *ledger, const sgp_world *world, const sgp_event *event,
                      const sgp_effects *effects);

/* After a step that was not refused: who was sent, and who was not. */
void sim_hold_seats(sim_ledger *ledger, const sgp_world *world, const sgp_event *event);
void sim_hold_kept(sim_ledger *ledger, const sgp_world *world, const sgp_event *event);
void sim_hold_no_idle(sim_ledger *ledger, const sgp_world *world, const sgp_event *event,
                      const core_oracle *roads);

/* Crews on scene and crews in distress: after a step that was not refused, and after a turn. */
void sim_hold_alarms(sim_ledger *ledger, const sgp_world *world, const sgp_event *event,
                     const sgp_effects *effects);
void sim_hold_crews(sim_ledger *ledger, const sgp_world *world, int64_t now_ms);
/* Marks on numbers; also after a refusal. */
void sim_hold_numbers(sim_ledger *ledger, const sgp_world *world, const sgp_event *event,
                      sgp_err err, const sgp_reply *reply);

/* After every step. */
void sim_hold_jobs(sim_ledger *ledger, const sgp_world *world);
void sim_hold_nothing_lost(sim_ledger *ledger, const sgp_world *world);
void sim_hold_bounds(sim_ledger *ledger, const sgp_world *world);
void sim_hold_chosen(sim_ledger *ledger, const sgp_world *world, const sgp_event *event,
                     sgp_err err);
void sim_take_hashes(sim_ledger *ledger, const sgp_world *world);

#endif
