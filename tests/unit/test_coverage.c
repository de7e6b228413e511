/* Coverage against the formulas of the papers in floating point, and advice against trying
 * every move. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "sigap/coverage.h"

enum { ZONES_MAX = 40, POSTS_MAX = 12, UNITS_MAX = 10 };

/* A made city with its units; times are minutes, so that ties and edges of the target occur. */
typedef struct city {
    int64_t weight[ZONES_MAX], ms[POSTS_MAX * ZONES_MAX];
    sgp_coverage_model model;
    uint32_t at[UNITS_MAX];
    size_t n_units;
} city;

static void make_city(uint64_t *random, city *c) {
    c->model = (sgp_coverage_model){
        .n_zones = 1 + (uint32_t)sgp_random_below(random, ZONES_MAX),
        .n_posts = 1 + (uint32_t)sgp_random_below(random, POSTS_MAX),
        .weight = c->weight,
        .ms = c->ms,
        .target_ms = 15 * 60000,
        .busy_permille = (int32_t)sgp_random_below(random, SGP_COVERAGE_BUSY_MAX + 1)};
    for (uint32_t z = 0; z < c->model.n_zones; z++)
        c->weight[z] = (int64_t)sgp_random_below(random, 1000);
    c->weight[0]++;
    for (uint32_t i = 0; i < c->model.n_posts * c->model.n_zones; i++)
        c->ms[i] = (int64_t)sgp_random_below(random, 32) * 60000 - 60000;
    for (uint32_t i = 0; i < c->model.n_posts * c->model.n_zones; i++)
        c->ms[i] = c->ms[i] < 0 ? -1 : c->ms[i];
    c->n_units = (size_t)sgp_random_below(random, UNITS_MAX + 1);
    for (size_t u = 0; u < c->n_units; u++)
        c->at[u] = (uint32_t)sgp_random_below(random, c->model.n_posts);
}

static void count_all(sgp_coverage *coverage, const uint32_t *at, size_t n) {
    sgp_coverage_clear(coverage);
    for (size_t u = 0; u < n; u++)
        sgp_coverage_count(coverage, at[u]);
}

/* Daskin's objective, term by term: the k-th unit of a zone adds (1 - q) q^(k - 1). */
static double expected_by_formula(const city *c, const uint32_t *at, size_t n) {
    double q = c->model.busy_permille / 1000.0, sum = 0, total = 0;
    for (uint32_t z = 0; z < c->model.n_zones; z++) {
        int k = 0;
        total += (double)c->weight[z];
        for (size_t u = 0; u < n; u++) {
            int64_t ms = c->ms[at[u] * c->model.n_zones + z];
            if (ms >= 0 && ms <= c->model.target_ms)
                sum += (double)c->weight[z] * (1 - q) * pow(q, k++);
        }
    }
    return sum / total;
}

static double share(const sgp_coverage *coverage, int64_t value) {
    return (double)value / (double)coverage->total_weight / (double)SGP_COVERAGE_ONE;
}

static void test_coverage_formula(void **state) {
    (void)state;
    uint64_t random = 1983;
    for (int round = 0; round < 500; round++) {
        city c;
        make_city(&random, &c);
        sgp_coverage coverage;
        assert_int_equal(sgp_coverage_init(&coverage, &c.model, NULL), SGP_OK);
        assert_int_equal(sgp_coverage_value(&coverage), 0);
        count_all(&coverage, c.at, c.n_units);
        double expected = expected_by_formula(&c, c.at, c.n_units);
        assert_true(fabs(share(&coverage, sgp_coverage_value(&coverage)) - expected) < 1e-7);
        assert_true(fabs(sgp_coverage_ppm(&coverage, sgp_coverage_value(&coverage)) -
                         expected * 1e6) < 1.5);
        for (size_t u = 0; u < c.n_units; u++) { /* Jagtenberg's marginal coverage */
            uint32_t others[UNITS_MAX];
            size_t n = 0;
            for (size_t v = 0; v < c.n_units; v++)
                if (v != u)
                    others[n++] = c.at[v];
            double loss = share(&coverage, sgp_coverage_loss(&coverage, c.at[u]));
            assert_true(fabs(expected - expected_by_formula(&c, others, n) - loss) < 1e-7);
        }
        sgp_coverage_deinit(&coverage);
    }
}

/* To the last unit: gains and losses are differences of values. */
static void test_coverage_adds_up(void **state) {
    (void)state;
    uint64_t random = 2015;
    for (int round = 0; round < 300; round++) {
        city c;
        make_city(&random, &c);
        sgp_coverage coverage;
        assert_int_equal(sgp_coverage_init(&coverage, &c.model, NULL), SGP_OK);
        int64_t value = 0;
        for (size_t u = 0; u < c.n_units; u++) {
            int64_t gain = sgp_coverage_gain(&coverage, c.at[u]);
            assert_true(gain >= 0);
            sgp_coverage_count(&coverage, c.at[u]);
            assert_int_equal(sgp_coverage_loss(&coverage, c.at[u]), gain);
            value += gain;
            assert_int_equal(sgp_coverage_value(&coverage), value);
        }
        for (size_t u = 0; u < c.n_units; u++) {
            value -= sgp_coverage_loss(&coverage, c.at[u]);
            sgp_coverage_uncount(&coverage, c.at[u]);
            assert_int_equal(sgp_coverage_value(&coverage), value);
        }
        assert_int_equal(value, 0);
        sgp_coverage_deinit(&coverage);
    }
}

static void test_coverage_without_chance(void **state) {
    (void)state;
    static const int64_t weight[] = {5, 7, 11}, ms[] = {900000, 900001, -1, -1, 0, -1};
    sgp_coverage_model model = {3, 2, weight, ms, 900000, 0};
    sgp_coverage coverage;
    assert_int_equal(sgp_coverage_init(&coverage, &model, NULL), SGP_OK);
    sgp_coverage_count(&coverage, 0);
    sgp_coverage_count(&coverage, 0); /* the second adds nothing when nobody is ever busy */
    assert_int_equal(sgp_coverage_value(&coverage), 5 * SGP_COVERAGE_ONE);
    assert_int_equal(sgp_coverage_reached(&coverage), 5 * SGP_COVERAGE_ONE);
    sgp_coverage_count(&coverage, 1);
    assert_int_equal(sgp_coverage_value(&coverage), 12 * SGP_COVERAGE_ONE);
    assert_int_equal(sgp_coverage_ppm(&coverage, sgp_coverage_value(&coverage)), 521739);
    sgp_coverage_deinit(&coverage);
}

/* As much weight and as many units as there may be: nothing overflows, more is never worse. */
static void test_coverage_extremes(void **state) {
    (void)state;
    static const int64_t weight[] = {SGP_COVERAGE_WEIGHT_MAX - 1, 1}, ms[] = {0, 0};
    static const int32_t busy[] = {0, 1, 500, SGP_COVERAGE_BUSY_MAX};
    for (size_t b = 0; b < sizeof busy / sizeof *busy; b++) {
        sgp_coverage_model model = {2, 1, weight, ms, INT64_MAX, busy[b]};
        sgp_coverage coverage;
        assert_int_equal(sgp_coverage_init(&coverage, &model, NULL), SGP_OK);
        int64_t before = 0;
        for (int u = 0; u < 5000; u++) {
            sgp_coverage_count(&coverage, 0);
            int64_t value = sgp_coverage_value(&coverage);
            assert_true(value >= before && value <= SGP_COVERAGE_WEIGHT_MAX * SGP_COVERAGE_ONE);
            before = value;
        }
        assert_true(sgp_coverage_ppm(&coverage, before) >= 999990);
        assert_true(sgp_coverage_ppm(&coverage, before) <= 1000000);
        sgp_coverage_deinit(&coverage);
    }
}

static void test_coverage_refuses(void **state) {
    (void)state;
    static const int64_t good[] = {1, 1}, negative[] = {1, -1}, none[] = {0, 0},
                         heavy[] = {SGP_COVERAGE_WEIGHT_MAX, 1}, ms[] = {0, 0};
    const struct {
        sgp_coverage_model model;
        sgp_err err;
    } rows[] = {
        {{2, 1, good, ms, 1, 300}, SGP_OK},
        {{0, 1, good, ms, 1, 300}, SGP_E_TOO_LARGE},
        {{SGP_COVERAGE_ZONES_MAX + 1, 1, good, ms, 1, 300}, SGP_E_TOO_LARGE},
        {{2, SGP_COVERAGE_POSTS_MAX + 1, good, ms, 1, 300}, SGP_E_TOO_LARGE},
        {{2, 1, negative, ms, 1, 300}, SGP_E_RANGE},
        {{2, 1, none, ms, 1, 300}, SGP_E_RANGE},
        {{2, 1, heavy, ms, 1, 300}, SGP_E_RANGE},
        {{2, 1, good, ms, -1, 300}, SGP_E_RANGE},
        {{2, 1, good, ms, 1, -1}, SGP_E_RANGE},
        {{2, 1, good, ms, 1, SGP_COVERAGE_BUSY_MAX + 1}, SGP_E_RANGE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        sgp_coverage coverage = {0};
        sgp_fault fault = {0};
        assert_int_equal(sgp_coverage_init(&coverage, &rows[i].model, &fault), rows[i].err);
        assert_int_equal(fault.text[0] != '\0', rows[i].err != SGP_OK);
        sgp_coverage_deinit(&coverage);
    }
}

static void test_coverage_best_post(void **state) {
    (void)state;
    uint64_t random = 77;
    for (int round = 0; round < 300; round++) {
        city c;
        make_city(&random, &c);
        sgp_coverage coverage;
        assert_int_equal(sgp_coverage_init(&coverage, &c.model, NULL), SGP_OK);
        count_all(&coverage, c.at, c.n_units);
        uint32_t to[POSTS_MAX], best = 0;
        int64_t most = -1, before = sgp_coverage_value(&coverage);
        for (uint32_t p = 0; p < c.model.n_posts; p++) {
            to[p] = p;
            sgp_coverage_count(&coverage, p);
            int64_t gain = sgp_coverage_value(&coverage) - before;
            sgp_coverage_uncount(&coverage, p);
            if (gain > most) {
                most = gain;
                best = p;
            }
        }
        int64_t gain = 0;
        assert_int_equal(sgp_coverage_best_post(&coverage, to, c.model.n_posts, &gain), best);
        assert_int_equal(gain, most);
        sgp_coverage_deinit(&coverage);
    }
}

/* ---- moving up --------------------------------------------------------------- */

/* The best move by making every one of them and valuing the city anew. */
static sgp_move_up try_all(const city *c, sgp_coverage *coverage, const sgp_move_up_ask *ask,
                           const uint32_t *at, const bool *moved, const uint32_t *room) {
    sgp_move_up best = {0};
    count_all(coverage, at, c->n_units);
    int64_t before = sgp_coverage_value(coverage);
    for (size_t u = 0; u < c->n_units; u++)
        for (size_t t = 0; t < ask->n_to; t++) {
            int64_t drive_ms = ask->drive_ms[u * ask->n_to + t];
            if (moved[u] || ask->to[t] == at[u] || room[t] == 0 || drive_ms < 0 ||
                drive_ms > ask->drive_max_ms)
                continue;
            uint32_t then[UNITS_MAX];
            memcpy(then, at, sizeof then);
            then[u] = ask->to[t];
            count_all(coverage, then, c->n_units);
            int64_t gain = sgp_coverage_value(coverage) - before;
            if (gain >= ask->least_gain &&
                (gain > best.gain || (gain == best.gain && drive_ms < best.drive_ms)))
                best = (sgp_move_up){u, t, gain, drive_ms};
        }
    return best;
}

static void check_advice(uint64_t *random, const city *c) {
    uint32_t to[POSTS_MAX], room[POSTS_MAX];
    int64_t drive_ms[UNITS_MAX * POSTS_MAX];
    bool stays[UNITS_MAX], moved[UNITS_MAX];
    size_t n_to = 1 + (size_t)sgp_random_below(random, c->model.n_posts);
    for (size_t t = 0; t < n_to; t++) {
        to[t] = (uint32_t)(c->model.n_posts - 1 - t);
        room[t] = (uint32_t)sgp_random_below(random, 3);
    }
    for (size_t i = 0; i < c->n_units * n_to; i++)
        drive_ms[i] = (int64_t)sgp_random_below(random, 12) - 1;
    for (size_t u = 0; u < c->n_units; u++)
        moved[u] = stays[u] = sgp_random_below(random, 4) == 0;
    sgp_move_up_ask ask = {.n_units = c->n_units,
                           .at = c->at,
                           .stays = stays,
                           .n_to = n_to,
                           .to = to,
                           .room = room,
                           .drive_ms = drive_ms,
                           .drive_max_ms = 9,
                           .least_gain =
                               1 + (int64_t)sgp_random_below(random, 2) * SGP_COVERAGE_ONE};
    sgp_coverage coverage, oracle;
    assert_int_equal(sgp_coverage_init(&coverage, &c->model, NULL), SGP_OK);
    assert_int_equal(sgp_coverage_init(&oracle, &c->model, NULL), SGP_OK);
    count_all(&coverage, c->at, c->n_units);
    int64_t value = sgp_coverage_value(&coverage);
    sgp_move_up moves[UNITS_MAX];
    size_t n = 0;
    assert_int_equal(sgp_coverage_move_up(&coverage, &ask, moves, UNITS_MAX, &n), SGP_OK);
    uint32_t at[UNITS_MAX];
    memcpy(at, c->at, sizeof at);
    for (size_t i = 0; i <= n && i < UNITS_MAX; i++) {
        sgp_move_up best = try_all(c, &oracle, &ask, at, moved, room);
        if (i == n) {
            assert_int_equal(best.gain, 0); /* it stops only when nothing is left */
            break;
        }
        assert_int_equal(moves[i].gain, best.gain);
        assert_int_equal(moves[i].unit, best.unit);
        assert_int_equal(moves[i].to, best.to);
        assert_int_equal(moves[i].drive_ms, best.drive_ms);
        for (size_t t = 0; t < n_to; t++)
            room[t] += to[t] == at[best.unit];
        at[best.unit] = to[best.to];
        moved[best.unit] = true;
        room[best.to]--;
        value += best.gain;
    }
    assert_int_equal(sgp_coverage_value(&coverage), value);
    sgp_coverage_deinit(&coverage);
    sgp_coverage_deinit(&oracle);
}

static void test_coverage_move_up(void **state) {
    (void)state;
    uint64_t random = 4;
    for (int round = 0; round < 400; round++) {
        city c;
        make_city(&random, &c);
        check_advice(&random, &c);
    }
}

/* Two stations, two quarters; both units wait in the east. One goes west, and only one. */
static void test_coverage_move_up_story(void **state) {
    (void)state;
    static const int64_t weight[] = {60, 40}, ms[] = {60000, 3600000, 3600000, 60000};
    sgp_coverage_model model = {2, 2, weight, ms, 900000, 400};
    sgp_coverage coverage;
    assert_int_equal(sgp_coverage_init(&coverage, &model, NULL), SGP_OK);
    static const uint32_t at[] = {0, 0}, to[] = {0, 1};
    sgp_coverage_count(&coverage, 0);
    sgp_coverage_count(&coverage, 0);
    assert_int_equal(sgp_coverage_ppm(&coverage, sgp_coverage_value(&coverage)), 504000);
    sgp_move_up_ask ask = {.n_units = 2, .at = at, .n_to = 2, .to = to, .least_gain = 1};
    sgp_move_up moves[2];
    size_t n = 0;
    assert_int_equal(sgp_coverage_move_up(&coverage, &ask, moves, 2, &n), SGP_OK);
    assert_int_equal(n, 1);
    assert_int_equal(moves[0].unit, 0);
    assert_int_equal(moves[0].to, 1);
    assert_int_equal(moves[0].drive_ms, -1);
    /* 40 x 0.6 more, 60 x 0.6 x 0.4 less, of 100. */
    assert_int_equal(sgp_coverage_ppm(&coverage, moves[0].gain), 96000);
    assert_int_equal(sgp_coverage_ppm(&coverage, sgp_coverage_value(&coverage)), 600000);
    sgp_coverage_deinit(&coverage);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_coverage_formula),
        cmocka_unit_test(test_coverage_adds_up),
        cmocka_unit_test(test_coverage_without_chance),
        cmocka_unit_test(test_coverage_extremes),
        cmocka_unit_test(test_coverage_refuses),
        cmocka_unit_test(test_coverage_best_post),
        cmocka_unit_test(test_coverage_move_up),
        cmocka_unit_test(test_coverage_move_up_story),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
