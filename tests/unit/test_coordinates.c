/* Points within texts, in the forms that people paste. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "gis/coordinates.h"

static bool is_about(sgp_point point, double lon, double lat) {
    sgp_point other;
    return sgp_point_from_degrees(lon, lat, &other) == SGP_OK && sgp_distance_m(point, other) < 0.1;
}

typedef struct row {
    const char *text;
    double lon, lat;
    int32_t radius_m;
} row;

static void check_rows(const row *rows, size_t n, sgp_coordinates_form form, bool is_view) {
    for (size_t i = 0; i < n; i++) {
        sgp_coordinates found;
        sgp_fault fault;
        if (sgp_coordinates_find(rows[i].text, &found, &fault) != SGP_OK)
            fail_msg("%s: %s", rows[i].text, fault.text);
        if (found.n_points != 1 || !is_about(found.points[0], rows[i].lon, rows[i].lat) ||
            found.radius_m != rows[i].radius_m || found.form != form || found.is_view != is_view)
            fail_msg("%s: %zu points, %.7f,%.7f, %d m, %s%s", rows[i].text, found.n_points,
                     sgp_lon(found.points[0]), sgp_lat(found.points[0]), found.radius_m,
                     sgp_coordinates_form_str(found.form), found.is_view ? ", a view" : "");
        assert_true(found.begin < found.end && found.end <= strlen(rows[i].text));
    }
}

#define CHECK_ROWS(rows, form, is_view)                                                            \
    check_rows(rows, sizeof rows / sizeof *rows, SGP_COORDINATES_##form, is_view)

static void test_coordinates_of_plain_numbers(void **state) {
    (void)state;
    /* Two decimals leave a box of 0.01 degree open: 0.005 degree is 556 m north and 551 m
     * east at 8 degrees south, 783 m to its corner. */
    static const row ROWS[] = {
        {"-7.98,112.63", 112.63, -7.98, 783},
        {"112.63,-7.98", 112.63, -7.98, 783},
        {"112.63 -7.98", 112.63, -7.98, 783},
        {"lokasi saya -7.98,112.63", 112.63, -7.98, 783},
        {"lokasi saya (-7.98 ; 112.63) tolong", 112.63, -7.98, 783},
        {"-7.9826145, 112.6308233", 112.6308233, -7.9826145, 1},
        {"[112.6308233,-7.9826145]", 112.6308233, -7.9826145, 1},
        {"\xe2\x88\x92"
         "7.98/112.63",
         112.63, -7.98, 783},
        {"titik:-7.98,+112.63", 112.63, -7.98, 783},
        {"-7.98 dan 112.63", 112.63, -7.98, 783},
        {"-8 112.6", 112.6, -8, 55870},
        {"-7,98 112,63", 112.63, -7.98, 783},
        {"-7,98; 112,63", 112.63, -7.98, 783},
        {"-7,98, 112,63", 112.63, -7.98, 783},
        {"-7,98,112,63", 112.63, -7.98, 783},
        {"-7,9826145\n112,6308233", 112.6308233, -7.9826145, 1},
        {"lat: -7.98 lng: 112.63", 112.63, -7.98, 783},
        {"lng=112.63&lat=-7.98", 112.63, -7.98, 783},
        {"{\"lat\": -7.98, \"lng\": 112.63}", 112.63, -7.98, 783},
        {"Latitude -7.98, Longitude 112.63", 112.63, -7.98, 783},
        {"lintang -7.98 bujur 112.63", 112.63, -7.98, 783},
        {"lat 45.5 lon 7.25", 7.25, 45.5, 5574},
        {"no 5, -7.98,112.63", 112.63, -7.98, 783},
        {"-7.98,112.63,17", 112.63, -7.98, 783},
    };
    CHECK_ROWS(ROWS, NUMBERS, false);
}

static void test_coordinates_with_hemispheres_and_degrees(void **state) {
    (void)state;
    static const row ROWS[] = {
        {"7.98S 112.63E", 112.63, -7.98, 783},
        {"7.98\xc2\xb0 S, 112.63\xc2\xb0 E", 112.63, -7.98, 783},
        {"112.63\xc2\xb0"
         "E 7.98\xc2\xb0S",
         112.63, -7.98, 783},
        {"S7.98 E112.63", 112.63, -7.98, 783},
        {"7,98 LS 112,63 BT", 112.63, -7.98, 783},
        {"7.98 LU, 112.63 BB", -112.63, 7.98, 783},
        {"-7.98 LS 112.63 BT", 112.63, -7.98, 783},
        {"7.98 lintang selatan, 112.63 bujur timur", 112.63, -7.98, 783},
        {"lintang selatan 7.98 bujur timur 112.63", 112.63, -7.98, 783},
        {"BT 112.63 LS 7.98", 112.63, -7.98, 783},
        {"7.98 S 112.63", 112.63, -7.98, 783},
        {"-7.98\xc2\xb0, 112.63\xc2\xb0", 112.63, -7.98, 783},
        /* Half a second is 15.4 m, half a minute 927 m, half a tenth of one 93 m. */
        {"7\xc2\xb0"
         "58'48\"S 112\xc2\xb0"
         "37'48\"E",
         112.63, -7.98, 22},
        {"7\xc2\xb0"
         "58\xe2\x80\xb2"
         "48\xe2\x80\xb3 LS, 112\xc2\xb0"
         "37\xe2\x80\xb2"
         "48\xe2\x80\xb3 BT",
         112.63, -7.98, 22},
        {"07 58 48 S 112 37 48 E", 112.63, -7.98, 22},
        {"S 7 58 48, E 112 37 48", 112.63, -7.98, 22},
        {"7\xc2\xb0"
         "58'48,0\" LS 112\xc2\xb0"
         "37'48,0\" BT",
         112.63, -7.98, 3},
        {"7\xc2\xb0"
         "58'48.0''S 112\xc2\xb0"
         "37'48.0''E",
         112.63, -7.98, 3},
        {"7 derajat 58 menit 48 detik lintang selatan 112 derajat 37 menit 48 detik bujur timur",
         112.63, -7.98, 22},
        {"S7 58.8 E112 37.8", 112.63, -7.98, 131},
        {"7\xc2\xb0"
         "58.8'S, 112\xc2\xb0"
         "37.8'E",
         112.63, -7.98, 131},
        {"7o58'48\" LS 112o37'48\" BT", 112.63, -7.98, 22},
        {"-7\xc2\xb0"
         "58'48\", 112\xc2\xb0"
         "37'48\"",
         112.63, -7.98, 22},
        {"saya di S7\xc2\xb0"
         "58'48\" E112\xc2\xb0"
         "37'48\" dekat kali",
         112.63, -7.98, 22},
    };
    CHECK_ROWS(ROWS, NUMBERS, false);
}

static void test_coordinates_of_geo_uris(void **state) {
    (void)state;
    static const row ROWS[] = {
        {"geo:-7.98,112.63", 112.63, -7.98, 783},
        {"geo:-7.9826145,112.6308233;u=35", 112.6308233, -7.9826145, 35},
        {"GEO:-7.9826145,112.6308233,440;crs=WGS84;U=35.5", 112.6308233, -7.9826145, 36},
        {"saya di geo:-7.9826145,112.6308233;u=35, tolong", 112.6308233, -7.9826145, 35},
    };
    CHECK_ROWS(ROWS, GEO_URI, false);
    static const row ASKED[] = {
        {"geo:0,0?q=-7.98,112.63(Rumah)", 112.63, -7.98, 783},
        {"geo:0,0?q=-7.98%2C112.63", 112.63, -7.98, 783},
    };
    CHECK_ROWS(ASKED, LINK, false);
}

static void test_coordinates_of_links(void **state) {
    (void)state;
    static const row PINS[] = {
        {"https://www.google.com/maps?q=-7.98,112.63", 112.63, -7.98, 783},
        {"https://maps.google.com/?q=-7.98,112.63&z=17&hl=id", 112.63, -7.98, 783},
        {"https://maps.google.com/maps?q=-7.9826145%2C112.6308233&z=17", 112.6308233, -7.9826145,
         1},
        {"https://www.google.com/maps/search/?api=1&query=-7.98,112.63", 112.63, -7.98, 783},
        {"https://www.google.com/maps/place/Alun-alun/@-7.9,112.6,17z/data=!3m1!4b1!4m5!3m4!1s0x2e"
         "!8m2!3d-7.9826145!4d112.6308233?hl=id",
         112.6308233, -7.9826145, 1},
        {"https://www.google.com/maps/place/7%C2%B058'48.0%22S+112%C2%B037'48.0%22E/"
         "@-7.9,112.6,17z",
         112.63, -7.98, 3},
        {"https://www.google.com/maps/search/-7.98,+112.63?entry=tts", 112.63, -7.98, 783},
        {"https://www.google.com/maps/dir//-7.98,112.63/@-7.9,112.6,17z", 112.63, -7.98, 783},
        {"https://www.google.com/maps/dir/?api=1&destination=-7.98,112.63", 112.63, -7.98, 783},
        {"www.google.com/maps?q=loc:-7.98,112.63", 112.63, -7.98, 783},
        {"https://maps.apple.com/?ll=-7.98,112.63&q=Rumah", 112.63, -7.98, 783},
        {"https://waze.com/ul?ll=-7.98%2C112.63&navigate=yes", 112.63, -7.98, 783},
        {"https://www.openstreetmap.org/?mlat=-7.98&mlon=112.63#map=12/-7.9/112.6", 112.63, -7.98,
         783},
        {"Lokasi saya: https://maps.google.com/?q=-7.98,112.63. Cepat!", 112.63, -7.98, 783},
        {"<https://maps.google.com/?q=-7.98,112.63>", 112.63, -7.98, 783},
        {"(https://maps.google.com/?q&z=17&ll=-7.98,112.63)", 112.63, -7.98, 783},
        {"https://maps.app.goo.gl/abcDEF123 https://maps.google.com/?q=-7.98,112.63", 112.63, -7.98,
         783},
    };
    CHECK_ROWS(PINS, LINK, false);
    /* A tile at zoom 17 is 306 m wide at the equator, 303 m at 8 degrees south. */
    static const row VIEWS[] = {
        {"https://www.google.com/maps/@-7.98,112.63,17z", 112.63, -7.98, 303},
        {"https://www.google.com/maps/@-7.98,112.63,500m/data=!3m1!1e3", 112.63, -7.98, 250},
        {"https://www.google.com/maps/place/Malang/@-7.98,112.63,17z", 112.63, -7.98, 303},
        {"https://www.openstreetmap.org/#map=17/-7.98/112.63", 112.63, -7.98, 303},
        {"https://example.org/peta?center=-7.98,112.63", 112.63, -7.98, 500},
        {"https://www.google.com/maps/@-7.98,112.63,3z", 112.63, -7.98, 50000},
    };
    CHECK_ROWS(VIEWS, LINK, true);
}

static void test_coordinates_ambiguous_order_gives_both(void **state) {
    (void)state;
    sgp_coordinates found;
    assert_int_equal(sgp_coordinates_find("45.123456 7.654321", &found, NULL), SGP_OK);
    assert_int_equal(found.n_points, 2);
    assert_true(is_about(found.points[0], 7.654321, 45.123456)); /* latitude first */
    assert_true(is_about(found.points[1], 45.123456, 7.654321));
    /* The same reading twice is one. */
    assert_int_equal(sgp_coordinates_find("7.5432,7.5432", &found, NULL), SGP_OK);
    assert_int_equal(found.n_points, 1);
    /* A link is written latitude first, always. */
    assert_int_equal(sgp_coordinates_find("https://x.example/?q=45.1,7.65", &found, NULL), SGP_OK);
    assert_int_equal(found.n_points, 1);
    assert_true(is_about(found.points[0], 7.65, 45.1));
}

static void test_coordinates_finds_nothing(void **state) {
    (void)state;
    static const char *const ROWS[] = {
        "",
        " ",
        "Jl. Veteran 5",
        "gg 5 sumbersari",
        "blok C2 no 7",
        "081234567890",
        "RT 03 RW 05",
        "jl kawi 12-14",
        "Rp 12.500, 3 orang",
        "km 12.5",
        "jam 10.30 sampai 11",
        "SMAN 3 Malang",
        "no 5, 7",
        "5,7 km",
        "1e999,2.0",
        "nan,nan",
        "0x10,0x20 rumah",
        "12.11.2026",
        "7.98 S 112.63 S",
        "-7.98-112.63",
        "Blok S 12 E",
        "65145, 65146 kode pos",
        "112,63",
        "10 menit 5 detik",
        "-8 112",
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        sgp_coordinates found;
        sgp_err err = sgp_coordinates_find(ROWS[i], &found, NULL);
        if (err != SGP_E_NOT_FOUND)
            fail_msg("\"%s\": %s", ROWS[i], sgp_err_str(err));
        assert_false(sgp_coordinates_link_without_point(ROWS[i], NULL, NULL));
    }
}

static void test_coordinates_says_what_is_wrong(void **state) {
    (void)state;
    static const struct {
        const char *text, *part;
    } ROWS[] = {
        {"-97.98,112.63", "\"-97.98,112.63\" lies outside"},
        {"lat 112.63 lon -7.98", "outside the world"},
        {"7.98 S, 181.63 E", "outside the world"},
        {"7\xc2\xb0"
         "61'00\"S 112\xc2\xb0"
         "37'48\"E",
         "60 minutes"},
        {"7\xc2\xb0"
         "58'60\"S 112\xc2\xb0"
         "37'48\"E",
         "60 minutes"},
        {"-7.98 LU 112.63 BT", "contradicts itself"},
        {"https://maps.google.com/?q=-97.98,112.63", "outside the world"},
        {"geo:-7.98,112.63;u=-5", "u=-5"},
        {"geo:-7.98,112.63;u=nan", "u=nan"},
        {"geo:-7.98,112.63;crs=EPSG:32749", "EPSG:32749"},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        sgp_coordinates found;
        sgp_fault fault = {.text = ""};
        sgp_err err = sgp_coordinates_find(ROWS[i].text, &found, &fault);
        if (err != SGP_E_RANGE || !strstr(fault.text, ROWS[i].part))
            fail_msg("\"%s\": %s, \"%s\"", ROWS[i].text, sgp_err_str(err), fault.text);
    }
    /* What is wrong in one place does not hide a point in another. */
    sgp_coordinates found;
    assert_int_equal(sgp_coordinates_find("-97.98,112.63 eh -7.98,112.63", &found, NULL), SGP_OK);

    char *long_text = malloc(1 << 20);
    assert_non_null(long_text);
    memset(long_text, '7', 1 << 20);
    long_text[(1 << 20) - 1] = '\0';
    assert_int_equal(sgp_coordinates_find(long_text, &found, NULL), SGP_E_TOO_LARGE);
    free(long_text);
}

static void test_coordinates_tells_links_without_a_point(void **state) {
    (void)state;
    static const char *const ROWS[] = {
        "https://maps.app.goo.gl/abcDEF123",
        "saya di maps.app.goo.gl/abcDEF123 ya",
        "https://goo.gl/maps/xyz",
        "https://www.google.com/maps/place/Malang",
        "geo:0,0?q=Jl.+Veteran",
        "https://waze.com/ul/hqxyz",
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        sgp_coordinates found;
        sgp_fault fault;
        size_t begin, end;
        if (sgp_coordinates_find(ROWS[i], &found, &fault) != SGP_E_NOT_FOUND ||
            !strstr(fault.text, "link carries no point"))
            fail_msg("\"%s\": \"%s\"", ROWS[i], fault.text);
        assert_true(sgp_coordinates_link_without_point(ROWS[i], &begin, &end));
        assert_true(begin < end);
    }
    assert_false(
        sgp_coordinates_link_without_point("https://maps.google.com/?q=-7.98,112.63", NULL, NULL));
}

static void test_coordinates_where_it_stood(void **state) {
    (void)state;
    sgp_coordinates found;
    const char *text = "rumah cat biru -7.98, 112.63 depan musala";
    assert_int_equal(sgp_coordinates_find(text, &found, NULL), SGP_OK);
    assert_int_equal(found.begin, 15);
    assert_string_equal(text + found.end, " depan musala");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_coordinates_of_plain_numbers),
        cmocka_unit_test(test_coordinates_with_hemispheres_and_degrees),
        cmocka_unit_test(test_coordinates_of_geo_uris),
        cmocka_unit_test(test_coordinates_of_links),
        cmocka_unit_test(test_coordinates_ambiguous_order_gives_both),
        cmocka_unit_test(test_coordinates_finds_nothing),
        cmocka_unit_test(test_coordinates_says_what_is_wrong),
        cmocka_unit_test(test_coordinates_tells_links_without_a_point),
        cmocka_unit_test(test_coordinates_where_it_stood),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
