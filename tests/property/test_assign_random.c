/* Random joint assignments: 10,000 up to 6 x 7 equal to brute force, 2,000 up to 8 x 12 equal to
 * a dynamic programme over sets of columns, which units go included and not only the sum. Costs
 * of several kinds: few different numbers (many ties), the greatest ones, units side by side,
 * rows that compete for the same columns, with and without forbidden pairs. Larger ones are held to
 * what every answer must be.
 *
 * A failure prints its seed; SIGAP_SEED runs that one alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "assign_oracle.h"
#include "base/random.h"

enum { BRUTE = 10000, SUBSETS = 2000, LARGE = 60, LARGE_ROWS = 90, LARGE_COLUMNS = 120 };

static uint64_t below(uint64_t *random, uint64_t bound) {
    return sgp_random_below(random, bound);
}

static int64_t random_cost(uint64_t *random, int kind) {
    switch (kind) {
    case 0:
        return (int64_t)below(random, 3);
    case 1:
        return (int64_t)below(random, 12);
    case 2:
        return (int64_t)below(random, 3600000);
    case 3:
        return (int64_t)below(random, SGP_ASSIGN_COST_MAX + 1);
    default: /* 4: all the same */
        return 0;
    }
}

/* A matrix of that size with a stride of its own. The caller frees costs->cost. */
static void random_costs(uint64_t *random, uint32_t n_rows, uint32_t n_columns,
                         sgp_assign_costs *costs) {
    static const uint32_t FORBIDDEN_PERCENT[] = {0, 0, 10, 40, 75, 95};
    size_t stride = n_columns + below(random, 3);
    int64_t *cost = malloc((n_rows * stride + 1) * sizeof *cost);
    assert_non_null(cost);
    int kind = (int)below(random, 6);
    uint64_t agreed = below(random, UINT64_MAX);
    uint32_t forbidden = FORBIDDEN_PERCENT[below(random, 6)];
    bool side_by_side = below(random, 3) == 0;
    for (uint32_t i = 0; i < n_rows; i++)
        for (uint32_t j = 0; j < stride; j++) {
            int64_t *at = &cost[i * stride + j];
            *at = j >= n_columns ? INT64_MIN : random_cost(random, kind);
            if (kind == 5 && j < n_columns) { /* nearly the same for all rows: they all compete */
                uint64_t of_column = agreed + j;
                *at = (int64_t)below(&of_column, 1000) + (int64_t)below(random, 100);
            }
            if (side_by_side && j > 0 && j < n_columns && below(random, 2))
                *at = at[-1];
            else if (j < n_columns && below(random, 100) < forbidden)
                *at = SGP_ASSIGN_FORBIDDEN;
        }
    *costs = (sgp_assign_costs){cost, n_rows, n_columns, stride};
}

static int64_t solve(const sgp_assign_costs *costs, uint32_t *column) {
    size_t bytes = sgp_assign_bytes(costs->n_rows, costs->n_columns);
    void *memory = malloc(bytes + 1);
    assert_non_null(memory);
    memset(memory, 0xA5, bytes);
    int64_t total = -1;
    assert_int_equal(sgp_assign(costs, memory, bytes, column, &total), SGP_OK);
    free(memory);
    return total;
}

static void hold_to(uint64_t seed, const sgp_assign_costs *costs, const oracle_answer *right) {
    uint32_t column[ORACLE_ROWS];
    int64_t total = solve(costs, column);
    for (uint32_t i = 0; i < costs->n_rows; i++)
        if (column[i] != right->column[i])
            fail_msg("seed %llu, %u x %u: row %u has column %d and should have %d",
                     (unsigned long long)seed, costs->n_rows, costs->n_columns, i, (int)column[i],
                     (int)right->column[i]);
    if (total != right->total)
        fail_msg("seed %llu: the sum is %lld and should be %lld", (unsigned long long)seed,
                 (long long)total, (long long)right->total);
}

static bool next_seed(uint64_t *seed, uint64_t last) {
    const char *one = getenv("SIGAP_SEED");
    if (one && *seed == 0)
        *seed = strtoull(one, NULL, 10);
    else if (one || *seed == last)
        return false;
    else
        ++*seed;
    return true;
}

static void test_assign_equals_brute_force(void **state) {
    (void)state;
    for (uint64_t seed = 0; next_seed(&seed, BRUTE);) {
        uint64_t random = seed;
        sgp_assign_costs costs;
        uint32_t n_rows = (uint32_t)below(&random, 7), n_columns = (uint32_t)below(&random, 8);
        random_costs(&random, n_rows, n_columns, &costs);
        oracle_answer right = oracle_brute(&costs);
        hold_to(seed, &costs, &right);
        free((void *)(uintptr_t)costs.cost);
    }
}

static void test_assign_equals_subset_programme(void **state) {
    (void)state;
    oracle_table *table = malloc(sizeof *table);
    assert_non_null(table);
    for (uint64_t seed = 0; next_seed(&seed, SUBSETS);) {
        uint64_t random = seed + 1000000;
        sgp_assign_costs costs;
        uint32_t n_rows = 1 + (uint32_t)below(&random, ORACLE_ROWS);
        uint32_t n_columns = 1 + (uint32_t)below(&random, ORACLE_COLUMNS);
        random_costs(&random, n_rows, n_columns, &costs);
        oracle_answer right = oracle_subsets(&costs, table);
        hold_to(seed, &costs, &right);
        free((void *)(uintptr_t)costs.cost);
    }
    free(table);
}

/* The two oracles are written apart and must agree, or neither is one. */
static void test_oracles_agree(void **state) {
    (void)state;
    oracle_table *table = malloc(sizeof *table);
    assert_non_null(table);
    for (uint64_t seed = 1; seed <= 300; seed++) {
        uint64_t random = seed + 2000000;
        sgp_assign_costs costs;
        uint32_t n_rows = 1 + (uint32_t)below(&random, 5), n_columns = (uint32_t)below(&random, 7);
        random_costs(&random, n_rows, n_columns, &costs);
        oracle_answer brute = oracle_brute(&costs), subsets = oracle_subsets(&costs, table);
        assert_false(oracle_better(&brute, &subsets, n_rows));
        assert_false(oracle_better(&subsets, &brute, n_rows));
        free((void *)(uintptr_t)costs.cost);
    }
    free(table);
}

/* ---- larger ones ---------------------------------------------------------------- */

/* No chain of rows that pass columns on makes the sum less: Bellman-Ford over the columns,
 * where going from column a to b means that the owner of a takes b, finds no negative cycle,
 * with one more node for "no row". */
static bool can_be_cheaper(const sgp_assign_costs *costs, const uint32_t *column) {
    uint32_t n = costs->n_columns;
    int64_t *distance = calloc(n + 1, sizeof *distance);
    uint32_t *owner = malloc((n + 1) * sizeof *owner);
    assert_true(distance && owner);
    for (uint32_t j = 0; j <= n; j++)
        owner[j] = SGP_ASSIGN_NOBODY;
    for (uint32_t i = 0; i < costs->n_rows; i++)
        if (column[i] != SGP_ASSIGN_NOBODY)
            owner[column[i]] = i;
    bool changed = true;
    for (uint32_t round = 0; round <= n + 1 && changed; round++) {
        changed = false;
        for (uint32_t a = 0; a <= n; a++)
            for (uint32_t b = 0; b <= n; b++) {
                bool free_a = a == n || owner[a] == SGP_ASSIGN_NOBODY;
                /* A free column hands on to "no row", which hands on to every column. */
                int64_t step = 0;
                if (a == b || (free_a && a != n && b != n))
                    continue;
                if (!free_a) {
                    if (b == n || !oracle_may(costs, owner[a], b))
                        continue;
                    step = costs->cost[owner[a] * costs->stride + b] -
                           costs->cost[owner[a] * costs->stride + a];
                }
                if (distance[a] + step < distance[b]) {
                    distance[b] = distance[a] + step;
                    changed = true;
                }
            }
    }
    free(distance);
    free(owner);
    return changed;
}

/* Can `row` be served beside the rows before it that are? Plain search for a longer chain. */
static bool find_chain(const sgp_assign_costs *costs, uint32_t row, uint32_t *owner, bool *seen) {
    for (uint32_t j = 0; j < costs->n_columns; j++) {
        if (seen[j] || !oracle_may(costs, row, j))
            continue;
        seen[j] = true;
        if (owner[j] == SGP_ASSIGN_NOBODY || find_chain(costs, owner[j], owner, seen)) {
            owner[j] = row;
            return true;
        }
    }
    return false;
}

static void test_assign_large(void **state) {
    (void)state;
    for (uint64_t seed = 0; next_seed(&seed, LARGE);) {
        uint64_t random = seed + 3000000;
        sgp_assign_costs costs;
        uint32_t n_rows = 1 + (uint32_t)below(&random, LARGE_ROWS);
        uint32_t n_columns = 1 + (uint32_t)below(&random, LARGE_COLUMNS);
        random_costs(&random, n_rows, n_columns, &costs);
        uint32_t column[LARGE_ROWS], owner[LARGE_COLUMNS];
        solve(&costs, column);
        memset(owner, 0xff, sizeof owner);
        for (uint32_t i = 0; i < n_rows; i++) {
            bool seen[LARGE_COLUMNS] = {false};
            bool servable = find_chain(&costs, i, owner, seen);
            if (servable != (column[i] != SGP_ASSIGN_NOBODY))
                fail_msg("seed %llu: row %u is%s served", (unsigned long long)seed, i,
                         servable ? " not" : "");
        }
        if (can_be_cheaper(&costs, column))
            fail_msg("seed %llu: there is a cheaper assignment", (unsigned long long)seed);
        free((void *)(uintptr_t)costs.cost);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_oracles_agree),
        cmocka_unit_test(test_assign_equals_brute_force),
        cmocka_unit_test(test_assign_equals_subset_programme),
        cmocka_unit_test(test_assign_large),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
