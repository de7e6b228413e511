/* The oracle that the core asks, held to plain questions of the router: each start on its own
 * profile, by labels or not, after moves, with and without headings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "road_town.h"
#include "serve/live_times.h"

enum { FLEET = 300 };

typedef struct town {
    road_town drawn;
    const sgp_graph *graph;
    sgp_live_roads *roads;
    sgp_live_times *live;
    sgp_walker *walker;
    sgp_road_settings settings;
    sgp_times times;
    sgp_unit units[FLEET];
} town;

static sgp_point somewhere(town *t) {
    return town_somewhere(&t->drawn);
}

static int make(void **state) {
    static const sgp_unit_kind kinds[] = {SGP_UNIT_AMBULANCE_BASIC, SGP_UNIT_AMBULANCE_ADVANCED,
                                          SGP_UNIT_MOTORBIKE};
    town *t = calloc(1, sizeof *t);
    assert_non_null(t);
    town_draw(&t->drawn);
    t->graph = t->drawn.graph;
    sgp_fault fault = {0};
    sgp_road_settings_default(&t->settings);
    if (sgp_live_roads_create(t->graph, &t->settings, &t->roads, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    assert_int_equal(sgp_walker_create(t->graph, &t->walker), SGP_OK);
    assert_int_equal(sgp_live_times_create(t->roads, &t->live), SGP_OK);
    t->times = sgp_live_times_oracle(t->live);
    for (uint32_t i = 0; i < FLEET; i++) {
        t->units[i].index = i;
        t->units[i].kind = kinds[i % 3];
        t->units[i].position = somewhere(t);
    }
    *state = t;
    return 0;
}

static int drop(void **state) {
    town *t = *state;
    sgp_live_times_destroy(t->live);
    sgp_walker_destroy(t->walker);
    sgp_live_roads_destroy(t->roads);
    town_drop(&t->drawn);
    free(t);
    return 0;
}

static sgp_start start_of(const town *t, uint32_t unit, sgp_priority priority) {
    return (sgp_start){.point = t->units[unit].position,
                       .penalty_ms = 1000 * (unit % 7),
                       .unit = unit,
                       .kind = t->units[unit].kind,
                       .priority = priority};
}

static sgp_snap snap_of(const town *t, uint32_t profile, sgp_point point) {
    sgp_snap_wish wish = {.radius_m = SGP_SNAP_RADIUS_M, .profile = profile};
    sgp_snap snap;
    size_t n;
    assert_int_equal(sgp_graph_snap_wish(t->graph, point, &wish, &snap, 1, &n), SGP_OK);
    assert_int_equal(n, 1);
    return snap;
}

/* The same question without labels and without anything remembered: the least over the stands
 * of the place of drive + walk. */
static int64_t plainly(const town *t, const sgp_start *start, sgp_point to) {
    uint32_t profile = sgp_live_roads_drive(t->roads, start->kind, start->priority);
    sgp_source source = {snap_of(t, profile, start->point), start->penalty_ms};
    sgp_walk_options options = sgp_walk_defaults;
    options.profile = profile;
    sgp_stand stands[SGP_STANDS_MAX];
    size_t n;
    int64_t least = SGP_UNREACHABLE;
    assert_int_equal(sgp_walker_stands(t->walker, to, &options, stands, &n), SGP_OK);
    sgp_query *query = sgp_live_roads_take(t->roads, profile);
    for (size_t i = 0; i < n; i++) {
        int64_t ms;
        assert_int_equal(sgp_query_many_to_one(query, &source, 1, &stands[i].snap, &ms), SGP_OK);
        if (ms >= 0 && (least < 0 || ms + stands[i].walk_ms < least))
            least = ms + stands[i].walk_ms;
    }
    sgp_live_roads_release(t->roads, profile);
    return least;
}

static void hold_equal(town *t, const sgp_start *starts, size_t n, sgp_point to) {
    int64_t ms[FLEET];
    assert_int_equal(t->times.many_to_one(t->times.ctx, starts, n, to, ms), SGP_OK);
    for (size_t i = 0; i < n; i++)
        if (ms[i] != plainly(t, &starts[i], to))
            fail_msg("start %zu (unit %u): %lld ms, plainly %lld ms", i, starts[i].unit,
                     (long long)ms[i], (long long)plainly(t, &starts[i], to));
}

static void test_live_times_profiles(void **state) {
    town *t = *state;
    static const struct {
        sgp_unit_kind kind;
        sgp_priority priority;
        const char *profile;
    } rows[] = {
        {SGP_UNIT_AMBULANCE_BASIC, SGP_P1, "ambulance_lights"},
        {SGP_UNIT_AMBULANCE_BASIC, SGP_P2, "ambulance_lights"},
        {SGP_UNIT_AMBULANCE_ADVANCED, SGP_P3, "ambulance"},
        {SGP_UNIT_COMMAND_CAR, SGP_P4, "ambulance"},
        {SGP_UNIT_MOTORBIKE, SGP_P1, "motorbike"},
        {SGP_UNIT_FIRE_ENGINE, SGP_P1, "ambulance"}, /* this graph has no fire engine */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(sgp_live_roads_drive(t->roads, rows[i].kind, rows[i].priority),
                         sgp_graph_profile(sgp_graph_get(t->graph), rows[i].profile));
    assert_true(sgp_live_roads_serves(t->roads, 2));
    assert_false(sgp_live_roads_serves(t->roads, 3));
}

/* Any number of units, told of before or not, moved in between or not. */
static void test_live_times_equal_plain_questions(void **state) {
    town *t = *state;
    sgp_start starts[FLEET];
    for (int round = 0; round < 40; round++) {
        size_t n = round % 4 == 0 ? 1 + maker_below(&t->drawn.random, 6) : FLEET;
        sgp_priority priority = SGP_P1 + maker_below(&t->drawn.random, 4);
        for (uint32_t i = 0; i < n; i++) {
            starts[i] = start_of(t, i, priority);
            if (maker_below(&t->drawn.random, 3) == 0) {
                t->units[i].position = somewhere(t);
                if (maker_below(&t->drawn.random, 2))
                    sgp_live_times_place(t->live, &t->units[i], t->units[i].position, -1);
                starts[i].point = t->units[i].position;
            }
        }
        hold_equal(t, starts, n, somewhere(t));
    }
}

/* Two starts of one unit at different points are two starts. */
static void test_live_times_one_unit_twice(void **state) {
    town *t = *state;
    sgp_start starts[8];
    for (uint32_t i = 0; i < 8; i++) {
        starts[i] = start_of(t, i % 5, SGP_P1);
        if (i >= 5)
            starts[i].point = somewhere(t);
    }
    hold_equal(t, starts, 8, somewhere(t));
}

/* What is off every road is not reached and reaches nothing; the others are not disturbed. */
static void test_live_times_far_from_any_road(void **state) {
    town *t = *state;
    sgp_start starts[6];
    int64_t ms[6];
    for (uint32_t i = 0; i < 6; i++)
        starts[i] = start_of(t, i, SGP_P1);
    starts[2].point = (sgp_point){1000000000, 0};
    sgp_point to = somewhere(t);
    assert_int_equal(t->times.many_to_one(t->times.ctx, starts, 6, to, ms), SGP_OK);
    assert_int_equal(ms[2], SGP_UNREACHABLE);
    assert_int_equal(ms[3], plainly(t, &starts[3], to));
    assert_int_equal(t->times.many_to_one(t->times.ctx, starts, 6, starts[2].point, ms), SGP_OK);
    for (int i = 0; i < 6; i++)
        assert_int_equal(ms[i], SGP_UNREACHABLE);
}

static void test_live_times_to_hospitals(void **state) {
    town *t = *state;
    for (int round = 0; round < 30; round++) {
        sgp_point to[12];
        int64_t ms[12];
        sgp_start from = start_of(t, maker_below(&t->drawn.random, FLEET),
                                  SGP_P1 + maker_below(&t->drawn.random, 4));
        for (int i = 0; i < 12; i++)
            to[i] = somewhere(t);
        assert_int_equal(t->times.one_to_many(t->times.ctx, &from, to, 12, ms), SGP_OK);
        for (int i = 0; i < 12; i++)
            assert_int_equal(ms[i], plainly(t, &from, to[i]));
    }
}

/* A unit that drives east starts eastwards, until it is told of elsewhere. */
static void test_live_times_heading(void **state) {
    town *t = *state;
    sgp_unit *unit = &t->units[0];
    sgp_point west = cross(0, 3);
    unit->position = (sgp_point){west.lon_e7 + 10000, west.lat_e7 + 20};
    sgp_live_times_place(t->live, unit, unit->position, 90);
    sgp_start starts[5];
    int64_t ms[5];
    for (uint32_t i = 0; i < 5; i++)
        starts[i] = start_of(t, i, SGP_P4);
    starts[0].penalty_ms = 0;
    sgp_snap snap = snap_of(t, 0, unit->position), target = snap_of(t, 0, west);
    snap.directions = SGP_ALONG; /* edges are drawn from west to east */
    sgp_source source = {.from = snap};
    int64_t expected;
    sgp_query *query = sgp_live_roads_take(t->roads, 0);
    assert_int_equal(sgp_query_many_to_one(query, &source, 1, &target, &expected), SGP_OK);
    sgp_live_roads_release(t->roads, 0);
    int64_t without = plainly(t, &starts[0], west);
    for (size_t n = 1; n <= 5; n += 4) {
        assert_int_equal(t->times.many_to_one(t->times.ctx, starts, n, west, ms), SGP_OK);
        assert_int_equal(ms[0], expected);
    }
    assert_true(expected >= without);
    /* Told again without a heading at the same place: what was known stays. */
    sgp_live_times_place(t->live, unit, unit->position, -1);
    assert_int_equal(t->times.many_to_one(t->times.ctx, starts, 5, west, ms), SGP_OK);
    assert_int_equal(ms[0], expected);
    starts[0].point = unit->position = cross(1, 4);
    hold_equal(t, starts, 5, west);
}

static void test_live_times_counts_labels(void **state) {
    town *t = *state;
    sgp_start starts[10];
    int64_t ms[10];
    for (uint32_t i = 0; i < 10; i++) {
        t->units[i].kind = SGP_UNIT_MOTORBIKE;
        starts[i] = start_of(t, i, SGP_P1);
        sgp_live_times_place(t->live, &t->units[i], t->units[i].position, -1);
    }
    assert_int_equal(sgp_live_times_labels(t->live).stale, 10);
    assert_int_equal(t->times.many_to_one(t->times.ctx, starts, 10, cross(3, 3), ms), SGP_OK);
    sgp_label_count count = sgp_live_times_labels(t->live);
    assert_int_equal(count.fresh, 10);
    assert_int_equal(count.stale, 0);
    assert_int_equal(count.made, 10);
    sgp_live_times_place(t->live, &t->units[3], cross(4, 4), -1);
    sgp_live_times_forget(t->live, &t->units[5]);
    count = sgp_live_times_labels(t->live);
    assert_int_equal(count.fresh, 8);
    assert_int_equal(count.stale, 1);
    /* Asked again, only the one that moved and the one that was forgotten are made. */
    starts[3].point = cross(4, 4);
    assert_int_equal(t->times.many_to_one(t->times.ctx, starts, 10, cross(3, 3), ms), SGP_OK);
    assert_int_equal(sgp_live_times_labels(t->live).made, 12);
}

/* What the loop makes while it is idle, a few at a time, the next question need not make. */
static void test_live_times_freshens_while_idle(void **state) {
    town *t = *state;
    sgp_start starts[10];
    int64_t ms[10];
    for (uint32_t i = 0; i < 10; i++) {
        starts[i] = start_of(t, i, SGP_P1);
        sgp_live_times_place(t->live, &t->units[i], t->units[i].position, -1);
    }
    uint64_t missing = sgp_live_times_labels(t->live).stale, made = 0;
    assert_true(missing >= 10 && sgp_live_times_is_behind(t->live));
    for (int turn = 0; sgp_live_times_freshen(t->live, 3); turn++) {
        uint64_t now = sgp_live_times_labels(t->live).made;
        assert_true(now <= made + 3 && turn < 50);
        made = now;
    }
    assert_false(sgp_live_times_is_behind(t->live));
    assert_int_equal(sgp_live_times_labels(t->live).stale, 0);
    assert_int_equal(sgp_live_times_labels(t->live).made, missing);
    hold_equal(t, starts, 10, cross(3, 3));
    assert_int_equal(t->times.many_to_one(t->times.ctx, starts, 10, cross(3, 3), ms), SGP_OK);
    assert_int_equal(sgp_live_times_labels(t->live).made, missing);
}

/* A closure takes in all roads within `radius_m`, or is lifted. */
static void close_around(town *t, sgp_world *world, sgp_effects *effects, sgp_point point,
                         double radius_m, uint64_t lifted) {
    sgp_event event = {.kind = lifted ? SGP_EVENT_ROAD_OPENED : SGP_EVENT_ROAD_CLOSED,
                       .seq = sgp_world_seq(world) + 1,
                       .at_ms = sgp_world_now_ms(world) + 1};
    if (lifted)
        event.u.road_opened.closure = lifted;
    else {
        event.u.road_closed.point = point;
        event.u.road_closed.radius_m = radius_m;
    }
    assert_int_equal(sgp_core_step(world, &event, &t->times, effects), SGP_OK);
    sgp_live_roads_close(t->roads, world);
    sgp_live_roads_settle(t->roads);
}

/* Whoever is behind closed roads, patient or unit, is still served: over the open roads around. */
static void test_live_times_behind_closed_roads(void **state) {
    town *t = *state;
    sgp_world *world;
    sgp_effects effects = {0};
    assert_int_equal(sgp_world_create(&world), SGP_OK);
    t->units[0].position = cross(1, 1);
    t->units[3].position = cross(5, 5); /* inside */
    sgp_start starts[2] = {start_of(t, 0, SGP_P1), start_of(t, 3, SGP_P1)};
    int64_t before[2], ms[2], hospital;
    assert_int_equal(t->times.many_to_one(t->times.ctx, starts, 2, cross(5, 5), before), SGP_OK);
    close_around(t, world, &effects, cross(5, 5), 250, 0);
    uint64_t closure = sgp_world_seq(world);
    for (size_t i = 0; i < 2; i++) /* no plain question reaches it any more */
        assert_int_equal(plainly(t, &starts[i], cross(5, 5)), SGP_UNREACHABLE);
    assert_int_equal(t->times.many_to_one(t->times.ctx, starts, 2, cross(5, 5), ms), SGP_OK);
    assert_true(ms[0] >= 0 && ms[1] >= 0);
    /* The nearest open road is a block away: 220 m on foot. */
    assert_true(ms[0] >= 200 * 1000 && ms[0] < before[0] + 2 * 240 * 1000);
    sgp_point far = cross(0, 0);
    assert_int_equal(t->times.one_to_many(t->times.ctx, &starts[1], &far, 1, &hospital), SGP_OK);
    assert_true(hospital >= 200 * 1000);
    close_around(t, world, &effects, cross(5, 5), 0, closure);
    hold_equal(t, starts, 2, cross(5, 5));
    sgp_effects_free(&effects);
    sgp_world_destroy(world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_live_times_profiles, make, drop),
        cmocka_unit_test_setup_teardown(test_live_times_equal_plain_questions, make, drop),
        cmocka_unit_test_setup_teardown(test_live_times_one_unit_twice, make, drop),
        cmocka_unit_test_setup_teardown(test_live_times_far_from_any_road, make, drop),
        cmocka_unit_test_setup_teardown(test_live_times_to_hospitals, make, drop),
        cmocka_unit_test_setup_teardown(test_live_times_heading, make, drop),
        cmocka_unit_test_setup_teardown(test_live_times_counts_labels, make, drop),
        cmocka_unit_test_setup_teardown(test_live_times_freshens_while_idle, make, drop),
        cmocka_unit_test_setup_teardown(test_live_times_behind_closed_roads, make, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
