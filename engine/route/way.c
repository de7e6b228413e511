#include "route/way.h"

#include <assert.h>
#include <stdlib.h>

enum { AT_FIRST = 1024 };

sgp_err sgp_way_init(sgp_way *way, const sgp_hierarchy *hierarchy) {
    *way = (sgp_way){.arc_capacity = AT_FIRST, .hop_capacity = AT_FIRST};
    way->arcs = malloc(AT_FIRST * sizeof *way->arcs);
    way->hops = malloc(AT_FIRST * sizeof *way->hops);
    way->path = malloc((sgp_label_stride(hierarchy) + 1u) * sizeof *way->path);
    way->rungs = malloc((sgp_label_stride(hierarchy) + 1u) * sizeof *way->rungs);
    way->memory = calloc(SGP_WAY_MEMORY, sizeof *way->memory);
    if (way->arcs && way->hops && way->path && way->rungs && way->memory)
        return SGP_OK;
    sgp_way_deinit(way);
    return SGP_E_MEMORY;
}

void sgp_way_deinit(sgp_way *way) {
    free(way->arcs);
    free(way->hops);
    free(way->path);
    free(way->rungs);
    free(way->memory);
    *way = (sgp_way){0};
}

/* Room for `more` hops. */
static sgp_err reserve_hops(sgp_way *way, size_t more) {
    if (way->n_hops + more <= way->hop_capacity)
        return SGP_OK;
    size_t capacity = 2 * way->hop_capacity + more;
    sgp_way_hop *hops = realloc(way->hops, capacity * sizeof *hops);
    if (!hops)
        return SGP_E_MEMORY;
    way->hops = hops;
    way->hop_capacity = capacity;
    return SGP_OK;
}

/* Room for as many arcs as there are hops. */
static sgp_err reserve_arcs(sgp_way *way) {
    if (way->n_hops <= way->arc_capacity)
        return SGP_OK;
    uint32_t *arcs = realloc(way->arcs, 2 * way->n_hops * sizeof *arcs);
    if (!arcs)
        return SGP_E_MEMORY;
    way->arcs = arcs;
    way->arc_capacity = 2 * way->n_hops;
    return SGP_OK;
}

/* ---- taking a hop apart ---------------------------------------------------------- */

/* The arc of the road graph that the hop stands for, SGP_NONE where it is none. */
static uint32_t find_arc(const sgp_metric *metric, const sgp_way_hop *hop) {
    const sgp_graph_parts *p = &metric->graph->parts;
    uint32_t end = p->first_arc[hop->from + 1];
    for (uint32_t a = p->first_arc[hop->from]; a < end; a++)
        if (p->arc_head[a] == hop->to && metric->weight[a] == hop->ms)
            return a;
    return SGP_NONE;
}

/* A shortcut that is to be taken apart; `up`: it leads from its lower end. */
typedef struct shortcut {
    const sgp_hierarchy *h;
    const int32_t *customized;
    uint32_t low, column; /* the lower end; the higher one as in the hop */
    uint32_t low_depth, high_depth;
    bool up;
    int32_t ms;
} shortcut;

/* The vertex over which a shortcut leads, and where its two ends stand in the vertex's row, or
 * in its front's columns. */
typedef struct split {
    uint32_t between;
    uint32_t low, high;
    int32_t first_ms; /* to get there */
} split;

/* Does the shortcut lead over v, outside fronts, of which the ends are heads low and high? */
static bool leads_over(const shortcut *s, uint32_t v, uint32_t length, uint32_t low, uint32_t high,
                       split *found) {
    uint32_t row = s->h->row[v];
    const int32_t *rise = s->customized + 2 * (size_t)row;
    const int32_t *down = rise + length;
    int32_t first_ms = down[s->up ? low : high];
    if (first_ms + rise[s->up ? high : low] != s->ms)
        return false;
    *found = (split){v, low, high, first_ms};
    return true;
}

/* Bits that are set; the processor's own instruction is not on every x86-64. */
static uint32_t count_bits(uint32_t sixteen) {
    uint32_t x = sixteen - (sixteen >> 1 & 0x5555);
    x = (x & 0x3333) + (x >> 2 & 0x3333);
    x = (x + (x >> 4)) & 0x0f0f;
    return (x + (x >> 8)) & 0x1f;
}

/* Below a vertex outside fronts, the rungs being those from it to the vertex looked at: a child
 * has an end for a head where its mask has the bit, as the head that so many bits precede. Rows
 * outside fronts lie one behind the other, so the next one's beginning tells a row's length;
 * every array that need not be read is a line of the cache that need not be fetched. */
static bool find_in_rows(const shortcut *s, sgp_way_rung *rungs, split *found) {
    const sgp_hierarchy *h = s->h;
    sgp_way_rung *rung = rungs;
    *rung = (sgp_way_rung){s->low, 1, 2u << s->column};
    for (uint32_t next = s->low; next > 0;) {
        uint32_t v = next - 1;
        for (; h->parent[v] != rung->vertex; rung--)
            if (rung == rungs)
                return false;
        uint32_t mask = h->parent_mask[v];
        if (!(mask & rung->low) || !(mask & rung->high)) {
            next = h->first_descendant[v];
            continue;
        }
        uint32_t low = count_bits(mask & (rung->low - 1));
        uint32_t high = count_bits(mask & (rung->high - 1));
        if (leads_over(s, v, h->row[v + 1] - h->row[v], low, high, found))
            return true;
        *++rung = (sgp_way_rung){v, 2u << low, 2u << high};
        next = v;
    }
    return false;
}

/* v's row outside fronts: at most SGP_SPARSE_HEADS heads, so they are counted rather than
 * searched. False where v lacks either end. */
static bool find_heads(const shortcut *s, uint32_t v, uint32_t *low, uint32_t *high) {
    uint32_t n = s->h->row_length[v];
    const uint16_t *head = s->h->head_depth + s->h->row[v];
    *low = *high = 0;
    for (uint32_t j = 0; j < n; j++) {
        *low += head[j] > s->low_depth;
        *high += head[j] > s->high_depth;
    }
    return *high < n && head[*high] == s->high_depth && head[*low] == s->low_depth;
}

/* Column of the ancestor at `depth`, SGP_NONE where the front lacks it. */
static uint32_t front_column(const sgp_hierarchy *h, const sgp_front *f, uint32_t depth) {
    sgp_row columns = {.heads = h->head_depth + f->heads, .length = f->n_heads};
    uint32_t deepest = columns.heads[0];
    if (depth <= deepest && deepest - depth < f->n_columns)
        return deepest - depth;
    return sgp_row_find(&columns, depth);
}

enum { ROWS_AHEAD = 16 };

/* The rows of a front that will be looked through, in the two columns. */
static void fetch_columns(const int32_t *customized, const sgp_front *f, uint32_t n_rows,
                          uint32_t down_column, uint32_t up_column) {
    const int32_t *down = customized + f->down + down_column;
    const int32_t *rise = customized + f->up + up_column;
    uint32_t least = n_rows > ROWS_AHEAD ? n_rows - ROWS_AHEAD : 0;
    for (uint32_t r = n_rows; r-- > least;) {
        __builtin_prefetch(down + (size_t)r * f->stride);
        __builtin_prefetch(rise + (size_t)r * f->stride);
    }
}

/* The rows of v's front from v downwards, two columns of each: the first row's vertex over which
 * the shortcut leads, or SGP_NONE. False where the front lacks either end. */
static bool try_front(const shortcut *s, uint32_t v, split *found) {
    const sgp_front *f = sgp_front_of(s->h, v);
    found->between = SGP_NONE;
    found->low = front_column(s->h, f, s->low_depth);
    found->high = front_column(s->h, f, s->high_depth);
    if (found->low == SGP_NONE || found->high == SGP_NONE)
        return false;
    const int32_t *down = s->customized + f->down + (s->up ? found->low : found->high);
    const int32_t *rise = s->customized + f->up + (s->up ? found->high : found->low);
    for (uint32_t r = v - f->first_vertex + 1; r-- > 0;)
        if (down[(size_t)r * f->stride] + rise[(size_t)r * f->stride] == s->ms) {
            found->between = f->first_vertex + r;
            found->first_ms = down[(size_t)r * f->stride];
            break;
        }
    return true;
}

/* Below a vertex in a front. */
static bool find_in_fronts(const shortcut *s, split *found) {
    const sgp_hierarchy *h = s->h;
    uint32_t end = h->first_descendant[s->low];
    for (uint32_t next = s->low; next > end;) {
        uint32_t v = next - 1;
        if (sgp_in_front(h, v)) {
            bool has_both = try_front(s, v, found);
            if (has_both && found->between != SGP_NONE)
                return true;
            next = has_both ? sgp_front_of(h, v)->first_vertex : h->first_descendant[v];
            continue;
        }
        uint32_t low, high;
        bool has_both = find_heads(s, v, &low, &high);
        if (has_both && leads_over(s, v, h->row_length[v], low, high, found))
            return true;
        next = has_both ? v : h->first_descendant[v];
    }
    return false;
}

static sgp_way_memory *place_in_memory(const sgp_way *way, const sgp_way_hop *hop) {
    uint64_t ends = (uint64_t)hop->from << 32 | hop->to;
    return &way->memory[ends * UINT64_C(0x9e3779b97f4a7c15) >> 40 & (SGP_WAY_MEMORY - 1)];
}

static bool remembers(const sgp_way_memory *memory, const sgp_metric *metric,
                      const sgp_way_hop *hop) {
    return memory->version == metric->version && memory->from == hop->from &&
           memory->to == hop->to && memory->ms == hop->ms;
}

/* The highest vertex over which a shortcut leads; there is one, or the metric is not customized. */
static split find_between(sgp_way *way, const sgp_metric *metric, const sgp_way_hop *hop) {
    const sgp_hierarchy *h = &metric->graph->hierarchy;
    bool up = hop->from < hop->to;
    uint32_t low = up ? hop->from : hop->to;
    shortcut s = {.h = h,
                  .customized = metric->customized,
                  .low = low,
                  .column = hop->column,
                  .up = up,
                  .ms = hop->ms};
    split found = {.between = SGP_NONE};
    bool is_found;
    if (sgp_in_front(h, low)) {
        sgp_way_memory *memory = place_in_memory(way, hop);
        if (remembers(memory, metric, hop))
            return (split){memory->between, memory->low, memory->high, memory->first_ms};
        s.low_depth = h->depth[low];
        s.high_depth = h->depth[up ? hop->to : hop->from];
        is_found = find_in_fronts(&s, &found);
        *memory = (sgp_way_memory){.version = metric->version,
                                   .from = hop->from,
                                   .to = hop->to,
                                   .between = found.between,
                                   .ms = hop->ms,
                                   .first_ms = found.first_ms,
                                   .low = (uint16_t)found.low,
                                   .high = (uint16_t)found.high};
    } else {
        is_found = find_in_rows(&s, way->rungs, &found);
    }
    assert(is_found);
    (void)is_found;
    return found;
}

/* ---- fetching what will be read -------------------------------------------------- */

enum { HOPS_AHEAD = 6 };

/* Of a hop that was found: where its arcs begin, and its lower end's largest child. */
static void prepare(const sgp_way *way, const sgp_metric *metric, const sgp_way_hop *hop) {
    const sgp_hierarchy *h = &metric->graph->hierarchy;
    uint32_t low = hop->from < hop->to ? hop->from : hop->to;
    uint32_t child = low > 0 ? low - 1 : 0;
    if (sgp_in_front(h, low))
        __builtin_prefetch(place_in_memory(way, hop));
    __builtin_prefetch(&metric->graph->parts.first_arc[hop->from]);
    __builtin_prefetch(&h->parent[child]);
    __builtin_prefetch(&h->parent_mask[child]);
    __builtin_prefetch(&h->row[child]);
}

/* Of a hop that comes soon: the arcs, and the child's weights. */
static void fetch(const sgp_way *way, const sgp_metric *metric, const sgp_way_hop *hop) {
    const sgp_hierarchy *h = &metric->graph->hierarchy;
    const sgp_graph_parts *p = &metric->graph->parts;
    uint32_t low = hop->from < hop->to ? hop->from : hop->to;
    uint32_t first = p->first_arc[hop->from];
    __builtin_prefetch(p->arc_head + first);
    __builtin_prefetch(metric->weight + first);
    if (sgp_in_front(h, low)) {
        const sgp_way_memory *memory = place_in_memory(way, hop);
        if (remembers(memory, metric, hop))
            return;
        const sgp_front *f = sgp_front_of(h, low);
        uint32_t row = low - f->first_vertex;
        bool up = hop->from < hop->to;
        fetch_columns(metric->customized, f, row, up ? row : hop->column, up ? hop->column : row);
        return;
    }
    uint32_t child = low > 0 ? low - 1 : 0;
    const int32_t *weights = metric->customized + 2 * (size_t)h->row[child];
    __builtin_prefetch(weights);
    __builtin_prefetch(weights + 16);
}

/* Puts two hops in the place of hop i. */
static void halve(sgp_way *way, const sgp_metric *metric, size_t i, const split *at) {
    sgp_way_hop *hop = &way->hops[i];
    bool up = hop->from < hop->to;
    uint32_t first = (uint32_t)way->n_hops;
    sgp_way_hop *half = way->hops + first;
    half[0] = (sgp_way_hop){.from = hop->from,
                            .to = at->between,
                            .ms = at->first_ms,
                            .next = first + 1,
                            .column = (uint16_t)(up ? at->low : at->high)};
    half[1] = (sgp_way_hop){.from = at->between,
                            .to = hop->to,
                            .ms = hop->ms - at->first_ms,
                            .next = hop->next,
                            .column = (uint16_t)(up ? at->high : at->low)};
    hop->made_of = first;
    way->n_hops += 2;
    prepare(way, metric, &half[0]);
    __builtin_prefetch(&metric->graph->parts.first_arc[at->between]);
}

static sgp_err take_apart(sgp_way *way, const sgp_metric *metric) {
    for (size_t i = 0; i < way->n_hops; i++)
        prepare(way, metric, &way->hops[i]);
    for (size_t i = 0; i < way->n_hops; i++) {
        sgp_err err = reserve_hops(way, 2);
        if (err)
            return err;
        if (i + HOPS_AHEAD < way->n_hops)
            fetch(way, metric, &way->hops[i + HOPS_AHEAD]);
        sgp_way_hop *hop = &way->hops[i];
        uint32_t arc = find_arc(metric, hop);
        hop->is_arc = arc != SGP_NONE;
        if (hop->is_arc) {
            hop->made_of = arc;
            __builtin_prefetch(&metric->graph->parts.arc_edge[arc]);
            continue;
        }
        split at = find_between(way, metric, hop);
        halve(way, metric, i, &at);
    }
    sgp_err err = reserve_arcs(way);
    for (uint32_t i = way->first_hop; !err && i != SGP_NONE;) {
        const sgp_way_hop *hop = &way->hops[i];
        if (hop->is_arc)
            way->arcs[way->n_arcs++] = hop->made_of;
        i = hop->is_arc ? hop->next : hop->made_of;
    }
    return err;
}

/* ---- finding the hops ------------------------------------------------------------ */

/* Where the two labels' sum is least. */
typedef struct meeting {
    uint32_t vertex;
    uint32_t place;
    int32_t ms;
    uint32_t leaving, arriving; /* paths that lead there */
} meeting;

static uint32_t ancestor_at(const sgp_hierarchy *h, uint32_t v, uint32_t depth) {
    while (h->depth[v] > depth)
        v = h->parent[v];
    return v;
}

static meeting find_meeting(const sgp_hierarchy *h, const sgp_label *leaving,
                            const sgp_label *arriving) {
    meeting best = {.vertex = SGP_NONE, .ms = SGP_INF};
    for (uint32_t i = 0; i < leaving->n_paths; i++)
        for (uint32_t j = 0; j < arriving->n_paths; j++) {
            const sgp_label_path *a = &leaving->paths[i];
            const sgp_label_path *b = &arriving->paths[j];
            uint32_t shared = sgp_label_shared(h, a->vertex, b->vertex);
            uint32_t at = SGP_NONE;
            for (uint32_t p = leaving->stride - shared; p < leaving->stride; p++)
                if (a->ms[p] + b->ms[p] < best.ms) {
                    best.ms = a->ms[p] + b->ms[p];
                    at = p;
                }
            if (at == SGP_NONE)
                continue;
            best.place = at;
            best.leaving = i;
            best.arriving = j;
        }
    if (best.ms < SGP_INF)
        best.vertex =
            ancestor_at(h, leaving->paths[best.leaving].vertex, leaving->stride - 1 - best.place);
    return best;
}

static bool is_seed(const sgp_label *label, uint32_t vertex, int32_t ms) {
    for (uint32_t i = 0; i < label->n_seeds; i++)
        if (label->seeds[i].vertex == vertex && label->seeds[i].ms == ms)
            return true;
    return false;
}

/* An up-arc between a vertex of a label's path and a higher one. */
typedef struct step_down {
    uint32_t below; /* SGP_NONE: there is none */
    uint32_t column;
    int32_t below_ms; /* the label's, of `below` */
} step_down;

/* From the highest vertex below `vertex` on one of the label's paths from which an up-arc leads to
 * it in just the time that is between them. */
static step_down find_below(sgp_way *way, const sgp_metric *metric, const sgp_label *label,
                            sgp_label_side side, uint32_t vertex, int32_t ms) {
    const sgp_hierarchy *h = &metric->graph->hierarchy;
    uint32_t depth = h->depth[vertex];
    for (uint32_t i = 0; i < label->n_paths; i++) {
        const sgp_label_path *path = &label->paths[i];
        if (!sgp_label_is_ancestor(h, vertex, path->vertex))
            continue;
        uint32_t n = 0;
        for (uint32_t v = path->vertex; v != vertex; v = h->parent[v])
            way->path[n++] = v;
        const int32_t *own = path->ms + label->stride - path->length;
        while (n-- > 0) {
            uint32_t v = way->path[n];
            if (own[n] > ms)
                continue;
            sgp_row row = sgp_row_of(h, v);
            uint32_t place = sgp_row_find(&row, depth);
            uint32_t first = side == SGP_LEAVING ? row.up : row.down;
            if (place == SGP_NONE || own[n] + metric->customized[first + place] != ms)
                continue;
            if (sgp_in_front(h, v))
                place += v - sgp_front_of(h, v)->first_vertex + 1;
            return (step_down){v, place, own[n]};
        }
    }
    return (step_down){.below = SGP_NONE};
}

/* From the meeting down to a seed, which the hops join in driving order: before all others on
 * the leaving side, behind them on the arriving one, which is traced first. Returns the
 * seed's vertex. */
static sgp_err trace(sgp_way *way, const sgp_metric *metric, const sgp_label *label,
                     sgp_label_side side, uint32_t vertex, int32_t ms, uint32_t *seed) {
    while (!is_seed(label, vertex, ms)) {
        step_down down = find_below(way, metric, label, side, vertex, ms);
        assert(down.below != SGP_NONE);
        sgp_err err = reserve_hops(way, 1);
        if (err)
            return err;
        uint32_t i = (uint32_t)way->n_hops++;
        sgp_way_hop *hop = &way->hops[i];
        bool leaving = side == SGP_LEAVING;
        *hop = (sgp_way_hop){.from = leaving ? down.below : vertex,
                             .to = leaving ? vertex : down.below,
                             .ms = ms - down.below_ms,
                             .next = leaving ? way->first_hop : SGP_NONE,
                             .column = (uint16_t)down.column};
        if (leaving || i == 0)
            way->first_hop = i;
        else
            hop[-1].next = i;
        vertex = down.below;
        ms = down.below_ms;
    }
    *seed = vertex;
    return SGP_OK;
}

static sgp_err find_arcs(sgp_way *way, const sgp_metric *metric, const sgp_label *leaving,
                         const sgp_label *arriving, const meeting *m) {
    way->n_arcs = way->n_hops = 0;
    way->first_hop = SGP_NONE;
    way->ms = m->ms;
    if (m->ms >= SGP_INF)
        return SGP_OK;
    sgp_err err = trace(way, metric, arriving, SGP_ARRIVING, m->vertex,
                        arriving->paths[m->arriving].ms[m->place], &way->last);
    if (!err)
        err = trace(way, metric, leaving, SGP_LEAVING, m->vertex,
                    leaving->paths[m->leaving].ms[m->place], &way->first);
    return err ? err : take_apart(way, metric);
}

sgp_err sgp_way_find(sgp_way *way, const sgp_metric *metric, const sgp_label *leaving,
                     const sgp_label *arriving) {
    meeting m = find_meeting(&metric->graph->hierarchy, leaving, arriving);
    return find_arcs(way, metric, leaving, arriving, &m);
}

/* The first of the label's paths that holds the vertex; it is there. */
static uint32_t path_over(const sgp_hierarchy *h, const sgp_label *label, uint32_t vertex) {
    uint32_t i = 0;
    while (i < label->n_paths && !sgp_label_is_ancestor(h, vertex, label->paths[i].vertex))
        i++;
    assert(i < label->n_paths);
    return i;
}

sgp_err sgp_way_find_over(sgp_way *way, const sgp_metric *metric, const sgp_label *leaving,
                          const sgp_label *arriving, uint32_t vertex) {
    const sgp_hierarchy *h = &metric->graph->hierarchy;
    meeting m = {.vertex = vertex,
                 .place = leaving->stride - 1 - h->depth[vertex],
                 .leaving = path_over(h, leaving, vertex),
                 .arriving = path_over(h, arriving, vertex)};
    m.ms = leaving->paths[m.leaving].ms[m.place] + arriving->paths[m.arriving].ms[m.place];
    return find_arcs(way, metric, leaving, arriving, &m);
}
