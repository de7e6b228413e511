/* OSRM's HTTP API over the engine's router: /route/v1, /table/v1, /nearest/v1, /match/v1.
 *
 * Existing clients of OSRM (map plug-ins, route planners such as VROOM) work unchanged.
 * Requests and answers have the shape that OSRM documents; OSRM.md lists each option and
 * code. Times are exact to the millisecond, `weight` is the duration in seconds.
 *
 *   osrm_url.c, osrm_options.c   text -> request
 *   osrm_places.c                coordinates -> places on the road, hints, waypoints
 *   osrm_table.c, osrm_nearest.c, osrm_route.c, osrm_match.c   the services
 *   osrm_legs.c, osrm_steps.c    routes as JSON; osrm_polyline.c, osrm_simplify.c
 *   osrm_http.c                  who may ask, and where it is answered
 *
 * Thread rule: an answer touches nothing but the request, the graph, and the query that
 * `take` gave; any thread that owns that query may make it.
 */
#ifndef SGP_SERVE_OSRM_H
#define SGP_SERVE_OSRM_H

#include <jansson.h>

#include "serve/osrm_settings.h"
#include "serve/osrm_url.h"
#include "sigap/router.h"

/* What an answer is made from. */
typedef struct sgp_osrm_city {
    const sgp_graph *graph;
    const sgp_osrm_settings *settings;
    /* The profile's query as it is now, on one metric until it is released. NULL: the
     * profile is not in service, or there is no memory; it is then not released. */
    sgp_query *(*take)(void *ctx, uint32_t profile, uint32_t without_classes);
    void (*release)(void *ctx, uint32_t profile, uint32_t without_classes);
    void *ctx;
    /* True: nobody waits for the answer any more, it may end with any error. NULL: never. */
    bool (*stopped)(void *ctx);
} sgp_osrm_city;

/* Answers a URL with the JSON text, to be freed, and the HTTP status (200, 400, 500).
 * NULL: no memory. */
char *sgp_osrm_answer(const sgp_osrm_city *city, const char *uri, int *status);

/* The JSON text of an error; NULL: no memory. */
char *sgp_osrm_error_text(const sgp_osrm_error *error);

#endif
