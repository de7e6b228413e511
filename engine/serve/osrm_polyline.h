/* Lines as text, in the encoded polyline format: each coordinate, latitude first, as the
 * difference from the one before in units of 10^-5 or 10^-6 degree, five bits a letter.
 *
 * No C library for it is in Debian, and it is twenty lines. Pure; thread-safe.
 */
#ifndef SGP_SERVE_OSRM_POLYLINE_H
#define SGP_SERVE_OSRM_POLYLINE_H

#include "base/buffer.h"
#include "sigap/geo.h"

enum { SGP_POLYLINE_5 = 100, SGP_POLYLINE_6 = 10 }; /* units of 1e-7 degree in one of theirs */

/* Appends n points to `text` (no '\0'). SGP_E_MEMORY. */
sgp_err sgp_polyline_encode(const sgp_point *points, size_t n, int unit_e7,
                            sgp_buffer *text) SGP_MUST_USE;

/* points[capacity] from text[length]. SGP_E_FORMAT: not such a text, or cut off;
 * SGP_E_RANGE: a point is not on the earth; SGP_E_TOO_LARGE: more points than `capacity`. */
sgp_err sgp_polyline_decode(const char *text, size_t length, int unit_e7, sgp_point *points,
                            size_t capacity, size_t *n) SGP_MUST_USE;

#endif
