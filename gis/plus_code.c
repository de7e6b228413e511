#include "gis/plus_code.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    BASE = 20,
    PLUS_AT = 8,      /* digits before the plus of a full code */
    PAIR_DIGITS = 10, /* digits that come in pairs, latitude first; then one for a grid cell */
    GRID_ROWS = 5,
    GRID_COLUMNS = 4,
    LEAST_FOUND = 4 /* digits before the plus that a code in a text must have */
};

static const char ALPHABET[] = "23456789CFGHJMPQRVWX";

static const int64_t LAT_HALF = INT64_C(90) * SGP_PLUS_CODE_LAT_UNITS;
static const int64_t LAT_ALL = INT64_C(180) * SGP_PLUS_CODE_LAT_UNITS;
static const int64_t LON_HALF = INT64_C(180) * SGP_PLUS_CODE_LON_UNITS;
static const int64_t LON_ALL = INT64_C(360) * SGP_PLUS_CODE_LON_UNITS;

static char upper(char c) {
    return c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
}

/* 0..19, -1 for what is no digit of a code. */
static int digit_value(char c) {
    const char *at = c ? strchr(ALPHABET, upper(c)) : NULL;
    return at ? (int)(at - ALPHABET) : -1;
}

/* ---- what a code looks like ------------------------------------------------------ */

typedef struct shape {
    size_t before; /* characters before the plus, zeros included */
    size_t zeros;  /* of them, the zeros that fill up */
    size_t after;
} shape;

/* True: digits, perhaps zeros, one plus, perhaps digits; nothing else. */
static bool read_shape(const char *code, shape *s) {
    *s = (shape){0};
    size_t at = 0;
    while (digit_value(code[at]) >= 0)
        at++;
    while (code[at] == '0') {
        s->zeros++;
        at++;
    }
    s->before = at;
    if (code[at] != '+' || at > PLUS_AT)
        return false;
    at++;
    while (digit_value(code[at]) >= 0) {
        s->after++;
        at++;
    }
    return code[at] == '\0';
}

static bool shape_is_valid(const shape *s) {
    if (s->before % 2 || s->after == 1 || s->before + s->after == 0)
        return false;
    if (s->zeros > 0) /* only full codes have zeros, in pairs, and nothing after the plus */
        return s->before == PLUS_AT && s->zeros % 2 == 0 && s->zeros < PLUS_AT && s->after == 0;
    return true;
}

bool sgp_plus_code_is_valid(const char *code) {
    shape s;
    return code && read_shape(code, &s) && shape_is_valid(&s);
}

bool sgp_plus_code_is_short(const char *code) {
    shape s;
    return code && read_shape(code, &s) && shape_is_valid(&s) && s.before < PLUS_AT;
}

bool sgp_plus_code_is_full(const char *code) {
    shape s;
    /* The first pair must not lie beyond the north pole or the date line. */
    return code && read_shape(code, &s) && shape_is_valid(&s) && s.before == PLUS_AT &&
           digit_value(code[0]) * BASE < 180 && digit_value(code[1]) * BASE < 360;
}

/* ---- degrees and units ----------------------------------------------------------- */

static int64_t clip_lat(int64_t units) {
    return units < 0 ? 0 : units >= LAT_ALL ? LAT_ALL - 1 : units;
}

static int64_t turn_lon(int64_t units) {
    int64_t rest = units % LON_ALL;
    return rest < 0 ? rest + LON_ALL : rest;
}

/* Degrees that were written in decimals to lie on a cell's edge ("129.7") are in binary a hair
 * beside it, often below; they belong to the cell that begins there. */
static int64_t whole_units(double degrees, double units_per_degree) {
    double units = degrees * units_per_degree;
    double nearest = nearbyint(units);
    return (int64_t)(fabs(units - nearest) <= 4 * DBL_EPSILON * fabs(units) ? nearest
                                                                            : floor(units));
}

static bool units_from_degrees(double lon, double lat, int64_t *lon_units, int64_t *lat_units) {
    if (!(fabs(lon) <= 1e6) || !(fabs(lat) <= 1e6))
        return false;
    *lon_units = turn_lon(whole_units(lon, SGP_PLUS_CODE_LON_UNITS) + LON_HALF);
    *lat_units = clip_lat(whole_units(lat, SGP_PLUS_CODE_LAT_UNITS) + LAT_HALF);
    return true;
}

double sgp_plus_degrees_lon(int64_t units) {
    return (double)(units - LON_HALF) / SGP_PLUS_CODE_LON_UNITS;
}

double sgp_plus_degrees_lat(int64_t units) {
    return (double)(units - LAT_HALF) / SGP_PLUS_CODE_LAT_UNITS;
}

/* ---- encoding and decoding --------------------------------------------------------- */

sgp_err sgp_plus_code_encode_units(int64_t lon, int64_t lat, int digits, char *code) {
    code[0] = '\0';
    if (digits < 2 || (digits < PAIR_DIGITS && digits % 2))
        return SGP_E_ARGUMENT;
    if (digits > SGP_PLUS_CODE_DIGITS_MAX)
        digits = SGP_PLUS_CODE_DIGITS_MAX;
    lat = clip_lat(lat);
    lon = turn_lon(lon);

    char all[SGP_PLUS_CODE_DIGITS_MAX];
    for (int i = SGP_PLUS_CODE_DIGITS_MAX; i-- > PAIR_DIGITS;) {
        all[i] = ALPHABET[lat % GRID_ROWS * GRID_COLUMNS + lon % GRID_COLUMNS];
        lat /= GRID_ROWS;
        lon /= GRID_COLUMNS;
    }
    for (int i = PAIR_DIGITS; i > 0; i -= 2) {
        all[i - 1] = ALPHABET[lon % BASE];
        all[i - 2] = ALPHABET[lat % BASE];
        lon /= BASE;
        lat /= BASE;
    }

    size_t used = 0;
    for (int i = 0; i < digits || i < PLUS_AT; i++) {
        if (i == PLUS_AT)
            code[used++] = '+';
        code[used++] = i < digits ? all[i] : '0';
    }
    if (digits <= PLUS_AT)
        code[used++] = '+';
    code[used] = '\0';
    return SGP_OK;
}

sgp_err sgp_plus_code_encode(double lon, double lat, int digits, char *code) {
    int64_t lon_units, lat_units;
    code[0] = '\0';
    if (!units_from_degrees(lon, lat, &lon_units, &lat_units))
        return SGP_E_RANGE;
    return sgp_plus_code_encode_units(lon_units, lat_units, digits, code);
}

sgp_err sgp_plus_code_decode(const char *code, sgp_plus_cell *cell) {
    if (!sgp_plus_code_is_full(code))
        return SGP_E_FORMAT;
    int64_t lon = 0, lat = 0;
    int64_t lon_size = BASE * LON_ALL / 360, lat_size = BASE * LAT_ALL / 180;
    int digits = 0;
    for (const char *at = code; *at && digits < SGP_PLUS_CODE_DIGITS_MAX; at++) {
        int value = digit_value(*at);
        if (value < 0) /* the plus, or a zero that fills up */
            continue;
        if (digits >= PAIR_DIGITS) {
            lat_size /= GRID_ROWS;
            lon_size /= GRID_COLUMNS;
            lat += value / GRID_COLUMNS * lat_size;
            lon += value % GRID_COLUMNS * lon_size;
        } else if (digits % 2 == 0) {
            lat_size /= digits ? BASE : 1;
            lat += value * lat_size;
        } else {
            lon_size /= digits > 1 ? BASE : 1;
            lon += value * lon_size;
        }
        digits++;
    }
    *cell = (sgp_plus_cell){.digits = digits,
                            .lon_low = lon,
                            .lon_high = lon + lon_size,
                            .lat_low = lat,
                            .lat_high = lat + lat_size};
    return SGP_OK;
}

/* Units to 1e-7 degree; the factors are 5/2 and 0.8192, so whole numbers stay whole. */
static int32_t lat_e7(int64_t twice_units) {
    return (int32_t)((twice_units - 2 * LAT_HALF) / 5);
}

static int32_t lon_e7(int64_t twice_units) {
    return (int32_t)((twice_units - 2 * LON_HALF) * 10000 / (2 * 8192));
}

sgp_point sgp_plus_cell_middle(const sgp_plus_cell *cell) {
    return (sgp_point){.lon_e7 = lon_e7(cell->lon_low + cell->lon_high),
                       .lat_e7 = lat_e7(cell->lat_low + cell->lat_high)};
}

int32_t sgp_plus_cell_radius_m(const sgp_plus_cell *cell) {
    sgp_point middle = sgp_plus_cell_middle(cell);
    double farthest = 0;
    for (int corner = 0; corner < 4; corner++) {
        int64_t lon = corner & 1 ? cell->lon_high : cell->lon_low;
        int64_t lat = corner & 2 ? cell->lat_high : cell->lat_low;
        double metres = sgp_distance_m(
            middle, (sgp_point){.lon_e7 = lon_e7(2 * lon), .lat_e7 = lat_e7(2 * lat)});
        farthest = metres > farthest ? metres : farthest;
    }
    return (int32_t)ceil(farthest);
}

/* ---- short codes -------------------------------------------------------------------- */

static void copy_upper(const char *code, char *copy) {
    size_t i = 0;
    for (; code[i] && i + 1 < SGP_PLUS_CODE_BYTES; i++)
        copy[i] = upper(code[i]);
    copy[i] = '\0';
}

/* Units of the cell that the first `digits` digits name: 20, 1, 0.05 and 0.0025 degrees are
 * whole numbers of units in both directions. */
static int64_t cell_size(int digits, int64_t units_per_degree) {
    int64_t size = BASE * units_per_degree;
    for (int i = 2; i < digits; i += 2)
        size /= BASE;
    return size;
}

static int64_t lon_distance(int64_t a, int64_t b) {
    int64_t way = turn_lon(a - b);
    return way > LON_ALL / 2 ? LON_ALL - way : way;
}

sgp_err sgp_plus_code_shorten(const char *code, double lon, double lat, char *shorter) {
    sgp_plus_cell cell;
    int64_t lon_units, lat_units;
    if (sgp_plus_code_decode(code, &cell) != SGP_OK || cell.digits < PLUS_AT)
        return SGP_E_FORMAT;
    if (!units_from_degrees(lon, lat, &lon_units, &lat_units))
        return SGP_E_RANGE;
    copy_upper(code, shorter);
    int64_t lon_off = lon_distance((cell.lon_low + cell.lon_high) / 2, lon_units);
    int64_t lat_off = llabs((cell.lat_low + cell.lat_high) / 2 - lat_units);
    /* The specification asks for half a cell; 0.3 leaves room for another reference. */
    for (int cut = PLUS_AT; cut >= LEAST_FOUND; cut -= 2)
        if (10 * lon_off < 3 * cell_size(cut, SGP_PLUS_CODE_LON_UNITS) &&
            10 * lat_off < 3 * cell_size(cut, SGP_PLUS_CODE_LAT_UNITS)) {
            memmove(shorter, shorter + cut, strlen(shorter + cut) + 1);
            break;
        }
    return SGP_OK;
}

sgp_err sgp_plus_code_recover(const char *code, double lon, double lat, char *full) {
    shape s;
    int64_t lon_units, lat_units;
    if (!code || !read_shape(code, &s) || !shape_is_valid(&s))
        return SGP_E_FORMAT;
    if (s.before == PLUS_AT) {
        if (!sgp_plus_code_is_full(code))
            return SGP_E_FORMAT;
        copy_upper(code, full);
        return SGP_OK;
    }
    if (!units_from_degrees(lon, lat, &lon_units, &lat_units))
        return SGP_E_RANGE;

    /* The reference's own first digits before the code, ... */
    size_t missing = PLUS_AT - s.before;
    char candidate[SGP_PLUS_CODE_BYTES];
    sgp_err err = sgp_plus_code_encode_units(lon_units, lat_units, PAIR_DIGITS, candidate);
    if (err != SGP_OK)
        return err;
    for (size_t i = 0; code[i] && missing + i + 1 < sizeof candidate; i++) {
        candidate[missing + i] = upper(code[i]);
        candidate[missing + i + 1] = '\0';
    }
    sgp_plus_cell cell;
    err = sgp_plus_code_decode(candidate, &cell);
    if (err != SGP_OK)
        return err;

    /* ... and one cell aside where that one is nearer. Twice the units, so that the middle
     * is whole. */
    int64_t lon_size = 2 * cell_size((int)missing, SGP_PLUS_CODE_LON_UNITS);
    int64_t lat_size = 2 * cell_size((int)missing, SGP_PLUS_CODE_LAT_UNITS);
    int64_t lon_middle = cell.lon_low + cell.lon_high, lat_middle = cell.lat_low + cell.lat_high;
    if (2 * lat_units + lat_size / 2 < lat_middle && lat_middle - lat_size >= 0)
        lat_middle -= lat_size;
    else if (2 * lat_units - lat_size / 2 > lat_middle && lat_middle + lat_size <= 2 * LAT_ALL)
        lat_middle += lat_size;
    if (2 * lon_units + lon_size / 2 < lon_middle)
        lon_middle -= lon_size;
    else if (2 * lon_units - lon_size / 2 > lon_middle)
        lon_middle += lon_size;
    return sgp_plus_code_encode_units((lon_middle + 2 * LON_ALL) / 2, lat_middle / 2, cell.digits,
                                      full);
}

/* ---- a code within a text ------------------------------------------------------------ */

static bool is_alphanumeric(char c) {
    return (c >= '0' && c <= '9') || (upper(c) >= 'A' && upper(c) <= 'Z');
}

static bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static size_t skip_spaces(const char *text, size_t at) {
    while (is_space(text[at]))
        at++;
    return at;
}

static bool says(const char *text, const char *word) {
    size_t i = 0;
    while (word[i] && upper(text[i]) == word[i])
        i++;
    return word[i] == '\0';
}

/* The length of a plus at `at`: the sign, a link's spelling of it, or the full-width sign. */
static size_t plus_sign(const char *at) {
    return *at == '+' ? 1 : says(at, "%2B") || says(at, "\xef\xbc\x8b") ? 3 : 0;
}

/* Behind the plus that begins at or after `at`, 0 = there is none. */
static size_t read_plus(const char *text, size_t at, bool *is_loose) {
    static const char *const SAID[] = {"TAMBAH", "PLUS"};
    size_t begin = skip_spaces(text, at);
    size_t sign = plus_sign(text + begin);
    size_t end = begin + sign;
    for (size_t i = 0; !sign && begin > at && i < sizeof SAID / sizeof *SAID; i++)
        if (says(text + begin, SAID[i]) && is_space(text[begin + strlen(SAID[i])]))
            end = begin + strlen(SAID[i]);
    if (end == begin)
        return 0;
    /* Only when digits follow do the spaces belong to the code: "6P4G2J5M+ depan toko". */
    size_t after = skip_spaces(text, end);
    *is_loose = begin > at || (after > end && digit_value(text[after]) >= 0);
    return end;
}

/* Four digits and then no more, behind a space after the first four: "6P4G 2J5M+X9". */
static bool is_second_half(const char *text) {
    for (int i = 0; i < PLUS_AT - LEAST_FOUND; i++)
        if (digit_value(text[i]) < 0)
            return false;
    return !is_alphanumeric(text[PLUS_AT - LEAST_FOUND]);
}

/* A code whose first digit is at `begin`. */
static bool read_code(const char *text, size_t begin, sgp_plus_code_found *found) {
    char code[SGP_PLUS_CODE_BYTES];
    size_t used = 0, at = begin;
    bool has_letter = false, is_loose = false;
    while (used < PLUS_AT && (digit_value(text[at]) >= 0 || (text[at] == '0' && used > 0))) {
        code[used++] = upper(text[at]);
        has_letter |= digit_value(text[at]) > 7;
        at++;
        if (used == LEAST_FOUND && text[at] == ' ' && is_second_half(text + at + 1))
            at++;
    }
    if (used < LEAST_FOUND)
        return false;
    size_t end = read_plus(text, at, &is_loose);
    if (end == 0)
        return false;
    size_t sign = skip_spaces(text, at);
    code[used++] = '+';

    size_t digits = is_loose ? skip_spaces(text, end) : end;
    size_t first = used;
    while (digit_value(text[digits]) >= 0) {
        has_letter |= digit_value(text[digits]) > 7;
        if (used + 1 < sizeof code)
            code[used++] = upper(text[digits]);
        digits++;
    }
    end = used > first ? digits : end;
    code[used] = '\0';
    /* In a link the plus is "%2B", and a plus is a space. */
    bool is_link = text[sign] == '%';
    if (is_alphanumeric(text[end]) || (plus_sign(text + end) && !is_link) ||
        (is_loose && !has_letter))
        return false;
    bool is_short = sgp_plus_code_is_short(code);
    if (is_short ? used == first : !sgp_plus_code_is_full(code))
        return false;
    memcpy(found->code, code, used + 1);
    found->is_short = is_short;
    found->begin = begin;
    found->end = end;
    return true;
}

bool sgp_plus_code_find(const char *text, sgp_plus_code_found *found) {
    for (size_t at = 0; text[at]; at++) {
        if (at > 0 && (is_alphanumeric(text[at - 1]) || text[at - 1] == '+'))
            continue;
        if (digit_value(text[at]) >= 0 && read_code(text, at, found))
            return true;
    }
    return false;
}
