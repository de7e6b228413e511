#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "base/random.h"
#include "route/ends.h"
#include "router_oracle.h"

static uint32_t below(uint64_t *random, uint32_t bound) {
    return (uint32_t)sgp_random_below(random, bound);
}

static sgp_snap random_place(const sgp_graph_parts *p, uint64_t *random) {
    uint32_t edge = below(random, p->n_edges);
    uint32_t mm = p->edges[edge].length_mm;
    uint32_t which = below(random, 8);
    return (sgp_snap){.edge = edge,
                      .offset_mm = which == 0   ? 0
                                   : which == 1 ? mm
                                                : below(random, mm + 1),
                      .road = p->points[p->edges[edge].first_point],
                      .directions = which < 6 ? 0 : (uint8_t)(which - 5)};
}

static void search_from(dijkstra *search, const sgp_metric *metric, const sgp_snap *from) {
    sgp_end ends[2];
    dijkstra_begin(search);
    for (int e = sgp_ends_leaving(metric, from, ends); e-- > 0;)
        dijkstra_seed(search, ends[e].vertex, ends[e].ms, ends[e].arc);
    dijkstra_want_all(search);
    dijkstra_run(search, DIJKSTRA_FORWARD);
}

/* After search_from: the time to `to`, without a penalty. */
static int64_t time_to(const dijkstra *search, const sgp_metric *metric, const sgp_snap *from,
                       const sgp_snap *to) {
    uint32_t arc;
    int64_t best = sgp_ends_direct(metric, from, to, &arc);
    sgp_arrivals arrivals = {0};
    for (sgp_end end; sgp_arrivals_next(&arrivals, metric, to, &end);) {
        int64_t ms = dijkstra_distance(search, end.vertex);
        if (ms != SGP_UNREACHABLE && ms + end.ms < SGP_INF)
            best = sgp_ends_lesser(best, ms + end.ms);
    }
    return best;
}

static int32_t whole(int64_t ms, int64_t penalty_ms) {
    return ms == SGP_UNREACHABLE || ms + penalty_ms >= SGP_INF ? SGP_INF
                                                               : (int32_t)(ms + penalty_ms);
}

/* One to all and isochrones from a place; from a vertex and between vertices. */
static void check_vertices(const dijkstra *search, sgp_query *query, const sgp_source *source,
                           uint64_t *random) {
    uint32_t n = search->metric->graph->parts.n_vertices;
    int32_t *distance = malloc(n * sizeof *distance);
    sgp_reach *reach = malloc(n * sizeof *reach);
    assert_true(distance && reach);
    assert_int_equal(sgp_query_from_place(query, source, distance), SGP_OK);
    for (uint32_t v = 0; v < n; v++)
        assert_int_equal(distance[v], whole(dijkstra_distance(search, v), source->penalty_ms));
    int32_t limit = distance[below(random, n)];
    int64_t limit_ms = below(random, 4) ? limit : INT64_MAX;
    size_t found, i = 0;
    assert_int_equal(sgp_query_reach(query, source, limit_ms, reach, n, &found), SGP_OK);
    for (uint32_t v = 0; v < n; v++)
        if (distance[v] < SGP_INF && distance[v] <= limit_ms) {
            assert_true(i < found && reach[i].vertex == v && reach[i].ms == distance[v]);
            i++;
        }
    assert_int_equal(i, found);
    size_t few = found / 2;
    assert_int_equal(sgp_query_reach(query, source, limit_ms, reach, few, &found), SGP_OK);
    assert_int_equal(i, found);
    for (i = 0; i < few; i++)
        assert_int_equal(reach[i].ms, distance[reach[i].vertex]);
    free(distance);
    free(reach);
}

static void check_from_vertex(dijkstra *search, sgp_query *query, uint64_t *random, size_t *pairs) {
    uint32_t n = search->metric->graph->parts.n_vertices;
    int32_t *distance = malloc(n * sizeof *distance);
    assert_non_null(distance);
    uint32_t from = below(random, n);
    dijkstra_begin(search);
    dijkstra_seed(search, from, 0, SGP_NONE);
    dijkstra_want_all(search);
    dijkstra_run(search, DIJKSTRA_FORWARD);
    sgp_query_from_vertex(query, from, distance);
    for (uint32_t v = 0; v < n; v++)
        assert_int_equal(distance[v], whole(dijkstra_distance(search, v), 0));
    for (uint32_t i = 0; i < 100; i++) {
        uint32_t to = below(random, n);
        assert_int_equal(sgp_query_vertices(query, from, to), distance[to]);
    }
    *pairs += n + 100;
    free(distance);
}

void router_oracle_check(const sgp_metric *metric, sgp_query *query, uint32_t n_sources,
                         uint32_t n_targets, uint64_t *random, size_t *pairs) {
    const sgp_graph *graph = sgp_metric_graph(metric);
    const sgp_graph_parts *p = sgp_graph_get(graph);
    dijkstra search;
    assert_int_equal(dijkstra_init(&search, metric), SGP_OK);
    sgp_source *sources = calloc(n_sources, sizeof *sources);
    sgp_snap *targets = calloc(n_targets, sizeof *targets);
    size_t n = (size_t)n_sources * n_targets;
    int64_t *expected = calloc(n, sizeof *expected);
    int64_t *ms = calloc(n, sizeof *ms);
    sgp_labels *labels;
    assert_true(sources && targets && expected && ms);
    assert_int_equal(sgp_labels_create(graph, n_sources, &labels), SGP_OK);
    for (uint32_t i = 0; i < n_sources; i++)
        sources[i] = (sgp_source){random_place(p, random), below(random, 2) ? below(random, 9) : 0};
    for (uint32_t i = 0; i < n_targets; i++)
        targets[i] = random_place(p, random);
    for (uint32_t s = 0; s < n_sources; s++) {
        search_from(&search, metric, &sources[s].from);
        for (uint32_t t = 0; t < n_targets; t++) {
            int64_t time_ms = time_to(&search, metric, &sources[s].from, &targets[t]);
            expected[(size_t)s * n_targets + t] =
                time_ms == SGP_UNREACHABLE ? time_ms : time_ms + sources[s].penalty_ms;
        }
        check_vertices(&search, query, &sources[s], random);
        check_from_vertex(&search, query, random, pairs);
        assert_int_equal(sgp_labels_set(labels, s, &sources[s]), SGP_OK);
    }
    assert_int_equal(sgp_query_matrix(query, sources, n_sources, targets, n_targets, ms), SGP_OK);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(ms[i], expected[i]);
    sgp_targets *kept;
    assert_int_equal(sgp_targets_create(graph, targets, n_targets, &kept), SGP_OK);
    for (uint32_t s = 0; s < n_sources; s++) {
        assert_int_equal(sgp_query_one_to_many(query, &sources[s], targets, n_targets, ms), SGP_OK);
        for (uint32_t t = 0; t < n_targets; t++)
            assert_int_equal(ms[t], expected[(size_t)s * n_targets + t]);
        assert_int_equal(sgp_targets_from(kept, query, &sources[s], ms), SGP_OK);
        for (uint32_t t = 0; t < n_targets; t++)
            assert_int_equal(ms[t], expected[(size_t)s * n_targets + t]);
    }
    sgp_targets_destroy(kept);
    for (uint32_t t = 0; t < n_targets; t++) {
        assert_int_equal(sgp_query_many_to_one(query, sources, n_sources, &targets[t], ms), SGP_OK);
        for (uint32_t s = 0; s < n_sources; s++)
            assert_int_equal(ms[s], expected[(size_t)s * n_targets + t]);
        assert_int_equal(sgp_labels_to(labels, query, &targets[t], ms), SGP_OK);
        for (uint32_t s = 0; s < n_sources; s++)
            assert_int_equal(ms[s], expected[(size_t)s * n_targets + t]);
        uint32_t s = below(random, n_sources);
        assert_int_equal(sgp_query_one_to_one(query, &sources[s], &targets[t], ms), SGP_OK);
        assert_int_equal(ms[0], expected[(size_t)s * n_targets + t]);
        /* A unit moves away and comes back, so that blocks are split and joined. */
        uint32_t other = below(random, n_sources);
        assert_int_equal(sgp_labels_set(labels, s, &sources[other]), SGP_OK);
        (void)sgp_labels_refresh(labels, query);
        assert_int_equal(sgp_labels_set(labels, s, &sources[s]), SGP_OK);
    }
    *pairs += n;
    sgp_labels_destroy(labels);
    free(sources);
    free(targets);
    free(expected);
    free(ms);
    dijkstra_deinit(&search);
}

/* ---- routes ---------------------------------------------------------------------- */

static sgp_point end_of(const sgp_graph_parts *p, uint32_t move, bool last) {
    const sgp_edge *e = &p->edges[move >> 1];
    return p->points[e->first_point + (last != (bool)(move & 1) ? e->n_points - 1 : 0)];
}

static int32_t weight_of(const sgp_metric *metric, uint32_t move) {
    const sgp_edge *e = &sgp_graph_get(metric->graph)->edges[move >> 1];
    return metric->weight[move & 1 ? e->backward_arc : e->forward_arc];
}

/* Time of each move: parts of the first and last. Returns their sum. */
static int64_t spread(const sgp_metric *metric, const sgp_route *r, const sgp_snap *from,
                      const sgp_snap *to, int64_t *ms) {
    const sgp_graph_parts *p = sgp_graph_get(metric->graph);
    int64_t sum = 0;
    for (size_t i = 0; i < r->n_moves; i++) {
        uint32_t mm = p->edges[r->moves[i] >> 1].length_mm;
        bool back = r->moves[i] & 1;
        int64_t begin = i == 0 ? from->offset_mm : back ? mm : 0;
        int64_t end = i + 1 == r->n_moves ? to->offset_mm : back ? 0 : mm;
        ms[i] = sgp_part_ms(weight_of(metric, r->moves[i]),
                            (uint32_t)(back ? begin - end : end - begin), mm);
        sum += ms[i];
    }
    return sum;
}

static void check_route(const sgp_metric *metric, const sgp_route *r, const sgp_snap *from,
                        const sgp_snap *to, int64_t *ms) {
    const sgp_graph_parts *p = sgp_graph_get(metric->graph);
    assert_true(r->n_moves >= 1 && r->n_points >= 2);
    assert_int_equal(r->moves[0] >> 1, from->edge);
    assert_int_equal(r->moves[r->n_moves - 1] >> 1, to->edge);
    for (size_t i = 0; i + 1 < r->n_moves; i++)
        assert_true(
            sgp_point_equal(end_of(p, r->moves[i], true), end_of(p, r->moves[i + 1], false)));
    int64_t steps_ms = 0;
    for (size_t i = 0; i < r->n_steps; i++)
        steps_ms += r->steps[i].duration_ms;
    assert_int_equal(steps_ms, r->duration_ms);
    assert_int_equal(r->at_ms[r->n_points - 1], r->duration_ms);
    for (size_t i = 1; i < r->n_points; i++)
        assert_true(r->at_ms[i - 1] <= r->at_ms[i]);
    /* Turns that cost, and copies of arcs, are not in the moves. */
    int64_t moves_ms = spread(metric, r, from, to, ms);
    bool plain = metric->graph->n_copies == 0;
    for (uint32_t a = 0; a < p->n_arcs && plain; a++)
        plain = p->arc_edge[a] != SGP_NONE;
    if (plain)
        assert_int_equal(moves_ms, r->duration_ms);
}

static void check_alternative(const sgp_metric *metric, const sgp_route *routes, size_t i,
                              int64_t *const *ms) {
    const sgp_route *r = &routes[i];
    assert_true(r->duration_ms >= routes[i > 1 ? i - 1 : 0].duration_ms);
    assert_true(r->duration_ms * 100 <= routes[0].duration_ms * 125);
    for (size_t b = 0; b < i; b++) {
        int64_t shared = 0;
        for (size_t m = 0; m < r->n_moves; m++)
            for (size_t k = 0; k < routes[b].n_moves; k++)
                if (r->moves[m] == routes[b].moves[k]) {
                    shared += ms[i][m] < ms[b][k] ? ms[i][m] : ms[b][k];
                    break;
                }
        assert_true(shared * 100 <= r->duration_ms * 80);
    }
    (void)metric;
}

/* From some vertices of the route: whatever is within a quarter of its length is reached by the
 * shortest way. Where a route's moves tell its vertices, that is, where there are no copies. */
static void check_stretches(dijkstra *search, const sgp_route *r, const int64_t *ms,
                            uint64_t *random) {
    const sgp_graph_parts *p = sgp_graph_get(search->metric->graph);
    if (r->n_moves < 4)
        return;
    size_t begin = 1 + below(random, (uint32_t)r->n_moves - 2);
    const sgp_edge *e = &p->edges[r->moves[begin] >> 1];
    uint32_t arc = r->moves[begin] & 1 ? e->backward_arc : e->forward_arc;
    dijkstra_begin(search);
    dijkstra_seed(search, sgp_arc_tail(search->metric->graph, arc), 0, SGP_NONE);
    dijkstra_want_all(search);
    dijkstra_run(search, DIJKSTRA_FORWARD);
    int64_t driven = 0;
    for (size_t i = begin; i + 1 < r->n_moves; i++) {
        driven += ms[i];
        if (driven > r->duration_ms / 4)
            break;
        e = &p->edges[r->moves[i] >> 1];
        arc = r->moves[i] & 1 ? e->backward_arc : e->forward_arc;
        assert_int_equal(dijkstra_distance(search, p->arc_head[arc]), driven);
    }
}

void router_oracle_routes(const sgp_metric *metric, sgp_query *query, uint32_t n, uint64_t *random,
                          size_t *others) {
    enum { MOST = 4 };
    const sgp_graph_parts *p = sgp_graph_get(sgp_metric_graph(metric));
    dijkstra search;
    assert_int_equal(dijkstra_init(&search, metric), SGP_OK);
    bool plain = metric->graph->n_copies == 0;
    for (uint32_t a = 0; a < p->n_arcs && plain; a++)
        plain = p->arc_edge[a] != SGP_NONE;
    for (uint32_t i = 0; i < n; i++) {
        sgp_source source = {.from = random_place(p, random)};
        sgp_snap target = random_place(p, random);
        sgp_route routes[MOST];
        int64_t *ms[MOST];
        size_t found;
        int64_t time_ms;
        assert_int_equal(sgp_query_one_to_one(query, &source, &target, &time_ms), SGP_OK);
        assert_int_equal(sgp_query_alternatives(query, &source, &target, routes, MOST, &found),
                         SGP_OK);
        assert_true((found == 0) == (time_ms == SGP_UNREACHABLE));
        for (size_t k = 0; k < found; k++) {
            ms[k] = calloc(routes[k].n_moves, sizeof *ms[k]);
            assert_non_null(ms[k]);
            check_route(metric, &routes[k], &source.from, &target, ms[k]);
            if (k > 0)
                check_alternative(metric, routes, k, ms);
            else
                assert_int_equal(routes[0].duration_ms, time_ms);
            if (plain)
                check_stretches(&search, &routes[k], ms[k], random);
            *others += k > 0;
        }
        for (size_t k = 0; k < found; k++) {
            sgp_route_free(&routes[k]);
            free(ms[k]);
        }
    }
    dijkstra_deinit(&search);
}
