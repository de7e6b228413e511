/* What crews were told lately: later ones once and in order, or the plain word that it was too
 * long; random lives against a list that forgets nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "serve/crew_news.h"

static sgp_crew_news *make(uint32_t n_units, uint64_t told) {
    sgp_crew_news *news = NULL;
    assert_int_equal(sgp_crew_news_create(n_units, told, &news), SGP_OK);
    return news;
}

static void keep(sgp_crew_news *news, uint32_t unit, uint64_t told, const char *text) {
    sgp_crew_news_keep(news, unit, told, 0, (const uint8_t *)text, strlen(text) + 1);
}

static void test_crew_news_tells_what_was_missed(void **state) {
    (void)state;
    sgp_crew_news *news = make(3, 100);
    assert_false(sgp_crew_news_can_resume(news, 1, 99)); /* before the engine's start */
    assert_true(sgp_crew_news_can_resume(news, 1, 100));
    keep(news, 1, 105, "go");
    keep(news, 2, 106, "somebody else");
    keep(news, 1, 110, "come back");
    uint64_t told = 100;
    size_t length;
    assert_string_equal(sgp_crew_news_next(news, 1, &told, &length), "go");
    assert_int_equal(told, 105);
    assert_int_equal(length, 3);
    assert_string_equal(sgp_crew_news_next(news, 1, &told, &length), "come back");
    assert_null(sgp_crew_news_next(news, 1, &told, &length));
    assert_int_equal(told, 110);
    sgp_crew_news_forget(news, 120);
    assert_int_equal(sgp_crew_news_bytes(news), 0);
    assert_false(sgp_crew_news_can_resume(news, 0, 119));
    assert_true(sgp_crew_news_can_resume(news, 0, 120));
    sgp_crew_news_destroy(news);
}

static void test_crew_news_have_bounds(void **state) {
    (void)state;
    sgp_crew_news *news = make(2, 0);
    for (uint64_t i = 1; i <= SGP_NEWS_RESUME_MAX + 1; i++)
        keep(news, 0, i, "again");
    assert_false(sgp_crew_news_can_resume(news, 0, 0)); /* too many */
    assert_true(sgp_crew_news_can_resume(news, 0, 1));
    sgp_crew_news_age(news, SGP_NEWS_MS);
    assert_true(sgp_crew_news_can_resume(news, 0, 1));
    sgp_crew_news_age(news, SGP_NEWS_MS + 1);
    assert_int_equal(sgp_crew_news_bytes(news), 0);
    assert_false(sgp_crew_news_can_resume(news, 0, 1));
    assert_true(sgp_crew_news_can_resume(news, 1, 0)); /* whom nothing was told */

    static uint8_t large[1 << 20];
    for (uint64_t i = 1000; i < 1020; i++)
        sgp_crew_news_keep(news, 1, i, 0, large, sizeof large);
    assert_true(sgp_crew_news_bytes(news) <= SGP_NEWS_BYTES_MAX);
    assert_false(sgp_crew_news_can_resume(news, 1, 1001));
    assert_true(sgp_crew_news_can_resume(news, 1, 1010));
    sgp_crew_news_destroy(news);
    sgp_crew_news_destroy(NULL);
}

enum { UNITS = 5, PIECES = 4000, LARGEST = 20000 };

/* What is told must be, byte for byte, all of the unit's later ones; who may not resume must have
 * missed something that is truly gone, or too many. */
static void test_crew_news_random(void **state) {
    (void)state;
    uint64_t random = 7;
    struct {
        uint32_t unit;
        uint64_t told;
    } all[PIECES];
    static uint8_t bytes[LARGEST];
    sgp_crew_news *news = make(UNITS, 10);
    uint64_t told = 10;
    unsigned resumed = 0, refused = 0;
    int64_t now = 0;
    for (size_t n = 0; n < PIECES; n++) {
        told += 1 + sgp_random_below(&random, 5);
        now += (int64_t)sgp_random_below(&random, 10000);
        uint32_t unit = (uint32_t)sgp_random_below(&random, UNITS);
        size_t length = 8 + (size_t)sgp_random_below(&random, LARGEST - 8);
        memset(bytes, (int)(told & 255), length);
        memcpy(bytes, &told, sizeof told);
        sgp_crew_news_keep(news, unit, told, now, bytes, length);
        all[n].unit = unit;
        all[n].told = told;
        assert_true(sgp_crew_news_bytes(news) <= SGP_NEWS_BYTES_MAX);

        uint32_t asks = (uint32_t)sgp_random_below(&random, UNITS);
        uint64_t heard = all[n - sgp_random_below(&random, n < 900 ? n + 1 : 900)].told;
        if (!sgp_crew_news_can_resume(news, asks, heard)) {
            refused++;
            bool missed = false;
            for (size_t i = 0; i <= n; i++)
                missed |= all[i].unit == asks && all[i].told > heard;
            assert_true(missed);
            continue;
        }
        resumed++;
        uint64_t at = heard;
        size_t got;
        for (size_t i = 0; i <= n; i++) {
            if (all[i].unit != asks || all[i].told <= heard)
                continue;
            const uint8_t *piece = sgp_crew_news_next(news, asks, &at, &got);
            assert_non_null(piece);
            assert_int_equal(at, all[i].told);
            assert_memory_equal(piece, &all[i].told, sizeof all[i].told);
            assert_int_equal(piece[got - 1], got > 8 ? (int)(at & 255) : piece[got - 1]);
        }
        assert_null(sgp_crew_news_next(news, asks, &at, &got));
    }
    assert_true(resumed > 100 && refused > 100);
    sgp_crew_news_destroy(news);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_crew_news_tells_what_was_missed),
        cmocka_unit_test(test_crew_news_have_bounds),
        cmocka_unit_test(test_crew_news_random),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
