/* Rows enter one by one over shortest augmenting paths; then ties are settled.
 *
 * Columns that were ever taken are "hot" and stand in a list; all others are
 * "cold". Prices (the dual solution): u of a row, v of a hot column; cold ones have
 * v = 0. For every served row i and column j: cost(i, j) - u[i] - v[j] >= 0, with
 * equality where i has j, v <= 0 everywhere, and v = 0 where a column has no row.
 * These conditions prove an assignment cheapest among those that serve the same
 * rows, and the edges with equality ("tight") are the only ones that any cheapest
 * one can use.
 *
 * Prices stay small: after a row has entered, each v that it moved is the
 * difference of two path lengths, so |v| <= (4 rows + 2) cost max < 2^59.
 */
#include "sigap/assign.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#define NONE UINT32_MAX
#define FAR INT64_MAX /* no path; no cost */

enum { BLOCKS_MAX = 64, BLOCK_MIN = 32 };

typedef struct row_state {
    int64_t u;
    uint32_t hot;   /* its column, an index of the hot list; NONE = not served */
    uint32_t pred;  /* backward walk: the hot column that it would take */
    uint32_t known; /* hot columns that its blocks take account of */
    bool read;
} row_state;

typedef struct hot_state {
    int64_t v, distance;
    uint32_t column, owner; /* a row, NONE = free again */
    uint32_t pred;          /* the row from which it was reached */
    bool closed;
} hot_state;

typedef struct solver {
    const sgp_assign_costs *costs;
    row_state *rows; /* [n_rows] */
    hot_state *hots; /* [2 n_rows]: each row brings one, and one more in settling ties */
    int64_t *blocks; /* [n_rows][n_blocks]: the least cost of a cold column there */
    int64_t *taken;  /* [n_columns]: FAR for a hot one, otherwise 0 */
    uint32_t *queue; /* [n_rows]: rows of a walk; hot columns not yet reached */
    uint32_t n_hot, n_blocks, block; /* columns of a block */
} solver;

/* About as many blocks as columns in one, so that neither counting is long. */
static uint32_t block_columns(uint32_t n_columns) {
    uint32_t columns = BLOCK_MIN;
    while ((n_columns + columns - 1) / columns > BLOCKS_MAX)
        columns *= 2;
    return columns;
}

static uint32_t count_blocks(uint32_t n_columns) {
    uint32_t columns = block_columns(n_columns);
    return (n_columns + columns - 1) / columns;
}

size_t sgp_assign_bytes(uint32_t n_rows, uint32_t n_columns) {
    size_t of_row = sizeof(row_state) + 2 * sizeof(hot_state) +
                    count_blocks(n_columns) * sizeof(int64_t) + sizeof(uint32_t);
    return n_rows * of_row + n_columns * sizeof(int64_t);
}

static void lay_out(solver *s, const sgp_assign_costs *costs, void *memory) {
    uint32_t n = costs->n_rows;
    s->costs = costs;
    s->n_hot = 0;
    s->n_blocks = count_blocks(costs->n_columns);
    s->block = block_columns(costs->n_columns);
    s->rows = memory;
    s->hots = (hot_state *)(s->rows + n);
    s->taken = (int64_t *)(s->hots + 2 * (size_t)n);
    s->blocks = s->taken + costs->n_columns;
    s->queue = (uint32_t *)(s->blocks + (size_t)n * s->n_blocks);
    for (uint32_t i = 0; i < n; i++)
        s->rows[i] = (row_state){.hot = NONE};
    memset(s->taken, 0, costs->n_columns * sizeof *s->taken);
}

static const int64_t *row_costs(const solver *s, uint32_t row) {
    return s->costs->cost + row * s->costs->stride;
}

/* ---- the cheapest cold column of a row ------------------------------------- */

/* The least of n costs; costs are not negative, so a taken one becomes FAR. */
static int64_t least_cold(const int64_t *cost, const int64_t *taken, uint32_t n) {
    int64_t least = FAR, second = FAR;
    uint32_t j = 0;
    for (; j + 2 <= n; j += 2) { /* two chains, so that one need not wait for the other */
        int64_t a = cost[j] | taken[j], b = cost[j + 1] | taken[j + 1];
        least = a < least ? a : least;
        second = b < second ? b : second;
    }
    if (j < n && (cost[j] | taken[j]) < least)
        least = cost[j] | taken[j];
    return second < least ? second : least;
}

static sgp_err read_block(solver *s, uint32_t row, uint32_t block) {
    uint32_t from = block * s->block, n = s->costs->n_columns - from;
    int64_t least =
        least_cold(row_costs(s, row) + from, s->taken + from, n < s->block ? n : s->block);
    if (least < 0)
        return SGP_E_RANGE;
    s->blocks[(size_t)row * s->n_blocks + block] = least > SGP_ASSIGN_COST_MAX ? FAR : least;
    return SGP_OK;
}

/* The cheapest cold column of the row; FAR when it can go to none. */
static sgp_err find_cold(solver *s, uint32_t row, int64_t *cost) {
    row_state *state = &s->rows[row];
    int64_t *blocks = s->blocks + (size_t)row * s->n_blocks;
    sgp_err err = SGP_OK;
    if (!state->read)
        for (uint32_t b = 0; b < s->n_blocks && !err; b++)
            err = read_block(s, row, b);
    else /* what has become hot since may have been the least of its block */
        for (uint32_t h = state->known; h < s->n_hot && !err; h++) {
            uint32_t column = s->hots[h].column, b = column / s->block;
            if (row_costs(s, row)[column] == blocks[b])
                err = read_block(s, row, b);
        }
    state->read = true;
    state->known = s->n_hot;
    *cost = FAR;
    for (uint32_t b = 0; b < s->n_blocks; b++)
        *cost = blocks[b] < *cost ? blocks[b] : *cost;
    return err;
}

/* The first cold column of the row that costs `cost`. */
static uint32_t cold_column(const solver *s, uint32_t row, int64_t cost) {
    const int64_t *blocks = s->blocks + (size_t)row * s->n_blocks, *costs = row_costs(s, row);
    uint32_t block = 0;
    while (blocks[block] != cost)
        block++;
    uint32_t column = block * s->block;
    while (costs[column] != cost || s->taken[column])
        column++;
    return column;
}

/* The row's cheapest cold column becomes hot, owned by it. find_cold has just found `cost`. */
static uint32_t heat(solver *s, uint32_t row, int64_t cost) {
    uint32_t column = cold_column(s, row, cost);
    assert(s->n_hot < 2 * s->costs->n_rows);
    s->taken[column] = FAR;
    s->hots[s->n_hot] = (hot_state){.column = column, .owner = row};
    return s->n_hot++;
}

/* ---- a row enters ----------------------------------------------------------- */

/* Makes the paths that go on from `row` known, which is reached at `distance`, and finds the
 * nearest of the open columns: its place in the list, NONE where none is reached. */
static uint32_t relax(solver *s, uint32_t row, int64_t distance, uint32_t n_open) {
    const int64_t *cost = row_costs(s, row);
    int64_t base = distance - s->rows[row].u, least = FAR;
    uint32_t nearest = NONE;
    for (uint32_t k = 0; k < n_open; k++) {
        hot_state *hot = &s->hots[s->queue[k]];
        int64_t across = cost[hot->column];
        int64_t through = across > SGP_ASSIGN_COST_MAX ? FAR : base + across - hot->v;
        hot->pred = through < hot->distance ? row : hot->pred;
        hot->distance = through < hot->distance ? through : hot->distance;
        if (hot->distance < least) {
            least = hot->distance;
            nearest = k;
        }
    }
    return nearest;
}

/* Gives `hot` to the row that the path reached it from, and so on back to `entering`. */
static void augment(solver *s, uint32_t entering, uint32_t last_row, uint32_t hot) {
    for (uint32_t row = last_row;; row = s->hots[hot].pred) {
        uint32_t left = s->rows[row].hot;
        s->rows[row].hot = hot;
        s->hots[hot].owner = row;
        if (row == entering)
            return;
        hot = left;
    }
}

/* Takes the row in over the shortest path; leaves it out where there is none. */
static sgp_err enter(solver *s, uint32_t entering) {
    uint32_t n_open = s->n_hot, *open = s->queue; /* no more than rows until ties are settled */
    for (uint32_t h = 0; h < n_open; h++) {
        s->hots[h].distance = FAR;
        s->hots[h].closed = false;
        open[h] = h;
    }
    int64_t distance = 0, end = FAR, last_cost = FAR;
    uint32_t row = entering, last_row = NONE;
    for (;;) {
        int64_t cold;
        sgp_err err = find_cold(s, row, &cold);
        if (err)
            return err;
        if (cold != FAR && distance + cold - s->rows[row].u < end) {
            end = distance + cold - s->rows[row].u;
            last_row = row;
            last_cost = cold;
        }
        uint32_t nearest = relax(s, row, distance, n_open);
        if (nearest == NONE || end <= s->hots[open[nearest]].distance)
            break;
        hot_state *reached = &s->hots[open[nearest]];
        open[nearest] = open[--n_open];
        reached->closed = true;
        distance = reached->distance;
        row = reached->owner;
    }
    if (last_row == NONE)
        return SGP_OK;
    for (uint32_t h = 0; h < s->n_hot; h++) {
        hot_state *hot = &s->hots[h];
        if (!hot->closed)
            continue;
        s->rows[hot->owner].u += end - hot->distance;
        hot->v -= end - hot->distance;
    }
    s->rows[entering].u += end;
    augment(s, entering, last_row, heat(s, last_row, last_cost));
    return SGP_OK;
}

/* ---- ties ---------------------------------------------------------------------
 *
 * Row by row: may it have a smaller column, with the rows before it as they are and
 * the sum the same? Giving it column `wanted` robs that one's owner, which must find
 * another tight column, and so on (forward), until somebody takes the column `left`
 * behind, or one that is free. In the latter case `left` stays without a row, which
 * only a column with v = 0 may; otherwise somebody must take it, who leaves another
 * one, and so on (backward) until one with v = 0 is left. The two walks cannot meet,
 * or forward would have found `left`. */

static bool is_tight(const solver *s, uint32_t row, const hot_state *hot) {
    int64_t cost = row_costs(s, row)[hot->column];
    return cost <= SGP_ASSIGN_COST_MAX && cost - s->rows[row].u == hot->v;
}

/* Rows before `first` are settled. Finds who can take `wanted`'s place; NONE: nobody. On
 * success `*end` is the last column, with `pred` set all the way back. */
static sgp_err walk_forward(solver *s, uint32_t first, uint32_t robbed, uint32_t left,
                            uint32_t *last_row, uint32_t *end) {
    uint32_t n = 0;
    *last_row = *end = NONE;
    s->queue[n++] = robbed;
    for (uint32_t at = 0; at < n; at++) {
        uint32_t row = s->queue[at];
        int64_t cold;
        sgp_err err = find_cold(s, row, &cold);
        if (err)
            return err;
        if (*last_row == NONE && cold != FAR && cold == s->rows[row].u)
            *last_row = row; /* and `end` NONE: a column that is cold as yet */
        for (uint32_t h = 0; h < s->n_hot; h++) {
            hot_state *hot = &s->hots[h];
            bool settled = hot->owner != NONE && hot->owner < first && h != left;
            if (hot->closed || settled || !is_tight(s, row, hot))
                continue;
            hot->closed = true;
            hot->pred = row;
            if (h == left) {
                *last_row = row;
                *end = h;
                return SGP_OK;
            }
            if (hot->owner != NONE)
                s->queue[n++] = hot->owner;
            else if (*last_row == NONE) {
                *last_row = row;
                *end = h;
            }
        }
    }
    return SGP_OK;
}

/* Who takes `left`, so that only a column with v = 0 stays without a row? The first row of
 * the chain, whose column is that one; NONE: there is no such chain. */
static uint32_t walk_backward(solver *s, uint32_t first, uint32_t left) {
    uint32_t n = 0, n_rows = s->costs->n_rows;
    for (uint32_t i = first; i < n_rows; i++)
        s->rows[i].pred = NONE;
    uint32_t hot = left;
    for (uint32_t at = 0;; at++) {
        for (uint32_t i = first; i < n_rows; i++) {
            row_state *row = &s->rows[i];
            if (row->hot == NONE || row->pred != NONE || !is_tight(s, i, &s->hots[hot]) ||
                row->hot == left)
                continue;
            row->pred = hot;
            if (s->hots[row->hot].v == 0)
                return i;
            s->queue[n++] = i;
        }
        if (at == n)
            return NONE;
        hot = s->rows[s->queue[at]].hot;
    }
}

static void follow_backward(solver *s, uint32_t row, uint32_t left) {
    s->hots[s->rows[row].hot].owner = NONE;
    for (;;) {
        uint32_t taken = s->rows[row].pred, next = s->hots[taken].owner;
        s->rows[row].hot = taken;
        s->hots[taken].owner = row;
        if (taken == left)
            return;
        row = next;
    }
}

/* Gives `row` the hot column `wanted` (NONE: its cheapest cold one) where that costs nothing. */
static sgp_err try_column(solver *s, uint32_t row, uint32_t wanted, bool *done) {
    uint32_t left = s->rows[row].hot, end = wanted, last_row = row, backward = NONE;
    *done = false;
    for (uint32_t h = 0; h < s->n_hot; h++)
        s->hots[h].closed = false;
    if (wanted != NONE && s->hots[wanted].owner != NONE) {
        s->hots[wanted].closed = true;
        s->hots[wanted].pred = row;
        sgp_err err = walk_forward(s, row + 1, s->hots[wanted].owner, left, &last_row, &end);
        if (err || last_row == NONE)
            return err;
    }
    if (end != left && s->hots[left].v != 0) {
        backward = walk_backward(s, row + 1, left);
        if (backward == NONE)
            return SGP_OK;
    }
    if (end != left)
        s->hots[left].owner = NONE;
    if (backward != NONE)
        follow_backward(s, backward, left);
    if (end == NONE)
        end = heat(s, last_row, s->rows[last_row].u); /* tight, with v = 0 */
    augment(s, row, last_row, end);
    *done = true;
    return SGP_OK;
}

/* The smallest tight column of the row that is not less than `from`; *hot is NONE for a cold one,
 * *column is NONE where there is none. Of the tight cold ones only the first counts: what is
 * possible with one of them is possible with that one. */
static sgp_err next_tight(solver *s, uint32_t row, uint32_t from, uint32_t *hot, uint32_t *column) {
    int64_t cold;
    sgp_err err = find_cold(s, row, &cold);
    *hot = *column = NONE;
    if (err)
        return err;
    if (cold != FAR && cold == s->rows[row].u) {
        uint32_t cheap = cold_column(s, row, cold);
        if (cheap >= from)
            *column = cheap;
    }
    for (uint32_t h = 0; h < s->n_hot; h++) {
        const hot_state *other = &s->hots[h];
        if (other->column >= from && other->column < *column &&
            (other->owner == NONE || other->owner > row) && is_tight(s, row, other)) {
            *hot = h;
            *column = other->column;
        }
    }
    return SGP_OK;
}

static sgp_err settle_ties(solver *s) {
    for (uint32_t row = 0; row < s->costs->n_rows; row++) {
        bool done = s->rows[row].hot == NONE;
        for (uint32_t from = 0; !done;) {
            uint32_t hot, column;
            sgp_err err = next_tight(s, row, from, &hot, &column);
            if (err)
                return err;
            if (column >= s->hots[s->rows[row].hot].column)
                break;
            err = try_column(s, row, hot, &done);
            if (err)
                return err;
            from = column + 1;
        }
    }
    return SGP_OK;
}

/* ---- the whole ----------------------------------------------------------------- */

sgp_err sgp_assign(const sgp_assign_costs *costs, void *memory, size_t bytes, uint32_t *column,
                   int64_t *total) {
    if (costs->n_rows > SGP_ASSIGN_ROWS_MAX)
        return SGP_E_RANGE;
    if (bytes < sgp_assign_bytes(costs->n_rows, costs->n_columns) ||
        costs->stride < costs->n_columns)
        return SGP_E_ARGUMENT;
    solver s;
    lay_out(&s, costs, memory);
    sgp_err err = SGP_OK;
    for (uint32_t row = 0; row < costs->n_rows && !err; row++)
        err = enter(&s, row);
    if (!err)
        err = settle_ties(&s);
    if (err)
        return err;
    *total = 0;
    for (uint32_t row = 0; row < costs->n_rows; row++) {
        uint32_t hot = s.rows[row].hot;
        column[row] = hot == NONE ? SGP_ASSIGN_NOBODY : s.hots[hot].column;
        if (hot != NONE)
            *total += row_costs(&s, row)[column[row]];
    }
    return SGP_OK;
}
