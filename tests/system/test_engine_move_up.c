/* Move-up on a running sigapd: a dispatcher sends a free unit to wait elsewhere, its crew hears it
 * as an order of its own kind and answers, it arrives, and all of it outlives kill -9. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/ids.h"
#include "engine_ask.h"

static int start(void **state) {
    (void)state;
    memset(&child, 0, sizeof child);
    child_prepare(&child, "");
    child_start(&child, SIGAPD);
    return 0;
}

static void do_it(sgp_client *client, Sigap__V1__Frame__BodyCase body, void *message,
                  sgp_err wanted) {
    frame_t request = request_of(body, message), *reply = NULL;
    sgp_fault fault = {0};
    sgp_err err = sgp_client_request(client, &request, 0, &reply, &fault);
    if (err != wanted)
        fail_msg("wanted %s, got %s: %s", sgp_err_str(wanted), sgp_err_str(err), fault.text);
    if (reply != NULL)
        sigap__v1__frame__free_unpacked(reply, NULL);
}

static void sign_on(sgp_client *crew) {
    Sigap__V1__SetDuty duty = SIGAP__V1__SET_DUTY__INIT;
    duty.on_duty = true;
    do_it(crew, SIGAP__V1__FRAME__BODY_SET_DUTY, &duty, SGP_OK);
}

static void stand(sgp_client *crew, double lon, double lat) {
    Sigap__V1__ReportPosition report = SIGAP__V1__REPORT_POSITION__INIT;
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    point.lon = lon;
    point.lat = lat;
    report.point = &point;
    do_it(crew, SIGAP__V1__FRAME__BODY_REPORT_POSITION, &report, SGP_OK);
}

static void send_up(sgp_client *who, const char *unit, const char *station, sgp_err wanted) {
    Sigap__V1__OrderMoveUp order = SIGAP__V1__ORDER_MOVE_UP__INIT;
    order.unit_code = (char *)unit;
    order.station = (char *)station;
    do_it(who, SIGAP__V1__FRAME__BODY_ORDER_MOVE_UP, &order, wanted);
}

/* The next order to wait somewhere that the crew hears; its number. */
static uint64_t hear(sgp_client *crew, Sigap__V1__PostState state, const char *place) {
    for (;;) {
        frame_t *frame = NULL;
        sgp_fault fault = {0};
        if (sgp_client_next_push(crew, 10000, &frame, &fault) != SGP_OK)
            fail_msg("%s", fault.text);
        if (frame->body_case != SIGAP__V1__FRAME__BODY_MOVE_UP_ORDER) {
            sigap__v1__frame__free_unpacked(frame, NULL);
            continue;
        }
        const Sigap__V1__Post *post = frame->move_up_order->post;
        assert_non_null(post);
        assert_int_equal(post->state, state);
        assert_string_equal(post->name, place);
        uint64_t number = post->move_up_id;
        sigap__v1__frame__free_unpacked(frame, NULL);
        return number;
    }
}

static void unit_is(sgp_client *client, const char *code, Sigap__V1__PostState state,
                    bool at_station) {
    Sigap__V1__ListUnits list = SIGAP__V1__LIST_UNITS__INIT;
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_LIST_UNITS, &list), *reply = NULL;
    sgp_fault fault = {0};
    bool found = false;
    if (sgp_client_request(client, &request, 0, &reply, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    for (size_t i = 0; i < reply->unit_page->n_units; i++) {
        const Sigap__V1__Unit *unit = reply->unit_page->units[i];
        if (strcmp(unit->code, code) != 0)
            continue;
        found = true;
        assert_int_equal(unit->post != NULL ? unit->post->state : 0, state);
        assert_int_equal(unit->at_station, at_station);
        assert_int_equal(unit->status, SIGAP__V1__UNIT_STATUS__UNIT_AVAILABLE);
    }
    assert_true(found);
    sigap__v1__frame__free_unpacked(reply, NULL);
}

static void test_move_up_is_an_order_of_its_own(void **state) {
    (void)state;
    sgp_client *crew = connect_as(child.crew[0]), *desk = connect_as(child.dispatcher);
    sign_on(crew);
    send_up(desk, "A-01", "Pos Tiga", SGP_E_NOT_FOUND);
    send_up(desk, "A-01", "pos satu", SGP_E_STATE); /* it stands there */
    send_up(crew, "A-01", "Pos Dua", SGP_E_PERMISSION);
    send_up(desk, "A-01", "pos dua", SGP_OK);
    uint64_t number = hear(crew, SIGAP__V1__POST_STATE__POST_ORDERED, "Pos Dua");
    send_up(desk, "A-01", "Pos Dua", SGP_E_STATE); /* somebody else has sent it already */
    Sigap__V1__AnswerMoveUp answer = SIGAP__V1__ANSWER_MOVE_UP__INIT;
    answer.move_up_id = number;
    answer.accept = true;
    do_it(crew, SIGAP__V1__FRAME__BODY_ANSWER_MOVE_UP, &answer, SGP_OK);
    stand(crew, 112.637, -7.970);
    unit_is(desk, "A-01", SIGAP__V1__POST_STATE__POST_ACCEPTED, false);

    /* The crew that comes back after the engine has died hears where it was sent. */
    sgp_client_close(crew);
    sgp_client_close(desk);
    (void)child_stop(&child, SIGKILL);
    child_start(&child, SIGAPD);
    crew = connect_as(child.crew[0]);
    desk = connect_as(child.dispatcher);
    assert_int_equal(hear(crew, SIGAP__V1__POST_STATE__POST_ACCEPTED, "Pos Dua"), number);
    stand(crew, 112.645, -7.955);
    unit_is(desk, "A-01", SIGAP__V1__POST_STATE__POST_THERE, true);
    /* And by way of the snapshot. */
    sgp_client_close(crew);
    sgp_client_close(desk);
    (void)child_stop(&child, SIGTERM);
    child_start(&child, SIGAPD);
    crew = connect_as(child.crew[0]);
    desk = connect_as(child.dispatcher);
    unit_is(desk, "A-01", SIGAP__V1__POST_STATE__POST_THERE, true);

    Sigap__V1__EndMoveUp end = SIGAP__V1__END_MOVE_UP__INIT;
    end.unit_code = (char *)"A-01";
    end.reason = (char *)"cukup";
    do_it(desk, SIGAP__V1__FRAME__BODY_END_MOVE_UP, &end, SGP_OK);
    (void)hear(crew, SIGAP__V1__POST_STATE__POST_THERE, "Pos Dua"); /* of the login */
    (void)hear(crew, SIGAP__V1__POST_STATE__POST_NONE, "");
    unit_is(desk, "A-01", SIGAP__V1__POST_STATE__POST_NONE, false);
    sgp_client_close(crew);
    sgp_client_close(desk);
}

/* ---- advice that is told unasked ------------------------------------------------ */

static int start_advising(void **state) {
    (void)state;
    memset(&child, 0, sizeof child);
    child_prepare(&child, "coverage = { minutes = 5; advice_every_s = 1; advice_percent = 2; };");
    child_start(&child, SIGAPD);
    return 0;
}

static uint64_t call_for(sgp_client *desk, double lon, double lat) {
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    point.lon = lon;
    point.lat = lat;
    Sigap__V1__ReportCall call = SIGAP__V1__REPORT_CALL__INIT;
    call.point = &point;
    call.complaint = (char *)"fall";
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_REPORT_CALL, &call), *reply = NULL;
    sgp_fault fault = {0};
    if (sgp_client_request(desk, &request, 0, &reply, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    uint64_t incident = reply->done->incident_id;
    sigap__v1__frame__free_unpacked(reply, NULL);
    return incident;
}

/* The next advice that the watcher hears, told or over; the caller frees the frame. */
static frame_t *hear_advice(sgp_client *watcher) {
    for (;;) {
        frame_t *frame = NULL;
        sgp_fault fault = {0};
        if (sgp_client_next_push(watcher, 60000, &frame, &fault) != SGP_OK)
            fail_msg("no advice was told: %s", fault.text);
        if (frame->body_case == SIGAP__V1__FRAME__BODY_UPDATE &&
            frame->update->n_move_up_advice > 0)
            return frame;
        sigap__v1__frame__free_unpacked(frame, NULL);
    }
}

static void watch(sgp_client *client) {
    Sigap__V1__Watch message = SIGAP__V1__WATCH__INIT;
    do_it(client, SIGAP__V1__FRAME__BODY_WATCH, &message, SGP_OK);
}

/* One corner of the town is left empty when its only unit is ordered: whoever watches hears that
 * one of the two in the other corner would better wait there, and hears that it was followed. */
static void test_move_up_is_advised_unasked(void **state) {
    (void)state;
    sgp_client *crews[3], *desk = connect_as(child.dispatcher);
    for (int i = 0; i < 3; i++) {
        crews[i] = connect_as(child.crew[i]);
        sign_on(crews[i]);
    }
    sgp_client *viewer = connect_as(child.viewer);
    watch(viewer);
    Sigap__V1__OrderUnit order = SIGAP__V1__ORDER_UNIT__INIT;
    order.incident_id = call_for(desk, 112.631, -7.970);
    order.unit_code = (char *)"A-01";
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_ORDER_UNIT, &order), *reply = NULL;
    sgp_fault fault = {0};
    /* It may have been ordered without a click, too. */
    (void)!sgp_client_request(desk, &request, 0, &reply, &fault);
    if (reply != NULL)
        sigap__v1__frame__free_unpacked(reply, NULL);

    frame_t *frame = hear_advice(viewer);
    const Sigap__V1__MoveUpAdvice *told = frame->update->move_up_advice[0];
    assert_int_equal(frame->update->n_move_up_advice, 1);
    assert_int_equal(told->end, SIGAP__V1__ADVICE_END__ADVICE_STANDS);
    assert_string_equal(told->move->from_station, "Pos Dua");
    assert_string_equal(told->move->to_station, "Pos Satu");
    assert_true(told->move->gain_ppm >= 20000 && told->move->drive_ms > 0);
    assert_true(told->full_ppm >= told->expected_ppm + 30000);
    char unit[32];
    snprintf(unit, sizeof unit, "%s", told->move->unit_code);
    assert_true(strcmp(unit, "A-02") == 0 || strcmp(unit, "A-03") == 0);
    sigap__v1__frame__free_unpacked(frame, NULL);

    /* Who begins to watch later, and who asks, is shown what stands; nothing was ordered. */
    sgp_client *late = connect_as(child.dispatcher);
    Sigap__V1__AskCoverage ask = SIGAP__V1__ASK_COVERAGE__INIT;
    request = request_of(SIGAP__V1__FRAME__BODY_ASK_COVERAGE, &ask);
    reply = NULL;
    if (sgp_client_request(late, &request, 0, &reply, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    assert_int_equal(reply->coverage->n_told, 1);
    assert_string_equal(reply->coverage->told[0]->move->unit_code, unit);
    sigap__v1__frame__free_unpacked(reply, NULL);
    Sigap__V1__Watch watching = SIGAP__V1__WATCH__INIT;
    request = request_of(SIGAP__V1__FRAME__BODY_WATCH, &watching);
    reply = NULL;
    if (sgp_client_request(late, &request, 0, &reply, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    assert_int_equal(reply->update->n_move_up_advice, 1);
    sigap__v1__frame__free_unpacked(reply, NULL);
    unit_is(desk, unit, SIGAP__V1__POST_STATE__POST_NONE, true);

    send_up(desk, unit, "Pos Satu", SGP_OK);
    frame = hear_advice(viewer);
    told = frame->update->move_up_advice[0];
    assert_int_equal(told->end, SIGAP__V1__ADVICE_END__ADVICE_FOLLOWED);
    assert_string_equal(told->move->unit_code, unit);
    sigap__v1__frame__free_unpacked(frame, NULL);
    for (int i = 0; i < 3; i++)
        sgp_client_close(crews[i]);
    sgp_client_close(viewer);
    sgp_client_close(late);
    sgp_client_close(desk);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_move_up_is_an_order_of_its_own, start, child_over),
        cmocka_unit_test_setup_teardown(test_move_up_is_advised_unasked, start_advising,
                                        child_over)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
