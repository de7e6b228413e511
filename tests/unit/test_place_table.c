/* Candidates as a table at several widths, and a text drawn with what its words did. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <locale.h>

#include "apps/place_table.h"
#include "apps/print.h"

static Sigap__V1__Point point, access_point;
static Sigap__V1__Place places[2], *list[2] = {&places[0], &places[1]};

static int make_places(void **state) {
    (void)state;
    setlocale(LC_CTYPE, "C.UTF-8");
    sigap__v1__point__init(&point);
    point.lon = 112.6146;
    point.lat = -7.9563;
    access_point = point;
    for (int i = 0; i < 2; i++) {
        sigap__v1__place__init(&places[i]);
        places[i].point = &point;
        places[i].kabupaten = (char *)"Kota Malang";
        places[i].kecamatan = (char *)"Lowokwaru";
    }
    places[0].kind = SIGAP__V1__PLACE_KIND__ADDRESS;
    places[0].label = (char *)"Jl. Veteran 5";
    places[0].kelurahan = (char *)"Sumbersari";
    places[0].uncertainty_m = 15;
    places[0].confidence_permille = 951;
    places[0].precision = SIGAP__V1__PRECISION__PRECISION_INTERPOLATED;
    places[0].access = &access_point;
    places[0].access_walk_m = 3;
    places[0].access_street = (char *)"Jalan Veteran";
    places[1].kind = SIGAP__V1__PLACE_KIND__GANG;
    places[1].label = (char *)"Gang 5 Sumbersari";
    places[1].kelurahan = (char *)"Sumbersari";
    places[1].uncertainty_m = 140;
    places[1].confidence_permille = 404;
    places[1].precision = SIGAP__V1__PRECISION__PRECISION_WHOLE;
    places[1].access = &access_point;
    places[1].access_walk_m = 40;
    places[1].access_street = (char *)"Jalan Bendungan Sutami";
    return 0;
}

static const char *printed(const char *columns, void (*print)(FILE *out)) {
    static char *bytes;
    size_t n = 0;
    free(bytes);
    setenv("COLUMNS", columns, 1);
    FILE *out = open_memstream(&bytes, &n);
    assert_non_null(out);
    print(out);
    fclose(out);
    return bytes;
}

static void print_table(FILE *out) {
    sgp_place_table_print(list, 2, SGP_INDONESIAN, out);
}

static void test_place_table_fits_the_line(void **state) {
    (void)state;
    places[1].label = (char *)"Gang 5 Sumbersari, Sumbersari"; /* told once */
    assert_string_equal(
        printed("140", print_table),
        "   jenis   tempat             wilayah                             radius  ketepatan     "
        "yakin  titik (bujur,lintang)\n"
        "1  alamat  Jl. Veteran 5      Sumbersari, Lowokwaru, Kota Malang   ±15 m  antara nomor  "
        "  95%  112.614600,-7.956300\n"
        "2  gang    Gang 5 Sumbersari  Sumbersari, Lowokwaru, Kota Malang  ±140 m  titik tengah  "
        "  40%  112.614600,-7.956300\n"
        "    masuk dari Jalan Bendungan Sutami, 40 m jalan kaki\n");
    assert_string_equal(printed("64", print_table),
                        "   jenis   tempat             radius  ketepatan     yakin\n"
                        "1  alamat  Jl. Veteran 5       ±15 m  antara nomor    95%\n"
                        "    Sumbersari, Lowokwaru, Kota Malang\n"
                        "2  gang    Gang 5 Sumbersari  ±140 m  titik tengah    40%\n"
                        "    Sumbersari, Lowokwaru, Kota Malang\n"
                        "    masuk dari Jalan Bendungan Sutami, 40 m jalan kaki\n");
}

static void test_place_table_says_where_to_enter(void **state) {
    (void)state;
    char text[128];
    assert_string_equal(sgp_place_access_text(SGP_ENGLISH, &places[1], text, sizeof text),
                        "enter from Jalan Bendungan Sutami, 40 m on foot");
    Sigap__V1__Place place = places[1];
    place.access_walk_m = 4;
    assert_string_equal(sgp_place_access_text(SGP_ENGLISH, &place, text, sizeof text),
                        "vehicles reach the door, Jalan Bendungan Sutami");
    place.access_street = (char *)"";
    place.access_walk_m = 40;
    assert_string_equal(sgp_place_access_text(SGP_ENGLISH, &place, text, sizeof text),
                        "enter from a road without a name, 40 m on foot");
    place.access = NULL;
    assert_string_equal(sgp_place_access_text(SGP_ENGLISH, &place, text, sizeof text), "");
    assert_string_equal(sgp_place_district_text(&places[0], text, sizeof text),
                        "Sumbersari, Lowokwaru, Kota Malang");
}

/* "tolong jln veterann 5 xyz" */
static Sigap__V1__PlaceWord words[5], *word_list[5];
static Sigap__V1__PlacePhrase phrase, *phrase_list[1] = {&phrase};
static Sigap__V1__PlaceShare shares[3], *share_list[3] = {&shares[0], &shares[1], &shares[2]};
static Sigap__V1__PlaceReasons reasons[2], *reason_list[2] = {&reasons[0], &reasons[1]};
static Sigap__V1__PlaceUnderstood understood;
static Sigap__V1__PlaceAnswer answer;

static void put_word(int at, const char *text, uint32_t from, uint32_t to, Sigap__V1__WordRole role,
                     uint32_t of_phrase) {
    word_list[at] = &words[at];
    sigap__v1__place_word__init(&words[at]);
    words[at].text = (char *)text;
    words[at].from = from;
    words[at].to = to;
    words[at].role = role;
    words[at].phrase = of_phrase;
}

static int make_answer(void **state) {
    make_places(state);
    put_word(0, "tolong", 0, 6, SIGAP__V1__WORD_ROLE__WORD_FILLER, 0);
    put_word(1, "jalan", 7, 10, SIGAP__V1__WORD_ROLE__WORD_MARKER, 1);
    put_word(2, "veterann", 11, 19, SIGAP__V1__WORD_ROLE__WORD_NAME, 1);
    put_word(3, "5", 20, 21, SIGAP__V1__WORD_ROLE__WORD_NUMBER, 1);
    put_word(4, "xyz", 22, 25, SIGAP__V1__WORD_ROLE__WORD_LEFT_OVER, 0);
    sigap__v1__place_phrase__init(&phrase);
    phrase.wanted = SIGAP__V1__PLACE_WANTED__WANTED_STREET;
    for (int i = 0; i < 3; i++)
        sigap__v1__place_share__init(&shares[i]);
    shares[0].word = 2;
    shares[0].read_as = (char *)"veteran";
    shares[0].permille = 612;
    shares[1].word = 3;
    shares[1].permille = 339;
    shares[2].word = 2;
    shares[2].permille = -55;
    for (int i = 0; i < 2; i++)
        sigap__v1__place_reasons__init(&reasons[i]);
    reasons[0].shares = share_list;
    reasons[0].n_shares = 2;
    reasons[1].shares = share_list + 2;
    reasons[1].n_shares = 1;
    sigap__v1__place_understood__init(&understood);
    understood.text = (char *)"tolong jln veterann 5 xyz";
    understood.words = word_list;
    understood.n_words = 5;
    understood.phrases = phrase_list;
    understood.n_phrases = 1;
    sigap__v1__place_answer__init(&answer);
    answer.candidates = list;
    answer.n_candidates = 2;
    answer.reasons = reason_list;
    answer.n_reasons = 2;
    answer.understood = &understood;
    return 0;
}

static void print_explanation(FILE *out) {
    sgp_place_explain_print(&answer, SGP_INDONESIAN, out);
    sgp_place_left_over_print(&answer, SGP_INDONESIAN, out);
}

static void test_place_explain_stands_under_the_words(void **state) {
    (void)state;
    assert_string_equal(
        printed("0", print_explanation),
        "kata                  tolong     jln            veterann       5              xyz\n"
        "lengkapnya                       jalan                                        \n"
        "peran                 pelengkap  penanda        nama           nomor          tak "
        "dimengerti\n"
        "bagian                           tujuan: jalan  tujuan: jalan  tujuan: jalan  \n"
        "1) Jl. Veteran 5      ·          ·              veteran +61%   +34%           ·\n"
        "2) Gang 5 Sumbersari  ·          ·              -6%            ·              ·\n"
        "tidak dimengerti: “xyz”\n");
    const char *narrow = printed("60", print_explanation);
    assert_non_null(strstr(narrow, "\n\nkata"));
    for (const char *line = narrow; *line != '\0'; line += strcspn(line, "\n") + 1) {
        char one[512];
        snprintf(one, sizeof one, "%.*s", (int)strcspn(line, "\n"), line);
        assert_true(sgp_display_width(one) <= 60);
    }
    assert_null(strstr(narrow, "…"));
}

/* Offsets and indices come over the wire: nonsense is not followed. */
static void test_place_explain_bears_nonsense(void **state) {
    (void)state;
    words[0].to = 4000000000u;
    words[1].from = 12;
    words[2].phrase = 77;
    shares[0].word = 4000000000u;
    understood.cut = 3;
    assert_non_null(strstr(printed("0", print_explanation), "calon pertama: “veterann”"));
    assert_non_null(strstr(printed("0", print_explanation), "3 kata terakhir"));
    answer.n_reasons = 0;
    (void)printed("20", print_explanation);
    understood.n_words = 0;
    (void)printed("20", print_explanation);
    answer.understood = NULL;
    (void)printed("20", print_explanation);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_place_table_fits_the_line, make_places),
        cmocka_unit_test_setup(test_place_table_says_where_to_enter, make_places),
        cmocka_unit_test_setup(test_place_explain_stands_under_the_words, make_answer),
        cmocka_unit_test_setup(test_place_explain_bears_nonsense, make_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
