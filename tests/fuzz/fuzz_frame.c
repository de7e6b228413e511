/* A byte stream as a client may send it: lengths, frames, and what a frame's
 * places and events are turned into. Whatever decodes must encode again. */
#include <stdlib.h>
#include <string.h>

#include "core/core_proto.h"
#include "serve/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look_at(const uint8_t *bytes, size_t length) {
    Sigap__V1__Frame *frame = NULL;
    sgp_fault fault;
    if (sgp_frame_decode(bytes, length, &frame, &fault) != SGP_OK)
        return;
    sgp_buffer out = {0};
    if (sgp_frame_encode(frame, &out) != SGP_OK)
        abort();
    Sigap__V1__Frame *again = NULL;
    if (sgp_frame_decode(out.data, out.length, &again, &fault) != SGP_OK ||
        again->body_case != frame->body_case)
        abort();
    sigap__v1__frame__free_unpacked(again, NULL);
    sgp_buffer_free(&out);
    sgp_place place;
    if (frame->body_case == SIGAP__V1__FRAME__BODY_CHOOSE_PLACE &&
        frame->choose_place->place != NULL)
        (void)!sgp_place_from_proto(frame->choose_place->place, &place, &fault);
    sigap__v1__frame__free_unpacked(frame, NULL);

    Sigap__V1__Event *message = sigap__v1__event__unpack(NULL, length, bytes);
    sgp_event event;
    if (message != NULL && sgp_event_from_proto(message, &event, &fault) == SGP_OK) {
        sgp_buffer bytes_out = {0};
        if (sgp_event_encode(&event, &bytes_out) != SGP_OK)
            abort();
        sgp_buffer_free(&bytes_out);
        sgp_event_clear(&event);
    }
    if (message != NULL)
        sigap__v1__event__free_unpacked(message, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    look_at(data, size);
    while (size > 0) {
        size_t header, length;
        sgp_fault fault;
        if (sgp_frame_peek(data, size, SGP_FRAME_IN_MAX, &header, &length, &fault) != SGP_OK ||
            header == 0)
            break;
        if (length > SGP_FRAME_IN_MAX || header > SGP_FRAME_HEADER_MAX)
            abort();
        if (length > size - header)
            break;
        look_at(data + header, length);
        data += header + length;
        size -= header + length;
    }
    return 0;
}
