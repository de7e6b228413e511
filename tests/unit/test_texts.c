/* Texts: both languages everywhere, the same gaps in both, and filling them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "apps/print.h"
#include "apps/texts.h"
#include "sigap/core.h"

/* The gaps of a text, "{a}{b}", each once, in alphabetical order. */
static void gaps_of(const char *text, char *out, size_t capacity) {
    const char *names[32];
    size_t lengths[32], n = 0;
    for (const char *p = text; (p = strchr(p, '{')) != NULL;) {
        const char *end = strchr(p, '}');
        assert_non_null(end);
        size_t at = 0, length = (size_t)(end - p) + 1;
        int order = 1;
        while (at < n && (order = strncmp(names[at], p, length)) < 0)
            at++;
        if (at == n || order != 0 || lengths[at] != length) {
            assert_true(n < 32);
            memmove(names + at + 1, names + at, (n - at) * sizeof names[0]);
            memmove(lengths + at + 1, lengths + at, (n - at) * sizeof lengths[0]);
            names[at] = p;
            lengths[at] = length;
            n++;
        }
        p = end + 1;
    }
    out[0] = '\0';
    for (size_t i = 0; i < n; i++) {
        assert_true(strlen(out) + lengths[i] < capacity);
        strncat(out, names[i], lengths[i]);
    }
}

static void test_texts_exist_in_both_languages(void **state) {
    (void)state;
    for (int key = 0; key < SGP_TEXTS_N; key++) {
        const char *indonesian = sgp_text_get(SGP_INDONESIAN, (sgp_text)key);
        const char *english = sgp_text_get(SGP_ENGLISH, (sgp_text)key);
        assert_non_null(indonesian);
        assert_non_null(english);
        assert_true(indonesian[0] != '\0' && english[0] != '\0');
        char a[512], b[512];
        gaps_of(indonesian, a, sizeof a);
        gaps_of(english, b, sizeof b);
        assert_string_equal(a, b);
    }
}

static void test_texts_fill_gaps_by_name(void **state) {
    (void)state;
    char out[64];
    sgp_pattern_fill(out, sizeof out, "{b} lalu {a}{c}", "a", "satu", "b", "dua", NULL);
    assert_string_equal(out, "dua lalu satu");
    sgp_pattern_fill(out, sizeof out, "buka { dan {a", "a", "x", NULL);
    assert_string_equal(out, "buka { dan {a");
    /* Values are not patterns. */
    sgp_pattern_fill(out, sizeof out, "{a}", "a", "{b}", "b", "x", NULL);
    assert_string_equal(out, "{b}");
    /* Never half a character at the cut. */
    char small[6];
    sgp_pattern_fill(small, sizeof small, "{a}", "a", "abc·é", NULL);
    assert_string_equal(small, "abc·");
    sgp_pattern_fill(small, sizeof small, "{a}", "a", "abcd·", NULL);
    assert_string_equal(small, "abcd");
}

static void test_texts_tell_durations(void **state) {
    (void)state;
    static const struct {
        sgp_language language;
        int64_t ms;
        const char *text;
    } rows[] = {
        {SGP_INDONESIAN, -1, "tak terjangkau"},    {SGP_INDONESIAN, 0, "0,0 dtk"},
        {SGP_INDONESIAN, 6240, "6,2 dtk"},         {SGP_ENGLISH, 6240, "6.2 s"},
        {SGP_INDONESIAN, 45000, "45 dtk"},         {SGP_INDONESIAN, 59600, "1 mnt 00 dtk"},
        {SGP_INDONESIAN, 200000, "3 mnt 20 dtk"},  {SGP_ENGLISH, 245000, "4 min 05 s"},
        {SGP_INDONESIAN, 3900000, "1 jam 05 mnt"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[64];
        assert_string_equal(sgp_duration_text(rows[i].language, rows[i].ms, text, sizeof text),
                            rows[i].text);
    }
}

static void test_texts_name_wire_numbers(void **state) {
    (void)state;
    assert_string_equal(sgp_assignment_state_text(SGP_ENGLISH, SGP_ASSIGNMENT_STOOD_DOWN),
                        "stood down");
    assert_string_equal(sgp_unit_status_text(SGP_INDONESIAN, SGP_UNIT_AT_HOSPITAL),
                        "di rumah sakit");
    assert_string_equal(sgp_unit_kind_text(SGP_ENGLISH, SGP_UNIT_RESCUE), "rescue vehicle");
    assert_string_equal(sgp_incident_state_text(SGP_ENGLISH, SGP_INCIDENT_CLOSED), "closed");
    assert_string_equal(sgp_place_kind_text(SGP_ENGLISH, SGP_PLACE_AREA), "area");
    assert_string_equal(sgp_outcome_text(SGP_ENGLISH, SGP_OUTCOME_INFORMATION), "information");
    assert_string_equal(sgp_outcome_text(SGP_ENGLISH, 99), "?");
    assert_string_equal(sgp_priority_text(SGP_ENGLISH, SGP_P4), "P4");
    assert_true(strlen(sgp_complaint_text(SGP_INDONESIAN, "")) > 0);
}

static void test_texts_choose_language(void **state) {
    (void)state;
    sgp_language language = SGP_ENGLISH;
    assert_true(sgp_language_parse("id_ID.UTF-8", &language));
    assert_int_equal(language, SGP_INDONESIAN);
    assert_true(sgp_language_parse("en", &language));
    assert_int_equal(language, SGP_ENGLISH);
    assert_false(sgp_language_parse("nl", &language));
    assert_false(sgp_language_parse("ide", &language));
    assert_false(sgp_language_parse("", &language));
}

static void test_texts_width_counts_what_is_shown(void **state) {
    (void)state;
    assert_int_equal(sgp_display_width("Jl. Ijen"), 8);
    assert_int_equal(sgp_display_width("±25 m"), 5);
    assert_int_equal(sgp_display_width("\xff\xfe"), 2);
    assert_int_equal(sgp_display_width("\xc2"), 1);
}

/* What callers say must not move a dispatcher's cursor. */
static void test_texts_from_outside_are_plain(void **state) {
    (void)state;
    char out[32];
    assert_string_equal(sgp_plain_text("gang \x1b[2J5\n\t", out, sizeof out), "gang  [2J5  ");
    assert_string_equal(sgp_plain_text("Caf\xc3\xa9 \xf0\x9f\x9a\x91", out, sizeof out),
                        "Caf\xc3\xa9 \xf0\x9f\x9a\x91");
    assert_string_equal(sgp_plain_text("\xc2\x9b"
                                       "31m \xff\xc3",
                                       out, sizeof out),
                        " 31m   ");
    assert_string_equal(sgp_plain_text("ab\xc3\xa9", out, 4), "ab");
    assert_string_equal(sgp_plain_text("ab\xc3\xa9", out, 5), "ab\xc3\xa9");
}

/* A note stands under its row, whatever columns are shown. */
static void test_texts_sheet_notes(void **state) {
    (void)state;
    const char *headers[] = {"a", "b"};
    sgp_sheet *sheet;
    assert_int_equal(sgp_sheet_create(headers, 2, &sheet), SGP_OK);
    for (int row = 1; row <= 2; row++) {
        sgp_sheet_cell(sheet, SGP_PLAIN, "a%d", row);
        sgp_sheet_cell(sheet, SGP_PLAIN, "b%d", row);
        sgp_sheet_note(sheet, SGP_PLAIN, "note %d", row);
    }
    sgp_sheet_limit(sheet, 1, 0);
    char *bytes = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&bytes, &n);
    assert_non_null(out);
    sgp_sheet_print(sheet, out);
    fclose(out);
    assert_string_equal(bytes, "a\na1\n    note 1\na2\n    note 2\n");
    free(bytes);
    sgp_sheet_destroy(sheet);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts_exist_in_both_languages),
        cmocka_unit_test(test_texts_fill_gaps_by_name),
        cmocka_unit_test(test_texts_tell_durations),
        cmocka_unit_test(test_texts_name_wire_numbers),
        cmocka_unit_test(test_texts_choose_language),
        cmocka_unit_test(test_texts_width_counts_what_is_shown),
        cmocka_unit_test(test_texts_from_outside_are_plain),
        cmocka_unit_test(test_texts_sheet_notes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
