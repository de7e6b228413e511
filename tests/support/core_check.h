/* What holds of every world after every step, and an oracle of travel times for
 * tests: as the crow flies at 36 km/h, in integers, so that every time is exact.
 *
 * Test points are metres east and north of a spot on the equator, where a metre
 * is 90 units of 1e-7 degree both ways. Nobody crosses the wall, if there is one. */
#ifndef SGP_TESTS_CORE_CHECK_H
#define SGP_TESTS_CORE_CHECK_H

#include <stdio.h>
#include <string.h>

#include "core/core_proto.h"
#include "core/world.h"

enum { CORE_E7_PER_METRE = 90, CORE_MS_PER_METRE = 100 };
static const sgp_point CORE_ORIGIN = {1126000000, 0};

static inline sgp_point core_point(int32_t east_m, int32_t north_m) {
    return (sgp_point){CORE_ORIGIN.lon_e7 + east_m * CORE_E7_PER_METRE,
                       CORE_ORIGIN.lat_e7 + north_m * CORE_E7_PER_METRE};
}

typedef struct core_oracle {
    bool has_wall;
    int32_t wall_m; /* east of the origin; nobody gets across */
    bool fails;     /* answers no question */
    uint64_t asked; /* questions so far */
    size_t last_n;  /* rows of the last one */
    sgp_start last; /* its first start */
} core_oracle;

static inline int64_t core_square_root(int64_t square) {
    int64_t root = 0;
    for (int64_t bit = INT64_C(1) << 30; bit; bit >>= 1)
        if ((root + bit) * (root + bit) <= square)
            root += bit;
    return root;
}

static inline int64_t core_travel_ms(const core_oracle *oracle, sgp_point a, sgp_point b) {
    int64_t east_a = (a.lon_e7 - CORE_ORIGIN.lon_e7) / CORE_E7_PER_METRE;
    int64_t east_b = (b.lon_e7 - CORE_ORIGIN.lon_e7) / CORE_E7_PER_METRE;
    int64_t north = (a.lat_e7 - b.lat_e7) / CORE_E7_PER_METRE;
    if (oracle->has_wall && (east_a < oracle->wall_m) != (east_b < oracle->wall_m))
        return -1;
    return core_square_root((east_a - east_b) * (east_a - east_b) + north * north) *
           CORE_MS_PER_METRE;
}

static inline sgp_err core_many_to_one(void *ctx, const sgp_start *from, size_t n, sgp_point to,
                                       int64_t *ms) {
    core_oracle *oracle = ctx;
    oracle->asked++;
    oracle->last_n = n;
    oracle->last = from[0];
    if (oracle->fails)
        return SGP_E_IO;
    for (size_t i = 0; i < n; i++) {
        int64_t travel_ms = core_travel_ms(oracle, from[i].point, to);
        ms[i] = travel_ms < 0 ? -1 : travel_ms + from[i].penalty_ms;
    }
    return SGP_OK;
}

static inline sgp_err core_one_to_many(void *ctx, const sgp_start *from, const sgp_point *to,
                                       size_t n, int64_t *ms) {
    core_oracle *oracle = ctx;
    oracle->asked++;
    oracle->last_n = n;
    oracle->last = *from;
    if (oracle->fails)
        return SGP_E_IO;
    for (size_t i = 0; i < n; i++)
        ms[i] = core_travel_ms(oracle, from->point, to[i]);
    return SGP_OK;
}

static inline sgp_times core_times(core_oracle *oracle) {
    return (sgp_times){oracle, core_many_to_one, core_one_to_many};
}

/* ---- invariants; each returns NULL or a sentence --------------------------- */

static inline const char *core_check_assignments(const sgp_world *world) {
    static char text[160];
    for (sgp_id id = 0; (id = sgp_world_next_assignment(world, id));) {
        const sgp_assignment *assignment = sgp_world_assignment(world, id);
        const sgp_incident *incident = sgp_world_incident(world, assignment->incident);
        const sgp_unit *unit = sgp_world_unit(world, assignment->unit);
        bool listed = false;
        for (uint32_t i = 0; incident && i < incident->n_assignments; i++)
            listed = listed || incident->assignments[i] == id;
        int64_t last_ms = 0;
        bool ascending = assignment->at_ms[assignment->state] != 0;
        for (int state = 1; state < SGP_ASSIGNMENT_STATES; state++) {
            if (!assignment->at_ms[state])
                continue;
            ascending =
                ascending && assignment->at_ms[state] >= last_ms && state <= (int)assignment->state;
            last_ms = assignment->at_ms[state];
        }
        const char *wrong = !listed      ? "is not listed by its incident"
                            : !ascending ? "has stamps out of order"
                            : sgp_assignment_is_open(assignment) && unit->assignment != id
                                ? "is open and its unit is elsewhere"
                                : NULL;
        if (wrong) {
            snprintf(text, sizeof text, "assignment %llu %s", (unsigned long long)id, wrong);
            return text;
        }
    }
    return NULL;
}

/* Somebody is on another unit too. */
static inline bool core_check_shares_crew(const sgp_world *world, const sgp_unit *unit) {
    for (uint32_t i = unit->index + 1; i < sgp_world_units(world) && unit->crew.n_members; i++)
        for (uint32_t k = 0; k < unit->crew.n_members; k++)
            for (uint32_t m = 0; m < sgp_world_unit(world, i)->crew.n_members; m++)
                if (strcmp(unit->crew.members[k].code,
                           sgp_world_unit(world, i)->crew.members[m].code) == 0)
                    return true;
    return false;
}

/* Its crew should be there by now, nobody has looked, and no timer is due that would. */
static inline bool core_check_is_overlooked(const sgp_world *world, const sgp_unit *unit) {
    int32_t absent_ms = sgp_world_clocks(world)->rules.shift_absent_ms;
    int64_t now_ms = sgp_world_now_ms(world);
    sgp_turn turn;
    return absent_ms && sgp_world_turn_at(world, unit->code, now_ms, &turn) &&
           turn.from_ms > unit->crew.absence_from_ms && turn.from_ms + absent_ms <= now_ms &&
           world->roster_due_ms > now_ms;
}

static inline const char *core_check_units(const sgp_world *world) {
    static char text[160];
    for (uint32_t i = 0; i < sgp_world_units(world); i++) {
        const sgp_unit *unit = sgp_world_unit(world, i);
        if (unit->out_of_service_at_ms && unit->on_duty) {
            snprintf(text, sizeof text, "unit %s is out of service and on duty", unit->code);
            return text;
        }
        const sgp_assignment *on =
            unit->assignment ? sgp_world_assignment(world, unit->assignment) : NULL;
        const char *wrong =
            unit->index != i          ? "has a wrong index"
            : unit->assignment && !on ? "is on an assignment that is not there"
            : on && on->unit != i     ? "is on another unit's assignment"
            : (world->units[i].on ? &world->units[i].on->view : NULL) != on
                ? "has a wrong pointer to its assignment"
            : on && !sgp_assignment_is_open(on)       ? "is on an assignment that is over"
            : on && !unit->on_duty                    ? "is off duty and assigned"
            : unit->at_station && !unit->has_position ? "is at its station without position"
            : unit->post.state == SGP_POST_THERE && !unit->on_duty ? "waits at a post off duty"
            : unit->post.state == SGP_POST_THERE && unit->assignment &&
                    sgp_world_assignment(world, unit->assignment)->state >= SGP_ASSIGNMENT_EN_ROUTE
                ? "waits at a post and is on its way"
            : (unit->post.state != SGP_POST_NONE) != (unit->post.id != 0)
                ? "is sent to wait by nobody"
            : unit->crew.n_members && !unit->on_duty        ? "is off duty with a crew"
            : !unit->crew.n_members && unit->shift_until_ms ? "ends the shift of nobody"
            : core_check_shares_crew(world, unit)           ? "shares somebody of its crew"
            : (unit->distress_at_ms != 0) != (unit->distress_due_ms != 0)
                ? "is in distress that is not told again"
            : on && on->welfare_due_ms && on->state != SGP_ASSIGNMENT_ON_SCENE
                ? "is asked whether all is well and not on scene"
            : sgp_world_unit_by_code(world, unit->code) != unit ? "is not found by its code"
                                                                : NULL;
        if (wrong) {
            snprintf(text, sizeof text, "unit %s %s", unit->code, wrong);
            return text;
        }
    }
    return NULL;
}

static inline const char *core_check_incidents(const sgp_world *world) {
    static char text[160];
    uint32_t open_incidents = 0, open_calls = 0;
    for (sgp_id id = 0; (id = sgp_world_next_incident(world, id));) {
        const sgp_incident *incident = sgp_world_incident(world, id);
        uint32_t open = 0, calls = 0;
        for (uint32_t i = 0; i < incident->n_assignments; i++)
            open += sgp_assignment_is_open(sgp_world_assignment(world, incident->assignments[i]));
        for (sgp_id call = 0; (call = sgp_world_next_call_of(world, id, call));) {
            calls++;
            if (!sgp_world_call(world, call) || sgp_world_call(world, call)->incident != id)
                return "a call is not of the incident that lists it";
        }
        bool closed = incident->state == SGP_INCIDENT_CLOSED;
        open_incidents += !closed;
        open_calls += closed ? 0 : calls;
        sgp_incident_state state = closed                      ? SGP_INCIDENT_CLOSED
                                   : open                      ? SGP_INCIDENT_ASSIGNED
                                   : incident->place_confirmed ? SGP_INCIDENT_WAITING
                                                               : SGP_INCIDENT_LOCATING;
        bool alike_wrong = false;
        for (uint32_t i = 0; !closed && i < incident->n_alike; i++) {
            const sgp_incident *older = sgp_world_incident(world, incident->alike[i].incident);
            alike_wrong = alike_wrong || !older || older->id >= id ||
                          older->state == SGP_INCIDENT_CLOSED ||
                          (i && incident->alike[i - 1].dismissed && !incident->alike[i].dismissed);
        }
        const char *wrong =
            alike_wrong                               ? "is offered as a later or closed one"
            : incident->state != state                ? "is in a wrong state"
            : closed != (incident->closed_at_ms != 0) ? "has a wrong time of closing"
            : closed == (incident->outcome == SGP_OUTCOME_NONE)    ? "has a wrong outcome"
            : calls != incident->n_calls                           ? "counts its calls wrongly"
            : incident->has_place != (incident->placed_at_ms != 0) ? "has a wrong time of place"
            : open && !incident->has_place                         ? "has units and no place"
            : incident->units_wanted == 0                          ? "wants no units"
            : incident->priority == 0                              ? "has no priority"
                                                                   : NULL;
        if (wrong) {
            snprintf(text, sizeof text, "incident %llu %s", (unsigned long long)id, wrong);
            return text;
        }
    }
    if (open_incidents != world->open_incidents || open_calls != world->open_calls)
        return "the open incidents or calls are miscounted";
    for (uint32_t i = 0; i < world->open_incidents; i++)
        if (world->open[i]->view.state == SGP_INCIDENT_CLOSED ||
            (i && world->open[i - 1]->view.id >= world->open[i]->view.id))
            return "the list of open incidents is wrong";
    for (sgp_id id = 0; (id = sgp_world_next_call(world, id));)
        if (!sgp_world_incident(world, sgp_world_call(world, id)->incident))
            return "a call is of no incident";
    return NULL;
}

/* Beds are never fewer than none, and what was taken stands in order of time. */
static inline const char *core_check_hospitals(const sgp_world *world) {
    for (uint32_t i = 0; i < sgp_world_hospitals(world); i++) {
        const sgp_hospital_node *node = &world->hospitals[i];
        int32_t beds = sgp_world_free_beds(world, i);
        if (beds < -1 || node->view.n_taken > SGP_BEDS_TAKEN_MAX)
            return "a hospital has fewer beds than none";
        for (uint32_t k = 0; k < node->view.n_taken; k++)
            if (node->taken_at_ms[k] > sgp_world_now_ms(world) ||
                (k && node->taken_at_ms[k] < node->taken_at_ms[k - 1]))
                return "the beds taken are out of order";
        if ((node->view.told.diverts != 0) != (node->view.told.diversion == SGP_DIVERSION_SOME))
            return "a hospital diverts abilities and does not say so";
    }
    for (sgp_id id = 0; (id = sgp_world_next_assignment(world, id));) {
        const sgp_assignment *on = sgp_world_assignment(world, id);
        if (on->offload_due_ms && on->state != SGP_ASSIGNMENT_AT_HOSPITAL)
            return "a unit that is not at a hospital waits there";
    }
    return NULL;
}

/* A transfer is nobody's job before it is due, then it is one incident's; none is forgotten. */
static inline const char *core_check_transfers(const sgp_world *world) {
    static char text[160];
    uint32_t over = 0;
    for (sgp_id id = 0; (id = sgp_world_next_transfer(world, id));) {
        const sgp_transfer *transfer = sgp_world_transfer(world, id);
        const sgp_incident *incident = sgp_world_incident(world, transfer->incident);
        bool open = incident && incident->state != SGP_INCIDENT_CLOSED;
        bool planned = transfer->state == SGP_TRANSFER_PLANNED;
        bool ended = transfer->state > SGP_TRANSFER_DUE;
        over += ended;
        const char *wrong =
            planned != (transfer->incident == 0) && !ended ? "has an incident before it is due"
            : planned && transfer->look_at_ms <= 0         ? "is never looked at"
            : transfer->state == SGP_TRANSFER_DUE && !open ? "is due and nobody's incident"
            : ended && open                                ? "is over and its incident is open"
            : ended != (transfer->ended_at_ms != 0)        ? "has a wrong time of ending"
            : incident && (incident->transfer != id || incident->destination != transfer->to + 1)
                ? "has an incident that goes elsewhere"
            : transfer->from == transfer->to               ? "goes nowhere"
            : transfer->unit > sgp_world_units(world)      ? "is of an unknown unit"
            : !transfer->seat.kinds || !transfer->priority ? "fits no unit"
                                                           : NULL;
        if (wrong) {
            snprintf(text, sizeof text, "transfer %llu %s", (unsigned long long)id, wrong);
            return text;
        }
    }
    if (over != world->n_transfers_over)
        return "the transfers that are over are miscounted";
    for (uint32_t i = 0; i < sgp_world_units(world); i++) {
        const sgp_transfer *kept = sgp_world_transfer(world, world->units[i].pencilled);
        if (world->units[i].pencilled &&
            (!kept || kept->unit != i + 1 || kept->state > SGP_TRANSFER_DUE))
            return "a unit is kept for a transfer that is not its own";
    }
    for (sgp_id id = 0; (id = sgp_world_next_incident(world, id));) {
        const sgp_incident *incident = sgp_world_incident(world, id);
        if (incident->transfer && incident->state != SGP_INCIDENT_CLOSED &&
            (!sgp_world_transfer(world, incident->transfer) ||
             sgp_world_transfer(world, incident->transfer)->incident != id))
            return "the transfer of an open incident is not known";
        if ((incident->transfer != 0) != (incident->destination != 0))
            return "an incident has a destination and is no transfer, or the other way round";
    }
    return NULL;
}

/* Who has what in hand: open incidents only, since a time; and the hand-overs in their order. */
static inline const char *core_check_desks(const sgp_world *world) {
    for (sgp_id id = 0; (id = sgp_world_next_incident(world, id));) {
        const sgp_incident *incident = sgp_world_incident(world, id);
        if ((incident->taken_by[0] != '\0') != (incident->taken_at_ms != 0))
            return "an incident is taken by nobody, or since no time";
        if (incident->taken_by[0] && incident->state == SGP_INCIDENT_CLOSED)
            return "a closed incident is in somebody's hands";
        const sgp_log_entry *log;
        for (uint32_t i = 0; i < sgp_world_log(world, id, &log); i++)
            if (log[i].version > incident->version)
                return "a log entry knows a version that the incident never had";
    }
    for (uint32_t i = 0; i < sgp_world_handovers(world); i++) {
        const sgp_handover *one = sgp_world_handover(world, i);
        if (!one->from[0] || (i && one->id <= sgp_world_handover(world, i - 1)->id))
            return "a hand-over is nobody's, or out of order";
    }
    return sgp_world_handovers(world) <= SGP_HANDOVERS_KEPT ? NULL : "too many hand-overs are kept";
}

static inline const char *core_check_rings(const sgp_world *world) {
    static char text[160];
    for (sgp_id id = 0; (id = sgp_world_next_ring(world, id));) {
        const sgp_ring *ring = sgp_world_ring(world, id);
        const sgp_call *call = sgp_world_call(world, ring->call);
        bool talked = ring->state == SGP_RING_ANSWERED || ring->state == SGP_RING_HELD ||
                      ring->state == SGP_RING_ENDED;
        const char *wrong =
            talked != (ring->answered_at_ms != 0)                       ? "was answered, or was not"
            : sgp_ring_is_open(ring) != (ring->ended_at_ms == 0)        ? "is over, or is not"
            : (ring->state == SGP_RING_HELD) != (ring->held_at_ms != 0) ? "is held, or is not"
            : (talked || ring->state == SGP_RING_CLAIMED) && !ring->claimed_by[0]
                ? "is claimed by nobody"
            : ring->state == SGP_RING_RINGING && ring->claimed_by[0]  ? "rings and is claimed"
            : ring->state != SGP_RING_CLAIMED && ring->claim_until_ms ? "has a claim that ends"
            : ring->state != SGP_RING_ABANDONED && ring->back ? "is called back and was answered"
            : (ring->back != SGP_CALL_BACK_NONE && ring->back != SGP_CALL_BACK_RANG_AGAIN) &&
                    !ring->back_by[0]
                ? "is called back by nobody"
            : call && call->ring != id ? "became a call of another ring"
            : sgp_world_ring_of(world, ring->exchange, ring->channel) != id
                ? "shares its channel with another"
                : NULL;
        if (wrong) {
            snprintf(text, sizeof text, "ring %llu %s", (unsigned long long)id, wrong);
            return text;
        }
    }
    return NULL;
}

static inline const char *core_check_timer(const sgp_world *world) {
    int64_t next_ms = INT64_MAX;
    const sgp_rules *rules = &sgp_world_clocks(world)->rules;
    for (uint32_t i = 0; i < sgp_world_hospitals(world); i++) {
        const sgp_hospital_node *node = &world->hospitals[i];
        const sgp_hospital_told *told = &node->view.told;
        int32_t stay_ms = rules->edition >= 2 && told->has_beds ? 0 : rules->bed_stay_ms;
        if (told->diversion && told->until_ms && told->until_ms < next_ms)
            next_ms = told->until_ms;
        if (stay_ms && node->view.n_taken && node->taken_at_ms[0] + stay_ms < next_ms)
            next_ms = node->taken_at_ms[0] + stay_ms;
    }
    for (sgp_id id = 0; (id = sgp_world_next_assignment(world, id));) {
        const sgp_assignment_node *node = sgp_world_find_assignment(world, id);
        if (node->view.offload_due_ms && node->view.offload_due_ms < next_ms)
            next_ms = node->view.offload_due_ms;
        if (node->view.state == SGP_ASSIGNMENT_ORDERED && node->answer_by_ms < next_ms)
            next_ms = node->answer_by_ms;
    }
    for (sgp_id id = 0; (id = sgp_world_next_incident(world, id));) {
        const sgp_incident *incident = sgp_world_incident(world, id);
        for (uint32_t i = 0; i < incident->n_alerts; i++)
            if (incident->state != SGP_INCIDENT_CLOSED &&
                incident->alerts[i].state == SGP_ALERT_GIVEN &&
                incident->alerts[i].answer_by_ms < next_ms)
                next_ms = incident->alerts[i].answer_by_ms;
    }
    for (uint32_t i = 0; i < sgp_world_units(world); i++) {
        const sgp_unit *unit = sgp_world_unit(world, i);
        const sgp_assignment *on = sgp_world_assignment(world, unit->assignment);
        if (unit->distress_due_ms && unit->distress_due_ms < next_ms)
            next_ms = unit->distress_due_ms;
        if (on && on->welfare_due_ms && on->welfare_due_ms < next_ms)
            next_ms = on->welfare_due_ms;
    }
    /* Shifts are looked at once each; when first depends on when it was last asked. */
    if (world->roster_due_ms < next_ms)
        next_ms = world->roster_due_ms;
    for (sgp_id id = 0; (id = sgp_world_next_transfer(world, id));) {
        const sgp_transfer *transfer = sgp_world_transfer(world, id);
        if (transfer->state == SGP_TRANSFER_PLANNED && transfer->look_at_ms < next_ms)
            next_ms = transfer->look_at_ms;
    }
    for (sgp_id id = 0; (id = sgp_world_next_ring(world, id));) {
        const sgp_ring *ring = sgp_world_ring(world, id);
        int64_t keep_ms = sgp_world_clocks(world)->rules.ring_keep_h * INT64_C(3600000);
        if (ring->claim_until_ms && ring->claim_until_ms < next_ms)
            next_ms = ring->claim_until_ms;
        if (ring->ended_at_ms && keep_ms && ring->ended_at_ms + keep_ms < next_ms)
            next_ms = ring->ended_at_ms + keep_ms;
    }
    for (uint32_t i = 0; i < sgp_world_road_closures(world); i++) {
        const sgp_road_closure *closure = sgp_world_road_closure(world, i);
        int64_t due_ms = closure->in_force ? closure->until_ms : closure->from_ms;
        if (due_ms && due_ms < next_ms)
            next_ms = due_ms;
    }
    return next_ms == sgp_world_next_timer_ms(world) ? NULL : "the next timer is wrong";
}

static inline bool core_thing_exists(const sgp_world *world, sgp_world_thing thing, sgp_id id) {
    switch (thing) {
    case SGP_THING_UNIT:
        return id >= 1 && sgp_world_unit(world, (uint32_t)(id - 1));
    case SGP_THING_HOSPITAL:
        return id >= 1 && sgp_world_hospital(world, (uint32_t)(id - 1));
    case SGP_THING_CALL:
        return sgp_world_call(world, id);
    case SGP_THING_INCIDENT:
        return sgp_world_incident(world, id);
    case SGP_THING_ASSIGNMENT:
        return sgp_world_assignment(world, id);
    case SGP_THING_TRANSFER:
        return sgp_world_transfer(world, id);
    case SGP_THING_RING:
        return sgp_world_ring(world, id);
    case SGP_THINGS:
        break;
    }
    return false;
}

static inline const char *core_check_recommendation(const sgp_world *world,
                                                    const sgp_recommendation *made) {
    const sgp_candidate *before = NULL;
    int part_before = 0;
    if (made->n_candidates != sgp_world_units(world) || !sgp_world_incident(world, made->incident))
        return "a recommendation does not list every unit";
    for (uint32_t i = 0; i < made->n_candidates; i++) {
        const sgp_candidate *now = &made->candidates[i];
        bool may_go = now->exclusion == SGP_EXCLUDED_NOT;
        bool soon = now->exclusion == SGP_EXCLUDED_NOT_YET_FREE;
        bool has_total = may_go || soon || now->exclusion == SGP_EXCLUDED_NEEDED_ELSEWHERE;
        if (has_total != (now->total_ms >= 0) ||
            (has_total && now->total_ms != now->wait_ms + now->travel_ms + now->turnout_ms +
                                               now->walk_ms + now->policy_ms))
            return "a candidate's times do not add up";
        if (!may_go && (now->seat || now->from))
            return "a unit that may not go is recommended";
        int part = may_go ? 0 : soon ? 1 : 2;
        if (before && (part < part_before ||
                       (part == part_before && part < 2 &&
                        (now->total_ms < before->total_ms ||
                         (now->total_ms == before->total_ms && now->unit < before->unit))) ||
                       (part == 2 && part_before == 2 && now->unit < before->unit)))
            return "candidates are out of order";
        part_before = part;
        before = now;
    }
    return NULL;
}

static inline const char *core_check_hospital_advice(const sgp_world *world,
                                                     const sgp_hospital_advice *advice) {
    if (advice->n_options != sgp_world_hospitals(world) ||
        !sgp_world_assignment(world, advice->assignment))
        return "advice does not list every hospital";
    for (uint32_t i = 0; i < advice->n_options; i++) {
        const sgp_hospital_option *now = &advice->options[i], *before = now - 1;
        const sgp_hospital *hospital = sgp_world_hospital(world, now->hospital);
        uint32_t can = hospital->abilities & ~hospital->told.diverts;
        if (now->lacks != (advice->needs & ~can) || (now->travel_ms < 0) != (now->total_ms < 0))
            return "advice does not say what a hospital lacks";
        bool fits = now->travel_ms >= 0 && !now->lacks &&
                    hospital->told.diversion < SGP_DIVERSION_ALL &&
                    (now->free_beds < 0 || now->inbound < now->free_beds);
        /* Many hurt at one place fill up hospitals whose beds nobody knows. */
        if ((now->unfit == SGP_UNFIT_NOT) != fits &&
            !(fits && now->free_beds < 0 && now->unfit == SGP_UNFIT_FULL))
            return "advice gives a wrong reason";
        if (i && (before->unfit > now->unfit ||
                  (before->unfit == now->unfit && now->unfit < SGP_UNFIT_LACKS &&
                   before->total_ms > now->total_ms)))
            return "advice is out of order";
    }
    return NULL;
}

static inline const char *core_check_effects(const sgp_world *world, const sgp_effects *effects) {
    if (effects->n == 0 || effects->items[effects->n - 1].kind != SGP_EFFECT_REPLY)
        return "the last effect is not the reply";
    const sgp_effect *changed = NULL;
    for (size_t i = 0; i < effects->n; i++) {
        const sgp_effect *effect = &effects->items[i];
        const char *wrong = NULL;
        switch (effect->kind) {
        case SGP_EFFECT_REPLY:
            wrong = i + 1 == effects->n ? NULL : "there are two replies";
            break;
        case SGP_EFFECT_CHANGED:
            if (!core_thing_exists(world, effect->u.changed.thing, effect->u.changed.id))
                wrong = "something unknown is told as changed";
            else if (changed && (effect->u.changed.thing < changed->u.changed.thing ||
                                 (effect->u.changed.thing == changed->u.changed.thing &&
                                  effect->u.changed.id <= changed->u.changed.id)))
                wrong = "a change is told twice or out of order";
            changed = effect;
            break;
        case SGP_EFFECT_RECOMMENDED:
            wrong = core_check_recommendation(world, &effect->u.recommended);
            break;
        case SGP_EFFECT_ORDER:
        case SGP_EFFECT_WITHDRAW:
            if (!sgp_world_assignment(world, effect->u.order.assignment))
                wrong = "an order names an unknown assignment";
            break;
        case SGP_EFFECT_ALERT:
            if (!sgp_world_incident(world, effect->u.alert.incident))
                wrong = "an agency is alerted to an unknown incident";
            break;
        case SGP_EFFECT_HOSPITALS:
            wrong = core_check_hospital_advice(world, &effect->u.hospitals);
            break;
        case SGP_EFFECT_DESTINATION:
        case SGP_EFFECT_OFFLOAD: {
            const sgp_assignment *on =
                sgp_world_assignment(world, effect->u.destination.assignment);
            /* Where crews need not say where they are, nobody knows at which one it waits. */
            if (!on || (on->hospital < 0 && effect->kind == SGP_EFFECT_DESTINATION))
                wrong = "a hospital is told of that nobody goes to";
            break;
        }
        case SGP_EFFECT_TRACK:
            if (!sgp_world_unit(world, effect->u.track.unit))
                wrong = "positions name an unknown unit";
            break;
        case SGP_EFFECT_MOVE_UP:
            if (effect->u.move_up.unit >= sgp_world_units(world))
                wrong = "an unknown unit is sent to wait somewhere";
            break;
        case SGP_EFFECT_ALARM: {
            const sgp_unit *unit = sgp_world_unit(world, effect->u.alarm.unit);
            if (!unit || (effect->u.alarm.absent && unit->crew.absent_until_ms == 0) ||
                (effect->u.alarm.absent       ? false
                 : effect->u.alarm.assignment ? unit->assignment != effect->u.alarm.assignment
                                              : unit->distress_at_ms == 0))
                wrong = "an alarm is raised for a crew that is well";
            break;
        }
        case SGP_EFFECT_RING_ANSWER: {
            const sgp_ring *ring = sgp_world_ring(world, effect->u.ring.ring);
            if (!ring || ring->state != SGP_RING_CLAIMED)
                wrong = "a ring is answered that nobody has claimed";
            break;
        }
        case SGP_EFFECT_RING_GONE:
            if (sgp_world_ring(world, effect->u.ring.ring))
                wrong = "a ring is told as forgotten and is still there";
            break;
        case SGP_EFFECT_FIND_PLACE:
            if (!sgp_world_call(world, effect->u.find_place.call))
                wrong = "a place is asked for an unknown call";
            break;
        }
        if (wrong)
            return wrong;
    }
    return NULL;
}

static inline const char *core_check_world(const sgp_world *world) {
    const char *wrong = core_check_assignments(world);
    if (!wrong)
        wrong = core_check_units(world);
    if (!wrong)
        wrong = core_check_incidents(world);
    if (!wrong)
        wrong = core_check_hospitals(world);
    if (!wrong)
        wrong = core_check_transfers(world);
    if (!wrong)
        wrong = core_check_rings(world);
    if (!wrong)
        wrong = core_check_desks(world);
    return wrong ? wrong : core_check_timer(world);
}

/* Event -> bytes -> event -> bytes gives the same bytes. */
static inline const char *core_check_event_coding(const sgp_event *event) {
    sgp_buffer first = {0}, second = {0};
    const char *wrong = NULL;
    sgp_event read = {.kind = SGP_EVENT_TIMER};
    sgp_fault fault;
    if (sgp_event_encode(event, &first) != SGP_OK)
        return "an event cannot be encoded";
    Sigap__V1__Event *message = sigap__v1__event__unpack(NULL, first.length, first.data);
    if (!message || sgp_event_from_proto(message, &read, &fault) != SGP_OK)
        wrong = "an encoded event cannot be read";
    else if (sgp_event_encode(&read, &second) != SGP_OK || first.length != second.length ||
             memcmp(first.data, second.data, first.length) != 0)
        wrong = "an event changes by being encoded";
    sgp_event_clear(&read);
    sigap__v1__event__free_unpacked(message, NULL);
    sgp_buffer_free(&first);
    sgp_buffer_free(&second);
    return wrong;
}

#endif
