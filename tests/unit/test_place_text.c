/* Callers' texts and names on the map, taken apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "gis/place_text.h"

/* "veteran 5? ketawanggede": the words, optional ones with '?'. */
static const char *words_of(const sgp_place_text *parsed) {
    static char line[2048];
    line[0] = '\0';
    for (size_t i = 0; i < parsed->n_words; i++) {
        size_t used = strlen(line);
        snprintf(line + used, sizeof line - used, "%s%s%s", i ? " " : "", parsed->words[i],
                 parsed->optional[i] ? "?" : "");
    }
    return line;
}

static void test_place_text_takes_callers_texts_apart(void **state) {
    (void)state;
    static const struct {
        const char *text, *words, *number;
        bool says_street, is_relative, certain;
    } ROWS[] = {
        {"Jl. Veteran 5, Ketawanggede", "veteran 5? ketawanggede", "5", true, false, false},
        {"jalan veteran no 5", "veteran", "5", true, false, true},
        {"Jln Veteran nomor 5A", "veteran", "5a", true, false, true},
        {"Jl. Veteran No.5 a, Lowokwaru", "veteran lowokwaru", "5a", true, false, true},
        {"Jl Veteran no5", "veteran", "5", true, false, true},
        {"jl veteran no 12-14 lowokwaru", "veteran lowokwaru", "12", true, false, true},
        {"jl veteran 12-14 lowokwaru", "veteran 12? lowokwaru", "12", true, false, false},
        {"Jl MT. Haryono 10 B", "mt haryono 10?", "10b", true, false, false},
        {"Jl. W.R. Supratman No.10", "wr supratman", "10", true, false, true},
        {"Jl. 17 Agustus no 5", "17? agustus", "5", true, false, true},
        {"Gg 3 Jl Kertorejo", "gang 3 kertorejo", "", true, false, false},
        {"RSSA", "rssa", "", false, false, false},
        {"R.S. Lavalette", "rs lavalette", "", false, false, false},
        {"Rumah Sakit Lavalette", "rs lavalette", "", false, false, false},
        {"RSUD Dr. Saiful Anwar", "rsud dr saiful anwar", "", false, false, false},
        {"Pkm Dinoyo", "puskesmas dinoyo", "", false, false, false},
        {"SMAN 3 Malang", "sma negeri 3? malang", "3", false, false, false},
        {"di depan RS Panti Waluya", "rs panti waluya", "", false, true, false},
        {"dekat Masjid Jami'", "masjid jami", "", false, true, false},
        {"sebelah utara dari MOG", "mog", "", false, true, false},
        {"Jl. Merdeka Utara", "merdeka utara", "", true, false, false},
        {"Kel. Dinoyo Kec. Lowokwaru Kota Malang", "dinoyo lowokwaru kota malang", "", false, false,
         false},
        {"jl. kawi rt 03 rw 05 65111", "kawi", "", true, false, false},
        {"12 Rue Grimaldi", "12? rue grimaldi", "12", false, false, false},
        {"RUA DE SANTA CATARINA", "rua de santa catarina", "", false, false, false},
        {"avenida Le\xc3\xa3o", "avenida le\xc3\xa3o", "", false, false, false},
        {"kecelakaan di depan Pasar Blimbing", "pasar blimbing", "", false, true, false},
        {"warung depan rs lavalette", "warung rs lavalette", "", false, false, false},
        {"saya di jalan raya langsep no 12", "raya langsep", "12", true, false, true},
        {"Jl. Belakang Terminal", "belakang terminal", "", true, false, false},
        {"perempatan Kawi", "simpang empat kawi", "", false, false, false},
        {"pertigaan dinoyo", "simpang tiga dinoyo", "", false, false, false},
        {"Desa Pendem", "pendem", "", false, false, false},
        {"Ds. Pendem", "pendem", "", false, false, false},
        {"Balai Desa Pendem", "balai desa pendem", "", false, false, false},
        {"saya", "saya", "", false, false, false},
        {"depan", "depan", "", false, false, false},
        {"???", "", "", false, false, false},
        {"'; DROP TABLE name; --", "drop table name", "", false, false, false},
        {"100%_\\", "100", "", false, false, false},
        {"\xff\xfe"
         "abc\xc3(\xed\xa0\x80",
         "abc", "", false, false, false},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        sgp_place_text parsed;
        assert_int_equal(sgp_place_text_parse(ROWS[i].text, &parsed), SGP_OK);
        assert_string_equal(words_of(&parsed), ROWS[i].words);
        assert_string_equal(parsed.number, ROWS[i].number);
        assert_int_equal(parsed.says_street, ROWS[i].says_street);
        assert_int_equal(parsed.is_relative, ROWS[i].is_relative);
        assert_int_equal(parsed.number_is_certain, ROWS[i].certain);
        assert_false(parsed.is_point);
    }
}

static void test_place_text_hears_which_kind_is_meant(void **state) {
    (void)state;
    sgp_place_text parsed;
    assert_int_equal(sgp_place_text_parse("RT 3 RW 5 kelurahan Dinoyo", &parsed), SGP_OK);
    assert_true(parsed.says_district);
    assert_int_equal(sgp_place_text_parse("Puskesmas Dinoyo Kec. Lowokwaru", &parsed), SGP_OK);
    assert_false(parsed.says_district);
    assert_int_equal(sgp_place_text_parse("Jl. Desa 5", &parsed), SGP_OK);
    assert_false(parsed.says_district);
}

static void test_place_text_recognises_points(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool is_point;
        double first, second;
    } ROWS[] = {
        {"-7.98,112.63", true, -7.98, 112.63},
        {"112.63, -7.98", true, 112.63, -7.98},
        {" (112.63 -7.98) ", true, 112.63, -7.98},
        {"-7.98;112.63", true, -7.98, 112.63},
        {"7.98", false, 0, 0},
        {"12,14", false, 0, 0},
        {"-7.98,112.63,5", false, 0, 0},
        {"-7.98,112.63 Malang", false, 0, 0},
        {"1e999,2.0", false, 0, 0},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        sgp_place_text parsed;
        assert_int_equal(sgp_place_text_parse(ROWS[i].text, &parsed), SGP_OK);
        assert_int_equal(parsed.is_point, ROWS[i].is_point);
        if (ROWS[i].is_point) {
            assert_true(parsed.first == ROWS[i].first && parsed.second == ROWS[i].second);
        }
    }
}

static void test_place_text_refuses_empty_and_overlong(void **state) {
    (void)state;
    sgp_place_text parsed;
    char longest[SGP_PLACE_TEXT_MAX + 2];
    memset(longest, 'a', sizeof longest);
    longest[SGP_PLACE_TEXT_MAX + 1] = '\0';
    assert_int_equal(sgp_place_text_parse("", &parsed), SGP_E_ARGUMENT);
    assert_int_equal(sgp_place_text_parse(" \t\n", &parsed), SGP_E_ARGUMENT);
    assert_int_equal(sgp_place_text_parse(NULL, &parsed), SGP_E_ARGUMENT);
    assert_int_equal(sgp_place_text_parse(longest, &parsed), SGP_E_ARGUMENT);
    longest[SGP_PLACE_TEXT_MAX] = '\0';
    assert_int_equal(sgp_place_text_parse(longest, &parsed), SGP_OK);
    assert_int_equal(parsed.n_words, 1);
    assert_int_equal(strlen(parsed.words[0]), SGP_PLACE_WORD_BYTES - 1);
    for (size_t i = 0; i < SGP_PLACE_TEXT_MAX; i += 2)
        longest[i] = ' ';
    assert_int_equal(sgp_place_text_parse(longest, &parsed), SGP_OK);
    assert_int_equal(parsed.n_words, SGP_PLACE_WORDS_MAX);
}

static void test_place_text_names_meet_texts(void **state) {
    (void)state;
    static const struct {
        const char *name, *words;
    } ROWS[] = {
        {"Jalan Veteran", "veteran"},
        {"Jl. Veteran", "veteran"},
        {"Jalan", "jalan"},
        {"Gang III", "gang iii"},
        {"RS. Panti Waluya", "rs panti waluya"},
        {"SMK Negeri 4", "smk negeri 4"},
        {"SMKN 4", "smk negeri 4"},
        {"R\xc3\xbc"
         "a d\xe2\x80\x99\xc3\x88ze",
         "r\xc3\xbc"
         "a d\xc3\x88ze"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        char words[128];
        sgp_place_text_name(ROWS[i].name, words, sizeof words);
        assert_string_equal(words, ROWS[i].words);
    }
    char tight[8];
    assert_int_equal(sgp_place_text_name("alpha beta", tight, sizeof tight), 1);
    assert_string_equal(tight, "alpha");
}

static void test_place_text_reads_house_numbers(void **state) {
    (void)state;
    char number[SGP_PLACE_NUMBER_BYTES];
    assert_int_equal(sgp_place_text_number("12 A", number), 12);
    assert_string_equal(number, "12a");
    assert_int_equal(sgp_place_text_number("12-14", number), 12);
    assert_string_equal(number, "12");
    assert_int_equal(sgp_place_text_number("B7", number), 7);
    assert_string_equal(number, "b7");
    assert_int_equal(sgp_place_text_number("xyz", number), -1);
    assert_int_equal(sgp_place_text_number("99999999999999999999", number), -1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_place_text_takes_callers_texts_apart),
        cmocka_unit_test(test_place_text_hears_which_kind_is_meant),
        cmocka_unit_test(test_place_text_recognises_points),
        cmocka_unit_test(test_place_text_refuses_empty_and_overlong),
        cmocka_unit_test(test_place_text_names_meet_texts),
        cmocka_unit_test(test_place_text_reads_house_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
