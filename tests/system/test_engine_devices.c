/* Crews' devices and trackers at a real engine: an order is seen to be on its way, with the device,
 * accepted; is told again, also after kill -9, and with a higher epoch; a device that has heard of
 * a newer engine refuses; what was kept comes late; positions in batches; Traccar's words. */
#include <arpa/inet.h>
#include <math.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "tls_child.h"

#include "base/clock.h"
#include "core/position_batch.h"
#include "engine_ask.h"
#include "serve/order_memory.h"

enum { PUSH_MS = 60000 };

static void sign_on(sgp_client *desk, const char *unit) {
    Sigap__V1__SetDuty duty = SIGAP__V1__SET_DUTY__INIT;
    duty.on_duty = true;
    duty.unit_code = (char *)(uintptr_t)unit;
    free_frame(ASK(desk, SET_DUTY, &duty, DONE));
}

static int start(void **state) {
    (void)state;
    memset(&child, 0, sizeof child);
    child.http_port = free_port();
    child_prepare(&child, "clocks = { accept_s = [ 3600, 3600, 3600, 3600 ]; };\n"
                          "devices = { order_repeat_s = 1; order_repeat_most_s = 2;"
                          " tracker_key = \"0123456789abcdef\";"
                          " trackers = ( { id = \"861234\"; unit = \"A-02\"; } ); };\n");
    child_start(&child, SIGAPD);
    sgp_client *desk = connect_as(child.dispatcher);
    sign_on(desk, "A-01");
    sign_on(desk, "A-02");
    sign_on(desk, "A-03");
    sgp_client_close(desk);
    return 0;
}

/* The incident's id into *incident. */
static uint64_t order(sgp_client *desk, const char *unit, uint64_t *incident) {
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    Sigap__V1__ReportCall call = SIGAP__V1__REPORT_CALL__INIT;
    Sigap__V1__OrderUnit order = SIGAP__V1__ORDER_UNIT__INIT;
    point.lon = 112.640;
    point.lat = -7.965;
    call.point = &point;
    call.priority = SIGAP__V1__PRIORITY__P4;
    frame_t *reply = ASK(desk, REPORT_CALL, &call, DONE);
    *incident = order.incident_id = reply->done->incident_id;
    order.unit_code = (char *)(uintptr_t)unit;
    free_frame(reply);
    reply = ASK(desk, ORDER_UNIT, &order, DONE);
    uint64_t assignment = reply->done->assignment_id;
    free_frame(reply);
    return assignment;
}

/* The next push that tells of an order. */
static frame_t *next_order(sgp_client *crew) {
    for (;;) {
        frame_t *push = NULL;
        sgp_fault fault = {0};
        sgp_order_word word;
        if (sgp_client_next_push(crew, PUSH_MS, &push, &fault) != SGP_OK)
            fail_msg("%s", fault.text);
        if (sgp_order_word_of(push, &word))
            return push;
        free_frame(push);
    }
}

static Sigap__V1__Unit *unit_of(const frame_t *page, const char *code) {
    for (size_t i = 0; i < page->unit_page->n_units; i++)
        if (strcmp(page->unit_page->units[i]->code, code) == 0)
            return page->unit_page->units[i];
    fail_msg("no unit %s", code);
    return NULL;
}

static frame_t *units(sgp_client *desk) {
    Sigap__V1__ListUnits list = SIGAP__V1__LIST_UNITS__INIT;
    return ASK(desk, LIST_UNITS, &list, UNIT_PAGE);
}

static void check_receipt(sgp_client *desk, const char *code, Sigap__V1__OrderReceipt wanted) {
    frame_t *page = units(desk);
    assert_int_equal(unit_of(page, code)->receipt, wanted);
    free_frame(page);
}

static void receive(sgp_client *crew, const Sigap__V1__OrderReceived *received) {
    Sigap__V1__OrderReceived copy = *received;
    free_frame(ASK(crew, ORDER_RECEIVED, &copy, DONE));
}

static void test_device_order_on_its_way(void **state) {
    (void)state;
    sgp_client *desk = connect_as(child.dispatcher), *crew = connect_as(child.crew[0]);
    sgp_order_memory memory = {0};
    Sigap__V1__OrderReceived received = SIGAP__V1__ORDER_RECEIVED__INIT;
    uint64_t incident;
    uint64_t assignment = order(desk, "A-01", &incident);
    check_receipt(desk, "A-01", SIGAP__V1__ORDER_RECEIPT__RECEIPT_WAITING);
    frame_t *push = next_order(crew);
    assert_int_equal(push->body_case, SIGAP__V1__FRAME__BODY_ORDER);
    assert_int_equal(push->order->assignment_id, assignment);
    uint64_t epoch = push->order->epoch;
    assert_true(epoch > 0 && push->order->told_seq > 0);
    assert_int_equal(sgp_order_memory_hear(&memory, push, &received), SGP_HEARD_NEW);
    free_frame(push);
    /* Nobody has said that it came, so it comes again; and after a kill with a higher epoch. */
    push = next_order(crew);
    assert_int_equal(sgp_order_memory_hear(&memory, push, &received), SGP_HEARD_AGAIN);
    free_frame(push);
    sgp_client_close(crew);
    sgp_client_close(desk);
    child_stop(&child, SIGKILL);
    child_start(&child, SIGAPD);
    desk = connect_as(child.dispatcher);
    crew = connect_as(child.crew[0]);
    push = next_order(crew);
    assert_true(push->order->epoch > epoch);
    assert_int_equal(sgp_order_memory_hear(&memory, push, &received), SGP_HEARD_AGAIN);
    free_frame(push);
    /* A device that has heard of a newer engine says so, and it is seen. */
    sgp_order_memory newer = {.epoch = memory.epoch + 7};
    Sigap__V1__OrderReceived refused = SIGAP__V1__ORDER_RECEIVED__INIT;
    push = next_order(crew);
    assert_int_equal(sgp_order_memory_hear(&newer, push, &refused), SGP_HEARD_OLD);
    assert_true(refused.refused && refused.seen_epoch == newer.epoch);
    free_frame(push);
    receive(crew, &refused);
    check_receipt(desk, "A-01", SIGAP__V1__ORDER_RECEIPT__RECEIPT_REFUSED);
    receive(crew, &received);
    check_receipt(desk, "A-01", SIGAP__V1__ORDER_RECEIPT__RECEIPT_RECEIVED);
    /* Only the unit's device can say it, and only of what was told. */
    Sigap__V1__OrderReceived wrong = received;
    ASK_REFUSED(desk, ORDER_RECEIVED, &wrong, SGP_E_PERMISSION);
    wrong.told_seq += 1000;
    ASK_REFUSED_WITH(crew, ORDER_RECEIVED, &wrong, SGP_E_RANGE, "nothing was told at event");
    sgp_client *other = connect_as(child.crew[1]);
    wrong = received;
    ASK_REFUSED(other, ORDER_RECEIVED, &wrong, SGP_E_NOT_FOUND);
    sgp_client_close(other);
    /* Stood down: another word, until it is received too. */
    Sigap__V1__StandDown stand_down = SIGAP__V1__STAND_DOWN__INIT;
    stand_down.assignment_id = assignment;
    stand_down.reason = (char *)(uintptr_t) "salah sangka";
    free_frame(ASK(desk, STAND_DOWN, &stand_down, DONE));
    push = next_order(crew);
    assert_int_equal(push->body_case, SIGAP__V1__FRAME__BODY_ORDER_WITHDRAWN);
    assert_int_equal(sgp_order_memory_hear(&memory, push, &received), SGP_HEARD_NEW);
    free_frame(push);
    receive(crew, &received);
    /* What the crew had said before it heard of that comes late: it undoes nothing. */
    Sigap__V1__AnswerOrder answer = SIGAP__V1__ANSWER_ORDER__INIT;
    answer.assignment_id = assignment;
    answer.accept = true;
    answer.device_at_ms = sgp_wall_ms() - 3000;
    answer.sent_at_ms = sgp_wall_ms();
    free_frame(ASK(crew, ANSWER_ORDER, &answer, DONE));
    Sigap__V1__GetIncident get = SIGAP__V1__GET_INCIDENT__INIT;
    get.incident_id = incident;
    frame_t *detail = ASK(desk, GET_INCIDENT, &get, INCIDENT_DETAIL);
    const Sigap__V1__Assignment *on = detail->incident_detail->assignments[0];
    assert_int_equal(on->state, SIGAP__V1__ASSIGNMENT_STATE__STOOD_DOWN);
    assert_int_equal(on->n_late_stamps, 1);
    assert_int_equal(on->late_stamps[0]->device_at_ms, answer.device_at_ms);
    assert_true(on->late_stamps[0]->late);
    free_frame(detail);
    sgp_client_close(crew);
    sgp_client_close(desk);
}

/* ---- batches --------------------------------------------------------------------------------- */

static frame_t *tell(sgp_client *crew, uint64_t first, const sgp_fix *fixes, uint32_t n,
                     uint64_t age_ms) {
    Sigap__V1__PositionBatch *batch = malloc(sizeof *batch);
    assert_non_null(batch);
    sigap__v1__position_batch__init(batch);
    batch->stream = 77;
    batch->first = first;
    batch->age_ms = age_ms;
    assert_true(sgp_batch_put(batch, fixes, n));
    frame_t *reply = ASK(crew, POSITION_BATCH, batch, POSITIONS_TAKEN);
    sigap__v1__position_batch__free_unpacked(batch, NULL);
    return reply;
}

static void test_device_positions(void **state) {
    (void)state;
    sgp_client *desk = connect_as(child.dispatcher), *crew = connect_as(child.crew[2]);
    /* A clock that is a year behind. */
    int64_t now = sgp_wall_ms() - 365 * 86400000LL;
    sgp_fix fixes[3] = {{{1126400000, -79600000}, now - 600000, 8, 30, 90},
                        {{1126410000, -79610000}, now - 5000, 300, 30, 90},
                        {{1126420000, -79620000}, now, 8, 30, 90}};
    frame_t *taken = tell(crew, 1, fixes, 3, 1);
    assert_int_equal(taken->positions_taken->up_to, 3);
    assert_int_equal(taken->positions_taken->accepted, 2);
    assert_int_equal(taken->positions_taken->late, 1);
    assert_int_equal(taken->positions_taken->inaccurate, 1);
    assert_true(taken->positions_taken->moved);
    assert_true(taken->positions_taken->clock_ms > 364 * 86400000LL);
    free_frame(taken);
    frame_t *page = units(desk);
    const Sigap__V1__Unit *unit = unit_of(page, "A-03");
    assert_true(fabs(unit->position->lon - 112.642) < 1e-6);
    int64_t age_ms = sgp_wall_ms() - unit->position_at_ms;
    assert_true(age_ms >= 0 && age_ms < 600000);
    uint64_t version = unit->version;
    free_frame(page);
    taken = tell(crew, 1, fixes, 3, 1);
    assert_int_equal(taken->positions_taken->duplicate, 3);
    free_frame(taken);
    page = units(desk);
    assert_int_equal(unit_of(page, "A-03")->version, version);
    free_frame(page);
    Sigap__V1__PositionBatch none = SIGAP__V1__POSITION_BATCH__INIT;
    ASK_REFUSED_WITH(crew, POSITION_BATCH, &none, SGP_E_ARGUMENT, "no positions");
    sgp_client_close(crew);
    sgp_client_close(desk);
}

/* ---- trackers ----------------------------------------------------------------------------------
 */

static char answer_text[8192];

/* The status. */
static int http(const char *method, const char *path, const char *headers, const char *body) {
    char text[4096];
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)child.http_port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0), status = 0;
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    int n = snprintf(text, sizeof text,
                     "%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %zu\r\n"
                     "%s\r\n%s",
                     method, path, strlen(body), headers, body);
    assert_true(n > 0 && n < (int)sizeof text);
    assert_int_equal(send(fd, text, (size_t)n, MSG_NOSIGNAL), n);
    size_t got = 0;
    for (ssize_t more; got + 1 < sizeof answer_text &&
                       (more = recv(fd, answer_text + got, sizeof answer_text - 1 - got, 0)) > 0;)
        got += (size_t)more;
    answer_text[got] = '\0';
    close(fd);
    assert_int_equal(sscanf(answer_text, "HTTP/1.%*d %d", &status), 1);
    return status;
}

static void check_at(const char *code, double lon, double lat) {
    sgp_client *desk = connect_as(child.dispatcher);
    frame_t *page = units(desk);
    const Sigap__V1__Unit *unit = unit_of(page, code);
    if (fabs(unit->position->lon - lon) > 2e-5 || fabs(unit->position->lat - lat) > 2e-5)
        fail_msg("%s is at %f,%f", code, unit->position->lon, unit->position->lat);
    free_frame(page);
    sgp_client_close(desk);
}

/* So many seconds after the test began, which may be ahead: that is set to now. */
static int64_t begun_s;

static const char *iso(int after_s) {
    static char text[40];
    time_t at = (time_t)(begun_s + after_s);
    struct tm tm;
    gmtime_r(&at, &tm);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S.000+00:00", &tm);
    return text;
}

static int forward(const char *id, double lon, double lat, int after_s, bool valid) {
    char body[1024];
    snprintf(body, sizeof body,
             "{\"position\":{\"id\":5,\"deviceId\":7,\"protocol\":\"osmand\",\"fixTime\":\"%s\","
             "\"valid\":%s,\"outdated\":false,\"latitude\":%f,\"longitude\":%f,\"altitude\":400,"
             "\"speed\":16.2,\"course\":90,\"accuracy\":6.5,\"attributes\":{\"motion\":true}},"
             "\"device\":{\"id\":7,\"name\":\"PSC\",\"uniqueId\":\"%s\",\"status\":\"online\"}}",
             iso(after_s), valid ? "true" : "false", lat, lon, id);
    return http("POST", "/v1/tracker",
                "Authorization: Bearer 0123456789abcdef\r\nContent-Type: application/json\r\n",
                body);
}

static void test_tracker(void **state) {
    (void)state;
    static const char json[] = "Content-Type: application/json\r\n";
    char text[512];
    begun_s = sgp_wall_ms() / 1000;
    assert_int_equal(http("POST", "/v1/tracker", json, "{}"), 401);
    assert_int_equal(http("POST", "/v1/tracker/0123456789abcdeF", json, "{}"), 401);
    /* What a Traccar server forwards, for the unit that carries the tracker. */
    assert_int_equal(forward("861234", 112.641, -7.961, 1, true), 200);
    assert_non_null(strstr(answer_text, "\"moved\":true"));
    check_at("A-02", 112.641, -7.961);
    assert_int_equal(forward("861234", 112.641, -7.961, 1, true), 200); /* tried again */
    assert_non_null(strstr(answer_text, "\"duplicate\":1"));
    assert_int_equal(forward("861234", 112.9, -7.5, 2, true), 200);
    assert_non_null(strstr(answer_text, "\"jump\":1"));
    assert_int_equal(forward("861234", 113, -8, 3, false), 200); /* no fix at present */
    check_at("A-02", 112.641, -7.961);
    assert_int_equal(forward("nobody", 112.641, -7.961, 0, true), 404);
    /* A clock that is wrong for a moment does not silence the tracker until that day. */
    assert_int_equal(forward("861234", 112.641, -7.961, 1024 * 7 * 86400, true), 200);
    assert_null(strstr(answer_text, "\"duplicate\""));
    /* What the app sends by itself. */
    snprintf(text, sizeof text,
             "{\"location\":{\"timestamp\":\"%s\",\"coords\":{\"latitude\":-7.9611,\"longitude\":"
             "112.6411,\"accuracy\":4,\"speed\":8,\"heading\":45}},\"device_id\":\"861234\"}",
             iso(3));
    assert_int_equal(http("POST", "/v1/tracker/0123456789abcdef", json, text), 200);
    check_at("A-02", 112.6411, -7.9611);
    /* And as parameters; a tracker that is called like the unit is another one. */
    snprintf(text, sizeof text,
             "/v1/tracker/0123456789abcdef?id=A-02&lat=-7.9625&lon=112.6425&timestamp=%lld&speed=10"
             "&bearing=45&accuracy=9",
             (long long)begun_s + 4);
    assert_int_equal(http("POST", text, "", ""), 200);
    check_at("A-02", 112.6425, -7.9625);
    assert_int_equal(http("GET", "/v1/tracker/0123456789abcdef?id=A-02&lat=x&lon=1", "", ""), 422);
    assert_int_equal(http("POST", "/v1/tracker/0123456789abcdef", json, "{\"a\":1}"), 400);
}

int main(void) {
    signal(SIGPIPE, SIG_IGN);
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_device_order_on_its_way),
                                       cmocka_unit_test(test_device_positions),
                                       cmocka_unit_test(test_tracker)};
    return cmocka_run_group_tests(tests, start, child_over);
}
