#include "route/osm_foot.h"

#include <stdlib.h>
#include <string.h>

/* An arc before its vertex' row is known. */
typedef struct foot_link {
    uint32_t tail;
    sgp_foot_arc arc;
} foot_link;

typedef struct walk_making {
    const sgp_osm_network *network;
    const sgp_osm_folded *folded;
    sgp_osm_foot *foot;
    uint32_t *vertex; /* [n_nodes] SGP_NONE = none, or one for each way's end */
    sgp_buffer links; /* foot_link */
    sgp_fault *fault;
} walk_making;

static sgp_err fail_memory(sgp_fault *fault) {
    return sgp_fail(fault, SGP_E_MEMORY,
                    "no memory left for the ways on foot; a smaller extract is needed");
}

/* ---- vertices and arcs ---- */

/* The vertex of a node; a new one each time where people do not pass. */
static sgp_err vertex_at(walk_making *m, uint32_t node, uint32_t *vertex) {
    bool stops = m->network->node_flags[node] & SGP_OSM_NODE_NO_FEET;
    *vertex = stops ? SGP_NONE : m->vertex[node];
    if (*vertex != SGP_NONE)
        return SGP_OK;
    *vertex = (uint32_t)SGP_OSM_COUNT(sgp_point, m->foot->points);
    if (sgp_buffer_append(&m->foot->points, &m->network->node_points[node], sizeof(sgp_point)) !=
        SGP_OK)
        return fail_memory(m->fault);
    if (!stops)
        m->vertex[node] = *vertex;
    return SGP_OK;
}

static int32_t walk_ms(sgp_point a, sgp_point b, uint32_t m_h) {
    /* 1 m/h is 1 mm in 3,600 ms. */
    double ms = 1000 * sgp_distance_m(a, b) * 3600 / m_h;
    return ms < 1 ? 1 : ms > SGP_INF / 4 ? SGP_INF / 4 : (int32_t)(ms + 0.5);
}

static sgp_err add_stretch(walk_making *m, uint32_t a, uint32_t b, const sgp_osm_foot_way *way) {
    const sgp_osm_network *network = m->network;
    if (!(network->node_flags[a] & network->node_flags[b] & SGP_OSM_NODE_PRESENT))
        return SGP_OK;
    uint32_t from, to;
    sgp_err err = vertex_at(m, a, &from);
    if (err == SGP_OK)
        err = vertex_at(m, b, &to);
    if (err != SGP_OK)
        return err;
    int32_t ms = walk_ms(network->node_points[a], network->node_points[b], way->m_h);
    uint32_t name = sgp_osm_strings_offset(&network->names, way->name);
    foot_link both[2] = {{from, {to, ms, name}}, {to, {from, ms, name}}};
    return sgp_buffer_append(&m->links, both, sizeof both) == SGP_OK ? SGP_OK
                                                                     : fail_memory(m->fault);
}

static sgp_err add_ways(walk_making *m) {
    const sgp_osm_foot_way *ways = SGP_OSM_LIST(const sgp_osm_foot_way, m->network->foot_ways);
    sgp_err err = SGP_OK;
    for (size_t w = 0; w < SGP_OSM_COUNT(sgp_osm_foot_way, m->network->foot_ways); w++) {
        const uint32_t *refs = m->network->refs + ways[w].first_ref;
        for (uint32_t i = 0; err == SGP_OK && i + 1 < ways[w].n_refs; i++)
            err = add_stretch(m, refs[i], refs[i + 1], &ways[w]);
    }
    return err;
}

static sgp_err lay_out_arcs(walk_making *m) {
    const foot_link *links = SGP_OSM_LIST(const foot_link, m->links);
    size_t n_links = SGP_OSM_COUNT(foot_link, m->links);
    size_t n_vertices = SGP_OSM_COUNT(sgp_point, m->foot->points);
    uint32_t *first = m->foot->first_arc = calloc(n_vertices + 1, sizeof *first);
    if (!first || sgp_buffer_reserve(&m->foot->arcs, n_links * sizeof(sgp_foot_arc)) != SGP_OK)
        return fail_memory(m->fault);
    m->foot->arcs.length = n_links * sizeof(sgp_foot_arc);
    for (size_t i = 0; i < n_links; i++)
        first[links[i].tail]++;
    for (size_t v = 1; v <= n_vertices; v++)
        first[v] += first[v - 1];
    for (size_t i = n_links; i-- > 0;)
        SGP_OSM_LIST(sgp_foot_arc, m->foot->arcs)[--first[links[i].tail]] = links[i].arc;
    return SGP_OK;
}

/* ---- doors ---- */

static int compare_doors(const void *a, const void *b) {
    const sgp_foot_door *x = a, *y = b;
    if (x->vertex != y->vertex)
        return (x->vertex > y->vertex) - (x->vertex < y->vertex);
    return (x->edge > y->edge) - (x->edge < y->edge);
}

/* Offsets are the lengths up to a point, as the edge's own length was summed. */
static sgp_err add_doors_of(walk_making *m, uint32_t number) {
    const sgp_edge *edge = &SGP_OSM_LIST(const sgp_edge, m->folded->edges)[number];
    const sgp_point *points = SGP_OSM_LIST(const sgp_point, m->folded->points) + edge->first_point;
    const int64_t *ids = SGP_OSM_LIST(const int64_t, m->folded->point_nodes) + edge->first_point;
    double length_mm = 0;
    for (uint32_t i = 0; i < edge->n_points; i++) {
        if (i > 0)
            length_mm += 1000 * sgp_distance_m(points[i - 1], points[i]);
        uint32_t node = sgp_osm_network_node(m->network, ids[i]);
        if (m->vertex[node] == SGP_NONE)
            continue;
        sgp_foot_door door = {m->vertex[node], number, edge->length_mm};
        if (i + 1 < edge->n_points && length_mm < edge->length_mm)
            door.offset_mm = (uint32_t)(length_mm + 0.5);
        if (sgp_buffer_append(&m->foot->doors, &door, sizeof door) != SGP_OK)
            return fail_memory(m->fault);
    }
    return SGP_OK;
}

static sgp_err add_doors(walk_making *m) {
    sgp_err err = SGP_OK;
    uint32_t n_edges = (uint32_t)SGP_OSM_COUNT(sgp_edge, m->folded->edges);
    for (uint32_t e = 0; err == SGP_OK && e < n_edges; e++)
        err = add_doors_of(m, e);
    if (err == SGP_OK && m->foot->doors.length > 0)
        qsort(m->foot->doors.data, SGP_OSM_COUNT(sgp_foot_door, m->foot->doors),
              sizeof(sgp_foot_door), compare_doors);
    return err;
}

sgp_err sgp_osm_foot_make(const sgp_osm_network *network, const sgp_osm_folded *folded,
                          sgp_osm_foot *foot, sgp_fault *fault) {
    *foot = (sgp_osm_foot){.first_arc = NULL};
    if (network->foot_ways.length == 0)
        return SGP_OK;
    walk_making m = {.network = network, .folded = folded, .foot = foot, .fault = fault};
    m.vertex = malloc(network->n_nodes * sizeof *m.vertex);
    sgp_err err = m.vertex ? SGP_OK : fail_memory(fault);
    if (err == SGP_OK) {
        memset(m.vertex, 0xff, network->n_nodes * sizeof *m.vertex);
        err = add_ways(&m);
    }
    if (err == SGP_OK && foot->points.length > 0)
        err = lay_out_arcs(&m);
    if (err == SGP_OK)
        err = add_doors(&m);
    free(m.vertex);
    sgp_buffer_free(&m.links);
    return err;
}

void sgp_osm_foot_deinit(sgp_osm_foot *foot) {
    sgp_buffer_free(&foot->points);
    sgp_buffer_free(&foot->arcs);
    sgp_buffer_free(&foot->doors);
    free(foot->first_arc);
    *foot = (sgp_osm_foot){.first_arc = NULL};
}
