#include "serve/osrm_options.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sigap/graph.h"

static bool at_end(const sgp_osrm_reader *r) {
    return *r->at == '\0' || *r->at == '&';
}

static bool take_boolean(sgp_osrm_reader *r, bool *value) {
    if (sgp_osrm_take(r, "true"))
        *value = true;
    else if (sgp_osrm_take(r, "false"))
        *value = false;
    else
        return false;
    return true;
}

typedef struct named_value {
    const char *name;
    int value;
} named_value;

/* A name of the list, which ends with NULL; longer names before their beginnings. */
static bool take_name(sgp_osrm_reader *r, const named_value *names, int *value) {
    for (; names->name; names++)
        if (sgp_osrm_take(r, names->name)) {
            *value = names->value;
            return true;
        }
    return false;
}

/* ---- one value for each coordinate --------------------------------------------------- */

typedef bool (*take_element)(sgp_osrm_reader *r, sgp_osrm_coordinate *coordinate);

/* "element;;element": an empty one leaves what was. */
static bool read_each(sgp_osrm_reader *r, sgp_osrm_request *request, const char *what,
                      take_element take) {
    size_t i = 0;
    for (;; i++) {
        if (i < request->n_coordinates && *r->at != ';' && !at_end(r) &&
            !take(r, &request->coordinates[i]))
            return r->error->code ? false : sgp_osrm_malformed(r);
        if (i >= request->n_coordinates)
            r->at += strcspn(r->at, ";&");
        if (!sgp_osrm_take(r, ";"))
            break;
    }
    if (at_end(r) && i + 1 != request->n_coordinates)
        return sgp_osrm_fail(r->error, "InvalidOptions",
                             "Number of %s does not match number of coordinates", what);
    return true;
}

static bool take_bearing(sgp_osrm_reader *r, sgp_osrm_coordinate *c) {
    int64_t bearing, range;
    if (!sgp_osrm_take_integer(r, &bearing) || !sgp_osrm_take(r, ",") ||
        !sgp_osrm_take_integer(r, &range))
        return false;
    if (bearing > 360 || range > 180)
        return sgp_osrm_fail(r->error, "InvalidOptions",
                             "A bearing is 0 to 360 degrees and its range 0 to 180");
    c->has_bearing = true;
    c->bearing = (uint16_t)bearing;
    c->bearing_range = (uint16_t)range;
    return true;
}

static bool take_radius(sgp_osrm_reader *r, sgp_osrm_coordinate *c) {
    if (sgp_osrm_take(r, "unlimited")) {
        c->radius_m = INFINITY;
        return true;
    }
    if (!sgp_osrm_take_number(r, &c->radius_m))
        return false;
    return c->radius_m >= 0 ? true
                            : sgp_osrm_fail(r->error, "InvalidOptions", "A radius is not below 0");
}

static bool take_hint(sgp_osrm_reader *r, sgp_osrm_coordinate *c) {
    const char *begin = r->at;
    while (isalnum((unsigned char)*r->at) || *r->at == '-' || *r->at == '_' || *r->at == '=')
        r->at++;
    c->hint = begin; /* ends where its letters do */
    return r->at > begin;
}

static bool take_approach(sgp_osrm_reader *r, sgp_osrm_coordinate *c) {
    static const named_value names[] = {{"unrestricted", SGP_OSRM_UNRESTRICTED},
                                        {"curb", SGP_OSRM_CURB},
                                        {"opposite", SGP_OSRM_OPPOSITE},
                                        {NULL, 0}};
    int value;
    if (!take_name(r, names, &value))
        return false;
    c->approach = (sgp_osrm_approach)value;
    return true;
}

static bool take_time(sgp_osrm_reader *r, sgp_osrm_coordinate *c) {
    return sgp_osrm_take_integer(r, &c->time_s);
}

static bool read_bearings(sgp_osrm_reader *r, sgp_osrm_request *request) {
    return read_each(r, request, "bearings", take_bearing);
}
static bool read_radiuses(sgp_osrm_reader *r, sgp_osrm_request *request) {
    return read_each(r, request, "radiuses", take_radius);
}
static bool read_hints(sgp_osrm_reader *r, sgp_osrm_request *request) {
    return read_each(r, request, "hints", take_hint);
}
static bool read_approaches(sgp_osrm_reader *r, sgp_osrm_request *request) {
    return read_each(r, request, "approaches", take_approach);
}

static bool read_timestamps(sgp_osrm_reader *r, sgp_osrm_request *request) {
    request->has_times = true;
    for (size_t i = 0; i < request->n_coordinates; i++)
        request->coordinates[i].time_s = -1;
    if (!read_each(r, request, "timestamps", take_time))
        return false;
    for (size_t i = 0; i < request->n_coordinates; i++)
        if (request->coordinates[i].time_s < 0) /* none may be left out */
            return false;
    for (size_t i = 1; i < request->n_coordinates; i++)
        if (request->coordinates[i].time_s < request->coordinates[i - 1].time_s)
            return sgp_osrm_fail(r->error, "InvalidValue",
                                 "Timestamps need to be monotonically increasing.");
    return true;
}

/* ---- plain values ------------------------------------------------------------------------ */

static bool read_generate_hints(sgp_osrm_reader *r, sgp_osrm_request *request) {
    return take_boolean(r, &request->generate_hints);
}
static bool read_skip_waypoints(sgp_osrm_reader *r, sgp_osrm_request *request) {
    return take_boolean(r, &request->skip_waypoints);
}
static bool read_steps(sgp_osrm_reader *r, sgp_osrm_request *request) {
    return take_boolean(r, &request->steps);
}
static bool read_tidy(sgp_osrm_reader *r, sgp_osrm_request *request) {
    return take_boolean(r, &request->tidy);
}

static bool read_snapping(sgp_osrm_reader *r, sgp_osrm_request *request) {
    request->any_snapping = sgp_osrm_take(r, "any");
    return request->any_snapping || sgp_osrm_take(r, "default");
}

/* Classes that a request may leave out: those that the graph can tell apart. */
static bool read_exclude(sgp_osrm_reader *r, sgp_osrm_request *request) {
    request->without_classes = 0;
    do {
        size_t length = strcspn(r->at, ",&");
        int found = -1;
        for (int c = 0; c < SGP_ROAD_CLASSES; c++) {
            const char *name = c == SGP_ROAD_CONNECTOR ? "ferry" : sgp_road_class_str(c);
            if (strlen(name) == length && strncmp(r->at, name, length) == 0)
                found = c;
        }
        if (length == 0)
            return false;
        if (found != SGP_ROAD_MOTORWAY && found != SGP_ROAD_CONNECTOR)
            return sgp_osrm_fail(r->error, "InvalidValue",
                                 "Exclude flag combination is not supported: motorway and ferry "
                                 "are.");
        request->without_classes |= 1u << found;
        r->at += length;
    } while (sgp_osrm_take(r, ","));
    return true;
}

static bool read_alternatives(sgp_osrm_reader *r, sgp_osrm_request *request) {
    bool wanted;
    int64_t number;
    if (take_boolean(r, &wanted)) {
        request->alternatives = wanted ? 1 : 0;
        return true;
    }
    if (!sgp_osrm_take_integer(r, &number))
        return false;
    request->alternatives = number < UINT32_MAX ? (uint32_t)number : UINT32_MAX;
    return true;
}

static bool read_annotations(sgp_osrm_reader *r, sgp_osrm_request *request) {
    static const named_value names[] = {{"duration", SGP_OSRM_DURATION},
                                        {"nodes", SGP_OSRM_NODES},
                                        {"distance", SGP_OSRM_DISTANCE},
                                        {"weight", SGP_OSRM_WEIGHT},
                                        {"speed", SGP_OSRM_SPEED},
                                        {"datasources", SGP_OSRM_DATASOURCES},
                                        {NULL, 0}};
    bool all;
    request->annotations = 0;
    if (request->service != SGP_OSRM_TABLE && take_boolean(r, &all)) {
        request->annotations = all ? SGP_OSRM_ALL : 0;
        return true;
    }
    do {
        int bit;
        const char *begin = r->at;
        if (!take_name(r, names, &bit))
            return false;
        if (request->service == SGP_OSRM_TABLE && bit != SGP_OSRM_DURATION &&
            bit != SGP_OSRM_DISTANCE) {
            r->at = begin;
            return false;
        }
        request->annotations |= (uint32_t)bit;
    } while (sgp_osrm_take(r, ","));
    return true;
}

static bool read_geometries(sgp_osrm_reader *r, sgp_osrm_request *request) {
    static const named_value names[] = {{"polyline6", SGP_OSRM_POLYLINE6},
                                        {"polyline", SGP_OSRM_POLYLINE},
                                        {"geojson", SGP_OSRM_GEOJSON},
                                        {NULL, 0}};
    int value = 0;
    if (!take_name(r, names, &value))
        return false;
    request->geometries = (sgp_osrm_geometries)value;
    return true;
}

static bool read_overview(sgp_osrm_reader *r, sgp_osrm_request *request) {
    static const named_value names[] = {{"simplified", SGP_OSRM_SIMPLIFIED},
                                        {"full", SGP_OSRM_FULL},
                                        {"false", SGP_OSRM_NO_OVERVIEW},
                                        {NULL, 0}};
    int value = 0;
    if (!take_name(r, names, &value))
        return false;
    request->overview = (sgp_osrm_overview)value;
    return true;
}

static bool read_continue_straight(sgp_osrm_reader *r, sgp_osrm_request *request) {
    request->continue_straight = true;
    return sgp_osrm_take(r, "default") || take_boolean(r, &request->continue_straight);
}

/* ---- lists of coordinates' numbers --------------------------------------------------------- */

static bool take_indices(sgp_osrm_reader *r, sgp_osrm_request *request, sgp_osrm_indices *list,
                         const char *what) {
    free(list->at);
    *list = (sgp_osrm_indices){.at = calloc(request->n_coordinates, sizeof *list->at)};
    if (!list->at)
        return sgp_osrm_fail(r->error, "InternalError", "No memory left");
    do {
        int64_t index;
        if (!sgp_osrm_take_integer(r, &index))
            return false;
        if (index >= (int64_t)request->n_coordinates)
            return sgp_osrm_fail(r->error, "InvalidOptions",
                                 "%s index %lld is not that of a coordinate", what,
                                 (long long)index);
        if (list->n == request->n_coordinates)
            return sgp_osrm_fail(r->error, "InvalidOptions", "More %s than coordinates", what);
        list->at[list->n++] = (uint32_t)index;
    } while (sgp_osrm_take(r, ";"));
    return true;
}

static bool read_sources(sgp_osrm_reader *r, sgp_osrm_request *request) {
    if (sgp_osrm_take(r, "all"))
        return request->sources.all = true;
    return take_indices(r, request, &request->sources, "sources");
}

static bool read_destinations(sgp_osrm_reader *r, sgp_osrm_request *request) {
    if (sgp_osrm_take(r, "all"))
        return request->destinations.all = true;
    return take_indices(r, request, &request->destinations, "destinations");
}

/* First and last are always among them, in order. */
static bool read_waypoints(sgp_osrm_reader *r, sgp_osrm_request *request) {
    sgp_osrm_indices *list = &request->waypoints;
    if (!take_indices(r, request, list, "waypoints"))
        return false;
    bool in_order = list->at[0] == 0 && list->at[list->n - 1] == request->n_coordinates - 1;
    for (size_t i = 1; i < list->n; i++)
        in_order = in_order && list->at[i] > list->at[i - 1];
    return in_order ? true
                    : sgp_osrm_fail(r->error, "InvalidValue",
                                    "First and last coordinates must be specified as waypoints, "
                                    "and all in order.");
}

/* ---- the rest of table, nearest and match -----------------------------------------------------
 */

static bool read_fallback_speed(sgp_osrm_reader *r, sgp_osrm_request *request) {
    if (!sgp_osrm_take_number(r, &request->fallback_speed))
        return false;
    return request->fallback_speed > 0
               ? true
               : sgp_osrm_fail(r->error, "InvalidOptions", "fallback_speed must be > 0");
}

static bool read_fallback_coordinate(sgp_osrm_reader *r, sgp_osrm_request *request) {
    request->fallback_from_input = sgp_osrm_take(r, "input");
    return request->fallback_from_input || sgp_osrm_take(r, "snapped");
}

static bool read_scale_factor(sgp_osrm_reader *r, sgp_osrm_request *request) {
    if (!sgp_osrm_take_number(r, &request->scale_factor))
        return false;
    return request->scale_factor > 0
               ? true
               : sgp_osrm_fail(r->error, "InvalidOptions", "scale_factor must be > 0");
}

static bool read_number(sgp_osrm_reader *r, sgp_osrm_request *request) {
    int64_t number;
    if (!sgp_osrm_take_integer(r, &number))
        return false;
    request->number = number < UINT32_MAX ? (uint32_t)number : UINT32_MAX;
    return number >= 1 ? true
                       : sgp_osrm_fail(r->error, "InvalidOptions", "number must be at least 1");
}

static bool read_gaps(sgp_osrm_reader *r, sgp_osrm_request *request) {
    request->ignore_gaps = sgp_osrm_take(r, "ignore");
    return request->ignore_gaps || sgp_osrm_take(r, "split");
}

/* ---- the table
 * ------------------------------------------------------------------------------------ */

enum {
    ROUTE = 1 << SGP_OSRM_ROUTE,
    TABLE = 1 << SGP_OSRM_TABLE,
    NEAREST = 1 << SGP_OSRM_NEAREST,
    MATCH = 1 << SGP_OSRM_MATCH,
    DRAWN = ROUTE | MATCH,
    EVERY = ROUTE | TABLE | NEAREST | MATCH
};

static const struct option {
    const char *name;
    unsigned services;
    bool (*read)(sgp_osrm_reader *r, sgp_osrm_request *request);
} options[] = {
    {"bearings=", EVERY, read_bearings},
    {"radiuses=", EVERY, read_radiuses},
    {"generate_hints=", EVERY, read_generate_hints},
    {"hints=", EVERY, read_hints},
    {"approaches=", EVERY, read_approaches},
    {"exclude=", EVERY, read_exclude},
    {"snapping=", EVERY, read_snapping},
    {"skip_waypoints=", EVERY, read_skip_waypoints},
    {"alternatives=", ROUTE, read_alternatives},
    {"continue_straight=", ROUTE, read_continue_straight},
    {"steps=", DRAWN, read_steps},
    {"annotations=", DRAWN | TABLE, read_annotations},
    {"geometries=", DRAWN, read_geometries},
    {"overview=", DRAWN, read_overview},
    {"waypoints=", DRAWN, read_waypoints},
    {"sources=", TABLE, read_sources},
    {"destinations=", TABLE, read_destinations},
    {"fallback_speed=", TABLE, read_fallback_speed},
    {"fallback_coordinate=", TABLE, read_fallback_coordinate},
    {"scale_factor=", TABLE, read_scale_factor},
    {"number=", NEAREST, read_number},
    {"timestamps=", MATCH, read_timestamps},
    {"gaps=", MATCH, read_gaps},
    {"tidy=", MATCH, read_tidy},
};

static bool read_option(sgp_osrm_reader *r, sgp_osrm_request *request) {
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++)
        if ((options[i].services & 1u << request->service) && sgp_osrm_take(r, options[i].name)) {
            if (options[i].read(r, request) && at_end(r))
                return true;
            return r->error->code ? false : sgp_osrm_malformed(r);
        }
    return sgp_osrm_malformed(r);
}

bool sgp_osrm_options_read(sgp_osrm_reader *r, sgp_osrm_request *request) {
    do {
        if (!read_option(r, request))
            return false;
    } while (sgp_osrm_take(r, "&"));
    return *r->at == '\0' ? true : sgp_osrm_malformed(r);
}
