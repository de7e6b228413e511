/* Small road graphs for tests, made edge by edge and brought into the form of
 * sgp_graph_parts. Fixed bounds, no allocation. */
#ifndef SGP_TEST_GRAPH_MAKER_H
#define SGP_TEST_GRAPH_MAKER_H

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/random.h"
#include "sigap/graph.h"

enum { MAKER_VERTICES = 64, MAKER_ARCS = 512, MAKER_POINTS = 4096, MAKER_NAMES = 1024 };

enum { MAKER_FOOT_VERTICES = 64, MAKER_FOOT_ARCS = 512, MAKER_FOOT_DOORS = 128 };

#define MAKER_NO_ARC (-1)

static const sgp_profile maker_profile = {.name = "ambulance"};

typedef struct maker_arc {
    uint32_t tail, head, edge; /* edge as in arc_edge */
    int32_t weight;
    uint8_t is_copy; /* not the edge's own */
} maker_arc;

typedef struct graph_maker {
    sgp_point vertex_point[MAKER_VERTICES];
    int64_t vertex_node[MAKER_VERTICES];
    uint32_t n_vertices;
    maker_arc arcs[MAKER_ARCS];
    uint32_t n_arcs;
    sgp_edge edges[MAKER_ARCS];
    uint32_t n_edges;
    sgp_point points[MAKER_POINTS];
    uint32_t n_points;
    char names[MAKER_NAMES];
    uint32_t names_length;
    sgp_point foot_point[MAKER_FOOT_VERTICES];
    uint32_t n_foot_vertices;
    maker_arc foot_arcs_made[MAKER_FOOT_ARCS]; /* `edge` is the name's offset */
    uint32_t n_foot_arcs;
    sgp_foot_door foot_doors[MAKER_FOOT_DOORS];
    uint32_t n_foot_doors;
    /* filled by maker_finish */
    uint32_t first_arc[MAKER_VERTICES + 1], arc_head[MAKER_ARCS], arc_edge[MAKER_ARCS];
    int32_t weight[MAKER_ARCS];
    uint32_t foot_first_arc[MAKER_FOOT_VERTICES + 1];
    sgp_foot_arc foot_arcs[MAKER_FOOT_ARCS];
    sgp_graph_parts parts;
} graph_maker;

static inline void maker_begin(graph_maker *m) {
    memset(m, 0, sizeof *m);
    m->names_length = 1;
}

static inline uint32_t maker_vertex(graph_maker *m, int32_t lon_e7, int32_t lat_e7, int64_t node) {
    assert(m->n_vertices < MAKER_VERTICES);
    m->vertex_point[m->n_vertices] = (sgp_point){lon_e7, lat_e7};
    m->vertex_node[m->n_vertices] = node;
    return m->n_vertices++;
}

static inline uint32_t maker_name(graph_maker *m, const char *name) {
    if (!name || !name[0])
        return 0;
    uint32_t offset = m->names_length;
    size_t length = strlen(name) + 1;
    assert(offset + length <= MAKER_NAMES);
    memcpy(m->names + offset, name, length);
    m->names_length += (uint32_t)length;
    return offset;
}

static inline uint32_t maker_add_arc(graph_maker *m, uint32_t tail, uint32_t head, uint32_t edge,
                                     int32_t weight) {
    assert(m->n_arcs < MAKER_ARCS);
    m->arcs[m->n_arcs] = (maker_arc){tail, head, edge, weight, 0};
    return m->n_arcs++;
}

/* An edge from u to v over `n_between` points, with the weights of its two arcs
 * (MAKER_NO_ARC: none). length_mm 0: measured. Returns its number. */
static inline uint32_t maker_edge(graph_maker *m, uint32_t u, uint32_t v, int32_t forward,
                                  int32_t backward, const sgp_point *between, uint32_t n_between,
                                  uint32_t length_mm, const char *name, uint8_t flags) {
    assert(m->n_edges < MAKER_ARCS && m->n_points + n_between + 2 <= MAKER_POINTS);
    uint32_t number = m->n_edges++;
    sgp_edge *e = &m->edges[number];
    *e = (sgp_edge){.first_point = m->n_points,
                    .n_points = n_between + 2,
                    .name = maker_name(m, name),
                    .forward_arc = SGP_NONE,
                    .backward_arc = SGP_NONE,
                    .way = 1000 + (int64_t)number,
                    .road_class = SGP_ROAD_RESIDENTIAL,
                    .flags = flags,
                    .main_profiles = flags & SGP_EDGE_MAIN};
    m->points[m->n_points++] = m->vertex_point[u];
    for (uint32_t i = 0; i < n_between; i++)
        m->points[m->n_points++] = between[i];
    m->points[m->n_points++] = m->vertex_point[v];
    double metres = 0;
    for (uint32_t i = 1; i < e->n_points; i++)
        metres += sgp_distance_m(m->points[e->first_point + i - 1], m->points[e->first_point + i]);
    e->length_mm = length_mm ? length_mm : metres < 0.001 ? 1 : (uint32_t)(metres * 1000 + 0.5);
    if (forward != MAKER_NO_ARC)
        maker_add_arc(m, u, v, number << 1, forward);
    if (backward != MAKER_NO_ARC)
        maker_add_arc(m, v, u, number << 1 | 1, backward);
    return number;
}

/* Another arc for arc `a`'s edge and direction, between twins of its vertices. */
static inline void maker_copy(graph_maker *m, uint32_t a, uint32_t tail, uint32_t head,
                              int32_t weight) {
    m->arcs[maker_add_arc(m, tail, head, m->arcs[a].edge, weight)].is_copy = 1;
}

/* A turn between two vertices of one crossing. */
static inline void maker_connector(graph_maker *m, uint32_t u, uint32_t v, int32_t weight) {
    maker_add_arc(m, u, v, SGP_NONE, weight);
}

static inline uint32_t maker_foot_vertex(graph_maker *m, int32_t lon_e7, int32_t lat_e7) {
    assert(m->n_foot_vertices < MAKER_FOOT_VERTICES);
    m->foot_point[m->n_foot_vertices] = (sgp_point){lon_e7, lat_e7};
    return m->n_foot_vertices++;
}

/* A way on foot from u to v; `back` MAKER_NO_ARC: not the other way. */
static inline void maker_named_foot_way(graph_maker *m, uint32_t u, uint32_t v, int32_t ms,
                                        int32_t back_ms, const char *name) {
    assert(m->n_foot_arcs + 2 <= MAKER_FOOT_ARCS);
    uint32_t offset = maker_name(m, name);
    m->foot_arcs_made[m->n_foot_arcs++] = (maker_arc){u, v, offset, ms, 0};
    if (back_ms != MAKER_NO_ARC)
        m->foot_arcs_made[m->n_foot_arcs++] = (maker_arc){v, u, offset, back_ms, 0};
}

static inline void maker_foot_way(graph_maker *m, uint32_t u, uint32_t v, int32_t ms,
                                  int32_t back_ms) {
    maker_named_foot_way(m, u, v, ms, back_ms, "");
}

/* Keeps the doors sorted by (vertex, edge). */
static inline void maker_foot_door(graph_maker *m, uint32_t vertex, uint32_t edge,
                                   uint32_t offset_mm) {
    assert(m->n_foot_doors < MAKER_FOOT_DOORS);
    uint32_t i = m->n_foot_doors++;
    for (; i > 0 && (m->foot_doors[i - 1].vertex > vertex ||
                     (m->foot_doors[i - 1].vertex == vertex && m->foot_doors[i - 1].edge > edge));
         i--)
        m->foot_doors[i] = m->foot_doors[i - 1];
    m->foot_doors[i] = (sgp_foot_door){vertex, edge, offset_mm};
}

static inline void maker_finish_foot(graph_maker *m) {
    uint32_t n = 0;
    for (uint32_t v = 0; v < m->n_foot_vertices; v++) {
        m->foot_first_arc[v] = n;
        for (uint32_t a = 0; a < m->n_foot_arcs; a++)
            if (m->foot_arcs_made[a].tail == v)
                m->foot_arcs[n++] =
                    (sgp_foot_arc){m->foot_arcs_made[a].head, m->foot_arcs_made[a].weight,
                                   m->foot_arcs_made[a].edge};
    }
    m->foot_first_arc[m->n_foot_vertices] = n;
    m->parts.n_foot_vertices = m->n_foot_vertices;
    m->parts.foot_point = m->foot_point;
    m->parts.foot_first_arc = m->foot_first_arc;
    m->parts.n_foot_arcs = n;
    m->parts.foot_arcs = m->foot_arcs;
    m->parts.n_foot_doors = m->n_foot_doors;
    m->parts.foot_doors = m->foot_doors;
}

/* The parts, borrowed from the maker. */
static inline const sgp_graph_parts *maker_finish(graph_maker *m) {
    uint32_t n = 0;
    for (uint32_t v = 0; v < m->n_vertices; v++) {
        m->first_arc[v] = n;
        for (uint32_t a = 0; a < m->n_arcs; a++) {
            if (m->arcs[a].tail != v)
                continue;
            m->arc_head[n] = m->arcs[a].head;
            m->arc_edge[n] = m->arcs[a].edge;
            m->weight[n] = m->arcs[a].weight;
            if (m->arcs[a].edge != SGP_NONE && !m->arcs[a].is_copy) {
                sgp_edge *e = &m->edges[m->arcs[a].edge >> 1];
                *(m->arcs[a].edge & 1 ? &e->backward_arc : &e->forward_arc) = n;
            }
            n++;
        }
    }
    m->first_arc[m->n_vertices] = n;
    m->parts = (sgp_graph_parts){
        .name = "testville",
        .drives_left = 1,
        .created_ms = 1700000000000,
        .n_vertices = m->n_vertices,
        .vertex_point = m->vertex_point,
        .vertex_node = m->vertex_node,
        .first_arc = m->first_arc,
        .n_arcs = m->n_arcs,
        .arc_head = m->arc_head,
        .arc_edge = m->arc_edge,
        .n_profiles = 1,
        .profiles = &maker_profile,
        .weight = m->weight,
        .n_edges = m->n_edges,
        .edges = m->edges,
        .n_points = m->n_points,
        .points = m->points,
        .names_length = m->names_length,
        .names = m->names,
    };
    for (int i = 0; i < 16; i++)
        m->parts.city.bytes[i] = (uint8_t)(17 * i);
    maker_finish_foot(m);
    if (m->n_points > 0)
        m->parts.south_west = m->parts.north_east = m->points[0];
    for (uint32_t i = 0; i < m->n_points; i++) {
        sgp_point p = m->points[i];
        sgp_point *low = &m->parts.south_west;
        sgp_point *high = &m->parts.north_east;
        low->lon_e7 = p.lon_e7 < low->lon_e7 ? p.lon_e7 : low->lon_e7;
        low->lat_e7 = p.lat_e7 < low->lat_e7 ? p.lat_e7 : low->lat_e7;
        high->lon_e7 = p.lon_e7 > high->lon_e7 ? p.lon_e7 : high->lon_e7;
        high->lat_e7 = p.lat_e7 > high->lat_e7 ? p.lat_e7 : high->lat_e7;
    }
    return &m->parts;
}

/* A hospital, a kelurahan and another name of a street around (112.63, -7.96), and two districts
 * side by side with a gap before them. */
#define MAKER_HERE                                                                                 \
    { 1126300000, -79600000 }
static inline sgp_graph_places maker_places(void) {
    static const char texts[] =
        "\0RSUD Dr. Saiful Anwar\0rsud saiful anwar;rssa\0ijen klojen\0hospital\0jalan ijen\0"
        "Klojen\0Oro-Oro Dowo\0Malang\0klojen\0kelurahan\0Jalan Ijen\0ijen;bulevar";
    enum {
        LABEL = 1,
        OWN = 23,
        CONTEXT = 46,
        SORT = 58,
        FRONT = 67,
        KLOJEN = 78,
        ORO = 85,
        MALANG = 98,
        OWN_KLOJEN = 105,
        KELURAHAN = 112,
        IJEN = 122,
        OWN_IJEN = 133
    };
    static const sgp_graph_place places[] = {
        {MAKER_HERE,
         {1126301000, -79600000},
         MAKER_HERE,
         {1126299000, -79601000},
         {1126301000, -79599000},
         LABEL,
         OWN,
         CONTEXT,
         SORT,
         FRONT,
         KLOJEN,
         KLOJEN,
         MALANG,
         120,
         0,
         'f',
         1},
        {MAKER_HERE, MAKER_HERE, MAKER_HERE, MAKER_HERE, MAKER_HERE, KLOJEN, OWN_KLOJEN, 0,
         KELURAHAN, 0, KLOJEN, KLOJEN, MALANG, 900, 4, 'a', 0},
        {MAKER_HERE, MAKER_HERE, MAKER_HERE, MAKER_HERE, MAKER_HERE, IJEN, OWN_IJEN, 0, 0, 0,
         KLOJEN, KLOJEN, MALANG, 300, 2, 's', 0},
    };
    static const sgp_graph_district districts[] = {{KLOJEN, KLOJEN, MALANG}, {ORO, KLOJEN, MALANG}};
    static const uint32_t first_span[] = {0, 3, 3, 5};
    static const sgp_district_span spans[] = {{1126290000, 0},
                                              {1126310000, 1},
                                              {1126330000, SGP_NONE},
                                              {1126300000, 1},
                                              {1126320000, SGP_NONE}};
    return (sgp_graph_places){.n_places = 3,
                              .places = places,
                              .texts_length = sizeof texts,
                              .texts = texts,
                              .n_districts = 2,
                              .districts = districts,
                              .south_e7 = -79610000,
                              .row_e7 = 5000,
                              .n_rows = 3,
                              .first_span = first_span,
                              .n_spans = 5,
                              .spans = spans};
}

/* A fresh private folder, in memory where the system has such a place. */
static inline void maker_folder(char folder[64]) {
    snprintf(folder, 64, "%s/sgp-test.XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    if (!mkdtemp(folder)) {
        perror("mkdtemp");
        abort();
    }
}

static inline uint32_t maker_below(uint64_t *state, uint32_t bound) {
    return (uint32_t)sgp_random_below(state, bound);
}

#endif
