/* What the full-text index is asked for the words of a phrase: all of them with the rarest first,
 * what may be tried besides, nothing that costs much and says little, and no letter that means
 * something to SQL. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "gis/gazetteer_parts.h"

static sgp_vocabulary *vocabulary;
static int32_t own_counts[16];
static sgp_own_counts own = {own_counts, 16};

static const struct {
    const char *word;
    int32_t names, own;
} WORDS[] = {
    {"gang", 300000, 290000}, {"5", 50000, 40000},     {"sumbersari", 900, 12},
    {"veteran", 60, 4},       {"suhat", 20, 1},        {"masjid", 80000, 79000},
    {"soekarno", 30, 5},      {"hatta", 35, 5},        {"o'neil\\'; drop table name", 3, 3},
    {"a\"b{},c", 4, 4},       {"vetiran", 70000, 200},
};
enum { GANG, FIVE, SUMBERSARI, VETERAN, SUHAT, MASJID, SOEKARNO, HATTA, QUOTE, BRACE, VETIRAN };

static int make_vocabulary(void **state) {
    (void)state;
    bool done = false;
    assert_int_equal(sgp_vocabulary_create(&vocabulary), SGP_OK);
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++) {
        assert_int_equal(sgp_vocabulary_add(vocabulary, WORDS[i].word, WORDS[i].names), SGP_OK);
        own_counts[i] = WORDS[i].own;
    }
    while (!done)
        assert_int_equal(sgp_vocabulary_seal(vocabulary, 1000, &done), SGP_OK);
    return 0;
}

static int free_vocabulary(void **state) {
    (void)state;
    sgp_vocabulary_destroy(vocabulary);
    return 0;
}

static sgp_reading reading(uint8_t first, uint8_t n_said, uint32_t word, float likeness) {
    return (sgp_reading){
        .first = first, .n_said = n_said, .n_words = 1, .words = {word}, .likeness = likeness};
}

static const char *or_nothing(const sgp_text *text) {
    return text->bytes ? text->bytes : "";
}

static void test_words_rarest_go_to_the_index(void **state) {
    (void)state;
    const sgp_reading said[] = {reading(0, 1, GANG, 1), reading(1, 1, FIVE, 1),
                                reading(2, 1, SUMBERSARI, 1), reading(3, 1, VETERAN, 1)};
    sgp_gazetteer_ask ask = {
        .question = SGP_ASK_NAMES, .readings = said, .n_readings = 4, .required = 0xf};
    sgp_names_query query;
    assert_true(sgp_names_query_make(&ask, vocabulary, own, &query));
    assert_true(query.is_rare);
    assert_string_equal(or_nothing(&query.index), "(('veteran'))&(('sumbersari'))");
    assert_string_equal(or_nothing(&query.rows), "(('5'))&(('gang'))");
    assert_string_equal(or_nothing(&query.own), "{\"gang\",\"5\",\"sumbersari\",\"veteran\"}");
    /* All but one, but never the common words alone. */
    assert_string_equal(or_nothing(&query.most), "((('5'))&(('sumbersari'))&(('veteran')))"
                                                 "|((('gang'))&(('sumbersari'))&(('veteran')))"
                                                 "|((('gang'))&(('5'))&(('veteran')))"
                                                 "|((('gang'))&(('5'))&(('sumbersari')))");
    assert_string_equal(or_nothing(&query.rarest), "(('=veteran'))|(('=sumbersari'))");
    assert_string_equal(or_nothing(&query.frequent), "{}");
    assert_int_equal(query.all_near.length, 0);
    sgp_names_query_free(&query);
}

static void test_words_single_one_is_of_the_name_itself(void **state) {
    (void)state;
    const sgp_reading said[] = {reading(0, 1, SUMBERSARI, 1)};
    sgp_gazetteer_ask ask = {
        .question = SGP_ASK_NAMES, .readings = said, .n_readings = 1, .required = 1};
    sgp_names_query query;
    assert_true(sgp_names_query_make(&ask, vocabulary, own, &query));
    assert_string_equal(or_nothing(&query.index), "(('=sumbersari'))");
    assert_string_equal(or_nothing(&query.rows), "");
    assert_string_equal(or_nothing(&query.most), "");
    assert_string_equal(or_nothing(&query.rarest), "");
    sgp_names_query_free(&query);
}

static void test_words_common_ones_have_short_cuts(void **state) {
    (void)state;
    const sgp_reading said[] = {reading(0, 1, GANG, 1), reading(1, 1, FIVE, 1)};
    sgp_gazetteer_ask ask = {.question = SGP_ASK_NAMES,
                             .readings = said,
                             .n_readings = 2,
                             .required = 3,
                             .n_points = 1,
                             .radius_m = 1500};
    ask.points[0] = (sgp_point){1126300000, -79500000};
    sgp_names_query query;
    assert_true(sgp_names_query_make(&ask, vocabulary, own, &query));
    assert_false(query.is_rare);
    assert_string_equal(or_nothing(&query.frequent), "{\"gang 5\"}");
    assert_string_equal(or_nothing(&query.all_near),
                        "(('gang'))&(('5'))&('#5630_-399'|'#5630_-398'|'#5630_-397'"
                        "|'#5631_-399'|'#5631_-398'|'#5631_-397'|'#5632_-399'|'#5632_-398'"
                        "|'#5632_-397')");
    sgp_names_query_free(&query);
}

static void test_words_squares_are_around_the_point(void **state) {
    (void)state;
    const sgp_reading said[] = {reading(0, 1, MASJID, 1)};
    sgp_gazetteer_ask ask = {.question = SGP_ASK_NAMES_NEAR,
                             .readings = said,
                             .n_readings = 1,
                             .required = 1,
                             .n_points = 1,
                             .radius_m = 100};
    ask.points[0] = (sgp_point){1126300000, -79500000};
    sgp_names_query query;
    assert_true(sgp_names_query_make(&ask, vocabulary, own, &query));
    assert_string_equal(or_nothing(&query.all_near), "(('=masjid'))&('#5631_-398')");
    assert_string_equal(or_nothing(&query.frequent), "{\"masjid\"}");
    sgp_names_query_free(&query);
    /* Too many squares are none. */
    ask.radius_m = 50000;
    assert_true(sgp_names_query_make(&ask, vocabulary, own, &query));
    assert_string_equal(or_nothing(&query.all_near), "(('=masjid'))");
    sgp_names_query_free(&query);
}

static void test_words_unlikely_common_readings_are_left_out(void **state) {
    (void)state;
    const sgp_reading said[] = {reading(0, 1, VETERAN, 1), reading(0, 1, SUHAT, 0.7f),
                                reading(0, 1, VETIRAN, 0.7f)};
    sgp_gazetteer_ask ask = {
        .question = SGP_ASK_NAMES, .readings = said, .n_readings = 3, .required = 1};
    sgp_names_query query;
    assert_true(sgp_names_query_make(&ask, vocabulary, own, &query));
    assert_string_equal(or_nothing(&query.index), "(('=veteran')|('=suhat'))");
    sgp_names_query_free(&query);
}

static void test_words_together_and_apart(void **state) {
    (void)state;
    sgp_reading said[] = {
        reading(0, 2, SUMBERSARI, 0.9f),
        reading(0, 1, SUHAT, 0.8f),
        {.first = 2, .n_said = 1, .n_words = 2, .words = {SOEKARNO, HATTA}, .likeness = 0.96f}};
    sgp_gazetteer_ask ask = {
        .question = SGP_ASK_NAMES, .readings = said, .n_readings = 3, .required = 7};
    sgp_names_query query;
    assert_true(sgp_names_query_make(&ask, vocabulary, own, &query));
    assert_string_equal(or_nothing(&query.all),
                        "(('sumbersari')|('suhat'))&(('sumbersari'))&(('soekarno'&'hatta'))");
    sgp_names_query_free(&query);
}

static void test_words_said_twice_are_asked_once(void **state) {
    (void)state;
    const sgp_reading said[] = {reading(0, 1, SUHAT, 1), reading(1, 1, VETERAN, 1),
                                reading(2, 1, VETERAN, 1)};
    sgp_gazetteer_ask ask = {
        .question = SGP_ASK_NAMES, .readings = said, .n_readings = 3, .required = 7};
    sgp_names_query query;
    assert_true(sgp_names_query_make(&ask, vocabulary, own, &query));
    assert_string_equal(or_nothing(&query.all), "(('suhat'))&(('veteran'))");
    sgp_names_query_free(&query);
}

static void test_words_mean_nothing_to_sql(void **state) {
    (void)state;
    const sgp_reading said[] = {reading(0, 1, QUOTE, 1), reading(1, 1, BRACE, 1)};
    sgp_gazetteer_ask ask = {
        .question = SGP_ASK_NAMES, .readings = said, .n_readings = 2, .required = 3};
    sgp_names_query query;
    assert_true(sgp_names_query_make(&ask, vocabulary, own, &query));
    assert_string_equal(or_nothing(&query.all),
                        "(('o''neil\\\\''; drop table name'))&(('a\"b{},c'))");
    assert_string_equal(or_nothing(&query.own),
                        "{\"o'neil\\\\'; drop table name\",\"a\\\"b{},c\"}");
    sgp_names_query_free(&query);
}

static void test_words_unfinished_ones(void **state) {
    (void)state;
    sgp_gazetteer_ask ask = {.question = SGP_ASK_COMPLETE, .unfinished = "vet"};
    sgp_names_query query;
    assert_true(sgp_names_query_make(&ask, vocabulary, own, &query));
    assert_string_equal(or_nothing(&query.all), "(('=veteran')|('=vetiran'))");
    sgp_names_query_free(&query);
    ask.unfinished = "zzz";
    assert_false(sgp_names_query_make(&ask, vocabulary, own, &query));
    sgp_names_query_free(&query);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words_rarest_go_to_the_index),
        cmocka_unit_test(test_words_single_one_is_of_the_name_itself),
        cmocka_unit_test(test_words_common_ones_have_short_cuts),
        cmocka_unit_test(test_words_squares_are_around_the_point),
        cmocka_unit_test(test_words_unlikely_common_readings_are_left_out),
        cmocka_unit_test(test_words_together_and_apart),
        cmocka_unit_test(test_words_said_twice_are_asked_once),
        cmocka_unit_test(test_words_mean_nothing_to_sql),
        cmocka_unit_test(test_words_unfinished_ones),
    };
    return cmocka_run_group_tests(tests, make_vocabulary, free_vocabulary);
}
