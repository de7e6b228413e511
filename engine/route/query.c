#include "route/query.h"
#include "route/ends.h"

#include <assert.h>
#include <stdlib.h>

sgp_err sgp_query_create(const sgp_metric *metric, sgp_query **query) {
    sgp_query *q = calloc(1, sizeof *q);
    if (!q)
        return SGP_E_MEMORY;
    q->metric = metric;
    sgp_err err = sgp_search_init(&q->search, metric);
    if (err) {
        free(q);
        return err;
    }
    *query = q;
    return SGP_OK;
}

void sgp_query_destroy(sgp_query *query) {
    if (!query)
        return;
    sgp_search_deinit(&query->search);
    free(query);
}

void sgp_query_use(sgp_query *query, const sgp_metric *metric) {
    assert(metric->graph == query->metric->graph);
    query->metric = metric;
    query->search.metric = metric;
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

/* The way over `end` as well: `best` or what it takes, whichever is less. */
static int64_t lesser_over(const sgp_query *query, const sgp_end *end, int64_t best) {
    int64_t distance = sgp_search_distance(&query->search, end->vertex);
    if (distance == SGP_UNREACHABLE || distance + end->ms >= SGP_INF)
        return best;
    return sgp_ends_lesser(best, distance + end->ms);
}

static int64_t plus_penalty(int64_t ms, const sgp_source *source) {
    return ms == SGP_UNREACHABLE ? ms : ms + source->penalty_ms;
}

/* One backward search; source i's time goes to time_ms[i * stride]. */
static void search_to(sgp_query *query, const sgp_source *sources, size_t n_sources,
                      const sgp_snap *target, int64_t *time_ms, size_t stride) {
    sgp_end ends[2];
    sgp_arrivals arrivals = {0};
    sgp_search_begin(&query->search);
    for (sgp_end end; sgp_arrivals_next(&arrivals, query->metric, target, &end);)
        sgp_search_seed(&query->search, end.vertex, end.ms, end.arc);
    for (size_t i = 0; i < n_sources; i++)
        for (int e = sgp_ends_leaving(query->metric, &sources[i].from, ends); e-- > 0;)
            sgp_search_want(&query->search, ends[e].vertex);
    sgp_search_run(&query->search, SGP_BACKWARD);
    for (size_t i = 0; i < n_sources; i++) {
        uint32_t arc;
        int64_t best = sgp_ends_direct(query->metric, &sources[i].from, target, &arc);
        for (int e = sgp_ends_leaving(query->metric, &sources[i].from, ends); e-- > 0;)
            best = lesser_over(query, &ends[e], best);
        time_ms[i * stride] = plus_penalty(best, &sources[i]);
    }
}

/* One forward search. */
static void search_from(sgp_query *query, const sgp_source *source, const sgp_snap *targets,
                        size_t n_targets, int64_t *time_ms) {
    sgp_end ends[2];
    sgp_search_begin(&query->search);
    for (int e = sgp_ends_leaving(query->metric, &source->from, ends); e-- > 0;)
        sgp_search_seed(&query->search, ends[e].vertex, ends[e].ms, ends[e].arc);
    for (size_t i = 0; i < n_targets; i++) {
        sgp_arrivals arrivals = {0};
        for (sgp_end end; sgp_arrivals_next(&arrivals, query->metric, &targets[i], &end);)
            sgp_search_want(&query->search, end.vertex);
    }
    sgp_search_run(&query->search, SGP_FORWARD);
    for (size_t i = 0; i < n_targets; i++) {
        uint32_t arc;
        int64_t best = sgp_ends_direct(query->metric, &source->from, &targets[i], &arc);
        sgp_arrivals arrivals = {0};
        for (sgp_end end; sgp_arrivals_next(&arrivals, query->metric, &targets[i], &end);)
            best = lesser_over(query, &end, best);
        time_ms[i] = plus_penalty(best, source);
    }
}

sgp_err sgp_query_many_to_one(sgp_query *query, const sgp_source *sources, size_t n_sources,
                              const sgp_snap *target, int64_t *time_ms) {
    sgp_err err = check_sources(query, sources, n_sources);
    if (!err)
        err = check_targets(query, target, 1);
    if (!err && n_sources > 0)
        search_to(query, sources, n_sources, target, time_ms, 1);
    return err;
}

sgp_err sgp_query_one_to_many(sgp_query *query, const sgp_source *source, const sgp_snap *targets,
                              size_t n_targets, int64_t *time_ms) {
    sgp_err err = check_sources(query, source, 1);
    if (!err)
        err = check_targets(query, targets, n_targets);
    if (!err && n_targets > 0)
        search_from(query, source, targets, n_targets, time_ms);
    return err;
}

sgp_err sgp_query_one_to_one(sgp_query *query, const sgp_source *source, const sgp_snap *target,
                             int64_t *time_ms) {
    return sgp_query_one_to_many(query, source, target, 1, time_ms);
}

sgp_err sgp_query_matrix(sgp_query *query, const sgp_source *sources, size_t n_sources,
                         const sgp_snap *targets, size_t n_targets, int64_t *time_ms) {
    sgp_err err = check_sources(query, sources, n_sources);
    if (!err)
        err = check_targets(query, targets, n_targets);
    if (err || n_sources == 0 || n_targets == 0)
        return err;
    if (n_sources <= n_targets)
        for (size_t s = 0; s < n_sources; s++)
            search_from(query, &sources[s], targets, n_targets, time_ms + s * n_targets);
    else
        for (size_t t = 0; t < n_targets; t++)
            search_to(query, sources, n_sources, &targets[t], time_ms + t, n_targets);
    return SGP_OK;
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

/* One search from all vertices of `from` to all vertices of each node of `to`. */
static void search_nodes(sgp_query *query, sgp_direction direction, int64_t from, const int64_t *to,
                         size_t n_to, int64_t *time_ms, size_t stride) {
    const sgp_graph *graph = query->metric->graph;
    const uint32_t *vertices;
    sgp_search_begin(&query->search);
    uint32_t n = sgp_graph_node_vertices(graph, from, &vertices);
    for (uint32_t i = 0; i < n; i++)
        sgp_search_seed(&query->search, vertices[i], 0, SGP_NONE);
    for (size_t t = 0; t < n_to; t++) {
        n = sgp_graph_node_vertices(graph, to[t], &vertices);
        for (uint32_t i = 0; i < n; i++)
            sgp_search_want(&query->search, vertices[i]);
    }
    sgp_search_run(&query->search, direction);
    for (size_t t = 0; t < n_to; t++) {
        int64_t best = SGP_UNREACHABLE;
        n = sgp_graph_node_vertices(graph, to[t], &vertices);
        for (uint32_t i = 0; i < n; i++)
            best = sgp_ends_lesser(best, sgp_search_distance(&query->search, vertices[i]));
        time_ms[t * stride] = best;
    }
}

sgp_err sgp_query_matrix_nodes(sgp_query *query, const int64_t *sources, size_t n_sources,
                               const int64_t *targets, size_t n_targets, int64_t *time_ms,
                               sgp_fault *fault) {
    sgp_err err = check_nodes(query, "source", sources, n_sources, fault);
    if (!err)
        err = check_nodes(query, "target", targets, n_targets, fault);
    if (err || n_sources == 0 || n_targets == 0)
        return err;
    if (n_sources <= n_targets)
        for (size_t s = 0; s < n_sources; s++)
            search_nodes(query, SGP_FORWARD, sources[s], targets, n_targets,
                         time_ms + s * n_targets, 1);
    else
        for (size_t t = 0; t < n_targets; t++)
            search_nodes(query, SGP_BACKWARD, targets[t], sources, n_sources, time_ms + t,
                         n_targets);
    return SGP_OK;
}

int32_t sgp_query_vertices(sgp_query *query, uint32_t from, uint32_t to) {
    assert(from < query->metric->graph->parts.n_vertices);
    assert(to < query->metric->graph->parts.n_vertices);
    sgp_search_begin(&query->search);
    sgp_search_seed(&query->search, from, 0, SGP_NONE);
    sgp_search_want(&query->search, to);
    sgp_search_run(&query->search, SGP_FORWARD);
    int64_t distance = sgp_search_distance(&query->search, to);
    return distance == SGP_UNREACHABLE ? SGP_INF : (int32_t)distance;
}

static void take_all(const sgp_query *query, int64_t penalty_ms, int32_t *distance) {
    for (uint32_t v = 0; v < query->metric->graph->parts.n_vertices; v++) {
        int64_t ms = sgp_search_distance(&query->search, v);
        bool far = ms == SGP_UNREACHABLE || ms + penalty_ms >= SGP_INF;
        distance[v] = far ? SGP_INF : (int32_t)(ms + penalty_ms);
    }
}

void sgp_query_from_vertex(sgp_query *query, uint32_t from, int32_t *distance) {
    assert(from < query->metric->graph->parts.n_vertices);
    sgp_search_begin(&query->search);
    sgp_search_seed(&query->search, from, 0, SGP_NONE);
    sgp_search_want_all(&query->search);
    sgp_search_run(&query->search, SGP_FORWARD);
    take_all(query, 0, distance);
}

static void search_all(sgp_query *query, const sgp_source *source) {
    sgp_end ends[2];
    sgp_search_begin(&query->search);
    for (int e = sgp_ends_leaving(query->metric, &source->from, ends); e-- > 0;)
        sgp_search_seed(&query->search, ends[e].vertex, ends[e].ms, ends[e].arc);
    sgp_search_want_all(&query->search);
    sgp_search_run(&query->search, SGP_FORWARD);
}

sgp_err sgp_query_from_place(sgp_query *query, const sgp_source *source, int32_t *distance) {
    sgp_err err = check_sources(query, source, 1);
    if (err)
        return err;
    search_all(query, source);
    take_all(query, source->penalty_ms, distance);
    return SGP_OK;
}

sgp_err sgp_query_reach(sgp_query *query, const sgp_source *source, int64_t limit_ms,
                        sgp_reach *reach, size_t capacity, size_t *n) {
    sgp_err err = check_sources(query, source, 1);
    if (err)
        return err;
    search_all(query, source);
    size_t count = 0;
    for (uint32_t v = 0; v < query->metric->graph->parts.n_vertices; v++) {
        int64_t ms = sgp_search_distance(&query->search, v);
        if (ms == SGP_UNREACHABLE || ms + source->penalty_ms > limit_ms ||
            ms + source->penalty_ms >= SGP_INF)
            continue;
        if (count < capacity)
            reach[count] = (sgp_reach){v, (int32_t)(ms + source->penalty_ms)};
        count++;
    }
    *n = count;
    return SGP_OK;
}
