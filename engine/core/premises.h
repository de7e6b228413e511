/* Premises: what whoever goes to a place should know of it. A hazard, a gate code, how to reach a
 * known patient.
 *
 * The core keeps where and until when; the words are the shell's, sealed under a key of their own,
 * which goes when the note is removed. A note belongs to what lies within its radius, and to every
 * place with its label where it has one. Crews hear it with their order; those who are on their way
 * hear their order again when one is set, changed or removed.
 *
 * Bounds: SGP_PREMISES_MAX; what has expired goes when another is set. Private to engine/core.
 */
#ifndef SGP_CORE_PREMISES_H
#define SGP_CORE_PREMISES_H

#include "core/core_proto.h"
#include "core/mechanics.h"

/* The handlers of PREMISE_SET and PREMISE_REMOVED. */
sgp_err sgp_premise_set(sgp_step *step) SGP_MUST_USE;
sgp_err sgp_premise_removed(sgp_step *step) SGP_MUST_USE;

/* false: memory ran out. */
bool sgp_put_premise(Sigap__V1__Premise *message, const sgp_premise *premise);
sgp_err sgp_read_premise(const Sigap__V1__Premise *message, sgp_premise *premise,
                         sgp_fault *fault) SGP_MUST_USE;
bool sgp_premises_save(const sgp_world *world, Sigap__V1__Snapshot *snapshot);
sgp_err sgp_premises_load(const Sigap__V1__Snapshot *snapshot, sgp_world *world,
                          sgp_fault *fault) SGP_MUST_USE;

#endif
