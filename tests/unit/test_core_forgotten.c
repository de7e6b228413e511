/* Patients whom a rule that is good for one seat would have left without a unit: each story ends
 * with somebody on the way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/joint.h"
#include "core_check.h"
#include "plan_maker.h"

typedef struct fixture {
    sgp_world *world;
    core_oracle oracle;
    sgp_effects effects;
    int64_t now_ms;
} fixture;

static int make(void **state) {
    fixture *made = calloc(1, sizeof *made);
    assert_non_null(made);
    assert_int_equal(sgp_world_create(&made->world), SGP_OK);
    made->now_ms = 1700000000000;
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

static void step(fixture *made, sgp_event event) {
    event.seq = sgp_world_seq(made->world) + 1;
    event.at_ms = made->now_ms += 1000;
    sgp_times times = core_times(&made->oracle);
    sgp_effects_clear(&made->effects);
    assert_int_equal(sgp_core_step(made->world, &event, &times, &made->effects), SGP_OK);
    const char *wrong = core_check_world(made->world);
    if (!wrong)
        wrong = core_check_effects(made->world, &made->effects);
    if (wrong)
        fail_msg("%s", wrong);
}

/* The default rules; every priority goes by `policy` and without a click. */
static void configure(fixture *made, sgp_policy policy) {
    sgp_event event = {.kind = SGP_EVENT_CONFIGURED};
    sgp_clocks_default(&event.u.configured);
    sgp_rules_default(&event.u.configured.rules);
    for (int p = SGP_P1; p < SGP_PRIORITIES; p++) {
        event.u.configured.policy[p] = policy;
        event.u.configured.order_without_click[p] = true;
    }
    step(made, event);
}

static void take_plan(fixture *made, sgp_plan *plan) {
    step(made, (sgp_event){.kind = SGP_EVENT_PLANNED, .u.planned.plan = plan});
    free(plan);
}

static void sign(fixture *made, const char *code, bool on) {
    sgp_event event = {.kind = SGP_EVENT_UNIT_DUTY, .u.duty = {.on_duty = on}};
    strcpy(event.u.duty.unit, code);
    step(made, event);
}

static void add_unit(fixture *made, const char *code, sgp_unit_kind kind, int32_t east_m,
                     const char *district) {
    sgp_event event = {.kind = SGP_EVENT_UNIT_REGISTERED};
    sgp_unit *unit = &event.u.unit_registered.unit;
    strcpy(unit->code, code);
    strcpy(unit->district, district);
    unit->kind = kind;
    unit->lending = district[0] ? SGP_LENT_AFTER_OWN : SGP_LENT_FREELY;
    unit->station_point = core_point(east_m, 0);
    step(made, event);
    sign(made, code, true);
}

static sgp_id call(fixture *made, const char *complaint, sgp_priority priority, int32_t east_m,
                   const char *district, int32_t walk_m) {
    sgp_event event = {.kind = SGP_EVENT_CALL_RECEIVED,
                       .u.call = {.priority = priority, .has_point = true}};
    strcpy(event.u.call.complaint, complaint);
    sgp_place *place = &event.u.call.place;
    place->point = core_point(east_m, 0);
    strcpy(place->kabupaten, district);
    if (walk_m) {
        place->has_access = true;
        place->access = place->point;
        place->access_walk_m = walk_m;
    }
    step(made, event);
    return made->effects.items[made->effects.n - 1].u.reply.incident;
}

static sgp_id job_of(const fixture *made, const char *code) {
    return sgp_world_unit_by_code(made->world, code)->assignment;
}

static sgp_id incident_of(const fixture *made, const char *code) {
    sgp_id job = job_of(made, code);
    return job ? sgp_world_assignment(made->world, job)->incident : 0;
}

static void advance(fixture *made, const char *code, sgp_assignment_state state) {
    if (state == SGP_ASSIGNMENT_ACCEPTED) {
        step(made, (sgp_event){.kind = SGP_EVENT_ORDER_ANSWERED,
                               .u.answered = {.assignment = job_of(made, code), .accepted = true}});
        return;
    }
    step(made, (sgp_event){.kind = SGP_EVENT_ASSIGNMENT_ADVANCED,
                           .u.advanced = {.assignment = job_of(made, code), .state = state}});
}

/* A motorbike that only goes along with the ambulance kept the ambulance out of a gang, so that
 * nobody went. */
static void test_core_forgotten_in_a_gang(void **state) {
    fixture *made = *state;
    configure(made, SGP_POLICY_CLOSEST);
    take_plan(made, plan_make());
    add_unit(made, "ALS", SGP_UNIT_AMBULANCE_ADVANCED, 1000, "");
    add_unit(made, "BIKE", SGP_UNIT_MOTORBIKE, 2000, "");
    sgp_id incident = call(made, "cardiac_arrest", SGP_P1, 0, "", 400);
    assert_int_equal(incident_of(made, "ALS"), incident);
    assert_int_equal(incident_of(made, "BIKE"), incident);
}

/* One seat that a motorbike can take: the ambulance still stays away. */
static void test_core_forgotten_narrow_still_goes_alone(void **state) {
    fixture *made = *state;
    configure(made, SGP_POLICY_CLOSEST);
    add_unit(made, "A", SGP_UNIT_AMBULANCE_BASIC, 100, "");
    add_unit(made, "BIKE", SGP_UNIT_MOTORBIKE, 2000, "");
    sgp_id incident = call(made, "fever", SGP_P1, 0, "", 400);
    assert_int_equal(incident_of(made, "BIKE"), incident);
    assert_int_equal(incident_of(made, "A"), 0);
}

/* The district's own fire engine kept the neighbour's ambulance at home. */
static void test_core_forgotten_at_the_border(void **state) {
    fixture *made = *state;
    configure(made, SGP_POLICY_CLOSEST);
    sgp_plan *plan = plan_make();
    plan->seats[5] = (sgp_seat){.kinds = PLAN_FIRE, .alarm = 1, .with = 1, .if_possible = true};
    take_plan(made, plan);
    add_unit(made, "FIRE", SGP_UNIT_FIRE_ENGINE, 1000, "Kota Malang");
    add_unit(made, "BATU", SGP_UNIT_AMBULANCE_BASIC, 3000, "Kota Batu");
    sgp_id incident = call(made, "traffic_accident", SGP_P1, 0, "Kota Malang", 0);
    assert_int_equal(incident_of(made, "BATU"), incident);
    assert_int_equal(incident_of(made, "FIRE"), incident);
}

/* An answer to a question took a mass-casualty incident from P1 to P3. */
static void test_core_forgotten_mass_casualty_stays_urgent(void **state) {
    fixture *made = *state;
    configure(made, SGP_POLICY_CLOSEST);
    take_plan(made, plan_make());
    sgp_id incident = call(made, "sick_person", SGP_P3, 0, "", 0);
    step(made, (sgp_event){.kind = SGP_EVENT_MASS_CASUALTY,
                           .u.mass = {.incident = incident, .patients = 6}});
    sgp_event event = {.kind = SGP_EVENT_QUESTION_ANSWERED, .u.question.incident = incident};
    strcpy(event.u.question.question, "conscious");
    strcpy(event.u.question.answer, "yes");
    step(made, event);
    assert_int_equal(sgp_world_incident(made->world, incident)->priority, SGP_P1);
}

/* A second caller said P1 while an answer held it there; taking the answer back forgot the caller.
 */
static void test_core_forgotten_second_caller(void **state) {
    fixture *made = *state;
    configure(made, SGP_POLICY_CLOSEST);
    take_plan(made, plan_make());
    sgp_id incident = call(made, "sick_person", SGP_P3, 0, "", 0);
    sgp_event event = {.kind = SGP_EVENT_QUESTION_ANSWERED, .u.question.incident = incident};
    strcpy(event.u.question.question, "conscious");
    strcpy(event.u.question.answer, "no");
    step(made, event);
    step(made, (sgp_event){.kind = SGP_EVENT_CALL_RECEIVED,
                           .u.call = {.priority = SGP_P1, .incident = incident}});
    event.u.question.answer[0] = '\0';
    step(made, event);
    assert_int_equal(sgp_world_incident(made->world, incident)->priority, SGP_P1);
}

/* Another complaint of the same priority wanted another kind of unit, and nobody looked. */
static void test_core_forgotten_after_a_corrected_complaint(void **state) {
    fixture *made = *state;
    configure(made, SGP_POLICY_CLOSEST);
    sgp_plan *plan = plan_make();
    plan->seats[4].kinds = PLAN_FIRE;
    plan->responses[1].n_seats = 1;
    plan->n_seats = 5;
    take_plan(made, plan);
    add_unit(made, "FIRE", SGP_UNIT_FIRE_ENGINE, 500, "");
    add_unit(made, "ALS", SGP_UNIT_AMBULANCE_ADVANCED, 1000, "");
    sgp_id incident = call(made, "traffic_accident", SGP_P1, 0, "", 0);
    assert_int_equal(incident_of(made, "FIRE"), incident);
    sgp_event event = {.kind = SGP_EVENT_INCIDENT_TRIAGED, .u.triaged.incident = incident};
    strcpy(event.u.triaged.complaint, "cardiac_arrest");
    step(made, event);
    assert_int_equal(incident_of(made, "ALS"), incident);
    assert_int_equal(incident_of(made, "FIRE"), 0);
}

/* Joint: a unit stood idle for a seat that goes along with an empty one. */
static void test_core_forgotten_beside_a_lone_seat(void **state) {
    fixture *made = *state;
    configure(made, SGP_POLICY_JOINT);
    sgp_plan *plan = plan_make();
    plan->seats[0].instead = 0;
    take_plan(made, plan);
    add_unit(made, "BIKE", SGP_UNIT_MOTORBIKE, 1000, "");
    sign(made, "BIKE", false);
    call(made, "cardiac_arrest", SGP_P1, 0, "", 0);
    sgp_id other = call(made, "fever", SGP_P2, 500, "", 0);
    sign(made, "BIKE", true);
    assert_int_equal(incident_of(made, "BIKE"), other);
}

/* Joint: two units would have come from one incident that may lose one; the free unit went to that
 * one instead of to the more urgent. */
static void test_core_forgotten_where_no_more_may_be_taken(void **state) {
    fixture *made = *state;
    configure(made, SGP_POLICY_JOINT);
    sgp_plan *plan = plan_make();
    plan->seats[5] = plan->seats[4];
    take_plan(made, plan);
    add_unit(made, "X", SGP_UNIT_AMBULANCE_BASIC, 5000, "");
    add_unit(made, "Y", SGP_UNIT_AMBULANCE_BASIC, 5100, "");
    sgp_id robbed = call(made, "fever", SGP_P3, 20000, "", 0);
    step(made, (sgp_event){.kind = SGP_EVENT_INCIDENT_TRIAGED,
                           .u.triaged = {.incident = robbed, .units_wanted = 2}});
    for (int i = 0; i < 2; i++) {
        advance(made, i ? "Y" : "X", SGP_ASSIGNMENT_ACCEPTED);
        advance(made, i ? "Y" : "X", SGP_ASSIGNMENT_EN_ROUTE);
    }
    add_unit(made, "Z", SGP_UNIT_AMBULANCE_BASIC, 19000, "");
    sgp_id urgent = call(made, "traffic_accident", SGP_P1, 5000, "", 0);
    assert_int_equal(incident_of(made, "X"), urgent);
    assert_int_equal(incident_of(made, "Y"), robbed);
    assert_int_equal(incident_of(made, "Z"), urgent);
}

/* Joint: an incident that was over without the order that moved got another one all the same. */
static void test_core_forgotten_nobody_goes_to_what_is_closed(void **state) {
    fixture *made = *state;
    configure(made, SGP_POLICY_JOINT);
    sgp_plan *plan = plan_make();
    plan->seats[5] = plan->seats[4];
    take_plan(made, plan);
    add_unit(made, "S", SGP_UNIT_AMBULANCE_BASIC, 1000, "");
    add_unit(made, "M", SGP_UNIT_AMBULANCE_BASIC, 2000, "");
    sgp_id incident = call(made, "traffic_accident", SGP_P2, 0, "", 0);
    advance(made, "S", SGP_ASSIGNMENT_ACCEPTED);
    advance(made, "S", SGP_ASSIGNMENT_ON_SCENE);
    advance(made, "S", SGP_ASSIGNMENT_CLOSED);
    const sgp_incident *view = sgp_world_incident(made->world, incident);
    for (uint32_t i = 0; i < view->n_assignments && view->state == SGP_INCIDENT_CLOSED; i++)
        assert_false(
            sgp_assignment_is_open(sgp_world_assignment(made->world, view->assignments[i])));
}

/* Twenty whom nobody can reach by road, more urgent and called before, used up the turn of every
 * unit that became free. */
static void test_core_forgotten_behind_the_unreachable(void **state) {
    fixture *made = *state;
    configure(made, SGP_POLICY_CLOSEST);
    made->oracle.has_wall = true;
    made->oracle.wall_m = 50000;
    for (int i = 0; i < 20; i++)
        call(made, "sick_person", SGP_P1, 60000 + i, "", 0);
    sgp_id incident = call(made, "sick_person", SGP_P2, 0, "", 0);
    add_unit(made, "A", SGP_UNIT_AMBULANCE_BASIC, 1000, "");
    assert_int_equal(incident_of(made, "A"), incident);
}

/* Two are wanted and one exists: it comes back for the second patient. */
static void test_core_forgotten_second_patient(void **state) {
    fixture *made = *state;
    configure(made, SGP_POLICY_CLOSEST);
    sgp_plan *plan = plan_make();
    plan->seats[5] = plan->seats[4];
    take_plan(made, plan);
    add_unit(made, "A", SGP_UNIT_AMBULANCE_BASIC, 1000, "");
    sgp_id incident = call(made, "traffic_accident", SGP_P2, 0, "", 0);
    assert_int_equal(sgp_world_incident(made->world, incident)->units_wanted, 2);
    advance(made, "A", SGP_ASSIGNMENT_ACCEPTED);
    advance(made, "A", SGP_ASSIGNMENT_ON_SCENE);
    advance(made, "A", SGP_ASSIGNMENT_CLOSED);
    assert_int_equal(incident_of(made, "A"), incident);
}

/* The reserve for other calls kept the first unit from a place of many hurt. */
static void test_core_forgotten_where_many_are_hurt(void **state) {
    for (int policy = 0; policy < 2; policy++) {
        fixture *made;
        assert_int_equal(make((void **)&made), 0);
        configure(made, policy ? SGP_POLICY_JOINT : SGP_POLICY_CLOSEST);
        sgp_id incident = call(made, "sick_person", SGP_P3, 0, "", 0);
        step(made, (sgp_event){.kind = SGP_EVENT_MASS_CASUALTY,
                               .u.mass = {.incident = incident, .patients = 6}});
        add_unit(made, "A", SGP_UNIT_AMBULANCE_BASIC, 1000, "");
        assert_int_equal(incident_of(made, "A"), incident);
        drop((void **)&made);
    }
    (void)state;
}

/* Three more were asked for without a click, and one was free then: the others go as they come. */
static void test_core_forgotten_backup(void **state) {
    (void)state;
    for (int policy = 0; policy < 2; policy++) {
        fixture *made;
        assert_int_equal(make((void **)&made), 0);
        sgp_event event = {.kind = SGP_EVENT_CONFIGURED};
        sgp_clocks_default(&event.u.configured);
        sgp_rules_default(&event.u.configured.rules);
        event.u.configured.policy[SGP_P3] = policy ? SGP_POLICY_JOINT : SGP_POLICY_CLOSEST;
        event.u.configured.order_without_click[SGP_P3] = false;
        step(made, event);
        sgp_id incident = call(made, "sick_person", SGP_P3, 0, "", 0);
        add_unit(made, "A", SGP_UNIT_AMBULANCE_BASIC, 1000, "");
        assert_int_equal(incident_of(made, "A"), 0); /* waits for a click */
        step(made, (sgp_event){.kind = SGP_EVENT_BACKUP_ASKED,
                               .u.backup = {.incident = incident,
                                            .units = 2,
                                            .seat.kinds = 1u << SGP_UNIT_AMBULANCE_BASIC}});
        assert_int_equal(incident_of(made, "A"), incident);
        add_unit(made, "B", SGP_UNIT_AMBULANCE_BASIC, 2000, "");
        assert_int_equal(incident_of(made, "B"), incident);
        add_unit(made, "C", SGP_UNIT_AMBULANCE_BASIC, 3000, "");
        assert_int_equal(incident_of(made, "C"), incident);
        add_unit(made, "D", SGP_UNIT_AMBULANCE_BASIC, 4000, "");
        assert_int_equal(incident_of(made, "D"), 0); /* no seat is open any more */
        drop((void **)&made);
    }
}

/* Joint: more urgent orders that might move filled all the room of the solution, and who asked had
 * none, though a unit stood free. */
static void test_core_forgotten_behind_many_orders(void **state) {
    fixture *made = *state;
    configure(made, SGP_POLICY_JOINT);
    char code[SGP_CODE_BYTES];
    for (int i = 0; i < SGP_JOINT_INCIDENTS_MAX; i++) {
        snprintf(code, sizeof code, "A-%d", i);
        add_unit(made, code, SGP_UNIT_AMBULANCE_BASIC, i * 10, "");
    }
    for (int i = 0; i < SGP_JOINT_INCIDENTS_MAX; i++)
        call(made, "stroke", SGP_P1, i * 10, "", 0);
    add_unit(made, "B", SGP_UNIT_AMBULANCE_BASIC, 90000, "");
    sgp_id incident = call(made, "sick_person", SGP_P4, 90000, "", 0);
    assert_int_equal(incident_of(made, "B"), incident);
}

int main(void) {
#define STORY(name) cmocka_unit_test_setup_teardown(test_core_forgotten_##name, make, drop)
    const struct CMUnitTest tests[] = {STORY(in_a_gang),
                                       STORY(narrow_still_goes_alone),
                                       STORY(at_the_border),
                                       STORY(mass_casualty_stays_urgent),
                                       STORY(second_caller),
                                       STORY(after_a_corrected_complaint),
                                       STORY(beside_a_lone_seat),
                                       STORY(where_no_more_may_be_taken),
                                       STORY(nobody_goes_to_what_is_closed),
                                       STORY(behind_the_unreachable),
                                       STORY(second_patient),
                                       STORY(where_many_are_hurt),
                                       STORY(behind_many_orders),
                                       STORY(backup)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
