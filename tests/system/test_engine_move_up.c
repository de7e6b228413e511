/* Move-up on a running sigapd: a dispatcher sends a free unit to wait elsewhere, its crew hears it
 * as an order of its own kind and answers, it arrives, and all of it outlives kill -9. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/ids.h"
#include "engine_child.h"

typedef Sigap__V1__Frame frame_t;

static engine_child child;

static int start(void **state) {
    (void)state;
    memset(&child, 0, sizeof child);
    child_prepare(&child, "");
    child_start(&child, SIGAPD);
    return 0;
}

static int stop(void **state) {
    (void)state;
    child_clean(&child);
    return 0;
}

static sgp_client *connect_as(const char *token) {
    sgp_client *client = NULL;
    sgp_fault fault = {0};
    if (sgp_client_connect(child.target, &client, &fault) != SGP_OK ||
        (token != NULL && sgp_client_login(client, token, "test", NULL, &fault) != SGP_OK))
        fail_msg("%s", fault.text);
    return client;
}

static frame_t request_of(Sigap__V1__Frame__BodyCase body, void *message) {
    frame_t frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = body;
    frame.ping = message; /* all members of the union are pointers */
    return frame;
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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_move_up_is_an_order_of_its_own, start, stop)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
