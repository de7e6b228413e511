/* Which rows become fronts, and where every row lies. */
#include "route/hierarchy_make.h"

#include <stdlib.h>
#include <string.h>

enum { ADDED_SHARE = 4 }; /* at most one in so many entries of a front may be an added one */

/* A chain of vertices first .. last, and what it would be as one front. */
typedef struct chain {
    uint32_t first, last;
    uint64_t true_entries; /* of the rows as they are */
} chain;

/* Vertices with many heads, and all above them. NULL: no memory. */
static bool *find_dense(const sgp_plain_rows *rows) {
    bool *dense = calloc(rows->n_vertices, sizeof *dense);
    for (uint32_t v = 0; dense && v < rows->n_vertices; v++) {
        dense[v] = dense[v] || rows->length[v] > SGP_SPARSE_HEADS;
        if (dense[v] && rows->parent[v] != SGP_NONE)
            dense[rows->parent[v]] = true;
    }
    return dense;
}

/* Whether v, the parent of the chain's last vertex, may join it: the rows of the chain
 * then all reach as far as v's. */
static bool may_join(const sgp_plain_rows *rows, const chain *c, uint32_t v) {
    uint64_t n_columns = v - c->first + 1;
    uint64_t n_heads = n_columns + rows->length[v];
    uint64_t entries = n_columns * n_heads - n_columns * (n_columns + 1) / 2;
    uint64_t added = entries - (c->true_entries + rows->length[v]);
    return n_heads <= UINT16_MAX && added * ADDED_SHARE <= entries;
}

static chain chain_from(const sgp_plain_rows *rows, uint32_t first) {
    chain c = {first, first, rows->length[first]};
    while (rows->parent[c.last] == c.last + 1 && may_join(rows, &c, c.last + 1)) {
        c.last++;
        c.true_entries += rows->length[c.last];
    }
    return c;
}

typedef struct layout {
    const sgp_plain_rows *rows;
    const bool *dense;
    uint32_t *row;
    uint16_t *row_length;
    uint16_t *heads;
    sgp_front *fronts;
    uint64_t n_heads, n_fronts, n_weights;
} layout;

static uint64_t round_up(uint64_t n, uint64_t to) {
    return (n + to - 1) / to * to;
}

/* With the arrays in place, fills them; without, only counts. */
static void lay_sparse_rows(layout *l) {
    const sgp_plain_rows *rows = l->rows;
    for (uint32_t v = 0; v < rows->n_vertices; v++) {
        if (l->dense[v])
            continue;
        if (l->heads) {
            l->row[v] = (uint32_t)l->n_heads;
            l->row_length[v] = rows->length[v];
            memcpy(l->heads + l->n_heads, rows->heads + rows->row_head[v],
                   rows->length[v] * sizeof *l->heads);
        }
        l->n_heads += rows->length[v];
    }
    l->n_weights = 2 * l->n_heads;
}

static void fill_front(layout *l, const chain *c, const sgp_front *front) {
    const sgp_plain_rows *rows = l->rows;
    uint16_t *heads = l->heads + front->heads;
    for (uint32_t r = 0; r < front->n_columns; r++) {
        l->row[c->first + r] = SGP_ROW_FRONT | (uint32_t)l->n_fronts;
        l->row_length[c->first + r] = (uint16_t)(front->n_heads - r - 1);
        heads[r] = rows->depth[c->first + r];
    }
    memcpy(heads + front->n_columns, rows->heads + rows->row_head[c->last],
           rows->length[c->last] * sizeof *heads);
    l->fronts[l->n_fronts] = *front;
}

static void lay_fronts(layout *l) {
    const sgp_plain_rows *rows = l->rows;
    for (uint32_t v = 0; v < rows->n_vertices; v++) {
        if (!l->dense[v])
            continue;
        chain c = chain_from(rows, v);
        uint32_t n_columns = c.last - c.first + 1;
        uint32_t n_heads = n_columns + rows->length[c.last];
        uint64_t stride = round_up(n_heads, 8);
        uint64_t up = round_up(l->n_weights, SGP_FRONT_ALIGNMENT);
        if (l->fronts) {
            sgp_front front = {
                .first_vertex = v,
                .heads = (uint32_t)l->n_heads,
                .up = (uint32_t)up,
                .down = (uint32_t)(up + n_columns * stride),
                .n_columns = (uint16_t)n_columns,
                .n_heads = (uint16_t)n_heads,
                .stride = (uint32_t)stride,
            };
            fill_front(l, &c, &front);
        }
        l->n_heads += n_heads;
        l->n_weights = up + 2 * n_columns * stride;
        l->n_fronts++;
        v = c.last;
    }
}

sgp_err sgp_hierarchy_lay_out(const sgp_plain_rows *rows, sgp_hierarchy *hierarchy) {
    bool *dense = find_dense(rows);
    if (!dense)
        return SGP_E_MEMORY;
    layout l = {.rows = rows, .dense = dense};
    lay_sparse_rows(&l);
    lay_fronts(&l);
    sgp_err err = SGP_OK;
    if (l.n_weights >= SGP_NONE || l.n_heads >= SGP_ROW_FRONT)
        err = SGP_E_TOO_LARGE;
    if (!err) {
        l.row = malloc((size_t)rows->n_vertices * sizeof *l.row);
        l.row_length = malloc((size_t)rows->n_vertices * sizeof *l.row_length);
        l.heads = malloc(((size_t)l.n_heads + 1) * sizeof *l.heads);
        l.fronts = malloc(((size_t)l.n_fronts + 1) * sizeof *l.fronts);
        if (!l.row || !l.row_length || !l.heads || !l.fronts)
            err = SGP_E_MEMORY;
    }
    if (!err) {
        l.n_heads = l.n_fronts = l.n_weights = 0;
        lay_sparse_rows(&l);
        lay_fronts(&l);
        hierarchy->n_heads = (uint32_t)l.n_heads;
        hierarchy->n_fronts = (uint32_t)l.n_fronts;
        hierarchy->n_weights = (uint32_t)l.n_weights;
    }
    hierarchy->row = l.row;
    hierarchy->row_length = l.row_length;
    hierarchy->head_depth = l.heads;
    hierarchy->fronts = l.fronts;
    free(dense);
    return err;
}
