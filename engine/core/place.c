#include "core/place.h"

#include <stdlib.h>

/* In units of 1e-7 degree of latitude, of which each is 1.11195 cm. */
static int64_t across_of(sgp_point a, sgp_point b) {
    int64_t east = llabs((int64_t)a.lon_e7 - b.lon_e7);
    if (east > 1800000000)
        east = 3600000000 - east;
    /* cos(x) = (32400 - 4x^2) / (32400 + x^2) for x in degrees; here in thousandths. */
    int64_t latitude = llabs(((int64_t)a.lat_e7 + b.lat_e7) / 2) / 10000;
    int64_t square = latitude * latitude;
    int64_t cosine_ppm = (32400000000 - 4 * square) * 1000 / ((32400000000 + square) / 1000);
    return east * cosine_ppm / 1000000;
}

bool sgp_points_within(sgp_point a, sgp_point b, int32_t metres) {
    int64_t reach = (int64_t)metres * 10000000 / 111195;
    int64_t north = llabs((int64_t)a.lat_e7 - b.lat_e7);
    if (north > reach)
        return false;
    int64_t across = across_of(a, b);
    if (across > reach)
        return false;
    return north * north + across * across <= reach * reach;
}

int64_t sgp_points_far(sgp_point a, sgp_point b) {
    int64_t north = llabs((int64_t)a.lat_e7 - b.lat_e7), across = across_of(a, b);
    return north * north + across * across; /* at most 6.5e18 */
}

int32_t sgp_points_distance_m(sgp_point a, sgp_point b) {
    int64_t north = llabs((int64_t)a.lat_e7 - b.lat_e7), across = across_of(a, b);
    int64_t square = north * north + across * across, root = 0;
    for (int64_t bit = INT64_C(1) << 31; bit; bit >>= 1)
        if ((root + bit) <= square / (root + bit))
            root += bit;
    return (int32_t)((root * 111195 + 5000000) / 10000000);
}

bool sgp_point_is_valid(sgp_point point) {
    return point.lon_e7 >= -1800000000 && point.lon_e7 <= 1800000000 &&
           point.lat_e7 >= -900000000 && point.lat_e7 <= 900000000;
}
