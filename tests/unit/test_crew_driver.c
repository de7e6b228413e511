/* The crews' state machine, without engine, clock or thread: a tiny world that
 * answers each deed, and time that jumps to the next one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "apps/crew_driver.h"

static const sgp_point station = {1126349000, -79747000};
static const sgp_point scene = {1126374000, -79776000};
static const sgp_point hospital = {1126316000, -79722000};

typedef struct tiny_world {
    sgp_crew_driver driver;
    int64_t now_us;
    sgp_assignment_state states[16]; /* advanced to, in order */
    size_t n_states;
    unsigned reports, routes, sign_ons, accepts, declines;
    int64_t last_report_us, shortest_report_gap_us;
    sgp_point last_report;
} tiny_world;

static sgp_crew_options options(double speed) {
    sgp_crew_options o = {
        .unit = "PSC-01", .speed = speed, .seed = 112, .decline_reason = "ban kempes"};
    return o;
}

static void begin(tiny_world *w, const sgp_crew_options *o) {
    memset(w, 0, sizeof *w);
    w->shortest_report_gap_us = INT64_MAX;
    sgp_crew_init(&w->driver, o);
    sgp_crew_place(&w->driver, station, false, station);
}

/* A straight road of 100 s. */
static void give_route(tiny_world *w, const sgp_crew_action *action) {
    sgp_point points[2] = {action->point, action->to};
    int64_t at_ms[2] = {0, 100000};
    assert_int_equal(sgp_crew_take_route(&w->driver, w->now_us, points, at_ms, 2, 0), SGP_OK);
    w->routes++;
}

static void answer(tiny_world *w, const sgp_crew_action *action) {
    switch (action->deed) {
    case SGP_CREW_ROUTE:
        give_route(w, action);
        return;
    case SGP_CREW_HOSPITAL:
        sgp_crew_take_hospital(&w->driver, "RSSA", hospital);
        return;
    case SGP_CREW_REPORT:
        if (w->reports++ > 0 && w->now_us - w->last_report_us < w->shortest_report_gap_us)
            w->shortest_report_gap_us = w->now_us - w->last_report_us;
        w->last_report_us = w->now_us;
        w->last_report = action->point;
        break;
    case SGP_CREW_ADVANCE:
        assert_true(w->n_states < 16);
        w->states[w->n_states++] = action->state;
        if (action->state == SGP_ASSIGNMENT_TRANSPORTING)
            assert_string_equal(action->hospital, "RSSA");
        break;
    case SGP_CREW_ANSWER:
        *(action->accept ? &w->accepts : &w->declines) += 1;
        break;
    case SGP_CREW_SIGN_ON:
        w->sign_ons++;
        break;
    case SGP_CREW_WAIT:
        return;
    }
    sgp_crew_done(&w->driver, w->now_us, action);
}

/* Until nothing but an order could end the wait. */
static void run_until_idle(tiny_world *w) {
    for (int deeds = 0; deeds < 10000; deeds++) {
        sgp_crew_action action, again;
        sgp_crew_next(&w->driver, w->now_us, &action);
        sgp_crew_next(&w->driver, w->now_us, &again);
        assert_memory_equal(&action, &again, sizeof action);
        if (action.deed == SGP_CREW_WAIT) {
            if (action.at_us == INT64_MAX)
                return;
            assert_true(action.at_us > w->now_us);
            w->now_us = action.at_us;
            continue;
        }
        answer(w, &action);
    }
    fail_msg("the crew never comes to rest");
}

static void order(tiny_world *w, sgp_id assignment, sgp_assignment_state state) {
    sgp_crew_order o = {
        .assignment = assignment, .incident = 1, .state = state, .has_place = true, .place = scene};
    sgp_crew_hear_order(&w->driver, w->now_us, &o);
}

static void expect_states(const tiny_world *w, const sgp_assignment_state *states, size_t n) {
    assert_int_equal(w->n_states, n);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(w->states[i], states[i]);
}

static const sgp_assignment_state whole_way[] = {
    SGP_ASSIGNMENT_EN_ROUTE,    SGP_ASSIGNMENT_ON_SCENE,    SGP_ASSIGNMENT_TRANSPORTING,
    SGP_ASSIGNMENT_AT_HOSPITAL, SGP_ASSIGNMENT_HANDED_OVER, SGP_ASSIGNMENT_CLOSED};

static void test_crew_driver_goes_the_whole_way(void **state) {
    (void)state;
    tiny_world w;
    sgp_crew_options o = options(1);
    begin(&w, &o);
    run_until_idle(&w);
    assert_int_equal(w.sign_ons, 1);
    assert_int_equal(w.driver.phase, SGP_CREW_FREE);
    order(&w, 7, SGP_ASSIGNMENT_ORDERED);
    run_until_idle(&w);
    expect_states(&w, whole_way, 6);
    assert_int_equal(w.accepts, 1);
    assert_int_equal(w.routes, 3); /* scene, hospital, home */
    assert_int_equal(w.driver.phase, SGP_CREW_FREE);
    assert_true(sgp_point_equal(w.last_report, station));
    /* Three legs of 100 s, a report every 5 s and one on arrival. */
    assert_true(w.reports >= 60 && w.reports <= 70);
    sgp_crew_deinit(&w.driver);
}

static void test_crew_driver_is_as_fast_as_told(void **state) {
    (void)state;
    tiny_world slow, fast;
    sgp_crew_options one = options(1), fifty = options(50);
    begin(&slow, &one);
    begin(&fast, &fifty);
    run_until_idle(&slow);
    run_until_idle(&fast);
    order(&slow, 1, SGP_ASSIGNMENT_ORDERED);
    order(&fast, 1, SGP_ASSIGNMENT_ORDERED);
    run_until_idle(&slow);
    run_until_idle(&fast);
    expect_states(&fast, whole_way, 6);
    double ratio = (double)slow.now_us / (double)fast.now_us;
    assert_true(ratio > 48 && ratio < 52);
    /* The engine is spared: at most ten reports a second, but on arrival. */
    assert_true(fast.reports < slow.reports + 3);
    sgp_crew_deinit(&slow.driver);
    sgp_crew_deinit(&fast.driver);
}

static void test_crew_driver_declines_only_the_first(void **state) {
    (void)state;
    tiny_world w;
    sgp_crew_options o = options(10);
    o.decline_first = true;
    begin(&w, &o);
    run_until_idle(&w);
    order(&w, 1, SGP_ASSIGNMENT_ORDERED);
    run_until_idle(&w);
    assert_int_equal(w.declines, 1);
    assert_int_equal(w.n_states, 0);
    order(&w, 2, SGP_ASSIGNMENT_ORDERED);
    run_until_idle(&w);
    assert_int_equal(w.accepts, 1);
    expect_states(&w, whole_way, 6);
    sgp_crew_deinit(&w.driver);
}

static void test_crew_driver_treats_on_the_spot(void **state) {
    (void)state;
    static const sgp_assignment_state expected[] = {SGP_ASSIGNMENT_EN_ROUTE,
                                                    SGP_ASSIGNMENT_ON_SCENE, SGP_ASSIGNMENT_CLOSED};
    tiny_world w;
    sgp_crew_options o = options(10);
    o.no_transport = true;
    begin(&w, &o);
    run_until_idle(&w);
    order(&w, 1, SGP_ASSIGNMENT_ORDERED);
    run_until_idle(&w);
    expect_states(&w, expected, 3);
    sgp_crew_deinit(&w.driver);
}

static void test_crew_driver_turns_round_when_stood_down(void **state) {
    (void)state;
    tiny_world w;
    sgp_crew_options o = options(1);
    begin(&w, &o);
    run_until_idle(&w);
    order(&w, 1, SGP_ASSIGNMENT_ORDERED);
    for (int i = 0; i < 12 || w.driver.phase != SGP_CREW_TO_SCENE; i++) {
        sgp_crew_action action;
        sgp_crew_next(&w.driver, w.now_us, &action);
        if (action.deed == SGP_CREW_WAIT)
            w.now_us = action.at_us;
        else
            answer(&w, &action);
    }
    assert_false(sgp_crew_hear_withdrawal(&w.driver, w.now_us, 99));
    assert_true(sgp_crew_hear_withdrawal(&w.driver, w.now_us, 1));
    assert_int_equal(w.driver.phase, SGP_CREW_RETURNING);
    run_until_idle(&w);
    assert_int_equal(w.driver.phase, SGP_CREW_FREE);
    assert_true(sgp_point_equal(w.last_report, station));
    assert_int_equal(w.n_states, 1);
    sgp_crew_deinit(&w.driver);
}

static void test_crew_driver_takes_up_where_the_engine_says(void **state) {
    (void)state;
    /* A crew that was started anew in the middle of its job. */
    static const sgp_assignment_state entered[] = {
        SGP_ASSIGNMENT_ORDERED,    SGP_ASSIGNMENT_ACCEPTED,     SGP_ASSIGNMENT_EN_ROUTE,
        SGP_ASSIGNMENT_ON_SCENE,   SGP_ASSIGNMENT_TRANSPORTING, SGP_ASSIGNMENT_AT_HOSPITAL,
        SGP_ASSIGNMENT_HANDED_OVER};
    static const size_t left[] = {6, 6, 5, 4, 3, 2, 1};
    for (size_t i = 0; i < sizeof entered / sizeof entered[0]; i++) {
        tiny_world w;
        sgp_crew_options o = options(10);
        begin(&w, &o);
        order(&w, 5, entered[i]);
        run_until_idle(&w);
        expect_states(&w, whole_way + 6 - left[i], left[i]);
        assert_int_equal(w.driver.phase, SGP_CREW_FREE);
        sgp_crew_deinit(&w.driver);
    }
}

static void test_crew_driver_hears_the_same_order_twice(void **state) {
    (void)state;
    tiny_world w;
    sgp_crew_options o = options(10);
    begin(&w, &o);
    run_until_idle(&w);
    order(&w, 1, SGP_ASSIGNMENT_ORDERED);
    sgp_crew_action action;
    sgp_crew_next(&w.driver, w.now_us, &action);
    int64_t at_us = action.at_us;
    order(&w, 1, SGP_ASSIGNMENT_ORDERED); /* after a reconnect */
    sgp_crew_next(&w.driver, w.now_us, &action);
    assert_int_equal(action.at_us, at_us);
    run_until_idle(&w);
    assert_int_equal(w.accepts, 1);
    sgp_crew_deinit(&w.driver);
}

static void test_crew_driver_lives_with_refusals(void **state) {
    (void)state;
    tiny_world w;
    sgp_crew_options o = options(10);
    begin(&w, &o);
    run_until_idle(&w);
    order(&w, 1, SGP_ASSIGNMENT_ORDERED);
    for (;;) {
        sgp_crew_action action;
        sgp_crew_next(&w.driver, w.now_us, &action);
        if (action.deed == SGP_CREW_WAIT && action.at_us == INT64_MAX)
            break;
        if (action.deed == SGP_CREW_WAIT)
            w.now_us = action.at_us;
        else if (action.deed == SGP_CREW_ADVANCE && action.state == SGP_ASSIGNMENT_TRANSPORTING)
            sgp_crew_refused(&w.driver, w.now_us, &action);
        else
            answer(&w, &action);
    }
    /* No hospital takes the patient: treated on the spot, and free again. */
    assert_int_equal(w.states[w.n_states - 1], SGP_ASSIGNMENT_CLOSED);
    assert_int_equal(w.driver.phase, SGP_CREW_FREE);
    sgp_crew_deinit(&w.driver);
}

static void test_crew_driver_drives_straight_without_a_road(void **state) {
    (void)state;
    tiny_world w;
    sgp_crew_options o = options(1);
    begin(&w, &o);
    run_until_idle(&w);
    order(&w, 1, SGP_ASSIGNMENT_EN_ROUTE);
    sgp_crew_action action;
    sgp_crew_next(&w.driver, w.now_us, &action);
    assert_int_equal(action.deed, SGP_CREW_ROUTE);
    assert_int_equal(sgp_crew_take_route(&w.driver, w.now_us, NULL, NULL, 0, 0), SGP_OK);
    run_until_idle(&w);
    assert_int_equal(w.states[0], SGP_ASSIGNMENT_ON_SCENE);
    sgp_crew_deinit(&w.driver);
}

/* The vehicle waits at the gang's mouth; the crew is there after the walk. */
static void test_crew_driver_walks_the_last_metres(void **state) {
    (void)state;
    const sgp_point mouth = {scene.lon_e7 - 4000, scene.lat_e7};
    for (int64_t walk_ms = 0; walk_ms <= 60000; walk_ms += 60000) {
        tiny_world w;
        sgp_crew_options o = options(1);
        begin(&w, &o);
        run_until_idle(&w);
        order(&w, 1, SGP_ASSIGNMENT_EN_ROUTE);
        sgp_crew_action action;
        sgp_crew_next(&w.driver, w.now_us, &action);
        assert_int_equal(action.deed, SGP_CREW_ROUTE);
        sgp_point points[2] = {action.point, mouth};
        int64_t at_ms[2] = {0, 100000}, begun_us = w.now_us;
        assert_int_equal(sgp_crew_take_route(&w.driver, w.now_us, points, at_ms, 2, walk_ms),
                         SGP_OK);
        while (w.n_states == 0) {
            sgp_crew_next(&w.driver, w.now_us, &action);
            if (action.deed == SGP_CREW_WAIT)
                w.now_us = action.at_us;
            else
                answer(&w, &action);
        }
        assert_int_equal(w.states[0], SGP_ASSIGNMENT_ON_SCENE);
        assert_int_equal((w.now_us - begun_us) / 1000, 100001 + walk_ms);
        assert_true(sgp_point_equal(w.last_report, mouth));
        sgp_crew_deinit(&w.driver);
    }
}

static void test_crew_driver_interpolates_the_leg(void **state) {
    (void)state;
    sgp_point points[] = {{0, 0}, {1000, 0}, {1000, 2000}, {1000, 2000}};
    int64_t at_ms[] = {0, 1000, 3000, 3000};
    sgp_crew_leg leg = {points, at_ms, 4};
    static const struct {
        int64_t ms;
        sgp_point point;
    } rows[] = {{-5, {0, 0}},         {0, {0, 0}},          {500, {500, 0}},     {1000, {1000, 0}},
                {2000, {1000, 1000}}, {3000, {1000, 2000}}, {9999, {1000, 2000}}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_true(sgp_point_equal(sgp_crew_leg_position(&leg, rows[i].ms), rows[i].point));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_crew_driver_goes_the_whole_way),
        cmocka_unit_test(test_crew_driver_is_as_fast_as_told),
        cmocka_unit_test(test_crew_driver_declines_only_the_first),
        cmocka_unit_test(test_crew_driver_treats_on_the_spot),
        cmocka_unit_test(test_crew_driver_turns_round_when_stood_down),
        cmocka_unit_test(test_crew_driver_takes_up_where_the_engine_says),
        cmocka_unit_test(test_crew_driver_hears_the_same_order_twice),
        cmocka_unit_test(test_crew_driver_lives_with_refusals),
        cmocka_unit_test(test_crew_driver_drives_straight_without_a_road),
        cmocka_unit_test(test_crew_driver_walks_the_last_metres),
        cmocka_unit_test(test_crew_driver_interpolates_the_leg),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
