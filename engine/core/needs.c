#include "core/needs.h"

const uint32_t sgp_kinds_that_treat =
    1u << SGP_UNIT_AMBULANCE_BASIC | 1u << SGP_UNIT_AMBULANCE_ADVANCED | 1u << SGP_UNIT_MOTORBIKE;

bool sgp_need_fits(const sgp_need *need, const sgp_unit *unit) {
    return (need->kinds >> unit->kind & 1u) != 0;
}

bool sgp_some_need_fits(const sgp_need *needs, size_t n, const sgp_unit *unit) {
    for (size_t i = 0; i < n; i++)
        if (sgp_need_fits(&needs[i], unit))
            return true;
    return false;
}

/* Every seat that the incident has, filled or not, most important first. */
static size_t all_seats(const sgp_incident_node *incident, sgp_need *seats) {
    size_t n = incident->view.units_wanted;
    if (n > SGP_NEEDS_MAX)
        n = SGP_NEEDS_MAX;
    for (size_t i = 0; i < n; i++)
        seats[i] = (sgp_need){.kinds = sgp_kinds_that_treat, .nth = (uint32_t)i};
    return n;
}

/* Who is on the incident now or has done its work there. */
static size_t all_who_count(const sgp_world *world, const sgp_incident_node *incident,
                            const sgp_unit **units) {
    size_t n = 0;
    for (uint32_t i = 0; i < incident->view.n_assignments; i++) {
        const sgp_assignment *on =
            &sgp_world_find_assignment(world, incident->view.assignments[i])->view;
        if (sgp_assignment_is_open(on) || on->state == SGP_ASSIGNMENT_CLOSED)
            units[n++] = &world->units[on->unit].view;
    }
    return n;
}

/* Units take seats so that as many seats as possible are filled, the important ones first: each
 * seat in turn looks for a unit, and one that is taken may move to another seat that it fits
 * (augmenting paths; for seats in order this is the greedy of a transversal matroid). */
typedef struct seating {
    const sgp_need *seats;
    const sgp_unit *units[SGP_NEEDS_MAX];
    size_t n_units;
    size_t seat_of[SGP_NEEDS_MAX]; /* 0 = none, else seat + 1 */
    bool asked[SGP_NEEDS_MAX];
} seating;

static bool find_unit(seating *at, size_t seat) {
    for (size_t i = 0; i < at->n_units; i++) {
        if (at->asked[i] || !sgp_need_fits(&at->seats[seat], at->units[i]))
            continue;
        at->asked[i] = true;
        if (!at->seat_of[i] || find_unit(at, at->seat_of[i] - 1)) {
            at->seat_of[i] = seat + 1;
            return true;
        }
    }
    return false;
}

size_t sgp_incident_needs(const sgp_world *world, const sgp_incident_node *incident,
                          sgp_need *needs, size_t max) {
    sgp_need seats[SGP_NEEDS_MAX];
    size_t n_seats = all_seats(incident, seats), n = 0;
    seating at = {.seats = seats};
    at.n_units = all_who_count(world, incident, at.units);
    for (size_t seat = 0; seat < n_seats && n < max; seat++) {
        for (size_t i = 0; i < at.n_units; i++)
            at.asked[i] = false;
        if (!find_unit(&at, seat))
            needs[n++] = seats[seat];
    }
    return n;
}

size_t sgp_incident_needs_or_one(const sgp_world *world, const sgp_incident_node *incident,
                                 sgp_need *needs, size_t max) {
    size_t n = sgp_incident_needs(world, incident, needs, max);
    if (n == 0)
        needs[n++] = (sgp_need){.kinds = sgp_kinds_that_treat, .nth = SGP_NEEDS_MAX};
    return n;
}
