/* How callers' words are read as words of a gazetteer: a table of what Indonesian callers say
 * and type, and the vocabulary's manners. That nothing is missed is held to a scan of
 * all words in tests/property/test_vocabulary_random.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "gis/vocabulary.h"
#include "gis/word_sound.h"

static sgp_vocabulary *vocabulary;

static const struct {
    const char *word;
    int32_t count;
} WORDS[] = {
    {"soekarno", 4},     {"hatta", 5},
    {"veteran", 6},      {"sumbersari", 40},
    {"sawojajar", 60},   {"brawijaya", 12},
    {"wonokoyo", 9},     {"tjokroaminoto", 1},
    {"cokroaminoto", 2}, {"joyo", 30},
    {"jaya", 90},        {"raya", 50000},
    {"masjid", 40000},   {"gang", 60000},
    {"ijen", 8},         {"arjosari", 14},
    {"muhammad", 20},    {"achmad", 15},
    {"yani", 16},        {"politeknik", 3},
    {"syarif", 2},       {"zaenal", 3},
    {"dhoho", 1},        {"taksi", 1},
    {"bapak", 2},        {"panglima", 7},
    {"sudirman", 25},    {"diponegoro", 11},
    {"surabaya", 18},    {"merdeka", 13},
    {"merjosari", 30},   {"lowokwaru", 70},
    {"blimbing", 66},    {"kedungkandang", 61},
    {"universitas", 9},  {"vila", 3},
    {"17", 3},           {"5", 400},
    {"rt", 90},          {"ub", 1},
    {"aisyiyah", 2},     {"kauman", 3},
    {"suroyo", 2},       {"wijaya", 20},
    {"kusuma", 20},      {"wijayakusuma", 2},
};

static int make_vocabulary(void **state) {
    (void)state;
    assert_int_equal(sgp_vocabulary_create(&vocabulary), SGP_OK);
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
        assert_int_equal(sgp_vocabulary_add(vocabulary, WORDS[i].word, WORDS[i].count), SGP_OK);
    bool done = false;
    while (!done)
        assert_int_equal(sgp_vocabulary_seal(vocabulary, 0, &done), SGP_OK);
    return 0;
}

static int free_vocabulary(void **state) {
    (void)state;
    sgp_vocabulary_destroy(vocabulary);
    return 0;
}

static const char *text_of(uint32_t id) {
    return sgp_vocabulary_word_at(vocabulary, id).text;
}

static size_t read_one(const char *word, sgp_reading readings[SGP_READINGS_MAX]) {
    return sgp_vocabulary_read(vocabulary, &word, 1, readings, SGP_READINGS_MAX);
}

/* said, the first reading, and at least how like it is, in hundredths */
static const struct {
    const char *said, *meant;
    int like;
} HEARD[] = {
    {"soekarno", "soekarno", 100},
    {"sukarno", "soekarno", 95},
    {"hata", "hatta", 90},
    {"hattah", "hatta", 90},
    {"feteran", "veteran", 90},
    {"peteran", "veteran", 90},
    {"brawijoyo", "brawijaya", 90},
    {"browijoyo", "brawijaya", 85},
    {"wonokojo", "wonokoyo", 90},
    {"wanakaya", "wonokoyo", 80},
    {"djojo", "joyo", 90},
    {"cokroaminata", "cokroaminoto", 90},
    {"ahmad", "achmad", 90},
    {"akhmad", "achmad", 90},
    {"mohammad", "muhammad", 90},
    {"muhamad", "muhammad", 90},
    {"jani", "yani", 90},
    {"politehnik", "politeknik", 80},
    {"sarif", "syarif", 90},
    {"jaenal", "zaenal", 85},
    {"doho", "dhoho", 90},
    {"taxi", "taksi", 90},
    {"bapa", "bapak", 90},
    {"soedirman", "sudirman", 95},
    {"diponogoro", "diponegoro", 85},
    {"merjosarik", "merjosari", 90},
    {"aisiyah", "aisyiyah", 90},
    {"vilaa", "vila", 90},
    {"mesjid", "masjid", 85},
    /* typing */
    {"sumbesrari", "sumbersari", 85},
    {"sumbesari", "sumbersari", 80},
    {"sumbbersarri", "sumbersari", 90},
    {"swojajar", "sawojajar", 80},
    {"sawojqjwr", "sawojajar", 75},
    {"bliming", "blimbing", 80},
    {"kedunkandan", "kedungkandang", 80},
    {"uniersitsa", "universitas", 70},
    {"oolteknik", "politeknik", 70},
    {"xeteran", "veteran", 75},
    {"ijn", "ijen", 60},
    /* sound and typing together */
    {"soekatno", "soekarno", 80},
    {"sukatno", "soekarno", 75},
    {"brawijoy", "brawijaya", 70},
    {"tjokroaminto", "tjokroaminoto", 85},
};

static void test_vocabulary_reads_what_callers_say(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof HEARD / sizeof *HEARD; i++) {
        sgp_reading readings[SGP_READINGS_MAX];
        size_t n = read_one(HEARD[i].said, readings);
        if (n == 0)
            fail_msg("%s is read as nothing", HEARD[i].said);
        if (strcmp(text_of(readings[0].words[0]), HEARD[i].meant) != 0 ||
            (double)readings[0].likeness * 100 < HEARD[i].like - 0.001)
            fail_msg("%s is read as %s by %.3f, not as %s by %d", HEARD[i].said,
                     text_of(readings[0].words[0]), (double)readings[0].likeness, HEARD[i].meant,
                     HEARD[i].like);
    }
}

static void test_vocabulary_known_word_has_weaker_rivals(void **state) {
    (void)state;
    sgp_reading readings[SGP_READINGS_MAX];
    size_t n = read_one("jaya", readings);
    assert_true(n >= 2);
    assert_string_equal(text_of(readings[0].words[0]), "jaya");
    assert_true(readings[0].likeness == 1);
    bool joyo = false, raya = false;
    for (size_t i = 1; i < n; i++) {
        joyo = joyo || strcmp(text_of(readings[i].words[0]), "joyo") == 0;
        raya = raya || strcmp(text_of(readings[i].words[0]), "raya") == 0;
        assert_true(readings[i].likeness <= 0.8f);
    }
    assert_true(joyo && raya);
}

static void test_vocabulary_numbers_are_read_as_themselves(void **state) {
    (void)state;
    sgp_reading readings[SGP_READINGS_MAX];
    assert_int_equal(read_one("17", readings), 1);
    assert_int_equal(read_one("18", readings), 0);
    assert_int_equal(read_one("1", readings), 0);
    assert_int_equal(read_one("17a", readings), 0);
}

static void test_vocabulary_nothing_like_it_is_nothing(void **state) {
    (void)state;
    sgp_reading readings[SGP_READINGS_MAX];
    assert_int_equal(read_one("qwxzqwxzqwxz", readings), 0);
    assert_int_equal(read_one("", readings), 0);
    char longest[200];
    memset(longest, 'a', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    assert_int_equal(read_one(longest, readings), 0);
    longest[63] = '\0';
    assert_int_equal(read_one(longest, readings), 0);
}

static const sgp_reading *find_run(const sgp_reading *readings, size_t n, int first, int n_said,
                                   const char *one, const char *two) {
    for (size_t i = 0; i < n; i++)
        if (readings[i].first == first && readings[i].n_said == n_said &&
            readings[i].n_words == (two ? 2 : 1) &&
            strcmp(text_of(readings[i].words[0]), one) == 0 &&
            (!two || strcmp(text_of(readings[i].words[1]), two) == 0))
            return &readings[i];
    return NULL;
}

static void test_vocabulary_words_together_and_apart(void **state) {
    (void)state;
    sgp_reading readings[96];
    static const char *const JOINED[] = {"sawo", "jajar", "raya"};
    size_t n = sgp_vocabulary_read(vocabulary, JOINED, 3, readings, 96);
    const sgp_reading *found = find_run(readings, n, 0, 2, "sawojajar", NULL);
    assert_non_null(found);
    assert_true(found->likeness > 0.9f && found->likeness < 1);
    for (size_t i = 1; i < n; i++)
        assert_true(readings[i - 1].first <= readings[i].first);

    static const char *const THREE[] = {"kedung", "kan", "dang"};
    n = sgp_vocabulary_read(vocabulary, THREE, 3, readings, 96);
    assert_non_null(find_run(readings, n, 0, 3, "kedungkandang", NULL));

    static const char *const CUT[] = {"soekarnohatta", "sukarnohatta", "wijayakusuma"};
    n = sgp_vocabulary_read(vocabulary, CUT, 3, readings, 96);
    found = find_run(readings, n, 0, 1, "soekarno", "hatta");
    assert_non_null(found);
    assert_true(found->likeness > 0.9f);
    assert_non_null(find_run(readings, n, 1, 1, "soekarno", "hatta"));
    found = find_run(readings, n, 2, 1, "wijayakusuma", NULL);
    assert_true(found && found->likeness == 1);
    assert_non_null(find_run(readings, n, 2, 1, "wijaya", "kusuma"));
}

static void test_vocabulary_little_room_is_shared(void **state) {
    (void)state;
    static const char *const SAID[] = {"jaya", "jaya", "jaya", "jaya"};
    sgp_reading readings[5];
    size_t n = sgp_vocabulary_read(vocabulary, SAID, 4, readings, 5);
    assert_true(n >= 4);
    for (int first = 0; first < 4; first++)
        assert_non_null(find_run(readings, n, first, 1, "jaya", NULL));
    assert_int_equal(sgp_vocabulary_read(vocabulary, SAID, 4, readings, 0), 0);
}

static void test_vocabulary_completes(void **state) {
    (void)state;
    uint32_t ids[8];
    assert_int_equal(sgp_vocabulary_complete(vocabulary, "su", ids, 8), 0);
    size_t n = sgp_vocabulary_complete(vocabulary, "sum", ids, 8);
    assert_true(n >= 1);
    assert_string_equal(text_of(ids[0]), "sumbersari");
    /* What is written so comes first, then what sounds so. */
    n = sgp_vocabulary_complete(vocabulary, "suk", ids, 8);
    assert_true(n >= 1);
    assert_string_equal(text_of(ids[0]), "soekarno");
    n = sgp_vocabulary_complete(vocabulary, "wij", ids, 8);
    assert_true(n >= 2);
    assert_string_equal(text_of(ids[0]), "wijaya");
    assert_string_equal(text_of(ids[1]), "wijayakusuma");
    n = sgp_vocabulary_complete(vocabulary, "sumbrs", ids, 8);
    assert_true(n >= 1);
    assert_string_equal(text_of(ids[0]), "sumbersari");
    n = sgp_vocabulary_complete(vocabulary, "lowikw", ids, 8);
    assert_true(n >= 1);
    assert_string_equal(text_of(ids[0]), "lowokwaru");
    assert_int_equal(sgp_vocabulary_complete(vocabulary, "wij", ids, 1), 1);
}

static void test_vocabulary_counts_and_refuses(void **state) {
    (void)state;
    sgp_vocabulary *other;
    assert_int_equal(sgp_vocabulary_create(&other), SGP_OK);
    assert_int_equal(sgp_vocabulary_add(other, "", 1), SGP_E_ARGUMENT);
    char longest[SGP_WORD_BYTES + 1];
    memset(longest, 'b', sizeof longest);
    longest[SGP_WORD_BYTES] = '\0';
    assert_int_equal(sgp_vocabulary_add(other, longest, 1), SGP_E_ARGUMENT);
    longest[SGP_WORD_BYTES - 1] = '\0';
    assert_int_equal(sgp_vocabulary_add(other, longest, 1), SGP_OK);
    assert_int_equal(sgp_vocabulary_add(other, "ijen", 2), SGP_OK);
    assert_int_equal(sgp_vocabulary_add(other, "ijen", 3), SGP_OK);
    assert_int_equal(sgp_vocabulary_size(other), 2);
    uint32_t id;
    assert_true(sgp_vocabulary_find(other, "ijen", &id));
    assert_int_equal(sgp_vocabulary_word_at(other, id).count, 5);
    assert_false(sgp_vocabulary_find(other, "ijem", &id));
    /* Nothing is read before all is filed. */
    sgp_reading readings[SGP_READINGS_MAX];
    const char *said = "ijen";
    assert_int_equal(sgp_vocabulary_read(other, &said, 1, readings, SGP_READINGS_MAX), 0);
    bool done = false;
    while (!done)
        assert_int_equal(sgp_vocabulary_seal(other, 1000, &done), SGP_OK);
    assert_int_equal(sgp_vocabulary_add(other, "semeru", 1), SGP_E_STATE);
    assert_int_equal(sgp_vocabulary_read(other, &said, 1, readings, SGP_READINGS_MAX), 1);
    sgp_vocabulary_destroy(other);

    assert_int_equal(sgp_vocabulary_create(&other), SGP_OK);
    done = false;
    while (!done)
        assert_int_equal(sgp_vocabulary_seal(other, 1000, &done), SGP_OK);
    assert_false(sgp_vocabulary_find(other, "ijen", &id));
    assert_int_equal(sgp_vocabulary_read(other, &said, 1, readings, SGP_READINGS_MAX), 0);
    assert_int_equal(sgp_vocabulary_complete(other, said, &id, 1), 0);
    sgp_vocabulary_destroy(other);
    sgp_vocabulary_destroy(NULL);
}

static void test_word_sound_old_and_new_spelling(void **state) {
    (void)state;
    static const char *const SAME[][2] = {
        {"soekarno", "sukarno"},   {"djojodiningrat", "joyodiningrat"},
        {"tjipto", "cipto"},       {"njonja", "nyonya"},
        {"achmad", "akhmad"},      {"sjarif", "syarif"},
        {"hatta", "hata"},         {"aisyiyah", "aisiyah"},
        {"surabaya", "soerabaja"}, {"keduwa", "kedua"},
        {"bapak", "bapa"},         {"xenia", "ksenia"},
    };
    for (size_t i = 0; i < sizeof SAME / sizeof *SAME; i++) {
        char one[SGP_WORD_BYTES], two[SGP_WORD_BYTES];
        sgp_word_sound(SAME[i][0], strlen(SAME[i][0]), one);
        sgp_word_sound(SAME[i][1], strlen(SAME[i][1]), two);
        assert_string_equal(one, two);
    }
    char sound[SGP_WORD_BYTES];
    assert_int_equal(sgp_word_sound("h", 1, sound), 1);
    assert_string_equal(sound, "h");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vocabulary_reads_what_callers_say),
        cmocka_unit_test(test_vocabulary_known_word_has_weaker_rivals),
        cmocka_unit_test(test_vocabulary_numbers_are_read_as_themselves),
        cmocka_unit_test(test_vocabulary_nothing_like_it_is_nothing),
        cmocka_unit_test(test_vocabulary_words_together_and_apart),
        cmocka_unit_test(test_vocabulary_little_room_is_shared),
        cmocka_unit_test(test_vocabulary_completes),
        cmocka_unit_test(test_vocabulary_counts_and_refuses),
        cmocka_unit_test(test_word_sound_old_and_new_spelling),
    };
    return cmocka_run_group_tests(tests, make_vocabulary, free_vocabulary);
}
