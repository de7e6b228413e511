/* Whatever a caller types: a code that is found is a code, stands where it is said to,
 * and short and full forms of a cell come back as the same cell. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz_fragments.h"
#include "gis/plus_code.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int holds) {
    if (!holds)
        abort();
}

static void check_cell(const char *code) {
    sgp_plus_cell cell;
    check(sgp_plus_code_decode(code, &cell) == SGP_OK);
    check(cell.digits >= 2 && cell.digits <= SGP_PLUS_CODE_DIGITS_MAX);
    check(cell.lat_low >= 0 && cell.lat_low < cell.lat_high && cell.lon_low >= 0 &&
          cell.lon_low < cell.lon_high);
    char again[SGP_PLUS_CODE_BYTES], shorter[SGP_PLUS_CODE_BYTES];
    check(sgp_plus_code_encode_units(cell.lon_low, cell.lat_low, cell.digits, again) == SGP_OK);
    sgp_plus_cell same;
    check(sgp_plus_code_decode(again, &same) == SGP_OK);
    check(same.lon_low == cell.lon_low && same.lat_low == cell.lat_low);
    double lon = sgp_plus_degrees_lon(cell.lon_low), lat = sgp_plus_degrees_lat(cell.lat_low);
    if (sgp_plus_code_shorten(again, lon, lat, shorter) == SGP_OK) {
        char full[SGP_PLUS_CODE_BYTES];
        check(sgp_plus_code_recover(shorter, lon, lat, full) == SGP_OK);
        check(strcmp(full, again) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const PIECES[] = {
        "2",  "J", "5m",      "X9",           "6P4G",     "6P4G2J5M",
        "8",  "Q", "+",       "+X9",          "%2B",      "0",
        "00", " ", " plus ",  " tambah ",     " + ",      "Malang",
        ",",  "X", "2J5M+X9", "\xef\xbc\x8b", "\xc3\xa9",
    };
    char *text = fuzz_text(data, size, PIECES, sizeof PIECES / sizeof *PIECES);
    if (!text)
        return 0;

    bool is_short = sgp_plus_code_is_short(text), is_full = sgp_plus_code_is_full(text);
    check(!(is_short && is_full));
    check(sgp_plus_code_is_valid(text) || !(is_short || is_full));
    if (is_full)
        check_cell(text);

    sgp_plus_code_found found;
    if (sgp_plus_code_find(text, &found)) {
        check(found.begin < found.end && found.end <= strlen(text));
        check(found.is_short ? sgp_plus_code_is_short(found.code)
                             : sgp_plus_code_is_full(found.code));
        char full[SGP_PLUS_CODE_BYTES];
        check(sgp_plus_code_recover(found.code, 112.63, -7.98, full) == SGP_OK);
        check_cell(full);
    }

    double place[2] = {0, 0};
    memcpy(place, data, size < sizeof place ? size : sizeof place);
    char code[SGP_PLUS_CODE_BYTES];
    if (sgp_plus_code_encode(place[0], place[1], 15, code) == SGP_OK)
        check_cell(code);
    free(text);
    return 0;
}
