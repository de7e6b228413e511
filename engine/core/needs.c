#include "core/needs.h"

#include <string.h>

#include "core/edition.h"
#include "core/planned.h"

const uint32_t sgp_kinds_that_treat =
    1u << SGP_UNIT_AMBULANCE_BASIC | 1u << SGP_UNIT_AMBULANCE_ADVANCED | 1u << SGP_UNIT_MOTORBIKE;

bool sgp_need_fits(const sgp_need *need, const sgp_unit *unit) {
    return ((need->kinds | need->instead) >> sgp_kind_with_crew(unit) & 1u) != 0 &&
           (unit->skills & need->skills) == need->skills;
}

int64_t sgp_need_cost_ms(const sgp_need *need, const sgp_unit *unit, int64_t total_ms) {
    enum { DAY_MS = 24 * 3600 * 1000 };
    if (!sgp_need_fits(need, unit))
        return -1;
    bool wanted = (need->kinds >> sgp_kind_with_crew(unit) & 1u) != 0;
    if (wanted && (need->within_ms == 0 || total_ms <= need->within_ms))
        return total_ms;
    return total_ms + (need->within_ms ? need->within_ms : DAY_MS);
}

bool sgp_some_need_fits(const sgp_need *needs, size_t n, const sgp_unit *unit) {
    for (size_t i = 0; i < n; i++)
        if (sgp_need_fits(&needs[i], unit))
            return true;
    return false;
}

/* The seats of the plan, and which of the incident's seats each of them is. */
typedef struct planned_seats {
    const sgp_response *response;
    const sgp_seat *seats;
    size_t
        number[SGP_SEATS_PER_RESPONSE]; /* by place in the response: 1 + number, 0 = not wanted */
    uint32_t dropped;                   /* by place in the response: bit 1u << place */
    size_t first_backup;                /* number of the first seat that people asked for */
} planned_seats;

static planned_seats plan_of(const sgp_world *world, const sgp_incident_node *incident) {
    planned_seats plan = {.response = sgp_planned_response(world, incident)};
    if (!plan.response)
        return plan;
    plan.seats = &world->plan->seats[plan.response->first_seat];
    plan.dropped = sgp_planned_dropped(world, incident);
    return plan;
}

static void add_planned(planned_seats *plan, const sgp_incident_node *incident, bool if_possible,
                        size_t most, sgp_need *seats, size_t *n) {
    for (uint32_t i = 0; i < plan->response->n_seats && *n < most; i++) {
        const sgp_seat *seat = &plan->seats[i];
        if (seat->alarm > incident->view.alarm || seat->if_possible != if_possible ||
            plan->dropped >> i & 1u)
            continue;
        seats[*n] = (sgp_need){.kinds = seat->kinds,
                               .instead = seat->instead,
                               .skills = seat->skills,
                               .within_ms = seat->within_ms,
                               .if_possible = seat->if_possible,
                               .nth = (uint32_t)*n};
        plan->number[i] = ++*n;
    }
}

static void add_seat(uint32_t kinds, uint32_t skills, sgp_need *seats, size_t *n) {
    if (*n == SGP_NEEDS_MAX)
        return;
    seats[*n] = (sgp_need){.kinds = kinds, .skills = skills, .nth = (uint32_t)*n};
    ++*n;
}

/* Every seat that the incident has, filled or not, most important first: what the plan cannot do
 * without, more units as somebody said, one for each patient and one who commands where many are
 * hurt, what people asked for, and what would be good to have. */
static size_t all_seats(const sgp_incident_node *incident, planned_seats *plan, sgp_need *seats) {
    const sgp_incident *view = &incident->view;
    size_t n = 0, wanted = view->units_wanted;
    if (view->mass_casualty && view->patients > wanted)
        wanted = view->patients;
    if (wanted > SGP_NEEDS_MAX)
        wanted = SGP_NEEDS_MAX;
    if (view->mass_casualty)
        add_seat(1u << SGP_UNIT_COMMAND_CAR, 0, seats, &n);
    wanted += n;
    if (plan->response)
        add_planned(plan, incident, false, wanted < SGP_NEEDS_MAX ? wanted : SGP_NEEDS_MAX, seats,
                    &n);
    while (n < wanted && n < SGP_NEEDS_MAX) {
        if (view->transfer)
            add_seat(view->transfer_seat.kinds, view->transfer_seat.skills, seats, &n);
        else
            add_seat(sgp_kinds_that_treat, 0, seats, &n);
    }
    plan->first_backup = n;
    for (uint32_t i = 0; i < view->n_backup; i++)
        add_seat(view->backup[i].kinds, view->backup[i].skills, seats, &n);
    if (plan->response && !incident->view.first_on_scene_at_ms)
        add_planned(plan, incident, true, SGP_NEEDS_MAX, seats, &n);
    return n;
}

/* Whether a unit fills only a seat that it fits. Before there were rules and plans every unit
 * filled any, and old journals must read so. */
static bool by_kind(const sgp_world *world, const sgp_incident_node *incident) {
    return world->clocks.rules.seats_by_kind || sgp_planned_response(world, incident) ||
           incident->view.n_backup || incident->view.mass_casualty || incident->view.transfer;
}

/* Who is on the incident now or has done its work there, but for one assignment, and for orders
 * of units that `moves` (may be NULL) marks. */
static size_t all_who_count(const sgp_world *world, const sgp_incident_node *incident,
                            sgp_id without, const uint8_t *moves, const sgp_unit **units) {
    size_t n = 0;
    for (uint32_t i = 0; i < incident->view.n_assignments; i++) {
        const sgp_assignment *on =
            &sgp_world_find_assignment(world, incident->view.assignments[i])->view;
        bool ends =
            on->id == without || (moves && moves[on->unit] && on->state == SGP_ASSIGNMENT_ORDERED);
        if (!ends && (sgp_assignment_is_open(on) || on->state == SGP_ASSIGNMENT_CLOSED))
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
    bool by_kind;
    bool instead_too; /* first each seat looks among the kinds that it wants */
} seating;

static bool may_sit(const seating *at, size_t seat, size_t unit) {
    const sgp_need *need = &at->seats[seat];
    if (!at->by_kind)
        return true;
    return sgp_need_fits(need, at->units[unit]) &&
           (at->instead_too || (need->kinds >> sgp_kind_with_crew(at->units[unit]) & 1u) != 0);
}

static bool find_unit(seating *at, size_t seat) {
    for (size_t i = 0; i < at->n_units; i++) {
        if (at->asked[i] || !may_sit(at, seat, i))
            continue;
        at->asked[i] = true;
        if (!at->seat_of[i] || find_unit(at, at->seat_of[i] - 1)) {
            at->seat_of[i] = seat + 1;
            return true;
        }
    }
    return false;
}

/* Says of each seat that goes along with another one which is empty: after which. */
static void find_leaders(const planned_seats *plan, const bool *empty, sgp_need *seats) {
    for (uint32_t i = 0; plan->response && i < plan->response->n_seats; i++) {
        uint32_t with = plan->seats[i].with;
        if (!plan->number[i] || !with)
            continue;
        size_t leader = plan->number[with - 1];
        if (leader && empty[leader - 1])
            seats[plan->number[i] - 1].after = (uint32_t)leader;
    }
}

/* All seats, and which of them are empty. Returns how many there are. */
static size_t find_empty(const sgp_world *world, const sgp_incident_node *incident, sgp_id without,
                         const uint8_t *moves, planned_seats *plan, sgp_need *seats, bool *empty) {
    *plan = plan_of(world, incident);
    size_t n_seats = all_seats(incident, plan, seats);
    seating at;
    at.seats = seats;
    at.by_kind = by_kind(world, incident);
    at.n_units = all_who_count(world, incident, without, moves, at.units);
    for (size_t i = 0; i < at.n_units; i++)
        at.seat_of[i] = 0;
    for (int pass = 0; pass < 2; pass++) {
        at.instead_too = pass == 1;
        for (size_t seat = 0; seat < n_seats; seat++) {
            for (size_t i = 0; i < at.n_units; i++)
                at.asked[i] = false;
            empty[seat] = (pass == 0 || empty[seat]) && !find_unit(&at, seat);
        }
    }
    return n_seats;
}

/* The empty seats; `alone`: those too that go along with an empty one. */
static size_t open_seats(const sgp_world *world, const sgp_incident_node *incident, sgp_id without,
                         const uint8_t *moves, bool alone, sgp_need *needs, size_t max) {
    sgp_need seats[SGP_NEEDS_MAX];
    bool empty[SGP_NEEDS_MAX];
    planned_seats plan;
    size_t n_seats = find_empty(world, incident, without, moves, &plan, seats, empty), n = 0;
    find_leaders(&plan, empty, seats);
    for (size_t seat = 0; seat < n_seats && n < max; seat++)
        if (empty[seat] && (alone || !seats[seat].after))
            needs[n++] = seats[seat];
    return n;
}

size_t sgp_incident_needs(const sgp_world *world, const sgp_incident_node *incident,
                          sgp_need *needs, size_t max) {
    return open_seats(world, incident, 0, NULL, false, needs, max);
}

size_t sgp_incident_needs_without(const sgp_world *world, const sgp_incident_node *incident,
                                  const uint8_t *moves, sgp_need *needs, size_t max) {
    return open_seats(world, incident, 0, moves, true, needs, max);
}

size_t sgp_incident_needs_or_one(const sgp_world *world, const sgp_incident_node *incident,
                                 sgp_need *needs, size_t max) {
    size_t n = open_seats(world, incident, 0, NULL, true, needs, max);
    if (n == 0)
        needs[n++] = (sgp_need){.kinds = sgp_kinds_that_treat, .nth = SGP_NEEDS_MAX};
    return n;
}

bool sgp_incident_is_served(const sgp_world *world, const sgp_incident_node *incident) {
    const sgp_incident *view = &incident->view;
    uint32_t served = sgp_incident_served(world, incident);
    uint32_t must = sgp_planned_must_serve(world, incident) + view->n_backup;
    if (view->mass_casualty && view->patients > must)
        must = view->patients < SGP_NEEDS_MAX ? view->patients : SGP_NEEDS_MAX;
    sgp_need need;
    return served > 0 && served >= must &&
           !(by_kind(world, incident) && sgp_incident_needs(world, incident, &need, 1) &&
             need.nth == 0);
}

bool sgp_assignment_is_surplus(const sgp_world *world, const sgp_incident_node *incident,
                               sgp_id assignment) {
    sgp_need needs[SGP_NEEDS_MAX];
    size_t with = open_seats(world, incident, 0, NULL, true, needs, SGP_NEEDS_MAX);
    return open_seats(world, incident, assignment, NULL, true, needs, SGP_NEEDS_MAX) == with;
}

/* A seat of the plan that was dropped and that the unit fits is wanted again. */
static bool take_up_dropped(sgp_incident *view, const planned_seats *plan, const sgp_unit *unit) {
    for (uint32_t i = 0; plan->response && i < plan->response->n_seats; i++) {
        const sgp_seat *seat = &plan->seats[i];
        if (!(plan->dropped >> i & 1u) || seat->alarm > view->alarm ||
            !(seat->kinds >> sgp_kind_with_crew(unit) & 1u) ||
            (unit->skills & seat->skills) != seat->skills)
            continue;
        view->seats_dropped &= ~(1u << i);
        view->units_wanted += !seat->if_possible && view->units_wanted < SGP_UNITS_PER_INCIDENT_MAX;
        return true;
    }
    return false;
}

void sgp_incident_seat_for(const sgp_world *world, sgp_incident_node *incident,
                           const sgp_unit *unit) {
    sgp_incident *view = &incident->view;
    sgp_need needs[SGP_NEEDS_MAX];
    size_t n = sgp_incident_needs(world, incident, needs, SGP_NEEDS_MAX);
    bool kinds_count = by_kind(world, incident);
    if (kinds_count ? sgp_some_need_fits(needs, n, unit) : n > 0)
        return;
    planned_seats plan = plan_of(world, incident);
    if (take_up_dropped(view, &plan, unit))
        return;
    if (!kinds_count || sgp_kinds_that_treat >> unit->kind & 1u) {
        if (view->units_wanted < SGP_UNITS_PER_INCIDENT_MAX)
            view->units_wanted++;
    } else if (view->n_backup < SGP_BACKUP_MAX) {
        view->backup[view->n_backup++] = (sgp_backup){.kinds = 1u << unit->kind};
    }
}

static void remove_backup(sgp_incident *view, uint32_t nth) {
    view->n_backup--;
    memmove(view->backup + nth, view->backup + nth + 1,
            (view->n_backup - nth) * sizeof *view->backup);
    view->backup[view->n_backup] = (sgp_backup){0};
}

static void drop_planned(const sgp_world *world, sgp_incident *view, const planned_seats *plan,
                         uint32_t place) {
    bool counts = !plan->seats[place].if_possible;
    if (counts && view->units_wanted <= 1)
        return;
    view->units_wanted -= counts;
    view->seats_dropped_of = (uint32_t)(plan->response - world->plan->responses) + 1;
    view->seats_dropped = plan->dropped | 1u << place;
}

/* Patients are not left without anybody because the one who was going is needed elsewhere. */
static bool is_last_that_treats(const sgp_need *seats, size_t n, size_t seat) {
    if ((seats[seat].kinds & sgp_kinds_that_treat) == 0)
        return false;
    for (size_t i = 0; i < n; i++)
        if (i != seat && (seats[i].kinds & sgp_kinds_that_treat) != 0)
            return false;
    return true;
}

/* The seat that is empty once this one has gone, the others having moved up. */
static void drop_its_seat(const sgp_world *world, sgp_incident_node *incident, sgp_id assignment) {
    sgp_incident *view = &incident->view;
    sgp_need seats[SGP_NEEDS_MAX];
    bool with[SGP_NEEDS_MAX], without[SGP_NEEDS_MAX];
    planned_seats plan;
    size_t n = find_empty(world, incident, 0, NULL, &plan, seats, with), seat = 0;
    (void)find_empty(world, incident, assignment, NULL, &plan, seats, without);
    while (seat < n && (with[seat] || !without[seat]))
        seat++;
    if (seat == n || is_last_that_treats(seats, n, seat))
        return;
    for (uint32_t i = 0; plan.response && i < plan.response->n_seats; i++)
        if (plan.number[i] == seat + 1) {
            drop_planned(world, view, &plan, i);
            return;
        }
    if (seat >= plan.first_backup && seat - plan.first_backup < view->n_backup)
        remove_backup(view, (uint32_t)(seat - plan.first_backup));
    else if (seat < plan.first_backup && view->units_wanted > 1)
        view->units_wanted--;
}

void sgp_incident_drop_seat(const sgp_world *world, sgp_incident_node *incident,
                            const sgp_assignment *assignment) {
    sgp_incident *view = &incident->view;
    const sgp_unit *unit = &world->units[assignment->unit].view;
    if (sgp_edition_holds(world, 1) && by_kind(world, incident)) {
        drop_its_seat(world, incident, assignment->id);
        return;
    }
    for (uint32_t i = view->n_backup; i-- > 0;)
        if (view->backup[i].kinds >> unit->kind & 1u) {
            remove_backup(view, i);
            return;
        }
    if (view->units_wanted > 1)
        view->units_wanted--;
}
