/* What callers say about where: kept sealed beside the place, told to those who may hear it, looked
 * up with all that was said before; and what FindPlace refuses. The engine runs without a
 * database, so only pairs of numbers and names of the road graph are found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/ids.h"
#include "engine_ask.h"
#include "serve/frame.h"
#include "sigap/core.h"

static Sigap__V1__Done report(sgp_client *client, const char *text, double lon, double lat,
                              int32_t uncertainty_m, uint64_t incident) {
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    point.lon = lon;
    point.lat = lat;
    Sigap__V1__ReportCall call = SIGAP__V1__REPORT_CALL__INIT;
    call.place_text = (char *)text;
    call.point = lon != 0 ? &point : NULL;
    call.uncertainty_m = uncertainty_m;
    call.priority = SIGAP__V1__PRIORITY__P3;
    call.complaint = (char *)"fall";
    call.caller_name = (char *)"Nama Contoh";
    call.incident_id = incident;
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_REPORT_CALL, &call);
    frame_t *reply = ask(client, &request);
    Sigap__V1__Done done = *reply->done;
    free_frame(reply);
    return done;
}

static frame_t narrow_request(Sigap__V1__NarrowPlace *narrow, uint64_t call, const char *text) {
    sigap__v1__narrow_place__init(narrow);
    narrow->call_id = call;
    narrow->text = (char *)text;
    return request_of(SIGAP__V1__FRAME__BODY_NARROW_PLACE, narrow);
}

static void narrow(sgp_client *client, uint64_t call, const char *text) {
    Sigap__V1__NarrowPlace narrow_place;
    frame_t request = narrow_request(&narrow_place, call, text);
    frame_t *reply = ask(client, &request);
    assert_int_equal(reply->body_case, SIGAP__V1__FRAME__BODY_DONE);
    assert_int_equal(reply->done->call_id, call);
    free_frame(reply);
}

/* The incident once none of its calls is being looked up. */
static frame_t *settled(sgp_client *client, uint64_t incident) {
    for (int tries = 0; tries < 500; tries++) {
        Sigap__V1__GetIncident get = SIGAP__V1__GET_INCIDENT__INIT;
        get.incident_id = incident;
        frame_t request = request_of(SIGAP__V1__FRAME__BODY_GET_INCIDENT, &get);
        frame_t *reply = ask(client, &request);
        bool waits = false;
        for (size_t i = 0; i < reply->incident_detail->n_calls; i++)
            waits = waits || reply->incident_detail->calls[i]->looking_up;
        if (!waits)
            return reply;
        free_frame(reply);
        struct timespec pause = {0, 10000000};
        nanosleep(&pause, NULL);
    }
    fail_msg("the call is looked up for ever");
    return NULL;
}

static int start(void **state) {
    (void)state;
    memset(&child, 0, sizeof child);
    child_prepare(&child, "clocks = { order_without_click = []; };");
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

/* ---- words of a call ------------------------------------------------------- */

static void test_words_narrow_a_call(void **state) {
    (void)state;
    sgp_client *local = connect_as(NULL), *viewer = connect_as(child.viewer);
    Sigap__V1__Done done = report(local, "rumah pagar hijau", 0, 0, 0, 0);
    frame_t *detail = settled(local, done.incident_id);
    assert_null(detail->incident_detail->incident->place);
    free_frame(detail);

    narrow(local, done.call_id, "112.635,-7.965");
    detail = settled(local, done.incident_id);
    Sigap__V1__IncidentDetail *d = detail->incident_detail;
    assert_non_null(d->incident->place);
    assert_int_equal(d->calls[0]->texts, 2);
    assert_int_equal(d->calls[0]->n_places, 1);
    assert_true(d->calls[0]->places[0]->access != NULL);
    assert_string_equal(d->callers[0]->place_text, "rumah pagar hijau");
    assert_string_equal(d->callers[0]->caller_name, "Nama Contoh");
    assert_int_equal(d->callers[0]->n_later_place_texts, 1);
    assert_string_equal(d->callers[0]->later_place_texts[0], "112.635,-7.965");
    free_frame(detail);

    /* Who may not hear callers neither hears their words nor adds to them. */
    detail = settled(viewer, done.incident_id);
    assert_int_equal(detail->incident_detail->n_callers, 0);
    assert_int_equal(detail->incident_detail->calls[0]->texts, 2);
    free_frame(detail);
    Sigap__V1__NarrowPlace narrow_place;
    frame_t request = narrow_request(&narrow_place, done.call_id, "dekat masjid");
    ask_wrong(viewer, &request, SGP_E_PERMISSION);

    /* The words survive the engine, and so does their bound. */
    child_stop(&child, SIGKILL);
    sgp_client_close(local);
    child_start(&child, SIGAPD);
    local = connect_as(NULL);
    for (int i = 2; i < SGP_CALL_TEXTS_MAX; i++)
        narrow(local, done.call_id, "dekat masjid");
    request = narrow_request(&narrow_place, done.call_id, "dekat masjid");
    assert_non_null(strstr(ask_wrong(local, &request, SGP_E_FULL), "16 texts"));
    detail = settled(local, done.incident_id);
    assert_int_equal(detail->incident_detail->callers[0]->n_later_place_texts,
                     SGP_CALL_TEXTS_MAX - 1);
    assert_string_equal(detail->incident_detail->callers[0]->place_text, "rumah pagar hijau");
    assert_non_null(detail->incident_detail->incident->place);
    free_frame(detail);

    static char long_text[1002];
    memset(long_text, 'x', sizeof long_text - 1);
    request = narrow_request(&narrow_place, done.call_id, long_text);
    assert_non_null(strstr(ask_wrong(local, &request, SGP_E_ARGUMENT), "1000 bytes"));
    request = narrow_request(&narrow_place, done.call_id, " \n ");
    assert_non_null(strstr(ask_wrong(local, &request, SGP_E_ARGUMENT), "text is empty"));
    request = narrow_request(&narrow_place, 999, "dekat masjid");
    ask_wrong(local, &request, SGP_E_NOT_FOUND);
    sgp_client_close(viewer);
    sgp_client_close(local);
}

/* A sure point stands whatever the words say; a coarse one is the place for as long as there is
 * nothing better. */
static void test_words_beside_a_point(void **state) {
    (void)state;
    sgp_client *local = connect_as(NULL);
    Sigap__V1__Done done = report(local, "rumah pagar hijau", 112.635, -7.965, 30, 0);
    frame_t *detail = settled(local, done.incident_id);
    assert_true(detail->incident_detail->incident->place_confirmed);
    assert_non_null(detail->incident_detail->incident->place->access);
    assert_string_not_equal(detail->incident_detail->incident->place->access_street, "");
    free_frame(detail);

    done = report(local, "rumah pagar hijau", 112.635, -7.965, 1200, 0);
    detail = settled(local, done.incident_id);
    Sigap__V1__IncidentDetail *d = detail->incident_detail;
    assert_false(d->incident->place_confirmed);
    assert_int_equal(d->incident->place->uncertainty_m, 1200);
    assert_non_null(d->calls[0]->near);
    assert_int_equal(d->calls[0]->near_radius_m, 1200);
    free_frame(detail);
    narrow(local, done.call_id, "112.6401,-7.9601");
    detail = settled(local, done.incident_id);
    assert_true(detail->incident_detail->incident->place_confirmed);
    assert_true(detail->incident_detail->incident->place->point->lon > 112.64);
    free_frame(detail);

    /* Without words a coarse point is all there is. */
    done = report(local, "", 112.635, -7.965, 1200, 0);
    detail = settled(local, done.incident_id);
    assert_true(detail->incident_detail->incident->place_confirmed);
    free_frame(detail);
    sgp_client_close(local);
}

/* Watchers hear the words just said, before they hear of the call; viewers hear of the call only.
 */
static void test_words_are_told_to_those_who_may_hear(void **state) {
    (void)state;
    sgp_client *watchers[] = {connect_as(child.dispatcher), connect_as(child.viewer)};
    sgp_fault fault;
    for (int i = 0; i < 2; i++) {
        Sigap__V1__Watch watch = SIGAP__V1__WATCH__INIT;
        frame_t request = request_of(SIGAP__V1__FRAME__BODY_WATCH, &watch);
        free_frame(ask(watchers[i], &request));
    }
    sgp_client *local = connect_as(NULL);
    Sigap__V1__Done done = report(local, "rumah pagar hijau", 0, 0, 0, 0);
    frame_t *detail = settled(local, done.incident_id);
    free_frame(detail);
    narrow(local, done.call_id, "112.635,-7.965");
    free_frame(settled(local, done.incident_id));
    for (int i = 0; i < 2; i++) {
        size_t words = 0, later = 0;
        bool placed = false;
        while (!placed) {
            frame_t *push = NULL;
            assert_int_equal(sgp_client_next_push(watchers[i], 10000, &push, &fault), SGP_OK);
            const Sigap__V1__Update *update = push->update;
            for (size_t k = 0; k < update->n_callers; k++) {
                assert_int_equal(update->callers[k]->call_id, done.call_id);
                assert_string_equal(update->callers[k]->place_text, "rumah pagar hijau");
                assert_string_equal(update->callers[k]->caller_name, "");
                later = update->callers[k]->n_later_place_texts;
                words++;
            }
            for (size_t k = 0; k < update->n_calls; k++) {
                placed = update->calls[k]->n_places > 0;
                if (i == 0) /* the words came first */
                    assert_true(words > 0);
            }
            free_frame(push);
        }
        assert_int_equal(words, i == 0 ? 2 : 0);
        assert_int_equal(later, i == 0 ? 1 : 0);
        sgp_client_close(watchers[i]);
    }
    sgp_client_close(local);

    /* Sealed: not in the journal's file in plain. */
    char command[256];
    snprintf(command, sizeof command, "! grep -aq 'pagar hijau' '%s'/journal*", child.folder);
    assert_int_equal(system(command), 0);
}

/* The graph's names are made beside, when the engine has begun already. */
static void wait_for_the_graph(sgp_client *client) {
    for (int tries = 0; tries < 1000; tries++) {
        Sigap__V1__FindPlace find = SIGAP__V1__FIND_PLACE__INIT;
        find.text = (char *)"Jalan Utara";
        frame_t request = request_of(SIGAP__V1__FRAME__BODY_FIND_PLACE, &find), *reply = NULL;
        sgp_fault fault = {0};
        bool found = sgp_client_request(client, &request, 0, &reply, &fault) == SGP_OK &&
                     reply->place_answer->n_candidates > 0;
        free_frame(reply);
        if (found)
            return;
        struct timespec pause = {0, 10000000};
        nanosleep(&pause, NULL);
    }
    fail_msg("the names of the graph are never ready");
}

/* There is no database that could come back: the graph's names have the last word. */
static void test_words_are_found_by_the_graph(void **state) {
    (void)state;
    sgp_client *local = connect_as(NULL);
    wait_for_the_graph(local);
    Sigap__V1__Done done = report(local, "Jalan Utara", 0, 0, 0, 0);
    frame_t *detail = settled(local, done.incident_id);
    const Sigap__V1__Call *call = detail->incident_detail->calls[0];
    assert_true(call->n_places > 0);
    assert_false(call->provisional);
    assert_true(call->places[0]->from_graph);
    assert_string_equal(call->places[0]->access_street, "Jalan Utara");
    free_frame(detail);

    Sigap__V1__FindPlace find = SIGAP__V1__FIND_PLACE__INIT;
    find.text = (char *)"qqzzxx utara";
    char *earlier[] = {(char *)"jalan"};
    find.earlier = earlier;
    find.n_earlier = 1;
    find.explain = 1;
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_FIND_PLACE, &find);
    frame_t *reply = ask(local, &request);
    const Sigap__V1__PlaceAnswer *answer = reply->place_answer;
    assert_true(answer->from_graph && answer->database_away);
    assert_string_equal(answer->understood->text, "jalan\nqqzzxx utara");
    assert_int_equal(answer->n_reasons, answer->n_candidates);
    for (size_t i = 0; i < answer->understood->n_words; i++) {
        const Sigap__V1__PlaceWord *word = answer->understood->words[i];
        assert_true(word->from < word->to && word->to <= strlen("jalan\nqqzzxx utara"));
        if (strcmp(word->text, "utara") == 0)
            assert_memory_equal(answer->understood->text + word->from, "utara", 5);
    }
    free_frame(reply);
    sgp_client_close(local);
}

/* ---- FindPlace ---------------------------------------------------------------- */

static void test_words_find_place_refuses(void **state) {
    (void)state;
    sgp_client *local = connect_as(NULL);
    Sigap__V1__FindPlace find = SIGAP__V1__FIND_PLACE__INIT;
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_FIND_PLACE, &find);
    find.text = (char *)" ";
    assert_non_null(strstr(ask_wrong(local, &request, SGP_E_ARGUMENT), "place is empty"));
    static char long_text[1002];
    memset(long_text, 'x', sizeof long_text - 1);
    find.text = long_text;
    assert_non_null(strstr(ask_wrong(local, &request, SGP_E_ARGUMENT), "1,000 bytes"));
    find.text = (char *)"Jl. Ijen";
    char *earlier[17];
    for (int i = 0; i < 17; i++)
        earlier[i] = (char *)"a";
    find.earlier = earlier;
    find.n_earlier = 17;
    assert_non_null(strstr(ask_wrong(local, &request, SGP_E_ARGUMENT), "at most 16"));
    long_text[992] = '\0';
    earlier[0] = long_text;
    find.n_earlier = 1;
    assert_non_null(strstr(ask_wrong(local, &request, SGP_E_ARGUMENT), "together"));
    find.n_earlier = 0;
    find.near_radius_m = -1;
    assert_non_null(strstr(ask_wrong(local, &request, SGP_E_RANGE), "near_radius_m"));
    find.near_radius_m = 100001;
    ask_wrong(local, &request, SGP_E_RANGE);
    find.near_radius_m = 0;
    Sigap__V1__Point near = SIGAP__V1__POINT__INIT;
    near.lon = 300;
    find.near = &near;
    assert_non_null(strstr(ask_wrong(local, &request, SGP_E_RANGE), "near"));
    find.near = NULL;

    /* Below three letters nothing is completed; and every completion has its answer. */
    find.complete = 1;
    find.text = (char *)"ve";
    frame_t *reply = ask(local, &request);
    assert_int_equal(reply->place_answer->n_candidates, 0);
    assert_false(reply->place_answer->database_away);
    free_frame(reply);
    find.text = (char *)"112.635,-7.965";
    reply = ask(local, &request);
    assert_int_equal(reply->place_answer->n_candidates, 1);
    free_frame(reply);
    sgp_client_close(local);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_words_narrow_a_call, start, stop),
        cmocka_unit_test_setup_teardown(test_words_beside_a_point, start, stop),
        cmocka_unit_test_setup_teardown(test_words_are_told_to_those_who_may_hear, start, stop),
        cmocka_unit_test_setup_teardown(test_words_are_found_by_the_graph, start, stop),
        cmocka_unit_test_setup_teardown(test_words_find_place_refuses, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
