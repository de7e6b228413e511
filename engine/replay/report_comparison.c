#include "replay/report_comparison.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static sgp_err find_policy(sgp_comparison *comparison, const char *name, uint32_t *index,
                           sgp_fault *fault) {
    for (uint32_t i = 0; i < comparison->n_policies; i++) {
        if (strcmp(comparison->policies[i].policy, name) == 0) {
            *index = i;
            return SGP_OK;
        }
    }
    if (comparison->n_policies == SGP_COMPARED_POLICIES_MAX)
        return sgp_fail(fault, SGP_E_FULL,
                        "a report compares at most %d policies; '%s' is one more",
                        SGP_COMPARED_POLICIES_MAX, name);
    *index = comparison->n_policies;
    return SGP_OK;
}

static sgp_err check_fits(const sgp_comparison *comparison, const sgp_summary *summary,
                          sgp_fault *fault) {
    if (comparison->n_policies == 0)
        return SGP_OK;
    const sgp_summary *first = &comparison->policies[0].runs[0];
    if (first->from_ms != summary->from_ms || first->until_ms != summary->until_ms)
        return sgp_fail(fault, SGP_E_MISMATCH,
                        "replication %u of '%s' covers another time than the first run of '%s'",
                        (unsigned)summary->replication, summary->policy, first->policy);
    return SGP_OK;
}

sgp_err sgp_comparison_add(sgp_comparison *comparison, sgp_summary *summary, sgp_fault *fault) {
    uint32_t index = 0;
    sgp_err err = check_fits(comparison, summary, fault);
    if (err == SGP_OK)
        err = find_policy(comparison, summary->policy, &index, fault);
    if (err != SGP_OK)
        return err;
    sgp_compared_policy *policy = &comparison->policies[index];
    uint32_t at = policy->n_runs;
    while (at > 0 && policy->runs[at - 1].replication >= summary->replication)
        at--;
    if (at < policy->n_runs && policy->runs[at].replication == summary->replication)
        return sgp_fail(fault, SGP_E_MISMATCH, "replication %u of '%s' is there already",
                        (unsigned)summary->replication, summary->policy);
    if (policy->n_runs == SGP_REPLICATIONS_MAX)
        return sgp_fail(fault, SGP_E_FULL, "a report takes at most %d replications of '%s'",
                        SGP_REPLICATIONS_MAX, summary->policy);
    sgp_summary *runs = realloc(policy->runs, (policy->n_runs + 1) * sizeof *runs);
    if (runs == NULL)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory for one more run");
    policy->runs = runs;
    memmove(&runs[at + 1], &runs[at], (policy->n_runs - at) * sizeof *runs);
    runs[at] = *summary;
    policy->n_runs++;
    memcpy(policy->policy, summary->policy, sizeof policy->policy);
    if (index == comparison->n_policies)
        comparison->n_policies++;
    *summary = (sgp_summary){0};
    return SGP_OK;
}

sgp_err sgp_comparison_add_run(sgp_comparison *comparison, const sgp_run *run, sgp_fault *fault) {
    sgp_summary summary;
    sgp_err err = sgp_summary_make(run, &summary, fault);
    if (err != SGP_OK)
        return err;
    err = sgp_comparison_add(comparison, &summary, fault);
    sgp_summary_free(&summary);
    return err;
}

void sgp_comparison_free(sgp_comparison *comparison) {
    for (uint32_t p = 0; p < comparison->n_policies; p++) {
        for (uint32_t r = 0; r < comparison->policies[p].n_runs; r++)
            sgp_summary_free(&comparison->policies[p].runs[r]);
        free(comparison->policies[p].runs);
    }
    *comparison = (sgp_comparison){0};
}

static int by_group_order(const void *left, const void *right) {
    return sgp_group_order(*(const sgp_group *const *)left, *(const sgp_group *const *)right);
}

/* Every group of a grouping in every run, so several times; counts only where `list` is NULL. */
static size_t collect_groups(const sgp_comparison *comparison, sgp_grouping grouping,
                             const sgp_group **list) {
    size_t n = 0;
    for (uint32_t p = 0; p < comparison->n_policies; p++) {
        for (uint32_t r = 0; r < comparison->policies[p].n_runs; r++) {
            const sgp_summary *run = &comparison->policies[p].runs[r];
            for (uint32_t g = 0; g < run->n_groups; g++) {
                if (run->groups[g].grouping != grouping)
                    continue;
                if (list != NULL)
                    list[n] = &run->groups[g];
                n++;
            }
        }
    }
    return n;
}

sgp_err sgp_comparison_groups(const sgp_comparison *comparison, sgp_grouping grouping,
                              sgp_group_name **names, uint32_t *n) {
    size_t all = collect_groups(comparison, grouping, NULL);
    const sgp_group **list = malloc((all + 1) * sizeof *list);
    sgp_group_name *made = malloc((all + 1) * sizeof *made);
    if (list == NULL || made == NULL) {
        free(list);
        free(made);
        return SGP_E_MEMORY;
    }
    collect_groups(comparison, grouping, list);
    qsort(list, all, sizeof *list, by_group_order);
    *n = 0;
    for (size_t i = 0; i < all; i++) {
        if (i > 0 && sgp_group_order(list[i - 1], list[i]) == 0)
            continue;
        memcpy(made[*n].name, list[i]->name, sizeof made[*n].name);
        memcpy(made[*n].within, list[i]->within, sizeof made[*n].within);
        ++*n;
    }
    free(list);
    *names = made;
    return SGP_OK;
}

/* ---- measures ------------------------------------------------------------- */

static double sum_moves(const sgp_summary *summary) {
    double moves = 0;
    for (uint32_t i = 0; i < summary->n_units; i++)
        moves += summary->units[i].moves;
    return moves;
}

/* NULL: nobody has looked. */
static const sgp_covered *covered_of(const sgp_summary *summary, const sgp_cell *cell,
                                     const char *name, const char *within) {
    const sgp_run_coverage *coverage = summary->coverage;
    if (coverage == NULL)
        return NULL;
    if (cell->grouping == SGP_GROUP_ALL)
        return &coverage->all;
    if (cell->grouping == SGP_GROUP_HOUR) {
        int hour = atoi(name);
        return hour >= 0 && hour < 24 ? &coverage->hours[hour] : NULL;
    }
    for (uint32_t a = 0; cell->grouping == SGP_GROUP_KELURAHAN && a < coverage->n_areas; a++)
        if (strcmp(coverage->areas[a].district.kelurahan, name) == 0 &&
            strcmp(coverage->areas[a].district.kecamatan, within) == 0)
            return &coverage->areas[a].covered;
    return NULL;
}

static double measure_coverage(const sgp_summary *summary, const sgp_cell *cell, const char *name,
                               const char *within) {
    const sgp_covered *covered = covered_of(summary, cell, name, within);
    if (covered == NULL || !covered->known)
        return NAN;
    if (cell->measure == SGP_MEASURE_NEAREST)
        return covered->mean_ms < 0 ? NAN : covered->mean_ms;
    return cell->measure == SGP_MEASURE_COVERED ? covered->within : covered->none;
}

double sgp_summary_measure(const sgp_summary *summary, const sgp_cell *cell) {
    const char *name = cell->name != NULL ? cell->name : "";
    const char *within = cell->within != NULL ? cell->within : "";
    bool of_all = cell->grouping == SGP_GROUP_ALL;
    if (cell->measure == SGP_MEASURE_TARGET)
        return of_all && cell->target < summary->n_targets
                   ? sgp_target_reached(&summary->targets[cell->target],
                                        &summary->tallies[cell->target])
                   : NAN;
    if (cell->measure >= SGP_MEASURE_COVERED)
        return measure_coverage(summary, cell, name, within);
    if (cell->measure == SGP_MEASURE_USE) {
        if (!of_all && cell->grouping != SGP_GROUP_STATION)
            return NAN;
        return sgp_summary_use(summary, of_all ? NULL : name);
    }
    if (cell->measure == SGP_MEASURE_DIVERTED)
        return of_all ? summary->n_diverted : NAN;
    if (cell->measure == SGP_MEASURE_MOVES)
        return of_all ? sum_moves(summary) : NAN;
    const sgp_group *group = sgp_summary_group(summary, cell->grouping, name, within);
    /* A group that this replication happened not to have has no incidents, and no times. */
    if (cell->measure == SGP_MEASURE_INCIDENTS)
        return group != NULL ? group->n_incidents : 0;
    if (cell->measure == SGP_MEASURE_REACHED)
        return group != NULL ? group->n_reached : 0;
    if (group == NULL)
        return NAN;
    if (cell->measure == SGP_MEASURE_IN_TIME)
        return group->n_counted > 0 ? (double)group->n_in_time / group->n_counted : NAN;
    const sgp_spread *spread = &group->spread[cell->interval];
    if (spread->n == 0)
        return NAN;
    switch (cell->measure) {
    case SGP_MEASURE_MEAN:
        return spread->mean_ms;
    case SGP_MEASURE_P50:
        return (double)spread->p50_ms;
    case SGP_MEASURE_P90:
        return (double)spread->p90_ms;
    case SGP_MEASURE_P95:
        return (double)spread->p95_ms;
    default:
        return NAN;
    }
}

sgp_estimate sgp_comparison_estimate(const sgp_comparison *comparison, uint32_t policy,
                                     const sgp_cell *cell) {
    const sgp_compared_policy *column = &comparison->policies[policy];
    double values[SGP_REPLICATIONS_MAX];
    for (uint32_t r = 0; r < column->n_runs; r++)
        values[r] = sgp_summary_measure(&column->runs[r], cell);
    return sgp_estimate_of(values, column->n_runs);
}

/* Walks the replications that both columns have, in order. */
typedef struct pairing {
    const sgp_compared_policy *left, *right;
    uint32_t l, r;
} pairing;

static bool next_pair(pairing *p, const sgp_summary **left, const sgp_summary **right) {
    while (p->l < p->left->n_runs && p->r < p->right->n_runs) {
        *left = &p->left->runs[p->l];
        *right = &p->right->runs[p->r];
        if ((*left)->replication == (*right)->replication) {
            p->l++;
            p->r++;
            return true;
        }
        if ((*left)->replication < (*right)->replication)
            p->l++;
        else
            p->r++;
    }
    return false;
}

sgp_estimate sgp_comparison_difference(const sgp_comparison *comparison, uint32_t policy,
                                       uint32_t base, const sgp_cell *cell) {
    pairing p = {&comparison->policies[policy], &comparison->policies[base], 0, 0};
    double left[SGP_REPLICATIONS_MAX], right[SGP_REPLICATIONS_MAX];
    size_t n = 0;
    const sgp_summary *a, *b;
    while (next_pair(&p, &a, &b)) {
        left[n] = sgp_summary_measure(a, cell);
        right[n++] = sgp_summary_measure(b, cell);
    }
    return sgp_estimate_of_differences(left, right, n);
}

/* ---- call by call --------------------------------------------------------- */

static void compare_call(const sgp_call_response *left, const sgp_call_response *right,
                         sgp_call_pairs *pairs, double *sum_ms, uint64_t *n_both) {
    bool came = left->response_ms >= 0, came_base = right->response_ms >= 0;
    pairs->n++;
    if (came && came_base) {
        int64_t difference_ms = left->response_ms - right->response_ms;
        *sum_ms += (double)difference_ms;
        ++*n_both;
        pairs->earlier += difference_ms < -1000;
        pairs->later += difference_ms > 1000;
        pairs->equal += difference_ms >= -1000 && difference_ms <= 1000;
        return;
    }
    pairs->reached_only += came;
    pairs->missed_only += came_base;
    pairs->neither += !came && !came_base;
}

sgp_call_pairs sgp_comparison_calls(const sgp_comparison *comparison, uint32_t policy,
                                    uint32_t base, sgp_priority priority) {
    sgp_call_pairs pairs = {.mean_ms = NAN};
    double sum_ms = 0;
    uint64_t n_both = 0;
    pairing p = {&comparison->policies[policy], &comparison->policies[base], 0, 0};
    const sgp_summary *a, *b;
    while (next_pair(&p, &a, &b)) {
        uint32_t i = 0, j = 0;
        while (i < a->n_responses && j < b->n_responses) {
            const sgp_call_response *left = &a->responses[i], *right = &b->responses[j];
            if (left->key != right->key) {
                i += left->key < right->key;
                j += right->key < left->key;
                continue;
            }
            i++;
            j++;
            /* The base says which priority a call has; both do unless a policy re-triages. */
            if (priority == SGP_PRIORITY_UNKNOWN || right->priority == priority)
                compare_call(left, right, &pairs, &sum_ms, &n_both);
        }
    }
    if (n_both > 0)
        pairs.mean_ms = sum_ms / (double)n_both;
    return pairs;
}
