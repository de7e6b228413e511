/* What callers say as structured queries, and the names of the map in the same words. The rows are
 * in place_query.rows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "gis/place_query.h"
#include "gis/place_lexicon.h"
#include "query_check.h"

static const char *wanted_str(sgp_wanted wanted) {
    static const char *const NAMES[] = {"any",   "street",   "gang",     "estate", "area",
                                        "rt/rw", "facility", "junction", "km"};
    return NAMES[wanted];
}

/* One line that tells all: each phrase as role/wanted[words], with '?' behind optional words,
 * '@' behind districts, '~' behind words that no name needs (markers and the like); then what was
 * read beside them. */
static const char *dump(const sgp_place_query *q) {
    static char line[4096];
    static const char *const ROLES[] = {"target", "crossing", "landmark"};
    size_t used = 0;
    line[0] = '\0';
#define SAY(...) used += (size_t)snprintf(line + used, sizeof line - used, __VA_ARGS__)
    for (size_t i = 0; i < q->n_phrases; i++) {
        const sgp_query_phrase *phrase = &q->phrases[i];
        SAY("%s%s", i ? " " : "", ROLES[phrase->role]);
        if (phrase->relation != SGP_RELATION_NONE)
            SAY(" %s", sgp_relation_str(phrase->relation));
        if (phrase->wanted != SGP_WANTED_ANY)
            SAY(" %s", wanted_str(phrase->wanted));
        SAY("[");
        for (size_t j = 0; j < phrase->n_words; j++) {
            const sgp_query_word *word = &q->words[phrase->words[j]];
            bool is_free = word->role != SGP_WORD_NAME && word->role != SGP_WORD_NUMBER;
            SAY("%s%s%s%s%s", j ? " " : "", word->text, is_free ? "~" : "",
                word->is_district ? "@" : "", word->optional ? "?" : "");
        }
        SAY("]");
    }
    if (q->is_junction)
        SAY(" junction%d%s", q->junction_arms, q->is_roundabout ? " roundabout" : "");
    if (q->number[0])
        SAY(" no=%s%s", q->number, q->number_is_certain ? "!" : "");
    if (q->block[0])
        SAY(" block=%s", q->block);
    if (q->gang >= 0)
        SAY(" gang=%d", q->gang);
    if (q->rt >= 0)
        SAY(" rt=%d", q->rt);
    if (q->rw >= 0)
        SAY(" rw=%d", q->rw);
    if (q->km_m >= 0)
        SAY(" km=%d", q->km_m);
    for (size_t i = 0, n = 0; i < q->n_words; i++)
        if (q->words[i].role == SGP_WORD_LEFT_OVER)
            SAY("%s%s", n++ ? " " : " left=", q->words[i].text);
#undef SAY
    return line[0] == ' ' ? line + 1 : line;
}

/* ---- rows ----------------------------------------------------------------------------------- */

enum { EARLIER_MAX = 8 };

/* "earlier >> text" and what is expected. */
static bool row_holds(char *said, const char *expected) {
    const char *texts[EARLIER_MAX];
    char all[2048];
    size_t n = 0;
    (void)snprintf(all, sizeof all, "%s", said);
    for (char *next; (next = strstr(said, " >> ")) != NULL; said = next + 4) {
        *next = '\0';
        assert_true(n < EARLIER_MAX);
        texts[n++] = said;
    }
    sgp_place_query query;
    assert_int_equal(sgp_place_query_parse(said, texts, n, &query), SGP_OK);
    if (n == 0) {
        const char *fault = sgp_query_fault(said, &query);
        if (fault)
            fail_msg("%s: %s", said, fault);
    }
    if (strcmp(dump(&query), expected) == 0)
        return true;
    print_error("%s\n  expected %s\n  was      %s\n", all, expected, dump(&query));
    return false;
}

static void test_place_query_rows(void **state) {
    (void)state;
    FILE *file = fopen(SIGAP_SOURCE_DIR "/tests/unit/place_query.rows", "r");
    char line[2048];
    size_t n = 0, n_wrong = 0;
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        char *expected = strstr(line, " => ");
        if (line[0] == '\0' || !expected)
            continue; /* a heading */
        *expected = '\0';
        n++;
        n_wrong += !row_holds(line, expected + 4);
    }
    (void)fclose(file);
    assert_true(n >= 400);
    assert_int_equal(n_wrong, 0);
}

/* ---- names, numbers, bounds -------------------------------------------------------------------
 */

static void test_place_query_names_meet_texts(void **state) {
    (void)state;
    static const struct {
        const char *name, *words;
    } ROWS[] = {
        {"Jalan Veteran", "veteran"},
        {"Jl. Veteran", "veteran"},
        {"Jalan", "jalan"},
        {"Jalan Desa", "desa"},
        {"Jalan Desa 5", "desa 5"},
        {"Gang III", "gang 3"},
        {"Jalan Kertorejo Gang 3", "kertorejo gang 3"},
        {"Jalan Bendungan Sigura-gura V", "bendungan sigura gura 5"},
        {"Jalan Letnan Jenderal S. Parman", "letjen s parman"},
        {"Jalan Letjend. S.Parman", "letjen s parman"},
        {"Jalan A. Yani", "ahmad yani"},
        {"Jalan W.R. Supratman", "wr supratman"},
        {"Jalan L.A. Sucipto", "la sucipto"},
        {"Jalan KH. Hasyim Asyari", "kh hasyim asyari"},
        {"Jalan K.H. A. Wahid Hasyim", "kh a wahid hasyim"},
        {"Jalan Prof. Moh. Yamin", "profesor muhammad yamin"},
        {"Jalan I Gusti Ngurah Rai", "i gusti ngurah rai"},
        {"RS. Panti Waluya", "rs panti waluya"},
        {"Rumah Sakit Umum Daerah Dr. Saiful Anwar", "rs umum daerah dr saiful anwar"},
        {"RSUD Dr. Saiful Anwar", "rs umum daerah dr saiful anwar"},
        {"RSIA Puri Bunda", "rs ibuanak puri bunda"},
        {"RS Ibu dan Anak Puri Bunda", "rs ibuanak puri bunda"},
        {"SMK Negeri 4", "smk negeri 4"},
        {"SMKN 4", "smk negeri 4"},
        {"SMK N 4", "smk negeri 4"},
        {"MAN 2 Kota Malang", "ma negeri 2 kota malang"},
        {"Simpang Empat Blimbing", "simpang empat blimbing"},
        {"Perempatan Blimbing", "simpang empat blimbing"},
        {"Jalan Simpang Borobudur", "simpang borobudur"},
        {"Perumahan Araya", "araya"},
        {"Jalan Araya Blok C2", "araya blok c2"},
        {"Perum. Sawojajar II", "sawojajar 2"},
        {"Villa Puncak Tidar", "villa puncak tidar"},
        {"Kelurahan Oro-oro Dowo", "oro oro dowo"},
        {"Kota Malang", "kota malang"},
        {"Kabupaten Malang", "malang"},
        {"PSC 119 Kabupaten Malang", "psc 119 kabupaten malang"},
        {"Balai Desa Pendem", "balai desa pendem"},
        {"RT 03 / RW 05", "rt 3 rw 5"},
        {"KM 12,5", "km 12 500"},
        {"Km 78+500", "km 78 500"},
        {"Alun-alun Tugu", "alun alun tugu"},
        {"Masjid Jami'", "masjid jami"},
        {"Jalan Merdeka Utara", "merdeka utara"},
        {"Jalan Sedap Malam", "sedap malam"},
        {"R\xc3\xbc"
         "a d\xe2\x80\x99\xc3\x88ze",
         "rua deze"},
        {"Bj\xc3\xb8rnsonsvei", "bjornsonsvei"},
        {"\xc3\x85"
         "kebergveien",
         "akebergveien"},
        {"Pra\xc3\xa7"
         "a da Rep\xc3\xba"
         "blica",
         "praca da republica"},
        {"Stra\xc3\x9f"
         "e",
         "strasse"},
        {"e\xcc\x81"
         "cole",
         "ecole"},
        {"\xe6\x9d\xb1\xe4\xba\xac", "\xe6\x9d\xb1\xe4\xba\xac"},
        {"'; DROP TABLE name; --", "drop table name"},
        {"", ""},
        {"?!", ""},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        char words[128];
        size_t n = sgp_place_name_words(ROWS[i].name, words, sizeof words);
        assert_string_equal(words, ROWS[i].words);
        assert_int_equal(n == 0, words[0] == '\0');
        const char *fault = sgp_name_fault(ROWS[i].name);
        if (fault)
            fail_msg("%s: %s", ROWS[i].name, fault);
    }
    char tight[8];
    assert_int_equal(sgp_place_name_words("alpha beta", tight, sizeof tight), 1);
    assert_string_equal(tight, "alpha");
    assert_int_equal(sgp_place_name_words("alpha", tight, 0), 0);
}

static void test_place_query_house_numbers(void **state) {
    (void)state;
    static const struct {
        const char *text, *number, *block;
        int32_t value;
    } ROWS[] = {
        {"12", "12", "", 12},
        {"12 A", "12a", "", 12},
        {"12-14", "12", "", 12},
        {"12/14", "12", "", 12},
        {"12, 14", "12", "", 12},
        {"007", "7", "", 7},
        {"0", "0", "", 0},
        {"B7", "b7", "", 7},
        {"C2/7", "7", "c2", 7},
        {"C2-7", "7", "c2", 7},
        {"Blok C2 No. 7", "7", "c2", 7},
        {"Blok C 2 No. 7", "7", "c2", 7},
        {"C-12", "12", "c", 12},
        {"C/12A", "12a", "c", 12},
        {"No. 5", "5", "", 5},
        {"5 bis", "5bis", "", 5},
        {"No. 7 Blok C2", "7", "c2", 7},
        {"xyz", "xyz", "", -1},
        {"", "", "", -1},
        {"99999999999999999999", "999999999999999", "", -1},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        char number[SGP_NUMBER_BYTES], block[SGP_NUMBER_BYTES];
        int32_t value = sgp_place_number(ROWS[i].text, number, block);
        if (value != ROWS[i].value || strcmp(number, ROWS[i].number) != 0 ||
            strcmp(block, ROWS[i].block) != 0)
            fail_msg("%s: %s|%s|%d", ROWS[i].text, block, number, (int)value);
    }
}

static void test_place_query_refuses_empty_and_overlong(void **state) {
    (void)state;
    sgp_place_query query;
    char longest[SGP_PLACE_TEXT_MAX + 2];
    memset(longest, 'a', sizeof longest);
    longest[SGP_PLACE_TEXT_MAX + 1] = '\0';
    assert_int_equal(sgp_place_query_parse("", NULL, 0, &query), SGP_E_ARGUMENT);
    assert_int_equal(sgp_place_query_parse(" \t\n", NULL, 0, &query), SGP_E_ARGUMENT);
    assert_int_equal(sgp_place_query_parse(NULL, NULL, 0, &query), SGP_E_ARGUMENT);
    assert_int_equal(sgp_place_query_parse(longest, NULL, 0, &query), SGP_E_ARGUMENT);
    longest[SGP_PLACE_TEXT_MAX] = '\0';
    assert_int_equal(sgp_place_query_parse(longest, NULL, 0, &query), SGP_OK);
    assert_int_equal(query.n_words, 1);
    assert_int_equal(strlen(query.words[0].text), SGP_WORD_BYTES - 1);
    const char *earlier[] = {"jl veteran"};
    assert_int_equal(sgp_place_query_parse(longest, earlier, 1, &query), SGP_E_ARGUMENT);
    for (size_t i = 0; i < SGP_PLACE_TEXT_MAX; i += 2)
        longest[i] = ' ';
    assert_int_equal(sgp_place_query_parse(longest, NULL, 0, &query), SGP_OK);
    assert_true(query.n_words <= SGP_QUERY_WORDS_MAX && query.n_cut > 0);
    assert_int_equal(sgp_place_query_parse("?!", NULL, 0, &query), SGP_OK);
    assert_int_equal(query.n_words, 0);
}

static void check_text(const char *text) {
    sgp_place_query query;
    if (sgp_place_query_parse(text, NULL, 0, &query) != SGP_OK)
        return;
    const char *fault = sgp_query_fault(text, &query);
    if (!fault)
        fault = sgp_name_fault(text);
    if (fault)
        fail_msg("%s: %s", text, fault);
}

/* Each code point of every plane on its own, within a word, and after a marker. */
static void test_place_query_every_code_point(void **state) {
    (void)state;
    for (uint32_t code = 1; code <= 0x10ffff; code += code < 0x3000 ? 1 : 37) {
        char text[32];
        unsigned char utf8[5] = {0};
        if (code < 0x80)
            utf8[0] = (unsigned char)code;
        else if (code < 0x800)
            utf8[0] = (unsigned char)(0xc0 | code >> 6), utf8[1] = 0x80 | (code & 0x3f);
        else if (code < 0x10000)
            utf8[0] = (unsigned char)(0xe0 | code >> 12), utf8[1] = 0x80 | (code >> 6 & 0x3f),
            utf8[2] = 0x80 | (code & 0x3f);
        else
            utf8[0] = (unsigned char)(0xf0 | code >> 18), utf8[1] = 0x80 | (code >> 12 & 0x3f),
            utf8[2] = 0x80 | (code >> 6 & 0x3f), utf8[3] = 0x80 | (code & 0x3f);
        (void)snprintf(text, sizeof text, "%s jl a%sb no %s5", (char *)utf8, (char *)utf8,
                       (char *)utf8);
        check_text(text);
    }
}

static void test_place_query_outlasts_any_bytes(void **state) {
    (void)state;
    uint64_t seed = 20261122;
    char text[SGP_PLACE_TEXT_MAX + 1];
    for (int round = 0; round < 20000; round++) {
        size_t length = 0;
        seed = seed * 6364136223846793005U + 1442695040888963407U;
        for (size_t n = seed >> 58; length < n;) {
            seed = seed * 6364136223846793005U + 1442695040888963407U;
            unsigned char byte = (unsigned char)(seed >> 40);
            if (byte != 0)
                text[length++] = (char)byte;
        }
        text[length] = '\0';
        check_text(text);
    }
    static const char *const FOUND_BY_FUZZER[] = {
        "rsu daera\x96\x96\x96\x96\x96\x96\x96\x96\x96h",
        "gang 63715551584817l",
        "RT 66666666666666n",
        "pojok jl k+i! dan jl k+i! dan jl k+i! dan samping jl daneen dan jl x dan jl y dan z",
        "rw5w5 i i 3 v ga",
        "R.S.U.D. d2sman\xe0\xd2smakomp",
    };
    for (size_t i = 0; i < sizeof FOUND_BY_FUZZER / sizeof *FOUND_BY_FUZZER; i++)
        check_text(FOUND_BY_FUZZER[i]);
    /* Every line of the tables, alone, doubled and between names. */
    size_t n;
    for (size_t i = 0; sgp_place_lexicon(i, &n); i++)
        for (size_t j = 0; j < n; j++) {
            const char *word = sgp_place_lexicon(i, &n)[j].written;
            check_text(word);
            (void)snprintf(text, sizeof text, "%s %s", word, word);
            check_text(text);
            (void)snprintf(text, sizeof text, "jl kawi %s masjid 5 %s, x", word, word);
            check_text(text);
            (void)snprintf(text, sizeof text, "%s5%s/%s", word, word, word);
            check_text(text);
        }
}

/* A megabyte is refused as a text and cut as a name; neither takes long. */
static void test_place_query_of_a_megabyte(void **state) {
    (void)state;
    enum { LENGTH = 1 << 20 };
    char *text = malloc(LENGTH + 1), words[512];
    sgp_place_query query;
    assert_non_null(text);
    for (size_t i = 0; i < LENGTH; i++)
        text[i] = "jalan gg5 depan "[i % 16];
    text[LENGTH] = '\0';
    assert_int_equal(sgp_place_query_parse(text, NULL, 0, &query), SGP_E_ARGUMENT);
    const char *earlier[] = {text, text};
    assert_int_equal(sgp_place_query_parse("jl kawi", earlier, 2, &query), SGP_E_ARGUMENT);
    assert_true(sgp_place_name_words(text, words, sizeof words) <= SGP_QUERY_WORDS_MAX);
    free(text);
}

static void test_place_query_tables_are_sorted(void **state) {
    (void)state;
    size_t n;
    for (size_t i = 0; sgp_place_lexicon(i, &n); i++) {
        const sgp_lexeme *lines = sgp_place_lexicon(i, &n);
        for (size_t j = 0; j < n; j++) {
            if (j > 0 && strcmp(lines[j - 1].written, lines[j].written) >= 0)
                fail_msg("%s stands behind %s", lines[j].written, lines[j - 1].written);
            /* A line that another table hides says nothing. */
            if (sgp_place_lexeme(lines[j].written, NULL) != &lines[j])
                fail_msg("%s is written twice", lines[j].written);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_place_query_rows),
        cmocka_unit_test(test_place_query_names_meet_texts),
        cmocka_unit_test(test_place_query_house_numbers),
        cmocka_unit_test(test_place_query_refuses_empty_and_overlong),
        cmocka_unit_test(test_place_query_every_code_point),
        cmocka_unit_test(test_place_query_outlasts_any_bytes),
        cmocka_unit_test(test_place_query_of_a_megabyte),
        cmocka_unit_test(test_place_query_tables_are_sorted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
