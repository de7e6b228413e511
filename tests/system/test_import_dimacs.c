/* `sigap import --dimacs`, then `sigap table --node`: distances by the file's own node
 * numbers equal those of a Dijkstra written here, which reads the file itself. New York
 * is tried where its files are present. Programs are run as users run them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <jansson.h>
#include <zlib.h>

#include "base/random.h"

#define SIGAP SIGAP_BINARY_DIR "/bin/sigap"
enum { PATH = 512, COMMAND = 4096 };

static char folder[64] = "/tmp/sigap-dimacs-XXXXXX";
static char graph_path[PATH], coords_path[PATH], output_path[PATH], nodes_path[PATH];

static int set_up(void **state) {
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(graph_path, PATH, "%s/t.gr", folder);
    snprintf(coords_path, PATH, "%s/t.co", folder);
    snprintf(output_path, PATH, "%s/tiny.sgr", folder);
    snprintf(nodes_path, PATH, "%s/nodes", folder);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    unlink(graph_path);
    unlink(coords_path);
    unlink(output_path);
    unlink(nodes_path);
    return rmdir(folder);
}

/* Runs a command of the shell; what it prints goes to `out`, cut to fit. Its exit code. */
static int run(const char *command, char *out, size_t capacity) {
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    size_t length = 0;
    for (size_t got; (got = fread(out + length, 1, capacity - 1 - length, pipe)) > 0;)
        length += got;
    out[length] = '\0';
    int status = pclose(pipe);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

/* ---- the other reader, and Dijkstra -------------------------------------------------------- */

typedef struct arc {
    uint32_t tail, head, weight;
} arc;
typedef struct plain_graph {
    uint32_t n, m;
    arc *arcs; /* by tail */
    uint32_t *first;
} plain_graph;

static int by_tail(const void *left, const void *right) {
    const arc *a = left;
    const arc *b = right;
    return (a->tail > b->tail) - (a->tail < b->tail);
}

static plain_graph read_plain(const char *path) {
    plain_graph g = {0};
    gzFile file = gzopen(path, "rb");
    assert_non_null(file);
    uint32_t filled = 0;
    for (char line[256]; gzgets(file, line, sizeof line);) {
        arc a;
        if (sscanf(line, "p sp %u %u", &g.n, &g.m) == 2)
            g.arcs = malloc((g.m + 1) * sizeof *g.arcs);
        else if (sscanf(line, "a %u %u %u", &a.tail, &a.head, &a.weight) == 3)
            g.arcs[filled++] = a;
    }
    gzclose(file);
    assert_int_equal(filled, g.m);
    qsort(g.arcs, g.m, sizeof *g.arcs, by_tail);
    g.first = calloc(g.n + 2, sizeof *g.first);
    for (uint32_t i = 0, v = 0; v <= g.n + 1; v++) {
        while (i < g.m && g.arcs[i].tail < v)
            i++;
        g.first[v] = i;
    }
    return g;
}

typedef struct entry {
    uint64_t distance;
    uint32_t node;
} entry;

static void push(entry *heap, size_t *n, entry e) {
    size_t i = (*n)++;
    for (; i > 0 && heap[(i - 1) / 2].distance > e.distance; i = (i - 1) / 2)
        heap[i] = heap[(i - 1) / 2];
    heap[i] = e;
}

static entry pop(entry *heap, size_t *n) {
    entry top = heap[0], e = heap[--*n];
    size_t i = 0;
    for (size_t c; (c = 2 * i + 1) < *n; i = c) {
        c += c + 1 < *n && heap[c + 1].distance < heap[c].distance;
        if (heap[c].distance >= e.distance)
            break;
        heap[i] = heap[c];
    }
    heap[i] = e;
    return top;
}

/* distance[n + 1]; UINT64_MAX where there is no way. */
static void dijkstra(const plain_graph *g, uint32_t source, uint64_t *distance) {
    entry *heap = malloc((g->m + 2) * sizeof *heap);
    size_t n = 0;
    memset(distance, 0xff, (g->n + 1) * sizeof *distance);
    distance[source] = 0;
    push(heap, &n, (entry){0, source});
    while (n > 0) {
        entry e = pop(heap, &n);
        if (e.distance > distance[e.node])
            continue;
        for (uint32_t a = g->first[e.node]; a < g->first[e.node + 1]; a++) {
            uint64_t there = e.distance + g->arcs[a].weight;
            if (there < distance[g->arcs[a].head]) {
                distance[g->arcs[a].head] = there;
                push(heap, &n, (entry){there, g->arcs[a].head});
            }
        }
    }
    free(heap);
}

/* ---- the comparison ---------------------------------------------------------------------------
 */

static void compare(const char *graph, const char *coords, const char *options, uint64_t seed,
                    uint32_t n_nodes) {
    static char command[COMMAND], out[1 << 20];
    snprintf(command, sizeof command,
             SIGAP " import --dimacs '%s' --coords '%s' -o '%s' %s --json 2>/dev/null", graph,
             coords, output_path, options);
    assert_int_equal(run(command, out, sizeof out), 0);
    json_t *result = json_loads(out, 0, NULL);
    plain_graph g = read_plain(graph);
    assert_int_equal(json_integer_value(json_object_get(result, "vertices")), g.n);
    assert_int_equal(json_integer_value(json_object_get(result, "arcs")), g.m);
    assert_string_equal(json_string_value(json_object_get(result, "graph")), output_path);
    json_decref(result);

    uint32_t *nodes = malloc(n_nodes * sizeof *nodes);
    FILE *file = fopen(nodes_path, "w");
    assert_non_null(file);
    for (uint32_t i = 0; i < n_nodes; i++) {
        nodes[i] = 1 + (uint32_t)sgp_random_below(&seed, g.n);
        fprintf(file, "%u\n", nodes[i]);
    }
    assert_int_equal(fclose(file), 0);
    snprintf(command, sizeof command,
             SIGAP " table --graph '%s' --sources '%s' --targets '%s' --node --json", output_path,
             nodes_path, nodes_path);
    assert_int_equal(run(command, out, sizeof out), 0);
    json_t *table = json_loads(out, 0, NULL);
    json_t *weights = json_object_get(table, "weights");
    assert_int_equal(json_array_size(weights), n_nodes);
    uint64_t *distance = malloc((g.n + 1) * sizeof *distance);
    for (uint32_t i = 0; i < n_nodes; i++) {
        dijkstra(&g, nodes[i], distance);
        for (uint32_t j = 0; j < n_nodes; j++) {
            json_t *cell = json_array_get(json_array_get(weights, i), j);
            uint64_t expected = distance[nodes[j]];
            if (expected == UINT64_MAX)
                assert_true(json_is_null(cell));
            else
                assert_int_equal(json_integer_value(cell), expected);
            assert_true(json_is_null(cell) || json_is_integer(cell));
        }
    }
    json_decref(table);
    free(distance);
    free(nodes);
    free(g.arcs);
    free(g.first);
}

/* A crooked grid with one-way streets, doubles, loops and a few nodes nobody reaches. */
static void write_random(uint64_t seed) {
    enum { SIDE = 12, N = SIDE * SIDE + 3 };
    static arc arcs[16 * N];
    uint32_t m = 0;
    for (uint32_t v = 0; v < SIDE * SIDE; v++) {
        uint32_t next[2] = {v % SIDE + 1 < SIDE ? v + 1 : v, v / SIDE + 1 < SIDE ? v + SIDE : v};
        for (int k = 0; k < 2; k++) {
            uint32_t what = (uint32_t)sgp_random_below(&seed, 10);
            if (what == 0)
                continue; /* no street */
            if (what != 1)
                arcs[m++] = (arc){v + 1, next[k] + 1, (uint32_t)sgp_random_below(&seed, 1000)};
            if (what != 2)
                arcs[m++] = (arc){next[k] + 1, v + 1, (uint32_t)sgp_random_below(&seed, 1000)};
            if (what == 3)
                arcs[m++] = (arc){v + 1, next[k] + 1, (uint32_t)sgp_random_below(&seed, 1000)};
        }
    }
    arcs[m++] = (arc){N - 1, N, 5};
    FILE *graph = fopen(graph_path, "w"), *coords = fopen(coords_path, "w");
    assert_true(graph && coords);
    fprintf(graph, "p sp %d %u\n", N, m);
    for (uint32_t a = 0; a < m; a++)
        fprintf(graph, "a %u %u %u\n", arcs[a].tail, arcs[a].head, arcs[a].weight);
    fprintf(coords, "p aux sp co %d\n", N);
    for (uint32_t v = 0; v < N; v++)
        fprintf(coords, "v %u %u %u\n", v + 1,
                v % SIDE * 1000 + (uint32_t)sgp_random_below(&seed, 300),
                v / SIDE * 1000 + (uint32_t)sgp_random_below(&seed, 300));
    assert_int_equal(fclose(graph), 0);
    assert_int_equal(fclose(coords), 0);
}

static void test_import_dimacs_distances_are_dijkstras(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 6; seed++) {
        write_random(seed);
        compare(graph_path, coords_path,
                seed % 2 ? "--threads 2" : "--order metis --name 'another name'", seed, 40);
    }
}

static void test_import_dimacs_refuses(void **state) {
    (void)state;
    write_random(7);
    static const struct {
        const char *arguments;
        int code;
        const char *says;
    } cases[] = {
        {"--dimacs t.gr -o x.sgr", 2, "--dimacs needs --coords"},
        {"--coords t.co -o x.sgr", 2, "--coords goes with --dimacs"},
        {"--dimacs t.gr --coords t.co", 2, "needs -o FILE.sgr"},
        {"--dimacs t.gr --coords t.co -o x.sgr city.osm.pbf", 2, "not both"},
        {"--dimacs t.gr --coords t.co -o x.sgr --force", 2, "do not go with it"},
        {"--dimacs t.gr --coords t.co -o x.sgr --order best", 2,
         "inertial-flow or metis, not 'best'"},
        {"--dimacs t.gr --coords t.co -o x.sgr --threads 0", 2, "from 1 to 256, not '0'"},
        {"--dimacs t.gr --coords t.co -o x.sgr --turns major", 2, "do not go with it"},
        {"--dimacs t.co --coords t.gr -o x.sgr", 2, "line 1: the first line should be"},
        {"--dimacs absent.gr --coords t.co -o x.sgr", 3, "absent.gr"},
        /* Nobody waits for an order that cannot be written: the files are not even opened. */
        {"--dimacs absent.gr --coords t.co -o absent/x.sgr", 3, "absent/x.sgr"},
        {"--dimacs absent.gr --coords t.co -o .", 3, "'.': Is a directory"},
        {"--dimacs absent.gr --coords t.co -o ''", 3, "cannot write ''"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        static char command[COMMAND], out[65536];
        snprintf(command, sizeof command, "cd %s && " SIGAP " import %s 2>&1", folder,
                 cases[i].arguments);
        int code = run(command, out, sizeof out);
        if (code != cases[i].code || !strstr(out, cases[i].says))
            fail_msg("'%s' ended with %d and said '%s'", cases[i].arguments, code, out);
        snprintf(command, sizeof command, "%s/x.sgr", folder);
        assert_int_not_equal(access(command, F_OK), 0);
    }
}

static void test_import_dimacs_new_york(void **state) {
    (void)state;
    const char *data = getenv("SIGAP_DATA");
    char graph[PATH], coords[PATH];
    snprintf(graph, PATH, "%s/graphs/USA-road-t.NY.gr.gz", data ? data : "../shared/data");
    snprintf(coords, PATH, "%s/graphs/USA-road-d.NY.co.gz", data ? data : "../shared/data");
    if (access(graph, R_OK) != 0 || access(coords, R_OK) != 0)
        skip();
    compare(graph, coords, "", 2026, 6);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_import_dimacs_distances_are_dijkstras),
        cmocka_unit_test(test_import_dimacs_refuses),
        cmocka_unit_test(test_import_dimacs_new_york),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
