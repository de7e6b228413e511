/* Reading protobuf fields into the core's bounded types. Private to engine/core.
 *
 * Each refuses with a sentence that names the field; the output is then undefined. */
#ifndef SGP_CORE_PROTO_READ_H
#define SGP_CORE_PROTO_READ_H

#include "core/core_proto.h"

sgp_err sgp_read_text(const char *value, char *out, size_t out_bytes, const char *field,
                      sgp_fault *fault) SGP_MUST_USE;
sgp_err sgp_read_number(int64_t value, int64_t low, int64_t high, const char *field,
                        sgp_fault *fault) SGP_MUST_USE;
/* A missing point is refused. */
sgp_err sgp_read_point(const Sigap__V1__Point *message, sgp_point *point, const char *field,
                       sgp_fault *fault) SGP_MUST_USE;
/* The keyed token of a number; empty gives zero, which is none. */
bool sgp_number_is_none(const uint8_t token[SGP_CALLER_TOKEN_BYTES]);
sgp_err sgp_read_number_token(const ProtobufCBinaryData *bytes,
                              uint8_t token[SGP_CALLER_TOKEN_BYTES], sgp_fault *fault) SGP_MUST_USE;
/* Code, kind, names, station and ownership of a unit; nothing else. */
sgp_err sgp_read_unit(const Sigap__V1__Unit *message, sgp_unit *unit,
                      sgp_fault *fault) SGP_MUST_USE;
sgp_err sgp_read_hospital(const Sigap__V1__Hospital *message, sgp_hospital *hospital,
                          sgp_fault *fault) SGP_MUST_USE;
/* A missing fix is refused. */
sgp_err sgp_read_phone_fix(const Sigap__V1__PhoneFix *message, sgp_phone_fix *fix,
                           sgp_fault *fault) SGP_MUST_USE;
/* Clocks; entries that an older version did not write keep their default. */
sgp_err sgp_read_metric_mark(const Sigap__V1__MetricSwapped *message, sgp_metric_mark *mark,
                             sgp_fault *fault) SGP_MUST_USE;
sgp_err sgp_read_clocks(const Sigap__V1__Clocks *message, sgp_clocks *clocks,
                        sgp_fault *fault) SGP_MUST_USE;

/* What a hospital told, and the beds taken there; `hospital` is in its world already. */
sgp_err sgp_read_hospital_state(const Sigap__V1__Hospital *message, sgp_world *world,
                                uint32_t index, sgp_fault *fault) SGP_MUST_USE;
/* An assignment's patient. */
sgp_err sgp_read_patient(const Sigap__V1__Assignment *message, const sgp_world *world,
                         sgp_assignment *assignment, sgp_fault *fault) SGP_MUST_USE;
/* SGP_E_FORMAT where the event is not about hospitals. */
sgp_err sgp_read_post(const Sigap__V1__Post *message, sgp_post *post, sgp_fault *fault);
/* Of a move-up, or of a hospital. */
sgp_err sgp_read_move_up_event(const Sigap__V1__Event *message, sgp_event *event,
                               sgp_fault *fault) SGP_MUST_USE;
sgp_err sgp_read_hospital_event(const Sigap__V1__Event *message, sgp_event *event,
                                sgp_fault *fault) SGP_MUST_USE;

sgp_err sgp_read_rules(const Sigap__V1__DispatchRules *message, sgp_rules *rules,
                       sgp_fault *fault) SGP_MUST_USE;
/* NULL is refused. No kind at all is read, and refused by the check of the event. */
sgp_err sgp_read_backup(const Sigap__V1__Backup *message, sgp_backup *backup,
                        sgp_fault *fault) SGP_MUST_USE;
/* Diversions, backup, mutual aid and mass casualty of an incident that has none yet. */
sgp_err sgp_read_reinforcements(const Sigap__V1__Incident *message, sgp_incident *incident,
                                sgp_fault *fault) SGP_MUST_USE;
sgp_err sgp_read_kinds(const Sigap__V1__UnitKind *kinds, size_t n, uint32_t *bits,
                       sgp_fault *fault) SGP_MUST_USE;
/* The bodies of events; `event` gets its kind too. */
sgp_err sgp_read_transfer_asked(const Sigap__V1__AskTransfer *message, sgp_event *event,
                                sgp_fault *fault) SGP_MUST_USE;
sgp_err sgp_read_handed_over(const Sigap__V1__DeskHandedOver *message, sgp_event *event,
                             sgp_fault *fault) SGP_MUST_USE;
sgp_err sgp_read_ring_came(const Sigap__V1__RingCame *message, sgp_event *event,
                           sgp_fault *fault) SGP_MUST_USE;
sgp_err sgp_read_ring_told(const Sigap__V1__RingTold *message, sgp_event *event,
                           sgp_fault *fault) SGP_MUST_USE;
sgp_nuisance sgp_read_nuisance(const Sigap__V1__Nuisance *message); /* NULL: none */
sgp_err sgp_read_transfer_changed(const Sigap__V1__ChangeTransfer *message, sgp_event *event,
                                  sgp_fault *fault) SGP_MUST_USE;
sgp_err sgp_read_transfer_cancelled(const Sigap__V1__CancelTransfer *message, sgp_event *event,
                                    sgp_fault *fault) SGP_MUST_USE;
sgp_err sgp_read_ownership(const Sigap__V1__Unit *message, sgp_unit *unit,
                           sgp_fault *fault) SGP_MUST_USE;

#endif
