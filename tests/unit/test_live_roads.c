/* Pictures page by page, closures, hours, and metrics that are swapped under readers: each held
 * to weights that are worked out here, or to the metric's own graph asked anew. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <pthread.h>
#include <time.h>
#include <unistd.h>

#include "road_town.h"
#include "serve/live_roads.h"

static atomic_llong clock_ms; /* what the worker takes for the wall clock */

static int64_t made_up_clock(void) {
    return atomic_load(&clock_ms);
}

typedef struct town {
    road_town drawn;
    const sgp_graph_parts *parts;
    sgp_road_settings settings;
    sgp_live_roads *roads;
    sgp_world *world;
    sgp_times nobody;
    sgp_effects effects;
} town;

static int make(void **state) {
    town *t = calloc(1, sizeof *t);
    sgp_fault fault = {0};
    assert_non_null(t);
    town_draw(&t->drawn);
    t->parts = sgp_graph_get(t->drawn.graph);
    sgp_road_settings_default(&t->settings);
    t->settings.week = malloc(sizeof *t->settings.week);
    assert_non_null(t->settings.week);
    sgp_week_table_plain(t->settings.week);
    /* Monday 08:00 to 09:00 takes half as long again. */
    for (int c = 0; c < SGP_ROAD_CLASSES; c++)
        t->settings.week->permille[c][8] = 1500;
    t->settings.now_ms = made_up_clock;
    atomic_store(&clock_ms, 1795366800000); /* Monday 00:00 in Jakarta */
    if (sgp_live_roads_create(t->drawn.graph, &t->settings, &t->roads, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    assert_int_equal(sgp_world_create(&t->world), SGP_OK);
    *state = t;
    return 0;
}

static int drop(void **state) {
    town *t = *state;
    sgp_live_roads_destroy(t->roads);
    sgp_road_settings_free(&t->settings);
    sgp_effects_free(&t->effects);
    sgp_world_destroy(t->world);
    town_drop(&t->drawn);
    free(t);
    return 0;
}

/* ---- pages --------------------------------------------------------------- */

enum { ROADS_MAX = 8 };

typedef struct made_page {
    Sigap__V1__TrafficPicture page;
    uint8_t id[16];
    Sigap__V1__RoadFactor roads[ROADS_MAX], *road_list[ROADS_MAX];
    Sigap__V1__ClassFactor class_factor, *class_list[1];
} made_page;

static void begin_page(made_page *m, uint8_t id, uint32_t number, bool last) {
    memset(m, 0, sizeof *m);
    sigap__v1__traffic_picture__init(&m->page);
    m->id[0] = id;
    m->page.picture_id = (ProtobufCBinaryData){16, m->id};
    m->page.page = number;
    m->page.last = last;
    m->page.roads = m->road_list;
    m->page.classes = m->class_list;
}

static Sigap__V1__RoadFactor *add_road(made_page *m, int64_t way, uint32_t permille) {
    Sigap__V1__RoadFactor *road = &m->roads[m->page.n_roads];
    sigap__v1__road_factor__init(road);
    road->way = way;
    road->pace_case = SIGAP__V1__ROAD_FACTOR__PACE_PERMILLE;
    road->permille = permille;
    m->road_list[m->page.n_roads++] = road;
    return road;
}

static void add_class(made_page *m, const char *name, uint32_t permille) {
    sigap__v1__class_factor__init(&m->class_factor);
    m->class_factor.road_class = (char *)name;
    m->class_factor.permille = permille;
    m->class_list[0] = &m->class_factor;
    m->page.n_classes = 1;
}

static sgp_picture_taken take(town *t, const char *actor, const made_page *m) {
    sgp_picture_taken taken = {0};
    sgp_fault fault = {0};
    if (sgp_live_roads_page(t->roads, actor, &m->page, &taken, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    return taken;
}

static const char *take_wrong(town *t, const char *actor, const made_page *m, sgp_err wanted) {
    static sgp_fault fault;
    sgp_picture_taken taken;
    sgp_err err = sgp_live_roads_page(t->roads, actor, &m->page, &taken, &fault);
    if (err != wanted)
        fail_msg("%s: %s", sgp_err_str(err), fault.text);
    return fault.text;
}

/* The weight in service of an edge's own arc. */
static int32_t weight_of(town *t, uint32_t profile, int64_t way, bool backward) {
    int32_t weight = -1;
    sgp_live_roads_settle(t->roads);
    (void)sgp_live_roads_take(t->roads, profile);
    const int32_t *weights = sgp_metric_weights(sgp_live_roads_metric(t->roads, profile));
    for (uint32_t e = 0; e < t->parts->n_edges; e++) {
        const sgp_edge *edge = &t->parts->edges[e];
        uint32_t arc = backward ? edge->backward_arc : edge->forward_arc;
        if (edge->way == way)
            weight = arc != SGP_NONE ? weights[arc] : SGP_INF;
    }
    sgp_live_roads_release(t->roads, profile);
    return weight;
}

static int32_t stored_of(const town *t, uint32_t profile, int64_t way, bool backward) {
    for (uint32_t e = 0; e < t->parts->n_edges; e++) {
        const sgp_edge *edge = &t->parts->edges[e];
        uint32_t arc = backward ? edge->backward_arc : edge->forward_arc;
        if (edge->way == way)
            return arc != SGP_NONE ? t->parts->weight[profile * t->parts->n_arcs + arc] : SGP_INF;
    }
    return -1;
}

static int32_t times(int32_t weight, int32_t permille) {
    return weight >= SGP_INF ? SGP_INF : (int32_t)(((int64_t)weight * permille + 500) / 1000);
}

static void test_live_roads_a_picture_takes_effect_whole(void **state) {
    town *t = *state;
    made_page m;
    begin_page(&m, 1, 0, false);
    add_class(&m, "residential", 1200);
    add_road(&m, 1003, 2000);
    add_road(&m, 1004, 3000)->direction = SIGAP__V1__ROAD_DIRECTION__FORWARD;
    add_road(&m, 777, 2000); /* no road of the town */
    sgp_picture_taken taken = take(t, "polisi", &m);
    assert_int_equal(taken.pages, 1);
    assert_int_equal(taken.roads, 2);
    assert_int_equal(taken.unknown, 1);
    assert_false(taken.complete);
    assert_int_equal(weight_of(t, 0, 1003, false), stored_of(t, 0, 1003, false));

    begin_page(&m, 1, 1, true);
    add_road(&m, 1005, 0);
    assert_true(take(t, "polisi", &m).complete);
    for (uint32_t p = 0; p < PROFILES; p++) {
        assert_int_equal(weight_of(t, p, 1003, false), times(stored_of(t, p, 1003, false), 2000));
        assert_int_equal(weight_of(t, p, 1004, false), times(stored_of(t, p, 1004, false), 3000));
        assert_int_equal(weight_of(t, p, 1004, true), times(stored_of(t, p, 1004, true), 1200));
        assert_int_equal(weight_of(t, p, 1005, false), SGP_INF);
        assert_int_equal(weight_of(t, p, 1006, false), times(stored_of(t, p, 1006, false), 1200));
    }
    /* The next one says nothing of 1003: it goes as stored again. */
    begin_page(&m, 2, 0, true);
    assert_true(take(t, "polisi", &m).complete);
    assert_int_equal(weight_of(t, 0, 1003, false), stored_of(t, 0, 1003, false));
}

static void test_live_roads_stretches_and_speeds(void **state) {
    town *t = *state;
    made_page m;
    begin_page(&m, 1, 0, true);
    Sigap__V1__RoadFactor *stretch = add_road(&m, 0, 4000);
    stretch->from_node = 101; /* eastwards between the second and the third crossing */
    stretch->to_node = 102;
    Sigap__V1__RoadFactor *speed = add_road(&m, 1020, 0);
    speed->pace_case = SIGAP__V1__ROAD_FACTOR__PACE_KMH;
    speed->kmh = 5;
    sgp_picture_taken taken = take(t, "polisi", &m);
    assert_int_equal(taken.roads, 2);
    /* Edges go to the east and to the north in turn: crossing 1's eastern edge is way 1002. */
    assert_int_equal(weight_of(t, 0, 1002, false), times(stored_of(t, 0, 1002, false), 4000));
    assert_int_equal(weight_of(t, 0, 1002, true), stored_of(t, 0, 1002, true));
    int32_t length_mm = 0;
    for (uint32_t e = 0; e < t->parts->n_edges; e++)
        if (t->parts->edges[e].way == 1020)
            length_mm = (int32_t)t->parts->edges[e].length_mm;
    double expected_ms = length_mm * 3.6 / 5;
    /* Permille are whole, so 5 km/h is met to a thousandth. */
    assert_true(abs(weight_of(t, 0, 1020, false) - (int32_t)expected_ms) <=
                stored_of(t, 0, 1020, false) / 1000 + 1);
}

static void test_live_roads_pages_again_and_out_of_order(void **state) {
    town *t = *state;
    made_page first, second, other;
    begin_page(&first, 1, 0, false);
    add_road(&first, 1003, 2000);
    begin_page(&second, 1, 1, true);
    begin_page(&other, 9, 0, true);
    (void)take_wrong(t, "polisi", &second, SGP_E_STATE);
    (void)take(t, "polisi", &first);
    sgp_picture_taken again = take(t, "polisi", &first);
    assert_true(again.repeated);
    assert_int_equal(again.roads, 1);
    assert_non_null(strstr(take_wrong(t, "dishub", &other, SGP_E_STATE), "polisi"));
    assert_non_null(strstr(take_wrong(t, "dishub", &second, SGP_E_STATE), "polisi"));
    assert_true(take(t, "polisi", &second).complete);
    sgp_road_facts before, after;
    sgp_live_roads_settle(t->roads);
    assert_true(sgp_live_roads_facts(t->roads, 0, 0, &before));
    assert_true(take(t, "polisi", &first).repeated); /* of a picture that is complete */
    assert_true(take(t, "polisi", &second).complete);
    sgp_live_roads_settle(t->roads);
    assert_true(sgp_live_roads_facts(t->roads, 0, 0, &after));
    assert_int_equal(before.swaps, after.swaps);
    assert_true(take(t, "dishub", &other).complete);
    begin_page(&first, 1, 2, true);
    (void)take_wrong(t, "polisi", &first, SGP_E_STATE);
}

static void test_live_roads_wrong_pages_change_nothing(void **state) {
    town *t = *state;
    static const struct {
        int64_t way, from, to;
        uint32_t permille;
        double kmh;
        int direction;
        const char *sentence;
    } rows[] = {
        {1003, 0, 0, 99, 0, 0, "road 1: permille 99"},
        {1003, 0, 0, 20001, 0, 0, "permille 20001"},
        {1003, 0, 0, 0, -1, 0, "km/h"},
        {1003, 0, 0, 0, 301, 0, "km/h"},
        {1003, 0, 0, 1000, 0, 3, "direction 3"},
        {0, 0, 0, 1000, 0, 0, "neither a way"},
        {1003, 101, 102, 1000, 0, 0, "neither a way"},
        {0, 101, 0, 1000, 0, 0, "neither a way"},
        {0, 101, 102, 1000, 0, 1, "direction already"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        made_page m;
        begin_page(&m, 5, 0, true);
        add_road(&m, 1004, 5000);
        Sigap__V1__RoadFactor *road = add_road(&m, rows[i].way, rows[i].permille);
        road->from_node = rows[i].from;
        road->to_node = rows[i].to;
        road->direction = (Sigap__V1__RoadDirection)rows[i].direction;
        if (rows[i].kmh != 0) {
            road->pace_case = SIGAP__V1__ROAD_FACTOR__PACE_KMH;
            road->kmh = rows[i].kmh;
        }
        sgp_fault fault = {0};
        sgp_picture_taken taken;
        assert_int_not_equal(sgp_live_roads_page(t->roads, "polisi", &m.page, &taken, &fault),
                             SGP_OK);
        if (strstr(fault.text, rows[i].sentence) == NULL)
            fail_msg("row %zu: %s", i, fault.text);
    }
    made_page m;
    begin_page(&m, 5, 0, true);
    m.page.picture_id.len = 15;
    (void)take_wrong(t, "polisi", &m, SGP_E_ARGUMENT);
    begin_page(&m, 5, 0, true);
    add_class(&m, "gang", 1000);
    assert_non_null(strstr(take_wrong(t, "polisi", &m, SGP_E_ARGUMENT), "gang"));
    add_class(&m, "residential", 0);
    (void)take_wrong(t, "polisi", &m, SGP_E_RANGE);
    begin_page(&m, 5, 1, true);
    add_class(&m, "residential", 1000);
    (void)take_wrong(t, "polisi", &m, SGP_E_ARGUMENT);
    begin_page(&m, 5, 0, true);
    add_road(&m, 1003, 1000)->pace_case = SIGAP__V1__ROAD_FACTOR__PACE__NOT_SET;
    (void)take_wrong(t, "polisi", &m, SGP_E_ARGUMENT);
    assert_int_equal(weight_of(t, 0, 1004, false), stored_of(t, 0, 1004, false));
}

/* ---- closures and hours -------------------------------------------------- */

static sgp_err no_times(void *ctx, const sgp_start *from, size_t n, sgp_point to, int64_t *ms) {
    (void)ctx, (void)from, (void)n, (void)to, (void)ms;
    return SGP_E_IO;
}

static void step(town *t, sgp_event *event) {
    sgp_times nobody = {NULL, no_times, NULL};
    event->seq = sgp_world_seq(t->world) + 1;
    if (event->at_ms == 0)
        event->at_ms = sgp_world_now_ms(t->world) + 1;
    sgp_effects_clear(&t->effects);
    assert_int_equal(sgp_core_step(t->world, event, &nobody, &t->effects), SGP_OK);
    sgp_live_roads_close(t->roads, t->world);
}

static void test_live_roads_closures(void **state) {
    town *t = *state;
    sgp_event by_way = {.kind = SGP_EVENT_ROAD_CLOSED, .u.road_closed = {.way = 1010}};
    step(t, &by_way);
    assert_int_equal(weight_of(t, 0, 1010, false), SGP_INF);
    assert_int_equal(weight_of(t, 2, 1010, true), SGP_INF);
    assert_int_equal(weight_of(t, 0, 1011, false), stored_of(t, 0, 1011, false));
    sgp_road_facts facts;
    assert_true(sgp_live_roads_facts(t->roads, 0, 0, &facts));
    assert_in_range(facts.changed, 1, 2); /* some arcs only */

    /* All four roads of a crossing. */
    sgp_event around = {.kind = SGP_EVENT_ROAD_CLOSED,
                        .u.road_closed = {.point = cross(4, 4), .radius_m = 30}};
    assert_int_equal(
        sgp_road_picture_count(sgp_live_roads_picture(t->roads), &around.u.road_closed), 4);
    step(t, &around);
    uint32_t closed = 0;
    for (int64_t way = 1000; way < 1112; way++)
        closed += weight_of(t, 0, way, false) >= SGP_INF && stored_of(t, 0, way, false) < SGP_INF;
    assert_int_equal(closed, 5);

    sgp_event open = {.kind = SGP_EVENT_ROAD_OPENED, .u.road_opened = {.way = 1010}};
    step(t, &open);
    assert_int_equal(weight_of(t, 0, 1010, false), stored_of(t, 0, 1010, false));
    open = (sgp_event){.kind = SGP_EVENT_ROAD_OPENED, .u.road_opened = {.closure = around.seq}};
    step(t, &open);
    sgp_live_roads_settle(t->roads);
    (void)sgp_live_roads_take(t->roads, 1);
    assert_memory_equal(sgp_metric_weights(sgp_live_roads_metric(t->roads, 1)),
                        t->parts->weight + t->parts->n_arcs, t->parts->n_arcs * sizeof(int32_t));
    sgp_live_roads_release(t->roads, 1);
}

/* A closure outlasts the next picture, and a picture the closure. */
static void test_live_roads_closure_and_picture(void **state) {
    town *t = *state;
    sgp_event close = {.kind = SGP_EVENT_ROAD_CLOSED, .u.road_closed = {.way = 1010}};
    step(t, &close);
    made_page m;
    begin_page(&m, 1, 0, true);
    add_road(&m, 1010, 3000);
    (void)take(t, "polisi", &m);
    assert_int_equal(weight_of(t, 0, 1010, false), SGP_INF);
    sgp_event open = {.kind = SGP_EVENT_ROAD_OPENED, .u.road_opened = {.way = 1010}};
    step(t, &open);
    assert_int_equal(weight_of(t, 0, 1010, false), times(stored_of(t, 0, 1010, false), 3000));
}

static void test_live_roads_hours(void **state) {
    town *t = *state;
    assert_int_equal(weight_of(t, 0, 1003, false), stored_of(t, 0, 1003, false));
    atomic_fetch_add(&clock_ms, 8 * 3600000);
    assert_int_equal(weight_of(t, 0, 1003, false), times(stored_of(t, 0, 1003, false), 1500));
    atomic_fetch_add(&clock_ms, 3600000 - 1);
    assert_int_equal(weight_of(t, 0, 1003, false), times(stored_of(t, 0, 1003, false), 1500));
    atomic_fetch_add(&clock_ms, 1);
    assert_int_equal(weight_of(t, 0, 1003, false), stored_of(t, 0, 1003, false));
    atomic_fetch_sub(&clock_ms, 1); /* the clock was set back */
    assert_int_equal(weight_of(t, 0, 1003, false), times(stored_of(t, 0, 1003, false), 1500));
    sgp_road_facts facts;
    assert_true(sgp_live_roads_facts(t->roads, 0, 0, &facts));
    assert_int_equal(facts.swaps, 4);
}

/* ---- swaps under readers ------------------------------------------------- */

enum { PICTURES = 40, PAIRS = 64 };

typedef struct pairs {
    uint32_t from[PAIRS], to[PAIRS];
    int32_t first[PROFILES][PAIRS]; /* before any picture */
} pairs;

static void draw_pairs(town *t, pairs *drawn) {
    for (int i = 0; i < PAIRS; i++) {
        drawn->from[i] = maker_below(&t->drawn.random, t->parts->n_vertices);
        drawn->to[i] = maker_below(&t->drawn.random, t->parts->n_vertices);
    }
    for (uint32_t p = 0; p < PROFILES; p++) {
        sgp_query *query = sgp_live_roads_take(t->roads, p);
        for (int i = 0; i < PAIRS; i++)
            drawn->first[p][i] = sgp_query_vertices(query, drawn->from[i], drawn->to[i]);
        sgp_live_roads_release(t->roads, p);
    }
}

/* The one factor of the profile's metric. */
static int32_t factor_of_profile(town *t, const pairs *drawn, uint32_t profile) {
    sgp_query *query = sgp_live_roads_take(t->roads, profile);
    int32_t factor = 0;
    for (int i = 0; i < PAIRS; i++) {
        int32_t now = sgp_query_vertices(query, drawn->from[i], drawn->to[i]);
        int32_t first = drawn->first[profile][i];
        if (first == 0 || first >= SGP_INF)
            continue;
        if (factor == 0)
            factor = now / first;
        if (now != first * factor)
            fail_msg("profile %u: %d is not %d x %d", profile, now, first, factor);
    }
    sgp_live_roads_release(t->roads, profile);
    return factor;
}

/* Every picture slows the whole town down by one factor, a multiple of 1000, so a time is right
 * exactly if it is the first time times one factor; a mix of two pictures would be neither, nor
 * are pictures mixed among the profiles while all are held. */
static void test_live_roads_swaps_under_readers(void **state) {
    town *t = *state;
    static pairs drawn;
    draw_pairs(t, &drawn);
    uint32_t seen = 0; /* bit f: factor f */
    for (int picture = 0; picture < PICTURES; picture++) {
        made_page m;
        begin_page(&m, (uint8_t)(picture + 1), 0, true);
        add_class(&m, "residential", 1000 * (1 + (uint32_t)picture % 5));
        (void)take(t, "polisi", &m);
        for (int round = 0; round < 20; round++) {
            sgp_live_roads_hold(t->roads);
            int32_t factor = factor_of_profile(t, &drawn, round % 2 ? 0 : 2);
            assert_in_range(factor, 1, 5);
            for (uint32_t p = 0; p < PROFILES; p++)
                assert_int_equal(factor_of_profile(t, &drawn, p), factor);
            seen |= 1u << factor;
            sgp_live_roads_let_go(t->roads);
            struct timespec pause = {0, 10000};
            nanosleep(&pause, NULL);
        }
    }
    assert_int_equal(seen, 0x3e); /* all five were met */
}

/* Nothing but holding, so that a set that is swapped piece by piece is met in the act. */
static void test_live_roads_swap_as_one_set(void **state) {
    town *t = *state;
    int32_t stored[PROFILES];
    for (uint32_t p = 0; p < PROFILES; p++)
        stored[p] = t->parts->weight[p * t->parts->n_arcs];
    uint32_t changes = 0;
    int32_t last = 1;
    for (int picture = 0; picture < 200; picture++) {
        made_page m;
        begin_page(&m, (uint8_t)(picture + 1), 0, true);
        add_class(&m, "residential", 1000 * (1 + (uint32_t)picture % 5));
        (void)take(t, "polisi", &m);
        for (int round = 0; round < 2000; round++) {
            sgp_live_roads_hold(t->roads);
            int32_t factor[PROFILES];
            for (uint32_t p = 0; p < PROFILES; p++)
                factor[p] = sgp_metric_weights(sgp_live_roads_metric(t->roads, p))[0] / stored[p];
            sgp_live_roads_let_go(t->roads);
            for (uint32_t p = 1; p < PROFILES; p++)
                assert_int_equal(factor[p], factor[0]);
            changes += factor[0] != last;
            last = factor[0];
        }
    }
    assert_true(changes > 20);
}

/* ---- learning ------------------------------------------------------------ */

/* Four blocks east along the southern street, at `slowness` times the stored time. */
static void drive_east(town *t, uint32_t profile, int32_t slowness) {
    enum { BLOCKS = 4, STEPS = 10 };
    sgp_track_point *track = calloc(BLOCKS * STEPS + 1, sizeof *track);
    assert_non_null(track);
    size_t n = 0;
    int64_t at_ms = atomic_load(&clock_ms);
    for (int block = 0; block < BLOCKS; block++) {
        int32_t ms = stored_of(t, profile, 1000 + 2 * block, false) * slowness;
        for (int step = 0; step < STEPS; step++) {
            sgp_point point = cross(block, 0);
            point.lon_e7 += 2000 * step;
            track[n++] = (sgp_track_point){
                .point = point, .at_ms = at_ms + ms * step / STEPS, .heading_deg = 90};
        }
        at_ms += ms;
    }
    track[n++] = (sgp_track_point){.point = cross(BLOCKS, 0), .at_ms = at_ms, .heading_deg = 90};
    sgp_live_roads_teach(t->roads, profile, track, n);
}

static void make_roads(town *t) {
    sgp_fault fault = {0};
    sgp_live_roads_destroy(t->roads);
    t->roads = NULL;
    if (sgp_live_roads_create(t->drawn.graph, &t->settings, &t->roads, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
}

static void test_live_roads_learn_from_drives(void **state) {
    town *t = *state;
    char folder[128], taught[160], untaught[160];
    snprintf(folder, sizeof folder, "%s/learned", t->drawn.folder);
    snprintf(taught, sizeof taught, "%s/ambulance.sqlite", folder);
    snprintf(untaught, sizeof untaught, "%s/ambulance_lights.sqlite", folder);
    t->settings.learned_folder = strdup(folder);
    make_roads(t);
    for (int i = 0; i < 10; i++)
        drive_east(t, 0, 2);
    sgp_live_roads_settle(t->roads);
    sgp_teach_count count;
    assert_true(sgp_live_roads_lessons(t->roads, &count));
    assert_int_equal(count.lessons.matched, 10);
    assert_int_equal(count.lessons.taught, 40);
    assert_int_equal(count.lessons.roads, 4);
    assert_int_equal(count.lessons.unmatched + count.lessons.refused + count.dropped, 0);

    /* It counts from the next weights on, within the hour. */
    int32_t stored = stored_of(t, 0, 1002, false);
    atomic_fetch_add(&clock_ms, 3600000 - 1);
    assert_int_equal(weight_of(t, 0, 1002, false), stored);
    atomic_fetch_add(&clock_ms, 1);
    /* learned_table.h: the class shrinks towards half an hour at 1, a road towards five drives at
     * the mean of its class. */
    double all_ms = 0;
    for (int64_t way = 1000; way < 1008; way += 2)
        all_ms += 10.0 * stored_of(t, 0, way, false);
    double mean = (2 * all_ms + 1800000) / (all_ms + 1800000), factor = (20 + 5 * mean) / 15;
    int32_t learned = weight_of(t, 0, 1002, false);
    assert_float_equal(learned, stored * factor, 0.005 * stored);
    int32_t back = stored_of(t, 0, 1003, false); /* nobody drove there */
    assert_float_equal(weight_of(t, 0, 1003, false), back * mean, 0.005 * back);
    assert_int_equal(weight_of(t, 1, 1002, false), stored_of(t, 1, 1002, false));

    /* The same out of the file; and of the profile that nobody drove as there is none. */
    make_roads(t);
    assert_int_equal(weight_of(t, 0, 1002, false), learned);
    assert_int_equal(access(taught, F_OK), 0);
    assert_int_not_equal(access(untaught, F_OK), 0);
    /* Roads that began before others taught hear of it when told to. */
    sgp_live_roads *others = t->roads;
    t->roads = NULL;
    make_roads(t);
    for (int i = 0; i < 10; i++)
        drive_east(t, 0, 4);
    sgp_live_roads_destroy(t->roads);
    t->roads = others;
    sgp_live_roads_read_learned(t->roads);
    atomic_fetch_add(&clock_ms, 3600000);
    assert_true(weight_of(t, 0, 1002, false) > learned);

    /* Nowhere near a road. */
    sgp_track_point *astray = calloc(2, sizeof *astray);
    assert_non_null(astray);
    astray[0] = (sgp_track_point){.point = {0, 0}, .at_ms = 1, .heading_deg = -1};
    astray[1] = (sgp_track_point){.point = {9999, 0}, .at_ms = 2, .heading_deg = -1};
    sgp_live_roads_teach(t->roads, 0, astray, 2);
    sgp_live_roads_settle(t->roads);
    (void)sgp_live_roads_lessons(t->roads, &count);
    assert_int_equal(count.lessons.unmatched, 1);
    sgp_live_roads_destroy(t->roads);
    t->roads = NULL;
    remove(taught);
    assert_int_equal(rmdir(folder), 0); /* nothing else was left */
}

static void test_live_roads_learning_is_off(void **state) {
    town *t = *state;
    sgp_teach_count count;
    drive_east(t, 0, 2);
    sgp_live_roads_settle(t->roads);
    assert_false(sgp_live_roads_lessons(t->roads, &count));
    assert_int_equal(count.lessons.matched + count.waiting + count.dropped, 0);
    atomic_fetch_add(&clock_ms, 3600000);
    assert_int_equal(weight_of(t, 0, 1002, false), stored_of(t, 0, 1002, false));
}

static void test_live_roads_learned_folder_is_wrong(void **state) {
    town *t = *state;
    sgp_fault fault = {0};
    sgp_live_roads *roads = NULL;
    t->settings.learned_folder = strdup("/nonexistent/learned");
    assert_int_equal(sgp_live_roads_create(t->drawn.graph, &t->settings, &roads, &fault), SGP_E_IO);
    assert_non_null(strstr(fault.text, "/nonexistent/learned"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_live_roads_a_picture_takes_effect_whole, make, drop),
        cmocka_unit_test_setup_teardown(test_live_roads_stretches_and_speeds, make, drop),
        cmocka_unit_test_setup_teardown(test_live_roads_pages_again_and_out_of_order, make, drop),
        cmocka_unit_test_setup_teardown(test_live_roads_wrong_pages_change_nothing, make, drop),
        cmocka_unit_test_setup_teardown(test_live_roads_closures, make, drop),
        cmocka_unit_test_setup_teardown(test_live_roads_closure_and_picture, make, drop),
        cmocka_unit_test_setup_teardown(test_live_roads_hours, make, drop),
        cmocka_unit_test_setup_teardown(test_live_roads_swaps_under_readers, make, drop),
        cmocka_unit_test_setup_teardown(test_live_roads_swap_as_one_set, make, drop),
        cmocka_unit_test_setup_teardown(test_live_roads_learn_from_drives, make, drop),
        cmocka_unit_test_setup_teardown(test_live_roads_learning_is_off, make, drop),
        cmocka_unit_test_setup_teardown(test_live_roads_learned_folder_is_wrong, make, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
