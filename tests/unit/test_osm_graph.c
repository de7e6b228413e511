/* Small drawings become the graphs that one would draw by hand. */
#include <unistd.h>

#include "osm_checks.h"
#include "osm_maker.h"
#include "route/osm_components.h"
#include "route/osm_crossings.h"
#include "route/osm_graph.h"

static char folder[] = "/tmp/sigap-graph-XXXXXX";
static char path[64];
static const sgp_city_id city = {{7, 1}};

static osm_maker draw(void) {
    return osm_maker_open(path, "test");
}

static sgp_osm_graph *import(osm_maker *maker) {
    osm_maker_close(maker);
    sgp_osm_graph *graph;
    sgp_fault fault = {0};
    if (sgp_osm_graph_read(path, &city, "kota", NULL, NULL, &graph, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    osm_check_graph(sgp_osm_graph_parts(graph));
    return graph;
}

/* The edge between two OSM nodes, in either direction. */
static const sgp_edge *edge_between(const sgp_graph_parts *p, int64_t a, int64_t b) {
    for (uint32_t v = 0; v < p->n_vertices; v++) {
        for (uint32_t arc = p->first_arc[v]; arc < p->first_arc[v + 1]; arc++) {
            int64_t tail = p->vertex_node[v], head = p->vertex_node[p->arc_head[arc]];
            if (p->arc_edge[arc] != SGP_NONE &&
                ((tail == a && head == b) || (tail == b && head == a)))
                return &p->edges[p->arc_edge[arc] >> 1];
        }
    }
    return NULL;
}

/* Weight of the arc from one OSM node to another, or SGP_INF. */
static int32_t ms_between(const sgp_graph_parts *p, int64_t a, int64_t b) {
    for (uint32_t v = 0; v < p->n_vertices; v++) {
        for (uint32_t arc = p->first_arc[v]; arc < p->first_arc[v + 1]; arc++) {
            if (p->arc_edge[arc] != SGP_NONE && p->vertex_node[v] == a &&
                p->vertex_node[p->arc_head[arc]] == b)
                return p->weight[arc];
        }
    }
    return SGP_INF;
}

static void test_osm_graph_folds_chains(void **state) {
    (void)state;
    /* 1──2──3──4──5 along two ways of one name that meet at 3, a side road at 4, another name
     * from 5 on. */
    osm_maker m = draw();
    for (int i = 1; i <= 6; i++)
        osm_node(&m, i, 100 * i, 0, "");
    osm_node(&m, 7, 400, 100, "");
    osm_way(&m, 10, "1 2 2 3", "highway=primary name=Ijen");
    osm_way(&m, 11, "5 4 3", "highway=primary name=Ijen");
    osm_way(&m, 12, "4 7", "highway=residential");
    osm_way(&m, 13, "5 6", "highway=primary name=Semeru");
    sgp_osm_graph *graph = import(&m);
    const sgp_graph_parts *p = sgp_osm_graph_parts(graph);
    assert_int_equal(p->n_edges, 5);
    assert_int_equal(p->n_vertices, 6);
    const sgp_edge *e = edge_between(p, 1, 3);
    assert_non_null(e);
    assert_int_equal(e->n_points, 3);
    assert_int_equal(e->way, 10);
    assert_in_range(e->length_mm, 199000, 201000);
    assert_string_equal(p->names + e->name, "Ijen");
    /* 200 m at 52 km/h. */
    assert_in_range(ms_between(p, 1, 3), 13800, 13900);
    assert_int_equal(ms_between(p, 1, 3), ms_between(p, 3, 1));
    assert_int_equal(edge_between(p, 3, 4)->way, 11);
    assert_int_equal(edge_between(p, 4, 5)->way, 11);
    assert_non_null(edge_between(p, 5, 6));
    assert_true(e->flags & SGP_EDGE_MAIN);
    assert_string_equal(p->name, "kota");
    assert_int_equal(p->is_sketch, 0);
    assert_int_equal(p->drives_left, 1);
    const sgp_osm_counts *counts = sgp_osm_graph_counts(graph);
    assert_int_equal(counts->nodes, 7);
    assert_int_equal(counts->car_ways, 4);
    assert_int_equal(counts->junctions, 6);
    size_t n;
    const int64_t *junctions = sgp_osm_graph_junctions(graph, &n);
    assert_int_equal(n, 4); /* 1, 4, 6, 7 */
    assert_int_equal(junctions[1], 4);
    sgp_osm_graph_destroy(graph);
}

static void test_osm_graph_directions(void **state) {
    (void)state;
    osm_maker m = draw();
    for (int i = 1; i <= 4; i++)
        osm_node(&m, i, 100 * i, 0, "");
    osm_way(&m, 10, "1 2", "highway=primary oneway=yes");
    osm_way(&m, 11, "3 2", "highway=primary oneway=-1");
    osm_way(&m, 12, "4 3", "highway=primary oneway=yes");
    sgp_osm_graph *graph = import(&m);
    const sgp_graph_parts *p = sgp_osm_graph_parts(graph);
    /* 1 -> 2 -> 3; 4 -> 3 runs against it. */
    assert_int_equal(p->n_edges, 3);
    assert_true(ms_between(p, 1, 2) < SGP_INF);
    assert_int_equal(ms_between(p, 2, 1), SGP_INF);
    assert_true(ms_between(p, 2, 3) < SGP_INF);
    assert_int_equal(ms_between(p, 3, 2), SGP_INF);
    assert_true(ms_between(p, 4, 3) < SGP_INF);
    assert_int_equal(ms_between(p, 3, 4), SGP_INF);
    sgp_osm_graph_destroy(graph);
}

static void test_osm_graph_nodes_cost(void **state) {
    (void)state;
    osm_maker m = draw();
    osm_node(&m, 1, 0, 0, "highway=traffic_signals");
    osm_node(&m, 2, 100, 0, "traffic_calming=hump");
    osm_node(&m, 3, 200, 0, "barrier=gate");
    osm_node(&m, 4, 300, 0, "barrier=bollard");
    osm_node(&m, 5, 400, 0, "");
    osm_way(&m, 10, "1 2 3 4 5", "highway=residential");
    sgp_osm_graph *graph = import(&m);
    const sgp_graph_parts *p = sgp_osm_graph_parts(graph);
    assert_int_equal(p->n_edges, 3);
    int32_t there = ms_between(p, 1, 3), back = ms_between(p, 3, 1);
    assert_int_equal(there - back,
                     10000 - 5000); /* the gate there, the signal back, the hump both */
    assert_true(edge_between(p, 1, 3)->flags & SGP_EDGE_RESTRICTED);
    assert_true(edge_between(p, 3, 4)->flags & SGP_EDGE_RESTRICTED);
    assert_false(edge_between(p, 4, 5)->flags & SGP_EDGE_RESTRICTED);
    /* Behind the bollard is another part of the city, but for motorbikes: arrivals and
     * departures on both of its sides. */
    assert_int_equal(p->n_vertices, 3 + 4);
    assert_int_equal(sgp_graph_profile(p, "motorbike"), 2);
    assert_int_equal(edge_between(p, 4, 5)->main_profiles, 1 << 2);
    assert_true(edge_between(p, 1, 3)->flags & SGP_EDGE_MAIN);
    assert_false(edge_between(p, 4, 5)->flags & SGP_EDGE_MAIN);
    sgp_osm_graph_destroy(graph);
}

static uint32_t foot_vertex_at(const sgp_graph_parts *p, double east_m, double north_m) {
    sgp_point point = osm_place(east_m, north_m);
    for (uint32_t v = 0; v < p->n_foot_vertices; v++) {
        if (sgp_point_equal(p->foot_point[v], point))
            return v;
    }
    return SGP_NONE;
}

static size_t doors_at(const sgp_graph_parts *p, uint32_t vertex, uint32_t *offset_mm) {
    size_t n = 0;
    for (uint32_t d = 0; d < p->n_foot_doors; d++) {
        if (p->foot_doors[d].vertex == vertex) {
            *offset_mm = p->foot_doors[d].offset_mm;
            n++;
        }
    }
    return n;
}

static int32_t walk_ms(const sgp_graph_parts *p, uint32_t from, uint32_t to) {
    for (uint32_t a = p->foot_first_arc[from]; a < p->foot_first_arc[from + 1]; a++) {
        if (p->foot_arcs[a].head == to)
            return p->foot_arcs[a].ms;
    }
    return SGP_INF;
}

static void test_osm_graph_ways_on_foot(void **state) {
    (void)state;
    /*  A street 1──2──3──4 with a side street 3──9. A gang leaves its middle at 2, steps go on;
     *  a path leaves the crossing 3; a narrow street of houses is a gang for all but motorbikes;
     *  one footway is nobody's, one ends at a wall. */
    osm_maker m = draw();
    for (int i = 1; i <= 4; i++)
        osm_node(&m, i, 100 * i, 0, "");
    osm_node(&m, 5, 200, 50, "");
    osm_node(&m, 6, 200, 80, "");
    osm_node(&m, 7, 300, 50, "barrier=wall");
    osm_node(&m, 8, 300, 100, "");
    osm_node(&m, 9, 300, -100, "");
    osm_node(&m, 11, 400, 60, "");
    osm_node(&m, 12, 400, 90, "");
    osm_way(&m, 20, "1 2 3 4", "highway=residential");
    osm_way(&m, 21, "3 9", "highway=residential");
    osm_way(&m, 22, "2 5", "highway=footway");
    osm_way(&m, 23, "5 6", "highway=steps");
    osm_way(&m, 24, "3 7 8", "highway=path");
    osm_way(&m, 25, "4 11", "highway=residential width=1.5");
    osm_way(&m, 26, "11 12", "highway=footway foot=no");
    sgp_osm_graph *graph = import(&m);
    const sgp_graph_parts *p = sgp_osm_graph_parts(graph);
    uint32_t two = foot_vertex_at(p, 200, 0), three = foot_vertex_at(p, 300, 0);
    uint32_t five = foot_vertex_at(p, 200, 50), six = foot_vertex_at(p, 200, 80);
    uint32_t offset_mm = 0;
    assert_in_range(walk_ms(p, two, five), 39500, 40500); /* 50 m at 4.5 km/h */
    assert_in_range(walk_ms(p, six, five), 59500, 60500); /* 30 m of steps at 1.8 km/h */
    assert_int_equal(doors_at(p, two, &offset_mm), 1);    /* in the middle of an edge */
    assert_in_range(offset_mm, 99500, 100500);
    assert_int_equal(doors_at(p, three, &offset_mm), 3); /* where three edges meet */
    assert_int_equal(doors_at(p, five, &offset_mm), 0);
    /* Both sides of the wall end there. */
    uint32_t eight = foot_vertex_at(p, 300, 100);
    assert_int_equal(p->foot_first_arc[three + 1] - p->foot_first_arc[three], 1);
    uint32_t wall = p->foot_arcs[p->foot_first_arc[three]].head;
    assert_int_equal(walk_ms(p, wall, eight), SGP_INF);
    /* A motorbike rides into the narrow street, the others' crews walk; nobody walks the last. */
    assert_int_equal(edge_between(p, 4, 11)->main_profiles, 1 << 2);
    assert_int_not_equal(foot_vertex_at(p, 400, 60), SGP_NONE);
    assert_int_equal(foot_vertex_at(p, 400, 90), SGP_NONE);
    assert_int_equal(p->point_node[edge_between(p, 4, 11)->first_point], 4);
    assert_int_equal(sgp_osm_graph_counts(graph)->foot_ways, 4);
    sgp_osm_graph_destroy(graph);
}

enum { AMBULANCE, LIGHTS, MOTORBIKE, FIRE_ENGINE };

/* What turning from a to b at `via` costs a profile; SGP_INF where it may not. At a plain
 * crossing every turn that can be made costs nothing. */
static int32_t turn_ms(const sgp_graph_parts *p, uint32_t profile, int64_t a, int64_t via,
                       int64_t b) {
    const int32_t *weight = p->weight + (size_t)profile * p->n_arcs;
    for (uint32_t v = 0; v < p->n_vertices; v++) {
        for (uint32_t in = p->first_arc[v]; in < p->first_arc[v + 1]; in++) {
            uint32_t at = p->arc_head[in];
            if (p->vertex_node[v] != a || p->vertex_node[at] != via || p->arc_edge[in] == SGP_NONE)
                continue;
            for (uint32_t turn = p->first_arc[at]; turn < p->first_arc[at + 1]; turn++) {
                uint32_t leave = p->arc_head[turn];
                if (p->vertex_node[leave] == b)
                    return 0;
                for (uint32_t out = p->first_arc[leave];
                     p->arc_edge[turn] == SGP_NONE && out < p->first_arc[leave + 1]; out++) {
                    if (p->vertex_node[p->arc_head[out]] == b)
                        return weight[turn];
                }
            }
        }
    }
    return SGP_INF;
}

/* Main roads 2 (south), 3 (west), 4 (north), 5 (east) meet at 1. */
static osm_maker draw_crossing(const char *west_and_east, const char *north) {
    osm_maker m = draw();
    osm_node(&m, 1, 0, 0, "");
    osm_node(&m, 2, 0, -100, "");
    osm_node(&m, 3, -100, 0, "");
    osm_node(&m, 4, 0, 100, "");
    osm_node(&m, 5, 100, 0, "");
    osm_way(&m, 10, "2 1", "highway=primary");
    osm_way(&m, 11, "3 1 5", west_and_east);
    osm_way(&m, 12, "1 4", north);
    return m;
}

static void test_osm_graph_turns_cost(void **state) {
    (void)state;
    osm_maker m = draw_crossing("highway=primary", "highway=primary");
    sgp_osm_graph *graph = import(&m);
    const sgp_graph_parts *p = sgp_osm_graph_parts(graph);
    assert_int_equal(sgp_osm_graph_counts(graph)->expanded, 1);
    /* People drive on the left: right is across. */
    assert_int_equal(turn_ms(p, AMBULANCE, 2, 1, 4), 0);
    assert_int_equal(turn_ms(p, AMBULANCE, 2, 1, 3), 0);
    assert_int_equal(turn_ms(p, AMBULANCE, 2, 1, 5), 4000);
    assert_int_equal(turn_ms(p, AMBULANCE, 2, 1, 2), 15000);
    assert_int_equal(turn_ms(p, AMBULANCE, 5, 1, 4), 4000);
    assert_int_equal(turn_ms(p, LIGHTS, 2, 1, 5), 2000);
    assert_int_equal(turn_ms(p, MOTORBIKE, 2, 1, 5), 3000);
    assert_int_equal(turn_ms(p, FIRE_ENGINE, 2, 1, 3), 1000);
    assert_int_equal(turn_ms(p, FIRE_ENGINE, 2, 1, 2), 25000);
    sgp_osm_graph_destroy(graph);

    /* From the south into a one-way road to the east, with nobody coming from the north. */
    m = draw_crossing("highway=primary oneway=yes", "highway=primary oneway=yes");
    graph = import(&m);
    p = sgp_osm_graph_parts(graph);
    assert_int_equal(turn_ms(p, AMBULANCE, 2, 1, 5), 4000); /* who comes from the west goes north */
    assert_int_equal(turn_ms(p, AMBULANCE, 2, 1, 3), SGP_INF);
    sgp_osm_graph_destroy(graph);
    m = draw();
    osm_node(&m, 1, 0, 0, "highway=traffic_signals");
    osm_node(&m, 2, 0, -100, "");
    osm_node(&m, 3, -100, 0, "");
    osm_node(&m, 5, 100, 0, "");
    osm_way(&m, 10, "2 1", "highway=residential oneway=yes");
    osm_way(&m, 11, "3 1 5", "highway=residential oneway=yes");
    graph = import(&m);
    p = sgp_osm_graph_parts(graph);
    /* Merging is not crossing, and lights who come against the one-way road do not count. */
    assert_int_equal(sgp_osm_graph_counts(graph)->expanded, 1);
    assert_int_equal(turn_ms(p, AMBULANCE, 2, 1, 5), 0);
    assert_int_equal(turn_ms(p, LIGHTS, 2, 1, 3), 0);
    sgp_osm_graph_destroy(graph);

    /* Where only a restriction makes the crossing special, turning round has its cost. */
    m = draw_crossing("highway=residential", "highway=residential");
    osm_relation(&m, 20, "from:w10 via:n1 to:w12", "type=restriction restriction=no_straight_on");
    graph = import(&m);
    p = sgp_osm_graph_parts(graph);
    assert_int_equal(turn_ms(p, AMBULANCE, 2, 1, 4), SGP_INF);
    assert_int_equal(turn_ms(p, LIGHTS, 2, 1, 4), 4000); /* may pass it, for so much */
    assert_int_equal(turn_ms(p, AMBULANCE, 2, 1, 5), 0);
    assert_int_equal(turn_ms(p, AMBULANCE, 2, 1, 2), 15000);
    sgp_osm_graph_destroy(graph);
}

static void test_osm_graph_turns_as_chosen(void **state) {
    (void)state;
    sgp_profiles *profiles = NULL;
    assert_int_equal(sgp_profiles_read(NULL, &profiles, NULL), SGP_OK);
    static const struct {
        sgp_turns turns;
        sgp_driving_side side;
        int32_t left_ms, right_ms, restricted_ms;
    } rows[] = {
        {SGP_TURNS_NOWHERE, SGP_SIDE_LEFT, 0, 0, 0},
        {SGP_TURNS_RESTRICTIONS, SGP_SIDE_LEFT, 0, 0, SGP_INF},
        {SGP_TURNS_MAJOR, SGP_SIDE_LEFT, 0, 0, SGP_INF},
        {SGP_TURNS_EVERYWHERE, SGP_SIDE_LEFT, 0, 4000, SGP_INF},
        {SGP_TURNS_EVERYWHERE, SGP_SIDE_RIGHT, 4000, 0, SGP_INF},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        osm_maker m = draw_crossing("highway=residential", "highway=residential");
        osm_relation(&m, 20, "from:w10 via:n1 to:w12",
                     "type=restriction restriction=no_straight_on");
        osm_maker_close(&m);
        profiles->turns = rows[i].turns;
        profiles->side = rows[i].side;
        sgp_osm_graph *graph;
        assert_int_equal(sgp_osm_graph_read(path, &city, "k", profiles, NULL, &graph, NULL),
                         SGP_OK);
        const sgp_graph_parts *p = sgp_osm_graph_parts(graph);
        osm_check_graph(p);
        assert_int_equal(p->drives_left, rows[i].side == SGP_SIDE_LEFT);
        assert_int_equal(turn_ms(p, AMBULANCE, 2, 1, 3), rows[i].left_ms);
        assert_int_equal(turn_ms(p, AMBULANCE, 2, 1, 5), rows[i].right_ms);
        assert_int_equal(turn_ms(p, AMBULANCE, 2, 1, 4), rows[i].restricted_ms);
        sgp_osm_graph_destroy(graph);
    }
    sgp_profiles_destroy(profiles);
}

enum { MON_8 = 8 * 60, MON_12 = 12 * 60, TUE_2 = 1440 + 2 * 60, SUN_8 = 6 * 1440 + 8 * 60 };

static bool closed_at(const sgp_graph_parts *p, uint32_t profile, uint32_t arc, uint16_t minute) {
    for (uint32_t c = 0; c < p->n_conditions; c++) {
        const sgp_condition *condition = &p->conditions[c];
        for (uint32_t i = 0; i < condition->n_spans; i++) {
            const sgp_week_span *span = &p->spans[condition->first_span + i];
            if (condition->arc == arc && (condition->profiles >> profile & 1) &&
                span->from_minute <= minute && minute < span->to_minute)
                return true;
        }
    }
    return false;
}

/* Milliseconds from a node to another at a minute of the week, by Bellman and Ford, from and
 * to any of the nodes' vertices; SGP_INF = no way. */
static int32_t ms_at(const sgp_graph_parts *p, uint32_t profile, int64_t from, int64_t to,
                     uint16_t minute) {
    const int32_t *weight = p->weight + (size_t)profile * p->n_arcs;
    int32_t *ms = malloc(p->n_vertices * sizeof *ms), best = SGP_INF;
    assert_non_null(ms);
    for (uint32_t v = 0; v < p->n_vertices; v++)
        ms[v] = p->vertex_node[v] == from ? 0 : SGP_INF;
    for (uint32_t round = 0; round < p->n_vertices; round++) {
        for (uint32_t v = 0; v < p->n_vertices; v++) {
            for (uint32_t a = p->first_arc[v]; ms[v] < SGP_INF && a < p->first_arc[v + 1]; a++) {
                if (weight[a] < SGP_INF && !closed_at(p, profile, a, minute) &&
                    ms[v] + weight[a] < ms[p->arc_head[a]])
                    ms[p->arc_head[a]] = ms[v] + weight[a];
            }
        }
    }
    for (uint32_t v = 0; v < p->n_vertices; v++) {
        if (p->vertex_node[v] == to && ms[v] < best)
            best = ms[v];
    }
    free(ms);
    return best;
}

static bool reaches(const sgp_graph_parts *p, uint32_t profile, int64_t from, int64_t to,
                    uint16_t minute) {
    return ms_at(p, profile, from, to, minute) < SGP_INF;
}

static void test_osm_graph_roads_by_hours(void **state) {
    (void)state;
    static const struct {
        const char *tags;
        int64_t from, to;
        uint32_t profile;
        bool mon_8, mon_12, tue_2, sun_8;
    } rows[] = {
        {"motor_vehicle:conditional=no@(Mo-Fr~07:00-09:00)", 1, 2, AMBULANCE, false, true, true,
         true},
        {"motor_vehicle:conditional=no@(Mo-Fr~07:00-09:00)", 2, 1, MOTORBIKE, false, true, true,
         true},
        {"access:conditional=no@(22:00-05:00)", 1, 2, FIRE_ENGINE, true, true, false, true},
        {"access:conditional=no@(Mo~07:00-09:00) emergency=yes", 1, 2, AMBULANCE, true, true, true,
         true},
        {"access:conditional=no@(Mo~07:00-09:00) emergency=yes", 1, 2, MOTORBIKE, false, true, true,
         true},
        {"motor_vehicle=no motor_vehicle:conditional=yes@(22:00-05:00)", 1, 2, AMBULANCE, false,
         false, true, false},
        {"access=no motorcycle:conditional=yes@(Su)", 1, 2, AMBULANCE, false, false, false, false},
        {"access=no motorcycle:conditional=yes@(Su)", 1, 2, MOTORBIKE, false, false, false, true},
        {"motor_vehicle:conditional=no@(Mo~07:00-18:00);yes@(Mo~11:00-13:00)", 1, 2, AMBULANCE,
         false, true, true, true},
        {"motor_vehicle:conditional=no@(Nov~1-Apr~1)", 1, 2, AMBULANCE, true, true, true, true},
        {"motor_vehicle:conditional=no@(24/7)", 1, 2, AMBULANCE, false, false, false, false},
        {"oneway=yes oneway:conditional=no@(22:00-05:00)", 1, 2, AMBULANCE, true, true, true, true},
        {"oneway=yes oneway:conditional=no@(22:00-05:00)", 2, 1, AMBULANCE, false, false, true,
         false},
        {"oneway=yes oneway:conditional=no@(22:00-05:00)", 2, 1, LIGHTS, true, true, true, true},
        {"oneway:conditional=yes@(Mo~07:00-09:00)", 2, 1, AMBULANCE, false, true, true, true},
        {"oneway:conditional=-1@(Mo~07:00-09:00)", 1, 2, AMBULANCE, false, true, true, true},
        {"oneway:conditional=-1@(Mo~07:00-09:00)", 2, 1, AMBULANCE, true, true, true, true},
        /* Who may drive against a one-way road needs no hours for it. */
        {"oneway:conditional=yes@(Mo~07:00-09:00)", 2, 1, LIGHTS, true, true, true, true},
        /* A pedestrian street that opens for deliveries, and one that closes at times. */
        {"highway=pedestrian motor_vehicle:conditional=delivery@(Mo~06:00-10:00)", 1, 2, AMBULANCE,
         true, false, false, false},
        {"highway=pedestrian motor_vehicle:conditional=no@(Mo~07:00-09:00)", 1, 2, AMBULANCE, false,
         true, true, true},
        {"highway=pedestrian motor_vehicle:conditional=yes@(Nov~1-Apr~1)", 1, 2, AMBULANCE, false,
         false, false, false},
        {"highway=pedestrian access:conditional=yes@(Mo~06:00-10:00)", 1, 2, AMBULANCE, false,
         false, false, false},
        {"motor_vehicle:conditional=yes@(Mo~07:00-09:00)", 1, 2, AMBULANCE, true, true, true, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char tags[200];
        snprintf(tags, sizeof tags, "%s%s",
                 strncmp(rows[i].tags, "highway=", 8) == 0 ? "" : "highway=residential ",
                 rows[i].tags);
        osm_maker m = draw();
        osm_node(&m, 1, 0, 0, "");
        osm_node(&m, 2, 100, 0, "");
        osm_node(&m, 3, 100, 100, "");
        osm_way(&m, 10, "1 2", tags);
        osm_way(&m, 11, "2 3", "highway=service");
        sgp_osm_graph *graph = import(&m);
        const sgp_graph_parts *p = sgp_osm_graph_parts(graph);
        bool got[] = {reaches(p, rows[i].profile, rows[i].from, rows[i].to, MON_8),
                      reaches(p, rows[i].profile, rows[i].from, rows[i].to, MON_12),
                      reaches(p, rows[i].profile, rows[i].from, rows[i].to, TUE_2),
                      reaches(p, rows[i].profile, rows[i].from, rows[i].to, SUN_8)};
        if (got[0] != rows[i].mon_8 || got[1] != rows[i].mon_12 || got[2] != rows[i].tue_2 ||
            got[3] != rows[i].sun_8)
            fail_msg("'%s' profile %u: %d %d %d %d", rows[i].tags, rows[i].profile, got[0], got[1],
                     got[2], got[3]);
        sgp_osm_graph_destroy(graph);
    }
}

static void test_osm_graph_gates_and_turns_by_hours(void **state) {
    (void)state;
    /* A gate that opens in the day, a level crossing that closes at night, beyond each a street
     * without another way. */
    osm_maker m = draw();
    osm_node(&m, 1, 0, 0, "");
    osm_node(&m, 2, 100, 0, "barrier=lift_gate opening_hours=06:00-22:00");
    osm_node(&m, 3, 200, 0, "");
    osm_node(&m, 4, 300, 0, "railway=level_crossing opening_hours=06:00-22:00");
    osm_node(&m, 5, 400, 0, "");
    osm_node(&m, 6, 200, 100, "");
    osm_way(&m, 10, "1 2 3 4 5", "highway=residential");
    osm_way(&m, 11, "3 6", "highway=residential");
    sgp_osm_graph *graph = import(&m);
    const sgp_graph_parts *p = sgp_osm_graph_parts(graph);
    for (uint32_t profile = AMBULANCE; profile <= FIRE_ENGINE; profile++) {
        assert_true(reaches(p, profile, 1, 3, MON_8) && reaches(p, profile, 3, 1, SUN_8));
        assert_true(reaches(p, profile, 3, 5, MON_8));
        assert_false(reaches(p, profile, 1, 3, TUE_2) || reaches(p, profile, 5, 3, TUE_2));
        /* Up to the gate, and back from it, one may always drive. */
        assert_true(reaches(p, profile, 1, 2, TUE_2) && reaches(p, profile, 2, 1, TUE_2));
    }
    assert_int_equal(sgp_osm_graph_counts(graph)->hours, 2);
    sgp_osm_graph_destroy(graph);

    m = draw_crossing("highway=residential", "highway=residential");
    osm_relation(&m, 20, "from:w10 via:n1 to:w12",
                 "type=restriction restriction:conditional=no_straight_on@(07:00-09:00)");
    graph = import(&m);
    p = sgp_osm_graph_parts(graph);
    /* At other hours straight on; at these only by turning round, at which the cost shows. */
    int32_t free_ms = ms_at(p, AMBULANCE, 2, 4, MON_12),
            round_ms = ms_at(p, AMBULANCE, 2, 4, MON_8);
    assert_true(free_ms < SGP_INF && round_ms > free_ms + 10000);
    assert_int_equal(ms_at(p, LIGHTS, 2, 4, MON_8), ms_at(p, LIGHTS, 2, 4, MON_12));
    assert_int_equal(sgp_osm_graph_counts(graph)->restrictions, 1);
    sgp_osm_graph_destroy(graph);

    m = draw_crossing("highway=residential", "highway=residential");
    osm_relation(&m, 20, "from:w10 via:n1 to:w12",
                 "type=restriction restriction:conditional=no_straight_on@(wet)");
    graph = import(&m);
    assert_int_equal(sgp_osm_graph_counts(graph)->hours_unread, 1);
    assert_int_equal(sgp_osm_graph_counts(graph)->restrictions_ignored, 1);
    assert_int_equal(sgp_osm_graph_parts(graph)->n_conditions, 0);
    sgp_osm_graph_destroy(graph);
}

static void test_osm_graph_loops(void **state) {
    (void)state;
    osm_maker m = draw();
    osm_node(&m, 1, 0, 0, "");
    osm_node(&m, 2, 100, 0, "");
    osm_node(&m, 3, 150, 50, "");
    osm_node(&m, 4, 150, -50, "");
    osm_node(&m, 5, 1000, 0, "");
    osm_node(&m, 6, 1050, 0, "");
    osm_node(&m, 7, 1050, 50, "");
    osm_node(&m, 8, 0, 100, "");
    osm_way(&m, 10, "1 2", "highway=residential");
    osm_way(&m, 11, "2 3 4 2", "highway=residential"); /* a loop at the end of a street */
    osm_way(&m, 12, "5 6 7 5", "highway=residential oneway=yes"); /* a circle on its own */
    osm_way(&m, 13, "1 8 1", "highway=residential");              /* there and back */
    sgp_osm_graph *graph = import(&m);
    const sgp_graph_parts *p = sgp_osm_graph_parts(graph);
    for (uint32_t i = 0; i < p->n_edges; i++) {
        const sgp_edge *e = &p->edges[i];
        assert_true(e->forward_arc != SGP_NONE || e->backward_arc != SGP_NONE);
    }
    assert_int_equal(p->n_edges, 1 + 2 + 2 + 2);
    sgp_osm_graph_destroy(graph);
}

static void test_osm_graph_clipped(void **state) {
    (void)state;
    osm_maker m = draw();
    for (int i = 1; i <= 5; i++) {
        if (i != 3)
            osm_node(&m, i, 100 * i, 0, "");
    }
    osm_way(&m, 10, "1 2 3 4 5", "highway=residential");
    sgp_osm_graph *graph = import(&m);
    const sgp_graph_parts *p = sgp_osm_graph_parts(graph);
    assert_int_equal(p->n_edges, 2);
    assert_int_equal(sgp_osm_graph_counts(graph)->missing_nodes, 1);
    assert_null(edge_between(p, 2, 4));
    sgp_osm_graph_destroy(graph);
}

static void test_osm_graph_sketch(void **state) {
    (void)state;
    osm_maker m = osm_maker_open(path, SGP_OSM_SKETCH_PROGRAM);
    osm_node(&m, 1, 0, 0, "");
    osm_node(&m, 2, 100, 0, "");
    osm_way(&m, 10, "1 2", "highway=residential");
    sgp_osm_graph *graph = import(&m);
    assert_int_equal(sgp_osm_graph_parts(graph)->is_sketch, 1);
    sgp_osm_graph_destroy(graph);
}

static int cancel(void *ctx, const char *phase, uint64_t done, uint64_t total) {
    (void)phase;
    assert_true(done <= total);
    return --*(int *)ctx < 0;
}

static void test_osm_graph_refuses(void **state) {
    (void)state;
    sgp_osm_graph *graph;
    sgp_fault fault = {0};
    osm_maker m = draw();
    osm_node(&m, 1, 0, 0, "");
    osm_node(&m, 2, 100, 0, "");
    osm_way(&m, 10, "1 2", "highway=footway");
    osm_maker_close(&m);
    assert_int_equal(sgp_osm_graph_read(path, &city, "x", NULL, NULL, &graph, &fault),
                     SGP_E_NOT_FOUND);
    assert_non_null(strstr(fault.text, "holds no road that cars may drive"));

    m = draw();
    osm_node(&m, 1, 0, 0, "");
    osm_way(&m, 10, "2 3", "highway=primary");
    osm_maker_close(&m);
    assert_int_equal(sgp_osm_graph_read(path, &city, "x", NULL, NULL, &graph, &fault),
                     SGP_E_NOT_FOUND);

    m = draw();
    osm_node(&m, 1, 0, 0, "");
    osm_node(&m, 2, 100, 0, "");
    osm_way(&m, 10, "1 2", "highway=primary");
    osm_maker_close(&m);
    for (int told = 0;; told++) {
        int left = told;
        sgp_progress progress = {cancel, &left};
        sgp_err err = sgp_osm_graph_read(path, &city, "x", NULL, &progress, &graph, &fault);
        if (err == SGP_OK) {
            assert_in_range(told, 4, 20); /* every phase was told at least once */
            sgp_osm_graph_destroy(graph);
            break;
        }
        assert_int_equal(err, SGP_E_TIMEOUT);
        assert_non_null(strstr(fault.text, "cancelled"));
    }
}

/* Roads from one node to many, around it. */
static void draw_star(osm_maker *m, int n, const char *tags) {
    osm_node(m, 1, 0, 0, tags);
    for (int i = 0; i < n; i++)
        osm_node(m, 2 + i, i < n / 2 ? 100 : -100, 10 * (i % (n / 2)), "");
    for (int i = 0; i < n; i++) {
        char nodes[32];
        snprintf(nodes, sizeof nodes, "1 %d", 2 + i);
        osm_way(m, 10 + i, nodes, "highway=residential");
    }
}

/* What no map holds must not cost hours either. */
static void test_osm_graph_bounds_what_is_drawn(void **state) {
    (void)state;
    osm_maker m = draw();
    draw_star(&m, SGP_OSM_ARMS_MAX + 2, "highway=traffic_signals");
    sgp_osm_graph *graph = import(&m); /* one vertex in the middle: no turns */
    assert_int_equal(sgp_osm_graph_parts(graph)->n_vertices, SGP_OSM_ARMS_MAX + 3);
    sgp_osm_graph_destroy(graph);

    m = draw();
    draw_star(&m, SGP_OSM_ARMS_MAX + 2, "");
    osm_relation(&m, 1, "from:w10 via:n1 to:w12", "type=restriction restriction=no_left_turn");
    osm_maker_close(&m);
    sgp_fault fault = {0};
    assert_int_equal(sgp_osm_graph_read(path, &city, "x", NULL, NULL, &graph, &fault),
                     SGP_E_TOO_LARGE);
    assert_non_null(strstr(fault.text, "130 roads meet at node 1"));

    m = draw();
    draw_star(&m, 4, "");
    sgp_osm_member members[200];
    for (size_t i = 0; i < 200; i++)
        members[i] = (sgp_osm_member){SGP_OSM_WAY, 10 + (int64_t)(i % 2), i % 2 ? "to" : "from"};
    members[7] = (sgp_osm_member){SGP_OSM_NODE, 1, "via"};
    static const sgp_osm_tag tags[] = {{"type", "restriction"}, {"restriction", "no_left_turn"}};
    assert_int_equal(sgp_osm_writer_relation(m.writer, 1, members, 200, tags, 2, &fault), SGP_OK);
    graph = import(&m);
    assert_int_equal(sgp_osm_graph_counts(graph)->restrictions, 0);
    assert_int_equal(sgp_osm_graph_counts(graph)->restrictions_ignored, 1);
    sgp_osm_graph_destroy(graph);
}

static sgp_err on_road(void *ctx, int64_t way, const int64_t *nodes, size_t n_nodes,
                       uint8_t forward_km_h, uint8_t backward_km_h) {
    assert_int_equal(way, 11);
    assert_int_equal(n_nodes, 3);
    assert_int_equal(nodes[2], 9);
    assert_true(forward_km_h > 0 && backward_km_h == 0);
    (*(int *)ctx)++;
    return SGP_OK;
}

static void test_osm_graph_roads_each(void **state) {
    (void)state;
    osm_maker m = draw();
    osm_node(&m, 1, 0, 0, "");
    osm_node(&m, 2, 100, 0, "");
    osm_way(&m, 10, "1 2", "highway=footway");
    osm_way(&m, 11, "1 2 2 9", "highway=primary oneway=yes");
    osm_maker_close(&m);
    int visited = 0;
    assert_int_equal(sgp_osm_roads_each(path, on_road, &visited, NULL), SGP_OK);
    assert_int_equal(visited, 1);
}

static void test_osm_graph_largest_component(void **state) {
    (void)state;
    /* 0 <-> 1 -> 2 -> 3 -> 4 -> 2, and 5 alone. */
    const uint32_t first_arc[] = {0, 1, 3, 4, 5, 6, 6}, head[] = {1, 0, 2, 3, 4, 2};
    uint8_t in[6];
    assert_int_equal(sgp_osm_largest_component(6, first_arc, head, NULL, in), SGP_OK);
    assert_memory_equal(in, ((uint8_t[]){0, 0, 1, 1, 1, 0}), 6);
}

static int make_folder(void **state) {
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/a.osm.pbf", folder);
    return 0;
}

static int remove_folder(void **state) {
    (void)state;
    unlink(path);
    return rmdir(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_osm_graph_folds_chains),
        cmocka_unit_test(test_osm_graph_directions),
        cmocka_unit_test(test_osm_graph_nodes_cost),
        cmocka_unit_test(test_osm_graph_ways_on_foot),
        cmocka_unit_test(test_osm_graph_turns_cost),
        cmocka_unit_test(test_osm_graph_turns_as_chosen),
        cmocka_unit_test(test_osm_graph_roads_by_hours),
        cmocka_unit_test(test_osm_graph_gates_and_turns_by_hours),
        cmocka_unit_test(test_osm_graph_loops),
        cmocka_unit_test(test_osm_graph_clipped),
        cmocka_unit_test(test_osm_graph_sketch),
        cmocka_unit_test(test_osm_graph_refuses),
        cmocka_unit_test(test_osm_graph_bounds_what_is_drawn),
        cmocka_unit_test(test_osm_graph_roads_each),
        cmocka_unit_test(test_osm_graph_largest_component),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
