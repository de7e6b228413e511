/* Units and their crews. */
#include "ledger_parts.h"

void sim_hold_unit(sim_ledger *ledger, const sgp_world *world, const sgp_event *event,
                   uint32_t index) {
    if (index >= SIM_UNITS)
        return;
    const sgp_unit *now = sgp_world_unit(world, index);
    const sim_unit *before = &ledger->units[index];
    HOLD(ledger, !now->has_position || now->position_at_ms <= event->at_ms, SIM_CLOCK_BACKWARDS,
         "unit %s was somewhere in the future", now->code);
    HOLD(ledger, !before->has_position || now->position_at_ms >= before->position_at_ms,
         SIM_POSITION_WENT_BACK, "unit %s has a position older than before", now->code);
    HOLD(ledger,
         now->on_duty == before->on_duty ||
             (event->kind == SGP_EVENT_UNIT_DUTY && strcmp(event->u.duty.unit, now->code) == 0),
         SIM_STATE_CHANGED_BY_NOBODY, "unit %s signed %s by %s", now->code,
         now->on_duty ? "on" : "off", sgp_event_kind_str(event->kind));
    if (now->on_duty && !before->on_duty)
        sim_add_fact(ledger,
                     (sim_fact){.kind = SIM_FACT_ASKED_ANEW, .seq = event->seq, .unit = index});
}
