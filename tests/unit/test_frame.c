#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "serve/frame.h"

static void test_frame_peek_lengths(void **state) {
    (void)state;
    static const struct {
        uint8_t bytes[8];
        size_t n;
        sgp_err err;
        size_t header, length;
    } cases[] = {
        {{0}, 0, SGP_OK, 0, 0},                            /* nothing there yet */
        {{0x00}, 1, SGP_OK, 1, 0},                         /* an empty frame */
        {{0x7f}, 1, SGP_OK, 1, 127},                       /* largest of one byte */
        {{0x80}, 1, SGP_OK, 0, 0},                         /* goes on */
        {{0x80, 0x01}, 2, SGP_OK, 2, 128},                 /* smallest of two bytes */
        {{0x80, 0x80, 0x04}, 3, SGP_OK, 3, 65536},         /* exactly at the bound */
        {{0x81, 0x80, 0x04}, 3, SGP_E_TOO_LARGE, 0, 0},    /* one over */
        {{0xff, 0xff, 0x7f}, 3, SGP_E_TOO_LARGE, 0, 0},    /* far over */
        {{0x80, 0x80, 0x80, 0x80, 0x00}, 5, SGP_OK, 5, 0}, /* clumsy, but a length */
        {{0x80, 0x80, 0x80, 0x80, 0x80, 0x01}, 6, SGP_E_TOO_LARGE, 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t header = 99, length = 99;
        sgp_fault fault;
        sgp_err err =
            sgp_frame_peek(cases[i].bytes, cases[i].n, SGP_FRAME_IN_MAX, &header, &length, &fault);
        assert_int_equal(err, cases[i].err);
        assert_int_equal(header, cases[i].header);
        assert_int_equal(length, cases[i].length);
    }
}

static void test_frame_round_trip_with_seq_of_its_own(void **state) {
    (void)state;
    Sigap__V1__Error error = SIGAP__V1__ERROR__INIT;
    error.code = (char *)"NOT_FOUND";
    error.message = (char *)"tidak ada";
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.reply_to = 7;
    frame.body_case = SIGAP__V1__FRAME__BODY_ERROR;
    frame.error = &error;
    sgp_buffer bare = {0}, framed = {0};
    assert_int_equal(sgp_frame_encode(&frame, &bare), SGP_OK);
    /* The same bytes for two sessions, each with its own number. */
    assert_int_equal(sgp_frame_append(5, bare.data, bare.length, &framed), SGP_OK);
    assert_int_equal(sgp_frame_append(300, bare.data, bare.length, &framed), SGP_OK);
    const uint8_t *at = framed.data;
    size_t left = framed.length;
    for (uint64_t seq = 5; seq <= 300; seq += 295) {
        size_t header, length;
        Sigap__V1__Frame *back = NULL;
        assert_int_equal(sgp_frame_peek(at, left, SGP_FRAME_IN_MAX, &header, &length, NULL),
                         SGP_OK);
        assert_int_not_equal(header, 0);
        assert_int_equal(sgp_frame_decode(at + header, length, &back, NULL), SGP_OK);
        assert_int_equal(back->seq, seq);
        assert_int_equal(back->reply_to, 7);
        assert_string_equal(back->error->message, "tidak ada");
        sigap__v1__frame__free_unpacked(back, NULL);
        at += header + length;
        left -= header + length;
    }
    assert_int_equal(left, 0);
    sgp_buffer_free(&bare);
    sgp_buffer_free(&framed);
}

static void test_frame_decode_refuses(void **state) {
    (void)state;
    Sigap__V1__Frame *frame = NULL;
    sgp_fault fault;
    /* A length-delimited member that ends before it should. */
    static const uint8_t cut[] = {0x12, 0x10, 0x01, 0x02};
    assert_int_equal(sgp_frame_decode(cut, sizeof cut, &frame, &fault), SGP_E_FORMAT);
    /* login.token = two bytes that are not UTF-8. */
    static const uint8_t text[] = {0x52, 0x04, 0x0a, 0x02, 0xc3, 0x28};
    assert_int_equal(sgp_frame_decode(text, sizeof text, &frame, &fault), SGP_E_FORMAT);
    assert_non_null(strstr(fault.text, "token"));
    assert_null(frame);
    /* A field of number 0, clumsily encoded so that protobuf-c lets it pass; in the
     * frame itself and in its login. */
    static const uint8_t zero[] = {0x80, 0x80, 0x00, 0x00};
    assert_int_equal(sgp_frame_decode(zero, sizeof zero, &frame, &fault), SGP_E_FORMAT);
    static const uint8_t inner[] = {0x52, 0x04, 0x80, 0x80, 0x00, 0x00};
    assert_int_equal(sgp_frame_decode(inner, sizeof inner, &frame, &fault), SGP_E_FORMAT);
    assert_null(frame);
    /* A body of a later version is no error here: the door says "unknown message". */
    static const uint8_t later[] = {0x82, 0x7d, 0x00};
    assert_int_equal(sgp_frame_decode(later, sizeof later, &frame, &fault), SGP_OK);
    assert_int_equal(frame->body_case, SIGAP__V1__FRAME__BODY__NOT_SET);
    sigap__v1__frame__free_unpacked(frame, NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_frame_peek_lengths),
        cmocka_unit_test(test_frame_round_trip_with_seq_of_its_own),
        cmocka_unit_test(test_frame_decode_refuses),
    };
    return cmocka_run_group_tests_name("frame", tests, NULL, NULL);
}
