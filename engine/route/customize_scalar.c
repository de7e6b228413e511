/* Left-looking customization, as left-looking sparse Cholesky factorization goes. */
#include "route/customize.h"

#include <stdlib.h>

/* A vertex that has been done waits in the list of the next head in its row, and moves on
 * to the list of the one after when that head has gathered from it. There can be one list
 * for each depth, since of all vertices at one depth only one at a time has descendants
 * that are done while it is not. */
typedef struct waiting {
    uint32_t *first;  /* [n_levels] first vertex in the list of a depth */
    uint32_t *next;   /* [n_vertices] */
    uint16_t *cursor; /* [n_vertices] place in the row that it waits for */
    uint16_t *place;  /* [n_levels] place of a depth in the present row */
} waiting;

static void wait_for_next_head(const sgp_hierarchy *h, waiting *w, uint32_t v) {
    if (w->cursor[v] == h->row_length[v])
        return;
    uint32_t depth = sgp_row_of(h, v).heads[w->cursor[v]];
    w->next[v] = w->first[depth];
    w->first[depth] = v;
}

static void lower(int32_t *weight, int32_t sum) {
    if (sum < *weight)
        *weight = sum;
}

/* Over `below`, whose row has the row's vertex at the cursor: to and from all its heads
 * above that. */
static void gather_from(const sgp_hierarchy *h, const waiting *w, int32_t *customized,
                        const sgp_row *row, uint32_t below) {
    sgp_row lower_row = sgp_row_of(h, below);
    const int32_t *up = customized + lower_row.up;
    const int32_t *down = customized + lower_row.down;
    uint32_t cursor = w->cursor[below];
    int32_t to_below = down[cursor];
    int32_t from_below = up[cursor];
    for (uint32_t j = cursor + 1; j < lower_row.length; j++) {
        uint32_t place = w->place[lower_row.heads[j]];
        lower(&customized[row->up + place], to_below + up[j]);
        lower(&customized[row->down + place], down[j] + from_below);
    }
}

static void gather_all(const sgp_hierarchy *h, waiting *w, int32_t *customized) {
    for (uint32_t d = 0; d < h->n_levels; d++)
        w->first[d] = SGP_NONE;
    for (uint32_t v = 0; v < h->n_vertices; v++) {
        sgp_row row = sgp_row_of(h, v);
        for (uint32_t j = 0; j < row.length; j++)
            w->place[row.heads[j]] = (uint16_t)j;
        uint32_t below = w->first[h->depth[v]];
        w->first[h->depth[v]] = SGP_NONE;
        while (below != SGP_NONE) {
            uint32_t next = w->next[below];
            gather_from(h, w, customized, &row, below);
            w->cursor[below]++;
            wait_for_next_head(h, w, below);
            below = next;
        }
        w->cursor[v] = 0;
        wait_for_next_head(h, w, v);
    }
}

sgp_err sgp_customize_scalar(const sgp_graph *graph, const int32_t *weight, int32_t *customized) {
    const sgp_hierarchy *h = &graph->hierarchy;
    for (uint32_t i = 0; i < h->n_weights; i++)
        customized[i] = SGP_INF;
    for (uint32_t a = 0; a < graph->parts.n_arcs; a++)
        if (h->arc_slot[a] != SGP_NONE)
            lower(&customized[h->arc_slot[a]], weight[a]);
    waiting w = {
        .first = malloc(h->n_levels * sizeof *w.first),
        .next = malloc(h->n_vertices * sizeof *w.next),
        .cursor = malloc(h->n_vertices * sizeof *w.cursor),
        .place = malloc(h->n_levels * sizeof *w.place),
    };
    sgp_err err = w.first && w.next && w.cursor && w.place ? SGP_OK : SGP_E_MEMORY;
    if (!err)
        gather_all(h, &w, customized);
    free(w.first);
    free(w.next);
    free(w.cursor);
    free(w.place);
    return err;
}
