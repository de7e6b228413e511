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
    /* [n_levels][2] while looking again: in the row of the vertex seen last at a depth, where
     * the two ends are */
    uint16_t *places;
    uint32_t *slots; /* that this run has changed */
    uint32_t n_slots, slots_capacity;
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
    made->places = malloc(2 * (size_t)h->n_levels * sizeof *made->places);
    made->changed = malloc(2 * (size_t)h->n_levels * sizeof *made->changed);
    made->steps_most = h->n_weights / STEPS_SHARE;
    if (!made->first_wish || !made->waiting || !made->summary || !made->path || !made->looked ||
        !made->old || !made->places || !made->changed) {
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
    free(partial->places);
    free(partial->slots);
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

/* Between `low` and its ancestor at `high_depth`: the least of arcs and lower triangles. */
typedef struct between {
    uint32_t low_depth, high_depth;
    bool downward;
    int32_t least;
} between;

/* Over a vertex whose rows begin at these weights. */
static void look_over(const sgp_partial *p, between *b, uint32_t up, uint32_t down, uint32_t to_low,
                      uint32_t to_high) {
    int32_t sum = b->downward ? p->customized[down + to_high] + p->customized[up + to_low]
                              : p->customized[down + to_low] + p->customized[up + to_high];
    if (sum < b->least)
        b->least = sum;
}

static bool find_both(const between *b, const sgp_row *row, uint32_t *to_low, uint32_t *to_high) {
    *to_high = sgp_row_find(row, b->high_depth);
    *to_low = *to_high == SGP_NONE ? SGP_NONE : sgp_row_find(row, b->low_depth);
    return *to_low != SGP_NONE;
}

/* Over sparse vertex v, if it has both among its heads: where its parent has them tells where
 * they are in its own row. */
static bool look_over_sparse(sgp_partial *p, between *b, uint32_t v) {
    const sgp_hierarchy *h = &p->graph->hierarchy;
    uint32_t mask = h->parent_mask[v];
    uint32_t depth = h->depth[v];
    uint32_t to_low, to_high;
    sgp_row row = sgp_row_of(h, v);
    if (mask != 0) {
        const uint16_t *above = p->places + 2 * (size_t)(depth - 1);
        uint32_t low_bit = depth - 1 == b->low_depth ? 0 : 1u + above[0];
        uint32_t high_bit = 1u + above[1];
        if (!(mask >> low_bit & mask >> high_bit & 1))
            return false;
        to_low = (uint32_t)__builtin_popcount(mask & ((1u << low_bit) - 1));
        to_high = (uint32_t)__builtin_popcount(mask & ((1u << high_bit) - 1));
    } else if (!find_both(b, &row, &to_low, &to_high)) {
        return false;
    }
    p->places[2 * (size_t)depth] = (uint16_t)to_low;
    p->places[2 * (size_t)depth + 1] = (uint16_t)to_high;
    look_over(p, b, row.up, row.down, to_low, to_high);
    return true;
}

/* Over the vertices of a front up to v, if they have both: all do or none does. */
static bool look_over_front(sgp_partial *p, between *b, uint32_t v) {
    const sgp_front *front = sgp_front_of(&p->graph->hierarchy, v);
    sgp_row row = sgp_row_of(&p->graph->hierarchy, v);
    uint32_t to_low, to_high;
    if (!find_both(b, &row, &to_low, &to_high))
        return false;
    uint32_t n = v - front->first_vertex + 1; /* and the column of the row's first place */
    for (uint32_t r = 0; r < n; r++) {
        uint32_t offset = r * front->stride + n;
        look_over(p, b, front->up + offset, front->down + offset, to_low, to_high);
    }
    p->steps += n;
    return true;
}

/* The vertices below both ends are a part of low's subtree that hangs together: where a vertex
 * is not among them, nothing below it is. */
static int32_t look_again(sgp_partial *p, uint32_t low, uint32_t place, uint32_t high_depth,
                          bool downward) {
    const sgp_hierarchy *h = &p->graph->hierarchy;
    uint32_t high = p->path[high_depth];
    between b = {h->depth[low], high_depth, downward, 0};
    b.least = downward ? least_arc(p, high, low) : least_arc(p, low, high);
    p->places[2 * (size_t)b.low_depth + 1] = (uint16_t)place;
    for (uint32_t below = low; below > h->first_descendant[low];) {
        below--;
        p->steps++;
        if (sgp_in_front(h, below))
            below = look_over_front(p, &b, below) ? sgp_front_of(h, below)->first_vertex
                                                  : h->first_descendant[below];
        else if (!look_over_sparse(p, &b, below))
            below = h->first_descendant[below];
    }
    return b.least;
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
            *weight = look_again(p, v, w->place >> 1, row->heads[w->place >> 1], w->place & 1);
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

/* An up-arc of `low`, by its place in the row, and its weight. */
typedef struct up_arc {
    uint32_t low, place;
    bool downward;
    int32_t weight;
} up_arc;

/* A way between the ends of an up-arc was `before` and is `now`: whether it has to change. */
static bool wish_for(sgp_partial *p, up_arc arc, int32_t before, int32_t now) {
    if (now < arc.weight)
        return add_wish(p, arc.low, arc.place << 1 | arc.downward, now);
    if (before == arc.weight && now > before)
        return add_wish(p, arc.low, arc.place << 1 | arc.downward, LOOK_AGAIN);
    return true;
}

/* Where the heads of one row lead to an ancestor at `depth`. Rows of one front have it in one
 * column. */
typedef struct ancestor_finder {
    uint32_t depth;
    const sgp_front *front; /* the last one, and the column in it */
    uint32_t column;
} ancestor_finder;

static uint32_t find_ancestor(const sgp_hierarchy *h, ancestor_finder *finder, uint32_t low,
                              const sgp_row *row) {
    if (!sgp_in_front(h, low))
        return sgp_row_find(row, finder->depth);
    const sgp_front *front = sgp_front_of(h, low);
    uint32_t behind = low - front->first_vertex + 1; /* column of the row's first place */
    if (front != finder->front) {
        finder->front = front;
        finder->column = behind + sgp_row_find(row, finder->depth);
    }
    return finder->column - behind;
}

/* Over v from or to its head at `place`, which has changed, and its other heads. */
typedef struct change_of_row {
    const sgp_row *row;
    uint32_t place;
    bool downward;
} change_of_row;

/* How long the way between that head and the one at `other` was and is; false: as before. */
static bool way_changed(const sgp_partial *p, const change_of_row *change, uint32_t other,
                        int32_t *before, int32_t *now) {
    const int32_t *old = p->old;
    uint32_t n_levels = p->graph->hierarchy.n_levels;
    uint32_t from = change->downward ? change->place : other;
    uint32_t to = change->downward ? other : change->place;
    *before = old[n_levels + from] + old[to];
    *now = p->customized[change->row->down + from] + p->customized[change->row->up + to];
    return *now != *before && (*now < SGP_INF || *before < SGP_INF);
}

/* To heads below the one that changed: each has an up-arc to it. */
static bool spread_below(sgp_partial *p, const change_of_row *change) {
    const sgp_hierarchy *h = &p->graph->hierarchy;
    const sgp_row *row = change->row;
    ancestor_finder finder = {.depth = row->heads[change->place]};
    int32_t before, now;
    for (uint32_t other = 0; other < change->place; other++) {
        if (!way_changed(p, change, other, &before, &now))
            continue;
        uint32_t low = p->path[row->heads[other]];
        sgp_row above = sgp_row_of(h, low);
        up_arc arc = {low, find_ancestor(h, &finder, low, &above), change->downward, 0};
        arc.weight = p->customized[(arc.downward ? above.down : above.up) + arc.place];
        if (!wish_for(p, arc, before, now))
            return false;
    }
    return true;
}

/* To heads above the one that changed: they are among its own heads. */
static bool spread_above(sgp_partial *p, const change_of_row *change) {
    const sgp_row *row = change->row;
    uint32_t low = p->path[row->heads[change->place]];
    sgp_row above = sgp_row_of(&p->graph->hierarchy, low);
    up_arc arc = {low, 0, !change->downward, 0};
    int32_t before, now;
    for (uint32_t other = change->place + 1; other < row->length; other++) {
        if (!way_changed(p, change, other, &before, &now))
            continue;
        while (above.heads[arc.place] != row->heads[other])
            arc.place++;
        arc.weight = p->customized[(arc.downward ? above.down : above.up) + arc.place];
        if (!wish_for(p, arc, before, now))
            return false;
    }
    return true;
}

/* Tells the rows above of the places of a row that changed. */
static bool spread(sgp_partial *p, const sgp_row *row, uint32_t n_changed) {
    for (uint32_t k = 0; k < n_changed; k++) {
        change_of_row change = {row, p->changed[k] >> 1, p->changed[k] & 1};
        p->steps += row->length;
        if (!spread_below(p, &change) || !spread_above(p, &change))
            return false;
    }
    return true;
}

/* Notes where the row has changed. */
static bool note_slots(sgp_partial *p, const sgp_row *row, uint32_t n_changed) {
    if (p->n_slots + n_changed > p->slots_capacity) {
        uint32_t capacity = 2 * p->slots_capacity + n_changed + 1024;
        uint32_t *larger = realloc(p->slots, capacity * sizeof *larger);
        if (!larger)
            return false;
        p->slots = larger;
        p->slots_capacity = capacity;
    }
    for (uint32_t k = 0; k < n_changed; k++)
        p->slots[p->n_slots++] = (p->changed[k] & 1 ? row->down : row->up) + (p->changed[k] >> 1);
    return true;
}

const uint32_t *sgp_partial_slots(const sgp_partial *partial, size_t *n) {
    *n = partial->n_slots;
    return partial->slots;
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
    p->n_slots = 0;
    memset(p->path, 0xff, h->n_levels * sizeof *p->path);
    bool good = begin(p, changes, n);
    uint32_t word = 0;
    for (uint32_t v; good && (v = take_vertex(p, &word)) != SGP_NONE;) {
        sgp_row row = sgp_row_of(h, v);
        follow_path(p, v);
        uint32_t n_changed = fulfil(p, v, &row);
        good = p->steps <= p->steps_most && note_slots(p, &row, n_changed) &&
               spread(p, &row, n_changed);
    }
    if (!good)
        forget_wishes(p);
    p->n_wishes = 0;
    return good;
}
