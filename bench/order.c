/* bench-order: how good the elimination order of a road graph is, and how long it takes.
 *
 * Reads a DIMACS graph or a graph file, orders it, and does the elimination the plain
 * way to count what every query (depth) and every customization (triangles) will have
 * to pay.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <jansson.h>

#include "base/clock.h"
#include "route/dimacs.h"
#include "route/order.h"
#include "tests/support/order_score.h"

static _Noreturn void stop(const char *why) {
    fprintf(stderr, "bench-order: %s\n", why);
    exit(3);
}

static void *need(void *memory) {
    return memory ? memory : (stop("no memory left"), NULL);
}

/* ---- what to order ------------------------------------------------------------------ */

/* Neighbours without direction, doubles and self loops. The caller frees the arrays. */
static sgp_order_graph undirected(const sgp_graph_parts *parts) {
    uint32_t n = parts->n_vertices;
    uint32_t *first = need(calloc((size_t)n + 2, sizeof *first));
    uint32_t *neighbour = need(malloc((2 * (size_t)parts->n_arcs + 1) * sizeof *neighbour));
    uint32_t *filled = need(calloc((size_t)n + 2, sizeof *filled));
    for (uint32_t v = 0; v < n; v++)
        for (uint32_t a = parts->first_arc[v]; a < parts->first_arc[v + 1]; a++)
            filled[v + 1]++, filled[parts->arc_head[a] + 1]++;
    for (uint32_t v = 0; v < n; v++)
        filled[v + 1] += filled[v];
    for (uint32_t v = 0; v < n; v++)
        for (uint32_t a = parts->first_arc[v]; a < parts->first_arc[v + 1]; a++) {
            neighbour[filled[v]++] = parts->arc_head[a];
            neighbour[filled[parts->arc_head[a]]++] = v;
        }
    uint32_t written = 0, begin = 0;
    for (uint32_t v = 0; v < n; v++) {
        uint32_t end = filled[v], last = UINT32_MAX;
        qsort(neighbour + begin, end - begin, sizeof *neighbour, order_score_compare);
        first[v] = written;
        for (uint32_t i = begin; i < end; i++)
            if (neighbour[i] != v && neighbour[i] != last)
                neighbour[written++] = last = neighbour[i];
        begin = end;
    }
    first[n] = written;
    free(filled);
    return (sgp_order_graph){n, first, neighbour, parts->vertex_point};
}

/* A grid with some streets missing: enough to see that the program works. */
static sgp_order_graph made_grid(uint32_t side) {
    uint32_t n = side * side, filled = 0;
    uint32_t *first = need(malloc(((size_t)n + 1) * sizeof *first));
    uint32_t *neighbour = need(malloc(4 * (size_t)n * sizeof *neighbour));
    sgp_point *point = need(malloc((size_t)n * sizeof *point));
    for (uint32_t v = 0; v < n; v++) {
        uint32_t x = v % side, y = v / side;
        point[v] = (sgp_point){(int32_t)(x * 1000), (int32_t)(y * 1000)};
        first[v] = filled;
        if (y > 0)
            neighbour[filled++] = v - side;
        if (x > 0)
            neighbour[filled++] = v - 1;
        if (x + 1 < side)
            neighbour[filled++] = v + 1;
        if (y + 1 < side)
            neighbour[filled++] = v + side;
    }
    first[n] = filled;
    return (sgp_order_graph){n, first, neighbour, point};
}

/* ---- results -------------------------------------------------------------------------- */

static double load_now(void) {
    double load = 0;
    return getloadavg(&load, 1) == 1 ? load : -1;
}

static void run(const char *name, const sgp_order_graph *graph, const sgp_graph_making *making,
                json_t *json) {
    uint32_t *vertex_at = need(malloc(((size_t)graph->n_vertices + 1) * sizeof *vertex_at));
    sgp_fault fault = {SGP_OK, ""};
    struct timespec cpu[2];
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu[0]);
    int64_t begun_us = sgp_monotonic_us();
    if (sgp_order_make(graph, making, vertex_at, &fault) != SGP_OK)
        stop(fault.text);
    double wall_s = (double)(sgp_monotonic_us() - begun_us) / 1e6;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu[1]);
    double cpu_s =
        (double)(cpu[1].tv_sec - cpu[0].tv_sec) + (double)(cpu[1].tv_nsec - cpu[0].tv_nsec) / 1e9;
    order_score score;
    if (!order_score_of(graph, vertex_at, &score))
        stop("the order is no permutation");
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */
    for (uint32_t r = 0; r < graph->n_vertices; r++)
        hash = (hash ^ vertex_at[r]) * UINT64_C(1099511628211);
    printf("%-14s %8u %7.2f %7.2f %8.1f %6u %8.3f %10.3f %7u  %016llx\n", name, graph->n_vertices,
           wall_s, cpu_s, score.mean_depth, score.levels, (double)score.up_arcs / graph->n_vertices,
           (double)score.triangles / 1e6, score.largest_degree, (unsigned long long)hash);
    fflush(stdout);
    char key[64];
#define PUT(suffix, value)                                                                         \
    snprintf(key, sizeof key, "%s_%s", name, suffix);                                              \
    json_object_set_new(json, key, value)
    PUT("wall_s", json_real(wall_s));
    PUT("cpu_s", json_real(cpu_s));
    PUT("depth_mean_vertices", json_real(score.mean_depth));
    PUT("depth_max_vertices", json_integer(score.levels));
    PUT("up_arcs", json_integer((json_int_t)score.up_arcs));
    PUT("triangles", json_integer((json_int_t)score.triangles));
    free(vertex_at);
}

static const char help[] =
    "bench-order [--dimacs F.gr.gz --coords F.co.gz | --graph F.sgr | --grid SIDE]\n"
    "            [--threads N] [--no-metis] [--json FILE]\n";

int main(int argc, char **argv) {
    static const struct option long_options[] = {{"dimacs", required_argument, NULL, 'D'},
                                                 {"coords", required_argument, NULL, 'C'},
                                                 {"graph", required_argument, NULL, 'g'},
                                                 {"grid", required_argument, NULL, 'G'},
                                                 {"threads", required_argument, NULL, 't'},
                                                 {"no-metis", no_argument, NULL, 'M'},
                                                 {"json", required_argument, NULL, 'j'},
                                                 {"help", no_argument, NULL, 'h'},
                                                 {NULL, 0, NULL, 0}};
    const char *dimacs = NULL, *coords = NULL, *file = NULL, *json_file = NULL;
    uint32_t side = 100;
    sgp_graph_making making = {.threads = 0};
    bool metis = true;
    for (int c; (c = getopt_long(argc, argv, "", long_options, NULL)) != -1;) {
        switch (c) {
        case 'D':
            dimacs = optarg;
            break;
        case 'C':
            coords = optarg;
            break;
        case 'g':
            file = optarg;
            break;
        case 'G':
            side = (uint32_t)strtoul(optarg, NULL, 10);
            break;
        case 't':
            making.threads = (unsigned)strtoul(optarg, NULL, 10);
            break;
        case 'M':
            metis = false;
            break;
        case 'j':
            json_file = optarg;
            break;
        default:
            fputs(help, c == 'h' ? stdout : stderr);
            return c == 'h' ? 0 : 2;
        }
    }
    if ((dimacs == NULL) != (coords == NULL) || side < 2 || side > 10000) {
        fputs(help, stderr);
        return 2;
    }
    sgp_fault fault = {SGP_OK, ""};
    sgp_err err = SGP_OK;
    sgp_dimacs_graph *from_dimacs = NULL;
    sgp_graph *from_file = NULL;
    const sgp_graph_parts *parts = NULL;
    if (dimacs) {
        err = sgp_dimacs_read(dimacs, coords, "bench", NULL, &from_dimacs, &fault);
        parts = err == SGP_OK ? sgp_dimacs_parts(from_dimacs) : NULL;
    } else if (file) {
        err = sgp_graph_open(file, &from_file, &fault);
        parts = err == SGP_OK ? sgp_graph_get(from_file) : NULL;
    }
    if (err != SGP_OK)
        stop(fault.text);
    sgp_order_graph graph = parts ? undirected(parts) : made_grid(side);
    printf("load %.2f; depth counts the root as 1\n", load_now());
    printf("%-14s %8s %7s %7s %8s %6s %8s %10s %7s  %s\n", "order", "vertices", "wall s", "cpu s",
           "depth", "max", "up-arcs", "triangles", "widest", "hash");
    printf("%-14s %8s %7s %7s %8s %6s %8s %10s %7s\n", "", "", "", "", "mean", "", "/vertex",
           "10^6", "");
    json_t *json = json_object();
    json_object_set_new(json, "vertices", json_integer(graph.n_vertices));
    run("inertial_flow", &graph, &making, json);
    making.method = SGP_ORDER_METIS;
    if (metis)
        run("metis", &graph, &making, json);
    if (json_file && json_dump_file(json, json_file, JSON_INDENT(2)) != 0)
        stop("the JSON file cannot be written");
    json_decref(json);
    free((void *)(uintptr_t)graph.first);
    free((void *)(uintptr_t)graph.neighbour);
    if (!parts)
        free((void *)(uintptr_t)graph.point);
    sgp_dimacs_destroy(from_dimacs);
    sgp_graph_close(from_file);
    return 0;
}
