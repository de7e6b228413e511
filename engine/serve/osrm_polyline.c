#include "serve/osrm_polyline.h"

#include <math.h>
#include <stdlib.h>

enum { LETTER_0 = 63, MORE = 32, BITS = 5, LETTERS_MAX = 7 };

static size_t encode_number(int64_t value, char out[LETTERS_MAX + 1]) {
    uint64_t left = value < 0 ? ~((uint64_t)value << 1) : (uint64_t)value << 1;
    size_t n = 0;
    for (; left >= MORE; left >>= BITS)
        out[n++] = (char)((MORE | (left & (MORE - 1))) + LETTER_0);
    out[n++] = (char)(left + LETTER_0);
    return n;
}

sgp_err sgp_polyline_encode(const sgp_point *points, size_t n, int unit_e7, sgp_buffer *text) {
    int64_t lon = 0, lat = 0;
    for (size_t i = 0; i < n; i++) {
        char letters[2 * (LETTERS_MAX + 1)];
        int64_t next_lat = llround((double)points[i].lat_e7 / unit_e7);
        int64_t next_lon = llround((double)points[i].lon_e7 / unit_e7);
        size_t length = encode_number(next_lat - lat, letters);
        length += encode_number(next_lon - lon, letters + length);
        lat = next_lat;
        lon = next_lon;
        sgp_err err = sgp_buffer_append(text, letters, length);
        if (err)
            return err;
    }
    return SGP_OK;
}

static sgp_err decode_number(const char **at, const char *end, int64_t *value) {
    uint64_t bits = 0;
    for (int i = 0; i < LETTERS_MAX; i++) {
        if (*at == end)
            return SGP_E_FORMAT;
        int letter = (unsigned char)*(*at)++ - LETTER_0;
        if (letter < 0 || letter >= 2 * MORE)
            return SGP_E_FORMAT;
        bits |= (uint64_t)(letter & (MORE - 1)) << (BITS * i);
        if (letter < MORE) {
            *value = bits & 1 ? -(int64_t)(bits >> 1) - 1 : (int64_t)(bits >> 1);
            return SGP_OK;
        }
    }
    return SGP_E_FORMAT; /* no degree has so many digits */
}

sgp_err sgp_polyline_decode(const char *text, size_t length, int unit_e7, sgp_point *points,
                            size_t capacity, size_t *n) {
    const char *at = text, *end = text + length;
    int64_t lon = 0, lat = 0;
    *n = 0;
    while (at < end) {
        int64_t more_lat = 0, more_lon = 0;
        sgp_err err = decode_number(&at, end, &more_lat);
        if (!err)
            err = decode_number(&at, end, &more_lon);
        if (err)
            return err;
        lat += more_lat;
        lon += more_lon;
        if (llabs(lat * unit_e7) > 900000000 || llabs(lon * unit_e7) > 1800000000)
            return SGP_E_RANGE;
        if (*n == capacity)
            return SGP_E_TOO_LARGE;
        points[(*n)++] = (sgp_point){(int32_t)(lon * unit_e7), (int32_t)(lat * unit_e7)};
    }
    return SGP_OK;
}
