/* Hours as they are tagged on roads, gates and restrictions: one row for each form. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "route/osm_hours.h"

static const char *const day_names[] = {"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"};

/* "Mo0700-Mo0900 ..." of the minutes that are set. */
static void write_week(const sgp_osm_week *week, char text[2000]) {
    sgp_week_span spans[64];
    size_t n = sgp_osm_week_spans(week, spans, 64);
    assert_true(n <= 64);
    text[0] = '\0';
    for (size_t i = 0; i < n; i++) {
        unsigned from = spans[i].from_minute, to = spans[i].to_minute;
        snprintf(text + strlen(text), 2000 - strlen(text), "%s%s%02u%02u-%s%02u%02u", i ? " " : "",
                 day_names[from / 1440], from / 60 % 24, from % 60,
                 to == SGP_WEEK_MINUTES ? "end" : day_names[to / 1440], to / 60 % 24, to % 60);
    }
}

static void test_osm_hours_forms(void **state) {
    (void)state;
    static const struct {
        const char *text, *week;
    } rows[] = {
        {"24/7", "Mo0000-end0000"},
        {"Mo 07:00-09:00", "Mo0700-Mo0900"},
        {"Mo 7:00-09:00", "Mo0700-Mo0900"},
        {"Mo-We 07:00-09:00", "Mo0700-Mo0900 Tu0700-Tu0900 We0700-We0900"},
        {"Mo,We 07:00-09:00", "Mo0700-Mo0900 We0700-We0900"},
        {"Mo, We 07:00-09:00", "Mo0700-Mo0900 We0700-We0900"},
        {"Sa-Mo 07:00-09:00", "Mo0700-Mo0900 Sa0700-Sa0900 Su0700-Su0900"},
        {"Mo,Fr-Sa 07:00-09:00", "Mo0700-Mo0900 Fr0700-Fr0900 Sa0700-Sa0900"},
        {"Mo 07:00-09:00,15:00-17:00", "Mo0700-Mo0900 Mo1500-Mo1700"},
        {"Mo 07:00-09:00, 15:00-17:00", "Mo0700-Mo0900 Mo1500-Mo1700"},
        {"Mo 22:00-05:00", "Mo2200-Tu0500"},
        {"Su 22:00-05:00", "Mo0000-Mo0500 Su2200-end0000"},
        {"Mo 22:00-26:00", "Mo2200-Tu0200"},
        {"Mo 00:00-24:00", "Mo0000-Tu0000"},
        {"Tu 00:00-00:00", "Tu0000-We0000"},
        {"Mo", "Mo0000-Tu0000"},
        {"Mo 07:00-09:00; Tu 10:00-11:00", "Mo0700-Mo0900 Tu1000-Tu1100"},
        {"Mo-Tu 07:00-09:00; Tu 10:00-11:00", "Mo0700-Mo0900 Tu1000-Tu1100"},
        {"Mo-Tu 07:00-09:00, Tu 10:00-11:00", "Mo0700-Mo0900 Tu0700-Tu0900 Tu1000-Tu1100"},
        {"Mo-Tu 07:00-09:00; Tu off", "Mo0700-Mo0900"},
        {"Mo-Tu 07:00-09:00; Tu closed", "Mo0700-Mo0900"},
        {"Mo 07:00-17:00; Mo 12:00-13:00 off", "Mo0700-Mo1200 Mo1300-Mo1700"},
        {"Mo 07:00-09:00 open", "Mo0700-Mo0900"},
        {"Mo 07:00-09:00; PH off", "Mo0700-Mo0900"},
        {"PH,Mo 07:00-09:00", "Mo0700-Mo0900"},
        {"off", ""},
        {" Mo 07:00-09:00 ; ", "Mo0700-Mo0900"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        sgp_osm_week week;
        bool holidays = false;
        char text[2000];
        sgp_osm_hours reason =
            sgp_osm_hours_read(rows[i].text, strlen(rows[i].text), &week, &holidays);
        if (reason != SGP_OSM_HOURS_READ)
            fail_msg("'%s': %s", rows[i].text, sgp_osm_hours_str(reason));
        write_week(&week, text);
        if (strcmp(text, rows[i].week) != 0)
            fail_msg("'%s': %s", rows[i].text, text);
        assert_int_equal(holidays, strstr(rows[i].text, "PH") != NULL);
    }
}

static void test_osm_hours_not_read(void **state) {
    (void)state;
    static const struct {
        const char *text;
        sgp_osm_hours reason;
    } rows[] = {
        {"", SGP_OSM_HOURS_MALFORMED},
        {"   ", SGP_OSM_HOURS_MALFORMED},
        {"Nov 01 - Apr 8", SGP_OSM_HOURS_DATES},
        {"Mo-Fr 07:00-09:00; Dec 25 off", SGP_OSM_HOURS_DATES},
        {"week 1-20 Mo", SGP_OSM_HOURS_DATES},
        {"sunset-sunrise", SGP_OSM_HOURS_SUN},
        {"Mo (sunset-01:00)-05:00", SGP_OSM_HOURS_SUN},
        {"weight>7.5", SGP_OSM_HOURS_OTHER},
        {"weight > 7.5", SGP_OSM_HOURS_OTHER},
        {"07:00-09:00 AND occupants=1", SGP_OSM_HOURS_OTHER},
        {"wet", SGP_OSM_HOURS_MALFORMED},
        {"Mo-Fr 07:00", SGP_OSM_HOURS_MALFORMED},
        {"Mo-Fr 07:00+", SGP_OSM_HOURS_MALFORMED},
        {"07:00-49:00", SGP_OSM_HOURS_MALFORMED},
        {"25:00-26:00", SGP_OSM_HOURS_MALFORMED},
        {"07:60-09:00", SGP_OSM_HOURS_MALFORMED},
        {"Mo-", SGP_OSM_HOURS_MALFORMED},
        {"Monday", SGP_OSM_HOURS_MALFORMED},
        {"Mo || Tu", SGP_OSM_HOURS_MALFORMED},
        {"Mo \"by appointment\"", SGP_OSM_HOURS_MALFORMED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        sgp_osm_week week;
        bool holidays = false;
        sgp_osm_hours reason =
            sgp_osm_hours_read(rows[i].text, strlen(rows[i].text), &week, &holidays);
        if (reason != rows[i].reason)
            fail_msg("'%s': %s", rows[i].text, sgp_osm_hours_str(reason));
    }
}

static void test_osm_hours_clauses(void **state) {
    (void)state;
    const char *text = "no @ (Mo 07:00-10:00; Tu 15:00-16:00) ; yes@Mo 08:00-09:00; x @ (wet); y";
    const char *value;
    size_t length;
    sgp_osm_week week;
    bool holidays = false;
    sgp_osm_hours reason;
    char written[2000];
    assert_true(sgp_osm_clause_next(&text, &value, &length, &week, &holidays, &reason));
    assert_int_equal(reason, SGP_OSM_HOURS_READ);
    assert_int_equal(length, 2);
    assert_memory_equal(value, "no", 2);
    write_week(&week, written);
    assert_string_equal(written, "Mo0700-Mo1000 Tu1500-Tu1600");
    assert_true(sgp_osm_clause_next(&text, &value, &length, &week, &holidays, &reason));
    assert_int_equal(reason, SGP_OSM_HOURS_READ);
    assert_memory_equal(value, "yes", length);
    write_week(&week, written);
    assert_string_equal(written, "Mo0800-Mo0900");
    assert_true(sgp_osm_clause_next(&text, &value, &length, &week, &holidays, &reason));
    assert_int_equal(reason, SGP_OSM_HOURS_MALFORMED);
    assert_true(sgp_osm_clause_next(&text, &value, &length, &week, &holidays, &reason));
    assert_int_equal(reason, SGP_OSM_HOURS_MALFORMED);
    assert_false(sgp_osm_clause_next(&text, &value, &length, &week, &holidays, &reason));
}

static void test_osm_hours_spans_are_bounded(void **state) {
    (void)state;
    sgp_osm_week week = {{0}};
    for (int i = 0; i < SGP_WEEK_MINUTES; i += 2)
        week.minutes[i] = 1;
    sgp_week_span spans[8];
    assert_int_equal(sgp_osm_week_spans(&week, spans, 8), 9);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_osm_hours_forms),
        cmocka_unit_test(test_osm_hours_not_read),
        cmocka_unit_test(test_osm_hours_clauses),
        cmocka_unit_test(test_osm_hours_spans_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
