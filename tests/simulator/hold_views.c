/* Whatever changes is told, nothing is lost, and the bounds hold. */
#include "ledger_parts.h"

static uint64_t mix(uint64_t hash, const void *bytes, size_t n) {
    const uint8_t *at = bytes;
    for (; n >= 8; n -= 8, at += 8) {
        uint64_t word;
        memcpy(&word, at, 8);
        hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
        hash ^= hash >> 29;
    }
    for (; n > 0; n--, at++)
        hash = (hash ^ *at) * UINT64_C(0x100000001b3);
    return hash;
}

static uint64_t hash_call(const sgp_call *call) {
    sgp_call copy = *call;
    copy.places = NULL;
    copy.phone = NULL;
    uint64_t hash = mix(1, &copy, sizeof copy);
    hash = mix(hash, call->places, (size_t)call->n_places * sizeof *call->places);
    return call->phone ? mix(hash, call->phone, sizeof *call->phone) : hash;
}

static uint64_t hash_incident(const sgp_incident *incident) {
    sgp_incident copy = *incident;
    copy.answers = NULL;
    copy.alerts = NULL;
    uint64_t hash = mix(1, &copy, sizeof copy);
    hash = mix(hash, incident->answers, incident->n_answers * sizeof *incident->answers);
    return mix(hash, incident->alerts, incident->n_alerts * sizeof *incident->alerts);
}

static void hold_hash(sim_ledger *ledger, sim_thing *thing, uint64_t hash, const char *what,
                      sgp_id id) {
    HOLD(ledger, !thing->is_there || thing->was_told || thing->hash == hash, SIM_CHANGED_IN_SILENCE,
         "%s %llu changed within the last %d events and nobody was told", what, (ull)id,
         SIM_HASHED_EVERY);
    *thing = (sim_thing){.hash = hash, .is_there = true};
}

void sim_take_hashes(sim_ledger *ledger, const sgp_world *world) {
    for (uint32_t i = 0; i < sgp_world_units(world) && i < SIM_UNITS; i++) {
        const sgp_unit *unit = sgp_world_unit(world, i);
        hold_hash(ledger, &ledger->units[i].thing, mix(1, unit, sizeof *unit), "unit", i);
    }
    for (sgp_id id = 0; (id = sgp_world_next_call(world, id));)
        hold_hash(ledger, &sim_call_of(ledger, id)->thing, hash_call(sgp_world_call(world, id)),
                  "call", id);
    for (sgp_id id = 0; (id = sgp_world_next_incident(world, id));)
        hold_hash(ledger, &sim_incident_of(ledger, id)->thing,
                  hash_incident(sgp_world_incident(world, id)), "incident", id);
    for (sgp_id id = 0; (id = sgp_world_next_assignment(world, id));)
        hold_hash(ledger, &sim_assignment_of(ledger, id)->thing,
                  mix(1, sgp_world_assignment(world, id), sizeof(sgp_assignment)), "assignment",
                  id);
}

void sim_hold_nothing_lost(sim_ledger *ledger, const sgp_world *world) {
    sgp_id present = 0, closed = 0;
    for (sgp_id id = 0; (id = sgp_world_next_incident(world, id)); present++)
        closed += sgp_world_incident(world, id)->state == SGP_INCIDENT_CLOSED;
    sgp_id known = ledger->n_incidents - 1;
    if (present < known)
        for (sgp_id id = 1; id < ledger->n_incidents; id++)
            HOLD(ledger,
                 sgp_world_incident(world, id) ||
                     (ledger->incidents[id].state == SGP_INCIDENT_CLOSED &&
                      closed >= SGP_CLOSED_KEPT),
                 SIM_INCIDENT_FORGOTTEN, "incident %llu is gone", (ull)id);
    for (sgp_id id = 1; id < ledger->n_calls; id++) {
        const sgp_call *call = sgp_world_call(world, id);
        HOLD(ledger, call || !sgp_world_incident(world, ledger->calls[id].incident),
             SIM_INCIDENT_FORGOTTEN, "call %llu is gone", (ull)id);
    }
    HOLD(ledger, closed <= SGP_CLOSED_KEPT + SIM_UNITS, SIM_BOUND_BROKEN,
         "%llu closed incidents are kept", (ull)closed);
}

void sim_hold_bounds(sim_ledger *ledger, const sgp_world *world) {
    for (uint32_t i = 0; i < sgp_world_hospitals(world); i++) {
        const sgp_hospital *hospital = sgp_world_hospital(world, i);
        HOLD(ledger, hospital->beds >= 0, SIM_BEDS_NEGATIVE, "hospital %s has %d beds",
             hospital->code, (int)hospital->beds);
    }
    for (sgp_id id = 0; (id = sgp_world_next_incident(world, id));) {
        const sgp_incident *incident = sgp_world_incident(world, id);
        HOLD(ledger,
             incident->n_assignments <= SGP_UNITS_PER_INCIDENT_MAX &&
                 incident->n_backup <= SGP_BACKUP_MAX &&
                 incident->n_answers <= SGP_ANSWERS_PER_INCIDENT_MAX &&
                 incident->n_alerts <= SGP_ALERTS_PER_INCIDENT_MAX && incident->units_wanted >= 1 &&
                 incident->units_wanted <= SGP_UNITS_PER_INCIDENT_MAX,
             SIM_BOUND_BROKEN, "incident %llu is over a bound", (ull)id);
    }
    for (sgp_id id = 0; (id = sgp_world_next_call(world, id));) {
        const sgp_call *call = sgp_world_call(world, id);
        HOLD(ledger, call->n_places <= SGP_PLACES_MAX && call->n_texts <= SGP_CALL_TEXTS_MAX,
             SIM_BOUND_BROKEN, "call %llu is over a bound", (ull)id);
    }
}
