#include "route/osm_crossings.h"

#include <math.h>
#include <stdlib.h>

#include "route/osm_expand.h"

static const double heading_m = 15, straight_deg = 45, sharp_deg = 135, degree = 57.29577951308232;

static sgp_err fail_memory(sgp_fault *fault) {
    return sgp_fail(fault, SGP_E_MEMORY,
                    "no memory left for the crossings; a smaller extract is needed");
}

/* ---- which crossings ---- */

static const sgp_edge *edge_of(const sgp_osm_crossings *c, uint32_t move) {
    return &SGP_OSM_LIST(const sgp_edge, c->folded->edges)[move >> 1];
}

/* Where main roads meet, or at signals; never on roundabouts, where nobody crosses. */
static bool has_costs(const sgp_osm_crossings *c, uint32_t node) {
    uint32_t first = c->first_arm[node], n = c->first_arm[node + 1] - first, n_main = 0;
    uint8_t flags = c->network->node_flags[node];
    if (n < 3 || n > SGP_OSM_ARMS_MAX || !(flags & SGP_OSM_NODE_VERTEX) ||
        (flags & SGP_OSM_NODE_BLOCKS))
        return false;
    for (uint32_t i = first; i < first + n; i++) {
        const sgp_edge *edge = edge_of(c, c->arms[i]);
        if (edge->flags & SGP_EDGE_ROUNDABOUT)
            return false;
        n_main += edge->road_class <= SGP_ROAD_TERTIARY;
    }
    return c->network->profiles->turns == SGP_TURNS_EVERYWHERE || n_main >= 3 ||
           (flags & SGP_OSM_NODE_SIGNALS);
}

static sgp_err index_arms(sgp_osm_crossings *c, sgp_fault *fault) {
    uint32_t n_moves = (uint32_t)(2 * SGP_OSM_COUNT(sgp_edge, c->folded->edges));
    c->first_arm = calloc((size_t)c->network->n_nodes + 1, sizeof *c->first_arm);
    c->arms = malloc(((size_t)n_moves + 1) * sizeof *c->arms);
    c->costed = calloc((size_t)c->network->n_nodes + 1, sizeof *c->costed);
    if (!c->first_arm || !c->arms || !c->costed)
        return fail_memory(fault);
    for (uint32_t move = 0; move < n_moves; move++)
        c->first_arm[sgp_osm_move_tail(c->folded, move)]++;
    for (uint32_t i = 1; i <= c->network->n_nodes; i++)
        c->first_arm[i] += c->first_arm[i - 1];
    for (uint32_t move = n_moves; move-- > 0;)
        c->arms[--c->first_arm[sgp_osm_move_tail(c->folded, move)]] = move;
    return SGP_OK;
}

sgp_err sgp_osm_crossings_make(const sgp_osm_network *network, const sgp_osm_folded *folded,
                               sgp_osm_crossings *crossings, sgp_fault *fault) {
    *crossings = (sgp_osm_crossings){.network = network, .folded = folded};
    sgp_err err = index_arms(crossings, fault);
    bool costs = network->profiles->turns >= SGP_TURNS_MAJOR;
    for (uint32_t node = 0; err == SGP_OK && costs && node < network->n_nodes; node++)
        crossings->costed[node] = has_costs(crossings, node);
    return err;
}

void sgp_osm_crossings_deinit(sgp_osm_crossings *crossings) {
    free(crossings->first_arm);
    free(crossings->arms);
    free(crossings->costed);
    *crossings = (sgp_osm_crossings){.network = NULL};
}

/* ---- turns ---- */

/* Degrees clockwise from north in which `arm` leaves its crossing. */
static double heading_of(const sgp_osm_crossings *c, uint32_t arm) {
    const sgp_edge *edge = edge_of(c, arm);
    const sgp_point *points = SGP_OSM_LIST(const sgp_point, c->folded->points) + edge->first_point;
    uint32_t last = edge->n_points - 1;
    sgp_point from = points[arm & 1 ? last : 0], to = from;
    for (uint32_t i = 1; i <= last; i++) {
        to = points[arm & 1 ? last - i : i];
        if (sgp_distance_m(from, to) >= heading_m)
            break;
    }
    double east = (sgp_lon(to) - sgp_lon(from)) * cos(sgp_lat(from) / degree);
    return atan2(east, sgp_lat(to) - sgp_lat(from)) * degree;
}

/* The angle clockwise from `a` to `b`, 0 <= angle < 360. */
static double clockwise(double a, double b) {
    double angle = fmod(b - a, 360);
    return angle < 0 ? angle + 360 : angle;
}

/* Whether anybody makes the move as the law wants it. */
static bool is_lawful(const sgp_osm_crossings *c, uint32_t move) {
    const int32_t *times = sgp_osm_move_times(c->network, c->folded, move);
    uint32_t against = SGP_OSM_LIST(const uint32_t, c->folded->against)[move];
    for (uint32_t p = 0; p < c->network->n_vehicles; p++) {
        if (times[p] != SGP_INF && !(against >> p & 1))
            return true;
    }
    return false;
}

/* Whether traffic from one arm to another has to meet who turns from arm `own` to arm
 * `to`. Around the crossing every arm has two ends, one for those who come and one for
 * those who leave; whoever turns across leaves between them all the ends that lie on
 * the far side of his path, and is crossed by a flow that has one end there and one not.
 * Angles run from `own` towards the side on which people drive; `to` is the last arm of
 * the far side, its leaving end the path's own, its coming end beyond. */
static bool crosses_anybody(const sgp_osm_crossings *c, uint32_t own, uint32_t to) {
    uint32_t node = sgp_osm_move_tail(c->folded, own);
    double zero = heading_of(c, own);
    bool left = c->network->drives_left;
    double reach = left ? clockwise(zero, heading_of(c, to)) : clockwise(heading_of(c, to), zero);
    bool comes_far = false, comes_near = false, leaves_far = false, leaves_near = false;
    for (uint32_t i = c->first_arm[node]; i < c->first_arm[node + 1]; i++) {
        uint32_t arm = c->arms[i];
        double heading = heading_of(c, arm);
        double angle = left ? clockwise(zero, heading) : clockwise(heading, zero);
        bool far = arm != own && arm != to && angle < reach;
        if (arm != own && is_lawful(c, arm ^ 1)) /* the same arm may not both come and leave */
            *(far ? &comes_far : &comes_near) = true;
        if (arm != to && is_lawful(c, arm))
            *(far ? &leaves_far : &leaves_near) = true;
    }
    return (comes_far && leaves_near) || (comes_near && leaves_far);
}

sgp_osm_turn_kind sgp_osm_crossings_turn(const sgp_osm_crossings *crossings, uint32_t from,
                                         uint32_t to) {
    if ((from ^ 1) == to)
        return SGP_OSM_TURN_BACK;
    /* The arm behind is the one he came along; 180 degrees from it is straight on. */
    double angle = clockwise(heading_of(crossings, from ^ 1), heading_of(crossings, to)) - 180;
    if (fabs(angle) < straight_deg)
        return SGP_OSM_STRAIGHT;
    if (fabs(angle) > sharp_deg)
        return SGP_OSM_SHARP;
    bool across = crossings->network->drives_left ? angle > 0 : angle < 0;
    return across && crosses_anybody(crossings, from ^ 1, to) ? SGP_OSM_ACROSS : SGP_OSM_NEAR;
}

int32_t sgp_osm_turn_kind_ms(sgp_osm_turn_kind kind, const sgp_vehicle *vehicle) {
    switch (kind) {
    case SGP_OSM_STRAIGHT:
        return (int32_t)vehicle->straight_ms;
    case SGP_OSM_NEAR:
        return (int32_t)vehicle->near_ms;
    case SGP_OSM_ACROSS:
        return (int32_t)vehicle->across_ms;
    case SGP_OSM_SHARP:
        return (int32_t)vehicle->sharp_ms;
    case SGP_OSM_TURN_BACK:
        return (int32_t)vehicle->u_turn_ms;
    }
    return 0;
}
