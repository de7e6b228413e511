/* Plus Codes: the specification's own vectors, and codes within callers' texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "gis/plus_code.h"

/* ---- the vectors of SIGAP_DATA ------------------------------------------------------ */

enum { FIELDS_MAX = 6 };

static FILE *open_vectors(const char *name) {
    const char *data = getenv("SIGAP_DATA");
    char path[4096];
    snprintf(path, sizeof path, "%s/vectors/%s", data ? data : "../shared/data", name);
    FILE *file = fopen(path, "r");
    if (!file) {
        print_message("%s is absent\n", path);
        skip();
    }
    return file;
}

/* The next line that is no comment, cut at its commas in place; 0 = the end. */
static int next_row(FILE *file, char *line, int size, char **fields) {
    while (fgets(line, size, file)) {
        line[strcspn(line, "\r\n")] = '\0';
        if (line[0] == '#' || line[0] == '\0')
            continue;
        int n = 0;
        for (char *at = line; at && n < FIELDS_MAX; n++) {
            fields[n] = at;
            at = strchr(at, ',');
            if (at)
                *at++ = '\0';
        }
        return n;
    }
    return 0;
}

static bool is_true(const char *field) {
    return strcmp(field, "true") == 0;
}

static void test_plus_code_validity_vectors(void **state) {
    (void)state;
    FILE *file = open_vectors("olc_validityTests.csv");
    char line[1024], *field[FIELDS_MAX];
    int rows = 0;
    for (int n; (n = next_row(file, line, sizeof line, field)) > 0; rows++) {
        assert_int_equal(n, 4);
        if (sgp_plus_code_is_valid(field[0]) != is_true(field[1]) ||
            sgp_plus_code_is_short(field[0]) != is_true(field[2]) ||
            sgp_plus_code_is_full(field[0]) != is_true(field[3]))
            fail_msg("%s", field[0]);
    }
    fclose(file);
    assert_true(rows >= 20);
}

static void test_plus_code_encoding_vectors(void **state) {
    (void)state;
    FILE *file = open_vectors("olc_encoding.csv");
    char line[1024], *field[FIELDS_MAX], code[SGP_PLUS_CODE_BYTES];
    int rows = 0;
    for (int n; (n = next_row(file, line, sizeof line, field)) > 0; rows++) {
        assert_int_equal(n, 6);
        int digits = atoi(field[4]);
        sgp_err units = sgp_plus_code_encode_units(atoll(field[3]), atoll(field[2]), digits, code);
        assert_int_equal(units == SGP_OK, field[5][0] != '\0');
        assert_string_equal(code, field[5]);
        sgp_err degrees = sgp_plus_code_encode(atof(field[1]), atof(field[0]), digits, code);
        assert_int_equal(degrees, units);
        if (strcmp(code, field[5]) != 0)
            fail_msg("%s,%s with %d digits: %s for %s", field[0], field[1], digits, code, field[5]);
    }
    fclose(file);
    assert_true(rows >= 300);
}

static void test_plus_code_decoding_vectors(void **state) {
    (void)state;
    FILE *file = open_vectors("olc_decoding.csv");
    char line[1024], *field[FIELDS_MAX];
    int rows = 0;
    for (int n; (n = next_row(file, line, sizeof line, field)) > 0; rows++) {
        assert_int_equal(n, 6);
        sgp_plus_cell cell;
        assert_int_equal(sgp_plus_code_decode(field[0], &cell), SGP_OK);
        assert_int_equal(cell.digits, atoi(field[1]));
        double off[] = {sgp_plus_degrees_lat(cell.lat_low) - atof(field[2]),
                        sgp_plus_degrees_lon(cell.lon_low) - atof(field[3]),
                        sgp_plus_degrees_lat(cell.lat_high) - atof(field[4]),
                        sgp_plus_degrees_lon(cell.lon_high) - atof(field[5])};
        for (int i = 0; i < 4; i++)
            if (!(off[i] < 1e-10 && off[i] > -1e-10))
                fail_msg("%s: number %d is off by %g", field[0], i, off[i]);
    }
    fclose(file);
    assert_true(rows >= 300);
}

static void test_plus_code_short_vectors(void **state) {
    (void)state;
    FILE *file = open_vectors("olc_shortCodeTests.csv");
    char line[1024], *field[FIELDS_MAX], code[SGP_PLUS_CODE_BYTES];
    int rows = 0;
    for (int n; (n = next_row(file, line, sizeof line, field)) > 0; rows++) {
        assert_int_equal(n, 5);
        double lat = atof(field[1]), lon = atof(field[2]);
        if (field[4][0] == 'B' || field[4][0] == 'S') {
            assert_int_equal(sgp_plus_code_shorten(field[0], lon, lat, code), SGP_OK);
            assert_string_equal(code, field[3]);
        }
        if (field[4][0] == 'B' || field[4][0] == 'R') {
            assert_int_equal(sgp_plus_code_recover(field[3], lon, lat, code), SGP_OK);
            assert_string_equal(code, field[0]);
        }
    }
    fclose(file);
    assert_true(rows >= 15);
}

/* ---- our own rows ------------------------------------------------------------------- */

static void test_plus_code_of_malang(void **state) {
    (void)state;
    char code[SGP_PLUS_CODE_BYTES], back[SGP_PLUS_CODE_BYTES];
    sgp_plus_cell cell;
    assert_int_equal(sgp_plus_code_encode(112.6326, -7.9666, 10, code), SGP_OK);
    assert_true(sgp_plus_code_is_full(code));
    assert_int_equal(sgp_plus_code_decode(code, &cell), SGP_OK);
    sgp_point point = {.lon_e7 = 1126326000, .lat_e7 = -79666000};
    assert_true(sgp_distance_m(sgp_plus_cell_middle(&cell), point) <=
                sgp_plus_cell_radius_m(&cell));
    /* A cell of 1/8000 degree is 13.9 m high: its corner is 9.8 m from the middle there. */
    assert_int_equal(sgp_plus_cell_radius_m(&cell), 10);
    /* Without its first four digits it is the same place for anybody in Malang Raya. */
    assert_int_equal(sgp_plus_code_recover(code + 4, 112.45, -8.15, back), SGP_OK);
    assert_string_equal(back, code);
}

static void test_plus_code_refuses(void **state) {
    (void)state;
    char code[SGP_PLUS_CODE_BYTES];
    sgp_plus_cell cell;
    assert_int_equal(sgp_plus_code_encode(0.0 / 0.0, 0, 10, code), SGP_E_RANGE);
    assert_int_equal(sgp_plus_code_encode(0, 1e300, 10, code), SGP_E_RANGE);
    assert_int_equal(sgp_plus_code_encode(1, 1, 0, code), SGP_E_ARGUMENT);
    assert_int_equal(sgp_plus_code_encode(1, 1, 9, code), SGP_E_ARGUMENT);
    assert_string_equal(code, "");
    assert_int_equal(sgp_plus_code_decode("2J5M+X9", &cell), SGP_E_FORMAT);
    assert_int_equal(sgp_plus_code_decode("X2222222+22", &cell), SGP_E_FORMAT); /* over the pole */
    assert_int_equal(sgp_plus_code_shorten("6P4G0000+", 112, -8, code), SGP_E_FORMAT);
    assert_int_equal(sgp_plus_code_recover("Malang", 112, -8, code), SGP_E_FORMAT);
    assert_int_equal(sgp_plus_code_recover("2J5M+X9", 0.0 / 0.0, -8, code), SGP_E_RANGE);
}

/* Going round at the date line, where a plain difference of degrees would be 360. */
static void test_plus_code_at_the_date_line(void **state) {
    (void)state;
    char code[SGP_PLUS_CODE_BYTES], shorter[SGP_PLUS_CODE_BYTES], back[SGP_PLUS_CODE_BYTES];
    assert_int_equal(sgp_plus_code_encode(179.9999, -17.5, 10, code), SGP_OK);
    assert_int_equal(sgp_plus_code_shorten(code, -179.9999, -17.5, shorter), SGP_OK);
    assert_true(sgp_plus_code_is_short(shorter));
    assert_int_equal(sgp_plus_code_recover(shorter, -179.9999, -17.5, back), SGP_OK);
    assert_string_equal(back, code);
}

/* Plain search of the nearest cell: every code with these last digits, all distances. */
static void test_plus_code_recover_is_nearest(void **state) {
    (void)state;
    uint64_t seed = 1;
    for (int run = 0; run < 300; run++) {
        double at[4];
        for (int i = 0; i < 4; i++) {
            seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
            at[i] = (double)(seed >> 40) / (1 << 24);
        }
        double lon = 110 + 4 * at[0], lat = -9 + 3 * at[1];
        char code[SGP_PLUS_CODE_BYTES], back[SGP_PLUS_CODE_BYTES];
        assert_int_equal(sgp_plus_code_encode(105 + 9 * at[2], -10 + 8 * at[3], 10, code), SGP_OK);
        assert_int_equal(sgp_plus_code_recover(code + 4, lon, lat, back), SGP_OK);
        assert_string_equal(back + 4, code + 4);
        sgp_plus_cell got, other;
        assert_int_equal(sgp_plus_code_decode(back, &got), SGP_OK);
        double lon_off = (double)(got.lon_low + got.lon_high) / 2 / SGP_PLUS_CODE_LON_UNITS - 180;
        double lat_off = (double)(got.lat_low + got.lat_high) / 2 / SGP_PLUS_CODE_LAT_UNITS - 90;
        for (int west = -2; west <= 2; west++)
            for (int south = -2; south <= 2; south++) {
                char near[SGP_PLUS_CODE_BYTES];
                assert_int_equal(sgp_plus_code_encode(lon + west, lat + south, 10, near), SGP_OK);
                memcpy(near + 4, code + 4, strlen(code + 4) + 1);
                assert_int_equal(sgp_plus_code_decode(near, &other), SGP_OK);
                double lon_is =
                    (double)(other.lon_low + other.lon_high) / 2 / SGP_PLUS_CODE_LON_UNITS - 180;
                double lat_is =
                    (double)(other.lat_low + other.lat_high) / 2 / SGP_PLUS_CODE_LAT_UNITS - 90;
                double nearer_lon = (lon_is - lon) * (lon_is - lon);
                double nearer_lat = (lat_is - lat) * (lat_is - lat);
                assert_true((lon_off - lon) * (lon_off - lon) <= nearer_lon + 1e-9);
                assert_true((lat_off - lat) * (lat_off - lat) <= nearer_lat + 1e-9);
            }
    }
}

static void test_plus_code_within_a_text(void **state) {
    (void)state;
    static const struct {
        const char *text, *code, *rest; /* rest: what stands after it */
        bool is_short;
    } ROWS[] = {
        {"6P4G2J5M+X9", "6P4G2J5M+X9", "", false},
        {"6p4g2j5m+x9", "6P4G2J5M+X9", "", false},
        {"6P4G 2J5M+X9", "6P4G2J5M+X9", "", false},
        {"2J5M+X9 Malang", "2J5M+X9", " Malang", true},
        {"2j5m + x9, malang", "2J5M+X9", ", malang", true},
        {"2J5M tambah X9 Lowokwaru", "2J5M+X9", " Lowokwaru", true},
        {"kode plus saya 2J5M plus X9", "2J5M+X9", "", true},
        {"lokasi: 2J5M+X9Q.", "2J5M+X9Q", ".", true},
        {"https://plus.codes/6P4G2J5M+X9", "6P4G2J5M+X9", "", false},
        {"https://maps.example/?q=2J5M%2BX9+Malang", "2J5M+X9", "+Malang", true},
        {"6P4G2J00+ dekat kali", "6P4G2J00+", " dekat kali", false},
        {"6P4G2J5M+ depan toko", "6P4G2J5M+", " depan toko", false},
        {"4J2J5M+X9", "4J2J5M+X9", "", true},
        {"2J5M\xef\xbc\x8bX9", "2J5M+X9", "", true},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        sgp_plus_code_found found;
        if (!sgp_plus_code_find(ROWS[i].text, &found))
            fail_msg("nothing in \"%s\"", ROWS[i].text);
        assert_string_equal(found.code, ROWS[i].code);
        assert_int_equal(found.is_short, ROWS[i].is_short);
        assert_string_equal(ROWS[i].text + found.end, ROWS[i].rest);
    }
    static const char *const NONE[] = {
        "",
        "Jl. Veteran 5",
        "+6281234567",
        "5 + 7",
        "2346 plus 22",
        "2345 + 67",
        "X9+2J5M1",
        "toko 45+G6",
        "2J5M+X",
        "2J5M+XA",
        "A2J5M+X9",
        "2J5M+X9+2",
        "C++",
        "2J5M tambahan X9",
        "X2222222+22",
        "X2222222+",
        "2J5M+ depan",
        "2J0M+X9",
        "km 2345+600",
    };
    for (size_t i = 0; i < sizeof NONE / sizeof *NONE; i++) {
        sgp_plus_code_found found;
        if (sgp_plus_code_find(NONE[i], &found))
            fail_msg("\"%s\" in \"%s\"", found.code, NONE[i]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plus_code_validity_vectors),
        cmocka_unit_test(test_plus_code_encoding_vectors),
        cmocka_unit_test(test_plus_code_decoding_vectors),
        cmocka_unit_test(test_plus_code_short_vectors),
        cmocka_unit_test(test_plus_code_of_malang),
        cmocka_unit_test(test_plus_code_refuses),
        cmocka_unit_test(test_plus_code_at_the_date_line),
        cmocka_unit_test(test_plus_code_recover_is_nearest),
        cmocka_unit_test(test_plus_code_within_a_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
