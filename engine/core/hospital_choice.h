/* Which hospital a patient goes to. Private to engine/core.
 *
 * By need (rules.hospital_by_need): every hospital is looked at, and is fit where it can do what
 * the patient needs, is open, diverts nobody like him, has a bed left when those who are on their
 * way have theirs, and can be reached. Who fits ranks by road time, and by a toll for each wish
 * that is lacking. Those that do not fit follow with their reason, the lesser one first
 * (sgp_unfit), so that the best of them is the way out where nobody fits.
 *
 * What he needs the crew tells; until then the plan's needs of the complaint hold. A patient whom
 * the crew has triaged green (or who is dead) needs nothing by complaint; what it would need are
 * wishes then.
 */
#ifndef SGP_CORE_HOSPITAL_CHOICE_H
#define SGP_CORE_HOSPITAL_CHOICE_H

#include "core/mechanics.h"

/* Without hospital_by_need: the nearest by road from where the unit is, ties by index; -1 when
 * none can be reached. Of a mass-casualty incident the nearest that still has a bed for one more
 * of those on their way or there, counting two beds where nobody told how many there are; when all
 * are full, the nearest. Asks `times` one question. */
sgp_err sgp_hospital_nearest(sgp_step *step, const sgp_assignment *assignment,
                             int32_t *hospital) SGP_MUST_USE;

/* Every hospital for the unit's patient; free advice->options. Asks `times` one question. */
sgp_err sgp_hospital_advise(const sgp_step *step, const sgp_assignment *assignment,
                            sgp_hospital_advice *advice) SGP_MUST_USE;
/* The same as an effect. The best is proposed from now on; a patient who is on his way without
 * anybody having chosen goes where he goes. */
sgp_err sgp_hospital_tell_advice(sgp_step *step, sgp_assignment_node *assignment) SGP_MUST_USE;

/* The unit enters `state`, with or without a hospital named (NULL): settles where it goes, by
 * `rules`. SGP_E_NOT_FOUND with a sentence. */
sgp_err sgp_hospital_settle(sgp_step *step, sgp_assignment_node *assignment,
                            sgp_assignment_state state, const char *named,
                            sgp_hospital_advice *advice, int32_t *hospital) SGP_MUST_USE;
/* What was found while settling is told; ownership of the options passes. */
sgp_err sgp_hospital_publish(sgp_step *step, sgp_assignment_node *assignment,
                             sgp_hospital_advice *advice) SGP_MUST_USE;

/* Its crew is told where it goes. */
sgp_err sgp_hospital_tell_destination(sgp_step *step,
                                      const sgp_assignment *assignment) SGP_MUST_USE;

/* Events. */
sgp_err sgp_patient_told(sgp_step *step) SGP_MUST_USE;
sgp_err sgp_hospital_asked(sgp_step *step) SGP_MUST_USE;
sgp_err sgp_hospital_chosen(sgp_step *step) SGP_MUST_USE;

#endif
