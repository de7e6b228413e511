/* Building protobuf messages piece by piece on the heap, so that
 * protobuf_c_message_free_unpacked frees them. Private to engine/core.
 *
 * The put functions return false when memory runs out; the message so far can
 * then still be freed. */
#ifndef SGP_CORE_PROTO_WRITE_H
#define SGP_CORE_PROTO_WRITE_H

#include "core/core_proto.h"

/* An initialised message of this descriptor, or NULL. */
void *sgp_message_make(const ProtobufCMessageDescriptor *descriptor);
void sgp_message_free(void *message);
/* Frees `message` and returns NULL unless `ok`. */
void *sgp_message_or_null(void *message, bool ok);

bool sgp_put_text(char **field, const char *text);
bool sgp_put_bytes(ProtobufCBinaryData *field, const uint8_t *bytes, size_t length);
bool sgp_put_point(Sigap__V1__Point **field, sgp_point point);
bool sgp_put_place(Sigap__V1__Place **field, const sgp_place *place);
/* Code, kind, names and station of a unit. */
bool sgp_put_unit_basics(Sigap__V1__Unit *message, const sgp_unit *unit);
bool sgp_put_hospital(Sigap__V1__Hospital *message, const sgp_hospital *hospital);
bool sgp_put_clocks(Sigap__V1__Clocks *message, const sgp_clocks *clocks);
bool sgp_put_phone_fix(Sigap__V1__PhoneFix **field, const sgp_phone_fix *fix);
bool sgp_put_metric_mark(Sigap__V1__MetricSwapped *message, const sgp_metric_mark *mark);
/* A zeroed array of n items; n = 0 gives true and NULL. */
bool sgp_put_array(void **field, size_t n, size_t item_bytes);

/* Event as a message, to free with sgp_message_free. */
Sigap__V1__Event *sgp_event_to_proto(const sgp_event *event);

/* Appends the packed message to `out`. */
sgp_err sgp_message_pack(const ProtobufCMessage *message, sgp_buffer *out) SGP_MUST_USE;

/* What a hospital told and what followed; and an assignment's patient. */
bool sgp_put_hospital_state(Sigap__V1__Hospital *message, const sgp_world *world, uint32_t index);
bool sgp_put_patient(Sigap__V1__Assignment *message, const sgp_world *world,
                     const sgp_assignment *assignment);
/* The bodies of events about hospitals; false too where the event is none of them. */
bool sgp_put_post(Sigap__V1__Post **field, const sgp_post *post);
bool sgp_put_move_up_event(Sigap__V1__Event *message, const sgp_event *event);
bool sgp_put_hospital_event(Sigap__V1__Event *message, const sgp_event *event);

bool sgp_put_rules(Sigap__V1__DispatchRules **field, const sgp_rules *rules);
bool sgp_put_backup(Sigap__V1__Backup **field, const sgp_backup *backup);
/* Diversions, backup, mutual aid and mass casualty. */
bool sgp_put_reinforcements(Sigap__V1__Incident *message, const sgp_incident *incident);
/* Bits as a list of kinds. */
bool sgp_put_kinds(Sigap__V1__UnitKind **field, size_t *n, uint32_t kinds);
bool sgp_put_nuisance(Sigap__V1__Nuisance **field, const sgp_nuisance *nuisance);
bool sgp_put_ring_came(Sigap__V1__RingCame *message, const sgp_event *event);
bool sgp_put_ring_told(Sigap__V1__RingTold *message, const sgp_event *event);
/* What makes an incident a transfer. */
bool sgp_put_transfer_of(Sigap__V1__Incident *message, const sgp_world *world,
                         const sgp_incident *incident);
bool sgp_put_transfer_asked(Sigap__V1__AskTransfer *message, const sgp_event *event);
bool sgp_put_transfer_changed(Sigap__V1__ChangeTransfer *message, const sgp_event *event);
bool sgp_put_transfer_cancelled(Sigap__V1__CancelTransfer *message, const sgp_event *event);
bool sgp_put_ownership(Sigap__V1__Unit *message, const sgp_unit *unit);

#endif
