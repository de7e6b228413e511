/* How fast a vehicle drives on a road; figures are means over a stretch, with
 * bends and other traffic, not limits. They stand in profiles.conf. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "route/osm_roads.h"

enum { NO_LIMIT_KM_H = 130, LIMIT_MAX_KM_H = 400 };

/* A limit in km/h; 0 when the text names none ("signals", "DE:urban"). */
static uint32_t limit_km_h(const char *text, const sgp_vehicle *vehicle) {
    if (!text)
        return 0;
    if (strcmp(text, "none") == 0)
        return NO_LIMIT_KM_H;
    size_t length = strlen(text);
    if (length >= 4 && strcmp(text + length - 4, "walk") == 0)
        return vehicle->walk_km_h;
    char *end;
    double value = strtod(text, &end);
    if (end == text || !(value > 0) || value > LIMIT_MAX_KM_H)
        return 0;
    end += strspn(end, " ");
    if (strncmp(end, "mph", 3) == 0)
        value *= 1.609344;
    else if (strncmp(end, "knots", 5) == 0)
        value *= 1.852;
    return (uint32_t)(value + 0.5);
}

static uint32_t with_limit(uint32_t km_h, uint32_t limit, const sgp_vehicle *vehicle) {
    if (limit == 0)
        return km_h;
    if (limit <= km_h) {
        uint32_t kept = limit * vehicle->limit_kept_percent / 100;
        return kept < km_h ? kept : km_h;
    }
    uint32_t near_limit = limit * vehicle->limit_near_percent / 100;
    return near_limit > km_h ? km_h + (near_limit - km_h) * vehicle->limit_raised_percent / 100
                             : km_h;
}

/* A number that is not negative, with what follows in `*end`; negative when there is none.
 * "2,5" is what people write where a comma parts the decimals; of "2,500" and of lists
 * nobody knows, and the smaller reading is the safe one. */
static double number_of(const char *text, const char **end) {
    char *after;
    double value = strtod(text, &after);
    if (after == text || !(value >= 0) || value > 1e6)
        return -1;
    if (after[0] == ',' && after[1] >= '0' && after[1] <= '9') {
        size_t digits = strspn(after + 1, "0123456789");
        double parts = strtod(after + 1, NULL);
        if (digits <= 2)
            value += digits == 1 ? parts / 10 : parts / 100;
        after += 1 + digits;
    }
    *end = after + strspn(after, " ");
    return value;
}

double sgp_osm_weight_t(const char *text) {
    const char *end;
    double value = number_of(text, &end);
    if (value < 0)
        return -1;
    if (strncmp(end, "kg", 2) == 0)
        return value / 1000;
    if (strncmp(end, "lbs", 3) == 0)
        return value * 0.00045359237;
    if (strncmp(end, "st", 2) == 0)
        return value * 0.90718474;
    return value;
}

double sgp_osm_length_m(const char *text) {
    const char *end;
    double value = number_of(text, &end);
    if (value < 0)
        return -1;
    if (*end == '\'' || strncmp(end, "ft", 2) == 0) {
        double inches = *end == '\'' ? strtod(end + 1, NULL) : 0;
        return value * 0.3048 + (inches > 0 && inches < 12 ? inches * 0.0254 : 0);
    }
    if (strncmp(end, "cm", 2) == 0)
        return value / 100;
    return value;
}

static const char *tag(sgp_osm_tags tags, const char *key) {
    return sgp_osm_tag_value(tags, key);
}

static bool tag_is(sgp_osm_tags tags, const char *key, const char *value) {
    const char *found = tag(tags, key);
    return found && strcmp(found, value) == 0;
}

/* Of several bad properties the worst counts: they describe the same road. */
static uint32_t ground_percent(sgp_osm_tags tags, const sgp_vehicle *vehicle) {
    uint32_t worst = sgp_profile_percent(&vehicle->surfaces, tag(tags, "surface"));
    uint32_t other = sgp_profile_percent(&vehicle->smoothness, tag(tags, "smoothness"));
    worst = other < worst ? other : worst;
    other = sgp_profile_percent(&vehicle->track_types, tag(tags, "tracktype"));
    return other < worst ? other : worst;
}

static uint32_t width_percent(sgp_osm_tags tags, bool two_way, const sgp_vehicle *vehicle) {
    const char *text = tag(tags, "width");
    double width_cm = text ? 100 * sgp_osm_length_m(text) : -1;
    if (width_cm >= 0 && width_cm < vehicle->narrow_below_cm)
        return vehicle->narrow_percent;
    bool single = tag_is(tags, "lanes", "1") || tag_is(tags, "narrow", "yes") ||
                  (width_cm >= 0 && width_cm < vehicle->single_lane_below_cm);
    return two_way && single ? vehicle->single_lane_percent : 100;
}

static bool is_driveway(sgp_osm_tags tags, const sgp_osm_road *road) {
    return road->road_class == SGP_ROAD_SERVICE &&
           (tag_is(tags, "service", "driveway") || tag_is(tags, "service", "parking_aisle") ||
            tag_is(tags, "service", "alley") || tag_is(tags, "service", "drive-through"));
}

static uint8_t within(uint32_t km_h, const sgp_vehicle *vehicle) {
    if (km_h < vehicle->slowest_km_h)
        return vehicle->slowest_km_h;
    return km_h > vehicle->fastest_km_h ? vehicle->fastest_km_h : (uint8_t)km_h;
}

uint8_t sgp_osm_speed_km_h(sgp_osm_tags tags, const sgp_osm_road *road, bool two_way,
                           const char *direction, const sgp_vehicle *vehicle) {
    char key[32];
    snprintf(key, sizeof key, "maxspeed:%s", direction);
    const char *limit = tag(tags, key);
    if (!limit)
        limit = tag(tags, "maxspeed");
    uint32_t km_h =
        road->link ? vehicle->link_km_h[road->road_class] : vehicle->road_km_h[road->road_class];
    km_h = with_limit(km_h, limit_km_h(limit, vehicle), vehicle);
    uint32_t ground = ground_percent(tags, vehicle);
    if (ground == 0)
        return 0;
    km_h = (km_h * ground * width_percent(tags, two_way, vehicle) + 5000) / 10000;
    if (is_driveway(tags, road) && km_h > vehicle->driveway_km_h)
        km_h = vehicle->driveway_km_h;
    return within(km_h, vehicle);
}

uint8_t sgp_osm_share_km_h(uint8_t km_h, uint32_t percent, const sgp_vehicle *vehicle) {
    return km_h == 0 ? 0 : within(km_h * percent / 100, vehicle);
}

int32_t sgp_osm_travel_ms(double length_mm, uint8_t km_h) {
    /* 1 km/h is 1 mm in 3.6 ms. */
    double ms = length_mm * 3.6 / km_h;
    if (ms < 1)
        return 1;
    return ms > SGP_INF / 4 ? SGP_INF / 4 : (int32_t)(ms + 0.5);
}
