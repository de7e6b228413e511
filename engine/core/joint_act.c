#include "core/joint_parts.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/policy.h"
#include "core/ranking.h"

/* ---- telling ----------------------------------------------------------------------- */

/* The candidates as a dispatcher reads them once it is decided who goes where. */
static void explain(const sgp_joint *j, uint32_t number) {
    const sgp_joint_party *p = &j->parties[number];
    for (uint32_t unit = 0; unit < j->world->n_units; unit++) {
        sgp_candidate *candidate = &p->all[unit];
        uint32_t to = j->goes_to[unit];
        if (sgp_joint_holds(j, p, unit) && to == number + 1)
            candidate->exclusion = SGP_EXCLUDED_ALREADY_ON;
        else if (candidate->exclusion == SGP_EXCLUDED_NOT && to && to != number + 1)
            candidate->exclusion = SGP_EXCLUDED_NEEDED_ELSEWHERE;
        else if (candidate->exclusion == SGP_EXCLUDED_NOT && j->moves[unit] && !to &&
                 !sgp_joint_holds(j, p, unit))
            candidate->from = 0; /* it is relieved, and goes nowhere */
        if (candidate->exclusion == SGP_EXCLUDED_ALREADY_ON) {
            candidate->total_ms = -1;
            candidate->from = 0;
        } else if (candidate->exclusion == SGP_EXCLUDED_NEEDED_ELSEWHERE) {
            candidate->from = 0;
        }
    }
    for (uint32_t i = 0; i < j->n_rows; i++) {
        const sgp_joint_row *seat = &j->rows[i];
        if (seat->party == number && seat->unit != SGP_ASSIGN_NOBODY &&
            !sgp_joint_holds(j, p, seat->unit))
            p->all[seat->unit].seat = seat->need + 1;
    }
}

static sgp_err publish(sgp_joint *j, uint32_t number) {
    sgp_joint_party *p = &j->parties[number];
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

static uint32_t kept_orders(const sgp_joint *j, uint32_t number) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < j->n_rows; i++)
        kept += j->rows[i].party == number && j->rows[i].unit != SGP_ASSIGN_NOBODY &&
                sgp_joint_holds(j, &j->parties[number], j->rows[i].unit);
    return kept;
}

static uint32_t new_orders(const sgp_joint *j, uint32_t number) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < j->n_rows; i++)
        n += j->rows[i].party == number && j->rows[i].unit != SGP_ASSIGN_NOBODY;
    return n - kept_orders(j, number);
}

/* Ends the orders of units that go elsewhere or are relieved, before anybody is ordered anew. */
static sgp_err withdraw(sgp_joint *j, uint32_t number) {
    sgp_joint_party *p = &j->parties[number];
    sgp_err err = SGP_OK;
    for (uint32_t i = 0; i < p->incident->view.n_assignments && !err; i++) {
        sgp_assignment_node *order =
            sgp_world_find_assignment(j->world, p->incident->view.assignments[i]);
        uint32_t unit = order->view.unit;
        if (!sgp_joint_may_move(j->step, order) || j->moves[unit] == SGP_GATE_FIXED ||
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
static sgp_err order(sgp_joint *j, uint32_t number, const bool *was_held) {
    sgp_joint_party *p = &j->parties[number];
    sgp_err err = SGP_OK;
    bool ordered = false;
    /* Without the order that it lost it may be over: all its other units have done their work. */
    for (uint32_t i = 0; i < j->n_rows && !err && p->incident->view.state != SGP_INCIDENT_CLOSED;
         i++) {
        const sgp_joint_row *seat = &j->rows[i];
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

sgp_err sgp_joint_act(sgp_joint *j) {
    bool was_held[SGP_JOINT_SEATS_MAX];
    bool told[SGP_JOINT_INCIDENTS_MAX];
    sgp_err err = SGP_OK;
    for (uint32_t i = 0; i < j->n_rows; i++)
        was_held[i] = j->rows[i].unit != SGP_ASSIGN_NOBODY &&
                      sgp_joint_holds(j, &j->parties[j->rows[i].party], j->rows[i].unit);
    for (uint32_t k = 0; k < j->n_parties && !err; k++) {
        sgp_joint_party *p = &j->parties[k];
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
