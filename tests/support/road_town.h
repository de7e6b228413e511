/* A small town for tests of the live roads: a grid of 8 x 8 crossings 220 m apart, three
 * profiles with times of their own, some streets one-way. Edges are ways 1000, 1001, ...;
 * crossings are nodes 100 + number, row by row from the south-west. */
#ifndef SGP_TEST_ROAD_TOWN_H
#define SGP_TEST_ROAD_TOWN_H

#include "graph_maker.h"

enum { SIDE = 8, PROFILES = 3 };

static const sgp_profile town_profiles[PROFILES] = {
    {.name = "ambulance"}, {.name = "ambulance_lights", .lights = 1}, {.name = "motorbike"}};

typedef struct road_town {
    char folder[64], path[96];
    graph_maker maker;
    int32_t weight[PROFILES * MAKER_ARCS];
    sgp_graph *graph;
    uint64_t random;
} road_town;

static inline sgp_point cross(int32_t column, int32_t row) {
    return (sgp_point){1126000000 + column * 20000, -79700000 + row * 20000};
}

static inline void town_draw(road_town *t) {
    graph_maker *m = &t->maker;
    t->random = 20261122;
    maker_begin(m);
    for (int32_t i = 0; i < SIDE * SIDE; i++)
        maker_vertex(m, cross(i % SIDE, i / SIDE).lon_e7, cross(i % SIDE, i / SIDE).lat_e7,
                     100 + i);
    for (uint32_t i = 0; i < SIDE * SIDE; i++)
        for (uint32_t step = 1; step <= SIDE; step += SIDE - 1) {
            if (step == 1 ? i % SIDE == SIDE - 1 : i + SIDE >= SIDE * SIDE)
                continue;
            int32_t there = 10000 + (int32_t)maker_below(&t->random, 50000);
            int32_t back = maker_below(&t->random, 5) == 0 ? MAKER_NO_ARC : there + 777;
            maker_edge(m, i, i + step, there, back, NULL, 0, 0, "Jalan", SGP_EDGE_MAIN);
        }
    sgp_graph_parts parts = *maker_finish(m);
    for (uint32_t e = 0; e < m->n_edges; e++)
        m->edges[e].main_profiles = (1 << PROFILES) - 1;
    memcpy(t->weight, parts.weight, parts.n_arcs * sizeof *parts.weight);
    for (uint32_t a = 0; a < parts.n_arcs; a++) {
        t->weight[parts.n_arcs + a] = parts.weight[a] * 2 / 3;
        t->weight[2 * parts.n_arcs + a] = 9000 + (int32_t)maker_below(&t->random, 40000);
    }
    parts.n_profiles = PROFILES;
    parts.profiles = town_profiles;
    parts.weight = t->weight;
    sgp_fault fault = {0};
    maker_folder(t->folder);
    snprintf(t->path, sizeof t->path, "%s/town.sgr", t->folder);
    if (sgp_graph_write(t->path, &parts, NULL, &fault) != SGP_OK ||
        sgp_graph_open(t->path, &t->graph, &fault) != SGP_OK) {
        fprintf(stderr, "%s\n", fault.text);
        abort();
    }
}

static inline void town_drop(road_town *t) {
    sgp_graph_close(t->graph);
    remove(t->path);
    rmdir(t->folder);
}

static inline sgp_point town_somewhere(road_town *t) {
    sgp_point corner = cross(0, 0);
    return (sgp_point){corner.lon_e7 + (int32_t)maker_below(&t->random, (SIDE - 1) * 20000),
                       corner.lat_e7 + (int32_t)maker_below(&t->random, (SIDE - 1) * 20000)};
}

#endif
