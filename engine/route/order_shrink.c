#include "route/order_shrink.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
    WORTH_A_ROUND = 32, /* a round pays while it takes one vertex in so many */
    MOST_LOOKED_AT = 64 /* neighbours searched for a double; missed ones only cost time */
};

/* Rows of neighbours that only ever get shorter. Each entry knows its mate, the
 * entry for the same edge in the other row, so that nothing is searched for. */
typedef struct shrinking {
    uint32_t n;
    const uint32_t *first;
    uint32_t *degree;           /* entries in use in each row */
    uint32_t *neighbour, *mate; /* [first[n]] */
    uint32_t *resting;          /* the round in which a neighbour went */
    uint32_t *queue[2];         /* vertices to look at in this round and the next */
    uint32_t n_queue[2];
    uint32_t *queued; /* the round for which a vertex is queued */
    uint8_t *is_gone;
    uint32_t *gone; /* in order */
    uint32_t n_gone;
} shrinking;

static void link_entries(shrinking *s, uint32_t i, uint32_t j) {
    s->mate[i] = j;
    s->mate[j] = i;
}

static void take_entry(shrinking *s, uint32_t v, uint32_t i) {
    uint32_t last = s->first[v] + --s->degree[v];
    s->neighbour[i] = s->neighbour[last];
    if (i != last)
        link_entries(s, i, s->mate[last]);
}

/* May miss an edge between two vertices of very many neighbours. */
static bool are_joined(const shrinking *s, uint32_t a, uint32_t b) {
    if (s->degree[a] > s->degree[b]) {
        uint32_t kept = a;
        a = b;
        b = kept;
    }
    uint32_t end = s->degree[a] < MOST_LOOKED_AT ? s->degree[a] : MOST_LOOKED_AT;
    for (uint32_t i = s->first[a]; i < s->first[a] + end; i++)
        if (s->neighbour[i] == b)
            return true;
    return false;
}

static void look_again(shrinking *s, uint32_t v, uint32_t round) {
    if (s->degree[v] > 2 || s->queued[v] == round + 1)
        return;
    s->queued[v] = round + 1;
    uint32_t side = (round + 1) & 1;
    s->queue[side][s->n_queue[side]++] = v;
}

static void eliminate(shrinking *s, uint32_t v, uint32_t round) {
    uint32_t at = s->first[v], degree = s->degree[v];
    uint32_t a = degree > 0 ? s->neighbour[at] : v, b = degree > 1 ? s->neighbour[at + 1] : v;
    if (degree == 1) {
        take_entry(s, a, s->mate[at]);
    } else if (degree == 2 && (a == b || are_joined(s, a, b))) {
        take_entry(s, a, s->mate[at]);
        take_entry(s, b, s->mate[at + 1]); /* its mate may have moved: read only now */
    } else if (degree == 2) {
        uint32_t in_a = s->mate[at], in_b = s->mate[at + 1];
        s->neighbour[in_a] = b;
        s->neighbour[in_b] = a;
        link_entries(s, in_a, in_b);
    }
    s->is_gone[v] = 1;
    s->gone[s->n_gone++] = v;
    for (uint32_t i = 0; i < degree; i++) {
        uint32_t w = i == 0 ? a : b;
        s->resting[w] = round;
        look_again(s, w, round);
    }
}

/* Returns how many vertices went. Rounds count from 1. */
static uint32_t play_round(shrinking *s, uint32_t round) {
    uint32_t before = s->n_gone, side = round & 1;
    for (uint32_t i = 0; i < s->n_queue[side]; i++) {
        uint32_t v = s->queue[side][i];
        if (s->is_gone[v] || s->degree[v] > 2)
            continue;
        if (s->resting[v] == round)
            look_again(s, v, round);
        else
            eliminate(s, v, round);
    }
    s->n_queue[side] = 0;
    return s->n_gone - before;
}

static void find_mates(shrinking *s) {
    /* Rows ascend, so the entries for w come up in the order in which w's row has them. */
    uint32_t *filled = s->resting; /* not in use yet */
    for (uint32_t v = 0; v < s->n; v++)
        filled[v] = s->first[v];
    for (uint32_t v = 0; v < s->n; v++)
        for (uint32_t i = s->first[v]; i < s->first[v + 1]; i++)
            s->mate[i] = filled[s->neighbour[i]]++;
    memset(s->resting, 0, (size_t)s->n * sizeof *s->resting);
}

static void play(shrinking *s) {
    find_mates(s);
    for (uint32_t v = 0; v < s->n; v++) {
        s->degree[v] = s->first[v + 1] - s->first[v];
        look_again(s, v, 0);
    }
    for (uint32_t round = 1; s->n_queue[round & 1] > 0; round++) {
        uint32_t left = s->n - s->n_gone;
        if (play_round(s, round) < left / WORTH_A_ROUND)
            break;
    }
}

static int compare_numbers(const void *left, const void *right) {
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

static sgp_err make_core(shrinking *s, const sgp_point *point, sgp_order_core *core) {
    uint32_t n = s->n - s->n_gone, n_entries = 0;
    uint32_t *number = s->resting; /* no longer in use */
    for (uint32_t v = 0, next = 0; v < s->n; v++) {
        number[v] = next;
        next += !s->is_gone[v];
        n_entries += s->is_gone[v] ? 0 : s->degree[v];
    }
    core->n_vertices = n;
    core->vertex = malloc(((size_t)n + 1) * sizeof *core->vertex);
    core->first = malloc(((size_t)n + 1) * sizeof *core->first);
    core->neighbour = malloc(((size_t)n_entries + 1) * sizeof *core->neighbour);
    core->point = malloc(((size_t)n + 1) * sizeof *core->point);
    if (!core->vertex || !core->first || !core->neighbour || !core->point)
        return SGP_E_MEMORY;
    uint32_t filled = 0;
    for (uint32_t v = 0; v < s->n; v++) {
        if (s->is_gone[v])
            continue;
        core->vertex[number[v]] = v;
        core->point[number[v]] = point[v];
        core->first[number[v]] = filled;
        uint32_t *row = core->neighbour + filled;
        for (uint32_t i = 0; i < s->degree[v]; i++)
            row[i] = number[s->neighbour[s->first[v] + i]];
        qsort(row, s->degree[v], sizeof *row, compare_numbers);
        for (uint32_t i = 0; i < s->degree[v]; i++) /* a double that was missed goes here */
            if (i == 0 || row[i] != core->neighbour[filled - 1])
                core->neighbour[filled++] = row[i];
    }
    core->first[n] = filled;
    return SGP_OK;
}

sgp_err sgp_order_shrink(const sgp_order_graph *graph, uint32_t *vertex_at, sgp_order_core *core) {
    *core = (sgp_order_core){0};
    size_t n = graph->n_vertices, n_entries = graph->first[n];
    uint32_t *columns = calloc(5 * n + 1, sizeof *columns);
    uint32_t *entries = malloc((2 * n_entries + 1) * sizeof *entries);
    uint8_t *is_gone = calloc(n + 1, 1);
    sgp_err err = SGP_E_MEMORY;
    if (columns && entries && is_gone) {
        shrinking s = {.n = (uint32_t)n,
                       .first = graph->first,
                       .degree = columns,
                       .neighbour = entries,
                       .mate = entries + n_entries,
                       .resting = columns + n,
                       .queue = {columns + 2 * n, columns + 3 * n},
                       .queued = columns + 4 * n,
                       .is_gone = is_gone,
                       .gone = vertex_at};
        if (n_entries > 0)
            memcpy(entries, graph->neighbour, n_entries * sizeof *entries);
        play(&s);
        err = make_core(&s, graph->point, core);
    }
    free(columns);
    free(entries);
    free(is_gone);
    return err;
}

void sgp_order_core_deinit(sgp_order_core *core) {
    free(core->vertex);
    free(core->first);
    free(core->neighbour);
    free(core->point);
    *core = (sgp_order_core){0};
}
