/* Whatever arrives as a location message, as text, packed bytes, digits or form: what is read
 * lies in its bounds, and a fault never repeats a run of digits, which could be a number. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz_fragments.h"
#include "gis/aml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int holds) {
    if (!holds)
        abort();
}

static void check_outcome(sgp_err err, const sgp_aml *aml, const sgp_fault *fault) {
    if (err != SGP_OK) {
        check(fault->text[0] != '\0');
        for (const char *at = fault->text; *at; at++)
            check(strspn(at, "0123456789") < 5);
        return;
    }
    check(aml->version >= 1);
    check(aml->radius_m == -1 || (aml->radius_m > 0 && aml->radius_m <= SGP_AML_RADIUS_MOST_M));
    check(aml->certainty_percent >= -1 && aml->certainty_percent <= 100);
    check(!aml->has_point ||
          (abs(aml->point.lat_e7) <= 900000000 && abs(aml->point.lon_e7) <= 1800000000));
    check(aml->has_point || aml->method == SGP_AML_NONE);
    check(aml->time_ms >= INT64_C(-100000000000) && aml->time_ms < INT64_C(300000000000000));
    check(strlen(aml->imei) < sizeof aml->imei && strlen(aml->imsi) < sizeof aml->imsi);
    check(strspn(aml->imei, "0123456789") == strlen(aml->imei));
    check(strspn(aml->device_number, "+0123456789") == strlen(aml->device_number));
    check(strlen(aml->wrong_field) < sizeof aml->wrong_field);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const PIECES[] = {
        "A\"ML=",
        "1",
        "2",
        ";",
        "lt=",
        "lg=",
        "lo=",
        "rd=",
        "top=",
        "20220131171748",
        "lc=",
        "pm=",
        "G",
        "N",
        "si=",
        "ei=",
        "mcc=",
        "nc=51010",
        "et=1593187189",
        "ls=",
        "lz=",
        "-9999",
        "-7.98211",
        "112.63082",
        ",",
        "0",
        "v=1",
        "&",
        "location_latitude=",
        "location_longitude=",
        "location_accuracy=",
        "location_source=",
        "location_time=",
        "device_number=%2B62812",
        "hmac=",
        "&hmac=",
        "ff",
        "nan",
        "=",
        "\"",
        "999999999999999",
        "%",
        "A\"ML=1;lt=-7.98211;lg=112.63082;rd=",
        "06050400000000",
        "4151",
    };
    sgp_aml aml;
    sgp_fault fault;
    char *text = fuzz_text(data, size, PIECES, sizeof PIECES / sizeof *PIECES);
    if (!text)
        return 0;
    check_outcome(sgp_aml_read_sms(text, &aml, &fault), &aml, &fault);
    check_outcome(sgp_aml_read_sms_hex(text, &aml, &fault), &aml, &fault);
    check_outcome(sgp_aml_read_form(text, &aml, &fault), &aml, &fault);
    check(sgp_aml_check_form(text, "kunci", 5, &fault) != SGP_E_CRYPTO);
    check_outcome(sgp_aml_read_sms_bytes(data, size, &aml, &fault), &aml, &fault);
    free(text);
    return 0;
}
