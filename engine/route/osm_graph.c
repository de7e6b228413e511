#include "route/osm_graph.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "route/osm_components.h"
#include "route/osm_expand.h"
#include "route/osm_turns.h"

struct sgp_osm_graph {
    sgp_graph_parts parts; /* its arrays are the ones below */
    sgp_osm_counts counts;
    sgp_point *vertex_point;
    int64_t *vertex_node;
    uint32_t *first_arc, *arc_head, *arc_edge;
    int32_t *weight;
    sgp_buffer edges, points, names, junctions;
};

static sgp_err fail_memory(sgp_fault *fault) {
    return sgp_fail(fault, SGP_E_MEMORY,
                    "no memory left to build the graph; a smaller extract is needed");
}

/* Copies at most `size` - 1 bytes without cutting a UTF-8 character in two. */
static void copy_name(char *out, size_t size, const char *name) {
    size_t length = strlen(name);
    if (length >= size) {
        length = size - 1;
        while (length > 0 && ((unsigned char)name[length] & 0xc0) == 0x80)
            length--;
    }
    memcpy(out, name, length);
    memset(out + length, 0, size - length);
}

/* ---- arcs in rows by their tail ---- */

static sgp_err lay_out_arcs(sgp_osm_graph *graph, const sgp_osm_network *network,
                            const sgp_osm_expanded *expanded, sgp_fault *fault) {
    const sgp_osm_arc *arcs = SGP_OSM_LIST(const sgp_osm_arc, expanded->arcs);
    const uint32_t *nodes = SGP_OSM_LIST(const uint32_t, expanded->vertex_nodes);
    uint32_t n_arcs = (uint32_t)SGP_OSM_COUNT(sgp_osm_arc, expanded->arcs);
    uint32_t n_vertices = (uint32_t)SGP_OSM_COUNT(uint32_t, expanded->vertex_nodes);
    graph->vertex_point = malloc((size_t)n_vertices * sizeof *graph->vertex_point);
    graph->vertex_node = malloc((size_t)n_vertices * sizeof *graph->vertex_node);
    graph->first_arc = calloc((size_t)n_vertices + 1, sizeof *graph->first_arc);
    graph->arc_head = malloc(((size_t)n_arcs + 1) * sizeof *graph->arc_head);
    graph->arc_edge = malloc(((size_t)n_arcs + 1) * sizeof *graph->arc_edge);
    graph->weight = malloc(((size_t)n_arcs + 1) * sizeof *graph->weight);
    if (!graph->vertex_point || !graph->vertex_node || !graph->first_arc || !graph->arc_head ||
        !graph->arc_edge || !graph->weight)
        return fail_memory(fault);
    for (uint32_t v = 0; v < n_vertices; v++) {
        graph->vertex_point[v] = network->node_points[nodes[v]];
        graph->vertex_node[v] = network->node_ids[nodes[v]];
    }
    for (uint32_t a = 0; a < n_arcs; a++)
        graph->first_arc[arcs[a].tail]++;
    for (uint32_t v = 1; v <= n_vertices; v++)
        graph->first_arc[v] += graph->first_arc[v - 1];
    sgp_edge *edges = SGP_OSM_LIST(sgp_edge, graph->edges);
    for (uint32_t a = n_arcs; a-- > 0;) {
        uint32_t place = --graph->first_arc[arcs[a].tail];
        graph->arc_head[place] = arcs[a].head;
        graph->arc_edge[place] = arcs[a].move;
        graph->weight[place] = arcs[a].weight_ms;
        if (a < expanded->n_own_arcs && (arcs[a].move & 1))
            edges[arcs[a].move >> 1].backward_arc = place;
        else if (a < expanded->n_own_arcs)
            edges[arcs[a].move >> 1].forward_arc = place;
    }
    graph->parts.n_vertices = n_vertices;
    graph->parts.n_arcs = n_arcs;
    return SGP_OK;
}

/* ---- SGP_EDGE_MAIN ---- */

static sgp_err mark_main(sgp_osm_graph *graph, sgp_fault *fault) {
    uint32_t n_vertices = graph->parts.n_vertices, n_arcs = graph->parts.n_arcs;
    uint8_t *in_largest = malloc((size_t)n_vertices + 1);
    uint8_t *arc_within = malloc((size_t)n_arcs + 1);
    sgp_err err = SGP_OK;
    if (!in_largest || !arc_within ||
        sgp_osm_largest_component(n_vertices, graph->first_arc, graph->arc_head, in_largest) !=
            SGP_OK)
        err = fail_memory(fault);
    for (uint32_t v = 0; err == SGP_OK && v < n_vertices; v++) {
        for (uint32_t a = graph->first_arc[v]; a < graph->first_arc[v + 1]; a++)
            arc_within[a] = in_largest[v] && in_largest[graph->arc_head[a]];
    }
    sgp_edge *edges = SGP_OSM_LIST(sgp_edge, graph->edges);
    for (size_t e = 0; err == SGP_OK && e < SGP_OSM_COUNT(sgp_edge, graph->edges); e++) {
        bool forward = edges[e].forward_arc == SGP_NONE || arc_within[edges[e].forward_arc];
        bool backward = edges[e].backward_arc == SGP_NONE || arc_within[edges[e].backward_arc];
        if (forward && backward)
            edges[e].flags |= SGP_EDGE_MAIN, edges[e].main_profiles |= 1;
    }
    free(in_largest);
    free(arc_within);
    return err;
}

/* ---- the parts ---- */

static void find_bounds(sgp_graph_parts *parts) {
    parts->south_west = parts->north_east = parts->points[0];
    for (uint32_t i = 1; i < parts->n_points; i++) {
        sgp_point p = parts->points[i];
        if (p.lon_e7 < parts->south_west.lon_e7)
            parts->south_west.lon_e7 = p.lon_e7;
        if (p.lat_e7 < parts->south_west.lat_e7)
            parts->south_west.lat_e7 = p.lat_e7;
        if (p.lon_e7 > parts->north_east.lon_e7)
            parts->north_east.lon_e7 = p.lon_e7;
        if (p.lat_e7 > parts->north_east.lat_e7)
            parts->north_east.lat_e7 = p.lat_e7;
    }
}

static sgp_point middle_of(const sgp_graph_parts *parts) {
    int64_t lon = (int64_t)parts->south_west.lon_e7 + parts->north_east.lon_e7;
    int64_t lat = (int64_t)parts->south_west.lat_e7 + parts->north_east.lat_e7;
    return (sgp_point){(int32_t)(lon / 2), (int32_t)(lat / 2)};
}

/* Takes the arrays over from `network` and `folded`. */
static void take_over(sgp_osm_graph *graph, sgp_osm_network *network, sgp_osm_folded *folded) {
    sgp_edge *edges = SGP_OSM_LIST(sgp_edge, folded->edges);
    for (size_t e = 0; e < SGP_OSM_COUNT(sgp_edge, folded->edges); e++)
        edges[e].name = sgp_osm_strings_offset(&network->names, edges[e].name);
    graph->edges = folded->edges;
    graph->points = folded->points;
    graph->junctions = folded->junctions;
    graph->names = network->names.bytes;
    folded->edges = folded->points = folded->junctions = network->names.bytes = (sgp_buffer){0};
}

static void describe(sgp_osm_graph *graph, const sgp_city_id *city, const char *name,
                     bool is_sketch) {
    sgp_graph_parts *parts = &graph->parts;
    parts->city = *city;
    copy_name(parts->name, sizeof parts->name, name);
    parts->is_sketch = is_sketch;
    parts->created_ms = sgp_wall_ms();
    parts->vertex_point = graph->vertex_point;
    parts->vertex_node = graph->vertex_node;
    parts->first_arc = graph->first_arc;
    parts->arc_head = graph->arc_head;
    parts->arc_edge = graph->arc_edge;
    static const sgp_profile ambulance = {.name = "ambulance"};
    parts->n_profiles = 1;
    parts->profiles = &ambulance;
    parts->weight = graph->weight;
    parts->n_edges = (uint32_t)SGP_OSM_COUNT(sgp_edge, graph->edges);
    parts->edges = SGP_OSM_LIST(const sgp_edge, graph->edges);
    parts->n_points = (uint32_t)SGP_OSM_COUNT(sgp_point, graph->points);
    parts->points = SGP_OSM_LIST(const sgp_point, graph->points);
    parts->names_length = (uint32_t)graph->names.length;
    parts->names = (const char *)graph->names.data;
    find_bounds(parts);
    parts->drives_left = sgp_osm_drives_left(middle_of(parts));
}

enum { STEP_FOLDED = 1, STEP_BANNED, STEP_EXPANDED, STEP_LAID_OUT, STEP_DONE };

static sgp_err build(sgp_osm_graph *graph, sgp_osm_network *network, sgp_osm_folded *folded,
                     sgp_osm_bans *bans, sgp_osm_expanded *expanded, const char *path,
                     const sgp_progress *progress, sgp_fault *fault) {
    sgp_osm_meter meter = {.progress = progress};
    sgp_err err = sgp_osm_turns_force_vertices(network, fault);
    if (err == SGP_OK)
        err = sgp_osm_fold(network, folded, &meter, fault);
    if (err == SGP_OK && folded->edges.length == 0)
        err = sgp_fail(fault, SGP_E_NOT_FOUND,
                       "%.150s holds roads but not the nodes they run along", path);
    meter.phase = "building the graph";
    if (err == SGP_OK)
        err = sgp_osm_meter_tell(&meter, STEP_FOLDED, STEP_DONE, fault);
    if (err == SGP_OK)
        err = sgp_osm_turns_find_bans(network, folded, bans, fault);
    if (err == SGP_OK)
        err = sgp_osm_meter_tell(&meter, STEP_BANNED, STEP_DONE, fault);
    if (err == SGP_OK)
        err = sgp_osm_expand(network, folded, bans, expanded, fault);
    if (err == SGP_OK)
        err = sgp_osm_meter_tell(&meter, STEP_EXPANDED, STEP_DONE, fault);
    if (err != SGP_OK)
        return err;
    take_over(graph, network, folded);
    err = lay_out_arcs(graph, network, expanded, fault);
    if (err == SGP_OK)
        err = sgp_osm_meter_tell(&meter, STEP_LAID_OUT, STEP_DONE, fault);
    if (err == SGP_OK)
        err = mark_main(graph, fault);
    if (err == SGP_OK)
        err = sgp_osm_meter_tell(&meter, STEP_DONE, STEP_DONE, fault);
    return err;
}

sgp_err sgp_osm_graph_read(const char *path, const sgp_city_id *city, const char *name,
                           const sgp_progress *progress, sgp_osm_graph **graph, sgp_fault *fault) {
    sgp_osm_graph *made = calloc(1, sizeof *made);
    if (!made)
        return fail_memory(fault);
    sgp_osm_network network;
    sgp_osm_folded folded = {0};
    sgp_osm_bans bans = {0};
    sgp_osm_expanded expanded = {0};
    sgp_err err = sgp_osm_network_read(&network, path, progress, fault);
    if (err == SGP_OK)
        err = build(made, &network, &folded, &bans, &expanded, path, progress, fault);
    if (err == SGP_OK) {
        describe(made, city, name, network.is_sketch);
        made->counts = network.counts;
    }
    sgp_osm_expanded_deinit(&expanded);
    sgp_osm_bans_deinit(&bans);
    sgp_osm_folded_deinit(&folded);
    sgp_osm_network_deinit(&network);
    if (err != SGP_OK) {
        sgp_osm_graph_destroy(made);
        return err;
    }
    *graph = made;
    return SGP_OK;
}

const sgp_graph_parts *sgp_osm_graph_parts(const sgp_osm_graph *graph) {
    return &graph->parts;
}

const sgp_osm_counts *sgp_osm_graph_counts(const sgp_osm_graph *graph) {
    return &graph->counts;
}

const int64_t *sgp_osm_graph_junctions(const sgp_osm_graph *graph, size_t *n) {
    *n = SGP_OSM_COUNT(int64_t, graph->junctions);
    return SGP_OSM_LIST(const int64_t, graph->junctions);
}

void sgp_osm_graph_destroy(sgp_osm_graph *graph) {
    if (!graph)
        return;
    free(graph->vertex_point);
    free(graph->vertex_node);
    free(graph->first_arc);
    free(graph->arc_head);
    free(graph->arc_edge);
    free(graph->weight);
    sgp_buffer_free(&graph->edges);
    sgp_buffer_free(&graph->points);
    sgp_buffer_free(&graph->names);
    sgp_buffer_free(&graph->junctions);
    free(graph);
}

/* ---- the kept ways alone, for tests ---- */

sgp_err sgp_osm_roads_each(const char *path, sgp_osm_road_visit visit, void *ctx,
                           sgp_fault *fault) {
    sgp_osm_network network;
    sgp_err err = sgp_osm_network_read(&network, path, NULL, fault);
    const sgp_osm_way *ways = SGP_OSM_LIST(const sgp_osm_way, network.ways);
    size_t n_ways = SGP_OSM_COUNT(sgp_osm_way, network.ways);
    sgp_buffer nodes = {0};
    for (size_t w = 0; err == SGP_OK && w < n_ways; w++) {
        sgp_buffer_clear(&nodes);
        for (uint32_t i = 0; err == SGP_OK && i < ways[w].n_refs; i++) {
            uint32_t node = network.refs[ways[w].first_ref + i];
            if (sgp_buffer_append(&nodes, &network.node_ids[node], sizeof(int64_t)) != SGP_OK)
                err = fail_memory(fault);
        }
        if (err == SGP_OK)
            err = visit(ctx, ways[w].id, SGP_OSM_LIST(const int64_t, nodes), ways[w].n_refs,
                        ways[w].forward_km_h, ways[w].backward_km_h);
    }
    sgp_buffer_free(&nodes);
    sgp_osm_network_deinit(&network);
    return err;
}
