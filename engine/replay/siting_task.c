#include "replay/siting_parts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* The solver's rows and the memory for joining them grow with this. */
enum { PAIRS_MAX = 4000000 };

static const char *const names[] = {
    [SGP_SITING_MCLP] = "mclp", [SGP_SITING_MEXCLP] = "mexclp", [SGP_SITING_P_MEDIAN] = "p-median"};
enum { N_NAMES = sizeof names / sizeof *names };

const char *sgp_siting_question_str(sgp_siting_question question) {
    return (unsigned)question < N_NAMES && names[question] ? names[question] : "unknown";
}

sgp_err sgp_siting_question_parse(const char *name, sgp_siting_question *question) {
    for (unsigned i = 1; i < N_NAMES; i++)
        if (strcmp(names[i], name) == 0) {
            *question = (sgp_siting_question)i;
            return SGP_OK;
        }
    return SGP_E_FORMAT;
}

bool sgp_siting_is_better(sgp_siting_question question, int64_t value, int64_t than) {
    return question == SGP_SITING_P_MEDIAN ? value < than : value > than;
}

/* ---- checks ------------------------------------------------------------------ */

static sgp_err check(const sgp_siting_ask *ask, sgp_siting_task *task, sgp_fault *fault) {
    const sgp_coverage_model *model = ask->model;
    uint32_t n = model->n_posts, must = 0;
    if (n == 0 || n > SGP_SITES_MAX)
        return sgp_fail(fault, SGP_E_TOO_LARGE, "1 to %d sites can be looked at, not %u",
                        SGP_SITES_MAX, n);
    if ((uint64_t)n * model->n_zones > PAIRS_MAX)
        return sgp_fail(fault, SGP_E_TOO_LARGE,
                        "%u sites and %u zones are more than %d pairs: take larger zones", n,
                        model->n_zones, PAIRS_MAX);
    for (uint32_t j = 0; j < n && ask->rules; j++)
        must += ask->rules[j] == SGP_SITE_MUST;
    if (ask->stations < 1 || ask->stations > n || must > ask->stations)
        return sgp_fail(fault, SGP_E_RANGE,
                        "%u stations cannot be chosen of %u sites of which %u stay", ask->stations,
                        n, must);
    bool chance = ask->question == SGP_SITING_MEXCLP;
    task->units = chance ? ask->units : ask->stations;
    task->units_max = !chance                                ? 1
                      : ask->units_per_station == 0          ? task->units
                      : ask->units_per_station < task->units ? ask->units_per_station
                                                             : task->units;
    if (task->units < must || task->units == 0 || task->units > SGP_COVERAGE_DEPTH)
        return sgp_fail(fault, SGP_E_RANGE,
                        "%u units: there must be 1 to %d, and one for each of "
                        "the %u stations that stay",
                        task->units, SGP_COVERAGE_DEPTH, must);
    if (task->units > (uint64_t)ask->stations * task->units_max)
        return sgp_fail(fault, SGP_E_RANGE, "%u units do not fit into %u stations of %u",
                        task->units, ask->stations, task->units_max);
    sgp_coverage coverage; /* its checks are these too */
    sgp_err err = sgp_coverage_init(&coverage, model, fault);
    if (!err) {
        task->total_weight = coverage.total_weight;
        sgp_coverage_deinit(&coverage);
    }
    return err;
}

/* A zone with weight that no site has a way to. */
static sgp_err check_reached(const sgp_coverage_model *model, sgp_fault *fault) {
    for (uint32_t z = 0; z < model->n_zones; z++) {
        bool reached = model->weight[z] == 0;
        for (uint32_t j = 0; j < model->n_posts && !reached; j++)
            reached = model->ms[(size_t)j * model->n_zones + z] >= 0;
        if (!reached)
            return sgp_fail(fault, SGP_E_NOT_FOUND, "zone %u has a way from no site", z);
    }
    return SGP_OK;
}

/* ---- joining ----------------------------------------------------------------- */

/* Which sites reach a zone: a bit each. */
typedef struct pattern {
    uint64_t sites[SGP_SITES_MAX / 64];
    int64_t weight;
} pattern;

static int by_sites(const void *left, const void *right) {
    return memcmp(((const pattern *)left)->sites, ((const pattern *)right)->sites,
                  sizeof((const pattern *)left)->sites);
}

static bool is_empty(const pattern *p) {
    for (size_t i = 0; i < SGP_SITES_MAX / 64; i++)
        if (p->sites[i])
            return false;
    return true;
}

/* Equal ones become one; those without any site or weight go. Returns how many are left. */
static uint32_t join(pattern *patterns, uint32_t n) {
    uint32_t kept = 0;
    qsort(patterns, n, sizeof *patterns, by_sites);
    for (uint32_t i = 0; i < n; i++) {
        if (patterns[i].weight == 0 || is_empty(&patterns[i]))
            continue;
        if (kept && by_sites(&patterns[kept - 1], &patterns[i]) == 0)
            patterns[kept - 1].weight += patterns[i].weight;
        else
            patterns[kept++] = patterns[i];
    }
    return kept;
}

static bool room(sgp_siting_task *task, uint32_t n_zones) {
    size_t n = n_zones ? n_zones : 1;
    task->weight = calloc(n, sizeof *task->weight);
    task->ms = calloc(n * task->n_sites, sizeof *task->ms);
    task->model = *task->ask->model;
    task->model.n_zones = n_zones;
    task->model.weight = task->weight;
    task->model.ms = task->ms;
    return task->weight && task->ms;
}

static sgp_err join_zones(sgp_siting_task *task) {
    const sgp_coverage_model *model = task->ask->model;
    pattern *patterns = calloc(model->n_zones, sizeof *patterns);
    if (!patterns)
        return SGP_E_MEMORY;
    for (uint32_t z = 0; z < model->n_zones; z++) {
        patterns[z].weight = model->weight[z];
        for (uint32_t j = 0; j < task->n_sites; j++) {
            int64_t ms = model->ms[(size_t)j * model->n_zones + z];
            if (ms >= 0 && ms <= model->target_ms)
                patterns[z].sites[j / 64] |= UINT64_C(1) << j % 64;
        }
    }
    uint32_t n = join(patterns, model->n_zones);
    bool ok = room(task, n);
    for (uint32_t z = 0; z < n && ok; z++) {
        task->weight[z] = patterns[z].weight;
        for (uint32_t j = 0; j < task->n_sites; j++)
            task->ms[(size_t)j * n + z] = patterns[z].sites[j / 64] >> j % 64 & 1 ? 0 : -1;
    }
    task->model.target_ms = 0;
    if (task->ask->question == SGP_SITING_MCLP)
        task->model.busy_permille = 0;
    free(patterns);
    return ok ? SGP_OK : SGP_E_MEMORY;
}

/* With times it is each zone for itself; those without weight go. */
static sgp_err copy_zones(sgp_siting_task *task) {
    const sgp_coverage_model *model = task->ask->model;
    uint32_t n = 0;
    for (uint32_t z = 0; z < model->n_zones; z++)
        n += model->weight[z] > 0;
    if (!room(task, n))
        return SGP_E_MEMORY;
    uint32_t to = 0;
    for (uint32_t z = 0; z < model->n_zones; z++) {
        if (model->weight[z] == 0)
            continue;
        task->weight[to] = model->weight[z];
        for (uint32_t j = 0; j < task->n_sites; j++)
            task->ms[(size_t)j * n + to] = model->ms[(size_t)j * model->n_zones + z];
        to++;
    }
    return SGP_OK;
}

sgp_err sgp_siting_task_make(const sgp_siting_ask *ask, sgp_siting_task *task, sgp_fault *fault) {
    *task = (sgp_siting_task){.ask = ask, .n_sites = ask->model->n_posts};
    sgp_err err = check(ask, task, fault);
    if (!err && ask->question == SGP_SITING_P_MEDIAN)
        err = check_reached(ask->model, fault);
    if (err)
        return err;
    err = ask->question == SGP_SITING_P_MEDIAN ? copy_zones(task) : join_zones(task);
    if (err) {
        sgp_siting_task_free(task);
        return sgp_fail(fault, err, "no memory for the sites");
    }
    return SGP_OK;
}

void sgp_siting_task_free(sgp_siting_task *task) {
    free(task->weight);
    free(task->ms);
    *task = (sgp_siting_task){0};
}

/* ---- values ------------------------------------------------------------------ */

/* Of the nearest open site; -1 = none has a way. */
static int64_t nearest_ms(const sgp_coverage_model *model, const uint32_t *units, uint32_t zone) {
    int64_t nearest = -1;
    for (uint32_t j = 0; j < model->n_posts; j++) {
        int64_t ms = model->ms[(size_t)j * model->n_zones + zone];
        if (units[j] && ms >= 0 && (nearest < 0 || ms < nearest))
            nearest = ms;
    }
    return nearest;
}

static int64_t median_value(const sgp_coverage_model *model, const uint32_t *units) {
    int64_t value = 0;
    for (uint32_t z = 0; z < model->n_zones; z++) {
        int64_t ms = nearest_ms(model, units, z);
        if (ms < 0 && model->weight[z] > 0)
            return -1;
        value += model->weight[z] * (ms > 0 ? ms : 0);
    }
    return value;
}

/* Of any model, joined or not. */
static int64_t value_of(sgp_siting_question question, const sgp_coverage_model *model,
                        const uint32_t *units) {
    if (question == SGP_SITING_P_MEDIAN)
        return median_value(model, units);
    int64_t share[SGP_COVERAGE_DEPTH + 1], busy = SGP_COVERAGE_ONE, value = 0;
    for (int k = 0; k <= SGP_COVERAGE_DEPTH; k++) {
        share[k] = SGP_COVERAGE_ONE - busy;
        busy = busy * model->busy_permille / 1000;
    }
    for (uint32_t z = 0; z < model->n_zones; z++) {
        uint32_t reach = 0;
        for (uint32_t j = 0; j < model->n_posts; j++) {
            int64_t ms = model->ms[(size_t)j * model->n_zones + z];
            reach += ms >= 0 && ms <= model->target_ms ? units[j] : 0;
        }
        if (question == SGP_SITING_MCLP)
            value += reach ? model->weight[z] : 0;
        else
            value +=
                model->weight[z] * share[reach < SGP_COVERAGE_DEPTH ? reach : SGP_COVERAGE_DEPTH];
    }
    return value;
}

int64_t sgp_siting_task_value(const sgp_siting_task *task, const uint32_t *units) {
    if (task->model.n_zones == 0)
        return 0; /* nobody is reached from anywhere */
    return value_of(task->ask->question, &task->model, units);
}

sgp_err sgp_siting_value(const sgp_siting_ask *ask, sgp_siting *answer) {
    const sgp_coverage_model *model = ask->model;
    answer->value = value_of(ask->question, model, answer->units);
    double sum = 0, weight = 0;
    answer->worst_ms = 0;
    for (uint32_t z = 0; z < model->n_zones; z++) {
        int64_t ms = nearest_ms(model, answer->units, z);
        if (model->weight[z] == 0)
            continue;
        if (ms < 0 || answer->worst_ms < 0)
            answer->worst_ms = -1;
        else if (ms > answer->worst_ms)
            answer->worst_ms = ms;
        if (ms >= 0) {
            sum += (double)model->weight[z] * (double)ms;
            weight += (double)model->weight[z];
        }
    }
    answer->mean_ms = weight > 0 ? sum / weight : -1;
    return SGP_OK;
}

/* ---- the whole --------------------------------------------------------------- */

/* Brings `answer` to the best from a first answer. */
static sgp_err improve(const sgp_siting_task *task, sgp_siting *answer, sgp_fault *fault) {
    sgp_err err = sgp_siting_first(task, answer->units);
    if (err && err != SGP_E_NOT_FOUND)
        return sgp_fail(fault, err, "no memory for the sites");
    bool has_first = err == SGP_OK;
    if (has_first)
        answer->first_value = sgp_siting_task_value(task, answer->units);
    answer->n_joined = task->model.n_zones;
    return task->model.n_zones == 0 ? SGP_OK
                                    : sgp_siting_mip(task, has_first, answer->units, answer, fault);
}

sgp_err sgp_siting_solve(const sgp_siting_ask *ask, sgp_siting *answer, sgp_fault *fault) {
    *answer = (sgp_siting){0};
    sgp_siting_task task;
    sgp_err err = sgp_siting_task_make(ask, &task, fault);
    if (err)
        return err;
    answer->units = calloc(task.n_sites, sizeof *answer->units);
    answer->is_best = task.model.n_zones == 0;
    err = answer->units ? improve(&task, answer, fault) : SGP_E_MEMORY;
    if (!err)
        err = sgp_siting_value(ask, answer);
    sgp_siting_task_free(&task);
    if (err)
        sgp_siting_free(answer);
    return err;
}

void sgp_siting_free(sgp_siting *answer) {
    free(answer->units);
    *answer = (sgp_siting){0};
}
