/* What is remembered of telephone numbers, in a snapshot. Private to engine/core. */
#ifndef SGP_CORE_NUMBERS_PROTO_H
#define SGP_CORE_NUMBERS_PROTO_H

#include "core/core_proto.h"
#include "core/world.h"

/* false: memory ran out. */
bool sgp_numbers_save(const sgp_world *world, Sigap__V1__Snapshot *snapshot);
/* Calls and incidents are in: each incident finds the number of its first call. */
sgp_err sgp_numbers_load(const Sigap__V1__Snapshot *snapshot, sgp_world *world,
                         sgp_fault *fault) SGP_MUST_USE;

#endif
