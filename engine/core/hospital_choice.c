#include "core/hospital_choice.h"

#include <stdlib.h>
#include <string.h>

#include "core/effects.h"
#include "core/place.h"
#include "core/policy.h"

/* Where nobody told of beds, so many patients of one large incident are taken for granted. */
enum { BEDS_UNTOLD = 2 };

int32_t sgp_assignment_destination(const sgp_assignment *assignment) {
    if (!sgp_assignment_is_open(assignment) || assignment->state == SGP_ASSIGNMENT_HANDED_OVER)
        return -1;
    if (assignment->hospital >= 0)
        return assignment->hospital;
    return assignment->state == SGP_ASSIGNMENT_ON_SCENE ? assignment->proposed : -1;
}

/* Of a transfer: who asks hears of no other. -1 = none. */
static int32_t fixed_for(const sgp_world *world, const sgp_assignment *assignment) {
    return (int32_t)sgp_world_find_incident(world, assignment->incident)->view.destination - 1;
}

/* ---- questions --------------------------------------------------------------- */

static sgp_start start_of(const sgp_world *world, const sgp_assignment *assignment) {
    const sgp_unit *unit = &world->units[assignment->unit].view;
    const sgp_incident *incident = &sgp_world_find_incident(world, assignment->incident)->view;
    bool unit_is_known =
        unit->has_position && unit->position_at_ms >= assignment->at_ms[SGP_ASSIGNMENT_ORDERED];
    sgp_start from = sgp_policy_start(unit, incident->priority);
    from.point = unit_is_known || !incident->has_place ? unit->position : incident->place.point;
    return from;
}

/* Of an oracle that does not answer, nobody can be reached. ms[n_hospitals] */
static sgp_err ask_times(const sgp_step *step, const sgp_start *from, int64_t *ms) {
    const sgp_world *world = step->world;
    uint32_t n = world->n_hospitals;
    sgp_point *to = calloc(n, sizeof *to);
    if (!to)
        return SGP_E_MEMORY;
    for (uint32_t i = 0; i < n; i++)
        to[i] = world->hospitals[i].view.point;
    sgp_err err = step->times->one_to_many(step->times->ctx, from, to, n, ms);
    free(to);
    if (err == SGP_E_MEMORY || err == SGP_E_CORRUPT)
        return err;
    for (uint32_t i = 0; err && i < n; i++)
        ms[i] = -1;
    return SGP_OK;
}

/* ---- the nearest ------------------------------------------------------------- */

/* How many patients are on their way to each hospital, or wait there. */
static void count_inbound(const sgp_world *world, int32_t *inbound) {
    for (uint32_t i = 0; i < world->n_units; i++) {
        sgp_id id = world->units[i].view.assignment;
        if (!id)
            continue;
        const sgp_assignment *on = &sgp_world_find_assignment(world, id)->view;
        if ((on->state == SGP_ASSIGNMENT_TRANSPORTING || on->state == SGP_ASSIGNMENT_AT_HOSPITAL) &&
            on->hospital >= 0)
            inbound[on->hospital]++;
    }
}

static bool has_bed(const sgp_world *world, const int32_t *inbound, uint32_t hospital) {
    int32_t beds = world->hospitals[hospital].view.beds;
    return inbound[hospital] < (beds ? beds : BEDS_UNTOLD);
}

/* inbound == NULL: beds do not matter. */
static int32_t nearest(const sgp_world *world, const int64_t *ms, const int32_t *inbound) {
    int32_t best = -1;
    for (uint32_t i = 0; i < world->n_hospitals; i++)
        if (ms[i] >= 0 && (best < 0 || ms[i] < ms[best]) &&
            (!inbound || has_bed(world, inbound, i)))
            best = (int32_t)i;
    return best;
}

static int32_t choose(const sgp_world *world, const sgp_assignment *assignment, const int64_t *ms,
                      int32_t *inbound) {
    int32_t best = -1;
    if (sgp_world_find_incident(world, assignment->incident)->view.mass_casualty) {
        count_inbound(world, inbound);
        best = nearest(world, ms, inbound);
    }
    return best < 0 ? nearest(world, ms, NULL) : best;
}

sgp_err sgp_hospital_nearest(sgp_step *step, const sgp_assignment *assignment, int32_t *hospital) {
    sgp_world *world = step->world;
    *hospital = -1;
    uint32_t n = world->n_hospitals;
    if (n == 0)
        return SGP_OK;
    sgp_start from = start_of(world, assignment);
    int64_t *ms = malloc(n * sizeof *ms);
    int32_t *inbound = calloc(n, sizeof *inbound);
    sgp_err err = ms && inbound ? ask_times(step, &from, ms) : SGP_E_MEMORY;
    if (!err)
        *hospital = choose(world, assignment, ms, inbound);
    free(ms);
    free(inbound);
    return err;
}

/* ---- by need ----------------------------------------------------------------- */

static void find_needs(const sgp_world *world, const sgp_assignment *assignment,
                       sgp_hospital_advice *advice) {
    const sgp_incident *incident = &sgp_world_find_incident(world, assignment->incident)->view;
    const sgp_complaint *complaint = sgp_plan_complaint(world->plan, incident->complaint);
    advice->by_crew = assignment->needs_told;
    advice->colour = assignment->colour;
    advice->needs = assignment->needs;
    if (assignment->needs_told || !complaint)
        return;
    bool light = assignment->colour == SGP_COLOUR_GREEN || assignment->colour == SGP_COLOUR_BLACK;
    advice->needs = light ? 0 : complaint->needs;
    advice->wishes = light ? complaint->needs | complaint->wishes : complaint->wishes;
}

uint32_t sgp_world_needs(const sgp_world *world, const sgp_assignment *assignment) {
    sgp_hospital_advice advice = {.assignment = assignment->id};
    find_needs(world, assignment, &advice);
    return advice.needs;
}

/* Others whose patients are for each hospital. */
static void count_meant(const sgp_world *world, const sgp_assignment *but,
                        sgp_hospital_option *options) {
    for (uint32_t i = 0; i < world->n_units; i++) {
        const sgp_assignment_node *on = world->units[i].on;
        int32_t hospital =
            on && on->view.id != but->id ? sgp_assignment_destination(&on->view) : -1;
        if (hospital >= 0)
            options[hospital].inbound++;
    }
}

static bool is_full(const sgp_hospital_option *option, bool mass_casualty) {
    if (option->free_beds >= 0)
        return option->inbound >= option->free_beds;
    return mass_casualty && option->inbound >= BEDS_UNTOLD;
}

static void look_at(const sgp_world *world, const sgp_hospital_advice *advice, bool mass_casualty,
                    sgp_hospital_option *option) {
    const sgp_hospital *hospital = &world->hospitals[option->hospital].view;
    uint32_t can = hospital->abilities & ~hospital->told.diverts;
    option->lacks = advice->needs & ~can;
    option->wishes = advice->wishes & ~can;
    option->free_beds = sgp_world_free_beds(world, option->hospital);
    if (option->travel_ms >= 0)
        option->total_ms = option->travel_ms + (int64_t)__builtin_popcount(option->wishes) *
                                                   world->clocks.rules.hospital_wish_ms;
    sgp_unfit taken = hospital->told.diversion == SGP_DIVERSION_ALL ? SGP_UNFIT_DIVERTS
                      : is_full(option, mass_casualty)              ? SGP_UNFIT_FULL
                                                                    : SGP_UNFIT_NOT;
    option->unfit = option->travel_ms < 0                              ? SGP_UNFIT_UNREACHABLE
                    : hospital->told.diversion == SGP_DIVERSION_CLOSED ? SGP_UNFIT_CLOSED
                    : option->lacks                                    ? SGP_UNFIT_LACKS
                                                                       : taken;
    if (option->unfit == SGP_UNFIT_LACKS)
        option->besides = taken;
}

/* By (unfit, what is lacking and besides, total, index); `far` for those that cannot be reached. */
static bool stands_before(const sgp_hospital_option *a, const sgp_hospital_option *b,
                          const int64_t *far) {
    if (a->unfit != b->unfit)
        return a->unfit < b->unfit;
    int lacks_a = __builtin_popcount(a->lacks), lacks_b = __builtin_popcount(b->lacks);
    if (a->unfit == SGP_UNFIT_LACKS && lacks_a != lacks_b)
        return lacks_a < lacks_b;
    if (a->besides != b->besides)
        return a->besides < b->besides;
    int64_t cost_a = a->unfit == SGP_UNFIT_UNREACHABLE ? far[a->hospital] : a->total_ms;
    int64_t cost_b = b->unfit == SGP_UNFIT_UNREACHABLE ? far[b->hospital] : b->total_ms;
    return cost_a != cost_b ? cost_a < cost_b : a->hospital < b->hospital;
}

/* By insertion: there are few, and whole worlds of them only once for each patient. */
static void rank(sgp_hospital_option *options, uint32_t n, const int64_t *far) {
    for (uint32_t i = 1; i < n; i++) {
        sgp_hospital_option now = options[i];
        uint32_t at = i;
        while (at > 0 && stands_before(&now, &options[at - 1], far)) {
            options[at] = options[at - 1];
            at--;
        }
        options[at] = now;
    }
}

sgp_err sgp_hospital_advise(const sgp_step *step, const sgp_assignment *assignment,
                            sgp_hospital_advice *advice) {
    const sgp_world *world = step->world;
    uint32_t n = world->n_hospitals;
    *advice = (sgp_hospital_advice){.assignment = assignment->id,
                                    .incident = assignment->incident,
                                    .at_ms = step->event->at_ms,
                                    .chosen = assignment->hospital};
    find_needs(world, assignment, advice);
    if (n == 0)
        return SGP_OK;
    bool mass = sgp_world_find_incident(world, assignment->incident)->view.mass_casualty;
    sgp_start from = start_of(world, assignment);
    sgp_hospital_option *options = calloc(n, sizeof *options);
    int64_t *ms = malloc(n * sizeof *ms); /* later how far those are that no road leads to */
    sgp_err err = options && ms ? ask_times(step, &from, ms) : SGP_E_MEMORY;
    if (err) {
        free(options);
        free(ms);
        return err;
    }
    count_meant(world, assignment, options);
    for (uint32_t i = 0; i < n; i++) {
        options[i].hospital = i;
        options[i].travel_ms = ms[i] < 0 ? -1 : ms[i];
        options[i].total_ms = -1;
        look_at(world, advice, mass, &options[i]);
        ms[i] = ms[i] < 0 ? sgp_points_far(from.point, world->hospitals[i].view.point) : 0;
    }
    rank(options, n, ms);
    free(ms);
    advice->options = options;
    advice->n_options = n;
    return SGP_OK;
}

/* ---- telling and settling ------------------------------------------------------ */

sgp_err sgp_hospital_publish(sgp_step *step, sgp_assignment_node *assignment,
                             sgp_hospital_advice *advice) {
    sgp_assignment *view = &assignment->view;
    int32_t fixed = fixed_for(step->world, view);
    advice->chosen = view->hospital >= 0 ? view->hospital : fixed;
    int32_t best = fixed >= 0          ? fixed
                   : advice->n_options ? (int32_t)advice->options[0].hospital
                                       : -1;
    sgp_err err = view->proposed == best ? SGP_OK : sgp_touch_assignment(step, assignment);
    view->proposed = best;
    sgp_effect *effect = err ? NULL : sgp_effects_add(step->effects, SGP_EFFECT_HOSPITALS);
    if (!effect) {
        free(advice->options);
        return SGP_E_MEMORY;
    }
    effect->u.hospitals = *advice;
    return SGP_OK;
}

sgp_err sgp_hospital_tell_advice(sgp_step *step, sgp_assignment_node *assignment) {
    sgp_hospital_advice advice;
    sgp_err err = sgp_hospital_advise(step, &assignment->view, &advice);
    return err ? err : sgp_hospital_publish(step, assignment, &advice);
}

static sgp_err find_named(sgp_step *step, const char *code, int32_t *hospital) {
    const sgp_hospital_node *named = sgp_world_find_hospital(step->world, code);
    if (!named)
        return sgp_fail(&step->fault, SGP_E_NOT_FOUND, "no hospital is called %s", code);
    *hospital = (int32_t)named->view.index;
    return SGP_OK;
}

sgp_err sgp_hospital_settle(sgp_step *step, sgp_assignment_node *assignment,
                            sgp_assignment_state state, const char *named,
                            sgp_hospital_advice *advice, int32_t *hospital) {
    const sgp_rules *rules = &step->world->clocks.rules;
    const sgp_assignment *view = &assignment->view;
    *advice = (sgp_hospital_advice){.chosen = -1};
    *hospital = view->hospital;
    sgp_err err = named[0] ? find_named(step, named, hospital) : SGP_OK;
    uint32_t fixed = sgp_world_find_incident(step->world, view->incident)->view.destination;
    if (fixed && !named[0] && *hospital < 0 && state >= SGP_ASSIGNMENT_TRANSPORTING &&
        state <= SGP_ASSIGNMENT_HANDED_OVER) {
        *hospital = (int32_t)fixed - 1;
        return SGP_OK;
    }
    if (!err && state == SGP_ASSIGNMENT_TRANSPORTING && rules->hospital_by_need) {
        err = sgp_hospital_advise(step, view, advice);
        if (!err && *hospital < 0 && advice->n_options)
            *hospital = (int32_t)advice->options[0].hospital;
        return err;
    }
    /* A crew that is there says no more than that: it is the nearest. */
    bool there = rules->patients_first && *hospital < 0 &&
                 (state == SGP_ASSIGNMENT_AT_HOSPITAL || state == SGP_ASSIGNMENT_HANDED_OVER);
    if (!err && !named[0] && (state == SGP_ASSIGNMENT_TRANSPORTING || there))
        err = sgp_hospital_nearest(step, view, hospital);
    return err;
}

/* ---- events ------------------------------------------------------------------ */

/* `last`: up to which state it makes sense. */
static sgp_err need_patient(sgp_step *step, sgp_id id, sgp_assignment_state last,
                            sgp_assignment_node **assignment) {
    *assignment = sgp_world_find_assignment(step->world, id);
    if (!*assignment)
        return sgp_fail(&step->fault, SGP_E_NOT_FOUND, "there is no assignment %llu",
                        (unsigned long long)id);
    const sgp_assignment *view = &(*assignment)->view;
    if (view->state < SGP_ASSIGNMENT_ORDERED || view->state > last)
        return sgp_fail(&step->fault, SGP_E_STATE, "%s has no patient for a hospital: %s",
                        step->world->units[view->unit].view.code,
                        sgp_assignment_state_str(view->state));
    step->reply.assignment = id;
    step->reply.incident = view->incident;
    return SGP_OK;
}

sgp_err sgp_patient_told(sgp_step *step) {
    const sgp_event *event = step->event;
    sgp_assignment_node *assignment;
    sgp_err err =
        need_patient(step, event->u.patient.assignment, SGP_ASSIGNMENT_AT_HOSPITAL, &assignment);
    if (!err)
        err = sgp_touch_assignment(step, assignment);
    if (err)
        return err;
    if (event->u.patient.has_needs) {
        assignment->view.needs_told = true;
        assignment->view.needs = event->u.patient.needs;
    }
    if (event->u.patient.colour)
        assignment->view.colour = event->u.patient.colour;
    bool asks = assignment->view.state >= SGP_ASSIGNMENT_ON_SCENE &&
                assignment->view.state <= SGP_ASSIGNMENT_TRANSPORTING;
    return asks ? sgp_hospital_tell_advice(step, assignment) : SGP_OK;
}

sgp_err sgp_hospital_asked(sgp_step *step) {
    sgp_assignment_node *assignment;
    sgp_err err = need_patient(step, step->event->u.hospital_choice.assignment,
                               SGP_ASSIGNMENT_AT_HOSPITAL, &assignment);
    return err ? err : sgp_hospital_tell_advice(step, assignment);
}

sgp_err sgp_hospital_tell_destination(sgp_step *step, const sgp_assignment *assignment) {
    sgp_effect *effect = sgp_effects_add(step->effects, SGP_EFFECT_DESTINATION);
    if (!effect)
        return SGP_E_MEMORY;
    effect->u.destination.assignment = assignment->id;
    return SGP_OK;
}

sgp_err sgp_hospital_chosen(sgp_step *step) {
    sgp_assignment_node *assignment;
    int32_t hospital = -1;
    sgp_err err = need_patient(step, step->event->u.hospital_choice.assignment,
                               SGP_ASSIGNMENT_AT_HOSPITAL, &assignment);
    if (!err)
        err = find_named(step, step->event->u.hospital_choice.hospital, &hospital);
    if (!err)
        err = sgp_touch_assignment(step, assignment);
    if (err)
        return err;
    assignment->view.hospital = hospital;
    assignment->view.hospital_named = true;
    return sgp_hospital_tell_destination(step, &assignment->view);
}
