/* In front of, behind, across from: points around a landmark.
 *
 *                behind
 *           ┌──────────────┐
 *    beside │  footprint   │ beside         directions of the compass: beyond that edge
 *           └──────┬───────┘
 *               entrance
 *      ═══════ in front ═══════  the street that it faces
 *                across
 *
 * Lengths are taken on a plane at the landmark, where a degree of latitude has
 * 111,195 m (the earth of sgp_distance_m); a landmark is small enough for that. */
#include <math.h>

#include "gis/place_parts.h"

#define METRES_PER_E7 0.0111195
/* From the middle of the street to a door on its other side; from a wall to who waits behind it. */
#define ACROSS_M 15.0
#define BEYOND_M 20.0
/* A landmark this near is where it should be; beyond the last, it is another one. */
#define FITS_M 80.0
#define DOUBTED_M 300.0
#define TOO_FAR_M 700.0
#define DOUBTED_FITS 0.5
#define NEAR_SCALE 0.6

typedef struct offset {
    double east_m, north_m;
} offset;

static double shrink_at(sgp_point at) {
    return cos(sgp_lat(at) * 0.017453292519943295);
}

static offset offset_between(sgp_point from, sgp_point to) {
    return (offset){((double)to.lon_e7 - from.lon_e7) * METRES_PER_E7 * shrink_at(from),
                    ((double)to.lat_e7 - from.lat_e7) * METRES_PER_E7};
}

static sgp_point point_at(sgp_point from, offset by) {
    double lon = from.lon_e7 + by.east_m / METRES_PER_E7 / fmax(shrink_at(from), 0.01);
    double lat = from.lat_e7 + by.north_m / METRES_PER_E7;
    return (sgp_point){(int32_t)lround(fmin(fmax(lon, -1.8e9), 1.8e9)),
                       (int32_t)lround(fmin(fmax(lat, -9e8), 9e8))};
}

static double length_of(offset by) {
    return hypot(by.east_m, by.north_m);
}

static offset scaled(offset by, double to_m) {
    double length = length_of(by);
    return length > 0 ? (offset){by.east_m / length * to_m, by.north_m / length * to_m} : by;
}

sgp_point sgp_middle(sgp_point a, sgp_point b) {
    return (sgp_point){(int32_t)(((int64_t)a.lon_e7 + b.lon_e7) / 2),
                       (int32_t)(((int64_t)a.lat_e7 + b.lat_e7) / 2)};
}

static bool has_extent(const sgp_named *mark) {
    return mark->south_west.lon_e7 < mark->north_east.lon_e7 &&
           mark->south_west.lat_e7 < mark->north_east.lat_e7;
}

static sgp_point centre_of(const sgp_named *mark) {
    return has_extent(mark) ? sgp_middle(mark->south_west, mark->north_east) : mark->point;
}

/* From the footprint's centre to its east and north edges. */
static offset half_of(const sgp_named *mark) {
    if (has_extent(mark))
        return offset_between(centre_of(mark), mark->north_east);
    double reach_m = fmin(mark->reach_m, 5000) * 0.7;
    return (offset){reach_m, reach_m};
}

/* From the centre to the edge in that direction. */
static double to_edge_m(offset half, offset direction) {
    double length = length_of(direction);
    if (length <= 0)
        return fmax(half.east_m, half.north_m);
    double east = fabs(direction.east_m) / length, north = fabs(direction.north_m) / length;
    return fmin(east > 1e-9 ? half.east_m / east : 1e9, north > 1e-9 ? half.north_m / north : 1e9);
}

static offset to_the_street(const sgp_named *mark) {
    offset way = offset_between(mark->entrance, mark->front);
    return length_of(way) >= 2 ? way : offset_between(centre_of(mark), mark->front);
}

static sgp_spot spot_behind(const sgp_named *mark) {
    offset way = offset_between(mark->front, centre_of(mark));
    double edge_m = to_edge_m(half_of(mark), way);
    sgp_point point = point_at(centre_of(mark), scaled(way, edge_m + BEYOND_M));
    return (sgp_spot){point, sgp_clip_m(40 + edge_m / 2, 40, 1000), 0.93f};
}

static sgp_spot spot_beside(const sgp_named *mark) {
    /* Which side is not said: the middle, and as far off as either may be. */
    offset way = offset_between(centre_of(mark), mark->front);
    offset along = {-way.north_m, way.east_m};
    double edge_m = to_edge_m(half_of(mark), along);
    return (sgp_spot){centre_of(mark), sgp_clip_m(edge_m + 40, 50, 2000), 0.93f};
}

static sgp_spot spot_towards(const sgp_named *mark, double east, double north) {
    offset half = half_of(mark);
    offset by = {east * (half.east_m + BEYOND_M), north * (half.north_m + BEYOND_M)};
    double across_m = east != 0 ? half.north_m : half.east_m;
    return (sgp_spot){point_at(centre_of(mark), by), sgp_clip_m(50 + across_m, 60, 5000), 0.93f};
}

sgp_spot sgp_relation_spot(sgp_relation relation, const sgp_named *mark) {
    double reach_m = mark->reach_m;
    bool has_front = mark->has_front;
    switch (relation) {
    case SGP_RELATION_IN_FRONT:
        return has_front ? (sgp_spot){mark->front, 30, 0.97f}
                         : (sgp_spot){mark->entrance, sgp_clip_m(reach_m + 50, 60, 5000), 0.92f};
    case SGP_RELATION_ACROSS:
        return has_front ? (sgp_spot){point_at(mark->front, scaled(to_the_street(mark), ACROSS_M)),
                                      40, 0.95f}
                         : (sgp_spot){mark->entrance, sgp_clip_m(reach_m + 80, 80, 5000), 0.88f};
    case SGP_RELATION_BEHIND:
        return has_front ? spot_behind(mark)
                         : (sgp_spot){centre_of(mark), sgp_clip_m(reach_m + 60, 80, 5000), 0.88f};
    case SGP_RELATION_BESIDE:
        return spot_beside(mark);
    case SGP_RELATION_NORTH:
        return spot_towards(mark, 0, 1);
    case SGP_RELATION_EAST:
        return spot_towards(mark, 1, 0);
    case SGP_RELATION_SOUTH:
        return spot_towards(mark, 0, -1);
    case SGP_RELATION_WEST:
        return spot_towards(mark, -1, 0);
    case SGP_RELATION_NEAR:
    case SGP_RELATION_BETWEEN:
    case SGP_RELATION_INTO:
    case SGP_RELATION_NONE:
        break;
    }
    return (sgp_spot){mark->point, sgp_clip_m(reach_m + 100, 100, 20000), 0.93f};
}

sgp_spot sgp_between_spot(const sgp_named *a, const sgp_named *b) {
    bool same_street =
        a->has_front && b->has_front && a->front_street > 0 && a->front_street == b->front_street;
    sgp_point from = a->has_front ? a->front : a->point, to = b->has_front ? b->front : b->point;
    double apart_m = sgp_distance_m(from, to);
    float sure = apart_m <= 1500   ? 0.95f
                 : apart_m >= 6000 ? 0.3f
                                   : 0.95f - 0.65f * (float)((apart_m - 1500) / 4500);
    return (sgp_spot){sgp_middle(from, to), sgp_clip_m(apart_m / 2, 40, 10000),
                      same_street ? fminf(sure + 0.03f, 1) : sure};
}

float sgp_nearness(sgp_relation relation, double away_m) {
    if (relation == SGP_RELATION_NEAR)
        away_m *= NEAR_SCALE;
    if (away_m <= FITS_M)
        return 1;
    if (away_m <= DOUBTED_M)
        return (float)(1 - (1 - DOUBTED_FITS) * (away_m - FITS_M) / (DOUBTED_M - FITS_M));
    if (away_m >= TOO_FAR_M)
        return 0;
    return (float)(DOUBTED_FITS * (TOO_FAR_M - away_m) / (TOO_FAR_M - DOUBTED_M));
}
