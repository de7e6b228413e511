/* Any protobuf message as proto-JSON and back: one walker over protobuf-c's
 * descriptors, on jansson.
 *
 * Written: lowerCamelCase names, enums by name, 64-bit integers as strings,
 * bytes as base64, doubles with 15 significant digits (exact for points of 1e-7
 * degree), default values left out. Read: also the original snake_case names,
 * enum numbers, and integers written as numbers or strings; null means default.
 * Unknown names, numbers out of range, two members of one oneof, and doubled
 * names are refused with a sentence that gives the path ("reportCall.point.lon").
 * Maps, groups, extensions and well-known types have no special form: the wire
 * contract uses none. Free of state; thread-safe.
 */
#ifndef SGP_SERVE_PROTO_JSON_H
#define SGP_SERVE_PROTO_JSON_H

#include <jansson.h>
#include <protobuf-c/protobuf-c.h>
#include <stddef.h>

#include "sigap/error.h"

enum { SGP_JSON_DEPTH_MAX = 16 };

/* NULL: out of memory. The caller owns the result (json_decref). */
json_t *sgp_message_to_json(const ProtobufCMessage *message);

/* Text of the message; the caller frees it with free(). NULL: out of memory. */
char *sgp_message_to_json_text(const ProtobufCMessage *message);

/* The caller frees *message with protobuf_c_message_free_unpacked(*message, NULL). */
sgp_err sgp_message_from_json(const ProtobufCMessageDescriptor *descriptor, const json_t *json,
                              ProtobufCMessage **message, sgp_fault *fault) SGP_MUST_USE;

/* The same from text of `length` bytes. */
sgp_err sgp_message_from_json_text(const ProtobufCMessageDescriptor *descriptor, const char *text,
                                   size_t length, ProtobufCMessage **message,
                                   sgp_fault *fault) SGP_MUST_USE;

/* What protobuf-c does not look at: are all texts of a decoded message UTF-8, and
 * has no unknown field the number 0 (clumsily encoded it slips through, and what
 * is encoded from it could not be decoded again)? SGP_E_FORMAT names the field. */
sgp_err sgp_message_check_texts(const ProtobufCMessage *message, sgp_fault *fault) SGP_MUST_USE;

#endif
