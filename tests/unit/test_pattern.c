/* Patterns of calls: read with line-exact mistakes, drawn as they say, fitted back, written and
 * read again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "road_town.h"
#include "replay/pattern.h"

enum { DAYS = 70 };

static const char plain[] =
    "title = { id = \"Kota kecil\"; en = \"Small town\"; };\n"
    "from = \"2026-01-05 00:00\";\n"
    "days = 70;\n"
    "calls_per_day = 100.0;\n"
    "hours = { every_day = [500,500,500,500,500,500,500,500,500,500,500,500,\n"
    "          1500,1500,1500,1500,1500,1500,1500,1500,1500,1500,1500,1500]; };\n"
    "kinds = ( { complaint = \"breathing\"; weight = 300; },\n"
    "          { complaint = \"traffic_accident\"; priority = \"P1\"; weight = 100; where = "
    "\"roads\";\n"
    "            day = [0,0,0,0,0,0,0,0,0,0,0,0,1000,1000,1000,1000,1000,1000,1000,1000,\n"
    "                   1000,1000,1000,1000]; } );\n"
    "places = ( { name = \"west\"; lon = 112.6010; lat = -7.9650; radius_m = 200; weight = 3; },\n"
    "           { name = \"east\"; lon = 112.6130; lat = -7.9650; radius_m = 200; weight = 1; } "
    ");\n";

typedef struct files {
    char folder[64], path[96];
} files;

static void write_file(files *f, const char *text) {
    maker_folder(f->folder);
    snprintf(f->path, sizeof f->path, "%s/pattern.conf", f->folder);
    FILE *file = fopen(f->path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    fclose(file);
}

static void drop_file(files *f) {
    remove(f->path);
    rmdir(f->folder);
}

static void read_plain(sgp_pattern *pattern) {
    files f;
    sgp_fault fault = {0};
    write_file(&f, plain);
    if (sgp_pattern_read(f.path, pattern, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    drop_file(&f);
}

static void test_pattern_tells_file_and_line(void **state) {
    (void)state;
    static const struct {
        const char *from, *to, *said; /* a piece of the plain pattern is replaced */
    } rows[] = {
        {"days = 70;", "days = 0;", ":3: this must be between 1 and"},
        {"days = 70;", "dais = 70;", ":3: the key \"dais\" is not known here"},
        {"\"2026-01-05 00:00\"", "\"monday\"", ":2: \"monday\" is not a time"},
        {"weight = 300;", "", ":7: the key \"weight\" is missing"},
        {"\"P1\"", "\"P7\"", ":8: priority is one of"},
        {"\"roads\"", "\"sea\"", ":8: where is"},
        {"lon = 112.6130", "lon = 312.6", ":12: this must be between -180"},
        {"[500,500", "[500", ":5: this must be a list of 24 numbers"},
        {"days = 70;", "days = ;", ":3: syntax error"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[2048];
        const char *at = strstr(plain, rows[i].from);
        assert_non_null(at);
        snprintf(text, sizeof text, "%.*s%s%s", (int)(at - plain), plain, rows[i].to,
                 at + strlen(rows[i].from));
        files f;
        sgp_pattern pattern;
        sgp_fault fault = {0};
        write_file(&f, text);
        if (sgp_pattern_read(f.path, &pattern, &fault) != SGP_E_CONFIG)
            fail_msg("row %zu was taken: %s", i, fault.text);
        if (!strstr(fault.text, rows[i].said))
            fail_msg("row %zu: \"%s\" does not say \"%s\"", i, fault.text, rows[i].said);
        drop_file(&f);
    }
}

static void draw(const sgp_pattern *pattern, const sgp_graph *graph, uint64_t seed,
                 int32_t demand_permille, sgp_call_list *list) {
    *list = (sgp_call_list){0};
    assert_int_equal(sgp_pattern_draw(pattern, graph, seed, demand_permille, list), SGP_OK);
}

static void test_pattern_draws_what_it_says(void **state) {
    (void)state;
    static road_town town;
    sgp_pattern pattern;
    sgp_call_list list;
    town_draw(&town);
    read_plain(&pattern);
    draw(&pattern, town.graph, 1, 1000, &list);
    /* 7,000 calls, give or take four times their root. */
    assert_in_range(list.n, 7000 - 335, 7000 + 335);
    size_t afternoon = 0, crashes = 0, west = 0;
    for (size_t i = 0; i < list.n; i++) {
        const sgp_past_call *call = &list.calls[i];
        bool late = (call->at_ms / 3600000 + 7) % 24 >= 12;
        bool crash = strcmp(call->complaint, "traffic_accident") == 0;
        assert_true(i == 0 || call->at_ms >= list.calls[i - 1].at_ms);
        assert_true(!crash || (late && call->priority == SGP_P1));
        afternoon += late;
        crashes += crash;
        west += call->point.lon_e7 < 1126070000;
    }
    assert_in_range(afternoon * 1000 / list.n, 730, 770);
    assert_in_range(crashes * 1000 / afternoon, 225, 275);
    assert_in_range(west * 1000 / list.n, 725, 775);
    sgp_call_list_free(&list);
    sgp_pattern_free(&pattern);
    town_drop(&town);
}

/* All calls of the single demand come again in the double one, at the same time and place. */
static void test_pattern_more_demand_adds_calls(void **state) {
    (void)state;
    static road_town town;
    sgp_pattern pattern;
    sgp_call_list once, twice;
    town_draw(&town);
    read_plain(&pattern);
    pattern.days = 7;
    draw(&pattern, town.graph, 5, 1000, &once);
    draw(&pattern, town.graph, 5, 2000, &twice);
    assert_in_range(twice.n, once.n * 17 / 10, once.n * 23 / 10);
    size_t at = 0;
    for (size_t i = 0; i < once.n; i++) {
        while (at < twice.n && twice.calls[at].key != once.calls[i].key)
            at++;
        assert_true(at < twice.n);
        assert_memory_equal(&twice.calls[at], &once.calls[i], sizeof once.calls[i]);
    }
    sgp_call_list_free(&once);
    sgp_call_list_free(&twice);
    sgp_pattern_free(&pattern);
    town_drop(&town);
}

static void test_pattern_fits_what_it_drew(void **state) {
    (void)state;
    static road_town town;
    sgp_pattern pattern, fitted = {.utc_offset_s = 7 * 3600}, again;
    sgp_call_list list;
    sgp_fault fault = {0};
    town_draw(&town);
    read_plain(&pattern);
    draw(&pattern, town.graph, 9, 1000, &list);
    assert_int_equal(sgp_pattern_fit(&list, 400, &fitted, &fault), SGP_OK);
    assert_in_range(fitted.calls_per_day_milli, 95000, 105000);
    int64_t early = 0, late = 0;
    for (int h = 0; h < SGP_WEEK_HOURS; h++)
        *(h % 24 < 12 ? &early : &late) += fitted.hour_permille[h];
    assert_in_range(early / 84, 450, 550);
    assert_in_range(late / 84, 1450, 1550);
    assert_int_equal(fitted.n_kinds, 2);
    for (uint32_t k = 0; k < 2; k++)
        if (strcmp(fitted.kinds[k].complaint, "traffic_accident") == 0)
            for (int h = 0; h < 12; h++)
                assert_int_equal(fitted.kinds[k].day_permille[h], 0);
    /* Written and read it is the same pattern. */
    files f;
    fitted.from_ms = pattern.from_ms;
    fitted.days = pattern.days;
    sgp_habits_default(&fitted.habits);
    fitted.habits.outcome_permille[SGP_OUTCOME_PRANK] = 12;
    fitted.habits.outcome_permille[SGP_OUTCOME_SILENT] = 30;
    write_file(&f, "");
    assert_int_equal(sgp_pattern_write(&fitted, f.path, &fault), SGP_OK);
    if (sgp_pattern_read(f.path, &again, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    assert_int_equal(again.from_ms, fitted.from_ms);
    assert_int_equal(again.n_places, fitted.n_places);
    assert_memory_equal(again.hour_permille, fitted.hour_permille, sizeof again.hour_permille);
    assert_memory_equal(again.kinds, fitted.kinds, sizeof again.kinds);
    assert_memory_equal(&again.habits, &fitted.habits, sizeof again.habits);
    drop_file(&f);
    sgp_call_list_free(&list);
    sgp_pattern_free(&again);
    sgp_pattern_free(&fitted);
    sgp_pattern_free(&pattern);
    town_drop(&town);
}

/* What history tells of people is taken, and what it does not tell stays. */
static void test_pattern_fits_outcomes_and_scenes(void **state) {
    (void)state;
    enum { N = 1000 };
    sgp_pattern fitted = {0};
    sgp_habits usual;
    sgp_call_list list = {0};
    sgp_fault fault = {0};
    sgp_habits_default(&usual);
    fitted.habits = usual;
    for (uint32_t i = 0; i < N; i++) {
        sgp_past_call call = {.key = i,
                              .at_ms = INT64_C(1767571200000) + i * INT64_C(600000),
                              .point = {1126300000, -79700000},
                              .scene_ms = 100000 + (int32_t)i * 1000,
                              .transport = i % 4 != 0,
                              .outcome = SGP_OUTCOME_SERVED};
        if (i % 10 == 0) /* and these were looked for, for a minute */
            call.outcome = SGP_OUTCOME_PRANK, call.scene_ms = 60000, call.transport = -1;
        if (i % 20 == 5)
            call.outcome = SGP_OUTCOME_SILENT, call.scene_ms = call.transport = -1;
        assert_int_equal(sgp_call_list_add(&list, &call), SGP_OK);
    }
    assert_int_equal(sgp_pattern_fit(&list, 400, &fitted, &fault), SGP_OK);
    assert_int_equal(fitted.habits.outcome_permille[SGP_OUTCOME_PRANK], 100);
    assert_int_equal(fitted.habits.outcome_permille[SGP_OUTCOME_SILENT], 50);
    assert_int_equal(fitted.habits.outcome_permille[SGP_OUTCOME_GHOST], 0);
    assert_in_range(fitted.habits.scene.ms[2], 590000, 610000);
    assert_in_range(fitted.habits.scene.ms[4], 990000, 1010000);
    assert_int_equal(fitted.habits.look.ms[0], 60000);
    assert_int_equal(fitted.habits.look.ms[6], 60000);
    assert_in_range(fitted.habits.transport_permille, 730, 770);
    assert_memory_equal(&fitted.habits.turnout, &usual.turnout, sizeof usual.turnout);
    sgp_pattern_free(&fitted);
    list.n = SGP_PATTERN_MEASURED - 1; /* too few to say anything */
    fitted = (sgp_pattern){.habits = usual};
    assert_int_equal(sgp_pattern_fit(&list, 400, &fitted, &fault), SGP_OK);
    assert_memory_equal(&fitted.habits, &usual, sizeof usual);
    sgp_pattern_free(&fitted);
    sgp_call_list_free(&list);
}

/* The scenarios that come with it: each can be read, and its surges add the calls they promise. */
static void test_pattern_scenarios_of_malang(void **state) {
    (void)state;
    static const char *const names[] = {"ordinary-week", "match-evening", "brantas-flood",
                                        "bromo-night", "kayutangan-holiday"};
    static road_town town;
    town_draw(&town); /* far away: places stay where they are drawn */
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[512];
        sgp_pattern pattern;
        sgp_fault fault = {0};
        snprintf(path, sizeof path, "%s/engine/replay/scenarios/%s.conf", SIGAP_SOURCE_DIR,
                 names[i]);
        if (sgp_pattern_read(path, &pattern, &fault) != SGP_OK)
            fail_msg("%s", fault.text);
        assert_true(pattern.title[0][0] && pattern.title[1][0] && pattern.n_places > 50);
        if (i > 0)
            assert_true(pattern.n_surges > 0 && pattern.n_spells > 0);
        for (uint32_t k = 0; k < pattern.n_kinds; k++) {
            bool known = false;
            const char *code;
            for (uint32_t n = 0; (code = sgp_complaint_code(n, NULL)) != NULL; n++)
                known = known || strcmp(code, pattern.kinds[k].complaint) == 0;
            if (!known)
                fail_msg("%s: %s is no complaint", path, pattern.kinds[k].complaint);
        }
        size_t n = 0, expected = 0;
        for (uint64_t seed = 0; seed < 20; seed++) {
            sgp_call_list list;
            draw(&pattern, town.graph, seed, 1000, &list);
            n += list.n;
            sgp_call_list_free(&list);
        }
        expected = (size_t)pattern.days * (size_t)pattern.calls_per_day_milli / 1000;
        for (uint32_t k = 0; k < pattern.n_surges; k++)
            expected += (size_t)pattern.surges[k].calls_milli / 1000;
        assert_in_range(n / 20, expected * 80 / 100, expected * 120 / 100);
        sgp_pattern_free(&pattern);
    }
    town_drop(&town);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pattern_tells_file_and_line),
        cmocka_unit_test(test_pattern_draws_what_it_says),
        cmocka_unit_test(test_pattern_more_demand_adds_calls),
        cmocka_unit_test(test_pattern_fits_what_it_drew),
        cmocka_unit_test(test_pattern_fits_outcomes_and_scenes),
        cmocka_unit_test(test_pattern_scenarios_of_malang),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
