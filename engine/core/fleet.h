/* Units, stations and hospitals as an administrator changes them while the engine runs.
 *
 * Who last said what a unit or hospital is stands in its entry (sgp_entry). What a person changed
 * is marked by_hand, and the shell does not let the configuration change it back at the next start,
 * until a person gives it back. A unit is never removed, since its number stands in every record of
 * its jobs: it is taken out of service, with a reason, and nobody can sign on to it.
 * Private to engine/core.
 */
#ifndef SGP_CORE_FLEET_H
#define SGP_CORE_FLEET_H

#include "core/core_proto.h"
#include "core/mechanics.h"

/* The handler of FLEET_SET. */
sgp_err sgp_fleet_set(sgp_step *step) SGP_MUST_USE;
/* Refused where the unit is out of service. */
sgp_err sgp_unit_check_service(sgp_step *step, const sgp_unit *unit) SGP_MUST_USE;
/* As UNIT_REGISTERED and HOSPITAL_REGISTERED do: new, or otherwise than before. */
sgp_err sgp_unit_take_entry(sgp_step *step, const sgp_unit *told, bool by_hand) SGP_MUST_USE;
sgp_err sgp_hospital_take_entry(sgp_step *step, const sgp_hospital *told,
                                bool by_hand) SGP_MUST_USE;
/* Its entry was said now. */
void sgp_entry_stamp(const sgp_step *step, bool by_hand, sgp_entry *entry);

sgp_err sgp_fleet_event_check(const sgp_event *event, sgp_fault *fault) SGP_MUST_USE;
bool sgp_put_fleet_event(Sigap__V1__Event *message, const sgp_event *event);
sgp_err sgp_read_fleet_event(const Sigap__V1__Event *message, sgp_event *event,
                             sgp_fault *fault) SGP_MUST_USE;
/* The entries and the service of units and hospitals within their messages. */
bool sgp_put_unit_entry(Sigap__V1__Unit *message, const sgp_unit *unit);
sgp_err sgp_read_unit_entry(const Sigap__V1__Unit *message, sgp_unit *unit,
                            sgp_fault *fault) SGP_MUST_USE;
bool sgp_put_hospital_entry(Sigap__V1__Hospital *message, const sgp_hospital *hospital);
sgp_err sgp_read_hospital_entry(const Sigap__V1__Hospital *message, sgp_hospital *hospital,
                                sgp_fault *fault) SGP_MUST_USE;

#endif
