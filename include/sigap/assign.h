/* Joint assignment: which unit goes where when several incidents wait at once.
 *
 * A row is a need (one seat of an incident), a column a unit, a number what it
 * costs to send that unit there. Each row gets at most one column and each
 * column at most one row. Of all such assignments the answer is the one that is
 * best by this rule, so that it is unique and depends on nothing but the numbers:
 *
 *   1. Rows stand in order of urgency. Row 0 is served if it can be, then row 1
 *      if it can be without giving up row 0, and so on. The most urgent never
 *      waits so that two others are cheaper. (This also serves as many rows as
 *      can be served at all: servable sets of rows are a matroid.)
 *   2. Among the assignments that serve these rows the cheapest.
 *   3. Among equally cheap ones row 0 has the smallest column that it has in any
 *      of them, then row 1, and so on. Units that stand side by side cost the
 *      same, so ties are the rule and not the exception.
 *
 * Method: rows enter one after the other, each by a shortest augmenting path
 * (Tomizawa 1971; Jonker and Volgenant 1987; rectangular as in Crouse 2016). Our
 * deviation: a path can only run through columns that are taken, and end at the
 * cheapest one of a row that is not. So a row is read once for the least cost of
 * each block of columns, of which only those are read again that lost it, and paths
 * are searched among the taken columns only, of which there are no more than rows.
 * The third rule is a walk along the edges of reduced cost zero.
 *
 * Pure: no allocation, no globals; any thread, its own memory.
 */
#ifndef SIGAP_ASSIGN_H
#define SIGAP_ASSIGN_H

#include <stddef.h>
#include <stdint.h>

#include "sigap/error.h"

#define SGP_ASSIGN_COST_MAX (INT64_C(1) << 40) /* in ms: 34 years */
#define SGP_ASSIGN_FORBIDDEN INT64_MAX         /* this unit cannot go there */
enum { SGP_ASSIGN_ROWS_MAX = 65536 };

#define SGP_ASSIGN_NOBODY UINT32_MAX /* no column for this row */

/* cost[row * stride + column], borrowed and not changed. 0 .. SGP_ASSIGN_COST_MAX; whatever is
 * greater is forbidden. (Where some would be less than 0, add the same to a whole row: that
 * changes the sum and nothing else.) */
typedef struct sgp_assign_costs {
    const int64_t *cost;
    uint32_t n_rows, n_columns;
    size_t stride; /* numbers from one row to the next, at least n_columns */
} sgp_assign_costs;

/* How many bytes of memory sgp_assign needs: up to 650 for a row and 8 for a column. */
size_t sgp_assign_bytes(uint32_t n_rows, uint32_t n_columns);

/* column[n_rows]: the column of each row, or SGP_ASSIGN_NOBODY. `total`: the sum of their
 * costs. `memory`: at least sgp_assign_bytes, aligned as from malloc; its contents mean
 * nothing before and after. Time: rows * columns to read the numbers, and rows^3 at worst
 * beside it.
 * SGP_E_RANGE: a negative cost or more rows than SGP_ASSIGN_ROWS_MAX;
 * SGP_E_ARGUMENT: too little memory or too short a stride. `column` then means nothing. */
sgp_err sgp_assign(const sgp_assign_costs *costs, void *memory, size_t bytes, uint32_t *column,
                   int64_t *total) SGP_MUST_USE;

#endif
