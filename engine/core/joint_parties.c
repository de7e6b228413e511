#include "core/joint_parts.h"

#include <stdlib.h>

#include "core/edition.h"
#include "core/policy.h"

/* ---- who takes part ------------------------------------------------------------ */

static bool is_joint(const sgp_world *world, const sgp_incident_node *incident) {
    return sgp_policy_rules_of(sgp_policy_for(world, incident))->jointly;
}

bool sgp_joint_may_move(const sgp_step *step, const sgp_assignment_node *order) {
    const sgp_world *world = step->world;
    if (order->view.state != SGP_ASSIGNMENT_ORDERED || order->view.by_dispatcher ||
        order->touched == world->step || !world->clocks.rules.joint_gain_ms)
        return false;
    const sgp_incident_node *incident = sgp_world_find_incident(world, order->view.incident);
    return incident->view.state != SGP_INCIDENT_CLOSED && is_joint(world, incident) &&
           sgp_incident_is_automatic(world, incident);
}

bool sgp_joint_some_may_move(const sgp_step *step) {
    for (size_t i = 0; i < step->world->n_orders; i++)
        if (sgp_joint_may_move(step, step->world->orders[i]))
            return true;
    return false;
}

static sgp_joint_party *add_party(sgp_joint *j, sgp_incident_node *incident) {
    for (size_t i = 0; i < j->n_parties; i++)
        if (j->parties[i].incident == incident)
            return &j->parties[i];
    sgp_joint_party *added = &j->parties[j->n_parties++];
    *added = (sgp_joint_party){.incident = incident};
    return added;
}

static int by_urgency(const void *left, const void *right) {
    return sgp_incident_compare(((const sgp_joint_party *)left)->incident,
                                ((const sgp_joint_party *)right)->incident);
}

/* The orders of a party that may move. Of them as many may leave it as its diversions allow. */
static void mark_orders(sgp_joint *j, sgp_joint_party *p, uint8_t how) {
    const sgp_incident *view = &p->incident->view;
    int64_t may_leave = (int64_t)j->world->clocks.rules.divert_times - view->diverted;
    p->n_held = 0;
    for (uint32_t i = 0; i < view->n_assignments; i++) {
        const sgp_assignment_node *order =
            sgp_world_find_assignment(j->world, view->assignments[i]);
        if (!sgp_joint_may_move(j->step, order))
            continue;
        j->moves[order->view.unit] =
            how == SGP_GATE_MOVES && p->n_held >= may_leave ? SGP_GATE_STAYS : how;
        p->n_held += how != SGP_GATE_FIXED;
    }
}

/* Of those that treat: patients of one place leave some units for others, but are not left
 * alone. */
static size_t most_seats(const sgp_joint *j, const sgp_joint_party *p) {
    if (!p->incident->view.mass_casualty)
        return SGP_NEEDS_MAX;
    int32_t spare = sgp_free_to_treat(j->world) - j->world->clocks.rules.mass_reserve;
    if (spare < 1 && sgp_incident_open(j->world, p->incident) == 0 &&
        sgp_incident_served(j->world, p->incident) == 0)
        spare = 1; /* but the first one goes */
    return p->n_held + (spare > 0 ? (size_t)spare : 0);
}

/* The seats of the party; none where its orders are more than its seats, which then stay. */
static void find_seats(sgp_joint *j, sgp_joint_party *p) {
    for (int round = 0; round < 2; round++) {
        mark_orders(j, p, round == 0 ? SGP_GATE_MOVES : SGP_GATE_FIXED);
        sgp_gate_open_jointly(&p->gate, j->world, p->incident, j->step->event->at_ms, j->moves);
        p->n_seats = p->gate.n_needs;
        if (p->n_seats >= p->n_held)
            break;
    }
    size_t most = most_seats(j, p), treat = 0;
    for (size_t i = 0; i < p->n_seats; i++)
        if ((p->gate.needs[i].kinds & sgp_kinds_that_treat) != 0 && treat++ == most)
            p->n_seats = i;
}

/* Everybody who may take part, most urgent first. */
static sgp_err list_parties(sgp_joint *j, const sgp_joint_asker *askers, size_t n) {
    const sgp_world *world = j->world;
    j->parties = malloc((n + world->n_orders + 1) * sizeof *j->parties);
    if (!j->parties)
        return SGP_E_MEMORY;
    for (size_t i = 0; i < n; i++) {
        sgp_joint_party *asking = add_party(j, askers[i].incident);
        asking->asks = true;
        asking->noted = askers[i].noted;
    }
    for (size_t i = 0; i < world->n_orders; i++)
        if (sgp_joint_may_move(j->step, world->orders[i]))
            add_party(j, sgp_world_find_incident(world, world->orders[i]->view.incident));
    if (j->n_parties > 1)
        qsort(j->parties, j->n_parties, sizeof *j->parties, by_urgency);
    return SGP_OK;
}

/* Takes a party in. False: there is no room for it, nor for who comes after it. */
static bool take_in(sgp_joint *j, sgp_joint_party *p, size_t *incidents, size_t *seats) {
    if (*incidents == SGP_JOINT_INCIDENTS_MAX)
        return false;
    find_seats(j, p);
    if (p->n_seats == 0 && !p->noted)
        return true;
    if (*seats + p->n_seats > SGP_JOINT_SEATS_MAX) {
        mark_orders(j, p, SGP_GATE_FIXED);
        return false;
    }
    *seats += p->n_seats;
    ++*incidents;
    p->takes_part = true;
    return true;
}

/* Who asks takes part before whoever has orders that might move, however urgent those are: the
 * most urgent asker always has room, so that in the end everybody has been looked at. (Before
 * edition 1 many urgent orders could keep an asker out for good.) */
static void choose_parties(sgp_joint *j) {
    bool askers_first = sgp_edition_holds(j->world, 1), room = true;
    size_t incidents = 0, seats = 0;
    for (int asks = askers_first; asks >= 0; asks--)
        for (size_t i = 0; i < j->n_parties && room; i++)
            if (!askers_first || j->parties[i].asks == (asks == 1))
                room = take_in(j, &j->parties[i], &incidents, &seats);
    size_t kept = 0;
    for (size_t i = 0; i < j->n_parties; i++)
        if (j->parties[i].takes_part)
            j->parties[kept++] = j->parties[i];
    j->n_parties = kept;
}

sgp_err sgp_joint_gather(sgp_joint *j, sgp_joint_asker *askers, size_t n) {
    sgp_err err = list_parties(j, askers, n);
    if (err)
        return err;
    choose_parties(j);
    for (size_t i = 0; i < n && sgp_edition_holds(j->world, 1); i++) {
        size_t k = 0;
        while (k < j->n_parties && j->parties[k].incident != askers[i].incident)
            k++;
        askers[i].left_out = k == j->n_parties;
    }
    return SGP_OK;
}

/* The orders of a party that may move, and the seats that they fill. */
typedef struct held_seats {
    const sgp_joint_party *p;
    const sgp_unit *units[SGP_UNITS_PER_INCIDENT_MAX];
    size_t n_units;
    size_t seat_of[SGP_UNITS_PER_INCIDENT_MAX]; /* 0 = none, else seat + 1 */
    bool asked[SGP_UNITS_PER_INCIDENT_MAX];
} held_seats;

static void list_held(const sgp_joint *j, held_seats *held) {
    const sgp_incident *view = &held->p->incident->view;
    for (uint32_t i = 0; i < view->n_assignments; i++) {
        const sgp_assignment_node *order =
            sgp_world_find_assignment(j->world, view->assignments[i]);
        if (sgp_joint_may_move(j->step, order) && j->moves[order->view.unit] != SGP_GATE_FIXED)
            held->units[held->n_units++] = &j->world->units[order->view.unit].view;
    }
}

/* A unit that fits no seat at all, of a plan of before, keeps any. */
static bool may_sit(const held_seats *held, size_t seat, size_t unit) {
    const sgp_need *needs = held->p->gate.needs;
    return sgp_need_fits(&needs[seat], held->units[unit]) ||
           !sgp_some_need_fits(needs, held->p->n_seats, held->units[unit]);
}

/* The important seats first; whoever sits may move to another one (as in needs.c). */
static bool find_holder(held_seats *held, size_t seat) {
    for (size_t i = 0; i < held->n_units; i++) {
        if (held->asked[i] || !may_sit(held, seat, i))
            continue;
        held->asked[i] = true;
        if (!held->seat_of[i] || find_holder(held, held->seat_of[i] - 1)) {
            held->seat_of[i] = seat + 1;
            return true;
        }
    }
    return false;
}

/* Says of each seat of a party whether one of its orders fills it. (Before edition 2 the first ones
 * counted, as many as there are orders; an open one among them could rob an incident as urgent.) */
static void mark_held(const sgp_joint *j, const sgp_joint_party *p, bool *is_held) {
    held_seats held = {.p = p};
    bool exactly = sgp_edition_holds(j->world, 2);
    if (exactly)
        list_held(j, &held);
    for (size_t seat = 0; seat < p->n_seats; seat++) {
        for (size_t i = 0; i < held.n_units; i++)
            held.asked[i] = false;
        is_held[seat] = exactly ? find_holder(&held, seat) : seat < p->n_held;
    }
}

/* By priority; seats that an order fills already before those that are open, so that no order is
 * lost to somebody as urgent; then by incident and seat. */
static int by_rank(const sgp_joint *j, const sgp_joint_row *a, const sgp_joint_row *b) {
    const sgp_incident *left = &j->parties[a->party].incident->view;
    const sgp_incident *right = &j->parties[b->party].incident->view;
    if (left->priority != right->priority)
        return left->priority < right->priority ? -1 : 1;
    if (a->held != b->held)
        return a->held ? -1 : 1;
    return a->party != b->party ? (a->party < b->party ? -1 : 1) : (a->need < b->need ? -1 : 1);
}

sgp_err sgp_joint_list_rows(sgp_joint *j) {
    j->rows = malloc((SGP_JOINT_SEATS_MAX + 1) * sizeof *j->rows);
    if (!j->rows)
        return SGP_E_MEMORY;
    for (uint32_t p = 0; p < j->n_parties; p++) {
        bool is_held[SGP_NEEDS_MAX];
        mark_held(j, &j->parties[p], is_held);
        for (uint32_t need = 0; need < j->parties[p].n_seats; need++) {
            sgp_joint_row added = {p, need, is_held[need], false, SGP_ASSIGN_NOBODY};
            uint32_t at = j->n_rows++;
            for (; at > 0 && by_rank(j, &added, &j->rows[at - 1]) < 0; at--)
                j->rows[at] = j->rows[at - 1];
            j->rows[at] = added;
        }
    }
    return SGP_OK;
}

bool sgp_joint_holds(const sgp_joint *j, const sgp_joint_party *p, uint32_t unit) {
    sgp_id on = j->world->units[unit].view.assignment;
    return j->moves[unit] && on &&
           sgp_world_find_assignment(j->world, on)->view.incident == p->incident->view.id;
}
