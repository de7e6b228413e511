/* Coverage in the core: maps made and refused, what a unit's leaving costs against coverage.h,
 * and whom coverage_aware sends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "core/coverage_aware.h"
#include "core_check.h"

enum { ZONES = 90, STATIONS = 9, UNITS = 24 };

/* ---- maps ---------------------------------------------------------------------- */

static void make_map(uint64_t *random, sgp_coverage_map *map, sgp_point *stations,
                     int64_t *weight) {
    sgp_point zones[ZONES];
    for (int z = 0; z < ZONES; z++) {
        zones[z] = core_point((int32_t)sgp_random_below(random, 20000),
                              (int32_t)sgp_random_below(random, 20000));
        weight[z] = (int64_t)sgp_random_below(random, 1000) + 1;
    }
    for (int s = 0; s < STATIONS; s++)
        stations[s] = core_point((int32_t)sgp_random_below(random, 20000),
                                 (int32_t)sgp_random_below(random, 20000));
    sgp_map_making making = {.zones = zones,
                             .weight = weight,
                             .n_zones = ZONES,
                             .stations = stations,
                             .n_stations = STATIONS,
                             .kind = SGP_UNIT_AMBULANCE_BASIC,
                             .priority = SGP_P1,
                             .turnout_ms = 60000,
                             .target_ms = 600000};
    core_oracle oracle = {0};
    sgp_times times = core_times(&oracle);
    size_t left_out = 1;
    assert_int_equal(sgp_coverage_map_fill(map, &making, &times, &left_out, NULL), SGP_OK);
    assert_int_equal(left_out, 0);
    assert_int_equal(oracle.asked, ZONES);
    /* Each bit is what a question says. */
    for (int s = 0; s < STATIONS; s++) {
        sgp_unit unit = {.station_point = stations[s], .at_station = true};
        uint32_t row = sgp_coverage_station(map, &unit);
        assert_in_range(row, 0, STATIONS - 1);
        for (int z = 0; z < ZONES; z++)
            assert_int_equal(map->stations[row].reach[z / 64] >> z % 64 & 1,
                             core_travel_ms(&oracle, stations[s], zones[z]) <= 540000);
    }
}

static void test_coverage_map_fill(void **state) {
    (void)state;
    uint64_t random = 1;
    sgp_coverage_map *map = sgp_coverage_map_create();
    sgp_point stations[STATIONS];
    int64_t weight[ZONES];
    make_map(&random, map, stations, weight);
    for (int z = 0; z < ZONES; z++)
        assert_int_equal(map->weight[z], weight[z]);

    /* Repeated stations count once; too many are left out; large weights are scaled. */
    enum { MANY = SGP_MAP_STATIONS_MAX + 30 };
    static sgp_point many[MANY];
    for (int i = 0; i < MANY; i++)
        many[i] = core_point(i / 2 * 10 % 2800, 0);
    const sgp_point zone = core_point(0, 0);
    const int64_t heavy = INT64_C(1) << 45;
    sgp_map_making making = {.zones = &zone,
                             .weight = &heavy,
                             .n_zones = 1,
                             .stations = many,
                             .n_stations = MANY,
                             .kind = SGP_UNIT_AMBULANCE_BASIC,
                             .priority = SGP_P1,
                             .target_ms = 1000};
    core_oracle oracle = {0};
    sgp_times times = core_times(&oracle);
    size_t left_out;
    assert_int_equal(sgp_coverage_map_fill(map, &making, &times, &left_out, NULL), SGP_OK);
    assert_int_equal(map->n_stations, MANY / 2);
    assert_int_equal(left_out, 0);
    assert_true(map->weight[0] > UINT32_MAX / 2);
    for (int i = 0; i < MANY; i++)
        many[i] = core_point(i * 10, 0);
    assert_int_equal(sgp_coverage_map_fill(map, &making, &times, &left_out, NULL), SGP_OK);
    assert_int_equal(map->n_stations, SGP_MAP_STATIONS_MAX);
    assert_int_equal(left_out, 30);
    oracle.fails = true;
    assert_int_equal(sgp_coverage_map_fill(map, &making, &times, NULL, NULL), SGP_E_IO);
    making.n_zones = SGP_MAP_ZONES_MAX + 1;
    assert_int_equal(sgp_coverage_map_fill(map, &making, &times, NULL, NULL), SGP_E_TOO_LARGE);
    free(map);
}

static void test_coverage_map_check(void **state) {
    (void)state;
#define ROW(expected, ...)                                                                         \
    {                                                                                              \
        uint64_t random = 2;                                                                       \
        sgp_coverage_map *map = sgp_coverage_map_create();                                         \
        sgp_point stations[STATIONS];                                                              \
        int64_t weight[ZONES];                                                                     \
        make_map(&random, map, stations, weight);                                                  \
        __VA_ARGS__;                                                                               \
        sgp_fault fault = {0};                                                                     \
        sgp_event event = {                                                                        \
            .kind = SGP_EVENT_COVERAGE_SET, .seq = 1, .at_ms = 1, .u.coverage = {map}};            \
        assert_int_equal(sgp_coverage_map_check(map, &fault), expected);                           \
        assert_int_equal(fault.text[0] != '\0', (expected) != SGP_OK);                             \
        if ((expected) == SGP_OK)                                                                  \
            assert_null(core_check_event_coding(&event));                                          \
        free(map);                                                                                 \
    }
    ROW(SGP_OK, (void)0)
    ROW(SGP_OK, map->n_stations = 0)
    ROW(SGP_OK, map->busy_permille = 0; map->most_ms = 0; map->ms_per_permille = 0)
    ROW(SGP_E_RANGE, map->n_zones = 0)
    ROW(SGP_E_RANGE, map->n_zones = SGP_MAP_ZONES_MAX + 1)
    ROW(SGP_E_RANGE, map->n_stations = SGP_MAP_STATIONS_MAX + 1)
    ROW(SGP_E_RANGE, map->n_zones = 1)
    ROW(SGP_E_RANGE, map->busy_permille = 951)
    ROW(SGP_E_RANGE, map->busy_permille = -1)
    ROW(SGP_E_RANGE, map->ms_per_permille = -1)
    ROW(SGP_E_RANGE, map->most_ms = SGP_MAP_MOST_MS_MAX + 1)
    ROW(SGP_E_RANGE, memset(map->weight, 0, sizeof map->weight))
    ROW(SGP_E_RANGE, map->weight[0] = map->weight[1] = UINT32_MAX)
    ROW(SGP_E_RANGE, map->stations[1].point = map->stations[0].point)
    ROW(SGP_E_RANGE, map->stations[0].point.lat_e7 = 900000001)
#undef ROW
}

/* ---- what leaving costs ---------------------------------------------------------- */

static sgp_unit *add_unit(sgp_world *world, int number, sgp_point station) {
    char code[SGP_CODE_BYTES];
    snprintf(code, sizeof code, "U%02d", number);
    sgp_unit_node *node = sgp_world_add_unit(world, code);
    assert_non_null(node);
    node->view.kind = SGP_UNIT_AMBULANCE_BASIC;
    node->view.station_point = node->view.position = station;
    node->view.on_duty = node->view.has_position = node->view.at_station = true;
    return &node->view;
}

/* Random fleets: every candidate's cost is the loss that coverage.h tells of the same city. */
static void test_coverage_aware_costs(void **state) {
    (void)state;
    uint64_t random = 3;
    for (int round = 0; round < 60; round++) {
        sgp_coverage_map *map = sgp_coverage_map_create();
        sgp_point stations[STATIONS];
        int64_t weight[ZONES], ms[STATIONS * ZONES];
        make_map(&random, map, stations, weight);
        map->busy_permille = (int32_t)sgp_random_below(&random, SGP_COVERAGE_BUSY_MAX + 1);
        map->most_ms = round % 2 ? SGP_MAP_MOST_MS_MAX : 30000;
        sgp_world *world;
        assert_int_equal(sgp_world_create(&world), SGP_OK);
        world->coverage = map;
        for (int i = 0; i < STATIONS * ZONES; i++)
            ms[i] = map->stations[i / ZONES].reach[i % ZONES / 64] >> i % ZONES % 64 & 1 ? 0 : -1;
        sgp_coverage_model model = {ZONES, STATIONS, weight, ms, 0, map->busy_permille};
        sgp_coverage coverage;
        assert_int_equal(sgp_coverage_init(&coverage, &model, NULL), SGP_OK);
        sgp_candidate candidates[UNITS] = {{0}};
        for (int u = 0; u < UNITS; u++) {
            int home = (int)sgp_random_below(&random, STATIONS);
            sgp_unit *unit = add_unit(world, u, stations[home]);
            candidates[u].unit = unit->index;
            switch (sgp_random_below(&random, 6)) {
            case 0:
                unit->on_duty = false;
                break;
            case 1:
                unit->assignment = 7;
                break;
            case 2:
                unit->kind = SGP_UNIT_FIRE_ENGINE;
                break;
            case 3: /* driving home */
                unit->at_station = false;
                unit->position = core_point(30000, 0);
                break;
            case 4: /* moved up */
                unit->at_station = false;
                unit->position = stations[home = (int)sgp_random_below(&random, STATIONS)];
                unit->position.lon_e7 += 100 * CORE_E7_PER_METRE;
                break;
            default:
                break;
            }
            bool counts = unit->on_duty && !unit->assignment && unit->kind != SGP_UNIT_FIRE_ENGINE;
            sgp_unit there = {.station_point = stations[home], .at_station = true};
            candidates[u].travel_ms = counts ? (int64_t)sgp_coverage_station(map, &there) : -1;
            if (counts)
                sgp_coverage_count(&coverage, (uint32_t)candidates[u].travel_ms);
        }
        sgp_incident_node incident = {0};
        assert_int_equal(sgp_coverage_weigh(world, &incident, 0, NULL, candidates, UNITS), SGP_OK);
        for (int u = 0; u < UNITS; u++) {
            int64_t loss = candidates[u].travel_ms < 0
                               ? 0
                               : sgp_coverage_loss(&coverage, (uint32_t)candidates[u].travel_ms);
            int64_t cost_ms =
                loss / coverage.total_weight * 1000 * map->ms_per_permille / SGP_COVERAGE_ONE;
            assert_int_equal(candidates[u].policy_ms,
                             cost_ms < map->most_ms ? cost_ms : map->most_ms);
        }
        /* The same for people who choose: the whole, and each unit's part of it. */
        int32_t expected_ppm, loss_ppm[UNITS];
        assert_int_equal(sgp_coverage_left(world, map, &expected_ppm, loss_ppm), SGP_OK);
        assert_in_range(
            expected_ppm - sgp_coverage_ppm(&coverage, sgp_coverage_value(&coverage)) + 2, 0, 4);
        for (int u = 0; u < UNITS; u++) {
            int64_t loss = candidates[u].travel_ms < 0
                               ? -1
                               : sgp_coverage_loss(&coverage, (uint32_t)candidates[u].travel_ms) /
                                     coverage.total_weight * 1000000 / SGP_COVERAGE_ONE;
            assert_int_equal(loss_ppm[u], loss);
        }
        sgp_coverage_deinit(&coverage);
        sgp_world_destroy(world);
    }
}

/* More units of one zone than the planes count: what the 300th is worth is nothing. */
static void test_coverage_aware_many_units(void **state) {
    (void)state;
    sgp_coverage_map *map = sgp_coverage_map_create();
    map->n_zones = map->n_stations = 1;
    map->weight[0] = 1;
    map->stations[0].point = core_point(0, 0);
    map->stations[0].reach[0] = 1;
    map->busy_permille = SGP_COVERAGE_BUSY_MAX;
    sgp_world *world;
    assert_int_equal(sgp_world_create(&world), SGP_OK);
    world->coverage = map;
    sgp_incident_node incident = {0};
    int64_t before = INT64_MAX;
    for (int u = 0; u < 600; u++) {
        char code[SGP_CODE_BYTES];
        snprintf(code, sizeof code, "M%03d", u);
        sgp_unit_node *node = sgp_world_add_unit(world, code);
        node->view.kind = SGP_UNIT_MOTORBIKE;
        node->view.on_duty = node->view.at_station = true;
        node->view.station_point = core_point(0, 0);
        sgp_candidate candidate = {.unit = 0};
        assert_int_equal(sgp_coverage_weigh(world, &incident, 0, NULL, &candidate, 1), SGP_OK);
        assert_true(candidate.policy_ms <= before);
        before = candidate.policy_ms;
    }
    assert_int_equal(before, 0);
    sgp_world_destroy(world);
}

/* ---- through the step ------------------------------------------------------------ */

typedef struct story {
    sgp_world *world;
    core_oracle oracle;
    uint64_t seq;
    sgp_effects effects;
} story;

static sgp_err step(story *s, sgp_event *event) {
    event->seq = ++s->seq;
    event->at_ms = 1700000000000 + (int64_t)s->seq * 1000;
    sgp_times times = core_times(&s->oracle);
    sgp_effects_clear(&s->effects);
    assert_null(core_check_event_coding(event));
    sgp_err err = sgp_core_step(s->world, event, &times, &s->effects);
    assert_null(core_check_world(s->world));
    return err;
}

static void register_unit(story *s, const char *code, int32_t east_m) {
    sgp_event registered = {.kind = SGP_EVENT_UNIT_REGISTERED};
    sgp_unit *unit = &registered.u.unit_registered.unit;
    snprintf(unit->code, sizeof unit->code, "%s", code);
    snprintf(unit->name, sizeof unit->name, "%s", code);
    unit->kind = SGP_UNIT_AMBULANCE_BASIC;
    unit->station_point = core_point(east_m, 0);
    assert_int_equal(step(s, &registered), SGP_OK);
    sgp_event duty = {.kind = SGP_EVENT_UNIT_DUTY, .u.duty.on_duty = true};
    snprintf(duty.u.duty.unit, sizeof duty.u.duty.unit, "%s", code);
    assert_int_equal(step(s, &duty), SGP_OK);
}

/* The unit that the newest recommendation puts first. */
static const char *first_for(story *s, sgp_priority priority, int64_t *policy_ms) {
    sgp_event call = {.kind = SGP_EVENT_CALL_RECEIVED};
    strcpy(call.u.call.channel, "112");
    call.u.call.priority = priority;
    call.u.call.has_point = true;
    call.u.call.place.kind = SGP_PLACE_COORDINATES;
    call.u.call.place.point = core_point(1000, 0);
    call.u.call.place.confidence_permille = 1000;
    assert_int_equal(step(s, &call), SGP_OK);
    for (size_t i = 0; i < s->effects.n; i++)
        if (s->effects.items[i].kind == SGP_EFFECT_RECOMMENDED) {
            const sgp_candidate *best = &s->effects.items[i].u.recommended.candidates[0];
            *policy_ms = best->policy_ms;
            return sgp_world_unit(s->world, best->unit)->code;
        }
    fail();
    return "";
}

/* Kauman has one ambulance, 1 km from the patient, and Kepanjen two, 3 km away. The nearest goes
 * for a red call; for a green one it stays, since nobody else covers Kauman. */
static void test_coverage_aware_story(void **state) {
    (void)state;
    story s = {.seq = 0};
    assert_int_equal(sgp_world_create(&s.world), SGP_OK);
    sgp_event configured = {.kind = SGP_EVENT_CONFIGURED};
    sgp_clocks_default(&configured.u.configured);
    memset(configured.u.configured.order_without_click, 0,
           sizeof configured.u.configured.order_without_click);
    configured.u.configured.policy[SGP_P3] = SGP_POLICY_COVERAGE_AWARE;
    assert_int_equal(step(&s, &configured), SGP_OK);
    register_unit(&s, "KAUMAN-1", 0);
    register_unit(&s, "KEPANJEN-1", 4000);
    register_unit(&s, "KEPANJEN-2", 4000);
    int64_t policy_ms;
    assert_string_equal(first_for(&s, SGP_P3, &policy_ms), "KAUMAN-1"); /* no map yet */
    assert_int_equal(policy_ms, 0);
    assert_null(sgp_world_coverage_map(s.world));

    sgp_coverage_map *map = sgp_coverage_map_create();
    const sgp_point zones[] = {core_point(0, 500), core_point(4000, 500)};
    const int64_t weight[] = {500, 500};
    const sgp_point stations[] = {core_point(4000, 0), core_point(0, 0)};
    sgp_map_making making = {.zones = zones,
                             .weight = weight,
                             .n_zones = 2,
                             .stations = stations,
                             .n_stations = 2,
                             .kind = SGP_UNIT_AMBULANCE_BASIC,
                             .priority = SGP_P3,
                             .target_ms = 100000};
    sgp_times times = core_times(&s.oracle);
    assert_int_equal(sgp_coverage_map_fill(map, &making, &times, NULL, NULL), SGP_OK);
    map->most_ms = 3600000;
    uint8_t before[32], after[32], loaded[32];
    sgp_world_digest(s.world, before);
    sgp_event set = {.kind = SGP_EVENT_COVERAGE_SET, .u.coverage = {map}};
    assert_int_equal(step(&s, &set), SGP_OK);
    sgp_world_digest(s.world, after);
    assert_memory_not_equal(before, after, 32);
    assert_non_null(sgp_world_coverage_map(s.world));
    assert_string_equal(first_for(&s, SGP_P1, &policy_ms), "KAUMAN-1");
    assert_int_equal(policy_ms, 0);
    assert_string_equal(first_for(&s, SGP_P3, &policy_ms), "KEPANJEN-1");
    /* The second of two at half of the weight, busy 0.3: 500 x 0.7 x 0.3 permille. */
    assert_in_range(policy_ms, 105 * 6000 - 1, 105 * 6000);

    /* So much and no more may it cost: bounded, the nearer one goes again. */
    map->most_ms = 100000;
    assert_int_equal(step(&s, &set), SGP_OK);
    assert_string_equal(first_for(&s, SGP_P3, &policy_ms), "KAUMAN-1");
    assert_int_equal(policy_ms, 100000);

    /* A snapshot keeps the map. */
    sgp_buffer bytes = {0};
    sgp_world *copy;
    assert_int_equal(sgp_world_save(s.world, &bytes), SGP_OK);
    assert_int_equal(sgp_world_load(bytes.data, bytes.length, &copy, NULL), SGP_OK);
    sgp_world_digest(s.world, after);
    sgp_world_digest(copy, loaded);
    assert_memory_equal(after, loaded, 32);
    assert_memory_equal(sgp_world_coverage_map(copy), map, sizeof *map);
    copy->coverage->stations[0].reach[0] ^= 1;
    sgp_world_digest(copy, loaded);
    assert_memory_not_equal(after, loaded, 32);
    copy->coverage->stations[0].reach[0] ^= 1;
    copy->coverage->weight[1]++;
    sgp_world_digest(copy, loaded);
    assert_memory_not_equal(after, loaded, 32);
    sgp_world_destroy(copy);
    sgp_buffer_free(&bytes);

    map->n_zones = 0;
    set.seq = ++s.seq;
    set.at_ms = 1800000000000;
    sgp_effects_clear(&s.effects);
    assert_int_equal(sgp_core_step(s.world, &set, &times, &s.effects), SGP_E_RANGE);
    free(map);
    sgp_effects_free(&s.effects);
    sgp_world_destroy(s.world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_coverage_map_fill),
        cmocka_unit_test(test_coverage_map_check),
        cmocka_unit_test(test_coverage_aware_costs),
        cmocka_unit_test(test_coverage_aware_many_units),
        cmocka_unit_test(test_coverage_aware_story),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
