#include "replay/call_spread.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "replay/dice.h"
#include "sigap/router.h"

enum { SNAP_RADIUS_M = 2000, DOOR_MM = 25000, TRIES = 8 };

static const double metres_per_e7 = 6371008.8 * 3.14159265358979323846 / 180 / 1e7;

bool sgp_call_list_is_rough(const sgp_call_list *list) {
    for (size_t i = 0; i < list->n; i++) {
        const sgp_roughness *rough = &list->calls[i].rough;
        if (rough->days > 1 || rough->hours > 0 || rough->square_m > 0)
            return true;
    }
    return false;
}

/* A little way off the road, as houses are. */
sgp_point sgp_point_beside_road(const sgp_graph *graph, sgp_point point, bool on_roads,
                                uint64_t *random) {
    static const uint32_t small = 1u << SGP_ROAD_RESIDENTIAL | 1u << SGP_ROAD_LIVING_STREET |
                                  1u << SGP_ROAD_SERVICE | 1u << SGP_ROAD_TRACK |
                                  1u << SGP_ROAD_UNCLASSIFIED | 1u << SGP_ROAD_CONNECTOR;
    sgp_snap snap;
    size_t n = 0;
    sgp_snap_wish wish = {.radius_m = SNAP_RADIUS_M, .without_classes = on_roads ? small : 0};
    if (sgp_graph_snap_wish(graph, point, &wish, &snap, 1, &n) != SGP_OK || n == 0)
        return point;
    int32_t most = on_roads ? 3000 : DOOR_MM; /* millimetres, one e7 is about 11 */
    point = snap.road;
    point.lon_e7 += (int32_t)sgp_random_below(random, (uint64_t)(2 * most / 11)) - most / 11;
    point.lat_e7 += (int32_t)sgp_random_below(random, (uint64_t)(2 * most / 11)) - most / 11;
    return point;
}

/* Half the side of a square in 1e-7 degrees of latitude, and of longitude at its middle. */
typedef struct square {
    sgp_point middle;
    int64_t high, wide;
} square;

static square square_around(sgp_point middle, int32_t side_m) {
    double high = side_m / 2.0 / metres_per_e7;
    double narrow = cos(sgp_lat(middle) * 3.14159265358979323846 / 180);
    return (square){middle, llround(high), llround(high / (narrow < 0.01 ? 0.01 : narrow))};
}

static sgp_point anywhere(const square *s, uint64_t *random) {
    sgp_point point = s->middle;
    point.lon_e7 += (int32_t)((int64_t)sgp_random_below(random, (uint64_t)(2 * s->wide)) - s->wide);
    point.lat_e7 += (int32_t)((int64_t)sgp_random_below(random, (uint64_t)(2 * s->high)) - s->high);
    return point;
}

static bool is_inside(const square *s, sgp_point point) {
    int64_t east = (int64_t)point.lon_e7 - s->middle.lon_e7;
    int64_t north = (int64_t)point.lat_e7 - s->middle.lat_e7;
    return llabs(east) <= s->wide && llabs(north) <= s->high;
}

/* Beside a road of the square; where chance finds none in a few tries, anywhere in it. */
static sgp_point somewhere(const sgp_graph *graph, const sgp_past_call *call, uint64_t *random) {
    square s = square_around(call->point, call->rough.square_m);
    sgp_point point = anywhere(&s, random);
    bool on_roads = strcmp(call->complaint, "traffic_accident") == 0;
    for (int i = 0; graph && i < TRIES; i++) {
        sgp_point beside = sgp_point_beside_road(graph, point, on_roads, random);
        if (is_inside(&s, beside))
            return beside;
        point = anywhere(&s, random);
    }
    return point;
}

sgp_err sgp_call_list_spread(const sgp_call_list *told, const sgp_graph *graph, uint64_t seed,
                             sgp_call_list *list) {
    sgp_err err = SGP_OK;
    for (size_t i = 0; i < told->n && !err; i++) {
        sgp_past_call call = told->calls[i];
        uint64_t random = sgp_draw(seed, call.key, SGP_DRAW_SPREAD, 0);
        if (call.rough.days > 1)
            call.at_ms += (int64_t)sgp_random_below(&random, (uint64_t)call.rough.days) * 86400000;
        if (call.rough.hours > 0)
            call.at_ms += (int64_t)sgp_random_below(&random, (uint64_t)call.rough.hours * 3600000);
        if (call.rough.square_m > 0)
            call.point = somewhere(graph, &call, &random);
        call.rough = (sgp_roughness){0};
        const sgp_past_transfer *transfer = sgp_past_transfer_of(told, &call);
        err = transfer ? sgp_call_list_add_transfer(list, &call, transfer)
                       : sgp_call_list_add(list, &call);
    }
    if (!err)
        sgp_call_list_sort(list);
    return err;
}
