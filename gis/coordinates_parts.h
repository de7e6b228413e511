/* What coordinates.c (numbers) and coordinates_link.c (links) share. Private to gis. */
#ifndef SGP_GIS_COORDINATES_PARTS_H
#define SGP_GIS_COORDINATES_PARTS_H

#include "gis/coordinates.h"

/* The first pair of angles in `text`, which is at most SGP_COORDINATES_TEXT_MAX long.
 * latitude_first: the text comes from a link, where the order is no question.
 * Errors as sgp_coordinates_find. */
sgp_err sgp_coordinates_find_numbers(const char *text, bool latitude_first, sgp_coordinates *found,
                                     sgp_fault *fault) SGP_MUST_USE;

/* The next link or geo: URI at or after `from`: [begin, end). False: none. */
bool sgp_coordinates_next_link(const char *text, size_t from, size_t *begin, size_t *end);

/* The point of one link or geo: URI (begin and end are left alone).
 * SGP_E_NOT_FOUND: carries none; SGP_E_RANGE as sgp_coordinates_find; SGP_E_MEMORY. */
sgp_err sgp_coordinates_of_link(const char *link, sgp_coordinates *found,
                                sgp_fault *fault) SGP_MUST_USE;

#endif
