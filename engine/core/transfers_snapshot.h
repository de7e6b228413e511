/* Transfers in a snapshot. Loading trusts nothing, as in snapshot.c. Private to engine/core. */
#ifndef SGP_CORE_TRANSFERS_SNAPSHOT_H
#define SGP_CORE_TRANSFERS_SNAPSHOT_H

#include "core/core_proto.h"
#include "core/world.h"

bool sgp_save_transfers(const sgp_world *world, Sigap__V1__Snapshot *snapshot);
/* After hospitals, units and incidents. */
sgp_err sgp_load_transfers(const Sigap__V1__Snapshot *snapshot, sgp_world *world,
                           sgp_fault *fault) SGP_MUST_USE;
/* What makes an incident a transfer; after hospitals. */
sgp_err sgp_load_transfer_of(const Sigap__V1__Incident *message, const sgp_world *world,
                             sgp_incident *incident, sgp_fault *fault) SGP_MUST_USE;

#endif
