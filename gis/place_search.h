/* What the placer asks of PostGIS and how rows become places; private to gis/.
 * Apart from the connection, so that it can be read and changed by itself. */
#ifndef SGP_GIS_PLACE_SEARCH_H
#define SGP_GIS_PLACE_SEARCH_H

#include <libpq-fe.h>

#include "gis/place_text.h"
#include "sigap/core.h"

/* Prepared under these names in the city's schema. */
#define SGP_FIND_STATEMENT "sigap_find"
#define SGP_REVERSE_STATEMENT "sigap_reverse"
extern const char SGP_FIND_SQL[];
extern const char SGP_REVERSE_SQL[];
enum { SGP_FIND_PARAMETERS = 10, SGP_REVERSE_PARAMETERS = 2 };

/* Sends the question. False: libpq refused it (its message says why). `near` may be NULL. */
bool sgp_find_send(PGconn *connection, const sgp_place_text *text, const sgp_point *near,
                   const char *city_name);
bool sgp_reverse_send(PGconn *connection, sgp_point point);

/* Rows of the answer to places, best first; returns their number, at most `limit`. */
size_t sgp_find_read(const PGresult *rows, const sgp_place_text *text, sgp_place *places,
                     size_t limit);
/* The nearest address and street of `point`, nearest first. */
size_t sgp_reverse_read(const PGresult *rows, sgp_point point, sgp_place *places, size_t limit);

#endif
