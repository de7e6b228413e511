/* Coordinates of a request as places on the road, and how they are told. For osrm_*.c. */
#ifndef SGP_SERVE_OSRM_PLACES_H
#define SGP_SERVE_OSRM_PLACES_H

#include "serve/osrm.h"

/* A request on its way to its answer. */
typedef struct sgp_osrm_work {
    const sgp_osrm_city *city;
    const sgp_graph_parts *parts;
    const sgp_osrm_request *request;
    uint32_t profile;
    const int32_t *weight; /* stored ones of the profile: what it may use at all */
    sgp_query *query;      /* NULL once nothing more is asked */
    sgp_snap *snaps;       /* [n_coordinates], of route and table */
    sgp_osrm_error *error;
} sgp_osrm_work;

/* False, with an error: nobody waits any more. Asked in the loops that may take long. */
bool sgp_osrm_is_awaited(const sgp_osrm_work *work);

/* Nothing more is asked of the query: gives it back, so that the roads' next metric need not
 * wait until megabytes of answer are written. A second time does nothing. */
void sgp_osrm_asked_all(sgp_osrm_work *work);

/* At most `capacity` places of coordinate i that fulfil its wishes, nearest first; a hint
 * that fits the graph and the coordinate is the first, without a search. False: error. */
bool sgp_osrm_places_near(sgp_osrm_work *work, size_t i, sgp_snap *snaps, size_t capacity,
                          size_t *n);

/* Fills work->snaps; NoSegment where a coordinate has none. */
bool sgp_osrm_places_find(sgp_osrm_work *work);

/* A Waypoint object; NULL: no memory. */
json_t *sgp_osrm_waypoint(const sgp_osrm_work *work, size_t i, const sgp_snap *snap);
/* [lon, lat] */
json_t *sgp_osrm_location(sgp_point point);
/* A text that is not UTF-8 is shown as none; JSON could not carry it. */
json_t *sgp_osrm_text(const char *text);

/* ---- the services; each returns the answer's object, or NULL with work->error ---- */

json_t *sgp_osrm_route(sgp_osrm_work *work);
json_t *sgp_osrm_table(sgp_osrm_work *work);
json_t *sgp_osrm_nearest(sgp_osrm_work *work);
json_t *sgp_osrm_match(sgp_osrm_work *work);

#endif
