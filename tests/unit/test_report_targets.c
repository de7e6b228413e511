/* Targets against times that can be reckoned in the head. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "replay/report_targets.h"

enum { CALLS = 5 };

/* Call i is answered at 10 min x i, ordered 30 s x i later, reached a minute after that, and the
 * patient is handed over and the unit free after 20 min; the last one nobody comes to. */
static void make(sgp_run *run) {
    *run = (sgp_run){.until_ms = 100000000, .from_ms = 1};
    sgp_run_unit *unit;
    assert_int_equal(sgp_run_add_unit(run, &unit), SGP_OK);
    for (uint32_t i = 0; i < CALLS; i++) {
        sgp_run_incident *incident;
        sgp_run_job *job;
        assert_int_equal(sgp_run_add_incident(run, &incident), SGP_OK);
        incident->priority = i == 3 ? SGP_P3 : SGP_P1;
        incident->answered_at_ms = 1000 + i * INT64_C(3600000);
        incident->placed_at_ms = incident->answered_at_ms;
        incident->outcome = SGP_OUTCOME_SERVED;
        incident->closed_at_ms = incident->answered_at_ms + 3000000;
        if (i == CALLS - 1)
            continue;
        assert_int_equal(sgp_run_add_job(run, &job), SGP_OK);
        job->incident = i;
        job->unit = 0;
        job->ended = SGP_ASSIGNMENT_CLOSED;
        int64_t ordered_ms = incident->answered_at_ms + 30000 * i;
        job->at_ms[SGP_ASSIGNMENT_ORDERED] = ordered_ms;
        job->at_ms[SGP_ASSIGNMENT_EN_ROUTE] = ordered_ms + 20000;
        job->at_ms[SGP_ASSIGNMENT_ON_SCENE] = ordered_ms + 60000;
        job->at_ms[SGP_ASSIGNMENT_TRANSPORTING] = ordered_ms + 300000;
        job->at_ms[SGP_ASSIGNMENT_AT_HOSPITAL] = ordered_ms + 600000;
        job->at_ms[SGP_ASSIGNMENT_CLOSED] = ordered_ms + 1200000;
    }
}

static void test_targets_are_counted(void **state) {
    (void)state;
    enum { P1 = 1u << SGP_P1, P3 = 1u << SGP_P3 };
    static const struct {
        sgp_moment from, to;
        uint32_t priorities;
        int32_t within_ms, share_permille;
        uint32_t n_counted, n_within;
        double reached;
        bool met;
    } rows[] = {
        /* answer -> order: 0, 30, 60 s, and one in vain */
        {SGP_MOMENT_ANSWER, SGP_MOMENT_ORDER, P1, 30000, 500, 4, 2, 0.5, true},
        {SGP_MOMENT_ANSWER, SGP_MOMENT_ORDER, P1, 29999, 500, 4, 1, 0.25, false},
        {SGP_MOMENT_ANSWER, SGP_MOMENT_ORDER, P3, 90000, 900, 1, 1, 1, true},
        /* a mean knows only those that came to it */
        {SGP_MOMENT_ANSWER, SGP_MOMENT_ORDER, P1, 30000, 0, 4, 2, 30000, true},
        {SGP_MOMENT_ANSWER, SGP_MOMENT_ON_SCENE, P1, 80000, 0, 4, 1, 90000, false},
        {SGP_MOMENT_ORDER, SGP_MOMENT_EN_ROUTE, P1 | P3, 20000, 900, 4, 4, 1, true},
        {SGP_MOMENT_HOSPITAL, SGP_MOMENT_FREE, P1 | P3, 599999, 900, 4, 0, 0, false},
        {SGP_MOMENT_LEAVING, SGP_MOMENT_HOSPITAL, P1 | P3, 300000, 900, 4, 4, 1, true},
        {SGP_MOMENT_RING, SGP_MOMENT_ANSWER, P1 | P3, 10000, 900, 0, 0, NAN, false},
    };
    sgp_run run;
    make(&run);
    sgp_incident_view views[CALLS];
    sgp_target_tally tallies[SGP_TARGETS_MAX];
    run.n_targets = sizeof rows / sizeof rows[0];
    for (uint32_t t = 0; t < run.n_targets; t++)
        run.targets[t] = (sgp_target){.from = rows[t].from,
                                      .to = rows[t].to,
                                      .priorities = rows[t].priorities,
                                      .within_ms = rows[t].within_ms,
                                      .share_permille = rows[t].share_permille};
    sgp_incident_views(&run, views);
    sgp_target_tallies(&run, views, tallies);
    for (uint32_t t = 0; t < run.n_targets; t++) {
        double reached = sgp_target_reached(&run.targets[t], &tallies[t]);
        if (tallies[t].n_counted != rows[t].n_counted || tallies[t].n_within != rows[t].n_within ||
            !(reached == rows[t].reached || (isnan(reached) && isnan(rows[t].reached))) ||
            sgp_target_is_met(&run.targets[t], reached) != rows[t].met)
            fail_msg("row %u: %u of %u, %g", (unsigned)t, (unsigned)tallies[t].n_within,
                     (unsigned)tallies[t].n_counted, reached);
    }
    sgp_run_free(&run);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_targets_are_counted)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
