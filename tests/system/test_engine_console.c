/* sigapd and two people at once: who decided by an older look is told so, and nothing is
 * overwritten; and what the city would have left, unit by unit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine_ask.h"

static void sign_on(sgp_client *client, const char *unit) {
    Sigap__V1__SetDuty duty = SIGAP__V1__SET_DUTY__INIT;
    duty.on_duty = true;
    duty.unit_code = (char *)unit;
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_SET_DUTY, &duty);
    free_frame(ask(client, &request));
}

static uint64_t report(sgp_client *client) {
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    point.lon = 112.640;
    point.lat = -7.960;
    Sigap__V1__ReportCall call = SIGAP__V1__REPORT_CALL__INIT;
    call.point = &point;
    call.complaint = (char *)"fall"; /* P3: ordered by a person */
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_REPORT_CALL, &call);
    frame_t *done = ask(client, &request);
    uint64_t incident = done->done->incident_id;
    free_frame(done);
    return incident;
}

static uint64_t version_of(sgp_client *client, uint64_t incident, size_t *orders) {
    Sigap__V1__GetIncident get = SIGAP__V1__GET_INCIDENT__INIT;
    get.incident_id = incident;
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_GET_INCIDENT, &get);
    frame_t *detail = ask(client, &request);
    uint64_t version = detail->incident_detail->incident->version;
    if (orders != NULL)
        *orders = detail->incident_detail->n_assignments;
    free_frame(detail);
    return version;
}

static frame_t order_of(Sigap__V1__OrderUnit *order, uint64_t incident, uint64_t version) {
    sigap__v1__order_unit__init(order);
    order->incident_id = incident;
    order->version = version;
    return request_of(SIGAP__V1__FRAME__BODY_ORDER_UNIT, order);
}

static void test_engine_refuses_an_older_look(void **state) {
    (void)state;
    sgp_client *one = connect_as(NULL), *other = connect_as(child.dispatcher);
    Sigap__V1__OrderUnit order;
    size_t orders;
    sign_on(one, "A-01");
    sign_on(one, "A-02");
    sign_on(one, "A-03");
    uint64_t incident = report(one);
    uint64_t seen = version_of(one, incident, NULL);
    /* Both look at it; one is first. */
    frame_t request = order_of(&order, incident, seen);
    free_frame(ask(one, &request));
    request = order_of(&order, incident, seen);
    const char *why = ask_wrong(other, &request, SGP_E_MISMATCH);
    assert_non_null(strstr(why, "has changed incident"));
    assert_non_null(strstr(why, "UNIT_ORDERED"));
    Sigap__V1__CloseIncident closing = SIGAP__V1__CLOSE_INCIDENT__INIT;
    closing.incident_id = incident;
    closing.outcome = SIGAP__V1__OUTCOME__PRANK;
    closing.version = seen;
    request = request_of(SIGAP__V1__FRAME__BODY_CLOSE_INCIDENT, &closing);
    (void)ask_wrong(other, &request, SGP_E_MISMATCH);
    Sigap__V1__Triage triage = SIGAP__V1__TRIAGE__INIT;
    triage.incident_id = incident;
    triage.priority = SIGAP__V1__PRIORITY__P4;
    triage.version = seen;
    request = request_of(SIGAP__V1__FRAME__BODY_TRIAGE, &triage);
    (void)ask_wrong(other, &request, SGP_E_MISMATCH);
    (void)version_of(one, incident, &orders);
    assert_int_equal(orders, 1);
    /* One's own decisions are no conflict, nor is another's that was seen; and who tells no version
     * is judged by none. */
    triage.priority = SIGAP__V1__PRIORITY__P2;
    free_frame(ask(one, &request));
    triage.version = version_of(other, incident, NULL);
    triage.priority = SIGAP__V1__PRIORITY__P3;
    free_frame(ask(other, &request));
    triage.version = 0;
    free_frame(ask(one, &request));
    sgp_client_close(one);
    sgp_client_close(other);
}

/* The same request again, as a console sends it after its line broke: its own answer, no conflict.
 */
static void test_engine_knows_its_own_answer(void **state) {
    (void)state;
    sgp_client *one = connect_as(NULL), *other = connect_as(child.dispatcher);
    Sigap__V1__OrderUnit order;
    uint8_t id[16] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    uint64_t incident = report(one), seen = version_of(one, incident, NULL);
    size_t before, after;
    frame_t request = order_of(&order, incident, seen);
    request.id.data = id;
    request.id.len = sizeof id;
    free_frame(ask(one, &request));
    (void)version_of(one, incident, &before);
    Sigap__V1__Triage triage = SIGAP__V1__TRIAGE__INIT;
    triage.incident_id = incident;
    triage.priority = SIGAP__V1__PRIORITY__P2;
    frame_t others = request_of(SIGAP__V1__FRAME__BODY_TRIAGE, &triage);
    free_frame(ask(other, &others));
    frame_t *again = ask(one, &request);
    assert_true(again->done->repeated_request);
    free_frame(again);
    (void)version_of(one, incident, &after);
    assert_int_equal(before, after);
    sgp_client_close(one);
    sgp_client_close(other);
}

static void test_engine_tells_what_is_left(void **state) {
    (void)state;
    sgp_client *one = connect_as(NULL);
    Sigap__V1__AskCoverageLeft left = SIGAP__V1__ASK_COVERAGE_LEFT__INIT;
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_ASK_COVERAGE_LEFT, &left), *reply = NULL;
    sgp_fault fault = {0};
    sgp_err err = SGP_E_STATE;
    /* The first question begins the survey. */
    for (int i = 0; i < 600 && err == SGP_E_STATE; i++) {
        err = sgp_client_request(one, &request, 0, &reply, &fault);
        struct timespec pause = {0, 100000000};
        if (err == SGP_E_STATE)
            nanosleep(&pause, NULL);
    }
    if (err != SGP_OK)
        fail_msg("%s", fault.text);
    const Sigap__V1__CoverageLeft *told = reply->coverage_left;
    assert_true(told->n_units >= 1 && told->n_units <= 3);
    assert_true(told->expected_ppm > 0 && told->expected_ppm <= 1000000);
    for (size_t i = 0; i < told->n_units; i++) {
        assert_true(told->units[i]->loss_ppm >= 0);
        assert_true(told->units[i]->loss_ppm <= told->expected_ppm);
    }
    free_frame(reply);
    sgp_client_close(one);
}

int main(void) {
    child_prepare(&child, "");
    child_start(&child, SIGAPD);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_engine_refuses_an_older_look),
        cmocka_unit_test(test_engine_knows_its_own_answer),
        cmocka_unit_test(test_engine_tells_what_is_left),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    child_clean(&child);
    return failed;
}
