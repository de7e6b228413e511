/* Plus Codes (Open Location Code): cells of the earth named by letters and digits.
 *
 * A full code ("6P4G2J5M+X9") names a cell of 1/8000 degree (about 14 m), longer
 * codes smaller ones. A short code ("2J5M+X9") has lost its first digits and means
 * the nearest cell that ends so, seen from a reference: a place that was said with
 * it ("2J5M+X9 Malang"), or the city. Method: the Open Location Code specification
 * (Google, 2014); everything is decided in its whole units below, so that every
 * machine decides the same.
 *
 * Points are lon, lat in degrees. Pure; thread-safe; allocates nothing; each call
 * reads its text once.
 */
#ifndef SGP_GIS_PLUS_CODE_H
#define SGP_GIS_PLUS_CODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sigap/error.h"
#include "sigap/geo.h"

enum {
    SGP_PLUS_CODE_DIGITS_MAX = 15, /* further digits say nothing and are dropped */
    SGP_PLUS_CODE_BYTES = SGP_PLUS_CODE_DIGITS_MAX + 2, /* with the plus and the '\0' */
    SGP_PLUS_CODE_LAT_UNITS = 25000000,                 /* in one degree of latitude */
    SGP_PLUS_CODE_LON_UNITS = 8192000                   /* in one degree of longitude */
};

/* Whole units from the south pole and from 180 degrees west, as the specification
 * counts them: lat 0 .. 180 degrees, lon 0 .. 360 degrees. */
typedef struct sgp_plus_cell {
    int digits; /* that say something: 2, 4, 6, 8, 10 .. 15 */
    int64_t lon_low, lon_high;
    int64_t lat_low, lat_high;
} sgp_plus_cell;

/* Either case. A short code is valid too; a text that is no code is none of the three. */
bool sgp_plus_code_is_valid(const char *code);
bool sgp_plus_code_is_short(const char *code);
bool sgp_plus_code_is_full(const char *code);

/* The code of the cell around a point, into code[SGP_PLUS_CODE_BYTES]. Latitudes beyond
 * the poles mean the pole, longitudes go round. digits over 15 mean 15.
 * SGP_E_ARGUMENT: digits under 2, or odd and under 10; SGP_E_RANGE: not a finite number
 * (or degrees beyond a million). Then code is "". */
sgp_err sgp_plus_code_encode(double lon, double lat, int digits, char *code) SGP_MUST_USE;
sgp_err sgp_plus_code_encode_units(int64_t lon, int64_t lat, int digits, char *code) SGP_MUST_USE;

/* SGP_E_FORMAT: not a full code. */
sgp_err sgp_plus_code_decode(const char *code, sgp_plus_cell *cell) SGP_MUST_USE;

double sgp_plus_degrees_lon(int64_t units);
double sgp_plus_degrees_lat(int64_t units);
/* The middle of a cell, and metres from there to its farthest corner, rounded up. */
sgp_point sgp_plus_cell_middle(const sgp_plus_cell *cell);
int32_t sgp_plus_cell_radius_m(const sgp_plus_cell *cell);

/* Leaves out as many first digits as the reference makes up for with room to spare, into
 * shorter[SGP_PLUS_CODE_BYTES]; far from it the full code comes back in upper case.
 * SGP_E_FORMAT: not a full code, or one that ends in zeros (these have no short form). */
sgp_err sgp_plus_code_shorten(const char *code, double lon, double lat, char *shorter) SGP_MUST_USE;

/* The full code nearest to the reference that ends in `code`, into
 * full[SGP_PLUS_CODE_BYTES]; a full code comes back in upper case.
 * SGP_E_FORMAT: not a code; SGP_E_RANGE: the reference is not finite. */
sgp_err sgp_plus_code_recover(const char *code, double lon, double lat, char *full) SGP_MUST_USE;

typedef struct sgp_plus_code_found {
    char code[SGP_PLUS_CODE_BYTES]; /* upper case, without spaces */
    bool is_short;                  /* needs a reference */
    size_t begin, end; /* bytes of the text it stood in; what is around may be its town */
} sgp_plus_code_found;

/* The first Plus Code within a text: in either case, the plus as a sign (also with spaces
 * around it, or as "%2B" of a link) or said ("tambah", "plus"), a space after the first
 * four digits. Short codes with fewer than four digits before the plus are not found,
 * and a said or spaced plus needs a letter in the code: "5 + 7" is no place.
 * False: there is none. */
bool sgp_plus_code_find(const char *text, sgp_plus_code_found *found) SGP_MUST_USE;

#endif
