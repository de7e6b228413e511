/* A survey held to plain questions of the router, on a small town with three profiles: minutes by
 * area, expected coverage, the moves, and the core's map. */
#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "road_town.h"
#include "serve/coverage_survey.h"

enum { FLEET = 14, STATIONS = 5, TARGET_MS = 110000 };

typedef struct town {
    road_town drawn;
    sgp_road_settings settings;
    sgp_live_roads *roads;
    sgp_world *world;
    sgp_surveyor *surveyor;
    sgp_query *queries[PROFILES];
    uint64_t seq;
    int64_t now_ms;
} town;

static void step(town *t, sgp_event *event) {
    static const sgp_times nobody = {0};
    sgp_effects effects = {0};
    event->seq = ++t->seq;
    t->now_ms = t->now_ms ? t->now_ms + 1 : 1700000000000;
    event->at_ms = t->now_ms;
    assert_int_equal(sgp_core_step(t->world, event, &nobody, &effects), SGP_OK);
    sgp_effects_free(&effects);
}

/* Five stations; some units away from theirs, some off duty, one with an old position. */
static void make_fleet(town *t) {
    static const sgp_unit_kind kinds[] = {SGP_UNIT_AMBULANCE_BASIC, SGP_UNIT_AMBULANCE_ADVANCED,
                                          SGP_UNIT_MOTORBIKE, SGP_UNIT_FIRE_ENGINE};
    sgp_point stations[STATIONS];
    for (int s = 0; s < STATIONS; s++)
        stations[s] = town_somewhere(&t->drawn);
    for (int i = 0; i < FLEET; i++) {
        sgp_event registered = {.kind = SGP_EVENT_UNIT_REGISTERED};
        sgp_unit *unit = &registered.u.unit_registered.unit;
        snprintf(unit->code, sizeof unit->code, "U%02d", i);
        snprintf(unit->name, sizeof unit->name, "Unit %d", i);
        snprintf(unit->station, sizeof unit->station, "Pos %d", i % 2);
        unit->kind = kinds[i % 4];
        unit->station_point = stations[i == 4 ? 2 : i == 9 ? 3 : i == 10 ? 4 : i % 2];
        step(t, &registered);
        if (i == 5)
            continue; /* off duty */
        sgp_event duty = {.kind = SGP_EVENT_UNIT_DUTY, .u.duty = {"", true}};
        snprintf(duty.u.duty.unit, sizeof duty.u.duty.unit, "U%02d", i);
        step(t, &duty);
        if (i % 5 != 1)
            continue;
        sgp_event position = {.kind = SGP_EVENT_UNIT_POSITION};
        snprintf(position.u.position.unit, sizeof position.u.position.unit, "U%02d", i);
        position.u.position.point = i == 6 ? stations[3] : town_somewhere(&t->drawn);
        position.u.position.measured_at_ms = t->now_ms;
        step(t, &position);
        t->now_ms += i == 1 ? 3600000 : 0; /* of the first nothing is heard for an hour */
    }
}

static int make(void **state) {
    town *t = calloc(1, sizeof *t);
    assert_non_null(t);
    town_draw(&t->drawn);
    sgp_road_settings_default(&t->settings);
    sgp_fault fault = {0};
    if (sgp_live_roads_create(t->drawn.graph, &t->settings, &t->roads, &fault) != SGP_OK ||
        sgp_surveyor_create(t->roads, &t->surveyor, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    assert_int_equal(sgp_world_create(&t->world), SGP_OK);
    sgp_event configured = {.kind = SGP_EVENT_CONFIGURED};
    sgp_clocks_default(&configured.u.configured);
    configured.u.configured.target_ms[SGP_P1] = TARGET_MS;
    step(t, &configured);
    make_fleet(t);
    *state = t;
    return 0;
}

static int drop(void **state) {
    town *t = *state;
    sgp_surveyor_destroy(t->surveyor);
    sgp_world_destroy(t->world);
    sgp_live_roads_destroy(t->roads);
    town_drop(&t->drawn);
    free(t);
    return 0;
}

/* One plain question. */
static int64_t way_ms(const town *t, uint32_t profile, sgp_point from, sgp_point to,
                      int64_t penalty_ms) {
    sgp_snap a, b;
    size_t n_a = 0, n_b = 0;
    sgp_snap_wish wish = {.radius_m = 2000, .profile = profile};
    assert_int_equal(sgp_graph_snap_wish(t->drawn.graph, from, &wish, &a, 1, &n_a), SGP_OK);
    assert_int_equal(sgp_graph_snap_wish(t->drawn.graph, to, &wish, &b, 1, &n_b), SGP_OK);
    if (n_a == 0 || n_b == 0)
        return -1;
    sgp_query *query = sgp_live_roads_take(t->roads, profile);
    sgp_source source = {a, penalty_ms};
    int64_t ms;
    assert_int_equal(sgp_query_one_to_one(query, &source, &b, &ms), SGP_OK);
    sgp_live_roads_release(t->roads, profile);
    return ms;
}

static void ask_of(const town *t, size_t moves, bool wants_map, sgp_survey_ask *ask) {
    sgp_coverage_settings settings;
    sgp_coverage_settings_default(&settings);
    settings.drive_max_ms = 200000;
    settings.least_gain_ppm = 500;
    assert_int_equal(sgp_survey_ask_make(t->world, t->roads, &settings, moves, ask), SGP_OK);
    ask->wants_map = wants_map;
    assert_int_equal(ask->settings.target_ms, TARGET_MS);
}

static void test_survey_asks_who_is_free(void **state) {
    town *t = *state;
    sgp_survey_ask ask;
    ask_of(t, 0, false, &ask);
    assert_int_equal(ask.moves_max, SGP_SURVEY_MOVES_USUAL);
    assert_int_equal(ask.n_stale, 1);
    assert_int_equal(ask.n_stations, STATIONS);
    assert_int_equal(ask.n_units, FLEET - 3 /* fire */ - 1 /* off duty */ - 1 /* stale */);
    for (size_t i = 0; i < ask.n_units; i++) {
        const sgp_unit *unit = sgp_world_unit(t->world, ask.units[i].index);
        sgp_point waits = ask.stations[ask.units[i].station].point;
        assert_int_equal(ask.units[i].turnout_ms > 0, unit->at_station);
        if (strcmp(unit->code, "U06") != 0)
            assert_true(sgp_point_equal(waits, unit->station_point));
        else /* it stands at another station */
            assert_true(sgp_distance_m(waits, unit->position) < 1);
    }
    sgp_survey_ask_free(&ask);
}

static void test_survey_areas(void **state) {
    town *t = *state;
    const sgp_zones *zones = sgp_surveyor_zones(t->surveyor);
    sgp_survey_ask ask;
    sgp_survey survey;
    ask_of(t, 3, false, &ask);
    assert_int_equal(sgp_survey_make(t->surveyor, &ask, &survey, NULL), SGP_OK);
    assert_int_equal(survey.n_areas, zones->n_areas);
    assert_null(survey.map);
    int64_t within_all = 0;
    for (uint32_t a = 0; a < survey.n_areas; a++) {
        const sgp_zone_area *area = &zones->areas[a];
        int64_t worst = 0, within = 0;
        double sum = 0;
        for (uint32_t z = area->first_zone; z < area->first_zone + area->n_zones; z++) {
            int64_t least = INT64_MAX;
            for (size_t i = 0; i < ask.n_units; i++) {
                int64_t ms = way_ms(t, ask.drive_p1[ask.units[i].kind], ask.units[i].point,
                                    zones->zones[z].point, ask.units[i].turnout_ms);
                least = ms >= 0 && ms < least ? ms : least;
            }
            assert_true(least < INT64_MAX);
            worst = least > worst ? least : worst;
            within += least <= TARGET_MS ? zones->zones[z].weight : 0;
            sum += (double)least * (double)zones->zones[z].weight;
        }
        assert_int_equal(survey.areas[a].worst_ms, worst);
        assert_true(fabs((double)survey.areas[a].mean_ms - sum / (double)area->weight) <= 1);
        assert_true(
            fabs(survey.areas[a].within_ppm - 1e6 * (double)within / (double)area->weight) <= 1);
        within_all += within;
    }
    assert_true(fabs(survey.reached_ppm - 1e6 * (double)within_all / (double)zones->weight) <= 1);
    assert_in_range(survey.reached_ppm, 1, 999999); /* or the target says nothing */
    sgp_survey_free(&survey);
    sgp_survey_ask_free(&ask);
}

/* Daskin's sum with each unit at the station given, by plain questions. */
static double expected(const town *t, const sgp_survey_ask *ask, const uint32_t *station) {
    const sgp_zones *zones = sgp_surveyor_zones(t->surveyor);
    double sum = 0;
    for (uint32_t z = 0; z < zones->n_zones; z++) {
        double missing = 1;
        for (size_t i = 0; i < ask->n_units; i++) {
            int64_t turnout_ms = ask->units[i].kind == SGP_UNIT_MOTORBIKE
                                     ? ask->units[i].waiting_turnout_ms
                                     : ask->turnout_ms;
            int64_t ms = way_ms(t, ask->drive_p1[ask->units[i].kind],
                                ask->stations[station[i]].point, zones->zones[z].point, turnout_ms);
            missing *= ms >= 0 && ms <= TARGET_MS ? 0.3 : 1;
        }
        sum += (double)zones->zones[z].weight * (1 - missing);
    }
    return 1e6 * sum / (double)zones->weight;
}

static void test_survey_moves(void **state) {
    town *t = *state;
    sgp_survey_ask ask;
    sgp_survey survey;
    ask_of(t, 6, false, &ask);
    assert_int_equal(sgp_survey_make(t->surveyor, &ask, &survey, NULL), SGP_OK);
    uint32_t station[FLEET];
    for (size_t i = 0; i < ask.n_units; i++)
        station[i] = ask.units[i].station;
    double value = expected(t, &ask, station);
    assert_true(fabs(survey.expected_ppm - value) <= 2);
    assert_in_range(survey.n_moves, 1, 6);
    for (size_t m = 0; m < survey.n_moves; m++) {
        const sgp_move_up *move = &survey.moves[m];
        const sgp_survey_unit *unit = &ask.units[move->unit];
        assert_int_not_equal(unit->kind, SGP_UNIT_MOTORBIKE);
        assert_int_equal(move->drive_ms, way_ms(t, ask.drive_p4[unit->kind], unit->point,
                                                ask.stations[move->to].point, 0));
        assert_true(move->drive_ms <= 200000);
        station[move->unit] = (uint32_t)move->to;
        double after = expected(t, &ask, station);
        assert_true(after - value > 500 - 2);
        double gain = 1e6 * (double)move->gain / (double)SGP_COVERAGE_ONE /
                      (double)sgp_surveyor_zones(t->surveyor)->weight;
        assert_true(fabs(after - value - gain) <= 2);
        value = after;
    }
    assert_true(fabs(survey.moved_ppm - value) <= 2);
    sgp_survey_free(&survey);
    sgp_survey_ask_free(&ask);
}

static void test_survey_map(void **state) {
    town *t = *state;
    const sgp_zones *zones = sgp_surveyor_zones(t->surveyor);
    sgp_survey_ask ask;
    sgp_survey survey;
    ask_of(t, 1, true, &ask);
    assert_int_equal(sgp_survey_make(t->surveyor, &ask, &survey, NULL), SGP_OK);
    assert_non_null(survey.map);
    assert_int_equal(sgp_coverage_map_check(survey.map, NULL), SGP_OK);
    assert_int_equal(survey.map->n_stations, STATIONS);
    assert_int_equal(survey.map->n_zones, zones->n_zones);
    size_t reached = 0;
    for (uint32_t s = 0; s < STATIONS; s++)
        for (uint32_t z = 0; z < zones->n_zones; z++) {
            int64_t ms =
                way_ms(t, ask.drive_p1[SGP_UNIT_AMBULANCE_BASIC], survey.map->stations[s].point,
                       zones->zones[z].point, ask.turnout_ms);
            bool bit = survey.map->stations[s].reach[z / 64] >> z % 64 & 1;
            assert_int_equal(bit, ms >= 0 && ms <= TARGET_MS);
            assert_int_equal(survey.map->weight[z], zones->zones[z].weight);
            reached += bit;
        }
    assert_in_range(reached, 1, STATIONS * zones->n_zones - 1);
    sgp_survey_free(&survey);
    sgp_survey_ask_free(&ask);
}

/* Nobody is free: everything is out of reach, and nothing breaks. */
static void test_survey_of_nobody(void **state) {
    town *t = *state;
    sgp_survey_ask ask;
    sgp_survey survey;
    ask_of(t, 3, true, &ask);
    ask.n_units = 0;
    assert_int_equal(sgp_survey_make(t->surveyor, &ask, &survey, NULL), SGP_OK);
    assert_int_equal(survey.reached_ppm, 0);
    assert_int_equal(survey.expected_ppm, 0);
    assert_int_equal(survey.n_moves, 0);
    for (uint32_t a = 0; a < survey.n_areas; a++) {
        assert_int_equal(survey.areas[a].mean_ms, -1);
        assert_int_equal(survey.areas[a].worst_ms, -1);
        assert_int_equal(survey.areas[a].nearest, SGP_NONE);
    }
    sgp_survey_free(&survey);
    ask.n_stations = 0;
    ask.wants_map = false;
    assert_int_equal(sgp_survey_make(t->surveyor, &ask, &survey, NULL), SGP_OK);
    sgp_survey_free(&survey);
    sgp_survey_ask_free(&ask);
}

/* On a thread of its own, while the loop asks the same roads. */
static void *survey_again(void *ctx) {
    town *t = ctx;
    for (int i = 0; i < 20; i++) {
        sgp_survey_ask ask;
        sgp_survey survey;
        sgp_coverage_settings settings;
        sgp_coverage_settings_default(&settings);
        if (sgp_survey_ask_make(t->world, t->roads, &settings, 2, &ask) != SGP_OK ||
            sgp_survey_make(t->surveyor, &ask, &survey, NULL) != SGP_OK)
            return t;
        sgp_survey_free(&survey);
        sgp_survey_ask_free(&ask);
    }
    return NULL;
}

static void test_survey_beside_the_loop(void **state) {
    town *t = *state;
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, survey_again, t), 0);
    for (int i = 0; i < 200; i++)
        (void)way_ms(t, (uint32_t)i % PROFILES, cross(0, 0), cross(7, 7), 0);
    void *failed = t;
    assert_int_equal(pthread_join(thread, &failed), 0);
    assert_null(failed);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_survey_asks_who_is_free, make, drop),
        cmocka_unit_test_setup_teardown(test_survey_areas, make, drop),
        cmocka_unit_test_setup_teardown(test_survey_moves, make, drop),
        cmocka_unit_test_setup_teardown(test_survey_map, make, drop),
        cmocka_unit_test_setup_teardown(test_survey_of_nobody, make, drop),
        cmocka_unit_test_setup_teardown(test_survey_beside_the_loop, make, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
