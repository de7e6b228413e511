/* sigapd under clients that are greedy or dishonest: a crew that reaches for
 * another crew's assignment, a caller that reaches into other incidents; and what is
 * heard and journaled when a request is repeated or goes a long way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/ids.h"
#include "engine_child.h"
#include "journal/journal_reader.h"
#include "sigap/v1/journal.pb-c.h"

typedef Sigap__V1__Frame frame_t;

static engine_child child;

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

static void free_frame(frame_t *frame) {
    sigap__v1__frame__free_unpacked(frame, NULL);
}

static frame_t *ask(sgp_client *client, frame_t *request) {
    frame_t *reply = NULL;
    sgp_fault fault = {0};
    if (sgp_client_request(client, request, 30000, &reply, &fault) != SGP_OK)
        fail_msg("%s: %s", sgp_err_str(fault.code), fault.text);
    return reply;
}

static int start(void **state) {
    memset(&child, 0, sizeof child);
    child.more_units = *state == NULL ? 0 : *(const int *)*state;
    child_prepare(&child,
                  "clocks = { accept_s = [60, 60, 60, 60]; order_without_click = [\"P1\"]; };");
    child_start(&child, SIGAPD);
    return 0;
}

static int stop(void **state) {
    (void)state;
    int status = child.pid != 0 ? child_stop(&child, SIGTERM) : 0;
    bool clean = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (!clean) {
        char command[160];
        snprintf(command, sizeof command, "tail -n 60 '%s' >&2", child.log);
        (void)!system(command);
    }
    child_clean(&child);
    return clean ? 0 : 1;
}

/* ---- a large picture ------------------------------------------------------ */

/* So many open incidents that their picture is larger than what a slow reader
 * may leave unread; a watcher that reads must still get it whole. */
static void test_abuse_watch_of_a_large_world(void **state) {
    (void)state;
    enum { N = 4000, AHEAD = 200 };
    sgp_client *client = connect_as(child.dispatcher);
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    point.lon = 112.635;
    point.lat = -7.965;
    Sigap__V1__ReportCall call = SIGAP__V1__REPORT_CALL__INIT;
    call.point = &point;
    call.priority = SIGAP__V1__PRIORITY__P3;
    call.complaint = (char *)"cardiac_arrest";
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_REPORT_CALL, &call);
    sgp_fault fault;
    uint64_t seq;
    for (int sent = 0, heard = 0; heard < N;) {
        while (sent < N && sent - heard < AHEAD) {
            assert_int_equal(sgp_client_send(client, &request, &seq, &fault), SGP_OK);
            sent++;
        }
        frame_t *reply = NULL;
        assert_int_equal(sgp_client_next_frame(client, 30000, &reply, &fault), SGP_OK);
        assert_int_equal(reply->body_case, SIGAP__V1__FRAME__BODY_DONE);
        free_frame(reply);
        heard++;
    }
    Sigap__V1__Watch watch = SIGAP__V1__WATCH__INIT;
    request = request_of(SIGAP__V1__FRAME__BODY_WATCH, &watch);
    frame_t *frame = ask(client, &request);
    size_t incidents = 0;
    for (bool caught_up = false; !caught_up;) {
        assert_int_equal(frame->body_case, SIGAP__V1__FRAME__BODY_UPDATE);
        incidents += frame->update->n_incidents;
        caught_up = frame->update->caught_up;
        free_frame(frame);
        if (!caught_up && sgp_client_next_push(client, 20000, &frame, &fault) != SGP_OK)
            fail_msg("after %zu incidents: %s", incidents, fault.text);
    }
    assert_int_equal(incidents, N);
    sgp_client_close(client);
}

/* ---- whose is it? --------------------------------------------------------- */

static sgp_err refusal(sgp_client *client, frame_t *request) {
    frame_t *reply = NULL;
    sgp_fault fault;
    sgp_err err = sgp_client_request(client, request, 10000, &reply, &fault);
    if (err == SGP_OK)
        free_frame(reply);
    return err;
}

static void sign_on(const char *token, sgp_client **crew) {
    Sigap__V1__SetDuty duty = SIGAP__V1__SET_DUTY__INIT;
    duty.on_duty = 1;
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_SET_DUTY, &duty);
    *crew = connect_as(token);
    free_frame(ask(*crew, &request));
}

/* A caller opens incidents; only a call-taker says that a call belongs to another. */
static void test_abuse_caller_joins_no_incident(void **state) {
    (void)state;
    sgp_client *dispatcher = connect_as(child.dispatcher), *caller = connect_as(child.caller);
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    point.lon = 112.635;
    point.lat = -7.965;
    Sigap__V1__ReportCall call = SIGAP__V1__REPORT_CALL__INIT;
    call.point = &point;
    call.priority = SIGAP__V1__PRIORITY__P3;
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_REPORT_CALL, &call);
    frame_t *reply = ask(dispatcher, &request);
    call.incident_id = reply->done->incident_id;
    call.priority = SIGAP__V1__PRIORITY__P1;
    assert_int_equal(refusal(caller, &request), SGP_E_PERMISSION);
    assert_int_equal(refusal(dispatcher, &request), SGP_OK);
    call.incident_id = 0;
    assert_int_equal(refusal(caller, &request), SGP_OK);
    free_frame(reply);
    sgp_client_close(dispatcher);
    sgp_client_close(caller);
}

/* While the engine stands still, a dispatcher orders A-01, and the crew of A-02
 * declines the assignment whose number it guesses: both wait in the same turn. */
static void test_abuse_crew_answers_a_future_order(void **state) {
    (void)state;
    sgp_client *first, *second, *dispatcher = connect_as(child.dispatcher);
    sign_on(child.crew[0], &first);
    sign_on(child.crew[1], &second);
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    point.lon = 112.635;
    point.lat = -7.965;
    Sigap__V1__ReportCall call = SIGAP__V1__REPORT_CALL__INIT;
    call.point = &point;
    call.priority = SIGAP__V1__PRIORITY__P3;
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_REPORT_CALL, &call);
    frame_t *reply = ask(dispatcher, &request);
    Sigap__V1__OrderUnit order = SIGAP__V1__ORDER_UNIT__INIT;
    order.incident_id = reply->done->incident_id;
    order.unit_code = (char *)"A-01";
    free_frame(reply);
    frame_t ordering = request_of(SIGAP__V1__FRAME__BODY_ORDER_UNIT, &order);
    Sigap__V1__AnswerOrder decline = SIGAP__V1__ANSWER_ORDER__INIT;
    decline.assignment_id = 1;
    frame_t declining = request_of(SIGAP__V1__FRAME__BODY_ANSWER_ORDER, &decline);
    sgp_fault fault;
    uint64_t seq;
    kill(child.pid, SIGSTOP);
    assert_int_equal(sgp_client_send(dispatcher, &ordering, &seq, &fault), SGP_OK);
    assert_int_equal(sgp_client_send(second, &declining, &seq, &fault), SGP_OK);
    kill(child.pid, SIGCONT);
    assert_int_equal(sgp_client_next_frame(second, 10000, &reply, &fault), SGP_OK);
    assert_int_equal(reply->body_case, SIGAP__V1__FRAME__BODY_ERROR);
    free_frame(reply);
    assert_int_equal(sgp_client_next_push(first, 10000, &reply, &fault), SGP_OK);
    assert_int_equal(reply->body_case, SIGAP__V1__FRAME__BODY_ORDER);
    free_frame(reply);
    decline.assignment_id = 1;
    decline.accept = 1;
    assert_int_equal(refusal(second, &declining), SGP_E_PERMISSION);
    assert_int_equal(refusal(first, &declining), SGP_OK);
    sgp_client_close(first);
    sgp_client_close(second);
    sgp_client_close(dispatcher);
}

/* What was answered once is not judged again, whatever the repeat looks like now. */
static void test_abuse_repeat_is_not_judged_again(void **state) {
    (void)state;
    sgp_client *client = connect_as(child.dispatcher);
    sgp_uuid id = sgp_uuid_make();
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    point.lon = 112.635;
    point.lat = -7.965;
    Sigap__V1__ReportCall call = SIGAP__V1__REPORT_CALL__INIT;
    call.point = &point;
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_REPORT_CALL, &call);
    request.id.data = id.bytes;
    request.id.len = sizeof id.bytes;
    frame_t *first = ask(client, &request);
    point.lon = 20; /* as if the city had been switched meanwhile */
    frame_t *again = ask(client, &request);
    assert_int_equal(again->body_case, SIGAP__V1__FRAME__BODY_DONE);
    assert_true(again->done->repeated_request);
    assert_int_equal(again->done->call_id, first->done->call_id);
    free_frame(first);
    free_frame(again);
    sgp_client_close(client);
}

/* A lost answer is asked for again, and what is heard then is the answer. */
static void test_abuse_recommendation_is_repeated(void **state) {
    (void)state;
    sgp_client *client = connect_as(child.dispatcher);
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    point.lon = 112.635;
    point.lat = -7.965;
    Sigap__V1__ReportCall call = SIGAP__V1__REPORT_CALL__INIT;
    call.point = &point;
    call.priority = SIGAP__V1__PRIORITY__P4;
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_REPORT_CALL, &call);
    frame_t *reply = ask(client, &request);
    Sigap__V1__AskRecommendation asked = SIGAP__V1__ASK_RECOMMENDATION__INIT;
    asked.incident_id = reply->done->incident_id;
    free_frame(reply);
    request = request_of(SIGAP__V1__FRAME__BODY_ASK_RECOMMENDATION, &asked);
    sgp_uuid id = sgp_uuid_make();
    request.id.data = id.bytes;
    request.id.len = sizeof id.bytes;
    frame_t *first = ask(client, &request);
    frame_t *again = ask(client, &request);
    assert_int_equal(first->body_case, SIGAP__V1__FRAME__BODY_RECOMMENDATION);
    assert_int_equal(again->body_case, SIGAP__V1__FRAME__BODY_RECOMMENDATION);
    uint8_t bytes[2][4096];
    size_t length = sigap__v1__recommendation__get_packed_size(first->recommendation);
    assert_in_range(length, 1, sizeof bytes[0]);
    assert_int_equal(sigap__v1__recommendation__get_packed_size(again->recommendation), length);
    sigap__v1__recommendation__pack(first->recommendation, bytes[0]);
    sigap__v1__recommendation__pack(again->recommendation, bytes[1]);
    assert_memory_equal(bytes[0], bytes[1], length);
    free_frame(first);
    free_frame(again);
    sgp_client_close(client);
}

typedef struct told_events {
    uint64_t received_seq, placed_seq, placed_parent;
} told_events;

static sgp_err note_event(void *ctx, uint64_t seq, const uint8_t *bytes, size_t length) {
    told_events *told = ctx;
    Sigap__V1__JournalRecord *record = sigap__v1__journal_record__unpack(NULL, length, bytes);
    assert_non_null(record);
    if (record->event->body_case == SIGAP__V1__EVENT__BODY_CALL_RECEIVED)
        told->received_seq = seq;
    if (record->event->body_case == SIGAP__V1__EVENT__BODY_CALL_PLACED) {
        told->placed_seq = seq;
        told->placed_parent = record->event->parent;
    }
    sigap__v1__journal_record__free_unpacked(record, NULL);
    return SGP_OK;
}

/* Who reads the journal sees which call a place answers. */
static void test_abuse_place_names_its_cause(void **state) {
    (void)state;
    sgp_client *client = connect_as(child.dispatcher);
    Sigap__V1__ReportCall call = SIGAP__V1__REPORT_CALL__INIT;
    call.place_text = (char *)"112.635,-7.965";
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_REPORT_CALL, &call);
    free_frame(ask(client, &request));
    sgp_client_close(client);
    char path[96];
    snprintf(path, sizeof path, "%s/journal", child.folder);
    told_events told = {0};
    for (int i = 0; i < 500 && told.placed_seq == 0; i++) {
        struct timespec wait = {0, 10000000};
        nanosleep(&wait, NULL);
        sgp_journal_reader *reader = NULL;
        sgp_fault fault;
        uint64_t last = 0;
        assert_int_equal(sgp_journal_reader_open(path, NULL, &reader, &fault), SGP_OK);
        assert_int_equal(sgp_journal_reader_last(reader, &last, NULL, NULL, &fault), SGP_OK);
        assert_int_equal(sgp_journal_reader_events(reader, 0, last, note_event, &told, &fault),
                         SGP_OK);
        sgp_journal_reader_close(reader);
    }
    assert_true(told.received_seq > 0);
    assert_true(told.placed_seq > told.received_seq);
    assert_int_equal(told.placed_parent, told.received_seq);
}

/* ---- the loop ------------------------------------------------------------- */

/* While a table is made nobody's call is taken, so its work is bounded. */
static void test_abuse_table_is_bounded(void **state) {
    (void)state;
    sgp_client *client = connect_as(child.dispatcher);
    Sigap__V1__Point here = SIGAP__V1__POINT__INIT;
    here.lon = 112.6301;
    here.lat = -7.9699;
    Sigap__V1__Point *many[100];
    for (int i = 0; i < 100; i++)
        many[i] = &here;
    Sigap__V1__TableQuery table = SIGAP__V1__TABLE_QUERY__INIT;
    table.sources = table.targets = many;
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_TABLE_QUERY, &table);
    static const struct {
        size_t n_sources, n_targets;
        bool fits;
    } rows[] = {{50, 50, true},   {25, 100, true},  {1, 100, true},
                {26, 100, false}, {100, 26, false}, {100, 100, false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        table.n_sources = rows[i].n_sources;
        table.n_targets = rows[i].n_targets;
        frame_t *reply = NULL;
        sgp_fault fault = {0};
        sgp_err err = sgp_client_request(client, &request, 30000, &reply, &fault);
        assert_int_equal(err, rows[i].fits ? SGP_OK : SGP_E_TOO_LARGE);
        if (rows[i].fits)
            assert_int_equal(reply->table->n_duration_ms, rows[i].n_sources * rows[i].n_targets);
        else
            assert_non_null(strstr(fault.text, "2500 pairs"));
        if (reply != NULL)
            free_frame(reply);
    }
    sgp_client_close(client);
}

/* ---- what is configured --------------------------------------------------- */

static void test_abuse_status_tells_no_database(void **state) {
    (void)state;
    sgp_client *client = connect_as(child.dispatcher);
    Sigap__V1__GetStatus get = SIGAP__V1__GET_STATUS__INIT;
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_GET_STATUS, &get);
    frame_t *reply = ask(client, &request);
    assert_true(reply->status->database_away);
    assert_true(reply->status->no_database);
    free_frame(reply);
    sgp_client_close(client);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void) {
    signal(SIGPIPE, SIG_IGN);
    static int sixty_units = 60;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate_setup_teardown(test_abuse_watch_of_a_large_world, start, stop,
                                                 &sixty_units),
        CASE(test_abuse_caller_joins_no_incident),
        CASE(test_abuse_crew_answers_a_future_order),
        CASE(test_abuse_repeat_is_not_judged_again),
        CASE(test_abuse_recommendation_is_repeated),
        CASE(test_abuse_place_names_its_cause),
        CASE(test_abuse_table_is_bounded),
        CASE(test_abuse_status_tells_no_database),
    };
    return cmocka_run_group_tests_name("engine_abuse", tests, NULL, NULL);
}
