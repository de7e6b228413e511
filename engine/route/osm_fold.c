#include "route/osm_fold.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* A segment as driven: segment << 1 | 1 when against the way's order. */
typedef uint32_t step;

typedef struct folding {
    sgp_osm_network *network;
    sgp_osm_folded *folded;
    uint32_t *first_end; /* [n_nodes + 1] into ends */
    uint32_t *ends;      /* segment << 1 | 1 when the segment's head lies at the node */
    sgp_buffer chain;    /* step */
    sgp_fault *fault;
} folding;

static sgp_err fail_memory(sgp_fault *fault) {
    return sgp_fail(fault, SGP_E_MEMORY,
                    "no memory left to fold the roads; a smaller extract is needed");
}

static uint32_t tail_of(const sgp_osm_network *network, step s) {
    return network->refs[(s >> 1) + (s & 1)];
}

static uint32_t head_of(const sgp_osm_network *network, step s) {
    return network->refs[(s >> 1) + !(s & 1)];
}

/* ---- which nodes are vertices ---- */

/* Lists for each node the segments that end there (compressed rows). */
static sgp_err collect_ends(folding *f) {
    sgp_osm_network *network = f->network;
    const sgp_osm_way *ways = SGP_OSM_LIST(const sgp_osm_way, network->ways);
    size_t n_ways = SGP_OSM_COUNT(sgp_osm_way, network->ways);
    f->first_end = calloc((size_t)network->n_nodes + 1, sizeof *f->first_end);
    f->ends = malloc((size_t)network->n_refs * 2 * sizeof *f->ends);
    if (!f->first_end || !f->ends)
        return fail_memory(f->fault);
    for (size_t w = 0; w < n_ways; w++) {
        for (uint32_t p = ways[w].first_ref; p < ways[w].first_ref + ways[w].n_refs; p++) {
            if (sgp_osm_network_is_segment(network, &ways[w], p)) {
                f->first_end[network->refs[p]]++;
                f->first_end[network->refs[p + 1]]++;
            }
        }
    }
    for (uint32_t i = 1; i <= network->n_nodes; i++)
        f->first_end[i] += f->first_end[i - 1];
    /* Each offset now is the end of its row and moves down as the row is filled. */
    for (size_t w = 0; w < n_ways; w++) {
        for (uint32_t p = ways[w].first_ref; p < ways[w].first_ref + ways[w].n_refs; p++) {
            if (sgp_osm_network_is_segment(network, &ways[w], p)) {
                f->ends[--f->first_end[network->refs[p]]] = p << 1;
                f->ends[--f->first_end[network->refs[p + 1]]] = p << 1 | 1;
            }
        }
    }
    return SGP_OK;
}

static bool same_drive(const sgp_osm_drive *a, const sgp_osm_drive *b) {
    return a->forward_km_h == b->forward_km_h && a->backward_km_h == b->backward_km_h &&
           a->against == b->against && a->is_private == b->is_private &&
           a->forward_closed == b->forward_closed && a->backward_closed == b->backward_closed;
}

/* The drive of a way that is read from its other end. */
static sgp_osm_drive turned(sgp_osm_drive drive) {
    uint8_t against = (uint8_t)((drive.against & SGP_OSM_FORWARD ? SGP_OSM_BACKWARD : 0) |
                                (drive.against & SGP_OSM_BACKWARD ? SGP_OSM_FORWARD : 0));
    return (sgp_osm_drive){drive.backward_km_h, drive.forward_km_h,    against,
                           drive.is_private,    drive.backward_closed, drive.forward_closed};
}

/* Whether a driver passing a node from one segment to the other stays on a road
 * of the same kind. `a` and `b` are entries of `ends` at one node. */
static bool same_road(const sgp_osm_network *network, uint32_t a, uint32_t b) {
    const sgp_osm_way *one = sgp_osm_network_way_at(network, a >> 1);
    const sgp_osm_way *two = sgp_osm_network_way_at(network, b >> 1);
    if (one->id != two->id || one->name != two->name || one->road_class != two->road_class ||
        one->flags != two->flags)
        return false;
    const sgp_osm_drive *first = sgp_osm_network_drives(network, one);
    const sgp_osm_drive *second = sgp_osm_network_drives(network, two);
    bool onward = (a & 1) != (b & 1); /* head to tail: the ways run on in the same direction */
    for (uint32_t p = 0; p < network->n_vehicles; p++) {
        sgp_osm_drive other = onward ? second[p] : turned(second[p]);
        if (!same_drive(&first[p], &other))
            return false;
    }
    return true;
}

static sgp_err choose_vertices(folding *f) {
    sgp_osm_network *network = f->network;
    for (uint32_t i = 0; i < network->n_nodes; i++) {
        uint32_t first = f->first_end[i], n = f->first_end[i + 1] - first;
        if (n == 0)
            continue;
        if (n != 2 && sgp_buffer_append(&f->folded->junctions, &network->node_ids[i],
                                        sizeof network->node_ids[i]) != SGP_OK)
            return fail_memory(f->fault);
        bool forced =
            network->node_flags[i] & (SGP_OSM_NODE_BLOCKS | SGP_OSM_NODE_SORTS | SGP_OSM_NODE_GATE |
                                      SGP_OSM_NODE_HOURS | SGP_OSM_NODE_FORCED);
        if (n != 2 || forced || !same_road(network, f->ends[first], f->ends[first + 1]))
            network->node_flags[i] |= SGP_OSM_NODE_VERTEX;
    }
    return SGP_OK;
}

sgp_err sgp_osm_closed_add(sgp_buffer *list, uint32_t what, uint32_t p, uint32_t hours) {
    if (hours == 0)
        return SGP_OK;
    sgp_osm_closed *entries = SGP_OSM_LIST(sgp_osm_closed, *list);
    for (size_t i = SGP_OSM_COUNT(sgp_osm_closed, *list); i-- > 0 && entries[i].what == what;) {
        if (entries[i].hours == hours) {
            entries[i].vehicles |= UINT32_C(1) << p;
            return SGP_OK;
        }
    }
    sgp_osm_closed added = {what, UINT32_C(1) << p, hours};
    return sgp_buffer_append(list, &added, sizeof added);
}

/* ---- edges ---- */

static bool is_vertex(const folding *f, uint32_t node) {
    return f->network->node_flags[node] & SGP_OSM_NODE_VERTEX;
}

/* The step after `s`, at whose head exactly two segments meet. */
static step step_after(const folding *f, step s) {
    uint32_t node = head_of(f->network, s);
    uint32_t first = f->first_end[node];
    uint32_t own = (s >> 1) << 1 | !(s & 1);
    assert(f->first_end[node + 1] - first == 2);
    uint32_t other = f->ends[first] == own ? f->ends[first + 1] : f->ends[first];
    /* Entering a segment at its tail is driving it in the way's order; an entry
     * with the low bit set lies at the head. Both have the form of a step. */
    return other;
}

/* What arriving at the head of `s` costs vehicle `p`. */
static uint32_t cost_at_head(const sgp_osm_network *network, step s, uint32_t p) {
    const sgp_osm_spot *spots = sgp_osm_network_spots(network, head_of(network, s));
    if (!spots)
        return 0;
    return s & 1 ? spots[p].backward_ms : spots[p].forward_ms;
}

static sgp_err add_point(folding *f, uint32_t node) {
    if (SGP_OSM_COUNT(sgp_point, f->folded->points) >= UINT32_MAX)
        return sgp_fail(f->fault, SGP_E_TOO_LARGE, "the extract has more than 2^32 road points");
    if (sgp_buffer_append(&f->folded->points, &f->network->node_points[node], sizeof(sgp_point)) !=
            SGP_OK ||
        sgp_buffer_append(&f->folded->point_nodes, &f->network->node_ids[node], sizeof(int64_t)) !=
            SGP_OK)
        return fail_memory(f->fault);
    return SGP_OK;
}

static int32_t total_ms(double length_mm, uint8_t km_h, uint64_t costs_ms) {
    if (km_h == 0)
        return SGP_INF;
    uint64_t ms = (uint64_t)sgp_osm_travel_ms(length_mm, km_h) + costs_ms;
    return ms < SGP_INF / 2 ? (int32_t)ms : SGP_INF / 2;
}

/* The times of one move along `steps`, driven in their order or (`backward`) the other way. */
static sgp_err add_times(folding *f, const step *steps, size_t n_steps, double length_mm,
                         bool backward) {
    const sgp_osm_network *network = f->network;
    const sgp_osm_way *way = sgp_osm_network_way_at(network, steps[0] >> 1);
    const sgp_osm_drive *drives = sgp_osm_network_drives(network, way);
    bool along = (bool)(steps[0] & 1) == backward; /* the way's own order */
    uint32_t against = 0;
    for (uint32_t p = 0; p < network->n_vehicles; p++) {
        uint64_t costs_ms = 0;
        if (drives[p].against & (along ? SGP_OSM_FORWARD : SGP_OSM_BACKWARD)) {
            against |= UINT32_C(1) << p;
            costs_ms = network->profiles->vehicles[p].against_ms;
        }
        for (size_t i = 0; i < n_steps; i++)
            costs_ms += cost_at_head(network, backward ? steps[i] ^ 1 : steps[i], p);
        int32_t ms =
            total_ms(length_mm, along ? drives[p].forward_km_h : drives[p].backward_km_h, costs_ms);
        uint32_t move = (uint32_t)SGP_OSM_COUNT(uint32_t, f->folded->against);
        uint32_t hours = along ? drives[p].forward_closed : drives[p].backward_closed;
        if (sgp_buffer_append(&f->folded->times, &ms, sizeof ms) != SGP_OK ||
            sgp_osm_closed_add(&f->folded->closed, move, p, hours) != SGP_OK)
            return fail_memory(f->fault);
    }
    if (sgp_buffer_append(&f->folded->against, &against, sizeof against) != SGP_OK)
        return fail_memory(f->fault);
    return SGP_OK;
}

/* A gate on a street of houses is the housing estate's; on a main road it is not private. */
static bool gate_makes_private(const sgp_osm_network *network, uint32_t node, uint8_t road_class) {
    return (network->node_flags[node] & SGP_OSM_NODE_GATE) && road_class >= SGP_ROAD_UNCLASSIFIED;
}

static sgp_err add_edge(folding *f, const step *steps, size_t n_steps) {
    const sgp_osm_network *network = f->network;
    sgp_osm_folded *folded = f->folded;
    const sgp_osm_way *way = sgp_osm_network_way_at(network, steps[0] >> 1);
    uint32_t tail = tail_of(network, steps[0]), head = head_of(network, steps[n_steps - 1]);
    uint32_t number = (uint32_t)SGP_OSM_COUNT(sgp_edge, folded->edges);
    sgp_edge edge = {.first_point = (uint32_t)SGP_OSM_COUNT(sgp_point, folded->points),
                     .n_points = (uint32_t)n_steps + 1,
                     .name = way->name,
                     .forward_arc = SGP_NONE,
                     .backward_arc = SGP_NONE,
                     .way = way->id,
                     .road_class = way->road_class,
                     .flags = way->flags};
    if (gate_makes_private(network, tail, way->road_class) ||
        gate_makes_private(network, head, way->road_class))
        edge.flags |= SGP_EDGE_RESTRICTED;

    double length_mm = 0;
    sgp_err err = add_point(f, tail);
    for (size_t i = 0; err == SGP_OK && i < n_steps; i++) {
        length_mm += 1000 * sgp_distance_m(network->node_points[tail_of(network, steps[i])],
                                           network->node_points[head_of(network, steps[i])]);
        folded->segment_edge[steps[i] >> 1] = number << 1 | (steps[i] & 1);
        err = add_point(f, head_of(network, steps[i]));
    }
    if (err != SGP_OK)
        return err;
    edge.length_mm = length_mm < 1             ? 1
                     : length_mm >= UINT32_MAX ? UINT32_MAX
                                               : (uint32_t)(length_mm + 0.5);
    sgp_osm_edge_ends ends = {tail, head};
    if (sgp_buffer_append(&folded->edges, &edge, sizeof edge) != SGP_OK ||
        sgp_buffer_append(&folded->ends, &ends, sizeof ends) != SGP_OK)
        return fail_memory(f->fault);
    err = add_times(f, steps, n_steps, length_mm, false);
    return err == SGP_OK ? add_times(f, steps, n_steps, length_mm, true) : err;
}

/* Follows the road from `first`, whose tail is a vertex, to the next vertex. */
static sgp_err fold_from(folding *f, step first) {
    sgp_buffer_clear(&f->chain);
    for (step s = first;; s = step_after(f, s)) {
        if (sgp_buffer_append(&f->chain, &s, sizeof s) != SGP_OK)
            return fail_memory(f->fault);
        if (is_vertex(f, head_of(f->network, s)))
            break;
    }
    const step *steps = SGP_OSM_LIST(const step, f->chain);
    size_t n = SGP_OSM_COUNT(step, f->chain);
    if (tail_of(f->network, steps[0]) != head_of(f->network, steps[n - 1]))
        return add_edge(f, steps, n);
    size_t half = n / 2;
    assert(half > 0); /* a segment joins two different nodes */
    f->network->node_flags[tail_of(f->network, steps[half])] |= SGP_OSM_NODE_VERTEX;
    sgp_err err = add_edge(f, steps, half);
    return err == SGP_OK ? add_edge(f, steps + half, n - half) : err;
}

enum { ALONG_THE_WAY, AGAINST_THE_WAY, ROUND_AND_ROUND, FOLDING_ROUNDS };

/* Roads that begin at a vertex in the way's order, then those that only end at
 * one, then circles without any vertex, which get one. */
static sgp_err fold_round(folding *f, int round, sgp_osm_meter *meter) {
    sgp_osm_network *network = f->network;
    const sgp_osm_way *ways = SGP_OSM_LIST(const sgp_osm_way, network->ways);
    size_t n_ways = SGP_OSM_COUNT(sgp_osm_way, network->ways);
    for (size_t w = 0; w < n_ways; w++) {
        for (uint32_t p = ways[w].first_ref; p < ways[w].first_ref + ways[w].n_refs; p++) {
            if (!sgp_osm_network_is_segment(network, &ways[w], p) ||
                f->folded->segment_edge[p] != SGP_NONE)
                continue;
            step s = p << 1 | (round == AGAINST_THE_WAY);
            if (round == ROUND_AND_ROUND)
                network->node_flags[tail_of(network, s)] |= SGP_OSM_NODE_VERTEX;
            else if (!is_vertex(f, tail_of(network, s)))
                continue;
            sgp_err err = fold_from(f, s);
            if (err != SGP_OK)
                return err;
        }
        sgp_err err = sgp_osm_meter_tell(meter, (uint64_t)round * n_ways + w + 1,
                                         FOLDING_ROUNDS * (uint64_t)n_ways, f->fault);
        if (err != SGP_OK)
            return err;
    }
    return SGP_OK;
}

sgp_err sgp_osm_fold(sgp_osm_network *network, sgp_osm_folded *folded, sgp_osm_meter *meter,
                     sgp_fault *fault) {
    *folded = (sgp_osm_folded){0};
    folding f = {.network = network, .folded = folded, .fault = fault};
    meter->phase = "folding roads";
    sgp_err err = SGP_OK;
    folded->segment_edge = malloc(network->n_refs * sizeof *folded->segment_edge);
    if (!folded->segment_edge)
        err = fail_memory(fault);
    else
        memset(folded->segment_edge, 0xff, network->n_refs * sizeof *folded->segment_edge);
    if (err == SGP_OK)
        err = collect_ends(&f);
    if (err == SGP_OK)
        err = choose_vertices(&f);
    for (int round = 0; err == SGP_OK && round < FOLDING_ROUNDS; round++)
        err = fold_round(&f, round, meter);
    free(f.first_end);
    free(f.ends);
    sgp_buffer_free(&f.chain);
    return err;
}

void sgp_osm_folded_deinit(sgp_osm_folded *folded) {
    sgp_buffer_free(&folded->edges);
    sgp_buffer_free(&folded->ends);
    sgp_buffer_free(&folded->times);
    sgp_buffer_free(&folded->against);
    sgp_buffer_free(&folded->closed);
    sgp_buffer_free(&folded->points);
    sgp_buffer_free(&folded->point_nodes);
    sgp_buffer_free(&folded->junctions);
    free(folded->segment_edge);
    *folded = (sgp_osm_folded){0};
}
