/* The street network of the sketch: segments in street order, found by place. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "gis/malang/sketch.h"

/* The index covers Malang Raya with a margin, in squares of CELL_M. */
#define WEST_M (-45000.0)
#define SOUTH_M (-60000.0)
#define CELL_M 100.0
#define COLUMNS 850
#define ROWS 950

static int clamp_cell(double metres, int limit) {
    double cell = floor(metres / CELL_M);
    return cell < 0.0 ? 0 : cell >= (double)limit ? limit - 1 : (int)cell;
}
static int column_of(double x) {
    return clamp_cell(x - WEST_M, COLUMNS);
}
static int row_of(double y) {
    return clamp_cell(y - SOUTH_M, ROWS);
}

sgp_net *sgp_net_create(void) {
    sgp_net *net = sgp_sketch_memory(NULL, 1, sizeof *net);
    *net = (sgp_net){0};
    size_t n = (size_t)COLUMNS * ROWS;
    net->cells = sgp_sketch_memory(NULL, n, sizeof *net->cells);
    memset(net->cells, 0, n * sizeof *net->cells);
    return net;
}

void sgp_net_destroy(sgp_net *net) {
    if (net == NULL)
        return;
    for (size_t i = 0; i < (size_t)COLUMNS * ROWS; i++)
        free(net->cells[i].list);
    for (size_t i = 0; i < net->n_names; i++)
        free(net->names[i]);
    free(net->names);
    free(net->cells);
    free(net->nodes);
    free(net->segments);
    free(net->streets);
    free(net);
}

uint32_t sgp_net_node_add(sgp_net *net, sgp_xy at) {
    SGP_SKETCH_ROOM(net->nodes, net->n_nodes, net->room_nodes);
    net->nodes[net->n_nodes] = (sgp_net_node){at, (uint32_t)net->n_nodes, SGP_NODE_PLAIN};
    return (uint32_t)net->n_nodes++;
}

uint32_t sgp_net_root(const sgp_net *net, uint32_t node) {
    while (net->nodes[node].same_as != node)
        node = net->nodes[node].same_as;
    return node;
}

sgp_xy sgp_net_at(const sgp_net *net, uint32_t node) {
    return net->nodes[sgp_net_root(net, node)].at;
}

const char *sgp_net_name(sgp_net *net, char *name) {
    SGP_SKETCH_ROOM(net->names, net->n_names, net->room_names);
    net->names[net->n_names++] = name;
    return name;
}

uint32_t sgp_net_street_add(sgp_net *net, sgp_street street) {
    SGP_SKETCH_ROOM(net->streets, net->n_streets, net->room_streets);
    street.first = street.last = SGP_NO_INDEX;
    net->streets[net->n_streets] = street;
    return (uint32_t)net->n_streets++;
}

/* Enters a segment into every square that its box touches. */
static void index_segment(sgp_net *net, uint32_t segment) {
    sgp_xy a = sgp_net_at(net, net->segments[segment].a),
           b = sgp_net_at(net, net->segments[segment].b);
    int west = column_of(fmin(a.x, b.x)), east = column_of(fmax(a.x, b.x));
    int south = row_of(fmin(a.y, b.y)), north = row_of(fmax(a.y, b.y));
    for (int row = south; row <= north; row++)
        for (int column = west; column <= east; column++) {
            sgp_net_cell *cell = &net->cells[row * COLUMNS + column];
            SGP_SKETCH_ROOM(cell->list, cell->n, cell->room);
            cell->list[cell->n++] = segment;
        }
}

void sgp_net_extend(sgp_net *net, uint32_t street, uint32_t from, uint32_t to) {
    SGP_SKETCH_ROOM(net->segments, net->n_segments, net->room_segments);
    uint32_t segment = (uint32_t)net->n_segments++;
    sgp_street *owner = &net->streets[street];
    net->segments[segment] = (sgp_segment){from, to, street, owner->last, SGP_NO_INDEX};
    if (owner->last != SGP_NO_INDEX)
        net->segments[owner->last].after = segment;
    else
        owner->first = segment;
    owner->last = segment;
    index_segment(net, segment);
}

/* a --s-- b  becomes  a --s-- node --new-- b */
static void split_at(sgp_net *net, uint32_t segment, uint32_t node) {
    SGP_SKETCH_ROOM(net->segments, net->n_segments, net->room_segments);
    uint32_t added = (uint32_t)net->n_segments++;
    sgp_segment *old = &net->segments[segment];
    net->segments[added] = (sgp_segment){node, old->b, old->street, segment, old->after};
    if (old->after != SGP_NO_INDEX)
        net->segments[old->after].before = added;
    else
        net->streets[old->street].last = added;
    old->after = added;
    old->b = node;
    index_segment(net, added);
}

uint32_t sgp_net_split(sgp_net *net, uint32_t segment, double fraction, double near_m) {
    sgp_segment s = net->segments[segment];
    sgp_xy a = sgp_net_at(net, s.a), b = sgp_net_at(net, s.b);
    sgp_xy at = sgp_xy_between(a, b, fraction);
    if (sgp_xy_distance(a, at) < near_m)
        return s.a;
    if (sgp_xy_distance(b, at) < near_m)
        return s.b;
    uint32_t node = sgp_net_node_add(net, at);
    split_at(net, segment, node);
    return node;
}

sgp_net_hit sgp_net_nearest(const sgp_net *net, sgp_xy at, double radius_m, sgp_net_wanted wanted,
                            const void *ctx) {
    sgp_net_hit best = {SGP_NO_INDEX, 0.0, radius_m};
    int west = column_of(at.x - radius_m), east = column_of(at.x + radius_m);
    int south = row_of(at.y - radius_m), north = row_of(at.y + radius_m);
    for (int row = south; row <= north; row++)
        for (int column = west; column <= east; column++) {
            const sgp_net_cell *cell = &net->cells[row * COLUMNS + column];
            for (uint32_t i = 0; i < cell->n; i++) {
                uint32_t segment = cell->list[i];
                const sgp_segment *s = &net->segments[segment];
                if (net->streets[s->street].dropped)
                    continue;
                sgp_xy a = sgp_net_at(net, s->a), b = sgp_net_at(net, s->b);
                double fraction = sgp_xy_project(at, a, b);
                double distance = sgp_xy_distance(at, sgp_xy_between(a, b, fraction));
                if (distance < best.distance_m && (wanted == NULL || wanted(net, segment, ctx)))
                    best = (sgp_net_hit){segment, fraction, distance};
            }
        }
    return best;
}

sgp_net_hit sgp_net_crossing(const sgp_net *net, sgp_xy a, sgp_xy b, uint32_t but, size_t *n) {
    sgp_net_hit best = {SGP_NO_INDEX, 0.0, INFINITY};
    double length = sgp_xy_distance(a, b);
    *n = 0;
    int west = column_of(fmin(a.x, b.x)), east = column_of(fmax(a.x, b.x));
    int south = row_of(fmin(a.y, b.y)), north = row_of(fmax(a.y, b.y));
    for (int row = south; row <= north; row++)
        for (int column = west; column <= east; column++) {
            const sgp_net_cell *cell = &net->cells[row * COLUMNS + column];
            for (uint32_t i = 0; i < cell->n; i++) {
                uint32_t segment = cell->list[i];
                const sgp_segment *s = &net->segments[segment];
                uint32_t from = sgp_net_root(net, s->a), to = sgp_net_root(net, s->b);
                if (from == but || to == but || net->streets[s->street].dropped)
                    continue;
                double along = 0.0, across = 0.0;
                sgp_xy c = net->nodes[from].at, d = net->nodes[to].at;
                if (!sgp_xy_cross(a, b, c, d, &along) || !sgp_xy_cross(c, d, a, b, &across))
                    continue;
                if (segment != best.segment)
                    (*n)++;
                if (along * length < best.distance_m)
                    best = (sgp_net_hit){segment, across, along * length};
            }
        }
    return best;
}

/* ---- main roads -------------------------------------------------------------- */

#define SHAPE_M 60.0     /* longest straight piece of a main road */
#define SAME_END_M 32.0  /* ends that close are one junction */
#define JOIN_END_M 60.0  /* an end that close to another road joins it */
#define SAME_POINT_M 9.0 /* a crossing that close to a point of the road uses it */

/* Draws from a to b in pieces, with the small bends of a country road. */
static void draw_stretch(sgp_net *net, uint32_t street, uint32_t from, uint32_t to, bool bends,
                         sgp_dice *dice) {
    sgp_xy a = sgp_net_at(net, from), b = sgp_net_at(net, to);
    double length = sgp_xy_distance(a, b);
    int pieces = (int)ceil(length / SHAPE_M);
    double swing = bends ? fmin(length * 0.05, 90.0) : fmin(length * 0.006, 4.0);
    double first = swing * sgp_dice_range(dice, -1.0, 1.0);
    double second = 0.6 * swing * sgp_dice_range(dice, -1.0, 1.0);
    sgp_xy across = {-(b.y - a.y) / length, (b.x - a.x) / length};
    uint32_t last = from;
    for (int i = 1; i < pieces; i++) {
        double t = (double)i / (double)pieces;
        double offset = first * sin(M_PI * t) + second * sin(3.0 * M_PI * t);
        sgp_xy at = sgp_xy_between(a, b, t);
        uint32_t node =
            sgp_net_node_add(net, (sgp_xy){at.x + across.x * offset, at.y + across.y * offset});
        sgp_net_extend(net, street, last, node);
        last = node;
    }
    sgp_net_extend(net, street, last, to);
}

static uint32_t draw_road(sgp_net *net, const sgp_sketch_road *road, sgp_dice *dice) {
    uint32_t street = sgp_net_street_add(net, (sgp_street){.name = road->line.name,
                                                           .alt = road->alt,
                                                           .road_class = road->road_class,
                                                           .kind = SGP_STREET_MAIN,
                                                           .dual = road->dual,
                                                           .oneway = road->oneway,
                                                           .ring = road->ring,
                                                           .layer = (int8_t)road->layer,
                                                           .village = SGP_NO_INDEX});
    uint32_t first = sgp_net_node_add(net, road->line.at[0]), last = first;
    for (size_t i = 1; i < road->line.n; i++) {
        bool closes = road->ring && i + 1 == road->line.n;
        uint32_t next = closes ? first : sgp_net_node_add(net, road->line.at[i]);
        if (road->ring)
            sgp_net_extend(net, street, last, next);
        else
            draw_stretch(net, street, last, next, road->bends, dice);
        last = next;
    }
    return street;
}

/* What an end of a road may be joined to: another street on its own level, or, for a ramp, any. */
typedef struct joinable {
    uint32_t street;
    uint32_t node; /* already there */
    bool ramp;
    int8_t layer;
} joinable;

static bool may_join(const sgp_net *net, uint32_t segment, const void *ctx) {
    const joinable *end = ctx;
    const sgp_segment *s = &net->segments[segment];
    const sgp_street *street = &net->streets[s->street];
    return s->street != end->street && (end->ramp || street->layer == end->layer);
}

/* May be joined, and is not yet. */
static bool is_apart(const sgp_net *net, uint32_t segment, const void *ctx) {
    const joinable *end = ctx;
    const sgp_segment *s = &net->segments[segment];
    return may_join(net, segment, ctx) && sgp_net_root(net, s->a) != end->node &&
           sgp_net_root(net, s->b) != end->node;
}

static bool is_joined(const sgp_net *net, uint32_t segment, const void *ctx) {
    return may_join(net, segment, ctx) && !is_apart(net, segment, ctx);
}

static void merge_nodes(sgp_net *net, uint32_t gone, uint32_t kept) {
    gone = sgp_net_root(net, gone);
    kept = sgp_net_root(net, kept);
    if (gone != kept)
        net->nodes[gone].same_as = kept;
}

/* The end of another road that is meant to be the same junction, or SGP_NO_INDEX. */
static uint32_t find_same_end(const sgp_net *net, const joinable *end) {
    uint32_t best = SGP_NO_INDEX;
    double best_m = SAME_END_M;
    for (size_t i = 0; i < net->n_streets; i++) {
        const sgp_street *other = &net->streets[i];
        if (i == end->street || other->ring || (!end->ramp && other->layer != end->layer))
            continue;
        uint32_t ends[2] = {sgp_net_root(net, net->segments[other->first].a),
                            sgp_net_root(net, net->segments[other->last].b)};
        for (int e = 0; e < 2; e++) {
            double distance = sgp_xy_distance(net->nodes[end->node].at, net->nodes[ends[e]].at);
            if (distance < best_m) {
                best_m = distance;
                best = ends[e];
            }
        }
    }
    return best;
}

/* Joins one end of a road to what is there: an end near by, and every road that passes. */
static void join_end(sgp_net *net, uint32_t street, uint32_t segment, uint32_t node, bool ramp) {
    joinable end = {street, sgp_net_root(net, node), ramp, net->streets[street].layer};
    bool joined =
        sgp_net_nearest(net, sgp_net_at(net, node), 1.0, is_joined, &end).segment != SGP_NO_INDEX;
    uint32_t same = joined ? SGP_NO_INDEX : find_same_end(net, &end);
    if (same != SGP_NO_INDEX) {
        merge_nodes(net, node, same);
        joined = true;
    }
    /* Few roads meet in one place; the bound is a guard. */
    for (int tries = 0; tries < 6; tries++) {
        end.node = sgp_net_root(net, node);
        sgp_net_hit hit = sgp_net_nearest(net, sgp_net_at(net, node),
                                          joined ? SAME_POINT_M : JOIN_END_M, is_apart, &end);
        if (hit.segment == SGP_NO_INDEX)
            break;
        merge_nodes(net, node, sgp_net_split(net, hit.segment, hit.fraction, SAME_POINT_M));
        joined = true;
    }
    index_segment(net, segment);
}

static bool share_node(const sgp_net *net, const sgp_segment *s, const sgp_segment *t) {
    uint32_t a = sgp_net_root(net, s->a), b = sgp_net_root(net, s->b);
    uint32_t c = sgp_net_root(net, t->a), d = sgp_net_root(net, t->b);
    return a == c || a == d || b == c || b == d;
}

/* Finds one segment that crosses `segment` on the same level without sharing a node with it. */
static uint32_t find_crossed(const sgp_net *net, uint32_t segment, double *fraction,
                             double *other_fraction) {
    const sgp_segment *s = &net->segments[segment];
    sgp_xy a = sgp_net_at(net, s->a), b = sgp_net_at(net, s->b);
    int west = column_of(fmin(a.x, b.x)), east = column_of(fmax(a.x, b.x));
    int south = row_of(fmin(a.y, b.y)), north = row_of(fmax(a.y, b.y));
    for (int row = south; row <= north; row++)
        for (int column = west; column <= east; column++) {
            const sgp_net_cell *cell = &net->cells[row * COLUMNS + column];
            for (uint32_t i = 0; i < cell->n; i++) {
                uint32_t other = cell->list[i];
                const sgp_segment *t = &net->segments[other];
                if (other == segment || share_node(net, s, t) ||
                    net->streets[s->street].layer != net->streets[t->street].layer)
                    continue;
                sgp_xy c = sgp_net_at(net, t->a), d = sgp_net_at(net, t->b);
                if (sgp_xy_cross(a, b, c, d, fraction) && sgp_xy_cross(c, d, a, b, other_fraction))
                    return other;
            }
        }
    return SGP_NO_INDEX;
}

static void cross_roads(sgp_net *net) {
    for (uint32_t s = 0; s < net->n_segments; s++)
        /* A segment crosses few others; the bound only guards against a knot of tiny ones. */
        for (int tries = 0; tries < 32; tries++) {
            double fraction = 0.0, other_fraction = 0.0;
            uint32_t other = find_crossed(net, s, &fraction, &other_fraction);
            if (other == SGP_NO_INDEX)
                break;
            uint32_t here = sgp_net_split(net, s, fraction, SAME_POINT_M);
            uint32_t there = sgp_net_split(net, other, other_fraction, SAME_POINT_M);
            merge_nodes(net, there, here);
        }
}

/* Merged nodes moved the segments that end in them: enter all of them anew. */
static void index_anew(sgp_net *net) {
    for (size_t i = 0; i < (size_t)COLUMNS * ROWS; i++)
        net->cells[i].n = 0;
    for (uint32_t s = 0; s < net->n_segments; s++)
        index_segment(net, s);
}

void sgp_net_main(sgp_net *net, const sgp_sketch_data *data, uint64_t seed) {
    for (size_t i = 0; i < data->n_roads; i++) {
        sgp_dice dice = sgp_dice_of(seed, 1000 + i);
        (void)draw_road(net, &data->roads[i], &dice);
    }
    for (uint32_t i = 0; i < data->n_roads; i++) {
        if (data->roads[i].ring)
            continue;
        uint32_t first = net->streets[i].first;
        join_end(net, i, first, net->segments[first].a, data->roads[i].ramp);
        uint32_t last = net->streets[i].last;
        join_end(net, i, last, net->segments[last].b, data->roads[i].ramp);
    }
    index_anew(net);
    cross_roads(net);
    index_anew(net);
}
