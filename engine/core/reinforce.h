/* Reinforcing an incident: backup, mutual aid, mass casualty. Handlers of events.
 *
 * - Backup: a crew on scene or a dispatcher asks for units of certain kinds; they
 *   become seats beyond the plan.
 * - Mutual aid: neighbours' units that want to be asked may go to this incident.
 * - Mass casualty: a seat for each patient and one for who commands; units go to a
 *   staging point; patients are spread over hospitals; orders without a click leave
 *   some units for other calls.
 *
 * Private to engine/core.
 */
#ifndef SGP_CORE_REINFORCE_H
#define SGP_CORE_REINFORCE_H

#include "core/mechanics.h"

sgp_err sgp_backup_asked(sgp_step *step) SGP_MUST_USE;
sgp_err sgp_aid_asked(sgp_step *step) SGP_MUST_USE;
sgp_err sgp_mass_casualty(sgp_step *step) SGP_MUST_USE;

#endif
