/* The hierarchy: what is left of a graph when its vertices are eliminated one by
 * one, each leaving its higher neighbours joined to one another (Dibbelt, Strasser
 * & Wagner 2016, "Customizable Contraction Hierarchies").
 *
 * Vertices are numbered in elimination order, a postorder of the elimination tree
 * with the largest child last. So
 *
 *   - parent[v] > v is v's lowest higher neighbour; SGP_NONE at a root (a graph in
 *     several pieces has several roots);
 *   - the subtree of v is first_descendant[v] .. v;
 *   - all higher neighbours of v are ancestors of v, so each is told by its depth
 *     on the path from the root (0) to v alone: 16 bits instead of 32, and every
 *     table that a query scatters into has only as many entries as the tree is deep.
 *
 * Row of v: its up-arcs, deepest head (the parent) first. Up-arc j of v leads to
 * the ancestor at depth row.heads[j], and under a metric costs
 *
 *     weight[row.up + j]     upward,   v -> ancestor
 *     weight[row.down + j]   downward, ancestor -> v          row = sgp_row_of(h, v)
 *
 * Fronts. Near the separators neighbourhoods grow and become equal: chains of
 * consecutive vertices v, v+1, ..., v+k-1 (each the parent of the one before)
 * that share their heads but for the chain itself are stored as one dense block,
 * as the supernodes of sparse Cholesky factorization:
 *
 *              columns 0 .. k-1: the chain    k .. n_heads-1: the boundary
 *   row 0      .   x   x   x                  x   x   x   x
 *   row 1      .   .   x   x                  x   x   x   x      stride int32s
 *   row k-1    .   .   .   .                  x   x   x   x      a row
 *
 * Rows begin at 32-byte boundaries of the weight array, which itself begins at a 64-byte one;
 * entries on and below the diagonal and in the padding (stride is a multiple of 8) are SGP_INF
 * in every metric, before and after customization, so vector code may read whole rows.
 * Amalgamation adds entries that no elimination made; they are SGP_INF or a true distance bound,
 * and stay harmless. heads of the front: head_depth[heads + column].
 *
 * Rows outside fronts have at most SGP_SPARSE_HEADS heads, and whatever is above a front is a
 * front again. In head_depth and in the weights all sparse rows come first, one behind the
 * other (weights: up, then down, so heads at i have their weights at 2 i), then the fronts.
 *
 * The view by rows holds for front vertices as well: it begins just behind the diagonal.
 */
#ifndef SGP_ROUTE_HIERARCHY_H
#define SGP_ROUTE_HIERARCHY_H

#include <stdbool.h>

#include "sigap/graph.h"

typedef struct sgp_front {
    uint32_t first_vertex;
    uint32_t heads;     /* into head_depth; deepest first, chain columns included */
    uint32_t up, down;  /* into a metric's weights: row r of the up block is up + r * stride */
    uint16_t n_columns; /* k, vertices of the chain */
    uint16_t n_heads;   /* k + boundary */
    uint32_t stride;
} sgp_front;

enum {
    SGP_SPARSE_HEADS = 15,
    SGP_FRONT_ALIGNMENT = 16 /* weights; where the up block of a front begins */
};
#define SGP_ROW_FRONT 0x80000000u /* in row: the rest is the number of a front */

typedef struct sgp_hierarchy {
    uint32_t n_vertices;
    uint32_t n_levels;                /* depth of the deepest vertex + 1; at most 65535 */
    uint32_t n_weights;               /* length of a metric's weight array, padding included */
    const uint32_t *parent;           /* [n_vertices] */
    const uint32_t *first_descendant; /* [n_vertices] */
    const uint16_t *depth;            /* [n_vertices] */
    const uint32_t *row;        /* [n_vertices] into head_depth, or SGP_ROW_FRONT | its front */
    const uint16_t *row_length; /* [n_vertices] */
    /* [n_vertices] which of the parent and its heads v's heads are, where the parent's row is
     * sparse: bit 0 the parent itself, bit 1 + j its head j; else 0 */
    const uint16_t *parent_mask;
    uint32_t n_heads;
    const uint16_t *head_depth;
    uint32_t n_fronts;
    const sgp_front *fronts;  /* ascending first_vertex */
    const uint32_t *arc_slot; /* [n_arcs] where an input arc's weight goes; SGP_NONE: a self loop */
} sgp_hierarchy;

/* The up-arcs of a vertex, wherever they lie. */
typedef struct sgp_row {
    const uint16_t *heads; /* [length] depths, strictly falling */
    uint32_t up, down;     /* into a metric's weights */
    uint32_t length;
} sgp_row;

static inline bool sgp_in_front(const sgp_hierarchy *h, uint32_t v) {
    return h->row[v] & SGP_ROW_FRONT;
}

/* Of a vertex in a front. */
static inline const sgp_front *sgp_front_of(const sgp_hierarchy *h, uint32_t v) {
    return &h->fronts[h->row[v] & ~SGP_ROW_FRONT];
}

/* Weights of a front's up block, and of its down block. */
static inline uint32_t sgp_front_block(const sgp_front *front) {
    return front->n_columns * front->stride;
}

static inline sgp_row sgp_row_of(const sgp_hierarchy *h, uint32_t v) {
    uint32_t row = h->row[v];
    uint32_t length = h->row_length[v];
    if (!(row & SGP_ROW_FRONT))
        return (sgp_row){h->head_depth + row, 2 * row, 2 * row + length, length};
    const sgp_front *front = &h->fronts[row & ~SGP_ROW_FRONT];
    uint32_t r = v - front->first_vertex;
    uint32_t offset = r * front->stride + r + 1;
    return (sgp_row){h->head_depth + front->heads + r + 1, front->up + offset, front->down + offset,
                     length};
}

/* What parent_mask[v] is, by merging the rows of v and its parent; 0 as well where the
 * parent lacks a head of v, which no hierarchy does. */
static inline uint16_t sgp_parent_mask(const sgp_hierarchy *h, uint32_t v) {
    uint32_t p = h->parent[v];
    if (p == SGP_NONE || sgp_in_front(h, p))
        return 0;
    sgp_row row = sgp_row_of(h, v);
    sgp_row above = sgp_row_of(h, p);
    uint32_t mask = 1;
    uint32_t j = 0;
    for (uint32_t i = 1; i < row.length; i++) {
        while (j < above.length && above.heads[j] > row.heads[i])
            j++;
        if (j == above.length || above.heads[j] != row.heads[i])
            return 0;
        mask |= 2u << j;
    }
    return (uint16_t)mask;
}

/* Place in a row of the ancestor at `depth`, or SGP_NONE. Logarithmic. */
static inline uint32_t sgp_row_find(const sgp_row *row, uint32_t depth) {
    uint32_t low = 0;
    uint32_t high = row->length;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (row->heads[middle] > depth)
            low = middle + 1;
        else
            high = middle;
    }
    return low < row->length && row->heads[low] == depth ? low : SGP_NONE;
}

/* The weight of going from one vertex to another, of which one is an ancestor of the
 * other: its place in a metric's weights; SGP_NONE where no row has it. */
static inline uint32_t sgp_hierarchy_slot(const sgp_hierarchy *h, uint32_t from, uint32_t to) {
    uint32_t low = from < to ? from : to;
    uint32_t high = from < to ? to : from;
    if (low == high || low < h->first_descendant[high])
        return SGP_NONE;
    sgp_row row = sgp_row_of(h, low);
    uint32_t place = sgp_row_find(&row, h->depth[high]);
    if (place == SGP_NONE)
        return SGP_NONE;
    return (from == low ? row.up : row.down) + place;
}

#endif
