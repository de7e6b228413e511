/* Transfers between hospitals (rujukan): planned long before, anybody's job only when they are due.
 *
 * A planned transfer holds no unit. It is looked at a quarter of an hour before it would be due,
 * with the roads and the units as they are then, and opens an incident when turnout, way and
 * margin are all that is left. From there on it is served like any other incident, but for its
 * seat, which the asker has named, and its hospital, which is fixed. Private to engine/core.
 */
#ifndef SGP_CORE_TRANSFERS_H
#define SGP_CORE_TRANSFERS_H

#include "core/mechanics.h"

sgp_err sgp_transfer_asked(sgp_step *step) SGP_MUST_USE;
sgp_err sgp_transfer_changed(sgp_step *step) SGP_MUST_USE;
sgp_err sgp_transfer_cancelled(sgp_step *step) SGP_MUST_USE;
/* Looks at those whose time has come. */
sgp_err sgp_transfers_timer(sgp_step *step) SGP_MUST_USE;
/* The transfer of an incident that has just closed ends; of any other, nothing. */
sgp_err sgp_transfer_incident_closed(sgp_step *step,
                                     const sgp_incident_node *incident) SGP_MUST_USE;

/* Forgets the oldest of those that are over, beyond SGP_TRANSFERS_KEPT; none of this step. */
void sgp_transfers_forget(sgp_world *world);
/* Derives from the transfers what the world keeps beside them. */
void sgp_transfers_find(sgp_world *world);

/* When it falls due, as estimated last. */
int64_t sgp_transfer_due_ms(const sgp_transfer *transfer);
/* The transfer for which a unit stays that is pencilled in: it is due soon, or waits for that unit;
 * of several the one that is due first. 0 = none. Walks the transfers of a unit that has one. */
sgp_id sgp_transfer_that_keeps(const sgp_world *world, uint32_t unit, int64_t now_ms);
/* 1 + index of who is pencilled in for the incident, 0 = nobody, or it is no transfer. */
uint32_t sgp_transfer_pencilled(const sgp_world *world, const sgp_incident_node *incident);

#endif
