/* Whatever people paste: a point that is found lies in the world, has a radius, and stands
 * where it is said to. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz_fragments.h"
#include "gis/coordinates.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int holds) {
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const PIECES[] = {
        "-7.98",
        "112.63",
        "7",
        "58",
        "48.5",
        "-",
        "+",
        ".",
        ",",
        ";",
        " ",
        "/",
        "\xc2\xb0",
        "'",
        "\"",
        "S",
        "E",
        "LS",
        "BT",
        "lintang selatan ",
        "bujur ",
        "lat",
        "lng",
        ":",
        "=",
        "geo:",
        ";u=",
        ";crs=wgs84",
        "?q=",
        "https://",
        "maps.google.com/",
        "@",
        ",17z",
        "!3d",
        "!4d",
        "?mlat=",
        "&mlon=",
        "#map=17/",
        "%2C",
        "%",
        "&",
        "0,0",
        "data=",
        "derajat",
        "\xe2\x88\x92",
        "999999999",
        "\n",
        "(",
        ")",
    };
    char *text = fuzz_text(data, size, PIECES, sizeof PIECES / sizeof *PIECES);
    if (!text)
        return 0;
    sgp_coordinates found;
    sgp_fault fault;
    sgp_err err = sgp_coordinates_find(text, &found, &fault);
    if (err == SGP_OK) {
        check(found.n_points == 1 || found.n_points == 2);
        for (size_t i = 0; i < found.n_points; i++) {
            check(abs(found.points[i].lon_e7) <= 1800000000);
            check(abs(found.points[i].lat_e7) <= 900000000);
        }
        check(found.radius_m >= 1);
        check(found.begin < found.end && found.end <= strlen(text));
        check(!sgp_coordinates_link_without_point(text, NULL, NULL) ||
              found.form == SGP_COORDINATES_NUMBERS);
    } else {
        check(err == SGP_E_NOT_FOUND || err == SGP_E_RANGE || err == SGP_E_TOO_LARGE);
        check(fault.text[0] != '\0');
    }
    free(text);
    return 0;
}
