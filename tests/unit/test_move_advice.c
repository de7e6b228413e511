/* Move-up advice told unasked: random days in a town on a line, each look held to what the rule
 * says, reckoned anew from nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "core/move_advice.h"

enum { ZONES = 60, POSTS = 12, UNITS = 16, REACH = 6 };

typedef struct town {
    uint64_t random;
    int64_t weight[ZONES], ms[POSTS * ZONES];
    sgp_point points[POSTS];
    sgp_coverage_model model;
    sgp_advice_rules rules;
    sgp_move_advice advice;
    int64_t now_ms;
    uint32_t home[UNITS], waits[UNITS]; /* posts */
    bool busy[UNITS];
    int64_t rests_until_ms[UNITS]; /* as this test has it */
} town;

static uint32_t below(town *t, uint32_t bound) {
    return (uint32_t)sgp_random_below(&t->random, bound);
}

static void draw_town(town *t, uint64_t seed) {
    *t = (town){.random = seed, .now_ms = 1000000000};
    for (int z = 0; z < ZONES; z++)
        t->weight[z] = 1 + below(t, 1000);
    for (int p = 0; p < POSTS; p++) {
        t->points[p] = (sgp_point){1126000000 + p * 50000, -79000000};
        for (int z = 0; z < ZONES; z++)
            t->ms[p * ZONES + z] = abs(p * ZONES / POSTS - z) <= REACH ? 0 : -1;
    }
    t->model = (sgp_coverage_model){.n_zones = ZONES,
                                    .n_posts = POSTS,
                                    .weight = t->weight,
                                    .ms = t->ms,
                                    .busy_permille = (int32_t)(100 + below(t, 500))};
    sgp_advice_rules_default(&t->rules);
    t->rules.gain_ppm = (int32_t)(5000 + below(t, 40000));
    t->rules.fall_ppm = (int32_t)below(t, 100000);
    t->rules.open_max = 1 + below(t, SGP_ADVICE_OPEN_MAX);
    for (int u = 0; u < UNITS; u++)
        t->home[u] = t->waits[u] = below(t, POSTS);
}

/* The whole city's expected coverage with units so often at each post, by the formula itself. */
static double value_of(const town *t, const uint32_t *at_post) {
    double value = 0;
    for (int z = 0; z < ZONES; z++) {
        double nobody = 1;
        for (int p = 0; p < POSTS; p++)
            for (uint32_t i = 0; i < at_post[p]; i++)
                if (t->ms[p * ZONES + z] == 0)
                    nobody *= t->model.busy_permille / 1000.0;
        value += (double)t->weight[z] * (1 - nobody);
    }
    return value;
}

static double total(const town *t) {
    double sum = 0;
    for (int z = 0; z < ZONES; z++)
        sum += (double)t->weight[z];
    return sum;
}

static uint32_t post_at(const town *t, sgp_point point) {
    for (uint32_t p = 0; p < POSTS; p++)
        if (sgp_point_equal(t->points[p], point))
            return p;
    fail_msg("a move goes nowhere");
    return 0;
}

static void count_free(const town *t, uint32_t *at_post) {
    memset(at_post, 0, POSTS * sizeof *at_post);
    for (int u = 0; u < UNITS; u++)
        if (!t->busy[u])
            at_post[t->waits[u]]++;
}

static void move(uint32_t *at_post, uint32_t from, uint32_t to) {
    at_post[from]--;
    at_post[to]++;
}

/* What ended since, and whether that is right. */
static void check_ended(town *t, const sgp_move_advice *before) {
    const sgp_move_advice *now = &t->advice;
    uint32_t at_post[POSTS];
    assert_int_equal(now->n_open - now->n_told + now->n_ended, before->n_open);
    for (uint32_t e = 0; e < now->n_ended; e++) {
        const sgp_told_move *ended = &now->ended[e].move;
        uint32_t u = ended->unit, to = post_at(t, ended->to);
        count_free(t, at_post);
        double gain = -value_of(t, at_post);
        if (!t->busy[u]) {
            move(at_post, t->waits[u], to);
            gain += value_of(t, at_post);
        }
        switch (now->ended[e].why) {
        case SGP_ADVICE_TAKEN:
            assert_true(t->busy[u]);
            break;
        case SGP_ADVICE_FOLLOWED:
            assert_int_equal(t->waits[u], to);
            break;
        case SGP_ADVICE_NOT_WORTH_IT:
            assert_true(gain * 1e6 < t->rules.gain_ppm / 2.0 * total(t) * 1.001);
            break;
        default:
            assert_true(t->now_ms - ended->told_at_ms >= t->rules.rest_ms);
        }
        if (now->ended[e].why != SGP_ADVICE_TAKEN)
            t->rests_until_ms[u] = t->now_ms + t->rules.rest_ms;
    }
}

static uint32_t check_told(town *t) {
    const sgp_move_advice *now = &t->advice;
    uint32_t at_post[POSTS], full[POSTS], standing = now->n_open - now->n_told;
    count_free(t, at_post);
    memcpy(full, at_post, sizeof full);
    for (int u = 0; u < UNITS; u++)
        full[t->home[u]] += t->busy[u];
    double fallen = (value_of(t, full) - value_of(t, at_post)) * 1e6 / total(t);
    assert_true(now->n_open <= t->rules.open_max);
    assert_true(now->n_told == 0 || fallen > t->rules.fall_ppm * 0.999 - 1);
    for (uint32_t m = 0; m < now->n_open; m++) {
        const sgp_told_move *told = &now->open[m];
        for (uint32_t k = 0; k < m; k++)
            assert_int_not_equal(now->open[k].unit, told->unit);
        assert_false(t->busy[told->unit]);
        assert_int_equal(post_at(t, told->from), t->waits[told->unit]);
        double gain = -value_of(t, at_post);
        move(at_post, t->waits[told->unit], post_at(t, told->to));
        gain += value_of(t, at_post);
        if (m < standing)
            continue;
        assert_true(t->rests_until_ms[told->unit] <= t->now_ms);
        assert_int_equal(told->told_at_ms, t->now_ms);
        assert_true(abs((int)(gain * 1e6 / total(t)) - told->gain_ppm) <= 2);
        assert_true(told->gain_ppm >= t->rules.gain_ppm - 1);
    }
    return now->n_told;
}

static void look(town *t) {
    sgp_coverage coverage = {0};
    sgp_fault fault = {0};
    uint32_t units[UNITS], at[UNITS], busy[UNITS], to[POSTS];
    sgp_point waits[UNITS];
    sgp_advice_look seen = {.now_ms = t->now_ms,
                            .units = units,
                            .moving = {.at = at, .n_to = POSTS, .to = to},
                            .points = t->points,
                            .waits = waits,
                            .busy = busy};
    assert_int_equal(sgp_coverage_init(&coverage, &t->model, &fault), SGP_OK);
    for (uint32_t p = 0; p < POSTS; p++)
        to[p] = p;
    for (uint32_t u = 0; u < UNITS; u++) {
        if (t->busy[u]) {
            busy[seen.n_busy++] = t->home[u];
            continue;
        }
        units[seen.moving.n_units] = u;
        waits[seen.moving.n_units] = t->points[t->waits[u]];
        at[seen.moving.n_units++] = t->waits[u];
        sgp_coverage_count(&coverage, t->waits[u]);
    }
    int64_t value = sgp_coverage_value(&coverage);
    sgp_move_advice before = t->advice, again = t->advice;
    assert_int_equal(sgp_move_advice_take(&t->advice, &t->rules, &coverage, &seen), SGP_OK);
    assert_true(sgp_coverage_value(&coverage) == value); /* it is left as it was */
    assert_int_equal(sgp_move_advice_take(&again, &t->rules, &coverage, &seen), SGP_OK);
    assert_int_equal(again.n_told, t->advice.n_told); /* equal looks, equal advice */
    assert_memory_equal(again.open, t->advice.open, again.n_open * sizeof *again.open);
    sgp_coverage_deinit(&coverage);
    check_ended(t, &before);
}

/* Somebody is ordered or becomes free, and some advice is followed. */
static void live(town *t) {
    t->now_ms += 1000 + below(t, 120000);
    uint32_t u = below(t, UNITS);
    t->busy[u] = !t->busy[u] || below(t, 3) == 0;
    if (t->busy[u])
        t->waits[u] = t->home[u];
    if (t->advice.n_open && below(t, 3) == 0) {
        const sgp_told_move *followed = &t->advice.open[below(t, t->advice.n_open)];
        if (!t->busy[followed->unit])
            t->waits[followed->unit] = post_at(t, followed->to);
    }
}

static void test_move_advice_keeps_its_rule(void **state) {
    (void)state;
    uint32_t told = 0, ended[SGP_ADVICE_ENDS] = {0};
    for (uint64_t seed = 1; seed <= 60; seed++) {
        town *t = malloc(sizeof *t);
        assert_non_null(t);
        draw_town(t, seed);
        for (int i = 0; i < 200; i++) {
            live(t);
            look(t);
            told += check_told(t);
            for (uint32_t e = 0; e < t->advice.n_ended; e++)
                ended[t->advice.ended[e].why]++;
        }
        free(t);
    }
    assert_true(told > 200);
    for (int why = 0; why < SGP_ADVICE_ENDS; why++)
        if (ended[why] == 0)
            fail_msg("no advice ended by %d", why);
}

/* One look after the other where nothing changes tells nothing twice, until it lapses; then the
 * unit is left alone. */
static void test_move_advice_does_not_flap(void **state) {
    (void)state;
    town *t = malloc(sizeof *t);
    assert_non_null(t);
    draw_town(t, 7);
    t->rules =
        (sgp_advice_rules){.fall_ppm = 1, .gain_ppm = 1000, .rest_ms = 1200000, .open_max = 1};
    for (int u = 0; u < UNITS; u++) {
        t->home[u] = t->waits[u] = u % 2 ? 0 : POSTS - 1;
        t->busy[u] = u % 2 == 0; /* one end of the town is empty */
    }
    look(t);
    assert_int_equal(check_told(t), 1);
    uint32_t unit = t->advice.open[0].unit;
    for (int i = 0; i < 19; i++) {
        t->now_ms += 60000;
        look(t);
        assert_int_equal(check_told(t), 0);
        assert_int_equal(t->advice.n_open, 1);
    }
    t->now_ms += 60000; /* nobody followed it: another unit is told of, and never this one */
    look(t);
    assert_int_equal(t->advice.n_ended, 1);
    assert_int_equal(t->advice.ended[0].why, SGP_ADVICE_LAPSED);
    assert_int_equal(check_told(t), 1);
    assert_int_not_equal(t->advice.open[0].unit, unit);
    t->rules.gain_ppm = 0; /* nothing is told by itself any more */
    t->busy[t->advice.open[0].unit] = true;
    t->now_ms += 60000;
    look(t);
    assert_int_equal(t->advice.n_open + t->advice.n_told, 0);
    free(t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_move_advice_keeps_its_rule),
        cmocka_unit_test(test_move_advice_does_not_flap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
