#include "route/osm_roads.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- access ---- */

static const struct {
    const char *value;
    sgp_osm_access level;
} access_values[] = {
    {"yes", SGP_OSM_ACCESS_YES},
    {"permissive", SGP_OSM_ACCESS_YES},
    {"designated", SGP_OSM_ACCESS_YES},
    {"official", SGP_OSM_ACCESS_YES},
    {"destination", SGP_OSM_ACCESS_YES},
    {"customers", SGP_OSM_ACCESS_YES},
    {"delivery", SGP_OSM_ACCESS_YES},
    {"public", SGP_OSM_ACCESS_YES},
    {"private", SGP_OSM_ACCESS_PRIVATE},
    {"permit", SGP_OSM_ACCESS_PRIVATE},
    {"residents", SGP_OSM_ACCESS_PRIVATE},
    {"employees", SGP_OSM_ACCESS_PRIVATE},
    {"staff", SGP_OSM_ACCESS_PRIVATE},
    {"military", SGP_OSM_ACCESS_PRIVATE},
    {"agricultural", SGP_OSM_ACCESS_PRIVATE},
    {"forestry", SGP_OSM_ACCESS_PRIVATE},
    {"no", SGP_OSM_ACCESS_NO},
    {"use_sidepath", SGP_OSM_ACCESS_NO},
    {"bus", SGP_OSM_ACCESS_NO},
    {"psv", SGP_OSM_ACCESS_NO},
};

sgp_osm_access sgp_osm_access_value(const char *value) {
    for (size_t i = 0; value && i < sizeof access_values / sizeof *access_values; i++) {
        if (strcmp(access_values[i].value, value) == 0)
            return access_values[i].level;
    }
    return SGP_OSM_ACCESS_UNSAID;
}

sgp_osm_access sgp_osm_access_of(sgp_osm_tags tags, const sgp_profile_words *words,
                                 const char *suffix) {
    for (uint32_t i = 0; i < words->n; i++) {
        char key[SGP_PROFILE_WORD + 16];
        snprintf(key, sizeof key, "%s%s", words->list[i], suffix);
        sgp_osm_access level = sgp_osm_access_value(sgp_osm_tag_value(tags, key));
        if (level != SGP_OSM_ACCESS_UNSAID)
            return level;
    }
    return SGP_OSM_ACCESS_UNSAID;
}

bool sgp_osm_opened_to(sgp_osm_tags tags, const sgp_profile_words *words) {
    for (uint32_t i = 0; i + 1 < words->n; i++) {
        sgp_osm_access level = sgp_osm_access_value(sgp_osm_tag_value(tags, words->list[i]));
        if (level != SGP_OSM_ACCESS_UNSAID)
            return level != SGP_OSM_ACCESS_NO;
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
    bool for_cars; /* otherwise only where it is opened */
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

bool sgp_osm_road_read(sgp_osm_tags tags, sgp_osm_road *road) {
    const road_kind *kind = kind_of(tags);
    if (!kind || tag_is(tags, "area", "yes"))
        return false;
    *road = (sgp_osm_road){.road_class = kind->road_class,
                           .link = kind->link,
                           .for_cars = kind->for_cars,
                           .roundabout = tag_is(tags, "junction", "roundabout") ||
                                         tag_is(tags, "junction", "circular"),
                           .highway = kind->highway,
                           .name = sgp_osm_tag_value(tags, "name")};
    if (!road->name)
        road->name = sgp_osm_tag_value(tags, "ref");
    if (!road->name)
        road->name = "";
    return true;
}

/* ---- what a way is to a vehicle ---- */

/* Whether any of `keys` gives a measure, as `read` reads it, below `bound`, which is in
 * hundredths or thousandths (`parts`) of the measure's unit; 0 = does not matter. */
static bool below(sgp_osm_tags tags, const char *const *keys, size_t n,
                  double (*read)(const char *), double parts, uint32_t bound) {
    for (size_t i = 0; bound > 0 && i < n; i++) {
        const char *text = sgp_osm_tag_value(tags, keys[i]);
        double value = text ? read(text) : -1;
        if (value >= 0 && value * parts < bound)
            return true;
    }
    return false;
}

static bool too_small(sgp_osm_tags tags, const sgp_vehicle *vehicle) {
    static const char *const widths[] = {"width", "est_width", "maxwidth", "maxwidth:physical"};
    static const char *const heights[] = {"maxheight", "maxheight:physical"};
    static const char *const weights[] = {"maxweight"};
    return below(tags, widths, sizeof widths / sizeof *widths, sgp_osm_length_m, 100,
                 vehicle->width_cm) ||
           below(tags, heights, sizeof heights / sizeof *heights, sgp_osm_length_m, 100,
                 vehicle->height_cm) ||
           below(tags, weights, sizeof weights / sizeof *weights, sgp_osm_weight_t, 1000,
                 vehicle->weight_kg);
}

/* What one oneway value says: the directions it allows, or NOT_A_DIRECTION. */
enum { NOT_A_DIRECTION = 8 };
static int directions_of(const char *value, int otherwise) {
    static const struct {
        const char *value;
        int directions;
    } values[] = {
        {"-1", SGP_OSM_BACKWARD},
        {"reverse", SGP_OSM_BACKWARD},
        {"reversible", 0},
    };
    static const char *const yes[] = {"yes", "true", "1"};
    static const char *const no[] = {"no", "false", "0", "alternating"};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        if (strcmp(value, values[i].value) == 0)
            return values[i].directions;
    }
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
        if (strcmp(value, yes[i]) == 0)
            return otherwise & ~SGP_OSM_BACKWARD;
    }
    for (size_t i = 0; i < sizeof no / sizeof *no; i++) {
        if (strcmp(value, no[i]) == 0)
            return otherwise | SGP_OSM_BACKWARD;
    }
    return NOT_A_DIRECTION;
}

/* The directions that the law leaves to the vehicle. The last of its access words is
 * for everybody, and so is plain oneway. */
static int lawful_directions(sgp_osm_tags tags, const sgp_osm_road *road,
                             const sgp_vehicle *vehicle) {
    int directions = SGP_OSM_FORWARD | SGP_OSM_BACKWARD;
    if (road->roundabout || strcmp(road->highway, "motorway") == 0)
        directions = SGP_OSM_FORWARD;
    for (uint32_t i = 0; i < vehicle->access.n; i++) {
        char key[SGP_PROFILE_WORD + 16] = "oneway";
        if (i + 1 < vehicle->access.n)
            snprintf(key, sizeof key, "oneway:%s", vehicle->access.list[i]);
        const char *value = sgp_osm_tag_value(tags, key);
        int said = value ? directions_of(value, directions) : NOT_A_DIRECTION;
        if (said != NOT_A_DIRECTION) {
            directions = said;
            break; /* An unknown value leaves the word to the next key. */
        }
    }
    if (sgp_osm_access_of(tags, &vehicle->access, ":forward") == SGP_OSM_ACCESS_NO)
        directions &= ~SGP_OSM_FORWARD;
    if (sgp_osm_access_of(tags, &vehicle->access, ":backward") == SGP_OSM_ACCESS_NO)
        directions &= ~SGP_OSM_BACKWARD;
    return directions;
}

static bool may_go_against(const sgp_osm_road *road, const sgp_vehicle *vehicle) {
    return vehicle->against_percent > 0 && !road->roundabout && !road->link &&
           (vehicle->against_classes >> road->road_class & 1);
}

/* The direction that a vehicle may add to a one-way road against the law. */
static int against_directions(const sgp_osm_road *road, int lawful, const sgp_vehicle *vehicle) {
    return may_go_against(road, vehicle) &&
                   (lawful == SGP_OSM_FORWARD || lawful == SGP_OSM_BACKWARD)
               ? lawful ^ (SGP_OSM_FORWARD | SGP_OSM_BACKWARD)
               : 0;
}

/* The directions that oneway:conditional adds to `lawful` at some hours; the minutes at
 * which a direction is closed go into `closing`. Who may drive against a one-way road
 * needs no hours for it. */
static int directions_by_hours(sgp_osm_tags tags, const sgp_osm_road *road, int lawful,
                               const sgp_vehicle *vehicle, sgp_osm_closing *closing) {
    const char *text = NULL;
    for (uint32_t i = 0; !text && i < vehicle->access.n; i++) {
        char key[SGP_PROFILE_WORD + 24] = "oneway:conditional";
        if (i + 1 < vehicle->access.n)
            snprintf(key, sizeof key, "oneway:%s:conditional", vehicle->access.list[i]);
        text = sgp_osm_tag_value(tags, key);
    }
    if (!text || lawful == 0 || may_go_against(road, vehicle))
        return lawful;
    uint8_t open[SGP_WEEK_MINUTES];
    memset(open, lawful, sizeof open);
    int ever = lawful;
    const char *value;
    size_t length;
    sgp_osm_week week;
    sgp_osm_hours reason;
    while (sgp_osm_clause_next(&text, &value, &length, &week, &closing->holidays, &reason)) {
        char word[SGP_PROFILE_WORD] = "";
        memcpy(word, value, length < sizeof word ? length : 0);
        int said = directions_of(word, SGP_OSM_FORWARD | SGP_OSM_BACKWARD);
        if (reason == SGP_OSM_HOURS_READ && said == NOT_A_DIRECTION)
            reason = SGP_OSM_HOURS_MALFORMED;
        if (reason != SGP_OSM_HOURS_READ) {
            closing->unread = reason;
            continue;
        }
        ever |= said;
        for (size_t i = 0; i < SGP_WEEK_MINUTES; i++)
            open[i] = week.minutes[i] ? (uint8_t)said : open[i];
    }
    for (size_t i = 0; i < SGP_WEEK_MINUTES; i++) {
        closing->forward.minutes[i] |= !(open[i] & SGP_OSM_FORWARD);
        closing->backward.minutes[i] |= !(open[i] & SGP_OSM_BACKWARD);
    }
    return ever;
}

sgp_osm_drive sgp_osm_drive_read(sgp_osm_tags tags, const sgp_osm_road *road,
                                 const sgp_vehicle *vehicle, sgp_osm_closing *closing) {
    sgp_osm_drive drive = {0, 0, 0, 0, 0, 0};
    sgp_osm_access always = sgp_osm_access_of(tags, &vehicle->access, "");
    bool open = road->for_cars || sgp_osm_opened_to(tags, &vehicle->access) ||
                sgp_profile_has_word(&vehicle->also_on, road->highway);
    sgp_osm_access access = sgp_osm_access_by_hours(tags, &vehicle->access, !open, closing);
    open = open || (access == SGP_OSM_ACCESS_YES && always != SGP_OSM_ACCESS_YES);
    if (!open || access == SGP_OSM_ACCESS_NO || too_small(tags, vehicle) ||
        (access == SGP_OSM_ACCESS_PRIVATE && vehicle->private_percent == 0))
        return drive;
    int lawful = lawful_directions(tags, road, vehicle);
    int against = against_directions(road, lawful, vehicle);
    if (!against)
        lawful |= directions_by_hours(tags, road, lawful, vehicle, closing);
    bool two_way = lawful == (SGP_OSM_FORWARD | SGP_OSM_BACKWARD);
    static const char *const names[] = {
        [SGP_OSM_FORWARD] = "forward", [SGP_OSM_BACKWARD] = "backward"};
    for (int direction = SGP_OSM_FORWARD; direction <= SGP_OSM_BACKWARD; direction++) {
        if (!((lawful | against) & direction))
            continue;
        uint8_t km_h = sgp_osm_speed_km_h(tags, road, two_way, names[direction], vehicle);
        if (access == SGP_OSM_ACCESS_PRIVATE)
            km_h = sgp_osm_share_km_h(km_h, vehicle->private_percent, vehicle);
        if (against & direction)
            km_h = sgp_osm_share_km_h(km_h, vehicle->against_percent, vehicle);
        *(direction == SGP_OSM_FORWARD ? &drive.forward_km_h : &drive.backward_km_h) = km_h;
    }
    bool driven = drive.forward_km_h || drive.backward_km_h;
    drive.is_private = driven && access == SGP_OSM_ACCESS_PRIVATE;
    drive.against = driven ? (uint8_t)against : 0;
    return drive;
}

/* ---- nodes ---- */

static const struct {
    const char *key, *value;
    size_t cost; /* offset of the figure in sgp_vehicle */
} spot_costs[] = {
    {"highway", "traffic_signals", offsetof(sgp_vehicle, signals_ms)},
    {"railway", "level_crossing", offsetof(sgp_vehicle, level_crossing_ms)},
    {"barrier", "toll_booth", offsetof(sgp_vehicle, toll_booth_ms)},
    {"traffic_calming", "bump", offsetof(sgp_vehicle, hump_ms)},
    {"traffic_calming", "hump", offsetof(sgp_vehicle, hump_ms)},
    {"traffic_calming", "table", offsetof(sgp_vehicle, hump_ms)},
    {"traffic_calming", "yes", offsetof(sgp_vehicle, hump_ms)},
};

static uint32_t cost_of(const sgp_vehicle *vehicle, size_t offset) {
    uint32_t ms;
    memcpy(&ms, (const char *)vehicle + offset, sizeof ms);
    return ms;
}

/* The opening hours of a gate that lets people through at all, or of a level crossing. */
static void close_by_opening_hours(sgp_osm_tags tags, sgp_osm_closing *closing) {
    const char *text = sgp_osm_tag_value(tags, "opening_hours");
    sgp_osm_week week;
    if (!text)
        return;
    sgp_osm_hours reason = sgp_osm_hours_read(text, strlen(text), &week, &closing->holidays);
    if (reason != SGP_OSM_HOURS_READ) {
        closing->unread = reason;
        return;
    }
    for (size_t i = 0; i < SGP_WEEK_MINUTES; i++)
        closing->forward.minutes[i] |= !week.minutes[i];
}

sgp_osm_spot sgp_osm_spot_read(sgp_osm_tags tags, const sgp_vehicle *vehicle,
                               sgp_osm_closing *closing) {
    sgp_osm_spot spot = {false, false, 0, 0, 0};
    if (tags.count == 0)
        return spot;
    uint32_t cost_ms = 0;
    for (size_t i = 0; i < sizeof spot_costs / sizeof *spot_costs; i++) {
        if (tag_is(tags, spot_costs[i].key, spot_costs[i].value))
            cost_ms += cost_of(vehicle, spot_costs[i].cost);
    }
    const char *barrier = sgp_osm_tag_value(tags, "barrier");
    sgp_barrier_effect effect = sgp_profile_barrier(&vehicle->barriers, barrier);
    if (barrier) {
        /* Access tags of a node without a barrier describe something else, e.g. a shop. */
        sgp_osm_access always = sgp_osm_access_of(tags, &vehicle->access, "");
        sgp_osm_access access =
            sgp_osm_access_by_hours(tags, &vehicle->access, effect == SGP_BARRIER_BLOCKS, closing);
        if (access == SGP_OSM_ACCESS_NO)
            effect = SGP_BARRIER_BLOCKS;
        else if (effect == SGP_BARRIER_BLOCKS && access == SGP_OSM_ACCESS_YES && access != always)
            effect = SGP_BARRIER_PASSES;
        else if (effect == SGP_BARRIER_BLOCKS && sgp_osm_opened_to(tags, &vehicle->access))
            effect = SGP_BARRIER_PASSES;
    }
    spot.blocks = effect == SGP_BARRIER_BLOCKS;
    spot.gate = effect == SGP_BARRIER_GATE;
    if (spot.gate || (effect == SGP_BARRIER_PASSES && tag_is(tags, "railway", "level_crossing")))
        close_by_opening_hours(tags, closing);
    if (spot.gate)
        cost_ms += tag_is(tags, "locked", "yes") ? vehicle->locked_gate_ms : vehicle->gate_ms;

    const char *direction = sgp_osm_tag_value(tags, "traffic_signals:direction");
    if (!direction)
        direction = sgp_osm_tag_value(tags, "direction");
    if (!direction || strcmp(direction, "backward") != 0)
        spot.forward_ms = cost_ms;
    if (!direction || strcmp(direction, "forward") != 0)
        spot.backward_ms = cost_ms;
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

sgp_osm_turn sgp_osm_turn_read(sgp_osm_tags tags, const sgp_vehicle *vehicle) {
    if (!tag_is(tags, "type", "restriction"))
        return SGP_OSM_TURN_NONE;
    const char *except = sgp_osm_tag_value(tags, "except");
    for (uint32_t i = 0; except && i + 1 < vehicle->access.n; i++) {
        if (lists(except, vehicle->access.list[i]))
            return SGP_OSM_TURN_EXEMPT;
    }
    for (uint32_t i = 0; i < vehicle->access.n; i++) {
        char key[SGP_PROFILE_WORD + 16] = "restriction";
        if (i + 1 < vehicle->access.n)
            snprintf(key, sizeof key, "restriction:%s", vehicle->access.list[i]);
        const char *value = sgp_osm_tag_value(tags, key);
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
