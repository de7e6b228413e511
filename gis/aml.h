/* Advanced Mobile Location: where a telephone says it is while it calls 112.
 *
 * The telephone sends it by itself, as a text message or over HTTPS, beside the call:
 *
 *   A"ML=1;lt=+51.53321;lg=-0.12601;rd=14;top=20220131171748;lc=68;pm=W;si=…;ei=…;…;ml=126
 *   A"ML=2;en=112;et=1593187189;lo=-7.98211,112.63082,20.1;lt=5;lc=68;lz=440.0,8.0;ls=G;…
 *   v=1&device_number=%2B62…&location_latitude=…&location_longitude=…&…&hmac=…
 *
 * Sources: ETSI TS 103 625 V1.1.1 (2019-12) for the message of version 1 and the HTTPS form;
 * the "ELS beta" of Android's Emergency Location Service for version 2; GSM 03.38 for the
 * packed seven-bit letters of data messages.
 *
 * A message without a position is a message too: the telephone found none. A field that makes
 * the position and is wrong is an error that names it; any other wrong field is left out and
 * named in wrong_field, because half a message is better than none.
 *
 * Personal data: device_number, imei and imsi name a person. Whoever reads a message keeps the
 * number (as a hash, to find the call), the point, its radius, time and method, and forgets
 * the rest; none of it goes into a log. Faults name fields and never repeat values.
 *
 * Pure; thread-safe; allocates only while a form is read; texts are bounded.
 */
#ifndef SGP_GIS_AML_H
#define SGP_GIS_AML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sigap/error.h"
#include "sigap/geo.h"

enum {
    SGP_AML_TEXT_MAX = 2048, /* bytes of a message; a form is the longest */
    SGP_AML_NUMBER_BYTES = 24,
    SGP_AML_ID_BYTES = 20,
    SGP_AML_FIELD_BYTES = 32,
    SGP_AML_RADIUS_MOST_M = 20000000 /* half of the earth */
};

typedef enum sgp_aml_method {
    SGP_AML_UNKNOWN,
    SGP_AML_NONE, /* the telephone says that it found no position */
    SGP_AML_GNSS,
    SGP_AML_WIFI,
    SGP_AML_CELL,
    SGP_AML_FUSED
} sgp_aml_method;

typedef struct sgp_aml {
    int32_t version; /* 1, 2 */
    bool is_form;    /* over HTTPS; else a text message */

    bool has_point;
    sgp_point point;
    int32_t radius_m;          /* -1 = not said */
    int32_t certainty_percent; /* that it lies within the radius; -1 = not said */
    bool has_altitude;
    double altitude_m; /* above the ellipsoid */
    sgp_aml_method method;

    int64_t time_ms; /* of the position, UTC; -1 = not said */
    /* The position is at least as old as time_ms: version 2 cannot say more than 9,999
     * seconds before the call. */
    bool is_older;
    int64_t call_time_ms; /* when the call began; -1 = not said */

    /* Personal; "" = not said. */
    char device_number[SGP_AML_NUMBER_BYTES];
    char imei[SGP_AML_ID_BYTES];
    char imsi[SGP_AML_ID_BYTES];
    int32_t mcc, mnc; /* network, -1 = not said */

    char emergency_number[SGP_AML_NUMBER_BYTES]; /* that was dialled */
    char wrong_field[SGP_AML_FIELD_BYTES];       /* the first that was left out; "" = none */
} sgp_aml;

/* A message as text. What stands before `A"ML=` is passed over.
 * SGP_E_FORMAT: no such message, or one cut off within the position; SGP_E_VERSION: neither 1
 * nor 2; SGP_E_RANGE: a field of the position is wrong; SGP_E_TOO_LARGE. fault may be NULL. */
sgp_err sgp_aml_read_sms(const char *text, sgp_aml *aml, sgp_fault *fault) SGP_MUST_USE;

/* A data message: seven-bit letters packed into bytes, with or without the user data header
 * that names ports. Errors as above. */
sgp_err sgp_aml_read_sms_bytes(const uint8_t *bytes, size_t length, sgp_aml *aml,
                               sgp_fault *fault) SGP_MUST_USE;
/* The same as hexadecimal digits, which gateways hand over; also SGP_E_FORMAT: an odd number
 * of digits, or something else than digits. */
sgp_err sgp_aml_read_sms_hex(const char *hex, sgp_aml *aml, sgp_fault *fault) SGP_MUST_USE;

/* The body of the HTTPS form. Errors as sgp_aml_read_sms. Says nothing of who sent it. */
sgp_err sgp_aml_read_form(const char *body, sgp_aml *aml, sgp_fault *fault) SGP_MUST_USE;

/* The form's last field is "hmac", HMAC-SHA1 in hexadecimal digits of everything before
 * "&hmac=", as it was sent, under this key. Compared in constant time.
 * SGP_E_UNAUTHENTICATED: there is none, or it is another; SGP_E_CRYPTO. */
sgp_err sgp_aml_check_form(const char *body, const void *key, size_t key_length,
                           sgp_fault *fault) SGP_MUST_USE;

const char *sgp_aml_method_str(sgp_aml_method method);

#endif
