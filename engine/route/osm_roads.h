/* What OpenStreetMap tags mean to an ambulance: which ways it may drive, in
 * which direction, how fast, and what a node on the way costs.
 *
 * Everything here is a pure function of tags, driven by tables in osm_roads.c
 * and osm_speeds.c, so that a rule can be read and changed in one place.
 *
 * Who may drive. The most specific of emergency, motorcar, motor_vehicle,
 * vehicle, access counts. "no" forbids, unless emergency=yes; "private" and its
 * like make a road SGP_EDGE_RESTRICTED and slow, never closed, because a patient
 * may live there. Footways, paths, pedestrian streets and cycleways are driven
 * only when a tag says that cars or emergency vehicles may; steps never. A road
 * narrower than 2 m (a gang), lower than 2.5 m or that bears less than 3 t is
 * not driven.
 *
 * Direction. oneway with its emergency and motor-vehicle variants; roundabouts
 * and motorways are one-way unless said otherwise; "reversible" roads, whose
 * direction of the hour is not in the map, are not driven; "alternating" ones
 * are driven both ways.
 *
 * Caveats: conditional tags (times of day) are ignored. Areas (area=yes) are not
 * roads. Thread-safe.
 */
#ifndef SGP_ROUTE_OSM_ROADS_H
#define SGP_ROUTE_OSM_ROADS_H

#include "route/osm_pbf.h"
#include "sigap/graph.h"

typedef struct sgp_osm_road {
    sgp_road_class road_class;
    uint8_t flags; /* SGP_EDGE_ROUNDABOUT, _LINK, _RESTRICTED */
    bool forward;  /* may be driven in the order of its nodes */
    bool backward;
    uint8_t forward_km_h; /* 5 .. 130; the ambulance's mean, not the limit; 0 where not driven */
    uint8_t backward_km_h;
    const char *name; /* borrowed from the tags: name, else ref, else "" */
} sgp_osm_road;

/* True when an ambulance may drive the way in at least one direction; then
 * `road` is filled. */
bool sgp_osm_road_read(sgp_osm_tags tags, sgp_osm_road *road);

/* A node on a road. */
typedef struct sgp_osm_spot {
    bool blocks;         /* no car passes: a bollard, a block, ... */
    bool gate;           /* passes, but is a gate or a lift barrier */
    uint16_t forward_ms; /* time lost when arriving in the order of the way's nodes */
    uint16_t backward_ms;
} sgp_osm_spot;

/* All zero for a node without meaning. */
sgp_osm_spot sgp_osm_spot_read(sgp_osm_tags tags);

/* What a relation says about turns, to an ambulance. */
typedef enum sgp_osm_turn {
    SGP_OSM_TURN_NONE,           /* not a turn restriction */
    SGP_OSM_TURN_NO,             /* no_left_turn, no_entry, ... */
    SGP_OSM_TURN_ONLY,           /* only_straight_on, ... */
    SGP_OSM_TURN_EXEMPT,         /* except=emergency and the like */
    SGP_OSM_TURN_CONDITIONAL,    /* holds at some hours only */
    SGP_OSM_TURN_OTHER_VEHICLES, /* for lorries, buses, ... only */
    SGP_OSM_TURN_UNKNOWN         /* a restriction with a value we do not know */
} sgp_osm_turn;
sgp_osm_turn sgp_osm_turn_read(sgp_osm_tags tags);

/* Mean speed in km/h of a road of `road_class`, from class, limit, surface and
 * width; `direction` is "forward" or "backward". See the tables for the figures. */
uint8_t sgp_osm_speed_km_h(sgp_osm_tags tags, sgp_road_class road_class, bool link, bool two_way,
                           const char *direction);

/* The speed on a private road: half, for gates, parked cars and searching. 0 stays 0. */
uint8_t sgp_osm_restricted_km_h(uint8_t km_h);

/* A length in metres ("2", "2.5 m", "7'6\"", "8 ft"); negative when unreadable. */
double sgp_osm_length_m(const char *text);

/* The time over `length_mm` at `km_h` in ms, rounded, at least 1. */
int32_t sgp_osm_travel_ms(double length_mm, uint8_t km_h);

/* Whether people drive on the left at `point`: boxes around the countries that do. */
bool sgp_osm_drives_left(sgp_point point);

#endif
