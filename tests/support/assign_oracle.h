/* Slow and obvious answers to a joint assignment (sigap/assign.h), by its three rules. */
#ifndef SGP_TEST_ASSIGN_ORACLE_H
#define SGP_TEST_ASSIGN_ORACLE_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "sigap/assign.h"

enum { ORACLE_ROWS = 8, ORACLE_COLUMNS = 12 };

typedef struct oracle_answer {
    uint32_t column[ORACLE_ROWS];
    int64_t total;
} oracle_answer;

/* Is `a` better than `b`? Rows before `n`, read as the header says. */
static inline bool oracle_better(const oracle_answer *a, const oracle_answer *b, uint32_t n) {
    for (uint32_t i = 0; i < n; i++) {
        bool served = a->column[i] != SGP_ASSIGN_NOBODY;
        if (served != (b->column[i] != SGP_ASSIGN_NOBODY))
            return served;
    }
    if (a->total != b->total)
        return a->total < b->total;
    for (uint32_t i = 0; i < n; i++)
        if (a->column[i] != b->column[i])
            return a->column[i] < b->column[i];
    return false;
}

static inline bool oracle_may(const sgp_assign_costs *costs, uint32_t row, uint32_t column) {
    return costs->cost[row * costs->stride + column] != SGP_ASSIGN_FORBIDDEN;
}

/* Every assignment there is. */
static inline void oracle_try_all(const sgp_assign_costs *costs, uint32_t row, uint32_t used,
                                  oracle_answer *now, oracle_answer *best, bool *any) {
    if (row == costs->n_rows) {
        if (!*any || oracle_better(now, best, row))
            *best = *now;
        *any = true;
        return;
    }
    now->column[row] = SGP_ASSIGN_NOBODY;
    oracle_try_all(costs, row + 1, used, now, best, any);
    for (uint32_t j = 0; j < costs->n_columns; j++) {
        if (used >> j & 1 || !oracle_may(costs, row, j))
            continue;
        int64_t cost = costs->cost[row * costs->stride + j];
        now->column[row] = j;
        now->total += cost;
        oracle_try_all(costs, row + 1, used | 1u << j, now, best, any);
        now->total -= cost;
    }
}

static inline oracle_answer oracle_brute(const sgp_assign_costs *costs) {
    oracle_answer now = {0}, best = {0};
    bool any = false;
    oracle_try_all(costs, 0, 0, &now, &best, &any);
    return best;
}

/* What rows `row` and later can do with the columns that are not in a set: which of them are
 * served (row `row` is the highest bit) and the least sum. */
typedef struct oracle_rest {
    uint32_t served;
    int64_t total;
} oracle_rest;

typedef struct oracle_table {
    oracle_rest rest[ORACLE_ROWS + 1][1u << ORACLE_COLUMNS];
} oracle_table;

static inline bool oracle_rest_better(oracle_rest a, oracle_rest b) {
    return a.served != b.served ? a.served > b.served : a.total < b.total;
}

/* What follows when `row` takes `column`, or nobody. */
static inline oracle_rest oracle_after(const sgp_assign_costs *costs, const oracle_table *table,
                                       uint32_t row, uint32_t column, uint32_t used) {
    if (column == SGP_ASSIGN_NOBODY)
        return table->rest[row + 1][used];
    oracle_rest rest = table->rest[row + 1][used | 1u << column];
    rest.served |= 1u << (costs->n_rows - 1 - row);
    rest.total += costs->cost[row * costs->stride + column];
    return rest;
}

/* Dynamic programme over sets of columns, from the last row to the first. */
static inline oracle_answer oracle_subsets(const sgp_assign_costs *costs, oracle_table *table) {
    uint32_t sets = 1u << costs->n_columns;
    memset(table->rest[costs->n_rows], 0, sets * sizeof(oracle_rest));
    for (uint32_t row = costs->n_rows; row-- > 0;)
        for (uint32_t used = 0; used < sets; used++) {
            oracle_rest best = table->rest[row + 1][used];
            for (uint32_t j = 0; j < costs->n_columns; j++) {
                if (used >> j & 1 || !oracle_may(costs, row, j))
                    continue;
                oracle_rest with = oracle_after(costs, table, row, j, used);
                if (oracle_rest_better(with, best))
                    best = with;
            }
            table->rest[row][used] = best;
        }
    oracle_answer answer = {.total = table->rest[0][0].total};
    for (uint32_t row = 0, used = 0; row < costs->n_rows; row++) {
        oracle_rest best = table->rest[row][used];
        uint32_t column = 0;
        for (;; column++) {
            if (column == costs->n_columns) {
                column = SGP_ASSIGN_NOBODY;
                break;
            }
            if (used >> column & 1 || !oracle_may(costs, row, column))
                continue;
            oracle_rest with = oracle_after(costs, table, row, column, used);
            if (with.served == best.served && with.total == best.total)
                break;
        }
        answer.column[row] = column;
        if (column != SGP_ASSIGN_NOBODY)
            used |= 1u << column;
    }
    return answer;
}

#endif
