#include "sigap/coverage.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static sgp_err check(const sgp_coverage_model *model, int64_t *total, sgp_fault *fault) {
    if (model->n_zones == 0 || model->n_zones > SGP_COVERAGE_ZONES_MAX)
        return sgp_fail(fault, SGP_E_TOO_LARGE, "coverage needs 1 to %d zones, not %u",
                        SGP_COVERAGE_ZONES_MAX, model->n_zones);
    if (model->n_posts > SGP_COVERAGE_POSTS_MAX)
        return sgp_fail(fault, SGP_E_TOO_LARGE, "coverage takes at most %d posts, not %u",
                        SGP_COVERAGE_POSTS_MAX, model->n_posts);
    if (model->busy_permille < 0 || model->busy_permille > SGP_COVERAGE_BUSY_MAX)
        return sgp_fail(fault, SGP_E_RANGE,
                        "the busy share of a unit is 0 to %d permille, not %d permille",
                        SGP_COVERAGE_BUSY_MAX, model->busy_permille);
    if (model->target_ms < 0)
        return sgp_fail(fault, SGP_E_RANGE, "the time within which a zone is covered is negative");
    *total = 0;
    for (uint32_t zone = 0; zone < model->n_zones; zone++) {
        int64_t weight = model->weight[zone];
        if (weight < 0 || weight > SGP_COVERAGE_WEIGHT_MAX - *total)
            return sgp_fail(fault, SGP_E_RANGE,
                            "the weight of zone %u is negative, or the sum of all is above %lld",
                            zone, (long long)SGP_COVERAGE_WEIGHT_MAX);
        *total += weight;
    }
    return *total > 0 ? SGP_OK : sgp_fail(fault, SGP_E_RANGE, "no zone has any weight");
}

sgp_err sgp_coverage_init(sgp_coverage *coverage, const sgp_coverage_model *model,
                          sgp_fault *fault) {
    int64_t total = 0;
    sgp_err err = check(model, &total, fault);
    if (err)
        return err;
    uint32_t *reach = calloc(model->n_zones, sizeof *reach);
    if (!reach)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory for the coverage");
    *coverage = (sgp_coverage){.model = model, .reach = reach, .total_weight = total};
    /* Rounding down keeps q^k falling, so that no unit more ever makes the value less. */
    int64_t busy = SGP_COVERAGE_ONE; /* q^k */
    for (int k = 0; k <= SGP_COVERAGE_DEPTH; k++) {
        coverage->covered[k] = SGP_COVERAGE_ONE - busy;
        busy = busy * model->busy_permille / 1000;
    }
    return SGP_OK;
}

void sgp_coverage_deinit(sgp_coverage *coverage) {
    free(coverage->reach);
    *coverage = (sgp_coverage){0};
}

void sgp_coverage_clear(sgp_coverage *coverage) {
    memset(coverage->reach, 0, coverage->model->n_zones * sizeof *coverage->reach);
}

static const int64_t *row_of(const sgp_coverage *coverage, uint32_t post) {
    assert(post < coverage->model->n_posts);
    return coverage->model->ms + (size_t)post * coverage->model->n_zones;
}

static bool in_reach(const sgp_coverage_model *model, int64_t ms) {
    return ms >= 0 && ms <= model->target_ms;
}

void sgp_coverage_count(sgp_coverage *coverage, uint32_t post) {
    const int64_t *ms = row_of(coverage, post);
    for (uint32_t zone = 0; zone < coverage->model->n_zones; zone++)
        coverage->reach[zone] += in_reach(coverage->model, ms[zone]);
}

void sgp_coverage_uncount(sgp_coverage *coverage, uint32_t post) {
    const int64_t *ms = row_of(coverage, post);
    for (uint32_t zone = 0; zone < coverage->model->n_zones; zone++) {
        bool here = in_reach(coverage->model, ms[zone]);
        assert(!here || coverage->reach[zone] > 0);
        coverage->reach[zone] -= here;
    }
}

static int64_t covered_by(const sgp_coverage *coverage, uint32_t units) {
    return coverage->covered[units < SGP_COVERAGE_DEPTH ? units : SGP_COVERAGE_DEPTH];
}

int64_t sgp_coverage_value(const sgp_coverage *coverage) {
    int64_t value = 0;
    for (uint32_t zone = 0; zone < coverage->model->n_zones; zone++)
        value += coverage->model->weight[zone] * covered_by(coverage, coverage->reach[zone]);
    return value;
}

int64_t sgp_coverage_gain(const sgp_coverage *coverage, uint32_t post) {
    const int64_t *ms = row_of(coverage, post);
    int64_t gain = 0;
    for (uint32_t zone = 0; zone < coverage->model->n_zones; zone++) {
        if (!in_reach(coverage->model, ms[zone]))
            continue;
        uint32_t units = coverage->reach[zone];
        gain += coverage->model->weight[zone] *
                (covered_by(coverage, units + 1) - covered_by(coverage, units));
    }
    return gain;
}

int64_t sgp_coverage_loss(const sgp_coverage *coverage, uint32_t post) {
    const int64_t *ms = row_of(coverage, post);
    int64_t loss = 0;
    for (uint32_t zone = 0; zone < coverage->model->n_zones; zone++) {
        if (!in_reach(coverage->model, ms[zone]))
            continue;
        uint32_t units = coverage->reach[zone];
        assert(units > 0);
        loss += coverage->model->weight[zone] *
                (covered_by(coverage, units) - covered_by(coverage, units - 1));
    }
    return loss;
}

int64_t sgp_coverage_reached(const sgp_coverage *coverage) {
    int64_t weight = 0;
    for (uint32_t zone = 0; zone < coverage->model->n_zones; zone++)
        if (coverage->reach[zone] > 0)
            weight += coverage->model->weight[zone];
    return weight * SGP_COVERAGE_ONE;
}

int32_t sgp_coverage_ppm(const sgp_coverage *coverage, int64_t value) {
    /* value / total is at most 2^30, so the million fits. */
    return (int32_t)((value / coverage->total_weight * 1000000 + SGP_COVERAGE_ONE / 2) /
                     SGP_COVERAGE_ONE);
}

/* ---- where units should wait ------------------------------------------------- */

uint32_t sgp_coverage_best_post(const sgp_coverage *coverage, const uint32_t *to, size_t n,
                                int64_t *gain) {
    assert(n > 0);
    uint32_t best = to[0];
    int64_t most = -1;
    for (size_t i = 0; i < n; i++) {
        int64_t here = sgp_coverage_gain(coverage, to[i]);
        if (here > most) {
            best = to[i];
            most = here;
        }
    }
    if (gain)
        *gain = most;
    return best;
}

/* Scratch of one piece of advice. */
typedef struct moving {
    bool *moved;         /* [n_units] */
    uint32_t *room;      /* [n_to] */
    int64_t *gain;       /* [n_to] of a move from the post that is looked at */
    uint32_t *looked_at; /* [n_units] posts of this round */
} moving;

static void moving_free(moving *m) {
    free(m->moved);
    free(m->room);
    free(m->gain);
    free(m->looked_at);
}

static bool moving_make(moving *m, const sgp_move_up_ask *ask) {
    m->moved = calloc(ask->n_units + 1, sizeof *m->moved);
    m->room = malloc((ask->n_to + 1) * sizeof *m->room);
    m->gain = malloc((ask->n_to + 1) * sizeof *m->gain);
    m->looked_at = malloc((ask->n_units + 1) * sizeof *m->looked_at);
    if (!m->moved || !m->room || !m->gain || !m->looked_at)
        return false;
    for (size_t i = 0; i < ask->n_units; i++)
        m->moved[i] = ask->stays && ask->stays[i];
    for (size_t i = 0; i < ask->n_to; i++)
        m->room[i] = ask->room ? ask->room[i] : UINT32_MAX;
    return true;
}

/* Adds more, or is the better one of two that add the same. */
static bool is_better(const sgp_move_up *move, const sgp_move_up *best) {
    if (move->gain != best->gain)
        return move->gain > best->gain;
    if (move->drive_ms != best->drive_ms)
        return move->drive_ms < best->drive_ms;
    return move->unit != best->unit ? move->unit < best->unit : move->to < best->to;
}

/* What a unit from that post would add elsewhere: its loss here taken off its gain there. */
static void look_at_post(sgp_coverage *coverage, const sgp_move_up_ask *ask, uint32_t from,
                         int64_t *gain) {
    int64_t loss = sgp_coverage_loss(coverage, from);
    sgp_coverage_uncount(coverage, from);
    for (size_t t = 0; t < ask->n_to; t++)
        gain[t] = ask->to[t] == from ? 0 : sgp_coverage_gain(coverage, ask->to[t]) - loss;
    sgp_coverage_count(coverage, from);
}

static void best_of_post(const moving *m, const sgp_move_up_ask *ask, uint32_t from,
                         sgp_move_up *best) {
    for (size_t unit = 0; unit < ask->n_units; unit++) {
        if (ask->at[unit] != from || m->moved[unit])
            continue;
        for (size_t t = 0; t < ask->n_to; t++) {
            int64_t drive_ms = ask->drive_ms ? ask->drive_ms[unit * ask->n_to + t] : -1;
            if (m->room[t] == 0 || m->gain[t] < ask->least_gain || m->gain[t] < 1 ||
                (ask->drive_ms && (drive_ms < 0 || drive_ms > ask->drive_max_ms)))
                continue;
            sgp_move_up move = {unit, t, m->gain[t], drive_ms};
            if (best->gain == 0 || is_better(&move, best))
                *best = move;
        }
    }
}

static void make_move(sgp_coverage *coverage, moving *m, const sgp_move_up_ask *ask,
                      const sgp_move_up *move) {
    sgp_coverage_uncount(coverage, ask->at[move->unit]);
    sgp_coverage_count(coverage, ask->to[move->to]);
    m->moved[move->unit] = true;
    m->room[move->to]--;
    for (size_t t = 0; t < ask->n_to; t++)
        if (ask->to[t] == ask->at[move->unit] && m->room[t] < UINT32_MAX)
            m->room[t]++; /* it makes room where it stood */
}

/* The best move of all; gain 0 = none is worth it. */
static sgp_move_up best_move(sgp_coverage *coverage, const moving *m, const sgp_move_up_ask *ask) {
    sgp_move_up best = {0};
    size_t n_looked_at = 0;
    for (size_t unit = 0; unit < ask->n_units; unit++) {
        if (m->moved[unit])
            continue;
        bool seen = false;
        for (size_t i = 0; i < n_looked_at && !seen; i++)
            seen = m->looked_at[i] == ask->at[unit];
        if (seen)
            continue;
        m->looked_at[n_looked_at++] = ask->at[unit];
        look_at_post(coverage, ask, ask->at[unit], m->gain);
        best_of_post(m, ask, ask->at[unit], &best);
    }
    return best;
}

sgp_err sgp_coverage_move_up(sgp_coverage *coverage, const sgp_move_up_ask *ask, sgp_move_up *moves,
                             size_t capacity, size_t *n) {
    moving m = {0};
    if (!moving_make(&m, ask)) {
        moving_free(&m);
        return SGP_E_MEMORY;
    }
    for (*n = 0; *n < capacity;) {
        sgp_move_up best = best_move(coverage, &m, ask);
        if (best.gain == 0)
            break;
        make_move(coverage, &m, ask, &best);
        moves[(*n)++] = best;
    }
    moving_free(&m);
    return SGP_OK;
}
