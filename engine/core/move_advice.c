#include "core/move_advice.h"

#include <stdlib.h>
#include <string.h>

enum { MINUTE_MS = 60 * 1000 };

void sgp_advice_rules_default(sgp_advice_rules *rules) {
    *rules = (sgp_advice_rules){
        .fall_ppm = 30000, .gain_ppm = 10000, .rest_ms = 20 * MINUTE_MS, .open_max = 3};
}

/* A share of the city as the sums of coverage.h have it. */
static int64_t share(const sgp_coverage *coverage, int64_t ppm) {
    return coverage->total_weight * (SGP_COVERAGE_ONE / 1000000) * ppm;
}

/* What one unit's going from post to post changes. */
static int64_t gain_of(sgp_coverage *coverage, uint32_t from, uint32_t to) {
    sgp_coverage_uncount(coverage, from);
    int64_t gain = sgp_coverage_gain(coverage, to) - sgp_coverage_gain(coverage, from);
    sgp_coverage_count(coverage, from);
    return gain;
}

static size_t place_of(const sgp_advice_look *look, sgp_point point) {
    size_t k = 0;
    while (k < look->moving.n_to && !sgp_point_equal(look->points[k], point))
        k++;
    return k;
}

static size_t free_unit(const sgp_advice_look *look, uint32_t unit) {
    size_t i = 0;
    while (i < look->moving.n_units && look->units[i] != unit)
        i++;
    return i;
}

/* Whether a move that was told is over, and why. */
static bool is_over(const sgp_told_move *move, const sgp_advice_rules *rules,
                    sgp_coverage *coverage, const sgp_advice_look *look, sgp_advice_end *why) {
    size_t i = free_unit(look, move->unit), to = place_of(look, move->to);
    if (i == look->moving.n_units)
        *why = SGP_ADVICE_TAKEN;
    else if (sgp_point_equal(look->waits[i], move->to))
        *why = SGP_ADVICE_FOLLOWED;
    else if (to == look->moving.n_to || !sgp_point_equal(look->waits[i], move->from) ||
             gain_of(coverage, look->moving.at[i], look->moving.to[to]) <
                 share(coverage, rules->gain_ppm) / 2)
        *why = SGP_ADVICE_NOT_WORTH_IT; /* or its post is there no more, or it waits elsewhere */
    else if (look->now_ms - move->told_at_ms >= rules->rest_ms)
        *why = SGP_ADVICE_LAPSED;
    else
        return false;
    return true;
}

static void end_what_is_over(sgp_move_advice *advice, const sgp_advice_rules *rules,
                             sgp_coverage *coverage, const sgp_advice_look *look) {
    uint32_t kept = 0;
    advice->n_ended = 0;
    for (uint32_t m = 0; m < advice->n_open; m++) {
        const sgp_told_move move = advice->open[m];
        sgp_advice_end why;
        if (!is_over(&move, rules, coverage, look, &why)) {
            advice->open[kept++] = move;
            continue;
        }
        advice->ended[advice->n_ended].move = move;
        advice->ended[advice->n_ended++].why = why;
        if (why != SGP_ADVICE_TAKEN)
            advice->rests_until_ms[move.unit] = look->now_ms + rules->rest_ms;
    }
    advice->n_open = kept;
}

/* The coverage as if all that is told were done, or as it is again. */
static void count_open(const sgp_move_advice *advice, sgp_coverage *coverage,
                       const sgp_advice_look *look, uint32_t n, bool done) {
    for (uint32_t m = 0; m < n; m++) {
        uint32_t from = look->moving.at[free_unit(look, advice->open[m].unit)];
        uint32_t to = look->moving.to[place_of(look, advice->open[m].to)];
        sgp_coverage_uncount(coverage, done ? from : to);
        sgp_coverage_count(coverage, done ? to : from);
    }
}

static bool rests(const sgp_move_advice *advice, uint32_t unit, int64_t now_ms) {
    bool open = false;
    for (uint32_t m = 0; m < advice->n_open; m++)
        open = open || advice->open[m].unit == unit;
    return open || advice->rests_until_ms[unit] > now_ms;
}

/* With those who are busy back at their stations. */
static int64_t full_value(sgp_coverage *coverage, const sgp_advice_look *look) {
    for (size_t i = 0; i < look->n_busy; i++)
        sgp_coverage_count(coverage, look->busy[i]);
    int64_t value = sgp_coverage_value(coverage);
    for (size_t i = 0; i < look->n_busy; i++)
        sgp_coverage_uncount(coverage, look->busy[i]);
    return value;
}

static void tell(sgp_move_advice *advice, const sgp_coverage *coverage, const sgp_advice_look *look,
                 const sgp_move_up *moves, size_t n) {
    for (size_t m = 0; m < n; m++)
        advice->open[advice->n_open++] =
            (sgp_told_move){.unit = look->units[moves[m].unit],
                            .from = look->waits[moves[m].unit],
                            .to = look->points[moves[m].to],
                            .gain_ppm = sgp_coverage_ppm(coverage, moves[m].gain),
                            .drive_ms = moves[m].drive_ms,
                            .told_at_ms = look->now_ms};
    advice->n_told = (uint32_t)n;
}

/* New moves, after those that stand. */
static sgp_err tell_more(sgp_move_advice *advice, const sgp_advice_rules *rules,
                         sgp_coverage *coverage, const sgp_advice_look *look, bool *stays) {
    sgp_move_up moves[SGP_ADVICE_OPEN_MAX];
    size_t n = 0, n_units = look->moving.n_units;
    uint32_t standing = advice->n_open;
    for (size_t i = 0; i < n_units; i++)
        stays[i] = (look->moving.stays && look->moving.stays[i]) ||
                   rests(advice, look->units[i], look->now_ms);
    sgp_move_up_ask moving = look->moving;
    moving.stays = stays;
    moving.least_gain = share(coverage, rules->gain_ppm);
    count_open(advice, coverage, look, standing, true);
    sgp_err err = sgp_coverage_move_up(coverage, &moving, moves, rules->open_max - standing, &n);
    if (!err)
        tell(advice, coverage, look, moves, n);
    count_open(advice, coverage, look, advice->n_open, false);
    return err;
}

sgp_err sgp_move_advice_take(sgp_move_advice *advice, const sgp_advice_rules *rules,
                             sgp_coverage *coverage, const sgp_advice_look *look) {
    bool *stays = calloc(look->moving.n_units + 1, sizeof *stays);
    sgp_move_advice *before = malloc(sizeof *before);
    sgp_err err = stays && before ? SGP_OK : SGP_E_MEMORY;
    if (!err) {
        *before = *advice;
        advice->n_told = 0;
        end_what_is_over(advice, rules, coverage, look);
        int64_t now = sgp_coverage_value(coverage), full = full_value(coverage, look);
        advice->expected_ppm = sgp_coverage_ppm(coverage, now);
        advice->full_ppm = sgp_coverage_ppm(coverage, full);
        if (rules->gain_ppm > 0 && advice->n_open < rules->open_max &&
            full - now >= share(coverage, rules->fall_ppm))
            err = tell_more(advice, rules, coverage, look, stays);
        if (err)
            *advice = *before;
    }
    free(before);
    free(stays);
    return err;
}
