#include "route/hierarchy_make.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* ---- the tree ---------------------------------------------------------------- */

/* parent[number] of the elimination tree for vertices eliminated in the order
 * number[vertex]; `shortcut` remembers how far each has been followed already. */
static void find_parents(const sgp_order_graph *graph, const uint32_t *vertex_at,
                         const uint32_t *number, uint32_t *parent, uint32_t *shortcut) {
    for (uint32_t v = 0; v < graph->n_vertices; v++) {
        parent[v] = shortcut[v] = SGP_NONE;
        uint32_t vertex = vertex_at[v];
        for (uint32_t i = graph->first[vertex]; i < graph->first[vertex + 1]; i++) {
            uint32_t lower = number[graph->neighbour[i]];
            while (lower < v) {
                uint32_t next = shortcut[lower];
                shortcut[lower] = v;
                if (next == SGP_NONE) {
                    parent[lower] = v;
                    break;
                }
                lower = next;
            }
        }
    }
}

/* place[old number] = number in a postorder whose largest child comes last. Every
 * subtree is given a run of numbers by its parent; the vertex itself takes the last. */
static void find_places(uint32_t n, const uint32_t *parent, uint32_t *size, uint32_t *largest,
                        uint32_t *cursor, uint32_t *place) {
    for (uint32_t v = 0; v < n; v++) {
        size[v] = 1;
        largest[v] = SGP_NONE;
    }
    for (uint32_t v = 0; v < n; v++) {
        uint32_t p = parent[v];
        if (p == SGP_NONE)
            continue;
        size[p] += size[v];
        if (largest[p] == SGP_NONE || size[v] >= size[largest[p]])
            largest[p] = v;
    }
    uint32_t next_root = 0;
    for (uint32_t v = n; v-- > 0;) {
        uint32_t p = parent[v];
        uint32_t first;
        if (p == SGP_NONE) {
            first = next_root;
            next_root += size[v];
        } else if (largest[p] == v) {
            first = place[p] - size[v];
        } else {
            first = cursor[p];
            cursor[p] += size[v];
        }
        cursor[v] = first;
        place[v] = first + size[v] - 1;
    }
}

/* ---- the arrays -------------------------------------------------------------- */

typedef struct making {
    const sgp_order_graph *graph;
    uint32_t n;
    uint32_t *vertex_at; /* new number -> vertex */
    uint32_t *number;    /* vertex -> new number */
    uint32_t *parent, *first_descendant, *row_head;
    uint16_t *depth, *row_length;
    uint16_t *heads;
    uint64_t n_heads, heads_capacity;
    uint32_t n_levels;
    uint16_t *row, *other; /* [n_levels] a row that is being made, and its last state */
} making;

static void *array_of(size_t n, size_t bytes) {
    return malloc((n + 1) * bytes);
}

static sgp_err make_arrays(making *m) {
    m->number = array_of(m->n, sizeof *m->number);
    m->parent = array_of(m->n, sizeof *m->parent);
    m->first_descendant = array_of(m->n, sizeof *m->first_descendant);
    m->row_head = array_of(m->n, sizeof *m->row_head);
    m->depth = array_of(m->n, sizeof *m->depth);
    m->row_length = array_of(m->n, sizeof *m->row_length);
    return m->number && m->parent && m->first_descendant && m->row_head && m->depth && m->row_length
               ? SGP_OK
               : SGP_E_MEMORY;
}

static void free_making(making *m) {
    free(m->number);
    free(m->parent);
    free(m->first_descendant);
    free(m->row_head);
    free(m->depth);
    free(m->row_length);
    free(m->heads);
    free(m->row);
    free(m->other);
}

static void number_vertices(making *m) {
    for (uint32_t v = 0; v < m->n; v++)
        m->number[m->vertex_at[v]] = v;
}

/* The tree of the given order, then the vertices by their places in its postorder. */
static sgp_err make_tree(making *m) {
    uint32_t *scratch = malloc(((size_t)m->n * 5 + 1) * sizeof *scratch);
    if (!scratch)
        return SGP_E_MEMORY;
    uint32_t *old_parent = scratch;
    uint32_t *place = scratch + m->n;
    uint32_t *old_vertex_at = scratch + 2 * (size_t)m->n;
    uint32_t *a = scratch + 3 * (size_t)m->n;
    uint32_t *b = scratch + 4 * (size_t)m->n;
    number_vertices(m);
    find_parents(m->graph, m->vertex_at, m->number, old_parent, a);
    find_places(m->n, old_parent, a, b, old_vertex_at, place);
    memcpy(old_vertex_at, m->vertex_at, m->n * sizeof *old_vertex_at);
    for (uint32_t v = 0; v < m->n; v++) {
        m->vertex_at[place[v]] = old_vertex_at[v];
        m->parent[place[v]] = old_parent[v] == SGP_NONE ? SGP_NONE : place[old_parent[v]];
    }
    free(scratch);
    number_vertices(m);
    return SGP_OK;
}

/* Depths from the roots down, first descendants from the leaves up. */
static sgp_err make_depths(making *m, sgp_fault *fault) {
    for (uint32_t v = m->n; v-- > 0;) {
        uint32_t p = m->parent[v];
        uint32_t depth = p == SGP_NONE ? 0 : (uint32_t)m->depth[p] + 1;
        if (depth >= UINT16_MAX)
            return sgp_fail(fault, SGP_E_TOO_LARGE,
                            "the elimination tree is deeper than %d levels: the roads are too "
                            "tangled to be ordered",
                            UINT16_MAX);
        m->depth[v] = (uint16_t)depth;
        if (depth + 1 > m->n_levels)
            m->n_levels = depth + 1;
    }
    for (uint32_t v = 0; v < m->n; v++)
        m->first_descendant[v] = v;
    for (uint32_t v = 0; v < m->n; v++) {
        uint32_t p = m->parent[v];
        if (p != SGP_NONE && m->first_descendant[v] < m->first_descendant[p])
            m->first_descendant[p] = m->first_descendant[v];
    }
    return SGP_OK;
}

/* ---- the rows ---------------------------------------------------------------- */

/* row := row and `more`, both strictly falling. Returns the new length. */
static uint32_t merge_into_row(making *m, uint32_t length, const uint16_t *more, uint32_t n_more) {
    uint16_t *out = m->other;
    uint32_t i = 0, j = 0, n = 0;
    while (i < length && j < n_more) {
        uint16_t a = m->row[i], b = more[j];
        out[n++] = a > b ? a : b;
        i += a >= b;
        j += b >= a;
    }
    memcpy(out + n, m->row + i, (length - i) * sizeof *out);
    n += length - i;
    memcpy(out + n, more + j, (n_more - j) * sizeof *out);
    n += n_more - j;
    m->other = m->row;
    m->row = out;
    return n;
}

static int compare_falling(const void *left, const void *right) {
    return *(const uint16_t *)right - *(const uint16_t *)left;
}

/* The depths of the vertex's own higher neighbours. */
static uint32_t begin_row(making *m, uint32_t v) {
    uint32_t vertex = m->vertex_at[v];
    uint32_t n = 0;
    for (uint32_t i = m->graph->first[vertex]; i < m->graph->first[vertex + 1]; i++) {
        uint32_t u = m->number[m->graph->neighbour[i]];
        if (u > v)
            m->row[n++] = m->depth[u];
    }
    qsort(m->row, n, sizeof *m->row, compare_falling);
    return n;
}

static sgp_err keep_row(making *m, uint32_t v, uint32_t length) {
    if (m->n_heads + length >= m->heads_capacity) { /* the first time in any case */
        uint64_t capacity = m->heads_capacity * 2 + length + 4 * (uint64_t)m->n;
        uint16_t *larger = realloc(m->heads, capacity * sizeof *larger);
        if (!larger)
            return SGP_E_MEMORY;
        m->heads = larger;
        m->heads_capacity = capacity;
    }
    if (length > 0) /* or there may be no heads at all yet */
        memcpy(m->heads + m->n_heads, m->row, length * sizeof *m->row);
    m->row_head[v] = (uint32_t)m->n_heads;
    m->row_length[v] = (uint16_t)length;
    m->n_heads += length;
    return SGP_OK;
}

static sgp_err tell(const sgp_graph_making *made, uint64_t done, uint64_t total, sgp_fault *fault) {
    const sgp_progress *progress = made ? made->progress : NULL;
    if (progress && progress->report && progress->report(progress->ctx, "contracting", done, total))
        return sgp_fail(fault, SGP_E_TIMEOUT, "cancelled while contracting");
    return SGP_OK;
}

static sgp_err make_rows(making *m, const sgp_graph_making *made, sgp_fault *fault) {
    for (uint32_t v = 0; v < m->n; v++) {
        uint32_t length = begin_row(m, v);
        /* Children from the last to the first; each begins where the next one ends. */
        uint32_t end = v;
        while (end > m->first_descendant[v]) {
            uint32_t child = end - 1;
            length = merge_into_row(m, length, m->heads + m->row_head[child] + 1,
                                    m->row_length[child] - 1u);
            end = m->first_descendant[child];
        }
        sgp_err err = keep_row(m, v, length);
        if (err)
            return err;
        if (m->n_heads > UINT32_MAX / 4)
            return sgp_fail(fault, SGP_E_TOO_LARGE,
                            "the roads are too tangled: their hierarchy has more shortcuts than "
                            "32 bits can count");
        if (v % 65536 == 65535 && (err = tell(made, v, m->n, fault)) != SGP_OK)
            return err;
    }
    return tell(made, m->n, m->n, fault);
}

static sgp_err hand_over(making *m, sgp_hierarchy *h, sgp_fault *fault) {
    sgp_plain_rows rows = {m->n, m->parent, m->depth, m->row_head, m->row_length, m->heads};
    *h = (sgp_hierarchy){.n_vertices = m->n, .n_levels = m->n_levels};
    sgp_err err = sgp_hierarchy_lay_out(&rows, h);
    if (err) {
        sgp_hierarchy_free(h);
        return err == SGP_E_MEMORY ? err
                                   : sgp_fail(fault, err,
                                              "the roads are too tangled: their hierarchy needs "
                                              "more weights than 32 bits can count");
    }
    h->parent = m->parent;
    h->first_descendant = m->first_descendant;
    h->depth = m->depth;
    m->parent = m->first_descendant = NULL;
    m->depth = NULL;
    uint16_t *mask = array_of(m->n, sizeof *mask);
    for (uint32_t v = 0; mask && v < m->n; v++)
        mask[v] = sgp_parent_mask(h, v);
    h->parent_mask = mask;
    if (mask)
        return SGP_OK;
    sgp_hierarchy_free(h);
    return SGP_E_MEMORY;
}

sgp_err sgp_hierarchy_make(const sgp_order_graph *graph, const sgp_graph_making *making_how,
                           uint32_t *vertex_at, sgp_hierarchy *hierarchy, sgp_fault *fault) {
    making m = {.graph = graph, .n = graph->n_vertices, .vertex_at = vertex_at};
    sgp_err err = make_arrays(&m);
    if (!err)
        err = make_tree(&m);
    if (!err)
        err = make_depths(&m, fault);
    if (!err) {
        m.row = array_of(m.n_levels, sizeof *m.row);
        m.other = array_of(m.n_levels, sizeof *m.other);
        err = m.row && m.other ? make_rows(&m, making_how, fault) : SGP_E_MEMORY;
    }
    if (!err)
        err = hand_over(&m, hierarchy, fault);
    if (err == SGP_E_MEMORY)
        err = sgp_fail(fault, err, "no memory to contract the roads");
    free_making(&m);
    return err;
}

sgp_err sgp_hierarchy_place_arcs(sgp_hierarchy *hierarchy, const uint32_t *first_arc,
                                 const uint32_t *arc_head) {
    uint32_t n = hierarchy->n_vertices;
    uint32_t *slot = malloc(((size_t)first_arc[n] + 1) * sizeof *slot);
    if (!slot)
        return SGP_E_MEMORY;
    for (uint32_t v = 0; v < n; v++)
        for (uint32_t a = first_arc[v]; a < first_arc[v + 1]; a++)
            slot[a] = sgp_hierarchy_slot(hierarchy, v, arc_head[a]);
    hierarchy->arc_slot = slot;
    return SGP_OK;
}

/* The arrays were made here, so they may be freed here. */
void sgp_hierarchy_free(sgp_hierarchy *h) {
    const void *const arrays[] = {h->parent,     h->first_descendant, h->depth,
                                  h->row,        h->row_length,       h->parent_mask,
                                  h->head_depth, h->fronts,           h->arc_slot};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        free((void *)(uintptr_t)arrays[i]);
    *h = (sgp_hierarchy){0};
}
