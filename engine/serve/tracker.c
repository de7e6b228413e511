#include "serve/tracker.h"

#include <ctype.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <jansson.h>
#include <math.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <time.h>

static const double kmh_of_knots = 1.852, kmh_of_metres = 3.6;

/* ---- pieces --------------------------------------------------------------------------------- */

static sgp_err take_id(const char *text, sgp_tracker_word *word, sgp_fault *fault) {
    if (text == NULL || *text == '\0')
        return sgp_fail(fault, SGP_E_FORMAT, "the tracker does not say who it is");
    if (strlen(text) >= sizeof word->id)
        return sgp_fail(fault, SGP_E_RANGE, "the tracker's name has more than %d bytes",
                        SGP_TRACKER_ID_BYTES - 1);
    memcpy(word->id, text, strlen(text) + 1);
    return SGP_OK;
}

static sgp_err take_point(double lon, double lat, sgp_tracker_word *word, sgp_fault *fault) {
    if (sgp_point_from_degrees(lon, lat, &word->fix.point) != SGP_OK)
        return sgp_fail(fault, SGP_E_RANGE, "%g,%g is not a point on the earth", lon, lat);
    return SGP_OK;
}

/* What makes no sense is not known; 0 and less mean that too. */
static void take_accuracy(double metres, sgp_fix *fix) {
    fix->accuracy_m = metres > 0 && metres < 100000 ? (int32_t)ceil(metres) : 0;
    if (metres >= 100000)
        fix->accuracy_m = 100000;
}

static void take_motion(double kmh, double degrees, sgp_fix *fix) {
    fix->speed_kmh = (int16_t)(kmh >= 0 && kmh <= 1000 ? lround(kmh) : -1);
    fix->heading_deg = (int16_t)(degrees >= 0 && degrees <= 360 ? lround(degrees) % 360 : -1);
}

static sgp_err take_ms(int64_t at_ms, sgp_tracker_word *word, sgp_fault *fault) {
    if (at_ms <= 0 || at_ms > INT64_MAX / 4)
        return sgp_fail(fault, SGP_E_RANGE, "the time of the position is no time");
    word->fix.at_ms = at_ms;
    return SGP_OK;
}

/* "2024-05-20T14:29:55.000+00:00", with 'Z' or without a zone (UTC). */
static sgp_err take_time(const char *text, sgp_tracker_word *word, sgp_fault *fault) {
    struct tm tm = {0};
    const char *rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
    double part = 0;
    int offset_s = 0;
    if (rest == NULL)
        rest = strptime(text, "%Y-%m-%d %H:%M:%S", &tm);
    if (rest != NULL && *rest == '.') {
        char *end;
        part = strtod(rest, &end);
        rest = end;
    }
    if (rest != NULL && (*rest == '+' || *rest == '-') && isdigit((unsigned char)rest[1])) {
        char *end;
        long zone = strtol(rest + 1, &end, 10);
        long hours = *end == ':' ? zone : zone / 100;
        long minutes = *end == ':' ? strtol(end + 1, &end, 10) : zone % 100;
        if (hours > 23 || minutes > 59 || minutes < 0)
            return sgp_fail(fault, SGP_E_FORMAT, "'%.40s' is not a time", text);
        offset_s = (int)(hours * 3600 + minutes * 60) * (*rest == '-' ? -1 : 1);
        rest = end;
    } else if (rest != NULL && *rest == 'Z') {
        rest++;
    }
    if (rest == NULL || *rest != '\0' || !(part >= 0 && part < 1))
        return sgp_fail(fault, SGP_E_FORMAT, "'%.40s' is not a time", text);
    return take_ms(((int64_t)timegm(&tm) - offset_s) * 1000 + lround(part * 1000), word, fault);
}

/* Seconds or milliseconds since 1970, or a date. */
static sgp_err take_stamp(const char *text, sgp_tracker_word *word, sgp_fault *fault) {
    char *end;
    double number = strtod(text, &end);
    if (end == text || *end != '\0')
        return take_time(text, word, fault);
    if (!(number > 0 && number < 1e15))
        return sgp_fail(fault, SGP_E_RANGE, "the time of the position is no time");
    return take_ms((int64_t)(number < 2147483648.0 ? number * 1000 : number), word, fault);
}

static double number_of(const json_t *object, const char *key, double missing) {
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : missing;
}

/* ---- JSON ------------------------------------------------------------------------------------ */

static sgp_err read_forwarded(const json_t *position, const json_t *device, sgp_tracker_word *word,
                              sgp_fault *fault) {
    const json_t *valid = json_object_get(position, "valid");
    const json_t *outdated = json_object_get(position, "outdated");
    sgp_err err = take_id(json_string_value(json_object_get(device, "uniqueId")), word, fault);
    word->valid = !json_is_false(valid) && !json_is_true(outdated);
    if (err != SGP_OK || !word->valid)
        return err;
    err = take_point(number_of(position, "longitude", NAN), number_of(position, "latitude", NAN),
                     word, fault);
    const char *at = json_string_value(json_object_get(position, "fixTime"));
    if (err == SGP_OK && at != NULL)
        err = take_time(at, word, fault);
    take_accuracy(number_of(position, "accuracy", 0), &word->fix);
    take_motion(number_of(position, "speed", -1) * kmh_of_knots, number_of(position, "course", -1),
                &word->fix);
    return err;
}

static sgp_err read_client(const json_t *location, const json_t *id, sgp_tracker_word *word,
                           sgp_fault *fault) {
    const json_t *coords = json_object_get(location, "coords");
    const json_t *at = json_object_get(location, "timestamp");
    sgp_err err = take_id(json_string_value(id), word, fault);
    word->valid = true;
    if (err == SGP_OK)
        err = take_point(number_of(coords, "longitude", NAN), number_of(coords, "latitude", NAN),
                         word, fault);
    if (err == SGP_OK && json_is_string(at))
        err = take_time(json_string_value(at), word, fault);
    else if (err == SGP_OK && json_is_number(at))
        err = json_number_value(at) > 0 && json_number_value(at) < 1e15
                  ? take_ms((int64_t)json_number_value(at), word, fault)
                  : take_ms(0, word, fault);
    take_accuracy(number_of(coords, "accuracy", 0), &word->fix);
    take_motion(number_of(coords, "speed", -1) * kmh_of_metres, number_of(coords, "heading", -1),
                &word->fix);
    return err;
}

static void begin(sgp_tracker_word *word) {
    *word = (sgp_tracker_word){.fix = {.speed_kmh = -1, .heading_deg = -1}};
}

sgp_err sgp_tracker_read_json(const char *text, size_t length, sgp_tracker_word *word,
                              sgp_fault *fault) {
    json_error_t why;
    begin(word);
    json_t *root = json_loadb(text, length, JSON_REJECT_DUPLICATES, &why);
    if (root == NULL)
        return sgp_fail(fault, SGP_E_FORMAT, "line %d: %.80s", why.line, why.text);
    const json_t *position = json_object_get(root, "position");
    const json_t *location = json_object_get(root, "location");
    sgp_err err =
        json_is_object(position)
            ? read_forwarded(position, json_object_get(root, "device"), word, fault)
        : json_is_object(location)
            ? read_client(location, json_object_get(root, "device_id"), word, fault)
            : sgp_fail(fault, SGP_E_FORMAT, "neither \"position\" nor \"location\" is there");
    json_decref(root);
    return err;
}

/* ---- parameters -------------------------------------------------------------------------------
 */

/* Both numbers or nothing of them. */
static bool read_pair(const char *text, double *first, double *second) {
    char *end;
    *first = strtod(text, &end);
    if (end == text || *end != ',')
        return false;
    const char *rest = end + 1;
    *second = strtod(rest, &end);
    return end != rest && *end == '\0';
}

static double parameter(const struct evkeyvalq *form, const char *key, double missing) {
    const char *text = evhttp_find_header(form, key);
    char *end;
    double value = text != NULL ? strtod(text, &end) : 0;
    return text != NULL && end != text && *end == '\0' ? value : missing;
}

static sgp_err read_parameters(const struct evkeyvalq *form, sgp_tracker_word *word,
                               sgp_fault *fault) {
    const char *id = evhttp_find_header(form, "id"), *at = evhttp_find_header(form, "timestamp");
    const char *valid = evhttp_find_header(form, "valid");
    const char *location = evhttp_find_header(form, "location");
    double lat = parameter(form, "lat", NAN), lon = parameter(form, "lon", NAN);
    sgp_err err = take_id(id != NULL ? id : evhttp_find_header(form, "deviceid"), word, fault);
    word->valid = valid == NULL || strcmp(valid, "true") == 0 || strcmp(valid, "1") == 0;
    if (err != SGP_OK || !word->valid)
        return err;
    if (location != NULL && !read_pair(location, &lat, &lon))
        return sgp_fail(fault, SGP_E_FORMAT, "location is not \"lat,lon\"");
    err = take_point(lon, lat, word, fault);
    if (err == SGP_OK && at != NULL)
        err = take_stamp(at, word, fault);
    take_accuracy(parameter(form, "accuracy", 0), &word->fix);
    take_motion(parameter(form, "speed", -1) * kmh_of_knots,
                parameter(form, "bearing", parameter(form, "heading", -1)), &word->fix);
    return err;
}

sgp_err sgp_tracker_read_form(const char *text, sgp_tracker_word *word, sgp_fault *fault) {
    struct evkeyvalq form;
    begin(word);
    TAILQ_INIT(&form);
    sgp_err err = evhttp_parse_query_str(text, &form) == 0
                      ? read_parameters(&form, word, fault)
                      : sgp_fail(fault, SGP_E_FORMAT, "the parameters cannot be read");
    evhttp_clear_headers(&form);
    return err;
}

uint32_t sgp_tracker_stream(const char *id) {
    uint8_t hash[16];
    uint32_t stream = 0;
    crypto_generichash(hash, sizeof hash, (const uint8_t *)id, strlen(id), NULL, 0);
    for (int i = 0; i < 16 && stream == 0; i++)
        stream = stream << 8 | hash[i];
    for (int i = 0; i < 4; i++)
        stream = stream << 8 | hash[i];
    return stream != 0 ? stream : 1;
}
