/* sigapd and the calls of a night: what may be one incident is offered with its reason, to those
 * who take calls, and after kill -9 it still is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine_child.h"

typedef Sigap__V1__Frame frame_t;

static engine_child child;

static sgp_client *connect_to(const char *token) {
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

static frame_t *ask(sgp_client *client, Sigap__V1__Frame__BodyCase body, void *message,
                    Sigap__V1__Frame__BodyCase wanted) {
    frame_t request = request_of(body, message), *reply = NULL;
    sgp_fault fault = {0};
    if (sgp_client_request(client, &request, 0, &reply, &fault) != SGP_OK)
        fail_msg("%s: %s", sgp_err_str(fault.code), fault.text);
    assert_int_equal(reply->body_case, wanted);
    return reply;
}
#define ASK(client, BODY, message, WANTED)                                                         \
    ask(client, SIGAP__V1__FRAME__BODY_##BODY, message, SIGAP__V1__FRAME__BODY_##WANTED)

static void ask_wrong(sgp_client *client, Sigap__V1__Frame__BodyCase body, void *message,
                      sgp_err wanted) {
    sgp_fault fault;
    frame_t request = request_of(body, message), *reply = NULL;
    sgp_err err = sgp_client_request(client, &request, 0, &reply, &fault);
    if (err != wanted)
        fail_msg("wanted %s, got %s: %s", sgp_err_str(wanted), sgp_err_str(err), fault.text);
}

static void free_frame(frame_t *frame) {
    sigap__v1__frame__free_unpacked(frame, NULL);
}

static frame_t *report(sgp_client *client, const char *complaint, double lon, const char *number) {
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    point.lon = lon;
    point.lat = -7.970;
    Sigap__V1__ReportCall call = SIGAP__V1__REPORT_CALL__INIT;
    call.point = &point;
    call.complaint = (char *)complaint;
    call.caller_number = (char *)number;
    return ASK(client, REPORT_CALL, &call, DONE);
}

static frame_t *detail_of(sgp_client *client, uint64_t incident) {
    Sigap__V1__GetIncident get = SIGAP__V1__GET_INCIDENT__INIT;
    get.incident_id = incident;
    return ASK(client, GET_INCIDENT, &get, INCIDENT_DETAIL);
}

static void restart(void) {
    child_stop(&child, SIGKILL);
    child_start(&child, SIGAPD);
}

/* The next update that shows the incident, with its offers. */
static size_t watched_alike(sgp_client *watcher, uint64_t incident) {
    for (int i = 0; i < 100; i++) {
        frame_t *push = NULL;
        sgp_fault fault = {0};
        assert_int_equal(sgp_client_next_push(watcher, 10000, &push, &fault), SGP_OK);
        for (size_t k = 0;
             push->body_case == SIGAP__V1__FRAME__BODY_UPDATE && k < push->update->n_incidents; k++)
            if (push->update->incidents[k]->id == incident) {
                size_t n = push->update->incidents[k]->n_alike;
                free_frame(push);
                return n;
            }
        free_frame(push);
    }
    fail_msg("incident %llu was not told", (unsigned long long)incident);
    return 0;
}

static void test_engine_calls_duplicates(void **state) {
    (void)state;
    sgp_client *taker = connect_to(child.dispatcher), *caller = connect_to(child.caller);
    sgp_client *watcher = connect_to(child.viewer);
    Sigap__V1__Watch watch = SIGAP__V1__WATCH__INIT;
    free_frame(ASK(watcher, WATCH, &watch, UPDATE));
    frame_t *first = report(taker, "traffic_accident", 112.6300, "");
    assert_int_equal(first->done->n_alike, 0);
    frame_t *second = report(taker, "injury", 112.6305, "");
    assert_int_equal(second->done->n_alike, 1);
    assert_int_equal(second->done->alike[0]->incident_id, first->done->incident_id);
    assert_int_equal(second->done->alike[0]->distance_m, 55);
    assert_int_equal(second->done->alike[0]->likeness, SIGAP__V1__LIKENESS__LIKE_FAMILY);
    assert_int_equal(watched_alike(watcher, second->done->incident_id), 1);
    /* Whoever rings is not told of other people's incidents. */
    frame_t *third = report(caller, "injury", 112.6306, "");
    assert_int_equal(third->done->n_alike, 0);

    restart();
    sgp_client_close(taker);
    taker = connect_to(child.dispatcher);
    frame_t *detail = detail_of(taker, third->done->incident_id);
    const Sigap__V1__Incident *incident = detail->incident_detail->incident;
    assert_int_equal(incident->n_alike, 2);
    assert_int_equal(incident->alike[0]->incident_id, second->done->incident_id);
    free_frame(detail);

    Sigap__V1__DismissAlike dismiss = SIGAP__V1__DISMISS_ALIKE__INIT;
    dismiss.call_id = third->done->call_id;
    dismiss.incident_id = first->done->incident_id;
    sgp_client *crew = connect_to(child.crew[0]);
    ask_wrong(crew, SIGAP__V1__FRAME__BODY_DISMISS_ALIKE, &dismiss, SGP_E_PERMISSION);
    free_frame(ASK(taker, DISMISS_ALIKE, &dismiss, DONE));
    Sigap__V1__LinkCall link = SIGAP__V1__LINK_CALL__INIT;
    link.call_id = second->done->call_id;
    link.incident_id = first->done->incident_id;
    free_frame(ASK(taker, LINK_CALL, &link, DONE));
    detail = detail_of(taker, second->done->incident_id);
    assert_int_equal(detail->incident_detail->incident->outcome, SIGAP__V1__OUTCOME__DUPLICATE);
    free_frame(detail);
    restart();
    sgp_client_close(taker);
    taker = connect_to(child.dispatcher);
    detail = detail_of(taker, third->done->incident_id);
    incident = detail->incident_detail->incident;
    assert_int_equal(incident->n_alike, 1);
    assert_int_equal(incident->alike[0]->incident_id, first->done->incident_id);
    assert_true(incident->alike[0]->dismissed);
    free_frame(detail);
    free_frame(first);
    free_frame(second);
    free_frame(third);
    sgp_client_close(crew);
    sgp_client_close(watcher);
    sgp_client_close(caller);
    sgp_client_close(taker);
}

static int begin(void **state) {
    (void)state;
    child_prepare(&child, "");
    child_start(&child, SIGAPD);
    return 0;
}

static int end(void **state) {
    (void)state;
    child_clean(&child);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_engine_calls_duplicates),
    };
    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, begin, end);
}
