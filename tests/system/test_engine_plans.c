/* sigapd with response plans: the right kind goes, a reload takes the new files or none of them,
 * and after kill -9 the plan is still there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine_ask.h"

static void sign_on(sgp_client *dispatcher, const char *unit) {
    Sigap__V1__SetDuty duty = SIGAP__V1__SET_DUTY__INIT;
    duty.on_duty = 1;
    duty.unit_code = (char *)unit;
    free_frame(ASK(dispatcher, SET_DUTY, &duty, DONE));
}

static uint64_t report(sgp_client *dispatcher, const char *complaint, double lon) {
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    point.lon = lon;
    point.lat = -7.970;
    Sigap__V1__ReportCall call = SIGAP__V1__REPORT_CALL__INIT;
    call.point = &point;
    call.complaint = (char *)complaint;
    frame_t *reply = ASK(dispatcher, REPORT_CALL, &call, DONE);
    uint64_t incident = reply->done->incident_id;
    free_frame(reply);
    return incident;
}

static frame_t *detail_of(sgp_client *client, uint64_t incident) {
    Sigap__V1__GetIncident get = SIGAP__V1__GET_INCIDENT__INIT;
    get.incident_id = incident;
    return ASK(client, GET_INCIDENT, &get, INCIDENT_DETAIL);
}

static void write_plan(const char *file, const char *text) {
    char path[128];
    snprintf(path, sizeof path, "%s/plans/%s", child.folder, file);
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    fputs(text, out);
    fclose(out);
}

static const char one_advanced[] =
    "responses = ( { code = \"a\"; seats = (\n"
    "  { kinds = [ \"ambulance_advanced\" ]; instead = [ \"ambulance_basic\" ];\n"
    "    within_min = 30; } ); } );\n"
    "plans = ( { response = \"a\"; } );\n";
static const char two_basic[] =
    "responses = ( { code = \"a\"; seats = (\n"
    "  { kinds = [ \"ambulance_basic\" ]; count = 2; within_min = 30; } ); } );\n"
    "plans = ( { response = \"a\"; } );\n";

static void reload(sgp_client *admin) {
    Sigap__V1__Reload message = SIGAP__V1__RELOAD__INIT;
    free_frame(ASK(admin, RELOAD, &message, DONE));
}

static void expect_units(sgp_client *client, uint64_t incident, size_t n,
                         const char *const *codes) {
    frame_t *detail = detail_of(client, incident);
    assert_int_equal(detail->incident_detail->n_assignments, n);
    for (size_t i = 0; i < n; i++)
        assert_string_equal(detail->incident_detail->assignments[i]->unit_code, codes[i]);
    free_frame(detail);
}

static void close_incident(sgp_client *dispatcher, uint64_t incident) {
    Sigap__V1__CloseIncident message = SIGAP__V1__CLOSE_INCIDENT__INIT;
    message.incident_id = incident;
    message.outcome = SIGAP__V1__OUTCOME__CANCELLED;
    free_frame(ASK(dispatcher, CLOSE_INCIDENT, &message, DONE));
}

static void test_engine_plans_go_by_the_plan_and_reload(void **state) {
    (void)state;
    sgp_client *dispatcher = connect_as(child.dispatcher);
    sgp_client *admin = connect_as(NULL); /* on the private socket */
    sign_on(dispatcher, "A-01");
    sign_on(dispatcher, "A-02");
    sign_on(dispatcher, "A-03");
    /* A-01 stands at the door; the plan wants the advanced one, which is in time. */
    uint64_t first = report(dispatcher, "cardiac_arrest", 112.630);
    expect_units(dispatcher, first, 1, (const char *[]){"A-03"});
    close_incident(dispatcher, first);

    /* A mistake is told with file and line, and changes nothing. */
    Sigap__V1__Reload message = SIGAP__V1__RELOAD__INIT;
    write_plan("plans.conf", "responses = ();\n\nplanz = 1;\n");
    const char *said = ASK_REFUSED(admin, RELOAD, &message, SGP_E_CONFIG);
    if (!strstr(said, "plans.conf:3: unknown key"))
        fail_msg("%s", said);
    uint64_t second = report(dispatcher, "cardiac_arrest", 112.630);
    expect_units(dispatcher, second, 1, (const char *[]){"A-03"});
    close_incident(dispatcher, second);
    (void)ASK_REFUSED(dispatcher, RELOAD, &message, SGP_E_PERMISSION);

    write_plan("plans.conf", two_basic);
    reload(admin);
    uint64_t third = report(dispatcher, "cardiac_arrest", 112.630);
    expect_units(dispatcher, third, 2, (const char *[]){"A-01", "A-02"});
    frame_t *detail = detail_of(dispatcher, third);
    assert_int_equal(detail->incident_detail->incident->units_wanted, 2);
    free_frame(detail);
    close_incident(dispatcher, third);
    sgp_client_close(dispatcher);
    sgp_client_close(admin);
}

static void test_engine_plans_survive_a_kill(void **state) {
    (void)state;
    child_stop(&child, SIGKILL);
    child_start(&child, SIGAPD);
    sgp_client *dispatcher = connect_as(child.dispatcher);
    uint64_t incident = report(dispatcher, "cardiac_arrest", 112.630);
    expect_units(dispatcher, incident, 2, (const char *[]){"A-01", "A-02"});
    close_incident(dispatcher, incident);
    sgp_client_close(dispatcher);
}

static void test_engine_plans_guide(void **state) {
    (void)state;
    sgp_client *dispatcher = connect_as(child.dispatcher), *caller = connect_as(child.caller);
    Sigap__V1__ListComplaints list = SIGAP__V1__LIST_COMPLAINTS__INIT;
    list.language = (char *)"en";
    frame_t *page = ASK(caller, LIST_COMPLAINTS, &list, COMPLAINT_PAGE);
    assert_int_equal(page->complaint_page->n_complaints, 55);
    assert_string_equal(page->complaint_page->complaints[0]->name, "Abdominal pain");
    free_frame(page);
    Sigap__V1__GetGuide get = SIGAP__V1__GET_GUIDE__INIT;
    get.complaint = (char *)"2301025";
    frame_t *guide = ASK(dispatcher, GET_GUIDE, &get, GUIDE);
    assert_string_equal(guide->guide->complaint, "seizure");
    assert_string_equal(guide->guide->name, "Kejang");
    assert_true(guide->guide->n_questions >= 3);
    assert_int_equal(guide->guide->n_instructions, 1);
    assert_true(guide->guide->instructions[0]->draft);
    assert_int_equal(strlen(guide->guide->instructions[0]->words), 32);
    free_frame(guide);
    get.complaint = (char *)"gout";
    (void)ASK_REFUSED(dispatcher, GET_GUIDE, &get, SGP_E_NOT_FOUND);
    sgp_client_close(dispatcher);
    sgp_client_close(caller);
}

/* The agency's own session hears of its alert, at login too, and answers for itself alone. */
static void test_engine_plans_agency_hears_and_answers(void **state) {
    (void)state;
    write_plan(
        "plans.conf",
        "agencies = ( { code = \"DAMKAR\"; name = \"Pemadam\"; answer_s = 600; },\n"
        "             { code = \"BPBD\"; name = \"BPBD\"; answer_s = 1; } );\n"
        "responses = ( { code = \"fire\"; seats = ( { kinds = [ \"ambulance_basic\" ]; } );\n"
        "  alerts = ( { agency = \"DAMKAR\"; }, { agency = \"BPBD\"; alarm = 2; } ); } );\n"
        "plans = ( { response = \"fire\"; } );\n");
    sgp_client *admin = connect_as(NULL), *dispatcher = connect_as(child.dispatcher);
    sgp_client *damkar = connect_as(child.partner);
    reload(admin);
    uint64_t incident = report(dispatcher, "fire", 112.640);
    frame_t *push = NULL;
    sgp_fault fault = {0};
    assert_int_equal(sgp_client_next_push(damkar, 10000, &push, &fault), SGP_OK);
    assert_int_equal(push->body_case, SIGAP__V1__FRAME__BODY_AGENCY_ALERT);
    assert_int_equal(push->agency_alert->incident_id, incident);
    assert_string_equal(push->agency_alert->agency, "DAMKAR");
    assert_non_null(push->agency_alert->place);
    free_frame(push);
    sgp_client_close(damkar);
    damkar = connect_as(child.partner); /* and once more to who logs in later */
    assert_int_equal(sgp_client_next_push(damkar, 10000, &push, &fault), SGP_OK);
    assert_int_equal(push->agency_alert->incident_id, incident);
    free_frame(push);

    Sigap__V1__AnswerAlert answer = SIGAP__V1__ANSWER_ALERT__INIT;
    answer.incident_id = incident;
    answer.accept = 1;
    answer.agency = (char *)"BPBD";
    (void)ASK_REFUSED(damkar, ANSWER_ALERT, &answer, SGP_E_PERMISSION);
    answer.agency = (char *)"";
    free_frame(ASK(damkar, ANSWER_ALERT, &answer, DONE));

    Sigap__V1__Triage triage = SIGAP__V1__TRIAGE__INIT;
    triage.incident_id = incident;
    triage.alarm = 2;
    free_frame(ASK(dispatcher, TRIAGE, &triage, DONE));
    frame_t *detail = detail_of(dispatcher, incident);
    for (int i = 0; i < 300; i++) { /* a second, and the loop's turn */
        if (detail->incident_detail->incident->alerts[1]->state ==
            SIGAP__V1__ALERT_STATE__ALERT_OVERDUE)
            break;
        struct timespec wait = {0, 20000000};
        nanosleep(&wait, NULL);
        free_frame(detail);
        detail = detail_of(dispatcher, incident);
    }
    assert_int_equal(detail->incident_detail->incident->n_alerts, 2);
    assert_int_equal(detail->incident_detail->incident->alerts[0]->state,
                     SIGAP__V1__ALERT_STATE__ALERT_ACKNOWLEDGED);
    assert_int_equal(detail->incident_detail->incident->alerts[1]->state,
                     SIGAP__V1__ALERT_STATE__ALERT_OVERDUE);
    free_frame(detail);
    close_incident(dispatcher, incident);
    sgp_client_close(damkar);
    sgp_client_close(dispatcher);
    sgp_client_close(admin);
}

static void test_engine_plans_answers_move_the_priority(void **state) {
    (void)state;
    sgp_client *dispatcher = connect_as(child.dispatcher);
    uint64_t incident = report(dispatcher, "sick_person", 112.640);
    Sigap__V1__AnswerQuestion answer = SIGAP__V1__ANSWER_QUESTION__INIT;
    answer.incident_id = incident;
    answer.question = (char *)"breathing";
    answer.answer = (char *)"no";
    free_frame(ASK(dispatcher, ANSWER_QUESTION, &answer, DONE));
    frame_t *detail = detail_of(dispatcher, incident);
    assert_int_equal(detail->incident_detail->incident->priority, SIGAP__V1__PRIORITY__P1);
    assert_string_equal(detail->incident_detail->incident->complaint, "cardiac_arrest");
    assert_int_equal(detail->incident_detail->incident->n_answers, 1);
    free_frame(detail);
    answer.answer = (char *)"perhaps";
    (void)ASK_REFUSED(dispatcher, ANSWER_QUESTION, &answer, SGP_E_NOT_FOUND);
    close_incident(dispatcher, incident);
    sgp_client_close(dispatcher);
}

/* The plan that comes with Sigap: a cardiac arrest gets the advanced ambulance, and the fire
 * brigade would be told of a fire. */
static void test_engine_plans_default(void **state) {
    (void)state;
    child_stop(&child, SIGTERM);
    child_configure(&child, "plans = \"default\";");
    child_start(&child, SIGAPD);
    sgp_client *dispatcher = connect_as(child.dispatcher);
    uint64_t arrest = report(dispatcher, "cardiac_arrest", 112.630);
    expect_units(dispatcher, arrest, 1, (const char *[]){"A-03"});
    uint64_t second = report(dispatcher, "cardiac_arrest", 112.630);
    expect_units(dispatcher, second, 1, (const char *[]){"A-01"}); /* instead */
    frame_t *detail = detail_of(dispatcher, second);
    assert_int_equal(detail->incident_detail->recommendation->n_shortfalls, 1);
    assert_string_equal(detail->incident_detail->recommendation->shortfalls[0]->instead_unit_code,
                        "A-01");
    assert_int_equal(detail->incident_detail->recommendation->shortfalls[0]->within_ms, 900000);
    free_frame(detail);
    close_incident(dispatcher, arrest);
    close_incident(dispatcher, second);
    uint64_t fire = report(dispatcher, "fire", 112.630);
    detail = detail_of(dispatcher, fire);
    assert_int_equal(detail->incident_detail->incident->n_alerts, 1);
    assert_string_equal(detail->incident_detail->incident->alerts[0]->agency, "DAMKAR");
    free_frame(detail);
    close_incident(dispatcher, fire);
    sgp_client_close(dispatcher);
}

static int begin(void **state) {
    (void)state;
    char more[192], folder[96];
    child_prepare(&child, "");
    snprintf(folder, sizeof folder, "%s/plans", child.folder);
    if (mkdir(folder, 0700) != 0)
        return -1;
    snprintf(more, sizeof more, "plans = \"%s\";", folder);
    child_configure(&child, more);
    write_plan("plans.conf", one_advanced);
    child_start(&child, SIGAPD);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_engine_plans_go_by_the_plan_and_reload),
        cmocka_unit_test(test_engine_plans_survive_a_kill),
        cmocka_unit_test(test_engine_plans_guide),
        cmocka_unit_test(test_engine_plans_agency_hears_and_answers),
        cmocka_unit_test(test_engine_plans_answers_move_the_priority),
        cmocka_unit_test(test_engine_plans_default),
    };
    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, begin, child_over);
}
