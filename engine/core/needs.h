/* Needs: the seats of an incident that nobody fills yet.
 *
 * A seat asks for one unit of certain kinds and skills. Which seats an incident
 * has comes from its response plan and from what people asked for; without a plan
 * they are `units_wanted` units of any kind that treats patients. A unit on the
 * incident, or one that has done its work there, fills one seat; a unit that
 * fits no seat fills none (rules.seats_by_kind). Private to engine/core.
 */
#ifndef SGP_CORE_NEEDS_H
#define SGP_CORE_NEEDS_H

#include "core/world.h"

enum { SGP_NEEDS_MAX = SGP_UNITS_PER_INCIDENT_MAX };

/* One seat. */
typedef struct sgp_need {
    uint32_t kinds;    /* bit 1u << sgp_unit_kind: any of these */
    uint32_t instead;  /* these too, where none of `kinds` can be there within_ms; see below */
    uint32_t skills;   /* bit 1u << sgp_skill: all of these */
    int32_t within_ms; /* order -> on scene; 0 = no limit */
    bool if_possible;  /* nobody waits for it */
    uint32_t nth;      /* which of the incident's seats, from 0 */
    uint32_t after;    /* goes along with seat after - 1, which is empty too; 0 = by itself */
} sgp_need;

/* The bits of the kinds of unit that treat patients. */
extern const uint32_t sgp_kinds_that_treat;

/* What it can be sent as with the crew that is on it. */
static inline sgp_unit_kind sgp_kind_with_crew(const sgp_unit *unit) {
    return unit->works_as ? unit->works_as : unit->kind;
}

/* What is still wanted beyond what is on it or has served it, most important seat first.
 * Returns how many, at most `max`. Cost: assignments x seats. */
size_t sgp_incident_needs(const sgp_world *world, const sgp_incident_node *incident,
                          sgp_need *needs, size_t max);

/* The same as if orders that nobody has answered did not count of units that `moves` marks
 * ([n_units], not 0), with those that go along with an empty seat; for joint.c. */
size_t sgp_incident_needs_without(const sgp_world *world, const sgp_incident_node *incident,
                                  const uint8_t *moves, sgp_need *needs, size_t max);

/* The open ones with those that go along with an empty seat, and never none: who is asked for
 * beyond all seats treats patients. So there is something to recommend for an incident that has all
 * it needs. `max` must not be 0. */
size_t sgp_incident_needs_or_one(const sgp_world *world, const sgp_incident_node *incident,
                                 sgp_need *needs, size_t max);

/* Whether enough units have done their work, the most important seat's among them, so that an
 * incident on which nobody is any more is over. */
bool sgp_incident_is_served(const sgp_world *world, const sgp_incident_node *incident);

/* Whether as many seats were filled without this open assignment. */
bool sgp_assignment_is_surplus(const sgp_world *world, const sgp_incident_node *incident,
                               sgp_id assignment);

/* A dispatcher who sends more than was wanted wants more: a seat for the unit, unless an open
 * one fits. One who stands a unit down wants fewer: the seat that is empty without it goes, though
 * never the last, nor the last for who treats patients (before edition 1: a seat that people asked
 * for of its kind, or the plan's last one). Call it before the assignment ends. */
void sgp_incident_seat_for(const sgp_world *world, sgp_incident_node *incident,
                           const sgp_unit *unit);
void sgp_incident_drop_seat(const sgp_world *world, sgp_incident_node *incident,
                            const sgp_assignment *assignment);

/* Whether the unit can take the seat at all, by what it is. */
bool sgp_need_fits(const sgp_need *need, const sgp_unit *unit);
/* What it costs to give the seat to a unit that would be there after `total_ms`: total_ms for one
 * of the wanted kinds in time; for any other one that fits within_ms on top (a day where there is
 * no limit), so that it goes after those and before nobody. -1: it does not fit. */
int64_t sgp_need_cost_ms(const sgp_need *need, const sgp_unit *unit, int64_t total_ms);
bool sgp_some_need_fits(const sgp_need *needs, size_t n, const sgp_unit *unit);

#endif
