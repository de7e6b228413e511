/* A run's table: rows keep their places, and a table that contradicts itself is named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "replay/outcome.h"

static sgp_run_job *add_job(sgp_run *run, uint32_t incident, uint32_t unit, int64_t from_ms,
                            int64_t until_ms) {
    sgp_run_job *job;
    assert_int_equal(sgp_run_add_job(run, &job), SGP_OK);
    job->incident = incident;
    job->unit = unit;
    job->ended = SGP_ASSIGNMENT_CLOSED;
    job->at_ms[SGP_ASSIGNMENT_ORDERED] = from_ms;
    job->at_ms[SGP_ASSIGNMENT_CLOSED] = until_ms;
    return job;
}

/* Two units, three incidents, nothing wrong. */
static void small_run(sgp_run *run) {
    *run = (sgp_run){0};
    uint32_t station, district;
    assert_int_equal(sgp_run_find_station(run, "Rajasa", (sgp_point){0}, &station), SGP_OK);
    assert_int_equal(sgp_run_find_district(run, "Bareng", "Klojen", "Malang", &district), SGP_OK);
    for (int i = 0; i < 2; i++) {
        sgp_run_unit *unit;
        assert_int_equal(sgp_run_add_unit(run, &unit), SGP_OK);
        assert_int_equal(unit->station, SGP_RUN_NONE);
        unit->station = station;
        unit->code[0] = (char)('A' + i);
    }
    for (int i = 0; i < 3; i++) {
        sgp_run_incident *incident;
        assert_int_equal(sgp_run_add_incident(run, &incident), SGP_OK);
        incident->id = (sgp_id)i + 1;
        incident->district = district;
        incident->answered_at_ms = 1000 + i * 100;
    }
    add_job(run, 0, 0, 1000, 2000);
    add_job(run, 1, 1, 1200, 1300);
    add_job(run, 2, 1, 1300, 1400);
}

static void test_outcome_good_run_passes(void **state) {
    (void)state;
    sgp_run run;
    small_run(&run);
    sgp_fault fault = {0};
    assert_int_equal(sgp_run_check(&run, &fault), SGP_OK);
    sgp_run_clear_calls(&run);
    assert_int_equal(run.n_incidents, 0);
    assert_int_equal(run.n_units, 2);
    assert_int_equal(sgp_run_check(&run, &fault), SGP_OK);
    sgp_run_free(&run);
    assert_null(run.incidents);
}

static void expect_fault(sgp_run *run, const char *part) {
    sgp_fault fault = {0};
    assert_int_equal(sgp_run_check(run, &fault), SGP_E_MISMATCH);
    if (strstr(fault.text, part) == NULL)
        fail_msg("'%s' does not say '%s'", fault.text, part);
    sgp_run_free(run);
}

static void test_outcome_contradictions_are_named(void **state) {
    (void)state;
    sgp_run run;
    small_run(&run);
    run.jobs[2].at_ms[SGP_ASSIGNMENT_ORDERED] = 1299;
    expect_fault(&run, "unit B is on incidents 2 and 3");
    small_run(&run);
    run.jobs[0].ended = SGP_ASSIGNMENT_TRANSPORTING; /* never freed, and ordered again */
    run.jobs[0].at_ms[SGP_ASSIGNMENT_TRANSPORTING] = 1500;
    run.jobs[0].at_ms[SGP_ASSIGNMENT_CLOSED] = 0;
    run.jobs[2].unit = 0;
    expect_fault(&run, "unit A is on incidents 1 and 3");
    small_run(&run);
    run.jobs[0].at_ms[SGP_ASSIGNMENT_ON_SCENE] = 3000;
    expect_fault(&run, "job 0 goes backwards");
    small_run(&run);
    run.jobs[1].unit = 2;
    expect_fault(&run, "job 1 names a unit");
    small_run(&run);
    run.incidents[1].district = 1;
    expect_fault(&run, "incident 2 (row 1) names a district");
    small_run(&run);
    run.incidents[2].answered_at_ms = 1050;
    expect_fault(&run, "incident 3 (row 2) was answered before");
    small_run(&run);
    run.incidents[2].n_candidates = 1;
    expect_fault(&run, "candidates");
}

static void test_outcome_places_are_found_again(void **state) {
    (void)state;
    sgp_run run = {0};
    char name[32];
    for (int round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < 100; i++) {
            uint32_t index;
            snprintf(name, sizeof name, "station %u", (unsigned)i);
            assert_int_equal(sgp_run_find_station(&run, name, (sgp_point){0}, &index), SGP_OK);
            assert_int_equal(index, i);
            assert_int_equal(sgp_run_find_district(&run, name, "x", "y", &index), SGP_OK);
            assert_int_equal(index, i);
        }
    }
    assert_int_equal(run.n_stations, 100);
    assert_int_equal(run.n_districts, 100);
    sgp_run_free(&run);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_outcome_good_run_passes),
        cmocka_unit_test(test_outcome_contradictions_are_named),
        cmocka_unit_test(test_outcome_places_are_found_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
