/* What OpenStreetMap tags mean to a vehicle: which ways it may drive, in which
 * direction, how fast, and what a node on the way costs it.
 *
 * Everything here is a pure function of tags and of a vehicle from profiles.conf;
 * OSM's own vocabulary stands in tables in osm_roads.c.
 *
 * Who may drive. The most specific of the vehicle's access keys that says
 * something counts. "no" forbids; "private" and its like make a road slow and its
 * edge SGP_EDGE_RESTRICTED, never closed unless the profile says so, because a
 * patient may live there. Footways, paths, pedestrian streets and cycleways are
 * driven only when one of the specific keys or the profile opens them; steps never.
 * A road narrower or lower than the vehicle, or that bears less, is not driven.
 *
 * Direction. oneway with its variants for the vehicle; roundabouts and motorways
 * are one-way unless said otherwise; "reversible" roads, whose direction of the
 * hour is not in the map, are not driven; "alternating" ones are driven both ways.
 * A vehicle that may (lights and siren) drives against a one-way road, slowly.
 *
 * Caveat: areas (area=yes) are not roads. Thread-safe.
 */
#ifndef SGP_ROUTE_OSM_ROADS_H
#define SGP_ROUTE_OSM_ROADS_H

#include "route/osm_hours.h"
#include "route/osm_pbf.h"
#include "route/profile.h"
#include "sigap/graph.h"

typedef enum sgp_osm_access {
    SGP_OSM_ACCESS_UNSAID,
    SGP_OSM_ACCESS_YES,
    SGP_OSM_ACCESS_PRIVATE,
    SGP_OSM_ACCESS_NO
} sgp_osm_access;

/* What a value of an access tag says; NULL is UNSAID. */
sgp_osm_access sgp_osm_access_value(const char *value);

/* What the first of the keys `words` + `suffix` says that says something known; `suffix`
 * is "", ":forward" or ":backward". */
sgp_osm_access sgp_osm_access_of(sgp_osm_tags tags, const sgp_profile_words *words,
                                 const char *suffix);

/* What conditional tags close and open by hours. */
typedef struct sgp_osm_closing {
    sgp_osm_week forward, backward; /* closed minutes; a node has the same in both */
    bool holidays;                  /* PH or SH was skipped somewhere */
    sgp_osm_hours unread;           /* why a clause was left out; READ = none was */
} sgp_osm_closing;

/* Access as `words` and their :conditional tags say it. Whatever is open at any hour
 * is open here, and its closed minutes are set in `closing`; what is closed at every hour
 * is NO. What is closed `by_nature` (a pedestrian street, a bollard) is opened by clauses that
 * open it, at their hours; clauses that only close it say that it is open otherwise. Clauses
 * that cannot be read are left out. */
sgp_osm_access sgp_osm_access_by_hours(sgp_osm_tags tags, const sgp_profile_words *words,
                                       bool by_nature, sgp_osm_closing *closing);

/* Whether any tag is conditional, or opening hours. */
bool sgp_osm_has_hours(sgp_osm_tags tags);

/* Whether tags open what is closed by its nature. What is said of everybody, the last of
 * `words`, does not: on a footway access=yes speaks of feet. */
bool sgp_osm_opened_to(sgp_osm_tags tags, const sgp_profile_words *words);

/* What a way is, whoever drives it. */
typedef struct sgp_osm_road {
    sgp_road_class road_class;
    bool link;
    bool roundabout;
    bool for_cars;       /* by its nature; otherwise only where it is opened */
    const char *highway; /* borrowed, like the name; "" for a ferry */
    const char *name;    /* name, else ref, else "" */
} sgp_osm_road;

/* False when the way is no road and never will be. */
bool sgp_osm_road_read(sgp_osm_tags tags, sgp_osm_road *road);

enum { SGP_OSM_FORWARD = 1, SGP_OSM_BACKWARD = 2 };

/* What a way is to one vehicle. */
typedef struct sgp_osm_drive {
    uint8_t forward_km_h; /* in the order of its nodes; 0 = not driven */
    uint8_t backward_km_h;
    uint8_t against; /* SGP_OSM_FORWARD | SGP_OSM_BACKWARD: driven against the law */
    uint8_t is_private;
    uint16_t forward_closed; /* hours, by their number in the network; 0 = never */
    uint16_t backward_closed;
} sgp_osm_drive;

/* All zero where the vehicle may not drive the way. `closing` takes the hours at which
 * conditional tags close it (all zero before the call). */
sgp_osm_drive sgp_osm_drive_read(sgp_osm_tags tags, const sgp_osm_road *road,
                                 const sgp_vehicle *vehicle, sgp_osm_closing *closing);

/* A node on a road, to one vehicle. */
typedef struct sgp_osm_spot {
    bool blocks;         /* does not pass: a bollard, a block, ... */
    bool gate;           /* passes, but is a gate or a lift barrier */
    uint16_t closed;     /* hours, by their number in the network; 0 = never */
    uint32_t forward_ms; /* time lost when arriving in the order of the way's nodes */
    uint32_t backward_ms;
} sgp_osm_spot;

/* All zero for a node without meaning. `closing` takes the hours at which nobody passes:
 * conditional access, and the opening hours of gates and level crossings. */
sgp_osm_spot sgp_osm_spot_read(sgp_osm_tags tags, const sgp_vehicle *vehicle,
                               sgp_osm_closing *closing);

/* Metres an hour on foot; 0 = not walked. */
uint32_t sgp_osm_walk_m_h(sgp_osm_tags tags, const sgp_walking *walking);

/* Whether a node stops people on foot. */
bool sgp_osm_stops_walking(sgp_osm_tags tags, const sgp_walking *walking);

/* What a relation says about turns, to a vehicle. */
typedef enum sgp_osm_turn {
    SGP_OSM_TURN_NONE,           /* not a turn restriction */
    SGP_OSM_TURN_NO,             /* no_left_turn, no_entry, ... */
    SGP_OSM_TURN_ONLY,           /* only_straight_on, ... */
    SGP_OSM_TURN_EXEMPT,         /* except=emergency and the like */
    SGP_OSM_TURN_CONDITIONAL,    /* holds at some hours only */
    SGP_OSM_TURN_OTHER_VEHICLES, /* for lorries, buses, ... only */
    SGP_OSM_TURN_UNKNOWN         /* a restriction with a value we do not know */
} sgp_osm_turn;
sgp_osm_turn sgp_osm_turn_read(sgp_osm_tags tags, const sgp_vehicle *vehicle);

/* The next clause of a restriction that holds at some hours only: those of the first of the
 * vehicle's conditional keys that is there. `*at` is NULL before the first call. NONE at
 * the end; UNKNOWN with a reason for a clause that cannot be read. */
sgp_osm_turn sgp_osm_turn_clause(sgp_osm_tags tags, const sgp_vehicle *vehicle, const char **at,
                                 sgp_osm_week *week, bool *holidays, sgp_osm_hours *reason);

/* Mean speed in km/h of `vehicle` on a road, from class, limit, surface and width;
 * `direction` is "forward" or "backward". 0 = not driven, for its surface. */
uint8_t sgp_osm_speed_km_h(sgp_osm_tags tags, const sgp_osm_road *road, bool two_way,
                           const char *direction, const sgp_vehicle *vehicle);

/* `percent` of a speed, not below the vehicle's slowest. 0 stays 0. */
uint8_t sgp_osm_share_km_h(uint8_t km_h, uint32_t percent, const sgp_vehicle *vehicle);

/* A length in metres ("2", "2.5 m", "2,5", "7'6\"", "8 ft"); negative when unreadable. */
double sgp_osm_length_m(const char *text);

/* A weight in tonnes ("7.5", "3,5 t", "3500 kg", "8 st", "16000 lbs"); negative when
 * unreadable. */
double sgp_osm_weight_t(const char *text);

/* The time over `length_mm` at `km_h` in ms, rounded, at least 1. */
int32_t sgp_osm_travel_ms(double length_mm, uint8_t km_h);

/* Whether people drive on the left at `point`: boxes around the countries that do. */
bool sgp_osm_drives_left(sgp_point point);

#endif
