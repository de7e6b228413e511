/* bench-turns: what it costs to know turns, and what it buys.
 *
 * Porto and the sketch of Malang, each made four times: without any turns, with turn
 * restrictions only, with costs at crossings of major roads as well (as shipped), and with a
 * cost at every crossing. Customization and queries are compared in one run, round by
 * round in turn, so that what else the machine does meets all alike. The travel times of the
 * same pairs of points tell how far off a graph without turns would be.
 */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "route/metric.h"
#include "route/graph_format.h"
#include "sigap/router.h"
#include "support/cities.h"
#include "support/sheet.h"

enum { VARIANTS = 4, UNITS = 1000 };
static const char *const variants[VARIANTS] = {"nowhere", "restrictions", "major", "everywhere"};

typedef struct variant {
    sgp_graph *graph;
    const sgp_graph_parts *parts;
    sgp_metric *metric;
    sgp_query *query;
    sgp_labels *labels;
    sgp_metric scratch;
    bench_samples customize, pair, units;
} variant;

static void must(sgp_err err, const char *what) {
    if (err == SGP_OK)
        return;
    fprintf(stderr, "bench-turns: %s: %s\n", what, sgp_err_message(err));
    exit(3);
}

static void prepare(variant *v, const char *path) {
    sgp_fault fault = {0};
    if (sgp_graph_open(path, &v->graph, &fault) != SGP_OK) {
        fprintf(stderr, "bench-turns: %s\n", fault.text);
        exit(3);
    }
    v->parts = sgp_graph_get(v->graph);
    must(sgp_metric_create(v->graph, &v->metric), "metric");
    must(sgp_query_create(v->metric, &v->query), "query");
    must(sgp_labels_create(v->graph, UNITS, &v->labels), "labels");
    must(sgp_metric_init(&v->scratch, v->graph), "customization");
}

static void release(variant *v) {
    bench_forget(&v->customize);
    bench_forget(&v->pair);
    bench_forget(&v->units);
    sgp_metric_deinit(&v->scratch);
    sgp_labels_destroy(v->labels);
    sgp_query_destroy(v->query);
    sgp_metric_destroy(v->metric);
    sgp_graph_close(v->graph);
}

/* Share of the crossings (distinct input nodes) that became several vertices. */
static double expanded_share(const variant *v) {
    const sgp_graph *graph = v->graph;
    uint32_t nodes = 0, expanded = 0;
    for (uint32_t i = 0; i < v->parts->n_vertices;) {
        const uint32_t *first;
        uint32_t n =
            sgp_graph_node_vertices(graph, v->parts->vertex_node[graph->node_order[i]], &first);
        nodes++;
        expanded += n > 1;
        i += n;
    }
    return (double)expanded / nodes;
}

static sgp_point random_point(const sgp_graph_parts *parts, uint64_t *random) {
    for (;;) {
        const sgp_edge *edge = &parts->edges[sgp_random_below(random, parts->n_edges)];
        if (edge->flags & SGP_EDGE_MAIN)
            return parts->points[edge->first_point + edge->n_points / 2];
    }
}

static bool snap(const variant *v, sgp_point point, sgp_snap *snap) {
    size_t n = 0;
    must(sgp_graph_snap(v->graph, point, 100, snap, 1, &n), "snap");
    return n == 1;
}

static int64_t travel_ms(variant *v, sgp_point from, sgp_point to, bench_samples *samples) {
    sgp_source source = {.penalty_ms = 0};
    sgp_snap target;
    int64_t ms = SGP_UNREACHABLE;
    if (!snap(v, from, &source.from) || !snap(v, to, &target))
        return ms;
    int64_t begun = bench_cpu_ns();
    must(sgp_query_one_to_one(v->query, &source, &target, &ms), "one to one");
    bench_add(samples, bench_cpu_ns() - begun);
    return ms;
}

static void place_units(variant *all, uint64_t *random) {
    for (size_t u = 0; u < UNITS; u++) {
        sgp_point at = random_point(all[0].parts, random);
        for (int k = 0; k < VARIANTS; k++) {
            sgp_source source = {.penalty_ms = 0};
            if (snap(&all[k], at, &source.from))
                must(sgp_labels_set(all[k].labels, u, &source), "label");
        }
    }
    for (int k = 0; k < VARIANTS; k++)
        sgp_labels_refresh(all[k].labels, all[k].query);
}

static int compare(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* How travel times differ from those of the graph without turns, in per cent. */
static void tell_differences(bench_sheet *sheet, const char *name, double *differences, size_t n) {
    char key[40];
    size_t far = 0;
    for (size_t i = 0; i < n; i++)
        far += differences[i] > 5;
    qsort(differences, n, sizeof *differences, compare);
    snprintf(key, sizeof key, "%.12s_eta_median_pct", name);
    bench_put(sheet, key, n ? differences[n / 2] : 0,
              "travel times longer than without turns, median");
    snprintf(key, sizeof key, "%.12s_eta_p99_pct", name);
    bench_put(sheet, key, n ? differences[n * 99 / 100] : 0,
              "and the 99th percentile, of %zu pairs", n);
    snprintf(key, sizeof key, "%.12s_eta_far_pct", name);
    bench_put(sheet, key, n ? 100.0 * (double)far / (double)n : 0,
              "of the pairs are more than 5 %% longer");
}

static void measure(const char *name, int rounds, FILE *json) {
    static bench_sheet sheet;
    variant all[VARIANTS] = {0};
    sheet = (bench_sheet){0};
    for (int k = 0; k < VARIANTS; k++) {
        bench_city city;
        char option[40];
        snprintf(option, sizeof option, "--force --turns %s", variants[k]);
        if (!bench_city_make(name, option, &city))
            return;
        prepare(&all[k], city.graph);
        snprintf(sheet.data, sizeof sheet.data, "%s", city.name);
    }
    uint64_t random = 112;
    size_t pairs = (size_t)rounds * 40;
    double *differences[VARIANTS];
    size_t n_differences[VARIANTS] = {0};
    for (int k = 0; k < VARIANTS; k++)
        differences[k] = calloc(pairs, sizeof **differences);
    int64_t *times = calloc(UNITS, sizeof *times);
    if (!differences[0] || !differences[1] || !differences[2] || !differences[3] || !times)
        must(SGP_E_MEMORY, "results");
    place_units(all, &random);
    for (int i = 0; i < rounds; i++) {
        for (int k = 0; k < VARIANTS; k++) {
            int64_t begun = bench_cpu_ns();
            must(sgp_metric_fill(&all[k].scratch, all[k].parts->weight, 1), "customization");
            bench_add(&all[k].customize, bench_cpu_ns() - begun);
        }
        for (int j = 0; j < 40; j++) {
            sgp_point from = random_point(all[0].parts, &random);
            sgp_point to = random_point(all[0].parts, &random);
            int64_t plain = SGP_UNREACHABLE;
            for (int k = 0; k < VARIANTS; k++) {
                int64_t ms = travel_ms(&all[k], from, to, &all[k].pair);
                bench_hash(&sheet, &ms, sizeof ms);
                if (k == 0)
                    plain = ms;
                else if (plain > 0 && ms > 0)
                    differences[k][n_differences[k]++] =
                        100.0 * ((double)ms - (double)plain) / (double)plain;
                sgp_snap call;
                if (!snap(&all[k], to, &call))
                    continue;
                int64_t begun = bench_cpu_ns();
                must(sgp_labels_to(all[k].labels, all[k].query, &call, times), "labels");
                bench_add(&all[k].units, bench_cpu_ns() - begun);
            }
        }
    }
    snprintf(sheet.title, sizeof sheet.title,
             "%u vertices without turns, %u with restrictions, %u "
             "with costs at major crossings, %u with costs everywhere",
             all[0].parts->n_vertices, all[1].parts->n_vertices, all[2].parts->n_vertices,
             all[3].parts->n_vertices);
    double base[3] = {0};
    for (int k = 0; k < VARIANTS; k++) {
        double figures[3] = {bench_median_ns(&all[k].customize) / 1e6,
                             bench_median_ns(&all[k].pair) / 1e3,
                             bench_median_ns(&all[k].units) / 1e3};
        static const struct {
            const char *key, *what;
        } names[3] = {{"customize_ms", "all weights new, 1 thread, CPU time"},
                      {"p2p_us", "place to place"},
                      {"units_1000_us", "1 call x 1,000 units, labels cached"}};
        char key[40];
        for (int f = 0; f < 3; f++) {
            snprintf(key, sizeof key, "%.12s_%s", variants[k], names[f].key);
            if (k == 0)
                base[f] = figures[f];
            bench_put(&sheet, key, figures[f], "%s; %.2f times that without turns", names[f].what,
                      figures[f] / base[f]);
        }
        if (k == 0)
            continue;
        snprintf(key, sizeof key, "%.12s_expanded_pct", variants[k]);
        bench_put(&sheet, key, 100 * expanded_share(&all[k]), "of the crossings are expanded");
        tell_differences(&sheet, variants[k], differences[k], n_differences[k]);
    }
    bench_print(&sheet, stdout);
    if (json && !bench_write_json(&sheet, json))
        fprintf(stderr, "bench-turns: the figures could not be written\n");
    for (int k = 0; k < VARIANTS; k++) {
        free(differences[k]);
        release(&all[k]);
    }
    free(times);
}

int main(int argc, char **argv) {
    static const struct option options[] = {{"json", required_argument, NULL, 'j'},
                                            {"tiny", no_argument, NULL, 't'},
                                            {"help", no_argument, NULL, 'h'},
                                            {0}};
    FILE *json = NULL;
    int rounds = 25;
    for (int option; (option = getopt_long(argc, argv, "j:th", options, NULL)) != -1;) {
        if (option == 't')
            rounds = 2;
        else if (option == 'j') {
            json = fopen(optarg, "w");
            if (!json) {
                perror(optarg);
                return 3;
            }
        } else {
            printf("usage: bench-turns [--tiny] [--json FILE] [porto | sketch]...\n"
                   "Compares graphs without turns, with restrictions, and with turn costs.\n");
            return option == 'h' ? 0 : 2;
        }
    }
    if (optind == argc) {
        measure("porto", rounds, json);
        measure("sketch", rounds, json);
    }
    for (int i = optind; i < argc; i++)
        measure(argv[i], rounds, json);
    return json && fclose(json) != 0 ? 3 : 0;
}
