/* Shapes as PostGIS sends them (WKB with or without its SRID), taken apart into points, lines and
 * rings by GEOS. Thread rule: a reader belongs to one thread. */
#ifndef SGP_GIS_WKB_H
#define SGP_GIS_WKB_H

#include <stdbool.h>
#include <stddef.h>

#include "sigap/error.h"

/* Longitude and latitude in degrees: where a border was cut it has corners between points. */
typedef struct sgp_corner {
    double lon, lat;
} sgp_corner;

typedef enum sgp_part_kind {
    SGP_PART_POINT,
    SGP_PART_LINE,
    SGP_PART_OUTLINE, /* of a polygon; its holes follow. The last corner is the first */
    SGP_PART_HOLE
} sgp_part_kind;

typedef struct sgp_wkb_reader sgp_wkb_reader;

sgp_err sgp_wkb_reader_create(sgp_wkb_reader **reader) SGP_MUST_USE;
void sgp_wkb_reader_destroy(sgp_wkb_reader *reader);

/* Borrowed until it returns; another result than SGP_OK ends the reading with that. */
typedef sgp_err (*sgp_wkb_part)(void *ctx, sgp_part_kind kind, const sgp_corner *corners, size_t n);

/* Tells all parts in order; empty ones are passed over. SGP_E_CORRUPT: it is no WKB, or holds what
 * is not on the earth; SGP_E_MEMORY. */
sgp_err sgp_wkb_read(sgp_wkb_reader *reader, const void *bytes, size_t n, sgp_wkb_part part,
                     void *ctx) SGP_MUST_USE;

#endif
