/* Policy joint held to trying everything: small random towns where calls come, end and become more
 * urgent and units sign on while no crew answers, so that every order may move. After every event
 * the seats that are filled are those that the rule of urgency fills, and what the orders cost
 * together is within the gain for which an order moves of the least that is possible.
 *
 * A failure prints its seed; SIGAP_SEED runs that one alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/random.h"
#include "core_check.h"

enum { TOWNS = 400, EVENTS = 40, UNITS = 6, INCIDENTS = 5, GAIN_MS = 1 };

typedef struct town {
    uint64_t seed, random;
    int step;
    sgp_world *world;
    core_oracle oracle;
    sgp_times times;
    sgp_effects effects;
    sgp_clocks clocks;
    uint64_t moved; /* orders of incidents that have another unit now */
} town;

/* One incident as the slow way sees it. */
typedef struct waiting {
    const sgp_incident *incident;
    bool held;           /* it had a unit before the event */
    uint32_t unit;       /* that it has now; UNITS = none */
    int64_t cost[UNITS]; /* -1 = cannot */
} waiting;

typedef struct trial {
    const waiting *all;
    size_t n;
    int64_t best_cost;
    uint32_t best_served; /* bits, the most urgent the highest */
} trial;

static uint32_t below(town *t, uint32_t bound) {
    return (uint32_t)sgp_random_below(&t->random, bound);
}

static void step(town *t, sgp_event *event) {
    event->seq = sgp_world_seq(t->world) + 1;
    event->at_ms = 1700000000000; /* time stands still, so that costs do */
    sgp_effects_clear(&t->effects);
    assert_int_equal(sgp_core_step(t->world, event, &t->times, &t->effects), SGP_OK);
    const char *wrong = core_check_assignments(t->world);
    if (!wrong)
        wrong = core_check_units(t->world);
    if (wrong)
        fail_msg("seed %llu, event %d: %s", (unsigned long long)t->seed, t->step, wrong);
}

static sgp_point somewhere(town *t) {
    return core_point((int32_t)below(t, 8000), (int32_t)below(t, 3) * 1000);
}

static void begin(town *t, uint64_t seed) {
    *t = (town){.seed = seed, .random = seed};
    assert_int_equal(sgp_world_create(&t->world), SGP_OK);
    t->times = core_times(&t->oracle);
    sgp_event event = {.kind = SGP_EVENT_CONFIGURED};
    sgp_clocks_default(&t->clocks);
    sgp_rules_default(&t->clocks.rules);
    t->clocks.rules.joint_gain_ms = GAIN_MS;
    t->clocks.rules.divert_times = 1000;
    for (int i = 0; i < SGP_PRIORITIES; i++) {
        t->clocks.order_without_click[i] = true;
        t->clocks.policy[i] = SGP_POLICY_JOINT;
        t->clocks.rules.joint_weight[i] = (int32_t)below(t, 9);
    }
    event.u.configured = t->clocks;
    step(t, &event);
    for (uint32_t i = 0; i < UNITS; i++) {
        sgp_event unit = {.kind = SGP_EVENT_UNIT_REGISTERED};
        unit.u.unit_registered.unit.kind =
            below(t, 4) ? SGP_UNIT_AMBULANCE_BASIC : SGP_UNIT_MOTORBIKE;
        snprintf(unit.u.unit_registered.unit.code, SGP_CODE_BYTES, "U%u", i);
        unit.u.unit_registered.unit.station_point = somewhere(t);
        step(t, &unit);
    }
}

/* ---- the slow way -------------------------------------------------------------- */

static int64_t weight(const town *t, const sgp_incident *incident) {
    int32_t said = t->clocks.rules.joint_weight[incident->priority];
    return said > 0 ? said : 1;
}

static uint32_t unit_on(const town *t, const sgp_incident *incident) {
    for (uint32_t i = 0; i < UNITS; i++) {
        const sgp_unit *unit = sgp_world_unit(t->world, i);
        if (unit->assignment &&
            sgp_world_assignment(t->world, unit->assignment)->incident == incident->id)
            return i;
    }
    return UNITS;
}

/* Priority, who had a unit first, then in order of opening. */
static bool is_before(const waiting *a, const waiting *b) {
    if (a->incident->priority != b->incident->priority)
        return a->incident->priority < b->incident->priority;
    return a->held != b->held ? a->held : a->incident->id < b->incident->id;
}

static size_t list(const town *t, const bool *held, waiting *all) {
    size_t n = 0;
    for (sgp_id id = 0; (id = sgp_world_next_incident(t->world, id));) {
        const sgp_incident *incident = sgp_world_incident(t->world, id);
        if (incident->state == SGP_INCIDENT_CLOSED)
            continue;
        waiting added = {incident, held[id], unit_on(t, incident), {0}};
        for (uint32_t i = 0; i < UNITS; i++) {
            const sgp_unit *unit = sgp_world_unit(t->world, i);
            added.cost[i] =
                unit->on_duty
                    ? weight(t, incident) *
                          (core_travel_ms(&t->oracle, unit->station_point, incident->place.point) +
                           t->clocks.turnout_ms[unit->kind])
                    : -1;
        }
        size_t at = n++;
        for (; at > 0 && is_before(&added, &all[at - 1]); at--)
            all[at] = all[at - 1];
        all[at] = added;
    }
    return n;
}

static void try_all(trial *t, size_t at, uint32_t used, uint32_t served, int64_t cost) {
    if (at == t->n) {
        if (served > t->best_served || (served == t->best_served && cost < t->best_cost)) {
            t->best_served = served;
            t->best_cost = cost;
        }
        return;
    }
    try_all(t, at + 1, used, served << 1, cost);
    for (uint32_t i = 0; i < UNITS; i++)
        if (!(used >> i & 1) && t->all[at].cost[i] >= 0)
            try_all(t, at + 1, used | 1u << i, served << 1 | 1, cost + t->all[at].cost[i]);
}

static void hold_to_slow_way(const town *t, const bool *held) {
    waiting all[INCIDENTS];
    trial slow = {.all = all, .n = list(t, held, all), .best_cost = INT64_MAX};
    try_all(&slow, 0, 0, 0, 0);
    uint32_t served = 0;
    int64_t cost = 0, slack = 0;
    for (size_t i = 0; i < slow.n; i++) {
        served = served << 1 | (all[i].unit < UNITS);
        cost += all[i].unit < UNITS ? all[i].cost[all[i].unit] : 0;
        slack += GAIN_MS * weight(t, all[i].incident);
    }
    if (served != slow.best_served)
        fail_msg("seed %llu, event %d: served %x, should be %x", (unsigned long long)t->seed,
                 t->step, served, slow.best_served);
    if (cost > slow.best_cost + slack)
        fail_msg("seed %llu, event %d: together %lld, possible %lld", (unsigned long long)t->seed,
                 t->step, (long long)cost, (long long)slow.best_cost);
}

/* ---- a town's life --------------------------------------------------------------- */

static sgp_id some_open(town *t) {
    sgp_id open[INCIDENTS];
    uint32_t n = 0;
    for (sgp_id id = 0; (id = sgp_world_next_incident(t->world, id));)
        if (sgp_world_incident(t->world, id)->state != SGP_INCIDENT_CLOSED)
            open[n++] = id;
    return n ? open[below(t, n)] : 0;
}

static uint32_t count_open(const town *t) {
    uint32_t n = 0;
    for (sgp_id id = 0; (id = sgp_world_next_incident(t->world, id));)
        n += sgp_world_incident(t->world, id)->state != SGP_INCIDENT_CLOSED;
    return n;
}

static sgp_event draw_event(town *t) {
    sgp_event event = {.kind = SGP_EVENT_UNIT_DUTY};
    uint32_t open = count_open(t), what = below(t, 11);
    if (what < 5 && open < INCIDENTS) {
        event.kind = SGP_EVENT_CALL_RECEIVED;
        event.u.call.priority = SGP_P1 + below(t, 4);
        event.u.call.has_point = true;
        event.u.call.place.point = somewhere(t);
        event.u.call.place.confidence_permille = 1000;
    } else if (what < 7 && open) {
        event.kind = SGP_EVENT_INCIDENT_CLOSED;
        event.u.closed.incident = some_open(t);
        event.u.closed.outcome = SGP_OUTCOME_CANCELLED;
    } else if (what == 10 && open) {
        event.kind = SGP_EVENT_INCIDENT_TRIAGED;
        event.u.triaged.incident = some_open(t);
        const sgp_incident *incident = sgp_world_incident(t->world, event.u.triaged.incident);
        event.u.triaged.priority = SGP_P1 + below(t, incident->priority);
    } else {
        const sgp_unit *unit = sgp_world_unit(t->world, below(t, UNITS));
        snprintf(event.u.duty.unit, SGP_CODE_BYTES, "%s", unit->code);
        event.u.duty.on_duty = unit->assignment || !unit->on_duty;
    }
    return event;
}

static void live(town *t, uint64_t seed) {
    begin(t, seed);
    for (t->step = 0; t->step < EVENTS; t->step++) {
        bool held[EVENTS + 2] = {false};
        uint32_t before[EVENTS + 2];
        for (sgp_id id = 0; (id = sgp_world_next_incident(t->world, id));) {
            before[id] = unit_on(t, sgp_world_incident(t->world, id));
            held[id] = before[id] < UNITS;
        }
        sgp_event event = draw_event(t);
        step(t, &event);
        hold_to_slow_way(t, held);
        for (sgp_id id = 0; (id = sgp_world_next_incident(t->world, id));) {
            uint32_t now = unit_on(t, sgp_world_incident(t->world, id));
            t->moved += held[id] && now < UNITS && now != before[id];
        }
    }
    sgp_effects_free(&t->effects);
    sgp_world_destroy(t->world);
}

static void test_joint_equals_trying_everything(void **state) {
    (void)state;
    const char *one = getenv("SIGAP_SEED");
    uint64_t first = one ? strtoull(one, NULL, 10) : 1, moved = 0;
    for (uint64_t seed = first; seed < first + (one ? 1 : TOWNS); seed++) {
        town t;
        live(&t, seed);
        moved += t.moved;
    }
    printf("%llu orders moved\n", (unsigned long long)moved);
    assert_true(one || moved > TOWNS);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_joint_equals_trying_everything)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
