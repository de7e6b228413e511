/* A request in the shape of OSRM's HTTP API, read from its URL:
 *
 *   /route/v1/driving/112.63,-7.97;112.61,-7.95.json?steps=true&bearings=90,20;
 *    |     |  |       |                               |
 *    |     |  profile coordinates, or polyline(...)   options: ';' between coordinates
 *    |     version
 *    service
 *
 * Reads shapes only: what is known, well formed and in its range. Bounds that a
 * deployment sets, and whatever needs a graph, are the services' own. Every part is
 * bounded; the text may come from anybody. OSRM.md lists every option.
 */
#ifndef SGP_SERVE_OSRM_URL_H
#define SGP_SERVE_OSRM_URL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sigap/geo.h"

enum {
    SGP_OSRM_URL_MAX = 64 * 1024, /* bytes */
    SGP_OSRM_COORDINATES_MAX = 5000,
    SGP_OSRM_PROFILE_BYTES = 32
};

typedef enum sgp_osrm_service {
    SGP_OSRM_ROUTE,
    SGP_OSRM_TABLE,
    SGP_OSRM_NEAREST,
    SGP_OSRM_MATCH,
    SGP_OSRM_TRIP,
    SGP_OSRM_TILE,
    SGP_OSRM_SERVICES
} sgp_osrm_service;
const char *sgp_osrm_service_str(sgp_osrm_service service);

/* Why a request is refused, or cannot be answered. */
typedef struct sgp_osrm_error {
    const char *code; /* "InvalidQuery"; NULL = no error. A literal */
    char message[160];
} sgp_osrm_error;
/* Fills the error and returns false, so that `return sgp_osrm_fail(...)` reads well. */
bool sgp_osrm_fail(sgp_osrm_error *error, const char *code, const char *format, ...)
    SGP_PRINTF(3, 4);

typedef enum sgp_osrm_approach {
    SGP_OSRM_UNRESTRICTED,
    SGP_OSRM_CURB,
    SGP_OSRM_OPPOSITE
} sgp_osrm_approach;

typedef struct sgp_osrm_coordinate {
    sgp_point point;
    bool has_bearing;
    uint16_t bearing, bearing_range; /* degrees */
    double radius_m;                 /* negative = not told; INFINITY = unlimited */
    sgp_osrm_approach approach;
    const char *hint; /* Base64; NULL = none. Into the request's text */
    int64_t time_s;   /* of a match */
} sgp_osrm_coordinate;

typedef enum sgp_osrm_geometries {
    SGP_OSRM_POLYLINE,
    SGP_OSRM_POLYLINE6,
    SGP_OSRM_GEOJSON
} sgp_osrm_geometries;

typedef enum sgp_osrm_overview {
    SGP_OSRM_SIMPLIFIED,
    SGP_OSRM_FULL,
    SGP_OSRM_NO_OVERVIEW
} sgp_osrm_overview;

/* Bits of annotations. */
enum {
    SGP_OSRM_DURATION = 1,
    SGP_OSRM_NODES = 2,
    SGP_OSRM_DISTANCE = 4,
    SGP_OSRM_WEIGHT = 8,
    SGP_OSRM_DATASOURCES = 16,
    SGP_OSRM_SPEED = 32,
    SGP_OSRM_ALL = 63 /* "true": whatever there is */
};

/* A list of numbers of coordinates. `all` where the option says so or is not there. */
typedef struct sgp_osrm_indices {
    uint32_t *at;
    size_t n;
    bool all;
} sgp_osrm_indices;

typedef struct sgp_osrm_request {
    sgp_osrm_service service;
    char profile[SGP_OSRM_PROFILE_BYTES];
    sgp_osrm_coordinate *coordinates;
    size_t n_coordinates;

    bool generate_hints, skip_waypoints, any_snapping;
    uint32_t without_classes; /* bit c: sgp_road_class c is excluded */

    uint32_t alternatives; /* routes wanted beside the best */
    bool steps;
    uint32_t annotations;
    sgp_osrm_geometries geometries;
    sgp_osrm_overview overview;
    bool continue_straight;
    sgp_osrm_indices waypoints; /* route and match */

    sgp_osrm_indices sources, destinations; /* table */
    double fallback_speed;                  /* m/s; 0 = none */
    bool fallback_from_input;
    double scale_factor;

    uint32_t number; /* nearest */

    bool has_times, ignore_gaps, tidy; /* match */

    char *text; /* the decoded URL, which hints point into */
} sgp_osrm_request;

/* True where the path has the form of such a request, of whatever service: it then gets
 * an answer of this API and not a 404. */
bool sgp_osrm_url_is(const char *uri);

/* False: `error` says why, with the code that OSRM uses; the request then holds nothing.
 * Release with sgp_osrm_request_free. */
bool sgp_osrm_url_parse(const char *uri, sgp_osrm_request *request, sgp_osrm_error *error);
void sgp_osrm_request_free(sgp_osrm_request *request);

#endif
