/* The first place where two messages of one kind differ, told so that a person finds it:
 *
 *     incidents[0].place.point.lat: recorded -7.97, now -7.98
 *
 * Walks protobuf-c's descriptors, fields in order of their numbers. Pure; thread-safe.
 *
 * What an older program recorded lacks the fields that came later. Which those are shows in the
 * recording itself: a field that none of the messages so far had, and that is there now, came
 * later. It is passed over and named; a field that was recorded once is compared from there on.
 */
#ifndef SGP_REPLAY_MESSAGE_DIFFERENCE_H
#define SGP_REPLAY_MESSAGE_DIFFERENCE_H

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>

/* False: they are equal. `text` is cut where it does not fit. */
bool sgp_message_difference(const ProtobufCMessage *recorded, const ProtobufCMessage *now,
                            char *text, size_t capacity);

/* Which fields recordings had so far; zero-initialise. */
enum { SGP_FIELDS_SEEN_MAX = 4096 };
typedef struct sgp_fields_seen {
    const void *fields[SGP_FIELDS_SEEN_MAX]; /* hashed by address */
    size_t n;
    const void *later[64]; /* passed over */
    size_t n_later;
    char names[600]; /* of those: "hospital.version incident.alike" */
} sgp_fields_seen;
void sgp_fields_see(sgp_fields_seen *seen, const ProtobufCMessage *recorded);
/* As above; fields that came later are passed over and noted in `seen`. */
bool sgp_message_difference_seen(const ProtobufCMessage *recorded, const ProtobufCMessage *now,
                                 sgp_fields_seen *seen, char *text, size_t capacity);

#endif
