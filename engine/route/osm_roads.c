#include "route/osm_roads.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The smallest road for an ambulance of common size (a Hiace on its chassis). */
static const double narrowest_m = 2.0, lowest_m = 2.5, lightest_t = 3.0;

enum {
    SIGNAL_MS = 5000,       /* with lights and siren, slowing to look */
    GATE_MS = 10000,        /* somebody opens, or it is open and narrow */
    LOCKED_GATE_MS = 40000, /* somebody must be found */
    TOLL_MS = 8000,
    RAIL_CROSSING_MS = 6000, /* mean over open and closed */
    HUMP_MS = 1500           /* a patient on board */
};

/* ---- access ---- */

typedef enum access_level { ACCESS_UNSAID, ACCESS_YES, ACCESS_PRIVATE, ACCESS_NO } access_level;

static const struct {
    const char *value;
    access_level level;
} access_values[] = {
    {"yes", ACCESS_YES},
    {"permissive", ACCESS_YES},
    {"designated", ACCESS_YES},
    {"official", ACCESS_YES},
    {"destination", ACCESS_YES},
    {"customers", ACCESS_YES},
    {"delivery", ACCESS_YES},
    {"public", ACCESS_YES},
    {"private", ACCESS_PRIVATE},
    {"permit", ACCESS_PRIVATE},
    {"residents", ACCESS_PRIVATE},
    {"employees", ACCESS_PRIVATE},
    {"staff", ACCESS_PRIVATE},
    {"military", ACCESS_PRIVATE},
    {"agricultural", ACCESS_PRIVATE},
    {"forestry", ACCESS_PRIVATE},
    {"no", ACCESS_NO},
    {"use_sidepath", ACCESS_NO},
    {"bus", ACCESS_NO},
    {"psv", ACCESS_NO},
};

/* From the most to the least specific for an ambulance. */
static const char *const access_keys[] = {"emergency", "motorcar", "motor_vehicle", "vehicle",
                                          "access"};

static access_level level_of(const char *value) {
    for (size_t i = 0; value && i < sizeof access_values / sizeof *access_values; i++) {
        if (strcmp(access_values[i].value, value) == 0)
            return access_values[i].level;
    }
    return ACCESS_UNSAID;
}

/* `suffix` is "" or ":forward" or ":backward". */
static access_level access_of(sgp_osm_tags tags, const char *suffix) {
    for (size_t i = 0; i < sizeof access_keys / sizeof *access_keys; i++) {
        char key[40];
        snprintf(key, sizeof key, "%s%s", access_keys[i], suffix);
        access_level level = level_of(sgp_osm_tag_value(tags, key));
        if (level != ACCESS_UNSAID)
            return level;
    }
    return ACCESS_UNSAID;
}

/* Tags that open what is closed to cars by its nature. A general access=yes does
 * not: on a footway it speaks of feet. */
static bool opened_to_cars(sgp_osm_tags tags) {
    for (size_t i = 0; i < 4; i++) {
        access_level level = level_of(sgp_osm_tag_value(tags, access_keys[i]));
        if (level != ACCESS_UNSAID)
            return level != ACCESS_NO;
    }
    return false;
}

static bool tag_is(sgp_osm_tags tags, const char *key, const char *value) {
    const char *found = sgp_osm_tag_value(tags, key);
    return found && strcmp(found, value) == 0;
}

/* ---- ways ---- */

typedef struct road_kind {
    const char *highway;
    sgp_road_class road_class;
    bool link;
    bool for_cars; /* otherwise only where opened_to_cars */
} road_kind;

static const road_kind road_kinds[] = {
    {"motorway", SGP_ROAD_MOTORWAY, false, true},
    {"motorway_link", SGP_ROAD_MOTORWAY, true, true},
    {"trunk", SGP_ROAD_TRUNK, false, true},
    {"trunk_link", SGP_ROAD_TRUNK, true, true},
    {"primary", SGP_ROAD_PRIMARY, false, true},
    {"primary_link", SGP_ROAD_PRIMARY, true, true},
    {"secondary", SGP_ROAD_SECONDARY, false, true},
    {"secondary_link", SGP_ROAD_SECONDARY, true, true},
    {"tertiary", SGP_ROAD_TERTIARY, false, true},
    {"tertiary_link", SGP_ROAD_TERTIARY, true, true},
    {"unclassified", SGP_ROAD_UNCLASSIFIED, false, true},
    {"road", SGP_ROAD_UNCLASSIFIED, false, true},
    {"residential", SGP_ROAD_RESIDENTIAL, false, true},
    {"living_street", SGP_ROAD_LIVING_STREET, false, true},
    {"service", SGP_ROAD_SERVICE, false, true},
    {"track", SGP_ROAD_TRACK, false, true},
    {"busway", SGP_ROAD_SERVICE, false, false},
    {"pedestrian", SGP_ROAD_SERVICE, false, false},
    {"footway", SGP_ROAD_SERVICE, false, false},
    {"path", SGP_ROAD_SERVICE, false, false},
    {"cycleway", SGP_ROAD_SERVICE, false, false},
    {"bridleway", SGP_ROAD_TRACK, false, false},
};
static const road_kind ferry = {"", SGP_ROAD_CONNECTOR, false, false};

static const road_kind *kind_of(sgp_osm_tags tags) {
    const char *highway = sgp_osm_tag_value(tags, "highway");
    for (size_t i = 0; highway && i < sizeof road_kinds / sizeof *road_kinds; i++) {
        if (strcmp(road_kinds[i].highway, highway) == 0)
            return &road_kinds[i];
    }
    return tag_is(tags, "route", "ferry") ? &ferry : NULL;
}

/* Whether any of `keys` gives a measure below `bound`. */
static bool below(sgp_osm_tags tags, const char *const *keys, size_t n, double bound) {
    for (size_t i = 0; i < n; i++) {
        const char *text = sgp_osm_tag_value(tags, keys[i]);
        double value = text ? sgp_osm_length_m(text) : -1;
        if (value >= 0 && value < bound)
            return true;
    }
    return false;
}

static bool too_small(sgp_osm_tags tags) {
    static const char *const widths[] = {"width", "est_width", "maxwidth", "maxwidth:physical"};
    static const char *const heights[] = {"maxheight", "maxheight:physical"};
    static const char *const weights[] = {"maxweight"};
    return below(tags, widths, sizeof widths / sizeof *widths, narrowest_m) ||
           below(tags, heights, sizeof heights / sizeof *heights, lowest_m) ||
           below(tags, weights, sizeof weights / sizeof *weights, lightest_t);
}

static void read_directions(sgp_osm_tags tags, sgp_osm_road *road, const char *highway) {
    static const char *const keys[] = {"oneway:emergency", "oneway:motorcar",
                                       "oneway:motor_vehicle", "oneway:vehicle", "oneway"};
    bool implied =
        (road->flags & SGP_EDGE_ROUNDABOUT) != 0 || (highway && strcmp(highway, "motorway") == 0);
    road->forward = true;
    road->backward = !implied;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const char *value = sgp_osm_tag_value(tags, keys[i]);
        if (!value)
            continue;
        if (strcmp(value, "yes") == 0 || strcmp(value, "true") == 0 || strcmp(value, "1") == 0) {
            road->backward = false;
        } else if (strcmp(value, "-1") == 0 || strcmp(value, "reverse") == 0) {
            road->forward = false;
            road->backward = true;
        } else if (strcmp(value, "no") == 0 || strcmp(value, "false") == 0 ||
                   strcmp(value, "0") == 0 || strcmp(value, "alternating") == 0) {
            road->backward = true;
        } else if (strcmp(value, "reversible") == 0) {
            road->forward = road->backward = false;
        } else {
            continue; /* Not a value we know: the next key may speak. */
        }
        break;
    }
    if (access_of(tags, ":forward") == ACCESS_NO)
        road->forward = false;
    if (access_of(tags, ":backward") == ACCESS_NO)
        road->backward = false;
}

bool sgp_osm_road_read(sgp_osm_tags tags, sgp_osm_road *road) {
    const road_kind *kind = kind_of(tags);
    if (!kind || (!kind->for_cars && !opened_to_cars(tags)) || tag_is(tags, "area", "yes"))
        return false;
    access_level access = access_of(tags, "");
    if (access == ACCESS_NO || too_small(tags) || tag_is(tags, "smoothness", "impassable"))
        return false;

    *road = (sgp_osm_road){.road_class = kind->road_class};
    if (kind->link)
        road->flags |= SGP_EDGE_LINK;
    if (access == ACCESS_PRIVATE)
        road->flags |= SGP_EDGE_RESTRICTED;
    if (tag_is(tags, "junction", "roundabout") || tag_is(tags, "junction", "circular"))
        road->flags |= SGP_EDGE_ROUNDABOUT;
    read_directions(tags, road, sgp_osm_tag_value(tags, "highway"));
    if (!road->forward && !road->backward)
        return false;

    bool two_way = road->forward && road->backward;
    if (road->forward)
        road->forward_km_h =
            sgp_osm_speed_km_h(tags, kind->road_class, kind->link, two_way, "forward");
    if (road->backward)
        road->backward_km_h =
            sgp_osm_speed_km_h(tags, kind->road_class, kind->link, two_way, "backward");
    if (road->flags & SGP_EDGE_RESTRICTED) {
        road->forward_km_h = sgp_osm_restricted_km_h(road->forward_km_h);
        road->backward_km_h = sgp_osm_restricted_km_h(road->backward_km_h);
    }
    road->name = sgp_osm_tag_value(tags, "name");
    if (!road->name)
        road->name = sgp_osm_tag_value(tags, "ref");
    if (!road->name)
        road->name = "";
    return true;
}

/* ---- nodes ---- */

typedef enum barrier_effect { PASSES, GATE, BLOCKS } barrier_effect;

static const struct {
    const char *barrier;
    barrier_effect effect;
} barriers[] = {
    {"bollard", BLOCKS},
    {"block", BLOCKS},
    {"jersey_barrier", BLOCKS},
    {"log", BLOCKS},
    {"cycle_barrier", BLOCKS},
    {"motorcycle_barrier", BLOCKS},
    {"bus_trap", BLOCKS},
    {"sump_buster", BLOCKS},
    {"turnstile", BLOCKS},
    {"full-height_turnstile", BLOCKS},
    {"kissing_gate", BLOCKS},
    {"stile", BLOCKS},
    {"horse_stile", BLOCKS},
    {"planter", BLOCKS},
    {"debris", BLOCKS},
    {"fence", BLOCKS},
    {"wall", BLOCKS},
    {"hedge", BLOCKS},
    {"ditch", BLOCKS},
    {"gate", GATE},
    {"lift_gate", GATE},
    {"swing_gate", GATE},
    {"sliding_gate", GATE},
    {"hampshire_gate", GATE},
    {"wicket_gate", BLOCKS},
    {"chain", GATE},
    {"rope", GATE},
    {"yes", GATE},
    {"spikes", GATE},
};

static barrier_effect effect_of(const char *barrier) {
    for (size_t i = 0; barrier && i < sizeof barriers / sizeof *barriers; i++) {
        if (strcmp(barriers[i].barrier, barrier) == 0)
            return barriers[i].effect;
    }
    return PASSES;
}

static const struct {
    const char *key, *value;
    uint16_t cost_ms;
} spot_costs[] = {
    {"highway", "traffic_signals", SIGNAL_MS}, {"railway", "level_crossing", RAIL_CROSSING_MS},
    {"barrier", "toll_booth", TOLL_MS},        {"traffic_calming", "bump", HUMP_MS},
    {"traffic_calming", "hump", HUMP_MS},      {"traffic_calming", "table", HUMP_MS},
    {"traffic_calming", "yes", HUMP_MS},
};

sgp_osm_spot sgp_osm_spot_read(sgp_osm_tags tags) {
    sgp_osm_spot spot = {0};
    if (tags.count == 0)
        return spot;
    int cost_ms = 0;
    for (size_t i = 0; i < sizeof spot_costs / sizeof *spot_costs; i++) {
        if (tag_is(tags, spot_costs[i].key, spot_costs[i].value))
            cost_ms += spot_costs[i].cost_ms;
    }
    const char *barrier = sgp_osm_tag_value(tags, "barrier");
    barrier_effect effect = effect_of(barrier);
    if (barrier) {
        /* Access tags of a node without a barrier describe something else, e.g. a shop. */
        access_level access = access_of(tags, "");
        if (access == ACCESS_NO)
            effect = BLOCKS;
        else if (effect == BLOCKS && opened_to_cars(tags))
            effect = PASSES;
    }
    spot.blocks = effect == BLOCKS;
    spot.gate = effect == GATE;
    if (spot.gate)
        cost_ms += tag_is(tags, "locked", "yes") ? LOCKED_GATE_MS : GATE_MS;

    const char *direction = sgp_osm_tag_value(tags, "traffic_signals:direction");
    if (!direction)
        direction = sgp_osm_tag_value(tags, "direction");
    if (!direction || strcmp(direction, "backward") != 0)
        spot.forward_ms = (uint16_t)cost_ms;
    if (!direction || strcmp(direction, "forward") != 0)
        spot.backward_ms = (uint16_t)cost_ms;
    return spot;
}

/* ---- turn restrictions ---- */

/* Whether `word` is one of the values in `list`, which are separated by semicolons. */
static bool lists(const char *list, const char *word) {
    size_t length = strlen(word);
    for (const char *at = list; at; at = strchr(at, ';'), at = at ? at + 1 : NULL) {
        at += strspn(at, " ");
        if (strncmp(at, word, length) == 0 && strchr("; ", at[length]))
            return true;
    }
    return false;
}

sgp_osm_turn sgp_osm_turn_read(sgp_osm_tags tags) {
    static const char *const keys[] = {"restriction:emergency", "restriction:motorcar",
                                       "restriction:motor_vehicle", "restriction:vehicle",
                                       "restriction"};
    static const char *const exempt[] = {"emergency", "motorcar", "motor_vehicle"};
    if (!tag_is(tags, "type", "restriction"))
        return SGP_OSM_TURN_NONE;
    const char *except = sgp_osm_tag_value(tags, "except");
    for (size_t i = 0; except && i < sizeof exempt / sizeof *exempt; i++) {
        if (lists(except, exempt[i]))
            return SGP_OSM_TURN_EXEMPT;
    }
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const char *value = sgp_osm_tag_value(tags, keys[i]);
        if (!value)
            continue;
        if (strncmp(value, "no_", 3) == 0)
            return SGP_OSM_TURN_NO;
        if (strncmp(value, "only_", 5) == 0)
            return SGP_OSM_TURN_ONLY;
        return strcmp(value, "none") == 0 ? SGP_OSM_TURN_EXEMPT : SGP_OSM_TURN_UNKNOWN;
    }
    for (size_t i = 0; i < tags.count; i++) {
        if (strncmp(tags.list[i].key, "restriction", 11) == 0)
            return strstr(tags.list[i].key, ":conditional") ? SGP_OSM_TURN_CONDITIONAL
                                                            : SGP_OSM_TURN_OTHER_VEHICLES;
    }
    return SGP_OSM_TURN_UNKNOWN;
}
