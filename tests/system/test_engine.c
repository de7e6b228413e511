/* sigapd as a child on a private socket: one call from ringing to handover, safe
 * repeats, everything wrong that a client can send, and kill -9. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/clock.h"
#include "base/ids.h"
#include "engine_ask.h"
#include "serve/frame.h"

/* ---- small helpers ------------------------------------------------------- */

static void set_id(frame_t *frame, sgp_uuid *id) {
    frame->id.data = id->bytes;
    frame->id.len = sizeof id->bytes;
}

static void sign_on(sgp_client *crew) {
    Sigap__V1__SetDuty duty = SIGAP__V1__SET_DUTY__INIT;
    duty.on_duty = 1;
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_SET_DUTY, &duty);
    free_frame(ask(crew, &request));
}

static Sigap__V1__Done report(sgp_client *client, double lon, double lat,
                              Sigap__V1__Priority priority, sgp_uuid *id) {
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    point.lon = lon;
    point.lat = lat;
    Sigap__V1__ReportCall call = SIGAP__V1__REPORT_CALL__INIT;
    call.point = &point;
    call.priority = priority;
    call.complaint = (char *)"cardiac_arrest";
    call.caller_number = (char *)"+62-341-000";
    call.narrative = (char *)"tidak bernapas";
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_REPORT_CALL, &call);
    if (id != NULL)
        set_id(&request, id);
    frame_t *reply = ask(client, &request);
    assert_int_equal(reply->body_case, SIGAP__V1__FRAME__BODY_DONE);
    Sigap__V1__Done done = *reply->done;
    free_frame(reply);
    return done;
}

static frame_t *next_push(sgp_client *client, Sigap__V1__Frame__BodyCase wanted) {
    frame_t *frame = NULL;
    sgp_fault fault = {0};
    if (sgp_client_next_push(client, 10000, &frame, &fault) != SGP_OK)
        fail_msg("no push: %s", fault.text);
    assert_int_equal(frame->body_case, wanted);
    return frame;
}

static void answer_order(sgp_client *crew, uint64_t assignment, bool accept) {
    Sigap__V1__AnswerOrder answer = SIGAP__V1__ANSWER_ORDER__INIT;
    answer.assignment_id = assignment;
    answer.accept = accept;
    answer.reason = (char *)(accept ? "" : "ban bocor");
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_ANSWER_ORDER, &answer);
    free_frame(ask(crew, &request));
}

static void advance(sgp_client *crew, uint64_t assignment, Sigap__V1__AssignmentState state) {
    Sigap__V1__AdvanceAssignment step = SIGAP__V1__ADVANCE_ASSIGNMENT__INIT;
    step.assignment_id = assignment;
    step.state = state;
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_ADVANCE_ASSIGNMENT, &step);
    free_frame(ask(crew, &request));
}

static frame_t *detail_of(sgp_client *client, uint64_t incident) {
    Sigap__V1__GetIncident get = SIGAP__V1__GET_INCIDENT__INIT;
    get.incident_id = incident;
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_GET_INCIDENT, &get);
    frame_t *reply = ask(client, &request);
    assert_int_equal(reply->body_case, SIGAP__V1__FRAME__BODY_INCIDENT_DETAIL);
    return reply;
}

static void engine_is_alive(void) {
    sgp_client *client = connect_as(NULL);
    Sigap__V1__Ping ping = SIGAP__V1__PING__INIT;
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_PING, &ping);
    frame_t *reply = ask(client, &request);
    assert_int_equal(reply->body_case, SIGAP__V1__FRAME__BODY_PONG);
    free_frame(reply);
    sgp_client_close(client);
    assert_int_equal(waitpid(child.pid, NULL, WNOHANG), 0);
}

/* ---- set-up -------------------------------------------------------------- */

static int start(void **state) {
    (void)state;
    memset(&child, 0, sizeof child);
    child_prepare(&child,
                  "clocks = { accept_s = [2, 60, 60, 60]; order_without_click = [\"P1\"]; };");
    child_start(&child, SIGAPD);
    return 0;
}

static int stop(void **state) {
    (void)state;
    int status = 0;
    if (child.pid != 0)
        status = child_stop(&child, SIGTERM);
    bool clean = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (!clean) {
        char command[160];
        snprintf(command, sizeof command, "tail -n 60 '%s' >&2", child.log);
        (void)!system(command);
    }
    child_clean(&child);
    return clean ? 0 : 1;
}

/* ---- the way of one call ------------------------------------------------- */

static void test_engine_call_to_handover(void **state) {
    (void)state;
    sgp_client *crew = connect_as(child.crew[0]);
    sgp_client *other = connect_as(child.crew[1]);
    sign_on(crew);
    sign_on(other);
    sgp_client *local = connect_as(NULL);
    Sigap__V1__Done done = report(local, 112.6301, -7.9699, SIGAP__V1__PRIORITY__P1, NULL);
    assert_true(done.call_id > 0);
    assert_true(done.incident_id > 0);

    frame_t *order = next_push(crew, SIGAP__V1__FRAME__BODY_ORDER);
    uint64_t assignment = order->order->assignment_id;
    assert_int_equal(order->order->incident_id, done.incident_id);
    assert_string_equal(order->order->unit_code, "A-01");
    assert_true(order->order->travel_ms >= 0);
    free_frame(order);

    answer_order(crew, assignment, true);
    advance(crew, assignment, SIGAP__V1__ASSIGNMENT_STATE__EN_ROUTE);
    advance(crew, assignment, SIGAP__V1__ASSIGNMENT_STATE__ON_SCENE);
    advance(crew, assignment, SIGAP__V1__ASSIGNMENT_STATE__TRANSPORTING);
    advance(crew, assignment, SIGAP__V1__ASSIGNMENT_STATE__AT_HOSPITAL);
    advance(crew, assignment, SIGAP__V1__ASSIGNMENT_STATE__HANDED_OVER);
    advance(crew, assignment, SIGAP__V1__ASSIGNMENT_STATE__CLOSED);

    frame_t *detail = detail_of(local, done.incident_id);
    Sigap__V1__IncidentDetail *d = detail->incident_detail;
    assert_int_equal(d->incident->state, SIGAP__V1__INCIDENT_STATE__INCIDENT_CLOSED);
    assert_int_equal(d->incident->outcome, SIGAP__V1__OUTCOME__SERVED);
    assert_int_equal(d->n_assignments, 1);
    assert_int_equal(d->assignments[0]->n_stamps, 8);
    assert_string_equal(d->assignments[0]->hospital_code, "RS1");
    assert_non_null(d->recommendation);
    assert_int_equal(d->recommendation->n_candidates, 3);
    assert_int_equal(d->n_callers, 1);
    assert_string_equal(d->callers[0]->narrative, "tidak bernapas");
    free_frame(detail);
    sgp_client_close(local);
    sgp_client_close(other);
    sgp_client_close(crew);
}

static void test_engine_declined_goes_to_next(void **state) {
    (void)state;
    sgp_client *first = connect_as(child.crew[0]);
    sgp_client *second = connect_as(child.crew[1]);
    sign_on(first);
    sign_on(second);
    sgp_client *local = connect_as(NULL);
    report(local, 112.6301, -7.9699, SIGAP__V1__PRIORITY__P1, NULL);
    frame_t *order = next_push(first, SIGAP__V1__FRAME__BODY_ORDER);
    answer_order(first, order->order->assignment_id, false);
    free_frame(order);
    /* Nobody answers the second order: the engine's own timer takes it back. */
    order = next_push(second, SIGAP__V1__FRAME__BODY_ORDER);
    uint64_t assignment = order->order->assignment_id;
    free_frame(order);
    frame_t *off = next_push(second, SIGAP__V1__FRAME__BODY_ORDER_WITHDRAWN);
    assert_int_equal(off->order_withdrawn->assignment_id, assignment);
    free_frame(off);
    sgp_client_close(local);
    sgp_client_close(second);
    sgp_client_close(first);
}

static void test_engine_repeats_are_safe(void **state) {
    (void)state;
    sgp_client *local = connect_as(NULL);
    sgp_uuid id = sgp_uuid_make();
    Sigap__V1__Done first = report(local, 112.635, -7.965, SIGAP__V1__PRIORITY__P3, &id);
    Sigap__V1__Done again = report(local, 112.635, -7.965, SIGAP__V1__PRIORITY__P3, &id);
    assert_false(first.repeated_request);
    assert_true(again.repeated_request);
    assert_int_equal(first.call_id, again.call_id);
    assert_int_equal(first.incident_id, again.incident_id);
    sgp_uuid other = sgp_uuid_make();
    assert_int_not_equal(report(local, 112.635, -7.965, SIGAP__V1__PRIORITY__P3, &other).call_id,
                         first.call_id);

    /* A refusal is remembered as well. */
    Sigap__V1__OrderUnit order = SIGAP__V1__ORDER_UNIT__INIT;
    order.incident_id = 999;
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_ORDER_UNIT, &order);
    sgp_uuid third = sgp_uuid_make();
    set_id(&request, &third);
    ask_wrong(local, &request, SGP_E_NOT_FOUND);
    order.incident_id = first.incident_id;
    ask_wrong(local, &request, SGP_E_NOT_FOUND);

    /* The same id twice in one breath, before anything is on disk. */
    sgp_uuid fourth = sgp_uuid_make();
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    point.lon = 112.635;
    point.lat = -7.965;
    Sigap__V1__ReportCall call = SIGAP__V1__REPORT_CALL__INIT;
    call.point = &point;
    request = request_of(SIGAP__V1__FRAME__BODY_REPORT_CALL, &call);
    set_id(&request, &fourth);
    sgp_fault fault;
    uint64_t seq[2], calls[2];
    assert_int_equal(sgp_client_send(local, &request, &seq[0], &fault), SGP_OK);
    assert_int_equal(sgp_client_send(local, &request, &seq[1], &fault), SGP_OK);
    for (int i = 0; i < 2; i++) {
        frame_t *reply = NULL;
        assert_int_equal(sgp_client_next_frame(local, 5000, &reply, &fault), SGP_OK);
        assert_int_equal(reply->reply_to, seq[i]);
        assert_int_equal(reply->body_case, SIGAP__V1__FRAME__BODY_DONE);
        assert_int_equal(reply->done->repeated_request, i);
        calls[i] = reply->done->call_id;
        free_frame(reply);
    }
    assert_int_equal(calls[0], calls[1]);
    sgp_client_close(local);
}

/* ---- wrong input --------------------------------------------------------- */

static void test_engine_refuses_wrong_input(void **state) {
    (void)state;
    sgp_client *local = connect_as(NULL);
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    Sigap__V1__ReportCall call = SIGAP__V1__REPORT_CALL__INIT;
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_REPORT_CALL, &call);

    assert_non_null(strstr(ask_wrong(local, &request, SGP_E_ARGUMENT), "place is empty"));
    call.place_text = (char *)"  ";
    assert_non_null(strstr(ask_wrong(local, &request, SGP_E_ARGUMENT), "place is empty"));
    call.place_text = (char *)"";
    call.point = &point;
    point.lon = 112.63;
    point.lat = -9.5;
    const char *sentence = ask_wrong(local, &request, SGP_E_RANGE);
    assert_non_null(strstr(sentence, "km from the nearest road of testville"));
    assert_null(strstr(sentence, "swapped"));
    point.lon = -7.96;
    point.lat = 112.63;
    assert_non_null(strstr(ask_wrong(local, &request, SGP_E_RANGE), "swapped"));
    point.lon = 112.635;
    point.lat = -7.965;
    static char long_text[2000];
    memset(long_text, 'x', sizeof long_text - 1);
    call.complaint = long_text;
    assert_non_null(strstr(ask_wrong(local, &request, SGP_E_ARGUMENT), "complaint"));
    call.complaint = (char *)"";
    call.place_text = long_text;
    assert_non_null(strstr(ask_wrong(local, &request, SGP_E_ARGUMENT), "place_text"));
    call.place_text = (char *)"";
    sgp_uuid id = sgp_uuid_make();
    request.id.data = id.bytes;
    request.id.len = 5;
    assert_non_null(strstr(ask_wrong(local, &request, SGP_E_ARGUMENT), "16 bytes"));

    /* An answer is not a request, and neither is a frame without a body. */
    Sigap__V1__Pong pong = SIGAP__V1__PONG__INIT;
    frame_t answer = request_of(SIGAP__V1__FRAME__BODY_PONG, &pong);
    assert_non_null(strstr(ask_wrong(local, &answer, SGP_E_ARGUMENT), "unknown message"));
    frame_t empty = SIGAP__V1__FRAME__INIT;
    assert_non_null(strstr(ask_wrong(local, &empty, SGP_E_ARGUMENT), "unknown message"));
    sgp_client_close(local);
    engine_is_alive();
}

static void test_engine_roles(void **state) {
    (void)state;
    sgp_client *viewer = connect_as(child.viewer);
    Sigap__V1__OrderUnit order = SIGAP__V1__ORDER_UNIT__INIT;
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_ORDER_UNIT, &order);
    ask_wrong(viewer, &request, SGP_E_PERMISSION);
    sgp_client *local = connect_as(NULL);
    Sigap__V1__Done done = report(local, 112.635, -7.965, SIGAP__V1__PRIORITY__P3, NULL);
    frame_t *detail = detail_of(viewer, done.incident_id);
    assert_int_equal(detail->incident_detail->n_callers, 0);
    assert_int_equal(detail->incident_detail->n_calls, 1);
    free_frame(detail);

    /* A crew speaks for its own unit only. */
    sgp_client *crew = connect_as(child.crew[1]);
    Sigap__V1__SetDuty duty = SIGAP__V1__SET_DUTY__INIT;
    duty.on_duty = 1;
    duty.unit_code = (char *)"A-01";
    request = request_of(SIGAP__V1__FRAME__BODY_SET_DUTY, &duty);
    ask_wrong(crew, &request, SGP_E_PERMISSION);

    sgp_client *guess = connect_as(NULL);
    sgp_fault fault;
    assert_int_equal(sgp_client_login(guess, "wrong", "test", NULL, &fault), SGP_E_UNAUTHENTICATED);
    frame_t *frame = NULL;
    assert_int_equal(sgp_client_next_push(guess, 5000, &frame, &fault), SGP_E_NETWORK);
    sgp_client_close(guess);
    sgp_client_close(crew);
    sgp_client_close(viewer);
    sgp_client_close(local);
    engine_is_alive();
}

static int raw_connection(void) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strcpy(address.sun_path, child.target + 5);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    struct timeval wait = {10, 0};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    return fd;
}

/* Sends bytes; the engine must answer one Error of that code and close. */
static void expect_refused_stream(const uint8_t *bytes, size_t n, const char *code) {
    int fd = raw_connection();
    assert_int_equal(send(fd, bytes, n, MSG_NOSIGNAL), n);
    uint8_t in[4096];
    size_t n_in = 0;
    for (ssize_t got; n_in < sizeof in && (got = recv(fd, in + n_in, sizeof in - n_in, 0)) > 0;)
        n_in += (size_t)got;
    size_t header, length;
    sgp_fault fault;
    assert_int_equal(sgp_frame_peek(in, n_in, sizeof in, &header, &length, &fault), SGP_OK);
    assert_int_equal(header + length, n_in);
    frame_t *frame = NULL;
    assert_int_equal(sgp_frame_decode(in + header, length, &frame, &fault), SGP_OK);
    assert_int_equal(frame->body_case, SIGAP__V1__FRAME__BODY_ERROR);
    assert_string_equal(frame->error->code, code);
    free_frame(frame);
    close(fd);
}

static void test_engine_survives_bad_frames(void **state) {
    (void)state;
    static uint8_t bytes[70000];
    /* 65,537 as a varint: 64 KiB and one byte. */
    bytes[0] = 0x81;
    bytes[1] = 0x80;
    bytes[2] = 0x04;
    expect_refused_stream(bytes, 3, "TOO_LARGE");
    memset(bytes, 0xff, 64);
    expect_refused_stream(bytes, 64, "TOO_LARGE");
    /* A length within bounds, then what is not a Frame. */
    bytes[0] = 32;
    uint64_t random = 20261122;
    for (int i = 1; i < 33; i++)
        bytes[i] = (uint8_t)(sgp_random_next(&random) | 0x07);
    expect_refused_stream(bytes, 33, "MALFORMED");
    /* A text that is not UTF-8. */
    Sigap__V1__FindPlace find = SIGAP__V1__FIND_PLACE__INIT;
    find.text = (char *)"\xc3\x28";
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_FIND_PLACE, &find);
    sgp_buffer bare = {0}, framed = {0};
    assert_int_equal(sgp_frame_encode(&request, &bare), SGP_OK);
    assert_int_equal(sgp_frame_append(1, bare.data, bare.length, &framed), SGP_OK);
    expect_refused_stream(framed.data, framed.length, "MALFORMED");
    sgp_buffer_free(&bare);
    sgp_buffer_free(&framed);
    /* Half a frame, then gone. */
    int fd = raw_connection();
    bytes[0] = 100;
    assert_int_equal(send(fd, bytes, 10, MSG_NOSIGNAL), 10);
    close(fd);
    for (int round = 0; round < 50; round++) {
        fd = raw_connection();
        size_t n = 1 + maker_below(&random, 300);
        for (size_t i = 0; i < n; i++)
            bytes[i] = (uint8_t)sgp_random_next(&random);
        (void)!send(fd, bytes, n, MSG_NOSIGNAL);
        close(fd);
    }
    engine_is_alive();
}

/* ---- watching, reading --------------------------------------------------- */

static void test_engine_watch(void **state) {
    (void)state;
    sgp_client *viewer = connect_as(child.viewer);
    Sigap__V1__Watch watch = SIGAP__V1__WATCH__INIT;
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_WATCH, &watch);
    frame_t *first = ask(viewer, &request);
    assert_int_equal(first->body_case, SIGAP__V1__FRAME__BODY_UPDATE);
    assert_int_equal(first->update->n_units, 3);
    assert_int_equal(first->update->n_hospitals, 1);
    assert_true(first->update->caught_up);
    uint64_t seq = first->update->event_seq;
    free_frame(first);
    sgp_client *local = connect_as(NULL);
    Sigap__V1__Done done = report(local, 112.635, -7.965, SIGAP__V1__PRIORITY__P3, NULL);
    frame_t *update = next_push(viewer, SIGAP__V1__FRAME__BODY_UPDATE);
    assert_true(update->update->event_seq > seq);
    assert_int_equal(update->update->n_incidents, 1);
    assert_int_equal(update->update->incidents[0]->id, done.incident_id);
    assert_int_equal(update->update->n_calls, 1);
    free_frame(update);

    Sigap__V1__ListIncidents list = SIGAP__V1__LIST_INCIDENTS__INIT;
    list.limit = 1;
    for (int i = 0; i < 3; i++)
        report(local, 112.635, -7.965, SIGAP__V1__PRIORITY__P4, NULL);
    size_t n = 0;
    do {
        request = request_of(SIGAP__V1__FRAME__BODY_LIST_INCIDENTS, &list);
        frame_t *page = ask(viewer, &request);
        assert_int_equal(page->incident_page->n_incidents, 1);
        list.after_id = page->incident_page->next_after_id;
        n++;
        free_frame(page);
    } while (list.after_id != 0);
    assert_int_equal(n, 4);
    sgp_client_close(local);
    sgp_client_close(viewer);
}

static void test_engine_routes(void **state) {
    (void)state;
    sgp_client *local = connect_as(NULL);
    Sigap__V1__Point from = SIGAP__V1__POINT__INIT, to = SIGAP__V1__POINT__INIT;
    from.lon = 112.630;
    from.lat = -7.970;
    to.lon = 112.640;
    to.lat = -7.960;
    Sigap__V1__RouteQuery route = SIGAP__V1__ROUTE_QUERY__INIT;
    route.from = &from;
    route.to = &to;
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_ROUTE_QUERY, &route);
    frame_t *reply = ask(local, &request);
    assert_int_equal(reply->body_case, SIGAP__V1__FRAME__BODY_ROUTE);
    assert_int_equal(reply->route->duration_ms, 2 * 60000 + 2 * 70000);
    assert_true(reply->route->n_points >= 3);
    assert_int_equal(reply->route->n_points, reply->route->n_at_ms);
    assert_string_equal(reply->route->steps[0]->instruction, "");
    free_frame(reply);
    /* With a language: what the driver does, up to the arrival, in the same time. */
    route.language = (char *)"id";
    reply = ask(local, &request);
    int64_t sum_ms = 0;
    size_t n_steps = reply->route->n_steps;
    assert_true(n_steps >= 2);
    for (size_t i = 0; i < n_steps; i++)
        sum_ms += reply->route->steps[i]->duration_ms;
    assert_int_equal(sum_ms, reply->route->duration_ms);
    assert_memory_equal(reply->route->steps[0]->instruction, "Berangkat ke arah ", 18);
    assert_string_equal(reply->route->steps[n_steps - 1]->manoeuvre, "arrive");
    assert_memory_equal(reply->route->steps[n_steps - 1]->instruction, "Tiba di tujuan", 14);
    free_frame(reply);
    route.language = (char *)"jv";
    ask_wrong(local, &request, SGP_E_ARGUMENT);
    route.language = (char *)"";
    Sigap__V1__Point *both[2] = {&from, &to};
    Sigap__V1__TableQuery table = SIGAP__V1__TABLE_QUERY__INIT;
    table.sources = table.targets = both;
    table.n_sources = table.n_targets = 2;
    request = request_of(SIGAP__V1__FRAME__BODY_TABLE_QUERY, &table);
    reply = ask(local, &request);
    assert_int_equal(reply->table->n_duration_ms, 4);
    assert_int_equal(reply->table->duration_ms[0], 0);
    assert_int_equal(reply->table->duration_ms[1], 260000);
    free_frame(reply);
    Sigap__V1__Point *many[101];
    for (int i = 0; i < 101; i++)
        many[i] = &from;
    table.sources = many;
    table.n_sources = 101;
    ask_wrong(local, &request, SGP_E_TOO_LARGE);
    sgp_client_close(local);
}

static void test_engine_takeover(void **state) {
    (void)state;
    sgp_client *old = connect_as(child.crew[0]);
    sign_on(old);
    sgp_client *local = connect_as(NULL);
    report(local, 112.6301, -7.9699, SIGAP__V1__PRIORITY__P2, NULL);
    Sigap__V1__OrderUnit order = SIGAP__V1__ORDER_UNIT__INIT;
    order.incident_id = 1;
    order.unit_code = (char *)"A-01";
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_ORDER_UNIT, &order);
    free_frame(ask(local, &request));
    free_frame(next_push(old, SIGAP__V1__FRAME__BODY_ORDER));
    sgp_client *fresh = connect_as(child.crew[0]);
    free_frame(next_push(old, SIGAP__V1__FRAME__BODY_ERROR));
    frame_t *again = next_push(fresh, SIGAP__V1__FRAME__BODY_ORDER);
    assert_int_equal(again->order->state, SIGAP__V1__ASSIGNMENT_STATE__ORDERED);
    free_frame(again);
    sgp_fault fault;
    frame_t *frame = NULL;
    assert_int_equal(sgp_client_next_push(old, 5000, &frame, &fault), SGP_E_NETWORK);
    sgp_client_close(old);
    sgp_client_close(fresh);
    sgp_client_close(local);
}

/* ---- bounds -------------------------------------------------------------- */

/* Far more than the engine queues: it stops reading for a while and goes on, and
 * answers everything in order. */
static void test_engine_many_requests_at_once(void **state) {
    (void)state;
    enum { N = 6000 };
    sgp_client *crew = connect_as(child.crew[0]);
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    point.lon = 112.635;
    point.lat = -7.965;
    Sigap__V1__ReportPosition position = SIGAP__V1__REPORT_POSITION__INIT;
    position.point = &point;
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_REPORT_POSITION, &position);
    sgp_fault fault;
    uint64_t first = 0, seq = 0;
    for (int i = 0; i < N; i++) {
        if (sgp_client_send(crew, &request, &seq, &fault) != SGP_OK)
            fail_msg("request %d: %s", i, fault.text);
        first = i == 0 ? seq : first;
    }
    for (int i = 0; i < N; i++) {
        frame_t *reply = NULL;
        if (sgp_client_next_frame(crew, 20000, &reply, &fault) != SGP_OK)
            fail_msg("answer %d: %s", i, fault.text);
        assert_int_equal(reply->body_case, SIGAP__V1__FRAME__BODY_DONE);
        assert_int_equal(reply->reply_to, first + (uint64_t)i);
        free_frame(reply);
    }
    sgp_client_close(crew);
}

static void test_engine_slow_reader_is_closed(void **state) {
    (void)state;
    int fd = raw_connection();
    struct timeval wait = {1, 0};
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
    Sigap__V1__ListUnits list = SIGAP__V1__LIST_UNITS__INIT;
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_LIST_UNITS, &list);
    sgp_buffer bare = {0}, framed = {0};
    assert_int_equal(sgp_frame_encode(&request, &bare), SGP_OK);
    for (int i = 0; i < 200; i++)
        assert_int_equal(sgp_frame_append(0, bare.data, bare.length, &framed), SGP_OK);
    /* Asks and never reads: about 300 bytes an answer, so 4 MiB come soon. */
    bool closed = false;
    for (int i = 0; i < 400 && !closed; i++)
        closed = send(fd, framed.data, framed.length, MSG_NOSIGNAL) < 0 && errno == EPIPE;
    assert_true(closed);
    close(fd);
    sgp_buffer_free(&bare);
    sgp_buffer_free(&framed);
    engine_is_alive();
}

static void test_engine_refuses_too_many_sessions(void **state) {
    (void)state;
    enum { MOST = 8192 };
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    if (limit.rlim_max < MOST + 1024)
        skip();
    limit.rlim_cur = limit.rlim_cur < MOST + 1024 ? MOST + 1024 : limit.rlim_cur;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
    static int fds[MOST + 1];
    for (int i = 0; i <= MOST; i++)
        fds[i] = raw_connection();
    char byte;
    assert_int_equal(recv(fds[MOST], &byte, 1, 0), 0); /* the one too many is closed */
    for (int i = 0; i <= MOST; i++)
        close(fds[i]);
    struct timespec until_noticed = {0, 300000000};
    nanosleep(&until_noticed, NULL);
    engine_is_alive();
}

/* ---- dying --------------------------------------------------------------- */

static void test_engine_kill_and_restart(void **state) {
    (void)state;
    sgp_client *crew = connect_as(child.crew[0]);
    sign_on(crew);
    sgp_client *local = connect_as(NULL);
    sgp_uuid id = sgp_uuid_make();
    Sigap__V1__Done done = report(local, 112.6301, -7.9699, SIGAP__V1__PRIORITY__P1, &id);
    frame_t *order = next_push(crew, SIGAP__V1__FRAME__BODY_ORDER);
    uint64_t assignment = order->order->assignment_id;
    free_frame(order);
    answer_order(crew, assignment, true);
    child_stop(&child, SIGKILL);
    sgp_client_close(local);
    sgp_client_close(crew);
    child_start(&child, SIGAPD);

    crew = connect_as(child.crew[0]);
    order = next_push(crew, SIGAP__V1__FRAME__BODY_ORDER);
    assert_int_equal(order->order->assignment_id, assignment);
    assert_int_equal(order->order->state, SIGAP__V1__ASSIGNMENT_STATE__ACCEPTED);
    free_frame(order);
    local = connect_as(NULL);
    Sigap__V1__Done again = report(local, 112.6301, -7.9699, SIGAP__V1__PRIORITY__P1, &id);
    assert_true(again.repeated_request);
    assert_int_equal(again.call_id, done.call_id);
    frame_t *detail = detail_of(local, done.incident_id);
    assert_string_equal(detail->incident_detail->callers[0]->narrative, "tidak bernapas");
    assert_non_null(detail->incident_detail->recommendation);
    free_frame(detail);
    /* And once more in order, by way of the snapshot. */
    sgp_client_close(local);
    sgp_client_close(crew);
    int status = child_stop(&child, SIGTERM);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    child_start(&child, SIGAPD);
    local = connect_as(NULL);
    detail = detail_of(local, done.incident_id);
    assert_int_equal(detail->incident_detail->n_assignments, 1);
    assert_int_equal(detail->incident_detail->assignments[0]->state,
                     SIGAP__V1__ASSIGNMENT_STATE__ACCEPTED);
    free_frame(detail);
    sgp_client_close(local);
}

/* Stops and starts; how many events the journal brought back. */
static unsigned long long restarted_with(const char *more) {
    assert_int_equal(child_stop(&child, SIGTERM), 0);
    child_configure(&child, more);
    child_start(&child, SIGAPD);
    FILE *log = fopen(child.log, "r");
    char line[2048];
    unsigned long long seq = 0;
    while (log != NULL && fgets(line, sizeof line, log) != NULL) {
        const char *recovered = strstr(line, "event_seq=");
        if (strstr(line, "event=recovered") != NULL && recovered != NULL)
            seq = strtoull(recovered + strlen("event_seq="), NULL, 10);
    }
    fclose(log);
    return seq;
}

/* What the configuration says otherwise comes into the journal, and only that. */
static void test_engine_restart_takes_what_changed(void **state) {
    (void)state;
    static const char rules[] = "rules = { joint_gain_s = 10; }; clocks = { policy = \"joint\"; };";
    restarted_with("");
    unsigned long long before = restarted_with("");
    assert_int_equal(restarted_with(""), before);
    assert_int_equal(restarted_with(rules), before);
    assert_int_equal(restarted_with(rules), before + 1);
    assert_int_equal(restarted_with(rules), before + 1);
}

static void test_engine_log_has_no_persons(void **state) {
    (void)state;
    sgp_client *local = connect_as(NULL);
    report(local, 112.635, -7.965, SIGAP__V1__PRIORITY__P1, NULL);
    sgp_client_close(local);
    FILE *log = fopen(child.log, "r");
    assert_non_null(log);
    char line[2048];
    while (fgets(line, sizeof line, log) != NULL) {
        assert_null(strstr(line, "+62-341-000"));
        assert_null(strstr(line, "tidak bernapas"));
    }
    fclose(log);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void) {
    signal(SIGPIPE, SIG_IGN);
    const struct CMUnitTest tests[] = {
        CASE(test_engine_call_to_handover),
        CASE(test_engine_declined_goes_to_next),
        CASE(test_engine_repeats_are_safe),
        CASE(test_engine_refuses_wrong_input),
        CASE(test_engine_roles),
        CASE(test_engine_survives_bad_frames),
        CASE(test_engine_watch),
        CASE(test_engine_routes),
        CASE(test_engine_takeover),
        CASE(test_engine_kill_and_restart),
        CASE(test_engine_restart_takes_what_changed),
        CASE(test_engine_log_has_no_persons),
        CASE(test_engine_many_requests_at_once),
        CASE(test_engine_slow_reader_is_closed),
        CASE(test_engine_refuses_too_many_sessions),
    };
    return cmocka_run_group_tests_name("engine", tests, NULL, NULL);
}
