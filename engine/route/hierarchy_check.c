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

static sgp_err check_row(const sgp_hierarchy *h, uint32_t v, sgp_fault *fault) {
    uint32_t length = h->row_length[v];
    uint32_t p = h->parent[v];
    if (h->row_head[v] > h->n_heads || length > h->n_heads - h->row_head[v])
        return sgp_fail(fault, SGP_E_CORRUPT, "the row of vertex %u lies beyond the heads", v);
    const uint16_t *heads = h->head_depth + h->row_head[v];
    if ((length == 0) != (p == SGP_NONE) || (length > 0 && heads[0] != h->depth[p]))
        return sgp_fail(fault, SGP_E_CORRUPT, "the row of vertex %u misses its parent", v);
    for (uint32_t j = 1; j < length; j++)
        if (heads[j] >= heads[j - 1])
            return sgp_fail(fault, SGP_E_CORRUPT, "the row of vertex %u is out of order", v);
    return SGP_OK;
}

/* Rows lie one behind the other, which says all of where they are. */
static sgp_err check_rows(sgp_hierarchy *h, sgp_fault *fault) {
    uint64_t n_heads = 0, n_weights = 0;
    for (uint32_t v = 0; v < h->n_vertices; v++) {
        sgp_err err = check_row(h, v, fault);
        if (err)
            return err;
        if (h->row_head[v] != n_heads || h->row_up[v] != n_weights ||
            h->row_down[v] != n_weights + h->row_length[v] || h->row_front[v] != SGP_NONE)
            return sgp_fail(fault, SGP_E_CORRUPT, "the row of vertex %u is not in its place", v);
        n_heads += h->row_length[v];
        n_weights += 2u * h->row_length[v];
    }
    if (n_heads != h->n_heads || n_weights > UINT32_MAX || h->n_fronts != 0)
        return sgp_fail(fault, SGP_E_CORRUPT, "the hierarchy's rows do not add up");
    h->n_weights = (uint32_t)n_weights;
    for (uint32_t v = 0; v < h->n_vertices; v++) {
        uint32_t p = h->parent[v];
        if (p != SGP_NONE && !rest_is_part_of(h->head_depth + h->row_head[v], h->row_length[v],
                                              h->head_depth + h->row_head[p], h->row_length[p]))
            return sgp_fail(fault, SGP_E_CORRUPT, "the row of vertex %u is not its parent's", v);
    }
    return SGP_OK;
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
