/* Settling: what follows from the changes of a step, once and in a written order.
 *
 * First whatever noted attention or wants an order, most urgent first; an incident
 * that loses a unit to a more urgent one comes to its turn after that one. Then
 * fresh recommendations for what waits for a dispatcher, while units are left.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/effects.h"
#include "core/gates.h"
#include "core/mechanics.h"
#include "core/policy.h"

/* ---- recommending and ordering -------------------------------------------- */

sgp_err sgp_recommendation_publish(sgp_step *step, sgp_incident_node *incident,
                                   const sgp_recommendation *recommendation) {
    sgp_effect *effect = sgp_effects_add(step->effects, SGP_EFFECT_RECOMMENDED);
    if (!effect) {
        free(recommendation->candidates);
        return SGP_E_MEMORY;
    }
    effect->u.recommended = *recommendation;
    effect->u.recommended.id = step->world->next_recommendation++;
    incident->view.last_recommendation = effect->u.recommended.id;
    incident->recommended = step->world->step;
    if (incident->view.id == step->reply.incident)
        step->reply.recommendation = effect->u.recommended.id;
    return sgp_touch_incident(step, incident);
}

/* An incident that should get a unit now, without anybody's click. */
static bool wants_order(const sgp_world *world, const sgp_incident_node *incident) {
    if (incident->view.state == SGP_INCIDENT_CLOSED || !incident->view.place_confirmed)
        return false;
    bool automatic =
        world->clocks.order_without_click[incident->view.priority] && !incident->by_hand;
    sgp_need need;
    return (automatic || incident->wish) && sgp_incident_needs(world, incident, &need, 1) > 0;
}

/* Units that treat patients and are free. */
static int32_t free_to_treat(const sgp_world *world) {
    int32_t n = 0;
    for (uint32_t i = 0; i < world->n_units; i++) {
        const sgp_unit *unit = &world->units[i].view;
        n += unit->on_duty && !unit->assignment && sgp_kinds_that_treat >> unit->kind & 1u;
    }
    return n;
}

/* Where many are hurt at one place, others elsewhere still need somebody. */
static bool must_leave_some(const sgp_world *world, const sgp_incident_node *incident) {
    return incident->view.mass_casualty && world->clocks.rules.mass_reserve &&
           free_to_treat(world) <= world->clocks.rules.mass_reserve;
}

static sgp_err order_candidate(sgp_step *step, sgp_incident_node *incident,
                               const sgp_candidate *best) {
    sgp_world *world = step->world;
    sgp_assignment_node *assignment;
    /* A wish stands for one unit more each time, until enough are on it. */
    bool wish = incident->wish;
    sgp_err err = SGP_OK;
    if (best->from)
        err = sgp_unit_take(step, &world->units[best->unit], incident);
    if (!err)
        err = sgp_assignment_order(step, incident, best->unit, best->travel_ms, false, &assignment);
    if (err)
        return err;
    incident->wish = wish;
    if (incident->view.id == step->reply.incident && !step->reply.assignment)
        step->reply.assignment = assignment->view.id;
    return SGP_OK;
}

/* Recommends, and orders from the recommendation while the incident wants it. */
static sgp_err attend(sgp_step *step, sgp_incident_node *incident, bool may_order, bool *ordered) {
    sgp_world *world = step->world;
    sgp_recommendation recommendation;
    sgp_err err =
        sgp_policy_recommend(world, incident, step->event->at_ms, step->times, &recommendation);
    if (!err)
        err = sgp_recommendation_publish(step, incident, &recommendation);
    *ordered = false;
    for (uint32_t seat = 1; seat <= SGP_NEEDS_MAX && !err && may_order; seat++) {
        if (!wants_order(world, incident) || !sgp_incident_has_room(world, incident) ||
            must_leave_some(world, incident))
            break;
        const sgp_candidate *best = sgp_recommended_for(&recommendation, seat);
        if (!best)
            continue;
        err = order_candidate(step, incident, best);
        *ordered = true;
    }
    if (*ordered)
        incident->wish = false;
    return err;
}

/* An incident to look at: because it noted attention, or because it waits. */
typedef struct waiting_incident {
    sgp_incident_node *incident;
    bool noted, may_order;
} waiting_incident;

/* The order in which incidents are served: priority, then opening, then id. */
static int by_urgency(const void *left, const void *right) {
    const sgp_incident *a = &((const waiting_incident *)left)->incident->view;
    const sgp_incident *b = &((const waiting_incident *)right)->incident->view;
    if (a->priority != b->priority)
        return a->priority < b->priority ? -1 : 1;
    if (a->opened_at_ms != b->opened_at_ms)
        return a->opened_at_ms < b->opened_at_ms ? -1 : 1;
    return a->id < b->id ? -1 : a->id > b->id;
}

static bool some_freed_unit_can_go(const sgp_step *step, const sgp_incident_node *incident) {
    const sgp_world *world = step->world;
    sgp_gate gate;
    sgp_gate_open(&gate, world, incident, step->event->at_ms);
    for (size_t i = 0; i < world->n_freed; i++) {
        const sgp_unit *unit = &world->units[world->freed[i]].view;
        /* What was freed and ordered again in this step is no news. */
        if (!unit->assignment && sgp_gate_check(&gate, unit) == SGP_EXCLUDED_NOT)
            return true;
    }
    return false;
}

static bool some_freed_unit_is_free(const sgp_world *world) {
    for (size_t i = 0; i < world->n_freed; i++) {
        const sgp_unit *unit = &world->units[world->freed[i]].view;
        if (unit->on_duty && !unit->assignment)
            return true;
    }
    return false;
}

static const sgp_attention *attention_of(const sgp_world *world, sgp_id incident) {
    for (size_t i = 0; i < world->n_attention; i++)
        if (world->attention[i].incident == incident)
            return &world->attention[i];
    return NULL;
}

typedef struct waiting_list {
    waiting_incident *items;
    size_t n, capacity;
    int fresh; /* recommendations that ordered nobody, of incidents that noted nothing */
} waiting_list;

/* The incidents to look at, most urgent first. Those that only wait are looked
 * at when a unit became available that could take them. */
static sgp_err list_waiting(sgp_step *step, waiting_list *list) {
    sgp_world *world = step->world;
    bool freed = some_freed_unit_is_free(world);
    for (size_t i = 0; i < world->open_incidents; i++) {
        sgp_incident_node *incident = world->open[i];
        if (!incident->view.has_place)
            continue;
        const sgp_attention *noted = attention_of(world, incident->view.id);
        if (!noted && !(freed && (incident->view.state == SGP_INCIDENT_WAITING ||
                                  wants_order(world, incident))))
            continue;
        sgp_err err = SGP_ROOM(list->items, list->n, list->capacity);
        if (err)
            return err;
        list->items[list->n++] =
            (waiting_incident){incident, noted != NULL, !noted || noted->may_order};
    }
    if (list->n > 1)
        qsort(list->items, list->n, sizeof *list->items, by_urgency);
    return SGP_OK;
}

/* Those that lost a unit while another was attended to: each comes to its turn among the ones
 * after `at`, being less urgent than that one. */
static sgp_err add_robbed(sgp_step *step, waiting_list *list, size_t at, size_t first_robbed) {
    sgp_world *world = step->world;
    for (size_t i = first_robbed; i < world->n_attention; i++) {
        waiting_incident robbed = {sgp_world_find_incident(world, world->attention[i].incident),
                                   true, true};
        size_t to = at + 1;
        while (to < list->n && by_urgency(&list->items[to], &robbed) < 0)
            to++;
        if (to < list->n && list->items[to].incident == robbed.incident) {
            list->items[to] = robbed;
            continue;
        }
        sgp_err err = SGP_ROOM(list->items, list->n, list->capacity);
        if (err)
            return err;
        memmove(list->items + to + 1, list->items + to, (list->n - to) * sizeof *list->items);
        list->items[to] = robbed;
        list->n++;
    }
    return SGP_OK;
}

/* Whoever noted attention or gets an order. */
static sgp_err serve(sgp_step *step, waiting_list *list) {
    sgp_err err = SGP_OK;
    for (size_t i = 0; i < list->n && !err; i++) {
        sgp_incident_node *incident = list->items[i].incident;
        if (incident->recommended == step->world->step ||
            incident->view.state == SGP_INCIDENT_CLOSED)
            continue;
        bool noted = list->items[i].noted, ordered;
        if (!noted &&
            (list->fresh == SGP_FRESH_RECOMMENDATIONS_MAX || !wants_order(step->world, incident) ||
             !some_freed_unit_can_go(step, incident)))
            continue;
        size_t n_attention = step->world->n_attention;
        err = attend(step, incident, list->items[i].may_order, &ordered);
        list->fresh += !noted && !ordered;
        if (!err)
            err = add_robbed(step, list, i, n_attention);
    }
    return err;
}

/* Fresh recommendations that order nobody, for a dispatcher. */
static sgp_err inform(sgp_step *step, waiting_list *list) {
    sgp_err err = SGP_OK;
    for (size_t i = 0; i < list->n && !err && list->fresh < SGP_FRESH_RECOMMENDATIONS_MAX; i++) {
        sgp_incident_node *incident = list->items[i].incident;
        if (incident->recommended == step->world->step ||
            incident->view.state == SGP_INCIDENT_CLOSED || wants_order(step->world, incident) ||
            !some_freed_unit_can_go(step, incident))
            continue;
        bool ordered;
        err = attend(step, incident, false, &ordered);
        list->fresh++;
    }
    return err;
}

sgp_err sgp_settle_step(sgp_step *step) {
    if (step->world->n_attention == 0 && step->world->n_freed == 0)
        return SGP_OK;
    waiting_list list = {0};
    sgp_err err = list_waiting(step, &list);
    if (!err)
        err = serve(step, &list);
    if (!err)
        err = inform(step, &list);
    free(list.items);
    return err;
}
