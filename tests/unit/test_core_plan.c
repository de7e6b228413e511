/* What a plan says, what is wrong with a bad one, and which seats incidents have by it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/needs.h"
#include "core/planned.h"
#include "core_check.h"
#include "plan_maker.h"

/* ---- the plan itself ------------------------------------------------------ */

static void test_core_plan_finds_by_either_code(void **state) {
    (void)state;
    sgp_plan *plan = plan_make();
    assert_string_equal(sgp_plan_complaint(plan, "fever")->code, "fever");
    assert_string_equal(sgp_plan_complaint(plan, "2301061")->code, "fever");
    assert_string_equal(sgp_plan_complaint(plan, "2301077")->code, "unconscious");
    assert_null(sgp_plan_complaint(plan, "zzz"));
    assert_null(sgp_plan_complaint(plan, ""));
    assert_null(sgp_plan_complaint(NULL, "fever"));
    assert_string_equal(sgp_plan_response(plan, "2301019", SGP_P1)->code, "resuscitation");
    assert_null(sgp_plan_response(plan, "fever", SGP_P1));
    assert_null(sgp_plan_response(plan, "unheard of", SGP_P1));
    assert_int_equal(sgp_plan_priority(plan, "fever"), SGP_P4);
    assert_int_equal(sgp_plan_priority(plan, "stroke"), SGP_P1); /* the core's own default */
    assert_int_equal(sgp_plan_answer(plan, "breathing", "hard")->weight, 10);
    assert_null(sgp_plan_answer(plan, "conscious", "hard"));
    plan_add_complaint(plan, "zz_other", "", SGP_P2, 2);
    strcpy(plan->complaints[plan->n_complaints - 1].nemsis, "other");
    assert_string_equal(sgp_plan_response(plan, "unheard of", SGP_P3)->code, "crash");
    free(plan);
}

static void test_core_plan_is_the_same_after_the_wire(void **state) {
    (void)state;
    sgp_plan *plan = plan_make(), *again;
    uint8_t first[SGP_HASH_BYTES], second[SGP_HASH_BYTES];
    sgp_fault fault = {0};
    assert_int_equal(sgp_plan_check(plan, &fault), SGP_OK);
    Sigap__V1__Plan *message = sgp_plan_to_proto(plan);
    assert_non_null(message);
    assert_int_equal(sgp_plan_from_proto(message, &again, &fault), SGP_OK);
    assert_memory_equal(plan, again, sizeof *plan);
    sgp_plan_digest(plan, first);
    sgp_plan_digest(again, second);
    assert_memory_equal(first, second, sizeof first);
    sigap__v1__plan__free_unpacked(message, NULL);
    free(again);
    free(plan);
}

/* One damage each: it must be refused with a word of what is wrong, and where it is only another
 * plan the digest must see it. */
static void test_core_plan_refuses_what_is_wrong(void **state) {
    (void)state;
#define ROW(word, ...)                                                                             \
    {                                                                                              \
        sgp_plan *plan = plan_make();                                                              \
        uint8_t before[SGP_HASH_BYTES], after[SGP_HASH_BYTES];                                     \
        sgp_plan_digest(plan, before);                                                             \
        __VA_ARGS__;                                                                               \
        sgp_fault fault = {0};                                                                     \
        sgp_err err = sgp_plan_check(plan, &fault);                                                \
        if (*(word) == '\0') {                                                                     \
            assert_int_equal(err, SGP_OK);                                                         \
            sgp_plan_digest(plan, after);                                                          \
            if (memcmp(before, after, sizeof after) == 0)                                          \
                fail_msg("the digest does not see %s", #__VA_ARGS__);                              \
        } else if (err == SGP_OK || !strstr(fault.text, word)) {                                   \
            fail_msg("%s: \"%s\" does not say \"%s\"", #__VA_ARGS__, fault.text, word);            \
        }                                                                                          \
        free(plan);                                                                                \
    }
    ROW("complaints", plan->n_complaints = SGP_COMPLAINTS_MAX + 1)
    ROW("out of order", strcpy(plan->complaints[1].code, "zzz"))
    ROW("missing", plan->complaints[0].code[0] = '\0')
    ROW("plain", strcpy(plan->complaints[0].code, "\x01"))
    ROW("longer", memset(plan->complaints[0].code, 'a', SGP_CODE_BYTES))
    ROW("priority", plan->complaints[0].priority = 0)
    ROW("response", plan->complaints[0].response[1] = 3)
    ROW("response", plan->complaints[0].response[0] = 1)
    ROW("first seat", plan->responses[1].first_seat = 3)
    ROW("seats", plan->responses[1].n_seats = 3)
    ROW("seats", plan->n_seats = 7)
    ROW("kinds", plan->seats[0].kinds = 0)
    ROW("kind", plan->seats[0].kinds = 1 | PLAN_BASIC)
    ROW("kinds", plan->seats[0].kinds = 1u << SGP_UNIT_KINDS)
    ROW("instead", plan->seats[0].instead = 1u << SGP_UNIT_KINDS)
    ROW("skills", plan->seats[0].skills = 1u << SGP_SKILLS)
    ROW("alarm", plan->seats[0].alarm = 0)
    ROW("alarm", plan->seats[3].alarm = 1)
    ROW("along", plan->seats[1].with = 2)
    ROW("time", plan->seats[1].within_ms = -1)
    ROW("agency", plan->responses[1].alerts[0].agency = 2)
    ROW("alarm", plan->responses[1].alerts[0].alarm = 5)
    ROW("twice", strcpy(plan->agencies[1].code, "DAMKAR"))
    ROW("answer", plan->agencies[1].answer_ms = 0)
    ROW("weight", plan->answers[0].weight = 101)
    ROW("becomes", plan->answers[0].becomes = 6)
    ROW("least", plan->answers[0].at_least = SGP_PRIORITIES)
    ROW("twice", strcpy(plan->answers[0].code, "no"))
    ROW("twice", strcpy(plan->questions[1].code, "conscious"))
    ROW("answers", plan->questions[1].n_answers = 4)
    ROW("end", plan->targets[0].to = SGP_MOMENT_ANSWER)
    ROW("share", plan->targets[0].share_permille = 1001)
    ROW("", strcpy(plan->name, "other"))
    ROW("", plan->texts[31] = 1)
    ROW("", plan->complaints[0].priority = SGP_P2)
    ROW("", plan->complaints[0].response[4] = 2)
    ROW("", plan->seats[5].skills = 0)
    ROW("", plan->seats[1].with = 0)
    ROW("", plan->seats[1].if_possible = false)
    ROW("", plan->seats[0].instead = 0)
    ROW("", plan->responses[1].alerts[1].alarm = 1)
    ROW("", plan->agencies[0].answer_ms++)
    ROW("", plan->answers[2].becomes = 1)
    ROW("", plan->targets[0].within_ms++)
}

/* ---- seats ---------------------------------------------------------------- */

typedef struct story {
    sgp_world *world;
    sgp_plan *plan;
    sgp_id next;
} story;

static int make(void **state) {
    story *made = calloc(1, sizeof *made);
    assert_non_null(made);
    made->next = 1;
    made->plan = plan_make();
    assert_int_equal(sgp_world_create(&made->world), SGP_OK);
    core_oracle oracle = {0};
    sgp_times times = core_times(&oracle);
    sgp_effects effects = {0};
    sgp_event event = {
        .kind = SGP_EVENT_PLANNED, .seq = 1, .at_ms = 1, .u.planned.plan = made->plan};
    assert_int_equal(sgp_core_step(made->world, &event, &times, &effects), SGP_OK);
    sgp_effects_free(&effects);
    assert_non_null(sgp_world_plan(made->world));
    assert_memory_equal(sgp_world_plan(made->world), made->plan, sizeof *made->plan);
    *state = made;
    return 0;
}

static int drop(void **state) {
    story *made = *state;
    sgp_world_destroy(made->world);
    free(made->plan);
    free(made);
    return 0;
}

static sgp_incident_node *incident(story *made, const char *complaint, sgp_priority priority) {
    sgp_incident_node *node = sgp_world_add_incident(made->world, made->next++);
    assert_non_null(node);
    strcpy(node->view.complaint, complaint);
    node->view.priority = priority;
    node->view.units_wanted = sgp_planned_seats(made->world, node);
    return node;
}

static sgp_assignment_node *put_on(story *made, sgp_incident_node *node, sgp_unit_kind kind,
                                   uint32_t skills) {
    char code[SGP_CODE_BYTES];
    snprintf(code, sizeof code, "U%llu", (unsigned long long)made->next);
    sgp_unit_node *unit = sgp_world_add_unit(made->world, code);
    sgp_assignment_node *on = sgp_world_add_assignment(made->world, made->next++);
    assert_non_null(unit);
    assert_non_null(on);
    unit->view.kind = kind;
    unit->view.skills = skills;
    on->view.incident = node->view.id;
    on->view.unit = unit->view.index;
    on->view.state = SGP_ASSIGNMENT_ORDERED;
    node->view.assignments[node->view.n_assignments++] = on->view.id;
    return on;
}

static void expect(story *made, sgp_incident_node *node, size_t n, const uint32_t *kinds) {
    sgp_need needs[SGP_NEEDS_MAX];
    assert_int_equal(sgp_incident_needs(made->world, node, needs, SGP_NEEDS_MAX), n);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(needs[i].kinds, kinds[i]);
    if (n > 0)
        assert_int_equal(sgp_incident_needs(made->world, node, needs, 1), 1);
}
#define EXPECT(node, ...)                                                                          \
    expect(made, node, sizeof(uint32_t[]){__VA_ARGS__} / sizeof(uint32_t),                         \
           (const uint32_t[]){__VA_ARGS__})

static void test_core_plan_seats_of_a_complaint(void **state) {
    story *made = *state;
    sgp_incident_node *arrest = incident(made, "2301019", SGP_P1);
    assert_int_equal(arrest->view.units_wanted, 1);
    /* The motorbike goes along with the ambulance, not alone. */
    EXPECT(arrest, PLAN_ADVANCED);
    sgp_assignment_node *first = put_on(made, arrest, SGP_UNIT_AMBULANCE_ADVANCED, 0);
    EXPECT(arrest, PLAN_BIKE);
    put_on(made, arrest, SGP_UNIT_MOTORBIKE, 0);
    expect(made, arrest, 0, NULL);
    first->view.state = SGP_ASSIGNMENT_DECLINED;
    EXPECT(arrest, PLAN_ADVANCED);
    /* Somebody is there: what would be good to have is not asked for any more. */
    first->view.state = SGP_ASSIGNMENT_ON_SCENE;
    sgp_world_find_assignment(made->world, first->view.id + 1)->view.state =
        SGP_ASSIGNMENT_TIMED_OUT;
    EXPECT(arrest, PLAN_BIKE);
    arrest->view.first_on_scene_at_ms = 5;
    expect(made, arrest, 0, NULL);

    sgp_incident_node *unplanned = incident(made, "fever", SGP_P4);
    EXPECT(unplanned, SGP_KINDS_TREAT);
}

static void test_core_plan_a_stopgap_fills_a_seat_last(void **state) {
    story *made = *state;
    sgp_incident_node *arrest = incident(made, "cardiac_arrest", SGP_P1);
    arrest->view.alarm = 2;
    arrest->view.units_wanted = 3;
    EXPECT(arrest, PLAN_ADVANCED, PLAN_ADVANCED | PLAN_BASIC, PLAN_ADVANCED | PLAN_BASIC);
    put_on(made, arrest, SGP_UNIT_AMBULANCE_BASIC, 0);
    EXPECT(arrest, PLAN_ADVANCED, PLAN_ADVANCED | PLAN_BASIC);
    put_on(made, arrest, SGP_UNIT_AMBULANCE_BASIC, 0);
    EXPECT(arrest, PLAN_ADVANCED);
    put_on(made, arrest, SGP_UNIT_AMBULANCE_BASIC, 0); /* instead of the advanced one */
    EXPECT(arrest, PLAN_BIKE);
    put_on(made, arrest, SGP_UNIT_FIRE_ENGINE, 0); /* fits no seat, fills none */
    EXPECT(arrest, PLAN_BIKE);
}

static void test_core_plan_skills_count(void **state) {
    story *made = *state;
    sgp_incident_node *crash = incident(made, "traffic_accident", SGP_P2);
    assert_int_equal(crash->view.units_wanted, 2);
    put_on(made, crash, SGP_UNIT_FIRE_ENGINE, 1u << SGP_SKILL_HAZARDOUS);
    EXPECT(crash, PLAN_ADVANCED | PLAN_BASIC, PLAN_FIRE);
    put_on(made, crash, SGP_UNIT_FIRE_ENGINE,
           1u << SGP_SKILL_HAZARDOUS | 1u << SGP_SKILL_EXTRICATION);
    EXPECT(crash, PLAN_ADVANCED | PLAN_BASIC);
}

static void test_core_plan_a_dispatcher_adds_and_takes_away(void **state) {
    story *made = *state;
    sgp_incident_node *crash = incident(made, "traffic_accident", SGP_P2);
    crash->view.units_wanted = 4;
    EXPECT(crash, PLAN_ADVANCED | PLAN_BASIC, PLAN_FIRE, SGP_KINDS_TREAT, SGP_KINDS_TREAT);
    crash->view.units_wanted = 1;
    EXPECT(crash, PLAN_ADVANCED | PLAN_BASIC);
    /* One fewer than the plan has stays one fewer when the complaint becomes another. */
    uint32_t before = sgp_planned_seats(made->world, crash);
    strcpy(crash->view.complaint, "cardiac_arrest");
    crash->view.alarm = 2;
    sgp_planned_follow(made->world, crash, before);
    assert_int_equal(crash->view.units_wanted, 2);
}

static void test_core_plan_seats_lapse_when_the_crew_has_gone(void **state) {
    story *made = *state;
    sgp_incident_node *crash = incident(made, "traffic_accident", SGP_P2);
    assert_int_equal(sgp_planned_must_serve(made->world, crash), 1);
    crash->view.units_wanted = 3; /* one more by hand */
    assert_int_equal(sgp_planned_must_serve(made->world, crash), 2);
    crash->view.units_wanted = 1;
    assert_int_equal(sgp_planned_must_serve(made->world, crash), 1);
    crash->view.units_wanted = 2;
    crash->view.alarm = 2;
    assert_int_equal(sgp_planned_must_serve(made->world, crash), 2);
}

static void test_core_plan_cost_puts_stopgaps_after_who_is_in_time(void **state) {
    (void)state;
    sgp_need need = {.kinds = PLAN_ADVANCED, .instead = PLAN_BASIC, .within_ms = 600000};
    sgp_unit advanced = {.kind = SGP_UNIT_AMBULANCE_ADVANCED},
             basic = {.kind = SGP_UNIT_AMBULANCE_BASIC}, bike = {.kind = SGP_UNIT_MOTORBIKE};
    int64_t in_time = sgp_need_cost_ms(&need, &advanced, 600000);
    assert_true(in_time < sgp_need_cost_ms(&need, &basic, 1));
    /* Too late both: the nearer one. */
    assert_true(sgp_need_cost_ms(&need, &basic, 60000) <
                sgp_need_cost_ms(&need, &advanced, 600001));
    assert_true(sgp_need_cost_ms(&need, &basic, 700000) >
                sgp_need_cost_ms(&need, &advanced, 600001));
    assert_int_equal(sgp_need_cost_ms(&need, &bike, 1), -1);
    need.within_ms = 0;
    assert_true(sgp_need_cost_ms(&need, &advanced, 3600000) < sgp_need_cost_ms(&need, &basic, 1));
}

static void test_core_plan_survives_a_snapshot(void **state) {
    story *made = *state;
    sgp_buffer bytes = {0};
    sgp_world *again;
    sgp_fault fault = {0};
    uint8_t first[32], second[32];
    assert_int_equal(sgp_world_save(made->world, &bytes), SGP_OK);
    assert_int_equal(sgp_world_load(bytes.data, bytes.length, &again, &fault), SGP_OK);
    assert_memory_equal(sgp_world_plan(again), made->plan, sizeof *made->plan);
    sgp_world_digest(made->world, first);
    sgp_world_digest(again, second);
    assert_memory_equal(first, second, sizeof first);
    sgp_buffer_free(&bytes);
    sgp_world_destroy(again);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_core_plan_finds_by_either_code),
        cmocka_unit_test(test_core_plan_is_the_same_after_the_wire),
        cmocka_unit_test(test_core_plan_refuses_what_is_wrong),
        cmocka_unit_test_setup_teardown(test_core_plan_seats_of_a_complaint, make, drop),
        cmocka_unit_test_setup_teardown(test_core_plan_a_stopgap_fills_a_seat_last, make, drop),
        cmocka_unit_test_setup_teardown(test_core_plan_skills_count, make, drop),
        cmocka_unit_test_setup_teardown(test_core_plan_a_dispatcher_adds_and_takes_away, make,
                                        drop),
        cmocka_unit_test_setup_teardown(test_core_plan_seats_lapse_when_the_crew_has_gone, make,
                                        drop),
        cmocka_unit_test(test_core_plan_cost_puts_stopgaps_after_who_is_in_time),
        cmocka_unit_test_setup_teardown(test_core_plan_survives_a_snapshot, make, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
