#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "serve/proto_json.h"
#include "sigap/v1/frame.pb-c.h"
#include "sigap/v1/journal.pb-c.h"

static Sigap__V1__Frame *read_frame(const char *text) {
    ProtobufCMessage *message = NULL;
    sgp_fault fault = {0};
    if (sgp_message_from_json_text(&sigap__v1__frame__descriptor, text, strlen(text), &message,
                                   &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    return (Sigap__V1__Frame *)message;
}

static void test_proto_json_reads_both_names(void **state) {
    (void)state;
    static const char *const texts[] = {
        "{\"seq\":\"9\",\"id\":\"AZOd+A==\",\"reportCall\":{\"placeText\":\"Jl. Veteran 5\","
        "\"point\":{\"lon\":112.6155,\"lat\":-7.9553},\"priority\":\"P1\",\"incidentId\":12}}",
        "{\"seq\":9,\"id\":\"AZOd-A\",\"report_call\":{\"place_text\":\"Jl. Veteran 5\","
        "\"point\":{\"lon\":\"112.6155\",\"lat\":-7.9553},\"priority\":1,\"incident_id\":\"12\"}}",
    };
    for (int i = 0; i < 2; i++) {
        Sigap__V1__Frame *frame = read_frame(texts[i]);
        static const uint8_t id[] = {0x01, 0x93, 0x9d, 0xf8};
        assert_int_equal(frame->seq, 9);
        assert_int_equal(frame->id.len, 4);
        assert_memory_equal(frame->id.data, id, 4);
        assert_int_equal(frame->body_case, SIGAP__V1__FRAME__BODY_REPORT_CALL);
        assert_string_equal(frame->report_call->place_text, "Jl. Veteran 5");
        assert_true(frame->report_call->point->lon == 112.6155);
        assert_int_equal(frame->report_call->priority, SIGAP__V1__PRIORITY__P1);
        assert_int_equal(frame->report_call->incident_id, 12);
        sigap__v1__frame__free_unpacked(frame, NULL);
    }
}

static void test_proto_json_writes(void **state) {
    (void)state;
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    point.lon = 112.6155001;
    point.lat = -7.95;
    Sigap__V1__Place place = SIGAP__V1__PLACE__INIT;
    place.kind = SIGAP__V1__PLACE_KIND__STREET;
    place.point = &point;
    place.label = (char *)"Jalan \"Ijen\"";
    Sigap__V1__Place *places[] = {&place};
    Sigap__V1__PlaceAnswer answer = SIGAP__V1__PLACE_ANSWER__INIT;
    answer.n_candidates = 1;
    answer.candidates = places;
    answer.database_away = 1;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.seq = UINT64_MAX;
    frame.body_case = SIGAP__V1__FRAME__BODY_PLACE_ANSWER;
    frame.place_answer = &answer;
    char *text = sgp_message_to_json_text(&frame.base);
    assert_string_equal(text, "{\"seq\":\"18446744073709551615\",\"placeAnswer\":{\"candidates\":[{"
                              "\"kind\":\"STREET\",\"point\":{\"lon\":112.6155001,\"lat\":-7.95},"
                              "\"label\":\"Jalan \\\"Ijen\\\"\"}],\"databaseAway\":true}}");
    Sigap__V1__Frame *back = read_frame(text);
    assert_true(back->place_answer->candidates[0]->point->lon == point.lon);
    sigap__v1__frame__free_unpacked(back, NULL);
    free(text);
}

/* An empty body in a oneof is present; a zero outside is not. */
static void test_proto_json_defaults(void **state) {
    (void)state;
    Sigap__V1__Frame *frame = read_frame("{\"seq\":0,\"id\":\"\",\"ping\":{},\"replyTo\":null}");
    assert_int_equal(frame->body_case, SIGAP__V1__FRAME__BODY_PING);
    char *text = sgp_message_to_json_text(&frame->base);
    assert_string_equal(text, "{\"ping\":{}}");
    free(text);
    sigap__v1__frame__free_unpacked(frame, NULL);
}

static void test_proto_json_repeated_numbers(void **state) {
    (void)state;
    const char *text = "{\"ms\":[\"-1\",5,\"9223372036854775807\"],\"lengths\":[2,1]}";
    ProtobufCMessage *message = NULL;
    assert_int_equal(sgp_message_from_json_text(&sigap__v1__recorded_times__descriptor, text,
                                                strlen(text), &message, NULL),
                     SGP_OK);
    Sigap__V1__RecordedTimes *times = (Sigap__V1__RecordedTimes *)message;
    assert_int_equal(times->n_ms, 3);
    assert_true(times->ms[2] == INT64_MAX);
    char *back = sgp_message_to_json_text(message);
    assert_string_equal(back, "{\"ms\":[\"-1\",\"5\",\"9223372036854775807\"],\"lengths\":[2,1]}");
    free(back);
    protobuf_c_message_free_unpacked(message, NULL);
}

static void test_proto_json_refuses(void **state) {
    (void)state;
    static const struct {
        const char *text, *sentence;
    } cases[] = {
        {"", "JSON"},
        {"[]", "must be an object"},
        {"{\"ping\":{}", "JSON"},
        {"{\"seq\":1,\"seq\":2}", "JSON"},
        {"{\"pong\":{\"nowMs\":1,\"now_ms\":2}}", "pong.now_ms is given twice"},
        {"{\"sequence\":1}", "sequence is not a known name"},
        {"{\"seq\":-1}", "seq must be a whole number"},
        {"{\"seq\":\"18446744073709551616\"}", "seq must be a whole number"},
        {"{\"seq\":1.5}", "seq must be a whole number"},
        {"{\"seq\":\" 1\"}", "seq must be a whole number"},
        {"{\"id\":\"**\"}", "id must be a base64"},
        {"{\"id\":7}", "id must be a base64"},
        {"{\"ping\":{},\"pong\":{}}", "pong cannot stand beside another body"},
        {"{\"ping\":[]}", "ping must be an object"},
        {"{\"reportCall\":{\"point\":{\"lon\":\"NaN\"}}}", "reportCall.point.lon must be a finite"},
        {"{\"reportCall\":{\"point\":{\"lon\":true}}}", "reportCall.point.lon must be a finite"},
        {"{\"reportCall\":{\"priority\":\"P9\"}}", "reportCall.priority must be one of"},
        {"{\"reportCall\":{\"priority\":9}}", "reportCall.priority must be one of"},
        {"{\"reportCall\":{\"placeText\":5}}", "reportCall.placeText must be a text"},
        {"{\"reportCall\":{\"placeText\":\"\\u0000\"}}", "JSON"},
        {"{\"reportCall\":{\"placeText\":\"\xc3\x28\"}}", "JSON"},
        {"{\"setDuty\":{\"onDuty\":1}}", "setDuty.onDuty must be true or false"},
        {"{\"tableQuery\":{\"sources\":{}}}", "tableQuery.sources must be an array"},
        {"{\"tableQuery\":{\"sources\":[{\"lon\":1},7]}}", "tableQuery.sources must be an object"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ProtobufCMessage *message = NULL;
        sgp_fault fault = {0};
        assert_int_equal(sgp_message_from_json_text(&sigap__v1__frame__descriptor, cases[i].text,
                                                    strlen(cases[i].text), &message, &fault),
                         SGP_E_FORMAT);
        assert_null(message);
        if (strstr(fault.text, cases[i].sentence) == NULL)
            fail_msg("%s: \"%s\" lacks \"%s\"", cases[i].text, fault.text, cases[i].sentence);
    }
}

/* What a member can hold at most comes back as it was. */
static void test_proto_json_extremes(void **state) {
    (void)state;
    Sigap__V1__Frame *frame =
        read_frame("{\"pong\":null,\"status\":{\"sessions\":4294967295,"
                   "\"startedAtMs\":\"-9223372036854775808\",\"lastWriteUs\":0}}");
    assert_int_equal(frame->status->sessions, UINT32_MAX);
    assert_true(frame->status->started_at_ms == INT64_MIN);
    sigap__v1__frame__free_unpacked(frame, NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_proto_json_reads_both_names),
        cmocka_unit_test(test_proto_json_writes),
        cmocka_unit_test(test_proto_json_defaults),
        cmocka_unit_test(test_proto_json_repeated_numbers),
        cmocka_unit_test(test_proto_json_refuses),
        cmocka_unit_test(test_proto_json_extremes),
    };
    return cmocka_run_group_tests_name("proto_json", tests, NULL, NULL);
}
