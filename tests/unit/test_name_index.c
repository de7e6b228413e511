/* The index of names against a look at every name: random names of few words, so that sets of words
 * meet, and every kind of ask; then its bounds, and bytes that are not as the import makes them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/random.h"
#include "gis/name_choices.h"
#include "gis/name_index.h"

enum { NAMES = 400, WORDS = 24, COMMON_WORDS = 18, HAS = 1, HAS_OWN = 2, SEVERAL_ROWS = 60 };

/* A town: who has which word, and as its own. */
typedef struct town {
    uint8_t has[NAMES + 1][WORDS]; /* HAS, HAS | HAS_OWN */
    char kind[NAMES + 1];
    sgp_point point[NAMES + 1];
    int32_t column[NAMES + 1], row[NAMES + 1];
    sgp_vocabulary *vocabulary;
    sgp_name_index *index;
} town;

static void put_number(sgp_buffer *buffer, uint32_t number) {
    const uint8_t bytes[4] = {(uint8_t)(number >> 24), (uint8_t)(number >> 16),
                              (uint8_t)(number >> 8), (uint8_t)number};
    assert_int_equal(sgp_buffer_append(buffer, bytes, sizeof bytes), SGP_OK);
}

static void draw_names(town *t, uint64_t *random) {
    static const char KINDS[] = "sgfa";
    for (uint32_t name = 1; name <= NAMES; name++) {
        t->kind[name] = KINDS[sgp_random_below(random, 4)];
        t->point[name].lon_e7 = 1126000000 + (int32_t)sgp_random_below(random, 1000000);
        t->point[name].lat_e7 = -80000000 + (int32_t)sgp_random_below(random, 1000000);
        t->column[name] = (int32_t)floor(sgp_lon(t->point[name]) / SGP_SQUARE_DEGREES);
        t->row[name] = (int32_t)floor(sgp_lat(t->point[name]) / SGP_SQUARE_DEGREES);
        /* The first words are common, the last so rare that no bits stand for them. */
        for (uint32_t word = 0; word < WORDS; word++)
            if (sgp_random_below(random, word < COMMON_WORDS ? 2 + word : 100) == 0)
                t->has[name][word] = sgp_random_below(random, 3) == 0 ? HAS | HAS_OWN : HAS;
    }
}

static uint32_t own_words(const town *t, uint32_t name) {
    uint32_t n = 0;
    for (uint32_t word = 0; word < WORDS; word++)
        n += (t->has[name][word] & HAS_OWN) != 0;
    return n;
}

static void file_names(town *t) {
    sgp_buffer bytes = {0};
    for (uint32_t name = 1; name <= NAMES; name++) {
        put_number(&bytes, (uint8_t)t->kind[name]);
        put_number(&bytes, (uint32_t)t->point[name].lon_e7);
        put_number(&bytes, (uint32_t)t->point[name].lat_e7);
        put_number(&bytes, own_words(t, name));
    }
    assert_int_equal(sgp_name_index_add_names(t->index, bytes.data, bytes.length), SGP_OK);
    for (uint32_t word = 0; word < WORDS; word++) {
        char text[16];
        int32_t n = 0;
        sgp_buffer_clear(&bytes);
        for (uint32_t name = 1; name <= NAMES; name++)
            if (t->has[name][word]) {
                put_number(&bytes, 2 * name + (t->has[name][word] & HAS_OWN ? 1 : 0));
                n++;
            }
        snprintf(text, sizeof text, "word%c", (char)('a' + word));
        assert_int_equal(sgp_vocabulary_add(t->vocabulary, text, n), SGP_OK);
        assert_int_equal(sgp_name_index_add_word(t->index, bytes.data, bytes.length), SGP_OK);
    }
    for (int32_t column = 5630; column <= 5635; column++)
        for (int32_t row = -400; row <= -395; row++) {
            sgp_buffer_clear(&bytes);
            for (uint32_t name = 1; name <= NAMES; name++)
                if (t->column[name] == column && t->row[name] == row)
                    put_number(&bytes, 2 * name);
            assert_int_equal(
                sgp_name_index_add_square(t->index, column, row, bytes.data, bytes.length), SGP_OK);
        }
    sgp_buffer_free(&bytes);
}

static town *make_town(uint64_t *random) {
    town *t = calloc(1, sizeof *t);
    bool done = false;
    assert_non_null(t);
    assert_int_equal(sgp_vocabulary_create(&t->vocabulary), SGP_OK);
    assert_int_equal(sgp_name_index_create(&t->index), SGP_OK);
    draw_names(t, random);
    file_names(t);
    assert_int_equal(sgp_name_index_seal(t->index), SGP_OK);
    while (!done)
        assert_int_equal(sgp_vocabulary_seal(t->vocabulary, 1000000, &done), SGP_OK);
    return t;
}

static void free_town(town *t) {
    sgp_vocabulary_destroy(t->vocabulary);
    sgp_name_index_destroy(t->index);
    free(t);
}

/* ---- a look at every name ---------------------------------------------------------------- */

static bool choice_fits(const town *t, const sgp_choice *choice, uint32_t name, bool own,
                        bool *has_own) {
    bool any_own = false;
    for (uint8_t i = 0; i < choice->n; i++) {
        uint8_t has = t->has[name][choice->words[i]];
        if (!has || (own && !(has & HAS_OWN)))
            return false;
        any_own |= (has & HAS_OWN) != 0;
    }
    *has_own |= any_own;
    return true;
}

static bool fits(const town *t, const sgp_gazetteer_ask *ask, const sgp_choices *wanted,
                 size_t without, bool own, uint32_t name) {
    bool has_own = false;
    size_t n = wanted->n - (without < wanted->n);
    if (ask->kinds && !strchr(ask->kinds, t->kind[name]))
        return false;
    for (size_t i = 0; i < wanted->n; i++) {
        bool some = i == without;
        for (size_t k = 0; k < wanted->groups[i].n && i != without; k++)
            some |= choice_fits(t, &wanted->groups[i].choices[k], name, own || n == 1, &has_own);
        if (!some)
            return false;
    }
    return has_own;
}

static bool is_in_squares(const town *t, const sgp_gazetteer_ask *ask, uint32_t name) {
    for (size_t i = 0; i < ask->n_points; i++) {
        double lat = sgp_lat(ask->points[i]), lon = sgp_lon(ask->points[i]);
        double up = ask->radius_m / 111195.0, aside = up / cos(lat * 3.14159265 / 180);
        if (t->column[name] >= floor((lon - aside) / SGP_SQUARE_DEGREES) &&
            t->column[name] <= floor((lon + aside) / SGP_SQUARE_DEGREES) &&
            t->row[name] >= floor((lat - up) / SGP_SQUARE_DEGREES) &&
            t->row[name] <= floor((lat + up) / SGP_SQUARE_DEGREES))
            return true;
    }
    return false;
}

static double away_of(const town *t, const sgp_gazetteer_ask *ask, uint32_t name) {
    double least = HUGE_VAL;
    for (size_t i = 0; i < ask->n_points; i++)
        least = fmin(least, sgp_distance_m(t->point[name], ask->points[i]));
    return least;
}

static bool is_told(const uint32_t *names, size_t n, uint32_t name) {
    for (size_t i = 0; i < n; i++)
        if (names[i] == name)
            return true;
    return false;
}

/* Names with all words by importance; where they are more than the limit or the neighbourhood
 * comes first, those of no other words up to half, those that have them as their own up to two
 * thirds, the others; of each the neighbourhood first. */
static size_t scan_all(const town *t, const sgp_gazetteer_ask *ask, const sgp_choices *wanted,
                       bool has_near, uint32_t *names) {
    size_t n = 0, all = (size_t)ask->limit;
    bool only_own = ask->own_only || wanted->n == 1;
    for (uint32_t name = 1; name <= NAMES && !has_near && n <= all; name++)
        if (fits(t, ask, wanted, wanted->n, only_own, name) && ++n <= all)
            names[n - 1] = name;
    if (!has_near && n <= all)
        return n;
    n = 0;
    const size_t limits[] = {all, only_own ? 0 : (2 * all + 2) / 3, (all + 1) / 2};
    for (int part = 2; part >= 0; part--)
        for (int here = has_near; here >= 0; here--)
            for (uint32_t name = 1; name <= NAMES && n < limits[part]; name++)
                if (!is_told(names, n, name) &&
                    fits(t, ask, wanted, wanted->n, part > 0 || only_own, name) &&
                    (part < 2 || own_words(t, name) == wanted->n) &&
                    (!here || is_in_squares(t, ask, name)))
                    names[n++] = name;
    return n;
}

static size_t scan_near(const town *t, const sgp_gazetteer_ask *ask, const sgp_choices *wanted,
                        uint32_t *names) {
    size_t n = 0;
    for (uint32_t name = 1; name <= NAMES; name++) {
        if (!fits(t, ask, wanted, wanted->n, false, name) || away_of(t, ask, name) > ask->radius_m)
            continue;
        size_t at = n < (size_t)ask->limit ? n++ : n;
        for (; at > 0 && away_of(t, ask, names[at - 1]) > away_of(t, ask, name); at--)
            if (at < n)
                names[at] = names[at - 1];
        if (at < n)
            names[at] = name;
    }
    return n;
}

static size_t scan_most(const town *t, const sgp_gazetteer_ask *ask, const sgp_choices *wanted,
                        uint32_t *names) {
    size_t n = 0;
    for (uint32_t name = 1; name <= NAMES && n < (size_t)ask->limit; name++) {
        bool found = false;
        for (size_t without = 0; without < wanted->n; without++)
            found |= fits(t, ask, wanted, without, false, name);
        if (found)
            names[n++] = name;
    }
    return n;
}

/* ---- asks --------------------------------------------------------------------------------- */

static sgp_reading draw_reading(uint64_t *random, uint8_t first) {
    sgp_reading reading = {.first = first, .n_said = 1, .likeness = 1};
    reading.n_words = sgp_random_below(random, 5) == 0 ? 2 : 1;
    for (uint8_t i = 0; i < reading.n_words; i++)
        reading.words[i] = (uint32_t)sgp_random_below(random, WORDS);
    if (sgp_random_below(random, 3) == 0)
        reading.likeness = 0.8f;
    return reading;
}

static size_t draw_ask(uint64_t *random, sgp_gazetteer_ask *ask, sgp_reading *readings) {
    static const char *const KINDS[] = {NULL, "sg", "f", "aek"};
    size_t said = 1 + sgp_random_below(random, 4), n = 0;
    memset(ask, 0, sizeof *ask);
    for (size_t i = 0; i < said; i++)
        for (size_t k = 1 + sgp_random_below(random, 3); k > 0; k--)
            readings[n++] = draw_reading(random, (uint8_t)i);
    ask->question = sgp_random_below(random, 4) == 0 ? SGP_ASK_NAMES_NEAR : SGP_ASK_NAMES;
    ask->readings = readings;
    ask->n_readings = n;
    ask->required = (1u << said) - 1;
    ask->own_only = ask->question == SGP_ASK_NAMES && sgp_random_below(random, 5) == 0;
    ask->kinds = KINDS[sgp_random_below(random, 4)];
    ask->limit = (int32_t)(1 + sgp_random_below(random, SGP_NAME_ROWS_MAX));
    ask->n_points = ask->question == SGP_ASK_NAMES_NEAR ? 1 + sgp_random_below(random, 2)
                                                        : sgp_random_below(random, 2);
    ask->radius_m = 300 + (int32_t)sgp_random_below(random, 4000);
    for (size_t i = 0; i < ask->n_points; i++)
        ask->points[i] = (sgp_point){1126000000 + (int32_t)sgp_random_below(random, 1000000),
                                     -80000000 + (int32_t)sgp_random_below(random, 1000000)};
    return n;
}

/* Whether the words are so common that the neighbourhood comes first: as name_index.c decides. */
static bool prefers_near(const town *t, const sgp_gazetteer_ask *ask, const sgp_choices *wanted) {
    uint64_t rarest = UINT64_MAX;
    for (size_t i = 0; i < wanted->n; i++) {
        uint64_t names = 0;
        for (size_t k = 0; k < wanted->groups[i].n; k++) {
            uint32_t least = UINT32_MAX;
            for (uint8_t w = 0; w < wanted->groups[i].choices[k].n; w++) {
                uint32_t n = 0;
                for (uint32_t name = 1; name <= NAMES; name++) {
                    uint8_t has = t->has[name][wanted->groups[i].choices[k].words[w]];
                    n += wanted->n == 1 || ask->own_only ? (has & HAS_OWN) != 0 : has != 0;
                }
                least = n < least ? n : least;
            }
            names += least;
        }
        rarest = names < rarest ? names : rarest;
    }
    return ask->n_points > 0 && rarest > 100;
}

static void assert_same(const uint32_t *found, size_t n, const uint32_t *expected,
                        size_t n_expected) {
    assert_int_equal(n, n_expected);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(found[i], expected[i]);
}

static void test_name_index_equals_a_scan(void **state) {
    (void)state;
    uint64_t random = 20261122;
    sgp_choices *wanted = malloc(sizeof *wanted);
    size_t with_all = 0, near = 0, most = 0;
    assert_non_null(wanted);
    for (int round = 0; round < 20; round++) {
        town *t = make_town(&random);
        for (int i = 0; i < 300; i++) {
            sgp_gazetteer_ask ask;
            sgp_reading readings[16];
            uint32_t found[SGP_NAME_ROWS_MAX], expected[SGP_NAME_ROWS_MAX];
            draw_ask(&random, &ask, readings);
            sgp_choices_make(wanted, t->vocabulary, &ask);
            if (wanted->n > 1 && ask.limit > SEVERAL_ROWS)
                ask.limit = SEVERAL_ROWS;
            size_t n = sgp_name_index_find(t->index, t->vocabulary, &ask, found);
            if (ask.question == SGP_ASK_NAMES_NEAR) {
                assert_same(found, n, expected, scan_near(t, &ask, wanted, expected));
                near += n > 0;
                continue;
            }
            size_t all = scan_all(t, &ask, wanted, prefers_near(t, &ask, wanted), expected);
            if (all > 0 || ask.own_only) {
                assert_same(found, n, expected, all);
                with_all += all > 0;
            } else if (wanted->n >= 3 && (all = scan_most(t, &ask, wanted, expected)) > 0) {
                assert_same(found, n, expected, all);
                most++;
            }
        }
        free_town(t);
    }
    free(wanted);
    assert_true(with_all > 1000 && near > 300 && most > 100);
}

/* Of single words there is always a name; of several only sometimes. */
static void test_name_index_knows_what_is_named(void **state) {
    (void)state;
    uint64_t random = 112;
    sgp_choices *wanted = malloc(sizeof *wanted);
    size_t named = 0, unnamed = 0;
    assert_non_null(wanted);
    for (int round = 0; round < 10; round++) {
        town *t = make_town(&random);
        for (int i = 0; i < 300; i++) {
            sgp_gazetteer_ask ask;
            sgp_reading readings[16];
            bool expected = false;
            draw_ask(&random, &ask, readings);
            sgp_choices_make(wanted, t->vocabulary, &ask);
            for (uint32_t name = 1; name <= NAMES; name++)
                expected |= fits(t, &ask, wanted, wanted->n, true, name);
            assert_int_equal(sgp_name_index_is_named(t->index, t->vocabulary, &ask), expected);
            named += expected;
            unnamed += !expected;
        }
        free_town(t);
    }
    free(wanted);
    assert_true(named > 300 && unnamed > 300);
}

/* Where no name has two of the words: those with the rarest as their own. */
static void test_name_index_falls_back_to_the_rarest(void **state) {
    (void)state;
    uint64_t random = 7;
    town *t = make_town(&random);
    uint32_t found[SGP_NAME_ROWS_MAX];
    size_t told = 0;
    for (uint32_t a = 0; a < WORDS; a++)
        for (uint32_t b = a + 1; b < WORDS; b++) {
            const sgp_reading said[] = {
                {.first = 0, .n_said = 1, .n_words = 1, .words = {a}, .likeness = 1},
                {.first = 1, .n_said = 1, .n_words = 1, .words = {b}, .likeness = 1}};
            sgp_gazetteer_ask ask = {.question = SGP_ASK_NAMES,
                                     .readings = said,
                                     .n_readings = 2,
                                     .required = 3,
                                     .limit = SGP_NAME_ROWS_MAX};
            bool together = false;
            for (uint32_t name = 1; name <= NAMES; name++)
                together |= t->has[name][a] && t->has[name][b] &&
                            ((t->has[name][a] | t->has[name][b]) & HAS_OWN);
            if (together)
                continue;
            size_t n = sgp_name_index_find(t->index, t->vocabulary, &ask, found), expected = 0;
            for (uint32_t name = 1; name <= NAMES && expected < SEVERAL_ROWS; name++)
                if ((t->has[name][a] | t->has[name][b]) & HAS_OWN)
                    assert_int_equal(found[expected++], name);
            assert_int_equal(n, expected);
            told++;
        }
    assert_true(told > 0);
    free_town(t);
}

static void test_name_index_refuses_what_is_no_list(void **state) {
    (void)state;
    static const uint8_t ZERO[4] = {0, 0, 0, 0}, BEYOND[4] = {0, 0, 0xff, 0},
                         FALLING[8] = {0, 0, 0, 8, 0, 0, 0, 6}, TWICE[8] = {0, 0, 0, 8, 0, 0, 0, 9};
    uint64_t random = 3;
    town *t = make_town(&random);
    assert_int_equal(sgp_name_index_add_word(t->index, ZERO, 4), SGP_E_CORRUPT);
    assert_int_equal(sgp_name_index_add_word(t->index, BEYOND, 4), SGP_E_CORRUPT);
    assert_int_equal(sgp_name_index_add_word(t->index, FALLING, 8), SGP_E_CORRUPT);
    assert_int_equal(sgp_name_index_add_word(t->index, FALLING, 7), SGP_E_CORRUPT);
    assert_int_equal(sgp_name_index_add_names(t->index, FALLING, 8), SGP_E_CORRUPT);
    assert_int_equal(sgp_name_index_add_square(t->index, 1, 1, BEYOND, 4), SGP_E_CORRUPT);
    assert_int_equal(sgp_name_index_add_word(t->index, TWICE, 8), SGP_OK);
    assert_int_equal(sgp_name_index_add_word(t->index, NULL, 0), SGP_OK);
    free_town(t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_name_index_equals_a_scan),
        cmocka_unit_test(test_name_index_knows_what_is_named),
        cmocka_unit_test(test_name_index_falls_back_to_the_rarest),
        cmocka_unit_test(test_name_index_refuses_what_is_no_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
