/* sigapd and the calls of a night: what may be one incident is offered with its reason, to those
 * who take calls, and after kill -9 it still is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"
#include "engine_ask.h"
#include "journal/journal_reader.h"

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
    sgp_client *taker = connect_as(child.dispatcher), *caller = connect_as(child.caller);
    sgp_client *watcher = connect_as(child.viewer);
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
    taker = connect_as(child.dispatcher);
    frame_t *detail = detail_of(taker, third->done->incident_id);
    const Sigap__V1__Incident *incident = detail->incident_detail->incident;
    assert_int_equal(incident->n_alike, 2);
    assert_int_equal(incident->alike[0]->incident_id, second->done->incident_id);
    free_frame(detail);

    Sigap__V1__DismissAlike dismiss = SIGAP__V1__DISMISS_ALIKE__INIT;
    dismiss.call_id = third->done->call_id;
    dismiss.incident_id = first->done->incident_id;
    sgp_client *crew = connect_as(child.crew[0]);
    ASK_REFUSED(crew, DISMISS_ALIKE, &dismiss, SGP_E_PERMISSION);
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
    taker = connect_as(child.dispatcher);
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

static void close_as(sgp_client *taker, uint64_t incident, Sigap__V1__Outcome outcome) {
    Sigap__V1__CloseIncident message = SIGAP__V1__CLOSE_INCIDENT__INIT;
    message.incident_id = incident;
    message.outcome = outcome;
    free_frame(ASK(taker, CLOSE_INCIDENT, &message, DONE));
}

static frame_t *marked_numbers(sgp_client *taker) {
    Sigap__V1__ListMarkedNumbers list = SIGAP__V1__LIST_MARKED_NUMBERS__INIT;
    return ASK(taker, LIST_MARKED_NUMBERS, &list, MARKED_NUMBER_PAGE);
}

/* Does a file of the engine's folder hold these letters in the clear? */
static bool journal_holds(const char *letters) {
    static const char *const files[] = {"journal", "journal-wal", "log"};
    bool found = false;
    for (size_t i = 0; i < sizeof files / sizeof files[0] && !found; i++) {
        char path[128];
        static char bytes[8 << 20];
        snprintf(path, sizeof path, "%s/%s", child.folder, files[i]);
        FILE *file = fopen(path, "rb");
        size_t n = file != NULL ? fread(bytes, 1, sizeof bytes, file) : 0;
        if (file != NULL)
            fclose(file);
        found = memmem(bytes, n, letters, strlen(letters)) != NULL;
    }
    return found;
}

/* Three pranks of one number, in three ways of writing it: the fourth call warns, is served all the
 * same, and shows what came before; the mark outlives a kill, and a person lifts it. */
static void test_engine_calls_nuisance(void **state) {
    (void)state;
    static const char *const written[] = {"0812-0000-7788", "+62 812 0000 7788", "62812 00007788"};
    sgp_client *taker = connect_as(child.dispatcher);
    for (int i = 0; i < 3; i++) {
        frame_t *call = report(taker, "fall", 112.640, written[i]);
        close_as(taker, call->done->incident_id, SIGAP__V1__OUTCOME__PRANK);
        free_frame(call);
    }
    frame_t *page = marked_numbers(taker);
    assert_int_equal(page->marked_number_page->n_numbers, 1);
    assert_int_equal(page->marked_number_page->numbers[0]->nuisance->calls, 3);
    assert_string_equal(page->marked_number_page->numbers[0]->caller_number, written[2]);
    free_frame(page);
    restart();
    sgp_client_close(taker);
    taker = connect_as(child.dispatcher);
    Sigap__V1__SetDuty duty = SIGAP__V1__SET_DUTY__INIT;
    duty.unit_code = (char *)"A-01";
    duty.on_duty = 1;
    free_frame(ASK(taker, SET_DUTY, &duty, DONE));
    frame_t *fourth = report(taker, "cardiac_arrest", 112.640, "081200007788");
    frame_t *detail = detail_of(taker, fourth->done->incident_id);
    const Sigap__V1__IncidentDetail *told = detail->incident_detail;
    assert_non_null(told->calls[0]->nuisance);
    assert_int_equal(told->calls[0]->nuisance->calls, 3);
    assert_true(told->incident->suspect);
    assert_int_equal(told->n_assignments, 1); /* never blocked */
    assert_non_null(told->history);
    assert_int_equal(told->history->n_same_number, 3);
    assert_int_equal(told->history->same_number[0]->outcome, SIGAP__V1__OUTCOME__PRANK);
    assert_true(told->history->n_same_place >= 3);
    free_frame(detail);
    sgp_client *viewer = connect_as(child.viewer);
    detail = detail_of(viewer, fourth->done->incident_id);
    assert_null(detail->incident_detail->history); /* who may not hear callers */
    free_frame(detail);
    Sigap__V1__GetHistory get = SIGAP__V1__GET_HISTORY__INIT;
    get.call_id = fourth->done->call_id;
    ASK_REFUSED(viewer, GET_HISTORY, &get, SGP_E_PERMISSION);
    get.within_m = 5000;
    ASK_REFUSED(taker, GET_HISTORY, &get, SGP_E_RANGE);

    Sigap__V1__JudgeCall judge = SIGAP__V1__JUDGE_CALL__INIT;
    judge.call_id = fourth->done->call_id;
    judge.outcome = SIGAP__V1__OUTCOME__SERVED;
    ASK_REFUSED(taker, JUDGE_CALL, &judge, SGP_E_RANGE);
    judge.outcome = SIGAP__V1__OUTCOME__REAL;
    free_frame(ASK(taker, JUDGE_CALL, &judge, DONE));
    detail = detail_of(taker, fourth->done->incident_id);
    assert_false(detail->incident_detail->incident->suspect);
    free_frame(detail);
    Sigap__V1__MarkNumber lift = SIGAP__V1__MARK_NUMBER__INIT;
    lift.call_id = fourth->done->call_id;
    lift.lift = 1;
    free_frame(ASK(taker, MARK_NUMBER, &lift, DONE));
    restart();
    sgp_client_close(taker);
    taker = connect_as(child.dispatcher);
    page = marked_numbers(taker);
    assert_int_equal(page->marked_number_page->n_numbers, 0);
    free_frame(page);
    assert_false(journal_holds("00007788"));
    assert_false(journal_holds("0000 7788"));
    close_as(taker, fourth->done->incident_id, SIGAP__V1__OUTCOME__CANCELLED);
    free_frame(fourth);
    sgp_client_close(viewer);
    sgp_client_close(taker);
}

static frame_t *log_of(sgp_client *taker, uint64_t incident) {
    Sigap__V1__GetLog get = SIGAP__V1__GET_LOG__INIT;
    get.incident_id = incident;
    return ASK(taker, GET_LOG, &get, LOG);
}

/* A note reaches who watches and may hear callers, and nobody else; it is sealed, in its place in
 * the log, and there after a kill. */
static void test_engine_calls_notes(void **state) {
    (void)state;
    static const char words[] = "keluarga menunggu di gerbang selatan";
    sgp_client *taker = connect_as(child.dispatcher), *hearer = connect_as(child.dispatcher);
    sgp_client *viewer = connect_as(child.viewer);
    Sigap__V1__Watch watch = SIGAP__V1__WATCH__INIT;
    free_frame(ASK(hearer, WATCH, &watch, UPDATE));
    frame_t *call = report(taker, "sick_person", 112.6420, "");
    Sigap__V1__AddNote add = SIGAP__V1__ADD_NOTE__INIT;
    add.incident_id = call->done->incident_id;
    ASK_REFUSED(taker, ADD_NOTE, &add, SGP_E_ARGUMENT);
    add.text = (char *)words;
    ASK_REFUSED(viewer, ADD_NOTE, &add, SGP_E_PERMISSION);
    free_frame(ASK(taker, ADD_NOTE, &add, DONE));
    bool heard = false;
    for (int i = 0; i < 50 && !heard; i++) {
        frame_t *push = NULL;
        sgp_fault fault = {0};
        assert_int_equal(sgp_client_next_push(hearer, 10000, &push, &fault), SGP_OK);
        heard = push->body_case == SIGAP__V1__FRAME__BODY_UPDATE && push->update->n_notes == 1 &&
                strcmp(push->update->notes[0]->text, words) == 0;
        free_frame(push);
    }
    assert_true(heard);
    restart();
    sgp_client_close(taker);
    taker = connect_as(child.dispatcher);
    frame_t *log = log_of(taker, call->done->incident_id);
    assert_true(log->log->n_entries >= 2);
    assert_string_equal(log->log->entries[0]->event, "CALL_RECEIVED");
    const Sigap__V1__LogEntry *last = log->log->entries[log->log->n_entries - 1];
    assert_string_equal(last->event, "NOTE_ADDED");
    assert_string_equal(last->actor, "dispatcher");
    assert_string_equal(last->text, words);
    free_frame(log);
    assert_false(journal_holds(words));
    close_as(taker, call->done->incident_id, SIGAP__V1__OUTCOME__CANCELLED);
    log = log_of(taker, call->done->incident_id);
    last = log->log->entries[log->log->n_entries - 1];
    assert_string_equal(last->event, "INCIDENT_CLOSED");
    assert_int_equal(last->outcome, SIGAP__V1__OUTCOME__CANCELLED);
    free_frame(log);
    free_frame(call);
    sgp_client_close(hearer);
    sgp_client_close(viewer);
    sgp_client_close(taker);
}

static frame_t *next_order(sgp_client *crew) {
    for (int i = 0; i < 50; i++) {
        frame_t *push = NULL;
        sgp_fault fault = {0};
        assert_int_equal(sgp_client_next_push(crew, 10000, &push, &fault), SGP_OK);
        if (push->body_case == SIGAP__V1__FRAME__BODY_ORDER)
            return push;
        free_frame(push);
    }
    fail_msg("no order came");
    return NULL;
}

/* The words about a place reach the crew with its order and when they are changed on the way; they
 * are sealed, outlive a kill, and are destroyed with their note. */
static void test_engine_calls_premises(void **state) {
    (void)state;
    sgp_client *taker = connect_as(child.dispatcher), *crew = connect_as(child.crew[1]);
    Sigap__V1__SetDuty duty = SIGAP__V1__SET_DUTY__INIT;
    duty.on_duty = 1;
    free_frame(ASK(crew, SET_DUTY, &duty, DONE));
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    point.lon = 112.6440;
    point.lat = -7.970;
    Sigap__V1__SetPremise set = SIGAP__V1__SET_PREMISE__INIT;
    set.point = &point;
    set.kind = SIGAP__V1__PREMISE_KIND__PREMISE_ACCESS;
    set.text = (char *)"kode gerbang 4711";
    ASK_REFUSED(crew, SET_PREMISE, &set, SGP_E_PERMISSION);
    frame_t *done = ASK(taker, SET_PREMISE, &set, DONE);
    uint64_t id = done->done->closure_id;
    free_frame(done);
    restart();
    sgp_client_close(taker);
    sgp_client_close(crew);
    taker = connect_as(child.dispatcher);
    crew = connect_as(child.crew[1]);
    frame_t *call = report(taker, "fall", 112.6441, "");
    Sigap__V1__OrderUnit order = SIGAP__V1__ORDER_UNIT__INIT;
    order.incident_id = call->done->incident_id;
    order.unit_code = (char *)"A-02";
    free_frame(ASK(taker, ORDER_UNIT, &order, DONE));
    frame_t *heard = next_order(crew);
    assert_int_equal(heard->order->n_premises, 1);
    assert_string_equal(heard->order->premises[0]->text, "kode gerbang 4711");
    assert_int_equal(heard->order->premises[0]->radius_m, 50);
    uint64_t version = heard->order->premises[0]->version;
    free_frame(heard);
    /* Edited while it is on the way: the words are new, the rest stays. */
    set = (Sigap__V1__SetPremise)SIGAP__V1__SET_PREMISE__INIT;
    set.id = id;
    set.text = (char *)"kode gerbang 1147";
    set.version = version;
    free_frame(ASK(taker, SET_PREMISE, &set, DONE));
    heard = next_order(crew);
    assert_string_equal(heard->order->premises[0]->text, "kode gerbang 1147");
    assert_int_equal(heard->order->premises[0]->kind, SIGAP__V1__PREMISE_KIND__PREMISE_ACCESS);
    free_frame(heard);
    ASK_REFUSED(taker, SET_PREMISE, &set, SGP_E_STATE); /* changed since */
    assert_false(journal_holds("1147"));
    Sigap__V1__RemovePremise gone = SIGAP__V1__REMOVE_PREMISE__INIT;
    gone.id = id;
    free_frame(ASK(taker, REMOVE_PREMISE, &gone, DONE));
    heard = next_order(crew);
    assert_int_equal(heard->order->n_premises, 0);
    free_frame(heard);
    Sigap__V1__ListPremises list = SIGAP__V1__LIST_PREMISES__INIT;
    frame_t *page = ASK(taker, LIST_PREMISES, &list, PREMISE_PAGE);
    assert_int_equal(page->premise_page->n_premises, 0);
    free_frame(page);
    close_as(taker, call->done->incident_id, SIGAP__V1__OUTCOME__CANCELLED);
    free_frame(call);
    sgp_client_close(crew);
    sgp_client_close(taker);
}

static int begin(void **state) {
    (void)state;
    child_prepare(&child, "");
    child_start(&child, SIGAPD);
    return 0;
}

typedef struct erasure_seen {
    uint64_t premise;
    bool seen;
} erasure_seen;

static sgp_err see_erasure(void *ctx, uint64_t number, uint64_t incident, uint64_t seq) {
    erasure_seen *wanted = ctx;
    (void)number;
    (void)seq;
    /* The keys of premise notes stand above all incidents. */
    wanted->seen |= incident == (wanted->premise | UINT64_C(1) << 61);
    return SGP_OK;
}

static bool words_destroyed(uint64_t premise) {
    char path[128];
    sgp_journal_reader *reader = NULL;
    sgp_fault fault = {0};
    erasure_seen wanted = {.premise = premise};
    snprintf(path, sizeof path, "%s/journal", child.folder);
    assert_int_equal(sgp_journal_reader_open(path, NULL, &reader, &fault), SGP_OK);
    assert_int_equal(sgp_journal_reader_erasures(reader, 0, see_erasure, &wanted, &fault), SGP_OK);
    sgp_journal_reader_close(reader);
    return wanted.seen;
}

/* Words about a place do not outlast their note: not where a new note follows one that has expired,
 * nor where the engine starts after it has. */
static void test_engine_calls_expired_premises(void **state) {
    (void)state;
    sgp_client *taker = connect_as(child.dispatcher);
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    point.lon = 112.6440;
    point.lat = -7.970;
    uint64_t ids[3];
    const struct timespec pause = {.tv_sec = 3};
    for (int i = 0; i < 3; i++) { /* the last one stays */
        Sigap__V1__SetPremise set = SIGAP__V1__SET_PREMISE__INIT;
        set.point = &point;
        set.kind = SIGAP__V1__PREMISE_KIND__PREMISE_PATIENT;
        set.text = (char *)"pasien di lantai dua";
        set.until_at_ms = sgp_wall_ms() + (i < 2 ? 1500 : 3600000);
        frame_t *done = ASK(taker, SET_PREMISE, &set, DONE);
        ids[i] = done->done->closure_id;
        free_frame(done);
        if (i == 0) {
            assert_false(words_destroyed(ids[0]));
            nanosleep(&pause, NULL);
        }
    }
    assert_true(words_destroyed(ids[0]));
    nanosleep(&pause, NULL);
    assert_false(words_destroyed(ids[1])); /* nothing has happened since */
    restart();
    assert_true(words_destroyed(ids[1]));
    assert_false(words_destroyed(ids[2]));
    sgp_client_close(taker);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_engine_calls_duplicates),
        cmocka_unit_test(test_engine_calls_nuisance),
        cmocka_unit_test(test_engine_calls_notes),
        cmocka_unit_test(test_engine_calls_premises),
        cmocka_unit_test(test_engine_calls_expired_premises),
    };
    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, begin, child_over);
}
