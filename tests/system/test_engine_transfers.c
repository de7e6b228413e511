/* sigapd with transfers between hospitals: one at once has its destination fixed and the crew hears
 * it; one for later is nobody's job, also after kill -9, until it is time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"
#include "engine_ask.h"

static void sign_on(sgp_client *dispatcher, const char *unit) {
    Sigap__V1__SetDuty duty = SIGAP__V1__SET_DUTY__INIT;
    duty.on_duty = 1;
    duty.unit_code = (char *)unit;
    free_frame(ASK(dispatcher, SET_DUTY, &duty, DONE));
}

static frame_t *list(sgp_client *client) {
    Sigap__V1__ListTransfers message = SIGAP__V1__LIST_TRANSFERS__INIT;
    message.include_over = 1;
    return ASK(client, LIST_TRANSFERS, &message, TRANSFER_PAGE);
}

static void advance(sgp_client *crew, uint64_t assignment, Sigap__V1__AssignmentState state) {
    Sigap__V1__AdvanceAssignment message = SIGAP__V1__ADVANCE_ASSIGNMENT__INIT;
    message.assignment_id = assignment;
    message.state = state;
    free_frame(ASK(crew, ADVANCE_ASSIGNMENT, &message, DONE));
}

static void test_engine_transfers_at_once(void **state) {
    (void)state;
    sgp_client *dispatcher = connect_as(child.dispatcher), *crew = connect_as(child.crew[0]);
    sign_on(dispatcher, "A-01");
    sign_on(dispatcher, "A-02");
    Sigap__V1__AskTransfer transfer = SIGAP__V1__ASK_TRANSFER__INIT;
    transfer.from_code = (char *)"RS1";
    transfer.to_code = (char *)"RS1";
    ASK_REFUSED_WITH(dispatcher, ASK_TRANSFER, &transfer, SGP_E_ARGUMENT, "in RS1 already");
    transfer.to_code = (char *)"RSX";
    ASK_REFUSED_WITH(dispatcher, ASK_TRANSFER, &transfer, SGP_E_NOT_FOUND,
                     "no hospital is called RSX");
    transfer.to_code = (char *)"RS2";
    ASK_REFUSED_WITH(crew, ASK_TRANSFER, &transfer, SGP_E_PERMISSION, "may not send AskTransfer");
    frame_t *reply = ASK(dispatcher, ASK_TRANSFER, &transfer, DONE);
    assert_int_equal(reply->done->transfer_id, 1);
    uint64_t incident = reply->done->incident_id;
    assert_int_equal(incident, 1);
    free_frame(reply);

    Sigap__V1__OrderUnit order = SIGAP__V1__ORDER_UNIT__INIT;
    order.incident_id = incident;
    order.unit_code = (char *)"A-01";
    reply = ASK(dispatcher, ORDER_UNIT, &order, DONE);
    uint64_t assignment = reply->done->assignment_id;
    free_frame(reply);
    frame_t *push = NULL;
    do { /* that it is on duty is told before */
        sgp_fault fault = {0};
        free_frame(push);
        push = NULL;
        assert_int_equal(sgp_client_next_push(crew, 10000, &push, &fault), SGP_OK);
    } while (push->body_case == SIGAP__V1__FRAME__BODY_UPDATE);
    assert_int_equal(push->body_case, SIGAP__V1__FRAME__BODY_ORDER);
    assert_string_equal(push->order->place->label, "RS Satu");
    assert_string_equal(push->order->destination->code, "RS2");
    free_frame(push);
    advance(crew, assignment, SIGAP__V1__ASSIGNMENT_STATE__ON_SCENE);
    advance(crew, assignment, SIGAP__V1__ASSIGNMENT_STATE__TRANSPORTING);
    Sigap__V1__CancelTransfer cancel = SIGAP__V1__CANCEL_TRANSFER__INIT;
    cancel.transfer_id = 1;
    ASK_REFUSED_WITH(dispatcher, CANCEL_TRANSFER, &cancel, SGP_E_STATE, "on the way");
    advance(crew, assignment, SIGAP__V1__ASSIGNMENT_STATE__HANDED_OVER);
    advance(crew, assignment, SIGAP__V1__ASSIGNMENT_STATE__CLOSED);
    Sigap__V1__GetIncident get = SIGAP__V1__GET_INCIDENT__INIT;
    get.incident_id = incident;
    frame_t *detail = ASK(dispatcher, GET_INCIDENT, &get, INCIDENT_DETAIL);
    assert_string_equal(detail->incident_detail->assignments[0]->hospital_code, "RS2");
    assert_string_equal(detail->incident_detail->incident->destination_code, "RS2");
    assert_int_equal(detail->incident_detail->incident->outcome, SIGAP__V1__OUTCOME__SERVED);
    free_frame(detail);
    frame_t *page = list(dispatcher);
    assert_int_equal(page->transfer_page->n_transfers, 1);
    assert_int_equal(page->transfer_page->transfers[0]->state,
                     SIGAP__V1__TRANSFER_STATE__TRANSFER_DONE);
    free_frame(page);
    sgp_client_close(dispatcher);
    sgp_client_close(crew);
}

static void test_engine_transfers_later_survive_a_kill(void **state) {
    (void)state;
    sgp_client *dispatcher = connect_as(child.dispatcher);
    Sigap__V1__AskTransfer transfer = SIGAP__V1__ASK_TRANSFER__INIT;
    transfer.from_code = (char *)"RS2";
    transfer.to_code = (char *)"RS1";
    transfer.pick_up_at_ms = sgp_wall_ms() + INT64_C(4) * 3600000;
    transfer.return_at_ms = transfer.pick_up_at_ms + INT64_C(2) * 3600000;
    transfer.unit_code = (char *)"A-01";
    frame_t *reply = ASK(dispatcher, ASK_TRANSFER, &transfer, DONE);
    assert_int_equal(reply->done->transfer_id, 2);
    assert_int_equal(reply->done->incident_id, 0);
    free_frame(reply);
    sgp_client_close(dispatcher);
    child_stop(&child, SIGKILL);
    child_start(&child, SIGAPD);

    dispatcher = connect_as(child.dispatcher);
    frame_t *page = list(dispatcher);
    assert_int_equal(page->transfer_page->n_transfers, 3);
    const Sigap__V1__Transfer *there = page->transfer_page->transfers[1];
    const Sigap__V1__Transfer *back = page->transfer_page->transfers[2];
    assert_int_equal(there->state, SIGAP__V1__TRANSFER_STATE__TRANSFER_PLANNED);
    assert_string_equal(there->unit_code, "A-01");
    assert_int_equal(there->incident_id, 0);
    assert_true(there->ride_ms > 0 && there->lead_ms > 0);
    assert_int_equal(back->outward_id, there->id);
    assert_string_equal(back->from_code, "RS1");
    uint64_t version = there->version;
    free_frame(page);
    Sigap__V1__ListUnits units = SIGAP__V1__LIST_UNITS__INIT;
    reply = ASK(dispatcher, LIST_UNITS, &units, UNIT_PAGE);
    for (size_t i = 0; i < reply->unit_page->n_units; i++)
        if (strcmp(reply->unit_page->units[i]->code, "A-01") == 0)
            assert_int_equal(reply->unit_page->units[i]->status,
                             SIGAP__V1__UNIT_STATUS__UNIT_AVAILABLE);
    free_frame(reply);

    /* Two dispatchers: the second has not seen what the first changed. */
    Sigap__V1__ChangeTransfer change = SIGAP__V1__CHANGE_TRANSFER__INIT;
    change.transfer_id = 2;
    change.version = version;
    change.other_unit = 1;
    change.unit_code = (char *)"A-02";
    free_frame(ASK(dispatcher, CHANGE_TRANSFER, &change, DONE));
    change.unit_code = (char *)"A-03";
    ASK_REFUSED_WITH(dispatcher, CHANGE_TRANSFER, &change, SGP_E_STATE, "was changed meanwhile");
    /* It is time now: an incident, which the unit that is pencilled in is recommended for. */
    change.version = 0;
    change.other_unit = 0;
    change.pick_up_at_ms = sgp_wall_ms() + 60000;
    reply = ASK(dispatcher, CHANGE_TRANSFER, &change, DONE);
    uint64_t incident = reply->done->incident_id;
    assert_int_not_equal(incident, 0);
    free_frame(reply);
    Sigap__V1__OrderUnit order = SIGAP__V1__ORDER_UNIT__INIT;
    order.incident_id = incident;
    free_frame(ASK(dispatcher, ORDER_UNIT, &order, DONE));
    Sigap__V1__GetIncident get = SIGAP__V1__GET_INCIDENT__INIT;
    get.incident_id = incident;
    reply = ASK(dispatcher, GET_INCIDENT, &get, INCIDENT_DETAIL);
    assert_string_equal(reply->incident_detail->assignments[0]->unit_code, "A-02");
    free_frame(reply);
    /* Cancelling it takes the order back, and nobody needs to be brought back. */
    Sigap__V1__CancelTransfer cancel = SIGAP__V1__CANCEL_TRANSFER__INIT;
    cancel.transfer_id = 2;
    cancel.reason = (char *)"pasien membaik";
    free_frame(ASK(dispatcher, CANCEL_TRANSFER, &cancel, DONE));
    page = list(dispatcher);
    assert_int_equal(page->transfer_page->transfers[1]->state,
                     SIGAP__V1__TRANSFER_STATE__TRANSFER_UNDONE);
    assert_string_equal(page->transfer_page->transfers[1]->reason, "pasien membaik");
    assert_int_equal(page->transfer_page->transfers[2]->state,
                     SIGAP__V1__TRANSFER_STATE__TRANSFER_CANCELLED);
    free_frame(page);
    sgp_client_close(dispatcher);
}

/* What a crew says over the radio, late; and a crew in danger, also after kill -9. */
static void test_engine_transfers_radio_and_distress(void **state) {
    (void)state;
    sgp_client *dispatcher = connect_as(child.dispatcher), *crew = connect_as(child.crew[0]);
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    point.lon = 112.640;
    point.lat = -7.970;
    Sigap__V1__ReportCall call = SIGAP__V1__REPORT_CALL__INIT;
    call.point = &point;
    call.complaint = (char *)"assault";
    frame_t *reply = ASK(dispatcher, REPORT_CALL, &call, DONE);
    Sigap__V1__OrderUnit order = SIGAP__V1__ORDER_UNIT__INIT;
    order.incident_id = reply->done->incident_id;
    order.unit_code = (char *)"A-01";
    free_frame(reply);
    reply = ASK(dispatcher, ORDER_UNIT, &order, DONE);
    Sigap__V1__AdvanceAssignment advance = SIGAP__V1__ADVANCE_ASSIGNMENT__INIT;
    advance.assignment_id = reply->done->assignment_id;
    advance.state = SIGAP__V1__ASSIGNMENT_STATE__ON_SCENE;
    free_frame(reply);
    advance.said_at_ms = sgp_wall_ms() - 3600000;
    ASK_REFUSED_WITH(dispatcher, ADVANCE_ASSIGNMENT, &advance, SGP_E_RANGE, "later than the time");
    advance.said_at_ms = sgp_wall_ms() + 3600000;
    ASK_REFUSED_WITH(dispatcher, ADVANCE_ASSIGNMENT, &advance, SGP_E_RANGE, "in the future");
    advance.said_at_ms = sgp_wall_ms();
    free_frame(ASK(dispatcher, ADVANCE_ASSIGNMENT, &advance, DONE));
    Sigap__V1__AnswerWelfare well = SIGAP__V1__ANSWER_WELFARE__INIT;
    free_frame(ASK(crew, ANSWER_WELFARE, &well, DONE));
    Sigap__V1__RaiseDistress raise = SIGAP__V1__RAISE_DISTRESS__INIT;
    free_frame(ASK(crew, RAISE_DISTRESS, &raise, DONE));
    raise.unit_code = (char *)"A-02";
    ASK_REFUSED_WITH(crew, RAISE_DISTRESS, &raise, SGP_E_PERMISSION,
                     "may not speak for another unit");
    sgp_client_close(dispatcher);
    sgp_client_close(crew);
    child_stop(&child, SIGKILL);
    child_start(&child, SIGAPD);

    dispatcher = connect_as(child.dispatcher);
    crew = connect_as(child.crew[0]);
    Sigap__V1__GetIncident get = SIGAP__V1__GET_INCIDENT__INIT;
    get.incident_id = order.incident_id;
    reply = ASK(dispatcher, GET_INCIDENT, &get, INCIDENT_DETAIL);
    const Sigap__V1__Assignment *on = reply->incident_detail->assignments[0];
    assert_true(on->welfare_due_ms > sgp_wall_ms() + 8 * 60000);
    assert_true(on->welfare_due_ms <= sgp_wall_ms() + 10 * 60000);
    assert_int_equal(on->stamps[on->n_stamps - 1]->at_ms, advance.said_at_ms);
    assert_true(on->stamps[on->n_stamps - 1]->by_radio);
    assert_false(on->stamps[0]->by_radio);
    free_frame(reply);
    Sigap__V1__ListUnits units = SIGAP__V1__LIST_UNITS__INIT;
    reply = ASK(dispatcher, LIST_UNITS, &units, UNIT_PAGE);
    for (size_t i = 0; i < reply->unit_page->n_units; i++)
        assert_int_equal(reply->unit_page->units[i]->distress_at_ms != 0,
                         strcmp(reply->unit_page->units[i]->code, "A-01") == 0);
    free_frame(reply);
    Sigap__V1__ClearDistress clear = SIGAP__V1__CLEAR_DISTRESS__INIT;
    clear.unit_code = (char *)"A-01";
    ASK_REFUSED_WITH(dispatcher, CLEAR_DISTRESS, &clear, SGP_E_ARGUMENT, "a reason is needed");
    clear.reason = (char *)"polisi di lokasi";
    ASK_REFUSED_WITH(crew, CLEAR_DISTRESS, &clear, SGP_E_PERMISSION, "may not send ClearDistress");
    free_frame(ASK(dispatcher, CLEAR_DISTRESS, &clear, DONE));
    ASK_REFUSED_WITH(dispatcher, CLEAR_DISTRESS, &clear, SGP_E_STATE, "is not in distress");
    sgp_client_close(dispatcher);
    sgp_client_close(crew);
}

static int begin(void **state) {
    (void)state;
    child.second_hospital = true;
    child_prepare(&child, "");
    child_start(&child, SIGAPD);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_engine_transfers_at_once),
        cmocka_unit_test(test_engine_transfers_later_survive_a_kill),
        cmocka_unit_test(test_engine_transfers_radio_and_distress),
    };
    return cmocka_run_group_tests(tests, begin, child_over);
}
