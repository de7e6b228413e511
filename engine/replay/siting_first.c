/* A good answer without the solver: the best site one after the other, then exchanges (Teitz &
 * Bart 1968) while one helps. */
#include "replay/siting_parts.h"

#include <stdlib.h>
#include <string.h>

/* Longer than any way, so that a zone without way is reached first of all. */
static const int64_t no_way_ms = INT64_C(1) << 30;

static uint32_t open_sites(const sgp_siting_task *task, const uint32_t *units) {
    uint32_t n = 0;
    for (uint32_t j = 0; j < task->n_sites; j++)
        n += units[j] > 0;
    return n;
}

static bool must(const sgp_siting_task *task, uint32_t site) {
    return task->ask->rules && task->ask->rules[site] == SGP_SITE_MUST;
}

/* Whether one more unit may stand at the site. */
static bool has_room(const sgp_siting_task *task, const uint32_t *units, uint32_t site) {
    return units[site] < task->units_max &&
           (units[site] > 0 || open_sites(task, units) < task->ask->stations);
}

/* ---- covering ---------------------------------------------------------------- */

static void take(sgp_coverage *coverage, uint32_t *units, uint32_t site) {
    units[site]++;
    sgp_coverage_count(coverage, site);
}

static void give(sgp_coverage *coverage, uint32_t *units, uint32_t site) {
    units[site]--;
    sgp_coverage_uncount(coverage, site);
}

/* The site where one more gains most; n_sites = none has room. */
static uint32_t best_site(const sgp_siting_task *task, const sgp_coverage *coverage,
                          const uint32_t *units, int64_t *gain) {
    uint32_t best = task->n_sites;
    *gain = -1;
    for (uint32_t j = 0; j < task->n_sites; j++) {
        if (!has_room(task, units, j))
            continue;
        int64_t here = sgp_coverage_gain(coverage, j);
        if (here > *gain) {
            best = j;
            *gain = here;
        }
    }
    return best;
}

/* Moves one unit where that helps most. False: nowhere does. */
static bool exchange_unit(const sgp_siting_task *task, sgp_coverage *coverage, uint32_t *units) {
    uint32_t from = task->n_sites, to = task->n_sites;
    int64_t most = 0;
    for (uint32_t j = 0; j < task->n_sites; j++) {
        if (units[j] == 0 || (units[j] == 1 && must(task, j)))
            continue;
        int64_t gain, loss = sgp_coverage_loss(coverage, j);
        give(coverage, units, j);
        uint32_t best = best_site(task, coverage, units, &gain);
        take(coverage, units, j);
        if (best < task->n_sites && gain - loss > most) {
            from = j;
            to = best;
            most = gain - loss;
        }
    }
    if (from == task->n_sites)
        return false;
    give(coverage, units, from);
    take(coverage, units, to);
    return true;
}

/* Moves everybody of one station to a site that is closed, the first time that this helps. */
static bool exchange_station(const sgp_siting_task *task, sgp_coverage *coverage, uint32_t *units) {
    int64_t before = sgp_coverage_value(coverage);
    for (uint32_t from = 0; from < task->n_sites; from++) {
        if (units[from] < 2 || must(task, from))
            continue;
        for (uint32_t to = 0; to < task->n_sites; to++) {
            if (units[to])
                continue;
            uint32_t n = units[from];
            for (uint32_t i = 0; i < n; i++) {
                give(coverage, units, from);
                take(coverage, units, to);
            }
            if (sgp_coverage_value(coverage) > before)
                return true;
            for (uint32_t i = 0; i < n; i++) {
                give(coverage, units, to);
                take(coverage, units, from);
            }
        }
    }
    return false;
}

static sgp_err cover(const sgp_siting_task *task, uint32_t *units) {
    uint32_t placed = 0;
    for (uint32_t j = 0; j < task->n_sites; j++)
        placed += units[j] = must(task, j);
    if (task->model.n_zones == 0) { /* nobody is reached: anywhere will do */
        for (uint32_t j = 0; placed < task->units; j = (j + 1) % task->n_sites)
            if (has_room(task, units, j)) {
                units[j]++;
                placed++;
            }
        return SGP_OK;
    }
    sgp_coverage coverage;
    sgp_err err = sgp_coverage_init(&coverage, &task->model, NULL);
    if (err)
        return err;
    for (uint32_t j = 0; j < task->n_sites; j++)
        if (units[j])
            sgp_coverage_count(&coverage, j);
    for (; placed < task->units; placed++) {
        int64_t gain;
        take(&coverage, units, best_site(task, &coverage, units, &gain));
    }
    while (exchange_unit(task, &coverage, units) || exchange_station(task, &coverage, units))
        ;
    sgp_coverage_deinit(&coverage);
    return SGP_OK;
}

/* ---- the median -------------------------------------------------------------- */

/* Of each zone the nearest open site and how far the next one is. */
typedef struct nearest {
    uint32_t site;
    int64_t ms, next_ms;
} nearest;

static int64_t ms_of(const sgp_siting_task *task, uint32_t site, uint32_t zone) {
    int64_t ms = task->ms[(size_t)site * task->model.n_zones + zone];
    return ms < 0 ? no_way_ms : ms;
}

static void find_nearest(const sgp_siting_task *task, const uint32_t *units, nearest *near) {
    for (uint32_t z = 0; z < task->model.n_zones; z++) {
        near[z] = (nearest){SGP_SITES_MAX, no_way_ms, no_way_ms};
        for (uint32_t j = 0; j < task->n_sites; j++) {
            if (!units[j])
                continue;
            int64_t ms = ms_of(task, j, z);
            if (ms < near[z].ms) {
                near[z].next_ms = near[z].ms;
                near[z].ms = ms;
                near[z].site = j;
            } else if (ms < near[z].next_ms) {
                near[z].next_ms = ms;
            }
        }
    }
}

/* Weight x ms with `to` open as well and `from` (n_sites: none) closed. */
static int64_t cost_with(const sgp_siting_task *task, const nearest *near, uint32_t from,
                         uint32_t to) {
    int64_t cost = 0;
    for (uint32_t z = 0; z < task->model.n_zones; z++) {
        int64_t ms = near[z].site == from ? near[z].next_ms : near[z].ms;
        int64_t there = ms_of(task, to, z);
        cost += task->weight[z] * (there < ms ? there : ms);
    }
    return cost;
}

static void open_best(const sgp_siting_task *task, nearest *near, uint32_t *units) {
    uint32_t best = 0;
    int64_t least = INT64_MAX;
    find_nearest(task, units, near);
    for (uint32_t j = 0; j < task->n_sites; j++) {
        int64_t cost = units[j] ? INT64_MAX : cost_with(task, near, task->n_sites, j);
        if (cost < least) {
            best = j;
            least = cost;
        }
    }
    units[best] = 1;
}

static bool exchange_sites(const sgp_siting_task *task, nearest *near, uint32_t *units) {
    find_nearest(task, units, near);
    int64_t least = 0;
    for (uint32_t z = 0; z < task->model.n_zones; z++)
        least += task->weight[z] * near[z].ms;
    uint32_t from = task->n_sites, to = task->n_sites;
    for (uint32_t j = 0; j < task->n_sites; j++) {
        if (!units[j] || must(task, j))
            continue;
        for (uint32_t k = 0; k < task->n_sites; k++) {
            int64_t cost = units[k] ? INT64_MAX : cost_with(task, near, j, k);
            if (cost < least) {
                from = j;
                to = k;
                least = cost;
            }
        }
    }
    if (from == task->n_sites)
        return false;
    units[from] = 0;
    units[to] = 1;
    return true;
}

static sgp_err median(const sgp_siting_task *task, uint32_t *units) {
    nearest *near = calloc(task->model.n_zones, sizeof *near);
    if (!near)
        return SGP_E_MEMORY;
    for (uint32_t j = 0; j < task->n_sites; j++)
        units[j] = must(task, j);
    while (open_sites(task, units) < task->units)
        open_best(task, near, units);
    while (exchange_sites(task, near, units))
        ;
    free(near);
    return sgp_siting_task_value(task, units) < 0 ? SGP_E_NOT_FOUND : SGP_OK;
}

sgp_err sgp_siting_first(const sgp_siting_task *task, uint32_t *units) {
    memset(units, 0, task->n_sites * sizeof *units);
    return task->ask->question == SGP_SITING_P_MEDIAN ? median(task, units) : cover(task, units);
}
