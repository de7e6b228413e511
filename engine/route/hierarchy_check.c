/* What must hold of a hierarchy that was read from a file: everything that an
 * algorithm relies on when it follows a number without looking. */
#include "route/graph_format.h"

/* Above or of equal depth, in order, and a subtree a run of numbers. */
static sgp_err check_tree(const sgp_hierarchy *h, sgp_fault *fault) {
    uint32_t deepest = 0;
    for (uint32_t v = h->n_vertices; v-- > 0;) {
        uint32_t p = h->parent[v];
        if (p != SGP_NONE && (p <= v || p >= h->n_vertices))
            return sgp_fail(fault, SGP_E_CORRUPT, "vertex %u stands behind its parent", v);
        if (h->depth[v] != (p == SGP_NONE ? 0u : h->depth[p] + 1u) || h->depth[v] == UINT16_MAX)
            return sgp_fail(fault, SGP_E_CORRUPT, "vertex %u has a wrong depth", v);
        if (h->depth[v] > deepest)
            deepest = h->depth[v];
    }
    for (uint32_t v = 0; v < h->n_vertices; v++) {
        /* The children, from the last to the first, must fill the run below v. */
        uint32_t end = v;
        uint32_t first = h->first_descendant[v];
        while (end > first && h->parent[end - 1] == v)
            end = h->first_descendant[end - 1];
        uint32_t p = h->parent[v];
        if (end != first || (p != SGP_NONE && first < h->first_descendant[p]))
            return sgp_fail(fault, SGP_E_CORRUPT, "the subtree of vertex %u is torn", v);
    }
    if (h->n_levels != deepest + 1)
        return sgp_fail(fault, SGP_E_CORRUPT, "the tree has not as many levels as it says");
    return SGP_OK;
}

/* `a` without its first entry is part of `b`; both fall strictly. */
static bool rest_is_part_of(const uint16_t *a, uint32_t n_a, const uint16_t *b, uint32_t n_b) {
    uint32_t j = 0;
    for (uint32_t i = 1; i < n_a; i++) {
        while (j < n_b && b[j] > a[i])
            j++;
        if (j == n_b || b[j] != a[i])
            return false;
    }
    return true;
}

/* A row that lies inside the heads, whatever it holds. */
static sgp_err check_row(const sgp_hierarchy *h, uint32_t v, sgp_fault *fault) {
    sgp_row row = sgp_row_of(h, v);
    uint32_t p = h->parent[v];
    if ((row.length == 0) != (p == SGP_NONE) || (row.length > 0 && row.heads[0] != h->depth[p]))
        return sgp_fail(fault, SGP_E_CORRUPT, "the row of vertex %u misses its parent", v);
    for (uint32_t j = 1; j < row.length; j++)
        if (row.heads[j] >= row.heads[j - 1])
            return sgp_fail(fault, SGP_E_CORRUPT, "the row of vertex %u is out of order", v);
    if (p == SGP_NONE)
        return SGP_OK;
    if (h->parent_mask[v] != sgp_parent_mask(h, v))
        return sgp_fail(fault, SGP_E_CORRUPT, "vertex %u does not fit into its parent's row", v);
    if (sgp_in_front(h, v) && !sgp_in_front(h, p))
        return sgp_fail(fault, SGP_E_CORRUPT, "a sparse row lies above the front of vertex %u", v);
    sgp_row above = sgp_row_of(h, p);
    if (!rest_is_part_of(row.heads, row.length, above.heads, above.length))
        return sgp_fail(fault, SGP_E_CORRUPT, "the row of vertex %u is not its parent's", v);
    return SGP_OK;
}

/* Sparse rows lie one behind the other, which says all of where they are. */
static sgp_err place_sparse_rows(const sgp_hierarchy *h, uint64_t *n_heads, sgp_fault *fault) {
    for (uint32_t v = 0; v < h->n_vertices; v++) {
        if (sgp_in_front(h, v))
            continue;
        if (h->row_length[v] > SGP_SPARSE_HEADS || h->row[v] != *n_heads)
            return sgp_fail(fault, SGP_E_CORRUPT, "the row of vertex %u is not in its place", v);
        *n_heads += h->row_length[v];
    }
    return SGP_OK;
}

/* A front's vertices and their rows must be those that it says. */
static sgp_err check_front(const sgp_hierarchy *h, uint32_t f, sgp_fault *fault) {
    const sgp_front *front = &h->fronts[f];
    if (front->n_columns == 0 || front->n_columns > front->n_heads ||
        front->n_columns > h->n_vertices ||
        front->first_vertex > h->n_vertices - front->n_columns ||
        (f > 0 && front->first_vertex <= h->fronts[f - 1].first_vertex))
        return sgp_fail(fault, SGP_E_CORRUPT, "front %u has columns that do not exist", f);
    for (uint32_t r = 0; r < front->n_columns; r++) {
        uint32_t v = front->first_vertex + r;
        if (h->row[v] != (SGP_ROW_FRONT | f) || h->row_length[v] != front->n_heads - r - 1 ||
            (r + 1 < front->n_columns && h->parent[v] != v + 1))
            return sgp_fail(fault, SGP_E_CORRUPT, "vertex %u is not of front %u", v, f);
    }
    return SGP_OK;
}

/* Fronts lie behind the sparse rows, one behind the other. */
static sgp_err place_fronts(const sgp_hierarchy *h, uint64_t n_heads, uint64_t *n_weights,
                            sgp_fault *fault) {
    uint32_t in_fronts = 0;
    *n_weights = 2 * n_heads;
    for (uint32_t f = 0; f < h->n_fronts; f++) {
        const sgp_front *front = &h->fronts[f];
        sgp_err err = check_front(h, f, fault);
        if (err)
            return err;
        uint64_t up =
            (*n_weights + SGP_FRONT_ALIGNMENT - 1) / SGP_FRONT_ALIGNMENT * SGP_FRONT_ALIGNMENT;
        uint64_t block = (uint64_t)front->n_columns * front->stride;
        if (front->heads != n_heads || front->up != up || front->down != up + block ||
            front->stride != (front->n_heads + 7u) / 8 * 8 || up + 2 * block >= SGP_NONE ||
            n_heads + front->n_heads > h->n_heads ||
            h->head_depth[front->heads] != h->depth[front->first_vertex])
            return sgp_fail(fault, SGP_E_CORRUPT, "front %u is not in its place", f);
        n_heads += front->n_heads;
        *n_weights = up + 2 * block;
        in_fronts += front->n_columns;
    }
    uint32_t marked = 0;
    for (uint32_t v = 0; v < h->n_vertices; v++)
        marked += sgp_in_front(h, v);
    if (n_heads != h->n_heads || marked != in_fronts || *n_weights >= SGP_NONE)
        return sgp_fail(fault, SGP_E_CORRUPT, "the hierarchy's rows do not add up");
    return SGP_OK;
}

static sgp_err check_rows(sgp_hierarchy *h, sgp_fault *fault) {
    uint64_t n_heads = 0;
    uint64_t n_weights = 0;
    if (h->n_heads >= SGP_ROW_FRONT)
        return sgp_fail(fault, SGP_E_CORRUPT, "the hierarchy has more heads than it may");
    sgp_err err = place_sparse_rows(h, &n_heads, fault);
    if (!err && n_heads > h->n_heads)
        err = sgp_fail(fault, SGP_E_CORRUPT, "the hierarchy's rows lie beyond the heads");
    if (!err)
        err = place_fronts(h, n_heads, &n_weights, fault);
    h->n_weights = (uint32_t)n_weights;
    for (uint32_t v = 0; v < h->n_vertices && !err; v++)
        err = check_row(h, v, fault);
    return err;
}

static sgp_err check_arcs(const sgp_hierarchy *h, const sgp_graph_parts *p, sgp_fault *fault) {
    for (uint32_t v = 0; v < p->n_vertices; v++)
        for (uint32_t a = p->first_arc[v]; a < p->first_arc[v + 1]; a++) {
            if (a > p->first_arc[v] && p->arc_head[a] < p->arc_head[a - 1])
                return sgp_fail(fault, SGP_E_CORRUPT, "the arcs of vertex %u are not sorted", v);
            uint32_t slot = sgp_hierarchy_slot(h, v, p->arc_head[a]);
            if (slot != h->arc_slot[a] || (slot == SGP_NONE && p->arc_head[a] != v))
                return sgp_fail(fault, SGP_E_CORRUPT, "arc %u has no place in the hierarchy", a);
        }
    return SGP_OK;
}

sgp_err sgp_hierarchy_check(sgp_hierarchy *hierarchy, const sgp_graph_parts *parts,
                            sgp_fault *fault) {
    sgp_err err = check_tree(hierarchy, fault);
    if (!err)
        err = check_rows(hierarchy, fault);
    if (!err)
        err = check_arcs(hierarchy, parts, fault);
    return err;
}
