/* Percentiles, half-widths and groups against slow and obvious ways of the same. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "replay/report_comparison.h"
#include "run_maker.h"

/* ---- percentiles ---------------------------------------------------------- */

/* The smallest value that at least `permille` of all do not exceed, by looking at all. */
static int64_t slow_percentile(const int64_t *ms, size_t n, uint32_t permille) {
    int64_t best = INT64_MAX;
    for (size_t i = 0; i < n; i++) {
        size_t within = 0;
        for (size_t j = 0; j < n; j++)
            within += ms[j] <= ms[i];
        if (within * 1000 >= n * permille && ms[i] < best)
            best = ms[i];
    }
    return best;
}

static int ascending(const void *left, const void *right) {
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return a < b ? -1 : a > b;
}

static void test_statistics_percentiles_equal_counting(void **state) {
    (void)state;
    uint64_t random = 11;
    for (int round = 0; round < 2000; round++) {
        int64_t ms[60], sorted[60];
        size_t n = 1 + sgp_random_below(&random, 60);
        uint64_t range = 1 + sgp_random_below(&random, 40); /* often equal values */
        double sum = 0;
        for (size_t i = 0; i < n; i++)
            sum += (double)(sorted[i] = ms[i] = (int64_t)sgp_random_below(&random, range));
        qsort(sorted, n, sizeof *sorted, ascending);
        for (uint32_t permille = 1; permille <= 1000; permille += 7)
            assert_int_equal(sgp_percentile(sorted, n, permille), slow_percentile(ms, n, permille));
        sgp_spread spread = sgp_spread_of_sorted(sorted, n);
        assert_int_equal(spread.p50_ms, slow_percentile(ms, n, 500));
        assert_int_equal(spread.p90_ms, slow_percentile(ms, n, 900));
        assert_int_equal(spread.p95_ms, slow_percentile(ms, n, 950));
        assert_int_equal(spread.max_ms, slow_percentile(ms, n, 1000));
        assert_true(fabs(spread.mean_ms - sum / (double)n) < 1e-9);
    }
}

/* ---- Student's t ---------------------------------------------------------- */

/* The same share by adding up the density in small steps (Simpson). */
static double slow_student_within(double t, uint32_t degrees) {
    double factor = exp(lgamma((degrees + 1) / 2.0) - lgamma(degrees / 2.0)) / sqrt(degrees * M_PI);
    enum { STEPS = 20000 };
    double step = t / STEPS, sum = 0;
    for (int i = 0; i <= STEPS; i++) {
        double x = i * step, density = factor * pow(1 + x * x / degrees, -(degrees + 1.0) / 2);
        sum += density * (i == 0 || i == STEPS ? 1 : i % 2 == 1 ? 4 : 2);
    }
    return 2 * sum * step / 3;
}

static void test_statistics_student_equals_integration(void **state) {
    (void)state;
    static const double ts[] = {0.1, 0.7, 1.3, 2.0, 2.8, 4.5, 12.7};
    for (uint32_t degrees = 1; degrees <= 60; degrees++) {
        for (size_t i = 0; i < sizeof ts / sizeof ts[0]; i++) {
            double slow = slow_student_within(ts[i], degrees);
            if (fabs(sgp_student_within(ts[i], degrees) - slow) > 1e-7)
                fail_msg("%u degrees, t %g: %.9f instead of %.9f", (unsigned)degrees, ts[i],
                         sgp_student_within(ts[i], degrees), slow);
        }
        assert_true(fabs(slow_student_within(sgp_student_95(degrees), degrees) - 0.95) < 1e-7);
    }
    /* As printed in every table. */
    static const struct {
        uint32_t degrees;
        double t;
    } printed[] = {{1, 12.706}, {2, 4.303}, {4, 2.776}, {9, 2.262}, {19, 2.093}, {100, 1.984}};
    for (size_t i = 0; i < sizeof printed / sizeof printed[0]; i++)
        assert_true(fabs(sgp_student_95(printed[i].degrees) - printed[i].t) < 0.0006);
}

/* Out of many intervals over few replications about 95 % hold the truth. */
static void test_statistics_half_width_covers_the_truth(void **state) {
    (void)state;
    uint64_t random = 5;
    int covered = 0;
    enum { TRIALS = 20000, REPLICATIONS = 5 };
    for (int trial = 0; trial < TRIALS; trial++) {
        double values[REPLICATIONS];
        for (int i = 0; i < REPLICATIONS; i++) {
            /* The sum of twelve even numbers is as good as normal; the truth is 6. */
            values[i] = 0;
            for (int k = 0; k < 12; k++)
                values[i] += (double)(sgp_random_next(&random) >> 11) * 0x1p-53;
        }
        sgp_estimate estimate = sgp_estimate_of(values, REPLICATIONS);
        covered += fabs(estimate.mean - 6) <= estimate.half_width;
    }
    /* Four standard deviations of a fair count around 19,000. */
    assert_in_range(covered, 19000 - 124, 19000 + 124);
}

static void test_statistics_estimates(void **state) {
    (void)state;
    double left[] = {10, NAN, 14, 12}, right[] = {1, 2, 4, 3};
    sgp_estimate estimate = sgp_estimate_of(left, 4);
    assert_int_equal(estimate.n, 3);
    assert_true(fabs(estimate.mean - 12) < 1e-12);
    assert_true(fabs(estimate.half_width - 4.303 * 2 / sqrt(3)) < 0.001);
    estimate = sgp_estimate_of_differences(left, right, 4); /* 9, -, 10, 9 */
    assert_int_equal(estimate.n, 3);
    assert_true(fabs(estimate.mean - 28.0 / 3) < 1e-12);
    assert_true(fabs(estimate.half_width - 4.303 * sqrt(1.0 / 3) / sqrt(3)) < 0.001);
    estimate = sgp_estimate_of(left, 1);
    assert_int_equal(estimate.n, 1);
    assert_true(isnan(estimate.half_width));
    assert_int_equal(sgp_estimate_of(left, 0).n, 0);
}

/* ---- groups --------------------------------------------------------------- */

static bool in_group(const sgp_run *run, uint32_t i, uint32_t leading, const sgp_group *group) {
    const sgp_run_incident *row = &run->incidents[i];
    char text[SGP_NAME_BYTES] = "", within[SGP_NAME_BYTES] = "";
    const sgp_run_district *district =
        row->district == SGP_RUN_NONE ? NULL : &run->districts[row->district];
    switch (group->grouping) {
    case SGP_GROUP_ALL:
        return true;
    case SGP_GROUP_PRIORITY:
        snprintf(text, sizeof text, "P%d", (int)row->priority);
        break;
    case SGP_GROUP_HOUR:
        snprintf(text, sizeof text, "%02d",
                 (int)((row->answered_at_ms - run->from_ms) / 3600000 % 24));
        break;
    case SGP_GROUP_STATION:
        if (leading != SGP_RUN_NONE) {
            uint32_t station = run->units[run->jobs[leading].unit].station;
            if (station != SGP_RUN_NONE)
                snprintf(text, sizeof text, "%s", run->stations[station].name);
        }
        break;
    case SGP_GROUP_KECAMATAN:
        snprintf(text, sizeof text, "%s", district ? district->kecamatan : "");
        snprintf(within, sizeof within, "%s", district ? district->kabupaten : "");
        break;
    case SGP_GROUP_TRANSFER:
        snprintf(text, sizeof text, "%s", run->hospitals[run->transfers[row->transfer].from].name);
        break;
    case SGP_GROUP_HOSPITAL: {
        const sgp_run_job *first = NULL;
        for (uint32_t j = 0; j < run->n_jobs; j++)
            if (run->jobs[j].incident == i && run->jobs[j].at_ms[SGP_ASSIGNMENT_TRANSPORTING] > 0 &&
                (first == NULL || run->jobs[j].at_ms[SGP_ASSIGNMENT_TRANSPORTING] <
                                      first->at_ms[SGP_ASSIGNMENT_TRANSPORTING]))
                first = &run->jobs[j];
        if (first != NULL && first->hospital != SGP_RUN_NONE)
            snprintf(text, sizeof text, "%s", run->hospitals[first->hospital].name);
        break;
    }
    default:
        snprintf(text, sizeof text, "%s", district ? district->kelurahan : "");
        snprintf(within, sizeof within, "%s", district ? district->kecamatan : "");
    }
    return strcmp(text, group->name) == 0 && strcmp(within, group->within) == 0;
}

/* The job that came first, or was ordered first where nobody came: by looking at all jobs. */
static uint32_t slow_leading(const sgp_run *run, uint32_t i, bool *came) {
    uint32_t best = SGP_RUN_NONE;
    for (int pass = 0; pass < 2 && best == SGP_RUN_NONE; pass++) {
        int s = pass == 0 ? SGP_ASSIGNMENT_ON_SCENE : SGP_ASSIGNMENT_ORDERED;
        for (uint32_t j = 0; j < run->n_jobs; j++) {
            const sgp_run_job *job = &run->jobs[j];
            if (job->incident == i && job->at_ms[s] > 0 &&
                (best == SGP_RUN_NONE || job->at_ms[s] < run->jobs[best].at_ms[s]))
                best = j;
        }
        *came = pass == 0;
    }
    return best;
}

/* Transfers are by themselves, but for the hospital that their patients came to. */
static bool may_be_in(bool is_transfer, sgp_grouping grouping) {
    return grouping == SGP_GROUP_HOSPITAL || is_transfer == (grouping == SGP_GROUP_TRANSFER);
}

static void check_group(const sgp_run *run, const uint32_t *leading, const bool *came,
                        const sgp_group *group) {
    uint32_t n = 0, reached = 0, counted = 0, in_time = 0;
    size_t n_ms = 0, n_travel = 0, n_late = 0;
    int64_t *late_ms = malloc(run->n_incidents * sizeof *late_ms);
    int64_t *response_ms = malloc(run->n_incidents * sizeof *response_ms);
    int64_t *travel_ms = malloc(run->n_incidents * sizeof *travel_ms);
    for (uint32_t i = 0; i < run->n_incidents; i++) {
        const sgp_run_incident *row = &run->incidents[i];
        bool is_transfer = row->transfer != SGP_RUN_NONE;
        if (!may_be_in(is_transfer, group->grouping) || !in_group(run, i, leading[i], group))
            continue;
        if (is_transfer && came[i]) {
            const int64_t *at_ms = run->jobs[leading[i]].at_ms;
            int64_t ms = at_ms[SGP_ASSIGNMENT_ON_SCENE] - row->answered_at_ms - 600000;
            late_ms[n_late++] = ms > 0 ? ms : 0;
            travel_ms[n_travel++] = at_ms[SGP_ASSIGNMENT_ON_SCENE] - at_ms[SGP_ASSIGNMENT_EN_ROUTE];
        }
        if (is_transfer) {
            n++;
            reached += came[i];
            continue;
        }
        int64_t target_ms = run->target_ms[row->priority];
        n++;
        if (came[i]) {
            const int64_t *at_ms = run->jobs[leading[i]].at_ms;
            int64_t ms = at_ms[SGP_ASSIGNMENT_ON_SCENE] - row->answered_at_ms;
            travel_ms[n_travel++] = at_ms[SGP_ASSIGNMENT_ON_SCENE] - at_ms[SGP_ASSIGNMENT_EN_ROUTE];
            response_ms[n_ms++] = ms;
            reached++;
            counted += target_ms > 0;
            in_time += target_ms > 0 && ms <= target_ms;
        } else if (target_ms > 0 && row->outcome != SGP_OUTCOME_PRANK) {
            int64_t end_ms = row->closed_at_ms > 0 ? row->closed_at_ms : run->until_ms;
            counted += end_ms - row->answered_at_ms > target_ms;
        }
    }
    assert_int_equal(group->n_incidents, n);
    assert_int_equal(group->n_reached, reached);
    assert_int_equal(group->n_counted, counted);
    assert_int_equal(group->n_in_time, in_time);
    const sgp_spread *response = &group->spread[SGP_INTERVAL_RESPONSE];
    const sgp_spread *travel = &group->spread[SGP_INTERVAL_TRAVEL];
    assert_int_equal(response->n, n_ms);
    assert_int_equal(travel->n, n_travel);
    assert_int_equal(group->spread[SGP_INTERVAL_LATE].n, n_late);
    if (n_late > 0)
        assert_int_equal(group->spread[SGP_INTERVAL_LATE].p90_ms,
                         slow_percentile(late_ms, n_late, 900));
    free(late_ms);
    if (n_ms > 0) {
        assert_int_equal(response->p50_ms, slow_percentile(response_ms, n_ms, 500));
        assert_int_equal(response->p90_ms, slow_percentile(response_ms, n_ms, 900));
        assert_int_equal(response->p95_ms, slow_percentile(response_ms, n_ms, 950));
        assert_int_equal(travel->p90_ms, slow_percentile(travel_ms, n_travel, 900));
    }
    free(response_ms);
    free(travel_ms);
}

static void test_statistics_groups_equal_looking_at_all(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 6; seed++) {
        sgp_run run;
        make_run(
            &run,
            &(run_made){.seed = seed, .n_incidents = 300, .policy = "closest", .transfers = true});
        sgp_summary summary;
        sgp_fault fault = {0};
        if (sgp_summary_make(&run, &summary, &fault) != SGP_OK)
            fail_msg("%s", fault.text);
        uint32_t *leading = malloc(run.n_incidents * sizeof *leading);
        bool *came = malloc(run.n_incidents * sizeof *came);
        for (uint32_t i = 0; i < run.n_incidents; i++)
            leading[i] = slow_leading(&run, i, &came[i]);
        uint32_t members[SGP_GROUPINGS] = {0}, seen = 0;
        for (uint32_t g = 0; g < summary.n_groups; g++) {
            check_group(&run, leading, came, &summary.groups[g]);
            members[summary.groups[g].grouping] += summary.groups[g].n_incidents;
            seen |= 1u << summary.groups[g].grouping;
        }
        /* Each incident is in one group of each kind that it may be in. */
        for (int k = 0; k < SGP_GROUPINGS; k++)
            assert_int_equal(members[k], k == SGP_GROUP_HOSPITAL ? run.n_incidents
                                         : k == SGP_GROUP_TRANSFER
                                             ? run.n_transfers
                                             : run.n_incidents - run.n_transfers);
        assert_true(run.n_transfers > 20);
        assert_int_equal(seen, (1u << SGP_GROUPINGS) - 1);
        free(leading);
        free(came);
        sgp_summary_free(&summary);
        sgp_run_free(&run);
    }
}

static void test_statistics_unit_use(void **state) {
    (void)state;
    sgp_run run;
    make_run(&run, &(run_made){.seed = 3, .n_incidents = 200, .policy = "closest"});
    sgp_summary summary;
    assert_int_equal(sgp_summary_make(&run, &summary, NULL), SGP_OK);
    double duty = 0, busy = 0;
    for (uint32_t u = 0; u < run.n_units; u++) {
        if (run.units[u].kind != SGP_UNIT_AMBULANCE_BASIC)
            continue;
        duty += (double)run.units[u].duty_ms;
        for (uint32_t j = 0; j < run.n_jobs; j++) {
            const sgp_run_job *job = &run.jobs[j];
            if (job->unit != u || job->ended == SGP_ASSIGNMENT_DECLINED ||
                job->ended == SGP_ASSIGNMENT_TIMED_OUT)
                continue;
            int64_t end_ms = job->at_ms[job->ended];
            busy += (double)((end_ms < run.until_ms ? end_ms : run.until_ms) -
                             job->at_ms[SGP_ASSIGNMENT_ORDERED]);
        }
    }
    assert_true(fabs(sgp_summary_use(&summary, NULL) - busy / duty) < 1e-12);
    assert_true(isnan(sgp_summary_use(&summary, "no such station")));
    sgp_summary_free(&summary);
    sgp_run_free(&run);
}

/* ---- comparison ----------------------------------------------------------- */

enum { REPLICATIONS = 8 };

static void fill(sgp_comparison *comparison, const char *policy, int32_t skill, uint32_t skip) {
    for (uint32_t r = 0; r < REPLICATIONS; r++) {
        if (r == skip)
            continue;
        sgp_run run;
        make_run(&run, &(run_made){.seed = 100 + r,
                                   .n_incidents = 120,
                                   .replication = REPLICATIONS - r, /* added in disorder */
                                   .skill = skill,
                                   .policy = policy});
        run.until_ms = run.from_ms + INT64_C(86400000) * 30;
        sgp_fault fault = {0};
        if (sgp_comparison_add_run(comparison, &run, &fault) != SGP_OK)
            fail_msg("%s", fault.text);
        sgp_run_free(&run);
    }
}

static void test_comparison_finds_what_the_policy_did(void **state) {
    (void)state;
    sgp_comparison comparison = {0};
    fill(&comparison, "closest", 0, REPLICATIONS);
    fill(&comparison, "joint", 30, 2);
    assert_int_equal(comparison.n_policies, 2);
    assert_int_equal(comparison.policies[1].n_runs, REPLICATIONS - 1);
    sgp_cell cell = {.measure = SGP_MEASURE_MEAN, .interval = SGP_INTERVAL_TRAVEL};
    sgp_estimate own = sgp_comparison_estimate(&comparison, 0, &cell);
    assert_int_equal(own.n, REPLICATIONS);
    /* Every journey is 30 s shorter: the paired difference says so, much surer than either. */
    sgp_estimate difference = sgp_comparison_difference(&comparison, 1, 0, &cell);
    assert_int_equal(difference.n, REPLICATIONS - 1);
    assert_true(fabs(difference.mean + 30000) < 600);
    assert_true(difference.half_width * 10 < own.half_width);
    sgp_estimate reversed = sgp_comparison_difference(&comparison, 0, 1, &cell);
    assert_true(fabs(difference.mean + reversed.mean) < 1e-6);

    sgp_call_pairs pairs = sgp_comparison_calls(&comparison, 1, 0, SGP_PRIORITY_UNKNOWN);
    assert_int_equal(pairs.n, (REPLICATIONS - 1) * 120);
    assert_int_equal(pairs.earlier + pairs.later + pairs.equal + pairs.reached_only +
                         pairs.missed_only + pairs.neither,
                     pairs.n);
    assert_true(pairs.earlier > pairs.n / 2);
    assert_int_equal(pairs.reached_only + pairs.missed_only, 0);
    uint64_t by_priority = 0;
    for (int p = SGP_P1; p < SGP_PRIORITIES; p++)
        by_priority += sgp_comparison_calls(&comparison, 1, 0, (sgp_priority)p).n;
    assert_int_equal(by_priority, pairs.n);
    sgp_comparison_free(&comparison);
}

static void test_comparison_refuses_what_does_not_fit(void **state) {
    (void)state;
    sgp_comparison comparison = {0};
    sgp_run run;
    sgp_fault fault = {0};
    make_run(&run, &(run_made){.seed = 1, .n_incidents = 20, .policy = "closest"});
    assert_int_equal(sgp_comparison_add_run(&comparison, &run, &fault), SGP_OK);
    assert_int_equal(sgp_comparison_add_run(&comparison, &run, &fault), SGP_E_MISMATCH);
    assert_non_null(strstr(fault.text, "is there already"));
    run.replication = 1;
    run.until_ms++;
    assert_int_equal(sgp_comparison_add_run(&comparison, &run, &fault), SGP_E_MISMATCH);
    assert_non_null(strstr(fault.text, "another time"));
    run.until_ms--;
    for (int i = 1; i < SGP_COMPARED_POLICIES_MAX; i++) {
        snprintf(run.policy, sizeof run.policy, "policy %d", i);
        assert_int_equal(sgp_comparison_add_run(&comparison, &run, &fault), SGP_OK);
    }
    snprintf(run.policy, sizeof run.policy, "one more");
    assert_int_equal(sgp_comparison_add_run(&comparison, &run, &fault), SGP_E_FULL);
    sgp_comparison_free(&comparison);
    sgp_run_free(&run);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_statistics_percentiles_equal_counting),
        cmocka_unit_test(test_statistics_student_equals_integration),
        cmocka_unit_test(test_statistics_half_width_covers_the_truth),
        cmocka_unit_test(test_statistics_estimates),
        cmocka_unit_test(test_statistics_groups_equal_looking_at_all),
        cmocka_unit_test(test_statistics_unit_use),
        cmocka_unit_test(test_comparison_finds_what_the_policy_did),
        cmocka_unit_test(test_comparison_refuses_what_does_not_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
