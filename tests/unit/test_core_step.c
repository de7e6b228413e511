/* What the step refuses, how it counts, and its bounds. The stories are in
 * tests/replay; here are the edges that a story cannot reach. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core_check.h"

typedef struct fixture {
    sgp_world *world;
    core_oracle oracle;
    sgp_effects effects;
} fixture;

static int make(void **state) {
    fixture *made = calloc(1, sizeof *made);
    assert_non_null(made);
    assert_int_equal(sgp_world_create(&made->world), SGP_OK);
    *state = made;
    return 0;
}

static int drop(void **state) {
    fixture *made = *state;
    sgp_world_destroy(made->world);
    sgp_effects_free(&made->effects);
    free(made);
    return 0;
}

static sgp_err step(fixture *made, sgp_event *event) {
    if (!event->seq)
        event->seq = sgp_world_seq(made->world) + 1;
    if (!event->at_ms)
        event->at_ms = sgp_world_now_ms(made->world) + 1;
    sgp_times times = core_times(&made->oracle);
    sgp_effects_clear(&made->effects);
    sgp_err err = sgp_core_step(made->world, event, &times, &made->effects);
    assert_null(core_check_effects(made->world, &made->effects));
    return err;
}

static const sgp_reply *reply(const fixture *made) {
    return &made->effects.items[made->effects.n - 1].u.reply;
}

static void register_unit(fixture *made, const char *code, sgp_unit_kind kind) {
    sgp_event event = {.kind = SGP_EVENT_UNIT_REGISTERED};
    strcpy(event.u.unit_registered.unit.code, code);
    event.u.unit_registered.unit.kind = kind;
    event.u.unit_registered.unit.station_point = core_point(0, 0);
    assert_int_equal(step(made, &event), SGP_OK);
    event = (sgp_event){.kind = SGP_EVENT_UNIT_DUTY, .u.duty = {.on_duty = true}};
    strcpy(event.u.duty.unit, code);
    assert_int_equal(step(made, &event), SGP_OK);
}

static sgp_id call_at(fixture *made, sgp_priority priority, int32_t east_m) {
    sgp_event event = {.kind = SGP_EVENT_CALL_RECEIVED,
                       .u.call = {.priority = priority, .has_point = true}};
    event.u.call.place.point = core_point(east_m, 0);
    assert_int_equal(step(made, &event), SGP_OK);
    return reply(made)->incident;
}

/* Senseless events: refused with a sentence, nothing changed, not remembered. */
static void test_core_step_senseless_events(void **state) {
    fixture *made = *state;
    sgp_event rows[] = {
        {.kind = 0},
        {.kind = SGP_EVENT_KINDS},
        {.kind = SGP_EVENT_UNIT_DUTY},
        {.kind = SGP_EVENT_UNIT_REGISTERED, .u.unit_registered.unit = {.code = "A"}},
        {.kind = SGP_EVENT_UNIT_REGISTERED,
         .u.unit_registered.unit = {.code = "A", .kind = SGP_UNIT_KINDS}},
        {.kind = SGP_EVENT_UNIT_POSITION, .u.position = {"A", {1800000001, 0}, 0}},
        {.kind = SGP_EVENT_UNIT_POSITION, .u.position = {"A", {0, -900000001}, 0}},
        {.kind = SGP_EVENT_CALL_RECEIVED, .u.call = {.priority = SGP_PRIORITIES}},
        {.kind = SGP_EVENT_CALL_RECEIVED,
         .u.call = {.has_point = true, .place = {.confidence_permille = 1001}}},
        {.kind = SGP_EVENT_CALL_RECEIVED,
         .u.call = {.has_point = true, .place = {.kind = SGP_PLACE_KINDS}}},
        {.kind = SGP_EVENT_CALL_RECEIVED, .u.call = {.channel = "bad\nchannel"}},
        {.kind = SGP_EVENT_CALL_PLACED, .u.placed = {.call = 1, .n_places = 11}},
        {.kind = SGP_EVENT_CALL_PLACED, .u.placed = {.call = 1, .n_places = -1}},
        {.kind = SGP_EVENT_CALL_PLACED},
        {.kind = SGP_EVENT_PLACE_CHOSEN},
        {.kind = SGP_EVENT_CALL_LINKED, .u.linked = {1, 0}},
        {.kind = SGP_EVENT_INCIDENT_TRIAGED, .u.triaged = {.incident = 1, .units_wanted = 65}},
        {.kind = SGP_EVENT_INCIDENT_CLOSED, .u.closed = {1, SGP_OUTCOME_NONE}},
        {.kind = SGP_EVENT_INCIDENT_CLOSED, .u.closed = {1, SGP_OUTCOMES}},
        {.kind = SGP_EVENT_ASSIGNMENT_ADVANCED, .u.advanced = {1, SGP_ASSIGNMENT_ACCEPTED, ""}},
        {.kind = SGP_EVENT_ASSIGNMENT_ADVANCED, .u.advanced = {1, SGP_ASSIGNMENT_DECLINED, ""}},
        {.kind = SGP_EVENT_CONFIGURED},
        {.kind = SGP_EVENT_ROAD_OPENED},
        {.kind = SGP_EVENT_CALL_NARROWED},
        {.kind = SGP_EVENT_PHONE_POSITION},
        {.kind = SGP_EVENT_PHONE_POSITION, .u.phone = {.call = 1, .by_token = true}},
        {.kind = SGP_EVENT_PHONE_POSITION,
         .u.phone = {.call = 1, .fix = {.method = SGP_PHONE_METHODS}}},
        {.kind = SGP_EVENT_PHONE_POSITION,
         .u.phone = {.call = 1, .fix = {.place = {.point = {2000000000, 0}}}}},
        {.kind = SGP_EVENT_PHONE_POSITION, .u.phone = {.call = 1, .fix = {.measured_at_ms = -1}}},
        {.kind = SGP_EVENT_LOCATE_ASKED, .u.locate = {.call = 1, .valid_ms = 1}},
        {.kind = SGP_EVENT_LOCATE_ASKED, .u.locate = {.call = 1, .token = {1}}},
        {.kind = SGP_EVENT_LOCATE_ASKED,
         .u.locate = {.token = {1}, .valid_ms = 1, .updates_ms = 1}},
        {.kind = SGP_EVENT_CALLER_CAME, .u.came = {.call = 1, .token = {1}}},
        {.kind = SGP_EVENT_MESSAGE_SAID, .u.message = {.call = 1, .by_caller = true}},
        {.kind = SGP_EVENT_MESSAGE_SAID, .u.message = {.call = 1, .sign = SGP_SIGN_SAFE}},
        {.kind = SGP_EVENT_MESSAGES_READ},
        {.kind = SGP_EVENT_INBOUND_SEEN, .u.seen = {.hospital = "RS"}},
        {.kind = SGP_EVENT_ROAD_CLOSED},
        {.kind = SGP_EVENT_ROAD_CLOSED, .u.road_closed = {.way = -1}},
        {.kind = SGP_EVENT_ROAD_CLOSED, .u.road_closed = {.radius_m = 5001}},
        {.kind = SGP_EVENT_ROAD_CLOSED, .u.road_closed = {.way = 7, .radius_m = 1}},
        {.kind = SGP_EVENT_ROAD_CLOSED, .u.road_closed = {.way = 7, .from_ms = 9, .until_ms = 9}},
        {.kind = SGP_EVENT_ROAD_CLOSED, .u.road_closed = {.way = 7, .reason = "bad\nreason"}},
        {.kind = SGP_EVENT_TIMER, .at_ms = -5},
        {.kind = SGP_EVENT_TIMER, .at_ms = INT64_MAX},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t before[32], after[32];
        sgp_reply remembered;
        rows[i].request_id[0] = (uint8_t)(i + 1);
        sgp_world_digest(made->world, before);
        sgp_err err = step(made, &rows[i]);
        sgp_world_digest(made->world, after);
        if (err == SGP_OK || err != reply(made)->err || reply(made)->message[0] == '\0')
            fail_msg("row %zu: %s '%s'", i, sgp_err_str(err), reply(made)->message);
        assert_memory_equal(before, after, sizeof before);
        assert_false(sgp_world_reply(made->world, rows[i].request_id, "", &remembered));
    }
    sgp_event unended = {.kind = SGP_EVENT_UNIT_DUTY};
    memset(unended.u.duty.unit, 'A', sizeof unended.u.duty.unit);
    assert_int_equal(step(made, &unended), SGP_E_TOO_LARGE);
}

static void test_core_step_numbers_and_times_follow(void **state) {
    fixture *made = *state;
    sgp_event first = {.kind = SGP_EVENT_TIMER, .seq = 10, .at_ms = 1000};
    assert_int_equal(step(made, &first), SGP_OK);
    sgp_event same = {.kind = SGP_EVENT_TIMER, .seq = 10, .at_ms = 1000};
    assert_int_equal(step(made, &same), SGP_E_ARGUMENT);
    sgp_event back = {.kind = SGP_EVENT_TIMER, .seq = 11, .at_ms = 999};
    assert_int_equal(step(made, &back), SGP_E_ARGUMENT);
    sgp_event next = {.kind = SGP_EVENT_TIMER, .seq = 11, .at_ms = 1000};
    assert_int_equal(step(made, &next), SGP_OK);
    assert_int_equal(sgp_world_seq(made->world), 11);
}

/* An illegal request is remembered and takes its number; without an id it does not. */
static void test_core_step_remembers_refusals(void **state) {
    fixture *made = *state;
    sgp_event event = {.kind = SGP_EVENT_RECOMMENDATION_ASKED, .u.asked = {7}};
    assert_int_equal(step(made, &event), SGP_E_NOT_FOUND);
    assert_int_equal(sgp_world_seq(made->world), 0);
    event.request_id[3] = 9;
    assert_int_equal(step(made, &event), SGP_E_NOT_FOUND);
    assert_int_equal(sgp_world_seq(made->world), 1);
    sgp_reply remembered;
    assert_true(sgp_world_reply(made->world, event.request_id, "", &remembered));
    assert_int_equal(remembered.err, SGP_E_NOT_FOUND);
    assert_string_equal(remembered.message, "there is no incident 7");
    event.seq = 2;
    assert_int_equal(step(made, &event), SGP_E_NOT_FOUND);
    assert_int_equal(made->effects.n, 1);
    assert_int_equal(sgp_world_seq(made->world), 1);
}

/* Another actor's request with the same id is neither done nor answered with what
 * belongs to the first; after a snapshot as before it. */
static void test_core_step_an_id_belongs_to_its_actor(void **state) {
    fixture *made = *state;
    sgp_event event = {.kind = SGP_EVENT_CALL_RECEIVED, .u.call = {.channel = "112"}};
    event.request_id[3] = 9;
    strcpy(event.actor, "first");
    assert_int_equal(step(made, &event), SGP_OK);
    sgp_event other = event;
    strcpy(other.actor, "second");
    for (int round = 0; round < 2; round++) {
        other.seq = event.seq = 2;
        assert_int_equal(step(made, &other), SGP_E_STATE);
        assert_int_equal(reply(made)->call, 0);
        assert_int_equal(step(made, &event), SGP_OK);
        assert_int_equal(reply(made)->call, 1);
        assert_int_equal(sgp_world_seq(made->world), 1);
        sgp_buffer saved = {0};
        assert_int_equal(sgp_world_save(made->world, &saved), SGP_OK);
        sgp_world_destroy(made->world);
        assert_int_equal(sgp_world_load(saved.data, saved.length, &made->world, NULL), SGP_OK);
        sgp_buffer_free(&saved);
    }
}

static void test_core_step_reply_names_everything(void **state) {
    fixture *made = *state;
    register_unit(made, "A-01", SGP_UNIT_AMBULANCE_BASIC);
    call_at(made, SGP_P1, 100);
    assert_int_equal(reply(made)->call, 1);
    assert_int_equal(reply(made)->incident, 1);
    assert_int_equal(reply(made)->assignment, 1);
    assert_int_equal(reply(made)->recommendation, 1);
    assert_int_equal(sgp_world_incident(made->world, 1)->last_recommendation, 1);
    assert_int_equal(sgp_world_assignment(made->world, 1)->recommendation, 1);
}

/* Registering the same again changes nothing; something new makes one version. */
static void test_core_step_versions(void **state) {
    fixture *made = *state;
    register_unit(made, "A-01", SGP_UNIT_AMBULANCE_BASIC);
    uint64_t version = sgp_world_unit(made->world, 0)->version;
    sgp_event event = {.kind = SGP_EVENT_UNIT_REGISTERED};
    strcpy(event.u.unit_registered.unit.code, "A-01");
    event.u.unit_registered.unit.kind = SGP_UNIT_AMBULANCE_BASIC;
    event.u.unit_registered.unit.station_point = core_point(0, 0);
    assert_int_equal(step(made, &event), SGP_OK);
    assert_int_equal(made->effects.n, 1);
    assert_int_equal(sgp_world_unit(made->world, 0)->version, version);
    event.seq = 0;
    event.u.unit_registered.unit.station_point = core_point(40, 0);
    assert_int_equal(step(made, &event), SGP_OK);
    assert_int_equal(sgp_world_unit(made->world, 0)->version, version + 1);
    assert_true(sgp_point_equal(sgp_world_unit(made->world, 0)->position, core_point(40, 0)));
    assert_int_equal(sgp_world_units(made->world), 1);
}

static void test_core_step_bounds(void **state) {
    fixture *made = *state;
    for (int i = 0; i < SGP_HOSPITALS_MAX + 1; i++) {
        sgp_event event = {.kind = SGP_EVENT_HOSPITAL_REGISTERED};
        snprintf(event.u.hospital_registered.hospital.code, SGP_CODE_BYTES, "RS-%d", i);
        assert_int_equal(step(made, &event), i < SGP_HOSPITALS_MAX ? SGP_OK : SGP_E_FULL);
    }
    for (int i = 0; i < SGP_UNITS_MAX + 1; i++) {
        sgp_event event = {.kind = SGP_EVENT_UNIT_REGISTERED};
        snprintf(event.u.unit_registered.unit.code, SGP_CODE_BYTES, "A-%d", i);
        event.u.unit_registered.unit.kind = SGP_UNIT_RESCUE;
        assert_int_equal(step(made, &event), i < SGP_UNITS_MAX ? SGP_OK : SGP_E_FULL);
    }
    assert_string_equal(reply(made)->message, "there are already 8192 units");
    for (int i = 0; i < SGP_OPEN_INCIDENTS_MAX + 1; i++) {
        sgp_event event = {.kind = SGP_EVENT_CALL_RECEIVED};
        assert_int_equal(step(made, &event), i < SGP_OPEN_INCIDENTS_MAX ? SGP_OK : SGP_E_FULL);
    }
    sgp_event close = {.kind = SGP_EVENT_INCIDENT_CLOSED, .u.closed = {5, SGP_OUTCOME_GHOST}};
    assert_int_equal(step(made, &close), SGP_OK);
    sgp_event event = {.kind = SGP_EVENT_CALL_RECEIVED};
    assert_int_equal(step(made, &event), SGP_OK);
    assert_null(core_check_world(made->world));
}

/* An incident that 64 crews refused can still be given to a 65th. */
static void test_core_step_many_refusals(void **state) {
    fixture *made = *state;
    char code[SGP_CODE_BYTES];
    enum { CREWS = SGP_UNITS_PER_INCIDENT_MAX + 6 };
    for (int i = 0; i < CREWS; i++) {
        snprintf(code, sizeof code, "A-%03d", i);
        register_unit(made, code, SGP_UNIT_AMBULANCE_BASIC);
    }
    sgp_id incident = call_at(made, SGP_P1, 100);
    for (sgp_id id = 1; id < CREWS; id++) {
        sgp_event event = {.kind = SGP_EVENT_ORDER_ANSWERED, .u.answered = {.assignment = id}};
        assert_int_equal(step(made, &event), SGP_OK);
        assert_null(core_check_world(made->world));
    }
    const sgp_incident *view = sgp_world_incident(made->world, incident);
    assert_int_equal(view->n_assignments, SGP_UNITS_PER_INCIDENT_MAX);
    assert_int_equal(view->assignments[view->n_assignments - 1], CREWS);
    assert_int_equal(view->state, SGP_INCIDENT_ASSIGNED);
    assert_null(sgp_world_assignment(made->world, 1));
    assert_non_null(sgp_world_assignment(made->world, 7));
}

/* After a disaster a unit that frees does not make hundreds of recommendations. */
static void test_core_step_fresh_recommendations_are_bounded(void **state) {
    fixture *made = *state;
    for (int i = 0; i < 100; i++)
        call_at(made, SGP_P3, i);
    register_unit(made, "A-01", SGP_UNIT_AMBULANCE_BASIC);
    size_t made_now = 0;
    for (size_t i = 0; i < made->effects.n; i++)
        made_now += made->effects.items[i].kind == SGP_EFFECT_RECOMMENDED;
    assert_int_equal(made_now, 16);
}

/* Closures come into force and end by the timer, and are opened by number or by way. */
static void test_core_step_road_closures(void **state) {
    fixture *made = *state;
    int64_t now_ms = 1700000000000;
    sgp_road_closure rows[] = {
        {.way = 7, .reason = "banjir"},
        {.way = 7, .from_ms = now_ms + 1000, .until_ms = now_ms + 5000},
        {.point = core_point(5, 5), .radius_m = 40, .until_ms = now_ms + 3000},
    };
    for (size_t i = 0; i < 3; i++) {
        sgp_event event = {.kind = SGP_EVENT_ROAD_CLOSED, .at_ms = now_ms, .actor = "andi"};
        event.u.road_closed = rows[i];
        assert_int_equal(step(made, &event), SGP_OK);
        assert_int_equal(reply(made)->closure, event.seq);
    }
    assert_int_equal(sgp_world_road_closures(made->world), 3);
    assert_true(sgp_world_road_closure(made->world, 0)->in_force);
    assert_false(sgp_world_road_closure(made->world, 1)->in_force);
    assert_string_equal(sgp_world_road_closure(made->world, 2)->actor, "andi");
    assert_int_equal(sgp_world_next_timer_ms(made->world), now_ms + 1000);

    sgp_event timer = {.kind = SGP_EVENT_TIMER, .at_ms = now_ms + 1000};
    assert_int_equal(step(made, &timer), SGP_OK);
    assert_true(sgp_world_road_closure(made->world, 1)->in_force);
    assert_int_equal(sgp_world_next_timer_ms(made->world), now_ms + 3000);
    timer = (sgp_event){.kind = SGP_EVENT_TIMER, .at_ms = now_ms + 3000};
    assert_int_equal(step(made, &timer), SGP_OK);
    assert_int_equal(sgp_world_road_closures(made->world), 2);
    assert_null(core_check_world(made->world));

    sgp_event open = {.kind = SGP_EVENT_ROAD_OPENED, .u.road_opened = {.closure = 3}};
    assert_int_equal(step(made, &open), SGP_E_NOT_FOUND);
    open = (sgp_event){.kind = SGP_EVENT_ROAD_OPENED, .u.road_opened = {.way = 7}};
    assert_int_equal(step(made, &open), SGP_OK);
    assert_int_equal(sgp_world_road_closures(made->world), 0);
    assert_int_equal(sgp_world_next_timer_ms(made->world), INT64_MAX);
    sgp_event late = {.kind = SGP_EVENT_ROAD_CLOSED, .u.road_closed = {.way = 7, .until_ms = 5}};
    assert_int_equal(step(made, &late), SGP_E_RANGE);
}

static void test_core_step_road_closures_are_bounded(void **state) {
    fixture *made = *state;
    for (int i = 0; i <= SGP_ROAD_CLOSURES_MAX; i++) {
        sgp_event event = {.kind = SGP_EVENT_ROAD_CLOSED, .u.road_closed = {.way = 1 + i}};
        assert_int_equal(step(made, &event), i < SGP_ROAD_CLOSURES_MAX ? SGP_OK : SGP_E_FULL);
    }
}

/* The mark of a profile is replaced; another city begins anew. */
static void test_core_step_metric_marks(void **state) {
    fixture *made = *state;
    for (int i = 0; i <= SGP_METRICS_MAX; i++) {
        sgp_event event = {.kind = SGP_EVENT_METRIC_SWAPPED};
        snprintf(event.u.swapped.profile, SGP_PROFILE_BYTES, "p%d", i % SGP_METRICS_MAX);
        event.u.swapped.weights[0] = (uint8_t)(i + 1);
        assert_int_equal(step(made, &event), SGP_OK);
    }
    assert_int_equal(sgp_world_metric_mark(made->world, "p0")->weights[0], SGP_METRICS_MAX + 1);
    sgp_event more = {.kind = SGP_EVENT_METRIC_SWAPPED, .u.swapped = {.profile = "more"}};
    assert_int_equal(step(made, &more), SGP_E_FULL);
    sgp_event graph = {.kind = SGP_EVENT_GRAPH_SWITCHED};
    assert_int_equal(step(made, &graph), SGP_OK);
    assert_null(sgp_world_metric_mark(made->world, "p0"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_core_step_road_closures, make, drop),
        cmocka_unit_test_setup_teardown(test_core_step_road_closures_are_bounded, make, drop),
        cmocka_unit_test_setup_teardown(test_core_step_metric_marks, make, drop),
        cmocka_unit_test_setup_teardown(test_core_step_senseless_events, make, drop),
        cmocka_unit_test_setup_teardown(test_core_step_numbers_and_times_follow, make, drop),
        cmocka_unit_test_setup_teardown(test_core_step_remembers_refusals, make, drop),
        cmocka_unit_test_setup_teardown(test_core_step_an_id_belongs_to_its_actor, make, drop),
        cmocka_unit_test_setup_teardown(test_core_step_reply_names_everything, make, drop),
        cmocka_unit_test_setup_teardown(test_core_step_versions, make, drop),
        cmocka_unit_test_setup_teardown(test_core_step_bounds, make, drop),
        cmocka_unit_test_setup_teardown(test_core_step_many_refusals, make, drop),
        cmocka_unit_test_setup_teardown(test_core_step_fresh_recommendations_are_bounded, make,
                                        drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
