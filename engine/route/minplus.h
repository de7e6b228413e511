/* Least sums over short arrays of int32, which is where queries spend their time.
 *
 * Every kernel exists in plain C and for AVX2; sgp_minplus_best chooses once, by what the
 * processor can. Both give the same results: minima of sums do not depend on their order.
 * Entries are 0 .. SGP_INF, so sums fit. Pure.
 */
#ifndef SGP_ROUTE_MINPLUS_H
#define SGP_ROUTE_MINPLUS_H

#include <stdbool.h>
#include <stdint.h>

/* Units whose label entries lie side by side: entry d of lane i is columns[d * LANES + i]. */
enum { SGP_MINPLUS_LANES = 8 };

/* The root path of a call, as the fleet is held against it. Entries by depth. */
typedef struct sgp_minplus_call {
    const int32_t *ms;     /* [length + 1] */
    const uint32_t *first; /* [length] first descendant of the ancestor at this depth */
    const uint32_t *last;  /* [length] the ancestor itself */
} sgp_minplus_call;

/* Rows outside fronts (hierarchy.h) of n consecutive vertices. */
typedef struct sgp_minplus_rows {
    const uint16_t *length; /* [n] */
    const uint16_t *depth;  /* [n] of the vertices */
    uint32_t n;
    const uint16_t *heads_end;  /* behind the heads of the last row */
    const int32_t *weights_end; /* behind its weights */
    bool down;                  /* is it the downward weights that count? */
} sgp_minplus_rows;

/* So many entries behind the rows may be read as well, though what they hold does not matter. */
enum { SGP_MINPLUS_ROWS_PADDING = 4 };

typedef struct sgp_minplus {
    const char *name;

    /* Rows row .. row_end - 1 of a front's block, one after the other:
     * ms[c] = min(ms[c], ms[row] + weight[row * stride + c]) for all columns c > row.
     * Entries on and below the diagonal are SGP_INF, `stride` is a multiple of 8, and ms
     * has `stride` entries. */
    void (*push)(const int32_t *weight, uint32_t stride, uint32_t row, uint32_t row_end,
                 int32_t *ms);

    /* The other way, from the last row down to `row`:
     * ms[row] = min(ms[row], least of ms[c] + weight[row * stride + c] over all c > row). */
    void (*pull)(const int32_t *weight, uint32_t stride, uint32_t row, uint32_t row_end,
                 int32_t *ms);

    /* From the last row to the first: the least of a row's weights + ms[head], and of `most`,
     * goes to distance[i] and to ms[depth[i]]. Entries of ms are by depth, 0 .. SGP_INF. */
    void (*rows)(const sgp_minplus_rows *rows, int32_t most, int32_t *ms, int32_t *distance);

    /* Least of a[i] + b[i] over i < n; SGP_INF + SGP_INF where n = 0. */
    int32_t (*least)(const int32_t *a, const int32_t *b, uint32_t n);

    /* best[i] = min(best[i], least of columns[d * 8 + i] + call->ms[d] over the depths from
     * `from` on that unit i shares with the call). All units share those below `whole`, none
     * those from `end` on; in between each is asked by its vertex. */
    void (*fleet)(const int32_t *columns, const uint32_t *vertex, const sgp_minplus_call *call,
                  uint32_t from, uint32_t whole, uint32_t end, int32_t *best);
} sgp_minplus;

const sgp_minplus *sgp_minplus_plain(void);
const sgp_minplus *sgp_minplus_best(void);

#endif
