#include "seats.h"

#include <stdio.h>
#include <string.h>

#include "sigap/plan.h"

enum { SEATS_MAX = SGP_UNITS_PER_INCIDENT_MAX, UNITS_MAX = SGP_UNITS_PER_INCIDENT_MAX };

typedef struct sim_seat {
    uint32_t kinds, skills;
} sim_seat;

typedef struct table {
    sim_seat seats[SEATS_MAX];
    int n_seats;
    const sgp_unit *units[UNITS_MAX];
    int n_units;
    int taken_by[SEATS_MAX]; /* -1 = nobody */
    bool tried[SEATS_MAX];
    bool any_unit_fits;
} table;

static void add(table *at, uint32_t kinds, uint32_t skills) {
    if (at->n_seats < SEATS_MAX)
        at->seats[at->n_seats++] = (sim_seat){kinds, skills};
}

/* Whether the plan wants that seat now: its alarm level has come, and nobody stood its unit down
 * for good. */
static bool is_wanted(const sgp_plan *plan, const sgp_response *response,
                      const sgp_incident *incident, uint32_t nth) {
    bool dropped = incident->seats_dropped_of == (uint32_t)(response - plan->responses) + 1 &&
                   (incident->seats_dropped >> nth & 1u) != 0;
    return plan->seats[response->first_seat + nth].alarm <= incident->alarm && !dropped;
}

/* What the plan cannot do without comes first, then as many who treat as somebody said, then what
 * people asked for, then what would be good to have. */
static void lay(table *at, const sgp_world *world, const sgp_incident *incident) {
    const sgp_plan *plan = sgp_world_plan(world);
    const sgp_response *response =
        incident->transfer ? NULL /* no plan says who takes a patient from hospital to hospital */
                           : sgp_plan_response(plan, incident->complaint, incident->priority);
    int wanted = (int)incident->units_wanted;
    if (incident->mass_casualty && (int)incident->patients > wanted)
        wanted = (int)incident->patients;
    if (wanted > SEATS_MAX)
        wanted = SEATS_MAX;
    if (incident->mass_casualty) {
        add(at, 1u << SGP_UNIT_COMMAND_CAR, 0);
        wanted++;
    }
    for (uint32_t i = 0; response && i < response->n_seats && at->n_seats < wanted; i++) {
        const sgp_seat *planned = &plan->seats[response->first_seat + i];
        if (!planned->if_possible && is_wanted(plan, response, incident, i))
            add(at, planned->kinds | planned->instead, planned->skills);
    }
    /* Whoever is sent to a transfer must be able to take the patient. */
    while (at->n_seats < wanted && at->n_seats < SEATS_MAX)
        add(at, incident->transfer ? incident->transfer_seat.kinds : SGP_KINDS_TREAT,
            incident->transfer ? incident->transfer_seat.skills : 0);
    for (uint32_t i = 0; i < incident->n_backup; i++)
        add(at, incident->backup[i].kinds, incident->backup[i].skills);
    for (uint32_t i = 0; response && i < response->n_seats; i++) {
        const sgp_seat *planned = &plan->seats[response->first_seat + i];
        if (planned->if_possible && is_wanted(plan, response, incident, i))
            add(at, planned->kinds | planned->instead, planned->skills);
    }
    at->any_unit_fits = !response && !incident->transfer && !incident->n_backup &&
                        !incident->mass_casualty && !sgp_world_clocks(world)->rules.seats_by_kind;
}

static bool fits(const table *at, int seat_number, const sgp_unit *unit) {
    const sim_seat *one = &at->seats[seat_number];
    return at->any_unit_fits ||
           ((one->kinds >> unit->kind & 1u) != 0 && (unit->skills & one->skills) == one->skills);
}

/* Textbook bipartite matching by augmenting paths, from the units' side. */
static bool sit(table *at, int unit) {
    for (int i = 0; i < at->n_seats; i++) {
        if (at->tried[i] || !fits(at, i, at->units[unit]))
            continue;
        at->tried[i] = true;
        if (at->taken_by[i] < 0 || sit(at, at->taken_by[i])) {
            at->taken_by[i] = unit;
            return true;
        }
    }
    return false;
}

static int seat_all(table *at) {
    int seated = 0;
    for (int i = 0; i < at->n_seats; i++)
        at->taken_by[i] = -1;
    for (int unit = 0; unit < at->n_units; unit++) {
        memset(at->tried, 0, sizeof at->tried);
        seated += sit(at, unit);
    }
    return seated;
}

bool sim_has_seat(const sgp_world *world, sgp_id first_fresh, const sgp_assignment *fresh) {
    const sgp_incident *incident = sgp_world_incident(world, fresh->incident);
    table at;
    at.n_seats = at.n_units = 0;
    lay(&at, world, incident);
    for (uint32_t i = 0; i < incident->n_assignments; i++) {
        const sgp_assignment *on = sgp_world_assignment(world, incident->assignments[i]);
        bool counts = on->state <= SGP_ASSIGNMENT_HANDED_OVER || on->state == SGP_ASSIGNMENT_CLOSED;
        if (counts && on->id < first_fresh)
            at.units[at.n_units++] = sgp_world_unit(world, on->unit);
    }
    int before = seat_all(&at), n_fresh = 0;
    for (uint32_t i = 0; i < incident->n_assignments; i++) {
        const sgp_assignment *on = sgp_world_assignment(world, incident->assignments[i]);
        if (on->id < first_fresh || on->state > SGP_ASSIGNMENT_HANDED_OVER)
            continue;
        at.units[at.n_units++] = sgp_world_unit(world, on->unit);
        n_fresh++;
    }
    return seat_all(&at) == before + n_fresh;
}

void sim_seats_print(const sgp_world *world, sgp_id id, char *text, size_t bytes) {
    const sgp_incident *incident = sgp_world_incident(world, id);
    table at;
    at.n_seats = at.n_units = 0;
    lay(&at, world, incident);
    const sgp_clocks *clocks = sgp_world_clocks(world);
    size_t n = (size_t)snprintf(text, bytes, "policy %s, edition %d, %s seats",
                                sgp_policy_str(clocks->policy[incident->priority]),
                                (int)clocks->rules.edition,
                                at.any_unit_fits ? "any unit fits;" : "kinds/skills of");
    for (int i = 0; i < at.n_seats && n < bytes; i++)
        n += (size_t)snprintf(text + n, bytes - n, " %x/%x", at.seats[i].kinds, at.seats[i].skills);
    for (uint32_t i = 0; i < incident->n_assignments && n < bytes; i++) {
        const sgp_assignment *on = sgp_world_assignment(world, incident->assignments[i]);
        const sgp_unit *unit = sgp_world_unit(world, on->unit);
        if (on->state > SGP_ASSIGNMENT_CLOSED) /* declined and the like */
            continue;
        n += (size_t)snprintf(text + n, bytes - n, "; %s %x/%x %s", unit->code, 1u << unit->kind,
                              unit->skills, sgp_assignment_state_str(on->state));
    }
}
