#include "route/customize_partial.h"

#include <stdlib.h>
#include <string.h>

enum {
    STEPS_SHARE = 4, /* of the hierarchy's weights: beyond so many steps full is quicker */
    LOOK_AGAIN = -1  /* instead of a new least weight */
};

/* That the weight of an up-arc may have to change. */
typedef struct wish {
    uint32_t next;  /* wish of the same vertex, SGP_NONE = last */
    uint32_t place; /* in the row << 1 | downward */
    int32_t weight; /* a way that is shorter, or LOOK_AGAIN */
} wish;

struct sgp_partial {
    const sgp_graph *graph;
    uint32_t *first_wish; /* [n_vertices] */
    uint64_t *waiting;    /* a bit for each vertex that has wishes */
    uint64_t *summary;    /* a bit for each word of `waiting` that is not zero */
    uint32_t n_summary;
    wish *wishes;
    uint32_t n_wishes, wishes_capacity;
    uint32_t *path;   /* [n_levels] the present vertex and its ancestors, by depth */
    uint64_t *looked; /* [2 * n_levels] number of the row for which a place was looked at last */
    uint64_t n_rows;
    int32_t *old;      /* [2][n_levels] the row before: up, down */
    uint32_t *changed; /* [2 * n_levels] places that changed */
    uint64_t steps, steps_most;
    /* One run. */
    const int32_t *weight;
    int32_t *customized;
};

sgp_err sgp_partial_create(const sgp_graph *graph, sgp_partial **partial) {
    const sgp_hierarchy *h = &graph->hierarchy;
    sgp_partial *made = calloc(1, sizeof *made);
    if (!made)
        return SGP_E_MEMORY;
    size_t n_words = (size_t)h->n_vertices / 64 + 1;
    made->graph = graph;
    made->n_summary = (uint32_t)(n_words / 64 + 1);
    made->first_wish = malloc((size_t)h->n_vertices * sizeof *made->first_wish);
    made->waiting = calloc(n_words, sizeof *made->waiting);
    made->summary = calloc(made->n_summary, sizeof *made->summary);
    made->path = malloc(h->n_levels * sizeof *made->path);
    made->looked = calloc(2 * (size_t)h->n_levels, sizeof *made->looked);
    made->old = malloc(2 * (size_t)h->n_levels * sizeof *made->old);
    made->changed = malloc(2 * (size_t)h->n_levels * sizeof *made->changed);
    made->steps_most = h->n_weights / STEPS_SHARE;
    if (!made->first_wish || !made->waiting || !made->summary || !made->path || !made->looked ||
        !made->old || !made->changed) {
        sgp_partial_destroy(made);
        return SGP_E_MEMORY;
    }
    memset(made->first_wish, 0xff, (size_t)h->n_vertices * sizeof *made->first_wish);
    *partial = made;
    return SGP_OK;
}

void sgp_partial_destroy(sgp_partial *partial) {
    if (!partial)
        return;
    free(partial->first_wish);
    free(partial->waiting);
    free(partial->summary);
    free(partial->wishes);
    free(partial->path);
    free(partial->looked);
    free(partial->old);
    free(partial->changed);
    free(partial);
}

/* ---- wishes --------------------------------------------------------------------- */

static bool add_wish(sgp_partial *p, uint32_t v, uint32_t place, int32_t weight) {
    if (p->n_wishes == p->wishes_capacity) {
        uint32_t capacity = 2 * p->wishes_capacity + 1024;
        wish *larger = realloc(p->wishes, capacity * sizeof *larger);
        if (!larger)
            return false;
        p->wishes = larger;
        p->wishes_capacity = capacity;
    }
    p->wishes[p->n_wishes] = (wish){p->first_wish[v], place, weight};
    p->first_wish[v] = p->n_wishes++;
    p->waiting[v / 64] |= UINT64_C(1) << v % 64;
    p->summary[v / 4096] |= UINT64_C(1) << v / 64 % 64;
    return true;
}

/* The lowest vertex that has wishes, from *word of the summary on; SGP_NONE when done. */
static uint32_t take_vertex(sgp_partial *p, uint32_t *word) {
    while (*word < p->n_summary && p->summary[*word] == 0)
        ++*word;
    if (*word == p->n_summary)
        return SGP_NONE;
    uint32_t group = *word * 64 + (uint32_t)__builtin_ctzll(p->summary[*word]);
    uint32_t v = group * 64 + (uint32_t)__builtin_ctzll(p->waiting[group]);
    p->waiting[group] &= p->waiting[group] - 1;
    if (p->waiting[group] == 0)
        p->summary[*word] &= p->summary[*word] - 1;
    return v;
}

/* After a run that was given up. */
static void forget_wishes(sgp_partial *p) {
    uint32_t word = 0;
    for (uint32_t v; (v = take_vertex(p, &word)) != SGP_NONE;)
        p->first_wish[v] = SGP_NONE;
    p->n_wishes = 0;
}

/* ---- one up-arc ------------------------------------------------------------------ */

/* The least of the arcs from one vertex to another; they are sorted by head. */
static int32_t least_arc(const sgp_partial *p, uint32_t from, uint32_t to) {
    const sgp_graph_parts *parts = &p->graph->parts;
    int32_t least = SGP_INF;
    for (uint32_t a = parts->first_arc[from];
         a < parts->first_arc[from + 1] && parts->arc_head[a] <= to; a++)
        if (parts->arc_head[a] == to && p->weight[a] < least)
            least = p->weight[a];
    return least;
}

/* The least of arcs and lower triangles between `low` and the ancestor at `high_depth`. The
 * vertices below both are a part of low's subtree that hangs together: where a vertex is
 * not among them, nothing below it is. */
static int32_t look_again(sgp_partial *p, uint32_t low, uint32_t high_depth, bool downward) {
    const sgp_hierarchy *h = &p->graph->hierarchy;
    uint32_t high = p->path[high_depth];
    int32_t least = downward ? least_arc(p, high, low) : least_arc(p, low, high);
    uint32_t low_depth = h->depth[low];
    for (uint32_t below = low; below > h->first_descendant[low];) {
        below--;
        p->steps++;
        sgp_row row = sgp_row_of(h, below);
        uint32_t to_high = sgp_row_find(&row, high_depth);
        uint32_t to_low = to_high == SGP_NONE ? SGP_NONE : sgp_row_find(&row, low_depth);
        if (to_low == SGP_NONE) {
            below = h->first_descendant[below];
            continue;
        }
        int32_t sum = downward ? p->customized[row.down + to_high] + p->customized[row.up + to_low]
                               : p->customized[row.down + to_low] + p->customized[row.up + to_high];
        if (sum < least)
            least = sum;
    }
    return least;
}

/* ---- one row --------------------------------------------------------------------- */

/* Fulfils the wishes of v. The row before is left in p->old, the places that are new
 * in p->changed; returns their number. */
static uint32_t fulfil(sgp_partial *p, uint32_t v, const sgp_row *row) {
    int32_t *weights[2] = {p->customized + row->up, p->customized + row->down};
    int32_t *old[2] = {p->old, p->old + p->graph->hierarchy.n_levels};
    memcpy(old[0], weights[0], row->length * sizeof *old[0]);
    memcpy(old[1], weights[1], row->length * sizeof *old[1]);
    p->n_rows++;
    for (uint32_t i = p->first_wish[v]; i != SGP_NONE; i = p->wishes[i].next) {
        const wish *w = &p->wishes[i];
        int32_t *weight = &weights[w->place & 1][w->place >> 1];
        if (p->looked[w->place] == p->n_rows)
            continue; /* looking has the last word */
        if (w->weight == LOOK_AGAIN) {
            *weight = look_again(p, v, row->heads[w->place >> 1], w->place & 1);
            p->looked[w->place] = p->n_rows;
        } else if (w->weight < *weight) {
            *weight = w->weight;
        }
    }
    p->first_wish[v] = SGP_NONE;
    uint32_t n = 0;
    for (uint32_t j = 0; j < row->length; j++)
        for (uint32_t side = 0; side < 2; side++)
            if (weights[side][j] != old[side][j])
                p->changed[n++] = j << 1 | side;
    return n;
}

/* A way between two heads of v, from row place i to row place j, was `before` and is
 * `now`: whether their up-arc has to change. */
static bool wish_between(sgp_partial *p, const sgp_row *row, uint32_t i, uint32_t j, int32_t before,
                         int32_t now) {
    uint32_t low = p->path[row->heads[i < j ? i : j]]; /* deeper heads come first */
    sgp_row above = sgp_row_of(&p->graph->hierarchy, low);
    uint32_t place = sgp_row_find(&above, row->heads[i < j ? j : i]);
    int32_t present = p->customized[(i < j ? above.up : above.down) + place];
    uint32_t side = i < j ? 0 : 1;
    if (now < present)
        return add_wish(p, low, place << 1 | side, now);
    if (before == present && now > before)
        return add_wish(p, low, place << 1 | side, LOOK_AGAIN);
    return true;
}

/* Tells the rows above of the places of a row that changed. */
static bool spread(sgp_partial *p, const sgp_row *row, uint32_t n_changed) {
    const int32_t *up = p->customized + row->up;
    const int32_t *down = p->customized + row->down;
    const int32_t *old_up = p->old;
    const int32_t *old_down = p->old + p->graph->hierarchy.n_levels;
    for (uint32_t k = 0; k < n_changed; k++) {
        uint32_t place = p->changed[k] >> 1;
        bool downward = p->changed[k] & 1;
        p->steps += row->length;
        for (uint32_t other = 0; other < row->length; other++) {
            if (other == place)
                continue;
            uint32_t i = downward ? place : other;
            uint32_t j = downward ? other : place;
            int32_t before = old_down[i] + old_up[j];
            int32_t now = down[i] + up[j];
            if (now == before || (now >= SGP_INF && before >= SGP_INF))
                continue;
            if (!wish_between(p, row, i, j, before, now))
                return false;
        }
    }
    return true;
}

static bool begin(sgp_partial *p, const sgp_changed_arc *changes, size_t n) {
    const sgp_graph *graph = p->graph;
    const sgp_hierarchy *h = &graph->hierarchy;
    for (size_t i = 0; i < n; i++) {
        uint32_t arc = changes[i].arc;
        if (h->arc_slot[arc] == SGP_NONE)
            continue;
        uint32_t tail = sgp_arc_tail(graph, arc);
        uint32_t head = graph->parts.arc_head[arc];
        uint32_t low = tail < head ? tail : head;
        sgp_row row = sgp_row_of(h, low);
        uint32_t side = tail < head ? 0 : 1;
        uint32_t place = h->arc_slot[arc] - (side ? row.down : row.up);
        int32_t present = p->customized[h->arc_slot[arc]];
        bool good = true;
        if (p->weight[arc] < present)
            good = add_wish(p, low, place << 1 | side, p->weight[arc]);
        else if (changes[i].before == present && p->weight[arc] > present)
            good = add_wish(p, low, place << 1 | side, LOOK_AGAIN);
        if (!good)
            return false;
    }
    return true;
}

/* Ancestors by depth. In postorder an entry that is right has right ones above it. */
static void follow_path(sgp_partial *p, uint32_t v) {
    const sgp_hierarchy *h = &p->graph->hierarchy;
    for (; v != SGP_NONE && p->path[h->depth[v]] != v; v = h->parent[v])
        p->path[h->depth[v]] = v;
}

bool sgp_partial_run(sgp_partial *partial, const int32_t *weight, int32_t *customized,
                     const sgp_changed_arc *changes, size_t n) {
    sgp_partial *p = partial;
    const sgp_hierarchy *h = &p->graph->hierarchy;
    p->weight = weight;
    p->customized = customized;
    p->steps = 0;
    memset(p->path, 0xff, h->n_levels * sizeof *p->path);
    bool good = begin(p, changes, n);
    uint32_t word = 0;
    for (uint32_t v; good && (v = take_vertex(p, &word)) != SGP_NONE;) {
        sgp_row row = sgp_row_of(h, v);
        follow_path(p, v);
        uint32_t n_changed = fulfil(p, v, &row);
        good = p->steps <= p->steps_most && spread(p, &row, n_changed);
    }
    if (!good)
        forget_wishes(p);
    p->n_wishes = 0;
    return good;
}
