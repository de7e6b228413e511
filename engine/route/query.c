#include "route/query.h"
#include "route/sort.h"

#include <assert.h>
#include <stdlib.h>

sgp_err sgp_query_create(const sgp_metric *metric, sgp_query **query) {
    const sgp_hierarchy *h = &metric->graph->hierarchy;
    sgp_query *q = calloc(1, sizeof *q);
    if (!q)
        return SGP_E_MEMORY;
    q->metric = metric;
    if (sgp_label_init(&q->leaving, h) != SGP_OK || sgp_label_init(&q->arriving, h) != SGP_OK ||
        sgp_sweep_init(&q->sweep, h) != SGP_OK || sgp_fleet_init(&q->fleet, h) != SGP_OK ||
        sgp_way_init(&q->way, h) != SGP_OK) {
        sgp_query_destroy(q);
        return SGP_E_MEMORY;
    }
    *query = q;
    return SGP_OK;
}

void sgp_query_destroy(sgp_query *query) {
    if (!query)
        return;
    sgp_label_deinit(&query->leaving);
    sgp_label_deinit(&query->arriving);
    sgp_sweep_deinit(&query->sweep);
    sgp_fleet_deinit(&query->fleet);
    sgp_way_deinit(&query->way);
    free(query->ends);
    free(query->keys);
    free(query->key_scratch);
    free(query->end_ms);
    free(query->ms);
    free(query->edges);
    free(query);
}

void sgp_query_use(sgp_query *query, const sgp_metric *metric) {
    assert(metric->graph == query->metric->graph);
    query->metric = metric;
}

static sgp_label *label_of(sgp_query *query, sgp_label_side side) {
    return side == SGP_LEAVING ? &query->leaving : &query->arriving;
}

static sgp_err seed_label(sgp_query *query, const sgp_stop *stop, sgp_label_side side) {
    sgp_label *label = label_of(query, side);
    sgp_stop_ends ends = {0};
    sgp_err err = SGP_OK;
    sgp_label_begin(label);
    for (sgp_end end; !err && sgp_stop_next(&ends, query->metric, stop, &end);)
        err = sgp_label_seed(label, end.vertex, end.ms);
    return err;
}

sgp_err sgp_query_label(sgp_query *query, const sgp_stop *stop, sgp_label_side side) {
    sgp_err err = seed_label(query, stop, side);
    return err ? err : sgp_label_make(label_of(query, side), query->metric, side);
}

/* A larger array; what was in it is lost. */
static sgp_err larger(void *array, size_t *capacity, size_t n, size_t bytes) {
    void **old = array;
    size_t most = *capacity * 2 > n ? *capacity * 2 : n;
    void *made = malloc(most * bytes);
    if (!made)
        return SGP_E_MEMORY;
    free(*old);
    *old = made;
    *capacity = most;
    return SGP_OK;
}

sgp_err sgp_query_reserve_ms(sgp_query *query, size_t n) {
    return n <= query->ms_capacity ? SGP_OK
                                   : larger(&query->ms, &query->ms_capacity, n, sizeof *query->ms);
}

/* Room for twice as many ends; those that are there stay. */
static sgp_err add_ends(sgp_query *query) {
    size_t n = query->end_capacity ? 2 * query->end_capacity : 256;
    sgp_query_end *ends = realloc(query->ends, n * sizeof *ends);
    query->ends = ends ? ends : query->ends;
    uint64_t *keys = realloc(query->keys, n * sizeof *keys);
    query->keys = keys ? keys : query->keys;
    uint64_t *scratch = realloc(query->key_scratch, n * sizeof *scratch);
    query->key_scratch = scratch ? scratch : query->key_scratch;
    int32_t *ms = realloc(query->end_ms, n * sizeof *ms);
    query->end_ms = ms ? ms : query->end_ms;
    if (!ends || !keys || !scratch || !ms)
        return SGP_E_MEMORY;
    query->end_capacity = n;
    return SGP_OK;
}

/* ---- many places ----------------------------------------------------------------- */

/* The many stops of a question; one of the three is given. */
typedef struct stops {
    const sgp_source *sources;
    const sgp_snap *targets;
    const int64_t *nodes;
    size_t n;
} stops;

static sgp_stop stop_at(const stops *s, size_t i) {
    if (s->sources)
        return (sgp_stop){.kind = SGP_STOP_FROM, .snap = &s->sources[i].from};
    if (s->targets)
        return (sgp_stop){.kind = SGP_STOP_TO, .snap = &s->targets[i]};
    return (sgp_stop){.kind = SGP_STOP_NODE, .node = s->nodes[i]};
}

static int64_t penalty_at(const stops *s, size_t i) {
    return s->sources ? s->sources[i].penalty_ms : 0;
}

static sgp_err check_sources(const sgp_query *query, const sgp_source *sources, size_t n) {
    for (size_t i = 0; i < n; i++) {
        sgp_err err = sgp_ends_check_source(query->metric->graph, &sources[i]);
        if (err)
            return err;
    }
    return SGP_OK;
}

static sgp_err check_targets(const sgp_query *query, const sgp_snap *targets, size_t n) {
    for (size_t i = 0; i < n; i++) {
        sgp_err err = sgp_ends_check_snap(query->metric->graph, &targets[i]);
        if (err)
            return err;
    }
    return SGP_OK;
}

static sgp_err check_stops(const sgp_query *query, const stops *s) {
    sgp_err err = s->sources ? check_sources(query, s->sources, s->n) : SGP_OK;
    return !err && s->targets ? check_targets(query, s->targets, s->n) : err;
}

/* The whole time, given the least over vertices: the direct way along a common edge and the
 * penalty come in. */
static int64_t whole_time(const sgp_query *query, const stops *from, size_t i, const stops *to,
                          size_t j, int32_t over_vertices) {
    int64_t ms = over_vertices < SGP_INF ? over_vertices : SGP_UNREACHABLE;
    uint32_t arc;
    if (from->sources && from->sources[i].from.edge == to->targets[j].edge)
        ms = sgp_ends_lesser(
            ms, sgp_ends_direct(query->metric, &from->sources[i].from, &to->targets[j], &arc));
    return ms == SGP_UNREACHABLE ? ms : ms + penalty_at(from, i);
}

/* Sends for what the ends of the stops after i will read. */
static void fetch_ends(const sgp_query *query, const stops *many, size_t i) {
    enum { ARCS_AHEAD = 6, EDGES_AHEAD = 12 };
    const sgp_graph_parts *p = &query->metric->graph->parts;
    if (i + EDGES_AHEAD < many->n && !many->nodes)
        __builtin_prefetch(&p->edges[stop_at(many, i + EDGES_AHEAD).snap->edge].forward_arc);
    if (i + ARCS_AHEAD >= many->n || many->nodes)
        return;
    const sgp_edge *edge = &p->edges[stop_at(many, i + ARCS_AHEAD).snap->edge];
    const uint32_t arcs[2] = {edge->forward_arc, edge->backward_arc};
    for (int a = 0; a < 2; a++)
        if (arcs[a] != SGP_NONE) {
            __builtin_prefetch(&query->metric->weight[arcs[a]]);
            __builtin_prefetch(&p->arc_head[arcs[a]]);
        }
}

/* All ends of the stops, by their vertices. */
static sgp_err collect_ends(sgp_query *query, const stops *many) {
    query->n_ends = 0;
    for (size_t i = 0; i < many->n; i++) {
        sgp_stop stop = stop_at(many, i);
        sgp_stop_ends it = {0};
        fetch_ends(query, many, i);
        for (sgp_end end; sgp_stop_next(&it, query->metric, &stop, &end);) {
            if (query->n_ends == query->end_capacity) {
                sgp_err err = add_ends(query);
                if (err)
                    return err;
            }
            size_t n = query->n_ends++;
            query->ends[n] = (sgp_query_end){(uint32_t)i, (int32_t)end.ms};
            query->keys[n] = sgp_sort_key(end.vertex, (uint32_t)n);
        }
    }
    sgp_sort(query->keys, query->key_scratch, query->n_ends);
    return SGP_OK;
}

/* Between the label of one stop and many stops that are not cached: one sweep over their
 * root paths, query->ms[i] for each. */
static sgp_err sweep_over(sgp_query *query, sgp_label_side side, const stops *many) {
    sgp_err err = sgp_query_reserve_ms(query, many->n);
    if (!err)
        err = collect_ends(query, many);
    if (err)
        return err;
    for (size_t i = 0; i < many->n; i++)
        query->ms[i] = SGP_INF;
    const sgp_label *label = side == SGP_LEAVING ? &query->leaving : &query->arriving;
    sgp_sweep_begin(&query->sweep, query->metric, label, side);
    sgp_sweep_ask_many(&query->sweep, query->keys, query->n_ends, query->end_ms);
    for (size_t i = 0; i < query->n_ends; i++) {
        const sgp_query_end *end = &query->ends[(uint32_t)query->keys[i]];
        int32_t ms = query->end_ms[i] + end->ms;
        if (ms < query->ms[end->place])
            query->ms[end->place] = ms;
    }
    return SGP_OK;
}

/* Row s of the table. */
static sgp_err times_from(sgp_query *query, const stops *sources, size_t s, const stops *targets,
                          int64_t *time_ms) {
    sgp_stop stop = stop_at(sources, s);
    sgp_err err = sgp_query_label(query, &stop, SGP_LEAVING);
    if (!err)
        err = sweep_over(query, SGP_LEAVING, targets);
    for (size_t t = 0; t < targets->n && !err; t++)
        time_ms[t] = whole_time(query, sources, s, targets, t, query->ms[t]);
    return err;
}

/* Column t of the table, whose rows are `stride` apart. */
static sgp_err times_to(sgp_query *query, const stops *sources, const stops *targets, size_t t,
                        int64_t *time_ms, size_t stride) {
    sgp_stop stop = stop_at(targets, t);
    sgp_err err = sgp_query_label(query, &stop, SGP_ARRIVING);
    if (!err)
        err = sweep_over(query, SGP_ARRIVING, sources);
    for (size_t s = 0; s < sources->n && !err; s++)
        time_ms[s * stride] = whole_time(query, sources, s, targets, t, query->ms[s]);
    return err;
}

/* The stops by their vertices, into query->keys: neighbours have most of their root paths in
 * common, so that what one label reads is still in the cache for the next. */
static sgp_err sort_stops(sgp_query *query, const stops *many) {
    while (query->end_capacity < many->n) {
        sgp_err err = add_ends(query);
        if (err)
            return err;
    }
    for (size_t i = 0; i < many->n; i++) {
        sgp_stop stop = stop_at(many, i);
        sgp_stop_ends it = {0};
        sgp_end end;
        fetch_ends(query, many, i);
        bool any = sgp_stop_next(&it, query->metric, &stop, &end);
        query->keys[i] = sgp_sort_key(any ? end.vertex : 0, (uint32_t)i);
    }
    sgp_sort(query->keys, query->key_scratch, many->n);
    return SGP_OK;
}

/* The label of the i-th of n sorted stops, while what a later one needs is sent for. Which of
 * the stops it is goes to *place. */
static sgp_err label_sorted(sgp_query *query, const stops *many, size_t i, sgp_label_side side,
                            size_t *place) {
    enum { LABELS_AHEAD = 2, STOPS_AHEAD = 6 };
    if (i + STOPS_AHEAD < many->n)
        fetch_ends(query, many, (uint32_t)query->keys[i + STOPS_AHEAD]);
    if (i + LABELS_AHEAD < many->n)
        sgp_label_fetch(query->metric, side, (uint32_t)(query->keys[i + LABELS_AHEAD] >> 32));
    *place = (uint32_t)query->keys[i];
    sgp_stop stop = stop_at(many, *place);
    return sgp_query_label(query, &stop, side);
}

/* Row s of the table out of query->ms. */
static void write_times(const sgp_query *query, const stops *sources, size_t s,
                        const stops *targets, int64_t *time_ms) {
    int64_t penalty = penalty_at(sources, s);
    for (size_t t = 0; t < targets->n; t++)
        time_ms[t] = query->ms[t] < SGP_INF ? query->ms[t] + penalty : SGP_UNREACHABLE;
    if (!sources->sources)
        return;
    uint32_t edge = sources->sources[s].from.edge;
    for (size_t t = 0; t < targets->n; t++)
        if (query->edges[t] == edge)
            time_ms[t] = whole_time(query, sources, s, targets, t, query->ms[t]);
}

/* The labels of all targets side by side, each source's against them. */
static sgp_err times_by_labels(sgp_query *query, const stops *sources, const stops *targets,
                               int64_t *time_ms) {
    sgp_err err = sgp_query_reserve_ms(query, targets->n);
    if (!err && query->edge_capacity < targets->n)
        err = larger(&query->edges, &query->edge_capacity, targets->n, sizeof *query->edges);
    if (!err)
        err = sort_stops(query, targets);
    sgp_fleet_clear(&query->fleet);
    size_t t, s;
    for (size_t i = 0; i < targets->n && !err; i++) {
        err = label_sorted(query, targets, i, SGP_ARRIVING, &t);
        if (!err)
            err = sgp_fleet_put(&query->fleet, (uint32_t)t, &query->arriving);
        query->edges[t] = targets->targets ? targets->targets[t].edge : SGP_NONE;
    }
    if (!err)
        err = sort_stops(query, sources);
    for (size_t i = 0; i < sources->n && !err; i++) {
        err = label_sorted(query, sources, i, SGP_LEAVING, &s);
        if (err)
            break;
        for (t = 0; t < targets->n; t++)
            query->ms[t] = SGP_INF;
        sgp_fleet_ask(&query->fleet, &query->leaving, query->ms);
        write_times(query, sources, s, targets, time_ms + s * targets->n);
    }
    return err;
}

/* A sweep costs about as much as labels for a few of its places. */
enum { FEW = 4 };

static sgp_err table(sgp_query *query, const stops *sources, const stops *targets,
                     int64_t *time_ms) {
    sgp_err err = SGP_OK;
    if (sources->n == 0 || targets->n == 0)
        return SGP_OK;
    if (sources->n > FEW && targets->n > FEW)
        return times_by_labels(query, sources, targets, time_ms);
    if (sources->n <= targets->n)
        for (size_t s = 0; s < sources->n && !err; s++)
            err = times_from(query, sources, s, targets, time_ms + s * targets->n);
    else
        for (size_t t = 0; t < targets->n && !err; t++)
            err = times_to(query, sources, targets, t, time_ms + t, targets->n);
    return err;
}

sgp_err sgp_query_matrix(sgp_query *query, const sgp_source *sources, size_t n_sources,
                         const sgp_snap *targets, size_t n_targets, int64_t *time_ms) {
    stops from = {.sources = sources, .n = n_sources};
    stops to = {.targets = targets, .n = n_targets};
    sgp_err err = check_stops(query, &from);
    if (!err)
        err = check_stops(query, &to);
    return err ? err : table(query, &from, &to, time_ms);
}

sgp_err sgp_query_many_to_one(sgp_query *query, const sgp_source *sources, size_t n_sources,
                              const sgp_snap *target, int64_t *time_ms) {
    return sgp_query_matrix(query, sources, n_sources, target, 1, time_ms);
}

sgp_err sgp_query_one_to_many(sgp_query *query, const sgp_source *source, const sgp_snap *targets,
                              size_t n_targets, int64_t *time_ms) {
    return sgp_query_matrix(query, source, 1, targets, n_targets, time_ms);
}

static sgp_err check_nodes(const sgp_query *query, const char *what, const int64_t *nodes, size_t n,
                           sgp_fault *fault) {
    const uint32_t *vertices;
    for (size_t i = 0; i < n; i++)
        if (sgp_graph_node_vertices(query->metric->graph, nodes[i], &vertices) == 0)
            return sgp_fail(fault, SGP_E_NOT_FOUND, "the graph has no node %lld (%s %zu)",
                            (long long)nodes[i], what, i + 1);
    return SGP_OK;
}

sgp_err sgp_query_matrix_nodes(sgp_query *query, const int64_t *sources, size_t n_sources,
                               const int64_t *targets, size_t n_targets, int64_t *time_ms,
                               sgp_fault *fault) {
    sgp_err err = check_nodes(query, "source", sources, n_sources, fault);
    if (!err)
        err = check_nodes(query, "target", targets, n_targets, fault);
    if (err)
        return err;
    err = table(query, &(stops){.nodes = sources, .n = n_sources},
                &(stops){.nodes = targets, .n = n_targets}, time_ms);
    return err ? sgp_fail(fault, err, "no memory for a table of %zu times %zu", n_sources,
                          n_targets)
               : SGP_OK;
}

/* ---- one place ------------------------------------------------------------------- */

/* Both labels of the seeds that they have; what the second one reads comes from memory while
 * the first is made. */
static sgp_err between_seeds(sgp_query *query, int32_t *ms) {
    const sgp_metric *metric = query->metric;
    sgp_label *leaving = &query->leaving, *arriving = &query->arriving;
    if (leaving->n_seeds > 0)
        sgp_label_fetch(metric, SGP_LEAVING, leaving->seeds[0].vertex);
    if (arriving->n_seeds > 0)
        sgp_label_fetch(metric, SGP_ARRIVING, arriving->seeds[0].vertex);
    sgp_err err = sgp_label_make(leaving, metric, SGP_LEAVING);
    if (!err)
        err = sgp_label_make(arriving, metric, SGP_ARRIVING);
    *ms = err ? SGP_INF : sgp_label_between(&metric->graph->hierarchy, leaving, arriving);
    return err;
}

sgp_err sgp_query_one_to_one(sgp_query *query, const sgp_source *source, const sgp_snap *target,
                             int64_t *time_ms) {
    stops from = {.sources = source, .n = 1};
    stops to = {.targets = target, .n = 1};
    sgp_err err = check_stops(query, &from);
    if (!err)
        err = check_stops(query, &to);
    int32_t ms;
    sgp_stop begin = stop_at(&from, 0), end = stop_at(&to, 0);
    if (!err)
        err = seed_label(query, &begin, SGP_LEAVING);
    if (!err)
        err = seed_label(query, &end, SGP_ARRIVING);
    if (!err)
        err = between_seeds(query, &ms);
    if (err)
        return err;
    *time_ms = whole_time(query, &from, 0, &to, 0, ms);
    return SGP_OK;
}

/* A vertex as the only seed of a label, for which there is always room. */
static void seed_vertex(sgp_query *query, uint32_t vertex, sgp_label_side side) {
    assert(vertex < query->metric->graph->parts.n_vertices);
    sgp_label_begin(label_of(query, side));
    sgp_err err = sgp_label_seed(label_of(query, side), vertex, 0);
    assert(!err);
    (void)err;
}

int32_t sgp_query_vertices(sgp_query *query, uint32_t from, uint32_t to) {
    int32_t ms;
    seed_vertex(query, from, SGP_LEAVING);
    seed_vertex(query, to, SGP_ARRIVING);
    sgp_err err = between_seeds(query, &ms);
    assert(!err); /* single paths: there is always room */
    (void)err;
    return ms < SGP_INF ? ms : SGP_INF;
}

void sgp_query_from_vertex(sgp_query *query, uint32_t from, int32_t *distance) {
    seed_vertex(query, from, SGP_LEAVING);
    sgp_err err = sgp_label_make(&query->leaving, query->metric, SGP_LEAVING);
    assert(!err); /* a single path: there is always room */
    (void)err;
    sgp_sweep_begin(&query->sweep, query->metric, &query->leaving, SGP_LEAVING);
    sgp_sweep_all(&query->sweep, distance);
}

/* Everything from one place. */
static sgp_err begin_from_place(sgp_query *query, const sgp_source *source) {
    sgp_err err = check_sources(query, source, 1);
    sgp_stop stop = {.kind = SGP_STOP_FROM, .snap = &source->from};
    if (!err)
        err = sgp_query_label(query, &stop, SGP_LEAVING);
    if (!err)
        sgp_sweep_begin(&query->sweep, query->metric, &query->leaving, SGP_LEAVING);
    return err;
}

sgp_err sgp_query_from_place(sgp_query *query, const sgp_source *source, int32_t *distance) {
    sgp_err err = begin_from_place(query, source);
    if (err)
        return err;
    sgp_sweep_all(&query->sweep, distance);
    int64_t penalty_ms = source->penalty_ms;
    uint32_t n = query->metric->graph->parts.n_vertices;
    for (uint32_t v = 0; v < n && penalty_ms > 0; v++)
        distance[v] =
            distance[v] < SGP_INF - penalty_ms ? distance[v] + (int32_t)penalty_ms : SGP_INF;
    return SGP_OK;
}

sgp_err sgp_query_reach(sgp_query *query, const sgp_source *source, int64_t limit_ms,
                        sgp_reach *reach, size_t capacity, size_t *n) {
    sgp_err err = begin_from_place(query, source);
    if (err)
        return err;
    int64_t left_ms = limit_ms < SGP_INF - 1 ? limit_ms : SGP_INF - 1;
    *n = 0;
    if (left_ms < source->penalty_ms)
        return SGP_OK;
    *n = sgp_sweep_within(&query->sweep, (int32_t)(left_ms - source->penalty_ms), reach, capacity);
    for (size_t i = 0; i < (*n < capacity ? *n : capacity); i++)
        reach[i].ms += (int32_t)source->penalty_ms;
    return SGP_OK;
}
