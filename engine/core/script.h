/* The call-taker's script: answers to the questions of the plan, and what they do to an incident.
 *
 *   priority = what was said of it, moved one level for each SGP_WEIGHT_PER_LEVEL of the answers'
 *              weights, and at least as urgent as any answer demands
 *
 * Where a person has set the priority, answers only raise it. The complaint becomes what the last
 * question says it really is, in the order of the plan, unless a person has named it. Answers that
 * the plan no longer knows say nothing. Private to engine/core.
 */
#ifndef SGP_CORE_SCRIPT_H
#define SGP_CORE_SCRIPT_H

#include "core/mechanics.h"

/* The handler of QUESTION_ANSWERED: one answer to each question, the last one counts; an empty
 * answer takes it back. */
sgp_err sgp_question_answered(sgp_step *step) SGP_MUST_USE;

/* What callers and people say of an incident, without the answers. To be told when it opens and
 * with each change; by_hand: a dispatcher said it. UNKNOWN and "" = nothing new. */
void sgp_script_said(sgp_incident_node *incident, sgp_priority priority, const char *complaint,
                     bool by_hand);

#endif
