#include "core/joint.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/candidates.h"
#include "core/policy.h"
#include "core/ranking.h"
#include "sigap/assign.h"

/* One incident that takes part. */
typedef struct party {
    sgp_incident_node *incident;
    bool asks, noted;
    uint32_t n_held; /* orders of it that may move */
    sgp_gate gate;   /* its needs: seats that are open, and those that the held orders fill */
    size_t n_seats;
    sgp_candidate *all; /* [n_units], by unit */
    uint32_t first_row;
    uint32_t lost; /* fewer orders than before */
} party;

/* One seat of a party. */
typedef struct row {
    uint32_t party, need;
    bool held;
    bool barred;   /* goes along with a seat that nobody can take */
    uint32_t unit; /* answer; SGP_ASSIGN_NOBODY */
} row;

typedef struct joint {
    sgp_step *step;
    sgp_world *world;
    uint8_t *moves; /* [n_units] sgp_gate_moves */
    bool *barred;   /* [n_units] its incident has lost enough units: it stays on its job */
    party *parties;
    size_t n_parties;
    row *rows;
    uint32_t n_rows;
    uint32_t *goes_to; /* [n_units] party + 1, 0 = none */
} joint;

/* ---- who takes part ------------------------------------------------------------ */

static bool is_joint(const sgp_world *world, const sgp_incident_node *incident) {
    return sgp_policy_rules_of(sgp_policy_for(world, incident))->jointly;
}

/* An order without a click that nobody has answered, older than this step, of an incident that
 * would get the next unit without a click as well. */
static bool may_move(const sgp_step *step, const sgp_assignment_node *order) {
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
        if (may_move(step, step->world->orders[i]))
            return true;
    return false;
}

static party *add_party(joint *j, sgp_incident_node *incident) {
    for (size_t i = 0; i < j->n_parties; i++)
        if (j->parties[i].incident == incident)
            return &j->parties[i];
    party *added = &j->parties[j->n_parties++];
    *added = (party){.incident = incident};
    return added;
}

static int by_urgency(const void *left, const void *right) {
    return sgp_incident_compare(((const party *)left)->incident, ((const party *)right)->incident);
}

/* The orders of a party that may move. Of them as many may leave it as its diversions allow. */
static void mark_orders(joint *j, party *p, uint8_t how) {
    const sgp_incident *view = &p->incident->view;
    int64_t may_leave = (int64_t)j->world->clocks.rules.divert_times - view->diverted;
    p->n_held = 0;
    for (uint32_t i = 0; i < view->n_assignments; i++) {
        const sgp_assignment_node *order =
            sgp_world_find_assignment(j->world, view->assignments[i]);
        if (!may_move(j->step, order))
            continue;
        j->moves[order->view.unit] =
            how == SGP_GATE_MOVES && p->n_held >= may_leave ? SGP_GATE_STAYS : how;
        p->n_held += how != SGP_GATE_FIXED;
    }
}

/* Of those that treat: patients of one place leave some units for others, but are not left
 * alone. */
static size_t most_seats(const joint *j, const party *p) {
    if (!p->incident->view.mass_casualty)
        return SGP_NEEDS_MAX;
    int32_t spare = sgp_free_to_treat(j->world) - j->world->clocks.rules.mass_reserve;
    if (spare < 1 && sgp_incident_open(j->world, p->incident) == 0 &&
        sgp_incident_served(j->world, p->incident) == 0)
        spare = 1; /* but the first one goes */
    return p->n_held + (spare > 0 ? (size_t)spare : 0);
}

/* The seats of the party; none where its orders are more than its seats, which then stay. */
static void find_seats(joint *j, party *p) {
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

/* Most urgent first, as many as the bounds allow. */
static sgp_err gather(joint *j, const sgp_joint_asker *askers, size_t n) {
    const sgp_world *world = j->world;
    j->parties = malloc((n + world->n_orders + 1) * sizeof *j->parties);
    if (!j->parties)
        return SGP_E_MEMORY;
    for (size_t i = 0; i < n; i++) {
        party *asking = add_party(j, askers[i].incident);
        asking->asks = true;
        asking->noted = askers[i].noted;
    }
    for (size_t i = 0; i < world->n_orders; i++)
        if (may_move(j->step, world->orders[i]))
            add_party(j, sgp_world_find_incident(world, world->orders[i]->view.incident));
    if (j->n_parties > 1)
        qsort(j->parties, j->n_parties, sizeof *j->parties, by_urgency);
    size_t seats = 0, kept = 0;
    for (size_t i = 0; i < j->n_parties && kept < SGP_JOINT_INCIDENTS_MAX; i++) {
        party *p = &j->parties[i];
        find_seats(j, p);
        if (p->n_seats == 0 && !p->noted)
            continue;
        if (seats + p->n_seats > SGP_JOINT_SEATS_MAX) {
            mark_orders(j, p, SGP_GATE_FIXED);
            break;
        }
        seats += p->n_seats;
        j->parties[kept++] = *p;
    }
    j->n_parties = kept;
    return SGP_OK;
}

/* By priority; seats that an order fills already before those that are open, so that no order is
 * lost to somebody as urgent; then by incident and seat. */
static int by_rank(const joint *j, const row *a, const row *b) {
    const sgp_incident *left = &j->parties[a->party].incident->view;
    const sgp_incident *right = &j->parties[b->party].incident->view;
    if (left->priority != right->priority)
        return left->priority < right->priority ? -1 : 1;
    if (a->held != b->held)
        return a->held ? -1 : 1;
    return a->party != b->party ? (a->party < b->party ? -1 : 1) : (a->need < b->need ? -1 : 1);
}

static sgp_err list_rows(joint *j) {
    j->rows = malloc((SGP_JOINT_SEATS_MAX + 1) * sizeof *j->rows);
    if (!j->rows)
        return SGP_E_MEMORY;
    for (uint32_t p = 0; p < j->n_parties; p++)
        for (uint32_t need = 0; need < j->parties[p].n_seats; need++) {
            row added = {p, need, need < j->parties[p].n_held, false, SGP_ASSIGN_NOBODY};
            uint32_t at = j->n_rows++;
            for (; at > 0 && by_rank(j, &added, &j->rows[at - 1]) < 0; at--)
                j->rows[at] = j->rows[at - 1];
            j->rows[at] = added;
        }
    return SGP_OK;
}

static sgp_err find_candidates(joint *j, party *p) {
    p->all = malloc((j->world->n_units + 1) * sizeof *p->all);
    return p->all ? sgp_candidates_find(&p->gate, j->step->times, p->all) : SGP_E_MEMORY;
}

static sgp_err find_all_candidates(joint *j) {
    sgp_err err = SGP_OK;
    for (size_t i = 0; i < j->n_parties && !err; i++)
        if (!j->parties[i].all)
            err = find_candidates(j, &j->parties[i]);
    return err;
}

/* ---- solving --------------------------------------------------------------------- */

static bool holds(const joint *j, const party *p, uint32_t unit) {
    sgp_id on = j->world->units[unit].view.assignment;
    return j->moves[unit] && on &&
           sgp_world_find_assignment(j->world, on)->view.incident == p->incident->view.id;
}

/* What is left of the way of a unit that is ordered there, as far as anybody knows. */
static int64_t told_ms(const joint *j, const sgp_candidate *candidate) {
    enum { LONG_MS = 2 * 3600 * 1000 };
    const sgp_unit *unit = &j->world->units[candidate->unit].view;
    int64_t told = sgp_world_find_assignment(j->world, unit->assignment)->view.travel_ms;
    return told < 0 ? LONG_MS : told + candidate->turnout_ms;
}

static int64_t weight_of(const joint *j, const party *p) {
    int32_t weight = j->world->clocks.rules.joint_weight[p->incident->view.priority];
    return weight > 0 ? weight : 1;
}

static int64_t cost_of(const joint *j, const row *seat, uint32_t unit) {
    const party *p = &j->parties[seat->party];
    const sgp_need *need = &p->gate.needs[seat->need];
    const sgp_candidate *candidate = &p->all[unit];
    bool held = holds(j, p, unit), may_go = candidate->exclusion == SGP_EXCLUDED_NOT;
    if (!held && (!may_go || seat->barred || j->barred[unit]))
        return SGP_ASSIGN_FORBIDDEN;
    int64_t total_ms = may_go ? candidate->total_ms : told_ms(j, candidate);
    int64_t cost = sgp_need_cost_ms(need, &j->world->units[unit].view, total_ms);
    if (cost < 0 && !held)
        return SGP_ASSIGN_FORBIDDEN;
    if (cost < 0)
        cost = total_ms;
    if (cost < 0)
        cost = 0;
    if (!held && p->n_held) /* somebody else instead of, or beside, who is ordered */
        cost += j->world->clocks.rules.joint_gain_ms;
    cost *= weight_of(j, p);
    return cost < SGP_ASSIGN_COST_MAX ? cost : SGP_ASSIGN_COST_MAX;
}

/* The units that may go anywhere, ascending. Returns how many. */
static uint32_t list_columns(const joint *j, uint32_t *unit_of) {
    uint32_t n = 0;
    for (uint32_t unit = 0; unit < j->world->n_units; unit++) {
        bool may = j->moves[unit] != SGP_GATE_FIXED;
        for (size_t i = 0; i < j->n_parties && !may; i++)
            may = j->parties[i].all[unit].exclusion == SGP_EXCLUDED_NOT;
        if (may)
            unit_of[n++] = unit;
    }
    return n;
}

/* A seat that goes along with an empty one stays empty, unless an order fills it already. Says
 * whether one was found, whose unit may be worth something elsewhere. */
static bool bar_alone(joint *j) {
    bool found = false;
    for (uint32_t i = 0; i < j->n_rows; i++) {
        row *seat = &j->rows[i];
        const party *p = &j->parties[seat->party];
        uint32_t after = p->gate.needs[seat->need].after;
        if (!after || seat->unit == SGP_ASSIGN_NOBODY || holds(j, p, seat->unit))
            continue;
        for (uint32_t k = 0; k < j->n_rows; k++)
            if (j->rows[k].party == seat->party &&
                p->gate.needs[j->rows[k].need].nth == after - 1 &&
                j->rows[k].unit == SGP_ASSIGN_NOBODY)
                seat->barred = found = true;
    }
    return found;
}

/* How many units the answer takes from that incident, up to and with row `last`. */
static uint32_t taken_from(const joint *j, sgp_id incident, uint32_t last) {
    uint32_t n = 0;
    for (uint32_t i = 0; i <= last; i++) {
        const row *seat = &j->rows[i];
        if (seat->unit == SGP_ASSIGN_NOBODY || j->moves[seat->unit])
            continue;
        const sgp_assignment_node *on = j->world->units[seat->unit].on;
        n += on && on->view.incident == incident && on->view.state != SGP_ASSIGNMENT_HANDED_OVER;
    }
    return n;
}

/* An incident loses units by diversion only so often; which seats may rob it first is their order.
 */
static bool bar_robbed(joint *j) {
    bool found = false;
    for (uint32_t i = 0; i < j->n_rows; i++) {
        const row *seat = &j->rows[i];
        if (seat->unit == SGP_ASSIGN_NOBODY || j->moves[seat->unit])
            continue;
        const sgp_assignment_node *on = j->world->units[seat->unit].on;
        if (!on || on->view.state == SGP_ASSIGNMENT_HANDED_OVER)
            continue;
        const sgp_incident *robbed = &sgp_world_find_incident(j->world, on->view.incident)->view;
        if (robbed->diverted + taken_from(j, robbed->id, i) >
            (uint32_t)j->world->clocks.rules.divert_times)
            j->barred[seat->unit] = found = true;
    }
    return found;
}

static void fill_costs(const joint *j, const uint32_t *unit_of, uint32_t n_columns, int64_t *cost) {
    for (uint32_t i = 0; i < j->n_rows; i++)
        for (uint32_t k = 0; k < n_columns; k++)
            cost[(size_t)i * n_columns + k] = cost_of(j, &j->rows[i], unit_of[k]);
}

/* Solved again without what an answer may not have, so that what is spared goes to others. Each
 * round bars a seat or a unit. */
static sgp_err solve(joint *j) {
    uint32_t n_units = j->world->n_units, *unit_of = malloc((n_units + 1) * sizeof *unit_of);
    uint32_t n_columns = unit_of ? list_columns(j, unit_of) : 0;
    size_t bytes = sgp_assign_bytes(j->n_rows, n_columns);
    int64_t *cost = malloc(((size_t)j->n_rows * n_columns + 1) * sizeof *cost), total;
    void *memory = malloc(bytes + 1);
    uint32_t column[SGP_JOINT_SEATS_MAX];
    sgp_err err = unit_of && cost && memory ? SGP_OK : SGP_E_MEMORY;
    for (bool again = true; again && !err;) {
        fill_costs(j, unit_of, n_columns, cost);
        sgp_assign_costs costs = {cost, j->n_rows, n_columns, n_columns};
        sgp_err solved = sgp_assign(&costs, memory, bytes, column, &total);
        assert(solved == SGP_OK);
        for (uint32_t i = 0; i < j->n_rows; i++)
            j->rows[i].unit =
                column[i] == SGP_ASSIGN_NOBODY ? SGP_ASSIGN_NOBODY : unit_of[column[i]];
        again = bar_alone(j);
        again = bar_robbed(j) || again;
    }
    for (uint32_t i = 0; i < j->n_rows && !err; i++)
        if (j->rows[i].unit != SGP_ASSIGN_NOBODY)
            j->goes_to[j->rows[i].unit] = j->rows[i].party + 1;
    free(unit_of);
    free(cost);
    free(memory);
    return err;
}

/* ---- the short way ------------------------------------------------------------------ */

/* Who asks, where it is one incident with one seat and no order that may move; NULL otherwise. */
static party *only_asker(joint *j) {
    party *asker = NULL;
    for (size_t i = 0; i < j->n_parties; i++) {
        if (!j->parties[i].asks)
            continue;
        if (asker || j->parties[i].n_seats != 1 || j->parties[i].n_held)
            return NULL;
        asker = &j->parties[i];
    }
    return asker;
}

/* Every order that may move stays. */
static void keep_orders(joint *j) {
    for (uint32_t k = 0; k < j->n_parties; k++) {
        uint32_t held = 0;
        const sgp_incident *view = &j->parties[k].incident->view;
        for (uint32_t i = 0; i < view->n_assignments; i++) {
            const sgp_assignment_node *order =
                sgp_world_find_assignment(j->world, view->assignments[i]);
            if (!may_move(j->step, order) || j->moves[order->view.unit] == SGP_GATE_FIXED)
                continue;
            for (uint32_t r = 0; r < j->n_rows; r++)
                if (j->rows[r].party == k && j->rows[r].need == held)
                    j->rows[r].unit = order->view.unit;
            j->goes_to[order->view.unit] = k + 1;
            held++;
        }
    }
}

/* The most frequent case: no unit became free, one seat is asked for, and of all units, those that
 * are ordered and may move among them, a free one costs it least. The orders were solved with all
 * free units before and have no reason to move now, so nothing else is asked. */
static sgp_err settle_shortly(joint *j, bool *settled) {
    party *asker = only_asker(j);
    *settled = false;
    if (!asker || j->world->n_freed)
        return SGP_OK;
    sgp_err err = find_candidates(j, asker);
    row *seat = j->rows;
    while (!err && seat->party != (uint32_t)(asker - j->parties))
        seat++;
    uint32_t best = SGP_ASSIGN_NOBODY;
    int64_t best_cost = SGP_ASSIGN_FORBIDDEN;
    for (uint32_t unit = 0; unit < j->world->n_units && !err; unit++) {
        int64_t cost = cost_of(j, seat, unit);
        if (cost < best_cost) {
            best_cost = cost;
            best = unit;
        }
    }
    if (err || best == SGP_ASSIGN_NOBODY || j->moves[best] != SGP_GATE_FIXED)
        return err;
    keep_orders(j);
    seat->unit = best;
    j->goes_to[best] = seat->party + 1;
    *settled = true;
    return SGP_OK;
}

/* ---- telling ----------------------------------------------------------------------- */

/* The candidates as a dispatcher reads them once it is decided who goes where. */
static void explain(const joint *j, uint32_t number) {
    const party *p = &j->parties[number];
    for (uint32_t unit = 0; unit < j->world->n_units; unit++) {
        sgp_candidate *candidate = &p->all[unit];
        uint32_t to = j->goes_to[unit];
        if (holds(j, p, unit) && to == number + 1)
            candidate->exclusion = SGP_EXCLUDED_ALREADY_ON;
        else if (candidate->exclusion == SGP_EXCLUDED_NOT && to && to != number + 1)
            candidate->exclusion = SGP_EXCLUDED_NEEDED_ELSEWHERE;
        else if (candidate->exclusion == SGP_EXCLUDED_NOT && j->moves[unit] && !to &&
                 !holds(j, p, unit))
            candidate->from = 0; /* it is relieved, and goes nowhere */
        if (candidate->exclusion == SGP_EXCLUDED_ALREADY_ON) {
            candidate->total_ms = -1;
            candidate->from = 0;
        } else if (candidate->exclusion == SGP_EXCLUDED_NEEDED_ELSEWHERE) {
            candidate->from = 0;
        }
    }
    for (uint32_t i = 0; i < j->n_rows; i++) {
        const row *seat = &j->rows[i];
        if (seat->party == number && seat->unit != SGP_ASSIGN_NOBODY && !holds(j, p, seat->unit))
            p->all[seat->unit].seat = seat->need + 1;
    }
}

static sgp_err publish(joint *j, uint32_t number) {
    party *p = &j->parties[number];
    uint32_t n = j->world->n_units;
    sgp_recommendation recommendation = {
        .incident = p->incident->view.id, .at_ms = j->step->event->at_ms, .n_candidates = n};
    snprintf(recommendation.policy, sizeof recommendation.policy, "%s",
             sgp_policy_str(SGP_POLICY_JOINT));
    explain(j, number);
    if (n > 0) {
        recommendation.candidates = malloc(n * sizeof *recommendation.candidates);
        if (!recommendation.candidates)
            return SGP_E_MEMORY;
        uint32_t n_may_go;
        sgp_err err = sgp_candidates_rank(p->all, n, recommendation.candidates, &n_may_go);
        if (err) {
            free(recommendation.candidates);
            return err;
        }
    }
    return sgp_recommendation_publish(j->step, p->incident, &recommendation);
}

/* ---- acting ------------------------------------------------------------------------ */

static uint32_t kept_orders(const joint *j, uint32_t number) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < j->n_rows; i++)
        kept += j->rows[i].party == number && j->rows[i].unit != SGP_ASSIGN_NOBODY &&
                holds(j, &j->parties[number], j->rows[i].unit);
    return kept;
}

static uint32_t new_orders(const joint *j, uint32_t number) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < j->n_rows; i++)
        n += j->rows[i].party == number && j->rows[i].unit != SGP_ASSIGN_NOBODY;
    return n - kept_orders(j, number);
}

/* Ends the orders of units that go elsewhere or are relieved, before anybody is ordered anew. */
static sgp_err withdraw(joint *j, uint32_t number) {
    party *p = &j->parties[number];
    sgp_err err = SGP_OK;
    for (uint32_t i = 0; i < p->incident->view.n_assignments && !err; i++) {
        sgp_assignment_node *order =
            sgp_world_find_assignment(j->world, p->incident->view.assignments[i]);
        uint32_t unit = order->view.unit;
        if (!may_move(j->step, order) || j->moves[unit] == SGP_GATE_FIXED ||
            j->goes_to[unit] == number + 1)
            continue;
        char reason[SGP_NAME_BYTES] = "another unit is there sooner";
        uint32_t to = j->goes_to[unit];
        if (to)
            snprintf(reason, sizeof reason, "needed for incident %llu (%s)",
                     (unsigned long long)j->parties[to - 1].incident->view.id,
                     sgp_priority_str(j->parties[to - 1].incident->view.priority));
        err = sgp_assignment_end(
            j->step, order, to ? SGP_ASSIGNMENT_DIVERTED : SGP_ASSIGNMENT_STOOD_DOWN, reason, true);
    }
    return err;
}

/* Orders for the seats of a party, most important first. */
static sgp_err order(joint *j, uint32_t number, const bool *was_held) {
    party *p = &j->parties[number];
    sgp_err err = SGP_OK;
    bool ordered = false;
    /* Without the order that it lost it may be over: all its other units have done their work. */
    for (uint32_t i = 0; i < j->n_rows && !err && p->incident->view.state != SGP_INCIDENT_CLOSED;
         i++) {
        const row *seat = &j->rows[i];
        if (seat->party != number || seat->unit == SGP_ASSIGN_NOBODY || was_held[i] ||
            !sgp_incident_has_room(j->world, p->incident))
            continue;
        const sgp_unit *unit = &j->world->units[seat->unit].view;
        sgp_candidate chosen = p->all[seat->unit];
        chosen.from = 0;
        if (unit->assignment) { /* taken from a job, if that is still allowed */
            const sgp_assignment *on = &sgp_world_find_assignment(j->world, unit->assignment)->view;
            if (!sgp_gate_may_take(&p->gate, on))
                continue;
            chosen.from = on->incident;
        }
        err = sgp_candidate_order(j->step, p->incident, &chosen);
        ordered = true;
    }
    if (ordered)
        sgp_wish_settle(j->world, p->incident);
    return err;
}

static sgp_err act(joint *j) {
    bool was_held[SGP_JOINT_SEATS_MAX];
    bool told[SGP_JOINT_INCIDENTS_MAX];
    sgp_err err = SGP_OK;
    for (uint32_t i = 0; i < j->n_rows; i++)
        was_held[i] = j->rows[i].unit != SGP_ASSIGN_NOBODY &&
                      holds(j, &j->parties[j->rows[i].party], j->rows[i].unit);
    for (uint32_t k = 0; k < j->n_parties && !err; k++) {
        party *p = &j->parties[k];
        uint32_t kept = kept_orders(j, k), fresh = new_orders(j, k);
        p->lost = kept + fresh < p->n_held ? p->n_held - kept - fresh : 0;
        told[k] = p->noted || fresh || p->lost;
        if (told[k])
            err = publish(j, k);
    }
    for (uint32_t k = 0; k < j->n_parties && !err; k++) {
        err = withdraw(j, k);
        j->parties[k].incident->view.diverted += j->parties[k].lost;
    }
    for (uint32_t k = 0; k < j->n_parties && !err; k++)
        err = order(j, k, was_held);
    return err;
}

static void release(joint *j) {
    for (size_t i = 0; i < j->n_parties; i++)
        free(j->parties[i].all);
    free(j->parties);
    free(j->rows);
    free(j->moves);
    free(j->barred);
    free(j->goes_to);
}

sgp_err sgp_joint_serve(sgp_step *step, const sgp_joint_asker *askers, size_t n) {
    joint j = {.step = step, .world = step->world};
    uint32_t n_units = step->world->n_units;
    j.moves = calloc(n_units + 1, sizeof *j.moves);
    j.barred = calloc(n_units + 1, sizeof *j.barred);
    j.goes_to = calloc(n_units + 1, sizeof *j.goes_to);
    sgp_err err = j.moves && j.barred && j.goes_to ? gather(&j, askers, n) : SGP_E_MEMORY;
    if (!err)
        err = list_rows(&j);
    bool settled = false;
    if (!err)
        err = settle_shortly(&j, &settled);
    if (!err && !settled)
        err = find_all_candidates(&j);
    if (!err && !settled)
        err = solve(&j);
    if (!err)
        err = act(&j);
    release(&j);
    return err;
}
