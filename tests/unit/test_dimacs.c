/* Benchmark graphs as text: what is read, and how what is wrong with it is said. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <zlib.h>

#include "base/random.h"
#include "route/dimacs.h"

static char folder[64] = "/tmp/sigap-dimacs-XXXXXX";
static char graph_path[96], coords_path[96];

static int set_up(void **state) {
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(graph_path, sizeof graph_path, "%s/t.gr", folder);
    snprintf(coords_path, sizeof coords_path, "%s/t.co", folder);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    unlink(graph_path);
    unlink(coords_path);
    return rmdir(folder);
}

static void write_bytes(const char *path, const void *bytes, size_t length) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

static void write_text(const char *path, const char *text) {
    write_bytes(path, text, strlen(text));
}

static void write_compressed(const char *path, const char *text) {
    gzFile file = gzopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(gzwrite(file, text, (unsigned)strlen(text)), (int)strlen(text));
    assert_int_equal(gzclose(file), Z_OK);
}

static sgp_dimacs_graph *read_good(void) {
    sgp_dimacs_graph *graph = NULL;
    sgp_fault fault = {SGP_OK, ""};
    sgp_err err = sgp_dimacs_read(graph_path, coords_path, "tiny", NULL, &graph, &fault);
    assert_string_equal(fault.text, "");
    assert_int_equal(err, SGP_OK);
    return graph;
}

static sgp_fault read_bad(sgp_err expected) {
    sgp_dimacs_graph *graph = NULL;
    sgp_fault fault = {SGP_OK, ""};
    assert_int_equal(sgp_dimacs_read(graph_path, coords_path, "tiny", NULL, &graph, &fault),
                     expected);
    assert_int_equal(fault.code, expected);
    assert_null(graph);
    return fault;
}

/*   1 ==== 2 ---> 3 (loop)      two parallel streets between 1 and 2, one of them also
 *   |                           back; 4 is joined both ways; 5 stands alone */
static const char good_graph[] = "c a comment\n"
                                 "p sp 5 7\n"
                                 "\n"
                                 "a 1 2 10\r\n"
                                 "a 2 1 12\n"
                                 "a 1 2 12\n"
                                 "a 2 3 7\n"
                                 "a 3 3 0\n"
                                 "c\n"
                                 "a  1\t4 1073741822\n"
                                 "a 4 1 5"; /* no line end */
static const char good_coords[] = "c places\n"
                                  "p aux sp co 5\n"
                                  "v 1 112600000 -7900000\n"
                                  "v 2 112601000 -7900000\n"
                                  "v 5 -180000000 90000000\n"
                                  "v 3 112602000 -7900000\n"
                                  "v 4 112600000 -7901000\n";

/* ---- what is good --------------------------------------------------------------------- */

/* The arc from `tail` to `head` with that weight; fails where there is none. */
static uint32_t find_arc(const sgp_graph_parts *p, uint32_t tail, uint32_t head, int32_t weight) {
    for (uint32_t a = p->first_arc[tail - 1]; a < p->first_arc[tail]; a++)
        if (p->arc_head[a] == head - 1 && p->weight[a] == weight)
            return a;
    fail_msg("there is no arc from %u to %u of weight %d", tail, head, weight);
    return SGP_NONE;
}

/* Arcs and edges agree, and geometry is the straight line. */
static void check_edges(const sgp_graph_parts *p) {
    for (uint32_t v = 0; v < p->n_vertices; v++) {
        for (uint32_t a = p->first_arc[v]; a < p->first_arc[v + 1]; a++) {
            assert_true(p->arc_edge[a] >> 1 < p->n_edges);
            const sgp_edge *edge = &p->edges[p->arc_edge[a] >> 1];
            bool backward = p->arc_edge[a] & 1;
            assert_int_equal(backward ? edge->backward_arc : edge->forward_arc, a);
            assert_int_equal(edge->n_points, 2);
            assert_true(edge->first_point + 2 <= p->n_points);
            sgp_point from = p->points[edge->first_point + backward];
            sgp_point to = p->points[edge->first_point + !backward];
            assert_true(sgp_point_equal(from, p->vertex_point[v]));
            assert_true(sgp_point_equal(to, p->vertex_point[p->arc_head[a]]));
            double mm = sgp_distance_m(from, to) * 1000;
            assert_true(edge->length_mm >= 1 && mm - 1 <= edge->length_mm);
            assert_true(edge->length_mm <= (mm < 1 ? 1 : mm + 1));
        }
    }
}

static void test_dimacs_reads_a_graph(void **state) {
    (void)state;
    write_text(graph_path, good_graph);
    write_text(coords_path, good_coords);
    sgp_dimacs_graph *graph = read_good();
    const sgp_graph_parts *p = sgp_dimacs_parts(graph);
    assert_int_equal(p->n_vertices, 5);
    assert_int_equal(p->n_arcs, 7);
    assert_int_equal(p->n_edges, 5);
    assert_string_equal(p->name, "tiny");
    assert_int_equal(p->n_profiles, 1);
    assert_string_equal(p->profiles[0].name, "weight");
    assert_int_equal(p->profiles[0].native_unit, 1);
    for (uint32_t v = 0; v < 5; v++)
        assert_int_equal(p->vertex_node[v], v + 1);
    assert_int_equal(p->vertex_point[0].lon_e7, 1126000000);
    assert_int_equal(p->vertex_point[0].lat_e7, -79000000);
    assert_int_equal(p->vertex_point[4].lon_e7, -1800000000);
    check_edges(p);

    /* Parallel streets: those of equal weight are one edge. */
    const sgp_edge *equal = &p->edges[p->arc_edge[find_arc(p, 2, 1, 12)] >> 1];
    assert_int_equal(p->arc_edge[find_arc(p, 1, 2, 12)] >> 1, equal - p->edges);
    const sgp_edge *one_way = &p->edges[p->arc_edge[find_arc(p, 1, 2, 10)] >> 1];
    assert_int_equal(one_way->backward_arc, SGP_NONE);
    const sgp_edge *loop = &p->edges[p->arc_edge[find_arc(p, 3, 3, 0)] >> 1];
    assert_int_equal(loop->backward_arc, SGP_NONE);
    const sgp_edge *unequal = &p->edges[p->arc_edge[find_arc(p, 1, 4, 1073741822)] >> 1];
    assert_int_equal(p->arc_edge[find_arc(p, 4, 1, 5)] >> 1, unequal - p->edges);

    /* 1, 2 and 4 reach each other; nobody comes back from 3. */
    assert_int_equal(equal->flags, SGP_EDGE_MAIN);
    assert_int_equal(one_way->main_profiles, 1);
    assert_int_equal(unequal->flags, SGP_EDGE_MAIN);
    assert_int_equal(loop->flags, 0);
    assert_int_equal(p->edges[p->arc_edge[find_arc(p, 2, 3, 7)] >> 1].main_profiles, 0);
    sgp_dimacs_destroy(graph);
}

static void test_dimacs_reads_compressed_files_alike(void **state) {
    (void)state;
    write_text(graph_path, good_graph);
    write_text(coords_path, good_coords);
    sgp_dimacs_graph *plain = read_good();
    write_compressed(graph_path, good_graph);
    write_compressed(coords_path, good_coords);
    sgp_dimacs_graph *compressed = read_good();
    write_text(graph_path, "p sp 5 1\na 1 2 3\n");
    sgp_dimacs_graph *other = read_good();
    const sgp_graph_parts *a = sgp_dimacs_parts(plain), *b = sgp_dimacs_parts(compressed);
    assert_memory_equal(&a->city, &b->city, sizeof a->city);
    assert_memory_equal(a->weight, b->weight, a->n_arcs * sizeof *a->weight);
    assert_memory_not_equal(&a->city, &sgp_dimacs_parts(other)->city, sizeof a->city);
    sgp_dimacs_destroy(plain);
    sgp_dimacs_destroy(compressed);
    sgp_dimacs_destroy(other);
}

/* A street grid both ways: edges share their points, or there would be two for each. */
static void test_dimacs_edges_share_points(void **state) {
    (void)state;
    enum { SIDE = 20 };
    FILE *graph = fopen(graph_path, "w"), *coords = fopen(coords_path, "w");
    assert_true(graph && coords);
    fprintf(graph, "p sp %d %d\n", SIDE * SIDE, 4 * SIDE * (SIDE - 1));
    fprintf(coords, "p aux sp co %d\n", SIDE * SIDE);
    for (int v = 0; v < SIDE * SIDE; v++) {
        fprintf(coords, "v %d %d %d\n", v + 1, v % SIDE * 1000, v / SIDE * 1000);
        if (v % SIDE + 1 < SIDE)
            fprintf(graph, "a %d %d 1\na %d %d 1\n", v + 1, v + 2, v + 2, v + 1);
        if (v / SIDE + 1 < SIDE)
            fprintf(graph, "a %d %d 1\na %d %d 1\n", v + 1, v + 1 + SIDE, v + 1 + SIDE, v + 1);
    }
    assert_int_equal(fclose(graph), 0);
    assert_int_equal(fclose(coords), 0);
    sgp_dimacs_graph *made = read_good();
    const sgp_graph_parts *p = sgp_dimacs_parts(made);
    assert_int_equal(p->n_edges, 2 * SIDE * (SIDE - 1));
    check_edges(p);
    assert_true(p->n_points < p->n_edges * 5 / 4);
    sgp_dimacs_destroy(made);
}

/* Random graphs with many doubles: every arc is there once and in one edge. */
static void test_dimacs_pairs_random_arcs(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 30; seed++) {
        uint64_t random = seed;
        uint32_t n = 1 + (uint32_t)sgp_random_below(&random, 12);
        uint32_t n_arcs = (uint32_t)sgp_random_below(&random, 60);
        uint64_t sum = 0, found = 0;
        FILE *graph = fopen(graph_path, "w"), *coords = fopen(coords_path, "w");
        assert_true(graph && coords);
        fprintf(graph, "p sp %u %u\n", n, n_arcs);
        fprintf(coords, "p aux sp co %u\n", n);
        uint32_t between[13][13] = {{0}};
        for (uint32_t v = 1; v <= n; v++)
            fprintf(coords, "v %u %u %u\n", v, v * 1000, v * v * 100);
        for (uint32_t a = 0; a < n_arcs; a++) {
            uint32_t tail = 1 + (uint32_t)sgp_random_below(&random, n);
            uint32_t head = 1 + (uint32_t)sgp_random_below(&random, n);
            uint32_t weight = (uint32_t)sgp_random_below(&random, 4);
            fprintf(graph, "a %u %u %u\n", tail, head, weight);
            between[tail][head]++;
            sum += weight * (tail * 13 + head);
        }
        assert_int_equal(fclose(graph), 0);
        assert_int_equal(fclose(coords), 0);
        sgp_dimacs_graph *made = read_good();
        const sgp_graph_parts *p = sgp_dimacs_parts(made);
        assert_int_equal(p->n_arcs, n_arcs);
        check_edges(p);
        uint32_t n_edges = 0; /* as many pairs as the scarcer direction has, and the rest alone */
        for (uint32_t u = 1; u <= n; u++)
            for (uint32_t v = u; v <= n; v++)
                n_edges += u == v || between[u][v] > between[v][u] ? between[u][v] : between[v][u];
        assert_int_equal(p->n_edges, n_edges);
        for (uint32_t v = 0; v < n; v++)
            for (uint32_t a = p->first_arc[v]; a < p->first_arc[v + 1]; a++)
                found += (uint64_t)p->weight[a] * ((v + 1) * 13 + p->arc_head[a] + 1);
        assert_int_equal(found, sum);
        sgp_dimacs_destroy(made);
    }
}

/* ---- what is not ------------------------------------------------------------------------ */

typedef struct bad_file {
    const char *text; /* NULL: the good one */
    sgp_err err;
    const char *says; /* part of the sentence */
} bad_file;

static void test_dimacs_names_the_bad_line_of_a_graph(void **state) {
    (void)state;
    static const bad_file cases[] = {
        {"", SGP_E_FORMAT, "holds no graph"},
        {"c only a comment\n", SGP_E_FORMAT, "holds no graph"},
        {"a 1 2 3\n", SGP_E_FORMAT, "line 1: the first line should be 'p sp NODES ARCS'"},
        {"p aux sp co 5\n", SGP_E_FORMAT, "line 1: the first line should be 'p sp"},
        {"p sp 5\n", SGP_E_FORMAT, "line 1"},
        {"p sp 5 1 1\n", SGP_E_FORMAT, "line 1"},
        {"p sp 5 -1\n", SGP_E_FORMAT, "line 1"},
        {"p sp 99999999999999999999 1\n", SGP_E_FORMAT, "line 1"},
        {"p sp 4 1\na 1 2 3\n", SGP_E_MISMATCH, "coordinates are of 5 nodes"},
        {"p sp 5 2000000000\na 1 2 3\n", SGP_E_FORMAT, "announces 2000000000 arcs"},
        {"p sp 5 2\na 1 2 3\n", SGP_E_FORMAT, "ends at line 2 with 1 of 2 arcs"},
        {"p sp 5 1\na 1 2 3\na 2 1 3\n", SGP_E_FORMAT, "line 3: more than the 1 arcs"},
        {"p sp 5 2\na 1 2 3\nb 1 2 3\n", SGP_E_FORMAT, "line 3: should be 'a TAIL HEAD WEIGHT'"},
        {"p sp 5 1\n\n\na 1 2\n", SGP_E_FORMAT, "line 4"},
        {"p sp 5 1\na 1 2 3 4\n", SGP_E_FORMAT, "not 'a 1 2 3 4'"},
        {"p sp 5 1\na 0 2 3\n", SGP_E_FORMAT, "not 'a 0 2 3'"},
        {"p sp 5 1\na 1 6 3\n", SGP_E_FORMAT, "not 'a 1 6 3'"},
        {"p sp 5 1\na 1 2 -3\n", SGP_E_FORMAT, "not 'a 1 2 -3'"},
        {"p sp 5 1\na 1 2 1073741823\n", SGP_E_FORMAT, "weight < 2^30"},
        {"p sp 5 1\na 1 2 3.5\n", SGP_E_FORMAT, "not 'a 1 2 3.5'"},
        {"p sp 5 1\na 1 2 0x3\n", SGP_E_FORMAT, "line 2"},
        {"p sp 5 1\na1 2 3\n", SGP_E_FORMAT, "line 2"},
        {"p sp 5 1\na 1 2 \x1b[31m\n", SGP_E_FORMAT, "not 'a 1 2 ?[31m'"},
        {"p sp 5 1\np sp 5 1\n", SGP_E_FORMAT, "line 2"},
    };
    write_text(coords_path, good_coords);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        write_text(graph_path, cases[i].text);
        sgp_fault fault = read_bad(cases[i].err);
        if (!strstr(fault.text, cases[i].says) || !strstr(fault.text, "t.gr"))
            fail_msg("case %zu: '%s' does not say '%s'", i, fault.text, cases[i].says);
    }
}

static void test_dimacs_names_the_bad_line_of_coordinates(void **state) {
    (void)state;
    static const bad_file cases[] = {
        {"", SGP_E_FORMAT, "holds no coordinates"},
        {"p sp 5 7\n", SGP_E_FORMAT, "line 1: the first line should be 'p aux sp co NODES'"},
        {"p aux sp co 0\n", SGP_E_FORMAT, "line 1"},
        {"p aux sp co 2000000000\nv 1 1 1\n", SGP_E_FORMAT, "announces 2000000000 nodes"},
        {"p aux sp co 2\nv 1 1 1\n", SGP_E_FORMAT, "line 2 with the coordinates of 1 of 2 nodes"},
        {"p aux sp co 2\nv 1 1 1\nv 1 1 1\n", SGP_E_FORMAT,
         "line 3: gives a node its place a second"},
        {"p aux sp co 1\nv 2 1 1\n", SGP_E_FORMAT, "not 'v 2 1 1'"},
        {"p aux sp co 1\nv 1 180000001 1\n", SGP_E_FORMAT, "line 2"},
        {"p aux sp co 1\nv 1 1 -90000001\n", SGP_E_FORMAT, "line 2"},
        {"p aux sp co 1\nv 1 1\n", SGP_E_FORMAT, "line 2: should be 'v NODE LONGITUDE LATITUDE'"},
        {"p aux sp co 1\nv 1 1 1 1\n", SGP_E_FORMAT, "line 2"},
    };
    write_text(graph_path, good_graph);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        write_text(coords_path, cases[i].text);
        sgp_fault fault = read_bad(cases[i].err);
        if (!strstr(fault.text, cases[i].says) || !strstr(fault.text, "t.co"))
            fail_msg("case %zu: '%s' does not say '%s'", i, fault.text, cases[i].says);
    }
}

static void test_dimacs_refuses_what_is_no_text(void **state) {
    (void)state;
    write_text(coords_path, good_coords);
    static const char with_zero[] = "p sp 5 1\na 1 2\0 3\n";
    write_bytes(graph_path, with_zero, sizeof with_zero - 1);
    assert_non_null(strstr(read_bad(SGP_E_FORMAT).text, "line 2: a zero byte"));

    static char long_line[6000];
    memset(long_line, ' ', sizeof long_line - 1);
    memcpy(long_line, "p sp 5 1", 8);
    write_text(graph_path, long_line);
    assert_non_null(strstr(read_bad(SGP_E_FORMAT).text, "line 1: longer than 4096 bytes"));
}

static void test_dimacs_notices_damaged_compression(void **state) {
    (void)state;
    write_text(coords_path, good_coords);
    write_compressed(graph_path, good_graph);
    static uint8_t bytes[4096];
    FILE *file = fopen(graph_path, "rb");
    assert_non_null(file);
    size_t length = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    for (size_t cut = 12; cut < length; cut += 5) {
        write_bytes(graph_path, bytes, cut);
        assert_non_null(strstr(read_bad(SGP_E_CORRUPT).text, "ends too early"));
    }
    bytes[length - 6] ^= 1; /* the checksum */
    write_bytes(graph_path, bytes, length);
    assert_non_null(strstr(read_bad(SGP_E_CORRUPT).text, "t.gr"));
}

static void test_dimacs_absent_files_are_named(void **state) {
    (void)state;
    write_text(coords_path, good_coords);
    unlink(graph_path);
    sgp_fault fault = read_bad(SGP_E_IO);
    assert_non_null(strstr(fault.text, graph_path));
    assert_non_null(strstr(fault.text, "No such file"));
}

static int cancel(void *ctx, const char *phase, uint64_t done, uint64_t total) {
    (void)phase, (void)done, (void)total;
    return ++*(int *)ctx >= 2;
}

static void test_dimacs_is_cancelled(void **state) {
    (void)state;
    write_text(graph_path, good_graph);
    write_text(coords_path, good_coords);
    int calls = 0;
    sgp_progress progress = {cancel, &calls};
    sgp_dimacs_graph *graph = NULL;
    sgp_fault fault = {SGP_OK, ""};
    assert_int_equal(sgp_dimacs_read(graph_path, coords_path, "tiny", &progress, &graph, &fault),
                     SGP_E_TIMEOUT);
    assert_non_null(strstr(fault.text, "cancelled"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dimacs_reads_a_graph),
        cmocka_unit_test(test_dimacs_reads_compressed_files_alike),
        cmocka_unit_test(test_dimacs_edges_share_points),
        cmocka_unit_test(test_dimacs_pairs_random_arcs),
        cmocka_unit_test(test_dimacs_names_the_bad_line_of_a_graph),
        cmocka_unit_test(test_dimacs_names_the_bad_line_of_coordinates),
        cmocka_unit_test(test_dimacs_refuses_what_is_no_text),
        cmocka_unit_test(test_dimacs_notices_damaged_compression),
        cmocka_unit_test(test_dimacs_absent_files_are_named),
        cmocka_unit_test(test_dimacs_is_cancelled),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
