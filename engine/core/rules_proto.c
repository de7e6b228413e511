/* The rules of dispatch, and what reinforces an incident, as messages and back. */
#include <string.h>

#include "core/proto_read.h"
#include "core/proto_write.h"

/* ---- writing --------------------------------------------------------------- */

static bool put_numbers(int32_t **field, size_t *n_field, const int32_t *numbers, size_t n) {
    if (!sgp_put_array((void **)field, n, sizeof **field))
        return false;
    memcpy(*field, numbers, n * sizeof **field);
    *n_field = n;
    return true;
}

bool sgp_put_rules(Sigap__V1__DispatchRules **field, const sgp_rules *rules) {
    Sigap__V1__DispatchRules *message = sgp_message_make(&sigap__v1__dispatch_rules__descriptor);
    *field = message;
    if (!message)
        return false;
    message->seats_by_kind = rules->seats_by_kind;
    message->divert_gain_ms = rules->divert_gain_ms;
    message->divert_keep_ms = rules->divert_keep_ms;
    message->divert_times = rules->divert_times;
    message->handover_ms = rules->handover_ms;
    message->clear_ms = rules->clear_ms;
    message->walk_cm_s = rules->walk_cm_s;
    message->walk_max_m = rules->walk_max_m;
    message->withdraw_surplus = rules->withdraw_surplus;
    message->mass_reserve = rules->mass_reserve;
    message->patients_first = rules->patients_first;
    message->joint_gain_ms = rules->joint_gain_ms;
    message->hospital_by_need = rules->hospital_by_need;
    message->hospital_wish_ms = rules->hospital_wish_ms;
    message->beds_stale_ms = rules->beds_stale_ms;
    message->bed_stay_ms = rules->bed_stay_ms;
    message->offload_ms = rules->offload_ms;
    message->offload_again_ms = rules->offload_again_ms;
    message->alike_ms = rules->alike_ms;
    message->alike_m = rules->alike_m;
    message->judge_calls = rules->judge_calls;
    message->number_keep_h = rules->number_keep_h;
    message->nuisance_count = rules->nuisance_count;
    message->nuisance_window_h = rules->nuisance_window_h;
    message->nuisance_mark_h = rules->nuisance_mark_h;
    message->ring_claim_ms = rules->ring_claim_ms;
    message->ring_keep_h = rules->ring_keep_h;
    message->ring_target_ms = rules->ring_target_ms;
    message->ring_target_permille = rules->ring_target_permille;
    if (!put_numbers(&message->alike_reach_m, &message->n_alike_reach_m, rules->alike_reach_m,
                     SGP_VAGUENESSES))
        return false;
    message->edition = rules->edition;
    message->by_hand_for = (Sigap__V1__Priority)rules->by_hand_for;
    message->transfer_margin_ms = rules->transfer_margin_ms;
    message->welfare_alone_ms = rules->welfare_alone_ms;
    message->welfare_danger_ms = rules->welfare_danger_ms;
    message->welfare_again_ms = rules->welfare_again_ms;
    message->shift_absent_ms = rules->shift_absent_ms;
    message->shift_end_ms = rules->shift_end_ms;
    if (!put_numbers(&message->welfare_ms, &message->n_welfare_ms, rules->welfare_ms,
                     SGP_PRIORITIES))
        return false;
    message->transfer_keep_ms = rules->transfer_keep_ms;
    return put_numbers(&message->position_age_ms, &message->n_position_age_ms,
                       rules->position_age_ms, SGP_UNIT_STATUSES) &&
           put_numbers(&message->crew_ms, &message->n_crew_ms, rules->crew_ms, SGP_PRIORITIES) &&
           put_numbers(&message->aid_after_ms, &message->n_aid_after_ms, rules->aid_after_ms,
                       SGP_PRIORITIES) &&
           put_numbers(&message->joint_weight, &message->n_joint_weight, rules->joint_weight,
                       SGP_PRIORITIES);
}

bool sgp_put_kinds(Sigap__V1__UnitKind **field, size_t *n, uint32_t kinds) {
    if (!sgp_put_array((void **)field, SGP_UNIT_KINDS, sizeof **field))
        return false;
    for (int kind = 1; kind < SGP_UNIT_KINDS; kind++)
        if (kinds >> kind & 1u)
            (*field)[(*n)++] = (Sigap__V1__UnitKind)kind;
    return true;
}

bool sgp_put_backup(Sigap__V1__Backup **field, const sgp_backup *backup) {
    Sigap__V1__Backup *message = sgp_message_make(&sigap__v1__backup__descriptor);
    *field = message;
    if (!message)
        return false;
    message->skills = backup->skills;
    return sgp_put_kinds(&message->kinds, &message->n_kinds, backup->kinds);
}

bool sgp_put_reinforcements(Sigap__V1__Incident *message, const sgp_incident *incident) {
    message->diverted = incident->diverted;
    message->aid_asked = incident->aid_asked;
    message->mass_casualty = incident->mass_casualty;
    message->patients = incident->patients;
    message->seats_dropped = incident->seats_dropped;
    message->seats_dropped_of = incident->seats_dropped_of;
    if (!sgp_put_array((void **)&message->backup, incident->n_backup, sizeof *message->backup))
        return false;
    for (uint32_t i = 0; i < incident->n_backup; i++)
        if (!sgp_put_backup(&message->backup[message->n_backup++], &incident->backup[i]))
            return false;
    return !incident->has_staging || sgp_put_place(&message->staging, &incident->staging);
}

bool sgp_put_ownership(Sigap__V1__Unit *message, const sgp_unit *unit) {
    message->lending = (Sigap__V1__Lending)unit->lending;
    message->serves = unit->serves;
    return sgp_put_text(&message->district, unit->district);
}

/* ---- reading --------------------------------------------------------------- */

/* Numbers that an older version did not write stay zero. */
static sgp_err read_numbers(const int32_t *numbers, size_t n, int32_t *out, size_t most,
                            const char *field, sgp_fault *fault) {
    sgp_err err = sgp_read_number((int64_t)n, 0, (int64_t)most, field, fault);
    if (!err && n)
        memcpy(out, numbers, n * sizeof *out);
    return err;
}

sgp_err sgp_read_rules(const Sigap__V1__DispatchRules *message, sgp_rules *rules,
                       sgp_fault *fault) {
    *rules = (sgp_rules){.seats_by_kind = message->seats_by_kind,
                         .divert_gain_ms = message->divert_gain_ms,
                         .divert_keep_ms = message->divert_keep_ms,
                         .divert_times = message->divert_times,
                         .handover_ms = message->handover_ms,
                         .clear_ms = message->clear_ms,
                         .walk_cm_s = message->walk_cm_s,
                         .walk_max_m = message->walk_max_m,
                         .withdraw_surplus = message->withdraw_surplus,
                         .mass_reserve = message->mass_reserve,
                         .patients_first = message->patients_first,
                         .joint_gain_ms = message->joint_gain_ms,
                         .hospital_by_need = message->hospital_by_need,
                         .hospital_wish_ms = message->hospital_wish_ms,
                         .beds_stale_ms = message->beds_stale_ms,
                         .bed_stay_ms = message->bed_stay_ms,
                         .offload_ms = message->offload_ms,
                         .offload_again_ms = message->offload_again_ms,
                         .alike_ms = message->alike_ms,
                         .alike_m = message->alike_m,
                         .edition = message->edition,
                         .by_hand_for = (sgp_priority)message->by_hand_for,
                         .welfare_alone_ms = message->welfare_alone_ms,
                         .welfare_danger_ms = message->welfare_danger_ms,
                         .welfare_again_ms = message->welfare_again_ms,
                         .shift_absent_ms = message->shift_absent_ms,
                         .shift_end_ms = message->shift_end_ms,
                         .transfer_margin_ms = message->transfer_margin_ms,
                         .transfer_keep_ms = message->transfer_keep_ms,
                         .judge_calls = message->judge_calls,
                         .number_keep_h = message->number_keep_h,
                         .nuisance_count = message->nuisance_count,
                         .nuisance_window_h = message->nuisance_window_h,
                         .nuisance_mark_h = message->nuisance_mark_h,
                         .ring_claim_ms = message->ring_claim_ms,
                         .ring_keep_h = message->ring_keep_h,
                         .ring_target_ms = message->ring_target_ms,
                         .ring_target_permille = message->ring_target_permille};
    sgp_err err =
        read_numbers(message->position_age_ms, message->n_position_age_ms, rules->position_age_ms,
                     SGP_UNIT_STATUSES, "the number of ages of positions", fault);
    if (!err)
        err = read_numbers(message->crew_ms, message->n_crew_ms, rules->crew_ms, SGP_PRIORITIES,
                           "the number of crew hours", fault);
    if (!err)
        err = read_numbers(message->aid_after_ms, message->n_aid_after_ms, rules->aid_after_ms,
                           SGP_PRIORITIES, "the number of times for mutual aid", fault);
    if (!err)
        err = read_numbers(message->welfare_ms, message->n_welfare_ms, rules->welfare_ms,
                           SGP_PRIORITIES, "the number of welfare times", fault);
    if (!err)
        err = read_numbers(message->joint_weight, message->n_joint_weight, rules->joint_weight,
                           SGP_PRIORITIES, "the number of weights", fault);
    if (!err)
        err = read_numbers(message->alike_reach_m, message->n_alike_reach_m, rules->alike_reach_m,
                           SGP_VAGUENESSES, "the number of reaches of places", fault);
    return err;
}

sgp_err sgp_read_kinds(const Sigap__V1__UnitKind *kinds, size_t n, uint32_t *bits,
                       sgp_fault *fault) {
    for (size_t i = 0; i < n; i++) {
        sgp_err err = sgp_read_number(kinds[i], 1, SGP_UNIT_KINDS - 1, "the kind of unit", fault);
        if (err)
            return err;
        *bits |= 1u << kinds[i];
    }
    return SGP_OK;
}

sgp_err sgp_read_backup(const Sigap__V1__Backup *message, sgp_backup *backup, sgp_fault *fault) {
    if (!message)
        return sgp_fail(fault, SGP_E_ARGUMENT, "the kinds of unit that are asked for are missing");
    *backup = (sgp_backup){.skills = message->skills};
    return sgp_read_kinds(message->kinds, message->n_kinds, &backup->kinds, fault);
}

sgp_err sgp_read_reinforcements(const Sigap__V1__Incident *message, sgp_incident *incident,
                                sgp_fault *fault) {
    incident->diverted = message->diverted;
    incident->aid_asked = message->aid_asked;
    incident->mass_casualty = message->mass_casualty;
    incident->patients = message->patients;
    incident->seats_dropped = message->seats_dropped;
    incident->seats_dropped_of = message->seats_dropped_of;
    sgp_err err =
        sgp_read_number(message->patients, 0, SGP_PATIENTS_MAX, "the number of patients", fault);
    if (!err)
        err = sgp_read_number((int64_t)message->n_backup, 0, SGP_BACKUP_MAX,
                              "the number of seats asked for", fault);
    for (size_t i = 0; i < message->n_backup && !err; i++) {
        sgp_backup *backup = &incident->backup[incident->n_backup++];
        err = sgp_read_backup(message->backup[i], backup, fault);
        if (!err && backup->kinds == 0)
            err = sgp_fail(fault, SGP_E_CORRUPT, "a seat was asked for that nobody fits");
    }
    incident->has_staging = message->staging != NULL;
    if (!err && message->staging)
        err = sgp_place_from_proto(message->staging, &incident->staging, fault);
    return err;
}

sgp_err sgp_read_ownership(const Sigap__V1__Unit *message, sgp_unit *unit, sgp_fault *fault) {
    unit->lending = (sgp_lending)message->lending;
    unit->serves = message->serves;
    sgp_err err =
        sgp_read_number(message->lending, 0, SGP_LENDINGS - 1, "how the unit is lent", fault);
    if (!err)
        err = sgp_read_number(message->serves, 0, SGP_SERVES_ALL, "the priorities that it serves",
                              fault);
    return err ? err
               : sgp_read_text(message->district, unit->district, sizeof unit->district,
                               "the unit's district", fault);
}
