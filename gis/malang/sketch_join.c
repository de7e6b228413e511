/* Making one network of it: loose groups of streets are tied to the rest, places
 * get driveways, and gangs (alleys too narrow for a car) branch off. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "gis/malang/sketch.h"

static uint32_t group_of(uint32_t *group, uint32_t node) {
    while (group[node] != node) {
        group[node] = group[group[node]];
        node = group[node];
    }
    return node;
}

static uint32_t *group_nodes(const sgp_net *net) {
    uint32_t *group = sgp_sketch_memory(NULL, net->n_nodes + 1, sizeof *group);
    for (uint32_t i = 0; i < net->n_nodes; i++)
        group[i] = i;
    for (size_t s = 0; s < net->n_segments; s++) {
        if (net->streets[net->segments[s].street].dropped)
            continue;
        uint32_t a = group_of(group, sgp_net_root(net, net->segments[s].a));
        uint32_t b = group_of(group, sgp_net_root(net, net->segments[s].b));
        group[a < b ? b : a] = a < b ? a : b;
    }
    return group;
}

typedef struct outside {
    uint32_t *group;
    uint32_t own;
} outside;

static bool is_outside(const sgp_net *net, uint32_t segment, const void *ctx) {
    const outside *own = ctx;
    const sgp_segment *s = &net->segments[segment];
    return net->streets[s->street].layer == 0 &&
           group_of(own->group, sgp_net_root(net, s->a)) != own->own;
}

typedef struct tie {
    uint32_t node;
    sgp_net_hit hit;
} tie;

/* One round: every group but the largest gets its shortest tie to another group. */
static size_t tie_groups(sgp_net *net, double reach_m) {
    uint32_t *group = group_nodes(net);
    size_t n = net->n_nodes;
    uint32_t *size = sgp_sketch_memory(NULL, n + 1, sizeof *size);
    memset(size, 0, (n + 1) * sizeof *size);
    for (uint32_t i = 0; i < n; i++)
        size[group_of(group, i)]++;
    uint32_t largest = 0;
    for (uint32_t i = 0; i < n; i++)
        if (size[i] > size[largest])
            largest = i;
    tie *ties = sgp_sketch_memory(NULL, n + 1, sizeof *ties);
    for (uint32_t i = 0; i < n; i++)
        ties[i] = (tie){SGP_NO_INDEX, {SGP_NO_INDEX, 0.0, reach_m}};
    for (size_t s = 0; s < net->n_segments; s++) {
        if (net->streets[net->segments[s].street].dropped)
            continue;
        uint32_t node = sgp_net_root(net, net->segments[s].a);
        outside own = {group, group_of(group, node)};
        if (own.own == largest)
            continue;
        sgp_net_hit hit = sgp_net_nearest(net, net->nodes[node].at, ties[own.own].hit.distance_m,
                                          is_outside, &own);
        if (hit.segment != SGP_NO_INDEX)
            ties[own.own] = (tie){node, hit};
    }
    size_t tied = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (ties[i].node == SGP_NO_INDEX)
            continue;
        /* An earlier tie may have split this segment; what is left of it still serves. */
        sgp_segment met = net->segments[ties[i].hit.segment];
        sgp_xy at = net->nodes[ties[i].node].at;
        double fraction = sgp_xy_project(at, sgp_net_at(net, met.a), sgp_net_at(net, met.b));
        uint32_t end = sgp_net_split(net, ties[i].hit.segment, fraction, 9.0);
        uint32_t street = sgp_net_street_add(net, (sgp_street){.name = "",
                                                               .road_class = "unclassified",
                                                               .kind = SGP_STREET_LOCAL,
                                                               .village = SGP_NO_INDEX});
        sgp_net_extend(net, street, ties[i].node, end);
        tied++;
    }
    free(ties);
    free(size);
    free(group);
    return tied;
}

static void drop_loose(sgp_net *net) {
    uint32_t *group = group_nodes(net);
    uint32_t *size = sgp_sketch_memory(NULL, net->n_nodes + 1, sizeof *size);
    memset(size, 0, (net->n_nodes + 1) * sizeof *size);
    uint32_t largest = 0;
    for (uint32_t i = 0; i < net->n_nodes; i++)
        size[group_of(group, i)]++;
    for (uint32_t i = 0; i < net->n_nodes; i++)
        if (size[i] > size[largest])
            largest = i;
    for (size_t s = 0; s < net->n_segments; s++)
        if (group_of(group, sgp_net_root(net, net->segments[s].a)) != largest)
            net->streets[net->segments[s].street].dropped = true;
    free(size);
    free(group);
}

void sgp_net_join(sgp_net *net) {
    for (int round = 0; round < 6 && tie_groups(net, 350.0) > 0; round++)
        continue;
    drop_loose(net);
}

/* ---- driveways --------------------------------------------------------------- */

static bool is_drivable_street(const sgp_net *net, uint32_t segment, const void *ctx) {
    (void)ctx;
    const sgp_street *street = &net->streets[net->segments[segment].street];
    return street->layer == 0 &&
           (street->kind == SGP_STREET_MAIN || street->kind == SGP_STREET_LOCAL);
}

/* Buildings and grounds face the road and leave it room. */
static void fit_place(const sgp_net *net, sgp_sketch_place *place, const sgp_net_hit *hit) {
    const sgp_segment *met = &net->segments[hit->segment];
    sgp_xy foot = sgp_xy_between(sgp_net_at(net, met->a), sgp_net_at(net, met->b), hit->fraction);
    double away = hit->distance_m;
    if (away > 1.0) {
        place->front = (sgp_xy){(foot.x - place->at.x) / away, (foot.y - place->at.y) / away};
        place->along = (sgp_xy){place->front.y, -place->front.x};
    }
    double room_m = 2.0 * (away - 9.0);
    if (place->building_m > room_m)
        place->building_m = room_m > 12.0 ? room_m : place->building_m > 0.0 ? 12.0 : 0.0;
    double ground_room = 2.0 * (away - 5.0);
    if (place->ground_m[1] > ground_room) {
        place->ground_m[0] *= fmax(ground_room, 0.0) / place->ground_m[1];
        place->ground_m[1] = fmax(ground_room, 0.0);
    }
    if (place->ground_m[1] < place->building_m * 0.7 + 6.0)
        place->ground_m[0] = place->ground_m[1] = 0.0;
}

void sgp_net_driveways(sgp_net *net, sgp_sketch_data *data) {
    for (size_t i = 0; i < data->n_places; i++) {
        sgp_sketch_place *place = &data->places[i];
        place->along = (sgp_xy){0.9510565, 0.309017};
        place->front = (sgp_xy){-place->along.y, place->along.x};
        sgp_net_hit hit = sgp_net_nearest(net, place->at, 600.0, is_drivable_street, NULL);
        if (hit.segment == SGP_NO_INDEX)
            continue;
        fit_place(net, place, &hit);
        if (!place->kind->drive || hit.distance_m < 4.0)
            continue;
        uint32_t last = sgp_net_split(net, hit.segment, hit.fraction, 9.0);
        uint32_t street = sgp_net_street_add(net, (sgp_street){.name = "",
                                                               .road_class = "service",
                                                               .kind = SGP_STREET_DRIVE,
                                                               .village = SGP_NO_INDEX});
        double door_m = place->building_m * 0.35; /* from the middle to the front wall */
        double gate_m = place->ground_m[1] > 0.0 ? place->ground_m[1] / 2.0
                                                 : fmax(door_m, hit.distance_m - 12.0);
        if (place->kind->gate && gate_m > door_m + 4.0 && gate_m < hit.distance_m - 3.0) {
            uint32_t gate = sgp_net_node_add(net, (sgp_xy){place->at.x + place->front.x * gate_m,
                                                           place->at.y + place->front.y * gate_m});
            net->nodes[gate].mark = SGP_NODE_GATE;
            sgp_net_extend(net, street, last, gate);
            last = gate;
        }
        uint32_t door = sgp_net_node_add(net, (sgp_xy){place->at.x + place->front.x * door_m,
                                                       place->at.y + place->front.y * door_m});
        net->nodes[door].mark = door_m > 0.0 ? SGP_NODE_DOOR : SGP_NODE_PLAIN;
        sgp_net_extend(net, street, last, door);
    }
}

/* ---- gangs ------------------------------------------------------------------- */

/* A gang leaves a street at right angles and ends at a wall or at the next street. */
static void draw_gang(sgp_net *net, uint32_t parent, uint32_t start, sgp_xy direction,
                      double length_m, sgp_dice *dice) {
    sgp_xy at = sgp_net_at(net, start);
    int pieces = length_m > 45.0 ? 3 : 2;
    const char *of = net->streets[parent].name;
    uint32_t street = SGP_NO_INDEX, last = start;
    for (int i = 1; i <= pieces; i++) {
        double t = length_m * (double)i / (double)pieces, bend = sgp_dice_range(dice, -3.0, 3.0);
        sgp_xy next = {at.x + direction.x * t - direction.y * bend,
                       at.y + direction.y * t + direction.x * bend};
        size_t n = 0;
        sgp_net_hit hit =
            sgp_net_crossing(net, sgp_net_at(net, last), next, sgp_net_root(net, last), &n);
        uint32_t node;
        if (hit.segment != SGP_NO_INDEX) {
            if (net->streets[net->segments[hit.segment].street].layer != 0)
                return;
            node = sgp_net_split(net, hit.segment, hit.fraction, 6.0);
        } else {
            if (street == SGP_NO_INDEX &&
                sgp_net_nearest(net, next, 6.0, NULL, NULL).segment != SGP_NO_INDEX)
                return;
            node = sgp_net_node_add(net, next);
        }
        if (street == SGP_NO_INDEX) {
            uint32_t number = ++net->streets[parent].gangs;
            street = sgp_net_street_add(
                net,
                (sgp_street){.name = sgp_net_name(net, sgp_sketch_text("%s Gang %u", of, number)),
                             .road_class = number % 2 == 0 ? "path" : "footway",
                             .kind = SGP_STREET_GANG,
                             .village = net->streets[parent].village});
        }
        sgp_net_extend(net, street, last, node);
        if (hit.segment != SGP_NO_INDEX)
            return;
        last = node;
    }
}

/* Not on country roads: those have no alleys. */
static bool has_gangs(const sgp_street *street) {
    return !street->dropped && street->name[0] != '\0' && !street->ring && street->layer == 0 &&
           street->kind != SGP_STREET_GANG && street->kind != SGP_STREET_DRIVE && !street->dual &&
           street->estate == 0;
}

void sgp_net_gangs(sgp_net *net, uint64_t seed) {
    uint32_t n_streets = (uint32_t)net->n_streets;
    for (uint32_t parent = 0; parent < n_streets; parent++) {
        if (!has_gangs(&net->streets[parent]))
            continue;
        sgp_dice dice = sgp_dice_of(seed, 400000 + parent);
        bool main_road = net->streets[parent].kind == SGP_STREET_MAIN;
        for (uint32_t s = net->streets[parent].first; s != SGP_NO_INDEX;
             s = net->segments[s].after) {
            sgp_xy a = sgp_net_at(net, net->segments[s].a), b = sgp_net_at(net, net->segments[s].b);
            double length = sgp_xy_distance(a, b);
            bool inner = sqrt(a.x * a.x + a.y * a.y) < 7500.0;
            double chance = main_road ? (inner ? 0.22 : 0.02) : 0.10;
            if (length < 24.0 || sgp_dice_unit(&dice) > chance)
                continue;
            double side = sgp_dice_unit(&dice) < 0.5 ? 1.0 : -1.0;
            sgp_xy direction = {-side * (b.y - a.y) / length, side * (b.x - a.x) / length};
            double reach = sgp_dice_range(&dice, 28.0, 62.0);
            uint32_t start = sgp_net_split(net, s, sgp_dice_range(&dice, 0.35, 0.65), 6.0);
            draw_gang(net, parent, start, direction, reach, &dice);
        }
    }
}
