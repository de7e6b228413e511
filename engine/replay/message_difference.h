/* The first place where two messages of one kind differ, told so that a person finds it:
 *
 *     incidents[0].place.point.lat: recorded -7.97, now -7.98
 *
 * Walks protobuf-c's descriptors, fields in order of their numbers. Pure; thread-safe.
 */
#ifndef SGP_REPLAY_MESSAGE_DIFFERENCE_H
#define SGP_REPLAY_MESSAGE_DIFFERENCE_H

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>

/* False: they are equal. `text` is cut where it does not fit. */
bool sgp_message_difference(const ProtobufCMessage *recorded, const ProtobufCMessage *now,
                            char *text, size_t capacity);

#endif
