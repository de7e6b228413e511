/* Thousands of telephones on bad lines, in small: who comes back hears what it missed, in order and
 * once, wherever the line broke; who does not read, is half open, sends nonsense or one byte at a
 * time harms nobody else; over TLS as in the clear.
 *
 * With SIGAP_SILENCE=1 also that a dead line is noticed, which takes a minute. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

/* clang-format off: the child of the second is one of the first */
#include "tls_child.h"
#include "socket_ear.h"
/* clang-format on */
#include "raw_socket.h"

static int start_with(bool tls) {
    memset(&child, 0, sizeof child);
    child.http_port = free_port();
    child.tls_port = tls ? free_port() : 0;
    child.http_tls = tls;
    child.more_units = 900; /* so that pages are long */
    child_prepare(&child, "");
    char certificate[96];
    if (tls) {
        make_certificate(&child, certificate);
        socket_tls = SSL_CTX_new(TLS_client_method());
        assert_int_equal(SSL_CTX_load_verify_locations(socket_tls, certificate, NULL), 1);
        SSL_CTX_set_verify(socket_tls, SSL_VERIFY_PEER, NULL);
    }
    child_start(&child, SIGAPD);
    base = event_base_new();
    return 0;
}

static int start(void **state) {
    (void)state;
    return start_with(false);
}

static int start_tls(void **state) {
    (void)state;
    return start_with(true);
}

static int stop(void **state) {
    (void)state;
    event_base_free(base);
    SSL_CTX_free(socket_tls);
    socket_tls = NULL;
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

/* ---- a desk and a telephone ------------------------------------------------------ */

static void open_desk(ear *desk) {
    open_ear(desk, "/v1/socket");
    log_in(desk, child.dispatcher);
}

static const Sigap__V1__Frame *done(ear *e, Sigap__V1__Frame__BodyCase body, void *message) {
    say(e, body, message);
    const Sigap__V1__Frame *reply = hear(e, SIGAP__V1__FRAME__BODY_DONE);
    return reply;
}

static void set_duty(ear *desk, const char *unit, bool on) {
    Sigap__V1__SetDuty duty = SIGAP__V1__SET_DUTY__INIT;
    duty.unit_code = (char *)unit;
    duty.on_duty = on;
    done(desk, SIGAP__V1__FRAME__BODY_SET_DUTY, &duty);
}

/* Orders that unit to a new incident; the assignment. */
static uint64_t order(ear *desk, const char *unit) {
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    point.lon = 112.635;
    point.lat = -7.965;
    Sigap__V1__ReportCall call = SIGAP__V1__REPORT_CALL__INIT;
    call.point = &point;
    call.complaint = (char *)"fall";
    call.priority = SIGAP__V1__PRIORITY__P3; /* which nobody is ordered to without a click */
    uint64_t incident = done(desk, SIGAP__V1__FRAME__BODY_REPORT_CALL, &call)->done->incident_id;
    Sigap__V1__OrderUnit message = SIGAP__V1__ORDER_UNIT__INIT;
    message.incident_id = incident;
    message.unit_code = (char *)unit;
    return done(desk, SIGAP__V1__FRAME__BODY_ORDER_UNIT, &message)->done->assignment_id;
}

static void stand_down(ear *desk, uint64_t assignment) {
    Sigap__V1__StandDown message = SIGAP__V1__STAND_DOWN__INIT;
    message.assignment_id = assignment;
    message.reason = (char *)"not needed";
    done(desk, SIGAP__V1__FRAME__BODY_STAND_DOWN, &message);
}

/* A telephone that heard everything up to there comes back and hears until it is caught up. */
static void come_back(ear *phone, const char *token, uint64_t heard) {
    open_ear(phone, "/v1/socket");
    phone->keeps = true;
    Sigap__V1__Login login = SIGAP__V1__LOGIN__INIT;
    login.token = (char *)token;
    login.client = (char *)"phone";
    login.heard = heard;
    login.resumes = true;
    assert_true(turn_until(&phone->opened));
    phone->wanted = SIGAP__V1__FRAME__BODY_CAUGHT_UP;
    say(phone, SIGAP__V1__FRAME__BODY_LOGIN, &login);
    hear(phone, SIGAP__V1__FRAME__BODY_CAUGHT_UP);
}

/* Turns the loop until it has heard so many pushes. */
static void wait_pushed(ear *phone, size_t n) {
    for (int i = 0; i < 2000 && phone->n_pushed < n; i++) {
        struct timeval wait = {0, 10000};
        event_base_loopexit(base, &wait);
        event_base_dispatch(base);
    }
    assert_int_equal(phone->n_pushed, n);
}

static uint64_t newest(const ear *phone) {
    return phone->n_pushed == 0 ? 0 : phone->pushed[phone->n_pushed - 1]->told;
}

/* ---- coming back ------------------------------------------------------------------ */

static void test_gateway_resumes_from_every_point(void **state) {
    (void)state;
    ear desk, phone;
    open_desk(&desk);
    set_duty(&desk, "A-01", true);
    come_back(&phone, child.crew[0], 0);
    assert_false(phone.last->caught_up->resumed);
    assert_int_equal(phone.n_pushed, 1);
    uint64_t first_look = newest(&phone);
    assert_true(first_look > 0);
    close_ear(&phone);

    uint64_t one = order(&desk, "A-01");
    stand_down(&desk, one);
    uint64_t two = order(&desk, "A-01");
    /* Everything, then what is left after each of the three. */
    uint64_t told[3], heard = first_look;
    for (size_t from = 0; from <= 3; from++) {
        come_back(&phone, child.crew[0], heard);
        assert_true(phone.last->caught_up->resumed);
        assert_int_equal(phone.last->caught_up->n_assignments, 1);
        assert_int_equal(phone.last->caught_up->assignments[0], two);
        assert_int_equal(phone.n_pushed, 3 - from + 1);
        for (size_t i = from; i < 3; i++) {
            const Sigap__V1__Frame *frame = phone.pushed[i - from];
            assert_true(frame->told > heard);
            heard = frame->told;
            if (from == 0)
                told[i] = frame->told;
            assert_int_equal(frame->told, told[i]);
            if (i == 1) {
                assert_int_equal(frame->body_case, SIGAP__V1__FRAME__BODY_ORDER_WITHDRAWN);
                assert_int_equal(frame->order_withdrawn->assignment_id, one);
            } else {
                assert_int_equal(frame->body_case, SIGAP__V1__FRAME__BODY_ORDER);
                assert_int_equal(frame->order->assignment_id, i == 0 ? one : two);
            }
        }
        assert_true(newest(&phone) >= told[2]);
        heard = from < 3 ? told[from] : heard;
        close_ear(&phone);
    }
    stand_down(&desk, two);
    set_duty(&desk, "A-01", false);
    close_ear(&desk);
}

/* What is told after the login comes once, behind what was missed. */
static void test_gateway_missed_then_live(void **state) {
    (void)state;
    ear desk, phone;
    open_desk(&desk);
    set_duty(&desk, "A-02", true);
    come_back(&phone, child.crew[1], 0);
    uint64_t heard = newest(&phone);
    close_ear(&phone);
    uint64_t one = order(&desk, "A-02");
    come_back(&phone, child.crew[1], heard);
    assert_int_equal(phone.n_pushed, 2);
    stand_down(&desk, one);
    wait_pushed(&phone, 3);
    assert_int_equal(phone.pushed[2]->body_case, SIGAP__V1__FRAME__BODY_ORDER_WITHDRAWN);
    assert_true(phone.pushed[2]->told > phone.pushed[1]->told);
    heard = newest(&phone);
    close_ear(&phone);
    come_back(&phone, child.crew[1], heard); /* nothing was missed */
    assert_true(phone.last->caught_up->resumed);
    assert_int_equal(phone.n_pushed, 1);
    close_ear(&phone);
    set_duty(&desk, "A-02", false);
    close_ear(&desk);
}

static void test_gateway_too_long_away_looks_afresh(void **state) {
    (void)state;
    ear desk, phone;
    open_desk(&desk);
    set_duty(&desk, "A-03", true);
    come_back(&phone, child.crew[2], 0);
    uint64_t heard = newest(&phone);
    close_ear(&phone);
    uint64_t one = order(&desk, "A-03");
    close_ear(&desk);
    /* A restart forgets what was told; what is open it knows. */
    (void)child_stop(&child, SIGKILL);
    child_start(&child, SIGAPD);
    for (int i = 0; i < 2; i++) { /* and a number that nobody was ever told */
        come_back(&phone, child.crew[2], i == 0 ? heard : UINT64_MAX);
        assert_false(phone.last->caught_up->resumed);
        assert_int_equal(phone.last->caught_up->n_assignments, 1);
        assert_int_equal(phone.last->caught_up->assignments[0], one);
        assert_int_equal(phone.order, one);
        assert_true(newest(&phone) > heard); /* numbers grow over the restart */
        close_ear(&phone);
    }
    open_desk(&desk);
    stand_down(&desk, one);
    set_duty(&desk, "A-03", false);
    close_ear(&desk);
}

/* ---- slow, half open, nonsense ------------------------------------------------------ */

enum { HOLDS = 4096 };

/* Where unit A-01 stands in a picture or update; false: it is not in there. */
static bool finds_unit(const Sigap__V1__Frame *frame, double *lon) {
    const Sigap__V1__Update *update = frame->update;
    for (size_t i = 0; i < update->n_units; i++)
        if (strcmp(update->units[i]->code, "A-01") == 0 && update->units[i]->position != NULL) {
            *lon = update->units[i]->position->lon;
            return true;
        }
    return false;
}

/* The crew's unit goes a little further; its longitude. */
static double move(ear *phone, unsigned steps) {
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    point.lon = 112.630 + 0.000001 * steps;
    point.lat = -7.969;
    Sigap__V1__ReportPosition report = SIGAP__V1__REPORT_POSITION__INIT;
    report.point = &point;
    say(phone, SIGAP__V1__FRAME__BODY_REPORT_POSITION, &report);
    hear(phone, SIGAP__V1__FRAME__BODY_DONE);
    return point.lon;
}

/* A slow reader misses moves, hears the last one when it reads again, and nothing else is missing:
 * every state of every order. */
static void test_gateway_slow_reader_loses_moves_only(void **state) {
    (void)state;
    enum { ROUNDS = 20, MOVES = 150 };
    ear desk, phone;
    open_desk(&desk);
    set_duty(&desk, "A-01", true);
    int slow = raw_connect(child.http_port, HOLDS);
    raw_upgrade(slow);
    raw_log_in(slow, child.viewer);
    Sigap__V1__Watch watch = SIGAP__V1__WATCH__INIT;
    raw_say(slow, SIGAP__V1__FRAME__BODY_WATCH, &watch, 2);
    come_back(&phone, child.crew[0], 0);
    uint64_t assignments[ROUNDS];
    double last_lon = 0;
    unsigned steps = 0;
    for (int round = 0; round < ROUNDS; round++) {
        assignments[round] = order(&desk, "A-01");
        for (int i = 0; i < MOVES; i++)
            last_lon = move(&phone, steps++);
        stand_down(&desk, assignments[round]);
        /* The telephone hears each of its orders while the other reads nothing at all. */
        wait_pushed(&phone, 1 + 2 * ((size_t)round + 1));
    }
    while (raw_metric(child.http_port, "map_updates_dropped_total") < 1)
        last_lon = move(&phone, steps++);
    assert_true(raw_metric(child.http_port, "backlog_bytes") < (4 << 20) + (1 << 20));

    /* Reads on: all states, fewer moves, and the last place. */
    unsigned moves = 0, ended = 0;
    double lon = 0;
    Sigap__V1__Frame *frame;
    while (ended < ROUNDS || fabs(lon - last_lon) > 5e-8) {
        int opcode = raw_hear(slow, &frame);
        assert_true(opcode >= 0);
        if (frame == NULL)
            continue;
        assert_int_equal(frame->body_case, SIGAP__V1__FRAME__BODY_UPDATE);
        if (finds_unit(frame, &lon))
            moves++;
        /* Each ends, none before the one before it; what comes of older tests is not looked at. */
        for (size_t i = 0; i < frame->update->n_assignments; i++) {
            const Sigap__V1__Assignment *on = frame->update->assignments[i];
            if (on->state != SIGAP__V1__ASSIGNMENT_STATE__STOOD_DOWN || on->id < assignments[0] ||
                (ended > 0 && on->id <= assignments[ended - 1]))
                continue;
            assert_true(ended < ROUNDS);
            assert_int_equal(on->id, assignments[ended++]);
        }
        sigap__v1__frame__free_unpacked(frame, NULL);
    }
    assert_int_equal(ended, ROUNDS);
    assert_true(moves < steps);
    close(slow);
    close_ear(&phone);
    set_duty(&desk, "A-01", false);
    close_ear(&desk);
}

/* Who never reads what it asks for is told why it has to go, and orders go on meanwhile. */
static void test_gateway_who_never_reads_is_cut_off(void **state) {
    (void)state;
    enum { ASKED = 20, ROUNDS = 25 };
    double before = raw_metric(child.http_port, "slow_readers_total");
    int slow = raw_connect(child.http_port, HOLDS);
    raw_upgrade(slow);
    raw_log_in(slow, child.viewer);
    ear desk, phone;
    open_desk(&desk);
    set_duty(&desk, "A-02", true);
    come_back(&phone, child.crew[1], 0);
    Sigap__V1__ListUnits list = SIGAP__V1__LIST_UNITS__INIT;
    list.limit = 1000;
    unsigned orders = 0;
    for (; raw_metric(child.http_port, "slow_readers_total") == before; orders++) {
        assert_true(orders < ROUNDS);
        for (unsigned i = 0; i < ASKED; i++)
            raw_say(slow, SIGAP__V1__FRAME__BODY_LIST_UNITS, &list, 2 + orders * ASKED + i);
        uint64_t one = order(&desk, "A-02");
        stand_down(&desk, one);
    }
    wait_pushed(&phone, 1 + 2 * orders);
    Sigap__V1__Frame *why = raw_hear_for(slow, SIGAP__V1__FRAME__BODY_ERROR);
    assert_non_null(why);
    assert_string_equal(why->error->code, "FULL");
    sigap__v1__frame__free_unpacked(why, NULL);
    Sigap__V1__Frame *nothing;
    assert_int_equal(raw_hear(slow, &nothing), 8); /* WebSocket's goodbye */
    close(slow);
    close_ear(&phone);
    set_duty(&desk, "A-02", false);
    close_ear(&desk);
}

/* Many look on, some of them badly, and every order reaches its telephone. */
static void test_gateway_bad_company(void **state) {
    (void)state;
    enum { GOOD = 30, BAD = 10, ORDERS = 20 };
    static ear good[GOOD];
    ear desk, phone;
    open_desk(&desk);
    set_duty(&desk, "A-03", true);
    come_back(&phone, child.crew[2], 0);
    Sigap__V1__Watch watch = SIGAP__V1__WATCH__INIT;
    for (int i = 0; i < GOOD; i++) {
        open_ear(&good[i], "/v1/socket");
        log_in(&good[i], child.viewer);
        say(&good[i], SIGAP__V1__FRAME__BODY_WATCH, &watch);
        hear(&good[i], SIGAP__V1__FRAME__BODY_UPDATE);
    }
    int silent[BAD], nonsense[BAD], trickling[BAD];
    static uint8_t ping[64];
    Sigap__V1__Ping empty = SIGAP__V1__PING__INIT;
    size_t length = raw_frame(SIGAP__V1__FRAME__BODY_PING, &empty, 2, ping);
    for (int i = 0; i < BAD; i++) {
        silent[i] = raw_connect(child.http_port, HOLDS); /* half of it stay before the upgrade */
        nonsense[i] = raw_connect(child.http_port, 0);
        trickling[i] = raw_connect(child.http_port, 0);
        raw_upgrade(nonsense[i]);
        raw_upgrade(trickling[i]);
        raw_log_in(trickling[i], child.viewer);
        if (i % 2 == 0)
            continue;
        raw_upgrade(silent[i]);
        raw_log_in(silent[i], child.viewer);
        raw_say(silent[i], SIGAP__V1__FRAME__BODY_WATCH, &watch, 2);
    }
    for (unsigned round = 0; round < ORDERS; round++) {
        uint64_t one = order(&desk, "A-03");
        for (int i = 0; i < BAD; i++) {
            uint8_t bytes[16];
            for (size_t k = 0; k < sizeof bytes; k++)
                bytes[k] = (uint8_t)(151 * (round + 1) * (k + 1) + 89 * (unsigned)i);
            (void)!send(nonsense[i], bytes, sizeof bytes, MSG_NOSIGNAL);
            if (round < length)
                raw_write(trickling[i], ping + round, 1);
        }
        stand_down(&desk, one);
    }
    wait_pushed(&phone, 1 + 2 * ORDERS);
    assert_true(length <= ORDERS);
    for (int i = 0; i < BAD; i++) {
        Sigap__V1__Frame *pong = raw_hear_for(trickling[i], SIGAP__V1__FRAME__BODY_PONG);
        assert_non_null(pong);
        sigap__v1__frame__free_unpacked(pong, NULL);
        close(silent[i]);
        close(nonsense[i]);
        close(trickling[i]);
    }
    /* All who look on have seen every order come and go. */
    for (int i = 0; i < GOOD; i++) {
        if (good[i].closed)
            fail_msg("%d closed with %d: %s", i, good[i].code, good[i].refusal);
        assert_true(good[i].frames >= 2 * ORDERS);
        close_ear(&good[i]);
    }
    close_ear(&phone);
    set_duty(&desk, "A-03", false);
    close_ear(&desk);
}

/* A line that is half open says nothing and hears nothing; its place is free again within bounds.
 */
static void test_gateway_silence_is_noticed(void **state) {
    (void)state;
    if (getenv("SIGAP_SILENCE") == NULL)
        skip();
    int silent = raw_connect(child.http_port, 0);
    raw_upgrade(silent);
    raw_log_in(silent, child.viewer);
    struct timeval wait = {90, 0};
    setsockopt(silent, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    Sigap__V1__Frame *frame;
    assert_int_equal(raw_hear(silent, &frame), 9); /* asked for a sign of life, and gives none */
    errno = 0;
    assert_int_equal(raw_hear(silent, &frame), -1);
    assert_true(errno != EAGAIN && errno != EWOULDBLOCK);
    double sessions = raw_metric(child.http_port, "sessions");
    assert_int_equal((int)sessions, 0);
    close(silent);
}

/* ---- TLS ------------------------------------------------------------------------------ */

static void test_gateway_over_tls(void **state) {
    (void)state;
    ear desk, phone;
    open_desk(&desk);
    set_duty(&desk, "A-01", true);
    come_back(&phone, child.crew[0], 0);
    uint64_t heard = newest(&phone), one = order(&desk, "A-01");
    wait_pushed(&phone, 2);
    Sigap__V1__AnswerOrder answer = SIGAP__V1__ANSWER_ORDER__INIT;
    answer.assignment_id = one;
    answer.accept = true;
    say(&phone, SIGAP__V1__FRAME__BODY_ANSWER_ORDER, &answer);
    hear(&phone, SIGAP__V1__FRAME__BODY_DONE);
    close_ear(&phone); /* without a goodbye of TLS */
    come_back(&phone, child.crew[0], heard);
    assert_true(phone.last->caught_up->resumed);
    assert_int_equal(phone.pushed[0]->order->assignment_id, one);
    Sigap__V1__ListOrders list = SIGAP__V1__LIST_ORDERS__INIT;
    say(&phone, SIGAP__V1__FRAME__BODY_LIST_ORDERS, &list);
    const Sigap__V1__OrderPage *page = hear(&phone, SIGAP__V1__FRAME__BODY_ORDER_PAGE)->order_page;
    assert_int_equal(page->n_orders, 1);
    assert_int_equal(page->orders[0]->assignment_id, one);
    assert_int_equal(page->orders[0]->state, SIGAP__V1__ASSIGNMENT_STATE__ACCEPTED);
    say(&desk, SIGAP__V1__FRAME__BODY_LIST_ORDERS, &list); /* which belongs to crews alone */
    assert_string_equal(hear(&desk, SIGAP__V1__FRAME__BODY_ERROR)->error->code,
                        "PERMISSION_DENIED");
    close_ear(&phone);
    close_ear(&desk);
    /* A client that does not know the certificate, and one that speaks no TLS. */
    SSL_CTX *knows = socket_tls;
    for (int i = 0; i < 2; i++) {
        socket_tls = i == 0 ? SSL_CTX_new(TLS_client_method()) : NULL;
        if (socket_tls != NULL)
            SSL_CTX_set_verify(socket_tls, SSL_VERIFY_PEER, NULL);
        open_ear(&phone, "/v1/socket");
        assert_true(turn_until(&phone.closed));
        assert_false(phone.opened);
        close_ear(&phone);
        SSL_CTX_free(socket_tls);
    }
    socket_tls = knows;
}

int main(void) {
    signal(SIGPIPE, SIG_IGN);
    const struct CMUnitTest clear[] = {
        cmocka_unit_test(test_gateway_resumes_from_every_point),
        cmocka_unit_test(test_gateway_missed_then_live),
        cmocka_unit_test(test_gateway_too_long_away_looks_afresh),
        cmocka_unit_test(test_gateway_slow_reader_loses_moves_only),
        cmocka_unit_test(test_gateway_who_never_reads_is_cut_off),
        cmocka_unit_test(test_gateway_bad_company),
        cmocka_unit_test(test_gateway_silence_is_noticed),
    };
    const struct CMUnitTest tls[] = {
        cmocka_unit_test(test_gateway_over_tls),
    };
    int failed = cmocka_run_group_tests_name("clear", clear, start, stop);
    return failed + cmocka_run_group_tests_name("tls", tls, start_tls, stop);
}
