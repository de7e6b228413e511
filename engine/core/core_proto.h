/* The core's things as protobuf messages and back.
 *
 * One encoding serves the journal, the watchers on the wire, and the PostgreSQL
 * projection, so that all three show the same state. Encoders append to an
 * sgp_buffer; decoders check every number and text against the core's bounds
 * and refuse with a sentence. Points survive exactly (1e-7 degree <-> double).
 * Not thread-safe on the same world; otherwise free of state.
 */
#ifndef SGP_CORE_PROTO_H
#define SGP_CORE_PROTO_H

#include "base/buffer.h"
#include "sigap/core.h"
#include "sigap/coverage_map.h"
#include "sigap/plan.h"
#include "sigap/v1/coverage.pb-c.h"
#include "sigap/v1/dispatch.pb-c.h"
#include "sigap/v1/frame.pb-c.h"
#include "sigap/v1/journal.pb-c.h"
#include "sigap/v1/plan.pb-c.h"
#include "sigap/v1/ring.pb-c.h"
#include "sigap/v1/transfer.pb-c.h"

/* Event <-> bytes of sigap.v1.Event. */
sgp_err sgp_event_encode(const sgp_event *event, sgp_buffer *out) SGP_MUST_USE;
sgp_err sgp_event_from_proto(const Sigap__V1__Event *message, sgp_event *event,
                             sgp_fault *fault) SGP_MUST_USE;
/* Frees what an event from sgp_event_from_proto owns: the plan of PLANNED, the map of
 * COVERAGE_SET. Only for such events;
 * harmless for every other kind and when repeated. */
void sgp_event_clear(sgp_event *event);

/* A plan, checked; ownership passes, free with free(). */
sgp_err sgp_plan_from_proto(const Sigap__V1__Plan *message, sgp_plan **plan,
                            sgp_fault *fault) SGP_MUST_USE;
/* NULL: no memory. */
Sigap__V1__Plan *sgp_plan_to_proto(const sgp_plan *plan);

/* A coverage map, checked; ownership passes, free with free(). */
sgp_err sgp_coverage_map_from_proto(const Sigap__V1__CoverageMap *message, sgp_coverage_map **map,
                                    sgp_fault *fault) SGP_MUST_USE;
/* NULL: no memory. */
Sigap__V1__CoverageMap *sgp_coverage_map_to_proto(const sgp_coverage_map *map);

/* A place from the wire: point in range, texts within bounds. */
sgp_err sgp_place_from_proto(const Sigap__V1__Place *message, sgp_place *place,
                             sgp_fault *fault) SGP_MUST_USE;

/* Messages of the present state of things, wholly on the heap and independent of
 * the world; free with protobuf_c_message_free_unpacked(&m->base, NULL), or hang
 * into a larger message that is freed so. NULL: no such thing, or out of memory. */
Sigap__V1__Place *sgp_place_to_proto(const sgp_place *place);
Sigap__V1__Unit *sgp_unit_to_proto(const sgp_world *world, uint32_t index);
Sigap__V1__Hospital *sgp_hospital_to_proto(const sgp_world *world, uint32_t index);
Sigap__V1__Call *sgp_call_to_proto(const sgp_world *world, sgp_id id);
Sigap__V1__Incident *sgp_incident_to_proto(const sgp_world *world, sgp_id id);
Sigap__V1__Assignment *sgp_assignment_to_proto(const sgp_world *world, sgp_id id);
Sigap__V1__PhoneFix *sgp_phone_fix_to_proto(const sgp_phone_fix *fix);
Sigap__V1__Ring *sgp_ring_to_proto(const sgp_world *world, sgp_id id);
/* With its conflicts as of `now_ms`. */
Sigap__V1__Transfer *sgp_transfer_to_proto(const sgp_world *world, sgp_id id, int64_t now_ms);
/* A user that people set, as a message; and one that is to be set. */
Sigap__V1__User *sgp_account_to_proto(const sgp_account *account);
sgp_err sgp_account_from_proto(const Sigap__V1__User *message, sgp_account *account,
                               sgp_fault *fault) SGP_MUST_USE;
sgp_err sgp_fleet_change_from_proto(const Sigap__V1__SetFleet *body, sgp_fleet_change *change,
                                    sgp_fault *fault) SGP_MUST_USE;
Sigap__V1__Premise *sgp_premise_to_proto(const sgp_premise *premise); /* without its words */
Sigap__V1__RoadClosure *sgp_road_closure_to_proto(const sgp_road_closure *closure);
/* From the wire or the journal; the core's own fields are read too. */
sgp_err sgp_road_closure_from_proto(const Sigap__V1__RoadClosure *message,
                                    sgp_road_closure *closure, sgp_fault *fault) SGP_MUST_USE;
Sigap__V1__Recommendation *sgp_recommendation_to_proto(const sgp_world *world,
                                                       const sgp_recommendation *recommendation);
/* Hospitals for one patient. */
Sigap__V1__HospitalAdvice *sgp_hospital_advice_to_proto(const sgp_world *world,
                                                        const sgp_hospital_advice *advice);
/* The crew's order for an assignment. */
Sigap__V1__Order *sgp_order_to_proto(const sgp_world *world, sgp_id assignment);

/* Update with the new state of everything that CHANGED and RECOMMENDED effects name. */
Sigap__V1__Update *sgp_effects_to_update(const sgp_world *world, const sgp_event *event,
                                         const sgp_effects *effects);

/* A digest of all effects in their order, the reply's words included. What CHANGED things have
 * become, and candidates, are not in it: they stand beside it in the journal record. `world` is the
 * one after the step: its edition (edition.h) tells what journals of that time took in. */
enum { SGP_RECORD_DIGEST_BYTES = 16 };
void sgp_effects_digest(const sgp_world *world, const sgp_effects *effects,
                        uint8_t digest[SGP_RECORD_DIGEST_BYTES]);
/* A digest of what is stepped: the event and the recorded times (NULL = none). */
sgp_err sgp_input_digest(const Sigap__V1__Event *event, const Sigap__V1__RecordedTimes *times,
                         uint8_t digest[SGP_RECORD_DIGEST_BYTES]) SGP_MUST_USE;

/* A journal record: event + what times answered + changes, as bytes. */
sgp_err sgp_record_encode(const sgp_world *world, const sgp_event *event,
                          const Sigap__V1__RecordedTimes *times, const sgp_effects *effects,
                          sgp_buffer *out) SGP_MUST_USE;

/* The whole world as bytes of sigap.v1.Snapshot, and a fresh world from them. */
sgp_err sgp_world_save(const sgp_world *world, sgp_buffer *out) SGP_MUST_USE;
sgp_err sgp_world_load(const uint8_t *bytes, size_t length, sgp_world **world,
                       sgp_fault *fault) SGP_MUST_USE;

/* Recording and replaying oracles around sgp_times. A question that the inner
 * oracle fails to answer (other than SGP_E_MEMORY, SGP_E_CORRUPT) is recorded
 * and answered as all -1, which is how the core takes it. Clear the recorder
 * before each step; record refused requests with their times too. */
typedef struct sgp_times_recorder {
    const sgp_times *inner;
    int64_t *ms;
    size_t n_ms, ms_capacity;
    uint32_t *lengths;
    size_t n_lengths, lengths_capacity;
} sgp_times_recorder;                                        /* zero-initialise, set inner */
sgp_times sgp_times_recording(sgp_times_recorder *recorder); /* borrowed by the result */
void sgp_times_recorder_clear(sgp_times_recorder *recorder);
void sgp_times_recorder_free(sgp_times_recorder *recorder);
void sgp_times_recorder_to_proto(const sgp_times_recorder *recorder,
                                 Sigap__V1__RecordedTimes *times); /* borrows arrays */

typedef struct sgp_times_player {
    const Sigap__V1__RecordedTimes *times;
    size_t at_ms, at_length;
} sgp_times_player;
sgp_times sgp_times_playing(
    sgp_times_player *player); /* SGP_E_CORRUPT when asked for more or other than was recorded */

/* A shift; and who is on a unit, NULL where nothing of that was ever told. */
Sigap__V1__PlannedShift *sgp_shift_to_proto(const struct sgp_shift *shift);
Sigap__V1__SignedOn *sgp_signed_on_to_proto(const sgp_unit *unit);

#endif
