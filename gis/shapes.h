/* The ground that streets, facilities and areas cover, in memory: lines, points and polygons by the
 * numbers of their rows.
 *
 * What is asked of them a look-up needs for most house numbers and landmarks: where a street comes
 * nearest to a thing, and where along a street a number lies between two others. Measured in metres
 * on a plane that touches the earth there; a street against a polygon goes by its lines and by
 * whether it begins within, so no index is needed.
 *
 * Memory: 8 bytes a point, 4 a line and 4 a thing (a made-up province with 780,000 streets and
 * 210,000 other things: 55 MB).
 *
 * Added, then sealed, then immutable: any number of threads read it.
 */
#ifndef SGP_GIS_SHAPES_H
#define SGP_GIS_SHAPES_H

#include "base/buffer.h"
#include "gis/gazetteer.h"
#include "gis/wkb.h"

typedef struct sgp_shapes sgp_shapes;

sgp_err sgp_shapes_create(sgp_shapes **shapes) SGP_MUST_USE;
void sgp_shapes_destroy(sgp_shapes *shapes);

/* A thing, then its parts. Ids ascend among the streets (and gangs), among the facilities
 * (junctions, kilometre posts) and among the areas (estates, RT, RW); all of one such sort come
 * after each other. SGP_E_CORRUPT: they do not; SGP_E_MEMORY, SGP_E_FULL. */
sgp_err sgp_shapes_add(sgp_shapes *shapes, sgp_thing thing) SGP_MUST_USE;
sgp_err sgp_shapes_add_part(sgp_shapes *shapes, sgp_part_kind kind, const sgp_corner *corners,
                            size_t n) SGP_MUST_USE;
sgp_err sgp_shapes_seal(sgp_shapes *shapes) SGP_MUST_USE;

size_t sgp_shapes_bytes(const sgp_shapes *shapes);

/* The point of a street's line that is nearest to the thing, and how far that is; the first such
 * point along the line, and of a line that begins within a polygon that beginning. False: one of
 * the two has no shape, or they are not within radius_m. */
bool sgp_shapes_nearest(const sgp_shapes *shapes, sgp_thing street, sgp_thing thing,
                        double radius_m, sgp_point *point, double *away_m);
/* The answer to NEAREST_ON (gazetteer.h): sgp_nearest_row into *rows. SGP_E_MEMORY. */
sgp_err sgp_shapes_nearest_on(const sgp_shapes *shapes, const sgp_gazetteer_ask *ask,
                              sgp_buffer *rows) SGP_MUST_USE;

/* So much (0 .. 1) of the way along the street from one point's foot on it to the other's; of the
 * line that is nearest to both. False: the street has no line. */
bool sgp_shapes_between(const sgp_shapes *shapes, int32_t street, sgp_point from, sgp_point to,
                        double share, sgp_point *point);

#endif
