/* Settling: what follows from the changes of a step, once and in a written order.
 *
 * First whatever noted attention or wants an order, most urgent first; an incident
 * that loses a unit to a more urgent one comes to its turn after that one. Then
 * fresh recommendations for what waits for a dispatcher, while units are left.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/agencies.h"
#include "core/edition.h"
#include "core/effects.h"
#include "core/gates.h"
#include "core/joint.h"
#include "core/mechanics.h"
#include "core/policy.h"
#include "core/shortfalls.h"

/* ---- recommending and ordering -------------------------------------------- */

sgp_err sgp_recommendation_publish(sgp_step *step, sgp_incident_node *incident,
                                   const sgp_recommendation *recommendation) {
    sgp_effect *effect = sgp_effects_add(step->effects, SGP_EFFECT_RECOMMENDED);
    if (!effect) {
        free(recommendation->candidates);
        return SGP_E_MEMORY;
    }
    effect->u.recommended = *recommendation;
    sgp_shortfalls_find(step->world, incident, &effect->u.recommended);
    effect->u.recommended.id = step->world->next_recommendation++;
    incident->view.last_recommendation = effect->u.recommended.id;
    incident->recommended = step->world->step;
    if (incident->view.id == step->reply.incident)
        step->reply.recommendation = effect->u.recommended.id;
    return sgp_touch_incident(step, incident);
}

bool sgp_incident_is_automatic(const sgp_world *world, const sgp_incident_node *incident) {
    return incident->view.place_confirmed && !incident->by_hand &&
           world->clocks.order_without_click[incident->view.priority];
}

static bool wants_order(const sgp_world *world, const sgp_incident_node *incident) {
    sgp_need need;
    return incident->view.state != SGP_INCIDENT_CLOSED && incident->view.place_confirmed &&
           (incident->wish || sgp_incident_is_automatic(world, incident)) &&
           sgp_incident_needs(world, incident, &need, 1) > 0;
}

void sgp_wish_settle(const sgp_world *world, sgp_incident_node *incident) {
    sgp_need need;
    bool several = incident->view.n_backup > 0 || incident->view.diverted > 0;
    incident->wish = incident->wish && several && sgp_incident_needs(world, incident, &need, 1) > 0;
}

int32_t sgp_free_to_treat(const sgp_world *world) {
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
           sgp_incident_open(world, incident) + sgp_incident_served(world, incident) > 0 &&
           sgp_free_to_treat(world) <= world->clocks.rules.mass_reserve;
}

sgp_err sgp_candidate_order(sgp_step *step, sgp_incident_node *incident,
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

static bool recommends_somebody(const sgp_recommendation *recommendation) {
    for (uint32_t seat = 1; seat <= SGP_NEEDS_MAX; seat++)
        if (sgp_recommended_for(recommendation, seat))
            return true;
    return false;
}

/* Recommends, and orders from the recommendation while the incident wants it. Where `orders_only`
 * says so, a recommendation of nobody is not told. */
static sgp_err attend(sgp_step *step, sgp_incident_node *incident, bool may_order, bool orders_only,
                      bool *ordered) {
    sgp_world *world = step->world;
    sgp_recommendation recommendation;
    *ordered = false;
    sgp_err err =
        sgp_policy_recommend(world, incident, step->event->at_ms, step->times, &recommendation);
    if (!err && orders_only && !recommends_somebody(&recommendation)) {
        free(recommendation.candidates);
        return SGP_OK;
    }
    if (!err)
        err = sgp_recommendation_publish(step, incident, &recommendation);
    for (uint32_t seat = 1; seat <= SGP_NEEDS_MAX && !err && may_order; seat++) {
        if (!wants_order(world, incident) || !sgp_incident_has_room(world, incident) ||
            must_leave_some(world, incident))
            break;
        const sgp_candidate *best = sgp_recommended_for(&recommendation, seat);
        if (!best)
            continue;
        err = sgp_candidate_order(step, incident, best);
        *ordered = true;
    }
    if (*ordered)
        sgp_wish_settle(world, incident);
    return err;
}

/* An incident to look at: because it noted attention, or because it waits. */
typedef struct waiting_incident {
    sgp_incident_node *incident;
    bool noted, may_order;
    bool done; /* took part in a joint solution */
} waiting_incident;

int sgp_incident_compare(const sgp_incident_node *left, const sgp_incident_node *right) {
    const sgp_incident *a = &left->view, *b = &right->view;
    if (a->priority != b->priority)
        return a->priority < b->priority ? -1 : 1;
    if (a->suspect != b->suspect)
        return b->suspect ? -1 : 1;
    if (a->opened_at_ms != b->opened_at_ms)
        return a->opened_at_ms < b->opened_at_ms ? -1 : 1;
    return a->id < b->id ? -1 : a->id > b->id;
}

static int by_urgency(const void *left, const void *right) {
    return sgp_incident_compare(((const waiting_incident *)left)->incident,
                                ((const waiting_incident *)right)->incident);
}

/* What was freed and ordered again in this step is no news. */
static bool is_still_available(const sgp_world *world, uint32_t index) {
    const sgp_unit_node *unit = &world->units[index];
    return unit->view.on_duty &&
           (!unit->view.assignment || (sgp_edition_holds(world, 1) && unit->on &&
                                       unit->on->view.state == SGP_ASSIGNMENT_HANDED_OVER));
}

static bool some_freed_unit_can_go(const sgp_step *step, const sgp_incident_node *incident) {
    const sgp_world *world = step->world;
    sgp_gate gate;
    sgp_gate_open(&gate, world, incident, step->event->at_ms);
    for (size_t i = step->offered; i < world->n_freed; i++) {
        const sgp_unit *unit = &world->units[world->freed[i]].view;
        if (is_still_available(world, unit->index) &&
            sgp_gate_check(&gate, unit) == SGP_EXCLUDED_NOT)
            return true;
    }
    return false;
}

static bool some_freed_unit_is_free(const sgp_world *world, size_t offered) {
    for (size_t i = offered; i < world->n_freed; i++)
        if (is_still_available(world, world->freed[i]))
            return true;
    return false;
}

static const sgp_attention *attention_of(const sgp_world *world, sgp_id incident) {
    for (size_t i = 0; i < world->n_attention; i++)
        if (world->attention[i].incident == incident)
            return &world->attention[i];
    return NULL;
}

static bool is_joint(const sgp_world *world, const sgp_incident_node *incident) {
    return sgp_policy_rules_of(sgp_policy_for(world, incident))->jointly;
}

typedef struct waiting_list {
    waiting_incident *items;
    size_t n, capacity;
    int fresh;   /* recommendations that ordered nobody, of incidents that noted nothing */
    bool solved; /* jointly, so that every order that may move was looked at */
} waiting_list;

/* The incidents to look at, most urgent first. Those that only wait are looked
 * at when a unit became available that could take them. */
static sgp_err list_waiting(sgp_step *step, waiting_list *list) {
    sgp_world *world = step->world;
    bool freed = some_freed_unit_is_free(world, 0);
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
            (waiting_incident){incident, noted != NULL, !noted || noted->may_order, false};
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
                                   true, true, false};
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

/* Joint solving of what is asked for; those that lost a unit by it come to their turn again. */
static sgp_err solve_jointly(sgp_step *step, waiting_list *list, size_t at, sgp_joint_asker *askers,
                             size_t n) {
    sgp_world *world = step->world;
    size_t n_attention = world->n_attention;
    list->solved = true;
    sgp_err err = sgp_joint_serve(step, askers, n);
    for (size_t i = n_attention; i < world->n_attention && !err; i++)
        sgp_world_find_incident(world, world->attention[i].incident)->recommended = 0;
    return err ? err : add_robbed(step, list, at, n_attention);
}

static bool is_settled(const sgp_step *step, const waiting_incident *item) {
    return item->done || item->incident->recommended == step->world->step ||
           item->incident->view.state == SGP_INCIDENT_CLOSED;
}

/* The incidents from `first` on that are solved together: all whose policy is joint, up to the
 * first one with another policy that gets an order before them. */
static sgp_err serve_jointly(sgp_step *step, waiting_list *list, size_t first) {
    sgp_joint_asker askers[SGP_JOINT_INCIDENTS_MAX];
    size_t n = 0;
    for (size_t i = first; i < list->n && n < SGP_JOINT_INCIDENTS_MAX; i++) {
        waiting_incident *item = &list->items[i];
        if (is_settled(step, item) || !item->may_order || !wants_order(step->world, item->incident))
            continue;
        if (!is_joint(step->world, item->incident))
            break;
        item->done = true;
        if (item->noted || some_freed_unit_can_go(step, item->incident))
            askers[n++] = (sgp_joint_asker){item->incident, item->noted, false};
    }
    sgp_err err = n ? solve_jointly(step, list, first, askers, n) : SGP_OK;
    for (size_t i = 0; i < n && !err; i++)
        for (size_t k = first; askers[i].left_out && k < list->n; k++)
            if (list->items[k].incident == askers[i].incident)
                list->items[k].done = false;
    return err;
}

/* An incident that became more urgent, say, and has its unit. */
static bool some_joint_is_noted(const sgp_step *step, const waiting_list *list) {
    for (size_t i = 0; i < list->n; i++)
        if (list->items[i].noted && list->items[i].may_order &&
            is_joint(step->world, list->items[i].incident))
            return true;
    return false;
}

/* A unit that became free may relieve another that has not answered yet, and what counts more now
 * may exchange with what counts less. At the end of the list, so `at` is what stands before that:
 * SIZE_MAX + 1 = 0 where it is empty. */
static sgp_err relieve(sgp_step *step, waiting_list *list) {
    if (list->solved || !sgp_joint_some_may_move(step) ||
        (!some_freed_unit_is_free(step->world, 0) && !some_joint_is_noted(step, list)))
        return SGP_OK;
    return solve_jointly(step, list, list->n - 1, NULL, 0);
}

/* Whoever noted attention or gets an order. */
static sgp_err serve(sgp_step *step, waiting_list *list) {
    enum { TRIES_MAX = 512 }; /* some tens of milliseconds at most */
    sgp_err err = SGP_OK;
    bool relieved = false;
    int tries = 0; /* that ordered nobody, of incidents that noted nothing */
    for (size_t i = 0; !err; i++) {
        if (i == list->n && !relieved) {
            relieved = true;
            err = relieve(step, list);
        }
        if (i >= list->n || err)
            break;
        sgp_incident_node *incident = list->items[i].incident;
        if (is_settled(step, &list->items[i]))
            continue;
        if (list->items[i].may_order && is_joint(step->world, incident) &&
            wants_order(step->world, incident)) {
            err = serve_jointly(step, list, i);
            continue;
        }
        bool noted = list->items[i].noted, ordered;
        if (!noted && (tries == TRIES_MAX || !wants_order(step->world, incident) ||
                       !some_freed_unit_can_go(step, incident)))
            continue;
        size_t n_attention = step->world->n_attention;
        /* Those that no freed unit can reach must not keep it from those who wait behind them. */
        bool is_crowded = !noted && list->fresh >= SGP_FRESH_RECOMMENDATIONS_MAX;
        err = attend(step, incident, list->items[i].may_order, is_crowded, &ordered);
        list->fresh += !noted && !ordered && !is_crowded;
        tries += !noted && !ordered;
        if (!err)
            err = add_robbed(step, list, i, n_attention);
    }
    return err;
}

/* Who wants an order and could have one of the units that are free only since it was looked at. */
static sgp_err list_late(sgp_step *step, waiting_list *list) {
    sgp_world *world = step->world;
    for (size_t i = 0; i < world->open_incidents; i++) {
        sgp_incident_node *incident = world->open[i];
        const sgp_attention *noted = attention_of(world, incident->view.id);
        if ((noted && !noted->may_order) || !incident->view.has_place ||
            !wants_order(world, incident) || !some_freed_unit_can_go(step, incident))
            continue;
        sgp_err err = SGP_ROOM(list->items, list->n, list->capacity);
        if (err)
            return err;
        incident->recommended = 0;
        list->items[list->n++] = (waiting_incident){incident, false, true, false};
    }
    if (list->n > 1)
        qsort(list->items, list->n, sizeof *list->items, by_urgency);
    return SGP_OK;
}

/* Serving frees units too: joint solving relieves them. Whoever was looked at before that, or has
 * another policy, is looked at again, until nobody is freed any more. (Before edition 2 they waited
 * for the next unit that became free.) Each round needs an order of before this step that ended. */
static sgp_err serve_late(sgp_step *step, size_t offered) {
    sgp_world *world = step->world;
    sgp_err err = SGP_OK;
    while (!err && sgp_edition_holds(world, 2) && some_freed_unit_is_free(world, offered)) {
        waiting_list list = {.fresh = SGP_FRESH_RECOMMENDATIONS_MAX, .solved = true};
        step->offered = offered;
        offered = world->n_freed;
        err = list_late(step, &list);
        if (!err)
            err = serve(step, &list);
        free(list.items);
    }
    step->offered = 0;
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
        err = attend(step, incident, false, false, &ordered);
        list->fresh++;
    }
    return err;
}

/* Agencies of the plan hear of what changed, whether or not anybody is to be sent. */
static sgp_err alert_agencies(sgp_step *step) {
    sgp_err err = SGP_OK;
    for (size_t i = 0; step->world->plan && i < step->world->n_changed && !err; i++)
        if (step->world->changed[i].thing == SGP_THING_INCIDENT)
            err = sgp_agencies_follow_plan(
                step, sgp_world_find_incident(step->world, step->world->changed[i].id));
    return err;
}

sgp_err sgp_settle_step(sgp_step *step) {
    sgp_err alerted = alert_agencies(step);
    if (alerted)
        return alerted;
    if (step->world->n_attention == 0 && step->world->n_freed == 0)
        return SGP_OK;
    waiting_list list = {0};
    size_t n_freed = step->world->n_freed;
    sgp_err err = list_waiting(step, &list);
    if (!err)
        err = serve(step, &list);
    if (!err)
        err = serve_late(step, n_freed);
    if (!err)
        err = inform(step, &list);
    free(list.items);
    return err;
}
