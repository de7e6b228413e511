#include "sigap/geo.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define EARTH_RADIUS_M 6371008.8
#define RADIANS_PER_E7 (3.14159265358979323846 / 180.0 / 1e7)

sgp_err sgp_point_from_degrees(double lon, double lat, sgp_point *point) {
    if (!isfinite(lon) || !isfinite(lat) || lon < -180 || lon > 180 || lat < -90 || lat > 90)
        return SGP_E_RANGE;
    point->lon_e7 = (int32_t)lround(lon * 1e7);
    point->lat_e7 = (int32_t)lround(lat * 1e7);
    return SGP_OK;
}

double sgp_distance_m(sgp_point a, sgp_point b) {
    double lat_a = a.lat_e7 * RADIANS_PER_E7;
    double lat_b = b.lat_e7 * RADIANS_PER_E7;
    double half_lat = sin((lat_b - lat_a) / 2);
    double half_lon = sin(((double)b.lon_e7 - (double)a.lon_e7) * RADIANS_PER_E7 / 2);
    double h = half_lat * half_lat + cos(lat_a) * cos(lat_b) * half_lon * half_lon;
    return 2 * EARTH_RADIUS_M * asin(sqrt(h < 1 ? h : 1));
}

sgp_err sgp_point_parse(const char *text, sgp_point *point, sgp_fault *fault) {
    char *end;
    double lon = strtod(text, &end);
    if (end == text)
        return sgp_fail(fault, SGP_E_FORMAT,
                        "'%.60s' is not lon,lat: it does not begin with a number", text);
    end += strspn(end, " ");
    if (*end != ',')
        return sgp_fail(fault, SGP_E_FORMAT,
                        "'%.60s' is not lon,lat: a comma must follow the longitude", text);
    const char *second = end + 1;
    double lat = strtod(second, &end);
    if (end == second)
        return sgp_fail(fault, SGP_E_FORMAT, "'%.60s' is not lon,lat: the latitude is not a number",
                        text);
    end += strspn(end, " \r\n");
    if (*end != '\0')
        return sgp_fail(fault, SGP_E_FORMAT, "'%.60s' is not lon,lat: '%.20s' is left over", text,
                        end);
    if (sgp_point_from_degrees(lon, lat, point) != SGP_OK) {
        if (fabs(lon) <= 90 && fabs(lat) <= 180)
            return sgp_fail(fault, SGP_E_RANGE,
                            "'%.60s': the latitude is over 90; are lon and lat swapped?", text);
        return sgp_fail(fault, SGP_E_RANGE, "'%.60s' is outside -180..180, -90..90 degrees", text);
    }
    return SGP_OK;
}
