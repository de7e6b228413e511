/* Rows of a geocoder's test set: what was said, and where that is.
 *
 * The form is geocoder-tester's CSV (comma, semicolon or tab between columns, quotes as in
 * RFC 4180, the first line names the columns), so that the rows can be put to other geocoders:
 *
 *     query                what the caller says; needed
 *     expected_coordinate  "lat,lon,metres"; several, with "|" between, where any of them is right
 *     lat, lon             where to search around: the caller's coarse location
 *     limit                how many answers may be looked at (1); rows with more count as hit@limit
 *     comment
 *
 * and of our own, which geocoder-tester does not look at:
 *
 *     kind                 kind of place, for the report
 *     garble               how the text was garbled
 *     earlier              former texts of the same call, oldest first, "|" between
 *
 * Files made by hand may instead have the point in columns of its own: expected_lat,
 * expected_lon and metres (or tolerance); where there is no column with `expected` in its name,
 * lat and lon are the expected point.
 */
#ifndef BENCH_SUPPORT_PLACE_ROWS_H
#define BENCH_SUPPORT_PLACE_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "sigap/error.h"
#include "sigap/geo.h"

enum { BENCH_PLACE_EXPECTED = 4, BENCH_PLACE_EARLIER = 4, BENCH_PLACE_WORD = 32 };

typedef struct bench_place_row {
    char *query;
    char *earlier[BENCH_PLACE_EARLIER];
    size_t n_earlier;
    sgp_point expected[BENCH_PLACE_EXPECTED];
    double tolerance_m[BENCH_PLACE_EXPECTED];
    size_t n_expected;
    bool has_near;
    sgp_point near;
    int limit;                     /* 1 unless told */
    char kind[BENCH_PLACE_WORD];   /* "place" where the file has none */
    char garble[BENCH_PLACE_WORD]; /* "" where the file has none */
    size_t line;                   /* in its file, from 1 */
} bench_place_row;

typedef struct bench_place_rows {
    bench_place_row *list;
    size_t n, capacity;
} bench_place_rows;

/* Adds the rows of `path` to `rows` (all zero = none). SGP_E_IO; SGP_E_FORMAT: the fault says
 * file, line and what is wrong there, and rows before it stay. */
sgp_err bench_place_rows_read(const char *path, bench_place_rows *rows,
                              sgp_fault *fault) SGP_MUST_USE;
void bench_place_rows_free(bench_place_rows *rows);

/* How far `point` is from the nearest of the expected points, and whether it is within
 * the metres of any. */
double bench_place_miss_m(const bench_place_row *row, sgp_point point, bool *hit);

#endif
