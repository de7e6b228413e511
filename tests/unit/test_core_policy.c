/* Who is ranked, who is not and why: one row for each case. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/gates.h"
#include "core/policy.h"
#include "core_check.h"

enum { NOW_S = 100000 };

typedef struct fixture {
    sgp_world *world;
    sgp_incident_node *incident;
} fixture;

static int make(void **state) {
    fixture *made = calloc(1, sizeof *made);
    assert_non_null(made);
    assert_int_equal(sgp_world_create(&made->world), SGP_OK);
    made->incident = sgp_world_add_incident(made->world, 1);
    assert_non_null(made->incident);
    made->incident->view.has_place = true;
    made->incident->view.place.point = core_point(1000, 0);
    *state = made;
    return 0;
}

static int drop(void **state) {
    fixture *made = *state;
    sgp_world_destroy(made->world);
    free(made);
    return 0;
}

static sgp_unit *add(fixture *made, const char *code, int32_t east_m) {
    sgp_unit_node *node = sgp_world_add_unit(made->world, code);
    assert_non_null(node);
    node->view.kind = SGP_UNIT_AMBULANCE_BASIC;
    node->view.station_point = node->view.position = core_point(east_m, 0);
    node->view.on_duty = node->view.has_position = node->view.at_station = true;
    node->view.position_at_ms = 1000;
    return &node->view;
}

static void test_core_policy_exclusions(void **state) {
    fixture *made = *state;
    static const struct {
        const char *name;
        sgp_unit_kind kind;
        bool on_duty, has_position, at_station, refused;
        int on; /* 0 free, 1 on this incident, 2 on another */
        int64_t age_s;
        sgp_exclusion exclusion;
    } rows[] = {
        {"at station", SGP_UNIT_AMBULANCE_BASIC, 1, 1, 1, 0, 0, 90000, SGP_EXCLUDED_NOT},
        {"advanced", SGP_UNIT_AMBULANCE_ADVANCED, 1, 1, 0, 0, 0, 0, SGP_EXCLUDED_NOT},
        {"motorbike", SGP_UNIT_MOTORBIKE, 1, 1, 0, 0, 0, 0, SGP_EXCLUDED_NOT},
        {"command car", SGP_UNIT_COMMAND_CAR, 1, 1, 1, 0, 0, 0, SGP_EXCLUDED_WRONG_KIND},
        {"fire engine", SGP_UNIT_FIRE_ENGINE, 1, 1, 1, 0, 0, 0, SGP_EXCLUDED_WRONG_KIND},
        {"rescue", SGP_UNIT_RESCUE, 1, 1, 1, 0, 0, 0, SGP_EXCLUDED_WRONG_KIND},
        {"just fresh", SGP_UNIT_AMBULANCE_BASIC, 1, 1, 0, 0, 0, 300, SGP_EXCLUDED_NOT},
        {"just stale", SGP_UNIT_AMBULANCE_BASIC, 1, 1, 0, 0, 0, 301, SGP_EXCLUDED_STALE_POSITION},
        {"no position", SGP_UNIT_AMBULANCE_BASIC, 1, 0, 0, 0, 0, 0, SGP_EXCLUDED_NO_POSITION},
        {"off duty", SGP_UNIT_AMBULANCE_BASIC, 0, 1, 0, 0, 0, 0, SGP_EXCLUDED_OFF_DUTY},
        {"off duty first", SGP_UNIT_RESCUE, 0, 0, 0, 1, 0, 999, SGP_EXCLUDED_OFF_DUTY},
        {"refused", SGP_UNIT_AMBULANCE_BASIC, 1, 1, 1, 1, 0, 0, SGP_EXCLUDED_DECLINED},
        {"on it", SGP_UNIT_AMBULANCE_BASIC, 1, 1, 0, 1, 1, 999, SGP_EXCLUDED_ALREADY_ON},
        {"busy", SGP_UNIT_RESCUE, 1, 1, 0, 1, 2, 999, SGP_EXCLUDED_BUSY},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        sgp_unit *unit = add(made, rows[i].name, 0);
        unit->kind = rows[i].kind;
        unit->on_duty = rows[i].on_duty;
        unit->has_position = rows[i].has_position;
        unit->at_station = rows[i].at_station;
        unit->position_at_ms = (NOW_S - rows[i].age_s) * 1000;
        if (rows[i].refused)
            assert_int_equal(sgp_incident_add_refused(made->incident, unit->index), SGP_OK);
        if (rows[i].on) {
            sgp_assignment_node *on = sgp_world_add_assignment(made->world, i + 1);
            on->view.incident = (sgp_id)rows[i].on;
            on->view.unit = unit->index;
            unit->assignment = on->view.id;
            made->world->units[unit->index].on = on;
        }
        sgp_gate gate;
        sgp_gate_open(&gate, made->world, made->incident, NOW_S * 1000);
        if (sgp_gate_check(&gate, unit) != rows[i].exclusion)
            fail_msg("%s: not %s", rows[i].name, sgp_exclusion_str(rows[i].exclusion));
    }
}

static void test_core_policy_asks_once_and_only_for_who_can_go(void **state) {
    fixture *made = *state;
    add(made, "far", 9000);
    add(made, "off", 0)->on_duty = false;
    add(made, "near", 900);
    add(made, "moving", 1500)->at_station = false;
    made->world->units[3].view.position_at_ms = NOW_S * 1000;
    core_oracle oracle = {0};
    sgp_times times = core_times(&oracle);
    sgp_recommendation made_list;
    assert_int_equal(
        sgp_policy_recommend(made->world, made->incident, NOW_S * 1000, &times, &made_list),
        SGP_OK);
    assert_int_equal(oracle.asked, 1);
    assert_int_equal(oracle.last_n, 3);
    static const struct {
        uint32_t unit;
        int64_t travel_ms, turnout_ms, total_ms, age_ms;
    } rows[] = {{3, 50000, 0, 50000, 0},
                {2, 10000, 60000, 70000, NOW_S * 1000 - 1000},
                {0, 800000, 60000, 860000, NOW_S * 1000 - 1000},
                {1, -1, 60000, -1, NOW_S * 1000 - 1000}};
    assert_int_equal(made_list.n_candidates, 4);
    for (uint32_t i = 0; i < 4; i++) {
        assert_int_equal(made_list.candidates[i].unit, rows[i].unit);
        assert_int_equal(made_list.candidates[i].travel_ms, rows[i].travel_ms);
        assert_int_equal(made_list.candidates[i].turnout_ms, rows[i].turnout_ms);
        assert_int_equal(made_list.candidates[i].total_ms, rows[i].total_ms);
        assert_int_equal(made_list.candidates[i].position_age_ms, rows[i].age_ms);
    }
    assert_string_equal(made_list.policy, "closest");
    assert_null(core_check_recommendation(made->world, &made_list));
    free(made_list.candidates);
}

/* The oracle must know which vehicle it times, and whether it may use its siren. */
static void test_core_policy_tells_who_drives(void **state) {
    fixture *made = *state;
    add(made, "off", 0)->on_duty = false;
    sgp_unit *unit = add(made, "motorbike", 900);
    unit->kind = SGP_UNIT_MOTORBIKE;
    made->incident->view.priority = SGP_P3;
    core_oracle oracle = {0};
    sgp_times times = core_times(&oracle);
    sgp_recommendation list;
    assert_int_equal(sgp_policy_recommend(made->world, made->incident, NOW_S * 1000, &times, &list),
                     SGP_OK);
    assert_int_equal(oracle.last.unit, 1);
    assert_int_equal(oracle.last.kind, SGP_UNIT_MOTORBIKE);
    assert_int_equal(oracle.last.priority, SGP_P3);
    assert_int_equal(oracle.last.penalty_ms, made->world->clocks.turnout_ms[SGP_UNIT_MOTORBIKE]);
    assert_true(sgp_point_equal(oracle.last.point, core_point(900, 0)));
    free(list.candidates);
}

static void test_core_policy_without_anybody(void **state) {
    fixture *made = *state;
    core_oracle oracle = {0};
    sgp_times times = core_times(&oracle);
    sgp_recommendation list;
    assert_int_equal(sgp_policy_recommend(made->world, made->incident, 1, &times, &list), SGP_OK);
    assert_int_equal(list.n_candidates, 0);
    add(made, "off", 0)->on_duty = false;
    assert_int_equal(sgp_policy_recommend(made->world, made->incident, 1, &times, &list), SGP_OK);
    assert_int_equal(list.n_candidates, 1);
    assert_int_equal(oracle.asked, 0);
    free(list.candidates);
}

static void test_core_policy_ends_on_damaged_recording(void **state) {
    fixture *made = *state;
    add(made, "near", 900);
    Sigap__V1__RecordedTimes recorded = SIGAP__V1__RECORDED_TIMES__INIT;
    sgp_times_player player = {.times = &recorded};
    sgp_times times = sgp_times_playing(&player);
    sgp_recommendation list;
    assert_int_equal(sgp_policy_recommend(made->world, made->incident, 1, &times, &list),
                     SGP_E_CORRUPT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_core_policy_exclusions, make, drop),
        cmocka_unit_test_setup_teardown(test_core_policy_asks_once_and_only_for_who_can_go, make,
                                        drop),
        cmocka_unit_test_setup_teardown(test_core_policy_tells_who_drives, make, drop),
        cmocka_unit_test_setup_teardown(test_core_policy_without_anybody, make, drop),
        cmocka_unit_test_setup_teardown(test_core_policy_ends_on_damaged_recording, make, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
