/* Stations: the solver's answers against every possible answer on small instances, and its
 * first answer against its last on larger ones. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "replay/siting_parts.h"

enum { SITES = 8, ZONES = 24, BIG_SITES = 30, BIG_ZONES = 120 };

typedef struct instance {
    int64_t weight[BIG_ZONES], ms[BIG_SITES * BIG_ZONES];
    sgp_site_rule rules[BIG_SITES];
    sgp_coverage_model model;
    sgp_siting_ask ask;
} instance;

/* Points of a square of 30 minutes; some pairs without way. */
static void make(uint64_t *random, sgp_siting_question question, uint32_t sites, uint32_t zones,
                 instance *made) {
    int64_t x[BIG_SITES + BIG_ZONES], y[BIG_SITES + BIG_ZONES];
    for (uint32_t i = 0; i < sites + zones; i++) {
        x[i] = (int64_t)sgp_random_below(random, 1800);
        y[i] = (int64_t)sgp_random_below(random, 1800);
    }
    for (uint32_t z = 0; z < zones; z++)
        made->weight[z] = (int64_t)sgp_random_below(random, 50);
    made->weight[0]++;
    for (uint32_t j = 0; j < sites; j++)
        for (uint32_t z = 0; z < zones; z++) {
            int64_t ms = (llabs(x[j] - x[sites + z]) + llabs(y[j] - y[sites + z])) * 1000;
            made->ms[j * zones + z] = sgp_random_below(random, 30) == 0 ? -1 : ms;
        }
    made->model = (sgp_coverage_model){zones,
                                       sites,
                                       made->weight,
                                       made->ms,
                                       (int64_t)sgp_random_below(random, 1000000),
                                       (int32_t)sgp_random_below(random, 800)};
    made->ask = (sgp_siting_ask){.question = question,
                                 .model = &made->model,
                                 .rules = made->rules,
                                 .stations = 1 + (uint32_t)sgp_random_below(random, sites / 2),
                                 .units_per_station = (uint32_t)sgp_random_below(random, 4),
                                 .time_limit_ms = 60000};
    uint32_t must = 0;
    for (uint32_t j = 0; j < sites; j++) {
        bool stays = must < made->ask.stations && sgp_random_below(random, 6) == 0;
        made->rules[j] = stays ? SGP_SITE_MUST : SGP_SITE_MAY;
        must += stays;
    }
    uint32_t most = made->ask.units_per_station ? made->ask.units_per_station : 4;
    made->ask.units =
        must + (uint32_t)sgp_random_below(random, made->ask.stations * most - must + 1);
    made->ask.units += made->ask.units == 0;
}

/* ---- the oracle -------------------------------------------------------------- */

/* By definition, in floating point. For the median the mean in ms, HUGE_VAL without way. */
static double worth(const instance *made, const uint32_t *units) {
    const sgp_coverage_model *m = &made->model;
    double sum = 0, total = 0, q = m->busy_permille / 1000.0;
    for (uint32_t z = 0; z < m->n_zones; z++) {
        double nearest = HUGE_VAL;
        uint32_t reach = 0;
        for (uint32_t j = 0; j < m->n_posts; j++) {
            int64_t ms = m->ms[j * m->n_zones + z];
            if (units[j] && ms >= 0 && (double)ms < nearest)
                nearest = (double)ms;
            reach += ms >= 0 && ms <= m->target_ms ? units[j] : 0;
        }
        double w = (double)m->weight[z];
        total += w;
        if (made->ask.question == SGP_SITING_P_MEDIAN)
            sum += w > 0 ? w * nearest : 0;
        else if (made->ask.question == SGP_SITING_MCLP)
            sum += reach ? w : 0;
        else
            sum += w * (1 - pow(q, reach));
    }
    return sum / total;
}

typedef struct search {
    const instance *made;
    uint32_t units[SITES], left, open, most;
    double best;
} search;

static void try_site(search *s, uint32_t site) {
    const sgp_siting_ask *ask = &s->made->ask;
    if (site == ask->model->n_posts) {
        if (s->left > 0)
            return;
        double value = worth(s->made, s->units);
        bool least = ask->question == SGP_SITING_P_MEDIAN;
        if (least ? value < s->best : value > s->best)
            s->best = value;
        return;
    }
    for (uint32_t n = s->made->rules[site] == SGP_SITE_MUST; n <= s->most && n <= s->left; n++) {
        if (n > 0 && s->open == ask->stations)
            break;
        s->units[site] = n;
        s->left -= n;
        s->open += n > 0;
        try_site(s, site + 1);
        s->left += n;
        s->open -= n > 0;
    }
    s->units[site] = 0;
}

static double best_of_all(const instance *made) {
    const sgp_siting_ask *ask = &made->ask;
    bool chance = ask->question == SGP_SITING_MEXCLP;
    search s = {.made = made,
                .left = chance ? ask->units : ask->stations,
                .most = !chance                  ? 1
                        : ask->units_per_station ? ask->units_per_station
                                                 : ask->units,
                .best = ask->question == SGP_SITING_P_MEDIAN ? HUGE_VAL : -1};
    try_site(&s, 0);
    return s.best;
}

/* ---- tests ------------------------------------------------------------------- */

static void check_rules(const instance *made, const sgp_siting *answer) {
    const sgp_siting_ask *ask = &made->ask;
    uint32_t open = 0, units = 0;
    bool chance = ask->question == SGP_SITING_MEXCLP;
    for (uint32_t j = 0; j < ask->model->n_posts; j++) {
        open += answer->units[j] > 0;
        units += answer->units[j];
        assert_true(made->rules[j] != SGP_SITE_MUST || answer->units[j] > 0);
        assert_true(answer->units[j] <= (!chance                  ? 1
                                         : ask->units_per_station ? ask->units_per_station
                                                                  : ask->units));
    }
    assert_true(open <= ask->stations);
    assert_int_equal(units, chance ? ask->units : ask->stations);
}

static void check_against_all(sgp_siting_question question, uint64_t seed, int rounds) {
    uint64_t random = seed;
    int solved = 0;
    for (int round = 0; round < rounds; round++) {
        static instance made;
        make(&random, question, 2 + (uint32_t)sgp_random_below(&random, SITES - 1),
             1 + (uint32_t)sgp_random_below(&random, ZONES), &made);
        double best = best_of_all(&made);
        sgp_siting answer;
        sgp_fault fault = {0};
        sgp_err err = sgp_siting_solve(&made.ask, &answer, &fault);
        if (question == SGP_SITING_P_MEDIAN && isinf(best)) {
            assert_int_equal(err, SGP_E_NOT_FOUND);
            continue;
        }
        if (err)
            print_error("round %d: %s\n", round, fault.text);
        assert_int_equal(err, SGP_OK);
        assert_true(answer.is_best && answer.gap == 0);
        check_rules(&made, &answer);
        double found = worth(&made, answer.units);
        assert_true(fabs(found - best) <= 1e-6 * fabs(best) + 1e-9);
        double told = (double)answer.value; /* what it says of itself is true */
        double total = 0;
        for (uint32_t z = 0; z < made.model.n_zones; z++)
            total += (double)made.weight[z];
        told /= total * (question == SGP_SITING_MEXCLP ? (double)SGP_COVERAGE_ONE : 1);
        assert_true(fabs(told - found) <= 1e-6 * fabs(found) + 1e-9);
        solved++;
        sgp_siting_free(&answer);
    }
    assert_true(solved > rounds / 2);
}

static void test_siting_mclp(void **state) {
    (void)state;
    check_against_all(SGP_SITING_MCLP, 1974, 300);
}

static void test_siting_mexclp(void **state) {
    (void)state;
    check_against_all(SGP_SITING_MEXCLP, 1983, 300);
}

static void test_siting_p_median(void **state) {
    (void)state;
    check_against_all(SGP_SITING_P_MEDIAN, 1964, 300);
}

/* Every answer is at least the bound, and every one that is better than the known one keeps to
 * what was settled; the known one is bad on purpose, and then the best. */
static void test_siting_bound(void **state) {
    (void)state;
    uint64_t random = 77;
    int settled = 0, bounded = 0;
    for (int round = 0; round < 400; round++) {
        static instance made;
        make(&random, SGP_SITING_P_MEDIAN, 2 + (uint32_t)sgp_random_below(&random, SITES - 1),
             1 + (uint32_t)sgp_random_below(&random, ZONES), &made);
        uint32_t n = made.model.n_posts, first[SITES] = {0}, best[SITES] = {0};
        int64_t least = INT64_MAX, most = -1;
        sgp_siting_task task;
        if (sgp_siting_task_make(&made.ask, &task, NULL) != SGP_OK)
            continue; /* a zone without any way */
        int64_t value_of[1 << SITES];
        for (uint32_t set = 0; set < 1u << n; set++) {
            uint32_t units[SITES], open = 0;
            bool keeps = true;
            for (uint32_t j = 0; j < n; j++) {
                units[j] = set >> j & 1;
                open += units[j];
                keeps = keeps && (units[j] || made.rules[j] != SGP_SITE_MUST);
            }
            int64_t value =
                keeps && open == made.ask.stations ? sgp_siting_task_value(&task, units) : -1;
            value_of[set] = value;
            if (value > most)
                memcpy(first, units, sizeof first);
            if (value >= 0 && value < least)
                memcpy(best, units, sizeof best);
            most = value > most ? value : most;
            least = value >= 0 && value < least ? value : least;
        }
        for (int good = 0; good < 2 && most >= 0; good++) {
            uint32_t units[SITES];
            memcpy(units, good ? best : first, sizeof units);
            sgp_site_fate fates[SITES];
            double bound;
            assert_int_equal(sgp_siting_bound(&task, units, &bound, fates), SGP_OK);
            int64_t known = sgp_siting_task_value(&task, units);
            assert_true(known >= least && known <= (good ? least : most));
            assert_true(bound <= (double)least * (1 + 1e-9) + 1e-6);
            bounded += bound > (double)least * 0.999;
            for (uint32_t set = 0; set < 1u << n; set++)
                for (uint32_t j = 0; j < n && value_of[set] >= 0 && value_of[set] <= known; j++)
                    assert_false((set >> j & 1) ? fates[j] == SGP_SITE_CLOSED
                                                : fates[j] == SGP_SITE_OPENED);
            for (uint32_t j = 0; j < n; j++)
                settled += fates[j] != SGP_SITE_UNSETTLED;
        }
        sgp_siting_task_free(&task);
    }
    assert_true(settled > 500 && bounded > 300); /* it does say something */
}

/* Too large to try everything: the first answer is never better than the last, and no exchange
 * of two sites makes the last one better. */
static void test_siting_larger(void **state) {
    (void)state;
    uint64_t random = 5;
    for (int round = 0; round < 6; round++) {
        static instance made;
        make(&random, 1 + round % 3, BIG_SITES, BIG_ZONES, &made);
        for (uint32_t i = 0; i < BIG_SITES * BIG_ZONES; i++)
            made.ms[i] = made.ms[i] < 0 ? 3600000 : made.ms[i];
        sgp_siting answer, without;
        assert_int_equal(sgp_siting_solve(&made.ask, &answer, NULL), SGP_OK);
        check_rules(&made, &answer);
        assert_true(answer.is_best);
        made.ask.time_limit_ms = 0;
        assert_int_equal(sgp_siting_solve(&made.ask, &without, NULL), SGP_OK);
        check_rules(&made, &without);
        assert_true(without.is_stopped && !without.is_best);
        assert_false(sgp_siting_is_better(made.ask.question, without.value, answer.value));
        /* The gap that is told holds. */
        assert_true(fabs((double)answer.value - (double)without.value) <=
                    without.gap * (double)without.value * (1 + 1e-9) + 1);
        for (uint32_t a = 0; a < BIG_SITES; a++)
            for (uint32_t b = 0; b < BIG_SITES; b++) {
                if (answer.units[a] == 0 || answer.units[b] > 0 || made.rules[a] == SGP_SITE_MUST)
                    continue;
                sgp_siting other = {.units = calloc(BIG_SITES, sizeof *other.units)};
                memcpy(other.units, answer.units, BIG_SITES * sizeof *other.units);
                other.units[b] = other.units[a];
                other.units[a] = 0;
                assert_int_equal(sgp_siting_value(&made.ask, &other), SGP_OK);
                double more = ((double)other.value - (double)answer.value) *
                              (made.ask.question == SGP_SITING_P_MEDIAN ? -1 : 1);
                assert_true(more <= 1e-6 * (double)answer.value);
                sgp_siting_free(&other);
            }
        sgp_siting_free(&answer);
        sgp_siting_free(&without);
    }
}

static void test_siting_refuses(void **state) {
    (void)state;
    static const int64_t weight[] = {1, 1}, ms[] = {0, -1, -1, -1};
    sgp_coverage_model model = {2, 2, weight, ms, 1000, 300};
    static const sgp_site_rule both[] = {SGP_SITE_MUST, SGP_SITE_MUST};
    const struct {
        sgp_siting_ask ask;
        sgp_err err;
    } rows[] = {
        {{SGP_SITING_MCLP, &model, NULL, 1, 0, 0, 1000, 0, NULL}, SGP_OK},
        {{SGP_SITING_MCLP, &model, NULL, 0, 0, 0, 1000, 0, NULL}, SGP_E_RANGE},
        {{SGP_SITING_MCLP, &model, NULL, 3, 0, 0, 1000, 0, NULL}, SGP_E_RANGE},
        {{SGP_SITING_MCLP, &model, both, 1, 0, 0, 1000, 0, NULL}, SGP_E_RANGE},
        {{SGP_SITING_MEXCLP, &model, both, 2, 1, 0, 1000, 0, NULL}, SGP_E_RANGE},
        {{SGP_SITING_MEXCLP, &model, NULL, 1, 3, 2, 1000, 0, NULL}, SGP_E_RANGE},
        {{SGP_SITING_MEXCLP, &model, NULL, 2, 0, 0, 1000, 0, NULL}, SGP_E_RANGE},
        {{SGP_SITING_MEXCLP, &model, NULL, 2, SGP_COVERAGE_DEPTH + 1, 0, 1000, 0, NULL},
         SGP_E_RANGE},
        {{SGP_SITING_P_MEDIAN, &model, NULL, 1, 0, 0, 1000, 0, NULL}, SGP_E_NOT_FOUND},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        sgp_siting answer;
        sgp_fault fault = {0};
        assert_int_equal(sgp_siting_solve(&rows[i].ask, &answer, &fault), rows[i].err);
        assert_int_equal(fault.text[0] != '\0', rows[i].err != SGP_OK);
        sgp_siting_free(&answer);
    }
}

/* Nobody is within the target of any site: any stations will do, and the answer says 0. */
static void test_siting_nobody_reached(void **state) {
    (void)state;
    static const int64_t weight[] = {3}, ms[] = {2000, 3000, -1};
    sgp_coverage_model model = {1, 3, weight, ms, 1000, 300};
    static const sgp_site_rule rules[] = {SGP_SITE_MAY, SGP_SITE_MAY, SGP_SITE_MUST};
    sgp_siting_ask ask = {SGP_SITING_MEXCLP, &model, rules, 2, 5, 3, 1000, 0, NULL};
    sgp_siting answer;
    assert_int_equal(sgp_siting_solve(&ask, &answer, NULL), SGP_OK);
    assert_int_equal(answer.value, 0);
    assert_true(answer.is_best && answer.units[2] > 0);
    assert_int_equal(answer.units[0] + answer.units[1] + answer.units[2], 5);
    sgp_siting_free(&answer);
}

static int stop_at_once(void *ctx, const char *phase, uint64_t done, uint64_t total) {
    (void)done;
    (void)total;
    assert_non_null(phase);
    ++*(int *)ctx;
    return 1;
}

static void test_siting_stops(void **state) {
    (void)state;
    uint64_t random = 9;
    static instance made;
    make(&random, SGP_SITING_P_MEDIAN, BIG_SITES, BIG_ZONES, &made);
    for (uint32_t i = 0; i < BIG_SITES * BIG_ZONES; i++)
        made.ms[i] = made.ms[i] < 0 ? 3600000 : made.ms[i];
    int told = 0;
    sgp_progress progress = {stop_at_once, &told};
    made.ask.progress = &progress;
    sgp_siting answer;
    assert_int_equal(sgp_siting_solve(&made.ask, &answer, NULL), SGP_OK);
    check_rules(&made, &answer);
    assert_int_equal(told, 1);
    assert_true(answer.is_stopped && !answer.is_best && answer.gap > 0);
    sgp_siting_free(&answer);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_siting_mclp),           cmocka_unit_test(test_siting_mexclp),
        cmocka_unit_test(test_siting_p_median),       cmocka_unit_test(test_siting_bound),
        cmocka_unit_test(test_siting_larger),         cmocka_unit_test(test_siting_refuses),
        cmocka_unit_test(test_siting_nobody_reached), cmocka_unit_test(test_siting_stops),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
