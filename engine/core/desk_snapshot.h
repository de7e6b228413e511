/* Hand-overs in a snapshot. Loading trusts nothing, as in snapshot.c. Private to engine/core. */
#ifndef SGP_CORE_DESK_SNAPSHOT_H
#define SGP_CORE_DESK_SNAPSHOT_H

#include "core/core_proto.h"
#include "core/world.h"

bool sgp_save_handovers(const sgp_world *world, Sigap__V1__Snapshot *snapshot);
sgp_err sgp_load_handovers(const Sigap__V1__Snapshot *snapshot, sgp_world *world,
                           sgp_fault *fault) SGP_MUST_USE;

#endif
