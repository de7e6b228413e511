#include "route/osm_graph.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "route/osm_components.h"
#include "route/osm_expand.h"
#include "route/osm_foot.h"
#include "route/osm_turns.h"

struct sgp_osm_graph {
    sgp_graph_parts parts; /* its arrays are the ones below */
    sgp_osm_counts counts;
    sgp_point *vertex_point;
    int64_t *vertex_node;
    uint32_t *first_arc, *arc_head, *arc_edge;
    int32_t *weight;
    sgp_profile profiles[SGP_PROFILES_MAX];
    sgp_buffer edges, points, point_nodes, names, junctions;
    sgp_buffer conditions, spans;
    sgp_osm_foot foot;
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

static sgp_err add_conditions(sgp_osm_graph *graph, const sgp_osm_network *network,
                              const sgp_buffer *list, uint32_t what, uint32_t place,
                              sgp_fault *fault);

/* The weights of one arc: of its move, or of the turn if it is a connector. */
static void put_weights(sgp_osm_graph *graph, const int32_t *ms, uint32_t n_arcs, uint32_t place) {
    for (uint32_t p = 0; p < graph->parts.n_profiles; p++)
        graph->weight[(size_t)p * n_arcs + place] = ms[p];
}

static sgp_err lay_out_arcs(sgp_osm_graph *graph, const sgp_osm_network *network,
                            const sgp_osm_folded *folded, const sgp_osm_expanded *expanded,
                            sgp_fault *fault) {
    const sgp_osm_arc *arcs = SGP_OSM_LIST(const sgp_osm_arc, expanded->arcs);
    const uint32_t *nodes = SGP_OSM_LIST(const uint32_t, expanded->vertex_nodes);
    uint32_t n_arcs = (uint32_t)SGP_OSM_COUNT(sgp_osm_arc, expanded->arcs);
    uint32_t n_vertices = (uint32_t)SGP_OSM_COUNT(uint32_t, expanded->vertex_nodes);
    graph->vertex_point = malloc((size_t)n_vertices * sizeof *graph->vertex_point);
    graph->vertex_node = malloc((size_t)n_vertices * sizeof *graph->vertex_node);
    graph->first_arc = calloc((size_t)n_vertices + 1, sizeof *graph->first_arc);
    graph->arc_head = malloc(((size_t)n_arcs + 1) * sizeof *graph->arc_head);
    graph->arc_edge = malloc(((size_t)n_arcs + 1) * sizeof *graph->arc_edge);
    graph->parts.n_profiles = network->n_vehicles;
    graph->weight = malloc(((size_t)n_arcs * network->n_vehicles + 1) * sizeof *graph->weight);
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
    const int32_t *turn_ms = SGP_OSM_LIST(const int32_t, expanded->turn_times) +
                             SGP_OSM_COUNT(int32_t, expanded->turn_times);
    uint32_t n_turns =
        (uint32_t)(SGP_OSM_COUNT(int32_t, expanded->turn_times) / network->n_vehicles);
    sgp_err err = SGP_OK;
    for (uint32_t a = n_arcs; a-- > 0 && err == SGP_OK;) {
        uint32_t place = --graph->first_arc[arcs[a].tail];
        graph->arc_head[place] = arcs[a].head;
        graph->arc_edge[place] = arcs[a].move;
        bool turns = arcs[a].move == SGP_NONE;
        turn_ms -= turns ? network->n_vehicles : 0;
        put_weights(graph, turns ? turn_ms : sgp_osm_move_times(network, folded, arcs[a].move),
                    n_arcs, place);
        n_turns -= turns;
        err = turns ? add_conditions(graph, network, &expanded->closed_turns, n_turns, place, fault)
                    : add_conditions(graph, network, &folded->closed, arcs[a].move, place, fault);
        if (a < expanded->n_own_arcs && (arcs[a].move & 1))
            edges[arcs[a].move >> 1].backward_arc = place;
        else if (a < expanded->n_own_arcs)
            edges[arcs[a].move >> 1].forward_arc = place;
    }
    graph->parts.n_vertices = n_vertices;
    graph->parts.n_arcs = n_arcs;
    return err;
}

/* ---- hours ---- */

static int compare_conditions(const void *a, const void *b) {
    const sgp_condition *x = a, *y = b;
    if (x->arc != y->arc)
        return (x->arc > y->arc) - (x->arc < y->arc);
    return (x->first_span > y->first_span) - (x->first_span < y->first_span);
}

/* The entry that is, or would be, the first for `what`. */
static size_t first_closed(const sgp_buffer *list, uint32_t what) {
    const sgp_osm_closed *closed = SGP_OSM_LIST(const sgp_osm_closed, *list);
    size_t low = 0, high = SGP_OSM_COUNT(sgp_osm_closed, *list);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (closed[middle].what < what)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static sgp_err add_conditions(sgp_osm_graph *graph, const sgp_osm_network *network,
                              const sgp_buffer *list, uint32_t what, uint32_t place,
                              sgp_fault *fault) {
    const sgp_osm_closed *closed = SGP_OSM_LIST(const sgp_osm_closed, *list);
    size_t n = SGP_OSM_COUNT(sgp_osm_closed, *list);
    for (size_t i = first_closed(list, what); i < n && closed[i].what == what; i++) {
        sgp_osm_hours_row row =
            SGP_OSM_LIST(const sgp_osm_hours_row, network->hours)[closed[i].hours - 1];
        sgp_condition condition = {place, closed[i].vehicles, row.first_span, row.n_spans};
        if (sgp_buffer_append(&graph->conditions, &condition, sizeof condition) != SGP_OK)
            return fail_memory(fault);
    }
    return SGP_OK;
}

/* Conditions in the order of arcs; the spans are the network's. */
static void finish_conditions(sgp_osm_graph *graph, sgp_osm_network *network) {
    size_t n = SGP_OSM_COUNT(sgp_condition, graph->conditions);
    if (n > 0)
        qsort(graph->conditions.data, n, sizeof(sgp_condition), compare_conditions);
    graph->spans = network->spans;
    network->spans = (sgp_buffer){0};
    graph->parts.n_conditions = (uint32_t)n;
    graph->parts.conditions = SGP_OSM_LIST(const sgp_condition, graph->conditions);
    graph->parts.n_spans = (uint32_t)SGP_OSM_COUNT(sgp_week_span, graph->spans);
    graph->parts.spans = SGP_OSM_LIST(const sgp_week_span, graph->spans);
    network->counts.hours = network->hours_read[SGP_OSM_HOURS_READ];
    char fields[200] = "";
    for (int i = SGP_OSM_HOURS_READ + 1; i < SGP_OSM_HOURS_REASONS; i++) {
        network->counts.hours_unread += network->hours_read[i];
        snprintf(fields + strlen(fields), sizeof fields - strlen(fields), " %s=%llu",
                 sgp_osm_hours_str((sgp_osm_hours)i), (unsigned long long)network->hours_read[i]);
    }
    sgp_log(SGP_LOG_INFO, "hours_read", "used=%llu ignored=%llu%s with_holidays=%llu",
            (unsigned long long)network->counts.hours,
            (unsigned long long)network->counts.hours_unread, fields,
            (unsigned long long)network->holidays);
}

/* ---- each vehicle's main part ---- */

/* Whether both ends of an arc that the vehicle uses lie in its largest part; an arc
 * that it does not use says nothing against the edge. */
typedef enum arc_lies { NOT_USED, WITHIN, OUTSIDE } arc_lies;

static arc_lies lies(const sgp_osm_graph *graph, const int32_t *weight, const uint32_t *tails,
                     const uint8_t *in_largest, uint32_t arc) {
    if (arc == SGP_NONE || weight[arc] >= SGP_INF)
        return NOT_USED;
    return in_largest[tails[arc]] && in_largest[graph->arc_head[arc]] ? WITHIN : OUTSIDE;
}

static sgp_err mark_main_of(sgp_osm_graph *graph, uint32_t p, const uint32_t *tails,
                            uint8_t *in_largest) {
    const int32_t *weight = graph->weight + (size_t)p * graph->parts.n_arcs;
    sgp_err err = sgp_osm_largest_component(graph->parts.n_vertices, graph->first_arc,
                                            graph->arc_head, weight, in_largest);
    sgp_edge *edges = SGP_OSM_LIST(sgp_edge, graph->edges);
    for (size_t e = 0; err == SGP_OK && e < SGP_OSM_COUNT(sgp_edge, graph->edges); e++) {
        arc_lies forward = lies(graph, weight, tails, in_largest, edges[e].forward_arc);
        arc_lies backward = lies(graph, weight, tails, in_largest, edges[e].backward_arc);
        if (forward == OUTSIDE || backward == OUTSIDE || forward + backward == NOT_USED)
            continue;
        edges[e].main_profiles |= (uint16_t)(1 << p);
        edges[e].flags |= p == 0 ? SGP_EDGE_MAIN : 0;
    }
    return err;
}

static sgp_err mark_main(sgp_osm_graph *graph, sgp_fault *fault) {
    uint8_t *in_largest = malloc((size_t)graph->parts.n_vertices + 1);
    uint32_t *tails = malloc(((size_t)graph->parts.n_arcs + 1) * sizeof *tails);
    sgp_err err = in_largest && tails ? SGP_OK : SGP_E_MEMORY;
    for (uint32_t v = 0; err == SGP_OK && v < graph->parts.n_vertices; v++) {
        for (uint32_t a = graph->first_arc[v]; a < graph->first_arc[v + 1]; a++)
            tails[a] = v;
    }
    for (uint32_t p = 0; err == SGP_OK && p < graph->parts.n_profiles; p++)
        err = mark_main_of(graph, p, tails, in_largest);
    free(in_largest);
    free(tails);
    return err == SGP_OK ? SGP_OK : fail_memory(fault);
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

/* Takes the arrays over from `network` and `folded`. */
static void take_over(sgp_osm_graph *graph, sgp_osm_network *network, sgp_osm_folded *folded) {
    sgp_edge *edges = SGP_OSM_LIST(sgp_edge, folded->edges);
    for (size_t e = 0; e < SGP_OSM_COUNT(sgp_edge, folded->edges); e++)
        edges[e].name = sgp_osm_strings_offset(&network->names, edges[e].name);
    graph->edges = folded->edges;
    graph->points = folded->points;
    graph->point_nodes = folded->point_nodes;
    graph->junctions = folded->junctions;
    graph->names = network->names.bytes;
    folded->edges = folded->points = folded->point_nodes = folded->junctions =
        network->names.bytes = (sgp_buffer){0};
}

static void describe_profiles(sgp_osm_graph *graph, const sgp_profiles *profiles) {
    for (uint32_t p = 0; p < profiles->n_vehicles; p++) {
        const sgp_vehicle *vehicle = &profiles->vehicles[p];
        graph->profiles[p] =
            (sgp_profile){.lights = vehicle->lights, .width_cm = (uint16_t)vehicle->width_cm};
        memcpy(graph->profiles[p].name, vehicle->name, sizeof vehicle->name);
    }
    graph->parts.profiles = graph->profiles;
    graph->parts.n_profiles = profiles->n_vehicles;
}

static void describe(sgp_osm_graph *graph, const sgp_city_id *city, const char *name,
                     const sgp_osm_network *network) {
    sgp_graph_parts *parts = &graph->parts;
    parts->city = *city;
    copy_name(parts->name, sizeof parts->name, name);
    parts->is_sketch = network->is_sketch;
    parts->drives_left = network->drives_left;
    parts->created_ms = sgp_wall_ms();
    parts->vertex_point = graph->vertex_point;
    parts->vertex_node = graph->vertex_node;
    parts->first_arc = graph->first_arc;
    parts->arc_head = graph->arc_head;
    parts->arc_edge = graph->arc_edge;
    describe_profiles(graph, network->profiles);
    parts->weight = graph->weight;
    parts->n_edges = (uint32_t)SGP_OSM_COUNT(sgp_edge, graph->edges);
    parts->edges = SGP_OSM_LIST(const sgp_edge, graph->edges);
    parts->n_points = (uint32_t)SGP_OSM_COUNT(sgp_point, graph->points);
    parts->points = SGP_OSM_LIST(const sgp_point, graph->points);
    parts->n_point_nodes = parts->n_points;
    parts->point_node = SGP_OSM_LIST(const int64_t, graph->point_nodes);
    parts->names_length = (uint32_t)graph->names.length;
    parts->names = (const char *)graph->names.data;
    parts->n_foot_vertices = (uint32_t)SGP_OSM_COUNT(sgp_point, graph->foot.points);
    parts->foot_point = SGP_OSM_LIST(const sgp_point, graph->foot.points);
    parts->foot_first_arc = graph->foot.first_arc;
    parts->n_foot_arcs = (uint32_t)SGP_OSM_COUNT(sgp_foot_arc, graph->foot.arcs);
    parts->foot_arcs = SGP_OSM_LIST(const sgp_foot_arc, graph->foot.arcs);
    parts->n_foot_doors = (uint32_t)SGP_OSM_COUNT(sgp_foot_door, graph->foot.doors);
    parts->foot_doors = SGP_OSM_LIST(const sgp_foot_door, graph->foot.doors);
    find_bounds(parts);
}

enum { STEP_FOLDED = 1, STEP_BANNED, STEP_EXPANDED, STEP_LAID_OUT, STEP_DONE };

static sgp_err build(sgp_osm_graph *graph, sgp_osm_network *network, sgp_osm_folded *folded,
                     sgp_osm_bans *bans, sgp_osm_expanded *expanded, const char *path,
                     const sgp_progress *progress, sgp_fault *fault) {
    sgp_osm_meter meter = {.progress = progress};
    bool turns = network->profiles->turns != SGP_TURNS_NOWHERE;
    sgp_err err = turns ? sgp_osm_turns_force_vertices(network, fault) : SGP_OK;
    if (err == SGP_OK)
        err = sgp_osm_fold(network, folded, &meter, fault);
    if (err == SGP_OK && folded->edges.length == 0)
        err = sgp_fail(fault, SGP_E_NOT_FOUND,
                       "%.150s holds roads but not the nodes they run along", path);
    meter.phase = "building the graph";
    if (err == SGP_OK)
        err = sgp_osm_meter_tell(&meter, STEP_FOLDED, STEP_DONE, fault);
    if (err == SGP_OK && turns)
        err = sgp_osm_turns_find_bans(network, folded, bans, fault);
    if (err == SGP_OK)
        err = sgp_osm_meter_tell(&meter, STEP_BANNED, STEP_DONE, fault);
    if (err == SGP_OK)
        err = sgp_osm_expand(network, folded, bans, expanded, fault);
    if (err == SGP_OK)
        err = sgp_osm_meter_tell(&meter, STEP_EXPANDED, STEP_DONE, fault);
    if (err == SGP_OK)
        err = sgp_osm_foot_make(network, folded, &graph->foot, fault);
    if (err != SGP_OK)
        return err;
    take_over(graph, network, folded);
    err = lay_out_arcs(graph, network, folded, expanded, fault);
    if (err == SGP_OK)
        err = sgp_osm_meter_tell(&meter, STEP_LAID_OUT, STEP_DONE, fault);
    if (err == SGP_OK) {
        finish_conditions(graph, network);
        err = mark_main(graph, fault);
    }
    if (err == SGP_OK)
        err = sgp_osm_meter_tell(&meter, STEP_DONE, STEP_DONE, fault);
    return err;
}

static sgp_err read_graph(sgp_osm_graph *made, const char *path, const sgp_city_id *city,
                          const char *name, const sgp_profiles *profiles,
                          const sgp_progress *progress, sgp_fault *fault) {
    sgp_osm_network network;
    sgp_osm_folded folded = {0};
    sgp_osm_bans bans = {0};
    sgp_osm_expanded expanded = {0};
    sgp_err err = sgp_osm_network_read(&network, path, profiles, progress, fault);
    if (err == SGP_OK)
        err = build(made, &network, &folded, &bans, &expanded, path, progress, fault);
    if (err == SGP_OK) {
        describe(made, city, name, &network);
        made->counts = network.counts;
    }
    sgp_osm_expanded_deinit(&expanded);
    sgp_osm_bans_deinit(&bans);
    sgp_osm_folded_deinit(&folded);
    sgp_osm_network_deinit(&network);
    return err;
}

sgp_err sgp_osm_graph_read(const char *path, const sgp_city_id *city, const char *name,
                           const sgp_profiles *profiles, const sgp_progress *progress,
                           sgp_osm_graph **graph, sgp_fault *fault) {
    sgp_profiles *built_in = NULL;
    sgp_osm_graph *made = calloc(1, sizeof *made);
    sgp_err err = made ? SGP_OK : fail_memory(fault);
    if (err == SGP_OK && !profiles)
        err = sgp_profiles_read(NULL, &built_in, fault);
    if (err == SGP_OK)
        err = read_graph(made, path, city, name, profiles ? profiles : built_in, progress, fault);
    sgp_profiles_destroy(built_in);
    if (err == SGP_OK)
        *graph = made;
    else
        sgp_osm_graph_destroy(made);
    return err;
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
    sgp_buffer_free(&graph->point_nodes);
    sgp_buffer_free(&graph->conditions);
    sgp_buffer_free(&graph->spans);
    sgp_osm_foot_deinit(&graph->foot);
    sgp_buffer_free(&graph->names);
    sgp_buffer_free(&graph->junctions);
    free(graph);
}

/* ---- the kept ways alone, for tests ---- */

static sgp_err visit_ways(const sgp_osm_network *network, sgp_osm_road_visit visit, void *ctx,
                          sgp_fault *fault) {
    const sgp_osm_way *ways = SGP_OSM_LIST(const sgp_osm_way, network->ways);
    sgp_err err = SGP_OK;
    sgp_buffer nodes = {0};
    for (size_t w = 0; err == SGP_OK && w < SGP_OSM_COUNT(sgp_osm_way, network->ways); w++) {
        sgp_buffer_clear(&nodes);
        for (uint32_t i = 0; err == SGP_OK && i < ways[w].n_refs; i++) {
            uint32_t node = network->refs[ways[w].first_ref + i];
            if (sgp_buffer_append(&nodes, &network->node_ids[node], sizeof(int64_t)) != SGP_OK)
                err = fail_memory(fault);
        }
        const sgp_osm_drive *drive = sgp_osm_network_drives(network, &ways[w]);
        if (err == SGP_OK)
            err = visit(ctx, ways[w].id, SGP_OSM_LIST(const int64_t, nodes), ways[w].n_refs,
                        drive->forward_km_h, drive->backward_km_h);
    }
    sgp_buffer_free(&nodes);
    return err;
}

sgp_err sgp_osm_roads_each(const char *path, sgp_osm_road_visit visit, void *ctx,
                           sgp_fault *fault) {
    sgp_profiles *profiles = NULL;
    sgp_err err = sgp_profiles_read(NULL, &profiles, fault);
    if (err != SGP_OK)
        return err;
    sgp_osm_network network;
    err = sgp_osm_network_read(&network, path, profiles, NULL, fault);
    if (err == SGP_OK)
        err = visit_ways(&network, visit, ctx, fault);
    sgp_osm_network_deinit(&network);
    sgp_profiles_destroy(profiles);
    return err;
}
