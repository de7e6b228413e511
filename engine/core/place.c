#include "core/place.h"

#include <stdlib.h>

bool sgp_points_within(sgp_point a, sgp_point b, int32_t metres) {
    /* 1e-7 degree of latitude is 1.11195 cm. */
    int64_t reach = (int64_t)metres * 10000000 / 111195;
    int64_t north = llabs((int64_t)a.lat_e7 - b.lat_e7);
    int64_t east = llabs((int64_t)a.lon_e7 - b.lon_e7);
    if (east > 1800000000)
        east = 3600000000 - east;
    if (north > reach)
        return false;
    /* cos(x) = (32400 - 4x^2) / (32400 + x^2) for x in degrees; here in thousandths. */
    int64_t latitude = llabs(((int64_t)a.lat_e7 + b.lat_e7) / 2) / 10000;
    int64_t square = latitude * latitude;
    int64_t cosine_ppm = (32400000000 - 4 * square) * 1000 / ((32400000000 + square) / 1000);
    int64_t across = east * cosine_ppm / 1000000;
    if (across > reach)
        return false;
    return north * north + across * across <= reach * reach;
}

bool sgp_point_is_valid(sgp_point point) {
    return point.lon_e7 >= -1800000000 && point.lon_e7 <= 1800000000 &&
           point.lat_e7 >= -900000000 && point.lat_e7 <= 900000000;
}
