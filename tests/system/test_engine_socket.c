/* sigapd over WebSocket: the same frames, in binary and as JSON; what is no WebSocket, no frame or
 * nobody; order and answer of a crew; a slow reader and the dead harm nobody else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <netinet/in.h>
#include <sys/socket.h>
#include <wslay/wslay.h>

#include "socket_ear.h"

static int start(void **state) {
    (void)state;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    close(fd);
    memset(&child, 0, sizeof child);
    child.http_port = ntohs(address.sin_port);
    child_prepare(&child, "");
    child_start(&child, SIGAPD);
    base = event_base_new();
    return 0;
}

static int stop(void **state) {
    (void)state;
    event_base_free(base);
    int status = child_stop(&child, SIGTERM);
    bool clean = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (!clean) {
        char command[160];
        snprintf(command, sizeof command, "tail -n 60 '%s' >&2", child.log);
        (void)!system(command);
    }
    child_clean(&child);
    return clean ? 0 : 1;
}

/* ---- speaking ------------------------------------------------------------------ */

static void test_same_frames_in_binary_and_json(void **state) {
    (void)state;
    for (int json = 0; json < 2; json++) {
        ear e;
        open_ear(&e, "/v1/socket");
        websocket_set_json(e.client, json);
        log_in(&e, child.dispatcher);
        assert_string_equal(e.last->welcome->user, "dispatcher");
        assert_int_equal(e.last->seq, 1);
        assert_int_equal(e.last->reply_to, 1);
        Sigap__V1__ListUnits list = SIGAP__V1__LIST_UNITS__INIT;
        say(&e, SIGAP__V1__FRAME__BODY_LIST_UNITS, &list);
        const Sigap__V1__Frame *page = hear(&e, SIGAP__V1__FRAME__BODY_UNIT_PAGE);
        assert_int_equal(page->unit_page->n_units, 3);
        assert_int_equal(page->reply_to, 2);
        assert_int_equal(page->seq, 2);
        close_ear(&e);
    }
}

static void test_a_crew_takes_an_order(void **state) {
    (void)state;
    ear crew, desk;
    open_ear(&crew, "/v1/socket");
    log_in(&crew, child.crew[0]);
    Sigap__V1__SetDuty duty = SIGAP__V1__SET_DUTY__INIT;
    duty.on_duty = true;
    say(&crew, SIGAP__V1__FRAME__BODY_SET_DUTY, &duty);
    hear(&crew, SIGAP__V1__FRAME__BODY_DONE);
    open_ear(&desk, "/v1/socket");
    log_in(&desk, child.dispatcher);
    Sigap__V1__Watch watch = SIGAP__V1__WATCH__INIT;
    say(&desk, SIGAP__V1__FRAME__BODY_WATCH, &watch);
    hear(&desk, SIGAP__V1__FRAME__BODY_UPDATE);
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    point.lon = 112.635;
    point.lat = -7.965;
    Sigap__V1__ReportCall call = SIGAP__V1__REPORT_CALL__INIT;
    call.point = &point;
    call.complaint = (char *)"cardiac_arrest";
    crew.wanted = SIGAP__V1__FRAME__BODY_ORDER;
    if (crew.last != NULL)
        sigap__v1__frame__free_unpacked(crew.last, NULL);
    crew.last = NULL;
    say(&desk, SIGAP__V1__FRAME__BODY_REPORT_CALL, &call);
    uint64_t incident = hear(&desk, SIGAP__V1__FRAME__BODY_DONE)->done->incident_id;
    for (int i = 0; i < 1000 && crew.last == NULL; i++) {
        struct timeval wait = {0, 10000};
        event_base_loopexit(base, &wait);
        event_base_dispatch(base);
    }
    assert_non_null(crew.last);
    assert_int_equal(crew.last->order->incident_id, incident);
    Sigap__V1__AnswerOrder answer = SIGAP__V1__ANSWER_ORDER__INIT;
    answer.assignment_id = crew.last->order->assignment_id;
    answer.accept = true;
    say(&crew, SIGAP__V1__FRAME__BODY_ANSWER_ORDER, &answer);
    hear(&crew, SIGAP__V1__FRAME__BODY_DONE);
    close_ear(&crew);
    /* Back after the line broke: the order is told again, as far as it has come. */
    open_ear(&crew, "/v1/socket");
    crew.wanted = SIGAP__V1__FRAME__BODY_ORDER;
    Sigap__V1__Login login = SIGAP__V1__LOGIN__INIT;
    login.token = child.crew[0];
    login.client = (char *)"";
    assert_true(turn_until(&crew.opened));
    say(&crew, SIGAP__V1__FRAME__BODY_LOGIN, &login);
    const Sigap__V1__Frame *again = hear(&crew, SIGAP__V1__FRAME__BODY_ORDER);
    assert_int_equal(again->order->incident_id, incident);
    assert_int_equal(again->order->state, SIGAP__V1__ASSIGNMENT_STATE__ACCEPTED);
    close_ear(&crew);
    close_ear(&desk);
}

/* ---- the door -------------------------------------------------------------------- */

static void test_strangers_hear_nothing(void **state) {
    (void)state;
    ear e;
    open_ear(&e, "/v1/socket");
    assert_true(turn_until(&e.opened));
    Sigap__V1__ListUnits list = SIGAP__V1__LIST_UNITS__INIT;
    say(&e, SIGAP__V1__FRAME__BODY_LIST_UNITS, &list);
    assert_string_equal(hear(&e, SIGAP__V1__FRAME__BODY_ERROR)->error->code, "UNAUTHENTICATED");
    Sigap__V1__Login login = SIGAP__V1__LOGIN__INIT;
    login.token = (char *)"guessed";
    login.client = (char *)"";
    say(&e, SIGAP__V1__FRAME__BODY_LOGIN, &login);
    assert_string_equal(hear(&e, SIGAP__V1__FRAME__BODY_ERROR)->error->code, "UNAUTHENTICATED");
    assert_true(turn_until(&e.closed));
    close_ear(&e);
    open_ear(&e, "/v1/nothing");
    assert_true(turn_until(&e.closed));
    assert_int_equal(e.code, 404);
    close_ear(&e);
}

static void test_no_frame_ends_only_its_own_session(void **state) {
    (void)state;
    ear good, bad;
    open_ear(&good, "/v1/socket");
    log_in(&good, child.viewer);
    static const char *const nonsense[] = {"\xff\xff\xff\xff", "{\"seq\":", "{\"noSuch\": 1}"};
    for (size_t i = 0; i < 3; i++) {
        open_ear(&bad, "/v1/socket");
        assert_true(turn_until(&bad.opened));
        bad.wanted = SIGAP__V1__FRAME__BODY_ERROR;
        websocket_send_bytes(bad.client, i == 0 ? WSLAY_BINARY_FRAME : WSLAY_TEXT_FRAME,
                             nonsense[i], strlen(nonsense[i]));
        hear(&bad, SIGAP__V1__FRAME__BODY_ERROR);
        assert_true(turn_until(&bad.closed));
        close_ear(&bad);
    }
    /* Longer than a frame may be: WebSocket's own refusal. */
    static uint8_t large[70000];
    open_ear(&bad, "/v1/socket");
    assert_true(turn_until(&bad.opened));
    websocket_send_bytes(bad.client, WSLAY_BINARY_FRAME, large, sizeof large);
    assert_true(turn_until(&bad.closed));
    assert_int_equal(bad.code, WSLAY_CODE_MESSAGE_TOO_BIG);
    close_ear(&bad);
    Sigap__V1__Ping ping = SIGAP__V1__PING__INIT;
    say(&good, SIGAP__V1__FRAME__BODY_PING, &ping);
    hear(&good, SIGAP__V1__FRAME__BODY_PONG);
    close_ear(&good);
}

static void test_goodbye_is_answered(void **state) {
    (void)state;
    ear e;
    open_ear(&e, "/v1/socket");
    log_in(&e, child.viewer);
    static const uint8_t bye[2] = {0x03, 0xe8};
    websocket_send_bytes(e.client, WSLAY_PING, "still there?", 12);
    websocket_send_bytes(e.client, WSLAY_CONNECTION_CLOSE, bye, sizeof bye);
    assert_true(turn_until(&e.closed));
    close_ear(&e);
}

/* Whoever hangs up in the middle of anything harms nobody. */
static void test_many_hang_up(void **state) {
    (void)state;
    for (int i = 0; i < 60; i++) {
        ear e;
        open_ear(&e, "/v1/socket");
        if (i % 3 > 0)
            assert_true(turn_until(&e.opened));
        if (i % 3 == 2) {
            Sigap__V1__FindPlace find = SIGAP__V1__FIND_PLACE__INIT;
            find.text = (char *)"jalan timur";
            find.complete = true;
            log_in(&e, child.dispatcher);
            say(&e, SIGAP__V1__FRAME__BODY_FIND_PLACE, &find);
        }
        close_ear(&e);
    }
    ear good;
    open_ear(&good, "/v1/socket");
    log_in(&good, child.viewer);
    close_ear(&good);
}

/* The engine says goodbye when it stops; it must not wait for those who do not read. */
static void test_left_open_at_the_end(void **state) {
    (void)state;
    static ear left;
    open_ear(&left, "/v1/socket");
    log_in(&left, child.viewer);
    websocket_pause(left.client, true);
    int status = child_stop(&child, SIGTERM);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    close_ear(&left);
    child_start(&child, SIGAPD);
}

int main(void) {
    signal(SIGPIPE, SIG_IGN);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_frames_in_binary_and_json),
        cmocka_unit_test(test_a_crew_takes_an_order),
        cmocka_unit_test(test_strangers_hear_nothing),
        cmocka_unit_test(test_no_frame_ends_only_its_own_session),
        cmocka_unit_test(test_goodbye_is_answered),
        cmocka_unit_test(test_many_hang_up),
        cmocka_unit_test(test_left_open_at_the_end),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
