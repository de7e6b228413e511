/* In which districts a point lies, in memory: the borders and places of the table `area`.
 *
 * A kelurahan, kecamatan or kabupaten is the one whose border is around the point, the first by
 * name where there are several. Where no kelurahan is, the nearest named place within 2,500 m
 * stands for it (villages and quarters before hamlets), and where no border is at all, the nearest
 * town within 20 km for the kabupaten: the rule of district() in import.sql.
 *
 * Borders come as polygons of few corners (import.sql cuts them up). They are filed by the squares
 * of a grid that they touch; a point is held to those of its square, by how often a line from it
 * to the east crosses the border (Shimrat 1962, "Algorithm 112: position of point relative to
 * polygon").
 *
 * Memory: 16 bytes a corner, 48 a polygon, 24 a place, and the grid (a made-up province of 5,000
 * polygons and 30,000 places: 2.5 MB).
 *
 * Added, then sealed, then immutable: any number of threads read it.
 */
#ifndef SGP_GIS_DISTRICTS_H
#define SGP_GIS_DISTRICTS_H

#include "gis/gazetteer.h"
#include "gis/wkb.h"

typedef enum sgp_district_level {
    SGP_DISTRICT_KELURAHAN,
    SGP_DISTRICT_KECAMATAN,
    SGP_DISTRICT_KABUPATEN,
    SGP_DISTRICT_LEVELS
} sgp_district_level;

typedef enum sgp_district_place {
    SGP_PLACE_OF_QUARTER, /* village, suburb, quarter ... */
    SGP_PLACE_OF_HAMLET,
    SGP_PLACE_OF_TOWN,
    SGP_DISTRICT_PLACES
} sgp_district_place;

typedef struct sgp_districts sgp_districts;

sgp_err sgp_districts_create(sgp_districts **districts) SGP_MUST_USE;
void sgp_districts_destroy(sgp_districts *districts);

/* A border, and then its rings: outlines and holes, each ring's last corner its first. What is
 * within an odd number of rings is within the border. SGP_E_CORRUPT: a ring that is none;
 * SGP_E_MEMORY, SGP_E_FULL. */
sgp_err sgp_districts_add_border(sgp_districts *districts, sgp_district_level level,
                                 const char *name) SGP_MUST_USE;
sgp_err sgp_districts_add_ring(sgp_districts *districts, const sgp_corner *corners,
                               size_t n) SGP_MUST_USE;
sgp_err sgp_districts_add_place(sgp_districts *districts, sgp_district_place kind, const char *name,
                                sgp_point point) SGP_MUST_USE;
/* Milliseconds for thousands of polygons. SGP_E_MEMORY. */
sgp_err sgp_districts_seal(sgp_districts *districts) SGP_MUST_USE;

size_t sgp_districts_bytes(const sgp_districts *districts);

/* "" where nothing is known. The texts are there as long as the districts. */
sgp_district_row sgp_districts_at(const sgp_districts *districts, sgp_point point);

#endif
