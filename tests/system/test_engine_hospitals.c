/* sigapd with hospitals: what they tell, which one fits a patient, who is on the way, who waits too
 * long; and after kill -9 the beds are still counted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine_ask.h"
#include "sigap/hospital.h"

/* The next push with such a body; others are let by. */
static frame_t *hear(sgp_client *client, Sigap__V1__Frame__BodyCase body) {
    for (int i = 0; i < 100; i++) {
        frame_t *push = NULL;
        sgp_fault fault = {0};
        if (sgp_client_next_push(client, 10000, &push, &fault) != SGP_OK)
            fail_msg("%s", fault.text);
        if (push->body_case == body)
            return push;
        free_frame(push);
    }
    fail_msg("it was never pushed");
    return NULL;
}

static uint64_t send_unit(sgp_client *dispatcher, const char *complaint, const char *unit,
                          uint64_t *incident) {
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    point.lon = 112.630;
    point.lat = -7.970;
    Sigap__V1__ReportCall call = SIGAP__V1__REPORT_CALL__INIT;
    call.point = &point;
    call.complaint = (char *)complaint;
    call.priority = SIGAP__V1__PRIORITY__P3;
    frame_t *reply = ASK(dispatcher, REPORT_CALL, &call, DONE);
    Sigap__V1__OrderUnit order = SIGAP__V1__ORDER_UNIT__INIT;
    order.incident_id = *incident = reply->done->incident_id;
    order.unit_code = (char *)unit;
    free_frame(reply);
    reply = ASK(dispatcher, ORDER_UNIT, &order, DONE);
    uint64_t assignment = reply->done->assignment_id;
    free_frame(reply);
    return assignment;
}

static void advance(sgp_client *client, uint64_t assignment, Sigap__V1__AssignmentState state) {
    Sigap__V1__AdvanceAssignment message = SIGAP__V1__ADVANCE_ASSIGNMENT__INIT;
    message.assignment_id = assignment;
    message.state = state;
    free_frame(ASK(client, ADVANCE_ASSIGNMENT, &message, DONE));
}

static void sign_on(sgp_client *dispatcher, const char *unit) {
    Sigap__V1__SetDuty duty = SIGAP__V1__SET_DUTY__INIT;
    duty.on_duty = 1;
    duty.unit_code = (char *)unit;
    free_frame(ASK(dispatcher, SET_DUTY, &duty, DONE));
}

/* NULL: there is none of that code. The page lives until the next call. */
static const Sigap__V1__Hospital *look_at(sgp_client *client, const char *code) {
    static frame_t *page;
    Sigap__V1__ListHospitals list = SIGAP__V1__LIST_HOSPITALS__INIT;
    if (page != NULL)
        free_frame(page);
    page = client != NULL ? ASK(client, LIST_HOSPITALS, &list, HOSPITAL_PAGE) : NULL;
    for (size_t i = 0; page != NULL && i < page->hospital_page->n_hospitals; i++)
        if (strcmp(page->hospital_page->hospitals[i]->code, code) == 0)
            return page->hospital_page->hospitals[i];
    return NULL;
}

static void tell_beds(sgp_client *client, const char *code, int beds, uint64_t version) {
    Sigap__V1__TellHospital tell = SIGAP__V1__TELL_HOSPITAL__INIT;
    tell.hospital_code = (char *)code;
    tell.count_case = SIGAP__V1__TELL_HOSPITAL__COUNT_BEDS;
    tell.beds = beds;
    tell.version = version;
    free_frame(ASK(client, TELL_HOSPITAL, &tell, DONE));
}

/* A hospital speaks for itself alone, and nobody overwrites what he has not seen. */
static void test_engine_hospitals_tell_of_themselves(void **state) {
    (void)state;
    sgp_client *dispatcher = connect_as(child.dispatcher), *hospital = connect_as(child.hospital);
    sgp_client *viewer = connect_as(child.viewer);
    assert_int_equal(look_at(hospital, "RS1")->free_beds, 10);
    tell_beds(hospital, "", 4, 0);
    const Sigap__V1__Hospital *now = look_at(dispatcher, "RS1");
    assert_int_equal(now->free_beds, 4);
    assert_string_equal(now->told_beds_by, "igd-rs1");
    uint64_t seen = now->version;
    tell_beds(dispatcher, "RS1", 3, seen);

    Sigap__V1__TellHospital tell = SIGAP__V1__TELL_HOSPITAL__INIT;
    ASK_REFUSED_WITH(hospital, TELL_HOSPITAL, &tell, SGP_E_ARGUMENT, "nothing is told");
    tell.released = 1;
    tell.version = seen;
    ASK_REFUSED_WITH(hospital, TELL_HOSPITAL, &tell, SGP_E_STATE, "changed meanwhile");
    tell.version = 0;
    ASK_REFUSED_WITH(viewer, TELL_HOSPITAL, &tell, SGP_E_PERMISSION, "TellHospital");
    tell.hospital_code = (char *)"RS2";
    ASK_REFUSED_WITH(hospital, TELL_HOSPITAL, &tell, SGP_E_PERMISSION, "another hospital");
    tell.hospital_code = (char *)"RS9";
    ASK_REFUSED_WITH(dispatcher, TELL_HOSPITAL, &tell, SGP_E_NOT_FOUND, "RS9");
    tell.hospital_code = (char *)"RS1";
    tell.who_case = SIGAP__V1__TELL_HOSPITAL__WHO_DIVERSION;
    tell.diversion = SIGAP__V1__DIVERSION__DIVERSION_SOME;
    ASK_REFUSED_WITH(dispatcher, TELL_HOSPITAL, &tell, SGP_E_ARGUMENT, "which abilities");
    tell.diversion = 9;
    ASK_REFUSED_WITH(dispatcher, TELL_HOSPITAL, &tell, SGP_E_RANGE, "diverts");
    assert_int_equal(look_at(viewer, "RS1")->free_beds, 3);
    sgp_client_close(dispatcher);
    sgp_client_close(hospital);
    sgp_client_close(viewer);
}

/* That it has seen it, as it hears of its own arrivals; 0 = no such patient, or not seen. */
static int64_t seen_at(sgp_client *hospital) {
    Sigap__V1__AskInbound inbound = SIGAP__V1__ASK_INBOUND__INIT;
    frame_t *page = ASK(hospital, ASK_INBOUND, &inbound, INBOUND_PAGE);
    int64_t at_ms =
        page->inbound_page->n_inbound > 0 ? page->inbound_page->inbound[0]->seen_at_ms : 0;
    free_frame(page);
    return at_ms;
}

/* A hospital says that it knows of its own patients; where one goes elsewhere it has not. */
static void hospital_sees(sgp_client *hospital, sgp_client *dispatcher, sgp_client *viewer,
                          uint64_t assignment) {
    Sigap__V1__SeeInbound see = SIGAP__V1__SEE_INBOUND__INIT;
    Sigap__V1__ChooseHospital choose = SIGAP__V1__CHOOSE_HOSPITAL__INIT;
    assert_int_equal(seen_at(hospital), 0);
    see.assignment_id = assignment;
    ASK_REFUSED_WITH(viewer, SEE_INBOUND, &see, SGP_E_PERMISSION, "SeeInbound");
    free_frame(ASK(hospital, SEE_INBOUND, &see, DONE));
    assert_true(seen_at(hospital) > 0);
    see.assignment_id = 999;
    ASK_REFUSED(hospital, SEE_INBOUND, &see, SGP_E_NOT_FOUND);
    choose.assignment_id = see.assignment_id = assignment;
    choose.hospital_code = (char *)"RS2";
    free_frame(ASK(dispatcher, CHOOSE_HOSPITAL, &choose, DONE));
    ASK_REFUSED_WITH(hospital, SEE_INBOUND, &see, SGP_E_PERMISSION, "another hospital");
    free_frame(ASK(dispatcher, SEE_INBOUND, &see, DONE)); /* for RS2 */
    choose.hospital_code = (char *)"RS1";
    free_frame(ASK(dispatcher, CHOOSE_HOSPITAL, &choose, DONE));
    assert_int_equal(seen_at(hospital), 0);
    free_frame(ASK(hospital, SEE_INBOUND, &see, DONE));
    assert_true(seen_at(hospital) > 0);
}

/* From the scene to the door: asked, told, overruled, on the way, waiting, handed over. */
static void test_engine_hospitals_serve_a_patient(void **state) {
    (void)state;
    sgp_client *dispatcher = connect_as(child.dispatcher), *crew = connect_as(child.crew[0]);
    sgp_client *hospital = connect_as(child.hospital), *watcher = connect_as(child.viewer);
    Sigap__V1__AskHospital which = SIGAP__V1__ASK_HOSPITAL__INIT;
    ASK_REFUSED_WITH(crew, ASK_HOSPITAL, &which, SGP_E_STATE, "no incident");
    sign_on(dispatcher, "A-01");
    tell_beds(hospital, "", 2, 0);
    uint64_t incident, assignment = send_unit(dispatcher, "fever", "A-01", &incident);
    advance(crew, assignment, SIGAP__V1__ASSIGNMENT_STATE__ON_SCENE);

    /* RS2 is nearer; what the crew sees needs RS1. */
    frame_t *advice = ASK(crew, ASK_HOSPITAL, &which, HOSPITAL_ADVICE);
    assert_int_equal(advice->hospital_advice->n_options, 2);
    assert_string_equal(advice->hospital_advice->options[0]->hospital_code, "RS2");
    free_frame(advice);
    Sigap__V1__TellPatient patient = SIGAP__V1__TELL_PATIENT__INIT;
    ASK_REFUSED_WITH(crew, TELL_PATIENT, &patient, SGP_E_ARGUMENT, "nothing is told");
    patient.told_case = SIGAP__V1__TELL_PATIENT__TOLD_NEEDS;
    patient.needs = 1u << SGP_ABILITY_TRAUMA;
    patient.colour = SIGAP__V1__COLOUR_OF_TRIAGE__COLOUR_RED;
    free_frame(ASK(crew, TELL_PATIENT, &patient, DONE));
    advice = hear(crew, SIGAP__V1__FRAME__BODY_HOSPITAL_ADVICE);
    assert_string_equal(advice->hospital_advice->options[0]->hospital_code, "RS1");
    assert_int_equal(advice->hospital_advice->options[1]->unfit, SIGAP__V1__UNFIT__UNFIT_LACKS);
    assert_true(advice->hospital_advice->by_crew);
    free_frame(advice);

    advance(crew, assignment, SIGAP__V1__ASSIGNMENT_STATE__TRANSPORTING);
    frame_t *push = hear(crew, SIGAP__V1__FRAME__BODY_DESTINATION);
    assert_string_equal(push->destination->hospital_code, "RS1");
    assert_true(push->destination->arrives_at_ms > 0);
    free_frame(push);

    Sigap__V1__AskInbound inbound = SIGAP__V1__ASK_INBOUND__INIT;
    frame_t *page = ASK(hospital, ASK_INBOUND, &inbound, INBOUND_PAGE);
    assert_int_equal(page->inbound_page->n_inbound, 1);
    const Sigap__V1__Inbound *row = page->inbound_page->inbound[0];
    assert_string_equal(row->unit_code, "A-01");
    assert_int_equal(row->needs, 1u << SGP_ABILITY_TRAUMA);
    assert_int_equal(row->colour, SIGAP__V1__COLOUR_OF_TRIAGE__COLOUR_RED);
    int64_t first_ms = row->arrives_at_ms;
    assert_true(first_ms > row->reckoned_at_ms);
    free_frame(page);
    hospital_sees(hospital, dispatcher, watcher, assignment);
    inbound.hospital_code = (char *)"RS2";
    ASK_REFUSED_WITH(hospital, ASK_INBOUND, &inbound, SGP_E_PERMISSION, "another hospital");

    /* Nearer now: those who watch and the crew hear an earlier arrival. */
    Sigap__V1__Watch watch = SIGAP__V1__WATCH__INIT;
    free_frame(ASK(watcher, WATCH, &watch, UPDATE));
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    point.lon = 112.640;
    point.lat = -7.965;
    Sigap__V1__ReportPosition position = SIGAP__V1__REPORT_POSITION__INIT;
    position.point = &point;
    free_frame(ASK(crew, REPORT_POSITION, &position, DONE));
    for (;;) {
        push = hear(watcher, SIGAP__V1__FRAME__BODY_UPDATE);
        bool told = push->update->n_inbound == 1;
        if (told)
            assert_true(push->update->inbound[0]->arrives_at_ms < first_ms);
        free_frame(push);
        if (told)
            break;
    }

    /* A dispatcher overrules: the crew is turned round. */
    Sigap__V1__ChooseHospital choose = SIGAP__V1__CHOOSE_HOSPITAL__INIT;
    choose.assignment_id = assignment;
    choose.hospital_code = (char *)"RS2";
    free_frame(ASK(dispatcher, CHOOSE_HOSPITAL, &choose, DONE));
    for (bool turned = false; !turned; free_frame(push)) {
        push = hear(crew, SIGAP__V1__FRAME__BODY_DESTINATION);
        turned = strcmp(push->destination->hospital_code, "RS2") == 0;
    }
    choose.hospital_code = (char *)"RS1";
    free_frame(ASK(dispatcher, CHOOSE_HOSPITAL, &choose, DONE));

    /* It waits longer than 1.2 s. */
    advance(crew, assignment, SIGAP__V1__ASSIGNMENT_STATE__AT_HOSPITAL);
    for (bool alarmed = false; !alarmed; free_frame(push)) {
        push = hear(watcher, SIGAP__V1__FRAME__BODY_UPDATE);
        for (size_t i = 0; i < push->update->n_assignments; i++)
            alarmed = alarmed || push->update->assignments[i]->offload_alarms > 0;
    }
    assert_int_equal(look_at(dispatcher, "RS1")->free_beds, 2);
    advance(crew, assignment, SIGAP__V1__ASSIGNMENT_STATE__HANDED_OVER);
    assert_int_equal(look_at(dispatcher, "RS1")->free_beds, 1);
    advance(crew, assignment, SIGAP__V1__ASSIGNMENT_STATE__CLOSED);
    sgp_client_close(dispatcher);
    sgp_client_close(crew);
    sgp_client_close(hospital);
    sgp_client_close(watcher);
}

static void test_engine_hospitals_survive_a_kill(void **state) {
    (void)state;
    child_stop(&child, SIGKILL);
    child_start(&child, SIGAPD);
    sgp_client *hospital = connect_as(child.hospital);
    const Sigap__V1__Hospital *now = look_at(hospital, "RS1");
    assert_int_equal(now->free_beds, 1);
    assert_int_equal(now->n_taken_at_ms, 1);
    Sigap__V1__TellHospital tell = SIGAP__V1__TELL_HOSPITAL__INIT;
    tell.released = 1;
    free_frame(ASK(hospital, TELL_HOSPITAL, &tell, DONE));
    assert_int_equal(look_at(hospital, "RS1")->free_beds, 2);
    /* What it took over is counted still. */
    Sigap__V1__AskHandovers ask = SIGAP__V1__ASK_HANDOVERS__INIT;
    frame_t *page = ASK(hospital, ASK_HANDOVERS, &ask, HANDOVER_PAGE);
    assert_string_equal(page->handover_page->hospital_code, "RS1");
    assert_int_equal(page->handover_page->count, 1);
    assert_int_equal(page->handover_page->n_handovers, 1);
    const Sigap__V1__Handover *over = page->handover_page->handovers[0];
    assert_string_equal(over->unit_code, "A-01");
    assert_int_equal(over->colour, SIGAP__V1__COLOUR_OF_TRIAGE__COLOUR_RED);
    assert_true(over->offload_alarms > 0);
    assert_int_equal(page->handover_page->median_ms, over->handed_over_ms - over->at_hospital_ms);
    assert_true(page->handover_page->median_ms >= 1200); /* it raised the alarm first */
    assert_int_equal(page->handover_page->known_since_ms, 0);
    ask.since_ms = over->handed_over_ms + 1;
    free_frame(page);
    page = ASK(hospital, ASK_HANDOVERS, &ask, HANDOVER_PAGE);
    assert_int_equal(page->handover_page->count, 0);
    assert_int_equal(page->handover_page->median_ms, -1);
    free_frame(page);
    ask.hospital_code = (char *)"RS2";
    ASK_REFUSED_WITH(hospital, ASK_HANDOVERS, &ask, SGP_E_PERMISSION, "another hospital");
    (void)look_at(NULL, "");
    sgp_client_close(hospital);
}

static int set_up(void **state) {
    (void)state;
    child.more_hospitals =
        "{ code = \"RS2\"; name = \"RS Dua\"; lon = 112.630; lat = -7.965; beds = 5; },";
    child_prepare(&child, "rules = { offload_min = 0.02; offload_again_min = 1; };\n");
    child_start(&child, SIGAPD);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_engine_hospitals_tell_of_themselves),
        cmocka_unit_test(test_engine_hospitals_serve_a_patient),
        cmocka_unit_test(test_engine_hospitals_survive_a_kill),
    };
    return cmocka_run_group_tests(tests, set_up, child_over);
}
