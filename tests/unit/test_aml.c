/* Advanced Mobile Location: the vectors, and rows of our own after the field definitions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "gis/aml.h"

#define V1_TAIL                                                                                    \
    ";top=20220131171748;lc=68;pm=W;si=510100000000000;ei=123456789012345;mcc=510;mnc=10"

/* ---- the vectors of SIGAP_DATA --------------------------------------------------------- */

/* The next field of a line of comma separated values, quotes undone in place. */
static char *next_field(char **at) {
    char *read = *at, *write = *at, *begin = *at;
    bool quoted = *read == '"';
    read += quoted;
    while (*read && (quoted || *read != ',')) {
        if (quoted && read[0] == '"' && read[1] != '"')
            break;
        read += quoted && read[0] == '"';
        *write++ = *read++;
    }
    read += quoted && *read == '"';
    *at = read + (*read == ',');
    *write = '\0';
    return begin;
}

static void check_value(const sgp_aml *aml, const char *key, const char *value) {
    if (strcmp(key, "latitude") == 0) {
        assert_true(aml->has_point);
        double off = sgp_lat(aml->point) - atof(value);
        assert_true(off < 1e-7 && off > -1e-7);
    } else if (strcmp(key, "imei") == 0) {
        assert_string_equal(aml->imei, value);
    } else if (strcmp(key, "positioning_method") == 0) {
        assert_string_equal(value, "gps");
        assert_int_equal(aml->method, SGP_AML_GNSS);
    } else {
        fail_msg("the vectors have a key \"%s\" that the test does not know", key);
    }
}

static void test_aml_vectors(void **state) {
    (void)state;
    const char *data = getenv("SIGAP_DATA");
    char path[4096], line[4096];
    snprintf(path, sizeof path, "%s/vectors/aml.csv", data ? data : "../shared/data");
    FILE *file = fopen(path, "r");
    if (!file) {
        print_message("%s is absent\n", path);
        skip();
    }
    int rows = 0;
    assert_non_null(fgets(line, sizeof line, file)); /* the names of the columns */
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\r\n")] = '\0';
        char *at = line;
        const char *kind = next_field(&at), *input = next_field(&at);
        const char *key = next_field(&at), *value = next_field(&at);
        sgp_aml aml;
        sgp_fault fault = {.text = ""};
        sgp_err err = SGP_E_STATE;
        if (strncmp(kind, "sms_text", 8) == 0) {
            err = sgp_aml_read_sms(input, &aml, &fault);
        } else if (strcmp(kind, "sms_data_7bit_hex") == 0) {
            err = sgp_aml_read_sms_hex(input, &aml, &fault);
        } else if (strcmp(kind, "https") == 0) {
            err = sgp_aml_read_form(input, &aml, &fault);
        } else if (strcmp(kind, "https_hmac_sha1_key_AML") == 0) {
            assert_string_equal(key, "authentic");
            err = sgp_aml_check_form(input, "AML", 3, &fault);
            assert_string_equal(value, "true");
        }
        if (err != SGP_OK)
            fail_msg("%s: %s %s", kind, sgp_err_str(err), fault.text);
        if (strcmp(key, "authentic") != 0)
            check_value(&aml, key, value);
        rows++;
    }
    fclose(file);
    assert_true(rows >= 7);
}

/* ---- text messages ------------------------------------------------------------------------ */

static sgp_aml read_sms(const char *text) {
    sgp_aml aml;
    sgp_fault fault;
    sgp_err err = sgp_aml_read_sms(text, &aml, &fault);
    if (err != SGP_OK)
        fail_msg("%s: %s", text, fault.text);
    return aml;
}

static void test_aml_version_1(void **state) {
    (void)state;
    sgp_aml aml = read_sms("A\"ML=1;lt=-7.98211;lg=+112.63082;rd=14.2" V1_TAIL ";ml=126");
    assert_int_equal(aml.version, 1);
    assert_false(aml.is_form);
    assert_true(aml.has_point);
    assert_int_equal(aml.point.lon_e7, 1126308200);
    assert_int_equal(aml.point.lat_e7, -79821100);
    assert_int_equal(aml.radius_m, 15); /* rounded up */
    assert_int_equal(aml.certainty_percent, 68);
    assert_int_equal(aml.method, SGP_AML_WIFI);
    assert_int_equal(aml.time_ms, INT64_C(1643649468000)); /* 2022-01-31 17:17:48 UTC */
    assert_int_equal(aml.call_time_ms, -1);
    assert_false(aml.is_older);
    assert_false(aml.has_altitude);
    assert_string_equal(aml.imei, "123456789012345");
    assert_string_equal(aml.imsi, "510100000000000");
    assert_int_equal(aml.mcc, 510);
    assert_int_equal(aml.mnc, 10);
    assert_string_equal(aml.device_number, "");
    assert_string_equal(aml.wrong_field, "");
}

static void test_aml_without_a_position(void **state) {
    (void)state;
    static const char *const ROWS[] = {
        "A\"ML=1;lt=+00.00000;lg=+000.00000;rd=N;top=20220131173734;lc=0;pm=N;si=510100000000000;"
        "ei=123456789012345;mcc=510;mnc=10;ml=127",
        "A\"ML=2;en=112;et=1593187189;ei=358239059042542;nc=51010;hc=51010;lg=id-ID",
        "A\"ML=1;",
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        sgp_aml aml = read_sms(ROWS[i]);
        assert_false(aml.has_point);
        assert_int_equal(aml.method, SGP_AML_NONE);
        assert_int_equal(aml.radius_m, -1);
    }
}

static void test_aml_version_2(void **state) {
    (void)state;
    sgp_aml aml = read_sms("A\"ML=2;en=112;et=1593187189;lo=-7.98211,112.63082,20.1;lt=5;lc=68;"
                           "lz=440.5,8.0;ls=F;ei=358239059042542;nc=51010;hc=310260;lg=id-ID");
    assert_int_equal(aml.version, 2);
    assert_true(aml.has_point);
    assert_int_equal(aml.point.lon_e7, 1126308200);
    assert_int_equal(aml.radius_m, 21);
    assert_int_equal(aml.call_time_ms, INT64_C(1593187189000));
    assert_int_equal(aml.time_ms, INT64_C(1593187194000));
    assert_false(aml.is_older);
    assert_true(aml.has_altitude && aml.altitude_m == 440.5);
    assert_int_equal(aml.method, SGP_AML_FUSED);
    assert_string_equal(aml.emergency_number, "112");
    assert_int_equal(aml.mcc, 510);
    assert_int_equal(aml.mnc, 10);

    /* The oldest that the field can say: at least 9,999 seconds before the call. */
    aml = read_sms("A\"ML=2;et=1593187189;lo=-7.98211,112.63082,20.1;lt=-9999;ls=G");
    assert_true(aml.is_older);
    assert_int_equal(aml.time_ms, INT64_C(1593177190000));
    /* Without the call's time a time relative to it says nothing. */
    aml = read_sms("A\"ML=2;lo=-7.98211,112.63082,20.1;lt=5;ls=G");
    assert_int_equal(aml.time_ms, -1);
    /* An accuracy of 0 is one that is not known, as is one that is not there. */
    assert_int_equal(read_sms("A\"ML=2;lo=-7.98211,112.63082,0;ls=G").radius_m, -1);
    assert_int_equal(read_sms("A\"ML=2;lo=-7.98211,112.63082;ls=G").radius_m, -1);
}

static void test_aml_what_is_wrong_beside_the_position_is_left_out(void **state) {
    (void)state;
    static const struct {
        const char *fields, *wrong;
    } ROWS[] = {
        {"top=20220231171748;pm=G", "top"}, /* there is no 31st of February */
        {"top=2022;pm=G", "top"},
        {"lc=101;pm=G", "lc"},
        {"lc=nan;pm=G", "lc"},
        {"pm=X", "pm"},
        {"ei=12345678901234567890123;pm=G", "ei"},
        {"si=08abc;pm=G", "si"},
        {"mcc=70000;pm=G", "mcc"},
        {"081234567890;pm=G", "?"}, /* a number that is no field is not repeated */
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        char text[512];
        snprintf(text, sizeof text, "A\"ML=1;lt=-7.98211;lg=112.63082;rd=14;%s;ml=99",
                 ROWS[i].fields);
        sgp_aml aml = read_sms(text);
        assert_true(aml.has_point);
        assert_string_equal(aml.wrong_field, ROWS[i].wrong);
    }
}

static void test_aml_errors_name_the_field(void **state) {
    (void)state;
    static const struct {
        const char *text;
        sgp_err err;
        const char *part;
    } ROWS[] = {
        {"", SGP_E_FORMAT, "A\"ML="},
        {"Tolong, saya kecelakaan", SGP_E_FORMAT, "A\"ML="},
        {"A\"ML=3;lt=1;lg=1" V1_TAIL, SGP_E_VERSION, "version"},
        {"A\"ML=12;lt=1;lg=1" V1_TAIL, SGP_E_VERSION, "version"},
        {"A\"ML=1;lt=-97.98211;lg=112.63082;rd=14" V1_TAIL, SGP_E_RANGE, "lt is no number"},
        {"A\"ML=1;lt=-7.98211;lg=nan;rd=14" V1_TAIL, SGP_E_RANGE, "lg is no number"},
        {"A\"ML=1;lt=-7.98211;lg=1e2;rd=14" V1_TAIL, SGP_E_RANGE, "lg is no number"},
        {"A\"ML=1;lt=-7.98211;lg=112.63082;rd=-4" V1_TAIL, SGP_E_RANGE, "rd is no number"},
        {"A\"ML=1;lt=-7.98211;lg=112.63082;rd=99999999" V1_TAIL, SGP_E_RANGE, "rd is no number"},
        {"A\"ML=1;lg=112.63082;rd=14" V1_TAIL, SGP_E_FORMAT, "the latitude is missing"},
        {"A\"ML=1;lt=-7.98211;rd=14" V1_TAIL, SGP_E_FORMAT, "the longitude is missing"},
        {"A\"ML=1;lt=-7.98211;lg=112.6", SGP_E_FORMAT, "cut off within lg"},
        {"A\"ML=2;et=1593187189;lo=-7.98211,112.6", SGP_E_FORMAT, "cut off within lo"},
        {"A\"ML=2;et=1593187189;lo=-7.98211;ls=G", SGP_E_RANGE, "lo has no"},
        {"A\"ML=2;et=1593187189;lo=-7.98211,212.6,5;ls=G", SGP_E_RANGE, "longitude in lo"},
        {"A\"ML=2;et=1593187189;lo=-7.98211,112.6,x;ls=G", SGP_E_RANGE, "accuracy in lo"},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        sgp_aml aml = {.version = 77};
        sgp_fault fault = {.text = ""};
        sgp_err err = sgp_aml_read_sms(ROWS[i].text, &aml, &fault);
        if (err != ROWS[i].err || !strstr(fault.text, ROWS[i].part))
            fail_msg("%s: %s, \"%s\"", ROWS[i].text, sgp_err_str(err), fault.text);
        assert_int_equal(aml.version, 77); /* untouched */
    }
    char *long_text = malloc(SGP_AML_TEXT_MAX + 2);
    assert_non_null(long_text);
    memset(long_text, '7', SGP_AML_TEXT_MAX + 1);
    long_text[SGP_AML_TEXT_MAX + 1] = '\0';
    sgp_aml aml;
    assert_int_equal(sgp_aml_read_sms(long_text, &aml, NULL), SGP_E_TOO_LARGE);
    assert_int_equal(sgp_aml_read_form(long_text, &aml, NULL), SGP_E_TOO_LARGE);
    free(long_text);
}

/* ---- data messages ------------------------------------------------------------------------- */

/* Packs ASCII letters, seven bits each, the lowest bits first. */
static size_t pack(const char *text, uint8_t *bytes) {
    size_t length = 0;
    unsigned waiting = 0, bits = 0;
    for (; *text; text++) {
        waiting |= (unsigned)*text << bits;
        for (bits += 7; bits >= 8; bits -= 8) {
            bytes[length++] = (uint8_t)waiting;
            waiting >>= 8;
        }
    }
    if (bits > 0)
        bytes[length++] = (uint8_t)waiting;
    return length;
}

static void test_aml_data_messages(void **state) {
    (void)state;
    static const uint8_t PORTS[] = {0x06, 0x05, 0x04, 0x0b, 0x84, 0x00, 0x00};
    /* Lengths that fill the last byte, and that leave 1 to 7 bits over. */
    for (int extra = 0; extra < 9; extra++) {
        char text[256];
        snprintf(text, sizeof text, "A\"ML=1;lt=-7.98211;lg=112.63082;rd=14" V1_TAIL ";ml=%.*s",
                 extra, "123456789");
        uint8_t bytes[300];
        memcpy(bytes, PORTS, sizeof PORTS);
        size_t length = pack(text, bytes + sizeof PORTS);
        for (int with_ports = 0; with_ports < 2; with_ports++) {
            const uint8_t *begin = with_ports ? bytes : bytes + sizeof PORTS;
            size_t size = length + (with_ports ? sizeof PORTS : 0);
            sgp_aml aml;
            assert_int_equal(sgp_aml_read_sms_bytes(begin, size, &aml, NULL), SGP_OK);
            assert_int_equal(aml.point.lat_e7, -79821100);
            assert_int_equal(aml.method, SGP_AML_WIFI);
            assert_string_equal(aml.wrong_field, "");
            char hex[700];
            for (size_t i = 0; i < size; i++)
                snprintf(hex + 2 * i, 3, "%02x", begin[i]);
            assert_int_equal(sgp_aml_read_sms_hex(hex, &aml, NULL), SGP_OK);
            assert_int_equal(aml.point.lon_e7, 1126308200);
        }
    }
    sgp_aml aml;
    assert_int_equal(sgp_aml_read_sms_hex("", &aml, NULL), SGP_E_FORMAT);
    assert_int_equal(sgp_aml_read_sms_hex("415", &aml, NULL), SGP_E_FORMAT);
    assert_int_equal(sgp_aml_read_sms_hex("41zz", &aml, NULL), SGP_E_FORMAT);
    assert_int_equal(sgp_aml_read_sms_hex("4151", &aml, NULL), SGP_E_FORMAT);
}

/* ---- the form -------------------------------------------------------------------------------- */

static void test_aml_form(void **state) {
    (void)state;
    sgp_aml aml;
    assert_int_equal(
        sgp_aml_read_form("v=1&device_number=%2B6281200000001&location_latitude=-7.98211&"
                          "location_longitude=112.63082&location_time=1604912121000&"
                          "location_accuracy=10.4&location_source=wifi&location_certainty=83&"
                          "location_altitude=440.5&emergency_number=112&time=1604912100000&"
                          "device_imei=354773072099116&cell_carrier=&x&cell_network_mcc=510",
                          &aml, NULL),
        SGP_OK);
    assert_true(aml.is_form && aml.has_point);
    assert_int_equal(aml.point.lat_e7, -79821100);
    assert_int_equal(aml.radius_m, 11);
    assert_int_equal(aml.certainty_percent, 83);
    assert_int_equal(aml.method, SGP_AML_WIFI);
    assert_int_equal(aml.time_ms, INT64_C(1604912121000));
    assert_int_equal(aml.call_time_ms, INT64_C(1604912100000));
    assert_string_equal(aml.device_number, "+6281200000001");
    assert_string_equal(aml.emergency_number, "112");
    assert_string_equal(aml.imei, "354773072099116");
    assert_int_equal(aml.mcc, 510);
    assert_true(aml.has_altitude);

    /* The other name of the certainty, as a part of one. */
    assert_int_equal(sgp_aml_read_form("v=3&location_latitude=1&location_longitude=2&"
                                       "location_confidence=0.6827",
                                       &aml, NULL),
                     SGP_OK);
    assert_int_equal(aml.certainty_percent, 68);
    assert_int_equal(aml.version, 3);
    assert_int_equal(aml.radius_m, -1);

    assert_int_equal(sgp_aml_read_form("v=1&device_number=%2B6281200000001", &aml, NULL), SGP_OK);
    assert_false(aml.has_point);
    assert_int_equal(aml.method, SGP_AML_NONE);

    static const struct {
        const char *body;
        sgp_err err;
        const char *part;
    } ROWS[] = {
        {"", SGP_E_FORMAT, "neither v nor"},
        {"name=x", SGP_E_FORMAT, "neither v nor"},
        {"v=x", SGP_E_VERSION, "v is no version"},
        {"v=1&location_latitude=91&location_longitude=2", SGP_E_RANGE, "location_latitude"},
        {"v=1&location_latitude=1&location_longitude=%00", SGP_E_FORMAT, "longitude is missing"},
        {"v=1&location_latitude=1", SGP_E_FORMAT, "longitude is missing"},
        {"v=1&location_latitude=1&location_longitude=2&location_accuracy=inf", SGP_E_RANGE,
         "location_accuracy"},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        sgp_fault fault = {.text = ""};
        sgp_err err = sgp_aml_read_form(ROWS[i].body, &aml, &fault);
        if (err != ROWS[i].err || !strstr(fault.text, ROWS[i].part))
            fail_msg("%s: %s, \"%s\"", ROWS[i].body, sgp_err_str(err), fault.text);
    }
}

static void test_aml_form_is_signed(void **state) {
    (void)state;
    /* printf '%s' 'v=1&location_latitude=1&location_longitude=2' |
     *     openssl dgst -sha1 -hmac kunci */
    static const char BODY[] = "v=1&location_latitude=1&location_longitude=2";
    static const char DIGEST[] = "88b16e382e8c0586d78a5719ea16680d51c0efe3";
    char body[256];
    snprintf(body, sizeof body, "%s&hmac=%s", BODY, DIGEST);
    assert_int_equal(sgp_aml_check_form(body, "kunci", 5, NULL), SGP_OK);
    assert_int_equal(sgp_aml_check_form(body, "kuncj", 5, NULL), SGP_E_UNAUTHENTICATED);
    assert_int_equal(sgp_aml_check_form(BODY, "kunci", 5, NULL), SGP_E_UNAUTHENTICATED);
    for (size_t i = 0; i < sizeof DIGEST - 1; i++) { /* any digit changed, lower and upper case */
        char *digit = &body[sizeof BODY - 1 + 6 + i], was = *digit;
        *digit = was == '0' ? '1' : '0';
        assert_int_equal(sgp_aml_check_form(body, "kunci", 5, NULL), SGP_E_UNAUTHENTICATED);
        *digit = was >= 'a' ? (char)(was - 32) : was;
        assert_int_equal(sgp_aml_check_form(body, "kunci", 5, NULL), SGP_OK);
        *digit = was;
    }
    body[2] = '2';
    assert_int_equal(sgp_aml_check_form(body, "kunci", 5, NULL), SGP_E_UNAUTHENTICATED);
    body[2] = '1';
    strcat(body, "&v=2"); /* nothing may follow what is signed */
    assert_int_equal(sgp_aml_check_form(body, "kunci", 5, NULL), SGP_E_UNAUTHENTICATED);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_aml_vectors),
        cmocka_unit_test(test_aml_version_1),
        cmocka_unit_test(test_aml_without_a_position),
        cmocka_unit_test(test_aml_version_2),
        cmocka_unit_test(test_aml_what_is_wrong_beside_the_position_is_left_out),
        cmocka_unit_test(test_aml_errors_name_the_field),
        cmocka_unit_test(test_aml_data_messages),
        cmocka_unit_test(test_aml_form),
        cmocka_unit_test(test_aml_form_is_signed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
