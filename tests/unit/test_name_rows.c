/* Rows of names in memory come back as they were put in; pieces are kept once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "gis/name_rows.h"
#include "gis/pieces.h"

enum { ROWS = 20000, WORDS = 12, TEXT = 24 };

/* A row with all that it points at. */
typedef struct drawn {
    sgp_name_row row;
    char label[TEXT], sort[TEXT], kelurahan[TEXT], kecamatan[TEXT], front_name[TEXT];
    uint32_t own[WORDS], context[WORDS];
} drawn;

static const char *draw_text(uint64_t *random, char text[TEXT], uint64_t different) {
    snprintf(text, TEXT, "text %llu", (unsigned long long)sgp_random_below(random, different));
    if (sgp_random_below(random, 10) == 0)
        text[0] = '\0';
    return text;
}

static uint16_t draw_words(uint64_t *random, uint32_t *words) {
    uint16_t n = (uint16_t)sgp_random_below(random, WORDS + 1);
    for (uint16_t i = 0; i < n; i++)
        words[i] = (uint32_t)sgp_random_below(random, 40) |
                   (sgp_random_below(random, 4) == 0 ? SGP_NUMERAL : 0);
    return n;
}

static sgp_point draw_point(uint64_t *random) {
    return (sgp_point){(int32_t)sgp_random_below(random, 2000000000) - 1000000000,
                       (int32_t)sgp_random_below(random, 1800000000) - 900000000};
}

static void draw_site(uint64_t *random, drawn *d) {
    d->row.has_front = sgp_random_below(random, 2) == 0;
    if (d->row.has_front) {
        d->row.front = draw_point(random);
        d->row.front_street = (int32_t)sgp_random_below(random, 1000);
        if (sgp_random_below(random, 2) == 0)
            d->row.front_name = draw_text(random, d->front_name, 50);
    }
    if (sgp_random_below(random, 2) == 0)
        d->row.entrance = draw_point(random);
    if (sgp_random_below(random, 2) == 0) {
        d->row.south_west = draw_point(random);
        d->row.north_east = draw_point(random);
    }
}

static void draw_row(uint64_t *random, drawn *d) {
    static const char KINDS[] = "sgfjkaer";
    d->row = (sgp_name_row){
        .thing = {(sgp_thing_kind)KINDS[sgp_random_below(random, 8)],
                  1 + (int32_t)sgp_random_below(random, 1000000000)},
        .label = draw_text(random, d->label, 5000),
        .own = d->own,
        .context = d->context,
        .sort = draw_text(random, d->sort, 5),
        .own_weight = (float)sgp_random_below(random, 1000) / 100,
        .reach_m = (int32_t)sgp_random_below(random, 100000),
        .rank = (int32_t)sgp_random_below(random, 7),
        .point = draw_point(random),
        .kelurahan = draw_text(random, d->kelurahan, 100),
        .kecamatan = draw_text(random, d->kecamatan, 10),
        .kabupaten = "Kota Malang",
    };
    d->row.n_own = draw_words(random, d->own);
    d->row.n_context = draw_words(random, d->context);
    d->row.entrance = d->row.south_west = d->row.north_east = d->row.point;
    if (sgp_random_below(random, 3) == 0)
        draw_site(random, d);
}

static void assert_words(const uint32_t *words, size_t n, const uint32_t *expected,
                         size_t n_expected) {
    assert_int_equal(n, n_expected);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(words[i], expected[i]);
}

static void assert_point(sgp_point a, sgp_point b) {
    assert_true(sgp_point_equal(a, b));
}

static void assert_row(const sgp_name_row *row, const sgp_name_row *expected) {
    assert_int_equal(row->thing.kind, expected->thing.kind);
    assert_int_equal(row->thing.id, expected->thing.id);
    assert_string_equal(row->label, expected->label);
    assert_string_equal(row->sort, expected->sort);
    assert_string_equal(row->kelurahan, expected->kelurahan);
    assert_string_equal(row->kecamatan, expected->kecamatan);
    assert_string_equal(row->kabupaten, expected->kabupaten);
    assert_words(row->own, row->n_own, expected->own, expected->n_own);
    assert_words(row->context, row->n_context, expected->context, expected->n_context);
    assert_true(row->own_weight >= expected->own_weight && row->own_weight <= expected->own_weight);
    assert_int_equal(row->reach_m, expected->reach_m);
    assert_int_equal(row->rank, expected->rank);
    assert_point(row->point, expected->point);
    assert_int_equal(row->has_front, expected->has_front);
    assert_int_equal(row->front_street, expected->front_street);
    assert_int_equal(row->front_name != NULL, expected->front_name != NULL);
    if (row->front_name)
        assert_string_equal(row->front_name, expected->front_name);
    if (row->has_front)
        assert_point(row->front, expected->front);
    assert_point(row->entrance, expected->entrance);
    assert_point(row->south_west, expected->south_west);
    assert_point(row->north_east, expected->north_east);
}

static void test_name_rows_come_back(void **state) {
    (void)state;
    enum { READ = 100 };
    uint64_t random = 20261122;
    drawn *all = calloc(ROWS, sizeof *all);
    sgp_name_rows *rows = NULL;
    assert_non_null(all);
    assert_int_equal(sgp_name_rows_create(&rows), SGP_OK);
    assert_int_equal(sgp_name_rows_expect(rows, ROWS / 2), SGP_OK); /* more come all the same */
    for (size_t i = 0; i < ROWS; i++) {
        draw_row(&random, &all[i]);
        assert_int_equal(sgp_name_rows_add(rows, &all[i].row), SGP_OK);
    }
    sgp_name_rows_seal(rows);
    assert_int_equal(sgp_name_rows_count(rows), ROWS);
    assert_true(sgp_name_rows_bytes(rows) > ROWS * 40);
    for (uint32_t i = 0; i < ROWS; i++) {
        sgp_name_row row = sgp_name_rows_at(rows, i + 1);
        assert_row(&row, &all[i].row);
    }
    for (int round = 0; round < 200; round++) {
        uint32_t numbers[READ];
        sgp_name_row read[READ];
        size_t n = sgp_random_below(&random, READ + 1);
        for (size_t i = 0; i < n; i++)
            numbers[i] = 1 + (uint32_t)sgp_random_below(&random, ROWS);
        sgp_name_rows_read(rows, numbers, n, read);
        for (size_t i = 0; i < n; i++)
            assert_row(&read[i], &all[numbers[i] - 1].row);
    }
    sgp_name_rows_destroy(rows);
    free(all);
}

static void test_name_rows_keep_pieces_once(void **state) {
    (void)state;
    enum { PIECES = 5000 };
    sgp_pieces pieces = {0};
    uint32_t numbers[PIECES], again;
    char text[TEXT];
    for (int i = 0; i < PIECES; i++) {
        snprintf(text, sizeof text, "%d", i * i);
        assert_int_equal(sgp_pieces_add(&pieces, text, strlen(text), &numbers[i]), SGP_OK);
    }
    size_t length = pieces.bytes.length;
    for (int i = 0; i < PIECES; i++) {
        size_t n;
        snprintf(text, sizeof text, "%d", i * i);
        assert_int_equal(sgp_pieces_add(&pieces, text, strlen(text), &again), SGP_OK);
        assert_int_equal(again, numbers[i]);
        assert_memory_equal(sgp_pieces_at(&pieces, again, &n), text, strlen(text) + 1);
        assert_int_equal(n, strlen(text));
    }
    assert_int_equal(pieces.bytes.length, length);
    /* The same beginning, another length; nothing at all; a zero within. */
    assert_int_equal(sgp_pieces_add(&pieces, "1", 1, &numbers[0]), SGP_OK);
    assert_int_equal(sgp_pieces_add(&pieces, "1\0", 2, &numbers[1]), SGP_OK);
    assert_int_equal(sgp_pieces_add(&pieces, "", 0, &numbers[2]), SGP_OK);
    assert_true(numbers[0] != numbers[1] && numbers[1] != numbers[2]);
    assert_string_equal(sgp_pieces_text(&pieces, numbers[2]), "");
    size_t size = sgp_pieces_size(&pieces);
    sgp_pieces_seal(&pieces);
    assert_true(sgp_pieces_size(&pieces) < size);
    assert_string_equal(sgp_pieces_text(&pieces, numbers[0]), "1");
    sgp_pieces_free(&pieces);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_name_rows_come_back),
        cmocka_unit_test(test_name_rows_keep_pieces_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
