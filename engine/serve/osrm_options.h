/* The options of a request, "steps=true&bearings=90,20;": for osrm_url.c. */
#ifndef SGP_SERVE_OSRM_OPTIONS_H
#define SGP_SERVE_OSRM_OPTIONS_H

#include "serve/osrm_url.h"

/* A text that is read from left to right; ends in '\0'. */
typedef struct sgp_osrm_reader {
    const char *begin, *at;
    sgp_osrm_error *error;
} sgp_osrm_reader;

/* True where `text` comes next; it is then behind. */
bool sgp_osrm_take(sgp_osrm_reader *r, const char *text);
/* A finite decimal number; an unsigned one of at most 18 digits. */
bool sgp_osrm_take_number(sgp_osrm_reader *r, double *number);
bool sgp_osrm_take_integer(sgp_osrm_reader *r, int64_t *number);
/* InvalidQuery at this position; false. */
bool sgp_osrm_malformed(sgp_osrm_reader *r);

/* Everything after the '?'. The coordinates are known. An option that the service does
 * not know is InvalidQuery; a list of another length than the coordinates, InvalidOptions.
 * Of an option that is there twice the last one counts. */
bool sgp_osrm_options_read(sgp_osrm_reader *r, sgp_osrm_request *request);

#endif
