/* The questions as mixed integer programmes for GLPK.
 *
 * Covering (MCLP, MEXCLP), x_j units at site j, y_zk "zone z has a k-th unit in reach":
 *
 *     most  sum w_z (1 - q) q^(k-1) y_zk      so that  sum_k y_zk <= sum of x_j that reach z
 *     sum x_j = P,  0 <= x_j <= c, whole,  0 <= y_zk <= 1
 *     where stations are fewer than sites:  x_j <= c o_j,  sum o_j <= p,  o_j 0 or 1
 *
 * The y need not be whole: a zone's first units gain most, so the best y fill up in order.
 *
 * Median, x_j 0 or 1, u_S "no site of the set S is open", S the sites within a radius of a zone:
 *
 *     least sum of D_1 + sum (D_(k+1) - D_k) u_S(z,k)     so that  u_S + sum of x_j in S >= 1
 *
 * Zones whose radii hold the same sites share their u. Radii with more than n - p sites always
 * hold an open one and need none. */
#include "replay/siting_parts.h"

#include <assert.h>
#include <glpk.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

static const double scale = 1000; /* of the objective: the whole weight */

/* Which sites are in a set: a bit each. */
typedef struct site_set {
    uint64_t sites[SGP_SITES_MAX / 64];
    double cost; /* of none of them being open */
} site_set;

typedef struct programme {
    const sgp_siting_task *task;
    glp_prob *lp;
    bool is_median;
    int depth;                   /* y of a zone */
    int first_open, first_share; /* columns: o_j; y or u. x_j are 1 .. n_sites */
    site_set *sets;              /* [n_sets] of the median */
    uint32_t n_sets;
    double *first;                      /* the first answer as columns, [1 ..]; NULL = none */
    sgp_site_fate fates[SGP_SITES_MAX]; /* settled beforehand, for the median */
    uint32_t n_closed;
    double bound; /* of the median; 0 = not known */
    double gap;   /* of the tree when last seen; above 1: not known */
    bool has_gap, stopped;
    int64_t began_us, told_us;
} programme;

static bool in_reach(const sgp_siting_task *task, uint32_t site, uint32_t zone) {
    return task->ms[(size_t)site * task->model.n_zones + zone] >= 0;
}

static bool has(const site_set *set, uint32_t site) {
    return set->sites[site / 64] >> site % 64 & 1;
}

/* ---- columns of the sites ---------------------------------------------------- */

static bool stays_open(const programme *p, uint32_t site) {
    const sgp_site_rule *rules = p->task->ask->rules;
    return (rules && rules[site] == SGP_SITE_MUST) || p->fates[site] == SGP_SITE_OPENED;
}

static void add_sites(programme *p) {
    const sgp_siting_task *task = p->task;
    int n = (int)task->n_sites;
    glp_add_cols(p->lp, n);
    for (int j = 1; j <= n; j++) {
        bool must = stays_open(p, (uint32_t)j - 1);
        glp_set_col_kind(p->lp, j, GLP_IV);
        if (p->fates[j - 1] == SGP_SITE_CLOSED)
            glp_set_col_bnds(p->lp, j, GLP_FX, 0, 0);
        else if (must && task->units_max == 1)
            glp_set_col_bnds(p->lp, j, GLP_FX, 1, 1);
        else
            glp_set_col_bnds(p->lp, j, GLP_DB, must, task->units_max);
    }
}

/* sum x_j = units */
static void add_units(programme *p, int *column, double *value) {
    int n = (int)p->task->n_sites, row = glp_add_rows(p->lp, 1);
    for (int j = 1; j <= n; j++) {
        column[j] = j;
        value[j] = 1;
    }
    glp_set_row_bnds(p->lp, row, GLP_FX, p->task->units, p->task->units);
    glp_set_mat_row(p->lp, row, n, column, value);
}

/* x_j <= c o_j, sum o_j <= p */
static void add_stations(programme *p, int *column, double *value) {
    const sgp_siting_task *task = p->task;
    int n = (int)task->n_sites;
    if (task->units_max == 1 || task->ask->stations >= task->n_sites)
        return; /* so many open ones at most anyway */
    p->first_open = glp_add_cols(p->lp, n);
    int row = glp_add_rows(p->lp, n + 1);
    for (int j = 1; j <= n; j++) {
        glp_set_col_kind(p->lp, p->first_open + j - 1, GLP_BV);
        int pair[] = {0, j, p->first_open + j - 1};
        double terms[] = {0, 1, -(double)task->units_max};
        glp_set_row_bnds(p->lp, row + j - 1, GLP_UP, 0, 0);
        glp_set_mat_row(p->lp, row + j - 1, 2, pair, terms);
        column[j] = p->first_open + j - 1;
        value[j] = 1;
    }
    glp_set_row_bnds(p->lp, row + n, GLP_UP, 0, task->ask->stations);
    glp_set_mat_row(p->lp, row + n, n, column, value);
}

/* ---- covering ---------------------------------------------------------------- */

/* How many units of one zone can matter: beyond, a gain is lost in rounding anyway. */
static int depth_of(const sgp_siting_task *task) {
    double busy = task->model.busy_permille / 1000.0, left = 1;
    int depth = 0;
    while (depth < (int)task->units && left > 1e-9) {
        left *= busy;
        depth++;
    }
    return depth;
}

static void add_zone(programme *p, uint32_t zone, int *column, double *value) {
    const sgp_siting_task *task = p->task;
    double busy = task->model.busy_permille / 1000.0;
    double gain = scale * (1 - busy) * (double)task->weight[zone] / (double)task->total_weight;
    int n = 0, first = p->first_share + (int)zone * p->depth, row = glp_add_rows(p->lp, 1);
    for (int k = 0; k < p->depth; k++) {
        glp_set_col_bnds(p->lp, first + k, GLP_DB, 0, 1);
        glp_set_obj_coef(p->lp, first + k, gain);
        gain *= busy;
        column[++n] = first + k;
        value[n] = 1;
    }
    for (uint32_t j = 0; j < task->n_sites; j++)
        if (in_reach(task, j, zone)) {
            column[++n] = (int)j + 1;
            value[n] = -1;
        }
    glp_set_row_bnds(p->lp, row, GLP_UP, 0, 0);
    glp_set_mat_row(p->lp, row, n, column, value);
}

static void build_cover(programme *p, int *column, double *value) {
    glp_set_obj_dir(p->lp, GLP_MAX);
    add_sites(p);
    add_units(p, column, value);
    add_stations(p, column, value);
    p->depth = depth_of(p->task);
    p->first_share = glp_add_cols(p->lp, (int)p->task->model.n_zones * p->depth);
    for (uint32_t z = 0; z < p->task->model.n_zones; z++)
        add_zone(p, z, column, value);
}

/* ---- the median -------------------------------------------------------------- */

typedef struct distance {
    int64_t ms;
    uint32_t site;
} distance;

static int by_distance(const void *left, const void *right) {
    const distance *a = left, *b = right;
    return a->ms != b->ms ? (a->ms > b->ms) - (a->ms < b->ms) : (a->site > b->site) - 1;
}

static int by_set(const void *left, const void *right) {
    return memcmp(((const site_set *)left)->sites, ((const site_set *)right)->sites,
                  sizeof((const site_set *)left)->sites);
}

/* Radii around one zone, nearest site first. A cost of infinity: one of them must be open. */
static double add_radii(programme *p, uint32_t zone, distance *order) {
    const sgp_siting_task *task = p->task;
    /* Sites that can all be closed, besides those that are. */
    uint32_t n = 0, most = task->n_sites - p->n_closed - task->units;
    for (uint32_t j = 0; j < task->n_sites; j++)
        if (in_reach(task, j, zone) && p->fates[j] != SGP_SITE_CLOSED)
            order[n++] = (distance){task->ms[(size_t)j * task->model.n_zones + zone], j};
    qsort(order, n, sizeof *order, by_distance);
    double share = (double)task->weight[zone] / (double)task->total_weight * scale / 1000;
    site_set set = {.cost = 0};
    for (uint32_t i = 0; i < n && i < most && !stays_open(p, order[i].site); i++) {
        set.sites[order[i].site / 64] |= UINT64_C(1) << order[i].site % 64;
        bool last = i + 1 == n;
        if (!last && order[i + 1].ms == order[i].ms)
            continue;
        set.cost = last ? INFINITY : share * (double)(order[i + 1].ms - order[i].ms);
        p->sets[p->n_sets++] = set;
    }
    return share * (double)order[0].ms;
}

static void join_sets(programme *p) {
    uint32_t kept = 0;
    qsort(p->sets, p->n_sets, sizeof *p->sets, by_set);
    for (uint32_t i = 0; i < p->n_sets; i++)
        if (kept && by_set(&p->sets[kept - 1], &p->sets[i]) == 0)
            p->sets[kept - 1].cost += p->sets[i].cost;
        else
            p->sets[kept++] = p->sets[i];
    p->n_sets = kept;
}

static void add_set(programme *p, uint32_t number, int *column, double *value) {
    const site_set *set = &p->sets[number];
    int n = 0, row = glp_add_rows(p->lp, 1), none = p->first_share + (int)number;
    for (uint32_t j = 0; j < p->task->n_sites; j++)
        if (has(set, j)) {
            column[++n] = (int)j + 1;
            value[n] = 1;
        }
    if (isinf(set->cost)) {
        glp_set_col_bnds(p->lp, none, GLP_FX, 0, 0);
    } else {
        glp_set_col_bnds(p->lp, none, GLP_DB, 0, 1);
        glp_set_obj_coef(p->lp, none, set->cost);
        column[++n] = none;
        value[n] = 1;
    }
    glp_set_row_bnds(p->lp, row, GLP_LO, 1, 0);
    glp_set_mat_row(p->lp, row, n, column, value);
}

static sgp_err build_median(programme *p, int *column, double *value) {
    const sgp_siting_task *task = p->task;
    p->sets = calloc((size_t)task->model.n_zones * task->n_sites + 1, sizeof *p->sets);
    distance *order = calloc(task->n_sites, sizeof *order);
    if (!p->sets || !order) {
        free(order);
        return SGP_E_MEMORY;
    }
    glp_set_obj_dir(p->lp, GLP_MIN);
    add_sites(p);
    add_units(p, column, value);
    double nearest = 0;
    for (uint32_t z = 0; z < task->model.n_zones; z++)
        nearest += add_radii(p, z, order);
    free(order);
    join_sets(p);
    glp_set_obj_coef(p->lp, 0, nearest);
    p->first_share = p->n_sets ? glp_add_cols(p->lp, (int)p->n_sets) : 0;
    for (uint32_t s = 0; s < p->n_sets; s++)
        add_set(p, s, column, value);
    return SGP_OK;
}

/* ---- the first answer as columns --------------------------------------------- */

static bool put_first(programme *p, const uint32_t *units) {
    const sgp_siting_task *task = p->task;
    p->first = calloc((size_t)glp_get_num_cols(p->lp) + 1, sizeof *p->first);
    if (!p->first)
        return false;
    for (uint32_t j = 0; j < task->n_sites; j++) {
        p->first[j + 1] = units[j];
        if (p->first_open)
            p->first[p->first_open + (int)j] = units[j] > 0;
    }
    for (uint32_t z = 0; z < task->model.n_zones && !p->is_median; z++) {
        uint32_t reach = 0;
        for (uint32_t j = 0; j < task->n_sites; j++)
            reach += in_reach(task, j, z) ? units[j] : 0;
        for (int k = 0; k < p->depth && k < (int)reach; k++)
            p->first[p->first_share + (int)z * p->depth + k] = 1;
    }
    for (uint32_t s = 0; s < p->n_sets; s++) {
        bool open = false;
        for (uint32_t j = 0; j < task->n_sites && !open; j++)
            open = units[j] && has(&p->sets[s], j);
        p->first[p->first_share + (int)s] = !open;
    }
    return true;
}

/* ---- solving ----------------------------------------------------------------- */

/* Tells how far it is, ten times a second at most. True: it shall stop. */
static bool tell(programme *p, glp_tree *tree) {
    const sgp_progress *progress = p->task->ask->progress;
    int64_t now_us = sgp_monotonic_us();
    if (!progress || now_us - p->told_us < 100000)
        return false;
    p->told_us = now_us;
    char phase[96];
    int best = tree ? glp_ios_best_node(tree) : 0;
    double value = tree ? glp_mip_obj_val(glp_ios_get_prob(tree)) / scale : 0;
    if (best && p->is_median)
        snprintf(phase, sizeof phase, "mean %.1f s, at least %.1f s", value * 1000,
                 glp_ios_node_bound(tree, best) / scale * 1000);
    else if (best)
        snprintf(phase, sizeof phase, "%.3f %%, at most %.3f %%", value * 100,
                 glp_ios_node_bound(tree, best) / scale * 100);
    else
        snprintf(phase, sizeof phase, "solving");
    return progress->report(progress->ctx, phase, (uint64_t)(now_us - p->began_us) / 1000,
                            (uint64_t)p->task->ask->time_limit_ms) != 0;
}

static void on_tree(glp_tree *tree, void *ctx) {
    programme *p = ctx;
    int reason = glp_ios_reason(tree);
    if (reason == GLP_IHEUR && p->first) {
        glp_ios_heur_sol(tree, p->first);
        free(p->first);
        p->first = NULL;
    }
    if (reason == GLP_ISELECT || reason == GLP_IROWGEN) {
        p->gap = glp_ios_mip_gap(tree);
        p->has_gap = true;
    }
    if (!p->stopped && tell(p, tree)) {
        p->stopped = true;
        glp_ios_terminate(tree);
    }
}

static int left_ms(const programme *p) {
    int64_t left = p->task->ask->time_limit_ms - (sgp_monotonic_us() - p->began_us) / 1000;
    return left > 0 ? (int)left : 0;
}

/* How far the present answer may be from the best, where only the root is known. */
static double gap_of_root(const programme *p, double value) {
    double bound = glp_get_obj_val(p->lp);
    return fabs(bound - value) / (fabs(value) > 1e-9 ? fabs(value) : 1e-9);
}

/* By what was known beforehand, or a bound that needs nothing: every site open. */
static double gap_without_tree(const programme *p, const uint32_t *units) {
    const sgp_siting_task *task = p->task;
    int64_t value = sgp_siting_task_value(task, units);
    if (p->bound > 0)
        return ((double)value - p->bound) / (double)value;
    uint32_t all[SGP_SITES_MAX];
    for (uint32_t j = 0; j < task->n_sites; j++)
        all[j] = task->units_max;
    int64_t bound = sgp_siting_task_value(task, all);
    return value > 0 && bound >= 0 ? fabs((double)bound - (double)value) / (double)value : 1;
}

/* The solver's answer in the stead of the first one, unless that is better after all. */
static void take_better(const programme *p, bool has_first, uint32_t *units) {
    const sgp_siting_task *task = p->task;
    uint32_t found[SGP_SITES_MAX];
    for (uint32_t j = 0; j < task->n_sites; j++)
        found[j] = (uint32_t)lround(glp_mip_col_val(p->lp, (int)j + 1));
    int64_t value = sgp_siting_task_value(task, found);
    bool is_worse =
        value < 0 || (has_first && sgp_siting_is_better(task->ask->question,
                                                        sgp_siting_task_value(task, units), value));
    if (!is_worse)
        memcpy(units, found, task->n_sites * sizeof *units);
}

static sgp_err branch(programme *p, bool has_first, uint32_t *units, sgp_siting *answer,
                      sgp_fault *fault) {
    glp_iocp how;
    glp_init_iocp(&how);
    how.msg_lev = GLP_MSG_OFF;
    how.tm_lim = left_ms(p);
    how.mip_gap = p->task->ask->gap;
    how.mir_cuts = GLP_ON;
    how.cb_func = on_tree;
    how.cb_info = p;
    int code = how.tm_lim > 0 ? glp_intopt(p->lp, &how) : GLP_ETMLIM;
    bool found = code != 0 && how.tm_lim == 0
                     ? false
                     : glp_mip_status(p->lp) == GLP_OPT || glp_mip_status(p->lp) == GLP_FEAS;
    answer->is_stopped = code == GLP_ETMLIM || code == GLP_ESTOP;
    answer->is_best = code == 0 || code == GLP_EMIPGAP;
    if (code != 0 && code != GLP_EMIPGAP && !answer->is_stopped)
        return sgp_fail(fault, SGP_E_STATE, "GLPK gave up with code %d", code);
    if (answer->is_best && !found)
        return sgp_fail(fault, SGP_E_NOT_FOUND, "so many stations cannot reach every zone");
    if (!found && !has_first)
        return sgp_fail(fault, SGP_E_NOT_FOUND, "no answer was found in this time");
    if (found)
        take_better(p, has_first, units);
    answer->gap = code == 0                             ? 0
                  : found && p->has_gap && p->gap < 1e6 ? p->gap
                  : found                               ? gap_of_root(p, glp_mip_obj_val(p->lp))
                                                        : gap_without_tree(p, units);
    return SGP_OK;
}

static sgp_err solve(programme *p, bool has_first, uint32_t *units, sgp_siting *answer,
                     sgp_fault *fault) {
    glp_smcp how;
    glp_init_smcp(&how);
    how.msg_lev = GLP_MSG_OFF;
    how.meth = GLP_DUALP;
    how.tm_lim = left_ms(p);
    int code = how.tm_lim > 0 && !p->stopped ? glp_simplex(p->lp, &how) : GLP_ETMLIM;
    if (code == GLP_ETMLIM) {
        answer->is_stopped = true;
        if (!has_first)
            return sgp_fail(fault, SGP_E_NOT_FOUND, "no answer was found in this time");
        answer->gap = gap_without_tree(p, units);
        return SGP_OK;
    }
    if (code != 0)
        return sgp_fail(fault, SGP_E_STATE, "GLPK's simplex gave up with code %d", code);
    if (glp_get_status(p->lp) != GLP_OPT)
        return sgp_fail(fault, SGP_E_NOT_FOUND, "so many stations cannot reach every zone");
    return branch(p, has_first, units, answer, fault);
}

/* Settles what can be settled without the programme; the answer may prove to be the best. */
static sgp_err bound_median(programme *p, uint32_t *units, sgp_siting *answer) {
    sgp_err err = sgp_siting_bound(p->task, units, &p->bound, p->fates);
    for (uint32_t j = 0; j < p->task->n_sites; j++)
        p->n_closed += p->fates[j] == SGP_SITE_CLOSED;
    /* Values are whole numbers. */
    answer->is_best = !err && p->bound > (double)sgp_siting_task_value(p->task, units) - 0.999;
    return err;
}

static sgp_err build(programme *p) {
    size_t most = (size_t)p->task->n_sites + SGP_COVERAGE_DEPTH + 2;
    int *column = calloc(most, sizeof *column);
    double *value = calloc(most, sizeof *value);
    sgp_err err = column && value ? SGP_OK : SGP_E_MEMORY;
    if (!err && p->is_median)
        err = build_median(p, column, value);
    else if (!err)
        build_cover(p, column, value);
    free(column);
    free(value);
    return err;
}

sgp_err sgp_siting_mip(const sgp_siting_task *task, bool has_first, uint32_t *units,
                       sgp_siting *answer, sgp_fault *fault) {
    programme p = {.task = task,
                   .is_median = task->ask->question == SGP_SITING_P_MEDIAN,
                   .began_us = sgp_monotonic_us()};
    glp_term_out(GLP_OFF);
    p.lp = glp_create_prob();
    p.stopped = tell(&p, NULL);
    sgp_err err = SGP_OK;
    if (p.is_median && has_first && !p.stopped && task->ask->time_limit_ms > 0)
        err = bound_median(&p, units, answer);
    if (!err && !answer->is_best)
        err = build(&p);
    if (!err && !answer->is_best && has_first && !put_first(&p, units))
        err = SGP_E_MEMORY;
    if (err)
        (void)sgp_fail(fault, err, "no memory for the programme");
    else if (!answer->is_best)
        err = solve(&p, has_first, units, answer, fault);
    answer->solver_ms = (sgp_monotonic_us() - p.began_us) / 1000;
    glp_delete_prob(p.lp);
    free(p.first);
    free(p.sets);
    return err;
}
