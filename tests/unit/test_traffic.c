/* Weights of an instant: on a graph with every kind of arc, held to the rule of traffic.h
 * computed slowly in 128-bit arithmetic; the week table's reader and its mistakes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "graph_maker.h"
#include "sigap/traffic.h"

enum { VERTICES = 40, EDGES = 120, PROFILES = 2, CONDITIONS = 30, SPANS = 40, DRIVES = 3000 };
__extension__ typedef unsigned __int128 wide;

static graph_maker maker;
static char folder[64];
static char path[128];
static sgp_graph *graph;
static const sgp_graph_parts *parts;

/* What the fleet drove, as the test itself keeps it. */
typedef struct drive {
    uint32_t move, mm;
    int32_t minute;
    int64_t ms;
} drive;
static drive drives[DRIVES];
static int n_drives;

static void make_graph(void) {
    static sgp_profile profiles[PROFILES] = {{.name = "ambulance"}, {.name = "ambulance_lights"}};
    static int32_t weights[PROFILES * MAKER_ARCS];
    static sgp_condition conditions[CONDITIONS];
    static sgp_week_span spans[SPANS];
    uint64_t seed = 11;
    maker_begin(&maker);
    for (uint32_t v = 0; v < VERTICES; v++)
        maker_vertex(&maker, (int32_t)maker_below(&seed, 200000),
                     (int32_t)maker_below(&seed, 200000), 100 + v);
    static const int32_t odd[] = {0,           1,      2, 499, 500, SGP_INF / 4, SGP_INF / 4 + 1,
                                  SGP_INF - 1, SGP_INF};
    for (uint32_t e = 0; e < EDGES; e++) {
        uint32_t u = maker_below(&seed, VERTICES), v = maker_below(&seed, VERTICES);
        int32_t there = maker_below(&seed, 6) == 0 ? odd[maker_below(&seed, 9)]
                                                   : (int32_t)maker_below(&seed, 100000);
        int32_t back =
            maker_below(&seed, 4) == 0 ? MAKER_NO_ARC : 1 + (int32_t)maker_below(&seed, 100000);
        maker_edge(&maker, u, v, there, back, NULL, 0, 1 + maker_below(&seed, 400000), NULL,
                   SGP_EDGE_MAIN);
        maker.edges[e].road_class = (uint8_t)maker_below(&seed, SGP_ROAD_CLASSES);
    }
    for (int i = 0; i < 20; i++) {
        uint32_t a = maker_below(&seed, EDGES); /* not a connector */
        maker_copy(&maker, a, maker.arcs[a].tail, maker.arcs[a].head,
                   (int32_t)maker_below(&seed, 90000));
        maker_connector(&maker, maker_below(&seed, VERTICES), maker_below(&seed, VERTICES),
                        (int32_t)maker_below(&seed, 9000));
    }
    sgp_graph_parts p = *maker_finish(&maker);
    p.n_profiles = PROFILES;
    p.profiles = profiles;
    for (uint32_t a = 0; a < p.n_arcs; a++) {
        weights[a] = p.weight[a];
        weights[p.n_arcs + a] = (int32_t)maker_below(&seed, 70000);
    }
    p.weight = weights;
    for (int i = 0; i < SPANS; i++) {
        uint16_t from = (uint16_t)maker_below(&seed, SGP_WEEK_MINUTES);
        spans[i] = (sgp_week_span){
            from, (uint16_t)(from + 1 + maker_below(&seed, SGP_WEEK_MINUTES - from))};
    }
    uint32_t arc = 0;
    for (int i = 0; i < CONDITIONS; i++) {
        arc += maker_below(&seed, p.n_arcs / CONDITIONS);
        uint32_t first = maker_below(&seed, SPANS - 3);
        conditions[i] =
            (sgp_condition){arc, 1 + maker_below(&seed, 3), first, 1 + maker_below(&seed, 3)};
    }
    p.conditions = conditions;
    p.n_conditions = CONDITIONS;
    p.spans = spans;
    p.n_spans = SPANS;
    sgp_fault fault = {0};
    if (sgp_graph_write(path, &p, NULL, &fault) || sgp_graph_open(path, &graph, &fault)) {
        fprintf(stderr, "%s\n", fault.text);
        abort();
    }
    parts = sgp_graph_get(graph);
}

static int setup(void **state) {
    (void)state;
    maker_folder(folder);
    snprintf(path, sizeof path, "%s/g.sgr", folder);
    make_graph();
    return 0;
}

static int teardown(void **state) {
    (void)state;
    sgp_graph_close(graph);
    unlink(path);
    return rmdir(folder);
}

/* ---- the rule, slowly --------------------------------------------------------- */

static int64_t nearest(int64_t value, int64_t by) {
    return (2 * value + by) / (2 * by);
}

static int64_t clamp(int64_t value, int64_t least, int64_t most) {
    return value < least ? least : value > most ? most : value;
}

/* 0..7, from the sentences of learned.h. */
static int slow_bin(int32_t minute) {
    int day = minute / 1440, hour = minute / 60 % 24;
    int part = 0;
    if (hour >= 6 && hour < 9)
        part = 1;
    if (hour >= 9 && hour < 15)
        part = 2;
    if (hour >= 15 && hour < 21)
        part = 3;
    return part + (day == 5 || day == 6 ? 4 : 0);
}

static int32_t own_weight(uint32_t move, uint32_t profile) {
    const sgp_edge *e = &parts->edges[move >> 1];
    uint32_t arc = move & 1 ? e->backward_arc : e->forward_arc;
    return arc == SGP_NONE ? SGP_INF : parts->weight[profile * parts->n_arcs + arc];
}

/* Took and expected of one move (or, with SGP_NONE, of a class) in a bin. */
static void slow_sums(uint32_t move, int road_class, int bin, int64_t *took, int64_t *expected) {
    *took = *expected = 0;
    for (uint32_t m = 0; m < 2 * parts->n_edges; m++) {
        if (move != SGP_NONE ? m != move : parts->edges[m >> 1].road_class != road_class)
            continue;
        int64_t mm = 0;
        for (int i = 0; i < n_drives; i++)
            if (drives[i].move == m && slow_bin(drives[i].minute) == bin) {
                *took += drives[i].ms;
                mm += drives[i].mm;
            }
        if (mm > 0)
            *expected += own_weight(m, 0) * mm / parts->edges[m >> 1].length_mm;
    }
}

static int64_t slow_learned(uint32_t move, int bin, int64_t prior) {
    int64_t took, expected;
    slow_sums(SGP_NONE, parts->edges[move >> 1].road_class, bin, &took, &expected);
    int64_t mean = nearest(took * 1000 + 1800000 * prior, expected + 1800000);
    slow_sums(move, 0, bin, &took, &expected);
    if (took == 0)
        return clamp(mean, 500, 3000);
    int64_t five = 5 * (int64_t)own_weight(move, 0);
    return clamp(nearest(took * 1000 + five * mean, expected + five), 500, 3000);
}

static int32_t slow_weight(const sgp_picture *p, uint32_t arc) {
    int32_t stored = parts->weight[p->profile * parts->n_arcs + arc];
    for (uint32_t i = 0; p->minute_of_week >= 0 && i < parts->n_conditions; i++) {
        const sgp_condition *c = &parts->conditions[i];
        for (uint32_t s = c->first_span; s < c->first_span + c->n_spans; s++)
            if (c->arc == arc && (c->profiles & (1u << p->profile)) &&
                p->minute_of_week >= parts->spans[s].from_minute &&
                p->minute_of_week < parts->spans[s].to_minute)
                return SGP_INF;
    }
    uint32_t move = parts->arc_edge[arc];
    if (move == SGP_NONE)
        return stored;
    int64_t w = 1000, l = 1000, t = 1000, mean = 1000;
    int road_class = parts->edges[move >> 1].road_class;
    if (p->minute_of_week >= 0 && p->week) {
        w = p->week->permille[road_class][p->minute_of_week / 60];
        int64_t sum = 0, n = 0;
        for (int hour = 0; hour < 168; hour++)
            if (slow_bin(hour * 60) == slow_bin(p->minute_of_week)) {
                sum += p->week->permille[road_class][hour];
                n++;
            }
        mean = nearest(sum, n);
    }
    if (p->minute_of_week >= 0 && p->learned)
        l = clamp(nearest(slow_learned(move, slow_bin(p->minute_of_week), mean) * 1000, mean), 100,
                  20000);
    if (p->factor)
        t = p->factor[move];
    if (t == 0)
        return SGP_INF;
    wide product = (wide)w * (wide)l * (wide)t;
    if (stored == SGP_INF || product == 1000000000)
        return stored;
    wide weight = ((wide)stored * product + 500000000) / 1000000000;
    return weight < 1 ? 1 : weight > SGP_INF / 4 ? SGP_INF / 4 : (int32_t)weight;
}

static void check_all(const sgp_picture *p) {
    int32_t weight[MAKER_ARCS];
    sgp_fault fault = {0};
    assert_int_equal(sgp_weights_make(graph, p, weight, &fault), SGP_OK);
    for (uint32_t a = 0; a < parts->n_arcs; a++)
        assert_int_equal(weight[a], slow_weight(p, a));
}

static void random_table(sgp_week_table *table, uint64_t *seed, uint32_t range) {
    for (int c = 0; c < SGP_ROAD_CLASSES; c++)
        for (int hour = 0; hour < SGP_WEEK_HOURS; hour++)
            table->permille[c][hour] = (uint16_t)(100 + maker_below(seed, range));
}

static void random_factors(uint16_t factor[2 * EDGES], uint64_t *seed) {
    for (int m = 0; m < 2 * EDGES; m++) {
        uint32_t kind = maker_below(seed, 8);
        factor[m] = kind == 0   ? 0
                    : kind == 1 ? 20000
                    : kind == 2 ? 100
                    : kind < 5  ? 1000
                                : (uint16_t)(100 + maker_below(seed, 19901));
    }
}

static sgp_learned *random_learned(uint64_t *seed) {
    sgp_learned *learned;
    assert_int_equal(sgp_learned_create(graph, 0, &learned), SGP_OK);
    n_drives = 0;
    while (n_drives < DRIVES) {
        uint32_t move = maker_below(seed, 2 * EDGES / 3); /* some roads nobody drives */
        uint32_t length = parts->edges[move >> 1].length_mm;
        uint32_t mm = 1 + maker_below(seed, length);
        int32_t minute = (int32_t)maker_below(seed, SGP_WEEK_MINUTES);
        int64_t w = own_weight(move, 0);
        if (w == SGP_INF || w * mm / length == 0)
            continue;
        int64_t ms = w * mm / length * (int64_t)(200 + maker_below(seed, 4000)) / 1000 + 1;
        if (ms >= SGP_INF)
            continue;
        drives[n_drives++] = (drive){move, mm, minute, ms};
        sgp_learned_add(learned, move, minute, mm, ms);
    }
    assert_int_equal(sgp_learned_counts(learned).drives, DRIVES);
    return learned;
}

/* ---- cases ------------------------------------------------------------------- */

static void test_traffic_equals_the_rule(void **state) {
    (void)state;
    uint64_t seed = 2026;
    sgp_learned *learned = random_learned(&seed);
    static sgp_week_table week;
    uint16_t factor[2 * EDGES];
    for (int round = 0; round < 120; round++) {
        random_table(&week, &seed, round % 3 ? 1900 : 19901);
        random_factors(factor, &seed);
        sgp_picture p = {
            .profile = maker_below(&seed, PROFILES),
            .minute_of_week = (int32_t)maker_below(&seed, SGP_WEEK_MINUTES),
            .week = round & 1 ? &week : NULL,
            .learned = round & 2 ? learned : NULL,
            .factor = round & 4 ? factor : NULL,
        };
        if (round % 10 == 9)
            p.minute_of_week = -1;
        check_all(&p);
    }
    sgp_learned_destroy(learned);
}

static void test_traffic_silent_picture_changes_nothing(void **state) {
    (void)state;
    static sgp_week_table week;
    uint16_t factor[2 * EDGES];
    sgp_week_table_plain(&week);
    for (int m = 0; m < 2 * EDGES; m++)
        factor[m] = 1000;
    sgp_learned *learned;
    assert_int_equal(sgp_learned_create(graph, 0, &learned), SGP_OK);
    sgp_picture silent = {0, -1, NULL, NULL, NULL};
    sgp_picture plain = {0, -1, &week, learned, factor};
    int32_t weight[2][MAKER_ARCS];
    assert_int_equal(sgp_weights_make(graph, &silent, weight[0], NULL), SGP_OK);
    assert_int_equal(sgp_weights_make(graph, &plain, weight[1], NULL), SGP_OK);
    assert_memory_equal(weight[0], parts->weight, parts->n_arcs * sizeof(int32_t));
    assert_memory_equal(weight[1], parts->weight, parts->n_arcs * sizeof(int32_t));
    sgp_learned_destroy(learned);
}

static void test_traffic_refuses_what_makes_no_sense(void **state) {
    (void)state;
    int32_t weight[MAKER_ARCS];
    uint16_t factor[2 * EDGES];
    static sgp_week_table week;
    sgp_fault fault = {0};
    sgp_picture p = {.profile = PROFILES, .minute_of_week = -1};
    assert_int_equal(sgp_weights_make(graph, &p, weight, &fault), SGP_E_ARGUMENT);
    p = (sgp_picture){.minute_of_week = SGP_WEEK_MINUTES};
    assert_int_equal(sgp_weights_make(graph, &p, weight, &fault), SGP_E_ARGUMENT);
    static const uint16_t bad[] = {1, 99, 20001, 65535};
    for (int i = 0; i < 4; i++) {
        for (int m = 0; m < 2 * EDGES; m++)
            factor[m] = 1000;
        factor[2 * 17 + 1] = bad[i];
        p = (sgp_picture){.minute_of_week = -1, .factor = factor};
        assert_int_equal(sgp_weights_make(graph, &p, weight, &fault), SGP_E_RANGE);
        assert_non_null(strstr(fault.text, "edge 17 backward"));
    }
    sgp_week_table_plain(&week);
    week.permille[SGP_ROAD_TERTIARY][30] = 0;
    p = (sgp_picture){.minute_of_week = 5, .week = &week};
    assert_int_equal(sgp_weights_make(graph, &p, weight, &fault), SGP_E_RANGE);
    assert_non_null(strstr(fault.text, "tertiary roads in hour 30"));
}

/* Whatever lies between now and the next change has the weights of now. */
static void test_traffic_next_change(void **state) {
    (void)state;
    uint64_t seed = 5;
    static sgp_week_table week;
    random_table(&week, &seed, 1900);
    sgp_learned *learned = random_learned(&seed);
    for (int kind = 0; kind < 4; kind++) {
        sgp_picture p = {.profile = (uint32_t)(kind & 1),
                         .week = kind == 2 ? &week : NULL,
                         .learned = kind == 3 ? learned : NULL};
        int32_t now = 0;
        int changes = 0;
        while (now < SGP_WEEK_MINUTES) {
            p.minute_of_week = now;
            int32_t next = sgp_weights_next_change(graph, &p);
            assert_true(next > now && next <= now + SGP_WEEK_MINUTES);
            int32_t before[MAKER_ARCS], after[MAKER_ARCS];
            assert_int_equal(sgp_weights_make(graph, &p, before, NULL), SGP_OK);
            for (int32_t m = now + 1; m < next && m < SGP_WEEK_MINUTES; m++) {
                p.minute_of_week = m;
                assert_int_equal(sgp_weights_make(graph, &p, after, NULL), SGP_OK);
                assert_memory_equal(before, after, parts->n_arcs * sizeof *after);
            }
            now = next;
            changes++;
        }
        assert_true(changes > (kind == 2 ? 168 : 10));
    }
    sgp_picture no_time = {.minute_of_week = -1, .week = &week};
    assert_int_equal(sgp_weights_next_change(graph, &no_time), SGP_WEEK_MINUTES - 1);
    sgp_learned_destroy(learned);
}

/* ---- the week table's file ------------------------------------------------------ */

static sgp_err load_text(const char *text, sgp_week_table *table, sgp_fault *fault) {
    char file_path[160];
    snprintf(file_path, sizeof file_path, "%s/week.conf", folder);
    FILE *file = fopen(file_path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
    sgp_err err = sgp_week_table_load(file_path, table, fault);
    unlink(file_path);
    return err;
}

static void test_traffic_shipped_week(void **state) {
    (void)state;
    static sgp_week_table table;
    sgp_fault fault = {0};
    assert_int_equal(sgp_week_table_load(SIGAP_SOURCE_DIR "/gis/week.conf", &table, &fault),
                     SGP_OK);
    assert_int_equal(table.permille[SGP_ROAD_PRIMARY][7], 1600);
    assert_int_equal(table.permille[SGP_ROAD_PRIMARY][4 * 24 + 7], 1600); /* Friday */
    assert_int_equal(table.permille[SGP_ROAD_PRIMARY][3 * 24 + 12], 1250);
    assert_int_equal(table.permille[SGP_ROAD_PRIMARY][4 * 24 + 12], 1400);
    assert_int_equal(table.permille[SGP_ROAD_PRIMARY][5 * 24 + 7], 1000); /* Saturday */
    assert_int_equal(table.permille[SGP_ROAD_SERVICE][17], 1000);
    int32_t weight[MAKER_ARCS];
    sgp_picture p = {.minute_of_week = 17 * 60, .week = &table};
    assert_int_equal(sgp_weights_make(graph, &p, weight, &fault), SGP_OK);
}

#define TWELVE "1,1,1,1,1,1,1,1,1,1,1,1"
static void test_traffic_week_mistakes(void **state) {
    (void)state;
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"trunk: { every_day = [1000, 1000]; };", "week.conf:1: every_day has 2 numbers"},
        {"\n\ntrank: { };", "week.conf:3: unknown road class \"trank\""},
        {"trunk: {\n mondays = [1]; };", "week.conf:2: unknown key \"mondays\""},
        {"trunk: { sunday = 5; };", "sunday must be a list of 24 numbers"},
        {"trunk: { monday = [" TWELVE "," TWELVE "]; };", "hour 0 of monday is 1, it must be"},
        {"trunk: { monday = (\"x\",1,1,1,1,1,1,1,1,1,1,1," TWELVE "); };",
         "hour 0 of monday must be a whole number"},
        {"trunk = 5;", "trunk must be a group"},
        {"trunk: {\n", "week.conf:"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        static sgp_week_table table;
        memset(&table, 7, sizeof table);
        sgp_fault fault = {0};
        assert_int_equal(load_text(cases[i].text, &table, &fault), SGP_E_CONFIG);
        if (!strstr(fault.text, cases[i].says))
            fail_msg("\"%s\" does not say \"%s\"", fault.text, cases[i].says);
        assert_int_equal(table.permille[0][0], 0x0707); /* untouched */
    }
    sgp_week_table table;
    sgp_fault fault = {0};
    assert_int_equal(sgp_week_table_load("/nowhere/week.conf", &table, &fault), SGP_E_IO);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_traffic_equals_the_rule),
        cmocka_unit_test(test_traffic_silent_picture_changes_nothing),
        cmocka_unit_test(test_traffic_refuses_what_makes_no_sense),
        cmocka_unit_test(test_traffic_next_change),
        cmocka_unit_test(test_traffic_shipped_week),
        cmocka_unit_test(test_traffic_week_mistakes),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
