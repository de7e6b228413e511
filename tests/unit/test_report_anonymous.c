/* What the anonymous export promises, checked on what it wrote, and the export itself against a
 * slow and obvious way of the same. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "replay/anonymous_details.h"
#include "replay/call_list.h"
#include "replay/report_anonymous.h"
#include "run_maker.h"

typedef struct lines {
    char *text;
    char **line; /* without the heading */
    size_t n;
} lines;

static lines export(const sgp_run *run, uint32_t k, uint32_t diverse, sgp_anonymous_count *count) {
    lines l = {0};
    size_t length;
    FILE *out = open_memstream(&l.text, &length);
    sgp_fault fault = {0};
    if (sgp_anonymous_calls(run, &(sgp_anonymous_options){k, diverse}, out, count, &fault) !=
        SGP_OK)
        fail_msg("%s", fault.text);
    fclose(out);
    l.line = calloc(length + 1, sizeof *l.line);
    char *rest = strchr(l.text, '\n') + 1;
    for (char *line; (line = strsep(&rest, "\n")) != NULL && *line != '\0';)
        l.line[l.n++] = line;
    return l;
}

static void forget(lines *l) {
    free(l->line);
    free(l->text);
}

/* The nth cell of a row, copied. No cell of these tests needs quotes. */
static char *cell(const char *line, int nth, char out[64]) {
    for (; nth > 0; nth--)
        line = strchr(line, ',') + 1;
    size_t length = strcspn(line, ",");
    assert_true(length < 64);
    memcpy(out, line, length);
    out[length] = '\0';
    return out;
}
enum {
    TIME,
    DAYS,
    HOURS,
    LON,
    LAT,
    SQUARE,
    COMPLAINT,
    PRIORITY,
    OUTCOME,
    TRANSPORT,
    SCENE,
    RESPONSE,
    TRANSPORT_S,
    ROUND
};

/* Everything that a row says but for the complaint. */
static bool same_but_complaint(const char *a, const char *b) {
    char left[64], right[64];
    for (int i = TIME; i <= ROUND; i++) {
        if (i != COMPLAINT && strcmp(cell(a, i, left), cell(b, i, right)) != 0)
            return false;
    }
    return true;
}

static void test_anonymous_classes_are_large_and_diverse(void **state) {
    (void)state;
    static const uint32_t ks[] = {2, 3, 5, 10};
    for (size_t i = 0; i < sizeof ks / sizeof ks[0]; i++) {
        sgp_run run;
        make_run(&run, &(run_made){.seed = 77 + i, .n_incidents = 1200, .policy = "live"});
        /* Complaints that the priority does not tell, some of them missing. */
        uint64_t random = i;
        static const char *const codes[] = {"chest_pain", "fall", "stroke", "birth", ""};
        for (uint32_t c = 0; c < run.n_incidents; c++)
            strcpy(run.incidents[c].complaint, codes[sgp_random_below(&random, 5)]);
        sgp_anonymous_count count;
        uint32_t diverse = ks[i] < 3 ? 2 : 3;
        lines l = export(&run, ks[i], diverse, &count);
        assert_int_equal(l.n, count.n_published);
        assert_int_equal(count.n_published + count.n_left_out + count.n_without_place,
                         run.n_incidents);
        assert_true(count.n_published > run.n_incidents / 2);
        uint32_t told = 0;
        for (size_t row = 0; row < l.n; row++) {
            uint32_t like = 0, n_complaints = 0;
            char text[64], seen[8][64];
            for (size_t other = 0; other < l.n; other++) {
                if (!same_but_complaint(l.line[row], l.line[other]))
                    continue;
                like++;
                cell(l.line[other], COMPLAINT, text);
                uint32_t s = 0;
                while (s < n_complaints && strcmp(seen[s], text) != 0)
                    s++;
                if (s == n_complaints && text[0] != '\0')
                    strcpy(seen[n_complaints++], text);
            }
            assert_true(like >= ks[i]);
            assert_true(n_complaints == 0 || n_complaints >= diverse);
            int scene = atoi(cell(l.line[row], SCENE, text));
            assert_true(scene % 300 == 0 && scene <= 7200);
            told += text[0] != '\0';
        }
        assert_true(ks[i] > 2 || told > l.n / 20); /* or the test says little of durations */
        forget(&l);
        sgp_run_free(&run);
    }
}

/* ---- against a slow way --------------------------------------------------- */

typedef struct rounded {
    int64_t row, column, days, hours;
} rounded;

static rounded round_slowly(const sgp_run *run, const sgp_run_incident *incident,
                            sgp_rounding rounding) {
    int64_t local_s = incident->answered_at_ms / 1000 + run->utc_offset_s;
    double height = round(rounding.square_m / 111195.0 * 1e7);
    rounded r = {.row = (int64_t)floor((incident->point.lat_e7 + 9e8) / height),
                 .days = (int64_t)floor(((double)local_s / 86400 + 3) / rounding.days),
                 .hours = (int64_t)floor((double)(local_s % 86400) / 3600 / rounding.hours)};
    double width = round(height / cos((((double)r.row + 0.5) * height / 1e7 - 90) * M_PI / 180));
    r.column = (int64_t)floor((incident->point.lon_e7 + 18e8) / width);
    return r;
}

/* On which rung is each call published? By comparing each with each. */
static void climb_slowly(const sgp_run *run, uint32_t k, int *rung_of) {
    for (uint32_t i = 0; i < run->n_incidents; i++)
        rung_of[i] = -1;
    for (int rung = 0; rung < SGP_ANONYMOUS_RUNGS; rung++) {
        for (uint32_t i = 0; i < run->n_incidents; i++) {
            rounded own = round_slowly(run, &run->incidents[i], sgp_anonymous_ladder()[rung]);
            rounded places[2000];
            uint32_t like = 0, n_places = 0;
            for (uint32_t j = 0; j < run->n_incidents; j++) {
                const sgp_run_incident *other = &run->incidents[j];
                /* Those of this rung are decided at a time: they are still there. */
                if ((rung_of[j] >= 0 && rung_of[j] != rung) ||
                    other->priority != run->incidents[i].priority)
                    continue;
                rounded r = round_slowly(run, other, sgp_anonymous_ladder()[rung]);
                if (memcmp(&r, &own, sizeof r) != 0)
                    continue;
                like++;
                rounded place = round_slowly(run, other, (sgp_rounding){100, 24, 1});
                uint32_t p = 0;
                while (p < n_places &&
                       (places[p].row != place.row || places[p].column != place.column))
                    p++;
                if (p == n_places)
                    places[n_places++] = place;
            }
            if (rung_of[i] < 0 && like >= k && n_places >= k)
                rung_of[i] = rung;
        }
    }
}

static void test_anonymous_equals_comparing_each_with_each(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        sgp_run run;
        make_run(&run, &(run_made){.seed = seed, .n_incidents = 700, .policy = "live"});
        /* Some callers call again and again from one place. */
        for (uint32_t i = 0; i < run.n_incidents; i += 3)
            run.incidents[i].point = run.incidents[0].point;
        int rung_of[700];
        climb_slowly(&run, 4, rung_of);
        uint32_t by_rung[SGP_ANONYMOUS_RUNGS] = {0}, left = 0, rungs = 0;
        for (uint32_t i = 0; i < run.n_incidents; i++) {
            if (rung_of[i] >= 0)
                by_rung[rung_of[i]]++;
            else
                left++;
        }
        sgp_anonymous_count count;
        lines l = export(&run, 4, 3, &count);
        assert_int_equal(count.n_left_out, left);
        for (int rung = 0; rung < SGP_ANONYMOUS_RUNGS; rung++) {
            assert_int_equal(count.by_rung[rung], by_rung[rung]);
            rungs += by_rung[rung] > 0;
        }
        assert_true(rungs >= 3); /* or the test says little */
        forget(&l);
        sgp_run_free(&run);
    }
}

/* ---- small cases ---------------------------------------------------------- */

/* `n` calls of one hour, `apart_m` metres from each other, to the east of a point. */
static void few_calls(sgp_run *run, uint32_t n, int32_t apart_m) {
    *run = (sgp_run){.utc_offset_s = 25200, .until_ms = INT64_C(1767300000000)};
    for (uint32_t i = 0; i < n; i++) {
        sgp_run_incident *row;
        assert_int_equal(sgp_run_add_incident(run, &row), SGP_OK);
        row->answered_at_ms = INT64_C(1767229200000) + i * 1000; /* 2026-01-01 08:00 */
        row->has_point = true;
        row->point = (sgp_point){1126300000 + (int32_t)i * apart_m * 90, -79800000};
        row->priority = SGP_P1;
        row->outcome = SGP_OUTCOME_SERVED;
        snprintf(row->complaint, sizeof row->complaint, "code_%u", (unsigned)i % 3);
    }
}

static void test_anonymous_one_house_is_no_class(void **state) {
    (void)state;
    sgp_run run;
    sgp_anonymous_count count;
    few_calls(&run, 50, 0); /* one caller, fifty times */
    lines l = export(&run, 5, 3, &count);
    assert_int_equal(l.n, 0);
    assert_int_equal(count.n_left_out, 50);
    forget(&l);
    sgp_run_free(&run);

    few_calls(&run, 5, 200); /* five houses */
    l = export(&run, 5, 3, &count);
    assert_int_equal(l.n, 5);
    forget(&l);
    run.incidents[4].point = run.incidents[3].point; /* five calls from four houses */
    l = export(&run, 5, 3, &count);
    assert_int_equal(l.n, 0);
    forget(&l);
    run.incidents[4].has_point = false;
    l = export(&run, 5, 3, &count);
    assert_int_equal(count.n_without_place, 1);
    assert_int_equal(count.n_left_out, 4);
    forget(&l);
    sgp_run_free(&run);
}

static void test_anonymous_withholds_equal_complaints(void **state) {
    (void)state;
    sgp_run run;
    sgp_anonymous_count count;
    few_calls(&run, 5, 200);
    lines l = export(&run, 5, 3, &count);
    assert_int_equal(l.n, 5);
    assert_int_equal(count.n_complaints_withheld, 0);
    assert_non_null(strstr(l.line[0], ",code_0,P1,"));
    forget(&l);
    for (int i = 0; i < 5; i++)
        strcpy(run.incidents[i].complaint, "overdose"); /* the class would tell it of all */
    l = export(&run, 5, 3, &count);
    assert_int_equal(l.n, 5);
    assert_int_equal(count.n_complaints_withheld, 5);
    assert_null(strstr(l.line[4], "overdose"));
    forget(&l);
    sgp_run_free(&run);
}

/* Three pranks from one house among the calls of five others: who knows of the pranks must not find
 * the house's rows, nor learn their complaint. */
static void test_anonymous_details_of_one_house_are_not_told(void **state) {
    (void)state;
    sgp_told_call calls[9];
    static const char *const codes[] = {"fall", "stroke", "birth"};
    for (uint32_t i = 0; i < 9; i++)
        calls[i] =
            (sgp_told_call){.place = i < 3 ? 0 : i,
                            .complaint = codes[i % 3],
                            .exact = {.outcome = i < 3 ? SGP_OUTCOME_PRANK : SGP_OUTCOME_SERVED,
                                      .transport = 0,
                                      .scene_ms = 600000,
                                      .response_ms = 480000,
                                      .transport_ms = -1},
                            .nth = i};
    sgp_tell_details(calls, 9, 3, 3);
    /* The six served ones are alike in all; to hide the pranks they lose everything too. */
    for (uint32_t i = 0; i < 9; i++)
        assert_int_equal(calls[i].told.outcome, -1);
    /* With pranks of three houses both kinds may be told. */
    for (uint32_t i = 0; i < 9; i++)
        calls[i].place = i;
    sgp_tell_details(calls, 9, 3, 3);
    for (uint32_t i = 0; i < 9; i++) {
        assert_int_equal(calls[i].told.outcome, calls[i].exact.outcome);
        assert_int_equal(calls[i].told.scene_ms, 600000);
        assert_int_equal(calls[i].told.round_ms, 300000);
    }
    /* Three alike in all that have one complaint would tell it; where none are told, they may. */
    for (uint32_t i = 0; i < 9; i++)
        calls[i].complaint = calls[i].exact.outcome == SGP_OUTCOME_PRANK ? "birth" : "fall";
    sgp_tell_details(calls, 9, 3, 2);
    for (uint32_t i = 0; i < 9; i++)
        assert_int_equal(calls[i].told.outcome, -1);
    sgp_tell_details(calls, 9, 3, 0);
    for (uint32_t i = 0; i < 9; i++)
        assert_int_equal(calls[i].told.outcome, calls[i].exact.outcome);
}

/* What is exported is what a replay reads, within the rounding that it tells. */
static void test_anonymous_can_be_replayed(void **state) {
    (void)state;
    sgp_run run;
    sgp_anonymous_count count;
    few_calls(&run, 5, 200);
    char *text;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    sgp_fault fault = {0};
    assert_int_equal(sgp_anonymous_calls(&run, &(sgp_anonymous_options){0}, out, &count, &fault),
                     SGP_OK);
    fclose(out);
    sgp_call_list list = {0};
    if (sgp_call_list_parse("anonymous", text, length, 25200, &list, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    assert_int_equal(list.n, 5);
    for (size_t i = 0; i < list.n; i++) {
        int rung = 0;
        while (count.by_rung[rung] == 0)
            rung++;
        sgp_rounding rounding = sgp_anonymous_ladder()[rung];
        assert_int_equal(list.calls[i].priority, SGP_P1);
        assert_true(list.calls[i].at_ms <= run.incidents[0].answered_at_ms);
        assert_true(run.incidents[4].answered_at_ms - list.calls[i].at_ms <
                    rounding.days * INT64_C(86400000));
        assert_true(sgp_distance_m(list.calls[i].point, run.incidents[0].point) <
                    rounding.square_m + 1200);
    }
    sgp_call_list_free(&list);
    free(text);
    sgp_run_free(&run);
}

/* Nothing tells in which order the calls came: a run in another order is the same file. */
static void test_anonymous_order_tells_nothing(void **state) {
    (void)state;
    sgp_run run;
    sgp_anonymous_count count;
    few_calls(&run, 9, 150);
    lines before = export(&run, 3, 3, &count);
    for (uint32_t i = 0; i < 9; i++) { /* the same calls, told from the east */
        run.incidents[i].point.lon_e7 = 1126300000 + (int32_t)(8 - i) * 150 * 90;
        snprintf(run.incidents[i].complaint, sizeof run.incidents[i].complaint, "code_%u",
                 (unsigned)(8 - i) % 3);
    }
    lines after = export(&run, 3, 3, &count);
    assert_int_equal(before.n, after.n);
    for (size_t i = 0; i < before.n; i++)
        assert_string_equal(before.line[i], after.line[i]);
    forget(&before);
    forget(&after);
    sgp_run_free(&run);
}

static void test_anonymous_bounds(void **state) {
    (void)state;
    sgp_run run;
    sgp_anonymous_count count;
    sgp_fault fault = {0};
    few_calls(&run, 3, 150);
    FILE *out = fopen("/dev/null", "w");
    static const sgp_anonymous_options wrong[] = {{1, 0}, {1001, 0}, {5, 6}, {5, 1}};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(sgp_anonymous_calls(&run, &wrong[i], out, &count, &fault), SGP_E_RANGE);
    fclose(out);
    out = fopen("/dev/full", "w");
    assert_int_equal(sgp_anonymous_calls(&run, &(sgp_anonymous_options){0}, out, &count, &fault),
                     SGP_E_IO);
    fclose(out);
    sgp_run_free(&run);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_anonymous_classes_are_large_and_diverse),
        cmocka_unit_test(test_anonymous_equals_comparing_each_with_each),
        cmocka_unit_test(test_anonymous_one_house_is_no_class),
        cmocka_unit_test(test_anonymous_withholds_equal_complaints),
        cmocka_unit_test(test_anonymous_details_of_one_house_are_not_told),
        cmocka_unit_test(test_anonymous_can_be_replayed),
        cmocka_unit_test(test_anonymous_order_tells_nothing),
        cmocka_unit_test(test_anonymous_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
