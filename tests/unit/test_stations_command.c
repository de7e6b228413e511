/* `sigap stations` as a user meets it: answers that can be checked by hand, exit codes, and what
 * is said about wrong input. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "apps/apps.h"
#include "road_town.h"

static road_town town;
static char sites_path[128], other_path[128], out_path[128], fault_path[128];
static char out[65536], fault[65536];

static void write_text(const char *path, const char *text) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void read_text(const char *path, char *text) {
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    text[fread(text, 1, 65535, file)] = '\0';
    fclose(file);
}

static int run(const char *const *arguments) {
    char *argv[24] = {NULL};
    int argc = 0;
    for (; arguments[argc]; argc++)
        argv[argc] = (char *)arguments[argc];
    optind = 0; /* scan anew */
    fflush(stdout);
    fflush(stderr);
    int old_out = dup(1), old_fault = dup(2);
    FILE *to_out = fopen(out_path, "w"), *to_fault = fopen(fault_path, "w");
    assert_true(to_out && to_fault && old_out >= 0 && old_fault >= 0);
    dup2(fileno(to_out), 1);
    dup2(fileno(to_fault), 2);
    int code = app_stations(argc, argv);
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
#define STATIONS(...)                                                                              \
    run((const char *const[]){"stations", "--graph", town.path, "--cell", "250", __VA_ARGS__, NULL})

/* The four corners of the town and its middle. */
static int set_up(void **state) {
    (void)state;
    unsetenv("SIGAP_LANGUAGE");
    town_draw(&town);
    snprintf(sites_path, sizeof sites_path, "%s/sites", town.folder);
    snprintf(other_path, sizeof other_path, "%s/other", town.folder);
    snprintf(out_path, sizeof out_path, "%s/out", town.folder);
    snprintf(fault_path, sizeof fault_path, "%s/fault", town.folder);
    write_text(sites_path, "# possible sites\n"
                           "112.6,-7.97,Barat daya\n"
                           "112.614,-7.97,Tenggara\n"
                           "\n"
                           "112.6,-7.956,Barat laut\n"
                           "112.614,-7.956\n"
                           "112.606,-7.964,Tengah, alun-alun\n");
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    sgp_graph_close(town.graph);
    unlink(sites_path);
    unlink(other_path);
    unlink(out_path);
    unlink(fault_path);
    unlink(town.path);
    return rmdir(town.folder);
}

static json_t *answer(void) {
    json_t *json = json_loads(out, 0, NULL);
    assert_non_null(json);
    return json;
}

static const char *first_name(json_t *json) {
    return json_string_value(
        json_object_get(json_array_get(json_object_get(json, "stations"), 0), "name"));
}

static void test_stations_middle_is_the_median(void **state) {
    (void)state;
    assert_int_equal(
        STATIONS("--sites", sites_path, "--stations", "1", "--question", "p-median", "--json"), 0);
    json_t *json = answer();
    assert_string_equal(first_name(json), "Tengah, alun-alun");
    assert_true(json_is_true(json_object_get(json, "best")));
    assert_true(json_real_value(json_object_get(json, "gap")) == 0);
    json_t *chosen = json_object_get(json, "chosen");
    double mean = json_real_value(json_object_get(chosen, "mean_minutes"));
    assert_true(mean > 1 && mean < 20); /* the turnout of a minute is in it */
    json_decref(json);
}

/* Every site that is chosen is compared with itself: the same worth. */
static void test_stations_compare(void **state) {
    (void)state;
    write_text(other_path, "112.606,-7.964,Tengah\n");
    assert_int_equal(STATIONS("--sites", sites_path, "--stations", "1", "--question", "p-median",
                              "--compare", other_path, "--compare", sites_path, "--json"),
                     0);
    json_t *json = answer(), *compared = json_object_get(json, "compared");
    assert_int_equal(json_array_size(compared), 2);
    json_t *chosen = json_object_get(json, "chosen"), *same = json_array_get(compared, 0);
    static const char *const keys[] = {"mean_minutes", "worst_minutes", "within_share",
                                       "expected_share"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        assert_true(json_real_value(json_object_get(chosen, keys[i])) ==
                    json_real_value(json_object_get(same, keys[i])));
    json_t *all = json_array_get(compared, 1);
    assert_int_equal(json_integer_value(json_object_get(all, "units")), 5);
    assert_true(json_real_value(json_object_get(all, "mean_minutes")) <
                json_real_value(json_object_get(chosen, "mean_minutes")));
    json_decref(json);
}

static void test_stations_keep_and_units(void **state) {
    (void)state;
    write_text(other_path, "112.6,-7.97,Lama\n");
    assert_int_equal(STATIONS("--sites", sites_path, "--keep", other_path, "--stations", "2",
                              "--question", "mexclp", "--units", "5", "--at-most", "3", "--json"),
                     0);
    json_t *json = answer(), *stations = json_object_get(json, "stations");
    assert_string_equal(first_name(json), "Lama");
    int64_t units = 0;
    for (size_t i = 0; i < json_array_size(stations); i++)
        units += json_integer_value(json_object_get(json_array_get(stations, i), "units"));
    assert_int_equal(units, 5);
    assert_int_equal(json_array_size(stations), 2);
    json_decref(json);
    assert_int_equal(STATIONS("--sites", sites_path, "--keep", other_path, "--stations", "2"), 0);
    assert_non_null(strstr(out, "Lama (tetap)"));
    assert_non_null(strstr(out, "terbukti"));
}

/* Calls from one corner draw the station there. */
static void test_stations_by_calls(void **state) {
    (void)state;
    char rows[4096] = "time,lon,lat,days,hours,square_m\n2026-01-05 07:00:00,112.6,-7.97,,,\n";
    for (int i = 0; i < 20; i++)
        strcat(rows, "2026-01-05 07:00:00,112.614,-7.956,7,3,100\n");
    write_text(other_path, rows); /* as 'sigap replay' reads them, exact and anonymous */
    assert_int_equal(STATIONS("--sites", sites_path, "--stations", "1", "--question", "p-median",
                              "--calls", other_path, "--language", "en"),
                     0);
    assert_non_null(strstr(out, "112.614000,-7.956000"));
    assert_non_null(strstr(out, "counted by calls"));
}

static void test_stations_refuses(void **state) {
    (void)state;
    assert_int_equal(STATIONS("--sites", sites_path), 2);
    assert_int_equal(STATIONS("--stations", "1"), 2);
    assert_int_equal(STATIONS("--sites", sites_path, "--stations", "9"), 2);
    assert_non_null(strstr(fault, "9 stations cannot be chosen of 5 sites"));
    assert_int_equal(STATIONS("--sites", sites_path, "--stations", "1", "--question", "best"), 2);
    assert_int_equal(STATIONS("--sites", sites_path, "--stations", "1", "--busy", "1"), 2);
    assert_int_equal(STATIONS("--sites", "/nonexistent", "--stations", "1"), 3);
    assert_int_equal(STATIONS("--sites-of", "zeppelin", "--stations", "1"), 2);
    assert_non_null(strstr(fault, "no place of the kind 'zeppelin'"));
    write_text(other_path, "112.6,-7.97\n112.6;-7.97\n");
    assert_int_equal(STATIONS("--sites", other_path, "--stations", "1"), 2);
    assert_non_null(strstr(fault, "line 2"));
    write_text(other_path, "time,lon,lat\n2026-01-05 07:00:00,112.6,many\n");
    assert_int_equal(STATIONS("--sites", sites_path, "--stations", "1", "--calls", other_path), 2);
    assert_non_null(strstr(fault, "row 2, column lat: not a latitude in degrees: \"many\""));
    write_text(other_path, "110,-7.97,far away\n");
    assert_int_equal(STATIONS("--sites", other_path, "--stations", "1"), 2);
    assert_non_null(strstr(fault, "far away"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stations_middle_is_the_median),
        cmocka_unit_test(test_stations_compare),
        cmocka_unit_test(test_stations_keep_and_units),
        cmocka_unit_test(test_stations_by_calls),
        cmocka_unit_test(test_stations_refuses),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
