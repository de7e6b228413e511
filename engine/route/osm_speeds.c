/* How fast an ambulance drives on a road; figures are means over a stretch, with
 * bends and other traffic, not limits. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "route/osm_roads.h"

enum {
    SLOWEST_KM_H = 5,
    FASTEST_KM_H = 130,
    WALK_KM_H = 7,
    NO_LIMIT_KM_H = 130,
    RESTRICTED_PERCENT = 50,  /* private roads: gates, parked cars, searching */
    NARROW_PERCENT = 60,      /* under 2.5 m between the kerbs */
    SINGLE_LANE_PERCENT = 80, /* two directions on one lane, or under 3.5 m */
    DRIVEWAY_KM_H = 10
};

static const struct {
    uint8_t road, link; /* km/h */
} class_speeds[SGP_ROAD_CLASSES] = {
    [SGP_ROAD_MOTORWAY] = {90, 50},    [SGP_ROAD_TRUNK] = {65, 45},
    [SGP_ROAD_PRIMARY] = {52, 40},     [SGP_ROAD_SECONDARY] = {46, 35},
    [SGP_ROAD_TERTIARY] = {40, 30},    [SGP_ROAD_UNCLASSIFIED] = {32, 32},
    [SGP_ROAD_RESIDENTIAL] = {26, 26}, [SGP_ROAD_LIVING_STREET] = {15, 15},
    [SGP_ROAD_SERVICE] = {15, 15},     [SGP_ROAD_TRACK] = {12, 12},
    [SGP_ROAD_CONNECTOR] = {10, 10},
};

typedef struct share {
    const char *value;
    uint8_t percent; /* of the speed on asphalt */
} share;

static const share surfaces[] = {
    {"paving_stones", 90},  {"concrete:plates", 90},
    {"concrete:lanes", 80}, {"sett", 85},
    {"cobblestone", 75},    {"unhewn_cobblestone", 65},
    {"compacted", 80},      {"fine_gravel", 80},
    {"unpaved", 60},        {"gravel", 60},
    {"ground", 55},         {"dirt", 55},
    {"earth", 55},          {"grass_paver", 60},
    {"wood", 70},           {"pebblestone", 60},
    {"rock", 40},           {"grass", 40},
    {"sand", 40},           {"mud", 30},
};
static const share smoothnesses[] = {
    {"bad", 80}, {"very_bad", 60}, {"horrible", 40}, {"very_horrible", 30}};
static const share track_types[] = {{"grade2", 90}, {"grade3", 75}, {"grade4", 60}, {"grade5", 45}};

static int percent_of(const share *shares, size_t n, const char *value) {
    for (size_t i = 0; value && i < n; i++) {
        if (strcmp(shares[i].value, value) == 0)
            return shares[i].percent;
    }
    return 100;
}
#define PERCENT_OF(shares, value) percent_of(shares, sizeof shares / sizeof *shares, value)

/* A limit in km/h; 0 when the text names none ("signals", "DE:urban"). */
static int limit_km_h(const char *text) {
    if (!text)
        return 0;
    if (strcmp(text, "none") == 0)
        return NO_LIMIT_KM_H;
    size_t length = strlen(text);
    if (length >= 4 && strcmp(text + length - 4, "walk") == 0)
        return WALK_KM_H;
    char *end;
    double value = strtod(text, &end);
    if (end == text || !(value > 0) || value > 400)
        return 0;
    end += strspn(end, " ");
    if (strncmp(end, "mph", 3) == 0)
        value *= 1.609344;
    else if (strncmp(end, "knots", 5) == 0)
        value *= 1.852;
    return (int)(value + 0.5);
}

/* An ambulance keeps to a limit below the class's mean; a higher one raises the
 * mean halfway towards nine tenths of it. */
static int with_limit(int km_h, int limit) {
    if (limit == 0)
        return km_h;
    if (limit <= km_h)
        return limit;
    int near_limit = limit * 9 / 10;
    return near_limit > km_h ? (km_h + near_limit) / 2 : km_h;
}

double sgp_osm_length_m(const char *text) {
    char *end;
    double value = strtod(text, &end);
    if (end == text || !(value >= 0) || value > 1e6)
        return -1;
    end += strspn(end, " ");
    if (*end == '\'' || strncmp(end, "ft", 2) == 0) {
        double inches = *end == '\'' ? strtod(end + 1, NULL) : 0;
        return value * 0.3048 + (inches > 0 && inches < 12 ? inches * 0.0254 : 0);
    }
    if (strncmp(end, "cm", 2) == 0)
        return value / 100;
    return value;
}

uint8_t sgp_osm_speed_km_h(sgp_osm_tags tags, sgp_road_class road_class, bool link, bool two_way,
                           const char *direction) {
    char key[32];
    snprintf(key, sizeof key, "maxspeed:%s", direction);
    const char *limit = sgp_osm_tag_value(tags, key);
    if (!limit)
        limit = sgp_osm_tag_value(tags, "maxspeed");
    int km_h = link ? class_speeds[road_class].link : class_speeds[road_class].road;
    km_h = with_limit(km_h, limit_km_h(limit));

    /* Of several bad properties the worst counts: they describe the same road. */
    int percent = PERCENT_OF(surfaces, sgp_osm_tag_value(tags, "surface"));
    int other = PERCENT_OF(smoothnesses, sgp_osm_tag_value(tags, "smoothness"));
    percent = other < percent ? other : percent;
    other = PERCENT_OF(track_types, sgp_osm_tag_value(tags, "tracktype"));
    percent = other < percent ? other : percent;

    const char *lanes = sgp_osm_tag_value(tags, "lanes");
    const char *width_text = sgp_osm_tag_value(tags, "width");
    const char *narrow = sgp_osm_tag_value(tags, "narrow");
    double width = width_text ? sgp_osm_length_m(width_text) : -1;
    other = 100;
    if (width >= 0 && width < 2.5)
        other = NARROW_PERCENT;
    else if (two_way && ((lanes && strcmp(lanes, "1") == 0) || (width >= 0 && width < 3.5) ||
                         (narrow && strcmp(narrow, "yes") == 0)))
        other = SINGLE_LANE_PERCENT;
    km_h = (km_h * percent * other + 5000) / 10000;

    const char *service = sgp_osm_tag_value(tags, "service");
    if (service && road_class == SGP_ROAD_SERVICE &&
        (strcmp(service, "driveway") == 0 || strcmp(service, "parking_aisle") == 0 ||
         strcmp(service, "alley") == 0 || strcmp(service, "drive-through") == 0) &&
        km_h > DRIVEWAY_KM_H)
        km_h = DRIVEWAY_KM_H;
    if (km_h < SLOWEST_KM_H)
        km_h = SLOWEST_KM_H;
    return (uint8_t)(km_h > FASTEST_KM_H ? FASTEST_KM_H : km_h);
}

uint8_t sgp_osm_restricted_km_h(uint8_t km_h) {
    if (km_h == 0)
        return 0;
    int slowed = km_h * RESTRICTED_PERCENT / 100;
    return (uint8_t)(slowed < SLOWEST_KM_H ? SLOWEST_KM_H : slowed);
}

int32_t sgp_osm_travel_ms(double length_mm, uint8_t km_h) {
    /* 1 km/h is 1 mm in 3.6 ms. */
    double ms = length_mm * 3.6 / km_h;
    if (ms < 1)
        return 1;
    return ms > SGP_INF / 4 ? SGP_INF / 4 : (int32_t)(ms + 0.5);
}
