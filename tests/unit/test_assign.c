/* Joint assignment: the three rules on cases that fit on paper, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sigap/assign.h"

#define X SGP_ASSIGN_FORBIDDEN
#define NOBODY SGP_ASSIGN_NOBODY

enum { ROWS = 4, COLUMNS = 4 };

static sgp_err solve(const sgp_assign_costs *costs, uint32_t *column, int64_t *total) {
    size_t bytes = sgp_assign_bytes(costs->n_rows, costs->n_columns);
    void *memory = malloc(bytes + 1);
    assert_non_null(memory);
    sgp_err err = sgp_assign(costs, memory, bytes, column, total);
    free(memory);
    return err;
}

static const struct {
    const char *why;
    uint32_t n_rows, n_columns;
    int64_t cost[ROWS][COLUMNS];
    uint32_t column[ROWS];
    int64_t total;
} CASES[] = {
    {"nothing to do", 0, 0, {{0}}, {0}, 0},
    {"nobody to send", 2, 0, {{0}}, {NOBODY, NOBODY}, 0},
    {"the nearest one", 1, 3, {{7, 3, 5}}, {1}, 3},
    {"each alone would take 0; together it is cheaper otherwise",
     2,
     2,
     {{1, 2}, {1, 9}},
     {1, 0},
     3},
    {"the urgent one is served though another would be cheaper",
     2,
     1,
     {{900}, {1}},
     {0, NOBODY},
     900},
    {"the first can only have what the second has already", 2, 2, {{5, X}, {1, 8}}, {0, 1}, 13},
    {"the second gives way to the first, and two are served, not three",
     3,
     2,
     {{X, 5}, {X, 1}, {9, 1}},
     {1, NOBODY, 0},
     14},
    {"whatever is greater than the bound is forbidden",
     1,
     2,
     {{SGP_ASSIGN_COST_MAX + 1, SGP_ASSIGN_COST_MAX}},
     {1},
     SGP_ASSIGN_COST_MAX},
    {"side by side: the first row has the first one", 2, 3, {{4, 4, 4}, {4, 4, 4}}, {0, 1}, 8},
    {"a tie is settled for the first row, even if a chain must move",
     3,
     4,
     {{1, X, X, 1}, {1, 1, X, X}, {X, 1, 1, X}},
     {0, 1, 2},
     3},
};

static void test_assign_rules(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        sgp_assign_costs costs = {&CASES[i].cost[0][0], CASES[i].n_rows, CASES[i].n_columns,
                                  COLUMNS};
        uint32_t column[ROWS];
        int64_t total = -1;
        assert_int_equal(solve(&costs, column, &total), SGP_OK);
        for (uint32_t row = 0; row < costs.n_rows; row++)
            if (column[row] != CASES[i].column[row])
                fail_msg("%s: row %u has %d", CASES[i].why, row, (int)column[row]);
        if (total != CASES[i].total)
            fail_msg("%s: the sum is %lld", CASES[i].why, (long long)total);
    }
}

static void test_assign_refuses(void **state) {
    (void)state;
    int64_t cost[4] = {1, 2, 3, -1}, total;
    uint32_t column[2];
    sgp_assign_costs costs = {cost, 2, 2, 2};
    assert_int_equal(solve(&costs, column, &total), SGP_E_RANGE);
    cost[3] = 0;
    assert_int_equal(solve(&costs, column, &total), SGP_OK);
    costs.stride = 1;
    assert_int_equal(solve(&costs, column, &total), SGP_E_ARGUMENT);
    costs.stride = 2;
    char memory[8];
    assert_int_equal(sgp_assign(&costs, memory, sizeof memory, column, &total), SGP_E_ARGUMENT);
    costs.n_rows = SGP_ASSIGN_ROWS_MAX + 1;
    assert_int_equal(sgp_assign(&costs, memory, sizeof memory, column, &total), SGP_E_RANGE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_assign_rules),
        cmocka_unit_test(test_assign_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
