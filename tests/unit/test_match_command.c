/* `sigap match` as a user meets it, and the reader of tracks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "apps/apps.h"
#include "apps/track_file.h"
#include "graph_maker.h"

static char folder[64];
static char graph_path[128], track_path[128], out_path[128], fault_path[128];
static char out[65536], fault[65536];

static void read_text(const char *path, char *text) {
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    text[fread(text, 1, 65535, file)] = '\0';
    fclose(file);
}

static void write_track(const char *text) {
    FILE *file = fopen(track_path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* Runs `sigap match --graph ...` with both outputs caught. */
static int match(const char *const *arguments) {
    char *argv[12] = {(char *)"match", (char *)"--graph", graph_path};
    int argc = 3;
    for (int i = 0; arguments[i]; i++)
        argv[argc++] = (char *)arguments[i];
    fflush(stdout);
    fflush(stderr);
    int old_out = dup(1), old_fault = dup(2);
    FILE *to_out = fopen(out_path, "w"), *to_fault = fopen(fault_path, "w");
    assert_true(old_out >= 0 && old_fault >= 0 && to_out && to_fault);
    dup2(fileno(to_out), 1);
    dup2(fileno(to_fault), 2);
    int code = app_match(argc, argv);
    fflush(stdout);
    fflush(stderr);
    dup2(old_out, 1);
    dup2(old_fault, 2);
    close(old_out);
    close(old_fault);
    fclose(to_out);
    fclose(to_fault);
    read_text(out_path, out);
    read_text(fault_path, fault);
    return code;
}
#define MATCH(...) match((const char *const[]){__VA_ARGS__, NULL})

/* Two streets in a row, 222 m each, along the equator, and a track 2 m north of them. */
static const char drive[] = "lon,lat,unix_ms\n"
                            "0.0005,0.00002,1000\n"
                            "# a comment\n"
                            "0.0015,0.00002,11000,90\n"
                            "\n"
                            "0.0025,0.00002,21000,,5\r\n"
                            "0.0035,0.00002,31000,90,5";

static int setup(void **state) {
    (void)state;
    static graph_maker maker;
    maker_folder(folder);
    snprintf(graph_path, sizeof graph_path, "%s/g.sgr", folder);
    snprintf(track_path, sizeof track_path, "%s/track", folder);
    snprintf(out_path, sizeof out_path, "%s/out", folder);
    snprintf(fault_path, sizeof fault_path, "%s/fault", folder);
    maker_begin(&maker);
    maker_vertex(&maker, 0, 0, 1);
    maker_vertex(&maker, 20000, 0, 2);
    maker_vertex(&maker, 40000, 0, 3);
    maker_edge(&maker, 0, 1, 20000, 20000, NULL, 0, 0, "Jalan Ijen", SGP_EDGE_MAIN);
    maker_edge(&maker, 1, 2, 20000, 20000, NULL, 0, 0, NULL, SGP_EDGE_MAIN);
    sgp_graph_parts parts = *maker_finish(&maker);
    parts.is_sketch = 1;
    return sgp_graph_write(graph_path, &parts, NULL, NULL);
}

static int teardown(void **state) {
    (void)state;
    unlink(graph_path);
    unlink(track_path);
    unlink(out_path);
    unlink(fault_path);
    return rmdir(folder);
}

static void test_match_tells_roads(void **state) {
    (void)state;
    write_track(drive);
    assert_int_equal(MATCH("--language", "en", track_path), 0);
    assert_non_null(strstr(out, "SKETCH"));
    assert_non_null(strstr(out, "4 of 4 positions"));
    assert_non_null(strstr(out, "positions 1 to 4, 334 m, 30 s"));
    assert_non_null(strstr(out, "     167  Jalan Ijen\n     167  (road without a name)\n"));
    assert_int_equal(MATCH(track_path), 0);
    assert_non_null(strstr(out, "4 dari 4 posisi"));
}

static void test_match_json(void **state) {
    (void)state;
    write_track(drive);
    assert_int_equal(MATCH("--json", track_path), 0);
    json_t *root = json_loads(out, 0, NULL);
    assert_non_null(root);
    const json_t *piece = json_array_get(json_object_get(root, "pieces"), 0);
    assert_int_equal(json_array_size(json_object_get(root, "positions")), 4);
    assert_int_equal(json_array_size(json_object_get(piece, "moves")), 2);
    assert_int_equal(json_integer_value(json_object_get(piece, "last_position")), 3);
    assert_true(json_real_value(json_object_get(piece, "confidence")) > 0.9);
    assert_true(json_real_value(json_object_get(piece, "duration_s")) == 30);
    json_decref(root);
}

static void test_match_reads_json_tracks(void **state) {
    (void)state;
    write_track(" [[0.0005, 0.00002, 1000], [0.0035, 0.00002, 31000, null, 5]]");
    assert_int_equal(MATCH(track_path), 0);
    write_track("{\"points\": [{\"lon\": 0.0005, \"lat\": 0, \"at_ms\": 1000, \"heading_deg\": 90},"
                "[0.0035, 0.00002, 31000]]}");
    assert_int_equal(MATCH(track_path), 0);
    assert_non_null(strstr(out, "2 dari 2"));
}

static void test_match_nowhere_is_an_answer(void **state) {
    (void)state;
    write_track("1,1,1000\n1,1.001,9000\n");
    assert_int_equal(MATCH(track_path), 1);
    assert_string_equal(fault, "");
    write_track("0.0005,0,1000\n0.0015,0,200000\n");
    assert_int_equal(MATCH(track_path), 1); /* silent for too long */
    assert_int_equal(MATCH("--gap", "0", track_path), 0);
    assert_int_equal(MATCH("--gap", "300", track_path), 0);
}

static void test_match_says_what_is_wrong(void **state) {
    (void)state;
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"0,0,1\n", "at least two positions, there is 1"},
        {"", "there are 0"},
        {"0,0,1\n0,x,2\n", "line 2: 'x' is not a number"},
        {"0,0,1\n0,0\n", "line 2: at_ms is missing"},
        {"0,0,1\n0,0,1\n", "line 2: its time is not later"},
        {"0,0,1\n0,91,2\n", "line 2: 0,91 is no place on earth"},
        {"0,0,1\n0,0,2,400\n", "line 2: the heading 400"},
        {"0,0,1\n0,0,2,4,-1\n", "line 2: the accuracy -1"},
        {"0,0,1\n0,0,2,4,1,7\n", "line 2: more than 5 numbers"},
        {"0,0,1e20\n0,0,2\n", "line 1: 1e+20 is no time"},
        {"[[0,0,1],[0,0]]", "position 2: at_ms is missing"},
        {"[[0,0,1],[0,0,\"x\"]]", "position 2: at_ms is not a number"},
        {"[[0,0,1],7]", "position 2 is neither"},
        {"{\"points\": 5}", "no array \"points\""},
        {"[[0,0,1],\n", "line 2: "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        write_track(cases[i].text);
        assert_int_equal(MATCH(track_path), 2);
        if (!strstr(fault, cases[i].says) || !strstr(fault, track_path))
            fail_msg("'%s' gave: %s", cases[i].text, fault);
        assert_string_equal(out, "");
    }
    write_track(drive);
    assert_int_equal(MATCH("/nonexistent"), 3);
    assert_int_equal(MATCH("--profile", "submarine", track_path), 2);
    assert_non_null(strstr(fault, "submarine"));
    assert_int_equal(MATCH("--gap", "-1", track_path), 2);
    assert_int_equal(MATCH("--nonsense", track_path), 2);
    assert_int_equal(MATCH("--tidy"), 2);
    assert_int_equal(MATCH("--help"), 0);
    assert_non_null(strstr(out, "EXIT STATUS"));
}

static void test_match_bounds_tracks(void **state) {
    (void)state;
    sgp_track_point *track;
    size_t n;
    sgp_fault why = {0};
    size_t length = 0, capacity = 400000;
    char *text = malloc(capacity);
    for (int i = 0; i <= SGP_TRACK_POINTS; i++) {
        length += (size_t)snprintf(text + length, capacity - length, "0.001,0.002,%d\n", i);
        if (i == SGP_TRACK_POINTS - 1) {
            assert_int_equal(sgp_track_read(text, length, &track, &n, &why), SGP_OK);
            assert_int_equal(n, SGP_TRACK_POINTS);
            assert_int_equal(track[n - 1].point.lon_e7, 10000);
            free(track);
        }
    }
    assert_int_equal(sgp_track_read(text, length, &track, &n, &why), SGP_E_TOO_LARGE);
    memset(text, '1', 1000);
    assert_int_equal(sgp_track_read(text, 1000, &track, &n, &why), SGP_E_FORMAT);
    assert_non_null(strstr(why.text, "line 1 is too long"));
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_match_tells_roads),
        cmocka_unit_test(test_match_json),
        cmocka_unit_test(test_match_reads_json_tracks),
        cmocka_unit_test(test_match_nowhere_is_an_answer),
        cmocka_unit_test(test_match_says_what_is_wrong),
        cmocka_unit_test(test_match_bounds_tracks),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
