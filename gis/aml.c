#include "gis/aml.h"

#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <math.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum {
    VALUE_BYTES = 128,  /* longer values are wrong */
    LT_OLDEST_S = -9999 /* version 2 says nothing older */
};

/* ---- values ---------------------------------------------------------------------------- */

/* What is gathered of the position before it is known to be one. */
typedef struct reading {
    sgp_aml *aml;
    sgp_fault *fault;
    bool has_lat, has_lon;
    double lat, lon;
    int64_t offset_s; /* version 2: of the position's time from the call's */
    bool has_offset;
} reading;

/* Names a field that is left out; what is no field's name could be anybody's number. */
static void leave_out(reading *r, const char *field) {
    size_t length = strlen(field);
    bool is_name = length > 0 && strspn(field, "abcdefghijklmnopqrstuvwxyz_") == length;
    if (r->aml->wrong_field[0] == '\0')
        snprintf(r->aml->wrong_field, sizeof r->aml->wrong_field, "%s", is_name ? field : "?");
}

/* A decimal number and nothing else: no exponent, no "nan", no spaces. */
static bool read_number(const char *value, double *number) {
    size_t length = strlen(value);
    if (length == 0 || length > 30 || strspn(value, "+-.0123456789") != length)
        return false;
    char *end;
    double read = strtod(value, &end);
    if (*end != '\0' || !isfinite(read))
        return false;
    *number = read;
    return true;
}

static bool read_whole(const char *value, int64_t *number) {
    size_t length = strlen(value);
    size_t sign = value[0] == '-' || value[0] == '+';
    if (length == sign || length > 15 || strspn(value + sign, "0123456789") != length - sign)
        return false;
    *number = strtoll(value, NULL, 10);
    return true;
}

static sgp_err read_degrees(reading *r, const char *field, const char *value, double limit,
                            double *degrees, bool *has) {
    if (!read_number(value, degrees) || fabs(*degrees) > limit)
        return sgp_fail(r->fault, SGP_E_RANGE, "%s is no number between -%g and %g", field, limit,
                        limit);
    *has = true;
    return SGP_OK;
}

/* 0 metres stands for "not known" in all forms, "N" in version 1. */
static sgp_err read_radius(reading *r, const char *field, const char *value) {
    double metres;
    if (strcmp(value, "N") == 0 || value[0] == '\0')
        return SGP_OK;
    if (!read_number(value, &metres) || metres < 0 || metres > SGP_AML_RADIUS_MOST_M)
        return sgp_fail(r->fault, SGP_E_RANGE, "%s is no number of metres", field);
    r->aml->radius_m = metres > 0 ? (int32_t)ceil(metres) : -1;
    return SGP_OK;
}

static void read_percent(reading *r, const char *field, const char *value, double of_one) {
    double number;
    if (!read_number(value, &number) || number < 0 || number > of_one)
        leave_out(r, field);
    else
        r->aml->certainty_percent = (int32_t)lround(number * 100 / of_one);
}

/* "yyyyMMddHHmmss", UTC. */
static bool read_date(const char *value, int64_t *ms) {
    int n[6];
    if (strlen(value) != 14 || strspn(value, "0123456789") != 14 ||
        sscanf(value, "%4d%2d%2d%2d%2d%2d", &n[0], &n[1], &n[2], &n[3], &n[4], &n[5]) != 6)
        return false;
    struct tm date = {.tm_year = n[0] - 1900,
                      .tm_mon = n[1] - 1,
                      .tm_mday = n[2],
                      .tm_hour = n[3],
                      .tm_min = n[4],
                      .tm_sec = n[5]};
    time_t seconds = timegm(&date);
    /* timegm() turns the 31st of June into the 1st of July. */
    if (date.tm_year != n[0] - 1900 || date.tm_mon != n[1] - 1 || date.tm_mday != n[2] ||
        date.tm_hour != n[3] || date.tm_min != n[4] || date.tm_sec != n[5] || seconds < 0)
        return false;
    *ms = (int64_t)seconds * 1000;
    return true;
}

static void read_time(reading *r, const char *field, const char *value, int64_t unit_ms,
                      int64_t *ms) {
    int64_t number;
    if (!read_whole(value, &number) || number <= 0 || number > INT64_C(100000000000000) / unit_ms)
        leave_out(r, field);
    else
        *ms = number * unit_ms;
}

/* Digits, with a plus in front where one may stand. */
static void read_digits(reading *r, const char *field, const char *value, bool plus_allowed,
                        char *digits, size_t capacity) {
    size_t plus = plus_allowed && value[0] == '+';
    size_t length = strlen(value);
    if (length == 0)
        return;
    if (length >= capacity || length == plus || strspn(value + plus, "0123456789") != length - plus)
        leave_out(r, field);
    else
        memcpy(digits, value, length + 1);
}

static void read_code(reading *r, const char *field, const char *value, int32_t *code) {
    int64_t number;
    if (value[0] == '\0')
        return;
    if (!read_whole(value, &number) || number < 0 || number > 999)
        leave_out(r, field);
    else
        *code = (int32_t)number;
}

static void read_altitude(reading *r, const char *field, const char *value) {
    double metres;
    if (!read_number(value, &metres) || fabs(metres) > 100000) {
        leave_out(r, field);
        return;
    }
    r->aml->has_altitude = true;
    r->aml->altitude_m = metres;
}

static void read_method(reading *r, const char *field, const char *value) {
    static const struct {
        const char *said;
        sgp_aml_method method;
    } METHODS[] = {
        {"G", SGP_AML_GNSS},          {"W", SGP_AML_WIFI},       {"C", SGP_AML_CELL},
        {"N", SGP_AML_NONE},          {"F", SGP_AML_FUSED},      {"U", SGP_AML_UNKNOWN},
        {"gps", SGP_AML_GNSS},        {"gnss", SGP_AML_GNSS},    {"wifi", SGP_AML_WIFI},
        {"cell", SGP_AML_CELL},       {"fused", SGP_AML_FUSED},  {"none", SGP_AML_NONE},
        {"wi-fi", SGP_AML_WIFI},      {"network", SGP_AML_CELL}, {"no location", SGP_AML_NONE},
        {"unknown", SGP_AML_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof METHODS / sizeof *METHODS; i++)
        if (strcasecmp(value, METHODS[i].said) == 0) {
            r->aml->method = METHODS[i].method;
            return;
        }
    if (value[0] != '\0')
        leave_out(r, field);
}

const char *sgp_aml_method_str(sgp_aml_method method) {
    switch (method) {
    case SGP_AML_UNKNOWN:
        return "unknown";
    case SGP_AML_NONE:
        return "none";
    case SGP_AML_GNSS:
        return "gnss";
    case SGP_AML_WIFI:
        return "wifi";
    case SGP_AML_CELL:
        return "cell";
    case SGP_AML_FUSED:
        return "fused";
    }
    return "unknown";
}

/* ---- fields ----------------------------------------------------------------------------- */

static sgp_err read_field_v1(reading *r, const char *field, const char *value) {
    sgp_aml *aml = r->aml;
    if (strcmp(field, "lt") == 0)
        return read_degrees(r, field, value, 90, &r->lat, &r->has_lat);
    if (strcmp(field, "lg") == 0)
        return read_degrees(r, field, value, 180, &r->lon, &r->has_lon);
    if (strcmp(field, "rd") == 0)
        return read_radius(r, field, value);
    if (strcmp(field, "lc") == 0)
        read_percent(r, field, value, 100);
    else if (strcmp(field, "pm") == 0)
        read_method(r, field, value);
    else if (strcmp(field, "top") == 0 && !read_date(value, &aml->time_ms))
        leave_out(r, field);
    else if (strcmp(field, "si") == 0)
        read_digits(r, field, value, false, aml->imsi, sizeof aml->imsi);
    else if (strcmp(field, "ei") == 0)
        read_digits(r, field, value, false, aml->imei, sizeof aml->imei);
    else if (strcmp(field, "mcc") == 0)
        read_code(r, field, value, &aml->mcc);
    else if (strcmp(field, "mnc") == 0)
        read_code(r, field, value, &aml->mnc);
    return SGP_OK;
}

/* "lat,lon" or "lat,lon,radius". */
static sgp_err read_lo(reading *r, const char *value) {
    char copy[VALUE_BYTES], *rest;
    snprintf(copy, sizeof copy, "%s", value);
    char *lat = strtok_r(copy, ",", &rest);
    char *lon = lat ? strtok_r(NULL, ",", &rest) : NULL;
    char *radius = lon ? strtok_r(NULL, "", &rest) : NULL;
    if (!lon)
        return sgp_fail(r->fault, SGP_E_RANGE, "lo has no latitude and longitude");
    sgp_err err = read_degrees(r, "the latitude in lo", lat, 90, &r->lat, &r->has_lat);
    if (err == SGP_OK)
        err = read_degrees(r, "the longitude in lo", lon, 180, &r->lon, &r->has_lon);
    if (err == SGP_OK && radius)
        err = read_radius(r, "the accuracy in lo", radius);
    return err;
}

/* Mobile country code and network code in one: "310260", "51010". */
static void read_network(reading *r, const char *value) {
    int64_t number;
    size_t length = strlen(value);
    if (!read_whole(value, &number) || length < 5 || length > 6 || number < 0) {
        leave_out(r, "nc");
        return;
    }
    int64_t cut = length == 6 ? 1000 : 100;
    r->aml->mcc = (int32_t)(number / cut);
    r->aml->mnc = (int32_t)(number % cut);
}

static sgp_err read_field_v2(reading *r, const char *field, const char *value) {
    sgp_aml *aml = r->aml;
    if (strcmp(field, "lo") == 0)
        return read_lo(r, value);
    if (strcmp(field, "lc") == 0)
        read_percent(r, field, value, 100);
    else if (strcmp(field, "ls") == 0)
        read_method(r, field, value);
    else if (strcmp(field, "et") == 0)
        read_time(r, field, value, 1000, &aml->call_time_ms);
    else if (strcmp(field, "lt") == 0) {
        r->has_offset = read_whole(value, &r->offset_s) && llabs(r->offset_s) < 100000000;
        if (!r->has_offset)
            leave_out(r, field);
    } else if (strcmp(field, "lz") == 0) {
        char altitude[VALUE_BYTES];
        snprintf(altitude, sizeof altitude, "%.*s", (int)strcspn(value, ","), value);
        read_altitude(r, field, altitude);
    } else if (strcmp(field, "en") == 0)
        read_digits(r, field, value, true, aml->emergency_number, sizeof aml->emergency_number);
    else if (strcmp(field, "ei") == 0)
        read_digits(r, field, value, false, aml->imei, sizeof aml->imei);
    else if (strcmp(field, "si") == 0)
        read_digits(r, field, value, false, aml->imsi, sizeof aml->imsi);
    else if (strcmp(field, "nc") == 0)
        read_network(r, value);
    return SGP_OK;
}

static sgp_err read_field_form(reading *r, const char *field, const char *value) {
    sgp_aml *aml = r->aml;
    int64_t version;
    /* Every field of the form is optional, and an empty one is not there. */
    if (value[0] == '\0')
        return SGP_OK;
    if (strcmp(field, "location_latitude") == 0)
        return read_degrees(r, field, value, 90, &r->lat, &r->has_lat);
    if (strcmp(field, "location_longitude") == 0)
        return read_degrees(r, field, value, 180, &r->lon, &r->has_lon);
    if (strcmp(field, "location_accuracy") == 0)
        return read_radius(r, field, value);
    if (strcmp(field, "v") == 0) {
        if (!read_whole(value, &version) || version < 1 || version > 99)
            return sgp_fail(r->fault, SGP_E_VERSION, "v is no version of the form");
        aml->version = (int32_t)version;
    } else if (strcmp(field, "location_certainty") == 0)
        read_percent(r, field, value, 100);
    else if (strcmp(field, "location_confidence") == 0)
        read_percent(r, field, value, 1);
    else if (strcmp(field, "location_source") == 0)
        read_method(r, field, value);
    else if (strcmp(field, "location_time") == 0)
        read_time(r, field, value, 1, &aml->time_ms);
    else if (strcmp(field, "time") == 0)
        read_time(r, field, value, 1, &aml->call_time_ms);
    else if (strcmp(field, "location_altitude") == 0)
        read_altitude(r, field, value);
    else if (strcmp(field, "device_number") == 0)
        read_digits(r, field, value, true, aml->device_number, sizeof aml->device_number);
    else if (strcmp(field, "device_imei") == 0)
        read_digits(r, field, value, false, aml->imei, sizeof aml->imei);
    else if (strcmp(field, "device_imsi") == 0)
        read_digits(r, field, value, false, aml->imsi, sizeof aml->imsi);
    else if (strcmp(field, "emergency_number") == 0)
        read_digits(r, field, value, true, aml->emergency_number, sizeof aml->emergency_number);
    else if (strcmp(field, "cell_network_mcc") == 0)
        read_code(r, field, value, &aml->mcc);
    else if (strcmp(field, "cell_network_mnc") == 0)
        read_code(r, field, value, &aml->mnc);
    return SGP_OK;
}

/* ---- a whole message ----------------------------------------------------------------------- */

static reading begin(sgp_aml *aml, sgp_fault *fault) {
    *aml = (sgp_aml){.radius_m = -1,
                     .certainty_percent = -1,
                     .time_ms = -1,
                     .call_time_ms = -1,
                     .mcc = -1,
                     .mnc = -1};
    return (reading){.aml = aml, .fault = fault};
}

static sgp_err finish(reading *r) {
    sgp_aml *aml = r->aml;
    if (r->has_offset && aml->call_time_ms >= 0) {
        aml->time_ms = aml->call_time_ms + 1000 * r->offset_s;
        aml->is_older = r->offset_s <= LT_OLDEST_S;
    }
    if (aml->method == SGP_AML_NONE || (!r->has_lat && !r->has_lon)) {
        /* No position; version 1 then writes zeros. */
        aml->method = SGP_AML_NONE;
        aml->radius_m = aml->certainty_percent = -1;
        aml->has_altitude = false;
        return SGP_OK;
    }
    if (!r->has_lat || !r->has_lon)
        return sgp_fail(r->fault, SGP_E_FORMAT, "the %s is missing",
                        r->has_lat ? "longitude" : "latitude");
    aml->has_point = true;
    return sgp_point_from_degrees(r->lon, r->lat, &aml->point);
}

/* The fields of a text message from `text` on, of which "ML=n" is the first. */
static sgp_err read_fields(reading *r, char *text) {
    char *rest;
    for (char *part = strtok_r(text, ";", &rest); part; part = strtok_r(NULL, ";", &rest)) {
        char *value = strchr(part, '=');
        if (!value) {
            leave_out(r, part);
            continue;
        }
        *value++ = '\0';
        bool of_point = r->aml->version == 1 ? strcmp(part, "lt") == 0 || strcmp(part, "lg") == 0
                                             : strcmp(part, "lo") == 0;
        /* Where the message ends within a coordinate, its last digits may be missing. */
        if (of_point && (!rest || *rest == '\0'))
            return sgp_fail(r->fault, SGP_E_FORMAT, "the message is cut off within %s", part);
        if (strlen(value) >= VALUE_BYTES) {
            leave_out(r, part);
            continue;
        }
        sgp_err err =
            r->aml->version == 1 ? read_field_v1(r, part, value) : read_field_v2(r, part, value);
        if (err != SGP_OK)
            return err;
    }
    return SGP_OK;
}

sgp_err sgp_aml_read_sms(const char *text, sgp_aml *aml, sgp_fault *fault) {
    static const char HEAD[] = "A\"ML=";
    if (strnlen(text, SGP_AML_TEXT_MAX + 1) > SGP_AML_TEXT_MAX)
        return sgp_fail(fault, SGP_E_TOO_LARGE, "the message is over %d bytes", SGP_AML_TEXT_MAX);
    const char *head = strstr(text, HEAD);
    if (!head)
        return sgp_fail(fault, SGP_E_FORMAT, "the message does not begin with A\"ML=");
    head += strlen(HEAD);
    size_t digits = strspn(head, "0123456789");
    if (digits != 1 || head[1] != ';' || (head[0] != '1' && head[0] != '2'))
        return sgp_fail(fault, SGP_E_VERSION, "A\"ML= names neither version 1 nor 2");

    char copy[SGP_AML_TEXT_MAX + 1];
    memcpy(copy, head + 2, strlen(head + 2) + 1);
    size_t end = strlen(copy);
    while (end > 0 && (unsigned char)copy[end - 1] <= ' ') /* what transports append */
        copy[--end] = '\0';
    sgp_aml read;
    reading r = begin(&read, fault);
    read.version = head[0] - '0';
    sgp_err err = read_fields(&r, copy);
    if (err == SGP_OK)
        err = finish(&r);
    if (err == SGP_OK)
        *aml = read;
    return err;
}

/* ---- data messages -------------------------------------------------------------------------- */

/* GSM 03.38 letters that are the same in ASCII; the others occur in no field. */
static char letter_of(unsigned septet) {
    bool same = (septet >= 0x20 && septet <= 0x5a && septet != 0x24 && septet != 0x40) ||
                (septet >= 0x61 && septet <= 0x7a) || septet == '\n' || septet == '\r';
    return same ? (char)septet : septet == 0 ? ' ' : '?';
}

sgp_err sgp_aml_read_sms_bytes(const uint8_t *bytes, size_t length, sgp_aml *aml,
                               sgp_fault *fault) {
    /* The header that Android puts in front names two ports in 7 bytes, which are exactly 8
     * letters, so that the text behind it is packed as if there were none. */
    static const uint8_t PORTS[] = {0x06, 0x05, 0x04};
    if (length > SGP_AML_TEXT_MAX)
        return sgp_fail(fault, SGP_E_TOO_LARGE, "the message is over %d bytes", SGP_AML_TEXT_MAX);
    if (length > 7 && memcmp(bytes, PORTS, sizeof PORTS) == 0) {
        bytes += 7;
        length -= 7;
    }
    char text[SGP_AML_TEXT_MAX * 8 / 7 + 2];
    size_t used = 0;
    unsigned waiting = 0, bits = 0; /* bits that did not fill a letter yet */
    for (size_t i = 0; i < length; i++) {
        waiting |= (unsigned)bytes[i] << bits;
        for (bits += 8; bits >= 7; bits -= 7) {
            text[used++] = letter_of(waiting & 0x7f);
            waiting >>= 7;
        }
    }
    text[used] = '\0';
    return sgp_aml_read_sms(text, aml, fault);
}

sgp_err sgp_aml_read_sms_hex(const char *hex, sgp_aml *aml, sgp_fault *fault) {
    size_t digits = strnlen(hex, 2 * SGP_AML_TEXT_MAX + 1);
    if (digits > 2 * SGP_AML_TEXT_MAX)
        return sgp_fail(fault, SGP_E_TOO_LARGE, "the message is over %d bytes", SGP_AML_TEXT_MAX);
    uint8_t bytes[SGP_AML_TEXT_MAX];
    size_t length = 0;
    if (digits % 2 || digits == 0 || strspn(hex, "0123456789abcdefABCDEF") != digits)
        return sgp_fail(fault, SGP_E_FORMAT, "the message is not pairs of hexadecimal digits");
    for (size_t i = 0; i < digits; i += 2) {
        char pair[] = {hex[i], hex[i + 1], '\0'};
        bytes[length++] = (uint8_t)strtoul(pair, NULL, 16);
    }
    return sgp_aml_read_sms_bytes(bytes, length, aml, fault);
}

/* ---- the form ---------------------------------------------------------------------------------
 */

sgp_err sgp_aml_read_form(const char *body, sgp_aml *aml, sgp_fault *fault) {
    if (strnlen(body, SGP_AML_TEXT_MAX + 1) > SGP_AML_TEXT_MAX)
        return sgp_fail(fault, SGP_E_TOO_LARGE, "the form is over %d bytes", SGP_AML_TEXT_MAX);
    char copy[SGP_AML_TEXT_MAX + 1], *rest;
    memcpy(copy, body, strlen(body) + 1);
    copy[strcspn(copy, "\r\n")] = '\0';
    sgp_aml read;
    reading r = begin(&read, fault);
    read.is_form = true;
    bool any = false;
    /* libevent refuses a whole body for one piece without '='; so it gets them one by one. */
    for (char *piece = strtok_r(copy, "&", &rest); piece; piece = strtok_r(NULL, "&", &rest)) {
        struct evkeyvalq pairs;
        if (evhttp_parse_query_str(piece, &pairs) != 0) {
            leave_out(&r, piece);
            continue;
        }
        sgp_err err = SGP_OK;
        for (struct evkeyval *pair = pairs.tqh_first; pair && err == SGP_OK;
             pair = pair->next.tqe_next) {
            any |= strcmp(pair->key, "v") == 0 || strncmp(pair->key, "location_", 9) == 0;
            if (strlen(pair->value) < VALUE_BYTES)
                err = read_field_form(&r, pair->key, pair->value);
            else
                leave_out(&r, pair->key);
        }
        evhttp_clear_headers(&pairs);
        if (err != SGP_OK)
            return err;
    }
    if (!any)
        return sgp_fail(fault, SGP_E_FORMAT, "the form has neither v nor a location field");
    if (read.version == 0)
        read.version = 1;
    sgp_err err = finish(&r);
    if (err == SGP_OK)
        *aml = read;
    return err;
}

sgp_err sgp_aml_check_form(const char *body, const void *key, size_t key_length, sgp_fault *fault) {
    static const char FIELD[] = "&hmac=";
    enum { DIGEST_BYTES = 20 };
    const char *field = NULL;
    for (const char *at = body; (at = strstr(at, FIELD)); at++)
        field = at;
    const char *digits = field ? field + strlen(FIELD) : "";
    if (strspn(digits, "0123456789abcdefABCDEF") != 2 * DIGEST_BYTES ||
        digits[2 * DIGEST_BYTES + strspn(digits + 2 * DIGEST_BYTES, "\r\n")] != '\0')
        return sgp_fail(fault, SGP_E_UNAUTHENTICATED,
                        "the form does not end in hmac with %d hexadecimal digits",
                        2 * DIGEST_BYTES);
    unsigned char said[DIGEST_BYTES], ours[EVP_MAX_MD_SIZE];
    for (size_t i = 0; i < DIGEST_BYTES; i++) {
        char pair[] = {digits[2 * i], digits[2 * i + 1], '\0'};
        said[i] = (unsigned char)strtoul(pair, NULL, 16);
    }
    unsigned length = 0;
    if (key_length > INT32_MAX ||
        !HMAC(EVP_sha1(), key, (int)key_length, (const unsigned char *)body, (size_t)(field - body),
              ours, &length) ||
        length != DIGEST_BYTES)
        return sgp_fail(fault, SGP_E_CRYPTO, "HMAC-SHA1 cannot be computed");
    if (CRYPTO_memcmp(said, ours, DIGEST_BYTES) != 0)
        return sgp_fail(fault, SGP_E_UNAUTHENTICATED, "hmac is not that of the form");
    return SGP_OK;
}
