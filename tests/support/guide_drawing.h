/* Crossings drawn by hand, to be driven over: roads between points told in metres. Include cmocka.h
 * first. */
#ifndef SGP_TEST_GUIDE_DRAWING_H
#define SGP_TEST_GUIDE_DRAWING_H

#include <stdio.h>
#include <unistd.h>

#include "graph_maker.h"
#include "sigap/guide.h"

/* Drawn near the equator, where 1 unit is about 0.0111 m both ways. One metre is M units. */
#define M 90

enum { BOTH_WAYS, ONE_WAY };

static graph_maker maker;
static char folder[64], path[128];
static sgp_graph *graph;
static sgp_metric *metric;
static sgp_query *query;

static inline uint32_t at(int east_m, int north_m) {
    static int64_t node;
    return maker_vertex(&maker, east_m * M, north_m * M, ++node);
}

static inline uint32_t road(uint32_t u, uint32_t v, int ways, const char *name,
                            sgp_road_class class, uint8_t flags) {
    sgp_point a = maker.vertex_point[u], b = maker.vertex_point[v];
    int32_t ms = (int32_t)(sgp_distance_m(a, b) * 100) + 1;
    uint32_t edge = maker_edge(&maker, u, v, ms, ways == ONE_WAY ? MAKER_NO_ARC : ms, NULL, 0, 0,
                               name, SGP_EDGE_MAIN | flags);
    maker.edges[edge].road_class = (uint8_t) class;
    return edge;
}

static inline uint32_t street(uint32_t u, uint32_t v, const char *name) {
    return road(u, v, BOTH_WAYS, name, SGP_ROAD_RESIDENTIAL, 0);
}

static inline void draw_begin(void) {
    maker_begin(&maker);
}

static inline void draw_end(void) {
    sgp_fault fault = {0};
    if (sgp_graph_write(path, maker_finish(&maker), NULL, &fault) ||
        sgp_graph_open(path, &graph, &fault))
        fail_msg("%s", fault.text);
    assert_int_equal(sgp_metric_create(graph, &metric), SGP_OK);
    assert_int_equal(sgp_query_create(metric, &query), SGP_OK);
}

static inline void wipe(void) {
    sgp_query_destroy(query);
    sgp_metric_destroy(metric);
    sgp_graph_close(graph);
}

static inline sgp_snap place(int east_m, int north_m) {
    sgp_snap snap;
    size_t n;
    sgp_point point = {east_m * M, north_m * M};
    assert_int_equal(sgp_graph_snap(graph, point, 50, &snap, 1, &n), SGP_OK);
    assert_int_equal(n, 1);
    return snap;
}

static inline int drawing_begin(void **state) {
    (void)state;
    maker_folder(folder);
    snprintf(path, sizeof path, "%s/guide.sgr", folder);
    return 0;
}

static inline int drawing_end(void **state) {
    (void)state;
    unlink(path);
    rmdir(folder);
    return 0;
}

#endif
