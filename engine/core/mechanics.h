/* Mechanics: what happens next. The moves that several events share.
 *
 * A step first checks its event without changing anything, then changes the
 * world through these functions, which note what changed, which units became
 * available and which incidents must be looked at. At the end of the step
 * sgp_settle_step looks at those, once each and in a written order.
 *
 * Every function that may fail returns SGP_E_MEMORY or SGP_E_CORRUPT only, after
 * which the world must be thrown away. Private to engine/core.
 */
#ifndef SGP_CORE_MECHANICS_H
#define SGP_CORE_MECHANICS_H

#include "core/world.h"

/* At most this many recommendations that order nobody are made when a unit
 * becomes available: they inform, and must not flood the journal when hundreds
 * are waiting after a disaster. */
enum { SGP_FRESH_RECOMMENDATIONS_MAX = 16 };

/* How far from its station a unit is there: further than LEFT it has left; a
 * free one nearer than BACK is back. The gap keeps it from flickering. */
enum { SGP_LEFT_STATION_M = 150, SGP_BACK_AT_STATION_M = 100 };

typedef struct sgp_step {
    sgp_world *world;
    const sgp_event *event;
    const sgp_times *times;
    sgp_effects *effects;
    sgp_reply reply;
    sgp_fault fault;                 /* why the event is refused */
    sgp_id said_of;                  /* the assignment whose state this event tells of, 0 = none */
    int64_t said_at_ms;              /* when it was so */
    bool said_for_crew;              /* another entered it */
    char taken_from[SGP_CODE_BYTES]; /* who had the incident before INCIDENT_TAKEN */
    size_t offered;       /* of the freed units, those that were offered already (settle.c) */
    int64_t device_at_ms; /* a device told it: its clock then, 0 = not */
    size_t told_before;   /* effects of earlier steps in the list */
} sgp_step;

/* Notes that a thing changed: its version grows and CHANGED will be told. */
sgp_err sgp_touch_unit(sgp_step *step, sgp_unit_node *unit) SGP_MUST_USE;
sgp_err sgp_touch_hospital(sgp_step *step, sgp_hospital_node *hospital) SGP_MUST_USE;
sgp_err sgp_touch_call(sgp_step *step, sgp_call_node *call) SGP_MUST_USE;
sgp_err sgp_touch_incident(sgp_step *step, sgp_incident_node *incident) SGP_MUST_USE;
sgp_err sgp_touch_assignment(sgp_step *step, sgp_assignment_node *assignment) SGP_MUST_USE;
sgp_err sgp_touch_transfer(sgp_step *step, sgp_transfer_node *transfer) SGP_MUST_USE;
sgp_err sgp_touch_ring(sgp_step *step, sgp_ring_node *ring) SGP_MUST_USE;

/* The incident of a request, which the reply then names; refused where there is none, or where it
 * is closed. */
sgp_err sgp_need_open_incident(sgp_step *step, sgp_id id,
                               sgp_incident_node **incident) SGP_MUST_USE;

/* Look at the incident at the end of the step: recommend and, if `may_order`
 * and the incident wants it, order. */
sgp_err sgp_need_attention(sgp_step *step, sgp_id incident, bool may_order) SGP_MUST_USE;
/* The unit can take a job now: what waits is served at the end of the step. */
sgp_err sgp_unit_became_available(sgp_step *step, uint32_t unit) SGP_MUST_USE;
/* Everything that waits is looked at anew at the end of the step. */
sgp_err sgp_all_became_available(sgp_step *step) SGP_MUST_USE;

/* How many assignments are open, and how many ended with their work done. */
uint32_t sgp_incident_open(const sgp_world *world, const sgp_incident_node *incident);
uint32_t sgp_incident_served(const sgp_world *world, const sgp_incident_node *incident);

/* A new incident without a place; there must be room for one more. */
sgp_err sgp_incident_open_new(sgp_step *step, const char *complaint, sgp_priority priority,
                              sgp_incident_node **incident) SGP_MUST_USE;
/* The call's words are looked up (anew). */
sgp_err sgp_call_look_up(sgp_step *step, sgp_call_node *call) SGP_MUST_USE;

/* Settles where an incident is. Crews that are on their way hear their order
 * again with the new place. */
sgp_err sgp_incident_take_place(sgp_step *step, sgp_incident_node *incident, const sgp_place *place,
                                bool confirmed) SGP_MUST_USE;
/* Crews that are on their way hear their order again, with its place and priority as they are. */
sgp_err sgp_incident_tell_crews(sgp_step *step, const sgp_incident_node *incident) SGP_MUST_USE;
/* Withdraws orders that nobody has accepted and that no seat needs, the latest first. */
sgp_err sgp_incident_withdraw_surplus(sgp_step *step, sgp_incident_node *incident) SGP_MUST_USE;
/* Closes it: open assignments before transport are stood down, later ones carry on. */
sgp_err sgp_incident_close(sgp_step *step, sgp_incident_node *incident, sgp_outcome outcome,
                           const char *reason) SGP_MUST_USE;
/* Brings the incident's state in line with its assignments; closes it as served
 * when the last one ended and enough were served. */
sgp_err sgp_incident_settle(sgp_step *step, sgp_incident_node *incident) SGP_MUST_USE;

/* Whether one more assignment fits; forgets the oldest that never reached the
 * scene when the incident's list is full (the journal keeps it). */
bool sgp_incident_has_room(const sgp_world *world, const sgp_incident_node *incident);
/* A new assignment in state ORDERED, and its ORDER effect. The unit must be free
 * and on duty and the incident must have room. */
sgp_err sgp_assignment_order(sgp_step *step, sgp_incident_node *incident, uint32_t unit,
                             int64_t travel_ms, bool by_dispatcher,
                             sgp_assignment_node **assignment) SGP_MUST_USE;
/* Enters a state; the unit becomes free when the state is an end. */
sgp_err sgp_assignment_enter(sgp_step *step, sgp_assignment_node *assignment,
                             sgp_assignment_state state) SGP_MUST_USE;
/* Ends an open assignment with a reason, and tells the crew if `withdraw`. */
sgp_err sgp_assignment_end(sgp_step *step, sgp_assignment_node *assignment,
                           sgp_assignment_state state, const char *reason,
                           bool withdraw) SGP_MUST_USE;

/* Takes a unit from the job that it is on, for `incident`, to which the caller orders it next:
 * before its scene the job ends as diverted and its incident is served again in this step; at a
 * hospital, its patient handed over, the job is done. */
sgp_err sgp_unit_take(sgp_step *step, sgp_unit_node *unit,
                      const sgp_incident_node *incident) SGP_MUST_USE;

/* Orders without a click are wanted for its open seats, as far as its priority says. */
bool sgp_incident_is_automatic(const sgp_world *world, const sgp_incident_node *incident);
/* After an order: a wish for one unit is fulfilled; where people asked for several more, or units
 * were taken away, it stands until no seat is open. */
void sgp_wish_settle(const sgp_world *world, sgp_incident_node *incident);
/* Units that treat patients and are free. Walks all. */
int32_t sgp_free_to_treat(const sgp_world *world);
/* The order in which incidents are served: priority, then what nobody doubts, then opening, then
 * id. */
int sgp_incident_compare(const sgp_incident_node *left, const sgp_incident_node *right);
/* Orders the candidate without a click, taking it from the job that it is on (`from`). */
sgp_err sgp_candidate_order(sgp_step *step, sgp_incident_node *incident,
                            const sgp_candidate *best) SGP_MUST_USE;

/* Gives the recommendation its id, stores the id with the incident and appends
 * the effect. Ownership of the candidates passes to the effects. */
sgp_err sgp_recommendation_publish(sgp_step *step, sgp_incident_node *incident,
                                   const sgp_recommendation *recommendation) SGP_MUST_USE;

/* Looks at all that needs attention and at what waits for the freed units (settle.c). */
sgp_err sgp_settle_step(sgp_step *step) SGP_MUST_USE;

#endif
