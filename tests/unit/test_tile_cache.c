/* Tiles by their addresses, and kept in memory: held to a plain list. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "serve/tile_cache.h"

static void test_tile_addresses(void **state) {
    (void)state;
    sgp_tile tile;
    sgp_fault fault = {0};
    assert_int_equal(sgp_tile_parse("13/6659/4278.mvt", &tile, &fault), SGP_OK);
    assert_true(tile.z == 13 && tile.x == 6659 && tile.y == 4278);
    assert_int_equal(sgp_tile_parse("0/0/0.mvt", &tile, &fault), SGP_OK);
    assert_int_equal(sgp_tile_parse("17/131071/131071.mvt", &tile, &fault), SGP_OK);
    static const char *const no_form[] = {"",
                                          "/",
                                          "1/2",
                                          "1/1/1",
                                          "1/1/1.png",
                                          "1/1/1.mvt/",
                                          "1/1/1.mvt.mvt",
                                          "-1/0/0.mvt",
                                          "1/0x1/0.mvt",
                                          " 1/0/0.mvt",
                                          "1//0.mvt",
                                          "1.0/0/0.mvt",
                                          "1/0/99999999999999999999.mvt"};
    for (size_t i = 0; i < sizeof no_form / sizeof no_form[0]; i++)
        assert_int_equal(sgp_tile_parse(no_form[i], &tile, &fault), SGP_E_FORMAT);
    assert_int_equal(sgp_tile_parse("18/0/0.mvt", &tile, &fault), SGP_E_RANGE);
    assert_non_null(strstr(fault.text, "zoom 18"));
    assert_int_equal(sgp_tile_parse("3/8/0.mvt", &tile, &fault), SGP_E_RANGE);
    assert_non_null(strstr(fault.text, "column 8"));
    assert_int_equal(sgp_tile_parse("3/0/8.mvt", &tile, &fault), SGP_E_RANGE);
    assert_non_null(strstr(fault.text, "row 8"));
}

static void test_tile_boxes(void **state) {
    (void)state;
    double box[4];
    sgp_tile_box(&(sgp_tile){0, 0, 0}, box);
    assert_true(box[0] == -180 && box[2] == 180);
    assert_true(box[1] > -85.0512 && box[1] < -85.0511 && box[3] > 85.0511 && box[3] < 85.0512);
    /* The town square of Malang. */
    sgp_tile_box(&(sgp_tile){13, 6659, 4278}, box);
    assert_true(box[0] < 112.6326 && box[2] > 112.6326 && box[1] < -7.9797 && box[3] > -7.9797);
    const sgp_point south_west = {1122950000, -84267438}, north_east = {1129150000, -77540000};
    assert_true(sgp_tile_meets(&(sgp_tile){0, 0, 0}, south_west, north_east));
    assert_true(sgp_tile_meets(&(sgp_tile){13, 6659, 4278}, south_west, north_east));
    assert_false(sgp_tile_meets(&(sgp_tile){13, 6659, 4178}, south_west, north_east));
    assert_false(sgp_tile_meets(&(sgp_tile){13, 6559, 4278}, south_west, north_east));
}

/* ---- the cache against a list in the order of last use --------------------------- */

enum { TILES = 40, BYTES_MAX = 6000, STEPS = 20000 };

typedef struct listed {
    uint32_t x;
    size_t length;
} listed;

static listed list[TILES]; /* the oldest first */
static size_t n_listed;

static int find_listed(uint32_t x) {
    for (size_t i = 0; i < n_listed; i++)
        if (list[i].x == x)
            return (int)i;
    return -1;
}

static listed take_listed(size_t i) {
    listed taken = list[i];
    memmove(&list[i], &list[i + 1], (n_listed - i - 1) * sizeof list[0]);
    n_listed--;
    return taken;
}

/* What each costs besides its bytes, found by asking. */
static size_t cost_beside_bytes(void) {
    sgp_tile_cache *cache = sgp_tile_cache_create(BYTES_MAX);
    sgp_tile_cache_put(cache, &(sgp_tile){1, 0, 0}, NULL, 0);
    size_t cost = sgp_tile_cache_bytes(cache);
    sgp_tile_cache_destroy(cache);
    return cost;
}

static void put_both(sgp_tile_cache *cache, uint32_t x, size_t length, size_t beside) {
    uint8_t *bytes = length > 0 ? malloc(length) : NULL;
    if (bytes != NULL)
        memset(bytes, (int)x, length);
    sgp_tile_cache_put(cache, &(sgp_tile){17, x, 2 * x}, bytes, length);
    int there = find_listed(x);
    if (there >= 0)
        take_listed((size_t)there);
    if (length + beside > BYTES_MAX)
        return;
    size_t sum = length + beside;
    for (size_t i = 0; i < n_listed; i++)
        sum += list[i].length + beside;
    while (sum > BYTES_MAX)
        sum -= take_listed(0).length + beside;
    list[n_listed++] = (listed){x, length};
}

static void get_both(sgp_tile_cache *cache, uint32_t x) {
    const uint8_t *bytes = NULL;
    size_t length = 0;
    bool kept = sgp_tile_cache_get(cache, &(sgp_tile){17, x, 2 * x}, &bytes, &length);
    int there = find_listed(x);
    assert_int_equal(kept, there >= 0);
    if (!kept)
        return;
    assert_int_equal(length, list[there].length);
    for (size_t i = 0; i < length; i++)
        assert_int_equal(bytes[i], (uint8_t)x);
    listed used = take_listed((size_t)there);
    list[n_listed++] = used;
}

static void test_tile_cache_forgets_the_oldest(void **state) {
    (void)state;
    uint64_t seed = 20261122;
    size_t beside = cost_beside_bytes();
    sgp_tile_cache *cache = sgp_tile_cache_create(BYTES_MAX);
    n_listed = 0;
    for (int step = 0; step < STEPS; step++) {
        uint32_t x = (uint32_t)sgp_random_below(&seed, TILES);
        if (sgp_random_below(&seed, 3) == 0) {
            size_t length = (size_t)sgp_random_below(&seed, 900);
            if (sgp_random_below(&seed, 50) == 0)
                length = BYTES_MAX; /* alone over the bound */
            else if (sgp_random_below(&seed, 5) == 0)
                length = 0;
            put_both(cache, x, length, beside);
        } else {
            get_both(cache, x);
        }
        assert_int_equal(sgp_tile_cache_count(cache), n_listed);
        assert_true(sgp_tile_cache_bytes(cache) <= BYTES_MAX);
    }
    sgp_tile_cache_destroy(cache);
    sgp_tile_cache_destroy(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tile_addresses),
        cmocka_unit_test(test_tile_boxes),
        cmocka_unit_test(test_tile_cache_forgets_the_oldest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
