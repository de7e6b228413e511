/* Scenarios of the demo: what is read, what is refused and how, what is made up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "apps/scenario.h"

static sgp_scenario scenario;

static sgp_err parse(const char *text, sgp_fault *fault) {
    return sgp_scenario_parse("kecil.demo", text, strlen(text), &scenario, fault);
}

static void test_scenario_reads_every_kind_of_step(void **state) {
    (void)state;
    sgp_fault fault = {0};
    assert_int_equal(parse("# komentar\n"
                           "title Malam minggu\n"
                           "decline PSC-01 \"ban kempes\"\n"
                           "00:05 call A at \"Jl. Ijen 25\" complaint stroke priority P2 near "
                           "112.62,-7.97 # di sini\n"
                           "\n"
                           "00:05 call B point 112.63,-7.98 complaint fall note \"nenek jatuh\"\n"
                           "00:09 call C same A\n"
                           "01:00 link B A\n"
                           "02:00 answer A conscious no\n"
                           "02:30 cancel A \"tidak jadi\"\n",
                           &fault),
                     SGP_OK);
    assert_string_equal(scenario.title, "Malam minggu");
    assert_int_equal(scenario.n_steps, 6);
    assert_int_equal(sgp_scenario_calls(&scenario), 3);
    assert_int_equal(sgp_scenario_end_ms(&scenario), 150000);
    assert_string_equal(scenario.steps[0].at, "Jl. Ijen 25");
    assert_int_equal(scenario.steps[0].priority, 2);
    assert_true(scenario.steps[0].has_near && !scenario.steps[0].has_point);
    assert_true(scenario.steps[1].has_point);
    assert_int_equal(scenario.steps[1].point.lon_e7, 1126300000);
    assert_string_equal(scenario.steps[2].other, "A");
    assert_int_equal(scenario.steps[3].kind, SGP_SCENARIO_LINK);
    assert_int_equal(scenario.steps[4].kind, SGP_SCENARIO_ANSWER);
    assert_string_equal(scenario.steps[4].question, "conscious");
    assert_string_equal(scenario.steps[4].text, "no");
    assert_string_equal(scenario.steps[5].text, "tidak jadi");
    assert_string_equal(scenario.declines[0].unit, "PSC-01");
}

static void test_scenario_says_what_is_wrong_where(void **state) {
    (void)state;
    static const struct {
        const char *text, *part;
    } rows[] = {
        {"", "holds no call"},
        {"# nothing\n", "holds no call"},
        {"00:05 call A at x complaint fall\n00:04 call B at y complaint fall\n",
         "line 2: this is earlier"},
        {"00:61 call A at x complaint fall\n", "line 1: expected title"},
        {"0:5x call A at x complaint fall\n", "expected title"},
        {"00:05 call A at \"x complaint fall\n", "quotation mark"},
        {"00:05 call A complaint fall\n", "needs `at` or `point`"},
        {"00:05 call A at x\n", "needs a complaint"},
        {"00:05 call A at x complaint fall colour red\n", "a call has no 'colour'"},
        {"00:05 call A at x complaint\n", "nothing follows 'complaint'"},
        {"00:05 call A at x complaint fall priority P5\n", "'P5'"},
        {"00:05 call A point 999,1 complaint fall\n", "line 1"},
        {"00:05 call A at x complaint fall\n00:06 call A at x complaint fall\n",
         "two calls are named 'A'"},
        {"00:05 link A B\n", "no earlier call is named 'A'"},
        {"00:05 call A at x complaint fall\n00:06 cancel A\n", "expected call NAME"},
        {"00:05 answer A conscious no\n", "no earlier call is named 'A'"},
        {"00:05 call A at x complaint fall\n00:06 answer A conscious\n", "answer NAME QUESTION"},
        {"decline PSC-01\n", "expected decline"},
        {"00:05 call A at x complaint this_code_is_far_too_long_for_us\n",
         "complaint is empty or too long"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sgp_fault fault = {0};
        assert_int_equal(parse(rows[i].text, &fault), SGP_E_FORMAT);
        if (strstr(fault.text, rows[i].part) == NULL)
            fail_msg("row %zu: \"%s\" lacks \"%s\"", i, fault.text, rows[i].part);
    }
    sgp_fault fault = {0};
    assert_int_equal(sgp_scenario_parse("x", "a\0b\n", 4, &scenario, &fault), SGP_E_FORMAT);
    assert_int_equal(sgp_scenario_read("/nonexistent/x.demo", &scenario, &fault), SGP_E_IO);
}

static void test_scenario_of_malang_is_a_full_quarter_of_an_hour(void **state) {
    (void)state;
    sgp_fault fault = {0};
    sgp_err err =
        sgp_scenario_read(SIGAP_SOURCE_DIR "/gis/malang/quarter-hour.demo", &scenario, &fault);
    if (err != SGP_OK)
        fail_msg("%s", fault.text);
    assert_true(sgp_scenario_calls(&scenario) >= 14);
    assert_true(sgp_scenario_end_ms(&scenario) <= 15 * 60000);
    assert_true(scenario.n_declines >= 1);
    unsigned links = 0, cancels = 0;
    for (size_t i = 0; i < scenario.n_steps; i++) {
        links += scenario.steps[i].kind == SGP_SCENARIO_LINK;
        cancels += scenario.steps[i].kind == SGP_SCENARIO_CANCEL;
    }
    assert_int_equal(links, 1);
    assert_int_equal(cancels, 1);
}

static void test_scenario_is_made_for_any_city(void **state) {
    (void)state;
    sgp_fault fault = {0};
    sgp_place places[3] = {{.label = "Rua Augusta 5", .point = {1, 2}},
                           {.label = "Hospital", .point = {3, 4}},
                           {.label = "", .point = {5, 6}}};
    sgp_point station = {7, 8};
    assert_int_equal(sgp_scenario_generate(places, 3, "A01", &station, "porto", 5, SGP_ENGLISH,
                                           &scenario, &fault),
                     SGP_OK);
    assert_true(sgp_scenario_calls(&scenario) >= 14);
    assert_string_equal(scenario.declines[0].unit, "A01");
    assert_true(sgp_point_equal(scenario.steps[0].point, station));
    int64_t before_ms = 0;
    for (size_t i = 0; i < scenario.n_steps; i++) {
        const sgp_scenario_step *step = &scenario.steps[i];
        assert_true(step->at_ms >= before_ms);
        before_ms = step->at_ms;
        if (step->kind == SGP_SCENARIO_CALL)
            assert_true(step->at[0] != '\0' || step->has_point);
    }
    static sgp_scenario again;
    assert_int_equal(
        sgp_scenario_generate(places, 3, "A01", &station, "porto", 5, SGP_ENGLISH, &again, &fault),
        SGP_OK);
    assert_memory_equal(&again, &scenario, sizeof again);
    /* One place is enough, none is not. */
    assert_int_equal(
        sgp_scenario_generate(places, 1, NULL, NULL, "x", 5, SGP_INDONESIAN, &scenario, &fault),
        SGP_OK);
    assert_int_equal(scenario.n_declines, 0);
    assert_int_equal(
        sgp_scenario_generate(places, 0, NULL, NULL, "x", 5, SGP_INDONESIAN, &scenario, &fault),
        SGP_E_NOT_FOUND);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scenario_reads_every_kind_of_step),
        cmocka_unit_test(test_scenario_says_what_is_wrong_where),
        cmocka_unit_test(test_scenario_of_malang_is_a_full_quarter_of_an_hour),
        cmocka_unit_test(test_scenario_is_made_for_any_city),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
