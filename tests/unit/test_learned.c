/* Learned times: smoothing and bounds by hand, sums held to a plain list of drives, and the
 * file: round trip, an import with other numbers, other people's and damaged files, a reader
 * in another process. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "graph_maker.h"
#include "route/learned_table.h"

/* A chain of 24 nodes, edge i from node i to node i + 1, ten seconds and 100 m each; even
 * edges are residential, odd ones secondary; edge 5 is one-way. */
enum { NODES = 24, EDGES = NODES - 1, TEN_S = 10000, LENGTH = 100000, ONE_WAY = 5 };
enum { MONDAY_8 = 8 * 60, MONDAY_12 = 12 * 60, SATURDAY_8 = 5 * 1440 + 8 * 60 };

static graph_maker maker;
static char folder[64];
static char path[128], file_path[128];
static sgp_graph *graph;

/* `turned`: vertices and edges in the other order, as another import may number them; `first` is
 * the first node that there is. */
static sgp_graph *make_graph(bool turned, int first, const char *profile) {
    static sgp_profile profiles[1];
    maker_begin(&maker);
    for (int i = first; i < NODES; i++) {
        int node = turned ? NODES - 1 - i + first : i;
        maker_vertex(&maker, node * 10000, 0, 500 + node);
    }
    for (int i = first; i < EDGES; i++) {
        int edge = turned ? EDGES - 1 - i + first : i;
        uint32_t u = (uint32_t)(turned ? NODES - 1 - edge : edge - first);
        uint32_t v = turned ? u - 1 : u + 1;
        uint32_t number = maker_edge(&maker, u, v, TEN_S, edge == ONE_WAY ? MAKER_NO_ARC : TEN_S,
                                     NULL, 0, LENGTH, NULL, SGP_EDGE_MAIN);
        maker.edges[number].way = 9000 + edge;
        maker.edges[number].road_class = edge % 2 ? SGP_ROAD_SECONDARY : SGP_ROAD_RESIDENTIAL;
    }
    sgp_graph_parts p = *maker_finish(&maker);
    snprintf(profiles[0].name, sizeof profiles[0].name, "%s", profile);
    p.profiles = profiles;
    sgp_graph *made = NULL;
    sgp_fault fault = {0};
    if (sgp_graph_write(path, &p, NULL, &fault) || sgp_graph_open(path, &made, &fault)) {
        fprintf(stderr, "%s\n", fault.text);
        abort();
    }
    return made;
}

static int setup(void **state) {
    (void)state;
    maker_folder(folder);
    snprintf(path, sizeof path, "%s/g.sgr", folder);
    snprintf(file_path, sizeof file_path, "%s/learned.sqlite", folder);
    graph = make_graph(false, 0, "ambulance");
    return 0;
}

static int teardown(void **state) {
    (void)state;
    sgp_graph_close(graph);
    unlink(path);
    unlink(file_path);
    return rmdir(folder);
}

static sgp_learned *empty(const sgp_graph *of) {
    sgp_learned *learned;
    assert_int_equal(sgp_learned_create(of, 0, &learned), SGP_OK);
    return learned;
}

static void drive(sgp_learned *learned, uint32_t move, int32_t minute, int times, int64_t ms) {
    for (int i = 0; i < times; i++)
        sgp_learned_add(learned, move, minute, LENGTH, ms);
}

static void test_learned_bins(void **state) {
    (void)state;
    static const int of_hour[24] = {0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 2,
                                    2, 2, 2, 3, 3, 3, 3, 3, 3, 0, 0, 0};
    for (int32_t minute = 0; minute < SGP_WEEK_MINUTES; minute++)
        assert_int_equal(sgp_learned_bin(minute),
                         of_hour[minute / 60 % 24] + (minute >= 5 * 24 * 60 ? 4 : 0));
}

static void test_learned_smoothing(void **state) {
    (void)state;
    sgp_learned *learned = empty(graph);
    uint32_t move = 3 << 1;
    int bin = sgp_learned_bin(MONDAY_8);
    assert_int_equal(sgp_learned_factor(learned, move, bin), 1000);
    /* One drive of twice the time: the class has (20,000 + 1,800,000) / (10,000 + 1,800,000) =
     * 1006 permille, the edge (20,000 + 50,000 x 1.006) / 60,000. */
    drive(learned, move, MONDAY_8, 1, 2 * TEN_S);
    assert_int_equal(sgp_learned_factor(learned, move, bin), 1172);
    assert_int_equal(sgp_learned_factor(learned, 7 << 1, bin), 1006); /* the class, undriven */
    assert_int_equal(sgp_learned_factor(learned, 4 << 1, bin), 1000); /* another class */
    assert_int_equal(sgp_learned_factor(learned, move | 1, bin), 1006);
    assert_int_equal(sgp_learned_factor(learned, move, sgp_learned_bin(MONDAY_12)), 1000);
    assert_int_equal(sgp_learned_factor(learned, move, sgp_learned_bin(SATURDAY_8)), 1000);
    /* Many drives leave the truth, and pull the class a little. */
    drive(learned, move, MONDAY_8, 180, 2 * TEN_S);
    int factor = sgp_learned_factor(learned, move, bin);
    assert_in_range(factor, 1980, 2000);
    assert_in_range(sgp_learned_factor(learned, 7 << 1, bin), 1450, 1550);
    assert_int_equal(sgp_learned_counts(learned).drives, 181);
    assert_int_equal(sgp_learned_counts(learned).moves, 1);
    sgp_learned_destroy(learned);
}

static void test_learned_parts_weigh_by_length(void **state) {
    (void)state;
    sgp_learned *learned = empty(graph);
    /* 10 m in 1.5 s and 90 m in 9 s are one drive of 10.5 s. */
    sgp_learned_add(learned, 6, MONDAY_8, LENGTH / 10, 1500);
    sgp_learned_add(learned, 6, MONDAY_8, 9 * (LENGTH / 10), 9000);
    sgp_learned *whole = empty(graph);
    drive(whole, 6, MONDAY_8, 1, 10500);
    int bin = sgp_learned_bin(MONDAY_8);
    assert_int_equal(sgp_learned_factor(learned, 6, bin), sgp_learned_factor(whole, 6, bin));
    sgp_learned_destroy(learned);
    sgp_learned_destroy(whole);
}

static void test_learned_bounds_and_absurd_drives(void **state) {
    (void)state;
    sgp_learned *learned = empty(graph);
    int bin = sgp_learned_bin(MONDAY_8);
    static const int64_t absurd[] = {0, -5, 1999, 100001, INT64_MAX};
    for (int i = 0; i < 5; i++)
        drive(learned, 6, MONDAY_8, 1, absurd[i]);
    sgp_learned_add(learned, 6, MONDAY_8, LENGTH + 1, TEN_S);
    sgp_learned_add(learned, 6, MONDAY_8, 0, TEN_S);
    sgp_learned_add(learned, 6, -1, LENGTH, TEN_S);
    sgp_learned_add(learned, 6, SGP_WEEK_MINUTES, LENGTH, TEN_S);
    sgp_learned_add(learned, 2 * EDGES, MONDAY_8, LENGTH, TEN_S);
    sgp_learned_add(learned, ONE_WAY << 1 | 1, MONDAY_8, LENGTH, TEN_S);
    assert_int_equal(sgp_learned_counts(learned).dropped, 11);
    assert_int_equal(sgp_learned_counts(learned).drives, 0);
    assert_int_equal(sgp_learned_factor(learned, 6, bin), 1000);
    drive(learned, 6, MONDAY_8, 150, 100000);
    drive(learned, 8, MONDAY_8, 150, 2000);
    assert_int_equal(sgp_learned_factor(learned, 6, bin), SGP_LEARNED_MOST);
    assert_int_equal(sgp_learned_factor(learned, 8, bin), SGP_LEARNED_LEAST);
    sgp_learned_destroy(learned);
}

/* A road that has become quick: after as many drives as a cell remembers, the past is mostly
 * forgotten. */
static void test_learned_forgets(void **state) {
    (void)state;
    sgp_learned *learned = empty(graph);
    int bin = sgp_learned_bin(MONDAY_8);
    drive(learned, 6, MONDAY_8, 5000, 2 * TEN_S);
    assert_in_range(sgp_learned_factor(learned, 6, bin), 1950, 2000);
    drive(learned, 6, MONDAY_8, 2 * SGP_LEARNED_MEMORY, TEN_S);
    assert_in_range(sgp_learned_factor(learned, 6, bin), 1000, 1150);
    const sgp_learned_cell *cell = &learned->cells[bin][0];
    assert_true(cell->driven_mm < (int64_t)SGP_LEARNED_MEMORY * LENGTH);
    assert_int_equal(learned->totals[SGP_ROAD_SECONDARY][bin].took_ms, cell->took_ms);
    assert_int_equal(learned->totals[SGP_ROAD_SECONDARY][bin].expected_ms, cell->driven_mm / 10);
    sgp_learned_destroy(learned);
}

/* ---- the file -------------------------------------------------------------------- */

static sgp_learned *random_drives(const sgp_graph *of, uint64_t seed, int n) {
    sgp_learned *learned = empty(of);
    for (int i = 0; i < n; i++)
        sgp_learned_add(
            learned, maker_below(&seed, 2 * EDGES), (int32_t)maker_below(&seed, SGP_WEEK_MINUTES),
            LENGTH / 2 + maker_below(&seed, LENGTH / 2), 4000 + maker_below(&seed, 30000));
    return learned;
}

static void assert_same(const sgp_learned *a, const sgp_learned *b) {
    for (uint32_t move = 0; move < 2 * EDGES; move++)
        for (int bin = 0; bin < SGP_LEARNED_BINS; bin++)
            assert_int_equal(sgp_learned_factor(a, move, bin), sgp_learned_factor(b, move, bin));
}

static void save(const sgp_learned *learned) {
    sgp_fault fault = {0};
    if (sgp_learned_save(learned, file_path, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
}

static void test_learned_file_round_trip(void **state) {
    (void)state;
    unlink(file_path);
    uint64_t unknown = 9;
    sgp_learned *read = empty(graph);
    assert_int_equal(sgp_learned_load(read, file_path, &unknown, NULL), SGP_OK); /* no file */
    assert_int_equal(unknown, 0);
    assert_int_equal(sgp_learned_counts(read).moves, 0);
    sgp_learned *learned = random_drives(graph, 1, 2000);
    save(learned);
    assert_int_equal(sgp_learned_load(read, file_path, &unknown, NULL), SGP_OK);
    assert_int_equal(unknown, 0);
    assert_same(learned, read);
    sgp_learned *other = random_drives(graph, 2, 300); /* replaces, does not add */
    save(other);
    sgp_learned *again = empty(graph);
    assert_int_equal(sgp_learned_load(again, file_path, NULL, NULL), SGP_OK);
    assert_same(other, again);
    sgp_learned_destroy(learned);
    sgp_learned_destroy(read);
    sgp_learned_destroy(other);
    sgp_learned_destroy(again);
}

/* Another import numbers everything anew, and one road is gone. */
static void test_learned_file_outlives_an_import(void **state) {
    (void)state;
    unlink(file_path);
    sgp_learned *learned = random_drives(graph, 3, 20000);
    save(learned);
    sgp_graph *turned = make_graph(true, 0, "ambulance");
    sgp_learned *read = empty(turned);
    uint64_t unknown = 9;
    assert_int_equal(sgp_learned_load(read, file_path, &unknown, NULL), SGP_OK);
    assert_int_equal(unknown, 0);
    const sgp_graph_parts *parts = sgp_graph_get(turned);
    for (uint32_t e = 0; e < parts->n_edges; e++) {
        uint32_t here = (uint32_t)(parts->edges[e].way - 9000);
        assert_int_not_equal(here, e == EDGES / 2 ? SGP_NONE : e);
        for (uint32_t move = 0; move < 2; move++)
            for (int bin = 0; bin < SGP_LEARNED_BINS; bin++)
                assert_int_equal(sgp_learned_factor(read, e << 1 | move, bin),
                                 sgp_learned_factor(learned, here << 1 | move, bin));
    }
    sgp_learned_destroy(read);
    sgp_graph_close(turned);
    sgp_graph *shorter = make_graph(false, 2, "ambulance");
    read = empty(shorter);
    assert_int_equal(sgp_learned_load(read, file_path, &unknown, NULL), SGP_OK);
    assert_int_equal(unknown, 2 * 2 * SGP_LEARNED_BINS); /* 2 edges, both ways, all bins */
    sgp_learned_destroy(read);
    sgp_graph_close(shorter);
    sgp_learned_destroy(learned);
}

static void test_learned_file_of_another_city_or_profile(void **state) {
    (void)state;
    unlink(file_path);
    sgp_learned *learned = random_drives(graph, 4, 500);
    save(learned);
    sgp_graph *motorbike = make_graph(false, 0, "motorbike");
    sgp_learned *read = empty(motorbike);
    sgp_fault fault = {0};
    assert_int_equal(sgp_learned_load(read, file_path, NULL, &fault), SGP_E_MISMATCH);
    assert_non_null(strstr(fault.text, "ambulance"));
    assert_int_equal(sgp_learned_save(read, file_path, &fault), SGP_E_MISMATCH);
    assert_int_equal(sgp_learned_counts(read).moves, 0);
    sgp_learned_destroy(read);
    sgp_graph_close(motorbike);
    read = empty(graph);
    assert_int_equal(sgp_learned_load(read, file_path, NULL, NULL), SGP_OK);
    assert_same(read, learned); /* the refused save left it alone */
    sgp_learned_destroy(read);
    sgp_learned_destroy(learned);
}

static void run_sql(const char *sql) {
    sqlite3 *db;
    assert_int_equal(sqlite3_open(file_path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static void test_learned_file_damage(void **state) {
    (void)state;
    static const struct {
        const char *sql;
        sgp_err err;
    } cases[] = {
        {"UPDATE drives SET took_ms = took_ms + 1 WHERE way = 9001", SGP_E_CORRUPT},
        {"DELETE FROM drives WHERE way = 9003", SGP_E_CORRUPT},
        {"DELETE FROM about", SGP_E_CORRUPT},
        {"PRAGMA user_version = 2", SGP_E_VERSION},
        {"PRAGMA application_id = 5", SGP_E_FORMAT},
        {"DROP TABLE drives", SGP_E_IO},
    };
    sgp_learned *learned = random_drives(graph, 5, 500);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unlink(file_path);
        save(learned);
        run_sql(cases[i].sql);
        sgp_learned *read = empty(graph);
        sgp_fault fault = {0};
        assert_int_equal(sgp_learned_load(read, file_path, NULL, &fault), cases[i].err);
        assert_non_null(strstr(fault.text, file_path));
        assert_int_equal(sgp_learned_counts(read).moves, 0);
        sgp_learned_destroy(read);
    }
    sgp_learned_destroy(learned);
}

/* Any byte of the file changed, or the file cut short: an error, or exactly what was saved. */
static void test_learned_file_flipped_bytes(void **state) {
    (void)state;
    unlink(file_path);
    sgp_learned *learned = random_drives(graph, 6, 400);
    save(learned);
    static char good[1 << 17];
    FILE *file = fopen(file_path, "rb");
    size_t length = fread(good, 1, sizeof good, file);
    fclose(file);
    assert_true(length > 4096 && length < sizeof good);
    int refused = 0;
    for (size_t at = 0; at <= length; at += at < 200 ? 1 : 37) {
        file = fopen(file_path, "wb");
        if (at % 5 == 4) {
            fwrite(good, 1, at, file);
        } else {
            good[at % length] ^= 0x5a;
            fwrite(good, 1, length, file);
            good[at % length] ^= 0x5a;
        }
        fclose(file);
        sgp_learned *read = empty(graph);
        sgp_fault fault = {0};
        sgp_err err = sgp_learned_load(read, file_path, NULL, &fault);
        if (err == SGP_OK && sgp_learned_counts(read).moves > 0) {
            assert_same(read, learned);
        } else {
            assert_int_equal(sgp_learned_counts(read).moves, 0);
            assert_true(err == SGP_OK ? at == 0 || at % 5 == 4 : fault.text[0] != '\0');
            refused++;
        }
        sgp_learned_destroy(read);
    }
    assert_true(refused > 100);
    sgp_learned_destroy(learned);
}

/* A reader in another process sees one saving or another, never a mixture, while this one
 * saves over and over. */
static void test_learned_file_concurrent_reader(void **state) {
    (void)state;
    unlink(file_path);
    sgp_learned *both[2] = {random_drives(graph, 7, 1500), random_drives(graph, 8, 1500)};
    save(both[0]);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        int seen[2] = {0, 0};
        for (int i = 0; i < 200 || (i < 20000 && (seen[0] == 0 || seen[1] == 0)); i++) {
            sgp_learned *read;
            if (sgp_learned_create(graph, 0, &read) != SGP_OK ||
                sgp_learned_load(read, file_path, NULL, NULL) != SGP_OK)
                _exit(3);
            int same[2] = {1, 1};
            for (uint32_t move = 0; move < 2 * EDGES; move++)
                for (int bin = 0; bin < SGP_LEARNED_BINS; bin++)
                    for (int k = 0; k < 2; k++)
                        same[k] &= sgp_learned_factor(read, move, bin) ==
                                   sgp_learned_factor(both[k], move, bin);
            if (same[0] + same[1] != 1)
                _exit(4);
            seen[same[1]]++;
            sgp_learned_destroy(read);
        }
        _exit(seen[0] > 0 && seen[1] > 0 ? 0 : 5);
    }
    int status = 0;
    for (int i = 0; i < 4000 && waitpid(child, &status, WNOHANG) == 0; i++) {
        save(both[i % 2]);
        usleep(1000);
        status = -1;
    }
    if (status == -1)
        waitpid(child, &status, 0);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    sgp_learned_destroy(both[0]);
    sgp_learned_destroy(both[1]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_learned_bins),
        cmocka_unit_test(test_learned_smoothing),
        cmocka_unit_test(test_learned_parts_weigh_by_length),
        cmocka_unit_test(test_learned_bounds_and_absurd_drives),
        cmocka_unit_test(test_learned_forgets),
        cmocka_unit_test(test_learned_file_round_trip),
        cmocka_unit_test(test_learned_file_outlives_an_import),
        cmocka_unit_test(test_learned_file_of_another_city_or_profile),
        cmocka_unit_test(test_learned_file_damage),
        cmocka_unit_test(test_learned_file_flipped_bytes),
        cmocka_unit_test(test_learned_file_concurrent_reader),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
