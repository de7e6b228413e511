/* Calls told roughly, put within what is told of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "road_town.h"
#include "replay/call_spread.h"
#include "sigap/router.h"

enum { CLASS = 400, DAY_MS = 86400000, HOUR_MS = 3600000 };
static const int64_t begun_ms = INT64_C(1767571200000);

static void add_class(sgp_call_list *list, sgp_point middle) {
    for (uint64_t key = 1; key <= CLASS; key++) {
        sgp_past_call call = {.key = key,
                              .at_ms = begun_ms + 6 * HOUR_MS,
                              .point = middle,
                              .scene_ms = -1,
                              .transport = -1,
                              .rough = {7, 3, 500}};
        assert_int_equal(sgp_call_list_add(list, &call), SGP_OK);
    }
}

static void test_call_spread_stays_within_what_is_told(void **state) {
    (void)state;
    static road_town town;
    town_draw(&town);
    sgp_call_list told = {0}, spread = {0}, again = {0}, other = {0};
    sgp_point middle = cross(3, 3);
    add_class(&told, middle);
    assert_true(sgp_call_list_is_rough(&told));
    assert_int_equal(sgp_call_list_spread(&told, town.graph, 1, &spread), SGP_OK);
    assert_int_equal(spread.n, CLASS);
    assert_false(sgp_call_list_is_rough(&spread));
    uint32_t by_day[7] = {0}, by_hour[3] = {0}, near_roads = 0;
    for (size_t i = 0; i < CLASS; i++) {
        int64_t after_ms = spread.calls[i].at_ms - begun_ms - 6 * HOUR_MS;
        assert_in_range(after_ms / DAY_MS, 0, 6);
        assert_in_range(after_ms % DAY_MS, 0, 3 * HOUR_MS - 1);
        by_day[after_ms / DAY_MS]++;
        by_hour[after_ms % DAY_MS / HOUR_MS]++;
        double away_m = sgp_distance_m(spread.calls[i].point, middle);
        assert_true(away_m <= 250 * 1.4143);
        sgp_snap snap;
        size_t n = 0;
        sgp_snap_wish wish = {.radius_m = 40};
        assert_int_equal(
            sgp_graph_snap_wish(town.graph, spread.calls[i].point, &wish, &snap, 1, &n), SGP_OK);
        near_roads += n;
        if (i)
            assert_true(spread.calls[i].at_ms >= spread.calls[i - 1].at_ms);
    }
    for (int d = 0; d < 7; d++)
        assert_in_range(by_day[d], CLASS / 7 / 2, CLASS / 7 * 2);
    for (int h = 0; h < 3; h++)
        assert_in_range(by_hour[h], CLASS / 3 * 3 / 4, CLASS / 3 * 5 / 4);
    assert_in_range(near_roads, CLASS * 9 / 10, CLASS);
    /* The same seed is the same calls, another one is others. */
    assert_int_equal(sgp_call_list_spread(&told, town.graph, 1, &again), SGP_OK);
    assert_memory_equal(again.calls, spread.calls, CLASS * sizeof *spread.calls);
    assert_int_equal(sgp_call_list_spread(&told, town.graph, 2, &other), SGP_OK);
    assert_memory_not_equal(other.calls, spread.calls, CLASS * sizeof *spread.calls);
    sgp_call_list_free(&told);
    sgp_call_list_free(&spread);
    sgp_call_list_free(&again);
    sgp_call_list_free(&other);
    town_drop(&town);
}

/* What is told exactly stays as it is. */
static void test_call_spread_leaves_the_exact(void **state) {
    (void)state;
    sgp_call_list told = {0}, spread = {0};
    sgp_past_call call = {.key = 3, .at_ms = begun_ms, .point = cross(2, 2), .rough = {1, 0, 0}};
    assert_int_equal(sgp_call_list_add(&told, &call), SGP_OK);
    assert_false(sgp_call_list_is_rough(&told));
    assert_int_equal(sgp_call_list_spread(&told, NULL, 9, &spread), SGP_OK);
    assert_true(spread.calls[0].at_ms == begun_ms);
    assert_true(sgp_point_equal(spread.calls[0].point, call.point));
    sgp_call_list_free(&told);
    sgp_call_list_free(&spread);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_call_spread_stays_within_what_is_told),
        cmocka_unit_test(test_call_spread_leaves_the_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
