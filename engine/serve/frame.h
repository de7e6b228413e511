/* Frames on a byte stream: a varint length, then that many bytes of
 * sigap.v1.Frame. Both the engine and its clients use it.
 *
 *   | varint length | Frame bytes ... | varint length | Frame bytes ... |
 *
 * The engine refuses inbound frames over 64 KiB before it has read them. Its
 * own answers are paged at 48 KiB; only one thing that cannot be split (a long
 * route, a recommendation over thousands of units) may be larger, up to 1 MiB.
 * Free of state; thread-safe.
 */
#ifndef SGP_SERVE_FRAME_H
#define SGP_SERVE_FRAME_H

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "sigap/error.h"
#include "sigap/v1/frame.pb-c.h"

enum {
    SGP_FRAME_IN_MAX = 64 * 1024,    /* of a Frame that the engine reads */
    SGP_FRAME_OUT_MAX = 1024 * 1024, /* of a Frame that a client reads */
    SGP_FRAME_PAGE = 48 * 1024,      /* where the engine begins another page */
    SGP_FRAME_HEADER_MAX = 5         /* bytes of a length that can be within bounds */
};

/* Looks at the first `n` bytes of a stream. *header = bytes of the length
 * (0: more bytes are needed to tell), *length = bytes of the Frame after them.
 * SGP_E_TOO_LARGE: the length is above `length_max`. Reads at most five bytes. */
sgp_err sgp_frame_peek(const uint8_t *bytes, size_t n, size_t length_max, size_t *header,
                       size_t *length, sgp_fault *fault) SGP_MUST_USE;

/* Bytes of one Frame -> message; the caller frees it with
 * sigap__v1__frame__free_unpacked. SGP_E_FORMAT: not a Frame, or a text in it is
 * not UTF-8. A body that this program does not know gives BODY__NOT_SET. */
sgp_err sgp_frame_decode(const uint8_t *bytes, size_t length, Sigap__V1__Frame **frame,
                         sgp_fault *fault) SGP_MUST_USE;

/* Appends the bare bytes of a Frame, without length. */
sgp_err sgp_frame_encode(const Sigap__V1__Frame *frame, sgp_buffer *out) SGP_MUST_USE;

/* Appends a Frame without length, where `bytes` are those of a Frame whose seq is 0. */
sgp_err sgp_frame_number(uint64_t seq, const uint8_t *bytes, size_t length,
                         sgp_buffer *out) SGP_MUST_USE;

/* Appends length and Frame, where `bytes` are those of a Frame whose seq is 0:
 * so one encoded Update goes to many sessions, each with a seq of its own. */
sgp_err sgp_frame_append(uint64_t seq, const uint8_t *bytes, size_t length,
                         sgp_buffer *out) SGP_MUST_USE;

#endif
