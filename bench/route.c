/* bench-route: what the road graph costs, and whether it is exact.
 *
 * On New York (9th DIMACS challenge), Porto and the sketch of Malang: making the graph,
 * customization, every kind of query, start-up and memory; each against Dijkstra's
 * algorithm on the same graph in the same run, and on request against what Debian
 * packages offer. Queries and one-thread customization are timed in thread CPU
 * time, which other programs on the machine disturb least; two threads and files in wall time.
 * Figures are medians unless they say otherwise.
 *
 * Exactness: every customized weight of every profile against scalar customization, before
 * and after partial updates, and at least 100,000 pairs against Dijkstra. `mismatches` counts
 * what differs and must be 0; the program then exits with 1 where it is not.
 */
#include <getopt.h>
#include <limits.h>
#include <malloc.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/random.h"
#include "support/dijkstra.h"
#include "route/customize.h"
#include "route/graph_format.h"
#include "route/hierarchy_make.h"
#include "route/label.h"
#include "route/metric.h"
#include "route/order.h"
#include "sigap/matcher.h"
#include "sigap/router.h"
#include "support/cities.h"
#include "support/rivals.h"
#include "support/sheet.h"

typedef struct effort {
    int rounds;       /* of cheap things */
    int heavy;        /* of things that take milliseconds */
    uint32_t units;   /* largest fleet */
    int searches;     /* Dijkstra runs; each is compared in many targets */
    uint32_t targets; /* compared pair by pair for each search */
} effort;

static const effort whole = {400, 15, 10000, 60, 2000};
static const effort tiny = {20, 3, 100, 3, 50};

typedef struct work {
    const effort *effort;
    const sgp_graph *graph;
    const sgp_graph_parts *parts;
    const sgp_metric *metric;
    sgp_query *query;
    dijkstra *oracle;
    bench_sheet *sheet;
    uint64_t random;
    uint64_t mismatches;
} work;

static void must(sgp_err err, const char *what) {
    if (err == SGP_OK)
        return;
    fprintf(stderr, "bench-route: %s: %s\n", what, sgp_err_message(err));
    exit(3);
}

static void *room(size_t count, size_t size) {
    void *memory = calloc(count ? count : 1, size);
    if (!memory)
        must(SGP_E_MEMORY, "room for results");
    return memory;
}

static uint32_t random_vertex(work *w) {
    return (uint32_t)sgp_random_below(&w->random, w->parts->n_vertices);
}

/* A place somewhere along a road from which the city can be reached. */
static sgp_snap random_place(work *w) {
    for (;;) {
        uint32_t e = (uint32_t)sgp_random_below(&w->random, w->parts->n_edges);
        const sgp_edge *edge = &w->parts->edges[e];
        if (!(edge->flags & SGP_EDGE_MAIN))
            continue;
        return (sgp_snap){.edge = e,
                          .offset_mm = (uint32_t)sgp_random_below(&w->random, edge->length_mm + 1),
                          .road = w->parts->points[edge->first_point]};
    }
}

static sgp_source *random_sources(work *w, size_t n) {
    sgp_source *sources = room(n, sizeof *sources);
    for (size_t i = 0; i < n; i++)
        sources[i].from = random_place(w);
    return sources;
}

static double us(bench_samples *samples) {
    double median = bench_median_ns(samples) / 1e3;
    bench_forget(samples);
    return median;
}

static double ms(bench_samples *samples) {
    return us(samples) / 1e3;
}

/* Bytes that malloc has handed out, mapped blocks included. */
static size_t heap_bytes(void) {
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

/* ---- making and opening ---------------------------------------------------------- */

static int compare_numbers(const void *left, const void *right) {
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

/* The graph without directions, loops and doubles, as the order wants it. */
static sgp_order_graph neighbours(const sgp_graph_parts *p, uint32_t *first, uint32_t *list) {
    uint32_t n = p->n_vertices, kept = 0;
    for (uint32_t v = 0; v < n; v++)
        for (uint32_t a = p->first_arc[v]; a < p->first_arc[v + 1]; a++) {
            first[v + 1]++;
            first[p->arc_head[a] + 1]++;
        }
    for (uint32_t v = 0; v < n; v++)
        first[v + 1] += first[v];
    uint32_t *filled = room(n, sizeof *filled);
    for (uint32_t v = 0; v < n; v++)
        for (uint32_t a = p->first_arc[v]; a < p->first_arc[v + 1]; a++) {
            uint32_t head = p->arc_head[a];
            list[first[v] + filled[v]++] = head;
            list[first[head] + filled[head]++] = v;
        }
    free(filled);
    for (uint32_t v = 0; v < n; v++) {
        uint32_t begin = first[v], count = first[v + 1] - begin, from = kept;
        qsort(list + begin, count, sizeof *list, compare_numbers);
        for (uint32_t i = 0; i < count; i++)
            if (list[begin + i] != v && (kept == from || list[kept - 1] != list[begin + i]))
                list[kept++] = list[begin + i];
        first[v] = from;
    }
    first[n] = kept;
    return (sgp_order_graph){n, first, list, p->vertex_point};
}

static void time_order_and_contraction(work *w) {
    uint32_t n = w->parts->n_vertices;
    uint32_t *first = room((size_t)n + 1, sizeof *first);
    uint32_t *list = room(2 * (size_t)w->parts->n_arcs, sizeof *list);
    uint32_t *vertex_at = room(n, sizeof *vertex_at);
    sgp_order_graph graph = neighbours(w->parts, first, list);
    sgp_graph_making making = {.method = SGP_ORDER_METIS, .threads = 2};
    sgp_fault fault = {0};
    int64_t begun = bench_wall_ns();
    must(sgp_order_make(&graph, &making, vertex_at, &fault), "METIS order");
    bench_put(w->sheet, "order_metis_s", (double)(bench_wall_ns() - begun) / 1e9,
              "the quick order by METIS, wall");
    making.method = SGP_ORDER_INERTIAL_FLOW;
    begun = bench_wall_ns();
    must(sgp_order_make(&graph, &making, vertex_at, &fault), "order");
    bench_put(w->sheet, "order_s", (double)(bench_wall_ns() - begun) / 1e9,
              "nested dissection by inertial flow, 2 threads, wall");
    sgp_hierarchy hierarchy;
    begun = bench_cpu_ns();
    must(sgp_hierarchy_make(&graph, &making, vertex_at, &hierarchy, &fault), "contraction");
    bench_put(w->sheet, "contraction_ms", (double)(bench_cpu_ns() - begun) / 1e6,
              "rows, elimination tree and fronts from the order, CPU time");
    sgp_hierarchy_free(&hierarchy);
    free(vertex_at);
    free(list);
    free(first);
}

/* How deep the tree is: what labels and queries cost follows from it. */
static void describe_tree(work *w) {
    const sgp_hierarchy *h = &w->graph->hierarchy;
    double depth = 0, up_arcs = 0;
    for (uint32_t v = 0; v < h->n_vertices; v++) {
        depth += h->depth[v] + 1;
        up_arcs += h->row_length[v];
    }
    bench_put(w->sheet, "tree_depth_mean", depth / h->n_vertices,
              "ancestors of a vertex, itself included; %u at most", h->n_levels);
    bench_put(w->sheet, "up_arcs_per_vertex", up_arcs / h->n_vertices,
              "in %u fronts and sparse rows", h->n_fronts);
}

static void time_opening(work *w, const bench_city *city) {
    bench_samples opening = {0}, ready = {0};
    for (int i = 0; i < (w->effort->heavy < 5 ? w->effort->heavy : 5); i++) {
        sgp_graph *graph;
        sgp_metric *metric;
        sgp_query *query;
        sgp_fault fault = {0};
        int64_t begun = bench_wall_ns();
        must(sgp_graph_open(city->graph, &graph, &fault), "open");
        bench_add(&opening, bench_wall_ns() - begun);
        must(sgp_metric_create(graph, &metric), "metric");
        must(sgp_query_create(metric, &query), "query");
        bench_add(&ready, bench_wall_ns() - begun);
        sgp_query_destroy(query);
        sgp_metric_destroy(metric);
        sgp_graph_close(graph);
    }
    bench_put(w->sheet, "open_ms", ms(&opening),
              "mapped, checksums and every index verified, wall");
    bench_put(w->sheet, "load_ms", ms(&ready), "opened, customized and ready to answer, wall");
}

static void weigh(work *w, const bench_city *city) {
    struct stat status;
    if (stat(city->graph, &status) != 0)
        exit(3);
    double n = w->parts->n_vertices;
    size_t before = heap_bytes();
    sgp_metric *metric;
    must(sgp_metric_create(w->graph, &metric), "metric");
    double metric_bytes = (double)(heap_bytes() - before);
    sgp_metric_destroy(metric);
    bench_put(w->sheet, "file_mb", (double)status.st_size / 1e6,
              "topology, geometry, index, %u profiles", w->parts->n_profiles);
    bench_put(w->sheet, "metric_mb", metric_bytes / 1e6, "one customized metric");
    bench_put(w->sheet, "bytes_per_vertex", ((double)status.st_size + metric_bytes) / n,
              "the whole file and one metric");
}

/* ---- customization --------------------------------------------------------------- */

static const int32_t *weights_of(const work *w, uint32_t profile) {
    return w->parts->weight + (size_t)profile * w->parts->n_arcs;
}

static void time_customization(work *w) {
    bench_samples one = {0}, one_wall = {0}, two = {0}, scalar = {0};
    sgp_metric metric;
    must(sgp_metric_init(&metric, w->graph), "customization");
    const int32_t *weight = weights_of(w, 0);
    for (int i = 0; i < w->effort->heavy; i++) {
        int64_t cpu = bench_cpu_ns(), wall = bench_wall_ns();
        must(sgp_metric_fill(&metric, weight, 1), "customization");
        bench_add(&one, bench_cpu_ns() - cpu);
        bench_add(&one_wall, bench_wall_ns() - wall);
        wall = bench_wall_ns();
        must(sgp_metric_fill(&metric, weight, 2), "customization");
        bench_add(&two, bench_wall_ns() - wall);
        cpu = bench_cpu_ns();
        must(sgp_customize_scalar(w->graph, weight, metric.customized), "customization");
        bench_add(&scalar, bench_cpu_ns() - cpu);
    }
    double one_ms = ms(&one), one_wall_ms = ms(&one_wall), two_ms = ms(&two),
           scalar_ms = ms(&scalar);
    sgp_metric_deinit(&metric);
    bench_put(w->sheet, "customize_1t_ms", one_ms, "all weights new, 1 thread, CPU time");
    bench_put(w->sheet, "customize_2t_ms", two_ms, "2 threads, wall");
    bench_put(w->sheet, "customize_scalar_ms", scalar_ms,
              "scalar left-looking, 1 thread, CPU time");
    bench_put(w->sheet, "customize_gain", scalar_ms / one_ms, "times faster than scalar, 1 thread");
    bench_put(w->sheet, "customize_gain_2t", one_wall_ms / two_ms,
              "times faster on 2 threads than on 1, wall");
}

static void random_changes(work *w, sgp_arc_weight *changes, size_t n) {
    for (size_t i = 0; i < n; i++) {
        uint32_t arc = (uint32_t)sgp_random_below(&w->random, w->parts->n_arcs);
        int64_t weight = w->parts->weight[arc];
        uint64_t dice = sgp_random_below(&w->random, 8);
        if (dice == 0)
            weight = SGP_INF; /* a closure */
        else if (weight < SGP_INF)
            weight = weight * (int64_t)(50 + sgp_random_below(&w->random, 400)) / 100;
        changes[i] = (sgp_arc_weight){arc, (int32_t)(weight < SGP_INF ? weight : SGP_INF)};
    }
}

/* Slots of the metric that scalar customization of the same weights makes otherwise. */
static uint64_t wrong_slots(const work *w, const sgp_metric *metric) {
    uint32_t n = w->graph->hierarchy.n_weights;
    int32_t *slots = aligned_alloc(64, ((size_t)n * sizeof *slots + 63) / 64 * 64);
    if (!slots)
        must(SGP_E_MEMORY, "comparison");
    must(sgp_customize_scalar(w->graph, sgp_metric_weights(metric), slots), "comparison");
    uint64_t wrong = 0;
    for (uint32_t s = 0; s < n; s++)
        wrong += slots[s] != metric->customized[s];
    free(slots);
    return wrong;
}

static void time_partial(work *w) {
    static const struct {
        size_t n;
        const char *key;
    } sizes[] = {{1, "partial_1_us"},
                 {10, "partial_10_us"},
                 {100, "partial_100_us"},
                 {1000, "partial_1000_us"}};
    sgp_live_metric *live;
    must(sgp_live_metric_create(w->graph, weights_of(w, 0), 2, &live), "live metric");
    sgp_arc_weight *changes = room(1000, sizeof *changes);
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        bench_samples samples = {0};
        int rounds = sizes[k].n >= 100 ? w->effort->heavy : w->effort->rounds / 2 + 1;
        for (int i = 0; i < rounds; i++) {
            random_changes(w, changes, sizes[k].n);
            int64_t begun = bench_cpu_ns();
            must(sgp_live_metric_change(live, changes, sizes[k].n), "partial customization");
            bench_add(&samples, bench_cpu_ns() - begun);
        }
        bench_put(w->sheet, sizes[k].key, us(&samples),
                  "%zu random arcs changed, the spare buffer brought up to date, swapped",
                  sizes[k].n);
    }
    const sgp_metric *metric = sgp_live_metric_hold(live);
    uint64_t wrong = wrong_slots(w, metric);
    sgp_live_metric_release(live, metric);
    w->mismatches += wrong;
    bench_put(w->sheet, "partial_wrong_slots", (double)wrong,
              "customized weights that differ from scalar after all these changes");
    free(changes);
    sgp_live_metric_destroy(live);
}

static void check_profiles(work *w) {
    uint64_t wrong = 0, slots = 0;
    for (uint32_t p = 0; p < w->parts->n_profiles; p++) {
        sgp_metric *metric;
        must(sgp_metric_customize(w->graph, weights_of(w, p), 2, &metric), "customization");
        wrong += wrong_slots(w, metric);
        slots += w->graph->hierarchy.n_weights;
        bench_hash(w->sheet, metric->customized,
                   w->graph->hierarchy.n_weights * sizeof *metric->customized);
        sgp_metric_destroy(metric);
    }
    w->mismatches += wrong;
    bench_put(w->sheet, "wrong_slots", (double)wrong,
              "of %llu customized weights of %u profiles differ from scalar",
              (unsigned long long)slots, w->parts->n_profiles);
}

/* ---- queries --------------------------------------------------------------------- */

static void time_labels(work *w) {
    static const struct {
        uint32_t units;
        const char *key;
    } fleets[] = {{100, "units_100_us"}, {1000, "units_1000_us"}, {10000, "units_10000_us"}};
    for (size_t f = 0; f < sizeof fleets / sizeof *fleets; f++) {
        uint32_t n = fleets[f].units;
        if (n > w->effort->units)
            continue;
        sgp_labels *labels;
        must(sgp_labels_create(w->graph, n, &labels), "labels");
        sgp_source *units = random_sources(w, n);
        int64_t *times = room(n, sizeof *times), *fresh = room(n, sizeof *fresh);
        for (uint32_t i = 0; i < n; i++)
            must(sgp_labels_set(labels, i, &units[i]), "label");
        int64_t begun = bench_cpu_ns();
        sgp_labels_refresh(labels, w->query);
        double all_us = (double)(bench_cpu_ns() - begun) / 1e3;
        bench_samples samples = {0}, moved = {0}, nearest = {0};
        for (int i = 0; i < w->effort->rounds; i++) { /* one call after the other */
            sgp_snap call = random_place(w);
            begun = bench_cpu_ns();
            must(sgp_labels_to(labels, w->query, &call, times), "labels");
            bench_add(&samples, bench_cpu_ns() - begun);
            bench_hash(w->sheet, times, n * sizeof *times);
        }
        for (int i = 0; i < w->effort->rounds; i++) {
            sgp_snap call = random_place(w);
            sgp_near near[4];
            size_t found;
            begun = bench_cpu_ns();
            must(sgp_labels_nearest(labels, w->query, &call, 4, INT64_MAX, near, &found),
                 "nearest");
            bench_add(&nearest, bench_cpu_ns() - begun);
        }
        for (int i = 0; i < w->effort->rounds; i++) {
            /* One unit drives on; its label is made anew. */
            uint32_t unit = (uint32_t)sgp_random_below(&w->random, n);
            units[unit].from = random_place(w);
            begun = bench_cpu_ns();
            must(sgp_labels_set(labels, unit, &units[unit]), "label");
            sgp_labels_refresh(labels, w->query);
            bench_add(&moved, bench_cpu_ns() - begun);
            if (i % 16 > 0)
                continue;
            sgp_snap call = random_place(w);
            must(sgp_labels_to(labels, w->query, &call, times), "labels");
            must(sgp_query_many_to_one(w->query, units, n, &call, fresh), "many to one");
            for (uint32_t u = 0; u < n; u++)
                w->mismatches += times[u] != fresh[u];
        }
        bench_put(w->sheet, fleets[f].key, us(&samples), "1 call x %u units, labels cached", n);
        if (n == 1000) {
            bench_put(w->sheet, "nearest_4_us", us(&nearest), "the 4 nearest of 1,000 units");
            bench_put(w->sheet, "label_moved_us", us(&moved),
                      "one unit of 1,000 moves: its label anew and in its place");
            bench_put(w->sheet, "labels_1000_us", all_us, "all 1,000 labels anew, as after a swap");
        }
        bench_forget(&nearest);
        bench_forget(&moved);
        free(units);
        free(times);
        free(fresh);
        sgp_labels_destroy(labels);
    }
}

static void time_one_label(work *w) {
    sgp_label label;
    must(sgp_label_init(&label, &w->graph->hierarchy), "label");
    bench_samples samples = {0};
    enum { BATCH = 16 };
    for (int i = 0; i < w->effort->rounds; i++) {
        uint32_t vertex[BATCH];
        for (int k = 0; k < BATCH; k++)
            vertex[k] = random_vertex(w);
        int64_t begun = bench_cpu_ns();
        for (int k = 0; k < BATCH; k++) {
            sgp_label_begin(&label);
            must(sgp_label_seed(&label, vertex[k], 0), "label");
            must(sgp_label_make(&label, w->metric, SGP_LEAVING), "label");
        }
        bench_add(&samples, (bench_cpu_ns() - begun) / BATCH);
    }
    bench_put(w->sheet, "label_us", us(&samples), "distances of one vertex to all its ancestors");
    sgp_label_deinit(&label);
}

static void time_fresh(work *w) {
    static const struct {
        uint32_t units;
        const char *key;
    } fleets[] = {
        {100, "units_100_cold_us"}, {1000, "units_1000_cold_us"}, {10000, "units_10000_cold_us"}};
    for (size_t f = 0; f < sizeof fleets / sizeof *fleets; f++) {
        uint32_t n = fleets[f].units;
        if (n > w->effort->units)
            continue;
        int64_t *times = room(n, sizeof *times);
        bench_samples samples = {0};
        for (int i = 0; i < w->effort->heavy; i++) {
            sgp_source *units = random_sources(w, n);
            sgp_snap call = random_place(w);
            int64_t begun = bench_cpu_ns();
            must(sgp_query_many_to_one(w->query, units, n, &call, times), "many to one");
            bench_add(&samples, bench_cpu_ns() - begun);
            bench_hash(w->sheet, times, n * sizeof *times);
            free(units);
        }
        bench_put(w->sheet, fleets[f].key, us(&samples),
                  "1 call x %u units that have all just moved", n);
        free(times);
    }
}

static void time_pairs(work *w) {
    bench_samples vertices = {0}, places = {0}, matrix = {0}, routes = {0};
    enum { BATCH = 16 }; /* a clock read costs as much as a tenth of a pair */
    uint64_t points = 0;
    for (int i = 0; i < w->effort->rounds; i++) {
        uint32_t from[BATCH], to[BATCH];
        int32_t distance[BATCH];
        for (int k = 0; k < BATCH; k++) {
            from[k] = random_vertex(w);
            to[k] = random_vertex(w);
        }
        int64_t begun = bench_cpu_ns();
        for (int k = 0; k < BATCH; k++)
            distance[k] = sgp_query_vertices(w->query, from[k], to[k]);
        bench_add(&vertices, (bench_cpu_ns() - begun) / BATCH);
        bench_hash(w->sheet, distance, sizeof distance);
        sgp_source source = {.from = random_place(w)};
        sgp_snap target = random_place(w);
        int64_t time;
        begun = bench_cpu_ns();
        must(sgp_query_one_to_one(w->query, &source, &target, &time), "one to one");
        bench_add(&places, bench_cpu_ns() - begun);
        sgp_route route;
        begun = bench_cpu_ns();
        must(sgp_query_route(w->query, &source, &target, &route), "route");
        bench_add(&routes, bench_cpu_ns() - begun);
        w->mismatches += route.duration_ms != time;
        points += route.n_points;
        bench_hash(w->sheet, &time, sizeof time);
        sgp_route_free(&route);
    }
    bench_put(w->sheet, "p2p_us", us(&vertices), "vertex to vertex, by two labels");
    bench_put(w->sheet, "p2p_places_us", us(&places),
              "place to place, partial first and last edges");
    bench_put(w->sheet, "route_p99_us", bench_share_ns(&routes, 0.99) / 1e3, "99th percentile");
    bench_put(w->sheet, "route_us", us(&routes),
              "whole route: points, times, steps; %.0f points each",
              (double)points / w->effort->rounds);
    size_t n = w->effort->units < 1000 ? w->effort->units : 1000;
    int64_t *times = room(n * n, sizeof *times);
    for (int i = 0; i < (w->effort->heavy < 7 ? w->effort->heavy : 7); i++) {
        sgp_source *sources = random_sources(w, n);
        sgp_snap *targets = room(n, sizeof *targets);
        for (size_t k = 0; k < n; k++)
            targets[k] = random_place(w);
        int64_t begun = bench_cpu_ns();
        must(sgp_query_matrix(w->query, sources, n, targets, n, times), "matrix");
        bench_add(&matrix, bench_cpu_ns() - begun);
        bench_hash(w->sheet, times, n * n * sizeof *times);
        free(sources);
        free(targets);
    }
    free(times);
    bench_put(w->sheet, n == 1000 ? "matrix_1000_ms" : "matrix_ms", ms(&matrix), "%zu x %zu", n, n);
}

/* ---- against Dijkstra ------------------------------------------------------------- */

static void compare_with_dijkstra(work *w) {
    uint32_t n = w->parts->n_vertices;
    int32_t *fast = room(n, sizeof *fast);
    bench_samples all = {0}, slow_all = {0}, slow_pair = {0};
    uint64_t pairs = 0, wrong = 0;
    for (int i = 0; i < w->effort->searches; i++) {
        uint32_t from = random_vertex(w);
        int64_t begun = bench_cpu_ns();
        sgp_query_from_vertex(w->query, from, fast);
        bench_add(&all, bench_cpu_ns() - begun);
        uint32_t to = random_vertex(w);
        begun = bench_cpu_ns();
        int32_t pair = dijkstra_pair(w->oracle, sgp_metric_weights(w->metric), from, to);
        bench_add(&slow_pair, bench_cpu_ns() - begun);
        wrong += pair != fast[to];
        begun = bench_cpu_ns();
        const int32_t *slow = dijkstra_all(w->oracle, sgp_metric_weights(w->metric), from);
        bench_add(&slow_all, bench_cpu_ns() - begun);
        for (uint32_t v = 0; v < n; v++)
            wrong += fast[v] != slow[v];
        for (uint32_t k = 0; k < w->effort->targets; k++) {
            to = random_vertex(w);
            wrong += sgp_query_vertices(w->query, from, to) != slow[to];
            pairs++;
        }
        bench_hash(w->sheet, fast, n * sizeof *fast);
    }
    free(fast);
    w->mismatches += wrong;
    double fast_ms = ms(&all), slow_ms = ms(&slow_all);
    bench_put(w->sheet, "one_to_all_ms", fast_ms, "from one vertex to all");
    bench_put(w->sheet, "dijkstra_one_to_all_ms", slow_ms, "by Dijkstra's algorithm");
    bench_put(w->sheet, "one_to_all_gain", slow_ms / fast_ms, "times faster than Dijkstra");
    bench_put(w->sheet, "dijkstra_p2p_us", us(&slow_pair),
              "one pair by Dijkstra, ended at the target");
    bench_put(w->sheet, "dijkstra_pairs", (double)pairs,
              "pairs compared one by one, and %.0f by one-to-all", (double)w->effort->searches * n);
}

/* The limit within which about `share` of all vertices lie, from this place. */
static int64_t limit_for(work *w, const sgp_source *source, double share, int32_t *distance) {
    must(sgp_query_from_place(w->query, source, distance), "one to all");
    uint32_t n = w->parts->n_vertices, wanted = (uint32_t)(n * share);
    int64_t low = 0, high = SGP_INF - 1;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        uint32_t within = 0;
        for (uint32_t v = 0; v < n; v++)
            within += distance[v] <= middle;
        if (within < wanted)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void time_reach(work *w) {
    uint32_t n = w->parts->n_vertices;
    int32_t *distance = room(n, sizeof *distance);
    sgp_reach *reach = room(n, sizeof *reach);
    bench_samples samples = {0};
    uint64_t reached = 0, rounds = (uint64_t)w->effort->heavy * 4;
    for (uint64_t i = 0; i < rounds; i++) {
        sgp_source source = {.from = random_place(w)};
        int64_t limit = limit_for(w, &source, 0.02, distance);
        size_t found;
        int64_t begun = bench_cpu_ns();
        must(sgp_query_reach(w->query, &source, limit, reach, n, &found), "isochrone");
        bench_add(&samples, bench_cpu_ns() - begun);
        size_t expected = 0;
        for (uint32_t v = 0; v < n; v++)
            expected += distance[v] <= limit && distance[v] < SGP_INF;
        w->mismatches += expected != found;
        for (size_t k = 0; k < found; k++)
            w->mismatches += reach[k].ms != distance[reach[k].vertex];
        reached += found;
        bench_hash(w->sheet, reach, found * sizeof *reach);
    }
    bench_put(w->sheet, "isochrone_2pct_us", us(&samples),
              "what is reached within a time, %.0f vertices", (double)reached / (double)rounds);
    free(distance);
    free(reach);
}

static void time_snapping(work *w) {
    bench_samples samples = {0};
    uint64_t missed = 0;
    for (int i = 0; i < w->effort->rounds; i++) {
        sgp_point point = random_place(w).road;
        point.lon_e7 += (int32_t)sgp_random_below(&w->random, 4000) - 2000;
        point.lat_e7 += (int32_t)sgp_random_below(&w->random, 4000) - 2000;
        sgp_snap snap;
        size_t n;
        int64_t begun = bench_cpu_ns();
        must(sgp_graph_snap(w->graph, point, 1000, &snap, 1, &n), "snap");
        bench_add(&samples, bench_cpu_ns() - begun);
        missed += n == 0;
        bench_hash(w->sheet, &snap.offset_mm, n * sizeof snap.offset_mm);
    }
    bench_put(w->sheet, "snap_us", us(&samples),
              "nearest road of a point up to 20 m off; %llu of %d missed",
              (unsigned long long)missed, w->effort->rounds);
}

/* A drive along a random route with a position each 10 s, up to 8 m beside it. */
static void time_matching(work *w) {
    if (w->parts->profiles[0].native_unit)
        return; /* no times, no drives */
    sgp_matcher *matcher;
    must(sgp_matcher_create(w->graph, w->query, &matcher), "matcher");
    bench_samples samples = {0};
    uint64_t positions = 0, matched = 0;
    for (int i = 0; i < w->effort->heavy; i++) {
        sgp_source source = {.from = random_place(w)};
        sgp_snap target = random_place(w);
        sgp_route route;
        must(sgp_query_route(w->query, &source, &target, &route), "route");
        sgp_track_point track[600];
        size_t n = 0;
        int64_t due = 0;
        for (size_t k = 0; k < route.n_points && n < 600; k++) {
            if (route.at_ms[k] < due)
                continue;
            sgp_point p = route.points[k];
            p.lon_e7 += (int32_t)sgp_random_below(&w->random, 1400) - 700;
            p.lat_e7 += (int32_t)sgp_random_below(&w->random, 1400) - 700;
            track[n++] = (sgp_track_point){.point = p, .at_ms = route.at_ms[k], .heading_deg = -1};
            due = route.at_ms[k] + 10000;
        }
        sgp_route_free(&route);
        if (n < 2)
            continue;
        sgp_match_options options = {0};
        sgp_match match;
        int64_t begun = bench_cpu_ns();
        must(sgp_matcher_match(matcher, track, n, &options, &match), "match");
        bench_add(&samples, (bench_cpu_ns() - begun) / (int64_t)n);
        positions += n;
        for (size_t k = 0; k < match.n_points; k++)
            matched += match.points[k].matched;
        sgp_match_free(&match);
    }
    bench_put(w->sheet, "match_us", us(&samples),
              "map matching, each position; %llu of %llu matched", (unsigned long long)matched,
              (unsigned long long)positions);
    sgp_matcher_destroy(matcher);
}

/* ---- the whole --------------------------------------------------------------------- */

typedef struct wanted {
    const char *json, *database;
    bool routino;
    const effort *effort;
} wanted;

static void compare_with_rivals(work *w, const wanted *asked, const bench_city *city) {
    if (asked->database) {
        enum { SOURCES = 1000 };
        uint32_t sources[SOURCES], target = random_vertex(w);
        int32_t expected[SOURCES];
        for (int i = 0; i < SOURCES; i++) {
            sources[i] = random_vertex(w);
            expected[i] = sgp_query_vertices(w->query, sources[i], target);
        }
        int wrong = bench_pgrouting(w->sheet, asked->database, w->parts, sources, SOURCES, target,
                                    expected);
        w->mismatches += wrong > 0 ? (uint64_t)wrong : 0;
    }
    if (asked->routino && strstr(city->source, ".pbf")) {
        enum { POINTS = 40 };
        sgp_point points[POINTS];
        char source[PATH_MAX];
        for (int i = 0; i < POINTS; i++)
            points[i] = random_place(w).road;
        if (realpath(city->source, source))
            bench_routino(w->sheet, source, bench_folder(), points, POINTS);
    }
}

/* The number of differences found. */
static uint64_t measure(const char *name, const wanted *asked, FILE *json) {
    bench_city city;
    if (!bench_city_make(name, "", &city))
        return 0;
    static bench_sheet sheet;
    sheet = (bench_sheet){0};
    snprintf(sheet.data, sizeof sheet.data, "%s", city.name);
    sgp_graph *graph;
    sgp_metric *metric;
    sgp_fault fault = {0};
    if (sgp_graph_open(city.graph, &graph, &fault) != SGP_OK) {
        fprintf(stderr, "bench-route: %s\n", fault.text);
        exit(3);
    }
    work w = {.effort = asked->effort,
              .graph = graph,
              .parts = sgp_graph_get(graph),
              .sheet = &sheet,
              .random = 112};
    must(sgp_metric_create(graph, &metric), "metric");
    w.metric = metric;
    must(sgp_query_create(metric, &w.query), "query");
    w.oracle = dijkstra_create(w.parts);
    if (!w.oracle)
        must(SGP_E_MEMORY, "Dijkstra");
    double load[3] = {0};
    if (getloadavg(load, 3) < 1)
        load[0] = -1;
    snprintf(sheet.title, sizeof sheet.title,
             "%u vertices, %u arcs, %u edges, tree %u deep; load %.1f on %ld processors",
             w.parts->n_vertices, w.parts->n_arcs, w.parts->n_edges, graph->hierarchy.n_levels,
             load[0], sysconf(_SC_NPROCESSORS_ONLN));
    fprintf(stderr, "bench-route: %s, %s\n", sheet.data, sheet.title);
    bench_put(&sheet, "vertices", w.parts->n_vertices, "of the graph, crossings expanded");
    bench_put(&sheet, "load_average", load[0], "of the machine at the start");
    if (city.import_s > 0)
        bench_put(&sheet, "import_s", city.import_s,
                  "sigap import, from input to graph file, wall");
    time_order_and_contraction(&w);
    describe_tree(&w);
    time_opening(&w, &city);
    weigh(&w, &city);
    time_customization(&w);
    check_profiles(&w);
    time_partial(&w);
    time_one_label(&w);
    time_labels(&w);
    time_fresh(&w);
    time_pairs(&w);
    compare_with_dijkstra(&w);
    time_reach(&w);
    time_snapping(&w);
    time_matching(&w);
    compare_with_rivals(&w, asked, &city);
    bench_put(&sheet, "mismatches", (double)w.mismatches,
              "differences found in all checks: must be 0");
    bench_print(&sheet, stdout);
    if (json && !bench_write_json(&sheet, json))
        fprintf(stderr, "bench-route: the figures could not be written\n");
    dijkstra_destroy(w.oracle);
    sgp_query_destroy(w.query);
    sgp_metric_destroy(metric);
    sgp_graph_close(graph);
    return w.mismatches;
}

static const char help[] =
    "NAME\n"
    "    bench-route - what the road graph costs, and whether it is exact\n"
    "\n"
    "SYNOPSIS\n"
    "    bench-route [OPTION]... [ny | porto | sketch | FILE.sgr]...\n"
    "\n"
    "DESCRIPTION\n"
    "    Measures each graph named (default: ny porto sketch), prints a table, and holds\n"
    "    every answer to Dijkstra's algorithm and to scalar customization.\n"
    "\n"
    "OPTIONS\n"
    "    -j, --json FILE          one flat JSON object a graph, one a line\n"
    "    -d, --database CONNINFO  compare with pgRouting in this database\n"
    "    -r, --routino            compare with Routino\n"
    "    -t, --tiny               a few rounds only, to see that it works\n"
    "    -h, --help               print this text\n"
    "\n"
    "ENVIRONMENT\n"
    "    SIGAP_DATA   folder of New York and Porto (default ../shared/data)\n"
    "\n"
    "EXIT STATUS\n"
    "    0 no difference found   1 something differed   2 usage   3 a file or program failed\n";

int main(int argc, char **argv) {
    static const struct option options[] = {
        {"json", required_argument, NULL, 'j'}, {"database", required_argument, NULL, 'd'},
        {"routino", no_argument, NULL, 'r'},    {"tiny", no_argument, NULL, 't'},
        {"help", no_argument, NULL, 'h'},       {0}};
    wanted asked = {.effort = &whole};
    for (int option; (option = getopt_long(argc, argv, "j:d:rth", options, NULL)) != -1;) {
        if (option == 'j')
            asked.json = optarg;
        else if (option == 'd')
            asked.database = optarg;
        else if (option == 'r')
            asked.routino = true;
        else if (option == 't')
            asked.effort = &tiny;
        else if (option == 'h') {
            fputs(help, stdout);
            return 0;
        } else
            return 2;
    }
    FILE *json = asked.json ? fopen(asked.json, "w") : NULL;
    if (asked.json && !json) {
        perror(asked.json);
        return 3;
    }
    static const char *const all[] = {"ny", "porto", "sketch"};
    uint64_t mismatches = 0;
    if (optind == argc)
        for (size_t i = 0; i < sizeof all / sizeof *all; i++)
            mismatches += measure(all[i], &asked, json);
    for (int i = optind; i < argc; i++)
        mismatches += measure(argv[i], &asked, json);
    if (json && fclose(json) != 0) {
        perror(asked.json);
        return 3;
    }
    return mismatches > 0;
}
