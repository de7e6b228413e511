/* A point as people paste it: longitude and latitude within a text, in any usual form.
 *
 *   -7.98,112.63 · 112.63 -7.98 · -7,98; 112,63 · 7.98°S 112.63°E · 7,98 LS 112,63 BT ·
 *   S7 58.8 E112 37.8 · 7°58'48" lintang selatan, 112°37'48" bujur timur ·
 *   lat: -7.98 lng: 112.63 · geo:-7.98,112.63;u=35 · links as map applications share them
 *
 * Numbers alone do not say which is the latitude. Where both orders are possible both
 * readings are given, latitude first before longitude first, as people write them and all
 * map applications share them; whoever knows the city decides. In Malang (112 degrees
 * east) only one order is ever possible. A comma is a decimal sign only where the text has
 * no decimal points and both numbers then have decimals.
 *
 * Links are taken apart by libevent (RFC 3986); geo: is RFC 5870. Nothing is fetched: a
 * shortened link ("maps.app.goo.gl/…") carries no point, and that is told.
 *
 * Pure; thread-safe; allocates only while a link is read; cost grows with the text's
 * length, which is bounded.
 */
#ifndef SGP_GIS_COORDINATES_H
#define SGP_GIS_COORDINATES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sigap/error.h"
#include "sigap/geo.h"

enum { SGP_COORDINATES_TEXT_MAX = 4000 /* bytes */ };

typedef enum sgp_coordinates_form {
    SGP_COORDINATES_NUMBERS, /* two numbers, with or without signs and letters */
    SGP_COORDINATES_GEO_URI,
    SGP_COORDINATES_LINK
} sgp_coordinates_form;

typedef struct sgp_coordinates {
    sgp_coordinates_form form;
    size_t n_points;     /* 1, or 2 where the order is ambiguous */
    sgp_point points[2]; /* the likelier reading first: latitude first */
    /* What the last digit leaves open ("7.98" is 0.01 degree), or a geo: URI's u= where
     * that is more, or for a view the half of what the screen shows. At least 1. */
    int32_t radius_m;
    bool is_view;      /* the middle of a map somebody looked at, not a pin */
    size_t begin, end; /* bytes of the text it stood in */
} sgp_coordinates;

/* The first point in a text; links before numbers, a pin before a view.
 * SGP_E_NOT_FOUND: there is none; the fault says so, or that a link carries none.
 * SGP_E_RANGE: what looks like a point lies outside the world, or has 60 minutes or more;
 * the fault names it. SGP_E_TOO_LARGE: over SGP_COORDINATES_TEXT_MAX.
 * fault may be NULL. On error `found` is untouched. */
sgp_err sgp_coordinates_find(const char *text, sgp_coordinates *found,
                             sgp_fault *fault) SGP_MUST_USE;

/* The text has a link, and none of its links carries a point: it must be opened by a person,
 * or the caller asked for something else. begin, end (NULL allowed): where it stands. */
bool sgp_coordinates_link_without_point(const char *text, size_t *begin, size_t *end);

const char *sgp_coordinates_form_str(sgp_coordinates_form form);

#endif
