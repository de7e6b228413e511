#include "core/joint_parts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/edition.h"

/* ---- who can ------------------------------------------------------------------------- */

static sgp_err find_candidates(sgp_joint *j, sgp_joint_party *p) {
    if (!p->all)
        p->all = malloc((j->world->n_units + 1) * sizeof *p->all);
    return p->all ? sgp_candidates_find(&p->gate, j->step->times, p->all) : SGP_E_MEMORY;
}

static sgp_err find_all_candidates(sgp_joint *j) {
    sgp_err err = SGP_OK;
    for (size_t i = 0; i < j->n_parties && !err; i++)
        if (!j->parties[i].all)
            err = find_candidates(j, &j->parties[i]);
    return err;
}

/* ---- solving --------------------------------------------------------------------- */

/* What is left of the way of a unit that is ordered there, as far as anybody knows. */
static int64_t told_ms(const sgp_joint *j, const sgp_candidate *candidate) {
    enum { LONG_MS = 2 * 3600 * 1000 };
    const sgp_unit *unit = &j->world->units[candidate->unit].view;
    int64_t told = sgp_world_find_assignment(j->world, unit->assignment)->view.travel_ms;
    return told < 0 ? LONG_MS : told + candidate->turnout_ms;
}

static int64_t weight_of(const sgp_joint *j, const sgp_joint_party *p) {
    int32_t weight = j->world->clocks.rules.joint_weight[p->incident->view.priority];
    return weight > 0 ? weight : 1;
}

static int64_t cost_of(const sgp_joint *j, const sgp_joint_row *seat, uint32_t unit) {
    const sgp_joint_party *p = &j->parties[seat->party];
    const sgp_need *need = &p->gate.needs[seat->need];
    const sgp_candidate *candidate = &p->all[unit];
    bool held = sgp_joint_holds(j, p, unit), may_go = candidate->exclusion == SGP_EXCLUDED_NOT;
    if (!held && (!may_go || seat->barred || j->barred[unit]))
        return SGP_ASSIGN_FORBIDDEN;
    int64_t total_ms = may_go ? candidate->total_ms : told_ms(j, candidate);
    int64_t cost = sgp_need_cost_ms(need, &j->world->units[unit].view, total_ms);
    if (cost < 0 && !held)
        return SGP_ASSIGN_FORBIDDEN;
    /* An order for a kind that the plan does not ask for keeps its place in it; any other keeps
     * its own seat, or somebody else would be sent to that one too. */
    if (cost < 0 && sgp_edition_holds(j->world, 1) &&
        sgp_some_need_fits(p->gate.needs, p->n_seats, &j->world->units[unit].view))
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
static uint32_t list_columns(const sgp_joint *j, uint32_t *unit_of) {
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
static bool bar_alone(sgp_joint *j) {
    bool found = false;
    for (uint32_t i = 0; i < j->n_rows; i++) {
        sgp_joint_row *seat = &j->rows[i];
        const sgp_joint_party *p = &j->parties[seat->party];
        uint32_t after = p->gate.needs[seat->need].after;
        if (!after || seat->unit == SGP_ASSIGN_NOBODY || sgp_joint_holds(j, p, seat->unit))
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
static uint32_t taken_from(const sgp_joint *j, sgp_id incident, uint32_t last) {
    uint32_t n = 0;
    for (uint32_t i = 0; i <= last; i++) {
        const sgp_joint_row *seat = &j->rows[i];
        if (seat->unit == SGP_ASSIGN_NOBODY || j->moves[seat->unit])
            continue;
        const sgp_assignment_node *on = j->world->units[seat->unit].on;
        n += on && on->view.incident == incident && on->view.state != SGP_ASSIGNMENT_HANDED_OVER;
    }
    return n;
}

/* An incident loses units by diversion only so often; which seats may rob it first is their order.
 */
static bool bar_robbed(sgp_joint *j) {
    bool found = false;
    for (uint32_t i = 0; i < j->n_rows; i++) {
        const sgp_joint_row *seat = &j->rows[i];
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

static void fill_costs(const sgp_joint *j, const uint32_t *unit_of, uint32_t n_columns,
                       int64_t *cost) {
    for (uint32_t i = 0; i < j->n_rows; i++)
        for (uint32_t k = 0; k < n_columns; k++)
            cost[(size_t)i * n_columns + k] = cost_of(j, &j->rows[i], unit_of[k]);
}

/* Solved again without what an answer may not have, so that what is spared goes to others. Each
 * round bars a seat or a unit. */
static void solve_barring(sgp_joint *j, const uint32_t *unit_of, uint32_t n_columns, int64_t *cost,
                          void *memory, size_t bytes) {
    uint32_t column[SGP_JOINT_SEATS_MAX];
    for (bool again = true; again;) {
        int64_t total;
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
}

static sgp_err solve_once(sgp_joint *j) {
    uint32_t n_units = j->world->n_units, *unit_of = malloc((n_units + 1) * sizeof *unit_of);
    uint32_t n_columns = unit_of ? list_columns(j, unit_of) : 0;
    size_t bytes = sgp_assign_bytes(j->n_rows, n_columns);
    int64_t *cost = malloc(((size_t)j->n_rows * n_columns + 1) * sizeof *cost);
    void *memory = malloc(bytes + 1);
    sgp_err err = unit_of && cost && memory ? SGP_OK : SGP_E_MEMORY;
    if (!err)
        solve_barring(j, unit_of, n_columns, cost, memory, bytes);
    free(unit_of);
    free(cost);
    free(memory);
    return err;
}

/* Whether somebody is kept back from an empty seat of the party for the sake of another. */
static bool is_left_by_courtesy(const sgp_joint *j, const sgp_joint_row *seat) {
    const sgp_joint_party *p = &j->parties[seat->party];
    if (seat->unit != SGP_ASSIGN_NOBODY || p->gate.all_who_can)
        return false;
    for (uint32_t unit = 0; unit < j->world->n_units; unit++) {
        sgp_exclusion why = p->all[unit].exclusion;
        if ((why == SGP_EXCLUDED_NEIGHBOUR || why == SGP_EXCLUDED_TOO_WIDE ||
             why == SGP_EXCLUDED_SHIFT_ENDS || why == SGP_EXCLUDED_SHIFT_OVER) &&
            sgp_need_fits(&p->gate.needs[seat->need], &j->world->units[unit].view))
            return true;
    }
    return false;
}

/* A neighbour stays at home, and a car leaves a narrow gang to a motorbike, because another can go;
 * where all of those are worth more elsewhere, nobody would. So such an incident is asked for
 * again with all who can. Says whether there was one; each is asked for only once. */
static sgp_err widen(sgp_joint *j, bool *found) {
    sgp_err err = SGP_OK;
    *found = false;
    for (uint32_t i = 0; i < j->n_rows && !err && sgp_edition_holds(j->world, 1); i++) {
        if (!is_left_by_courtesy(j, &j->rows[i]))
            continue;
        sgp_joint_party *p = &j->parties[j->rows[i].party];
        p->gate.all_who_can = *found = true;
        err = find_candidates(j, p);
    }
    for (uint32_t i = 0; i < j->n_rows && *found; i++)
        j->rows[i].barred = false;
    if (*found)
        memset(j->barred, 0, j->world->n_units * sizeof *j->barred);
    return err;
}

static sgp_err solve_all(sgp_joint *j) {
    sgp_err err = find_all_candidates(j);
    for (bool again = true; again && !err;) {
        err = solve_once(j);
        if (!err)
            err = widen(j, &again);
    }
    for (uint32_t i = 0; i < j->n_rows && !err; i++)
        if (j->rows[i].unit != SGP_ASSIGN_NOBODY)
            j->goes_to[j->rows[i].unit] = j->rows[i].party + 1;
    return err;
}

/* ---- the short way ------------------------------------------------------------------ */

/* Who asks, where it is one incident with one seat and no order that may move; NULL otherwise. */
static sgp_joint_party *only_asker(sgp_joint *j) {
    sgp_joint_party *asker = NULL;
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
static void keep_orders(sgp_joint *j) {
    for (uint32_t k = 0; k < j->n_parties; k++) {
        uint32_t held = 0;
        const sgp_incident *view = &j->parties[k].incident->view;
        for (uint32_t i = 0; i < view->n_assignments; i++) {
            const sgp_assignment_node *order =
                sgp_world_find_assignment(j->world, view->assignments[i]);
            if (!sgp_joint_may_move(j->step, order) || j->moves[order->view.unit] == SGP_GATE_FIXED)
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
static sgp_err settle_shortly(sgp_joint *j, bool *settled) {
    sgp_joint_party *asker = only_asker(j);
    *settled = false;
    if (!asker || j->world->n_freed)
        return SGP_OK;
    sgp_err err = find_candidates(j, asker);
    sgp_joint_row *seat = j->rows;
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

sgp_err sgp_joint_solve(sgp_joint *j) {
    bool settled;
    sgp_err err = settle_shortly(j, &settled);
    return err || settled ? err : solve_all(j);
}
