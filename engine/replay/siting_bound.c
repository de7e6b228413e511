/* A bound for the median without the solver, and sites that it settles.
 *
 * Lagrange: each zone z is told what being served is worth, u_z, and may be served by any number
 * of stations, each of which takes min(0, w_z d_zj - u_z). Site j then earns rho_j, the p sites
 * that earn most are taken, and sum of u + sum of their rho is never above the best answer. The
 * u are moved against who is served too often or not at all, in steps that shrink (subgradient;
 * Held, Wolfe & Crowder 1974; for this problem Cornuejols, Fisher & Nemhauser 1977).
 *
 * A site that could only be taken (or left) by going above the value of an answer that is known
 * is closed (or open) in every better answer: reduced costs. What is left is small enough for
 * the programme of siting_mip.c. */
#include "replay/siting_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

enum { ROUNDS = 800, PATIENCE = 20 };

typedef struct relaxed {
    const sgp_siting_task *task;
    double *worth;   /* [n_zones] u */
    double *earns;   /* [n_sites] rho, at most 0 */
    uint32_t *order; /* [n_sites] must first, then those that earn most */
    int32_t *served; /* [n_zones] by how many of the taken ones */
    double value;
} relaxed;

static double cost_of(const sgp_siting_task *task, uint32_t site, uint32_t zone) {
    int64_t ms = task->ms[(size_t)site * task->model.n_zones + zone];
    return ms < 0 ? INFINITY : (double)task->weight[zone] * (double)ms;
}

static bool must(const sgp_siting_task *task, uint32_t site) {
    return task->ask->rules && task->ask->rules[site] == SGP_SITE_MUST;
}

static bool relaxed_make(relaxed *r, const sgp_siting_task *task) {
    *r = (relaxed){.task = task};
    r->worth = calloc(task->model.n_zones, sizeof *r->worth);
    r->earns = calloc(task->n_sites, sizeof *r->earns);
    r->order = calloc(task->n_sites, sizeof *r->order);
    r->served = calloc(task->model.n_zones, sizeof *r->served);
    return r->worth && r->earns && r->order && r->served;
}

static void relaxed_free(relaxed *r) {
    free(r->worth);
    free(r->earns);
    free(r->order);
    free(r->served);
}

/* Insertion: sites are few, and the order changes little from round to round. */
static void sort_sites(relaxed *r) {
    for (uint32_t i = 1; i < r->task->n_sites; i++) {
        uint32_t site = r->order[i], k = i;
        for (; k > 0; k--) {
            uint32_t before = r->order[k - 1];
            bool m = must(r->task, site), b = must(r->task, before);
            if (m != b ? b : r->earns[before] <= r->earns[site])
                break;
            r->order[k] = before;
        }
        r->order[k] = site;
    }
}

static void relax(relaxed *r) {
    const sgp_siting_task *task = r->task;
    r->value = 0;
    for (uint32_t z = 0; z < task->model.n_zones; z++)
        r->value += r->worth[z];
    for (uint32_t j = 0; j < task->n_sites; j++) {
        r->earns[j] = 0;
        for (uint32_t z = 0; z < task->model.n_zones; z++) {
            double gain = cost_of(task, j, z) - r->worth[z];
            r->earns[j] += gain < 0 ? gain : 0;
        }
    }
    sort_sites(r);
    memset(r->served, 0, task->model.n_zones * sizeof *r->served);
    for (uint32_t i = 0; i < task->units; i++) {
        r->value += r->earns[r->order[i]];
        for (uint32_t z = 0; z < task->model.n_zones; z++)
            r->served[z] += cost_of(task, r->order[i], z) < r->worth[z];
    }
}

/* Sites that this relaxation settles for every answer below `known`; what was settled below a
 * higher value stays so. */
static void settle(const relaxed *r, double known, sgp_site_fate *fates) {
    const sgp_siting_task *task = r->task;
    uint32_t p = task->units;
    if (p == task->n_sites)
        return;
    double last = r->earns[r->order[p - 1]], next = r->earns[r->order[p]];
    known += 0.5 + known * 1e-12; /* values are whole numbers; the sums here are rounded */
    for (uint32_t i = 0; i < task->n_sites; i++) {
        uint32_t site = r->order[i];
        if (i < p && !must(task, site) && r->value - r->earns[site] + next > known)
            fates[site] = SGP_SITE_OPENED;
        if (i >= p && !must(task, r->order[p - 1]) && r->value - last + r->earns[site] > known)
            fates[site] = SGP_SITE_CLOSED;
    }
}

static void move_worth(relaxed *r, double step) {
    for (uint32_t z = 0; z < r->task->model.n_zones; z++)
        r->worth[z] += step * (1 - r->served[z]);
}

static double length_of(const relaxed *r) {
    double sum = 0;
    for (uint32_t z = 0; z < r->task->model.n_zones; z++)
        sum += (double)(1 - r->served[z]) * (1 - r->served[z]);
    return sum;
}

/* The taken sites as an answer, where it is better than the known one. */
static void take_better(const relaxed *r, uint32_t *units, double *known) {
    uint32_t found[SGP_SITES_MAX] = {0};
    for (uint32_t i = 0; i < r->task->units; i++)
        found[r->order[i]] = 1;
    int64_t value = sgp_siting_task_value(r->task, found);
    if (value < 0 || (double)value >= *known)
        return;
    *known = (double)value;
    memcpy(units, found, r->task->n_sites * sizeof *units);
}

sgp_err sgp_siting_bound(const sgp_siting_task *task, uint32_t *units, double *bound,
                         sgp_site_fate *fates) {
    relaxed r;
    int64_t end_us = sgp_monotonic_us() + (int64_t)task->ask->time_limit_ms * 500;
    memset(fates, 0, task->n_sites * sizeof *fates);
    *bound = 0;
    if (!relaxed_make(&r, task)) {
        relaxed_free(&r);
        return SGP_E_MEMORY;
    }
    double known = (double)sgp_siting_task_value(task, units), pace = 2;
    for (uint32_t j = 0; j < task->n_sites; j++)
        r.order[j] = j;
    for (uint32_t z = 0; z < task->model.n_zones; z++) {
        double least = INFINITY; /* what the known answer pays */
        for (uint32_t j = 0; j < task->n_sites; j++)
            if (units[j] && cost_of(task, j, z) < least)
                least = cost_of(task, j, z);
        r.worth[z] = least + 1;
    }
    for (int round = 0, idle = 0; round < ROUNDS && pace > 0.001 && sgp_monotonic_us() < end_us;
         round++) {
        relax(&r);
        if (r.value > *bound) {
            *bound = r.value;
            idle = 0;
            take_better(&r, units, &known);
        } else if (++idle == PATIENCE) {
            pace /= 2;
            idle = 0;
        }
        settle(&r, known, fates);
        double length = length_of(&r);
        if (length == 0 || *bound >= known)
            break; /* each zone is served once: this is the best answer */
        move_worth(&r, pace * (known - r.value) / length);
    }
    if (*bound > known)
        *bound = known; /* rounding */
    relaxed_free(&r);
    return SGP_OK;
}
