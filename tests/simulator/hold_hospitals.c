/* Beds and transfers. */
#include "ledger_parts.h"

void sim_note_beds(sim_ledger *ledger, const sgp_world *world, const sgp_event *event) {
    if (event->kind != SGP_EVENT_HOSPITAL_TOLD)
        return;
    const sgp_hospital *hospital =
        sgp_world_hospital_by_code(world, event->u.hospital_told.hospital);
    sim_fact fact = {.kind = SIM_FACT_BEDS_TOLD,
                     .seq = event->seq,
                     .at_ms = event->at_ms,
                     .unit = hospital->index,
                     .beds = event->u.hospital_told.beds};
    if (event->u.hospital_told.has_beds)
        sim_add_fact(ledger, fact);
    fact.kind = SIM_FACT_BEDS_RELEASED;
    fact.beds = event->u.hospital_told.released;
    if (fact.beds > 0)
        sim_add_fact(ledger, fact);
}

/* Patients whom this event brought: handed over, or free again without having said so. */
void sim_note_brought(sim_ledger *ledger, const sgp_world *world, const sgp_event *event,
                      const sgp_effects *effects) {
    if (!sgp_world_clocks(world)->rules.hospital_by_need)
        return;
    for (size_t i = 0; i < effects->n; i++) {
        const sgp_effect *effect = &effects->items[i];
        if (effect->kind != SGP_EFFECT_CHANGED || effect->u.changed.thing != SGP_THING_ASSIGNMENT ||
            effect->u.changed.id >= ledger->n_assignments)
            continue;
        const sgp_assignment *now = sgp_world_assignment(world, effect->u.changed.id);
        sgp_assignment_state before = ledger->assignments[now->id].state;
        bool handed_over = now->at_ms[SGP_ASSIGNMENT_HANDED_OVER] &&
                           !ledger->assignments[now->id].at_ms[SGP_ASSIGNMENT_HANDED_OVER];
        bool left = now->state == SGP_ASSIGNMENT_CLOSED && sim_has_patient(before);
        if (now->hospital >= 0 && (handed_over || left))
            sim_add_fact(ledger, (sim_fact){.kind = SIM_FACT_BED_TAKEN,
                                            .seq = event->seq,
                                            .at_ms = event->at_ms,
                                            .unit = (uint32_t)now->hospital});
    }
}

/* Counted anew from what was told and who was brought since. */
void sim_hold_beds(sim_ledger *ledger, const sgp_world *world, uint32_t index) {
    int32_t told = -1, taken = 0, free_beds = sgp_world_free_beds(world, index);
    for (size_t i = 0; i < ledger->n_facts; i++) {
        const sim_fact *fact = &ledger->facts[i];
        if (fact->kind < SIM_FACT_BEDS_TOLD || fact->unit != index)
            continue;
        if (fact->kind == SIM_FACT_BEDS_TOLD) {
            told = fact->beds;
            taken = 0;
        } else {
            taken += fact->kind == SIM_FACT_BED_TAKEN ? 1 : -fact->beds;
            if (taken < 0) /* more than we knew of: what it has now, only a new count tells */
                told = -1;
            taken = taken < 0 ? 0 : taken;
            /* Before edition 2 one that was taken so long ago counted as free by itself. */
            const sgp_rules *rules = &sgp_world_clocks(world)->rules;
            if (rules->edition < 2 && rules->bed_stay_ms &&
                sgp_world_now_ms(world) - fact->at_ms >= rules->bed_stay_ms)
                return;
        }
    }
    if (told < 0 || sgp_world_beds_are_stale(world, index))
        return;
    HOLD(ledger, free_beds == (told > taken ? told - taken : 0), SIM_BEDS_MISCOUNTED,
         "hospital %s told of %d beds, %d were taken since, and %d are free",
         sgp_world_hospital(world, index)->code, (int)told, (int)taken, (int)free_beds);
}

void sim_hold_transfer(sim_ledger *ledger, const sgp_world *world, const sgp_event *event,
                       sgp_id id) {
    const sgp_transfer *now = sgp_world_transfer(world, id);
    if (!now || id >= SIM_TRANSFERS)
        return;
    sgp_transfer_state before = ledger->transfers[id];
    const sgp_incident *incident = sgp_world_incident(world, now->incident);
    HOLD(ledger, now->state >= before, SIM_TRANSFER_FORGOTTEN, "transfer %llu was %s and is %s",
         (ull)id, sgp_transfer_state_str(before), sgp_transfer_state_str(now->state));
    HOLD(ledger, now->state != SGP_TRANSFER_PLANNED || !now->incident, SIM_TRANSFER_FORGOTTEN,
         "transfer %llu is planned, and somebody's job already", (ull)id);
    HOLD(ledger,
         now->state != SGP_TRANSFER_DUE || (incident && incident->state != SGP_INCIDENT_CLOSED),
         SIM_TRANSFER_FORGOTTEN, "transfer %llu is due and has no open incident", (ull)id);
    HOLD(ledger,
         now->state != SGP_TRANSFER_CANCELLED || before == SGP_TRANSFER_CANCELLED ||
             event->kind == SGP_EVENT_TRANSFER_CANCELLED || now->outward,
         SIM_TRANSFER_FORGOTTEN, "transfer %llu was cancelled by nobody", (ull)id);
}
