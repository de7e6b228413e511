#include "core/hospitals.h"

#include <stdio.h>
#include <string.h>

#include "core/edition.h"
#include "core/effects.h"
#include "core/fleet.h"
#include "core/hospital_choice.h"

/* ---- beds ------------------------------------------------------------------ */

bool sgp_world_beds_are_stale(const sgp_world *world, uint32_t hospital) {
    const sgp_hospital_told *told = &world->hospitals[hospital].view.told;
    int32_t stale_ms = world->clocks.rules.beds_stale_ms;
    return told->has_beds && stale_ms > 0 && world->now_ms - told->beds_at_ms > stale_ms;
}

/* What the count starts from; -1 = nobody ever told. */
static int32_t counted(const sgp_hospital *hospital) {
    return hospital->told.has_beds ? hospital->told.beds : hospital->beds ? hospital->beds : -1;
}

int32_t sgp_world_free_beds(const sgp_world *world, uint32_t hospital) {
    const sgp_hospital *view = &world->hospitals[hospital].view;
    int32_t count = counted(view);
    if (count < 0 || sgp_world_beds_are_stale(world, hospital))
        return -1;
    return count > (int32_t)view->n_taken ? count - (int32_t)view->n_taken : 0;
}

static void forget_oldest(sgp_hospital_node *hospital, uint32_t n) {
    if (n == 0)
        return;
    hospital->view.n_taken -= n;
    memmove(hospital->taken_at_ms, hospital->taken_at_ms + n,
            hospital->view.n_taken * sizeof *hospital->taken_at_ms);
}

/* After how long its oldest bed counts as free again without a word from anybody; 0 = never. Who
 * tells its own count knows better than any usual stay. */
static int32_t stay_ms(const sgp_world *world, const sgp_hospital *hospital) {
    bool own_word = hospital->told.has_beds && sgp_edition_holds(world, 2);
    return own_word ? 0 : world->clocks.rules.bed_stay_ms;
}

static sgp_err take_bed(sgp_step *step, sgp_hospital_node *hospital) {
    if (counted(&hospital->view) < 0)
        return SGP_OK;
    if (hospital->view.n_taken == SGP_BEDS_TAKEN_MAX) {
        forget_oldest(hospital, 1);
        if (hospital->view.told.beds > 0 && sgp_edition_holds(step->world, 2))
            hospital->view.told.beds--; /* it is taken all the same */
    }
    sgp_err err =
        SGP_ROOM_U32(hospital->taken_at_ms, hospital->view.n_taken, hospital->taken_capacity);
    if (err)
        return err;
    hospital->taken_at_ms[hospital->view.n_taken++] = step->event->at_ms;
    return sgp_touch_hospital(step, hospital);
}

/* Who has been there longest leaves first; a bed beyond those was somebody else's, and there are
 * never more free than there are. */
static void release(sgp_hospital_node *hospital, uint32_t n) {
    sgp_hospital *view = &hospital->view;
    uint32_t ours = n < view->n_taken ? n : view->n_taken;
    forget_oldest(hospital, ours);
    if (view->told.has_beds) {
        int32_t most = view->beds > view->told.beds ? view->beds : view->told.beds;
        int32_t others = (int32_t)(n - ours);
        view->told.beds = most - view->told.beds < others ? most : view->told.beds + others;
    }
}

/* ---- what is told ------------------------------------------------------------ */

sgp_err sgp_hospital_registered(sgp_step *step) {
    return sgp_hospital_take_entry(step, &step->event->u.hospital_registered.hospital, false);
}

sgp_err sgp_hospital_take_entry(sgp_step *step, const sgp_hospital *told, bool by_hand) {
    sgp_world *world = step->world;
    sgp_hospital_node *hospital = sgp_world_find_hospital(world, told->code);
    if (!hospital && world->n_hospitals == SGP_HOSPITALS_MAX)
        return sgp_fail(&step->fault, SGP_E_FULL, "there are already %d hospitals",
                        SGP_HOSPITALS_MAX);
    bool is_new = !hospital;
    if (is_new && !(hospital = sgp_world_add_hospital(world, told->code)))
        return SGP_E_MEMORY;
    sgp_hospital *known = &hospital->view;
    if (!is_new && !by_hand && strcmp(known->name, told->name) == 0 && known->beds == told->beds &&
        known->abilities == told->abilities && sgp_point_equal(known->point, told->point))
        return SGP_OK;
    sgp_entry_stamp(step, by_hand, &known->entry);
    snprintf(known->name, sizeof known->name, "%s", told->name);
    known->point = told->point;
    known->beds = told->beds;
    known->abilities = told->abilities;
    return sgp_touch_hospital(step, hospital);
}

/* Crews who are on their way to it hear what else there is; nobody is turned round without a
 * person. By unit index. */
static sgp_err tell_who_is_coming(sgp_step *step, int32_t hospital) {
    sgp_world *world = step->world;
    sgp_err err = SGP_OK;
    for (uint32_t i = 0; i < world->n_units && !err; i++) {
        sgp_assignment_node *on = world->units[i].on;
        if (!on || sgp_assignment_destination(&on->view) != hospital ||
            on->view.state > SGP_ASSIGNMENT_TRANSPORTING)
            continue;
        err = sgp_hospital_tell_advice(step, on);
    }
    return err;
}

static sgp_err changed_meanwhile(sgp_step *step, const sgp_hospital *hospital) {
    uint64_t version = step->event->u.hospital_told.version;
    if (!version || version == hospital->version)
        return SGP_OK;
    return sgp_fail(&step->fault, SGP_E_STATE,
                    "%s was changed meanwhile (version %llu, not %llu); look at it again",
                    hospital->code, (unsigned long long)hospital->version,
                    (unsigned long long)version);
}

sgp_err sgp_hospital_was_told(sgp_step *step) {
    const sgp_event *event = step->event;
    sgp_world *world = step->world;
    sgp_hospital_node *hospital = sgp_world_find_hospital(world, event->u.hospital_told.hospital);
    if (!hospital)
        return sgp_fail(&step->fault, SGP_E_NOT_FOUND, "no hospital is called %s",
                        event->u.hospital_told.hospital);
    sgp_err err = changed_meanwhile(step, &hospital->view);
    int64_t until_ms = event->u.hospital_told.until_ms;
    if (!err && event->u.hospital_told.has_diversion && until_ms && until_ms <= event->at_ms)
        err = sgp_fail(&step->fault, SGP_E_RANGE, "the diversion would be over already");
    if (err)
        return err;
    sgp_hospital_told *told = &hospital->view.told;
    if (event->u.hospital_told.has_beds) {
        told->has_beds = true;
        told->beds = event->u.hospital_told.beds;
        told->beds_at_ms = event->at_ms;
        memcpy(told->beds_by, event->actor, sizeof told->beds_by);
        forget_oldest(hospital, hospital->view.n_taken);
    }
    release(hospital, (uint32_t)event->u.hospital_told.released);
    bool fewer = false;
    if (event->u.hospital_told.has_diversion) {
        sgp_diversion diversion = event->u.hospital_told.diversion;
        uint32_t diverts = diversion == SGP_DIVERSION_SOME ? event->u.hospital_told.diverts : 0;
        fewer = diversion > told->diversion || (diverts & ~told->diverts) != 0;
        if (diversion != told->diversion)
            told->since_ms = diversion ? event->at_ms : 0;
        told->diversion = diversion;
        told->diverts = diverts;
        told->until_ms = diversion ? until_ms : 0;
        snprintf(told->reason, sizeof told->reason, "%s", event->u.hospital_told.reason);
        memcpy(told->by, event->actor, sizeof told->by);
    }
    sgp_hospitals_find_due(world);
    err = sgp_touch_hospital(step, hospital);
    if (!err && fewer && world->clocks.rules.hospital_by_need)
        err = tell_who_is_coming(step, (int32_t)hospital->view.index);
    return err;
}

/* ---- handovers and waiting ----------------------------------------------------- */

static bool carries(sgp_assignment_state state) {
    return state == SGP_ASSIGNMENT_TRANSPORTING || state == SGP_ASSIGNMENT_AT_HOSPITAL;
}

sgp_err sgp_hospitals_follow(sgp_step *step, sgp_assignment_node *assignment,
                             sgp_assignment_state before) {
    sgp_world *world = step->world;
    const sgp_rules *rules = &world->clocks.rules;
    sgp_assignment *view = &assignment->view;
    bool waited = view->offload_due_ms != 0, took = false;
    sgp_err err = SGP_OK;
    view->offload_due_ms = 0;
    if (view->state == SGP_ASSIGNMENT_AT_HOSPITAL && rules->offload_ms > 0)
        view->offload_due_ms = step->event->at_ms + rules->offload_ms;
    if (rules->hospital_by_need && view->hospital >= 0 &&
        (view->state == SGP_ASSIGNMENT_HANDED_OVER ||
         (view->state == SGP_ASSIGNMENT_CLOSED && carries(before)))) {
        took = true;
        err = take_bed(step, &world->hospitals[view->hospital]);
    }
    if (waited || view->offload_due_ms || took)
        sgp_hospitals_find_due(world);
    return err;
}

/* ---- time --------------------------------------------------------------------- */

/* When its next bed counts as free, or its diversion is over. */
static int64_t due_ms(const sgp_world *world, const sgp_hospital_node *hospital) {
    const sgp_hospital_told *told = &hospital->view.told;
    int32_t stay = stay_ms(world, &hospital->view);
    int64_t due = told->diversion && told->until_ms ? told->until_ms : INT64_MAX;
    if (stay > 0 && hospital->view.n_taken && hospital->taken_at_ms[0] + stay < due)
        due = hospital->taken_at_ms[0] + stay;
    return due;
}

void sgp_hospitals_find_due(sgp_world *world) {
    int64_t first_ms = INT64_MAX;
    for (uint32_t i = 0; i < world->n_units; i++) {
        const sgp_assignment_node *on = world->units[i].on;
        if (on && on->view.offload_due_ms && on->view.offload_due_ms < first_ms)
            first_ms = on->view.offload_due_ms;
    }
    for (uint32_t i = 0; i < world->n_hospitals; i++) {
        int64_t due = due_ms(world, &world->hospitals[i]);
        if (due < first_ms)
            first_ms = due;
    }
    world->hospital_due_ms = first_ms;
}

static sgp_err raise_alarm(sgp_step *step, sgp_assignment_node *assignment) {
    int32_t again_ms = step->world->clocks.rules.offload_again_ms;
    assignment->view.offload_alarms++;
    assignment->view.offload_due_ms = again_ms > 0 ? step->event->at_ms + again_ms : 0;
    sgp_effect *effect = sgp_effects_add(step->effects, SGP_EFFECT_OFFLOAD);
    if (!effect)
        return SGP_E_MEMORY;
    effect->u.offload.assignment = assignment->view.id;
    return sgp_touch_assignment(step, assignment);
}

static sgp_err pass_time(sgp_step *step, sgp_hospital_node *hospital) {
    sgp_hospital *view = &hospital->view;
    int64_t now_ms = step->event->at_ms;
    int32_t stay = stay_ms(step->world, view);
    uint32_t n = 0;
    while (stay > 0 && n < view->n_taken && hospital->taken_at_ms[n] + stay <= now_ms)
        n++;
    forget_oldest(hospital, n);
    if (view->told.diversion && view->told.until_ms && view->told.until_ms <= now_ms) {
        view->told.diversion = SGP_DIVERSION_OPEN;
        view->told.diverts = 0;
        view->told.since_ms = view->told.until_ms = 0;
    }
    return sgp_touch_hospital(step, hospital);
}

sgp_err sgp_hospitals_timer(sgp_step *step) {
    sgp_world *world = step->world;
    sgp_err err = SGP_OK;
    if (world->hospital_due_ms > step->event->at_ms)
        return SGP_OK;
    for (uint32_t i = 0; i < world->n_units && !err; i++) {
        sgp_assignment_node *on = world->units[i].on;
        if (on && on->view.offload_due_ms && on->view.offload_due_ms <= step->event->at_ms)
            err = raise_alarm(step, on);
    }
    for (uint32_t i = 0; i < world->n_hospitals && !err; i++)
        if (due_ms(world, &world->hospitals[i]) <= step->event->at_ms)
            err = pass_time(step, &world->hospitals[i]);
    sgp_hospitals_find_due(world);
    return err;
}

/* ---- a hospital has seen ------------------------------------------------------ */

sgp_err sgp_inbound_seen(sgp_step *step) {
    const sgp_event *event = step->event;
    sgp_assignment_node *node = sgp_world_find_assignment(step->world, event->u.seen.assignment);
    const sgp_hospital_node *hospital =
        sgp_world_find_hospital(step->world, event->u.seen.hospital);
    if (!node || !hospital)
        return sgp_fail(&step->fault, SGP_E_NOT_FOUND, "there is no such assignment or hospital");
    step->reply.assignment = node->view.id;
    step->reply.incident = node->view.incident;
    if (!sgp_assignment_is_open(&node->view) ||
        sgp_assignment_destination(&node->view) != (int32_t)hospital->view.index)
        return sgp_fail(&step->fault, SGP_E_STATE,
                        "the patient of assignment %llu is not on the way to %s",
                        (unsigned long long)node->view.id, hospital->view.code);
    if (node->view.seen_by == 1 + hospital->view.index)
        return SGP_OK;
    node->view.seen_by = 1 + hospital->view.index;
    node->view.seen_at_ms = event->at_ms;
    return sgp_touch_assignment(step, node);
}
