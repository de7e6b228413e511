#include "serve/frame.h"

#include <string.h>

#include "serve/proto_json.h"

sgp_err sgp_frame_peek(const uint8_t *bytes, size_t n, size_t length_max, size_t *header,
                       size_t *length, sgp_fault *fault) {
    uint64_t value = 0;
    *header = 0;
    *length = 0;
    for (size_t i = 0; i < n; i++) {
        if (i == SGP_FRAME_HEADER_MAX)
            return sgp_fail(fault, SGP_E_TOO_LARGE, "a frame has more than %zu bytes", length_max);
        value |= (uint64_t)(bytes[i] & 0x7f) << (7 * i);
        if (value > length_max)
            return sgp_fail(fault, SGP_E_TOO_LARGE, "a frame has more than %zu bytes", length_max);
        if ((bytes[i] & 0x80) == 0) {
            *header = i + 1;
            *length = (size_t)value;
            return SGP_OK;
        }
    }
    return SGP_OK;
}

sgp_err sgp_frame_decode(const uint8_t *bytes, size_t length, Sigap__V1__Frame **frame,
                         sgp_fault *fault) {
    Sigap__V1__Frame *message = sigap__v1__frame__unpack(NULL, length, bytes);
    if (message == NULL)
        return sgp_fail(fault, SGP_E_FORMAT, "%zu bytes that are not a sigap.v1.Frame", length);
    sgp_err err = sgp_message_check_texts(&message->base, fault);
    if (err != SGP_OK) {
        sigap__v1__frame__free_unpacked(message, NULL);
        return err;
    }
    *frame = message;
    return SGP_OK;
}

sgp_err sgp_frame_encode(const Sigap__V1__Frame *frame, sgp_buffer *out) {
    size_t length = sigap__v1__frame__get_packed_size(frame);
    sgp_err err = sgp_buffer_reserve(out, length);
    if (err != SGP_OK)
        return err;
    out->length += sigap__v1__frame__pack(frame, out->data + out->length);
    return SGP_OK;
}

static size_t write_varint(uint8_t *at, uint64_t value) {
    size_t n = 0;
    while (value >= 0x80) {
        at[n++] = (uint8_t)(value | 0x80);
        value >>= 7;
    }
    at[n++] = (uint8_t)value;
    return n;
}

enum { NUMBER_BYTES_MAX = 11 }; /* a Frame with nothing but seq */

static size_t write_number(uint64_t seq, uint8_t *bytes) {
    Sigap__V1__Frame head = SIGAP__V1__FRAME__INIT;
    head.seq = seq;
    return sigap__v1__frame__pack(&head, bytes);
}

sgp_err sgp_frame_number(uint64_t seq, const uint8_t *bytes, size_t length, sgp_buffer *out) {
    /* Encoded messages one after the other merge into one (protobuf's own rule),
     * so a Frame with nothing but seq may precede the shared bytes. */
    uint8_t head[NUMBER_BYTES_MAX];
    size_t n = write_number(seq, head);
    sgp_err err = sgp_buffer_append(out, head, n);
    return err == SGP_OK ? sgp_buffer_append(out, bytes, length) : err;
}

sgp_err sgp_frame_append(uint64_t seq, const uint8_t *bytes, size_t length, sgp_buffer *out) {
    uint8_t head[NUMBER_BYTES_MAX];
    sgp_err err = sgp_buffer_reserve(out, 10 + sizeof head + length);
    if (err != SGP_OK)
        return err;
    out->length += write_varint(out->data + out->length, write_number(seq, head) + length);
    return sgp_frame_number(seq, bytes, length, out);
}
