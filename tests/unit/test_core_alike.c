/* Offers of duplicates: what goes together, the bound, and a slow obvious way beside it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/alike.h"
#include "core/place.h"
#include "core_check.h"

static void test_core_alike_complaints(void **state) {
    (void)state;
    static const struct {
        const char *left, *right;
        sgp_likeness likeness;
    } rows[] = {
        {"traffic_accident", "traffic_accident", SGP_LIKE_SAME},
        {"traffic_accident", "injury", SGP_LIKE_FAMILY},
        {"traffic_accident", "2301073", SGP_LIKE_FAMILY}, /* injury, by its NEMSIS code */
        {"fire", "burn", SGP_LIKE_FAMILY},
        {"unconscious", "traffic_accident", SGP_LIKE_FAMILY},
        {"fire", "childbirth", SGP_LIKE_OTHER},
        {"", "fire", SGP_LIKE_UNKNOWN},
        {"", "", SGP_LIKE_UNKNOWN},
        {"other", "fire", SGP_LIKE_UNKNOWN},
        {"of_our_own", "of_our_own", SGP_LIKE_SAME},
        {"of_our_own", "fire", SGP_LIKE_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(sgp_complaints_likeness(rows[i].left, rows[i].right), rows[i].likeness);
        assert_int_equal(sgp_complaints_likeness(rows[i].right, rows[i].left), rows[i].likeness);
    }
}

static void step(sgp_world *world, sgp_event *event) {
    static core_oracle oracle;
    sgp_times times = core_times(&oracle);
    sgp_effects effects = {0};
    event->seq = sgp_world_seq(world) + 1;
    if (event->at_ms == 0)
        event->at_ms = 1700000000000 + (int64_t)event->seq * 1000;
    assert_int_equal(sgp_core_step(world, event, &times, &effects), SGP_OK);
    sgp_effects_free(&effects);
    const char *wrong = core_check_world(world);
    if (wrong)
        fail_msg("%s", wrong);
}

/* Forty incidents in a square of a kilometre: the last one's offers are the eight that come first
 * when all older ones are looked at one by one and sorted by hand. */
static void test_core_alike_best_eight(void **state) {
    (void)state;
    static const char *const complaints[] = {"fall", "injury", "fire", ""};
    sgp_world *world;
    assert_int_equal(sgp_world_create(&world), SGP_OK);
    sgp_event clocks = {.kind = SGP_EVENT_CONFIGURED};
    sgp_clocks_default(&clocks.u.configured);
    sgp_rules_default(&clocks.u.configured.rules);
    clocks.u.configured.rules.alike_m = 400;
    step(world, &clocks);
    uint32_t dice = 12345;
    for (int i = 0; i < 40; i++) {
        sgp_event call = {.kind = SGP_EVENT_CALL_RECEIVED};
        dice = dice * 1103515245u + 12345u;
        call.u.call.has_point = true;
        call.u.call.place.kind = SGP_PLACE_ADDRESS;
        call.u.call.place.point =
            core_point((int32_t)(dice >> 8) % 1000, (int32_t)(dice >> 18) % 1000);
        call.u.call.place.confidence_permille = 1000;
        call.u.call.place.uncertainty_m = (int32_t)(dice >> 5) % 300;
        strcpy(call.u.call.complaint, complaints[dice >> 28 & 3]);
        step(world, &call);
    }
    for (sgp_id id = 0; (id = sgp_world_next_incident(world, id));) {
        const sgp_incident *own = sgp_world_incident(world, id);
        uint32_t expected = 0;
        for (sgp_id other = 0; (other = sgp_world_next_incident(world, other)) && other < id;) {
            const sgp_incident *older = sgp_world_incident(world, other);
            int32_t slack_a = own->place.uncertainty_m, slack_b = older->place.uncertainty_m;
            int32_t within =
                400 + (slack_a < 150 ? slack_a : 150) + (slack_b < 150 ? slack_b : 150);
            int32_t away = sgp_points_distance_m(own->place.point, older->place.point);
            sgp_likeness like = sgp_complaints_likeness(own->complaint, older->complaint);
            bool alike = sgp_points_within(own->place.point, older->place.point, within) &&
                         (like != SGP_LIKE_OTHER || away <= 400);
            uint32_t before = 0, at = SGP_ALIKE_MAX; /* how many go before it; where it stands */
            for (uint32_t i = 0; i < own->n_alike; i++) {
                const sgp_alike *a = &own->alike[i];
                if (a->incident == other)
                    at = i;
                before += a->likeness < like || (a->likeness == like && a->distance_m < away) ||
                          (a->likeness == like && a->distance_m == away && a->incident < other);
            }
            expected += alike;
            if (!alike)
                assert_int_equal(at, SGP_ALIKE_MAX);
            else if (at < own->n_alike)
                assert_int_equal(at, before);
            else
                assert_int_equal(before, SGP_ALIKE_MAX); /* eight are better */
        }
        assert_int_equal(own->n_alike, expected < SGP_ALIKE_MAX ? expected : SGP_ALIKE_MAX);
    }
    sgp_world_destroy(world);
}

static void test_core_alike_distance(void **state) {
    (void)state;
    assert_int_equal(sgp_points_distance_m(core_point(0, 0), core_point(300, 400)), 500);
    assert_int_equal(sgp_points_distance_m(core_point(7, 9), core_point(7, 9)), 0);
    /* From pole to pole, and around the date line. */
    sgp_point north = {0, 900000000}, south = {0, -900000000};
    assert_int_equal(sgp_points_distance_m(north, south), 20015100);
    sgp_point east = {1799999000, 0}, west = {-1799999000, 0};
    assert_int_equal(sgp_points_distance_m(east, west), 22);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_core_alike_complaints),
        cmocka_unit_test(test_core_alike_best_eight),
        cmocka_unit_test(test_core_alike_distance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
