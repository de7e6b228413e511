#include "serve/osrm_url.h"

#include <ctype.h>
#include <event2/http.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "serve/osrm_options.h"
#include "serve/osrm_polyline.h"

static const char *const service_names[SGP_OSRM_SERVICES] = {"route", "table", "nearest",
                                                             "match", "trip",  "tile"};

const char *sgp_osrm_service_str(sgp_osrm_service service) {
    return (unsigned)service < SGP_OSRM_SERVICES ? service_names[service] : "?";
}

bool sgp_osrm_fail(sgp_osrm_error *error, const char *code, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    error->code = code;
    vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    return false;
}

bool sgp_osrm_take(sgp_osrm_reader *r, const char *text) {
    size_t length = strlen(text);
    if (strncmp(r->at, text, length) != 0)
        return false;
    r->at += length;
    return true;
}

bool sgp_osrm_take_number(sgp_osrm_reader *r, double *number) {
    size_t length = strspn(r->at, "0123456789.+-eE");
    char copy[48], *end;
    if (length == 0 || length >= sizeof copy)
        return false;
    memcpy(copy, r->at, length);
    copy[length] = '\0';
    *number = strtod(copy, &end);
    if (end == copy || !isfinite(*number))
        return false;
    r->at += end - copy;
    return true;
}

bool sgp_osrm_take_integer(sgp_osrm_reader *r, int64_t *number) {
    enum { DIGITS_MAX = 18 }; /* all of them fit */
    size_t digits = strspn(r->at, "0123456789");
    if (digits == 0 || digits > DIGITS_MAX)
        return false;
    *number = strtoll(r->at, NULL, 10);
    r->at += digits;
    return true;
}

bool sgp_osrm_malformed(sgp_osrm_reader *r) {
    return sgp_osrm_fail(r->error, "InvalidQuery", "Query string malformed close to position %td",
                         r->at - r->begin);
}

/* ---- the path ------------------------------------------------------------------- */

/* "/name/v1/profile/": fills what is before the coordinates. */
typedef struct path_head {
    const char *service;
    size_t service_length;
    int64_t version;
    const char *profile;
    size_t profile_length;
} path_head;

static bool take_head(sgp_osrm_reader *r, path_head *head) {
    if (!sgp_osrm_take(r, "/"))
        return false;
    head->service = r->at;
    while (islower((unsigned char)*r->at))
        r->at++;
    head->service_length = (size_t)(r->at - head->service);
    return head->service_length > 0 && sgp_osrm_take(r, "/v") &&
           sgp_osrm_take_integer(r, &head->version) && sgp_osrm_take(r, "/");
}

static bool take_profile(sgp_osrm_reader *r, path_head *head) {
    head->profile = r->at;
    while (isalnum((unsigned char)*r->at) || *r->at == '_' || *r->at == '-')
        r->at++;
    head->profile_length = (size_t)(r->at - head->profile);
    return head->profile_length > 0 && head->profile_length < SGP_OSRM_PROFILE_BYTES &&
           sgp_osrm_take(r, "/");
}

bool sgp_osrm_url_is(const char *uri) {
    sgp_osrm_error error;
    sgp_osrm_reader r = {uri, uri, &error};
    path_head head;
    return take_head(&r, &head);
}

static bool read_path(sgp_osrm_reader *r, sgp_osrm_request *request) {
    path_head head;
    if (!take_head(r, &head) || !take_profile(r, &head))
        return sgp_osrm_fail(r->error, "InvalidUrl", "URL string malformed close to position %td",
                             r->at - r->begin);
    if (head.version != 1)
        return sgp_osrm_fail(r->error, "InvalidVersion", "Only version v1 is known");
    memcpy(request->profile, head.profile, head.profile_length);
    for (int i = 0; i < SGP_OSRM_SERVICES; i++)
        if (strlen(service_names[i]) == head.service_length &&
            memcmp(service_names[i], head.service, head.service_length) == 0) {
            request->service = (sgp_osrm_service)i;
            return true;
        }
    return sgp_osrm_fail(r->error, "InvalidService", "Service %.*s not found!",
                         (int)(head.service_length < 32 ? head.service_length : 32), head.service);
}

/* ---- coordinates ------------------------------------------------------------------ */

static bool make_room(sgp_osrm_reader *r, sgp_osrm_request *request, size_t n) {
    if (n > SGP_OSRM_COORDINATES_MAX)
        return sgp_osrm_fail(r->error, "TooBig", "More than %d coordinates",
                             SGP_OSRM_COORDINATES_MAX);
    request->coordinates = calloc(n, sizeof *request->coordinates);
    if (!request->coordinates)
        return sgp_osrm_fail(r->error, "InternalError", "No memory left");
    for (size_t i = 0; i < n; i++)
        request->coordinates[i].radius_m = -1;
    return true;
}

static bool read_list(sgp_osrm_reader *r, sgp_osrm_request *request) {
    size_t n = 1;
    for (const char *c = r->at; *c != '\0' && *c != '?'; c++)
        n += *c == ';';
    if (!make_room(r, request, n))
        return false;
    for (size_t i = 0; i < n; i++) {
        double lon, lat;
        const char *begin = r->at;
        if (!sgp_osrm_take_number(r, &lon) || !sgp_osrm_take(r, ",") ||
            !sgp_osrm_take_number(r, &lat) || (i + 1 < n && !sgp_osrm_take(r, ";")))
            return sgp_osrm_malformed(r);
        if (sgp_point_from_degrees(lon, lat, &request->coordinates[i].point) != SGP_OK)
            return sgp_osrm_fail(r->error, "InvalidValue",
                                 "Invalid coordinate value: %.40s is not lon,lat in degrees",
                                 begin);
        request->n_coordinates++;
    }
    return true;
}

static bool read_polyline(sgp_osrm_reader *r, sgp_osrm_request *request, int unit_e7) {
    const char *close = strchr(r->at, ')');
    if (!close)
        return sgp_osrm_malformed(r);
    size_t length = (size_t)(close - r->at);
    sgp_point *points = calloc(SGP_OSRM_COORDINATES_MAX, sizeof *points);
    size_t n = 0;
    if (!points)
        return sgp_osrm_fail(r->error, "InternalError", "No memory left");
    sgp_err err = sgp_polyline_decode(r->at, length, unit_e7, points, SGP_OSRM_COORDINATES_MAX, &n);
    bool good = true;
    if (err == SGP_E_TOO_LARGE)
        good =
            sgp_osrm_fail(r->error, "TooBig", "More than %d coordinates", SGP_OSRM_COORDINATES_MAX);
    else if (err == SGP_E_RANGE)
        good = sgp_osrm_fail(r->error, "InvalidValue", "Invalid coordinate value.");
    else if (err || n == 0)
        good = sgp_osrm_malformed(r);
    good = good && make_room(r, request, n);
    for (size_t i = 0; good && i < n; i++)
        request->coordinates[i].point = points[i];
    request->n_coordinates = good ? n : 0;
    r->at = close + 1;
    free(points);
    return good;
}

static bool read_coordinates(sgp_osrm_reader *r, sgp_osrm_request *request) {
    if (sgp_osrm_take(r, "polyline("))
        return read_polyline(r, request, SGP_POLYLINE_5);
    if (sgp_osrm_take(r, "polyline6("))
        return read_polyline(r, request, SGP_POLYLINE_6);
    return read_list(r, request);
}

/* ".json", or nothing. */
static bool read_format(sgp_osrm_reader *r) {
    if (sgp_osrm_take(r, ".flatbuffers"))
        return sgp_osrm_fail(r->error, "NotImplemented", "Answers are in json only");
    sgp_osrm_take(r, ".json");
    return *r->at == '\0' || *r->at == '?' ? true : sgp_osrm_malformed(r);
}

/* ---- the whole --------------------------------------------------------------------- */

static bool check_number_of_coordinates(const sgp_osrm_request *request, sgp_osrm_error *error) {
    if (request->service == SGP_OSRM_NEAREST && request->n_coordinates != 1)
        return sgp_osrm_fail(error, "InvalidOptions", "Only one input coordinate is supported");
    if (request->service != SGP_OSRM_NEAREST && request->n_coordinates < 2)
        return sgp_osrm_fail(error, "InvalidOptions",
                             "Number of coordinates needs to be at least two.");
    return true;
}

static char *decode(const char *uri, sgp_osrm_error *error) {
    if (strnlen(uri, SGP_OSRM_URL_MAX + 1) > SGP_OSRM_URL_MAX) {
        sgp_osrm_fail(error, "TooBig", "The URL has more than %d bytes", SGP_OSRM_URL_MAX);
        return NULL;
    }
    size_t length = 0;
    char *text = evhttp_uridecode(uri, 0, &length);
    if (text && strlen(text) == length)
        return text;
    sgp_osrm_fail(error, text ? "InvalidUrl" : "InternalError",
                  text ? "The URL holds a zero byte" : "No memory left");
    free(text);
    return NULL;
}

bool sgp_osrm_url_parse(const char *uri, sgp_osrm_request *out, sgp_osrm_error *error) {
    *error = (sgp_osrm_error){0};
    *out = (sgp_osrm_request){0};
    char *text = decode(uri, error);
    if (!text)
        return false;
    sgp_osrm_request request = {
        .text = text,
        .generate_hints = true,
        .continue_straight = true,
        .waypoints.all = true,
        .sources.all = true,
        .destinations.all = true,
        .scale_factor = 1,
        .number = 1,
    };
    sgp_osrm_reader r = {text, text, error};
    bool good = read_path(&r, &request);
    r.begin = r.at; /* positions that are told count from the coordinates */
    if (good && request.service >= SGP_OSRM_TRIP)
        good = sgp_osrm_fail(error, "NotImplemented", "The service %s is not there",
                             sgp_osrm_service_str(request.service));
    good = good && read_coordinates(&r, &request) && read_format(&r);
    if (good && sgp_osrm_take(&r, "?"))
        good = sgp_osrm_options_read(&r, &request);
    good = good && check_number_of_coordinates(&request, error);
    if (good)
        *out = request;
    else
        sgp_osrm_request_free(&request);
    return good;
}

void sgp_osrm_request_free(sgp_osrm_request *request) {
    free(request->coordinates);
    free(request->waypoints.at);
    free(request->sources.at);
    free(request->destinations.at);
    free(request->text);
    *request = (sgp_osrm_request){0};
}
