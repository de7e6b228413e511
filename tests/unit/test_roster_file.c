/* Rosters from CSV files: what is read, in which city's time, and every mistake with its line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "plans/roster_file.h"
#include "sigap/plan.h"

static const int64_t HOUR_MS = 3600000, DAY_MS = 86400000;
static const int64_t march_ms = INT64_C(1772323200000); /* Sunday 2026-03-01 00:00 UTC */

static int32_t malang(const void *ctx, int64_t wall_ms) {
    (void)ctx, (void)wall_ms;
    return 7 * 3600;
}

/* Oslo: an hour more from 2026-03-29 01:00 UTC on. */
static int32_t oslo(const void *ctx, int64_t wall_ms) {
    (void)ctx;
    return wall_ms < march_ms + 28 * DAY_MS + HOUR_MS ? 3600 : 7200;
}

static bool is_unit(const void *ctx, const char *code) {
    (void)ctx;
    return strncmp(code, "A-0", 3) == 0;
}

static const char crew[] = "code,skills\r\n"
                           "PRM-1,Advanced_Life_Support defibrillator\r\n"
                           "# somebody who drives\n"
                           "\n"
                           "SPR-1,\n"
                           "SPR-2,\"obstetric+paediatric\"\n";

static sgp_err parse(const char *shifts, sgp_roster **roster, sgp_fault *fault) {
    sgp_roster_source source = {.shifts = "etc/shifts.csv",
                                .crew = "etc/crew.csv",
                                .now_ms = march_ms,
                                .offset_s = malang,
                                .is_unit = is_unit};
    return sgp_roster_parse(&source, shifts, crew, roster, fault);
}

static void test_roster_file_is_read(void **state) {
    (void)state;
    sgp_fault fault = {0};
    sgp_roster *roster;
    if (parse("\xef\xbb\xbfunit,until,from,crew\n"
              "A-02,07:00,sab 19:00,PRM-1\n"
              "A-01,15:00,07:00,PRM-1 SPR-1\n"
              "A-01,2026-03-02 06:00,2026-03-01T22:00,SPR-2\n",
              &roster, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    assert_string_equal(roster->name, "shifts.csv");
    assert_int_equal(roster->n_members, 3);
    assert_int_equal(sgp_roster_member(roster, "PRM-1")->skills,
                     1u << SGP_SKILL_ADVANCED_LIFE_SUPPORT | 1u << SGP_SKILL_DEFIBRILLATOR);
    assert_int_equal(sgp_roster_member(roster, "SPR-2")->skills,
                     1u << SGP_SKILL_OBSTETRIC | 1u << SGP_SKILL_PAEDIATRIC);
    assert_null(sgp_roster_member(roster, "SPR-3"));

    /* Seven in the morning there is midnight in Greenwich. */
    sgp_turn turn;
    assert_true(sgp_roster_turn_at(roster, "A-01", march_ms + HOUR_MS, &turn));
    assert_int_equal(turn.from_ms, march_ms);
    assert_int_equal(turn.until_ms, march_ms + 8 * HOUR_MS);
    assert_false(sgp_roster_turn_at(roster, "A-01", march_ms + 8 * HOUR_MS, &turn));
    assert_true(sgp_roster_turn_after(roster, "A-01", march_ms + 9 * HOUR_MS, &turn));
    assert_int_equal(turn.from_ms, march_ms + 15 * HOUR_MS);
    assert_string_equal(turn.shift->members[0], "SPR-2");
    assert_int_equal(turn.until_ms, march_ms + 23 * HOUR_MS);
    /* Saturday evening to Sunday morning, once a week. */
    assert_false(sgp_roster_turn_at(roster, "A-02", march_ms + 12 * HOUR_MS, &turn));
    assert_true(sgp_roster_turn_after(roster, "A-02", march_ms + 12 * HOUR_MS, &turn));
    assert_int_equal(turn.from_ms, march_ms + 6 * DAY_MS + 12 * HOUR_MS);
    assert_int_equal(turn.until_ms, march_ms + 7 * DAY_MS);
    free(roster);
}

static void test_roster_file_goes_by_the_citys_clock(void **state) {
    (void)state;
    sgp_fault fault = {0};
    sgp_roster *winter, *summer;
    sgp_roster_source source = {.shifts = "shifts.csv", .now_ms = march_ms, .offset_s = oslo};
    static const char shifts[] = "unit,from,until\n"
                                 "A-01,07:00,15:00\n"
                                 "A-02,2026-03-28 20:00,2026-03-29 08:00\n";
    assert_int_equal(sgp_roster_parse(&source, shifts, NULL, &winter, &fault), SGP_OK);
    source.now_ms = march_ms + 30 * DAY_MS;
    assert_int_equal(sgp_roster_parse(&source, shifts, NULL, &summer, &fault), SGP_OK);
    sgp_turn turn;
    assert_true(sgp_roster_turn_at(winter, "A-01", march_ms + 7 * HOUR_MS, &turn));
    assert_int_equal(turn.from_ms, march_ms + 6 * HOUR_MS);
    assert_true(sgp_roster_turn_at(summer, "A-01", march_ms + 7 * HOUR_MS, &turn));
    assert_int_equal(turn.from_ms, march_ms + 5 * HOUR_MS);
    /* The night in which clocks are put forward is an hour shorter. */
    assert_true(sgp_roster_turn_after(winter, "A-02", march_ms, &turn));
    assert_int_equal(turn.until_ms - turn.from_ms, 11 * HOUR_MS);
    /* Without people each vehicle is its own crew. */
    assert_string_equal(turn.shift->members[0], "A-02");
    free(winter);
    free(summer);
}

static void test_roster_file_names_its_mistakes(void **state) {
    (void)state;
#define HEAD "unit,from,until,crew\n"
    static const struct {
        const char *shifts, *said;
    } rows[] = {
        {"", "etc/shifts.csv: the file is empty"},
        {"unit,from,until\nA-01,07:00,15:00\n", "etc/shifts.csv:1: the column crew is missing"},
        {"unit,from,until,crew,name\n", "etc/shifts.csv:1: unknown column \"name\""},
        {"unit,from,until,crew,unit\n", "etc/shifts.csv:1: the column unit is there twice"},
        {HEAD "B-01,07:00,15:00,SPR-1\n", "etc/shifts.csv:2: there is no unit \"B-01\" in units"},
        {HEAD "\n# x\nA-01,7,15:00,SPR-1\n", "etc/shifts.csv:4: from \"7\" is not a time"},
        {HEAD "A-01,07:00,2026-02-30 15:00,SPR-1\n", "etc/shifts.csv:2: until \"2026-02-30"},
        {HEAD "A-01,07:00,2026-03-01 15:00,SPR-1\n", "etc/shifts.csv:2: until is a time such as"},
        {HEAD "A-01,2026-03-01 07:00,2026-02-28 15:00,SPR-1\n",
         "etc/shifts.csv:2: a shift of A-01"},
        {HEAD "A-01,07:00,15:00,\n", "etc/shifts.csv:2: nobody is on this shift"},
        {HEAD "A-01,07:00,15:00,SPR-9\n", "etc/shifts.csv:2: SPR-9 is not in etc/crew.csv"},
        {HEAD "A-01,07:00,15:00,SPR-1,x\n", "etc/shifts.csv:2: there are 5 cells for 4 columns"},
        {HEAD "A-01,07:00,15:00,\"SPR-1\n", "etc/shifts.csv:2: a quotation is not closed"},
        {HEAD "A-01,07:00,15:00,SPR-1\nA-01,14:00,22:00,SPR-2\n",
         "etc/shifts.csv:3: A-01 has another shift at the same time in line 2"},
        {HEAD "A-01,22:00,06:00,SPR-1\nA-02,sun 05:00,13:00,SPR-2 SPR-1\n",
         "etc/shifts.csv:3: SPR-1 is on A-01 at the same time in line 2"},
        {HEAD "A-01,mon 07:00,15:00,SPR-1\nA-02,2026-03-02 14:00,2026-03-02 20:00,SPR-1\n",
         "etc/shifts.csv:3: SPR-1 is on A-01 at the same time in line 2"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        sgp_fault fault = {0};
        sgp_roster *roster;
        assert_int_equal(parse(rows[i].shifts, &roster, &fault), SGP_E_CONFIG);
        if (strstr(fault.text, rows[i].said) == NULL)
            fail_msg("wanted: %s\n   got: %s", rows[i].said, fault.text);
    }
    sgp_fault fault = {0};
    sgp_roster *roster;
    /* The day before, or on a Tuesday, it is another matter. */
    assert_int_equal(parse(HEAD "A-01,mon 07:00,15:00,SPR-1\n"
                                "A-02,2026-03-03 14:00,2026-03-03 20:00,SPR-1\n",
                           &roster, &fault),
                     SGP_OK);
    free(roster);
}

static void test_roster_file_names_mistakes_of_people(void **state) {
    (void)state;
    static const struct {
        const char *crew, *said;
    } rows[] = {{"code,skills,name\n", "crew.csv:1: unknown column \"name\""},
                {"code,skills\nPRM-1,flying\n", "crew.csv:2: \"flying\" is not a skill"},
                {"code,skills\nPRM-1,\nPRM-1,\n", "crew.csv:3: PRM-1 is there twice"},
                {"code,skills\n,obstetric\n", "crew.csv:2: the code is empty"},
                {"code,skills\nA-CODE-THAT-IS-MUCH-TOO-LONG,\n", "crew.csv:2: the code \"A-CODE"}};
    sgp_roster_source source = {
        .shifts = "shifts.csv", .crew = "crew.csv", .now_ms = march_ms, .offset_s = malang};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        sgp_fault fault = {0};
        sgp_roster *roster;
        assert_int_equal(sgp_roster_parse(&source, HEAD, rows[i].crew, &roster, &fault),
                         SGP_E_CONFIG);
        if (strstr(fault.text, rows[i].said) == NULL)
            fail_msg("wanted: %s\n   got: %s", rows[i].said, fault.text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_roster_file_is_read),
                                       cmocka_unit_test(test_roster_file_goes_by_the_citys_clock),
                                       cmocka_unit_test(test_roster_file_names_its_mistakes),
                                       cmocka_unit_test(test_roster_file_names_mistakes_of_people)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
