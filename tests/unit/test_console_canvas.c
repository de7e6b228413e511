/* The console's canvas, keys and editor: widths, hostile text, pieces of escape sequences. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "console/canvas.h"
#include "console/editor.h"
#include "console/keys.h"

static sgp_canvas canvas;

static const char *row(int r) {
    static char line[512];
    return sgp_canvas_row(&canvas, r, line, sizeof line);
}

static void fresh(int rows, int columns) {
    assert_int_equal(sgp_canvas_resize(&canvas, rows, columns), SGP_OK);
}

static void test_canvas_cuts_with_an_ellipsis(void **state) {
    (void)state;
    fresh(2, 10);
    assert_int_equal(sgp_canvas_put(&canvas, 0, 2, 5, 0, "Veteran"), 5);
    assert_string_equal(row(0), "  Vete…");
    assert_int_equal(sgp_canvas_put(&canvas, 1, 0, 7, 0, "Veteran"), 7);
    assert_string_equal(row(1), "Veteran");
    /* Never beyond its own edges. */
    assert_int_equal(sgp_canvas_put(&canvas, 1, 8, 50, 0, "abc"), 2);
    assert_string_equal(row(1), "Veteran a…");
    assert_int_equal(sgp_canvas_put(&canvas, 7, 0, 5, 0, "abc"), 3);
    assert_int_equal(sgp_canvas_put(&canvas, 0, 50, 5, 0, "abc"), 0);
}

static void test_canvas_puts_text_on_the_right(void **state) {
    (void)state;
    fresh(1, 10);
    sgp_canvas_put_right(&canvas, 0, 0, 10, 0, "12:30");
    assert_string_equal(row(0), "     12:30");
    sgp_canvas_put_right(&canvas, 0, 0, 4, 0, "12:30");
    assert_string_equal(row(0), "12:… 12:30");
}

static void test_canvas_knows_wide_letters(void **state) {
    (void)state;
    fresh(1, 8);
    assert_int_equal(sgp_columns("医院"), 4);
    assert_int_equal(sgp_canvas_put(&canvas, 0, 0, 8, 0, "医院A"), 5);
    assert_string_equal(row(0), "医院A");
    /* A wide letter is never cut in half: not at an edge, not by what is put over it. */
    fresh(1, 8);
    sgp_canvas_put(&canvas, 0, 0, 4, 0, "医院A");
    assert_string_equal(row(0), "医…");
    fresh(1, 8);
    sgp_canvas_put(&canvas, 0, 0, 8, 0, "医院");
    sgp_canvas_put(&canvas, 0, 1, 1, 0, "x");
    assert_string_equal(row(0), " x院");
    sgp_canvas_put(&canvas, 0, 2, 1, 0, "y");
    assert_string_equal(row(0), " xy");
}

static void test_canvas_keeps_marks_with_their_letter(void **state) {
    (void)state;
    fresh(1, 8);
    assert_int_equal(sgp_columns("e\xcc\x81\xcc\x88x"), 2);
    sgp_canvas_put(&canvas, 0, 0, 8, 0, "e\xcc\x81x");
    assert_string_equal(row(0), "e\xcc\x81x");
    /* A thousand marks take no more room than four. */
    char many[3001] = "e";
    for (int i = 0; i < 1000; i++)
        memcpy(many + 1 + 2 * i, "\xcc\x81", 3);
    fresh(1, 8);
    assert_int_equal(sgp_canvas_put(&canvas, 0, 0, 8, 0, many), 1);
    assert_int_equal(strlen(row(0)), 1 + 2 * SGP_CELL_MARKS);
}

static void test_canvas_makes_text_harmless(void **state) {
    (void)state;
    fresh(1, 40);
    sgp_canvas_put(&canvas, 0, 0, 40, 0,
                   "a\x1b[2Jb\x01\xc2\x9b"
                   "c\xff\xc3");
    assert_string_equal(row(0), "a [2Jb  c\xef\xbf\xbd\xef\xbf\xbd");
    /* Direction overrides would turn the rest of the line around. */
    fresh(1, 40);
    sgp_canvas_put(&canvas, 0, 0, 40, 0,
                   "P1\xe2\x80\xae"
                   "x");
    assert_string_equal(row(0), "P1x");
}

static void test_canvas_wraps_at_blanks(void **state) {
    (void)state;
    fresh(4, 12);
    assert_int_equal(sgp_canvas_wrap(&canvas, 0, 4, 1, 10, 0, "jalan veteran nomor lima"), 3);
    assert_string_equal(row(0), " jalan");
    assert_string_equal(row(1), " veteran");
    assert_string_equal(row(2), " nomor lima");
    fresh(4, 12);
    assert_int_equal(sgp_canvas_wrap(&canvas, 0, 2, 0, 6, 0, "aaaaaaaaaaaaaaaaaaaa"), 2);
    assert_string_equal(row(0), "aaaaaa");
    assert_string_equal(row(1), "aaaaa…");
}

/* ---- keys -------------------------------------------------------------------------------- */

/* The keys of some bytes as a text: letters as they are, others in brackets. */
static const char *keys_of(const char *bytes, size_t n) {
    static char out[512];
    sgp_keys keys = {0};
    sgp_key key;
    out[0] = '\0';
    for (size_t i = 0; i <= n; i++) {
        bool whole =
            i < n ? sgp_keys_take(&keys, (uint8_t)bytes[i], &key) : sgp_keys_pause(&keys, &key);
        if (!whole)
            continue;
        size_t used = strlen(out);
        if (key.code == SGP_KEY_TEXT)
            snprintf(out + used, sizeof out - used, "%s%s", key.pasted ? "^" : "", key.text);
        else if (key.code == SGP_KEY_ALT || key.code == SGP_KEY_CTRL)
            snprintf(out + used, sizeof out - used, "<%c%c>", key.code == SGP_KEY_ALT ? 'A' : 'C',
                     key.letter);
        else
            snprintf(out + used, sizeof out - used, "<%d>", (int)key.code);
    }
    return out;
}
#define KEYS(text) keys_of(text, sizeof(text) - 1)
#define NAMED(code) named(code)

static const char *named(int code) {
    static char text[8][16];
    static int at;
    at = (at + 1) % 8;
    snprintf(text[at], sizeof text[at], "<%d>", code);
    return text[at];
}

static void test_keys_with_names(void **state) {
    (void)state;
    assert_string_equal(KEYS("\033[A"), NAMED(SGP_KEY_UP));
    assert_string_equal(KEYS("\033OB"), NAMED(SGP_KEY_DOWN));
    assert_string_equal(KEYS("\033[1;5C"), NAMED(SGP_KEY_RIGHT));
    assert_string_equal(KEYS("\033OP"), NAMED(SGP_KEY_F1));
    assert_string_equal(KEYS("\033[[B"), NAMED(SGP_KEY_F1 + 1));
    assert_string_equal(KEYS("\033[15~"), NAMED(SGP_KEY_F1 + 4));
    assert_string_equal(KEYS("\033[17~"), NAMED(SGP_KEY_F1 + 5));
    assert_string_equal(KEYS("\033[21~"), NAMED(SGP_KEY_F1 + 9));
    assert_string_equal(KEYS("\033[24~"), NAMED(SGP_KEY_F12));
    assert_string_equal(KEYS("\r"), NAMED(SGP_KEY_ENTER));
    assert_string_equal(KEYS("\x7f"), NAMED(SGP_KEY_BACKSPACE));
    assert_string_equal(KEYS("\033"), NAMED(SGP_KEY_ESCAPE));
    assert_string_equal(KEYS("\033p"), "<Ap>");
    assert_string_equal(KEYS("\x0c"), "<CL>");
}

static void test_keys_swallow_what_nobody_knows(void **state) {
    (void)state;
    assert_string_equal(KEYS("\033[99;1;2u"
                             "o"),
                        "o");
    assert_string_equal(KEYS("\033[?62;4c"
                             "o"),
                        "o");
    assert_string_equal(KEYS("\033]11;rgb:0000/0000/0000\x07o"), "o");
    assert_string_equal(KEYS("\033P>|tmux\033\\o"), "o");
    /* A sequence that breaks off leaves the next one whole. */
    assert_string_equal(KEYS("\033[12\033[A"), NAMED(SGP_KEY_UP));
}

static void test_keys_read_utf8_only(void **state) {
    (void)state;
    assert_string_equal(KEYS("Pasar Bl\xc3\xbcmen \xe5\x8c\xbb"), "Pasar Blümen 医");
    assert_string_equal(KEYS("a\xffg\xc3(\xe2\x82z\xed\xa0\x80\xf4\x90\x80\x80\xc0\x80k"), "ag(zk");
    assert_string_equal(KEYS("\xc2\x9b"
                             "A"),
                        "A");
}

static void test_keys_mark_what_is_pasted(void **state) {
    (void)state;
    assert_string_equal(KEYS("\033[200~o 12\rq\x03\033[201~x"), "^o^ ^1^2^ ^qx");
}

/* ---- editor --------------------------------------------------------------------------------- */

static void type(sgp_editor *editor, const char *bytes) {
    sgp_keys keys = {0};
    sgp_key key;
    for (; *bytes != '\0'; bytes++)
        if (sgp_keys_take(&keys, (uint8_t)*bytes, &key))
            (void)sgp_editor_key(editor, &key, NULL);
}

static void test_editor_edits_by_letters(void **state) {
    (void)state;
    sgp_editor e = {0};
    type(&e, "jl veterna\x7f\x7f"
             "an 5");
    assert_string_equal(e.text, "jl veteran 5");
    type(&e, "\033[H"
             "di ");
    assert_string_equal(e.text, "di jl veteran 5");
    type(&e, "\033[F\x17\x17");
    assert_string_equal(e.text, "di jl ");
    type(&e, "\x15"
             "e\xcc\x81"
             "医\033[D\033[D\033[3~");
    assert_string_equal(e.text, "医");
    type(&e, "\x0b");
    assert_string_equal(e.text, "");
    assert_int_equal(e.length, 0);
}

static void test_editor_is_bounded(void **state) {
    (void)state;
    sgp_editor e = {0};
    for (int i = 0; i < 1000; i++)
        type(&e, "医");
    assert_true(e.length < SGP_EDITOR_BYTES && e.length % 3 == 0);
    assert_false(sgp_editor_insert(&e, "医"));
    sgp_editor_set(&e, "a\tb\x1b"
                       "c");
    assert_null(strchr(e.text, '\x1b'));
}

static void test_editor_keeps_the_cursor_in_sight(void **state) {
    (void)state;
    sgp_editor e = {0};
    fresh(1, 12);
    type(&e, "abcdefghijklmnop");
    sgp_editor_draw(&e, &canvas, 0, 2, 10, 0, true);
    assert_string_equal(row(0), "  hijklmnop");
    assert_int_equal(canvas.cursor_column, 11);
}

int main(void) {
    sgp_canvas_locale();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_canvas_cuts_with_an_ellipsis),
        cmocka_unit_test(test_canvas_puts_text_on_the_right),
        cmocka_unit_test(test_canvas_knows_wide_letters),
        cmocka_unit_test(test_canvas_keeps_marks_with_their_letter),
        cmocka_unit_test(test_canvas_makes_text_harmless),
        cmocka_unit_test(test_canvas_wraps_at_blanks),
        cmocka_unit_test(test_keys_with_names),
        cmocka_unit_test(test_keys_swallow_what_nobody_knows),
        cmocka_unit_test(test_keys_read_utf8_only),
        cmocka_unit_test(test_keys_mark_what_is_pasted),
        cmocka_unit_test(test_editor_edits_by_letters),
        cmocka_unit_test(test_editor_is_bounded),
        cmocka_unit_test(test_editor_keeps_the_cursor_in_sight),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    sgp_canvas_free(&canvas);
    return failed;
}
